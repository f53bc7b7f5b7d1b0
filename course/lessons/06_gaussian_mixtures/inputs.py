"""Inputs of lesson 06."""

import numpy as np
from hypothesis import strategies as st

from course.oracle import alike, cases
from course.oracle.draws import blobs, generator, improbable, one_in, probabilities, sizes

TYPES = ("full", "tied", "diag", "spherical")
reals = st.floats(-1e4, 1e4)
whole = st.integers(-2, 40)


@cases(quiet=True)
def assignment_entropy(draw):
    n, k = draw(sizes), draw(sizes)
    proba = np.array(probabilities(draw, n, k))
    if one_in(draw, 3):
        proba[0] = np.eye(k)[0]
    if one_in(draw, 6):
        proba[-1] = improbable(draw, k)
    elif one_in(draw, 10):
        proba = draw(st.sampled_from((proba[0], proba[None])))
    return {"proba": proba.tolist() if one_in(draw, 4) else proba}


@cases()
def anomaly_mask(draw):
    n = draw(st.integers(1, 30))
    logs = generator(draw).normal(-5, 3, n)
    if draw(st.booleans()):
        logs = generator(draw).integers(-4, 1, n)
    if one_in(draw, 8):
        logs = draw(st.sampled_from((logs[:0], logs[None], logs[:, None])))
    percent = draw(st.sampled_from((0, 4, 20, 50, 99.5, 100, -1, 101, -1e-3, 100.001)))
    return {"log_densities": logs.tolist() if one_in(draw, 4) else logs, "percent": percent}


@cases()
def n_parameters(draw):
    kind = draw(st.sampled_from((*TYPES, *TYPES, "round", "Full", None)))
    return {"k": draw(st.integers(-1, 9)), "D": draw(st.integers(-1, 9)), "covariance_type": kind}


@cases()
def aic(draw):
    return {"log_likelihood": draw(reals), "n_params": draw(whole)}


@cases()
def bic(draw):
    return {"log_likelihood": draw(reals), "n_params": draw(whole), "n": draw(whole)}


def the_same_pair(want, got, **arguments):
    return len(got) == 2 and alike(want[0], got[0]) and want[1] == got[1]


@cases(the_same_pair, examples=25)
def select_mixture(draw):
    groups = draw(st.integers(1, 3))
    X, _ = blobs(draw, groups, 2, sizes=(150, 200))
    kind = draw(st.sampled_from(("full", "diag", "spherical")))
    if kind != "spherical":
        turn = [[6, 0], [0, 1]] if kind == "diag" else [[6, 5], [0, 1]]
        X = X @ np.array(turn, dtype=float)
    ks, types = draw(st.permutations([*{groups, 1, groups + 1}])), draw(st.permutations(TYPES))[:2]
    types = [kind, *(t for t in types if t != kind)]
    wrong = draw(st.integers(1, 16))
    if wrong == 1:
        ks = []
    elif wrong == 2:
        types = []
    elif wrong == 3:
        ks = [1, draw(st.sampled_from((0, -1, len(X) + 1)))]
    elif wrong == 4:
        types = ["full", "round"]
    elif wrong == 5:
        X = X[:, 0]
    X = X.tolist() if one_in(draw, 4) else X
    return {"X": X, "ks": ks, "covariance_types": types, "random_state": draw(whole) + 2}
