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
from course.gradebook.database import (
    Score,
    all_or_nothing,
    check_gradebook,
    open_gradebook,
    recorded_cells,
)
from course.gradebook.deciding import Before, Decided, before, changes, decide
from course.gradebook.history import Change, History
from course.gradebook.preparing import differences, held, prepare
from course.gradebook.table import Row, graded_rows
from course.notebooks.cells import grade_id, graded_cells, known_cells
from course.notebooks.files import copy_extras
from course.notebooks.released import without_solutions
from course.paths import CourseError
from course.settings import nbgrader_settings


@contextlib.contextmanager
def ready(
    folder: ClassFolder,
    source: Path,
    lessons: Mapping[str, NotebookNode],
    keep_best: bool = False,
) -> Iterator["Ledger"]:
    """The ledger of a class, its gradebook made and brought up to date where need be.

    Parameters
    ----------
    folder : ClassFolder
    source : Path
        The folder with the lessons' source notebooks.
    lessons : mapping of str to NotebookNode
        The source notebooks of the lessons to be recorded.
    keep_best : bool
        Whether no cell may lose of its points by being graded again.
    """
    check_gradebook(folder)
    able, unable, lost = {}, {}, []
    known = recorded_cells(folder)
    others = {
        lesson: differences(known[lesson], notebook)
        for lesson, notebook in lessons.items()
        if lesson in known
    }
    for lesson, notebook in lessons.items():
        try:
            lost += prepare(lesson, folder, source, notebook)
            able[lesson] = notebook
        except CourseError as error:
            unable[lesson] = str(error)
    with open_gradebook(folder) as gradebook:
        ledger = Ledger(gradebook, folder, source, able, unable, keep_best)
        ledger.changes += lost
        ledger.differences.update(others)
        yield ledger


@dataclass(frozen=True)
class _Lesson:
    """What is the same for all submissions of a lesson.

    `checksums` are those of its cells as they were released; `names` its cells in the gradebook,
    `worth` their points.
    """

    source: NotebookNode
    checksums: dict[str, str]
    names: dict[str, str]
    worth: dict[str, float]


class Ledger:
    """A class's gradebook while its submissions are graded: one transaction for each.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
        Open.
    folder, source, lessons, keep_best
        As for `ready`.
    unable : mapping of str to str
        The lessons that the gradebook cannot follow, and why.

    Attributes
    ----------
    changes : list of Change
        The marks that became others.
    differences : dict of str to list of str
        How lessons differ from what their submissions were graded by before.
    """

    def __init__(
        self,
        gradebook: Gradebook,
        folder: ClassFolder,
        source: Path,
        lessons: Mapping[str, NotebookNode],
        unable: Mapping[str, str],
        keep_best: bool = False,
    ) -> None:
        self.gradebook = gradebook
        self.unable = unable
        self.keep_best = keep_best
        self.history = History(folder)
        self.changes: list[Change] = []
        self.differences: dict[str, list[str]] = {}
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
            {cell.name: cell.max_score for cell in recorded.grade_cells},
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
        for cell in executed.cells:
            name = grade_id(cell)
            if name in lesson.checksums:
                cell.metadata.nbgrader.checksum = lesson.checksums[name]
        try:
            with all_or_nothing(self.gradebook):
                scores = self._mark(submission, lesson, executed)
        except (SQLAlchemyError, MissingEntry) as error:
            reason = getattr(error, "orig", None) or error
            raise CourseError(f"the gradebook does not take it: {reason}") from error
        self._write(executed, submission)
        return graded_rows(submission, executed, scores)

    def _mark(
        self, submission: Submission, lesson: _Lesson, executed: NotebookNode
    ) -> dict[str, Score]:
        """Enters what each cell is to have; the history has what that replaces before it goes."""
        entry, is_new = self._entry(submission)
        (notebook,) = entry.notebooks
        grades = {lesson.names[grade.cell_id]: grade for grade in notebook.grades}
        comments = {lesson.names[comment.cell_id]: comment for comment in notebook.comments}
        past = self.history.given(submission.student, submission.lesson)
        old = Before(past=past)
        if not is_new:
            scores = {name: held(grade, lesson.worth[name]) for name, grade in grades.items()}
            words = {name: each.manual_comment for name, each in comments.items()}
            graded = self.folder.graded(submission.student, submission.lesson)
            old = before(lesson.source, graded, scores, words, past)
        new = decide(executed, earned(executed), old, self.keep_best)
        self.history.keep([(submission.student, submission.lesson, old.unknown(gone=True))])
        self.changes += (changed := changes(submission, old, executed, new))
        self.history.note(changed)
        cells = known_cells(executed)
        for name, grade in grades.items():
            score = new[name].score
            grade.auto_score, grade.manual_score = score.auto_score, score.manual_score
            grade.extra_credit = score.extra_credit
            grade.needs_manual_grade = score.auto_score is None and score.manual_score is None
        for name, comment in comments.items():
            comment.manual_comment = new[name].comment
            comment.auto_comment = _remark(cells[name], new[name])
        self._penalise(entry, notebook)
        for name, each in new.items():
            say(cells[name], each)
        return {name: new[name].score for name in grades}

    def _entry(self, submission: Submission) -> tuple[SubmittedAssignment, bool]:
        """The gradebook's entry for a submission, and whether it had to be made."""
        database, is_new = self.gradebook.db, False
        timestamp = self.course.get_existing_timestamp(submission.folder)
        try:
            entry = self.gradebook.find_submission(submission.lesson, submission.student)
        except MissingEntry:
            is_new = True
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
        return entry, is_new

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
            copy_extras(self.source / lesson, half, own_parts=0)
            # On one line, which takes a tenth of the time that nbformat's own layout takes.
            (half / f"{lesson}.ipynb").write_text(json.dumps(executed) + "\n", encoding="utf-8")
            shutil.rmtree(target, ignore_errors=True)
            os.replace(half, target)


def earned(executed: NotebookNode) -> dict[str, float | None]:
    """What each graded cell earned by itself; None where a person marks it."""
    return {
        grade_id(cell) or "": utils.determine_grade(cell, LOG)[0] for cell in graded_cells(executed)
    }


def _remark(cell: NotebookNode, decided: Decided) -> str | None:
    """nbgrader's own comment on an answer, which a person's replaces."""
    if cell.metadata.nbgrader.checksum == utils.compute_checksum(cell):
        return "No response."
    return f"The answer before {decided.earlier}" if decided.earlier else None


def say(cell: NotebookNode, decided: Decided) -> None:
    """Leaves in the graded notebook what the verdict on a cell needs to know."""
    if decided.kept:
        cell.metadata.kept = True
    if decided.earlier:
        cell.metadata.earlier = decided.earlier
