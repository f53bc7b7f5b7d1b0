"""A demo class: real submissions of every kind, graded before your eyes."""

import shutil
import sys
from collections import defaultdict
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.table import Table

from course.demo.answers import reference
from course.demo.students import lessons, submit, the_class
from course.gradebook.class_folder import ClassFolder
from course.gradebook.table import Row, read_grades
from course.notebooks.verdict import NOTHING_LOST
from course.paths import REPO

__all__ = ["DEMO", "lessons", "print_marks", "reference", "run", "submit", "the_class"]

DEMO = REPO / "demo"
TIMEOUT = 30


def run(root: Path = DEMO, jobs: int | None = None) -> int:
    """Make the class, grade it, print the marks, write the feedback and the class report.

    Returns
    -------
    int
        The exit status of the grading.
    """
    from course.grading.grade import grade_class
    from course.reports.feedback import write_feedback
    from course.reports.report import write_report

    console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)
    folder = ClassFolder(root)
    shutil.rmtree(folder.root, ignore_errors=True)
    folder.root.mkdir(parents=True)
    submit(folder)
    status = grade_class(folder, lessons(), jobs=jobs, timeout=TIMEOUT) or write_feedback(folder)
    if status == 0:
        report = write_report(folder).relative_to(folder.root)
        rows = read_grades(folder)
        print_marks(console, rows)
        print_reasons(console, rows)
        root = folder.root
        shown = root.relative_to(REPO) if root.is_relative_to(REPO) else root
        console.print(
            f"\nMarks:    {shown}/grades.csv, and nbgrader's own {shown}/gradebook.db\n"
            f"Feedback: {shown}/feedback/STUDENT/index.html, for example "
            f"{shown}/feedback/pierre/index.html\n"
            f"Report:   {shown}/{report}"
        )
    return status


def print_marks(console: Console, rows: list[Row]) -> None:
    """Print a table of students by lessons, with totals."""
    points, most = _sums(rows, "points"), _sums(rows, "max_points")
    worth = {
        lesson: max((sum_ for (_, its), sum_ in most.items() if its == lesson), default=0.0)
        for lesson in lessons()
    }
    table = Table(title="Marks of the demo class")
    table.add_column("student")
    table.add_column("what was handed in")
    for lesson in worth:
        table.add_column(f"{lesson}\nof {worth[lesson]:g}", justify="right")
    table.add_column("total", justify="right")
    for student in the_class():
        earned = {lesson: points[student.id, lesson] for lesson in student.answers}
        cells = [f"{earned[lesson]:g}" if lesson in earned else "-" for lesson in worth]
        table.add_row(student.id, student.about, *cells, f"{sum(earned.values()):g}")
    console.print(table)


def _sums(rows: list[Row], column: Literal["points", "max_points"]) -> dict[tuple[str, str], float]:
    """A column summed up for each student and lesson."""
    total: dict[tuple[str, str], float] = defaultdict(float)
    for row in rows:
        total[row["student"], row["lesson"]] += float(row[column])
    return total


def print_reasons(console: Console, rows: list[Row], most: int = 3) -> None:
    """Print why marks were lost: the first messages of each student."""
    lost: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        if row["status"] not in NOTHING_LOST and row["message"]:
            lost[row["student"]].setdefault(row["message"], row)
    console.print("\nWhy marks were lost (open questions wait for a reader):")
    for student, reasons in lost.items():
        console.print(f"\n[bold]{student}[/bold]")
        for message, row in list(reasons.items())[:most]:
            console.print(f"  {row['cell']} ({row['status']}): {message}", markup=False)
        if len(reasons) > most:
            console.print(f"  ... and {len(reasons) - most} more")
