"""Run all measurements: `make bench`. Prints a table and writes `bench/results.json`."""

import json

from rich.console import Console
from rich.table import Table

from benchmarks import grading, lessons, pages
from benchmarks.figures import FIGURES
from benchmarks.measure import peak_megabytes
from course.paths import REPO


def main():
    console = Console()
    measures = (*lessons.ALL, *grading.ALL, *pages.ALL)
    figures = [figure for measure in measures for figure in measure()]
    table = Table("what", "ours", "peer", "ratio", "target", "reached", title="Side by side")
    for f in figures:
        mark = {True: "yes", False: "no", None: ""}[f.reached]
        table.add_row(
            f.what,
            f"{f.ours:.3g} {f.unit}",
            f"{f.peer:.3g} {f.unit}",
            f"{f.ratio:.2f}",
            f.target,
            mark,
        )
    console.print(table)
    console.print(f"largest resident set of this process: {peak_megabytes():.0f} MB")
    published = Table("what", "published", "locked", "today", "why", title="Published figures")
    for f in FIGURES:
        published.add_row(f.what, f"{f.source:g}", f"{f.today:g}", f"{f.compute():.6g}", f.why)
    console.print(published)
    out = REPO / "bench" / "results.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps([f.as_dict() for f in figures], indent=1) + "\n")
    console.print(f"written to {out.relative_to(REPO)}")


main()
