"""Whether each link within the book leads somewhere."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

from course.paths import CourseError


class _Links(HTMLParser):
    """What a page links to, and the places in it that can be linked to."""

    def __init__(self, page):
        super().__init__()
        self.targets, self.anchors = set(), set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.anchors |= {found[name] for name in ("id", "name") if found.get(name)}
        self.targets |= {found[name] for name in ("href", "src") if found.get(name)}


def check_links(html: Path) -> None:
    """Check that each link within the book leads to a file, and to a place in it.

    Parameters
    ----------
    html : Path
        The folder of the book.

    Raises
    ------
    CourseError
        With the first that does not, if there is one.
    """
    pages = {
        page.resolve(): _Links(page) for page in html.rglob("*.html") if "_static" not in page.parts
    }
    broken = []
    for page, links in pages.items():
        for target in sorted(links.targets):
            if urlsplit(target).scheme or target.startswith("//"):
                continue
            file, anchor = urldefrag(target)
            path = (page.parent / unquote(urlsplit(file).path)).resolve() if file else page
            found = path.exists() and (
                not anchor or path not in pages or unquote(anchor) in pages[path].anchors
            )
            if not found:
                broken.append(f"{page.relative_to(html.resolve())} links to {target}")
    if broken:
        number = "A link leads" if len(broken) == 1 else f"{len(broken)} links lead"
        raise CourseError(f"{number} nowhere in the web book, the first: {sorted(broken)[0]}")
