"""What exercises need: what an unsolved one says, and what its tests ask beyond plain asserts."""

import copy
import tracemalloc
from collections.abc import Iterator

import numpy as np


class NotSolvedYet(NotImplementedError):
    """Raised by the stub of an exercise that nobody has solved yet.

    Its message tells the student what to do. In a notebook it takes the traceback's place: an
    unsolved exercise is no fault in the code, so it does not look like one.

    Parameters
    ----------
    exercise : str, optional
        Name of the function or variable that the exercise asks for.

    Examples
    --------
    >>> raise NotSolvedYet("sample_categories")
    Traceback (most recent call last):
    ...
    utils.exercises.NotSolvedYet: Exercise `sample_categories` is not solved yet. ...
    """

    def __init__(self, exercise: str | None = None):
        super().__init__(*([] if exercise is None else [exercise]))
        self.exercise = exercise

    def __str__(self) -> str:
        name = "This exercise" if self.exercise is None else f"Exercise `{self.exercise}`"
        return (
            f"{name} is not solved yet. Replace the line `raise NotSolvedYet` with your code, "
            "run that cell again, then this one."
        )

    def _render_traceback_(self) -> list[str]:
        """Lines that IPython prints in place of the traceback."""
        return [str(self)]


def refuses(function, *args, **kwargs):
    """Whether a function turns a call down with a `ValueError`.

    Parameters
    ----------
    function : callable
    *args, **kwargs
        What to call it with.

    Returns
    -------
    bool
        False if the call succeeds or fails in another way; an exercise that is not solved yet stays
        what it is (`NotImplementedError`).
    """
    try:
        function(*args, **kwargs)
    except ValueError:
        return True
    except NotImplementedError:
        raise
    except Exception:
        return False
    return False


def attempt(situation, function, *args, **kwargs):
    """Call an answer where it may break, and say in which situation it did.

    Parameters
    ----------
    situation : str
        What is special about this call, such as ``"With 3-dimensional points"``.
    function : callable
    *args, **kwargs
        What to call it with.

    Returns
    -------
    object
        What the function returns.

    Raises
    ------
    AssertionError
        If the function raises anything but `NotImplementedError`; the text names the situation and
        the error.
    """
    try:
        return function(*args, **kwargs)
    except NotImplementedError:
        raise
    except Exception as error:
        raise AssertionError(
            f"{situation} your function stops with {type(error).__name__}: {error}"
        ) from error


def arguments_after(function, *args, **kwargs):
    """What a call makes of the arguments that it is given. Its result does not count.

    Parameters
    ----------
    function : callable
    *args, **kwargs
        What to call it with; containers and arrays go in as copies, and stay as they are.

    Returns
    -------
    list
        The copies after the call, those of keywords last.
    """
    there = getattr(function, "__arguments_after__", None)
    if there is not None:  # the function lives in another process, where the copies are
        return there(*args, **kwargs)
    copies = [_copied(value) for value in args]
    named = {name: _copied(value) for name, value in kwargs.items()}
    function(*copies, **named)
    return [*copies, *named.values()]


def changed_inputs(function, *args, **kwargs):
    """Which arrays, frames, lists, tuples, dictionaries and sets a call changes that it is given.

    Parameters
    ----------
    function : callable
    *args, **kwargs
        What to call it with; they stay as they are.

    Returns
    -------
    list
        Places of arguments, and names of those given by name; empty if the call changes none.
    """
    after = arguments_after(function, *args, **kwargs)
    given = {**dict(enumerate(args)), **kwargs}
    pairs = zip(given.items(), after, strict=True)
    return [name for (name, before), now in pairs if not _unchanged(before, now)]


def _copied(value):
    holds = isinstance(value, np.ndarray | list | tuple | dict | set) or _is_frame(value)
    return copy.deepcopy(value) if holds else value


def _is_frame(value):
    return hasattr(type(value), "iloc") and hasattr(type(value), "equals")


def _unchanged(before, after):
    if isinstance(before, np.ndarray):
        alike = before.dtype == after.dtype and before.shape == after.shape
        if before.dtype == object:
            return alike and _unchanged(before.ravel().tolist(), after.ravel().tolist())
        return alike and before.tobytes() == after.tobytes()
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(_unchanged, before, after))
    if isinstance(before, dict):
        return list(before) == list(after) and all(_unchanged(before[k], after[k]) for k in before)
    if _is_frame(before):
        return before.equals(after)
    return type(before).__eq__ is object.__eq__ or bool(before == after) or before != before


def peak_memory(function, *args):
    """Call a function, and say how much memory it took.

    Parameters
    ----------
    function : callable
    *args
        What to call it with.

    Returns
    -------
    result : object
        What the function returns.
    held : int
        The bytes that it held at most beyond its inputs, as `tracemalloc` counts them: what Python
        and NumPy have set aside, not what is mapped from a file.
    """
    there = getattr(function, "__peak_memory__", None)
    if there is not None:  # the function lives in another process, which measures it there
        return there(*args)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        result = function(*args)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return result, peak - before


def is_like(actual, expected, *, rtol=1e-5, atol=1e-8):
    """Whether a result holds the numbers that are expected, in the same shape.

    Unlike `numpy.allclose` it stretches nothing to another shape, so that no empty array, and no
    single number in place of many, is like anything.

    Parameters
    ----------
    actual : object
        A number, an array or nested lists; whole numbers and floats are alike. Whatever holds no
        real numbers is like nothing.
    expected : array_like
        Where it is nan or infinite, `actual` must be so too. Nothing is like an empty array: ask
        for the shape where one is right.
    rtol, atol : float
        How far the numbers may be apart, as in `numpy.allclose`.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_like([1, 2], np.array([1.0, 2.0]))
    True
    >>> is_like([], 1) or is_like([1, 1], 1) or is_like(None, 1)
    False
    """
    got, wanted = _real_numbers(actual), _real_numbers(expected)
    if got is None or wanted is None or got.shape != wanted.shape or wanted.size == 0:
        return False
    with np.errstate(all="ignore"):
        return bool(np.allclose(got, wanted, rtol=rtol, atol=atol, equal_nan=True))


def assert_like(actual, expected, message, *, rtol=1e-5, atol=1e-8):
    """Assert that a result holds the numbers that are expected, in the same shape.

    Parameters
    ----------
    actual, expected, rtol, atol
        As in `is_like`.
    message : str
        What to tell where the shape is right and the numbers are not. A wrong shape is told by
        itself.

    Raises
    ------
    AssertionError
        If they are not alike.
    """
    __tracebackhide__ = True  # in a notebook the line of the test is what there is to see
    got, wanted = _real_numbers(actual), np.shape(expected)
    if got is None:
        raise AssertionError(f"A result should be {_shaped(wanted)}, but it holds no real numbers.")
    if got.shape != wanted:
        raise AssertionError(f"A result should be {_shaped(wanted)}, not {_shaped(got.shape)}.")
    assert is_like(got, expected, rtol=rtol, atol=atol), message


def every(claims):
    """Whether all of several claims are true, and there is at least one.

    Unlike `all` and `numpy.all` it is not true of nothing.

    Parameters
    ----------
    claims : array, list or iterator of bool
        Such as ``values > 0``, or ``is_like(each, 1) for each in results``.

    Returns
    -------
    bool

    Examples
    --------
    >>> every(np.array([3, 4]) > 2)
    True
    >>> every([]) or every([True, False])
    False
    """
    truths = np.array([*claims] if isinstance(claims, Iterator) else claims)
    return bool(truths.dtype == bool and truths.size > 0 and truths.all())


def _real_numbers(value):
    """An array of floats; None for whatever holds no real numbers."""
    try:
        array = np.asarray(value)
        return array.astype(float) if array.dtype.kind in "biuf" else None
    except Exception:  # a student's object may raise anything here
        return None


def _shaped(shape):
    return "a single number" if shape == () else f"an array of shape {shape}"
