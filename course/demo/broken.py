"""Notebooks handed in as files that are broken in ways that happen.

Each function takes a finished notebook and the path to hand it in at.
"""

import copy
import json
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course.notebooks.cells import is_autotest


def _test_cells(notebook):
    return [cell for cell in notebook.cells if is_autotest(cell)]


def hand_in(notebook: NotebookNode, path: Path) -> None:
    """The file as it should be."""
    path.write_text(nbformat.writes(notebook), encoding="utf-8")


def half_a_download(notebook: NotebookNode, path: Path) -> None:
    """The file ends in the middle."""
    path.write_text(nbformat.writes(notebook)[:3000], encoding="utf-8")


def empty_file(_: NotebookNode, path: Path) -> None:
    """Nothing is in the file."""
    path.write_bytes(b"")


def wrong_name(notebook: NotebookNode, path: Path) -> None:
    """The file is called something else."""
    hand_in(notebook, path.with_name("my solution (2).ipynb"))


def old_format(notebook: NotebookNode, path: Path) -> None:
    """The notebook is in format 3."""
    path.write_text(json.dumps(nbformat.convert(notebook, 3)), encoding="utf-8")


def pasted_twice(notebook: NotebookNode, path: Path) -> None:
    """A test cell is there twice."""
    cell = copy.deepcopy(_test_cells(notebook)[0])
    cell.id = "pasted"
    notebook.cells.append(cell)
    hand_in(notebook, path)


def deleted(notebook: NotebookNode, path: Path) -> None:
    """A test cell is gone."""
    notebook.cells.remove(_test_cells(notebook)[0])
    hand_in(notebook, path)


def retyped(notebook: NotebookNode, path: Path) -> None:
    """A test cell became text."""
    cell = _test_cells(notebook)[0]
    cell.cell_type = "markdown"
    cell.pop("outputs", None)
    cell.pop("execution_count", None)
    hand_in(notebook, path)


def skipped(notebook: NotebookNode, path: Path) -> None:
    """The tests are tagged to be skipped."""
    for cell in _test_cells(notebook):
        cell.metadata["tags"] = ["skip-execution"]
    hand_in(notebook, path)


def from_the_future(notebook: NotebookNode, path: Path) -> None:
    """nbgrader's metadata is of a version that there is not yet."""
    _test_cells(notebook)[0].metadata.nbgrader.schema_version = 99
    hand_in(notebook, path)
