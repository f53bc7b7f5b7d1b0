"""Text of strangers keeps its form and loses what could run."""

import base64
import json
import re

import nbformat
import pytest

from course.reports import safe_html
from course.reports.safe_html import POLICY, SafeHTMLExporter, clean, without_scripts

EXPORTER = SafeHTMLExporter(template_name="classic")
A = '<a rel="noopener noreferrer">x</a>'
P = "<p>x</p>"
DOT = "data:image/png;base64,iVBORw0KGgo="


@pytest.mark.parametrize(
    "harmless",
    [
        '<p>A <b>bold</b> <a href="https://example.org/" rel="noopener noreferrer">link</a></p>',
        "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>",
        f'<img src="{DOT}" alt="a dot">',
        "<h2>Title</h2><ul><li>one</li></ul><pre><code>x &lt; 1</code></pre>",
    ],
)
def test_what_is_harmless_stays(harmless):
    assert clean(harmless) == harmless


@pytest.mark.parametrize(
    ("hostile", "left"),
    [
        ('<img src="http://192.0.2.1/x.png" onerror="run()">', "<img>"),
        ('<img src="/logout">', "<img>"),
        ('<img src="data:image/svg+xml;base64,AAAA">', "<img>"),
        ('<img srcset="http://192.0.2.1/x 2x">', "<img>"),
        ('<a href="javascript:run()">x</a>', A),
        ('<a href="JaVa&#x09;script:run()">x</a>', A),
        ('<a href="vbscript:run()">x</a>', A),
        ('<a href="data:text/html,run">x</a>', A),
        ('<a href="/formgrader/submissions/1/next" target="_top" ping="/x">x</a>', A),
        ('<a href="//192.0.2.1/">x</a>', A),
        (
            '<a href="#test_square" name="body">x</a>',
            A.replace("<a", '<a href="#text-test_square"'),
        ),
        ('<p style="position:fixed;inset:0">x</p>', P),
        ('<p onclick="run()">x</p>', P),
        ('<p class="nbgrader_cell score" data-link="a" data-toggle="modal">x</p>', P),
        ('<p id="test_square">x</p>', '<p id="text-test_square">x</p>'),
        ('<span class="k full-credit">x</span>', '<span class="k">x</span>'),
        ('<label for="test_square">x</label>', "x"),
        ('<button class="full-credit" form="f" formaction="/x">x</button>', "x"),
        ('<form action="/api/grade"><input name="score" autofocus value=2>x</form>', "x"),
        ('<base href="http://192.0.2.1/">x', "x"),
        ('<meta http-equiv="refresh" content="0;url=http://192.0.2.1/">x', "x"),
        ('<link rel="stylesheet" href="http://192.0.2.1/s.css">x', "x"),
        ("<style>#score{display:none}</style>x", "x"),
        ("<iframe srcdoc='<script>run()</script>'></iframe>x", "x"),
        ("<object data='/x'></object><embed src='/x'>x", "x"),
        ("<svg><a xlink:href='javascript:run()'>y</a></svg>x", "x"),
        ("<math><mtext><table><mglyph><style><img src=x onerror=run()></style></math>x", ""),
        ("<noscript><p title='</noscript><img src=x onerror=run()>'></noscript>x", "<img>'&gt;x"),
        ("<template><script>run()</script></template>x", "x"),
        ("<marquee onstart=run()>x</marquee>", "x"),
        ("<!-- a --!><img src=x onerror=run()> -->x", "<img> --&gt;x"),
        ("<p>return \u202e}\u2066 x", "<p>return [U+202E]}[U+2066] x</p>"),
        ("<p>&#8238;x</p>", "<p>[U+202E]x</p>"),
    ],
)
def test_what_could_run_load_or_mislead_is_dropped(hostile, left):
    assert clean(hostile) == left


def test_a_page_forbids_the_browser_to_run_anything():
    page = without_scripts(
        "<html><head><script src=x></script></head><SCRIPT>run()</SCRIPT >a</html>"
    )
    assert page == f"<html><head>\n{POLICY}</head>a</html>"


def test_a_notebooks_text_is_cleaned_and_its_form_kept():
    text = "# Title\n\nSome **bold** $a < b$ <img src=x onerror=run()>\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
    page, _ = SafeHTMLExporter().from_notebook_node(notebook)
    assert "onerror" not in page and "<script" not in page and POLICY in page
    assert "<strong>bold</strong>" in page and "<td>1</td>" in page and "$a &lt; b$" in page


def shown(*cells):
    notebook = nbformat.v4.new_notebook()
    notebook.cells = list(cells)  # valid or not
    page, _ = EXPORTER.from_notebook_node(notebook)
    return page[page.index("<body") :]


def display(metadata=None, **data):
    data = {name.replace("_", "/"): value for name, value in data.items()}
    output = nbformat.v4.new_output("display_data", data, metadata=metadata or {})
    return nbformat.v4.new_code_cell("1", outputs=[output])


@pytest.mark.parametrize(
    "metadata",
    [
        {"image/png": "a text"},
        {"image/png": {"width": "1 onerror=document.title=7"}},
        {"image/png": {"height": [1], "alt": {"a": 1}}},
        {"image/png": {"alt": '"><img src=x onerror=run()>'}},
        {"filenames": {"image/png": "http://192.0.2.1/x.png"}},
        {"filenames": "image/png"},
    ],
    ids=json.dumps,
)
def test_a_pictures_metadata_is_what_it_should_be_or_nothing(metadata):
    tag = re.search(r"<img[^>]*>", shown(display(metadata, image_png="AAAA"))).group()
    assert tag.startswith('<img src="data:image/png;base64,AAAA"')
    assert re.fullmatch(r'<img src="[^"]*"\s*alt="[^"<>]*"\s*>', tag)


def test_a_picture_keeps_its_size_and_words():
    page = shown(display({"image/png": {"width": 30, "alt": "three dots"}}, image_png="AAAA"))
    assert re.search(r'AAAA"\s+width=30\s+alt="three dots"', page)


def test_no_metadata_of_a_cell_becomes_a_class():
    cell = nbformat.v4.new_code_cell("x", metadata={"tags": ["a nbgrader_cell full-credit"]})
    page = shown(cell, nbformat.v4.new_raw_cell("<p class='score'>r</p>"))
    assert "full-credit" not in page and "score" not in page


def test_an_output_in_html_is_cleaned_and_keeps_its_table():
    frame = "<style scoped>td {color: red}</style><table class='score'><tr><td>1</td></tr></table>"
    page = shown(display({"text/html": {"isolated": True}}, text_html=frame))
    assert "<table><tbody><tr><td>1</td></tr></tbody></table>" in page
    assert "<iframe" not in page and "color: red" not in page


@pytest.mark.parametrize("kind", ["application/javascript", "application/pdf", "text/vnd.mermaid"])
def test_an_output_of_another_kind_is_not_shown(kind):
    output = nbformat.v4.new_output("display_data", {kind: "run()"})
    assert "run()" not in shown(nbformat.v4.new_code_cell("1", outputs=[output]))


def test_a_drawing_is_shown_as_a_picture_which_runs_nothing():
    drawing = "<svg xmlns='http://www.w3.org/2000/svg' onload='run()'/>"
    page = shown(display(**{"image_svg+xml": drawing}))
    assert base64.b64encode(drawing.encode()).decode() in page.replace("\n", "")
    assert "<svg xmlns" not in page


def test_code_is_shown_with_its_colours_and_its_tricks():
    page = shown(nbformat.v4.new_code_cell("x = 1  # \u202e gnirts"))
    assert '<span class="n">x</span>' in page and "[U+202E]" in page


@pytest.mark.parametrize(
    "text",
    [
        "\\begin{a}" * 11_000,
        "<div>" * 100_000,
    ],
    ids=["environments", "depth"],
)
def test_a_text_that_takes_too_much_is_shown_as_it_is_and_its_neighbour_as_ever(text, monkeypatch):
    monkeypatch.setattr(safe_html, "SECONDS", 1)
    page = shown(nbformat.v4.new_markdown_cell(text), nbformat.v4.new_markdown_cell("**well**"))
    assert "could not be laid out" in page and "<strong>well</strong>" in page


def test_what_was_laid_out_before_is_taken_over():
    resources = {"laid_out": {("from_markdown", "*a*"): "<p>before</p>"}}
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("*a*")])
    page, _ = EXPORTER.from_notebook_node(notebook, resources)
    assert "<p>before</p>" in page
