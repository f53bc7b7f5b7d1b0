"""A submission that takes all it can get costs an honest one beside it nothing."""

import csv

from benchmarks.neighbours import FORKS, SPINS
from course.gradebook.class_folder import ClassFolder
from course.grading.grade import grade_class
from tests.isolation.attacks import lesson as target
from tests.isolation.test_attacks import Lesson, hand_in

BUSY = "def draw(n, rng):\n    sum(range(5_000_000))\n    return rng.random(n)"
ENDLESS = f"{SPINS}\nwhile True:\n    pass"


def rows_of(root, lesson, student):
    """The rows of a student after the class was graded, all at once."""
    how = {"source": lesson.source, "timeout": 2, "jobs": 4, "second_tries": 15}
    assert grade_class(ClassFolder(root), **how) == 0
    with open(root / "grades.csv", newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["student"] == student]


def test_an_honest_student_beside_hostile_ones_gets_the_marks_as_alone(tmp_path):
    target.write_source(tmp_path / "source")
    lesson = Lesson(target.LESSON, tmp_path / "source", {})
    honest = lesson.solved({**target.RIGHT, "draw": BUSY})
    students = {"a": ENDLESS, "honest": honest, "x": FORKS, "z": ENDLESS}
    for student, answer in students.items():
        content = answer if student == "honest" else lesson.solved({"draw": answer})
        hand_in(tmp_path / "beside", student, lesson.name, content)
    hand_in(tmp_path / "alone", "honest", lesson.name, honest)
    alone = rows_of(tmp_path / "alone", lesson, "honest")
    assert {row["status"] for row in alone} == {"passed", "manual"}
    assert rows_of(tmp_path / "beside", lesson, "honest") == alone
