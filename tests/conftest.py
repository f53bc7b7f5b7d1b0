"""Says at the end of a run what was covered, area by area."""

import os
from collections import Counter
from pathlib import Path

import pytest

# On two cores, the threads of several processes only wait for one another.
os.environ.setdefault("OMP_NUM_THREADS", "1")

SPREAD = ("test_answers.py", "test_stock.py")
AREAS = {
    "utils": "data sets, labels, plots, widgets",
    "course": "authoring, linter, release, lab, bundle, web book, the house",
    "lessons": "every lesson: reference, untouched copy, bank of right and wrong answers",
    "grading": "grading: malformed submissions, limits, resuming, feedback",
    "browser": "widgets and web book in Chromium: numbers, keyboard, touch, axe, wide and narrow",
    "demo": "the demo class, its expected marks, stock nbgrader on the same work",
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Keep the tests of a file on one worker, since they share their fixtures; but spread banks.

    A group of its own stays: the tests in the browser share one book.
    """
    for item in items:
        grouped = item.get_closest_marker("xdist_group") is not None
        if item.path.name not in SPREAD and not grouped:
            item.add_marker(pytest.mark.xdist_group(str(item.path)))


def pytest_terminal_summary(terminalreporter):
    counts, seconds = Counter(), Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) in ("setup", "call", "teardown"):
                area = Path(report.nodeid).parts[1]
                counts[area] += report.when == "call"
                seconds[area] += report.duration
    terminalreporter.section("covered")
    for area, count in counts.most_common():
        what = AREAS.get(area, "")
        terminalreporter.write_line(f"{area:8} {count:5} tests {seconds[area]:6.0f} s   {what}")
