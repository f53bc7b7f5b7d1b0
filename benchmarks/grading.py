"""Grading a class beside stock `nbgrader autograde`, on the same submissions and machine."""

import contextlib
import csv
import functools
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from benchmarks.measure import Figure, seconds, side_by_side
from course import demo
from course.gradebook import record
from course.grading import work
from course.grading.grade import grade_class
from course.isolation.run import cool_down
from course.notebooks import solutions
from course.oracle import bank
from course.paths import RELEASE, SOURCE, notebook_path

SMALL = "01_small"
SETUP = "import matplotlib.pyplot as plt\nimport numpy as np\nfrom sklearn.cluster import KMeans"
ANSWER = "def double(x):\n    return 2 * np.asarray(x)"
TEST = "assert np.array_equal(double([1, 2]), [2, 4])"
HOSTILE = (
    "import os\nos._exit(0)",
    "while True:\n    pass",
    "import os\nfor _ in range(10**6):\n    os.fork()",
    "hog = [bytearray(10**8) for _ in range(10**4)]",
    "import numpy as np\nnp.array_equal = lambda *a: True\ndef double(x):\n    return x",
)


def _hand_in(root, lesson, students):
    """Writes a submission for each student: a dictionary of answers."""
    for student, answers in students.items():
        notebook = nbformat.read(notebook_path(RELEASE, lesson), as_version=4)
        path = notebook_path(root / "submitted" / student, lesson)
        path.parent.mkdir(parents=True)
        nbformat.write(solutions.fill_in(notebook, answers), path)


def _small_class(root, students):
    """A class on a lesson whose own cells take no time; the folder of its source."""
    cells = []
    for name, text, flags in (
        ("setup", SETUP, {"locked": True}),
        ("double", ANSWER, {"solution": True}),
        ("test_double", TEST, {"grade": True, "locked": True, "points": 1}),
    ):
        cells.append(new_code_cell(text, id=name))
        marks = {"grade": False, "solution": False, "locked": False, "schema_version": 3}
        cells[-1].metadata.nbgrader = {**marks, "task": False, "grade_id": name, **flags}
    source = notebook_path(root / "source", SMALL)
    source.parent.mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells), source)
    for student, answer in students.items():
        cells[1].source = answer
        path = notebook_path(root / "submitted" / student, SMALL)
        path.parent.mkdir(parents=True)
        nbformat.write(new_notebook(cells=cells), path)
    return root / "source"


def _quiet(root, *lessons, **how):
    """Grades a class without a word; fails if that failed."""
    with contextlib.redirect_stdout(io.StringIO()):
        if grade_class(root, lessons, force=True, **how) != 0:
            raise RuntimeError(f"grading failed: see {root}/grading.log")
    return (root / "grades.csv").read_text()


def _beside_stock(size, lesson, target):
    with tempfile.TemporaryDirectory() as folder:
        root, stock = Path(folder) / "ours", Path(folder) / "stock"
        answers = demo.reference(lesson)
        _hand_in(root, lesson, {f"student-{n:03}": answers for n in range(size)})
        shutil.copytree(root / "submitted", stock / "submitted")
        shutil.copytree(SOURCE / lesson, stock / "source" / lesson)
        (stock / "nbgrader_config.py").write_text("c = get_config()\nc.Execute.timeout = 600\n")
        path = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]

        def nbgrader(*arguments):
            subprocess.run(
                [sys.executable, "-m", "nbgrader", *arguments],
                cwd=stock,
                env={**os.environ, "PATH": path},
                check=True,
                capture_output=True,
            )

        def ours():
            words = ["grade", lesson, "--root", str(root), "--force"]
            subprocess.run(
                [sys.executable, "-m", "course", *words], check=True, capture_output=True
            )

        nbgrader("generate_assignment", lesson)
        return side_by_side(
            f"a class of {size} on {lesson}, beside stock nbgrader",
            ours,
            lambda: nbgrader("autograde", lesson, "--force"),
            target,
            runs=1,
        )


def a_class():
    """Whole classes: wall time of `course grade` and of `nbgrader autograde`, both from a shell."""
    return [
        _beside_stock(30, "02_kmeans", "<= 0.05"),
        _beside_stock(4, "11_perceptron_image_fit", "<= 0.1"),
    ]


def overhead():
    """What a submission costs beyond its own cells, by a lesson whose cells take no time."""
    size = 60
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        source = _small_class(root, {f"s{n:02}": ANSWER for n in range(size)})
        record.check_gradebook(root)
        with record.quiet(root), record.open_gradebook(root) as gradebook:
            record.prepare(SMALL, root, source)
            ledger = record.Ledger(gradebook, root, source)

            def one(number):
                student = f"s{number:02}"
                folder_of = root / "submitted" / student / SMALL
                submission = work.Submission(student, SMALL, folder_of)
                outcome = work.work(submission, source, {"timeout": 30})
                notebook = nbformat.reads(outcome.notebook, as_version=4)
                (row,) = ledger.record(notebook, SMALL, student)
                assert row["status"] == "passed", row

            for number in range(5):
                one(number)
            before = _cpu_seconds()
            wall = sorted(seconds(lambda n=n: one(n)) for n in range(5, size))
            time.sleep(0.5)  # the last one's processes end
            cpu = (_cpu_seconds() - before) / (size - 5)
        cool_down()
    wall = wall[len(wall) // 2]
    return [
        Figure("CPU per submission beyond its cells", cpu, 0.15, "s", cpu / 0.15, "<= 1"),
        Figure("a warm submission, handed in to marks written", wall, 1, "s", wall, "<= 1"),
    ]


def _cpu_seconds():
    """CPU time of this process and all that came from it and is still there or was waited for."""
    ticks = 0
    for pid in _children(os.getpid()):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(int(field) for field in fields[11:15])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def workers():
    """One worker and two, and how the marks are the same whatever the number."""
    figures = []
    for lesson, size in (("01_mixture_sampling", 40), ("11_perceptron_image_fit", 8)):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            _hand_in(root, lesson, _each_wrong_once(lesson, size))
            _quiet(root, lesson, jobs=2)  # joblib's processes are there from now on
            one, two = (
                seconds(functools.partial(_quiet, root, lesson, jobs=jobs)) for jobs in (1, 2)
            )
        name = f"{size} submissions of {lesson}, 1 worker to 2"
        figures.append(Figure(name, two, one, "s", one / two, ">= 1.8"))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _hand_in(root, "02_kmeans", _each_wrong_once("02_kmeans", 24))
        _hand_in(root, "01_mixture_sampling", {"a": demo.reference("01_mixture_sampling"), "b": {}})
        tables = {_quiet(root, jobs=(1, 2, 8)[n % 3]) for n in range(20)}
        same = Figure("different tables in 20 runs", len(tables), 1, "", len(tables), "<= 1")
    return [*figures, same]


def _each_wrong_once(lesson, size):
    """Students who each have another exercise wrong, or wrong in another way."""
    wrong = [answer for answer in bank.load(lesson) if answer.kind == "wrong"]
    reference = demo.reference(lesson)
    return {f"s{n:02}": {**reference, wrong[n].exercise: wrong[n].source} for n in range(size)}


def at_once():
    """Five hundred submissions, one in twenty hostile."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        students = {
            f"s{n:03}": HOSTILE[n // 20 % len(HOSTILE)] if n % 20 == 7 else ANSWER
            for n in range(500)
        }
        source = _small_class(root, students)
        begin = time.perf_counter()
        rows = list(csv.DictReader(io.StringIO(_quiet(root, source=source, timeout=3))))
        wall = time.perf_counter() - begin
        marks = {row["student"]: row["points"] for row in rows}
        wrong = sum(marks.get(s) != ("1" if a == ANSWER else "0") for s, a in students.items())
    return [
        Figure("of 500 at once, 5 % hostile: wrong or lost marks", wrong, 1, "", wrong, "<= 0"),
        Figure("the same: seconds a submission", wall / 500, 1, "s", wall / 500, ""),
    ]


def memory():
    """The memory of a worker and of all that it has started, shared pages counted once."""
    figures = []
    for lesson, limit in (("02_kmeans", 1000), ("11_perceptron_image_fit", 2000)):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            _hand_in(root, lesson, {f"s{n}": demo.reference(lesson) for n in range(4)})
            words = ["grade", lesson, "--root", str(root), "--jobs", "1"]
            process = subprocess.Popen(
                [sys.executable, "-m", "course", *words], stdout=subprocess.DEVNULL
            )
            peak = 0
            while process.poll() is None:
                workers = _children(process.pid)
                peak = max(peak, sum(_proportional(pid) for pid in workers))
                time.sleep(0.05)
        name = f"memory of a worker on {lesson}"
        figures.append(Figure(name, peak, limit, "MB", peak / limit, "<= 1"))
    return figures


def _children(pid):
    found = []
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            found += [int(child), *_children(int(child))]
    return found


def _proportional(pid):
    with contextlib.suppress(OSError, AttributeError):
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        return int(re.search(r"Pss:\s+(\d+)", text).group(1)) / 1024
    return 0.0


ALL = (a_class, overhead, workers, at_once, memory)
