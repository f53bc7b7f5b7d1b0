"""Inputs of lesson 04."""

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from course.oracle import alike, cases
from course.oracle.draws import blobs, few, generator, one_in, seeds, sizes, table


def columns(draw, d):
    """`d`, or at times another number."""
    return draw(st.sampled_from((1, d + 1))) if one_in(draw, 6) else d


@cases()
def assign_in_chunks(draw):
    d = draw(few)
    return {
        "X": table(draw, draw(sizes), d),
        "centroid_locations": table(draw, draw(few), columns(draw, d)),
        "chunk_size": draw(st.integers(-1, 0)) if one_in(draw, 6) else draw(st.integers(1, 12)),
    }


def floats_and_whole_counts(want, got, **arguments):
    mu, counts = got
    return alike(want, (mu, counts)) and [np.asarray(a).dtype.kind for a in got] == ["f", "i"]


@cases(floats_and_whole_counts, quiet=True)
def minibatch_update(draw):
    k, d = draw(few), draw(few)
    counts = generator(draw).integers(0, 4, k)
    if one_in(draw, 8):
        counts = np.append(counts, 1) if draw(st.booleans()) else counts[:-1]
    return {
        "centroid_locations": table(draw, k, d),
        "counts": counts.tolist() if one_in(draw, 4) else counts,
        "batch": table(draw, draw(sizes), columns(draw, d)),
    }


def read_once(function, batches, k, rng):
    return function(iter(batches), k, rng)


def near_the_means(want, got, batches, k, rng):
    """Whether each centroid lies near the mean of its group, where the groups are clear."""
    X, got = np.concatenate([np.asarray(b, dtype=float) for b in batches]), np.asarray(got)
    if got.shape != (k, X.shape[1]) or not np.isfinite(got).all():
        return False
    if len(X) < 5 * k:  # as many centres as points: each is a point
        return len(X) > k or cdist(X, got).min(axis=1).max() < 1e-6
    groups = cdist(X, X) < 12
    means = np.unique([X[group].mean(axis=0).round(6) for group in groups], axis=0)
    table = cdist(means, got)
    return table[linear_sum_assignment(table)].max() < 2


@cases(near_the_means, call=read_once, examples=60, quiet=True)
def stream_kmeans(draw):
    k = draw(few)
    if one_in(draw, 4):
        X = table(draw, draw(sizes), 2)
        return {"batches": [X], "k": draw(st.integers(-1, 9)), "rng": draw(seeds)}
    X, _ = blobs(draw, k, draw(few), sizes=(120, 160) if one_in(draw, 3) else (15, 30))
    cuts = sorted(draw(st.lists(st.integers(1, len(X) - 1), max_size=4, unique=True)))
    batches = np.split(X, cuts)
    if one_in(draw, 3):
        batches = [batch.tolist() for batch in batches]
    return {"batches": batches, "k": k, "rng": draw(seeds)}
