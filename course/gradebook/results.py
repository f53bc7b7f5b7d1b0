"""What grading left in a class's folder, for those that read it: report, marks by hand, export."""

import csv
from dataclasses import dataclass
from pathlib import Path

import nbformat

from course.notebooks.exercises import texts
from course.paths import SOURCE, CourseError, notebook_path

COLUMNS = ("student", "lesson", "cell", "points", "max_points", "status", "message")


class BadUsage(CourseError):
    """The command cannot mean anything; its exit status is 2."""

    status = 2


def grades(root):
    """The rows of a class's `grades.csv`, as dictionaries of strings.

    Raises
    ------
    BadUsage
        If the class was not graded.
    CourseError
        If the table is not one that `grade` writes.
    """
    path = Path(root) / "grades.csv"
    if not Path(root).is_dir():
        raise BadUsage(f"There is no folder {root}.")
    if not path.is_file():
        raise BadUsage(f"{root} has no grades.csv: run `python -m course grade --root {root}`.")
    return read_table(path, COLUMNS)


def read_table(path, columns):
    """The rows of a CSV file that must have these columns.

    Raises
    ------
    CourseError
        If it cannot be read, or lacks a column.
    """
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            text = file.read()
        reader = csv.DictReader(text.splitlines(keepends=True), delimiter=_delimiter(text))
        rows = list(reader)
    except FileNotFoundError:
        raise BadUsage(f"There is no file {path}.") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CourseError(f"{path} cannot be read as a table: {error}.") from None
    missing = [name for name in columns if name not in (reader.fieldnames or ())]
    if missing:
        raise CourseError(f"{path} has no column {', '.join(missing)}.")
    return [{key: value or "" for key, value in row.items() if key is not None} for row in rows]


def _delimiter(text):
    """A spreadsheet saves a table with semicolons where the comma is the decimal sign."""
    first = text.partition("\n")[0]
    return ";" if first.count(";") > first.count(",") else ","


def autograded(root, student, lesson):
    """A student's graded notebook; None where there is none that can be read."""
    try:
        path = notebook_path(Path(root) / "autograded" / student, lesson)
        # Grading wrote it, so it is not validated again: that takes most of the time.
        return nbformat.v4.reads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, AttributeError, KeyError, TypeError):
        return None


@dataclass(frozen=True)
class Handed:
    """What a student handed in for one lesson, as it was graded.

    Attributes
    ----------
    cells : dict of str to str
        The text of the cells by their nbgrader ids.
    mended : tuple of str
        What was put right before grading.
    refused : bool
        Whether the file could not be read; `cells` is then the released lesson.
    """

    cells: dict
    mended: tuple = ()
    refused: bool = False


def handed_in(root, rows):
    """All graded submissions of a class, by student and lesson.

    Parameters
    ----------
    root : path-like
    rows : list of dict
        As in `grades.csv`.

    Returns
    -------
    dict of (str, str) to Handed
    """
    found = {}
    for student, lesson in dict.fromkeys((row["student"], row["lesson"]) for row in rows):
        notebook = autograded(root, student, lesson)
        if notebook is not None:
            found[student, lesson] = Handed(
                cells=texts(notebook),
                mended=tuple(map(str, notebook.metadata.get("mended", ()))),
                refused=bool(notebook.metadata.get("refused")),
            )
    return found


def source_notebook(lesson, source=SOURCE):
    """A lesson's instructor notebook; None where it is gone since the class was graded."""
    path = notebook_path(source, lesson)
    return nbformat.read(path, as_version=4) if path.is_file() else None
