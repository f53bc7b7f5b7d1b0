"""Where this process may make cgroups, by what the kernel says of it in /proc.

Of version 1 there is a hierarchy of folders for each controller, of version 2 one for all.
"""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NEEDED = {"memory", "pids"}
CONTROLLERS = (*sorted(NEEDED), "cpu")
PROC = Path("/proc")
# What a group of version 2 moves into that has to give its controllers to groups below it.
LEAF = "graders"


@dataclass(frozen=True)
class Lent:
    """Folders in which cgroups may be made.

    Attributes
    ----------
    version : int
        1 or 2.
    controllers : tuple of str
        What can be limited there.
    folders : tuple of Path
        Of version 1 one for each controller, of version 2 a single one.
    mounts : tuple of Path
        Where the hierarchies begin that these lie in.
    """

    version: int
    controllers: tuple[str, ...]
    folders: tuple[Path, ...]
    mounts: tuple[Path, ...]


@dataclass(frozen=True)
class _Hierarchy:
    """A mounted hierarchy: its controllers (none of version 2), and this process's place in it."""

    controllers: tuple[str, ...]
    mount: Path
    own: Path


def find(proc: Path = PROC) -> Lent | None:
    """Where this process may make cgroups with limits on memory and processes, if anywhere."""
    try:
        found = list(_mounted(proc))
    except OSError:
        return None
    first = [(name, each) for name in CONTROLLERS for each in found if name in each.controllers]
    names = tuple(name for name, _ in first)
    if set(names) >= NEEDED:
        if not all(os.access(each.own, os.W_OK) for _, each in first):
            return None
        own = tuple(each.own for _, each in first)
        return Lent(1, names, own, tuple(each.mount for _, each in first))
    for each in found:
        if not each.controllers and (folder := _giving(each, proc)) is not None:
            given = _words(folder / "cgroup.subtree_control")
            names = tuple(name for name in CONTROLLERS if name in given)
            return Lent(2, names, (folder,), (each.mount,))
    return None


def _mounted(proc: Path) -> Iterator[_Hierarchy]:
    places: dict[tuple[str, ...], str] = {}
    for line in (proc / "self/cgroup").read_text().splitlines():
        _, names, path = line.split(":", 2)
        places[tuple(names.split(",")) if names else ()] = path
    for line in (proc / "self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        root, mount = (_plain(text) for text in before.split()[3:5])
        kind, _, options = after.split()[:3]
        for controllers, path in places.items():
            fits = kind == "cgroup" and set(controllers) <= set(options.split(","))
            if fits if controllers else kind == "cgroup2":
                below = os.path.relpath(path, root)
                if not below.startswith(".."):
                    yield _Hierarchy(controllers, Path(mount), Path(mount, below))


def _plain(text: str) -> str:
    """A path as it is; in /proc blanks and the like are written as octal numbers."""
    return text.encode().decode("unicode_escape").encode("latin-1").decode(errors="replace")


def _words(path: Path) -> set[str]:
    try:
        return set(path.read_text().split())
    except OSError:
        return set()


def _giving(hierarchy: _Hierarchy, proc: Path) -> Path | None:
    """The nearest group of version 2 at or above this process's that gives groups below limits."""
    own = hierarchy.own
    for folder in (own, *own.parents):
        if folder != hierarchy.mount and hierarchy.mount not in folder.parents:
            break
        if _words(folder / "cgroup.subtree_control") >= NEEDED and os.access(folder, os.W_OK):
            return folder
    has = _words(own / "cgroup.controllers")
    if has >= NEEDED and os.access(own, os.W_OK) and _settled(own, has, proc):
        return own
    return None


def _settled(own: Path, has: set[str], proc: Path) -> bool:
    """Makes this process's group give limits to groups below it.

    It then may hold no process itself, so these move into one of the groups below; but only this
    process and those that it was started by are moved.
    """
    family = set(_family(proc))
    inside = _words(own / "cgroup.procs")
    if not inside <= family:
        return False
    with contextlib.suppress(OSError):
        leaf = own / LEAF
        leaf.mkdir(exist_ok=True)
        for number in inside:
            (leaf / "cgroup.procs").write_text(number)
        given = " ".join(f"+{name}" for name in CONTROLLERS if name in has)
        (own / "cgroup.subtree_control").write_text(given)
        return True
    return False


def _family(proc: Path) -> Iterator[str]:
    """The ids of this process and of those that it was started by."""
    number = str(os.getpid())
    while number != "0":
        yield number
        lines = (proc / number / "status").read_text().splitlines()
        (number,) = (line.split()[1] for line in lines if line.startswith("PPid:"))
