"""A student who leaves the class, and who comes back.

What was graded is put away in `withdrawn/STUDENT/`, which is also what says that the student has
left; marks and comments go into the history. What the student handed in stays where it is.
"""

import contextlib
import json
import os
import shutil

from nbgrader.api import MissingEntry

from course.gradebook.class_folder import ClassFolder, Submission, exclusive, folders_in
from course.gradebook.database import (
    check_gradebook,
    open_gradebook,
    recorded_comments,
    recorded_marks,
)
from course.gradebook.deciding import Before, taken_out
from course.gradebook.history import History, write_changes
from course.gradebook.table import read_rows, write_grades
from course.notebooks.exercises import judged
from course.paths import BadUsage

WITHDRAWN = "withdrawn"
DETAILS = ("first_name", "last_name", "email", "lms_user_id")


@exclusive
def withdraw(folder: ClassFolder, student: str) -> None:
    """Takes a student out of gradebook, tables and feedback. The history keeps the marks.

    Parameters
    ----------
    folder : ClassFolder
    student : str

    Raises
    ------
    BadUsage
        If there is no such student.
    """
    known = {*folders_in(folder.submitted), *folders_in(folder.autograded)}
    there = check_gradebook(folder, make=False)
    marks = recorded_marks(folder) if there else {}
    if student not in known | {its for _, its in marks} and not folder.is_withdrawn(student):
        raise BadUsage(f"There is no student '{student}' in {folder}.")
    put_away = folder.withdrawn / student
    details = put_away / "student.json"
    if there:
        _remember(folder, student)
    put_away.mkdir(parents=True, exist_ok=True)
    if (folder.autograded / student).is_dir():
        shutil.rmtree(put_away / "autograded", ignore_errors=True)
        os.replace(folder.autograded / student, put_away / "autograded")
    if there:
        with open_gradebook(folder) as gradebook, contextlib.suppress(MissingEntry):
            entry = gradebook.find_student(student)
            known_as = {name: getattr(entry, name) for name in DETAILS}
            if not details.exists():
                details.write_text(json.dumps(known_as), encoding="utf-8")
            gradebook.remove_student(student)
    shutil.rmtree(folder.feedback / student, ignore_errors=True)
    if folder.grades.is_file():
        write_grades(folder, (row for row in read_rows(folder) if row["student"] != student))
    write_changes(folder)


@exclusive
def take_back(folder: ClassFolder, student: str) -> None:
    """Takes a withdrawn student back; the next run of `grade` brings the marks.

    Raises
    ------
    BadUsage
        If the student was not withdrawn.
    """
    if not folder.is_withdrawn(student):
        raise BadUsage(f"The student '{student}' was not withdrawn from {folder}.")
    put_away = folder.withdrawn / student
    if (put_away / "student.json").is_file() and check_gradebook(folder):
        details = json.loads((put_away / "student.json").read_text(encoding="utf-8"))
        with open_gradebook(folder) as gradebook:
            gradebook.update_or_create_student(student, **details)
    if (put_away / "autograded").is_dir() and not (folder.autograded / student).exists():
        folder.autograded.mkdir(exist_ok=True)
        os.replace(put_away / "autograded", folder.autograded / student)
    shutil.rmtree(put_away)


def _remember(folder: ClassFolder, student: str) -> None:
    """Puts into the history what a person gave the student, and all marks."""
    history, comments = History(folder), recorded_comments(folder)
    for (lesson, its), scores in recorded_marks(folder).items():
        if its != student:
            continue
        notebook = folder.graded(student, lesson)
        old = Before(
            scores,
            comments.get((lesson, student), {}),
            judged(notebook) if notebook is not None else {},
            history.given(student, lesson),
        )
        if notebook is not None:
            history.keep([(student, lesson, old.unknown(gone=True))])
        submission = Submission(student, lesson, folder.submitted / student / lesson)
        history.note(taken_out(submission, old, scores, WITHDRAWN))
