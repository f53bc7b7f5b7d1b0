"""Plots of the lessons.

Every plot takes the axes to draw on (``ax=None`` makes a figure) and returns them, so that plots
can be laid over each other or side by side. None of them calls ``plt.show()``.

Nothing is told by colour alone: clusters differ in marker, regions carry their number. Every plot
also stores a description of what it shows, worded from the data, as the axes' label
(``ax.get_label()``); ``alt="..."`` replaces it, plots that are laid over each other add theirs.
`alt_text` reads it and `show` puts the picture into the notebook with it.
"""

import base64
import html
import io
import re
import sys

import numpy as np

from utils._checks import as_cluster_labels, as_floats, as_plane, check_whole
from utils._style import (
    FEW,
    GREY,
    INK,
    NOISE,
    Style,
    canvas,
    counted,
    describe,
    dress,
    dress_plane,
    frame,
    halo,
    hide_axes,
    legend_outside,
    listed,
    places,
    point_area,
    styles,
)

NEGLIGIBLE_WEIGHT = 0.005
MANY = 400  # points, above which marks are too small for their shapes to tell clusters apart

# --- Points and clusters ---------------------------------------------------------------------


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
    if labels is None:
        _draw_points(ax, X)
        text = f"Scatter plot of {counted(len(X), 'point')}."
    else:
        _draw_clusters(ax, X, labels)
        if centroids is None and len(X) > MANY:
            _number_clusters(ax, X, labels)
        text = _say_clusters(X, labels)
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
    regions = _predict(clusterer, grid.reshape(-1, 2))
    regions = regions.reshape(ys.size, xs.size)
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
        _write_number(ax, value, points[middle])


def _draw_centroids(ax, centroids, weights=None):
    scales = _cross_scales(len(centroids), weights)
    _draw_crosses(ax, centroids, scales)
    for number, (center, scale) in enumerate(zip(centroids, scales, strict=True)):
        _write_number(ax, number, center, offset=(10 * scale, 8 * scale), size=8 + 4 * scale)


def _draw_crosses(ax, centers, scales):
    ax.scatter(
        *centers.T,
        marker="X",
        s=150 * scales**2,
        c=INK,
        edgecolors="white",
        linewidths=1.3,
        zorder=4,
    )


def _cross_scales(n, weights=None):
    """Size of each cross: its area goes with the weight, but stays large enough to be seen."""
    return np.ones(n) if weights is None else np.sqrt(0.15 + 0.85 * weights / np.max(weights))


def _write_number(ax, number, place, offset=(0, 0), size=13):
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
        _write_number(ax, value, (xs[column], ys[row]))


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


# --- Mixtures --------------------------------------------------------------------------------


def plot_gaussian_mixture(mixture, X=None, ax=None, *, alt=None):
    """The density of a Gaussian mixture on a line or in the plane, and its components.

    In the plane: shades and lines of equal log-density, and for each component the ellipses at one
    and two standard deviations. On a line: the density, and each component times its weight.

    Parameters
    ----------
    mixture : fitted mixture, or tuple ``(pi, mu, sigma)``
        An object with scikit-learn's ``weights_``, ``means_``, ``covariances_`` and
        ``covariance_type`` ("full" where it has none). Or weights of shape (K,), means (K, D) and
        covariances (K, D, D), D being 1 or 2; on a line also means (K,) and *variances* (K,).
    X : array-like of shape (N, D), optional
        Points to draw as well; on a line also of shape (N,).
    ax : matplotlib Axes, optional
    alt : str, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If the parameters do not fit each other, X does not fit them, D is above 2, or a covariance
        is not positive definite.

    Notes
    -----
    A component whose weight is below half a per cent is part of the density, but gets no ellipse
    of its own.
    """
    pi, mu, sigma = _mixture_parameters(mixture)
    if X is not None:
        X = as_floats(X, "X")
        X = X[:, None] if X.ndim == 1 and mu.shape[1] == 1 else X
        if X.ndim != 2 or X.shape[1] != mu.shape[1]:
            raise ValueError(
                f"X must have shape (n, {mu.shape[1]}) as the mixture's means, not {X.shape}."
            )
    if mu.shape[1] == 1:
        ax = canvas(ax, figsize=(6.8, 3.8))
        _draw_mixture_on_line(ax, pi, mu[:, 0], sigma[:, 0, 0], X)
    else:
        ax = canvas(ax)
        _draw_mixture_in_plane(ax, pi, mu, sigma, X)
    return describe(ax, _say_mixture(pi, mu, X), alt)


def _mixture_parameters(mixture):
    """Weights (K,), means (K, D), full covariances (K, D, D), checked."""
    if isinstance(mixture, (tuple, list)) and len(mixture) == 3:
        pi, mu, sigma = mixture
        kind = "full"
    elif all(hasattr(mixture, name) for name in ("weights_", "means_", "covariances_")):
        pi, mu, sigma = mixture.weights_, mixture.means_, mixture.covariances_
        kind = getattr(mixture, "covariance_type", "full")
    else:
        raise ValueError("mixture must be a fitted Gaussian mixture or a tuple (pi, mu, sigma).")
    pi, mu, sigma = as_floats(pi, "pi"), as_floats(mu, "mu"), as_floats(sigma, "sigma")
    mu = mu[:, None] if mu.ndim == 1 else mu
    if mu.ndim != 2 or mu.shape[1] not in (1, 2):
        raise ValueError(f"Only mixtures of one or two features can be drawn: mu is {mu.shape}.")
    K, D = mu.shape
    if kind == "tied":
        sigma = np.broadcast_to(sigma, (K, D, D))
    elif kind == "diag":
        sigma = sigma[:, :, None] * np.identity(D)
    elif kind == "spherical" or (D == 1 and sigma.shape == (K,)):
        sigma = sigma[:, None, None] * np.identity(D)
    if pi.shape != (K,) or sigma.shape != (K, D, D):
        raise ValueError(
            f"For mu of shape {mu.shape}, pi must have shape {(K,)} and sigma {(K, D, D)}, "
            f"but they have {pi.shape} and {sigma.shape}."
        )
    if pi.min() < 0 or abs(pi.sum() - 1) > 1e-6:
        raise ValueError("pi must hold probabilities that are not negative and add up to 1.")
    if not np.allclose(sigma, sigma.swapaxes(1, 2)) or np.linalg.eigvalsh(sigma).min() <= 0:
        raise ValueError("Every covariance in sigma must be symmetric and positive definite.")
    return pi, mu, sigma


def _component_densities(X, pi, mu, sigma):
    """(N, K): each component's Gaussian density at each point, times its weight."""
    difference = X[:, None, :] - mu
    distance = np.einsum("nki,kij,nkj->nk", difference, np.linalg.inv(sigma), difference)
    volume = np.sqrt(np.linalg.det(2 * np.pi * sigma))
    return pi * np.exp(-distance / 2) / volume


def _draw_mixture_on_line(ax, pi, mu, variance, X):
    deviation = np.sqrt(variance)
    low, high = (mu - 3.5 * deviation).min(), (mu + 3.5 * deviation).max()
    if X is not None:
        low, high = min(low, X.min()), max(high, X.max())
    near_means = (mu + deviation * np.linspace(-5, 5, 201)[:, None]).ravel()
    xs = np.unique(np.clip(np.concatenate([np.linspace(low, high, 600), near_means]), low, high))
    parts = _component_densities(xs[:, None], pi, mu[:, None], variance[:, None, None])
    ax.plot(xs, parts.sum(axis=1), color=INK, linewidth=2.2, label="density")
    for number, part in enumerate(parts.T):
        style = Style(number)
        ax.plot(
            xs,
            part,
            color=style.edge,
            linestyle=style.line,
            linewidth=1.7,
            label=f"component {number} ({pi[number]:.2f})",
        )
        ax.fill_between(xs, part, color=style.colour, alpha=0.15, linewidth=0)
    if X is not None:
        ax.plot(X[:, 0], np.full(len(X), -0.03), "|", color=INK, markersize=9, alpha=0.6,
                transform=ax.get_xaxis_transform(), clip_on=False, label="points")  # fmt: skip
    dress(ax)
    ax.set(xlabel="$x$", ylabel="density", ylim=(0, None))
    ax.tick_params(axis="x", pad=12 if X is not None else 3)
    legend_outside(ax)


def _draw_mixture_in_plane(ax, pi, mu, sigma, X):
    from matplotlib.lines import Line2D

    drawn = np.flatnonzero(pi >= min(NEGLIGIBLE_WEIGHT, pi.max()))
    reach = 2.2 * np.sqrt(np.diagonal(sigma[drawn], axis1=1, axis2=2))
    seen = np.concatenate([mu[drawn] - reach, mu[drawn] + reach, *([] if X is None else [X])])
    xs, ys = np.linspace(*frame(seen, pad=0.04), 240).T
    grid = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    density = _component_densities(grid, pi, mu, sigma).sum(axis=1).reshape(ys.size, xs.size)
    levels = density.max() * np.array([1e-4, 1e-3, 0.01, 0.03, 0.1, 0.3, 0.6, 0.9])
    shades = [f"{shade:.3f}" for shade in np.linspace(0.97, 0.74, len(levels))]
    ax.contourf(xs, ys, density, levels=levels, colors=shades, extend="max", zorder=0.5)
    ax.contour(xs, ys, density, levels=levels, colors="#9A9A9A", linewidths=0.6, zorder=1)
    if X is not None:
        ax.scatter(*X.T, s=0.5 * point_area(len(X)), c=INK, alpha=0.55, linewidths=0, zorder=2)
    for number in drawn:
        _draw_ellipses(ax, number, mu[number], sigma[number])
    _draw_crosses(ax, mu[drawn], _cross_scales(len(drawn), pi[drawn]))
    dress_plane(ax, np.array([[xs[0], ys[0]], [xs[-1], ys[-1]]]))
    ax.grid(False)
    lines = [
        Line2D([], [], color=INK, linestyle=line, label=f"{n} std. dev.")
        for n, line in ((1, "-"), (2, "--"))
    ]
    legend_outside(ax, handles=lines)


def _draw_ellipses(ax, number, mean, covariance):
    """Where the Mahalanobis distance to the mean is 1 (whole line) and 2 (dashed, numbered)."""
    from matplotlib.patches import Ellipse

    variances, axes = np.linalg.eigh(covariance)
    angle = np.degrees(np.arctan2(axes[1, 1], axes[0, 1]))
    for n, line in ((1, "-"), (2, "--")):
        height, width = 2 * n * np.sqrt(variances)
        ax.add_patch(
            Ellipse(
                mean,
                width,
                height,
                angle=angle,
                fill=False,
                edgecolor=Style(number).colour,
                linestyle=line,
                linewidth=2.2,
                path_effects=halo(3.6),
                zorder=3,
            )
        )
    _write_number(ax, number, mean + 2 * np.sqrt(variances[1]) * axes[:, 1])


def _say_mixture(pi, mu, X):
    where = "on a line" if mu.shape[1] == 1 else "in the plane"
    items = [
        f"component {number} with weight {weight:.2f} at {place}"
        for number, (weight, place) in enumerate(zip(pi, places(mu), strict=True))
    ]
    text = f"Density of a mixture of {counted(len(pi), 'Gaussian')} {where}"
    if X is not None:
        text += f" over {counted(len(X), 'point')}"
    return f"{text}: {listed(items)}."


# --- Silhouettes -----------------------------------------------------------------------------


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

    X = as_floats(X, "X")
    if X.ndim != 2:
        raise ValueError(f"X must have shape (n, features), but has shape {X.shape}.")
    labels = as_cluster_labels(labels, len(X))
    X, labels = X[labels != NOISE], labels[labels != NOISE]
    values = np.unique(labels)
    if not 2 <= len(values) < len(X):
        raise ValueError(
            "Silhouettes need at least 2 clusters and more points than clusters, but there are "
            f"{counted(len(values), 'cluster')} of {counted(len(X), 'point')}."
        )
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


# --- Images ----------------------------------------------------------------------------------


def compare_images(image, compressed, title="compressed", ax=None, *, alt=None):
    """An image and what became of it, side by side.

    Parameters
    ----------
    image, compressed : array-like of shape (h, w), (h, w, 3) or (h, w, 4)
        Whole numbers from 0 to 255, or floats from 0 to 1. They are drawn at equal height, whatever
        their sizes.
    title : str
        Says what the right one is.
    ax : matplotlib Axes, optional
    alt : str, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If one of them is no image.
    """
    images = [_as_image(image, "image"), _as_image(compressed, "compressed")]
    ax = canvas(ax, figsize=(9, 3.8))
    left = 0.0
    for pixels, name in zip(images, ("original", title), strict=True):
        height, width = pixels.shape[:2]
        right = left + width / height
        ax.imshow(
            pixels, extent=(left, right, 0, 1), interpolation="nearest", **_grey_scale(pixels)
        )
        ax.text((left + right) / 2, -0.03, name, ha="center", va="top", fontsize=11, color=INK)
        left = right + 0.04
    ax.set(xlim=(0, right), ylim=(0, 1))
    hide_axes(ax)
    sides = " on the left, ".join(
        f"{name} ({_say_image(pixels)})"
        for pixels, name in zip(images, ("the original", title), strict=True)
    )
    return describe(ax, f"Two images side by side: {sides} on the right.", alt)


def plot_faces(images, titles=None, n_cols=10, ax=None, *, alt=None):
    """A mosaic of small grey images: faces, digits, clothes, centroids.

    Parameters
    ----------
    images : array-like of shape (n, h, w) or (n, h * w)
        Flat images are taken to be square. One grey scale holds for all: 0 to 1 or 0 to 255 where
        the values lie there, else from the smallest to the largest value.
    titles : sequence of length n, optional
        Written under the images.
    n_cols : int
        Images in a row.
    ax : matplotlib Axes, optional
    alt : str, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If the images have another shape or the titles another number, or `n_cols` is below 1.
    """
    images = _as_small_images(images)
    if titles is not None and len(titles) != len(images):
        raise ValueError(f"There are {len(images)} images, but {len(titles)} titles.")
    check_whole("n_cols", n_cols, at_least=1)
    n, height, width = images.shape
    n_cols = min(n_cols, n)
    n_rows = -(-n // n_cols)
    gap = max(1, height // 16)
    cell_height = height + gap + (0 if titles is None else height // 3 + 1)
    cell_width = width + gap
    scale = _grey_scale(images)
    mosaic = np.full((n_rows * cell_height - gap, n_cols * cell_width - gap), np.nan)
    ax = canvas(ax, figsize=(0.9 * n_cols + 0.3, 0.9 * n_rows * cell_height / cell_width + 0.3))
    for number, image in enumerate(images):
        row, column = divmod(number, n_cols)
        top, left = row * cell_height, column * cell_width
        mosaic[top : top + height, left : left + width] = image
        if titles is not None:
            ax.text(left + (width - 1) / 2, top + height, str(titles[number]), ha="center",
                    va="top", fontsize=9, color=INK)  # fmt: skip
    ax.imshow(np.ma.masked_invalid(mosaic), interpolation="nearest", **scale)
    hide_axes(ax)
    text = f"Mosaic of {counted(n, 'grey image')} of {height} by {width} pixels"
    text += f" in {counted(n_rows, 'row')} of up to {n_cols}"
    if titles is not None:
        text += ", titled " + listed([str(title) for title in titles], limit=12)
    return describe(ax, text + ".", alt)


def training_animation(snapshots, titles=None, ax=None, *, interval=600, alt=None):
    """An image that changes through training, as an animation.

    The picture at rest shows the last snapshot. The animation itself, a matplotlib
    `FuncAnimation`, is kept as ``ax.animation``; in a notebook ``HTML(ax.animation.to_jshtml())``
    plays it with buttons.

    Parameters
    ----------
    snapshots : sequence of array-like of shape (h, w), (h, w, 3) or (h, w, 4)
        Images of equal shape, in order: whole numbers from 0 to 255, or floats from 0 to 1.
    titles : sequence of str, optional
        One for each snapshot, such as "after 20 epochs".
    ax : matplotlib Axes, optional
    interval : float
        Milliseconds between two snapshots.
    alt : str, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If there are no snapshots, they differ in shape, or the titles in number.
    """
    from matplotlib.animation import FuncAnimation

    images = [_as_image(snapshot, "every snapshot") for snapshot in snapshots]
    if not images:
        raise ValueError("There are no snapshots to animate.")
    if len({image.shape for image in images}) > 1:
        raise ValueError("All snapshots must have the same shape.")
    if titles is None:
        titles = [f"snapshot {number} of {len(images)}" for number in range(1, len(images) + 1)]
    if len(titles) != len(images):
        raise ValueError(f"There are {len(images)} snapshots, but {len(titles)} titles.")
    ax = canvas(ax, figsize=(4.6, 4.6))
    picture = ax.imshow(images[-1], interpolation="nearest", **_grey_scale(images[-1]))
    heading = ax.set_title("")
    hide_axes(ax)

    def draw(number):
        picture.set_data(images[number])
        heading.set_text(str(titles[number]))
        return picture, heading

    ax.animation = FuncAnimation(
        ax.figure.canvas.figure, draw, frames=len(images), interval=interval
    )
    ax.figure.canvas.draw()  # Starts it: an animation that was never drawn warns when it goes.
    draw(-1)
    text = f"Animation of {counted(len(images), 'image')} ({_say_image(images[-1])})"
    return describe(ax, f"{text}, from {titles[0]} to {titles[-1]}; the last one is shown.", alt)


def _as_image(image, name):
    pixels = np.asarray(image)
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[:, :, 0]
    if pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[2] not in (3, 4)):
        raise ValueError(
            f"{name} must have shape (h, w), (h, w, 3) or (h, w, 4), not {pixels.shape}."
        )
    checked = as_floats(pixels, name)
    top = 255 if pixels.dtype.kind in "iu" else 1
    if checked.min() < -1e-6 or checked.max() > top + 1e-6:
        raise ValueError(
            f"{name} must hold whole numbers from 0 to 255 or floats from 0 to 1, "
            f"but its values run from {checked.min():g} to {checked.max():g}."
        )
    return np.clip(checked, 0, 1) if top == 1 else pixels.astype(np.uint8)


def _as_small_images(images):
    images = as_floats(images, "images")
    side = int(np.sqrt(images.shape[-1]))
    if images.ndim == 2 and side**2 == images.shape[1]:
        images = images.reshape(-1, side, side)
    if images.ndim != 3:
        raise ValueError(
            "images must have shape (n, h, w), or (n, h * w) with square images, "
            f"not {images.shape}."
        )
    return images


def _grey_scale(pixels):
    """How `imshow` turns the values of a grey image into grey; without effect on a colour image."""
    low, high = float(pixels.min()), float(pixels.max())
    if low >= 0 and high <= 255:
        low, high = 0, 255 if high > 1 or pixels.dtype == np.uint8 else 1
    return {"cmap": "gray", "vmin": low, "vmax": high}


def _say_image(pixels):
    height, width = pixels.shape[:2]
    colours = pixels.reshape(height * width, -1)
    noun = "grey value" if pixels.ndim == 2 else "colour"
    n_colours = len(np.unique(colours, axis=0))
    return f"{height} by {width} pixels, {counted(n_colours, noun)}"


# --- Descriptions and display ----------------------------------------------------------------


def alt_text(ax_or_fig):
    """What the picture shows, in words.

    Parameters
    ----------
    ax_or_fig : matplotlib Axes or Figure

    Returns
    -------
    str
        The description of the axes; for a figure those of all its axes, each after its title.

    Raises
    ------
    ValueError
        If nothing is described.
    """
    axes = ax_or_fig.axes if hasattr(ax_or_fig, "savefig") else [ax_or_fig]
    described = [ax for ax in axes if ax.get_label() and not ax.get_label().startswith("<")]
    if not described:
        raise ValueError(
            "This picture has no description for those who cannot see it. "
            'Give one with show(..., alt="...") or ax.set_label("...").'
        )
    if len(described) == 1:
        return described[0].get_label()
    return " ".join(": ".join(filter(None, [ax.get_title(), ax.get_label()])) for ax in described)


def show(ax_or_fig, alt=None):
    """Display a figure in the notebook, with its description as alternative text, and close it.

    Parameters
    ----------
    ax_or_fig : matplotlib Axes or Figure
        Axes stand for their whole figure.
    alt : str, optional
        Description; without it the plots' own, see `alt_text`.

    Raises
    ------
    ValueError
        If nobody has described the figure.

    Notes
    -----
    Outside IPython there is nowhere to display it: the figure is only closed.
    """
    import matplotlib.pyplot as plt

    figure = ax_or_fig.figure.canvas.figure
    text = alt_text(figure) if alt is None else alt
    if not text:
        raise ValueError('The description is empty: say what there is to see with alt="...".')
    if _in_ipython() and not _drawing:
        _say(text)
    elif _in_ipython():
        from IPython.display import display

        png = base64.b64encode(_png(figure)).decode("ascii")
        display({"image/png": png}, metadata={"image/png": {"alt": text}}, raw=True)
    plt.close(figure)


# matplotlib's player takes its buttons' icons from a web font: these need no network.
PLAYER_ICONS = {
    "minus": "−",
    "fast-backward": "|◀",
    "step-backward": "◂",
    "play fa-flip-horizontal": "◀",
    "pause": "❚❚",
    "play": "▶",
    "step-forward": "▸",
    "fast-forward": "▶|",
    "plus": "+",
}


def show_animation(ax, alt=None):
    """Display an animation in the notebook as a small player, and close its figure.

    Parameters
    ----------
    ax : matplotlib Axes
        As `training_animation` returns it.
    alt : str, optional
        What the film shows, for those who cannot see it; without it the plot's own description.

    Raises
    ------
    ValueError
        If nobody has described the animation.
    """
    import matplotlib.pyplot as plt

    text = alt_text(ax) if alt is None else alt
    if not text:
        raise ValueError('The description is empty: say what there is to see with alt="...".')
    if _in_ipython() and not _drawing:
        _say(text)
    elif _in_ipython():
        from IPython.display import HTML, display

        player = re.sub(r"<link\b[^>]*>", "", ax.animation.to_jshtml())
        for icon, sign in PLAYER_ICONS.items():
            player = player.replace(f'<i class="fa fa-{icon}"></i>', sign)
        player = player.replace('type="range"', 'type="range" aria-label="Frame"')
        display(HTML(player.replace("<img ", f'<img alt="{html.escape(text)}" ', 1)))
    plt.close(ax.figure)


_drawing = True


def draw_pictures(wanted):
    """Whether `show` and `show_animation` draw, or only say the description: nobody looks.

    Parameters
    ----------
    wanted : bool
    """
    global _drawing
    _drawing = wanted


def _say(text):
    from IPython.display import display

    display({"text/plain": text}, raw=True)


def _in_ipython():
    ipython = sys.modules.get("IPython")
    return ipython is not None and ipython.get_ipython() is not None


def _png(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, bbox_inches="tight", facecolor="white")
    return buffer.getvalue()
