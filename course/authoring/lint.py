"""What can be wrong with a lesson before anybody runs it.

Every rule is a generator over a lesson's cells that yields a `Problem` for each breach. A rule
looks at what a student reads and runs, and never at what the code computes.
"""

import ast
import builtins
import importlib
import inspect
import itertools
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from course.notebooks import cells as what
from course.notebooks.cells import HIDDEN, SOLUTION, exercise_of, strip_region

POINTS = re.compile(r"\((\d+) (?:points?|marks?)\)")
TOTAL = re.compile(r"\*\*Marks:\*\*\s+(\d+)")
CODE_SPAN = re.compile(r"`([^`\n]+)`")
NOT_PROSE = re.compile(r"```.*?```|`[^`\n]+`|\$\$.*?\$\$|\$[^$\n]+\$|\]\([^)]*\)|<[^>]+>", re.S)
TYPED_NUMBER = re.compile(r"(?<![\w.])\d+\.\d{2,}(?![\w.]*\.\d)|(?<![\w.])\d+(?:\.\d+)?\s?%")
LEGACY_RANDOM_OK = {
    "default_rng",
    "Generator",
    "RandomState",
    "SeedSequence",
    "PCG64",
    "BitGenerator",
}
DRAWS = re.compile(r"^(plot_\w+|compare_images|training_animation|subplots|figure|imshow)$")


@dataclass(frozen=True)
class Problem:
    """One breach: in which lesson and cell, and what is wrong with it."""

    lesson: str
    cell: str
    reason: str

    def __str__(self):
        return f"{self.lesson}, {self.cell}: {self.reason}"


class Cell:
    """A notebook cell with the questions that the rules ask of it."""

    def __init__(self, node, number):
        self.node, self.number = node, number
        self.source = node.source
        self.nbgrader = what.nbgrader(node)
        self.id = what.grade_id(node) or ""
        self.is_code = node.cell_type == "code"
        self.is_markdown = node.cell_type == "markdown"
        self.is_solution = what.is_solution(node)
        self.is_graded = what.is_graded(node)
        self.is_test = self.is_graded and not self.is_solution
        self.is_manual = self.is_graded and self.is_solution
        self.is_locked = what.is_locked(node)
        self.is_setup = what.is_setup(node)
        self.is_tagged_setup = "setup" in node.metadata.get("tags", ())

    @property
    def name(self):
        head = next((line for line in self.source.splitlines() if line.strip()), "empty")
        return f"cell {self.number} ({self.id or head[:40]!r})"

    @cached_property
    def visible(self):
        """The source as the student gets it: without solution and hidden tests."""
        return strip_region(strip_region(self.source, SOLUTION), HIDDEN)

    @cached_property
    def tree(self):
        return ast.parse(self.source) if self.is_code else ast.Module([], [])

    @cached_property
    def calls(self):
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]


def check(lesson, notebook):
    """Find everything that is wrong with a lesson.

    Parameters
    ----------
    lesson : str
        Its id, such as ``02_kmeans``.
    notebook : nbformat.NotebookNode
        Its source notebook.

    Returns
    -------
    list of Problem
        In the order of the rules; empty where all is well.
    """
    cells = [Cell(node, number) for number, node in enumerate(notebook.cells, 1)]
    problems = []
    for cell in cells:
        try:
            _ = cell.tree
        except SyntaxError as error:
            problems.append(Problem(lesson, cell.name, f"is not Python: {error.msg}"))
    if problems:
        return problems
    for rule in RULES:
        problems += [
            Problem(lesson, where.name if where else "the lesson", reason)
            for where, reason in rule(cells)
        ]
    return problems


def setup_comes_first(cells):
    first = next((cell for cell in cells if cell.is_code), None)
    if first is None or not (first.is_tagged_setup and first.is_locked):
        yield (
            first,
            "the first code cell must be the setup: tagged `setup`, locked, with a grade id.",
        )
    if first is not None and "NotSolvedYet" not in first.source:
        yield first, "the setup must import `NotSolvedYet` from utils: unsolved exercises raise it."
    for cell in cells:
        if cell.is_tagged_setup and not cell.is_locked:
            yield cell, "a setup cell must be locked."


def ids_are_unique(cells):
    for grade_id, count in Counter(cell.id for cell in cells if cell.id).items():
        if count > 1:
            last = [cell for cell in cells if cell.id == grade_id][-1]
            yield last, f"the grade id `{grade_id}` is given to {count} cells."
    for node_id, count in Counter(cell.node.get("id") for cell in cells).items():
        if node_id and count > 1:
            last = [cell for cell in cells if cell.node.get("id") == node_id][-1]
            yield last, f"the cell id `{node_id}` is given to {count} cells."


def exercises_are_whole(cells):
    """Each solution has its test, each test its solution, with the names of the contract."""
    solutions = {cell.id for cell in cells if cell.is_solution and not cell.is_manual}
    tested = set()
    for cell in cells:
        if not cell.nbgrader:
            continue
        if not cell.id:
            yield cell, "has nbgrader metadata without a grade id."
        elif cell.is_test:
            name = exercise_of(cell.id)
            tested.add(name)
            if name not in solutions:
                yield cell, f"tests `{name}`, but no solution cell before it has that grade id."
        elif cell.is_manual and not cell.id.startswith("explain_"):
            yield cell, "an open question's grade id must start with `explain_`."
    for cell in cells:
        if cell.id in solutions - tested:
            yield cell, f"no test cell has the grade id `test_{cell.id}`."


def points_are_as_promised(cells):
    """The prose before an exercise says "(3 points)", and its tests sum to that."""
    promised, where = None, None
    for cell in cells:
        if cell.is_markdown and not cell.is_manual:
            for found in POINTS.findall(cell.source):
                promised, where = int(found), cell
            continue
        if cell.is_manual:
            text_points = POINTS.findall(cell.source)
            promised = int(text_points[-1]) if text_points else promised
            given = cell.nbgrader.get("points")
        elif cell.is_solution:
            given = sum(
                test.nbgrader.get("points", 0)
                for test in cells
                if test.is_test and exercise_of(test.id) == cell.id
            )
        else:
            continue
        if promised is None:
            yield cell, f"the text before it promises no points: write '({given:g} points)'."
        elif promised != given:
            reason = f"the text promises {promised} points, the metadata of `{cell.id}` gives"
            yield where or cell, f"{reason} {given:g}."
        promised, where = None, None
    for cell in cells:
        points = cell.nbgrader.get("points")
        if cell.is_graded and not (isinstance(points, int | float) and points > 0):
            yield cell, f"a graded cell needs points above 0, not {points!r}."


def the_lesson_promises_its_total(cells):
    """The opening says "**Marks:** 16"; all graded cells together give that."""
    total = sum(cell.nbgrader.get("points", 0) for cell in cells if cell.is_graded)
    for cell in cells:
        for promised in TOTAL.findall(cell.source) if cell.is_markdown else ():
            if int(promised) != total:
                yield cell, f"the text promises {promised} marks in all, the cells give {total:g}."


def tests_read_what_was_asked(cells):
    """A test's names come from itself, the setup, or an exercise that the text asks for."""
    trusted = set(dir(builtins))
    asked, prose = set(), ""
    for cell in cells:
        if cell.is_setup:
            trusted |= bound_names(cell.tree)
        elif cell.is_markdown:
            prose += cell.source + "\n"
        elif cell.is_solution:
            spans = " ".join(CODE_SPAN.findall(prose)) + " " + cell.visible
            words = set(re.findall(r"\w+", spans))
            asked |= bound_names(cell.tree) & words
        if not cell.is_test:
            continue
        for name in sorted(read_names(cell.tree) - bound_names(cell.tree) - trusted - asked):
            yield cell, f"reads `{name}`, which neither the text before it nor the setup gives."


def tests_overwrite_nothing(cells):
    """In JupyterLab a test shares its names with the lesson: a later cell must not meet them."""
    for place, cell in enumerate(cells):
        for name in sorted(bound_names(cell.tree, _outside_functions)) if cell.is_test else ():
            for later in cells[place + 1 :]:
                if later.is_test:
                    continue
                if name in read_names(later.tree) - bound_names(later.tree):
                    yield cell, f"overwrites `{name}`, which {later.name} uses."
                    break
                if name in bound_names(later.tree):
                    break


def _outside_functions(tree):
    """The nodes of a piece of code without the insides of functions, comprehensions, imports."""
    closed = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
    closed += (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    closed += (ast.Import, ast.ImportFrom)  # the same as the setup's, as a rule
    nodes = [tree]
    while nodes:
        node = nodes.pop()
        yield node
        if not isinstance(node, closed):
            nodes.extend(ast.iter_child_nodes(node))


def bound_names(tree, walk=ast.walk):
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


def read_names(tree):
    """Every name that a piece of code reads."""
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def graded_cells_end_in_statements(cells):
    """nbgrader takes the value of a last expression for partial credit."""
    for cell in cells:
        if cell.is_test and cell.tree.body and isinstance(cell.tree.body[-1], ast.Expr):
            last = ast.unparse(cell.tree.body[-1])
            yield cell, f"ends in the expression `{last[:60]}`: end it in an assert."


def asserts_say_why(cells):
    for cell in cells:
        for node in ast.walk(cell.tree) if cell.is_test else ():
            if isinstance(node, ast.Assert) and node.msg is None:
                shown = ast.unparse(node.test)[:60]
                yield cell, f"`assert {shown}` has no message for the student."


def solutions_stay_inside_the_markers(cells):
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
            if cell.id not in bound_names(cell.tree):
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


def randomness_is_seeded(cells):
    scope = {}
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


def imports_are_by_name(cells):
    for cell in cells:
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
                yield cell, f"`from {node.module} import *`: import by name."


def figures_have_alt_text(cells):
    for cell in cells:
        if cell.is_markdown:
            for alt in re.findall(r"!\[(.*?)\]\(", cell.source):
                if not alt.strip():
                    yield cell, "an image has no alt text: write ![what it shows](...)."
            for tag in re.findall(r"<img\b[^>]*>", cell.source):
                if not re.search(r"\balt\s*=\s*[\"'][^\"']+", tag):
                    yield cell, "an <img> has no alt text."
            continue
        tails = [ast.unparse(call.func).split(".")[-1] for call in cell.calls]
        if "plt.show" in {ast.unparse(call.func) for call in cell.calls}:
            yield cell, "calls `plt.show()`: use `show(ax, alt=...)`, which carries the alt text."
        if cell.is_test or cell.is_solution or cell.is_setup:
            continue
        shows = [c for c in cell.calls if ast.unparse(c.func) in ("show", "show_animation")]
        if any(DRAWS.match(tail) for tail in tails) and not shows:
            yield cell, "draws a figure without `show(ax, alt=...)`: it has no alt text."
        for call in shows:
            alt = next((kw.value for kw in call.keywords if kw.arg == "alt"), None)
            if alt is None or (isinstance(alt, ast.Constant) and not str(alt.value or "").strip()):
                yield cell, "`show` has no alt text: say in `alt=` what the picture shows."


def numbers_are_computed(cells):
    """A figure in the prose that a run produced should be printed by a run."""
    for cell in cells:
        if not cell.is_markdown:
            continue
        for found in TYPED_NUMBER.findall(NOT_PROSE.sub(" ", cell.source)):
            yield cell, f"the number '{found.strip()}' is typed: let a cell compute and print it."


def paragraphs_hold_together(cells):
    """A line of a paragraph that begins with "1. " would become a list."""
    for cell in cells:
        lines = cell.source.split("\n") if cell.is_markdown else []
        for before, line in itertools.pairwise(lines):
            if re.match(r"\d+[.)] ", line) and re.match(r"\w", before) and not before[0].isdigit():
                yield cell, f"the line '{line[:30]}' would begin a list: break it elsewhere."


# Names that mean nothing where graded cells run, and attributes that no answer has there.
ELSEWHERE = {
    "In", "Out", "_", "eval", "exec", "exit", "get_ipython", "globals", "input", "locals", "quit",
}  # fmt: skip
INSIDE = {"__closure__", "__code__", "__defaults__", "__dict__", "__globals__", "__wrapped__"}
SOURCES = {"getfile", "getmodule", "getsource", "getsourcefile", "getsourcelines"}


def tests_work_from_outside(cells):
    """Graded cells run outside of the student's process: an answer is data or can be called."""
    for cell in cells:
        if not cell.is_test:
            continue
        for line in cell.source.split("\n"):
            if line.startswith(("%", "!")):
                yield cell, f"`{line[:40]}` is IPython's own: graded cells are plain Python."
        bound = bound_names(cell.tree)
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.Name) and node.id in ELSEWHERE - bound:
                yield cell, f"`{node.id}` does not reach the student's notebook from a graded cell."
            elif isinstance(node, ast.Attribute) and node.attr in INSIDE:
                yield cell, f"`{node.attr}` cannot be seen: an answer lives in another process."
            elif isinstance(node, ast.Attribute) and node.attr in SOURCES:
                yield cell, f"`{node.attr}` finds no source: an answer lives in another process."


RULES = (
    setup_comes_first,
    ids_are_unique,
    exercises_are_whole,
    points_are_as_promised,
    the_lesson_promises_its_total,
    tests_read_what_was_asked,
    tests_overwrite_nothing,
    tests_work_from_outside,
    graded_cells_end_in_statements,
    asserts_say_why,
    solutions_stay_inside_the_markers,
    randomness_is_seeded,
    imports_are_by_name,
    figures_have_alt_text,
    numbers_are_computed,
    paragraphs_hold_together,
)
