"""The data sets of the lessons: drawn from a fixed seed, or read from `utils/data`.

Nothing here downloads anything, and nothing touches NumPy's global random state.
"""

from numbers import Integral, Real
from pathlib import Path

import numpy as np

from utils._checks import check_whole

DATA = Path(__file__).parent / "data"
SAMPLE_IMAGES = ("china.jpg", "flower.jpg")


# --- Drawn from a seed -----------------------------------------------------------------------


def load_ex1_data_clust(
    dim=5, n_clusters=6, eps=12.0, dist=20, seed=13124, n_points=20, return_centers=False
):
    """Round Gaussian clusters around centres drawn uniformly from a cube.

    Parameters
    ----------
    dim : int
        Number of features.
    n_clusters, n_points : int
        Number of clusters, and of points in each; `n_points` may be 0.
    eps : float
        Variance of each feature within a cluster.
    dist : float
        The centres' coordinates are uniform between ``-dist`` and ``dist``.
    seed : int
        Seed of the legacy `numpy.random.RandomState`: the same seed gives the same points.
    return_centers : bool
        Return the centres too.

    Returns
    -------
    points : ndarray of shape (n_clusters * n_points, dim)
        The points, cluster after cluster. With ``return_centers=True`` the pair
        ``(centers, points)``, with one *column* of `centers`, of shape (dim, n_clusters), for each
        cluster.

    Raises
    ------
    ValueError
        If a size is no whole number or too small, or `eps` or `dist` negative or not finite.
    """
    check_whole("dim", dim, at_least=1)
    check_whole("n_clusters", n_clusters, at_least=1)
    check_whole("n_points", n_points, at_least=0)
    _check_spread("eps", eps)
    _check_spread("dist", dist)
    random = _legacy_random(seed)
    centers = random.uniform(-dist, dist, (dim, n_clusters))
    covariance = eps * np.identity(dim)
    points = np.concatenate(
        [random.multivariate_normal(center, covariance, n_points) for center in centers.T]
    )
    return (centers, points) if return_centers else points


def km_load_th1():
    """Three clusters of 40 points in the plane, for a first k-means.

    Returns
    -------
    ndarray of shape (120, 2)
        The points of `load_ex1_data_clust` with 2 features and 3 clusters of 40.
    """
    return load_ex1_data_clust(dim=2, n_clusters=3, n_points=40)


def gm_load_th1():
    """Three long thin blobs side by side, on which k-means fails.

    Returns
    -------
    ndarray of shape (3000, 2)
        1,000 points around each of (0, 0), (0, 4) and (1, 2), in this order; in every blob the
        first feature has variance .01 and the second 1.
    """
    thin = (0.01, 1.0)
    return _axis_aligned_blobs(1321, [((0, 0), thin), ((0, 4), thin), ((1, 2), thin)])


def gm_load_th2():
    """Two nested blobs, on which k-means fails: a thin one inside a wide one.

    Returns
    -------
    ndarray of shape (2000, 2)
        1,000 points of variances (.01, 1), then 1,000 of variances (1.5, 1), all around (0, 0).
    """
    return _axis_aligned_blobs(14321, [((0, 0), (0.01, 1.0)), ((0, 0), (1.5, 1.0))])


def load_five_blobs():
    """Five round blobs of very different widths, three of them close together.

    Returns
    -------
    X : ndarray of shape (2000, 2)
    y : ndarray of shape (2000,)
        The blob of each point, 0 to 4.
    """
    from sklearn.datasets import make_blobs

    centers = np.array([[0.2, 2.3], [-1.5, 2.3], [-2.8, 1.8], [-2.8, 2.8], [-2.8, 1.3]])
    return make_blobs(
        n_samples=2000, centers=centers, cluster_std=[0.4, 0.3, 0.1, 0.1, 0.1], random_state=7
    )


def load_mixture_1d():
    """Ninety points on a line from three overlapping Gaussians.

    Returns
    -------
    X : ndarray of shape (90, 1)
    y : ndarray of shape (90,)
        The Gaussian of each point: 30 points of 0, around -2 with deviation 1; 40 of 1, around 0
        with deviation .8; 20 of 2, around 2 with deviation 1.5.
    """
    from sklearn.datasets import make_blobs

    return make_blobs(
        n_samples=[30, 40, 20],
        centers=[[-2.0], [0.0], [2.0]],
        cluster_std=[1.0, 0.8, 1.5],
        random_state=42,
    )


def _axis_aligned_blobs(seed, blobs, n_points=1000):
    random = _legacy_random(seed)
    return np.concatenate(
        [random.multivariate_normal(mean, np.diag(var), n_points) for mean, var in blobs]
    )


def _legacy_random(seed):
    if not isinstance(seed, Integral) or not 0 <= seed < 2**32:
        raise ValueError(f"seed must be a whole number from 0 to 2**32 - 1, not {seed!r}.")
    return np.random.RandomState(seed)


def _check_spread(name, value):
    if not isinstance(value, Real) or not 0 <= value < np.inf:
        raise ValueError(f"{name} must be a finite number that is not negative, not {value!r}.")


# --- Read from files -------------------------------------------------------------------------


def load_fashion_mnist():
    """Small grey pictures of clothes: the first 6,000 and 1,000 images of Fashion-MNIST.

    Returns
    -------
    X_train : ndarray of uint8, shape (6000, 28, 28)
        Grey values, 0 to 255.
    y_train : ndarray of int64, shape (6000,)
        0 T-shirt/top, 1 trouser, 2 pullover, 3 dress, 4 coat, 5 sandal, 6 shirt, 7 sneaker, 8 bag,
        9 ankle boot.
    X_test : ndarray of uint8, shape (1000, 28, 28)
    y_test : ndarray of int64, shape (1000,)
    """
    return _read("fashion_mnist.npz", "X_train", "y_train", "X_test", "y_test")


def load_mnist_digits():
    """Handwritten digits: 5,000 images of MNIST, 500 of each digit, in the order of the digits.

    Returns
    -------
    X : ndarray of float64, shape (5000, 784)
        One image of 28 x 28 pixels in a row, grey values from 0 (paper) to 255 (ink).
    y : ndarray of int64, shape (5000,)
        The digit, 0 to 9.
    """
    X, y = _read("mnist_digits.npz", "X", "y")
    return X.astype(float), y


def load_faces():
    """Photographs of 40 people, ten of each, made at AT&T Laboratories Cambridge.

    Returns
    -------
    X : ndarray of float64, shape (400, 4096)
        One image of 64 x 64 pixels in a row, grey values from 0 (black) to 1 (white).
    y : ndarray of int64, shape (400,)
        The person, 0 to 39, in order.
    """
    X, y = _read("faces.npz", "X", "y")
    return X.reshape(len(X), -1) / 255, y


def load_image(name):
    """A colour image as an array, one of scikit-learn's or your own.

    Parameters
    ----------
    name : str or path
        ``"china.jpg"`` or ``"flower.jpg"`` for scikit-learn's sample images; anything else is the
        path of an image file. A photograph is turned upright, an alpha channel is dropped.

    Returns
    -------
    ndarray of uint8, shape (h, w, 3)
        Red, green and blue of each pixel, 0 to 255.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is no colour image with 8 bits a channel.
    """
    if str(name) in SAMPLE_IMAGES:
        from sklearn.datasets import load_sample_image

        return np.array(load_sample_image(str(name)))
    samples = " or ".join(map(repr, SAMPLE_IMAGES))
    allowed = f"Give {samples}, or the path of a colour image (PNG or JPEG)."
    path = Path(name).expanduser()
    if not path.is_file():
        raise FileNotFoundError(f"There is no image file {str(name)!r}. {allowed}")
    return _colour_channels(_read_image(path, allowed), path, allowed)


def _read_image(path, allowed):
    import imageio.v3 as imageio

    try:
        return np.asarray(imageio.imread(path, plugin="pillow", rotate=True))
    except (OSError, SyntaxError, ValueError) as error:
        raise ValueError(f"{str(path)!r} cannot be read as an image. {allowed}") from error


def _colour_channels(image, path, allowed):
    if image.ndim != 3 or image.shape[2] not in (3, 4) or image.dtype != np.uint8:
        raise ValueError(
            f"{str(path)!r} is no single colour image with 8 bits a channel: its values have shape "
            f"{image.shape} and type {image.dtype}. {allowed}"
        )
    return np.array(image[:, :, :3])


def _read(name, *arrays):
    """The arrays of a file in `utils/data`; labels as int64."""
    with np.load(DATA / name, allow_pickle=False) as file:
        loaded = {array: file[array] for array in arrays}
    return tuple(
        values.astype(np.int64) if key.startswith("y") else values for key, values in loaded.items()
    )
