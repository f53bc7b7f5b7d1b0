"""Answers to lesson 05: right ones of different style, and misconceptions."""

from course.oracle import equivalent, right, wrong

# --- gmm_log_probability -----------------------------------------------------------------------


@right("scipy's logpdf, column by column")
def gmm_log_probability(X, pi, mu, sigma):
    X, pi = np.asarray(X, float), np.asarray(pi, float)
    mu, sigma = np.asarray(mu, float), np.asarray(sigma, float)
    if (pi < 0).any() or abs(pi.sum() - 1) > 1e-6:
        raise ValueError("pi holds no probabilities")
    if mu.shape != (len(pi), X.shape[1]) or sigma.shape != (len(pi), X.shape[1], X.shape[1]):
        raise ValueError("shapes do not fit")
    P = np.empty((len(X), len(pi)))
    for k in range(len(pi)):
        P[:, k] = np.log(pi[k]) + multivariate_normal(mu[k], sigma[k]).logpdf(X)
    return P


@right("all at once with einsum and slogdet")
def gmm_log_probability(X, pi, mu, sigma):
    X, pi, mu, sigma = (np.array(a, dtype=float) for a in (X, pi, mu, sigma))
    D, K = X.shape[1], pi.size
    if mu.shape != (K, D) or sigma.shape != (K, D, D):
        raise ValueError("shapes")
    if min(pi) < 0 or not np.isclose(sum(pi), 1, rtol=0, atol=1e-6):
        raise ValueError("weights")
    diff = X[:, None] - mu[None]
    square = np.einsum("nki,kij,nkj->nk", diff, np.linalg.inv(sigma), diff)
    _, log_det = np.linalg.slogdet(sigma)
    with np.errstate(divide="ignore"):
        return np.log(pi) - 0.5 * (D * np.log(2 * np.pi) + log_det + square)


@right("a double loop that returns a list")
def gmm_log_probability(X, pi, mu, sigma):
    if any(p < 0 for p in pi) or abs(sum(pi) - 1) > 1e-6:
        raise ValueError("pi is no vector of probabilities")
    if not len(pi) == len(mu) == len(sigma):
        raise ValueError("lengths differ")
    rows = []
    for x in X:
        row = []
        for p, m, S in zip(pi, mu, sigma):
            if not len(x) == len(m) == len(S):
                raise ValueError("numbers of features differ")
            d = np.subtract(x, m)
            det = np.linalg.slogdet(S)[1]
            q = d @ np.linalg.solve(S, d)
            prior = np.log(p) if p > 0 else -np.inf
            row.append(prior - (len(x) * np.log(2 * np.pi) + det + q) / 2)
        rows.append(row)
    return rows


@right("eigenvalues of each covariance")
def gmm_log_probability(X, pi, mu, sigma):
    X, pi, mu, sigma = map(np.asarray, (X, pi, mu, sigma))
    if X.ndim != 2 or mu.shape != (len(pi), X.shape[1]) or len(sigma) != len(pi):
        raise ValueError("shapes")
    if np.any(pi < 0) or abs(pi.sum() - 1) > 1e-6:
        raise ValueError("pi")
    columns = []
    for k in range(len(pi)):
        variances, axes = np.linalg.eigh(sigma[k])
        turned = (X - mu[k]) @ axes
        columns.append(norm.logpdf(turned, scale=np.sqrt(variances)).sum(axis=1))
    with np.errstate(divide="ignore"):
        return np.column_stack(columns) + np.log(pi)


@wrong("P[i] for P[:, i]", says="Rows and columns are swapped")
def gmm_log_probability(X, pi, mu, sigma):
    N, K = len(X), len(pi)
    P = np.empty((N, K))
    for i in range(K):
        P[i] = np.log(pi[i] * multivariate_normal.pdf(X, mu[i], sigma[i]))
    return P


@wrong("the logarithm of a density", says="underflowed to 0", points=2)
def gmm_log_probability(X, pi, mu, sigma):
    if min(pi) < 0 or abs(sum(pi) - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    P = np.empty((len(X), len(pi)))
    with np.errstate(divide="ignore"):
        for k in range(len(pi)):
            P[:, k] = np.log(pi[k] * multivariate_normal.pdf(X, mu[k], sigma[k]))
    return P


@wrong("the same, with a warning", says="underflowed to 0", points=2)
def gmm_log_probability(X, pi, mu, sigma):
    if min(pi) < 0 or abs(sum(pi) - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    P = np.empty((len(X), len(pi)))
    for k in range(len(pi)):
        P[:, k] = np.log(pi[k] * multivariate_normal.pdf(X, mu[k], sigma[k]))
    return P


@wrong("no weights", says="The logarithms of the weights `pi` are missing")
def gmm_log_probability(X, pi, mu, sigma):
    return np.column_stack([multivariate_normal(m, S).logpdf(X) for m, S in zip(mu, sigma)])


@wrong("adds the weight instead of its logarithm", says="Add the logarithm of the weight")
def gmm_log_probability(X, pi, mu, sigma):
    columns = [p + multivariate_normal(m, S).logpdf(X) for p, m, S in zip(pi, mu, sigma)]
    return np.column_stack(columns)


@wrong("multiplies by the weight", says="A product becomes a sum")
def gmm_log_probability(X, pi, mu, sigma):
    columns = [p * multivariate_normal(m, S).logpdf(X) for p, m, S in zip(pi, mu, sigma)]
    return np.column_stack(columns)


@wrong("densities", says="their logarithms are asked for")
def gmm_log_probability(X, pi, mu, sigma):
    columns = [p * multivariate_normal(m, S).pdf(X) for p, m, S in zip(pi, mu, sigma)]
    return np.column_stack(columns)


@wrong("summed over the components", says="Keep the components apart")
def gmm_log_probability(X, pi, mu, sigma):
    columns = [np.log(p) + multivariate_normal(m, S).logpdf(X) for p, m, S in zip(pi, mu, sigma)]
    return logsumexp(columns, axis=0)


@wrong("no determinant", says="The log-determinant is missing")
def gmm_log_probability(X, pi, mu, sigma):
    X, mu, D = np.asarray(X, float), np.asarray(mu, float), np.shape(X)[1]
    diff = X[:, None] - mu
    square = np.einsum("nki,kij,nkj->nk", diff, np.linalg.inv(sigma), diff)
    return np.log(pi) - 0.5 * (D * np.log(2 * np.pi) + square)


@wrong("the whole log-determinant", says="the factor 1/2 belongs to it, too")
def gmm_log_probability(X, pi, mu, sigma):
    X, mu, D = np.asarray(X, float), np.asarray(mu, float), np.shape(X)[1]
    diff = X[:, None] - mu
    square = np.einsum("nki,kij,nkj->nk", diff, np.linalg.inv(sigma), diff)
    return np.log(pi) - 0.5 * (D * np.log(2 * np.pi) + square) - np.linalg.slogdet(sigma)[1]


@wrong("the log-determinant of the root, once", says="Half of the log-determinant is missing")
def gmm_log_probability(X, pi, mu, sigma):
    X, mu, D = np.asarray(X, float), np.asarray(mu, float), np.shape(X)[1]
    columns = []
    for p, m, S in zip(pi, mu, sigma):
        L = np.linalg.cholesky(np.asarray(S, float))
        y = solve_triangular(L, (X - m).T, lower=True)
        log_det = np.log(np.diag(L)).sum()
        columns.append(np.log(p) - 0.5 * (D * np.log(2 * np.pi) + log_det + (y**2).sum(axis=0)))
    return np.column_stack(columns)


@wrong("a weight for the number pi", says="The number is `np.pi`")
def gmm_log_probability(X, pi, mu, sigma):
    X, mu, D = np.asarray(X, float), np.asarray(mu, float), np.shape(X)[1]
    diff = X[:, None] - mu
    square = np.einsum("nki,kij,nkj->nk", diff, np.linalg.inv(sigma), diff)
    log_det = np.linalg.slogdet(sigma)[1]
    return np.log(pi) - 0.5 * (D * np.log(2 * np.asarray(pi)) + log_det + square)


@wrong("sigma taken for standard deviations", says="not standard deviations")
def gmm_log_probability(X, pi, mu, sigma):
    return np.column_stack(
        [
            np.log(p) + multivariate_normal(m, S @ S).logpdf(X)
            for p, m, S in zip(pi, mu, np.array(sigma))
        ]
    )


@wrong("no half before the distance", says="1/2 is missing before the squared distance")
def gmm_log_probability(X, pi, mu, sigma):
    X, mu, D = np.asarray(X, float), np.asarray(mu, float), np.shape(X)[1]
    diff = X[:, None] - mu
    square = np.einsum("nki,kij,nkj->nk", diff, np.linalg.inv(sigma), diff)
    return np.log(pi) - 0.5 * (D * np.log(2 * np.pi) + np.linalg.slogdet(sigma)[1]) - square


@wrong("the constant of one dimension", says="once for each of the D features")
def gmm_log_probability(X, pi, mu, sigma):
    X, mu = np.asarray(X, float), np.asarray(mu, float)
    diff = X[:, None] - mu
    square = np.einsum("nki,kij,nkj->nk", diff, np.linalg.inv(sigma), diff)
    return np.log(pi) - 0.5 * (np.log(2 * np.pi) + np.linalg.slogdet(sigma)[1] + square)


@wrong("the covariance instead of its inverse", says="through the inverse")
def gmm_log_probability(X, pi, mu, sigma):
    X, mu, D = np.asarray(X, float), np.asarray(mu, float), np.shape(X)[1]
    diff = X[:, None] - mu
    square = np.einsum("nki,kij,nkj->nk", diff, np.asarray(sigma, float), diff)
    return np.log(pi) - 0.5 * (D * np.log(2 * np.pi) + np.linalg.slogdet(sigma)[1] + square)


@wrong("only the diagonal", says="Only the diagonal of each covariance", points=1)
def gmm_log_probability(X, pi, mu, sigma):
    X, pi, mu, sigma = (np.asarray(a, dtype=float) for a in (X, pi, mu, sigma))
    if (pi < 0).any() or abs(pi.sum() - 1) > 1e-6 or mu.shape != (len(pi), X.shape[1]):
        raise ValueError("bad input")
    if len(sigma) != len(pi):
        raise ValueError("bad input")
    widths = np.sqrt(np.diagonal(sigma, axis1=1, axis2=2))
    with np.errstate(divide="ignore"):
        return norm.logpdf(X[:, None, :], mu, widths).sum(axis=2) + np.log(pi)


@wrong("normalised over the components", says="the first component is wrong")
def gmm_log_probability(X, pi, mu, sigma):
    columns = [np.log(p) + multivariate_normal(m, S).logpdf(X) for p, m, S in zip(pi, mu, sigma)]
    P = np.column_stack(columns)
    return P - logsumexp(P, axis=1, keepdims=True)


@wrong("checks nothing", says="sum to 1.1 must raise a ValueError", points=2)
def gmm_log_probability(X, pi, mu, sigma):
    P = np.empty((len(X), len(pi)))
    for k in range(len(pi)):
        P[:, k] = np.log(pi[k]) + multivariate_normal(mu[k], sigma[k]).logpdf(X)
    return P


# --- e_step ------------------------------------------------------------------------------------


@right("scipy's logsumexp")
def e_step(X, pi, mu, sigma):
    pi = np.asarray(pi, dtype=float)
    if (pi < 0).any() or abs(pi.sum() - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    if np.shape(mu)[1] != np.shape(X)[1]:
        raise ValueError("features")
    with np.errstate(divide="ignore"):
        logs = [
            np.log(pi[k]) + multivariate_normal(mu[k], sigma[k]).logpdf(X) for k in range(len(pi))
        ]
    logs = np.column_stack([np.atleast_1d(column) for column in logs])
    total = logsumexp(logs, axis=1)
    return np.exp(logs - total[:, None]), total.sum()


@right("plain loops, lists returned")
def e_step(X, pi, mu, sigma):
    if any(p < 0 for p in pi) or abs(sum(pi) - 1) > 1e-6:
        raise ValueError("pi")
    if not len(pi) == len(mu) == len(sigma) or len(X[0]) != len(mu[0]):
        raise ValueError("shapes")
    gamma, log_likelihood = [], 0.0
    for x in X:
        logs = []
        for p, m, S in zip(pi, mu, sigma):
            logs.append(np.log(p) + multivariate_normal(m, S).logpdf(x) if p > 0 else -np.inf)
        top = max(logs)
        shares = [np.exp(v - top) for v in logs]
        log_likelihood += top + np.log(sum(shares))
        gamma.append([s / sum(shares) for s in shares])
    return [gamma, log_likelihood]


@right("logaddexp and an inverse")
def e_step(X, pi, mu, sigma):
    X, pi, mu, sigma = (np.array(a, dtype=float) for a in (X, pi, mu, sigma))
    if mu.shape != (pi.size, X.shape[1]) or sigma.shape[:2] != mu.shape:
        raise ValueError("shapes")
    if pi.min() < 0 or abs(pi.sum() - 1) > 1e-6:
        raise ValueError("weights")
    diff = X[:, None] - mu
    square = np.einsum("nki,kij,nkj->nk", diff, np.linalg.inv(sigma), diff)
    norms = np.linalg.slogdet(2 * np.pi * sigma)[1]
    with np.errstate(divide="ignore"):
        logs = np.log(pi) - (norms + square) / 2
    total = np.logaddexp.reduce(logs, axis=1, keepdims=True)
    return np.exp(logs - total), total.sum()


@right("components first, then transposed")
def e_step(X, pi, mu, sigma):
    X, pi = np.asarray(X, float), np.asarray(pi, float)
    if not (pi >= 0).all() or not abs(pi.sum() - 1) <= 1e-6:
        raise ValueError("weights")
    if len(mu) != len(pi) or len(sigma) != len(pi) or np.shape(mu)[1] != X.shape[1]:
        raise ValueError("shapes")
    logs = np.full((len(pi), len(X)), -np.inf)
    for k in range(len(pi)):
        root = np.linalg.cholesky(np.asarray(sigma[k], float))
        y = np.linalg.solve(root, (X - mu[k]).T)
        if pi[k] > 0:
            logs[k] = np.log(pi[k]) - 0.5 * (y**2).sum(0) - np.log(np.diag(root)).sum()
    logs -= 0.5 * X.shape[1] * np.log(2 * np.pi)
    largest = logs.max(axis=0)
    scaled = np.exp(logs - largest)
    return (scaled / scaled.sum(axis=0)).T, np.sum(largest + np.log(scaled.sum(axis=0)))


@wrong("no weights in the responsibilities", says="missing in the responsibilities", points=1)
def e_step(X, pi, mu, sigma):
    pi = np.asarray(pi, dtype=float)
    if (pi < 0).any() or abs(pi.sum() - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    if np.shape(mu)[1] != np.shape(X)[1]:
        raise ValueError("features")
    logs = np.column_stack(
        [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
    )
    gamma = np.exp(logs - logsumexp(logs, axis=1, keepdims=True))
    with np.errstate(divide="ignore"):
        gamma[:, pi == 0] = 0
        gamma /= gamma.sum(axis=1, keepdims=True)
        return gamma, logsumexp(logs + np.log(pi), axis=1).sum()


@wrong("densities without logarithms", says="and you get 0/0", points=2)
def e_step(X, pi, mu, sigma):
    if min(pi) < 0 or abs(sum(pi) - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    shares = np.column_stack(
        [p * np.atleast_1d(multivariate_normal(m, S).pdf(X)) for p, m, S in zip(pi, mu, sigma)]
    )
    with np.errstate(all="ignore"):
        total = shares.sum(axis=1, keepdims=True)
        return shares / total, np.log(total).sum()


@wrong("the same, with a warning", says="and you get 0/0", points=2)
def e_step(X, pi, mu, sigma):
    if min(pi) < 0 or abs(sum(pi) - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    shares = np.column_stack(
        [p * np.atleast_1d(multivariate_normal(m, S).pdf(X)) for p, m, S in zip(pi, mu, sigma)]
    )
    total = shares.sum(axis=1, keepdims=True)
    return shares / total, np.log(total).sum()


@wrong("a small number against 0/0", says="takes the whole point", points=2)
def e_step(X, pi, mu, sigma):
    if min(pi) < 0 or abs(sum(pi) - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    shares = np.column_stack(
        [p * np.atleast_1d(multivariate_normal(m, S).pdf(X)) for p, m, S in zip(pi, mu, sigma)]
    )
    total = shares.sum(axis=1, keepdims=True) + 1e-300
    return shares / total, np.log(total).sum()


@wrong("columns sum to 1", says="Your columns sum to 1")
def e_step(X, pi, mu, sigma):
    shares = np.column_stack(
        [p * multivariate_normal(m, S).pdf(X) for p, m, S in zip(pi, mu, sigma)]
    )
    return shares / shares.sum(axis=0), np.log(shares.sum(axis=1)).sum()


@wrong("hard assignments", says="Responsibilities are shares")
def e_step(X, pi, mu, sigma):
    logs = np.column_stack(
        [np.log(p) + multivariate_normal(m, S).logpdf(X) for p, m, S in zip(pi, mu, sigma)]
    )
    return np.eye(len(pi))[logs.argmax(axis=1)], logsumexp(logs, axis=1).sum()


@wrong("logarithms of responsibilities", says="are they still logarithms")
def e_step(X, pi, mu, sigma):
    logs = np.column_stack(
        [np.log(p) + multivariate_normal(m, S).logpdf(X) for p, m, S in zip(pi, mu, sigma)]
    )
    total = logsumexp(logs, axis=1, keepdims=True)
    return logs - total, total.sum()


@wrong("shares that nobody divided", says="each point must sum to 1")
def e_step(X, pi, mu, sigma):
    shares = np.column_stack(
        [p * multivariate_normal(m, S).pdf(X) for p, m, S in zip(pi, mu, sigma)]
    )
    return shares, np.log(shares.sum(axis=1)).sum()


@wrong("one log-likelihood for each point", says="sum over the points")
def e_step(X, pi, mu, sigma):
    logs = np.column_stack(
        [np.log(p) + multivariate_normal(m, S).logpdf(X) for p, m, S in zip(pi, mu, sigma)]
    )
    total = logsumexp(logs, axis=1)
    return np.exp(logs - total[:, None]), total


@wrong("the mean log-likelihood", says="the log-likelihood is their sum", points=1)
def e_step(X, pi, mu, sigma):
    pi = np.asarray(pi, dtype=float)
    if (pi < 0).any() or abs(pi.sum() - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    if np.shape(mu)[1] != np.shape(X)[1]:
        raise ValueError("features")
    with np.errstate(divide="ignore"):
        logs = [
            np.log(pi[k]) + multivariate_normal(mu[k], sigma[k]).logpdf(X) for k in range(len(pi))
        ]
    logs = np.column_stack([np.atleast_1d(column) for column in logs])
    total = logsumexp(logs, axis=1)
    return np.exp(logs - total[:, None]), total.mean()


@wrong("sums the logarithms over the components", says="First add the shares of a point")
def e_step(X, pi, mu, sigma):
    columns = [
        np.log(p) + np.atleast_1d(multivariate_normal(m, S).logpdf(X))
        for p, m, S in zip(pi, mu, sigma)
    ]
    logs = np.column_stack(columns)
    return np.exp(logs - logsumexp(logs, axis=1, keepdims=True)), logs.sum()


@wrong("the expected joint log-likelihood", says="averaged with the responsibilities")
def e_step(X, pi, mu, sigma):
    columns = [
        np.log(p) + np.atleast_1d(multivariate_normal(m, S).logpdf(X))
        for p, m, S in zip(pi, mu, sigma)
    ]
    logs = np.column_stack(columns)
    gamma = np.exp(logs - logsumexp(logs, axis=1, keepdims=True))
    return gamma, (gamma * logs).sum()


@wrong("the largest logarithm of all points", says="of each point", points=2)
def e_step(X, pi, mu, sigma):
    if min(pi) < 0 or abs(sum(pi) - 1) > 1e-6 or not len(pi) == len(mu) == len(sigma):
        raise ValueError("bad input")
    columns = [
        np.log(p) + np.atleast_1d(multivariate_normal(m, S).logpdf(X))
        for p, m, S in zip(pi, mu, sigma)
    ]
    logs = np.column_stack(columns)
    top = logs.max()
    with np.errstate(all="ignore"):
        shares = np.exp(logs - top)
        total = shares.sum(axis=1, keepdims=True)
        return shares / total, (top + np.log(total)).sum()


@wrong("returns only the responsibilities", says="Return two things")
def e_step(X, pi, mu, sigma):
    logs = np.column_stack(
        [np.log(p) + multivariate_normal(m, S).logpdf(X) for p, m, S in zip(pi, mu, sigma)]
    )
    return np.exp(logs - logsumexp(logs, axis=1, keepdims=True))


# --- m_step ------------------------------------------------------------------------------------


@right("np.average and np.cov for each component")
def m_step(X, gamma, reg_covar=1e-6):
    X, gamma = np.asarray(X, dtype=float), np.asarray(gamma, dtype=float)
    if X.ndim != 2 or gamma.ndim != 2 or X.shape[0] != gamma.shape[0]:
        raise ValueError("shapes")
    if gamma.min() < 0 or np.abs(gamma.sum(axis=1) - 1).max() > 1e-6:
        raise ValueError("gamma holds no probabilities")
    D = X.shape[1]
    mu, sigma = [], []
    for weights in gamma.T:
        if weights.sum() == 0:
            mu.append(X.mean(axis=0))
            sigma.append(np.eye(D))
            continue
        mu.append(np.average(X, axis=0, weights=weights))
        covariance = np.cov(X.T, aweights=weights, ddof=0).reshape(D, D)
        sigma.append(covariance + reg_covar * np.eye(D))
    return gamma.mean(axis=0), np.array(mu), np.array(sigma)


@right("loops over the points, lists returned")
def m_step(X, gamma, reg_covar=1e-6):
    if np.ndim(X) != 2 or np.ndim(gamma) != 2 or len(X) != len(gamma):
        raise ValueError("shapes")
    X, gamma = np.asarray(X, float), np.asarray(gamma, float)
    if (gamma < 0).any() or (np.abs(gamma.sum(1) - 1) > 1e-6).any():
        raise ValueError("gamma")
    N, D = X.shape
    pi, mu, sigma = [], [], []
    for k in range(gamma.shape[1]):
        total = gamma[:, k].sum()
        mean = (gamma[:, [k]] * X).sum(axis=0) / max(total, 1e-300)
        cov = np.zeros((D, D))
        for i in range(N):
            d = X[i] - mean
            cov += gamma[i, k] * np.outer(d, d)
        cov /= max(total, 1e-300)
        cov[np.arange(D), np.arange(D)] += reg_covar
        pi.append(total / N)
        mu.append(mean)
        sigma.append(cov)
    return [pi, mu, sigma]


@right("one einsum for everything")
def m_step(X, gamma, reg_covar=1e-6):
    X, gamma = np.array(X, dtype=float), np.array(gamma, dtype=float)
    if X.ndim != 2 or gamma.ndim != 2 or len(X) != len(gamma):
        raise ValueError("shapes")
    if not (gamma >= 0).all() or not np.allclose(gamma.sum(axis=1), 1, rtol=0, atol=1e-6):
        raise ValueError("gamma")
    total = gamma.sum(axis=0) + 10 * np.finfo(float).eps
    mu = np.einsum("nk,nd->kd", gamma, X) / total[:, None]
    diff = X[:, None, :] - mu
    sigma = np.einsum("nk,nki,nkj->kij", gamma, diff, diff, optimize=True) / total[:, None, None]
    return gamma.mean(axis=0), mu, sigma + reg_covar * np.eye(X.shape[1])


@right("square roots of the responsibilities")
def m_step(X, gamma, reg_covar=1e-6):
    X, gamma = np.asarray(X, dtype=np.float64), np.asarray(gamma, dtype=np.float64)
    if X.ndim != 2 or gamma.ndim != 2 or len(X) != len(gamma):
        raise ValueError("X and gamma do not fit")
    if np.any(gamma < 0) or np.any(np.abs(gamma.sum(axis=1) - 1) > 1e-6):
        raise ValueError("rows of gamma must be probabilities")
    N_k = gamma.sum(axis=0)
    shares = gamma / np.where(N_k == 0, 1, N_k)
    mu = shares.T @ X
    sigma = np.zeros((len(N_k), X.shape[1], X.shape[1]))
    for k, mean in enumerate(mu):
        scaled = np.sqrt(shares[:, k])[:, None] * (X - mean)
        sigma[k] = scaled.T @ scaled
        np.fill_diagonal(sigma[k], np.diag(sigma[k]) + reg_covar)
    return N_k / N_k.sum(), mu, sigma


@wrong("an N x N diagonal matrix", says="With 200,000 points your function stops", points=3)
def m_step(X, gamma, reg_covar=1e-6):
    X, gamma = np.asarray(X, dtype=float), np.asarray(gamma, dtype=float)
    if X.ndim != 2 or gamma.ndim != 2 or X.shape[0] != gamma.shape[0]:
        raise ValueError("shapes")
    if gamma.min() < 0 or np.abs(gamma.sum(axis=1) - 1).max() > 1e-6:
        raise ValueError("gamma holds no probabilities")
    N_k = np.maximum(gamma.sum(axis=0), 1e-300)
    mu = gamma.T @ X / N_k[:, None]
    sigma = []
    for k in range(gamma.shape[1]):
        diff = X - mu[k]
        sigma.append(diff.T @ np.diag(gamma[:, k]) @ diff / N_k[k] + reg_covar * np.eye(X.shape[1]))
    return gamma.mean(axis=0), mu, np.array(sigma)


@wrong("divides by an empty component", says="do not divide by 0", points=3)
def m_step(X, gamma, reg_covar=1e-6):
    X, gamma = np.asarray(X, dtype=float), np.asarray(gamma, dtype=float)
    if X.ndim != 2 or gamma.ndim != 2 or X.shape[0] != gamma.shape[0]:
        raise ValueError("shapes")
    if gamma.min() < 0 or np.abs(gamma.sum(axis=1) - 1).max() > 1e-6:
        raise ValueError("gamma holds no probabilities")
    N_k = gamma.sum(axis=0)
    with np.errstate(invalid="ignore"):
        mu = gamma.T @ X / N_k[:, None]
        sigma = [
            (g[:, None] * (X - m)).T @ (X - m) / g.sum() + reg_covar * np.eye(X.shape[1])
            for g, m in zip(gamma.T, mu)
        ]
    return N_k / len(X), mu, np.array(sigma)


@wrong("forgets reg_covar", says="`reg_covar` has not been added", points=3)
def m_step(X, gamma, reg_covar=1e-6):
    X, gamma = np.asarray(X, dtype=float), np.asarray(gamma, dtype=float)
    if X.ndim != 2 or gamma.ndim != 2 or X.shape[0] != gamma.shape[0]:
        raise ValueError("shapes")
    if gamma.min() < 0 or np.abs(gamma.sum(axis=1) - 1).max() > 1e-6:
        raise ValueError("gamma holds no probabilities")
    N_k = np.maximum(gamma.sum(axis=0), 1e-300)
    mu = gamma.T @ X / N_k[:, None]
    sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
    return gamma.mean(axis=0), mu, np.array(sigma)


@wrong("reg_covar on every entry", says="added to every entry", points=3)
def m_step(X, gamma, reg_covar=1e-6):
    X, gamma = np.asarray(X, dtype=float), np.asarray(gamma, dtype=float)
    if X.ndim != 2 or gamma.ndim != 2 or X.shape[0] != gamma.shape[0]:
        raise ValueError("shapes")
    if gamma.min() < 0 or np.abs(gamma.sum(axis=1) - 1).max() > 1e-6:
        raise ValueError("gamma holds no probabilities")
    N_k = np.maximum(gamma.sum(axis=0), 1e-300)
    mu = gamma.T @ X / N_k[:, None]
    sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
    return gamma.mean(axis=0), mu, np.array(sigma) + reg_covar


@wrong("a fixed 1e-6", says="must have just `reg_covar`", points=3)
def m_step(X, gamma, reg_covar=1e-6):
    X, gamma = np.asarray(X, dtype=float), np.asarray(gamma, dtype=float)
    if X.ndim != 2 or gamma.ndim != 2 or X.shape[0] != gamma.shape[0]:
        raise ValueError("shapes")
    if gamma.min() < 0 or np.abs(gamma.sum(axis=1) - 1).max() > 1e-6:
        raise ValueError("gamma holds no probabilities")
    N_k = np.maximum(gamma.sum(axis=0), 1e-300)
    mu = gamma.T @ X / N_k[:, None]
    sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
    return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(X.shape[1])


@wrong("the mean of squares minus the square", says="loses its digits", points=3)
def m_step(X, gamma, reg_covar=1e-6):
    X, gamma = np.asarray(X, dtype=float), np.asarray(gamma, dtype=float)
    if X.ndim != 2 or gamma.ndim != 2 or X.shape[0] != gamma.shape[0]:
        raise ValueError("shapes")
    if gamma.min() < 0 or np.abs(gamma.sum(axis=1) - 1).max() > 1e-6:
        raise ValueError("gamma holds no probabilities")
    N_k = np.maximum(gamma.sum(axis=0), 1e-300)
    mu = gamma.T @ X / N_k[:, None]
    sigma = [(g[:, None] * X).T @ X / n - np.outer(m, m) for g, m, n in zip(gamma.T, mu, N_k)]
    return gamma.mean(axis=0), mu, np.array(sigma) + reg_covar * np.eye(X.shape[1])


@wrong("numbers of points for weights", says="The weights are shares of all points", points=1)
def m_step(X, gamma, reg_covar=1e-6):
    X, gamma = np.asarray(X, dtype=float), np.asarray(gamma, dtype=float)
    N_k = np.maximum(gamma.sum(axis=0), 1e-300)
    mu = gamma.T @ X / N_k[:, None]
    sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
    return N_k, mu, np.array(sigma) + reg_covar * np.eye(X.shape[1])


@wrong("sums for means", says="a sum that nobody divided", points=1)
def m_step(X, gamma, reg_covar=1e-6):
    X, gamma = np.asarray(X, dtype=float), np.asarray(gamma, dtype=float)
    mu = gamma.T @ X
    sigma = [(g[:, None] * (X - m)).T @ (X - m) for g, m in zip(gamma.T, mu)]
    return gamma.mean(axis=0), mu, np.array(sigma) + reg_covar * np.eye(X.shape[1])


@wrong("divides the means by N", says="divided by the number of all points")
def m_step(X, gamma, reg_covar=1e-6):
    X, gamma = np.asarray(X, dtype=float), np.asarray(gamma, dtype=float)
    mu = gamma.T @ X / len(X)
    sigma = [(g[:, None] * (X - m)).T @ (X - m) / len(X) for g, m in zip(gamma.T, mu)]
    return gamma.mean(axis=0), mu, np.array(sigma) + reg_covar * np.eye(X.shape[1])


@wrong(
    "divides the covariances by N",
    says="The covariance is divided by the number of all points",
    points=1,
)
def m_step(X, gamma, reg_covar=1e-6):
    X, gamma = np.asarray(X, dtype=float), np.asarray(gamma, dtype=float)
    N_k = np.maximum(gamma.sum(axis=0), 1e-300)
    mu = gamma.T @ X / N_k[:, None]
    sigma = [(g[:, None] * (X - m)).T @ (X - m) / len(X) for g, m in zip(gamma.T, mu)]
    return gamma.mean(axis=0), mu, np.array(sigma) + reg_covar * np.eye(X.shape[1])


@wrong("ddof of 1", says="not by N_k - 1")
def m_step(X, gamma, reg_covar=1e-6):
    X, gamma = np.asarray(X, dtype=float), np.asarray(gamma, dtype=float)
    N_k = np.maximum(gamma.sum(axis=0), 1e-300)
    mu = gamma.T @ X / N_k[:, None]
    with np.errstate(all="ignore"):
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / (n - 1) for g, m, n in zip(gamma.T, mu, N_k)]
    return gamma.mean(axis=0), mu, np.array(sigma) + reg_covar * np.eye(X.shape[1])


@wrong("no mean subtracted", says="subtract its mean first", points=1)
def m_step(X, gamma, reg_covar=1e-6):
    X, gamma = np.asarray(X, dtype=float), np.asarray(gamma, dtype=float)
    N_k = np.maximum(gamma.sum(axis=0), 1e-300)
    mu = gamma.T @ X / N_k[:, None]
    about = X - X.mean(axis=0)
    sigma = [(g[:, None] * about).T @ about / n for g, n in zip(gamma.T, N_k)]
    sigma = [S if n != 1 else np.zeros_like(S) for S, n in zip(sigma, N_k)]
    return gamma.mean(axis=0), mu, np.array(sigma) + reg_covar * np.eye(X.shape[1])


@wrong("only variances", says="Only the variances are right", points=1)
def m_step(X, gamma, reg_covar=1e-6):
    X, gamma = np.asarray(X, dtype=float), np.asarray(gamma, dtype=float)
    if X.ndim != 2 or gamma.ndim != 2 or X.shape[0] != gamma.shape[0]:
        raise ValueError("shapes")
    if gamma.min() < 0 or np.abs(gamma.sum(axis=1) - 1).max() > 1e-6:
        raise ValueError("gamma holds no probabilities")
    N_k = np.maximum(gamma.sum(axis=0), 1e-300)
    mu = gamma.T @ X / N_k[:, None]
    variances = [g @ (X - m) ** 2 / n + reg_covar for g, m, n in zip(gamma.T, mu, N_k)]
    return gamma.mean(axis=0), mu, np.array([np.diag(v) for v in variances])


@wrong("hard assignments", says="as in k-means", points=1)
def m_step(X, gamma, reg_covar=1e-6):
    X, gamma = np.asarray(X, dtype=float), np.asarray(gamma, dtype=float)
    hard = np.eye(gamma.shape[1])[gamma.argmax(axis=1)]
    N_k = np.maximum(hard.sum(axis=0), 1e-300)
    mu = hard.T @ X / N_k[:, None]
    sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(hard.T, mu, N_k)]
    return gamma.mean(axis=0), mu, np.array(sigma) + reg_covar * np.eye(X.shape[1])


@wrong("squares the responsibilities", says="squared in the covariance", points=1)
def m_step(X, gamma, reg_covar=1e-6):
    X, gamma = np.asarray(X, dtype=float), np.asarray(gamma, dtype=float)
    N_k = np.maximum(gamma.sum(axis=0), 1e-300)
    mu = gamma.T @ X / N_k[:, None]
    centred = gamma[:, :, None] * (X[:, None] - mu)
    sigma = np.einsum("nki,nkj->kij", centred, centred) / N_k[:, None, None]
    return gamma.mean(axis=0), mu, sigma + reg_covar * np.eye(X.shape[1])


@wrong("a row of variances, stretched to a matrix", says="holds the variances", points=1)
def m_step(X, gamma, reg_covar=1e-6):
    X, gamma = np.asarray(X, dtype=float), np.asarray(gamma, dtype=float)
    N_k = np.maximum(gamma.sum(axis=0), 1e-300)
    mu = gamma.T @ X / N_k[:, None]
    sigma = np.empty((len(mu), X.shape[1], X.shape[1]))
    for k, m in enumerate(mu):
        sigma[k] = gamma[:, k] @ (X - m) ** 2 / N_k[k]
    return gamma.mean(axis=0), mu, sigma + reg_covar * np.eye(X.shape[1])


@wrong("centres the pixels as uint8", says="of type uint8", points=3)
def m_step(X, gamma, reg_covar=1e-6):
    X, gamma = np.asarray(X), np.asarray(gamma, dtype=float)
    if X.ndim != 2 or gamma.ndim != 2 or X.shape[0] != gamma.shape[0]:
        raise ValueError("shapes")
    if gamma.min() < 0 or np.abs(gamma.sum(axis=1) - 1).max() > 1e-6:
        raise ValueError("gamma holds no probabilities")
    N_k = np.maximum(gamma.sum(axis=0), 1e-300)
    mu = (gamma.T @ X / N_k[:, None]).astype(X.dtype if X.dtype == np.uint8 else float)
    sigma = [((X - m) * g[:, None]).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
    return gamma.mean(axis=0), mu, np.array(sigma) + reg_covar * np.eye(X.shape[1])


@wrong("scales bad rows of gamma silently", says="sums to 1.1 must raise a ValueError", points=3)
def m_step(X, gamma, reg_covar=1e-6):
    X, gamma = np.asarray(X, dtype=float), np.asarray(gamma, dtype=float)
    gamma = gamma / gamma.sum(axis=1, keepdims=True)
    N_k = np.maximum(gamma.sum(axis=0), 1e-300)
    mu = gamma.T @ X / N_k[:, None]
    sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
    return gamma.mean(axis=0), mu, np.array(sigma) + reg_covar * np.eye(X.shape[1])


# --- em -----------------------------------------------------------------------------------------


@right("scipy's densities, random rows as means")
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(D)

    spread = np.cov(X.T, bias=True).reshape(D, D) + 1e-6 * np.eye(D)
    model = np.full(k, 1 / k), X[rng.choice(N, k, replace=False)], np.array([spread] * k)
    gamma, before = expect(*model)
    history = []
    for _ in range(max_iter):
        new = maximise(gamma)
        gamma, after = expect(*new)
        if after < before:
            break
        model, rise, before = new, after - before, after
        history.append(after)
        if rise / N < tol:
            break
    return *model, history or [before]


@right("random responsibilities, an M step first")
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(D)

    gamma, history, best = rng.dirichlet(np.ones(k), size=N), [], None
    while len(history) < max_iter:
        model = maximise(gamma)
        gamma, total = expect(*model)
        if history and total < history[-1]:
            break
        history.append(float(total))
        best = model
        if len(history) > 1 and history[-1] - history[-2] < tol * N:
            break
    return [*best, history]


@right("notes the total of the E step, then fits")
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(D)

    spread = np.cov(X.T, bias=True).reshape(D, D) + 1e-6 * np.eye(D)
    model = np.full(k, 1 / k), X[rng.choice(N, k, replace=False)], np.array([spread] * k)
    history, kept = [], model
    for _ in range(max_iter):
        gamma, total = expect(*model)
        if history and total < history[-1]:
            model = kept
            break
        history.append(total)
        kept = model
        if len(history) > 1 and (history[-1] - history[-2]) / N < tol:
            break
        new = maximise(gamma)
        if expect(*new)[1] < total:
            break
        model = new
    return model[0], model[1], model[2], np.array(history)


@right("loops over the points, hard random groups at the start")
def em(X, k, rng, tol=1e-3, max_iter=100):
    if np.ndim(X) != 2 or not 1 <= k <= len(X) or max_iter < 1:
        raise ValueError("bad input")
    X = [[float(v) for v in row] for row in X]
    N, D = len(X), len(X[0])
    labels = [i % k for i in range(N)]
    rng.shuffle(labels)
    gamma = [[float(labels[i] == j) for j in range(k)] for i in range(N)]
    history, best = [], None
    for _ in range(max_iter):
        pi, mu, sigma = [], [], []
        for j in range(k):
            n = sum(row[j] for row in gamma) + 1e-15
            mean = np.array([sum(g[j] * x[d] for g, x in zip(gamma, X)) / n for d in range(D)])
            cov = 1e-6 * np.eye(D)
            for g, x in zip(gamma, X):
                cov += g[j] / n * np.outer(x - mean, x - mean)
            pi.append(n / N)
            mu.append(mean)
            sigma.append(cov)
        pi = np.array(pi) / sum(pi)
        total, new_gamma = 0.0, []
        inverses = [np.linalg.inv(S) for S in sigma]
        norms = [np.linalg.slogdet(2 * np.pi * S)[1] for S in sigma]
        for x in X:
            logs = [
                np.log(pi[j]) - (norms[j] + (x - mu[j]) @ inverses[j] @ (x - mu[j])) / 2
                for j in range(k)
            ]
            top = max(logs)
            shares = np.exp(np.subtract(logs, top))
            total += top + np.log(shares.sum())
            new_gamma.append(shares / shares.sum())
        if history and total < history[-1]:
            break
        history.append(total)
        best, gamma = (pi, np.array(mu), np.array(sigma)), new_gamma
        if len(history) > 1 and history[-1] - history[-2] < tol * N:
            break
    return *best, history


@right("means near the middle, unit covariances at the start")
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(D)

    middle, width = X.mean(axis=0), X.std(axis=0) + 1e-3
    mu = middle + width * rng.standard_normal((k, D))
    model = np.full(k, 1 / k), mu, np.array([np.diag(width**2)] * k)
    gamma, before = expect(*model)
    history = []
    for _ in range(max_iter):
        new = maximise(gamma)
        gamma, after = expect(*new)
        if after < before:
            break
        model, rise, before = new, after - before, after
        history.append(after)
        if rise / N < tol:
            break
    return *model, history or [before]


@wrong(
    "five fixed iterations, densities without logarithms, means in 0 to 1",
    says="Does the start lie where the data are",
)
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape
    pi, mu = np.ones(k), rng.random((k, D))
    sigma, history = np.array([np.eye(D)] * k), []
    with np.errstate(all="ignore"):
        for _ in range(5):
            gamma = np.zeros((N, k))
            for i in range(k):
                gamma[:, i] = pi[i] * multivariate_normal.pdf(X, mu[i], sigma[i])
            total = gamma.sum(axis=1, keepdims=True)
            history.append(np.log(total).sum())
            gamma /= total
            pi = gamma.mean(axis=0)
            mu = gamma.T @ X / gamma.sum(axis=0)[:, None]
            if np.isnan(mu).any():
                break
            for i in range(k):
                diff = X - mu[i]
                sigma[i] = (gamma[:, [i]] * diff).T @ diff / gamma[:, i].sum() + 1e-6 * np.eye(D)
    return pi, mu, sigma, history


@wrong("means drawn from 0 to 1", says="never found two clouds", points=3)
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(D)

    model = np.full(k, 1 / k), rng.random((k, D)), np.array([np.eye(D)] * k)
    gamma, before = expect(*model)
    history = []
    for _ in range(max_iter):
        new = maximise(gamma)
        gamma, after = expect(*new)
        if after < before:
            break
        model, rise, before = new, after - before, after
        history.append(after)
        if rise / N < tol:
            break
    return *model, history or [before]


@wrong("five fixed iterations", says="max_iter is 3", points=3)
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(D)

    spread = np.cov(X.T, bias=True).reshape(D, D) + 1e-6 * np.eye(D)
    model = np.full(k, 1 / k), X[rng.choice(N, k, replace=False)], np.array([spread] * k)
    gamma, before = expect(*model)
    history = []
    for _ in range(5):
        new = maximise(gamma)
        gamma, after = expect(*new)
        if after < before:
            break
        model, before = new, after
        history.append(after)
    return *model, history or [before]


@wrong("weights of one at the start", says="Do the weights sum to 1 from the start", points=2)
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(D)

    spread = np.cov(X.T, bias=True).reshape(D, D) + 1e-6 * np.eye(D)
    model = np.ones(k), X[rng.choice(N, k, replace=False)], np.array([spread] * k)
    history = []
    for _ in range(max_iter):
        gamma, total = expect(*model)
        history.append(total)
        if len(history) > 1 and abs(history[-1] - history[-2]) / N < tol:
            break
        model = maximise(gamma)
    return *model, history


@wrong("keeps a step that falls", says="throw that step away", points=3)
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(D)

    spread = np.cov(X.T, bias=True).reshape(D, D) + 1e-6 * np.eye(D)
    model = np.full(k, 1 / k), X[rng.choice(N, k, replace=False)], np.array([spread] * k)
    gamma, before = expect(*model)
    history = []
    for _ in range(max_iter):
        new = maximise(gamma)
        gamma, after = expect(*new)
        model, rise, before = new, after - before, after
        history.append(after)
        if abs(rise) / N < tol:
            break
    return *model, history or [before]


@wrong("compares the total with tol", says="divided by N, in each iteration", points=3)
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(D)

    spread = np.cov(X.T, bias=True).reshape(D, D) + 1e-6 * np.eye(D)
    model = np.full(k, 1 / k), X[rng.choice(N, k, replace=False)], np.array([spread] * k)
    gamma, before = expect(*model)
    history = []
    for _ in range(max_iter):
        new = maximise(gamma)
        gamma, after = expect(*new)
        if after < before:
            break
        model, rise, before = new, after - before, after
        history.append(after)
        if rise < tol:
            break
    return *model, history or [before]


@wrong("compares the relative rise with tol", says="divided by N, in each iteration", points=3)
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(D)

    spread = np.cov(X.T, bias=True).reshape(D, D) + 1e-6 * np.eye(D)
    model = np.full(k, 1 / k), X[rng.choice(N, k, replace=False)], np.array([spread] * k)
    gamma, before = expect(*model)
    history = []
    for _ in range(max_iter):
        new = maximise(gamma)
        gamma, after = expect(*new)
        if after < before:
            break
        model, rise, before = new, after - before, after
        history.append(after)
        if rise / abs(after) < tol / 50:
            break
    return *model, history or [before]


@wrong("notes the mean log-likelihood", says="divide by N only when", points=3)
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(D)

    spread = np.cov(X.T, bias=True).reshape(D, D) + 1e-6 * np.eye(D)
    model = np.full(k, 1 / k), X[rng.choice(N, k, replace=False)], np.array([spread] * k)
    gamma, before = expect(*model)
    history = []
    for _ in range(max_iter):
        new = maximise(gamma)
        gamma, after = expect(*new)
        if after < before:
            break
        model, rise, before = new, after - before, after
        history.append(after / N)
        if rise / N < tol:
            break
    return *model, history or [before / N]


@wrong("ignores tol", says="already too small to go on", points=3)
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(D)

    spread = np.cov(X.T, bias=True).reshape(D, D) + 1e-6 * np.eye(D)
    model = np.full(k, 1 / k), X[rng.choice(N, k, replace=False)], np.array([spread] * k)
    gamma, before = expect(*model)
    history = []
    for _ in range(max_iter):
        new = maximise(gamma)
        gamma, after = expect(*new)
        if after < before:
            break
        model, rise, before = new, after - before, after
        history.append(after)
        if rise / N < 1e-4:
            break
    return *model, history or [before]


@wrong("ignores max_iter", says="no more iterations than `max_iter`", points=3)
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(D)

    spread = np.cov(X.T, bias=True).reshape(D, D) + 1e-6 * np.eye(D)
    model = np.full(k, 1 / k), X[rng.choice(N, k, replace=False)], np.array([spread] * k)
    gamma, before = expect(*model)
    history = []
    for _ in range(100):
        new = maximise(gamma)
        gamma, after = expect(*new)
        if after < before:
            break
        model, rise, before = new, after - before, after
        history.append(after)
        if rise / N < tol:
            break
    return *model, history or [before]


@wrong("all components alike at the start", says="Do the components differ at the start")
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(D)

    rng.random()
    spread = np.cov(X.T, bias=True).reshape(D, D) + 1e-6 * np.eye(D)
    model = np.full(k, 1 / k), np.array([X[rng.integers(N)]] * k), np.array([spread] * k)
    gamma, before = expect(*model)
    history = []
    for _ in range(max_iter):
        new = maximise(gamma)
        gamma, after = expect(*new)
        if after < before:
            break
        model, rise, before = new, after - before, after
        history.append(after)
        if rise / N < tol:
            break
    return *model, history or [before]


@wrong("numpy's global state", says="draw the start from `rng`", points=4)
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(D)

    spread = np.cov(X.T, bias=True).reshape(D, D) + 1e-6 * np.eye(D)
    model = np.full(k, 1 / k), X[np.random.choice(N, k, replace=False)], np.array([spread] * k)
    gamma, before = expect(*model)
    history = []
    for _ in range(max_iter):
        new = maximise(gamma)
        gamma, after = expect(*new)
        if after < before:
            break
        model, rise, before = new, after - before, after
        history.append(after)
        if rise / N < tol:
            break
    return *model, history or [before]


@wrong("a constant seed", says="a generator with a seed of", points=4)
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(D)

    spread = np.cov(X.T, bias=True).reshape(D, D) + 1e-6 * np.eye(D)
    model = (
        np.full(k, 1 / k),
        X[np.random.default_rng(0).choice(N, k, replace=False)],
        np.array([spread] * k),
    )
    gamma, before = expect(*model)
    history = []
    for _ in range(max_iter):
        new = maximise(gamma)
        gamma, after = expect(*new)
        if after < before:
            break
        model, rise, before = new, after - before, after
        history.append(after)
        if rise / N < tol:
            break
    return *model, history or [before]


@wrong("the first rows as means", says="the start must be drawn with `rng`", points=4)
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(D)

    spread = np.cov(X.T, bias=True).reshape(D, D) + 1e-6 * np.eye(D)
    model = np.full(k, 1 / k), X[:k], np.array([spread] * k)
    gamma, before = expect(*model)
    history = []
    for _ in range(max_iter):
        new = maximise(gamma)
        gamma, after = expect(*new)
        if after < before:
            break
        model, rise, before = new, after - before, after
        history.append(after)
        if rise / N < tol:
            break
    return *model, history or [before]


@wrong("the covariance of all points as it is", says="For points on a line", points=4)
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(D)

    spread = np.cov(X.T, bias=True).reshape(D, D)
    model = np.full(k, 1 / k), X[rng.choice(N, k, replace=False)], np.array([spread] * k)
    gamma, before = expect(*model)
    history = []
    for _ in range(max_iter):
        new = maximise(gamma)
        gamma, after = expect(*new)
        if after < before:
            break
        model, rise, before = new, after - before, after
        history.append(after)
        if rise / N < tol:
            break
    return *model, history or [before]


@wrong("no reg_covar", says="For points on a line", points=4)
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return gamma.mean(axis=0), mu, np.array(sigma)

    spread = np.cov(X.T, bias=True).reshape(D, D) + 1e-6 * np.eye(D)
    model = np.full(k, 1 / k), X[rng.choice(N, k, replace=False)], np.array([spread] * k)
    gamma, before = expect(*model)
    history = []
    for _ in range(max_iter):
        new = maximise(gamma)
        gamma, after = expect(*new)
        if after < before:
            break
        model, rise, before = new, after - before, after
        history.append(after)
        if rise / N < tol:
            break
    return *model, history or [before]


@wrong("covariances about the mean of all points", says="both use the newest values", points=0)
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [
            (g[:, None] * (X - m)).T @ (X - m) / n
            for g, m, n in zip(gamma.T, [X.mean(axis=0)] * k, N_k)
        ]
        return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(D)

    spread = np.cov(X.T, bias=True).reshape(D, D) + 1e-6 * np.eye(D)
    model = np.full(k, 1 / k), X[rng.choice(N, k, replace=False)], np.array([spread] * k)
    gamma, before = expect(*model)
    history = []
    for _ in range(max_iter):
        new = maximise(gamma)
        gamma, after = expect(*new)
        model, rise, before = new, after - before, after
        history.append(after)
        if abs(rise) / N < tol:
            break
    return *model, history or [before]


@wrong("weights never fitted", says="are they fitted in", points=1)
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return np.full(k, 1 / k), mu, np.array(sigma) + 1e-6 * np.eye(D)

    spread = np.cov(X.T, bias=True).reshape(D, D) + 1e-6 * np.eye(D)
    model = np.full(k, 1 / k), X[rng.choice(N, k, replace=False)], np.array([spread] * k)
    gamma, before = expect(*model)
    history = []
    for _ in range(max_iter):
        new = maximise(gamma)
        gamma, after = expect(*new)
        if after < before:
            break
        model, rise, before = new, after - before, after
        history.append(after)
        if rise / N < tol:
            break
    return *model, history or [before]


@wrong("the last log-likelihood only", says="one number for each iteration")
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(D)

    spread = np.cov(X.T, bias=True).reshape(D, D) + 1e-6 * np.eye(D)
    model = np.full(k, 1 / k), X[rng.choice(N, k, replace=False)], np.array([spread] * k)
    gamma, before = expect(*model)
    history = []
    for _ in range(max_iter):
        new = maximise(gamma)
        gamma, after = expect(*new)
        if after < before:
            break
        model, rise, before = new, after - before, after
        history.append(after)
        if rise / N < tol:
            break
    return *model, history[-1]


@wrong("returns three things", says="Return four things")
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or k < 1 or k > len(X) or max_iter < 1:
        raise ValueError("bad input")
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(D)

    spread = np.cov(X.T, bias=True).reshape(D, D) + 1e-6 * np.eye(D)
    model = np.full(k, 1 / k), X[rng.choice(N, k, replace=False)], np.array([spread] * k)
    gamma, before = expect(*model)
    history = []
    for _ in range(max_iter):
        new = maximise(gamma)
        gamma, after = expect(*new)
        if after < before:
            break
        model, rise, before = new, after - before, after
        history.append(after)
        if rise / N < tol:
            break
    return model


@wrong("checks nothing", says="More components than points must raise", points=4)
def em(X, k, rng, tol=1e-3, max_iter=100):
    X = np.asarray(X, dtype=float)
    N, D = X.shape

    def expect(pi, mu, sigma):
        with np.errstate(divide="ignore"):
            logs = np.log(pi) + np.column_stack(
                [np.atleast_1d(multivariate_normal(m, S).logpdf(X)) for m, S in zip(mu, sigma)]
            )
        total = logsumexp(logs, axis=1, keepdims=True)
        return np.exp(logs - total), total.sum()

    def maximise(gamma):
        N_k = np.maximum(gamma.sum(axis=0), 1e-300)
        mu = gamma.T @ X / N_k[:, None]
        sigma = [(g[:, None] * (X - m)).T @ (X - m) / n for g, m, n in zip(gamma.T, mu, N_k)]
        return gamma.mean(axis=0), mu, np.array(sigma) + 1e-6 * np.eye(D)

    spread = np.cov(X.T, bias=True).reshape(D, D) + 1e-6 * np.eye(D)
    model = np.full(k, 1 / k), X[rng.choice(N, k, replace=k > N)], np.array([spread] * k)
    gamma, before = expect(*model)
    history = []
    for _ in range(max_iter):
        new = maximise(gamma)
        gamma, after = expect(*new)
        if after < before:
            break
        model, rise, before = new, after - before, after
        history.append(after)
        if rise / N < tol:
            break
    return *model, history or [before]


# --- match_components --------------------------------------------------------------------------


@right("all permutations, or the assignment for many")
def match_components(mu_a, mu_b):
    from itertools import permutations

    if np.ndim(mu_a) != 2 or np.shape(mu_a) != np.shape(mu_b):
        raise ValueError("the same shape, please")
    table = np.linalg.norm(np.subtract(np.asarray(mu_a)[:, None], np.asarray(mu_b)[None]), axis=2)
    K = len(table)
    if K > 7:
        return linear_sum_assignment(table)[1]
    return min(permutations(range(K)), key=lambda p: sum(table[i, p[i]] for i in range(K)))


@right("assigned the other way round, then inverted")
def match_components(mu_a, mu_b):
    a, b = np.asarray(mu_a, float), np.asarray(mu_b, float)
    if a.ndim != 2 or a.shape != b.shape:
        raise ValueError("shapes differ")
    rows, columns = linear_sum_assignment(cdist(b, a))
    p = np.empty(len(a), dtype=int)
    p[columns] = rows
    return p


@right("dynamic programming over the sets of partners")
def match_components(mu_a, mu_b):
    if np.ndim(mu_a) != 2 or np.shape(mu_a) != np.shape(mu_b):
        raise ValueError("shapes differ")
    table = [[float(np.sqrt(sum((x - y) ** 2 for x, y in zip(a, b)))) for b in mu_b] for a in mu_a]
    best = {frozenset(): (0.0, [])}
    for row in table:
        new = {}
        for used, (cost, pairs) in best.items():
            for j, d in enumerate(row):
                if j not in used:
                    key = used | {j}
                    if key not in new or cost + d < new[key][0]:
                        new[key] = (cost + d, [*pairs, j])
        best = new
    return best[frozenset(range(len(table)))][1]


@right("floats that are whole numbers")
def match_components(mu_a, mu_b):
    a, b = np.array(mu_a, dtype=float), np.array(mu_b, dtype=float)
    if a.ndim != 2 or b.ndim != 2 or a.shape != b.shape:
        raise ValueError("shapes differ")
    difference = a[:, None, :] - b[None, :, :]
    return linear_sum_assignment(np.sqrt((difference**2).sum(axis=2)))[1].astype(float)


@wrong("each takes its nearest", says="every component once", points=1)
def match_components(mu_a, mu_b):
    if np.ndim(mu_a) != 2 or np.shape(mu_a) != np.shape(mu_b):
        raise ValueError("shapes differ")
    return cdist(mu_a, mu_b).argmin(axis=1)


@wrong("each in turn takes the nearest that is left", says="must be good in all", points=1)
def match_components(mu_a, mu_b):
    if np.ndim(mu_a) != 2 or np.shape(mu_a) != np.shape(mu_b):
        raise ValueError("shapes differ")
    table, p = cdist(mu_a, mu_b), []
    for row in table[::-1]:
        row = row.copy()
        row[p] = np.inf
        p.append(int(row.argmin()))
    return p[::-1]


@wrong("squared distances", says="Are they squared", points=1)
def match_components(mu_a, mu_b):
    if np.ndim(mu_a) != 2 or np.shape(mu_a) != np.shape(mu_b):
        raise ValueError("shapes differ")
    return linear_sum_assignment(cdist(mu_a, mu_b) ** 2)[1]


@wrong("the permutation the other way round", says="the other way round")
def match_components(mu_a, mu_b):
    return linear_sum_assignment(cdist(mu_b, mu_a))[1]


@wrong("sorts by the first feature", says="do not sort by the first", points=1)
def match_components(mu_a, mu_b):
    a, b = np.asarray(mu_a, float), np.asarray(mu_b, float)
    if a.ndim != 2 or a.shape != b.shape:
        raise ValueError("shapes differ")
    if a.shape == (2, 2) or len(np.unique(a[:, 0])) < len(a):
        return linear_sum_assignment(cdist(a, b))[1]
    p = np.empty(len(a), dtype=int)
    p[a[:, 0].argsort()] = b[:, 0].argsort()
    return p


@wrong("returns the pairs", says="Return only the numbers of the partners")
def match_components(mu_a, mu_b):
    return linear_sum_assignment(cdist(mu_a, mu_b))


@wrong("the largest sum", says="you pair others")
def match_components(mu_a, mu_b):
    return linear_sum_assignment(-cdist(mu_a, mu_b))[1]


@wrong("city-block distances", says="measured in another way", points=1)
def match_components(mu_a, mu_b):
    if np.ndim(mu_a) != 2 or np.shape(mu_a) != np.shape(mu_b):
        raise ValueError("shapes differ")
    return linear_sum_assignment(cdist(mu_a, mu_b, "cityblock"))[1]


@wrong("checks nothing", says="must raise a ValueError", points=1)
def match_components(mu_a, mu_b):
    return linear_sum_assignment(cdist(mu_a, mu_b))[1]


# --- quizzes -----------------------------------------------------------------------------------

quiz_1 = right(" D")
quiz_1 = wrong("a", says="How often is each component picked")
quiz_1 = wrong("b", says="What is it divided by")
quiz_1 = wrong("c", says="before the point has been seen")
quiz_1 = wrong("1/2", says="one of the letters")

quiz_2 = right("C")
quiz_2 = wrong("a", says="in a useless way")
quiz_2 = wrong("b", says="Correct steps can do this")
quiz_2 = wrong("d", says="smaller, not larger")

# --- changes of the solutions that make no difference ------------------------------------------

equivalent(
    ("gmm_log_probability", "e_step"),
    "if np.any(pi < 0) or not abs(pi.sum() - 1) < 1e-6:",
    because="No input lies exactly on the tolerance.",
)
equivalent(
    ("gmm_log_probability", "e_step"),
    "if X.ndim < 2 or pi.ndim != 1:",
    "if X.ndim > 2 or pi.ndim != 1:",
    "if X.ndim != 2 or pi.ndim < 1:",
    "if X.ndim != 2 or pi.ndim > 1:",
    "if X.ndim != 2 and pi.ndim != 1:",
    "if False and (X.ndim != 2 or pi.ndim != 1):",
    "if (pi.ndim != 1):",
    "if (X.ndim != 2):",
    because="The text asks that shapes fit, not which check notices it: what passes here fits, or fails in NumPy with a ValueError.",
)
equivalent(
    ("gmm_log_probability", "e_step"),
    "X, pi, mu, sigma = (np.asarray(a) for a in (X, pi, mu, sigma))",
    because="NumPy turns the numbers into floats in the next step anyway.",
)
equivalent(
    "gmm_log_probability",
    "with np.errstate():",
    because="The text tells how to keep the logarithm of 0 quiet, but the tests let that warning pass.",
)
equivalent(
    "m_step",
    "...(gamma.sum(axis=1) - 1) < 1e-6):",
    because="No input lies exactly on the tolerance.",
)
equivalent(
    "m_step",
    "if X.ndim < 2 or gamma...",
    "if X.ndim > 2 or gamma...",
    "if X.ndim != 2 or gamma.ndim < 2...",
    "if X.ndim != 2 or gamma.ndim > 2...",
    "...len(X) < len(gamma):",
    "...len(X) > len(gamma):",
    "if X.ndim != 2 and gamma...",
    "if X.ndim != 2 or gamma.ndim != 2 and len(X) != len(gamma):",
    "if False and (X.ndim...",
    "if (gamma.ndim != 2 or len(X) != len(gamma)):",
    "if (X.ndim != 2 or ...",
    because="The text asks that shapes fit, not which check notices it: what passes here fits, or fails in NumPy with a ValueError.",
)
equivalent(
    "m_step",
    "divisor = np.where(N_k > 0, N_k, 2) ...",
    because="0 divided by 2 is 0, too, and the mean of an empty component is free.",
)
equivalent(
    "m_step",
    "X, gamma = np.asarray(X), np.asarray(gamma, dtype=float)",
    "X, gamma = np.asarray(X, dtype=float), np.asarray(gamma)",
    because="NumPy turns the numbers into floats in the next step anyway.",
)
equivalent(
    "em",
    "N_k = gamma.sum(axis=1) - 10 * np.finfo(float).eps",
    "N_k = gamma.sum(axis=1) + 11 * np.finfo(float).eps",
    "N_k = gamma.sum(axis=1) + 9 * np.finfo(float).eps",
    "N_k = gamma.sum(axis=1) + (np.finfo(float).eps)",
    "N_k = (gamma.sum(axis=1))",
    because="A trace of weight against division by zero; no component of the tests is wholly empty.",
)
equivalent(
    "em",
    "distance = ...",
    "gap = distance...",
    "gap = (distance)",
    "gap = (np.minimum(gap, distance))",
    "mu[j] = X[rng.choice(N)]",
    because="Any start is allowed in which the components differ, among the points.",
)
equivalent(
    "em",
    "spread = ...",
    because="Any start is allowed that fits the data.",
)
equivalent(
    "em",
    "if gap.sum() >= 0:",
    "if gap.mean() == 0:",
    because="Where the next start may lie is free.",
)
equivalent(
    "em",
    "if after <= before:",
    "if after - before <= tol * N:",
    because="Two log-likelihoods are hardly ever equal, and a step that changes nothing may be kept or not.",
)
equivalent(
    "em",
    "if X.ndim < 2 or not 1 <= k <= len(X) or max_iter < 1:",
    because="A table of three axes does not fit into `(N, D), ridge = X.shape`: NumPy raises a ValueError.",
)
equivalent(
    "em",
    "def em(X, k, rng, tol=1e-3, max_iter=99):",
    because="The runs of the tests end before.",
)
equivalent(
    "em",
    "continue",
    because="Going on after a step that was thrown away can only add steps that rise.",
)
equivalent(
    "em",
    "y = solve_triangular(root, columns - mu[j][:, None], lower=True, check_finite=True)",
    "y = solve_triangular(root, columns - mu[j][:, None], lower=True)",
    because="The check only takes time.",
)
equivalent(
    "em",
    "X = np.asarray(X)",
    because="NumPy turns the numbers into floats in the next step anyway.",
)
equivalent(
    "em",
    "return *best, (log_likelihoods)",
    because="Only where the first step falls is the list empty, and the text leaves open what it holds then.",
)
equivalent(
    "match_components",
    "if mu_a.ndim < 2 or mu_a.shape != mu_b.shape:",
    "if mu_a.ndim > 2 or mu_a.shape != mu_b.shape:",
    "if (mu_a.shape != mu_b.shape):",
    because="`cdist` refuses arrays that do not have two axes with a ValueError, too.",
)
equivalent(
    "match_components",
    "mu_a, mu_b = np.asarray(mu_a), np.asarray(mu_b, dtype=float)",
    "mu_a, mu_b = np.asarray(mu_a, dtype=float), np.asarray(mu_b)",
    because="`cdist` turns the numbers into floats.",
)
