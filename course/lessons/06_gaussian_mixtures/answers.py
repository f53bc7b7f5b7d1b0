"""Answers to lesson 06: right ones of different style, and misconceptions."""

from course.oracle import equivalent, right, wrong

# --- assignment_entropy ------------------------------------------------------------------------


@right("loops that return a list")
def assignment_entropy(proba):
    if np.ndim(proba) != 2:
        raise ValueError("not a table")
    result = []
    for row in proba:
        if min(row) < 0 or abs(sum(row) - 1) > 1e-6:
            raise ValueError("not probabilities")
        result.append(sum(-p * np.log(p) for p in row if p > 0))
    return result


@right("scipy's entropy along the rows")
def assignment_entropy(proba):
    p = np.array(proba, dtype=float)
    if p.ndim != 2 or (p < 0).any() or not np.allclose(p.sum(axis=1), 1, rtol=0, atol=1e-6):
        raise ValueError("bad table")
    return entropy(p, axis=1)


@right("scipy.special.entr")
def assignment_entropy(proba):
    from scipy.special import entr

    p = np.asarray(proba)
    if p.ndim != 2 or p.min() < 0 or np.abs(p.sum(axis=1) - 1).max() > 1e-6:
        raise ValueError("bad table")
    return entr(p).sum(axis=1)


@right("a masked logarithm and einsum")
def assignment_entropy(proba):
    p = np.asarray(proba, dtype=float)
    if p.ndim != 2 or np.any(p < 0) or np.any(np.abs(p.sum(1) - 1) > 1e-6):
        raise ValueError("bad table")
    logs = np.zeros_like(p)
    np.log(p, out=logs, where=p > 0)
    return -np.einsum("nk,nk->n", p, logs)


@right("clipped probabilities")
def assignment_entropy(proba):
    p = np.asarray(proba, dtype=float)
    if p.ndim != 2 or np.any(p < 0) or np.any(np.abs(p.sum(1) - 1) > 1e-6):
        raise ValueError("bad table")
    return -(p * np.log(np.clip(p, 1e-300, None))).sum(axis=1)


@wrong("0 log 0 is not a number", says="0 times the logarithm of 0 must count as 0")
def assignment_entropy(proba):
    p = np.asarray(proba, dtype=float)
    if p.ndim != 2 or np.any(p < 0) or np.any(np.abs(p.sum(1) - 1) > 1e-6):
        raise ValueError("bad table")
    return -np.sum(p * np.log(p), axis=1)


@wrong("mends nan afterwards, with a warning", says="RuntimeWarning", points=2)
def assignment_entropy(proba):
    p = np.asarray(proba, dtype=float)
    if p.ndim != 2 or np.any(p < 0) or np.any(np.abs(p.sum(1) - 1) > 1e-6):
        raise ValueError("bad table")
    return -np.nansum(p * np.log(p), axis=1)


@wrong("bits", says="entropy in bits")
def assignment_entropy(proba):
    p = np.asarray(proba, dtype=float)
    if p.ndim != 2 or np.any(p < 0) or np.any(np.abs(p.sum(1) - 1) > 1e-6):
        raise ValueError("bad table")
    return entropy(p, axis=1, base=2).round(3)


@wrong("divided by log K", says="divided by its largest possible value", points=0)
def assignment_entropy(proba):
    p = np.asarray(proba, dtype=float)
    if p.ndim != 2 or np.any(p < 0) or np.any(np.abs(p.sum(1) - 1) > 1e-6):
        raise ValueError("bad table")
    return entropy(p, axis=1) / np.log(p.shape[1])


@wrong("sums over the points", says="sum over the components of a point")
def assignment_entropy(proba):
    return entropy(np.asarray(proba, dtype=float))


@wrong("forgets the minus sign", says="is the minus sign there")
def assignment_entropy(proba):
    p = np.asarray(proba, dtype=float)
    if p.ndim != 2 or np.any(p < 0) or np.any(np.abs(p.sum(1) - 1) > 1e-6):
        raise ValueError("bad table")
    return np.sum(p * np.log(np.where(p > 0, p, 1)), axis=1)


@wrong("1 minus the largest probability", says="multiplied by its logarithm")
def assignment_entropy(proba):
    p = np.asarray(proba, dtype=float)
    if p.ndim != 2 or np.any(p < 0) or np.any(np.abs(p.sum(1) - 1) > 1e-6):
        raise ValueError("bad table")
    return 1 - p.max(axis=1)


@wrong("mean over the components", says="must be log K")
def assignment_entropy(proba):
    p = np.asarray(proba, dtype=float)
    return -np.mean(p * np.log(np.where(p > 0, p, 1)), axis=1)


@wrong("only the largest probability", says="Only the largest probability is used")
def assignment_entropy(proba):
    return -np.log(np.max(proba, axis=1))


@wrong("scales rows silently", says="sums to 1.1 must raise a ValueError", points=2)
def assignment_entropy(proba):
    return entropy(np.asarray(proba, dtype=float), axis=1)


@wrong("checks the sum, not the sign", says="even where the row sums to 1", points=2)
def assignment_entropy(proba):
    p = np.asarray(proba, dtype=float)
    if p.ndim != 2 or np.any(np.abs(p.sum(1) - 1) > 1e-6):
        raise ValueError("bad table")
    return -np.sum(p * np.log(np.where(p > 0, p, 1)), axis=1)


@wrong("overwrites the input", says="Your function changes `proba`", points=2)
def assignment_entropy(proba):
    p = np.asarray(proba, dtype=float)
    if p.ndim != 2 or np.any(p < 0) or np.any(np.abs(p.sum(1) - 1) > 1e-6):
        raise ValueError("bad table")
    p[p == 0] = 1
    return -np.sum(p * np.log(p), axis=1)


# --- anomaly_mask ------------------------------------------------------------------------------


@right("np.quantile on a list")
def anomaly_mask(log_densities, percent):
    if np.ndim(log_densities) != 1 or len(log_densities) < 1 or percent < 0 or percent > 100:
        raise ValueError("bad input")
    limit = np.quantile(log_densities, percent / 100)
    return [bool(value < limit) for value in log_densities]


@right("np.less, leaving the range to NumPy")
def anomaly_mask(log_densities, percent):
    values = np.array(log_densities)
    if values.ndim != 1 or not values.size:
        raise ValueError("no vector")
    return np.less(values, np.percentile(values, percent))


@right("the percentile by hand, from a sorted copy")
def anomaly_mask(log_densities, percent):
    values = np.asarray(log_densities, dtype=float)
    if values.ndim != 1 or values.size == 0:
        raise ValueError("no vector")
    if not (0 <= percent <= 100):
        raise ValueError("no percentage")
    ranked = np.sort(values)
    place = percent / 100 * (len(ranked) - 1)
    low = int(place)
    high = min(low + 1, len(ranked) - 1)
    limit = ranked[low] + (place - low) * (ranked[high] - ranked[low])
    return values < limit


@right("a mask filled by index")
def anomaly_mask(log_densities, percent):
    values = np.asarray(log_densities, dtype=float)
    if values.shape != (values.size,) or values.size == 0 or percent > 100 or percent < 0:
        raise ValueError("bad input")
    mask = np.zeros(values.size, dtype=bool)
    mask[np.flatnonzero(values < np.percentile(values, percent))] = True
    return mask


@wrong("also marks the limit itself", says="only those strictly below it count")
def anomaly_mask(log_densities, percent):
    values = np.asarray(log_densities, dtype=float)
    if values.ndim != 1 or values.size == 0:
        raise ValueError("no vector")
    return values <= np.percentile(values, percent)


@wrong("marks the crowded places", says="an anomaly has a *low* density")
def anomaly_mask(log_densities, percent):
    values = np.asarray(log_densities, dtype=float)
    return values > np.percentile(values, percent)


@wrong("returns the indices", says="True and False", points=0)
def anomaly_mask(log_densities, percent):
    values = np.asarray(log_densities, dtype=float)
    return np.flatnonzero(values < np.percentile(values, percent))


@wrong("a mask of 0 and 1", says="would pick rows by their number", points=1)
def anomaly_mask(log_densities, percent):
    values = np.asarray(log_densities, dtype=float)
    if values.ndim != 1 or values.size == 0:
        raise ValueError("no vector")
    return (values < np.percentile(values, percent)).astype(int)


@wrong("divides percent by 100", says="do not divide by 100")
def anomaly_mask(log_densities, percent):
    values = np.asarray(log_densities, dtype=float)
    if values.ndim != 1 or values.size == 0:
        raise ValueError("no vector")
    return values < np.percentile(values, percent / 100)


@wrong("counts off the lowest points", says="do not count points off", points=1)
def anomaly_mask(log_densities, percent):
    values = np.asarray(log_densities, dtype=float)
    if values.ndim != 1 or values.size == 0 or not 0 <= percent <= 100:
        raise ValueError("bad input")
    n = int(np.ceil(percent / 100 * (len(values) - 1)))
    mask = np.zeros(len(values), dtype=bool)
    mask[np.argsort(values)[:n]] = True
    return mask


@wrong("4 per cent fixed", says="is the percentage fixed in your code", points=0)
def anomaly_mask(log_densities, percent):
    values = np.asarray(log_densities, dtype=float)
    return values < np.percentile(values, 4)


@wrong("two deviations below the mean", says="lowest log-density of all must be marked")
def anomaly_mask(log_densities, percent):
    values = np.asarray(log_densities, dtype=float)
    return values < values.mean() - 2 * values.std()


@wrong("sorts the input in place", says="sort a copy", points=1)
def anomaly_mask(log_densities, percent):
    values = np.asarray(log_densities, dtype=float)
    if values.ndim != 1 or values.size == 0:
        raise ValueError("no vector")
    limit = np.percentile(values, percent)
    mask = values < limit
    values.sort()
    return mask


@wrong("clips a bad percentage", says="above 100 must raise a ValueError", points=1)
def anomaly_mask(log_densities, percent):
    values = np.asarray(log_densities, dtype=float)
    if values.ndim != 1 or values.size == 0:
        raise ValueError("no vector")
    return values < np.percentile(values, min(max(percent, 0), 100))


@wrong("takes tables too", says="not a vector of log-densities", points=1)
def anomaly_mask(log_densities, percent):
    values = np.asarray(log_densities, dtype=float)
    return values < np.percentile(values, percent)


# --- n_parameters ------------------------------------------------------------------------------


@right("a chain of ifs")
def n_parameters(k, D, covariance_type):
    if k < 1:
        raise ValueError("k is too small")
    if D < 1:
        raise ValueError("D is too small")
    if covariance_type == "full":
        shape = k * (D * (D + 1) // 2)
    elif covariance_type == "tied":
        shape = D * (D + 1) // 2
    elif covariance_type == "diag":
        shape = k * D
    elif covariance_type == "spherical":
        shape = k
    else:
        raise ValueError("unknown type")
    return k - 1 + k * D + shape


@right("counts the entries of a triangle")
def n_parameters(k, D, covariance_type):
    if min(k, D) < 1 or covariance_type not in ["full", "tied", "diag", "spherical"]:
        raise ValueError("bad input")
    triangle = len(np.tril_indices(D)[0])
    each = {"full": triangle, "tied": triangle, "diag": D, "spherical": 1}[covariance_type]
    copies = 1 if covariance_type == "tied" else k
    return np.int64(k * (D + 1) - 1 + copies * each)


@right("sums in loops")
def n_parameters(k, D, covariance_type):
    if k < 1 or D < 1 or covariance_type not in TYPES:
        raise ValueError("bad input")
    total = -1
    for component in range(k):
        total += 1 + D
        if covariance_type == "full" or (covariance_type == "tied" and component == 0):
            total += sum(range(1, D + 1))
        if covariance_type == "diag":
            total += D
        if covariance_type == "spherical":
            total += 1
    return total


@right("match, as a float")
def n_parameters(k, D, covariance_type):
    if k <= 0 or D <= 0:
        raise ValueError("k and D must be positive")
    match covariance_type:
        case "full":
            c = k * D * (D + 1) / 2
        case "tied":
            c = D * (D + 1) / 2
        case "diag":
            c = k * D
        case "spherical":
            c = k
        case _:
            raise ValueError("unknown type")
    return c + k * D + k - 1


@wrong("K free weights", says="how many of them can you choose freely", points=0)
def n_parameters(k, D, covariance_type):
    if k < 1 or D < 1 or covariance_type not in TYPES:
        raise ValueError("bad input")
    c = {"full": k * D * (D + 1) // 2, "tied": D * (D + 1) // 2, "diag": k * D, "spherical": k}
    return k + k * D + c[covariance_type]


@wrong("D squared for a covariance", says="its numbers below the diagonal are not free", points=1)
def n_parameters(k, D, covariance_type):
    if k < 1 or D < 1 or covariance_type not in TYPES:
        raise ValueError("bad input")
    c = {"full": k * D**2, "tied": D**2, "diag": k * D, "spherical": k}
    return k - 1 + k * D + c[covariance_type]


@wrong("forgets the means", says="The means are missing")
def n_parameters(k, D, covariance_type):
    if k < 1 or D < 1 or covariance_type not in TYPES:
        raise ValueError("bad input")
    c = {"full": k * D * (D + 1) // 2, "tied": D * (D + 1) // 2, "diag": k * D, "spherical": k}
    return k - 1 + c[covariance_type]


@wrong("forgets the weights", says="The weights are missing", points=1)
def n_parameters(k, D, covariance_type):
    if k < 1 or D < 1 or covariance_type not in TYPES:
        raise ValueError("bad input")
    c = {"full": k * D * (D + 1) // 2, "tied": D * (D + 1) // 2, "diag": k * D, "spherical": k}
    return k * D + c[covariance_type]


@wrong("counts the shared covariance K times", says="counted once and not K times", points=1)
def n_parameters(k, D, covariance_type):
    if k < 1 or D < 1 or covariance_type not in TYPES:
        raise ValueError("bad input")
    triangle = D * (D + 1) // 2
    if k == 1 and covariance_type == "tied":
        return D + triangle
    c = {"full": k * triangle, "tied": k * triangle, "diag": k * D, "spherical": k}
    return k - 1 + k * D + c[covariance_type]


@wrong("one diagonal for all", says="each component has a diagonal of its own", points=1)
def n_parameters(k, D, covariance_type):
    if k < 1 or D < 1 or covariance_type not in TYPES:
        raise ValueError("bad input")
    c = {"full": k * D * (D + 1) // 2, "tied": D * (D + 1) // 2, "diag": D, "spherical": k}
    return k - 1 + k * D + c[covariance_type]


@wrong("one variance for all", says="a variance of its own", points=1)
def n_parameters(k, D, covariance_type):
    if k < 1 or D < 1 or covariance_type not in TYPES:
        raise ValueError("bad input")
    c = {"full": k * D * (D + 1) // 2, "tied": D * (D + 1) // 2, "diag": k * D, "spherical": 1}
    return k - 1 + k * D + c[covariance_type]


@wrong("spherical as diag", says="one variance holds for all D directions", points=1)
def n_parameters(k, D, covariance_type):
    if k < 1 or D < 1 or covariance_type not in TYPES:
        raise ValueError("bad input")
    c = {"full": k * D * (D + 1) // 2, "tied": D * (D + 1) // 2}
    return k - 1 + k * D + c.get(covariance_type, k * D)


@wrong("always full", says="The type makes no difference")
def n_parameters(k, D, covariance_type):
    return k - 1 + k * D + k * D * (D + 1) // 2


@wrong("everything counts as free", says="not all their numbers are free")
def n_parameters(k, D, covariance_type):
    return k + k * D + k * D * D


@wrong("one mean for all", says="a mean of its own", points=1)
def n_parameters(k, D, covariance_type):
    if k < 1 or D < 1 or covariance_type not in TYPES:
        raise ValueError("bad input")
    c = {"full": k * D * (D + 1) // 2, "tied": D * (D + 1) // 2, "diag": k * D, "spherical": k}
    return k - 1 + D + c[covariance_type]


@wrong("leaves out the diagonal", says="or its diagonal is left out", points=0)
def n_parameters(k, D, covariance_type):
    if k < 1 or D < 1 or covariance_type not in TYPES:
        raise ValueError("bad input")
    half = D * (D - 1) // 2
    c = {"full": k * half, "tied": half, "diag": k * D, "spherical": k}
    return k - 1 + k * D + c[covariance_type]


@wrong("D fixed at 2", says="with 4 components in 5 dimensions", points=0)
def n_parameters(k, D, covariance_type):
    if k < 1 or D < 1 or covariance_type not in TYPES:
        raise ValueError("bad input")
    return (
        k - 1 + 2 * k + {"full": 3 * k, "tied": 3, "diag": 2 * k, "spherical": k}[covariance_type]
    )


@wrong("an unknown type counts as full", says="an unknown type must raise a ValueError", points=2)
def n_parameters(k, D, covariance_type):
    if k < 1 or D < 1:
        raise ValueError("bad input")
    c = {"tied": D * (D + 1) // 2, "diag": k * D, "spherical": k}
    return k - 1 + k * D + c.get(covariance_type, k * D * (D + 1) // 2)


@wrong("no check of k and D", says="No components at all (k = 0)", points=2)
def n_parameters(k, D, covariance_type):
    if covariance_type not in TYPES:
        raise ValueError("unknown type")
    c = {"full": k * D * (D + 1) // 2, "tied": D * (D + 1) // 2, "diag": k * D, "spherical": k}
    return k - 1 + k * D + c[covariance_type]


# --- aic ---------------------------------------------------------------------------------------


@right("one bracket")
def aic(log_likelihood, n_params):
    if n_params < 0:
        raise ValueError("n_params is negative")
    return -2.0 * (log_likelihood - n_params)


@right("in two steps")
def aic(log_likelihood, n_params):
    if not n_params >= 0:
        raise ValueError("n_params is negative")
    fit = -2 * log_likelihood
    size = 2 * n_params
    return float(fit + size)


@right("a dot product")
def aic(log_likelihood, n_params):
    if n_params < 0:
        raise ValueError("n_params is negative")
    return np.dot([2, -2], [n_params, log_likelihood])


@right("an array without axes")
def aic(log_likelihood, n_params):
    if n_params < 0:
        raise ValueError("n_params is negative")
    return np.array(2 * n_params - 2 * log_likelihood, dtype=np.float32)


@wrong("the wrong sign before the likelihood", says="must get a *smaller* AIC")
def aic(log_likelihood, n_params):
    if n_params < 0:
        raise ValueError
    return 2 * n_params + 2 * log_likelihood


@wrong("rewards parameters", says="More parameters must *raise* the AIC")
def aic(log_likelihood, n_params):
    if n_params < 0:
        raise ValueError
    return -2 * n_params - 2 * log_likelihood


@wrong("parameters count once", says="The parameters count twice")
def aic(log_likelihood, n_params):
    if n_params < 0:
        raise ValueError
    return n_params - 2 * log_likelihood


@wrong("the likelihood counts once", says="The log-likelihood counts twice")
def aic(log_likelihood, n_params):
    if n_params < 0:
        raise ValueError
    return 2 * n_params - log_likelihood


@wrong("forgets both factors", says="Both parts count twice")
def aic(log_likelihood, n_params):
    if n_params < 0:
        raise ValueError
    return n_params - log_likelihood


@wrong("drops the sign of the likelihood", says="A log-likelihood can be positive", points=1)
def aic(log_likelihood, n_params):
    if n_params < 0:
        raise ValueError
    return 2 * n_params + 2 * abs(log_likelihood)


@wrong("takes the logarithm of a negative number", says="a logarithm already")
def aic(log_likelihood, n_params):
    return 2 * n_params - 2 * np.log(log_likelihood)


@wrong("both signs turned", says="Both signs are turned round")
def aic(log_likelihood, n_params):
    return 2 * log_likelihood - 2 * n_params


@wrong("takes the logarithm once more", says="a logarithm already")
def aic(log_likelihood, n_params):
    if n_params < 0:
        raise ValueError
    return 2 * n_params - 2 * np.log(abs(log_likelihood))


@wrong("no check", says="A negative number of parameters must raise a ValueError", points=1)
def aic(log_likelihood, n_params):
    return 2 * n_params - 2 * log_likelihood


@wrong("also refuses 0 parameters", says="With 0 parameters", points=1)
def aic(log_likelihood, n_params):
    if n_params < 1:
        raise ValueError("too few")
    return 2 * n_params - 2 * log_likelihood


# --- bic ---------------------------------------------------------------------------------------


@right("the logarithm of a power")
def bic(log_likelihood, n_params, n):
    import math

    if n_params < 0 or n < 1:
        raise ValueError("bad count")
    return n_params * math.log(n) - 2 * log_likelihood


@right("from the AIC")
def bic(log_likelihood, n_params, n):
    if n_params < 0:
        raise ValueError("n_params is negative")
    if n <= 0:
        raise ValueError("no points")
    aic_value = 2 * n_params - 2 * log_likelihood
    return aic_value + n_params * (np.log(n) - 2)


@right("another base, converted")
def bic(log_likelihood, n_params, n):
    if n_params < 0 or n < 1:
        raise ValueError("bad count")
    return np.log10(n) / np.log10(np.e) * n_params + 2 * -log_likelihood


@right("a loop that pays for each parameter")
def bic(log_likelihood, n_params, n):
    if n_params < 0 or n < 1:
        raise ValueError("bad count")
    price = -2 * log_likelihood
    for _ in range(n_params):
        price = price + np.log(n)
    return price


@wrong("takes the logarithm once more", says="a logarithm already")
def bic(log_likelihood, n_params, n):
    if n < 1:
        raise ValueError
    return n_params * np.log(n) - 2 * np.log(log_likelihood)


@wrong("both signs turned", says="Both signs are turned round")
def bic(log_likelihood, n_params, n):
    return 2 * log_likelihood - n_params * np.log(max(n, 1))


@wrong("AIC", says="This is the AIC")
def bic(log_likelihood, n_params, n):
    if n_params < 0 or n < 1:
        raise ValueError
    return 2 * n_params - 2 * log_likelihood


@wrong("the wrong sign before the likelihood", says="must get a *smaller* BIC")
def bic(log_likelihood, n_params, n):
    if n_params < 0 or n < 1:
        raise ValueError
    return n_params * np.log(n) + 2 * log_likelihood


@wrong("logarithm to base 10", says="logarithm to base 10", points=1)
def bic(log_likelihood, n_params, n):
    if n_params < 0 or n < 1:
        raise ValueError
    return n_params * np.log10(n) - 2 * log_likelihood


@wrong("logarithm to base 2", says="logarithm to base 2", points=1)
def bic(log_likelihood, n_params, n):
    if n_params < 0 or n < 1:
        raise ValueError
    return n_params * np.log2(n) - 2 * log_likelihood


@wrong("n and p swapped", says="have changed places")
def bic(log_likelihood, n_params, n):
    if n_params < 1 or n < 1:
        raise ValueError
    return n * np.log(n_params) - 2 * log_likelihood


@wrong("forgets the logarithm", says="Each parameter costs log n, not n")
def bic(log_likelihood, n_params, n):
    if n_params < 0 or n < 1:
        raise ValueError
    return n_params * n - 2 * log_likelihood


@wrong("the likelihood counts once", says="The log-likelihood counts twice")
def bic(log_likelihood, n_params, n):
    if n_params < 0 or n < 1:
        raise ValueError
    return n_params * np.log(n) - log_likelihood


@wrong("the factor 2 on both", says="costs log n once", points=1)
def bic(log_likelihood, n_params, n):
    if n_params < 0 or n < 1:
        raise ValueError
    return 2 * n_params * np.log(n) - 2 * log_likelihood


@wrong("takes the total for a mean", says="do not multiply it by n")
def bic(log_likelihood, n_params, n):
    if n_params < 0 or n < 1:
        raise ValueError
    return n_params * np.log(n) - 2 * n * log_likelihood


@wrong(
    "n fixed at the lesson's 1,000", says="is a number of points or of parameters fixed", points=1
)
def bic(log_likelihood, n_params, n):
    if n_params < 0 or n < 1:
        raise ValueError
    return n_params * np.log(1000 if n > 100 else n) - 2 * log_likelihood


@wrong("no check", says="No points at all (n = 0)", points=1)
def bic(log_likelihood, n_params, n):
    return n_params * np.log(max(n, 1)) - 2 * log_likelihood


@wrong("checks n only", says="A negative number of parameters must raise a ValueError", points=1)
def bic(log_likelihood, n_params, n):
    if n < 1:
        raise ValueError("no points")
    return n_params * np.log(n) - 2 * log_likelihood


# --- select_mixture ----------------------------------------------------------------------------


@right("nested loops that keep the best")
def select_mixture(X, ks, covariance_types, random_state):
    X = np.array(X, dtype=float)
    if len(ks) == 0 or len(covariance_types) == 0:
        raise ValueError("nothing to try")
    best, result = np.inf, None
    for covariance_type in covariance_types:
        for k in ks:
            model = GaussianMixture(
                n_components=k,
                covariance_type=covariance_type,
                n_init=10,
                random_state=random_state,
            ).fit(X)
            value = model.bic(X)
            if value < best:
                best, result = value, (k, covariance_type)
    return result


@right("a dictionary of BICs, single starts")
def select_mixture(X, ks, covariance_types, random_state):
    X = np.asarray(X)
    found = {}
    for k in ks:
        for kind in covariance_types:
            model = GaussianMixture(k, covariance_type=kind, random_state=random_state)
            found[k, kind] = model.fit(X).bic(X)
    return min(found, key=found.get)


@right("the BIC by hand, a list")
def select_mixture(X, ks, covariance_types, random_state):
    X = np.asarray(X, dtype=float)
    N, D = X.shape
    rows = []
    for kind in covariance_types:
        for k in ks:
            model = GaussianMixture(k, covariance_type=kind, n_init=3, random_state=random_state)
            model.fit(X)
            if kind == "full":
                c = k * D * (D + 1) / 2
            elif kind == "tied":
                c = D * (D + 1) / 2
            else:
                c = k * D if kind == "diag" else k
            p = k - 1 + k * D + c
            rows.append((p * np.log(N) - 2 * model.score_samples(X).sum(), k, kind))
    if not rows:
        raise ValueError("nothing to try")
    return list(sorted(rows)[0][1:])


@right("a table of BICs, checks of its own")
def select_mixture(X, ks, covariance_types, random_state):
    X, ks, kinds = np.asarray(X, dtype=float), list(ks), list(covariance_types)
    if not ks or not kinds:
        raise ValueError("nothing to try")
    if min(ks) < 1 or max(ks) > len(X) or not set(kinds) <= set(TYPES):
        raise ValueError("bad k or type")
    table = np.empty((len(ks), len(kinds)))
    for i, k in enumerate(ks):
        for j, kind in enumerate(kinds):
            gm = GaussianMixture(int(k), covariance_type=kind, n_init=5, random_state=random_state)
            table[i, j] = gm.fit(X).bic(X)
    i, j = np.unravel_index(table.argmin(), table.shape)
    return int(ks[i]), kinds[j]


@right("scikit-learn's grid search on all the data")
def select_mixture(X, ks, covariance_types, random_state):
    from sklearn.model_selection import GridSearchCV

    X = np.asarray(X, dtype=float)
    every = np.arange(len(X))
    search = GridSearchCV(
        GaussianMixture(n_init=3, random_state=random_state),
        {"n_components": list(ks), "covariance_type": list(covariance_types)},
        scoring=lambda model, points: -model.bic(points),
        cv=[(every, every)],
        refit=False,
        error_score="raise",
    ).fit(X)
    best = search.cv_results_["params"][np.argmax(search.cv_results_["mean_test_score"])]
    return best["n_components"], best["covariance_type"]


@wrong("the largest log-likelihood", says="is the size of the model punished", points=1)
def select_mixture(X, ks, covariance_types, random_state):
    X = np.asarray(X, dtype=float)
    models = [
        (GaussianMixture(k, covariance_type=t, n_init=5, random_state=random_state).fit(X), k, t)
        for k in ks
        for t in covariance_types
    ]
    return max(((model.score(X), k, t) for model, k, t in models))[1:]


@wrong("AIC", says="not that of the AIC", points=2)
def select_mixture(X, ks, covariance_types, random_state):
    X = np.asarray(X, dtype=float)
    models = [
        (GaussianMixture(k, covariance_type=t, n_init=5, random_state=random_state).fit(X), k, t)
        for k in ks
        for t in covariance_types
    ]
    return min(((model.aic(X), k, t) for model, k, t in models))[1:]


@wrong("the largest BIC", says="is it the *smallest* BIC", points=1)
def select_mixture(X, ks, covariance_types, random_state):
    X = np.asarray(X, dtype=float)
    models = [
        (GaussianMixture(k, covariance_type=t, n_init=5, random_state=random_state).fit(X), k, t)
        for k in ks
        for t in covariance_types
    ]
    return max(((model.bic(X), k, t) for model, k, t in models))[1:]


@wrong(
    "the mean log-likelihood in the BIC", says="the log-likelihood summed over all points", points=1
)
def select_mixture(X, ks, covariance_types, random_state):
    X = np.asarray(X, dtype=float)
    N, D = X.shape
    rows = []
    for k in ks:
        for t in covariance_types:
            model = GaussianMixture(k, covariance_type=t, n_init=5, random_state=random_state)
            model.fit(X)
            c = {
                "full": k * D * (D + 1) / 2,
                "tied": D * (D + 1) / 2,
                "diag": k * D,
                "spherical": k,
            }
            rows.append(((k - 1 + k * D + c[t]) * np.log(N) - 2 * model.score(X), k, t))
    return min(rows)[1:]


@wrong("searches for a BIC below 0", says="Where does your search begin")
def select_mixture(X, ks, covariance_types, random_state):
    X = np.asarray(X, dtype=float)
    best, result = 0, (None, None)
    for k in ks:
        for t in covariance_types:
            model = GaussianMixture(k, covariance_type=t, n_init=5, random_state=random_state)
            value = model.fit(X).bic(X)
            if value < best:
                best, result = value, (k, t)
    return result


@wrong(
    "the best k of full covariances first, then the type",
    says="is every k tried with every type",
    points=2,
)
def select_mixture(X, ks, covariance_types, random_state):
    X, ks, types = np.asarray(X, dtype=float), list(ks), list(covariance_types)
    if not ks or not types:
        raise ValueError("nothing to try")
    fits = [GaussianMixture(k, n_init=5, random_state=random_state).fit(X).bic(X) for k in ks]
    k = ks[int(np.argmin(fits))]
    fits = [
        GaussianMixture(k, covariance_type=t, n_init=5, random_state=random_state).fit(X).bic(X)
        for t in types
    ]
    return k, types[int(np.argmin(fits))]


@wrong("the type first", says="The number of components comes first")
def select_mixture(X, ks, covariance_types, random_state):
    X = np.asarray(X, dtype=float)
    bics = {
        (t, k): GaussianMixture(k, covariance_type=t, n_init=5, random_state=random_state)
        .fit(X)
        .bic(X)
        for k in ks
        for t in covariance_types
    }
    return min(bics, key=bics.get)


@wrong("places in the lists", says="not their places in the lists")
def select_mixture(X, ks, covariance_types, random_state):
    X = np.asarray(X, dtype=float)
    table = np.array(
        [
            [
                GaussianMixture(k, covariance_type=t, n_init=5, random_state=random_state)
                .fit(X)
                .bic(X)
                for t in covariance_types
            ]
            for k in ks
        ]
    )
    return np.unravel_index(table.argmin(), table.shape)


@wrong("only the number of components", says="Return two things")
def select_mixture(X, ks, covariance_types, random_state):
    X = np.asarray(X, dtype=float)
    bics = {
        (k, t): GaussianMixture(k, covariance_type=t, n_init=5, random_state=random_state)
        .fit(X)
        .bic(X)
        for k in ks
        for t in covariance_types
    }
    return min(bics, key=bics.get)[0]


@wrong("only the first type", says="are all the types compared", points=0)
def select_mixture(X, ks, covariance_types, random_state):
    X, t = np.asarray(X, dtype=float), covariance_types[0]
    bics = {
        k: GaussianMixture(k, covariance_type=t, n_init=5, random_state=random_state).fit(X).bic(X)
        for k in ks
    }
    return min(bics, key=bics.get), t


@wrong("always full covariances", says="the other types only cost more parameters", points=0)
def select_mixture(X, ks, covariance_types, random_state):
    X = np.asarray(X, dtype=float)
    bics = {k: GaussianMixture(k, n_init=5, random_state=random_state).fit(X).bic(X) for k in ks}
    return min(bics, key=bics.get), "full"


@wrong(
    "compares with the one before, not with the best",
    says="do you remember the best pair of all",
    points=1,
)
def select_mixture(X, ks, covariance_types, random_state):
    X = np.asarray(X, dtype=float)
    last, best = np.inf, None
    for t in covariance_types:
        for k in ks:
            model = GaussianMixture(k, covariance_type=t, n_init=5, random_state=random_state)
            value = model.fit(X).bic(X)
            if value < last:
                best = (k, t)
            last = value
    return best


@wrong("passes over what fails", says="do not pass over it", points=3)
def select_mixture(X, ks, covariance_types, random_state):
    X = np.asarray(X, dtype=float)
    bics = {}
    for k in ks:
        for t in covariance_types:
            try:
                model = GaussianMixture(k, covariance_type=t, n_init=5, random_state=random_state)
                bics[k, t] = model.fit(X).bic(X)
            except ValueError:
                continue
    return min(bics, key=bics.get)


@wrong("wants an array", says="With a list of points in 4 dimensions", points=1)
def select_mixture(X, ks, covariance_types, random_state):
    bics = {
        (k, t): GaussianMixture(k, covariance_type=t, n_init=5, random_state=random_state)
        .fit(X)
        .bic(X)
        for k in ks
        for t in covariance_types
    }
    return min(bics, key=bics.get)


# --- quizzes -----------------------------------------------------------------------------------

quiz_1 = right("D ")
quiz_1 = wrong("a", says="What does AIC charge for 4 parameters")
quiz_1 = wrong("b", says="What does BIC charge for 4 parameters")
quiz_1 = wrong("c", says="charges more for a parameter")
quiz_1 = wrong("AIC chooses B", says="one of the letters")

quiz_2 = right("C")
quiz_2 = wrong("a", says="Can they follow the turn")
quiz_2 = wrong("b", says="looks the same from all sides")
quiz_2 = wrong("d", says="What does a circle look like after a turn")

# --- changes of the solutions that make no difference ------------------------------------------

equivalent(
    "assignment_entropy",
    "if np.any(np.abs(proba.sum(axis=1) - 1) >= 1e-6):",
    because="No input lies exactly on the tolerance.",
)
equivalent(
    "assignment_entropy",
    "if proba.ndim < 2:",
    "if proba.ndim > 2:",
    "if False and (proba.ndim != 2):",
    because="What has one axis cannot be summed along axis 1, and of three axes the sums are not 1: a ValueError either way.",
)
equivalent(
    "assignment_entropy",
    "return -np.sum(proba * np.log(np.where(proba > 0, proba, 2)), axis=1)",
    because="0 times any logarithm is 0.",
)
equivalent(
    "assignment_entropy",
    "proba = np.asarray(proba)",
    because="NumPy turns the numbers into floats in the next step anyway.",
)
equivalent(
    "anomaly_mask",
    "if log_densities.ndim > 1 or len(log_densities) == 0:",
    because="A single number has no length, and no test asks what that raises.",
)
equivalent(
    "anomaly_mask",
    "if not -1 <= percent <= 100:",
    "if not 0 <= percent <= 101:",
    "if False and (not 0 <= percent <= 100):",
    "if not 0 <= percent:",
    "if not percent <= 100:",
    because="`np.percentile` refuses such a number with a ValueError, too.",
)
equivalent(
    "anomaly_mask",
    "log_densities = np.asarray(log_densities)",
    because="NumPy turns the numbers into floats in the next step anyway.",
)
equivalent(
    "n_parameters",
    '"full": k * D * (D + 1) / 2,',
    '"tied": D * (D + 1) / 2,',
    because="One of D and D + 1 is even: a float that is a whole number is accepted.",
)
equivalent(
    "select_mixture",
    "GaussianMixture(k, covariance_type=kind, n_init=6, ...",
    "GaussianMixture(k, covariance_type=kind, n_init=4, ...",
    "GaussianMixture(k, covariance_type=kind, n_init=5, max_iter=301, ...",
    "GaussianMixture(k, covariance_type=kind, n_init=5, max_iter=299, ...",
    "GaussianMixture(k, covariance_type=kind, max_iter=300, ...",
    "GaussianMixture(k, covariance_type=kind, n_init=5, random_state=random_state)",
    because="A setting of the search; on the clear cases of the tests others do as well.",
)
equivalent(
    "select_mixture",
    "GaussianMixture(k, covariance_type=kind, n_init=5, max_iter=300)",
    "...max_iter=300, random_state=0)",
    "...max_iter=300, random_state=None)",
    because="The winner is clear, whatever the seed.",
)
equivalent(
    "select_mixture",
    "if False and (not pairs):",
    because="`np.argmin` refuses an empty list with a ValueError, too.",
)
equivalent(
    "select_mixture",
    "X = np.asarray(X)",
    because="NumPy turns the numbers into floats in the next step anyway.",
)
