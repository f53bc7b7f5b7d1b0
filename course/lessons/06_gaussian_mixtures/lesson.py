# %% [markdown]
# # 6 · Gaussian mixtures at work
#
# In lesson 5 you built EM yourself. Now you use a finished mixture model and see what it is good for:
# clusters that k-means cannot find, probabilities instead of bare labels, new points, doubtful
# points, odd points. And you learn to answer the question that k-means left open: how many
# components, and of which shape?
#
# **You will learn to**
#
# - fit scikit-learn's mixtures, and read what `predict`, `predict_proba`, `sample` and `score_samples` say;
# - measure with the *entropy* how unsure the model is about a point, and find *anomalies*;
# - tell the four covariance types apart, and count their parameters;
# - compute AIC and BIC by hand, and choose the number of components and the type with them;
# - let a Bayesian mixture switch off components it does not need, and say where mixtures fail.
#
# **You need** lessons 1 (mixtures), 2 (k-means), 3 (silhouettes) and 5 (EM), and the idea of a logarithm.
# **Time:** about 60 minutes. **Marks:** 20, of which 2 are for a text that a person reads.

# %% [markdown]
# ## How the exercises work
#
# - Replace the line `raise NotSolvedYet` by your code, run the cell, then run the test below it. No
#   message means that the visible checks pass. More checks, on other data, run when your work is graded.
# - Your functions get everything they need as arguments. They never change their inputs, and they
#   take lists as well as arrays, for any number of points, features and components.
# - Logarithms are natural ones, `np.log`.
# - Where an exercise asks for a `ValueError`, write `raise ValueError("what is wrong")`.

# %% locked="setup" tags=["setup"]
import warnings

import matplotlib.pyplot as plt
import numpy as np
from scipy.stats import entropy
from sklearn.cluster import KMeans
from sklearn.datasets import make_blobs, make_moons
from sklearn.metrics import adjusted_rand_score, silhouette_samples
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture

from utils import (
    NotSolvedYet,
    assert_like,
    attempt,
    changed_inputs,
    every,
    gm_load_th1,
    gm_load_th2,
    is_like,
    km_load_th1,
    match_labels,
    most_common,
    plot_clusters,
    plot_data,
    refuses,
    show,
)
from utils.widgets.gaussian_mixture import mixture_chooser, plot_mixture

SEED = 42
TYPES = ("full", "tied", "diag", "spherical")

# Two sets on which k-means fails, with the blob that each point was drawn from
X_side, y_side = gm_load_th1(), np.repeat([0, 1, 2], 1000)
X_nested, y_nested = gm_load_th2(), np.repeat([0, 1], 1000)

# The set of this lesson: two long blobs of 500 points side by side, and a round one of 250
X_pair, y_pair = make_blobs(n_samples=1000, centers=((4, -4), (0, 0)), random_state=SEED)
X_ball, _ = make_blobs(n_samples=250, centers=1, random_state=SEED)
X = np.concatenate([X_pair @ np.array([[0.374, 0.95], [0.732, 0.598]]), X_ball + np.array([6, -8])])
y = np.concatenate([y_pair, np.full(250, 2)])

# %% [markdown]
# ## 1. Where k-means fails
#
# Here are two sets of points. The first has three long thin blobs, the second has a thin blob
# *inside* a wide one. (Only some of the points are drawn, so that you can see the marks.)

# %%
fig, axes = plt.subplots(1, 2, figsize=(10.5, 4.6), layout="constrained")
for ax, points, name in [
    (axes[0], X_side[::8], "three thin blobs"),
    (axes[1], X_nested[::6], "nested blobs"),
]:
    plot_data(points, ax=ax)
    ax.set_title(name)
show(
    fig,
    alt="Left: three upright thin blobs, two of them above each other and one to the right. Right: a thin "
    "upright blob in the middle of a wide cloud.",
)

# %% [markdown]
# **Predict first.** k-means gives each point to the nearest centre. How will it cut up these two
# sets? Sketch the borders, then run the next cell. (It fits all the points.)

# %%
kmeans_side = KMeans(3, n_init=10, random_state=SEED).fit_predict(X_side)
kmeans_nested = KMeans(2, n_init=10, random_state=SEED).fit_predict(X_nested)

fig, axes = plt.subplots(1, 2, figsize=(10.5, 4.6), layout="constrained")
plot_clusters(X_side[::8], kmeans_side[::8], ax=axes[0], title="three thin blobs: k-means, K = 3")
plot_clusters(X_nested[::6], kmeans_nested[::6], ax=axes[1], title="nested blobs: k-means, K = 2")
show(
    fig,
    alt="Left: three upright thin blobs, two of them above each other and one to the right. k-means "
    "cuts across: its clusters mix points of the right blob with those of the left ones. Right: a "
    "thin upright blob inside a wide one. k-means cuts the whole cloud into two halves.",
)

# %% [markdown]
# k-means measures plain distance, so it looks for round clusters of about equal size. The ends of a thin
# blob are far from its centre, and may be nearer to another one. And two centres in the same place
# are impossible for it: then every point would be equally near to both.
#
# A **Gaussian mixture** has $K$ components. Component $k$ has a *weight* $\phi_k$ (its share of the
# points), a *mean* $\mu_k$ and a *covariance* $\Sigma_k$ (its width, length and tilt). The
# covariance is what k-means lacks. scikit-learn's `GaussianMixture` fits all three with EM.

# %%
mixture_side = GaussianMixture(3, n_init=3, random_state=SEED).fit(X_side)
mixture_nested = GaussianMixture(2, n_init=3, random_state=SEED).fit(X_nested)

fig, axes = plt.subplots(1, 2, figsize=(10.5, 4.6), layout="constrained")
thin, nested = X_side[::8], X_nested[::6]
plot_clusters(thin, mixture_side.predict(thin), ax=axes[0], title="three thin blobs: mixture")
plot_clusters(nested, mixture_nested.predict(nested), ax=axes[1], title="nested blobs: mixture")
show(
    fig,
    alt="Left: the mixture gives each of the three thin blobs its own cluster. Right: one "
    "cluster is the thin upright blob in the middle, the other is the wide cloud on both sides of it.",
)

# %% [markdown]
# How well do the labels fit the blobs that the points were really drawn from? The *adjusted Rand index*
# says it in one number: 1 is perfect, and 0 is what guessing gives. It does not mind that clusters are
# numbered in any order.

# %%
for name, truth, by_kmeans, by_mixture in [
    ("three thin blobs", y_side, kmeans_side, mixture_side.predict(X_side)),
    ("nested blobs", y_nested, kmeans_nested, mixture_nested.predict(X_nested)),
]:
    print(
        f"{name:16}  k-means {adjusted_rand_score(truth, by_kmeans):5.2f}"
        f"   mixture {adjusted_rand_score(truth, by_mixture):.2f}"
    )

# %% [markdown]
# Where the blobs overlap, no method can be perfect: a point of the wide blob that lies inside the thin
# one looks just like a point of the thin one.
#
# ## 2. What a fitted mixture tells you
#
# From here on we use the set `X`: two long blobs side by side, close to each other, and a round one.
# EM has a random start and can get stuck, so `n_init=10` lets it start ten times and keeps the best fit.

# %%
gm = GaussianMixture(n_components=3, n_init=10, random_state=SEED).fit(X)
print("converged:", gm.converged_, "after", gm.n_iter_, "iterations")
print("weights:", gm.weights_.round(3))
print("means:\n", gm.means_.round(2))
print("covariances:\n", gm.covariances_.round(2))

# %% [markdown]
# Did it find what was put in? We drew 500, 500 and 250 of 1,250 points: weights of two fifths, two
# fifths and one fifth. The components come in any order.
#
# **Hard and soft.** `predict` names the most probable component of each point. `predict_proba` gives
# the probability of every component: one row for each point, one column for each component. These
# are the *responsibilities* of lesson 5.

# %%
some = [0, 4, 1100]
print("labels:       ", gm.predict(X[some]))
print("probabilities:\n", gm.predict_proba(X[some]).round(4))

# %% [markdown]
# **New points.** A mixture is a recipe for making points, so it can make new ones: `sample` draws them
# and says which component made each.
#
# **Predict first.** Will 10,000 new points look like the 1,250 old ones? What would 10,000 new points
# from k-means look like?

# %%
X_new, z_new = gm.sample(10_000)
fig, axes = plt.subplots(1, 2, figsize=(10, 4.2), sharex=True, sharey=True, layout="constrained")
plot_data(X, ax=axes[0])
axes[0].set_title("1,250 points of the data")
plot_clusters(X_new, z_new, ax=axes[1], title="10,000 points of the mixture", legend=False)
show(
    fig,
    alt="Left: the data, two long leaning clouds side by side and a round one on the right. Right: 10,000 "
    "sampled points fill the same three clouds, each in its own colour and with its number.",
)
print("the first labels:", z_new[:8], "  the last labels:", z_new[-8:])
print("labels in rising order:", bool(np.all(np.diff(z_new) >= 0)))

# %% [markdown]
# Two traps. The points come sorted by component, so shuffle them before you use some of
# them. And a model with a whole number as `random_state` draws the *same* points at each call of
# `sample`. k-means has no recipe: it knows centres and nothing about the spread around them.
#
# **Density.** `score_samples` gives the *logarithm* of the mixture's density at each point: how crowded
# the model expects that place to be. Lesson 1's check works here too: the density times the area
# of a small square, summed over squares that cover all clouds, must be 1.

# %%
step = 0.02
ticks = np.arange(-10, 10, step)
squares = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
total = np.exp(gm.score_samples(squares)).sum() * step**2
print(f"density times area over {len(squares):,} squares: {total:.13f}")
print("log-densities of three points:", gm.score_samples(X[some]).round(2))

# %% [markdown]
# The tiny rest lies outside the squares. And here is the whole model in one picture: the density as
# grey contour lines, the components as ellipses, and black *borders* (dash and dot) where the most probable
# component changes.

# %%
show(
    plot_mixture(gm, X),
    alt="The density of the mixture over the data. Three numbered ellipses sit on the clouds, two long "
    "leaning ones and a round one. Curved borders run between them.",
)

# %% [markdown]
# Why is there a border at the top left, where the round cloud is far away? The round component is the widest,
# and so its density falls off most slowly. Far enough across a long cloud it is the last one that still
# expects anything.
#
# ## 3. How sure is the model?
#
# A row of probabilities such as (1, 0, 0) leaves no doubt. A row such as (1/3, 1/3, 1/3) is all
# doubt. The **entropy** turns such a row $p = (p_0, \dots, p_{K-1})$ into one number:
#
# $$H(p) = -\sum_{k=0}^{K-1} p_k \log p_k \qquad \text{where } 0 \log 0 \text{ counts as } 0.$$
#
# It is 0 where one component takes all, and largest, $\log K$, where all are equally probable. With the
# natural logarithm its unit is the *nat*. SciPy's `entropy` computes it.
#
# **Predict first.** Which row has the larger entropy: (0.5, 0.5, 0) or (0.8, 0.1, 0.1)?

# %%
for row in [(1, 0, 0), (0.8, 0.1, 0.1), (0.5, 0.5, 0), (1 / 3, 1 / 3, 1 / 3)]:
    print(np.round(row, 2), f"entropy {entropy(row):.3f}")

# %% [markdown]
# Two equal rivals are more doubt than one favourite with two weak followers.
#
# ### Exercise 1 · The entropy of each row (3 points)
#
# Write `assignment_entropy(proba)`. `proba` has the shape `(N, K)`, one row of probabilities for each
# point. It returns the entropy of each row, in nats, an array of shape `(N,)`.
#
# - `0 log 0` counts as 0, and NumPy gives no warning about it.
# - Raise a `ValueError` if `proba` does not have two axes, if a probability is negative, or if a row
#   does not sum to 1 (being off by up to `1e-6` is rounding).
#
# *Hint:* `np.log(0)` is where the trouble starts. Take the logarithm only where $p_k > 0$. In the other
# places, the logarithm of 1 does no harm. You may also use SciPy's `entropy`. Then mind its `axis`, and
# that it quietly scales rows that do not sum to 1.


# %% solution="assignment_entropy"
def assignment_entropy(proba):
    """The entropy in nats of each row of probabilities, shape (N,)."""
    ### BEGIN SOLUTION
    proba = np.asarray(proba, dtype=float)
    if proba.ndim != 2:
        raise ValueError(f"a table of shape (N, K) is needed, not {proba.shape}")
    if np.any(proba < 0):
        raise ValueError("a probability is negative")
    if np.any(np.abs(proba.sum(axis=1) - 1) > 1e-6):
        raise ValueError("a row does not sum to 1")
    return -np.sum(proba * np.log(np.where(proba > 0, proba, 1)), axis=1)
    ### END SOLUTION


# %% test="test_assignment_entropy" points=2
shown = assignment_entropy([[0.5, 0.5, 0.0, 0.0], [0.25, 0.25, 0.25, 0.25]])
assert shown is not None, "Your function returns nothing: does it end in a `return`?"
shown = np.asarray(shown, dtype=float)
assert shown.shape != (4,), (
    "There is one number for each column: sum over the components of a point, that is along axis 1."
)
assert shown.shape == (2,), f"Two points have two entropies, shape (2,); yours is {shown.shape}."
assert every(~np.isnan(shown)), (
    "An entropy is not a number (nan): 0 times the logarithm of 0 must count as 0."
)
assert shown.min() > -1e-9, (
    "An entropy is never negative. The logarithm of a probability is: is the minus sign there?"
)
assert not is_like(shown, [1, 2], atol=1e-3), (
    "This is the entropy in bits: take the natural logarithm."
)
assert not is_like(shown, [0.5, 1], atol=1e-3), (
    "This is divided by its largest possible value: return the plain entropy in nats."
)
assert not is_like(shown, [0.5, 0.75], atol=1e-3), (
    "This is 1 minus a probability: each probability must be multiplied by its logarithm."
)
assert_like(
    shown[1], np.log(4), "Where K components are equally probable, the entropy must be log K."
)
assert_like(
    shown[0], np.log(2), "Components of probability 0 must not change the entropy of the others."
)
### BEGIN HIDDEN TESTS
rows = np.random.default_rng(61).dirichlet(np.full(5, 0.4), size=30)
wanted = np.array([-sum(p * np.log(p) for p in row if p > 0) for row in rows])
mine = attempt("With 30 points and 5 components", assignment_entropy, rows)
mine = np.asarray(mine, dtype=float)
assert mine.shape == (30,), "30 points have 30 entropies, shape (30,)."
assert not is_like(mine, wanted / np.log(2)), (
    "This is the entropy in bits: take the natural logarithm."
)
assert not is_like(mine, wanted / np.log(5)), (
    "This is divided by log K: return the plain entropy in nats."
)
assert not is_like(mine, wanted / 5), (
    "This is the mean over the components: the entropy is the sum."
)
assert not is_like(mine, -np.log(rows.max(axis=1))), (
    "Only the largest probability is used: all components of a row count."
)
assert_like(
    mine,
    wanted,
    "The entropies are wrong for 5 components: is a number of components fixed in your code?",
    rtol=1e-5,
    atol=1e-6,
)
### END HIDDEN TESTS

# %% test="test_assignment_entropy__edges" points=1
with warnings.catch_warnings():
    warnings.simplefilter("error", RuntimeWarning)
    sure = attempt(
        "With probabilities of 0 and 1, and a warning counting as an error,",
        assignment_entropy,
        [[1, 0, 0], [0, 0, 1]],
    )
assert_like(sure, [0, 0], "A point that surely belongs to one component has the entropy 0.")
assert refuses(assignment_entropy, [[0.5, 0.6], [0.5, 0.5]]), (
    "A row that sums to 1.1 must raise a ValueError."
)
### BEGIN HIDDEN TESTS
single = assignment_entropy([[1.0], [1.0], [1.0]])
assert np.shape(single) == (3,) and is_like(single, [0, 0, 0]), (
    "With a single component there is no doubt: every entropy is 0."
)
kept = np.array([[0.25, 0.75, 0.0], [1.0, 0.0, 0.0]])
assert not changed_inputs(assignment_entropy, kept), (
    "Your function changes `proba`: work on a copy."
)
rounded = attempt("With float32 numbers", assignment_entropy, np.float32([[0.1, 0.2, 0.7]]))
assert_like(rounded, [0.801819], "The entropy is wrong for float32 numbers.", atol=1e-4)
assert refuses(assignment_entropy, [[0.5, 0.3]]), (
    "A row that sums to less than 1 must raise a ValueError: do not scale it silently."
)
assert refuses(assignment_entropy, [[0.5, 0.5], [1.2, -0.2]]), (
    "A negative probability must raise a ValueError, even where the row sums to 1."
)
assert refuses(assignment_entropy, [0.5, 0.5]), (
    "A single row without a second axis is not a table (N, K): raise a ValueError."
)
### END HIDDEN TESTS

# %% [markdown]
# Now map the doubt. On the left is the set of round clusters from the k-means lessons, on the right our
# set `X`. A larger and darker dot means more doubt.

# %%
X_round = km_load_th1()
gm_round = GaussianMixture(3, n_init=10, random_state=SEED).fit(X_round)
fig, axes = plt.subplots(1, 2, figsize=(11, 4.4), layout="constrained")
for ax, points, model, name in [
    (axes[0], X_round, gm_round, "three round clusters"),
    (axes[1], X, gm, "the set X"),
]:
    doubt = assignment_entropy(model.predict_proba(points))
    order = np.argsort(doubt)
    dots = ax.scatter(
        *points[order].T,
        c=doubt[order],
        s=8 + 70 * doubt[order],
        cmap="YlOrBr",
        vmin=0,
        vmax=np.log(3),
        edgecolors="black",
        linewidths=0.3,
    )
    ax.set(xlabel="$x_1$", ylabel="$x_2$", title=name)
fig.colorbar(dots, ax=axes, label="entropy (nats)")
show(
    fig,
    alt="Two scatter plots in which larger, darker dots have a higher entropy. Most points are small and "
    "pale. The large dark ones lie where two clusters meet.",
)

# %% [markdown]
# Is the doubt honest? Look at the points that the model labels wrongly. They should be among the
# doubtful ones. (`match_labels` renames the clusters so that they can be compared with the
# true groups.)

# %%
wrong = match_labels(y, gm.predict(X)) != y
doubt = assignment_entropy(gm.predict_proba(X))
doubtful = doubt >= np.quantile(doubt, 0.9)
print(f"wrong labels among all points:               {wrong.sum()}")
print(f"wrong labels in the most doubtful tenth:     {wrong[doubtful].sum()}")
print(f"share of wrong labels there and elsewhere:   {wrong[doubtful].mean():.1%}, "
      f"{wrong[~doubtful].mean():.1%}")  # fmt: skip

# %% [markdown]
# Doubt is not the same as oddness. A point far out on the right surely belongs to the round cloud, if it
# belongs to any of the three. Whether such a point is to be expected is another question.
#
# ## 4. Anomalies
#
# A factory knows from experience that about 4 in 100 of its parts are bad. It measures two features of
# each part. Which parts should a person look at? Those in places where the model expects hardly any
# points: where the density is low.
#
# So sort the log-densities and take the lowest 4 per cent. The value below which `percent` per cent
# of some numbers lie is their **percentile**, `np.percentile(numbers, percent)`. A point *strictly*
# below it is called an **anomaly**.
#
# **Predict first.** Will the anomalies be the points that are farthest from the middle of all the data?
#
# ### Exercise 2 · Mark the anomalies (2 points)
#
# Write `anomaly_mask(log_densities, percent)`. `log_densities` has the shape `(N,)`. It returns a
# **boolean** array of shape `(N,)` that is `True` where a log-density is strictly below
# `np.percentile(log_densities, percent)`.
#
# Raise a `ValueError` if `log_densities` is empty or does not have exactly one axis, or if `percent` is
# not between 0 and 100 (both allowed).


# %% solution="anomaly_mask"
def anomaly_mask(log_densities, percent):
    """Where the log-densities lie strictly below their given percentile, shape (N,), bool."""
    ### BEGIN SOLUTION
    log_densities = np.asarray(log_densities, dtype=float)
    if log_densities.ndim != 1 or len(log_densities) == 0:
        raise ValueError(f"a vector of log-densities is needed, not shape {log_densities.shape}")
    if not 0 <= percent <= 100:
        raise ValueError(f"percent must lie between 0 and 100, not at {percent}")
    return log_densities < np.percentile(log_densities, percent)
    ### END SOLUTION


# %% test="test_anomaly_mask" points=1
flags = np.asarray(anomaly_mask([-1.0, -9.0, -3.0, -2.0, -4.0], 25))
assert flags.dtype == bool, (
    "The mask must hold True and False. With numbers in it, `X[mask]` would pick rows by their "
    "number instead."
)
assert flags.shape == (5,), f"5 points have a mask of shape (5,), yours is {flags.shape}."
assert not np.array_equal(flags, [True, False, True, True, False]), (
    "You mark the crowded places: an anomaly has a *low* density."
)
assert not np.array_equal(flags, [False, True, False, False, True]), (
    "The point that lies exactly at the percentile is marked: only those strictly below it count."
)
assert flags[1], "The point with the lowest log-density of all must be marked."
assert np.array_equal(flags, [False, True, False, False, False]), (
    "Too many points are marked: only those strictly below the percentile count."
)
n_marked = np.count_nonzero(anomaly_mask(np.arange(60), 50))
assert n_marked != 1, (
    "`percent` goes from 0 to 100, and `np.percentile` wants it so: do not divide by 100."
)
assert n_marked == 30, (
    "With 50 per cent half of 60 points must be marked: is the percentage fixed in your code?"
)
### BEGIN HIDDEN TESTS
scores = np.random.default_rng(62).gumbel(size=400) * -2.0 + 1.0
mine = np.asarray(attempt("With 400 points and 4 per cent", anomaly_mask, scores.copy(), 4))
assert mine.shape == (400,), "400 points have a mask of shape (400,)."
assert not np.array_equal(mine, scores < np.percentile(scores, 0.04)), (
    "`percent` goes from 0 to 100, and `np.percentile` wants it so: do not divide by 100."
)
assert not np.array_equal(mine, scores < scores.mean() - 2 * scores.std()), (
    "The limit is not a distance from the mean: it is the percentile."
)
assert mine.sum() > 0, "With 4 per cent of 400 points nothing is marked."
assert np.array_equal(mine, scores < np.percentile(scores, 4)), (
    "The wrong points are marked for 4 per cent of 400 points: is a percentage or a threshold fixed "
    "in your code?"
)
half = np.asarray(anomaly_mask(np.arange(11), 50))
assert np.array_equal(half, np.arange(11) < 5), (
    "The wrong points are marked for 50 per cent: is the percentage fixed in your code?"
)
### END HIDDEN TESTS

# %% test="test_anomaly_mask__edges" points=1
assert np.array_equal(anomaly_mask([-3.0, -1.0, -2.0], 0), [False, False, False]), (
    "With 0 per cent nothing is marked: no point lies strictly below the lowest one."
)
assert refuses(anomaly_mask, [-3.0, -1.0, -2.0], 101), (
    "A percentage above 100 must raise a ValueError."
)
### BEGIN HIDDEN TESTS
assert refuses(anomaly_mask, [-3.0, -1.0, -2.0], -1), (
    "A negative percentage must raise a ValueError."
)
assert np.array_equal(anomaly_mask([-2.0, -2.0, -2.0, -2.0], 50), [False] * 4), (
    "Where all log-densities are equal none is strictly below the percentile, so nothing is marked: "
    "do not count points off."
)
assert np.array_equal(anomaly_mask([-3, -1, -2, -1], 100), [True, False, True, False]), (
    "With 100 per cent all points are marked except those that share the highest log-density."
)
kept = np.array([-1.0, -7.0, -3.0, -2.0])
assert not changed_inputs(anomaly_mask, kept, 50), (
    "Your function changes `log_densities`: sort a copy."
)
assert refuses(anomaly_mask, [[-1.0, -2.0], [-3.0, -4.0]], 10), (
    "A table with two axes is not a vector of log-densities: raise a ValueError."
)
assert refuses(anomaly_mask, [], 10), (
    "Without any points there is no percentile: raise a ValueError."
)
### END HIDDEN TESTS

# %%
log_densities = gm.score_samples(X)
odd = anomaly_mask(log_densities, 4)
ax = plot_mixture(gm, X)
ax.plot(*X[odd].T, "*", color="#D55E00", markeredgecolor="black", markersize=12, zorder=4)
ax.set_title(f"{odd.sum()} anomalies of {len(X):,} points, as stars")
show(
    ax,
    alt="The mixture over the data, with stars on the points of lowest density. The stars lie around "
    "the rim of all three clouds, also on the sides where the clouds face each other.",
)
middle = np.linalg.norm(X - X.mean(axis=0), axis=1)
far = middle > np.percentile(middle, 96)
print("anomalies:", odd.sum(), "  of them among the farthest 4 per cent:", np.sum(odd & far))

# %% [markdown]
# The density knows the shape of the clouds, so it also marks points in the gaps, near the middle of all
# the data. But the share is *your* decision: with `percent` at 4 you get 4 in 100 points, even if every
# part is good. If good parts are marked too often, lower the share. If bad ones slip through,
# raise it.
#
# ## 5. Four shapes
#
# A covariance matrix has many numbers. If there are few points, you may want fewer. `covariance_type`
# sets what the components are allowed to do, here in the plane:
#
# | type | each component is | and all of them |
# |---|---|---|
# | `"full"` | an ellipse with any tilt | may differ |
# | `"tied"` | an ellipse with any tilt | share **one** covariance matrix |
# | `"diag"` | an ellipse whose axes are parallel to the coordinate axes | may differ |
# | `"spherical"` | a circle | may differ in size |
#
# **Predict first.** Our data have two clouds that lean in the same way, and a round one. Which types
# can draw that well?

# %%
by_type = {
    kind: GaussianMixture(3, covariance_type=kind, n_init=10, random_state=SEED).fit(X)
    for kind in TYPES
}
fig, axes = plt.subplots(2, 2, figsize=(10, 8.4), layout="constrained")
for ax, (kind, model) in zip(axes.flat, by_type.items(), strict=True):
    plot_mixture(model, X, ax=ax, legend=False)
    ax.set_title(f'"{kind}": log-likelihood {model.score(X) * len(X):,.0f}')
show(
    fig,
    alt="Four fits of three components. full: two long leaning ellipses and a round one, as the clouds "
    "are. tied: three leaning ellipses of one and the same shape. diag: upright or flat "
    "ellipses that cut across the long clouds. spherical: three circles that do so too.",
)

# %% [markdown]
# Only `"full"` can draw both shapes. `"tied"` has to give the round cloud the lean of the others, and the
# last two cannot lean at all, so they cut across the long clouds.
#
# The **log-likelihood** in the titles is the sum of the log-densities of all points: the larger, the
# better the model explains the data. `model.score(X)` gives its *mean* over the points, so we multiply by
# the number of points.
#
# Full covariances fit best, but they also have the most numbers to choose. How many exactly?
# With $K$ components in $D$ dimensions, count only the numbers that can be chosen freely:
#
# - **weights**: $K - 1$, because the last one is what the others leave of 1;
# - **means**: $K$ vectors of $D$ numbers each;
# - **covariances**: a covariance matrix is symmetric, so the numbers below its diagonal repeat those above.
#   A whole one has $1 + 2 + \dots + D = D(D+1)/2$ free numbers. One with only a diagonal has $D$. A
#   spherical one has a single variance.
#
# ### Exercise 3 · Count the parameters (3 points)
#
# Write `n_parameters(k, D, covariance_type)`. It returns the number of free parameters (weights, means and
# covariances together) of a mixture of `k` components in `D` dimensions. The type is `"full"`,
# `"tied"`, `"diag"` or `"spherical"`. Mind which types have one covariance for *each* component.
#
# Raise a `ValueError` if `k` or `D` is below 1, or if the type is none of the four.


# %% solution="n_parameters"
def n_parameters(k, D, covariance_type):
    """The number of free parameters of a Gaussian mixture."""
    ### BEGIN SOLUTION
    if k < 1 or D < 1:
        raise ValueError(f"k = {k} and D = {D} must be at least 1")
    covariances = {
        "full": k * D * (D + 1) // 2,
        "tied": D * (D + 1) // 2,
        "diag": k * D,
        "spherical": k,
    }
    if covariance_type not in covariances:
        raise ValueError(f"unknown covariance type {covariance_type!r}")
    return (k - 1) + k * D + covariances[covariance_type]
    ### END SOLUTION


# %% test="test_n_parameters" points=2
count = n_parameters(3, 2, "full")
assert count is not None, "Your function returns nothing: does it end in a `return`?"
assert np.ndim(count) == 0, "Return one number, the sum of all parts."
assert count != 18, "The weights sum to 1: how many of them can you choose freely?"
assert count != 20, "A covariance matrix is symmetric: its numbers below the diagonal are not free."
assert count != 9 + 2, (
    "The means are missing, or the covariance is counted once instead of K times, or its diagonal is "
    "left out."
)
assert count != 15, "The weights are missing."
assert count != 13, "Each component has a mean of its own, so count K of them."
assert count != 21, (
    "The weights sum to 1, and a covariance matrix is symmetric: not all their numbers are free."
)
assert count == 17, "The number is wrong for 3 full components in the plane. Print the three parts."
assert n_parameters(3, 2, "spherical") != 17, "The type makes no difference in your function."
assert n_parameters(3, 2, "tied") != 17, (
    '"tied": all components share one covariance matrix, so it is counted once and not K times.'
)
assert n_parameters(3, 2, "diag") != 10, (
    '"diag": each component has a diagonal of its own, so count K of them.'
)
assert n_parameters(3, 2, "spherical") != 9, (
    '"spherical": each component has a variance of its own, so count K of them.'
)
assert n_parameters(3, 2, "spherical") != 14, (
    '"spherical": one variance holds for all D directions of a component.'
)
### BEGIN HIDDEN TESTS
tied = attempt('For the type "tied"', n_parameters, 4, 5, "tied")
assert tied != 83, (
    '"tied": all components share one covariance matrix, so it is counted once and not K times.'
)
assert tied != 48, "A covariance matrix is symmetric: its numbers below the diagonal are not free."
assert tied != 39, "The weights sum to 1: how many of them can you choose freely?"
assert tied == 38, 'The number is wrong for the type "tied" with 4 components in 5 dimensions.'
diag = attempt('For the type "diag"', n_parameters, 4, 5, "diag")
assert diag != 28, '"diag": each component has a diagonal of its own, so count K of them.'
assert diag == 43, 'The number is wrong for the type "diag" with 4 components in 5 dimensions.'
ball = attempt('For the type "spherical"', n_parameters, 4, 5, "spherical")
assert ball != 24, '"spherical": each component has a variance of its own, so count K of them.'
assert ball != 43, '"spherical": one variance holds for all D directions of a component.'
assert ball == 27, 'The number is wrong for the type "spherical" with 4 components in 5 dimensions.'
full = attempt("With 4 components in 5 dimensions", n_parameters, 4, 5, "full")
assert full != 123, "A covariance matrix is symmetric: its numbers below the diagonal are not free."
assert full != 84, "The weights sum to 1: how many of them can you choose freely?"
assert full == 83, (
    'The number is wrong for the type "full" with 4 components in 5 dimensions: is a number of '
    "components or dimensions fixed in your code?"
)
### END HIDDEN TESTS

# %% test="test_n_parameters__edges" points=1
assert refuses(n_parameters, 3, 2, "round"), (
    'There is no type "round": an unknown type must raise a ValueError.'
)
### BEGIN HIDDEN TESTS
lone = [attempt("With k = 1 and D = 1", n_parameters, 1, 1, kind) for kind in TYPES]
assert lone == [2] * len(TYPES), (
    "One Gaussian on a line has a mean and a variance, whatever the type: its weight is 1 and not free."
)
one_tied, one_full = n_parameters(1, 6, "tied"), n_parameters(1, 6, "full")
assert one_tied == one_full, (
    'With a single component "tied" and "full" are the same model: the numbers must agree.'
)
assert refuses(n_parameters, 0, 2, "full"), "No components at all (k = 0) must raise a ValueError."
assert refuses(n_parameters, -2, 2, "diag"), "A negative k must raise a ValueError."
assert refuses(n_parameters, 3, 0, "spherical"), "D = 0 must raise a ValueError."
### END HIDDEN TESTS

# %%
print("parameters with K = 3, D = 2: ", {kind: n_parameters(3, 2, kind) for kind in TYPES})
print("parameters with K = 3, D = 50:", {kind: n_parameters(3, 50, kind) for kind in TYPES})

# %% [markdown]
# With 50 features, full covariances need thousands of numbers. From a few hundred points you cannot
# learn them. That is when the smaller types win.
#
# ## 6. How many components?
#
# The obvious idea: try several $K$ and take the one with the largest log-likelihood.
#
# **Predict first.** Our data have three groups. At which $K$ from 1 to 10 will the log-likelihood be
# largest?

# %%
ks = list(range(1, 11))
fits = [GaussianMixture(k, n_init=5, max_iter=300, random_state=SEED).fit(X) for k in ks]
log_likelihoods = [fit.score(X) * len(X) for fit in fits]
for k, value in zip(ks, log_likelihoods, strict=True):
    print(f"K = {k:2}: log-likelihood {value:10.1f}")

# %% [markdown]
# It goes on rising beyond $K = 3$ (with small dips where EM got stuck). A model with more
# components can always imitate one with fewer, so it never *has* to fit worse. The extra ones fit
# the chance bumps of this sample.
#
# So a fair comparison charges for parameters. Let $\log L$ be the log-likelihood of all points together,
# $p$ the number of parameters and $n$ the number of points. There are two usual prices:
#
# $$\text{AIC} = 2p - 2 \log L \qquad\qquad \text{BIC} = p \log n - 2 \log L$$
#
# AIC is *Akaike's*, BIC the *Bayesian information criterion*. Each adds a penalty for size and a penalty
# for bad fit, so the **smallest** value is the best. Once $n$ is above 7, $\log n$ is above 2, and BIC
# punishes parameters harder.
#
# ### Exercise 4 · AIC (2 points)
#
# Write `aic(log_likelihood, n_params)`. `log_likelihood` is $\log L$ itself, the total over all points,
# and it may be of either sign. Raise a `ValueError` if `n_params` is negative.


# %% solution="aic"
def aic(log_likelihood, n_params):
    """Akaike's information criterion from the total log-likelihood."""
    ### BEGIN SOLUTION
    if n_params < 0:
        raise ValueError(f"the number of parameters is negative: {n_params}")
    return 2 * n_params - 2 * log_likelihood
    ### END SOLUTION


# %% test="test_aic" points=1
price = aic(-100.0, 17)
assert price is not None, "Your function returns nothing: does it end in a `return`?"
assert not np.isnan(price) and not is_like(price, 34 - 2 * np.log(100)), (
    "`log_likelihood` is a logarithm already: do not take it again."
)
assert not is_like(price, -234), (
    "Both signs are turned round: parameters must raise the AIC, and a better fit must lower it."
)
assert not is_like(price, -166), (
    "A better fit has a larger log-likelihood and must get a *smaller* AIC: look at its sign."
)
assert not is_like(price, 166), "More parameters must *raise* the AIC: look at their sign."
assert not is_like(price, 217), "The parameters count twice."
assert not is_like(price, 134), "The log-likelihood counts twice."
assert not is_like(price, 117), "Both parts count twice."
assert_like(price, 234, "The AIC is wrong for a log-likelihood of -100 and 17 parameters.")
### BEGIN HIDDEN TESTS
crowded = aic(57.25, 6)
assert not is_like(crowded, 126.5), (
    "A log-likelihood can be positive, where the densities are above 1: keep its sign."
)
assert_like(crowded, -102.5, "The AIC is wrong where the log-likelihood is positive.")
assert_like(aic(-4034.25, 83), 8234.5, "The AIC is wrong for other numbers.")
### END HIDDEN TESTS

# %% test="test_aic__edges" points=1
assert refuses(aic, -100.0, -1), "A negative number of parameters must raise a ValueError."
### BEGIN HIDDEN TESTS
assert_like(
    attempt("With 0 parameters", aic, -10, 0),
    20,
    "A model without free parameters is allowed: it pays for its fit only.",
)
assert_like(
    attempt("With NumPy numbers", aic, np.float64(-10.5), np.int64(3)),
    27,
    "The AIC is wrong for NumPy numbers.",
)
assert_like(
    attempt("With a log-likelihood of 0", aic, 0.0, 4),
    8,
    "The AIC is wrong for a log-likelihood of 0.",
)
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 5 · BIC (2 points)
#
# Write `bic(log_likelihood, n_params, n)`, with `n` the number of points. `log_likelihood` is again the
# total over all points. Raise a `ValueError` if `n_params` is negative or `n` is below 1.


# %% solution="bic"
def bic(log_likelihood, n_params, n):
    """The Bayesian information criterion from the total log-likelihood."""
    ### BEGIN SOLUTION
    if n_params < 0:
        raise ValueError(f"the number of parameters is negative: {n_params}")
    if n < 1:
        raise ValueError(f"at least one point is needed, not {n}")
    return n_params * np.log(n) - 2 * log_likelihood
    ### END SOLUTION


# %% test="test_bic" points=1
fine = bic(-100.0, 17, 1000)
assert fine is not None, "Your function returns nothing: does it end in a `return`?"
assert not np.isnan(fine) and not is_like(fine, 17 * np.log(1000) - 2 * np.log(100)), (
    "`log_likelihood` is a logarithm already: do not take it again."
)
assert not is_like(fine, -17 * np.log(1000) - 200), (
    "Both signs are turned round: parameters must raise the BIC, and a better fit must lower it."
)
assert not is_like(fine, 234), "This is the AIC: the BIC charges log n for each parameter."
assert not is_like(fine, 17 * np.log(1000) - 200), (
    "A better fit has a larger log-likelihood and must get a *smaller* BIC: look at its sign."
)
assert not is_like(fine, 251), "This uses the logarithm to base 10: take the natural one."
assert not is_like(fine, 17 * np.log2(1000) + 200), (
    "This uses the logarithm to base 2: take the natural one."
)
assert not is_like(fine, 1000 * np.log(17) + 200), (
    "The number of points and the number of parameters have changed places."
)
assert not is_like(fine, 17 * 1000 + 200), "Each parameter costs log n, not n."
assert not is_like(fine, 17 * np.log(1000) + 100), "The log-likelihood counts twice."
assert not is_like(fine, 34 * np.log(1000) + 200), (
    "Each parameter costs log n once: the factor 2 belongs to the log-likelihood only."
)
assert not is_like(fine, 17 * np.log(1000) + 200_000), (
    "The log-likelihood is the total over the points already: do not multiply it by n."
)
assert_like(
    fine,
    17 * np.log(1000) + 200,
    "The BIC is wrong for a log-likelihood of -100, 17 parameters and 1,000 points.",
)
### BEGIN HIDDEN TESTS
crowded = bic(57.25, 6, 90)
assert not is_like(crowded, 6 * np.log(90) + 114.5), (
    "A log-likelihood can be positive, where the densities are above 1: keep its sign."
)
assert_like(
    crowded, 6 * np.log(90) - 114.5, "The BIC is wrong where the log-likelihood is positive."
)
assert_like(
    bic(-4034.25, 83, 640),
    83 * np.log(640) + 8068.5,
    "The BIC is wrong for other numbers: is a number of points or of parameters fixed in your code?",
)
### END HIDDEN TESTS

# %% test="test_bic__edges" points=1
assert refuses(bic, -100.0, 5, 0), "No points at all (n = 0) must raise a ValueError."
### BEGIN HIDDEN TESTS
assert refuses(bic, -100.0, -1, 50), "A negative number of parameters must raise a ValueError."
assert refuses(bic, -100.0, 5, -3), "A negative number of points must raise a ValueError."
assert_like(
    attempt("With a single point", bic, -10, 5, 1),
    20,
    "With a single point (n = 1) a parameter costs nothing, because log 1 is 0.",
)
assert_like(
    attempt("With 0 parameters", bic, -10, 0, 50),
    20,
    "A model without free parameters is allowed: it pays for its fit only.",
)
### END HIDDEN TESTS

# %% [markdown]
# **Check it yourself.** scikit-learn's mixtures have these two built in. Put your three functions together
# and compare:

# %%
log_likelihood, p = gm.score(X) * len(X), n_parameters(3, 2, "full")
print("parameters:", p)
print(f"AIC: yours {aic(log_likelihood, p):.4f}, scikit-learn's {gm.aic(X):.4f}")
print(f"BIC: yours {bic(log_likelihood, p, len(X)):.4f}, scikit-learn's {gm.bic(X):.4f}")

# %%
counts = [n_parameters(k, 2, "full") for k in ks]
aics = [aic(value, p) for value, p in zip(log_likelihoods, counts, strict=True)]
bics = [bic(value, p, len(X)) for value, p in zip(log_likelihoods, counts, strict=True)]
fig, ax = plt.subplots(figsize=(7, 3.6), layout="constrained")
for values, style, name in [(bics, "o-", "BIC"), (aics, "s--", "AIC")]:
    ax.plot(ks, values, style, label=f"{name}, smallest at K = {ks[np.argmin(values)]}")
    ax.plot(ks[np.argmin(values)], min(values), "k*", markersize=15, zorder=4)
ax.set(xlabel="number of components K", ylabel="information criterion", xticks=ks)
ax.set_ylim(min(aics) - 60, max(bics[1:]) + 60)
ax.legend(frameon=False)
show(
    fig,
    alt="AIC and BIC against the number of components from 1 to 10. Both fall steeply to a star at three "
    "components and rise after it, BIC faster than AIC. The values at one component lie above the picture.",
)

# %% [markdown]
# Both have a clear smallest value now. (The values at $K = 1$ are so large that they lie above the picture.)
# Do they agree with the *silhouette score* of lesson 3, where the **largest** value is best? Try them on
# the set of three round clusters, which has only 120 points.

# %%
print(" K      AIC      BIC   silhouette")
for k in range(2, 6):
    model = GaussianMixture(k, n_init=10, random_state=SEED).fit(X_round)
    score = silhouette_samples(X_round, model.predict(X_round)).mean()
    print(f"{k:2} {model.aic(X_round):8.1f} {model.bic(X_round):8.1f} {score:12.3f}")

# %% [markdown]
# BIC and the silhouette agree. AIC asks less for each parameter, so with few points it can be talked
# into more components. (AIC aims at good predictions, BIC at finding the true model.) The
# silhouette needs round clusters: for long clouds such as those of `X`, trust the criteria.
#
# ## 7. Components and shape together
#
# The type has a price too. So compare all pairs of $K$ and type, and take the smallest BIC.
#
# ### Exercise 6 · Select a mixture (4 points)
#
# Write `select_mixture(X, ks, covariance_types, random_state)`. It fits a mixture for every `k` in `ks` with
# every type in `covariance_types`, and returns the pair `(k, covariance_type)` with the smallest BIC.
#
# - `X` has the shape `(N, D)`. `ks` may come in any order, and so may the types.
# - The same `random_state` gives the same result.
# - Raise a `ValueError` if `X` does not have two axes, if `ks` or `covariance_types` is empty, if a `k` is
#   below 1 or larger than `N`, or if a type is unknown, even if the others are known.
#
# *Hint:* you may use `GaussianMixture` and its method `bic`, which raise such an error
# themselves in the last cases. `bic` wants an array and no list, so begin with `np.asarray(X)`. EM gets
# stuck at times: give it several starts with `n_init=5`, and leave its other settings alone, except
# perhaps `max_iter=300`.


# %% solution="select_mixture"
def select_mixture(X, ks, covariance_types, random_state):
    """The pair (k, covariance_type) of the mixture with the smallest BIC."""
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    pairs = [(k, kind) for k in ks for kind in covariance_types]
    if not pairs:
        raise ValueError("there is nothing to choose from")
    bics = [
        GaussianMixture(k, covariance_type=kind, n_init=5, max_iter=300, random_state=random_state)
        .fit(X)
        .bic(X)
        for k, kind in pairs
    ]
    return pairs[np.argmin(bics)]
    ### END SOLUTION


# %% test="test_select_mixture" points=2
helper = np.random.default_rng(6)
shapes = [
    ([0, 0], [[2.0, 0.0], [1.8, 0.5]]),
    ([16, 0], [[2.0, 0.0], [-1.8, 0.5]]),
    ([0, 16], [[0.5, 0.0], [0.0, 2.0]]),
]
clouds = np.concatenate([m + helper.normal(size=(100, 2)) @ np.array(L).T for m, L in shapes])
picked = select_mixture(clouds, [2, 3, 4], ["spherical", "full"], 0)
assert picked is not None, "Your function returns nothing: does it end in a `return`?"
assert isinstance(picked, tuple | list) and len(picked) == 2, (
    "Return two things, the number of components and the type: `return k, covariance_type`."
)
assert picked[0] is not None, (
    "No pair was ever the best. Where does your search begin? A BIC may be far above 0: start with "
    "`np.inf`, or with the first model."
)
assert not isinstance(picked[0], str), "The number of components comes first, then the type."
assert picked[0] in [2, 3, 4] and picked[1] in ["spherical", "full"], (
    "Return one of the given k and one of the given types, not their places in the lists."
)
assert tuple(picked) != (2, "spherical"), (
    "Your function takes the poorest model: is it the *smallest* BIC, with the log-likelihood summed "
    "over all points?"
)
assert picked[1] == "full", (
    "Three clouds that lean differently need full covariances: are all the types compared?"
)
assert picked[0] != 4, "There are three clouds: is the size of the model punished?"
assert picked[0] == 3, "There are three clouds, but another number of components was taken."
### BEGIN HIDDEN TESTS
source = np.random.default_rng(1)
centres = np.array([[0, 0, 0], [60, 0, 0], [0, 60, 0], [0, 0, 60]])
balls = np.concatenate(
    [m + s * source.normal(size=(50, 3)) for m, s in zip(centres, (1, 2, 3, 4), strict=True)]
)
found = attempt(
    "With points in 3 dimensions and the k in another order",
    select_mixture,
    balls,
    [6, 4, 2],
    TYPES,
    1,
)
assert tuple(found) != (6, "full"), (
    "The largest model was taken: a larger log-likelihood alone proves nothing, use the BIC."
)
assert found[0] != 2, (
    "Your function takes too few components: is it the *smallest* BIC of all that counts, and not "
    "of the last ones that were compared?"
)
assert found[0] == 4, "There are four balls in space, but another number of components was taken."
assert found[1] == "spherical", (
    'Four balls of different size are "spherical": the other types only cost more parameters.'
)
few = np.random.default_rng(13)
small = np.concatenate([few.normal(size=(30, 3)), few.normal(size=(30, 3)) + np.array([14, 0, 0])])
taken = attempt(
    "With 60 points", select_mixture, small, np.array([1, 2, 3]), ["full", "spherical"], 0
)
assert taken[0] != 3, (
    "With only 60 points your function takes too large a model: is the penalty that of the BIC, "
    "with log n, and not that of the AIC? And is every k tried with every type?"
)
assert tuple(taken) == (2, "spherical"), "The wrong mixture was taken for two small round clouds."
source = np.random.default_rng(5)
crossed = np.concatenate(
    [
        source.normal(size=(90, 4)) * [1, 4, 1, 4],
        25 + source.normal(size=(90, 4)) * [4, 1, 4, 1],
    ]
)
found = attempt(
    "With a list of points in 4 dimensions", select_mixture, crossed.tolist(), (1, 2, 3), TYPES, 2
)
assert found[1] != "spherical", (
    "The poorest of the types was taken for two long clouds: do you remember the best pair of all, and "
    "compare each new one with that?"
)
assert tuple(found) == (2, "diag"), (
    "The wrong mixture was taken for two clouds in 4 dimensions, stretched along the axes in "
    'different ways: this is the case of "diag".'
)
### END HIDDEN TESTS

# %% test="test_select_mixture__tied" points=1
first = np.random.default_rng(4)
leaning = np.array([[3.0, 2.7], [0.0, 0.6]])
parallel = np.concatenate([first.normal(size=(110, 2)) @ leaning + [0, up] for up in (0, 30)])
once, again = (select_mixture(parallel, [3, 1, 2], ["full", "tied"], 3) for _ in range(2))
assert np.shape(once) == (2,), "Return two things, the number of components and the type."
assert tuple(once) == tuple(again), "The same `random_state` gave two different results."
assert tuple(once) == (2, "tied"), (
    "Two clouds of one and the same shape share a covariance: then the smaller of two equally "
    "good models has the smaller BIC."
)
### BEGIN HIDDEN TESTS
only = attempt("With one k and one type", select_mixture, parallel, [3], ["diag"], 0)
assert tuple(only) == (3, "diag"), "With one k and one type there is nothing else to return."
### END HIDDEN TESTS

# %% test="test_select_mixture__edges" points=1
tiny = [[0.0, 0.0], [0.5, 0.1], [0.1, 0.4], [9.0, 9.0], [9.5, 9.1], [9.0, 9.6]]
assert refuses(select_mixture, tiny, [], ["full"], 0), (
    "Without any k there is nothing to choose from: raise a ValueError."
)
### BEGIN HIDDEN TESTS
assert refuses(select_mixture, tiny, [1, 2], [], 0), (
    "Without any type there is nothing to choose from: raise a ValueError."
)
assert refuses(select_mixture, tiny, [1], ["round"], 0), "An unknown type must raise a ValueError."
assert refuses(select_mixture, tiny, [1], ["spherical", "round"], 0), (
    "An unknown type among known ones must raise a ValueError: do not pass over it."
)
assert refuses(select_mixture, tiny, [1, 0], ["spherical"], 0), (
    "A k below 1 must raise a ValueError: do not pass over it."
)
assert refuses(select_mixture, tiny, [1, 7], ["spherical"], 0), (
    "7 components for 6 points must raise a ValueError: do not pass over it."
)
assert refuses(select_mixture, [1.0, 2.0, 8.0, 9.0], [1], ["full"], 0), (
    "Points without a second axis are not a table (N, D): raise a ValueError."
)
only = select_mixture(tiny, [2], ["spherical"], 0)
assert np.ravel(only).tolist() == ["2", "spherical"], (
    "Where there is one pair to choose from, the answer is that pair."
)
kept = np.array(tiny)
assert not changed_inputs(select_mixture, kept, [1, 2], ["spherical"], 0), (
    "Your function changes `X`: work on a copy."
)
### END HIDDEN TESTS

# %%
print("the set X:       ", select_mixture(X, range(1, 7), TYPES, SEED))
print("three thin blobs:", select_mixture(X_side, [2, 3, 4], TYPES, SEED))
print("nested blobs:    ", select_mixture(X_nested, [1, 2, 3], TYPES, SEED))

# %% [markdown]
# Does it make sense? The three thin blobs were all drawn with the same covariance, and the nested ones
# stand upright, each with its own. So the smaller types win there, at the same quality of fit.
#
# What did the other pairs cost? Here is the BIC of each pair for the set `X`:

# %%
markers = dict(zip(TYPES, ["o-", "s--", "^-.", "D:"], strict=True))
fig, ax = plt.subplots(figsize=(7.5, 4), layout="constrained")
for kind in TYPES:
    values = [
        GaussianMixture(k, covariance_type=kind, n_init=2, max_iter=300, random_state=SEED)
        .fit(X)
        .bic(X)
        for k in ks
    ]
    ax.plot(
        ks,
        values,
        markers[kind],
        label=f"{kind}: {min(values):,.0f} at K = {np.argmin(values) + 1}",
    )
ax.set(xlabel="number of components K", ylabel="BIC", xticks=ks)
ax.legend(frameon=False, title="smallest BIC of each type")
show(
    fig,
    alt="BIC against the number of components for each covariance type. full has the deepest point, at "
    "three components. tied comes close only with eight or so. diag and spherical stay above both.",
)

# %% [markdown]
# A type that cannot lean needs many small pieces to cover a long cloud. It fits in the end, but at a
# price.
#
# ## 8. A mixture that switches components off
#
# Instead of trying many $K$, you can give a **Bayesian mixture** more components than you need. It starts
# with an opinion about the weights, called the **prior**, and lets the data change it. Weights that
# the data do not support shrink to almost 0.
#
# **Predict first.** You allow 10 components on the set `X`. How many will keep a weight worth
# mentioning?

# %%
bayes = BayesianGaussianMixture(n_components=10, max_iter=1000, random_state=SEED).fit(X)
print("converged:", bayes.converged_, "after", bayes.n_iter_, "iterations")
print("weights:", bayes.weights_.round(2))
show(
    plot_mixture(bayes, X),
    alt="The Bayesian mixture over the data. Of its ten components only three have an ellipse, one on each "
    "cloud; the borders are those of the mixture with three components.",
)

# %% [markdown]
# The opinion has a strength, `weight_concentration_prior`. A small value says "I expect few
# components", a large one says "I expect many, about equally heavy".
#
# **Predict first.** With 1,250 points the data win against the opinion. What if you show the model only
# 73 points, with the strengths `0.01` and `10_000`?

# %%
fig, axes = plt.subplots(1, 2, figsize=(11, 4.6), layout="constrained")
for ax, strength in zip(axes, [0.01, 10_000], strict=True):
    model = BayesianGaussianMixture(
        n_components=10,
        weight_concentration_prior=strength,
        n_init=5,
        max_iter=1000,
        random_state=SEED,
    ).fit(X[:73])
    plot_mixture(model, X[:73], ax=ax, legend=False)
    used = np.count_nonzero(model.weights_ > 0.005)
    ax.set_title(f"strength {strength:,}: {used} components in use")
    print(f"strength {strength:>6}: weights {model.weights_.round(2)}")
show(
    fig,
    alt="Two Bayesian mixtures on the same 73 points, which lie in two long clouds. With the strength 0.01 "
    "two components cover them and the others are switched off. With 10,000 all ten are kept: the "
    "lightest ones lie on top of each other as one round ellipse in the middle.",
)

# %% [markdown]
# With few points the opinion decides. The strong one keeps every component alive, even those that no point
# belongs to. They own no region of the plane: a heavier component beats them everywhere. So count
# components by their weight, and ask whether the result survives another prior.
#
# ## 9. Try it yourself
#
# The widget fits a mixture to the set `X` at each change.
#
# **Predict first.** (a) The type is `"spherical"`. How many components does it need until the
# density follows the two long clouds? (b) You take 10 components, type `"full"`. What happens to
# the ellipses when you change from the ordinary mixture to the Bayesian one? Then try.

# %%
mixture_chooser(X, k=3, seed=SEED)

# %% [markdown]
# <details>
# <summary>What you should have seen</summary>
#
# (a) Circles follow a long cloud only like a string of beads. With each further bead the density fits better, but even
# with ten of them the BIC stays far above that of three full ellipses. (b) The ordinary mixture uses all ten, and the ellipses overlap. The Bayesian
# one switches off those that it does not need and keeps three, with every prior of the menu: for so many points the
# data outweigh the opinion.
#
# Watch the log-likelihood and the BIC in the title: the first one likes nearly every extra component, the second one
# does not. There is no BIC for the Bayesian fit, because it does not look for the largest likelihood.
#
# </details>
#
# ## 10. Where mixtures fail
#
# All this rests on one belief: each cluster is an ellipse. Two half-moons are not.
#
# **Predict first.** A Bayesian mixture may use up to 10 components. How many will it keep on two moons?

# %%
X_moons, y_moons = make_moons(n_samples=1000, noise=0.05, random_state=SEED)
bayes_moons = BayesianGaussianMixture(n_components=10, max_iter=1000, random_state=SEED).fit(
    X_moons
)
pieces = bayes_moons.predict(X_moons)
fig, axes = plt.subplots(2, 1, figsize=(7.5, 8), layout="constrained")
plot_clusters(X_moons, y_moons, ax=axes[0], title="two moons", legend=False)
plot_mixture(bayes_moons, X_moons, ax=axes[1], legend=False)
axes[1].set_title(f"Bayesian mixture: {len(np.unique(pieces))} pieces")
show(
    fig,
    alt="Top: two half-moons that reach into each other. Bottom: the mixture covers each moon with several "
    "small ellipses, one after the other along the bow. The density follows the moons.",
)

# %% [markdown]
# The number of components is not the number of moons: an ellipse can only cover a piece of a bow. As a
# *clustering* this has failed. As a *density* it is quite good, so it could still find anomalies.
#
# And the pieces can be put together, if somebody tells us for a few points which moon they belong to.
# `most_common` gives each piece the moon that most of its known points have:

# %%
known = np.random.default_rng(SEED).choice(len(X_moons), size=60, replace=False)
moon_of = np.array(most_common(10, y_moons[known], pieces[known]))
two = GaussianMixture(2, n_init=10, random_state=SEED).fit(X_moons)
plain = match_labels(y_moons, two.predict(X_moons))
print(
    f"a mixture of two components:              {np.mean(plain == y_moons):6.1%} on the right moon"
)
print(
    f"pieces, named with the help of {len(known)} points: {np.mean(moon_of[pieces] == y_moons):6.1%}"
)

# %% [markdown]
# Lesson 9 shows methods that follow such shapes without help.
#
# ## 11. Check yourself
#
# Choose an answer to see whether it is right, and why. Nothing here is graded.

# %%
from jupyterquiz import display_quiz

display_quiz(
    [
        {
            "question": "predict_proba gives a point the row (0.5, 0.5, 0). What does predict say?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "That it cannot decide",
                    "correct": False,
                    "feedback": "It always names one component. That is why the probabilities are worth a look.",
                },
                {
                    "answer": "One of the first two components",
                    "correct": True,
                    "feedback": "Right, and it hides the doubt. The entropy of the row, log 2, shows it.",
                },
                {
                    "answer": "Component 2, because it is the rest",
                    "correct": False,
                    "feedback": "That one has the probability 0.",
                },
            ],
        },
        {
            "question": "You mark anomalies with percent = 4 on data in which every part is good. How many are marked?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "None, there are no bad parts",
                    "correct": False,
                    "feedback": "The percentile is taken from the data themselves: it always cuts off a share.",
                },
                {
                    "answer": "About 4 in 100",
                    "correct": True,
                    "feedback": "Right: you choose the share. The data choose only which points.",
                },
                {
                    "answer": "That depends on K",
                    "correct": False,
                    "feedback": "K decides which points are marked, not how many.",
                },
            ],
        },
        {
            "question": "Two models have nearly the same log-likelihood. One has 11 parameters, the other 17. Which has the smaller BIC?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "The one with 11",
                    "correct": True,
                    "feedback": "Right: they fit equally well, so the smaller bill for parameters decides.",
                },
                {
                    "answer": "The one with 17",
                    "correct": False,
                    "feedback": "More parameters cost more, and here they bring no better fit.",
                },
                {
                    "answer": "Both the same",
                    "correct": False,
                    "feedback": "The fit is the same, the penalty is not.",
                },
            ],
        },
        {
            "question": "A Bayesian mixture with 10 components gives three of them nearly all the weight. What may you say?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "The data have exactly three groups",
                    "correct": False,
                    "feedback": "On the moons it used many components for two groups. And the prior has a say.",
                },
                {
                    "answer": "Three ellipses describe the data well enough, given the prior",
                    "correct": True,
                    "feedback": "Right. Try other priors to see how firm that is.",
                },
                {
                    "answer": "The fit has failed, for seven components are empty",
                    "correct": False,
                    "feedback": "Switching off what is not needed is what it is made for.",
                },
            ],
        },
    ]
)

# %% [markdown]
# ### Quiz 1 (1 point)
#
# On 1,000 points model A has 10 parameters and the log-likelihood -1000. Model B has 14 parameters and the
# log-likelihood -994. (The natural logarithm of 1,000 is about 6.9.) Which does each criterion
# choose? Set `quiz_1` to the letter of your answer, such as `"a"`.
#
# - a) Both choose A.
# - b) Both choose B.
# - c) AIC chooses A, BIC chooses B.
# - d) AIC chooses B, BIC chooses A.

# %% solution="quiz_1"
### BEGIN SOLUTION
quiz_1 = "d"
### END SOLUTION

# %% test="test_quiz_1" points=1
choice_1 = str(quiz_1).strip().lower()
assert choice_1 in {"a", "b", "c", "d"}, "Set quiz_1 to one of the letters 'a', 'b', 'c', 'd'."
### BEGIN HIDDEN TESTS
assert choice_1 != "a", (
    "Going from A to B, twice the log-likelihood rises by 12. What does AIC charge for 4 parameters?"
)
assert choice_1 != "b", (
    "Going from A to B, twice the log-likelihood rises by 12. What does BIC charge for 4 parameters?"
)
assert choice_1 != "c", "Which of the two charges more for a parameter when there are 1,000 points?"
### END HIDDEN TESTS

# %% [markdown]
# ### Quiz 2 (1 point)
#
# You turn all points of a set by 30 degrees around the origin and fit again. For which covariance types can
# the new fit always be just as good as the old one, whatever the data? Set `quiz_2` to a letter.
#
# - a) For all four types.
# - b) Only for `"full"`.
# - c) For `"full"`, `"tied"` and `"spherical"`, but not always for `"diag"`.
# - d) For `"full"`, `"tied"` and `"diag"`, but not always for `"spherical"`.

# %% solution="quiz_2"
### BEGIN SOLUTION
quiz_2 = "c"
### END SOLUTION

# %% test="test_quiz_2" points=1
choice_2 = str(quiz_2).strip().lower()
assert choice_2 in {"a", "b", "c", "d"}, "Set quiz_2 to one of the letters 'a', 'b', 'c', 'd'."
### BEGIN HIDDEN TESTS
assert choice_2 != "a", (
    "One type has ellipses with axes parallel to the coordinate axes. Can they follow the turn?"
)
assert choice_2 != "b", (
    "Full components can turn with the data. So can any other shape that may lean, or that looks the "
    "same from all sides."
)
assert choice_2 != "d", "What does a circle look like after a turn?"
### END HIDDEN TESTS

# %% [markdown]
# ### Open question (2 points)
#
# On the two moons the mixture used many more components than there are moons. In two or three sentences: why
# does it do so? Name one task for which this fit is still useful, and one for which it is not. A
# person reads and marks this answer.

# %% [markdown] manual="explain_moons" points=2
# A component is an ellipse, and no ellipse fits a bow, so several short ones follow each moon. The density
# is good, so one can find anomalies or draw new points with it. It does not answer how many
# groups there are or which points belong together, because components are pieces and not moons.

# %% [markdown]
# ## Wrap-up
#
# - A mixture finds long, leaning and nested clusters, because each component has its own covariance.
# - It gives probabilities; the entropy says where they are in doubt. It gives a density; the lowest values
#   are anomalies, and the share is your choice.
# - The likelihood alone always asks for more components. AIC and BIC charge for parameters; BIC is stricter.
# - A Bayesian mixture switches off components. With few points, its prior decides.
# - Components are ellipses. They need not be the groups you are looking for.
#
# **Next:** in lesson 7 the points are the pixels of a photograph.
#
# ## References
#
# - H. Akaike, "A new look at the statistical model identification", *IEEE Transactions on Automatic
#   Control* 19(6), 1974, pages 716-723.
# - G. Schwarz, "Estimating the dimension of a model", *The Annals of Statistics* 6(2), 1978, pages 461-464.
# - C. Fraley and A. E. Raftery, "Model-based clustering, discriminant analysis, and density estimation",
#   *Journal of the American Statistical Association* 97(458), 2002, pages 611-631.
# - C. M. Bishop, *Pattern Recognition and Machine Learning*, Springer 2006: section 9.2 on mixtures of
#   Gaussians, section 10.2 on the variational (Bayesian) mixture.
# - A. Géron, *Hands-On Machine Learning with Scikit-Learn, Keras, and TensorFlow*, 3rd edition, O'Reilly
#   2022: chapter 9.
# - scikit-learn's guide to [Gaussian mixture models](https://scikit-learn.org/stable/modules/mixture.html).
