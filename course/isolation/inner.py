"""The inner wall, a new one for each submission, and the watch at its gate.

Behind it are the submission's own processes, mounts and shared memory, an empty scratch folder in
memory, limits, and no privilege. With its first process all of it is gone.
"""

import contextlib
import os
import resource
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from course.isolation import kernel
from course.isolation.allowed import SCRATCH, SHARED_MEMORY, SOCKET_BYTES, Limits
from course.isolation.cgroups import Gate
from course.isolation.kernel import BIND, NODEV, NOEXEC, NOSUID, RDONLY, REMOUNT, mount
from course.isolation.lifeline import ENDED, FAULT, WALL, tell, told
from course.isolation.rights import close_all_but, drop_privileges, limit_memory
from course.isolation.seccomp import forbid

WATCH_SECONDS = 0.05


def enter(
    role: Callable[[], None],
    lifeline: socket.socket,
    kept: list[int],
    *,
    limits: Limits | None,
    user: int,
    gate: Gate | None = None,
) -> NoReturn:
    """Runs `role()` in a process behind the inner wall, and ends this one with it.

    Called in a process forked for it, which becomes the watch: it ends the submission when the
    other end of `lifeline` is closed, and tells there why it ended. What goes wrong before is told
    there, too; the submission itself has to `tell` there that it is `READY`, and to close it.

    Parameters
    ----------
    role : callable
    lifeline : socket.socket
        All that the watch keeps open.
    kept : list of int
        All that the submission keeps open besides.
    limits : Limits or None
        What the submission may use up; None for no wall at all.
    user : int
        The submission's user id, where this process may choose it.
    gate : Gate, optional
        The cgroup that the submission is put into.
    """
    with told(lifeline, WALL):
        if limits is not None:
            kernel.unshare(
                kernel.NEW_MOUNTS | kernel.NEW_IPC | kernel.NEW_PROCESSES | kernel.NEW_NETWORK
            )
            if os.fork():
                os._exit(0)
            kernel.hide()
            _mount_own(limits)
        else:
            os.setsid()
        child = os.fork()
    if child == 0:
        _become_submission(role, lifeline, kept, limits, user, gate)
    close_all_but([lifeline.fileno(), *([gate.events] if gate else [])])
    _watch(child, lifeline, _overrun(limits, gate))


def _mount_own(limits: Limits) -> None:
    """Mounts what only this submission sees: its processes, its scratch folder, shared memory."""
    mount("none", "/", "", kernel.RECURSIVE | kernel.PRIVATE)
    mount("proc", "/proc", "proc", NOSUID | NODEV | NOEXEC)
    mount("none", "/proc", "", REMOUNT | RDONLY | NOSUID | NODEV | NOEXEC)
    size = f"size={limits.scratch_bytes},nr_inodes={limits.scratch_files},mode=1777"
    mount("tmpfs", SCRATCH, "tmpfs", NOSUID | NODEV, size)
    # What is in shared memory counts as what is in the scratch folder, and cannot be seen there.
    for name, folder in (("shared", SHARED_MEMORY), ("scratch", SCRATCH)):
        part = os.path.join(SCRATCH, name)
        os.mkdir(part)
        os.chmod(part, 0o1777)
        mount(part, folder, "", BIND)
    mount("none", "/dev", "", REMOUNT | BIND | RDONLY | NOSUID | NOEXEC)


def _become_submission(
    role: Callable[[], None],
    lifeline: socket.socket,
    kept: list[int],
    limits: Limits | None,
    user: int,
    gate: Gate | None,
) -> NoReturn:
    """Gives up every privilege, then plays the role."""
    with told(lifeline, WALL):
        os.setsid()
        if gate is not None:
            gate.join()
        if limits is not None:
            _limit(limits)
            drop_privileges(user)
            forbid()
        close_all_but([*kept, lifeline.fileno()])
    with told(lifeline, FAULT):  # which the role closes before anything of the student's is run
        role()
    os._exit(0)


def _limit(limits: Limits) -> None:
    limit_memory(limits.memory)
    numbers = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_NPROC: limits.processes,
    }
    for name, value in numbers.items():
        resource.setrlimit(name, (value, value))


# The watch.


def _overrun(limits: Limits | None, gate: Gate | None) -> Callable[[], bool]:
    """What tells whether the submission used more memory than there is for it."""
    if gate is not None:
        return gate.overrun
    if limits is not None:
        return lambda: _memory_in_use() > limits.total_memory
    return lambda: False


def _watch(child: int, lifeline: socket.socket, overrun: Callable[[], bool]) -> NoReturn:
    """Waits until the submission ends or is to end."""
    reason = "ended"
    lifeline.settimeout(WATCH_SECONDS)
    while True:
        done, status = _ended(child)
        if overrun():
            reason = "memory"
            break
        if done:
            reason = _why(status)
            break
        with contextlib.suppress(TimeoutError):
            try:
                if not lifeline.recv(1):
                    break
            except ConnectionError:
                break
    tell(lifeline, ENDED, reason)
    with contextlib.suppress(OSError):
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
    os._exit(0)


def _ended(child: int) -> tuple[bool, int]:
    """Whether the submission's first process has ended, and how; reaps the others."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return True, 0
        if pid == 0:
            return False, 0
        if pid == child:
            return True, status


def _why(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"signal {os.WTERMSIG(status)}"
    return f"exit {os.WEXITSTATUS(status)}"


def _memory_in_use() -> int:
    """Bytes that the submission's processes hold of their own, and what its sockets may hold."""
    sockets = len(Path("/proc/net/unix").read_text().splitlines()) - 1
    kilobytes = sockets * SOCKET_BYTES // 1024
    for name in os.listdir("/proc"):
        if name.isdigit() and name != "1":
            with contextlib.suppress(OSError):
                lines = Path(f"/proc/{name}/status").read_text().splitlines()
                kilobytes += sum(
                    int(line.split()[1])
                    for line in lines
                    if line.startswith(("RssAnon", "RssShmem"))
                )
    return kilobytes * 1024
