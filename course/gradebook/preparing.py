"""Brings the gradebook's idea of a lesson up to date with its source notebook."""

import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import (
    Comment,
    Grade,
    GradeCell,
    Notebook,
    SolutionCell,
    SourceCell,
    TaskCell,
)
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import BaseConverter

from course import scratch
from course.authoring.converters import Course, start
from course.authoring.quiet import LOG
from course.gradebook.class_folder import ClassFolder, Submission
from course.gradebook.database import Cells, Score, all_or_nothing, open_gradebook, recorded_cells
from course.gradebook.deciding import before, taken_out
from course.gradebook.history import Change, History
from course.notebooks.cells import known_cells, points_of, renamed
from course.notebooks.files import copy_extras
from course.notebooks.released import without_solutions
from course.notebooks.verdict import points_text
from course.settings import nbgrader_settings


class _Careful(BaseConverter):  # type: ignore[misc]
    """What it does otherwise than nbgrader's: names are no patterns, files are checked."""

    assignment = ""

    def init_notebooks(self) -> None:
        folder = self._format_source(self.assignment, ".")
        self.assignments = {folder: [os.path.join(folder, f"{self.assignment}.ipynb")]}

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        copy_extras(
            self._format_source(assignment_id, student_id),
            self._format_dest(assignment_id, student_id),
            own_parts=0,
        )


class _Prepare(GenerateAssignment, _Careful):  # type: ignore[misc]
    """nbgrader's GenerateAssignment for one lesson."""


# What each submission has of a cell.
PARTS: dict[type, tuple[type, ...]] = {
    GradeCell: (Grade,),
    SolutionCell: (Comment,),
    TaskCell: (Grade, Comment),
    SourceCell: (),
}


def prepare(lesson: str, folder: ClassFolder, source: Path, notebook: NotebookNode) -> list[Change]:
    """Puts a lesson into the gradebook, if what is there is not just that.

    Cells that were renamed keep their marks; those of cells taken out go into the history.

    Parameters
    ----------
    lesson : str
    folder : ClassFolder
    source : Path
        The folder with the lessons' source notebooks.
    notebook : NotebookNode
        The lesson's.

    Returns
    -------
    list of Change
        The marks that went with cells.

    Raises
    ------
    CourseError
        If nbgrader refuses it.
    """
    recorded = recorded_cells(folder).get(lesson)
    if recorded == expected_cells(notebook):
        return []
    lost = follow(lesson, folder, notebook) if recorded else []
    with scratch.folder("release-") as release:
        course = Course(folder.root, source, db_url=folder.gradebook_url)
        course.assignment_id = lesson
        course.release_directory = release
        converter = _Prepare(coursedir=course, config=nbgrader_settings(), log=LOG, force=True)
        converter.assignment = lesson
        start(converter, lambda log: _failed(lesson, log))
    return lost


def expected_cells(source: NotebookNode) -> Cells:
    """What the gradebook should hold of each of the source's cells."""
    return {
        name: (cell.cell_type, utils.is_locked(cell), cell.source, points_of(cell))
        for name, cell in known_cells(without_solutions(source)).items()
    }


def differences(recorded: Cells, notebook: NotebookNode) -> list[str]:
    """How a lesson differs from what the gradebook holds of it, a line for each kind."""
    now, expected = renamed(notebook), expected_cells(notebook)
    before = {now.get(name, name): each for name, each in recorded.items()}
    both = [name for name in expected if name in before]
    found = {
        "new": [name for name in expected if name not in before],
        "taken out": [name for name in before if name not in expected],
        "renamed": [f"{old} is now {now[old]}" for old in recorded if old in now],
        "other points": [
            f"{name} {points_text(before[name][3])} to {points_text(expected[name][3])}"
            for name in both
            if before[name][3] != expected[name][3]
        ],
        "other text": [name for name in both if before[name][:3] != expected[name][:3]],
    }
    return [f"{what}: {', '.join(names)}" for what, names in found.items() if names]


def follow(lesson: str, folder: ClassFolder, notebook: NotebookNode) -> list[Change]:
    """Renames, takes out and adds the cells of a lesson that has submissions.

    nbgrader's own commands refuse that, and its API has no words for it. All of it is one
    transaction; what goes with a cell is in the history before.

    Returns
    -------
    list of Change
        The marks that went with cells.
    """
    wanted, now = _wanted(notebook), renamed(notebook)
    with open_gradebook(folder) as gradebook, all_or_nothing(gradebook):
        entry = gradebook.find_notebook(lesson, lesson)
        known = known_cells(notebook)
        cells = [*entry._base_cells, *entry.source_cells]
        for cell in cells:
            if cell.name not in known:
                cell.name = now.get(cell.name, cell.name)
        gone = [each for each in cells if (type(each), each.name) not in wanted]
        lost = _remember(folder, notebook, entry, {cell.name for cell in gone})
        for cell in gone:
            if not isinstance(cell, SourceCell):
                for part in [*(cell.grades or ()), *(cell.comments or ())]:
                    gradebook.db.delete(part)
            gradebook.db.delete(cell)
        there = {(type(each), each.name) for each in cells}
        for (kind, name), values in wanted.items():
            if (kind, name) not in there:
                cell = kind(name=name, notebook=entry, **values)
                gradebook.db.add(cell)
                for part in PARTS[kind]:
                    gradebook.db.add_all(part(cell=cell, notebook=of) for of in entry.submissions)
    return lost


def _wanted(notebook: NotebookNode) -> dict[tuple[type, str], dict[str, Any]]:
    """nbgrader's entries for a lesson's cells, and what each needs to be made."""
    found: dict[tuple[type, str], dict[str, Any]] = {}
    for name, cell in known_cells(notebook).items():
        kind = {"cell_type": cell.cell_type}
        worth = {**kind, "max_score": points_of(cell)}
        if utils.is_grade(cell):
            found[GradeCell, name] = worth
        if utils.is_solution(cell):
            found[SolutionCell, name] = {}
        if utils.is_task(cell):
            found[TaskCell, name] = worth
        found[SourceCell, name] = {**kind, "locked": utils.is_locked(cell)}
    return found


def _remember(
    folder: ClassFolder, notebook: NotebookNode, entry: Notebook, gone: Collection[str]
) -> list[Change]:
    """Puts into the history what goes with these cells; the marks that do."""
    history, lost = History(folder), []
    for each in entry.submissions if gone else ():
        student = each.student.id
        submission = Submission(student, entry.name, folder.submitted / student / entry.name)
        old = before(
            notebook,
            folder.graded(student, entry.name),
            {grade.name: held(grade) for grade in each.grades},
            {comment.name: comment.manual_comment for comment in each.comments},
            history.given(student, entry.name),
        )
        history.keep([(student, entry.name, old.unknown(gone=True))])
        lost += taken_out(submission, old, gone)
    history.note(lost)
    return lost


def held(grade: Grade, worth: float | None = None) -> Score:
    """What an entry of the gradebook says; `worth` saves it a query."""
    worth = grade.max_score if worth is None else worth
    return Score(worth, grade.auto_score, grade.manual_score, grade.extra_credit)


def _failed(lesson: str, log: str) -> str:
    lines = [line for line in log.strip().splitlines() if line.strip()]
    return f"Lesson '{lesson}' could not be put into the gradebook: {lines[0] if lines else ''}"
