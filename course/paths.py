"""Where things live in a checkout of the course."""

import contextlib
import os
import tempfile
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
LESSONS = REPO / "course" / "lessons"
SOURCE = REPO / "source"
RELEASE = REPO / "release"


class CourseError(Exception):
    """Something the user can mend; its text says what and how."""

    status = 1


class BadUsage(CourseError):
    """The command cannot mean anything; its exit status is 2."""

    status = 2


def lesson_file(lesson: str, name: str, folder: str | Path = LESSONS) -> Path:
    """A file of the lesson's own folder: `lesson.py`, `answers.py` or `inputs.py`."""
    return Path(folder) / lesson / name


def notebook_path(folder: str | Path, lesson: str) -> Path:
    """The lesson's notebook below `folder` (`source/`, `release/`, ...)."""
    return Path(folder) / lesson / f"{lesson}.ipynb"


def write_whole(path: Path, text: str) -> None:
    """Writes a file, all of it or nothing: what was there stays until the new one is complete.

    Raises
    ------
    CourseError
        If it cannot be written, such as on a full disk.
    """
    half = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, half = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        with open(handle, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.write(text)
        os.chmod(half, 0o644)
        os.replace(half, path)
    except OSError as error:
        reason = error.strerror or error
        raise CourseError(
            f"{path} could not be written: {reason}. What was there is as it was."
        ) from error
    finally:
        if half is not None:
            with contextlib.suppress(OSError):
                os.unlink(half)
