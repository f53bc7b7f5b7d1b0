"""How pages are made of templates."""

from pathlib import Path

import jinja2


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
    )
