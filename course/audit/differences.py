"""Answers beside the author's solution on many inputs: a task for `apart`."""

import contextlib
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from course.oracle.compare import compare
from course.oracle.examples import examples_of
from course.oracle.inputs import cases_of
from course.paths import CourseError

# An answer that is thought to be right is tried on one input in so many.
FEWER = 4
# Processor time for an answer.
SECONDS = 20


class Endless(BaseException):
    """An answer takes too long; no `except Exception` of its own may hold this up."""


@dataclass(frozen=True)
class Tried:
    """An answer to be compared.

    Attributes
    ----------
    source : str
    right : bool
        Whether it is thought to be right: then fewer inputs will do.
    """

    source: str
    right: bool


def differences(
    scope: dict, folder: Path, lesson: str, exercise: str, wanted: str, others: list[Tried]
) -> list[str | None]:
    """Compare answers to an exercise with the author's solution.

    Parameters
    ----------
    scope : dict
        The names of the lesson's setup cells.
    folder : Path
        That of the lessons.
    lesson, exercise : str
    wanted : str
        The author's text.
    others : list of Tried

    Returns
    -------
    list of str or None
        For each answer, where the two differ; None where no difference was found.
    """
    inputs = cases_of(lesson, folder)
    if exercise not in inputs:
        raise CourseError(
            f"no inputs are described for `{exercise}` in {lesson}/inputs.py of {folder}."
        )
    described, ours = inputs[exercise], {**scope}
    exec(compile(wanted, "<reference>", "exec"), ours)
    found: list[str | None] = []
    examples = examples_of(described, ours[exercise])
    for other in others:
        theirs = {**scope}
        try:
            exec(compile(other.source, "<answer>", "exec"), theirs)
        except Exception as error:
            found.append(f"The definition fails: {error!r}")
            continue
        few = examples[:: FEWER if other.right else 1]
        try:
            with _no_longer_than(SECONDS):
                found.append(compare(described, few, theirs[exercise]))
        except Endless:
            found.append("it takes too long on some input")
    return found


@contextlib.contextmanager
def _no_longer_than(seconds: float) -> Iterator[None]:
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
