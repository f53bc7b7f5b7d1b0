"""Answers to lesson 02: right ones of different style, and misconceptions."""

from course.oracle import equivalent, right, wrong

# --- get_cluster_assignments -------------------------------------------------------------------


@right("broadcasting, with norms")
def get_cluster_assignments(X, centroid_locations):
    X, mu = np.array(X, dtype=float), np.array(centroid_locations, dtype=float)
    if X.shape[-1] != mu.shape[-1]:
        raise ValueError("features differ")
    return np.argmin(np.linalg.norm(X[:, None, :] - mu[None, :, :], axis=2), axis=1)


@right("plain loops that return a list")
def get_cluster_assignments(X, centroid_locations):
    labels = []
    for x in X:
        best, nearest = float("inf"), 0
        for k, centre in enumerate(centroid_locations):
            if len(x) != len(centre):
                raise ValueError("features differ")
            square = sum((float(a) - float(b)) ** 2 for a, b in zip(x, centre))
            if square < best:
                best, nearest = square, k
        labels.append(nearest)
    return labels


@right("scipy's cdist")
def get_cluster_assignments(X, centroid_locations):
    from scipy.spatial.distance import cdist

    return cdist(np.asarray(X, float), np.asarray(centroid_locations, float)).argmin(axis=1)


@right("a matrix product")
def get_cluster_assignments(X, centroid_locations):
    X, mu = np.asarray(X, dtype=np.float64), np.asarray(centroid_locations, dtype=np.float64)
    if X.shape[1] != mu.shape[1]:
        raise ValueError("features differ")
    return np.argmin((mu**2).sum(axis=1) - 2 * X @ mu.T, axis=1).astype(np.int32)


@right("a running minimum, returned as floats")
def get_cluster_assignments(X, centroid_locations):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    if X.shape[1] != mu.shape[1]:
        raise ValueError("features differ")
    best, labels = np.full(len(X), np.inf), np.zeros(len(X))
    for k, centre in enumerate(mu):
        square = np.einsum("nd,nd->n", X - centre, X - centre)
        labels[square < best] = k
        best = np.minimum(best, square)
    return labels


@right("scikit-learn's pairwise distances, centroid by point")
def get_cluster_assignments(X, centroid_locations):
    from sklearn.metrics import pairwise_distances

    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    if X.shape[1] != mu.shape[1]:
        raise ValueError("features differ")
    return pairwise_distances(mu, X).argmin(axis=0)


@wrong("the farthest centroid", says="the largest distance you look for")
def get_cluster_assignments(X, centroid_locations):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    return np.linalg.norm(X[:, None] - mu, axis=2).argmax(axis=1)


@wrong("argmin along the points", says="which axis does argmin run along")
def get_cluster_assignments(X, centroid_locations):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    return np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=0)


@wrong("returns the table of distances", says="return only the index of the smallest")
def get_cluster_assignments(X, centroid_locations):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    return np.linalg.norm(X[:, None] - mu, axis=2)


@wrong("returns the smallest distance", says="and not a distance")
def get_cluster_assignments(X, centroid_locations):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    return np.linalg.norm(X[:, None] - mu, axis=2).min(axis=1)


@wrong("counts from 1", says="counted from 0")
def get_cluster_assignments(X, centroid_locations):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    return np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=1) + 1


@wrong("absolute differences", says="distance needs their squares", points=1)
def get_cluster_assignments(X, centroid_locations):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    if X.shape[1] != mu.shape[1]:
        raise ValueError("features differ")
    return np.abs(X[:, None] - mu).sum(axis=2).argmin(axis=1)


@wrong("the largest difference along an axis", says="distance uses all the features", points=1)
def get_cluster_assignments(X, centroid_locations):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    if X.shape[1] != mu.shape[1]:
        raise ValueError("features differ")
    return np.abs(X[:, None] - mu).max(axis=2).argmin(axis=1)


@wrong("forgets the square", says="with their signs", points=0)
def get_cluster_assignments(X, centroid_locations):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    return np.abs((X[:, None] - mu).sum(axis=2)).argmin(axis=1)


@wrong(
    "a matrix product without the centroids' squares", says="the squares of the centroids", points=0
)
def get_cluster_assignments(X, centroid_locations):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    return (-2 * X @ mu.T + np.sum(X**2, axis=1)[:, None]).argmin(axis=1)


@wrong("K fixed at 3", says="With 5 centroids in 3 dimensions", points=0)
def get_cluster_assignments(X, centroid_locations):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    if X.shape[1] != mu.shape[1]:
        raise ValueError("features differ")
    return np.array([np.linalg.norm(x - mu[:3], axis=1).argmin() for x in X])


@wrong("D fixed at 2", says="Only the first two features are used")
def get_cluster_assignments(X, centroid_locations):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    if X.shape[1] != mu.shape[1]:
        raise ValueError("features differ")
    square = (X[:, [0]] - mu[:, 0]) ** 2 + (X[:, [1]] - mu[:, 1]) ** 2
    return square.argmin(axis=1)


@wrong("ties to the last", says="goes to the centroid with the lower index", points=2)
def get_cluster_assignments(X, centroid_locations):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    if X.shape[1] != mu.shape[1]:
        raise ValueError("features differ")
    best, labels = np.full(len(X), np.inf), np.zeros(len(X), dtype=int)
    for k, centre in enumerate(mu):
        square = np.sum((X - centre) ** 2, axis=1)
        labels[square <= best] = k
        best = np.minimum(best, square)
    return labels


@wrong("labels of type int8", says="a small integer type such as int8", points=2)
def get_cluster_assignments(X, centroid_locations):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    if X.shape[1] != mu.shape[1]:
        raise ValueError("features differ")
    return np.abs(np.linalg.norm(X[:, None] - mu, axis=2)).argmin(axis=1).astype(np.int8)


@wrong("uint8 wraps around", says="turn both inputs into floats first", points=2)
def get_cluster_assignments(X, centroid_locations):
    X, mu = np.asarray(X), np.asarray(centroid_locations)
    if X.shape[1] != mu.shape[1]:
        raise ValueError("features differ")
    return np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=1)


@wrong("writes into its input", says="Your function changes `X`", points=2)
def get_cluster_assignments(X, centroid_locations):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    if X.shape[1] != mu.shape[1]:
        raise ValueError("features differ")
    labels = np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=1)
    X -= X.mean(axis=0)
    return labels


@wrong("no check of the columns", says="must raise a ValueError", points=2)
def get_cluster_assignments(X, centroid_locations):
    return [
        min(
            range(len(centroid_locations)),
            key=lambda k: sum((float(a) - float(b)) ** 2 for a, b in zip(x, centroid_locations[k])),
        )
        for x in X
    ]


@wrong("NumPy's own error for the columns", says="NumPy repeats the single column", points=2)
def get_cluster_assignments(X, centroid_locations):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    return np.array([[np.sum((x - m) ** 2) for m in mu] for x in X]).argmin(axis=1)


@wrong("prints instead of returning", says="does it end in a `return`")
def get_cluster_assignments(X, centroid_locations):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    print(np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=1))


# --- get_cluster_centroids ---------------------------------------------------------------------


@right("a comprehension")
def get_cluster_centroids(X, cluster_assignments, centroid_locations):
    X, z = np.asarray(X, float), np.asarray(cluster_assignments)
    mu = np.asarray(centroid_locations, float)
    if len(z) != len(X) or X.shape[1] != mu.shape[1] or not set(z.tolist()) <= set(range(len(mu))):
        raise ValueError("inputs do not fit")
    return np.array([X[z == k].mean(0) if (z == k).any() else mu[k] for k in range(len(mu))])


@right("plain loops that return lists")
def get_cluster_centroids(X, cluster_assignments, centroid_locations):
    K, D = len(centroid_locations), len(centroid_locations[0])
    if len(X) != len(cluster_assignments):
        raise ValueError("one label for each point")
    sums, counts = [[0.0] * D for _ in range(K)], [0] * K
    for x, k in zip(X, cluster_assignments):
        if not 0 <= k < K or len(x) != D:
            raise ValueError("bad label or bad point")
        counts[k] += 1
        for d in range(D):
            sums[k][d] += float(x[d])
    return [
        [s / counts[k] for s in sums[k]] if counts[k] else [float(c) for c in centroid_locations[k]]
        for k in range(K)
    ]


@right("a one-hot matrix product")
def get_cluster_centroids(X, cluster_assignments, centroid_locations):
    X, z = np.asarray(X, float), np.asarray(cluster_assignments, int)
    mu = np.asarray(centroid_locations, float)
    if z.shape != X.shape[:1] or X.shape[1:] != mu.shape[1:] or np.any((z < 0) | (z >= len(mu))):
        raise ValueError("inputs do not fit")
    R = np.eye(len(mu))[z]
    counts = R.sum(axis=0)
    return np.divide(R.T @ X, counts[:, None], out=mu.copy(), where=counts[:, None] > 0)


@right("np.add.at, in float32")
def get_cluster_centroids(X, cluster_assignments, centroid_locations):
    X, z = np.asarray(X, float), np.asarray(cluster_assignments, int)
    mu = np.array(centroid_locations, float)
    if z.shape != (len(X),) or X.shape[1] != mu.shape[1] or z.min() < 0 or z.max() >= len(mu):
        raise ValueError("inputs do not fit")
    sums, counts = np.zeros_like(mu), np.zeros(len(mu))
    np.add.at(sums, z, X)
    np.add.at(counts, z, 1)
    mu[counts > 0] = sums[counts > 0] / counts[counts > 0, None]
    return mu.astype(np.float32)


@right("bincount for each feature")
def get_cluster_centroids(X, cluster_assignments, centroid_locations):
    X, mu = np.asarray(X, float), np.asarray(centroid_locations, float)
    z, K = np.asarray(cluster_assignments), len(mu)
    if z.shape != (len(X),) or X.shape[1] != mu.shape[1] or z.min() < 0 or z.max() >= K:
        raise ValueError("inputs do not fit")
    counts = np.bincount(z, minlength=K)[:, None]
    sums = np.stack([np.bincount(z, X[:, d], K) for d in range(X.shape[1])], axis=1)
    return np.where(counts > 0, sums / np.maximum(counts, 1), mu)


@wrong("sums over all axes", says="All coordinates of a cluster are added into one number")
def get_cluster_centroids(X, cluster_assignments, centroid_locations):
    X, z = np.asarray(X, float), np.asarray(cluster_assignments)
    mu = np.array(centroid_locations, float)
    for k in range(len(mu)):
        mask = z == k
        N_k = np.sum(mask)
        mu[k] = (1 / N_k) * np.sum(X[mask])
    return mu


@wrong("the mean over both axes", says="Both features get the same value")
def get_cluster_centroids(X, cluster_assignments, centroid_locations):
    X, z = np.asarray(X, float), np.asarray(cluster_assignments)
    mu = np.array(centroid_locations, float)
    for k in range(len(mu)):
        mu[k] = X[z == k].mean()
    return mu


@wrong("sums instead of means", says="the mean divides by the number of points")
def get_cluster_centroids(X, cluster_assignments, centroid_locations):
    X, z = np.asarray(X, float), np.asarray(cluster_assignments)
    return np.array([X[z == k].sum(axis=0) for k in range(len(centroid_locations))])


@wrong("divides by N", says="divide by the number of points in the cluster")
def get_cluster_centroids(X, cluster_assignments, centroid_locations):
    X, z = np.asarray(X, float), np.asarray(cluster_assignments)
    return np.array([X[z == k].sum(axis=0) / len(X) for k in range(len(centroid_locations))])


@wrong("the median", says="This is the middle point")
def get_cluster_centroids(X, cluster_assignments, centroid_locations):
    X, z = np.asarray(X, float), np.asarray(cluster_assignments)
    return np.array([np.median(X[z == k], axis=0) for k in range(len(centroid_locations))])


@wrong("nan for an empty cluster", says="it must keep its old location")
def get_cluster_centroids(X, cluster_assignments, centroid_locations):
    X, z = np.asarray(X, float), np.asarray(cluster_assignments)
    mu = np.asarray(centroid_locations, float)
    if len(z) != len(X) or X.shape[1] != mu.shape[1] or z.min() < 0 or z.max() >= len(mu):
        raise ValueError("inputs do not fit")
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.array([X[z == k].mean(axis=0) for k in range(len(mu))])


@wrong("zeros for an empty cluster", says="moved to the origin")
def get_cluster_centroids(X, cluster_assignments, centroid_locations):
    X, z = np.asarray(X, float), np.asarray(cluster_assignments)
    mu = np.zeros(np.shape(centroid_locations))
    if len(z) != len(X) or X.shape[1] != mu.shape[1] or z.min() < 0 or z.max() >= len(mu):
        raise ValueError("inputs do not fit")
    for k in np.unique(z):
        mu[k] = X[z == k].mean(axis=0)
    return mu


@wrong("K from the labels", says="and not from the labels that occur")
def get_cluster_centroids(X, cluster_assignments, centroid_locations):
    X, z = np.asarray(X, float), np.asarray(cluster_assignments)
    mu = np.asarray(centroid_locations, float)
    return np.array([X[z == k].mean(0) if np.any(z == k) else mu[k] for k in range(z.max() + 1)])


@wrong("divides first, mends nan later", says="With warnings turned into errors", points=2)
def get_cluster_centroids(X, cluster_assignments, centroid_locations):
    X, z = np.asarray(X, float), np.asarray(cluster_assignments)
    mu = np.asarray(centroid_locations, float)
    if len(z) != len(X) or X.shape[1] != mu.shape[1] or z.min() < 0 or z.max() >= len(mu):
        raise ValueError("inputs do not fit")
    new = np.array([X[z == k].sum(axis=0) / np.sum(z == k) for k in range(len(mu))])
    return np.where(np.isnan(new), mu, new)


@wrong("an integer array for the means", says="cut to whole numbers", points=2)
def get_cluster_centroids(X, cluster_assignments, centroid_locations):
    X, z = np.asarray(X, float), np.asarray(cluster_assignments)
    mu = np.array(centroid_locations)
    if len(z) != len(X) or X.shape[1] != mu.shape[1] or z.min() < 0 or z.max() >= len(mu):
        raise ValueError("inputs do not fit")
    for k in np.unique(z):
        mu[k] = X[z == k].mean(axis=0)
    return mu


@wrong("writes into the old centroids", says="into a copy of `centroid_locations`", points=2)
def get_cluster_centroids(X, cluster_assignments, centroid_locations):
    X, z = np.asarray(X, float), np.asarray(cluster_assignments)
    mu = np.asarray(centroid_locations, dtype=float)
    if len(z) != len(X) or X.shape[1] != mu.shape[1] or z.min() < 0 or z.max() >= len(mu):
        raise ValueError("inputs do not fit")
    for k in np.unique(z):
        mu[k] = X[z == k].mean(axis=0)
    return mu


@wrong("a sum in uint8", says="the sum wraps around", points=2)
def get_cluster_centroids(X, cluster_assignments, centroid_locations):
    mu = np.array(centroid_locations, dtype=float)
    z = np.asarray(cluster_assignments)
    if len(z) != len(X) or len(X[0]) != mu.shape[1] or z.min() < 0 or z.max() >= len(mu):
        raise ValueError("inputs do not fit")
    X = np.asarray(X)
    with np.errstate(all="ignore"):
        for k in np.unique(z):
            mu[k] = sum(X[z == k]) / np.sum(z == k)
    return mu


@wrong("checks nothing", says="the label 2 must raise a ValueError", points=2)
def get_cluster_centroids(X, cluster_assignments, centroid_locations):
    X, z = np.asarray(X, float), np.asarray(cluster_assignments)
    mu = np.array(centroid_locations, float)
    for k in range(len(mu)):
        if np.any(z == k):
            mu[k] = X[z == k].mean(axis=0)
    return mu


@wrong("does not mind a label of -1", says="The label -1 must raise a ValueError", points=2)
def get_cluster_centroids(X, cluster_assignments, centroid_locations):
    X, z = np.asarray(X, float), np.asarray(cluster_assignments)
    mu = np.array(centroid_locations, float)
    if z.max() >= len(mu) or len(z) != len(X):
        raise ValueError("inputs do not fit")
    for k in range(len(mu)):
        if np.any(z == k):
            mu[k] = X[z == k].mean(axis=0)
    return mu


# --- inertia -----------------------------------------------------------------------------------


@right("plain loops")
def inertia(X, cluster_assignments, centroid_locations):
    if len(X) != len(cluster_assignments) or len(X[0]) != len(centroid_locations[0]):
        raise ValueError("inputs do not fit")
    total = 0.0
    for x, k in zip(X, cluster_assignments):
        if k < 0 or k >= len(centroid_locations):
            raise ValueError("no such cluster")
        for a, b in zip(x, centroid_locations[k]):
            total += (float(a) - float(b)) ** 2
    return total


@right("norms, cluster by cluster")
def inertia(X, cluster_assignments, centroid_locations):
    X, z = np.asarray(X, float), np.asarray(cluster_assignments)
    mu = np.asarray(centroid_locations, float)
    if (
        z.shape != (len(X),)
        or X.shape[1] != mu.shape[1]
        or not np.isin(z, np.arange(len(mu))).all()
    ):
        raise ValueError("inputs do not fit")
    return sum(np.linalg.norm(X[z == k] - mu[k]) ** 2 for k in range(len(mu)))


@right("picked from the table of squares, as float32")
def inertia(X, cluster_assignments, centroid_locations):
    from scipy.spatial.distance import cdist

    X, mu = np.asarray(X, float), np.asarray(centroid_locations, float)
    z = np.asarray(cluster_assignments)
    if z.size != len(X) or z.min() < 0 or z.max() > len(mu) - 1:
        raise ValueError("inputs do not fit")
    return np.float32(cdist(X, mu, "sqeuclidean")[np.arange(len(X)), z].sum())


@right("a zero-dimensional array, by einsum")
def inertia(X, cluster_assignments, centroid_locations):
    X, mu = np.array(X, float), np.array(centroid_locations, float)
    z = np.array(cluster_assignments)
    if len(z) != len(X) or X.shape[1] != mu.shape[1] or (z < 0).any() or (z >= len(mu)).any():
        raise ValueError("inputs do not fit")
    off = X - np.take(mu, z, axis=0)
    return np.array(np.einsum("nd,nd->", off, off))


@wrong("plain distances", says="square each of them first")
def inertia(X, cluster_assignments, centroid_locations):
    X, mu = np.asarray(X, float), np.asarray(centroid_locations, float)
    return np.linalg.norm(X - mu[np.asarray(cluster_assignments)], axis=1).sum()


@wrong("a root of the sum", says="inertia has none")
def inertia(X, cluster_assignments, centroid_locations):
    X, mu = np.asarray(X, float), np.asarray(centroid_locations, float)
    return np.linalg.norm(X - mu[np.asarray(cluster_assignments)])


@wrong("the mean over the points", says="inertia is the sum")
def inertia(X, cluster_assignments, centroid_locations):
    X, mu = np.asarray(X, float), np.asarray(centroid_locations, float)
    return np.mean(np.sum((X - mu[np.asarray(cluster_assignments)]) ** 2, axis=1))


@wrong("scikit-learn's score", says="`score` has the minus sign")
def inertia(X, cluster_assignments, centroid_locations):
    X, mu = np.asarray(X, float), np.asarray(centroid_locations, float)
    return -np.sum((X - mu[np.asarray(cluster_assignments)]) ** 2)


@wrong("new means", says="measure to the centroids as given")
def inertia(X, cluster_assignments, centroid_locations):
    X, z = np.asarray(X, float), np.asarray(cluster_assignments)
    return sum(np.sum((X[z == k] - X[z == k].mean(axis=0)) ** 2) for k in np.unique(z))


@wrong("one number for each point", says="add up over all points")
def inertia(X, cluster_assignments, centroid_locations):
    X, mu = np.asarray(X, float), np.asarray(centroid_locations, float)
    return np.sum((X - mu[np.asarray(cluster_assignments)]) ** 2, axis=1)


@wrong("the nearest centroid", says="the one that the point is assigned to", points=0)
def inertia(X, cluster_assignments, centroid_locations):
    X, mu = np.asarray(X, float), np.asarray(centroid_locations, float)
    z = np.asarray(cluster_assignments)
    if len(z) != len(X) or X.shape[1] != mu.shape[1] or z.min() < 0 or z.max() >= len(mu):
        raise ValueError("inputs do not fit")
    return np.sum((X[:, None] - mu) ** 2, axis=2).min(axis=1).sum()


@wrong("a mean within each cluster", says="sum of squared distances is different")
def inertia(X, cluster_assignments, centroid_locations):
    X, mu = np.asarray(X, float), np.asarray(centroid_locations, float)
    z = np.asarray(cluster_assignments)
    square = np.sum((X - mu[z]) ** 2, axis=1)
    return sum(square[z == k].mean() for k in np.unique(z))


@wrong("K fixed at 3", says="with 5 clusters in 4 dimensions", points=1)
def inertia(X, cluster_assignments, centroid_locations):
    X, mu = np.asarray(X, float), np.asarray(centroid_locations, float)
    z = np.asarray(cluster_assignments)
    if len(z) != len(X) or X.shape[1] != mu.shape[1] or z.min() < 0 or z.max() >= len(mu):
        raise ValueError("inputs do not fit")
    return sum(np.sum((X[z == k] - mu[k]) ** 2) for k in range(min(3, len(mu))))


@wrong("NumPy's own IndexError", says="the label 2 must raise a ValueError", points=2)
def inertia(X, cluster_assignments, centroid_locations):
    X, mu = np.asarray(X, float), np.asarray(centroid_locations, float)
    return np.sum((X - mu[np.asarray(cluster_assignments)]) ** 2)


@wrong("does not mind -1", says="The label -1 must raise a ValueError", points=2)
def inertia(X, cluster_assignments, centroid_locations):
    X, mu = np.asarray(X, float), np.asarray(centroid_locations, float)
    z = np.asarray(cluster_assignments)
    if len(z) != len(X) or z.max() >= len(mu):
        raise ValueError("inputs do not fit")
    return np.sum((X - mu[z]) ** 2)


@wrong("uint8 wraps around", says="turn both inputs into floats first", points=2)
def inertia(X, cluster_assignments, centroid_locations):
    X, mu = np.asarray(X), np.asarray(centroid_locations)
    z = np.asarray(cluster_assignments)
    if len(z) != len(X) or X.shape[1] != mu.shape[1] or z.min() < 0 or z.max() >= len(mu):
        raise ValueError("inputs do not fit")
    return np.sum((X - mu[z]) ** 2)


@wrong("no check of the number of labels", says="1 label for 2 points", points=2)
def inertia(X, cluster_assignments, centroid_locations):
    X, mu = np.asarray(X, float), np.asarray(centroid_locations, float)
    z = np.asarray(cluster_assignments)
    if z.min() < 0 or z.max() >= len(mu):
        raise ValueError("no such cluster")
    return np.sum((X - mu[z]) ** 2)


# --- kmeans_plus_plus --------------------------------------------------------------------------


@right("inverse transform on the cumulated squares")
def kmeans_plus_plus(X, k, rng):
    X = np.array(X, dtype=float)
    N = len(X)
    if k < 1 or k > N:
        raise ValueError("bad k")
    mu = np.empty((k, X.shape[1]))
    mu[0] = X[rng.integers(0, N)]
    square = np.linalg.norm(X - mu[0], axis=1) ** 2
    for i in range(1, k):
        total = square.sum()
        if total == 0:
            mu[i] = X[int(rng.random() * N)]
            continue
        row = np.searchsorted(np.cumsum(square), rng.random() * total, side="right")
        mu[i] = X[min(row, N - 1)]
        square = np.minimum(square, np.linalg.norm(X - mu[i], axis=1) ** 2)
    return mu


@right("all distances anew each time, as a list")
def kmeans_plus_plus(X, k, rng):
    if not 0 < k <= len(X):
        raise ValueError("bad k")
    chosen = [X[rng.choice(len(X))]]
    for _ in range(k - 1):
        weights = np.array(
            [min(sum((float(a) - float(b)) ** 2 for a, b in zip(x, c)) for c in chosen) for x in X]
        )
        p = weights / weights.sum() if weights.sum() > 0 else None
        chosen.append(X[rng.choice(len(X), p=p)])
    return [list(map(float, c)) for c in chosen]


@right("the Gumbel trick")
def kmeans_plus_plus(X, k, rng):
    X = np.asarray(X, dtype=float)
    if k < 1 or k > len(X):
        raise ValueError("bad k")
    rows, square = [], np.ones(len(X))
    for _ in range(k):
        if not square.any():
            square = np.ones(len(X))
        logs = np.full(len(X), -np.inf)
        logs[square > 0] = np.log(square[square > 0])
        rows.append(int(np.argmax(logs + rng.gumbel(size=len(X)))))
        square = np.min([np.sum((X - X[r]) ** 2, axis=1) for r in rows], axis=0)
    return X[rows]


@right("a multinomial draw")
def kmeans_plus_plus(X, k, rng):
    from scipy.spatial.distance import cdist

    X = np.asarray(X, dtype=float)
    if not 1 <= k <= X.shape[0]:
        raise ValueError("bad k")
    even = np.full(len(X), 1 / len(X))
    mu = X[rng.multinomial(1, even).argmax()][None]
    while len(mu) < k:
        square = cdist(X, mu, "sqeuclidean").min(axis=1)
        p = square / square.sum() if square.max() > 0 else even
        mu = np.vstack([mu, X[rng.multinomial(1, p).argmax()]])
    return mu


@right("scikit-learn's, with a single trial")
def kmeans_plus_plus(X, k, rng):
    from sklearn.cluster import kmeans_plusplus

    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X):
        raise ValueError("bad k")
    seed = int(rng.integers(2**31))
    if len(np.unique(X, axis=0)) < k:
        rows = np.unique(X, axis=0)
        return np.concatenate([rows, X[rng.integers(len(X), size=k - len(rows))]])
    return kmeans_plusplus(X, k, random_state=seed, n_local_trials=1)[0]


@wrong("plain distances", says="go with the plain distances", points=2)
def kmeans_plus_plus(X, k, rng):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X):
        raise ValueError("bad k")
    mu = [X[rng.integers(len(X))]]
    while len(mu) < k:
        far = np.min([np.linalg.norm(X - m, axis=1) for m in mu], axis=0)
        mu.append(X[rng.choice(len(X), p=far / far.sum() if far.sum() > 0 else None)])
    return np.array(mu)


@wrong("random rows", says="do you draw uniformly", points=2)
def kmeans_plus_plus(X, k, rng):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X):
        raise ValueError("bad k")
    return X[rng.choice(len(X), size=k, replace=False)]


@wrong("random rows with repetition", says="The same point was chosen twice", points=1)
def kmeans_plus_plus(X, k, rng):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X):
        raise ValueError("bad k")
    return X[rng.integers(len(X), size=k)]


@wrong("always the farthest point", says="You always take the farthest point", points=1)
def kmeans_plus_plus(X, k, rng):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X):
        raise ValueError("bad k")
    mu = [X[rng.integers(len(X))]]
    while len(mu) < k:
        mu.append(X[np.min([np.sum((X - m) ** 2, axis=1) for m in mu], axis=0).argmax()])
    return np.array(mu)


@wrong("distance to the last one only", says="look only at the row chosen last", points=1)
def kmeans_plus_plus(X, k, rng):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X):
        raise ValueError("bad k")
    mu = [X[rng.integers(len(X))]]
    while len(mu) < k:
        square = np.sum((X - mu[-1]) ** 2, axis=1)
        mu.append(X[rng.choice(len(X), p=square / square.sum() if square.sum() else None)])
    return np.array(mu)


@wrong(
    "the last one only, without repetition",
    says="look only at the row chosen last",
    points=2,
)
def kmeans_plus_plus(X, k, rng):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X):
        raise ValueError("bad k")
    rows = [rng.integers(len(X))]
    while len(rows) < k:
        square = np.sum((X - X[rows[-1]]) ** 2, axis=1)
        square[rows] = 0
        p = square / square.sum() if square.sum() > 0 else None
        rows.append(rng.choice(len(X), p=p))
    return X[rows]


@wrong("distances to the first only", says="update the distances to the", points=2)
def kmeans_plus_plus(X, k, rng):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X):
        raise ValueError("bad k")
    rows = [rng.integers(len(X))]
    square = np.sum((X - X[rows[0]]) ** 2, axis=1)
    while len(rows) < k:
        p = square / square.sum() if square.sum() > 0 else None
        rows.append(rng.choice(len(X), p=p))
        square[np.all(X[rows[-1]] == X, axis=1)] = 0
    return X[rows]


@wrong("adds up the distances", says="The same point was chosen twice", points=1)
def kmeans_plus_plus(X, k, rng):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X):
        raise ValueError("bad k")
    mu = [X[rng.integers(len(X))]]
    while len(mu) < k:
        square = np.sum([np.sum((X - m) ** 2, axis=1) for m in mu], axis=0)
        mu.append(X[rng.choice(len(X), p=square / square.sum() if square.sum() > 0 else None)])
    return np.array(mu)


@wrong("several candidates each time", says="draw each centroid once", points=2)
def kmeans_plus_plus(X, k, rng):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X):
        raise ValueError("bad k")
    rows = [rng.integers(len(X))]
    square = np.sum((X - X[rows[0]]) ** 2, axis=1)
    while len(rows) < k:
        p = square / square.sum() if square.sum() > 0 else None
        trials = [np.minimum(square, np.sum((X - X[r]) ** 2, axis=1)) for r in range(len(X))]
        row = min(rng.choice(len(X), size=8, p=p), key=lambda r: trials[r].sum())
        rows.append(row)
        square = trials[row]
    return X[rows]


@wrong("scikit-learn's, with its usual candidates", says="draw each centroid once", points=2)
def kmeans_plus_plus(X, k, rng):
    from sklearn.cluster import kmeans_plusplus

    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X):
        raise ValueError("bad k")
    seed = int(rng.integers(2**31))
    if len(np.unique(X, axis=0)) < k:
        rows = np.unique(X, axis=0)
        return np.concatenate([rows, X[rng.integers(len(X), size=k - len(rows))]])
    return kmeans_plusplus(X, k, random_state=seed)[0]


@wrong("the first is always row 0", says="The first centroid is always the same point", points=1)
def kmeans_plus_plus(X, k, rng):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X):
        raise ValueError("bad k")
    mu = [X[0]]
    while len(mu) < k:
        square = np.min([np.sum((X - m) ** 2, axis=1) for m in mu], axis=0)
        mu.append(X[rng.choice(len(X), p=square / square.sum() if square.sum() > 0 else None)])
    return np.array(mu)


@wrong("returns row numbers", says="return the rows of X themselves")
def kmeans_plus_plus(X, k, rng):
    return rng.choice(len(X), size=k, replace=False)


@wrong("random places instead of points", says="not all rows of X")
def kmeans_plus_plus(X, k, rng):
    X = np.asarray(X, dtype=float)
    return rng.uniform(X.min(axis=0), X.max(axis=0), size=(k, X.shape[1]))


@wrong("numpy's global state", says="draw from `rng`, not from `np.random`", points=2)
def kmeans_plus_plus(X, k, rng):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X):
        raise ValueError("bad k")
    mu = [X[np.random.randint(len(X))]]
    while len(mu) < k:
        square = np.min([np.sum((X - m) ** 2, axis=1) for m in mu], axis=0)
        p = square / square.sum() if square.sum() > 0 else None
        mu.append(X[np.random.choice(len(X), p=p)])
    return np.array(mu)


@wrong("a constant seed", says="makes its own generator with a fixed seed")
def kmeans_plus_plus(X, k, rng):
    rng = np.random.default_rng(42)
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X):
        raise ValueError("bad k")
    mu = [X[rng.integers(len(X))]]
    while len(mu) < k:
        square = np.min([np.sum((X - m) ** 2, axis=1) for m in mu], axis=0)
        mu.append(X[rng.choice(len(X), p=square / square.sum() if square.sum() > 0 else None)])
    return np.array(mu)


@wrong("divides by zero where all distances are 0", says="Where all distances are 0", points=3)
def kmeans_plus_plus(X, k, rng):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X):
        raise ValueError("bad k")
    mu = [X[rng.integers(len(X))]]
    while len(mu) < k:
        square = np.min([np.sum((X - m) ** 2, axis=1) for m in mu], axis=0)
        mu.append(X[rng.choice(len(X), p=square / square.sum())])
    return np.array(mu)


@wrong("uint8 wraps around", says="With uint8 pixels", points=3)
def kmeans_plus_plus(X, k, rng):
    X = np.asarray(X)
    if not 1 <= k <= len(X):
        raise ValueError("bad k")
    rows = [rng.integers(len(X))]
    while len(rows) < k:
        squares = [((X - X[r]) ** 2).sum(axis=1) for r in rows]
        square = np.min(squares, axis=0)
        rows.append(rng.choice(len(X), p=square / square.sum() if square.sum() > 0 else None))
    return X[rows]


@wrong("no check of k", says="3 centroids from 2 points must raise a ValueError", points=3)
def kmeans_plus_plus(X, k, rng):
    X = np.asarray(X, dtype=float)
    mu = [X[rng.integers(len(X))]]
    while len(mu) < k:
        square = np.min([np.sum((X - m) ** 2, axis=1) for m in mu], axis=0)
        mu.append(X[rng.choice(len(X), p=square / square.sum() if square.sum() > 0 else None)])
    return np.array(mu)


# --- kmeans ------------------------------------------------------------------------------------


@right("broadcasting, and a k-means++ start")
def kmeans(X, k, rng, n_init=1, max_iter=100):
    X = np.array(X, dtype=float)
    if k < 1 or k > len(X) or n_init < 1 or max_iter < 1:
        raise ValueError("bad sizes")
    results = []
    for _ in range(n_init):
        mu = X[[rng.integers(len(X))]]
        while len(mu) < k:
            near = ((X[:, None] - mu) ** 2).sum(axis=2).min(axis=1)
            p = near / near.sum() if near.sum() > 0 else None
            mu = np.vstack([mu, X[rng.choice(len(X), p=p)]])
        z = None
        for step in range(max_iter + 1):
            square = ((X[:, None] - mu) ** 2).sum(axis=2)
            new = square.argmin(axis=1)
            if step == max_iter or (z is not None and np.array_equal(new, z)):
                z = new
                break
            z = new
            mu = np.array([X[z == j].mean(0) if (z == j).any() else mu[j] for j in range(k)])
        results.append((square.min(axis=1).sum(), len(results), mu, z))
    _, _, mu, z = min(results, key=lambda r: r[:2])
    return mu, z


@right("plain loops that return lists")
def kmeans(X, k, rng, n_init=1, max_iter=100):
    X = [[float(v) for v in x] for x in X]
    N, D = len(X), len(X[0])
    if not 1 <= k <= N or n_init <= 0 or max_iter <= 0:
        raise ValueError("bad sizes")

    def square(a, b):
        return sum((p - q) * (p - q) for p, q in zip(a, b))

    def assign(mu):
        return [min(range(k), key=lambda j: square(x, mu[j])) for x in X]

    best = None
    for _ in range(n_init):
        mu = [list(X[i]) for i in rng.permutation(N)[:k]]
        z = assign(mu)
        for _ in range(max_iter):
            for j in range(k):
                members = [x for x, label in zip(X, z) if label == j]
                if members:
                    mu[j] = [sum(x[d] for x in members) / len(members) for d in range(D)]
            old, z = z, assign(mu)
            if old == z:
                break
        cost = sum(square(x, mu[j]) for x, j in zip(X, z))
        if best is None or cost < best[0]:
            best = (cost, mu, z)
    return [best[1], best[2]]


@right("starts with repetition, stops when the centroids rest")
def kmeans(X, k, rng, n_init=1, max_iter=100):
    from scipy.spatial.distance import cdist

    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X) or min(n_init, max_iter) < 1:
        raise ValueError("bad sizes")
    best_cost = np.inf
    for _ in range(n_init):
        mu = X[rng.integers(len(X), size=k)].copy()
        for _ in range(max_iter):
            z = cdist(X, mu).argmin(axis=1)
            old = mu.copy()
            for j in np.unique(z):
                mu[j] = X[z == j].mean(axis=0)
            if np.allclose(old, mu, rtol=0, atol=1e-12):
                break
        table = cdist(X, mu, "sqeuclidean")
        cost = table.min(axis=1).sum()
        if cost < best_cost:
            best_cost, best_mu, best_z = cost, mu, table.argmin(axis=1)
    return best_mu, best_z


@right("one-hot products, with the centroids sorted")
def kmeans(X, k, rng, n_init=1, max_iter=100):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X) or n_init < 1 or max_iter < 1:
        raise ValueError("bad sizes")

    def once():
        mu = rng.choice(X, size=k, replace=False)
        z = np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=1)
        for _ in range(max_iter):
            R = np.eye(k)[z]
            counts = R.sum(axis=0)[:, None]
            mu = np.where(counts > 0, R.T @ X / np.maximum(counts, 1), mu)
            new = np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=1)
            if (new == z).all():
                break
            z = new
        mu = mu[np.lexsort(mu.T[::-1])]
        table = np.linalg.norm(X[:, None] - mu, axis=2)
        return mu, table.argmin(axis=1).astype(np.int16), np.sum(table.min(axis=1) ** 2)

    mu, z, _ = min((once() for _ in range(n_init)), key=lambda run: run[2])
    return mu, z


@wrong("one pass, no loop", says="is not the mean of its points")
def kmeans(X, k, rng, n_init=1, max_iter=100):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X) or n_init < 1 or max_iter < 1:
        raise ValueError("bad sizes")
    best = None
    for _ in range(n_init):
        mu = X[rng.choice(len(X), size=k, replace=False)]
        z = np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=1)
        mu = np.array([X[z == j].mean(0) if (z == j).any() else mu[j] for j in range(k)])
        table = np.linalg.norm(X[:, None] - mu, axis=2)
        cost = np.sum(table.min(axis=1) ** 2)
        if best is None or cost < best[0]:
            best = (cost, mu, table.argmin(axis=1))
    return best[1], best[2]


@wrong("sums over all axes, one pass, nan", says="average over both features")
def kmeans(X, k, rng, n_init=1, max_iter=100):
    X = np.asarray(X)
    N = len(X)
    mu = np.array([X[rng.integers(0, N)] for _ in range(k)], dtype=float)
    z = np.zeros(N, dtype=np.int8)
    for i, x in enumerate(X):
        z[i] = int(np.argmin(np.linalg.norm(x - mu, axis=1) ** 2))
    for i in range(k):
        mask = z == i
        mu[i] = (1 / np.sum(mask)) * np.sum(X[mask])
    return mu, z


@wrong("labels of type int8", says="a small integer type such as int8", points=4)
def kmeans(X, k, rng, n_init=1, max_iter=100):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X) or n_init < 1 or max_iter < 1:
        raise ValueError("bad sizes")
    best = None
    for _ in range(n_init):
        mu = X[rng.choice(len(X), size=k, replace=False)]
        z = np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=1).astype(np.int8)
        for _ in range(max_iter):
            mu = np.array([X[z == j].mean(0) if (z == j).any() else mu[j] for j in range(k)])
            old, table = z, np.linalg.norm(X[:, None] - mu, axis=2)
            z = table.argmin(axis=1).astype(np.int8)
            if np.array_equal(old, z):
                break
        cost = np.sum(table.min(axis=1) ** 2)
        if best is None or cost < best[0]:
            best = (cost, mu, z)
    return best[1], best[2]


@wrong("nan for an empty cluster", says="Where points are copies of one another", points=4)
def kmeans(X, k, rng, n_init=1, max_iter=100):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X) or n_init < 1 or max_iter < 1:
        raise ValueError("bad sizes")
    best = None
    for _ in range(n_init):
        mu = X[rng.choice(len(X), size=k, replace=False)]
        z = np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=1)
        for _ in range(max_iter):
            mu = np.array([X[z == j].mean(axis=0) for j in range(k)])
            old, table = z, np.linalg.norm(X[:, None] - mu, axis=2)
            z = table.argmin(axis=1)
            if np.array_equal(old, z):
                break
        cost = np.sum(table.min(axis=1) ** 2)
        if best is None or cost < best[0]:
            best = (cost, mu, z)
    return best[1], best[2]


@wrong("n_init has no effect", says="`n_init` has no effect", points=3)
def kmeans(X, k, rng, n_init=1, max_iter=100):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X) or n_init < 1 or max_iter < 1:
        raise ValueError("bad sizes")
    mu = X[rng.choice(len(X), size=k, replace=False)]
    z = np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=1)
    for _ in range(max_iter):
        mu = np.array([X[z == j].mean(0) if (z == j).any() else mu[j] for j in range(k)])
        old, z = z, np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=1)
        if np.array_equal(old, z):
            break
    return mu, z


@wrong("keeps the last start", says="not the last or the largest", points=3)
def kmeans(X, k, rng, n_init=1, max_iter=100):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X) or n_init < 1 or max_iter < 1:
        raise ValueError("bad sizes")
    for _ in range(n_init):
        mu = X[rng.choice(len(X), size=k, replace=False)]
        z = np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=1)
        for _ in range(max_iter):
            mu = np.array([X[z == j].mean(0) if (z == j).any() else mu[j] for j in range(k)])
            old, z = z, np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=1)
            if np.array_equal(old, z):
                break
    return mu, z


@wrong("keeps the largest inertia", says="not the last or the largest", points=3)
def kmeans(X, k, rng, n_init=1, max_iter=100):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X) or n_init < 1 or max_iter < 1:
        raise ValueError("bad sizes")
    best = None
    for _ in range(n_init):
        mu = X[rng.choice(len(X), size=k, replace=False)]
        z = np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=1)
        for _ in range(max_iter):
            mu = np.array([X[z == j].mean(0) if (z == j).any() else mu[j] for j in range(k)])
            old, table = z, np.linalg.norm(X[:, None] - mu, axis=2)
            z = table.argmin(axis=1)
            if np.array_equal(old, z):
                break
        score = np.sum(table.min(axis=1) ** 2)
        if best is None or score > best[0]:
            best = (score, mu, z)
    return best[1], best[2]


@wrong("the assignments of the move before", says="once more after the last move", points=3)
def kmeans(X, k, rng, n_init=1, max_iter=100):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X) or n_init < 1 or max_iter < 1:
        raise ValueError("bad sizes")
    best = None
    for _ in range(n_init):
        mu = X[rng.choice(len(X), size=k, replace=False)]
        old = None
        for _ in range(max_iter):
            z = np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=1)
            if old is not None and np.array_equal(old, z):
                break
            mu = np.array([X[z == j].mean(0) if (z == j).any() else mu[j] for j in range(k)])
            old = z
        cost = np.sum((X - mu[z]) ** 2)
        if best is None or cost < best[0]:
            best = (cost, mu, z)
    return best[1], best[2]


@wrong("one move too many", says="count the moves", points=3)
def kmeans(X, k, rng, n_init=1, max_iter=100):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X) or n_init < 1 or max_iter < 1:
        raise ValueError("bad sizes")
    best = None
    for _ in range(n_init):
        mu = X[rng.choice(len(X), size=k, replace=False)]
        z = np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=1)
        for _ in range(max_iter + 1):
            mu = np.array([X[z == j].mean(0) if (z == j).any() else mu[j] for j in range(k)])
            old, table = z, np.linalg.norm(X[:, None] - mu, axis=2)
            z = table.argmin(axis=1)
            if np.array_equal(old, z):
                break
        cost = np.sum(table.min(axis=1) ** 2)
        if best is None or cost < best[0]:
            best = (cost, mu, z)
    return best[1], best[2]


@wrong("ignores max_iter", says="count the moves", points=3)
def kmeans(X, k, rng, n_init=1, max_iter=100):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X) or n_init < 1 or max_iter < 1:
        raise ValueError("bad sizes")
    best = None
    for _ in range(n_init):
        mu = X[rng.choice(len(X), size=k, replace=False)]
        z, old = np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=1), None
        while old is None or not np.array_equal(old, z):
            mu = np.array([X[z == j].mean(0) if (z == j).any() else mu[j] for j in range(k)])
            old, table = z, np.linalg.norm(X[:, None] - mu, axis=2)
            z = table.argmin(axis=1)
        cost = np.sum(table.min(axis=1) ** 2)
        if best is None or cost < best[0]:
            best = (cost, mu, z)
    return best[1], best[2]


@wrong("starts from random places", says="from data points")
def kmeans(X, k, rng, n_init=1, max_iter=100):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X) or n_init < 1 or max_iter < 1:
        raise ValueError("bad sizes")
    best = None
    for _ in range(n_init):
        mu = rng.uniform(X.min(), X.max(), size=(k, X.shape[1]))
        z = np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=1)
        for _ in range(max_iter):
            mu = np.array([X[z == j].mean(0) if (z == j).any() else mu[j] for j in range(k)])
            old, table = z, np.linalg.norm(X[:, None] - mu, axis=2)
            z = table.argmin(axis=1)
            if np.array_equal(old, z):
                break
        cost = np.sum(table.min(axis=1) ** 2)
        if best is None or cost < best[0]:
            best = (cost, mu, z)
    return best[1], best[2]


@wrong("numpy's global state", says="draw from `rng`, not from `np.random`", points=3)
def kmeans(X, k, rng, n_init=1, max_iter=100):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X) or n_init < 1 or max_iter < 1:
        raise ValueError("bad sizes")
    best = None
    for _ in range(n_init):
        mu = X[np.random.choice(len(X), size=k, replace=False)]
        z = np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=1)
        for _ in range(max_iter):
            mu = np.array([X[z == j].mean(0) if (z == j).any() else mu[j] for j in range(k)])
            old, table = z, np.linalg.norm(X[:, None] - mu, axis=2)
            z = table.argmin(axis=1)
            if np.array_equal(old, z):
                break
        cost = np.sum(table.min(axis=1) ** 2)
        if best is None or cost < best[0]:
            best = (cost, mu, z)
    return best[1], best[2]


@wrong("a constant seed", says="make no generator with a seed of your own", points=3)
def kmeans(X, k, rng, n_init=1, max_iter=100):
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X) or n_init < 1 or max_iter < 1:
        raise ValueError("bad sizes")
    model = KMeans(k, init="random", n_init=n_init, max_iter=max_iter, tol=0, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(X)
    return model.cluster_centers_, model.labels_


@wrong("returns z before mu", says="centroids come first")
def kmeans(X, k, rng, n_init=1, max_iter=100):
    X = np.asarray(X, dtype=float)
    mu = X[rng.choice(len(X), size=k, replace=False)]
    return np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=1), mu


@wrong("returns only the centroids", says="Return two things")
def kmeans(X, k, rng, n_init=1, max_iter=100):
    X = np.asarray(X, dtype=float)
    return X[rng.choice(len(X), size=k, replace=False)].mean()


@wrong("uint8 wraps around", says="With uint8 pixels the result is wrong", points=4)
def kmeans(X, k, rng, n_init=1, max_iter=100):
    X = np.asarray(X)
    if not 1 <= k <= len(X) or n_init < 1 or max_iter < 1:
        raise ValueError("bad sizes")
    best = None
    for _ in range(n_init):
        mu = X[rng.choice(len(X), size=k, replace=False)]
        if X.dtype != np.uint8:
            mu = mu.astype(float)
        z = np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=1)
        for _ in range(max_iter):
            for j in np.unique(z):
                mu[j] = X[z == j].mean(axis=0)
            old, table = z, np.linalg.norm(X[:, None] - mu, axis=2)
            z = table.argmin(axis=1)
            if np.array_equal(old, z):
                break
        cost = np.sum(table.min(axis=1) ** 2)
        if best is None or cost < best[0]:
            best = (cost, mu, z)
    return best[1], best[2]


@wrong("checks nothing", says="3 clusters of 2 points must raise a ValueError", points=4)
def kmeans(X, k, rng, n_init=1, max_iter=100):
    X = np.asarray(X, dtype=float)
    best = None
    for _ in range(n_init):
        mu = X[rng.integers(len(X), size=k)]
        z = np.linalg.norm(X[:, None] - mu, axis=2).argmin(axis=1)
        for _ in range(max_iter):
            mu = np.array([X[z == j].mean(0) if (z == j).any() else mu[j] for j in range(k)])
            old, table = z, np.linalg.norm(X[:, None] - mu, axis=2)
            z = table.argmin(axis=1)
            if np.array_equal(old, z):
                break
        cost = np.sum(table.min(axis=1) ** 2)
        if best is None or cost < best[0]:
            best = (cost, mu, z)
    return best[1], best[2]


# --- quizzes -----------------------------------------------------------------------------------

quiz_1 = right(" C")
quiz_1 = wrong("a", says="A third run may end lower still")
quiz_1 = wrong("b", says="what would you average")
quiz_1 = wrong("d", says="started from different rows")
quiz_1 = wrong("The second is better", says="one of the letters")

quiz_2 = right("A")
quiz_2 = wrong("b", says="only numbered in another order")
quiz_2 = wrong("c", says="More clusters have more arbitrary numbers")
quiz_2 = wrong("d", says="a lucky order is no better clustering")

# --- changes of the solutions that make no difference ------------------------------------------

equivalent(
    ("get_cluster_assignments", "inertia"),
    "X = np.asarray(X)",
    "mu = np.asarray(centroid_locations)",
    because="As long as one of the two is of type float, so is their difference.",
)
equivalent(
    "get_cluster_assignments",
    "squared_distances[:, k] = np.mean((X - mu[k]) ** 2, axis=1)",
    because="The mean over D features is the sum divided by D: the same order of near and far.",
)
equivalent(
    "get_cluster_centroids",
    "if X.shape[1] < centroids.shape[1]:",
    because="A mean of more features does not fit into the centroid's row, and NumPy raises a ValueError.",
)
equivalent(
    "get_cluster_centroids",
    "X = np.asarray(X)",
    because="`mean` gives floats for whole numbers, too.",
)
equivalent(
    "get_cluster_centroids",
    "for k in range(len(centroids) + 1):",
    because="No label is K, so nothing happens in the last round.",
)
equivalent(
    "kmeans_plus_plus",
    "squares = np.sum((X - X[rows[-1]]) ** 2, axis=1)",
    because="There is only one row so far: the first is the last.",
)
equivalent(
    "kmeans_plus_plus",
    "if squares.mean() > 0:",
    because="The mean of squares is above 0 where their sum is.",
)
equivalent(
    "kmeans",
    "if cost <= best[0]:",
    because="Of two equally good runs either may be kept.",
)
equivalent(
    "kmeans",
    "cost = np.mean((X - mu[z]) ** 2)",
    because="The mean is the inertia divided by a constant: the same run is the best.",
)
equivalent(
    "kmeans",
    "def kmeans(X, k, rng, n_init=2, max_iter=100):",
    "for _ in range(n_init + 1):",
    because="One start more can only make the result better, and tests cannot count starts.",
)
equivalent(
    "kmeans",
    "def kmeans(X, k, rng, n_init=1, max_iter=101):",
    "def kmeans(X, k, rng, n_init=1, max_iter=99):",
    because="The runs of the tests end long before.",
)
equivalent(
    "kmeans",
    "if not 0 <= k <= len(X):",
    "if False and (not 1 <= k <= len(X)):",
    "if not 1 <= k:",
    "if not k <= len(X):",
    because="Where the check lets it pass, NumPy or SciPy raise a ValueError a few lines on.",
)
equivalent(
    "kmeans",
    "continue",
    "if False and (np.array_equal(before, z)):",
    because="Where the assignments rest, further rounds change nothing; they only take time.",
)
equivalent(
    "kmeans",
    "mu = X[rng.choice(len(X), size=k, replace=True)]",
    "mu = X[rng.choice(len(X), size=k)]",
    because="The starts are data points of the student's choosing, the same one twice included.",
)
equivalent(
    "kmeans",
    "X = np.asarray(X)",
    because="NumPy turns the numbers into floats in the next step anyway.",
)
equivalent(
    "kmeans",
    "shift = X.mean() ...",
    because="Any shift that is taken back in the end will do.",
)
