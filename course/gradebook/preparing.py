"""Brings the gradebook's idea of a lesson up to date with its source notebook."""

import os
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import MissingEntry
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import BaseConverter

from course import scratch
from course.authoring.converters import Course, start
from course.authoring.quiet import LOG
from course.gradebook.class_folder import ClassFolder
from course.gradebook.database import open_gradebook
from course.notebooks.cells import known_cells, points_of
from course.notebooks.reading import copy_extras
from course.notebooks.released import without_solutions
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
        )


class _Prepare(GenerateAssignment, _Careful):  # type: ignore[misc]
    """nbgrader's GenerateAssignment for one lesson."""


# Of each cell its kind, whether it is locked, its text and its points.
Cells = dict[str, tuple[Any, ...]]


def prepare(lesson: str, folder: ClassFolder, source: Path, notebook: NotebookNode) -> None:
    """Puts a lesson into the gradebook, if what is there is not just that.

    Parameters
    ----------
    lesson : str
    folder : ClassFolder
    source : Path
        The folder with the lessons' source notebooks.
    notebook : NotebookNode
        The lesson's.

    Raises
    ------
    CourseError
        If the lesson's cells are no longer those that its submissions were graded by.
    """
    expected = _expected(notebook)
    recorded = _recorded(lesson, folder)
    if recorded == expected:
        return
    with scratch.folder("release-") as release:
        course = Course(folder.root, source, db_url=folder.gradebook_url)
        course.assignment_id = lesson
        course.release_directory = release
        converter = _Prepare(coursedir=course, config=nbgrader_settings(), log=LOG, force=True)
        converter.assignment = lesson
        start(converter, lambda log: _failed(lesson, log, expected, recorded or {}))


def _expected(source: NotebookNode) -> Cells:
    """What the gradebook should hold of each of the source's cells."""
    return {
        name: (cell.cell_type, utils.is_locked(cell), cell.source, points_of(cell))
        for name, cell in known_cells(without_solutions(source)).items()
    }


def _recorded(lesson: str, folder: ClassFolder) -> Cells | None:
    """What the gradebook holds of each of the lesson's cells; None where it has no such lesson."""
    with open_gradebook(folder) as gradebook:
        try:
            notebook = gradebook.find_notebook(lesson, lesson)
        except MissingEntry:
            return None
        points = {cell.name: cell.max_score for cell in notebook.grade_cells + notebook.task_cells}
        return {
            cell.name: (cell.cell_type, cell.locked, cell.source, points.get(cell.name, 0.0))
            for cell in notebook.source_cells
        }


def _failed(lesson: str, log: str, expected: Cells, recorded: Cells) -> str:
    if "Cannot add or remove cells" not in log:
        lines = [line for line in log.strip().splitlines() if line.strip()]
        return f"Lesson '{lesson}' could not be put into the gradebook: {lines[0] if lines else ''}"
    changes = []
    for word, names in (
        ("added", expected.keys() - recorded),
        ("gone", recorded.keys() - expected),
    ):
        if names:
            changes.append(f"{word}: {', '.join(sorted(names))}")
    return (
        f"Lesson '{lesson}' has other cells than when its submissions were first graded "
        f"({'; '.join(changes)}), and a gradebook cannot follow that. Grade into a new folder, or "
        f"forget the lesson's old marks with: nbgrader db assignment remove {lesson} --force"
    )
