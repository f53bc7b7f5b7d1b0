"""What `build` and `release` do for each lesson, and what they say."""

from collections.abc import Sequence

from rich.console import Console

from course.authoring import lint, readme, text
from course.authoring.release import release as release_lesson
from course.paths import RELEASE, SOURCE, CourseError, lesson_file, notebook_path


def build(
    lessons: Sequence[str],
    console: Console,
    errors: Console,
    *,
    check: bool = False,
    force: bool = False,
) -> bool:
    """Build the lessons' source notebooks; whether all of them are sound and fresh.

    Parameters
    ----------
    lessons : sequence of str
    console, errors : rich.console.Console
        Where to say what was done, and what is wrong.
    check : bool
        Only say what is stale or wrong.
    force : bool
        Overwrite notebooks that were edited by hand.
    """
    sound = True
    for lesson in lessons:
        notebook = text.build(lesson)
        problems = lint.check(lesson, notebook)
        for problem in problems:
            errors.print(str(problem), markup=False)
        path = notebook_path(SOURCE, lesson)
        fresh = text.dumps(notebook)
        stale, edited = text.state(path, fresh)
        sound &= not (problems or (edited and not force) or (check and stale))
        if edited and not force:
            errors.print(
                f"{lesson}: {path.relative_to(SOURCE.parent)} was edited in the notebook. "
                f"Keep that with `python -m course text {lesson}`, "
                "or drop it with `python -m course build --force`.",
                markup=False,
            )
        elif check:
            state = "stale: run `python -m course build`" if stale else "fresh"
            console.print(f"{lesson}: {state}")
        elif not problems and stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(fresh, encoding="utf-8")
            console.print(f"{lesson}: built")
        elif not problems:
            console.print(f"{lesson}: up to date")
    return sound


def list_lessons(console: Console, *, check: bool = False) -> bool:
    """Refresh README's table of lessons; whether that may stay as it is."""
    stale = readme.refresh(check=check)
    if check:
        console.print(f"README.md: {'stale: run `python -m course build`' if stale else 'fresh'}")
    elif stale:
        console.print("README.md: lists the lessons of the syllabus")
    return not (check and stale)


def bring_back(lessons: Sequence[str], console: Console) -> None:
    """Bring edits made in source/ back into the lessons' text."""
    for lesson in lessons:
        changed = text.bring_back(lesson)
        console.print(f"{lesson}: {'text updated' if changed else 'nothing to bring back'}")


def refuse_stale(lessons: Sequence[str]) -> None:
    """See that each lesson's source notebook is what its text says.

    Raises
    ------
    CourseError
        If a lesson's text has changed since its source notebook was made.
    """
    for lesson in lessons:
        if not lesson_file(lesson, "lesson.py").exists():
            continue
        path = notebook_path(SOURCE, lesson)
        stale, edited = text.state(path, text.dumps(text.build(lesson)))
        if stale and not edited:
            raise CourseError(
                f"{lesson}: {path.relative_to(SOURCE.parent)} is not what the text says: "
                "run `python -m course build`."
            )


def release(lessons: Sequence[str], console: Console) -> None:
    """Make and check the students' version of the lessons."""
    for lesson in lessons:
        path = release_lesson(lesson, SOURCE, RELEASE)
        console.print(f"{lesson}: {path.relative_to(RELEASE.parent)} is fit for students")
