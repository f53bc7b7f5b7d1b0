"""The student version of the lessons: nbgrader's generate, then the checks on what came out."""

import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import SaveCells

from course import scratch
from course.authoring.converters import Course, start
from course.authoring.quiet import quiet
from course.authoring.running import run
from course.notebooks.cells import visible
from course.paths import RELEASE, SOURCE, CourseError, notebook_path
from course.settings import nbgrader_settings

UNSOLVED = "NotSolvedYet"
FIRST_RUN_TIMEOUT = 120
FRIENDLY_LINES = 4


def release(lesson: str, source: Path = SOURCE, to: Path = RELEASE) -> Path:
    """Make a lesson's student version and check it.

    Parameters
    ----------
    lesson : str
    source, to : Path
        The folders of the instructor's and of the students' notebooks.

    Returns
    -------
    Path
        The released notebook.

    Raises
    ------
    CourseError
        If anything of the instructor's stands in it, or if a student could not run it up to the
        first unsolved exercise. Nothing is released then.
    """
    with scratch.folder("release-") as folder:
        made = generate(lesson, source, folder)
        problems = leaks(
            nbformat.read(notebook_path(source, lesson), as_version=4),
            nbformat.read(made, as_version=4),
        )
        if problems:
            raise CourseError("\n".join(f"{lesson}: {problem}" for problem in problems))
        runs_to_first_exercise(lesson, made)
        target = Path(to) / lesson
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(made.parent, target)
    return notebook_path(to, lesson)


def generate(lesson: str, source: Path, folder: str) -> Path:
    """Let nbgrader make a lesson's student version below an empty folder.

    Returns
    -------
    Path
        The notebook made, unchecked.
    """
    settings = nbgrader_settings()
    settings.GenerateAssignment.no_database = True
    settings.GenerateAssignment.preprocessors = [
        step for step in GenerateAssignment.preprocessors.default() if step is not SaveCells
    ]
    course = Course(folder, Path(source).resolve())
    course.assignment_id = lesson
    with quiet(Path(folder) / "grading.log"):
        start(
            GenerateAssignment(coursedir=course, config=settings),
            lambda log: f"{lesson}: nbgrader could not generate it: {log.strip()}",
        )
    return notebook_path(Path(folder) / "release", lesson)


def leaks(source: NotebookNode, released: NotebookNode) -> list[str]:
    """Say what of the instructor's a released notebook still holds.

    Parameters
    ----------
    source, released : nbformat.NotebookNode

    Returns
    -------
    list of str
        A sentence for each line that a student must not see.
    """
    problems = []
    kept_lines = [_lines(visible(cell)) for cell in source.cells]
    secret = set[str]().union(
        *(_lines(cell.source) - kept for cell, kept in zip(source.cells, kept_lines, strict=True))
    ) - {""}
    if len(source.cells) != len(released.cells):
        problems.append(f"{len(source.cells)} cells became {len(released.cells)}.")
    for number, (kept, cell) in enumerate(zip(kept_lines, released.cells, strict=False), 1):
        for line in cell.source.split("\n"):
            if line.strip() in secret - kept:
                problems.append(f"cell {number} shows the instructor's line {line.strip()!r}.")
        if cell.get("outputs") or cell.get("attachments"):
            problems.append(f"cell {number} holds outputs.")
        extra = cell.metadata.keys() - {"nbgrader", "tags", "deletable", "editable", "was"}
        if extra:
            problems.append(f"cell {number} has the metadata {', '.join(sorted(extra))}.")
    return problems


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.split("\n")}


def runs_to_first_exercise(lesson: str, path: Path) -> None:
    """Run a released notebook as a student would and check where it stops.

    Raises
    ------
    CourseError
        If it stops at anything but an unsolved exercise, or with more than a few lines.
    """
    notebook = run(
        nbformat.read(path, as_version=4),
        cwd=path.parent,
        timeout=FIRST_RUN_TIMEOUT,
    )
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    error = next((output for output in outputs if output.output_type == "error"), None)
    if error is None:
        raise CourseError(f"{lesson}: it runs to its end without any exercise solved.")
    if error.ename != UNSOLVED:
        raise CourseError(
            f"{lesson}: a student's first run stops with {error.ename}: {error.evalue}"
        )
    if len("\n".join(error.traceback).splitlines()) > FRIENDLY_LINES:
        raise CourseError(f"{lesson}: an unsolved exercise shows a long traceback.")
