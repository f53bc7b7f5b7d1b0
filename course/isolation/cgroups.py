"""A cgroup for each submission, where the machine lends one: the kernel's own limits.

The kernel counts what no process owns, too: the buffers of sockets and pipes, files in memory, page
tables. Each submission has a share of the processors as large as any other's, however many
processes it starts. Where no cgroup is lent, the watch (`course.isolation.inner`) adds up what it
can see.
"""

import atexit
import contextlib
import fcntl
import functools
import itertools
import os
import re
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from course.isolation.allowed import Limits
from course.isolation.hierarchies import Lent, find

# By the version of cgroups and the controller: files of a group's, and what is written there.
LIMITS: dict[int, dict[str, dict[str, str]]] = {
    1: {
        "memory": {
            "memory.limit_in_bytes": "{memory}",
            "memory.memsw.limit_in_bytes": "{memory}",  # with swap; never below the one without
        },
        "pids": {"pids.max": "{processes}"},
        "cpu": {"cpu.shares": "1024"},  # as much as one process
    },
    2: {
        "memory": {
            "memory.max": "{memory}",
            "memory.swap.max": "0",
            "memory.oom.group": "1",
        },
        "pids": {"pids.max": "{processes}"},
        "cpu": {"cpu.weight": "100"},  # as much as one process
    },
}
# Not there on every kernel.
OPTIONAL = {"memory.memsw.limit_in_bytes", "memory.swap.max", "memory.oom.group"}
EVENTS = {1: "memory.oom_control", 2: "memory.events"}
MAX_HANDLES = 4
NAME = re.compile(r"grading-\d+-\d+")
PATIENCE = 2.0
TRIES = 3
JOIN = 'for door; do echo 0 > "$door" || exit 1; done'

LENT = "Each submission runs in a cgroup of its own (version {version}: {controllers})."
NOT_LENT = (
    "No cgroup is lent here, so the memory of submissions is watched, not limited by the kernel "
    "(docs/grading.md, Limits)."
)


@dataclass(frozen=True)
class Gate:
    """A group as seen from inside: open files, which are handed on to who is to join it.

    Attributes
    ----------
    doors : tuple of int
        Whoever writes there is in.
    events : int
        Where the kernel tells that it ended a process for its memory.
    """

    doors: tuple[int, ...]
    events: int

    @classmethod
    def of(cls, handles: Sequence[int]) -> "Gate | None":
        """The gate that was handed on, if there is one."""
        return cls(tuple(handles[:-1]), handles[-1]) if handles else None

    @property
    def handles(self) -> tuple[int, ...]:
        """What `of` takes."""
        return (*self.doors, self.events)

    def join(self) -> None:
        """Puts this process, and those that it will start, into the group."""
        for door in self.doors:
            os.write(door, b"0")

    def overrun(self) -> bool:
        """Whether a process of the group was ended because the group's memory was used up."""
        lines = os.pread(self.events, 4096, 0).decode().splitlines()
        return any(line.startswith("oom_kill ") and line != "oom_kill 0" for line in lines)

    def close(self) -> None:
        """Lets go of the files."""
        for handle in self.handles:
            os.close(handle)


class Group:
    """A new cgroup.

    Its folders are locked for as long as its maker lives, so that others can tell what is left
    over, whatever the maker's id is where they look from.

    Parameters
    ----------
    lent : Lent
    limits : Limits

    Raises
    ------
    OSError
        If it cannot be made.
    """

    def __init__(self, lent: Lent, limits: Limits) -> None:
        name = f"grading-{os.getpid()}-{next(_NUMBERS)}"
        self.folders = [folder / name for folder in lent.folders]
        self.open: list[int] = []
        try:
            for folder in self.folders:
                folder.mkdir()
                self._lock(folder)
            self._limit(lent, limits)
            doors = [self._opened(folder / "cgroup.procs", os.O_WRONLY) for folder in self.folders]
            memory = self.folders[lent.controllers.index("memory") if lent.version == 1 else 0]
            events = self._opened(memory / EVENTS[lent.version], os.O_RDONLY)
        except BaseException:
            self.close()
            raise
        self.gate = Gate(tuple(doors), events)

    def _lock(self, folder: Path) -> None:
        fcntl.flock(self._opened(folder, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _opened(self, path: Path, how: int) -> int:
        self.open.append(os.open(path, how | os.O_CLOEXEC))
        return self.open[-1]

    def _limit(self, lent: Lent, limits: Limits) -> None:
        known = {"memory": limits.total_memory, "processes": limits.processes}
        for place, controller in enumerate(lent.controllers):
            folder = self.folders[place if lent.version == 1 else 0]
            for name, value in LIMITS[lent.version][controller].items():
                if name not in OPTIONAL or (folder / name).exists():
                    (folder / name).write_text(value.format(**known))

    def close(self) -> None:
        """Ends what is in it, and removes it as soon as that has ended."""
        for handle in self.open:
            os.close(handle)
        self.open = []
        _LEFT.extend(folder for folder in self.folders if not _removed(folder))


_NUMBERS = itertools.count()
# Groups that were given up, and held processes that had not quite ended.
_LEFT: list[Path] = []


def _removed(folder: Path) -> bool:
    """Ends what is in a group; whether it is gone."""
    try:
        _end(folder)
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _end(folder: Path) -> None:
    killer = folder / "cgroup.kill"
    if killer.exists():
        killer.write_text("1")
        return
    for number in (folder / "cgroup.procs").read_text().split():
        with contextlib.suppress(ProcessLookupError):
            if number != "0":  # of processes that cannot be seen from here
                os.kill(int(number), signal.SIGKILL)


@atexit.register
def remove_left(patience: float = PATIENCE) -> None:
    """Removes the groups that were given up, and waits so many seconds for what is in them."""
    deadline = time.monotonic() + patience
    while True:
        _LEFT[:] = [folder for folder in _LEFT if not _removed(folder)]
        if not _LEFT or time.monotonic() > deadline:
            return
        time.sleep(0.01)


@functools.cache
def lent() -> Lent | None:
    """Where this process may make cgroups that a submission can be put into, if anywhere."""
    found = find()
    if found is None:
        return None
    try:
        group = Group(found, Limits())
    except OSError:
        return None
    try:
        doors = [str(folder / "cgroup.procs") for folder in group.folders]
        done = subprocess.run(["/bin/sh", "-c", JOIN, "sh", *doors], capture_output=True)
    except OSError:
        return None
    finally:
        group.close()
    return found if done.returncode == 0 else None


def new(limits: Limits) -> Group | None:
    """A new group; None where none can be had."""
    remove_left(0)
    place = lent()
    if place is None:
        return None
    for _ in range(TRIES):
        with contextlib.suppress(OSError):  # another grader's sweep may be faster than the lock
            return Group(place, limits)
    return None


def said() -> str:
    """A sentence on what limits submissions here."""
    place = lent()
    if place is None:
        return NOT_LENT
    return LENT.format(version=place.version, controllers=", ".join(place.controllers))


def sweep() -> None:
    """Ends and removes the groups whose makers were killed."""
    place = lent()
    for mount in place.mounts if place else ():
        for where, names, _ in os.walk(mount):
            for name in filter(NAME.fullmatch, names):
                folder = Path(where, name)
                if _is_left_over(folder):
                    _LEFT.extend([] if _removed(folder) else [folder])
    remove_left()


def _is_left_over(folder: Path) -> bool:
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(handle)
