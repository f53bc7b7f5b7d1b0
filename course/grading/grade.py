"""Grades a class: each submission is a task of its own, the gradebook is written by one hand."""

import contextlib
import csv
import json
import os
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

import nbformat
from joblib import Parallel, cpu_count, delayed, parallel_config
from joblib.externals.loky import ProcessPoolExecutor
from joblib.externals.loky.process_executor import BrokenProcessPool
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from course.authoring import converters
from course.authoring.running import TIMEOUT, UNCONFINED, check, lend, self_test
from course.gradebook import record
from course.grading.work import Outcome, Submission, failed, fingerprint, work
from course.isolation.faults import InternalFault
from course.isolation.rights import tells_apart
from course.notebooks.assembling import assemble
from course.notebooks.cells import graded_cells
from course.notebooks.released import as_released
from course.notebooks.verdict import one_line, refused
from course.paths import SOURCE, CourseError, notebook_path

COLUMNS = ("student", "lesson", "cell", "points", "max_points", "status", "message")


class BadUsage(CourseError):
    """The command cannot mean anything."""


def grade_class(
    root,
    lessons=(),
    *,
    jobs=None,
    scheduler=None,
    force=False,
    student=None,
    source=SOURCE,
    timeout=TIMEOUT,
    everything=False,
    confine="bwrap",
    database=None,
):
    """Grades the submissions in `root`/submitted and writes their marks.

    Parameters
    ----------
    root : path-like
        The class's folder. `autograded`, `gradebook.db`, `grades.csv` and `grading.log` are
        written there.
    lessons : sequence of str
        Only these lessons; all where empty.
    jobs : int, optional
        Submissions at a time; as many as there are processors by default.
    scheduler : str, optional
        Address of a Dask scheduler whose workers do the grading; they need to see the same folders.
    force : bool
        Grade again what has not changed since it was graded.
    student : str, optional
        Only this student.
    source : path-like
        The folder of the lessons' source notebooks.
    timeout : float
        Seconds that one cell may take.
    everything : bool
        Run the demonstrations too that no mark depends on, and draw the pictures: the same marks.
    confine : str
        ``"bwrap"``, or ``"none"`` for submissions that are trusted.
    database : str, optional
        Address of the gradebook on a server, from now on; `root`/gradebook.db by default.

    Returns
    -------
    int
        Exit status: 0 graded, whatever the marks; 1 the grading itself failed; 2 bad usage.
    """
    root, source = Path(root).absolute(), Path(source).absolute()
    try:
        found, wanted = _submissions(root, lessons, student, source, jobs)
        _check_sandbox(confine)
        how = {"timeout": timeout, "everything": everything, "confine": confine}
        with converters.quiet(root):
            if database is not None:
                record.remember_gradebook(root, database)
            return _grade(root, source, found, wanted, jobs, scheduler, force, how)
    except OSError as error:
        print(f"The grading failed: {error}. The same command goes on from here.", file=sys.stderr)
        return 1
    except BadUsage as error:
        print(error, file=sys.stderr)
        return 2
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. The same command goes on from here.", file=sys.stderr)
        return 1


def _check_sandbox(confine):
    if confine not in ("bwrap", "none"):
        raise BadUsage(f"--sandbox is bwrap or none, not {confine}.")
    check(confine)
    if confine == "none":
        print(UNCONFINED, file=sys.stderr)


def _test_sandbox(confine, kind):
    """Stops the grading, in words, if not even a submission of our own can be run."""
    try:
        self_test(confine, kind)
    except InternalFault as fault:
        converters.LOG.error("%s\n%s", fault, fault.details)
        raise


def _submissions(root, lessons, student, source, jobs):
    """All submissions in `root`, and those of them that are asked for."""
    submitted = root / "submitted"
    if not root.is_dir():
        raise BadUsage(f"There is no folder {root}.")
    if not submitted.is_dir():
        raise BadUsage(f"{root} has no folder `submitted` (submitted/<student>/<lesson>/).")
    if jobs is not None and jobs < 1:
        raise BadUsage(f"--jobs must be 1 or more, not {jobs}.")
    known = lessons_in(source)
    for lesson in lessons:
        if lesson not in known:
            raise BadUsage(f"There is no lesson '{lesson}'. The lessons are: {', '.join(known)}.")
    students = _folders(submitted)
    if student is not None and student not in students:
        raise BadUsage(f"There is no submission of a student '{student}' in {submitted}.")
    everything = find_submissions(root, known)
    wanted = [
        each
        for each in everything
        if (not lessons or each.lesson in lessons) and student in (None, each.student)
    ]
    return everything, wanted


def lessons_in(source):
    """The ids of the lessons that have a source notebook, sorted."""
    return [name for name in _folders(source) if notebook_path(source, name).is_file()]


def find_submissions(root, known, warn=True):
    """The submissions in `root`/submitted, sorted by student, then lesson."""
    found = []
    for student in _folders(Path(root) / "submitted"):
        for lesson in _folders(Path(root) / "submitted" / student):
            if lesson in known:
                folder = Path(root) / "submitted" / student / lesson
                found.append(Submission(student, lesson, folder))
            elif warn:
                print(
                    one_line(f"Left out submitted/{student}/{lesson}: there is no such lesson."),
                    file=sys.stderr,
                )
    return found


def _folders(path):
    """The names of the folders in `path`, without hidden ones, sorted."""
    try:
        with os.scandir(path) as entries:
            return sorted(e.name for e in entries if e.is_dir() and not e.name.startswith("."))
    except OSError:
        return []


def _grade(root, source, found, wanted, jobs, scheduler, force, how):
    started = time.monotonic()
    lessons = sorted({each.lesson for each in found})
    sources = {name: nbformat.read(notebook_path(source, name), as_version=4) for name in lessons}
    changed = [each for each in wanted if force or not _up_to_date(each, root, source)]
    changed.sort(key=lambda each: each.lesson)  # a warm process serves one lesson
    failures, graded = {}, {}
    kind = None
    if changed and scheduler is None and tells_apart():
        how = {**how, "lent": lend(sources[changed[0].lesson], how["confine"])}
        kind, _ = how["lent"]
    outcomes = _outcomes(changed, source, jobs, scheduler, how)
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.closing(outcomes))
        next(outcomes)  # the workers start while the gradebook is made ready
        record.check_gradebook(root)
        for lesson in sorted({each.lesson for each in wanted}):
            record.prepare(lesson, root, source)
        if changed:
            _test_sandbox(how["confine"], kind)
        gradebook = stack.enter_context(record.open_gradebook(root))
        report = stack.enter_context(_progress(len(changed)))
        ledger = record.Ledger(gradebook, root, source)
        for outcome in outcomes:
            submission = outcome.submission
            original = sources[submission.lesson]
            if outcome.failure and outcome.failure[0] == "GradingFailed":
                failures[submission] = outcome.failure[1]
            else:
                try:
                    graded[submission] = _record(ledger, outcome, original)
                except Exception as error:
                    outcome.details = "".join(traceback.format_exception(error))
                    failures[submission] = failed(error)
            if outcome.details:
                converters.LOG.error("%s\n%s", submission, outcome.details)
            if submission in failures:
                graded[submission] = _failed_rows(submission, original, failures[submission])
            report(submission, graded[submission])
        table = []
        for each in found:
            table += graded[each] if each in graded else ledger.rows(each.lesson, each.student)
    write_grades(root / "grades.csv", table)
    _summary(root, changed, wanted, failures, time.monotonic() - started)
    return 1 if failures else 0


def _up_to_date(submission, root, source):
    notebook = record.autograded_notebook(submission.lesson, submission.student, root)
    if notebook is None:
        return False
    try:
        return notebook.metadata.get("fingerprint") == fingerprint(submission, source)
    except OSError:
        return False


def _outcomes(submissions, source, jobs, scheduler, how):
    """None as soon as the work has begun, then the outcome of each submission, as they come in."""
    if not submissions:
        yield
        return
    jobs = min(jobs or cpu_count(), len(submissions))
    tasks = [delayed(work)(each, source, how) for each in submissions]
    waiting = dict.fromkeys(submissions)
    try:
        with _backend(scheduler):
            pool = Parallel(
                n_jobs=-1 if scheduler else jobs,
                return_as="generator_unordered",
                batch_size=1,
                pre_dispatch="all" if scheduler else "2*n_jobs",
            )
            with warnings.catch_warnings():
                # Of joblib, where the rest is given up.
                for words in ("successfully executed +but not used", "still being processed"):
                    warnings.filterwarnings("ignore", f".*{words}")
                with contextlib.closing(pool(tasks)) as outcomes:
                    yield
                    for outcome in outcomes:
                        del waiting[outcome.submission]
                        yield outcome
    except BrokenProcessPool:
        # A worker died. Which submission it was is not known: the rest is done one at a time.
        for submission in list(waiting):
            yield _alone(submission, source, how)


@contextlib.contextmanager
def _backend(scheduler):
    if scheduler is None:
        with parallel_config(backend="loky"):
            yield
        return
    from distributed import Client

    try:
        client = Client(scheduler, timeout=10)
    except (OSError, ValueError) as error:
        raise CourseError(f"The scheduler {scheduler} does not answer: {error}.") from error
    with client, parallel_config(backend="dask"):
        yield


def _alone(submission, source, how):
    """The outcome of one submission in a process that no other shares."""
    try:
        with ProcessPoolExecutor(max_workers=1) as executor:
            return executor.submit(work, submission, source, how).result()
    except BrokenProcessPool:
        reason = "The process that graded this submission was killed; perhaps it ran out of memory."
        return Outcome(
            submission,
            fingerprint=fingerprint(submission, source),
            failure=("KernelDied", reason),
        )


def _record(ledger, outcome, original):
    """Writes an outcome to the gradebook; the rows of `grades.csv`."""
    if outcome.failure:
        blank = as_released(original)
        notebook, _ = assemble(original, {"cells": blank.cells})
        notebook = refused(notebook, *outcome.failure)
    else:
        notebook = nbformat.from_dict(json.loads(outcome.notebook))
    notebook.metadata.fingerprint = outcome.fingerprint
    return ledger.record(notebook, outcome.submission.lesson, outcome.submission.student)


def _failed_rows(submission, original, reason):
    """The submission's rows of `grades.csv` where it could not be graded."""
    names = submission.lesson, submission.student
    return [record.row(*names, cell, 0, "error", reason) for cell in graded_cells(original)]


def write_grades(path, table):
    """Writes `grades.csv`, all of it or nothing."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".grades-")
    try:
        with open(handle, "w", newline="", encoding="utf-8", errors="replace") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows({**row, "message": _no_formula(row["message"])} for row in table)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _no_formula(text):
    """The text as a spreadsheet takes it for a text, for a student may have written it."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


# What the user sees.


def _score(table):
    """The marks in rows of `grades.csv`, as in 12/14."""
    return "/".join(
        record.points_text(sum(float(row[key]) for row in table))
        for key in ("points", "max_points")
    )


@contextlib.contextmanager
def _progress(total):
    """A function to report each submission with: a bar in a terminal, else a line each."""
    console = Console(stderr=True)
    if not total or not console.is_terminal:
        width, done = len(str(total)), 0

        def line(submission, table):
            nonlocal done
            done += 1
            print(f"[{done:>{width}}/{total}] {submission} {_score(table)}", flush=True)

        yield line
        return
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, TextColumn("{task.description}"), console=console) as progress:
        task = progress.add_task("", total=total)
        yield lambda submission, table: progress.update(
            task, advance=1, description=escape(f"{submission} {_score(table)}")
        )


def _summary(root, changed, wanted, failures, seconds):
    unchanged = len(wanted) - len(changed)
    print(
        f"{len(changed)} submissions graded in {seconds:.0f} s, {unchanged} unchanged, "
        f"{len(failures)} could not be graded. Marks: {root / 'grades.csv'}"
    )
    for submission, reason in failures.items():
        print(f"{submission}: {reason}", file=sys.stderr)
    if failures:
        print(f"What happened in full: {root / 'grading.log'}", file=sys.stderr)
