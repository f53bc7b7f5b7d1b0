"""Runs code that may never end, or eat all memory, apart: many short tasks of one lesson.

A *warm* process imports what the lesson imports, once, and runs its setup cells. Each task is then
a fork of it, which costs milliseconds and cannot disturb another one. A task that uses too much
processor time or memory is ended.

This is for text that the course itself wrote (banks and mutants), not for students' work.
"""

import contextlib
import io
import multiprocessing
import os
import pickle
import resource
import signal
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import contextmanager
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

import nbformat

from course.notebooks.cells import setup_cells
from course.paths import SOURCE, CourseError, notebook_path

MEMORY = 3 * 2**30
# A task that sleeps uses no processor time, so there is a limit on the clock too, in its seconds.
PATIENCE = 6
# One thread at a time may change this process's environment.
STARTING = threading.Lock()
ENVIRONMENT = {
    "MPLBACKEND": "agg",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
}


class Ended(Exception):
    """What came of a task that did not end by itself; its text says why."""


def run_apart(
    lesson: str,
    tasks: Sequence[tuple],
    *,
    jobs: int = 2,
    seconds: float = 300.0,
    source: Path = SOURCE,
) -> list[Any]:
    """Run each task in a process of its own, after the lesson's setup cells.

    Parameters
    ----------
    tasks : sequence of (callable, ...)
        A function that can be imported by name, called with the names of the setup cells and data.
    seconds : float
        Processor time that a task may use.
    source : Path
        The folder of the instructor's notebooks.

    Returns
    -------
    list
        What each task returned; an `Ended` for one that was ended.

    Raises
    ------
    CourseError
        If the setup cells or a task's function raise an error.
    """
    results: list[Any] = [None] * len(tasks)
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    with STARTING, _environment():
        warm = context.Process(target=_serve, args=(there, str(source), lesson, jobs, seconds))
        warm.start()
    there.close()
    try:
        here.send(list(tasks))
        for _ in tasks:
            index, result = here.recv()
            if isinstance(result, CourseError):
                raise CourseError(f"{lesson}: {result}")
            results[index] = result
        return results
    except EOFError:
        raise CourseError(f"{lesson}: the process that tries answers has died.") from None
    finally:
        here.close()
        warm.terminate()
        warm.join()


@contextmanager
def _environment():
    before = {name: os.environ.get(name) for name in ENVIRONMENT}
    os.environ.update(ENVIRONMENT)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _serve(connection, source, lesson, jobs, seconds):
    """The warm process: hands the tasks out and the results back."""
    tasks = connection.recv()
    try:
        scope = set_up(lesson, source)
    except Exception as error:
        connection.send((0, CourseError(f"the setup cells fail: {error!r}")))
        return
    limit = _memory_now() + MEMORY
    pending = list(enumerate(tasks))[::-1]
    running = {}
    while pending or running:
        while pending and len(running) < jobs:
            index, task = pending.pop()
            pid, results = _fork(scope, task, seconds, limit)
            running[results] = (index, pid, time.monotonic())
        deadline = min(begin for _, _, begin in running.values()) + PATIENCE * seconds
        ready = wait(running, timeout=max(0, deadline - time.monotonic()))
        now = time.monotonic()
        for results, (index, pid, begin) in list(running.items()):
            if results not in ready and now < begin + PATIENCE * seconds:
                continue
            if results not in ready:
                os.kill(pid, signal.SIGKILL)
            try:
                result = pickle.loads(results.recv_bytes())
            except EOFError:
                result = Ended("It used too much time or memory.")
            results.close()
            os.waitpid(pid, 0)
            del running[results]
            connection.send((index, result))


def set_up(lesson: str, source: Path | str = SOURCE) -> dict[str, Any]:
    """The names that a lesson's setup cells define."""
    notebook = nbformat.read(notebook_path(source, lesson), as_version=4)
    scope: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in setup_cells(notebook):
            exec(compile(cell.source, "<setup>", "exec"), scope)
    return scope


def _fork(scope, task, seconds, limit):
    here, there = multiprocessing.Pipe(duplex=False)
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        there.close()
        return pid, here
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        signal.setitimer(signal.ITIMER_PROF, seconds)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        try:
            function, *data = task
            result = function(scope, *data)
        except CourseError as error:
            result = error
        except MemoryError:
            result = Ended("It used too much memory.")
        except Exception as error:
            result = CourseError(f"{task[0].__name__} fails: {error!r}")
        there.send_bytes(pickle.dumps(result))
    finally:
        os._exit(0)


def _memory_now():
    with open("/proc/self/statm") as sizes:
        return int(sizes.read().split()[0]) * resource.getpagesize()
