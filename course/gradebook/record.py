"""Writes outcomes where nbgrader keeps them: the gradebook and `autograded/`.

Nothing here runs a student's code. What nbgrader's Autograde does in some forty transactions is
done in one, with nbgrader's own tables, rules and plugins.
"""

import contextlib
import json
import os
import shutil
import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader import api, utils
from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import BaseConverter
from nbgrader.dbutil import ALEMBIC_DIR
from nbgrader.preprocessors import AssignLatePenalties, LimitOutput
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from course.authoring.converters import COURSE, LOG, Course, start
from course.notebooks.cells import grade_id, known_cells, points_of
from course.notebooks.reading import copy_extras
from course.notebooks.released import without_solutions
from course.notebooks.verdict import points_text, stopped_cells, verdict
from course.paths import CourseError, notebook_path
from course.settings import nbgrader_settings

URL_FILE = "gradebook.url"
GRADEBOOK_TABLES = {"assignment", "base_cell", "grade", "notebook", "student"}


class _Careful(BaseConverter):
    """What both converters do otherwise than nbgrader: names are no patterns, files are checked."""

    assignment = student = ""

    def init_notebooks(self):
        folder = self._format_source(self.assignment, self.student)
        self.assignments = {folder: [os.path.join(folder, f"{self.assignment}.ipynb")]}

    def init_assignment(self, assignment_id, student_id):
        copy_extras(
            self._format_source(assignment_id, student_id),
            self._format_dest(assignment_id, student_id),
        )


class _Prepare(GenerateAssignment, _Careful):
    """nbgrader's GenerateAssignment for one lesson."""

    student = "."


# The gradebook.


def gradebook_url(root):
    """Where the class's gradebook is: a file, or what `remember_gradebook` was told."""
    with contextlib.suppress(OSError):
        return (Path(root) / URL_FILE).read_text(encoding="utf-8").strip()
    return f"sqlite:///{Path(root) / 'gradebook.db'}?timeout=60"


def has_gradebook(root):
    """Whether the class was graded."""
    return any((Path(root) / name).is_file() for name in ("gradebook.db", URL_FILE))


def remember_gradebook(root, url):
    """Keeps the class's gradebook on a database server from now on.

    Parameters
    ----------
    root : path-like
        The class's folder. The address goes to a file there that only its owner can read.
    url : str
        As SQLAlchemy takes it, such as ``postgresql://user@host/name``.
    """
    try:
        make_url(url)
    except ArgumentError as error:
        raise CourseError(f"--db must be the address of a database, not {url!r}.") from error
    path = Path(root) / URL_FILE
    path.touch(mode=0o600)
    path.write_text(url + "\n", encoding="utf-8")


def open_gradebook(root):
    """The class's gradebook, to be used in a `with` statement."""
    return Gradebook(gradebook_url(root), COURSE)


def check_gradebook(root):
    """Makes the gradebook where there is none; `CourseError` if what is there cannot be used."""
    url = make_url(gradebook_url(root))
    if url.get_backend_name() != "sqlite":
        _check_server(url)
        return
    path = Path(root) / "gradebook.db"
    if not os.path.lexists(path):
        _make_gradebook(path)
        return
    try:
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            rows = database.execute("select name from sqlite_master where type = 'table'")
            tables = {name for (name,) in rows}
            complete = "alembic_version" in tables and list(
                database.execute("select version_num from alembic_version")
            )
    except sqlite3.Error as error:
        raise CourseError(
            f"{path} cannot be read as a gradebook ({error}). "
            "Move it away, or put back a copy, and grade again."
        ) from error
    if not tables >= GRADEBOOK_TABLES or not complete:
        raise CourseError(
            f"{path} is not a complete gradebook of nbgrader. "
            "Move it away, or put back a copy, and grade again."
        )


def _make_gradebook(path):
    """An empty gradebook; there is either all of it or none, whenever we are interrupted."""
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".gradebook-") as folder:
            half = Path(folder) / "gradebook.db"
            _make_tables(f"sqlite:///{half}")
            os.replace(half, path)
    except (OSError, SQLAlchemyError) as error:
        reason = getattr(error, "orig", None) or error
        raise CourseError(f"The gradebook {path} could not be made: {reason}.") from error


def _make_tables(url):
    """Has nbgrader make its tables in an empty database."""
    from alembic.script import ScriptDirectory

    # nbgrader has the `alembic` command tell the newest version of its tables, which takes seconds.
    before = api.get_alembic_version
    api.get_alembic_version = ScriptDirectory(ALEMBIC_DIR).get_current_head
    try:
        with Gradebook(url, COURSE) as gradebook:
            engine = gradebook.engine
        engine.dispose()
    finally:
        api.get_alembic_version = before


def _check_server(url):
    """As `check_gradebook`, on a database server."""
    shown = url.render_as_string(hide_password=True)
    try:
        engine = create_engine(url)
        with engine.connect() as connection:
            tables = set(inspect(connection).get_table_names())
            complete = "alembic_version" in tables and connection.scalar(
                text("select version_num from alembic_version")
            )
        engine.dispose()
        if not tables:
            _make_tables(url.render_as_string(hide_password=False))
            return
    except (SQLAlchemyError, ImportError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise CourseError(f"The gradebook {shown} cannot be reached: {reason}") from error
    if not tables >= GRADEBOOK_TABLES or not complete:
        raise CourseError(
            f"The database {shown} holds no complete gradebook of nbgrader. Name an empty one with "
            "--db, or put back a copy."
        )


def prepare(lesson, root, source):
    """Brings the gradebook's idea of a lesson up to date with its source notebook.

    Parameters
    ----------
    lesson : str
    root, source : path-like
        The class's folder, and the one with the lessons' source notebooks.

    Raises
    ------
    CourseError
        If the lesson's cells are no longer those that its submissions were graded by.
    """
    notebook = nbformat.read(notebook_path(source, lesson), as_version=4)
    expected = _expected(notebook)
    recorded = _recorded(lesson, root)
    if recorded == expected:
        return
    with tempfile.TemporaryDirectory(prefix="release-") as release:
        course = Course(root, source, db_url=gradebook_url(root))
        course.assignment_id = lesson
        course.release_directory = release
        converter = _Prepare(coursedir=course, config=nbgrader_settings(), log=LOG, force=True)
        converter.assignment = lesson
        start(converter, lambda log: _prepare_failed(lesson, log, expected, recorded))


def _expected(source):
    """What the gradebook should hold of each of the source's cells."""
    return {
        name: (
            cell.cell_type,
            utils.is_locked(cell),
            cell.source,
            points_of(cell),
        )
        for name, cell in known_cells(without_solutions(source)).items()
    }


def _recorded(lesson, root):
    """What the gradebook holds of each of the lesson's cells; None where it has no such lesson."""
    with open_gradebook(root) as gradebook:
        try:
            notebook = gradebook.find_notebook(lesson, lesson)
        except MissingEntry:
            return None
        points = {cell.name: cell.max_score for cell in notebook.grade_cells + notebook.task_cells}
        return {
            cell.name: (cell.cell_type, cell.locked, cell.source, points.get(cell.name, 0.0))
            for cell in notebook.source_cells
        }


def _prepare_failed(lesson, log, expected, recorded):
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


class Ledger:
    """The class's gradebook while its submissions are graded: one transaction for each.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
        Open.
    root, source : path-like
        The class's folder, and the one with the lessons' source notebooks.
    """

    def __init__(self, gradebook, root, source):
        self.gradebook = gradebook
        self.root = Path(root)
        self.source = Path(source)
        self.course = Course(root, source)
        self.limit = LimitOutput(config=nbgrader_settings(), log=LOG)
        self.penalties = AssignLatePenalties(config=nbgrader_settings(), log=LOG)
        self.penalties.init_plugin()
        self.stubs = {}
        self.names = {}
        # The lesson's own entries are the same for each submission, and nobody else writes.
        gradebook.db().expire_on_commit = False

    def record(self, executed, lesson, student):
        """Writes a graded notebook's marks to the gradebook, then the notebook to `autograded/`.

        Parameters
        ----------
        executed : NotebookNode
            After `run` and `normalise`, or `refused`.
        lesson, student : str

        Returns
        -------
        list of dict
            The rows of `grades.csv`.

        Raises
        ------
        CourseError
            If it could not be recorded; then nothing of it is.
        """
        executed, _ = self.limit.preprocess(executed, {})
        released = self._released(lesson)
        cells = {}
        for cell in executed.cells:
            if grade_id(cell) in released:
                cell.metadata.nbgrader.checksum = released[grade_id(cell)][1]
                cells[grade_id(cell)] = cell
        try:
            submission = self._submission(lesson, student)
            (notebook,) = submission.notebooks
            names = self._names(lesson)
            grades = {names[grade.cell_id]: grade for grade in notebook.grades}
            for name, grade in grades.items():
                grade.auto_score, _ = utils.determine_grade(cells[name], LOG)
                grade.needs_manual_grade = (
                    grade.manual_score is not None or grade.auto_score is None
                )
            for comment in notebook.comments:
                unanswered = _is_unanswered(cells[names[comment.cell_id]])
                comment.auto_comment = "No response." if unanswered else None
            self._penalise(submission, notebook)
            scores = {
                name: Mark.of(grade, points_of(cells[name])) for name, grade in grades.items()
            }
            self.gradebook.db.commit()
        except (SQLAlchemyError, MissingEntry) as error:
            self.gradebook.db.rollback()
            reason = getattr(error, "orig", None) or error
            raise CourseError(f"the gradebook does not take it: {reason}") from error
        self._write(executed, lesson, student)
        return _rows(lesson, student, released, executed, scores)

    def _released(self, lesson):
        """Each cell of a lesson that nbgrader knows, and the checksum of its released form."""
        if lesson not in self.stubs:
            source = nbformat.read(notebook_path(self.source, lesson), as_version=4)
            stubs = known_cells(without_solutions(source))
            self.stubs[lesson] = {
                name: (cell, utils.compute_checksum(stubs[name]))
                for name, cell in known_cells(source).items()
            }
        return self.stubs[lesson]

    def _names(self, lesson):
        """The lesson's cells in the gradebook: their names by their keys."""
        if lesson not in self.names:
            found = self.gradebook.find_notebook(lesson, lesson)
            both = [*found.grade_cells, *found.solution_cells]
            self.names[lesson] = {cell.id: cell.name for cell in both}
        return self.names[lesson]

    def _submission(self, lesson, student):
        """The gradebook's entry for a submission, a new one where there is none."""
        database = self.gradebook.db
        timestamp = self.course.get_existing_timestamp(self.root / "submitted" / student / lesson)
        try:
            submission = self.gradebook.find_submission(lesson, student)
        except MissingEntry:
            owner = database.get(Student, student) or Student(id=student)
            assignment = self.gradebook.find_assignment(lesson)
            submission = SubmittedAssignment(assignment=assignment, student=owner)
            for notebook in assignment.notebooks:
                handed_in = SubmittedNotebook(notebook=notebook, assignment=submission)
                for cell in notebook.grade_cells:
                    Grade(cell_id=cell.id, notebook=handed_in)
                for cell in notebook.solution_cells:
                    Comment(cell_id=cell.id, notebook=handed_in)
            database.add(submission)
        if timestamp is not None:
            submission.timestamp = timestamp
        database.flush()
        return submission

    def _penalise(self, submission, notebook):
        """The penalty for a late submission, as nbgrader's plugin says."""
        notebook.late_submission_penalty = None
        late = submission.total_seconds_late
        if late > 0:
            self.gradebook.db.flush()
            penalty = self.penalties.plugin_inst.late_submission_penalty(
                submission.student.id, notebook.score, late
            )
            if penalty is not None:
                notebook.late_submission_penalty = self.penalties._check_late_penalty(
                    notebook, penalty
                )

    def _write(self, executed, lesson, student):
        """Writes `autograded/student/lesson`: all of it, or what was there stays."""
        folder = self.root / "autograded" / student / lesson
        folder.parent.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{lesson}-"))
        try:
            os.chmod(half, 0o755)
            copy_extras(self.root / "submitted" / student / lesson, half)
            copy_extras(self.source / lesson, half)
            # On one line, which takes a tenth of the time that nbformat's own layout takes.
            (half / f"{lesson}.ipynb").write_text(json.dumps(executed) + "\n", encoding="utf-8")
            shutil.rmtree(folder, ignore_errors=True)
            os.replace(half, folder)
        finally:
            shutil.rmtree(half, ignore_errors=True)

    def rows(self, lesson, student):
        """The rows of a submission that was graded before; none where it was not."""
        notebook = autograded_notebook(lesson, student, self.root)
        scores = self._scores().get((lesson, student))
        if notebook is None or not scores:
            return []
        return _rows(lesson, student, self._released(lesson), notebook, scores)

    def _scores(self):
        """All marks in the gradebook, read at once: by lesson and student, then by cell."""
        if not hasattr(self, "_all"):
            self._all = {}
            query = (
                self.gradebook.db.query(
                    Grade,
                    GradeCell.name,
                    GradeCell.max_score,
                    Assignment.name,
                    SubmittedAssignment.student_id,
                )
                .join(GradeCell, Grade.cell_id == GradeCell.id)
                .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
                .join(
                    SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id
                )
                .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
            )
            for grade, cell, points, lesson, student_id in query:
                marks = self._all.setdefault((lesson, student_id), {})
                marks[cell] = Mark.of(grade, points)
        return self._all


@dataclass(frozen=True)
class Mark:
    """What a gradebook says of a graded cell."""

    score: float
    max_score: float
    auto_score: float | None
    manual_score: float | None

    @classmethod
    def of(cls, grade, points):
        """The mark in an entry of the gradebook, for a cell that is worth so many points."""
        given = grade.manual_score if grade.manual_score is not None else grade.auto_score
        score = (given or 0.0) + (grade.extra_credit or 0.0)
        return cls(score, points, grade.auto_score, grade.manual_score)


def _is_unanswered(cell):
    return cell.metadata.nbgrader.checksum == utils.compute_checksum(cell)


# Reading it back.


def autograded_notebook(lesson, student, root):
    """The graded notebook; None where there is none that can be read."""
    try:
        return nbformat.read(
            notebook_path(Path(root) / "autograded" / student, lesson), as_version=4
        )
    except Exception:
        return None


def _rows(lesson, student, released, notebook, scores):
    """The rows of `grades.csv` for a graded notebook, in the source's order."""
    cells = {grade_id(cell): cell for cell in notebook.cells}
    refusal = notebook.metadata.get("refused")
    stopped = stopped_cells(notebook)
    table = []
    for name, (cell, _) in released.items():
        if name in scores:
            status, message = verdict(cells.get(name, cell), scores[name], refusal, stopped)
            table.append(row(lesson, student, cell, scores[name].score, status, message))
    return table


def row(lesson, student, cell, points, status, message):
    """A row of `grades.csv` for one graded cell of the source."""
    return {
        "student": student,
        "lesson": lesson,
        "cell": grade_id(cell),
        "points": points_text(points or 0),
        "max_points": points_text(points_of(cell)),
        "status": status,
        "message": message,
    }
