"""The grading's pieces as nbgrader's preprocessors, named in `nbgrader_config.py`."""

import copy
import os
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests, NbGraderPreprocessor
from nbgrader.preprocessors import Execute as StockExecute
from traitlets import Bool, Enum
from traitlets.config import Config

from course.authoring.running import TIMEOUT, run
from course.notebooks.assembling import assemble
from course.notebooks.cells import grade_id, is_graded, is_solution, known_cells
from course.notebooks.released import as_released
from course.notebooks.verdict import normalise
from course.settings import nbgrader_settings

SHORTEST_HIDDEN_LINE = 6
HIDDEN = "[hidden test]"


@cache
def _read_source(path: str, _changed: int) -> NotebookNode:
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    return notebook


def source_notebook(preprocessor: Any, resources: Mapping[str, Any]) -> NotebookNode:
    """The source of the notebook that nbgrader is converting."""
    course = preprocessor.parent.parent.coursedir
    names = resources["nbgrader"]
    folder = course.format_path(course.source_directory, ".", names["assignment"])
    path = os.path.join(folder, names["notebook"] + ".ipynb")
    return _read_source(path, os.stat(path).st_mtime_ns)


class Mend(NbGraderPreprocessor):  # type: ignore[misc]
    """Rebuilds a submission in the frame of its source notebook."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """See `course.notebooks.assembling.assemble`."""
        notebook, notes = assemble(source_notebook(self, resources), nb)
        for note in notes:
            self.log.warning("%s: %s", resources["nbgrader"]["student"], note)
        return notebook, resources


class Execute(StockExecute):  # type: ignore[misc]
    """Runs a notebook the course's way; `c.Execute.timeout` still counts."""

    everything = Bool(False, help="Run demonstrations too, and draw pictures.").tag(config=True)
    confine = Enum(["bwrap", "none"], "bwrap", help="The sandbox.").tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: Any, km: object = None
    ) -> tuple[NotebookNode, Any]:
        """See `course.isolation.run.run`."""
        folder = resources.get("metadata", {}).get("path") or os.getcwd()
        executed = run(
            nb,
            cwd=folder,
            timeout=self.timeout or TIMEOUT,
            everything=self.everything,
            confine=self.confine,
        )
        return normalise(executed), resources


class HideTests(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes hidden tests out of a graded notebook before its student sees it."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Puts in the released text of test cells, and scrubs outputs of what it leaves out."""
        source = source_notebook(self, resources)
        released = known_cells(as_released(source))
        secrets = hidden_lines(source, self.config)
        for cell in nb.cells:
            name = grade_id(cell)
            if name in released and is_graded(cell) and cell.cell_type == "code":
                if not is_solution(cell):
                    cell.source = released[name].source
                for output in cell.outputs:
                    if output.output_type == "error":
                        output.traceback = [f"{output.ename}: {output.evalue}"]
            if cell.cell_type == "code":
                cell.outputs = [scrubbed(output, secrets) for output in cell.outputs]
        return nb, resources


def hidden_lines(source: NotebookNode, config: Config | None = None) -> list[str]:
    """The lines of the hidden tests that tell something, as they may turn up, longest first."""
    clear = ClearHiddenTests(config=config or nbgrader_settings())
    lines = set()
    for cell in source.cells:
        shown = copy.deepcopy(cell)
        clear._remove_hidden_test_region(shown)
        lines |= {line.strip() for line in cell.source.splitlines()} - {
            line.strip() for line in shown.source.splitlines()
        }
    lines |= {" ".join(line.split()) for line in lines}
    lines |= {line.replace(quote, "\\" + quote) for line in lines for quote in "'\""}
    told = (line for line in lines if len(line) >= SHORTEST_HIDDEN_LINE)
    return sorted(told, key=len, reverse=True)


def scrubbed(value: Any, secrets: Sequence[str]) -> Any:
    """`value` with no secret left in any of its strings."""
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, HIDDEN)
        return value
    if isinstance(value, list):
        return [scrubbed(item, secrets) for item in value]
    if isinstance(value, dict):
        return type(value)({key: scrubbed(item, secrets) for key, item in value.items()})
    return value
