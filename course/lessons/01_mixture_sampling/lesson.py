# %% [markdown]
# # 1 · Sampling from a mixture
#
# Where do clusters come from? In this lesson you *make* clustered data: first you roll a die that
# picks a group, then you draw a point from that group. This simple recipe is called a **mixture
# model**. Every later lesson tries to run it backwards, from the points to the groups.
#
# **You will learn to**
#
# - tell a mixture model's parts apart: weights, components, and the hidden label $z$;
# - draw from it in two steps (*ancestral sampling*);
# - say how many points of each group to expect, and how far chance moves the counts;
# - compute the density of a mixture and check that it integrates to 1;
# - tell a mixture of Gaussians from a sum of Gaussian variables.
#
# **You need** basic Python and NumPy arrays, and the idea of a mean and a variance.
# **Time:** about 60 minutes. **Marks:** 16, of which 2 are for a text that a person reads.

# %% [markdown]
# ## How the exercises work
#
# - Replace the line `raise NotSolvedYet` by your code, run the cell, then run the test below it. No
#   message means that the visible checks pass. More checks, on other data, run when your work is graded.
# - Your functions get everything they need as arguments. They never change their inputs, and they
#   take lists as well as arrays.
# - Whatever is random comes from the generator `rng` that the function is given. The same seed
#   then gives the same result.
# - Where an exercise asks for a `ValueError`, write `raise ValueError("what is wrong")`.

# %% locked="setup" tags=["setup"]
import matplotlib.pyplot as plt
import numpy as np
from scipy.stats import multivariate_normal, norm

from utils import (
    NotSolvedYet,
    assert_like,
    attempt,
    changed_inputs,
    every,
    is_like,
    load_mixture_1d,
    plot_clusters,
    plot_data,
    plot_gaussian_mixture,
    refuses,
    show,
)
from utils.widgets.mixture import mixture_explorer

SEED = 30035

# %% [markdown]
# ## 1. The idea: first a group, then a point
#
# Think of the heights of people in a school. Pupils of the first year are small, those of the last
# year are tall. The heights of all pupils together have several humps. No single bell curve
# describes them, but a *mixture* of bell curves does.
#
# A mixture model has $K$ groups, called **components**. For every point $i$:
#
# 1. pick a component, $z_i \in \{0, \dots, K-1\}$, where component $k$ has probability $\phi_k$;
# 2. draw the point $x_i$ from the distribution of that component.
#
# The probabilities $\phi$ (say "phi") are the **weights**. None is negative, and they sum to one.
# The label $z_i$ is **latent**, which means hidden: in real data we see the point and not the label.
#
# Here every component is a **Gaussian**, a bell curve, with its own mean $\mu_k$ and covariance matrix $\Sigma_k$, so
# we have a *Gaussian mixture model*. These are the three components of this lesson:

# %%
phi = np.array([1 / 3, 1 / 3, 1 / 3])
means = np.array([[0.0, 0.0], [5.0, 2.0], [1.0, 7.0]])
covariances = np.array(
    [
        [[0.7, -0.4], [-0.4, 0.5]],
        [[1.0, 0.6], [0.6, 1.0]],
        [[0.5, 0.0], [0.0, 0.5]],
    ]
)

show(
    plot_gaussian_mixture((phi, means, covariances)),
    alt="Three Gaussian components in the plane. The one at (0, 0) leans to the left, the one at "
    "(5, 2) leans to the right, the one at (1, 7) is round.",
)

# %% [markdown]
# Look at the off-diagonal numbers of each covariance matrix. A positive one makes the cloud lean like
# `/`, a negative one makes it lean like `\`, and 0 leaves it upright. The numbers on the
# diagonal are *variances*: their square roots are the widths along the axes.

# %% [markdown]
# ## 2. Pick the groups
#
# **Predict first.** You pick a group 250 times with weights of one third each. Will each group be
# picked the same number of times? Write down a guess for the three counts, then run the next
# cell.

# %%
rng = np.random.default_rng(SEED)
picks = rng.choice(3, size=250, p=phi)
print("counts of the three groups:", np.bincount(picks, minlength=3))
print("a second time:             ", np.bincount(rng.choice(3, size=250, p=phi), minlength=3))

# %% [markdown]
# The counts are near one another, and they are not equal. Every pick is **independent** of the
# others, so chance moves the counts. A program that hands out exactly a third to each group would not
# be sampling.
#
# ### Exercise 1 · Draw the labels (3 points)
#
# Write `sample_categories(category_prob, n, rng)`. It returns `n` labels, an integer array of shape
# `(n,)`. Each label is drawn independently, and the value `k` comes up with probability
# `category_prob[k]`.
#
# - There may be any number of categories, not only 3.
# - `n = 0` gives an empty array.
# - Raise a `ValueError` if `n` is negative, if a probability is negative, or if the probabilities do
#   not sum to 1 (being off by up to `1e-6` is rounding).
#
# *Hint:* `rng.choice` can do it. So can `rng.random` together with `np.cumsum` and `np.searchsorted`.


# %% solution="sample_categories"
def sample_categories(category_prob, n, rng):
    """Draw n independent labels; label k has probability category_prob[k]."""
    ### BEGIN SOLUTION
    category_prob = np.asarray(category_prob, dtype=float)
    if n < 0:
        raise ValueError(f"cannot draw {n} labels")
    if np.any(category_prob < 0):
        raise ValueError("a probability is negative")
    if abs(category_prob.sum() - 1) > 1e-6:
        raise ValueError(f"the probabilities sum to {category_prob.sum()}, not to 1")
    return rng.choice(len(category_prob), size=n, p=category_prob / category_prob.sum())
    ### END SOLUTION


# %% test="test_sample_categories" points=2
drawn = sample_categories(np.array([0.5, 0.3, 0.2]), 1000, np.random.default_rng(1))
assert drawn is not None, "Your function returns nothing: does it end in a `return`?"
drawn = np.asarray(drawn)
assert drawn.shape != (3,), (
    "You return one number for each category, such as a count: return the label of each draw."
)
assert drawn.shape == (1000,), f"1000 labels have the shape (1000,); yours have {drawn.shape}."
assert every(drawn == np.round(drawn)), (
    "Labels are whole numbers: return the index of the category."
)
assert drawn.min() >= 0, "A label is negative: labels count from 0."
assert drawn.max() <= 2, "With 3 categories the labels are 0, 1 and 2: yours go too far."
share = np.mean(drawn == 0)
assert share > 0.4, (
    f"Category 0 has probability 0.5, but only {share:.0%} of your labels are 0: are the "
    "probabilities used?"
)
### BEGIN HIDDEN TESTS
weights = np.array([0.1, 0.2, 0.05, 0.4, 0.25])
labels = attempt("With 5 categories", sample_categories, weights, 40_000, np.random.default_rng(11))
labels = np.asarray(labels)
assert labels.shape == (40_000,), "With 5 categories and 40,000 draws the shape must be (40000,)."
assert set(np.unique(labels)) <= {0, 1, 2, 3, 4}, "With 5 categories the labels are 0 to 4."
shares = np.bincount(labels.astype(int), minlength=5) / 40_000
assert not every(np.abs(shares - 0.2) < 0.03), (
    "All categories come up equally often: `category_prob` is not used in the draw."
)
assert np.count_nonzero(shares) == 5, (
    "With 5 categories some never come up: is the number of categories fixed in your code? "
    "Take it from `category_prob`."
)
spread = np.sqrt(np.multiply(weights, np.subtract(1, weights)) / 40_000)
assert every(np.abs(shares - weights) < 6 * spread), (
    "Over many draws the shares of the categories are not the given probabilities."
)
counts = np.array(
    [
        np.sum(np.asarray(sample_categories([0.5, 0.5], 100, g)) == 0)
        for g in [np.random.default_rng(s) for s in range(400)]
    ]
)
assert counts.var() > 0, (
    "Every run gives exactly the same counts. The draws must be independent, so the counts vary by "
    "chance: do not hand out rounded shares, and do not make a generator with a seed of your own."
)
assert 12 < counts.var() < 45, (
    "The counts vary by a wrong amount from run to run: the draws are not independent of one another."
)
### END HIDDEN TESTS

# %% test="test_sample_categories__random_and_edges" points=1
even = np.array([0.5, 0.5])
first = np.asarray(sample_categories(even, 50, np.random.default_rng(7)))
again = np.asarray(sample_categories(even, 50, np.random.default_rng(7)))
assert np.array_equal(first, again), (
    "The same seed gave two different results: draw from `rng`, not from `np.random`."
)
attempt(
    "With probabilities that miss the sum 1 by a tiny rounding error",
    sample_categories,
    [0.5, 0.5 - 1e-9],
    10,
    np.random.default_rng(0),
)
assert refuses(sample_categories, [0.5, 0.6], 10, np.random.default_rng(0)), (
    "Probabilities that sum to 1.1 must raise a ValueError."
)
### BEGIN HIDDEN TESTS
other = np.asarray(sample_categories(even, 50, np.random.default_rng(8)))
assert not np.array_equal(first, other), (
    "Another seed gave the same result: your function makes its own generator with a fixed seed "
    "instead of using `rng`."
)
generator = np.random.default_rng(9)
one = np.asarray(sample_categories(even, 50, generator))
two = np.asarray(sample_categories(even, 50, generator))
assert not np.array_equal(one, two), (
    "Two calls with the same generator gave the same labels: the second call must go on where the "
    "first stopped."
)
listed = attempt(
    "With a plain list of probabilities",
    sample_categories,
    [0.5, 0.5],
    50,
    np.random.default_rng(7),
)
assert np.shape(listed) == (50,), "A plain list of probabilities must work like an array."
none = attempt("For n = 0", sample_categories, [0.2, 0.8], 0, np.random.default_rng(0))
assert len(none) == 0, "For n = 0 the result is an empty array."
assert every(np.asarray(sample_categories([1.0], 5, np.random.default_rng(0))) == 0), (
    "With a single category every label is 0."
)
assert every(np.asarray(sample_categories([0.5, 0.0, 0.5], 500, np.random.default_rng(3))) != 1), (
    "A category of probability 0 came up."
)
kept = np.array([0.25, 0.75])
assert not changed_inputs(sample_categories, kept, 20, np.random.default_rng(0)), (
    "Your function changes `category_prob`: work on a copy."
)
assert refuses(sample_categories, [0.5, 0.3], 10, np.random.default_rng(0)), (
    "Probabilities that sum to less than 1 must raise a ValueError."
)
assert refuses(sample_categories, [1.2, -0.2], 10, np.random.default_rng(0)), (
    "A negative probability must raise a ValueError, even where the sum is 1."
)
assert refuses(sample_categories, [0.5, 0.5], -1, np.random.default_rng(0)), (
    "A negative number of draws must raise a ValueError."
)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. How many of each?
#
# If you pick $n$ times, component $k$ is *expected* $n \phi_k$ times. This is the average over many
# repetitions, so it need not be a whole number, just as the expected number of children in a
# family need not be one.
#
# ### Exercise 2 · The expected counts (2 points)
#
# Write `expected_counts(n, category_prob)`. It returns the expected number of draws of each category
# as an array of shape `(K,)`, **not rounded**. It draws nothing.
#
# Raise a `ValueError` if `n` is negative, or if `category_prob` is not a vector of probabilities
# (a negative entry, or a sum that is not 1).


# %% solution="expected_counts"
def expected_counts(n, category_prob):
    """The expected number of draws of each category in n draws."""
    ### BEGIN SOLUTION
    category_prob = np.asarray(category_prob, dtype=float)
    if n < 0:
        raise ValueError(f"the number of draws is negative: {n}")
    if np.any(category_prob < 0) or abs(category_prob.sum() - 1) > 1e-6:
        raise ValueError("the probabilities must not be negative and must sum to 1")
    return n * category_prob
    ### END SOLUTION


# %% test="test_expected_counts" points=1
expected = expected_counts(10, np.array([0.5, 0.25, 0.25]))
assert expected is not None, "Your function returns nothing: does it end in a `return`?"
expected = np.asarray(expected, dtype=float)
assert expected.shape == (3,), f"3 categories give the shape (3,); yours is {expected.shape}."
assert not is_like(expected, [0.5, 0.25, 0.25]), "These are probabilities: how many of n is that?"
assert not is_like(expected, np.round([5, 2.5, 2.5])), "Do not round: half a point may be expected."
assert not is_like(expected, [5, 3, 3]), "Do not round: half a point may be expected."
assert_like(expected, [5, 2.5, 2.5], "Half of 10 draws should fall into category 0.")
### BEGIN HIDDEN TESTS
weights = np.array([0.07, 0.33, 0.41, 0.19])
mine = np.asarray(expected_counts(73, weights), dtype=float)
assert mine.shape == (4,), "With 4 categories the result has the shape (4,)."
assert not is_like(mine, np.floor(73 * weights)), (
    "The counts are cut to whole numbers: keep the fractions."
)
assert not is_like(mine, np.round(73 * weights)), "The counts are rounded: keep the fractions."
assert not is_like(mine, np.full(4, 73 / 4)), (
    "Every category gets the same count: use the probabilities."
)
assert every(mine == np.asarray(expected_counts(73, weights))), (
    "Two calls differ: the expected counts are not random, so draw nothing."
)
assert_like(mine, 73 * weights, "The expected counts are wrong for other weights and another n.")
### END HIDDEN TESTS

# %% test="test_expected_counts__edges" points=1
listed = attempt("With a plain list of probabilities", expected_counts, 4, [0.5, 0.5])
assert np.shape(listed) == (2,), (
    "With a plain list of 2 probabilities the shape must be (2,). Mind that a list times a whole "
    "number is that list repeated."
)
assert refuses(expected_counts, -1, [0.5, 0.5]), (
    "A negative number of draws must raise a ValueError."
)
### BEGIN HIDDEN TESTS
attempt(
    "With probabilities that miss the sum 1 by a tiny rounding error",
    expected_counts,
    10,
    [0.5, 0.5 - 1e-9],
)
assert_like(listed, [2, 2], "A plain list of probabilities must work like an array.")
assert_like(expected_counts(5, [1.0]), [5], "With a single category all draws fall into it.")
assert_like(
    expected_counts(8, [0.0, 1.0]), [0, 8], "A category of probability 0 is expected 0 times."
)
kept = np.array([0.25, 0.75])
assert not changed_inputs(expected_counts, 20, kept), (
    "Your function changes `category_prob`: work on a copy."
)
assert refuses(expected_counts, 10, [0.7, 0.7]), (
    "Probabilities that sum to more than 1 must raise a ValueError: do not scale them silently."
)
assert refuses(expected_counts, 10, [0.3, 0.3]), (
    "Probabilities that sum to less than 1 must raise a ValueError."
)
assert refuses(expected_counts, 10, [1.5, -0.5]), "A negative probability must raise a ValueError."
nothing = attempt("For n = 0", expected_counts, 0, [0.25, 0.75])
assert np.array_equal(nothing, [0, 0]), "In no draws at all, each category is expected 0 times."
### END HIDDEN TESTS

# %% [markdown]
# The same with three sets of weights. The crosses mark what you expect, the bars what chance gave.
# Put in weights of your own, too.

# %%
rng = np.random.default_rng(SEED)
fig, axes = plt.subplots(1, 3, figsize=(9, 3), sharey=True, layout="constrained")
for ax, weights in zip(
    axes, [[1 / 3, 1 / 3, 1 / 3], [0.6, 0.3, 0.1], [0.05, 0.05, 0.9]], strict=True
):
    labels = sample_categories(weights, 250, rng)
    ax.bar(range(3), np.bincount(labels, minlength=3), color="#9ecae1", edgecolor="black")
    ax.plot(range(3), expected_counts(250, weights), "kX", markersize=10)
    ax.set(xticks=range(3), xlabel="component", title=", ".join(f"{w:.2f}" for w in weights))
axes[0].set_ylabel("points out of 250")
show(
    fig,
    alt="Three bar charts of how often each component was picked out of 250 times, for equal weights, "
    "for weights 0.6, 0.3, 0.1 and for weights 0.05, 0.05, 0.9. The bars end near the crosses that "
    "mark the expected counts, but not exactly there.",
)

# %% [markdown]
# How far do the counts stray? The count of one component has the standard deviation
# $\sqrt{n \phi_k (1 - \phi_k)}$. It grows with $n$, but slower than $n$ itself, so the *share* of each
# component settles down:

# %%
rng = np.random.default_rng(SEED)
sizes = np.array([10, 30, 100, 300, 1000, 3000, 10_000, 30_000])
strays = [abs(np.mean(sample_categories(phi, n, rng) == 0) - phi[0]) for n in sizes]
fig, ax = plt.subplots(figsize=(6, 3.5), layout="constrained")
ax.loglog(sizes, strays, "o-", label="one run")
ax.loglog(sizes, np.sqrt(phi[0] * (1 - phi[0]) / sizes), "k--", label="standard deviation")
ax.set(xlabel="number of draws n", ylabel="distance of the share from phi")
ax.legend(frameon=False)
show(
    fig,
    alt="The distance between the observed share of component 0 and its weight, against the number of "
    "draws, on logarithmic axes. It scatters below and around a falling straight dashed line.",
)

# %% [markdown]
# ## 4. Draw the points
#
# Now the second step: each label picks its Gaussian, and the Gaussian gives the point. Because we draw
# the "parent" $z$ first and then the "child" $x$, this is called **ancestral sampling**.
#
# `rng.multivariate_normal(mean, cov, size)` draws from one Gaussian. Mind that it wants the
# **covariance**, not the standard deviation.
#
# ### Exercise 3 · Sample the mixture (4 points)
#
# Write `gmm_sample(N, pi, mu, sigma, rng)`. It returns a pair `(X, z)`:
#
# - `X` has shape `(N, D)` and holds the points;
# - `z` has shape `(N,)` and holds the label of each point, so that row `i` of `X` was drawn from
#   component `z[i]`.
#
# The inputs are the weights `pi` of shape `(K,)` (called $\phi$ above), the means `mu` of shape
# `(K, D)` and the covariance matrices `sigma` of shape `(K, D, D)`. The rows may come in any order, as
# long as `X` and `z` agree. `K` and `D` can be any size. `N = 0` gives empty arrays.
#
# Raise a `ValueError` if `N` is negative, if `pi` is not a vector of probabilities, or if `mu` or
# `sigma` does not have one entry for each weight.


# %% solution="gmm_sample"
def gmm_sample(N, pi, mu, sigma, rng):
    """Draw N points X (N, D) and their labels z (N,) from a Gaussian mixture."""
    ### BEGIN SOLUTION
    pi, mu, sigma = (np.asarray(a, dtype=float) for a in (pi, mu, sigma))
    if N < 0:
        raise ValueError(f"cannot draw {N} points")
    if np.any(pi < 0) or abs(pi.sum() - 1) > 1e-6:
        raise ValueError("the weights must not be negative and must sum to 1")
    if not len(pi) == len(mu) == len(sigma):
        raise ValueError(f"{len(pi)} weights, {len(mu)} means and {len(sigma)} covariances")
    z = rng.choice(len(pi), size=N, p=pi / pi.sum())
    X = np.empty((N, mu.shape[1]))
    for k in range(len(pi)):
        members = z == k
        X[members] = rng.multivariate_normal(mu[k], sigma[k], size=members.sum())
    return X, z
    ### END SOLUTION


# %% test="test_gmm_sample" points=2
result = gmm_sample(
    200,
    np.array([0.5, 0.5]),
    np.array([[0.0, 0.0], [9.0, 9.0]]),
    np.array([np.eye(2), np.eye(2)]),
    np.random.default_rng(2),
)
assert isinstance(result, tuple | list) and len(result) == 2, (
    "Return two things, the points and their labels: `return X, z`."
)
points, labels = (np.asarray(part) for part in result)
assert points.shape == (200, 2), (
    f"200 points in the plane have the shape (200, 2), yours {points.shape}."
)
assert labels.shape == (200,), f"200 labels have the shape (200,), yours {labels.shape}."
near = np.linalg.norm(points - 9 * labels[:, None], axis=1)
assert every(near < 7), (
    "Some points lie far from the mean of the component that their label names: row i of X must be "
    "drawn from component z[i]."
)
long_clouds = np.array([[[100.0, 0.0], [0.0, 1.0]]] * 2)
stretched = gmm_sample(
    2000, np.array([0.5, 0.5]), np.zeros((2, 2)), long_clouds, np.random.default_rng(6)
)
variance = np.asarray(stretched[0], dtype=float)[:, 0].var()
assert not (5 < variance < 20 or variance > 1000), (
    f"Where `sigma` has the variance 100, that of your points is {variance:.0f}: `sigma` holds "
    "covariances, not standard deviations. Which of the two does your draw ask for?"
)
### BEGIN HIDDEN TESTS
weights = np.array([0.15, 0.4, 0.25, 0.2])
centres = np.array([[0.0, 60, 0], [90, 0, -50], [0, -80, 70], [-90, 20, 10]])
roots = np.random.default_rng(5).normal(size=(4, 3, 3)) + 2 * np.eye(3)
covs = roots @ roots.transpose(0, 2, 1)
X_new, z_new = attempt(
    "With 4 components in 3 dimensions",
    gmm_sample,
    40_000,
    weights,
    centres,
    covs,
    np.random.default_rng(12),
)
X_new, z_new = np.asarray(X_new, dtype=float), np.asarray(z_new).astype(int)
assert X_new.shape == (40_000, 3), "For 3-dimensional means the points have the shape (N, 3)."
assert z_new.shape == (40_000,), "The labels have the shape (N,)."
assert set(np.unique(z_new)) == {0, 1, 2, 3}, (
    "With 4 components the labels must be 0 to 3: take K from the inputs."
)
nearest = np.linalg.norm(X_new[:, None] - centres, axis=2).argmin(axis=1)
assert not np.array_equal(np.sort(nearest), np.sort(z_new)) or np.array_equal(nearest, z_new), (
    "The right points and the right labels, but in different orders: row i of X must belong to z[i]."
)
assert np.mean(nearest == z_new) > 0.999, (
    "Points lie far from the mean of their own component. Each point comes from one single component, "
    "not from an average of all of them."
)
share = np.bincount(z_new, minlength=4) / 40_000
assert every(np.abs(share - weights) < 6 * np.sqrt(weights * (1 - weights) / 40_000)), (
    "The components do not come up in the proportions of `pi`."
)
for k in range(4):
    members = X_new[z_new == k]
    n_k, S = len(members), covs[k]
    assert len(np.unique(members, axis=0)) == n_k, (
        "Several points of a component are the same: draw a new one for each row."
    )
    off = np.abs(members.mean(axis=0) - centres[k]) / np.sqrt(np.diag(S) / n_k)
    assert every(off < 6.5), "The points of a component do not scatter around its mean."
    found = np.cov(members.T)
    error = np.sqrt((np.outer(np.diag(S), np.diag(S)) + S**2) / n_k)
    assert not every(np.abs(found - np.diag(np.diag(S))) < 6.5 * error), (
        "The coordinates of a point vary independently: use the whole covariance matrix, not only "
        "its diagonal."
    )
    assert not is_like(found, S @ S, rtol=0.2), (
        "The clouds are too wide or too narrow: `sigma` holds covariances, not standard deviations."
    )
    assert every(np.abs(found - S) < 6.5 * error), (
        "The points of a component do not have its covariance. A covariance is a squared scale: if "
        "you scale normal draws yourself, multiply by a matrix root of it, in the right order."
    )
### END HIDDEN TESTS

# %% test="test_gmm_sample__random" points=1
setting = (np.array([0.3, 0.7]), np.array([[0.0, 0], [5, 5]]), np.array([np.eye(2), np.eye(2)]))
X_a, z_a = gmm_sample(40, *setting, np.random.default_rng(3))
X_b, z_b = gmm_sample(40, *setting, np.random.default_rng(3))
assert np.array_equal(X_a, X_b) and np.array_equal(z_a, z_b), (
    "The same seed gave two different results: draw everything from `rng`, not from `np.random`."
)
### BEGIN HIDDEN TESTS
X_c, z_c = gmm_sample(40, *setting, np.random.default_rng(4))
assert not np.array_equal(X_a, X_c), (
    "Another seed gave the same points: your function makes its own generator with a fixed seed."
)
assert not np.array_equal(
    np.sort(np.asarray(X_a)[:, 0] - 5 * np.asarray(z_a)),
    np.sort(np.asarray(X_c)[:, 0] - 5 * np.asarray(z_c)),
), "Another seed gave the same points: your function makes its own generator with a fixed seed."
sizes = [
    np.sum(
        np.asarray(
            gmm_sample(
                60, [0.5, 0.5], [[0.0], [9.0]], [[[1.0]], [[1.0]]], np.random.default_rng(s)
            )[1]
        )
        == 0
    )
    for s in range(60)
]
assert np.var(sizes) > 0, (
    "Every run has the same number of points of each component: the label of each point is drawn, "
    "so the counts vary."
)
single = [gmm_sample(3, [1.0], [[0.0]], [[[1.0]]], np.random.default_rng(s))[0] for s in (5, 6)]
assert not np.array_equal(*single), (
    "With a single component, another seed gave the same points: draw the points from `rng` too, not "
    "only the labels."
)
### END HIDDEN TESTS

# %% test="test_gmm_sample__edges" points=1
setting = (np.array([0.3, 0.7]), np.array([[0.0, 0], [5, 5]]), np.array([np.eye(2), np.eye(2)]))
assert refuses(gmm_sample, 10, [0.5, 0.6], *setting[1:], np.random.default_rng(0)), (
    "Weights that sum to 1.1 must raise a ValueError."
)
### BEGIN HIDDEN TESTS
X_none, z_none = attempt("For N = 0", gmm_sample, 0, *setting, np.random.default_rng(0))
assert np.size(X_none) == 0 and np.size(z_none) == 0, "N = 0 gives empty arrays."
X_one, z_one = attempt(
    "For one point in 4 dimensions",
    gmm_sample,
    1,
    [1.0],
    [[4.0, 4.0, 4.0, 4.0]],
    [np.eye(4)],
    np.random.default_rng(0),
)
assert np.shape(X_one) == (1, 4) and np.shape(z_one) == (1,), (
    "One point has the shapes (1, D) and (1,)."
)
X_line, z_line = attempt(
    "In one dimension, with plain lists,",
    gmm_sample,
    50,
    [0.5, 0.5],
    [[-50], [50]],
    [[[1]], [[1]]],
    np.random.default_rng(0),
)
assert np.shape(X_line) == (50, 1), "In one dimension X still has two axes: (N, 1)."
given = (
    np.array([0.3, 0.7]),
    np.array([[0.0, 0.0], [5.0, 5.0]]),
    np.array([np.eye(2), 2 * np.eye(2)]),
)
assert not changed_inputs(gmm_sample, 30, *given, np.random.default_rng(0)), (
    "Your function changes its inputs: work on copies."
)
assert refuses(gmm_sample, -5, *setting, np.random.default_rng(0)), (
    "A negative N must raise a ValueError."
)
assert refuses(gmm_sample, 5, [1.3, -0.3], *setting[1:], np.random.default_rng(0)), (
    "A negative weight must raise a ValueError."
)
assert refuses(
    gmm_sample, 5, [0.5, 0.5], [[0, 0]], [np.eye(2), np.eye(2)], np.random.default_rng(0)
), "Two weights and one mean do not fit together: raise a ValueError."
assert refuses(
    gmm_sample, 5, [0.5, 0.5], [[0, 0], [5, 5]], [np.eye(2)], np.random.default_rng(0)
), "Two weights and one covariance do not fit together: raise a ValueError."
_, z_used = attempt(
    "Where a component has the weight 0",
    gmm_sample,
    40,
    [0.0, 1.0],
    [[0, 0], [5, 5]],
    [np.eye(2), np.eye(2)],
    np.random.default_rng(0),
)
assert every(np.asarray(z_used) == 1), "A component of weight 0 came up."
for n_weights in (1, 3):
    assert refuses(
        gmm_sample,
        5,
        [1 / n_weights] * n_weights,
        [[0, 0], [5, 5]],
        [np.eye(2), np.eye(2)],
        np.random.default_rng(0),
    ), "Two components need two weights, neither one nor three: raise a ValueError."
assert refuses(gmm_sample, 5, [0.5, 0.4], *setting[1:], np.random.default_rng(0)), (
    "Weights that sum to 0.9 must raise a ValueError."
)
### END HIDDEN TESTS

# %% [markdown]
# Your own sample of 250 points. On the left is what an analyst gets to see, on the right what only the
# model knows: the latent label of each point.

# %%
rng = np.random.default_rng(SEED)
X, z = gmm_sample(250, phi, means, covariances, rng)
fig, axes = plt.subplots(1, 2, figsize=(10, 4.5), layout="constrained")
plot_data(X, ax=axes[0])
axes[0].set_title("what we see")
plot_clusters(X, z, ax=axes[1])
axes[1].set_title("coloured by the latent label z")
show(
    fig,
    alt="The same 250 points twice. On the left in one colour: three separate clouds. On the right each "
    "point has the colour and the mark of the component that it was drawn from.",
)
print("points of each component:", np.bincount(z, minlength=3))

# %% [markdown]
# Here the clouds are far apart, so you could guess every label by eye. Move the components closer
# in the widget and that stops being true.
#
# **Predict first.** What will happen to the picture when you give component 0 the weight 0.9?
# And when the correlation of component 0 goes to $+0.95$? Then move the sliders. ("1 of the rest" is
# the part of the remaining weight that goes to component 1. Component 2 gets what is left.)

# %%
mixture_explorer(phi, means, covariances)

# %% [markdown]
# <details>
# <summary>What you should have seen</summary>
#
# With the weight 0.9 nearly all points belong to component 0. The other two clouds thin out, but they stay where
# they are and keep their shape: a weight says how many points, not where. With the correlation $+0.95$ cloud 0
# becomes a narrow stripe that rises to the right. And once you move its mean into another cloud, your eye
# cannot tell the two apart any more, while the colours still can.
#
# </details>
#
# ## 5. The density of a mixture
#
# A **density** says how crowded each place is. At a point $x$, every component contributes its own
# Gaussian density, weighted by how often it is picked:
#
# $$p(x) = \sum_{k=0}^{K-1} \phi_k \, \mathcal{N}(x \mid \mu_k, \Sigma_k)$$
#
# Here $\mathcal{N}(x \mid \mu_k, \Sigma_k)$ stands for the density of component $k$ at $x$.
# In one dimension it is easy to draw. These 90 points come from three groups of 30, 40 and 20 points
# around -2, 0 and 2, with the standard deviations 1, 0.8 and 1.5.

# %%
x_line, group = load_mixture_1d()
line_weights = np.array([30, 40, 20]) / 90
line_means, line_deviations = np.array([-2, 0, 2]), np.array([1, 0.8, 1.5])

grid = np.linspace(-6, 7, 400)
parts = line_weights * norm.pdf(grid[:, None], line_means, line_deviations)
fig, ax = plt.subplots(figsize=(7, 3.8), layout="constrained")
for k, style in enumerate(["--", "-.", ":"]):
    ax.plot(grid, parts[:, k], style, label=f"weight times component {k}")
ax.plot(grid, parts.sum(axis=1), "k", linewidth=2, label="mixture: their sum")
ax.plot(x_line[:, 0], np.full(90, -0.006), "|", color="grey", markersize=9)
ax.set(xlabel="x", ylabel="density")
ax.legend(frameon=False)
show(
    fig,
    alt="Three weighted bell curves around -2, 0 and 2 as broken lines, and their sum as a thick line "
    "with its highest hump at 0 and a long tail to the right. Small strokes below mark the 90 points.",
)

# %% [markdown]
# The sum has fewer humps than components: two groups that overlap can share one hump. Counting
# humps is therefore no safe way to count groups.
#
# ### Exercise 4 · The mixture density (3 points)
#
# Write `mixture_density(X, pi, mu, sigma)`. It returns the density of the mixture at each row of `X`,
# an array of shape `(N,)`. For a single point, `X` has the shape `(1, D)` and the result the
# shape `(1,)`.
#
# Raise a `ValueError` if `pi` is not a vector of probabilities, or if `mu` or `sigma` does not have one
# entry for each weight.
#
# *Hint:* `multivariate_normal(mean, cov).pdf(X)` gives the density of one component. For one point it
# gives a plain number and not an array.


# %% solution="mixture_density"
def mixture_density(X, pi, mu, sigma):
    """The density of a Gaussian mixture at each row of X, shape (N,)."""
    ### BEGIN SOLUTION
    X, pi = np.asarray(X, dtype=float), np.asarray(pi, dtype=float)
    if np.any(pi < 0) or abs(pi.sum() - 1) > 1e-6:
        raise ValueError("the weights must not be negative and must sum to 1")
    if not len(pi) == len(mu) == len(sigma):
        raise ValueError(f"{len(pi)} weights, {len(mu)} means and {len(sigma)} covariances")
    density = np.zeros(len(X))
    for k in range(len(pi)):
        density += pi[k] * multivariate_normal(mu[k], sigma[k]).pdf(X)
    return density
    ### END SOLUTION


# %% test="test_mixture_density" points=2
at = mixture_density(
    np.array([[0.0, 0.0], [50.0, 50.0]]),
    np.array([0.5, 0.5]),
    np.zeros((2, 2)),
    np.array([np.eye(2), np.eye(2)]),
)
assert at is not None, "Your function returns nothing: does it end in a `return`?"
at = np.asarray(at, dtype=float)
assert at.shape == (2,), (
    f"Two points give the shape (2,), yours is {at.shape}: there is one density for each point, not one "
    "for each component."
)
assert not is_like(at[0], 1 / np.pi), "The components are added up without their weights `pi`."
assert_like(
    at[0],
    1 / (2 * np.pi),
    "Two equal components are the same as one: at its mean a standard Gaussian in the plane has the "
    "density 1 / (2 pi).",
)
assert_like(at[1], 0, "Far away from all means the density is 0.")
flat = mixture_density(
    np.array([[3.0], [3.0]]), np.array([1.0]), np.array([[3.0]]), np.array([[[4.0]]])
)
assert not is_like(flat, np.full(2, norm.pdf(0, scale=4))), (
    "In one dimension your bell curve is too wide: `sigma` holds variances, not standard deviations."
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(21)
places = helper.normal(scale=3, size=(40, 3))
weights = np.array([0.1, 0.35, 0.05, 0.5])
centres = helper.normal(scale=2, size=(4, 3))
roots = helper.normal(size=(4, 3, 3)) + np.eye(3)
covs = roots @ roots.transpose(0, 2, 1) + 0.5 * np.eye(3)
parts = np.stack(
    [multivariate_normal(m, S).pdf(places) for m, S in zip(centres, covs, strict=True)], axis=1
)
mine = attempt("With 4 components in 3 dimensions", mixture_density, places, weights, centres, covs)
mine = np.asarray(mine, dtype=float)
assert mine.shape == (40,), "40 points give 40 densities, shape (40,)."
assert not is_like(mine, parts.sum(axis=1)), "The weights `pi` are missing in the sum."
assert not is_like(mine, parts.mean(axis=1)), (
    "This is the plain average of the components: weight each by its own `pi`."
)
assert not is_like(mine, (weights * parts).mean(axis=1)), (
    "The weighted components are averaged: the weights already sum to 1, so add up."
)
assert not is_like(mine, (weights * parts).max(axis=1)), (
    "Only the largest component is counted: all of them contribute, so add up."
)
average = multivariate_normal(weights @ centres, np.tensordot(weights, covs, axes=1))
assert not is_like(mine, average.pdf(places)), (
    "You average the means and the covariances into a single Gaussian: add up the densities instead."
)
widths = np.sqrt(np.diagonal(covs, axis1=1, axis2=2))
upright = norm.pdf(places[:, None], centres, widths).prod(axis=2)
assert not is_like(mine, upright @ weights), (
    "You treat the coordinates as independent: use the whole covariance matrix, not only its diagonal."
)
assert not is_like(mine, np.log(parts @ weights)), "This is the logarithm of the density."
assert not is_like(mine, (parts @ weights) / (parts @ weights).sum()), (
    "The densities are scaled so that they sum to 1 over the points: a density integrates to 1 over "
    "space, and the points given do not matter."
)
assert_like(
    mine,
    parts @ weights,
    "The density is wrong for 4 components in 3 dimensions: is a number of components or dimensions, "
    "or a variable of the notebook, fixed in your code?",
    rtol=1e-4,
    atol=1e-12,
)
### END HIDDEN TESTS

# %% test="test_mixture_density__edges" points=1
single = mixture_density(
    np.array([[1.0, 2.0]]), np.array([1.0]), np.array([[1.0, 2.0]]), np.array([np.eye(2)])
)
assert np.shape(single) == (1,), f"One point gives the shape (1,), yours is {np.shape(single)}."
### BEGIN HIDDEN TESTS
assert_like(single, [1 / (2 * np.pi)], "A single component of weight 1 is that Gaussian itself.")
line = attempt(
    "In one dimension, with lists of whole numbers,",
    mixture_density,
    np.array([[0], [2], [5]]),
    [0.25, 0.75],
    [[0], [2]],
    [[[1]], [[4]]],
)
wanted = 0.25 * norm.pdf([0, 2, 5], 0, 1) + 0.75 * norm.pdf([0, 2, 5], 2, 2)
assert np.shape(line) == (3,), "In one dimension, X of shape (3, 1) gives the shape (3,)."
assert_like(
    line,
    wanted,
    "The density is wrong in one dimension with whole numbers as input: there `sigma` holds variances.",
)
silent = mixture_density([[0.0, 0.0]], [0.0, 1.0], [[0.0, 0.0], [3.0, 0.0]], [np.eye(2), np.eye(2)])
assert_like(silent, [np.exp(-4.5) / (2 * np.pi)], "A component of weight 0 contributes nothing.")
given = (
    np.array([[0.0, 1.0], [2.0, 3.0]]),
    np.array([0.5, 0.5]),
    np.zeros((2, 2)),
    np.array([np.eye(2)] * 2),
)
assert not changed_inputs(mixture_density, *given), (
    "Your function changes its inputs: work on copies."
)
pair = ([[0, 0], [5, 5]], [np.eye(2), np.eye(2)])
assert refuses(mixture_density, [[0.0, 0.0]], [0.5, 0.6], *pair), (
    "Weights that sum to 1.1 must raise a ValueError."
)
assert refuses(mixture_density, [[0.0, 0.0]], [1.5, -0.5], *pair), (
    "A negative weight must raise a ValueError."
)
assert refuses(mixture_density, [[0.0, 0.0]], [0.5, 0.5], [[0, 0]], pair[1]), (
    "Two weights and one mean do not fit together: raise a ValueError."
)
assert refuses(mixture_density, [[0.0, 0.0]], [0.5, 0.5], pair[0], [np.eye(2)]), (
    "Two weights and one covariance do not fit together: raise a ValueError."
)
assert refuses(mixture_density, [[0.0, 0.0]], [1.0], *pair), (
    "One weight and two components do not fit together: raise a ValueError."
)
assert refuses(mixture_density, [[0.0, 0.0]], [0.25, 0.25, 0.5], *pair), (
    "Three weights and two components do not fit together: raise a ValueError."
)
assert refuses(mixture_density, [[0.0, 0.0]], [0.3, 0.3], *pair), (
    "Weights that sum to less than 1 must raise a ValueError."
)
### END HIDDEN TESTS

# %% [markdown]
# **Check it yourself.** A density must integrate to 1: if you add up density times area over a fine
# grid that covers all the clouds, nothing may be missing.

# %%
step = 0.05
xs, ys = np.meshgrid(np.arange(-6, 12, step), np.arange(-6, 14, step))
grid_points = np.column_stack([xs.ravel(), ys.ravel()])
density = mixture_density(grid_points, phi, means, covariances)
print(
    f"density times area, summed over {len(grid_points):,} grid points: {density.sum() * step**2:.10f}"
)

# %%
fig, ax = plt.subplots(figsize=(6, 5.5), layout="constrained")
lines = ax.contour(xs, ys, density.reshape(xs.shape), levels=10, cmap="viridis")
ax.plot(X[:, 0], X[:, 1], ".", color="grey", markersize=4, zorder=0)
ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal", xlim=(-3, 9), ylim=(-3, 10))
fig.colorbar(lines, label="density")
show(
    fig,
    alt="Contour lines of your mixture density around three peaks, with the 250 points. The points crowd "
    "where the contour values are high.",
)

# %% [markdown]
# ## 6. A mixture is not a sum
#
# The density of a mixture is a sum, so it is tempting to make a mixture point by *adding* draws: one
# from each component, weighted by $\phi$. **Predict first:** how many clouds will that give?

# %%
rng = np.random.default_rng(SEED)
draws = np.stack(
    [rng.multivariate_normal(m, S, size=250) for m, S in zip(means, covariances, strict=True)]
)
added = np.tensordot(phi, draws, axes=1)
fig, axes = plt.subplots(1, 2, figsize=(10, 4.5), sharex=True, sharey=True, layout="constrained")
plot_data(X, ax=axes[0])
axes[0].set_title("mixture: pick one component")
plot_data(added, ax=axes[1])
axes[1].set_title("weighted sum of one draw from each")
show(
    fig,
    alt="Left: 250 points of the mixture in three clouds. Right: 250 weighted sums, which form one single "
    "small round cloud in the middle, where the mixture has no points at all.",
)

# %% [markdown]
# Adding Gaussian *variables* gives one Gaussian again, here in the middle of nowhere. Mixing means
# choosing. You add the *densities*, because each point may come from this component **or** from that
# one.

# %% [markdown]
# ## 7. Check yourself
#
# Choose an answer to see whether it is right, and why. Nothing here is graded.

# %%
from jupyterquiz import display_quiz

display_quiz(
    [
        {
            "question": "You draw 1,000 points with weights 0.2 and 0.8. How many come from component 0?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "Exactly 200",
                    "correct": False,
                    "feedback": "200 is the expected number. Each point is picked by chance.",
                },
                {
                    "answer": "About 200, a few more or less",
                    "correct": True,
                    "feedback": "Right: the standard deviation is the square root of 160, between 12 and 13.",
                },
                {
                    "answer": "Anything between 0 and 1,000 is equally likely",
                    "correct": False,
                    "feedback": "Possible in principle, but the counts crowd closely around 200.",
                },
            ],
        },
        {
            "question": "What does 'latent' say about z?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "It is drawn after x",
                    "correct": False,
                    "feedback": "It is drawn first; x depends on it.",
                },
                {
                    "answer": "It exists in the model but is not observed in the data",
                    "correct": True,
                    "feedback": "Right. Clustering is the attempt to guess it.",
                },
                {
                    "answer": "It has no effect on x",
                    "correct": False,
                    "feedback": "It decides which component x comes from.",
                },
            ],
        },
        {
            "question": "Can the density of a mixture be larger than 1 somewhere?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "No, probabilities are at most 1",
                    "correct": False,
                    "feedback": "A density is not a probability: only its integral over a region is one.",
                },
                {
                    "answer": "Yes, if a component is narrow enough",
                    "correct": True,
                    "feedback": "Right: a Gaussian with a standard deviation of 0.1 is about 4 at its mean.",
                },
            ],
        },
    ]
)

# %% [markdown]
# ### Quiz 1 (1 point)
#
# The weights change from (1/3, 1/3, 1/3) to (0.8, 0.1, 0.1), the means and covariances stay. What
# happens to a large sample? Set `quiz_1` to the letter of your answer, such as `"a"`.
#
# - a) The cloud of component 0 gets wider.
# - b) The clouds keep their places and shapes; cloud 0 has more points.
# - c) All clouds move towards the mean of component 0.
# - d) Clouds 1 and 2 vanish.

# %% solution="quiz_1"
### BEGIN SOLUTION
quiz_1 = "b"
### END SOLUTION

# %% test="test_quiz_1" points=1
choice_1 = str(quiz_1).strip().lower()
assert choice_1 in {"a", "b", "c", "d"}, "Set quiz_1 to one of the letters 'a', 'b', 'c', 'd'."
### BEGIN HIDDEN TESTS
assert choice_1 != "a", "The width of a cloud comes from its covariance. What does a weight decide?"
assert choice_1 != "c", "The place of a cloud comes from its mean. What does a weight decide?"
assert choice_1 != "d", "A weight of 0.1 still picks a component once in ten times."
### END HIDDEN TESTS

# %% [markdown]
# ### Quiz 2 (1 point)
#
# Which of these numbers is a fair check that `mixture_density` is right? Set `quiz_2` to a letter.
#
# - a) The densities at the data points sum to 1.
# - b) The density at every mean is 1.
# - c) The density times the area of a small square, summed over squares that cover the plane, is 1.
# - d) The largest density is at the mean with the largest weight.

# %% solution="quiz_2"
### BEGIN SOLUTION
quiz_2 = "c"
### END SOLUTION

# %% test="test_quiz_2" points=1
choice_2 = str(quiz_2).strip().lower()
assert choice_2 in {"a", "b", "c", "d"}, "Set quiz_2 to one of the letters 'a', 'b', 'c', 'd'."
### BEGIN HIDDEN TESTS
assert choice_2 != "a", (
    "Add one more data point and that sum grows: a density is not a probability of points."
)
assert choice_2 != "b", (
    "The height at a mean depends on the covariance: a narrow component is higher."
)
assert choice_2 != "d", "A wide component is flat. A narrow one with a small weight can be higher."
### END HIDDEN TESTS

# %% [markdown]
# ### Open question (2 points)
#
# In one or two sentences: why can you not tell from the point $x$ alone which component it came from
# when two clouds overlap? What could you say about it all the same? A person reads and marks this
# answer.

# %% [markdown] manual="explain_overlap" points=2
# Where clouds overlap, both components give such a point a positive density, so either may have made
# it. One can still say how probable each component is: its weighted density divided by the sum of all.

# %% [markdown]
# ## Wrap-up
#
# - A mixture model draws a hidden label $z$ with the weights $\phi$, then a point from that component.
# - Counts scatter around $n \phi_k$; shares settle down as $n$ grows.
# - The mixture's density is the weighted sum of the components' densities, and it integrates to 1.
# - Mixing means choosing a component for each point. Adding variables is something else.
#
# **Next:** in lesson 2 the labels are gone, and *k-means* tries to find the groups again.
#
# ## References
#
# - C. M. Bishop, *Pattern Recognition and Machine Learning*, Springer 2006: section 2.3.9 on mixtures of
#   Gaussians, section 8.1.2 on ancestral sampling.
# - K. P. Murphy, *Probabilistic Machine Learning: An Introduction*, MIT Press 2022: section 3.5 on mixture
#   models.
# - NumPy's [Generator](https://numpy.org/doc/stable/reference/random/generator.html).
