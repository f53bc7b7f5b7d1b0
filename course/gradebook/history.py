"""What the gradebook no longer holds: marks given by hand with their answers, and what changed.

A gradebook knows one mark of each cell. Here are those before: what a person gave, and for which
answer, and each mark that became another one. It is a small SQLite file of its own in the class's
folder, so that it outlives the gradebook, wherever that is. Rows are added and never changed.
"""

import contextlib
import csv
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from typing import Any

from course import scratch
from course.gradebook.class_folder import ClassFolder
from course.gradebook.plain import defused
from course.notebooks.verdict import points_text
from course.paths import CourseError

TABLES = """
begin;
create table if not exists given (
    student text, lesson text, cell text, answer text,
    points real, extra real, comment text, max_points real, time text
);
create table if not exists change (
    student text, lesson text, cell text,
    old_points real, old_max real, new_points real, new_max real, reason text, time text
);
create index if not exists given_by on given (lesson, student);
create index if not exists change_by on change (lesson, student);
commit;
"""
MADE = "select count(*) from sqlite_master where type = 'table'"


@dataclass(frozen=True)
class Given:
    """What a person gave for one answer; all None where it was taken back.

    Attributes
    ----------
    points, extra : float, optional
        `extra` is nbgrader's extra credit, on top of the cell's points.
    comment : str, optional
    max_points : float
        What the cell was worth then.
    """

    points: float | None = None
    extra: float | None = None
    comment: str | None = None
    max_points: float = 0.0

    def __bool__(self) -> bool:
        return self.points is not None or bool(self.extra) or bool(self.comment)

    def __str__(self) -> str:
        """As a reader of the next answer is told."""
        total = (self.points or 0.0) + (self.extra or 0.0)
        points = f"{points_text(total)} of {points_text(self.max_points)}"
        said = "" if self.points is None else f"was given {points}"
        comment = f"with the comment: {self.comment}" if self.comment else ""
        words = ", ".join(filter(None, (said, comment)))
        return words if words.endswith((".", "!", "?")) else f"{words}."

    def within(self, max_points: float) -> "Given":
        """The same where the cell is worth no more than `max_points`."""
        points = None if self.points is None else min(self.points, max_points)
        return Given(points, self.extra, self.comment, max_points)


@dataclass(frozen=True)
class Change:
    """A mark that became another one. None where there was, or is, no such cell."""

    student: str
    lesson: str
    cell: str
    old_points: float | None
    old_max: float | None
    new_points: float | None
    new_max: float | None
    reason: str

    @property
    def differs(self) -> bool:
        """Whether anything but the reason is another."""
        return (self.old_points, self.old_max) != (self.new_points, self.new_max)

    @property
    def gain(self) -> float:
        """Points more than before; less where it is negative."""
        return (self.new_points or 0.0) - (self.old_points or 0.0)


COLUMNS = (*(each.name for each in fields(Change)), "time")
# What was given for which answer to a cell, the oldest first: cell, digest of the answer, given.
Past = list[tuple[str, str, Given]]


class History:
    """The history of a class.

    Parameters
    ----------
    folder : ClassFolder
    """

    def __init__(self, folder: ClassFolder) -> None:
        self.folder = folder

    def given(self, student: str, lesson: str) -> Past:
        """What was ever given for a student's answers in a lesson."""
        rows = self._read(
            "select cell, answer, points, extra, comment, max_points from given "
            "where lesson = ? and student = ? order by rowid",
            (lesson, student),
        )
        return [(cell, answer, Given(*given)) for cell, answer, *given in rows]

    def all_given(self) -> dict[tuple[str, str], Past]:
        """The same of all, by lesson and student."""
        rows = self._read(
            "select lesson, student, cell, answer, points, extra, comment, max_points from given "
            "order by rowid"
        )
        found: dict[tuple[str, str], Past] = {}
        for lesson, student, cell, answer, *given in rows:
            found.setdefault((lesson, student), []).append((cell, answer, Given(*given)))
        return found

    def keep(self, given: Iterable[tuple[str, str, Past]]) -> None:
        """Adds what a person gave: student, lesson, and what for."""
        now = _now()
        self._write(
            f"insert into given values ({', '.join('?' * 9)})",
            [
                (student, lesson, cell, answer, *astuple(what), now)
                for student, lesson, its in given
                for cell, answer, what in its
            ],
        )

    def changes(self) -> list[tuple[Change, str]]:
        """All changes and when they were made, in order."""
        rows = self._read(f"select {', '.join(COLUMNS)} from change order by rowid")
        return [(Change(*change), time) for *change, time in rows]

    def gone(self) -> set[tuple[str, str, str]]:
        """The student, lesson and cell of each mark that has no place any more."""
        last = {(each.student, each.lesson, each.cell): each for each, _ in self.changes()}
        return {place for place, each in last.items() if each.new_max is None}

    def note(self, changes: Iterable[Change]) -> None:
        """Adds changes that are about to be made, unless a run that was killed had noted them."""
        new = []
        for each in changes:
            last = self._read(
                f"select {', '.join(COLUMNS[:-1])} from change where lesson = ? and student = ? "
                "and cell = ? order by rowid desc limit 1",
                (each.lesson, each.student, each.cell),
            )
            if [astuple(each)] != last:
                new.append((*astuple(each), _now()))
        self._write(f"insert into change values ({', '.join('?' * 9)})", new)

    def _read(self, query: str, values: tuple[str, ...] = ()) -> list[Any]:
        if not self.folder.history.is_file():
            return []
        with self._open(f"{self.folder.history.as_uri()}?mode=ro") as file:
            (tables,) = file.execute(MADE).fetchone()
            return file.execute(query, values).fetchall() if tables else []

    def _write(self, statement: str, rows: list[tuple[object, ...]]) -> None:
        if rows:
            with self._open(self.folder.history.as_uri()) as file, file:
                file.executescript(TABLES)
                file.executemany(statement, rows)

    @contextlib.contextmanager
    def _open(self, address: str) -> Iterator[sqlite3.Connection]:
        try:
            with contextlib.closing(sqlite3.connect(address, timeout=60, uri=True)) as file:
                yield file
        except sqlite3.Error as error:
            raise CourseError(
                f"{self.folder.history} cannot be read or written ({error}). Put back a copy, or "
                "move it away: then earlier marks are forgotten, those of today are not."
            ) from error


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def write_changes(folder: ClassFolder) -> None:
    """Writes `changes.csv`: each mark that ever became another one, in the order of time."""
    rows = History(folder).changes()
    if not rows:
        return
    with scratch.whole(folder.changes, newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for change, time in rows:
            student, lesson, cell, *points, reason = astuple(change)
            numbers = ("" if each is None else points_text(each) for each in points)
            writer.writerow([defused(student), lesson, cell, *numbers, reason, time])
