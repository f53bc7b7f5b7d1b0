"""The warm process: has imported what a lesson imports, and forks a pair for each submission.

Itself it only imports. Threads do not survive a fork, so whatever computes is left to the pair: the
student's process, behind a wall of its own (`course.isolation.sandbox`), and the checker, which
never meets the student but over a socket.
"""

import ast
import contextlib
import gc
import importlib
import io
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
from pathlib import Path, PurePosixPath

from course.isolation import checker, sandbox, student
from course.isolation.wire import Channel

MAX_ORDER = 10_000
STARTED = b"started"

# Imported at the first picture otherwise, in each submission anew.
AT_ONCE = {
    "matplotlib.pyplot": ("matplotlib.backends.backend_agg", "matplotlib_inline.backend_inline"),
    "utils": ("utils.plotting",),
}


def import_statements(source):
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


def warm_up(cells):
    """Imports what setup cells import; what fails will be met again when they are run."""
    for statement in dict.fromkeys(line for cell in cells for line in import_statements(cell)):
        with contextlib.suppress(Exception):
            exec(statement, {})
    for module, others in AT_ONCE.items():
        for name in others if module in sys.modules else ():
            _import(name)


def warm_up_deeper(cells):
    """Imports what setup cells import on their way, within the functions that they call.

    That is found out in a process of its own.
    """
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        known, scope = set(sys.modules), {}
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


def _import(name):
    with contextlib.suppress(Exception):
        importlib.import_module(name)


def play(role, sockets, order, shell, ready):
    """Is the checker or the student until the end.

    Parameters
    ----------
    role : str
        ``"checker"`` or ``"student"``.
    sockets : list of socket.socket
        The checker's to the grader and to the student, or the student's to the checker.
    order : dict
        See `main`.
    shell : course.isolation.student.Shell, optional
        Where the imports were not done yet, there is none.
    ready : callable
        Is called when all is there, before anything of the submission is run.
    """
    if shell is None:
        shell = _ready(order["setup"])
    if role == "checker":
        ready()
        checker.main(*sockets)
    else:
        student.main(*sockets, shell, order["render"], ready)


def _ready(cells):
    warm_up(cells)
    return student.make_shell()


def _start(role, order, sockets, files, shell):
    """Becomes one of a pair, behind its wall; does not return."""
    confined = order["confined"]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    scratch = Path(order["scratch"], f"{role}-{os.getpid()}")
    if role == "checker":
        try:
            _unpack(files, scratch)
            if confined:
                sandbox.limit_memory()
                sandbox.drop_privileges(order["user"] + 1)
            play(role, sockets, order, shell, sandbox.silence)
        except BaseException:
            with contextlib.suppress(BaseException):
                Channel(sockets[0]).send(["fault", sandbox.failure_text()])
            os._exit(1)
        os._exit(0)
    *channels, lifeline = sockets

    def ready():
        sandbox.tell(lifeline, sandbox.READY)
        lifeline.close()

    def submission():
        _unpack(files, scratch)
        play(role, channels, order, shell, ready)

    keep = [channels[0].fileno(), files.fileno()]
    sandbox.enter(submission, lifeline, keep, confined=confined, user=order["user"])


def _unpack(files, folder):
    """Makes `folder` the working directory, with the submission's files in it."""
    folder.mkdir(parents=True)
    os.chdir(folder)
    content = os.pread(files.fileno(), os.fstat(files.fileno()).st_size, 0)
    files.close()
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        extract(archive, folder)


def extract(archive, folder):
    """Writes the files of an archive below `folder`; there must be nothing but plain files.

    The same as `extractall(filter="data")`, which Python has since 3.11.4, would do with them.

    Parameters
    ----------
    archive : tarfile.TarFile
    folder : Path

    Raises
    ------
    ValueError
        If a member is no plain file, or if its name leads out of `folder`.
    """
    for member in archive:
        name = PurePosixPath(member.name)
        if not member.isreg():
            raise ValueError(f"{name} in the archive is not a plain file")
        if name.is_absolute() or ".." in name.parts:
            raise ValueError(f"{name} in the archive leads out of its folder")
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(archive.extractfile(member).read())


def main(owner, listener):
    """Forks a pair for every order, until its owner hangs up.

    Parameters
    ----------
    owner : file object
        Its first line is a dictionary in JSON: `setup` (cells), `scratch` (a folder), `confined`,
        `native` (each process does its own imports).
    listener : socket.socket
        Where the grader's processes connect. Each order is a dictionary in JSON with `render` and
        `user`, and comes with three files: the checker's socket to the grader, the lifeline of
        the submission, and the archive of its files.
    """
    order = json.loads(owner.readline())
    shell = None
    if not order["native"]:
        shell = _ready(order["setup"])
        warm_up_deeper(order["setup"])
    gc.collect()
    gc.freeze()
    ends = [owner, listener]
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
        _reap(order["scratch"])


def _pair(grader, order, shell, ends):
    """Forks the pair that was ordered; whether there was an order."""
    try:
        message, handles, _, _ = socket.recv_fds(grader, MAX_ORDER, 3)
    except OSError:
        return False
    if not message:
        return False
    order = order | json.loads(message)
    for_grader, lifeline = (socket.socket(fileno=handle) for handle in handles[:2])
    files = open(handles[2], "rb", buffering=0)  # noqa: SIM115 (closed below)
    ours, theirs = socket.socketpair()
    _launch("checker", order, [for_grader, ours], files, shell, [*ends, theirs, lifeline])
    _launch("student", order, [theirs, lifeline], files, shell, [*ends, for_grader, ours])
    for handle in (for_grader, lifeline, files, ours, theirs):
        handle.close()
    with contextlib.suppress(OSError):
        grader.send(STARTED)
    return True


def _launch(role, order, sockets, files, shell, others):
    """Starts one of a pair."""
    if order["native"]:
        handles = [each.fileno() for each in (*sockets, files)]
        words = [sys.executable, "-m", "course.isolation.warm", role, json.dumps(order)]
        subprocess.Popen([*words, *map(str, handles)], pass_fds=handles)
        return
    child = os.fork()
    if child == 0:
        for other in others:
            other.close()
        _start(role, order, sockets, files, shell)


def _reap(scratch):
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
            json.loads(sys.argv[2]),
            [socket.socket(fileno=number) for number in numbers],
            open(archive, "rb", buffering=0),  # noqa: SIM115 (closed in `_unpack`)
            None,
        )
