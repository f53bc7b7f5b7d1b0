"""A lesson's text and its source notebook, each made from the other.

The text is Jupytext's percent format. nbgrader's cell metadata, six keys a cell, is one key there:

===========================================  ================================================
in the text                                  what nbgrader calls it
===========================================  ================================================
``# %% solution="inertia"``                  Autograded answer
``# %% test="test_inertia" points=2``        Autograder tests
``# %% manual="explain_bic" points=2``       Manually graded answer
``# %% locked="setup"``                      Read-only
===========================================  ================================================

A cell that is called otherwise than before says so, and its marks move with it:
``# %% solution="inertia" was="sse"``, or ``was=["sse", "cost"]``. nbgrader passes this over.

Anything else a notebook can say is kept as Jupytext writes it.
"""

import hashlib
import json
import re
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from course.notebooks.cells import KERNELSPEC
from course.paths import LESSONS, SOURCE, CourseError, lesson_file, notebook_path

LANGUAGE_INFO = {"name": "python"}
# What Jupytext notes of a cell's blank lines in the text: nothing that a notebook needs.
SPACING = ("lines_to_next_cell", "lines_to_end_of_cell_marker")
# Notebook metadata that JupyterLab leaves behind: it says nothing about the lesson.
VOLATILE = ("kernelspec", "language_info", "jupytext", "widgets", "celltoolbar", "signature")
BUILT = "course_built"

PERCENT = {
    "extension": ".py",
    "format_name": "percent",
    "cell_metadata_filter": "all",
    "notebook_metadata_filter": "all,-" + ",-".join((*VOLATILE, BUILT)),
}

SHORTHAND = {
    "solution": {"grade": False, "locked": False, "solution": True},
    "test": {"grade": True, "locked": True, "solution": False},
    "manual": {"grade": True, "locked": False, "solution": True},
    "locked": {"grade": False, "locked": True, "solution": False},
}


def _expand(metadata):
    """Cell metadata as nbgrader wants it, from the text's shorthand."""
    metadata = {key: value for key, value in metadata.items() if key not in SPACING}
    kinds = [kind for kind in SHORTHAND if kind in metadata]
    if not kinds:
        return metadata
    if len(kinds) > 1 or "nbgrader" in metadata:
        raise CourseError(f"A cell can be only one of {', '.join(SHORTHAND)}: {metadata}.")
    nbgrader = {
        "grade_id": metadata.pop(kinds[0]),
        "schema_version": 3,
        "task": False,
        **SHORTHAND[kinds[0]],
    }
    if "points" in metadata:
        nbgrader["points"] = metadata.pop("points")
    return {**metadata, "nbgrader": nbgrader}


def _shorten(metadata):
    """The text's shorthand for nbgrader's cell metadata; unchanged where there is none."""
    for kind in SHORTHAND:
        nbgrader = metadata.get("nbgrader", {})
        short = {kind: nbgrader.get("grade_id")}
        if "points" in nbgrader:
            short["points"] = nbgrader["points"]
        rest = {key: value for key, value in metadata.items() if key != "nbgrader"}
        if not (rest.keys() & {*SHORTHAND, "points"}) and _expand({**short, **rest}) == metadata:
            return {**short, **rest}
    return metadata


def _plain(notebook):
    """A deep copy as plain dictionaries, without what the text does not keep."""
    plain = json.loads(json.dumps(notebook))
    plain["metadata"] = {k: v for k, v in plain["metadata"].items() if k not in (*VOLATILE, BUILT)}
    cells = []
    for cell in plain["cells"]:
        kept = {"cell_type": cell["cell_type"], "metadata": cell["metadata"]}
        kept["source"] = cell["source"].strip("\n")
        if cell.get("attachments"):
            kept["attachments"] = cell["attachments"]
        cells.append(kept)
    return {"cells": cells, "metadata": plain["metadata"]}


def _fingerprint(notebook):
    canonical = json.dumps(_plain(notebook), sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def to_notebook(text: str) -> NotebookNode:
    """Make a source notebook from a lesson's text.

    Parameters
    ----------
    text : str
        The lesson in Jupytext's percent format.

    Returns
    -------
    nbformat.NotebookNode
        Version 4.5, without outputs; the same text gives the same notebook, cell ids included.
    """
    notebook = jupytext.reads(text, fmt=dict(PERCENT))
    cells, seen = [], set()
    for cell in notebook.cells:
        make = getattr(nbformat.v4, f"new_{cell.cell_type}_cell")
        metadata = _expand(cell.metadata)
        stem = metadata.get("nbgrader", {}).get("grade_id")
        stem = stem or hashlib.sha256(cell.source.encode()).hexdigest()[:12]
        cell_id, again = stem[:56], 1
        while cell_id in seen:
            again += 1
            cell_id = f"{stem[:56]}-{again}"
        seen.add(cell_id)
        cells.append(make(source=cell.source, metadata=metadata, id=cell_id))
    extra = {k: v for k, v in notebook.metadata.items() if k not in (*VOLATILE, BUILT)}
    built = nbformat.v4.new_notebook(
        cells=cells,
        metadata={**extra, "kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO},
    )
    built.nbformat_minor = 5
    built.metadata[BUILT] = _fingerprint(built)
    return built


def to_text(notebook: NotebookNode) -> str:
    """Make a lesson's text from its source notebook.

    Parameters
    ----------
    notebook : nbformat.NotebookNode

    Returns
    -------
    str

    Raises
    ------
    CourseError
        If the notebook holds something that the text could not bring back, such as an image pasted
        into a cell.
    """
    plain = _plain(notebook)
    for number, cell in enumerate(plain["cells"], 1):
        if "attachments" in cell:
            raise CourseError(
                f"Cell {number} holds a pasted image, which text cannot keep: "
                "put the file beside the lesson's data and draw it in a code cell."
            )
    short = nbformat.from_dict(plain | {"nbformat": 4, "nbformat_minor": 5})
    for cell in short.cells:
        cell.metadata = nbformat.from_dict(_shorten(cell.metadata))
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    text = _space(jupytext.writes(short, fmt=dict(PERCENT)), short.cells)
    back = _plain(to_notebook(text))
    if back != plain:
        raise CourseError(_first_difference(plain, back))
    return text


def _space(text, cells):
    """Put the blank lines between cells where PEP 8 has them: two around a definition."""
    head, *parts = re.split(r"(?:\A|\n+)(?=# %%)", text.rstrip())
    if len(parts) != len(cells):
        return text
    spaced, after_definition = head, False
    for part, cell in zip(parts, cells, strict=True):
        is_code = cell.cell_type == "code"
        opens = is_code and re.match(r"(def|class|async def|@)\b|@", cell.source)
        gap = "\n\n\n" if opens or after_definition else "\n\n"
        spaced += (gap if spaced else "") + part.strip("\n")
        last = cell.source.rstrip().rpartition("\n")[2]
        top = re.findall(r"^(?![\s#)\]}]).*", cell.source, flags=re.M) if is_code else []
        after_definition = bool(
            top and last[:1].isspace() and re.match(r"(def|class|async def)\b", top[-1])
        )
    return spaced + "\n"


def _first_difference(wanted, got):
    for number, (a, b) in enumerate(zip(wanted["cells"], got["cells"], strict=False), 1):
        if a != b:
            head = next(iter(a["source"].splitlines()), "an empty cell")
            return (
                f"Cell {number} ({head!r}) cannot be kept as text without loss: look for a line "
                "that starts with '# %%', for blank lines at its ends, or for unusual metadata."
            )
    if len(wanted["cells"]) != len(got["cells"]):
        return f"{len(wanted['cells'])} cells would come back as {len(got['cells'])}."
    return "The notebook's own metadata cannot be kept as text without loss."


def dumps(notebook: NotebookNode) -> str:
    """The notebook as the bytes that are committed."""
    return nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n"


def state(path: Path, fresh: str) -> tuple[bool, bool]:
    """Whether a source notebook is stale, and whether that is so because it was edited itself.

    Parameters
    ----------
    path : Path
        Where the notebook is, if it was built.
    fresh : str
        What it should be; see `dumps`.

    Returns
    -------
    stale, edited : bool
    """
    if not path.exists():
        return True, False
    stale = path.read_text(encoding="utf-8") != fresh
    return stale, stale and edited_by_hand(path)


def edited_by_hand(path: Path) -> bool:
    """Whether the notebook at `path` says something else than when it was built."""
    notebook = nbformat.read(path, as_version=4)
    return notebook.metadata.get(BUILT) != _fingerprint(notebook)


def build(lesson: str, texts: Path = LESSONS) -> NotebookNode:
    """Read a lesson's text and make its notebook, checking that nothing is lost on the way.

    Returns
    -------
    nbformat.NotebookNode
    """
    path = lesson_file(lesson, "lesson.py", texts)
    notebook = to_notebook(path.read_text(encoding="utf-8"))
    to_text(notebook)
    return notebook


def bring_back(lesson: str) -> bool:
    """Take what was edited in a lesson's source notebook back into its text.

    Returns
    -------
    bool
        Whether the text changed.
    """
    path = notebook_path(SOURCE, lesson)
    if not path.exists():
        raise CourseError(f"There is no notebook {path.relative_to(SOURCE.parent)} to bring back.")
    text = to_text(nbformat.read(path, as_version=4))
    written = lesson_file(lesson, "lesson.py")
    if written.exists() and written.read_text(encoding="utf-8") == text:
        return False
    written.write_text(text, encoding="utf-8")
    return True
