"""A class with every kind of submission: each gets what it earned, and so does its neighbour."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from html.parser import HTMLParser
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook

from course.gradebook.class_folder import ClassFolder
from course.gradebook.ledger import Ledger
from course.gradebook.table import read_rows, write_grades
from course.grading import pool
from course.grading.grade import grade_class
from course.notebooks.cells import grade_id
from course.notebooks.verdict import TRIED_TWICE, points_text
from course.paths import REPO
from course.reports.feedback import write_feedback

CELLS = ("test_double", "test_total", "test_total__empty", "explain_sum")
FULL = {
    "test_double": ("2", "passed", ""),
    "test_total": ("1.5", "passed", ""),
    "test_total__empty": ("1", "passed", ""),
}
SECRET = "double(21) == 42"
MANUAL = ("0", "manual", "Waits to be marked by hand.")
EMPTY = ("0", "missing", "Not answered.")
RIGHT = {**FULL, "explain_sum": MANUAL}


def edited(notebook, change):
    """A copy of a notebook after `change(cells by name, all cells)`."""
    copy = nbformat.from_dict(json.loads(json.dumps(notebook)))
    change({grade_id(cell): cell for cell in copy.cells}, copy.cells)
    return copy


def old_format(notebook):
    """The notebook in nbformat 3."""
    cells = [
        nbformat.v3.new_code_cell(input=cell.source, metadata=cell.metadata)
        if cell.cell_type == "code"
        else nbformat.v3.new_text_cell("markdown", cell.source, metadata=cell.metadata)
        for cell in notebook.cells
    ]
    old = nbformat.v3.new_notebook(worksheets=[nbformat.v3.new_worksheet(cells=cells)])
    return nbformat.v3.writes_json(old).encode()


def active_parts(page):
    """The scripts and event handlers in an HTML page."""
    found = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag, attributes):
            if tag in ("script", "iframe", "object", "embed"):
                found.append(tag)
            found.extend(name for name, _ in attributes if name.startswith("on"))

    Parser().feed(page)
    return found


def refused(reason):
    return {cell: ("0", "missing", reason) for cell in CELLS}


def unsolved(*cells):
    return {cell: ("0", "failed", "The exercise has not been solved yet.") for cell in cells}


HOSTILE_HTML = (
    "from IPython.display import HTML, display\n"
    "display(HTML('<script>alert(1)</script><img src=x onerror=alert(2)>'))\n"
    "def double(x):\n    print(In[-1])\n    return 2 * x"
)


def submissions(answer, released):
    """Each student's submission (a notebook, bytes, None), and the rows that it must get."""
    right = answer()

    def change(function):
        return edited(right, function)

    def tamper(cells, _):
        cells["test_double"].metadata.nbgrader.update(points=100, locked=False)
        cells["test_double"].source = "pass"
        cells["test_total"].metadata.nbgrader.grade_id = "test_other"

    def copied(cells, everything):
        everything.append({**cells["test_double"], "source": "pass"})

    def tag(cells, _):
        cells["test_double"].metadata.tags = ["skip-execution"]
        cells["double"].source = "def double(x):\n    return x"

    def version(cells, _):
        cells["test_double"].metadata.nbgrader.schema_version = 99

    def retype(cells, everything):
        cells["test_double"].cell_type = "markdown"
        cells["double"].source = "def double(x):\n    return 5"

    def delete(cells, everything):
        everything.remove(cells["test_double"])
        everything.remove(cells["test_total"])
        cells["double"].source = "def double(x):\n    return 5"

    wrong = ("0", "failed", "double(2) is not 4")
    return {
        "ada": (right, RIGHT),
        "blank": (
            released,
            {**unsolved("test_double", "test_total", "test_total__empty"), "explain_sum": EMPTY},
        ),
        "wrong hidden": (
            answer(double="def double(x):\n    return 4"),
            {**RIGHT, "test_double": ("0", "failed", "double(21) is not 42")},
        ),
        "error": (
            answer(double="def double(x):\n    return x + None"),
            {
                **RIGHT,
                "test_double": (
                    "0",
                    "error",
                    "TypeError: unsupported operand type(s) for +: 'int' and 'NoneType'",
                ),
            },
        ),
        "json": (b"{", refused("`01_sums.ipynb` is not a notebook: it is not valid JSON.")),
        "empty": (b"", refused("`01_sums.ipynb` is empty.")),
        "latin": ('{"a": "é"}'.encode("latin-1"), refused("`01_sums.ipynb` is not text in UTF-8.")),
        "nothing": (
            None,
            refused("There is no `01_sums.ipynb` in the submission, and no other notebook."),
        ),
        "old": (old_format(right), RIGHT),
        "copied": (change(copied), RIGHT),
        "deleted": (change(delete), {**RIGHT, "test_double": wrong}),
        "retyped": (change(retype), {**RIGHT, "test_double": wrong}),
        "skipped": (change(tag), {**RIGHT, "test_double": wrong}),
        "version99": (change(version), RIGHT),
        "tampered": (change(tamper), RIGHT),
        "loop": (
            answer(double="def double(x):\n    while True:\n        pass"),
            {
                **RIGHT,
                "test_double": (
                    "0",
                    "timeout",
                    f"The cell took longer than 2 seconds ({TRIED_TWICE}).",
                ),
            },
        ),
        "stubborn": (
            answer(
                double="def double(x):\n    while True:\n        try:\n"
                "            while True:\n                pass\n"
                "        except BaseException:\n            pass"
            ),
            {
                **RIGHT,
                "test_double": (
                    "0",
                    "timeout",
                    f"The cell took longer than 2 seconds ({TRIED_TWICE}).",
                ),
            },
        ),
        "exit": (
            answer(double="import os\nos._exit(0)"),
            {
                **RIGHT,
                "test_double": ("0", "killed", "Cell `double`: The cell ended the Python process."),
            },
        ),
        "warns": (
            answer(double="def double(x):\n    warnings.warn('old')\n    return 2 * x"),
            RIGHT,
        ),
        "prints": (
            answer(double="def double(x):\n    print('x' * 9_000_000)\n    return 5"),
            {**RIGHT, "test_double": wrong},
        ),
        "numpy": (
            answer(
                total="import numpy as np\ndef total(xs):\n    return np.float64(sum(xs))",
            ),
            RIGHT,
        ),
        "élodie [2] a.b": (right, RIGHT),
        "html": (answer(double=HOSTILE_HTML), RIGHT),
        "tells": (
            answer(
                double="def double(x):\n    if x > 20:\n        raise ValueError(In[-1])\n"
                "    return 2 * x"
            ),
            {**RIGHT, "test_double": ("0", "error", "ValueError")},
        ),
        "zoe": (right, RIGHT),
    }


@pytest.fixture(scope="module")
def graded(tmp_path_factory, answer, released, source, hand_in):
    """The class after grading."""
    root = tmp_path_factory.mktemp("class")
    expected = {}
    for student, (content, rows) in submissions(answer, released).items():
        hand_in(root, student, content)
        expected[student] = rows
    hand_in(root, "misnamed", answer(), name="sums (1).ipynb")
    expected["misnamed"] = RIGHT
    (root / "submitted" / "ada" / "99_unknown").mkdir()
    status = grade_class(ClassFolder(root), source=source, timeout=2, jobs=2)
    return SimpleNamespace(root=root, expected=expected, status=status, source=source)


@pytest.fixture
def ungraded(monkeypatch):
    """The submissions that are run from here on."""
    seen = []
    before = pool.at_work

    def watch(submissions, *rest):
        seen.extend(each.student for each in submissions)
        return before(submissions, *rest)

    monkeypatch.setattr(pool, "at_work", watch)
    return seen


@pytest.fixture(scope="module")
def pair(tmp_path_factory, graded):
    """Two of the graded class."""
    root = tmp_path_factory.mktemp("pair") / "class"
    shutil.copytree(graded.root, root, ignore=shutil.ignore_patterns("feedback"))
    with Gradebook(ClassFolder(root).gradebook_url, "") as gradebook:
        for folder in (root / "submitted").iterdir():
            if folder.name not in ("ada", "blank"):
                shutil.rmtree(folder)
                shutil.rmtree(root / "autograded" / folder.name)
                gradebook.remove_student(folder.name)
    rows = [row for row in read_rows(ClassFolder(root)) if row["student"] in ("ada", "blank")]
    write_grades(ClassFolder(root), rows)
    return root


@pytest.fixture
def small(tmp_path, pair):
    """A copy of the two that a test may change."""
    root = tmp_path / "class"
    shutil.copytree(pair, root)
    return root


def test_every_submission_gets_the_rows_that_it_earned(graded, read_grades):
    assert graded.status == 0
    rows = read_grades(graded.root)
    assert len(rows) == len(graded.expected) * len(CELLS)
    for student, cells in graded.expected.items():
        got = {
            cell: tuple(rows[student, cell][key] for key in ("points", "status", "message"))
            for cell in CELLS
        }
        assert got == cells, student


def test_rows_are_sorted_by_student_and_in_the_lessons_order(graded, read_grades):
    rows = list(read_grades(graded.root))
    assert rows == [(student, cell) for student in sorted(graded.expected) for cell in CELLS]
    first = (graded.root / "grades.csv").read_text().splitlines()[0]
    assert first == "student,lesson,cell,points,max_points,status,message"


def test_no_kernel_and_no_half_written_file_stays_behind(graded):
    left = {path.name for path in graded.root.iterdir()} - {"feedback"}
    assert left <= {"submitted", "autograded", "gradebook.db", "grades.csv", "grading.log"}


def test_a_second_run_runs_nothing_and_writes_the_same(graded, ungraded):
    before = (graded.root / "grades.csv").read_bytes()
    (graded.root / "grades.csv").unlink()
    assert grade_class(ClassFolder(graded.root), source=graded.source, timeout=2) == 0
    assert ungraded == []
    assert (graded.root / "grades.csv").read_bytes() == before


def test_force_runs_again_and_student_limits_it(small, graded, ungraded, read_grades):
    assert (
        grade_class(ClassFolder(small), source=graded.source, student="ada", force=True, jobs=1)
        == 0
    )
    assert ungraded == ["ada"]
    assert set(student for student, _ in read_grades(small)) == {"ada", "blank"}


def test_a_changed_submission_is_graded_again(
    small, graded, ungraded, hand_in, answer, read_grades
):
    hand_in(small, "ada", answer(total="def total(xs):\n    return 0"))
    assert grade_class(ClassFolder(small), source=graded.source, jobs=1) == 0
    assert ungraded == ["ada"]
    assert read_grades(small)["ada", "test_total"]["message"] == "total([1, 2]) is not 3"


def test_marks_given_by_hand_survive(small, graded, read_grades):
    with Gradebook(ClassFolder(small).gradebook_url, "") as gradebook:
        names = ("01_sums", "01_sums", "ada")
        gradebook.find_grade("explain_sum", *names).manual_score = 2.5
        gradebook.find_grade("test_double", *names).manual_score = 0
        gradebook.db.commit()
    assert (
        grade_class(ClassFolder(small), source=graded.source, student="ada", force=True, jobs=1)
        == 0
    )
    rows = read_grades(small)
    assert rows["ada", "explain_sum"]["points"] == "2.5"
    assert rows["ada", "explain_sum"]["status"] == "partial"
    assert rows["ada", "test_double"]["status"] == "failed"
    assert rows["ada", "test_total"]["status"] == "passed"


def test_a_late_submission_keeps_its_time(small, graded):
    (small / "submitted" / "ada" / "01_sums" / "timestamp.txt").write_text(
        "2030-01-02 03:04:05 UTC"
    )
    assert grade_class(ClassFolder(small), source=graded.source, jobs=1) == 0
    with Gradebook(ClassFolder(small).gradebook_url, "") as gradebook:
        assert gradebook.find_submission("01_sums", "ada").timestamp.year == 2030


def test_only_plain_files_come_along(small, graded, capsys):
    folder = small / "submitted" / "ada" / "01_sums"
    (folder / "data.txt").write_text("1")
    (folder / "link.txt").symlink_to("/etc/hostname")
    os.mkfifo(folder / "pipe")
    (folder / "timestamp.txt").write_bytes(b"\xff not a time")
    assert grade_class(ClassFolder(small), source=graded.source, jobs=1) == 0
    copied = {path.name for path in (small / "autograded" / "ada" / "01_sums").iterdir()}
    assert copied == {"01_sums.ipynb", "data.txt", "timestamp.txt"}
    # When it was handed in is asked about, also by a run with nothing to do.
    assert grade_class(ClassFolder(small), source=graded.source) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if "ada 01_sums" in line]
    assert len(told) == 2 and "Write it like 2027-01-31 18:30:00 +0100." in told[1]


def test_a_linked_folder_is_no_submission(small, graded, read_grades):
    (small / "submitted" / "thief").symlink_to("ada")
    assert grade_class(ClassFolder(small), source=graded.source, jobs=1) == 0
    assert read_grades(small)["thief", "test_double"]["status"] == "missing"
    assert read_grades(small)["ada", "test_double"]["status"] == "passed"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"lessons": ["77_none"]}, "no lesson '77_none'"),
        ({"student": "nobody"}, "student 'nobody'"),
        ({"student": "../ada"}, "student '../ada'"),
        ({"jobs": 0}, "--jobs must be 1 or more"),
    ],
)
def test_bad_usage_is_told_in_a_sentence(small, graded, capsys, arguments, words):
    assert grade_class(ClassFolder(small), source=graded.source, **arguments) == 2
    assert words in capsys.readouterr().err


def test_a_missing_folder_is_bad_usage(tmp_path, capsys):
    assert grade_class(ClassFolder(tmp_path / "none")) == 2
    assert grade_class(ClassFolder(tmp_path)) == 2
    assert "submitted" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"not a database at all, but some text", "half"])
def test_a_file_that_is_no_gradebook_is_left_alone(small, graded, capsys, content):
    path = small / "gradebook.db"
    if content == "half":
        import sqlite3

        path.unlink()
        with sqlite3.connect(path) as database:
            database.execute("create table grade (id int)")
        database.close()
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    assert grade_class(ClassFolder(small), source=graded.source) == 1
    error = capsys.readouterr().err
    assert "gradebook" in error and "Traceback" not in error
    assert path.read_bytes() == before


def test_a_cell_added_after_the_first_grading_is_followed(
    small, graded, tmp_path, capsys, read_grades
):
    source = tmp_path / "source"
    shutil.copytree(graded.source, source)
    path = source / "01_sums" / "01_sums.ipynb"
    notebook = nbformat.read(path, as_version=4)
    added = new_code_cell("assert True")
    added.metadata.nbgrader = {
        **notebook.cells[3].metadata.nbgrader,
        "grade_id": "test_more",
    }
    notebook.cells.append(added)
    nbformat.write(notebook, path)
    assert grade_class(ClassFolder(small), source=source) == 0
    assert "01_sums, new: test_more" in capsys.readouterr().out
    assert read_grades(small)["blank", "test_more"]["status"] == "passed"
    assert (small / "changes.csv").read_text().count("new in the lesson") == 2


def test_a_mark_of_which_nothing_else_is_left_leaves_the_table_with_a_word(
    small, graded, capsys, read_grades
):
    shutil.rmtree(small / "submitted" / "blank")
    shutil.rmtree(small / "autograded" / "blank")
    with Gradebook(ClassFolder(small).gradebook_url, "") as gradebook:
        gradebook.remove_student("blank")
    assert grade_class(ClassFolder(small), source=graded.source) == 0
    assert "No longer in grades.csv" in capsys.readouterr().err
    assert {student for student, _ in read_grades(small)} == {"ada"}
    assert (
        "blank,01_sums,test_double,0,2,,,nothing else of it was left"
        in (small / "changes.csv").read_text()
    )


def test_a_changed_test_grades_everyone_again(small, graded, tmp_path, ungraded, read_grades):
    source = tmp_path / "source"
    shutil.copytree(graded.source, source)
    path = source / "01_sums" / "01_sums.ipynb"
    path.write_text(path.read_text().replace("double(2) == 4", "double(2) == 5"))
    assert grade_class(ClassFolder(small), source=source) == 0
    assert ungraded == ["ada", "blank"]
    assert read_grades(small)["ada", "test_double"]["status"] == "failed"


def test_a_failure_of_ours_stops_no_one_else(small, graded, monkeypatch, read_grades, capsys):
    before = Ledger.record

    def fail(ledger, notebook, submission):
        if submission.student == "ada":
            raise RuntimeError("disk full")
        return before(ledger, notebook, submission)

    monkeypatch.setattr(Ledger, "record", fail)
    assert grade_class(ClassFolder(small), source=graded.source, force=True, jobs=1) == 1
    rows = read_grades(small)
    assert rows["ada", "test_double"]["status"] == "error"
    assert rows["ada", "test_double"]["points"] == "0"
    assert "disk full" in rows["ada", "test_double"]["message"]
    assert rows["blank", "test_double"]["status"] == "failed"
    assert "Traceback" not in capsys.readouterr().err


DRIVER = """
import sys
from course.gradebook.class_folder import ClassFolder
from course.grading.grade import grade_class
from course.notebooks.cells import grade_id
sys.exit(grade_class(ClassFolder(sys.argv[1]), source=sys.argv[2], jobs=1))
"""


def test_a_killed_run_goes_on_where_it_was(
    tmp_path, graded, hand_in, answer, ungraded, read_grades
):
    root = tmp_path / "class"
    students = ["a", "b", "c"]
    for student in students:
        hand_in(root, student, answer())
    command = [sys.executable, "-c", DRIVER, str(root), str(graded.source)]
    own = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=own) as driver:
        line = driver.stdout.readline()
        driver.send_signal(signal.SIGKILL)
    assert line.startswith("[1/3]"), line
    time.sleep(0.5)
    assert grade_class(ClassFolder(root), source=graded.source, jobs=1) == 0
    assert 1 <= len(ungraded) <= 2
    rows = read_grades(root)
    assert len(rows) == len(students) * len(CELLS)
    for (_, cell), row in rows.items():
        assert (row["points"], row["status"], row["message"]) == RIGHT[cell]


def test_a_worker_that_dies_costs_no_one_else_anything(small, graded, monkeypatch, read_grades):
    monkeypatch.setattr(pool, "work", _dying_work)
    assert grade_class(ClassFolder(small), source=graded.source, force=True, jobs=2) == 0
    rows = read_grades(small)
    assert rows["ada", "test_double"]["status"] == "killed"
    assert rows["blank", "test_double"]["message"] == "The exercise has not been solved yet."
    monkeypatch.undo()
    assert grade_class(ClassFolder(small), source=graded.source, force=True, jobs=2) == 0
    assert read_grades(small)["ada", "test_double"]["status"] == "passed"


_real_work = pool.work


def _dying_work(submission, *rest):
    if submission.student == "ada":
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.2)
    return _real_work(submission, *rest)


def test_a_dask_cluster_gives_the_same_marks(small, graded, read_grades):
    from distributed import LocalCluster

    before = read_grades(small)
    with LocalCluster(
        n_workers=1, threads_per_worker=2, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        address = cluster.scheduler_address
        assert (
            grade_class(ClassFolder(small), source=graded.source, force=True, scheduler=address)
            == 0
        )
    after = read_grades(small)
    assert after and after.items() <= before.items()
    assert (
        grade_class(ClassFolder(small), source=graded.source, force=True, scheduler="127.0.0.1:1")
        == 1
    )


def test_feedback_tells_the_student_and_shows_no_hidden_test(graded, capsys):
    assert write_feedback(ClassFolder(graded.root), source=graded.source) == 0
    pages = list((graded.root / "feedback").rglob("*.html"))
    assert len(pages) == 2 * len(graded.expected)
    for page in pages:
        text = page.read_text()
        assert SECRET not in text and "21) == 42" not in text, page
        assert not active_parts(text), page
        assert "default-src 'none'" in text
    index = (graded.root / "feedback" / "wrong hidden" / "index.html").read_text()
    assert "double(21) is not 42" in index and "Not right yet" in index
    assert "2.5 of 7.5" in index


def test_feedback_of_one_student_only(small, graded):
    assert write_feedback(ClassFolder(small), student="ada", source=graded.source) == 0
    assert [path.name for path in (small / "feedback").iterdir()] == ["ada"]
    assert write_feedback(ClassFolder(small), student="nobody", source=graded.source) == 2
    assert write_feedback(ClassFolder(small), ["77_none"], source=graded.source) == 2


def test_nbgraders_own_commands_give_the_same_marks(
    tmp_path, graded, answer, hand_in, released, run_nbgrader
):
    root = tmp_path / "plain"
    kept = ("skipped", "deleted", "version99")
    for student, (content, _) in submissions(answer, released).items():
        if student in kept:
            hand_in(root, student, content)
    shutil.copytree(graded.source, root / "source")
    shutil.copy(REPO / "nbgrader_config.py", root)
    run_nbgrader(root, "generate_assignment autograde generate_feedback", "01_sums")
    assert len(list((root / "feedback").rglob("*.html"))) == len(kept)
    with Gradebook(ClassFolder(root).gradebook_url, "") as gradebook:
        for student in kept:
            for cell in CELLS:
                points = gradebook.find_grade(cell, "01_sums", "01_sums", student).score
                assert points_text(points) == graded.expected[student][cell][0]
    for page in (root / "feedback").rglob("*.html"):
        assert "21) == 42" not in page.read_text()
