"""Answers to lesson 01: right ones of different style, and misconceptions."""

from course.oracle import equivalent, right, wrong

# --- sample_categories -------------------------------------------------------------------------


@right("inverse transform, with its own checks")
def sample_categories(category_prob, n, rng):
    p = np.array(category_prob, dtype=float)
    if n < 0 or (p < 0).any() or not np.isclose(p.sum(), 1, atol=1e-6):
        raise ValueError("need n >= 0 and a vector of probabilities")
    z = np.searchsorted(np.cumsum(p), rng.random(n), side="right")
    return np.minimum(z, len(p) - 1)


@right("one-hot rows of a multinomial")
def sample_categories(category_prob, n, rng):
    if min(category_prob) < 0 or abs(sum(category_prob) - 1) > 1e-6 or n < 0:
        raise ValueError("bad input")
    return rng.multinomial(1, category_prob, size=n).argmax(axis=1)


@right("a loop that returns a list")
def sample_categories(category_prob, n, rng):
    if n < 0:
        raise ValueError("n is negative")
    if any(p < 0 for p in category_prob):
        raise ValueError("negative probability")
    if abs(sum(category_prob) - 1) > 1e-6:
        raise ValueError("the sum is not 1")
    labels = []
    for _ in range(n):
        u, k = rng.random(), 0
        while k < len(category_prob) - 1 and u >= category_prob[k]:
            u -= category_prob[k]
            k += 1
        labels.append(k)
    return labels


@right("random counts, in sorted order")
def sample_categories(category_prob, n, rng):
    p = np.asarray(category_prob, dtype=float)
    if n < 0 or p.min() < 0 or abs(p.sum() - 1) > 1e-6:
        raise ValueError("bad input")
    return np.repeat(np.arange(len(p)), rng.multinomial(n, p))


@right("floats that are whole numbers")
def sample_categories(category_prob, n, rng):
    if n < 0:
        raise ValueError("n is negative")
    return rng.choice(len(category_prob), n, p=category_prob).astype(float)


@wrong("ignores the probabilities", says="are the probabilities used")
def sample_categories(category_prob, n, rng):
    return rng.integers(len(category_prob), size=n)


@wrong("hands out rounded shares", says="do not hand out rounded shares", points=1)
def sample_categories(category_prob, n, rng):
    if n < 0 or min(category_prob) < 0 or abs(sum(category_prob) - 1) > 1e-6:
        raise ValueError("bad input")
    edges = np.round(np.cumsum(category_prob) * n)
    return rng.permutation(np.searchsorted(edges, np.arange(n), side="right"))


@wrong("uses numpy's global state", says="draw from `rng`, not from `np.random`", points=2)
def sample_categories(category_prob, n, rng):
    if n < 0:
        raise ValueError("n is negative")
    return np.random.choice(len(category_prob), size=n, p=category_prob)


@wrong("a constant seed", says="a generator with a seed of your own")
def sample_categories(category_prob, n, rng):
    if n < 0:
        raise ValueError("n is negative")
    return np.random.default_rng(0).choice(len(category_prob), size=n, p=category_prob)


@wrong("K fixed at 3", says="is the number of categories fixed in your code", points=1)
def sample_categories(category_prob, n, rng):
    p = np.asarray(category_prob[:3], dtype=float)
    return rng.choice(3, size=n, p=p / p.sum()) if len(p) == 3 else rng.choice(len(p), size=n, p=p)


@wrong("counts from 1", says="the labels are 0, 1 and 2")
def sample_categories(category_prob, n, rng):
    return rng.choice(len(category_prob), size=n, p=category_prob) + 1


@wrong("returns counts", says="such as a count")
def sample_categories(category_prob, n, rng):
    return rng.multinomial(n, category_prob)


@wrong("returns one-hot rows", says="the shape (1000,)")
def sample_categories(category_prob, n, rng):
    return rng.multinomial(1, category_prob, size=n)


@wrong("prints instead of returning", says="does it end in a `return`")
def sample_categories(category_prob, n, rng):
    print(rng.choice(len(category_prob), size=n, p=category_prob))


@wrong("scales bad probabilities silently", says="sum to 1.1 must raise a ValueError", points=2)
def sample_categories(category_prob, n, rng):
    p = np.abs(np.asarray(category_prob, dtype=float))
    return rng.choice(len(p), size=n, p=p / p.sum())


@wrong("no check for a negative probability", says="even where the sum is 1", points=2)
def sample_categories(category_prob, n, rng):
    if n < 0 or abs(sum(category_prob) - 1) > 1e-6:
        raise ValueError("bad input")
    return np.searchsorted(np.cumsum(category_prob), rng.random(n), side="right").clip(
        0, len(category_prob) - 1
    )


@wrong("wants a sum of exactly 1", says="miss the sum 1 by a tiny rounding error", points=2)
def sample_categories(category_prob, n, rng):
    if n < 0 or min(category_prob) < 0 or sum(category_prob) != 1:
        raise ValueError("bad input")
    return rng.choice(len(category_prob), size=n, p=category_prob)


@wrong("the thresholds are not cumulated", says="yours go too far")
def sample_categories(category_prob, n, rng):
    return np.searchsorted(category_prob, rng.random(n))


# --- expected_counts ---------------------------------------------------------------------------


@right("a list comprehension")
def expected_counts(n, category_prob):
    if n < 0 or any(p < 0 for p in category_prob) or abs(sum(category_prob) - 1) > 1e-6:
        raise ValueError("bad input")
    return [n * p for p in category_prob]


@right("einsum over two checks")
def expected_counts(n, category_prob):
    p = np.asarray(category_prob, float)
    if not (n >= 0 and np.all(p >= 0)):
        raise ValueError("negative input")
    if not np.isclose(np.sum(p), 1, rtol=0, atol=1e-6):
        raise ValueError("no probabilities")
    return np.einsum(",k->k", n, p)


@right("adds up n times")
def expected_counts(n, category_prob):
    if n < 0:
        raise ValueError("n must not be negative")
    total = sum(category_prob)
    if total < 1 - 1e-6 or total > 1 + 1e-6 or min(category_prob) < 0:
        raise ValueError("category_prob must be probabilities")
    counts = np.zeros(len(category_prob))
    for _ in range(n):
        counts += category_prob
    return counts


@right("float32")
def expected_counts(n, category_prob):
    p = np.asarray(category_prob)
    if n < 0 or np.min(p) < 0 or abs(np.sum(p) - 1) > 1e-6:
        raise ValueError("bad input")
    return (n * p).astype(np.float32)


@wrong("rounds", says="half a point may be expected", points=1)
def expected_counts(n, category_prob):
    if n < 0 or min(category_prob) < 0 or abs(sum(category_prob) - 1) > 1e-6:
        raise ValueError("bad input")
    return np.round(n * np.asarray(category_prob))


@wrong("cuts to whole numbers", says="half a point may be expected", points=1)
def expected_counts(n, category_prob):
    if n < 0 or min(category_prob) < 0 or abs(sum(category_prob) - 1) > 1e-6:
        raise ValueError("bad input")
    return (n * np.asarray(category_prob) + 0.5).astype(int)


@wrong("returns the probabilities", says="how many of n is that")
def expected_counts(n, category_prob):
    return np.asarray(category_prob)


@wrong("draws", says="should fall into category 0")
def expected_counts(n, category_prob):
    return np.random.default_rng(1).multinomial(n, category_prob).astype(float) + 1e-9


@wrong("equal shares", says="Half of 10 draws should fall into category 0")
def expected_counts(n, category_prob):
    return np.full(len(category_prob), n / len(category_prob))


@wrong("scales bad probabilities silently", says="do not scale them silently", points=1)
def expected_counts(n, category_prob):
    if n < 0 or min(category_prob) < 0:
        raise ValueError("bad input")
    p = np.asarray(category_prob)
    return n * p / p.sum()


@wrong("checks nothing", says="A negative number of draws must raise a ValueError", points=1)
def expected_counts(n, category_prob):
    return n * np.asarray(category_prob)


@wrong("repeats a list", says="that list repeated", points=1)
def expected_counts(n, category_prob):
    if n < 0 or min(category_prob) < 0 or abs(sum(category_prob) - 1) > 1e-6:
        raise ValueError("bad input")
    return n * category_prob


@wrong("wants a sum of exactly 1", says="miss the sum 1 by a tiny rounding error", points=1)
def expected_counts(n, category_prob):
    if n < 0 or min(category_prob) < 0 or sum(category_prob) != 1:
        raise ValueError("bad input")
    return n * np.asarray(category_prob)


@wrong("returns nothing", says="does it end in a `return`")
def expected_counts(n, category_prob):
    n * np.asarray(category_prob)


# --- gmm_sample --------------------------------------------------------------------------------


@right("a Cholesky root for each component")
def gmm_sample(N, pi, mu, sigma, rng):
    pi, mu, sigma = np.asarray(pi, float), np.asarray(mu, float), np.asarray(sigma, float)
    if N < 0 or (pi < 0).any() or abs(pi.sum() - 1) > 1e-6:
        raise ValueError("bad N or pi")
    if mu.shape[0] != pi.size or sigma.shape != (pi.size, mu.shape[1], mu.shape[1]):
        raise ValueError("shapes do not fit")
    z = np.searchsorted(np.cumsum(pi)[:-1], rng.random(N), side="right")
    noise = rng.standard_normal((N, mu.shape[1]))
    roots = np.linalg.cholesky(sigma)
    return mu[z] + np.einsum("nij,nj->ni", roots[z], noise), z


@right("a loop over the points")
def gmm_sample(N, pi, mu, sigma, rng):
    if N < 0:
        raise ValueError("N is negative")
    if len(mu) != len(pi) or len(sigma) != len(pi):
        raise ValueError("lengths differ")
    X, z = [], []
    for k in rng.choice(len(pi), size=N, p=pi):
        z.append(k)
        X.append(rng.multivariate_normal(mu[k], sigma[k]))
    return np.array(X), np.array(z)


@right("sorted by component")
def gmm_sample(N, pi, mu, sigma, rng):
    if N < 0 or min(pi) < 0 or abs(sum(pi) - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    counts = rng.multinomial(N, pi)
    X = [rng.multivariate_normal(m, S, n) for n, m, S in zip(counts, mu, sigma)]
    return np.vstack(X), np.repeat(np.arange(len(pi)), counts)


@right("scipy, shuffled at the end")
def gmm_sample(N, pi, mu, sigma, rng):
    if N < 0 or min(pi) < 0 or abs(sum(pi) - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    D = len(mu[0])
    z = np.sort(rng.choice(len(pi), N, p=pi))
    X = np.zeros((N, D))
    for k in np.unique(z):
        draw = multivariate_normal(mu[k], sigma[k]).rvs(np.sum(z == k), random_state=rng)
        X[z == k] = np.reshape(draw, (-1, D))
    order = rng.permutation(N)
    return [X[order], z[order]]


@wrong("returns only the points", says="Return two things")
def gmm_sample(N, pi, mu, sigma, rng):
    z = rng.choice(len(pi), size=N, p=pi)
    return np.array([rng.multivariate_normal(mu[k], sigma[k]) for k in z])


@wrong(
    "points and labels in different orders",
    says="row i of X must be drawn from component z[i]",
    points=2,
)
def gmm_sample(N, pi, mu, sigma, rng):
    if N < 0 or min(pi) < 0 or abs(sum(pi) - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    z = rng.choice(len(pi), size=N, p=pi)
    X = [rng.multivariate_normal(mu[k], sigma[k], np.sum(z == k)) for k in range(len(pi))]
    return np.vstack(X), z


@wrong("takes the variances for deviations", says="`sigma` holds covariances", points=2)
def gmm_sample(N, pi, mu, sigma, rng):
    if N < 0 or min(pi) < 0 or abs(sum(pi) - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    mu, sigma = np.asarray(mu, float), np.asarray(sigma, float)
    z = rng.choice(len(pi), size=N, p=pi)
    noise = rng.standard_normal((N, mu.shape[1]))
    return mu[z] + np.einsum("nij,nj->ni", sigma[z], noise), z


@wrong(
    "the root on the wrong side",
    says="multiply by a matrix root of it, in the right order",
    points=2,
)
def gmm_sample(N, pi, mu, sigma, rng):
    if N < 0 or min(pi) < 0 or abs(sum(pi) - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    mu, roots = np.asarray(mu, float), np.linalg.cholesky(np.asarray(sigma, float))
    z = rng.choice(len(pi), size=N, p=pi)
    noise = rng.standard_normal((N, mu.shape[1]))
    return mu[z] + np.einsum("nij,ni->nj", roots[z], noise), z


@wrong("only the diagonal of the covariance", says="use the whole covariance matrix", points=2)
def gmm_sample(N, pi, mu, sigma, rng):
    if N < 0 or min(pi) < 0 or abs(sum(pi) - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    mu, sigma = np.asarray(mu, float), np.asarray(sigma, float)
    z = rng.choice(len(pi), size=N, p=pi)
    widths = np.sqrt(np.diagonal(sigma, axis1=1, axis2=2))
    return mu[z] + widths[z] * rng.standard_normal((N, mu.shape[1])), z


@wrong(
    "adds the components instead of choosing",
    says="row i of X must be drawn from component z[i]",
    points=2,
)
def gmm_sample(N, pi, mu, sigma, rng):
    if N < 0 or min(pi) < 0 or abs(sum(pi) - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    parts = [p * rng.multivariate_normal(m, S, N) for p, m, S in zip(pi, mu, sigma)]
    return np.sum(parts, axis=0), rng.choice(len(pi), size=N, p=pi)


@wrong("one point for each component, repeated", says="draw a new one for each row", points=2)
def gmm_sample(N, pi, mu, sigma, rng):
    if N < 0 or min(pi) < 0 or abs(sum(pi) - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    z = rng.choice(len(pi), size=N, p=pi)
    one = np.array([rng.multivariate_normal(m, S) for m, S in zip(mu, sigma)])
    return one[z], z


@wrong("numpy's global state", says="draw everything from `rng`", points=3)
def gmm_sample(N, pi, mu, sigma, rng):
    if N < 0 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    z = np.random.choice(len(pi), size=N, p=pi)
    X = [np.random.multivariate_normal(mu[k], sigma[k]) for k in z]
    return np.array(X).reshape(N, len(mu[0])), z


@wrong("D fixed at 2", says="With 4 components in 3 dimensions your function stops", points=1)
def gmm_sample(N, pi, mu, sigma, rng):
    if N < 0 or min(pi) < 0 or abs(sum(pi) - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    z = rng.choice(len(pi), size=N, p=pi)
    X = np.empty((N, 2))
    for k in range(len(pi)):
        X[z == k] = rng.multivariate_normal(mu[k], sigma[k], np.sum(z == k))
    return X, z


@wrong(
    "checks nothing but what rng.choice checks",
    says="A negative N must raise a ValueError",
    points=3,
)
def gmm_sample(N, pi, mu, sigma, rng):
    z = rng.choice(len(pi), size=max(N, 0), p=pi)
    mu, sigma = np.asarray(mu, float), np.asarray(sigma, float)
    X = np.array([rng.multivariate_normal(mu[k], sigma[k]) for k in z])
    return X, z


@right("checks by its own labels, then a comprehension")
def gmm_sample(N, pi, mu, sigma, rng):
    if N < 0 or len(mu) != len(pi) or len(sigma) != len(pi):
        raise ValueError("one mean and covariance for each weight")
    z = rng.choice(len(pi), size=N, p=pi)
    return np.array([rng.multivariate_normal(mu[k], sigma[k]) for k in z]), z


@wrong("takes the root of the covariance", says="`sigma` holds covariances", points=2)
def gmm_sample(N, pi, mu, sigma, rng):
    if N < 0 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    z = rng.choice(len(pi), size=N, p=pi)
    X = [rng.multivariate_normal(mu[k], np.sqrt(sigma[k])) for k in z]
    return np.array(X), z


# --- mixture_density ---------------------------------------------------------------------------


@right("the formula by hand")
def mixture_density(X, pi, mu, sigma):
    X, pi, mu, sigma = (np.asarray(a, dtype=float) for a in (X, pi, mu, sigma))
    if (pi < 0).any() or abs(pi.sum() - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    diff = X[:, None, :] - mu
    square = np.einsum("nki,kij,nkj->nk", diff, np.linalg.inv(sigma), diff)
    norms = np.sqrt(np.linalg.det(2 * np.pi * sigma))
    return (np.exp(-square / 2) / norms) @ pi


@right("a loop over the points, as a list")
def mixture_density(X, pi, mu, sigma):
    if min(pi) < 0 or abs(sum(pi) - 1) > 1e-6:
        raise ValueError("bad weights")
    if len(mu) != len(pi) or len(sigma) != len(pi):
        raise ValueError("lengths differ")
    return [sum(p * multivariate_normal.pdf(x, m, S) for p, m, S in zip(pi, mu, sigma)) for x in X]


@right("through logarithms")
def mixture_density(X, pi, mu, sigma):
    pi = np.asarray(pi, float)
    if (pi < 0).any() or abs(pi.sum() - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    used = [k for k in range(len(pi)) if pi[k] > 0]
    logs = [np.log(pi[k]) + multivariate_normal(mu[k], sigma[k]).logpdf(X) for k in used]
    return np.atleast_1d(np.exp(np.logaddexp.reduce(logs)))


@right("stacked columns")
def mixture_density(X, pi, mu, sigma):
    if np.any(np.array(pi) < 0) or not np.isclose(np.sum(pi), 1) or len(mu) != len(pi):
        raise ValueError("bad input")
    if len(sigma) != len(pi):
        raise ValueError("bad input")
    columns = [np.atleast_1d(multivariate_normal(m, S).pdf(X)) for m, S in zip(mu, sigma)]
    return np.column_stack(columns).dot(pi)


@wrong("forgets the weights", says="without their weights `pi`", points=0)
def mixture_density(X, pi, mu, sigma):
    return sum(np.atleast_1d(multivariate_normal(m, S).pdf(X)) for m, S in zip(mu, sigma))


@wrong("averages the components", says="weight each by its own `pi`", points=0)
def mixture_density(X, pi, mu, sigma):
    if min(pi) < 0 or abs(sum(pi) - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    parts = [np.atleast_1d(multivariate_normal(m, S).pdf(X)) for m, S in zip(mu, sigma)]
    return np.mean(parts, axis=0)


@wrong("averages the weighted components", says="a standard Gaussian in the plane", points=0)
def mixture_density(X, pi, mu, sigma):
    parts = [p * np.atleast_1d(multivariate_normal(m, S).pdf(X)) for p, m, S in zip(pi, mu, sigma)]
    return np.mean(parts, axis=0)


@wrong("only the largest component", says="a standard Gaussian in the plane", points=0)
def mixture_density(X, pi, mu, sigma):
    parts = [p * np.atleast_1d(multivariate_normal(m, S).pdf(X)) for p, m, S in zip(pi, mu, sigma)]
    return np.max(parts, axis=0)


@wrong("a column for each component", says="not one for each component")
def mixture_density(X, pi, mu, sigma):
    parts = [p * np.atleast_1d(multivariate_normal(m, S).pdf(X)) for p, m, S in zip(pi, mu, sigma)]
    return np.column_stack(parts)


@wrong("the density of the average Gaussian", says="into a single Gaussian", points=0)
def mixture_density(X, pi, mu, sigma):
    pi, mu, sigma = np.asarray(pi, float), np.asarray(mu, float), np.asarray(sigma, float)
    if (pi < 0).any() or abs(pi.sum() - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    mean, cov = pi @ mu, np.tensordot(pi, sigma, axes=1)
    return np.atleast_1d(multivariate_normal(mean, cov).pdf(X))


@wrong("a plain number for one point", says="One point gives the shape (1,)", points=2)
def mixture_density(X, pi, mu, sigma):
    if min(pi) < 0 or abs(sum(pi) - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    return sum(p * multivariate_normal(m, S).pdf(X) for p, m, S in zip(pi, mu, sigma))


@wrong("no check of the weights", says="sum to 1.1 must raise a ValueError", points=2)
def mixture_density(X, pi, mu, sigma):
    return sum(
        p * np.atleast_1d(multivariate_normal(m, S).pdf(X)) for p, m, S in zip(pi, mu, sigma)
    )


@wrong("only the diagonal of the covariance", says="use the whole covariance matrix", points=1)
def mixture_density(X, pi, mu, sigma):
    pi = np.asarray(pi, float)
    if (pi < 0).any() or abs(pi.sum() - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    widths = [np.sqrt(np.diag(S)) for S in sigma]
    return sum(p * norm.pdf(X, m, w).prod(axis=1) for p, m, w in zip(pi, mu, widths))


@wrong("takes the variances for deviations", says="`sigma` holds variances", points=0)
def mixture_density(X, pi, mu, sigma):
    pi = np.asarray(pi, float)
    if (pi < 0).any() or abs(pi.sum() - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    return sum(p * norm.pdf(X, m, np.diag(S)).prod(axis=1) for p, m, S in zip(pi, mu, sigma))


@wrong("does not compare the number of covariances", says="one covariance do not fit", points=2)
def mixture_density(X, pi, mu, sigma):
    pi = np.asarray(pi, float)
    if (pi < 0).any() or abs(pi.sum() - 1) > 1e-6 or len(pi) != len(mu):
        raise ValueError("bad input")
    density = np.zeros(len(X))
    for p, m, S in zip(pi, mu, sigma):
        density += p * multivariate_normal(m, S).pdf(X)
    return density


# --- quizzes -----------------------------------------------------------------------------------

quiz_1 = right("B ")
quiz_1 = wrong("a", says="What does a weight decide")
quiz_1 = wrong("c", says="What does a weight decide")
quiz_1 = wrong("d", says="once in ten times")
quiz_1 = wrong("The clouds keep their places", says="one of the letters")

quiz_2 = right("C")
quiz_2 = wrong("a", says="not a probability of points")
quiz_2 = wrong("b", says="a narrow component is higher")
quiz_2 = wrong("d", says="A narrow one with a small weight can be higher")

# --- changes of the solutions that make no difference ------------------------------------------

equivalent(
    "sample_categories",
    "if abs(category_prob.sum() - 1) >= 1e-6:",
    because="No input lies exactly on the tolerance.",
)
equivalent(
    "sample_categories",
    "category_prob = np.asarray(category_prob)",
    because="Comparing, adding and dividing give the same for whole numbers.",
)
equivalent(
    "sample_categories",
    "if n < -1:",
    "if False and (n < 0):",
    "if np.any(category_prob < -1):",
    "if False and (np.any(category_prob < 0)):",
    "if np.all(category_prob < 0):",
    because="`rng.choice` refuses a negative size or probability with a ValueError, too.",
)
equivalent(
    "sample_categories",
    "return rng.choice(...p=category_prob * category_prob.sum())",
    "return rng.choice(...p=(category_prob))",
    because="`rng.choice` takes a sum that is off by rounding; the tests ask for no more.",
)
equivalent(
    "expected_counts",
    "if np.any(category_prob < 0) or abs(category_prob.sum() - 1) >= 1e-6:",
    because="No input lies exactly on the tolerance.",
)
equivalent(
    "expected_counts",
    "category_prob = np.asarray(category_prob)",
    because="Comparing, adding and multiplying give the same for whole numbers.",
)
equivalent(
    ("gmm_sample", "mixture_density"),
    "if np.any(pi < 0) or abs(pi.sum() - 1) >= 1e-6:",
    because="No input lies exactly on the tolerance.",
)
equivalent(
    "gmm_sample",
    "if N < -1:",
    "if False and (N < 0):",
    "if np.any(pi < -1) or abs(pi.sum() - 1) > 1e-6:",
    "if (abs(pi.sum() - 1) > 1e-06):",
    "if np.all(pi < 0) or abs(pi.sum() - 1) > 1e-6:",
    because="`rng.choice` refuses a negative size or weight, and a sum below 1, with a ValueError, too.",
)
equivalent(
    "gmm_sample",
    "z = rng.choice(...p=pi * pi.sum())",
    "z = rng.choice(...p=(pi))",
    because="`rng.choice` takes a sum that is off by rounding; the tests ask for no more.",
)
equivalent(
    "gmm_sample",
    "members = z >= k",
    because="The rows of later components are drawn again when their turn comes; the last draw counts.",
)
equivalent(
    "gmm_sample",
    "pi, mu, sigma = (np.asarray(a) for a in (pi, mu, sigma))",
    because="NumPy turns the numbers into floats in the next step anyway.",
)
equivalent(
    "mixture_density",
    "X, pi = np.asarray(X), np.asarray(pi, dtype=float)",
    "X, pi = (X), np.asarray(pi, dtype=float)",
    "X, pi = np.asarray(X, dtype=float), np.asarray(pi)",
    because="SciPy turns the points into floats, and whole weights multiply alike.",
)
