"""`grades.csv`: a row for each graded cell of each submission."""

import csv
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TypedDict, cast

from nbformat import NotebookNode

from course import scratch
from course.gradebook.class_folder import ClassFolder, Submission
from course.gradebook.database import Marks, Score, check_gradebook, recorded_marks
from course.gradebook.plain import as_meant, defused
from course.notebooks.cells import grade_id, graded_cells, points_of
from course.notebooks.verdict import (
    WAITS,
    Status,
    by_score,
    one_line,
    points_text,
    stopped_cells,
    verdict,
)
from course.paths import BadUsage, CourseError


class Row(TypedDict):
    """One graded cell of one submission, as text."""

    student: str
    lesson: str
    cell: str
    points: str
    max_points: str
    status: str
    message: str


COLUMNS = tuple(Row.__annotations__)


def graded_rows(
    submission: Submission, graded: NotebookNode, scores: Mapping[str, Score]
) -> list[Row]:
    """The rows of a graded submission, in the lesson's order.

    Parameters
    ----------
    submission : Submission
    graded : NotebookNode
        The student's notebook after grading.
    scores : mapping of str to Score
        What the gradebook says, by cell.
    """
    refusal = graded.metadata.get("refused")
    stopped = stopped_cells(graded)
    rows = []
    for cell in graded_cells(graded):
        name = cell.metadata.nbgrader.grade_id
        if name in scores:
            score = scores[name]
            status, message = verdict(cell, score, refusal, stopped)
            rows.append(_row(submission, name, score.score, score.max_score, status, message))
    return rows


def plain_rows(submission: Submission, scores: Mapping[str, Score]) -> list[Row]:
    """The rows of a submission of which nothing but its marks is left."""
    return [
        _row(submission, name, score.score, score.max_score, _by_points(score), "")
        for name, score in sorted(scores.items())
    ]


def _by_points(score: Score) -> Status:
    waits = score.auto_score is None and score.manual_score is None
    return Status.MANUAL if waits else by_score(score.score, score.max_score)


def failed_rows(submission: Submission, source: NotebookNode, reason: str) -> list[Row]:
    """The rows of a submission that could not be graded."""
    return [
        _row(submission, name, 0, points_of(cell), Status.ERROR, reason)
        for cell in graded_cells(source)
        if (name := grade_id(cell))
    ]


def _row(
    submission: Submission, cell: str, points: float, most: float, status: Status, message: str
) -> Row:
    return {
        "student": submission.student,
        "lesson": submission.lesson,
        "cell": cell,
        "points": points_text(points),
        "max_points": points_text(most),
        "status": status,
        "message": message,
    }


def total(rows: Iterable[Row]) -> str:
    """The marks in these rows, as in 12/14."""
    rows = list(rows)
    earned = sum(float(row["points"]) for row in rows)
    return f"{points_text(earned)}/{points_text(sum(float(row['max_points']) for row in rows))}"


def write_grades(folder: ClassFolder, rows: Iterable[Row]) -> None:
    """Writes a class's `grades.csv`, all of it or nothing."""
    with scratch.whole(folder.grades, newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: defused(str(value)) for key, value in row.items()} for row in rows)


def read_grades(folder: ClassFolder) -> list[Row]:
    """The rows of a class's `grades.csv`, with the marks that the gradebook has by now.

    Somebody may have marked answers in nbgrader's formgrader since.

    Raises
    ------
    BadUsage
        If the class was not graded.
    CourseError
        If the table is not one that `grade` writes, or is not of this gradebook.
    """
    if not folder.root.is_dir():
        raise BadUsage(f"There is no folder {folder}.")
    if not folder.grades.is_file():
        raise BadUsage(f"{folder} has no grades.csv: run `python -m course grade --root {folder}`.")
    table = read_rows(folder)
    if not check_gradebook(folder, make=False):
        return table
    return _as_recorded(folder, table, recorded_marks(folder))


def read_rows(folder: ClassFolder) -> list[Row]:
    """The rows of `grades.csv` as they were written."""
    rows = read_table(folder.grades, COLUMNS)
    return [cast(Row, {name: row[name] for name in COLUMNS}) for row in rows]


def _as_recorded(folder: ClassFolder, table: list[Row], marks: Marks) -> list[Row]:
    submissions: dict[tuple[str, str], list[Row]] = {}
    for row in table:
        submissions.setdefault((row["lesson"], row["student"]), []).append(row)
    for place, rows in submissions.items():
        if all(row["status"] == Status.ERROR for row in rows):
            continue  # perhaps it could not be graded: then the gradebook does not know of it
        scores = marks.get(place, {})
        if {row["cell"]: points_text(row["max_points"]) for row in rows} != {
            name: points_text(score.max_score) for name, score in scores.items()
        }:
            raise CourseError(
                f"grades.csv and the gradebook differ about {one_line(' '.join(reversed(place)))}: "
                f"run `python -m course grade --root {folder}`, which brings them together."
            )
        for row in rows:
            _update(row, scores[row["cell"]])
    return table


def _update(row: Row, score: Score) -> None:
    """Puts into a row what the gradebook says by now."""
    status = _by_points(score)
    points = points_text(score.score)
    if row["points"] == points and (row["status"] == Status.MANUAL) == (status == Status.MANUAL):
        return
    row["points"], row["status"] = points, status
    row["message"] = WAITS if status == Status.MANUAL else ""


def read_table(path: str | Path, columns: Collection[str]) -> list[dict[str, str]]:
    """The rows of a CSV file that must have these columns.

    Raises
    ------
    CourseError
        If it cannot be read, or lacks a column.
    """
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            text = file.read()
        reader = csv.DictReader(text.splitlines(keepends=True), delimiter=_delimiter(text))
        rows = list(reader)
    except FileNotFoundError:
        raise BadUsage(f"There is no file {path}.") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CourseError(f"{path} cannot be read as a table: {error}.") from None
    missing = [name for name in columns if name not in (reader.fieldnames or ())]
    if missing:
        raise CourseError(f"{path} has no column {', '.join(missing)}.")
    return [
        {key: as_meant(value or "") for key, value in row.items() if key is not None}
        for row in rows
    ]


def _delimiter(text: str) -> str:
    """A spreadsheet saves a table with semicolons where the comma is the decimal sign."""
    first = text.partition("\n")[0]
    return ";" if first.count(";") > first.count(",") else ","
