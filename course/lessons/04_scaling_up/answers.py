"""Answers to lesson 04: right ones of different style, and misconceptions."""

from course.oracle import equivalent, right, wrong

# --- assign_in_chunks --------------------------------------------------------------------------


@right("broadcasting in each chunk, joined at the end")
def assign_in_chunks(X, centroid_locations, chunk_size):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    if chunk_size < 1 or X.shape[1] != mu.shape[1]:
        raise ValueError("bad chunk size or shapes")
    parts = []
    for start in range(0, len(X), chunk_size):
        chunk = X[start : start + chunk_size]
        parts.append(((chunk[:, None, :] - mu[None, :, :]) ** 2).sum(axis=2).argmin(axis=1))
    return np.concatenate(parts)


@right("a loop over points that returns a list")
def assign_in_chunks(X, centroid_locations, chunk_size):
    if chunk_size < 1:
        raise ValueError("chunk_size must be at least 1")
    if len(X[0]) != len(centroid_locations[0]):
        raise ValueError("numbers of columns differ")
    labels = []
    for x in X:
        best, nearest = None, 0
        for k, m in enumerate(centroid_locations):
            d = sum((float(a) - float(b)) ** 2 for a, b in zip(x, m))
            if best is None or d < best:
                best, nearest = d, k
        labels.append(nearest)
    return labels


@right("scipy's cdist")
def assign_in_chunks(X, centroid_locations, chunk_size):
    from scipy.spatial.distance import cdist

    X, mu = np.asarray(X), np.asarray(centroid_locations, dtype=float)
    if chunk_size < 1:
        raise ValueError("chunk_size must be at least 1")
    if X.shape[1] != mu.shape[1]:
        raise ValueError("numbers of columns differ")
    labels, i = np.zeros(len(X), dtype=np.int32), 0
    while i < len(X):
        labels[i : i + chunk_size] = cdist(X[i : i + chunk_size].astype(float), mu).argmin(axis=1)
        i += chunk_size
    return labels


@right("the expanded square, array_split")
def assign_in_chunks(X, centroid_locations, chunk_size):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    if chunk_size < 1 or X.shape[1] != mu.shape[1]:
        raise ValueError("bad input")
    norms = (mu**2).sum(axis=1)
    chunks = np.split(X, range(chunk_size, len(X), chunk_size))
    return np.hstack([np.argmin(norms - 2 * chunk @ mu.T, axis=1) for chunk in chunks])


@right("running minimum, no table at all, float labels")
def assign_in_chunks(X, centroid_locations, chunk_size):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    if chunk_size < 1 or X.shape[1] != mu.shape[1]:
        raise ValueError("bad input")
    labels = np.zeros(len(X))
    for a in range(0, len(X), chunk_size):
        piece = X[a : a + chunk_size]
        best = np.full(len(piece), np.inf)
        for k in range(len(mu)):
            d = np.linalg.norm(piece - mu[k], axis=1)
            labels[a : a + chunk_size][d < best] = k
            best = np.minimum(best, d)
    return labels


@right("scikit-learn's pairwise_distances_argmin on each chunk")
def assign_in_chunks(X, centroid_locations, chunk_size):
    from sklearn.metrics import pairwise_distances_argmin

    X, mu = np.array(X, dtype=float), np.array(centroid_locations, dtype=float)
    if chunk_size < 1 or X.shape[1] != mu.shape[1]:
        raise ValueError("bad input")
    return np.concatenate(
        [pairwise_distances_argmin(X[i : i + chunk_size], mu) for i in range(0, len(X), chunk_size)]
    )


@wrong("the whole table at once", says="the distances of `chunk_size` points at a time", points=3)
def assign_in_chunks(X, centroid_locations, chunk_size):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    if chunk_size < 1 or X.shape[1] != mu.shape[1]:
        raise ValueError("bad input")
    return ((X[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)


@wrong("chunks, but all distances kept", says="keep only labels", points=3)
def assign_in_chunks(X, centroid_locations, chunk_size):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    if chunk_size < 1 or X.shape[1] != mu.shape[1]:
        raise ValueError("bad input")
    tables = [
        ((X[i : i + chunk_size, None] - mu) ** 2).sum(axis=2) for i in range(0, len(X), chunk_size)
    ]
    return np.vstack(tables).argmin(axis=1)


@wrong("a chunk size of its own", says="the distances of `chunk_size` points at a time", points=3)
def assign_in_chunks(X, centroid_locations, chunk_size):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    if chunk_size < 1 or X.shape[1] != mu.shape[1]:
        raise ValueError("bad input")
    parts = []
    for i in range(0, len(X), 500):
        parts.append(((X[i : i + 500, None] - mu) ** 2).sum(axis=2).argmin(axis=1))
    return np.concatenate(parts)


@wrong("chunk_size taken for the number of chunks", says="not the number of chunks", points=3)
def assign_in_chunks(X, centroid_locations, chunk_size):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    if chunk_size < 1 or X.shape[1] != mu.shape[1]:
        raise ValueError("bad input")
    labels = []
    for chunk in np.array_split(X, chunk_size):
        table = np.stack([((chunk - m) ** 2).sum(axis=1) for m in mu], axis=1)
        labels.append(table.argmin(axis=1))
    return np.concatenate(labels)


@wrong(
    "the smallest distance, not its index", says="return the index of the smallest one", points=0
)
def assign_in_chunks(X, centroid_locations, chunk_size):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    if chunk_size < 1 or X.shape[1] != mu.shape[1]:
        raise ValueError("bad input")
    nearest = np.empty(len(X))
    for begin in range(0, len(X), chunk_size):
        chunk = X[begin : begin + chunk_size]
        nearest[begin : begin + chunk_size] = ((chunk[:, None] - mu) ** 2).sum(axis=2).min(axis=1)
    return nearest


@wrong("returns after the first chunk", says="is the `return` inside the loop", points=0)
def assign_in_chunks(X, centroid_locations, chunk_size):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    for begin in range(0, len(X), chunk_size):
        chunk = X[begin : begin + chunk_size]
        return ((chunk[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)


@wrong("drops the last chunk", says="The last chunk is missing", points=0)
def assign_in_chunks(X, centroid_locations, chunk_size):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    if chunk_size < 1 or X.shape[1] != mu.shape[1]:
        raise ValueError("bad input")
    parts = []
    for i in range(len(X) // chunk_size):
        chunk = X[i * chunk_size : (i + 1) * chunk_size]
        parts.append(((chunk[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1))
    return np.concatenate(parts) if parts else np.array([], dtype=int)


@wrong("leaves the last chunk at zero", says="The points of the last, shorter chunk", points=0)
def assign_in_chunks(X, centroid_locations, chunk_size):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    labels = np.zeros(len(X), dtype=int)
    for i in range(len(X) // chunk_size):
        part = slice(i * chunk_size, (i + 1) * chunk_size)
        labels[part] = ((X[part, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    return labels[: len(X)] if chunk_size > 1 else labels[:0]


@wrong("returns only the last chunk", says="You return only the last chunk")
def assign_in_chunks(X, centroid_locations, chunk_size):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    for i in range(0, len(X), chunk_size):
        labels = ((X[i : i + chunk_size, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    return labels


@wrong("a list of chunks", says="one result for each chunk")
def assign_in_chunks(X, centroid_locations, chunk_size):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    return [
        ((X[i : i + chunk_size, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
        for i in range(0, len(X), chunk_size)
    ]


@wrong("the farthest centroid", says="look for the smallest distance")
def assign_in_chunks(X, centroid_locations, chunk_size):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    parts = []
    for i in range(0, len(X), chunk_size):
        parts.append(((X[i : i + chunk_size, None] - mu) ** 2).sum(axis=2).argmax(axis=1))
    return np.concatenate(parts)


@wrong("uint8 wraps around", says="With uint8 numbers", points=2)
def assign_in_chunks(X, centroid_locations, chunk_size):
    X, mu = np.asarray(X), np.asarray(centroid_locations)
    if chunk_size < 1 or X.shape[1] != mu.shape[1]:
        raise ValueError("bad input")
    parts = []
    for i in range(0, len(X), chunk_size):
        parts.append(((X[i : i + chunk_size, None] - mu) ** 2).sum(axis=2).argmin(axis=1))
    return np.concatenate(parts)


@wrong("ties to the higher index", says="the centroid with the lower index", points=3)
def assign_in_chunks(X, centroid_locations, chunk_size):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    if chunk_size < 1 or X.shape[1] != mu.shape[1]:
        raise ValueError("bad input")
    parts = []
    for i in range(0, len(X), chunk_size):
        table = ((X[i : i + chunk_size, None] - mu) ** 2).sum(axis=2)
        parts.append(len(mu) - 1 - table[:, ::-1].argmin(axis=1))
    return np.concatenate(parts)


@wrong("checks nothing", says="A chunk of 0 points must raise a ValueError", points=3)
def assign_in_chunks(X, centroid_locations, chunk_size):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    labels, chunk_size = np.zeros(len(X), dtype=int), max(chunk_size, 1)
    for i in range(0, len(X), chunk_size):
        chunk = X[i : i + chunk_size]
        labels[i : i + chunk_size] = ((chunk[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    return labels


@wrong("leaves the columns to broadcasting", says="even where NumPy would stretch", points=3)
def assign_in_chunks(X, centroid_locations, chunk_size):
    X, mu = np.asarray(X, dtype=float), np.asarray(centroid_locations, dtype=float)
    if chunk_size < 1:
        raise ValueError("chunk_size must be at least 1")
    labels = np.zeros(len(X), dtype=int)
    for i in range(0, len(X), chunk_size):
        chunk = X[i : i + chunk_size]
        labels[i : i + chunk_size] = ((chunk[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    return labels


# --- minibatch_update --------------------------------------------------------------------------


@right("sums and counts, the weighted mean")
def minibatch_update(centroid_locations, counts, batch):
    mu, n = np.asarray(centroid_locations, dtype=float), np.asarray(counts)
    batch = np.asarray(batch, dtype=float)
    if batch.shape[1] != mu.shape[1] or n.shape != (len(mu),):
        raise ValueError("shapes do not fit")
    labels = ((batch[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    onehot = np.eye(len(mu))[labels]
    got = onehot.sum(axis=0).astype(int)
    new = np.where(got[:, None] > 0, n[:, None] * mu + onehot.T @ batch, mu)
    return new / np.where(got > 0, n + got, 1)[:, None], n.astype(int) + got


@right("Sculley's two loops, with a cached list")
def minibatch_update(centroid_locations, counts, batch):
    mu = [[float(a) for a in row] for row in centroid_locations]
    v = [int(c) for c in counts]
    if len(v) != len(mu) or len(batch[0]) != len(mu[0]):
        raise ValueError("shapes do not fit")
    cache = []
    for x in batch:
        d = [sum((float(a) - b) ** 2 for a, b in zip(x, m)) for m in mu]
        cache.append(d.index(min(d)))
    for x, k in zip(batch, cache):
        v[k] += 1
        eta = 1 / v[k]
        mu[k] = [(1 - eta) * m + eta * float(a) for m, a in zip(mu[k], x)]
    return np.array(mu), np.array(v)


@right("np.add.at and a safe division")
def minibatch_update(centroid_locations, counts, batch):
    mu, batch = np.array(centroid_locations, float), np.array(batch, float)
    n = np.array(counts, dtype=np.int32)
    if mu.shape[1] != batch.shape[1]:
        raise ValueError("columns differ")
    if len(n) != len(mu):
        raise ValueError("counts and centroids differ")
    z = np.linalg.norm(batch[:, None] - mu, axis=2).argmin(axis=1)
    after = n + np.bincount(z, minlength=len(mu)).astype(np.int32)
    shift = np.zeros_like(mu)
    np.add.at(shift, z, batch - mu[z])
    return mu + shift / np.maximum(after, 1)[:, None], after


@right("np.average over the members")
def minibatch_update(centroid_locations, counts, batch):
    mu, batch = np.array(centroid_locations, dtype=float), np.asarray(batch, dtype=float)
    counts = np.array(counts, dtype=int)
    if mu.shape[1] != batch.shape[1] or counts.size != len(mu):
        raise ValueError("bad shapes")
    z = np.array([np.argmin([np.dot(x - m, x - m) for m in mu]) for x in batch])
    for k in set(z.tolist()):
        rows = np.vstack([mu[k], batch[z == k]])
        mu[k] = np.average(rows, axis=0, weights=[counts[k]] + [1] * (len(rows) - 1))
        counts[k] += len(rows) - 1
    return [mu, counts]


@right("float32 centroids, order reversed")
def minibatch_update(centroid_locations, counts, batch):
    mu = np.array(centroid_locations, dtype=float)
    n = list(counts)
    batch = np.asarray(batch, dtype=float)
    if batch.shape[1] != mu.shape[1] or len(n) != len(mu):
        raise ValueError("bad shapes")
    z = ((batch[:, None] - mu) ** 2).sum(axis=-1).argmin(axis=-1)
    for i in reversed(range(len(batch))):
        n[z[i]] += 1
        mu[z[i]] = mu[z[i]] * (1 - 1 / n[z[i]]) + batch[i] / n[z[i]]
    return mu.astype(np.float32), n


@wrong("jumps to the mean of the batch", says="The centroid jumps to the mean of this batch")
def minibatch_update(centroid_locations, counts, batch):
    mu, counts = np.array(centroid_locations, dtype=float), np.array(counts)
    batch = np.asarray(batch, dtype=float)
    z = ((batch[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    for k in np.unique(z):
        mu[k] = batch[z == k].mean(axis=0)
        counts[k] += np.sum(z == k)
    return mu, counts


@wrong("half of the way", says="The centroid goes half of the way")
def minibatch_update(centroid_locations, counts, batch):
    mu, counts = np.array(centroid_locations, dtype=float), np.array(counts)
    batch = np.asarray(batch, dtype=float)
    z = ((batch[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    for k in np.unique(z):
        mu[k] = (mu[k] + batch[z == k].mean(axis=0)) / 2
        counts[k] += np.sum(z == k)
    return mu, counts


@wrong("the old centroid as a single point", says="counts like a single point")
def minibatch_update(centroid_locations, counts, batch):
    mu, counts = np.array(centroid_locations, dtype=float), np.array(counts)
    batch = np.asarray(batch, dtype=float)
    z = ((batch[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    for k in np.unique(z):
        mu[k] = np.vstack([mu[k], batch[z == k]]).mean(axis=0)
        counts[k] += np.sum(z == k)
    return mu, counts


@wrong("divides by the count before it is raised", says="raise the count first")
def minibatch_update(centroid_locations, counts, batch):
    mu, counts = np.array(centroid_locations, dtype=float), np.array(counts)
    batch = np.asarray(batch, dtype=float)
    z = ((batch[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    for x, k in zip(batch, z):
        mu[k] += (x - mu[k]) / max(counts[k], 1)
        counts[k] += 1
    return mu, counts


@wrong("divides the sum by the old count", says="You divide by the old count")
def minibatch_update(centroid_locations, counts, batch):
    mu, counts = np.array(centroid_locations, dtype=float), np.array(counts)
    batch = np.asarray(batch, dtype=float)
    z = ((batch[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    for k in np.unique(z):
        mu[k] += (batch[z == k] - mu[k]).sum(axis=0) / max(counts[k], 1)
        counts[k] += np.sum(z == k)
    return mu, counts


@wrong("one step towards the mean of the batch", says="as if it were a single point")
def minibatch_update(centroid_locations, counts, batch):
    mu, counts = np.array(centroid_locations, dtype=float), np.array(counts)
    batch = np.asarray(batch, dtype=float)
    z = ((batch[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    for k in np.unique(z):
        counts[k] += np.sum(z == k)
        mu[k] += (batch[z == k].mean(axis=0) - mu[k]) / counts[k]
    return mu, counts


@wrong(
    "assigns each point to the moved centroids",
    says="assign the whole batch to the old centroids",
    points=3,
)
def minibatch_update(centroid_locations, counts, batch):
    mu, counts = np.array(centroid_locations, dtype=float), np.array(counts, dtype=int)
    batch = np.asarray(batch, dtype=float)
    if batch.shape[1] != mu.shape[1] or counts.shape != (len(mu),):
        raise ValueError("bad shapes")
    for x in batch:
        k = ((mu - x) ** 2).sum(axis=1).argmin()
        counts[k] += 1
        mu[k] += (x - mu[k]) / counts[k]
    return mu, counts


@wrong("counts of the batch alone", says="add them to the counts so far")
def minibatch_update(centroid_locations, counts, batch):
    mu, counts = np.array(centroid_locations, dtype=float), np.array(counts)
    batch = np.asarray(batch, dtype=float)
    z = ((batch[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    got = np.bincount(z, minlength=len(mu))
    for x, k in zip(batch, z):
        counts[k] += 1
        mu[k] += (x - mu[k]) / counts[k]
    return mu, got


@wrong("forgets to raise the counts", says="The counts stay as they were")
def minibatch_update(centroid_locations, counts, batch):
    mu, batch = np.array(centroid_locations, dtype=float), np.asarray(batch, dtype=float)
    z = ((batch[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    for x, k in zip(batch, z):
        mu[k] += (x - mu[k]) / (counts[k] + 1)
    return mu, counts


@wrong("returns only the centroids", says="Return two things")
def minibatch_update(centroid_locations, counts, batch):
    mu, counts = np.array(centroid_locations, dtype=float), np.array(counts)
    z = ((batch[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    for x, k in zip(batch, z):
        counts[k] += 1
        mu[k] += (x - mu[k]) / counts[k]
    return mu


@wrong("nan for a centroid without points", says="A centroid became nan")
def minibatch_update(centroid_locations, counts, batch):
    mu, n = np.array(centroid_locations, dtype=float), np.array(counts, dtype=int)
    batch = np.asarray(batch, dtype=float)
    if batch.shape[1] != mu.shape[1] or n.shape != (len(mu),):
        raise ValueError("bad shapes")
    z = ((batch[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    onehot = np.eye(len(mu))[z]
    got = n + onehot.sum(axis=0).astype(int)
    with np.errstate(all="ignore"):
        new = (n[:, None] * mu + onehot.T @ batch) / got[:, None]
    return new, got


@wrong("changes its inputs", says="Your function changes `centroid_locations`", points=3)
def minibatch_update(centroid_locations, counts, batch):
    mu = centroid_locations
    if isinstance(mu, list) or np.asarray(mu).dtype.kind != "f":
        mu = np.array(mu, dtype=float)
    counts, batch = np.asarray(counts), np.asarray(batch, dtype=float)
    if batch.shape[1] != mu.shape[1] or counts.shape != (len(mu),):
        raise ValueError("bad shapes")
    z = ((batch[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    for x, k in zip(batch, z):
        counts[k] += 1
        mu[k] += (x - mu[k]) / counts[k]
    return mu, counts


@wrong("a whole-number copy of the centroids", says="cut to a whole number", points=3)
def minibatch_update(centroid_locations, counts, batch):
    mu, counts = np.array(centroid_locations), np.array(counts, dtype=int)
    batch = np.asarray(batch)
    if batch.shape[1] != mu.shape[1] or counts.shape != (len(mu),):
        raise ValueError("bad shapes")
    z = ((batch[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    for x, k in zip(batch, z):
        counts[k] += 1
        mu[k] = mu[k] + (x - mu[k]) / counts[k]
    return mu, counts


@wrong("adds to a whole-number copy", says="make a float copy of the centroids", points=3)
def minibatch_update(centroid_locations, counts, batch):
    mu, n = np.array(centroid_locations), np.array(counts)
    batch = np.asarray(batch, dtype=float)
    if batch.shape[1] != mu.shape[1] or n.shape != (len(mu),):
        raise ValueError("bad input")
    labels = ((batch[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    for x, k in zip(batch, labels, strict=True):
        n[k] += 1
        mu[k] += (x - mu[k]) / n[k]
    return mu, n


@wrong("counts as floats", says="The counts must be of an integer type", points=3)
def minibatch_update(centroid_locations, counts, batch):
    mu, counts = np.array(centroid_locations, dtype=float), np.array(counts, dtype=float)
    batch = np.asarray(batch, dtype=float)
    if batch.shape[1] != mu.shape[1] or counts.shape != (len(mu),):
        raise ValueError("bad shapes")
    z = ((batch[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    for x, k in zip(batch, z):
        counts[k] += 1
        mu[k] += (x - mu[k]) / counts[k]
    return mu, counts


@wrong("no check of the counts", says="Two centroids and three counts", points=3)
def minibatch_update(centroid_locations, counts, batch):
    mu, counts = np.array(centroid_locations, dtype=float), np.array(counts, dtype=int)
    batch = np.asarray(batch, dtype=float)
    if batch.shape[1] != mu.shape[1] or len(counts) < len(mu):
        raise ValueError("bad shapes")
    z = ((batch[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    for x, k in zip(batch, z):
        counts[k] += 1
        mu[k] += (x - mu[k]) / counts[k]
    return mu, counts


# --- stream_kmeans -----------------------------------------------------------------------------


@right("farthest-first starts on the part held")
def stream_kmeans(batches, k, rng):
    if k < 1:
        raise ValueError("k must be at least 1")
    held = []
    for batch in batches:
        held.extend([float(a) for a in x] for x in batch)
        if len(held) >= 100 * k:
            break
    if len(held) < k:
        raise ValueError("too few points")
    held = np.array(held)
    mu = [held[rng.integers(len(held))]]
    while len(mu) < k:
        mu.append(held[np.min([((held - m) ** 2).sum(axis=1) for m in mu], axis=0).argmax()])
    mu, n = np.array(mu), [0] * k
    for x in held:
        j = ((mu - x) ** 2).sum(axis=1).argmin()
        n[j] += 1
        mu[j] += (x - mu[j]) / n[j]
    for batch in batches:
        for x in batch:
            j = ((mu - x) ** 2).sum(axis=1).argmin()
            n[j] += 1
            mu[j] += (x - mu[j]) / n[j]
    return mu.tolist()


@right("scikit-learn's KMeans on the part held, then sums and counts")
def stream_kmeans(batches, k, rng):
    if k < 1:
        raise ValueError("k must be at least 1")
    source, held = iter(batches), np.empty((0, 0))
    while len(held) < 200 * k:
        batch = next(source, None)
        if batch is None:
            break
        batch = np.asarray(batch, dtype=float)
        held = np.concatenate([held, batch]) if len(held) else batch
    if len(held) < k:
        raise ValueError("too few points")
    model = KMeans(k, n_init=5, random_state=int(rng.integers(2**31))).fit(held)
    sums = np.array([held[model.labels_ == j].sum(axis=0) for j in range(k)])
    counts = np.bincount(model.labels_, minlength=k)
    for batch in source:
        batch = np.asarray(batch, dtype=float)
        mu = sums / counts[:, None]
        z = ((batch[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
        np.add.at(sums, z, batch)
        counts += np.bincount(z, minlength=k)
    return sums / counts[:, None]


@right("MiniBatchKMeans with partial_fit, small batches joined")
def stream_kmeans(batches, k, rng):
    if k < 1:
        raise ValueError("k must be at least 1")
    model, waiting, n = None, [], 0
    for batch in batches:
        waiting.append(np.asarray(batch, dtype=float))
        n += len(batch)
        if n >= 100 * k:
            joined, waiting, n = np.vstack(waiting), [], 0
            if model is None:
                seed = int(rng.integers(2**31))
                model = MiniBatchKMeans(k, n_init=3, random_state=seed)
            model.partial_fit(joined)
    if waiting:
        joined = np.vstack(waiting)
        if model is None:
            if n < k:
                raise ValueError("too few points")
            seed = int(rng.integers(2**31))
            model = MiniBatchKMeans(k, n_init=3, random_state=seed)
        model.partial_fit(joined)
    elif model is None:
        raise ValueError("no points")
    return model.cluster_centers_


@right("sklearn's kmeans_plusplus, a generator joined to the rest")
def stream_kmeans(batches, k, rng):
    from itertools import chain

    from sklearn.cluster import kmeans_plusplus

    if k <= 0:
        raise ValueError("k must be positive")
    batches = (np.asarray(batch, dtype=np.float64) for batch in batches)
    held, n = [], 0
    for batch in batches:
        held.append(batch)
        n += len(batch)
        if n >= 100 * k:
            break
    if n < k:
        raise ValueError("too few points")
    held = np.vstack(held)
    mu, _ = kmeans_plusplus(held, k, random_state=int(rng.integers(1 << 31)))
    mu, counts = mu.copy(), np.zeros(k)
    for batch in chain([held], batches):
        z = np.linalg.norm(batch[:, None] - mu, axis=2).argmin(axis=1)
        for j in range(k):
            if (z == j).any():
                share = np.sum(z == j) / (counts[j] + np.sum(z == j))
                mu[j] = (1 - share) * mu[j] + share * batch[z == j].mean(axis=0)
                counts[j] += np.sum(z == j)
    return mu


@right("several models side by side")
def stream_kmeans(batches, k, rng):
    if k < 1:
        raise ValueError("k must be at least 1")
    held, n = [], 0
    for batch in batches:
        held.append(np.asarray(batch, dtype=float))
        n += len(batch)
        if n >= 100 * k:
            break
    if n < k:
        raise ValueError("too few points")
    held = np.concatenate(held)
    models = []
    for _ in range(3):
        mu = held[[rng.integers(n)]]
        while len(mu) < k:
            gap = ((held[:, None] - mu) ** 2).sum(axis=2).min(axis=1)
            mu = np.vstack([mu, held[rng.choice(n, p=gap / gap.sum())]])
        models.append((mu, np.zeros(k, dtype=int), [0.0]))

    def learn(batch):
        for mu, counts, cost in models:
            table = ((batch[:, None] - mu) ** 2).sum(axis=2)
            z = table.argmin(axis=1)
            cost[0] += table.min(axis=1).sum()
            for j in np.unique(z):
                counts[j] += np.sum(z == j)
                mu[j] += (batch[z == j] - mu[j]).sum(axis=0) / counts[j]

    learn(held)
    for batch in batches:
        learn(np.asarray(batch, dtype=float))
    return min(models, key=lambda model: model[2][0])[0]


@wrong(
    "the first k points as starts",
    says="if they are the starts, one centroid has to serve several",
    points=1,
)
def stream_kmeans(batches, k, rng):
    if k < 1:
        raise ValueError("k must be at least 1")
    held = []
    for batch in batches:
        held.extend(np.asarray(batch, dtype=float))
        if len(held) >= k:
            break
    if len(held) < k:
        raise ValueError("too few points")
    mu, n = np.array(held[:k]), np.ones(k)
    for x in held[k:]:
        j = ((mu - x) ** 2).sum(axis=1).argmin()
        n[j] += 1
        mu[j] += (x - mu[j]) / n[j]
    for batch in batches:
        for x in np.asarray(batch, dtype=float):
            j = ((mu - x) ** 2).sum(axis=1).argmin()
            n[j] += 1
            mu[j] += (x - mu[j]) / n[j]
    return mu


@wrong(
    "random starts from the part held", says="Choose starts that are far from each other", points=2
)
def stream_kmeans(batches, k, rng):
    if k < 1:
        raise ValueError("k must be at least 1")
    held, n = [], 0
    for batch in batches:
        held.append(np.asarray(batch, dtype=float))
        n += len(batch)
        if n >= 100 * k:
            break
    if n < k:
        raise ValueError("too few points")
    held = np.concatenate(held)
    mu, counts = held[rng.choice(n, size=k, replace=False)], np.zeros(k, dtype=int)
    for x in held:
        j = ((mu - x) ** 2).sum(axis=1).argmin()
        counts[j] += 1
        mu[j] += (x - mu[j]) / counts[j]
    for batch in batches:
        for x in np.asarray(batch, dtype=float):
            j = ((mu - x) ** 2).sum(axis=1).argmin()
            counts[j] += 1
            mu[j] += (x - mu[j]) / counts[j]
    return mu


@wrong("loses a batch between the two loops", says="lost between your two loops", points=2)
def stream_kmeans(batches, k, rng):
    if k < 1:
        raise ValueError("k")
    parts, size = [], 0
    for batch in batches:
        parts.append(np.asarray(batch, dtype=float))
        size += len(batch)
        if size >= 100 * k:
            break
    if size < k:
        raise ValueError("too few points")
    held = np.concatenate(parts)
    mu = [held[rng.integers(size)]]
    while len(mu) < k:
        d = np.min([((held - m) ** 2).sum(axis=1) for m in mu], axis=0)
        mu.append(held[rng.choice(size, p=d / d.sum())])
    mu, n = np.array(mu), np.zeros(k, dtype=int)

    def learn(batch):
        batch = np.asarray(batch, dtype=float)
        labels = ((batch[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
        for x, j in zip(batch, labels, strict=True):
            n[j] += 1
            mu[j] += (x - mu[j]) / n[j]

    learn(held)
    next(batches, None)
    for batch in batches:
        learn(batch)
    return mu


@wrong("uses the held points for the start only", says="never come into the mean", points=1)
def stream_kmeans(batches, k, rng):
    if k < 1:
        raise ValueError("k")
    parts, size = [], 0
    for batch in batches:
        parts.append(np.asarray(batch, dtype=float))
        size += len(batch)
        if size >= 100 * k:
            break
    if size < k:
        raise ValueError("too few points")
    held = np.concatenate(parts)
    mu = [held[rng.integers(size)]]
    while len(mu) < k:
        d = np.min([((held - m) ** 2).sum(axis=1) for m in mu], axis=0)
        mu.append(held[rng.choice(size, p=d / d.sum())])
    mu, n = np.array(mu), np.zeros(k, dtype=int)

    def learn(batch):
        batch = np.asarray(batch, dtype=float)
        labels = ((batch[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
        for x, j in zip(batch, labels, strict=True):
            n[j] += 1
            mu[j] += (x - mu[j]) / n[j]

    n[:] = 0
    for batch in batches:
        learn(batch)
    return mu


@wrong("stores the whole stream", says="forget each batch once you have learnt", points=3)
def stream_kmeans(batches, k, rng):
    if k < 1:
        raise ValueError("k must be at least 1")
    parts = [np.array(batch, dtype=float) for batch in batches]
    if sum(map(len, parts)) < k:
        raise ValueError("too few points")
    X = np.vstack(parts)
    return KMeans(k, n_init=3, random_state=int(rng.integers(2**31))).fit(X).cluster_centers_


@wrong("only the part held", says="Only the points held for the start are used", points=1)
def stream_kmeans(batches, k, rng):
    if k < 1:
        raise ValueError("k must be at least 1")
    held, n = [], 0
    for batch in batches:
        held.append(np.asarray(batch, dtype=float))
        n += len(batch)
        if n >= 100 * k:
            break
    if n < k:
        raise ValueError("too few points")
    model = KMeans(k, n_init=5, random_state=int(rng.integers(2**31))).fit(np.vstack(held))
    return model.cluster_centers_


@wrong("each batch replaces the centroids", says="the mean of the last batch only", points=2)
def stream_kmeans(batches, k, rng):
    if k < 1:
        raise ValueError("k must be at least 1")
    held, n = [], 0
    for batch in batches:
        held.append(np.asarray(batch, dtype=float))
        n += len(batch)
        if n >= 100 * k:
            break
    if n < k:
        raise ValueError("too few points")
    model = KMeans(k, n_init=5, random_state=int(rng.integers(2**31))).fit(np.vstack(held))
    mu = model.cluster_centers_
    for batch in batches:
        batch = np.asarray(batch, dtype=float)
        z = ((batch[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
        for j in np.unique(z):
            mu[j] = batch[z == j].mean(axis=0)
    return mu


@wrong("a constant learning rate", says="is a learning rate of 1 divided by the count", points=2)
def stream_kmeans(batches, k, rng):
    if k < 1:
        raise ValueError("k must be at least 1")
    held, n = [], 0
    for batch in batches:
        held.append(np.asarray(batch, dtype=float))
        n += len(batch)
        if n >= 100 * k:
            break
    if n < k:
        raise ValueError("too few points")
    model = KMeans(k, n_init=5, random_state=int(rng.integers(2**31))).fit(np.vstack(held))
    mu = model.cluster_centers_
    for batch in batches:
        for x in np.asarray(batch, dtype=float):
            j = ((mu - x) ** 2).sum(axis=1).argmin()
            mu[j] += 0.2 * (x - mu[j])
    return mu


@wrong("KMeans on each batch, averaged", says="Two of your centroids share a group", points=1)
def stream_kmeans(batches, k, rng):
    found = []
    for batch in batches:
        found.append(KMeans(k, n_init=1, random_state=0).fit(batch).cluster_centers_)
    return np.mean(found, axis=0)


@wrong("partial_fit on batches smaller than k", says="some batches smaller than 6", points=1)
def stream_kmeans(batches, k, rng):
    if k < 1:
        raise ValueError("k must be at least 1")
    model = MiniBatchKMeans(k, n_init=10, random_state=int(rng.integers(2**31)))
    n = 0
    for batch in batches:
        model.partial_fit(np.asarray(batch, dtype=float))
        n += len(batch)
    if n < k:
        raise ValueError("too few points")
    return model.cluster_centers_


@wrong(
    "takes len of the iterator",
    says="With a generator as the stream your function stops with TypeError",
)
def stream_kmeans(batches, k, rng):
    n = len(batches)
    return np.zeros((k, n))


@wrong("goes through the stream twice", says="one without points must stay where it is")
def stream_kmeans(batches, k, rng):
    low, high = np.inf, -np.inf
    for batch in batches:
        low, high = np.minimum(low, np.min(batch, axis=0)), np.maximum(high, np.max(batch, axis=0))
    sums, counts = np.zeros((k, len(low))), np.zeros(k)
    mu = rng.uniform(low, high, size=(k, len(low)))
    for batch in batches:
        z = ((batch[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
        np.add.at(sums, z, batch)
        np.add.at(counts, z, 1)
    with np.errstate(all="ignore"):
        return sums / counts[:, None]


@wrong("returns the counts too", says="Return the centroids only")
def stream_kmeans(batches, k, rng):
    held = [np.asarray(batch, dtype=float) for batch in batches]
    model = KMeans(k, n_init=5, random_state=int(rng.integers(2**31))).fit(np.vstack(held))
    return model.cluster_centers_, np.bincount(model.labels_)


@wrong("draws from np.random", says="draw from `rng`, not from `np.random`", points=3)
def stream_kmeans(batches, k, rng):
    if k < 1:
        raise ValueError("k must be at least 1")
    held, n = [], 0
    for batch in batches:
        held.append(np.asarray(batch, dtype=float))
        n += len(batch)
        if n >= 100 * k:
            break
    if n < k:
        raise ValueError("too few points")
    held = np.concatenate(held)
    mu = held[[np.random.randint(n)]]
    while len(mu) < k:
        gap = ((held[:, None] - mu) ** 2).sum(axis=2).min(axis=1)
        mu = np.vstack([mu, held[np.random.choice(n, p=gap / gap.sum())]])
    counts = np.zeros(k, dtype=int)
    for x in held:
        j = ((mu - x) ** 2).sum(axis=1).argmin()
        counts[j] += 1
        mu[j] += (x - mu[j]) / counts[j]
    for batch in batches:
        for x in np.asarray(batch, dtype=float):
            j = ((mu - x) ** 2).sum(axis=1).argmin()
            counts[j] += 1
            mu[j] += (x - mu[j]) / counts[j]
    return mu


@wrong("fewer points than clusters pass", says="has not enough for 3 clusters", points=3)
def stream_kmeans(batches, k, rng):
    held, n = [], 0
    for batch in batches:
        held.append(np.asarray(batch, dtype=float))
        n += len(batch)
        if n >= 100 * k:
            break
    if not held:
        return np.zeros((k, 1))
    held = np.concatenate(held)
    mu = held[[rng.integers(n)]]
    while len(mu) < k:
        gap = ((held[:, None] - mu) ** 2).sum(axis=2).min(axis=1)
        mu = np.vstack([mu, held[gap.argmax()]])
    counts = np.zeros(k, dtype=int)
    for x in held:
        j = ((mu - x) ** 2).sum(axis=1).argmin()
        counts[j] += 1
        mu[j] += (x - mu[j]) / counts[j]
    for batch in batches:
        for x in np.asarray(batch, dtype=float):
            j = ((mu - x) ** 2).sum(axis=1).argmin()
            counts[j] += 1
            mu[j] += (x - mu[j]) / counts[j]
    return mu


# --- quizzes -----------------------------------------------------------------------------------

quiz_1 = right("c")
quiz_1 = right(" C")
quiz_1 = wrong("a", says="the 99 points before it would be forgotten")
quiz_1 = wrong("b", says="if it had had one point so far")
quiz_1 = wrong("d", says="still depends on the last of them")
quiz_1 = wrong("0.1", says="one of the letters")

quiz_2 = right("B")
quiz_2 = wrong("a", says="Elkan saves time and takes more memory")
quiz_2 = wrong("c", says="Where are the points themselves")
quiz_2 = wrong("d", says="Is half of 200 GB less")

# --- changes of the solutions that make no difference ------------------------------------------

equivalent(
    "assign_in_chunks",
    "if chunk_size < 0:",
    because="`range` refuses a step of 0 with a ValueError, too.",
)
equivalent(
    "assign_in_chunks",
    "mu = np.asarray(centroid_locations)",
    "chunk = X[begin:begin + chunk_size]",
    because="As long as one of the two is of type float, so is their difference.",
)
equivalent(
    "assign_in_chunks",
    "labels = np.empty(len(X))",
    because="Any kind of number that counts is accepted.",
)
equivalent(
    "assign_in_chunks",
    "table[:, k] = np.mean((chunk - mu[k]) ** 2, axis=1)",
    because="The mean over D features is the sum divided by D: the same order of near and far.",
)
equivalent(
    "minibatch_update",
    "if batch.shape[1] < mu.shape[1]:",
    because="Where the check lets it pass, NumPy or SciPy raise a ValueError a few lines on.",
)
equivalent(
    "minibatch_update",
    "for x, k in zip(batch, labels, strict=False):",
    "for x, k in zip(batch, labels):",
    because="There is a label for each point anyway.",
)
equivalent(
    "minibatch_update",
    "counts = np.array(counts)",
    because="The counts are whole numbers already.",
)
equivalent(
    "minibatch_update",
    "batch = np.asarray(batch)",
    because="As long as one of the two is of type float, so is their difference.",
)
equivalent(
    "minibatch_update",
    "squared_distances = np.stack([np.mean(...",
    because="The mean over D features is the sum divided by D: the same order of near and far.",
)
equivalent(
    "stream_kmeans",
    "if n_held >= 100 + k:",
    "if n_held > 100 * k:",
    "if n_held >= 101 * k:",
    "if n_held >= 99 * k:",
    "if n_held >= (100):",
    because="How many points are held for the start is a matter of taste, as long as all groups are among them.",
)
equivalent(
    "stream_kmeans",
    "starts.append(held[rng.choice(n_held, p=squared / total if total >= 0 else None)])",
    "starts.append(held[rng.choice(n_held, p=squared / total if total > -1 else None)])",
    "starts.append(held[rng.choice(n_held, p=(squared / total))])",
    because="Only where all points are equal is the total 0; the tests have groups that are far apart.",
)
equivalent(
    "stream_kmeans",
    "mu, counts = (starts), np.zeros(k, dtype=int)",
    "mu, counts = np.asarray(starts), np.zeros(k, dtype=int)",
    because="A list of the centroids is accepted. The start's row among the points held then moves with its centroid, by less than the tests can see.",
)
equivalent(
    "stream_kmeans",
    "mu, counts = np.array(starts), np.zeros(k)",
    because="The counts stay inside.",
)
equivalent(
    "stream_kmeans",
    "mu, counts = np.array(starts), np.ones(k, dtype=int)",
    because="A start that counts twice moves the mean of its group by less than the tests can see: they ask for a centroid near it.",
)
equivalent(
    "stream_kmeans",
    "learn(np.asarray(batch))",
    because="As long as one of the two is of type float, so is their difference.",
)
equivalent(
    "stream_kmeans",
    "squared = np.min([np.mean(...",
    "distances = np.stack([np.mean(...",
    because="The mean over D features is the sum divided by D: the same order of near and far.",
)
equivalent(
    "stream_kmeans",
    "starts = [held[np.random.default_rng(0).integers(n_held)]]",
    "starts.append(held[np.random.default_rng(0).choice(...",
    because="Any start finds groups that are far apart; another seed need not give another result.",
)
