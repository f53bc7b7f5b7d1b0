"""What can be wrong with a lesson before anybody runs it.

A rule is a generator over a lesson's cells, marked `@rule`, that yields a cell and what is wrong
with it for each breach. It looks at what a student reads and runs, and never at what the code
computes. Rules stand together by what they look at, in the modules of `FAMILIES`.
"""

from nbformat import NotebookNode

from course.authoring.lint import code, comparisons, points, prose, solutions, structure, tests
from course.authoring.lint.rules import RULES, Cell, Problem

# In the order in which their problems are told.
FAMILIES = (structure, points, tests, comparisons, solutions, code, prose)


def check(lesson: str, notebook: NotebookNode) -> list[Problem]:
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
    return [
        Problem(lesson, where.name if where else "the lesson", reason)
        for family in FAMILIES
        for rule in RULES[family.__name__]
        for where, reason in rule(cells)
    ]
