"""The filter of system calls: `course.isolation.allowed` in the kernel's own language."""

import ctypes
import errno
import os
import struct

from course.isolation import allowed, kernel

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | errno.ENOSYS
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
NAMESPACES = kernel.NEW_USERS


def forbid() -> None:
    """Has the kernel refuse what is forbidden, as if there were no such calls."""
    machine = os.uname().machine
    if machine not in allowed.MACHINES:
        return
    architecture, clone = allowed.MACHINES[machine]
    numbers = [call[machine] for call in allowed.FORBIDDEN.values()]
    count = len(numbers)
    # Each step: what to do, how many steps to skip if it holds and if it does not, its operand.
    steps = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
        (AT_LEAST, count + 4, 0, 0x40000000),  # the x32 set of the same calls
        *((EQUAL, count + 3 - place, 0, number) for place, number in enumerate(numbers)),
        (EQUAL, 0, 2, clone),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (ANY_BIT, 1, 0, NAMESPACES),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, REFUSE),
    ]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(code)
    kernel.set_filter(struct.pack("HxxxxxxQ", len(steps), ctypes.addressof(buffer)))
