"""Notebooks as pages in which nothing of a student's runs, and which load nothing.

Three walls: text is cleaned by bleach, scripts are taken out, and the page forbids the browser to
run or load any. `nbgrader_config.py` names them, so that nbgrader's own feedback and the pages of
its formgrader are made so, too::

    c.HTMLExporter.filters = {"markdown2html": "course.reports.safe_html.markdown2html"}
    c.GenerateFeedback.exporter_class = "course.reports.safe_html.SafeHTMLExporter"
"""

import re

import bleach
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import (
    InvalidNotebook,
    IPythonRenderer,
    MarkdownWithMath,
)

POLICY = (
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
)
SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.IGNORECASE | re.DOTALL)
TAGS = {
    *bleach.ALLOWED_TAGS,
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "div", "span", "pre", "del"),
    *("sub", "sup", "table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "img"),
    *("details", "summary"),
}  # fmt: skip
PICTURE = re.compile(r"data:image/(png|jpeg|gif);", re.IGNORECASE)
LINK = re.compile(r"(https?:|mailto:|#)", re.IGNORECASE)


def clean(page: str) -> str:
    """A piece of HTML with harmless tags and attributes only."""
    return bleach.clean(
        page, tags=TAGS, attributes=_allowed, protocols={"http", "https", "mailto", "data"}
    )


def _allowed(tag, name, value):
    if name == "href":
        return tag == "a" and bool(LINK.match(value))
    if name == "src":
        return tag == "img" and bool(PICTURE.match(value))
    return name in ("class", "id", "title", "alt", "width", "height", "start", "align")


def without_scripts(page: str) -> str:
    """An HTML page without its scripts, which also forbids the browser to run or load any."""
    page = SCRIPT.sub("", page)
    return page.replace("<head>", f"<head>\n{POLICY}", 1)


class _Renderer(IPythonRenderer):
    """nbconvert's; a picture that the text names but does not have is no reason to stop."""

    def _embed_image_or_attachment(self, src):
        try:
            return super()._embed_image_or_attachment(src)
        except InvalidNotebook:
            return "missing"


@pass_context
def markdown2html(context, source):
    """nbconvert's filter of this name, cleaned."""
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = _Renderer(escape=False, attachments=attachments)
    return clean(MarkdownWithMath(renderer=renderer).render(source))


class SafeHTMLExporter(HTMLExporter):
    """nbconvert's HTMLExporter for notebooks that a stranger wrote."""

    def default_filters(self):
        """nbconvert's, with text cleaned."""
        yield from super().default_filters()
        yield "markdown2html", markdown2html

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """As nbconvert's, without scripts."""
        page, resources = super().from_notebook_node(nb, resources, **kwargs)
        return without_scripts(page), resources
