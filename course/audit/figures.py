"""How good the tests are, in figures."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from scipy.stats import binomtest

SHARES = ("right", "rejected", "message", "marks", "garbage", "killed")


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    good: int
    of: int

    def __str__(self) -> str:
        return f"{self.good}/{self.of}"

    @property
    def ratio(self) -> float:
        """The share as a number; 1 of nothing."""
        return self.good / self.of if self.of else 1.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the ratio."""
        if not self.of:
            return 0.0, 1.0
        found = binomtest(self.good, self.of).proportion_ci(0.95, method="wilson")
        return float(found.low), float(found.high)

    def __add__(self, other: "Share") -> "Share":
        return Share(self.good + other.good, self.of + other.of)

    def as_dict(self) -> dict[str, Any]:
        """Plain data, with the interval."""
        return {"good": self.good, "of": self.of, "interval": self.interval}


@dataclass(frozen=True)
class Survivor:
    """A mutant that earned all marks, and is not marked as equivalent.

    Attributes
    ----------
    operator, diff : str
    differs : str or None
        An input on which it differs from the solution.
    """

    operator: str
    diff: str
    differs: str | None


@dataclass(frozen=True)
class Figures:
    """How good the tests of one exercise are.

    Attributes
    ----------
    lesson, exercise : str
    is_function : bool
        Whether it asks for a function; else it is a quiz.
    right, rejected, message, marks : Share
        Right answers accepted; misconceptions rejected, with their message, with their marks.
    garbage : Share
        Of the times that a test cell was asked for points for an answer that is worth nothing.
    killed : Share
        Of the mutants that are not equivalent.
    equivalent : int
        Mutants that survived and are marked as equivalent in the bank.
    stub : float
        What the untouched stub earns.
    survivors : tuple of Survivor
    findings : tuple of str
        All that is wrong otherwise, a sentence each.
    seconds : float
    """

    lesson: str
    exercise: str
    is_function: bool
    right: Share
    rejected: Share
    message: Share
    marks: Share
    garbage: Share = Share(0, 0)
    killed: Share = Share(0, 0)
    equivalent: int = 0
    stub: float = 0.0
    survivors: tuple[Survivor, ...] = ()
    findings: tuple[str, ...] = ()
    seconds: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """Plain data, with the intervals."""
        return asdict(self) | {name: getattr(self, name).as_dict() for name in SHARES}


def overall(figures: Iterable[Figures], name: str) -> Share:
    """The shares of all exercises together."""
    return sum((getattr(each, name) for each in figures), Share(0, 0))
