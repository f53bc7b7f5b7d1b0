"""A small lesson, and the ways in which students hand it in."""

import copy
import csv
import json
import os

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.grading.intake import as_released

LESSON = "01_sums"
SECRET = "assert double(21) == 42, 'double(21) is not 42'"


def _cell(make, text, name=None, points=None, **flags):
    cell = make(text)
    if name:
        cell.metadata.nbgrader = {
            "grade_id": name,
            "schema_version": 3,
            "task": False,
            **{key: flags.get(key, False) for key in ("grade", "locked", "solution")},
        }
        if points is not None:
            cell.metadata.nbgrader["points"] = points
    return cell


def _test(text, name, points):
    return _cell(new_code_cell, text, name, points, grade=True, locked=True)


@pytest.fixture(scope="session")
def lesson():
    """The name of the lesson."""
    return LESSON


@pytest.fixture(scope="session")
def source_nb():
    """The lesson: two exercises and an open question."""
    setup = "import warnings\n\nclass NotSolvedYet(NotImplementedError):\n    pass"
    double = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
    total = "def total(xs):\n    ### BEGIN SOLUTION\n    return sum(xs)\n    ### END SOLUTION"
    hidden = f"### BEGIN HIDDEN TESTS\n{SECRET}\n### END HIDDEN TESTS"
    cells = [
        new_markdown_cell("# Sums"),
        _cell(new_code_cell, setup, "setup", locked=True),
        _cell(new_code_cell, double, "double", solution=True),
        _test(f"assert double(2) == 4, 'double(2) is not 4'\n{hidden}", "test_double", 2),
        _cell(new_code_cell, total, "total", solution=True),
        _test("assert total([1, 2]) == 3, 'total([1, 2]) is not 3'", "test_total", 1.5),
        _test("assert total([]) == 0, 'total([]) is not 0'\ntotal([])", "test_total__empty", 1),
        _cell(
            new_markdown_cell, "Because.", "explain_sum", 3, grade=True, solution=True, locked=False
        ),
    ]
    notebook = new_notebook(cells=cells)
    notebook.metadata.kernelspec = {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    }
    return notebook


@pytest.fixture(scope="session")
def source(source_nb, tmp_path_factory):
    """A folder of source notebooks with the one lesson."""
    folder = tmp_path_factory.mktemp("course") / "source"
    (folder / LESSON).mkdir(parents=True)
    nbformat.write(source_nb, folder / LESSON / f"{LESSON}.ipynb")
    return folder


def solve(notebook, **answers):
    """A copy of a released notebook with answers filled in."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell.source = answers[name]
    return notebook


RIGHT = {
    "double": "def double(x):\n    return x + x",
    "total": "def total(xs):\n    return sum(xs)",
    "explain_sum": "A sum adds up.",
}


@pytest.fixture(scope="session")
def released(source_nb):
    """The lesson as students get it."""
    return as_released(source_nb)


@pytest.fixture(scope="session")
def right(released):
    """The lesson with everything solved."""
    return solve(released, **RIGHT)


@pytest.fixture(scope="session")
def answer(released):
    """A function that makes a right submission, but for the given answers."""
    return lambda **answers: solve(released, **{**RIGHT, **answers})


@pytest.fixture(scope="session")
def hand_in():
    """A function that writes a student's submission: a notebook or bytes."""

    def write(root, student, content, name=f"{LESSON}.ipynb"):
        folder = root / "submitted" / student / LESSON
        folder.mkdir(parents=True, exist_ok=True)
        if content is None:
            return folder
        if not isinstance(content, bytes):
            content = json.dumps(content).encode()
        (folder / name).write_bytes(content)
        return folder

    return write


@pytest.fixture(scope="session")
def read_grades():
    """A function that reads grades.csv as a dictionary of (student, cell) to row."""

    def read(root):
        with open(root / "grades.csv", newline="", encoding="utf-8") as file:
            return {(row["student"], row["cell"]): row for row in csv.DictReader(file)}

    return read


@pytest.fixture(scope="session", autouse=True)
def _other_home(tmp_path_factory):
    """No test meets the settings of whoever runs it."""
    before = {name: os.environ.get(name) for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR")}
    for name in before:
        os.environ[name] = str(tmp_path_factory.mktemp("home"))
    yield
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)
