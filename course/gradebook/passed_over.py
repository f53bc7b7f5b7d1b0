"""What lies below `submitted/` and is no submission, with what to do about it.

Downloads of learning platforms are unpacked there as they come: with folders named otherwise, a
folder in a folder, a zip in a zip. What nobody reads is named.
"""

import os
import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from itertools import chain, islice
from pathlib import Path

from course.gradebook.class_folder import ClassFolder, folders_in
from course.notebooks.files import MAX_ENTRIES, is_notebook
from course.notebooks.verdict import one_line

MOST_TOLD = 50
DEEP = 3
PACKED = (".zip", ".tar", ".gz", ".tgz", ".7z", ".rar", ".xz", ".bz2")
# How Moodle names the folders of a download: the student, a number, the kind.
MOODLE = re.compile(r"(?P<student>.+?)_\d+_assignsubmission_\w+")


def passed_over(folder: ClassFolder, lessons: Collection[str]) -> list[str]:
    """A sentence on each thing below `submitted/` that is not looked at.

    Parameters
    ----------
    folder : ClassFolder
    lessons : collection of str
        Those that there are.
    """
    base = folder.submitted
    there = [student for student in folders_in(base) if not folder.is_withdrawn(student)]
    students = (_of_student(base, student, lessons) for student in there)
    told = chain(_files(base, Path(), "STUDENT"), *students)
    sentences = [one_line(sentence) for sentence in islice(told, MOST_TOLD + 1)]
    if len(sentences) > MOST_TOLD:
        sentences[-1] = (
            f"More than {MOST_TOLD} things in {base} were left out; these are the first."
        )
    return sentences


def _of_student(base: Path, student: str, lessons: Collection[str]) -> Iterator[str]:
    moodle = MOODLE.fullmatch(student)
    name = moodle["student"] if moodle else student
    where, folders = Path(student), folders_in(base / student)
    yield from _files(base, where, name)
    for lesson in folders:
        yield from _of_folder(base, where / lesson, name, lessons)
    if not folders and not any(True for _ in _names(base / where)):
        yield f"Left out submitted/{where}: it is empty."


def _of_folder(base: Path, where: Path, student: str, lessons: Collection[str]) -> Iterator[str]:
    """On a folder in a student's folder."""
    known = where.name in lessons
    if known and any(is_notebook(name) for name in _names(base / where)):
        return
    below = next(_notebooks(base, where), None)
    if below is not None:
        yield f"Left out submitted/{below}: {_move(below, student, lessons)}"
    elif known:
        yield from _files(base, where, student)
    else:
        near = get_close_matches(where.name, lessons, 1)
        hint = f" Is it {near[0]}? Then rename the folder." if near else ""
        yield f"Left out submitted/{where}: there is no such lesson.{hint}"


def _files(base: Path, where: Path, student: str) -> Iterator[str]:
    """On notebooks that lie outside of a lesson's folder, and on what is still packed."""
    for name in _names(base / where):
        path = where / name
        if name.casefold().endswith(PACKED):
            yield f"Left out submitted/{path}: it is packed. Unpack it there."
        elif is_notebook(name) and len(where.parts) < 2:
            yield f"Left out submitted/{path}: {_move(path, student, ())}"


def _move(path: Path, student: str, lessons: Collection[str]) -> str:
    lesson = next((part for part in reversed(path.parts) if part in lessons), path.stem)
    return f"it lies in the wrong folder. Move it to submitted/{student}/{lesson}/."


def _notebooks(base: Path, where: Path, deep: int = DEEP) -> Iterator[Path]:
    """The notebooks in a folder and in those below, none of which may be a link."""
    yield from (where / name for name in _names(base / where) if is_notebook(name))
    for inner in folders_in(base / where) if deep else ():
        if not (base / where / inner).is_symlink():
            yield from _notebooks(base, where / inner, deep - 1)


def _names(path: Path) -> list[str]:
    """The names of the files in a folder, without hidden ones, sorted."""
    try:
        with os.scandir(path) as entries:
            some = islice(entries, MAX_ENTRIES)
            return sorted(e.name for e in some if not e.is_dir() and not e.name.startswith("."))
    except OSError:
        return []
