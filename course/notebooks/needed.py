"""Which cells marks depend on: the others need not be run before the marks are known.

A lesson is mostly demonstrations: cells of the author's that draw and print, and that students run
but rarely change. One is left out if it is the lesson's own, word for word, as `assemble` has
marked it, and shares no *data* with a cell that runs: neither a name nor a file.

All names are names of data but those of builtins, of what is imported, of what a setup cell
defines as a function, class or constant, and of the student's own functions. Behind the name of a
function are the names that it uses.

The marks come from the cells that are not left out, whatever else is run: see
`course.isolation.run`.
"""

import ast
import builtins
import contextlib
import functools
import re
import symtable
from collections.abc import Iterable

from nbformat import NotebookNode

from course.notebooks.cells import is_autotest, is_locked, is_setup

FILE_NAME = re.compile(r"[\w~/\\.:+-]*\w\.[A-Za-z]\w{0,7}")


class Code:
    """A cell's code: the names and files that it shares with other cells."""

    def __init__(self, source: str) -> None:
        self.tree = ast.parse(source)
        table = symtable.symtable(source, "cell", "exec")
        symbols = table.get_symbols()
        self.names = _own({s.get_name() for s in symbols}) | _globals_of(table)
        self.bound = {
            s.get_name() for s in symbols if s.is_assigned() or s.is_imported() or s.is_namespace()
        }
        self.imported = {s.get_name() for s in symbols if s.is_imported() and not s.is_assigned()}
        self.functions = {
            child.get_name(): _globals_of(child)
            for child in table.get_children()
            if child.get_type() == "function"
        }
        self.files = {
            node.value
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            if FILE_NAME.fullmatch(node.value)
        }


# Of the lesson's own cells, which each submission has; what a student wrote is never kept.
_learnt = functools.lru_cache(500)(Code)


def learn(notebook: NotebookNode) -> None:
    """Analyses the lesson's own cells, so that processes forked from this one need not do so.

    Parameters
    ----------
    notebook : NotebookNode
        As `assemble` makes it.
    """
    for cell in notebook.cells:
        if cell.cell_type == "code" and _is_the_lessons(cell):
            with contextlib.suppress(SyntaxError):  # such as IPython's own language
                _learnt(cell.source)


def _is_the_lessons(cell: NotebookNode) -> bool:
    """Whether the cell's text is the lesson's own, which `assemble` sees to."""
    return is_locked(cell) or bool(cell.metadata.get("demonstration"))


def _globals_of(table: symtable.SymbolTable) -> set[str]:
    """The names from outside that functions in a symbol table use."""
    found = set()
    for child in table.get_children():
        found |= {s.get_name() for s in child.get_symbols() if s.is_global()} | _globals_of(child)
    if table.get_type() == "function":
        found |= {s.get_name() for s in table.get_symbols() if s.is_global()}
    return _own(found)


def _own(names: set[str]) -> set[str]:
    return {name for name in names if not hasattr(builtins, name)}


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
    open_ = [place for place in cells if notebook.cells[place].metadata.get("demonstration")]
    setup = [place for place in cells if is_setup(notebook.cells[place])]
    tests = [place for place in cells if is_autotest(notebook.cells[place])]
    written = [place for place in cells if place not in {*open_, *setup, *tests}]
    if not open_:
        return everything

    rebound = _union(cells[place].bound for place in open_)
    functions = {
        name: used for place in (*setup, *written) for name, used in cells[place].functions.items()
    }
    code_of = [cells[place] for place in written]
    no_data = _provided([cells[place] for place in setup]) | _union(c.imported for c in code_of)
    no_data -= _union(code.bound - code.imported for code in code_of)
    no_data |= _union(code.functions for code in code_of)
    no_data -= rebound

    made_by_setup = _union(cells[place].bound for place in setup)
    shared = {}
    for place, code in cells.items():
        # What a test or a setup cell makes is the checker's in a test; the rest is the student's.
        theirs = code.bound | made_by_setup if place in tests else set()
        shared[place] = _behind(code.names - theirs, functions) - no_data | code.files
    late_setup = [place for place in setup if place > min(open_)]
    touched = _union(shared[place] for place in (*written, *tests, *late_setup))
    left = set(open_)
    while more := {place for place in left if shared[place] & touched}:
        touched |= _union(shared[place] for place in more)
        left -= more
    return everything - left


def _codes(notebook: NotebookNode) -> dict[int, Code]:
    """The code of each code cell, by its place; none where not all of it can be understood."""
    try:
        return {
            place: _learnt(cell.source) if _is_the_lessons(cell) else Code(cell.source)
            for place, cell in enumerate(notebook.cells)
            if cell.cell_type == "code"
        }
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # such as IPython's own language
        return {}


def _union(sets: Iterable[Iterable[str]]) -> set[str]:
    return set[str]().union(*sets)


def _provided(setup: list[Code]) -> set[str]:
    """The names of setup cells that stand for code or for constants."""
    names = set()
    for code in setup:
        for node in ast.walk(code.tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        for node in code.tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def _behind(names: set[str], functions: dict[str, set[str]]) -> set[str]:
    """`names`, and those that functions among them use."""
    found: set[str] = set()
    left = set(names)
    while left:
        name = left.pop()
        found.add(name)
        left |= functions.get(name, set()) - found
    return found
