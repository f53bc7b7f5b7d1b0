"""The grading's pieces as nbgrader's preprocessors, named in `nbgrader_config.py`."""

import copy
import glob
import os
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests, NbGraderPreprocessor
from nbgrader.preprocessors import Execute as StockExecute
from traitlets import Bool, Enum
from traitlets.config import Config

from course.authoring.running import TIMEOUT, run
from course.grading.intake import lesson_notebook, take
from course.notebooks.assembling import assemble
from course.notebooks.cells import grade_id, is_graded, is_solution, known_cells
from course.notebooks.files import (
    MAX_ENTRIES,
    UnreadableSubmission,
    extras,
    is_notebook,
    opened,
    plain_file,
)
from course.notebooks.released import as_released
from course.notebooks.times import MAX_BYTES, TIMESTAMP
from course.notebooks.verdict import normalise, refused
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


class Intake(NotebookExporter):
    """How nbgrader's autograde gets at a submission: the same way as `course grade`.

    nbgrader makes one before it converts anything, and tells it who converts: `only_plain` keeps it
    from copying what is no plain file of modest size. Then nbgrader has each notebook read by it.
    """

    def __init__(self, config: Config | None = None, **kwargs: Any) -> None:
        super().__init__(config=config, **kwargs)  # type: ignore[no-untyped-call]
        converter: Any = self.parent
        only_plain(converter)
        for folder in getattr(converter, "assignments", ()):  # none outside of a conversion
            # Whatever it is called: `take` looks for it.
            name = f"{os.path.basename(folder)}.ipynb"
            converter.assignments[folder] = [os.path.join(folder, name)]

    def from_filename(self, filename: str, resources: Any = None, **kwargs: Any) -> Any:
        """A submission is taken in; what nbgrader has written of it itself is just read."""
        converter: Any = self.parent
        coursedir, names = converter.coursedir, resources["nbgrader"]
        student, lesson = names["student"], names["assignment"]
        folder = coursedir.format_path(coursedir.submitted_directory, student, lesson)
        if os.path.dirname(filename) != folder:
            return super().from_filename(filename, resources, **kwargs)
        source = coursedir.format_path(coursedir.source_directory, ".", "")
        notebook = self._taken(folder, student, lesson, source)
        resources["metadata"] = {"name": lesson, "path": folder}
        return super().from_notebook_node(notebook, resources, **kwargs)  # type: ignore[no-untyped-call]

    def _taken(self, folder: str, student: str, lesson: str, source: str) -> NotebookNode:
        """The notebook to be graded, or a blank one that says why there is none."""
        try:
            taken = take(folder, lesson, source)
        except UnreadableSubmission as reason:
            self.log.error("%s: %s", student, reason)
            original = lesson_notebook(source, lesson)
            blank, _ = assemble(original, NotebookNode(cells=as_released(original).cells))
            blank.metadata.refused = {"ename": "SubmissionMissing", "reason": str(reason)}
            return blank
        for note in taken.notes:
            self.log.warning("%s: %s", student, note)
        return taken.notebook


class OnlyPlain(NbGraderPreprocessor):  # type: ignore[misc]
    """Keeps nbgrader's generate_feedback from copying what is no plain file of modest size."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        only_plain(getattr(self.parent, "parent", None))

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Nothing: it is done when nbgrader makes its preprocessors, before it copies."""
        return nb, resources


def only_plain(converter: Any) -> None:
    """Has one of nbgrader's converters, which is about to start, leave the other files alone.

    It goes by `CourseDirectory.ignore`, where a path that is absolute means that file alone. What
    nbgrader would open all the same is taken off its list, with a sentence in its log.
    """
    if not hasattr(converter, "assignments"):
        return
    ignored = []
    for folder in list(converter.assignments):
        try:
            ignored += _not_plain(Path(folder))
        except UnreadableSubmission as reason:
            converter.log.error("Left out %s: %s", folder, reason)
            del converter.assignments[folder]
    always = [each for each in converter.coursedir.ignore if not os.path.isabs(each)]
    converter.coursedir.ignore = always + [glob.escape(path) for path in ignored]


def _not_plain(folder: Path) -> list[str]:
    """What of a submission is not to be copied: folders where nothing is, else single files."""
    with opened(folder) as at:
        if TIMESTAMP in os.listdir(at):
            plain_file(TIMESTAMP, at, MAX_BYTES)
    plain = {folder / path for path, _ in extras(folder)}
    kept = {parent for path in plain for parent in path.parents}
    found = []
    for where, folders, names in islice(os.walk(folder), MAX_ENTRIES):
        paths = [Path(where, name) for name in [*folders, *names]]
        found += [str(path) for path in paths if path not in plain | kept]
        folders[:] = [name for name in folders if Path(where, name) in kept]
        if len(found) > MAX_ENTRIES:
            raise UnreadableSubmission("It holds too many files.")
    return [path for path in found if not is_notebook(os.path.basename(path))]


class Execute(StockExecute):  # type: ignore[misc]
    """Runs a notebook the course's way; `c.Execute.timeout` still counts."""

    everything = Bool(False, help="Run demonstrations too, and draw pictures.").tag(config=True)
    confine = Enum(["bwrap", "none"], "bwrap", help="The sandbox.").tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: Any, km: object = None
    ) -> tuple[NotebookNode, Any]:
        """See `course.isolation.run.run`."""
        if "refused" in nb.metadata:
            return refused(nb, **nb.metadata.refused), resources
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
