"""A lesson's page: what students get, with the figures of a run, and their alt texts."""

import base64
import hashlib
import os
import re

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from course.notebooks.cells import is_autotest, is_solution
from course.notebooks.released import as_released
from course.paths import CourseError

WIDGET = "application/vnd.jupyter.widget-view+json"
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
REFERENCE = "IPY_MODEL_"
NEEDS_A_KERNEL = """\
:::{admonition} Try it in JupyterLab
Here the lesson has controls to move. They need Python, which this page has not.%s
:::"""
IMAGE_WITHOUT_ALT = re.compile(r"""<img\b(?![^>]*\balt\s*=\s*["']\s*[^\s"'])""")


def page_of(solved: NotebookNode) -> NotebookNode:
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
    cells = []
    for number, node in enumerate(page.cells, 1):
        cells.append(node)
        if node.cell_type != "code":
            continue
        if is_autotest(node):
            _fold(node, "the visible checks")
        elif "display_quiz(" in node.source:
            _fold(node, "the code of this quiz")
        asked = is_solution(node) or is_autotest(node)
        node.outputs, notes = _shown([] if asked else node.outputs, widgets)
        cells += [
            new_markdown_cell(note, id=f"needs-a-kernel-{number}-{i}")
            for i, note in enumerate(notes)
        ]
    outputs = [output for node in cells for output in node.get("outputs", ())]
    live = {view: widgets[view] for output in outputs if (view := _view(output)) in widgets}
    page.cells = cells
    page.metadata.pop("widgets", None)
    if live:
        page.metadata["widgets"] = {WIDGET_STATE: {"version_major": 2, "state": live}}
    return page


def _shown(outputs, widgets):
    """A cell's outputs as the page has them, and a note for each widget that needs a kernel."""
    shown, notes = [], []
    for output in outputs:
        view = _view(output)
        if view is None or widgets.get(view, {}).get("model_module") == "anywidget":
            shown.append(output)
        else:
            parts = _parts(widgets, view)
            shown += [o for part in parts for o in part.get("outputs", ())]
            notes.append(NEEDS_A_KERNEL % _setting(parts))
    return [nbformat.from_dict(output) for output in shown], notes


def _view(output):
    """The id of the widget that an output shows; None where it shows none."""
    return output.get("data", {}).get(WIDGET, {}).get("model_id")


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


def alt_texts(lesson: str, page: NotebookNode) -> dict[str, str]:
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
