"""What a lesson asks for: its exercises, the author's solutions, and answers put in their place."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from nbformat import NotebookNode

from course.notebooks.cells import (
    exercise_of,
    grade_id,
    is_graded,
    is_solution,
    known_cells,
)
from course.paths import CourseError

HEADING = re.compile(r"^(#{1,3}) +(.+?) *$", re.MULTILINE)
PROMISE = re.compile(r" *\([\d.]+ points?\)$")


@dataclass(frozen=True)
class Exercise:
    """One exercise of a lesson.

    Attributes
    ----------
    name : str
        The name that it asks for, or an open question's id.
    title : str
        Its heading, without the points.
    section : str
        The heading of the section that it stands in: the idea to read again.
    text : str
        The text that asks for it.
    cells : tuple of str
        The ids of its graded cells, in order.
    by_hand : bool
        Whether a person marks it.
    """

    name: str
    title: str
    section: str
    text: str
    cells: tuple[str, ...] = ()
    by_hand: bool = False


def exercises_in(notebook: NotebookNode) -> dict[str, Exercise]:
    """The exercises of a lesson's source notebook, by their names, in order."""
    found: dict[str, Exercise] = {}
    section = title = text = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and not is_solution(cell):
            for mark, words in headings(cell.source):
                title = PROMISE.sub("", words)
                section = title if mark < 3 else section
            text = cell.source
        cell_id = grade_id(cell)
        if cell_id is None or not (is_solution(cell) or is_graded(cell)):
            continue
        name = exercise_of(cell_id) or cell_id
        each = found.setdefault(name, Exercise(name, title or name, section, text))
        if is_graded(cell):
            by_hand = each.by_hand or is_solution(cell)
            found[name] = replace(each, cells=(*each.cells, cell_id), by_hand=by_hand)
    return {name: each for name, each in found.items() if each.cells}


def headings(text: str) -> list[tuple[int, str]]:
    """The level and the words of each heading, down to the third level, in a text cell."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return [(len(marks), words) for marks, words in HEADING.findall(prose)]


def texts(notebook: NotebookNode) -> dict[str, str]:
    """The text of a notebook's cells by their nbgrader ids."""
    return {name: cell.source for name, cell in known_cells(notebook).items()}


def judged(notebook: NotebookNode) -> dict[str, str]:
    """What each mark or comment is for: a digest of the answer behind it, by the cell's id.

    A test's answer is the exercise's solution; where it has none, all solutions together.
    """
    cells = known_cells(notebook)
    own = {name: _content(cell) for name, cell in cells.items() if is_solution(cell)}
    everything = "\0".join(own.values())
    return {
        name: hashlib.sha256(
            own.get(name, own.get(exercise_of(name), everything)).encode()
        ).hexdigest()
        for name, cell in cells.items()
        if is_graded(cell) or is_solution(cell)
    }


def _content(cell: NotebookNode) -> str:
    pictures = cell.get("attachments")
    text = str(cell.source).strip()
    return text + json.dumps(pictures, sort_keys=True) if pictures else text


def reference(notebook: NotebookNode) -> dict[str, str]:
    """The author's own solution of each exercise: its source, by name."""
    return {name: cell.source for name, cell in known_cells(notebook).items() if is_solution(cell)}


def fill_in(notebook: NotebookNode, answers: Mapping[str, str]) -> NotebookNode:
    """Put answers into a lesson's notebook, as a student would.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Changed in place.
    answers : dict of str to str
        For each exercise, the new source of its solution cell.

    Returns
    -------
    nbformat.NotebookNode
    """
    left = dict(answers)
    for name, cell in known_cells(notebook).items():
        if is_solution(cell) and name in left:
            cell.source = left.pop(name)
    if left:
        raise CourseError(f"There is no exercise {', '.join(sorted(left))} in this notebook.")
    return notebook
