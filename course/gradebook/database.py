"""nbgrader's database: made, checked, opened, and read where all of nbgrader is not needed."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course import scratch
from course.gradebook.class_folder import ClassFolder
from course.paths import CourseError
from course.settings import COURSE

if TYPE_CHECKING:
    from nbgrader.api import Gradebook


@dataclass(frozen=True)
class Score:
    """What a gradebook says of a graded cell."""

    max_score: float
    auto_score: float | None
    manual_score: float | None
    extra_credit: float | None = None

    @property
    def score(self) -> float:
        """The points that count."""
        given = self.auto_score if self.manual_score is None else self.manual_score
        return (given or 0.0) + (self.extra_credit or 0.0)


TABLES = {"assignment", "base_cell", "grade", "notebook", "student"}
VERSION = "select version_num from alembic_version"
# The lesson, the student and the cell that a grade or a comment is about.
ABOUT = "assignment.name, submitted_assignment.student_id, base_cell.name"
WHERE_IT_BELONGS = """
    join base_cell on {table}.cell_id = base_cell.id
    join submitted_notebook on {table}.notebook_id = submitted_notebook.id
    join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
    join assignment on submitted_assignment.assignment_id = assignment.id
"""
OF_GRADE = WHERE_IT_BELONGS.format(table="grade")
MARKS = f"""
    select {ABOUT},
        grade_cells.max_score, grade.auto_score, grade.manual_score, grade.extra_credit
    from grade
    join grade_cells on grade.cell_id = grade_cells.id
    {OF_GRADE}
"""
COMMENTS = f"""
    select {ABOUT}, comment.manual_comment
    from comment
    {WHERE_IT_BELONGS.format(table="comment")}
    where comment.manual_comment is not null
"""
CELLS = """
    select assignment.name, source_cell.name, source_cell.cell_type, source_cell.locked,
        source_cell.source, coalesce(grade_cells.max_score, task_cells.max_score)
    from source_cell
    join notebook on source_cell.notebook_id = notebook.id
    join assignment on notebook.assignment_id = assignment.id
    left join base_cell on base_cell.notebook_id = notebook.id
        and base_cell.name = source_cell.name and base_cell.type in ('GradeCell', 'TaskCell')
    left join grade_cells on grade_cells.id = base_cell.id
    left join task_cells on task_cells.id = base_cell.id
"""
Marks = dict[tuple[str, str], dict[str, Score]]
# Of each cell its kind, whether it is locked, its text and its points.
Cells = dict[str, tuple[Any, ...]]


def remember_gradebook(folder: ClassFolder, url: str) -> None:
    """Keeps the class's gradebook on a database server from now on.

    Parameters
    ----------
    folder : ClassFolder
        The address goes to a file there that only its owner can read.
    url : str
        As SQLAlchemy takes it, such as ``postgresql://user@host/name``.
    """
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        make_url(url)
    except ArgumentError as error:
        raise CourseError(f"--db must be the address of a database, not {url!r}.") from error
    folder.address.touch(mode=0o600)
    folder.address.write_text(url + "\n", encoding="utf-8")


def open_gradebook(folder: ClassFolder) -> "Gradebook":
    """The class's gradebook, to be used in a `with` statement."""
    from nbgrader.api import Gradebook

    return Gradebook(folder.gradebook_url, COURSE)


@contextlib.contextmanager
def all_or_nothing(gradebook: "Gradebook") -> Iterator[None]:
    """What is changed meanwhile becomes true at the end, or none of it does."""
    try:
        yield
        gradebook.db.commit()
    except BaseException:
        gradebook.db.rollback()
        raise


def recorded_marks(folder: ClassFolder) -> Marks:
    """All marks in the gradebook, by lesson and student, then by cell."""
    found: Marks = {}
    for lesson, student, cell, *score in select(folder, MARKS):
        found.setdefault((lesson, student), {})[cell] = Score(*score)
    return found


def recorded_comments(folder: ClassFolder) -> dict[tuple[str, str], dict[str, str]]:
    """All comments by a person, by lesson and student, then by cell."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for lesson, student, cell, comment in select(folder, COMMENTS):
        found.setdefault((lesson, student), {})[cell] = comment
    return found


def recorded_cells(folder: ClassFolder) -> dict[str, Cells]:
    """What the gradebook holds of each lesson's cells."""
    found: dict[str, Cells] = {}
    for lesson, cell, kind, locked, source, points in select(folder, CELLS):
        found.setdefault(lesson, {})[cell] = (kind, bool(locked), source, points or 0.0)
    return found


def select(folder: ClassFolder, query: str) -> list[Any]:
    """The rows of a query; a file is read without SQLAlchemy, which takes a second to load."""
    if not folder.address.is_file():
        address = f"{folder.gradebook.as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(address, timeout=60, uri=True)) as file:
            return file.execute(query).fetchall()
    with _connected(folder.gradebook_url) as server:
        from sqlalchemy import text

        return list(server.execute(text(query)))


def change(folder: ClassFolder, statement: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Has a statement done for each of `rows`, the values of its parameters: for all or none."""
    if not rows:
        return
    if not folder.address.is_file():
        with contextlib.closing(sqlite3.connect(folder.gradebook, timeout=60)) as file, file:
            file.executemany(statement, rows)
        return
    with _connected(folder.gradebook_url) as server:
        from sqlalchemy import text

        server.execute(text(statement), [dict(row) for row in rows])
        server.commit()


@contextlib.contextmanager
def _connected(url: str) -> Iterator[Any]:
    from sqlalchemy import create_engine

    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def check_gradebook(folder: ClassFolder, make: bool = True) -> bool:
    """Makes the gradebook where there is none; `CourseError` if what is there cannot be used.

    Returns
    -------
    bool
        Whether there is one now: it is not made where `make` is false.
    """
    if folder.address.is_file():
        return _check_server(folder, make)
    path = folder.gradebook
    if not os.path.lexists(path):
        if make:
            _make_gradebook(path)
        return make
    try:
        rows = select(folder, "select name from sqlite_master where type = 'table'")
        tables = {name for (name,) in rows}
        complete = "alembic_version" in tables and select(folder, VERSION)
    except sqlite3.Error as error:
        raise CourseError(
            f"{path} cannot be read as a gradebook ({error}). "
            "Move it away, or put back a copy, and grade again."
        ) from error
    if not tables >= TABLES or not complete:
        raise CourseError(
            f"{path} is not a complete gradebook of nbgrader. "
            "Move it away, or put back a copy, and grade again."
        )
    return True


def _make_gradebook(path: Path) -> None:
    """An empty gradebook; there is either all of it or none, whenever we are interrupted."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        with scratch.replacing(path) as half:
            _make_tables(f"sqlite:///{half}")
    except (OSError, SQLAlchemyError) as error:
        reason = getattr(error, "orig", None) or error
        raise CourseError(f"The gradebook {path} could not be made: {reason}.") from error


def _make_tables(url: str) -> None:
    """Has nbgrader make its tables in an empty database."""
    from alembic.script import ScriptDirectory
    from nbgrader import api
    from nbgrader.dbutil import ALEMBIC_DIR

    # nbgrader has the `alembic` command tell the newest version of its tables, which takes seconds.
    before = api.get_alembic_version
    api.get_alembic_version = ScriptDirectory(ALEMBIC_DIR).get_current_head
    try:
        with api.Gradebook(url, COURSE) as gradebook:
            engine = gradebook.engine
        engine.dispose()
    finally:
        api.get_alembic_version = before


def _check_server(folder: ClassFolder, make: bool) -> bool:
    """As `check_gradebook`, on a database server."""
    from sqlalchemy import inspect, text
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import SQLAlchemyError

    shown = make_url(folder.gradebook_url).render_as_string(hide_password=True)
    try:
        with _connected(folder.gradebook_url) as connection:
            tables = set(inspect(connection).get_table_names())
            complete = "alembic_version" in tables and connection.scalar(text(VERSION))
        if not tables:
            if make:
                _make_tables(folder.gradebook_url)
            return make
    except (SQLAlchemyError, ImportError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise CourseError(f"The gradebook {shown} cannot be reached: {reason}") from error
    if not tables >= TABLES or not complete:
        raise CourseError(
            f"The database {shown} holds no complete gradebook of nbgrader. Name an empty one with "
            "--db, or put back a copy."
        )
    return True
