"""What a student reads: marks, what was right and what not, what to read again, no hidden test."""

import base64
import re
import resource
import subprocess
import sys
from datetime import datetime

import nbformat
import pytest
from docutils.core import publish_doctree
from docutils.nodes import section
from myst_parser.docutils_ import Parser
from nbgrader.api import Gradebook

from course.gradebook.class_folder import ClassFolder
from course.notebooks.exercises import exercises_in, headings
from course.notebooks.verdict import Status
from course.paths import REPO, SOURCE
from course.reports import annotated, feedback
from course.syllabus import lesson_ids

LESSON = "01_sums"
BOOK = "https://course.example.org/book"
BIG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(600_000)).decode()
DOT = base64.b64encode(b"\x89PNG\r\n\x1a\n and more").decode()


@pytest.fixture(scope="module")
def pages(graded_class, class_source):
    assert (
        feedback.write_feedback(ClassFolder(graded_class), source=class_source, book=BOOK + "/")
        == 0
    )
    return lambda student: (graded_class / "feedback" / student / "index.html").read_text("utf-8")


def words(page):
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL).split())


def test_marks_and_what_was_right(pages):
    text = words(pages("ada"))
    assert "1 · Sums 5 of 8 points" in text
    assert "2 of the 3 exercises are all right." in text
    assert "Exercise 1 · Double 3 of 3 Right : what was asked for (2 of 2)" in text
    assert "To be marked by hand" in text and "Read again" not in text


def test_what_was_not_right_is_said_with_the_idea_to_read_again(pages):
    page = pages("cyd")
    text = words(page)
    assert "Exercise 1 · Double 1 of 3 Not right yet : what was asked for (0 of 2)" in text
    assert "You square it." in text
    assert "Right : further checks (zero) (1 of 1)" in text
    assert f'Read again: <a href="{BOOK}/lessons/{LESSON}.html#doubling">1. Doubling</a>' in page


def test_without_a_book_the_section_is_named(class_root, class_source):
    assert feedback.write_feedback(ClassFolder(class_root), source=class_source, student="cyd") == 0
    page = (class_root / "feedback" / "cyd" / "index.html").read_text("utf-8")
    assert "Read again: 1. Doubling" in page and '<a href="http' not in page


@pytest.mark.parametrize("book", ["javascript:alert(1)", "data:text/html,x", "file:///etc"])
def test_the_book_is_an_address_on_the_web_or_a_relative_one(
    class_root, class_source, book, capsys
):
    assert feedback.write_feedback(ClassFolder(class_root), source=class_source, book=book) == 2
    assert "must be an address" in capsys.readouterr().err


def test_a_readers_comment_reaches_the_student(class_root, class_source):
    with Gradebook(f"sqlite:///{class_root / 'gradebook.db'}", "") as gradebook:
        comment = gradebook.find_comment("explain_sum", LESSON, LESSON, "ada")
        comment.manual_comment = "Well said, <b>Ada</b>."
        gradebook.db.commit()
    assert feedback.write_feedback(ClassFolder(class_root), source=class_source, student="ada") == 0
    page = (class_root / "feedback" / "ada" / "index.html").read_text("utf-8")
    assert "Well said, &lt;b&gt;Ada&lt;/b&gt;." in page


def test_no_line_of_a_hidden_test_and_no_script_is_in_any_page(graded_class, pages):
    found = list((graded_class / "feedback").rglob("*.html"))
    assert len(found) == 2 * 7
    for path in found:
        text = path.read_text("utf-8")
        assert "21) == 42" not in text, path
        assert "<script" not in text.lower() and "<iframe" not in text.lower(), path
        assert not re.search(r"<[^>]+\son\w+\s*=", text), path


def output(data, alt=None):
    more = {"metadata": {"image/png": {"alt": alt}}} if alt else {}
    return nbformat.v4.new_output("display_data", data={"image/png": data}, **more)


def notebook(*outputs):
    solution = nbformat.v4.new_code_cell(
        "x", metadata={"nbgrader": {"solution": True, "grade_id": "f"}}
    )
    return nbformat.v4.new_notebook(
        cells=[solution, nbformat.v4.new_code_cell(outputs=list(outputs))]
    )


def test_the_first_picture_after_an_exercise_is_shown_with_its_alt_text():
    found = annotated.drawn(notebook(output(DOT, "three <dots>"), output(DOT, "later")))
    assert found == {"f": {"address": f"data:image/png;base64,{DOT}", "alt": "three <dots>"}}


@pytest.mark.parametrize(
    "data",
    ["!", base64.b64encode(b"<svg onload=alert(1)>").decode(), BIG, 'x" onerror="y', ""],
)
def test_what_is_no_picture_of_modest_size_is_left_out(data):
    assert annotated.drawn(notebook(output(data))) == {}


def test_a_picture_belongs_to_its_own_section():
    later = notebook(output(DOT))
    later.cells.insert(1, nbformat.v4.new_markdown_cell("## Something else"))
    assert annotated.drawn(later) == {}


@pytest.mark.parametrize("lesson", lesson_ids())
def test_links_meet_the_sections_of_the_book(lesson):
    """The ids that MyST gives the headings are those that the links name."""
    source = nbformat.read(SOURCE / lesson / f"{lesson}.ipynb", as_version=4)
    text = "\n\n".join(
        f"{'#' * level} {words}"
        for cell in source.cells
        if cell.cell_type == "markdown"
        for level, words in headings(cell.source)
    )
    settings = {
        "report_level": 5,
        "myst_heading_anchors": 3,
        "myst_enable_extensions": ["dollarmath"],
        "doctitle_xform": False,
    }
    tree = publish_doctree(text, parser=Parser(), settings_overrides=settings)
    ids = {name for node in tree.findall(section) for name in node["ids"]}
    exercises = exercises_in(source).values()
    assert exercises
    for exercise in exercises:
        link = feedback.section_link(BOOK, lesson, exercise.section)
        assert link.partition("#")[2] in ids, (exercise.name, link)


def test_a_student_gets_words_for_every_status():
    assert set(feedback.STATUS_WORDS) == set(Status)


@pytest.mark.parametrize(
    "metadata", ["a text", {"image/png": "a text"}, {"image/png": {"alt": [1]}}]
)
def test_a_pictures_metadata_may_be_anything(metadata):
    drawn = notebook(output(DOT))
    drawn.cells[1].outputs[0].metadata = metadata
    assert annotated.drawn(drawn)["f"]["alt"] == "A figure after f"


def times(folder):
    return {path: path.stat().st_mtime_ns for path in (folder / "feedback").rglob("*.html")}


def test_only_what_has_changed_is_made_again(class_root, class_source, capsys):
    folder = ClassFolder(class_root)
    assert feedback.write_feedback(folder, source=class_source) == 0
    assert len(capsys.readouterr().out.splitlines()) == 7 + 1
    before = times(class_root)
    assert feedback.write_feedback(folder, source=class_source) == 0
    assert times(class_root) == before and len(capsys.readouterr().out.splitlines()) == 1
    with Gradebook(f"sqlite:///{class_root / 'gradebook.db'}", "") as gradebook:
        gradebook.find_comment("explain_sum", LESSON, LESSON, "bob").manual_comment = "Say why."
        gradebook.db.commit()
    assert feedback.write_feedback(folder, source=class_source) == 0
    after = times(class_root)
    assert {
        path.relative_to(class_root).parts[1] for path in after if after[path] != before[path]
    } == {"bob"}


def test_a_page_that_cannot_be_made_says_so_and_costs_no_other(
    class_root, class_source, capsys, monkeypatch
):
    folder = ClassFolder(class_root)
    made = annotated.Annotated._made

    def greedy(self, student, lesson):
        while student == "bob":
            pass
        return made(self, student, lesson)

    monkeypatch.setattr(annotated.Annotated, "_made", greedy)
    monkeypatch.setattr(annotated, "SECONDS", 2)
    (class_root / "autograded" / "cyd" / LESSON / f"{LESSON}.ipynb").write_text("{}")
    assert feedback.write_feedback(folder, source=class_source) == 1
    told = capsys.readouterr().err
    assert f"bob {LESSON}: its page could not be made: it takes too long" in told
    assert f"cyd {LESSON}: its page could not be made" in told and "ada" not in told
    for student in ("bob", "cyd"):
        place = class_root / "feedback" / student
        assert "could not be made" in (place / LESSON / f"{LESSON}.html").read_text("utf-8")
        assert "Exercise 1 · Double" in (place / "index.html").read_text("utf-8")
    ada = class_root / "feedback" / "ada" / LESSON / f"{LESSON}.html"
    assert "could not be made" not in ada.read_text("utf-8")
    monkeypatch.undo()
    assert feedback.write_feedback(folder, source=class_source) == 1  # cyd's alone is tried again
    assert "bob" not in capsys.readouterr().err


FEEDBACK = """
import sys
from course.gradebook.class_folder import ClassFolder
from course.reports.feedback import write_feedback
sys.exit(write_feedback(ClassFolder(sys.argv[1]), source=sys.argv[2]))
"""


@pytest.mark.parametrize("command", ["feedback", "report"])
def test_a_full_disk_ends_in_a_sentence_and_leaves_the_old_page(class_root, class_source, command):
    page = class_root / ("feedback/ada" if command == "feedback" else "report") / "index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("old")

    def small():  # no file may grow beyond this, as on a disk with no more room
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, 4_000))

    words = ["-m", "course", "report", "--root", class_root]
    if command == "feedback":
        words = ["-c", FEEDBACK, class_root, class_source]
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, preexec_fn=small, cwd=REPO
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    assert "too large" in done.stderr and page.read_text() == "old"
    assert [each.name for each in page.parent.iterdir() if each.is_file()] == ["index.html"]


def test_a_student_hears_that_it_is_not_known_whether_it_was_late(class_root, class_source, due):
    folder = ClassFolder(class_root)
    told = "It is not known yet when this was handed in"
    (folder.submitted / "bob" / LESSON / "timestamp.txt").write_text("yesterday")
    for when, said in ((None, False), (datetime(2026, 3, 1, 12), True)):
        due(class_root, when)
        assert feedback.write_feedback(folder, source=class_source, student="bob") == 0
        page = (folder.feedback / "bob" / "index.html").read_text(encoding="utf-8")
        assert (told in page) is said
        assert "taken off because it was handed in late" not in page
