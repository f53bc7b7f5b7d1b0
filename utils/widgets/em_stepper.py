"""The EM stepper of lesson 05: half a step at a time, run by the browser itself."""

import anywidget
import numpy as np
import traitlets

from utils._checks import as_plane, check_whole
from utils.widgets.browser import browser_module

MOST_POINTS, MOST_COMPONENTS = 500, 5


class EmStepper(anywidget.AnyWidget):
    """EM for a Gaussian mixture in the plane, by buttons; it works without a kernel.

    The points are sent once, and all steps are computed by `em_stepper.js`. Every start has equal
    weights, the covariance of all points (divided by N) for each component, and rows of the points
    as means; `reg_covar` is added to the diagonals, there and in every M step.

    Attributes
    ----------
    points : list of [x, y]
    starts : list of list of int
        For each start the rows of `points` that are the means; the first is shown first.
    reg_covar, tol : float
        "Run" stops when the mean log-likelihood rises by less than `tol` in an iteration.
    state : dict
        What is on the screen now, empty until then: `start` and `iteration` (int), `done` (the half
        step taken last: "start", "E" or "M"), `pi`, `mu`, `sigma`, `gamma` (nested lists; None
        before the first E step) and `log_likelihoods`, those of the start and of each M step.
    """

    _esm = browser_module("em_stepper.js")
    points: traitlets.List = traitlets.List().tag(sync=True)
    starts: traitlets.List = traitlets.List().tag(sync=True)
    reg_covar = traitlets.Float(1e-6).tag(sync=True)
    tol = traitlets.Float(1e-5).tag(sync=True)
    state = traitlets.Dict().tag(sync=True)


def em_stepper(X, k=3, seed=0, n_starts=8, reg_covar=1e-6):
    """Buttons that take EM's half steps on points of the plane.

    Parameters
    ----------
    X : array-like of shape (N, 2)
        At most 500 points.
    k : int
        Number of components, 1 to 5.
    seed : int
        Of the starts.
    n_starts : int
        How many starts the button "Other start" goes through.
    reg_covar : float
        Added to the diagonal of every covariance.

    Returns
    -------
    EmStepper

    Raises
    ------
    ValueError
        If the points are too many or no points of the plane, `k` is not from 1 to 5 or above N, or
        a number is below 1.
    """
    X = as_plane(X)
    if len(X) > MOST_POINTS:
        raise ValueError(f"at most {MOST_POINTS} points can be shown, not {len(X)}.")
    check_whole("k", k, at_least=1)
    check_whole("n_starts", n_starts, at_least=1)
    if k > min(MOST_COMPONENTS, len(X)):
        raise ValueError(f"k must be at most {min(MOST_COMPONENTS, len(X))} here, not {k}.")
    rng = np.random.default_rng(seed)
    starts = [rng.choice(len(X), size=k, replace=False).tolist() for _ in range(n_starts)]
    return EmStepper(points=X.tolist(), starts=starts, reg_covar=reg_covar)
