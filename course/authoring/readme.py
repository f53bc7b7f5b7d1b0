"""The repository's first page: its table of lessons is the syllabus's."""

from course import syllabus
from course.paths import REPO, CourseError

README = REPO / "README.md"
BEGIN = "<!-- The lessons, from course/syllabus.toml by `python -m course build`. -->"
END = "<!-- End of the lessons. -->"


def refreshed(text: str) -> str:
    """The page with the table of lessons as the syllabus has it now.

    Raises
    ------
    CourseError
        If the two lines between which the table stands are not there.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise CourseError(f"README.md must have the lines {BEGIN} and {END} around its table.")
    return f"{before}{BEGIN}\n\n{syllabus.table()}\n\n{END}{after}"


def refresh(*, check: bool = False) -> bool:
    """Write the table into the page, unless that is only to be checked; whether it was stale."""
    text = README.read_text(encoding="utf-8")
    fresh = refreshed(text)
    if fresh != text and not check:
        README.write_text(fresh, encoding="utf-8")
    return fresh != text
