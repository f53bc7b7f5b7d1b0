"""The audit of a small course of its own, whose tests are good in one place and bad in another."""

import io

import pytest
from rich.console import Console

from course.audit import gate, report, run
from course.audit.exercise import cells_by_exercise
from course.audit.figures import Figures, Share
from course.audit.measure import audit
from course.authoring import text
from course.authoring.release import release
from course.oracle import bank
from course.paths import SOURCE, CourseError, notebook_path
from course.syllabus import lesson_ids

LESSON = '''\
# %% locked="setup" tags=["setup"]
import numpy as np

from utils import NotSolvedYet, attempt, is_like, refuses

# %% [markdown]
# ### Exercise 1 · The range (2 points)
#
# Write `value_range(x)`: the largest minus the smallest. Raise a `ValueError` if `x` is empty.


# %% solution="value_range"
def value_range(x):
    """The largest minus the smallest."""
    ### BEGIN SOLUTION
    if len(x) == 0:
        raise ValueError("no values")
    return max(x) - min(x)
    ### END SOLUTION


# %% test="test_value_range" points=2
assert value_range([1, 4]) != 4, "You return the largest: subtract the smallest."
assert value_range([1, 4]) == 3, "The range of 1 and 4 is wrong."
### BEGIN HIDDEN TESTS
assert value_range([5, 1, 9, 2]) == 8, "The range of four numbers is wrong."
assert value_range([-3, -7]) == 4, "The range of negative numbers is wrong."
assert refuses(value_range, []), "Without values there is no range: raise a ValueError."
SINGLE
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 2 · Above (2 points)
#
# Write `above(x, bound)`: how many of the numbers in `x` are larger than `bound`.


# %% solution="above"
def above(x, bound):
    """How many numbers are larger than the bound."""
    ### BEGIN SOLUTION
    return sum(1 for value in x if value > bound)
    ### END SOLUTION


# %% test="test_above" points=2
assert above([1, 4, 9], 3) == 2, "Two of 1, 4 and 9 are above 3."
### BEGIN HIDDEN TESTS
BOUND
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 3 · Doubled (1 point)
#
# Write `doubled(x)`: twice each of the numbers in `x`.


# %% solution="doubled"
def doubled(x):
    """Twice each number."""
    ### BEGIN SOLUTION
    return [2 * value for value in x]
    ### END SOLUTION


# %% test="test_doubled" points=1
assert ALIKE(doubled([1, 2]), [2, 4]), "Twice 1 and 2 is 2 and 4."
### BEGIN HIDDEN TESTS
assert ALIKE(doubled([5, 7]), [10, 14]), "Other numbers are not doubled."
### END HIDDEN TESTS
'''
WEAK = {
    "SINGLE": "",
    "ALIKE": "np.allclose",
    "BOUND": 'assert above([7, 8], 5) == 2, "It is above([7, 8], 5) == 2, of course."',
}
STRONG = {
    "ALIKE": "is_like",
    "SINGLE": 'assert value_range([6]) == 0, "The range of a single number is 0."',
    "BOUND": 'assert above([7, 8, 5], 5) == 2, "5 is not above 5."',
}
BANK = """\
from course.oracle import equivalent, right, wrong


@right("sorted")
def value_range(x):
    if not len(x):
        raise ValueError
    x = sorted(x)
    return x[-1] - x[0]


@wrong("the largest", says="subtract the smallest")
def value_range(x):
    return max(x)


@wrong("checks nothing", says="Without values", points=2)
def value_range(x):
    return max(x) - min(x) if len(x) else 0


equivalent(
    "value_range",
    "if False and (len(x) == 0):",
    "if len(x) == ...",
    "if 3 == 0:",
    because="`max` refuses an empty list with a ValueError, too.",
)


@right("NumPy")
def above(x, bound):
    return np.sum(np.asarray(x) > bound)


@wrong("at least", says="5 is not above 5")
def above(x, bound):
    return sum(1 for value in x if value >= bound)


@wrong("skips the first", says="above")
def above(x, bound):
    return sum(1 for value in x[1:] if value > bound)


equivalent("above", "return sum(1 for value in x)", because="This is not so.")
"""
INPUTS = """\
from hypothesis import strategies as st

from course.oracle import cases

numbers = st.lists(st.integers(-3, 3), max_size=5)


@cases()
def value_range(draw):
    return {"x": draw(numbers)}


@cases()
def above(draw):
    return {"x": draw(numbers), "bound": draw(st.integers(-3, 3))}


@cases()
def doubled(draw):
    return {"x": draw(numbers)}
"""


@pytest.fixture(scope="module")
def audited(tmp_path_factory):
    """The figures of the small course, with weak and with strong tests."""

    def course(hidden):
        root = tmp_path_factory.mktemp("course")
        folders = {name: root / name for name in ("source", "release", "lessons")}
        for folder in folders.values():
            folder.mkdir()
        lesson = LESSON
        for place, line in hidden.items():
            lesson = lesson.replace(place, line)
        notebook = text.to_notebook(lesson)
        path = notebook_path(folders["source"], "01_small")
        path.parent.mkdir()
        path.write_text(text.dumps(notebook))
        release("01_small", folders["source"], folders["release"])
        own = folders["lessons"] / "01_small"
        own.mkdir()
        (own / "answers.py").write_text(BANK)
        (own / "inputs.py").write_text(INPUTS)
        return {each.exercise: each for each in audit("01_small", jobs=1, **folders)}

    return {"weak": course(WEAK), "strong": course(STRONG)}


def test_good_tests_accept_all_right_answers_and_kill_all_mutants(audited):
    figures = audited["strong"]["value_range"]
    assert str(figures.right) == "2/2"
    assert figures.killed.good == figures.killed.of > 5
    assert figures.equivalent > 1
    assert figures.stub == 0
    assert not figures.survivors


def test_garbage_that_gets_a_mark_is_a_finding(audited):
    weak, strong = (audited[kind]["doubled"] for kind in ("weak", "strong"))
    assert "`test_doubled` gives 1 marks for an empty table." in weak.findings
    assert weak.garbage.good < weak.garbage.of
    assert strong.garbage.good == strong.garbage.of == weak.garbage.of > 10
    assert not any("gives" in finding for finding in strong.findings)


def test_marks_that_a_misconception_does_not_get_are_a_finding(audited):
    figures = audited["weak"]["value_range"]
    assert str(figures.rejected) == "2/2"
    assert str(figures.message) == "2/2"
    assert str(figures.marks) == "1/2"
    assert any("'checks nothing' must get 'Without values' and 2" in f for f in figures.findings)


def test_a_weak_test_lets_a_mutant_and_a_misconception_pass(audited):
    weak, strong = (audited[kind]["above"] for kind in ("weak", "strong"))
    assert str(weak.rejected) == "1/2"
    assert str(strong.rejected) == "2/2"
    assert any(
        "+    return sum(1 for value in x if value >= bound)" in s.diff for s in weak.survivors
    )
    assert all(survivor.differs for survivor in weak.survivors)
    assert not strong.survivors


def test_a_mark_that_covers_no_survivor_is_a_finding(audited):
    assert any("drop the mark" in finding for finding in audited["strong"]["above"].findings)


def test_a_mark_that_is_wrong_is_a_finding(audited):
    weak, strong = (audited[kind]["value_range"].findings for kind in ("weak", "strong"))
    found = "The change to `if len(x) == 1:` is marked as equivalent, but differs"
    assert any(finding.startswith(found) for finding in weak)
    assert not any(finding.startswith(found) for finding in strong)


def test_a_message_that_shows_the_hidden_test_is_a_finding(audited):
    weak, strong = (audited[kind]["above"].findings for kind in ("weak", "strong"))
    assert any("gives away `above([7, 8], 5) == 2`" in finding for finding in weak)
    assert not any("gives away" in finding for finding in strong)


def test_the_gate_names_what_falls_short(audited):
    sentences = " ".join(gate.shortfalls([*audited["weak"].values()]))
    assert "01_small, above: the bank needs 4 right answers" in sentences
    assert "'at least' must get" in sentences
    assert "mutants are killed in all" in sentences


def test_the_table_and_the_page_show_the_figures(audited, tmp_path):
    figures = [*audited["weak"].values()]
    console = Console(width=80, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(report.table(figures))
    shown = console.export_text()
    assert "value_range" in shown and "…" not in shown
    report.write_page(tmp_path / "page.html", figures, ["Something."])
    page = (tmp_path / "page.html").read_text()
    assert page.count("<img") == 2 == page.count(' alt="')
    assert "value &gt;= bound" in page and "Something." in page
    report.write_json(tmp_path / "figures.json", figures, [])
    assert '"shortfalls": []' in (tmp_path / "figures.json").read_text()


def test_a_lesson_without_a_bank_is_told_so(tmp_path):
    with pytest.raises(CourseError, match="has no"):
        audit("01_mixture_sampling", lessons=tmp_path)


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ('@wrong("a", says="b", marks=1)', "line 4: @wrong takes a description, says="),
        ('@wrong("a")', "line 4: @wrong takes a description, says="),
        ('@right("a", says="b")', "line 4: @right takes a description alone"),
        ("@wong('a')", "mark it @right or @wrong"),
    ],
)
def test_a_mistake_in_the_bank_is_named(tmp_path, entry, says):
    (tmp_path / "01_a").mkdir()
    (tmp_path / "01_a" / "answers.py").write_text(
        f"from course.oracle import wrong\n\n\n{entry}\ndef f(x): ...\n"
    )
    with pytest.raises(CourseError, match=says) as caught:
        bank.load("01_a", tmp_path)
    assert "01_a/answers.py" in str(caught.value)


def test_an_answer_to_no_exercise_is_named(tmp_path):
    (tmp_path / "02_kmeans").mkdir()
    (tmp_path / "02_kmeans" / "answers.py").write_text('@right("a")\ndef inertial(x): ...\n')
    with pytest.raises(
        CourseError, match=r"02_kmeans/answers\.py: there is no exercise `inertial`"
    ):
        audit("02_kmeans", lessons=tmp_path)


# --- the gate -----------------------------------------------------------------------------------


def figures(**changes):
    whole = Share(6, 6)
    sound = dict.fromkeys(("right", "rejected", "message", "marks"), whole)
    return Figures("01_small", "above", True, **(sound | {"killed": Share(100, 100)} | changes))


def test_sound_figures_pass():
    assert gate.shortfalls([figures()]) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"killed": Share(89, 100)}, "only 89/100 mutants are killed, 90% are needed"),
        ({"killed": Share(96, 100)}, "Only 96/100 mutants are killed in all"),
        ({"stub": 1.0}, "the untouched stub earns 1 marks"),
        ({"findings": ["A finding."]}, "above: A finding."),
        ({"right": Share(3, 3)}, "needs 4 right answers"),
        ({"rejected": Share(5, 5)}, "and 6 misconceptions"),
    ],
)
def test_what_falls_short_is_named(changes, says):
    assert says in " ".join(gate.shortfalls([figures(**changes)]))


@pytest.mark.parametrize(
    ("before", "says"),
    [
        ([7, 6, 100, 100], "there were 7 right answers, now there are 6"),
        ([6, 7, 100, 100], "there were 7 misconceptions, now there are 6"),
        ([6, 6, 100, 100], "100/100 mutants were killed, now 99/100"),
    ],
)
def test_figures_must_not_fall(before, says):
    worse = figures(killed=Share(99, 100))
    assert says in " ".join(gate.shortfalls([worse], {"01_small": {"above": before}}))


def test_figures_may_rise():
    before = {"01_small": {"above": [5, 5, 50, 60]}}
    assert gate.shortfalls([figures()], before) == []


@pytest.mark.parametrize(("stub", "status"), [(0.0, 0), (1.0, 1)])
def test_figures_are_accepted_only_if_nothing_else_falls_short(monkeypatch, tmp_path, stub, status):
    baseline = tmp_path / "baseline.json"
    monkeypatch.setattr(gate, "BASELINE", baseline)
    monkeypatch.setattr("course.audit.measure.audits", lambda *_: [[figures(stub=stub)]])
    console = Console(record=True, width=100, file=io.StringIO())
    assert run(["01_small"], console, accept=True) == status
    assert baseline.exists() == (status == 0)
    assert ("were not accepted" in console.export_text()) == bool(status)


def test_the_interval_is_wilsons():
    low, high = Share(9, 10).interval
    assert low == pytest.approx(0.5958, abs=1e-4)
    assert high == pytest.approx(0.9821, abs=1e-4)


# --- marks of equivalent changes ----------------------------------------------------------------


def test_a_mark_covers_its_line_whatever_the_spaces():
    mark = bank.Equivalent("above", "x[ : 2] ... + 1", "")
    assert mark.covers("above", "x[:2] - 3 +  1")
    assert not mark.covers("above", "y[:2] - 3 + 1")
    assert not mark.covers("below", "x[:2] - 3 + 1")


def test_the_test_cells_are_found_by_exercise():
    names = [
        cell.metadata.nbgrader.grade_id
        for cell in cells_by_exercise("02_kmeans", SOURCE)["inertia"]
    ]
    assert names == ["test_inertia", "test_inertia__edges"]


def test_no_lesson_falls_unseen():
    baseline = gate.read_baseline()
    for lesson in lesson_ids():
        assert baseline[lesson].keys() == cells_by_exercise(lesson, SOURCE).keys()
