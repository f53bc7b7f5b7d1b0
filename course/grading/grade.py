"""Grades a class: each submission is a task of its own, the gradebook is written by one hand."""

import json
import os
import sys
import time
import traceback
from collections.abc import Collection, Mapping, Sequence
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
from course.gradebook.database import check_gradebook, remember_gradebook
from course.gradebook.history import Change, write_changes
from course.gradebook.passed_over import passed_over
from course.gradebook.penalties import penalise
from course.gradebook.table import Row, failed_rows, total, write_grades
from course.grading import summary
from course.grading.standing import Standing, Standings, note_vanished
from course.grading.work import Outcome, fault
from course.notebooks.assembling import assemble
from course.notebooks.cells import refuse_autotests
from course.notebooks.released import as_released
from course.notebooks.verdict import one_line, refused
from course.paths import SOURCE, BadUsage, CourseError, lesson_file, notebook_path

if TYPE_CHECKING:
    from course.gradebook.ledger import Ledger
    from course.gradebook.rehearsal import Rehearsal

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
    second_tries : float, optional
        Seconds that second tries may take in all; `course.grading.pool.SECOND_TRIES` by default.
    keep_best : bool
        Take no automatic marks away: of each graded cell, its best share of the points counts.
    dry_run : bool
        Only tell what would become other marks; nothing is written.
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
    second_tries: float | None = None
    keep_best: bool = False
    dry_run: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", Path(self.source).absolute())


@dataclass
class _Done:
    """What has been graded so far.

    By submission its rows, and why the grading itself failed; the marks that became others, by
    lesson how it differs from what was graded before, and whose marks left the table.
    """

    rows: dict[Submission, list[Row]] = field(default_factory=dict)
    failures: dict[Submission, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    differences: dict[str, list[str]] = field(default_factory=dict)
    vanished: list[str] = field(default_factory=list)


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
        with quiet(Path(os.devnull) if wish.dry_run else folder.log):
            stands = _standing(folder, found, wish)
            chosen = _chosen(stands, lessons, wish)
            done = _graded(folder, chosen, wish)
            if not wish.dry_run:
                table = _table(folder, stands, done, wish)
                done.vanished = note_vanished(folder, table)
                write_grades(folder, table)
                write_changes(folder)
            unclear = {} if wish.dry_run else penalise(folder)
    except OSError as error:
        print(f"The grading failed: {error}. The same command goes on from here.", file=sys.stderr)
        return 1
    except CourseError as error:
        print(error, file=sys.stderr)
        return error.status
    except KeyboardInterrupt:
        print("Stopped. The same command goes on from here.", file=sys.stderr)
        return 1
    asked = sum(_is_wanted(each, lessons, wish) or each in chosen for each in found)
    told = summary.Told(folder, stands, **vars(done))
    told.foretell() if wish.dry_run else told.tell(asked, time.monotonic() - started)
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
    if wish.student is not None and folder.is_withdrawn(wish.student):
        raise BadUsage(
            f"The student '{wish.student}' was withdrawn: `python -m course withdraw "
            f"{wish.student} --back --root {folder}` takes them back."
        )
    if wish.dry_run and wish.database is not None:
        raise BadUsage("--dry-run changes nothing, so it cannot go with --db.")
    if wish.confine not in ("bwrap", "none"):
        raise BadUsage(f"--sandbox is bwrap or none, not {wish.confine}.")
    for sentence in passed_over(folder, known):
        print(sentence, file=sys.stderr)
    found = folder.submissions(known)
    if wish.source == SOURCE:
        _refuse_stale({each.lesson for each in found if _is_wanted(each, lessons, wish)})
    return found


def _refuse_stale(lessons: Collection[str]) -> None:
    """Stops where a lesson's text has changed, and its source notebook was not built since."""
    newer = [
        lesson
        for lesson in sorted(lessons)
        if (text := lesson_file(lesson, "lesson.py")).is_file()
        and text.stat().st_mtime_ns > notebook_path(SOURCE, lesson).stat().st_mtime_ns
    ]
    if newer:
        from course.authoring.building import refuse_stale  # takes a second to load

        try:
            refuse_stale(newer)
        except CourseError as error:
            raise BadUsage(str(error)) from error


def _standing(
    folder: ClassFolder, found: Sequence[Submission], wish: Options
) -> dict[Submission, Standing]:
    """How each submission of the class stands, also one whose files are gone."""
    if wish.database is not None:
        remember_gradebook(folder, wish.database)
    there = check_gradebook(folder, make=not wish.dry_run)
    standings = Standings(folder, wish.source, there)
    stands = {each: standings.of(each) for each in standings.all_of(found)}
    if not wish.dry_run:
        standings.history.keep(standings.by_hand)
    return stands


def _chosen(
    stands: Mapping[Submission, Standing], lessons: Sequence[str], wish: Options
) -> list[Submission]:
    """What is to be graded: what is asked for and not fresh, and all else of a changed lesson.

    The gradebook knows one state of a lesson, so all submissions of it are graded by that one.
    """
    chosen = [
        each
        for each, its in stands.items()
        if _is_wanted(each, lessons, wish) and (wish.force or not its.fresh)
    ]
    touched = {each.lesson for each in chosen}
    asked = set(chosen)
    return [
        each
        for each, its in stands.items()
        if each in asked or (each.lesson in touched and its.behind)
    ]


def _is_wanted(submission: Submission, lessons: Sequence[str], wish: Options) -> bool:
    asked = not lessons or submission.lesson in lessons
    return asked and wish.student in (None, submission.student)


def _sources(chosen: Sequence[Submission], done: _Done, wish: Options) -> dict[str, NotebookNode]:
    """The lessons' source notebooks; of one that cannot be read, nothing can be graded."""
    sources, unable = {}, {}
    for lesson in sorted({each.lesson for each in chosen}):
        path = notebook_path(wish.source, lesson)
        try:
            notebook = nbformat.v4.reads(path.read_text(encoding="utf-8"))
            refuse_autotests(notebook, lesson)
            sources[lesson] = notebook
        except CourseError as error:
            unable[lesson] = one_line(str(error))
        except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
            unable[lesson] = one_line(f"{path} cannot be read as a notebook: {error}")
    done.failures.update({each: unable[each.lesson] for each in chosen if each.lesson in unable})
    return sources


def _graded(folder: ClassFolder, chosen: Sequence[Submission], wish: Options) -> _Done:
    """Has the submissions worked on and their outcomes recorded as they come in."""
    done = _Done()
    sources = _sources(chosen, done, wish)
    able = [each for each in chosen if each.lesson in sources]
    if not able:
        return done
    from course.grading import pool, telling  # what follows takes seconds to load

    able.sort(key=lambda each: each.lesson)  # a warm process serves one lesson
    how = _how(wish, sources)
    seconds = pool.SECOND_TRIES if wish.second_tries is None else wish.second_tries
    with pool.at_work(able, wish.source, how, wish.jobs, wish.scheduler, seconds) as outcomes:
        from course.gradebook.ledger import ready  # while the workers start
        from course.gradebook.rehearsal import rehearsed

        opened = (
            rehearsed(folder, sources, wish.keep_best)
            if wish.dry_run
            else ready(folder, wish.source, sources, wish.keep_best)
        )
        with opened as ledger, telling.progress(len(able)) as tell:
            done.changes, done.differences = ledger.changes, ledger.differences
            _test_sandbox(how)
            for outcome in outcomes:
                submission = outcome.submission
                _record(ledger, outcome, sources[submission.lesson], done)
                tell(f"{submission} {total(done.rows.get(submission, ()))}")
    return done


def _how(wish: Options, lessons: Sources) -> dict[str, Any]:
    """What a submission is run with; a sentence and an end where the sandbox does not work."""
    from course.authoring.running import TIMEOUT, check, lend, limits
    from course.isolation.rights import tells_apart

    check(wish.confine)
    print(limits(wish.confine), file=sys.stderr)
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


def _record(
    ledger: "Ledger | Rehearsal", outcome: Outcome, source: NotebookNode, done: _Done
) -> None:
    """Has the outcome written down; where it or that failed, the submission is reported as such."""
    submission, reason, details = outcome.submission, outcome.fault, outcome.details
    if submission.lesson in ledger.unable:
        done.failures[submission] = ledger.unable[submission.lesson]
        return
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
    folder: ClassFolder, stands: Mapping[Submission, Standing], done: _Done, wish: Options
) -> list[Row]:
    """The class's rows: of what was graded now, and as recorded of all else."""
    touched = {each.lesson for each in done.rows}
    again = Standings(folder, wish.source) if touched else None
    table = []
    for each, its in stands.items():
        if each in done.rows:
            table += done.rows[each]
        elif again is not None and each.lesson in touched:
            table += again.of(each).rows
        else:
            table += its.rows
    return table
