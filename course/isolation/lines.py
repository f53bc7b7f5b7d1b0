"""Connections to warm processes, and whose warm process a new pair comes from."""

import atexit
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO

from course import scratch
from course.isolation import cgroups, outer
from course.isolation.allowed import SCRATCH
from course.isolation.faults import InternalFault, last_line
from course.isolation.lifeline import MAX_FAILURE
from course.isolation.pairs import GRACE, Pair
from course.isolation.settings import Kind, Order
from course.isolation.warm import MAX_ORDER, STARTED

START_SECONDS = 120
FIRST_USER = 1_000_000_000

# Another's warm process on this machine: its kind, and where it listens.
Lent = tuple[Kind, str]


class Line:
    """A connection to a warm process, which may be another's.

    Parameters
    ----------
    kind : Kind
        Of the warm process.
    address : str
        Where it listens.
    """

    def __init__(self, kind: Kind, address: str) -> None:
        self.kind = kind
        self.address = address
        self.said = Path(address).with_name("said")
        self.socket: socket.socket | None = None

    def pair(self, archive: IO[bytes], render: bool) -> Pair:
        """A new checker and a new student's process."""
        grader, for_checker = socket.socketpair()
        lifeline, for_watch = socket.socketpair()
        order = {"render": render, "user": FIRST_USER + 2 * os.getpid()}
        confined = self.kind.confine != "none"
        group = cgroups.new(self.kind.settings.limits) if confined else None
        with for_checker, for_watch:
            handles = [for_checker.fileno(), for_watch.fileno(), archive.fileno()]
            handles += group.gate.handles if group else ()
            try:
                line = self._connected()
                socket.send_fds(line, [json.dumps(order).encode()], handles)
                if line.recv(MAX_ORDER) != STARTED:
                    raise ConnectionError
            except OSError as error:
                grader.close()
                lifeline.close()
                if group:
                    group.close()
                raise InternalFault(self.why_not(), self.what_was_said()) from error
        return Pair(grader, lifeline, self.what_was_said, group)

    def _connected(self) -> socket.socket:
        if self.socket is None:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(START_SECONDS)
            self.socket.connect(self.address)
        return self.socket

    def why_not(self) -> str:
        """A sentence on why the warm process does not answer."""
        return "The warm process that runs submissions does not answer."

    def what_was_said(self) -> str:
        """The end of what the processes wrote to stderr before they ran a submission."""
        try:
            with open(self.said, "rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - MAX_FAILURE))
                return file.read(MAX_FAILURE).decode(errors="replace").strip()
        except OSError:
            return ""

    def close(self) -> None:
        """Hangs up."""
        if self.socket is not None:
            self.socket.close()


class Warm(Line):
    """A warm process of one's own; another process may have a `Line` to it."""

    def __init__(self, kind: Kind) -> None:
        settings, free = kind.settings, kind.confine == "none"
        words = outer.command(settings, kind.confine)
        words += [sys.executable, "-m", "course.isolation.warm", "control"]
        self.folder = Path(tempfile.mkdtemp(prefix="warm-", dir=scratch.own()))
        super().__init__(kind, str(self.folder / "control"))
        inside = str(self.folder) if free else SCRATCH
        with socket.socket(socket.AF_UNIX) as listener, open(self.said, "wb") as said:
            listener.bind(self.address)
            listener.listen()
            self.process = subprocess.Popen(
                [*words, str(listener.fileno())],
                pass_fds=[listener.fileno()],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=said,
                env=outer.environment(settings, inside),
                cwd=inside if free else "/",
            )
        order = Order(kind.setup, inside, not free, kind.native, settings)
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):  # whoever orders a pair will hear of it
            self.process.stdin.write(order.to_json().encode() + b"\n")
            self.process.stdin.flush()

    def why_not(self) -> str:
        """A sentence on why the warm process does not answer."""
        self.process.kill()
        self.process.wait()
        reason = last_line(self.what_was_said()) or f"exit status {self.process.returncode}"
        return f"The warm process that runs submissions does not start: {reason}"

    def close(self) -> None:
        """Ends the process and all that came from it."""
        super().close()
        with contextlib.suppress(OSError):
            self.process.stdin.close()  # type: ignore[union-attr]
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(GRACE)
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


# By process and thread (a Dask worker has several of these): a warm process serves one at a time.
_WARM: dict[tuple[int, int], Line] = {}


def new_pair(kind: Kind, lent: Lent | None, archive: IO[bytes], render: bool) -> Pair:
    """A new pair from the warm process of this kind; one that does not work is given up.

    Parameters
    ----------
    kind : Kind
    lent : tuple, optional
        Another's warm process, to be used if it is of this kind.
    archive : file object
        The submission's files; see `course.isolation.archive`.
    render : bool
        Whether pictures are drawn.
    """
    try:
        pair = _warm(kind, lent).pair(archive, render)
    except InternalFault:
        _cool_down(_owner())
        pair = _warm(kind, None).pair(archive, render)
    try:
        pair.start(START_SECONDS)
    except InternalFault:
        pair.close()
        raise
    return pair


def lend(kind: Kind) -> Lent:
    """What `course.isolation.run.run` may be given as `lent` in other processes."""
    return kind, _warm(kind, None).address


def _warm(kind: Kind, lent: Lent | None) -> Line:
    """The warm process of this kind: one is kept, for submissions come lesson by lesson."""
    owner = _owner()
    if owner not in _WARM or _WARM[owner].kind != kind:
        _cool_down(owner)
        _WARM[owner] = Line(*lent) if lent and lent[0] == kind else Warm(kind)
    return _WARM[owner]


def _owner() -> tuple[int, int]:
    return os.getpid(), threading.get_ident()


def _cool_down(owner: tuple[int, int]) -> None:
    if owner in _WARM:
        _WARM.pop(owner).close()


def cool_down_own() -> None:
    """Ends the warm process of this thread."""
    _cool_down(_owner())


@atexit.register
def cool_down() -> None:
    """Ends the warm processes of this process."""
    for owner in list(_WARM):
        if owner[0] == os.getpid():
            _cool_down(owner)
