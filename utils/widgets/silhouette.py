"""The silhouette explorer of lesson 03."""

import numpy as np

from utils.plotting import plot_decision_boundaries, plot_silhouettes, show
from utils.widgets.sliders import side_by_side, slider


def silhouette_explorer(X, k=4, k_max=10, n_init=10, seed=0):
    """A slider for K: the clusters of k-means beside their silhouette diagram.

    Parameters
    ----------
    X : array-like of shape (N, 2)
        More than `k_max` points, not all alike.
    k : int
        Number of clusters at first, 2 to `k_max`.
    k_max : int
        Where the slider ends.
    n_init : int
        Starts of k-means for each K; the best counts.
    seed : int
        Seed of k-means.

    Returns
    -------
    ipywidgets.HBox
    """
    import matplotlib.pyplot as plt
    from sklearn.cluster import KMeans

    X, fitted = np.asarray(X, dtype=float), {}

    def draw(k):
        if k not in fitted:
            fitted[k] = KMeans(k, n_init=n_init, random_state=seed).fit(X)
        model = fitted[k]
        fig, (left, right) = plt.subplots(
            1, 2, figsize=(10, 4.2), width_ratios=(4, 3), layout="constrained"
        )
        plot_decision_boundaries(model, X, ax=left, resolution=150)
        left.set_title(f"K = {k}, inertia {model.inertia_:,.1f}")
        plot_silhouettes(X, model.labels_, ax=right)
        show(
            fig,
            alt=f"{k} regions of k-means with the inertia {model.inertia_:,.1f}. Beside them: "
            + right.get_label(),
        )

    return side_by_side(draw, {"k": slider("IntSlider", "K", k, 2, k_max, 1)})
