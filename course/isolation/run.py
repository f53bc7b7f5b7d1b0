"""Runs a notebook: the student's cells on one side of the boundary, graded cells on the other.

The only thing that the rest of the grading knows of it is `run`. A cell that never ends or that
takes its process down costs what hangs on that cell; everything else is still run.
"""

import atexit
import contextlib
import functools
import io
import itertools
import json
import math
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from course.isolation import checker, sandbox
from course.isolation.warm import MAX_ORDER, STARTED
from course.isolation.wire import Channel, HungUp, Silence, WireError
from course.notebooks.cells import clean_text, grade_id, is_autotest, is_setup
from course.notebooks.needed import needed_cells
from course.paths import CourseError

TIMEOUT = 30
NOTEBOOK_TIMEOUTS = 20
GRACE = 10
START_SECONDS = 120
MAX_CELL_OUTPUT = 5_000_000
MAX_NOTEBOOK_OUTPUT = 30_000_000
MAX_OUTPUTS = 1_000
MAX_ERROR = 10_000
MAX_TRACEBACK = 100
FIRST_USER = 1_000_000_000
# What is handed over leaves room in a submission's scratch folder.
ARCHIVE_BYTES = 200_000_000
ARCHIVE_ENTRIES = sandbox.SCRATCH_FILES // 2


class CellFailure(Exception):
    """Why a cell has no outcome of its own, and the pair that met it is of no more use."""

    def __init__(self, ename, reason):
        super().__init__(reason)
        self.ename = ename
        self.reason = reason


class InternalFault(CourseError):
    """The grading's own failure: nothing follows from it about the submission.

    Parameters
    ----------
    reason : str
        A sentence.
    details : str
        What the processes said, for the log.
    wall : bool
        Whether it is the sandbox that could not be built.
    """

    def __init__(self, reason, details="", wall=False):
        super().__init__(reason)
        self.details = details
        self.wall = wall


def run(
    notebook, *, cwd, timeout=TIMEOUT, everything=False, confine="bwrap", native=False, lent=None
):
    """A copy of `notebook` after its cells were run, each with its outputs.

    Parameters
    ----------
    notebook : NotebookNode
        As `intake.assemble` makes it.
    cwd : path-like
        A folder; the cells run in a copy of it.
    timeout : float
        Seconds that one cell may take.
    everything : bool
        Run the demonstrations too that no mark depends on (see `needed_cells`), and draw pictures.
    confine : str
        ``"bwrap"``, or ``"none"`` for submissions that are trusted.
    native : bool
        Start each process anew instead of forking it from a warm one: slower, the same result.
    lent : tuple, optional
        Kind and address of another's warm process on this machine, to be used if it is of the kind
        that this notebook needs.

    Returns
    -------
    NotebookNode
        A cell without an error output ran to its end. One that exceeded its time holds a single
        error output named ``CellTimeout``, one that ended its process ``KernelDied``.

    Raises
    ------
    CourseError
        If the sandbox cannot be set up, or the lesson's own setup cell fails; an `InternalFault`
        if a process of the grading's own fails.

    Notes
    -----
    When a cell is stopped, its process is gone. The cells before it are then run again in a new
    one without it, so that the cells after it find the state as it would be if it were not there.
    """
    attempt = nbformat.from_dict(notebook)
    kind = kind_of(attempt, confine, native)
    left_out = set() if everything else set(range(len(attempt.cells))) - needed_cells(attempt)
    _mark_as_not_run(attempt, left_out)
    deadline = time.monotonic() + NOTEBOOK_TIMEOUTS * timeout
    pair = functools.partial(_pair, kind, lent)
    run_ = _Run(attempt, pair, _archive(cwd), timeout, deadline, everything, left_out)
    run_.all_cells()
    return attempt


def kind_of(notebook, confine="bwrap", native=False):
    """What kind of warm process a notebook needs; see `Line`."""
    setup = tuple(cell.source for cell in setup_cells(notebook))
    return setup, confine, native or sys.platform == "darwin"


def setup_cells(notebook):
    """The author's cells that come before the exercises: locked, and worth nothing."""
    return [cell for cell in notebook.cells if is_setup(cell)]


def self_test(confine="bwrap", kind=None):
    """Runs one student's cell and one graded cell for real.

    Parameters
    ----------
    confine : str
        ``"bwrap"`` or ``"none"``.
    kind : tuple, optional
        Of the warm process to try, which is then used for submissions of that kind; see `kind_of`.

    Raises
    ------
    CourseError
        If no submission can be run here; the text says why, and what is needed.
    """
    answer, test = new_code_cell("answer = 6 * 7"), new_code_cell("assert answer == 42")
    test.metadata.nbgrader = {"grade_id": "test_answer", "grade": True, "locked": True, "points": 1}
    attempt = new_notebook(cells=[answer, test])
    try:
        with tempfile.TemporaryDirectory() as empty:
            pair = functools.partial(_pair, kind or kind_of(attempt, confine), None)
            deadline = time.monotonic() + START_SECONDS
            _Run(attempt, pair, _archive(empty), TIMEOUT, deadline, False, ()).all_cells()
    except InternalFault as fault:
        if fault.wall:
            reason = sandbox.refused(str(fault))
            raise InternalFault(reason, fault.details, wall=True) from fault
        raise
    finally:
        if kind is None:
            _cool_down(_owner())
    for cell in attempt.cells:
        for output in cell.outputs:
            raise InternalFault(f"The grading's self-test fails: {output.ename}: {output.evalue}")


def _mark_as_not_run(notebook, left_out):
    """Every code cell counts as failed until it was run, unless it is left out."""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            empty = index in left_out or not cell.source.strip()
            cell.outputs = [] if empty else [_error("NotRun", "The cell was not run.")]
            cell.execution_count = None


class _Run:
    """One submission, from its first cell to its last."""

    def __init__(self, notebook, new_pair, archive, timeout, deadline, render, left_out):
        self.notebook = notebook
        self.new_pair = new_pair
        self.archive = archive
        self.timeout = timeout
        self.deadline = deadline
        self.render = render
        self.left_out = left_out
        self.pair = None
        self.output_left = MAX_NOTEBOOK_OUTPUT

    def all_cells(self):
        """Runs the cells one after the other, in a new pair after each that had to be stopped."""
        dropped = set()
        try:
            for index, cell in enumerate(self.notebook.cells):
                if cell.cell_type != "code" or index in self.left_out or not cell.source.strip():
                    continue
                if time.monotonic() > self.deadline:
                    minutes = NOTEBOOK_TIMEOUTS * self.timeout / 60
                    reason = f"Not run: the notebook took more than {minutes:.2g} minutes."
                    cell.outputs = [_error("CellTimeout", reason)]
                    continue
                try:
                    if self.pair is None:
                        self._bring_up_to(index, dropped)
                    cell.outputs = self._outputs(cell)
                except CellFailure as failure:
                    cell.outputs = [_error(failure.ename, failure.reason)]
                    dropped.add(index)
                    self._end_pair()
        finally:
            self._end_pair()
            self.archive.close()

    def _bring_up_to(self, index, dropped):
        """A new pair in the state that the cells before `index` leave behind."""
        self.pair = self.new_pair(self.archive, self.render)
        for place, cell in enumerate(self.notebook.cells[:index]):
            again = place not in dropped and place not in self.left_out
            if cell.cell_type == "code" and again and cell.source.strip() and not is_autotest(cell):
                self._outputs(cell)

    def _end_pair(self):
        if self.pair is not None:
            self.pair.close()
            self.pair = None

    def _outputs(self, cell):
        """The outputs of a cell, or `CellFailure`."""
        pair, name = self.pair, str(grade_id(cell) or "cell")
        seconds = max(0.1, min(self.timeout, self.deadline - time.monotonic()))
        if is_autotest(cell):
            return self._kept(pair.order("judge", seconds, cell.source, name))
        if is_setup(cell):
            problems = pair.order("setup", seconds, cell.source, name)
            if problems:
                raise CourseError(f"The lesson's setup cell `{name}` fails: {problems[0]}")
        outputs, ended = pair.order("run", seconds, cell.source)
        if ended:
            raise CellFailure("KernelDied", "The cell ended the Python process.")
        return self._kept(outputs)

    def _kept(self, outputs):
        """Outputs in a form that a file can hold, and of no more than a notebook's share."""
        kept = []
        for output in outputs[:MAX_OUTPUTS] if isinstance(outputs, list) else []:
            size = len(repr(output))
            self.output_left -= size
            if size <= MAX_CELL_OUTPUT and self.output_left >= 0:
                kept.extend(_well_formed(output))
        return kept


# Pairs of processes.


class Line:
    """A connection to a warm process, which may be another's.

    Parameters
    ----------
    kind : tuple
        Of the warm process: the lesson's setup cells, ``"bwrap"`` or ``"none"``, and whether each
        process does its own imports.
    address : str
        Where the warm process listens.
    """

    def __init__(self, kind, address):
        self.kind = kind
        self.address = address
        self.said = Path(address).with_name("said")
        self.socket = None

    def pair(self, archive, render):
        """A new checker and a new student's process."""
        grader, for_checker = socket.socketpair()
        lifeline, for_watch = socket.socketpair()
        order = {"render": render, "user": FIRST_USER + 2 * os.getpid()}
        with for_checker, for_watch:
            handles = [for_checker.fileno(), for_watch.fileno(), archive.fileno()]
            try:
                if self.socket is None:
                    self._connect()
                socket.send_fds(self.socket, [json.dumps(order).encode()], handles)
                if self.socket.recv(MAX_ORDER) != STARTED:
                    raise ConnectionError
            except OSError as error:
                grader.close()
                lifeline.close()
                raise InternalFault(self.why_not(), self.what_was_said()) from error
        return Pair(grader, lifeline, self.what_was_said)

    def _connect(self):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(START_SECONDS)
        self.socket.connect(self.address)

    def why_not(self):
        """A sentence on why the warm process does not answer."""
        return "The warm process that runs submissions does not answer."

    def what_was_said(self):
        """The end of what the processes wrote to stderr before they ran a submission."""
        try:
            with open(self.said, "rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - sandbox.MAX_FAILURE))
                return file.read(sandbox.MAX_FAILURE).decode(errors="replace").strip()
        except OSError:
            return ""

    def close(self):
        """Hangs up."""
        if self.socket is not None:
            self.socket.close()


class Warm(Line):
    """A warm process of one's own; another process may have a `Line` to it."""

    def __init__(self, kind):
        setup, confine, native = kind
        words = [
            *sandbox.command(confine),
            sys.executable,
            "-m",
            "course.isolation.warm",
            "control",
        ]
        # Not where TMPDIR says: a socket's address has at most 108 characters.
        self.folder = Path(tempfile.mkdtemp(prefix="grading-", dir="/tmp"))
        super().__init__(kind, str(self.folder / "control"))
        scratch = str(self.folder) if confine == "none" else sandbox.SCRATCH
        with socket.socket(socket.AF_UNIX) as listener, open(self.said, "wb") as said:
            listener.bind(self.address)
            listener.listen()
            self.process = subprocess.Popen(
                [*words, str(listener.fileno())],
                pass_fds=[listener.fileno()],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=said,
                env=sandbox.environment(scratch),
                cwd=scratch if confine == "none" else "/",
            )
        order = {
            "setup": setup,
            "scratch": scratch,
            "confined": confine != "none",
            "native": native,
        }
        with contextlib.suppress(OSError):  # whoever orders a pair will hear of it
            self.process.stdin.write(json.dumps(order).encode() + b"\n")
            self.process.stdin.flush()

    def why_not(self):
        """A sentence on why the warm process does not answer."""
        self.process.kill()
        self.process.wait()
        reason = _last_line(self.what_was_said()) or f"exit status {self.process.returncode}"
        return f"The warm process that runs submissions does not start: {reason}"

    def close(self):
        """Ends the process and all that came from it."""
        super().close()
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(GRACE)
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Pair:
    """A checker and a student's process.

    Parameters
    ----------
    grader : socket.socket
        To the checker.
    lifeline : socket.socket
        To the watch; see `course.isolation.sandbox.enter`.
    what_was_said : callable
        What the processes wrote to stderr.
    """

    def __init__(self, grader, lifeline, what_was_said):
        self.checker = Channel(grader)
        self.lifeline = lifeline
        self.heard = b""
        self.what_was_said = what_was_said

    def start(self):
        """Waits until the student's process is ready; `InternalFault` if it never is.

        It is ready before anything of the submission is run, so what goes wrong until then is not
        the student's doing, and what goes wrong later is never told in this way.
        """
        what, text = self._hear(START_SECONDS)
        if what in (sandbox.WALL, sandbox.FAULT):
            part = "sandbox" if what == sandbox.WALL else "student's process"
            reason = f"The {part} could not be set up: {_last_line(text)}"
            raise InternalFault(reason, text, wall=what == sandbox.WALL)
        if what != sandbox.READY:
            reason = f"The student's process did not get ready: {text or 'it ended'}."
            raise InternalFault(reason, self.what_was_said())

    def order(self, what, seconds, *rest):
        """What the checker answers; `CellFailure` if this pair is of no more use."""
        started = time.monotonic()
        out_of_time = CellFailure(
            "CellTimeout", f"The cell took longer than {seconds:.3g} seconds."
        )
        self.checker.deadline = started + seconds + GRACE
        try:
            with contextlib.suppress(HungUp):  # what it said before can still be read
                self.checker.send([what, float(seconds), *rest])
            answer = self.checker.receive()
        except Silence:
            raise out_of_time from None
        except HungUp:
            # A graded cell that never ends is ended by an alarm; see `Checker.serve`.
            if time.monotonic() >= started + seconds + checker.GRACE:
                raise out_of_time from None
            reason = "The checker ended unexpectedly; perhaps it was killed, or memory ran out."
            raise InternalFault(reason, self.what_was_said()) from None
        except WireError as error:
            raise CellFailure("KernelDied", f"The outcome cannot be read: {error}.") from None
        kind, *content = answer
        if kind == "done":
            return content[0]
        if kind == "timeout":
            raise out_of_time
        if kind == "odd":
            raise CellFailure("KernelDied", f"The answer cannot be used: {content[0]}.")
        if kind == "fault":
            reason = f"The checker failed: {_last_line(content[0])}"
            raise InternalFault(reason, content[0])
        raise CellFailure("KernelDied", self._why_it_died())

    def _why_it_died(self):
        _, reason = self._hear(2)
        if reason == "memory":
            return "The cell used more memory than there is for a submission."
        if reason.startswith("signal"):
            return f"The cell ended the Python process ({reason})."
        return "The cell ended the Python process."

    def _hear(self, seconds):
        """The next that is told on the lifeline within so many seconds; see `sandbox.tell`."""
        deadline = time.monotonic() + seconds
        try:
            while b"\n" not in self.heard:
                self.lifeline.settimeout(max(0.01, deadline - time.monotonic()))
                more = self.lifeline.recv(sandbox.MAX_FAILURE)
                if not more:
                    return None, ""
                self.heard += more
        except TimeoutError:
            return None, f"nothing was heard of it for {seconds} seconds"
        except OSError:
            return None, ""
        line, _, self.heard = self.heard.partition(b"\n")
        return json.loads(line)

    def close(self):
        """Ends both, and whatever the student's process has started."""
        self.lifeline.close()
        self.checker.close()


# By process and thread (a Dask worker has several of these): a warm process serves one at a time.
_WARM = {}


def _pair(kind, lent, archive, render):
    """A new pair from the warm process of this kind; one that does not work is given up."""
    try:
        pair = _warm(kind, lent).pair(archive, render)
    except InternalFault:
        _cool_down(_owner())
        pair = _warm(kind, None).pair(archive, render)
    try:
        pair.start()
    except InternalFault:
        pair.close()
        raise
    return pair


def _warm(kind, lent):
    """The warm process of this kind: one is kept, for submissions come lesson by lesson."""
    owner = _owner()
    if owner not in _WARM or _WARM[owner].kind != kind:
        _cool_down(owner)
        _WARM[owner] = Line(*lent) if lent and lent[0] == kind else Warm(kind)
    return _WARM[owner]


def lend(notebook, confine):
    """What `run` may be given as `lent` in other processes, for notebooks of this one's kind."""
    kind = kind_of(notebook, confine)
    return kind, _warm(kind, None).address


def _owner():
    return os.getpid(), threading.get_ident()


def _cool_down(owner):
    if owner in _WARM:
        _WARM.pop(owner).close()


@atexit.register
def cool_down():
    """Ends the warm processes of this process."""
    for owner in list(_WARM):
        if owner[0] == os.getpid():
            _cool_down(owner)


def _archive(folder):
    """The files of a folder, as an open file that a pair can be given."""
    handle = tempfile.TemporaryFile()  # noqa: SIM115 (closed by the caller)
    entries = 0
    with tarfile.open(fileobj=handle, mode="w") as archive:
        for path in itertools.islice(sorted(Path(folder).rglob("*")), 10_000):
            if not path.is_file() or path.is_symlink():
                continue
            info = tarfile.TarInfo(str(path.relative_to(folder)))
            info.size = path.stat().st_size
            entries += len(Path(info.name).parts)
            if entries <= ARCHIVE_ENTRIES and handle.tell() + info.size <= ARCHIVE_BYTES:
                archive.addfile(info, io.BytesIO(path.read_bytes()))
    handle.flush()
    return handle


def _last_line(text):
    """The last line of a traceback, which says what went wrong."""
    lines = text.strip().splitlines()
    return lines[-1].strip() if lines else ""


# Outputs, which a student's process may have made up.

BUNDLES = ("display_data", "execute_result")


def _error(ename, reason):
    return new_output("error", ename=ename, evalue=reason, traceback=[f"{ename}: {reason}"])


def _well_formed(output):
    """The output in nbformat's form, in a list; none where it is not one."""
    try:
        kind = output["output_type"]
        if kind == "stream":
            name = "stderr" if output["name"] == "stderr" else "stdout"
            return [new_output("stream", name=name, text=_clean(str(output["text"])))]
        if kind == "error":
            return [
                new_output(
                    "error",
                    ename=_clean(str(output["ename"]))[:200],
                    evalue=_clean(str(output["evalue"]))[:MAX_ERROR],
                    traceback=[
                        _clean(str(line))[:MAX_ERROR]
                        for line in output["traceback"][-MAX_TRACEBACK:]
                    ],
                )
            ]
        if kind in BUNDLES:
            bundle = {
                "data": _clean(dict(output["data"])),
                "metadata": _clean(dict(output["metadata"])),
            }
            extra = {"execution_count": None} if kind == "execute_result" else {}
            return [new_output(kind, **bundle, **extra)]
    except (KeyError, TypeError, ValueError, IndexError, RecursionError):
        pass
    return []


def _clean(value):
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {clean_text(str(key)): _clean(item) for key, item in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, int | float | bool | None) else str(value)
