"""The names that a piece of code binds and reads."""

import ast
from collections.abc import Callable, Iterable, Iterator

CLOSED = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
    *(ast.Import, ast.ImportFrom),  # the same as the setup's, as a rule
)


def bound_names(tree: ast.AST, walk: Callable[[ast.AST], Iterable[ast.AST]] = ast.walk) -> set[str]:
    """Every name that a piece of code binds, in any scope of it that `walk` goes through."""
    names = set()
    for node in walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
    return names


def read_names(tree: ast.AST) -> set[str]:
    """Every name that a piece of code reads."""
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def outside_functions(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a piece of code without the insides of functions, comprehensions, imports."""
    nodes = [tree]
    while nodes:
        node = nodes.pop()
        yield node
        if not isinstance(node, CLOSED):
            nodes.extend(ast.iter_child_nodes(node))
