"""What grading would write, and does not: the ledger of `grade --dry-run`."""

import contextlib
from collections.abc import Iterator, Mapping

from nbformat import NotebookNode

from course.gradebook.class_folder import ClassFolder, Submission
from course.gradebook.database import (
    check_gradebook,
    recorded_cells,
    recorded_comments,
    recorded_marks,
)
from course.gradebook.deciding import Before, before, changes, decide, taken_out
from course.gradebook.history import Change, History
from course.gradebook.ledger import earned, say
from course.gradebook.preparing import differences
from course.gradebook.table import Row, graded_rows
from course.notebooks.cells import known_cells


class Rehearsal:
    """Does what a `Ledger` does, but for writing.

    Parameters
    ----------
    folder, lessons, keep_best
        As for `course.gradebook.ledger.ready`.
    """

    def __init__(
        self, folder: ClassFolder, lessons: Mapping[str, NotebookNode], keep_best: bool
    ) -> None:
        self.folder, self.lessons, self.keep_best = folder, lessons, keep_best
        self.history = History(folder)
        there = check_gradebook(folder, make=False)
        self.marks = recorded_marks(folder) if there else {}
        self.comments = recorded_comments(folder) if there else {}
        cells = recorded_cells(folder) if there else {}
        self.unable: dict[str, str] = {}
        self.changes: list[Change] = []
        self.differences = {
            lesson: differences(cells[lesson], notebook)
            for lesson, notebook in lessons.items()
            if lesson in cells
        }

    def record(self, executed: NotebookNode, submission: Submission) -> list[Row]:
        """The rows of `grades.csv` that the submission would have."""
        place = submission.lesson, submission.student
        past = self.history.given(submission.student, submission.lesson)
        old = Before(past=past)
        if place in self.marks:
            graded = self.folder.graded(submission.student, submission.lesson)
            words = self.comments.get(place, {})
            old = before(self.lessons[submission.lesson], graded, self.marks[place], words, past)
        new = decide(executed, earned(executed), old, self.keep_best)
        cells = known_cells(executed)
        for name, each in new.items():
            say(cells[name], each)
        self.changes += changes(submission, old, executed, new)
        self.changes += taken_out(submission, old, old.scores.keys() - cells)
        return graded_rows(submission, executed, {name: new[name].score for name in new})


@contextlib.contextmanager
def rehearsed(
    folder: ClassFolder, lessons: Mapping[str, NotebookNode], keep_best: bool
) -> Iterator[Rehearsal]:
    """As `course.gradebook.ledger.ready`."""
    yield Rehearsal(folder, lessons, keep_best)
