"""A class is graded for real by whoever, wherever and in whatever language the machine speaks."""

import csv
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from course.isolation.rights import tells_apart
from course.paths import REPO
from tests.isolation.attacks import lesson as target

NOBODY = "65534"
STUDENTS = ("ada", "jürgen")
ASCII = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
# What runs the command, what its environment has in place of this one's, and whose class it is.
SITUATIONS = {
    "who the suite runs as": ((), {}, None),
    "without a home": ((), {"HOME": None, "USER": None, "LOGNAME": None}, None),
    "in plain C": ((), ASCII, None),
    "in plain C, with words in ASCII": ((), {**ASCII, "PYTHONIOENCODING": "ascii"}, None),
}
# Shows another user the folders that are named, also where a closed folder lies above them: in
# mounts of its own, an open and otherwise empty folder stands in place of that one.
SHOW = """
import os, subprocess, sys, tempfile
def mount(*words): subprocess.run(["mount", *words], check=True)
folders, command = sys.argv[1:3], sys.argv[3:]
mount("--make-rprivate", "/")
spare = {folder: tempfile.mkdtemp() for folder in folders}
closed = set()
for folder in folders:
    mount("--bind", folder, spare[folder])
    parts = folder.strip("/").split("/")
    above = ["/" + "/".join(parts[:count]) for count in range(1, len(parts))]
    closed |= set([each for each in above if not os.stat(each).st_mode & 1][:1])
for each in closed:
    mount("-t", "tmpfs", "-o", "mode=755", "none", each)
for folder in folders:
    os.makedirs(folder, exist_ok=True)
    mount("--bind", spare[folder], folder)
os.execvp(command[0], command)
"""
if tells_apart():  # only root can become another
    show = ("unshare", "--mount", sys.executable, "-c", SHOW, sys.base_prefix, sys.prefix)
    become = (*show, "setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups")
    nowhere = {"HOME": "/nonexistent"}
    SITUATIONS["an ordinary user, from another's checkout"] = (become, nowhere, int(NOBODY))
    without = {**ASCII, "HOME": None, "PYTHONIOENCODING": "ascii"}
    SITUATIONS["an ordinary user in plain C without a home"] = (become, without, int(NOBODY))


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
