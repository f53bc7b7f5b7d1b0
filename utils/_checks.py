"""Checks of arguments: what is wrong is said in a sentence."""

from numbers import Integral

import numpy as np


def check_whole(name, value, at_least):
    if isinstance(value, bool) or not isinstance(value, Integral) or value < at_least:
        raise ValueError(f"{name} must be a whole number of at least {at_least}, not {value!r}.")


def as_floats(values, name):
    try:
        values = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be an array of numbers.") from error
    if values.size == 0:
        raise ValueError(f"{name} is empty.")
    if not np.isfinite(values).all():
        raise ValueError(f"{name} holds NaN or infinite values.")
    return values


def as_plane(points, name="X"):
    points = as_floats(points, name)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(
            f"{name} must hold points of the plane, shape (n, 2), but has shape {points.shape}. "
            "Choose two features, for example X[:, :2], or project the points first."
        )
    return points


def as_cluster_labels(labels, n, name="labels"):
    labels = as_floats(labels, name)
    if labels.shape != (n,) or np.any(labels != np.floor(labels)):
        raise ValueError(
            f"{name} must hold one whole number for each of the {n} points, "
            f"but has shape {labels.shape}."
        )
    return labels.astype(np.int64)
