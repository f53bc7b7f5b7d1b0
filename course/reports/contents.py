"""What the class report tells of marks, exercises and oddities."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from course.gradebook import marks
from course.gradebook.finals import Final
from course.gradebook.results import Handed
from course.reports.pictures import Picture, by_lesson, exercise_picture

ODD = {
    "timeout": "took too long",
    "killed": "ended the program",
    "missing": "could not be read",
    "error": "stopped with an error",
}


def marks_table(finals: Sequence[Final]) -> list[dict[str, Any]]:
    """For each lesson the distribution of its final marks.

    Parameters
    ----------
    finals : list of course.gradebook.finals.Final

    Returns
    -------
    list of dict
    """
    table = []
    for lesson, own in by_lesson(finals).items():
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
                "unclear": [each.student for each in own if each.unclear],
            }
        )
    return table


def exercise_tables(
    items: pd.DataFrame, titles: Mapping[tuple[str, str], str]
) -> list[tuple[str, Picture, list[dict[str, Any]]]]:
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
            row["look"] = look(row)
        found.append((lesson, exercise_picture(rows), rows))
    return found


def look(row: Mapping[str, Any]) -> str:
    """A word where the numbers ask for a look at the exercise."""
    if row["difficulty"] < 0.3:
        return "hard"
    if row["difficulty"] > 0.95:
        return "nearly everybody solves it"
    if row["students"] >= 10 and row["discrimination"] < 0.2:
        return "strong students do hardly better"
    return ""


def oddities(rows: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """What a person should look at, one entry for each submission and reason.

    Returns
    -------
    list of dict
        With the keys ``student lesson status cells message``; the gravest first.
    """
    found: dict[tuple[str, str, str, str], list[str]] = {}
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


def mended(handed: Mapping[tuple[str, str], Handed]) -> list[tuple[str, str, tuple[str, ...]]]:
    """What was put right in submissions before they were graded: student, lesson, notes."""
    return [(*place, each.mended) for place, each in handed.items() if each.mended]


def questions(answers: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Answers to mark by hand, those to one question together: lists of them."""
    found = defaultdict(list)
    for each in answers:
        found[each["lesson"], each["cell"]].append(each)
    return list(found.values())
