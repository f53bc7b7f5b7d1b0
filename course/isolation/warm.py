"""The warm process: has imported what a lesson imports, and forks a pair for each submission.

Itself it only imports. Threads do not survive a fork, so whatever computes is left to the pair: the
student's process, behind a wall of its own (`course.isolation.inner`), and the checker, which
never meets the student but over a socket.
"""

import ast
import contextlib
import dataclasses
import gc
import importlib
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any, NoReturn

from course.isolation import checker, inner, lifeline, rights, student
from course.isolation.archive import unpack
from course.isolation.cgroups import MAX_HANDLES, Gate
from course.isolation.channel import Channel
from course.isolation.settings import Order

MAX_ORDER = 10_000
STARTED = b"started"


def import_statements(source: str) -> list[str]:
    """The imports of a cell, a line each.

    Parameters
    ----------
    source : str
        A setup cell.

    Returns
    -------
    list of str
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.append(ast.unparse(node))
    return found


def warm_up(order: Order) -> None:
    """Imports what setup cells import; what fails will be met again when they are run."""
    statements = (line for cell in order.setup for line in import_statements(cell))
    for statement in dict.fromkeys(statements):
        with contextlib.suppress(Exception):
            exec(statement, {})
    for module, others in order.settings.together.items():
        for name in others if module in sys.modules else ():
            _import(name)


def warm_up_deeper(cells: Sequence[str]) -> None:
    """Imports what setup cells import on their way, within the functions that they call.

    That is found out in a process of its own.
    """
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        known: set[str] = set(sys.modules)
        scope: dict[str, Any] = {}
        with contextlib.suppress(BaseException):
            for cell in cells:
                exec(cell, scope)
        with open(tell, "w", encoding="utf-8") as file:
            file.write("\n".join(sys.modules.keys() - known))
        os._exit(0)
    os.close(tell)
    with open(told, encoding="utf-8") as file:
        for name in sorted(file.read().split()):
            _import(name)
    os.waitpid(child, 0)


def _import(name: str) -> None:
    with contextlib.suppress(Exception):
        importlib.import_module(name)


def play(
    role: str,
    sockets: list[socket.socket],
    order: Order,
    shell: student.Shell | None,
    ready: Callable[[], None],
) -> None:
    """Is the checker or the student until the end.

    Parameters
    ----------
    role : str
        ``"checker"`` or ``"student"``.
    sockets : list of socket.socket
        The checker's to the grader and to the student, or the student's to the checker.
    order : Order
    shell : course.isolation.student.Shell, optional
        Where the imports were not done yet, there is none.
    ready : callable
        Is called when all is there, before anything of the submission is run.
    """
    if shell is None:
        shell = _imported(order)
    if role == "checker":
        ready()
        grader, to_student = sockets
        checker.main(grader, to_student, order)
    else:
        (to_checker,) = sockets
        student.main(to_checker, shell, order, ready)


def _imported(order: Order) -> student.Shell:
    """The shell, after all imports."""
    warm_up(order)
    return student.make_shell()


def _start(
    role: str,
    order: Order,
    sockets: list[socket.socket],
    files: IO[bytes],
    shell: student.Shell | None,
) -> NoReturn:
    """Becomes one of a pair, behind its wall."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    scratch = Path(order.scratch, f"{role}-{os.getpid()}")
    if role == "checker":
        _start_checker(order, sockets, files, shell, scratch)
    *channels, line = sockets

    def ready() -> None:
        lifeline.tell(line, lifeline.READY)
        line.close()

    def submission() -> None:
        unpack(files, scratch)
        play(role, channels, order, shell, ready)

    keep = [channels[0].fileno(), files.fileno()]
    limits = order.settings.limits if order.confined else None
    gate = Gate.of(order.gate)
    inner.enter(submission, line, keep, limits=limits, user=order.user, gate=gate)


def _start_checker(
    order: Order,
    sockets: list[socket.socket],
    files: IO[bytes],
    shell: student.Shell | None,
    scratch: Path,
) -> NoReturn:
    try:
        unpack(files, scratch)
        if order.confined:
            rights.limit_memory(order.settings.limits.memory)
            rights.drop_privileges(order.user + 1)
        play("checker", sockets, order, shell, rights.silence)
    except BaseException:
        with contextlib.suppress(BaseException):
            Channel(sockets[0]).send(["fault", lifeline.failure_text()])
        os._exit(1)
    os._exit(0)


def main(owner: IO[bytes], listener: socket.socket) -> None:
    """Forks a pair for every order, until its owner hangs up.

    Parameters
    ----------
    owner : file object
        Its first line is an `Order`, in JSON.
    listener : socket.socket
        Where the grader's processes connect. Each order is a dictionary in JSON with `render` and
        `user`, and comes with three files: the checker's socket to the grader, the lifeline of
        the submission, and the archive of its files; and then the gate of a cgroup, if it has one.
    """
    order = Order.from_json(owner.readline())
    shell = None
    if not order.native:
        shell = _imported(order)
        warm_up_deeper(order.setup)
    gc.collect()
    gc.freeze()
    ends: list[Any] = [owner, listener]
    while True:
        ready, _, _ = select.select(ends, [], [])
        if owner in ready:
            return
        for end in ready:
            if end is listener:
                ends.append(listener.accept()[0])
            elif not _pair(end, order, shell, ends):
                ends.remove(end)
                end.close()
        _reap(order.scratch)


def _pair(
    grader: socket.socket, order: Order, shell: student.Shell | None, ends: list[Any]
) -> bool:
    """Forks the pair that was ordered; whether there was an order."""
    try:
        message, handles, _, _ = socket.recv_fds(grader, MAX_ORDER, 3 + MAX_HANDLES)
    except OSError:
        return False
    if not message:
        return False
    gate = Gate.of(handles[3:])
    order = dataclasses.replace(order.pair(message), gate=tuple(handles[3:]))
    for_grader, line = (socket.socket(fileno=handle) for handle in handles[:2])
    files = open(handles[2], "rb", buffering=0)  # noqa: SIM115 (closed below)
    ours, theirs = socket.socketpair()
    _launch("checker", order, [for_grader, ours], files, shell, [*ends, theirs, line, gate])
    _launch("student", order, [theirs, line], files, shell, [*ends, for_grader, ours])
    opened: list[Any] = [for_grader, line, files, ours, theirs, gate]
    for each in filter(None, opened):
        each.close()
    with contextlib.suppress(OSError):
        grader.send(STARTED)
    return True


def _launch(
    role: str,
    order: Order,
    sockets: list[socket.socket],
    files: Any,
    shell: student.Shell | None,
    others: list[Any],
) -> None:
    """Starts one of a pair."""
    if order.native:
        handles = [each.fileno() for each in (*sockets, files)]
        words = [sys.executable, "-m", "course.isolation.warm", role, order.to_json()]
        kept = [*handles, *order.gate]
        subprocess.Popen([*words, *map(str, handles)], pass_fds=kept)
        return
    child = os.fork()
    if child == 0:
        for other in filter(None, others):
            other.close()
        _start(role, order, sockets, files, shell)


def _reap(scratch: str) -> None:
    """Buries the processes that have ended, with the folders that they worked in."""
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG)[0]) != 0:
            for role in ("checker", "student"):
                shutil.rmtree(Path(scratch, f"{role}-{ended}"), ignore_errors=True)


if __name__ == "__main__":
    if sys.argv[1] == "control":
        main(sys.stdin.buffer, socket.socket(fileno=int(sys.argv[2])))
    else:
        *numbers, archive = map(int, sys.argv[3:])
        _start(
            sys.argv[1],
            Order.from_json(sys.argv[2]),
            [socket.socket(fileno=number) for number in numbers],
            open(archive, "rb", buffering=0),  # noqa: SIM115 (closed in `unpack`)
            None,
        )
