"""Marks that a person gives reach the gradebook, all of a table or nothing of it."""

import csv
import sqlite3

import pytest
from nbgrader.api import Gradebook

from course.gradebook import marks
from course.gradebook.class_folder import ClassFolder
from course.gradebook.table import read_grades, write_grades
from course.grading.grade import grade_class
from course.paths import BadUsage, CourseError

LESSON = "01_sums"
OPEN = "explain_sum"


def fill(path, *rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([marks.COLUMNS, *rows])
    return path


def grade_of(root, student, cell=OPEN):
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}", "") as gradebook:
        grade = gradebook.find_grade(cell, LESSON, LESSON, student)
        return grade.manual_score, grade.score, bool(grade.needs_manual_grade)


def rows_of(root):
    return {(row["student"], row["cell"]): row for row in read_grades(ClassFolder(root))}


def test_the_template_holds_each_answer_that_waits_and_no_text_of_a_student(graded_class):
    waiting = marks.waiting(read_grades(ClassFolder(graded_class)))
    assert [row["student"] for row in waiting] == ["ada", "bob", "cyd", "eve", "gil"]
    text = marks.template(waiting)
    assert text.splitlines()[:2] == [
        "student,lesson,cell,max_points,points,comment",
        f"ada,{LESSON},{OPEN},3,,",
    ]
    assert "script" not in text and "adds up" not in text


def test_a_filled_template_is_written_to_the_gradebook_and_the_table(class_root, tmp_path):
    table = fill(
        tmp_path / "manual.csv",
        ["ada", LESSON, OPEN, 3, 3, ""],
        ["bob", LESSON, OPEN, 3, "1,5", "Say why."],
        ["cyd", LESSON, OPEN, 3, 0, ""],
        ["eve", LESSON, OPEN, 3, "", "not now"],
    )
    assert marks.mark(ClassFolder(class_root), table) == (3, 2)
    assert grade_of(class_root, "ada") == (3, 3, False)
    assert grade_of(class_root, "bob") == (1.5, 1.5, False)
    assert grade_of(class_root, "cyd") == (0, 0, False)
    assert grade_of(class_root, "eve")[0] is None
    found = {student: row for (student, cell), row in rows_of(class_root).items() if cell == OPEN}
    assert [(found[s]["points"], found[s]["status"]) for s in ("ada", "bob", "cyd", "eve")] == [
        ("3", "passed"),
        ("1.5", "partial"),
        ("0", "failed"),
        ("0", "manual"),
    ]
    with Gradebook(f"sqlite:///{class_root / 'gradebook.db'}", "") as gradebook:
        comment = gradebook.find_comment(OPEN, LESSON, LESSON, "bob")
        assert comment.manual_comment == "Say why."


def test_grading_again_agrees_with_the_table(class_root, class_source, tmp_path):
    table = fill(tmp_path / "manual.csv", ["ada", LESSON, OPEN, 3, 2, ""])
    marks.mark(ClassFolder(class_root), table)
    before = (class_root / "grades.csv").read_bytes()
    assert grade_class(ClassFolder(class_root), source=class_source, timeout=5) == 0
    assert (class_root / "grades.csv").read_bytes() == before


def test_a_test_can_be_overruled_and_the_mark_stays(class_root, class_source, tmp_path):
    table = fill(tmp_path / "manual.csv", ["cyd", LESSON, "test_double", 2, 1, "Nearly."])
    assert marks.mark(ClassFolder(class_root), table)[0] == 1
    assert grade_of(class_root, "cyd", "test_double")[:2] == (1, 1)
    assert (
        grade_class(
            ClassFolder(class_root), source=class_source, timeout=5, force=True, student="cyd"
        )
        == 0
    )
    assert rows_of(class_root)["cyd", "test_double"]["points"] == "1"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (["nobody", LESSON, OPEN, 3, 1, ""], "row 3: grades.csv has no such student"),
        (["bob", "77_none", OPEN, 3, 1, ""], "row 3: grades.csv has no such student"),
        (["bob", LESSON, OPEN, 3, "all", ""], "row 3: 'all' is not a number"),
        (["bob", LESSON, OPEN, 3, 4, ""], "row 3: the points must be from 0 to 3, not 4"),
        (["bob", LESSON, OPEN, 3, -1, ""], "row 3: the points must be from 0 to 3, not -1"),
        (["bob", LESSON, OPEN, 3, "nan", ""], "row 3: the points must be from 0 to 3"),
        (["ada", LESSON, OPEN, 3, 2, ""], "row 3: this answer was marked in a row above"),
    ],
)
def test_one_wrong_row_and_nothing_is_marked(class_root, tmp_path, row, says):
    table = fill(tmp_path / "manual.csv", ["ada", LESSON, OPEN, 3, 3, ""], row)
    before = (class_root / "grades.csv").read_bytes()
    with pytest.raises(CourseError, match=says):
        marks.mark(ClassFolder(class_root), table)
    assert grade_of(class_root, "ada")[0] is None
    assert (class_root / "grades.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "There is no file"),
        (b"a,b\n1,2\n", "has no column student, lesson, cell, points"),
        (b"\xff\xfe\x00", "cannot be read as a table"),
        (b"", "has no column"),
    ],
)
def test_a_file_that_is_no_such_table_is_named(class_root, tmp_path, content, says):
    path = tmp_path / "manual.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CourseError, match=says):
        marks.mark(ClassFolder(class_root), path)


def test_a_spreadsheet_may_save_it_with_semicolons_and_a_byte_order_mark(class_root, tmp_path):
    path = tmp_path / "manual.csv"
    head = ";".join(marks.COLUMNS)
    path.write_text(f"\ufeff{head}\r\nada;{LESSON};{OPEN};3;2,5;\r\n", encoding="utf-8")
    assert marks.mark(ClassFolder(class_root), path)[0] == 1
    assert grade_of(class_root, "ada")[0] == 2.5


def test_a_gradebook_that_lacks_an_answer_is_left_as_it_was(class_root, tmp_path):
    with sqlite3.connect(class_root / "gradebook.db") as database:
        database.execute(
            "delete from grade where id in (select grade.id from grade "
            "join submitted_notebook on grade.notebook_id = submitted_notebook.id "
            "join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id "
            "where student_id = 'bob')"
        )
    table = fill(
        tmp_path / "manual.csv", ["ada", LESSON, OPEN, 3, 3, ""], ["bob", LESSON, OPEN, 3, 3, ""]
    )
    with pytest.raises(CourseError, match="differ about bob 01_sums: run `python -m course grade"):
        marks.mark(ClassFolder(class_root), table)
    assert grade_of(class_root, "ada")[0] is None


def test_a_class_that_was_not_graded_is_told_how(tmp_path):
    with pytest.raises(BadUsage, match="There is no folder"):
        marks.mark(ClassFolder(tmp_path / "none"), tmp_path / "manual.csv")
    with pytest.raises(BadUsage, match="python -m course grade"):
        marks.mark(ClassFolder(tmp_path), tmp_path / "manual.csv")


def row(student):
    return {
        "student": student, "lesson": "01_a", "cell": "explain", "points": "0",
        "max_points": "2", "status": "manual", "message": "=1+1",
    }  # fmt: skip


ODD_IDS = ["bob ", " x", "=cmd", "'=cmd", "''=cmd", "+1", "-1", "@a", "'o", "a,b", 'a"b', "ü\tx"]


def test_a_table_keeps_every_id_and_gives_a_spreadsheet_no_formula(tmp_path):
    folder, rows = ClassFolder(tmp_path), [row(student) for student in ODD_IDS]
    write_grades(folder, rows)
    assert read_grades(folder) == rows
    path = tmp_path / "manual.csv"
    path.write_text(marks.template(rows).replace(",2,,", ",2,1,"), encoding="utf-8")
    assert [each.student for each in marks.read(path, rows)] == ODD_IDS
    for table in (folder.grades, path):
        with table.open(encoding="utf-8", newline="") as file:
            cells = [cell for line in csv.reader(file) for cell in line]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize(
    ("typed", "ids", "found"),
    [
        ("bob ", ["bob "], "bob "),
        ("bob", ["bob "], "bob "),
        (" bob  ", ["bob"], "bob"),
        ("bob", ["bob", "bob "], "bob"),
        ("bob ", ["bob", "bob "], "bob "),
        (" bob", ["bob", "bob "], None),
    ],
)
def test_spaces_around_an_id_are_no_riddle(tmp_path, typed, ids, found):
    path = tmp_path / "manual.csv"
    path.write_text(f"student,lesson,cell,points\n{typed},01_a,explain,1\n")
    rows = [row(student) for student in ids]
    if found is None:
        with pytest.raises(CourseError, match="no such student"):
            marks.read(path, rows)
    else:
        assert [each.student for each in marks.read(path, rows)] == [found]
