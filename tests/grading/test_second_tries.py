"""What was stopped by a limit beside others is tried again alone, and that counts."""

import csv
import json
from types import SimpleNamespace

import pytest

from course.gradebook.class_folder import ClassFolder, Submission
from course.grading import pool
from course.grading.grade import grade_class
from course.grading.work import SECOND_TRY, work
from course.notebooks.verdict import TRIED_ONCE, TRIED_TWICE
from tests.isolation.attacks import lesson as target

DRAW = "import os, time\ndef draw(n, rng):\n    {}\n    return rng.random(n)"
HANGS = DRAW.format("time.sleep(3600)")
SLOW = DRAW.format("time.sleep(4)")
KILLED = DRAW.format("os.kill(os.getpid(), 9)")
LEAVES = DRAW.format("os._exit(3)")


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course") / "source"
    target.write_source(folder)
    return SimpleNamespace(name=target.LESSON, source=folder)


def hand_in_all(root, answers):
    """Each student's answer to `draw`, with right ones to all else."""
    for student, answer in answers.items():
        target.hand_in(root, student, {**target.RIGHT, "draw": answer})


def outcome_of_draw(root):
    """For each student the status and the message of the test of `draw`."""
    with open(root / "grades.csv", newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["cell"] == "test_draw"]
    return {row["student"]: (row["status"], row["message"]) for row in rows}


SLOWLY = "The cell took longer than 1 seconds"
ENDED = "The cell ended the Python process"


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"jobs": 2}, f" ({TRIED_TWICE})"),
        ({"jobs": 2, "second_tries": 0}, f" ({TRIED_ONCE})"),
        ({"jobs": 1}, ""),
    ],
    ids=["beside others", "no time for it", "alone at once"],
)
def test_a_stop_by_a_limit_says_how_often_it_was_tried(tmp_path, lesson, how, words):
    hand_in_all(tmp_path, {"hangs": HANGS, "killed": KILLED, "leaves": LEAVES})
    assert grade_class(ClassFolder(tmp_path), source=lesson.source, timeout=1, **how) == 0
    told = outcome_of_draw(tmp_path)
    assert told["hangs"] == ("timeout", f"{SLOWLY}{words}.")
    assert told["killed"] == ("killed", f"{ENDED} (signal 9){words}.")
    assert told["leaves"] == ("killed", f"{ENDED}.")  # its own doing: one try is enough


def test_the_second_try_counts(tmp_path, lesson):
    hand_in_all(tmp_path, {"slow": SLOW})
    submission = Submission("slow", lesson.name, tmp_path / "submitted/slow" / lesson.name)
    how = {"timeout": 2, "everything": False, "confine": "bwrap"}
    first = work(submission, lesson.source, how)
    assert first.stopped
    quiet = {**how, "timeout": 30}
    (second,) = pool._counting(iter([first]), lesson.source, quiet, 60)
    notebook = json.loads(second.notebook)
    assert second.stopped == 0 and second.fingerprint == first.fingerprint
    assert notebook["metadata"]["mended"] == [SECOND_TRY]


def test_those_with_few_stops_are_tried_first(monkeypatch, lesson):
    outcomes = [
        pool.Outcome(name, stopped=count) for name, count in zip("abcd", (9, 1, 0, 4), strict=True)
    ]
    monkeypatch.setattr(
        pool, "_alone", lambda submission, *rest: pool.Outcome(f"{submission} again")
    )
    counting = pool._counting(iter(outcomes), lesson.source, {}, 60)
    assert [each.submission for each in counting] == ["c", "b again", "d again", "a again"]
