"""The DBSCAN explorer of lesson 09, and a picture of core, border and noise points."""

import numpy as np

from utils._style import GREY, canvas, counted, describe, dress_plane, halo, point_area, styles
from utils.plotting import show
from utils.widgets.sliders import side_by_side, slider


def plot_core_border_noise(X, labels, core, ax=None, title=None, *, legend=True, alt=None):
    """Points of the plane by their role in DBSCAN: filled core, hollow border, crossed noise.

    Parameters
    ----------
    X : array-like of shape (N, 2)
    labels : array-like of int, shape (N,)
        Cluster of each point, -1 for noise.
    core : array-like of bool, shape (N,)
        Which points are core points.
    ax : matplotlib Axes, optional
    title : str, optional
    legend : bool
        Say under the picture which mark stands for which role.
    alt : str, optional
        Description in place of the computed one.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If the labels or the mask do not fit X.
    """
    X, labels, core = np.asarray(X, dtype=float), np.asarray(labels), np.asarray(core, dtype=bool)
    _check_shapes(X, labels, core)
    ax = canvas(ax)
    noise = (labels < 0) & ~core
    border = ~core & ~noise
    values = np.setdiff1d(labels, [-1]).tolist()
    _draw_roles(ax, X, {value: labels == value for value in values}, core, border)
    ax.scatter(
        *X[noise].T, marker="x", s=2.2 * point_area(len(X)), c="black", linewidths=1.1, zorder=4
    )
    for value in values:
        _write_number(ax, value, X[labels == value])
    dress_plane(ax, X)
    if title is not None:
        ax.set_title(title)
    if legend:
        _explain_marks(ax, core.sum(), border.sum(), noise.sum())
    text = (
        f"{counted(len(values), 'cluster')} of DBSCAN: {counted(core.sum(), 'core point')} as "
        f"filled marks, {counted(border.sum(), 'border point')} as hollow marks and "
        f"{counted(noise.sum(), 'noise point')} as crosses."
    )
    return describe(ax, text, alt)


def _check_shapes(X, labels, core):
    if X.ndim != 2 or X.shape[1] != 2:
        raise ValueError(f"X must have shape (N, 2), not {X.shape}.")
    if not labels.shape == core.shape == (len(X),):
        raise ValueError(
            f"{len(X)} points need as many labels and roles, not {labels.shape} and {core.shape}."
        )


def _draw_roles(ax, X, members, core, border):
    """The core and border points of each cluster; `members` says which points are in it."""
    looks, area = styles(list(members)), point_area(len(X))
    for value, inside in members.items():
        look = looks[value]
        ax.scatter(*X[inside & core].T, zorder=2, **look.scatter(1.6 * area))
        ax.scatter(
            *X[inside & border].T,
            marker=look.marker,
            s=1.6 * area * look.size,
            facecolors="white",
            edgecolors=look.edge,
            linewidths=1.0,
            zorder=3,
        )


def dbscan_explorer(X, eps=0.1, min_samples=5, eps_max=0.4):
    """Sliders for eps and min_samples: DBSCAN's core, border and noise points, and its clusters.

    Parameters
    ----------
    X : array-like of shape (N, 2)
    eps : float
        Radius at first, at least 0.02.
    min_samples : int
        At first, 1 to 30.
    eps_max : float
        Where the slider of eps ends.

    Returns
    -------
    ipywidgets.HBox
    """
    import matplotlib.pyplot as plt
    from sklearn.cluster import DBSCAN

    X = np.asarray(X, dtype=float)
    middle = X[np.linalg.norm(X - np.median(X, axis=0), axis=1).argmin()]

    def draw(eps, min_samples):
        model = DBSCAN(eps=eps, min_samples=min_samples).fit(X)
        core = np.isin(np.arange(len(X)), model.core_sample_indices_)
        _, ax = plt.subplots(figsize=(7.5, 4.8), layout="constrained")
        plot_core_border_noise(X, model.labels_, core, ax=ax)
        ax.add_patch(plt.Circle(middle, eps, fill=False, color="black", linestyle="--", zorder=6))
        n_clusters = len(np.setdiff1d(model.labels_, [-1]))
        n_noise = np.count_nonzero(model.labels_ == -1)
        ax.set_title(
            f"eps {eps:.2f}, min_samples {min_samples}: {counted(n_clusters, 'cluster')}, "
            f"{n_noise} noise"
        )
        show(
            ax,
            alt=f"With eps {eps:.2f} and min_samples {min_samples}: {ax.get_label()} A dashed "
            "circle shows the neighbourhood of one point.",
        )

    sliders = {
        "eps": slider("FloatSlider", "eps", eps, 0.02, eps_max, 0.01),
        "min_samples": slider("IntSlider", "min_samples", min_samples, 1, 30, 1),
    }
    return side_by_side(draw, sliders)


def _write_number(ax, value, points):
    """The number of a cluster, at its point that is nearest to its mean."""
    middle = np.linalg.norm(points - points.mean(axis=0), axis=1).argmin()
    ax.annotate(
        str(value),
        points[middle],
        ha="center",
        va="center",
        fontsize=13,
        fontweight="bold",
        path_effects=halo(3),
        zorder=5,
    )


def _explain_marks(ax, n_core, n_border, n_noise):
    from matplotlib.lines import Line2D

    plain = {"linestyle": "", "color": GREY, "markersize": 7}
    marks = [
        Line2D([], [], marker="o", label=f"core ({n_core:,})", **plain),
        Line2D([], [], marker="o", label=f"border ({n_border:,})", fillstyle="none", **plain),
        Line2D([], [], linestyle="", marker="x", color="black", label=f"noise ({n_noise:,})"),
    ]
    ax.legend(
        handles=marks, loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=3, frameon=False
    )
