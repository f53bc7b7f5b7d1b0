"""Grading a class beside stock `nbgrader autograde`, on the same submissions."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

from benchmarks.measure import side_by_side
from course import bank, demo
from course.grading.grade import grade_class
from course.paths import RELEASE, SOURCE, notebook_path


def _class_of(size, lesson, root):
    for number in range(size):
        notebook = nbformat.read(notebook_path(RELEASE, lesson), as_version=4)
        path = notebook_path(root / "submitted" / f"student-{number:03}", lesson)
        path.parent.mkdir(parents=True)
        nbformat.write(bank.fill_in(notebook, demo.reference(lesson)), path)


def a_class(size=6, lesson="02_kmeans"):
    """A small class on one lesson: wall time of `course grade` and of `nbgrader autograde`."""
    with tempfile.TemporaryDirectory() as folder:
        root, stock = Path(folder) / "ours", Path(folder) / "stock"
        _class_of(size, lesson, root)
        shutil.copytree(root / "submitted", stock / "submitted")
        shutil.copytree(SOURCE / lesson, stock / "source" / lesson)
        (stock / "nbgrader_config.py").write_text("c = get_config()\n")
        path = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]

        def nbgrader(*arguments):
            subprocess.run(
                [sys.executable, "-m", "nbgrader", *arguments],
                cwd=stock,
                env={**os.environ, "PATH": path},
                check=True,
                capture_output=True,
            )

        nbgrader("generate_assignment", lesson)
        return [
            side_by_side(
                f"a class of {size} on {lesson}",
                lambda: grade_class(root, [lesson], force=True),
                lambda: nbgrader("autograde", lesson, "--force"),
                "<= 1",
                runs=1,
            )
        ]


ALL = (a_class,)
