"""A lesson's source notebook as students get it."""

import copy
import logging

from nbformat import NotebookNode

from course.settings import nbgrader_settings

QUIET = logging.getLogger("course.notebooks.quiet")
QUIET.addHandler(logging.NullHandler())
QUIET.propagate = False


def without_solutions(source: NotebookNode) -> NotebookNode:
    """`source` with stubs in place of its solutions."""
    return _preprocessed(source, "ClearSolutions")


def as_released(source: NotebookNode) -> NotebookNode:
    """`source` as students get it: no solution, no hidden test."""
    return _preprocessed(source, "ClearSolutions", "ClearHiddenTests")


def _preprocessed(source: NotebookNode, *names: str) -> NotebookNode:
    """A copy of `source` after nbgrader's preprocessors, set up as in `nbgrader_config.py`."""
    from nbgrader import preprocessors  # workers do without this import of some seconds

    notebook = copy.deepcopy(source)
    for name in names:
        step = getattr(preprocessors, name)(config=nbgrader_settings(), log=QUIET)
        notebook, _ = step.preprocess(notebook, {})
    return notebook
