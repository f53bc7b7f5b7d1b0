"""The EM stepper in a real browser: its numbers are scikit-learn's and SciPy's."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from utils import load_five_blobs
from utils.widgets.em_stepper import em_stepper

X = load_five_blobs()[0][::8]


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def state_of(page):
    return page.evaluate("state.state")


def joint(pi, mu, sigma):
    return np.stack(
        [w * multivariate_normal(m, s).pdf(X) for w, m, s in zip(pi, mu, sigma, strict=True)],
        axis=1,
    )


def m_step(gamma, reg_covar):
    weight = gamma.sum(axis=0)
    mu = gamma.T @ X / weight[:, None]
    sigma = [
        (gamma[:, k] * (X - mu[k]).T) @ (X - mu[k]) / weight[k] + reg_covar * np.eye(2)
        for k in range(len(weight))
    ]
    return weight / len(X), mu, np.array(sigma)


def test_each_half_step_is_that_of_numpy(stage):
    stepper = em_stepper(X, k=4, seed=2)
    page = stage(stepper)
    pi, mu = np.full(4, 0.25), X[stepper.starts[0]]
    sigma = np.stack([np.cov(X.T, bias=True) + stepper.reg_covar * np.eye(2)] * 4)
    logs = [np.log(joint(pi, mu, sigma).sum(axis=1)).sum()]
    for _ in range(6):
        press(page, "E step")
        shares = joint(pi, mu, sigma)
        gamma = shares / shares.sum(axis=1, keepdims=True)
        assert np.allclose(state_of(page)["gamma"], gamma, atol=1e-9)
        press(page, "M step")
        pi, mu, sigma = m_step(gamma, stepper.reg_covar)
        logs.append(np.log(joint(pi, mu, sigma).sum(axis=1)).sum())
        state = state_of(page)
        for name, value in (("pi", pi), ("mu", mu), ("sigma", sigma)):
            assert np.allclose(state[name], value, atol=1e-9), name
        assert np.allclose(state["log_likelihoods"], logs)
        assert f"Log-likelihood {logs[-1]:.3f}." in page.get_by_role("status").text_content()
    cells = page.locator("tbody tr").first.locator("td").all_inner_texts()
    assert cells == [f"{pi[0]:.3f}", f"({mu[0][0]:.2f}, {mu[0][1]:.2f})"]


def test_run_ends_where_the_log_likelihood_no_longer_rises(stage):
    page = stage(em_stepper(X, k=3, seed=0), reduced_motion="reduce")
    press(page, "Run")
    logs = np.array(state_of(page)["log_likelihoods"])
    rises = np.diff(logs) / len(X)
    assert rises[-1] < 1e-5 and np.all(rises[:-1] >= 1e-5)
    assert "Converged" in page.get_by_role("status").text_content()


def test_other_start_and_reset(stage):
    stepper = em_stepper(X, k=3, seed=0, n_starts=2)
    page = stage(stepper)
    press(page, "Other start")
    press(page, "E step")
    press(page, "Reset")
    state = state_of(page)
    assert (state["start"], state["gamma"]) == (1, None)
    assert np.allclose(state["mu"], X[stepper.starts[1]])
    press(page, "Other start")
    assert state_of(page)["start"] == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_told_in_words_and_fits(stage, faults, width):
    page = stage(em_stepper(X, k=5, seed=0), width=width)
    press(page, "E step")
    assert page.get_by_role("img", name="250 points with the ellipses of 5 Gaussians").count() == 1
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
