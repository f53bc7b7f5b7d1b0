"""A student's round in JupyterLab: open, run all, drag, validate, solve, validate; work is kept."""

import json
import sys
from types import SimpleNamespace

import nbformat
import pytest

from course.authoring.text import to_notebook
from course.notebooks.released import as_released
from course.paths import REPO, notebook_path
from course.student import lab

LESSON = "01_squares"
TEXT = """\
# %% [markdown]
# # 1 · Squares
#
# Drag the slider.

# %% locked="setup" tags=["setup"]
from ipywidgets import interact

from utils import NotSolvedYet

# %%
interact(lambda number: print("its square is", number**2), number=(0, 100))

# %% [markdown]
# ### Exercise 1 · Square (2 points)
#
# Write `square(x)`.

# %% solution="square"
def square(x):
    ### BEGIN SOLUTION
    return x * x
    ### END SOLUTION

# %% test="test_square" points=2
assert square(3) != 6, "You double it: multiply x by itself."
assert square(3) == 9, "square(3) is not 9"
"""
START = """\
import sys
from pathlib import Path
from course.student import lab
release, work = map(Path, sys.argv[1:3])
print(*lab.prepare(release, work), sep="\\n", flush=True)
sys.exit(lab.start(sys.argv[3:], work))
"""
READY = "Python 3 (ipykernel) | Idle"


def release_lesson(folder, text=TEXT):
    path = notebook_path(folder, LESSON)
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(as_released(to_notebook(text)), path)
    return path


@pytest.fixture(scope="module")
def student(jupyter, tmp_path_factory):
    """`make lab` on a released lesson."""
    folder = tmp_path_factory.mktemp("student")
    release, work = folder / "release", folder / "work"
    release_lesson(release)
    url = jupyter([sys.executable, "-c", START, str(release), str(work)], REPO)
    return SimpleNamespace(url=url, release=release, work=work)


def open_lesson(page, student, name=f"{LESSON}.ipynb"):
    page.goto(f"{student.url}/lab/tree/{LESSON}/{name}?reset")
    page.locator("#jp-main-statusbar").get_by_text(READY).wait_for()


def run_all(page):
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator('.lm-Menu-item[data-command="runmenu:run-all"]').click()


def validate(page):
    """Press Validate; the words of the dialogue."""
    page.locator(".validate-button").click()
    dialog = page.locator(".jp-Dialog")
    dialog.wait_for()
    text = dialog.inner_text()
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    return text


def test_the_welcome_page_opens_with_the_lessons_and_a_link_opens_one(page, student):
    page.goto(f"{student.url}/")
    page.get_by_role("heading", name="Clustering and mixture models").wait_for()
    page.screenshot(path=student.work.parent / "welcome.png")
    page.get_by_role("link", name="1 · Squares").click()
    page.get_by_role("heading", name="1 · Squares").wait_for()
    assert page.outside == []


def test_run_all_drag_validate_solve_validate(page, student):
    open_lesson(page, student)
    run_all(page)
    # Run All stops at the exercise, in one friendly sentence.
    page.locator(".jp-OutputArea").get_by_text("This exercise is not solved yet.").wait_for()

    # Drag: the answer comes from the kernel.
    square = page.locator(".jp-OutputArea").get_by_text("its square is 2500")
    square.wait_for()
    handle = page.locator(".widget-slider .noUi-handle")
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 400, box["y"], steps=10)
    page.mouse.up()
    page.locator(".jp-OutputArea").get_by_text("its square is 10000").wait_for()

    # Validate names the exercise and says what is missing.
    text = validate(page)
    assert "not solved yet" in text, text
    page.screenshot(path=student.work.parent / "unsolved.png")

    # Solve it wrongly: the message of the test; then rightly.
    cell = page.locator(".jp-CodeCell", has_text="YOUR CODE HERE").locator(".cm-content")
    for answer, says in (("2 * x", "You double it"), ("x * x", "Success")):
        cell.click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.insert_text(f"def square(x):\n    return {answer}")
        cell = page.locator(".jp-CodeCell", has_text="def square").locator(".cm-content").first
        text = validate(page)
        assert says in text, text
    assert page.outside == []
    saved = json.loads(notebook_path(student.work, LESSON).read_text(encoding="utf-8"))
    assert any("return x * x" in "".join(cell["source"]) for cell in saved["cells"])


def test_a_second_start_keeps_the_work_and_an_update_opens_beside_it(page, student):
    mine = notebook_path(student.work, LESSON)
    notebook = nbformat.read(mine, as_version=4)
    notebook.cells.append(nbformat.v4.new_markdown_cell("My own notes"))
    nbformat.write(notebook, mine)
    work = mine.read_bytes()
    release_lesson(student.release, TEXT.replace("Drag the slider.", "Drag the new slider."))
    [said] = lab.prepare(student.release, student.work)
    assert "your work is kept" in said and mine.read_bytes() == work
    open_lesson(page, student, f"{LESSON} (updated).ipynb")
    page.get_by_role("paragraph").get_by_text("Drag the new slider.").wait_for()
    open_lesson(page, student)
    page.get_by_role("paragraph").get_by_text("My own notes").wait_for()


def test_students_find_no_instructors_tool(page, student):
    open_lesson(page, student)
    page.get_by_role("menuitem", name="View", exact=True).click()
    page.locator('.lm-Menu-item[data-command="apputils:activate-command-palette"]').wait_for()
    names = " ".join(page.locator(".lm-MenuBar-item").all_inner_texts())
    assert "Nbgrader" not in names
    page.keyboard.press("Escape")
    assert page.locator('[aria-label*="Create Assignment"]').count() == 0
