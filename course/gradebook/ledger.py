"""Writes what came of a submission where nbgrader keeps it: the gradebook and `autograded/`.

Nothing here runs a student's code. What nbgrader's Autograde does in some forty transactions is
done in one, with nbgrader's own tables, rules and plugins.
"""

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import (
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import AssignLatePenalties, LimitOutput
from sqlalchemy.exc import SQLAlchemyError

from course import scratch
from course.authoring.converters import Course
from course.authoring.quiet import LOG
from course.gradebook.class_folder import ClassFolder, Submission
from course.gradebook.database import check_gradebook, open_gradebook
from course.gradebook.preparing import prepare
from course.gradebook.table import Row, Score, graded_rows
from course.notebooks.cells import grade_id, known_cells, points_of
from course.notebooks.reading import copy_extras
from course.notebooks.released import without_solutions
from course.paths import CourseError
from course.settings import nbgrader_settings


@contextlib.contextmanager
def ready(
    folder: ClassFolder, source: Path, lessons: Mapping[str, NotebookNode]
) -> Iterator["Ledger"]:
    """The ledger of a class, its gradebook made and brought up to date where need be.

    Parameters
    ----------
    folder : ClassFolder
    source : Path
        The folder with the lessons' source notebooks.
    lessons : mapping of str to NotebookNode
        The source notebooks of the lessons to be recorded.
    """
    check_gradebook(folder)
    for lesson, notebook in lessons.items():
        prepare(lesson, folder, source, notebook)
    with open_gradebook(folder) as gradebook:
        yield Ledger(gradebook, folder, source, lessons)


@dataclass(frozen=True)
class _Lesson:
    """What is the same for all submissions of a lesson.

    `checksums` are those of its cells as they were released; `names` its cells in the gradebook.
    """

    source: NotebookNode
    checksums: dict[str, str]
    names: dict[str, str]


class Ledger:
    """A class's gradebook while its submissions are graded: one transaction for each.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
        Open.
    folder, source, lessons
        As for `ready`.
    """

    def __init__(
        self,
        gradebook: Gradebook,
        folder: ClassFolder,
        source: Path,
        lessons: Mapping[str, NotebookNode],
    ) -> None:
        self.gradebook = gradebook
        self.folder = folder
        self.source = source
        self.course = Course(folder.root, source)
        self.limit = LimitOutput(config=nbgrader_settings(), log=LOG)
        self.penalties = AssignLatePenalties(config=nbgrader_settings(), log=LOG)
        self.penalties.init_plugin()
        self.lessons = {name: self._lesson(name, each) for name, each in lessons.items()}
        # The lesson's own entries are the same for each submission, and nobody else writes.
        gradebook.db().expire_on_commit = False

    def _lesson(self, name: str, source: NotebookNode) -> _Lesson:
        released = known_cells(without_solutions(source))
        recorded = self.gradebook.find_notebook(name, name)
        return _Lesson(
            source,
            {cell_id: utils.compute_checksum(cell) for cell_id, cell in released.items()},
            {cell.id: cell.name for cell in [*recorded.grade_cells, *recorded.solution_cells]},
        )

    def record(self, executed: NotebookNode, submission: Submission) -> list[Row]:
        """Writes a graded notebook's marks to the gradebook, then the notebook to `autograded/`.

        Parameters
        ----------
        executed : NotebookNode
            After `run` and `normalise`, or `refused`.
        submission : Submission

        Returns
        -------
        list of Row
            The rows of `grades.csv`.

        Raises
        ------
        CourseError
            If it could not be recorded; then nothing of it is.
        """
        lesson = self.lessons[submission.lesson]
        executed, _ = self.limit.preprocess(executed, {})
        cells = {}
        for cell in executed.cells:
            name = grade_id(cell)
            if name in lesson.checksums:
                cell.metadata.nbgrader.checksum = lesson.checksums[name]
                cells[name] = cell
        try:
            scores = self._mark(submission, lesson, cells)
            self.gradebook.db.commit()
        except (SQLAlchemyError, MissingEntry) as error:
            self.gradebook.db.rollback()
            reason = getattr(error, "orig", None) or error
            raise CourseError(f"the gradebook does not take it: {reason}") from error
        self._write(executed, submission)
        return graded_rows(submission, lesson.source, executed, scores)

    def _mark(
        self, submission: Submission, lesson: _Lesson, cells: Mapping[str, NotebookNode]
    ) -> dict[str, Score]:
        """Enters what the cells earned; what the gradebook then says of each."""
        entry = self._entry(submission)
        (notebook,) = entry.notebooks
        grades = {lesson.names[grade.cell_id]: grade for grade in notebook.grades}
        for name, grade in grades.items():
            grade.auto_score, _ = utils.determine_grade(cells[name], LOG)
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        for comment in notebook.comments:
            cell = cells[lesson.names[comment.cell_id]]
            unanswered = cell.metadata.nbgrader.checksum == utils.compute_checksum(cell)
            comment.auto_comment = "No response." if unanswered else None
        self._penalise(entry, notebook)
        return {
            name: Score(
                points_of(cells[name]), grade.auto_score, grade.manual_score, grade.extra_credit
            )
            for name, grade in grades.items()
        }

    def _entry(self, submission: Submission) -> SubmittedAssignment:
        """The gradebook's entry for a submission, a new one where there is none."""
        database = self.gradebook.db
        timestamp = self.course.get_existing_timestamp(submission.folder)
        try:
            entry = self.gradebook.find_submission(submission.lesson, submission.student)
        except MissingEntry:
            student = database.get(Student, submission.student) or Student(id=submission.student)
            assignment = self.gradebook.find_assignment(submission.lesson)
            entry = SubmittedAssignment(assignment=assignment, student=student)
            for notebook in assignment.notebooks:
                handed_in = SubmittedNotebook(notebook=notebook, assignment=entry)
                for cell in notebook.grade_cells:
                    Grade(cell_id=cell.id, notebook=handed_in)
                for cell in notebook.solution_cells:
                    Comment(cell_id=cell.id, notebook=handed_in)
            database.add(entry)
        entry.timestamp = timestamp
        database.flush()
        return entry

    def _penalise(self, entry: SubmittedAssignment, notebook: SubmittedNotebook) -> None:
        """The penalty for a late submission, as nbgrader's plugin says."""
        notebook.late_submission_penalty = None
        late = entry.total_seconds_late
        if late > 0:
            self.gradebook.db.flush()
            penalty = self.penalties.plugin_inst.late_submission_penalty(
                entry.student.id, notebook.score, late
            )
            if penalty is not None:
                notebook.late_submission_penalty = self.penalties._check_late_penalty(
                    notebook, penalty
                )

    def _write(self, executed: NotebookNode, submission: Submission) -> None:
        """Writes `autograded/student/lesson`: all of it, or what was there stays."""
        lesson = submission.lesson
        target = self.folder.autograded / submission.student / lesson
        target.parent.mkdir(parents=True, exist_ok=True)
        with scratch.beside(target.parent) as folder:
            half = folder / lesson
            half.mkdir()
            copy_extras(submission.folder, half)
            copy_extras(self.source / lesson, half)
            # On one line, which takes a tenth of the time that nbformat's own layout takes.
            (half / f"{lesson}.ipynb").write_text(json.dumps(executed) + "\n", encoding="utf-8")
            shutil.rmtree(target, ignore_errors=True)
            os.replace(half, target)
