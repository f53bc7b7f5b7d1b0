"""Work of our own on what a stranger wrote, in a process with limits.

Parsing and rendering run no code of the stranger's, but a hostile text can make them take hours and
gigabytes, or overflow the stack. So they are done in a child that the kernel bounds. What goes
wrong there is told to the caller, who goes on.
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
from typing import Any, NoReturn

import msgpack

from course.isolation import kernel
from course.isolation.rights import close_all_but, limit_memory

# Of the clock, for each second of the processor: others may be busy on this machine.
PATIENCE = 10
MAX_RESULT = 2**28
CHUNK = 2**18
ENDS: dict[int, str] = {
    signal.SIGXCPU: "time",
    signal.SIGALRM: "time",
    signal.SIGSEGV: "depth",
    signal.SIGBUS: "depth",
}
ANSWER, RAISED, FAILED = "answer", "raised", "failed"


class Broken(Exception):
    """The work was not done.

    Parameters
    ----------
    why : str
        ``"time"``, ``"memory"``, ``"depth"`` (the stack overflowed), ``"end"``
        (the process died) or ``"error"``.
    details : str
        A traceback, where there is one.
    """

    def __init__(self, why: str, details: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.details = details


def call(
    function: Callable[..., Any],
    *arguments: Any,
    seconds: float,
    memory: int,
    raises: tuple[type[Exception], ...] = (),
) -> Any:
    """What `function(*arguments)` returns in a child with limits.

    The child is a fork, so it costs milliseconds and has all that is imported; what the function
    imports itself it imports each time. Of the threads of this process it has but the one that
    calls; so the function must not wait for another, nor take a lock that one may hold. It is not a
    sandbox: the function is ours, and may read files.

    Parameters
    ----------
    function : callable
        Code of our own. What it returns must be plain: numbers, texts, bytes, lists, dictionaries
        and None; a tuple comes back as a list.
    *arguments
    seconds : float
        Of the processor, rounded up; of the clock `PATIENCE` times as much.
    memory : int
        Bytes that the child may map beyond what this process has.
    raises : tuple of exception classes
        Exceptions that come back as themselves, with their text.

    Raises
    ------
    Broken
        If the function takes too long, too much memory or too deep a stack, dies, or raises another
        exception.
    """
    deadline = time.monotonic() + PATIENCE * seconds
    parent = os.getpid()
    mine, its = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forks where there are threads
        child = os.fork()
    if child == 0:
        _begin(its, parent, seconds, memory)
        _work(its, function, arguments, raises)
    os.close(its)
    try:
        data = _all_of(mine, deadline)
    finally:
        os.close(mine)
        number = _ended(child)
    return _understood(data, number, raises)


def _ended(child: int) -> int:
    """Ends the child where it has not ended; the number of the signal that did, or 0."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    try:
        return os.WTERMSIG(os.waitpid(child, 0)[1])
    except ChildProcessError:  # this process has the system wait for its children
        return 0


def _understood(data: bytes, number: int, raises: tuple[type[Exception], ...]) -> Any:
    """The answer in what the child wrote before that signal ended it, or its exception."""
    try:
        said = msgpack.unpackb(data, strict_map_key=False, unicode_errors="surrogatepass")
    except (ValueError, msgpack.UnpackException):  # it did not come to the end
        raise Broken(ENDS.get(number, "end"), f"The process ended with signal {number}.") from None
    kind, *rest = said
    if kind == RAISED:
        place, text = rest
        raise raises[place](text)
    if kind == FAILED:
        raise Broken(*rest)
    return rest[0]


def _all_of(pipe: int, deadline: float) -> bytes:
    """What is written into a pipe until its end."""
    data = bytearray()
    while True:
        ready, _, _ = select.select([pipe], [], [], max(0, deadline - time.monotonic()))
        if not ready:
            raise Broken("time")
        chunk = os.read(pipe, CHUNK)
        if not chunk:
            return bytes(data)
        data += chunk
        if len(data) > MAX_RESULT:
            raise Broken("memory")


def _begin(pipe: int, parent: int, seconds: float, memory: int) -> None:
    """Leaves the child nothing but the pipe and its limits; it ends with its parent."""
    try:
        os.setsid()
        kernel.end_with_parent(parent)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGXCPU, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, PATIENCE * seconds)
        faulthandler.disable()
        gc.freeze()  # a collection would copy pages of the parent's
        close_all_but([pipe])
        _limit(seconds, memory)
    except BaseException:
        os._exit(1)


def _work(
    pipe: int,
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
    raises: tuple[type[Exception], ...],
) -> NoReturn:
    """Does the work in the child, writes what came of it, and ends."""
    try:
        data = _outcome(function, arguments, raises)
        with os.fdopen(pipe, "wb") as file:
            file.write(data)
    finally:
        os._exit(0)


def _limit(seconds: float, memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    cpu = int(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    if sys.platform == "linux":  # others have no such limit that holds
        limit_memory(memory)


def _outcome(
    function: Callable[..., Any], arguments: tuple[Any, ...], raises: tuple[type[Exception], ...]
) -> bytes:
    """What the function gave, as bytes."""
    try:
        return _packed(ANSWER, function(*arguments))
    except MemoryError:
        return _packed(FAILED, "memory")
    except RecursionError:
        return _packed(FAILED, "depth")
    except raises as error:
        place = next(i for i, kind in enumerate(raises) if isinstance(error, kind))
        return _packed(RAISED, place, str(error))
    except Exception:
        return _packed(FAILED, "error", traceback.format_exc(limit=-20)[-20_000:])


def _packed(*message: Any) -> bytes:
    data: bytes = msgpack.packb(message, unicode_errors="surrogatepass")
    return data
