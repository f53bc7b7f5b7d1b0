"""Calls a function of ours on what a stranger wrote, where it can use up only so much.

Parsers, analyses and renderers are trusted, but what they are given is not: a file of a few
megabytes can make them take gigabytes, minutes or the whole stack. Here they run in a forked
child, and whatever becomes of that child, the caller gets a value or an exception.
"""

import contextlib
import faulthandler
import gc
import os
import resource
import select
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from enum import StrEnum
from typing import Any, NoReturn

import msgpack

from course.isolation import kernel
from course.isolation.rights import close_all_but, limit_memory

# Of wall time, for each second of CPU: this machine may be busy with others.
PATIENCE = 10
MAX_DETAILS = 10_000
CHUNK = 2**20
VALUE, RAISED, OVER = range(3)


class Reason(StrEnum):
    """Why a call came to nothing."""

    TIME = "time"
    MEMORY = "memory"
    STACK = "stack"
    CRASH = "crash"


_SENTENCES = {
    Reason.TIME: "It took too long.",
    Reason.MEMORY: "It took too much memory.",
    Reason.STACK: "It is nested too deeply.",
    Reason.CRASH: "It cannot be worked on.",
}


class OverLimit(Exception):
    """A call that used up what it may, or did not survive; its text is a sentence.

    Attributes
    ----------
    reason : Reason
        A word: `time`, `memory`, `stack`, or `crash` for all else that can go wrong.
    details : str
        More about a crash, for a log.
    """

    def __init__(self, reason: str, details: str = "") -> None:
        self.reason = Reason(reason)
        self.details = details
        super().__init__(_SENTENCES[self.reason])


def call(
    function: Callable[..., Any],
    *arguments: Any,
    seconds: float,
    memory: int,
    raising: tuple[type[Exception], ...] = (),
) -> Any:
    """``function(*arguments)``, done by a forked child with limits.

    A call costs a fork, some milliseconds, so do several steps in one. The child has a session of
    its own and no open file but `/dev/null`; it may read files, as imports do, but import before
    what the function needs, or each call does so again. Where other threads run, too, the function
    must not take a lock that one of them may hold. On macOS there is no limit on memory.

    Parameters
    ----------
    function : callable
        Ours: the limits stop what gets out of hand, not what wants to do harm.
    *arguments
        Reach the child as they are, for it is a fork.
    seconds : float
        Of CPU, counted in whole ones; of wall time there is `PATIENCE` times as much.
    memory : int
        Bytes that the child may map beyond what this process has, and bytes of its value.
    raising : tuple of exception types
        What the function may raise: it comes back as an exception of that type with its text.

    Returns
    -------
    object
        The value, as msgpack hands it over: a tuple is a list then, and a notebook a dict.

    Raises
    ------
    OverLimit
        If the child used up what it may, died, or met any other exception.
    """
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads; see above
        parent, child = os.getpid(), os.fork()
    if child == 0:
        _serve(function, arguments, seconds, memory, raising, writer, parent)
    os.close(writer)
    try:
        said = _heard(reader, time.monotonic() + PATIENCE * seconds, memory)
    finally:
        os.close(reader)
        status = _ended(child)
    if said is None:
        raise OverLimit(*_why(status))
    kind, value, details = said
    if kind == RAISED:
        raise raising[value](details)
    if kind == OVER:
        raise OverLimit(value, details)
    return value


# In the child.


def _serve(
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
    seconds: float,
    memory: int,
    raising: tuple[type[Exception], ...],
    writer: int,
    parent: int,
) -> NoReturn:
    """Calls the function within limits, and tells what came of it."""
    try:
        _confine(seconds, memory, writer, parent)
        content = _outcome(function, arguments, raising)
        while content:
            content = content[os.write(writer, content) :]
    finally:
        os._exit(0)


def _confine(seconds: float, memory: int, writer: int, parent: int) -> None:
    gc.freeze()  # a collection would copy the pages of all that the parent has
    faulthandler.disable()
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGALRM, signal.SIGXCPU, signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE * seconds)
    os.setsid()
    if sys.platform == "linux":
        kernel.end_with_parent(parent)
    close_all_but([writer])
    whole = max(1, round(seconds + 0.5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    if most == resource.RLIM_INFINITY or most > whole:
        resource.setrlimit(resource.RLIMIT_CPU, (whole, whole + 1))
    with contextlib.suppress(OSError, ValueError):  # where a smaller limit holds, or macOS
        limit_memory(memory)


def _outcome(
    function: Callable[..., Any], arguments: tuple[Any, ...], raising: tuple[type[Exception], ...]
) -> bytes:
    """What came of the call, in msgpack."""
    try:
        return _packed(VALUE, function(*arguments), "")
    except MemoryError:
        return _packed(OVER, str(Reason.MEMORY), "")
    except RecursionError:
        return _packed(OVER, str(Reason.STACK), "")
    except raising as error:
        kinds = (place for place, kind in enumerate(raising) if isinstance(error, kind))
        return _packed(RAISED, next(kinds), _text(str(error)))
    except BaseException:
        details = traceback.format_exc()[-MAX_DETAILS:]
        return _packed(OVER, str(Reason.CRASH), _text(details))


def _packed(*parts: Any) -> bytes:
    content: bytes = msgpack.packb(parts)
    return content


def _text(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


# In the parent.


def _heard(reader: int, deadline: float, limit: int) -> list[Any] | None:
    """What the child tells; None if it ends, hangs or overflows before it has told all."""
    poll = select.poll()
    poll.register(reader, select.POLLIN)
    content = bytearray()
    while poll.poll(max(0, int(1000 * (deadline - time.monotonic())))):
        more = os.read(reader, CHUNK)
        content += more
        if len(content) > limit + MAX_DETAILS:
            raise OverLimit(Reason.MEMORY)
        if not more:
            break
    else:
        raise OverLimit(Reason.TIME)
    try:
        said: list[Any] = msgpack.unpackb(content, strict_map_key=False)
        return said
    except (ValueError, msgpack.UnpackException):
        return None


def _ended(child: int) -> int:
    """The status with which the child ended, which it is made to."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    try:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    except ChildProcessError:  # this process has the system wait for its children
        return 0


def _why(status: int) -> tuple[Reason, str]:
    """The reason why a child had nothing to tell."""
    reasons = {
        -signal.SIGXCPU: Reason.TIME,
        -signal.SIGALRM: Reason.TIME,
        -signal.SIGKILL: Reason.MEMORY,  # by the system, as memory ran out
        -signal.SIGSEGV: Reason.STACK,
        -signal.SIGBUS: Reason.STACK,
    }
    return reasons.get(status, Reason.CRASH), f"The process ended with status {status}."
