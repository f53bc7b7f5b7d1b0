"""The final marks as tables that learning platforms import: Moodle, Canvas, Blackboard.

What each of them reads, and what it does with it, is in `docs/instructors.md`. A mark that is not
final is left out.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from course.gradebook.finals import Final, Student
from course.gradebook.plain import defused, is_formula
from course.paths import BadUsage, CourseError

Table = list[tuple[str, ...]]

# How Canvas's own export begins; its import asks for these columns in this order.
CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
CANVAS_POINTS = "    Points Possible"
BLACKBOARD_COLUMNS = ("Last Name", "First Name", "Username")

# A lesson's column as the platforms' own downloads name it: with an id after the title.
CANVAS_HEADING = re.compile(r"(.+) \(\d+\)")
BLACKBOARD_HEADING = re.compile(r"(.+?)(?: \[Total Pts: [^\]]*\])? ?\|\d+")

# Canvas reads this as a number and writes it anew, in names and ids as well.
NUMBER = re.compile(r"-?[\d.,]+%?", re.ASCII)
# No mark: an empty cell would do for a grade item that Moodle has, but not for a new one.
MOODLE_NONE = "-"


@dataclass(frozen=True)
class Headings:
    """What a platform calls the lessons' columns, where that is not just the lesson's id."""

    canvas: Mapping[str, str] = field(default_factory=dict)
    blackboard: Mapping[str, str] = field(default_factory=dict)


def headings(path: str | Path, lessons: Iterable[str]) -> Headings:
    """The names of the lessons' columns in a gradebook that Canvas or Blackboard gave out.

    Parameters
    ----------
    path : path-like
        The file as it was downloaded.
    lessons : iterable of str

    Raises
    ------
    CourseError
        If it is no table, or none of its columns is named after a lesson.
    """
    try:
        content = Path(path).read_bytes()
        wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = content.decode("utf-16" if wide else "utf-8-sig")
        first = next(csv.reader(io.StringIO(text), delimiter="\t" if "\t" in text else ","), [])
    except FileNotFoundError:
        raise BadUsage(f"There is no file {path}.") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CourseError(f"{path} cannot be read as a table: {error}.") from None
    lessons = set(lessons)
    found = Headings(
        *(
            {
                match[1]: name
                for name in first
                if (match := of.fullmatch(name)) and match[1] in lessons
            }
            for of in (CANVAS_HEADING, BLACKBOARD_HEADING)
        )
    )
    if not found.canvas and not found.blackboard:
        raise CourseError(
            f"{path} has no column for a lesson: in Canvas and Blackboard, name the assignment as "
            f"the lesson ({', '.join(sorted(lessons))}), and download the gradebook again."
        )
    return found


def not_a_login(student: str) -> str:
    """Why a student's id cannot be a platform's user name; empty where it can."""
    if is_formula(student):
        return "a spreadsheet would take it for a formula"
    if student != student.strip() or not student.isprintable() or set(student) & set('"\\'):
        return "no platform has a user name with such spaces or signs"
    return ""


def not_for_canvas(student: str) -> str:
    """Why Canvas would read another id than this; empty where it reads this one."""
    if NUMBER.fullmatch(student):
        *whole, last = re.split("[,.]", student.rstrip(",."))
        if student != (f"{''.join(whole)}.{last}" if whole else last):
            return "Canvas would take it for a number and write it in another way"
    return ""


def moodle(table: Sequence[Final]) -> Table:
    """One lesson for Moodle's grade import.

    Moodle asks which column names the user and which is the grade, and takes any names. A mark is
    a number of points, so the grade item there must have the same maximum. A column that may name
    the user has no gaps: Moodle gives a row without a user to the user of the row before.

    Parameters
    ----------
    table : list of Final
        Of one lesson.
    """
    lesson = table[0].lesson
    naming = {"Username": [each.student for each in table]}
    for title, values in (
        ("Email address", [each.who.email for each in table]),
        ("ID number", [each.who.lms_id for each in table]),
    ):
        if all(values) and len(set(values)) == len(values):
            naming[title] = values
    rest = ("First name", "Last name", lesson, f"{lesson} (feedback)", "Status")
    rows = [
        (
            *(values[number] for values in naming.values()),
            _name(each.who.first_name),
            _name(each.who.last_name),
            _points(each.mark) if each.is_final else MOODLE_NONE,
            _words(each),
            each.status,
        )
        for number, each in enumerate(table)
    ]
    return [(*naming, *rest), *rows]


def _words(final: Final) -> str:
    """Never begins like a formula, whatever a spreadsheet may do with it."""
    text = f"{_points(final.score)} of {_points(final.max_score)} points"
    if final.penalty:
        text += f", less {_points(final.penalty)} for being late"
    return text if final.is_final else f"{text} so far"


def canvas(table: Sequence[Final], names: Mapping[str, str] | None = None) -> Table:
    """All lessons for the import of Canvas's gradebook.

    The student's id is given as the login. A lesson becomes the assignment of the same name. What
    was not handed in, or is not final, stays empty.

    Parameters
    ----------
    table : list of Final
    names : mapping, optional
        From `headings`.
    """
    lessons = {each.lesson: each.max_score for each in table}
    return [
        (*CANVAS_COLUMNS, *((names or {}).get(lesson, lesson) for lesson in lessons)),
        (CANVAS_POINTS, "", "", "", "", *(_points(most) for most in lessons.values())),
        *(
            (_name(who.name), _name(who.lms_id), "", who.id, "", *_marks(own, lessons))
            for who, own in _by_student(table)
        ),
    ]


def blackboard(table: Sequence[Final], names: Mapping[str, str] | None = None) -> Table:
    """All lessons for the upload of Blackboard's gradebook, which finds students by their id.

    Parameters
    ----------
    table : list of Final
    names : mapping, optional
        From `headings`. A column without an id is a new one to Blackboard.
    """
    lessons = {each.lesson: each.max_score for each in table}
    return [
        (*BLACKBOARD_COLUMNS, *((names or {}).get(lesson, lesson) for lesson in lessons)),
        *(
            (_name(who.last_name), _name(who.first_name), who.id, *_marks(own, lessons))
            for who, own in _by_student(table)
        ),
    ]


def _by_student(table: Iterable[Final]) -> list[tuple[Student, dict[str, Final]]]:
    found: dict[Student, dict[str, Final]] = {}
    for each in table:
        found.setdefault(each.who, {})[each.lesson] = each
    return sorted(found.items(), key=lambda one: one[0].id)


def _marks(own: Mapping[str, Final], lessons: Iterable[str]) -> list[str]:
    return [
        _points(own[lesson].mark) if lesson in own and own[lesson].is_final else ""
        for lesson in lessons
    ]


def _name(text: str) -> str:
    """A name on one line, as all importers read it: they only show it."""
    plain = "".join(" " if not char.isprintable() or char == "\\" else char for char in text)
    return defused(" ".join(plain.split()))


def _points(value: float) -> str:
    """Two decimals, which is what Canvas keeps."""
    return f"{round(value, 2):.10g}"
