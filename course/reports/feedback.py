"""What a student gets back: the annotated notebooks, and a page with the marks and the reasons."""

import contextlib
import os
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import nbformat
from docutils.nodes import make_id
from markupsafe import Markup
from nbformat import ValidationError

from course import scratch
from course.authoring.quiet import LOG, quiet
from course.gradebook.class_folder import ClassFolder, Submission, exclusive, lessons_in
from course.gradebook.database import check_gradebook, recorded_comments, recorded_marks
from course.gradebook.finals import Final, finals
from course.gradebook.table import Row, read_grades
from course.grading.plugins import hidden_lines, scrubbed
from course.grading.telling import progress
from course.isolation import limited
from course.notebooks.cells import grade_id, graded_cells, points_of
from course.notebooks.exercises import exercises_in
from course.notebooks.verdict import NOTHING_LOST, one_line, points_text
from course.paths import SOURCE, BadUsage, CourseError, notebook_path
from course.reports.annotated import Annotated, digest, instead, made_of, marked, reason, way
from course.reports.safe_html import POLICY
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


@dataclass(frozen=True)
class _Part:
    """What a student's page says of one submission, and what that depends on."""

    submission: Submission
    rows: list[Row]
    comments: Mapping[str, str]
    final: Final | None
    fingerprint: str
    wanted: bool


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
    except OSError as error:
        print(f"The feedback could not be written: {error}.", file=sys.stderr)
        print("The same command goes on from here.", file=sys.stderr)
        return 1
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
    sources = _sources(source, {each.lesson for each in submissions})
    parts, failures = _parts(folder, source, sources, submissions, lessons, book)
    stale = {}
    for student, own in parts.items():
        made = digest(*(each.fingerprint for each in own))
        if made_of(_index(folder, student)) != made or not all(
            made_of(_page(folder, each)) == each.fingerprint for each in own if each.wanted
        ):
            stale[student] = made
    makers = _makers(folder, source, sources) if stale else {}
    template = templates(__file__).get_template("feedback.html.jinja")

    def write(student):
        """In a thread, which waits for the processes that do the work."""
        sections, failed = [], []
        for part in parts[student]:
            section, failure = _section(part, makers[part.submission.lesson], folder, book)
            sections.append(section)
            failed += failure
        page = template.render(
            student=student,
            lessons=sections,
            words=STATUS_WORDS,
            policy=Markup(POLICY),
            made_of="" if failed else stale[student],
        )
        _put(_index(folder, student), page)
        return student, failed

    with progress(len(stale)) as tell, ThreadPoolExecutor(os.cpu_count()) as pool:
        for student, failed in pool.map(write, stale):
            failures += failed
            tell(one_line(student))
    return failures


def _parts(folder, source, sources, submissions, lessons, book):
    """What the pages are made of, by student; a sentence on each submission without marks."""
    graded = {}
    for row in read_grades(folder):
        graded.setdefault((row["student"], row["lesson"]), []).append(row)
    marks, comments = recorded_marks(folder), recorded_comments(folder)
    final = {(each.lesson, each.student): each for each in finals(folder)}
    ways = {lesson: (way(source, lesson), book) for lesson in sources}
    parts, failures = {}, []
    for each in submissions:
        rows = graded.get((each.student, each.lesson))
        if not rows:
            failures.append(f"{each}: not graded yet.")
            continue
        if each.lesson not in sources or not _fits(rows, sources[each.lesson]):
            failures.append(f"{each}: the lesson has changed since, so grade it again.")
            continue
        place = each.lesson, each.student
        said = comments.get(place, {}), final.get(place)
        depends = (ways[each.lesson], rows, said, sorted(marks.get(place, {}).items()))
        fingerprint = digest(depends, _content(folder, each))
        wanted = not lessons or each.lesson in lessons
        parts.setdefault(each.student, []).append(_Part(each, rows, *said, fingerprint, wanted))
    return parts, failures


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


def _content(folder, submission):
    try:
        return notebook_path(folder.autograded / submission.student, submission.lesson).read_bytes()
    except OSError:
        return b""


def _makers(folder, source, sources):
    """For each lesson what makes its pages, its notebook, and what no page may tell."""
    found = {}
    for lesson, notebook in sources.items():
        maker = Annotated(folder, source, lesson, notebook)
        found[lesson] = maker, notebook, hidden_lines(notebook)
    return found


def _put(path, page):
    path.parent.mkdir(parents=True, exist_ok=True)
    with scratch.whole(path) as file:
        file.write(page)


def _index(folder, student):
    return folder.feedback / student / "index.html"


def _page(folder, part):
    lesson = part.submission.lesson
    return folder.feedback / part.submission.student / lesson / f"{lesson}.html"


def _section(part, maker, folder, book):
    """What the page says of one submission, whose annotated notebook is written; what failed."""
    maker, source, secrets = maker
    lesson = part.submission.lesson
    found, failures = {"pictures": {}, "mended": []}, []
    try:
        found = maker.made(part.submission)
        page = marked(found["page"], part.fingerprint)
    except limited.Broken as failure:
        LOG.error("%s\n%s", part.submission, failure.details)
        failures = [f"{part.submission}: its page could not be made: {reason(failure)}."]
        page = instead(_title(source) or lesson, reason(failure))
    if part.wanted:
        _put(_page(folder, part), page)
    rows = {
        row["cell"]: {
            **row,
            "aspect": _aspect(row["cell"]),
            "message": scrubbed(row["message"], secrets),
            "comment": part.comments.get(row["cell"], ""),
        }
        for row in part.rows
    }
    exercises = []
    for name, exercise in exercises_in(source).items():
        own = [rows[cell] for cell in exercise.cells if cell in rows]
        if own:
            exercises.append(_told(exercise, own, found["pictures"].get(name), lesson, book))
    total = sum(float(row["points"]) for row in rows.values())
    penalty = part.final.penalty if part.final else 0
    return {
        "title": _title(source) or lesson,
        "points": points_text(max(0.0, total - penalty)),
        "max_points": points_text(sum(float(row["max_points"]) for row in rows.values())),
        "penalty": points_text(penalty) if penalty else "",
        "summary": _summary(exercises),
        "exercises": exercises,
        "unclear": part.final is not None and part.final.unclear,
        "mended": found["mended"],
        "notebook": quote(f"{lesson}/{lesson}.html") if _page(folder, part).is_file() else "",
    }, failures


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
