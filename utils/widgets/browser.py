"""ES modules of the widgets that run in the browser itself, without a kernel."""

import json
from pathlib import Path

from utils._style import GREY, INK, Style

FOLDER = Path(__file__).parent
SHAPES = {
    "o": "circle",
    "s": "square",
    "^": "triangle",
    "D": "diamond",
    "v": "downward triangle",
    "P": "plus",
    "p": "pentagon",
    "*": "star",
}
MOST_CLUSTERS = len(SHAPES)


def browser_module(name):
    """The source of a widget's ES module.

    It is one file for the browser, made of three parts: the colours and marks of `utils`' plots as
    constants, `common.js`, and the widget's own part.

    Parameters
    ----------
    name : str
        Of the file with the widget's own part, such as ``"kmeans_board.js"``.

    Returns
    -------
    str
    """
    styles = [Style(index) for index in range(MOST_CLUSTERS)]
    looks = [
        {"colour": s.colour, "edge": s.edge, "tint": s.tint, "shape": SHAPES[s.marker]}
        for s in styles
    ]
    constants = {"LOOKS": looks, "INK": INK, "GREY": GREY}
    lines = [f"const {key} = {json.dumps(value)};" for key, value in constants.items()]
    parts = [(FOLDER / file).read_text(encoding="utf-8") for file in ("common.js", name)]
    return "\n".join([*lines, *parts])
