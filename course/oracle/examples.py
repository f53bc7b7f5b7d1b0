"""Inputs of an exercise that nobody chose, and what the author's solution makes of them."""

import copy
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from course.oracle.inputs import Cases, alike
from course.paths import CourseError

# Hypothesis builds new inputs from earlier ones; it starts anew so often, for variety.
ROUNDS = 5


@dataclass(frozen=True)
class Example:
    """An input, and what the author's solution makes of it.

    Attributes
    ----------
    arguments : dict
    want : object
        The result, or a `Refused`.
    reseeded : list of dict
        The arguments with other seeds, where these made a difference to the solution.
    """

    arguments: dict[str, Any]
    want: Any
    reseeded: list[dict[str, Any]]


class Refused:
    """A call that ended in a `ValueError`."""


class Different(Exception):
    """An answer differs from the author's solution; its text says where."""


def examples_of(inputs: Cases, reference: Callable) -> list[Example]:
    """Draw inputs, and see what the solution makes of them.

    Parameters
    ----------
    inputs : Cases
    reference : callable

    Returns
    -------
    list of Example
    """
    found = []

    @settings(
        max_examples=max(1, inputs.examples // ROUNDS),
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.composite(inputs.draw)())
    def draw(arguments):
        want = outcome(inputs, reference, arguments)
        if isinstance(want, Exception):
            raise CourseError(f"the solution fails for {show(arguments)}: {want!r}")
        reseeded = [_reseeded(arguments, by) for by in (1, 2)] if inputs.seeded else []
        if not differs_from_all(want, [outcome(inputs, reference, each) for each in reseeded]):
            reseeded = []
        found.append(Example(arguments, want, reseeded))

    for start in range(ROUNDS):
        seed(start)(draw)()
    return found


def outcome(inputs: Cases, function: Callable, arguments: dict[str, Any]) -> Any:
    """What a call comes to: the result, `Refused`, or the exception that it ended in.

    A call that changes its arguments comes to a `Different`.
    """
    given_ = _fresh(arguments)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if inputs.quiet:
            warnings.simplefilter("error", RuntimeWarning)
        try:
            result = inputs.call(function, **given_)
        except ValueError:
            return Refused()
        except Exception as error:
            return error
    for name, value in given_.items():
        if name != "rng" and not _unchanged(value, arguments[name]):
            return Different(f"`{name}` is changed")
    return result


def _fresh(arguments):
    return {
        name: np.random.default_rng(value) if name == "rng" else copy.deepcopy(value)
        for name, value in arguments.items()
    }


def _reseeded(arguments, by):
    return {
        name: value + by if name in ("rng", "random_state") else value
        for name, value in arguments.items()
    }


def _unchanged(now, before):
    if isinstance(before, np.ndarray):
        numbers = before.dtype.kind == "f"
        return isinstance(now, np.ndarray) and np.array_equal(now, before, equal_nan=numbers)
    if isinstance(before, list | tuple):
        return len(now) == len(before) and all(map(_unchanged, now, before))
    return callable(before) or now is before or bool(now == before)


def same(one: Any, other: Any) -> bool:
    """Whether two results of one function are alike; a short list counts as a tuple."""
    return not isinstance(other, Refused) and alike(_plain(one), _plain(other))


def _plain(result):
    return tuple(result) if isinstance(result, list) and len(result) < 10 else result


def differs_from_all(first: Any, others: list) -> bool:
    """Whether none of the other results is like the first one, nor refused."""
    return not any(isinstance(o, Refused) or alike(_plain(first), _plain(o)) for o in others)


def show(value: Any) -> str:
    """A value on one line of bounded length; a dictionary as arguments are written."""
    with np.printoptions(precision=4, threshold=12, edgeitems=3):
        if isinstance(value, dict):
            text = ", ".join(f"{name}={item!r}" for name, item in value.items())
        else:
            text = repr(value)
    text = " ".join(text.split())
    return text if len(text) <= 400 else text[:399] + "…"
