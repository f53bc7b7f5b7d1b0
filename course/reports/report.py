"""The class report: what the class can do, what it got wrong, and what needs a person.

The page loads nothing from anywhere. It holds one script of ours, which saves the marks that are
typed into it; its Content-Security-Policy lets the browser run that very script and no other.
"""

import base64
import hashlib
import sys
from pathlib import Path

import numpy as np
from markupsafe import Markup

from course import scratch
from course.authoring.quiet import quiet
from course.gradebook import marks, results
from course.gradebook.class_folder import ClassFolder, exclusive
from course.gradebook.finals import finals as final_marks
from course.gradebook.table import read_grades
from course.notebooks.exercises import exercises_in
from course.notebooks.verdict import WAITS, Status, one_line
from course.paths import SOURCE
from course.reports import contents, misconceptions, pictures, similar
from course.reports.alike import alike
from course.reports.item_analysis import analyse
from course.templates import templates

FEW_STUDENTS = 30

SCRIPT = (Path(__file__).parent / "report.js").read_text(encoding="utf-8")
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-"
    + base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    + "'"
)


@exclusive
def write_report(folder: ClassFolder, source: Path = SOURCE) -> Path:
    """Write the class report, and a table for marks by hand beside it.

    Parameters
    ----------
    folder : ClassFolder
        After `grade`.
    source : path-like
        The folder of the lessons' source notebooks.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    CourseError
        If the class was not graded.
    """
    rows = read_grades(folder)
    with quiet(folder.log):
        page = _page(folder, Path(source), rows)
    folder.report.mkdir(exist_ok=True)
    waiting = marks.waiting(rows)
    for name, text in (("index.html", page), (marks.TEMPLATE, marks.template(waiting))):
        with scratch.whole(folder.report / name) as file:
            file.write(text)
    return folder.report / "index.html"


def _tell_unread(rows, handed):
    """Names on stderr the submissions whose answers the report goes without."""
    for student, lesson in dict.fromkeys((row["student"], row["lesson"]) for row in rows):
        if (student, lesson) not in handed:
            place = one_line(f"{student} {lesson}")
            print(
                f"{place}: there is no graded notebook that can be read; the report has its marks, "
                "not its answers.",
                file=sys.stderr,
            )


def _page(folder, source, rows):
    notebooks = {
        lesson: notebook
        for lesson in dict.fromkeys(row["lesson"] for row in rows)
        if (notebook := results.source_notebook(lesson, source)) is not None
    }
    titles = {
        (lesson, name): each.title
        for lesson, notebook in notebooks.items()
        for name, each in exercises_in(notebook).items()
    }
    finals = final_marks(folder)
    items = analyse(rows)
    handed = results.handed_in(folder, rows)
    _tell_unread(rows, handed)
    hit = [
        (lesson, titles.get((lesson, name), name), *rest)
        for lesson, name, *rest in misconceptions.misconceptions_hit(rows)
    ]
    students = {row["student"] for row in rows}
    return (
        templates(__file__)
        .get_template("report.html.jinja")
        .render(
            policy=POLICY,
            script=Markup(SCRIPT),
            students=len(students),
            submissions=len({(row["student"], row["lesson"]) for row in rows}),
            lessons=contents.marks_table(finals),
            marks_picture=pictures.marks_picture(finals) if finals else None,
            exercises=contents.exercise_tables(items, titles),
            few=len(students) < FEW_STUDENTS,
            misconceptions=hit,
            misconceptions_picture=pictures.misconceptions_picture(hit) if hit else None,
            oddities=contents.oddities(rows),
            mended=contents.mended(handed),
            questions=contents.questions(marks.answers(handed, marks.waiting(rows), source)),
            answers=sum(row["status"] == Status.MANUAL for row in rows),
            alike=alike(handed, notebooks, titles),
            threshold=similar.ALIKE,
            waits=WAITS,
            number=lambda value, digits=2: "–" if np.isnan(value) else f"{value:.{digits}f}",
            percent=lambda value: f"{100 * value:.0f} %",
            points=lambda value: f"{value:.4g}",
        )
    )
