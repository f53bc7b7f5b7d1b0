"""The mini-batch explorer of lesson 04."""

from functools import cache

import numpy as np

from utils.plotting import plot_decision_boundaries, show
from utils.widgets.kmeans import Voronoi
from utils.widgets.sliders import side_by_side, slider

BATCH_SIZES = (1, 10, 50, 200, 1000, 2000)
MEASUREMENTS = 20  # of the inertia in each pass


def minibatch_explorer(X, k=5, batch_size=50, passes=2, max_passes=8, seed=0):
    """Sliders for the batch size and the number of passes: the inertia along the way.

    Parameters
    ----------
    X : array-like of shape (N, 2)
    k : int
        Number of clusters.
    batch_size, passes : int
        Where the sliders stand at first; the batch size is one of `BATCH_SIZES`.
    max_passes : int
        Where the slider for the passes ends.
    seed : int
        Of the start and of the order of the points, the same for every picture.

    Returns
    -------
    ipywidgets.HBox
    """
    import matplotlib.pyplot as plt

    X = np.asarray(X, dtype=float)
    start = X[np.random.default_rng(seed).choice(len(X), size=k, replace=False)]
    lloyd = lloyd_inertias(X, start, max_passes)

    run = cache(lambda size: minibatch_run(X, start, size, max_passes, np.random.default_rng(seed)))

    def draw(batch_size, passes):
        seen, inertias, centroids = (np.array(part) for part in zip(*run(batch_size), strict=True))
        shown = seen <= passes + 1e-9
        final = inertias[shown][-1]
        fig, (left, right) = plt.subplots(1, 2, figsize=(10, 4.2), layout="constrained")
        _draw_inertias(left, (seen[shown], inertias[shown]), lloyd[: passes + 1])
        left.set_ylim(0.8 * min(lloyd.min(), inertias.min()), 1.2 * lloyd[0])
        left.set_title(f"batch size {batch_size:,}: inertia {final:,.1f}")
        plot_decision_boundaries(Voronoi(centroids[shown][-1]), X, ax=right, resolution=120)
        right.set_title(f"{k} clusters after {passes} pass{'es' if passes > 1 else ''}")
        show(
            fig,
            alt=f"Inertia against passes with batches of {batch_size:,}: it goes from "
            f"{lloyd[0]:,.1f} to {final:,.1f} in {passes} pass(es), Lloyd's from the same start to "
            f"{lloyd[passes]:,.1f}. Beside it the clusters that the mini-batches found.",
        )

    sliders = {
        "batch_size": _size_slider(batch_size),
        "passes": slider("IntSlider", "passes", passes, 1, max_passes, 1),
    }
    return side_by_side(draw, sliders)


def _size_slider(batch_size):
    import ipywidgets as widgets

    return widgets.SelectionSlider(
        options=[(f"{size:,}", size) for size in BATCH_SIZES],
        value=batch_size,
        description="batch size",
        continuous_update=False,
    )


def _draw_inertias(ax, minibatches, lloyd):
    """Both curves: (passes, inertias) of the mini-batches, and Lloyd's after each iteration."""
    ax.plot(*minibatches, "-", linewidth=2, label="mini-batches")
    ax.plot(range(len(lloyd)), lloyd, "s--", color="#222222", label="Lloyd, all points")
    ax.set(xlabel="passes over the data", ylabel="inertia of all points (log scale)", yscale="log")
    ax.legend(frameon=False)


def lloyd_inertias(X, start, n_iterations):
    """Inertia at the start and after each iteration of Lloyd's algorithm.

    Parameters
    ----------
    X : ndarray of shape (N, D)
    start : ndarray of shape (K, D)
    n_iterations : int

    Returns
    -------
    ndarray of shape (n_iterations + 1,)
    """
    centroids, inertias = start.copy(), []
    for _ in range(n_iterations + 1):
        labels, inertia = _nearest(X, centroids)
        inertias.append(inertia)
        for k in np.unique(labels):
            centroids[k] = X[labels == k].mean(axis=0)
    return np.array(inertias)


def minibatch_run(X, start, batch_size, passes, rng):
    """Mini-batch k-means, with the inertia of all points along the way.

    Parameters
    ----------
    X : ndarray of shape (N, D)
    start : ndarray of shape (K, D)
    batch_size : int
        The last batch of a pass may be smaller.
    passes : int
        How often every point is used.
    rng : numpy.random.Generator
        For the order of the points, another one in each pass.

    Returns
    -------
    list of (float, float, ndarray of shape (K, D))
        At the start and some twenty times in each pass: passes made so far, inertia, centroids.
    """
    centroids, counts = start.copy(), np.zeros(len(start), dtype=int)
    history = [(0.0, _nearest(X, centroids)[1], centroids.copy())]
    for number in range(passes):
        order, measured = rng.permutation(len(X)), 0
        for first in range(0, len(X), batch_size):
            batch = X[order[first : first + batch_size]]
            labels, _ = _nearest(batch, centroids)
            for k in np.unique(labels):
                members = batch[labels == k]
                counts[k] += len(members)
                centroids[k] += (members - centroids[k]).sum(axis=0) / counts[k]
            done = min(first + batch_size, len(X))
            if done * MEASUREMENTS // len(X) > measured:
                measured = done * MEASUREMENTS // len(X)
                history.append(
                    (number + done / len(X), _nearest(X, centroids)[1], centroids.copy())
                )
    return history


def _nearest(X, centroids):
    """The nearest centroid of each point, and the inertia."""
    squared = np.stack([np.sum((X - centroid) ** 2, axis=1) for centroid in centroids], axis=1)
    return squared.argmin(axis=1), float(squared.min(axis=1).sum())
