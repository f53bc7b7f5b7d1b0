"""Calls of the kernel's that Python has no function for."""

import ctypes
import os
import signal
import sys

NEW_MOUNTS, NEW_IPC, NEW_PROCESSES = 0x00020000, 0x08000000, 0x20000000
NEW_NETWORK, NEW_USERS = 0x40000000, 0x10000000
# Of mounts, cgroups, names, processes' communication, users, processes and the network.
NAMESPACES = (
    NEW_MOUNTS | 0x02000000 | 0x04000000 | NEW_IPC | NEW_USERS | NEW_PROCESSES | NEW_NETWORK
)
RDONLY, NOSUID, NODEV, NOEXEC, REMOUNT, BIND = 1, 2, 4, 8, 32, 4096
RECURSIVE, PRIVATE = 16384, 1 << 18
SET_PARENT_DEATH_SIGNAL, SET_DUMPABLE, SET_SECCOMP = 1, 4, 22
CAPBSET_DROP, SET_NO_NEW_PRIVS, CAP_AMBIENT = 24, 38, 47
CAP_AMBIENT_CLEAR_ALL, SECCOMP_MODE_FILTER = 4, 2
CAPABILITY_VERSION = 0x20080522
CAP_NET_ADMIN, CAP_SYS_ADMIN = 1 << 12, 1 << 21

_LIBC = ctypes.CDLL(None, use_errno=True)


def _must(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(flags: int) -> None:
    """Gives this process namespaces of its own."""
    _must(_LIBC.unshare(flags), "unshare")


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """Mounts a file system, or changes how one is mounted."""
    _must(
        _LIBC.mount(source.encode(), target.encode(), kind.encode(), flags, options.encode()),
        f"mount {target}",
    )


def end_with_parent(parent: int) -> None:
    """Has the kernel end this process when its parent, the process `parent`, ends."""
    if sys.platform == "linux":
        _LIBC.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it ended before
            os._exit(1)


def hide() -> None:
    """Keeps other processes of the same user out of this one."""
    _must(_LIBC.prctl(SET_DUMPABLE, 0, 0, 0, 0), "prctl")


def drop_capabilities() -> None:
    """Takes from programs that this process starts what they could get."""
    for capability in range(64):
        if _LIBC.prctl(CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break
    _LIBC.prctl(CAP_AMBIENT, CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)


def renounce() -> None:
    """Leaves this process without any capability, and without a way to get one."""
    _must(_LIBC.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    _must(_LIBC.capset(header, (ctypes.c_uint32 * 6)()), "capset")


def set_filter(program: bytes) -> None:
    """Has the kernel ask a program of its own kind before each system call."""
    _must(_LIBC.prctl(SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0), "seccomp")
