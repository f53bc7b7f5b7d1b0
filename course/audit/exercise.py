"""What the audit knows of an exercise before it tries anything."""

import ast
from dataclasses import dataclass
from pathlib import Path

import nbformat

from course.audit.garbage import garbage
from course.audit.mutants import Mutant, mutants
from course.notebooks import exercises
from course.notebooks.cells import exercise_of, grade_id, is_autotest, points_of
from course.oracle import bank
from course.oracle.bank import Answer, Equivalent
from course.paths import CourseError, lesson_file, notebook_path


@dataclass(frozen=True)
class Folders:
    """Where a lesson lies: the instructor's and the released notebooks, and the lessons' own
    folders, with banks and inputs."""

    source: Path
    release: Path
    lessons: Path


@dataclass(frozen=True)
class Exercise:
    """An exercise with all that is to be tried on its tests.

    Attributes
    ----------
    lesson, name : str
    solution : Answer
        The author's.
    stub : Answer or None
        What students find there.
    bank : tuple of Answer
    garbage : tuple of Answer
        Worth nothing.
    mutants : tuple of Mutant
    marked : tuple of Equivalent
        Which mutants make no difference, says the bank.
    tests : tuple of str
        The test cells.
    worth : float
        In points.
    """

    lesson: str
    name: str
    solution: Answer
    stub: Answer | None
    bank: tuple[Answer, ...]
    garbage: tuple[Answer, ...]
    mutants: tuple[Mutant, ...]
    marked: tuple[Equivalent, ...]
    tests: tuple[str, ...]
    worth: float

    @property
    def is_function(self) -> bool:
        """Whether it asks for a function; else it is a quiz."""
        return defines(self.solution)

    def right(self) -> list[Answer]:
        """The right answers, the author's first."""
        return [self.solution, *(each for each in self.bank if each.kind == "right")]

    def wrong(self) -> list[Answer]:
        """The misconceptions."""
        return [each for each in self.bank if each.kind == "wrong"]

    def by_hand(self) -> list[Answer]:
        """All answers that somebody wrote."""
        return [self.solution, *([self.stub] if self.stub else []), *self.bank]

    def mark_of(self, mutant: Mutant) -> Equivalent | None:
        """The bank's word that a mutant makes no difference."""
        return next((m for m in self.marked if m.covers(self.name, mutant.line)), None)


def exercises_of(lesson: str, folders: Folders, with_mutants: bool = True) -> list[Exercise]:
    """The exercises of a lesson, in its order.

    Raises
    ------
    CourseError
        If the lesson has no notebook or no bank, or the bank an answer to no exercise.
    """
    answers = lesson_file(lesson, "answers.py", folders.lessons)
    for path in (notebook_path(folders.source, lesson), answers):
        if not path.exists():
            raise CourseError(f"{lesson} has no {path}.")
    tests = cells_by_exercise(lesson, folders.source)
    texts = _solutions(folders.source, lesson)
    stubs = _solutions(folders.release, lesson)
    found, marked = bank.load(lesson, folders.lessons), bank.equivalents(lesson, folders.lessons)
    for name in {each.exercise for each in found} - (texts.keys() & tests.keys()):
        raise CourseError(f"{lesson}/answers.py: there is no exercise `{name}` in the lesson.")

    def exercise(name, text):
        solution = Answer(name, "right", "the author's", text)
        return Exercise(
            lesson=lesson,
            name=name,
            solution=solution,
            stub=Answer(name, "stub", "", stubs[name]) if name in stubs else None,
            bank=tuple(each for each in found if each.exercise == name),
            garbage=tuple(garbage(solution, defines(solution))),
            mutants=tuple(mutants(name, text)) if with_mutants and defines(solution) else (),
            marked=tuple(each for each in marked if each.exercise == name) if with_mutants else (),
            tests=tuple(cell.source for cell in tests[name]),
            worth=sum(points_of(cell) for cell in tests[name]),
        )

    return [exercise(name, text) for name, text in texts.items() if name in tests]


def cells_by_exercise(lesson: str, source: Path) -> dict[str, list]:
    """The test cells of each exercise of a lesson, by the exercise's name."""
    frame = nbformat.read(notebook_path(source, lesson), as_version=4)
    tests: dict[str, list] = {}
    for cell in frame.cells:
        if is_autotest(cell):
            tests.setdefault(exercise_of(grade_id(cell) or ""), []).append(cell)
    return tests


def _solutions(folder, lesson):
    return exercises.reference(nbformat.read(notebook_path(folder, lesson), as_version=4))


def defines(answer: Answer) -> bool:
    """Whether an answer defines a function of the exercise's name; else it is that of a quiz."""
    body = ast.parse(answer.source).body
    return any(isinstance(node, ast.FunctionDef) and node.name == answer.exercise for node in body)
