"""Fuzzing finds where two answers differ, and only there."""

import numpy as np
import pytest
from hypothesis import strategies as st

from course.audit.exercise import cells_by_exercise
from course.oracle import alike, cases
from course.oracle.compare import compare as compare_on
from course.oracle.draws import probabilities, seeds, table
from course.oracle.examples import examples_of
from course.oracle.inputs import cases_of
from course.paths import SOURCE, CourseError
from course.syllabus import lesson_ids


def compare(inputs, reference, answer):
    return compare_on(inputs, examples_of(inputs, reference), answer)


@cases()
def doubled(draw):
    return {"x": table(draw, draw(st.integers(1, 5))), "n": draw(st.integers(-1, 3))}


def double(x, n):
    if n < 0:
        raise ValueError("n is negative")
    return 2.0 * np.asarray(x, dtype=float)


def in_float32(x, n):
    return [*double(x, n).astype(np.float32)]


def wraps_around(x, n):
    return double(x, n) if isinstance(x, list) else 2 * x + 0 * double(x, n).astype(x.dtype)


def does_not_refuse(x, n):
    return double(x, 0)


def refuses_zero(x, n):
    return double(x, n or -1)


def breaks(x, n):
    return double(x, n)[: len(x) or None] if n < 3 else 1 / 0


def changes_x(x, n):
    result = double(x, n)
    x[0] = 0
    return result


def another_shape(x, n):
    return double(x, n)[None]


def test_another_way_of_writing_it_is_alike():
    assert compare(doubled, double, in_float32) is None


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (wraps_around, "became"),
        (does_not_refuse, "no ValueError"),
        (refuses_zero, "a ValueError"),
        (breaks, "ZeroDivisionError"),
        (changes_x, "`x` is changed"),
        (another_shape, "became"),
    ],
)
def test_a_difference_is_found_and_shown(answer, says):
    assert says in compare(doubled, double, answer)


@cases(lambda want, got, p, rng: got in range(len(p)), seeded=True)
def picked(draw):
    return {"p": probabilities(draw, 50, zeros=False), "rng": draw(seeds)}


def pick(p, rng):
    return rng.choice(len(p), p=np.asarray(p) / np.sum(p))


def test_a_random_answer_may_draw_in_another_way():
    def pick_backwards(p, rng):
        return len(p) - 1 - pick(np.asarray(p)[::-1], rng)

    assert compare(picked, pick, pick_backwards) is None


def test_a_constant_seed_and_the_global_state_are_found():
    def constant(p, rng):
        return pick(p, np.random.default_rng(0))

    def hidden(p, rng):
        return pick(p, np.random)

    assert compare(picked, pick, constant) == "another seed makes no difference"
    assert "the same seed gave two results" in compare(picked, pick, hidden)


def test_warnings_count_where_the_contract_forbids_them():
    @cases(quiet=True)
    def divided(draw):
        return {"x": draw(st.integers(0, 3))}

    def quiet(x):
        return np.float64(1) / x if x else np.inf

    def loud(x):
        return np.float64(1) / np.float64(x)

    assert "RuntimeWarning" in compare(divided, quiet, loud)


@pytest.mark.parametrize(
    ("a", "b"),
    [([1, 2], np.array([1.0, 2.0])), ((1, [2]), [1, np.array([2])]), (np.nan, float("nan"))],
)
def test_numbers_are_alike_whatever_their_type(a, b):
    assert alike(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [([True], [1]), ([1.0], [1.1]), ([1], [[1]]), ((1, 2), (1, 2, 3)), ("a", "b"), (1, None)],
)
def test_flags_shapes_and_words_are_not(a, b):
    assert not alike(a, b)


@pytest.mark.parametrize("lesson", lesson_ids())
def test_the_inputs_of_each_exercise_are_described(lesson):
    functions = {
        name
        for name in cells_by_exercise(lesson, SOURCE)
        if not name.startswith(("quiz_", "explain_"))
    }
    assert functions == cases_of(lesson).keys()


def test_a_lesson_without_inputs_is_told_so(tmp_path):
    with pytest.raises(CourseError, match=r"99_none/inputs\.py is missing"):
        cases_of("99_none", tmp_path)
