"""The commands: `python -m course COMMAND`."""

import errno
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from course.paths import REPO, SOURCE, CourseError
from course.syllabus import lesson_ids

app = typer.Typer(
    help="Build, release, grade and explain the lessons of the clustering course.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

Lessons = Annotated[list[str] | None, typer.Argument(help="Lesson ids; all lessons if left out.")]
Root = Annotated[Path, typer.Option(help="The folder that holds submitted/.")]


def main():
    """Run a command; a mistake of the user ends in a sentence and a status, not in a traceback."""
    try:
        app()
    except CourseError as error:
        errors.print(str(error), style="red", markup=False)
        sys.exit(getattr(error, "status", 1))
    except Exception as error:
        if not _is_full(error):
            raise
        errors.print(
            f"The disk is full: {error}. What was there is as it was; make room, and give the "
            "same command again.",
            style="red",
            markup=False,
        )
        sys.exit(1)


def _is_full(error: Exception) -> bool:
    """Whether a file, or the gradebook, found no more room."""
    full = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return getattr(error, "errno", None) in full or "disk is full" in str(error)


@app.command()
def build(
    lessons: Lessons = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only say what is stale or wrong; write nothing.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite notebooks that were edited by hand.")
    ] = False,
):
    """Make source/ from the lessons' text, and README's table."""
    from course.authoring import building

    chosen = lesson_ids(lessons or ())
    sound = building.build(chosen, console, errors, check=check, force=force)
    listed = building.list_lessons(console, check=check)
    raise typer.Exit(int(not (sound and listed)))


@app.command()
def new(
    lesson: Annotated[str, typer.Argument(help="Its id, such as 12_mean_shift.")],
    title: Annotated[str | None, typer.Option(help="From the id if left out.")] = None,
    minutes: Annotated[int, typer.Option(help="How long it takes.")] = 60,
    idea: Annotated[str | None, typer.Option(help="What it is about, in a sentence.")] = None,
    requires: Annotated[
        list[str] | None, typer.Option(help="A lesson to work through before; may be repeated.")
    ] = None,
):
    """Begin a lesson from a template, and list it in the syllabus."""
    from course.authoring.new import IDEA, new_lesson

    folder = new_lesson(lesson, title, minutes=minutes, idea=idea or IDEA, requires=requires or ())
    console.print(
        f"{folder.relative_to(REPO)} and its entry in course/syllabus.toml are there: "
        "rewrite them. What comes next:\n"
        f"    python -m course build {lesson}\n    python -m course release {lesson}\n"
        f"    python -m course audit {lesson}",
        markup=False,
    )


@app.command("text")
def bring_back(lessons: Lessons = None):
    """Bring edits made in source/ back into the lessons' text."""
    from course.authoring import building

    building.bring_back(lesson_ids(lessons or ()), console)


@app.command()
def release(lessons: Lessons = None):
    """Make and check the students' version of the lessons."""
    from course.authoring import building

    chosen = lesson_ids(lessons or ())
    building.refuse_stale(chosen)
    building.release(chosen, console)


@app.command()
def grade(
    root: Root,
    lessons: Lessons = None,
    jobs: Annotated[int | None, typer.Option(help="Submissions graded at once.")] = None,
    scheduler: Annotated[str | None, typer.Option(help="Address of a Dask scheduler.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Grade unchanged work again too.")] = False,
    student: Annotated[str | None, typer.Option(help="Only this student.")] = None,
    source: Annotated[Path, typer.Option(help="The folder of the source notebooks.")] = SOURCE,
    everything: Annotated[
        bool, typer.Option("--all", help="Run demonstrations too and draw pictures: same marks.")
    ] = False,
    sandbox: Annotated[
        str, typer.Option(help="bwrap; or none, which trusts all submissions.")
    ] = "bwrap",
    db: Annotated[
        str | None, typer.Option(help="Keep the gradebook here (postgresql://...) from now on.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell old and new marks; write nothing.")
    ] = False,
    keep_best: Annotated[
        bool, typer.Option("--keep-best", help="Take no marks of a test away.")
    ] = False,
):
    """Grade ROOT/submitted; marks go to ROOT/grades.csv."""
    from course.gradebook.class_folder import ClassFolder
    from course.grading.grade import grade_class

    status = grade_class(
        ClassFolder(root),
        lessons or (),
        jobs=jobs,
        scheduler=scheduler,
        force=force,
        student=student,
        source=source,
        everything=everything,
        confine=sandbox,
        database=db,
        dry_run=dry_run,
        keep_best=keep_best,
    )
    raise typer.Exit(status)


@app.command()
def feedback(
    root: Root,
    lessons: Lessons = None,
    student: Annotated[str | None, typer.Option(help="Only this student.")] = None,
    book: Annotated[str | None, typer.Option(help="Address of the web book, to link to.")] = None,
):
    """Write a page for each student, ROOT/feedback/STUDENT."""
    from course.gradebook.class_folder import ClassFolder
    from course.reports.feedback import write_feedback

    raise typer.Exit(write_feedback(ClassFolder(root), lessons or (), student=student, book=book))


@app.command()
def report(root: Root):
    """Write the class report, ROOT/report/index.html."""
    from course.gradebook.class_folder import ClassFolder
    from course.reports.report import write_report

    console.print(f"Class report: {write_report(ClassFolder(root))}")


@app.command()
def mark(
    root: Root,
    table: Annotated[Path, typer.Argument(help="manual.csv of the report, points filled in.")],
):
    """Enter marks that were given by hand."""
    from course.gradebook.class_folder import ClassFolder
    from course.gradebook.marks import mark as write_marks

    folder = ClassFolder(root)
    marked, waiting = write_marks(folder, table)
    shown = root / folder.grades.name
    console.print(f"{marked} answers marked, {waiting} still wait. Marks: {shown}")


@app.command()
def withdraw(
    root: Root,
    student: Annotated[str, typer.Argument(help="The name of the folder in submitted/.")],
    back: Annotated[bool, typer.Option("--back", help="Take the student in again.")] = False,
):
    """Take a student who left out of marks and tables."""
    from course.gradebook import withdrawing
    from course.gradebook.class_folder import ClassFolder

    folder = ClassFolder(root)
    if back:
        withdrawing.take_back(folder, student)
        console.print(f"{student} is back: grade, export and report again.", markup=False)
    else:
        withdrawing.withdraw(folder, student)
        console.print(
            f"{student} was taken out; the marks are in {root / folder.changes.name}. "
            "Export and report again.",
            markup=False,
        )


@app.command()
def export(
    root: Root,
    final: Annotated[
        bool, typer.Option("--final", help="Write nothing unless all marks are final.")
    ] = False,
    like: Annotated[
        list[Path] | None,
        typer.Option(help="A gradebook of Canvas or Blackboard, for its columns' names."),
    ] = None,
):
    """Write marks for Moodle, Canvas and Blackboard to ROOT/export."""
    from course.gradebook.class_folder import ClassFolder
    from course.gradebook.export import OPEN, told
    from course.gradebook.export import export as write_exports

    done = write_exports(ClassFolder(root), final=final, like=like or ())
    console.print(f"Final marks for Moodle, Canvas, Blackboard and nbgrader: {done.folder}")
    if done.late:
        console.print(f"{done.late} of them are lowered because they were handed in late.")
    if done.open:
        open_marks = "\n  ".join(
            ["Not final, and left empty in the platforms' tables:", *told(done.open)]
        )
        errors.print(
            f"{open_marks}\nAll of them: {done.folder / OPEN}", style="yellow", markup=False
        )


@app.command()
def demo(jobs: Annotated[int | None, typer.Option(help="Submissions graded at once.")] = None):
    """Grade a demo class before your eyes."""
    from course.authoring import building
    from course.demo import lessons, run

    chosen = lessons()
    if not building.build(chosen, console, errors):
        raise typer.Exit(1)
    building.release(chosen, console)
    raise typer.Exit(run(jobs=jobs))


@app.command()
def audit(
    lessons: Lessons = None,
    jobs: Annotated[int | None, typer.Option(help="Answers graded at once.")] = None,
    mutants: Annotated[bool, typer.Option(help="Try mutants of the solutions, too.")] = True,
    json: Annotated[Path | None, typer.Option(help="Write the figures to this file.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page with pictures.")] = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Later audits must not fall below these figures.")
    ] = False,
):
    """Find out how good the lessons' tests are."""
    from course.audit import run
    from course.authoring import building

    if accept and not mutants:
        raise CourseError("--accept is for all figures: leave out --no-mutants.")
    chosen = lesson_ids(lessons or ())
    building.refuse_stale(chosen)
    raise typer.Exit(run(chosen, console, jobs, mutants, json=json, html=html, accept=accept))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context):
    """Open JupyterLab on your copy of the lessons, in work/."""
    from course.student import lab as jupyterlab

    for sentence in jupyterlab.prepare():
        console.print(sentence, markup=False)
    console.print("JupyterLab opens in your browser, or at an address below. Ctrl + C ends it.")
    raise typer.Exit(jupyterlab.start(context.args))


@app.command()
def bundle():
    """Put what a student needs into one zip file in dist/."""
    from course.authoring.bundle import bundle as make_bundle

    console.print(f"{make_bundle().relative_to(REPO)} holds the lessons and what they need")


@app.command()
def site(lessons: Lessons = None):
    """Make the course a static web book."""
    from course.authoring.site import build_site

    page = build_site(lessons=lesson_ids(lessons or ()))
    console.print(f"{page.relative_to(REPO)} is the book's first page")
