"""What a graded cell earned, and why."""

import re
from enum import StrEnum
from typing import Protocol

from nbformat import NotebookNode
from nbformat.v4 import new_output

from course.notebooks.answers import explained
from course.notebooks.cells import (
    clean_text,
    exercise_of,
    grade_id,
    is_autotest,
    is_graded,
    points_of,
)

MAX_MESSAGE = 500
PLAIN_FLOAT = re.compile(r"\d+\.\d+(e[+-]\d+)?|\de[+-]\d+")
ESCAPE_CODES = re.compile(r"\x1b(\[[0-9;?]*[ -/]*[@-~]|[@-_])?")


class Status(StrEnum):
    """How a graded cell did, as `grades.csv` has it."""

    PASSED = "passed"
    FAILED = "failed"
    PARTIAL = "partial"
    ERROR = "error"
    TIMEOUT = "timeout"
    KILLED = "killed"
    MISSING = "missing"
    MANUAL = "manual"


# With these no marks were lost: all were earned, or nobody has given them yet.
NOTHING_LOST = frozenset({Status.PASSED, Status.MANUAL})


# What the grader itself puts in the place of an outcome, and the status that it stands for.
REFUSALS = {
    "CellTimeout": Status.TIMEOUT,
    "KernelDied": Status.KILLED,
    "LimitReached": Status.KILLED,
    "SubmissionMissing": Status.MISSING,
    "NotRun": Status.ERROR,
}
# With these a cell was stopped by a limit, which others on the same machine may have a share in.
BY_LIMITS = ("CellTimeout", "LimitReached")
TRIED_TWICE = "tried twice, the second time alone"
TRIED_ONCE = "tried once, beside others: no time was left to try it again alone"
WAITS = "Waits to be marked by hand."
UNSOLVED = ("NotSolvedYet", "NotImplementedError")


def normalise(notebook: NotebookNode) -> NotebookNode:
    """Leaves in each test cell only what its marks may depend on, and returns the notebook.

    nbgrader takes all marks for a warning on stderr, and reads a cell's last value as its marks.
    Here an error takes them, warnings do not, and a last value counts only if it is a plain float
    from 0 to the cell's points, as a test for partial marks ends with, ``float(share * 2)``: `nan`,
    ``np.float64(0)``, 0 and -1 are just values.
    """
    for cell in notebook.cells:
        if not is_autotest(cell):
            continue
        error = _error(cell)
        if error is not None:
            cell.outputs = [explained(error, cell, notebook)]
            continue
        points = points_of(cell)
        cell.outputs = [output for output in cell.outputs if _harmless(output, points)]
    return notebook


def _error(cell: NotebookNode) -> NotebookNode | None:
    return next((out for out in cell.get("outputs", []) if out.output_type == "error"), None)


def _harmless(output: NotebookNode, points: float) -> bool:
    if output.output_type == "stream":
        return str(output.name) != "stderr"
    if output.output_type == "execute_result":
        text = output.get("data", {}).get("text/plain")
        return isinstance(text, str) and bool(PLAIN_FLOAT.fullmatch(text) and float(text) <= points)
    return True


def refused(notebook: NotebookNode, ename: str, reason: str) -> NotebookNode:
    """`notebook` with each graded cell holding an error in place of an outcome: no marks.

    Parameters
    ----------
    notebook : NotebookNode
        Is changed.
    ename : str
        One of `REFUSALS`.
    reason : str
        A sentence for the student.
    """
    notebook.metadata.refused = {"ename": ename, "reason": reason}
    for cell in notebook.cells:
        if is_graded(cell) and cell.cell_type == "code":
            cell.outputs = [
                new_output("error", ename=ename, evalue=reason, traceback=[f"{ename}: {reason}"])
            ]
    return notebook


def stopped_by_limits(notebook: NotebookNode) -> list[NotebookNode]:
    """The error outputs of the cells that were stopped by a limit.

    Parameters
    ----------
    notebook : NotebookNode
        After its cells were run.
    """
    errors = (_error(cell) for cell in notebook.cells if cell.cell_type == "code")
    return [error for error in errors if error is not None and error.ename in BY_LIMITS]


def remark(notebook: NotebookNode, words: str) -> None:
    """Adds `words` to what is said of each cell that was stopped by a limit."""
    for error in stopped_by_limits(notebook):
        error.evalue = f"{error.evalue.rstrip('.')} ({words})."
        error.traceback = [f"{error.ename}: {error.evalue}"]


def stopped_cells(notebook: NotebookNode) -> dict[str | None, NotebookNode]:
    """What stopped the cells that did not run to their end, by their nbgrader id."""
    return {
        grade_id(cell): error
        for cell in notebook.cells
        if cell.cell_type == "code" and (error := _error(cell)) is not None
    }


class Graded(Protocol):
    """What a verdict asks of an entry of the gradebook, as nbgrader's own `Grade` has it."""

    @property
    def score(self) -> float: ...
    @property
    def max_score(self) -> float: ...
    @property
    def auto_score(self) -> float | None: ...
    @property
    def manual_score(self) -> float | None: ...


def verdict(
    cell: NotebookNode,
    grade: Graded,
    refusal: dict[str, str] | None = None,
    stopped: dict[str | None, NotebookNode] | None = None,
) -> tuple[Status, str]:
    """How a graded cell did. Marks by hand replace the status; the message stays.

    Parameters
    ----------
    cell : NotebookNode
        The cell of the autograded notebook.
    grade : Graded
        What the gradebook says of it.
    refusal : dict, optional
        The `ename` and `reason` for which the whole submission was refused.
    stopped : dict, optional
        The notebook's `stopped_cells`: why a test may miss its solution's name.

    Returns
    -------
    status : Status
    message : str
        One line.
    """
    status, message = _automatic(cell, grade, refusal, stopped or {})
    kept = cell.metadata.get("kept")
    if kept:
        message = f"The marks from before are kept. Now: {message or 'fewer'}"
    if kept or grade.manual_score is not None:
        status = by_score(grade.score, grade.max_score)
    return status, one_line(message)


def _automatic(
    cell: NotebookNode,
    grade: Graded,
    refusal: dict[str, str] | None,
    stopped: dict[str | None, NotebookNode],
) -> tuple[Status, str]:
    if refusal:
        return REFUSALS.get(refusal["ename"], Status.ERROR), refusal["reason"]
    if not is_autotest(cell):
        if grade.auto_score == 0:
            return Status.MISSING, "Not answered."
        return Status.MANUAL, "" if grade.manual_score is not None else _waits(cell)
    error = _error(cell)
    if error is not None:
        solution = exercise_of(grade_id(cell) or "")
        if error.ename == "NameError" and solution in stopped:
            status, message = _explain(stopped[solution])
            unsolved = stopped[solution].ename in UNSOLVED
            return status, message if unsolved else f"Cell `{solution}`: {message}"
        return _explain(error)
    return by_score(grade.score, grade.max_score), ""


def _waits(cell: NotebookNode) -> str:
    earlier = cell.metadata.get("earlier")
    return f"{WAITS} The answer before {earlier}" if earlier else WAITS


def by_score(score: float, max_score: float) -> Status:
    """The status that the points alone give."""
    if score >= max_score:
        return Status.PASSED
    return Status.PARTIAL if score > 0 else Status.FAILED


def _explain(error: NotebookNode) -> tuple[Status, str]:
    """Status and message of a cell that ended in `error`."""
    name, text = error.ename, error.evalue
    if name in REFUSALS:
        return REFUSALS[name], text
    if name == "AssertionError":
        return Status.FAILED, text or "A check in this test failed."
    if name in UNSOLVED:
        return Status.FAILED, "The exercise has not been solved yet."
    return Status.ERROR, f"{name}: {text}" if text else name


def one_line(text: object) -> str:
    """`text` on one line of bounded length, without colour codes and control characters."""
    text = ESCAPE_CODES.sub("", clean_text(str(text)))
    text = "".join(char if char.isprintable() else " " for char in text)
    text = " ".join(text.split())
    return text if len(text) <= MAX_MESSAGE else text[: MAX_MESSAGE - 1] + "…"


def points_text(points: float | str) -> str:
    """Points as a plain number: 2, 1.5."""
    return f"{float(points):.10g}"
