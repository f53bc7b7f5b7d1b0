"""The points that the text promises are those that the cells give."""

import re

from course.authoring.lint.rules import Breaches, Cells, rule
from course.notebooks.cells import exercise_of

POINTS = re.compile(r"\((\d+) (?:points?|marks?)\)")
TOTAL = re.compile(r"\*\*Marks:\*\*\s+(\d+)")


@rule
def points_are_as_promised(cells: Cells) -> Breaches:
    """The prose before an exercise says "(3 points)", and its tests sum to that."""
    promised, where = None, None
    for cell in cells:
        if cell.is_markdown and not cell.is_manual:
            for found in POINTS.findall(cell.source):
                promised, where = int(found), cell
            continue
        if cell.is_manual:
            text_points = POINTS.findall(cell.source)
            promised = int(text_points[-1]) if text_points else promised
            given = cell.nbgrader.get("points")
        elif cell.is_solution:
            given = sum(
                test.nbgrader.get("points", 0)
                for test in cells
                if test.is_test and exercise_of(test.id) == cell.id
            )
        else:
            continue
        if promised is None:
            yield cell, f"the text before it promises no points: write '({given:g} points)'."
        elif promised != given:
            reason = f"the text promises {promised} points, the metadata of `{cell.id}` gives"
            yield where or cell, f"{reason} {given:g}."
        promised, where = None, None
    for cell in cells:
        points = cell.nbgrader.get("points")
        if cell.is_graded and not (isinstance(points, int | float) and points > 0):
            yield cell, f"a graded cell needs points above 0, not {points!r}."


@rule
def the_lesson_promises_its_total(cells: Cells) -> Breaches:
    """The opening says "**Marks:** 16"; all graded cells together give that."""
    total = sum(cell.nbgrader.get("points", 0) for cell in cells if cell.is_graded)
    for cell in cells:
        for promised in TOTAL.findall(cell.source) if cell.is_markdown else ():
            if int(promised) != total:
                yield cell, f"the text promises {promised} marks in all, the cells give {total:g}."
