"""The training viewer of lesson 11, and an import of TensorFlow that keeps quiet."""

import contextlib
import os

import numpy as np

from utils.plotting import show
from utils.widgets.sliders import side_by_side, slider


def training_viewer(image, snapshots, epochs):
    """A slider that scrubs through a training: what the net paints, and where it errs.

    Parameters
    ----------
    image : array-like of shape (h, w) or (h, w, 3)
        What the net is to learn; floats from 0 to 1.
    snapshots : sequence of array-like, each of the shape of `image`
        What the net painted in the course of training.
    epochs : sequence of int
        After how many epochs each snapshot was taken.

    Returns
    -------
    ipywidgets.HBox

    Raises
    ------
    ValueError
        If there are no snapshots, or they do not fit the image or the epochs.
    """
    image = np.asarray(image, dtype=float)
    pictures = _pictures(snapshots, image.shape)
    if len(epochs) != len(pictures):
        raise ValueError(f"{len(pictures)} snapshots, but {len(epochs)} numbers of epochs")
    errors = [_pixel_errors(image, picture) for picture in pictures]
    worst = max(1e-9, *(np.quantile(error, 0.99) for error in errors))

    def draw(number):
        import matplotlib.pyplot as plt

        fig, axes = plt.subplots(1, 3, figsize=(9.6, 2.9), layout="constrained")
        axes[0].imshow(image, cmap="gray", vmin=0, vmax=1)
        axes[0].set_title("to be learnt")
        axes[1].imshow(np.clip(pictures[number], 0, 1), cmap="gray", vmin=0, vmax=1)
        axes[1].set_title(f"the net after {epochs[number]:,} epochs")
        shades = axes[2].imshow(errors[number], cmap="magma", vmin=0, vmax=worst)
        axes[2].set_title(f"error of each pixel, mean {errors[number].mean():.3f}")
        fig.colorbar(shades, ax=axes[2], label="absolute error")
        for ax in axes:
            ax.set(xticks=[], yticks=[])
        show(
            fig,
            alt=f"The image, the net's picture of it after {epochs[number]:,} epochs, and a map "
            "of the absolute errors, lightest where they are largest; their mean is "
            f"{errors[number].mean():.3f}, the largest is {errors[number].max():.2f}.",
        )

    last = len(pictures) - 1
    return side_by_side(draw, {"number": slider("IntSlider", "snapshot", last, 0, last, 1)})


def _pictures(snapshots, shape):
    pictures = [np.asarray(snapshot, dtype=float) for snapshot in snapshots]
    if not pictures or any(picture.shape != shape for picture in pictures):
        raise ValueError(f"every snapshot must have the image's shape, {shape}")
    return pictures


def _pixel_errors(image, picture):
    """The absolute error of each pixel, the mean over its channels."""
    error = np.abs(picture - image)
    return error if error.ndim == 2 else error.mean(axis=2)


@contextlib.contextmanager
def quiet_import():
    """Within it TensorFlow can be imported without its messages about graphics cards.

    Its libraries write them to the process's standard error before any of its settings is read, so
    the file itself is pointed elsewhere meanwhile. A GPU is not used: the runs shall be the same
    everywhere.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    kept = os.dup(2)
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
