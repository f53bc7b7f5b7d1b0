"""A submission that takes all it can get costs an honest one beside it nothing."""

import csv
from types import SimpleNamespace

from benchmarks.neighbours import FORKS, SPINS
from course.gradebook.class_folder import ClassFolder
from course.grading.grade import grade_class
from tests.isolation.attacks import lesson as target

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
    lesson = SimpleNamespace(source=tmp_path / "source")
    honest = {**target.RIGHT, "draw": BUSY}
    hostile = {"a": ENDLESS, "x": FORKS, "z": ENDLESS}
    for student, answer in hostile.items():
        target.hand_in(tmp_path / "beside", student, {"draw": answer})
    for folder in ("beside", "alone"):
        target.hand_in(tmp_path / folder, "honest", honest)
    alone = rows_of(tmp_path / "alone", lesson, "honest")
    assert {row["status"] for row in alone} == {"passed", "manual"}
    assert rows_of(tmp_path / "beside", lesson, "honest") == alone
