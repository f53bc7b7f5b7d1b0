"""What a cell is, exercises are and a title is, as nbgrader and the lesson's author mean it."""

import itertools

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader import utils

from course.notebooks.cells import (
    HIDDEN,
    SOLUTION,
    is_autotest,
    is_graded,
    is_locked,
    is_manual,
    strip_region,
    visible,
)
from course.notebooks.exercises import Exercise, exercises_in, fill_in, headings, reference
from course.paths import CourseError

KINDS = ("grade", "solution", "locked", "task")


@pytest.mark.parametrize("flags", list(itertools.product([True, False, None], repeat=len(KINDS))))
@pytest.mark.parametrize("make", [new_code_cell, new_markdown_cell])
def test_cells_are_of_the_kinds_that_nbgrader_says(flags, make):
    cell = make()
    marks = {kind: flag for kind, flag in zip(KINDS, flags, strict=True) if flag is not None}
    if marks:
        cell.metadata.nbgrader = marks
    assert is_graded(cell) == (utils.is_grade(cell) or utils.is_task(cell))
    assert is_locked(cell) == utils.is_locked(cell)
    marked_by_running = utils.is_grade(cell) and not utils.is_solution(cell)
    assert is_autotest(cell) == (make is new_code_cell and marked_by_running)
    assert is_manual(cell) == (is_graded(cell) and not is_autotest(cell))


def test_a_region_goes_with_its_markers_and_a_stub_has_its_indent():
    source = f"a\n  {SOLUTION[0]}\n  b\n  {SOLUTION[1]}\nc\n{HIDDEN[0]}\nd\n{HIDDEN[1]}"
    assert strip_region(source, HIDDEN).endswith("\nc")
    assert strip_region(source, SOLUTION, stub="pass").startswith("a\n  pass\nc\n")
    assert visible(new_code_cell(source)) == "a\nc"


def test_a_model_answer_is_not_visible():
    cell = new_markdown_cell("Because.", metadata={"nbgrader": {"solution": True, "grade": True}})
    assert visible(nbformat.from_dict(cell)) == ""


def test_exercises_have_their_headings_cells_and_kind(source_nb):
    asked = new_markdown_cell("## Doubles\n\n### Exercise 1 · Double it (2 points)\n\nWrite it.")
    notebook = nbformat.from_dict(source_nb)
    notebook.cells.insert(2, asked)
    found = exercises_in(notebook)
    assert list(found) == ["double", "total", "explain_sum"]
    title = "Exercise 1 · Double it"
    assert found["double"] == Exercise("double", title, "Doubles", asked.source, ("test_double",))
    assert found["total"].cells[0] == "test_total" and not found["total"].by_hand
    assert found["explain_sum"].by_hand and found["explain_sum"].cells == ("explain_sum",)


def test_headings_in_code_are_none():
    assert headings("# A\n\n```\n# b\n```\n\n### C (1 point) \n#### D\n") == [
        (1, "A"),
        (3, "C (1 point)"),
    ]


def test_answers_go_where_they_are_asked_for(source_nb, right):
    answers = reference(right)
    filled = fill_in(nbformat.from_dict(source_nb), answers)
    assert reference(filled) == answers != reference(source_nb)
    with pytest.raises(CourseError, match="There is no exercise test_double in"):
        fill_in(filled, {"test_double": "pass"})
