"""The house itself: one list of packages, no address in the lock, commands that say what is wrong."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib

import pytest
import yaml
from packaging.specifiers import SpecifierSet

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
        "check",
        "test",
        "fuzz",
        "audit",
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


@pytest.mark.parametrize(
    ("word", "named"),
    [
        ("", "python3-venv bubblewrap"),
        ("tests", "python3-venv bubblewrap chromium"),
    ],
)
def test_all_missing_system_packages_are_named_in_one_sentence_with_the_command(
    tmp_path, word, named
):
    (tmp_path / "bin").mkdir()
    for command in ("sh", "dirname", "mkdir", "ls", "grep"):
        (tmp_path / "bin" / command).symlink_to(shutil.which(command))
    python = tmp_path / "bin" / "python3"
    python.write_text('#!/bin/sh\n[ "$2" != "import ensurepip" ]\n')
    python.chmod(0o755)
    (tmp_path / "scripts").mkdir()
    script = shutil.copy(REPO / "scripts" / "setup.sh", tmp_path / "scripts")
    done = subprocess.run(
        ["sh", script, *filter(None, [word])],
        env={"PATH": str(tmp_path / "bin")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    [sentence] = done.stderr.splitlines()
    assert f"run 'apt-get install {named}" in sentence and done.stdout == ""
    assert not (tmp_path / ".venv").exists()


def steps_of(script):
    """The commands that a shell script calls, without comments and settings."""
    lines = (line.strip() for line in (REPO / script).read_text().splitlines())
    return [line for line in lines if line and not line.startswith(("#", "set "))]


def test_ci_checks_what_is_quick_first_then_tests_and_audits():
    called = [step.split()[1] for step in steps_of(".ci/run") if step.startswith("make ")]
    assert called == ["setup", "check", "fresh", "test", "audit"]


def test_github_calls_the_one_script_of_ci():
    workflow = yaml.safe_load((REPO / ".github" / "workflows" / "ci.yml").read_text())
    # To YAML 1.1 the word `on` is the value true.
    assert set(workflow[True]) == {"push", "pull_request"}
    (job,) = workflow["jobs"].values()
    assert "--privileged" in job["container"]["options"]  # bubblewrap makes namespaces of its own
    packages, checkout, prove = job["steps"]
    assert "apt-get install" in packages["run"]
    assert checkout["uses"].startswith("actions/checkout@")
    assert prove["run"] == "bash .ci/run"


def test_git_checks_before_each_commit_where_the_hook_is_installed():
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-config"],
        cwd=REPO,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    config = yaml.safe_load((REPO / ".pre-commit-config.yaml").read_text())
    (hook,) = config["repos"][0]["hooks"]
    assert hook["entry"] == "make check" and hook["always_run"] and not hook["pass_filenames"]


def test_the_dev_container_is_set_up_by_make_and_lets_the_sandbox_work():
    container = json.loads((REPO / ".devcontainer" / "devcontainer.json").read_text())
    assert container["postCreateCommand"] == "make setup"
    # What bubblewrap needs inside of Docker: its system calls, its mounts, a /proc of its own.
    assert container["runArgs"] == [
        f"--security-opt={wall}=unconfined" for wall in ("seccomp", "apparmor", "systempaths")
    ]
    python = re.search(r"python:(\d\.\d+)-", container["image"]).group(1)
    assert python in SpecifierSet(PROJECT["requires-python"])


def test_binder_is_set_up_by_make_and_starts_the_courses_own_jupyter(tmp_path):
    binder = REPO / ".binder"
    assert steps_of(".binder/postBuild") == ["make setup"]
    assert (binder / "apt.txt").read_text().split() == ["bubblewrap"]
    python = (binder / "runtime.txt").read_text().strip().removeprefix("python-")
    assert python in SpecifierSet(PROJECT["requires-python"])
    jupyter = tmp_path / ".venv" / "bin" / "jupyter-lab"
    jupyter.parent.mkdir(parents=True)
    jupyter.write_text('#!/bin/sh\necho "$0" "$@"\n')
    jupyter.chmod(0o755)
    started = subprocess.run(
        [binder / "start", "jupyter-lab", "--ip", "0.0.0.0"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert started.stdout.split() == [str(jupyter), "--ip", "0.0.0.0"]
    assert os.access(binder / "postBuild", os.X_OK)


def test_binaries_are_data_pictures_or_compressed_scripts():
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPO, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    homes = ("utils/data/", "docs/images/", "course/authoring/static/", "tests/browser/axe/")
    for name in filter(None, tracked):
        file = REPO / name
        if file.is_file() and b"\0" in file.read_bytes()[:8192]:
            assert name.startswith(homes), f"{name} is a binary file"
