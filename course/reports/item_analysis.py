"""How hard each exercise was, and how well it tells strong from weak students.

The terms and formulas are those of classical test theory (Allen and Yen, *Introduction to
Measurement Theory*, 1979, chapter 6).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from course.notebooks.cells import exercise_of
from course.notebooks.verdict import Status

FEWEST_STUDENTS = 5
GROUP = 0.27


def shares(rows: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    """The share of each exercise's points that each student earned.

    Left out are submissions that could not be read, which tell nothing about an exercise, and open
    questions until all their answers are marked.

    Parameters
    ----------
    rows : list of dict
        As in `grades.csv`.

    Returns
    -------
    pandas.DataFrame
        With the columns ``student lesson exercise points max_points share``.
    """
    table = pd.DataFrame(
        rows, columns=["student", "lesson", "cell", "points", "max_points", "status"]
    )
    table[["points", "max_points"]] = table[["points", "max_points"]].astype(float)
    read = table.groupby(["student", "lesson"]).status.transform(lambda s: (s != "missing").any())
    waiting = table[table.status == Status.MANUAL][["lesson", "cell"]].agg(tuple, axis=1)
    marked = ~table[["lesson", "cell"]].agg(tuple, axis=1).isin(set(waiting))
    table = table[read.astype(bool) & marked]
    table = table.assign(exercise=[exercise_of(cell) or cell for cell in table.cell])
    columns = ["student", "lesson", "exercise"]
    table = table.groupby(columns, sort=False)[["points", "max_points"]].sum().reset_index()
    table["share"] = (table.points / table.max_points.where(table.max_points > 0)).fillna(0.0)
    return table


def analyse(rows: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    """Difficulty and discrimination of each exercise.

    Parameters
    ----------
    rows : list of dict
        As in `grades.csv`.

    Returns
    -------
    pandas.DataFrame
        A row for each exercise, in the order of `rows`, with the columns

        ``lesson exercise max_points students``
            ``students`` is how many are counted.
        ``difficulty``
            The mean share of the points, from 0 (nobody) to 1 (everybody).
        ``solved``
            The share of students with all points.
        ``discrimination``
            The point-biserial correlation of the exercise with the rest of its lesson (the
            exercise itself left out); NaN for fewer than 5 students, or where all did the same.
        ``upper_lower``
            The mean share in the upper 27 % of the lesson less that in the lower 27 %.
    """
    found = []
    for lesson, part in shares(rows).groupby("lesson", sort=False):
        order = part.exercise.drop_duplicates()
        points = part.pivot(index="student", columns="exercise", values="points")
        share = part.pivot(index="student", columns="exercise", values="share")
        total = points.sum(axis=1)
        for exercise in order:
            own = share[exercise].dropna()
            all_points = total[own.index]
            most = part[part.exercise == exercise].max_points.max()
            found.append(
                {
                    "lesson": lesson,
                    "exercise": exercise,
                    "max_points": most,
                    "students": len(own),
                    "difficulty": own.mean(),
                    "solved": (own >= 1).mean(),
                    "discrimination": _correlation(own, all_points - points[exercise][own.index]),
                    "upper_lower": _upper_lower(own, all_points),
                }
            )
    columns = "lesson exercise max_points students difficulty solved discrimination upper_lower"
    return pd.DataFrame(found, columns=columns.split())


def _correlation(x, y):
    if len(x) < FEWEST_STUDENTS or np.ptp(x) == 0 or np.ptp(y) == 0:
        return np.nan
    return float(np.corrcoef(x, y)[0, 1])


def _upper_lower(share, total):
    """Students with equal totals are in the same group, so their order does not matter."""
    low, high = total.quantile([GROUP, 1 - GROUP])
    if len(share) < FEWEST_STUDENTS or low == high:
        return np.nan
    return float(share[total >= high].mean() - share[total <= low].mean())
