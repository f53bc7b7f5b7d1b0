"""The cells that students fill in: what stands there, and putting something else there."""

from collections.abc import Mapping

from nbformat import NotebookNode

from course.notebooks.cells import grade_id, is_solution
from course.paths import CourseError


def reference(notebook: NotebookNode) -> dict[str, str]:
    """The text of each exercise's solution cell, by the exercise's name."""
    return {str(grade_id(cell)): cell.source for cell in notebook.cells if is_solution(cell)}


def fill_in(notebook: NotebookNode, answers: Mapping[str, str]) -> NotebookNode:
    """Put answers into a lesson's notebook, as a student would.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Changed in place.
    answers : dict of str to str
        For each exercise, the new source of its solution cell.

    Returns
    -------
    nbformat.NotebookNode
    """
    left = dict(answers)
    for cell in notebook.cells:
        if is_solution(cell) and (name := grade_id(cell)) in left:
            cell.source = left.pop(name)
    if left:
        raise CourseError(f"There is no exercise {', '.join(sorted(left))} in this notebook.")
    return notebook
