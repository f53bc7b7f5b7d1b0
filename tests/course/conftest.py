"""A small class, graded once: what reports, exports and marks by hand are made from."""

import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

from course.grading.grade import grade_class
from course.grading.intake import as_released
from course.paths import notebook_path

LESSON = "01_sums"
SECRET = "assert double(21) == 42, 'Twice 21 is something else.'"

SPREAD = """\
def spread(xs):
    total = 0
    middle = sum(xs) / len(xs)
    for value in xs:
        difference = value - middle
        if difference < 0:
            difference = -difference
        total = total + difference * difference
    return total / (len(xs) - 1)"""
COPIED = """\
def spread(values):
    # all my own work
    s = 0
    m = sum(values) / len(values)
    for v in values:
        d = v - m
        if d < 0:
            d = -d
        s = s + d*d
    return s / (len(values) - 1)"""
OTHER_WAY = "def spread(xs):\n    m = sum(xs) / len(xs)\n    return sum((x - m) ** 2 for x in xs) / (len(xs) - 1)"
HOSTILE_TEXT = '</pre></p><script>document.title = "owned"</script><img src="http://192.0.2.1/x" onerror="document.title=1">'
HOSTILE_CODE = """\
from IPython.display import HTML, SVG, Javascript, Markdown, display
display(HTML('<script>document.title = "owned"</script><img src="http://192.0.2.1/a.png" onerror="document.title=1">'))
display(HTML('<iframe src="http://192.0.2.1/"></iframe><style>@import url(http://192.0.2.1/s.css)</style>'))
display(HTML('<meta http-equiv="refresh" content="0;url=http://192.0.2.1/m"><a href="javascript:document.title=2">x</a>'))
display(Javascript('document.title = "owned"'))
display(Markdown('[x](javascript:alert(1)) <svg onload="document.title=3">'))
display(SVG('<svg xmlns="http://www.w3.org/2000/svg" onload="document.title=4"><script>document.title=5</script></svg>'))
def double(x):
    raise ValueError('<script>document.title = "owned"</script><img src=x onerror="document.title=6">')"""

RIGHT = {
    "double": "def double(x):\n    return x + x",
    "spread": OTHER_WAY,
    "explain_sum": "It adds up.",
}
CLASS = {
    "ada": {**RIGHT, "spread": SPREAD},
    "bob": {**RIGHT, "spread": COPIED},
    "cyd": {**RIGHT, "double": "def double(x):\n    return x * x"},
    "dan": {},
    "eve": {**RIGHT, "double": HOSTILE_CODE, "explain_sum": HOSTILE_TEXT},
    "fay": None,
    "gil": {**RIGHT, "double": "while True:\n    pass"},
}
WHEN = {"ada": "2026-03-01 09:00:00 UTC", "bob": "2026-03-03 09:00:00 UTC"}


def _cell(make, text, name, **nbgrader):
    cell = make(text)
    cell.metadata.nbgrader = {
        "grade_id": name,
        "schema_version": 3,
        **{key: nbgrader.get(key, False) for key in ("grade", "locked", "solution", "task")},
    }
    if "points" in nbgrader:
        cell.metadata.nbgrader["points"] = nbgrader["points"]
    return cell


def _solution(body):
    head, _, rest = body.partition("\n")
    return f"{head}\n    ### BEGIN SOLUTION\n{rest}\n    ### END SOLUTION"


def _test(text, name, points):
    return _cell(new_code_cell, text, name, points=points, grade=True, locked=True)


def lesson_notebook():
    """The lesson's source: two exercises and an open question."""
    setup = "class NotSolvedYet(NotImplementedError):\n    pass"
    cells = [
        new_markdown_cell("# 1 · Sums"),
        _cell(new_code_cell, setup, "setup", locked=True),
        new_markdown_cell("## 1. Doubling\n\n### Exercise 1 · Double (3 points)\n\nTwice as much."),
        _cell(
            new_code_cell, _solution("def double(x):\n    return 2 * x"), "double", solution=True
        ),
        _test(
            "assert double(3) != 9, 'You square it.'\nassert double(2) == 4, 'double(2) is not 4'\n"
            f"### BEGIN HIDDEN TESTS\n{SECRET}\n### END HIDDEN TESTS",
            "test_double",
            2,
        ),
        _test("assert double(0) == 0, 'double(0) is not 0'", "test_double__zero", 1),
        new_markdown_cell(
            "## 2. Spread\n\n### Exercise 2 · The spread (2 points)\n\nSquare and add."
        ),
        _cell(new_code_cell, _solution(OTHER_WAY), "spread", solution=True),
        _test("assert spread([0, 2]) == 2, 'The spread of 0 and 2 is 2.'", "test_spread", 2),
        new_markdown_cell("### Open question (3 points)\n\nWhy a sum?"),
        _cell(new_markdown_cell, "Because.", "explain_sum", points=3, grade=True, solution=True),
    ]
    cells[1].metadata.tags = ["setup"]
    notebook = new_notebook(cells=cells)
    notebook.metadata.kernelspec = {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    }
    return notebook


def submit(root, source):
    released = as_released(source)
    for student, answers in CLASS.items():
        path = notebook_path(root / "submitted" / student, LESSON)
        path.parent.mkdir(parents=True)
        if answers is None:
            path.write_text("not a notebook")
            continue
        notebook = nbformat.from_dict(nbformat.v4.reads(nbformat.writes(released)))
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            cell.source = answers.get(name, cell.source)
        path.write_text(nbformat.writes(notebook), encoding="utf-8")
        if student in WHEN:
            (path.parent / "timestamp.txt").write_text(WHEN[student])


@pytest.fixture(scope="session")
def class_source(tmp_path_factory):
    """A folder of source notebooks with the one lesson."""
    folder = tmp_path_factory.mktemp("class") / "source"
    path = notebook_path(folder, LESSON)
    path.parent.mkdir(parents=True)
    nbformat.write(lesson_notebook(), path)
    return folder


@pytest.fixture(scope="session")
def graded_class(class_source, tmp_path_factory):
    """The class after grading; not to be changed."""
    root = tmp_path_factory.mktemp("graded")
    submit(root, lesson_notebook())
    assert grade_class(root, source=class_source, timeout=5) == 0
    return root


@pytest.fixture
def class_root(graded_class, tmp_path):
    """A copy of the graded class to change."""
    root = tmp_path / "class"
    shutil.copytree(graded_class, root)
    return root


@pytest.fixture
def due():
    """A function that sets the lesson's due date, and students' names."""

    def set_due(root, when, **names):
        with Gradebook(f"sqlite:///{root / 'gradebook.db'}", "") as gradebook:
            gradebook.update_or_create_assignment(LESSON, duedate=when)
            for student, more in names.items():
                gradebook.update_or_create_student(student, **more)

    return set_due
