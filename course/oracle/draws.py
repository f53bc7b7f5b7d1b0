"""What the lessons' inputs are drawn with.

Each helper takes hypothesis's `draw` first. Numbers come from a NumPy generator whose seed is
drawn: quick, and of any size.
"""

import numpy as np
from hypothesis import strategies as st

KINDS = ("reals", "reals", "whole", "uint8", "list", "list of whole numbers")

seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 8)
few = st.integers(1, 4)


def generator(draw):
    """A NumPy generator."""
    return np.random.default_rng(draw(seeds))


def one_in(draw, n):
    """True once in `n` draws or so."""
    return draw(st.integers(1, n)) == n


def table(draw, *shape, kinds=KINDS):
    """Numbers of the given shape: reals, small whole numbers (with ties), `uint8`, or lists."""
    rng, kind = generator(draw), draw(st.sampled_from(kinds))
    if kind in ("reals", "list"):
        values = rng.normal(scale=draw(st.sampled_from((0.3, 3.0))), size=shape)
        values += draw(st.sampled_from((0.0, 20.0)))
    elif kind == "uint8":
        values = rng.integers(0, 256, shape).astype(np.uint8)
    else:
        values = rng.integers(-3, 4, shape)
    return values.tolist() if kind.startswith("list") else values


def probabilities(draw, *shape, zeros=True):
    """Probabilities that sum to 1 over the last axis: arrays or lists, at times with zeros."""
    rng = generator(draw)
    p = rng.random(shape) + 0.02
    if draw(st.booleans()):
        p = rng.integers(1, 4, shape).astype(float)
    if zeros and shape[-1] > 1 and one_in(draw, 3):
        p[..., draw(st.integers(0, shape[-1] - 1))] = 0
    p /= p.sum(axis=-1, keepdims=True)
    if one_in(draw, 4):
        p[..., -1] -= (p[..., -1] > 0) * 1e-9
    return p.tolist() if one_in(draw, 3) else p


def improbable(draw, k):
    """`k` numbers that are no probabilities: one is negative, or the sum is off."""
    p = np.array(probabilities(draw, k, zeros=False))
    how = draw(st.sampled_from(("negative", "too much", "too little")))
    if how == "negative" and k > 1:
        p[0] -= p[0] + 0.2
        p[1] += 1 - p.sum()
    else:
        p[-1] += 0.01 if how == "too much" else -0.01
    return p.tolist() if one_in(draw, 3) else p


def covariances(draw, k, d):
    """`k` covariance matrices, shape (k, d, d), far from singular."""
    rng = generator(draw)
    roots = rng.normal(size=(k, d, d))
    return roots @ roots.transpose(0, 2, 1) + 0.3 * np.eye(d)


def mixture(draw, k, d, zeros=True):
    """Weights, means and covariances of a Gaussian mixture."""
    return probabilities(draw, k, zeros=zeros), table(draw, k, d), covariances(draw, k, d)


def blobs(draw, k, d, sizes=(15, 30)):
    """Points of `k` groups that lie far apart, in mixed order, and their groups."""
    rng = generator(draw)
    centres = 40.0 * np.argsort(rng.random((k, d)), axis=0) + rng.normal(size=(k, d))
    group = np.repeat(np.arange(k), rng.integers(*sizes, k))
    rng.shuffle(group)
    return centres[group] + rng.normal(size=(len(group), d)), group


def same_groups(a, b):
    """Whether two labellings are alike, whatever the groups are called."""
    a, b = (np.unique(labels, return_inverse=True)[1] for labels in (a, b))
    pairs = {*zip(a.tolist(), b.tolist(), strict=True)}
    return len(a) == len(b) and len(pairs) == len({*a.tolist()}) == len({*b.tolist()})
