"""The marks in files that other systems import: Moodle, Canvas, and nbgrader's own table.

The final mark of a lesson is what was earned less the penalty for late work.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import SubmittedAssignment
from nbgrader.plugins import CsvExportPlugin

from course import scratch
from course.authoring.quiet import LOG, quiet
from course.gradebook import late, marks
from course.gradebook.class_folder import ClassFolder, exclusive
from course.gradebook.database import check_gradebook, open_gradebook
from course.gradebook.table import read_grades
from course.paths import BadUsage, CourseError

# How Canvas's own export begins; its import asks for these columns in this order.
CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
CANVAS_POINTS = "    Points Possible"


@dataclass(frozen=True)
class Final:
    """A student's final mark in a lesson.

    Attributes
    ----------
    student, lesson : str
    first_name, last_name, email, lms_id : str
        Empty where the gradebook does not know them.
    score, penalty, max_score : float
        What was earned, what is taken off for being late, and what could be earned.
    """

    student: str
    lesson: str
    first_name: str
    last_name: str
    email: str
    lms_id: str
    score: float
    penalty: float
    max_score: float

    @property
    def mark(self) -> float:
        """What counts."""
        return max(0.0, self.score - self.penalty)

    @property
    def name(self) -> str:
        """As Canvas sorts it, ``Last, First``; the id where the name is not known."""
        return ", ".join(filter(None, (self.last_name, self.first_name))) or self.student


def finals(folder: ClassFolder) -> list[Final]:
    """The final marks of all that was graded, sorted by lesson, then student.

    Penalties are set anew, by the due dates and extensions that the gradebook has now.

    """
    graded = {(row["lesson"], row["student"]) for row in read_grades(folder)}
    if not folder.has_gradebook:
        raise BadUsage(f"{folder} has no gradebook: run `python -m course grade --root {folder}`.")
    check_gradebook(folder)
    with open_gradebook(folder) as gradebook:
        known = {
            (each.assignment.name, each.student.id): each.total_seconds_late > 0
            or bool(each.late_submission_penalty)
            for assignment in gradebook.assignments
            for each in gradebook.assignment_submissions(assignment.name)
        }
    found = sorted(graded.intersection(known))
    for place in found:
        if known[place]:
            late.penalise(folder, *place)
    with open_gradebook(folder) as gradebook:
        return [_final(gradebook.find_submission(*place)) for place in found]


def _final(submission: SubmittedAssignment) -> Final:
    student = submission.student
    return Final(
        student=student.id,
        lesson=submission.assignment.name,
        first_name=student.first_name or "",
        last_name=student.last_name or "",
        email=student.email or "",
        lms_id=student.lms_user_id or "",
        score=submission.score or 0.0,
        penalty=submission.late_submission_penalty or 0.0,
        max_score=submission.max_score or 0.0,
    )


def moodle(table: Sequence[Final]) -> list[tuple[str, ...]]:
    """One lesson for Moodle's grade import.

    Moodle asks which column names the user and which is the grade, and takes any names. A mark is
    a number of points, so the grade item there must have the same maximum.

    Parameters
    ----------
    table : list of Final
        Of one lesson.
    """
    lesson = table[0].lesson
    head = ("Username", "Email address", "First name", "Last name", lesson, f"{lesson} (feedback)")
    rows = [
        (
            each.student,
            each.email,
            each.first_name,
            each.last_name,
            _points(each.mark),
            _words(each),
        )
        for each in table
    ]
    return [head, *rows]


def _words(final: Final) -> str:
    """Never begins like a formula, whatever a spreadsheet may do with it."""
    text = f"{_points(final.score)} of {_points(final.max_score)} points"
    return f"{text}, less {_points(final.penalty)} for being late" if final.penalty else text


def canvas(table: Sequence[Final]) -> list[tuple[str, ...]]:
    """All lessons for the import of Canvas's gradebook.

    The student's id is given as the login. A lesson becomes the assignment of the same name; what
    was not handed in stays empty.

    Parameters
    ----------
    table : list of Final
    """
    lessons = {each.lesson: each.max_score for each in table}
    by_student: dict[str, dict[str, Final]] = {}
    for each in table:
        by_student.setdefault(each.student, {})[each.lesson] = each
    rows: list[tuple[str, ...]] = [
        (*CANVAS_COLUMNS, *lessons),
        (CANVAS_POINTS, "", "", "", "", *(_points(most) for most in lessons.values())),
    ]
    for student, own in sorted(by_student.items()):
        any_of = next(iter(own.values()))
        given = (_points(own[lesson].mark) if lesson in own else "" for lesson in lessons)
        rows.append((any_of.name, any_of.lms_id, "", student, "", *given))
    return rows


def _points(value: float) -> str:
    """Two decimals, which is what Canvas keeps."""
    return f"{round(value, 2):.10g}"


@exclusive
def export(folder: ClassFolder) -> tuple[Path, int, int]:
    """Write the final marks to tables of their own.

    Parameters
    ----------
    folder : ClassFolder
        After `grade`.

    Returns
    -------
    tuple of (Path, int, int)
        The folder, how many marks were lowered for late work, and how many answers still wait to be
        marked by hand.

    Raises
    ------
    CourseError
        If the class was not graded.
    """
    rows = read_grades(folder)
    target = folder.export
    with quiet(folder.log):
        table = finals(folder)
        if not table:
            raise CourseError(f"There are no marks in {folder} to export.")
        target.mkdir(exist_ok=True)
        for lesson in dict.fromkeys(each.lesson for each in table):
            own = [each for each in table if each.lesson == lesson]
            _write(target / f"moodle-{lesson}.csv", moodle(own))
        _write(target / "canvas.csv", canvas(table))
        with (
            open_gradebook(folder) as gradebook,
            scratch.replacing(target / "nbgrader.csv") as half,
        ):
            CsvExportPlugin(to=str(half), log=LOG).export(gradebook)
    lowered = sum(each.penalty > 0 for each in table)
    return target, lowered, len(marks.waiting(rows))


def _write(path: Path, rows: Iterable[Sequence[str]]) -> None:
    with scratch.whole(path, newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
