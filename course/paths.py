"""Where things live in a checkout of the course."""

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
