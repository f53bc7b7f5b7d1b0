"""A class's folder: where everything of a class lies, and what was handed in."""

import contextlib
import functools
import os
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import nbformat
from nbformat import NotebookNode

from course import scratch
from course.notebooks.verdict import one_line
from course.paths import CourseError, notebook_path

Work = TypeVar("Work", bound=Callable[..., Any])


@dataclass(frozen=True)
class Submission:
    """A student's folder for one lesson."""

    student: str
    lesson: str
    folder: Path

    def __str__(self) -> str:
        return one_line(f"{self.student} {self.lesson}")


@dataclass(frozen=True)
class ClassFolder:
    """The folder of one class. Nobody else says where in it a thing lies.

    Parameters
    ----------
    root : path-like
    """

    root: Path

    def __init__(self, root: str | Path) -> None:
        object.__setattr__(self, "root", Path(root).absolute())

    def __str__(self) -> str:
        return str(self.root)

    @property
    def submitted(self) -> Path:
        """What students handed in: `submitted/STUDENT/LESSON/`."""
        return self.root / "submitted"

    @property
    def autograded(self) -> Path:
        """The graded notebooks, the same way."""
        return self.root / "autograded"

    @property
    def grades(self) -> Path:
        """The table of all marks."""
        return self.root / "grades.csv"

    @property
    def changes(self) -> Path:
        """The table of all marks that became others."""
        return self.root / "changes.csv"

    @property
    def history(self) -> Path:
        """What the gradebook no longer holds: see `course.gradebook.history`."""
        return self.root / "history.db"

    @property
    def withdrawn(self) -> Path:
        """A folder for each student who left, with what was graded."""
        return self.root / "withdrawn"

    @property
    def log(self) -> Path:
        """What nbgrader and the grading had to say."""
        return self.root / "grading.log"

    @property
    def feedback(self) -> Path:
        """The pages for students."""
        return self.root / "feedback"

    @property
    def report(self) -> Path:
        """The page for the teacher, and the table for marks by hand."""
        return self.root / "report"

    @property
    def export(self) -> Path:
        """The tables for other systems."""
        return self.root / "export"

    @property
    def lock(self) -> Path:
        """Held, and there, while a command is at work that writes into the folder."""
        return self.root / ".lock"

    @property
    def gradebook(self) -> Path:
        """nbgrader's database, where it is a file."""
        return self.root / "gradebook.db"

    @property
    def address(self) -> Path:
        """Holds the address of nbgrader's database, where it is on a server."""
        return self.root / "gradebook.url"

    @property
    def gradebook_url(self) -> str:
        """The address of nbgrader's database, wherever it is."""
        with contextlib.suppress(OSError):
            return self.address.read_text(encoding="utf-8").strip()
        return f"sqlite:///{self.gradebook}?timeout=60"

    @property
    def has_gradebook(self) -> bool:
        """Whether the class was graded."""
        return self.gradebook.is_file() or self.address.is_file()

    def submissions(self, lessons: Collection[str]) -> list[Submission]:
        """What was handed in for these lessons, sorted by student, then lesson.

        Students who were withdrawn are left out.

        Parameters
        ----------
        lessons : collection of str
        """
        found = []
        for student in folders_in(self.submitted):
            if self.is_withdrawn(student):
                continue
            for lesson in folders_in(self.submitted / student):
                if lesson in lessons:
                    found.append(Submission(student, lesson, self.submitted / student / lesson))
        return found

    def gone(self, found: Iterable[Submission]) -> list[Submission]:
        """What was graded once, and is not `found` among what was handed in: its graded copy."""
        known = {(each.student, each.lesson) for each in found}
        return [
            Submission(student, lesson, self.autograded / student / lesson)
            for student in folders_in(self.autograded)
            for lesson in folders_in(self.autograded / student)
            if (student, lesson) not in known and not self.is_withdrawn(student)
        ]

    def is_withdrawn(self, student: str) -> bool:
        """Whether the student was taken out of the class."""
        return (self.withdrawn / student).is_dir()

    def graded(self, student: str, lesson: str) -> NotebookNode | None:
        """A student's graded notebook; None where there is none that can be read."""
        try:
            text = notebook_path(self.autograded / student, lesson).read_text(encoding="utf-8")
            # Grading wrote it, so it is not validated again: that takes most of the time.
            notebook: NotebookNode = nbformat.v4.reads(text)
        except (OSError, ValueError, RecursionError, AttributeError, KeyError, TypeError):
            return None
        return notebook


def exclusive(work: Work) -> Work:
    """Of all such work on a class's folder there is one at a time; another one is told so.

    Parameters
    ----------
    work : callable
        Takes the `ClassFolder` first.

    Returns
    -------
    callable
        The same, but for a `CourseError` where another process is at work on the folder.
    """

    @functools.wraps(work)
    def alone(folder: ClassFolder, *args: Any, **kwargs: Any) -> Any:
        if not folder.root.is_dir():  # which is told in the words of each
            return work(folder, *args, **kwargs)
        with contextlib.ExitStack() as stack:
            try:
                held = stack.enter_context(scratch.held(folder.lock))
            except OSError as error:
                raise CourseError(f"{folder} cannot be written to: {error.strerror}.") from error
            if not held:
                raise CourseError(
                    f"Another command is at work on {folder}: nothing was done. Give this one "
                    "again when that has ended."
                )
            return work(folder, *args, **kwargs)

    return cast(Work, alone)


def lessons_in(source: str | Path) -> list[str]:
    """The ids of the lessons that have a source notebook, sorted."""
    return [name for name in folders_in(source) if notebook_path(source, name).is_file()]


def folders_in(path: str | Path) -> list[str]:
    """The names of the folders in `path`, without hidden ones, sorted."""
    try:
        with os.scandir(path) as entries:
            return sorted(e.name for e in entries if e.is_dir() and not e.name.startswith("."))
    except OSError:
        return []
