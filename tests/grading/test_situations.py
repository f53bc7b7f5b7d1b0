"""A class is graded for real by whoever, wherever and in whatever language the machine speaks."""

import csv
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from course.paths import REPO
from tests.isolation.attacks import lesson as target

STUDENTS = ("ada", "jürgen")
ASCII = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
# What runs the command, what its environment has in place of this one's, and whose class it is.
SITUATIONS = {
    "who the suite runs as": ((), {}, None),
    "without a home": ((), {"HOME": None, "USER": None, "LOGNAME": None}, None),
    "in plain C": ((), ASCII, None),
    "in plain C, with words in ASCII": ((), {**ASCII, "PYTHONIOENCODING": "ascii"}, None),
}


@pytest.fixture(scope="module")
def open_folder():
    """A folder that every user can reach, as those of pytest are not."""
    with tempfile.TemporaryDirectory(prefix="Kurs für alle ") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def checkout(open_folder):
    """A checkout, read-only, whose path has blanks and umlauts; its only lesson is a small one."""
    folder = open_folder / "Übungen 1"
    for name in ("course", "utils"):
        ignored = shutil.ignore_patterns("__pycache__", "lessons")
        shutil.copytree(REPO / name, folder / name, ignore=ignored)
    shutil.copy(REPO / "nbgrader_config.py", folder)
    target.write_source(folder / "source")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield folder
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_class_is_graded(situation, checkout, open_folder):
    words, changed, owner = SITUATIONS[situation]
    root = open_folder / situation / "Klasse für Äpfel"
    for student in STUDENTS:
        target.hand_in(root, student, target.RIGHT)
    for path in (root, *root.rglob("*")) if owner else ():
        os.chown(path, owner, owner)
    environment = {**os.environ, **changed}
    done = subprocess.run(
        [*words, sys.executable, "-m", "course", "grade", "--root", str(root), "--jobs", "2"],
        cwd=checkout,
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        timeout=300,
    )
    said = done.stdout.decode() + done.stderr.decode()
    assert done.returncode == 0 and "Traceback" not in said, said
    with open(root / "grades.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["student"] for row in rows} == set(STUDENTS)
    assert {row["status"] for row in rows} == {"passed", "manual"}, rows
    lent = "cgroup of its own" in said
    assert lent != ("No cgroup is lent here" in said)
