"""Takes a submission in: read and put together with its lesson in a process with limits.

Every door comes by here: `course grade`, nbgrader's own autograde and its formgrader.
"""

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from course.isolation import limited
from course.notebooks import released
from course.notebooks.assembling import assemble
from course.notebooks.cells import grade_id
from course.notebooks.files import UnreadableSubmission, notebooks_in
from course.notebooks.needed import learn, needed_cells
from course.notebooks.reading import choose
from course.paths import notebook_path

SECONDS = 10
MEMORY = 3 * 2**28
REASONS = {
    "time": "takes too long to be read",
    "memory": "takes too much memory to be read",
    "depth": "is nested too deeply to be read",
}


@dataclass(frozen=True)
class Taken:
    """A submission as it is to be graded.

    Attributes
    ----------
    notebook : NotebookNode
        As `assemble` makes it.
    notes : list of str
        On what was mended, and on other notebooks that lay there.
    needed : list of int, optional
        Its `needed_cells`; None where that could not be found out, so all are to be run.
    """

    notebook: NotebookNode
    notes: list[str]
    needed: list[int] | None


def take(folder: str | Path, lesson: str, source: str | Path) -> Taken:
    """A lesson's submission, put together.

    Parameters
    ----------
    folder : path-like
        The student's, of this lesson.
    lesson : str
    source : path-like
        The folder of the lessons' source notebooks.

    Raises
    ------
    UnreadableSubmission
        If there is nothing to be graded; its text is a sentence for the student.
    """
    found = notebooks_in(folder, f"{lesson}.ipynb")
    original = lesson_notebook(str(source), lesson)
    try:
        notebook, notes, needed = _within_limits(found, original, lesson, source, True)
    except limited.Broken:  # perhaps only the analysis
        try:
            notebook, notes, needed = _within_limits(found, original, lesson, source, False)
        except limited.Broken as broken:
            reason = REASONS.get(broken.why, "cannot be read")
            raise UnreadableSubmission(f"`{lesson}.ipynb` {reason}.") from broken
    return Taken(nbformat.from_dict(notebook), notes, needed)


def lesson_notebook(source: str, lesson: str) -> NotebookNode:
    """A lesson's source notebook, which is only read."""
    return _parsed(notebook_path(source, lesson).read_text(encoding="utf-8"))


@functools.lru_cache(maxsize=1)
def _parsed(text: str) -> NotebookNode:
    """Submissions come lesson by lesson, so one is kept."""
    notebook: NotebookNode = nbformat.reads(text, as_version=4)
    learn(assemble(notebook, notebook)[0])
    return notebook


def _within_limits(*arguments: Any) -> Any:
    def prepared() -> Any:
        return limited.call(
            _prepared,
            *arguments,
            seconds=SECONDS,
            memory=MEMORY,
            raises=(UnreadableSubmission, released.NotLoaded),
        )

    try:
        return prepared()
    except released.NotLoaded:
        released.load()
        return prepared()


def _prepared(
    found: dict[str, bytes | str],
    original: NotebookNode,
    lesson: str,
    source: str | Path,
    analyse: bool,
) -> tuple[NotebookNode, list[str], list[int] | None]:
    """What is done in a process of its own."""
    released.may_load = False
    student, notes = choose(found, original, lesson, functools.partial(_ids, Path(source)))
    notebook, mended = assemble(original, student)
    needed = None
    if analyse:
        try:
            needed = sorted(needed_cells(notebook))
        except Exception:  # whatever it is, all is run then
            needed = None
    return notebook, [*notes, *mended], needed


def _ids(source: Path) -> dict[str, set[str]]:
    """The ids of the cells of each lesson."""
    found = {}
    for path in sorted(source.glob("*/*.ipynb")):
        if path.stem == path.parent.name:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            found[path.stem] = {name for cell in cells if (name := grade_id(cell))}
    return found
