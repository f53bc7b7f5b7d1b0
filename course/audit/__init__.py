"""How good the tests are: what they accept and reject.

`exercise` says what is tried on an exercise's tests; `mutants` makes the author's solution slightly
wrong, `judge` grades answers, `differences` compares them with the solution on many inputs, `leaks`
looks for messages that give too much away. `measure` puts it together, `figures` holds what came of
it, `gate` says what falls short, `report` shows it.
"""

from collections.abc import Sequence
from pathlib import Path

from joblib import cpu_count
from rich.console import Console


def run(
    lessons: Sequence[str],
    console: Console,
    jobs: int | None = None,
    with_mutants: bool = True,
    *,
    json: Path | None = None,
    html: Path | None = None,
    accept: bool = False,
) -> int:
    """Audit lessons, print the figures, and say what falls short.

    Parameters
    ----------
    lessons : sequence of str
    console : rich.console.Console
    jobs : int, optional
        Answers graded at once; as many as there are cores, if left out.
    with_mutants : bool
        Try mutants, too.
    json, html : Path, optional
        Where to write the figures, and a page with pictures.
    accept : bool
        Make these figures those that later ones must not fall below, if nothing else is wrong.

    Returns
    -------
    int
        Exit status: 0 if nothing falls short, else 1.
    """
    from course.audit import gate, measure, report

    figures = []
    for found in measure.audits(lessons, jobs or cpu_count(), with_mutants):
        figures += found
        report.print_lesson(console, found)
    refused = accept and gate.shortfalls(figures)
    if accept and not refused:
        gate.write_baseline(figures)
    shortfalls = gate.shortfalls(figures, gate.read_baseline())
    if json:
        report.write_json(json, figures, shortfalls)
    if html:
        report.write_page(html, figures, shortfalls)
    report.print_summary(console, figures, shortfalls)
    if refused:
        console.print("These figures were not accepted.", style="red")
    return 1 if shortfalls else 0
