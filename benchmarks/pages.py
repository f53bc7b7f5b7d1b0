"""The pages of a large class: feedback and report, wall time and memory of the whole run."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from benchmarks.grading import _children, _each_wrong_once, _hand_in, _proportional, _quiet
from benchmarks.measure import Figure
from course.authoring.quiet import quiet
from course.gradebook.class_folder import ClassFolder, Submission
from course.gradebook.ledger import ready
from course.gradebook.table import write_grades
from course.isolation.lines import cool_down
from course.paths import SOURCE, notebook_path

LESSON = "02_kmeans"
GRADED, CLASS = 8, 400
# Seconds, and megabytes of all processes together, shared pages counted once.
MOST = {"feedback": 120, "report": 60}
MOST_MEMORY = 1_000


def large_class(root, size=CLASS):
    """A class of which a few are graded, and the others have handed in the same."""
    _hand_in(root, LESSON, _each_wrong_once(LESSON, GRADED))
    _quiet(root, LESSON)
    cool_down()
    folder = ClassFolder(root)
    graded = [folder.graded(f"s{n:02}", LESSON) for n in range(GRADED)]
    source = nbformat.read(notebook_path(SOURCE, LESSON), as_version=4)
    rows = []
    with quiet(folder.log), ready(folder, SOURCE, {LESSON: source}) as ledger:
        for number in range(size):
            student = f"s{number:02}"
            place = folder.submitted / student / LESSON
            place.mkdir(parents=True, exist_ok=True)
            submission = Submission(student, LESSON, place)
            rows += ledger.record(nbformat.from_dict(graded[number % GRADED]), submission)
    write_grades(folder, rows)


def pages():
    """Feedback, the same again with nothing changed, and the report, each as a command."""
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        large_class(Path(folder))
        for name, command in (
            ("feedback", "feedback"),
            ("feedback, nothing changed", "feedback"),
            ("report", "report"),
        ):
            wall, peak = _watched([sys.executable, "-m", "course", command, "--root", folder])
            most = MOST[command]
            what = f"a class of {CLASS}: {name}"
            figures += [
                Figure(what, wall, most, "s", wall / most, "<= 1"),
                Figure(f"{what}, memory", peak, MOST_MEMORY, "MB", peak / MOST_MEMORY, "<= 1"),
            ]
    return figures


def _watched(words):
    """Seconds and the peak of the memory of a command and all that it starts."""
    began, peak = time.perf_counter(), 0
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        mine = [process.pid, *_children(process.pid)]
        peak = max(peak, sum(_proportional(each) for each in mine))
        time.sleep(0.2)
    if process.returncode:
        raise RuntimeError(f"{words} ended with status {process.returncode}")
    return time.perf_counter() - began, peak


ALL = (pages,)
