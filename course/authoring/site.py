"""The course as a static web book: what a student gets, with the figures of the solved lessons."""

import base64
import hashlib
import json
import lzma
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_markdown_cell

from course import syllabus
from course.notebooks.cells import is_autotest, is_solution, points_of
from course.notebooks.released import as_released
from course.paths import REPO, SOURCE, CourseError, notebook_path
from course.student.lab import heading

HTML = REPO / "_build" / "html"
BOOK = REPO / "_build" / "book"
CACHE = REPO / ".cache" / "site"
PAGES = REPO / "docs"
MATHJAX = Path(__file__).parent / "static" / "mathjax" / "tex-svg.js.xz"
# Seconds for a cell. Once in many runs zmq's event loop overlooks a reply, which is then found when
# this time is over.
TIMEOUT = 120

WIDGET = "application/vnd.jupyter.widget-view+json"
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
REFERENCE = "IPY_MODEL_"
NEEDS_A_KERNEL = """\
:::{admonition} Try it in JupyterLab
Here the lesson has controls to move. They need Python, which this page has not.%s
:::"""
IMAGE_WITHOUT_ALT = re.compile(r"""<img\b(?![^>]*\balt\s*=\s*["']\s*[^\s"'])""")


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
        If a lesson's own solution fails, if a figure has no alt text, if Sphinx has a warning, if a
        link within the book leads nowhere, or if `to` holds something that is no book.
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
    (work / "pages" / "_static").mkdir(exist_ok=True)
    (work / "pages" / "_static" / "tex-svg.js").write_bytes(lzma.decompress(MATHJAX.read_bytes()))
    sphinx(work)
    check_links(work / "html")
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


def run(lesson, notebook, folder):
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
        tells the answers. Widgets that the browser itself runs are there with their state; of the
        others the first picture is shown.
    """
    page = as_released(solved)
    widgets = solved.metadata.get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
    cells, live = [], {}
    for number, node in enumerate(page.cells, 1):
        cells.append(node)
        if node.cell_type != "code":
            continue
        if is_solution(node) or is_autotest(node):
            node.outputs = []
        if is_autotest(node):
            _fold(node, "the visible checks")
        elif "display_quiz(" in node.source:
            _fold(node, "the code of this quiz")
        outputs, notes = [], []
        for output in node.outputs:
            view = output.get("data", {}).get(WIDGET)
            if view is None:
                outputs.append(output)
            elif _is_live(widgets.get(view["model_id"], {})):
                live[view["model_id"]] = widgets[view["model_id"]]
                outputs.append(output)
            else:
                parts = _parts(widgets, view["model_id"])
                outputs += [o for part in parts for o in part.get("outputs", ())]
                notes.append(NEEDS_A_KERNEL % _setting(parts))
        node.outputs = [nbformat.from_dict(output) for output in outputs]
        cells += [
            new_markdown_cell(note, id=f"needs-a-kernel-{number}-{i}")
            for i, note in enumerate(notes)
        ]
    page.cells = cells
    page.metadata.pop("widgets", None)
    if live:
        page.metadata["widgets"] = {WIDGET_STATE: {"version_major": 2, "state": live}}
    return page


def _is_live(widget):
    return widget.get("model_module") == "anywidget"


def _parts(widgets, model_id):
    """The states of a widget and of all that it is made of, in their order."""
    state = widgets.get(model_id, {}).get("state", {})
    parts = [state]
    for child in state.get("children", ()):
        parts += _parts(widgets, child.removeprefix(REFERENCE))
    return parts


def _setting(parts):
    """A sentence on where the controls of a picture stand."""
    stands = []
    for state in parts:
        value = state.get("value", state.get("index"))
        if "_options_labels" in state:
            value = state["_options_labels"][state["index"]]
        if state.get("description") and isinstance(value, (int, float, str)):
            stands.append(f"{state['description']} = {_short(value)}")
    return f" The picture above shows: {'; '.join(stands)}." if stands else ""


def _short(value):
    return f"{value:.3g}" if isinstance(value, float) else str(value)


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
    """The title of a lesson, its minutes as the syllabus has them, and its marks."""
    entry = syllabus.entries().get(lesson)
    points = sum(map(points_of, notebook.cells))
    return Summary(lesson, heading(notebook), entry and entry.minutes, points)


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


class _Links(HTMLParser):
    """What a page links to, and the places in it that can be linked to."""

    def __init__(self, page):
        super().__init__()
        self.targets, self.anchors = set(), set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.anchors |= {found[name] for name in ("id", "name") if found.get(name)}
        self.targets |= {found[name] for name in ("href", "src") if found.get(name)}


def check_links(html):
    """Check that each link within the book leads to a file, and to a place in it.

    Parameters
    ----------
    html : Path
        The folder of the book.

    Raises
    ------
    CourseError
        With the first that does not, if there is one.
    """
    pages = {
        page.resolve(): _Links(page) for page in html.rglob("*.html") if "_static" not in page.parts
    }
    broken = []
    for page, links in pages.items():
        for target in sorted(links.targets):
            if urlsplit(target).scheme or target.startswith("//"):
                continue
            file, anchor = urldefrag(target)
            path = (page.parent / unquote(urlsplit(file).path)).resolve() if file else page
            found = path.exists() and (
                not anchor or path not in pages or unquote(anchor) in pages[path].anchors
            )
            if not found:
                broken.append(f"{page.relative_to(html.resolve())} links to {target}")
    if broken:
        number = "A link leads" if len(broken) == 1 else f"{len(broken)} links lead"
        raise CourseError(f"{number} nowhere in the web book, the first: {sorted(broken)[0]}")
