"""The tables of final marks, with what late work costs and what is not final yet."""

import csv
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from traitlets.config import Config

from course.gradebook import export, late, marks, penalties
from course.gradebook.class_folder import ClassFolder
from course.gradebook.finals import finals
from course.gradebook.table import read_grades, write_grades
from course.paths import REPO, BadUsage, CourseError

LESSON = "01_sums"
DUE = datetime(2026, 3, 1, 12)


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture
def per_day(monkeypatch):
    """nbgrader_config.py asks for 10 % per day."""
    settings = Config({"AssignLatePenalties": {"plugin_class": "course.gradebook.late.PerDay"}})
    monkeypatch.setattr(penalties, "nbgrader_settings", lambda: settings)


@pytest.fixture
def marked(class_root):
    """The class with all answers marked by hand."""
    folder = ClassFolder(class_root)
    rows = marks.waiting(read_grades(folder))
    path = class_root / "manual.csv"
    path.write_text(
        "student,lesson,cell,points\n"
        + "".join(f"{row['student']},{LESSON},{row['cell']},3\n" for row in rows)
    )
    assert marks.mark(folder, path) == (5, 0)
    return class_root


def test_without_a_due_date_nobody_is_late(class_root, per_day):
    done = export.export(ClassFolder(class_root))
    assert (done.folder, done.late) == (class_root / "export", 0)
    assert sorted(path.name for path in done.folder.iterdir()) == [
        "blackboard.csv",
        "canvas.csv",
        f"moodle-{LESSON}.csv",
        "nbgrader.csv",
        "open.csv",
    ]


def test_moodle_gets_a_row_for_each_student_with_the_final_mark(marked, per_day, due):
    due(marked, DUE, bob={"first_name": "Bob", "last_name": "Ng", "email": "bob@x.org"})
    assert export.export(ClassFolder(marked)).late == 1
    rows = read(marked / "export" / f"moodle-{LESSON}.csv")
    assert rows[0] == [
        "Username", "First name", "Last name", LESSON, f"{LESSON} (feedback)", "Status"
    ]  # fmt: skip
    found = {row[0]: row[1:] for row in rows[1:]}
    assert list(found) == ["ada", "bob", "cyd", "dan", "eve", "fay", "gil"]
    assert found["ada"] == ["", "", "8", "8 of 8 points", "final"]
    # Two days late have begun: a fifth of 8 points.
    words = "8 of 8 points, less 1.6 for being late"
    assert found["bob"] == ["Bob", "Ng", "6.4", words, "final"]
    assert found["fay"][2] == "0"


def test_canvas_gets_its_own_columns_then_the_points_then_the_students(marked, per_day, due):
    due(marked, DUE, bob={"first_name": "Bob", "last_name": "Ng", "lms_user_id": "4711"})
    export.export(ClassFolder(marked))
    head, possible, *students = read(marked / "export" / "canvas.csv")
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", LESSON]
    assert possible == ["    Points Possible", "", "", "", "", "8"]
    found = {row[3]: row for row in students}
    assert found["bob"] == ["Ng, Bob", "4711", "", "bob", "", "6.4"]
    assert found["ada"] == ["ada", "", "", "ada", "", "8"]


def test_what_waits_for_a_reader_is_named_and_said_in_each_file(class_root):
    done = export.export(ClassFolder(class_root))
    waits = ["ada", "bob", "cyd", "eve", "gil"]
    assert [(each.student, each.lesson, each.cell) for each in done.open] == [
        (student, LESSON, "explain_sum") for student in waits
    ]
    assert export.told(done.open) == [
        f"{LESSON} explain_sum of {', '.join(waits)}: waits to be marked by hand"
    ]
    assert [row[:3] for row in read(done.folder / "open.csv")[1:]] == [
        [student, LESSON, "explain_sum"] for student in waits
    ]
    head, *rows = read(done.folder / "nbgrader.csv")
    assert head[-1] == "status"
    assert {row[3] for row in rows if row[-1]} == set(waits)
    moodle = {row[0]: row[3] for row in read(done.folder / f"moodle-{LESSON}.csv")[1:]}
    assert moodle == {**dict.fromkeys(waits, "-"), "dan": "0", "fay": "0"}


def test_a_mark_given_in_formgrader_is_final_before_the_class_is_graded_again(class_root):
    with Gradebook(f"sqlite:///{class_root / 'gradebook.db'}", "") as gradebook:
        grade = gradebook.find_grade("explain_sum", LESSON, LESSON, "ada")
        grade.manual_score, grade.needs_manual_grade = 2, False
        gradebook.db.commit()
    found = {each.student: each for each in finals(ClassFolder(class_root))}
    assert found["ada"].is_final and found["ada"].mark == 7 and not found["bob"].is_final


def test_final_means_final(class_root, marked):
    folder = ClassFolder(class_root)
    rename(folder, ada="=ada")
    with pytest.raises(BadUsage, match=r"nothing was exported:\n'=ada': left out of") as told:
        export.export(folder, final=True)
    assert told.value.status == 2 and not folder.export.exists()
    rename(folder, **{"=ada": "ada"})
    assert not export.export(folder, final=True).open
    assert not (folder.export / "open.csv").exists()


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
    assert export.export(ClassFolder(class_root)).late == 0
    assert [each.mark for each in finals(ClassFolder(class_root)) if each.student == "bob"] == [5]


def test_nbgraders_own_plugin_takes_nothing_off(class_root, due, monkeypatch):
    monkeypatch.setattr(penalties, "nbgrader_settings", Config)
    due(class_root, DUE)
    assert {each.penalty for each in finals(ClassFolder(class_root))} == {0}


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


def rename(folder, **names):
    """Gives students other ids in all that a class's folder holds."""
    rows = read_grades(folder)
    with closing(sqlite3.connect(folder.gradebook)) as database, database:
        for old, new in names.items():
            database.execute("update student set id = ? where id = ?", (new, old))
            database.execute(
                "update submitted_assignment set student_id = ? where student_id = ?", (new, old)
            )
            for where in (folder.submitted, folder.autograded):
                (where / old).rename(where / new)
    write_grades(
        folder, [{**row, "student": names.get(row["student"], row["student"])} for row in rows]
    )


def test_nbgraders_own_table_is_nbgraders_own(marked, per_day, due, run_nbgrader):
    due(marked, DUE, bob={"first_name": "Bob", "last_name": "Ng"}, ada={"last_name": "Müller"})
    with Gradebook(f"sqlite:///{marked / 'gradebook.db'}", "") as gradebook:
        gradebook.update_or_create_assignment("00_never_handed_in", duedate=DUE)
        gradebook.update_or_create_student("zoe", email="zoe@x.org")
        gradebook.find_submission(LESSON, "ada").extension = timedelta(hours=1)
        gradebook.find_grade("test_double", LESSON, LESSON, "cyd").extra_credit = 0.25
        gradebook.db.commit()
    export.export(ClassFolder(marked))
    run_nbgrader(marked, "export", "--to=theirs.csv")
    theirs = (marked / "theirs.csv").read_bytes()
    assert theirs.count(b"\n") == 17 and b".25," in theirs and b",1.6," in theirs
    assert (marked / "export" / "nbgrader.csv").read_bytes() == theirs


def test_a_comma_in_a_name_shifts_nothing(class_root, due):
    names = {"first_name": 'A "B"', "last_name": "Ng, jr", "email": "=1+1"}
    due(class_root, None, ada=names)
    export.export(ClassFolder(class_root))
    head, *rows = read(class_root / "export" / "nbgrader.csv")
    (ada,) = (dict(zip(head, row, strict=True)) for row in rows if "ada" in row)
    assert [ada[name] for name in ("first_name", "last_name", "email", "raw_score")] == [
        'A "B"', "Ng, jr", "'=1+1", "5.0"
    ]  # fmt: skip
    found = {row[3]: row[0] for row in read(class_root / "export" / "canvas.csv")}
    assert found["ada"] == 'Ng, jr, A "B"'


@pytest.mark.parametrize("text", ["soon", "01.03.2026 10:00", "2026-03-03 09:00 PST"])
def test_an_unclear_time_leaves_the_penalty_open_until_it_is_mended(marked, per_day, due, text):
    due(marked, DUE)
    folder = ClassFolder(marked)
    assert export.export(folder).late == 1
    path = folder.submitted / "bob" / LESSON / "timestamp.txt"
    path.write_text(text)
    done = export.export(folder)
    (said,) = done.open
    assert (said.student, done.late) == ("bob", 0) and "Write it like" in said.why
    moodle = {row[0]: row[3:] for row in read(done.folder / f"moodle-{LESSON}.csv")}
    assert moodle["bob"] == ["-", "8 of 8 points so far", "not known whether it was late"]
    path.write_text("2026-03-03 10:00 +0100")
    done = export.export(folder, final=True)
    assert (done.late, done.open) == (1, [])


def test_an_unclear_time_does_not_matter_where_nothing_is_due(marked, per_day):
    folder = ClassFolder(marked)
    (folder.submitted / "bob" / LESSON / "timestamp.txt").write_text("soon")
    assert not export.export(folder, final=True).open


def test_a_second_hand_in_without_the_file_is_not_late_like_the_first(marked, per_day, due):
    due(marked, DUE)
    folder = ClassFolder(marked)
    assert export.export(folder).late == 1
    (folder.submitted / "bob" / LESSON / "timestamp.txt").unlink()
    done = export.export(folder, final=True)
    assert done.late == 0
    # What was handed in may lie elsewhere by now: then the gradebook's own time stays.
    (folder.submitted / "ada" / LESSON / "timestamp.txt").write_text("2026-03-09 09:00 UTC")
    assert export.export(folder).late == 1
    (folder.submitted / "ada").rename(marked / "elsewhere")
    assert export.export(folder).late == 1


def test_nbgrader_works_on_a_classes_folder_without_its_environment_on_path(
    class_root, class_source, tmp_path
):
    """Its source is beside its configuration; its `alembic`, beside its Python."""
    course = tmp_path / "course"
    shutil.copytree(class_source, course / "source")
    shutil.copy(REPO / "nbgrader_config.py", course)
    done = subprocess.run(
        [
            f"{Path(sys.executable).parent}/nbgrader", "generate_feedback", LESSON, "--student=ada",
            f"--CourseDirectory.root={class_root}",
        ],
        cwd=course,
        env={**os.environ, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert (class_root / "feedback" / "ada" / LESSON / f"{LESSON}.html").is_file()
