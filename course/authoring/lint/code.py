"""All code of a lesson: its randomness can be repeated, its imports are by name."""

import ast
import importlib
import inspect
import re

from course.authoring.lint.rules import Breaches, Cells, rule

LEGACY_RANDOM_OK = {
    "default_rng",
    "Generator",
    "RandomState",
    "SeedSequence",
    "PCG64",
    "BitGenerator",
}


@rule
def randomness_is_seeded(cells: Cells) -> Breaches:
    scope: dict[str, tuple[str | None, str | None]] = {}
    for cell in cells:
        _import_into(scope, cell.tree)
        for call in cell.calls:
            reason = _unseeded(call, scope)
            if reason:
                yield cell, f"`{ast.unparse(call.func)}` {reason}."


def _unseeded(call, scope):
    """Why a call's randomness cannot be repeated; None where it can."""
    name = ast.unparse(call.func)
    head, _, tail = name.rpartition(".")
    origin = scope.get(name.split(".")[0])
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    values = [*call.args, *given.values()]
    nothing = all(isinstance(value, ast.Constant) and value.value is None for value in values)
    from_numpy = re.match(r"(np|numpy)\.random$", head) or (origin and origin[0] == "numpy.random")
    if from_numpy and tail not in LEGACY_RANDOM_OK:
        return "draws from NumPy's hidden global state: pass a Generator"
    if tail in {"default_rng", "RandomState"} and nothing:
        return "has no seed"
    if origin and origin[0] == "random":
        return "draws from Python's hidden global state: pass a Generator"
    seed = given.get("random_state")
    if seed is not None:
        is_none = isinstance(seed, ast.Constant) and seed.value is None
        return "has the random_state None, another one at each run" if is_none else None
    if tail == "rvs" or (None not in given and _takes_random_state(origin, name, len(call.args))):
        return "has no `random_state`"
    return None


def _import_into(scope, tree):
    """Bind what a cell imports from the libraries, so that signatures can be asked."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.split(".")[0]
                scope[name] = (alias.name, None)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            for alias in node.names:
                scope[alias.asname or alias.name] = (node.module, alias.name)


def _takes_random_state(origin, name, positional):
    """Whether a scikit-learn callable takes a `random_state` that this call leaves out."""
    if origin is None or not origin[0].startswith(("sklearn", "umap")):
        return False
    target = importlib.import_module(origin[0])
    for part in ([origin[1]] if origin[1] else []) + name.split(".")[1:]:
        target = getattr(target, part, None)
    try:
        parameters = list(inspect.signature(target).parameters)
    except (TypeError, ValueError):
        return False
    return "random_state" in parameters and parameters.index("random_state") >= positional


@rule
def imports_are_by_name(cells: Cells) -> Breaches:
    for cell in cells:
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
                yield cell, f"`from {node.module} import *`: import by name."
