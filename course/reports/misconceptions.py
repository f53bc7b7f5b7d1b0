"""Which misconceptions of the bank a class met, told by the messages that its students got."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from course.notebooks.cells import exercise_of
from course.notebooks.verdict import NOTHING_LOST
from course.oracle import bank
from course.paths import LESSONS, lesson_file


@cache
def _wrong_answers(lesson):
    """For each exercise of a lesson its wrong answers: what the message says, and what is wrong."""
    found = defaultdict(list)
    if lesson_file(lesson, "answers.py", LESSONS).is_file():
        for answer in bank.load(lesson, LESSONS):
            if answer.kind == "wrong":
                what = answer.description
                # The bank gives of a quiz only the letter, or the words, that were chosen.
                told = f"chose “{what}”" if answer.exercise.startswith("quiz_") else what
                found[answer.exercise].append((answer.says.casefold(), told))
    return dict(found)


def misconceptions_hit(
    rows: Iterable[Mapping[str, str]],
) -> list[tuple[str, str, str, int]]:
    """The misconceptions that students of a class hold, the commonest first.

    A message may stand for several wrong answers of the bank, where they look the same from
    outside; their descriptions are then joined.

    Parameters
    ----------
    rows : iterable of dict
        Rows of `grades.csv`.

    Returns
    -------
    list of (str, str, str, int)
        Lesson, exercise, what is wrong, and the number of students who met it.
    """
    students: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in rows:
        exercise = exercise_of(row["cell"])
        message = row["message"].casefold()
        known = _wrong_answers(row["lesson"]).get(exercise, ())
        met = dict.fromkeys(what for says, what in known if says in message)
        if met and row["status"] not in NOTHING_LOST:
            students[row["lesson"], exercise, " / ".join(met)].add(row["student"])
    counted = [(*key, len(who)) for key, who in students.items()]
    return sorted(counted, key=lambda each: (-each[3], each[:3]))
