"""`make check`: a line a step, details where one fails, and a status that a hook understands."""

import re

import pytest

from course.paths import REPO
from scripts import check


def test_every_step_has_a_line_and_only_a_failing_one_says_more(monkeypatch, capsys):
    say = "print('a word\\n' * 50, end=''); raise SystemExit({})"
    steps = {name: ["python", "-c", say.format(name)] for name in ("0", "3")}
    monkeypatch.setattr(check, "STEPS", steps)
    assert check.main() == 1
    well, failed, *said = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"ok +[\d.]+ s  0", well)
    assert re.fullmatch(r"FAIL +[\d.]+ s  3", failed)
    assert said[:-1] == ["     a word"] * check.LINES
    assert said[-1].startswith("     ... 10 lines more: .venv/bin/python -c ")


def test_all_is_well_where_no_step_fails(monkeypatch, capsys):
    monkeypatch.setattr(check, "STEPS", {"nothing": ["python", "-c", "print('unseen')"]})
    assert check.main() == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.parametrize("path", [w for c in check.STEPS.values() for w in c if "/" in w])
def test_the_tests_that_a_step_names_exist(path):
    file, _, test = path.partition("::")
    assert (REPO / file).exists()
    assert f"def {test}" in (REPO / file).read_text()
