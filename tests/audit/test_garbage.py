"""Garbage passes what is true of nothing, and nothing else."""

import numpy as np
import pytest

from course.audit.garbage import BY_HEART, FIXED, OWN_INPUT, SPOILT, garbage, taught
from course.oracle.bank import Answer
from utils import assert_like, every, is_like, refuses

RIGHT = Answer("steps", "right", "", "def steps(x):\n    return np.diff(x), len(x)")
HERE = {
    "np": np,
    "assert_like": assert_like,
    "every": every,
    "is_like": is_like,
    "refuses": refuses,
}
SEEN = "moved, n = steps([1, 4, 9])\nassert {}\n### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"


def passes(test, answer):
    names = dict(HERE)
    exec(answer.source, names)
    try:
        exec(taught(answer.exercise, test), names)
    except Exception:
        return False
    return True


def passing(test):
    return {each.description for each in garbage(RIGHT, True) if passes(test, each)}


@pytest.mark.parametrize(
    ("test", "kinds"),
    [
        ("assert np.shape(steps([1, 2])[0]) == (1,)", {*SPOILT, BY_HEART}),
        ("assert steps([2, 2])[0] == 0", {"zeros of the right shape", BY_HEART}),
        ("assert not steps([1, 2])", {"nothing"}),
        ("assert steps([]) == []", {"its own input"}),
        ("assert len(steps([1, 2])) == 0", {"an empty array", "an empty table"}),
        ("assert steps([1, 2]) > 5", {"a huge number"}),
        ("assert np.sum(steps([1, 4])[0]) == 3", {BY_HEART}),
        (
            "assert_like(steps([1, 4, 9])[0], [3, 5], 'no')\nassert steps([1, 2])[1] == 2",
            {BY_HEART},
        ),
    ],
)
def test_each_kind_passes_a_test_that_asks_no_more(test, kinds):
    assert passing(test) == kinds


def test_what_is_asked_again_by_hidden_tests_is_known_by_heart():
    again = SEEN.format(
        "is_like(moved, [3, 5]) and n == 3", "assert is_like(steps([1, 4, 9])[0], [3, 5])"
    )
    other = SEEN.format(
        "is_like(moved, [3, 5]) and n == 3", "assert is_like(steps([1, 4])[0], [3])"
    )
    assert passing(again) == {BY_HEART}
    assert passing(other) == set()
    assert passes(other, RIGHT)


def test_it_refuses_what_the_right_answer_refuses():
    nan = next(each for each in garbage(RIGHT, True) if each.description in SPOILT)
    assert passes("assert refuses(steps, np.zeros(()))", nan)


def test_the_kinds_of_a_quiz_are_values():
    quiz = garbage(Answer("quiz_1", "right", "", 'quiz_1 = "a"'), False)
    assert [each.description for each in quiz] == list(FIXED)
    assert not any(passes('assert quiz_1 == "a"', each) for each in quiz)
    assert OWN_INPUT.keys().isdisjoint(each.description for each in quiz)
