"""The rule by which demonstrations are left out, and that it changes no mark."""

import copy
import textwrap

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from course import demo
from course.isolation.run import run
from course.notebooks import solutions
from course.notebooks.intake import assemble, grade_id, is_autotest
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
        {"demonstration": "np.seterr(all='ignore')"},
        {"demonstration": "warnings.simplefilter('ignore')"},
    ],
)
def test_what_is_shared_with_a_cell_that_runs_is_run(cells):
    assert not _is_left_out(**cells)


@pytest.mark.parametrize(
    "answer",
    [
        "calls = []\ndef square(x):\n    calls.append(x)\n    return x ** 2",
        "def square(x, seen=[]):\n    seen.append(x)\n    return x ** 2",
        "def square(x):\n    square.n = 1\n    return x ** 2",
        "def square(x):\n    return x ** len(square.__dict__)",
        "def square(x):\n    global n\n    n = 1\n    return x ** 2",
        "def square(x):\n    np.last = x\n    return x ** 2",
        "import functools\n@functools.lru_cache\ndef square(x):\n    return x ** 2",
        "def square(x):\n    return x ** 2 + np.random.normal()",
        "from numpy.random import normal\ndef square(x):\n    return x ** 2 + normal()",
        "import random\ndef square(x):\n    return x ** 2 + random.random()",
        "def square(x):\n    return points[0] + x ** 2",
        "def square(x):\n    return eval('result') + x",
        "def square(x):\n    return globals()['result']",
        "import sys\ndef square(x):\n    return x ** 2",
        "class Square:\n    def __call__(self, x):\n        return x ** 2\nsquare = Square()",
        "def make():\n    n = 0\n    def square(x):\n        nonlocal n\n        n += 1\n        return n\n"
        "    return square\nsquare = make()",
        "%matplotlib inline\ndef square(x):\n    return x ** 2",
        "def square(x):\n    return x ** 2\nprint(_)",
    ],
)
def test_where_answers_can_have_a_memory_everything_is_run(answer):
    assert needed_cells(_notebook(answer=answer)) == set(range(4))


@pytest.mark.parametrize("lesson", ["01_mixture_sampling", "09_other_clusterers"])
def test_the_marks_are_those_of_a_full_run(lesson, tmp_path):
    """The author's answers, then one wrong answer of the bank in each exercise."""
    source = nbformat.read(notebook_path(SOURCE, lesson), as_version=4)
    released = nbformat.read(notebook_path(RELEASE, lesson), as_version=4)
    wrong = {a.exercise: a.source for a in bank.load(lesson) if a.kind == "wrong"}
    for answers in (demo.reference(lesson), {**demo.reference(lesson), **wrong}):
        notebook, _ = assemble(source, solutions.fill_in(copy.deepcopy(released), answers))
        left_out = set(range(len(notebook.cells))) - needed_cells(notebook)
        assert len(left_out) > 5
        quick = run(notebook, cwd=tmp_path, timeout=60)
        full = run(notebook, cwd=tmp_path, timeout=60, everything=True)
        assert all(quick.cells[place].get("outputs", []) == [] for place in left_out)
        assert any(full.cells[place].get("outputs", []) for place in left_out)
        for one, other in zip(quick.cells, full.cells, strict=True):
            if is_autotest(one):
                assert one.outputs == other.outputs, grade_id(one)
