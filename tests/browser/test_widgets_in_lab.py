"""The widgets in JupyterLab with a kernel: what is moved by hand arrives in Python."""

import re
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

# For each notebook: a cell that shows a widget, and one that reads it in Python.
NOTEBOOKS = {
    "board": (
        "import numpy as np\nfrom utils import load_five_blobs\n"
        "from utils.widgets.kmeans_board import kmeans_board\n"
        "blobs = load_five_blobs()[0][::4]\nboard = kmeans_board(blobs, k=5, seed=3)\nboard",
        "X, mu = (np.array(board.state[name]) for name in ('points', 'centroids'))\n"
        "table = np.sum((X[:, None] - mu) ** 2, axis=2)\n"
        "same = np.array_equal(table.argmin(axis=1), board.state['labels'])\n"
        "moved = np.sum(np.any(X != blobs, axis=1))\ncost = table.min(axis=1).sum()\n"
        "print(f'labels the same: {same}; points moved: {moved}; Inertia {cost:.2f}.')",
    ),
    "stepper": (
        "from utils import load_five_blobs\nfrom utils.widgets.em_stepper import em_stepper\n"
        "stepper = em_stepper(load_five_blobs()[0][::8], k=3)\nstepper",
        "print('weights in Python:', *(f'{weight:.3f}' for weight in stepper.state['pi']))",
    ),
    "slider": (
        "from utils import load_five_blobs\nfrom utils.widgets.dbscan import dbscan_explorer\n"
        "dbscan_explorer(load_five_blobs()[0][::4], eps=0.1)",
        "",
    ),
}


@pytest.fixture(scope="module")
def address(jupyter, tmp_path_factory):
    folder = tmp_path_factory.mktemp("widgets")
    for name, cells in NOTEBOOKS.items():
        notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, folder / f"{name}.ipynb")
    start = (
        "import sys; from course.student import lab; sys.exit(lab.start(sys.argv[2:], sys.argv[1]))"
    )
    return jupyter([sys.executable, "-c", start, str(folder)], folder)


@pytest.fixture
def shown(page, address):
    """Opens a notebook and runs its first cell, which shows a widget; gives the page."""

    def show(name):
        page.goto(f"{address}/lab/tree/{name}.ipynb?reset")
        page.locator("#jp-main-statusbar").get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        run_cell(page, 0)
        return page

    yield show
    assert page.outside == []


def run_cell(page, number):
    """Run a cell; its output."""
    cell = page.locator(".jp-CodeCell").nth(number)
    cell.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+Enter")
    return cell.locator(".jp-OutputArea-output")


def test_what_is_dragged_on_the_board_arrives_in_python(shown):
    page = shown("board")
    board = page.locator(".kmeans-board")
    board.get_by_role("button", name="Assign points").click()
    handle = board.get_by_role("button", name=re.compile("^Centroid 2 at"))
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    page.mouse.move(box["x"] + 13, box["y"] + 13)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 30, steps=5)
    page.mouse.up()
    # JupyterLab's own shortcuts keep away: these keys neither leave the cell nor scroll.
    board.get_by_role("button", name=re.compile("^Point 0 of 500")).focus()
    for key in ("PageDown", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.ariaLabel").startswith("Point 1 of 500")
    inertia = re.search(r"Inertia [\d.]+\.", board.get_by_role("status").text_content()).group()
    printed = run_cell(page, 1)
    printed.get_by_text(f"labels the same: True; points moved: 1; {inertia}").wait_for()


def test_the_steppers_mixture_is_there_in_python(shown):
    page = shown("stepper")
    stepper = page.locator(".em-stepper")
    for name in ("E step", "M step"):
        stepper.get_by_role("button", name=name).focus()
        page.keyboard.press("Enter")
    weights = stepper.locator("tbody td:nth-of-type(1)").all_inner_texts()
    assert weights != ["0.333"] * 3
    run_cell(page, 1).get_by_text(f"weights in Python: {' '.join(weights)}").wait_for()


def test_a_slider_is_moved_by_keys_and_its_name_and_number_are_seen(shown):
    page = shown("slider")
    picture = page.locator(".jp-OutputArea-output img")
    picture.wait_for()
    before = picture.get_attribute("src")
    name = page.locator(".widget-label", has_text="min_samples").first
    assert name.evaluate("(label) => label.scrollWidth <= label.clientWidth")
    page.locator(".widget-slider .noUi-handle").last.focus()
    page.keyboard.press("ArrowRight")
    page.locator(".widget-readout").get_by_text("6", exact=True).wait_for()
    page.wait_for_function(
        "(old) => { const now = document.querySelector('.jp-OutputArea-output img'); return now && now.src !== old; }",
        arg=before,
    )
