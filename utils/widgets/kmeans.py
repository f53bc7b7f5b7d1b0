"""k-means step by step, and regions for any set of centroids."""

import numpy as np


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
