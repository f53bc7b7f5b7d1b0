"""First contact: help fits the screen, mistakes end in a sentence and the right status."""

import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from course import cli
from course.authoring import text
from course.paths import REPO, CourseError


def run(*arguments, **environment):
    plain = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"}
    return subprocess.run(
        [sys.executable, "-m", "course", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=REPO,
        env={**plain, "COLUMNS": "80", **environment},
    )


def test_help_lists_every_command_with_a_whole_sentence():
    done = run("--help")
    assert done.returncode == 0 and "\x1b" not in done.stdout
    listed = done.stdout.partition("Commands:\n")[2].splitlines()
    names = [command.name or command.callback.__name__ for command in cli.app.registered_commands]
    assert [line.split()[0] for line in listed] == names
    for line in listed:
        assert line.endswith(".") and not line.endswith("...") and len(line) <= 80, line


def test_make_help_lists_every_target_in_a_line():
    done = subprocess.run(["make", "help"], cwd=REPO, capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith("  make ")]
    assert {"demo", "lab", "test"} <= {line.split()[1] for line in lines}
    assert all(len(line.split()) > 3 for line in lines)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("report", "--root", "{}"), "run `python -m course grade --root"),
        (("report", "--root", "{}/none"), "There is no folder"),
        (("export", "--root", "{}"), "run `python -m course grade --root"),
        (("mark", "--root", "{}", "manual.csv"), "run `python -m course grade --root"),
        (("feedback", "--root", "{}"), "has no gradebook"),
        (("feedback", "--root", "{}", "--book", "ftp://x"), "must be an address"),
        (("grade", "--root", "{}/none"), "There is no folder"),
        (("report",), "Missing option '--root'"),
        (("nonsense",), "No such command 'nonsense'"),
    ],
)
def test_bad_usage_is_a_sentence_and_status_2(arguments, says, tmp_path, monkeypatch, capsys):
    words = [argument.format(tmp_path) for argument in arguments]
    monkeypatch.setattr(sys, "argv", ["course", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert says in capsys.readouterr().err


def test_a_lesson_that_does_not_exist_is_named_with_those_that_do():
    done = run("build", "--check", "77_none")
    assert done.returncode == 1
    assert "There is no lesson '77_none'. The lessons are: 01_" in done.stderr


def test_errors_are_red_where_colours_are_wanted(tmp_path):
    assert "\x1b[31m" in run("report", "--root", tmp_path, FORCE_COLOR="1").stderr
    assert "\x1b" not in run("report", "--root", tmp_path).stderr


def test_a_notebook_older_than_its_text_is_neither_released_nor_audited(monkeypatch):
    newer = text.build("02_kmeans")
    newer.cells[0].source += "\n\nA new sentence."
    monkeypatch.setattr(text, "build", lambda lesson: newer)
    for command in ("release", "audit"):
        result = CliRunner().invoke(cli.app, [command, "02_kmeans"])
        assert isinstance(result.exception, CourseError)
        assert "is not what the text says: run `python -m course build`" in str(result.exception)
