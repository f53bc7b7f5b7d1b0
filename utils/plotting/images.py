"""Images, mosaics of small ones, and films of one that changes."""

import numpy as np

from utils._checks import as_floats, check_whole
from utils._style import (
    INK,
    canvas,
    counted,
    describe,
    hide_axes,
    listed,
)


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
    mosaic = np.full((n_rows * cell_height - gap, n_cols * cell_width - gap), np.nan)
    ax = canvas(ax, figsize=(0.9 * n_cols + 0.3, 0.9 * n_rows * cell_height / cell_width + 0.3))
    for number, image in enumerate(images):
        row, column = divmod(number, n_cols)
        top, left = row * cell_height, column * cell_width
        mosaic[top : top + height, left : left + width] = image
        if titles is not None:
            ax.text(left + (width - 1) / 2, top + height, str(titles[number]), ha="center",
                    va="top", fontsize=9, color=INK)  # fmt: skip
    ax.imshow(np.ma.masked_invalid(mosaic), interpolation="nearest", **_grey_scale(images))
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

    images = _as_film(snapshots)
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

    figure = ax.figure.canvas.figure
    ax.animation = FuncAnimation(figure, draw, frames=len(images), interval=interval)
    ax.figure.canvas.draw()  # Starts it: an animation that was never drawn warns when it goes.
    draw(-1)
    text = f"Animation of {counted(len(images), 'image')} ({_say_image(images[-1])})"
    return describe(ax, f"{text}, from {titles[0]} to {titles[-1]}; the last one is shown.", alt)


def _as_film(snapshots):
    images = [_as_image(snapshot, "every snapshot") for snapshot in snapshots]
    if not images:
        raise ValueError("There are no snapshots to animate.")
    if len({image.shape for image in images}) > 1:
        raise ValueError("All snapshots must have the same shape.")
    return images


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
