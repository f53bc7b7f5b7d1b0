"""What an executed test cell says about its marks."""

from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from nbgrader.utils import determine_grade

from course.notebooks.verdict import MAX_MESSAGE, normalise, one_line, points_text, verdict


def cell_with(*outputs):
    """A test cell worth two points with outputs."""
    cell = new_code_cell("assert True", outputs=list(outputs))
    cell.metadata.nbgrader = {
        "grade": True,
        "grade_id": "test_f",
        "locked": True,
        "points": 2,
        "schema_version": 3,
        "solution": False,
    }
    return cell


def value(text):
    return new_output("execute_result", data={"text/plain": text}, execution_count=1)


def error(ename, evalue):
    return new_output("error", ename=ename, evalue=evalue, traceback=[])


def marks(*outputs):
    """What nbgrader gives the cell after `normalise`."""
    return determine_grade(normalise(new_notebook(cells=[cell_with(*outputs)])).cells[0])[0]


@pytest.mark.parametrize(
    "text", ["np.float64(0.0)", "np.float64(5.0)", "nan", "inf", "-1", "0", "7.5", "False", "None"]
)
def test_a_last_value_neither_gives_nor_takes_marks(text):
    assert marks(value(text)) == 2


def test_a_plain_float_is_a_partial_mark():
    assert marks(value("0.5")) == 0.5
    assert marks(value("0.0")) == 0
    assert marks(value("1e-05")) == 1e-05


def test_warnings_cost_nothing_and_errors_everything():
    warning = new_output("stream", name="stderr", text="old")
    assert marks(warning) == 2
    assert marks(warning, value("2.0"), error("E", "")) == 0


def grade(auto, manual=None, most=2):
    score = auto if manual is None else manual
    return SimpleNamespace(score=score or 0, max_score=most, auto_score=auto, manual_score=manual)


@pytest.mark.parametrize(
    ("ename", "evalue", "expected"),
    [
        ("AssertionError", "too small", ("failed", "too small")),
        ("AssertionError", "", ("failed", "A check in this test failed.")),
        ("NotSolvedYet", "", ("failed", "The exercise has not been solved yet.")),
        ("TypeError", "bad\n\x1b[31mred\x1b[0m", ("error", "TypeError: bad red")),
        ("KeyError", "", ("error", "KeyError")),
        ("CellTimeout", "Slow.", ("timeout", "Slow.")),
        ("KernelDied", "Dead.", ("killed", "Dead.")),
    ],
)
def test_an_error_is_told_in_words(ename, evalue, expected):
    assert verdict(cell_with(error(ename, evalue)), grade(0)) == expected


def test_marks_by_hand_win_over_the_test():
    assert verdict(cell_with(error("AssertionError", "no")), grade(0, 2)) == ("passed", "no")
    assert verdict(cell_with(), grade(2, 1)) == ("partial", "")
    assert verdict(cell_with(), grade(2, 0)) == ("failed", "")


def test_a_partial_mark_is_partial():
    assert verdict(cell_with(value("0.5")), grade(0.5)) == ("partial", "")


def test_messages_are_one_short_line():
    assert len(one_line("x" * 10_000)) == MAX_MESSAGE
    assert one_line("a\r\n\tb\u2028c\x00d\ud800") == "a b c d?"


def test_points_are_plain_numbers():
    assert [points_text(points) for points in (2.0, 1.5, 0, 1 / 3)] == [
        "2",
        "1.5",
        "0",
        "0.3333333333",
    ]
