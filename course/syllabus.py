"""The syllabus: one data file, and what is made of it."""

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from course.paths import CourseError

FILE = Path(__file__).with_name("syllabus.toml")


@dataclass(frozen=True)
class Entry:
    """What the syllabus says of one lesson."""

    lesson: str
    title: str
    minutes: int
    requires: tuple[str, ...]
    idea: str

    @property
    def number(self) -> int:
        """The lesson's number, as people say it."""
        return int(self.lesson[:2])


@cache
def entries() -> dict[str, Entry]:
    """The lessons of the syllabus in their order.

    Returns
    -------
    dict of str to Entry
    """
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        lesson: Entry(lesson, e["title"], e["minutes"], tuple(e["requires"]), e["idea"])
        for lesson, e in sorted(table.items())
    }


def add(entry: Entry) -> None:
    """Put another lesson into the syllabus."""
    # A string in JSON is one in TOML, too.
    lines = [
        f"\n[{entry.lesson}]",
        f"title = {json.dumps(entry.title, ensure_ascii=False)}",
        f"minutes = {entry.minutes}",
        f"requires = {json.dumps(entry.requires)}",
        f"idea = {json.dumps(entry.idea, ensure_ascii=False)}",
    ]
    with FILE.open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    entries.cache_clear()


def lesson_ids(wanted: Sequence[str] = ()) -> list[str]:
    """The ids of the lessons, in order.

    Parameters
    ----------
    wanted : sequence of str
        Only these lessons; all of them where empty.

    Returns
    -------
    list of str

    Raises
    ------
    CourseError
        If a wanted lesson does not exist.
    """
    known = list(entries())
    for lesson in wanted:
        if lesson not in known:
            raise CourseError(
                f"There is no lesson '{lesson}'. The lessons are: {', '.join(known)}."
            )
    return [lesson for lesson in known if not wanted or lesson in wanted]


def depth(lesson: str) -> int:
    """How many lessons come before this one on the longest way to it."""
    return max((1 + depth(before) for before in entries()[lesson].requires), default=0)


def page(points: Mapping[str, float]) -> str:
    """The syllabus as a Markdown page.

    Parameters
    ----------
    points : dict of str to float
        The marks of each lesson to list.

    Returns
    -------
    str
    """
    rows = [
        f"| [{e.number} · {e.title}](lessons/{e.lesson}.ipynb) | {e.idea} | {e.minutes} | "
        f"{points[e.lesson]:g} | {', '.join(str(entries()[b].number) for b in e.requires) or '–'} |"
        for e in entries().values()
        if e.lesson in points
    ]
    total = sum(e.minutes for e in entries().values() if e.lesson in points)
    return "\n".join(
        [
            "# Syllabus",
            "",
            f"{len(rows)} lessons, about {total / 60:.0f} hours in all.",
            "",
            *([f"![{describe(points)}](map.png)", ""] if points else []),
            "| lesson | the idea | minutes | marks | builds on |",
            "|---|---|---:|---:|---|",
            *rows,
            "",
        ]
    )


def table() -> str:
    """The lessons as a Markdown table, with links to their released notebooks in the repository."""
    rows = [
        f"| [{e.number} · {e.title}](release/{e.lesson}/{e.lesson}.ipynb) | {e.idea} |"
        for e in entries().values()
    ]
    return "\n".join(["| | |", "|---|---|", *rows])


def describe(lessons: Iterable[str]) -> str:
    """The map in words."""
    ways = [
        f"{e.number} builds on {' and '.join(str(entries()[b].number) for b in e.requires)}"
        for e in entries().values()
        if e.lesson in lessons and e.requires
    ]
    return "A map of the lessons: " + "; ".join(ways) + "."


def draw_map(lessons, ax=None):
    """Draw how the lessons build on one another, from left to right.

    Parameters
    ----------
    lessons : iterable of str
        Those to draw.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    from matplotlib.figure import Figure

    known = [entries()[lesson] for lesson in entries() if lesson in set(lessons)]
    columns = {}
    for entry in known:
        columns.setdefault(depth(entry.lesson), []).append(entry)
    if ax is None:
        ax = Figure(figsize=(2.4 * max(len(columns), 2), 4.2), layout="constrained").add_subplot()
    places = {
        entry.lesson: (x, (len(column) - 1) / 2 - row)
        for x, column in columns.items()
        for row, entry in enumerate(column)
    }
    boxes = {
        entry.lesson: ax.text(
            *places[entry.lesson],
            f"{entry.number}\n{_two_lines(entry.title)}",
            ha="center",
            va="center",
            fontsize=10,
            zorder=2,
            bbox={"boxstyle": "round,pad=0.4", "facecolor": "#e8f1fa", "edgecolor": "#0072B2"},
        )
        for entry in known
    }
    ways = [(before, e.lesson) for e in known for before in _direct(e) if before in places]
    for before, after in ways:
        arrow = {
            **{"arrowstyle": "-|>", "color": "#555555", "shrinkA": 0, "shrinkB": 2},
            **{"patchA": boxes[before].get_bbox_patch(), "patchB": boxes[after].get_bbox_patch()},
        }
        ax.annotate("", places[after], places[before], arrowprops=arrow, zorder=1)
    xs, ys = zip(*places.values(), strict=True)
    ax.set(xlim=(min(xs) - 0.5, max(xs) + 0.5), ylim=(min(ys) - 0.5, max(ys) + 0.5))
    ax.axis("off")
    return ax


def _direct(entry):
    """The lessons that this one builds on, less those that another of them already needs."""
    return [
        before
        for before in entry.requires
        if not any(before in _all_before(other) for other in entry.requires)
    ]


def _all_before(lesson):
    direct = entries()[lesson].requires
    return {*direct, *(earlier for before in direct for earlier in _all_before(before))}


def _two_lines(title):
    """A title broken near its middle."""
    words = title.split()
    breaks = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
    if len(title) <= 12 or not breaks:
        return title
    return "\n".join(min(breaks, key=lambda parts: max(map(len, parts))))
