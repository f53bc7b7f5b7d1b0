"""The bank of answers: what students write, rightly and wrongly, and what each must earn.

`answers.py` in a lesson's folder holds its bank: instructors' material, never released::

    @right("inverse transform")
    def sample_categories(category_prob, n, rng):
        return np.searchsorted(np.cumsum(category_prob), rng.random(n))

    @wrong("ignores the probabilities", says="are the probabilities used")
    def sample_categories(category_prob, n, rng):
        return rng.integers(len(category_prob), size=n)

    quiz_1 = wrong("a", says="what does a weight decide")

    equivalent(
        "sample_categories",
        "if abs(category_prob.sum() - 1) >= 1e-6:",
        because="No input is off by exactly the tolerance.",
    )

The name defined is the exercise. An answer's free names are those of the lesson's setup cells. The
files are read, never run: only an answer's own text reaches a grader.

`equivalent` is for `python -m course audit`, which makes small mistakes in the author's solution
and sees whether the tests notice: it names changes that make no difference, and why.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from course.paths import LESSONS, CourseError, lesson_file


def right(description):
    """Mark an answer that must earn all marks.

    Parameters
    ----------
    description : str
        What is different about this way of writing it; for a variable, its value.
    """
    return lambda answer: answer


def wrong(description, *, says, points=0):
    """Mark an answer that holds a misconception.

    Parameters
    ----------
    description : str
        The misconception; for a variable, its value.
    says : str
        A phrase of the message that the student must get.
    points : float
        What the answer must earn all the same, over all tests of the exercise.
    """
    return lambda answer: answer


def equivalent(exercise, *lines, because):
    """Mark changes of the author's solution that no test can notice, since they make no difference.

    Parameters
    ----------
    exercise : str or tuple of str
        Of several exercises, if the same holds for each.
    *lines : str
        What the changed line reads then, whatever its spaces; ``...`` stands for anything.
    because : str
        Why that makes no difference.
    """


@dataclass(frozen=True)
class Equivalent:
    """A change of the author's solution that makes no difference.

    Attributes
    ----------
    exercise : str
    line : str
        What the changed line reads; ``...`` stands for anything.
    because : str
    """

    exercise: str
    line: str
    because: str

    def covers(self, exercise: str, line: str) -> bool:
        """Whether this is about that changed line of that exercise's solution."""
        wanted, line = ("".join(text.split()) for text in (self.line, line))
        pattern = ".*".join(re.escape(part) for part in wanted.split("..."))
        return exercise == self.exercise and re.fullmatch(pattern, line) is not None


@dataclass(frozen=True)
class Answer:
    """One answer of the bank.

    Attributes
    ----------
    exercise : str
        The function or variable that it defines.
    kind : str
        ``right`` or ``wrong``.
    description : str
    source : str
        What goes into the solution cell.
    says : str or None
        A phrase of the message that a wrong answer must get.
    points : float or None
        What a wrong answer must earn; None stands for all marks.
    """

    exercise: str
    kind: str
    description: str
    source: str
    says: str | None = None
    points: float | None = None

    def __str__(self):
        return f"{self.exercise}: {self.kind}: {self.description}"


def load(lesson: str, folder: Path = LESSONS) -> list[Answer]:
    """Read a lesson's bank.

    Parameters
    ----------
    lesson : str
    folder : Path

    Returns
    -------
    list of Answer
        In the order of the file.

    Raises
    ------
    CourseError
        If an entry is marked as neither right nor wrong, or not as it should be.
    """
    text = lesson_file(lesson, "answers.py", folder).read_text(encoding="utf-8")
    file = f"{lesson}/answers.py"
    answers: list[Answer] = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            marks = [mark for mark in node.decorator_list if _kind(mark)]
            if len(marks) != 1:
                raise CourseError(f"{file}, line {node.lineno}: mark it @right or @wrong.")
            lines = text.splitlines()[node.lineno - 1 : node.end_lineno]
            answers.append(_answer(node.name, marks[0], "\n".join(lines), file))
        elif (
            isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and _kind(node.value)
        ):
            name, value = ast.unparse(node.targets[0]), ast.unparse(node.value.args[0])
            answers.append(_answer(name, node.value, f"{name} = {value}", file))
    return answers


def equivalents(lesson: str, folder: Path = LESSONS) -> list[Equivalent]:
    """The changes that a lesson's bank marks as making no difference.

    Returns
    -------
    list of Equivalent
    """
    marks: list[Equivalent] = []
    text = lesson_file(lesson, "answers.py", folder).read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        call = node.value if isinstance(node, ast.Expr) else None
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "equivalent":
            named, *lines = (ast.literal_eval(argument) for argument in call.args)
            because = ast.literal_eval(call.keywords[0].value)
            exercises = (named,) if isinstance(named, str) else named
            marks += [Equivalent(name, line, because) for name in exercises for line in lines]
    return marks


def _kind(node):
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("right", "wrong"):
        return node.func.id
    return None


def _answer(exercise, mark, source, file):
    kind = _kind(mark)
    extra = {keyword.arg: ast.literal_eval(keyword.value) for keyword in mark.keywords}
    if kind == "wrong":
        extra.setdefault("points", 0)
    where = f"{file}, line {mark.lineno}"
    if kind == "right" and extra:
        raise CourseError(f"{where}: @right takes a description alone.")
    if kind == "wrong" and (not extra.get("says") or extra.keys() - {"says", "points"}):
        raise CourseError(
            f"{where}: @wrong takes a description, says='a phrase of its message' and, "
            "if it earns any marks, points=..."
        )
    return Answer(exercise, kind, str(ast.literal_eval(mark.args[0])), source, **extra)
