"""Puts a submission together with its source, as a notebook that can be trusted.

Whatever a student's notebook claims about points, ids, types and tests is dropped: the lesson's
source notebook says it. What is kept is the text that the student may write.
"""

import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any

import nbformat
from nbformat import NotebookNode

from course.notebooks.answers import counting, defined, imported, strays
from course.notebooks.cells import (
    KERNELSPEC,
    clean_text,
    grade_id,
    is_autotest,
    is_graded,
    is_locked,
    is_setup,
    is_solution,
    is_tagged,
    known_cells,
    nbgrader,
    renamed,
    text_of,
)
from course.notebooks.released import without_solutions

MOST_NAMES = 50
CELL_TYPES = ("code", "markdown", "raw")
# Of a cell of code and of any other, which may hold pictures: characters, and lines. Of a notebook.
LONGEST = {"code": 200_000}
LONGEST_TEXT = 2_000_000
MOST_LINES = 5_000
LONGEST_NOTEBOOK = 10_000_000
MAX_NOTES = 30
IMAGE_TYPES = ("image/png", "image/jpeg", "image/gif")


@dataclass(frozen=True)
class _Given:
    """What counts of a student's cell; `text` is None where the cell was put back."""

    id: str | None
    type: Any
    text: str | None = None
    images: dict[str, Any] = field(default_factory=dict)


def assemble(source: NotebookNode, student: NotebookNode) -> tuple[NotebookNode, list[str]]:
    """The notebook to grade: the student's text in the source's frame.

    Parameters
    ----------
    source : NotebookNode
        The lesson's source notebook. It alone says which cells there are, what they are worth, and
        what is in those that are locked.
    student : NotebookNode
        The submission, however damaged.

    Returns
    -------
    notebook : NotebookNode
        A new notebook without outputs.
    notes : list of str
        A sentence on each thing that had to be mended.
    """
    known = known_cells(source)
    texts = {_words(cell) for cell in source.cells if cell.cell_type == "markdown"}
    stubs = known_cells(without_solutions(source)) if _in_doubt(student, known, texts) else {}
    cells, notes = _student_cells(student, known, renamed(source), stubs)
    cells = _in_source_order(cells, known, notes)
    cells = _with_missing(cells, known, notes)
    cells = _setup_first(cells, source)
    for place, text in list(strays(cells, known, stubs, texts)):
        notes.append(
            f"the answer cell `{cells[place].id}` was empty or gone; a reader gets what was "
            "written beside it"
        )
        cells[place] = replace(cells[place], text=text)
    notebook = _rebuilt(cells, known, stubs, _demonstrations(source))
    if not any(map(is_tagged, source.cells)):
        _without_tags(notebook, source)
    notebook.metadata.put_back = _put_back(student, known)
    _limit(notebook, notes)
    return notebook, notes[:MAX_NOTES]


def _without_tags(notebook: NotebookNode, source: NotebookNode) -> None:
    """Finds the setup of a lesson that tags none: locked cells before the first answer, imports."""
    before = takewhile(lambda cell: not is_solution(cell), source.cells)
    setup = {grade_id(cell) for cell in before}
    for cell in notebook.cells:
        if is_setup(cell) and grade_id(cell) not in setup:
            cell.metadata.later = True
    notebook.metadata.imports = [
        line
        for cell in source.cells
        if cell.cell_type == "code" and not grade_id(cell)
        for line in cell.source.split("\n")
        if line.startswith(("import ", "from "))
    ]


def _words(cell: dict[str, Any]) -> str:
    return text_of(cell).strip()


def _in_doubt(student: NotebookNode, known: dict[str, NotebookNode], texts: set[str]) -> bool:
    """Whether cells are missing or there twice, or there is text beside the lesson's."""
    cells = [cell for cell in student["cells"] if isinstance(cell, dict)]
    names = sorted(name for cell in cells if (name := grade_id(cell)) in known)
    own = (cell for cell in cells if not grade_id(cell) and cell.get("cell_type") == "markdown")
    return names != sorted(known) or any(words and words not in texts for words in map(_words, own))


def _put_back(student: NotebookNode, known: dict[str, NotebookNode]) -> dict[str, list[str]]:
    """What the student had defined or imported in a locked cell and the lesson does not."""
    found = {}
    for cell in student["cells"]:
        name = grade_id(cell) if isinstance(cell, dict) else None
        if name in known and is_locked(known[name]) and known[name].cell_type == "code":
            text, ours = _words(cell), known[name].source
            names = {*defined(text), *imported(text)} - {*defined(ours), *imported(ours)}
            if names:
                found[name] = sorted(names)[:MOST_NAMES]
    return found


def _student_cells(
    student: NotebookNode,
    known: dict[str, NotebookNode],
    renames: dict[str, str],
    stubs: dict[str, NotebookNode],
) -> tuple[list[_Given], list[str]]:
    """The student's cells, and notes on them. A cell's former id counts as its present one."""
    cells: list[_Given] = []
    notes: list[str] = []
    for cell in student["cells"]:
        if not isinstance(cell, dict):
            notes.append("something that is not a cell was dropped")
            continue
        text, images = text_of(cell), _images(cell.get("attachments"))
        name = grade_id(cell)
        name = renames.get(name, name) if name else None
        cells.append(_Given(name, cell.get("cell_type"), text, images))
    counts = counting(cells, known, stubs)
    kept = []
    for place, cell in enumerate(cells):
        name = cell.id
        if name is None:
            kept.append(cell)
        elif name not in known:
            notes.append(
                f"a cell called `{_short(name)}` is none of the lesson's; it earns nothing"
            )
            kept.append(replace(cell, id=None))
        elif place == counts[name]:
            kept.append(replace(cell, type=known[name].cell_type))
            if cell.type != known[name].cell_type:
                notes.append(
                    f"cell `{name}` had been made a {_short(cell.type)} cell; "
                    f"it is a {known[name].cell_type} cell again"
                )
        elif is_locked(known[name]):
            notes.append(f"a second copy of the locked cell `{name}` was dropped")
        else:
            notes.append(f"cell `{name}` was there more than once; the last answered one counts")
            kept.append(replace(cell, id=None))
    return kept, notes


def _in_source_order(
    cells: list[_Given], known: dict[str, NotebookNode], notes: list[str]
) -> list[_Given]:
    """The known cells in the source's order, in the places that they take up together."""
    places = [place for place, cell in enumerate(cells) if cell.id]
    names = list(known)
    ranked = sorted((cells[place] for place in places), key=lambda cell: names.index(cell.id or ""))
    if ranked != [cells[place] for place in places]:
        notes.append("the lesson's cells had been reordered; they are in the lesson's order again")
    ordered = list(cells)
    for place, cell in zip(places, ranked, strict=True):
        ordered[place] = cell
    return ordered


def _with_missing(
    cells: list[_Given], known: dict[str, NotebookNode], notes: list[str]
) -> list[_Given]:
    """The cells with those put back that the student had deleted.

    A test goes right before the next of the lesson's cells, a stub right after the one before: what
    the student wrote in between, in cells of their own, then comes after the stub and before the
    test. So even a notebook that lost all of its metadata in another editor is graded.
    """
    present = {cell.id for cell in cells}
    missing = [name for name in known if name not in present]
    names = list(known)
    cells = list(cells)

    def place_of(candidates: Iterable[str], default: int, offset: int) -> int:
        places = {cell.id: place for place, cell in enumerate(cells)}
        return next((places[name] + offset for name in candidates if name in places), default)

    late = [name for name in missing if is_autotest(known[name])]
    for name in missing:
        if name in late:
            continue
        before = [other for other in reversed(names[: names.index(name)]) if other not in late]
        cells.insert(place_of(before, 0, 1), _Given(name, known[name].cell_type))
    for name in late:
        after = [other for other in names[names.index(name) + 1 :] if other in present]
        cells.insert(place_of(after, len(cells), 0), _Given(name, known[name].cell_type))
    notes.extend(
        f"{_kind(known[name])} cell `{name}` had been deleted; it was put back" for name in missing
    )
    return cells


def _kind(cell: NotebookNode) -> str:
    if is_solution(cell):
        return "answer" if is_graded(cell) else "solution"
    return "test" if is_autotest(cell) else "locked"


def _setup_first(cells: list[_Given], source: NotebookNode) -> list[_Given]:
    """The cells with the source's setup before any other code."""
    code = (cell for cell in source.cells if cell.cell_type == "code")
    setup = [
        grade_id(cell)
        for cell in takewhile(lambda cell: is_locked(cell) and not is_graded(cell), code)
    ]
    first = [cell for cell in cells if cell.id in setup]
    rest = [cell for cell in cells if cell.id not in setup]
    place = next((place for place, cell in enumerate(rest) if cell.type == "code"), len(rest))
    return rest[:place] + first + rest[place:] if setup else rest


def _demonstrations(source: NotebookNode) -> set[str]:
    """The texts of the lesson's cells that are neither locked nor to be filled in."""
    return {cell.source for cell in source.cells if cell.cell_type == "code" and not grade_id(cell)}


def _rebuilt(
    cells: list[_Given],
    known: dict[str, NotebookNode],
    stubs: dict[str, NotebookNode],
    demonstrations: set[str],
) -> NotebookNode:
    """A valid notebook of the cells, with the source's metadata and locked text.

    Code that is the lesson's own, word for word, is marked as a `demonstration`.
    """
    rebuilt = []
    for place, cell in enumerate(cells):
        node = NotebookNode(id=f"cell-{place}", metadata=NotebookNode())
        name = cell.id
        if name:
            node.cell_type = cell.type
            node.metadata.nbgrader = _nbgrader_metadata(known[name])
            locked = is_locked(known[name])
            node.source = known[name].source if locked else cell.text
            if cell.text is None and not locked:
                node.source = stubs[name].source
        else:
            node.cell_type = cell.type if cell.type in CELL_TYPES else "raw"
            node.source = cell.text
            if node.cell_type == "code" and node.source in demonstrations:
                node.metadata.demonstration = True
        if node.cell_type == "code":
            node.update(outputs=[], execution_count=None)
        elif cell.images:
            node.attachments = cell.images
        rebuilt.append(node)
    notebook: NotebookNode = nbformat.from_dict(
        {
            "cells": rebuilt,
            "metadata": {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )
    return notebook


def _limit(notebook: NotebookNode, notes: list[str]) -> None:
    """Puts a sentence in the place of each cell that is too long for what reads it later."""
    left = LONGEST_NOTEBOOK
    for number, cell in enumerate(notebook.cells, 1):
        longest, lines = LONGEST.get(cell.cell_type, LONGEST_TEXT), cell.source.count("\n") + 1
        if len(cell.source) > longest:
            reason = f"it has more than {longest:,} characters"
        elif lines > MOST_LINES:
            reason = f"it has more than {MOST_LINES:,} lines"
        elif len(cell.source) > left:
            reason = f"the notebook has more than {LONGEST_NOTEBOOK:,} characters"
        else:
            left -= len(cell.source)
            continue
        sentence = f"This cell was left out: {reason}."
        cell.source = f'raise ValueError("{sentence}")' if cell.cell_type == "code" else sentence
        name = f"`{grade_id(cell)}`" if grade_id(cell) else f"number {number}"
        notes.append(f"cell {name} was left out: {reason}")


def _nbgrader_metadata(cell: NotebookNode) -> dict[str, Any]:
    metadata = copy.deepcopy(nbgrader(cell))
    metadata.pop("checksum", None)
    return metadata | {"cell_type": cell.cell_type}


def _images(attachments: Any) -> dict[str, Any]:
    """The pictures pasted into a text cell."""
    if not isinstance(attachments, dict):
        return {}
    return {
        clean_text(name): {mime: data}
        for name, bundle in attachments.items()
        if isinstance(bundle, dict)
        for mime, data in bundle.items()
        if mime in IMAGE_TYPES
        and isinstance(data, str)
        and re.fullmatch(r"[A-Za-z0-9+/=\s]+", data)
    }


def _short(value: Any) -> str:
    return clean_text(str(value))[:60]
