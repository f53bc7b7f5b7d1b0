"""Inputs of lesson 03. What k-means finds is compared on clear cases."""

import numpy as np
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from course.oracle import cases
from course.oracle.draws import blobs, few, generator, one_in, table

random_states = st.integers(0, 1000)


def nearly_alike(want, got, **arguments):
    """Another sound k-means may end a little higher or lower."""
    want, got = np.asarray(want), np.asarray(got, dtype=float)
    return want.shape == got.shape and np.allclose(want, got, rtol=0.02, atol=1e-6)


@cases(nearly_alike, examples=40)
def elbow_curve(draw):
    groups = draw(few)
    X, _ = blobs(draw, groups, draw(few), sizes=(4, 7))
    ks = draw(st.lists(st.sampled_from((1, groups)), max_size=3))
    if one_in(draw, 5):
        ks.append(draw(st.sampled_from((0, -1, len(X) + 1))))
    elif one_in(draw, 5):
        ks.append(len(X))
    X = X.tolist() if one_in(draw, 4) else X
    return {"X": X, "ks": ks, "random_state": draw(random_states)}


@cases(quiet=True)
def silhouette_coefficients(draw):
    n = draw(st.integers(1, 9))
    X = table(draw, n, draw(few))
    if one_in(draw, 5):
        X = [X[0]] * n
    names = generator(draw).choice([-7, -1, 0, 1, 2, 10**6], draw(st.integers(1, 4)))
    labels = generator(draw).choice(names, n)
    if one_in(draw, 8):
        labels = np.append(labels, 0) if draw(st.booleans()) else labels[:-1]
    return {"X": X, "labels": labels.tolist() if one_in(draw, 4) else labels}


@cases(examples=40)
def best_k(draw):
    groups = draw(st.integers(2, 4))
    X, _ = blobs(draw, groups, draw(few), sizes=(4, 7))
    ks = draw(st.permutations([1, 2, 3, 4, 5, 6]))[: draw(st.integers(1, 6))]
    if groups not in ks:
        ks = [groups, *ks]
    if one_in(draw, 5):
        ks = draw(st.sampled_from(([0, 2], [2, len(X) + 1], [1], [], [-1, 3])))
    elif one_in(draw, 5):  # every point alone: the score is 0
        ks.append(len(X))
    elif one_in(draw, 5):  # a tie
        X, ks = np.repeat([[0.0, 0.0], [4.0, 3.0]], 6, axis=0), [3, 2]
    X = X.tolist() if one_in(draw, 4) else X
    return {"X": X, "ks": ks, "random_state": draw(random_states)}


def about_as_stable(want, got, X, k, n_resamples, random_state):
    return np.shape(got) == () and (got > 0.98 if _is_clear(X, k) else -0.5 <= got < 1 + 1e-9)


def _is_clear(X, k):
    """Whether there are k groups."""
    return len(np.unique(cdist(X, X) < 12, axis=0)) == k


@cases(about_as_stable, examples=25)
def stability(draw):
    groups = draw(st.integers(2, 4))
    X, _ = blobs(draw, groups, draw(few), sizes=(12, 16))
    k = groups if draw(st.booleans()) else draw(st.integers(2, 8))
    n = draw(st.integers(2, 4))
    if one_in(draw, 4):
        k, n = draw(st.sampled_from(((0, 2), (len(X) + 1, 2), (groups, 1), (groups, 0), (-1, 3))))
    return {"X": X, "k": k, "n_resamples": n, "random_state": draw(random_states)}
