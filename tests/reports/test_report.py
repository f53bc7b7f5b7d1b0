"""The class report says what the class did, and runs nothing of what a student wrote."""

import base64
import csv
import hashlib
import html
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from course.gradebook.class_folder import ClassFolder
from course.gradebook.finals import Entry, Final, Student
from course.gradebook.marks import TEMPLATE
from course.paths import BadUsage, CourseError
from course.reports import misconceptions, report
from course.reports.alike import side_by_side
from course.reports.contents import look, marks_table

LESSON = "01_sums"


@pytest.fixture(scope="module")
def hit():
    return [(LESSON, "double", "squares instead of doubling", 1)]


@pytest.fixture(scope="module")
def page(graded_class, class_source, hit, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(misconceptions, "misconceptions_hit", lambda rows: hit)
        path = report.write_report(ClassFolder(graded_class), source=class_source)
    assert path == graded_class / "report" / "index.html"
    return path.read_text(encoding="utf-8")


class Page(HTMLParser):
    """The tags of a page with their attributes, and the text of each section."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.sections, self.section = [], {}, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag == "section":
            self.section = dict(attributes)["id"]
            self.sections[self.section] = ""

    def handle_data(self, data):
        if self.section:
            self.sections[self.section] += data

    def handle_endtag(self, tag):
        if tag == "section":
            self.section = None
        elif tag in ("td", "th") and self.section:
            self.sections[self.section] += " "


@pytest.fixture(scope="module")
def parsed(page):
    return Page(page)


def words(parsed, section):
    return " ".join(parsed.sections[section].split())


def test_it_loads_nothing_and_runs_only_its_own_script(page, parsed):
    policy = next(a["content"] for tag, a in parsed.tags if a.get("http-equiv"))
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert policy.startswith("default-src 'none'") and f"'sha256-{digest}'" in policy
    for _, attributes in parsed.tags:
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("src", "href"):
            assert attributes.get(name, "#").startswith(("#", "data:image/png;base64,"))


def test_every_picture_says_what_is_seen(parsed):
    pictures = [attributes for tag, attributes in parsed.tags if tag == "img"]
    assert len(pictures) == 3, "marks, one lesson's exercises, misconceptions"
    assert all(len(attributes["alt"]) > 40 for attributes in pictures)


def test_the_marks_of_each_lesson_are_summed_up(parsed):
    # ada, bob 5; cyd 2 or less; dan 0; fay 0; eve, gil 2 of 8.
    text = words(parsed, "marks")
    assert f"{LESSON} 7 8 " in text and "Highest" in text


def test_each_exercise_has_its_difficulty_and_discrimination(parsed):
    text = words(parsed, "exercises")
    assert "Exercise 1 · Double 3 6 " in text and "Exercise 2 · The spread 2 6 83 %" in text
    assert "Open question" not in text, "its answers are not marked yet"
    assert "take these numbers as a hint" in text


def test_misconceptions_are_counted(parsed):
    text = words(parsed, "misconceptions")
    assert f"{LESSON} Exercise 1 · Double squares instead of doubling 1" in text


def test_what_needs_a_person_is_named_with_its_reason(parsed):
    text = words(parsed, "person")
    assert "gil" in text and "took too long" in text
    assert "fay" in text and "is not a notebook" in text and "the whole submission" in text
    assert "eve" in text and "ValueError" in text
    assert "dan" not in text, "an unsolved exercise is nothing odd"


def test_each_answer_to_mark_is_there_with_its_question_and_a_field(page, parsed):
    text = words(parsed, "hand")
    assert "Why a sum?" in text and "Because." in text and "It adds up." in text
    forms = [attributes for tag, attributes in parsed.tags if tag == "form"]
    assert [form["data-student"] for form in forms] == ["ada", "bob", "cyd", "eve", "gil"]
    assert html.escape('<script>document.title = "owned"', quote=False) in page.replace(
        "&#34;", '"'
    )


def test_a_table_to_fill_in_lies_beside_it(graded_class, page):
    with (graded_class / "report" / TEMPLATE).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["student"] for row in rows] == ["ada", "bob", "cyd", "eve", "gil"]
    assert {row["points"] for row in rows} == {""}


def test_nearly_identical_answers_stand_side_by_side_as_a_hint(parsed):
    text = words(parsed, "alike")
    assert "not a verdict" in text
    assert f"{LESSON}, Exercise 2 · The spread: ada, bob (100 %)" in text
    assert "# all my own work" in text
    assert "cyd" not in text, "the author's solution is no copy"


def test_lines_that_both_have_are_marked():
    one, other = side_by_side("a\nb\nc", "a\n  c")
    assert one == [("a", True), ("b", False), ("c", True)]
    assert other == [("a", True), ("  c", True)]


def test_an_exercise_is_pointed_out_by_its_numbers():
    row = {"difficulty": 0.5, "discrimination": 0.1, "students": 30}
    assert look(row) == "strong students do hardly better"
    assert look(row | {"students": 9}) == ""
    assert look(row | {"difficulty": 0.2}) == "hard"
    assert look(row | {"difficulty": 0.99}) == "nearly everybody solves it"


def test_what_was_put_right_before_grading_is_told(class_root, class_source, hit, monkeypatch):
    path = class_root / "autograded" / "ada" / LESSON / f"{LESSON}.ipynb"
    text = path.read_text(encoding="utf-8")
    assert '"mended": []' in text
    path.write_text(text.replace('"mended": []', '"mended": ["cell <b>x</b> was put back"]'))
    monkeypatch.setattr(misconceptions, "misconceptions_hit", lambda rows: hit)
    parsed = Page(report.write_report(ClassFolder(class_root), source=class_source).read_text())
    assert "ada, 01_sums: cell <b>x</b> was put back." in words(parsed, "person")


def test_a_lesson_that_is_gone_since_does_not_stop_it(class_root, tmp_path, hit, monkeypatch):
    monkeypatch.setattr(misconceptions, "misconceptions_hit", lambda rows: [])
    parsed = Page(
        report.write_report(ClassFolder(class_root), source=tmp_path).read_text(encoding="utf-8")
    )
    assert "double" in words(parsed, "exercises")
    assert "None that the lessons' authors foresaw" in words(parsed, "misconceptions")


def test_a_class_that_was_not_graded_is_told_how(tmp_path):
    with pytest.raises(BadUsage, match="There is no folder"):
        report.write_report(ClassFolder(tmp_path / "none"))
    with pytest.raises(BadUsage, match="run `python -m course grade --root"):
        report.write_report(ClassFolder(tmp_path))
    (tmp_path / "grades.csv").write_text("student,lesson\n")
    with pytest.raises(CourseError, match="has no column cell, points"):
        report.write_report(ClassFolder(tmp_path))


def test_it_names_those_of_whom_it_is_not_known_whether_they_were_late():
    marks = [Final(Student(name), LESSON, 8.0, Entry(None, 5.0)) for name in ("ada", "bob")]
    marks[1] = replace(marks[1], unclear="timestamp.txt says 'soon'.")
    (lesson,) = marks_table(marks)
    assert lesson["unclear"] == ["bob"] and lesson["late"] == []
