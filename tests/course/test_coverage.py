"""`docs/coverage.md` names sections that are there, and its sums are right."""

import re

import pytest

from course.paths import REPO, lesson_file
from course.syllabus import lesson_ids

CELLS = [
    [part.strip() for part in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
    for line in (REPO / "docs" / "coverage.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("|")
]
TAUGHT = [row for row in CELLS if len(row) == 3 and re.fullmatch(r"\d\d(, \d\d)*", row[1])]


def headings(number):
    (lesson,) = [lesson for lesson in lesson_ids() if lesson.startswith(number)]
    text = lesson_file(lesson, "lesson.py").read_text(encoding="utf-8")
    return [h.split(" (")[0] for h in re.findall(r"^# #+ (.+)$", text, flags=re.M)]


def test_it_says_where_hundreds_of_things_are_taught():
    total = next(row for row in CELLS if row[0] == "all")
    assert len(TAUGHT) > 200
    assert int(total[2]) + int(total[4]) == int(total[1])


@pytest.mark.parametrize("number", sorted({row[1] for row in TAUGHT if len(row[1]) == 2}))
def test_every_section_it_names_is_in_the_lesson(number):
    known = headings(number)
    named = [row for row in TAUGHT if row[1] == number]
    missing = [row[2] for row in named if not any(heading in row[2] for heading in known)]
    assert missing == []
