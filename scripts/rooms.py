"""Draw the rooms of the code, `docs/images/rooms.svg`, from their contracts in `pyproject.toml`.

What a room is for is the first line of its docstring. A test compares the picture with the code.
"""

import ast
import tomllib
from html import escape
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
PICTURE = REPO / "docs" / "images" / "rooms.svg"
WIDTH, ROW, GAP, LEFT = 860, 52, 8, 44


def contracts():
    """The contracts by their ids."""
    settings = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))
    return {each["id"]: each for each in settings["tool"]["importlinter"]["contracts"]}


def layers():
    """The names of the rooms in each layer, from the top.

    Returns
    -------
    list of list of str
    """
    return [[room.strip() for room in layer.split("|")] for layer in contracts()["rooms"]["layers"]]


def purpose(room):
    """What a room is for: the first line of its docstring."""
    package = REPO / "course" / room / "__init__.py"
    path = package if package.exists() else REPO / "course" / f"{room}.py"
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))).splitlines()[0]


def forbidden(room):
    """What the other contracts forbid this room, in words."""
    modules = [
        module.removeprefix("course.")
        for contract in contracts().values()
        if f"course.{room}" in contract.get("source_modules", ())
        for module in contract["forbidden_modules"]
    ]
    return f"never: {', '.join(modules)}" if modules else ""


def draw():
    """The picture as the text of an SVG file."""
    rows = layers()
    height = len(rows) * (ROW + GAP) + GAP
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<path d="M22 {GAP + 6}V{height - 20}m-6 -8l6 10l6 -10" fill="none" stroke="#555555" '
        'stroke-width="2"/>',
        f'<text x="14" y="{height / 2}" transform="rotate(-90 14 {height / 2})" fill="#555555" '
        'text-anchor="middle">imports only what is below</text>',
    ]
    for number, rooms in enumerate(rows):
        share = (WIDTH - LEFT - GAP * len(rooms)) / len(rooms)
        for place, room in enumerate(rooms):
            x, y = LEFT + place * (share + GAP), GAP + number * (ROW + GAP)
            drawn += _box(room, x, y, share)
    return "\n".join([*drawn, "</svg>", ""])


def _box(room, x, y, width):
    return [
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{ROW}" rx="6" fill="#e8f1fa" '
        'stroke="#0072b2"/>',
        f'<text x="{x + 12:g}" y="{y + 21:g}" font-family="monospace" font-size="15" '
        f'font-weight="bold" fill="#111111">{room}</text>',
        f'<text x="{x + width - 12:g}" y="{y + 21:g}" text-anchor="end" fill="#9a3412">'
        f"{escape(forbidden(room))}</text>",
        f'<text x="{x + 12:g}" y="{y + 41:g}" fill="#333333">{escape(purpose(room))}</text>',
    ]


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
    print(f"{PICTURE.relative_to(REPO)} shows the rooms as they are")
