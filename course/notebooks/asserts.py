"""What a test asks: its asserts, and its calls of `assert_like`, which are asserts too."""

import ast
from collections.abc import Iterator

ASSERT_LIKE = "assert_like"


def is_assertion(node: ast.AST) -> bool:
    """Whether a statement, or the call that it consists of, asks something of an answer."""
    if isinstance(node, ast.Expr):
        node = node.value
    return isinstance(node, ast.Assert) or (
        isinstance(node, ast.Call) and ast.unparse(node.func) == ASSERT_LIKE
    )


def assertions(tree: ast.AST) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """All that a piece of code asks: each question, and the message where the answer is no."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            yield node.test, node.msg
        elif isinstance(node, ast.Call) and is_assertion(node):
            given = {keyword.arg: keyword.value for keyword in node.keywords}
            message = node.args[2] if len(node.args) > 2 else given.get("message")
            yield ast.Call(node.func, node.args[:2], []), message
