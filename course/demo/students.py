"""The students of the demo class, and what they hand in.

The submissions are made from the released lessons, as students make them: answers of the bank are
filled in, and some files are then broken in ways that happen.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course.demo import broken
from course.demo.answers import (
    ENDLESS,
    HOMEWORK,
    LEAVES,
    first_half,
    misconceptions,
    other_right_answers,
    reference,
    renamed,
)
from course.gradebook.class_folder import ClassFolder
from course.notebooks import exercises
from course.paths import RELEASE, notebook_path
from course.syllabus import lesson_ids


def lessons() -> list[str]:
    """The lessons that the class works on: the first two of the syllabus."""
    return lesson_ids()[:2]


@dataclass(frozen=True)
class Student:
    """One student of the demo class.

    Attributes
    ----------
    id : str
        Also the folder's name.
    about : str
        What is special about the work.
    answers : dict of str to dict of str to str
        For each lesson handed in, the source of each exercise that was solved.
    spoil : callable
        Takes a finished notebook and the path to hand it in at, and writes the file its own way.
    """

    id: str
    about: str
    answers: dict[str, dict[str, str]]
    spoil: Callable[[NotebookNode, Path], None] = broken.hand_in


def _each(make, *arguments):
    return {lesson: make(lesson, *arguments) for lesson in lessons()}


def the_class() -> list[Student]:
    """The students of the demo class.

    Returns
    -------
    list of Student
    """
    lesson = lessons()[-1]
    right = {lesson: reference(lesson)}
    first = next(iter(right[lesson]))

    def instead(source):
        return {lesson: right[lesson] | {first: source}}

    return [
        Student("ada", "the author's own answers", _each(reference)),
        Student("emmy", "right in other ways", _each(other_right_answers, 0)),
        Student("grace", "right in other ways again", _each(other_right_answers, 1)),
        Student("blaise", "handed in untouched", _each(lambda _: {})),
        Student("carl", "the first half of each lesson", _each(first_half)),
        Student("pierre", "typical misconceptions", _each(misconceptions, 0)),
        Student("sofia", "other misconceptions", _each(misconceptions, 1)),
        Student("thomas", "more misconceptions", _each(misconceptions, 3)),
        Student("robin", "a half-finished homework", {lesson: HOMEWORK}),
        Student("piet", "the same homework under other names", {lesson: renamed(HOMEWORK)}),
        Student("chris-broken-file", "the file ends in the middle", right, broken.half_a_download),
        Student("dana-empty-file", "the file is empty", right, broken.empty_file),
        Student("eli-wrong-name", "right, the file has another name", right, broken.wrong_name),
        Student("fay-old-format", "right, in notebook format 3", right, broken.old_format),
        Student(
            "gus-pasted-twice", "right, a test cell is there twice", right, broken.pasted_twice
        ),
        Student("hal-deleted-test", "right, a test cell was deleted", right, broken.deleted),
        Student("ivy-retyped-test", "right, a test became text", right, broken.retyped),
        Student(
            "jo-skips-tests",
            "untouched, its tests tagged to be skipped",
            {lesson: {}},
            broken.skipped,
        ),
        Student(
            "kim-schema-99", "right, metadata of schema version 99", right, broken.from_the_future
        ),
        Student("lou-endless-cell", "a cell that never ends", instead(ENDLESS)),
        Student("max-leaves", "a cell that ends the process", instead(LEAVES)),
    ]


def submit(folder: ClassFolder, release: Path = RELEASE) -> None:
    """Write the class's submissions.

    Parameters
    ----------
    folder : ClassFolder
        Gets the folder `submitted/`; an old one is replaced.
    release : Path
        The folder of the released lessons.
    """
    shutil.rmtree(folder.submitted, ignore_errors=True)
    for student in the_class():
        for lesson, answers in student.answers.items():
            notebook = nbformat.read(notebook_path(release, lesson), as_version=4)
            exercises.fill_in(notebook, answers)
            path = notebook_path(folder.submitted / student.id, lesson)
            path.parent.mkdir(parents=True)
            student.spoil(notebook, path)
