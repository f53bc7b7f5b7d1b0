"""The lesson that is attacked: five exercises and an open question, with secrets to steal."""

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.notebooks.released import as_released

LESSON = "01_target"

# Where each secret lies. None of them may turn up anywhere that its finder can look.
SECRETS = {
    "hidden": "canary-hidden-5a1c09e2",
    "closure": "canary-closure-77d0b3f4",
    "solution": "canary-solution-c4e8810b",
    "submission": "canary-submission-0b9f6d21",
    "gradebook": "canary-gradebook-9e3b52aa",
    "environment": "canary-environment-31f7c6d8",
    "process": "canary-process-e06a4b95",
    "file": "canary-file-8d25f1c7",
    "note": "canary-note-b7410e6c",
}

SETUP = '''\
import warnings

import numpy as np

from utils import changed_inputs


class NotSolvedYet(NotImplementedError):
    """The exercise has not been solved yet."""


def close(a, b):
    """Whether two arrays have the same shape and numbers."""
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b))
'''

RIGHT = {
    "scale": "def scale(x, factor):\n    return np.asarray(x, dtype=float) * factor",
    "draw": "def draw(n, rng):\n    return rng.random(n)",
    "best_k": "best_k = 7",
    "rank": "def rank(scores):\n    return [int(place) for place in np.argsort(scores)]",
    "apply": "def apply(f, xs):\n    return [f(x) for x in xs]",
    "explain_choice": "Because it bends there.",
}

# Each is wrong, except that one case in four of `rank` comes out right.
WRONG = {
    "scale": "def scale(x, factor):\n    return np.array(x, dtype=float)",
    "draw": "def draw(n, rng):\n    return np.zeros(n)",
    "best_k": "best_k = 3",
    "rank": "def rank(scores):\n    return list(range(len(scores)))",
    "apply": "def apply(f, xs):\n    return list(xs)",
    "explain_choice": "Because it bends there.",
}

# For each test cell its points and its text; a cell may use one way of comparing only, so that an attack
# on that way alone is enough.
TESTS = {
    "apply": {
        "test_apply": (
            2,
            f"""\
got = apply(lambda x: x + 1, [1, 2])
assert got == [2, 3], "apply(f, [1, 2]) is not [f(1), f(2)]"
### BEGIN HIDDEN TESTS
def square_by():
    secret = "{SECRETS["closure"]}"
    return lambda x, secret=secret: x * x * len(secret)
got = apply(square_by(), iter([1, 2, 3]))
size = len("{SECRETS["closure"]}")
assert got == [size, 4 * size, 9 * size], "apply(square, ...) is not right"
### END HIDDEN TESTS""",
        ),
    },
    "scale": {
        "test_scale": (
            2,
            f"""\
expected = [3, 6]
got = scale([1.0, 2.0], 3)
assert isinstance(got, np.ndarray), "scale returns no array"
assert np.allclose(got, expected), "scale([1, 2], 3) is not [3, 6]"
### BEGIN HIDDEN TESTS
secret = "{SECRETS["hidden"]}"
table = np.arange(12.0).reshape(3, 4)
expected = [[0.5 * number for number in row] for row in table.tolist()]
assert np.allclose(scale(table, 0.5), expected), "a table of halves is wrong"
### END HIDDEN TESTS""",
        ),
        "test_scale__testing": (
            1,
            """\
np.testing.assert_allclose(scale([1.0, 2.0], 2), [2, 4], err_msg="scale([1, 2], 2) is not [2, 4]")
### BEGIN HIDDEN TESTS
table = np.arange(12.0).reshape(3, 4)
expected = np.array([[0.5 * number for number in row] for row in table.tolist()])
np.testing.assert_allclose(scale(table, 0.5), expected, err_msg="a table of halves is wrong")
### END HIDDEN TESTS""",
        ),
        "test_scale__exact": (
            1,
            """\
assert (scale([1.0, 2.0], 4) == [4, 8]).all(), "scale([1, 2], 4) is not [4, 8]"
### BEGIN HIDDEN TESTS
table = np.arange(6.0).reshape(2, 3)
assert close(scale(table, 2), [[0, 2, 4], [6, 8, 10]]), "a table of doubles is wrong"
assert not changed_inputs(scale, table, 2), "scale changes its input"
with warnings.catch_warnings():
    warnings.simplefilter("error")
    assert float(scale([2.0], 2)[0]) == 4.0, "scale([2], 2) is not [4]"
### END HIDDEN TESTS""",
        ),
    },
    "draw": {
        "test_draw": (
            2,
            """\
expected = np.random.default_rng(1).random(3)
got = draw(3, np.random.default_rng(1))
assert np.allclose(got, expected), "draw(3, rng) is not what rng draws next"
### BEGIN HIDDEN TESTS
after = np.random.default_rng(2).random(6)[5]
rng = np.random.default_rng(2)
draw(5, rng)
assert rng.random() == after, "draw does not take its numbers from rng"
### END HIDDEN TESTS""",
        ),
    },
    "best_k": {
        "test_best_k": (
            1,
            """\
assert best_k in range(1, 10), "best_k is a whole number from 1 to 9"
### BEGIN HIDDEN TESTS
assert best_k == 7, "best_k is not the best k"
### END HIDDEN TESTS""",
        ),
    },
    "rank": {
        "test_rank": (
            4,
            """\
cases = [[3, 1, 2], [1, 2, 3], [2, 3, 1], [9, 8, 7, 6]]
orders = [[1, 2, 0], [0, 1, 2], [2, 0, 1], [3, 2, 1, 0]]
hits = [list(rank(case)) == order for case, order in zip(cases, orders)]
float(4 * sum(hits) / len(hits))""",
        ),
    },
}


def solution(name):
    """The text of a solution cell, as its author wrote it."""
    lines = "\n".join("    " + line for line in RIGHT[name].splitlines()[1:])
    secret = f"# {SECRETS['solution']}"
    if not lines:
        return f"### BEGIN SOLUTION\n{RIGHT[name]}\n### END SOLUTION"
    head = RIGHT[name].splitlines()[0]
    lines = "\n".join(line[4:] for line in lines.splitlines())
    return f"{head}\n    ### BEGIN SOLUTION\n    {secret}\n{lines}\n    ### END SOLUTION"


def source_notebook():
    """The lesson's source notebook."""
    cells = [new_markdown_cell("# Target"), _cell(new_code_cell, SETUP, "setup", locked=True)]
    for name, tests in TESTS.items():
        cells.append(_cell(new_code_cell, solution(name), name, solution=True))
        for test, (points, text) in tests.items():
            cells.append(_cell(new_code_cell, text, test, points, grade=True, locked=True))
    open_question = _cell(
        new_markdown_cell, "Because.", "explain_choice", 3, grade=True, solution=True
    )
    notebook = new_notebook(cells=[*cells, open_question])
    notebook.metadata.kernelspec = {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    }
    return notebook


def _cell(make, text, name, points=None, **flags):
    cell = make(text)
    cell.metadata.nbgrader = {
        "grade_id": name,
        "schema_version": 3,
        "task": False,
        **{key: flags.get(key, False) for key in ("grade", "locked", "solution")},
    }
    if points is not None:
        cell.metadata.nbgrader.points = points
    if name == "setup":
        cell.metadata.tags = ["setup"]
    return cell


def write_source(folder):
    """Writes the lesson to a folder of source notebooks."""
    path = folder / LESSON / f"{LESSON}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(source_notebook(), path)
    return path


def hand_in(root, student, answers):
    """Writes a submission with these answers."""
    notebook = as_released(source_notebook())
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers.get(name, cell.source)
    path = root / "submitted" / student / LESSON / f"{LESSON}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
