"""The figures of the audit as a table in the terminal, as JSON, and as a page with pictures."""

import base64
import io
import json
from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from course.audit.figures import Figures, Share, overall
from course.templates import templates

WORDS = {
    "right": "Right answers accepted",
    "rejected": "Misconceptions rejected",
    "message": "Misconceptions with their message",
    "marks": "Misconceptions with their marks",
    "garbage": "Garbage without a mark",
    "killed": "Mutants killed",
}
HEADINGS = ("right", "wrong", "told", "marks", "garbage", "killed", "95 %", "eq.", "s")
PAGE = "page.html.jinja"


def table(figures: Sequence[Figures]) -> Table:
    """A table of one lesson's exercises for the terminal.

    Its columns: right answers accepted; misconceptions rejected, told why, and with their marks;
    test cells that gave garbage no mark; mutants killed, the interval of that in per cent,
    equivalent mutants, seconds.

    Parameters
    ----------
    figures : list of Figures
        Of one lesson.

    Returns
    -------
    rich.table.Table
    """
    made = Table(title=figures[0].lesson, title_justify="left", box=box.SIMPLE_HEAD)
    # Narrow enough for a terminal of 80 characters.
    made.pad_edge, made.collapse_padding = False, True
    made.add_column("exercise", no_wrap=True)
    for heading in HEADINGS:
        made.add_column(heading, justify="right", no_wrap=True)
    for each in figures:
        shares = [str(getattr(each, name)) for name in list(WORDS)[:-1]]
        mutants = [str(each.killed), interval(each.killed), str(each.equivalent)]
        mutants = mutants if each.killed.of else ["", "", ""]
        made.add_row(each.exercise, *shares, *mutants, f"{each.seconds:.0f}")
    return made


def print_lesson(console: Console, figures: Sequence[Figures]) -> None:
    """Print one lesson's table, and the mutants that survive."""
    console.print(table(figures))
    for each in figures:
        for survivor in each.survivors:
            console.print(f"{each.exercise}: a mutant survives ({survivor.operator})")
            console.print(survivor.diff, markup=False)
            told = f"It differs: {survivor.differs}"
            if not survivor.differs:
                told = "No input was found where it differs: is it an `equivalent` one?"
            console.print(told, markup=False)


def print_summary(console: Console, figures: Sequence[Figures], shortfalls: list[str]) -> None:
    """Print the shares of all lessons together, and what falls short."""
    console.print()
    for name, words in WORDS.items():
        share = overall(figures, name)
        if share.of:
            console.print(
                f"{words}: {share}, {100 * share.ratio:.1f} % (95 % interval {interval(share)})"
            )
    for sentence in shortfalls:
        console.print(sentence, style="red", markup=False)


def interval(share: Share) -> str:
    """Wilson's 95 % interval, in per cent."""
    low, high = share.interval
    return f"{100 * low:.0f}–{100 * high:.0f}"


def write_json(path: Path, figures: Sequence[Figures], shortfalls: list[str]) -> None:
    """Write all the figures as JSON."""
    plain = {
        "overall": {name: overall(figures, name).as_dict() for name in WORDS},
        "shortfalls": shortfalls,
        "exercises": [each.as_dict() for each in figures],
    }
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")


def write_page(path: Path, figures: Sequence[Figures], shortfalls: list[str]) -> None:
    """Write a page with pictures, and the tables beneath."""
    lessons: dict[str, list[Figures]] = {}
    for each in figures:
        lessons.setdefault(each.lesson, []).append(each)
    page = (
        templates(__file__)
        .get_template(PAGE)
        .render(
            lessons=lessons,
            shares=[(words, overall(figures, name)) for name, words in WORDS.items()],
            shortfalls=shortfalls,
            pictures=_pictures(lessons) if any(each.killed.of for each in figures) else [],
            interval=interval,
            equivalent=sum(each.equivalent for each in figures),
        )
    )
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(page, encoding="utf-8")


def _pictures(lessons):
    """The pictures as (alt text, PNG in base64)."""
    import matplotlib

    matplotlib.use("agg")
    return [_killed(lessons), _fate(lessons)]


def _killed(lessons):
    """The share of mutants that each exercise's tests kill, with its interval."""
    import matplotlib.pyplot as plt

    rows = [each for exercises in lessons.values() for each in exercises if each.killed.of]
    fig, ax = plt.subplots(figsize=(8, 1.2 + 0.2 * len(rows)), layout="constrained")
    for place, each in enumerate(rows):
        low, high = each.killed.interval
        ax.plot([100 * low, 100 * high], [place, place], color="0.6", linewidth=2)
        ax.plot(100 * each.killed.ratio, place, "o", color="C0", markersize=5)
    labels = [f"{each.exercise}  {each.lesson[:2]}" for each in rows]
    ax.set_yticks(range(len(rows)), labels, fontsize=8)
    ax.axvline(90, color="C3", linestyle="--", linewidth=1)
    ax.set(xlabel="mutants killed (%), with the 95 % interval", ylim=(len(rows), -1))
    ax.grid(axis="x", alpha=0.3)
    worst = min(rows, key=lambda each: each.killed.ratio)
    return (
        f"For each of {len(rows)} exercises a dot at the share of mutants killed, and its interval "
        f"as a line. The lowest is {worst.exercise} with {worst.killed}. A dashed line marks 90 %.",
        _png(fig),
    )


def _fate(lessons):
    """What became of the mutants of each lesson."""
    import matplotlib.pyplot as plt

    names = list(lessons)
    killed = [sum(e.killed.good for e in lessons[name]) for name in names]
    equivalent = [sum(e.equivalent for e in lessons[name]) for name in names]
    survived = [sum(len(e.survivors) for e in lessons[name]) for name in names]
    fig, ax = plt.subplots(figsize=(8, 1 + 0.4 * len(names)), layout="constrained")
    left = [0] * len(names)
    for label, counts, hatch, colour in (
        ("killed", killed, None, "C0"),
        ("equivalent", equivalent, "///", "0.8"),
        ("survived", survived, "xxx", "C1"),
    ):
        ax.barh(names, counts, left=left, label=label, hatch=hatch, color=colour, edgecolor="w")
        left = [a + b for a, b in zip(left, counts, strict=True)]
    for place, (total, open_) in enumerate(zip(left, survived, strict=True)):
        ax.text(total, place, f" {open_} survived", va="center", fontsize=8)
    ax.invert_yaxis()
    ax.margins(x=0.15)
    ax.set(xlabel="mutants")
    ax.legend(loc="lower right", fontsize=8)
    return (
        f"A bar for each lesson: how many mutants were killed ({sum(killed)} in all), make no "
        f"difference ({sum(equivalent)}), or survived ({sum(survived)}).",
        _png(fig),
    )


def _png(fig):
    import matplotlib.pyplot as plt

    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=110)
    plt.close(fig)
    return base64.b64encode(buffer.getvalue()).decode()
