"""Inputs of lesson 02."""

from itertools import combinations_with_replacement, product

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from course.oracle import cases
from course.oracle.draws import blobs, few, generator, one_in, seeds, sizes, table

DRAWS = 200


def points_and_centroids(draw):
    """`X` and centroids that at times have another number of columns."""
    d = draw(few)
    other = draw(st.sampled_from((1, d + 1))) if one_in(draw, 6) else d
    return table(draw, draw(sizes), d), table(draw, draw(few), other)


def assigned(draw):
    """`X`, labels and centroids; at times a label or the number of labels is wrong."""
    X, mu = points_and_centroids(draw)
    labels = generator(draw).integers(len(mu), size=len(X))
    if one_in(draw, 8):
        labels[draw(st.integers(0, len(X) - 1))] = draw(st.sampled_from((-1, len(mu))))
    elif one_in(draw, 8):
        labels = draw(st.sampled_from((labels[:-1], labels[:1], np.append(labels, 0))))
    labels = labels.tolist() if one_in(draw, 4) else labels
    return {"X": X, "cluster_assignments": labels, "centroid_locations": mu}


@cases()
def get_cluster_assignments(draw):
    X, mu = points_and_centroids(draw)
    return {"X": X, "centroid_locations": mu}


@cases(quiet=True)
def get_cluster_centroids(draw):
    return assigned(draw)


@cases()
def inertia(draw):
    return assigned(draw)


def as_likely_as_they_should(want, got, X, k, rng):
    """Whether sequences of rows come up as often as k-means++ draws them, as far as they differ."""
    X, got = np.asarray(X, dtype=float), np.asarray(got, dtype=float)
    if got.shape != (DRAWS, k, X.shape[1]):
        return False
    squares = cdist(X, X, "sqeuclidean")
    expected, seen = {}, {}
    for rows in product(range(len(X)), repeat=k):
        probability = 1 / len(X)
        for i in range(1, k):
            gaps = squares[list(rows[:i])].min(axis=0)
            probability *= gaps[rows[i]] / gaps.sum() if gaps.sum() else 1 / len(X)
        drawn = _drawn(X[list(rows)])
        expected[drawn] = expected.get(drawn, 0) + probability
    for rows in got:
        drawn = _drawn(rows)
        seen[drawn] = seen.get(drawn, 0) + 1
    return {*seen} <= {*expected} and all(
        abs(seen.get(rows, 0) - DRAWS * p) <= 6.5 * np.sqrt(DRAWS * p * max(0, 1 - p)) + 2
        for rows, p in expected.items()
    )


def _drawn(rows):
    """A copy is only drawn where all that differs is drawn already, in whatever order."""
    rows = [tuple(row) for row in rows.tolist()]
    return tuple(sorted({*rows})) if len({*rows}) < len(rows) else tuple(rows)


def many_times(function, X, k, rng):
    return np.array([function(X, k, rng) for _ in range(DRAWS)], dtype=float)


@cases(as_likely_as_they_should, call=many_times, quiet=True, examples=25)
def kmeans_plus_plus(draw):
    X = table(draw, draw(st.integers(2, 5)), draw(few))
    if one_in(draw, 4):
        X = [X[0]] * len(X)
    if one_in(draw, 4):
        X = [*X[:-1], X[0]]
    k = draw(st.sampled_from((-1, 0, len(X) + 1))) if one_in(draw, 6) else min(len(X), draw(few))
    return {"X": X, "k": min(k, 3) if k <= len(X) else k, "rng": draw(seeds)}


def lloyd(X, mu, max_iter):
    """One run of Lloyd's algorithm."""
    z = cdist(X, mu).argmin(axis=1)
    for _ in range(max_iter):
        mu = np.array([X[z == k].mean(axis=0) if np.any(z == k) else m for k, m in enumerate(mu)])
        before, z = z, cdist(X, mu).argmin(axis=1)
        if np.array_equal(before, z):
            break
    return mu


def a_result_of_lloyd(want, got, X, k, rng, n_init=1, max_iter=100):
    """Whether the centroids can be reached from a start at data points, and `z` is theirs."""
    X, (mu, z) = np.asarray(X, dtype=float), got
    mu, z = np.asarray(mu, dtype=float), np.asarray(z)
    if mu.shape != (k, X.shape[1]) or z.shape != (len(X),) or not np.isfinite(mu).all():
        return False
    distances = cdist(X, mu)
    if not np.allclose(distances[np.arange(len(X)), z.astype(int)], distances.min(axis=1)):
        return False
    if len(X) <= 7:
        starts = combinations_with_replacement(range(len(X)), k)
        return any(_same_rows(mu, lloyd(X, X[list(start)], max_iter)) for start in starts)
    return np.sum(distances.min(axis=1) ** 2) < 4 * X.size


def _same_rows(a, b):
    table = cdist(a, b)
    return table[linear_sum_assignment(table)].max() < 1e-6


@cases(a_result_of_lloyd, quiet=True, examples=60)
def kmeans(draw):
    if one_in(draw, 6):
        k = draw(few)
        if one_in(draw, 4):
            X, _ = blobs(draw, 1, 2, sizes=(2050, 4200))
            return {"X": X, "k": 1, "rng": draw(seeds)}
        X, _ = blobs(draw, k, draw(few), sizes=(8, 12))
        return {"X": X, "k": k, "rng": draw(seeds), "n_init": 40}
    kinds = ("reals", "reals", "uint8", "list")
    X = table(draw, draw(st.sampled_from((1, 3, 6, 7, 7))), draw(few), kinds=kinds)
    if one_in(draw, 6):
        X = [X[0]] * len(X)
    wrong = one_in(draw, 4)
    return {
        "X": X,
        "k": draw(st.sampled_from((-1, 0, len(X) + 1))) if wrong else min(len(X), draw(few)),
        "rng": draw(seeds),
        "n_init": 0 if one_in(draw, 10) else draw(st.integers(1, 4)),
        **({"max_iter": draw(st.sampled_from((0, 1, 1, 1, 2, 3)))} if draw(st.booleans()) else {}),
    }
