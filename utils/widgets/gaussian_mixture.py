"""The mixture chooser of lesson 06, and the borders between a mixture's clusters."""

import warnings
from functools import cache
from itertools import combinations

import numpy as np

from utils._style import INK, counted, halo
from utils.plotting import NEGLIGIBLE_WEIGHT, plot_gaussian_mixture, show
from utils.widgets.sliders import side_by_side, slider

BORDER = {"colors": INK, "linestyles": "dashdot", "linewidths": 1.6}
TYPES = ("full", "tied", "diag", "spherical")
PRIORS = {
    "none: ordinary mixture": None,
    "Bayesian, prior 0.01": 0.01,
    "Bayesian, prior 1": 1.0,
    "Bayesian, prior 100": 100.0,
    "Bayesian, prior 10,000": 10_000.0,
}


def plot_mixture(model, X=None, ax=None, *, legend=True, alt=None):
    """A fitted mixture in the plane: density, ellipses, and the borders between its clusters.

    Parameters
    ----------
    model : fitted GaussianMixture or BayesianGaussianMixture of scikit-learn
    X : array-like of shape (N, 2), optional
        Points to draw as well.
    ax : matplotlib Axes, optional
    legend : bool
    alt : str, optional

    Returns
    -------
    matplotlib Axes

    Notes
    -----
    A border runs where the most probable component changes.
    """
    ax = plot_gaussian_mixture(model, X, ax=ax, alt=alt)
    xs, ys = (np.linspace(*limits, 240) for limits in (ax.get_xlim(), ax.get_ylim()))
    grid = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    for lead in _leads(model.predict_proba(grid)):
        lines = ax.contour(xs, ys, lead.reshape(ys.size, xs.size), levels=[0], **BORDER)
        lines.set(path_effects=halo(3), zorder=2.5)
    _dress_legend(ax, legend)
    return ax


def _leads(proba):
    """For each two components how far one is ahead of the other, where one of them is the first.

    Each border comes once, so that its dashes and dots stay apart.
    """
    winners = proba.argmax(axis=1)
    for j, k in combinations(np.unique(winners), 2):
        lead = np.ma.masked_where((winners != j) & (winners != k), proba[:, j] - proba[:, k])
        if lead.min() < 0 < lead.max():
            yield lead


def _dress_legend(ax, legend):
    from matplotlib.lines import Line2D

    old = ax.get_legend()
    handles = [*old.legend_handles, Line2D([], [], color=INK, linestyle="-.", linewidth=1.6)]
    names = [*(text.get_text() for text in old.get_texts()), "border"]
    old.remove()
    if legend:
        ax.legend(
            handles, names, loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0,
            frameon=False,
        )  # fmt: skip


def mixture_chooser(X, k=3, seed=0):
    """A slider for the number of components, menus for the covariance type and for a prior.

    Parameters
    ----------
    X : array-like of shape (N, 2)
    k : int
        Number of components at the start.
    seed : int
        The same for every fit.

    Returns
    -------
    ipywidgets.HBox
    """
    import ipywidgets as widgets

    X = np.array(X, dtype=float)

    @cache
    def fitted(k, covariance_type, prior):
        return _fit(X, k, covariance_type, PRIORS[prior], seed)

    def draw(k, covariance_type, prior):
        model = fitted(k, covariance_type, prior)
        used = np.count_nonzero(model.weights_ >= NEGLIGIBLE_WEIGHT)
        score = f"BIC {model.bic(X):,.1f}" if PRIORS[prior] is None else "BIC: ordinary only"
        log_likelihood = model.score(X) * len(X)
        title = f"{score}; log-likelihood {log_likelihood:,.1f}\ncomponents in use: {used} of {k}"
        if not model.converged_:
            title += " (not converged)"
        ax = plot_mixture(model, X)
        ax.set_title(title, fontsize=10)
        show(
            ax,
            alt=f"Density, ellipses and borders of a mixture with {counted(k, 'component')}, "
            f"{used} of them in use; covariance type {covariance_type}; prior {prior}. {score}, "
            f"log-likelihood {log_likelihood:,.1f}.",
        )

    controls = {
        "k": slider("IntSlider", "components", k, 1, 10, 1),
        "covariance_type": widgets.Dropdown(options=TYPES, value=TYPES[0], description="type"),
        "prior": widgets.Dropdown(options=list(PRIORS), description="prior"),
    }
    return side_by_side(draw, controls)


def _fit(X, k, covariance_type, prior, seed):
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import BayesianGaussianMixture, GaussianMixture

    settings = {"covariance_type": covariance_type, "max_iter": 500, "random_state": seed}
    if prior is None:
        model = GaussianMixture(k, n_init=3, **settings)
    else:
        model = BayesianGaussianMixture(
            n_components=k, weight_concentration_prior=prior, **settings
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # The picture's title says it.
        return model.fit(X)
