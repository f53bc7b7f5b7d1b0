"""Answers to lesson 08: right ones of different style, and misconceptions."""

from course.oracle import equivalent, right, wrong

# --- representative_indices --------------------------------------------------------------------


@right("nested loops, a list")
def representative_indices(distances):
    if np.ndim(distances) != 2 or np.shape(distances)[0] == 0:
        raise ValueError("need a table of points and clusters")
    chosen = []
    for k in range(len(distances[0])):
        best = 0
        for i in range(len(distances)):
            if distances[i][k] < distances[best][k]:
                best = i
        chosen.append(best)
    return chosen


@right("stable sort, first row")
def representative_indices(distances):
    d = np.array(distances, dtype=float)
    if d.ndim != 2:
        raise ValueError("not two axes")
    if d.shape[0] < 1:
        raise ValueError("no rows")
    return np.argsort(d, axis=0, kind="stable")[0]


@right("argmin of each column of the transpose")
def representative_indices(distances):
    d = np.asarray(distances)
    if len(d.shape) != 2 or not d.shape[0]:
        raise ValueError(f"bad shape {d.shape}")
    return np.array([np.argmin(column) for column in d.T])


@right("first row that equals the minimum, as floats")
def representative_indices(distances):
    d = np.asarray(distances, dtype=np.float32)
    if d.ndim != 2 or d.size == 0:
        raise ValueError("no table")
    return (d == d.min(axis=0)).argmax(axis=0).astype(float)


@right("min with a key")
def representative_indices(distances):
    d = np.asarray(distances).tolist()
    if np.ndim(distances) != 2 or not d:
        raise ValueError("no table with rows")
    return tuple(min(range(len(d)), key=lambda i: d[i][k]) for k in range(len(d[0])))


@wrong("searches along rows", says="along which axis must you search")
def representative_indices(distances):
    return np.argmin(distances, axis=1)


@wrong("returns the distances", says="Return where they stand")
def representative_indices(distances):
    return np.min(distances, axis=0)


@wrong("takes the farthest", says="These are the points farthest away")
def representative_indices(distances):
    return np.argmax(distances, axis=0)


@wrong("only members stand for a cluster", says="it need not be a member", points=0)
def representative_indices(distances):
    d = np.asarray(distances, dtype=float)
    if d.ndim != 2 or len(d) == 0:
        raise ValueError("bad table")
    member = d.argmin(axis=1)[:, None] == np.arange(d.shape[1])
    return np.where(member, d, np.inf).argmin(axis=0)


@wrong("each point only once", says="A point may serve twice", points=2)
def representative_indices(distances):
    d = np.array(distances, dtype=float)
    if d.ndim != 2 or len(d) == 0:
        raise ValueError("bad table")
    chosen = []
    for k in range(d.shape[1]):
        order = [i for i in np.argsort(d[:, k], kind="stable") if i not in chosen]
        chosen.append(order[0] if order else 0)
    return np.array(chosen)


@wrong("drops doubles and sorts", says="entry k is the row in which column k")
def representative_indices(distances):
    return np.unique(np.argmin(distances, axis=0))


@wrong("sorts where there are more than a few", says="so do not sort", points=1)
def representative_indices(distances):
    d = np.asarray(distances)
    if d.ndim != 2 or len(d) == 0:
        raise ValueError("bad table")
    best = d.argmin(axis=0)
    return np.sort(best) if len(best) > 3 else best


@wrong("K fixed at 2", says="take the number of clusters from `distances`")
def representative_indices(distances):
    d = np.asarray(distances)
    return np.array([d[:, 0].argmin(), d[:, 1].argmin()])


@wrong("the last of equally near points", says="the lowest index counts", points=2)
def representative_indices(distances):
    d = np.asarray(distances)
    if d.ndim != 2 or len(d) == 0:
        raise ValueError("bad table")
    return len(d) - 1 - d[::-1].argmin(axis=0)


@wrong("changes the table", says="changes `distances`", points=2)
def representative_indices(distances):
    d = np.asarray(distances)
    if d.ndim != 2 or len(d) == 0:
        raise ValueError("bad table")
    best = d.argmin(axis=0)
    d[best, np.arange(d.shape[1])] = -1
    return best


@wrong("checks nothing", says="is no table with two axes", points=2)
def representative_indices(distances):
    return np.asarray(distances).argmin(axis=0)


# --- propagate_labels --------------------------------------------------------------------------


@right("a loop over the points, a list")
def propagate_labels(cluster_labels, representative_labels):
    result = []
    for c in cluster_labels:
        if not 0 <= c < len(representative_labels):
            raise ValueError(f"no cluster {c}")
        result.append(representative_labels[c])
    return result


@right("a mask for each cluster")
def propagate_labels(cluster_labels, representative_labels):
    c = np.asarray(cluster_labels)
    if c.min() < 0 or c.max() > len(representative_labels) - 1:
        raise ValueError("cluster out of range")
    new = np.empty(len(c), dtype=np.int32)
    for k, label in enumerate(representative_labels):
        new[c == k] = label
    return new


@right("np.take")
def propagate_labels(cluster_labels, representative_labels):
    if np.min(cluster_labels) < 0:
        raise ValueError("negative cluster")
    try:
        return np.take(representative_labels, cluster_labels)
    except IndexError as error:
        raise ValueError("no such cluster") from error


@right("one-hot times labels, floats")
def propagate_labels(cluster_labels, representative_labels):
    hot = np.asarray(cluster_labels)[:, None] == np.arange(len(representative_labels))
    if not hot.any(axis=1).all():
        raise ValueError("a cluster without a representative")
    return hot @ np.asarray(representative_labels, dtype=float)


@right("a dictionary")
def propagate_labels(cluster_labels, representative_labels):
    names = dict(enumerate(representative_labels))
    if any(int(c) not in names for c in cluster_labels):
        raise ValueError("unknown cluster")
    return np.array([names[int(c)] for c in cluster_labels])


@wrong("returns the cluster numbers", says="These are the cluster numbers")
def propagate_labels(cluster_labels, representative_labels):
    return np.asarray(cluster_labels)


@wrong("replaces in the same array", says="mistaken for a cluster number")
def propagate_labels(cluster_labels, representative_labels):
    labels = np.array(cluster_labels)
    for k in range(len(representative_labels)):
        labels[labels == k] = representative_labels[k]
    return labels


@wrong("returns one label for each cluster", says="6 points get 6 labels")
def propagate_labels(cluster_labels, representative_labels):
    return np.asarray(representative_labels)


@wrong("indexes a list with a list", says="With two lists your function stops")
def propagate_labels(cluster_labels, representative_labels):
    return representative_labels[cluster_labels]


@wrong("lines the labels up in order", says="must get entry k of")
def propagate_labels(cluster_labels, representative_labels):
    return np.resize(representative_labels, len(cluster_labels))


@wrong("counts only clusters that occur", says="not by the numbers that occur", points=1)
def propagate_labels(cluster_labels, representative_labels):
    c = np.asarray(cluster_labels)
    if c.min() < 0 or c.max() >= len(representative_labels):
        raise ValueError("out of range")
    new = np.zeros(len(c), dtype=int)
    for place, k in enumerate(np.unique(c)):
        new[c == k] = representative_labels[place]
    return new


@wrong("labels in bytes", says="too small a type")
def propagate_labels(cluster_labels, representative_labels):
    c = np.asarray(cluster_labels)
    if c.min() < 0 or c.max() >= len(representative_labels):
        raise ValueError("out of range")
    return np.asarray(representative_labels).astype(np.uint8)[c]


@wrong("ten clusters fixed", says="is a number of clusters fixed", points=1)
def propagate_labels(cluster_labels, representative_labels):
    c = np.asarray(cluster_labels)
    if c.min() < 0 or c.max() >= len(representative_labels):
        raise ValueError("out of range")
    new = np.zeros(len(c), dtype=int)
    for k in range(min(10, len(representative_labels))):
        new[c == k] = representative_labels[k]
    return new


@wrong("negative numbers wrap", says="quietly take the last label", points=2)
def propagate_labels(cluster_labels, representative_labels):
    if max(cluster_labels) >= len(representative_labels):
        raise ValueError("out of range")
    return np.asarray(representative_labels)[np.asarray(cluster_labels)]


@wrong("an IndexError instead", says="there is no cluster 3", points=2)
def propagate_labels(cluster_labels, representative_labels):
    return np.asarray(representative_labels)[np.asarray(cluster_labels)]


@wrong("unknown clusters get label 0", says="there is no cluster 3", points=2)
def propagate_labels(cluster_labels, representative_labels):
    K = len(representative_labels)
    return [representative_labels[c] if 0 <= c < K else 0 for c in cluster_labels]


@wrong("writes into its input", says="changes its inputs", points=2)
def propagate_labels(cluster_labels, representative_labels):
    old = [int(c) for c in cluster_labels]
    if min(old) < 0 or max(old) >= len(representative_labels):
        raise ValueError("out of range")
    for i, c in enumerate(old):
        cluster_labels[i] = representative_labels[c]
    return cluster_labels


# --- closest_mask ------------------------------------------------------------------------------


@right("a loop over clusters with own distances first")
def closest_mask(distances, cluster_labels, percentile):
    d, z = np.array(distances, dtype=float), np.array(cluster_labels)
    if percentile < 0 or percentile > 100 or len(d) != len(z):
        raise ValueError("bad input")
    own = d[np.arange(len(z)), z]
    keep = np.zeros(len(z), bool)
    for k in range(d.shape[1]):
        inside = z == k
        if inside.any():
            keep |= inside & (own <= np.percentile(own[inside], percentile))
    return keep


@right("a cut-off for each point, as a list")
def closest_mask(distances, cluster_labels, percentile):
    if not 0 <= percentile <= 100:
        raise ValueError("percentile must be in 0..100")
    if len(distances) != len(cluster_labels):
        raise ValueError("lengths differ")
    own = [distances[i][k] for i, k in enumerate(cluster_labels)]
    cuts = {}
    for k in set(int(c) for c in cluster_labels):
        cuts[k] = np.percentile([o for o, c in zip(own, cluster_labels) if c == k], percentile)
    return [bool(o <= cuts[int(c)]) for o, c in zip(own, cluster_labels)]


@right("np.quantile on a table with NaN for strangers")
def closest_mask(distances, cluster_labels, percentile):
    d, z = np.asarray(distances, float), np.asarray(cluster_labels)
    if percentile < 0 or percentile > 100:
        raise ValueError("percentile")
    if len(z) != len(d):
        raise ValueError("lengths")
    used = np.unique(z)
    table = np.where(z[:, None] == used, d[:, used], np.nan)
    cuts = np.nanquantile(table, percentile / 100, axis=0)
    return (table <= cuts).any(axis=1)


@right("by index lists")
def closest_mask(distances, cluster_labels, percentile):
    d, z = np.asarray(distances), np.asarray(cluster_labels)
    if not (0 <= percentile <= 100) or z.shape != d.shape[:1]:
        raise ValueError("bad input")
    chosen = []
    for k in range(d.shape[1]):
        rows = np.flatnonzero(z == k)
        if rows.size == 0:
            continue
        cut = np.percentile(d[rows, k], percentile)
        chosen += [i for i in rows if d[i, k] <= cut]
    return np.isin(np.arange(len(d)), chosen)


@right("drops what lies above the cut-off")
def closest_mask(distances, cluster_labels, percentile):
    if percentile > 100 or percentile < 0:
        raise ValueError("no percentile")
    if np.shape(cluster_labels)[0] != np.shape(distances)[0]:
        raise ValueError("lengths")
    own = np.take_along_axis(np.asarray(distances), np.asarray(cluster_labels)[:, None], axis=1)
    own = own[:, 0].astype(float)
    for k in np.unique(cluster_labels):
        inside = np.asarray(cluster_labels) == k
        own[inside & (own > np.percentile(own[inside], percentile))] = np.inf
    return np.isfinite(own)


@wrong("one cut-off for all", says="One cut-off for all")
def closest_mask(distances, cluster_labels, percentile):
    d, z = np.asarray(distances), np.asarray(cluster_labels)
    if not 0 <= percentile <= 100 or len(z) != len(d):
        raise ValueError("bad input")
    own = d[np.arange(len(z)), z]
    return own <= np.percentile(own, percentile)


@wrong("strictly below the cut-off", says="exactly at the cut-off is missing")
def closest_mask(distances, cluster_labels, percentile):
    d, z = np.asarray(distances), np.asarray(cluster_labels)
    if not 0 <= percentile <= 100 or len(z) != len(d):
        raise ValueError("bad input")
    own = d[np.arange(len(z)), z]
    mask = np.zeros(len(z), dtype=bool)
    for k in np.unique(z):
        mask |= (z == k) & (own < np.percentile(own[z == k], percentile))
    return mask


@wrong("a share of the largest distance", says="the share of the *points*")
def closest_mask(distances, cluster_labels, percentile):
    d, z = np.asarray(distances, float), np.asarray(cluster_labels)
    own = d[np.arange(len(z)), z]
    mask = np.zeros(len(z), dtype=bool)
    for k in np.unique(z):
        mask |= (z == k) & (own <= max(own[z == k]) * percentile / 100)
    return mask


@wrong("copies of the mask", says="closer half of each cluster is kept")
def closest_mask(distances, cluster_labels, percentile):
    d, z = np.asarray(distances, float), np.asarray(cluster_labels)
    mask = np.zeros(len(z), dtype=bool)
    for k in np.unique(z):
        own = d[z == k][:, k]
        mask[z == k][own <= np.percentile(own, percentile)] = True
    return mask


@wrong("the farthest", says="You keep the points farthest from their centroid")
def closest_mask(distances, cluster_labels, percentile):
    d, z = np.asarray(distances), np.asarray(cluster_labels)
    own = d[np.arange(len(z)), z]
    mask = np.zeros(len(z), dtype=bool)
    for k in np.unique(z):
        mask |= (z == k) & (own >= np.percentile(own[z == k], percentile))
    return mask


@wrong("divides the percentile by 100", says="do not divide by 100")
def closest_mask(distances, cluster_labels, percentile):
    d, z = np.asarray(distances), np.asarray(cluster_labels)
    own = d[np.arange(len(z)), z]
    mask = np.zeros(len(z), dtype=bool)
    for k in np.unique(z):
        mask |= (z == k) & (own <= np.percentile(own[z == k], percentile / 100))
    return mask


@wrong("the nearest centroid's distance", says="that need not be the nearest", points=1)
def closest_mask(distances, cluster_labels, percentile):
    d, z = np.asarray(distances), np.asarray(cluster_labels)
    if not 0 <= percentile <= 100 or len(z) != len(d):
        raise ValueError("bad input")
    own = d.min(axis=1)
    mask = np.zeros(len(z), dtype=bool)
    for k in np.unique(z):
        mask |= (z == k) & (own <= np.percentile(own[z == k], percentile))
    return mask


@wrong("a cut-off from whole columns", says="The cut-off comes from the members only", points=1)
def closest_mask(distances, cluster_labels, percentile):
    d, z = np.asarray(distances), np.asarray(cluster_labels)
    if not 0 <= percentile <= 100 or len(z) != len(d):
        raise ValueError("bad input")
    cuts = np.percentile(d, percentile, axis=0)
    return d[np.arange(len(z)), z] <= cuts[z]


@wrong("a count of points", says="exactly at the cut-off is missing")
def closest_mask(distances, cluster_labels, percentile):
    d, z = np.asarray(distances), np.asarray(cluster_labels)
    own = d[np.arange(len(z)), z]
    mask = np.zeros(len(z), dtype=bool)
    for k in np.unique(z):
        rows = np.flatnonzero(z == k)
        mask[rows[np.argsort(own[rows])[: int(len(rows) * percentile / 100)]]] = True
    return mask


@wrong("indices of the kept points", says="not a selection of points")
def closest_mask(distances, cluster_labels, percentile):
    d, z = np.asarray(distances), np.asarray(cluster_labels)
    own = d[np.arange(len(z)), z]
    cuts = {k: np.percentile(own[z == k], percentile) for k in np.unique(z)}
    return np.array([i for i in range(len(z)) if own[i] <= cuts[z[i]]])


@wrong("zeros and ones", says="would pick rows 0 and 1")
def closest_mask(distances, cluster_labels, percentile):
    d, z = np.asarray(distances), np.asarray(cluster_labels)
    own = d[np.arange(len(z)), z]
    cuts = {k: np.percentile(own[z == k], percentile) for k in np.unique(z)}
    return np.array([int(own[i] <= cuts[z[i]]) for i in range(len(z))])


@wrong("the percentile fixed at 20", says="wrong points are kept: is the percentile", points=1)
def closest_mask(distances, cluster_labels, percentile):
    d, z = np.asarray(distances), np.asarray(cluster_labels)
    if not 0 <= percentile <= 100 or len(z) != len(d):
        raise ValueError("bad input")
    used = percentile if percentile in (0, 10, 33, 50, 100) else 20
    own = d[np.arange(len(z)), z]
    cuts = {k: np.percentile(own[z == k], used) for k in np.unique(z)}
    return np.array([own[i] <= cuts[z[i]] for i in range(len(z))])


@wrong("two clusters fixed", says="is a number of clusters", points=0)
def closest_mask(distances, cluster_labels, percentile):
    d, z = np.asarray(distances), np.asarray(cluster_labels)
    if not 0 <= percentile <= 100 or len(z) != len(d):
        raise ValueError("bad input")
    mask = np.zeros(len(z), dtype=bool)
    for k in range(2):
        if np.any(z == k):
            mask |= (z == k) & (d[:, k] <= np.percentile(d[z == k, k], percentile))
    return mask


@wrong("trips over empty clusters", says="one of them empty, your function stops")
def closest_mask(distances, cluster_labels, percentile):
    d, z = np.asarray(distances), np.asarray(cluster_labels)
    if not 0 <= percentile <= 100 or len(z) != len(d):
        raise ValueError("bad input")
    mask = np.zeros(len(z), dtype=bool)
    for k in range(d.shape[1]):
        own = d[z == k, k]
        mask |= (z == k) & (d[:, k] <= max(own) - (max(own) - np.percentile(own, percentile)))
    return mask


@wrong("marks the dropped points in the table", says="changes its inputs", points=3)
def closest_mask(distances, cluster_labels, percentile):
    d, z = np.asarray(distances), np.asarray(cluster_labels)
    if not 0 <= percentile <= 100 or len(z) != len(d):
        raise ValueError("bad input")
    for k in np.unique(z):
        rows = np.flatnonzero(z == k)
        cut = np.percentile(d[rows, k], percentile)
        d[rows[d[rows, k] > cut], k] = -1
    return d[np.arange(len(z)), z] != -1


@wrong("cuts the percentile to 0 to 100", says="Percentile 120 must raise", points=3)
def closest_mask(distances, cluster_labels, percentile):
    d, z = np.asarray(distances), np.asarray(cluster_labels)
    used = min(max(percentile, 0), 100)
    own = d[np.arange(len(z)), z]
    mask = np.zeros(len(z), dtype=bool)
    for k in np.unique(z):
        mask |= (z == k) & (own <= np.percentile(own[z == k], used))
    return mask


# --- least_confident ---------------------------------------------------------------------------


@right("sorted with a key, a list")
def least_confident(proba, n):
    if n < 0 or n > len(proba):
        raise ValueError("no such number of points")
    for row in proba:
        if min(row) < 0 or abs(sum(row) - 1) > 1e-6:
            raise ValueError("no probabilities")
    return sorted(range(len(proba)), key=lambda i: max(proba[i]))[:n]


@right("lexsort with the index as second key")
def least_confident(proba, n):
    p = np.asarray(proba, float)
    if not 0 <= n <= p.shape[0]:
        raise ValueError("bad n")
    if (p < 0).any() or not np.allclose(p.sum(1), 1, rtol=0, atol=1e-6):
        raise ValueError("bad rows")
    return np.lexsort((np.arange(len(p)), p.max(axis=1)))[:n]


@right("takes the smallest again and again")
def least_confident(proba, n):
    p = np.array(proba, dtype=float)
    if n < 0 or n > len(p) or p.min() < 0 or np.any(abs(p.sum(axis=1) - 1) > 1e-6):
        raise ValueError("bad input")
    confidence = p.max(axis=1)
    chosen = np.zeros(n, dtype=np.int32)
    for r in range(n):
        chosen[r] = confidence.argmin()
        confidence[chosen[r]] = np.inf
    return chosen


@right("largest uncertainty, stable")
def least_confident(proba, n):
    p = np.asarray(proba)
    if not (0 <= n <= len(p)) or np.any(p < 0) or np.any(np.abs(p.sum(axis=-1) - 1) > 1e-6):
        raise ValueError("bad input")
    order = np.argsort(np.sort(p, axis=1)[:, -1], kind="mergesort")
    return order[:n].astype(float)


@wrong("the surest points", says="that the classifier is surest of")
def least_confident(proba, n):
    return np.argsort(-np.max(proba, axis=1), kind="stable")[:n]


@wrong("the surest points, from the end", says="that the classifier is surest of")
def least_confident(proba, n):
    return np.argsort(np.max(proba, axis=1), kind="stable")[-n:]


@wrong("the smallest probability of all", says="is no doubt: look at the largest")
def least_confident(proba, n):
    return np.argsort(np.min(proba, axis=1), kind="stable")[:n]


@wrong("the margin between the best two", says="You compare the two best classes")
def least_confident(proba, n):
    p = np.sort(proba, axis=1)
    return np.argsort(p[:, -1] - p[:, -2], kind="stable")[:n]


@wrong("the entropy", says="You rank by entropy", points=1)
def least_confident(proba, n):
    p = np.asarray(proba, dtype=float)
    if not 0 <= n <= len(p) or p.min() < 0 or np.any(abs(p.sum(axis=1) - 1) > 1e-6):
        raise ValueError("bad input")
    entropy = -np.sum(p * np.log(np.where(p > 0, p, 1)), axis=1)
    return np.argsort(-entropy, kind="stable")[:n]


@wrong("in order of the index", says="do not sort by index")
def least_confident(proba, n):
    p = np.asarray(proba)
    return np.sort(np.argsort(p.max(axis=1), kind="stable")[:n])


@wrong("returns the probabilities", says="These are probabilities")
def least_confident(proba, n):
    return np.sort(np.max(proba, axis=1))[:n]


@wrong("a mask", says="return n indices of points")
def least_confident(proba, n):
    top = np.max(proba, axis=1)
    return top <= np.sort(top)[n - 1]


@wrong("columns for rows", says="Wrong points: find the largest probability in each row")
def least_confident(proba, n):
    return np.argsort(np.max(proba, axis=0), kind="stable")[:n]


@wrong("always two", says="n = 9 gives 9 indices")
def least_confident(proba, n):
    return np.argsort(np.max(proba, axis=1), kind="stable")[:2]


@wrong("the higher index first among equals", says="the lower index comes first", points=2)
def least_confident(proba, n):
    p = np.asarray(proba, dtype=float)
    if not 0 <= n <= len(p) or p.min() < 0 or np.any(abs(p.sum(axis=1) - 1) > 1e-6):
        raise ValueError("bad input")
    return (len(p) - 1 - np.argsort(p[::-1].max(axis=1), kind="stable"))[:n]


@wrong("gives as many as there are", says="There are only 2 points", points=2)
def least_confident(proba, n):
    return np.argsort(np.max(proba, axis=1), kind="stable")[:n]


@wrong("no check of the rows", says="sums to less than 1", points=2)
def least_confident(proba, n):
    if not 0 <= n <= len(proba):
        raise ValueError("bad n")
    return np.argsort(np.max(proba, axis=1), kind="stable")[:n]


@wrong("sorts the rows of its input", says="changes `proba`", points=2)
def least_confident(proba, n):
    p = np.asarray(proba)
    if not 0 <= n <= len(p) or p.min() < 0 or np.any(abs(p.sum(axis=1) - 1) > 1e-6):
        raise ValueError("bad input")
    p.sort(axis=1)
    return np.argsort(p[:, -1], kind="stable")[:n]


# --- predict_classes ---------------------------------------------------------------------------


@right("a list comprehension")
def predict_classes(assignment, cluster_labels):
    if any(c < 0 or c >= len(assignment) for c in cluster_labels):
        raise ValueError("no such cluster")
    return [assignment[c] for c in cluster_labels]


@right("map over a dictionary")
def predict_classes(assignment, cluster_labels):
    table = {k: c for k, c in enumerate(assignment)}
    try:
        return np.array([table[int(c)] for c in cluster_labels], dtype=np.int16)
    except KeyError as error:
        raise ValueError("no such cluster") from error


@right("np.choose by masks")
def predict_classes(assignment, cluster_labels):
    z = np.array(cluster_labels)
    if not np.isin(z, np.arange(len(assignment))).all():
        raise ValueError("no such cluster")
    out = np.zeros(z.shape)
    for k in range(len(assignment)):
        out[z == k] = assignment[k]
    return out


@right("np.take with mode raise")
def predict_classes(assignment, cluster_labels):
    z = np.asarray(cluster_labels)
    if (z < 0).any() or z.max() >= len(assignment):
        raise ValueError("no such cluster")
    return np.take(np.array(assignment), z)


@wrong("indexes a list with an array", says="With an assignment that is a list your function")
def predict_classes(assignment, cluster_labels):
    return assignment[cluster_labels]


@wrong("returns the cluster numbers", says="and they are not classes")
def predict_classes(assignment, cluster_labels):
    return np.asarray(cluster_labels)


@wrong("returns the assignment", says="one class for each cluster")
def predict_classes(assignment, cluster_labels):
    return np.asarray(assignment)


@wrong("the arguments the other way round", says="one class for each cluster")
def predict_classes(assignment, cluster_labels):
    return np.array([cluster_labels[a % len(cluster_labels)] for a in assignment])


@wrong("looks for the cluster among the classes", says="must get the class")
def predict_classes(assignment, cluster_labels):
    found = list(assignment)
    return [found.index(c) if c in found else c + 1 for c in cluster_labels]


@wrong("replaces in the same array", says="mistaken for a cluster number")
def predict_classes(assignment, cluster_labels):
    out = np.array(cluster_labels)
    for k in range(len(assignment)):
        out[out == k] = assignment[k]
    return out


@wrong("ten clusters fixed", says="is a number of clusters fixed", points=1)
def predict_classes(assignment, cluster_labels):
    z = np.asarray(cluster_labels)
    if z.min() < 0 or z.max() >= len(assignment):
        raise ValueError("no such cluster")
    out = np.zeros(len(z), dtype=int)
    for k in range(min(10, len(assignment))):
        out[z == k] = assignment[k]
    return out


@wrong("counts only clusters that occur", says="whether it has points or not", points=1)
def predict_classes(assignment, cluster_labels):
    z = np.asarray(cluster_labels)
    if z.min() < 0 or z.max() >= len(assignment):
        raise ValueError("no such cluster")
    return np.asarray(assignment)[np.unique(z, return_inverse=True)[1]]


@wrong("negative numbers wrap", says="quietly take the last class", points=2)
def predict_classes(assignment, cluster_labels):
    if max(cluster_labels) >= len(assignment):
        raise ValueError("no such cluster")
    return np.asarray(assignment)[np.asarray(cluster_labels)]


@wrong("an IndexError instead", says="there is no cluster 2", points=2)
def predict_classes(assignment, cluster_labels):
    return np.asarray(assignment)[np.asarray(cluster_labels)]


# --- quizzes -----------------------------------------------------------------------------------

quiz_1 = right("C ")
quiz_1 = wrong("a", says="may be missing in it")
quiz_1 = wrong("b", says="Those are the odd ones")
quiz_1 = wrong("d", says="Those are all alike")
quiz_1 = wrong("The nearest ones", says="one of the letters")

quiz_2 = right("B")
quiz_2 = wrong("a", says="its best score is partly luck")
quiz_2 = wrong("c", says="which effect wins must be measured")
quiz_2 = wrong("d", says="would look perfect")

# --- changes of the solutions that make no difference ------------------------------------------

equivalent(
    "representative_indices",
    "if distances.ndim != 2 or len(distances) == -1:",
    "if (distances.ndim != 2):",
    "if distances.ndim != 2 or 3 == 0:",
    because="`argmin` refuses a table without rows with a ValueError, too.",
)
equivalent(
    "closest_mask",
    "if not -1 <= percentile <= 100:",
    "if not 0 <= percentile <= 101:",
    "if False and (not 0 <= percentile <= 100):",
    "if not 0 <= percentile:",
    "if not percentile <= 100:",
    because="`np.percentile` refuses such a number with a ValueError, too.",
)
equivalent(
    "closest_mask",
    "mask = np.ones(len(distances), dtype=bool)",
    because="Every point belongs to a cluster, so each entry is written.",
)
equivalent(
    "closest_mask",
    "distances, cluster_labels = np.asarray(distances), (cluster_labels)",
    because="A list compared with one of NumPy's numbers becomes an array.",
)
equivalent(
    "least_confident",
    "...(proba.sum(axis=1) - 1) >= 1e-6):",
    because="No input lies exactly on the tolerance.",
)
equivalent(
    "least_confident",
    "proba = np.asarray(proba)",
    because="Comparing and adding give the same for whole numbers.",
)
