"""Inputs of lesson 09. Small whole numbers give distances of exactly `eps`."""

import numpy as np
from hypothesis import strategies as st
from scipy.cluster.hierarchy import linkage

from course.oracle import cases
from course.oracle.draws import few, generator, one_in, same_groups, sizes, table

radii = st.sampled_from((0.1, 1, 2, 5, 0.7))


@cases()
def core_sample_mask(draw):
    X = table(draw, draw(sizes), draw(few))
    if one_in(draw, 10):
        X = draw(st.sampled_from((np.asarray(X)[:, 0], np.asarray(X)[None])))
    return {"X": X, "eps": draw(radii), "min_samples": draw(st.integers(0, 4))}


@cases()
def dbscan_predict(draw):
    d, n = draw(few), draw(sizes)
    core = table(draw, n, d)
    labels = generator(draw).integers(0, 4, n)
    if one_in(draw, 6):
        core, labels = ([] if draw(st.booleans()) else np.empty((0, d))), []
    elif one_in(draw, 8):
        labels = np.append(labels, 0) if draw(st.booleans()) else labels[:-1]
    elif one_in(draw, 8):
        core = table(draw, n, d + draw(st.sampled_from((-1, 1))) or d + 1)
    return {
        "X_new": table(draw, draw(sizes), d),
        "core_points": core,
        "core_labels": labels,
        "eps": draw(radii),
    }


@cases()
def rbf_affinity(draw):
    X = table(draw, draw(sizes), draw(few))
    if one_in(draw, 8):
        X = draw(st.sampled_from((np.asarray(X)[:, 0], np.asarray(X)[None])))
    return {"X": X, "gamma": draw(st.sampled_from((0, 0.1, 1, 2.5)))}


def same_clusters(want, got, children, n_leaves, n_clusters):
    got = np.asarray(got)
    return same_groups(want, got) and np.array_equal(np.unique(got), np.arange(n_clusters))


@cases(same_clusters)
def cut_tree(draw):
    n = draw(st.integers(1, 9))
    method = draw(st.sampled_from(("single", "complete", "average")))
    children = []
    if n > 1:
        children = linkage(table(draw, n, 2), method)[:, :2]
        children = children[:, ::-1] if draw(st.booleans()) else children
        children = children.astype(int) if draw(st.booleans()) else children
    if one_in(draw, 8) and n > 1:
        children = draw(st.sampled_from((children[:-1], np.vstack([children, children[:1]]))))
    return {"children": children, "n_leaves": n, "n_clusters": draw(st.integers(0, n + 1))}
