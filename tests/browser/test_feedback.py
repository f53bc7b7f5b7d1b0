"""What a hostile student wrote does nothing in the browsers of those who read it."""

import shutil

import nbformat
import pytest

from course.authoring.text import to_notebook
from course.gradebook import marks
from course.grading.grade import grade_class
from course.notebooks.intake import as_released
from course.notebooks.solutions import fill_in
from course.paths import notebook_path
from course.reports import report
from course.reports.feedback import write_feedback

LESSON = "01_squares"
TEXT = """\
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
assert square(3) == 9, f"square(3) is not {square(3)}"

# %% [markdown]
# ### Open question (3 points)

# %% [markdown] manual="explain_square" points=3
# Because.
"""
# Each would give the page another title, or ask another host.
OUTPUTS = """\
from IPython.display import HTML, SVG, Javascript, Latex, Markdown, display
display(HTML('<script>document.title = "owned"</script><img src="http://192.0.2.1/a" onerror="document.title=1">'))
display(HTML('<iframe src="http://192.0.2.1/b" srcdoc="<script>parent.document.title=2</script>"></iframe>'))
display(HTML('<style>@import url(http://192.0.2.1/c.css); body { background: url(http://192.0.2.1/d) }</style>'))
display(HTML('<meta http-equiv="refresh" content="0;url=http://192.0.2.1/e"><base href="http://192.0.2.1/">'))
display(HTML('<object data="http://192.0.2.1/f"></object><embed src="http://192.0.2.1/g"><link rel=stylesheet href="http://192.0.2.1/h">'))
display(Javascript('document.title = "owned"'))
display(Markdown('<svg onload="document.title=3"></svg><details ontoggle="document.title=4" open>'))
display(SVG('<svg xmlns="http://www.w3.org/2000/svg" onload="document.title=5"><script>document.title=6</script></svg>'))
display(Latex('$x$</div><script>document.title=7</script>'))
print('</pre><script>document.title=8</script>')
def square(x):
    return '</p></pre><script>document.title=9</script><img src="http://192.0.2.1/i" onerror="document.title=10">'"""
WRITTEN = """\
</pre></article></main><script>document.title=11</script>
<img src="http://192.0.2.1/j" onerror="document.title=12"> [x](javascript:document.title=13)
<form data-student="ada" data-lesson="x" data-cell="y" data-most="9"></form>"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("hostile")
    notebook = to_notebook(TEXT)
    source = notebook_path(root / "source", LESSON)
    source.parent.mkdir(parents=True)
    nbformat.write(notebook, source)
    for student in ("eve", '<img src=x onerror="document.title=14">'):
        path = notebook_path(root / "submitted" / student, LESSON)
        path.parent.mkdir(parents=True)
        answers = {"square": OUTPUTS, "explain_square": WRITTEN}
        nbformat.write(fill_in(as_released(notebook), answers), path)
    assert grade_class(root, source=root / "source") == 0
    assert write_feedback(root, source=root / "source") == 0
    report.write_report(root, source=root / "source")
    return root


def read_page(page, path, title):
    """Open a page and wait as long as a script would need; give its text."""
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_load_state("networkidle")
    for link in page.locator("a[href^='javascript']").all():
        link.click()
    assert page.title() == title
    assert page.outside == [] and errors == []
    return page.locator("body").inner_text()


def test_the_feedback_page_tells_and_runs_nothing(page, root):
    text = read_page(page, root / "feedback" / "eve" / "index.html", "Feedback for eve")
    assert "Not right yet" in text and "<script>document.title=9</script>" in text


def test_the_annotated_notebook_shows_and_runs_nothing(page, root):
    path = root / "feedback" / "eve" / LESSON / f"{LESSON}.html"
    text = read_page(page, path, LESSON)
    assert "def square(x):" in text and "square(3) is not" in text


def test_a_students_name_runs_nothing_either(page, root):
    name = '<img src=x onerror="document.title=14">'
    read_page(page, root / "feedback" / name / "index.html", f"Feedback for {name}")


def test_the_class_report_shows_the_answer_and_runs_only_its_own_script(page, root):
    text = read_page(page, root / "report" / "index.html", "Class report")
    assert "document.title=11" in text
    assert page.locator("form").count() == 2, "an answer cannot add a form"


def test_marks_typed_into_the_report_are_saved_and_taken(page, root, tmp_path):
    copy = tmp_path / "class"
    shutil.copytree(root, copy)
    page.goto((root / "report" / "index.html").as_uri())
    page.get_by_text("0 of 2 marked").wait_for()
    points = page.get_by_label("Points")
    points.nth(0).fill("2.5")
    points.nth(0).press("Enter")
    assert points.nth(1).evaluate("(field) => field === document.activeElement")
    points.nth(1).fill("7")
    page.get_by_label("Comment").nth(0).fill('Good, "really".')
    page.get_by_role("button", name="Save manual.csv").click()
    assert points.nth(1).evaluate("(field) => !field.validity.valid"), "more than can be earned"
    points.nth(1).fill("0")
    page.get_by_text("2 of 2 marked").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save manual.csv").click()
    download.value.save_as(tmp_path / "manual.csv")
    assert marks.mark(copy, tmp_path / "manual.csv") == (2, 0)
