"""The mixture explorer of lesson 01."""

import numpy as np

from utils.plotting import plot_clusters, plot_gaussian_mixture, show
from utils.widgets.sliders import side_by_side, slider


def mixture_explorer(pi, mu, sigma, n=250, seed=0):
    """Sliders for the weights, one mean and one correlation of a mixture in the plane.

    Parameters
    ----------
    pi : array-like of shape (3,)
        Weights. The sliders move the first two; the third is what remains.
    mu : array-like of shape (3, 2)
    sigma : array-like of shape (3, 2, 2)
    n : int
        Number of points drawn.
    seed : int
        The same for every picture, so that only the sliders change it.

    Returns
    -------
    ipywidgets.HBox
    """
    pi, mu, sigma = (np.array(a, dtype=float) for a in (pi, mu, sigma))

    def draw(weight_0, weight_1, mean_x, mean_y, correlation):
        weights = np.array([weight_0, weight_1 * (1 - weight_0)])
        weights = np.append(weights, 1 - weights.sum())
        centres, covs = mu.copy(), sigma.copy()
        centres[0] = mean_x, mean_y
        covs[0, 0, 1] = covs[0, 1, 0] = correlation * np.sqrt(covs[0, 0, 0] * covs[0, 1, 1])
        rng = np.random.default_rng(seed)
        z = rng.choice(3, size=n, p=weights)
        noise = rng.standard_normal((n, 2, 1))
        X = centres[z] + (np.linalg.cholesky(covs)[z] @ noise)[:, :, 0]
        ax = plot_gaussian_mixture((weights, centres, covs))
        plot_clusters(X, z, ax=ax)
        counts = np.bincount(z, minlength=3)
        ax.set(xlim=(-5, 10), ylim=(-4, 11), title=f"points of each component: {counts}")
        show(
            ax,
            alt=f"{n} points of three Gaussians with weights {np.round(weights, 2)}; component 0 "
            f"has its mean at ({mean_x:g}, {mean_y:g}) and the correlation {correlation:g}.",
        )

    first, rest = pi[0], pi[1] / (1 - pi[0])
    rho = sigma[0, 0, 1] / np.sqrt(sigma[0, 0, 0] * sigma[0, 1, 1])
    sliders = {
        "weight_0": slider("FloatSlider", "weight 0", first, 0.0, 1.0, 0.05),
        "weight_1": slider("FloatSlider", "1 of the rest", rest, 0.0, 1.0, 0.05),
        "mean_x": slider("FloatSlider", "mean 0, x", mu[0, 0], -3.0, 6.0, 0.5),
        "mean_y": slider("FloatSlider", "mean 0, y", mu[0, 1], -2.0, 8.0, 0.5),
        "correlation": slider("FloatSlider", "correlation 0", rho, -0.95, 0.95, 0.05),
    }
    return side_by_side(draw, sliders)
