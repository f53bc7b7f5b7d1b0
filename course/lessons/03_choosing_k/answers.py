"""Answers to lesson 03: right ones of different style, and misconceptions."""

from course.oracle import equivalent, right, wrong

# --- elbow_curve -------------------------------------------------------------------------------


@right("a list comprehension, returned as a list")
def elbow_curve(X, ks, random_state):
    if any(k < 1 or k > len(X) for k in ks):
        raise ValueError("bad number of clusters")
    return [
        KMeans(n_clusters=int(k), n_init=10, random_state=random_state).fit(X).inertia_ for k in ks
    ]


@right("minus the score, k-means' own errors")
def elbow_curve(X, ks, random_state):
    X = np.array(X, dtype=float)
    result = np.zeros(len(ks))
    for i, k in enumerate(ks):
        model = KMeans(k, n_init="auto", random_state=random_state)
        result[i] = -model.fit(X).score(X)
    return result


@right("inertia from transformed distances")
def elbow_curve(X, ks, random_state):
    X = np.asarray(X, dtype=float)
    out = []
    for k in ks:
        if k < 1 or k > X.shape[0]:
            raise ValueError("no")
        table = KMeans(k, n_init=5, random_state=random_state).fit_transform(X)
        out.append((table.min(axis=1) ** 2).sum())
    return np.array(out, dtype=np.float64)


@right("a k-means of one's own, with k-means++")
def elbow_curve(X, ks, random_state):
    X = np.asarray(X, dtype=float)

    def run(k, rng):
        mu = X[[rng.integers(len(X))]]
        while len(mu) < k:
            d = ((X[:, None] - mu) ** 2).sum(axis=2).min(axis=1)
            p = d / d.sum() if d.sum() > 0 else None
            mu = np.vstack([mu, X[rng.choice(len(X), p=p)]])
        for _ in range(100):
            z = ((X[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
            new = np.array([X[z == j].mean(axis=0) if np.any(z == j) else mu[j] for j in range(k)])
            if np.array_equal(new, mu):
                break
            mu = new
        return ((X[:, None] - mu) ** 2).sum(axis=2).min(axis=1).sum()

    curve = []
    for k in ks:
        if not 1 <= k <= len(X):
            raise ValueError("k must be from 1 to N")
        rng = np.random.default_rng(random_state)
        curve.append(min(run(int(k), rng) for _ in range(8)))
    return curve


@wrong("counts from 1 itself", says="Keep the order of `ks`", points=0)
def elbow_curve(X, ks, random_state):
    X = np.asarray(X, dtype=float)
    if min(ks) < 1 or max(ks) > len(X):
        raise ValueError("bad ks")
    curve = []
    for k in sorted(ks):
        curve.append(KMeans(k, n_init=10, random_state=random_state).fit(X).inertia_)
    return curve


@wrong("sorts ks", says="Keep the order of `ks`", points=0)
def elbow_curve(X, ks, random_state):
    X = np.asarray(X, dtype=float)
    models = [KMeans(k, n_init=10, random_state=random_state).fit(X) for k in sorted(ks)]
    return np.array([model.inertia_ for model in models])


@wrong("range(1, 10) instead of ks", says="one inertia for each entry of `ks`")
def elbow_curve(X, ks, random_state):
    n = min(9, len(X))
    return [
        KMeans(k, n_init=10, random_state=random_state).fit(X).inertia_ for k in range(1, n + 1)
    ]


@wrong("the score with its sign", says="*minus* its inertia", points=0)
def elbow_curve(X, ks, random_state):
    return [KMeans(k, n_init=10, random_state=random_state).fit(X).score(X) for k in ks]


@wrong("the mean instead of the sum", says="The inertia is a sum", points=0)
def elbow_curve(X, ks, random_state):
    return np.array(
        [KMeans(k, n_init=10, random_state=random_state).fit(X).inertia_ / len(X) for k in ks]
    )


@wrong("distances that are not squared", says="*squared* distances", points=0)
def elbow_curve(X, ks, random_state):
    X = np.asarray(X, dtype=float)
    return np.array(
        [
            KMeans(k, n_init=10, random_state=random_state).fit_transform(X).min(axis=1).sum()
            for k in ks
        ]
    )


@wrong("forgets the random_state", says="hand `random_state` to k-means", points=2)
def elbow_curve(X, ks, random_state):
    return np.array([KMeans(k, n_init=1).fit(X).inertia_ for k in ks])


@wrong("one random start", says="got stuck in a bad solution", points=1)
def elbow_curve(X, ks, random_state):
    X = np.asarray(X, dtype=float)
    return np.array(
        [KMeans(k, n_init=1, init="random", random_state=random_state).fit(X).inertia_ for k in ks]
    )


@wrong("lowers a k that is too large", says="Three clusters of two points", points=2)
def elbow_curve(X, ks, random_state):
    return [
        KMeans(max(1, min(k, len(X))), n_init=10, random_state=random_state).fit(X).inertia_
        for k in ks
    ]


@wrong("returns the models", says="the inertia of each model is its attribute", points=0)
def elbow_curve(X, ks, random_state):
    return [KMeans(k, n_init=10, random_state=random_state).fit(X) for k in ks]


@wrong("prints instead of returning", says="does it end in a `return`", points=0)
def elbow_curve(X, ks, random_state):
    for k in ks:
        print(KMeans(k, n_init=10, random_state=random_state).fit(X).inertia_)


# --- silhouette_coefficients -------------------------------------------------------------------


@right("sums over an indicator table")
def silhouette_coefficients(X, labels):
    X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    if len(labels) != len(X):
        raise ValueError("lengths differ")
    names, own = np.unique(labels, return_inverse=True)
    if len(names) == 1:
        raise ValueError("one cluster")
    member = np.eye(len(names))[own]
    sizes = member.sum(axis=0)
    sums = np.sqrt(((X[:, None] - X[None]) ** 2).sum(axis=2)) @ member
    rows = np.arange(len(X))
    a = sums[rows, own] / np.maximum(sizes[own] - 1, 1)
    means = sums / sizes
    means[rows, own] = np.inf
    b = means.min(axis=1)
    top = np.maximum(a, b)
    s = np.divide(b - a, top, out=np.zeros(len(X)), where=top > 0)
    return np.where(sizes[own] > 1, s, 0)


@right("plain loops, a list")
def silhouette_coefficients(X, labels):
    X = [[float(v) for v in row] for row in X]
    labels = [int(v) for v in labels]
    if len(X) != len(labels):
        raise ValueError("lengths differ")
    if len(set(labels)) < 2:
        raise ValueError("one cluster")

    def distance(p, q):
        return sum((u - v) ** 2 for u, v in zip(p, q)) ** 0.5

    scores = []
    for i in range(len(X)):
        by_cluster = {}
        for j in range(len(X)):
            if j != i:
                by_cluster.setdefault(labels[j], []).append(distance(X[i], X[j]))
        if labels[i] not in by_cluster:
            scores.append(0)
            continue
        a = sum(by_cluster[labels[i]]) / len(by_cluster[labels[i]])
        b = min(sum(v) / len(v) for name, v in by_cluster.items() if name != labels[i])
        scores.append((b - a) / max(a, b) if max(a, b) > 0 else 0)
    return scores


@right("scipy's distances")
def silhouette_coefficients(X, labels):
    from scipy.spatial.distance import cdist

    X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    names = sorted(set(labels.tolist()))
    if len(labels) != len(X) or len(names) < 2:
        raise ValueError("need one label for each point and two clusters")
    means = np.column_stack([cdist(X, X[labels == n]).mean(axis=1) for n in names])
    s = np.zeros(len(X))
    for i in range(len(X)):
        k = names.index(labels[i])
        n_k = np.sum(labels == labels[i])
        if n_k > 1:
            a = means[i, k] * n_k / (n_k - 1)
            b = np.delete(means[i], k).min()
            s[i] = 0 if a == b else (b - a) / max(a, b)
    return s


@right("the library, with its gap closed")
def silhouette_coefficients(X, labels):
    from sklearn.metrics import silhouette_samples as library

    X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    if labels.shape != (len(X),):
        raise ValueError("lengths differ")
    if len(np.unique(labels)) == len(X) > 1:
        return np.zeros(len(X))
    return library(X, labels)


@right("float32, Python's hypot by rows")
def silhouette_coefficients(X, labels):
    X, labels = np.array(X, dtype=np.float32), np.array(labels)
    if labels.size != len(X) or labels.min() == labels.max():
        raise ValueError("bad labels")
    s = np.zeros(len(X), dtype=np.float32)
    for i, (x, label) in enumerate(zip(X, labels)):
        d = np.linalg.norm(X - x, axis=1)
        friends = (labels == label) & (np.arange(len(X)) != i)
        if not friends.any():
            continue
        a = d[friends].mean()
        b = np.min([d[labels == other].mean() for other in set(labels) - {label}])
        s[i] = 0 if max(a, b) == 0 else (b - a) / max(a, b)
    return s


@wrong("counts the point itself in a", says="average over the *other* points", points=1)
def silhouette_coefficients(X, labels):
    X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    if labels.shape != (len(X),) or len(np.unique(labels)) < 2:
        raise ValueError("bad labels")
    d = np.linalg.norm(X[:, None] - X, axis=2)
    s = np.zeros(len(X))
    for i in range(len(X)):
        if np.sum(labels == labels[i]) == 1:
            continue
        a = d[i, labels == labels[i]].mean()
        b = min(d[i, labels == n].mean() for n in np.unique(labels) if n != labels[i])
        s[i] = (b - a) / max(a, b) if max(a, b) > 0 else 0
    return s


@wrong("all other points are the other cluster", says="average each cluster on its own", points=1)
def silhouette_coefficients(X, labels):
    X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    if labels.shape != (len(X),) or len(np.unique(labels)) < 2:
        raise ValueError("bad labels")
    d = np.linalg.norm(X[:, None] - X, axis=2)
    s = np.zeros(len(X))
    for i in range(len(X)):
        own = labels == labels[i]
        if own.sum() > 1:
            a, b = d[i, own].sum() / (own.sum() - 1), d[i, ~own].mean()
            s[i] = (b - a) / max(a, b) if max(a, b) > 0 else 0
    return s


@wrong("the mean over all other clusters", says="take only the nearest of them", points=1)
def silhouette_coefficients(X, labels):
    X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    if len(X) != len(labels) or len(np.unique(labels)) < 2:
        raise ValueError("bad input")
    d = np.linalg.norm(X[:, None] - X, axis=2)
    result = np.zeros(len(X))
    for i in range(len(X)):
        own = labels == labels[i]
        if own.sum() == 1:
            continue
        a = d[i, own].sum() / (own.sum() - 1)
        b = np.mean([d[i, labels == name].mean() for name in np.unique(labels[~own])])
        if max(a, b) > 0:
            result[i] = (b - a) / max(a, b)
    return result


@wrong("the own cluster among the others", says="own cluster was among the clusters", points=0)
def silhouette_coefficients(X, labels):
    X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    if len(X) != len(labels) or len(np.unique(labels)) < 2:
        raise ValueError("bad input")
    d = np.linalg.norm(X[:, None] - X, axis=2)
    result = np.zeros(len(X))
    for i in range(len(X)):
        own = labels == labels[i]
        if own.sum() == 1:
            continue
        a = d[i, own].sum() / (own.sum() - 1)
        b = min(d[i, labels == name].mean() for name in np.unique(labels))
        if max(a, b) > 0:
            result[i] = (b - a) / max(a, b)
    return result


@wrong("divides by a + b", says="You divide by a + b", points=1)
def silhouette_coefficients(X, labels):
    X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    if len(X) != len(labels) or len(np.unique(labels)) < 2:
        raise ValueError("bad input")
    d = np.linalg.norm(X[:, None] - X, axis=2)
    result = np.zeros(len(X))
    for i in range(len(X)):
        own = labels == labels[i]
        if own.sum() == 1:
            continue
        a = d[i, own].sum() / (own.sum() - 1)
        b = min(d[i, labels == name].mean() for name in np.unique(labels[~own]))
        if max(a, b) > 0:
            result[i] = (b - a) / (a + b)
    return result


@wrong("a is the distance to the own centroid", says="you measured to the centroid", points=1)
def silhouette_coefficients(X, labels):
    X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    if len(X) != len(labels) or len(np.unique(labels)) < 2:
        raise ValueError("bad input")
    d = np.linalg.norm(X[:, None] - X, axis=2)
    result = np.zeros(len(X))
    for i in range(len(X)):
        own = labels == labels[i]
        if own.sum() == 1:
            continue
        a = np.linalg.norm(X[i] - X[own].mean(axis=0))
        b = min(d[i, labels == name].mean() for name in np.unique(labels[~own]))
        if max(a, b) > 0:
            result[i] = (b - a) / max(a, b)
    return result


@wrong("the farthest cluster", says="take the *nearest* of the other clusters", points=1)
def silhouette_coefficients(X, labels):
    X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    if labels.shape != (len(X),) or len(np.unique(labels)) < 2:
        raise ValueError("bad labels")
    d = np.linalg.norm(X[:, None] - X, axis=2)
    s = np.zeros(len(X))
    for i in range(len(X)):
        own = labels == labels[i]
        if own.sum() > 1:
            a = d[i, own].sum() / (own.sum() - 1)
            b = max(d[i, labels == n].mean() for n in np.unique(labels) if n != labels[i])
            s[i] = (b - a) / max(a, b) if max(a, b) > 0 else 0
    return s


@wrong("the nearest single point", says="the single nearest point of another cluster", points=1)
def silhouette_coefficients(X, labels):
    X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    if labels.shape != (len(X),) or len(np.unique(labels)) < 2:
        raise ValueError("bad labels")
    d = np.linalg.norm(X[:, None] - X, axis=2)
    s = np.zeros(len(X))
    for i in range(len(X)):
        own = labels == labels[i]
        if own.sum() > 1:
            a, b = d[i, own].sum() / (own.sum() - 1), d[i, ~own].min()
            s[i] = (b - a) / max(a, b) if max(a, b) > 0 else 0
    return s


@wrong("distances to centroids", says="You measure distances to centroids")
def silhouette_coefficients(X, labels):
    X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    names = np.unique(labels)
    mu = np.array([X[labels == n].mean(axis=0) for n in names])
    d = np.linalg.norm(X[:, None] - mu, axis=2)
    s = np.zeros(len(X))
    for i in range(len(X)):
        own = labels == labels[i]
        if own.sum() > 1:
            a = np.linalg.norm(X[own] - X[i], axis=1).sum() / (own.sum() - 1)
            b = d[i, names != labels[i]].min()
            s[i] = (b - a) / max(a, b)
    return s


@wrong("squared distances", says="You average *squared* distances", points=1)
def silhouette_coefficients(X, labels):
    X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    if labels.shape != (len(X),) or len(np.unique(labels)) < 2:
        raise ValueError("bad labels")
    d = np.sum((X[:, None] - X) ** 2, axis=2)
    s = np.zeros(len(X))
    for i in range(len(X)):
        own = labels == labels[i]
        if own.sum() > 1:
            a = d[i, own].sum() / (own.sum() - 1)
            b = min(d[i, labels == n].mean() for n in np.unique(labels) if n != labels[i])
            s[i] = (b - a) / max(a, b) if max(a, b) > 0 else 0
    return s


@wrong("divides by b only", says="You divide by b only", points=0)
def silhouette_coefficients(X, labels):
    X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    if labels.shape != (len(X),) or len(np.unique(labels)) < 2:
        raise ValueError("bad labels")
    d = np.linalg.norm(X[:, None] - X, axis=2)
    s = np.zeros(len(X))
    for i in range(len(X)):
        own = labels == labels[i]
        if own.sum() > 1:
            a = d[i, own].sum() / (own.sum() - 1)
            b = min(d[i, labels == n].mean() for n in np.unique(labels) if n != labels[i])
            s[i] = (b - a) / b
    return s


@wrong("a minus b", says="it is b - a", points=0)
def silhouette_coefficients(X, labels):
    X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    if labels.shape != (len(X),) or len(np.unique(labels)) < 2:
        raise ValueError("bad labels")
    d = np.linalg.norm(X[:, None] - X, axis=2)
    s = np.zeros(len(X))
    for i in range(len(X)):
        own = labels == labels[i]
        if own.sum() > 1:
            a = d[i, own].sum() / (own.sum() - 1)
            b = min(d[i, labels == n].mean() for n in np.unique(labels) if n != labels[i])
            s[i] = (a - b) / max(a, b) if max(a, b) > 0 else 0
    return s


@wrong("absolute differences", says="use the Euclidean distance", points=1)
def silhouette_coefficients(X, labels):
    X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    if labels.shape != (len(X),) or len(np.unique(labels)) < 2:
        raise ValueError("bad labels")
    d = np.abs(X[:, None] - X).sum(axis=2)
    s = np.zeros(len(X))
    for i in range(len(X)):
        own = labels == labels[i]
        if own.sum() > 1:
            a = d[i, own].sum() / (own.sum() - 1)
            b = min(d[i, labels == n].mean() for n in np.unique(labels) if n != labels[i])
            s[i] = (b - a) / max(a, b) if max(a, b) > 0 else 0
    return s


@wrong("labels taken for 0 to K - 1", says="With the example of the text your function stops")
def silhouette_coefficients(X, labels):
    X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    K = len(np.unique(labels))
    if labels.shape != (len(X),) or K < 2:
        raise ValueError("bad labels")
    d = np.linalg.norm(X[:, None] - X, axis=2)
    s = np.zeros(len(X))
    for i in range(len(X)):
        own = labels == labels[i]
        if own.sum() > 1:
            a = d[i, own].sum() / (own.sum() - 1)
            b = min(d[i, labels == k].mean() for k in range(K) if k != labels[i] and k in labels)
            s[i] = (b - a) / max(a, b) if max(a, b) > 0 else 0
    return s


@wrong("no noise: leaves negative labels out", says="do you take labels for row numbers", points=0)
def silhouette_coefficients(X, labels):
    X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    if labels.shape != (len(X),) or len(np.unique(labels)) < 2:
        raise ValueError("bad labels")
    d = np.linalg.norm(X[:, None] - X, axis=2)
    s = np.zeros(len(X))
    for i in range(len(X)):
        own = labels == labels[i]
        if own.sum() > 1:
            a = d[i, own].sum() / (own.sum() - 1)
            b = min(
                d[i, labels == k].mean()
                for k in range(labels.max() + 1)
                if k != labels[i] and k in labels
            )
            s[i] = (b - a) / max(a, b) if max(a, b) > 0 else 0
    return s


@wrong("negative values cut off", says="Negative coefficients were set to 0", points=1)
def silhouette_coefficients(X, labels):
    from scipy.spatial.distance import cdist

    X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    if labels.shape != (len(X),) or len(np.unique(labels)) < 2:
        raise ValueError("bad labels")
    d = cdist(X, X)
    s = np.zeros(len(X))
    for i in range(len(X)):
        own = labels == labels[i]
        if own.sum() > 1:
            a = d[i, own].sum() / (own.sum() - 1)
            b = min(d[i, labels == n].mean() for n in np.unique(labels) if n != labels[i])
            s[i] = max(0, (b - a) / max(a, b)) if max(a, b) > 0 else 0
    return s


@wrong("a lone point gives NaN", says="NaN", points=0)
def silhouette_coefficients(X, labels):
    X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    if labels.shape != (len(X),) or len(np.unique(labels)) < 2:
        raise ValueError("bad labels")
    d = np.linalg.norm(X[:, None] - X, axis=2)
    s = np.zeros(len(X))
    for i in range(len(X)):
        own = labels == labels[i]
        a = d[i, own].sum() / (own.sum() - 1)
        b = min(d[i, labels == n].mean() for n in np.unique(labels) if n != labels[i])
        s[i] = (b - a) / max(a, b)
    return s


@wrong("the mean of all", says="return one value for each point", points=0)
def silhouette_coefficients(X, labels):
    from sklearn.metrics import silhouette_samples as library

    return library(np.asarray(X), labels).mean()


@wrong("uint8 differences", says="turn X into floats first", points=3)
def silhouette_coefficients(X, labels):
    X, labels = np.asarray(X), np.asarray(labels)
    if labels.shape != (len(X),) or len(np.unique(labels)) < 2:
        raise ValueError("bad labels")
    d = np.sqrt(np.sum((X[:, None] - X) ** 2, axis=2, dtype=float))
    s = np.zeros(len(X))
    for i in range(len(X)):
        own = labels == labels[i]
        if own.sum() > 1:
            a = d[i, own].sum() / (own.sum() - 1)
            b = min(d[i, labels == n].mean() for n in np.unique(labels) if n != labels[i])
            s[i] = (b - a) / max(a, b) if max(a, b) > 0 else 0
    return s


@wrong("the library as it is", says="every point is its own cluster", points=3)
def silhouette_coefficients(X, labels):
    from sklearn.metrics import silhouette_samples as library

    return library(np.asarray(X, dtype=float), labels)


@wrong("no check for a single cluster", says="there is no b: raise a ValueError", points=3)
def silhouette_coefficients(X, labels):
    from sklearn.metrics import silhouette_samples as library

    if len(set(labels)) == 1:
        return np.ones(len(X))
    return library(np.asarray(X, dtype=float), labels)


# --- best_k ------------------------------------------------------------------------------------


@right("a dictionary of scores")
def best_k(X, ks, random_state):
    X = np.asarray(X, dtype=float)
    scores = {}
    for k in ks:
        if k < 1 or k > len(X):
            raise ValueError("bad k")
        if k >= 2:
            labels = KMeans(int(k), n_init=10, random_state=random_state).fit_predict(X)
            scores[int(k)] = mean_silhouette(X, labels) if k < len(X) else 0
    if not scores:
        raise ValueError("no k of 2 or more")
    return min(scores, key=lambda k: (-scores[k], k))


@right("argmax over a sorted array")
def best_k(X, ks, random_state):
    candidates = np.unique(ks)
    if candidates.size == 0 or candidates[0] < 1 or candidates[-1] > len(X):
        raise ValueError("bad ks")
    candidates = candidates[candidates > 1]
    if len(candidates) == 0:
        raise ValueError("nothing to choose from")
    scores = [
        mean_silhouette(X, KMeans(k, n_init="auto", random_state=random_state).fit_predict(X))
        for k in candidates
    ]
    return candidates[np.argmax(scores)]


@right("scikit-learn's score, a running best with >")
def best_k(X, ks, random_state):
    from sklearn.metrics import silhouette_score

    if min(ks) < 1 or max(ks) > len(X) or max(ks) < 2:
        raise ValueError("bad ks")
    best, top = 0, -2.0
    for k in sorted(set(ks)):
        if k > 1:
            model = KMeans(n_clusters=k, n_init=20, random_state=random_state).fit(X)
            score = silhouette_score(X, model.labels_) if k < len(X) else 0
            if score > top + 1e-12:
                best, top = k, score
    return best


@right("scores by hand, a float result")
def best_k(X, ks, random_state):
    X, found = np.asarray(X, dtype=float), []
    for k in ks:
        if not 1 <= k <= len(X):
            raise ValueError("bad k")
        if k == 1:
            continue
        z = KMeans(k, n_init=10, random_state=random_state).fit_predict(X)
        d = np.linalg.norm(X[:, None] - X, axis=2)
        total = 0
        for i in range(len(X)):
            own = z == z[i]
            if own.sum() > 1:
                a = d[i, own].sum() / (own.sum() - 1)
                b = min(d[i, z == j].mean() for j in set(z.tolist()) - {int(z[i])})
                total += (b - a) / max(a, b)
        found.append((-round(total / len(X), 12), k))
    if not found:
        raise ValueError("no k of 2 or more")
    return float(min(found)[1])


@wrong("the lowest inertia", says="what the inertia would choose", points=0)
def best_k(X, ks, random_state):
    X = np.asarray(X, dtype=float)
    if min(ks) < 1 or max(ks) > len(X):
        raise ValueError("bad ks")
    costs = [KMeans(k, n_init=10, random_state=random_state).fit(X).inertia_ for k in ks]
    return ks[int(np.argmin(costs))]


@wrong("the position of the best", says="the position of the best score", points=0)
def best_k(X, ks, random_state):
    scores = [
        mean_silhouette(X, KMeans(k, n_init=10, random_state=random_state).fit_predict(X))
        for k in ks
    ]
    return int(np.argmax(scores))


@wrong("the position plus 2", says="add 2 to a position", points=1)
def best_k(X, ks, random_state):
    if min(ks) < 1 or max(ks) > len(X) or max(ks) < 2:
        raise ValueError("bad ks")
    scores = [
        mean_silhouette(X, KMeans(k, n_init=10, random_state=random_state).fit_predict(X))
        for k in ks
        if k > 1
    ]
    return int(np.argmax(scores)) + 2


@wrong("the score itself", says="a whole number, and not its score", points=0)
def best_k(X, ks, random_state):
    return max(
        mean_silhouette(X, KMeans(k, n_init=10, random_state=random_state).fit_predict(X))
        for k in ks
    )


@wrong("sorted scores, unsorted ks", says="look into the unsorted one", points=0)
def best_k(X, ks, random_state):
    if min(ks) < 1 or max(ks) > len(X) or max(ks) < 2:
        raise ValueError("bad ks")
    scores = [
        mean_silhouette(X, KMeans(k, n_init=10, random_state=random_state).fit_predict(X))
        if k > 1
        else -1
        for k in sorted(ks)
    ]
    return ks[int(np.argmax(scores))]


@wrong("the lowest score", says="and take the highest", points=0)
def best_k(X, ks, random_state):
    scores = [
        mean_silhouette(X, KMeans(k, n_init=10, random_state=random_state).fit_predict(X))
        for k in ks
    ]
    return ks[int(np.argmin(scores))]


@wrong("stops at 1", says="Where `ks` contains 1", points=2)
def best_k(X, ks, random_state):
    scores = [
        mean_silhouette(X, KMeans(k, n_init=10, random_state=random_state).fit_predict(X))
        for k in ks
    ]
    return ks[int(np.argmax(scores))]


@wrong("ties to the larger", says="return the smaller one", points=2)
def best_k(X, ks, random_state):
    if min(ks) < 1 or max(ks) > len(X) or max(ks) < 2:
        raise ValueError("bad ks")
    best, top = 0, -2
    for k in sorted(ks):
        if k > 1:
            labels = KMeans(k, n_init=10, random_state=random_state).fit_predict(X)
            score = mean_silhouette(X, labels)
            if score >= top:
                best, top = k, score
    return best


@wrong("ties to the first", says="return the smaller one", points=2)
def best_k(X, ks, random_state):
    if min(ks) < 1 or max(ks) > len(X) or max(ks) < 2:
        raise ValueError("bad ks")
    scores = [
        mean_silhouette(X, KMeans(k, n_init=10, random_state=random_state).fit_predict(X))
        if k > 1
        else -1
        for k in ks
    ]
    return ks[int(np.argmax(scores))]


@wrong("sorts the caller's array", says="do not sort it in place", points=2)
def best_k(X, ks, random_state):
    if min(ks) < 1 or max(ks) > len(X) or max(ks) < 2:
        raise ValueError("bad ks")
    if isinstance(ks, np.ndarray):
        ks.sort()
    best, top = 0, -2
    for k in sorted(ks):
        if k > 1:
            labels = KMeans(k, n_init=10, random_state=random_state).fit_predict(X)
            if mean_silhouette(X, labels) > top:
                best, top = k, mean_silhouette(X, labels)
    return best


@wrong("answers 1 where nothing is left", says="ks = [1] holds no number", points=2)
def best_k(X, ks, random_state):
    if min(ks) < 1 or max(ks) > len(X):
        raise ValueError("bad ks")
    best, top = 1, -2
    for k in sorted(ks):
        if k > 1:
            labels = KMeans(k, n_init=10, random_state=random_state).fit_predict(X)
            score = mean_silhouette(X, labels)
            if score > top:
                best, top = k, score
    return best


# --- stability ---------------------------------------------------------------------------------


@right("bootstraps, distinct points only")
def stability(X, k, n_resamples, random_state):
    X = np.asarray(X, dtype=float)
    if n_resamples < 2 or k < 1 or k > len(X):
        raise ValueError("bad input")
    rng = np.random.default_rng(random_state)
    runs = []
    for _ in range(n_resamples):
        rows = np.unique(rng.integers(len(X), size=len(X)))
        model = KMeans(k, n_init=10, random_state=int(rng.integers(10**6))).fit(X[rows])
        runs.append(dict(zip(rows.tolist(), model.labels_.tolist())))
    values = []
    for i, one in enumerate(runs):
        for two in runs[:i]:
            shared = sorted(set(one) & set(two))
            values.append(adjusted_rand_score([one[r] for r in shared], [two[r] for r in shared]))
    return np.mean(values)


@right("bootstraps with repeats, all points predicted where drawn")
def stability(X, k, n_resamples, random_state):
    X = np.asarray(X, dtype=float)
    if n_resamples < 2 or not 1 <= k <= len(X):
        raise ValueError("bad input")
    rng = np.random.default_rng(random_state)
    drawn, labels = [], []
    for _ in range(n_resamples):
        rows = rng.choice(len(X), len(X))
        model = KMeans(k, n_init=10, random_state=random_state).fit(X[rows])
        labels.append(model.predict(X))
        drawn.append(np.isin(np.arange(len(X)), rows))
    total, pairs = 0.0, 0
    for i in range(n_resamples - 1):
        for j in range(i + 1, n_resamples):
            both = drawn[i] & drawn[j]
            total += adjusted_rand_score(labels[i][both], labels[j][both])
            pairs += 1
    return total / pairs


@right("halves, sorted row numbers")
def stability(X, k, n_resamples, random_state):
    from itertools import combinations

    X = np.array(X, dtype=float)
    if n_resamples < 2 or k < 1 or k > len(X):
        raise ValueError("bad input")
    rng = np.random.default_rng(random_state)
    size = max(k, -(-len(X) // 2))
    runs = []
    for _ in range(n_resamples):
        rows = np.sort(rng.permutation(len(X))[:size])
        runs.append((rows, KMeans(k, n_init=10, random_state=0).fit_predict(X[rows])))
    values = []
    for (rows_a, z_a), (rows_b, z_b) in combinations(runs, 2):
        _, at_a, at_b = np.intersect1d(rows_a, rows_b, return_indices=True)
        values.append(adjusted_rand_score(z_a[at_a], z_b[at_b]))
    return sum(values) / len(values)


@right("nine tenths, drawn by a permutation; one generator for all")
def stability(X, k, n_resamples, random_state):
    X = np.asarray(X, dtype=float)
    if n_resamples < 2 or k < 1 or k > len(X):
        raise ValueError("bad input")
    state = np.random.RandomState(random_state)
    table = []
    for _ in range(n_resamples):
        rows = state.permutation(len(X))[: max(k, int(0.9 * len(X)))]
        z = np.full(len(X), np.nan)
        z[rows] = KMeans(k, n_init="auto", random_state=state).fit_predict(X[rows])
        table.append(z)
    values = []
    for i in range(n_resamples):
        for j in range(n_resamples):
            if i != j:
                both = ~np.isnan(table[i]) & ~np.isnan(table[j])
                values.append(adjusted_rand_score(table[i][both], table[j][both]))
    return float(np.mean(values))


@right("leaves out a single point, many starts")
def stability(X, k, n_resamples, random_state):
    X = np.asarray(X, dtype=float)
    if n_resamples < 2 or k < 1 or k > len(X):
        raise ValueError("bad input")
    rng = np.random.default_rng(random_state)
    size = max(k, len(X) - 1)
    runs = []
    for _ in range(n_resamples):
        rows = np.sort(rng.choice(len(X), size=size, replace=False))
        model = KMeans(k, n_init=30, random_state=random_state).fit(X[rows])
        runs.append(dict(zip(rows.tolist(), model.labels_.tolist(), strict=True)))
    values = []
    for i in range(n_resamples):
        for j in range(i + 1, n_resamples):
            shared = sorted(runs[i].keys() & runs[j].keys())
            values.append(
                adjusted_rand_score([runs[i][r] for r in shared], [runs[j][r] for r in shared])
            )
    return sum(values) / len(values)


@wrong("compares row by row", says="Compare the labels of the *same* points", points=1)
def stability(X, k, n_resamples, random_state):
    X = np.asarray(X, dtype=float)
    if n_resamples < 2 or not 1 <= k <= len(X):
        raise ValueError("bad input")
    rng = np.random.default_rng(random_state)
    runs = []
    for _ in range(n_resamples):
        rows = rng.choice(len(X), int(0.8 * len(X)), replace=False)
        runs.append(KMeans(k, n_init=5, random_state=0).fit_predict(X[rows]))
    pairs = [(a, b) for i, a in enumerate(runs) for b in runs[:i]]
    return np.mean([adjusted_rand_score(a, b) for a, b in pairs])


@wrong("compares cluster numbers", says="Do you compare cluster numbers themselves", points=1)
def stability(X, k, n_resamples, random_state):
    X = np.asarray(X, dtype=float)
    if n_resamples < 2 or not 1 <= k <= len(X):
        raise ValueError("bad input")
    rng = np.random.default_rng(random_state)
    runs = np.full((n_resamples, len(X)), -1)
    for run in runs:
        rows = rng.choice(len(X), int(0.8 * len(X)), replace=False)
        run[rows] = KMeans(k, n_init=5, random_state=int(rng.integers(999))).fit_predict(X[rows])
    values = []
    for i in range(n_resamples):
        for j in range(i):
            both = (runs[i] >= 0) & (runs[j] >= 0)
            values.append(np.mean(runs[i, both] == runs[j, both]))
    return np.mean(values)


@wrong("the same resample each time", says="all resamples are the same", points=1)
def stability(X, k, n_resamples, random_state):
    X = np.asarray(X, dtype=float)
    if n_resamples < 2 or not 1 <= k <= len(X):
        raise ValueError("bad input")
    runs = []
    for _ in range(n_resamples):
        rng = np.random.default_rng(random_state)
        rows = rng.choice(len(X), int(0.8 * len(X)), replace=False)
        runs.append(KMeans(k, n_init=5, random_state=0).fit_predict(X[rows]))
    pairs = [(a, b) for i, a in enumerate(runs) for b in runs[:i]]
    return np.mean([adjusted_rand_score(a, b) for a, b in pairs])


@wrong("the sum of all pairs", says="Did you add them up", points=2)
def stability(X, k, n_resamples, random_state):
    X = np.asarray(X, dtype=float)
    if n_resamples < 2 or not 1 <= k <= len(X):
        raise ValueError("bad input")
    rng = np.random.default_rng(random_state)
    runs = np.full((n_resamples, len(X)), -1)
    for run in runs:
        rows = rng.choice(len(X), int(0.8 * len(X)), replace=False)
        run[rows] = KMeans(k, n_init=5, random_state=0).fit_predict(X[rows])
    total = 0.0
    for i in range(n_resamples):
        for j in range(i):
            both = (runs[i] >= 0) & (runs[j] >= 0)
            total += adjusted_rand_score(runs[i, both], runs[j, both])
    return total


@wrong("pairs of a run with itself", says="Take pairs of *different* runs", points=2)
def stability(X, k, n_resamples, random_state):
    X = np.asarray(X, dtype=float)
    if n_resamples < 2 or not 1 <= k <= len(X):
        raise ValueError("bad input")
    rng = np.random.default_rng(random_state)
    runs = np.full((n_resamples, len(X)), -1)
    for run in runs:
        rows = rng.choice(len(X), int(0.8 * len(X)), replace=False)
        run[rows] = KMeans(k, n_init=5, random_state=int(rng.integers(999))).fit_predict(X[rows])
    values = []
    for i in range(n_resamples):
        for j in range(n_resamples):
            both = (runs[i] >= 0) & (runs[j] >= 0)
            values.append(adjusted_rand_score(runs[i, both], runs[j, both]))
    return np.mean(values)


@wrong("the Rand index that is not adjusted", says="corrected for chance", points=2)
def stability(X, k, n_resamples, random_state):
    from sklearn.metrics import rand_score

    X = np.asarray(X, dtype=float)
    if n_resamples < 2 or not 1 <= k <= len(X):
        raise ValueError("bad input")
    rng = np.random.default_rng(random_state)
    runs = np.full((n_resamples, len(X)), -1)
    for run in runs:
        rows = rng.choice(len(X), int(0.8 * len(X)), replace=False)
        run[rows] = KMeans(k, n_init=5, random_state=int(rng.integers(999))).fit_predict(X[rows])
    values = []
    for i in range(n_resamples):
        for j in range(i):
            both = (runs[i] >= 0) & (runs[j] >= 0)
            values.append(rand_score(runs[i, both], runs[j, both]))
    return np.mean(values)


@wrong("the best pair", says="the *mean* taken", points=2)
def stability(X, k, n_resamples, random_state):
    X = np.asarray(X, dtype=float)
    if n_resamples < 2 or not 1 <= k <= len(X):
        raise ValueError("bad input")
    rng = np.random.default_rng(random_state)
    runs = np.full((n_resamples, len(X)), -1)
    for run in runs:
        rows = rng.choice(len(X), int(0.8 * len(X)), replace=False)
        run[rows] = KMeans(k, n_init=5, random_state=int(rng.integers(999))).fit_predict(X[rows])
    values = []
    for i in range(n_resamples):
        for j in range(i):
            both = (runs[i] >= 0) & (runs[j] >= 0)
            values.append(adjusted_rand_score(runs[i, both], runs[j, both]))
    return max(values)


@wrong("numpy's global state", says="draw all resamples from", points=3)
def stability(X, k, n_resamples, random_state):
    X = np.asarray(X, dtype=float)
    if n_resamples < 2 or not 1 <= k <= len(X):
        raise ValueError("bad input")
    runs = np.full((n_resamples, len(X)), -1)
    for run in runs:
        rows = np.random.choice(len(X), int(0.8 * len(X)), replace=False)
        run[rows] = KMeans(k, n_init=5).fit_predict(X[rows])
    values = []
    for i in range(n_resamples):
        for j in range(i):
            both = (runs[i] >= 0) & (runs[j] >= 0)
            values.append(adjusted_rand_score(runs[i, both], runs[j, both]))
    return np.mean(values)


@wrong("a constant seed", says="is a fixed seed in its place", points=3)
def stability(X, k, n_resamples, random_state):
    X = np.asarray(X, dtype=float)
    if n_resamples < 2 or not 1 <= k <= len(X):
        raise ValueError("bad input")
    rng = np.random.default_rng(42)
    runs = np.full((n_resamples, len(X)), -1)
    for run in runs:
        rows = rng.choice(len(X), int(0.8 * len(X)), replace=False)
        run[rows] = KMeans(k, n_init=5, random_state=42).fit_predict(X[rows])
    values = []
    for i in range(n_resamples):
        for j in range(i):
            both = (runs[i] >= 0) & (runs[j] >= 0)
            values.append(adjusted_rand_score(runs[i, both], runs[j, both]))
    return np.mean(values)


@wrong("one resample is stable", says="With a single resample", points=3)
def stability(X, k, n_resamples, random_state):
    X = np.asarray(X, dtype=float)
    rng = np.random.default_rng(random_state)
    runs = np.full((n_resamples, len(X)), -1)
    for run in runs:
        rows = rng.choice(len(X), int(0.8 * len(X)), replace=False)
        run[rows] = KMeans(k, n_init=5, random_state=int(rng.integers(999))).fit_predict(X[rows])
    values = []
    for i in range(n_resamples):
        for j in range(i):
            both = (runs[i] >= 0) & (runs[j] >= 0)
            values.append(adjusted_rand_score(runs[i, both], runs[j, both]))
    return np.mean(values) if values else 1.0


@wrong("shuffles X in place", says="do not shuffle it in place", points=3)
def stability(X, k, n_resamples, random_state):
    if n_resamples < 2 or not 1 <= k <= len(X):
        raise ValueError("bad input")
    rng = np.random.default_rng(random_state)
    if isinstance(X, np.ndarray):
        rng.shuffle(X)
    X = np.asarray(X, dtype=float)
    runs = np.full((n_resamples, len(X)), -1)
    for run in runs:
        rows = rng.choice(len(X), int(0.8 * len(X)), replace=False)
        run[rows] = KMeans(k, n_init=5, random_state=int(rng.integers(999))).fit_predict(X[rows])
    values = []
    for i in range(n_resamples):
        for j in range(i):
            both = (runs[i] >= 0) & (runs[j] >= 0)
            values.append(adjusted_rand_score(runs[i, both], runs[j, both]))
    return np.mean(values)


# --- quizzes -----------------------------------------------------------------------------------

quiz_1 = right("C ")
quiz_1 = wrong("a", says="on data without any groups")
quiz_1 = wrong("b", says="can the best inertia rise")
quiz_1 = wrong("d", says="Each point counts once")
quiz_1 = wrong("nine", says="one of the letters")

quiz_2 = right("A")
quiz_2 = wrong("b", says="Which direction of a knife")
quiz_2 = wrong("c", says="half of them have short bars")
quiz_2 = wrong("d", says="These points are data")

# --- changes of the solutions that make no difference ------------------------------------------

equivalent(
    "elbow_curve",
    "if not 0 <= k <= len(X):",
    "if False and (not 1 <= k <= len(X)):",
    "if not 1 <= k:",
    "if not k <= len(X):",
    because="scikit-learn refuses such a k with a ValueError, too.",
)
equivalent(
    "elbow_curve",
    "inertias.append(KMeans(k, n_init=11, ...",
    "inertias.append(KMeans(k, n_init=9, ...",
    "inertias.append(KMeans(k, random_state=random_state).fit(X).inertia_)",
    because="A setting of the search; on the clear cases of the tests others do as well.",
)
equivalent(
    "elbow_curve",
    "inertias.append(KMeans(k, n_init=10, random_state=0).fit(X).inertia_)",
    because="The same `random_state` still gives the same result, which is all that is asked.",
)
equivalent(
    ("elbow_curve", "best_k"),
    "X = np.asarray(X)",
    "X = (X)",
    because="scikit-learn takes lists and whole numbers, and knows the number of rows.",
)
equivalent(
    "elbow_curve",
    "return (inertias)",
    "return np.asarray(inertias)",
    because="A list of the same numbers is accepted, and an array is made of it either way.",
)
equivalent(
    "silhouette_coefficients",
    "a = distances[own, i].sum() / (own.sum() - 1)",
    "b = min(distances[labels == name, i].mean() ...",
    because="The table of distances is symmetric.",
)
equivalent(
    "best_k",
    "if any(k < 0 or k > len(X) for k in ks):",
    "if any(k < 1 and k > len(X) for k in ks):",
    "if False and (any(k < 1 or k > len(X) for k in ks)):",
    "if all((k < 1 or k > len(X) for k in ks)):",
    "if any((k > len(X)) for k in ks):",
    "if any((k < 1) for k in ks):",
    because="scikit-learn refuses such a k with a ValueError, too.",
)
equivalent(
    "best_k",
    "labels = KMeans(k, n_init=11, ...",
    "labels = KMeans(k, n_init=9, ...",
    "labels = KMeans(k, random_state=random_state).fit_predict(X)",
    because="A setting of the search; on the clear cases of the tests others do as well.",
)
equivalent(
    "best_k",
    "labels = KMeans(k, n_init=10).fit_predict(X)",
    "labels = KMeans(k, n_init=10, random_state=None).fit_predict(X)",
    "labels = KMeans(k, n_init=10, random_state=0).fit_predict(X)",
    because="The best of ten starts is the same whatever the seed, where the best k is clear.",
)
equivalent(
    "stability",
    "seed = int(rng.integers(...",
    "seed = int(np.random.default_rng(0).integers(2**31))",
    "run[rows] = KMeans(k, n_init=5, random_state=0).fit_predict(X[rows])",
    because="Any seed will do for k-means, as long as the resamples are drawn with `rng`.",
)
equivalent(
    "stability",
    "if not 0 <= k <= len(X):",
    "if False and (not 1 <= k <= len(X)):",
    "if not 1 <= k:",
    "if not k <= len(X):",
    because="scikit-learn, or the draw of the rows, refuses such a k with a ValueError, too.",
)
equivalent(
    "stability",
    "if not 1 <= k < len(X):",
    because="With k = N a resample has too few different points: the tests do not ask for it.",
)
equivalent(
    "stability",
    "both = (runs[i] > left_out) & (runs[j] != left_out)",
    "both = (runs[i] != left_out) & (runs[j] > left_out)",
    "left_out = -2",
    because="Cluster numbers are never negative, so any negative number marks what was left out.",
)
equivalent(
    "stability",
    "run[rows] = KMeans(k, n_init=6, ...",
    "run[rows] = KMeans(k, n_init=4, ...",
    because="A setting of the search; on the clear cases of the tests others do as well.",
)
equivalent(
    "stability",
    "rows = rng.choice(len(X), size=size, replace=True)",
    "rows = rng.choice(len(X), size=size)",
    because="Drawing with replacement is allowed: it is a bootstrap.",
)
equivalent(
    "stability",
    "size = max(k, int(np.floor(0.8 * len(X))))",
    because="A resample may have any size of at least half the points.",
)
equivalent(
    "stability",
    "X = np.asarray(X)",
    because="scikit-learn turns the numbers into floats.",
)
equivalent(
    "stability",
    "for i in range(1, n_resamples):",
    because="The first resample has no earlier one to be compared with.",
)
