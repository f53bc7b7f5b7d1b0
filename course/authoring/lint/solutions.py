"""Solution cells: what of them students see."""

import ast

from course.authoring.lint.rules import Breaches, Cells, rule
from course.notebooks.cells import HIDDEN, SOLUTION, strip_region


@rule
def solutions_stay_inside_the_markers(cells: Cells) -> Breaches:
    names = {cell.id for cell in cells if cell.is_solution}
    for cell in cells:
        marks = [line.strip() for line in cell.source.split("\n") if line.strip() in SOLUTION]
        hidden = [line.strip() for line in cell.source.split("\n") if line.strip() in HIDDEN]
        if marks != list(SOLUTION) * (len(marks) // 2):
            yield cell, "its solution markers do not pair up."
        if hidden != list(HIDDEN) * (len(hidden) // 2):
            yield cell, "its hidden-test markers do not pair up."
        if marks and not cell.is_solution:
            yield cell, "has solution markers but is not a solution cell."
        if hidden and not cell.is_test:
            yield cell, "has hidden tests but is not a test cell."
        if not cell.is_code:
            continue
        if cell.is_solution:
            if not marks:
                yield cell, f"its solution stands outside the markers {' and '.join(SOLUTION)}."
            else:
                yield from _beyond_the_stub(cell)
            if cell.id not in cell.binds:
                yield cell, f"its grade id is `{cell.id}`, but it defines no such name."
        else:
            for name in sorted(_defined(cell.tree) & names):
                yield cell, f"defines `{name}`, which is for the student to write."


def _defined(tree):
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def _beyond_the_stub(cell):
    """What a solution cell shows the student beyond signatures, docstrings and imports."""
    stub = ast.parse(strip_region(cell.source, SOLUTION, stub="pass"))
    if sum(isinstance(node, ast.FunctionDef) for node in stub.body) > 1:
        yield cell, "asks for more than one function."
    pending = list(stub.body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            pending += node.body
        elif not (
            isinstance(node, ast.Import | ast.ImportFrom | ast.Pass)
            or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        ):
            yield cell, f"`{ast.unparse(node)[:60]}` stands outside the solution markers."
