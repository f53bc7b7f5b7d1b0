"""Difficulty and discrimination are what the textbooks say."""

import numpy as np
import pytest

from course.reports.item_analysis import analyse, shares


def row(student, cell, points, most=1, status="passed", lesson="01_a"):
    return {
        "student": student,
        "lesson": lesson,
        "cell": cell,
        "points": str(points),
        "max_points": str(most),
        "status": status,
        "message": "",
    }


def table(columns):
    """Rows from a dictionary of exercise to the points of student 0, 1, 2 ..."""
    return [
        row(f"s{number}", f"test_{name}", points)
        for name, values in columns.items()
        for number, points in enumerate(values)
    ]


def test_difficulty_is_the_mean_share_over_all_tests_of_an_exercise():
    rows = [
        row("ann", "test_f", 2, 2),
        row("ann", "test_f__edges", 0, 1, "failed"),
        row("ben", "test_f", 0, 2, "failed"),
        row("ben", "test_f__edges", 1, 1),
    ]
    [found] = analyse(rows).to_dict("records")
    assert found["exercise"] == "f" and found["max_points"] == 3 and found["students"] == 2
    assert found["difficulty"] == pytest.approx((2 / 3 + 1 / 3) / 2)
    assert found["solved"] == 0


def test_discrimination_is_the_correlation_with_the_rest_of_the_lesson():
    columns = {"a": [0, 0, 1, 1, 1, 0], "b": [0, 1, 1, 1, 0, 0], "c": [0, 0, 0, 1, 1, 1]}
    found = analyse(table(columns)).set_index("exercise").discrimination
    rest = np.add(columns["b"], columns["c"])
    assert found["a"] == pytest.approx(np.corrcoef(columns["a"], rest)[0, 1])


def test_an_exercise_that_only_weak_students_solve_discriminates_backwards():
    columns = {"a": [1, 1, 1, 0, 0, 0], "b": [0, 0, 0, 1, 1, 1], "c": [0, 0, 0, 1, 1, 1]}
    found = analyse(table(columns)).set_index("exercise")
    assert found.discrimination["a"] == pytest.approx(-1)
    assert found.upper_lower["a"] == -1 and found.upper_lower["b"] == 1


def test_what_cannot_be_told_is_not_told():
    found = analyse(table({"a": [1, 1, 1, 1, 1, 1], "b": [0, 1, 0, 1, 0, 1]})).set_index("exercise")
    assert np.isnan(found.discrimination["a"])
    few = analyse(table({"a": [0, 1], "b": [0, 1]}))
    assert few.discrimination.isna().all() and few.upper_lower.isna().all()


def test_files_that_could_not_be_read_and_answers_that_wait_do_not_count():
    rows = [
        row("ann", "test_f", 1),
        row("ann", "explain_x", 0, 2, "manual"),
        row("ben", "test_f", 0, 1, "missing"),
        row("ben", "explain_x", 0, 2, "missing"),
        row("cat", "test_f", 0, 1, "failed"),
        row("cat", "explain_x", 0, 2, "missing"),
    ]
    found = shares(rows)
    assert list(found.student) == ["ann", "cat"] and set(found.exercise) == {"f"}


def test_nobody_makes_an_empty_table():
    assert analyse([]).empty
