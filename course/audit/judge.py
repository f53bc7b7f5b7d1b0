"""Tries answers against the tests of their exercises. All that the audit asks of a grader."""

from dataclasses import dataclass

import nbformat

from course.audit.apart import Ended, run_apart
from course.lint import exercise_of
from course.paths import SOURCE, notebook_path

SECONDS = 10.0


@dataclass(frozen=True)
class Judged:
    """What an answer got.

    Attributes
    ----------
    tests : dict of str to (float, str)
        For each test cell of the exercise, the points and the message.
    seconds : float
        How long its tests took.
    """

    tests: dict
    seconds: float

    @property
    def points(self):
        return sum(points for points, _ in self.tests.values())

    @property
    def messages(self):
        return [message for _, message in self.tests.values() if message]


def judge(lesson, answers, *, jobs=2, seconds=SECONDS, source=SOURCE):
    """Try answers of one lesson, each in a process of its own.

    Parameters
    ----------
    lesson : str
    answers : sequence of course.bank.Answer
    jobs : int
        How many are tried at once.
    seconds : float
        Processor time that the tests of one answer may use.
    source : Path
        The folder of the instructor's notebooks.

    Returns
    -------
    dict of course.bank.Answer to Judged
    """
    tests = tests_of(lesson, source)
    tasks = [(answer.source, tests[answer.exercise]) for answer in answers]
    judged = {}
    for index, result, elapsed in run_apart(
        lesson, _try_out, tasks, jobs=jobs, seconds=seconds, source=source
    ):
        answer = answers[index]
        if isinstance(result, Ended):
            result = {name: (0.0, str(result)) for name, _, _ in tests[answer.exercise]}
        judged[answer] = Judged(result, elapsed)
    return {answer: judged[answer] for answer in answers}


def tests_of(lesson, source=SOURCE):
    """The test cells of each exercise: name, points and text."""
    notebook = nbformat.read(notebook_path(source, lesson), as_version=4)
    tests = {}
    for cell in notebook.cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and nbgrader.get("grade"):
            name, points = nbgrader["grade_id"], float(nbgrader["points"])
            tests.setdefault(exercise_of(name), []).append((name, points, cell.source))
    return tests


def _try_out(scope, task):
    source, tests = task
    names = {**scope}
    try:
        exec(compile(source, "<answer>", "exec"), names)
        broken = None
    except Exception as error:
        broken = error
    results = {}
    for name, points, text in tests:
        try:
            exec(compile(text, f"<{name}>", "exec"), {**names})
            results[name] = (points, "")
        except Exception as error:
            results[name] = (0.0, _message(broken or error))
    return results


def _message(error):
    if isinstance(error, AssertionError):
        return str(error) or "A check in this test failed."
    if isinstance(error, NotImplementedError):
        return "The exercise has not been solved yet."
    return f"{type(error).__name__}: {error}"
