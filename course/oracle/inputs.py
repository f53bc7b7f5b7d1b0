"""What each exercise may be called with, and when two of its results are alike.

For each exercise `course/lessons/NN_name/inputs.py` describes the inputs that its contract allows,
and some for which it asks for a `ValueError`::

    @cases()
    def expected_counts(draw):
        return {"n": draw(st.integers(-2, 50)), "category_prob": draw(probabilities())}

The function is named after the exercise, `draw` is hypothesis's, and what it returns are the
arguments in their order. An argument called `rng` is the seed of a generator, made anew for each
call. Two results are alike if they hold the same numbers in the same shapes. Where more than one
result is right, the file says which are::

    @cases(right=a_permutation)

`right(want, got, **arguments)` then looks at the author's result and the other one.
"""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from course.paths import LESSONS, CourseError, lesson_file

# An answer may use float32, and another order of summation.
TOLERANCE = {"rtol": 1e-4, "atol": 1e-7}


def alike(want: Any, got: Any, **arguments: Any) -> bool:
    """Whether two results hold the same numbers in the same shapes; ints and floats are alike."""
    if isinstance(want, tuple):
        is_pair = isinstance(got, tuple | list) and len(got) == len(want)
        return is_pair and all(alike(*both) for both in zip(want, got, strict=True))
    if want is None or got is None:
        return want is got
    want, got = np.asarray(want), np.asarray(got)
    if want.shape != got.shape or (want.dtype.kind in "bOSU") != (got.dtype.kind in "bOSU"):
        return False
    if want.dtype.kind in "bOSU":
        return bool(np.array_equal(want, got))
    return bool(np.allclose(want.astype(float), got.astype(float), **TOLERANCE, equal_nan=True))


def plainly(function: Callable, **arguments: Any) -> Any:
    """Call `function` with the arguments in their order."""
    return function(*arguments.values())


@dataclass(frozen=True)
class Cases:
    """The inputs of an exercise.

    Attributes
    ----------
    draw : callable
        Draws the arguments.
    right : callable
        ``right(want, got, **arguments)``: whether the second result is as good as the first.
    call : callable
        ``call(function, **arguments)``: how the function is called.
    seeded : bool
        Whether another seed must give another result.
    quiet : bool
        Whether a `RuntimeWarning` is a mistake.
    repeatable : bool
        Whether the same arguments must give the same result again.
    examples : int
    """

    draw: Callable[..., dict[str, Any]]
    right: Callable[..., bool] = alike
    call: Callable[..., Any] = plainly
    seeded: bool = False
    quiet: bool = False
    repeatable: bool = True
    examples: int = 200


def cases(right: Callable[..., bool] = alike, **options: Any) -> Callable[[Callable], Cases]:
    """Mark a function of `inputs.py` as drawing the inputs of the exercise it is named after; the
    options are those of `Cases`."""
    return lambda draw: Cases(draw, right, **options)


def cases_of(lesson: str, folder: Path = LESSONS) -> dict[str, Cases]:
    """The `Cases` of each exercise of a lesson.

    Raises
    ------
    CourseError
        If the lesson has no file of inputs.
    """
    path = lesson_file(lesson, "inputs.py", folder)
    if not path.exists():
        raise CourseError(
            f"{lesson}/inputs.py is missing in {folder}: describe the exercises' inputs."
        )
    spec = importlib.util.spec_from_file_location(f"inputs_{lesson}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {name: value for name, value in vars(module).items() if isinstance(value, Cases)}
