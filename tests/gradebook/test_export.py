"""What Moodle, Canvas and nbgrader import, with what late work costs."""

import csv
from datetime import datetime, timedelta

import pytest
from nbgrader.api import Gradebook
from traitlets.config import Config

from course.gradebook import export, late
from course.gradebook.class_folder import ClassFolder
from course.paths import BadUsage, CourseError

LESSON = "01_sums"
DUE = datetime(2026, 3, 1, 12)


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture
def per_day(monkeypatch):
    """nbgrader_config.py asks for 10 % per day."""
    settings = Config({"AssignLatePenalties": {"plugin_class": "course.gradebook.late.PerDay"}})
    monkeypatch.setattr(late, "nbgrader_settings", lambda: settings)


def test_without_a_due_date_nobody_is_late(class_root, per_day):
    folder, lowered, waiting = export.export(ClassFolder(class_root))
    assert (folder, lowered, waiting) == (class_root / "export", 0, 5)
    assert sorted(path.name for path in folder.iterdir()) == [
        "canvas.csv",
        f"moodle-{LESSON}.csv",
        "nbgrader.csv",
    ]


def test_moodle_gets_a_row_for_each_student_with_the_final_mark(class_root, per_day, due):
    due(class_root, DUE, bob={"first_name": "Bob", "last_name": "Ng", "email": "bob@x.org"})
    assert export.export(ClassFolder(class_root))[1] == 1
    rows = read(class_root / "export" / f"moodle-{LESSON}.csv")
    assert rows[0][:5] == ["Username", "Email address", "First name", "Last name", LESSON]
    found = {row[0]: row[1:] for row in rows[1:]}
    assert list(found) == ["ada", "bob", "cyd", "dan", "eve", "fay", "gil"]
    assert found["ada"] == ["", "", "", "5", "5 of 8 points"]
    # Two days late have begun: a fifth of 5 points.
    assert found["bob"] == ["bob@x.org", "Bob", "Ng", "4", "5 of 8 points, less 1 for being late"]
    assert found["fay"][3] == "0"


def test_canvas_gets_its_own_columns_then_the_points_then_the_students(class_root, per_day, due):
    due(class_root, DUE, bob={"first_name": "Bob", "last_name": "Ng", "lms_user_id": "4711"})
    export.export(ClassFolder(class_root))
    head, possible, *students = read(class_root / "export" / "canvas.csv")
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", LESSON]
    assert possible == ["    Points Possible", "", "", "", "", "8"]
    found = {row[3]: row for row in students}
    assert found["bob"] == ["Ng, Bob", "4711", "", "bob", "", "4"]
    assert found["ada"] == ["ada", "", "", "ada", "", "5"]


def test_canvas_leaves_a_lesson_empty_that_was_not_handed_in():
    def final(student, lesson, score):
        return export.Final(student, lesson, "", "", "", "", score, 0.0, 3.0)

    table = [final("ann", "01_a", 1.0), final("ann", "02_b", 2.3456), final("ben", "02_b", 3.0)]
    rows = export.canvas(table)
    assert rows[2][5:] == ("1", "2.35") and rows[3][5:] == ("", "3")


def test_nbgraders_own_table_agrees(class_root, per_day, due):
    due(class_root, DUE)
    export.export(ClassFolder(class_root))
    head, *rows = read(class_root / "export" / "nbgrader.csv")
    found = {row[head.index("student_id")]: dict(zip(head, row, strict=True)) for row in rows}
    assert float(found["bob"]["raw_score"]) == 5
    assert float(found["bob"]["late_submission_penalty"]) == 1
    assert float(found["bob"]["score"]) == 4


def test_an_extension_takes_the_penalty_back(class_root, per_day, due):
    due(class_root, DUE)
    export.export(ClassFolder(class_root))
    with Gradebook(f"sqlite:///{class_root / 'gradebook.db'}", "") as gradebook:
        gradebook.find_submission(LESSON, "bob").extension = timedelta(days=3)
        gradebook.db.commit()
    assert export.export(ClassFolder(class_root))[1] == 0
    assert [
        each.mark for each in export.finals(ClassFolder(class_root)) if each.student == "bob"
    ] == [5]


def test_nbgraders_own_plugin_takes_nothing_off(class_root, due, monkeypatch):
    monkeypatch.setattr(late, "nbgrader_settings", Config)
    due(class_root, DUE)
    assert {each.penalty for each in export.finals(ClassFolder(class_root))} == {0}


@pytest.mark.parametrize(
    ("seconds", "penalty"),
    [(0, None), (600, None), (601, 1), (86_400, 1), (2 * 86_400, 2), (90 * 86_400, 10)],
)
def test_each_day_that_has_begun_costs_a_share_up_to_all(seconds, penalty):
    assert late.PerDay().late_submission_penalty("ann", 10, seconds) == penalty


def test_the_table_of_grades_stays_as_it_is(class_root, per_day, due):
    before = (class_root / "grades.csv").read_bytes()
    due(class_root, DUE)
    export.export(ClassFolder(class_root))
    assert (class_root / "grades.csv").read_bytes() == before


def test_what_is_missing_is_said(tmp_path, class_root):
    with pytest.raises(BadUsage, match="python -m course grade"):
        export.export(ClassFolder(tmp_path))
    (class_root / "gradebook.db").unlink()
    with pytest.raises(BadUsage, match="no gradebook"):
        export.export(ClassFolder(class_root))
    (class_root / "gradebook.db").write_text("nonsense")
    with pytest.raises(CourseError, match="cannot be read as a gradebook"):
        export.export(ClassFolder(class_root))


def test_names_with_commas_and_quotes_survive(class_root, due):
    due(class_root, None, ada={"first_name": 'A "B"', "last_name": "Ng, jr"})
    export.export(ClassFolder(class_root))
    found = {row[3]: row[0] for row in read(class_root / "export" / "canvas.csv")}
    assert found["ada"] == 'Ng, jr, A "B"'
