"""The rule by which demonstrations are left out, and that it changes no mark."""

import copy
import textwrap

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from course import demo
from course.authoring.running import run
from course.notebooks.assembling import assemble
from course.notebooks.cells import grade_id, is_autotest
from course.notebooks.exercises import fill_in
from course.notebooks.needed import needed_cells
from course.oracle import bank
from course.paths import RELEASE, SOURCE, notebook_path

SETUP = """
import numpy as np
import warnings
SEED = 1
points = np.arange(6.0)
def helper(x):
    return x + 1
"""
DEMONSTRATION = "result = square(points)\nprint(result)"
ANSWER = "def square(x):\n    return np.asarray(x) ** 2"
TEST = "assert square(2) == 4"


def _cell(source, name=None, **marks):
    cell = new_code_cell(textwrap.dedent(source))
    if name:
        flags = {"grade": False, "solution": False, "locked": False, "grade_id": name}
        cell.metadata.nbgrader = {**flags, **marks}
    return cell


def _notebook(answer=ANSWER, demonstration=DEMONSTRATION, extra=None, test=TEST):
    cells = [_cell(SETUP, "setup", locked=True), _cell(answer, "square", solution=True)]
    cells.append(_cell(demonstration))
    cells[-1].metadata.demonstration = True
    if extra is not None:
        cells.append(_cell(extra))
    cells.append(_cell(test, "test_square", grade=True, locked=True, points=1))
    return new_notebook(cells=cells)


def _is_left_out(**cells):
    return 2 not in needed_cells(_notebook(**cells))


def test_a_demonstration_that_nothing_depends_on_is_left_out():
    assert _is_left_out()
    assert _is_left_out(extra="mine = 3\nprint(mine)")
    assert _is_left_out(
        answer="def square(x):\n    y = np.array(x)\n    y[0] = 3\n    return helper(y)"
    )


@pytest.mark.parametrize(
    "cells",
    [
        {"extra": "print(result)"},
        {"extra": "points = points + 1"},
        {"extra": "print(points)"},
        {"test": "assert result is not None"},
        {"demonstration": "square = lambda x: 4"},
        {"demonstration": "np = None"},
        {"demonstration": "print(square(2), count)", "answer": f"count = 3\n{ANSWER}"},
        {"answer": "def square(x):\n    return points[0] + x ** 2"},
        {"answer": "calls = []\ndef square(x):\n    calls.append(x)\n    return x ** 2"},
        {"answer": "def square(x):\n    global n\n    n = 1\n    return x ** 2"},
        {
            "answer": "def square(x):\n    return np.load('p.npy')",
            "demonstration": "np.save('p.npy', 3)",
        },
        {"answer": "class Square:\n    pass\nsquare = Square()"},
    ],
)
def test_what_is_shared_with_a_cell_that_runs_is_run(cells):
    assert not _is_left_out(**cells)


def test_what_cannot_be_understood_is_run_whole():
    answer = "%matplotlib inline\ndef square(x):\n    return x ** 2"
    assert needed_cells(_notebook(answer=answer)) == set(range(4))


# Each is right only after a demonstration has called it, and keeps that where no name tells of it.
MEMORIES = {
    "a file": """
from pathlib import Path
def square(x):
    seen = Path("s" + "een").exists()
    np.save("s" + "een", 1) or Path("seen.npy").rename("seen")
    return x ** 2 if seen else None
""",
    "a module that is imported inside": """
def square(x):
    import json
    json.seen = getattr(json, "seen", 0) + 1
    return x ** 2 if json.seen > 1 else None
""",
    "a registry of a library": """
def square(x):
    import codecs
    try:
        codecs.lookup_error("seen")
    except LookupError:
        codecs.register_error("seen", codecs.strict_errors)
        return None
    return x ** 2
""",
    "a default": """
def square(x, seen=[]):
    seen.append(x)
    return x ** 2 if len(seen) > 1 else None
""",
    "the function itself": """
def square(x):
    square.seen = getattr(square, "seen", 0) + 1
    return x ** 2 if square.seen > 1 else None
""",
    "the environment": """
import os
def square(x):
    seen = os.environ.get("SEEN")
    os.environ["SEEN"] = "1"
    return x ** 2 if seen else None
""",
    "the generator that all share": """
def square(x):
    fresh = np.random.get_state()[2]
    np.random.random()
    return x ** 2 if square_state(fresh) else None
def square_state(place, places=[]):
    places.append(place)
    return len(places) > 1
""",
}


def test_a_demonstration_cannot_help_a_memory_that_no_name_tells_of(tmp_path):
    for what, answer in MEMORIES.items():
        notebook = _notebook(answer=answer, demonstration="print('seen', square(2))")
        quick = run(notebook, cwd=tmp_path, timeout=20)
        full = run(notebook, cwd=tmp_path, timeout=20, everything=True)
        assert quick.cells[2].outputs == [] and "seen" in full.cells[2].outputs[0].text, what
        assert quick.cells[3].outputs == full.cells[3].outputs, what
        assert [output.ename for output in full.cells[3].outputs] == ["AssertionError"], what


def test_a_demonstration_that_fails_late_changes_no_outcome(tmp_path):
    answer = """
import os
def square(x):
    return x ** 2 if x < 9 else os._exit(0)
print("solved")
"""
    notebook = _notebook(answer=answer, demonstration="print(square(9))")
    full = run(notebook, cwd=tmp_path, timeout=20, everything=True)
    assert [
        [output.get("ename") or output.text for output in cell.outputs] for cell in full.cells
    ] == [
        [],
        ["solved\n"],
        ["KernelDied"],
        [],
    ]


@pytest.mark.parametrize("lesson", ["01_mixture_sampling", "09_other_clusterers"])
def test_the_marks_are_those_of_a_full_run(lesson, tmp_path):
    """The author's answers, then one wrong answer of the bank in each exercise."""
    source = nbformat.read(notebook_path(SOURCE, lesson), as_version=4)
    released = nbformat.read(notebook_path(RELEASE, lesson), as_version=4)
    wrong = {a.exercise: a.source for a in bank.load(lesson) if a.kind == "wrong"}
    for answers in (demo.reference(lesson), {**demo.reference(lesson), **wrong}):
        notebook, _ = assemble(source, fill_in(copy.deepcopy(released), answers))
        left_out = set(range(len(notebook.cells))) - needed_cells(notebook)
        assert len(left_out) > 5
        quick = run(notebook, cwd=tmp_path, timeout=60)
        full = run(notebook, cwd=tmp_path, timeout=60, everything=True)
        assert all(quick.cells[place].get("outputs", []) == [] for place in left_out)
        assert any(full.cells[place].get("outputs", []) for place in left_out)
        for one, other in zip(quick.cells, full.cells, strict=True):
            if is_autotest(one):
                assert one.outputs == other.outputs, grade_id(one)
