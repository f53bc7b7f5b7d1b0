"""The k-means explorer of lesson 02, and regions for any set of centroids."""

import numpy as np

from utils.plotting import plot_decision_boundaries, show
from utils.widgets.sliders import side_by_side, slider

PATH = {"color": "black", "linewidth": 1.6, "marker": "o", "markersize": 3.5, "zorder": 3}


class Voronoi:
    """The regions of some centroids, as a clusterer that `plot_decision_boundaries` can draw.

    Parameters
    ----------
    centroids : array-like of shape (K, D)
    """

    def __init__(self, centroids):
        self.cluster_centers_ = np.array(centroids, dtype=float)

    def predict(self, X):
        """The nearest centroid of each row of X; ties go to the lower index."""
        X, mu = np.asarray(X, dtype=float), self.cluster_centers_
        distances = np.stack([np.sum((X - centre) ** 2, axis=1) for centre in mu], axis=1)
        return distances.argmin(axis=1)


def lloyd_history(X, start, n_steps):
    """The centroids of k-means before and after each step.

    Parameters
    ----------
    X : array-like of shape (N, D)
    start : array-like of shape (K, D)
    n_steps : int
        At most so many; fewer where the assignments stop changing.

    Returns
    -------
    list of ndarray of shape (K, D)
        The start first. A cluster without points keeps its centroid.
    """
    X, history = np.asarray(X, dtype=float), [np.array(start, dtype=float)]
    labels = Voronoi(history[0]).predict(X)
    for _ in range(n_steps):
        mu = history[-1].copy()
        for k in np.unique(labels):
            mu[k] = X[labels == k].mean(axis=0)
        history.append(mu)
        before, labels = labels, Voronoi(mu).predict(X)
        if np.array_equal(before, labels):
            break
    return history


def kmeans_explorer(X, k=5, seed=0, max_steps=20):
    """Sliders for the step of Lloyd's algorithm, the seed and K, and a choice of the start.

    Parameters
    ----------
    X : array-like of shape (N, 2)
        At least 8 points, not all alike.
    k : int
        Number of clusters at first, 1 to 8.
    seed : int
        Seed of the start at first, 0 to 30.
    max_steps : int
        Where the step slider ends.

    Returns
    -------
    ipywidgets.HBox
    """
    import ipywidgets as widgets
    import matplotlib.pyplot as plt

    X = np.asarray(X, dtype=float)

    def draw(step, seed, k, start):
        rng = np.random.default_rng(seed)
        rows = _spread_rows(X, k, rng) if start == "k-means++" else rng.choice(len(X), k, False)
        history = lloyd_history(X, X[rows], max_steps)
        costs = [_inertia(X, mu) for mu in history]
        now = min(step, len(history) - 1)
        fig, (left, right) = plt.subplots(
            1, 2, figsize=(9, 4), width_ratios=(3, 2), layout="constrained"
        )
        plot_decision_boundaries(Voronoi(history[now]), X, ax=left, resolution=150)
        for path in np.swapaxes(history[: now + 1], 0, 1):
            left.plot(*path.T, **PATH)
        left.set_title(f"step {now} of {len(history) - 1}")
        right.plot(costs, "o-", color="grey")
        right.plot(now, costs[now], "kX", markersize=12)
        right.set(xlabel="step", ylabel="inertia", title=f"inertia now: {costs[now]:,.1f}")
        show(
            fig,
            alt=f"{k} regions of k-means after step {now} of {len(history) - 1}, from {start} with "
            f"seed {seed}; lines show how the centroids came there. Beside it the inertia, which "
            f"falls from {costs[0]:,.1f} to {costs[now]:,.1f}.",
        )

    controls = {
        "step": slider("IntSlider", "step", 0, 0, max_steps, 1),
        "seed": slider("IntSlider", "seed", seed, 0, 30, 1),
        "k": slider("IntSlider", "K", k, 1, 8, 1),
        "start": widgets.Dropdown(options=["random rows", "k-means++"], description="start"),
    }
    return side_by_side(draw, controls)


def _spread_rows(X, k, rng):
    """k-means++: row numbers, each drawn by squared distance to the nearest one so far."""
    rows = [rng.integers(len(X))]
    square = np.sum((X - X[rows[0]]) ** 2, axis=1)
    while len(rows) < k:
        total = square.sum()
        rows.append(rng.choice(len(X), p=square / total if total > 0 else None))
        square = np.minimum(square, np.sum((X - X[rows[-1]]) ** 2, axis=1))
    return rows


def _inertia(X, mu):
    return float(np.sum((X - mu[Voronoi(mu).predict(X)]) ** 2))
