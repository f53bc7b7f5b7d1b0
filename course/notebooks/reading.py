"""Reading what a student handed in, without trusting any of it.

All of a notebook but the text of its cells, their ids and the pictures pasted into them is dropped.
What a notebook is, its cells say, and not its name.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import nbformat
from nbformat import NotebookNode

from course.notebooks.cells import grade_id, is_solution, known_cells, renamed, text_of
from course.notebooks.files import UnreadableSubmission
from course.notebooks.released import without_solutions

__all__ = ["UnreadableSubmission", "choose", "parse_submission"]

MAX_CELLS = 2_000
# Of values, in outputs and metadata too; of quotation marks, which is less than in any string.
MAX_VALUES = 1_000_000
MAX_QUOTES = 4_000_000
MAX_DEPTH = 100
KEPT = ("cell_type", "source", "attachments")
LONGEST_NAME = 80

# A string that does not end, ends with the file: so no character is looked at twice.
_STRING = re.compile(rb'"(?:[^"\\]+|\\.?)*+(?:"|\Z)', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}

Ids = Mapping[str, Collection[str]]


def parse_submission(content: bytes, name: str = "The notebook") -> NotebookNode:
    """The notebook written in `content`.

    Parameters
    ----------
    content : bytes
        Of the file.
    name : str
        What it is called.

    Returns
    -------
    NotebookNode
        Its cells are as the student left them, so `assemble` it before use.

    Raises
    ------
    UnreadableSubmission
        If it cannot be read as a notebook, or holds too much.
    """
    name = f"`{name[:LONGEST_NAME]}`" if name != "The notebook" else name
    if not content.strip():
        raise UnreadableSubmission(f"{name} is empty.")
    _check_shape(content, name)
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UnreadableSubmission(f"{name} is not text in UTF-8.") from None
    except (ValueError, RecursionError):
        raise UnreadableSubmission(f"{name} is not a notebook: it is not valid JSON.") from None
    if not isinstance(data, dict) or not isinstance(data.get("nbformat", 4), int):
        raise UnreadableSubmission(f"{name} is JSON, but not a notebook.")
    cells = _upgraded(data, name).get("cells")
    if not isinstance(cells, list):
        raise UnreadableSubmission(f"{name} is JSON, but not a notebook: it has no cells.")
    if len(cells) > MAX_CELLS:
        raise UnreadableSubmission(f"{name} has more than {MAX_CELLS} cells.")
    return NotebookNode(cells=[_reduced(cell) for cell in cells])


def _check_shape(content: bytes, name: str) -> None:
    """Refuses what would become too many values, or too deep, before anything is made of it."""
    if content.count(b'"') > MAX_QUOTES:
        raise UnreadableSubmission(_too_much(name))
    structure = _STRING.sub(b"", content)
    if sum(map(structure.count, (b",", b"[", b"{"))) > MAX_VALUES:
        raise UnreadableSubmission(_too_much(name))
    brackets = structure.translate(None, _NO_BRACKETS)
    if max(accumulate(map(_STEP.__getitem__, brackets)), default=0) > MAX_DEPTH:
        raise UnreadableSubmission(
            f"{name} is not a notebook: it is nested more than {MAX_DEPTH} deep."
        )


def _too_much(name: str) -> str:
    return f"{name} holds more than {MAX_VALUES:,} values; clear its outputs and hand it in again."


def _upgraded(data: dict[str, Any], name: str) -> dict[str, Any]:
    """`data` as a notebook in nbformat 4."""
    version = data.get("nbformat", 4)
    if version > 4:
        raise UnreadableSubmission(
            f"{name} is in notebook format {version}, which is newer than this grader knows."
        )
    if version == 4:
        return data
    try:
        upgraded: NotebookNode = nbformat.reads(json.dumps(data), as_version=4)
        return upgraded
    except Exception:
        raise UnreadableSubmission(
            f"{name} is a broken notebook in the old format {version}."
        ) from None


def _reduced(cell: Any) -> Any:
    """What is read of a cell."""
    if not isinstance(cell, dict):
        return None
    kept = {key: cell[key] for key in KEPT if key in cell}
    return kept | {"metadata": {"nbgrader": {"grade_id": grade_id(cell)}}}


# Which of the notebooks that lie in a folder is the lesson's.


@dataclass(frozen=True)
class _Found:
    """A notebook of the folder: read, or the reason why not; `lesson` is what its cells say."""

    name: str
    notebook: NotebookNode | None
    lesson: str | None = None
    reason: str = ""

    @property
    def shown(self) -> str:
        return f"`{self.name[:LONGEST_NAME]}`"


def choose(
    found: Mapping[str, bytes | str], source: NotebookNode, lesson: str, ids: Callable[[], Ids]
) -> tuple[NotebookNode, list[str]]:
    """The notebook of a lesson among those that were handed in.

    Parameters
    ----------
    found : mapping of str to (bytes or str)
        As `course.notebooks.files.notebooks_in` gives it.
    source : NotebookNode
        The lesson's source notebook.
    lesson : str
    ids : callable
        Gives the ids of the cells of every lesson; it is asked only if need be.

    Returns
    -------
    notebook : NotebookNode
        As `parse_submission` reads it.
    notes : list of str
        On its name, and on the others that lie there.

    Raises
    ------
    UnreadableSubmission
        If there is none; the text says what there is instead.
    """
    expected = f"{lesson}.ipynb"
    own = {*known_cells(source), *renamed(source)}
    read = [_read(name, content, own, lesson, ids) for name, content in found.items()]
    fitting = [each for each in read if each.lesson == lesson]
    taken = next((each for each in read if each.name == expected), None)
    if taken is None or taken.lesson not in (lesson, None) or taken.notebook is None:
        if len(fitting) != 1:
            raise UnreadableSubmission(_why_none(expected, lesson, taken, read, fitting))
        taken = fitting[0]
    assert taken.notebook is not None
    others = [each for each in fitting if each is not taken]
    return taken.notebook, _notes(taken, expected, others, source)


def _read(
    name: str, content: bytes | str, own: Collection[str], lesson: str, ids: Callable[[], Ids]
) -> _Found:
    if isinstance(content, str):
        return _Found(name, None, reason=content)
    try:
        notebook = parse_submission(content, name)
    except UnreadableSubmission as reason:
        return _Found(name, None, reason=str(reason))
    said = {said for cell in notebook.cells if cell and (said := grade_id(cell))}
    return _Found(name, notebook, _lesson_of(said, own, lesson, ids))


def _lesson_of(
    said: set[str], own: Collection[str], lesson: str, ids: Callable[[], Ids]
) -> str | None:
    """The lesson that most of the ids are of; None where they are of none."""
    if not said:
        return None
    if 2 * len(said.intersection(own)) >= len(said):
        return lesson
    counts = {other: len(said.intersection(names)) for other, names in ids().items()}
    counts[lesson] = len(said.intersection(own))
    best = max(counts, key=lambda other: (counts[other], other == lesson))
    return best if counts[best] else None


def _why_none(
    expected: str, lesson: str, taken: _Found | None, read: list[_Found], fitting: list[_Found]
) -> str:
    """Why no notebook can be taken: a sentence or two."""
    if len(fitting) > 1:
        names = ", ".join(each.shown for each in fitting)
        advice = f"Hand in one, called `{expected}`."
        return f"There are several notebooks of this lesson: {names}. {advice}"
    if taken is not None:
        return taken.reason or f"`{expected}` is lesson {taken.lesson}, not {lesson}."
    if not read:
        return f"There is no `{expected}` in the submission, and no other notebook."
    said = ", ".join(
        f"{each.shown} (lesson {each.lesson})" if each.lesson else each.shown for each in read
    )
    reasons = " ".join(each.reason for each in read)
    advice = (
        "" if any(each.lesson for each in read) else f"The notebook's name must be `{expected}`."
    )
    text = f"There is no `{expected}` in the submission, only {said}. {reasons} {advice}"
    return " ".join(text.split())


def _notes(taken: _Found, expected: str, others: list[_Found], source: NotebookNode) -> list[str]:
    notes = []
    if taken.name != expected:
        notes.append(
            f"there was no notebook of this lesson called `{expected}`; {taken.shown} counts"
        )
    if others:
        names = ", ".join(each.shown for each in others)
        stubs = {
            name: cell
            for name, cell in known_cells(without_solutions(source)).items()
            if is_solution(cell)
        }
        if _is_blank(taken, stubs) and not all(_is_blank(each, stubs) for each in others):
            notes.append(
                f"nothing is filled in in {taken.shown}, which counts; there is work in {names}: "
                f"if that is meant, hand it in as `{expected}`"
            )
        else:
            notes.append(f"{taken.shown} counts; {names} lay beside it")
    return notes


def _is_blank(found: _Found, stubs: Mapping[str, NotebookNode]) -> bool:
    """Whether all that is to be filled in is as it was released."""
    assert found.notebook is not None
    for cell in found.notebook.cells:
        name = grade_id(cell) if cell else None
        if name and name in stubs and text_of(cell) != stubs[name].source:
            return False
    return True
