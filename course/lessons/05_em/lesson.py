# %% [markdown]
# # 5 · Expectation-maximisation
#
# In lesson 1 you made points from a mixture: pick a component, then draw from it. Now you get only the
# points, and you want the mixture back: its weights, means and covariances. The method that does it
# is called **expectation-maximisation**, **EM** for short. You will write all of it.
#
# **You will learn to**
#
# - read a likelihood function, and say why we work with its logarithm;
# - compute *responsibilities*: how probable each component is for a point (the E step);
# - fit weights, means and covariances to points that belong to several components at once (the M step);
# - keep both steps safe from numbers too small for the computer, and from components that collapse;
# - run EM until it converges, and compare two results whose components come in different orders.
#
# **You need** lesson 1 (mixtures), lesson 2 (k-means), and the idea of a logarithm.
# **Time:** about 60 minutes. **Marks:** 21, of which 2 are for a text that a person reads.

# %% [markdown]
# ## How the exercises work
#
# - Replace the line `raise NotSolvedYet` by your code, run the cell, then run the test below it. No
#   message means that the visible checks pass. More checks, on other data, run when your work is graded.
# - Your functions get everything they need as arguments. They never change their inputs, and they
#   take lists as well as arrays, for any number of points, features and components.
# - Whatever is random comes from the generator `rng` that the function is given.
# - Where an exercise asks for a `ValueError`, write `raise ValueError("what is wrong")`.

# %% locked="setup" tags=["setup"]
import warnings

import matplotlib.pyplot as plt
import numpy as np
from scipy.linalg import solve_triangular
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist
from scipy.special import logsumexp
from scipy.stats import multivariate_normal, norm

from utils import (
    NotSolvedYet,
    assert_like,
    attempt,
    changed_inputs,
    every,
    is_like,
    load_mixture_1d,
    plot_gaussian_mixture,
    refuses,
    show,
)
from utils.widgets.em_stepper import em_stepper

SEED = 30035
rng = np.random.default_rng(SEED)

# The three Gaussians of lesson 1, and 250 points drawn from them
true_pi = np.array([1 / 3, 1 / 3, 1 / 3])
true_mu = np.array([[0.0, 0.0], [5.0, 2.0], [1.0, 7.0]])
true_sigma = np.array(
    [[[0.7, -0.4], [-0.4, 0.5]], [[1.0, 0.6], [0.6, 1.0]], [[0.5, 0.0], [0.0, 0.5]]]
)
z_plane = rng.choice(3, size=250, p=true_pi)
X_plane = np.array([rng.multivariate_normal(true_mu[k], true_sigma[k]) for k in z_plane])

# The 90 points on a line of lesson 1
X_line, z_line = load_mixture_1d()

# %% [markdown]
# ## 1. Which settings fit the data?
#
# A model with known settings says how crowded each place is: that is its density. EM asks the
# question the other way round. The data are known, the settings are not. Which settings make such
# data most plausible?
#
# Start with a small model that has a single unknown $\theta$ (say "theta"): a mixture of two
# Gaussians at 1 and -4, with weights 2/3 and 1/3. Both have the standard deviation $\theta$. Its density
# at $x$ is called $f(x; \theta)$. We have observed one point, $x = 2.5$.
#
# **Predict first.** The observed point lies 1.5 away from the larger hump. Which $\theta$ between 1 and 2
# makes it most plausible: the smallest, the largest, or one in between?

# %%
x_values, thetas = np.linspace(-6, 4, 201), np.linspace(1, 2, 201)


def f(x, theta):
    return 2 / 3 * norm.pdf(x, 1, theta) + 1 / 3 * norm.pdf(x, -4, theta)


likelihood = f(2.5, thetas)
best = likelihood.argmax()
print(f"the likelihood of x = 2.5 is largest at theta = {thetas[best]:.3f}: {likelihood[best]:.4f}")
print(f"its logarithm is largest at theta = {thetas[np.log(likelihood).argmax()]:.3f}")

# %%
fig, axes = plt.subplots(2, 2, figsize=(10, 7), layout="constrained")
(model, along_theta), (along_x, along_log) = axes
density = f(x_values, thetas[:, None])
shades = model.contourf(x_values, thetas, density, levels=12, cmap="Greys")
fig.colorbar(shades, ax=model, label="density")
model.axhline(1.3, color="#0072B2", linestyle="--", linewidth=2)
model.axvline(2.5, color="#D55E00", linewidth=2)
model.set(xlabel="x", ylabel=r"$\theta$", title=r"model: $f(x; \theta)$")

along_x.plot(x_values, f(x_values, 1.3), "--", color="#0072B2", linewidth=2)
between = np.abs(x_values) <= 2
along_x.fill_between(x_values[between], f(x_values[between], 1.3), color="#9ecae1")
along_x.set(xlabel="x", title=r"density: $\theta = 1.3$ is fixed", ylim=(0, None))

for ax, curve, name in [
    (along_theta, likelihood, "likelihood"),
    (along_log, np.log(likelihood), "log-likelihood"),
]:
    ax.plot(thetas, curve, color="#D55E00", linewidth=2)
    ax.plot(thetas[best], curve[best], "ko")
    ax.axvline(thetas[best], color="black", linestyle=":")
    ax.annotate("largest here", (thetas[best], curve[best]), (6, -22), textcoords="offset points")
    ax.set(xlabel=r"$\theta$", title=f"{name}: $x = 2.5$ is fixed")
show(
    fig,
    alt="Four panels. Top left: the density as shades over x and theta, cut by a horizontal dashed line at "
    "theta 1.3 and a vertical solid line at x = 2.5. Bottom left: the cut along the horizontal line, a curve "
    "with two humps, shaded between -2 and 2. Top right: the cut along the vertical line, the likelihood, "
    "which rises to a maximum near the middle and falls. Bottom right: its logarithm, with its maximum at the "
    "same theta.",
)

# %%
near, wide = np.linspace(-2, 2, 1001), np.linspace(-40, 40, 8001)
print(f"shaded area, -2 to 2:              {np.trapezoid(f(near, 1.3), near):.3f}")
print(f"area under the whole density:      {np.trapezoid(f(wide, 1.3), wide):.3f}")
print(f"area under the likelihood, 1 to 2: {np.trapezoid(likelihood, thetas):.3f}")

# %% [markdown]
# One function, cut in two directions:
#
# - along $x$, with $\theta$ fixed, it is a **density**. Areas under it are probabilities: the shaded area is
#   the probability that a new point falls between -2 and 2. The whole area is 1;
# - along $\theta$, with $x$ fixed, it is the **likelihood** of the settings, written
#   $\mathcal{L}(\theta \mid x)$. It is no density: the area under it need not be 1 and means nothing. We
#   only ask where it is largest. This is the **maximum likelihood estimate** of $\theta$.
#
# The logarithm rises wherever its argument rises, so the **log-likelihood** is largest at the same place.
#
# With $N$ independent points the likelihood is the *product* of their densities, and the
# log-likelihood is the *sum* of their logarithms. Why bother? Here are the 250 points of lesson 1 under
# the settings that made them:

# %%
density = sum(
    true_pi[k] * multivariate_normal(true_mu[k], true_sigma[k]).pdf(X_plane) for k in range(3)
)
print("product of the 250 densities:", np.prod(density))
print("sum of their logarithms:     ", np.log(density).sum())

# %% [markdown]
# The product is not really 0. It is smaller than the smallest number that the computer can hold, so it is
# rounded to 0. That is called **underflow**. The sum of logarithms is a harmless number.
#
# ## 2. Logarithms of densities
#
# A single point can underflow, too. For a Gaussian with mean 0 and standard deviation 1:

# %%
for x in [1.0, 10.0, 40.0, 10_000.0]:
    print(f"x = {x:8g}   density {norm.pdf(x):9.3g}   log-density {norm.logpdf(x):14.6g}")

# %% [markdown]
# So never compute the density first and its logarithm afterwards. Compute the log-density directly. For a
# point $x$ with $D$ features and a Gaussian with mean $\mu$ and covariance $\Sigma$ it is
#
# $$\log \mathcal{N}(x \mid \mu, \Sigma) =
# -\tfrac12 \bigl( D \log (2\pi) + \log \det \Sigma + (x - \mu)^T \Sigma^{-1} (x - \mu) \bigr).$$
#
# The last term is a squared distance, measured in standard deviations. Beware of $\pi$: here, without an index, it is
# the number `np.pi`. With an index, $\pi_k$, it is the weight of component $k$, called $\phi_k$ in lesson 1; most books,
# and our argument `pi`, call it so.
#
# The **joint log-probability** of point $x_i$ and component $k$ is the log of "pick $k$, then draw $x_i$":
#
# $$\log \pi_k + \log \mathcal{N}(x_i \mid \mu_k, \Sigma_k).$$
#
# ### Exercise 1 · Joint log-probabilities (3 points)
#
# Write `gmm_log_probability(X, pi, mu, sigma)` for points `X` of shape `(N, D)`, weights `pi` of shape `(K,)`,
# means `mu` of shape `(K, D)` and covariance matrices `sigma` of shape `(K, D, D)`. It returns an array of
# shape `(N, K)`: row `i` belongs to point `i`, column `k` to component `k`, and the entry is the joint
# log-probability of the two.
#
# - Points 10,000 standard deviations away must give finite numbers, and no warning.
# - A component of weight 0 gets a column of `-inf`. (`with np.errstate(divide="ignore"):` keeps `np.log(0)`
#   quiet.)
# - Raise a `ValueError` if `pi` is not a vector of probabilities (a negative entry, or a sum off 1 by more
#   than `1e-6`), or if the shapes of `X`, `pi`, `mu` and `sigma` do not fit together.
#
# *Hint:* `multivariate_normal(mean, cov).logpdf(X)` gives one column. Or write $\Sigma = L L^T$ with
# `np.linalg.cholesky`, and solve $L y = x - \mu$ with `solve_triangular(L, (X - mean).T, lower=True)`: then the
# squared distance is the sum of the $y^2$, and $\log \det \Sigma$ is twice the sum of the logs of the
# diagonal of $L$. This way is faster.


# %% solution="gmm_log_probability"
def gmm_log_probability(X, pi, mu, sigma):
    """Joint log-probabilities of each point and component, shape (N, K)."""
    ### BEGIN SOLUTION
    X, pi, mu, sigma = (np.asarray(a, dtype=float) for a in (X, pi, mu, sigma))
    if X.ndim != 2 or pi.ndim != 1:
        raise ValueError(f"X must have two axes and pi one, not {X.ndim} and {pi.ndim}")
    K, D = len(pi), X.shape[1]
    if mu.shape != (K, D) or sigma.shape != (K, D, D):
        raise ValueError(f"mu {mu.shape} or sigma {sigma.shape} does not fit {K} weights in {D}-D")
    if np.any(pi < 0) or not abs(pi.sum() - 1) <= 1e-6:
        raise ValueError("the weights must not be negative and must sum to 1")
    log_p = np.empty((len(X), K))
    for k in range(K):
        root = np.linalg.cholesky(sigma[k])
        y = solve_triangular(root, (X - mu[k]).T, lower=True)
        log_det = 2 * np.log(np.diag(root)).sum()
        log_p[:, k] = -0.5 * (D * np.log(2 * np.pi) + log_det + (y**2).sum(axis=0))
    with np.errstate(divide="ignore"):
        return log_p + np.log(pi)
    ### END SOLUTION


# %% test="test_gmm_log_probability" points=2
spots = [[0.0, 0.0], [3.0, 4.0], [0.0, 2.0]]
model_a = ([0.25, 0.75], [[0, 0], [3, 4]], [np.eye(2), 4 * np.eye(2)])
square = attempt("With 2 points and 2 components", gmm_log_probability, spots[:2], *model_a)
assert square is not None, "Your function returns nothing: does it end in a `return`?"
square = np.asarray(square, dtype=float)
assert square.shape != (2,), (
    "There is one number for each point. Keep the components apart: they are added up later, in the E step."
)
assert square.shape == (2, 2), (
    f"2 points and 2 components give the shape (2, 2), not {square.shape}."
)
assert not is_like(square[1, 0], np.log(0.75 / (8 * np.pi)) - 25 / 8), (
    "Rows and columns are swapped: column k, `P[:, k]`, belongs to component k, and row i to point i."
)
found = np.asarray(
    attempt("With 3 points and 2 components", gmm_log_probability, spots, *model_a), dtype=float
)
assert found.shape == (3, 2), (
    f"3 points and 2 components give the shape (3, 2), yours is {found.shape}: one row for each point."
)
at_mean = -np.log(2 * np.pi)
assert not is_like(found[0, 0], 0.25 / (2 * np.pi)), (
    "These are the joint densities themselves: their logarithms are asked for."
)
assert not is_like(found[0, 0], at_mean), "The logarithms of the weights `pi` are missing."
assert not is_like(found[0, 0], 0.25 + at_mean), "Add the logarithm of the weight, not the weight."
assert not is_like(found[0, 0], 0.25 * at_mean), (
    "The log-density is multiplied by the weight. A product becomes a sum when you take logarithms."
)
assert not is_like(found[0, 0], np.log(0.25)), "The constant with 2 pi is missing in the density."
assert not is_like(found[0, 0], np.log(0.25) + at_mean / 2), (
    "The constant with 2 pi comes once for each of the D features."
)
assert not is_like(found[0, 0], np.log(0.25) - np.log(2 * 0.25)), (
    "The constant with 2 pi is taken from the weights: inside your function `pi` is the argument. The number "
    "is `np.pi`."
)
assert_like(
    found[0, 0],
    np.log(0.25) + at_mean,
    "The value at the mean of the first component is wrong: there the squared distance is 0, and the "
    "determinant is 1.",
)
assert not is_like(found[1, 1], np.log(0.75) + at_mean), "The log-determinant is missing."
assert not is_like(found[1, 1], np.log(0.75) + at_mean - np.log(16)), (
    "The log-determinant counts twice: the factor 1/2 belongs to it, too, and `sigma` holds covariances, not "
    "standard deviations."
)
assert not is_like(found[1, 1], np.log(0.75) + at_mean - np.log(2)), (
    "Half of the log-determinant is missing. The diagonal of L gives it only in part: read the hint again."
)
assert not is_like(found[2, 0], np.log(0.25) + at_mean - 4), (
    "The factor 1/2 is missing before the squared distance."
)
assert not is_like(found[2, 0], np.log(0.25) + at_mean - 1), (
    "The distance must be squared before it is halved."
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(51)
places = helper.normal(scale=3, size=(40, 3))
weights = np.array([0.1, 0.35, 0.05, 0.5])
centres = helper.normal(scale=2, size=(4, 3))
roots = helper.normal(size=(4, 3, 3)) + np.eye(3)
covs = roots @ roots.transpose(0, 2, 1) + 0.5 * np.eye(3)
parts = np.stack(
    [multivariate_normal(m, S).logpdf(places) for m, S in zip(centres, covs, strict=True)], axis=1
)
only_diagonal = norm.logpdf(
    places[:, None, :], centres, np.sqrt(np.diagonal(covs, axis1=1, axis2=2))
).sum(axis=2)
mine = attempt(
    "With 4 components in 3 dimensions", gmm_log_probability, places, weights, centres, covs
)
mine = np.asarray(mine, dtype=float)
assert mine.shape == (40, 4), "40 points and 4 components give the shape (40, 4)."
assert not is_like(mine, parts), "The logarithms of the weights `pi` are missing."
assert not is_like(mine, only_diagonal + np.log(weights)), (
    "Only the diagonal of each covariance is used: the features of a component may depend on one another."
)
assert not is_like(mine - logsumexp(mine, axis=1, keepdims=True), mine), (
    "Each row is scaled so that its probabilities sum to 1. That comes in the E step."
)
assert_like(
    mine,
    parts + np.log(weights),
    "The joint log-probabilities are wrong for 4 components in 3 dimensions. Is every covariance used as a "
    "covariance (not as a standard deviation), and is the distance a squared one, through the inverse?",
    rtol=1e-8,
)
### END HIDDEN TESTS

# %% test="test_gmm_log_probability__edges" points=1
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always", RuntimeWarning)
    far = attempt(
        "For a point 10,000 standard deviations away",
        gmm_log_probability,
        [[10_000.0]],
        [1.0],
        [[0.0]],
        [[[1.0]]],
    )
assert np.shape(far) == (1, 1), (
    f"One point, one component: the shape is (1, 1), not {np.shape(far)}."
)
assert every(np.isfinite(far)), (
    "For a point 10,000 standard deviations away the result is not finite: the density has underflowed to 0 "
    "before its logarithm was taken. Compute the log-density directly."
)
assert not [each for each in caught if issubclass(each.category, RuntimeWarning)], (
    f"For a point 10,000 standard deviations away there is a warning: {caught[-1].message}."
)
assert refuses(gmm_log_probability, [[0.0]], [0.5, 0.6], [[0.0], [1.0]], [[[1.0]], [[1.0]]]), (
    "Weights that sum to 1.1 must raise a ValueError."
)
### BEGIN HIDDEN TESTS
assert_like(far, [[norm.logpdf(1e4)]], "The value for a point far away is wrong.")
with warnings.catch_warnings():
    warnings.simplefilter("error", RuntimeWarning)
    tiny = attempt(
        "With a very small covariance",
        gmm_log_probability,
        [[1.0, 2.0, 3.0], [1.0, 2.0, 3.001]],
        [1.0],
        [[1.0, 2.0, 3.0]],
        [1e-14 * np.eye(3)],
    )
wanted = -1.5 * np.log(2 * np.pi * 1e-14) - 0.5 * np.array([[0.0], [1e-6 / 1e-14]])
assert_like(tiny, wanted, "The values for a very small covariance are wrong.", rtol=1e-6)
line = attempt(
    "In one dimension, with whole numbers,",
    gmm_log_probability,
    np.array([[0], [2], [5]]),
    [0.25, 0.75],
    [[0], [2]],
    [[[1]], [[4]]],
)
wanted = np.log([0.25, 0.75]) + norm.logpdf([[0], [2], [5]], [0, 2], [1, 2])
assert np.shape(line) == (3, 2), "In one dimension the shape is still (N, K)."
assert_like(
    line,
    wanted,
    "The values are wrong in one dimension with whole numbers: there `sigma` holds variances.",
)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    silent = attempt(
        "With a weight of 0",
        gmm_log_probability,
        [[0.0], [1.0]],
        [0, 1],
        [[0], [0]],
        [[[1]], [[1]]],
    )
silent = np.asarray(silent, dtype=float)
assert every(np.isneginf(silent[:, 0])), (
    "A component of weight 0 has the joint log-probability -inf."
)
assert_like(
    silent[:, 1], norm.logpdf([0, 1]), "A component of weight 0 must leave the others as they are."
)
given = (
    np.array([[0.0, 1.0], [2.0, 3.0]]),
    np.array([0.5, 0.5]),
    np.zeros((2, 2)),
    np.array([np.eye(2)] * 2),
)
assert not changed_inputs(gmm_log_probability, *given), (
    "Your function changes its inputs: work on copies."
)
unit = [[[1.0]], [[1.0]]]
assert refuses(gmm_log_probability, [[0.0]], [1.5, -0.5], [[0.0], [1.0]], unit), (
    "A negative weight must raise a ValueError, even where the sum is 1."
)
assert refuses(gmm_log_probability, [[0.0]], [0.5, 0.5], [[0.0]], unit), (
    "Two weights and one mean do not fit together: raise a ValueError."
)
assert refuses(gmm_log_probability, [[0.0]], [0.5, 0.5], [[0.0], [1.0]], unit[:1]), (
    "Two weights and one covariance do not fit together: raise a ValueError."
)
assert refuses(gmm_log_probability, [[0.0, 1.0]], [0.5, 0.5], [[0.0], [1.0]], unit), (
    "Points with 2 features and means with 1 do not fit together: raise a ValueError."
)
assert refuses(gmm_log_probability, [[0.0]], [0.5, 0.5], [[0.0], [1.0], [2.0]], unit), (
    "Two weights and three means do not fit together: raise a ValueError."
)
assert refuses(gmm_log_probability, [[0.0]], [0.5, 0.5], [[0.0], [1.0]], unit * 2), (
    "Two weights and four covariances do not fit together: raise a ValueError."
)
assert refuses(gmm_log_probability, [[0.0]], [0.3, 0.3], [[0.0], [1.0]], unit), (
    "Weights that sum to less than 1 must raise a ValueError."
)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. The E step: who is responsible?
#
# Fitting a mixture looks like a chicken-and-egg problem:
#
# - if we knew which component each point came from, fitting would be easy: take the mean and the covariance
#   of each group;
# - if we knew the weights, means and covariances, we could say which component each point probably came from.
#
# We know neither. EM starts with a guess of the settings and takes the two steps in turn. The first is the
# **E step**, the *expectation* step. The **responsibility** of component $k$ for point $x_i$ is the
# probability that this component made the point, given the current settings:
#
# $$\gamma_{ik} = \frac{\pi_k \, \mathcal{N}(x_i \mid \mu_k, \Sigma_k)}
# {\sum_{j=0}^{K-1} \pi_j \, \mathcal{N}(x_i \mid \mu_j, \Sigma_j)}$$
#
# ($\gamma$ is "gamma".) The upper part is the share of component $k$, the lower part is the sum of all
# shares, that is the density of the mixture. So the responsibilities of a point sum to 1. In k-means a point
# belongs to one cluster; here it belongs to every component *by so much*.
#
# **Predict first.** Two Gaussians on a line, both with standard deviation 1, have their means at 0 and 4.
# What happens to the formula at $x = 50$?

# %%
shares = 0.5 * norm.pdf(50.0, [0.0, 4.0], 1.0)
with np.errstate(invalid="ignore"):
    print("shares:          ", shares)
    print("responsibilities:", shares / shares.sum())
log_shares = np.log(0.5) + norm.logpdf(50.0, [0.0, 4.0], 1.0)
print("logs of shares:  ", log_shares)

# %% [markdown]
# Both shares underflow, and 0/0 is `nan`, "not a number". From there `nan` spreads to everything. Yet the logs
# know the answer: the second component has the larger share by far.
#
# The way out is to subtract the largest log $m$ *before* taking `exp`. That divides all shares by the
# same number, so their ratios stay, and the largest becomes $e^0 = 1$: it cannot underflow. Written for
# the sum of the shares $s_k$:
#
# $$\log \sum_k s_k = m + \log \sum_k e^{\log s_k - m}, \qquad m = \max_k \log s_k.$$
#
# This is called **log-sum-exp**. It also gives the log of the mixture's density at the point, so the E step
# gets the log-likelihood on the way: the sum of it over all points.

# %%
m = log_shares.max()
print("log of the sum:  ", m + np.log(np.exp(log_shares - m).sum()))
print("responsibilities:", np.exp(log_shares - m) / np.exp(log_shares - m).sum())

# %% [markdown]
# ### Exercise 2 · The E step (3 points)
#
# Write `e_step(X, pi, mu, sigma)`. The arguments are those of exercise 1. It returns a pair
# `(gamma, log_likelihood)`:
#
# - `gamma` of shape `(N, K)` holds the responsibilities: every row sums to 1;
# - `log_likelihood` is one number: the log-likelihood of all points together, a sum over the points.
#
# Points 10,000 standard deviations away must give finite numbers, and no warning. A component of weight 0
# is responsible for nothing. Raise a `ValueError` if `pi` is not a vector of probabilities, or if the shapes do not fit together.
#
# *Hint:* you may call your `gmm_log_probability`. `logsumexp` is imported, if you do not want to write it.


# %% solution="e_step"
def e_step(X, pi, mu, sigma):
    """Responsibilities (N, K), and the log-likelihood of all points."""
    ### BEGIN SOLUTION
    X, pi, mu, sigma = (np.asarray(a, dtype=float) for a in (X, pi, mu, sigma))
    if X.ndim != 2 or pi.ndim != 1:
        raise ValueError(f"X must have two axes and pi one, not {X.ndim} and {pi.ndim}")
    K, D = len(pi), X.shape[1]
    if mu.shape != (K, D) or sigma.shape != (K, D, D):
        raise ValueError(f"mu {mu.shape} or sigma {sigma.shape} does not fit {K} weights in {D}-D")
    if np.any(pi < 0) or not abs(pi.sum() - 1) <= 1e-6:
        raise ValueError("the weights must not be negative and must sum to 1")
    log_shares = np.full((len(X), K), -np.inf)
    for k in np.flatnonzero(pi):
        log_shares[:, k] = np.log(pi[k]) + multivariate_normal(mu[k], sigma[k]).logpdf(X)
    largest = log_shares.max(axis=1, keepdims=True)
    shares = np.exp(log_shares - largest)
    total = shares.sum(axis=1, keepdims=True)
    return shares / total, float((largest + np.log(total)).sum())
    ### END SOLUTION


# %% test="test_e_step" points=2
both = attempt("With 3 points", e_step, [[0], [4], [2]], [0.8, 0.2], [[0], [4]], [[[1]], [[1]]])
assert isinstance(both, tuple | list) and len(both) == 2, (
    "Return two things: `return gamma, log_likelihood`."
)
shared, total = np.asarray(both[0], dtype=float), both[1]
assert shared.shape == (3, 2), (
    f"3 points and 2 components: gamma has the shape (3, 2), yours {shared.shape}."
)
assert np.ndim(total) == 0, (
    "The log-likelihood is one number for all points together: sum over the points."
)
assert shared.min() >= 0, (
    "Responsibilities are probabilities, and one of yours is negative: are they still logarithms?"
)
assert not is_like(shared.sum(axis=0), [1, 1]), (
    "Your columns sum to 1. The components share out each point, so it is the rows that sum to 1."
)
assert_like(shared.sum(axis=1), [1, 1, 1], "The responsibilities of each point must sum to 1.")
assert not is_like(shared[2], [0.5, 0.5]), (
    "The point 2 is equally far from both means, but component 0 is picked more often: the weights `pi` are "
    "missing in the responsibilities."
)
assert not every((shared == 0) | (shared == 1)), (
    "Each point is given to one component only, as in k-means. Responsibilities are shares."
)
assert_like(
    shared[2],
    [0.8, 0.2],
    "The responsibilities are wrong for a point that is equally far from both means.",
)
joint_a = np.log([0.8, 0.2]) + norm.logpdf([[0], [4], [2]], [0, 4])
assert not is_like(total, joint_a.sum()), (
    "The logarithms of the shares are added up over the components. First add the shares of a point, then "
    "take the logarithm: log-sum-exp."
)
assert not is_like(total, (shared * joint_a).sum()), (
    "The logs of the shares are averaged with the responsibilities. The log-likelihood is the log of the "
    "sum of a point's shares, added up over the points."
)
_, alone = e_step([[0.0], [1.0]], [1.0], [[0.0]], [[[1.0]]])
assert not is_like(alone, norm.logpdf([0, 1]).mean()), (
    "This is the mean over the points: the log-likelihood is their sum."
)
assert not is_like(alone, norm.pdf([0, 1]).prod()), (
    "This is the likelihood: its logarithm is asked for."
)
assert_like(
    alone,
    norm.logpdf([0, 1]).sum(),
    "With a single component the log-likelihood is the sum of its log-densities.",
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(52)
places = helper.normal(scale=3, size=(50, 3))
weights = np.array([0.1, 0.35, 0.05, 0.5])
centres = helper.normal(scale=2, size=(4, 3))
roots = helper.normal(size=(4, 3, 3)) + np.eye(3)
covs = roots @ roots.transpose(0, 2, 1) + 0.5 * np.eye(3)
logs = np.stack(
    [multivariate_normal(m, S).logpdf(places) for m, S in zip(centres, covs, strict=True)], axis=1
)
joint = logs + np.log(weights)
each = logsumexp(joint, axis=1)
gamma_new, total_new = attempt(
    "With 4 components in 3 dimensions", e_step, places, weights, centres, covs
)
gamma_new = np.asarray(gamma_new, dtype=float)
assert gamma_new.shape == (50, 4), "50 points and 4 components: gamma has the shape (50, 4)."
assert not is_like(gamma_new, np.exp(logs - logsumexp(logs, axis=1, keepdims=True))), (
    "The weights `pi` are missing in the responsibilities."
)
assert_like(
    gamma_new,
    np.exp(joint - each[:, None]),
    "The responsibilities are wrong for 4 components in 3 dimensions.",
    rtol=1e-6,
    atol=1e-12,
)
assert not is_like(total_new, each.mean()), (
    "The log-likelihood is a sum over the points, not a mean."
)
assert not is_like(total_new, joint.sum()), (
    "The logarithms of the shares are added up over the components. First add the shares of a point, then "
    "take the logarithm: log-sum-exp."
)
assert not is_like(total_new, logsumexp(logs, axis=1).sum()), (
    "The weights `pi` are missing in the log-likelihood."
)
assert not is_like(total_new, joint.max(axis=1).sum()), (
    "Only the largest share of each point is counted in the log-likelihood: all components add to it."
)
assert not is_like(total_new, (np.exp(joint - each[:, None]) * joint).sum()), (
    "The logs of the shares are averaged with the responsibilities. The log-likelihood is the log of the "
    "sum of a point's shares, added up over the points."
)
assert not is_like(total_new, -each.sum()), "The sign of the log-likelihood is wrong."
assert_like(
    total_new,
    each.sum(),
    "The log-likelihood is wrong for 4 components in 3 dimensions.",
    rtol=1e-8,
)
### END HIDDEN TESTS

# %% test="test_e_step__edges" points=1
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always", RuntimeWarning)
    far, total = attempt(
        "For a point 10,000 standard deviations away",
        e_step,
        [[10_000.0], [0.0]],
        [0.5, 0.5],
        [[0.0], [1.0]],
        [[[1.0]], [[1.0]]],
    )
far = np.asarray(far, dtype=float)
assert every(np.isfinite(far)), (
    "For a point 10,000 standard deviations away all densities underflow, and you get 0/0. Subtract the "
    "largest logarithm of each point before you take `exp`."
)
assert np.isfinite(total), "The log-likelihood must be finite for points far away: use log-sum-exp."
assert not [each for each in caught if issubclass(each.category, RuntimeWarning)], (
    f"For a point 10,000 standard deviations away there is a warning: {caught[-1].message}."
)
assert refuses(e_step, [[0.0]], [0.5, 0.6], [[0.0], [1.0]], [[[1.0]], [[1.0]]]), (
    "Weights that sum to 1.1 must raise a ValueError."
)
### BEGIN HIDDEN TESTS
assert_like(
    far[0],
    [0, 1],
    "Far out on the right the nearer of two equally wide components takes the whole point.",
)
assert_like(
    far[1, 1],
    np.exp(-0.5) / (1 + np.exp(-0.5)),
    "A point far away has changed the responsibilities of a point in the middle: subtract the largest "
    "logarithm of each point on its own.",
)
with warnings.catch_warnings():
    warnings.simplefilter("error", RuntimeWarning)
    near, _ = attempt(
        "With means 2,000 standard deviations apart",
        e_step,
        [[-1000.0], [1000.0]],
        [0.25, 0.75],
        [[-1000.0], [1000.0]],
        [[[1.0]], [[1.0]]],
    )
assert_like(
    near,
    np.eye(2),
    "With means far apart each point belongs to its own component. Take the largest logarithm of each point, "
    "not of all points together.",
)
one, total = attempt(
    "With one point and one component", e_step, [[3, 4]], [1], [[3, 4]], [np.eye(2)]
)
assert is_like(one, [[1]]), (
    "A single component is responsible for the whole point; the shape is (1, 1)."
)
assert_like(total, -np.log(2 * np.pi), "The log-likelihood of a single point is wrong.")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    silent, total = attempt(
        "With a weight of 0", e_step, [[0], [1]], [0, 1], [[0], [0]], [[[1]], [[1]]]
    )
assert_like(silent, [[0, 1], [0, 1]], "A component of weight 0 is responsible for nothing.")
given = (
    np.array([[0.0, 1.0], [2.0, 3.0]]),
    np.array([0.5, 0.5]),
    np.zeros((2, 2)),
    np.array([np.eye(2)] * 2),
)
assert not changed_inputs(e_step, *given), "Your function changes its inputs: work on copies."
unit = [[[1.0]], [[1.0]]]
assert refuses(e_step, [[0.0]], [1.5, -0.5], [[0.0], [1.0]], unit), (
    "A negative weight must raise a ValueError, even where the sum is 1."
)
assert refuses(e_step, [[0.0]], [0.5, 0.5], [[0.0]], unit), (
    "Two weights and one mean do not fit together: raise a ValueError."
)
assert refuses(e_step, [[0.0, 1.0]], [0.5, 0.5], [[0.0], [1.0]], unit), (
    "Points with 2 features and means with 1 do not fit together: raise a ValueError."
)
assert refuses(e_step, [[0.0]], [0.5, 0.5], [[0.0], [1.0], [2.0]], unit), (
    "Two weights and three means do not fit together: raise a ValueError."
)
assert refuses(e_step, [[0.0]], [0.5, 0.5], [[0.0], [1.0]], unit * 2), (
    "Two weights and four covariances do not fit together: raise a ValueError."
)
assert refuses(e_step, [[0.0]], [0.3, 0.3], [[0.0], [1.0]], unit), (
    "Weights that sum to less than 1 must raise a ValueError."
)

assert refuses(e_step, [[0.0]], [0.5, 0.5], [[0.0], [1.0]], unit[:1]), (
    "Two weights and one covariance do not fit together: raise a ValueError."
)
### END HIDDEN TESTS

# %% [markdown]
# Now look at responsibilities along a line. The components are those of the 90 points: means -2, 0 and 2,
# standard deviations 1, 0.8 and 1.5.
#
# **Predict first.** Which component is most responsible for a point at -12, far out on the left?

# %%
line_pi = np.array([30, 40, 20]) / 90
line_mu = np.array([[-2.0], [0.0], [2.0]])
line_sigma = np.array([[[1.0]], [[0.8**2]], [[1.5**2]]])

grid = np.linspace(-14, 8, 600)[:, None]
gamma, _ = e_step(grid, line_pi, line_mu, line_sigma)
fig, axes = plt.subplots(2, 1, figsize=(8, 5.5), sharex=True, layout="constrained")
plot_gaussian_mixture((line_pi, line_mu, line_sigma), X=X_line, ax=axes[0])
axes[0].set_xlabel("")
for k, (style, colour) in enumerate([("--", "#0072B2"), ("-.", "#B57C00"), (":", "#009E73")]):
    axes[1].plot(grid[:, 0], gamma[:, k], style, color=colour, linewidth=2, label=f"component {k}")
axes[1].set(xlabel="x", ylabel="responsibility")
axes[1].legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False)
show(
    fig,
    alt="Top: the density of three Gaussians on a line around -2, 0 and 2 with the 90 points. Bottom: their "
    "responsibilities along the line. They cross smoothly between the means. Component 2 takes over on the "
    "right, and again far out on the left, below about -10.",
)

# %% [markdown]
# Far out on the left component 2 wins, although its mean is the *farthest* of the three. It is the widest, so
# its density falls most slowly. A mean and a Euclidean distance cannot say this, and so k-means cannot.

# %% [markdown]
# ## 4. The M step: fit to shared points
#
# In the **M step**, the *maximisation* step, the responsibilities are fixed and each Gaussian is fitted to
# the points, where every point counts by its responsibility. Let $N_k = \sum_i \gamma_{ik}$, the number of
# points that component $k$ has in all, fractions included. Then
#
# $$\pi_k = \frac{N_k}{N}, \qquad
# \mu_k = \frac{1}{N_k} \sum_i \gamma_{ik} \, x_i, \qquad
# \Sigma_k = \frac{1}{N_k} \sum_i \gamma_{ik} \, (x_i - \mu_k)(x_i - \mu_k)^T.$$
#
# These are the usual share, mean and covariance, with weights. Note that $\Sigma_k$ uses the *new* mean
# $\mu_k$. If all responsibilities are 0 or 1, they are the share, mean and covariance of each group.
#
# ### When a component collapses
#
# There is a trap. **Predict first:** a component sits exactly on one data point, and its
# standard deviation gets smaller and smaller. What happens to the log-likelihood of all 90 points?

# %%
spot = X_line[:1]
widths = 10.0 ** np.arange(0, -13, -1)
totals = [
    e_step(X_line, [0.9, 0.1], [[0.0], spot[0]], [[[4.0]], [[width**2]]])[1] for width in widths
]
fig, ax = plt.subplots(figsize=(7, 3.5), layout="constrained")
ax.semilogx(widths, totals, "o-")
ax.invert_xaxis()
ax.set(xlabel="standard deviation of the component on one point", ylabel="log-likelihood")
show(
    ax,
    alt="The log-likelihood against the standard deviation of the second component, which shrinks from "
    "left to right. It first falls a little, then rises along a straight line, and does not stop.",
)

# %% [markdown]
# It rises without end: a density can be as large as you like when it is narrow enough, and a single
# point is enough to earn it. The maximum of the likelihood is therefore a useless one. With one point in a
# component its covariance is 0, which has no inverse, and the program stops. The same happens in several
# dimensions when the points of a component lie exactly on a line.
#
# The usual remedy is to add a small number, called `reg_covar`, to the **diagonal** of every covariance. Then no
# component gets narrower than $\sqrt{\mathtt{reg\_covar}}$ in any direction.
#
# ### Exercise 3 · The M step (4 points)
#
# Write `m_step(X, gamma, reg_covar=1e-6)`. It returns `(pi, mu, sigma)` of the shapes `(K,)`, `(K, D)` and
# `(K, D, D)`: the formulas above, then `reg_covar` added to the diagonal of each covariance.
#
# - A component with no weight at all (a column of zeros in `gamma`) gets the weight 0 and *finite* means and
#   covariances of your choice. No warning.
# - Subtract the mean *before* you multiply: $\sum \gamma x x^T - \mu \mu^T$ loses its digits when the means are large.
# - Be sparing: it must run with 200,000 points. An `N x N` matrix does not fit into memory.
# - Raise a `ValueError` if `X` and `gamma` do not have two axes and the same number of rows, or if a row of `gamma` is
#   not a vector of probabilities (a negative entry, or a sum off 1 by more than `1e-6`).
#
# *Hint:* `gamma.T @ X` computes all sums of $\gamma_{ik} x_i$ at once. `gamma[:, [k]]` is a column of shape `(N, 1)`, and
# multiplies each row of an `(N, D)` array by its own number.


# %% solution="m_step"
def m_step(X, gamma, reg_covar=1e-6):
    """Weights (K,), means (K, D) and covariances (K, D, D) from responsibilities (N, K)."""
    ### BEGIN SOLUTION
    X, gamma = np.asarray(X, dtype=float), np.asarray(gamma, dtype=float)
    if X.ndim != 2 or gamma.ndim != 2 or len(X) != len(gamma):
        raise ValueError(f"X {X.shape} and gamma {gamma.shape} do not fit together")
    if np.any(gamma < 0) or not np.all(np.abs(gamma.sum(axis=1) - 1) <= 1e-6):
        raise ValueError("each row of gamma must be a vector of probabilities")
    (N, D), K = X.shape, gamma.shape[1]
    N_k = gamma.sum(axis=0)
    divisor = np.where(N_k > 0, N_k, 1)  # a component with no weight: 0 / 1
    mu = gamma.T @ X / divisor[:, None]
    sigma = np.empty((K, D, D))
    for k in range(K):
        centred = X - mu[k]
        sigma[k] = (gamma[:, [k]] * centred).T @ centred / divisor[k] + reg_covar * np.eye(D)
    return N_k / N, mu, sigma
    ### END SOLUTION


# %% test="test_m_step" points=2
corners = [[0.0, 0.0], [2.0, 0.0], [10.0, 6.0], [10.0, 10.0], [10.0, 8.0]]
groups = [[1, 0], [1, 0], [0, 1], [0, 1], [0, 1]]
three = attempt("With two groups of points", m_step, corners, groups, 0.0)
assert isinstance(three, tuple | list) and len(three) == 3, (
    "Return three things: `return pi, mu, sigma`."
)
pi_a, mu_a, sigma_a = (np.asarray(part, dtype=float) for part in three)
assert pi_a.shape == (2,), f"There is one weight for each component: shape (2,), not {pi_a.shape}."
assert mu_a.shape == (2, 2), f"There is one mean for each component: (2, 2), not {mu_a.shape}."
assert sigma_a.shape == (2, 2, 2), f"2 covariance matrices: shape (2, 2, 2), not {sigma_a.shape}."
assert not is_like(pi_a, [2, 3]), (
    "These are numbers of points. The weights are shares of all points."
)
assert_like(pi_a, [0.4, 0.6], "The weight of a component is its share of all points.")
assert not is_like(mu_a[0], [2, 0]), (
    "The mean is a sum that nobody divided: divide by the number of points in the component."
)
assert not is_like(mu_a[0], [0.4, 0]), (
    "The mean of a component is divided by the number of all points: divide by what the component has."
)
assert_like(
    mu_a,
    [[1, 0], [10, 8]],
    "If every point belongs to one component, mu holds the means of the two groups.",
)
assert not is_like(sigma_a[0, 0, 0], 2), (
    "The covariance is too large by a factor: divide by N_k (not by N_k - 1, and do divide)."
)
assert not is_like(sigma_a[0, 0, 0], 0.4), (
    "The covariance is divided by the number of all points: divide by what the component has."
)
assert_like(
    sigma_a[0, 0, 0], 1, "The covariance of the first group is wrong: subtract its mean first."
)
_, _, sigma_shared = m_step([[0.0, 0.0], [2.0, 4.0]], [[0.75, 0.25], [0.25, 0.75]], 0.0)
sigma_shared = np.asarray(sigma_shared, dtype=float)
assert not is_like(sigma_shared, np.zeros((2, 2, 2))), (
    "Each point counts for its most responsible component only, as in k-means. Every component gets its "
    "share of it."
)
assert not is_like(sigma_shared[0], [[0.75, 0], [0, 3]]), (
    "Only the variances are right: the entries off the diagonal, the covariances, are 0."
)
assert not is_like(sigma_shared[0], [[0.75, 3], [0.75, 3]]), (
    "Each row of the covariance holds the variances: multiply every feature by every other one, too."
)
assert not is_like(sigma_shared[0], [[0.28125, 0.5625], [0.5625, 1.125]]), (
    "The responsibilities are squared in the covariance: each point counts by its responsibility once."
)
assert_like(
    sigma_shared,
    [[[0.75, 1.5], [1.5, 3]]] * 2,
    "The covariances are wrong when two components share the points.",
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(53)
places = helper.normal(scale=3, size=(60, 3)) @ helper.normal(size=(3, 3)) + [4, -2, 9]
shares = helper.dirichlet([0.5, 0.7, 1, 2], size=60)
total = shares.sum(axis=0)
right_mu = np.array([np.average(places, axis=0, weights=w) for w in shares.T])
centred = places[:, None, :] - right_mu
right_sigma = np.einsum("nk,nki,nkj->kij", shares, centred, centred) / total[:, None, None]
pi_b, mu_b, sigma_b = (
    np.asarray(part, dtype=float)
    for part in attempt("With 4 components in 3 dimensions", m_step, places, shares, 0.0)
)
assert pi_b.shape == (4,) and mu_b.shape == (4, 3) and sigma_b.shape == (4, 3, 3), (
    "With 4 components in 3 dimensions the shapes must be (4,), (4, 3) and (4, 3, 3)."
)
assert_like(pi_b, total / 60, "The weights are wrong when points are shared: average the columns.")
assert not is_like(mu_b, np.tile(places.mean(axis=0), (4, 1))), (
    "All components have the mean of all points: each point must count by its responsibility."
)
hard = np.eye(4)[shares.argmax(axis=1)]
assert not is_like(mu_b, hard.T @ places / hard.sum(axis=0)[:, None]), (
    "Each point counts for its most responsible component only, as in k-means. Every component gets its "
    "share of it."
)
assert_like(mu_b, right_mu, "The means are wrong when points are shared between components.")
about_all = places - places.mean(axis=0)
wrong_centre = np.einsum("nk,ni,nj->kij", shares, about_all, about_all) / total[:, None, None]
assert not is_like(sigma_b, wrong_centre), (
    "The covariance is taken about the mean of all points: use the component's own new mean."
)
assert not is_like(
    sigma_b, np.einsum("nk,ni,nj->kij", shares, places, places) / total[:, None, None]
), "The mean is not subtracted before the covariance is taken."
assert not is_like(sigma_b, right_sigma * np.eye(3)), (
    "Only the variances are right: the entries off the diagonal, the covariances, are 0."
)
assert not is_like(
    sigma_b, np.einsum("nk,nki,nkj->kij", shares**2, centred, centred) / total[:, None, None]
), (
    "The responsibilities are squared in the covariance: each point counts by its responsibility once."
)
assert not is_like(sigma_b, right_sigma * (total / 60)[:, None, None]), (
    "The covariances are divided by the number of all points: divide by what each component has."
)
assert not is_like(sigma_b, right_sigma * total[:, None, None]), (
    "The covariances are sums that nobody divided."
)
assert_like(
    sigma_b,
    right_sigma,
    "The covariances are wrong for 4 components in 3 dimensions when points are shared.",
    rtol=1e-6,
    atol=1e-5,
)
### END HIDDEN TESTS

# %% test="test_m_step__reg_covar" points=1
_, _, single = m_step([[1.0, 2.0], [5.0, 5.0], [7.0, 9.0]], [[1, 0], [0, 1], [0, 1]], 0.5)
single = np.asarray(single, dtype=float)
assert not is_like(single[0], np.zeros((2, 2))), (
    "A component with one point has the covariance 0: `reg_covar` has not been added."
)
assert not is_like(single[0], np.full((2, 2), 0.5)), (
    "`reg_covar` is added to every entry: it belongs on the diagonal only."
)
assert_like(
    single[0],
    [[0.5, 0], [0, 0.5]],
    "A component with one point must have just `reg_covar` on the diagonal of its covariance.",
)
### BEGIN HIDDEN TESTS
_, _, usual = m_step([[1.0, 2.0, 3.0], [5.0, 5.0, 5.0]], [[1, 0], [0, 1]])
assert_like(
    np.asarray(usual)[1],
    1e-6 * np.eye(3),
    "Without the third argument `reg_covar` is 1e-6, in any number of dimensions.",
    rtol=1e-6,
    atol=1e-12,
)
along = np.arange(12.0)[:, None] * [1, 2]
half = np.full((12, 2), 0.5)
_, _, thin = m_step(along, half, 0.25)
_, _, plain = m_step(along, half, 0.0)
assert_like(
    np.asarray(thin) - np.asarray(plain),
    [0.25 * np.eye(2)] * 2,
    "`reg_covar` must be added to each diagonal as it is: not scaled, not squared, and not only to "
    "covariances that are too small.",
)
### END HIDDEN TESTS

# %% test="test_m_step__edges" points=1
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always", RuntimeWarning)
    empty = attempt(
        "With a component that has no weight",
        m_step,
        [[0.0, 1.0], [2.0, 5.0]],
        [[1.0, 0.0], [1.0, 0.0]],
    )
assert every(every(np.isfinite(part)) for part in empty), (
    "A component with no weight gives `nan` or `inf`: do not divide by 0."
)
assert not [each for each in caught if issubclass(each.category, RuntimeWarning)], (
    f"With a component that has no weight there is a warning: {caught[-1].message}."
)
assert refuses(m_step, [[0.0], [1.0]], [[0.5, 0.6], [0.5, 0.5]]), (
    "A row of gamma that sums to 1.1 must raise a ValueError."
)
### BEGIN HIDDEN TESTS
assert_like(empty[0], [1, 0], "A component with no weight has the weight 0.")
assert_like(
    np.asarray(empty[1])[0],
    [1, 3],
    "An empty component must leave the means of the others as they are.",
)
assert_like(
    np.asarray(empty[2])[0],
    [[1, 2], [2, 4]],
    "An empty component must leave the covariances of the others as they are.",
    atol=1e-5,
)
pixels = np.array([[250], [10], [200], [40]], dtype=np.uint8)
pi_c, mu_c, sigma_c = attempt(
    "With pixels (uint8) in one dimension", m_step, pixels, [[1, 0], [0, 1], [1, 0], [0, 1]]
)
assert np.shape(sigma_c) == (2, 1, 1), "In one dimension sigma has the shape (K, 1, 1)."
assert is_like(mu_c, [[225], [25]]) and is_like(sigma_c, [[[625]], [[225]]], atol=1e-3), (
    "The result is wrong for whole numbers of type uint8: turn `X` into floats first."
)
noise = np.random.default_rng(54).normal(scale=0.01, size=(400, 2))
_, _, offset = m_step(noise + 1e5, np.ones((400, 1)), 0.0)
_, _, centred = m_step(noise, np.ones((400, 1)), 0.0)
assert_like(
    offset,
    centred,
    "The covariance loses its digits when the mean is large: subtract the mean before you multiply.",
    rtol=1e-3,
    atol=1e-8,
)
crowd = np.random.default_rng(55).normal(size=(200_000, 1))
pi_d, mu_d, _ = attempt("With 200,000 points", m_step, crowd, np.ones((200_000, 1)))
assert_like(mu_d, [[crowd.mean()]], "The mean is wrong for 200,000 points.")
given = (np.array([[0.0, 1.0], [2.0, 5.0], [3.0, 3.0]]), np.array([[0.5, 0.5], [0.2, 0.8], [1, 0]]))
assert not changed_inputs(m_step, *given), "Your function changes its inputs: work on copies."
assert refuses(m_step, [[0.0], [1.0]], [[1.5, -0.5], [0.5, 0.5]]), (
    "A negative responsibility must raise a ValueError, even where the row sums to 1."
)
assert refuses(m_step, [[0.0], [1.0], [2.0]], [[0.5, 0.5], [0.5, 0.5]]), (
    "3 points and 2 rows of gamma do not fit together: raise a ValueError."
)
assert refuses(m_step, [0.0, 1.0], [[1.0], [1.0]]), (
    "X with one axis instead of two must raise a ValueError."
)
_, light, _ = m_step([[0.0], [10.0], [40.0]], [[0.8, 0.2], [0.9, 0.1], [0.9, 0.1]])
assert_like(
    np.asarray(light)[1],
    [12.5],
    "The mean of a component that has less than one point's weight is wrong: divide by its weight, "
    "whatever it is.",
)
assert refuses(m_step, [[0.0], [1.0]], [[0.5, 0.4], [0.5, 0.5]]), (
    "A row of gamma that sums to 0.9 must raise a ValueError."
)
### END HIDDEN TESTS

# %% [markdown]
# ## 5. Both steps in turn
#
# Begin with the worst guess: hand out *random* responsibilities. Then fit, share out anew, fit again. These are
# your functions at work on the 250 points of lesson 1. **Predict first:** will the log-likelihood ever go down?

# %%
rng = np.random.default_rng(SEED)
gamma = rng.dirichlet([1, 1, 1], size=len(X_plane))
snapshots, totals = [], []
for iteration in range(31):
    mixture = m_step(X_plane, gamma)
    gamma, total = e_step(X_plane, *mixture)
    totals.append(total)
    if iteration % 10 == 0:
        snapshots.append(mixture)
        print(f"iteration {iteration:2d}: log-likelihood {total:10.4f}")
print(f"smallest change from one iteration to the next: {np.diff(totals).min():.1e}")
print("means at the end:    ", np.round(mixture[1], 2).tolist())
print("means of the model:  ", np.round(true_mu, 2).tolist())
print("weights at the end:  ", np.round(mixture[0], 2).tolist())

# %%
xs, ys = np.meshgrid(np.linspace(-4, 9, 200), np.linspace(-5, 12, 200))
places = np.column_stack([xs.ravel(), ys.ravel()])
looks = [("#0072B2", "solid"), ("#B57C00", "dashed"), ("#009E73", "dotted")]
fig, axes = plt.subplots(2, 2, figsize=(7.5, 9), layout="constrained", sharex=True, sharey=True)
for number, (ax, (_, mu, sigma)) in enumerate(zip(axes.flat, snapshots, strict=True)):
    ax.plot(X_plane[:, 0], X_plane[:, 1], ".", color="grey", markersize=4)
    for k, (colour, line) in enumerate(looks):
        logs = multivariate_normal(mu[k], sigma[k]).logpdf(places).reshape(xs.shape)
        levels = multivariate_normal(mu[k], sigma[k]).logpdf(mu[k]) - np.array([4.5, 2, 0.5])
        ax.contour(xs, ys, logs, levels=levels, colors=colour, linestyles=line, linewidths=2)
        box = {"boxstyle": "circle", "facecolor": "white", "edgecolor": colour}
        ax.text(*mu[k], str(k), ha="center", va="center", weight="bold", bbox=box)
    ax.set(title=f"iteration {10 * number}", xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    ax.label_outer()
show(
    fig,
    alt="Contours of the three components at iterations 0, 10, 20 and 30 over the 250 points, at 1, 2 and 3 "
    "standard deviations, in solid, dashed and dotted lines. At first all three lie on top of one another and cover all points. Later "
    "they come apart, and in the last panel each component lies on a cloud of its own.",
)

# %% [markdown]
# The widget below does the same on the same points, one half of a step at a time. The E step colours each
# point by the component with the largest responsibility. The mark (circle, square, triangle) says the same;
# a point that is shared out, with no responsibility above `0.9`, is pale and hollow. The M step moves the ellipses.
#
# **Predict first.** All components start equally wide. After the first E step, will few points be shared, or most?
# And after which half step, E or M, can the log-likelihood change? Then press the buttons. Try other starts:
# do all of them end in the same place?

# %%
em_stepper(X_plane, k=3, seed=SEED)

# %% [markdown]
# <details>
# <summary>What you should have seen</summary>
#
# From the first start most points are hollow after the E step: all components are equally wide, so few points clearly belong
# to one. The E step changes no weight, mean or covariance, so the log-likelihood stays; it changes with the M step.
#
# </details>
#
# One can prove that an M step with `reg_covar = 0` never lowers it. But EM only ever climbs: it ends on the
# hill where it started, which need not be the highest.
#
# When to stop? When it no longer pays: when the log-likelihood *per point* rises by less than a small
# number `tol` in one iteration. We say that EM has **converged**.
#
# ### Exercise 4 · EM (5 points)
#
# Write `em(X, k, rng, tol=1e-3, max_iter=100)`. It fits a mixture of `k` Gaussians to `X` of shape `(N, D)` and returns
# `(pi, mu, sigma, log_likelihoods)`.
#
# 1. **Start** with a guess that is drawn with `rng`, and in which the components differ. For example: equal
#    weights, the covariance of all points for every component, and `k` different rows of `X` as means. A start
#    must fit the data, wherever they lie.
# 2. **Iterate:** an M step with its default `reg_covar` of `1e-6`, and an E step, in turn. Note the
#    log-likelihood (the total over the points) once in each iteration, in the list `log_likelihoods`.
# 3. **Stop** as soon as the *mean* log-likelihood, total divided by N, rises by less than `tol` from one
#    iteration to the next, or after `max_iter` iterations.
# 4. The list never falls. Because of `reg_covar` a step can lower the log-likelihood a little. Throw such a step
#    away: stop, and return what you had before it.
#
# The results must be finite and free of warnings even for N = `k`, or for points that lie on a line. Raise a
# `ValueError` if `X` does not have two axes, if `k` is below 1 or above N, or if `max_iter` is below 1.
#
# *Hint:* call your `e_step` and `m_step`. Begin with the E step of your start, then let each iteration be an M step and the
# E step that follows: its log-likelihood then belongs to the parameters you return. `rng.choice(N, size=k, replace=False)` gives
# different row numbers. `np.cov(X.T, bias=True).reshape(D, D)` is the covariance of all points, with one feature, too. Add
# `1e-6` to its diagonal: for points on a line it has no inverse.


# %% solution="em"
def em(X, k, rng, tol=1e-3, max_iter=100):
    """Fit a mixture of k Gaussians: weights, means, covariances, log-likelihoods."""
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or not 1 <= k <= len(X) or max_iter < 1:
        raise ValueError("need a table X, k from 1 to its number of rows, and max_iter above 0")
    (N, D), ridge = X.shape, 1e-6 * np.eye(X.shape[1])
    columns = np.ascontiguousarray(X.T)  # long rows are faster than short ones

    def share_out(pi, mu, sigma):
        """The E step; the responsibilities are (k, N)."""
        shares = np.empty((k, N))
        for j in range(k):
            root = np.linalg.cholesky(sigma[j])
            y = solve_triangular(root, columns - mu[j][:, None], lower=True, check_finite=False)
            np.einsum("dn,dn->n", y, y, out=shares[j])
            shares[j] *= -0.5
            shares[j] += np.log(pi[j]) - np.log(np.diag(root)).sum() - D / 2 * np.log(2 * np.pi)
        largest = shares.max(axis=0)
        shares -= largest
        np.exp(shares, out=shares)
        total = shares.sum(axis=0)
        shares /= total
        return shares, float((largest + np.log(total)).sum())

    def fit(gamma):
        """The M step; a component without weight keeps a trace of it."""
        N_k = gamma.sum(axis=1) + 10 * np.finfo(float).eps
        mu = gamma @ X / N_k[:, None]
        sigma = np.empty((k, D, D))
        for j in range(k):
            centred = columns - mu[j][:, None]
            sigma[j] = (gamma[j] * centred) @ centred.T / N_k[j] + ridge
        return N_k / N_k.sum(), mu, sigma

    # Start at data points that lie far apart: the next one with probability by squared distance.
    mu, gap = np.empty((k, D)), np.ones(N)
    for j in range(k):
        mu[j] = X[rng.choice(N, p=gap / gap.sum())]
        distance = ((X - mu[j]) ** 2).sum(axis=1)
        gap = distance if j == 0 else np.minimum(gap, distance)
        if gap.sum() == 0:
            gap = np.ones(N)
    spread = (columns - X.mean(axis=0)[:, None]) @ (X - X.mean(axis=0)) / N + ridge
    best = np.full(k, 1 / k), mu, np.tile(spread, (k, 1, 1))

    gamma, before = share_out(*best)
    log_likelihoods = []
    for _ in range(max_iter):
        mixture = fit(gamma)
        gamma, after = share_out(*mixture)
        if after < before:
            break
        best = mixture
        log_likelihoods.append(after)
        if after - before < tol * N:
            break
        before = after
    return *best, log_likelihoods or [before]
    ### END SOLUTION


# %% test="test_em" points=2
helper = np.random.default_rng(56)
clouds = np.concatenate(
    [helper.normal([100, 250], 3, size=(40, 2)), helper.normal([160, 250], 3, size=(40, 2))]
)
four = attempt("With two clouds of points", em, clouds, 2, np.random.default_rng(1))
assert isinstance(four, tuple | list) and len(four) == 4, (
    "Return four things: `return pi, mu, sigma, log_likelihoods`."
)
pi_a, mu_a, sigma_a, totals_a = (np.asarray(part, dtype=float) for part in four)
assert pi_a.shape == (2,) and mu_a.shape == (2, 2) and sigma_a.shape == (2, 2, 2), (
    "With 2 components in 2 dimensions the shapes must be (2,), (2, 2) and (2, 2, 2)."
)
assert totals_a.ndim == 1 and totals_a.size > 0, (
    "log_likelihoods must hold one number for each iteration: append the total in each of them."
)
assert every(every(np.isfinite(part)) for part in (pi_a, mu_a, sigma_a, totals_a)), (
    "There is `nan` or `inf` in the result. Does the start lie where the data are, and do you use log-sum-exp?"
)
assert_like(pi_a.sum(), 1, "The weights must sum to 1.")
_, mu_one, sigma_one, _ = em(clouds, 1, np.random.default_rng(2))
assert_like(
    mu_one, [clouds.mean(axis=0)], "With a single component its mean is the mean of all points."
)
assert_like(
    sigma_one,
    [np.cov(clouds.T, bias=True)],
    "With a single component its covariance is that of all points (divided by N, not by N - 1).",
    rtol=1e-4,
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(57)
away = np.array([3, -4, 5]) / np.sqrt(50)
lumps = np.concatenate(
    [
        helper.normal(1000 * away, [1, 2, 1.5], size=(50, 3)),
        helper.normal(1014 * away, [2, 1, 1.5], size=(30, 3)),
    ]
)
truth = np.repeat([0, 1], [50, 30])


def fits(points, model):
    """Log-likelihood of a mixture, computed here."""
    weights, centres, covs = (np.asarray(part, dtype=float) for part in model)
    with np.errstate(divide="ignore"):
        joint = np.log(weights) + np.stack(
            [multivariate_normal(m, S).logpdf(points) for m, S in zip(centres, covs, strict=True)],
            axis=-1,
        )
    return logsumexp(joint, axis=1).sum()


groups = [lumps[truth == g] for g in (0, 1)]
ideal = fits(
    lumps,
    (
        [50 / 80, 30 / 80],
        [g.mean(axis=0) for g in groups],
        [np.cov(g.T, bias=True) for g in groups],
    ),
)
common = fits(lumps, ([1.0], [lumps.mean(axis=0)], [np.cov(lumps.T, bias=True)]))
runs = [
    attempt("With two clouds in 3 dimensions", em, lumps, 2, np.random.default_rng(s), 1e-8, 200)
    for s in range(8)
]
assert every(np.shape(run[1]) == (2, 3) and np.shape(run[2]) == (2, 3, 3) for run in runs), (
    "In 3 dimensions mu has the shape (k, 3) and sigma (k, 3, 3)."
)
assert every(every(np.isfinite(np.asarray(part, dtype=float))) for run in runs for part in run), (
    "There is `nan` or `inf` in the result for points far from 0. Does the start lie where the data are?"
)
reached = [fits(lumps, run[:3]) for run in runs]
assert np.max(reached) > (ideal + common) / 2, (
    "In 8 runs EM has never found two clouds that lie well apart. Do the components differ at the start, does "
    "the start lie among the data, and do the E step and the M step both use the newest values?"
)
best_run = runs[int(np.argmax(reached))]
assert np.max(reached) < ideal + 60, (
    "Your mixture fits better than possible: are the covariances too narrow?"
)
order = np.argsort(np.asarray(best_run[1])[:, 0])
if np.max(reached) > ideal - 20:
    assert_like(
        np.asarray(best_run[0])[order],
        [50 / 80, 30 / 80],
        "The two clouds are found, but the weights are not their shares of the points: are they fitted in "
        "the M step?",
        atol=0.03,
    )
    assert_like(
        np.asarray(best_run[2])[order],
        [np.cov(g.T, bias=True) for g in groups],
        "The two clouds are found, but the covariances of the components are not theirs.",
        rtol=0.05,
        atol=0.05,
    )
wide = attempt(
    "With a list of whole numbers in one dimension",
    em,
    [[0], [2], [90], [94]],
    2,
    np.random.default_rng(3),
)
assert np.shape(wide[1]) == (2, 1) and np.shape(wide[2]) == (2, 1, 1), (
    "In one dimension mu has the shape (k, 1) and sigma (k, 1, 1)."
)
assert not changed_inputs(em, lumps, 2, np.random.default_rng(4)), (
    "Your function changes `X`: work on a copy."
)
### END HIDDEN TESTS

# %% test="test_em__log_likelihoods" points=2
helper = np.random.default_rng(58)
cloud = helper.normal(size=(150, 2)) * [4.0, 1.5] + [20, -10]
short = em(cloud, 3, np.random.default_rng(5), 0.0, 3)[3]
assert len(short) <= 3, (
    f"max_iter is 3, but there are {len(short)} log-likelihoods: one for each iteration, and no more "
    "iterations than `max_iter`."
)
lone = np.asarray(em(cloud, 1, np.random.default_rng(5))[3], dtype=float)
fitted = multivariate_normal(cloud.mean(axis=0), np.cov(cloud.T, bias=True)).logpdf(cloud)
assert not is_like(lone[-1], fitted.mean(), rtol=1e-3), (
    "log_likelihoods holds means over the points: note the totals, and divide by N only when you compare "
    "with `tol`."
)
patient = np.asarray(em(cloud, 3, np.random.default_rng(5), 1e-9, 40)[3], dtype=float)
assert len(patient) > 7, (
    "With `tol` = 1e-9 your function stops after a few iterations, though the log-likelihood is still rising."
)
assert every(np.diff(patient) >= -1e-9 * np.abs(patient[:-1])), (
    "The log-likelihood falls from one iteration to the next. Do the weights sum to 1 from the start, and do the E step and "
    "the M step both use the newest values?"
)


### BEGIN HIDDEN TESTS
def fits(points, model):
    """Log-likelihood of a mixture, computed here."""
    weights, centres, covs = (np.asarray(part, dtype=float) for part in model)
    with np.errstate(divide="ignore"):
        joint = np.log(weights) + np.stack(
            [multivariate_normal(m, S).logpdf(points) for m, S in zip(centres, covs, strict=True)],
            axis=-1,
        )
    return logsumexp(joint, axis=1).sum()


blob = np.random.default_rng(59).normal(size=(160, 3)) * [1.0, 3.0, 9.0] + [5, 5, 50]
for seed in (6, 7, 8):
    *model_b, totals_b = em(blob, 4, np.random.default_rng(seed), 1e-4, 1000)
    totals_b = np.asarray(totals_b, dtype=float)
    assert every(np.diff(totals_b, prepend=-np.inf) >= -1e-9 * np.abs(totals_b)), (
        "The log-likelihood falls on other data. Do the weights sum to 1 from the start?"
    )
    last = fits(blob, model_b)
    assert not is_like(totals_b[-1], last / len(blob), rtol=0.02), (
        "log_likelihoods holds means over the points: note the totals, and divide by N only when you compare "
        "with `tol`."
    )
    assert last >= totals_b[-1] - 1e-6 * abs(totals_b[-1]), (
        "The returned parameters are worse than the last log-likelihood says: return those that belong to it."
    )
    assert last <= totals_b[-1] + 0.02 * len(blob), (
        "The last entry of log_likelihoods does not belong to the returned parameters."
    )
    rises = np.diff(totals_b, prepend=-np.inf) / len(blob)
    assert every(rises[:-1] >= 1e-4 * (1 - 1e-6)), (
        "Your function goes on although the mean log-likelihood has risen by less than `tol`: compare the rise "
        "of the total divided by N, in each iteration."
    )
    assert len(totals_b) < 1000, (
        "Your function does not stop before `max_iter` when it has converged."
    )
lazy = em(blob, 4, np.random.default_rng(9), 1e6, 50)[3]
assert len(lazy) <= 2, (
    "With a very large `tol` the first rise is already too small to go on: does your function use `tol`?"
)
fine = np.asarray(em(blob, 4, np.random.default_rng(6), 1e-5, 300)[3], dtype=float)
coarse = np.asarray(em(blob, 4, np.random.default_rng(6), 1e-2, 300)[3], dtype=float)
assert len(coarse) < len(fine), (
    "A smaller `tol` must lead to more iterations: does your function use `tol`?"
)
single = em(blob, 4, np.random.default_rng(6), 0.0, 1)[3]
assert len(single) == 1, "With max_iter = 1 there is exactly one log-likelihood."
for seed in range(10, 18):
    dust = 1e-3 * np.random.default_rng(seed).normal(size=(60, 2))
    totals_c = np.asarray(em(dust, 3, np.random.default_rng(seed), 0.0, 60)[3], dtype=float)
    assert every(np.diff(totals_c, prepend=-np.inf) >= -1e-9 * np.abs(totals_c)), (
        "On very narrow data `reg_covar` makes the log-likelihood fall in some step: throw that step away and "
        "stop."
    )
counted = [len(em(blob, 3, np.random.default_rng(6), 0.0, limit)[3]) for limit in (2, 5)]
assert counted == [2, 5], (
    "With tol = 0 and max_iter = 2 or 5 the log-likelihood still rises in each iteration: note it once in "
    "each, 2 and 5 times."
)
few = blob[:60]
for seed in (6, 7):
    totals_d = em(few, 3, np.random.default_rng(seed))[3]
    rises = np.diff(totals_d, prepend=-np.inf) / len(few)
    assert every(rises[:-1] >= 1e-3 * (1 - 1e-6)) and every(rises[-1:] < 1e-3), (
        "Where `tol` is left out it is 1e-3: leave the first line as it was."
    )
assert np.max([len(em(few, 3, np.random.default_rng(seed))[3]) for seed in range(4)]) > 3, (
    "Where `tol` is left out your function stops at once: it is 1e-3, and N times that for the total."
)
assert len(em(few, 3, np.random.default_rng(6), 0.0)[3]) <= 100, (
    "Where `max_iter` is left out there are at most 100 iterations: leave the first line as it was."
)
for seed in (6, 7):
    *model_d, _ = em(blob, 4, np.random.default_rng(seed), 1e-4, 1000)
    pi_d, mu_d, sigma_d = (np.asarray(part, dtype=float) for part in model_d)
    joint = np.log(pi_d) + np.stack(
        [multivariate_normal(m, S).logpdf(blob) for m, S in zip(mu_d, sigma_d, strict=True)], axis=1
    )
    shares = np.exp(joint - logsumexp(joint, axis=1)[:, None])
    sizes = shares.sum(axis=0)
    centres = shares.T @ blob / sizes[:, None]
    spreads = [
        (g[:, None] * (blob - c)).T @ (blob - c) / g.sum() + 1e-6 * np.eye(3)
        for g, c in zip(shares.T, centres, strict=True)
    ]
    gain = fits(blob, (sizes / len(blob), centres, spreads)) - fits(blob, model_d)
    assert gain / len(blob) < 2e-3, (
        "Where your function stops, one more EM step would still help a lot, although `tol` is small: is "
        "each row of the responsibilities divided by its sum, and is the M step right?"
    )
### END HIDDEN TESTS

# %% test="test_em__random_and_edges" points=1
helper = np.random.default_rng(60)
cloud = helper.normal(size=(200, 2)) * [4.0, 1.5]
one, two = (em(cloud, 4, np.random.default_rng(7), 1e-3, 5) for _ in range(2))
assert every(np.shape(a) == np.shape(b) and is_like(a, b) for a, b in zip(one, two, strict=True)), (
    "The same seed gave two different results: draw the start from `rng`, not from `np.random`."
)
assert refuses(em, cloud[:3], 4, np.random.default_rng(0)), (
    "More components than points must raise a ValueError."
)
with warnings.catch_warnings():
    warnings.simplefilter("error", RuntimeWarning)
    line = attempt(
        "For points on a line",
        em,
        [[1, 2], [2, 4], [3, 6], [4, 8], [5, 10]],
        2,
        np.random.default_rng(1),
    )
assert every(every(np.isfinite(np.asarray(part, dtype=float))) for part in line), (
    "For points on a line the result is not finite: add 1e-6 to the diagonals in the M step, and mind that a "
    "component can lose all its weight."
)
### BEGIN HIDDEN TESTS
starts = [float(em(cloud, 4, np.random.default_rng(seed), 0.0, 1)[3][0]) for seed in range(20, 24)]
assert len(set(starts)) > 1, (
    "Every seed gives the same run: the start must be drawn with `rng`, not from a generator with a seed of "
    "your own."
)
generator = np.random.default_rng(25)
starts = [float(em(cloud, 4, generator, 0.0, 1)[3][0]) for _ in range(4)]
assert len(set(starts)) > 1, (
    "Several calls with the same generator gave the same run: the next call must go on where the last "
    "stopped."
)
for k, points in [
    (5, np.array([[0.0, 3.0], [1.0, 1.0], [2.5, 0.0], [4.0, 4.0], [0.5, 2.0]])),
    (1, np.array([[2.0, 7.0, 1.0]])),
    (3, np.array([[1.0], [1.0], [1.0], [5.0], [5.0], [9.0]])),
]:
    for seed in range(4):
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            few = attempt(
                f"With {len(points)} points and {k} components",
                em, points, k, np.random.default_rng(seed), 1e-3, 30,
            )  # fmt: skip
        assert every(every(np.isfinite(np.asarray(part, dtype=float))) for part in few), (
            f"With {len(points)} points and {k} components the result is not finite."
        )
        covs = np.asarray(few[2], dtype=float)
        assert np.linalg.eigvalsh(covs).min() > 0.5e-6, (
            "When points coincide a component becomes narrower than `reg_covar` allows."
        )
        assert every(np.diff(few[3], prepend=-np.inf) >= -1e-9 * np.abs(few[3])), (
            f"With {len(points)} points and {k} components the log-likelihood falls."
        )
        assert_like(np.sum(few[0]), 1, "The weights must sum to 1.", atol=1e-6)
assert refuses(em, cloud, 0, np.random.default_rng(0)), "k = 0 must raise a ValueError."
assert refuses(em, cloud, 2, np.random.default_rng(0), 1e-3, 0), (
    "max_iter = 0 must raise a ValueError."
)
assert refuses(em, [1.0, 2.0, 3.0], 2, np.random.default_rng(0)), (
    "X with one axis instead of two must raise a ValueError."
)
with warnings.catch_warnings():
    warnings.simplefilter("error", RuntimeWarning)
    equal = attempt("With three equal points", em, [[2.0]] * 3, 2, np.random.default_rng(3))
assert every(every(np.isfinite(np.asarray(part, dtype=float))) for part in equal), (
    "With three equal points the result is not finite."
)
lonely = np.append(np.random.default_rng(61).normal(size=2999), 1e6)[:, None]
with warnings.catch_warnings():
    warnings.simplefilter("error", RuntimeWarning)
    alone = attempt(
        "With one of 3,000 points far from all others", em, lonely, 1, np.random.default_rng(1)
    )
assert every(np.isfinite(alone[3])), (
    "With one of 3,000 points far from all others the log-likelihood is not finite: subtract the largest "
    "logarithm of each point on its own."
)
### END HIDDEN TESTS

# %% [markdown]
# Your `em` on the 250 points, from six starts. **Predict first:** do all runs end at the same log-likelihood?

# %%
runs = [em(X_plane, 3, np.random.default_rng(s), tol=1e-6, max_iter=200) for s in range(6)]
fig, ax = plt.subplots(figsize=(8, 4), layout="constrained")
for s, (run, mark) in enumerate(zip(runs, "os^Dv*", strict=True)):
    ax.plot(range(1, len(run[3]) + 1), run[3], mark + "-", markersize=5, label=f"start {s}")
ax.set(xlabel="iteration", ylabel="log-likelihood (total)")
ax.xaxis.get_major_locator().set_params(integer=True)
ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False)
show(
    ax,
    alt="Log-likelihood against the iteration for six starts, each with its own mark. Every curve rises, "
    "steeply or after a pause, and then stays flat.",
)
for s, run in enumerate(runs):
    print(f"start {s}: {len(run[3]):3d} iterations, log-likelihood at the end {run[3][-1]:10.4f}")
best_run = max(runs, key=lambda run: run[3][-1])
five = [em(X_plane, 5, np.random.default_rng(s), tol=1e-6, max_iter=500)[3][-1] for s in range(6)]
print("with five components the six starts end at", np.round(five, 1).tolist())

# %% [markdown]
# With three components the starts find the same hill here; with five they end on different ones. Then keep
# the run with the highest log-likelihood. A flat part is no proof of the end, either: a run may rest for a while and
# rise again. A `tol` that is too large stops it there.
#
# ## 6. Is it the same mixture?
#
# **Predict first.** scikit-learn's `GaussianMixture` fits the same model. Should its first mean be the
# same as your first mean?

# %%
from sklearn.mixture import GaussianMixture

theirs = GaussianMixture(3, n_init=5, tol=1e-6, max_iter=200, random_state=0).fit(X_plane)
print("your means:   ", np.round(best_run[1], 3).tolist())
print("their means:  ", np.round(theirs.means_, 3).tolist())

# %% [markdown]
# The numbers of the components are arbitrary: nothing in the data says which cloud is "0". Before we compare
# two mixtures we must **match** their components: find pairs of means, so that the distances in the pairs are
# small *in all*.
#
# It is not enough to give each mean its nearest partner. Two means may have the same nearest one, and somebody
# is left over. Sorting by the first feature does not do either: it forgets the other features.
#
# ### Exercise 5 · Match the components (2 points)
#
# Write `match_components(mu_a, mu_b)` for two arrays of means of the same shape `(K, D)`. It returns an integer array `p` of shape
# `(K,)`, a permutation of 0 to K-1: the partner of `mu_a[i]` is `mu_b[p[i]]`. Of all permutations choose one with the least
# sum of Euclidean distances (not squared) between partners.
#
# Raise a `ValueError` if the two arrays do not have the same shape with two axes.
#
# *Hint:* `cdist(mu_a, mu_b)` gives all distances, and `linear_sum_assignment` finds the best pairs in such a
# table: it returns the rows and the columns of the pairs.


# %% solution="match_components"
def match_components(mu_a, mu_b):
    """The permutation p that makes mu_b[p[i]] the partner of mu_a[i], shape (K,)."""
    ### BEGIN SOLUTION
    mu_a, mu_b = np.asarray(mu_a, dtype=float), np.asarray(mu_b, dtype=float)
    if mu_a.ndim != 2 or mu_a.shape != mu_b.shape:
        raise ValueError(f"the means must have one shape (K, D), not {mu_a.shape}, {mu_b.shape}")
    _, partner = linear_sum_assignment(cdist(mu_a, mu_b))
    return partner
    ### END SOLUTION


# %% test="test_match_components" points=1
left = [[0.0, 0.0], [9.0, 9.0], [0.0, 9.0]]
partner = attempt("With 3 means", match_components, left, [[9.0, 9.0], [0.0, 9.0], [0.0, 0.0]])
assert partner is not None, "Your function returns nothing: does it end in a `return`?"
partner = np.asarray(partner)
assert partner.shape == (3,), (
    f"One partner for each of 3 means: the shape is (3,), yours is {partner.shape}. Return only the "
    "numbers of the partners."
)
assert sorted(partner.tolist()) == [0, 1, 2], (
    "Every component must be used exactly once: a permutation of 0, 1 and 2."
)
assert partner.tolist() != [1, 2, 0], (
    "This is the permutation the other way round: `mu_b[p[i]]` must be the partner of `mu_a[i]`."
)
assert partner.tolist() == [2, 0, 1], (
    "Here every mean has a partner in exactly the same place, but you pair others."
)
rivals = attempt("With 2 means on a line", match_components, [[0.0], [1.0]], [[0.9], [3.0]])
assert sorted(np.asarray(rivals).tolist()) == [0, 1], (
    "Two means have the same nearest partner, and you give it to both: use every component once."
)
### BEGIN HIDDEN TESTS
from itertools import permutations


def cost(a, b, p):
    return sum(np.linalg.norm(np.subtract(a[i], b[j])) for i, j in enumerate(p))


def check(a, b, situation, why):
    found = np.asarray(attempt(situation, match_components, a, b))
    K = len(a)
    assert found.shape == (K,) and sorted(found.tolist()) == list(range(K)), (
        f"{situation} the result must be a permutation of 0 to {K - 1}: every component once, also where "
        "two means have the same nearest partner."
    )
    least = np.min([cost(a, b, p) for p in permutations(range(K))])
    assert cost(a, b, found.astype(int)) <= least * (1 + 1e-9) + 1e-9, why


check(
    [[0.0], [1.0]],
    [[0.6], [7.0]],
    "On a line, where both means have the same nearest partner,",
    "The sum of the distances is not the least: the pairs must be good in all.",
)
check(
    [[0.0, 0.0], [3.0, 1.0]],
    [[3.0, 1.0], [6.0, 0.0]],
    "With 2 means in the plane,",
    "The sum of the distances is not the least. Are they squared, or does each mean take its nearest in turn?",
)
check(
    [[0.0, 5.0, 0.0], [0.1, -5.0, 0.0], [9.0, 0.0, 1.0]],
    [[9.0, 0.0, 2.0], [0.0, -5.0, 0.3], [0.1, 5.0, 0.0]],
    "In 3 dimensions",
    "Means with nearly the same first feature are confused: compare all features, do not sort by the first.",
)
helper = np.random.default_rng(61)
for trial in range(12):
    K, D = 2 + trial % 4, 1 + trial % 3
    check(
        helper.normal(size=(K, D)),
        helper.normal(size=(K, D)),
        f"With {K} means in {D} dimensions",
        "The sum of the Euclidean distances is not the least. Are the distances squared, measured in another "
        "way, or does each mean take its nearest in turn?",
    )
ring = helper.permutation(9)
angles = 2 * np.pi * np.arange(9) / 9
circle = np.column_stack([np.cos(angles), np.sin(angles)])
assert_like(
    circle[ring][np.asarray(match_components(circle, circle[ring])).astype(int)],
    circle,
    "With 9 means the partners are wrong.",
)
### END HIDDEN TESTS

# %% test="test_match_components__edges" points=1
assert refuses(match_components, [[0.0], [1.0], [2.0]], [[0.0], [1.0]]), (
    "3 means and 2 means must raise a ValueError."
)
### BEGIN HIDDEN TESTS
only = attempt("With a single mean", match_components, [[3, 4]], [[8, 8]])
assert np.asarray(only).tolist() == [0], (
    "A single mean has only one possible partner: the result is [0]."
)
crossed = match_components([[0, 0], [9, 9]], [[9, 8], [1, 0]])
assert np.asarray(crossed).tolist() == [1, 0], (
    "Two means whose partners stand in the other order are matched wrongly."
)
kept = np.array([[0.0, 1.0], [2.0, 3.0]])
assert not changed_inputs(match_components, kept, kept[::-1].copy()), (
    "Your function changes its inputs: work on copies."
)
assert refuses(match_components, [[0.0, 1.0], [1.0, 1.0]], [[0.0], [1.0]]), (
    "Means with different numbers of features must raise a ValueError."
)
assert refuses(match_components, [0.0, 1.0], [0.0, 1.0]), (
    "Means with one axis must raise a ValueError."
)
assert refuses(match_components, [[0.0], [1.0]], [[0.0], [1.0], [2.0]]), (
    "2 means and 3 means must raise a ValueError."
)
### END HIDDEN TESTS

# %%
partner = match_components(best_run[1], theirs.means_)
print("partners:", partner)
print("largest difference between partners:", np.abs(best_run[1] - theirs.means_[partner]).max())

to_truth = match_components(true_mu, best_run[1])
for name, truth, fitted in [
    ("mean", true_mu, best_run[1]),
    ("covariance", true_sigma, best_run[2]),
]:
    print(f"largest error of a {name}:", np.abs(truth - fitted[to_truth]).max().round(3))

gamma, _ = e_step(X_plane, *best_run[:3])
same = gamma.argmax(axis=1) == theirs.predict_proba(X_plane)[:, partner].argmax(axis=1)
raw = gamma.argmax(axis=1) == theirs.predict(X_plane)
print(f"points put into the same component, numbers as they come: {raw.mean():.1%}")
print(f"points put into the same component, after matching:       {same.mean():.1%}")

# %%
fig, axes = plt.subplots(1, 2, figsize=(10, 4.2), layout="constrained", sharex=True, sharey=True)
plot_gaussian_mixture(best_run[:3], X=X_plane, ax=axes[0])
axes[0].set_title("yours")
axes[0].get_legend().remove()
matched = (theirs.weights_[partner], theirs.means_[partner], theirs.covariances_[partner])
plot_gaussian_mixture(matched, X=X_plane, ax=axes[1])
axes[1].set_title("scikit-learn's, components matched")
show(
    fig,
    alt="Your mixture and scikit-learn's side by side over the 250 points. After matching, ellipses, places and "
    "numbers look the same.",
)

# %% [markdown]
# Can you watch scikit-learn's EM, too? With `warm_start=True` each call of `fit` goes on where the last one
# stopped, here ten iterations later. (It warns that it has not converged yet. We know.) It starts from random
# responsibilities, as we did in section 5. **Predict first:** will it take as long?

# %%
watched = GaussianMixture(
    3, init_params="random", max_iter=10, tol=1e-8, warm_start=True, random_state=0
)
done = 0
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    while done < 300 and not (done and watched.converged_):
        done += watched.fit(X_plane).n_iter_
        to_truth = match_components(true_mu, watched.means_)
        error = np.abs(true_mu - watched.means_[to_truth]).max()
        total = watched.score(X_plane) * len(X_plane)
        print(
            f"iteration {done:3d}: log-likelihood {total:10.4f}, largest error of a mean {error:.3f}"
        )

# %% [markdown]
# Now the 90 points on the line. Their groups overlap, and there are few of them. **Predict first:** EM stops at
# `tol=1e-3` by default. Is that small enough here?

# %%
for tol in [1e-3, 1e-7]:
    for s in range(3):
        run = em(X_line, 3, np.random.default_rng(s), tol=tol, max_iter=2000)
        where = np.sort(run[1][:, 0])
        print(
            f"tol {tol:g}, start {s}: {len(run[3]):4d} iterations, log-likelihood {run[3][-1]:.3f}, "
            f"means {where.round(2).tolist()}"
        )

# %% [markdown]
# Where groups overlap EM walks in tiny steps. The larger `tol` takes a slow walk for the end, and every
# start stops at other means. With the small one each run gets to the top of its hill, and runs on the same hill agree.
#
# Depending on how your `em` starts, one run may end clearly *higher*, with a mean at the outer right. Do not trust it: a
# narrow component has found a few points that happen to lie close together, half-way to a collapse. Is the hill that most
# runs agree on the truth? Compare with the true groups, and with scikit-learn:

# %%
ours = em(X_line, 3, np.random.default_rng(0), tol=1e-7, max_iter=2000)
library = GaussianMixture(3, n_init=5, tol=1e-7, max_iter=2000, random_state=0).fit(X_line)

group_pi = np.bincount(z_line) / 90
group_mu = np.array([[X_line[z_line == k].mean()] for k in range(3)])
group_sigma = np.array([[[X_line[z_line == k].var()]] for k in range(3)])
to_ours, to_library = (match_components(group_mu, mu) for mu in (ours[1], library.means_))
for name, mu, total in [
    ("true groups", group_mu, e_step(X_line, group_pi, group_mu, group_sigma)[1]),
    ("yours", ours[1][to_ours], ours[3][-1]),
    ("scikit-learn", library.means_[to_library], library.score(X_line) * 90),
]:
    print(f"{name:13s} log-likelihood {total:9.3f}, means {mu[:, 0].round(3).tolist()}")

labels = e_step(X_line, *ours[:3])[0][:, to_ours].argmax(axis=1)
their_labels = library.predict_proba(X_line)[:, to_library].argmax(axis=1)
print(f"yours and the true groups agree on        {np.mean(labels == z_line):.1%} of the points")
print(f"scikit-learn and the true groups agree on {np.mean(their_labels == z_line):.1%}")
print(f"you and scikit-learn agree on             {np.mean(labels == their_labels):.1%}")

fig, axes = plt.subplots(2, 1, figsize=(8, 6), sharex=True, layout="constrained")
plot_gaussian_mixture((group_pi, group_mu, group_sigma), X=X_line, ax=axes[0])
axes[0].set(title="fitted to the true groups", xlabel="")
plot_gaussian_mixture(tuple(part[to_ours] for part in ours[:3]), X=X_line, ax=axes[1])
axes[1].set_title("fitted by your EM, without the groups")
show(
    fig,
    alt="Two density pictures over the 90 points. Top, fitted to the true groups: three overlapping bell curves "
    "around -2.2, -0.1 and 2.0. Bottom, fitted by EM: on the hill that most starts find the middle curve is "
    "wider and has more weight, the outer two are smaller and lie farther out. The two sums look much alike.",
)

# %% [markdown]
# EM may fit *better* than the truth, in the sense of the log-likelihood: it is free to follow the accidents of
# 90 points. Where groups overlap, a higher likelihood does not mean that the groups are found again. More
# points would help; the next lesson asks how many components the data can carry.
#
# Note also what `sigma` holds on a line: *variances*. A plot that takes them for standard deviations shows curves that are
# too narrow or too wide.

# %% [markdown]
# ### Filling in a missing value
#
# A mixture knows more than groups. Suppose that of each point in the plane only $x_2$ was measured. An E step
# with this one feature says how probable each component is. The component's own guess of $x_1$ is its mean, moved
# along its lean. **Predict first:** how much better is that than the mean of all points?

# %%
pi, mu, sigma, _ = best_run
measured = X_plane[:, [1]]
shares, _ = e_step(measured, pi, mu[:, [1]], sigma[:, 1:, 1:])
guesses = mu[:, 0] + sigma[:, 0, 1] / sigma[:, 1, 1] * (measured - mu[:, 1])
for name, guess in [
    ("the mean of all points", X_plane[:, 0].mean()),
    ("the mixture", np.sum(shares * guesses, axis=1)),
]:
    error = np.sqrt(np.mean((X_plane[:, 0] - guess) ** 2))
    print(f"x_1 filled in by {name:23} typical error {error:.2f}")

# %% [markdown]
# The mixture's guess is nearer, because $x_2$ tells the clouds apart. Where it does not, the guess lies between
# two clouds, where no point is: then ask for the responsibilities, too.
#
# ## 7. k-means is a limit of EM
#
# k-means gives every point to the nearest centroid, fully. EM shares it out. What if all components have the same round
# covariance $\varepsilon I$ ($I$ is the identity matrix), fixed once and for all, and $\varepsilon$
# ("epsilon") shrinks? Two components at 0 and 4, with weights `0.9` and `0.1`:
#
# **Predict first.** At which $x$ do both components get one half, for a large and for a small $\varepsilon$?

# %%
grid = np.linspace(-1, 6, 701)[:, None]
fig, ax = plt.subplots(figsize=(8, 3.8), layout="constrained")
for epsilon, style in [(4, ":"), (1, "-."), (0.25, "--"), (0.001, "-")]:
    gamma, _ = e_step(grid, [0.9, 0.1], [[0.0], [4.0]], [[[epsilon]], [[epsilon]]])
    ax.plot(grid[:, 0], gamma[:, 1], style, linewidth=2, label=rf"$\varepsilon$ = {epsilon}")
    half = grid[np.abs(gamma[:, 1] - 0.5).argmin(), 0]
    print(f"epsilon {epsilon:6g}: shared half and half near x = {half:.2f}")
ax.axvline(2, color="grey", linewidth=1)
ax.set(xlabel="x", ylabel="responsibility of component 1")
ax.legend(loc="upper left", frameon=False)
show(
    ax,
    alt="The responsibility of the component at 4 along the line, for four values of epsilon. For a large "
    "epsilon it rises slowly and crosses one half well to the right of the middle. As epsilon shrinks the "
    "curve becomes a step at the middle, x = 2.",
)

# %% [markdown]
# Both shares are equal at $x = 2 + \varepsilon \log(9) / 4$: the heavier component pushes the border away, but less and less.
# In the limit the responsibilities are 0 or 1, and the weights do not matter: every point goes to the nearest mean. The
# M step then takes the mean of each group. That is exactly k-means. On the points of the plane:

# %%
nearest = cdist(X_plane, true_mu + 1.5).argmin(axis=1)
for epsilon in [100.0, 10.0, 1.0, 0.001]:
    round_sigma = np.array([epsilon * np.eye(2)] * 3)
    gamma, _ = e_step(X_plane, [0.8, 0.1, 0.1], true_mu + 1.5, round_sigma)
    agree = np.mean(gamma.argmax(axis=1) == nearest)
    hard = np.mean(gamma.max(axis=1) > 0.999)
    print(f"epsilon {epsilon:6g}: nearest mean wins for {agree:6.1%}, no longer shared {hard:6.1%}")

# %% [markdown]
# So k-means is EM with three things taken away: shapes (all round), sizes (all equal) and doubt (all or nothing).
#
# ## 8. Check yourself
#
# Choose an answer to see whether it is right, and why. Nothing here is graded.

# %%
from jupyterquiz import display_quiz

display_quiz(
    [
        {
            "question": "What does the E step change?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "The means and covariances",
                    "correct": False,
                    "feedback": "These are fitted in the M step. The E step holds them fixed.",
                },
                {
                    "answer": "The responsibilities",
                    "correct": True,
                    "feedback": "Right: it shares the points out, given the current settings.",
                },
                {
                    "answer": "The number of components",
                    "correct": False,
                    "feedback": "K is given and stays. Lesson 6 is about choosing it.",
                },
            ],
        },
        {
            "question": "In your own EM the log-likelihood falls clearly from iteration 4 to 5. What is that?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "Normal: EM goes up and down",
                    "correct": False,
                    "feedback": "EM never goes down, apart from the tiny effect of reg_covar.",
                },
                {
                    "answer": "A sign of a mistake in the code",
                    "correct": True,
                    "feedback": "Right. That makes the list of log-likelihoods the best test of an EM program.",
                },
                {
                    "answer": "A sign that tol is too large",
                    "correct": False,
                    "feedback": "tol only says when to stop. It changes no step.",
                },
            ],
        },
        {
            "question": "Why do we subtract the largest logarithm before taking exp?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "So that at least one share is 1 and the sum cannot be 0",
                    "correct": True,
                    "feedback": "Right: the ratios stay the same, and 0/0 cannot happen.",
                },
                {
                    "answer": "To make the responsibilities sum to 1",
                    "correct": False,
                    "feedback": "That comes from the division by their sum.",
                },
                {
                    "answer": "To remove outliers",
                    "correct": False,
                    "feedback": "No point is removed. A point far away keeps its responsibilities.",
                },
            ],
        },
    ]
)

# %% [markdown]
# ### Quiz 1 (1 point)
#
# Component 0 has the weight 3/4 and the density `0.02` at a point; component 1 has the weight 1/4 and the density
# `0.06` there. What is the responsibility of component 1 for this point? Set `quiz_1` to the letter of your
# answer, such as `"a"`.
#
# - a) 3/4
# - b) `0.015`
# - c) 1/4
# - d) 1/2

# %% solution="quiz_1"
### BEGIN SOLUTION
quiz_1 = "d"
### END SOLUTION

# %% test="test_quiz_1" points=1
choice_1 = str(quiz_1).strip().lower()
assert choice_1 in {"a", "b", "c", "d"}, "Set quiz_1 to one of the letters 'a', 'b', 'c', 'd'."
### BEGIN HIDDEN TESTS
assert choice_1 != "a", "This compares the densities alone. How often is each component picked?"
assert choice_1 != "b", "This is the share of component 1. What is it divided by?"
assert choice_1 != "c", (
    "This is the weight, before the point has been seen. What does the point say?"
)
### END HIDDEN TESTS

# %% [markdown]
# ### Quiz 2 (1 point)
#
# Without `reg_covar`, a run of EM on 200 points ends with a log-likelihood that is far above all other runs. One of its
# components has the weight 1/200. What is most probable? Set `quiz_2` to a letter.
#
# - a) It is the best run: the log-likelihood is what EM maximises, so keep it.
# - b) The E step has a mistake.
# - c) A component has collapsed onto a single point: its density there is huge and means nothing.
# - d) `tol` was too large, so the run stopped too early.

# %% solution="quiz_2"
### BEGIN SOLUTION
quiz_2 = "c"
### END SOLUTION

# %% test="test_quiz_2" points=1
choice_2 = str(quiz_2).strip().lower()
assert choice_2 in {"a", "b", "c", "d"}, "Set quiz_2 to one of the letters 'a', 'b', 'c', 'd'."
### BEGIN HIDDEN TESTS
assert choice_2 != "a", (
    "A likelihood can be made as large as you like in a useless way. How many points does a weight of 1/200 "
    "stand for?"
)
assert choice_2 != "b", (
    "Correct steps can do this, too. How many points does a weight of 1/200 stand for?"
)
assert choice_2 != "d", "Stopping early makes the log-likelihood smaller, not larger."
### END HIDDEN TESTS

# %% [markdown]
# ### Open question (2 points)
#
# A point lies half-way between two clouds. In two or three sentences: what do k-means and EM each say about
# it, and how does the point act on the two means in the next step of either method? A person reads and marks
# this answer.

# %% [markdown] manual="explain_soft" points=2
# k-means gives the point to one cloud, and it pulls that mean only, with full strength. EM gives each component a
# responsibility near one half. The point pulls both means, each with about half its strength, and we see that it is
# doubtful.

# %% [markdown]
# ## Wrap-up
#
# - The likelihood is the density seen as a function of the settings. We maximise its logarithm.
# - E step: share out each point by the weighted densities, in logarithms (log-sum-exp).
# - M step: weighted shares, means and covariances, with `reg_covar` on the diagonals against collapse.
# - The log-likelihood never falls, but EM can end on a lower hill: use several starts.
# - The numbers of components are arbitrary: match them before you compare.
# - k-means is the limit of EM with equal, round, ever narrower components.
#
# **Next:** lesson 6 uses scikit-learn's mixtures and asks how many components there are.
#
# ## References
#
# - A. P. Dempster, N. M. Laird, D. B. Rubin, *Maximum likelihood from incomplete data via the EM algorithm*,
#   Journal of the Royal Statistical Society, Series B 39(1), 1977, pages 1-38.
# - C. M. Bishop, *Pattern Recognition and Machine Learning*, Springer 2006: sections 9.2 to 9.4, with collapse in
#   9.2.1 and k-means as a limit in 9.3.2.
# - H. W. Kuhn, *The Hungarian method for the assignment problem*, Naval Research Logistics Quarterly 2, 1955,
#   pages 83-97.
# - scikit-learn's [user guide on Gaussian mixtures](https://scikit-learn.org/stable/modules/mixture.html).
