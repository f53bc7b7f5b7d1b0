"""Tries answers against the tests of their exercises, in the grader that grades students."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import SimpleNamespace

import nbformat
from joblib import Parallel, delayed

from course import scratch
from course.authoring.running import TIMEOUT, run
from course.grading.pool import local_workers
from course.notebooks.cells import (
    exercise_of,
    grade_id,
    is_autotest,
    is_setup,
    is_solution,
    points_of,
    setup_cells,
)
from course.notebooks.verdict import normalise, stopped_cells, verdict
from course.oracle.bank import Answer
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

    tests: dict[str, tuple[float, str]]
    seconds: float

    @property
    def points(self) -> float:
        """What it earned in all tests."""
        return sum(points for points, _ in self.tests.values())

    @property
    def messages(self) -> list[str]:
        """What it was told."""
        return [message for _, message in self.tests.values() if message]

    def says(self, phrase: str | None) -> bool:
        """Whether it was told that."""
        return phrase is not None and phrase in " | ".join(self.messages)


def judge(
    lesson: str,
    answers: Sequence[Answer],
    *,
    jobs: int = 2,
    seconds: float = TIMEOUT,
    together: int = 1,
    one_test: bool = False,
    prepare: Callable[[str, str], str] | None = None,
    source: Path = SOURCE,
) -> dict[Answer, Judged]:
    """Grade answers of one lesson.

    Parameters
    ----------
    lesson : str
    answers : sequence of Answer
    jobs : int
        How many notebooks are graded at once.
    seconds : float
        What a cell may take.
    together : int
        So many answers to an exercise may stand in one notebook, one after the other, each with
        its tests. That is faster.
    one_test : bool
        Put all tests in one cell, which ends at the first that fails. That is enough to know
        whether there is one.
    prepare : callable, optional
        ``prepare(exercise, test)``: the text of a test cell in place of the lesson's.
    source : Path
        The folder of the instructor's notebooks.

    Returns
    -------
    dict of Answer to Judged
    """
    frame = nbformat.read(notebook_path(source, lesson), as_version=4)
    names = {answer.exercise: None for answer in answers}
    frames = {name: _framed(frame, name, one_test, prepare) for name in names}
    groups = [
        group
        for name in names
        for group in _batched([each for each in answers if each.exercise == name], together)
    ]
    with local_workers():
        judged = Parallel(n_jobs=jobs)(
            delayed(_grade)(frames[group[0].exercise], [each.source for each in group], seconds)
            for group in groups
        )
    return dict(zip(chain(*groups), chain(*judged), strict=True))


def _framed(frame, name, one_test, prepare):
    """The notebook of one exercise; see `judge`."""
    small = _only(frame, name)
    if one_test:
        small = _with_one_test(small)
    if prepare:
        for cell in filter(is_autotest, small.cells):
            cell.source = prepare(name, cell.source)
    return small


def _batched(items, size):
    """The items in lists of at most `size`."""
    return [items[start : start + size] for start in range(0, len(items), size)]


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


def _with_one_test(notebook):
    """The notebook with the tests and the points of all test cells in one."""
    first, *others = [cell for cell in notebook.cells if is_autotest(cell)]
    first.metadata.nbgrader.points = sum(map(points_of, [first, *others]))
    first.source = "\n\n".join(cell.source for cell in [first, *others])
    notebook.cells = [cell for cell in notebook.cells if cell not in others]
    return notebook


def _grade(frame, sources, seconds):
    """What each answer gets; all run in one notebook, each after the one before was forgotten."""
    notebook = nbformat.from_dict(frame)
    setup = setup_cells(notebook)
    own = [cell for cell in notebook.cells if not is_setup(cell)]
    notebook.cells = setup
    for source in sources:
        cells = nbformat.from_dict(own)
        for cell in cells:
            if is_solution(cell):
                forget = f"globals().pop({grade_id(cell)!r}, None)\n\n"
                cell.source = forget + source if len(sources) > 1 else source
        notebook.cells = notebook.cells + cells
    begin = time.perf_counter()
    with scratch.folder("answer-") as empty:
        graded = normalise(run(notebook, cwd=empty, timeout=seconds))
    elapsed = time.perf_counter() - begin
    groups = _batched(graded.cells[len(setup) :], len(own))
    return [Judged(_results(group), elapsed / len(sources)) for group in groups]


def _results(cells):
    """For each test cell the points and the message."""
    stopped = stopped_cells(SimpleNamespace(cells=cells))
    results = {}
    for cell in cells:
        if is_autotest(cell):
            score = 0.0 if grade_id(cell) in stopped else points_of(cell)
            _, message = verdict(cell, _automatic(score, cell), stopped=stopped)
            results[grade_id(cell)] = (score, message)
    return results


def _automatic(score, cell):
    """What the verdict asks of nbgrader's own record of a cell."""
    return SimpleNamespace(
        score=score,
        auto_score=score,
        manual_score=None,
        max_score=points_of(cell),
    )
