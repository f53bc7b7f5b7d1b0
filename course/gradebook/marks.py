"""Marks that a person gives: the answers that wait for one, and the way back into the gradebook."""

import contextlib
import csv
import io
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import MissingEntry

from course.authoring import converters
from course.gradebook import late, record, results
from course.grading.grade import write_grades
from course.notebooks.exercises import exercises_in, texts
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


def waiting(rows):
    """The rows of `grades.csv` that wait for a person, all answers to one question together."""
    order = {}
    for row in rows:
        if row["status"] == "manual":
            order.setdefault((row["lesson"], row["cell"]), []).append(row)
    return [row for key in sorted(order, key=lambda key: key[0]) for row in order[key]]


def template(rows):
    """A table to fill in with marks, as text in CSV: `points` is empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n", extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows({**row, "points": "", "comment": ""} for row in rows)
    return text.getvalue()


def read(path, rows):
    """The marks in a table that a person filled in; rows without points are passed over.

    Parameters
    ----------
    path : path-like
    rows : list of dict
        The class's `grades.csv`.

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
    marks, problems = {}, []
    for number, entry in enumerate(results.read_table(path, (*COLUMNS[:3], "points")), start=2):
        place = tuple(entry[name].strip() for name in COLUMNS[:3])
        points = entry["points"].strip().replace(",", ".")
        if not points:
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


def _problem(row, points):
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


def mark(root, path):
    """Write marks given by a person into the gradebook, and bring `grades.csv` up to date.

    Parameters
    ----------
    root : path-like
        The class's folder, after `grade`.
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
    root = Path(root).absolute()
    rows = results.grades(root)
    marks = read(path, rows)
    with converters.quiet(root), record.open_gradebook(root) as gradebook:
        with _all_or_nothing(gradebook):
            for each in marks:
                _write(gradebook, each)
        for lesson, student in sorted({(each.lesson, each.student) for each in marks}):
            late.penalise(root, lesson, student)
    new = {(each.student, each.lesson, each.cell): each for each in marks}
    for row in rows:
        given = new.get((row["student"], row["lesson"], row["cell"]))
        if given is not None:
            row.update(points=f"{given.points:.10g}", status=_status(given, row), message="")
    write_grades(
        root / "grades.csv", [{name: row[name] for name in results.COLUMNS} for row in rows]
    )
    return len(marks), len(waiting(rows))


def _status(given, row):
    if given.points >= float(row["max_points"]):
        return "passed"
    return "partial" if given.points > 0 else "failed"


@contextlib.contextmanager
def _all_or_nothing(gradebook):
    try:
        yield
        gradebook.db.commit()
    except BaseException:
        gradebook.db.rollback()
        raise


def _write(gradebook, given):
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


def answers(handed, rows, source=SOURCE):
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
