"""What a cell is: the one place that says which cells a lesson has and what each of them is for.

A cell says it in the metadata that nbgrader keeps there: an id, and whether it is locked, graded,
to be filled in. Everybody else asks here.
"""

import re
from typing import Any

from nbformat import NotebookNode

from course.paths import CourseError

SOLUTION = ("### BEGIN SOLUTION", "### END SOLUTION")
HIDDEN = ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")
AUTOTEST = re.compile(r"^\s*### (HASHED |BEGIN )?AUTOTEST", re.MULTILINE)
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def nbgrader(cell: dict[str, Any]) -> dict[str, Any]:
    """What nbgrader's metadata says of a cell, however damaged the cell; empty where nothing."""
    metadata = cell.get("metadata")
    said = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return said if isinstance(said, dict) else {}


def grade_id(cell: dict[str, Any]) -> str | None:
    """The cell's nbgrader id; None where it has none."""
    name = nbgrader(cell).get("grade_id")
    return name if isinstance(name, str) and name else None


def former_ids(cell: dict[str, Any]) -> tuple[str, ...]:
    """The ids that the cell had before, as ``was="old_id"`` in a lesson's text says."""
    metadata = cell.get("metadata")
    said = metadata.get("was") if isinstance(metadata, dict) else None
    names = said if isinstance(said, list) else [said]
    return tuple(name for name in names if isinstance(name, str) and name)


def renamed(notebook: NotebookNode) -> dict[str, str]:
    """The present id of each cell of a lesson, by the ids that it had before."""
    known = known_cells(notebook)
    return {
        old: name for name, cell in known.items() for old in former_ids(cell) if old not in known
    }


def text_of(cell: dict[str, Any]) -> str:
    """A cell's source as a string that can be written in UTF-8, however damaged the cell."""
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    return clean_text(source) if isinstance(source, str) else ""


def points_of(cell: NotebookNode) -> float:
    """What a cell is worth, in points."""
    return float(nbgrader(cell).get("points") or 0)


def is_solution(cell: NotebookNode) -> bool:
    """Whether the student fills the cell in."""
    return bool(nbgrader(cell).get("solution"))


def is_graded(cell: NotebookNode) -> bool:
    """Whether marks hang on the cell."""
    return bool(nbgrader(cell).get("grade") or nbgrader(cell).get("task"))


def is_task(cell: NotebookNode) -> bool:
    """Whether this is nbgrader's manually graded task, which describes what to do elsewhere."""
    return bool(nbgrader(cell).get("task"))


def is_autotest(cell: NotebookNode) -> bool:
    """Whether the cell is marked by running it."""
    return cell.cell_type == "code" and bool(nbgrader(cell).get("grade")) and not is_solution(cell)


def is_manual(cell: NotebookNode) -> bool:
    """Whether a person marks what the student writes there."""
    return is_graded(cell) and not is_autotest(cell)


def is_locked(cell: NotebookNode) -> bool:
    """Whether students may not change the cell."""
    said = nbgrader(cell)
    return not is_solution(cell) and bool(said.get("grade") or said.get("locked"))


def is_setup(cell: NotebookNode) -> bool:
    """Whether this is a cell that the checker runs as well as the student's process."""
    locked = bool(nbgrader(cell).get("locked")) and not cell.get("metadata", {}).get("later")
    return cell.cell_type == "code" and locked and not is_graded(cell)


def is_tagged(cell: NotebookNode) -> bool:
    """Whether the author has tagged the cell as setup."""
    return "setup" in (cell.get("metadata", {}).get("tags") or [])


def refuse_autotests(notebook: NotebookNode, lesson: str) -> None:
    """`CourseError` where a test is still nbgrader's recipe for one."""
    for cell in graded_cells(notebook):
        if AUTOTEST.search(cell.source):
            raise CourseError(
                f"Lesson '{lesson}': cell `{grade_id(cell)}` holds ### AUTOTEST, of which nbgrader "
                "makes tests when it generates the assignment. Put these tests in its place."
            )


def exercise_of(test_id: str) -> str:
    """The exercise that a test cell grades: `inertia` for `test_inertia__labels`."""
    return test_id.removeprefix("test_").split("__")[0] if test_id.startswith("test_") else ""


def known_cells(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """The notebook's cells that have an nbgrader id, by that id, in order."""
    return {name: cell for cell in notebook.cells if (name := grade_id(cell))}


def graded_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """The notebook's graded cells, in order."""
    return [cell for cell in known_cells(notebook).values() if is_graded(cell)]


def setup_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """The author's cells that the exercises stand on: locked, and worth nothing."""
    return [cell for cell in notebook.cells if is_setup(cell)]


def strip_region(source: str, markers: tuple[str, str], stub: str | None = None) -> str:
    """Take the marked regions out of a cell's source.

    Parameters
    ----------
    source : str
    markers : tuple of str
        The line that begins a region and the line that ends it.
    stub : str, optional
        Put in place of each region, with the region's indent.

    Returns
    -------
    str
    """
    kept, inside = [], False
    for line in source.split("\n"):
        if markers[0] in line:
            inside = True
            if stub is not None:
                kept.append(line[: len(line) - len(line.lstrip())] + stub)
        elif markers[1] in line:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def visible(cell: NotebookNode) -> str:
    """What a student sees of a cell of the source: no hidden test, of a solution only its frame."""
    if is_solution(cell) and cell.cell_type == "markdown":
        return ""
    return strip_region(strip_region(cell.source, SOLUTION), HIDDEN)


def plain_python(source: str) -> str:
    """A cell without the lines that are IPython's own, such as ``%matplotlib inline``."""
    return "\n".join(
        "" if line.startswith(("%", "!", "?")) or line.endswith("?") else line
        for line in source.split("\n")
    )


def clean_text(text: str) -> str:
    """`text` without the lone surrogates that no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
