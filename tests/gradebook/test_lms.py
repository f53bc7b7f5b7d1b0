"""What Moodle, Canvas and Blackboard import of the tables is what was earned."""

import csv

import pytest

from course.gradebook import export, lms
from course.gradebook.finals import Entry, Final, Student
from course.paths import BadUsage, CourseError
from tests.gradebook import importers

ODD_NAMES = [
    ("Ada", "Lovelace, Countess"),
    ("Jürgen \N{SNOWMAN}", 'Müller "Jojo"'),
    ("=cmd|' /C calc'!A0", "@SUM(1+1)"),
    ("+1", "-2"),
    ("\tTab", "Two\nlines\r\nmore"),
    ("Back\\", '\\"slash;semicolon'),
    ("", ""),
]
LOGINS = [
    "ada",
    "jürgen.müller@uni.example",
    "a,b",
    "a b",
    "o'neil",
    "007",
    "12345678",
    "x;y",
    "'q",
]
NO_LOGINS = ["=cmd", "+49170", "-x", "@y", "\tz", "bob ", " bob", "a\nb", 'q"q', "b\\", "\uff1dx"]
NO_CANVAS = ["12.34.56", "1,5", "12."]


def final(student, lesson="02_kmeans", score=1.0, **more):
    who = student if isinstance(student, Student) else Student(student)
    return Final(
        who, lesson, more.pop("most", 8.0), Entry(None, score, more.pop("late", 0)), **more
    )


@pytest.fixture
def write(tmp_path):
    """A function that writes the tables, and returns where they lie."""

    def write(table, like=()):
        for name, rows in export._for_platforms(table, like).items():
            export._write(tmp_path / name, rows, all_quoted=name == export.BLACKBOARD)
        return tmp_path

    return write


@pytest.fixture
def class_of_odd_names():
    """Each login once, with each name once, and marks that are all different."""
    return [
        final(Student(login, *ODD_NAMES[number % len(ODD_NAMES)]), score=number / 4)
        for number, login in enumerate(LOGINS)
    ]


def test_each_platform_reads_each_mark_whatever_the_names(write, class_of_odd_names):
    folder = write(class_of_odd_names)
    earned = {each.student: each.mark for each in class_of_odd_names}
    assert (
        importers.moodle(folder / "moodle-02_kmeans.csv", "Username", "02_kmeans", earned) == earned
    )
    points, given, unknown = importers.canvas(folder / "canvas.csv", earned)
    assert points == {"02_kmeans": "8"} and not unknown
    assert given == {(student, "02_kmeans"): mark for student, mark in earned.items()}
    given = importers.blackboard(folder / "blackboard.csv", earned, {})
    assert given == {(student, "new: 02_kmeans"): mark for student, mark in earned.items()}


def test_no_cell_is_a_formula(write, class_of_odd_names):
    folder = write([*class_of_odd_names, *map(final, NO_LOGINS)])
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))] == []
        # A lone minus is Moodle's way to say that there is no mark.
        assert [cell for cell in cells if cell.startswith("-") and cell != "-"] == []


@pytest.mark.parametrize("student", NO_LOGINS)
def test_an_id_that_no_platform_has_is_left_out_by_name(write, student):
    table = [final("ada"), final(student, score=3)]
    folder = write(table)
    assert importers.moodle(folder / "moodle-02_kmeans.csv", "Username", "02_kmeans", ["ada"]) == {
        "ada": 1
    }
    assert importers.canvas(folder / "canvas.csv", ["ada"])[2] == []
    assert len(importers.blackboard(folder / "blackboard.csv", ["ada", student], {})) == 1
    (left_out,) = export._open(table)
    assert left_out.student == student and "left out of the platforms' tables" in left_out.why


@pytest.mark.parametrize("student", NO_CANVAS)
def test_an_id_that_canvas_would_rewrite_is_not_given_to_it(write, student):
    folder = write([final("ada"), final(student, score=3)])
    assert importers.canvas(folder / "canvas.csv", ["ada"])[2] == []
    grades = importers.moodle(
        folder / "moodle-02_kmeans.csv", "Username", "02_kmeans", ["ada", student]
    )
    assert grades[student] == 3
    (left_out,) = export._open([final(student)])
    assert "left out of canvas.csv" in left_out.why


def test_the_rule_for_canvas_is_the_importers():
    for student in [*LOGINS, *NO_CANVAS, "1.5", "1.5%", "20,5%", "...", "-3", "4."]:
        if not lms.not_a_login(student):
            same = importers._canvas_number(student) == student
            assert same is not bool(lms.not_for_canvas(student)), student


def test_moodle_names_users_only_by_what_all_have():
    """Otherwise it gives a mark to the user of the row before."""
    some = [final(Student("ada", email="ada@x.org", lms_id="1")), final(Student("bob", lms_id="2"))]
    assert lms.moodle(some)[0][:3] == ("Username", "ID number", "First name")
    every = [final(Student("ada", email="ada@x.org")), final(Student("bob", email="bob@x.org"))]
    assert lms.moodle(every)[0][:3] == ("Username", "Email address", "First name")
    shared = [final(Student("ada", email="a@x.org")), final(Student("bob", email="a@x.org"))]
    assert lms.moodle(shared)[0][:2] == ("Username", "First name")


def test_a_mark_that_is_not_final_is_left_out_and_said(write):
    table = [
        final("ada", score=5, waiting=("explain_a", "explain_b")),
        final("bob", score=6, unclear="timestamp.txt says 'x'."),
        final("cyd", score=7),
    ]
    folder = write(table)
    students = [each.student for each in table]
    expected = {"ada": None, "bob": None, "cyd": 7}
    path = folder / "moodle-02_kmeans.csv"
    assert importers.moodle(path, "Username", "02_kmeans", students) == expected
    with path.open(encoding="utf-8", newline="") as file:
        said = {row["Username"]: row["Status"] for row in csv.DictReader(file)}
    assert said == {
        "ada": "waits to be marked by hand: explain_a explain_b",
        "bob": "not known whether it was late",
        "cyd": "final",
    }
    given = importers.canvas(folder / "canvas.csv", students)[1]
    assert {student: mark for (student, _), mark in given.items()} == expected
    given = importers.blackboard(folder / "blackboard.csv", students, {})
    assert {student: mark for (student, _), mark in given.items()} == expected
    told = "\n".join(export.told(export._open(table)))
    assert "02_kmeans explain_a of ada: waits to be marked by hand" in told
    assert "02_kmeans of bob: not known when it was handed in: timestamp.txt says 'x'." in told


def test_many_are_named_in_part_and_listed_in_full():
    found = [final(f"s{number:03}", waiting=("explain_a",)) for number in range(400)]
    (line,) = export.told(export._open(found))
    assert "s009 and 390 more" in line and "s010" not in line
    assert len(export._open(found)) == 400


CANVAS_DOWNLOAD = (
    "Student,ID,SIS User ID,SIS Login ID,Section,02_kmeans (1234),Other (99),Current Score\n"
)
BLACKBOARD_DOWNLOAD = (
    "Last Name\tFirst Name\tUsername\tStudent ID\tLast Access\tAvailability"
    "\t02_kmeans [Total Pts: 8 Score] |660463\tWeighted Total [Total Pts: up to 8 Score] |7\n"
)


def test_columns_go_by_the_ids_of_a_downloaded_gradebook(write, tmp_path):
    ours, theirs = tmp_path / "c.csv", tmp_path / "gc.xls"
    ours.write_text(CANVAS_DOWNLOAD, encoding="utf-8-sig")
    theirs.write_text(BLACKBOARD_DOWNLOAD, encoding="utf-16")
    folder = write([final("ada"), final("ada", "03_em")], [ours, theirs])
    given = importers.canvas(folder / "canvas.csv", ["ada"], {"02_kmeans": 1234}.items())[1]
    assert given == {("ada", "02_kmeans"): 1, ("ada", "03_em"): 1}
    with (folder / "canvas.csv").open(encoding="utf-8") as file:
        assert next(csv.reader(file))[5:] == ["02_kmeans (1234)", "03_em"]
    given = importers.blackboard(folder / "blackboard.csv", ["ada"], {"660463": "k-means"})
    assert given == {("ada", "k-means"): 1, ("ada", "new: 03_em"): 1}


def test_a_gradebook_without_a_lesson_is_refused(tmp_path):
    path = tmp_path / "gc.csv"
    with pytest.raises(BadUsage, match="There is no file"):
        lms.headings(path, ["02_kmeans"])
    path.write_text("Student,ID,Essay (12)\n")
    with pytest.raises(CourseError, match=r"no column for a lesson.*02_kmeans"):
        lms.headings(path, ["02_kmeans"])
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CourseError, match="cannot be read as a table"):
        lms.headings(path, ["02_kmeans"])
    path.write_bytes(b"")
    with pytest.raises(CourseError, match="no column for a lesson"):
        lms.headings(path, ["02_kmeans"])


def test_canvas_leaves_a_lesson_empty_that_was_not_handed_in():
    table = [final("ann", "01_a"), final("ann", "02_b", 2.3456), final("ben", "02_b", 3.0)]
    rows = lms.canvas(table)
    assert rows[2][5:] == ("1", "2.35") and rows[3][5:] == ("", "3")
