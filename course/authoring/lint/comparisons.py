"""Test cells: no comparison that is true of nothing.

An empty array stretches to any shape, all of its no values are right, and nan is neither smaller
nor larger than anything.
"""

import ast

from course.authoring.lint.rules import Breaches, Cells, rule

STRETCHING = {
    *("allclose", "isclose", "assert_allclose"),
    *("assert_almost_equal", "assert_approx_equal", "assert_array_almost_equal"),
}
ORDERED = ast.Lt | ast.LtE | ast.Gt | ast.GtE


@rule
def closeness_asks_for_the_shape(cells: Cells) -> Breaches:
    for cell, node in _nodes_of_tests(cells):
        if isinstance(node, ast.Name | ast.Attribute) and _tail(node) in STRETCHING:
            shown = f"`{ast.unparse(node)}` is true of an empty array"
            yield cell, f"{shown}: use `assert_like`, or `is_like` for a typical wrong value."


@rule
def nothing_is_not_everything(cells: Cells) -> Breaches:
    """`all` is true of nothing, and so is `not any`."""
    for cell, node in _nodes_of_tests(cells):
        if _claims(node, "all") or (_is_not(node) and _claims(node.operand, "any")):
            yield cell, f"`{_shown(node)}` is true where there is nothing: use `every`."


@rule
def nan_is_not_right(cells: Cells) -> Breaches:
    """A comparison with nan is false, and Python's `max` and `min` may pass over it."""
    for cell, node in _nodes_of_tests(cells):
        if _is_not(node) and isinstance(node.operand, ast.Compare):
            if any(isinstance(each, ORDERED) for each in node.operand.ops):
                yield cell, f"`{_shown(node)}` is true of nan: turn the comparison around."
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("max", "min"):
            if len(node.args) == 1 and not node.keywords:
                yield cell, f"`{_shown(node)}` may pass over nan: use `np.{_tail(node.func)}`."


def _nodes_of_tests(cells: Cells):
    return ((cell, node) for cell in cells if cell.is_test for node in ast.walk(cell.tree))


def _is_not(node):
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _claims(node, word):
    """Whether a node is `all(...)`, `np.all(...)` or `....all()`; along an axis it claims nothing."""
    return isinstance(node, ast.Call) and _tail(node.func) == word and not _axis(node)


def _axis(call):
    of_numpy = ast.unparse(call.func).startswith("np.")
    return bool(call.keywords) or len(call.args) > (of_numpy or isinstance(call.func, ast.Name))


def _tail(function):
    return ast.unparse(function).rpartition(".")[2]


def _shown(node):
    return ast.unparse(node)[:60]
