"""Inputs of lesson 08."""

import numpy as np
from hypothesis import strategies as st

from course.oracle import cases
from course.oracle.draws import few, generator, improbable, one_in, probabilities, sizes, table


def listed(draw, values):
    return values.tolist() if one_in(draw, 4) else values


@cases()
def representative_indices(draw):
    distances = np.abs(np.asarray(table(draw, draw(sizes), draw(few)), dtype=float))
    if one_in(draw, 8):
        distances = draw(st.sampled_from((distances[:0], distances[0], distances[None])))
    return {"distances": listed(draw, distances)}


def look_up(draw):
    """A class for each cluster, and the clusters of some points: at times one does not exist."""
    k = draw(sizes)
    classes = generator(draw).integers(-3, 12, k)
    clusters = generator(draw).integers(k, size=draw(sizes))
    if one_in(draw, 5):
        clusters[draw(st.integers(0, len(clusters) - 1))] = draw(
            st.sampled_from((-1, -k, k, k + 1))
        )
    return listed(draw, clusters), listed(draw, classes)


@cases()
def propagate_labels(draw):
    clusters, labels = look_up(draw)
    return {"cluster_labels": clusters, "representative_labels": labels}


@cases()
def predict_classes(draw):
    clusters, classes = look_up(draw)
    return {"assignment": classes, "cluster_labels": clusters}


@cases(quiet=True)
def closest_mask(draw):
    n, k = draw(st.integers(1, 14)), draw(few)
    distances = np.abs(np.asarray(table(draw, n, k), dtype=float))
    labels = generator(draw).integers(k, size=n)
    if one_in(draw, 8):
        labels = np.append(labels, 0) if draw(st.booleans()) else labels[:-1]
    percentile = draw(st.sampled_from((0, 10, 20, 33, 50, 70, 99.5, 100, -1e-3, 100.001)))
    return {
        "distances": listed(draw, distances),
        "cluster_labels": listed(draw, labels),
        "percentile": percentile,
    }


@cases()
def least_confident(draw):
    n, k = draw(st.integers(1, 12)), draw(few)
    proba = np.array(probabilities(draw, n, k))
    if one_in(draw, 3):
        proba[:] = proba[0]
    if one_in(draw, 6):
        proba[-1] = improbable(draw, k)
    return {"proba": listed(draw, proba), "n": draw(st.integers(-1, n + 1))}
