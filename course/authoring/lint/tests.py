"""Test cells: what they may read, change and ask, and what they say."""

import ast
import builtins
import re

from course.authoring.lint.names import bound_names, outside_functions
from course.authoring.lint.rules import Breaches, Cells, rule
from course.notebooks.asserts import assertions, is_assertion

CODE_SPAN = re.compile(r"`([^`\n]+)`")
# Names that mean nothing where graded cells run, and attributes that no answer has there.
ELSEWHERE = {
    "In", "Out", "_", "eval", "exec", "exit", "get_ipython", "globals", "input", "locals", "quit",
}  # fmt: skip
INSIDE = {"__closure__", "__code__", "__defaults__", "__dict__", "__globals__", "__wrapped__"}
SOURCES = {"getfile", "getmodule", "getsource", "getsourcefile", "getsourcelines"}


@rule
def tests_read_what_was_asked(cells: Cells) -> Breaches:
    """A test's names come from itself, the setup, or an exercise that the text asks for."""
    trusted = set(dir(builtins))
    asked, prose = set(), ""
    for cell in cells:
        if cell.is_setup:
            trusted |= cell.binds
        elif cell.is_markdown:
            prose += cell.source + "\n"
        elif cell.is_solution:
            spans = " ".join(CODE_SPAN.findall(prose)) + " " + cell.visible
            words = set(re.findall(r"\w+", spans))
            asked |= cell.binds & words
        if not cell.is_test:
            continue
        for name in sorted(cell.reads - cell.binds - trusted - asked):
            yield cell, f"reads `{name}`, which neither the text before it nor the setup gives."


@rule
def tests_overwrite_nothing(cells: Cells) -> Breaches:
    """In JupyterLab a test shares its names with the lesson: a later cell must not meet them."""
    for place, cell in enumerate(cells):
        for name in sorted(bound_names(cell.tree, outside_functions)) if cell.is_test else ():
            for later in cells[place + 1 :]:
                if later.is_test:
                    continue
                if name in later.reads - later.binds:
                    yield cell, f"overwrites `{name}`, which {later.name} uses."
                    break
                if name in later.binds:
                    break


@rule
def tests_work_from_outside(cells: Cells) -> Breaches:
    """Graded cells run outside of the student's process: an answer is data or can be called."""
    for cell in cells:
        if not cell.is_test:
            continue
        for line in cell.source.split("\n"):
            if line.startswith(("%", "!")):
                yield cell, f"`{line[:40]}` is IPython's own: graded cells are plain Python."
        bound = cell.binds
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.Name) and node.id in ELSEWHERE - bound:
                yield cell, f"`{node.id}` does not reach the student's notebook from a graded cell."
            elif isinstance(node, ast.Attribute) and node.attr in INSIDE:
                yield cell, f"`{node.attr}` cannot be seen: an answer lives in another process."
            elif isinstance(node, ast.Attribute) and node.attr in SOURCES:
                yield cell, f"`{node.attr}` finds no source: an answer lives in another process."


@rule
def graded_cells_end_in_statements(cells: Cells) -> Breaches:
    """nbgrader takes the value of a last expression for partial credit."""
    for cell in cells:
        last = cell.tree.body[-1] if cell.is_test and cell.tree.body else None
        if isinstance(last, ast.Expr) and not is_assertion(last):
            yield cell, f"ends in the expression `{ast.unparse(last)[:60]}`: end it in an assert."


@rule
def asserts_say_why(cells: Cells) -> Breaches:
    for cell in cells:
        for question, message in assertions(cell.tree) if cell.is_test else ():
            if message is None:
                shown = ast.unparse(question)[:60]
                yield cell, f"`assert {shown}` has no message for the student."
