"""Inputs of lesson 10."""

import numpy as np
from hypothesis import strategies as st

from course.oracle import cases
from course.oracle.draws import few, generator, one_in, seeds, sizes, table


def in_proportion(want, got, y, n_test, rng):
    """Whether each row is in one part, and each class has its share of the test set."""
    y = np.asarray(y)
    train, test = (np.asarray(part) for part in got)
    rows = np.concatenate([train, test])
    if len(test) != n_test or not np.array_equal(np.sort(rows), np.arange(len(y))):
        return False
    shares = [(np.sum(y == c) * n_test / len(y), np.sum(y[test.astype(int)] == c)) for c in {*y}]
    return all(np.floor(share) <= n <= np.ceil(share) for share, n in shares)


def rows_in_order(function, y, n_test, rng):
    train, test = function(y, n_test, rng)
    return np.sort(train), np.sort(test)


@cases(in_proportion, call=rows_in_order, seeded=True)
def stratified_split(draw):
    n = draw(st.integers(1, 40))
    names = draw(st.sampled_from(([0, 1, 2], [7, -3], ["cat", "dog", "eel", "fox"], [5])))
    y = generator(draw).choice(names, n, p=None)
    n_test = draw(st.sampled_from((-1, n + 1))) if one_in(draw, 6) else draw(st.integers(0, n))
    return {"y": y.tolist() if one_in(draw, 4) else y, "n_test": n_test, "rng": draw(seeds)}


@cases()
def reconstruction_errors(draw):
    n, d = draw(sizes), draw(sizes)
    X, other = table(draw, n, d), table(draw, n, d)
    if one_in(draw, 5):
        other = draw(st.sampled_from((table(draw, 1, d), table(draw, n, 1), table(draw, n + 1, d))))
    return {"X": X, "X_reconstructed": other}


@cases()
def misclf_rate(draw):
    n = draw(st.integers(0, 20))
    y = generator(draw).choice([-5, 0, 3, 4, 99], n)
    labels = generator(draw).choice([-1, 0, 1, 2, 3, 50, 51][: draw(st.integers(1, 7))], n)
    if one_in(draw, 8):
        labels = np.append(labels, 0) if draw(st.booleans()) else labels[:-1]
    if one_in(draw, 4):
        y, labels = y.tolist(), labels.tolist()
    return {"y_true": y, "cluster_labels": labels}


@cases(quiet=True, examples=100)
def low_rank_log_density(draw):
    n, r = draw(few), draw(st.integers(0, 4))
    d = draw(st.sampled_from((1, 2, 3, 5, 400)))
    V = np.asarray(table(draw, r, d, kinds=("reals", "whole")), dtype=float).reshape(r, d)
    variances = generator(draw).choice([0.0, 0.5, 2.0, 30.0], r)
    mean = table(draw, d)
    wrong = draw(st.integers(1, 16))
    if wrong == 1:
        variances = np.append(variances, 1.0)
    elif wrong == 2:
        variances = variances[:-1] if r else np.ones(1)
    elif wrong == 3:
        mean = table(draw, d + 1)
    elif wrong == 4:
        V = np.ones((r, d + 1))
    elif wrong == 5 and d > 1:
        mean = mean[:1]
    return {
        "X": table(draw, n, d),
        "mean": mean,
        "components": V.tolist() if one_in(draw, 4) and r else V,
        "variances": variances,
        "noise": draw(st.sampled_from((0.01, 0.5, 1, 4))),
    }
