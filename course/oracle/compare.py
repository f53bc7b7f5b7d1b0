"""Where an answer differs from the author's solution, on many inputs that nobody chose."""

from collections.abc import Callable
from typing import Any

from course.oracle.examples import Example, Refused, outcome, same, show
from course.oracle.inputs import Cases

# So often must another seed make no difference, where it makes one to the author's solution.
DEAF = 5


def compare(inputs: Cases, examples: list[Example], answer: Callable) -> str | None:
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
        got = outcome(inputs, answer, example.arguments)
        if difference := _difference(inputs, example, got):
            return f"{difference} for {show(example.arguments)}"
        if isinstance(got, Refused):
            continue
        if inputs.repeatable and {"rng", "random_state"} & example.arguments.keys():
            again = outcome(inputs, answer, example.arguments)
            if not same(got, again):
                return f"the same seed gave two results for {show(example.arguments)}"
        if example.reseeded:
            others = [outcome(inputs, answer, each) for each in example.reseeded]
            deaf += all(same(got, other) for other in others)
    return "another seed makes no difference" if deaf >= DEAF else None


def _difference(inputs: Cases, example: Example, got: Any) -> str:
    """In what `got` is not as good as the solution's result; empty where it is."""
    want = example.want
    if isinstance(want, Refused):
        return "" if isinstance(got, Refused) else "no ValueError"
    if isinstance(got, Refused):
        return "a ValueError"
    if isinstance(got, Exception):
        return f"{type(got).__name__}: {got}"
    try:
        right = inputs.right(want, got, **example.arguments)
    except Exception as error:
        return repr(error)
    return "" if right else f"{show(want)} became {show(got)}"
