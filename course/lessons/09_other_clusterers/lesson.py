# %% [markdown]
# # 9 · Other clusterers
#
# k-means looks for round groups around centres. Many groups are not round: they bend, they lie inside one
# another, they are long and thin. In this lesson you meet four methods that think differently about
# what a cluster is: a *crowd*, a *network*, or a *family tree*.
#
# **You will learn to**
#
# - tell core, border and noise points of *DBSCAN* apart, and choose its radius;
# - give new points to clusters, and leave strangers out;
# - turn distances into similarities, and see what *spectral clustering* makes of them;
# - read the merge list and the tree of *agglomerative clustering*, and cut the tree;
# - use *HDBSCAN* where groups are not equally dense;
# - say which method finds which shape.
#
# **You need** lesson 2 (k-means) and the adjusted Rand index of lesson 3. Gaussian mixtures (lesson 6) appear in
# the comparison at the end.
# **Time:** about 60 minutes. **Marks:** 18, of which 2 are for a text that a person reads.

# %% [markdown]
# ## How the exercises work
#
# - Replace the line `raise NotSolvedYet` by your code, run the cell, then run the test below it. No
#   message means that the visible checks pass. More checks, on other data, run when your work is graded.
# - Your functions never change their inputs, and they take lists as well as arrays, of floats or of
#   whole numbers. So begin with `X = np.asarray(X, dtype=float)`.
# - There may be any number of points, features and clusters. You may use all that the next cell imports.
# - Where an exercise asks for a `ValueError`, write `raise ValueError("what is wrong")`.

# %% locked="setup" tags=["setup"]
import warnings

import matplotlib.pyplot as plt
import numpy as np
from scipy.cluster.hierarchy import dendrogram, linkage
from scipy.spatial.distance import cdist
from sklearn.cluster import DBSCAN, HDBSCAN, AgglomerativeClustering, KMeans, SpectralClustering
from sklearn.datasets import make_blobs, make_circles, make_moons
from sklearn.manifold import spectral_embedding
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

from utils import (
    NotSolvedYet,
    assert_like,
    attempt,
    changed_inputs,
    every,
    is_like,
    misclassification_rate,
    plot_clusters,
    plot_data,
    plot_decision_boundaries,
    refuses,
    show,
)
from utils.widgets.dbscan import dbscan_explorer, plot_core_border_noise

SEED = 30035
moons, moon_of = make_moons(n_samples=1000, noise=0.05, random_state=42)

# %% [markdown]
# ## 1. k-means meets two moons
#
# The array `moons` holds 1,000 points in two half-moons that reach into each other, and `moon_of` says
# which moon each point comes from. You see two groups at once. **Predict first:** where will k-means
# with $K = 2$ draw the border?

# %%
model = KMeans(n_clusters=2, n_init=10, random_state=SEED).fit(moons)
fig, axes = plt.subplots(1, 2, figsize=(11, 3.6), sharey=True, layout="constrained")
plot_clusters(moons, moon_of, ax=axes[0], legend=False, title="the two moons")
plot_decision_boundaries(model, moons, ax=axes[1])
axes[1].set_title("k-means with K = 2")
show(
    fig,
    alt="Two interlocking half-moons. Left: moon 0 bends up, moon 1 bends down. Right: k-means cuts both of "
    "them with one straight line, so that each region holds most of one moon and an arm of the other.",
)
print(f"points in the wrong group: {misclassification_rate(moon_of, model.labels_):.1%}")

# %% [markdown]
# No other start helps. The border between two centroids is always a straight line, and no straight
# line separates these moons.
#
# What do *you* see that k-means does not? Perhaps this: within a moon, you can walk from point
# to point in small steps. From one moon to the other you would have to jump. **DBSCAN** turns this into a
# method (its name is short for *density-based spatial clustering of applications with noise*).
#
# ## 2. Crowded places: core points
#
# DBSCAN has two settings: a radius called `eps` (after the Greek letter epsilon), and a number
# `min_samples`. The **neighbourhood** of a point is everything at a distance of `eps` or less. The point
# itself belongs to it. A point with at least `min_samples` points in its neighbourhood is a **core point**:
# it stands in a crowd.
#
# Here are eight points, with `eps = 1.5` and `min_samples = 4`. **Predict first:** which are core points?

# %%
eight = np.array([[1, 1], [2, 1], [1, 2], [2, 2], [3, 1.5], [4.2, 1.5], [6, 3], [6.5, 3.5]])
fig, ax = plt.subplots(figsize=(7.5, 4.2), layout="constrained")
plot_data(eight, ax=ax)
for number, place in enumerate(eight):
    ax.annotate(str(number), place, xytext=(5, 5), textcoords="offset points", fontsize=12)
for number, style in [(4, "--"), (5, ":"), (6, "-.")]:
    ax.add_patch(plt.Circle(eight[number], 1.5, fill=False, linestyle=style, linewidth=1.5))
ax.set(xlim=(-0.5, 8.5), ylim=(-0.5, 5.2))
show(
    ax,
    alt="Eight numbered points. 0 to 3 form a square at the lower left, 4 lies just right of it, 5 further "
    "right, 6 and 7 far away. Circles of radius 1.5: the one around 4 holds 1, 3, 4 and 5; the one around "
    "5 holds only 4 and 5; the one around 6 only 6 and 7.",
)

# %% [markdown]
# ### Exercise 1 · Find the core points (3 points)
#
# Write `core_sample_mask(X, eps, min_samples)`. `X` has the shape `(N, D)`. It returns a *mask*: an array
# of booleans (`True` or `False`) of shape `(N,)`, `True` where a point is a core point.
#
# - A point is a core point if **at least** `min_samples` points lie at a Euclidean distance of `eps` or
#   less. The point itself counts, and a distance of exactly `eps` counts.
# - Raise a `ValueError` if `min_samples` is below 1, or if `X` does not have two axes.
#
# *Hint:* `cdist(X, X)` is the `(N, N)` table of all distances.


# %% solution="core_sample_mask"
def core_sample_mask(X, eps, min_samples):
    """Whether each point has at least min_samples points within eps, itself included."""
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    if X.ndim != 2:
        raise ValueError(f"X needs the shape (N, D), not {X.shape}")
    if min_samples < 1:
        raise ValueError(f"min_samples must be at least 1, not {min_samples}")
    return np.sum(cdist(X, X) <= eps, axis=1) >= min_samples
    ### END SOLUTION


# %% test="test_core_sample_mask" points=2
seven = np.array([[0.0, 0], [2, 0], [4, 0], [0, 2], [-2, 0], [20, 0], [22, 0]])
mask = core_sample_mask(seven, 2.5, 3)
assert mask is not None, "Your function returns nothing: does it end in a `return`?"
mask = np.asarray(mask)
assert mask.shape != (7, 7), (
    "You return the whole table of neighbours: count them for each point, along one axis."
)
assert mask.shape not in {(2,), (1, 2)}, (
    "You return the core points or their row numbers: return True or False for *every* point."
)
assert mask.shape != (), (
    "You return a single answer for all points together: count the neighbours of each point, along one axis."
)
assert mask.shape == (7,), f"7 points give the shape (7,); yours is {mask.shape}."
assert mask.dtype == bool, (
    "Return booleans: compare the number of neighbours with min_samples. A mask of the numbers 0 and 1 "
    "would pick rows 0 and 1 when you index with it."
)
assert not np.array_equal(mask, [1, 0, 0, 0, 0, 0, 0]), (
    "A point with exactly min_samples neighbours is missing: a point counts itself, and exactly "
    "min_samples are enough."
)
assert not np.array_equal(mask, [1, 1, 1, 1, 1, 0, 0]), (
    "These are all the points of a cluster: a point that only lies *near* a core point is none itself. Or "
    "is your radius too large, such as the square of eps?"
)
assert not np.array_equal(mask, [1, 1, 0, 1, 1, 0, 0]), (
    "You compare each feature with eps on its own, or its square: take the Euclidean distance over all of "
    "them."
)
assert not np.array_equal(mask, [0, 0, 1, 1, 1, 1, 1]), (
    "The answer is upside down: core points are those with many neighbours."
)
assert np.array_equal(mask[2:], [False] * 5), (
    "Point 2 has a single neighbour besides itself, so with min_samples = 3 it is no core point. Is eps "
    "or min_samples fixed in your code?"
)
assert not np.array_equal(mask, [False] * 7), (
    "No point is a core point, though the first has three others at a distance of 2. Do you compare the "
    "squared distance with eps, do you add up over all points (an `axis` forgotten), or is eps or "
    "min_samples fixed in your code?"
)
assert np.array_equal(mask[:2], [True, True]), "The first two points have enough neighbours."
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(91)
cloud = helper.normal(size=(90, 4))
gaps = cloud[:, None] - cloud
for radius, least in [(1.2, 4), (1.5, 9), (1.1, 3)]:
    mine = attempt("With 90 points in 4 dimensions", core_sample_mask, cloud, radius, least)
    mine = np.asarray(mine)
    assert mine.shape == (90,), "With 90 points in 4 dimensions the shape must be (90,)."
    near = np.sqrt(np.sum(gaps**2, axis=2)) <= radius
    counts = near.sum(axis=1)
    wanted = counts >= least
    assert not np.array_equal(mine, counts > least), (
        "A point with exactly min_samples neighbours is missing: a point counts itself, and exactly "
        "min_samples are enough."
    )
    assert not np.array_equal(mine, near[:, wanted].any(axis=1)), (
        "These are all the points of a cluster: a point that only lies *near* a core point is none itself."
    )
    assert not np.array_equal(mine, (np.abs(gaps).sum(axis=2) <= radius).sum(axis=1) >= least), (
        "You add up the differences along the axes: the Euclidean distance squares them and takes a root."
    )
    assert not np.array_equal(mine, (np.abs(gaps).max(axis=2) <= radius).sum(axis=1) >= least), (
        "You compare each feature with eps on its own: take the Euclidean distance over all of them."
    )
    flat = np.sqrt(np.sum(gaps[:, :, :2] ** 2, axis=2))
    assert not np.array_equal(mine, (flat <= radius).sum(axis=1) >= least), (
        "Only the first two features are used: take all columns of `X`."
    )
    square = np.sum(gaps**2, axis=2)
    assert not np.array_equal(mine, (square <= radius).sum(axis=1) >= least), (
        "You compare the squared distance with eps: take the root, or square eps too."
    )
    assert np.array_equal(mine, wanted), (
        "With other points, another eps and another min_samples the mask is wrong: is one of them, or a "
        "variable of the notebook, fixed in your code?"
    )
### END HIDDEN TESTS

# %% test="test_core_sample_mask__edges" points=1
row = np.asarray(core_sample_mask(np.array([[0.0], [3], [6], [4]]), 3, 3))
assert not np.array_equal(row, [False, False, False, True]), (
    "A distance of exactly eps counts: the condition is `<=`."
)
assert np.array_equal(row, [False, True, True, True]), (
    "Wrong for the points 0, 3, 6 and 4 on a line: count each point itself, and all others at a distance "
    "of 3 or less."
)
assert refuses(core_sample_mask, [[0.0], [3.0]], 1.0, 0), "min_samples = 0 must raise a ValueError."
### BEGIN HIDDEN TESTS
listed = attempt("With plain lists", core_sample_mask, [[0, 0], [3, 4], [6, 8], [30, 40]], 5, 2)
assert np.array_equal(listed, [True, True, True, False]), (
    "Wrong for plain lists of whole numbers, where distances are exactly eps."
)
alone = attempt("For a single point", core_sample_mask, [[4.0, 2.0, 1.0]], 0.5, 1)
assert np.shape(alone) == (1,) and np.asarray(alone)[0], (
    "With min_samples = 1 even a lonely point is a core point, because it counts itself."
)
few = attempt("With more min_samples than points", core_sample_mask, [[0.0], [1.0]], 9, 3)
assert np.array_equal(few, [False, False]), (
    "With fewer than min_samples points in all, none is a core point."
)
copies = attempt(
    "With points that are copies of one another",
    core_sample_mask,
    [[1, 1], [1, 1], [1, 1], [7, 7]],
    0.1,
    3,
)
assert np.array_equal(copies, [True, True, True, False]), (
    "Points at the same place are separate points: count each of them."
)
pixels = np.array([[2], [5], [250]], dtype=np.uint8)
assert np.array_equal(
    attempt("With uint8 numbers", core_sample_mask, pixels, 10, 2), [True, True, False]
), "With uint8 numbers the differences wrap around: turn `X` into floats first."
kept = np.array([[0.0, 1.0], [2.0, 3.0]])
assert not changed_inputs(core_sample_mask, kept, 1.0, 2), (
    "Your function changes `X`: work on a copy."
)
assert refuses(core_sample_mask, [[0.0], [3.0]], 1.0, -2), (
    "A negative min_samples must raise a ValueError."
)
assert refuses(core_sample_mask, [0.0, 3.0, 6.0], 1.0, 2), (
    "An `X` with a single axis must raise a ValueError: one point in each row, please."
)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. From core points to clusters
#
# Core points within `eps` of each other belong to the same cluster, and so do *their* core
# neighbours, and so on: a chain of small steps. That leaves the other points:
#
# - a **border point** is no core point, but lies within `eps` of one, and joins its cluster (near the core
#   points of two clusters, it joins one of them);
# - all others are **noise**. They belong to no cluster and get the label -1.
#
# You never say how many clusters there are. In scikit-learn, `labels_` holds the clusters,
# `core_sample_indices_` the row numbers of the core points, and `components_` these points themselves.
# First the eight points. **Predict:** which of them is border, which is noise?

# %%
core = np.asarray(core_sample_mask(eight, 1.5, 4))
small = DBSCAN(eps=1.5, min_samples=4).fit(eight)
print("core points: ", np.flatnonzero(core), " labels:", small.labels_)

model = DBSCAN(eps=0.05, min_samples=5).fit(moons)
core = np.asarray(core_sample_mask(moons, 0.05, 5))
print("\nmoons with eps 0.05")
print("labels of the first ten points:", model.labels_[:10])
print("the first two core points:      ", model.components_[:2].round(3).tolist())
print("row numbers of core points:    ", model.core_sample_indices_[:10])
print("core points in all:            ", core.sum())
print(
    "your mask says the same:       ",
    np.array_equal(np.flatnonzero(core), model.core_sample_indices_),
)
print("labels that occur:             ", np.unique(model.labels_))

# %% [markdown]
# The first eight: point 5 sits on the border, and 6 and 7 are noise, although they are close to each
# other. Two are not yet a crowd.
#
# The moons came out in far more pieces than two. Below is the picture. Then the same with a radius
# four times as large. **Predict first:** will there be more clusters, or fewer? More noise, or less?

# %%
fig, axes = plt.subplots(1, 2, figsize=(12, 4.2), sharey=True, layout="constrained")
for ax, eps in zip(axes, [0.05, 0.2], strict=True):
    model = DBSCAN(eps=eps, min_samples=5).fit(moons)
    core = np.asarray(core_sample_mask(moons, eps, 5))
    plot_core_border_noise(moons, model.labels_, core, ax=ax, title=f"eps = {eps}")
    n_clusters = model.labels_.max() + 1
    print(
        f"eps {eps}: {n_clusters} clusters, {core.sum()} core points, "
        f"{np.sum(~core & (model.labels_ >= 0))} border points, {np.sum(model.labels_ == -1)} noise"
    )
show(
    fig,
    alt="DBSCAN on the moons. Left, eps 0.05: the moons fall into seven numbered pieces, with hollow border "
    "points at their edges and crosses for noise around them. Right, eps 0.2: each moon is one cluster, all "
    "points are core points.",
)

# %% [markdown]
# With a small radius the chain of steps breaks wherever a moon is a little thinner. With the larger one
# both moons are found exactly, and nobody had to say "two". Make it larger still, and it bridges
# the gap between the moons.
#
# **How to choose `eps`.** Sort the distances from each point to its 5th nearest point, itself counted. At
# radius `eps`, the points below that height are the core points for `min_samples = 5`. Look for a height
# where the curve has passed nearly all points and is about to shoot up.

# %%
fifth = np.sort(np.sort(cdist(moons, moons), axis=1)[:, 4])
fig, ax = plt.subplots(figsize=(6.5, 3.4), layout="constrained")
ax.plot(fifth, "k")
for eps, style in [(0.05, "--"), (0.2, ":")]:
    ax.axhline(eps, color="grey", linestyle=style)
    ax.text(0, eps + 0.004, f"eps {eps}: {np.sum(fifth <= eps)} core points")
ax.set(xlabel="points, sorted", ylabel="distance to the 5th nearest", ylim=(0, 0.23))
show(
    ax,
    alt="Sorted distances to the 5th nearest point: a slow rise over most points and a sharp turn upwards at "
    "the last few. The line at 0.05 crosses it before the turn, the line at 0.2 lies above the whole curve.",
)

# %% [markdown]
# **Predict first.** What happens to the picture below when `min_samples` grows and `eps` stays? At what
# `eps` will the two moons become one? Then move the sliders. The dashed circle is one point's
# neighbourhood.

# %%
dbscan_explorer(moons[::2], eps=0.1)

# %% [markdown]
# <details>
# <summary>What you should have seen</summary>
#
# With a larger `min_samples` core points turn into border points and then into noise. At first that happens at the ends
# and the thin places, later the moons break into pieces, and in the end all is noise. The moons become one when `eps` reaches
# the width of the gap between them. A larger `eps` can make up for a larger `min_samples`: both
# together say how dense is dense.
#
# </details>
#
# ## 4. New points
#
# DBSCAN has no `predict`: it only says something about the points it was fitted on. A common remedy is
# to train a classifier on the core points and their clusters. `KNeighborsClassifier` looks up the 50
# nearest core points and lets them vote. **Predict first:** what will it say about the stranger
# at (2, 1), far from both moons?

# %%
large = DBSCAN(eps=0.2, min_samples=5).fit(moons)
voters = KNeighborsClassifier(n_neighbors=50)
voters.fit(large.components_, large.labels_[large.core_sample_indices_])
visitors = np.array([[-0.5, 0], [0, 0.5], [1, -0.1], [2, 1]])
print("predicted clusters:", voters.predict(visitors))
print("share of the votes:\n", voters.predict_proba(visitors))

ax = plot_decision_boundaries(voters, np.concatenate([moons, visitors]), resolution=120)
(stars,) = ax.plot(*visitors.T, "k*", markersize=16, markeredgecolor="white", label="new point")
ax.legend(handles=[stars], loc="lower left")
show(
    ax,
    alt="Two regions with a winding border between the moons. Four stars mark new points: two lie on a "
    "moon, one inside the arc of the upper moon, and the one at (2, 1) far away at the upper right, and yet inside region 0.",
)

# %% [markdown]
# The stranger gets a label with *all* of the votes. A classifier has no way to say "neither". So let us
# add a cut-off: take only the *nearest* core point, and say -1 (noise) if it is farther away than `eps`.
#
# A colleague wrote the next cell for that, and it looked fine with `eps = 0.2`. As a check it asks about
# the core points of a fit themselves: each of them is its own nearest core point, so each
# must get back its own cluster. **Predict first:** will it work for `eps = 0.05` too?

# %%
for eps in [0.2, 0.05]:
    model = DBSCAN(eps=eps, min_samples=5).fit(moons)
    distance = cdist(model.components_, model.components_)
    nearest = distance.argmin(axis=1)  # which core point is nearest
    guess = model.labels_[nearest]  # ... and its cluster?
    guess[distance.min(axis=1) > eps] = -1
    truth = model.labels_[model.core_sample_indices_]
    print(f"eps {eps}: {np.mean(guess == truth):.1%} of the core points get their own cluster")
    print(f"  lengths: labels_ {len(model.labels_)}, components_ {len(model.components_)}")

# %% [markdown]
# No error, no warning, and nearly all answers are wrong. Where is the slip? Compare the two lengths in
# each case, and ask yourself: row number 5 of *what* is `nearest == 5`?
#
# ### Quiz 1 (1 point)
#
# Which line gives the clusters of the nearest core points? Set `quiz_1` to a letter, such as `"a"`.
#
# - a) `model.labels_[nearest]`
# - b) `model.labels_[model.core_sample_indices_][nearest]`
# - c) `model.core_sample_indices_[nearest]`
# - d) `model.labels_[:len(model.components_)][nearest]`

# %% solution="quiz_1"
### BEGIN SOLUTION
quiz_1 = "b"
### END SOLUTION

# %% test="test_quiz_1" points=1
choice_1 = str(quiz_1).strip().lower()
assert choice_1 in {"a", "b", "c", "d"}, "Set quiz_1 to one of the letters 'a', 'b', 'c', 'd'."
### BEGIN HIDDEN TESTS
assert choice_1 != "a", (
    "That is the slip itself: `labels_` has one entry for every point, but `nearest` counts core points only."
)
assert choice_1 != "c", (
    "That gives the row numbers of the core points among all points, and not yet their clusters."
)
assert choice_1 != "d", (
    "The right length, but the wrong entries: the core points are not simply the first rows of the data."
)
### END HIDDEN TESTS

# %% [markdown]
# With `eps = 0.2` every point was a core point, so both numberings were the same, by luck. A test on
# data where everything is in its place would never have found this slip.
#
# ### Exercise 2 · Predict with a cut-off (4 points)
#
# Write `dbscan_predict(X_new, core_points, core_labels, eps)`. The `M` rows of `X_new` are new points.
# `core_points` has one core point in each row, and `core_labels` the cluster of each of *these*, in the same
# order. It returns whole numbers of shape `(M,)`: for each new point the label of the nearest core
# point (Euclidean distance), or -1 if that core point is **farther** than `eps`. At exactly `eps` the
# point keeps the label.
#
# - If several core points are equally near, the one with the lowest row number decides.
# - If there are no core points at all (`core_points` of shape `(0, D)`, or `[]`), every label is -1.
# - Raise a `ValueError` if there is not one label for each core point, or if there are core points and
#   they do not have as many columns as `X_new`.


# %% solution="dbscan_predict"
def dbscan_predict(X_new, core_points, core_labels, eps):
    """Label of the nearest core point of each row of X_new, -1 where it is farther than eps."""
    ### BEGIN SOLUTION
    X_new = np.asarray(X_new, dtype=float)
    core_points = np.asarray(core_points, dtype=float)
    core_labels = np.asarray(core_labels)
    if len(core_points) != len(core_labels):
        raise ValueError(f"{len(core_labels)} labels for {len(core_points)} core points")
    if len(core_points) == 0:
        return np.full(len(X_new), -1)
    if X_new.shape[1] != core_points.shape[1]:
        raise ValueError(f"{X_new.shape[1]} features do not fit {core_points.shape[1]}")
    distances = cdist(X_new, core_points)
    labels = core_labels[distances.argmin(axis=1)].astype(int)
    labels[distances.min(axis=1) > eps] = -1
    return labels
    ### END SOLUTION


# %% test="test_dbscan_predict" points=2
crowd = np.array([[0.0, 0], [5, 0], [5, 5]])
asked = np.array([[1.4, 0], [5, 6], [5, 1], [0, 9]])
said = dbscan_predict(asked, crowd, np.array([7, 3, 3]), 1.5)
assert said is not None, "Your function returns nothing: does it end in a `return`?"
said = np.asarray(said)
assert said.shape == (4,), (
    f"4 new points give the shape (4,); yours is {said.shape}: one label for each new point."
)
assert not np.array_equal(said, [0, 2, 1, -1]), (
    "You return the row number of the nearest core point: look up its cluster in `core_labels`."
)
assert not np.array_equal(said, [7, 3, 3, 3]), (
    "The point (0, 9) lies more than eps from every core point: it must get -1."
)
assert not np.array_equal(said, [-1, -1, -1, -1]), (
    "Every point gets -1, although three of them have a core point within eps: is eps fixed in your code?"
)
assert not np.array_equal(said, [-1, 3, 3, -1]), (
    "The point (1.4, 0) is 1.4 from a core point, less than eps: do you compare the squared distance "
    "with eps?"
)
assert not np.array_equal(said, [-1, -1, -1, 3]), (
    "The far points get labels and the near ones get -1: turn the comparison with eps around."
)
assert np.array_equal(said, [7, 3, 3, -1]), (
    "Each new point takes the label of its nearest core point, if that is within eps: here the first lies "
    "next to core point 0, the second next to 2, the third next to 1, and the last is far from all."
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(92)
hearts = helper.uniform(-3, 3, size=(60, 3))
tribe = helper.choice([0, 2, 4, 9, 11], size=60)
folk = helper.uniform(-3.5, 3.5, size=(150, 3))
table = np.sqrt(np.sum((folk[:, None] - hearts) ** 2, axis=2))
first = table.argmin(axis=1)
for reach in [0.9, 1.7, 0.4]:
    mine = attempt(
        "With 60 core points in 3 dimensions", dbscan_predict, folk, hearts, tribe, reach
    )
    mine = np.asarray(mine)
    far = table.min(axis=1) > reach
    assert mine.shape == (150,), "With 150 new points in 3 dimensions the shape must be (150,)."
    assert not np.array_equal(mine, np.where(far, -1, first)), (
        "You return row numbers of core points: look up their clusters in `core_labels`."
    )
    assert not np.array_equal(mine, tribe[first]), "No new point gets -1: use eps as the cut-off."
    flat = np.sqrt(np.sum((folk[:, None, :2] - hearts[:, :2]) ** 2, axis=2))
    assert not np.array_equal(
        mine, np.where(flat.min(axis=1) > reach, -1, tribe[flat.argmin(axis=1)])
    ), "Only the first two features are used: take all columns."
    blocks = np.abs(folk[:, None] - hearts).sum(axis=2)
    assert not np.array_equal(
        mine, np.where(blocks.min(axis=1) > reach, -1, tribe[blocks.argmin(axis=1)])
    ), "You add up the differences along the axes: take the Euclidean distance."
    assert not np.array_equal(mine, np.where(table.min(axis=1) ** 2 > reach, -1, tribe[first])), (
        "You compare the squared distance with eps: take the root, or square eps too."
    )
    assert np.array_equal(mine < 0, far), (
        "Wrong points get -1: a new point is noise where its nearest core point is farther than `eps`. "
        "Is eps fixed in your code?"
    )
    assert np.array_equal(mine, np.where(far, -1, tribe[first])), (
        "A new point did not get the label of its *nearest* core point. One neighbour decides, and not a "
        "vote or the mean of a cluster."
    )
### END HIDDEN TESTS

# %% test="test_dbscan_predict__edges" points=2
limit = dbscan_predict(np.array([[3.0, 4.0]]), np.array([[0.0, 0.0]]), np.array([6]), 5)
assert not np.array_equal(limit, [-1]), (
    "At a distance of exactly eps the point keeps the label: it is noise only if it is *farther*."
)
assert np.array_equal(limit, [6]), (
    "With a single core point within eps, the new point takes its label, and not its row number."
)
nobody = attempt(
    "With no core points at all", dbscan_predict, np.ones((3, 2)), np.empty((0, 2)), np.empty(0), 1
)
assert np.array_equal(nobody, [-1, -1, -1]), "With no core points at all, every label is -1."
assert refuses(dbscan_predict, [[0.0]], [[0.0], [1.0]], [0, 1, 1], 1.0), (
    "3 labels for 2 core points must raise a ValueError: this is the check that finds the slip above."
)
### BEGIN HIDDEN TESTS
tied = attempt(
    "With plain lists", dbscan_predict, [[2, 0], [0, 2]], [[4, 0], [0, 4], [0, 0]], [8, 1, 5], 9
)
assert np.array_equal(tied, [8, 1]), (
    "Where two core points are equally near, the one with the lowest row number decides."
)
line = attempt(
    "In one dimension",
    dbscan_predict,
    [[3], [5]],
    [[7], [9], [1], [5], [3]],
    [40, 30, 20, 10, 0],
    2,
)
assert np.array_equal(line, [0, 10]), "Wrong in one dimension, with core points in no order."
pair = attempt("With two equal core points", dbscan_predict, [[1.0]], [[1.0], [1.0]], [3, 0], 0.5)
assert np.array_equal(pair, [3]), (
    "Two core points at the same place are equally near: the lowest row number decides."
)
none = attempt("With `[]` for the core points", dbscan_predict, [[1.0, 2.0], [3.0, 4.0]], [], [], 1)
assert np.array_equal(none, [-1, -1]), "With no core points, given as [], every label is -1."
dim = np.array([[3], [200]], dtype=np.uint8)
bright = np.array([[5], [250]], dtype=np.uint8)
assert np.array_equal(
    attempt("With uint8 numbers", dbscan_predict, dim, bright, [2, 4], 10), [2, -1]
), "With uint8 numbers the differences wrap around: turn the points into floats first."
kept = (np.array([[0.0, 1.0], [9.0, 9.0]]), np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([4, 6]))
assert not changed_inputs(dbscan_predict, *kept, 0.5), (
    "Your function changes its inputs: work on copies."
)
assert refuses(dbscan_predict, [[0.0]], [[0.0], [1.0]], [0], 1.0), (
    "1 label for 2 core points must raise a ValueError."
)
assert refuses(dbscan_predict, [[0.0]], [], [0, 1], 1.0), (
    "Labels without core points must raise a ValueError: check the lengths before anything else."
)
assert refuses(dbscan_predict, [[0.0, 0.0], [1.0, 1.0]], [[0.0], [1.0]], [0, 1], 1.0), (
    "New points with 2 features and core points with 1 must raise a ValueError: NumPy would stretch them "
    "without a word."
)
assert refuses(dbscan_predict, [[0.0, 0.0]], [[0.0, 0.0, 0.0]], [0], 1.0), (
    "New points with 2 features and core points with 3 must raise a ValueError."
)
### END HIDDEN TESTS

# %% [markdown]
# Your function on the four visitors, and on the check that the colleague's cell failed:

# %%
for eps in [0.2, 0.05]:
    model = DBSCAN(eps=eps, min_samples=5).fit(moons)
    of_core = model.labels_[model.core_sample_indices_]
    own = dbscan_predict(model.components_, model.components_, of_core, eps)
    print(
        f"eps {eps}: {np.mean(own == of_core):.1%} of the core points get their own cluster;",
        end=" ",
    )
    print("visitors:", dbscan_predict(visitors, model.components_, of_core, eps))

# %% [markdown]
# With `eps = 0.2` the stranger at (2, 1) is noise now, and so is (-0.5, 0), which lies inside the arc of
# a moon but not near its points. With `eps = 0.05` all four are strangers.
#
# ## 5. A network of friends: spectral clustering
#
# DBSCAN says "near" or "not near". A softer idea is a number for each pair of points, their
# **affinity**: 1 for the same place, falling to 0 far away. With points $x_i$ and $x_j$, the usual choice is
#
# $$A_{ij} = e^{-\gamma \, \|x_i - x_j\|^2}$$
#
# where $\|x_i - x_j\|$ is the distance between the two, and $\gamma$ ("gamma") says how fast the affinity
# falls. It is called the *radial basis function*, RBF.
#
# **Predict first:** two points are 0.1 apart. Is their affinity nearer to 1 or to 0 with $\gamma = 1$? And
# with $\gamma = 100$?

# %%
for gamma in [1, 100]:
    steps = {
        distance: round(float(np.exp(-gamma * distance**2)), 3) for distance in [0.1, 0.3, 1.0]
    }
    print(f"gamma {gamma:3}: affinity at each distance {steps}")

# %% [markdown]
# ### Exercise 3 · The affinities (3 points)
#
# Write `rbf_affinity(X, gamma)`. `X` has the shape `(N, D)`. It returns the table $A$ of shape `(N, N)`,
# with the affinity of points $i$ and $j$ in row $i$ and column $j$.
#
# Raise a `ValueError` if `X` does not have two axes.


# %% solution="rbf_affinity"
def rbf_affinity(X, gamma):
    """The affinity exp(-gamma d^2) of every pair of points, shape (N, N)."""
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    if X.ndim != 2:
        raise ValueError(f"X needs the shape (N, D), not {X.shape}")
    return np.exp(-gamma * cdist(X, X) ** 2)
    ### END SOLUTION


# %% test="test_rbf_affinity" points=2
table = rbf_affinity(np.array([[0.0, 0], [1.5, 2], [1.5, 0]]), 0.2)
assert table is not None, "Your function returns nothing: does it end in a `return`?"
table = np.asarray(table, dtype=float)
assert table.shape == (3, 3), (
    f"3 points give the shape (3, 3), yours is {table.shape}: one number for each *pair* of points."
)
assert every(~(table > 1.0001)), (
    "An affinity is above 1: is the minus sign missing in the exponent, or squared away? The farther, the "
    "smaller."
)
assert not is_like(np.diag(table), [0, 0, 0]), (
    "The affinity of a point with itself is missing: at distance 0 the formula gives 1."
)
assert not is_like(table[0, 1], np.exp(-0.5), atol=0), (
    "You use the plain distance in the exponent: it must be squared."
)
assert not is_like(table[0, 1], np.exp(-7.8125), atol=0), (
    "The distance is raised to the fourth power: `sqeuclidean` distances are squared already."
)
assert not is_like(table[0, 1], np.exp(-0.25), atol=0), (
    "You square gamma together with the distance: only the distance is squared."
)
assert not is_like(table[0, 1], np.exp(-31.25), atol=0), (
    "You divide by gamma: the formula multiplies."
)
assert not is_like(table[0, 1], np.exp(-78.125), atol=0), (
    "This is the form with a width sigma, divided by 2 sigma squared: here gamma multiplies."
)
assert not is_like(table[0, 1], np.exp(-2.45), atol=0), (
    "You add up the differences before you square: square each of them first."
)
assert_like(
    table[[0, 0, 1], [1, 2, 2]],
    np.exp([-1.25, -0.45, -0.8]),
    "The squared distances of these points are 6.25, 2.25 and 4: put each into the formula.",
)
assert_like(
    table,
    table.T,
    "The table must be symmetric: i and j are as near as j and i. Is one half of it empty?",
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(93)
spots = helper.normal(size=(40, 5))
gaps = spots[:, None] - spots
square = np.sum(gaps**2, axis=2)
for rate in [0.3, 2.0]:
    mine = attempt("With 40 points in 5 dimensions", rbf_affinity, spots, rate)
    mine = np.asarray(mine, dtype=float)
    assert mine.shape == (40, 40), "With 40 points in 5 dimensions the shape must be (40, 40)."
    assert not is_like(mine, np.exp(-rate * np.sum(gaps[:, :, :2] ** 2, axis=2))), (
        "Only the first two features are used: take all columns of `X`."
    )
    assert not is_like(mine, np.exp(-rate * square / 5)), (
        "You take the mean over the features: the squared distance is their sum."
    )
    assert not is_like(mine, np.exp(-rate * np.abs(gaps).sum(axis=2) ** 2)), (
        "You add up the differences along the axes: the Euclidean distance squares each of them."
    )
    weights = np.exp(-rate * square)
    assert not is_like(mine, weights / weights.sum(axis=1, keepdims=True)), (
        "The rows are scaled to sum to 1: affinities are no probabilities, leave them as they are."
    )
    assert_like(
        mine,
        weights,
        "With 40 points in 5 dimensions the affinities are wrong: is gamma or D, or a variable of the "
        "notebook, fixed in your code?",
        atol=1e-8,
    )
### END HIDDEN TESTS

# %% test="test_rbf_affinity__edges" points=1
own = rbf_affinity(np.array([[5.0, 1.0, 2.0]]), 3.0)
assert np.shape(own) == (1, 1) and is_like(own, np.ones((1, 1))), (
    "A single point gives a table of shape (1, 1) that holds a 1."
)
assert refuses(rbf_affinity, [1.0, 2.0, 3.0], 1.0), (
    "An `X` with a single axis must raise a ValueError: one point in each row, please."
)
### BEGIN HIDDEN TESTS
listed = attempt("With plain lists", rbf_affinity, [[0], [1], [3]], 1)
assert_like(
    listed,
    np.exp([[0, -1, -9], [-1, 0, -4], [-9, -4, 0]]),
    "Wrong for plain lists of whole numbers in one dimension.",
)
with warnings.catch_warnings():
    warnings.simplefilter("error")
    sharp = attempt(
        "With a large gamma, and warnings turned into errors,",
        rbf_affinity,
        [[0.0, 0.0], [40.0, 0.0], [0.0, 90.0]],
        1000.0,
    )
assert_like(sharp, np.eye(3), "With a large gamma only equal points have an affinity.")
assert_like(
    rbf_affinity([[0.0], [5.0], [9.0]], 0.0),
    np.ones((3, 3)),
    "With gamma = 0 all affinities are 1, whatever the distance.",
)
twins = attempt("With equal points", rbf_affinity, [[2.0, 7.0], [2.0, 7.0], [2.0, 8.0]], 0.5)
assert_like(np.asarray(twins)[0, 1], 1, "Two points at the same place have the affinity 1.")
pixels = np.array([[3, 200], [5, 220]], dtype=np.uint8)
assert_like(
    np.asarray(attempt("With uint8 numbers", rbf_affinity, pixels, 0.001))[0, 1],
    np.exp(-0.404),
    "With uint8 numbers differences or squares wrap around: turn `X` into floats first.",
)
kept = np.array([[0.0, 1.0], [2.0, 3.0]])
assert not changed_inputs(rbf_affinity, kept, 1.0), "Your function changes `X`: work on a copy."
assert refuses(rbf_affinity, [[[1.0], [2.0]], [[3.0], [4.0]]], 1.0), (
    "An `X` with three axes must raise a ValueError."
)
### END HIDDEN TESTS

# %% [markdown]
# Pick one point at the end of a moon. The pictures show how strong its affinity to every other point is.
# With which $\gamma$ does it have friends only in its own moon?

# %%
here = moons[:, 0].argmin()
fig, axes = plt.subplots(1, 2, figsize=(12, 3.9), sharey=True, layout="constrained")
for ax, gamma in zip(axes, [100, 1], strict=True):
    affinity = np.asarray(rbf_affinity(moons, gamma))
    strength = affinity[here]
    dots = ax.scatter(
        *moons.T, c=strength, s=4 + 45 * strength, cmap="viridis_r", vmin=0, vmax=1,
        edgecolors="black", linewidths=0.2,
    )  # fmt: skip
    ax.plot(*moons[here], "k*", markersize=17, markeredgecolor="white")
    ax.set(title=f"gamma = {gamma}", xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    other = strength[moon_of != moon_of[here]].max()
    print(f"gamma {gamma:3}: strongest affinity to the other moon {other:.3f};", end=" ")
    print(f"95 % of all affinities are below {np.percentile(affinity, 95):.3f}")
fig.colorbar(dots, ax=axes, label="affinity to the star", shrink=0.75)
show(
    fig,
    alt="The moons, each point larger and darker the stronger its affinity to a star at the left end of the "
    "upper moon. With gamma 100 only a small spot around the star stands out. With gamma 1 the affinity "
    "spreads over half of the picture, and into the other moon.",
)

# %% [markdown]
# Think of points as people and of affinities as friendships. **Spectral clustering** makes *new
# coordinates* from the table $A$, in which friends, and friends of friends, stand together. (It takes
# them from the eigenvectors of a table made from $A$. Their set is called a *spectrum*, hence the name.)
# Then plain k-means clusters the new coordinates. **Predict first:** which $\gamma$ will part the moons?

# %%
fig, axes = plt.subplots(2, 2, figsize=(11, 7), layout="constrained")
for (above, below), gamma in zip(axes.T, [100, 1], strict=True):
    found = SpectralClustering(n_clusters=2, gamma=gamma, random_state=42).fit_predict(moons)
    affinity = np.asarray(rbf_affinity(moons, gamma))
    new = spectral_embedding(affinity, n_components=2, random_state=42)
    plot_clusters(moons, found, ax=above, legend=False, title=f"clusters with gamma = {gamma}")
    for moon, mark in [(0, "o"), (1, "^")]:
        below.plot(*new[moon_of == moon].T, mark, markersize=5, alpha=0.5, label=f"moon {moon}")
    below.set(xlabel="new coordinate 1", ylabel="new coordinate 2", title="the new coordinates")
    below.legend(frameon=False)
    wrong = misclassification_rate(moon_of, found)
    print(f"gamma {gamma:3}: {wrong:.1%} of the points in the wrong group")
show(
    fig,
    alt="Spectral clustering of the moons. With gamma 100 each moon is a cluster, and in the new coordinates "
    "the moons are far apart along the first one. With gamma 1 the border cuts through both moons, and in "
    "the new coordinates they form a single arc, in the middle of which the moons overlap.",
)

# %% [markdown]
# With $\gamma = 100$, friendships reach only along a moon. With $\gamma = 1$ everybody is everybody's
# friend, and the result is hardly better than k-means. You have to choose $\gamma$ *and* $K$, and a table
# for $N$ points has $N^2$ entries: spectral clustering is for thousands of points, not for millions.

# %% [markdown]
# ## 6. A family tree: agglomerative clustering
#
# *Agglomerative* means "heaping together". At first every point is a cluster of its own. Then the two
# closest clusters merge, again and again, until one is left.
#
# How far apart are two *clusters*? That rule is called the **linkage**. *Complete* linkage takes
# the farthest pair of points, one from each, *single* linkage the nearest pair, and *average* linkage the
# mean over all pairs. *Ward* linkage merges where the inertia grows least.
#
# Take four numbers: 0, 2, 5 and 8.5. **Predict first:** which two merge first? With complete
# linkage, does 5 then join 0 and 2, or 8.5?

# %%
numbers = np.array([[0.0], [2.0], [5.0], [8.5]])
for rule in ["complete", "single"]:
    model = AgglomerativeClustering(linkage=rule).fit(numbers)
    print(f"{rule:8}: children_ {model.children_.tolist()}, two clusters {model.labels_}")

# %% [markdown]
# Read the merge list `children_` like this. The points are the **leaves** 0 to 3. Row 0 says who merges
# first: leaves 0 and 1, which are the numbers 0 and 2. Their union gets the next free number, 4. Row 1
# makes cluster 5, and row 2 makes cluster 6, which holds everything. In general, with $n$ leaves, row $i$
# makes cluster $n + i$.
#
# The picture of it is a tree, the **dendrogram**. The height of each bar is the distance at which the two
# below it merge.

# %%
fig, axes = plt.subplots(1, 2, figsize=(9.5, 3.6), sharey=True, layout="constrained")
for ax, rule in zip(axes, ["complete", "single"], strict=True):
    merges = linkage(numbers, method=rule)
    dendrogram(merges, ax=ax, labels=["0", "2", "5", "8.5"], color_threshold=0)
    ax.set(title=f"{rule} linkage", xlabel="number", ylabel="merged at distance", ylim=(0, 9.2))
    print(f"{rule:8}: merges at the distances {merges[:, 2].tolist()}")
show(
    fig,
    alt="Two trees over the numbers 0, 2, 5, 8.5. Complete linkage joins 0 with 2 and 5 with 8.5, then the "
    "two pairs at 8.5. Single linkage makes a chain: 0 with 2, then 5, then 8.5, each at its gap.",
)

# %% [markdown]
# The linkage changes the tree. With complete linkage, 5 is 5 away from the cluster {0, 2}, because 0 is its
# farthest member, and only 3.5 from 8.5. With single linkage only the nearest member, 2, counts.
#
# The whole tree holds a clustering for *every* number of clusters. Each merge makes one
# cluster less. To get $K$ clusters from $n$ leaves, do only the first so many merges. How many?
#
# ### Exercise 4 · Cut the tree (4 points)
#
# Write `cut_tree(children, n_leaves, n_clusters)`. `children` has the shape `(n_leaves - 1, 2)`, in merge
# order, numbered as above. It returns the cluster of each leaf after enough merges that
# `n_clusters` clusters are left: whole numbers of shape `(n_leaves,)`, from 0 to `n_clusters - 1`, in
# any order.
#
# - `children` holds whole numbers. They may be stored as floats, as SciPy's `linkage` does.
# - A single leaf has no merges: then `children` is empty, perhaps `[]`.
# - Raise a `ValueError` if `n_clusters` is below 1 or above `n_leaves`, or if `children` does not have
#   `n_leaves - 1` rows.
#
# *Hint:* keep a list of the leaves of each cluster, and begin with one for each leaf. Or keep an array with the
# current cluster number of each leaf. In the end, `np.unique(..., return_inverse=True)` renames any
# numbers to 0, 1, 2 and so on.


# %% solution="cut_tree"
def cut_tree(children, n_leaves, n_clusters):
    """The cluster of each leaf, 0 to n_clusters - 1, after the first merges of a tree."""
    ### BEGIN SOLUTION
    children = np.asarray(children).reshape(-1, 2).astype(int)
    if not 1 <= n_clusters <= n_leaves:
        raise ValueError(f"{n_leaves} leaves cannot form {n_clusters} clusters")
    if len(children) != n_leaves - 1:
        raise ValueError(f"{n_leaves} leaves need {n_leaves - 1} merges, not {len(children)}")
    cluster = np.arange(n_leaves)
    for i in range(n_leaves - n_clusters):
        cluster[np.isin(cluster, children[i])] = n_leaves + i
    return np.unique(cluster, return_inverse=True)[1]
    ### END SOLUTION


# %% test="test_cut_tree" points=2
pairs = np.array([[0, 1], [2, 3], [4, 5]])
three = cut_tree(pairs, 4, 3)
assert three is not None, "Your function returns nothing: does it end in a `return`?"
assert not (isinstance(three, tuple) and len(three) == 2), (
    "You return two things: `np.unique(..., return_inverse=True)` does so, and the labels are the second."
)
three = np.asarray(three)
assert three.shape == (4,), (
    f"4 leaves give the shape (4,); yours is {three.shape}: one label for each leaf."
)
assert len(np.unique(three)) != 1, (
    "With 3 clusters asked for, everything is in one: is n_clusters the number of merges? Each merge makes "
    "one cluster less, and at first there are n_leaves."
)
assert len(np.unique(three)) != 2, (
    "With 3 clusters asked for, there are only 2: you do one merge too many."
)
assert len(np.unique(three)) != 4, (
    "With 3 clusters asked for, no leaves have merged: you do one merge too few, or merge only the last rows."
)
assert three[0] == three[1] and three[2] != three[3], (
    "With 3 clusters only the *first* merge is done: leaves 0 and 1."
)
two = np.asarray(cut_tree(pairs, 4, 2))
assert two.shape == (4,), f"4 leaves give the shape (4,); yours is {two.shape}."
assert two[0] == two[1] and two[2] == two[3] and two[0] != two[2], (
    "With 2 clusters, leaves 0 and 1 are together, and leaves 2 and 3."
)
assert sorted(np.unique(two).tolist()) == [0, 1], (
    "The labels of 2 clusters are 0 and 1: rename the numbers of the clusters in the tree."
)
one = attempt(
    "With 1 cluster, where the last merge joins 4 and 5 (not leaves but clusters from rows 0 and 1),",
    cut_tree,
    pairs,
    4,
    1,
)
assert np.array_equal(one, [0, 0, 0, 0]), (
    "With 1 cluster every leaf has the label 0. In the last merge, 4 and 5 are not leaves but clusters "
    "from rows 0 and 1: all of their leaves move."
)
### BEGIN HIDDEN TESTS
for n_points, trial in [(9, 1), (14, 2), (23, 3)]:
    helper = np.random.default_rng(940 + trial)
    groups = {leaf: [leaf] for leaf in range(n_points)}
    merges, history = [], {n_points: list(groups.values())}
    while len(groups) > 1:
        a, b = helper.choice(sorted(groups), size=2, replace=False).tolist()
        groups[n_points + len(merges)] = groups.pop(a) + groups.pop(b)
        merges.append([a, b])
        history[len(groups)] = list(groups.values())
    for k in range(1, n_points + 1):
        mine = attempt(
            f"With {n_points} leaves and {k} clusters", cut_tree, np.array(merges), n_points, k
        )
        mine = np.asarray(mine)
        assert mine.shape == (n_points,), "There must be one label for each leaf."
        assert len(np.unique(mine)) == k, (
            f"With {n_points} leaves and {k} clusters asked for, the number of clusters is wrong: do "
            "n_leaves - n_clusters merges, and mind that row i makes cluster n_leaves + i."
        )
        assert set(mine.tolist()) == set(range(k)), (
            f"With {k} clusters the labels must be 0 to {k - 1}: rename the numbers of the tree."
        )
        assert {len(set(mine[members].tolist())) for members in history[k]} <= {1}, (
            f"With {n_points} leaves and {k} clusters, leaves that have merged got different labels: a "
            "number from n_leaves on is a cluster made by an earlier row, with all of its leaves."
        )
### END HIDDEN TESTS

# %% test="test_cut_tree__edges" points=2
chain = np.array([[0, 1], [2, 4], [3, 5]])
apart = np.asarray(attempt("With as many clusters as leaves", cut_tree, chain, 4, 4))
assert len(set(apart.tolist())) == 4, "With as many clusters as leaves, nothing merges."
assert refuses(cut_tree, chain, 4, 0), "n_clusters = 0 must raise a ValueError."
assert refuses(cut_tree, chain, 4, 5), "5 clusters from 4 leaves must raise a ValueError."
### BEGIN HIDDEN TESTS
listed = attempt("With plain lists", cut_tree, [[0, 1], [2, 4], [3, 5]], 4, 2)
assert np.array_equal(np.asarray(listed)[:3], np.repeat(np.asarray(listed)[0], 3)), (
    "Wrong for a chain, given as a list, in which one leaf after the other joins."
)
assert np.asarray(listed)[3] != np.asarray(listed)[0], (
    "Wrong for a chain, given as a list: the last leaf joins only in the last merge."
)
floats = attempt("With children stored as floats", cut_tree, chain.astype(float), 4, 2)
assert len(set(np.asarray(floats).tolist())) == 2, "Children stored as floats must work too."
floats = np.asarray(floats).tolist()
assert floats[0] == floats[1] == floats[2] != floats[3], "Children stored as floats must work too."
assert set(floats) == {0, 1}, "Children stored as floats: the labels must be 0 and 1 as well."
single = attempt("With a single leaf", cut_tree, [], 1, 1)
assert np.array_equal(single, [0]), "A single leaf is the cluster 0."
single = attempt("With a single leaf", cut_tree, np.empty((0, 2), dtype=int), 1, 1)
assert np.array_equal(single, [0]), "A single leaf is the cluster 0."
couple = attempt("With two leaves", cut_tree, np.array([[1, 0]]), 2, 1)
assert np.array_equal(couple, [0, 0]), "Two leaves in one cluster have the label 0."
kept = np.array([[0, 1], [2, 3], [4, 5]])
assert not changed_inputs(cut_tree, kept, 4, 2), "Your function changes `children`: work on a copy."
assert refuses(cut_tree, chain, 4, -1), "A negative n_clusters must raise a ValueError."
assert refuses(cut_tree, chain, 5, 2), "5 leaves need 4 merges: 3 rows must raise a ValueError."
assert refuses(cut_tree, chain, 3, 2), "3 leaves need 2 merges: 3 rows must raise a ValueError."
### END HIDDEN TESTS

# %% [markdown]
# Your function cuts the trees of the moons into two clusters. **Predict first:** which linkage walks along a moon,
# from neighbour to neighbour?

# %%
fig, axes = plt.subplots(2, 2, figsize=(11, 6), sharex=True, sharey=True, layout="constrained")
for ax, rule in zip(axes.flat, ["single", "complete", "average", "ward"], strict=True):
    tree = AgglomerativeClustering(n_clusters=2, linkage=rule).fit(moons)
    found = cut_tree(tree.children_, tree.n_leaves_, 2)
    plot_clusters(moons, found, ax=ax, legend=False, title=rule)
    print(
        f"{rule:8}: {misclassification_rate(moon_of, found):5.1%} in the wrong group, "
        f"same as scikit-learn's cut: {adjusted_rand_score(found, tree.labels_) == 1}"
    )
show(
    fig,
    alt="The moons cut into two clusters, with four linkages. Single linkage gives each moon to one cluster. "
    "Complete, average and Ward linkage cut through the moons.",
)

# %% [markdown]
# Single linkage looks at the nearest pair, so it walks along a moon like DBSCAN. That is also its weakness:
# a few stray points between two groups are a bridge, and the groups merge too early. Complete, average and
# Ward linkage like compact groups.
#
# ## 7. Crowds of different density: HDBSCAN
#
# Next, two small dense groups and a wide, thin one. **Predict first:** is there one `eps` that suits all
# three?

# %%
uneven, group_of = make_blobs(
    [150, 150, 150],
    centers=[[0, 0], [1.2, 0], [6, 0]],
    cluster_std=[0.15, 0.15, 1.2],
    random_state=SEED,
)
models = {f"DBSCAN, eps {eps}": DBSCAN(eps=eps, min_samples=5) for eps in [0.15, 0.3, 0.8]}
models["HDBSCAN"] = HDBSCAN(min_cluster_size=20, copy=True)
fig, axes = plt.subplots(2, 2, figsize=(9.5, 7.6), sharex=True, sharey=True, layout="constrained")
for ax, (name, model) in zip(axes.flat, models.items(), strict=True):
    found = model.fit_predict(uneven)
    plot_clusters(uneven, found, ax=ax, legend=False, title=name)
    print(f"{name:17}: {found.max() + 1} clusters, {np.sum(found == -1):3} points of noise")
show(
    fig,
    alt="Two small dense groups on the left and a wide thin one on the right, clustered four times. DBSCAN "
    "with the small eps calls the wide group noise. With the middle eps the wide group falls apart. With the "
    "large eps the two dense groups become one. HDBSCAN finds all three, with a few noise points outside.",
)

# %% [markdown]
# No single radius will do. A small one calls the wide group noise, a large one glues the dense groups
# together.
#
# **HDBSCAN** (the H is for *hierarchical*) tries *all* radii. It grows a tree much like the one in section
# 6, in which crowded places merge first. Then it keeps the branches that live long, that is, over many
# radii. It needs one setting that is easy to choose: `min_cluster_size`, the smallest group you care about.
#
# ## 8. Which method finds which shape?
#
# Six shapes, each with 300 points, each feature scaled to a standard deviation of 1, and seven methods. Methods
# that need the number of clusters are told the right one (for the shape without groups: 3). All other settings
# are the same for all shapes. *Mixture* is the Gaussian mixture of lesson 6. The score under each picture
# is the adjusted Rand index, 1 for a perfect match and about 0 for chance. Each noise point counts as a
# cluster of its own.
#
# **Predict first:** is there a method that wins everywhere? Which will do well on the long stripes?

# %%
rng = np.random.default_rng(SEED)
third = np.repeat([0, 1, 2], 100)
stripes = np.column_stack(
    [rng.normal(scale=3, size=300), 2 * third + rng.normal(scale=0.3, size=300)]
)
shapes = {
    "round": make_blobs(300, centers=[[0, 0], [5, 1], [1, 5]], cluster_std=0.8, random_state=SEED),
    "uneven": make_blobs(
        [100] * 3,
        centers=[[0, 0], [1.4, 0], [5, 0]],
        cluster_std=[0.15, 0.15, 1],
        random_state=SEED,
    ),
    "stripes": (stripes @ np.array([[1, 0.4], [0, 1]]), third),
    "moons": make_moons(300, noise=0.05, random_state=SEED),
    "rings": make_circles(300, noise=0.04, factor=0.45, random_state=SEED),
    "no groups": (rng.uniform(size=(300, 2)), None),
}


def clusterers(k):
    """Fresh models by name; k is the number of clusters for those that must be told."""
    return {
        "k-means": KMeans(k, n_init=10, random_state=0),
        "mixture": GaussianMixture(k, n_init=10, init_params="random_from_data", random_state=0),
        "Ward": AgglomerativeClustering(k, linkage="ward"),
        "single": AgglomerativeClustering(k, linkage="single"),
        "spectral": SpectralClustering(k, gamma=20, random_state=0),
        "DBSCAN": DBSCAN(eps=0.3, min_samples=5),
        "HDBSCAN": HDBSCAN(min_cluster_size=15, copy=True),
    }


# %%
print(" " * 10, *[f"{name:>9}" for name in clusterers(2)])
fig, axes = plt.subplots(6, 7, figsize=(13, 11.5), layout="constrained")
for row, (shape, (X, truth)) in zip(axes, shapes.items(), strict=True):
    X, scores = StandardScaler().fit_transform(X), []
    k = 3 if truth is None else len(np.unique(truth))
    for ax, model in zip(row, clusterers(k).values(), strict=True):
        found = model.fit_predict(X)
        alone = np.where(found == -1, -1 - np.arange(len(X)), found)  # each noise point apart
        plot_clusters(X, found, ax=ax, legend=False)
        score = None if truth is None else round(adjusted_rand_score(truth, alone), 2) + 0.0
        scores.append("none" if score is None else f"{score:.2f}")
        ax.set(xticks=[], yticks=[], ylabel="", aspect="auto")
        ax.set_xlabel(f"{found.max() + 1} clusters, score {scores[-1]}", fontsize=10)
    row[0].set_ylabel(shape, fontsize=13)
    print(f"{shape:10}", *[f"{score:>9}" for score in scores])
for ax, name in zip(axes[0], clusterers(2), strict=True):
    ax.set_title(name, fontsize=13)
show(
    fig,
    alt="A grid of six shapes in rows and seven methods in columns, each picture with its number of clusters "
    "and its score, which are printed above. No column is good in every row, and every method finds "
    "clusters in the last row, where there are none.",
)

# %% [markdown]
# | method | you choose | good at | beware of |
# |---|---|---|---|
# | k-means | $K$ | round groups of similar width, huge data | bent, long or uneven groups |
# | mixture | $K$ | long, tilted or uneven groups | bent groups, bad starts |
# | Ward | $K$, or read the tree | compact groups, a tree for free | bent groups |
# | single linkage | $K$, or read the tree | any shape with a clean gap | stray points: one of them fills a cluster |
# | spectral | $K$ and $\gamma$ | any shape with a clean gap | uneven groups, many points |
# | DBSCAN | `eps`, `min_samples` | any shape, strangers | groups of different density |
# | HDBSCAN | `min_cluster_size` | any shape, strangers, different density | calling much noise |
#
# No method wins everywhere: each has its own idea of what a cluster is. The last row of pictures is the one
# to remember. There is nothing to find, and every method finds something.
#
# ## 9. Check yourself
#
# Choose an answer to see whether it is right, and why. Nothing here is graded.

# %%
from jupyterquiz import display_quiz

display_quiz(
    [
        {
            "question": "You raise min_samples and leave eps as it is. What happens to the core points?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "There are more of them, or as many",
                    "correct": False,
                    "feedback": "The neighbourhoods stay, and more is asked of them.",
                },
                {
                    "answer": "There are fewer of them, or as many",
                    "correct": True,
                    "feedback": "Right: each point has as many neighbours as before, and needs more.",
                },
                {
                    "answer": "Nothing: only eps decides",
                    "correct": False,
                    "feedback": "A core point needs min_samples points within eps. Both count.",
                },
            ],
        },
        {
            "question": "A point lies within eps of a core point and is no core point itself. What is it?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "Noise",
                    "correct": False,
                    "feedback": "Noise has no core point within eps.",
                },
                {
                    "answer": "A border point: it joins a cluster",
                    "correct": True,
                    "feedback": "Right. If core points of two clusters are near, it joins only one of them.",
                },
                {
                    "answer": "The start of a new cluster",
                    "correct": False,
                    "feedback": "A cluster needs at least one core point.",
                },
            ],
        },
        {
            "question": "You make gamma very large in spectral clustering. Which affinities remain?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "All become 1: everybody is a friend",
                    "correct": False,
                    "feedback": "That happens for gamma near 0.",
                },
                {
                    "answer": "Only those of each point with itself and with very near points",
                    "correct": True,
                    "feedback": "Right. If gamma is too large, even a single moon falls into pieces.",
                },
                {
                    "answer": "Only those of points that are far apart",
                    "correct": False,
                    "feedback": "Affinity falls with the distance, for every gamma above 0.",
                },
            ],
        },
        {
            "question": "100 leaves, and you want 7 clusters. How many merges do you carry out?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "7",
                    "correct": False,
                    "feedback": "After 7 merges there are still 93 clusters.",
                },
                {
                    "answer": "93",
                    "correct": True,
                    "feedback": "Right: each merge makes one cluster less.",
                },
                {
                    "answer": "92",
                    "correct": False,
                    "feedback": "That leaves one cluster too many. Try it with 2 leaves and 1 cluster.",
                },
            ],
        },
    ]
)

# %% [markdown]
# ### Quiz 2 (1 point)
#
# You have the positions of 5,000 birds. There are long, winding flocks, all about equally dense, and some lone
# birds. Nobody knows the number of flocks. What do you try first? Set `quiz_2` to a letter.
#
# - a) k-means with $K = 2$, because two is the safest guess.
# - b) A Gaussian mixture, because flocks are long.
# - c) DBSCAN, with a radius read from the sorted neighbour distances.
# - d) Complete linkage, because it follows winding shapes.

# %% solution="quiz_2"
### BEGIN SOLUTION
quiz_2 = "c"
### END SOLUTION

# %% test="test_quiz_2" points=1
choice_2 = str(quiz_2).strip().lower()
assert choice_2 in {"a", "b", "c", "d"}, "Set quiz_2 to one of the letters 'a', 'b', 'c', 'd'."
### BEGIN HIDDEN TESTS
assert choice_2 != "a", (
    "k-means cuts winding flocks with straight borders, and it has no place for lone birds."
)
assert choice_2 != "b", (
    "A Gaussian can be long, but it cannot bend; and you would have to know the number of flocks."
)
assert choice_2 != "d", (
    "Complete linkage prefers compact groups: it measures two clusters by their farthest pair."
)
### END HIDDEN TESTS

# %% [markdown]
# ### Open question (2 points)
#
# A shop clusters its customers with DBSCAN, and two in five are noise. A manager says: "The method failed, it
# could not place nearly half of our customers. k-means places all of them." In two or three sentences: what
# would you answer, and what would you check? A person reads and marks this answer.

# %% [markdown] manual="explain_noise" points=2
# That k-means places everybody is no merit: it would place customers who resemble nobody too. Noise may be
# the truth, namely that many customers are in no dense group. But I would check it: look at the sorted
# distances to the nearest neighbours for a larger eps or smaller min_samples, scale the features, and try
# HDBSCAN, because groups that are less dense than others also end up as noise.

# %% [markdown]
# ## Wrap-up
#
# - DBSCAN: at least `min_samples` points within `eps`, itself included, make a core point. Chains of core
#   points make clusters; the rest is border or noise.
# - Row numbers of core points are no row numbers of the data. Check on data where the two differ.
# - Spectral clustering: affinities, new coordinates, k-means. $\gamma$ decides who is a friend.
# - Agglomerative clustering: a tree of merges. Cut it anywhere; the linkage decides its shape.
# - HDBSCAN tries all radii at once. And every method finds clusters, whether they exist or not.
#
# **Next:** in lesson 10 the points have not two features but thousands.
#
# ## References
#
# - M. Ester, H.-P. Kriegel, J. Sander, X. Xu, *A density-based algorithm for discovering clusters in large
#   spatial databases with noise*, KDD 1996, pages 226-231.
# - E. Schubert, J. Sander, M. Ester, H.-P. Kriegel, X. Xu, *DBSCAN revisited, revisited: why and how you
#   should (still) use DBSCAN*, ACM Transactions on Database Systems 42(3), 2017, article 19.
# - U. von Luxburg, *A tutorial on spectral clustering*, Statistics and Computing 17, 2007, pages 395-416.
# - J. H. Ward, *Hierarchical grouping to optimize an objective function*, Journal of the American
#   Statistical Association 58, 1963, pages 236-244.
# - R. J. G. B. Campello, D. Moulavi, J. Sander, *Density-based clustering based on hierarchical density
#   estimates*, PAKDD 2013, Lecture Notes in Computer Science 7819, pages 160-172.
# - scikit-learn's [user guide to clustering](https://scikit-learn.org/stable/modules/clustering.html).
