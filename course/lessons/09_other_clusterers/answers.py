"""Answers to lesson 09: right ones of different style, and misconceptions."""

from course.oracle import equivalent, right, wrong

# --- core_sample_mask --------------------------------------------------------------------------


@right("broadcasting, and a root")
def core_sample_mask(X, eps, min_samples):
    X = np.array(X, dtype=float)
    if X.ndim != 2 or min_samples < 1:
        raise ValueError("bad input")
    distances = np.sqrt(((X[:, None] - X[None]) ** 2).sum(axis=2))
    return np.count_nonzero(distances <= eps, axis=1) >= min_samples


@right("a loop that returns a list")
def core_sample_mask(X, eps, min_samples):
    if min_samples < 1:
        raise ValueError("min_samples is below 1")
    if np.ndim(X) != 2:
        raise ValueError("X needs two axes")
    X = np.asarray(X, dtype=float)
    mask = []
    for x in X:
        count = 0
        for y in X:
            if np.linalg.norm(x - y) <= eps:
                count += 1
        mask.append(count >= min_samples)
    return mask


@right("asks scikit-learn's DBSCAN")
def core_sample_mask(X, eps, min_samples):
    model = DBSCAN(eps=eps, min_samples=min_samples).fit(np.asarray(X, dtype=float))
    mask = np.zeros(len(X), dtype=bool)
    mask[model.core_sample_indices_] = True
    return mask


@right("a tree of neighbours")
def core_sample_mask(X, eps, min_samples):
    from sklearn.neighbors import NearestNeighbors

    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or not min_samples >= 1:
        raise ValueError("bad input")
    rows = NearestNeighbors(radius=eps).fit(X).radius_neighbors(X, return_distance=False)
    return np.array([len(row) >= min_samples for row in rows])


@right("the sorted distances")
def core_sample_mask(X, eps, min_samples):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or min_samples < 1:
        raise ValueError("bad input")
    if min_samples > len(X):
        return np.zeros(len(X), dtype=bool)
    return np.sort(cdist(X, X), axis=1)[:, min_samples - 1] <= eps


@right("squares on both sides, by a matrix product")
def core_sample_mask(X, eps, min_samples):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or min_samples < 1:
        raise ValueError("bad input")
    norms = np.sum(X**2, axis=1)
    square = norms[:, None] - 2 * X @ X.T + norms
    return (square <= eps**2).sum(axis=0) >= min_samples


@wrong("a point does not count itself", says="a point counts itself")
def core_sample_mask(X, eps, min_samples):
    X = np.asarray(X, dtype=float)
    near = cdist(X, X) <= eps
    np.fill_diagonal(near, False)
    return near.sum(axis=1) >= min_samples


@wrong("more than min_samples", says="exactly min_samples are enough")
def core_sample_mask(X, eps, min_samples):
    X = np.asarray(X, dtype=float)
    return np.sum(cdist(X, X) <= eps, axis=1) > min_samples


@wrong("nearer than eps", says="A distance of exactly eps counts", points=2)
def core_sample_mask(X, eps, min_samples):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or min_samples < 1:
        raise ValueError("bad input")
    return np.sum(cdist(X, X) < eps, axis=1) >= min_samples


@wrong("all points of a cluster", says="lies *near* a core point is none itself")
def core_sample_mask(X, eps, min_samples):
    return DBSCAN(eps=eps, min_samples=min_samples).fit(X).labels_ >= 0


@wrong("row numbers", says="True or False for *every* point")
def core_sample_mask(X, eps, min_samples):
    return DBSCAN(eps=eps, min_samples=min_samples).fit(X).core_sample_indices_


@wrong("row numbers, as np.where returns them", says="True or False for *every* point")
def core_sample_mask(X, eps, min_samples):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or min_samples < 1:
        raise ValueError("bad input")
    return np.where((cdist(X, X) <= eps).sum(axis=1) >= min_samples)


@wrong("one count for the whole table", says="a single answer for all points together")
def core_sample_mask(X, eps, min_samples):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or min_samples < 1:
        raise ValueError("bad input")
    return (cdist(X, X) <= eps).sum() >= min_samples


@wrong("the norm of all differences at once", says="an `axis` forgotten")
def core_sample_mask(X, eps, min_samples):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or min_samples < 1:
        raise ValueError("bad input")
    return np.array([np.sum(np.linalg.norm(X - x) <= eps) >= min_samples for x in X])


@wrong("squared distances", says="squared distance with eps")
def core_sample_mask(X, eps, min_samples):
    X = np.asarray(X, dtype=float)
    return np.sum((X[:, None] - X) ** 2, axis=2).__le__(eps).sum(axis=1) >= min_samples


@wrong("zeros and ones", says="would pick rows 0 and 1")
def core_sample_mask(X, eps, min_samples):
    X = np.asarray(X, dtype=float)
    return (np.sum(cdist(X, X) <= eps, axis=1) >= min_samples).astype(int)


@wrong("counts of neighbours", says="compare the number of neighbours with min_samples")
def core_sample_mask(X, eps, min_samples):
    X = np.asarray(X, dtype=float)
    return np.sum(cdist(X, X) <= eps, axis=1)


@wrong("city-block distances", says="You add up the differences along the axes", points=0)
def core_sample_mask(X, eps, min_samples):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or min_samples < 1:
        raise ValueError("bad input")
    return np.sum(cdist(X, X, "cityblock") <= eps, axis=1) >= min_samples


@wrong("each feature on its own", says="over all of", points=1)
def core_sample_mask(X, eps, min_samples):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or min_samples < 1:
        raise ValueError("bad input")
    return np.all(np.abs(X[:, None] - X) <= eps, axis=2).sum(axis=1) >= min_samples


@wrong("the first two features only", says="Only the first two features are used")
def core_sample_mask(X, eps, min_samples):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or min_samples < 1:
        raise ValueError("bad input")
    x, y = X[:, 0], X[:, 1]
    distances = np.sqrt((x[:, None] - x) ** 2 + (y[:, None] - y) ** 2)
    return np.sum(distances <= eps, axis=1) >= min_samples


@wrong("min_samples fixed at 5", says="eps or min_samples fixed in your code")
def core_sample_mask(X, eps, min_samples):
    return np.sum(cdist(X, X) <= eps, axis=1) >= 5


@wrong("any neighbour will do", says="so with min_samples = 3 it is no core point")
def core_sample_mask(X, eps, min_samples):
    return np.sum(cdist(X, X) <= eps, axis=1) >= 2


@wrong("no checks", says="min_samples = 0 must raise a ValueError", points=2)
def core_sample_mask(X, eps, min_samples):
    X = np.asarray(X, dtype=float)
    return np.sum(cdist(X, X) <= eps, axis=1) >= min_samples


@wrong("uint8 differences", says="With uint8 numbers the differences wrap around", points=2)
def core_sample_mask(X, eps, min_samples):
    X = np.asarray(X)
    if X.ndim != 2 or min_samples < 1:
        raise ValueError("bad input")
    distances = np.sqrt(np.sum((X[:, None] - X) ** 2, axis=2))
    return np.sum(distances <= eps, axis=1) >= min_samples


# --- dbscan_predict ----------------------------------------------------------------------------


@right("broadcasting and np.where")
def dbscan_predict(X_new, core_points, core_labels, eps):
    X_new, core_points = np.array(X_new, dtype=float), np.array(core_points, dtype=float)
    if len(core_points) != len(core_labels):
        raise ValueError("lengths differ")
    if not len(core_points):
        return -np.ones(len(X_new), dtype=int)
    if X_new.shape[1] != core_points.shape[1]:
        raise ValueError("columns differ")
    square = ((X_new[:, None] - core_points) ** 2).sum(axis=2)
    best = square.argmin(axis=1)
    return np.where(square[np.arange(len(best)), best] <= eps**2, np.take(core_labels, best), -1)


@right("two loops that return a list")
def dbscan_predict(X_new, core_points, core_labels, eps):
    if len(core_points) != len(core_labels):
        raise ValueError("lengths differ")
    X_new = np.asarray(X_new, dtype=float)
    core_points = np.asarray(core_points, dtype=float)
    if len(core_points) > 0 and core_points.shape[1] != X_new.shape[1]:
        raise ValueError("columns differ")
    result = []
    for x in X_new:
        label, best = -1, float("inf")
        for core, its_label in zip(core_points, core_labels):
            distance = np.linalg.norm(x - core)
            if distance < best:
                best = distance
                label = int(its_label)
        result.append(label if best <= eps else -1)
    return result


@right("sorted neighbours, and floats for labels")
def dbscan_predict(X_new, core_points, core_labels, eps):
    X_new, cores = np.asarray(X_new, dtype=float), np.asarray(core_points, dtype=float)
    if len(cores) != len(core_labels):
        raise ValueError("one label for each core point, please")
    labels = np.full(len(X_new), -1.0)
    if len(cores):
        if cores.shape[1] != X_new.shape[1]:
            raise ValueError("features do not fit")
        for i, x in enumerate(X_new):
            distances = np.linalg.norm(cores - x, axis=1)
            k = np.argsort(distances, kind="stable")[0]
            if distances[k] <= eps:
                labels[i] = core_labels[k]
    return labels


@right("noise as one more entry of the labels")
def dbscan_predict(X_new, core_points, core_labels, eps):
    X_new = np.asarray(X_new, dtype=float)
    if len(core_labels) != len(core_points):
        raise ValueError("lengths differ")
    if len(core_points) == 0:
        return [-1] * len(X_new)
    if np.shape(core_points)[1] != X_new.shape[1]:
        raise ValueError("columns differ")
    distances = cdist(X_new, np.asarray(core_points, dtype=float))
    index = distances.argmin(1)
    index[distances.min(1) > eps] = len(core_labels)
    return np.append(core_labels, -1)[index]


@wrong("row numbers for labels", says="look up its cluster in `core_labels`")
def dbscan_predict(X_new, core_points, core_labels, eps):
    distances = cdist(X_new, core_points)
    return np.where(distances.min(axis=1) > eps, -1, distances.argmin(axis=1))


@wrong("no cut-off", says="lies more than eps from every core point")
def dbscan_predict(X_new, core_points, core_labels, eps):
    return np.asarray(core_labels)[cdist(X_new, core_points).argmin(axis=1)]


@wrong("noise at exactly eps", says="it is noise only if it is *farther*", points=2)
def dbscan_predict(X_new, core_points, core_labels, eps):
    X_new, core_points = np.asarray(X_new, float), np.asarray(core_points, float)
    if len(core_points) != len(core_labels):
        raise ValueError("lengths differ")
    if len(core_points) == 0:
        return np.full(len(X_new), -1)
    distances = cdist(X_new, core_points)
    labels = np.asarray(core_labels)[distances.argmin(axis=1)]
    return np.where(distances.min(axis=1) < eps, labels, -1)


@wrong("a squared distance against eps", says="do you compare the squared distance")
def dbscan_predict(X_new, core_points, core_labels, eps):
    square = cdist(X_new, core_points, "sqeuclidean")
    labels = np.asarray(core_labels)[square.argmin(axis=1)]
    return np.where(square.min(axis=1) > eps, -1, labels)


@wrong("the comparison turned around", says="turn the comparison with eps around")
def dbscan_predict(X_new, core_points, core_labels, eps):
    distances = cdist(X_new, core_points)
    labels = np.asarray(core_labels)[distances.argmin(axis=1)]
    labels[distances.min(axis=1) <= eps] = -1
    return labels


@wrong("a column of labels", says="one label for each new point")
def dbscan_predict(X_new, core_points, core_labels, eps):
    knn = KNeighborsClassifier(n_neighbors=1).fit(core_points, core_labels)
    distance, nearest = knn.kneighbors(X_new)
    labels = np.asarray(core_labels)[nearest]
    labels[distance > eps] = -1
    return labels


@wrong("a vote of all core points in reach", says="One neighbour decides", points=0)
def dbscan_predict(X_new, core_points, core_labels, eps):
    X_new, core_points = np.asarray(X_new, float), np.asarray(core_points, float)
    if len(core_points) != len(core_labels):
        raise ValueError("lengths differ")
    near = cdist(X_new, core_points) <= eps
    labels = []
    for row in near:
        found = np.asarray(core_labels)[row]
        labels.append(np.bincount(found).argmax() if len(found) else -1)
    return np.array(labels)


@wrong("the nearest mean of a cluster", says="next to core point 0", points=0)
def dbscan_predict(X_new, core_points, core_labels, eps):
    core_points, core_labels = np.asarray(core_points), np.asarray(core_labels)
    names = np.unique(core_labels)
    means = np.array([core_points[core_labels == k].mean(axis=0) for k in names])
    distances = cdist(X_new, means)
    return np.where(distances.min(axis=1) > eps, -1, names[distances.argmin(axis=1)])


@wrong("stops without core points", says="With no core points at all your function stops", points=2)
def dbscan_predict(X_new, core_points, core_labels, eps):
    X_new, core_points = np.asarray(X_new, float), np.asarray(core_points, float)
    if len(core_points) != len(core_labels):
        raise ValueError("lengths differ")
    distances = cdist(X_new, core_points)
    labels = np.asarray(core_labels)[distances.argmin(axis=1)]
    return np.where(distances.min(axis=1) > eps, -1, labels)


@wrong("ties to the last core point", says="the lowest row number decides", points=2)
def dbscan_predict(X_new, core_points, core_labels, eps):
    X_new, core_points = np.asarray(X_new, float), np.asarray(core_points, float)
    if len(core_points) != len(core_labels):
        raise ValueError("lengths differ")
    if len(core_points) == 0:
        return np.full(len(X_new), -1)
    if X_new.shape[1] != core_points.shape[1]:
        raise ValueError("columns differ")
    distances = cdist(X_new, core_points)[:, ::-1]
    labels = np.asarray(core_labels)[::-1][distances.argmin(axis=1)]
    return np.where(distances.min(axis=1) > eps, -1, labels)


@wrong("more labels than core points go unnoticed", says="finds the slip above", points=2)
def dbscan_predict(X_new, core_points, core_labels, eps):
    X_new, core_points = np.asarray(X_new, float), np.asarray(core_points, float)
    if len(core_points) == 0:
        return np.full(len(X_new), -1)
    distances = cdist(X_new, core_points)
    labels = np.asarray(core_labels)[distances.argmin(axis=1)]
    return np.where(distances.min(axis=1) > eps, -1, labels)


@wrong("eps fixed at 0.2", says="is eps fixed in your code")
def dbscan_predict(X_new, core_points, core_labels, eps):
    distances = cdist(X_new, core_points)
    labels = np.asarray(core_labels)[distances.argmin(axis=1)]
    return np.where(distances.min(axis=1) > 0.2, -1, labels)


@wrong("stretches a single column", says="NumPy would stretch them", points=2)
def dbscan_predict(X_new, core_points, core_labels, eps):
    X_new, core_points = np.asarray(X_new, float), np.asarray(core_points, float)
    if len(core_points) != len(core_labels):
        raise ValueError("lengths differ")
    if len(core_points) == 0:
        return np.full(len(X_new), -1)
    distances = np.sqrt(((X_new[:, None] - core_points) ** 2).sum(axis=2))
    labels = np.asarray(core_labels)[distances.argmin(axis=1)]
    return np.where(distances.min(axis=1) > eps, -1, labels)


# --- rbf_affinity ------------------------------------------------------------------------------


@right("broadcasting")
def rbf_affinity(X, gamma):
    X = np.array(X, dtype=float)
    if X.ndim != 2:
        raise ValueError("X needs two axes")
    return np.exp(-gamma * np.sum((X[:, None, :] - X[None, :, :]) ** 2, axis=-1))


@right("two loops that return lists")
def rbf_affinity(X, gamma):
    from math import exp

    if np.ndim(X) != 2:
        raise ValueError("X needs two axes")
    X = [[float(v) for v in x] for x in X]
    return [[exp(-gamma * sum((a - b) ** 2 for a, b in zip(x, y))) for y in X] for x in X]


@right("scikit-learn's kernel")
def rbf_affinity(X, gamma):
    from sklearn.metrics.pairwise import rbf_kernel

    return rbf_kernel(np.asarray(X, dtype=float), gamma=gamma)


@right("a matrix product")
def rbf_affinity(X, gamma):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2:
        raise ValueError("X needs two axes")
    norms = (X * X).sum(axis=1)
    square = np.maximum(norms[:, None] + norms[None, :] - 2 * X @ X.T, 0)
    return np.exp(-gamma * square)


@right("condensed distances, float32")
def rbf_affinity(X, gamma):
    from scipy.spatial.distance import pdist, squareform

    X = np.asarray(X, dtype=float)
    if X.ndim != 2:
        raise ValueError("X needs two axes")
    if len(X) == 1:
        return np.ones((1, 1), dtype=np.float32)
    return np.exp(-gamma * squareform(pdist(X, "sqeuclidean"))).astype(np.float32)


@wrong("forgets the square", says="it must be squared")
def rbf_affinity(X, gamma):
    X = np.asarray(X, dtype=float)
    return np.exp(-gamma * cdist(X, X))


@wrong("forgets the minus sign", says="is the minus sign missing")
def rbf_affinity(X, gamma):
    X = np.asarray(X, dtype=float)
    return np.exp(gamma * cdist(X, X) ** 2)


@wrong("squares the minus sign away", says="or squared away")
def rbf_affinity(X, gamma):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2:
        raise ValueError("two axes, please")
    return np.exp((-np.sqrt(gamma) * cdist(X, X)) ** 2)


@wrong("squares gamma too", says="only the distance is squared")
def rbf_affinity(X, gamma):
    X = np.asarray(X, dtype=float)
    return np.exp(-((gamma * cdist(X, X)) ** 2))


@wrong("divides by gamma", says="the formula multiplies")
def rbf_affinity(X, gamma):
    X = np.asarray(X, dtype=float)
    return np.exp(-(cdist(X, X) ** 2) / gamma)


@wrong("a width in place of gamma", says="the form with a width sigma")
def rbf_affinity(X, gamma):
    X = np.asarray(X, dtype=float)
    return np.exp(-(cdist(X, X) ** 2) / (2 * gamma**2))


@wrong("squares the squared distance", says="squared already")
def rbf_affinity(X, gamma):
    X = np.asarray(X, dtype=float)
    return np.exp(-gamma * cdist(X, X, "sqeuclidean") ** 2)


@wrong("no friendship with oneself", says="at distance 0 the formula gives 1")
def rbf_affinity(X, gamma):
    X = np.asarray(X, dtype=float)
    A = np.exp(-gamma * cdist(X, X) ** 2)
    np.fill_diagonal(A, 0)
    return A


@wrong("sums before it squares", says="square each of them first")
def rbf_affinity(X, gamma):
    X = np.asarray(X, dtype=float)
    return np.exp(-gamma * np.sum(X[:, None] - X, axis=2) ** 2)


@wrong("the norms of the points", says="one number for each *pair*")
def rbf_affinity(X, gamma):
    X = np.asarray(X, dtype=float)
    return np.exp(-gamma * np.sum(X**2, axis=1))


@wrong("only one half of the table", says="Is one half of it empty")
def rbf_affinity(X, gamma):
    X = np.asarray(X, dtype=float)
    A = np.eye(len(X))
    for i in range(len(X)):
        for j in range(i + 1, len(X)):
            A[i, j] = np.exp(-gamma * np.sum((X[i] - X[j]) ** 2))
    return A


@wrong("scales the rows", says="The squared distances of these points")
def rbf_affinity(X, gamma):
    X = np.asarray(X, dtype=float)
    A = np.exp(-gamma * cdist(X, X) ** 2)
    return A / A.sum(axis=1, keepdims=True)


@wrong("the first two features only", says="Only the first two features are used")
def rbf_affinity(X, gamma):
    X = np.asarray(X, dtype=float)
    x, y = X[:, 0], X[:, 1]
    return np.exp(-gamma * ((x[:, None] - x) ** 2 + (y[:, None] - y) ** 2))


@wrong("uint8 differences", says="With uint8 numbers differences or squares wrap", points=2)
def rbf_affinity(X, gamma):
    X = np.asarray(X)
    if X.ndim != 2:
        raise ValueError("X needs two axes")
    return np.exp(-gamma * np.sum((X[:, None] - X) ** 2, axis=2))


@wrong("takes a flat list for points", says="An `X` with a single axis must raise", points=2)
def rbf_affinity(X, gamma):
    X = np.asarray(X, dtype=float)
    X = X[:, None] if X.ndim == 1 else X
    return np.exp(-gamma * np.sum((X[:, None] - X) ** 2, axis=2))


# --- cut_tree ----------------------------------------------------------------------------------


@right("a dictionary of members")
def cut_tree(children, n_leaves, n_clusters):
    if n_clusters < 1 or n_clusters > n_leaves or len(children) != n_leaves - 1:
        raise ValueError("bad input")
    members = {leaf: [leaf] for leaf in range(n_leaves)}
    for i in range(n_leaves - n_clusters):
        a, b = children[i]
        members[n_leaves + i] = members.pop(int(a)) + members.pop(int(b))
    labels = np.zeros(n_leaves, dtype=int)
    for label, leaves in enumerate(members.values()):
        labels[leaves] = label
    return labels


@right("from the root downwards, as a list")
def cut_tree(children, n_leaves, n_clusters):
    if not 1 <= n_clusters <= n_leaves:
        raise ValueError("no such number of clusters")
    if len(children) != n_leaves - 1:
        raise ValueError("wrong number of merges")
    roots = {2 * n_leaves - 2}
    while len(roots) < n_clusters:
        top = max(roots)
        roots.remove(top)
        roots.update(int(c) for c in children[top - n_leaves])
    labels = [0] * n_leaves
    for label, root in enumerate(roots):
        stack = [root]
        while stack:
            node = stack.pop()
            if node < n_leaves:
                labels[node] = label
            else:
                stack += [int(c) for c in children[node - n_leaves]]
    return labels


@right("parents that are followed upwards")
def cut_tree(children, n_leaves, n_clusters):
    children = np.asarray(children, dtype=int)
    if n_clusters not in range(1, n_leaves + 1) or len(children) != n_leaves - 1:
        raise ValueError("bad input")
    parent = list(range(2 * n_leaves - 1))
    for i in range(n_leaves - n_clusters):
        for child in children[i]:
            parent[child] = n_leaves + i
    names, labels = {}, []
    for leaf in range(n_leaves):
        node = leaf
        while parent[node] != node:
            node = parent[node]
        labels.append(names.setdefault(node, len(names)))
    return np.array(labels)


@right("SciPy's own cut, of a tree with made-up heights")
def cut_tree(children, n_leaves, n_clusters):
    from scipy.cluster.hierarchy import fcluster

    if n_clusters < 1 or n_clusters > n_leaves or len(children) != n_leaves - 1:
        raise ValueError("bad input")
    if n_leaves == 1:
        return np.array([0])
    sizes = [1] * n_leaves
    for a, b in children:
        sizes.append(sizes[int(a)] + sizes[int(b)])
    heights = np.arange(1, n_leaves)
    Z = np.column_stack([np.asarray(children, dtype=float), heights, sizes[n_leaves:]])
    return fcluster(Z, n_leaves - n_clusters + 0.5, criterion="distance") - 1


@right("sets of leaves, float labels")
def cut_tree(children, n_leaves, n_clusters):
    children = np.asarray(children)
    if n_clusters < 1 or n_clusters > n_leaves:
        raise ValueError("no such number of clusters")
    if len(children) != n_leaves - 1:
        raise ValueError("wrong number of merges")
    nodes = [{leaf} for leaf in range(n_leaves)]
    alive = set(range(n_leaves))
    for a, b in children[: n_leaves - n_clusters]:
        a, b = int(a), int(b)
        nodes.append(nodes[a] | nodes[b])
        alive = (alive - {a, b}) | {len(nodes) - 1}
    labels = np.empty(n_leaves)
    for label, node in enumerate(sorted(alive, reverse=True)):
        labels[list(nodes[node])] = label
    return labels


@wrong("n_clusters merges", says="is n_clusters the number of merges")
def cut_tree(children, n_leaves, n_clusters):
    cluster = np.arange(n_leaves)
    for i in range(n_clusters):
        cluster[np.isin(cluster, children[i])] = n_leaves + i
    return np.unique(cluster, return_inverse=True)[1]


@wrong("one merge too many", says="one merge too many")
def cut_tree(children, n_leaves, n_clusters):
    cluster = np.arange(n_leaves)
    for i in range(min(n_leaves - n_clusters + 1, len(children))):
        cluster[np.isin(cluster, children[i])] = n_leaves + i
    return np.unique(cluster, return_inverse=True)[1]


@wrong("one merge too few", says="one merge too few")
def cut_tree(children, n_leaves, n_clusters):
    cluster = np.arange(n_leaves)
    for i in range(n_leaves - n_clusters - 1):
        cluster[np.isin(cluster, children[i])] = n_leaves + i
    return np.unique(cluster, return_inverse=True)[1]


@wrong("the numbers of the tree for labels", says="rename the numbers of the clusters")
def cut_tree(children, n_leaves, n_clusters):
    cluster = np.arange(n_leaves)
    for i in range(n_leaves - n_clusters):
        cluster[np.isin(cluster, children[i])] = n_leaves + i
    return cluster


@wrong("takes every child for a leaf", says="4 and 5 are not leaves but clusters")
def cut_tree(children, n_leaves, n_clusters):
    cluster = np.arange(n_leaves)
    for a, b in children[: n_leaves - n_clusters]:
        if a < n_leaves and b < n_leaves:
            cluster[b] = cluster[a]
    return np.unique(cluster, return_inverse=True)[1]


@wrong("lets the second child follow the first", says="joins 4 and 5 (not leaves but clusters")
def cut_tree(children, n_leaves, n_clusters):
    children = np.asarray(children, dtype=int).reshape(-1, 2)
    if not 1 <= n_clusters <= n_leaves or len(children) != n_leaves - 1:
        raise ValueError("bad tree")
    now = np.arange(n_leaves)
    for a, b in children[: n_leaves - n_clusters]:
        now[b] = now[a]
    return np.unique(now, return_inverse=True)[1]


@wrong("both things that np.unique returns", says="the labels are the second")
def cut_tree(children, n_leaves, n_clusters):
    children = np.asarray(children, dtype=int).reshape(-1, 2)
    if not 1 <= n_clusters <= n_leaves or len(children) != n_leaves - 1:
        raise ValueError("bad tree")
    now = np.arange(n_leaves)
    for row, pair in enumerate(children[: n_leaves - n_clusters]):
        now[np.isin(now, pair)] = n_leaves + row
    return np.unique(now, return_inverse=True)


@wrong("the last merges first", says="merge only the last rows")
def cut_tree(children, n_leaves, n_clusters):
    cluster = np.arange(n_leaves)
    for i in range(n_leaves - 2, n_clusters - 2, -1):
        cluster[np.isin(cluster, children[i])] = n_leaves + i
    return np.unique(cluster, return_inverse=True)[1]


@wrong("new clusters counted from n_leaves + 1", says="4 and 5 are not leaves but clusters")
def cut_tree(children, n_leaves, n_clusters):
    cluster = np.arange(n_leaves)
    for i in range(n_leaves - n_clusters):
        cluster[np.isin(cluster, children[i])] = n_leaves + i + 1
    return np.unique(cluster, return_inverse=True)[1]


@wrong("one leaf of a merged cluster only", says="all of their leaves move")
def cut_tree(children, n_leaves, n_clusters):
    if not 1 <= n_clusters <= n_leaves or len(children) != n_leaves - 1:
        raise ValueError("bad input")
    cluster, first = np.arange(n_leaves), list(range(n_leaves))
    for a, b in children[: n_leaves - n_clusters]:
        a, b = first[int(a)], first[int(b)]
        cluster[b] = cluster[a]
        first.append(a)
    return np.unique(cluster, return_inverse=True)[1]


@wrong("no checks", says="n_clusters = 0 must raise a ValueError", points=2)
def cut_tree(children, n_leaves, n_clusters):
    cluster = np.arange(n_leaves)
    for i, pair in enumerate(children[: n_leaves - n_clusters]):
        cluster[np.isin(cluster, pair)] = n_leaves + i
    return np.unique(cluster, return_inverse=True)[1]


@wrong("floats for indices", says="With children stored as floats your function stops", points=2)
def cut_tree(children, n_leaves, n_clusters):
    if not 1 <= n_clusters <= n_leaves or len(children) != n_leaves - 1:
        raise ValueError("bad input")
    groups = [[leaf] for leaf in range(n_leaves)]
    for a, b in children[: n_leaves - n_clusters]:
        groups.append(groups[a] + groups[b])
        groups[a] = groups[b] = []
    labels = np.zeros(n_leaves, dtype=int)
    for label, leaves in enumerate([group for group in groups if group]):
        labels[leaves] = label
    return labels


@wrong("takes any number of merges", says="3 rows must raise a ValueError", points=2)
def cut_tree(children, n_leaves, n_clusters):
    if not 1 <= n_clusters <= n_leaves:
        raise ValueError("bad input")
    cluster = np.arange(n_leaves)
    for i, pair in enumerate(children[: n_leaves - n_clusters]):
        cluster[np.isin(cluster, pair)] = n_leaves + i
    return np.unique(cluster, return_inverse=True)[1]


# --- quizzes -----------------------------------------------------------------------------------

quiz_1 = right(" B")
quiz_1 = wrong("a", says="That is the slip itself")
quiz_1 = wrong("c", says="not yet their clusters")
quiz_1 = wrong("d", says="not simply the first rows")
quiz_1 = wrong("the second one", says="one of the letters")

quiz_2 = right("C ")
quiz_2 = wrong("a", says="straight borders")
quiz_2 = wrong("b", says="it cannot bend")
quiz_2 = wrong("d", says="prefers compact groups")

# --- changes of the solutions that make no difference ------------------------------------------

equivalent(
    ("core_sample_mask", "rbf_affinity"),
    "if X.ndim < 2:",
    "if X.ndim > 2:",
    "if False and (X.ndim != 2):",
    because="`cdist` refuses arrays that do not have two axes with a ValueError, too.",
)
equivalent(
    ("core_sample_mask", "rbf_affinity"),
    "X = np.asarray(X)",
    because="`cdist` turns the numbers into floats.",
)
equivalent(
    "core_sample_mask",
    "return np.sum(cdist(X, X) <= eps, axis=0) >= min_samples",
    because="The table of distances is symmetric.",
)
equivalent(
    "dbscan_predict",
    "if X_new.shape[1] < core_points.shape[1]:",
    "if X_new.shape[1] > core_points.shape[1]:",
    "if False and (X_new.shape[1] != core_points.shape[1]):",
    because="`cdist` refuses different numbers of columns with a ValueError, too.",
)
equivalent(
    "dbscan_predict",
    "X_new = np.asarray(X_new)",
    "core_points = np.asarray(core_points)",
    because="`cdist` turns the numbers into floats.",
)
equivalent(
    "dbscan_predict",
    "labels = core_labels[distances.argmin(axis=1)]",
    because="The labels are whole numbers already, and an index makes a copy.",
)
equivalent(
    "cut_tree",
    "children = np.asarray(children).reshape(-2, 2).astype(int)",
    because="NumPy takes any negative length for as many as there are.",
)
equivalent(
    "cut_tree",
    "children = np.asarray(children).reshape(-1, 2)",
    "children = np.asarray(children).astype(int)",
    because="Whole numbers are equal as floats, too, and an empty list has no rows in any shape.",
)
