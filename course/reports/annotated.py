"""A student's annotated notebook as a page, made in a process with limits."""

import base64
import copy
import hashlib
import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode
from nbgrader.converters import GenerateFeedback

from course.authoring import converters
from course.authoring.quiet import LOG
from course.gradebook.class_folder import ClassFolder, Submission
from course.isolation import limited
from course.notebooks.cells import grade_id, is_solution
from course.notebooks.released import as_released
from course.paths import REPO, notebook_path
from course.reports.safe_html import (
    POLICY,
    SafeHTMLExporter,
    coloured,
    from_markdown,
    picture_metadata,
)
from course.settings import nbgrader_settings
from course.templates import templates

# For one page, of the processor and beyond what this process has; an honest one takes a tenth.
SECONDS = 20
MEMORY = 2**30
MADE_OF = re.compile(r'<meta name="made-of" content="(\w+)">')
HEAD = 4_000
PNG = "image/png"
LARGEST = 500_000
LONGEST_WORDS = 1_000
WHY = {
    "time": "it takes too long to make",
    "memory": "it takes too much memory to make",
    "depth": "something in the notebook is nested too deeply",
}


class Annotated:
    """Makes the pages of one lesson.

    Parameters
    ----------
    folder : ClassFolder
    source : Path
        The folder of the lessons' source notebooks.
    lesson : str
    notebook : NotebookNode
        The lesson's own, of `source`.
    """

    def __init__(
        self, folder: ClassFolder, source: Path, lesson: str, notebook: NotebookNode
    ) -> None:
        course = converters.Course(folder.root, source, db_url=folder.gradebook_url)
        course.assignment_id = lesson
        self.folder = folder
        self.converter = GenerateFeedback(coursedir=course, config=nbgrader_settings(), log=LOG)
        self.exporter = SafeHTMLExporter(parent=self.converter, config=self.converter.config)
        # Most of a page is the lesson's own text, and the same for all. What is done once here is
        # there in each process that makes a page, for it is a fork of this one.
        self.laid_out = _laid_out(notebook) | _laid_out(as_released(notebook))
        plain = copy.deepcopy(notebook)
        for cell in plain.cells:
            cell.metadata = NotebookNode()
        self.exporter.from_notebook_node(plain, self._resources("", lesson, self.laid_out))
        for each in self.converter.preprocessors:
            self.exporter.register_preprocessor(each)

    def _resources(self, student: str, lesson: str, laid_out: Mapping[Any, str]) -> dict[str, Any]:
        names = {
            "student": student,
            "assignment": lesson,
            "notebook": lesson,
            "db_url": self.folder.gradebook_url,
            "score": 0,
            "max_score": 0,
            "late_penalty": 0,
        }
        return {"unique_key": lesson, "nbgrader": names, "laid_out": laid_out}

    def made(self, submission: Submission) -> dict[str, Any]:
        """The page, the pictures after exercises, and what was mended before grading.

        Raises
        ------
        course.isolation.limited.Broken
            If that takes too much, or fails.
        """
        found: dict[str, Any] = limited.call(
            self._made, submission.student, submission.lesson, seconds=SECONDS, memory=MEMORY
        )
        return found

    def _made(self, student: str, lesson: str) -> dict[str, Any]:
        notebook = self.folder.graded(student, lesson)
        if notebook is None:
            raise ValueError("there is no graded notebook that can be read")
        found = {
            "pictures": drawn(notebook),
            "mended": [str(each) for each in notebook.metadata.get("mended", ())],
        }
        page, _ = self.exporter.from_notebook_node(
            notebook, self._resources(student, lesson, self.laid_out)
        )
        return found | {"page": page}


def _laid_out(notebook: NotebookNode) -> dict[tuple[str, str], str]:
    """The lesson's own cells as HTML, by how they are laid out and their text."""
    found = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            found[coloured.__name__, cell.source] = coloured(cell.source)
        elif not cell.get("attachments"):
            found[from_markdown.__name__, cell.source] = from_markdown(cell.source, {})
    return found


def drawn(notebook: NotebookNode) -> dict[str, dict[str, str]]:
    """The first picture that follows each exercise, by the exercise's name.

    It is the student's, so it is only taken where it is a PNG of modest size.
    """
    found: dict[str, dict[str, str]] = {}
    name = None
    for cell in notebook.cells:
        if is_solution(cell):
            name = grade_id(cell)
        elif cell.cell_type == "markdown" and re.search(r"^#{2,3} ", cell.source, re.MULTILINE):
            name = None
        for output in cell.get("outputs", ()):
            data = output.get("data", {}).get(PNG)
            if name and name not in found and isinstance(data, str) and _is_png(data):
                address = f"data:{PNG};base64,{''.join(data.split())}"
                alt = picture_metadata(output, PNG).get("alt")
                words = alt if isinstance(alt, str) and alt else f"A figure after {name}"
                found[name] = {"address": address, "alt": words[:LONGEST_WORDS]}
    return found


def _is_png(data: Any) -> bool:
    try:
        content = base64.b64decode("".join(data.split()), validate=True)
    except ValueError:
        return False
    return content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) <= LARGEST


def reason(failure: limited.Broken) -> str:
    """Why a page could not be made, in words."""
    return WHY.get(failure.why, "something in the notebook cannot be shown")


def instead(title: str, why: str) -> str:
    """The page in place of one that could not be made."""
    template = templates(__file__).get_template("instead.html.jinja")
    return template.render(title=title, why=why, policy=Markup(POLICY))


def marked(page: str, fingerprint: str) -> str:
    """The page, which says what it was made of."""
    return page.replace("<head>", f'<head>\n<meta name="made-of" content="{fingerprint}">', 1)


def made_of(path: Path) -> str:
    """What the page that lies there says it was made of; empty where it does not, or is none."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            found = MADE_OF.search(file.read(HEAD))
    except OSError:
        return ""
    return found.group(1) if found else ""


def digest(*parts: Any) -> str:
    """A short text for what these parts say."""
    return hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:32]


def way(source: Path, lesson: str) -> str:
    """What pages of a lesson depend on beside the students: its text, templates, libraries."""
    files = [
        notebook_path(source, lesson),
        REPO / "nbgrader_config.py",
        *sorted(Path(__file__).parent.glob("*")),
    ]
    versions = [version(name) for name in ("nbgrader", "nbconvert", "nh3", "pygments", "mistune")]
    return digest(versions, [path.read_bytes() for path in files if path.is_file()])
