"""How an error crosses the boundary: as the names of its classes, its arguments and its text."""

import contextlib
from collections.abc import Callable
from typing import Any

from course.isolation.names import Names

MAX_TEXT = 20_000


class StudentError(Exception):
    """An error of the student's own kind, or one that would end the checker."""


def text_of(error: BaseException) -> str:
    """What an error says, where it can say it."""
    try:
        return str(error)[:MAX_TEXT]
    except BaseException:
        return ""


def describe(error: BaseException, names: Names, out: Callable[[Any], Any]) -> list[Any]:
    """An error for the other side.

    Parameters
    ----------
    error : BaseException
    names : Names
        What the other side knows by name.
    out : callable
        Writes the error's arguments; where it cannot, they stay behind.
    """
    try:
        arguments = out(error.args)
    except Exception:
        arguments = ["t"]
    return [names.claims(type(error)), arguments, text_of(error)]


def rebuild(
    claimed: Any, text: Any, names: Names, arguments: Callable[[], tuple[Any, ...]]
) -> Exception:
    """The other side's error, of the nearest class that is known here.

    Parameters
    ----------
    claimed, text : object
        Names of its classes, and what it says.
    names : Names
        What this side knows by name.
    arguments : callable
        Reads its arguments.
    """
    text = str(text)[:MAX_TEXT]
    kind = names.known_class(claimed, Exception) or StudentError
    with contextlib.suppress(Exception):
        error: Exception = kind(*arguments())
        if str(error) == text:
            return error
    body: dict[str, Any] = {"__str__": lambda self: text, "__init__": lambda self: None}
    body |= {"__module__": kind.__module__}
    try:
        odd: Exception = type(kind.__name__, (kind,), body)()
    except Exception:
        return StudentError(text)
    return odd
