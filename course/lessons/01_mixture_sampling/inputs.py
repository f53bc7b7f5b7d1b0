"""Inputs of lesson 01."""

import numpy as np
from hypothesis import strategies as st

from course.oracle import cases
from course.oracle.draws import (
    few,
    improbable,
    mixture,
    one_in,
    probabilities,
    seeds,
    sizes,
    table,
)

counts = st.sampled_from((0, 1, 2, 7, 60, 400))


def weights(draw, k):
    return improbable(draw, k) if one_in(draw, 4) else probabilities(draw, k)


def in_proportion(z, p, n):
    """Whether labels are whole numbers, as many as asked, and come up as often as they should."""
    z, p = np.asarray(z), np.clip(np.asarray(p, dtype=float), 0, 1)
    if z.shape != (n,) or (n and not np.array_equal(z, np.clip(np.round(z), 0, len(p) - 1))):
        return False
    counts = np.bincount(z.astype(int), minlength=len(p))
    return bool(np.all(np.abs(counts - n * p) <= 7 * np.sqrt(n * p * (1 - p)) + 3 * (p > 1e-6)))


def labels_in_proportion(want, got, category_prob, n, rng):
    return in_proportion(got, category_prob, n)


@cases(labels_in_proportion, seeded=True)
def sample_categories(draw):
    n = draw(st.integers(-3, -1)) if one_in(draw, 8) else draw(counts)
    return {"category_prob": weights(draw, draw(sizes)), "n": n, "rng": draw(seeds)}


@cases()
def expected_counts(draw):
    return {"n": draw(st.integers(-2, 60)), "category_prob": weights(draw, draw(sizes))}


def points_of_their_components(want, got, N, pi, mu, sigma, rng):
    X, z = (np.asarray(part) for part in got)
    if N == 0:
        return len(X) == len(z) == 0
    mu = np.asarray(mu, dtype=float)
    if X.shape != (N, mu.shape[1]) or not in_proportion(z, pi, N):
        return False
    if len(np.unique(X, axis=0)) < N:
        return False
    noise, z = np.empty(X.shape), z.astype(int)
    for k in np.unique(z):
        root = np.linalg.cholesky(sigma[k])
        noise[z == k] = np.linalg.solve(root, (X[z == k] - mu[k]).T).T
    groups = [noise, *(noise[z == k] for k in range(len(pi)))]
    return all(_standard(group) for group in groups if len(group) >= 50)


def _standard(noise):
    """Whether the rows may be standard Gaussian noise."""
    n, d = noise.shape
    off = np.abs(noise.T @ noise / n - np.eye(d))
    return np.abs(noise.mean(axis=0)).max() < 6 / np.sqrt(n) and off.max() < 9 / np.sqrt(n)


@cases(points_of_their_components, seeded=True)
def gmm_sample(draw):
    k, d = draw(few), draw(few)
    pi, mu, sigma = mixture(draw, k, d)
    if one_in(draw, 6):
        pi = improbable(draw, k)
    elif one_in(draw, 5) and k > 1:
        mu, sigma = draw(
            st.sampled_from(((mu[:-1], sigma), (mu, sigma[:-1]), (mu[:-1], sigma[:-1])))
        )
    N = draw(st.integers(-3, -1)) if one_in(draw, 8) else draw(counts)
    return {"N": N, "pi": pi, "mu": mu, "sigma": sigma, "rng": draw(seeds)}


@cases()
def mixture_density(draw):
    k, d = draw(few), draw(few)
    pi, mu, sigma = mixture(draw, k, d)
    if one_in(draw, 6):
        pi = improbable(draw, k)
    elif one_in(draw, 5) and k > 1:
        mu, sigma = draw(
            st.sampled_from(((mu[:-1], sigma), (mu, sigma[:-1]), (mu[:-1], sigma[:-1])))
        )
    X = table(draw, draw(sizes), d)
    if draw(st.booleans()):
        X = np.asarray(mu, dtype=float)[:1] + 0.5
    return {"X": X, "pi": pi, "mu": mu, "sigma": sigma}
