"""Text of strangers keeps its form and loses what could run."""

import nbformat
import pytest

from course.reports.safe_html import POLICY, SafeHTMLExporter, clean, without_scripts

DOT = "data:image/png;base64,iVBORw0KGgo="


@pytest.mark.parametrize(
    "harmless",
    [
        '<p>A <b>bold</b> <a href="https://example.org/">link</a></p>',
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
        ('<a href="javascript:run()">x</a>', "<a>x</a>"),
        ('<a href="data:text/html,run">x</a>', "<a>x</a>"),
        ('<p style="background:url(http://192.0.2.1/)">x</p>', "<p>x</p>"),
        ('<img src="data:image/svg+xml;base64,AAAA">', "<img>"),
        ('<p onclick="run()">x</p>', "<p>x</p>"),
    ],
)
def test_what_could_run_or_load_is_dropped(hostile, left):
    assert clean(hostile) == left


@pytest.mark.parametrize(
    "tag", ["script", "iframe", "object", "svg", "style", "form", "base", "meta"]
)
def test_active_tags_become_text(tag):
    assert f"<{tag}" not in clean(f"<{tag} x=1>run()</{tag}>")


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
