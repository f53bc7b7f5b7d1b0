"""What grading left in a class's folder, for those that read it: report, marks by hand, export."""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course.gradebook.class_folder import ClassFolder
from course.gradebook.table import Row
from course.notebooks.exercises import texts
from course.paths import SOURCE, notebook_path


@dataclass(frozen=True)
class Handed:
    """What a student handed in for one lesson, as it was graded.

    Attributes
    ----------
    cells : mapping of str to str
        The text of the cells by their nbgrader ids.
    mended : tuple of str
        What was put right before grading.
    refused : bool
        Whether the file could not be read; `cells` is then the released lesson.
    """

    cells: Mapping[str, str]
    mended: tuple[str, ...] = ()
    refused: bool = False


def handed_in(folder: ClassFolder, rows: Iterable[Row]) -> dict[tuple[str, str], Handed]:
    """All graded submissions of a class, by student and lesson.

    Parameters
    ----------
    folder : ClassFolder
    rows : iterable of Row
        As in `grades.csv`.
    """
    found = {}
    for student, lesson in dict.fromkeys((row["student"], row["lesson"]) for row in rows):
        notebook = folder.graded(student, lesson)
        if notebook is not None:
            # A file that is a notebook by its form only is passed over like none.
            with contextlib.suppress(AttributeError, KeyError, TypeError):
                found[student, lesson] = Handed(
                    cells=texts(notebook),
                    mended=tuple(map(str, notebook.metadata.get("mended", ()))),
                    refused=bool(notebook.metadata.get("refused")),
                )
    return found


def source_notebook(lesson: str, source: str | Path = SOURCE) -> NotebookNode | None:
    """A lesson's instructor notebook; None where it is gone since the class was graded."""
    path = notebook_path(source, lesson)
    return nbformat.read(path, as_version=4) if path.is_file() else None
