"""What a student gets back: the annotated notebooks, and a page with the marks and the reasons."""

import base64
import contextlib
import os
import re
import shutil
import sys
from pathlib import Path
from urllib.parse import quote, urlsplit

import nbformat
from docutils.nodes import make_id
from markupsafe import Markup
from nbformat import ValidationError
from nbgrader.api import MissingEntry
from nbgrader.converters import GenerateFeedback

from course import scratch
from course.authoring import converters
from course.authoring.quiet import LOG, quiet
from course.gradebook.class_folder import ClassFolder, exclusive, lessons_in
from course.gradebook.database import check_gradebook, open_gradebook
from course.gradebook.finals import finals
from course.gradebook.table import read_grades
from course.grading.plugins import hidden_lines, scrubbed
from course.notebooks.cells import grade_id, graded_cells, is_solution, points_of
from course.notebooks.exercises import exercises_in
from course.notebooks.verdict import NOTHING_LOST, points_text
from course.paths import SOURCE, BadUsage, CourseError, notebook_path
from course.reports.safe_html import POLICY, SafeHTMLExporter
from course.settings import nbgrader_settings
from course.templates import templates

STATUS_WORDS = {
    "passed": "Right",
    "partial": "Partly right",
    "failed": "Not right yet",
    "error": "Stopped with an error",
    "timeout": "Took too long",
    "killed": "Ended the program",
    "missing": "No answer",
    "manual": "To be marked by hand",
}
PICTURE = "image/png"
LARGEST_PICTURE = 500_000


class _Feedback(GenerateFeedback):
    """nbgrader's GenerateFeedback for one submission."""

    assignment = student = ""

    def init_notebooks(self):
        folder = self._format_source(self.assignment, self.student)
        self.assignments = {folder: [os.path.join(folder, f"{self.assignment}.ipynb")]}

    def init_assignment(self, assignment_id, student_id):
        """nbgrader copies what lies beside the notebook here; students have that already."""


@exclusive
def write_feedback(folder: ClassFolder, lessons=(), student=None, source=SOURCE, book=None):
    """Writes feedback for the submissions of a class that were graded.

    Parameters
    ----------
    folder : ClassFolder
        After `grade_class`.
    lessons : sequence of str
        Only these lessons; all where empty.
    student : str, optional
        Only this student.
    source : path-like
        The folder of the lessons' source notebooks.
    book : str, optional
        The address of the web book, where students can read it: pages link to what to read again.

    Returns
    -------
    int
        Exit status: 0 written, 1 some could not be written, 2 bad usage.
    """
    source = Path(source).absolute()
    try:
        check_address(book)
        submissions = _submissions(folder, lessons, student, source)
        with quiet(folder.log):
            failures = _write(folder, source, submissions, lessons, book)
    except CourseError as error:
        print(error, file=sys.stderr)
        return error.status
    for failure in failures:
        print(failure, file=sys.stderr)
    students = len({each.student for each in submissions})
    print(f"Feedback for {students} students: {folder.feedback}")
    return 1 if failures else 0


def check_address(book):
    """Refuse an address of the book that is neither on the web nor relative.

    Raises
    ------
    BadUsage
    """
    if book and urlsplit(book).scheme not in ("", "http", "https"):
        raise BadUsage(f"--book must be an address that begins with https://, not '{book}'.")


def _submissions(folder, lessons, student, source):
    if not folder.has_gradebook:
        raise BadUsage(f"{folder} has no gradebook; grade it first.")
    known = lessons_in(source)
    for lesson in lessons:
        if lesson not in known:
            raise BadUsage(f"There is no lesson '{lesson}'. The lessons are: {', '.join(known)}.")
    found = folder.submissions(known)
    submissions = found + [each for each in folder.gone(found) if each.lesson in known]
    if student is not None:
        submissions = [each for each in submissions if each.student == student]
        if not submissions:
            raise BadUsage(f"There is no submission of a student '{student}' in {folder}.")
    return submissions


def _write(folder, source, submissions, lessons, book):
    """Writes notebooks and pages; a sentence on each that could not be."""
    check_gradebook(folder)
    graded = {}
    for row in read_grades(folder):
        graded.setdefault((row["student"], row["lesson"]), []).append(row)
    marks = {(each.student, each.lesson): each for each in finals(folder)}
    sources = _sources(source, {each.lesson for each in submissions})
    failures, sections = [], {}
    with open_gradebook(folder) as gradebook:
        for each in submissions:
            rows = graded.get((each.student, each.lesson))
            if not rows:
                failures.append(f"{each}: not graded yet.")
                continue
            if each.lesson not in sources or not _fits(rows, sources[each.lesson]):
                failures.append(f"{each}: the lesson has changed since, so grade it again.")
                continue
            if not lessons or each.lesson in lessons:
                try:
                    _convert(each, folder, source)
                except CourseError as error:
                    failures.append(f"{each}: {error}")
            section = _section(each, rows, sources[each.lesson], folder, gradebook, book)
            mark = marks.get((each.student, each.lesson))
            section["unclear"] = mark is not None and mark.unclear
            sections.setdefault(each.student, []).append(section)
    template = templates(__file__).get_template("feedback.html.jinja")
    for student, found in sections.items():
        page = template.render(
            student=student, lessons=found, words=STATUS_WORDS, policy=Markup(POLICY)
        )
        path = folder.feedback / student / "index.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        with scratch.whole(path) as file:
            file.write(page)
    return failures


def _sources(source, lessons):
    """The lessons' source notebooks, but for those that cannot be read."""
    found = {}
    for lesson in lessons:
        with contextlib.suppress(ValueError, ValidationError):
            found[lesson] = nbformat.read(notebook_path(source, lesson), as_version=4)
    return found


def _fits(rows, source):
    """Whether these are the marks of the lesson as it is, and not as it was once."""
    return {row["cell"]: float(row["max_points"]) for row in rows} == {
        grade_id(cell): points_of(cell) for cell in graded_cells(source)
    }


def _section(submission, rows, source, folder, gradebook, book):
    """What the page says of one submission."""
    lesson, student = submission.lesson, submission.student
    notebook = folder.graded(student, lesson)
    comments, penalty = _by_hand(gradebook, lesson, student)
    secrets = hidden_lines(source)
    rows = {
        row["cell"]: {
            **row,
            "aspect": _aspect(row["cell"]),
            "message": scrubbed(row["message"], secrets),
            "comment": comments.get(row["cell"], ""),
        }
        for row in rows
    }
    pictures = _pictures(notebook) if notebook is not None else {}
    exercises = []
    for name, exercise in exercises_in(source).items():
        own = [rows[cell] for cell in exercise.cells if cell in rows]
        if own:
            exercises.append(_told(exercise, own, pictures.get(name), lesson, book))
    total = sum(float(row["points"]) for row in rows.values())
    page = f"{lesson}/{lesson}.html"
    return {
        "title": _title(source) or lesson,
        "points": points_text(max(0.0, total - penalty)),
        "max_points": points_text(sum(float(row["max_points"]) for row in rows.values())),
        "penalty": points_text(penalty) if penalty else "",
        "summary": _summary(exercises),
        "exercises": exercises,
        "mended": list(notebook.metadata.get("mended", [])) if notebook is not None else [],
        "notebook": quote(page) if (folder.feedback / student / page).is_file() else "",
    }


def _by_hand(gradebook, lesson, student):
    """A reader's comments by cell, and the penalty for late work."""
    try:
        submitted = gradebook.find_submission_notebook(lesson, lesson, student)
    except MissingEntry:
        return {}, 0
    comments = {comment.name: comment.manual_comment or "" for comment in submitted.comments}
    return comments, submitted.late_submission_penalty or 0


def _told(exercise, rows, picture, lesson, book):
    """What the page says of one exercise."""
    points = sum(float(row["points"]) for row in rows)
    most = sum(float(row["max_points"]) for row in rows)
    lost = points < most and any(row["status"] not in NOTHING_LOST for row in rows)
    wrong = lost and any(row["status"] in ("failed", "partial") for row in rows)
    # A question at the end stands far from what it asks about.
    question = exercise.by_hand or exercise.name.startswith("quiz_")
    again = exercise.section if lost and not question else ""
    return {
        "title": exercise.title,
        "points": points_text(points),
        "max_points": points_text(most),
        "rows": rows,
        "lost": lost,
        "picture": picture if wrong else None,
        "again": again,
        "link": section_link(book, lesson, again),
    }


def _aspect(cell):
    """A test's aspect in words: `edges` for `test_inertia__edges`."""
    if not cell.startswith("test_"):
        return "your answer"
    aspect = cell.partition("__")[2].replace("_", " ")
    return f"further checks ({aspect})" if aspect else "what was asked for"


def _summary(exercises):
    """What is right and what is not, in a sentence."""
    right = sum(not each["lost"] and each["points"] == each["max_points"] for each in exercises)
    lost = [each["title"] for each in exercises if each["lost"]]
    verb = "is" if right < 2 else "are"
    text = f"{right or 'None'} of the {len(exercises)} exercises {verb} all right."
    return f"{text} Look again at: {'; '.join(lost)}." if lost else text


def _title(source):
    """The lesson's own heading."""
    for cell in source.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            return cell.source.partition("\n")[0].removeprefix("# ").strip()
    return ""


def section_link(book, lesson, section):
    """The address of a lesson's section in the web book; empty where there is no book."""
    if not book or not section:
        return ""
    return f"{book.rstrip('/')}/lessons/{quote(lesson)}.html#{make_id(section)}"


def _pictures(notebook):
    """The first picture that follows each exercise, by the exercise's name.

    It is the student's, so it is only taken where it is a PNG of modest size.
    """
    found, name = {}, None
    for cell in notebook.cells:
        if is_solution(cell):
            name = grade_id(cell)
        elif cell.cell_type == "markdown" and re.search(r"^#{2,3} ", cell.source, re.MULTILINE):
            name = None
        for output in cell.get("outputs", ()):
            data = output.get("data", {}).get(PICTURE)
            if name and name not in found and isinstance(data, str) and _is_png(data):
                alt = output.get("metadata", {}).get(PICTURE, {}).get("alt")
                address = f"data:{PICTURE};base64,{''.join(data.split())}"
                found[name] = {"address": address, "alt": str(alt or f"A figure after {name}")}
    return found


def _is_png(data):
    try:
        content = base64.b64decode("".join(data.split()), validate=True)
    except ValueError:
        return False
    return content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) <= LARGEST_PICTURE


def _convert(submission, folder, source):
    """Writes the annotated notebook."""
    course = converters.Course(folder.root, source, db_url=folder.gradebook_url)
    course.assignment_id = submission.lesson
    shutil.rmtree(folder.feedback / submission.student / submission.lesson, ignore_errors=True)
    converter = _Feedback(coursedir=course, config=nbgrader_settings(), log=LOG, force=True)
    converter.exporter_class = SafeHTMLExporter
    converter.assignment, converter.student = submission.lesson, submission.student
    converters.start(converter, converters.last_line)
