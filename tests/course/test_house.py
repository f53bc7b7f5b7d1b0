"""The house itself: one list of packages, no address in the lock, commands that say what is wrong."""

import re
import subprocess
import sys
import tomllib

import pytest

from course.paths import REPO
from course.syllabus import lesson_ids

PROJECT = tomllib.loads((REPO / "pyproject.toml").read_text())["project"]


def packages(lines):
    names = (re.match(r"[A-Za-z0-9_.-]+", line.strip(" -")) for line in lines)
    return {match.group().lower() for match in names if match}


def required():
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    return [requirement for group in groups for requirement in group]


def test_conda_users_get_the_same_packages():
    listed = [
        line for line in (REPO / "environment.yml").read_text().split("dependencies:")[1].splitlines()
        if line.strip().startswith("- ")
    ]  # fmt: skip
    ours = packages(required())
    theirs = packages(line.strip().removeprefix("- ") for line in listed) - {
        "python",
        "pip",
        "editable",
    }
    assert theirs == ours
    for requirement in required():
        name, _, version = re.sub(r"\[.*\]", "", requirement).partition(">=")
        assert any(f"- {name}>={version}" in line for line in listed), requirement


def test_the_lock_holds_every_package_with_hashes_and_no_address():
    lock = (REPO / "requirements.lock").read_text()
    assert not re.search(r"https?://|--index|--find-links|--extra", lock)
    pinned = set(re.findall(r"^([a-z0-9_.-]+)(?:\[[^\]]*\])?==", lock, flags=re.M))
    assert packages(required()) <= pinned
    assert lock.count("==") <= lock.count("--hash=sha256:")


@pytest.mark.parametrize(
    "target",
    [
        "setup",
        "demo",
        "lab",
        "release",
        "grade",
        "test",
        "bench",
        "site",
        "bundle",
        "clean",
        "help",
    ],
)
def test_make_help_lists_every_target(target):
    shown = subprocess.run(
        ["make", "help"], cwd=REPO, capture_output=True, text=True, check=True
    ).stdout
    assert re.search(rf"make {target} +\w", shown)


def course(*arguments):
    command = [sys.executable, "-m", "course", *arguments]
    return subprocess.run(command, cwd=REPO, capture_output=True, text=True)


def test_the_committed_notebooks_are_fresh():
    result = course("build", "--check")
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("command", ["build", "release", "text"])
def test_an_unknown_lesson_is_named_with_those_there_are(command):
    result = course(command, "99_nothing")
    assert result.returncode == 1
    assert "There is no lesson '99_nothing'" in result.stderr
    assert lesson_ids()[0] in result.stderr
    assert "Traceback" not in result.stderr


def test_every_cell_of_the_course_is_licensed():
    assert "MIT License" in (REPO / "LICENSE").read_text()
    assert "CC BY 4.0" in (REPO / "LICENSE-LESSONS").read_text()


def test_no_notebook_is_committed_with_outputs():
    for folder in ("source", "release"):
        for path in (REPO / folder).glob("*/*.ipynb"):
            assert '"output_type"' not in path.read_text(encoding="utf-8"), path
