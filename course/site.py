"""The course as a static web book: what a student gets, with the figures of the solved lessons."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell

from course import syllabus
from course.grading.intake import as_released
from course.grading.run import run
from course.lab import heading
from course.lint import Cell
from course.paths import REPO, SOURCE, CourseError, notebook_path

HTML = REPO / "_build" / "html"
BOOK = REPO / "_build" / "book"
CACHE = REPO / ".cache" / "site"
PAGES = REPO / "docs"
TIMEOUT = 600

WIDGET = "application/vnd.jupyter.widget-view+json"
NEEDS_A_KERNEL = """\
:::{admonition} Try it in JupyterLab
Here the lesson has controls to move. They need Python, which this page has not.
:::"""
IMAGE_WITHOUT_ALT = re.compile(r"""<img\b(?![^>]*\balt\s*=\s*["']\s*[^\s"'])""")


@dataclass(frozen=True)
class Summary:
    """What the list of lessons says about one."""

    lesson: str
    title: str
    minutes: str
    points: float

    def __str__(self):
        about = [f"{self.minutes} minutes"] if self.minutes else []
        about += [f"{self.points:g} marks"] if self.points else []
        return f"- [{self.title}](lessons/{self.lesson}.ipynb): {', '.join(about)}".rstrip(": ")


def build_site(
    to=HTML, lessons=(), *, source=SOURCE, pages=PAGES, work=BOOK, cache=CACHE, say=print
):
    """Build the web book; the one there stays as it is where that fails.

    Parameters
    ----------
    to : Path
        The folder of the book. An older book there is replaced.
    lessons : sequence of str
        Only these; all in `source` where empty.
    source, pages : Path
        The folders of the instructors' notebooks, and of the book's other pages with `conf.py`.
    work, cache : Path
        Folders to build in and for the executed lessons. A lesson whose notebook, `utils` and
        packages have not changed is not executed again.
    say : callable
        Told in a sentence what is going on.

    Returns
    -------
    Path
        The book's first page.

    Raises
    ------
    CourseError
        If a lesson's own solution fails, if a figure has no alt text, if Sphinx has a warning, or
        if `to` holds something that is no book.
    """
    to, work = Path(to), Path(work)
    if to.exists() and any(to.iterdir()) and not (to / ".buildinfo").exists():
        raise CourseError(f"{to} holds something else than a web book: name another folder.")
    found = [path.stem for path in sorted(Path(source).glob("[0-9]*/*.ipynb"))]
    chosen = [lesson for lesson in found if not lessons or lesson in lessons]
    if not chosen:
        raise CourseError(f"No lesson is in {source}: run `python -m course build` first.")
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(pages, work / "pages")
    write_lessons(chosen, Path(source), work / "pages", Path(cache), say)
    say("Writing the pages ...")
    sphinx(work)
    shutil.rmtree(to, ignore_errors=True)
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(work / "html", to)
    return to / "index.html"


def write_lessons(lessons, source, pages, cache, say=print):
    """Write a notebook for each lesson, the list of them, and the alt texts of their figures.

    Sphinx finds them below `pages` as `lessons/*.ipynb`, `lessons.txt` and `alt.json`.
    """
    (pages / "lessons").mkdir()
    summaries, alts = [], {}
    for lesson in lessons:
        solved = executed(lesson, source, cache, say)
        page = page_of(solved)
        alts |= alt_texts(lesson, page)
        summaries.append(summary(lesson, solved))
        nbformat.write(page, pages / "lessons" / f"{lesson}.ipynb")
    (pages / "lessons.txt").write_text("\n".join(map(str, summaries)) + "\n", encoding="utf-8")
    write_syllabus({found.lesson: found.points for found in summaries}, pages)
    (pages / "alt.json").write_text(json.dumps(alts), encoding="utf-8")


def write_syllabus(points, pages):
    """Write the syllabus page and its map, if the first page asks for them."""
    if not re.search(r"^syllabus$", (pages / "index.md").read_text(encoding="utf-8"), re.M):
        return
    listed = {lesson: marks for lesson, marks in points.items() if lesson in syllabus.entries()}
    (pages / "syllabus.md").write_text(syllabus.page(listed), encoding="utf-8")
    if listed:
        syllabus.draw_map(listed).figure.savefig(pages / "map.png", dpi=120, facecolor="white")


def executed(lesson, source, cache, say=print):
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
    with tempfile.TemporaryDirectory() as folder:
        notebook = run(nbformat.read(path, as_version=4), cwd=folder, timeout=TIMEOUT)
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


def _fingerprint(path):
    """A hash of all that a lesson's outputs depend on."""
    used = sorted(p for p in (REPO / "utils").rglob("*") if p.suffix in (".py", ".npz", ".js"))
    digest = hashlib.sha256()
    for file in (path, REPO / "requirements.lock", *used):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:20]


def page_of(solved):
    """The lesson as the book shows it.

    Parameters
    ----------
    solved : nbformat.NotebookNode
        The source notebook after a run.

    Returns
    -------
    nbformat.NotebookNode
        Students' text: stubs for solutions, no hidden tests. Outputs stand only under the cells
        that are neither exercise nor test. Tests are folded, and so is the code of a quiz, which
        tells the answers.
    """
    page = as_released(solved)
    cells = []
    for number, node in enumerate(page.cells, 1):
        cell = Cell(node, number)
        cells.append(node)
        if not cell.is_code:
            continue
        if cell.is_solution or cell.is_test:
            node.outputs = []
        if cell.is_test:
            _fold(node, "the visible checks")
        elif "display_quiz(" in node.source:
            _fold(node, "the code of this quiz")
        kept = [output for output in node.outputs if WIDGET not in output.get("data", ())]
        if len(kept) < len(node.outputs):
            node.outputs = kept
            cells.append(new_markdown_cell(NEEDS_A_KERNEL, id=f"needs-a-kernel-{number}"))
    page.cells = cells
    return page


def _fold(node, what):
    node.metadata["tags"] = [*node.metadata.get("tags", ()), "hide-input"]
    node.metadata["mystnb"] = {
        "code_prompt_show": f"Show {what}",
        "code_prompt_hide": f"Hide {what}",
    }


def alt_texts(lesson, page):
    """The alt text of each figure of a page.

    MyST-NB drops it, but names the figure's file by the hash of its bytes: so `conf.py` can put it
    back by that name.

    Returns
    -------
    dict of str to str
        Alt text by SHA-256.

    Raises
    ------
    CourseError
        If a figure has none.
    """
    alts = {}
    for number, cell in enumerate(page.cells, 1):
        for output in cell.get("outputs", ()):
            for kind, content in output.get("data", {}).items():
                alt = True
                if kind.startswith("image/"):
                    alt = output.metadata.get(kind, {}).get("alt", "").strip()
                    alts[_image_hash(kind, content)] = alt
                elif kind == "text/html":
                    alt = not IMAGE_WITHOUT_ALT.search(content)
                if not alt:
                    raise CourseError(
                        f"{lesson}: the figure of cell {number} has no alt text. `show(ax, "
                        'alt=...)` gives it one; HTML needs `<img alt="...">`.'
                    )
    return alts


def _image_hash(kind, content):
    if kind == "image/svg+xml":
        return hashlib.sha256(os.linesep.join(content.splitlines()).encode()).hexdigest()
    return hashlib.sha256(base64.b64decode(content)).hexdigest()


def summary(lesson, notebook):
    """The title of a lesson, the minutes that its text names, and its marks."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    minutes = re.search(r"\*\*Time:\*\*[^.]*?(\d+) min", text)
    points = sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in notebook.cells)
    return Summary(lesson, heading(notebook), minutes.group(1) if minutes else "", points)


def sphinx(work):
    """Build `work/pages` into `work/html`.

    Raises
    ------
    CourseError
        With the first warning, if there is one.
    """
    options = ["-b", "html", "--no-color", "-q", "-W", "--keep-going", "-d", str(work / "doctrees")]
    command = [sys.executable, "-m", "sphinx", *options, str(work / "pages"), str(work / "html")]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        found = [line for line in lines if re.search(r"\b(WARNING|ERROR|CRITICAL):", line)]
        first = (found or lines or ["Sphinx stopped without a word."])[0]
        raise CourseError(
            f"The web book has {len(found) or 'some'} warning{'s' * (len(found) != 1)}, the first: "
            + first.replace(f"{work / 'pages'}/", "")
        )
