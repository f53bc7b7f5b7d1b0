"""Inputs of lesson 05."""

import numpy as np
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from course.oracle import alike, cases
from course.oracle.draws import (
    blobs,
    covariances,
    few,
    generator,
    improbable,
    mixture,
    one_in,
    probabilities,
    seeds,
    sizes,
    table,
)


def points_and_mixture(draw):
    """`X` and a mixture; at times the weights are wrong, or a shape does not fit."""
    k, d = draw(few), draw(few)
    pi, mu, sigma = mixture(draw, k, d)
    X = table(draw, draw(sizes), d)
    if one_in(draw, 6):
        X = (np.asarray(X, dtype=float) * 1e4).tolist()
    wrong = draw(st.integers(1, 20))
    if wrong == 1:
        pi = improbable(draw, k)
    elif wrong == 2:
        mu = table(draw, k + 1, d)
    elif wrong == 3:
        sigma = covariances(draw, k + 1, d)
    elif wrong == 4:
        mu = table(draw, k, d + 1)
    elif wrong == 5:
        sigma = covariances(draw, k, d + 1)
    elif wrong == 8 and k > 1:
        mu, sigma = mu[1:], sigma[1:]
    elif wrong == 9:
        X = table(draw, 3, d + 1)
    return {"X": X, "pi": pi, "mu": mu, "sigma": sigma}


@cases()
def gmm_log_probability(draw):
    return points_and_mixture(draw)


@cases(quiet=True)
def e_step(draw):
    return points_and_mixture(draw)


def alike_where_there_is_weight(want, got, X, gamma, reg_covar=1e-6):
    (pi, *parts), (got_pi, *got_parts) = want, got
    used = np.asarray(gamma, dtype=float).sum(axis=0) > 0
    got_parts = [np.asarray(part, dtype=float) for part in got_parts]
    return alike(pi, got_pi) and all(
        a.shape == b.shape and np.isfinite(b).all() and alike(a[used], b[used])
        for a, b in zip(parts, got_parts, strict=True)
    )


@cases(alike_where_there_is_weight, quiet=True)
def m_step(draw):
    n, k, d = draw(sizes), draw(few), draw(few)
    X, gamma = table(draw, n, d), np.array(probabilities(draw, n, k))
    if one_in(draw, 3) and k > 1:
        gamma = np.roll(gamma, 1, axis=1)
        gamma[:, 1] += gamma[:, 0]
        gamma[:, 0] = 0
    wrong = draw(st.integers(1, 20))
    if wrong == 1:
        gamma[0] = improbable(draw, k)
    elif wrong == 2:
        gamma = probabilities(draw, n + 1, k)
    elif wrong == 3:
        X = np.asarray(X)[:, 0]
    elif wrong == 4:
        gamma = gamma[:, 0]
    elif wrong == 5 and n > 1:
        gamma = gamma[:-1]
    more = {"reg_covar": draw(st.sampled_from((0.0, 1e-3, 0.5)))} if draw(st.booleans()) else {}
    return {"X": X, "gamma": gamma, **more}


def log_likelihood(X, pi, mu, sigma):
    """The total over the points, with the covariances' roots."""
    parts = []
    for p, m, S in zip(pi, mu, sigma, strict=True):
        root = np.linalg.cholesky(S)
        y = np.linalg.solve(root, (X - m).T)
        log_det = 2 * np.log(np.diag(root)).sum() + len(S) * np.log(2 * np.pi)
        parts.append(np.log(max(p, 1e-300)) - (log_det + np.sum(y**2, axis=0)) / 2)
    return np.logaddexp.reduce(parts).sum()


def a_mixture_that_fits(want, got, X, k, rng, tol=1e-3, max_iter=100):
    """Whether the list rises as it should, belongs to the mixture, and the mixture fits."""
    X = np.asarray(X, dtype=float)
    (n, d), (pi, mu, sigma, history) = X.shape, got
    pi, mu, sigma = (np.asarray(part, dtype=float) for part in (pi, mu, sigma))
    if (pi.shape, mu.shape, sigma.shape) != ((k,), (k, d), (k, d, d)):
        return False
    if not (abs(pi.sum() - 1) < 1e-6 and pi.min() >= 0 and 1 <= len(history) <= max_iter):
        return False
    rises = np.diff(history)
    slack = 1e-9 * np.abs(history).max() + 1e-9
    if np.any(rises < -slack) or np.any(rises[:-1] < tol * n - slack):
        return False
    if np.linalg.eigvalsh(sigma).min() < 0.9e-6:
        return False
    reached = log_likelihood(X, pi, mu, sigma)
    if not history[-1] - slack - 0.02 * n <= reached <= history[-1] + max(2 * n, 1):
        return False
    # As good as one Gaussian for all points, at least.
    whole = np.cov(X.T, bias=True).reshape(d, d) + 1e-6 * np.eye(d)
    return max_iter < 5 or reached >= log_likelihood(X, [1], [X.mean(axis=0)], [whole]) - 0.02 * n


@cases(a_mixture_that_fits, quiet=True, examples=60)
def em(draw):
    k, d = draw(few), draw(few)
    if draw(st.booleans()):
        X, _ = blobs(draw, draw(few), d)
    else:
        X = table(draw, draw(st.integers(1, 12)), d, kinds=("reals", "list"))
    if one_in(draw, 8):
        X = [X[0]] * len(X)
    elif one_in(draw, 8):
        X = np.asarray(X, dtype=float) * [[1.0] + [0.0] * (d - 1)]
    k = draw(st.sampled_from((0, -1, len(X) + 1))) if one_in(draw, 8) else min(k, len(X))
    X = np.asarray(X)[:, 0] if one_in(draw, 15) else X
    more = {}
    if draw(st.booleans()):
        more["tol"] = draw(st.sampled_from((1e-1, 1e-3, 1e-6)))
        if draw(st.booleans()):
            more["max_iter"] = draw(st.sampled_from((0, 1, 2, 3, 10)))
    return {"X": X, "k": k, "rng": draw(seeds), **more}


def as_short(want, got, mu_a, mu_b):
    got = np.asarray(got).astype(int)
    distances = cdist(np.asarray(mu_a, dtype=float), np.asarray(mu_b, dtype=float))
    rows = np.arange(len(distances))
    is_permutation = np.array_equal(np.sort(got), rows)
    return is_permutation and np.isclose(distances[rows, got].sum(), distances[rows, want].sum())


@cases(as_short)
def match_components(draw):
    k, d = draw(st.integers(1, 6)), draw(few)
    kinds = ("reals", "whole", "list")
    mu_a, mu_b = table(draw, k, d, kinds=kinds), table(draw, k, d, kinds=kinds)
    if draw(st.booleans()):
        rng = generator(draw)
        mu_b = np.asarray(mu_a)[rng.permutation(k)] + rng.normal(size=(k, d))
    if one_in(draw, 6):
        mu_b = draw(st.sampled_from((mu_b[:-1], table(draw, k, d + 1), table(draw, k + 1, d))))
    elif one_in(draw, 10):
        mu_a, mu_b = np.asarray(mu_a)[:, 0], np.asarray(mu_b)[:, 0]
    return {"mu_a": mu_a, "mu_b": mu_b}
