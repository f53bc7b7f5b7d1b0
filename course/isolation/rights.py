"""The rights of a process: what it has, what it may choose, and how it gives all up."""

import os
import resource
from pathlib import Path

from course.isolation import kernel

# CAP_SYS_ADMIN to make the wall, and CAP_NET_ADMIN, which its network needs.
NEEDED = kernel.CAP_SYS_ADMIN | kernel.CAP_NET_ADMIN


def is_root() -> bool:
    """Whether this is root with a root's rights, as it seldom is in a container."""
    if os.geteuid() != 0:
        return False
    lines = Path("/proc/self/status").read_text().splitlines()
    (effective,) = (int(line.split()[1], 16) for line in lines if line.startswith("CapEff:"))
    return effective & NEEDED == NEEDED


def may_choose_user() -> bool:
    """Whether this is the real root, and not one of a user namespace with a single user."""
    return int(Path("/proc/self/uid_map").read_text().split()[2]) > 1


def tells_apart() -> bool:
    """Whether submissions side by side behind one outer wall have user ids of their own.

    It is by them that the kernel counts how many processes a submission has.
    """
    return is_root() and may_choose_user()


def drop_privileges(user: int) -> None:
    """Leaves this process without any capability, and where it may choose as that user."""
    kernel.drop_capabilities()
    if may_choose_user():
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    kernel.renounce()


def limit_memory(size: int) -> None:
    """Bounds what this process may map from now on, beyond what it has."""
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + size, mapped + size))


def silence() -> None:
    """Closes this process's standard input and outputs."""
    quiet = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(quiet, standard)
    if quiet > 2:
        os.close(quiet)


def close_all_but(kept: list[int]) -> None:
    """Closes every file of this process's but some."""
    silence()
    start = 3
    for number in sorted(kept):
        os.closerange(start, number)
        start = number + 1
    os.closerange(start, min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 65_536))
