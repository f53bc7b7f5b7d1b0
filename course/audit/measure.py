"""The audit of lessons: their answers and mutants through the grader, and what came of it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from joblib import Parallel, delayed

from course.audit import leaks
from course.audit.apart import Ended, run_apart
from course.audit.differences import Tried, differences
from course.audit.exercise import Exercise, Folders, defines, exercises_of
from course.audit.figures import Figures, Share, Survivor
from course.audit.garbage import taught
from course.audit.judge import Judged, judge
from course.audit.mutants import Mutant, diff
from course.authoring.running import TIMEOUT
from course.oracle.bank import Answer
from course.paths import LESSONS, RELEASE, SOURCE, lesson_file

# So many mutants stand in one notebook.
GROUP = 12
# Seconds that a cell may take with a mutant: six times what a solution usually takes, and these.
SPARE = 3


def audits(lessons: Sequence[str], jobs: int, with_mutants: bool) -> Iterator[list[Figures]]:
    """Measure the tests of each lesson, several lessons at once.

    So each lesson's imports are done once, and while one lesson waits, another one works. Those
    with most answers begin; the figures come in the order of `lessons`.
    """
    at_once = max(1, min(jobs, len(lessons)))
    how = {"jobs": max(1, jobs // at_once), "with_mutants": with_mutants}
    # Threads do: all the work is in processes of their own.
    run = Parallel(n_jobs=at_once, prefer="threads", return_as="generator_unordered")
    order, done = list(lessons), {}
    for found in run(delayed(audit)(lesson, **how) for lesson in sorted(lessons, key=_size)):
        done[found[0].lesson] = found
        while order and order[0] in done:
            yield done.pop(order.pop(0))


def _size(lesson: str) -> int:
    """The larger a lesson's bank, the smaller this is."""
    bank = lesson_file(lesson, "answers.py")
    return -bank.stat().st_size if bank.exists() else 0


def audit(
    lesson: str,
    *,
    jobs: int = 2,
    with_mutants: bool = True,
    source: Path = SOURCE,
    release: Path = RELEASE,
    lessons: Path = LESSONS,
) -> list[Figures]:
    """Measure the tests of a lesson.

    Parameters
    ----------
    lesson : str
    jobs : int
        Processes at once.
    with_mutants : bool
        Try mutants, too, which takes most of the time.
    source, release, lessons : Path
        The folders of the instructor's and the released notebooks, and of the lessons' own folders,
        with banks and inputs.

    Returns
    -------
    list of Figures
        In the order of the lesson.

    Raises
    ------
    CourseError
        If the lesson has no notebook or no bank, or the bank an answer to no exercise.
    """
    begin = perf_counter()
    folders = Folders(source, release, lessons)
    exercises = exercises_of(lesson, folders, with_mutants)
    judged = _judged(exercises, jobs, source)
    figures = [
        _figures(exercise, judged, differs, values, jobs)
        for exercise, differs, values in _examined(exercises, judged, jobs, folders)
    ]
    left = perf_counter() - begin - sum(each.seconds for each in figures)
    # Imports, drawing inputs and waiting are shared out.
    return [replace(each, seconds=each.seconds + left / len(figures)) for each in figures]


def _judged(exercises: list[Exercise], jobs: int, source: Path) -> dict[Answer, Judged]:
    """What each answer and each mutant gets."""
    lesson = exercises[0].lesson
    by_hand = [answer for each in exercises for answer in each.by_hand()]
    judged = judge(lesson, by_hand, jobs=jobs, seconds=TIMEOUT, source=source)
    usual = median(judged[each.solution].seconds for each in exercises)
    changed = [mutant.answer for each in exercises for mutant in each.mutants]
    garbage = [answer for each in exercises for answer in each.garbage]
    many = partial(
        judge,
        lesson,
        jobs=jobs,
        seconds=min(TIMEOUT, SPARE + 6 * usual),
        together=GROUP,
        source=source,
    )
    return judged | many(garbage, prepare=taught) | many(changed, one_test=True)


def _survivors(exercise: Exercise, judged: dict[Answer, Judged]) -> list[Mutant]:
    return [m for m in exercise.mutants if judged[m.answer].points == exercise.worth]


def _examined(
    exercises: list[Exercise], judged: dict[Answer, Judged], jobs: int, folders: Folders
) -> Iterator[tuple[Exercise, dict[Answer, str | None], list[float]]]:
    """For each exercise where right answers and survivors differ from the solution, and what its
    hidden tests compute."""
    lesson = exercises[0].lesson
    others = [
        [
            *(each for each in exercise.right()[1:] if defines(each)),
            *(mutant.answer for mutant in _survivors(exercise, judged)),
        ]
        for exercise in exercises
    ]
    compare: list[tuple] = []
    for exercise, own in zip(exercises, others, strict=True):
        tried = [Tried(each.source, each.kind == "right") for each in own]
        what = lesson, exercise.name, exercise.solution.source, tried
        compare.append((differences, folders.lessons, *what))
    compute = [(leaks.hidden_values, each.solution.source, each.tests) for each in exercises]
    # An exercise whose answers are all those of a quiz has no inputs.
    asked = [task for task, own in zip(compare, others, strict=True) if own]
    found = iter(run_apart(lesson, asked + compute, jobs=jobs, source=folders.source))
    told = [next(found) if own else [] for own in others]
    for exercise, own, differs in zip(exercises, others, told, strict=True):
        if isinstance(differs, Ended):
            differs = [str(differs)] * len(own)
        yield exercise, dict(zip(own, differs, strict=True)), next(found)


def _figures(
    exercise: Exercise,
    judged: dict[Answer, Judged],
    differs: dict[Answer, str | None],
    values: list[float],
    jobs: int,
) -> Figures:
    """Puts together what is known of an exercise."""
    own = {answer: got for answer, got in judged.items() if answer.exercise == exercise.name}
    right, wrong, worth = exercise.right(), exercise.wrong(), exercise.worth
    survivors = _survivors(exercise, judged)
    equivalent = [each for each in survivors if exercise.mark_of(each)]
    total = len(exercise.mutants)
    return Figures(
        exercise.lesson,
        exercise.name,
        exercise.is_function,
        right=Share(sum(own[each].points == worth for each in right), len(right)),
        rejected=Share(sum(own[each].points < worth for each in wrong), len(wrong)),
        message=Share(sum(own[each].says(each.says) for each in wrong), len(wrong)),
        marks=Share(sum(own[each].points == each.points for each in wrong), len(wrong)),
        garbage=_garbage(exercise, own),
        killed=Share(total - len(survivors), total - len(equivalent)),
        equivalent=len(equivalent),
        stub=own[exercise.stub].points if exercise.stub else 0.0,
        survivors=tuple(
            Survivor(m.operator, diff(exercise.solution.source, m.source), differs[m.answer])
            for m in survivors
            if m not in equivalent
        ),
        findings=(
            *_unlike(exercise, own),
            *_worthless(exercise, own),
            *_unequal(exercise, differs, equivalent),
            *_leaks(exercise, own, values),
        ),
        seconds=sum(got.seconds for got in own.values()) / jobs,
    )


def _unlike(exercise: Exercise, own: dict[Answer, Judged]) -> Iterator[str]:
    """Answers of the bank that do not get what they must."""
    wanted = {
        each: f"'{each.says}' and {each.points:g} marks (points=)"
        for each in exercise.wrong()
        if not own[each].says(each.says) or own[each].points != each.points
    } | {
        each: f"all {exercise.worth:g} marks"
        for each in exercise.right()
        if own[each].points != exercise.worth
    }
    for answer, must in wanted.items():
        said = " | ".join(own[answer].messages) or "no message"
        yield (
            f"The {answer.kind} answer '{answer.description}' must get {must}; "
            f"it gets {own[answer].points:g} marks and: {said}"
        )


def _garbage(exercise: Exercise, own: dict[Answer, Judged]) -> Share:
    """How often a test cell gave no points for garbage, of how many times."""
    points = [points for each in exercise.garbage for points, _ in own[each].tests.values()]
    return Share(points.count(0), len(points))


def _worthless(exercise: Exercise, own: dict[Answer, Judged]) -> Iterator[str]:
    """Test cells that give points for garbage."""
    for answer in exercise.garbage:
        for cell, (points, _) in own[answer].tests.items():
            if points:
                yield f"`{cell}` gives {points:g} marks for {answer.description}."


def _unequal(
    exercise: Exercise, differs: dict[Answer, str | None], equivalent: list[Mutant]
) -> Iterator[str]:
    """Where right answers and marked mutants differ from the solution after all, and idle marks."""
    for answer in exercise.right():
        if where := differs.get(answer):
            yield f"The right answer '{answer.description}' differs from the solution: {where}."
    for mutant in equivalent:
        if where := differs[mutant.answer]:
            yield f"The change to `{mutant.line}` is marked as equivalent, but differs: {where}."
    for mark in exercise.marked:
        if not any(mark.covers(exercise.name, mutant.line) for mutant in equivalent):
            yield f"No surviving mutant reads `{mark.line}`: drop the mark."


def _leaks(exercise: Exercise, own: dict[Answer, Judged], values: list[float]) -> Iterator[str]:
    """Messages that give away what hidden tests keep."""
    lines = set().union(*map(leaks.hidden_lines, exercise.tests))
    lists = set().union(*map(leaks.expected_lists, exercise.tests))
    for message in sorted({text for got in own.values() for text in got.messages}):
        if (given := leaks.leak(message, lines, lists, values)) is not None:
            yield f"A message gives away `{given}`: {message}"
