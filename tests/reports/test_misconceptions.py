"""What a class misunderstood is told by the messages that it got."""

import pytest

from course.reports import misconceptions

BANK = """
@right("fine")
def double(x):
    return 2 * x

@wrong("squares", says="you square it")
def double(x):
    return x * x

@wrong("squares, by a loop", says="square it")
def double(x):
    return x ** 2

@wrong("adds two", says="it grows by two")
def double(x):
    return x + 2

quiz_1 = wrong("b", says="think of the empty cluster")
"""


@pytest.fixture(autouse=True)
def lesson(tmp_path, monkeypatch):
    (tmp_path / "01_sums").mkdir()
    (tmp_path / "01_sums" / "answers.py").write_text(BANK)
    monkeypatch.setattr(misconceptions, "LESSONS", tmp_path)
    misconceptions._wrong_answers.cache_clear()
    yield
    misconceptions._wrong_answers.cache_clear()


def row(student, cell, message, status="failed", lesson="01_sums"):
    return {
        "student": student,
        "lesson": lesson,
        "cell": cell,
        "points": "0",
        "max_points": "1",
        "status": status,
        "message": message,
    }


def test_students_are_counted_once_the_commonest_first():
    rows = [
        row("ann", "test_double", "It grows by two."),
        row("ann", "test_double__edges", "It grows by two, again."),
        row("ben", "test_double", "It grows by two."),
        row("ben", "test_quiz_1", "Think of the empty cluster!"),
    ]
    assert misconceptions.misconceptions_hit(rows) == [
        ("01_sums", "double", "adds two", 2),
        ("01_sums", "quiz_1", "chose “b”", 1),
    ]


def test_wrong_answers_with_the_same_message_are_told_together():
    [found] = misconceptions.misconceptions_hit([row("ann", "test_double", "You square it.")])
    assert found == ("01_sums", "double", "squares / squares, by a loop", 1)


@pytest.mark.parametrize(
    "other",
    [
        row("ann", "test_double", "The exercise has not been solved yet."),
        row("ann", "test_other", "It grows by two."),
        row("ann", "test_double", "It grows by two.", status="passed"),
        row("ann", "test_double", "It grows by two.", lesson="77_none"),
        row("ann", "explain_it", "Waits to be marked by hand.", status="manual"),
    ],
)
def test_what_is_no_misconception_of_the_bank_does_not_count(other):
    assert misconceptions.misconceptions_hit([other]) == []
