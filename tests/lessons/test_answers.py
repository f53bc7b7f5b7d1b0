"""The bank of answers against the lessons' tests: right ones pass, wrong ones learn why."""

from functools import cache

import nbformat
import pytest

from course import bank
from course.grading.intake import as_released, known_cells
from course.paths import ANSWERS, SOURCE, lesson_ids, notebook_path

LESSONS = lesson_ids()
read = cache(lambda lesson: nbformat.read(notebook_path(SOURCE, lesson), as_version=4))


def exercises(lesson):
    return {
        cell.metadata.nbgrader.grade_id: cell
        for cell in read(lesson).cells
        if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "code"
    }


def cases(kind):
    return [
        pytest.param(lesson, answer, id=f"{lesson}-{answer}".replace(" ", "_"))
        for lesson in LESSONS
        if (ANSWERS / f"{lesson}.py").exists()
        for answer in bank.load(lesson)
        if answer.kind == kind
    ]


@pytest.fixture(autouse=True)
def pictures_stay_off_the_screen(monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "agg")


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_reference_solution_earns_all_marks(lesson):
    for name, cell in exercises(lesson).items():
        results = bank.try_out(lesson, bank.Answer(name, "right", "reference", cell.source))
        assert results, f"{name} has no test"
        assert not [message for _, message in results.values() if message]


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_untouched_stub_earns_nothing(lesson):
    released = known_cells(as_released(read(lesson)))
    for name in exercises(lesson):
        stub = released[name].source
        results = bank.try_out(lesson, bank.Answer(name, "wrong", "stub", stub))
        assert sum(points for points, _ in results.values()) == 0


@pytest.mark.parametrize("lesson", LESSONS)
def test_each_exercise_has_a_bank_worth_the_name(lesson):
    answers = bank.load(lesson)
    for name in exercises(lesson):
        if name.startswith("quiz_"):
            continue
        right = [a for a in answers if a.exercise == name and a.kind == "right"]
        wrong = [a for a in answers if a.exercise == name and a.kind == "wrong"]
        assert len(right) >= 3, f"{name}: {len(right)} right answers besides the reference"
        assert len(wrong) >= 6, f"{name}: {len(wrong)} misconceptions"


@pytest.mark.parametrize(("lesson", "answer"), cases("right"))
def test_a_right_answer_earns_all_marks(lesson, answer):
    results = bank.try_out(lesson, answer)
    assert {test: message for test, (_, message) in results.items() if message} == {}


@pytest.mark.parametrize(("lesson", "answer"), cases("wrong"))
def test_a_wrong_answer_earns_its_marks_and_learns_why(lesson, answer):
    results = bank.try_out(lesson, answer)
    messages = " | ".join(message for _, message in results.values() if message)
    assert answer.says in messages
    assert sum(points for points, _ in results.values()) == answer.points
