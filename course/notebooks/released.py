"""A lesson's source notebook as students get it."""

import copy
import importlib
import logging
import sys
from types import ModuleType

from nbformat import NotebookNode

from course.settings import nbgrader_settings

STEPS = "nbgrader.preprocessors"
# Whether nbgrader's steps may be loaded, which takes seconds. A process that is forked for one
# submission sets it to False: `NotLoaded` then tells the one that it came from to `load` them.
may_load = True

QUIET = logging.getLogger("course.notebooks.quiet")
QUIET.addHandler(logging.NullHandler())
QUIET.propagate = False


class NotLoaded(Exception):
    """nbgrader's steps are wanted where they may not be loaded."""


def load() -> ModuleType:
    """nbgrader's steps."""
    if not may_load and STEPS not in sys.modules:
        raise NotLoaded
    return importlib.import_module(STEPS)


def without_solutions(source: NotebookNode) -> NotebookNode:
    """`source` with stubs in place of its solutions."""
    return _preprocessed(source, "ClearSolutions")


def as_released(source: NotebookNode) -> NotebookNode:
    """`source` as students get it: no solution, no hidden test."""
    return _preprocessed(source, "ClearSolutions", "ClearHiddenTests")


def _preprocessed(source: NotebookNode, *names: str) -> NotebookNode:
    """A copy of `source` after nbgrader's preprocessors, set up as in `nbgrader_config.py`."""
    preprocessors = load()  # workers do without, if they can
    notebook = copy.deepcopy(source)
    for name in names:
        step = getattr(preprocessors, name)(config=nbgrader_settings(), log=QUIET)
        notebook, _ = step.preprocess(notebook, {})
    return notebook
