"""A Gaussian mixture on a line or in the plane."""

import numpy as np

from utils._checks import as_floats
from utils._style import (
    INK,
    Style,
    canvas,
    counted,
    describe,
    dress,
    dress_plane,
    frame,
    halo,
    legend_outside,
    listed,
    places,
    point_area,
)
from utils.plotting.clusters import cross_scales, draw_crosses, write_number

NEGLIGIBLE_WEIGHT = 0.005


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
    draw_crosses(ax, mu[drawn], cross_scales(len(drawn), pi[drawn]))
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
    write_number(ax, number, mean + 2 * np.sqrt(variances[1]) * axes[:, 1])


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
