"""`grades.csv`: a row for each graded cell of each submission."""

import csv
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, cast

from nbformat import NotebookNode

from course import scratch
from course.gradebook.class_folder import ClassFolder, Submission
from course.gradebook.plain import as_meant, defused
from course.notebooks.cells import grade_id, graded_cells, points_of
from course.notebooks.verdict import Status, points_text, stopped_cells, verdict
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


def graded_rows(
    submission: Submission,
    source: NotebookNode,
    graded: NotebookNode,
    scores: Mapping[str, Score],
) -> list[Row]:
    """The rows of a graded submission, in the source's order.

    Parameters
    ----------
    submission : Submission
    source, graded : NotebookNode
        The lesson's source notebook, and the student's after grading.
    scores : mapping of str to Score
        What the gradebook says, by cell.
    """
    cells = {grade_id(cell): cell for cell in graded.cells}
    refusal = graded.metadata.get("refused")
    stopped = stopped_cells(graded)
    rows = []
    for cell in graded_cells(source):
        name = cell.metadata.nbgrader.grade_id
        if name in scores:
            score = scores[name]
            status, message = verdict(cells.get(name, cell), score, refusal, stopped)
            rows.append(_row(submission, cell, score.score, status, message))
    return rows


def failed_rows(submission: Submission, source: NotebookNode, reason: str) -> list[Row]:
    """The rows of a submission that could not be graded."""
    return [_row(submission, cell, 0, Status.ERROR, reason) for cell in graded_cells(source)]


def _row(
    submission: Submission, cell: NotebookNode, points: float, status: Status, message: str
) -> Row:
    return {
        "student": submission.student,
        "lesson": submission.lesson,
        "cell": cell.metadata.nbgrader.grade_id,
        "points": points_text(points),
        "max_points": points_text(points_of(cell)),
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
    """The rows of a class's `grades.csv`.

    Raises
    ------
    BadUsage
        If the class was not graded.
    CourseError
        If the table is not one that `grade` writes.
    """
    if not folder.root.is_dir():
        raise BadUsage(f"There is no folder {folder}.")
    if not folder.grades.is_file():
        raise BadUsage(f"{folder} has no grades.csv: run `python -m course grade --root {folder}`.")
    rows = read_table(folder.grades, COLUMNS)
    return [cast(Row, {name: row[name] for name in COLUMNS}) for row in rows]


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
