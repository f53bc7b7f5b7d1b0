"""A submission as a notebook that can be trusted to be well formed.

Whatever a student's notebook claims about points, ids, types and tests is dropped: the lesson's
source notebook says it. What is kept is the text that the student may write.
"""

import copy
import json
import logging
import os
import re
import shutil
import stat
from itertools import takewhile
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course.settings import nbgrader_settings

MAX_BYTES = 50_000_000
MAX_CELLS = 2_000
MAX_EXTRA_FILES = 50
MAX_EXTRA_BYTES = 10_000_000
TIMESTAMP = "timestamp.txt"
CELL_TYPES = ("code", "markdown", "raw")
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
IMAGE_TYPES = ("image/png", "image/jpeg", "image/gif")

QUIET = logging.getLogger("course.grading.quiet")
QUIET.addHandler(logging.NullHandler())
QUIET.propagate = False


class UnreadableSubmission(Exception):
    """A submission that cannot be graded; its text says why."""


def read_submission(path):
    """The notebook that a student handed in.

    Parameters
    ----------
    path : path-like
        Where the notebook must be.

    Returns
    -------
    NotebookNode
        In nbformat 4; its cells are as the student left them, so `assemble` it before use.

    Raises
    ------
    UnreadableSubmission
        If there is no such notebook, or it cannot be read as one.
    """
    return parse_submission(read_bytes(path), Path(path).name)


def read_bytes(path):
    """The bytes of a plain file of reasonable size.

    Raises
    ------
    UnreadableSubmission
        If it is missing, too large, a link, a pipe, a device.
    """
    path = Path(path)
    if path.parent.is_symlink():
        raise UnreadableSubmission(f"The folder `{path.parent.name}` is a symbolic link.")
    try:
        # Neither followed when a link nor waited for when a pipe.
        descriptor = os.open(
            path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        )
    except FileNotFoundError:
        raise UnreadableSubmission(_missing(path)) from None
    except OSError as error:
        if path.is_symlink():
            raise UnreadableSubmission(
                f"`{path.name}` is a symbolic link, not a notebook."
            ) from None
        raise UnreadableSubmission(
            f"`{path.name}` cannot be opened: {error.strerror or error}."
        ) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnreadableSubmission(f"`{path.name}` is not a plain file.")
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise UnreadableSubmission(
            f"`{path.name}` is larger than {MAX_BYTES // 1_000_000} MB; clear its outputs."
        )
    return content


def _missing(path):
    """Why there is no notebook at `path`, and what was found instead."""
    try:
        found = sorted(name for name in os.listdir(path.parent) if name.endswith(".ipynb"))
    except OSError:
        found = []
    if not found:
        return f"There is no `{path.name}` in the submission, and no other notebook."
    names = ", ".join(f"`{name[:80]}`" for name in found[:5])
    return (
        f"There is no `{path.name}` in the submission, only {names}. "
        f"The notebook's name must be `{path.name}`."
    )


def parse_submission(content, name="The notebook"):
    """The notebook written in `content`; see `read_submission`."""
    if not content.strip():
        raise UnreadableSubmission(f"`{name}` is empty.")
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UnreadableSubmission(f"`{name}` is not text in UTF-8.") from None
    except (ValueError, RecursionError):
        raise UnreadableSubmission(f"`{name}` is not a notebook: it is not valid JSON.") from None
    if not isinstance(data, dict) or not isinstance(data.get("nbformat", 4), int):
        raise UnreadableSubmission(f"`{name}` is JSON, but not a notebook.")
    notebook = _upgrade(data, name)
    if not isinstance(notebook.get("cells"), list):
        raise UnreadableSubmission(f"`{name}` is JSON, but not a notebook: it has no cells.")
    if len(notebook["cells"]) > MAX_CELLS:
        raise UnreadableSubmission(f"`{name}` has more than {MAX_CELLS} cells.")
    return notebook


def _upgrade(data, name):
    """`data` as a notebook in nbformat 4."""
    version = data.get("nbformat", 4)
    if version > 4:
        raise UnreadableSubmission(
            f"`{name}` is in notebook format {version}, which is newer than this grader knows."
        )
    try:
        if version == 4:
            return nbformat.from_dict(data)
        return nbformat.reads(json.dumps(data), as_version=4)
    except Exception:
        raise UnreadableSubmission(
            f"`{name}` is a broken notebook in the old format {version}."
        ) from None


# Files that come with a notebook.


def extra_files(folder):
    """The plain files of modest size in `folder` besides its notebooks, relative to it, sorted."""
    folder = Path(folder)
    found = []
    for parent, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name != "__pycache__"
        )
        for name in sorted(names, key=lambda name: (name != TIMESTAMP, name)):
            path = Path(parent) / name
            status = path.lstat()
            if name.endswith((".ipynb", ".pyc")) or name.startswith("."):
                continue
            if stat.S_ISREG(status.st_mode) and status.st_size <= MAX_EXTRA_BYTES:
                found.append(path.relative_to(folder))
            if len(found) == MAX_EXTRA_FILES:
                return found
    return found


def copy_extras(source, destination):
    """Copies the `extra_files` of `source` to `destination`, over what is there."""
    Path(destination).mkdir(parents=True, exist_ok=True)
    for name in extra_files(source):
        target = Path(destination) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        shutil.copyfile(Path(source) / name, target, follow_symlinks=False)


# What the source notebook says.


def grade_id(cell):
    """The cell's nbgrader id; None where it has none."""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return name if isinstance(name, str) and name else None


def _is(cell, kind):
    """As `nbgrader.utils.is_grade` and so on: workers do without that import of half a second."""
    return bool(cell.metadata.get("nbgrader", {}).get(kind, False))


def is_graded(cell):
    """Whether marks hang on the cell."""
    return _is(cell, "grade") or _is(cell, "task")


def is_autotest(cell):
    """Whether the cell is marked by running it."""
    return cell.cell_type == "code" and _is(cell, "grade") and not _is(cell, "solution")


def is_setup(cell):
    """Whether this is a cell that the checker runs as well as the student's process."""
    return cell.cell_type == "code" and _is(cell, "locked") and not is_graded(cell)


def is_locked(cell):
    """Whether students may not change the cell."""
    return not _is(cell, "solution") and (_is(cell, "grade") or _is(cell, "locked"))


def known_cells(source):
    """The source's cells that have an nbgrader id, by that id, in order."""
    return {name: cell for cell in source.cells if (name := grade_id(cell))}


def graded_cells(source):
    """The source's graded cells, in order."""
    return [cell for cell in known_cells(source).values() if is_graded(cell)]


def _preprocessed(source, *names):
    """A copy of `source` after nbgrader's preprocessors, set up as in `nbgrader_config.py`."""
    from nbgrader import preprocessors

    notebook = copy.deepcopy(source)
    for name in names:
        step = getattr(preprocessors, name)(config=nbgrader_settings(), log=QUIET)
        notebook, _ = step.preprocess(notebook, {})
    return notebook


def without_solutions(source):
    """`source` with stubs in place of its solutions."""
    return _preprocessed(source, "ClearSolutions")


def as_released(source):
    """`source` as students get it: no solution, no hidden test."""
    return _preprocessed(source, "ClearSolutions", "ClearHiddenTests")


# Putting the two together.


def assemble(source, student):
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
    cells, notes = _student_cells(student, known)
    cells = _in_source_order(cells, known, notes)
    cells = _with_missing(cells, known, notes)
    cells = _setup_first(cells, source)
    missing = any(cell["text"] is None for cell in cells)
    stubs = known_cells(without_solutions(source)) if missing else {}
    return _rebuilt(cells, known, stubs, _demonstrations(source)), notes


def _student_cells(student, known):
    """The student's cells as dictionaries of id, type, text and images, and notes on them."""
    cells, notes = [], []
    for cell in student["cells"]:
        if not isinstance(cell, dict):
            notes.append("something that is not a cell was dropped")
            continue
        cells.append(
            {
                "id": grade_id(cell),
                "type": cell.get("cell_type"),
                "text": _text(cell.get("source", "")),
                "images": _images(cell.get("attachments")),
            }
        )
    last = {cell["id"]: place for place, cell in enumerate(cells)}
    kept = []
    for place, cell in enumerate(cells):
        name = cell["id"]
        if name is None:
            kept.append(cell)
        elif name not in known:
            notes.append(
                f"a cell called `{_short(name)}` is none of the lesson's; it earns nothing"
            )
            kept.append({**cell, "id": None})
        elif place == last[name]:
            kept.append({**cell, "type": known[name].cell_type})
            if cell["type"] != known[name].cell_type:
                notes.append(
                    f"cell `{name}` had been made a {_short(cell['type'])} cell; "
                    f"it is a {known[name].cell_type} cell again"
                )
        elif is_locked(known[name]):
            notes.append(f"a second copy of the locked cell `{name}` was dropped")
        else:
            notes.append(f"cell `{name}` was there more than once; the last one counts")
            kept.append({**cell, "id": None})
    return kept, notes


def _in_source_order(cells, known, notes):
    """The known cells in the source's order, in the places that they take up together."""
    places = [place for place, cell in enumerate(cells) if cell["id"]]
    order = {name: rank for rank, name in enumerate(known)}
    ranked = sorted((cells[place] for place in places), key=lambda cell: order[cell["id"]])
    if ranked != [cells[place] for place in places]:
        notes.append("the lesson's cells had been reordered; they are in the lesson's order again")
    ordered = list(cells)
    for place, cell in zip(places, ranked, strict=True):
        ordered[place] = cell
    return ordered


def _with_missing(cells, known, notes):
    """The cells with those put back that the student had deleted.

    A test goes right before the next of the lesson's cells, a stub right after the one before: what
    the student wrote in between, in cells of their own, then comes after the stub and before the
    test. So even a notebook that lost all of its metadata in another editor is graded.
    """
    present = {cell["id"] for cell in cells}
    missing = [name for name in known if name not in present]
    names = list(known)
    cells = list(cells)

    def place_of(candidates, default, offset):
        places = {cell["id"]: place for place, cell in enumerate(cells) if cell["id"]}
        return next((places[name] + offset for name in candidates if name in places), default)

    late = [name for name in missing if is_autotest(known[name])]
    for name in missing:
        if name in late:
            continue
        before = [other for other in reversed(names[: names.index(name)]) if other not in late]
        cells.insert(place_of(before, 0, 1), _put_back(name, known))
    for name in late:
        after = [other for other in names[names.index(name) + 1 :] if other in present]
        cells.insert(place_of(after, len(cells), 0), _put_back(name, known))
    notes.extend(
        f"{_kind(known[name])} cell `{name}` had been deleted; it was put back" for name in missing
    )
    return cells


def _put_back(name, known):
    return {"id": name, "type": known[name].cell_type, "text": None, "images": {}}


def _kind(cell):
    if _is(cell, "solution"):
        return "answer" if is_graded(cell) else "solution"
    return "test" if is_autotest(cell) else "locked"


def _setup_first(cells, source):
    """The cells with the source's setup before any other code."""
    code = (cell for cell in source.cells if cell.cell_type == "code")
    setup = [
        grade_id(cell)
        for cell in takewhile(lambda cell: is_locked(cell) and not is_graded(cell), code)
    ]
    first = [cell for cell in cells if cell["id"] in setup]
    rest = [cell for cell in cells if cell["id"] not in setup]
    place = next((place for place, cell in enumerate(rest) if cell["type"] == "code"), len(rest))
    return rest[:place] + first + rest[place:] if setup else rest


def _demonstrations(source):
    """The texts of the lesson's cells that are neither locked nor to be filled in."""
    return {cell.source for cell in source.cells if cell.cell_type == "code" and not grade_id(cell)}


def _rebuilt(cells, known, stubs, demonstrations):
    """A valid notebook of the cells, with the source's metadata and locked text.

    Code that is the lesson's own, word for word, is marked as a `demonstration`.
    """
    rebuilt = []
    for place, cell in enumerate(cells):
        node = NotebookNode(id=f"cell-{place}", metadata=NotebookNode())
        name = cell["id"]
        if name:
            node.cell_type = cell["type"]
            node.metadata.nbgrader = _nbgrader_metadata(known[name])
            locked = is_locked(known[name])
            node.source = known[name].source if locked else cell["text"]
            if cell["text"] is None and not locked:
                node.source = stubs[name].source
        else:
            node.cell_type = cell["type"] if cell["type"] in CELL_TYPES else "raw"
            node.source = cell["text"]
            if node.cell_type == "code" and node.source in demonstrations:
                node.metadata.demonstration = True
        if node.cell_type == "code":
            node.update(outputs=[], execution_count=None)
        elif cell["images"]:
            node.attachments = cell["images"]
        rebuilt.append(node)
    return nbformat.from_dict(
        {
            "cells": rebuilt,
            "metadata": {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )


def _nbgrader_metadata(cell):
    metadata = copy.deepcopy(cell.metadata.nbgrader)
    metadata.pop("checksum", None)
    metadata.cell_type = cell.cell_type
    return metadata


def _text(source):
    """A cell's source as a string that can be written in UTF-8."""
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    return clean_text(source) if isinstance(source, str) else ""


def clean_text(text):
    """`text` without the lone surrogates that no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _images(attachments):
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


def _short(value):
    return clean_text(str(value))[:60]
