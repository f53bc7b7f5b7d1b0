"""Sphinx's settings for the web book. `python -m course site` copies them beside the lessons."""

import json
import re
from pathlib import Path

from docutils import nodes

project = "Clustering and mixture models"
author = "the authors of the clustering course"
copyright = "the authors of the clustering course; text and figures CC BY 4.0, code MIT"
language = "en"

extensions = ["myst_nb", "sphinx.ext.githubpages"]
exclude_patterns = ["**.ipynb_checkpoints"]
myst_enable_extensions = ["amsmath", "colon_fence", "dollarmath"]
myst_heading_anchors = 3

# The notebooks bring their outputs with them. Widgets run in the page by a small script of our own:
# no require.js, no widget manager from another host.
nb_execution_mode = "off"
nb_merge_streams = True
nb_ipywidgets_js = {"widgets.js": {"defer": "defer"}}

# `python -m course site` unpacks MathJax there. Its menu would load parts that are not there.
mathjax_path = "tex-svg.js"
mathjax3_config = {"options": {"enableMenu": False}}

html_theme = "sphinx_book_theme"
html_title = project
html_favicon = "_static/favicon.svg"
html_context = {"default_mode": "auto"}
html_js_files = ["book.js"]
html_css_files = ["book.css"]
html_copy_source = False
html_show_sphinx = False
html_last_updated_fmt = None
# The summaries would begin with the words of the buttons above each page.
html_show_search_summary = False
html_theme_options = {
    "use_download_button": False,
    "use_fullscreen_button": False,
    "home_page_in_toc": True,
    "show_toc_level": 2,
    "navbar_persistent": [],
}
html_static_path = ["_static"] if Path("_static").is_dir() else []


# Links from a page to files outside of `docs/`, which are not part of the book.
OUTSIDE = re.compile(r"\[([^\]]+)\]\(\.\./[^)]+\)")


def leave_out_links_to_code(app, docname, source):
    """Only the words of such a link remain."""
    source[0] = OUTSIDE.sub(r"\1", source[0])


def put_alt_texts_back(app, doctree):
    """MyST-NB drops a figure's alt text; its file is named by the hash under which it was kept."""
    kept = json.loads((Path(app.srcdir) / "alt.json").read_text(encoding="utf-8"))
    for image in doctree.findall(nodes.image):
        alt = kept.get(Path(image["uri"]).stem)
        if alt:
            image["alt"] = alt


def name_the_folds(app, pagename, templatename, context, doctree):
    """A fold says itself what it shows; the theme's label would hide that from screen readers."""
    if "body" in context:
        context["body"] = context["body"].replace(' aria-label="Toggle hidden content"', "")


def setup(app):
    app.connect("source-read", leave_out_links_to_code)
    app.connect("doctree-read", put_alt_texts_back)
    app.connect("html-page-context", name_the_folds)
