"""Differential fuzzing: answers beside the author's solution, on many inputs that nobody chose.

For each exercise `course/audit/inputs/NN_name.py` describes the inputs that its contract allows,
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

import copy
import importlib.util
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from course.audit.apart import Ended, run_apart
from course.paths import SOURCE, CourseError

INPUTS = Path(__file__).parent / "inputs"
# An answer may use float32, and another order of summation.
TOLERANCE = {"rtol": 1e-4, "atol": 1e-7, "equal_nan": True}

# Hypothesis builds new inputs from earlier ones; it starts anew so often, for variety.
ROUNDS = 5
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
    """Mark a function of `course/audit/inputs/` as drawing the inputs of the exercise it is named
    after; the options are those of `Cases`."""
    return lambda draw: Cases(draw, right, call, seeded, quiet, repeatable, examples)


def cases_of(lesson, folder=INPUTS):
    """The `Cases` of each exercise of a lesson.

    Raises
    ------
    CourseError
        If the lesson has no file of inputs.
    """
    path = folder / f"{lesson}.py"
    if not path.exists():
        raise CourseError(f"{path.name} is missing in {folder}: describe the exercises' inputs.")
    spec = importlib.util.spec_from_file_location(f"inputs_{lesson}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {name: value for name, value in vars(module).items() if isinstance(value, Cases)}


class Different(Exception):
    """An answer differs from the author's solution; its text says where."""


def differences(lesson, pairs, *, jobs=2, seconds=60.0, source=SOURCE, folder=INPUTS):
    """Compare answers with the author's solutions on many inputs.

    Parameters
    ----------
    lesson : str
    pairs : sequence of (str, str, str, bool)
        Exercise, the author's text, the other one, and whether it is thought to be right: then
        fewer inputs will do.
    jobs : int
    seconds : float
        Processor time for each pair. What is unlike needs less.

    Returns
    -------
    list of str or None
        For each pair, where the two differ; None where no difference was found.
    """
    found = [None] * len(pairs)
    tasks = [(str(folder), lesson, *pair) for pair in pairs]
    for index, result, _ in run_apart(
        lesson, _compare, tasks, jobs=jobs, seconds=seconds, source=source
    ):
        found[index] = str(result) if isinstance(result, Ended) else result
    return found


def _compare(scope, task):
    folder, lesson, exercise, wanted, other, right = task
    inputs = cases_of(lesson, Path(folder))
    if exercise not in inputs:
        raise CourseError(f"no inputs are described for `{exercise}`.")
    theirs, ours = {**scope}, {**scope}
    try:
        exec(compile(other, "<answer>", "exec"), theirs)
    except Exception as error:
        return f"The definition fails: {error!r}"
    exec(compile(wanted, "<reference>", "exec"), ours)
    examples = inputs[exercise].examples // (4 if right else 1)
    return compare(inputs[exercise], ours[exercise], theirs[exercise], examples)


def compare(inputs, reference, answer, examples=None):
    """Where `answer` first differs from `reference`; None if it never does.

    Parameters
    ----------
    inputs : Cases
    reference, answer : callable
    examples : int, optional
        How many inputs are tried.

    Returns
    -------
    str or None
    """
    strategy = st.composite(inputs.draw)()
    deaf = []

    @settings(
        max_examples=max(1, (examples or inputs.examples) // ROUNDS),
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def probe(arguments):
        want = _outcome(inputs, reference, arguments)
        got = _outcome(inputs, answer, arguments)
        _same(inputs, arguments, want, got)
        if isinstance(got, Refused):
            return
        if inputs.repeatable and {"rng", "random_state"} & arguments.keys():
            again = _outcome(inputs, answer, arguments)
            if isinstance(again, Refused) or not alike(_plain(got), _plain(again)):
                raise Different(f"the same seed gave two results for {_show(arguments)}")
        if inputs.seeded:
            others = [_reseeded(arguments, by) for by in (1, 2)]
            if _all_unlike(want, [_outcome(inputs, reference, a) for a in others]):
                deaf.append(_all_alike(got, [_outcome(inputs, answer, a) for a in others]))

    for start in range(ROUNDS):
        try:
            seed(start)(probe)()
        except Different as difference:
            return str(difference)
    if sum(deaf) >= DEAF:
        return "another seed makes no difference"
    return None


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
    if isinstance(want, Exception):
        raise want
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
