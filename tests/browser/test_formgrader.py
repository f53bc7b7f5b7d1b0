"""An instructor's round in nbgrader's formgrader, with the course's grader plugged in."""

import csv
import shutil
import sys
from types import SimpleNamespace

import nbformat
import pytest

from course.authoring.text import to_notebook
from course.gradebook.class_folder import ClassFolder
from course.grading.grade import grade_class
from course.notebooks.exercises import fill_in
from course.paths import REPO, notebook_path

LESSON = "01_squares"
SECRET = "assert square(-7) == 49"
TEXT = f"""\
# %% [markdown]
# # 1 · Squares

# %% locked="setup" tags=["setup"]
from utils import NotSolvedYet

# %% [markdown]
# ### Exercise 1 · Square (2 points)

# %% solution="square"
def square(x):
    ### BEGIN SOLUTION
    return x * x
    ### END SOLUTION

# %% test="test_square" points=2
assert square(3) != 6, "You double it: multiply x by itself."
assert square(3) == 9, "square(3) is not 9"
### BEGIN HIDDEN TESTS
{SECRET}, "The square of a negative number is positive."
### END HIDDEN TESTS

# %% [markdown]
# ### Open question (3 points)

# %% [markdown] manual="explain_square" points=3
# Because.
"""
HOSTILE = """\
from IPython.display import HTML, SVG, Javascript, Markdown, display
display(HTML('<script>document.title = "owned"</script><img src="http://192.0.2.1/x" onerror="document.title=1">'))
display(HTML('<iframe src="http://192.0.2.1/i"></iframe><style>@import url(http://192.0.2.1/s.css)</style>'))
display(Javascript('document.title = "owned"'))
display(Markdown('<svg onload="document.title=3"></svg><img src=x onerror="document.title=4">'))
png = {'image/png': 'AAAA'}
display(png, raw=True, metadata={'image/png': {'width': '1 onerror=document.title=7'}})
display(png, raw=True, metadata={'filenames': {'image/png': 'http://192.0.2.1/f.png'}})
display(png, raw=True, metadata={'image/png': 'a text'})
display({'text/html': '<b class="nbgrader_cell">x</b>'}, raw=True, metadata={'text/html': {'isolated': True}})
display(HTML('<div style="position:fixed;inset:0;z-index:9999">over all</div>'))
display(SVG('<svg xmlns="http://www.w3.org/2000/svg" onload="document.title=5"><script>document.title=6</script></svg>'))
def square(x):
    print('<script>document.title = "owned"</script>')
    return 2 * x"""
# What formgrader's script looks for: a click on these gave full marks to every cell they name.
WRITTEN = """\
A square. <img src="http://192.0.2.1/y" onerror="document.title=2">

<div class="nbgrader_cell"><input class="score" id="test_square"><i id="test_square"></i>
<i id="explain_square"></i><i id="explain_square-comment"></i>
<a href="#test_square" class="full-credit">My notes</a>
<button class="btn full-credit" data-link="x" data-toggle="modal">My button</button></div>

<label for="explain_square">My label</label> <form name="formgrader"><input name="body" autofocus>
</form> <a name="MathJax" id="MathJax">name</a>
<div style="position:fixed;inset:0;z-index:9999"><a href="javascript:document.title=8">all</a></div>
<base href="http://192.0.2.1/"><meta http-equiv="refresh" content="0;url=http://192.0.2.1/m">
<svg><a class="full-credit" xlink:href="javascript:document.title=9"><text>s</text></a></svg>
<math><mtext><table><mglyph><style><img src=x onerror="document.title=10"></style></math>
"""
LONG = r"\begin{a}" * 11_000


@pytest.fixture(scope="module")
def instructor(jupyter, tmp_path_factory):
    """A course's folder as nbgrader knows it, and JupyterLab in it."""
    root = tmp_path_factory.mktemp("instructor")
    source = notebook_path(root / "source", LESSON)
    source.parent.mkdir(parents=True)
    nbformat.write(to_notebook(TEXT), source)
    shutil.copy(REPO / "nbgrader_config.py", root)
    command = [sys.executable, "-m", "jupyterlab", "--allow-root"]
    return SimpleNamespace(url=jupyter(command, root), root=root)


def submit(root, student, **answers):
    released = nbformat.read(notebook_path(root / "release", LESSON), as_version=4)
    path = notebook_path(root / "submitted" / student, LESSON)
    path.parent.mkdir(parents=True)
    nbformat.write(fill_in(released, answers), path)


def manage(page, instructor, lesson=""):
    what = f"manage_submissions/{lesson}" if lesson else "manage_assignments"
    page.goto(f"{instructor.url}/formgrader/{what}")


def succeeded(page):
    """Wait until formgrader says how it went; close what it says."""
    dialog = page.locator(".modal.in .modal-body")
    dialog.wait_for(timeout=120_000)
    text = dialog.inner_text()
    page.locator(".modal.in button.close").first.click()
    page.locator(".modal.in").wait_for(state="detached")
    assert "success" in text.lower(), text


def row_of(page, text):
    return page.locator("tbody tr", has_text=text)


def test_generate_makes_the_students_version(page, instructor):
    manage(page, instructor)
    row_of(page, LESSON).locator(".assign a").click()
    succeeded(page)
    released = notebook_path(instructor.root / "release", LESSON).read_text(encoding="utf-8")
    assert "raise NotSolvedYet" in released and "return x * x" not in released
    assert "square(-7)" not in released


def test_autograde_runs_our_grader(page, instructor):
    submit(instructor.root, "ada", square="def square(x):\n    return x ** 2")
    submit(instructor.root, "eve", square=HOSTILE, explain_square=WRITTEN)
    submit(instructor.root, "liz", explain_square=LONG)
    # Stock nbgrader would leave the whole submission ungraded.
    submit(instructor.root, "max", square="import os\nos._exit(0)")
    manage(page, instructor, LESSON)
    for student, score in (("ada", "2 / 5"), ("eve", "0 / 5"), ("liz", "0 / 5"), ("max", "0 / 5")):
        row_of(page, student).locator(".autograde a").click()
        succeeded(page)
        assert score in " ".join(row_of(page, student).inner_text().split())
    page.screenshot(path=instructor.root / "submissions.png")


def test_a_submission_is_looked_at_and_marked(page, instructor):
    page.goto(f"{instructor.url}/formgrader/gradebook/{LESSON}/{LESSON}")
    page.locator("tbody tr a", has_text="Submission #").first.wait_for()
    for number in range(page.locator("tbody tr a", has_text="Submission #").count()):
        page.goto(f"{instructor.url}/formgrader/gradebook/{LESSON}/{LESSON}")
        page.locator("tbody tr a", has_text="Submission #").nth(number).click()
        page.locator("input.score").first.wait_for()
        if page.get_by_text("A square.").count():
            break
    page.get_by_text("You double it: multiply x by itself.").first.wait_for()
    page.screenshot(path=instructor.root / "submission.png", full_page=True)
    assert page.title() == LESSON, "a student's script ran in the instructor's browser"
    assert [url for url in page.outside if "192.0.2.1" in url] == []
    assert page.locator("#test_square").count() == page.locator("#explain_square").count() == 1
    body = page.locator(".nbgrader_cell", has_text="My notes").locator(".rendered_html")
    assert (
        body.locator(
            "[class]:not([class='']), input, button, form, svg, [style], [name], [onclick]"
        ).count()
        == 0
    )
    for field in page.locator("input.score").all():
        assert field.input_value() in ("", "0")
    for words in ("My notes", "My button", "My label"):
        body.get_by_text(words).click()
    page.wait_for_timeout(1000)
    for field in page.locator("input.score").all():
        assert field.input_value() in ("", "0"), "a click on the student's text gave marks"
    field = page.locator("input.score").last
    field.fill("2")
    field.press("Tab")
    page.wait_for_timeout(1000)
    manage(page, instructor, LESSON)
    row_of(page, "eve").get_by_text("2 / 5").wait_for()


def test_feedback_shows_the_message_and_no_hidden_test_and_runs_nothing(page, instructor):
    manage(page, instructor, LESSON)
    row_of(page, "eve").locator(".generate-feedback a").click()
    succeeded(page)
    path = instructor.root / "feedback" / "eve" / LESSON / f"{LESSON}.html"
    text = path.read_text(encoding="utf-8")
    assert "You double it: multiply x by itself." in text and "square(-7)" not in text
    page.goto(path.as_uri())
    page.wait_for_load_state()
    assert page.title() == LESSON and page.locator("script").count() == 0
    assert [url for url in page.outside if "192.0.2.1" in url] == []


def test_our_own_commands_go_on_with_formgraders_gradebook(instructor):
    """Marks given in formgrader are in grades.csv after `course grade`."""
    assert grade_class(ClassFolder(instructor.root), source=instructor.root / "source") == 0
    with (instructor.root / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["student"], row["cell"]): row for row in csv.DictReader(file)}
    assert rows["eve", "explain_square"]["points"] == "2"
    assert rows["ada", "test_square"]["status"] == "passed"
    assert rows["max", "test_square"]["status"] == "killed"
