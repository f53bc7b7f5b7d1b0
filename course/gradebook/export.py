"""The final marks in files that other systems import, and what stands in the way of some."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from course import scratch
from course.authoring.quiet import quiet
from course.gradebook import lms
from course.gradebook.class_folder import ClassFolder, exclusive
from course.gradebook.finals import Book, Entry, Final, finals, read_book
from course.gradebook.plain import defused
from course.notebooks.verdict import one_line
from course.paths import BadUsage, CourseError

NBGRADER_COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
)  # fmt: skip
BLACKBOARD = "blackboard.csv"
OPEN = "open.csv"
OPEN_COLUMNS = ("student", "lesson", "cell", "why")


@dataclass(frozen=True)
class Open:
    """Why a mark is not in the tables for learning platforms, or not in one of them."""

    student: str
    lesson: str
    cell: str
    why: str


@dataclass(frozen=True)
class Exported:
    """What came of an export.

    Attributes
    ----------
    folder : Path
    late : int
        How many marks are lowered for late work.
    open : list of Open
    """

    folder: Path
    late: int
    open: list[Open]


@exclusive
def export(folder: ClassFolder, final: bool = False, like: Sequence[str | Path] = ()) -> Exported:
    """Write the final marks to tables of their own.

    Parameters
    ----------
    folder : ClassFolder
        After `grade`.
    final : bool
        Write nothing unless all marks are final, and everybody's can be imported.
    like : sequence of path-like
        Gradebooks downloaded from Canvas or Blackboard, for the names of their columns.

    Returns
    -------
    Exported

    Raises
    ------
    BadUsage
        If the class was not graded, or not all marks are final where they must be.
    CourseError
        If there is nothing to export.
    """
    with quiet(folder.log):
        table = finals(folder)
        if not table:
            raise CourseError(f"There are no marks in {folder} to export.")
        still_open = _open(table)
        if final and still_open:
            said = "\n".join(told(still_open))
            raise BadUsage(f"Not all marks are final, and nothing was exported:\n{said}")
        tables = _for_platforms(table, like)
        folder.export.mkdir(exist_ok=True)
        for name, rows in tables.items():
            # Blackboard asks for quotes around all that is in a table with commas.
            _write(folder.export / name, rows, all_quoted=name == BLACKBOARD)
        _write(folder.export / "nbgrader.csv", _nbgrader(read_book(folder), table))
        _list_open(folder.export / OPEN, still_open)
    return Exported(folder.export, sum(each.penalty > 0 for each in table), still_open)


def _for_platforms(table: Sequence[Final], like: Iterable[str | Path]) -> dict[str, lms.Table]:
    """The tables for learning platforms, by file name."""
    lessons = dict.fromkeys(each.lesson for each in table)
    names = [lms.headings(path, lessons) for path in like]
    able = [each for each in table if not lms.not_a_login(each.student)]
    tables = {
        f"moodle-{lesson}.csv": lms.moodle(own)
        for lesson in lessons
        if (own := [each for each in able if each.lesson == lesson])
    }
    tables["canvas.csv"] = lms.canvas(
        [each for each in able if not lms.not_for_canvas(each.student)],
        {lesson: name for found in names for lesson, name in found.canvas.items()},
    )
    tables[BLACKBOARD] = lms.blackboard(
        able, {lesson: name for found in names for lesson, name in found.blackboard.items()}
    )
    return tables


def _open(table: Iterable[Final]) -> list[Open]:
    found = []
    for each in table:
        place = each.student, each.lesson
        found += [Open(*place, cell, "waits to be marked by hand") for cell in each.waiting]
        if each.unclear:
            found.append(Open(*place, "", f"not known when it was handed in: {each.unclear}"))
    for student in dict.fromkeys(each.student for each in table):
        if reason := lms.not_a_login(student):
            found.append(Open(student, "", "", f"left out of the platforms' tables: {reason}"))
        elif reason := lms.not_for_canvas(student):
            found.append(Open(student, "", "", f"left out of canvas.csv: {reason}"))
    return found


def told(still_open: Iterable[Open], most: int = 10) -> list[str]:
    """A line for each question, with the students for whom it is open; the first of them by name.

    Parameters
    ----------
    still_open : list of Open
    most : int
        So many students are named.
    """
    students: dict[tuple[str, str, str], list[str]] = {}
    for each in still_open:
        students.setdefault((each.lesson, each.cell, each.why), []).append(each.student)
    lines = []
    for (lesson, cell, why), names in students.items():
        place = f"{lesson} {cell}".strip()
        more = f" and {len(names) - most} more" if len(names) > most else ""
        shown = names[:most] if place else map(repr, names[:most])
        who = one_line(", ".join(shown)) + more
        lines.append(f"{place} of {who}: {why}" if place else f"{who}: {why}")
    return lines


def _nbgrader(book: Book, table: Iterable[Final]) -> lms.Table:
    """As nbgrader's own export writes it, but that names may hold commas.

    Where a mark is not final, a last column says so.
    """
    status = {(each.lesson, each.student): each.status for each in table if not each.is_final}
    more = ("status",) if status else ()
    rows = [(*NBGRADER_COLUMNS, *more)]
    for lesson in book.lessons:
        for student in book.students:
            place = lesson.name, student.id
            entry = book.entries.get(place, Entry())
            values = (
                lesson.name, lesson.due, entry.time, student.id, student.last_name,
                student.first_name, student.email, entry.score, entry.penalty, entry.mark,
                lesson.max_score,
            )  # fmt: skip
            plain = ("" if value is None else defused(str(value)) for value in values)
            rows.append((*plain, *(status.get(place, "") for _ in more)))
    return rows


def _list_open(path: Path, still_open: Sequence[Open]) -> None:
    """A table of what is open, if something is."""
    if not still_open:
        path.unlink(missing_ok=True)
        return
    rows = [tuple(defused(text) for text in astuple(each)) for each in still_open]
    _write(path, [OPEN_COLUMNS, *rows])


def _write(path: Path, rows: Iterable[Sequence[str]], all_quoted: bool = False) -> None:
    with scratch.whole(path, newline="") as file:
        writer = csv.writer(
            file, lineterminator="\n", quoting=csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL
        )
        writer.writerows(rows)
