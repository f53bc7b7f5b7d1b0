"""The course as a static web book: what a student gets, with the figures of the solved lessons."""

import json
import lzma
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course import syllabus
from course.authoring.site.links import check_links
from course.authoring.site.pages import alt_texts, page_of
from course.authoring.site.solved import executed
from course.notebooks.cells import points_of
from course.paths import REPO, SOURCE, CourseError
from course.student.lab import heading

HTML = REPO / "_build" / "html"
BOOK = REPO / "_build" / "book"
CACHE = REPO / ".cache" / "site"
PAGES = REPO / "docs"
MATHJAX = Path(__file__).parents[1] / "static" / "mathjax" / "tex-svg.js.xz"


@dataclass(frozen=True)
class Summary:
    """What the list of lessons says about one."""

    lesson: str
    title: str
    minutes: int | None
    points: float

    def __str__(self):
        about = [f"{self.minutes} minutes"] if self.minutes else []
        about += [f"{self.points:g} marks"] if self.points else []
        return f"- [{self.title}](lessons/{self.lesson}.ipynb): {', '.join(about)}".rstrip(": ")


def build_site(
    to: Path = HTML,
    lessons: Sequence[str] = (),
    *,
    source: Path = SOURCE,
    pages: Path = PAGES,
    work: Path = BOOK,
    cache: Path = CACHE,
    say: Callable[[str], object] = print,
) -> Path:
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
        If a lesson's own solution fails, if a figure has no alt text, if Sphinx has a warning, if a
        link within the book leads nowhere, or if `to` holds something that is no book.
    """
    to, work = Path(to), Path(work)
    _check_place(to)
    chosen = _chosen(Path(source), lessons)
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(pages, work / "pages")
    write_lessons(chosen, Path(source), work / "pages", Path(cache), say)
    say("Writing the pages ...")
    sphinx(work)
    check_links(work / "html")
    shutil.rmtree(to, ignore_errors=True)
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(work / "html", to)
    return to / "index.html"


def _check_place(to: Path) -> None:
    if to.exists() and any(to.iterdir()) and not (to / ".buildinfo").exists():
        raise CourseError(f"{to} holds something else than a web book: name another folder.")


def _chosen(source, lessons):
    """The built lessons in `source`, or those of them that are wanted."""
    found = [path.stem for path in sorted(source.glob("[0-9]*/*.ipynb"))]
    chosen = [lesson for lesson in found if not lessons or lesson in lessons]
    if not chosen:
        raise CourseError(f"No lesson is in {source}: run `python -m course build` first.")
    return chosen


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


def summary(lesson: str, notebook: NotebookNode) -> Summary:
    """The title of a lesson, its minutes as the syllabus has them, and its marks."""
    entry = syllabus.entries().get(lesson)
    points = sum(map(points_of, notebook.cells))
    return Summary(lesson, heading(notebook), entry.minutes if entry else None, points)


def sphinx(work: Path) -> None:
    """Build `work/pages` into `work/html`, with MathJax beside the pages.

    Raises
    ------
    CourseError
        With the first warning, if there is one.
    """
    static = work / "pages" / "_static"
    static.mkdir(exist_ok=True)
    (static / "tex-svg.js").write_bytes(lzma.decompress(MATHJAX.read_bytes()))
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
