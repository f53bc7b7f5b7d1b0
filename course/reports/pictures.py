"""The class report's pictures."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from course.gradebook.finals import Final

BLUE, ORANGE = "#0072B2", "#D55E00"
SHOWN = 15


@dataclass(frozen=True)
class Picture:
    """A picture as the page shows it: its address, which holds all of it, and its alt text."""

    address: str
    alt: str


def by_lesson(finals: Sequence[Final]) -> dict[str, list[Final]]:
    """The final marks of each lesson."""
    found: dict[str, list[Final]] = {}
    for each in finals:
        found.setdefault(each.lesson, []).append(each)
    return found


def marks_picture(finals: Sequence[Final]) -> Picture:
    """A histogram of the marks for each lesson."""
    lessons = by_lesson(finals)
    columns = min(4, len(lessons))
    height = -(-len(lessons) // columns)
    figure = Figure(figsize=(max(4.5, 2.8 * columns), 2.1 * height + 0.5), layout="constrained")
    axes = figure.subplots(height, columns, sharex=True, sharey=True, squeeze=False)
    for ax in axes.flat[len(lessons) :]:
        ax.set_visible(False)
    said = []
    for ax, (lesson, own) in zip(axes.flat, lessons.items(), strict=False):
        share = [100 * each.mark / each.max_score if each.max_score else 0 for each in own]
        ax.hist(share, bins=np.linspace(0, 100, 11), color=BLUE, edgecolor="white")
        ax.axvline(np.median(share), color=ORANGE, linestyle="--", linewidth=1.5)
        ax.set_title(lesson, fontsize=9)
        ax.locator_params(axis="y", integer=True)
        said.append(
            f"{lesson}: half of the {len(own)} students have at least {np.median(share):.0f} %"
        )
    figure.supxlabel("share of the points in %; dashed: median", fontsize=9)
    figure.supylabel("students", fontsize=9)
    return _picture(figure, f"Histograms of the marks. {'; '.join(said)}.")


def exercise_picture(rows: Sequence[dict[str, Any]]) -> Picture:
    """How hard the exercises of a lesson are, and how well they tell, side by side."""
    figure = Figure(figsize=(9, 0.34 * len(rows) + 1.0), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    places = np.arange(len(rows))
    share = [100 * row["difficulty"] for row in rows]
    left.barh(places, share, color=BLUE, height=0.6)
    left.set(xlim=(0, 100), xlabel="mean share of the points in %")
    left.set_yticks(places, [_short(row["title"]) for row in rows], fontsize=8)
    left.invert_yaxis()
    values = [row["discrimination"] for row in rows]
    right.axvline(0, color="grey", linewidth=0.8)
    right.axvline(0.2, color="grey", linewidth=0.8, linestyle=":")
    right.hlines(places, 0, values, color=ORANGE, linewidth=1)
    right.plot(values, places, "o", color=ORANGE)
    right.set(xlim=(min([-0.3, *values]) - 0.05, 1.05), xlabel="discrimination; dotted: 0.2")
    hardest = min(rows, key=lambda row: row["difficulty"])
    return _picture(
        figure,
        f"Bars: the mean share of the points in each exercise. Dots: its discrimination. "
        f"The hardest is {hardest['title']} with {100 * hardest['difficulty']:.0f} %.",
    )


def misconceptions_picture(hit: Sequence[tuple[str, str, str, int]]) -> Picture:
    """The commonest misconceptions as bars."""
    most = sorted(hit, key=lambda each: -each[3])[:SHOWN]
    figure = Figure(figsize=(9, 0.3 * len(most) + 0.9), layout="constrained")
    ax = figure.subplots()
    ax.barh(range(len(most)), [each[3] for each in most], color=BLUE, height=0.6)
    labels = [
        _short(f"{lesson[:2]} {title.rpartition('· ')[2]}: {what}", 70)
        for lesson, title, what, _ in most
    ]
    ax.set_yticks(range(len(most)), labels, fontsize=8)
    ax.invert_yaxis()
    ax.locator_params(axis="x", integer=True)
    ax.set_xlabel("students")
    first = most[0]
    return _picture(
        figure,
        f"Bars: how many students met each misconception. The commonest, with {first[3]}, "
        f"is: {first[2]}.",
    )


def _short(text: str, most: int = 34) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _picture(figure: Figure, alt: str) -> Picture:
    data = io.BytesIO()
    figure.savefig(data, format="png", dpi=130, metadata={"Software": None})
    return Picture("data:image/png;base64," + base64.b64encode(data.getvalue()).decode(), alt)
