"""What is read and looked at: figures with alt text, computed numbers, whole paragraphs."""

import ast
import itertools
import re

from course.authoring.lint.rules import Breaches, Cells, rule

NOT_PROSE = re.compile(r"```.*?```|`[^`\n]+`|\$\$.*?\$\$|\$[^$\n]+\$|\]\([^)]*\)|<[^>]+>", re.S)
TYPED_NUMBER = re.compile(r"(?<![\w.])\d+\.\d{2,}(?![\w.]*\.\d)|(?<![\w.])\d+(?:\.\d+)?\s?%")
DRAWS = re.compile(r"^(plot_\w+|compare_images|training_animation|subplots|figure|imshow)$")


@rule
def figures_have_alt_text(cells: Cells) -> Breaches:
    for cell in cells:
        if cell.is_markdown:
            for alt in re.findall(r"!\[(.*?)\]\(", cell.source):
                if not alt.strip():
                    yield cell, "an image has no alt text: write ![what it shows](...)."
            for tag in re.findall(r"<img\b[^>]*>", cell.source):
                if not re.search(r"\balt\s*=\s*[\"'][^\"']+", tag):
                    yield cell, "an <img> has no alt text."
            continue
        tails = [ast.unparse(call.func).split(".")[-1] for call in cell.calls]
        if "plt.show" in {ast.unparse(call.func) for call in cell.calls}:
            yield cell, "calls `plt.show()`: use `show(ax, alt=...)`, which carries the alt text."
        if cell.is_test or cell.is_solution or cell.is_setup:
            continue
        shows = [c for c in cell.calls if ast.unparse(c.func) in ("show", "show_animation")]
        if any(DRAWS.match(tail) for tail in tails) and not shows:
            yield cell, "draws a figure without `show(ax, alt=...)`: it has no alt text."
        for call in shows:
            alt = next((kw.value for kw in call.keywords if kw.arg == "alt"), None)
            if alt is None or (isinstance(alt, ast.Constant) and not str(alt.value or "").strip()):
                yield cell, "`show` has no alt text: say in `alt=` what the picture shows."


@rule
def numbers_are_computed(cells: Cells) -> Breaches:
    """A figure in the prose that a run produced should be printed by a run."""
    for cell in cells:
        if not cell.is_markdown:
            continue
        for found in TYPED_NUMBER.findall(NOT_PROSE.sub(" ", cell.source)):
            yield cell, f"the number '{found.strip()}' is typed: let a cell compute and print it."


@rule
def paragraphs_hold_together(cells: Cells) -> Breaches:
    """A line of a paragraph that begins with "1. " would become a list."""
    for cell in cells:
        lines = cell.source.split("\n") if cell.is_markdown else []
        for before, line in itertools.pairwise(lines):
            if re.match(r"\d+[.)] ", line) and re.match(r"\w", before) and not before[0].isdigit():
                yield cell, f"the line '{line[:30]}' would begin a list: break it elsewhere."
