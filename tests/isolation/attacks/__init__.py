"""Submissions that try to be marked right, to read, to change or to hold up the grading.

One file for each of these aims. An attack is a decorated function::

    @batch.code(at="scale")
    def patched_allclose():
        \"\"\"np.allclose always agrees.\"\"\"
        np.allclose = lambda *args, **kwargs: True

Its body is the text of the student's solution cell `scale`; it is read, never run here. All other
cells hold the answers that the batch names, wrong or right ones, and so does this one where
the body does not define what the cell asks for. Where nothing else is said, the attacker must get
exactly the rows of an honest student with those answers. The text may use what `prelude.py` defines.

`@batch.file` marks a function that does run here: it damages the notebook, or puts files beside it.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

# What a forged submission returns that has written its files itself.
NOTHING = object()
# Stands above the answers in the cells after an attack.
REPORT = 'if "report" in globals():\n    report()\n\n'
PRELUDE = (Path(__file__).parent / "prelude.py").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Attack:
    """One hostile submission.

    Attributes
    ----------
    name, about : str
        `name` is the student's too.
    at : str
        The exercise whose cell holds the attack.
    text : str
        What stands in that cell; "" leaves the answer of `rest`.
    forge : callable or None
        Takes the notebook, the student's folder and what an insider knows; changes the notebook,
        or returns the bytes of the file to hand in, or a notebook of its own.
    files : dict of str to str
        What lies beside the notebook.
    rest : str
        "wrong" or "right": the answers in all the other cells.
    status : tuple of str
        What may become of the tests of `at`; empty where they must come out as an honest student's.
        Any but "passed" goes with no points.
    says : str
        A pattern that the message of these tests must match.
    everywhere : bool
        Whether `status` and `says` are about all graded cells.
    spoils : bool
        Whether it wrecks its own process, so that all of its cells may come out worse, if none better.
    notes : str
        A pattern that the notes on what was mended must match.
    harmful : bool
        Whether it could do lasting harm to the machine: its text then goes off only in a sandbox.
    won : bool
        Whether it was seen to succeed against this project's first grader, which ran the tests in
        the student's own kernel. The others were stopped there, or were too dangerous to try.
    """

    name: str
    about: str
    at: str
    text: str = ""
    forge: Callable | None = None
    files: dict = field(default_factory=dict)
    rest: str = "wrong"
    status: tuple = ()
    says: str = ""
    everywhere: bool = False
    spoils: bool = False
    notes: str = ""
    harmful: bool = False
    won: bool = False

    def __str__(self):
        return self.name

    def cell(self, known, answer):
        """The text of the attacked cell.

        Parameters
        ----------
        known : dict
            What an insider knows of the machine.
        answer : str
            The answer of `rest`.
        """
        if not self.text:
            return answer
        guard = "only_in_sandbox()\n" if self.harmful else ""
        start = f"KNOWN = {known!r}\n{PRELUDE}\n{guard}"
        if self.at in _bound(self.text):
            return start + self.text
        if self.rest == "wrong":
            return f"{answer}\n\n{start}{self.text}"
        return f"{start}{self.text}\n\n{answer}"


@dataclass
class Batch:
    """Attacks with one aim; they are graded together, as one class.

    Attributes
    ----------
    title : str
    rest : str
        "wrong" where an attack must gain nothing, "right" where it must cost nothing else.
    at : str
        The exercise whose cell holds an attack, where the attack does not say.
    lesson : str
        The lesson they hand in.
    timeout : float
        Seconds for a cell.
    jobs : int
        Submissions graded at once.
    """

    title: str
    rest: str = "wrong"
    at: str = "scale"
    lesson: str = "01_target"
    timeout: float = 20
    jobs: int = 2
    attacks: list = field(default_factory=list)

    def __str__(self):
        return self.title.replace(" ", "_")

    def code(self, at=None, *, status="", **about):
        """Mark a function whose body is an attack in a solution cell."""

        def add(function):
            self._add(function, at, status, text=_body(function), **about)
            return function

        return add

    def file(self, at=None, *, status="", **about):
        """Mark a function that damages a submission."""

        def add(function):
            self._add(function, at, status, forge=function, **about)
            return function

        return add

    def _add(self, function, at, status, **about):
        name = function.__name__.replace("_", "-")
        said = inspect.getdoc(function)
        about = {"rest": self.rest, **about}
        self.attacks.append(
            Attack(name, said, at or self.at, status=tuple(status.split()), **about)
        )


def replace(notebook, name, text):
    """Puts another text into the notebook's cell of that name."""
    cell_of(notebook, name)["source"] = text


def cell_of(notebook, name):
    """The notebook's cell of that name."""
    return next(
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == name
    )


def _body(function):
    """The text of a function's body, without its docstring."""
    text = textwrap.dedent(inspect.getsource(function))
    statements = ast.parse(text).body[0].body[1:]
    lines = text.splitlines()
    # Decorators stand above a definition, and count as its first line.
    first = min([statements[0], *getattr(statements[0], "decorator_list", [])], key=_line).lineno
    return textwrap.dedent("\n".join(lines[first - 1 :]))


def _line(node):
    return node.lineno


def _bound(text):
    """The names that a cell binds at its top level."""
    names = set()
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names
