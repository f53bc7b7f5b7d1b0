"""Tries answers against the tests of their exercises, in the grader that grades students."""

import tempfile
import time
from dataclasses import dataclass
from types import SimpleNamespace

import nbformat
from joblib import Parallel, delayed

from course.grading.intake import grade_id, is_autotest, is_setup
from course.grading.run import TIMEOUT, run
from course.grading.verdict import normalise, stopped_cells, verdict
from course.lint import exercise_of
from course.paths import SOURCE, notebook_path


@dataclass(frozen=True)
class Judged:
    """What an answer got.

    Attributes
    ----------
    tests : dict of str to (float, str)
        For each test cell of the exercise, the points and the message.
    seconds : float
        How long it took.
    """

    tests: dict
    seconds: float

    @property
    def points(self):
        return sum(points for points, _ in self.tests.values())

    @property
    def messages(self):
        return [message for _, message in self.tests.values() if message]


def judge(lesson, answers, *, jobs=2, seconds=TIMEOUT, source=SOURCE):
    """Grade answers of one lesson, each as the only one of its notebook.

    Parameters
    ----------
    lesson : str
    answers : sequence of course.bank.Answer
    jobs : int
        How many are graded at once.
    seconds : float
        What a cell may take.
    source : Path
        The folder of the instructor's notebooks.

    Returns
    -------
    dict of course.bank.Answer to Judged
    """
    frame = nbformat.read(notebook_path(source, lesson), as_version=4)
    frames = {name: _only(frame, name) for name in {answer.exercise for answer in answers}}
    judged = Parallel(n_jobs=jobs)(
        delayed(_grade)(frames[answer.exercise], answer.source, seconds) for answer in answers
    )
    return dict(zip(answers, judged, strict=True))


def cells_by_exercise(lesson, source=SOURCE):
    """The test cells of each exercise of a lesson, by the exercise's name."""
    frame = nbformat.read(notebook_path(source, lesson), as_version=4)
    tests = {}
    for cell in frame.cells:
        if is_autotest(cell):
            tests.setdefault(exercise_of(grade_id(cell)), []).append(cell)
    return tests


def points_of(tests):
    """What test cells are worth together."""
    return sum(float(cell.metadata.nbgrader.points) for cell in tests)


def _only(frame, exercise):
    """The lesson's notebook with nothing but one exercise: setup, solution, tests."""
    small = nbformat.from_dict(frame)
    small.cells = [
        cell
        for cell in small.cells
        if is_setup(cell)
        or grade_id(cell) == exercise
        or (is_autotest(cell) and exercise_of(grade_id(cell)) == exercise)
    ]
    return small


def _grade(frame, source, seconds):
    notebook = nbformat.from_dict(frame)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = source
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as empty:
        graded = normalise(run(notebook, cwd=empty, timeout=seconds))
    elapsed = time.perf_counter() - begin
    stopped = stopped_cells(graded)
    tests = {}
    for cell in graded.cells:
        if is_autotest(cell):
            score = 0.0 if grade_id(cell) in stopped else float(cell.metadata.nbgrader.points)
            _, message = verdict(cell, _automatic(score, cell), stopped=stopped)
            tests[grade_id(cell)] = (score, message)
    return Judged(tests, elapsed)


def _automatic(score, cell):
    """What the verdict asks of nbgrader's own record of a cell."""
    return SimpleNamespace(
        score=score,
        auto_score=score,
        manual_score=None,
        max_score=float(cell.metadata.nbgrader.points),
    )
