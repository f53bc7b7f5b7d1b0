"""Says at the end of a run what was covered, area by area."""

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

from course import demo

pytest_plugins = ["tests.fixtures.graded_class", "tests.fixtures.submissions"]

# On two cores, the threads of several processes only wait for one another.
os.environ.setdefault("OMP_NUM_THREADS", "1")

AREAS = {
    "utils": "data sets, labels, plots, widgets",
    "lessons": "every lesson: the author's answers, an untouched copy, stock nbgrader's marks, figures",
    "notebooks": "what a cell is, malformed submissions, what needs to run, verdicts",
    "isolation": "two processes and the link between them, the sandbox, the corpus of attacks",
    "fuzz": "hostile bytes where trusted code reads them",
    "oracle": "the bank of answers, inputs, what is alike",
    "authoring": "text, linter, release, bundle, web book",
    "gradebook": "marks by hand, late penalties, exports, a database server",
    "grading": "a whole class: limits, resuming, Dask",
    "audit": "mutants, leaks, the audit's figures and their limits",
    "reports": "feedback, class report, similar answers",
    "student": "working copy, JupyterLab",
    "course": "the commands, the syllabus, the house itself",
    "browser": "widgets and web book in Chromium: numbers, keyboard, touch, axe, wide and narrow",
    "demo": "the demo class and its expected marks",
}


LESSON = re.compile(r"\[(\d\d_[a-z_]+)")


# Together what shares much, and first what takes longest, so that at the end there is little to wait
# for.
LONG = (
    "tests/browser/",
    "tests/demo/",
    "tests/lessons/test_stock.py",
    "tests/isolation/test_attacks.py",
)


class Scheduling(LoadScopeScheduling):
    """Keeps tests that share a fixture on one worker, and spreads the lessons.

    xdist's own groups would do, but they rename tests in a way that pytest 9.2 no longer heeds.
    """

    def __init__(self, config, log):
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid):
        path = nodeid.partition("::")[0]
        lesson = LESSON.search(nodeid)
        if "/browser/" in path or "/demo/" in path:
            return "browser"
        return f"{path} {lesson.group(1)}" if "/test_notebooks" in path and lesson else path


def pytest_collection_modifyitems(items):
    """See `LONG`."""
    starts = [*LONG, ""]
    items.sort(key=lambda item: [item.nodeid.startswith(start) for start in starts].index(True))


# One process for all of it, for the imports take seconds.
NBGRADER = """
import sys
from nbgrader.apps import NbGraderApp
from traitlets.config import Application
for lesson in sys.argv[2:]:
    for command in sys.argv[1].split():
        NbGraderApp.launch_instance([command, lesson])
        type(Application.instance()).clear_instance()
"""


@pytest.fixture(scope="session")
def run_nbgrader():
    """A function that runs nbgrader's own commands for lessons in a class's folder."""

    def run(folder, commands, *lessons):
        path = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
        done = subprocess.run(
            [sys.executable, "-c", NBGRADER, commands, *lessons],
            cwd=folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-5000:]

    return run


@pytest.fixture(scope="session")
def demo_class(tmp_path_factory):
    """The folder of the demo class: graded, with feedback and report."""
    root = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "TIMEOUT", 20)  # one has a cell that never ends
        assert demo.run(root) == 0
    return root


def pytest_addoption(parser):
    parser.addoption("--pictures", action="store_true", help="take the README's pictures anew")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """See `Scheduling`."""
    return Scheduling(config, log)


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
        terminalreporter.write_line(f"{area:9} {count:5} tests {seconds[area]:6.0f} s   {what}")
