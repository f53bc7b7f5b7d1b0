"""Differential fuzzing: answers beside the author's solution, on many inputs that nobody chose.

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

import contextlib
import copy
import importlib.util
import signal
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from course.paths import LESSONS, CourseError, lesson_file

# An answer may use float32, and another order of summation.
TOLERANCE = {"rtol": 1e-4, "atol": 1e-7, "equal_nan": True}

# Hypothesis builds new inputs from earlier ones; it starts anew so often, for variety.
ROUNDS = 5
# An answer that is thought to be right is tried on one input in so many.
FEWER = 4
# Processor time for an answer.
SECONDS = 20
# So often must another seed make no difference, where it makes one to the author's solution.
DEAF = 5


def alike(want, got, **arguments):
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
    return bool(np.allclose(want.astype(float), got.astype(float), **TOLERANCE))


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

    draw: object
    right: object
    call: object
    seeded: bool
    quiet: bool
    repeatable: bool
    examples: int


def plainly(function, **arguments):
    """Call `function` with the arguments in their order."""
    return function(*arguments.values())


def cases(right=alike, *, call=plainly, seeded=False, quiet=False, repeatable=True, examples=200):
    """Mark a function of `inputs.py` as drawing the inputs of the exercise it is named after; the
    options are those of `Cases`."""
    return lambda draw: Cases(draw, right, call, seeded, quiet, repeatable, examples)


def cases_of(lesson, folder=LESSONS):
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
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {name: value for name, value in vars(module).items() if isinstance(value, Cases)}


class Different(Exception):
    """An answer differs from the author's solution; its text says where."""


class Endless(BaseException):
    """An answer takes too long; no `except Exception` of its own may hold this up."""


@dataclass(frozen=True)
class Example:
    """An input, and what the author's solution makes of it.

    Attributes
    ----------
    arguments : dict
    want : object
        The result, a `Refused`, or an exception.
    reseeded : list of dict
        The arguments with other seeds, where these made a difference to the solution.
    """

    arguments: dict
    want: object
    reseeded: list


def differences(scope, folder, lesson, exercise, wanted, others):
    """Compare answers with the author's solution on many inputs: a task for `run_apart`.

    Parameters
    ----------
    scope : dict
        The names of the lesson's setup cells.
    folder : str
        That of the inputs.
    lesson, exercise : str
    wanted : str
        The author's text.
    others : list of (str, bool)
        The text of each answer, and whether it is thought to be right: then fewer inputs will do.

    Returns
    -------
    list of str or None
        For each answer, where the two differ; None where no difference was found.
    """
    inputs = cases_of(lesson, Path(folder))
    if exercise not in inputs:
        raise CourseError(
            f"no inputs are described for `{exercise}` in {lesson}/inputs.py of {folder}."
        )
    cases_, ours, found = inputs[exercise], {**scope}, []
    exec(compile(wanted, "<reference>", "exec"), ours)
    examples = examples_of(cases_, ours[exercise])
    for other, right in others:
        theirs = {**scope}
        try:
            exec(compile(other, "<answer>", "exec"), theirs)
        except Exception as error:
            found.append(f"The definition fails: {error!r}")
            continue
        few = examples[:: FEWER if right else 1]
        try:
            with _no_longer_than(SECONDS):
                found.append(compare(cases_, few, theirs[exercise]))
        except Endless:
            found.append("it takes too long on some input")
    return found


@contextlib.contextmanager
def _no_longer_than(seconds):
    """Raise `Endless` when the block has used so much processor time."""

    def end(*_):
        raise Endless

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def examples_of(inputs, reference):
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
        want = _outcome(inputs, reference, arguments)
        if isinstance(want, Exception):
            raise CourseError(f"the solution fails for {_show(arguments)}: {want!r}")
        reseeded = [_reseeded(arguments, by) for by in (1, 2)] if inputs.seeded else []
        if not _all_unlike(want, [_outcome(inputs, reference, each) for each in reseeded]):
            reseeded = []
        found.append(Example(arguments, want, reseeded))

    for start in range(ROUNDS):
        seed(start)(draw)()
    return found


def compare(inputs, examples, answer):
    """Where `answer` first differs from the solution; None if it never does.

    Parameters
    ----------
    inputs : Cases
    examples : list of Example
    answer : callable

    Returns
    -------
    str or None
    """
    deaf = 0
    for example in examples:
        got = _outcome(inputs, answer, example.arguments)
        try:
            _same(inputs, example.arguments, example.want, got)
        except Different as difference:
            return str(difference)
        if isinstance(got, Refused):
            continue
        if inputs.repeatable and {"rng", "random_state"} & example.arguments.keys():
            again = _outcome(inputs, answer, example.arguments)
            if isinstance(again, Refused) or not alike(_plain(got), _plain(again)):
                return f"the same seed gave two results for {_show(example.arguments)}"
        if example.reseeded:
            others = [_outcome(inputs, answer, each) for each in example.reseeded]
            deaf += _all_alike(got, others)
    return "another seed makes no difference" if deaf >= DEAF else None


class Refused:
    """A call that ended in a `ValueError`."""


def _outcome(inputs, function, arguments):
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


def _same(inputs, arguments, want, got):
    if isinstance(want, Refused) and isinstance(got, Refused):
        return
    if isinstance(want, Refused):
        raise Different(f"no ValueError for {_show(arguments)}")
    if isinstance(got, Refused):
        raise Different(f"a ValueError for {_show(arguments)}")
    if isinstance(got, Exception):
        raise Different(f"{type(got).__name__}: {got} for {_show(arguments)}")
    try:
        right = inputs.right(want, got, **arguments)
    except Exception as error:
        raise Different(f"{error!r} for {_show(arguments)}") from error
    if not right:
        raise Different(f"{_show(want)} became {_show(got)} for {_show(arguments)}")


def _plain(result):
    return tuple(result) if isinstance(result, list) and len(result) < 10 else result


def _all_alike(first, others):
    return not any(isinstance(o, Refused) or not alike(_plain(first), _plain(o)) for o in others)


def _all_unlike(first, others):
    return not any(isinstance(o, Refused) or alike(_plain(first), _plain(o)) for o in others)


def _show(value):
    with np.printoptions(precision=4, threshold=12, edgeitems=3):
        if isinstance(value, dict):
            text = ", ".join(f"{name}={item!r}" for name, item in value.items())
        else:
            text = repr(value)
    text = " ".join(text.split())
    return text if len(text) <= 400 else text[:399] + "…"
