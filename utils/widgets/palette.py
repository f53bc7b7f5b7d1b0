"""The palette explorer of lesson 07, and pictures of an image with few colours."""

from functools import cache

import numpy as np

from utils._style import hide_axes
from utils.plotting import show
from utils.widgets.sliders import side_by_side, slider

METHODS = ("k-means", "Gaussian mixture")
FIT_ON = 2000
CODE = np.array([65536, 256, 1])
MANY = 64  # colours, above which a strip cannot show the palette


def palette_of(image):
    """The colours of an image and how much of it each one covers.

    Parameters
    ----------
    image : array-like of shape (h, w, 3)

    Returns
    -------
    palette : ndarray of shape (K, 3)
        The distinct colours, from dark to light.
    shares : ndarray of shape (K,)
        They add up to 1.
    """
    pixels = np.asarray(image, dtype=np.int64).reshape(-1, 3)
    codes, counts = np.unique(pixels @ CODE, return_counts=True)  # quicker than unique rows
    palette = codes[:, None] // CODE % 256
    order = np.argsort(palette @ [0.299, 0.587, 0.114], kind="stable")
    return palette[order], counts[order] / len(pixels)


def plot_palette(image, ax):
    """A strip with the colours of an image, each as wide as its share of the pixels.

    Parameters
    ----------
    image : array-like of uint8, shape (h, w, 3)
    ax : matplotlib Axes

    Returns
    -------
    matplotlib Axes
    """
    palette, shares = palette_of(image)
    left = np.cumsum(shares) - shares
    ax.bar(
        left,
        1,
        width=shares,
        align="edge",
        color=palette / 255,
        edgecolor="white",
        linewidth=0.6 if len(palette) <= MANY else 0,
    )
    ax.set(xlim=(0, 1), ylim=(0, 1))
    hide_axes(ax)
    return ax


def before_and_after(image, versions, height=3.0, max_columns=3):
    """An image and versions of it with few colours, each above its palette.

    Parameters
    ----------
    image : array-like of uint8, shape (h, w, 3)
    versions : dict of str to array-like of uint8, shape (h, w, 3)
        The title of each version and the version.
    height : float
        Of one row of pictures, in inches.
    max_columns : int

    Returns
    -------
    matplotlib Figure
        To be shown with a description of what there is to see.
    """
    import matplotlib.pyplot as plt

    pictures = {"original": np.asarray(image), **versions}
    columns = min(len(pictures), max_columns)
    rows = -(-len(pictures) // columns)
    h, w = pictures["original"].shape[:2]
    width = min(12.0, columns * (0.76 * height) * w / h)
    fig, axes = plt.subplots(
        2 * rows,
        columns,
        figsize=(width, rows * height),
        height_ratios=[8, 1] * rows,
        layout="constrained",
        squeeze=False,
    )
    for ax in axes.flat:
        ax.set_axis_off()
    for number, (title, pixels) in enumerate(pictures.items()):
        row, column = divmod(number, columns)
        ax = axes[2 * row, column]
        ax.imshow(pixels, interpolation="nearest")
        ax.set_title(title, fontsize=10)
        if len(palette_of(pixels)[0]) <= MANY:
            strip = axes[2 * row + 1, column]
            strip.set_axis_on()
            plot_palette(pixels, strip)
    return fig


def palette_explorer(image, k=8, seed=0, width=200):
    """A slider for the number of colours and a choice of the method; before and after, the palette.

    Parameters
    ----------
    image : array-like of uint8, shape (h, w, 3)
        It is thinned out to at most about `width` columns, so that a change is quick.
    k : int
        Number of colours at the start.
    seed : int
    width : int

    Returns
    -------
    ipywidgets.HBox
    """
    import ipywidgets as widgets

    step = max(1, np.shape(image)[1] // width)
    small = np.array(image, dtype=np.uint8)[::step, ::step]

    @cache
    def quantised(k, method):
        return _quantise(small, k, method, seed)

    def draw(k, method):
        compressed = quantised(k, method)
        used, shares = palette_of(compressed)
        ratio = _psnr(small, compressed)
        title = f"{method}: {len(used)} colours, {ratio:.1f} dB"
        show(
            before_and_after(small, {title: compressed}, height=3.4),
            alt=f"The original and its version in {len(used)} colours by {method}, "
            f"PSNR {ratio:.1f} dB, above its palette. The commonest colour covers "
            f"{shares.max():.0%} of the pixels.",
        )

    controls = {
        "k": slider("IntSlider", "colours", k, 1, 32, 1),
        "method": widgets.Dropdown(options=METHODS, value=METHODS[0], description="method"),
    }
    return side_by_side(draw, controls)


def _quantise(image, k, method, seed):
    from sklearn.cluster import KMeans
    from sklearn.mixture import GaussianMixture

    points = image.reshape(-1, 3) / 255
    rng = np.random.default_rng(seed)
    sample = points[rng.choice(len(points), min(FIT_ON, len(points)), replace=False)]
    k = min(k, len(np.unique(sample, axis=0)))
    if k == 1:
        palette, labels = sample.mean(axis=0, keepdims=True), np.zeros(len(points), dtype=int)
    elif method == METHODS[0]:
        model = KMeans(k, n_init=1, random_state=seed).fit(sample)
        palette, labels = model.cluster_centers_, model.predict(points)
    else:
        model = GaussianMixture(k, max_iter=300, tol=1e-2, random_state=seed).fit(sample)
        palette, labels = model.means_, model.predict(points)
    return np.round(255 * palette).astype(np.uint8)[labels].reshape(image.shape)


def _psnr(image, compressed):
    error = np.mean((image.astype(float) - compressed) ** 2)
    return np.inf if error == 0 else 10 * np.log10(255**2 / error)
