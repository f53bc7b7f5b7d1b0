"""What a rule is, what it looks at, and what it finds."""

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from nbformat import NotebookNode

from course.authoring.lint.names import bound_names, read_names
from course.notebooks import cells as what


@dataclass(frozen=True)
class Problem:
    """One breach: in which lesson and cell, and what is wrong with it."""

    lesson: str
    cell: str
    reason: str

    def __str__(self) -> str:
        return f"{self.lesson}, {self.cell}: {self.reason}"


class Cell:
    """A notebook cell with the questions that the rules ask of it."""

    def __init__(self, node: NotebookNode, number: int) -> None:
        self.node, self.number = node, number
        self.source: str = node.source
        self.nbgrader = what.nbgrader(node)
        self.id = what.grade_id(node) or ""
        self.is_code = node.cell_type == "code"
        self.is_markdown = node.cell_type == "markdown"
        self.is_solution = what.is_solution(node)
        self.is_graded = what.is_graded(node)
        self.is_test = what.is_autotest(node)
        self.is_manual = what.is_manual(node)
        self.is_locked = what.is_locked(node)
        self.is_setup = what.is_setup(node)
        self.is_tagged_setup = "setup" in node.metadata.get("tags", ())

    @property
    def name(self) -> str:
        head = next((line for line in self.source.splitlines() if line.strip()), "empty")
        return f"cell {self.number} ({self.id or head[:40]!r})"

    @cached_property
    def visible(self) -> str:
        """The source as the student gets it: without solution and hidden tests."""
        return what.visible(self.node)

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source) if self.is_code else ast.Module([], [])

    @cached_property
    def binds(self) -> set[str]:
        return bound_names(self.tree)

    @cached_property
    def reads(self) -> set[str]:
        return read_names(self.tree)

    @cached_property
    def calls(self) -> list[ast.Call]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]


Cells: TypeAlias = list[Cell]
# The cell that a rule finds wrong, None for the whole lesson, and what is wrong.
Breaches: TypeAlias = Iterator[tuple[Cell | None, str]]
Rule: TypeAlias = Callable[[Cells], Breaches]

RULES: dict[str, list[Rule]] = defaultdict(list)


def rule(function: Rule) -> Rule:
    """Has every lesson checked by a generator over its cells, with the rules of its module."""
    RULES[function.__module__].append(function)
    return function
