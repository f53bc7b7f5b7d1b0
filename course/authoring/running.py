"""How the course's notebooks are run: what `course.isolation` is told of the course."""

from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from course.isolation import cgroups, outer
from course.isolation import run as isolation
from course.isolation.lines import lend as lend_kind
from course.isolation.run import TIMEOUT
from course.isolation.settings import Settings
from course.paths import REPO

__all__ = ["SETTINGS", "TIMEOUT", "check", "lend", "limits", "run", "self_test"]

SETTINGS = Settings(
    root=str(REPO),
    # `utils` and the grader's own halves, never a lesson's source.
    visible=("utils", "course/__init__.py", "course/paths.py", "course/isolation"),
    libraries=(
        "builtins", "collections", "dask", "functools", "itertools", "keras", "math", "matplotlib",
        "numbers", "numpy", "operator", "pandas", "scipy", "sklearn", "statistics", "tensorflow",
        "types", "umap", "utils",
    ),
    # Imported at the first picture otherwise, in each submission anew.
    together={
        "matplotlib.pyplot": (
            "matplotlib.backends.backend_agg",
            "matplotlib_inline.backend_inline",
        ),
        "utils": ("utils.plotting",),
    },
    pictures="utils.plotting.draw_pictures",
    way_out=(
        "grade submissions that you trust with `--sandbox none`, which lets them do whatever you "
        "can do"
    ),
    more="docs/machines.md has the options.",
)  # fmt: skip
UNCONFINED = (
    "WARNING: --sandbox none. Submissions run with your own rights: they can read, change and send "
    "whatever you can. Use it only for work that you trust."
)


def run(notebook: NotebookNode, *, cwd: str | Path, **how: Any) -> NotebookNode:
    """See `course.isolation.run.run`."""
    return isolation.run(notebook, SETTINGS, cwd=cwd, **how)


def lend(notebook: NotebookNode, confine: str) -> Any:
    """What `run` may be given as `lent` in other processes, for notebooks of this one's kind."""
    return lend_kind(isolation.kind_of(notebook, SETTINGS, confine))


def self_test(confine: str = "bwrap", kind: Any = None) -> None:
    """See `course.isolation.run.self_test`."""
    isolation.self_test(SETTINGS, confine, kind)


def check(confine: str) -> None:
    """`CourseError` if submissions cannot be confined in this way here."""
    outer.check(SETTINGS, confine)


def limits(confine: str) -> str:
    """A sentence on what limits submissions here, after those of killed runs were ended."""
    if confine == "none":
        return UNCONFINED
    cgroups.sweep()
    return cgroups.said()
