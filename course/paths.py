"""Where things live in a checkout of the course."""

from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
LESSONS = REPO / "course" / "lessons"
ANSWERS = REPO / "course" / "answers"
SOURCE = REPO / "source"
RELEASE = REPO / "release"


class CourseError(Exception):
    """Something the user can mend; its text says what and how."""


def lesson_ids(wanted=()):
    """The ids of the lessons, in order.

    Parameters
    ----------
    wanted : sequence of str
        Only these lessons; all of them where empty.

    Returns
    -------
    list of str

    Raises
    ------
    CourseError
        If a wanted lesson does not exist.
    """
    known = sorted(path.stem for path in LESSONS.glob("[0-9]*.py"))
    for lesson in wanted:
        if lesson not in known:
            raise CourseError(
                f"There is no lesson '{lesson}'. The lessons are: {', '.join(known)}."
            )
    return [lesson for lesson in known if not wanted or lesson in wanted]


def text_path(lesson):
    """The lesson's text, its single truth."""
    return LESSONS / f"{lesson}.py"


def notebook_path(folder, lesson):
    """The lesson's notebook below `folder` (`source/`, `release/`, ...)."""
    return Path(folder) / lesson / f"{lesson}.ipynb"
