"""The face rebuilder of lesson 10."""

import numpy as np

from utils.plotting import plot_faces, show
from utils.widgets.sliders import side_by_side, slider


def faces_explorer(X_train, groups, n_components=20, n_max=None):
    """A slider for the number of principal components: faces, and what is rebuilt from so few.

    Parameters
    ----------
    X_train : array-like of shape (N, h * w)
        Square grey images from 0 to 1, on which the components are found (once).
    groups : dict of str to array-like of shape (n, h * w)
        Images to rebuild, by what they are, such as ``"unseen"``; a choice leads through them.
    n_components : int
        Number of components at first, 0 to `n_max`.
    n_max : int, optional
        Where the slider ends; all N - 1 components by default.

    Returns
    -------
    ipywidgets.HBox
    """
    import ipywidgets as widgets

    X_train = np.asarray(X_train, dtype=float)
    groups = {name: np.asarray(images, dtype=float) for name, images in groups.items()}
    mean = X_train.mean(axis=0)
    _, spread, directions = np.linalg.svd(X_train - mean, full_matrices=False)
    shares = np.concatenate([[0.0], np.cumsum(spread**2) / np.sum(spread**2)])
    n_max = len(X_train) - 1 if n_max is None else n_max

    def draw(n, group):
        images = groups[group]
        used = directions[:n]
        rebuilt = mean + (images - mean) @ used.T @ used
        error = np.mean((images - rebuilt) ** 2)
        ax = plot_faces(np.concatenate([images, rebuilt.clip(0, 1)]), n_cols=len(images))
        ax.set_title(
            f"{group}: above the faces, below rebuilt from {n} components\n"
            f"{shares[n]:.1%} of the training variance; mean squared error {error:.5f}",
            fontsize=10,
        )
        show(
            ax,
            alt=f"{len(images)} faces ({group}) above, and rebuilt from {n} components below. They "
            f"hold {shares[n]:.1%} of the training variance; the mean squared error is "
            f"{error:.5f}.",
        )

    controls = {
        "n": slider("IntSlider", "components", n_components, 0, n_max, 1),
        "group": widgets.Dropdown(options=list(groups), description="faces"),
    }
    return side_by_side(draw, controls)
