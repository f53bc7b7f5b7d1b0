"""How pages are made of templates."""

from pathlib import Path
from typing import Any

import jinja2

# Characters that make text read in another order than it stands in.
REORDERING = {
    code: f"[U+{code:04X}]" for code in (0x61C, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


def visible(text: str) -> str:
    """The text with a mark for each character that would reorder what a reader sees."""
    return text.translate(REORDERING)


def _shown(value: Any) -> Any:
    return visible(value) if type(value) is str else value


def templates(file: str) -> jinja2.Environment:
    """The templates that lie beside a module.

    Parameters
    ----------
    file : str
        The module's `__file__`.

    Returns
    -------
    jinja2.Environment
        Whatever it puts into a page is escaped, and a name that is missing is an error.
    """
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(file).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=_shown,
    )
