"""The class report: what the class can do, what it got wrong, and what needs a person.

The page loads nothing from anywhere. It holds one script of ours, which saves the marks that are
typed into it; its Content-Security-Policy lets the browser run that very script and no other.
"""

import base64
import difflib
import hashlib
import io
import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import jinja2
import numpy as np
from markupsafe import Markup
from matplotlib.figure import Figure

from course.authoring.quiet import quiet
from course.gradebook import export, marks, results
from course.gradebook.class_folder import ClassFolder
from course.gradebook.table import read_grades
from course.notebooks.cells import known_cells, setup_cells
from course.notebooks.exercises import exercises_in
from course.paths import SOURCE
from course.reports import misconceptions, similar
from course.reports.item_analysis import analyse

BLUE, ORANGE = "#0072B2", "#D55E00"
SHOWN = 15
FEW_STUDENTS = 30
ODD = {
    "timeout": "took too long",
    "killed": "ended the program",
    "missing": "could not be read",
    "error": "stopped with an error",
}

SCRIPT = (Path(__file__).parent / "report.js").read_text(encoding="utf-8")
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-"
    + base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    + "'"
)


@dataclass(frozen=True)
class Picture:
    """A picture as the page shows it: its address, which holds all of it, and its alt text."""

    address: str
    alt: str


@dataclass(frozen=True)
class Alike:
    """Nearly identical answers as the page shows them."""

    lesson: str
    title: str
    students: tuple
    similarity: float
    columns: tuple
    elsewhere: tuple


def write_report(folder: ClassFolder, source=SOURCE):
    """Write the class report, and a table for marks by hand beside it.

    Parameters
    ----------
    folder : ClassFolder
        After `grade`.
    source : path-like
        The folder of the lessons' source notebooks.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    CourseError
        If the class was not graded.
    """
    rows = read_grades(folder)
    with quiet(folder.log):
        page = _page(folder, Path(source), rows)
    folder.report.mkdir(exist_ok=True)
    waiting = marks.waiting(rows)
    for name, text in (("index.html", page), (marks.TEMPLATE, marks.template(waiting))):
        half = folder.report / f".{name}.part"
        half.write_text(text, encoding="utf-8", errors="replace")
        os.replace(half, folder.report / name)
    return folder.report / "index.html"


def _page(folder, source, rows):
    notebooks = {
        lesson: notebook
        for lesson in dict.fromkeys(row["lesson"] for row in rows)
        if (notebook := results.source_notebook(lesson, source)) is not None
    }
    titles = {
        (lesson, name): each.title
        for lesson, notebook in notebooks.items()
        for name, each in exercises_in(notebook).items()
    }
    finals = export.finals(folder)
    items = analyse(rows)
    handed = results.handed_in(folder, rows)
    hit = [
        (lesson, titles.get((lesson, name), name), *rest)
        for lesson, name, *rest in misconceptions.misconceptions_hit(rows)
    ]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    students = {row["student"] for row in rows}
    return environment.get_template("report.html.jinja").render(
        policy=POLICY,
        script=Markup(SCRIPT),
        students=len(students),
        submissions=len({(row["student"], row["lesson"]) for row in rows}),
        lessons=marks_table(finals),
        marks_picture=marks_picture(finals) if finals else None,
        exercises=exercise_tables(items, titles),
        few=len(students) < FEW_STUDENTS,
        misconceptions=hit,
        misconceptions_picture=misconceptions_picture(hit) if hit else None,
        oddities=oddities(rows),
        mended=mended(handed),
        questions=questions(marks.answers(handed, marks.waiting(rows), source)),
        answers=sum(row["status"] == "manual" for row in rows),
        alike=alike(handed, notebooks, titles),
        threshold=similar.ALIKE,
        number=lambda value, digits=2: "–" if np.isnan(value) else f"{value:.{digits}f}",
        percent=lambda value: f"{100 * value:.0f} %",
        points=lambda value: f"{value:.4g}",
    )


# Marks.


def _by_lesson(finals):
    found = defaultdict(list)
    for each in finals:
        found[each.lesson].append(each)
    return found


def marks_table(finals):
    """For each lesson the distribution of its final marks.

    Parameters
    ----------
    finals : list of course.gradebook.export.Final

    Returns
    -------
    list of dict
    """
    table = []
    for lesson, own in _by_lesson(finals).items():
        values = np.array([each.mark for each in own])
        lowest, lower, median, upper, highest = np.quantile(values, [0, 0.25, 0.5, 0.75, 1])
        table.append(
            {
                "lesson": lesson,
                "students": len(own),
                "max": own[0].max_score,
                "mean": values.mean(),
                "deviation": values.std(ddof=1) if len(values) > 1 else float("nan"),
                "quantiles": (lowest, lower, median, upper, highest),
                "late": [each for each in own if each.penalty > 0],
            }
        )
    return table


def marks_picture(finals):
    """A histogram of the marks for each lesson."""
    lessons = _by_lesson(finals)
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
        ax.yaxis.get_major_locator().set_params(integer=True)
        said.append(
            f"{lesson}: half of the {len(own)} students have at least {np.median(share):.0f} %"
        )
    figure.supxlabel("share of the points in %; dashed: median", fontsize=9)
    figure.supylabel("students", fontsize=9)
    return _picture(figure, f"Histograms of the marks. {'; '.join(said)}.")


# Exercises.


def exercise_tables(items, titles):
    """For each lesson its exercises' statistics, with a picture.

    Parameters
    ----------
    items : pandas.DataFrame
        From `analyse`.
    titles : dict of (str, str) to str

    Returns
    -------
    list of (str, Picture, list of dict)
    """
    found = []
    for lesson, part in items.groupby("lesson", sort=False):
        rows = part.to_dict("records")
        for row in rows:
            row["title"] = titles.get((lesson, row["exercise"]), row["exercise"])
            row["look"] = _look(row)
        found.append((lesson, _exercise_picture(rows), rows))
    return found


def _look(row):
    """A word where the numbers ask for a look at the exercise."""
    if row["difficulty"] < 0.3:
        return "hard"
    if row["difficulty"] > 0.95:
        return "nearly everybody solves it"
    if row["students"] >= 10 and row["discrimination"] < 0.2:
        return "strong students do hardly better"
    return ""


def _exercise_picture(rows):
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


def _short(text, most=34):
    return text if len(text) <= most else text[: most - 1] + "…"


# Misconceptions.


def misconceptions_picture(hit):
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
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set_xlabel("students")
    first = most[0]
    return _picture(
        figure,
        f"Bars: how many students met each misconception. The commonest, with {first[3]}, "
        f"is: {first[2]}.",
    )


def _picture(figure, alt):
    data = io.BytesIO()
    figure.savefig(data, format="png", dpi=130, metadata={"Software": None})
    return Picture("data:image/png;base64," + base64.b64encode(data.getvalue()).decode(), alt)


# What needs a person.


def oddities(rows):
    """What a person should look at, one entry for each submission and reason.

    Returns
    -------
    list of dict
        With the keys ``student lesson status cells message``; the gravest first.
    """
    found = {}
    for row in rows:
        if row["status"] in ODD and row["message"] != marks.NOT_ANSWERED:
            key = row["student"], row["lesson"], row["status"], row["message"]
            found.setdefault(key, []).append(row["cell"])
    order = list(ODD)
    keys = sorted(found, key=lambda key: (order.index(key[2]), key[1], key[0]))
    return [
        dict(zip(("student", "lesson", "status", "message"), key, strict=True))
        | {"cells": found[key], "what": ODD[key[2]]}
        for key in keys
    ]


def mended(handed):
    """What was put right in submissions before they were graded: student, lesson, notes."""
    return [(*place, each.mended) for place, each in handed.items() if each.mended]


def questions(answers):
    """Answers to mark by hand, those to one question together: lists of them."""
    found = defaultdict(list)
    for each in answers:
        found[each["lesson"], each["cell"]].append(each)
    return list(found.values())


# Nearly identical answers.


def alike(handed, notebooks, titles):
    """Nearly identical answers, those of pairs that are alike in most exercises first.

    Parameters
    ----------
    handed : dict of (str, str) to course.gradebook.results.Handed
    notebooks : dict of str to NotebookNode
        The lessons' sources.
    titles : dict of (str, str) to str

    Returns
    -------
    list of Alike
    """
    answers = defaultdict(dict)
    for (student, lesson), each in handed.items():
        for name, text in each.cells.items() if not each.refused else ():
            if (lesson, name) in titles:
                answers[lesson, name][student] = text
    found = {place: _groups(place, own, notebooks[place[0]]) for place, own in answers.items()}
    pairs = similar.also_alike(found)
    shown = []
    for place, groups in found.items():
        for group in groups:
            one, other = group.students[:2]
            elsewhere = [each for each in pairs[frozenset((one, other))] if each != place]
            own = answers[place]
            shown.append(
                Alike(
                    lesson=place[0],
                    title=titles[place],
                    students=group.students,
                    similarity=group.similarity,
                    columns=side_by_side(own[one], own[other]),
                    elsewhere=tuple(
                        f"{lesson} {titles[lesson, name]}" for lesson, name in elsewhere
                    ),
                )
            )
    return sorted(shown, key=lambda each: (-len(each.elsewhere), -each.similarity))


def _groups(place, own, source):
    _, name = place
    cells = known_cells(source)
    code = cells[name].cell_type == "code"
    setup = [cell.source for cell in setup_cells(source)]
    return similar.groups(own, [cells[name].source, *setup], code)


def side_by_side(one, other):
    """Two texts as lists of (line, whether the other has it too)."""
    one, other = one.splitlines(), other.splitlines()
    matcher = difflib.SequenceMatcher(
        None, [line.strip() for line in one], [line.strip() for line in other], autojunk=False
    )
    same_one, same_other = set(), set()
    for block in matcher.get_matching_blocks():
        same_one.update(range(block.a, block.a + block.size))
        same_other.update(range(block.b, block.b + block.size))
    return (
        [(line, number in same_one) for number, line in enumerate(one)],
        [(line, number in same_other) for number, line in enumerate(other)],
    )
