"""The silhouette diagram."""

import numpy as np

from utils._checks import as_cluster_labels, as_floats
from utils._style import (
    FEW,
    INK,
    NOISE,
    canvas,
    counted,
    describe,
    dress,
    listed,
    styles,
)


def plot_silhouettes(X, labels, ax=None, *, alt=None):
    """Silhouette diagram: a knife for each cluster, made of its points' silhouette coefficients.

    Parameters
    ----------
    X : array-like of shape (N, D)
        Points of any dimension.
    labels : array-like of int, shape (N,)
        At least two clusters. Noise, -1, is left out.
    ax : matplotlib Axes, optional
    alt : str, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If X is no table of finite numbers, the labels do not fit it, there is only one cluster, or
        every point is its own.

    References
    ----------
    P. J. Rousseeuw (1987). Silhouettes: a graphical aid to the interpretation and validation of
    cluster analysis. Journal of Computational and Applied Mathematics 20, 53-65.
    """
    from sklearn.metrics import silhouette_samples

    X, labels = _without_noise(X, labels)
    values = np.unique(labels)
    scores = silhouette_samples(X, labels)
    ax = canvas(ax, figsize=(5.6, max(4.2, 0.3 * len(values))))
    knives = [np.sort(scores[labels == value])[::-1] for value in values]
    _draw_knives(ax, values.tolist(), knives)
    mean = scores.mean()
    ax.axvline(mean, color=INK, linestyle="--", linewidth=1.3)
    ax.text(mean, 1.01, f"mean {mean:.2f}", transform=ax.get_xaxis_transform(), ha="center")
    items = [
        f"cluster {value}, {counted(len(knife), 'point')}, mean {knife.mean():.2f}"
        for value, knife in zip(values.tolist(), knives, strict=True)
    ]
    text = f"Silhouette diagram of {counted(len(values), 'cluster')}, mean {mean:.2f}"
    return describe(ax, f"{text}: {listed(items)}.", alt)


def _without_noise(X, labels):
    X = as_floats(X, "X")
    if X.ndim != 2:
        raise ValueError(f"X must have shape (n, features), but has shape {X.shape}.")
    labels = as_cluster_labels(labels, len(X))
    X, labels = X[labels != NOISE], labels[labels != NOISE]
    n_clusters = len(np.unique(labels))
    if not 2 <= n_clusters < len(X):
        raise ValueError(
            "Silhouettes need at least 2 clusters and more points than clusters, but there are "
            f"{counted(n_clusters, 'cluster')} of {counted(len(X), 'point')}."
        )
    return X, labels


def _draw_knives(ax, values, knives):
    looks = styles(values)
    gap = 0.02 * sum(map(len, knives))
    top, middles = 0.0, []
    for value, knife in zip(values, knives, strict=True):
        rows = top + np.arange(len(knife) + 1)
        ax.fill_betweenx(
            rows,
            np.append(knife, knife[-1]),
            step="post",
            facecolor=looks[value].colour,
            edgecolor=looks[value].edge,
            linewidth=0.4,
        )
        middles.append(top + len(knife) / 2)
        top += len(knife) + gap
    dress(ax)
    ax.grid(False, axis="y")
    ax.set(xlabel="silhouette coefficient", ylabel="cluster", ylim=(top, -gap))
    ax.set_xlim(min(0.0, *(knife[-1] for knife in knives)) - 0.02, 1)
    ax.axvline(0, color=INK, linewidth=0.8)
    size = 10 if len(values) <= FEW else 8
    ax.set_yticks(middles, values, fontsize=size)
    ax.tick_params(axis="y", length=0)
