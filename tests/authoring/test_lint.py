"""Each rule lets a sound lesson pass and stops the one breach that it is there for."""

from types import ModuleType

import pytest

from course.authoring import lint, text
from course.authoring.lint import rules

SOUND = '''\
# %% [markdown]
# # A small lesson

# %% locked="setup" tags=["setup"]
import numpy as np
from sklearn.cluster import KMeans

from utils import NotSolvedYet, plot_data, show

# %% [markdown]
# ### Exercise 1 · Double it (2 points)
#
# Write `double(x)`.


# %% solution="double"
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %% test="test_double" points=1
assert double(1) == 2, "Twice 1 is wrong."
### BEGIN HIDDEN TESTS
assert double(3) == 6, "Twice 3 is wrong."
### END HIDDEN TESTS

# %% test="test_double__zero" points=1
assert double(0) == 0, "Twice 0 is wrong."

# %% [markdown]
# ### Quiz 1 (1 point)
#
# Set `quiz_1` to a letter.

# %% solution="quiz_1"
### BEGIN SOLUTION
quiz_1 = "a"
### END SOLUTION

# %% test="test_quiz_1" points=1
assert quiz_1 == "a", "Think again."

# %%
rng = np.random.default_rng(0)
model = KMeans(2, n_init=1, random_state=0).fit(rng.normal(size=(9, 2)))
show(plot_data(rng.normal(size=(9, 2))), alt="Nine points.")

# %% [markdown]
# ### Open question (2 points)

# %% [markdown] manual="explain_doubling" points=2
# Because.
'''


def problems(changed):
    return [str(problem) for problem in lint.check("00_small", text.to_notebook(changed))]


def test_a_sound_lesson_has_no_problem():
    assert problems(SOUND) == []


def test_a_test_may_end_in_a_comparison_with_a_message():
    ends = SOUND.replace(
        'assert double(0) == 0, "Twice 0 is wrong."',
        'assert_like(double(0), 0, "Twice 0 is wrong.")',
    ).replace("import NotSolvedYet", "import NotSolvedYet, assert_like")
    assert problems(ends) == []


@pytest.mark.parametrize(
    "question",
    [
        "(double(np.eye(2)) > 1).all(axis=1)[0] or double(3) == 6",
        "not np.any(double(np.eye(2)) > 3, axis=1)[0]",
        "np.any(double(np.eye(2)) > 1)",
        "max(double(3), 5) == 6",
        "max([3, 2], key=double) == 3",
        "not double(3) == 7",
        "not np.array_equal(double(3), 7)",
    ],
)
def test_a_comparison_that_says_no_to_nothing_is_left_alone(question):
    assert problems(SOUND.replace("double(3) == 6", question)) == []


BREACHES = {
    "more points promised than given": ("(2 points)\n#\n# Write", "(3 points)\n#\n# Write", "promises 3"),
    "fewer points promised than given": ("(1 point)", "(0 points)", "promises 0"),
    "wrong total": ("# # A small lesson", "# **Marks:** 6", "promises 6 marks in all"),
    "no points promised": (" (2 points)\n#\n# Write", "\n#\n# Write", "promises no points"),
    "open question's points differ": ("points=2\n# Because", "points=4\n# Because", "gives 4"),
    "test reads a name never asked for": ("assert double(3) == 6", "assert triple(2) == 6", "`triple`"),
    "test reads a demo cell's name": ("assert double(3)", "assert model and double(3)", "`model`"),
    "test ends in an expression": (
        'assert double(0) == 0, "Twice 0 is wrong."', "double(0) == 0", "ends in the expression",
    ),
    "test ends in a call": (
        'assert double(0) == 0, "Twice 0 is wrong."', "np.testing.assert_equal(double(0), 0)",
        "ends in the expression",
    ),
    "comparison without a message": (
        'assert double(0) == 0, "Twice 0 is wrong."', "assert_like(double(0), 0)", "no message",
    ),
    "assert without a message": ('double(0) == 0, "Twice 0 is wrong."', "double(0) == 0", "no message"),
    "closeness without a shape": (
        "double(3) == 6", "np.allclose(double(3), 6)", "`np.allclose` is true of an empty array",
    ),
    "closeness by numpy.testing": (
        'assert double(3) == 6, "Twice 3 is wrong."', "np.testing.assert_allclose(double(3), 6)",
        "`np.testing.assert_allclose` is true of an empty array",
    ),
    "np.all": ("double(3) == 6", "np.all(double(3) == 6)", "true where there is nothing"),
    "all": ("double(3) == 6", "all(x == 6 for x in [double(3)])", "true where there is nothing"),
    ".all()": ("double(3) == 6", "(double(3) == np.full(1, 6)).all()", "true where there is nothing"),
    "not np.any": ("double(3) == 6", "not np.any(double(3) != 6)", "true where there is nothing"),
    "not any": ("double(3) == 6", "not any(x != 6 for x in [double(3)])", "true where there is nothing"),
    "not .any()": ("double(3) == 6", "not (double(3) != np.full(1, 6)).any()", "where there is nothing"),
    "not larger": ("double(3) == 6", "not double(3) > 6", "`not double(3) > 6` is true of nan"),
    "not between": ("double(3) == 6", "not 6 < double(3) <= 7", "is true of nan"),
    "max of a list": ("double(3) == 6", "max([double(3)]) < 7", "use `np.max`"),
    "min of a list": ("double(3) == 6", "min(double(x) for x in [3]) > 5", "use `np.min`"),
    "figure without alt text": ('show(plot_data(rng.normal(size=(9, 2))), alt="Nine points.")',
                                "plot_data(rng.normal(size=(9, 2)))", "no alt text"),
    "empty alt text": ('alt="Nine points."', 'alt=" "', "no alt text"),
    "image without alt text": ("# # A small lesson", "# ![](picture.png)", "no alt text"),
    "html image without alt text": ("# # A small lesson", '# <img src="a.png">', "no alt text"),
    "plt.show": ("model = ", "plt.show()\nmodel = ", "plt.show()"),
    "no solution markers": (
        "    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n", "    return 2 * x\n",
        "outside the markers",
    ),
    "code before the markers": (
        '    """Twice x."""\n', '    """Twice x."""\n    y = x + x\n', "stands outside the solution markers",
    ),
    "solution shown in a demo cell": ("model = ", "def double(x):\n    return 2 * x\n\n\nmodel = ", "for the student"),
    "unpaired solution marker": ("    ### END SOLUTION\n\n\n# %% test=\"test_double\"",
                                 "\n\n# %% test=\"test_double\"", "do not pair up"),
    "unpaired hidden-test marker": ("### END HIDDEN TESTS\n", "", "do not pair up"),
    "hidden tests in a demo cell": ("model = ", "### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS\nmodel = ",
                                    "not a test cell"),
    "global random state": ("KMeans(2,", "np.random.rand(3), KMeans(2,", "hidden global state"),
    "global draw imported by name": (
        "import numpy as np", "import numpy as np\nfrom numpy.random import rand\nrand(3)", "hidden global state",
    ),
    "python's own random": ("import numpy as np", "import numpy as np\nimport random\nrandom.random()", "hidden"),
    "random_state None": ("random_state=0", "random_state=None", "random_state None"),
    "generator without a seed": ("default_rng(0)", "default_rng()", "has no seed"),
    "estimator without random_state": (", random_state=0", "", "no `random_state`"),
    "star import": ("from utils import NotSolvedYet, plot_data, show",
                    "from utils import NotSolvedYet, plot_data, show\nfrom math import *", "import by name"),
    "duplicate grade id": ('test="test_double__zero"', 'test="test_double"', "given to 2 cells"),
    "test without solution": ('test="test_quiz_1"', 'test="test_quiz_2"', "no solution cell"),
    "solution without test": ('# %% test="test_quiz_1" points=1\n', "# %%\n", "no test cell"),
    "solution of another name": ("def double(x)", "def twice(x)", "defines no such name"),
    "setup not locked": ('locked="setup" tags', "tags", "must be the setup"),
    "setup not first": ("# # A small lesson\n", "# # A small lesson\n\n# %%\nx = 1\n", "must be the setup"),
    "typed figure": ("# # A small lesson", "# The inertia is 211.62 here.", "'211.62' is typed"),
    "typed percentage": ("# # A small lesson", "# It is right for 96.7 % of them.", "is typed"),
    "paragraph that turns into a list": ("# # A small lesson", "# They sum to\n# 1. So it is.", "begin a list"),
    "test looks into an answer": ("assert double(3) == 6", "assert double.__code__ and double(3) == 6", "another process"),
    "test asks for the source": ("assert double(3) == 6", "assert np.getsource(double) and double(3) == 6", "finds no source"),
    "test looks into the notebook": ("assert double(3) == 6", "assert globals() and double(3) == 6", "does not reach"),
    "test overwrites what the setup gives": (
        "assert double(3)", "show = [3]\nassert double(3)", "overwrites `show`, which cell 10",
    ),
    "test overwrites by a loop": (
        "assert double(3)", "for plot_data in [3]:\n    assert double(plot_data) == 6, 'No.'\nassert double(3)",
        "overwrites `plot_data`",
    ),
    "a former name that is another's": (
        'test="test_double__zero"', 'test="test_double__zero" was="test_double"', "which is that of another cell",
    ),
    "a former name of two cells": (
        'test="test_double__zero"', 'test="test_double__zero" was=["test_null", "test_null"]', "names, too",
    ),
    "a former name of no cell": ("# %%\nrng", '# %% was="x"\nrng', "is for a cell with a grade id"),
    "broken code": ("model = ", "model == = ", "is not Python"),
}  # fmt: skip


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_named_with_lesson_and_cell(breach):
    old, new, reason = BREACHES[breach]
    assert SOUND.count(old) >= 1
    found = problems(SOUND.replace(old, new, 1))
    assert any(reason in problem for problem in found), found
    assert all(problem.startswith("00_small, ") for problem in found)


@pytest.mark.parametrize(
    "own",
    [
        "def helper(show):\n    plot_data = show",
        "[show for show in [1]]\nx = 1",
        "rng = 1",
        "np_ = np",
    ],
)
def test_a_test_may_use_names_that_nobody_misses(own):
    assert problems(SOUND.replace("assert double(3)", f"{own}\nassert double(3)")) == []


@pytest.mark.parametrize(
    "prose",
    [
        "# Bishop, section 9.1, pages 423 to 430.",
        "# Take $0.25$ of it, or `0.123`.",
        "# In 2006, version 1.9.",
    ],
)
def test_numbers_that_no_run_gave_may_be_typed(prose):
    assert problems(SOUND.replace("# # A small lesson", prose)) == []


def test_a_cell_may_say_what_it_was_called():
    assert (
        problems(SOUND.replace('"test_double__zero"', '"test_double__zero" was="test_null"')) == []
    )


def test_a_new_rule_is_a_decorated_generator(monkeypatch):
    added = ModuleType("added")
    monkeypatch.setitem(rules.RULES, "added", [])
    monkeypatch.setattr(lint, "FAMILIES", (*lint.FAMILIES, added))

    def no_small_lessons(cells):
        yield cells[0], f"has only {len(cells)} cells."

    no_small_lessons.__module__ = "added"
    assert rules.rule(no_small_lessons) is no_small_lessons
    assert problems(SOUND) == ["00_small, cell 1 ('# A small lesson'): has only 12 cells."]


def test_every_rule_belongs_to_a_family():
    assert set(rules.RULES) == {family.__name__ for family in lint.FAMILIES}
    assert all(rules.RULES.values())
