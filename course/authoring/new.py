"""A new lesson from a small template: its folder, and its entry in the syllabus."""

import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import jinja2

from course import syllabus
from course.paths import LESSONS, CourseError

TEMPLATE = Path(__file__).parent / "template"
IDEA = "What this lesson is about, in one sentence."


def new_lesson(
    lesson: str,
    title: str | None = None,
    *,
    minutes: int = 60,
    idea: str = IDEA,
    requires: Sequence[str] = (),
    folder: Path = LESSONS,
) -> Path:
    """Make a lesson that builds, releases and grades, to be rewritten piece by piece.

    Parameters
    ----------
    lesson : str
        Its id, such as ``12_mean_shift``.
    title : str, optional
        Made from the id where left out.
    minutes : int
    idea : str
        What it is about, in a sentence: the syllabus and the welcome page show it.
    requires : sequence of str
        The ids of lessons that one should have worked through before.
    folder : Path
        The folder of the lessons.

    Returns
    -------
    Path
        The lesson's own folder.

    Raises
    ------
    CourseError
        If it cannot be added; then nothing is written.
    """
    name = _checked(lesson, requires, minutes)
    title = _line("title", name.replace("_", " ").capitalize() if title is None else title)
    entry = syllabus.Entry(lesson, title, minutes, tuple(requires), _line("idea", idea))
    target = folder / lesson
    if target.exists():
        raise CourseError(f"The folder {target} is there already.")
    with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as half:
        _write(entry, Path(half) / lesson)
        shutil.move(Path(half) / lesson, target)
    syllabus.add(entry)
    return target


def _checked(lesson: str, requires: Sequence[str], minutes: int) -> str:
    """The name in a new lesson's id; `CourseError` if there can be no such lesson."""
    if minutes < 1:
        raise CourseError(f"A lesson takes at least a minute, not {minutes}.")
    found = re.fullmatch(r"(\d\d)_([a-z][a-z0-9_]*)", lesson)
    if not found:
        raise CourseError(
            f"'{lesson}' cannot be a lesson's id: take a number of two digits and a name in small "
            "letters, such as 12_mean_shift."
        )
    number, name = found.groups()
    for known in syllabus.lesson_ids():
        if known[:2] == number:
            free = max(int(other[:2]) for other in syllabus.lesson_ids()) + 1
            raise CourseError(
                f"The number {number} is taken by {known}; the next free one is {free:02}."
            )
        if known[3:] == name:
            raise CourseError(f"The name '{name}' is taken by {known}.")
    late = [before for before in syllabus.lesson_ids(requires) if before > lesson]
    if requires and late:
        raise CourseError(f"{lesson} can only build on earlier lessons, not on {late[0]}.")
    return name


def _line(what: str, text: str) -> str:
    """A text that has to be one line, and to fit into a cell of a table."""
    if not text.strip() or len(text.splitlines()) != 1 or "|" in text:
        raise CourseError(f"The {what} must be one line of text, without a '|'.")
    return text.strip()


def _write(entry: syllabus.Entry, folder: Path) -> None:
    """Write a lesson's files into a new folder."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATE),
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    folder.mkdir()
    for name in ("lesson.py", "answers.py", "inputs.py"):
        text = templates.get_template(f"{name}.jinja").render(entry=entry)
        (folder / name).write_text(text, encoding="utf-8")
