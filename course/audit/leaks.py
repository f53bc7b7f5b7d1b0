"""Whether a message gives away what the hidden tests keep: their text, or what they expect."""

import ast
import re
from collections.abc import Sequence

import numpy as np

from course.notebooks.asserts import assertions

HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS\n(.*?)^### END HIDDEN TESTS", re.M | re.S)
# A number that nobody would write by chance: with a decimal point and at least four digits.
NUMBER = re.compile(r"-?\d+\.\d+(?:e[+-]?\d+)?")
SHORTEST_LINE = 12
LARGEST_ARRAY = 500
COMPARED = {"np.allclose", "np.isclose", "np.array_equal", "is_like", "assert_like"}


def hidden_part(source: str) -> str:
    """The hidden text of a test cell."""
    return "\n".join(HIDDEN.findall(source))


def hidden_lines(source: str) -> set[str]:
    """The statements of a cell's hidden tests, without their messages, each as one line."""
    tree = ast.parse(hidden_part(source))
    lines = {ast.unparse(question) for question, _ in assertions(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Return):
            lines.add(ast.unparse(node))
    return {line for line in lines if len(line) >= SHORTEST_LINE}


def expected_lists(source: str) -> set[str]:
    """Lists of numbers that hidden tests compare with, as they would be printed."""
    found = set()
    for question, _ in assertions(ast.parse(hidden_part(source))):
        for part in ast.walk(question):
            if isinstance(part, ast.Call) and ast.unparse(part.func) in COMPARED:
                found |= {ast.unparse(each) for each in part.args if _is_list(each)}
            elif isinstance(part, ast.Compare):
                found |= {ast.unparse(each) for each in part.comparators if _is_list(each)}
    return found


def _is_list(node):
    try:
        value = ast.literal_eval(node)
    except (ValueError, SyntaxError):
        return False
    # A tuple is a shape.
    return isinstance(value, list) and np.size(value) > 1


def leak(message: str, lines: set[str], lists: set[str], values: Sequence[float]) -> str | None:
    """What a message gives away; None if nothing.

    Parameters
    ----------
    message : str
    lines : set of str
        Of `hidden_lines`.
    lists : set of str
        Of `expected_lists`.
    values : sequence of float
        Of `hidden_values`.
    """
    text = " ".join(message.split())
    for line in (*lines, *lists):
        if line in text:
            return line
    for shown in NUMBER.findall(text):
        digits = shown.split("e")[0].lstrip("-0.").replace(".", "")
        if len(digits) < 4:
            continue
        step = 10.0 ** -len(shown.split("e")[0].partition(".")[2])
        step *= 10.0 ** int(shown.partition("e")[2] or 0)
        if len(values) and np.min(np.abs(np.asarray(values) - float(shown))) <= step / 2:
            return shown
    return None


def hidden_values(scope: dict, solution: str, tests: Sequence[str]) -> list[float]:
    """The numbers that hidden tests compute where the solution is right: a task for `run_apart`.

    Parameters
    ----------
    scope : dict
        The names of the lesson's setup cells.
    solution : str
        The author's text.
    tests : sequence of str
        The test cells of the exercise.

    Returns
    -------
    list of float
    """
    scope = {**scope}
    exec(compile(solution, "<solution>", "exec"), scope)
    values: set[float] = set()
    for source in tests:
        names = {**scope}
        exec(compile(source, "<test>", "exec"), names)
        for node in ast.walk(ast.parse(hidden_part(source))):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                values |= _floats(names.get(node.id))
    return sorted(values)


def _floats(value):
    try:
        array = np.asarray(value, dtype=float).ravel()
    except (TypeError, ValueError):
        return set()
    if array.size > LARGEST_ARRAY:
        return set()
    return {float(x) for x in array if np.isfinite(x) and x != np.round(x)}
