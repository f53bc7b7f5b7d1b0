"""Grades a class: each submission is a task of its own, the gradebook is written by one hand."""

import json
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat import NotebookNode

from course.authoring.quiet import LOG, quiet
from course.gradebook.class_folder import (
    ClassFolder,
    Submission,
    exclusive,
    folders_in,
    lessons_in,
)
from course.gradebook.database import check_gradebook, recorded_marks, remember_gradebook
from course.gradebook.penalties import unclear_times
from course.gradebook.table import Row, failed_rows, graded_rows, total, write_grades
from course.grading.work import Outcome, fault, fingerprint
from course.notebooks.assembling import assemble
from course.notebooks.cells import refuse_autotests
from course.notebooks.released import as_released
from course.notebooks.verdict import one_line, refused
from course.paths import SOURCE, BadUsage, CourseError, notebook_path

if TYPE_CHECKING:
    from course.gradebook.ledger import Ledger

Sources = Mapping[str, NotebookNode]


@dataclass(frozen=True)
class Options:
    """How a class is graded.

    Attributes
    ----------
    jobs : int, optional
        Submissions at a time; as many as there are processors by default.
    scheduler : str, optional
        Address of a Dask scheduler whose workers do the grading; they need to see the same folders.
    force : bool
        Grade again what has not changed since it was graded.
    student : str, optional
        Only this student.
    source : Path
        The folder of the lessons' source notebooks.
    timeout : float, optional
        Seconds that one cell may take; `course.authoring.running.TIMEOUT` by default.
    everything : bool
        Run the demonstrations too that no mark depends on, and draw the pictures: the same marks.
    confine : str
        ``"bwrap"``, or ``"none"`` for submissions that are trusted.
    database : str, optional
        Address of the gradebook on a server, from now on; a file in the class's folder by default.
    """

    jobs: int | None = None
    scheduler: str | None = None
    force: bool = False
    student: str | None = None
    source: Path = SOURCE
    timeout: float | None = None
    everything: bool = False
    confine: str = "bwrap"
    database: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", Path(self.source).absolute())


@dataclass
class _Done:
    """What has been graded so far, by submission: its rows, and why the grading itself failed."""

    rows: dict[Submission, list[Row]] = field(default_factory=dict)
    failures: dict[Submission, str] = field(default_factory=dict)


@exclusive
def grade_class(folder: ClassFolder, lessons: Sequence[str] = (), **options: Any) -> int:
    """Grades the submissions of a class and writes their marks.

    Parameters
    ----------
    folder : ClassFolder
        Gets the graded notebooks, the gradebook, `grades.csv` and the log.
    lessons : sequence of str
        Only these lessons; all where empty.
    **options
        See `Options`.

    Returns
    -------
    int
        Exit status: 0 graded, whatever the marks; 1 the grading itself failed; 2 bad usage.
    """
    wish = Options(**options)
    started = time.monotonic()
    try:
        found = _found(folder, lessons, wish)
        wanted = [each for each in found if _is_wanted(each, lessons, wish)]
        with quiet(folder.log):
            if wish.database is not None:
                remember_gradebook(folder, wish.database)
            changed = [each for each in wanted if wish.force or not _is_fresh(each, folder, wish)]
            sources = {each.lesson: _source(each.lesson, wish) for each in found}
            done = _graded(folder, changed, sources, wish)
            write_grades(folder, _table(folder, found, sources, done))
            unclear = unclear_times(folder)
    except OSError as error:
        print(f"The grading failed: {error}. The same command goes on from here.", file=sys.stderr)
        return 1
    except CourseError as error:
        print(error, file=sys.stderr)
        return error.status
    except KeyboardInterrupt:
        print("Stopped. The same command goes on from here.", file=sys.stderr)
        return 1
    _tell(folder, done, len(wanted), time.monotonic() - started)
    for (lesson, student), reason in unclear.items():
        said = f"{student} {lesson}: {reason} Until then nothing is taken off for being late."
        print(one_line(said), file=sys.stderr)
    return 1 if done.failures else 0


def _found(folder: ClassFolder, lessons: Sequence[str], wish: Options) -> list[Submission]:
    """All submissions of the class, if what is asked for makes sense."""
    if not folder.root.is_dir():
        raise BadUsage(f"There is no folder {folder}.")
    if not folder.submitted.is_dir():
        raise BadUsage(f"{folder} has no folder `submitted` (submitted/<student>/<lesson>/).")
    if wish.jobs is not None and wish.jobs < 1:
        raise BadUsage(f"--jobs must be 1 or more, not {wish.jobs}.")
    known = lessons_in(wish.source)
    for lesson in lessons:
        if lesson not in known:
            raise BadUsage(f"There is no lesson '{lesson}'. The lessons are: {', '.join(known)}.")
    if wish.student is not None and wish.student not in folders_in(folder.submitted):
        raise BadUsage(
            f"There is no submission of a student '{wish.student}' in {folder.submitted}."
        )
    if wish.confine not in ("bwrap", "none"):
        raise BadUsage(f"--sandbox is bwrap or none, not {wish.confine}.")
    return folder.submissions(known, warn=True)


def _is_wanted(submission: Submission, lessons: Sequence[str], wish: Options) -> bool:
    asked = not lessons or submission.lesson in lessons
    return asked and wish.student in (None, submission.student)


def _is_fresh(submission: Submission, folder: ClassFolder, wish: Options) -> bool:
    """Whether it was graded, and nothing that its marks depend on has changed since."""
    notebook = folder.graded(submission.student, submission.lesson)
    if notebook is None:
        return False
    try:
        return bool(notebook.metadata.get("fingerprint") == fingerprint(submission, wish.source))
    except OSError:
        return False


def _source(lesson: str, wish: Options) -> NotebookNode:
    text = notebook_path(wish.source, lesson).read_text(encoding="utf-8")
    notebook: NotebookNode = nbformat.v4.reads(text)
    refuse_autotests(notebook, lesson)
    return notebook


def _graded(
    folder: ClassFolder, changed: list[Submission], sources: Sources, wish: Options
) -> _Done:
    """Has the submissions worked on and their outcomes recorded as they come in."""
    done = _Done()
    if not changed:
        check_gradebook(folder)
        return done
    from course.grading import pool, telling  # what follows takes seconds to load

    changed = sorted(changed, key=lambda each: each.lesson)  # a warm process serves one lesson
    lessons = {each.lesson: sources[each.lesson] for each in changed}
    how = _how(wish, lessons)
    with pool.at_work(changed, wish.source, how, wish.jobs, wish.scheduler) as outcomes:
        from course.gradebook.ledger import ready  # while the workers start

        with ready(folder, wish.source, lessons) as ledger, telling.progress(len(changed)) as tell:
            _test_sandbox(how)
            for outcome in outcomes:
                submission = outcome.submission
                _record(ledger, outcome, sources[submission.lesson], done)
                tell(f"{submission} {total(done.rows[submission])}")
    return done


def _how(wish: Options, lessons: Sources) -> dict[str, Any]:
    """What a submission is run with; a sentence and an end where the sandbox does not work."""
    from course.authoring.running import TIMEOUT, UNCONFINED, check, lend
    from course.isolation.rights import tells_apart

    check(wish.confine)
    if wish.confine == "none":
        print(UNCONFINED, file=sys.stderr)
    how = {
        "timeout": TIMEOUT if wish.timeout is None else wish.timeout,
        "everything": wish.everything,
        "confine": wish.confine,
    }
    if wish.scheduler is None and tells_apart():
        how["lent"] = lend(next(iter(lessons.values())), wish.confine)
    return how


def _test_sandbox(how: Mapping[str, Any]) -> None:
    """Stops the grading, in words, if not even a submission of our own can be run."""
    from course.authoring.running import self_test
    from course.isolation.faults import InternalFault

    try:
        self_test(how["confine"], how["lent"][0] if "lent" in how else None)
    except InternalFault as failure:
        LOG.error("%s\n%s", failure, failure.details)
        raise


def _record(ledger: "Ledger", outcome: Outcome, source: NotebookNode, done: _Done) -> None:
    """Has the outcome written down; where it or that failed, the submission is reported as such."""
    submission, reason, details = outcome.submission, outcome.fault, outcome.details
    if reason is None:
        try:
            done.rows[submission] = ledger.record(_notebook(outcome, source), submission)
            return
        except Exception as error:
            reason, details = fault(error), "".join(traceback.format_exception(error))
    LOG.error("%s\n%s", submission, details)
    done.failures[submission] = reason
    done.rows[submission] = failed_rows(submission, source, reason)


def _notebook(outcome: Outcome, source: NotebookNode) -> NotebookNode:
    """The graded notebook: the student's with its cells run, or one that says why there is none."""
    if outcome.notebook is not None:
        notebook: NotebookNode = nbformat.from_dict(json.loads(outcome.notebook))
    else:
        assert outcome.refusal is not None
        cells = as_released(source).cells
        blank, _ = assemble(source, NotebookNode(cells=cells))
        notebook = refused(blank, *outcome.refusal)
    notebook.metadata.fingerprint = outcome.fingerprint
    return notebook


def _table(
    folder: ClassFolder, found: Sequence[Submission], sources: Sources, done: _Done
) -> list[Row]:
    """The class's rows: of what was graded now, and as recorded of all else that was found."""
    table = []
    marks = recorded_marks(folder) if len(done.rows) < len(found) else {}
    for each in found:
        scores = marks.get((each.lesson, each.student))
        if each in done.rows:
            table += done.rows[each]
        elif scores and (notebook := folder.graded(each.student, each.lesson)) is not None:
            table += graded_rows(each, sources[each.lesson], notebook, scores)
    return table


def _tell(folder: ClassFolder, done: _Done, wanted: int, seconds: float) -> None:
    graded, failures = len(done.rows), done.failures
    print(
        f"{graded} submissions graded in {seconds:.0f} s, {wanted - graded} unchanged, "
        f"{len(failures)} could not be graded. Marks: {folder.grades}"
    )
    for submission, reason in failures.items():
        print(f"{submission}: {reason}", file=sys.stderr)
    if failures:
        print(f"What happened in full: {folder.log}", file=sys.stderr)
