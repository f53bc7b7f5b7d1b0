"""The k-means board of lesson 02: points and centroids to drag, run by the browser itself."""

import anywidget
import numpy as np
import traitlets

from utils._checks import as_plane, check_whole
from utils.widgets.browser import MOST_CLUSTERS, browser_module

MOST_POINTS = 500


class KMeansBoard(anywidget.AnyWidget):
    """k-means in the plane, by hand and by buttons; it works without a kernel.

    The points are sent once, and all steps are computed by `kmeans_board.js`.

    Attributes
    ----------
    points : list of [x, y]
    start : list of int
        The rows of `points` at which the centroids stand first.
    seed : int
        Of the starts that the button "New start" draws.
    state : dict
        What is on the screen now, empty until then: `points` and `centroids` (nested lists),
        `labels` (list of int; None before the first assignment), `inertias` (after each half step
        since the start or since something was moved by hand) and `converged` (bool).
    """

    _esm = browser_module("kmeans_board.js")
    points: traitlets.List = traitlets.List().tag(sync=True)
    start: traitlets.List = traitlets.List().tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)
    state = traitlets.Dict().tag(sync=True)


def kmeans_board(X, k=5, seed=0):
    """A board on which points and centroids can be dragged, and buttons for Lloyd's half steps.

    Parameters
    ----------
    X : array-like of shape (N, 2)
        At most 500 points.
    k : int
        Number of centroids at first, 1 to 8.
    seed : int
        Of the starts. The first one is k different rows of X.

    Returns
    -------
    KMeansBoard

    Raises
    ------
    ValueError
        If the points are too many or no points of the plane, or `k` is not from 1 to 8 or above N.
    """
    X = as_plane(X)
    if len(X) > MOST_POINTS:
        raise ValueError(f"at most {MOST_POINTS} points can be shown, not {len(X)}.")
    check_whole("k", k, at_least=1)
    check_whole("seed", seed, at_least=0)
    if k > min(MOST_CLUSTERS, len(X)):
        raise ValueError(f"k must be at most {min(MOST_CLUSTERS, len(X))} here, not {k}.")
    start = np.random.default_rng(seed).choice(len(X), size=k, replace=False)
    return KMeansBoard(points=X.tolist(), start=start.tolist(), seed=seed)
