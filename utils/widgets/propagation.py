"""The label propagation explorer of lesson 08."""

import numpy as np

from utils.plotting import plot_faces, show
from utils.widgets.sliders import side_by_side, slider

N_PICTURES = 10


def propagation_explorer(train, test, kmeans, classifier, step=5):
    """A slider for the percentile up to which each cluster's label is handed on.

    Parameters
    ----------
    train, test : tuple of (ndarray of shape (N, D), ndarray of shape (N,))
        Images as rows of grey values, and their true labels. The training labels serve to label one
        representative for each cluster and to judge the propagated labels.
    kmeans : fitted sklearn.cluster.KMeans
        Clusters of the training images.
    classifier : sklearn estimator
        Trained afresh, on the kept labels, for each percentile; itself unchanged.
    step : int
        The slider runs from `step` to 100 in steps of `step`.

    Returns
    -------
    ipywidgets.HBox

    Notes
    -----
    All classifiers are trained before the widget appears, so the slider answers at once.
    """
    percentiles = list(range(step, 101, step))
    outcomes = [_outcome(train, test, kmeans, classifier, p) for p in percentiles]

    def draw(percentile):
        _draw(train, percentiles, outcomes, percentiles.index(percentile))

    start = percentiles[min(3, len(percentiles) - 1)]
    return side_by_side(
        draw, {"percentile": slider("IntSlider", "percentile", start, step, percentiles[-1], step)}
    )


def _outcome(train, test, kmeans, classifier, percentile):
    """What is kept at a percentile: rows (nearest first), their labels, accuracy, test score."""
    from sklearn.base import clone

    X, y = train
    distances = kmeans.transform(X)
    clusters = distances.argmin(axis=1)
    own = distances.min(axis=1)
    labels = y[distances.argmin(axis=0)][clusters]
    cuts = [
        np.percentile(own[clusters == k], percentile) if np.any(clusters == k) else 0.0
        for k in range(kmeans.n_clusters)
    ]
    rows = np.flatnonzero(own <= np.take(cuts, clusters))
    rows = rows[np.argsort(own[rows], kind="stable")]
    score = clone(classifier).fit(X[rows], labels[rows]).score(*test)
    return {
        "rows": rows,
        "labels": labels[rows],
        "right": np.mean(labels[rows] == y[rows]),
        "score": score,
    }


def _draw(train, percentiles, outcomes, number):
    import matplotlib.pyplot as plt

    X, y = train
    now = outcomes[number]
    rows, labels = now["rows"][-N_PICTURES:], now["labels"][-N_PICTURES:]
    right, score = ([100 * outcome[key] for outcome in outcomes] for key in ("right", "score"))
    fig, (lines, faces) = plt.subplots(
        1, 2, figsize=(9.5, 3.8), width_ratios=[1.2, 1], layout="constrained"
    )
    lines.plot(percentiles, right, "o-", color="#08519c", label="kept labels that are right")
    lines.plot(percentiles, score, "s--", color="#a63603", label="test score")
    lines.axvline(percentiles[number], color="grey", linestyle=":", zorder=0)
    lines.plot(percentiles[number], right[number], "o", color="#08519c", markersize=12)
    lines.plot(percentiles[number], score[number], "s", color="#a63603", markersize=12)
    lines.set(xlabel="percentile", ylabel="per cent", ylim=(None, 100.5))
    lines.legend(frameon=False)
    titles = [
        f"{label}" if label == truth else f"{label} (is {truth})"
        for label, truth in zip(labels, y[rows], strict=True)
    ]
    plot_faces(1 - X[rows] / X.max(), titles=titles, n_cols=5, ax=faces)
    faces.set_title("kept, but farthest from their centroid", fontsize=10)
    fig.suptitle(
        f"percentile {percentiles[number]}: {len(now['rows'])} labels kept, "
        f"{now['right']:.1%} right, test score {now['score']:.1%}",
        fontsize=11,
    )
    wrong = int(np.sum(labels != y[rows]))
    show(
        fig,
        alt=f"Up to percentile {percentiles[number]}, {len(now['rows'])} propagated labels are "
        f"kept. {now['right']:.1%} of them are right, and the test score is {now['score']:.1%}. "
        "Two curves show both shares for all percentiles: the share of right labels goes from "
        f"{right[0]:.1f} to {right[-1]:.1f} per cent, the test score lies between "
        f"{min(score):.1f} and {max(score):.1f}. Of the {len(rows)} kept images farthest from "
        f"their centroid, {wrong} carry a wrong label.",
    )
