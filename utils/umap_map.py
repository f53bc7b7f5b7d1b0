"""A UMAP picture of a small data set, without the long wait that UMAP's first run takes."""

import sys
import warnings


def umap_map(X, random_state, n_neighbors=10, n_epochs=100):
    """Points of the plane in which neighbours in X stay neighbours, as UMAP finds them.

    Parameters
    ----------
    X : array-like of shape (N, D)
        A few hundred points at most.
    random_state : int
    n_neighbors : int
        How many nearest points count as neighbours.
    n_epochs : int
        Rounds in which UMAP pulls neighbours together and pushes others apart.

    Returns
    -------
    ndarray of shape (N, 2)

    References
    ----------
    L. McInnes, J. Healy, J. Melville (2018). UMAP: Uniform Manifold Approximation and Projection
    for dimension reduction. arXiv:1802.03426.
    """
    model = _umap_class()(
        n_neighbors=n_neighbors, n_epochs=n_epochs, n_jobs=1, random_state=random_state
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit_transform(X)


def _umap_class():
    """UMAP uncompiled and without TensorFlow.

    On a few hundred points the compiler takes ten times as long as plain Python does for the work,
    and TensorFlow only serves a variant of UMAP that is not used here.
    """
    if "umap" not in sys.modules:
        import numba

        compiles, numba.config.DISABLE_JIT = numba.config.DISABLE_JIT, 1
        hidden = "tensorflow" not in sys.modules
        if hidden:
            sys.modules["tensorflow"] = None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                import umap  # noqa: F401
        finally:
            numba.config.DISABLE_JIT = compiles
            if hidden:
                del sys.modules["tensorflow"]
    return sys.modules["umap"].UMAP
