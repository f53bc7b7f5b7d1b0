"""Which of a student's cells holds an answer, where copies, splits or lost metadata leave doubt."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from nbformat import NotebookNode

from course.notebooks.cells import (
    exercise_of,
    grade_id,
    is_locked,
    is_manual,
    is_setup,
    is_solution,
    known_cells,
)

MISSING = re.compile(r"name '(\w+)' is not defined")
# What an error is called where a name no longer means what it did.
ESTRANGED = ("AttributeError", "NameError", "TypeError")


class Given(Protocol):
    """What is asked of a student's cell; its text is None where the cell was put back."""

    @property
    def id(self) -> str | None: ...
    @property
    def type(self) -> Any: ...
    @property
    def text(self) -> str | None: ...


def is_answered(text: str | None, stub: str) -> bool:
    """Whether a cell holds more than it was handed out with."""
    return bool(text and text.strip() and text.strip() != stub.strip())


def counting(
    cells: Sequence[Given], known: Mapping[str, NotebookNode], stubs: Mapping[str, NotebookNode]
) -> dict[str | None, int]:
    """For each id the place of the cell that counts: of several the last that is answered.

    Parameters
    ----------
    cells : sequence of Given
    known, stubs : mapping of str to NotebookNode
        The lesson's cells, and the same as they were handed out; not all of these are needed.
    """
    places: dict[str | None, int] = {}
    for place, cell in enumerate(cells):
        name, before = cell.id or "", places.get(cell.id)
        if before is not None and name in stubs and not is_locked(known[name]):
            stub = stubs[name].source
            if is_answered(cells[before].text, stub) and not is_answered(cell.text, stub):
                continue
        places[cell.id] = place
    return places


def strays(
    cells: Sequence[Given],
    known: Mapping[str, NotebookNode],
    stubs: Mapping[str, NotebookNode],
    own: Iterable[str],
) -> Iterator[tuple[int, str]]:
    """The written answers that seem not to be there, and what may be meant for them.

    That is the text which the student wrote beside the cell, or, where the cell was gone, anywhere:
    whether it is the answer, a reader decides.

    Parameters
    ----------
    cells : sequence of Given
        In the lesson's order.
    known, stubs : mapping of str to NotebookNode
        See `counting`.
    own : iterable of str
        The texts of the lesson's own cells.

    Yields
    ------
    tuple of (int, str)
        The place of the cell, and the text.
    """
    lessons = {text.strip() for text in own}
    written = {
        place: cell.text.strip()
        for place, cell in enumerate(cells)
        if cell.id is None and cell.type == "markdown" and cell.text
    }
    written = {place: text for place, text in written.items() if text and text not in lessons}
    ids = [place for place, cell in enumerate(cells) if cell.id is not None]
    for place, name in ((place, cells[place].id or "") for place in ids):
        cell = known[name]
        if not is_manual(cell) or cell.cell_type != "markdown" or name not in stubs:
            continue
        if is_answered(cells[place].text, stubs[name].source):
            continue
        start = max((other for other in ids if other < place), default=-1)
        end = min((other for other in ids if other > place), default=len(cells))
        near = [text for other, text in written.items() if start < other < end]
        if cells[place].text is None:
            near = near or list(written.values())
        if near:
            yield place, "\n\n".join(near)


DEFINED = re.compile(r"^(?:async +)?(?:def|class) +(\w+)|^(\w+) *(?::[^=\n]*)?=(?!=)", re.MULTILINE)
DELETED = re.compile(r"^del +(\w+)|^(\w+) *=(?!=)", re.MULTILINE)
IMPORTED = re.compile(r"^(?:from +[\w.]+ +)?import +(.+)$", re.MULTILINE)


def defined(text: str) -> list[str]:
    """The names that a cell defines at its outermost level."""
    return [one or other for one, other in DEFINED.findall(text)]


def imported(text: str) -> set[str]:
    """The names that a cell imports."""
    found = set()
    for names in IMPORTED.findall(text):
        for name in names.partition("#")[0].strip("() ").split(","):
            found.add(name.rpartition(" as ")[2].strip().partition(".")[0])
    return found - {""}


def overwritten(text: str, names: Iterable[str]) -> list[str]:
    """Those of these names that a cell deletes, or gives another value."""
    gone = {one or other for one, other in DELETED.findall(text)}
    return sorted(gone.intersection(names))


def explained(error: NotebookNode, cell: NotebookNode, notebook: NotebookNode) -> NotebookNode:
    """The error of a test cell, with what may have led to it.

    Parameters
    ----------
    error : NotebookNode
        Its output; is changed.
    cell : NotebookNode
    notebook : NotebookNode
        That `assemble` made.
    """
    name = error.ename if error.ename in ESTRANGED else ""
    why = ""
    if name == "NameError" and (missing := MISSING.search(error.evalue)):
        why = _other_name(missing[1], cell, notebook) or _put_back(missing[1], notebook)
    if name and not why:
        why = _estranged(notebook)
    if why:
        error.evalue = f"{error.evalue} ({why})"
    return error


def _other_name(missing: str, cell: NotebookNode, notebook: NotebookNode) -> str:
    if exercise_of(grade_id(cell) or "") != missing or missing not in known_cells(notebook):
        return ""
    names = list(dict.fromkeys(defined(known_cells(notebook)[missing].source)))
    if not names:
        return ""
    return f"the cell must define `{missing}`; yours defines `{'`, `'.join(names[:3])}`"


def _put_back(missing: str, notebook: NotebookNode) -> str:
    for name, names in notebook.metadata.get("put_back", {}).items():
        if missing in names:
            return (
                f"the locked cell `{name}` had been changed, and was put back: it does not "
                f"define `{missing}`"
            )
    return ""


def _estranged(notebook: NotebookNode) -> str:
    """Which cell of the student's took a name from the setup cells, where one did."""
    names: set[str] = set()
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type != "code":
            continue
        if is_setup(cell):
            names |= imported(cell.source)
        elif is_solution(cell) or not grade_id(cell):
            for name in overwritten(cell.source, names):
                where = f"`{grade_id(cell)}`" if grade_id(cell) else f"number {number}"
                return f"cell {where} overwrites `{name}`, which the lesson had imported"
    return ""
