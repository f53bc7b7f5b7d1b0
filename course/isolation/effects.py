"""What a call does besides returning: errors, warnings, what it prints, the memory it takes."""

import contextlib
import io
import tracemalloc
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from course.isolation.errors import StudentError, text_of

MAX_PRINTED = 1_000_000


class Printed(io.StringIO):
    """What is printed, up to a limit."""

    def write(self, text: str) -> int:
        """Keeps `text` while there is room."""
        if self.tell() < MAX_PRINTED:
            super().write(text)
        return len(text)


@dataclass(frozen=True)
class Outcome:
    """What came of a call: a result or a failure, with its warnings, its text and its memory."""

    result: Any
    failure: BaseException | None
    warned: list[warnings.WarningMessage]
    printed: str
    peak: int | None


def observed(call: Callable[[], Any], numpy_errors: dict[str, Any], measure: bool) -> Outcome:
    """Calls `call()` and keeps what it does to itself.

    Parameters
    ----------
    call : callable
    numpy_errors : dict
        What `numpy.errstate` takes.
    measure : bool
        Whether to find out how much memory the call takes.
    """
    result, peak, failure = None, None, None
    printed = Printed()
    with (
        warnings.catch_warnings(record=True) as warned,
        np.errstate(**numpy_errors),
        contextlib.redirect_stdout(printed),
    ):
        warnings.simplefilter("always")
        try:
            if measure:
                result, peak = measured(call)
            else:
                result = call()
        except Exception as error:
            failure = error
        except (SystemExit, KeyboardInterrupt, GeneratorExit) as error:
            failure = StudentError(f"{type(error).__name__}: {text_of(error)}")
    return Outcome(result, failure, warned, printed.getvalue(), peak)


def measured(call: Callable[[], Any]) -> tuple[Any, int]:
    """What `call()` returns, and the bytes that it held at most beyond what there was before.

    Tracing is taken out of the callee's reach meanwhile.
    """
    handles = {name: getattr(tracemalloc, name) for name in ("start", "stop", "get_traced_memory")}
    off_limits = ("start", "stop", "reset_peak", "clear_traces")
    kept = {name: getattr(tracemalloc, name) for name in off_limits}
    handles["start"]()
    try:
        for name in off_limits:
            setattr(tracemalloc, name, _nothing)
        before, _ = handles["get_traced_memory"]()
        result = call()
        _, peak = handles["get_traced_memory"]()
    finally:
        for name, function in kept.items():
            setattr(tracemalloc, name, function)
        handles["stop"]()
    return result, peak - before


def _nothing(*args: object) -> None:
    return None
