"""Which cells marks depend on: the others need not be run.

A lesson is mostly demonstrations: cells of the author's that draw and print, and that students run
but rarely change. The rule by which one is left out:

1. It is the lesson's own, word for word, as `assemble` has marked it. What a student wrote
   or changed always runs.
2. It shares no *data name* with a cell that runs. All names are data names, but those of builtins,
   of what a setup cell imports or defines as a function, class or constant, and of the student's
   own functions. So nothing that it makes or changes is seen by a cell that runs.
3. It does not change a library's settings for good.
4. The student's own code has no memory, see `_has_memory`: that a function was called in a
   demonstration makes no difference to the calls that are marked. Where this does not hold,
   everything is run.
"""

import ast
import builtins
import contextlib
import functools
import symtable

from nbformat import NotebookNode

from course.notebooks.cells import is_autotest, is_locked, is_setup

# With these, code reaches beyond the names that it mentions.
REACHING = {
    "__builtins__", "__import__", "__main__", "compile",
    "ctypes", "delattr", "dir", "eval", "exec", "gc", "get_ipython", "getattr", "globals",
    "importlib", "input", "inspect", "locals", "open", "os", "plt", "pyplot", "setattr",
    "shutil", "subprocess", "sys", "tempfile", "threading", "vars",
}  # fmt: skip
# What IPython keeps of earlier cells.
HISTORY = {"In", "Out", "_", "__", "___"}
# Settings that a library keeps for everyone, and memories that code can have.
LASTING = {
    "cache", "cached_property", "chdir", "clear_session", "environ", "filterwarnings",
    "lru_cache", "rcParams", "rvs", "set_floatx", "set_printoptions", "set_state", "seterr",
    "seterrcall", "simplefilter",
}  # fmt: skip


class Code:
    """A cell's code: its tree, and the names that it shares with other cells."""

    def __init__(self, source: str) -> None:
        self.tree = ast.parse(source)
        table = symtable.symtable(source, "cell", "exec")
        symbols = table.get_symbols()
        self.names = {s.get_name() for s in symbols} | _globals_of(table)
        self.names = {name for name in self.names if not hasattr(builtins, name)}
        self.bound = {
            s.get_name() for s in symbols if s.is_assigned() or s.is_imported() or s.is_namespace()
        }
        self.functions = {
            child.get_name(): _globals_of(child)
            for child in table.get_children()
            if child.get_type() == "function"
        }
        self.lasts = _lasts(self.tree)


# Of the lesson's own cells, which each submission has; what a student wrote is never kept.
_own = functools.lru_cache(500)(Code)


def learn(notebook: NotebookNode) -> None:
    """Analyses the lesson's own cells, so that processes forked from this one need not do so.

    Parameters
    ----------
    notebook : NotebookNode
        As `assemble` makes it.
    """
    for cell in notebook.cells:
        if cell.cell_type == "code" and _is_own(cell):
            with contextlib.suppress(SyntaxError):  # such as IPython's own language
                _own(cell.source)


def _is_own(cell: NotebookNode) -> bool:
    """Whether the cell's text is the lesson's own, which `assemble` sees to."""
    return is_locked(cell) or bool(cell.metadata.get("demonstration"))


def _globals_of(table: symtable.SymbolTable) -> set[str]:
    """The names from outside that functions in a symbol table use."""
    found = set()
    for child in table.get_children():
        found |= {s.get_name() for s in child.get_symbols() if s.is_global()} | _globals_of(child)
    if table.get_type() == "function":
        found |= {s.get_name() for s in table.get_symbols() if s.is_global()}
    return {name for name in found if not hasattr(builtins, name)}


def needed_cells(notebook: NotebookNode) -> set[int]:
    """The places of the cells that must be run for the marks to come out right.

    Parameters
    ----------
    notebook : NotebookNode
        As `assemble` makes it.

    Returns
    -------
    set of int
    """
    everything = set(range(len(notebook.cells)))
    cells = _codes(notebook)
    open_ = [
        place
        for place, code in cells.items()
        if notebook.cells[place].metadata.get("demonstration") and not code.lasts
    ]
    if not open_:
        return everything
    setup = [place for place in cells if is_setup(notebook.cells[place])]
    tests = [place for place in cells if is_autotest(notebook.cells[place])]
    written = [place for place in cells if place not in {*open_, *setup, *tests}]

    rebound = set().union(*(cells[place].bound for place in open_))
    functions = {name for place in written for name in cells[place].functions} - rebound
    provided = _provided([cells[place] for place in setup]) - rebound
    provided -= set().union(*(cells[place].bound for place in written))
    if any(_has_memory(cells[place], provided, functions) for place in written):
        return everything

    names = {place: code.names - provided - functions for place, code in cells.items()}
    made_by_setup = set().union(*(cells[place].bound for place in setup))
    for place in tests:  # theirs are the checker's; only these come from the student
        names[place] -= cells[place].bound | made_by_setup
    late_setup = [place for place in setup if place > min(open_)]
    running = [*written, *tests, *late_setup]
    touched = set().union(*(names[place] for place in running))
    left = set(open_)
    while more := {place for place in left if names[place] & touched}:
        touched = touched.union(*(names[place] for place in more))
        left -= more
    return everything - left


def _codes(notebook: NotebookNode) -> dict[int, Code]:
    """The code of each code cell, by its place; none where not all of it can be understood."""
    try:
        return {
            place: _own(cell.source) if _is_own(cell) else Code(cell.source)
            for place, cell in enumerate(notebook.cells)
            if cell.cell_type == "code"
        }
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # such as IPython's own language
        return {}


def _provided(setup: list[Code]) -> set[str]:
    """The names of setup cells that stand for code without a memory, or for constants."""
    names, functions = set(), {}
    for code in setup:
        for node in ast.walk(code.tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        for node in code.tree.body:
            if isinstance(node, ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
            elif isinstance(node, ast.FunctionDef):
                functions[node.name] = node, code.functions[node.name]
    everything = names | functions.keys()
    keep = {name for name, pair in functions.items() if _keeps(*pair, everything)}
    return everything - keep


def _has_memory(code: Code, provided: set[str], functions: set[str]) -> bool:
    """Whether what this code does could depend on what ran before it.

    It does not if functions keep nothing from call to call (see `_keeps`), and if nothing reaches
    for a library's shared state or around the names.
    """
    if code.lasts or HISTORY & code.names - code.bound:
        return True
    for node in ast.walk(code.tree):
        if isinstance(node, ast.Global | ast.Nonlocal | ast.ClassDef | ast.AsyncFunctionDef):
            return True
        if isinstance(node, ast.Name) and node.id in REACHING:
            return True
        if isinstance(node, ast.Import | ast.ImportFrom) and _is_shared(node):
            return True
        if isinstance(node, ast.Attribute):
            path = ast.unparse(node).split(".")
            if node.attr.startswith("_") or path[0] in functions or _is_for_all(path, provided):
                return True
    return any(
        _keeps(node, code.functions[node.name], provided | functions)
        for node in code.tree.body
        if isinstance(node, ast.FunctionDef)
    )


def _is_for_all(path: list[str], provided: set[str]) -> bool:
    """Whether this is a function of the one random generator that a library has for everyone."""
    if path[0] not in provided or "random" not in path[:-1]:
        return False
    return path[-1] not in ("default_rng", "Generator", "SeedSequence")


def _is_shared(node: ast.Import | ast.ImportFrom) -> bool:
    parts = {part for alias in node.names for part in alias.name.split(".")}
    parts |= set((getattr(node, "module", "") or "").split("."))
    return bool(parts & (REACHING | LASTING | {"random"})) and "default_rng" not in parts


def _lasts(tree: ast.AST) -> bool:
    """Whether code changes a setting that others share, beyond `with warnings.catch_warnings()`."""
    quiet = set()
    for node in ast.walk(tree):
        items = node.items if isinstance(node, ast.With) else ()
        if any("catch_warnings" in ast.unparse(item) for item in items):
            quiet |= {id(each) for each in ast.walk(node)}
    return any(
        isinstance(node, ast.Attribute | ast.Name)
        and (node.attr if isinstance(node, ast.Attribute) else node.id) in LASTING
        and id(node) not in quiet
        for node in ast.walk(tree)
    )


def _keeps(function: ast.FunctionDef, outside: set[str], code: set[str]) -> bool:
    """Whether a function can keep something between two calls.

    It cannot if it has no decorator, no default but constants, takes nothing but code from outside,
    and sets no attribute or item of that.
    """
    defaults = [*function.args.defaults, *filter(None, function.args.kw_defaults)]
    if function.decorator_list or not all(_is_constant(default) for default in defaults):
        return True
    if outside - code:
        return True
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            root: ast.expr = node
            while isinstance(root, ast.Attribute | ast.Subscript):
                root = root.value
            if not isinstance(root, ast.Name) or root.id in outside:
                return True
    return False


def _is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant)
    )
