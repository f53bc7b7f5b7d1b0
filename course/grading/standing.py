"""How each submission stands before a run: its rows, and whether it has to be graded again."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from course.gradebook.class_folder import ClassFolder, Submission
from course.gradebook.database import Marks, Score, recorded_comments, recorded_marks
from course.gradebook.deciding import Before
from course.gradebook.history import Change, History, Past
from course.gradebook.table import Row, graded_rows, plain_rows, read_rows
from course.grading.work import lesson_fingerprint, own_fingerprint
from course.notebooks.cells import grade_id, graded_cells, is_task, points_of
from course.notebooks.exercises import judged
from course.notebooks.verdict import one_line
from course.paths import CourseError, notebook_path


@dataclass(frozen=True)
class Standing:
    """How a submission stands.

    Attributes
    ----------
    rows : list of Row
        Of `grades.csv`, as the gradebook and `autograded/` have them.
    fresh : bool
        Whether nothing that its marks depend on has changed, and the gradebook holds them.
    behind : bool
        Whether it was graded by the lesson as it was once.
    lost : bool
        Whether it was graded, and the gradebook does not hold that any more.
    """

    rows: list[Row] = field(default_factory=list)
    fresh: bool = False
    behind: bool = False
    lost: bool = False


class Standings:
    """How the submissions of a class stand.

    Parameters
    ----------
    folder : ClassFolder
    source : Path
        The folder of the lessons' source notebooks.
    there : bool
        Whether there is a gradebook.
    """

    def __init__(self, folder: ClassFolder, source: Path, there: bool = True) -> None:
        self.folder, self.source = folder, source
        self.marks: Marks = recorded_marks(folder) if there else {}
        self.comments = recorded_comments(folder) if there else {}
        self.history = History(folder)
        self.past = self.history.all_given()
        self.lessons: dict[str, str | None] = {}
        self.by_hand: list[tuple[str, str, Past]] = []

    def of(self, submission: Submission) -> Standing:
        """How one stands. What `by_hand` then holds, the history is to keep."""
        student, lesson = submission.student, submission.lesson
        scores = self.marks.get((lesson, student), {})
        notebook = self.folder.graded(student, lesson)
        if notebook is None:
            left = submission.folder.is_dir()
            return Standing(plain_rows(submission, scores), fresh=not left, behind=bool(scores))
        own, _, its_lesson = str(notebook.metadata.get("fingerprint", "")).partition("-")
        rows = graded_rows(submission, notebook, scores)
        if (lesson_now := self._lesson(lesson)) is None:
            return Standing(rows, fresh=True)
        behind = its_lesson != lesson_now
        is_recorded = _worth(notebook) == {name: each.max_score for name, each in scores.items()}
        fresh = is_recorded and not behind and self._is_own(submission, own)
        if fresh:
            self._remember(submission, notebook, scores)
        return Standing(rows, fresh, behind, lost=not scores)

    def _lesson(self, lesson: str) -> str | None:
        """The lesson's part of a fingerprint; None where the course has it no more."""
        if lesson not in self.lessons:
            is_there = notebook_path(self.source, lesson).is_file()
            self.lessons[lesson] = lesson_fingerprint(lesson, self.source) if is_there else None
        return self.lessons[lesson]

    def _is_own(self, submission: Submission, own: str) -> bool:
        """Whether it was these files that were graded; a graded copy is what it is."""
        if submission.folder.is_relative_to(self.folder.autograded):
            return True
        try:
            return own == own_fingerprint(submission)
        except OSError:
            return False

    def _remember(
        self, submission: Submission, notebook: NotebookNode, scores: dict[str, Score]
    ) -> None:
        place = submission.lesson, submission.student
        comments, past = self.comments.get(place, {}), self.past.get(place, [])
        by_hand = any(
            each.manual_score is not None or each.extra_credit for each in scores.values()
        )
        if by_hand or comments or past:
            new = Before(scores, comments, judged(notebook), past).unknown()
            self.by_hand.append((submission.student, submission.lesson, new))

    def all_of(self, found: Sequence[Submission]) -> list[Submission]:
        """With what is found, all else that was ever graded: its files may be gone."""
        every = [*found, *self.folder.gone(found)]
        known = {(each.lesson, each.student) for each in every}
        every += [
            Submission(student, lesson, self.folder.submitted / student / lesson)
            for lesson, student in self.marks
            if (lesson, student) not in known and not self.folder.is_withdrawn(student)
        ]
        return sorted(every, key=lambda each: (each.student, each.lesson))


def note_vanished(folder: ClassFolder, table: Sequence[Row]) -> list[str]:
    """Whose marks a new table has no more; the history has them then."""
    try:
        before = read_rows(folder)
    except CourseError:
        return []  # there is none, or somebody made another table of it
    there = {(row["student"], row["lesson"]) for row in table}
    gone = [row for row in before if (row["student"], row["lesson"]) not in there]
    with contextlib.suppress(ValueError):
        History(folder).note(
            Change(
                student=row["student"],
                lesson=row["lesson"],
                cell=row["cell"],
                old_points=float(row["points"]),
                old_max=float(row["max_points"]),
                new_points=None,
                new_max=None,
                reason="nothing else of it was left",
            )
            for row in gone
        )
    return list(dict.fromkeys(one_line(f"{row['student']} {row['lesson']}") for row in gone))


def _worth(notebook: NotebookNode) -> dict[str | None, float]:
    return {grade_id(cell): points_of(cell) for cell in graded_cells(notebook) if not is_task(cell)}
