"""Answers to lesson 10: right ones of different style, and misconceptions."""

from course.oracle import equivalent, right, wrong

# --- stratified_split --------------------------------------------------------------------------


@right("cuts every class after a permutation, in a loop over classes")
def stratified_split(y, n_test, rng):
    N = len(y)
    if n_test < 0 or n_test > N:
        raise ValueError("n_test must be from 0 to N")
    rows_of = {}
    for i in rng.permutation(N):
        rows_of.setdefault(y[i], []).append(int(i))
    whole = {c: len(rows) * n_test // N for c, rows in rows_of.items()}
    missing = n_test - sum(whole.values())
    for c in rows_of:
        if missing > 0 and len(rows_of[c]) * n_test % N != 0:
            whole[c] += 1
            missing -= 1
    test = [i for c, rows in rows_of.items() for i in rows[: whole[c]]]
    return [i for i in range(N) if i not in set(test)], test


@right("rounds the running total of the shares")
def stratified_split(y, n_test, rng):
    y = np.array(y)
    N = len(y)
    if not 0 <= n_test <= N:
        raise ValueError("bad n_test")
    _, counts = np.unique(y, return_counts=True)
    edges = np.concatenate([[0], np.cumsum(counts) * n_test // N])
    order = rng.permutation(N)
    order = order[np.argsort(y[order], kind="stable")]
    train, test, begin = [], [], 0
    for count, n in zip(counts, np.diff(edges)):
        block = order[begin : begin + count]
        test.append(block[:n])
        train.append(block[n:])
        begin += count
    return np.concatenate(train), np.concatenate(test)


@right("random keys, and the missing places drawn by lot")
def stratified_split(y, n_test, rng):
    y = np.asarray(y)
    if n_test < 0 or n_test > y.size:
        raise ValueError("bad n_test")
    classes, codes, counts = np.unique(y, return_inverse=True, return_counts=True)
    take, rest = np.divmod(counts * n_test, y.size)
    open_to_more = np.flatnonzero(rest > 0)
    take[rng.choice(open_to_more, n_test - take.sum(), replace=False)] += 1
    keys = rng.random(y.size)
    test = np.zeros(y.size, bool)
    for c in range(len(classes)):
        mine = np.flatnonzero(codes == c)
        test[mine[np.argsort(keys[mine])[: take[c]]]] = True
    return np.arange(y.size)[~test], np.arange(y.size)[test]


@right("rng.shuffle, int32, the training rows in random order")
def stratified_split(y, n_test, rng):
    N = len(y)
    if n_test > N or n_test < 0:
        raise ValueError("there are not so many points")
    classes = sorted(set(np.asarray(y).tolist()))
    rows = [np.flatnonzero(np.asarray(y) == c) for c in classes]
    take = [int(np.floor(len(r) * n_test / N + 1e-9)) for r in rows]
    lack = [len(r) * n_test / N - t for r, t in zip(rows, take)]
    for k in sorted(range(len(rows)), key=lambda k: -lack[k])[: n_test - sum(take)]:
        take[k] += 1
    train, test = [], []
    for r, t in zip(rows, take):
        rng.shuffle(r)
        test += r[:t].tolist()
        train += r[t:].tolist()
    train = rng.permutation(np.array(train, dtype=np.int32))
    return train, np.array(test, dtype=np.int32)


@right("plain lists, the largest remainders first")
def stratified_split(y, n_test, rng):
    y = list(y)
    if not 0 <= n_test <= len(y):
        raise ValueError("n_test must lie between 0 and N")
    groups = [[i for i in range(len(y)) if y[i] == name] for name in sorted(set(y))]
    take = [n_test * len(group) // len(y) for group in groups]
    order = sorted(range(len(groups)), key=lambda j: -(n_test * len(groups[j]) % len(y)))
    for j in order[: n_test - sum(take)]:
        take[j] += 1
    test = []
    for group, n in zip(groups, take):
        test += rng.choice(group, size=n, replace=False).tolist()
    return [i for i in range(len(y)) if i not in test], test


@wrong("not stratified at all", says="A class does not give its share", points=1)
def stratified_split(y, n_test, rng):
    if not 0 <= n_test <= len(y):
        raise ValueError("bad n_test")
    order = rng.permutation(len(y))
    return order[n_test:], order[:n_test]


@wrong("the same number from each class", says="the *share* is the same", points=1)
def stratified_split(y, n_test, rng):
    y = np.asarray(y)
    classes = np.unique(y)
    each = n_test // len(classes)
    test = np.concatenate(
        [rng.choice(np.flatnonzero(y == c), each, replace=False) for c in classes]
    )
    return np.setdiff1d(np.arange(len(y)), test), test


@wrong("rounds each class on its own", says="the sum need not be `n_test`", points=1)
def stratified_split(y, n_test, rng):
    y = np.asarray(y)
    if not 0 <= n_test <= len(y):
        raise ValueError("bad n_test")
    test = [np.array([], dtype=int)]
    for c in np.unique(y):
        rows = np.flatnonzero(y == c)
        n = round(len(rows) * n_test / len(y))
        test.append(rng.choice(rows, n, replace=False))
    test = np.concatenate(test)
    return np.setdiff1d(np.arange(len(y)), test), test


@wrong("rounds every class down", says="the sum need not be `n_test`", points=1)
def stratified_split(y, n_test, rng):
    y = np.asarray(y)
    if not 0 <= n_test <= len(y):
        raise ValueError("bad n_test")
    test = []
    for c in np.unique(y):
        rows = np.flatnonzero(y == c)
        test.extend(rng.choice(rows, int(n_test * len(rows) / len(y)), replace=False).tolist())
    return np.setdiff1d(np.arange(len(y)), test), np.array(test, dtype=int)


@wrong("the largest class fills the gap", says="its share rounded down or up", points=1)
def stratified_split(y, n_test, rng):
    y = np.asarray(y)
    if not 0 <= n_test <= len(y):
        raise ValueError("bad n_test")
    classes, counts = np.unique(y, return_counts=True)
    take = counts * n_test // len(y)
    take[np.argmax(counts)] += n_test - take.sum()
    test = np.concatenate(
        [rng.choice(np.flatnonzero(y == c), n, replace=False) for c, n in zip(classes, take)]
    )
    return np.setdiff1d(np.arange(len(y)), test), test


@wrong("test first, then training", says="First the training rows", points=1)
def stratified_split(y, n_test, rng):
    y = np.asarray(y)
    order = rng.permutation(len(y))
    return order[:n_test], order[n_test:]


@wrong("draws with replacement", says="twice", points=1)
def stratified_split(y, n_test, rng):
    y = np.asarray(y)
    if not 0 <= n_test <= len(y):
        raise ValueError("bad n_test")
    classes, counts = np.unique(y, return_counts=True)
    take, rest = counts * n_test // len(y), counts * n_test % len(y)
    take[np.argsort(-rest)[: n_test - take.sum()]] += 1
    test = [rng.choice(np.flatnonzero(y == c), n) for c, n in zip(classes, take)]
    test = np.concatenate(test)
    return np.setdiff1d(np.arange(len(y)), test), test


@wrong("the first points of each class", says="is anything drawn at all", points=3)
def stratified_split(y, n_test, rng):
    y = np.asarray(y)
    if not 0 <= n_test <= len(y):
        raise ValueError("bad n_test")
    classes, counts = np.unique(y, return_counts=True)
    take, rest = counts * n_test // len(y), counts * n_test % len(y)
    take[np.argsort(-rest)[: n_test - take.sum()]] += 1
    test = np.concatenate([np.flatnonzero(y == c)[:n] for c, n in zip(classes, take)])
    return np.setdiff1d(np.arange(len(y)), test), test


@wrong("a window at a random place", says="the same chance", points=3)
def stratified_split(y, n_test, rng):
    y = np.asarray(y)
    if not 0 <= n_test <= len(y):
        raise ValueError("bad n_test")
    classes, counts = np.unique(y, return_counts=True)
    take, rest = counts * n_test // len(y), counts * n_test % len(y)
    take[np.argsort(-rest)[: n_test - take.sum()]] += 1
    test = [np.array([], dtype=int)]
    for c, n in zip(classes, take):
        rows = np.flatnonzero(y == c)
        begin = rng.integers(len(rows) - n + 1)
        test.append(rows[begin : begin + n])
    test = np.concatenate(test)
    return np.setdiff1d(np.arange(len(y)), test), test


@wrong("numpy's global state", says="draw from `rng`, not from `np.random`", points=3)
def stratified_split(y, n_test, rng):
    y = np.asarray(y)
    if not 0 <= n_test <= len(y):
        raise ValueError("bad n_test")
    classes, counts = np.unique(y, return_counts=True)
    take, rest = counts * n_test // len(y), counts * n_test % len(y)
    take[np.argsort(-rest)[: n_test - take.sum()]] += 1
    test = np.concatenate(
        [np.random.permutation(np.flatnonzero(y == c))[:n] for c, n in zip(classes, take)]
    )
    return np.setdiff1d(np.arange(len(y)), test), test


@wrong("a constant seed", says="a seed of your own", points=3)
def stratified_split(y, n_test, rng):
    y = np.asarray(y)
    if not 0 <= n_test <= len(y):
        raise ValueError("bad n_test")
    rng = np.random.default_rng(42)
    classes, counts = np.unique(y, return_counts=True)
    take, rest = counts * n_test // len(y), counts * n_test % len(y)
    take[np.argsort(-rest)[: n_test - take.sum()]] += 1
    test = np.concatenate(
        [rng.permutation(np.flatnonzero(y == c))[:n] for c, n in zip(classes, take)]
    )
    return np.setdiff1d(np.arange(len(y)), test), test


@wrong("returns the classes", says="not the classes")
def stratified_split(y, n_test, rng):
    y = np.asarray(y)
    classes, counts = np.unique(y, return_counts=True)
    take = counts * n_test // len(y)
    return np.repeat(classes, counts - take), np.repeat(classes, take)


@wrong("returns masks", says="not a mask of True and False")
def stratified_split(y, n_test, rng):
    y = np.asarray(y)
    classes, counts = np.unique(y, return_counts=True)
    is_test = np.zeros(len(y), bool)
    for c, n in zip(classes, counts * n_test // len(y)):
        is_test[rng.permutation(np.flatnonzero(y == c))[:n]] = True
    return ~is_test, is_test


@wrong("no check of n_test", says="must raise a ValueError", points=3)
def stratified_split(y, n_test, rng):
    y = np.asarray(y)
    n_test = min(max(n_test, 0), len(y))
    classes, counts = np.unique(y, return_counts=True)
    take, rest = counts * n_test // len(y), counts * n_test % len(y)
    take[np.argsort(-rest)[: n_test - take.sum()]] += 1
    test = np.concatenate(
        [rng.permutation(np.flatnonzero(y == c))[:n] for c, n in zip(classes, take)]
    )
    return np.setdiff1d(np.arange(len(y)), test), test


@wrong("bincount of the classes", says="With 4 classes of strings", points=1)
def stratified_split(y, n_test, rng):
    if not 0 <= n_test <= len(y):
        raise ValueError("bad n_test")
    counts = np.bincount(y)
    take, rest = counts * n_test // len(y), counts * n_test % len(y)
    take[np.argsort(-rest)[: n_test - take.sum()]] += 1
    test = np.concatenate([rng.permutation(np.flatnonzero(y == c))[:n] for c, n in enumerate(take)])
    return np.setdiff1d(np.arange(len(y)), test), test


# --- reconstruction_errors ---------------------------------------------------------------------


@right("a loop that returns a list")
def reconstruction_errors(X, X_reconstructed):
    if np.shape(X) != np.shape(X_reconstructed):
        raise ValueError("shapes differ")
    errors = []
    for x, r in zip(X, X_reconstructed):
        errors.append(sum((float(a) - float(b)) ** 2 for a, b in zip(x, r)) / len(x))
    return errors


@right("the norm, squared")
def reconstruction_errors(X, X_reconstructed):
    X, R = np.array(X, float), np.array(X_reconstructed, float)
    if X.shape != R.shape:
        raise ValueError("shapes differ")
    return np.linalg.norm(X - R, axis=1) ** 2 / X.shape[1]


@right("einsum")
def reconstruction_errors(X, X_reconstructed):
    if np.asarray(X).shape != np.asarray(X_reconstructed).shape:
        raise ValueError("shapes differ")
    d = np.subtract(X, X_reconstructed, dtype=float)
    return np.einsum("nd,nd->n", d, d) / d.shape[1]


@right("scikit-learn, on the transposed tables")
def reconstruction_errors(X, X_reconstructed):
    from sklearn.metrics import mean_squared_error

    X, R = np.asarray(X).astype(float), np.asarray(X_reconstructed).astype(float)
    if X.shape != R.shape:
        raise ValueError("shapes differ")
    return mean_squared_error(X.T, R.T, multioutput="raw_values")


@wrong("sums instead of averaging", says="the *mean* over the pixels")
def reconstruction_errors(X, X_reconstructed):
    return np.sum((np.asarray(X, float) - X_reconstructed) ** 2, axis=1)


@wrong("divides by the number of images", says="You divide by the number of faces")
def reconstruction_errors(X, X_reconstructed):
    return np.sum((np.asarray(X, float) - X_reconstructed) ** 2, axis=1) / len(X)


@wrong("one number for all", says="one for each row is asked for")
def reconstruction_errors(X, X_reconstructed):
    return np.mean((np.asarray(X, float) - X_reconstructed) ** 2)


@wrong("the mean along the wrong axis", says="average along the other axis")
def reconstruction_errors(X, X_reconstructed):
    return np.mean((np.asarray(X, float) - X_reconstructed) ** 2, axis=0)


@wrong("takes the root", says="No square root here")
def reconstruction_errors(X, X_reconstructed):
    return np.sqrt(np.mean((np.asarray(X, float) - X_reconstructed) ** 2, axis=1))


@wrong("the length of the difference", says="This is the length of each difference")
def reconstruction_errors(X, X_reconstructed):
    a, b = np.asarray(X, dtype=float), np.asarray(X_reconstructed, dtype=float)
    if a.shape != b.shape:
        raise ValueError("shapes differ")
    return np.linalg.norm(a - b, axis=1)


@wrong("absolute differences", says="square each of them first")
def reconstruction_errors(X, X_reconstructed):
    return np.mean(np.abs(np.asarray(X, float) - X_reconstructed), axis=1)


@wrong("squares the mean", says="square each pixel's difference first")
def reconstruction_errors(X, X_reconstructed):
    return np.mean(np.asarray(X, float) - X_reconstructed, axis=1) ** 2


@wrong("does not average", says="of each face: average them")
def reconstruction_errors(X, X_reconstructed):
    return (np.asarray(X, float) - X_reconstructed) ** 2


@wrong("uint8 wraps around", says="differences and squares wrap around", points=1)
def reconstruction_errors(X, X_reconstructed):
    X, R = np.asarray(X), np.asarray(X_reconstructed)
    if X.shape != R.shape:
        raise ValueError("shapes differ")
    return np.mean((X - R) ** 2, axis=1)


@wrong("stretches a single row", says="would stretch the one over all three", points=1)
def reconstruction_errors(X, X_reconstructed):
    X, R = np.asarray(X, float), np.asarray(X_reconstructed, float)
    if X.shape[1] != R.shape[-1]:
        raise ValueError("shapes differ")
    return np.mean((X - R) ** 2, axis=1)


@wrong("writes into X", says="changes its inputs", points=1)
def reconstruction_errors(X, X_reconstructed):
    if np.shape(X) != np.shape(X_reconstructed):
        raise ValueError("shapes differ")
    X = np.asarray(X) if np.asarray(X).dtype == float else np.array(X, float)
    X -= np.asarray(X_reconstructed, float)
    return np.mean(X**2, axis=1)


@wrong("the number of pixels fixed", says="is a number of pixels or images fixed")
def reconstruction_errors(X, X_reconstructed):
    X, R = np.asarray(X, float), np.asarray(X_reconstructed, float)
    return np.sum((X - R) ** 2, axis=1) / 4


# --- misclf_rate -------------------------------------------------------------------------------


@right("a square cost matrix, minimised")
def misclf_rate(y_true, cluster_labels):
    y, z = list(y_true), list(cluster_labels)
    if len(y) == 0 or len(y) != len(z):
        raise ValueError("bad input")
    classes, clusters = sorted(set(y)), sorted(set(z))
    n = max(len(classes), len(clusters))
    cost = np.zeros((n, n))
    for a, b in zip(y, z):
        cost[classes.index(a), clusters.index(b)] -= 1
    i, j = linear_sum_assignment(cost)
    return (len(y) + cost[i, j].sum()) / len(y)


@right("all matchings, one by one")
def misclf_rate(y_true, cluster_labels):
    from itertools import permutations

    y, z = np.asarray(y_true), np.asarray(cluster_labels)
    if len(y) != len(z) or len(y) == 0:
        raise ValueError("bad input")
    classes, clusters = np.unique(y), np.unique(z)
    table = (z[:, None] == clusters).T.astype(int) @ (y[:, None] == classes).astype(int)
    if table.shape[0] < table.shape[1]:
        table = table.T
    short = range(table.shape[1])
    best = max(
        sum(table[p[k], k] for k in short) for p in permutations(range(len(table)), len(short))
    )
    return 1 - best / len(y)


@right("scikit-learn's contingency table")
def misclf_rate(y_true, cluster_labels):
    from sklearn.metrics.cluster import contingency_matrix

    if len(y_true) == 0 or len(y_true) != len(cluster_labels):
        raise ValueError("bad input")
    table = contingency_matrix(y_true, cluster_labels)
    i, j = linear_sum_assignment(-table)
    return np.float64(1 - table[i, j].sum() / table.sum())


@right("the helper of the course")
def misclf_rate(y_true, cluster_labels):
    from utils import misclassification_rate

    return misclassification_rate(y_true, cluster_labels)


@right("renames the clusters, then compares")
def misclf_rate(y_true, cluster_labels):
    y, z = np.asarray(y_true), np.asarray(cluster_labels)
    if y.shape != z.shape or y.size == 0:
        raise ValueError("bad input")
    classes, clusters = np.unique(y), np.unique(z)
    table = np.array([[np.sum((z == c) & (y == k)) for k in classes] for c in clusters])
    right = np.zeros(len(y), dtype=bool)
    for i, j in zip(*linear_sum_assignment(table, maximize=True)):
        right |= (z == clusters[i]) & (y == classes[j])
    return np.mean(~right)


@wrong("compares the raw numbers", says="You compare the numbers as they are")
def misclf_rate(y_true, cluster_labels):
    return np.mean(np.asarray(y_true) != np.asarray(cluster_labels))


@wrong("gives the accuracy", says="the share that is wrong is asked for")
def misclf_rate(y_true, cluster_labels):
    y, z = np.asarray(y_true), np.asarray(cluster_labels)
    table = np.array([[np.sum((z == c) & (y == k)) for k in np.unique(y)] for c in np.unique(z)])
    i, j = linear_sum_assignment(table, maximize=True)
    return table[i, j].sum() / len(y)


@wrong("counts the wrong points", says="Divide by how many there are")
def misclf_rate(y_true, cluster_labels):
    y, z = np.asarray(y_true), np.asarray(cluster_labels)
    table = np.array([[np.sum((z == c) & (y == k)) for k in np.unique(y)] for c in np.unique(z)])
    i, j = linear_sum_assignment(table, maximize=True)
    return len(y) - table[i, j].sum()


@wrong("in per cent", says="do not multiply by 100")
def misclf_rate(y_true, cluster_labels):
    y, z = np.asarray(y_true), np.asarray(cluster_labels)
    table = np.array([[np.sum((z == c) & (y == k)) for k in np.unique(y)] for c in np.unique(z)])
    i, j = linear_sum_assignment(table, maximize=True)
    return 100 * (1 - table[i, j].sum() / len(y))


@wrong("the majority class of each cluster", says="You give two clusters the same class", points=1)
def misclf_rate(y_true, cluster_labels):
    y, z = np.asarray(y_true), np.asarray(cluster_labels)
    if len(y) == 0 or len(y) != len(z):
        raise ValueError("bad input")
    table = np.array([[np.sum((z == c) & (y == k)) for k in np.unique(y)] for c in np.unique(z)])
    return 1 - table.max(axis=1).sum() / len(y)


@wrong("the worst matching", says="with `maximize=True` forgotten")
def misclf_rate(y_true, cluster_labels):
    y, z = np.asarray(y_true), np.asarray(cluster_labels)
    if len(y) == 0 or len(y) != len(z):
        raise ValueError("bad input")
    table = np.array([[np.sum((z == c) & (y == k)) for k in np.unique(y)] for c in np.unique(z)])
    i, j = linear_sum_assignment(table)
    return 1 - table[i, j].sum() / len(y)


@wrong("as many clusters as classes", says="With 3 clusters and 2 classes your function stops")
def misclf_rate(y_true, cluster_labels):
    from itertools import permutations

    y, z = np.asarray(y_true), np.asarray(cluster_labels)
    if len(y) == 0 or len(y) != len(z):
        raise ValueError("bad input")
    return min(np.mean(np.array(p)[z] != y) for p in permutations(np.unique(y)))


@wrong("greedy matching", says="the largest entry of the table first", points=1)
def misclf_rate(y_true, cluster_labels):
    y, z = np.asarray(y_true), np.asarray(cluster_labels)
    if len(y) == 0 or len(y) != len(z):
        raise ValueError("bad input")
    table = np.array([[np.sum((z == c) & (y == k)) for k in np.unique(y)] for c in np.unique(z)])
    right = 0
    for _ in range(min(table.shape)):
        i, j = np.unravel_index(table.argmax(), table.shape)
        right += table[i, j]
        table[i], table[:, j] = -1, -1
    return 1 - right / len(y)


@wrong(
    "takes labels for positions",
    says="With the labels -1, 7 and 1000 your function stops",
    points=2,
)
def misclf_rate(y_true, cluster_labels):
    y, z = np.asarray(y_true), np.asarray(cluster_labels)
    if len(y) == 0 or len(y) != len(z):
        raise ValueError("bad input")
    table = np.zeros((len(np.unique(z)), len(np.unique(y))))
    np.add.at(table, (z, y), 1)
    i, j = linear_sum_assignment(table, maximize=True)
    return 1 - table[i, j].sum() / len(y)


@wrong("leaves out the unmatched points", says="or leave out a cluster without a class", points=1)
def misclf_rate(y_true, cluster_labels):
    y, z = np.asarray(y_true), np.asarray(cluster_labels)
    if len(y) == 0 or len(y) != len(z):
        raise ValueError("bad input")
    table = np.array([[np.sum((z == c) & (y == k)) for k in np.unique(y)] for c in np.unique(z)])
    i, j = linear_sum_assignment(table, maximize=True)
    return 1 - table[i, j].sum() / table[i].sum()


@wrong("K fixed at 3", says="With 6 clusters and 3 classes your function stops")
def misclf_rate(y_true, cluster_labels):
    from itertools import permutations

    y, z = np.asarray(y_true), np.asarray(cluster_labels)
    if len(y) == 0 or len(y) != len(z):
        raise ValueError("bad input")
    return min(np.mean(np.array(p)[z] != y) for p in permutations(range(3)))


@wrong("no check of the input", says="Without any points there is no rate", points=2)
def misclf_rate(y_true, cluster_labels):
    n = min(len(y_true), len(cluster_labels))
    if n == 0:
        return 0.0
    y, z = np.asarray(y_true)[:n], np.asarray(cluster_labels)[:n]
    table = np.array([[np.sum((z == c) & (y == k)) for k in np.unique(y)] for c in np.unique(z)])
    i, j = linear_sum_assignment(table, maximize=True)
    return 1 - table[i, j].sum() / len(y)


@wrong("renumbers its inputs in place", says="changes its inputs", points=2)
def misclf_rate(y_true, cluster_labels):
    y, z = np.asarray(y_true), np.asarray(cluster_labels)
    if len(y) == 0 or len(y) != len(z):
        raise ValueError("bad input")
    for labels in (y, z):
        labels[:] = np.unique(labels, return_inverse=True)[1]
    table = np.zeros((z.max() + 1, y.max() + 1), dtype=int)
    np.add.at(table, (z, y), 1)
    i, j = linear_sum_assignment(table, maximize=True)
    return 1 - table[i, j].sum() / len(y)


# --- low_rank_log_density ----------------------------------------------------------------------


@right("the whole covariance, slogdet and solve")
def low_rank_log_density(X, mean, components, variances, noise):
    X, mean, V, lam = (np.asarray(a, float) for a in (X, mean, components, variances))
    D = X.shape[1]
    if mean.shape != (D,) or V.shape[1] != D or len(V) != len(lam):
        raise ValueError("shapes do not fit")
    S = V.T @ np.diag(lam) @ V + noise * np.eye(D)
    d = X - mean
    q = np.sum(d * np.linalg.solve(S, d.T).T, axis=1)
    return -0.5 * (D * np.log(2 * np.pi) + np.linalg.slogdet(S)[1] + q)


@right("a Cholesky root and a triangular solve, as a list")
def low_rank_log_density(X, mean, components, variances, noise):
    from scipy.linalg import solve_triangular

    V, lam, mean = np.array(components, float), np.array(variances, float), np.array(mean, float)
    D = np.shape(X)[1]
    if mean.shape != (D,) or V.shape != (lam.size, D):
        raise ValueError("shapes do not fit")
    S = noise * np.eye(D)
    for v, one in zip(V, lam):
        S += one * np.outer(v, v)
    L = np.linalg.cholesky(S)
    logdet = 2 * np.log(np.diag(L)).sum()
    out = []
    for x in X:
        u = solve_triangular(L, np.subtract(x, mean), lower=True)
        out.append(-(D * np.log(2 * np.pi) + logdet + u @ u) / 2)
    return out


@right("scipy")
def low_rank_log_density(X, mean, components, variances, noise):
    X, V, lam = np.asarray(X, float), np.asarray(components, float), np.asarray(variances, float)
    if np.shape(mean) != (X.shape[1],) or V.shape != (len(lam), X.shape[1]):
        raise ValueError("shapes do not fit")
    S = (V.T * lam) @ V + noise * np.eye(X.shape[1])
    return np.atleast_1d(multivariate_normal(mean, S).logpdf(X))


@right("the eigenvectors of the small matrix")
def low_rank_log_density(X, mean, components, variances, noise):
    X, mean = np.asarray(X, float), np.asarray(mean, float)
    V, lam = np.asarray(components, float), np.asarray(variances, float)
    D = X.shape[1]
    if mean.shape != (D,) or V.shape != (lam.shape[0], D):
        raise ValueError("shapes do not fit")
    _, s, W = np.linalg.svd(np.sqrt(lam)[:, None] * V, full_matrices=False)
    d = X - mean
    a = d @ W.T
    along = np.sum(a**2 / (s**2 + noise), axis=1)
    beside = (np.sum(d**2, axis=1) - np.sum(a**2, axis=1)) / noise
    logdet = np.log(s**2 + noise).sum() + (D - len(s)) * np.log(noise)
    return -0.5 * (D * np.log(2 * np.pi) + logdet + along + beside)


@right("one direction at a time, by rank-one updates")
def low_rank_log_density(X, mean, components, variances, noise):
    X, mean = np.asarray(X, float), np.asarray(mean, float)
    V, lam = np.asarray(components, float), np.asarray(variances, float)
    if mean.ndim != 1 or len(mean) != X.shape[1] or V.shape != (len(lam), X.shape[1]):
        raise ValueError("shapes do not fit")
    inverse, logdet = np.eye(X.shape[1]) / noise, X.shape[1] * np.log(noise)
    for v, one in zip(V, lam):
        u = inverse @ v
        scale = 1 + one * (v @ u)
        inverse = inverse - one * np.outer(u, u) / scale
        logdet += np.log(scale)
    d = X - mean
    return -(X.shape[1] * np.log(2 * np.pi) + logdet + np.einsum("ni,ij,nj->n", d, inverse, d)) / 2


@wrong("the logarithm of det", says="the density or the determinant underflows", points=3)
def low_rank_log_density(X, mean, components, variances, noise):
    X, mean, V, lam = (np.asarray(a, float) for a in (X, mean, components, variances))
    D = X.shape[1]
    if mean.shape != (D,) or V.shape != (len(lam), D):
        raise ValueError("shapes do not fit")
    S = (V.T * lam) @ V + noise * np.eye(D)
    d = X - mean
    return -0.5 * (
        D * np.log(2 * np.pi) + np.log(np.linalg.det(S)) + np.sum(d * np.linalg.solve(S, d.T).T, 1)
    )


@wrong("the logarithm of the density", says="the density or the determinant underflows", points=3)
def low_rank_log_density(X, mean, components, variances, noise):
    X, mean, V, lam = (np.asarray(a, float) for a in (X, mean, components, variances))
    if mean.shape != (X.shape[1],) or V.shape != (len(lam), X.shape[1]):
        raise ValueError("shapes do not fit")
    S = (V.T * lam) @ V + noise * np.eye(X.shape[1])
    return np.log(np.atleast_1d(multivariate_normal(mean, S).pdf(X)))


@wrong("the density itself", says="its logarithm is asked for")
def low_rank_log_density(X, mean, components, variances, noise):
    S = (components.T * variances) @ components + noise * np.eye(X.shape[1])
    return multivariate_normal(mean, S).pdf(X)


@wrong("no D log 2 pi", says="`D * log(2 pi)` is missing")
def low_rank_log_density(X, mean, components, variances, noise):
    S = (components.T * variances) @ components + noise * np.eye(X.shape[1])
    d = X - mean
    return -0.5 * (np.linalg.slogdet(S)[1] + np.sum(d * np.linalg.solve(S, d.T).T, axis=1))


@wrong("no determinant", says="The logarithm of the determinant is missing")
def low_rank_log_density(X, mean, components, variances, noise):
    S = (components.T * variances) @ components + noise * np.eye(X.shape[1])
    d = X - mean
    return -0.5 * (X.shape[1] * np.log(2 * np.pi) + np.sum(d * np.linalg.solve(S, d.T).T, axis=1))


@wrong("the sign of the determinant", says="`np.linalg.slogdet` returns the sign first")
def low_rank_log_density(X, mean, components, variances, noise):
    X, V = np.asarray(X, dtype=float), np.asarray(components, dtype=float)
    mean, lam = np.asarray(mean, dtype=float), np.asarray(variances, dtype=float)
    D = X.shape[1]
    if mean.shape != (D,) or V.shape[1] != D or len(lam) != len(V):
        raise ValueError("shapes")
    cov = V.T @ np.diag(lam) @ V + noise * np.eye(D)
    d = X - mean
    far = np.sum(d * np.linalg.solve(cov, d.T).T, axis=1)
    return -(D * np.log(2 * np.pi) + np.linalg.slogdet(cov)[0] + far) / 2


@wrong("the determinant without its half", says="is the factor 1/2 before it missing")
def low_rank_log_density(X, mean, components, variances, noise):
    S = (components.T * variances) @ components + noise * np.eye(X.shape[1])
    return multivariate_normal(mean, S).logpdf(X) - np.linalg.slogdet(S)[1] / 2


@wrong("no half at all", says="The factor 1/2 is missing")
def low_rank_log_density(X, mean, components, variances, noise):
    S = (components.T * variances) @ components + noise * np.eye(X.shape[1])
    return 2 * multivariate_normal(mean, S).logpdf(X)


@wrong("the noise as a deviation", says="You square `noise`")
def low_rank_log_density(X, mean, components, variances, noise):
    S = (components.T * variances) @ components + noise**2 * np.eye(X.shape[1])
    return multivariate_normal(mean, S).logpdf(X)


@wrong("the variances as deviations", says="You square `variances`")
def low_rank_log_density(X, mean, components, variances, noise):
    S = (components.T * variances**2) @ components + noise * np.eye(X.shape[1])
    return multivariate_normal(mean, S).logpdf(X)


@wrong("noise only beside the directions", says="Along a direction the noise is missing")
def low_rank_log_density(X, mean, components, variances, noise):
    d = X - mean
    a = d @ components.T
    beside = (np.sum(d**2, axis=1) - np.sum(a**2, axis=1)) / noise
    logdet = np.log(variances).sum() + (X.shape[1] - len(components)) * np.log(noise)
    q = beside + np.sum(a**2 / variances, axis=1)
    return -(X.shape[1] * np.log(2 * np.pi) + logdet + q) / 2


@wrong("the mean forgotten", says="The mean is not subtracted")
def low_rank_log_density(X, mean, components, variances, noise):
    S = (components.T * variances) @ components + noise * np.eye(X.shape[1])
    return multivariate_normal(np.zeros(X.shape[1]), S).logpdf(X)


@wrong("takes the directions for orthonormal", says="length one and are at right angles")
def low_rank_log_density(X, mean, components, variances, noise):
    X, mean, V, lam = (np.asarray(a, float) for a in (X, mean, components, variances))
    if mean.shape != (X.shape[1],) or V.shape != (len(lam), X.shape[1]):
        raise ValueError("shapes do not fit")
    d = X - mean
    a = d @ V.T
    q = np.sum(d**2, axis=1) / noise - np.sum(a**2 * lam / (noise * (noise + lam)), axis=1)
    logdet = np.sum(np.log(lam + noise)) + (X.shape[1] - len(lam)) * np.log(noise)
    return -(X.shape[1] * np.log(2 * np.pi) + logdet + q) / 2


@wrong("only the diagonal", says="Only the diagonal of the covariance", points=1)
def low_rank_log_density(X, mean, components, variances, noise):
    X, mean, V, lam = (np.asarray(a, float) for a in (X, mean, components, variances))
    if mean.shape != (X.shape[1],) or V.shape != (len(lam), X.shape[1]):
        raise ValueError("shapes do not fit")
    scale = np.sqrt(lam @ V**2 + noise)
    return norm.logpdf(X, mean, scale).sum(axis=1)


@wrong("divides by the variances", says="With a variance of 0", points=3)
def low_rank_log_density(X, mean, components, variances, noise):
    X, mean, V, lam = (np.asarray(a, float) for a in (X, mean, components, variances))
    D = X.shape[1]
    if mean.shape != (D,) or V.shape != (len(lam), D):
        raise ValueError("shapes do not fit")
    d = X - mean
    M = np.diag(1 / lam) + V @ V.T / noise
    a = V @ d.T
    q = np.sum(d**2, axis=1) / noise - np.sum(a * np.linalg.solve(M, a), axis=0) / noise**2
    logdet = np.linalg.slogdet(M)[1] + np.log(lam).sum() + D * np.log(noise)
    return -(D * np.log(2 * np.pi) + logdet + q) / 2


@wrong("only the first direction", says="Only the first direction is used")
def low_rank_log_density(X, mean, components, variances, noise):
    X, mean, V, lam = (np.asarray(a, float) for a in (X, mean, components, variances))
    if mean.shape != (X.shape[1],) or V.shape != (len(lam), X.shape[1]):
        raise ValueError("shapes do not fit")
    S = lam[0] * np.outer(V[0], V[0]) + noise * np.eye(X.shape[1])
    return np.atleast_1d(multivariate_normal(mean, S).logpdf(X))


@wrong("a plain number for one point", says="One point gives the shape (1,)", points=3)
def low_rank_log_density(X, mean, components, variances, noise):
    X, V, lam = np.asarray(X, float), np.asarray(components, float), np.asarray(variances, float)
    if np.shape(mean) != (X.shape[1],) or V.shape != (len(lam), X.shape[1]):
        raise ValueError("shapes do not fit")
    S = (V.T * lam) @ V + noise * np.eye(X.shape[1])
    return multivariate_normal(mean, S).logpdf(X)


@wrong("no check of the shapes", says="must raise a ValueError", points=3)
def low_rank_log_density(X, mean, components, variances, noise):
    X, V = np.asarray(X, float), np.asarray(components, float)
    B = np.sqrt(np.asarray(variances, float))[:, None] * V
    M = np.eye(len(B)) + B @ B.T / noise
    d = X - np.asarray(mean, float)
    a = B @ d.T
    q = (np.sum(d**2, axis=1) - np.sum(a * np.linalg.solve(M, a), axis=0) / noise) / noise
    logdet = np.linalg.slogdet(M)[1] + X.shape[1] * np.log(noise)
    return -(X.shape[1] * np.log(2 * np.pi) + logdet + q) / 2


# --- quizzes -----------------------------------------------------------------------------------

quiz_1 = right("C ")
quiz_1 = wrong("a", says="the normal test faces")
quiz_1 = wrong("b", says="Would they still stand out")
quiz_1 = wrong("d", says="anything about new faces")
quiz_1 = wrong("the test faces", says="one of the letters")

quiz_2 = right(" C")
quiz_2 = wrong("a", says="A direction is a row of numbers")
quiz_2 = wrong("b", says="how many numbers does one take")
quiz_2 = wrong("d", says="That is the full covariance")

# --- changes of the solutions that make no difference ------------------------------------------

equivalent(
    "stratified_split",
    "...max(len(y), 2)",
    "...max(len(y), 0)",
    because="It matters only without points, or with a single one.",
)
equivalent(
    "stratified_split",
    "remainders = ...",
    because="Which classes are rounded up is free, as long as each has a remainder.",
)
equivalent(
    "stratified_split",
    "for name, n in zip(classes, take, strict=False):",
    "for name, n in zip(classes, take):",
    because="There is a number for each class anyway.",
)
equivalent(
    "stratified_split",
    "if not -1 <= n_test <= len(y):",
    "if False and (not 0 <= n_test <= len(y)):",
    "if not 0 <= n_test:",
    "if not n_test <= len(y):",
    because="`rng.choice` refuses to draw that many with a ValueError, too.",
)
equivalent(
    "reconstruction_errors",
    "X = np.asarray(X)",
    "X_reconstructed = np.asarray(X_reconstructed)",
    because="As long as one of the two is of type float, so is their difference.",
)
equivalent(
    "misclf_rate",
    "table = np.zeros((len(names), len(classes)))",
    because="Counts may be floats.",
)
equivalent(
    "misclf_rate",
    "y_true, cluster_labels = (y_true), np.asarray(cluster_labels)",
    "y_true, cluster_labels = np.asarray(y_true), (cluster_labels)",
    because="`np.unique` and `len` take lists.",
)
equivalent(
    "low_rank_log_density",
    "if mean.shape < (D,) or components.shape != (len(variances), D):",
    because="Where the check lets it pass, NumPy or SciPy raise a ValueError a few lines on.",
)
equivalent(
    "low_rank_log_density",
    "components = np.asarray(components)",
    "variances = np.asarray(variances)",
    "variances = (variances)",
    "X, mean = np.asarray(X), np.asarray(mean, dtype=float)",
    "X, mean = np.asarray(X, dtype=float), np.asarray(mean)",
    because="NumPy turns the numbers into floats in the next step anyway.",
)
