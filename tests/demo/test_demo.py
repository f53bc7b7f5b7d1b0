"""The demo class gets exactly the marks that its work is worth, from us and from stock nbgrader."""

import csv
import html
import re
from collections import defaultdict

import nbformat
import pytest

from course import demo
from course.notebooks.cells import exercise_of, is_graded, nbgrader
from course.oracle import bank
from course.paths import SOURCE, notebook_path

FIRST, SECOND = demo.lessons()


def graded_cells(lesson):
    cells = nbformat.read(notebook_path(SOURCE, lesson), as_version=4).cells
    return [nbgrader(cell) for cell in cells if is_graded(cell)]


def full(lesson):
    """All that can be earned without a person's reading."""
    return sum(c.points for c in graded_cells(lesson) if not c.solution)


def worth(lesson, answers):
    """What the bank says that these answers are worth."""
    known = {answer.source: answer for answer in bank.load(lesson)}
    total = 0
    for exercise, source in answers.items():
        answer = known.get(source)
        if answer is not None and answer.kind == "wrong":
            total += answer.points
        else:
            total += sum(
                c.points
                for c in graded_cells(lesson)
                if not c.solution and exercise_of(c.grade_id) == exercise
            )
    return total


STUDENTS = {student.id: student for student in demo.the_class()}
LOST = ["chris-broken-file", "dana-empty-file"]
MENDED = [
    "eli-wrong-name",
    "fay-old-format",
    "gus-pasted-twice",
    "hal-deleted-test",
    "ivy-retyped-test",
    "kim-schema-99",
]
HONEST = ["ada", "emmy", "grace", "blaise", "carl", "pierre", "sofia", "thomas"]


@pytest.fixture(scope="module")
def rows(demo_class):
    with (demo_class / "grades.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def marks(rows):
    total = defaultdict(float)
    for row in rows:
        total[row["student"], row["lesson"]] += float(row["points"])
    return total


def test_the_table_has_the_contracts_columns_and_a_row_for_each_graded_cell(demo_class, rows):
    header = (demo_class / "grades.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == "student,lesson,cell,points,max_points,status,message"
    for student in STUDENTS.values():
        for lesson in student.answers:
            cells = [r["cell"] for r in rows if (r["student"], r["lesson"]) == (student.id, lesson)]
            assert cells == [c.grade_id for c in graded_cells(lesson)]


@pytest.mark.parametrize("student", HONEST)
def test_honest_work_earns_what_the_bank_says(marks, student):
    for lesson, answers in STUDENTS[student].answers.items():
        assert marks[student, lesson] == worth(lesson, answers), lesson


@pytest.mark.parametrize("student", ["ada", "emmy", "grace"])
def test_every_way_of_being_right_earns_full_marks(marks, student):
    assert [marks[student, lesson] for lesson in demo.lessons()] == [full(FIRST), full(SECOND)]


@pytest.mark.parametrize("student", MENDED)
def test_a_spoiled_frame_costs_nothing(marks, student):
    assert marks[student, SECOND] == full(SECOND)


@pytest.mark.parametrize("student", LOST)
def test_an_unreadable_submission_is_missing_with_a_reason(marks, rows, student):
    own = [row for row in rows if row["student"] == student]
    assert marks[student, SECOND] == 0
    assert {row["status"] for row in own} == {"missing"}
    assert all(len(row["message"]) > 20 for row in own)


def test_tests_tagged_to_be_skipped_are_run(marks):
    assert marks["jo-skips-tests", SECOND] == 0


@pytest.mark.parametrize(
    ("student", "status"), [("lou-endless-cell", "timeout"), ("max-leaves", "killed")]
)
def test_a_cell_that_cannot_be_finished_costs_its_own_exercise(marks, rows, student, status):
    first = next(iter(demo.reference(SECOND)))
    own = worth(SECOND, {first: demo.reference(SECOND)[first]})
    assert marks[student, SECOND] == full(SECOND) - own
    assert status in {"timeout", "killed"}
    lost = [row for row in rows if row["student"] == student and row["points"] == "0"]
    assert {exercise_of(row["cell"]) for row in lost if row["status"] != "manual"} == {first}


def test_the_half_finished_homework_learns_what_is_wrong(rows):
    own = {row["cell"]: row for row in rows if row["student"] == "robin"}
    assert own["test_get_cluster_centroids"]["status"] == "failed"
    assert "added into one number" in own["test_get_cluster_centroids"]["message"]
    assert own["test_kmeans"]["status"] in ("failed", "error")


def test_the_report_says_whose_answers_are_nearly_the_same(demo_class):
    text = (demo_class / "report" / "index.html").read_text(encoding="utf-8")
    found = text.partition('id="alike"')[2].partition("</section>")[0]
    assert "piet" in found and "robin" in found
    assert "ada" not in found


def test_every_lost_mark_has_a_message(rows):
    for row in rows:
        if float(row["points"]) < float(row["max_points"]) and row["status"] != "manual":
            assert row["message"], row


def test_feedback_has_a_page_for_each_student_and_no_hidden_line(demo_class):
    hidden = set()
    for lesson in demo.lessons():
        for cell in nbformat.read(notebook_path(SOURCE, lesson), as_version=4).cells:
            inside = cell.source.partition("### BEGIN HIDDEN TESTS\n")[2]
            hidden |= {line.strip() for line in inside.splitlines() if len(line.strip()) > 30}
    code = {line for line in hidden if not line.startswith(('"', 'f"'))}
    for student in STUDENTS:
        pages = list((demo_class / "feedback" / student).rglob("*.html"))
        assert demo_class / "feedback" / student / "index.html" in pages
        for page in pages:
            text = html.unescape(re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8")))
            assert not [line for line in code if line in text], page
