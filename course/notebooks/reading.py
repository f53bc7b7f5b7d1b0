"""Reading what a student handed in, without trusting any of it: notebook and extra files."""

import json
import os
import shutil
import stat
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from course.notebooks.times import TIMESTAMP

MAX_BYTES = 50_000_000
MAX_CELLS = 2_000
MAX_EXTRA_FILES = 50
MAX_EXTRA_BYTES = 10_000_000


class UnreadableSubmission(Exception):
    """A submission that cannot be graded; its text says why."""


def read_submission(path: str | Path) -> NotebookNode:
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


def read_bytes(path: str | Path) -> bytes:
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


def _missing(path: Path) -> str:
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


def parse_submission(content: bytes, name: str = "The notebook") -> NotebookNode:
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


def _upgrade(data: dict[str, Any], name: str) -> NotebookNode:
    """`data` as a notebook in nbformat 4."""
    version = data.get("nbformat", 4)
    if version > 4:
        raise UnreadableSubmission(
            f"`{name}` is in notebook format {version}, which is newer than this grader knows."
        )
    try:
        notebook: NotebookNode = (
            nbformat.from_dict(data)
            if version == 4
            else nbformat.reads(json.dumps(data), as_version=4)
        )
        return notebook
    except Exception:
        raise UnreadableSubmission(
            f"`{name}` is a broken notebook in the old format {version}."
        ) from None


# Files that come with a notebook.


def extra_files(folder: str | Path) -> list[Path]:
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


def copy_extras(source: str | Path, destination: str | Path) -> None:
    """Copies the `extra_files` of `source` to `destination`, over what is there."""
    Path(destination).mkdir(parents=True, exist_ok=True)
    for name in extra_files(source):
        target = Path(destination) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        shutil.copyfile(Path(source) / name, target, follow_symlinks=False)
