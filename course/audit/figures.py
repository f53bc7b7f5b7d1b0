"""The audit of a lesson: its answers and mutants through the grader, and what came of it."""

import ast
from dataclasses import asdict, dataclass, field
from statistics import median
from time import perf_counter

import nbformat
from scipy.stats import binomtest

from course.audit import leaks
from course.audit.apart import Ended, run_apart
from course.audit.judge import batched, cells_by_exercise, judge
from course.audit.mutants import diff, mutants
from course.authoring.running import TIMEOUT
from course.notebooks.cells import points_of
from course.notebooks.exercises import reference
from course.oracle import bank
from course.oracle.fuzz import differences
from course.paths import LESSONS, RELEASE, SOURCE, CourseError, lesson_file, notebook_path

# So many mutants stand in one notebook, and so many answers are fuzzed in one process.
GROUP = 12
# Seconds that a cell may take with a mutant: six times what a solution usually takes, and these.
SPARE = 3


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    good: int
    of: int

    def __str__(self):
        return f"{self.good}/{self.of}"

    @property
    def ratio(self):
        return self.good / self.of if self.of else 1.0

    @property
    def interval(self):
        """Wilson's 95 % interval of the ratio."""
        if not self.of:
            return 0.0, 1.0
        found = binomtest(self.good, self.of).proportion_ci(0.95, method="wilson")
        return float(found.low), float(found.high)

    def __add__(self, other):
        return Share(self.good + other.good, self.of + other.of)


@dataclass(frozen=True)
class Survivor:
    """A mutant that earned all marks, and is not marked as equivalent.

    Attributes
    ----------
    operator, diff : str
    differs : str or None
        An input on which it differs from the solution.
    """

    operator: str
    diff: str
    differs: str | None


@dataclass
class Figures:
    """How good the tests of one exercise are.

    Attributes
    ----------
    lesson, exercise : str
    is_function : bool
        Whether it asks for a function; else it is a quiz.
    right, rejected, message, marks : Share
        Right answers accepted; misconceptions rejected, with their message, with their marks.
    killed : Share
        Of the mutants that are not equivalent.
    equivalent : int
        Mutants that survived and are marked as equivalent in the bank.
    stub : float
        What the untouched stub earns.
    survivors : list of Survivor
    findings : list of str
        All that is wrong otherwise, a sentence each.
    seconds : float
    """

    lesson: str
    exercise: str
    is_function: bool
    right: Share
    rejected: Share
    message: Share
    marks: Share
    killed: Share = Share(0, 0)
    equivalent: int = 0
    stub: float = 0.0
    survivors: list = field(default_factory=list)
    findings: list = field(default_factory=list)
    seconds: float = 0.0

    def as_dict(self):
        """Plain data, with the intervals."""
        plain = asdict(self)
        for name in ("right", "rejected", "message", "marks", "killed"):
            share = getattr(self, name)
            plain[name] = {"good": share.good, "of": share.of, "interval": share.interval}
        return plain


def audit(
    lesson,
    *,
    jobs=2,
    with_mutants=True,
    source=SOURCE,
    release=RELEASE,
    lessons=LESSONS,
):
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
        If the lesson has no notebook or no bank.
    """
    for path in (notebook_path(source, lesson), lesson_file(lesson, "answers.py", lessons)):
        if not path.exists():
            raise CourseError(f"{lesson} has no {path}.")
    return _Audit(lesson, jobs, with_mutants, source, release, lessons).figures()


class _Audit:
    def __init__(self, lesson, jobs, with_mutants, source, release, lessons):
        self.lesson, self.jobs, self.source, self.lessons = lesson, jobs, source, lessons
        self.tests = cells_by_exercise(lesson, source)
        self.solutions = _solutions(source, lesson, self.tests)
        stubs = _solutions(release, lesson, self.tests)
        self.worth = {name: sum(map(points_of, tests)) for name, tests in self.tests.items()}
        self.bank = bank.load(lesson, lessons)
        for name in {each.exercise for each in self.bank} - self.solutions.keys():
            raise CourseError(f"{lesson}/answers.py: there is no exercise `{name}` in the lesson.")
        self.marked = bank.equivalents(lesson, lessons)
        self.mutants = {
            name: mutants(name, text) if with_mutants and _is_function(text, name) else []
            for name, text in self.solutions.items()
        }
        self.with_mutants = with_mutants
        self.references = {
            name: bank.Answer(name, "right", "the author's", text)
            for name, text in self.solutions.items()
        }
        self.stubs = {name: bank.Answer(name, "stub", "", text) for name, text in stubs.items()}

    def figures(self):
        begin = perf_counter()
        by_hand = [*self.references.values(), *self.stubs.values(), *self.bank]
        judged = self._judge(by_hand, TIMEOUT)
        usual = median(judged[each].seconds for each in self.references.values())
        answers = {
            mutant: bank.Answer(name, "mutant", str(mutant), mutant.source)
            for name, found in self.mutants.items()
            for mutant in found
        }
        seconds = min(TIMEOUT, SPARE + 6 * usual)
        judged |= self._judge(list(answers.values()), seconds, together=GROUP)
        self.judged = judged
        self.survivors = [
            m for m, a in answers.items() if judged[a].points == self.worth[m.exercise]
        ]
        self.messages = {
            name: {
                text
                for each, got in judged.items()
                if each.exercise == name
                for text in got.messages
            }
            for name in self.solutions
        }
        self._examine()
        figures = [self._of(name) for name in self.solutions]
        left = perf_counter() - begin - sum(each.seconds for each in figures)
        for each in figures:  # imports, fuzzing and waiting, shared out
            each.seconds += left / len(figures)
        return figures

    def _judge(self, answers, seconds, **how):
        where = {"jobs": self.jobs, "source": self.source}
        return judge(self.lesson, answers, seconds=seconds, **how, **where)

    def _examine(self):
        """Fuzz the right answers and the survivors, and see what hidden tests compute."""
        right = [
            each
            for each in self.bank
            if each.kind == "right" and _is_function(each.source, each.exercise)
        ]
        groups = [
            (name, group)
            for name in self.solutions
            for group in batched(
                [each for each in (*right, *self.survivors) if each.exercise == name], GROUP
            )
        ]
        tasks = []
        for name, group in groups:
            texts = [(each.source, each in right) for each in group]
            where = str(self.lessons), self.lesson, name
            tasks.append((differences, *where, self.solutions[name], texts))
        tasks += [
            (leaks.hidden_values, text, [cell.source for cell in self.tests[name]])
            for name, text in self.solutions.items()
        ]
        found = run_apart(self.lesson, tasks, jobs=self.jobs, source=self.source)
        self.differs = {}
        for (_, group), told in zip(groups, found, strict=False):
            told = [str(told)] * len(group) if isinstance(told, Ended) else told
            self.differs |= zip(group, told, strict=True)
        self.values = dict(zip(self.solutions, found[len(groups) :], strict=True))

    def _of(self, name):
        answers = [each for each in self.bank if each.exercise == name]
        right = [self.references[name], *(each for each in answers if each.kind == "right")]
        wrong = [each for each in answers if each.kind == "wrong"]
        accepted = [each for each in right if self.judged[each].points == self.worth[name]]
        rejected = [each for each in wrong if self.judged[each].points < self.worth[name]]
        told = [e for e in wrong if e.says in " | ".join(self.judged[e].messages)]
        marked = [each for each in wrong if self.judged[each].points == each.points]
        survivors = [each for each in self.survivors if each.exercise == name]
        equivalent = [each for each in survivors if self._mark(each)]
        open_ = [each for each in survivors if not self._mark(each)]
        total = len(self.mutants[name])
        ours = [each for each in self.judged if each.exercise == name]
        return Figures(
            self.lesson,
            name,
            _is_function(self.solutions[name], name),
            right=Share(len(accepted), len(right)),
            rejected=Share(len(rejected), len(wrong)),
            message=Share(len(told), len(wrong)),
            marks=Share(len(marked), len(wrong)),
            killed=Share(total - len(survivors), total - len(equivalent)),
            equivalent=len(equivalent),
            stub=self.judged[self.stubs[name]].points if name in self.stubs else 0.0,
            survivors=[
                Survivor(m.operator, diff(self.solutions[name], m.source), self.differs[m])
                for m in open_
            ],
            findings=[
                *(self._unlike(each, f"'{each.says}' and {each.points:g} marks (points=)")
                  for each in wrong if each not in told or each not in marked),
                *(self._unlike(each, f"all {self.worth[name]:g} marks")
                  for each in right if each not in accepted),
                *(f"The right answer '{each.description}' differs from the solution: {where}."
                  for each in right if (where := self.differs.get(each))),
                *(f"The change to `{m.line}` is marked as equivalent, but differs: {where}."
                  for m in equivalent if (where := self.differs[m])),
                *self._idle_marks(name, equivalent),
                *self._leaks(name),
            ],
            seconds=sum(self.judged[each].seconds for each in ours) / self.jobs,
        )  # fmt: skip

    def _mark(self, mutant):
        return next((m for m in self.marked if m.covers(mutant.exercise, mutant.line)), None)

    def _unlike(self, answer, wanted):
        got = self.judged[answer]
        said = " | ".join(got.messages) or "no message"
        return (
            f"The {answer.kind} answer '{answer.description}' must get {wanted}; "
            f"it gets {got.points:g} marks and: {said}"
        )

    def _idle_marks(self, name, equivalent):
        if not self.with_mutants:
            return
        for mark in self.marked:
            if mark.exercise == name and not any(mark.covers(name, m.line) for m in equivalent):
                yield f"No surviving mutant reads `{mark.line}`: drop the mark."

    def _leaks(self, name):
        sources = [cell.source for cell in self.tests[name]]
        lines = set().union(*map(leaks.hidden_lines, sources))
        lists = set().union(*map(leaks.expected_lists, sources))
        for message in sorted(self.messages[name]):
            if (given := leaks.leak(message, lines, lists, self.values[name])) is not None:
                yield f"A message gives away `{given}`: {message}"


def _solutions(folder, lesson, tests):
    """The solution cells of a notebook that have tests, by exercise."""
    notebook = nbformat.read(notebook_path(folder, lesson), as_version=4)
    return {name: text for name, text in reference(notebook).items() if name in tests}


def _is_function(source, name):
    body = ast.parse(source).body
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in body)


def overall(figures, name):
    """The shares of all exercises together."""
    return sum((getattr(each, name) for each in figures), Share(0, 0))
