"""The workers: joblib's processes, or a Dask cluster's, each busy with a submission of its own."""

import contextlib
import time
import warnings
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from joblib import Parallel, cpu_count, delayed, parallel_config
from joblib.externals.loky import ProcessPoolExecutor
from joblib.externals.loky.process_executor import BrokenProcessPool

from course import scratch
from course.gradebook.class_folder import Submission
from course.grading.work import Outcome, fingerprint, work
from course.paths import CourseError

SECOND_TRIES = 1800.0


@contextlib.contextmanager
def at_work(
    submissions: Sequence[Submission],
    source: Path,
    how: Mapping[str, Any],
    jobs: int | None = None,
    scheduler: str | None = None,
    second_tries: float = SECOND_TRIES,
) -> Iterator[Iterator[Outcome]]:
    """Workers that have begun; their outcomes come in any order.

    What was stopped by a limit while others ran beside it is tried again when they are done: alone,
    on this machine. That outcome counts.

    Parameters
    ----------
    submissions : sequence of Submission
        At least one.
    source, how
        As `work` takes them.
    jobs : int, optional
        Submissions at a time; as many as there are processors by default.
    scheduler : str, optional
        Address of a Dask scheduler whose workers do it.
    second_tries : float
        Seconds after which no second try is begun any more.
    """
    outcomes = _outcomes(submissions, source, how, jobs, scheduler)
    with contextlib.closing(outcomes):
        next(outcomes)
        alone = jobs == 1 and scheduler is None
        seconds = None if alone or len(submissions) == 1 else second_tries
        yield _counting(outcomes, source, how, seconds)


def _counting(
    outcomes: Iterator[Outcome], source: Path, how: Mapping[str, Any], seconds: float | None
) -> Iterator[Outcome]:
    """The outcomes that count: second tries in place of first ones, those with few stops first."""
    stopped = []
    for outcome in outcomes:
        if outcome.stopped and seconds is not None:
            stopped.append(outcome)
        else:
            yield outcome
    deadline = time.monotonic() + (seconds or 0)
    for outcome in sorted(stopped, key=lambda each: each.stopped):
        in_time = time.monotonic() < deadline
        yield _alone(outcome.submission, source, how, True) if in_time else outcome.tried_once()


def _outcomes(
    submissions: Sequence[Submission],
    source: Path,
    how: Mapping[str, Any],
    jobs: int | None,
    scheduler: str | None,
) -> Generator[Any, None, None]:
    """None as soon as the work has begun, then the outcome of each submission."""
    tasks = [delayed(work)(each, source, how) for each in submissions]
    waiting = dict.fromkeys(submissions)
    try:
        with _backend(scheduler), warnings.catch_warnings():
            # Of joblib, where the rest is given up.
            for words in ("successfully executed +but not used", "still being processed"):
                warnings.filterwarnings("ignore", f".*{words}")
            pool = Parallel(
                n_jobs=-1 if scheduler else min(jobs or cpu_count(), len(submissions)),
                return_as="generator_unordered",
                batch_size=1,
                pre_dispatch="all" if scheduler else "2*n_jobs",
            )
            with contextlib.closing(pool(tasks)) as outcomes:
                yield None
                for outcome in outcomes:
                    del waiting[outcome.submission]
                    yield outcome
    except BrokenProcessPool:
        # A worker died. Which submission it was is not known: the rest is done one at a time.
        for submission in list(waiting):
            yield _alone(submission, source, how)


@contextlib.contextmanager
def _backend(scheduler: str | None) -> Iterator[None]:
    if scheduler is None:
        with local_workers():
            yield
        return
    from distributed import Client

    try:
        client = Client(scheduler, timeout=10)
    except (OSError, ValueError) as error:
        raise CourseError(f"The scheduler {scheduler} does not answer: {error}.") from error
    with client, parallel_config(backend="dask"):
        yield


@contextlib.contextmanager
def local_workers() -> Iterator[None]:
    """Has joblib take processes of this machine meanwhile, which end when this one does."""
    run = str(scratch.own())
    joined = {"initializer": scratch.join, "initargs": (run,)}
    with parallel_config(backend="loky", temp_folder=run, **joined):
        yield


def _alone(
    submission: Submission, source: Path, how: Mapping[str, Any], again: bool = False
) -> Outcome:
    """The outcome of one submission in a process that no other shares."""
    try:
        run = str(scratch.own())
        with ProcessPoolExecutor(1, initializer=scratch.join, initargs=(run,)) as executor:
            outcome: Outcome = executor.submit(work, submission, source, how, again).result()
            return outcome
    except BrokenProcessPool:
        reason = "The process that graded this submission was killed; perhaps it ran out of memory."
        own = fingerprint(submission, source)
        return Outcome(submission, own, refusal=("KernelDied", reason))
