"""The final marks: what was earned, less the penalty for late work, and whether it is final."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from course.gradebook.class_folder import ClassFolder
from course.gradebook.database import ABOUT, OF_GRADE, check_gradebook, select
from course.gradebook.penalties import EARNED, Place, as_time, penalise
from course.gradebook.table import Row, read_grades
from course.notebooks.verdict import Status
from course.paths import BadUsage

# Ordered as nbgrader's own table is.
LESSONS = """
    select name, duedate,
        (select coalesce(sum(max_score), 0.0) from grade_cells
            join base_cell on grade_cells.id = base_cell.id
            join notebook on base_cell.notebook_id = notebook.id
            where notebook.assignment_id = assignment.id)
        + (select coalesce(sum(max_score), 0.0) from task_cells
            join base_cell on task_cells.id = base_cell.id
            join notebook on base_cell.notebook_id = notebook.id
            where notebook.assignment_id = assignment.id)
    from assignment order by duedate, name
"""
STUDENTS = """
    select id, first_name, last_name, email, lms_user_id
    from student order by last_name, first_name
"""
SUBMITTED = f"""
    select assignment.name, submitted_assignment.student_id, submitted_assignment.timestamp,
        coalesce(sum(earned.score), 0.0),
        coalesce(sum(submitted_notebook.late_submission_penalty), 0.0)
    from submitted_assignment
    join assignment on submitted_assignment.assignment_id = assignment.id
    left join submitted_notebook on submitted_notebook.assignment_id = submitted_assignment.id
    left join {EARNED} as earned on earned.notebook_id = submitted_notebook.id
    group by submitted_assignment.id, assignment.name, submitted_assignment.student_id,
        submitted_assignment.timestamp
"""
# A mark by hand may come from formgrader, after `grades.csv` was written.
SETTLED = f"""
    select {ABOUT}
    from grade
    {OF_GRADE}
    where grade.manual_score is not null and not grade.needs_manual_grade
"""


@dataclass(frozen=True)
class Lesson:
    """A lesson as the gradebook has it."""

    name: str
    due: datetime | None
    max_score: float


@dataclass(frozen=True)
class Student:
    """A student as the gradebook knows them; what it does not know is empty."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_id: str = ""

    @property
    def name(self) -> str:
        """As Canvas sorts it, ``Last, First``; the id where the name is not known."""
        return ", ".join(filter(None, (self.last_name, self.first_name))) or self.id


@dataclass(frozen=True)
class Entry:
    """What the gradebook says of a submission."""

    time: datetime | None = None
    score: float = 0.0
    penalty: float = 0.0

    @property
    def mark(self) -> float:
        """What counts."""
        return max(0.0, self.score - self.penalty)


@dataclass(frozen=True)
class Book:
    """What the gradebook says, in nbgrader's order."""

    lessons: list[Lesson]
    students: list[Student]
    entries: dict[Place, Entry]


@dataclass(frozen=True)
class Final:
    """A student's final mark in a lesson.

    Attributes
    ----------
    who : Student
    lesson : str
    max_score : float
        What could be earned.
    entry : Entry
        What was earned, and what is taken off for being late.
    waiting : tuple of str
        The answers that wait for a reader: until then they count as 0.
    unclear : str
        Why it is not known when this was handed in, if that matters: until then it counts as on
        time.
    """

    who: Student
    lesson: str
    max_score: float
    entry: Entry
    waiting: tuple[str, ...] = ()
    unclear: str = ""

    @property
    def student(self) -> str:
        """The student's id."""
        return self.who.id

    @property
    def score(self) -> float:
        """What was earned."""
        return self.entry.score

    @property
    def penalty(self) -> float:
        """What is taken off."""
        return self.entry.penalty

    @property
    def mark(self) -> float:
        """What counts so far."""
        return self.entry.mark

    @property
    def is_final(self) -> bool:
        """Whether only another submission can change it."""
        return not self.waiting and not self.unclear

    @property
    def status(self) -> str:
        """In words whether it is final."""
        reasons = []
        if self.waiting:
            reasons.append(f"waits to be marked by hand: {' '.join(self.waiting)}")
        if self.unclear:
            reasons.append("not known whether it was late")
        return "; ".join(reasons) or "final"


def finals(folder: ClassFolder) -> list[Final]:
    """The final marks of all that was graded, sorted by lesson, then student.

    Penalties are set anew, by the times, due dates and extensions as they are now.

    Parameters
    ----------
    folder : ClassFolder

    Raises
    ------
    BadUsage
        If the class was not graded.
    CourseError
        If its gradebook cannot be read.
    """
    rows = read_grades(folder)
    if not folder.has_gradebook:
        raise BadUsage(f"{folder} has no gradebook: run `python -m course grade --root {folder}`.")
    check_gradebook(folder)
    unclear = penalise(folder)
    book = read_book(folder)
    lessons = {each.name: each for each in book.lessons}
    students = {each.id: each for each in book.students}
    waiting = _waiting(folder, rows)
    return [
        Final(
            who=students[student],
            lesson=lesson,
            max_score=lessons[lesson].max_score,
            entry=book.entries[lesson, student],
            waiting=tuple(waiting.get((lesson, student), ())),
            unclear=unclear.get((lesson, student), "") if lessons[lesson].due else "",
        )
        for lesson, student in sorted({(row["lesson"], row["student"]) for row in rows})
        if (lesson, student) in book.entries
    ]


def read_book(folder: ClassFolder) -> Book:
    """What the gradebook says of lessons, students and submissions."""
    return Book(
        [Lesson(name, as_time(due), most) for name, due, most in select(folder, LESSONS)],
        [Student(*(value or "" for value in row)) for row in select(folder, STUDENTS)],
        {
            (lesson, student): Entry(as_time(time), score, penalty)
            for lesson, student, time, score, penalty in select(folder, SUBMITTED)
        },
    )


def _waiting(folder: ClassFolder, rows: Iterable[Row]) -> dict[Place, list[str]]:
    """The answers that wait for a reader, by lesson and student."""
    settled = {tuple(row) for row in select(folder, SETTLED)}
    found: dict[Place, list[str]] = {}
    for row in rows:
        place = row["lesson"], row["student"]
        if row["status"] == Status.MANUAL and (*place, row["cell"]) not in settled:
            found.setdefault(place, []).append(row["cell"])
    return found
