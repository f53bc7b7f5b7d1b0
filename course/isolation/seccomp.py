"""The filter of system calls: `course.isolation.syscalls` in the kernel's own language."""

import ctypes
import errno
import os
import struct

from course.isolation import kernel
from course.isolation.syscalls import ALLOWED, ASKED, MACHINES, Asked

LOAD, EQUAL, ANY_BIT, RETURN = 0x20, 0x15, 0x45, 0x06
ALLOW, KILL, FAIL = 0x7FFF0000, 0x80000000, 0x00050000
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16

# What to do, how many steps to skip if it holds and if it does not, its operand.
Step = tuple[int, int, int, int]


def program(machine: str, unknown: int = FAIL | errno.ENOSYS) -> list[Step]:
    """The steps by which the kernel decides on a call.

    Parameters
    ----------
    machine : str
        One of `MACHINES`.
    unknown : int
        What becomes of a call that is not listed.
    """
    architecture, column = MACHINES[machine]
    steps = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
    ]
    for numbers in ALLOWED.values():
        if (number := numbers[column]) is not None:
            steps += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW)]
    for call in ASKED.values():
        steps += asked(call, column)
    return [*steps, (RETURN, 0, 0, unknown)]


def asked(call: Asked, column: int) -> list[Step]:
    """The steps for a call whose first argument decides."""
    fails = FAIL | call.error
    compare, found, otherwise = (ANY_BIT, fails, ALLOW) if call.flags else (EQUAL, ALLOW, fails)
    steps = [(LOAD, 0, 0, FIRST_ARGUMENT)]
    for value in call.values:
        steps += [(compare, 0, 1, value), (RETURN, 0, 0, found)]
    steps += [(RETURN, 0, 0, otherwise)]
    return [(EQUAL, 0, len(steps), call.numbers[column]), *steps]


def packed(steps: list[Step]) -> bytes:
    """A program as the kernel reads it."""
    return b"".join(struct.pack("HBBI", *step) for step in steps)


# Packed once, in the warm process.
_MACHINE = os.uname().machine
_CODE = packed(program(_MACHINE)) if _MACHINE in MACHINES else b""


def forbid() -> None:
    """Has the kernel refuse what is not listed, as if there were no such calls."""
    if _CODE:
        install(_CODE)


def install(code: bytes) -> None:
    """Has the kernel ask a packed program before each call from now on."""
    buffer = ctypes.create_string_buffer(code, len(code))
    kernel.set_filter(struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(buffer)))
