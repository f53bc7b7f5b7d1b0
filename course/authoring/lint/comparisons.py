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
        if _is_not(node) and _is_ordering(node.operand):
            yield cell, f"`{_shown(node)}` is true of nan: turn the comparison around."
        elif isinstance(node, ast.Call) and _is_extreme(node):
            yield cell, f"`{_shown(node)}` may pass over nan: use `np.{_tail(node.func)}`."


def _nodes_of_tests(cells: Cells):
    return ((cell, node) for cell in cells if cell.is_test for node in ast.walk(cell.tree))


def _is_not(node):
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _is_ordering(node):
    return isinstance(node, ast.Compare) and any(isinstance(each, ORDERED) for each in node.ops)


def _is_extreme(call):
    """Whether a call is Python's `max` or `min` of a list."""
    of_one = len(call.args) == 1 and not call.keywords
    return of_one and ast.unparse(call.func) in ("max", "min")


def _claims(node, word):
    """Whether a node is `all(...)`, `np.all(...)` or `x.all()`; along an axis it claims nothing."""
    return isinstance(node, ast.Call) and _tail(node.func) == word and not _axis(node)


def _axis(call):
    of_numpy = ast.unparse(call.func).startswith("np.")
    return bool(call.keywords) or len(call.args) > (of_numpy or isinstance(call.func, ast.Name))


def _tail(function):
    return ast.unparse(function).rpartition(".")[2]


def _shown(node):
    return ast.unparse(node)[:60]
