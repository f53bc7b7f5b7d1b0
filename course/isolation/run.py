"""Runs a notebook: the student's cells on one side of the boundary, graded cells on the other.

The only thing that the rest of the course knows of it is `run`. A cell that never ends or that
takes its process down costs what hangs on that cell; everything else is still run.
"""

import functools
import os
import sys
import time
from collections.abc import Callable, Collection, Container
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from course import scratch
from course.isolation import archive, limited, lines
from course.isolation.faults import CellFailure, InternalFault
from course.isolation.lines import Lent, new_pair
from course.isolation.outputs import Share, error_output
from course.isolation.pairs import Pair
from course.isolation.refusals import refused
from course.isolation.settings import Kind, Settings
from course.notebooks.cells import grade_id, is_autotest, is_setup, plain_python, setup_cells
from course.notebooks.needed import learn, needed_cells
from course.paths import CourseError

TIMEOUT = 30
NOTEBOOK_TIMEOUTS = 20
# For finding out which cells need not run.
SECONDS, MEMORY = 10, 2**29


def run(
    notebook: Any,
    settings: Settings,
    *,
    cwd: str | os.PathLike[str],
    timeout: float = TIMEOUT,
    everything: bool = False,
    confine: str = "bwrap",
    native: bool = False,
    lent: Lent | None = None,
    needed: Collection[int] | None = None,
) -> Any:
    """A copy of `notebook` after its cells were run, each with its outputs.

    Of a cell that exceeded its time this is an error ``CellTimeout``, of one that ended its process
    ``KernelDied``.

    Parameters
    ----------
    notebook : NotebookNode
        As `assemble` makes it.
    settings : Settings
    cwd : path-like
        A folder; the cells run in a copy of it.
    timeout : float
        Seconds that one cell may take.
    everything : bool
        Run the demonstrations too, and draw pictures: in a pair of their own, after the marks.
    confine : str
        ``"bwrap"``, or ``"none"`` for submissions that are trusted.
    native : bool
        Start each process anew instead of forking it from a warm one.
    lent : tuple, optional
        Kind and address of another's warm process, to be used if it is of the kind needed here.
    needed : collection of int, optional
        The `needed_cells`, where they are known already.

    Raises
    ------
    CourseError
        If the sandbox or the lesson's setup fails; `InternalFault` if the grading itself does.
    """
    attempt = nbformat.from_dict(notebook)
    kind = kind_of(attempt, settings, confine, native)
    left_out = _left_out(attempt, needed)
    _mark_as_not_run(attempt, left_out)
    with archive.pack(cwd, settings.limits) as files:
        pair = functools.partial(new_pair, kind, lent, files)
        _run_all(attempt, pair, timeout, left_out, everything)
    return attempt


def _run_all(
    attempt: Any,
    pair: Callable[[bool], Pair],
    timeout: float,
    left_out: Container[int],
    everything: bool,
) -> None:
    """Runs what marks depend on, then, where that is asked for, all that students wrote or see."""
    first = _Run(attempt, functools.partial(pair, False), timeout, left_out)
    first.all_cells()
    if everything:
        shown = nbformat.from_dict(attempt)
        tests = {place for place, cell in enumerate(shown.cells) if is_autotest(cell)}
        again = functools.partial(pair, True)
        _Run(shown, again, timeout, tests, share=first.share).all_cells()
        _show(attempt, shown, left_out)


def _left_out(notebook: Any, needed: Collection[int] | None) -> set[int]:
    """The places of the cells that need not run; none where that cannot be found out."""
    if needed is None:
        learn(notebook)
        try:
            needed = limited.call(_needed, notebook, seconds=SECONDS, memory=MEMORY)
        except limited.Broken:
            return set()
    return set(range(len(notebook.cells))).difference(needed)


def _needed(notebook: Any) -> list[int]:
    return list(needed_cells(notebook))


def _show(notebook: Any, shown: Any, left_out: Container[int]) -> None:
    """Takes over what the demonstrations showed when they were run after the marks were fixed.

    Of a cell that had been run before, too, only what it drew and printed: whether it failed says
    what marks say, and so that stays.
    """
    for place, (cell, other) in enumerate(zip(notebook.cells, shown.cells, strict=True)):
        runs = cell.cell_type == "code" and not is_autotest(cell)
        if runs and (place in left_out or not (_failed(cell) or _failed(other))):
            cell.outputs = other.outputs


def _failed(cell: Any) -> bool:
    return any(output.output_type == "error" for output in cell.outputs)


def kind_of(
    notebook: Any, settings: Settings, confine: str = "bwrap", native: bool = False
) -> Kind:
    """What kind of warm process a notebook needs."""
    setup = [plain_python(cell.source) for cell in setup_cells(notebook)]
    setup += notebook.metadata.get("imports", [])
    return Kind(tuple(setup), confine, native or sys.platform == "darwin", settings)


def self_test(settings: Settings, confine: str = "bwrap", kind: Kind | None = None) -> None:
    """Runs one student's cell and one graded cell for real.

    Parameters
    ----------
    settings : Settings
    confine : str
        ``"bwrap"`` or ``"none"``.
    kind : Kind, optional
        Of the warm process to try, which is then used for submissions of that kind.

    Raises
    ------
    CourseError
        If no submission can be run here; the text says why, and what is needed.
    """
    answer, test = new_code_cell("answer = 6 * 7"), new_code_cell("assert answer == 42")
    test.metadata.nbgrader = {"grade_id": "test_answer", "grade": True, "locked": True, "points": 1}
    attempt = new_notebook(cells=[answer, test])
    tried = kind or kind_of(attempt, settings, confine)
    try:
        with scratch.folder("test-") as empty, archive.pack(empty, settings.limits) as files:
            pair = functools.partial(new_pair, tried, None, files, False)
            _Run(attempt, pair, TIMEOUT, seconds=lines.START_SECONDS).all_cells()
    except InternalFault as fault:
        if fault.wall:
            reason = refused(settings, str(fault))
            raise InternalFault(reason, fault.details, wall=True) from fault
        raise
    finally:
        if kind is None:
            lines.cool_down_own()
    for cell in attempt.cells:
        for output in cell.outputs:
            raise InternalFault(f"The grading's self-test fails: {output.ename}: {output.evalue}")


def _mark_as_not_run(notebook: Any, left_out: Container[int]) -> None:
    """Every code cell counts as failed until it was run, unless it is left out."""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            empty = index in left_out or not cell.source.strip()
            cell.outputs = [] if empty else [error_output("NotRun", "The cell was not run.")]
            cell.execution_count = None


@dataclass
class _Run:
    """One submission, from its first cell to its last.

    When a cell is stopped, its process is gone. The cells before it are then run again in a new
    one without it, so that the cells after it find the state as it would be if it were not there.
    """

    notebook: Any
    new_pair: Callable[[], Pair]
    timeout: float
    left_out: Container[int] = ()
    seconds: float | None = None
    share: Share = field(default_factory=Share)
    pair: Pair | None = None
    dropped: set[int] = field(default_factory=set)
    deadline: float = field(init=False)

    def all_cells(self) -> None:
        """Runs the cells one after the other, in a new pair after each that had to be stopped."""
        seconds = NOTEBOOK_TIMEOUTS * self.timeout if self.seconds is None else self.seconds
        self.deadline = time.monotonic() + seconds
        try:
            for index, cell in enumerate(self.notebook.cells):
                if not self._counts(index, cell):
                    continue
                if time.monotonic() > self.deadline:
                    minutes = NOTEBOOK_TIMEOUTS * self.timeout / 60
                    reason = f"Not run: the notebook took more than {minutes:.2g} minutes."
                    cell.outputs = [error_output("CellTimeout", reason)]
                    continue
                try:
                    pair = self.pair or self._bring_up_to(index)
                    cell.outputs = self._outputs(pair, cell)
                except CellFailure as failure:
                    cell.outputs = [error_output(failure.ename, failure.reason)]
                    self.dropped.add(index)
                    self._end_pair()
        finally:
            self._end_pair()

    def _counts(self, index: int, cell: Any) -> bool:
        """Whether there is anything to run."""
        return cell.cell_type == "code" and index not in self.left_out and bool(cell.source.strip())

    def _bring_up_to(self, index: int) -> Pair:
        """A new pair in the state that the cells before `index` leave behind."""
        self.pair = pair = self.new_pair()
        for statement in self.notebook.metadata.get("imports", []):
            pair.order("setup", self.timeout, statement, "imports")
        for place, cell in enumerate(self.notebook.cells[:index]):
            again = place not in self.dropped and self._counts(place, cell)
            if again and not is_autotest(cell):
                self._outputs(pair, cell)
        return pair

    def _end_pair(self) -> None:
        if self.pair is not None:
            self.pair.close()
            self.pair = None

    def _outputs(self, pair: Pair, cell: Any) -> list[Any]:
        """The outputs of a cell, or `CellFailure`."""
        name = str(grade_id(cell) or "cell")
        seconds = max(0.1, min(self.timeout, self.deadline - time.monotonic()))
        if is_autotest(cell):
            return self.share.kept(pair.order("judge", seconds, cell.source, name))
        if is_setup(cell):
            problems = pair.order("setup", seconds, plain_python(cell.source), name)
            if problems:
                raise CourseError(f"The lesson's setup cell `{name}` fails: {problems[0]}")
        outputs, ended = pair.order("run", seconds, cell.source)
        if ended:
            raise CellFailure("KernelDied", "The cell ended the Python process.")
        return self.share.kept(outputs)
