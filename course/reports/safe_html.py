"""Notebooks as pages in which nothing of a student's runs, looks like ours, or loads anything.

Of an output only what a page shows is kept, and text that becomes HTML keeps the tags and
attributes of a list; a page of ours has no script, and forbids the browser to run or load any.
`nbgrader_config.py` names these pieces, so that nbgrader's own feedback and the pages of its
formgrader are made so, too.
"""

import re
import time
from collections.abc import Callable
from typing import Any

import nh3
from jinja2 import pass_context
from markupsafe import escape
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import (
    InvalidNotebook,
    IPythonRenderer,
    MarkdownWithMath,
)
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from pygments.token import STANDARD_TYPES

from course.isolation import limited
from course.templates import visible

POLICY = (
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
)
SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.IGNORECASE | re.DOTALL)
TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "details", "div", "dl"),
    *("dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img"),
    *("kbd", "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub", "summary", "sup"),
    *("table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
}
# What stands in these is no text.
DROPPED = {"iframe", "math", "noscript", "object", "script", "style", "svg", "template", "title"}
ATTRIBUTES = {
    "*": {"id", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan"},
    "tr": {"align"},
}
# The colours of code; no page does anything at a click on them.
CLASSES = {"div": {"highlight"}, "span": {name for name in STANDARD_TYPES.values() if name}}
PREFIX = "text-"
PICTURE = re.compile(r"data:image/(png|jpeg|gif);", re.IGNORECASE)
LINK = re.compile(r"https?:|mailto:", re.IGNORECASE)

# A text up to this length is made at once; work on a longer one has limits.
SHORT = 2_000
SECONDS = 3
SECONDS_A_PAGE = 12
MEMORY = 2**29
MOST_TIMES_LONGER = 30
PLAIN = "<p><em>This text could not be laid out, so it is shown as it is.</em></p>\n<pre>{}</pre>"

BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
PICTURES = ("image/png", "image/jpeg")
TEXTS = ("image/svg+xml", "text/html", "text/markdown", "text/latex", "text/plain")
LARGEST = 10_000


def clean(page: str) -> str:
    """A piece of HTML with harmless tags and attributes only; ids are prefixed."""
    return visible(
        nh3.clean(
            page,
            tags=TAGS,
            clean_content_tags=DROPPED,
            attributes=ATTRIBUTES,
            attribute_filter=_allowed,
            allowed_classes=CLASSES,
            id_prefix=PREFIX,
            url_schemes={"http", "https", "mailto", "data"},
        )
    )


def _allowed(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        if value.startswith("#"):
            return f"#{PREFIX}{value[1:].removeprefix(PREFIX)}"
        return value if LINK.match(value) else None
    if name == "src":
        return value if PICTURE.match(value) else None
    return value


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


def from_markdown(text: str, attachments: dict[str, Any]) -> str:
    """Markdown as harmless HTML."""
    renderer = _Renderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    return clean(MarkdownWithMath(renderer=renderer).render(text))


def coloured(code: str) -> str:
    """Python code as HTML."""
    return visible(Highlight2HTML()(code))


@pass_context
def markdown2html(context, source):
    """nbconvert's filter of this name, cleaned."""
    attachments = context.get("cell", {}).get("attachments", {})
    return _laid_out(context, from_markdown, source, attachments)


@pass_context
def clean_html(context, element):
    """nbconvert's filter of this name, by our list."""
    return _laid_out(context, clean, element if isinstance(element, str) else str(element))


@pass_context
def highlight_code(context, source, language=None, metadata=None):
    """nbconvert's filter of this name, for Python, whatever the notebook says."""
    return _laid_out(context, coloured, source)


def _laid_out(context: Any, make: Callable[..., str], text: str, *more: Any) -> str:
    """What `make` makes of a stranger's text: the text as it is, where that takes too much."""
    resources = context.get("resources", {})
    known = resources.get("laid_out", {}).get((make.__name__, text))
    if known is not None and not any(more):
        return known
    if len(text) <= SHORT:
        return make(text, *more)
    began = time.monotonic()
    try:
        if resources.get("spent", 0) > SECONDS_A_PAGE:
            raise limited.Broken("time")
        page = limited.call(_bounded, make, text, *more, seconds=SECONDS, memory=MEMORY)
    except limited.Broken:
        return PLAIN.format(escape(visible(text)))
    finally:
        resources["spent"] = resources.get("spent", 0) + time.monotonic() - began
    return page


def _bounded(make: Callable[..., str], text: str, *more: Any) -> str:
    page = make(text, *more)
    if len(page) > MOST_TIMES_LONGER * len(text):
        raise MemoryError
    return page


class Harmless(Preprocessor):
    """Leaves of a notebook what its page shows, each thing in its proper form."""

    def preprocess(self, nb, resources):
        """The notebook without metadata that its page would believe."""
        nb.metadata = NotebookNode(language_info=NotebookNode(name="python"))
        for cell in nb.cells:
            kept = cell.metadata.get("nbgrader")
            cell.metadata = NotebookNode(nbgrader=kept) if kept else NotebookNode()
            if cell.cell_type == "code":
                cell.execution_count = _whole(cell.get("execution_count"))
                cell.outputs = [_harmless(each, cell.execution_count) for each in cell.outputs]
        return nb, resources


def _harmless(output: Any, count: int | None) -> NotebookNode:
    kind = output.output_type
    if kind == "stream":
        return NotebookNode(output_type=kind, name=output.name, text=visible(str(output.text)))
    if kind == "error":
        lines = [visible(str(line)) for line in output.traceback]
        return NotebookNode(output_type=kind, ename="", evalue="", traceback=lines)
    said = {name: output.data.get(name) for name in TEXTS}
    data = {name: visible(text) for name, text in said.items() if isinstance(text, str)}
    for name in PICTURES:
        picture = output.data.get(name)
        if isinstance(picture, str) and BASE64.fullmatch(picture):
            data[name] = picture
    return NotebookNode(
        output_type=kind,
        data=NotebookNode(data),
        metadata=NotebookNode({name: _of_picture(output, name) for name in PICTURES}),
        execution_count=count,
    )


def _of_picture(output: Any, kind: str) -> NotebookNode:
    """The size of a picture, which nbconvert puts into the page without quotes, and its words."""
    said = picture_metadata(output, kind)
    alt = said.get("alt")
    kept = NotebookNode(
        alt=visible(alt) if isinstance(alt, str) else "A picture without a description"
    )
    for name in ("width", "height"):
        if (size := _whole(said.get(name))) is not None and 0 < size <= LARGEST:
            kept[name] = size
    return kept


def picture_metadata(output: Any, kind: str) -> dict[str, Any]:
    """What an output says of its picture; nothing where that is in no proper form."""
    metadata = output.get("metadata")
    said = metadata.get(kind) if isinstance(metadata, dict) else None
    return said if isinstance(said, dict) else {}


def _whole(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) and abs(value) < 2**31 else None


class SafeHTMLExporter(HTMLExporter):
    """nbconvert's HTMLExporter for notebooks that a stranger wrote."""

    def default_filters(self):
        """nbconvert's, with text cleaned."""
        yield from super().default_filters()
        yield "markdown2html", markdown2html
        yield "clean_html", clean_html
        yield "highlight_code", highlight_code

    @property
    def default_config(self):
        """nbconvert's, with `Harmless` before everything."""
        config = super().default_config
        config.HTMLExporter.preprocessors = [Harmless]
        config.HTMLExporter.sanitize_html = True
        return config

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """As nbconvert's, without scripts.

        nbconvert reads the whole page once more, to give pictures words that ours have already.
        """
        resources = self._init_resources(resources)
        types = WidgetsDataTypeFilter(
            notebook_metadata=self._nb_metadata, parent=self, resources=resources
        )
        self.register_filter("filter_data_type", types)
        page, resources = TemplateExporter.from_notebook_node(self, nb, resources, **kwargs)
        return without_scripts(page), resources
