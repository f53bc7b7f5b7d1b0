"""The web book: what students get, with the solved lessons' figures, and nothing of the solutions."""

import html
import json
import re
import shutil

import nbformat
import pytest

from course import syllabus
from course.authoring import site
from course.authoring.site import solved
from course.authoring.text import to_notebook
from course.notebooks.cells import HIDDEN, SOLUTION, strip_region
from course.paths import SOURCE, CourseError, notebook_path

TINY = '''\
# %% [markdown]
# # 90 · A tiny lesson
#
# **Time:** about 7 minutes. A formula: $x^2$.

# %% locked="setup" tags=["setup"]
import base64

import anywidget
import ipywidgets
import traitlets
from IPython.display import Image, display

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class NotSolvedYet(NotImplementedError):
    pass


class Live(anywidget.AnyWidget):
    _esm = "export default { render({ model, el }) { el.textContent = model.get('told'); } };"
    told = traitlets.Unicode("from the state").tag(sync=True)


def draw(size, kind):
    display(Image(PIXEL + b"\\0"), metadata={"image/png": {"alt": f"A pixel, {kind} and {size:.2f}"}})


# %% solution="double"
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    the_secret_of_the_solution = 2 * x
    return the_secret_of_the_solution
    ### END SOLUTION

# %% test="test_double" points=2
assert double(2) == 4, "Twice 2 is 4."
print("the test counts", 40 + 7)
### BEGIN HIDDEN TESTS
assert double(-3) == -6, "the message of the hidden test"
### END HIDDEN TESTS

# %%
print("twice 21 is", double(21))
display(Image(PIXEL), metadata={"image/png": {"alt": "A \\"single\\" pixel, 1 < 2"}})

# %%
controls = {
    "size": ipywidgets.FloatSlider(value=1 / 3, min=0, max=1, description="size"),
    "kind": ipywidgets.Dropdown(options=["small", "large"], value="large", description="kind"),
}
ipywidgets.HBox([ipywidgets.VBox([*controls.values()]), ipywidgets.interactive_output(draw, controls)])

# %%
Live()

# %% [markdown] manual="explain_double" points=3
# The author's answer to the open question.
'''


def write_lesson(folder, text=TINY, lesson="90_tiny"):
    path = folder / "source" / lesson / f"{lesson}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(to_notebook(text), path)


def build(folder, **options):
    return site.build_site(
        folder / "html",
        source=folder / "source",
        work=folder / "book",
        cache=folder / "cache",
        say=lambda _: None,
        **options,
    )


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The folder of a book that was built, and the text of each of its pages."""
    folder = tmp_path_factory.mktemp("site")
    write_lesson(folder)
    assert build(folder) == folder / "html" / "index.html"
    pages = {
        str(path.relative_to(folder / "html")): path.read_text(encoding="utf-8")
        for path in (folder / "html").rglob("*.html")
    }
    return folder, pages


def lesson_page(book):
    return book[1]["lessons/90_tiny.html"]


def visible_text(page):
    return html.unescape(re.sub(r"<[^>]+>", "", page))


def test_no_solution_and_no_hidden_test_is_in_any_file(book):
    kept, secret = set(), set()
    for cell in to_notebook(TINY).cells:
        visible = strip_region(strip_region(cell.source, SOLUTION), HIDDEN)
        kept |= {line.strip() for line in visible.split("\n")}
        secret |= {line.strip() for line in cell.source.split("\n")}
    secret = secret - kept - {*SOLUTION, *HIDDEN}
    assert len(secret) == 3
    secret |= {"the author's answer", "the test counts 47", "BEGIN HIDDEN"}
    for path in (book[0] / "html").rglob("*"):
        if path.suffix in (".html", ".js", ".txt", ".ipynb", ".json", ".md"):
            text = visible_text(path.read_text(encoding="utf-8", errors="replace"))
            text = text.replace("’", "'").lower()
            # The page for instructors shows how the markers are written.
            told = secret - {"BEGIN HIDDEN"} if "instructors" in path.name else secret
            assert [line for line in told if line.lower() in text] == [], path


def test_the_stub_and_the_folded_visible_test_are_shown(book):
    page = lesson_page(book)
    text = visible_text(page)
    assert "raise NotSolvedYet" in text and "Twice x." in text
    assert "*Write your answer here.*".strip("*") in text
    folded = re.findall(r"<details\b.*?</details>", page, re.S)
    assert len(folded) == 1 and "Show the visible checks" in folded[0]
    assert "Twice 2 is 4." in visible_text(folded[0])


def test_outputs_come_from_the_solved_lesson(book):
    assert "twice 21 is 42" in visible_text(lesson_page(book))


def test_every_figure_has_its_alt_text(book):
    images = [tag for page in book[1].values() for tag in re.findall(r"<img\b[^>]*>", page)]
    alts = [html.unescape(re.search(r'\balt="([^"]*)"', tag).group(1)) for tag in images]
    assert 'A "single" pixel, 1 < 2' in alts
    assert all(alt.strip() and not alt.endswith(".png") for alt in alts)


def test_a_widget_that_needs_python_shows_its_first_picture_and_where_its_controls_stand(book):
    page = lesson_page(book)
    assert 'alt="A pixel, large and 0.33"' in page
    assert "Try it in JupyterLab" in page
    assert "The picture above shows: size = 0.333; kind = large." in visible_text(page)


def test_a_widget_of_the_browser_is_there_with_its_state_and_nothing_else_is(book):
    kind = "application/vnd.jupyter.widget"
    page = lesson_page(book)
    (state,) = re.findall(rf'<script type="{kind}-state\+json">(.*?)</script>', page, re.S)
    (view,) = re.findall(rf'<script type="{kind}-view\+json">(.*?)</script>', page, re.S)
    states = json.loads(state)["state"]
    assert list(states) == [json.loads(view)["model_id"]]
    (kept,) = states.values()
    assert kept["state"]["told"] == "from the state"
    assert "widgets.js" in page and "widgets.js" not in book[1]["index.html"]


def test_the_first_page_lists_the_lesson_with_its_marks(book):
    text = " ".join(visible_text(book[1]["index.html"]).split())
    assert "90 · A tiny lesson: 5 marks" in text
    assert 'href="lessons/90_tiny.html"' in book[1]["index.html"]


def test_the_book_holds_the_other_pages(book):
    assert {"students.html", "instructors.html", "decisions.html"} <= book[1].keys()


def test_pages_ask_no_other_host(book):
    tag = r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=\"(?:\w+:)?//[^>]*>"
    assert [asked for page in book[1].values() for asked in re.findall(tag, page)] == []
    assert (book[0] / "html" / "_static" / "tex-svg.js").stat().st_size > 1_000_000


@pytest.mark.parametrize(
    "link", ["gone.html", "there.html#gone", "#gone", "_images/gone.png", "../outside.html"]
)
def test_a_link_that_leads_nowhere_is_found(tmp_path, link):
    page = '<h1 id="here">1</h1><a href="there.html#a%20b">2</a><a href="https://example.org">3</a>'
    (tmp_path / "there.html").write_text('<p id="a b">4</p><a href="?q=1#a b">5</a>')
    (tmp_path / "index.html").write_text(page)
    site.check_links(tmp_path)
    (tmp_path / "index.html").write_text(f'{page}<a href="{link}">6</a>')
    with pytest.raises(CourseError, match=f"A link leads nowhere .*: index.html links to {link}"):
        site.check_links(tmp_path)


@pytest.fixture
def executions(tmp_path, monkeypatch):
    """Runs the tiny lesson through the cache; how often it was executed so far."""
    (tmp_path / "utils").mkdir()
    (tmp_path / "requirements.lock").touch()
    monkeypatch.setattr(solved, "REPO", tmp_path)
    count = []

    def run(lesson, notebook, folder):
        count.append(1)
        return notebook

    monkeypatch.setattr(solved, "run", run)

    def after(text=TINY):
        write_lesson(tmp_path, text)
        found = site.executed("90_tiny", tmp_path / "source", tmp_path / "cache", lambda _: None)
        assert found.cells == to_notebook(text).cells
        return len(count)

    return after


def test_an_unchanged_lesson_is_not_executed_again(executions):
    assert [executions(), executions(), executions()] == [1, 1, 1]


def test_a_changed_lesson_is_executed_again_and_its_old_run_is_dropped(executions, tmp_path):
    executions()
    assert executions(TINY.replace("twice 21", "two times 21")) == 2
    assert len(list((tmp_path / "cache").iterdir())) == 1


@pytest.mark.parametrize("changed", ["utils/plotting.py", "requirements.lock"])
def test_a_change_of_what_lessons_use_executes_them_again(executions, tmp_path, changed):
    executions()
    (tmp_path / changed).write_text("new")
    assert executions() == 2


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A book of a lesson that is run by nothing: its outputs are given."""

    def of(cell):
        write_lesson(tmp_path, "# %% [markdown]\n# # 90 · Small\n\n# %%\n1\n")
        notebook = nbformat.read(tmp_path / "source/90_tiny/90_tiny.ipynb", as_version=4)
        notebook.cells[1].update(cell)
        monkeypatch.setattr(solved, "run", lambda *_: notebook)
        return tmp_path

    return of


def test_a_solved_lesson_that_fails_stops_the_build(small):
    error = nbformat.v4.new_output("error", ename="ValueError", evalue="no", traceback=[])
    folder = small({"outputs": [error]})
    with pytest.raises(CourseError, match=r"90_tiny: cell 2 .* ends in ValueError: no"):
        build(folder)
    assert not (folder / "html").exists()


def test_a_cell_that_ends_its_python_stops_the_build(tmp_path):
    write_lesson(tmp_path, "# %% [markdown]\n# # 90 · Gone\n\n# %%\nimport os\n\nos._exit(1)\n")
    with pytest.raises(CourseError, match="90_tiny: a cell of its solved version ends its Python"):
        build(tmp_path)


def test_a_cell_that_takes_too_long_stops_the_build(tmp_path, monkeypatch):
    monkeypatch.setattr(solved, "TIMEOUT", 1)
    write_lesson(tmp_path, "# %% [markdown]\n# # 90 · Slow\n\n# %%\nwhile True:\n    pass\n")
    with pytest.raises(CourseError, match="90_tiny: a cell of its solved version takes too long"):
        build(tmp_path)


@pytest.mark.parametrize(
    "data",
    [
        {"image/png": "iVBORw0K"},
        {"text/html": "<p><img src='x.png'></p>"},
        {"text/html": "<img alt='said'><img alt='' src='x.png'>"},
    ],
)
def test_a_figure_without_alt_text_stops_the_build(small, data):
    figure = nbformat.v4.new_output("display_data", data=data)
    with pytest.raises(CourseError, match="90_tiny: the figure of cell 2 has no alt text"):
        build(small({"outputs": [figure]}))


def test_a_warning_of_sphinx_is_told_and_the_old_book_stays(small):
    broken = nbformat.v4.new_markdown_cell("[nowhere](no_such_page.md)")
    folder = small(dict(broken, outputs=[]))
    (folder / "pages").mkdir()
    shutil.copytree(site.PAGES / "_static", folder / "pages" / "_static")
    shutil.copy(site.PAGES / "conf.py", folder / "pages")
    (folder / "pages" / "index.md").write_text("# Book\n\n```{toctree}\nlessons/90_tiny\n```\n")
    (folder / "html").mkdir()
    (folder / "html" / ".buildinfo").write_text("an older book")
    with pytest.raises(CourseError, match=r"1 warning, .*: lessons/90_tiny.*no_such_page"):
        build(folder, pages=folder / "pages")
    assert (folder / "html" / ".buildinfo").read_text() == "an older book"


def test_a_folder_that_is_no_book_is_not_replaced(tmp_path):
    write_lesson(tmp_path)
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "thesis.txt").write_text("years of work")
    with pytest.raises(CourseError, match="something else than a web book"):
        build(tmp_path)
    assert (tmp_path / "html" / "thesis.txt").exists()


def test_minutes_are_those_of_the_syllabus():
    entry = syllabus.entries()["02_kmeans"]
    notebook = nbformat.read(notebook_path(SOURCE, "02_kmeans"), as_version=4)
    assert f"{entry.minutes} minutes, 22 marks" in str(site.summary("02_kmeans", notebook))
