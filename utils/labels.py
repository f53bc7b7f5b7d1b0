"""From cluster numbers to class labels, and back.

A clusterer numbers its clusters as it likes, so its numbers can only be compared with classes, or
with another clustering, once they have been matched.
"""

from itertools import count

import numpy as np

from utils._checks import check_whole


def most_common(nclusters, supervised_labels, cluster_labels):
    """The majority class of each cluster.

    Parameters
    ----------
    nclusters : int
        Number of clusters; it may exceed the number of points.
    supervised_labels : array-like of shape (N,)
        True class of each point: numbers or strings.
    cluster_labels : array-like of int, shape (N,)
        Cluster of each point, 0 to ``nclusters - 1``.

    Returns
    -------
    list of length nclusters
        Entry ``i`` is the commonest class in cluster ``i``; ties go to the smallest label, and a
        cluster without points gets the commonest class of all.

    Raises
    ------
    ValueError
        If there are no points, the labels differ in number, or a cluster is outside
        0 to ``nclusters - 1``.
    """
    check_whole("nclusters", nclusters, at_least=1)
    classes, clusters = _paired(
        supervised_labels, cluster_labels, "supervised_labels", "cluster_labels"
    )
    _refuse_empty(classes)
    if clusters.dtype.kind not in "iuf" or np.any(clusters != np.floor(clusters)):
        raise ValueError("cluster_labels must be whole numbers.")
    if clusters.min() < 0 or clusters.max() >= nclusters:
        raise ValueError(
            f"cluster_labels must lie in 0..{nclusters - 1} for {nclusters} clusters, "
            f"but they run from {clusters.min()} to {clusters.max()}."
        )
    names, class_codes = np.unique(classes, return_inverse=True)
    counts = _count_pairs(clusters.astype(int), class_codes, (nclusters, len(names)))
    counts[counts.sum(axis=1) == 0] = counts.sum(axis=0)
    return names[counts.argmax(axis=1)].tolist()


def match_labels(reference, labels):
    """Rename clusters so that they agree with a reference labelling as far as they can.

    Parameters
    ----------
    reference : array-like of shape (N,)
        The labels to agree with: numbers or strings.
    labels : array-like of shape (N,)
        The labels to rename: numbers or strings.

    Returns
    -------
    ndarray of shape (N,)
        `labels` under new names: the same points are together as before, and as many as possible
        carry their reference label, each of which is given to one cluster at most. A cluster that
        is left over gets a label that is not in `reference`.

    Raises
    ------
    ValueError
        If the two are not one-dimensional, of equal length and without NaN.

    Notes
    -----
    The one-to-one matching with the most agreement is found by the Hungarian method [1]_.

    References
    ----------
    .. [1] H. W. Kuhn (1955). The Hungarian method for the assignment problem. Naval Research
       Logistics Quarterly 2, 83-97.
    """
    reference, labels = _paired(reference, labels, "reference", "labels")
    names, clusters, codes, matched, _ = _best_matching(reference, labels)
    taken = set(names.tolist())
    as_label = "unmatched {}".format if names.dtype.kind in "US" else int
    fresh = (label for label in map(as_label, count()) if label not in taken)
    renamed = [
        names[matched[cluster]].item() if cluster in matched else next(fresh)
        for cluster in range(len(clusters))
    ]
    return np.array(renamed, dtype=None if renamed else names.dtype)[codes]


def misclassification_rate(y_true, cluster_labels):
    """Share of the points that a clustering gets wrong under its best reading.

    Parameters
    ----------
    y_true : array-like of shape (N,)
        True class of each point: numbers or strings.
    cluster_labels : array-like of shape (N,)
        Cluster of each point: numbers or strings, in any numbering.

    Returns
    -------
    float
        Between 0 and 1. Clusters are matched one to one with classes so that the rate is lowest;
        the points of a cluster without a class count as wrong.

    Raises
    ------
    ValueError
        If there are no points, or the two are not one-dimensional, of equal length and without NaN.

    See Also
    --------
    match_labels : the matching itself, and its source.
    """
    y_true, cluster_labels = _paired(y_true, cluster_labels, "y_true", "cluster_labels")
    _refuse_empty(y_true)
    *_, n_right = _best_matching(y_true, cluster_labels)
    return (len(y_true) - n_right) / len(y_true)


def _best_matching(reference, labels):
    """Reference names, cluster names, cluster codes, {cluster: name} by position, points right."""
    from scipy.optimize import linear_sum_assignment

    names, reference_codes = np.unique(reference, return_inverse=True)
    clusters, codes = np.unique(labels, return_inverse=True)
    agreement = _count_pairs(codes, reference_codes, (len(clusters), len(names)))
    rows, columns = linear_sum_assignment(agreement, maximize=True)
    matched = dict(zip(rows.tolist(), columns.tolist(), strict=True))
    return names, clusters, codes, matched, int(agreement[rows, columns].sum())


def _count_pairs(rows, columns, shape):
    table = np.zeros(shape, dtype=np.int64)
    np.add.at(table, (rows, columns), 1)
    return table


def _paired(first, second, first_name, second_name):
    first, second = _labels(first, first_name), _labels(second, second_name)
    if len(first) != len(second):
        raise ValueError(
            f"{first_name} and {second_name} must be of equal length, "
            f"but have {len(first)} and {len(second)} entries."
        )
    return first, second


def _labels(values, name):
    values = np.asarray(values)
    if values.dtype.kind == "O":  # as a table's column of strings has it
        values = np.array(values.tolist())
    if values.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional, but has shape {values.shape}.")
    if values.dtype.kind == "f" and np.isnan(values).any():
        raise ValueError(f"{name} must not hold NaN.")
    return values.astype(np.int64) if values.dtype.kind == "b" else values


def _refuse_empty(labels):
    if len(labels) == 0:
        raise ValueError("There are no points: at least one label is needed.")
