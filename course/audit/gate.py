"""What the tests of every exercise must be worth."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from course.audit.figures import Figures, overall

BASELINE = Path(__file__).parent / "baseline.json"
RIGHT, WRONG = 4, 6
KILLED_OVERALL, KILLED = 0.97, 0.90


def shortfalls(figures: Sequence[Figures], baseline: dict[str, Any] | None = None) -> list[str]:
    """What falls short, a sentence each; nothing if all is well.

    Parameters
    ----------
    figures : list of Figures
    baseline : dict, optional
        Of `read_baseline`: the figures must not fall below it.

    Returns
    -------
    list of str
    """
    found = []
    for each in figures:
        where = f"{each.lesson}, {each.exercise}"
        found += [f"{where}: {finding}" for finding in each.findings]
        if each.stub:
            found.append(f"{where}: the untouched stub earns {each.stub:g} marks.")
        if each.is_function and (each.right.of < RIGHT or each.rejected.of < WRONG):
            found.append(
                f"{where}: the bank needs {RIGHT} right answers with the author's, and {WRONG} "
                f"misconceptions; there are {each.right.of} and {each.rejected.of}."
            )
        if each.killed.ratio < KILLED:
            found.append(
                f"{where}: only {each.killed} mutants are killed, {KILLED:.0%} are needed."
            )
        found += [
            f"{where}: {fall}" for fall in _fallen(each, (baseline or {}).get(each.lesson, {}))
        ]
    killed = overall(figures, "killed")
    if killed.ratio < KILLED_OVERALL:
        found.append(f"Only {killed} mutants are killed in all, {KILLED_OVERALL:.0%} are needed.")
    return found


def _fallen(each: Figures, before: dict[str, list[int]]) -> Iterator[str]:
    """Where an exercise's figures are worse than they were."""
    if each.exercise not in before:
        return
    right, wrong, killed, mutants = before[each.exercise]
    for name, now, then in (
        ("right answers", each.right.of, right),
        ("misconceptions", each.rejected.of, wrong),
    ):
        if now < then:
            yield f"there were {then} {name}, now there are {now}."
    if each.killed.of and mutants and each.killed.ratio < killed / mutants - 1e-9:
        yield f"{killed}/{mutants} mutants were killed, now {each.killed}."


def read_baseline() -> dict[str, Any]:
    """The figures that were committed: for each exercise the number of right answers, of
    misconceptions, of mutants killed, and of mutants that are not equivalent."""
    return json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {}


def write_baseline(figures: Sequence[Figures]) -> None:
    """Put these figures into the baseline, and keep those of other lessons."""
    known = read_baseline()
    for lesson in {each.lesson for each in figures}:
        known[lesson] = {
            each.exercise: [each.right.of, each.rejected.of, each.killed.good, each.killed.of]
            for each in figures
            if each.lesson == lesson
        }
    lines = []
    for lesson, exercises in sorted(known.items()):
        inner = ",\n".join(f'    "{name}": {counts}' for name, counts in exercises.items())
        lines.append(f'  "{lesson}": {{\n{inner}\n  }}')
    BASELINE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
