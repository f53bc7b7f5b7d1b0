"""Mutants: the author's solution with one small mistake each.

A hidden test is worth what it kills. Half of the mistakes are those of cosmic-ray (another
operator, a number off by one, a condition turned around), chosen so that each is one that somebody
could make. The other half are the mistakes of array code: another axis, `mean` for `sum`, a dropped
check, a seed of one's own.
"""

import ast
import difflib
import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import MutationVisitor
from cosmic_ray.operators.provider import OperatorProvider

from course.oracle.bank import Answer

BINARY = (
    *(("Add", "Sub"), ("Sub", "Add"), ("Mul", "Div"), ("Mul", "Add"), ("Div", "Mul")),
    *(("Div", "FloorDiv"), ("FloorDiv", "Div"), ("FloorDiv", "Mul"), ("Mod", "FloorDiv")),
    *(("Pow", "Mul"), ("BitAnd", "BitOr"), ("BitOr", "BitAnd")),
)
COMPARISON = (
    *(("Lt", "LtE"), ("Lt", "Gt"), ("LtE", "Lt"), ("LtE", "GtE")),
    *(("Gt", "GtE"), ("Gt", "Lt"), ("GtE", "Gt"), ("GtE", "LtE")),
    *(("Eq", "NotEq"), ("Eq", "GtE"), ("NotEq", "Eq"), ("NotEq", "Lt"), ("NotEq", "Gt")),
)
# Operators of cosmic-ray. Bit shifts of floats and the like are left out: they die by themselves.
COSMIC = (
    *(f"ReplaceBinaryOperator_{a}_{b}" for a, b in BINARY),
    *(f"ReplaceComparisonOperator_{a}_{b}" for a, b in COMPARISON),
    *(f"ReplaceUnaryOperator_Delete_{name}" for name in ("USub", "Invert", "Not")),
    "AddNot",
    "NumberReplacer",
    "ReplaceAndWithOr",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ReplaceFalseWithTrue",
    "ReplaceOrWithAnd",
    "ReplaceTrueWithFalse",
    "ZeroIterationForLoop",
)

# What is easily taken for one another, both ways.
LOOKALIKES = (
    ("min", "max"),
    ("argmin", "argmax"),
    ("minimum", "maximum"),
    ("sum", "mean"),
    ("any", "all"),
    ("floor", "ceil"),
    ("zeros", "ones"),
    ("pdf", "logpdf"),
    ("std", "var"),
    ("log10", "log"),
)
# One way only: the other way round the two do the same here.
MISTAKEN = {
    **{a: b for pair in LOOKALIKES for a, b in (pair, pair[::-1])},
    "array": "asarray",
    "round": "floor",
    "percentile": "quantile",
    "mean": "median",
}
# Calls that are easily forgotten around their first argument, or behind a dot.
FORGOTTEN = {
    "abs", "array", "asarray", "clip", "exp", "log", "log10", "maximum",
    "minimum", "ravel", "reshape", "round", "sorted", "sqrt", "astype", "copy", "mean", "sum",
}  # fmt: skip
DTYPES = {"float": "int", "np.uint8": "int", "bool": "int"}

OPERATORS: list[Callable[[ast.AST, str], Iterator[str]]] = []


@dataclass(frozen=True)
class Mutant:
    """The solution with one mistake.

    Attributes
    ----------
    exercise : str
    operator : str
        What was done.
    source : str
        The whole text.
    line : str
        The first changed line, without its indentation.
    """

    exercise: str
    operator: str
    source: str
    line: str

    @property
    def answer(self) -> Answer:
        """The mutant as an answer to be graded."""
        return Answer(self.exercise, "mutant", self.operator, self.source)


def mutants(exercise: str, source: str) -> list[Mutant]:
    """All mutants of a solution, each once.

    Parameters
    ----------
    exercise : str
    source : str
        The author's solution.

    Returns
    -------
    list of Mutant
        Without those that do not compile, and those in which only the text of an error or a
        docstring differs.
    """
    seen = {_meaning(source)}
    found = []
    for operator, text in (*_by_cosmic_ray(source), *_by_ours(source)):
        try:
            meaning = _meaning(text)
        except SyntaxError:
            continue
        if meaning not in seen:
            seen.add(meaning)
            found.append(Mutant(exercise, operator, text, _changed_line(source, text)))
    return found


def diff(source: str, mutant: str) -> str:
    """A unified diff from `source` to a mutant's text, without the header."""
    lines = difflib.unified_diff(source.splitlines(), mutant.splitlines(), n=1, lineterm="")
    return "\n".join(line for line in lines if not line.startswith(("---", "+++")))


def _changed_line(source, text):
    lines = difflib.ndiff(source.splitlines(), text.splitlines())
    return next((line[2:].strip() for line in lines if line.startswith("+ ")), "")


def _meaning(source):
    """What the text does, without docstrings and the wording of errors."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            node.exc.args = []
        body = getattr(node, "body", None)
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = body[1:] or [ast.Pass()]
    return ast.dump(tree)


def _by_cosmic_ray(source):
    """As cosmic-ray's `mutate_code`, which parses the whole text anew for each mutant."""
    provider, tree = OperatorProvider(), get_ast(source)
    kept = pickle.dumps(tree)
    for name in COSMIC:
        operator = provider[name]()
        places = sum(1 for node in ast_nodes(tree) for _ in operator.mutation_positions(node))
        for place in range(places):
            yield name, MutationVisitor(place, operator).walk(pickle.loads(kept)).get_code()


def _by_ours(source):
    for node in ast.walk(ast.parse(source)):
        for operator in OPERATORS:
            for replacement in operator(node, source):
                yield operator.__name__, _splice(source, node, replacement)


def _splice(source, node, replacement):
    """`source` with the text of `node` replaced, and everything else as it stood."""
    lines = [line.encode() for line in source.splitlines()]
    head = [*lines[: node.lineno - 1], lines[node.lineno - 1][: node.col_offset]]
    tail = [lines[node.end_lineno - 1][node.end_col_offset :], *lines[node.end_lineno :]]
    return b"".join((b"\n".join(head), replacement.encode(), b"\n".join(tail))).decode()


def _operator(function):
    OPERATORS.append(function)
    return function


def _tail(function):
    """`sum` of `np.sum`, `x.sum` and `sum`."""
    return ast.unparse(function).rpartition(".")[2]


def _call(node, args=None, keywords=None):
    """The text of a call with other arguments."""
    args = node.args if args is None else args
    keywords = node.keywords if keywords is None else keywords
    return ast.unparse(ast.Call(node.func, args, keywords))


@_operator
def another_axis(node, source):
    if isinstance(node, ast.keyword) and node.arg == "axis":
        value = ast.unparse(node.value)
        yield "axis=0" if value != "0" else "axis=1"


@_operator
def dropped_keyword(node, source):
    if isinstance(node, ast.Call):
        for keyword in node.keywords:
            if keyword.arg is not None:
                yield _call(node, keywords=[k for k in node.keywords if k is not keyword])


@_operator
def dropped_call(node, source):
    """`np.sqrt(x)`, `x.copy()` and the like: only `x` is left."""
    if not isinstance(node, ast.Call) or _tail(node.func) not in FORGOTTEN:
        return
    is_method = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) != "np"
    if is_method:
        yield ast.unparse(node.func.value)
    elif node.args and not isinstance(node.args[0], ast.Starred):
        yield f"({ast.unparse(node.args[0])})"


@_operator
def mistaken_name(node, source):
    if isinstance(node, ast.Call) and _tail(node.func) in MISTAKEN:
        head, dot, tail = ast.unparse(node.func).rpartition(".")
        arguments = _call(node).removeprefix(ast.unparse(node.func))
        yield f"{head}{dot}{MISTAKEN[tail]}{arguments}"


@_operator
def dropped_term(node, source):
    """One side of a sum, product, quotient or condition is missing."""
    if isinstance(node, ast.BinOp):
        yield f"({ast.unparse(node.left)})"
        if isinstance(node.op, ast.Add | ast.Mult | ast.MatMult | ast.Sub):
            yield f"({ast.unparse(node.right)})"
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            rest = [other for other in node.values if other is not value]
            yield f"({ast.unparse(ast.BoolOp(node.op, rest) if len(rest) > 1 else rest[0])})"
    elif isinstance(node, ast.Compare) and len(node.ops) == 2:
        yield ast.unparse(ast.Compare(node.left, node.ops[:1], node.comparators[:1]))
        yield ast.unparse(ast.Compare(node.comparators[0], node.ops[1:], node.comparators[1:]))
    elif isinstance(node, ast.IfExp):
        yield f"({ast.unparse(node.body)})"
        yield f"({ast.unparse(node.orelse)})"


@_operator
def dropped_check(node, source):
    if isinstance(node, ast.If):
        condition = ast.get_source_segment(source, node.test)
        whole = ast.get_source_segment(source, node)
        yield whole.replace(condition, f"False and ({condition})", 1)


@_operator
def dropped_statement(node, source):
    is_call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    if is_call or isinstance(node, ast.AugAssign):
        yield f"pass  # {ast.unparse(node)}"


@_operator
def off_by_one(node, source):
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "range" and len(node.args) == 1:
        stop = ast.unparse(node.args[0])
        yield f"range({stop} - 1)"
        yield f"range({stop} + 1)"
        yield f"range(1, {stop})"
    elif isinstance(node, ast.Slice) and node.upper is not None:
        start = ast.unparse(node.lower) if node.lower else ""
        yield f"{start}:{ast.unparse(node.upper)} + 1"
        yield f"{start}:{ast.unparse(node.upper)} - 1"


@_operator
def ddof(node, source):
    """One degree of freedom too many: a divisor that is off by one."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        yield f"{ast.unparse(node.left)} / ({ast.unparse(node.right)} - 1)"


@_operator
def dtype(node, source):
    if isinstance(node, ast.keyword) and node.arg == "dtype":
        other = DTYPES.get(ast.unparse(node.value))
        if other:
            yield f"dtype={other}"
    elif isinstance(node, ast.Call) and _tail(node.func) == "astype":
        other = DTYPES.get(ast.unparse(node.args[0]))
        if other:
            yield f"{ast.unparse(node.func)}({other})"


@_operator
def hard_coded_size(node, source):
    """K or D as a number."""
    text = ast.unparse(node) if isinstance(node, ast.Call | ast.Subscript) else ""
    if text.startswith("len(") and isinstance(node, ast.Call):
        yield "3"
    elif text.endswith(".shape[1]"):
        yield "2"


@_operator
def own_randomness(node, source):
    """A constant seed, the hidden global state, or a new result each time."""
    if isinstance(node, ast.Name) and node.id == "rng" and isinstance(node.ctx, ast.Load):
        yield "np.random.default_rng(0)"
        yield "np.random.default_rng()"
        yield "np.random"
    elif isinstance(node, ast.keyword) and node.arg == "random_state":
        yield "random_state=0"
        yield "random_state=None"
    elif isinstance(node, ast.Call) and _tail(node.func) == "default_rng" and node.args:
        yield _call(node, args=[ast.Constant(0)])
        yield _call(node, args=[])


@_operator
def transposed(node, source):
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield ast.unparse(node.value)
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
        turned = ast.Tuple(node.slice.elts[::-1], ast.Load())
        yield ast.unparse(ast.Subscript(node.value, turned, node.ctx))
        for part in node.slice.elts:
            if ast.unparse(part) == "None":
                yield ast.unparse(node.value)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        yield f"({ast.unparse(node.left)}) * ({ast.unparse(node.right)})"


@_operator
def swapped(node, source):
    """The two results, or the two branches of `np.where`, the other way round."""
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        yield f"return {ast.unparse(ast.Tuple(node.value.elts[::-1], ast.Load()))}"
    elif isinstance(node, ast.Call) and _tail(node.func) == "where" and len(node.args) == 3:
        condition, yes, no = node.args
        yield _call(node, args=[condition, no, yes])
