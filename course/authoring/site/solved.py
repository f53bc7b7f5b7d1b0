"""The lessons' solved versions, run once for the book and kept."""

import hashlib
import os
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from course import scratch
from course.paths import REPO, CourseError, notebook_path

# Seconds for a cell. Once in many runs zmq's event loop overlooks a reply, which is then found when
# this time is over.
TIMEOUT = 120


def executed(
    lesson: str, source: Path, cache: Path, say: Callable[[str], object] = print
) -> NotebookNode:
    """The lesson's source notebook after a run, from the cache where nothing has changed.

    Raises
    ------
    CourseError
        If a cell ends in an error.
    """
    path = notebook_path(source, lesson)
    kept = cache / f"{lesson}-{_fingerprint(path)}.ipynb"
    if kept.exists():
        return nbformat.read(kept, as_version=4)
    say(f"{lesson}: running its solved version ...")
    with scratch.folder("solved-") as folder:
        notebook = run(lesson, nbformat.read(path, as_version=4), folder)
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                raise CourseError(
                    f"{lesson}: cell {number} of its solved version ends in "
                    f"{output.ename}: {output.evalue}"
                )
    cache.mkdir(parents=True, exist_ok=True)
    for old in cache.glob(f"{lesson}-*.ipynb"):
        old.unlink()
    half = kept.with_suffix(".part")
    nbformat.write(notebook, half)
    half.replace(kept)
    return notebook


def run(lesson: str, notebook: NotebookNode, folder: str) -> NotebookNode:
    """The notebook after a run in an empty folder, with its outputs and the state of its widgets.

    Raises
    ------
    CourseError
        If a cell does not come to its end.
    """
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        allow_errors=True,
        store_widget_state=True,
        resources={"metadata": {"path": folder}},
    )
    env = os.environ | {
        "IPYTHONDIR": os.path.join(folder, ".ipython"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONHASHSEED": "0",
        "TF_CPP_MIN_LOG_LEVEL": "2",
    }
    try:
        # A thread of its own, since the caller may be inside an event loop.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(client.execute, env=env, stderr=subprocess.DEVNULL).result()
    except (CellTimeoutError, DeadKernelError) as error:
        reason = "takes too long" if isinstance(error, CellTimeoutError) else "ends its Python"
        raise CourseError(f"{lesson}: a cell of its solved version {reason}.") from error


def _fingerprint(path):
    """A hash of all that a lesson's outputs depend on."""
    used = sorted(p for p in (REPO / "utils").rglob("*") if p.suffix in (".py", ".npz", ".js"))
    digest = hashlib.sha256(b"with widgets")
    for file in (path, REPO / "requirements.lock", *used):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:20]
