"""Points of the plane, their clusters, centroids and regions."""

import numpy as np

from utils._checks import as_cluster_labels, as_floats, as_plane, check_whole
from utils._style import (
    GREY,
    INK,
    NOISE,
    canvas,
    counted,
    describe,
    dress_plane,
    frame,
    halo,
    legend_outside,
    listed,
    places,
    point_area,
    styles,
)

MANY = 400  # points, above which marks are too small for their shapes to tell clusters apart


def plot_data(X, ax=None, *, alt=None):
    """Points of the plane, all alike.

    Parameters
    ----------
    X : array-like of shape (N, 2)
    ax : matplotlib Axes, optional
    alt : str, optional
        Description in place of the computed one; so in all plots.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If X is empty, not finite, or not two-dimensional.
    """
    X = as_plane(X)
    ax = canvas(ax)
    _draw_points(ax, X)
    dress_plane(ax, X)
    low, high = places(np.array([X.min(axis=0), X.max(axis=0)]))
    return describe(
        ax, f"Scatter plot of {counted(len(X), 'point')} between {low} and {high}.", alt
    )


def plot_centroids(centroids, weights=None, ax=None, *, alt=None):
    """Numbered crosses at the centres of clusters.

    Parameters
    ----------
    centroids : array-like of shape (K, 2)
    weights : array-like of shape (K,), optional
        Not negative, as the weights of a mixture: the area of each cross goes with its weight.
    ax : matplotlib Axes, optional
    alt : str, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If the centroids are no points of the plane, or the weights do not fit them.
    """
    centroids = as_plane(centroids, "centroids")
    weights = _as_weights(weights, len(centroids))
    ax = canvas(ax)
    _draw_centroids(ax, centroids, weights)
    dress_plane(ax, centroids)
    return describe(ax, _say_centroids(centroids), alt)


def plot_clusters(X, labels=None, centroids=None, ax=None, title=None, *, legend=None, alt=None):
    """Points of the plane, each cluster in its own marker and colour.

    Parameters
    ----------
    X : array-like of shape (N, 2)
    labels : array-like of int, shape (N,), optional
        Any whole numbers; -1 is noise. Without labels the points are drawn all alike. Clusters of
        many points carry their number.
    centroids : array-like of shape (K, 2), optional
        Drawn as crosses with their row number.
    ax : matplotlib Axes, optional
    title : str, optional
    legend : bool, optional
        By default there is one unless numbered centroids say which cluster is which.
    alt : str, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If X or the centroids are no points of the plane, or the labels do not fit X.
    """
    X = as_plane(X)
    labels = None if labels is None else as_cluster_labels(labels, len(X))
    centroids = None if centroids is None else as_plane(centroids, "centroids")
    new, ax = ax is None, canvas(ax)
    text = _say_clusters(X, labels)
    if labels is None:
        _draw_points(ax, X)
    else:
        _draw_clusters(ax, X, labels)
        if centroids is None and len(X) > MANY:
            _number_clusters(ax, X, labels)
        if legend or (legend is None and centroids is None):
            legend_outside(
                ax, widen=new, title="cluster (points)", markerscale=_legend_scale(len(X))
            )
    seen = X
    if centroids is not None:
        _draw_centroids(ax, centroids)
        text += " " + _say_centroids(centroids)
        seen = np.concatenate([X, centroids])
    if title is not None:
        ax.set_title(title)
    dress_plane(ax, seen)
    return describe(ax, text, alt)


def plot_decision_boundaries(
    clusterer, X, ax=None, resolution=300, show_centroids=True, *, alt=None
):
    """The region of the plane that a fitted clusterer gives to each cluster, and the points.

    Parameters
    ----------
    clusterer : object with a method ``predict((n, 2) array) -> (n,) int``
        For example scikit-learn's `KMeans` or `GaussianMixture`, fitted.
    X : array-like of shape (N, 2)
        Points to draw; the picture is as large as they and the centres need.
    ax : matplotlib Axes, optional
    resolution : int
        The plane is classified on a grid of ``resolution`` x ``resolution`` points.
    show_centroids : bool
        Draw the clusterer's ``cluster_centers_`` or ``means_``, where it has them. Without them
        the number of a region stands in its middle.
    alt : str, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If X is no set of points of the plane, the clusterer cannot predict, or the resolution is
        below 2.
    """
    X = as_plane(X)
    if not callable(getattr(clusterer, "predict", None)):
        raise ValueError(f"The clusterer needs a method `predict`, but {clusterer!r} has none.")
    check_whole("resolution", resolution, at_least=2)
    centers = _centers_of(clusterer) if show_centroids else None
    seen = X if centers is None else np.concatenate([X, centers])
    xs, ys = np.linspace(*frame(seen), resolution).T
    grid = np.stack(np.meshgrid(xs, ys), axis=-1)
    regions = _predict(clusterer, grid.reshape(-1, 2)).reshape(ys.size, xs.size)
    labels = _predict(clusterer, X)
    ax = canvas(ax)
    _draw_regions(ax, xs, ys, regions)
    _draw_clusters(ax, X, labels)
    if centers is None:
        _number_regions(ax, xs, ys, regions)
    else:
        _draw_centroids(ax, centers, getattr(clusterer, "weights_", None))
    dress_plane(ax, np.array([[xs[0], ys[0]], [xs[-1], ys[-1]]]))
    ax.grid(False)
    text = f"Plane divided into {counted(len(np.unique(regions)), 'region')}, one for each cluster."
    return describe(ax, f"{text} {_say_clusters(X, labels)}", alt)


def _draw_points(ax, X):
    ax.scatter(*X.T, s=point_area(len(X)), c=GREY, edgecolors=INK, linewidths=0.3, zorder=2)


def _draw_clusters(ax, X, labels):
    values, sizes = np.unique(labels, return_counts=True)
    looks = styles(values.tolist())
    area = point_area(len(X))
    for value, size in zip(values.tolist(), sizes, strict=True):
        name = "noise" if value == NOISE else str(value)
        ax.scatter(
            *X[labels == value].T,
            label=f"{name} ({size:,})",
            zorder=2,
            **looks[value].scatter(area),
        )


def _number_clusters(ax, X, labels):
    """The number of each cluster, at its point that is nearest to its mean."""
    for value in np.setdiff1d(labels, [NOISE]).tolist():
        points = X[labels == value]
        middle = np.linalg.norm(points - points.mean(axis=0), axis=1).argmin()
        write_number(ax, value, points[middle])


def _draw_centroids(ax, centroids, weights=None):
    scales = cross_scales(len(centroids), weights)
    draw_crosses(ax, centroids, scales)
    for number, (center, scale) in enumerate(zip(centroids, scales, strict=True)):
        write_number(ax, number, center, offset=(10 * scale, 8 * scale), size=8 + 4 * scale)


def draw_crosses(ax, centers, scales):
    ax.scatter(
        *centers.T,
        marker="X",
        s=150 * scales**2,
        c=INK,
        edgecolors="white",
        linewidths=1.3,
        zorder=4,
    )


def cross_scales(n, weights=None):
    """Size of each cross: its area goes with the weight, but stays large enough to be seen."""
    return np.ones(n) if weights is None else np.sqrt(0.15 + 0.85 * weights / np.max(weights))


def write_number(ax, number, place, offset=(0, 0), size=13):
    ax.annotate(
        "noise" if number == NOISE else str(number),
        place,
        xytext=offset,
        textcoords="offset points",
        ha="center",
        va="center",
        fontsize=size,
        fontweight="bold",
        color=INK,
        path_effects=halo(3),
        zorder=5,
    )


def _draw_regions(ax, xs, ys, regions):
    from matplotlib.colors import ListedColormap

    values, codes = np.unique(regions, return_inverse=True)
    codes = codes.reshape(regions.shape)
    looks = styles(values.tolist())
    tints = ListedColormap([looks[value].tint for value in values.tolist()])
    ax.pcolormesh(xs, ys, codes, cmap=tints, vmin=-0.5, vmax=len(values) - 0.5, rasterized=True)
    if len(values) > 1:
        for code in range(len(values)):
            ax.contour(xs, ys, codes == code, levels=[0.5], colors=INK, linewidths=1.0, zorder=1.5)


def _number_regions(ax, xs, ys, regions):
    """The number of each region, at its point that is farthest from any border."""
    from scipy.ndimage import distance_transform_edt

    for value in np.unique(regions).tolist():
        depth = distance_transform_edt(np.pad(regions == value, 1))[1:-1, 1:-1]
        row, column = np.unravel_index(depth.argmax(), depth.shape)
        write_number(ax, value, (xs[column], ys[row]))


def _predict(clusterer, points):
    """Its labels; scikit-learn's k-means wants the precision in which it was fitted."""
    fitted = getattr(clusterer, "cluster_centers_", points)
    labels = clusterer.predict(points.astype(np.asarray(fitted).dtype))
    return as_cluster_labels(labels, len(points), "what the clusterer predicts")


def _centers_of(clusterer):
    for name in ("cluster_centers_", "means_"):
        if hasattr(clusterer, name):
            return as_plane(getattr(clusterer, name), name)
    return None


def _as_weights(weights, n):
    if weights is None:
        return None
    weights = as_floats(weights, "weights")
    if weights.shape != (n,) or weights.min() < 0 or weights.max() == 0:
        raise ValueError(
            f"weights must hold one number for each of the {n} centroids, none of them negative "
            "and not all zero."
        )
    return weights


def _legend_scale(n):
    return float(np.sqrt(max(1.0, 36 / point_area(n))))


def _say_clusters(X, labels):
    if labels is None:
        return f"Scatter plot of {counted(len(X), 'point')}."
    values = [value for value in np.unique(labels).tolist() if value != NOISE]
    text = f"Scatter plot of {counted(len(X), 'point')} in {counted(len(values), 'cluster')}"
    n_noise = np.count_nonzero(labels == NOISE)
    if n_noise:
        text += f" and {counted(n_noise, 'point')} of noise"
    if not values:
        return text + "."
    centers = places(np.array([X[labels == value].mean(axis=0) for value in values]))
    items = [
        f"cluster {value}, {counted(np.count_nonzero(labels == value), 'point')}, near {center}"
        for value, center in zip(values, centers, strict=True)
    ]
    return f"{text}: {listed(items)}."


def _say_centroids(centroids):
    items = [f"{number} at {place}" for number, place in enumerate(places(centroids))]
    return f"{counted(len(items), 'centroid')}: {listed(items)}."
