"""Marks that a person gives: the answers that wait for one, and the way back into the gradebook."""

import contextlib
import csv
import io
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from course.authoring.quiet import quiet
from course.gradebook import results
from course.gradebook.class_folder import ClassFolder, exclusive
from course.gradebook.database import all_or_nothing, open_gradebook
from course.gradebook.history import Given, History, Past
from course.gradebook.penalties import penalise
from course.gradebook.plain import defused
from course.gradebook.table import Row, read_grades, read_table, write_grades
from course.notebooks.exercises import exercises_in, judged, texts
from course.notebooks.verdict import Status, by_score, one_line
from course.paths import SOURCE, CourseError

COLUMNS = ("student", "lesson", "cell", "max_points", "points", "comment")
TEMPLATE = "manual.csv"
NOT_ANSWERED = "Not answered."


@dataclass(frozen=True)
class Mark:
    """What a person gave for one answer.

    Attributes
    ----------
    student, lesson, cell : str
    points : float
    comment : str
        Goes to the student; may be empty.
    """

    student: str
    lesson: str
    cell: str
    points: float
    comment: str = ""


def waiting(rows: Iterable[Row]) -> list[Row]:
    """The rows of `grades.csv` that wait for a person, all answers to one question together."""
    order: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row["status"] == Status.MANUAL:
            order.setdefault((row["lesson"], row["cell"]), []).append(row)
    return [row for key in sorted(order, key=lambda key: key[0]) for row in order[key]]


def template(rows: Iterable[Row]) -> str:
    """A table to fill in with marks, as text in CSV: `points` is empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n", extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(
        {**row, "student": defused(row["student"]), "points": "", "comment": ""} for row in rows
    )
    return text.getvalue()


def read(
    path: str | Path, rows: Iterable[Row], gone: Collection[tuple[str, str, str]] = ()
) -> list[Mark]:
    """The marks in a table that a person filled in; rows without points are passed over.

    Parameters
    ----------
    path : path-like
    rows : iterable of Row
        The class's `grades.csv`.
    gone : collection of (str, str, str)
        The student, lesson and cell of answers that were taken out; such rows are named only.

    Returns
    -------
    list of Mark

    Raises
    ------
    CourseError
        If a row names no answer of the class, or gives points that it cannot have. It names
        every such row.
    """
    known = {(row["student"], row["lesson"], row["cell"]): row for row in rows}
    stripped = _stripped(known)
    marks: dict[tuple[str, str, str], Mark] = {}
    problems = []
    for number, entry in enumerate(read_table(path, (*COLUMNS[:3], "points")), start=2):
        student, lesson, cell = (entry[name] for name in COLUMNS[:3])
        place = student, lesson, cell
        if place not in known:  # a spreadsheet, or who types into it, adds and takes off spaces
            place = stripped.get((student.strip(), lesson.strip(), cell.strip()), place)
        points = entry["points"].strip().replace(",", ".")
        if not points:
            continue
        if place in gone and place not in known:
            name = one_line(" ".join(place))
            print(f"{Path(path).name}, row {number}: {name} was taken out.", file=sys.stderr)
            continue
        problem = _problem(known.get(place), points)
        if place in marks:
            problem = "this answer was marked in a row above"
        if problem:
            problems.append(f"{Path(path).name}, row {number}: {problem}.")
        else:
            comment = " ".join(entry.get("comment", "").split())
            marks[place] = Mark(*place, float(points), comment)
    if problems:
        raise CourseError("\n".join([*problems, "Nothing was marked."]))
    return list(marks.values())


def _stripped(places: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], Any]:
    """The places by themselves without spaces around, where only one of them is it then."""
    found: dict[tuple[str, str, str], list[Any]] = {}
    for student, lesson, cell in places:
        key = student.strip(), lesson.strip(), cell.strip()
        found.setdefault(key, []).append((student, lesson, cell))
    return {key: own[0] for key, own in found.items() if len(own) == 1}


def _problem(row: Row | None, points: str) -> str | None:
    """What is wrong with a mark; None where nothing is."""
    if row is None:
        return "grades.csv has no such student, lesson and cell"
    most = float(row["max_points"])
    try:
        value = float(points)
    except ValueError:
        return f"'{points}' is not a number of points"
    if not 0 <= value <= most:
        return f"the points must be from 0 to {row['max_points']}, not {points}"
    return None


@exclusive
def mark(folder: ClassFolder, path: str | Path) -> tuple[int, int]:
    """Write marks given by a person into the gradebook, and bring `grades.csv` up to date.

    Parameters
    ----------
    folder : ClassFolder
        After `grade`.
    path : path-like
        A table as `template` makes it, with points filled in.

    Returns
    -------
    tuple of int
        How many answers were marked, and how many wait for it still.

    Raises
    ------
    CourseError
        If a row cannot be used; nothing is marked then.
    """
    rows = read_grades(folder)
    marks = read(path, rows, History(folder).gone())
    with quiet(folder.log), open_gradebook(folder) as gradebook:
        with all_or_nothing(gradebook):
            for each in marks:
                _write(gradebook, each)
        penalise(folder)
    _remember(folder, marks, rows)
    new = {(each.student, each.lesson, each.cell): each for each in marks}
    for row in rows:
        given = new.get((row["student"], row["lesson"], row["cell"]))
        if given is not None:
            row["points"], row["message"] = f"{given.points:.10g}", ""
            row["status"] = by_score(given.points, float(row["max_points"]))
    write_grades(folder, rows)
    return len(marks), len(waiting(rows))


def _write(gradebook: Gradebook, given: Mark) -> None:
    """As nbgrader's formgrader does it."""
    where = given.cell, given.lesson, given.lesson, given.student
    try:
        grade = gradebook.find_grade(*where)
    except MissingEntry:
        raise CourseError(
            f"The gradebook has no {given.student} {given.lesson} {given.cell}: grade again."
        ) from None
    grade.manual_score = given.points
    grade.needs_manual_grade = False
    if given.comment:
        with contextlib.suppress(MissingEntry):
            gradebook.find_comment(*where).manual_comment = given.comment


def _remember(folder: ClassFolder, marks: Iterable[Mark], rows: Iterable[Row]) -> None:
    """Has the history keep the marks with the answers that they are for."""
    most = {(row["student"], row["lesson"], row["cell"]): row["max_points"] for row in rows}
    given: dict[tuple[str, str], Past] = {}
    for each in marks:
        place = each.student, each.lesson
        worth = float(most[*place, each.cell])
        what = Given(each.points, comment=each.comment or None, max_points=worth)
        given.setdefault(place, []).append((each.cell, "", what))
    kept = []
    for place, its in given.items():
        notebook = folder.graded(*place)
        digests = judged(notebook) if notebook is not None else {}
        kept.append((*place, [(cell, digests.get(cell, ""), what) for cell, _, what in its]))
    History(folder).keep(kept)


def answers(
    handed: Mapping[tuple[str, str], results.Handed],
    rows: Iterable[Row],
    source: str | Path = SOURCE,
) -> list[dict[str, Any]]:
    """The answers behind rows of `grades.csv`, with their questions.

    Parameters
    ----------
    handed : dict of (str, str) to course.gradebook.results.Handed
    rows : list of dict
    source : path-like
        The folder of the lessons' source notebooks.

    Returns
    -------
    list of dict
        Each has the keys of its row, and ``answer question model title``.
    """
    found, sources = [], {}
    for row in rows:
        lesson, student, cell = row["lesson"], row["student"], row["cell"]
        if lesson not in sources:
            notebook = results.source_notebook(lesson, source)
            sources[lesson] = (exercises_in(notebook), texts(notebook)) if notebook else ({}, {})
        exercises, models = sources[lesson]
        exercise = exercises.get(cell)
        own = handed.get((student, lesson))
        found.append(
            {
                **row,
                "answer": own.cells.get(cell, "") if own else "",
                "question": exercise.text if exercise else "",
                "title": exercise.title if exercise else cell,
                "model": models.get(cell, ""),
            }
        )
    return found
