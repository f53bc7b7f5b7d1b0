"""The gate: each lesson's bank of right and wrong answers, and mutants, through the real grader."""

import pytest

from course.audit import gate
from course.audit.figures import audit
from course.paths import lesson_ids


@pytest.mark.parametrize("lesson", lesson_ids())
def test_nothing_falls_short(lesson):
    baseline = gate.read_baseline()
    assert lesson in baseline
    assert gate.shortfalls(audit(lesson, jobs=1), baseline) == []
