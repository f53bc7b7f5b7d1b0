"""The plain files of a submission. Nothing else is opened, and no link is followed, at any level.

A path is looked at and used at two different times, so each file is opened first, by the descriptor
of its folder, and then asked what it is.
"""

import contextlib
import os
import stat
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from course.notebooks.times import TIMESTAMP

MB = 1_000_000
MAX_NOTEBOOK = 50 * MB
MAX_NOTEBOOKS = 6
MAX_EXTRA_FILES = 50
MAX_EXTRA_BYTES = 10 * MB
MAX_EXTRAS_BYTES = 200 * MB
MAX_ENTRIES = 2_000
MAX_DEPTH = 8
# Of a submission's path, the parts that come from a student: their own folder, the lesson's in it.
OWN_PARTS = 2

# Neither followed when a link nor waited for when a pipe.
_PLAIN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC


class UnreadableSubmission(Exception):
    """A submission that cannot be graded; its text says why, in a sentence."""


@contextlib.contextmanager
def opened(folder: str | Path, own_parts: int = OWN_PARTS) -> Iterator[int]:
    """A descriptor of a folder.

    Parameters
    ----------
    folder : path-like
    own_parts : int
        How many parts at the end of its path must not be links.

    Raises
    ------
    UnreadableSubmission
        If one of them is a link, or there is no such folder.
    """
    parts = Path(folder).absolute().parts
    trusted, own = parts[: len(parts) - own_parts], parts[len(parts) - own_parts :]
    at = os.open(Path(*trusted), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in own:
            inner = _enter(part, at)
            os.close(at)
            at = inner
        yield at
    finally:
        os.close(at)


def _enter(name: str, at: int) -> int:
    try:
        return os.open(name, _FOLDER, dir_fd=at)
    except OSError as error:
        raise _not_opened(f"The folder `{name}`", name, at, error) from None


def _not_opened(
    shown: str, name: str, at: int, error: OSError, instead: str = ""
) -> UnreadableSubmission:
    """Why what is `shown` could not be opened."""
    with contextlib.suppress(OSError):
        if stat.S_ISLNK(os.stat(name, dir_fd=at, follow_symlinks=False).st_mode):
            return UnreadableSubmission(f"{shown} is a symbolic link{instead}.")
    return UnreadableSubmission(f"{shown} cannot be opened: {error.strerror or error}.")


def plain_file(name: str, at: int, most: int = MAX_NOTEBOOK) -> bytes:
    """The content of a plain file of modest size in a folder that is open as `at`.

    Raises
    ------
    UnreadableSubmission
        If it is too large, a link, a pipe, a device, or cannot be opened.
    """
    try:
        descriptor = os.open(name, _PLAIN, dir_fd=at)
    except OSError as error:
        raise _not_opened(f"`{name}`", name, at, error, instead=", not a file") from None
    about = os.fstat(descriptor)
    if not stat.S_ISREG(about.st_mode):
        os.close(descriptor)
        raise UnreadableSubmission(f"`{name}` is not a plain file.")
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(most + 1) if about.st_size <= most else None
    if content is None or len(content) > most:
        raise UnreadableSubmission(
            f"`{name}` is larger than {most / MB:.3g} MB; clear its outputs."
        )
    return content


def is_notebook(name: str) -> bool:
    """Whether a file of this name is to be a notebook."""
    return name.casefold().endswith(".ipynb") and not name.startswith(".")


def notebooks_in(folder: str | Path, expected: str) -> dict[str, bytes | str]:
    """The notebooks of a submission by their names, the expected one first.

    Parameters
    ----------
    folder : path-like
    expected : str
        The name that the notebook should have.

    Returns
    -------
    dict of str to (bytes or str)
        The content of each, or a sentence on why it cannot be read.

    Raises
    ------
    UnreadableSubmission
        If the folder cannot be read.
    """
    found: dict[str, bytes | str] = {}
    left = MAX_NOTEBOOK
    with opened(folder) as at:
        names = set(_names(at, is_notebook))
        with contextlib.suppress(OSError):  # it counts however many there are
            os.stat(expected, dir_fd=at, follow_symlinks=False)
            names.add(expected)
        ranked = sorted(names, key=lambda name: (name != expected, name))
        for name in ranked[:MAX_NOTEBOOKS]:
            try:
                found[name] = content = plain_file(name, at, left if found else MAX_NOTEBOOK)
                left = max(0, left - len(content))
            except UnreadableSubmission as reason:
                found[name] = str(reason)
    return found


def _names(at: int, wanted: Callable[[str], bool] = bool) -> list[str]:
    with os.scandir(at) as entries:
        return sorted(islice(filter(wanted, (entry.name for entry in entries)), MAX_ENTRIES))


def extras(folder: str | Path, own_parts: int = OWN_PARTS) -> Iterator[tuple[Path, bytes]]:
    """The plain files of modest size besides the notebooks: paths in `folder`, and contents.

    Parameters
    ----------
    folder : path-like
        Where it cannot be opened, there are none.
    own_parts : int
        As for `opened`.
    """
    with contextlib.ExitStack() as stack:
        try:
            at = stack.enter_context(opened(folder, own_parts))
        except (UnreadableSubmission, OSError):
            return
        left = MAX_EXTRAS_BYTES
        for path, content in islice(_extras_at(at, Path()), MAX_EXTRA_FILES):
            left -= len(content)
            if left < 0:
                return
            yield path, content


def _extras_at(at: int, where: Path) -> Iterator[tuple[Path, bytes]]:
    """The files of an open folder, then those in its folders."""
    names = sorted(_names(at), key=lambda name: (name != TIMESTAMP, name))
    folders = []
    for name in names:
        if name.startswith(".") or name == "__pycache__":
            continue
        with contextlib.suppress(OSError, UnreadableSubmission):
            mode = os.stat(name, dir_fd=at, follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode):
                folders.append(name)
            elif stat.S_ISREG(mode) and not is_notebook(name) and not name.endswith(".pyc"):
                yield where / name, plain_file(name, at, MAX_EXTRA_BYTES)
    for name in folders if len(where.parts) < MAX_DEPTH else ():
        try:
            inner = _enter(name, at)
        except UnreadableSubmission:
            continue
        try:
            yield from _extras_at(inner, where / name)
        finally:
            os.close(inner)


def copy_extras(source: str | Path, destination: str | Path, own_parts: int = OWN_PARTS) -> None:
    """Copies the `extras` of `source` to `destination`, over what is there."""
    Path(destination).mkdir(parents=True, exist_ok=True)
    for name, content in extras(source, own_parts):
        target = Path(destination) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        target.write_bytes(content)
