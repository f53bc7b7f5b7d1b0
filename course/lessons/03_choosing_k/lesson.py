# %% [markdown]
# # 3 · Choosing K
#
# k-means wants to be told the number of clusters before it starts. But you cluster data *because* you do
# not know its groups. In this lesson you learn four ways to choose $K$, and you see where they
# fail, so that you know when to trust which.
#
# **You will learn to**
#
# - say why the lowest inertia is no guide, and read an *elbow* in its curve;
# - compute *silhouette coefficients* and choose $K$ by their mean;
# - read a *silhouette diagram*, which shows what the mean hides;
# - measure whether clusters are *stable* when the data change a little;
# - recognise data on which all of this misleads: long clusters, and no clusters at all.
#
# **You need** lesson 2: k-means, centroids, inertia, bad starts.
# **Time:** about 60 minutes. **Marks:** 18, of which 2 are for a text that a person reads.

# %% [markdown]
# ## How the exercises work
#
# - Replace the line `raise NotSolvedYet` by your code, run the cell, then run the test below it. No
#   message means that the visible checks pass. More checks, on other data, run when your work is graded.
# - Your functions never change their inputs, and they take lists as well as arrays, of floats or of
#   whole numbers. So begin with `X = np.asarray(X, dtype=float)`.
# - You may use everything that the next cell imports. `random_state` is a whole number that fixes all
#   that is random: the same number must give the same result.
# - Where an exercise asks for a `ValueError`, write `raise ValueError("what is wrong")`.

# %% locked="setup" tags=["setup"]
import warnings

import matplotlib.pyplot as plt
import numpy as np
from sklearn.cluster import KMeans
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score

from utils import (
    NotSolvedYet,
    alt_text,
    assert_like,
    attempt,
    changed_inputs,
    every,
    is_like,
    km_load_th1,
    load_ex1_data_clust,
    load_five_blobs,
    misclassification_rate,
    plot_clusters,
    plot_data,
    plot_decision_boundaries,
    plot_silhouettes,
    refuses,
    show,
)
from utils.widgets.silhouette import silhouette_explorer
from utils.umap_map import umap_map

SEED = 30035
blobs, blob_of = load_five_blobs()

# %% [markdown]
# ## 1. Too few, too many
#
# These are the 2,000 points of lesson 2. **Predict first:** how many groups do you see? Write down your
# number. You will meet it again.

# %%
show(
    plot_data(blobs),
    alt="2,000 points in the plane. On the right a wide and a narrower round cloud, on the left three small "
    "dense clouds above one another, the lower two of which almost touch.",
)

# %% [markdown]
# They were made from five blobs. What does k-means do if you ask for three clusters, or for eight?
# The next cell fits one model for each $K$ from 1 to 10. We keep them for the rest of the lesson.
#
# (`range(1, 11)` runs from 1 to 10. A range stops *before* its end, and `range(1, 10)` would forget $K = 10$.)

# %%
ks = list(range(1, 11))
models = {k: KMeans(k, n_init=10, random_state=42).fit(blobs) for k in ks}

fig, axes = plt.subplots(1, 2, figsize=(11, 4.3), layout="constrained")
for ax, k in zip(axes, [3, 8], strict=True):
    plot_decision_boundaries(models[k], blobs, ax=ax, resolution=200)
    ax.set_title(f"K = {k}")
show(
    fig,
    alt="Two clusterings of the five blobs. With K = 3 the upper small blob shares a region with a large "
    "one, and the lower two small blobs share another. With K = 8 every small blob has its own region, and the two large blobs are cut into pieces.",
)

# %% [markdown]
# With $K = 3$, blobs that are clearly apart are thrown together. With $K = 8$, blobs that are clearly one
# are cut. Neither looks good to *us*. But what does the **inertia** say? Remember: it is the sum of the
# squared distances of all points to their own centroid, and k-means makes it as small as it can.
#
# **Predict first:** which of the two has the lower inertia?

# %%
start = np.array([[-3, 3], [-3, 2], [-3, 1], [-1, 2], [0, 2]])  # one near each blob
good = KMeans(5, init=start, n_init=1, random_state=0).fit(blobs)
for k in [3, 5, 8]:
    print(f"K = {k}, best of ten starts: inertia {models[k].inertia_:7.2f}")
print(f"K = 5, from a good start:   inertia {good.inertia_:7.2f}")

# %% [markdown]
# The bad clustering with $K = 8$ wins, far ahead of the right number. So "take the lowest inertia" does
# not work across different $K$.
#
# There is a second trap in the table: at $K = 5$ all ten starts missed the best solution. Comparing
# numbers of clusters is only fair if each of them had a fair chance, so we keep the better model:

# %%
unlucky, models[5] = models[5], good

# %% [markdown]
# ## 2. The elbow
#
# Why does the inertia favour a large $K$? Give k-means one more centroid. It can put it on top of any
# point: that point's distance drops to 0, and all others may stay as they are. So **the best inertia
# never rises when K grows**. In the end every point is its own centroid:

# %%
three = km_load_th1()  # 120 points in three groups
for k in [1, 2, 3, 10, 60, 120]:
    print(f"K = {k:3}: inertia {KMeans(k, n_init=3, random_state=0).fit(three).inertia_:10.2f}")

# %% [markdown]
# Inertia 0, and nothing learned. What helps is to look at *how fast* it falls. As long as a new centroid
# separates two real groups, the inertia drops a lot. After that it only cuts groups in pieces, and drops
# little. In a plot of inertia against $K$ the curve then bends like an arm: the bend is the **elbow**.
#
# ### Exercise 1 · The curve (3 points)
#
# Write `elbow_curve(X, ks, random_state)`. `X` has the shape `(N, D)`, `ks` holds numbers of clusters.
# For each of them run k-means and note its inertia: the result is an array of shape `(len(ks),)`
# **in the order of `ks`**, which need not be sorted.
#
# - Give every $K$ a fair chance: the best of several starts, each with centroids that begin far apart
#   (k-means++). `KMeans(k, n_init=10, random_state=...)` does that. After `.fit(X)` its attribute `inertia_` is what you
#   need.
# - The same `random_state` gives the same result.
# - Raise a `ValueError` if one of the `ks` is below 1 or above the number of points.


# %% solution="elbow_curve"
def elbow_curve(X, ks, random_state):
    """The inertia of k-means for each number of clusters in ks, shape (len(ks),)."""
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    inertias = []
    for k in ks:
        if not 1 <= k <= len(X):
            raise ValueError(f"cannot make {k} clusters of {len(X)} points")
        inertias.append(KMeans(k, n_init=10, random_state=random_state).fit(X).inertia_)
    return np.array(inertias)
    ### END SOLUTION


# %% test="test_elbow_curve" points=2
line = [[0.0], [2.0], [100.0], [104.0]]
curve = elbow_curve(line, [4, 2, 1], 0)
assert curve is not None, "Your function returns nothing: does it end in a `return`?"
sample = curve[0] if isinstance(curve, list) and curve else curve
assert not isinstance(sample, KMeans), (
    "Return numbers: the inertia of each model is its attribute `inertia_`."
)
curve = np.asarray(curve)
assert curve.dtype.kind in "fiu", "Return numbers, one inertia for each entry of `ks`."
assert curve.shape == (3,), (
    f"Three numbers of clusters give the shape (3,), yours is {curve.shape}: one inertia for each entry "
    "of `ks`."
)
assert every(curve > -1e-6), (
    "An inertia is never negative: `score` of a model is *minus* its inertia."
)
assert curve[0] <= curve[2], (
    "For ks = [4, 2, 1] your curve falls from entry to entry. Keep the order of `ks`: do not sort, and do "
    "not count from 1 yourself."
)
assert not is_like(curve[1], 2 + 4), (
    "At K = 2 you add up distances to the centroids. The inertia adds up *squared* distances."
)
assert not is_like(curve[1], (2 + 8) / 4), (
    "At K = 2 you average over the points. The inertia is a sum."
)
assert_like(
    curve[1],
    1 + 1 + 4 + 4,
    "With two clusters, the points lie 1, 1, 2 and 2 away from their centroids: square and add.",
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(31)
corners = 1000.0 * np.array([[0, 0, 0], [1, 0, 0], [0, 1.3, 0], [0, 0, 1.7], [2, 2, 2]])
member = np.repeat(np.arange(5), [12, 20, 15, 18, 25])
cloud = corners[member] + helper.normal(size=(90, 3))
within = sum(np.sum((cloud[member == k] - cloud[member == k].mean(axis=0)) ** 2) for k in range(5))
total = np.sum((cloud - cloud.mean(axis=0)) ** 2)
order = [5, 1, 3, 2]
found = attempt("With 90 points in 3 dimensions and unsorted `ks`", elbow_curve, cloud, order, 4)
found = np.asarray(found, dtype=float)
assert found.shape == (4,), "Four entries of `ks` give four inertias."
assert not is_like(found[0], total, rtol=1e-3), (
    "For ks = [5, 1, 3, 2] your first inertia belongs to K = 1. Keep the order of `ks`: do not sort, and "
    "do not count from 1 yourself."
)
assert not every(np.diff(found) < 0), (
    "For ks = [5, 1, 3, 2] your curve falls from entry to entry. Keep the order of `ks`."
)
assert_like(
    found[1],
    total,
    "At K = 1 the inertia is the sum of squared distances to the mean of all points. Yours is not.",
    rtol=1e-3,
)
assert found[0] < 100 * within, (
    "On five clusters far apart your k-means got stuck in a bad solution: use the best of several starts "
    "with k-means++."
)
assert_like(
    found[0],
    within,
    "On five clusters far apart the inertia at K = 5 is wrong: square each distance and add them up.",
    rtol=1e-3,
)
assert found[3] > found[2] > found[0], "The inertia must fall from K = 2 over 3 to 5 on such data."
### END HIDDEN TESTS

# %% test="test_elbow_curve__edges" points=1
pair = [[0, 0], [3, 4]]
assert_like(
    elbow_curve(pair, [2], 1),
    [0],
    "With as many clusters as points the inertia is 0, and a single entry in `ks` is fine.",
)
assert refuses(elbow_curve, pair, [1, 3], 1), (
    "Three clusters of two points are impossible: raise a ValueError."
)
### BEGIN HIDDEN TESTS
noise = np.random.default_rng(8).uniform(size=(120, 2))
runs = [elbow_curve(noise, [9, 7, 8, 10], 5) for _ in range(2)]
assert is_like(runs[0], runs[1], rtol=1e-9), (
    "Two calls with the same `random_state` gave different inertias: hand `random_state` to k-means."
)
whole = np.array([[10, 0], [200, 0], [10, 10], [200, 10]], dtype=np.uint8)
assert_like(
    elbow_curve(whole, [2, 1], 0),
    [100, 36200],
    "Wrong for small whole numbers (uint8), such as pixels: turn X into floats first.",
)
kept = np.array([[0.0, 1.0], [2.0, 3.0], [9.0, 9.0]])
counts = np.array([3, 1, 2])
touched = changed_inputs(elbow_curve, kept, counts, 0)
assert 0 not in touched, "Your function changes `X`: work on a copy."
assert not touched, "Your function changes `ks`: do not sort it in place."
assert refuses(elbow_curve, kept, [2, 0], 0), "Zero clusters are impossible: raise a ValueError."
### END HIDDEN TESTS

# %% [markdown]
# **Predict first.** Below are your curves for two data sets of 120 points: three groups on the left, and
# points scattered evenly over a square, with no groups, on the right. Where will there be an elbow?

# %%
square = np.random.default_rng(SEED).uniform(size=(120, 2))
fig, axes = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
for ax, data, title in zip(axes, [three, square], ["three groups", "no groups"], strict=True):
    ax.plot(ks, elbow_curve(data, ks, 0), "o-", color="black")
    ax.set(xlabel="number of clusters K", ylabel="inertia", xticks=ks, title=title, ylim=0)
show(
    fig,
    alt="Inertia against K from 1 to 10, twice. For three groups it falls steeply until K = 3 and is almost "
    "flat from there: a sharp elbow. Without groups it falls in a smooth curve that bends everywhere.",
)

# %% [markdown]
# A sharp elbow says "three". The smooth curve has no elbow, and that is worth knowing too. Now the five
# blobs:

# %%
fig, ax = plt.subplots(figsize=(7, 4), layout="constrained")
ax.plot(ks, [models[k].inertia_ for k in ks], "o-", color="black")
ax.annotate(
    "elbow?",
    xy=(4, models[4].inertia_ + 40),
    xytext=(5, 1500),
    fontsize=13,
    arrowprops={"arrowstyle": "-|>", "color": "black"},
)
ax.set(xlabel="number of clusters K", ylabel="inertia", xticks=ks, ylim=0)
show(
    ax,
    alt="Inertia of the five blobs against K from 1 to 10. It falls steeply up to K = 4, where an arrow "
    "points, and slowly from there on, with only a small further step to K = 5.",
)

# %% [markdown]
# The sharpest bend is at $K = 2$. But from there to $K = 4$ the inertia falls to a quarter, and beyond that
# more clusters gain little. So an honest reader of this curve takes
# $K = 4$. What does that look like?

# %%
ax = plot_decision_boundaries(models[4], blobs, resolution=200)
ax.set_title("K = 4")
show(
    ax,
    alt="Four regions. The two large blobs on the right have one region each and so does one small blob on "
    "the left, while the other two small blobs share a region.",
)

# %% [markdown]
# Two of the small blobs became one cluster. It is not the truth (there were five), and still a
# reasonable description. The elbow has two weaknesses: you judge it **by eye**, and big distances
# between big groups drown the small ones.

# %% [markdown]
# ## 3. Silhouettes
#
# The inertia asks only: *how close is a point to its own cluster?* A better question adds: *and how far
# is it from the next one?* For one point, let
#
# - $a$ be its mean distance to the **other** points of its own cluster,
# - $b$ be its mean distance to the points of the **nearest other** cluster: compute the mean distance to
#   each other cluster, and take the smallest.
#
# Its **silhouette coefficient** (Rousseeuw, 1987) compares the two:
#
# $$s = \frac{b - a}{\max(a, b)}$$
#
# An example on a line. Cluster 7 holds the points 0 and 2, cluster 4 holds 10 and 13, and cluster 9 holds
# only 40. **Predict first:** what are $a$ and $b$ of the point 0?

# %%
places = np.array([0.0, 2.0, 10.0, 13.0, 40.0])
cluster = np.array([7, 7, 4, 4, 9])

a = abs(places[0] - places[1])  # the only other point of cluster 7
to_4 = abs(places[0] - places[cluster == 4]).mean()
to_9 = abs(places[0] - places[cluster == 9]).mean()
b = min(to_4, to_9)
print(f"point 0: a = {a}, b = min({to_4}, {to_9}) = {b}, s = {(b - a) / max(a, b):.3f}")

# %% [markdown]
# What the values mean:
#
# - near **1**: deep inside its cluster, the others are far;
# - near **0**: on the border between two clusters;
# - **negative**: on average nearer to another cluster than to its own, so perhaps in the wrong one.
#
# A point that is alone in its cluster has no "other points", so $a$ makes no sense. By agreement, $s = 0$.
# By agreement too, $s = 0$ where $a = b = 0$.
#
# ### Exercise 2 · Silhouette coefficients (4 points)
#
# Write `silhouette_coefficients(X, labels)` yourself, from the definition. `X` has the shape `(N, D)`, and
# distance means the ordinary (Euclidean) distance. The result has the shape `(N,)`: one coefficient for
# each point.
#
# - `labels` has the shape `(N,)`. A label is only a name: any whole numbers, also negative ones and with
#   gaps, such as 7, 4 and 9 above.
# - A point alone in its cluster gets 0, and so does a point with $a = b = 0$, without any warning.
# - Raise a `ValueError` if all points are in a single cluster, or if there is not one label for each
#   point.
#
# *Hint:* `np.linalg.norm(X[:, None] - X, axis=2)` is the table of all distances, shape `(N, N)`. A
# point's distance to itself is 0: it adds nothing to a sum, but it must not be counted.


# %% solution="silhouette_coefficients"
def silhouette_coefficients(X, labels):
    """The silhouette coefficient of each point, shape (N,)."""
    ### BEGIN SOLUTION
    X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    if labels.shape != (len(X),):
        raise ValueError(f"{len(X)} points need {len(X)} labels, not shape {labels.shape}")
    names = np.unique(labels)
    if len(names) < 2:
        raise ValueError("silhouettes need at least two clusters")
    distances = np.linalg.norm(X[:, None] - X, axis=2)
    scores = np.zeros(len(X))
    for i in range(len(X)):
        own = labels == labels[i]
        if own.sum() == 1:
            continue
        a = distances[i, own].sum() / (own.sum() - 1)
        b = min(distances[i, labels == name].mean() for name in names if name != labels[i])
        if max(a, b) > 0:
            scores[i] = (b - a) / max(a, b)
    return scores
    ### END SOLUTION


# %% test="test_silhouette_coefficients" points=3
places = [[0.0], [2.0], [10.0], [13.0], [40.0]]
found = attempt("With the example of the text", silhouette_coefficients, places, [7, 7, 4, 4, 9])
assert found is not None, "Your function returns nothing: does it end in a `return`?"
found = np.asarray(found, dtype=float)
assert found.shape == (5,), (
    f"Five points have five coefficients, shape (5,), yours is {found.shape}: return one value for each "
    "point, in one dimension, and not their mean."
)
assert not np.isnan(found[4]), (
    "The point that is alone in its cluster got NaN: nothing is divided there, it scores 0."
)
assert every(~np.isnan(found)), (
    "A coefficient is NaN. Labels are only names with gaps, here 4, 7 and 9: do you average over a cluster "
    "that has no points?"
)
assert not is_like(found[0], 10.5 / 11.5), (
    "In `a` the point itself was counted, or you measured to the centroid: average over the *other* points "
    "of its cluster."
)
assert not is_like(found[0], 38 / 40), (
    "`b` belongs to the farthest cluster: take the *nearest* of the other clusters."
)
assert not is_like(found[0], 19 / 21), (
    "`b` averages over the points of all other clusters together: average each cluster on its own."
)
assert not is_like(found[0], 23.75 / 25.75), (
    "`b` averages over all other clusters: take only the nearest of them."
)
assert not is_like(found[0], -1 / 2), (
    "In `b` the point's own cluster was among the clusters: it belongs to the *others* alone."
)
assert not is_like(found[0], 9.5 / 13.5), "You divide by a + b: divide by the larger of the two."
assert not is_like(found[0], 8 / 10), (
    "`b` is the distance to the single nearest point of another cluster: average over that cluster."
)
assert not is_like(found[0], 130.5 / 134.5), (
    "You average *squared* distances: take the square root first."
)
assert not is_like(found[0], -9.5 / 11.5), "The sign is wrong: it is b - a, not a - b."
assert_like(
    found[0],
    9.5 / 11.5,
    "The first point of the example in the text has a = 2 and b = 11.5: compare your steps with it.",
)
assert_like(found[4], 0, "The point that is alone in its cluster scores 0.")
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(17)
spots = helper.normal(scale=2, size=(70, 3))
names = np.array([-4, 0, 3, 11, 12])[helper.integers(5, size=70)]
gaps = np.sqrt(np.sum((spots[:, None] - spots[None]) ** 2, axis=2))
member = (names[:, None] == np.unique(names)).astype(float)


def expected(table, centres=False):
    sums, sizes = table @ member, member.sum(axis=0)
    own = member.argmax(axis=1)
    rows = np.arange(len(table))
    inner = sums[rows, own] / (sizes[own] - 1)
    other = sums / sizes
    if centres:
        middles = member.T @ spots / sizes[:, None]
        other = np.sqrt(np.sum((spots[:, None] - middles) ** 2, axis=2))
        inner = other[rows, own]
    other[rows, own] = np.inf
    return inner, other.min(axis=1)


inside, outside = expected(gaps)
right_scores = (outside - inside) / np.maximum(inside, outside)
mine = attempt(
    "With 5 clusters in 3 dimensions, labels -4 to 12,", silhouette_coefficients, spots, names
)
mine = np.asarray(mine, dtype=float)
assert mine.shape == (70,), "70 points have 70 coefficients."
in_squares = expected(gaps**2)
to_centres = expected(gaps, centres=True)
to_middle = (to_centres[1] - to_centres[0]) / np.maximum(*to_centres)
with_centres = (to_centres[1] - inside) / np.maximum(inside, to_centres[1])
assert not is_like(mine, (in_squares[1] - in_squares[0]) / np.maximum(*in_squares)), (
    "These are coefficients of *squared* distances: take the square root."
)
assert not is_like(mine, to_middle) and not is_like(mine, with_centres), (
    "You measure distances to centroids. a and b are means of distances to *points*."
)
assert not is_like(mine, (outside - inside) / outside), (
    "You divide by b only: divide by the larger of a and b. Where a is larger, yours falls below -1."
)
assert not is_like(mine, (outside - inside) / (outside + inside)), (
    "You divide by a + b: divide by the larger of the two."
)
assert not is_like(mine, outside - inside), "Divide b - a by the larger of the two."
assert not is_like(mine, np.maximum(right_scores, 0)), (
    "Negative coefficients were set to 0: they say that a point may be in the wrong cluster."
)
city = expected(np.sum(np.abs(spots[:, None] - spots[None]), axis=2))
assert not is_like(mine, (city[1] - city[0]) / np.maximum(*city)), (
    "These are sums of absolute differences: use the Euclidean distance."
)
assert_like(
    mine,
    right_scores,
    "The coefficients are wrong for 5 clusters in 3 dimensions with the labels -4, 0, 3, 11 and 12: do "
    "you take labels for row numbers, or for the numbers 0 to K - 1?",
    atol=1e-4,
)
### END HIDDEN TESTS

# %% test="test_silhouette_coefficients__edges" points=1
assert refuses(silhouette_coefficients, [[0], [1], [5]], [2, 2, 2]), (
    "A single cluster has no neighbour, so there is no b: raise a ValueError."
)
with warnings.catch_warnings():
    warnings.simplefilter("error")
    same = attempt(
        "Where all points are equal (a = b = 0)",
        silhouette_coefficients,
        np.ones((4, 2)),
        [1, 1, 0, 0],
    )
assert is_like(same, [0, 0, 0, 0]), "Where a = b = 0 the coefficient is 0."
### BEGIN HIDDEN TESTS
with warnings.catch_warnings():
    warnings.simplefilter("error")
    alone = attempt(
        "Where every point is its own cluster",
        silhouette_coefficients,
        [[0.0, 0.0], [1.0, 0.0], [5.0, 5.0]],
        [3, 1, 2],
    )
assert is_like(alone, [0, 0, 0]), (
    "Where every point is alone in its cluster, all coefficients are 0."
)
twins = attempt(
    "With the labels 5 and -1",
    silhouette_coefficients,
    [[0], [0], [6], [10]],
    [5, 5, -1, -1],
)
twins = np.asarray(twins, dtype=float)
assert_like(twins[:2], [1, 1], "Twins at the same place with others far away (a = 0) score 1.")
pixels = np.array([[10, 250], [12, 250], [200, 5], [203, 5]], dtype=np.uint8)
from_pixels = np.asarray(silhouette_coefficients(pixels, [0, 0, 1, 1]), dtype=float)
from_floats = np.asarray(silhouette_coefficients(pixels.astype(float), [0, 0, 1, 1]), dtype=float)
assert_like(
    from_pixels,
    from_floats,
    "Wrong for small whole numbers (uint8), such as pixels: differences below 0 do not fit into them, so "
    "turn X into floats first.",
)
kept = (np.array([[0.0], [1.0], [7.0]]), np.array([4, 4, 2]))
assert not changed_inputs(silhouette_coefficients, *kept), (
    "Your function changes its inputs: work on copies."
)
assert refuses(silhouette_coefficients, [[0], [1], [5]], [0, 1]), (
    "Three points and two labels do not fit together: raise a ValueError."
)
assert refuses(silhouette_coefficients, [[0], [1], [5]], [0, 1, 1, 0]), (
    "Three points and four labels do not fit together: raise a ValueError."
)
assert refuses(silhouette_coefficients, [[3.0, 4.0]], [1]), (
    "A single point is a single cluster too: raise a ValueError."
)
first_alone = attempt(
    "Where the first point is alone", silhouette_coefficients, [[0], [5], [6]], [9, 2, 2]
)
assert np.any(np.asarray(first_alone)[1:] != 0), (
    "Where the first point is alone in its cluster, the points after it get none: go on with the "
    "next point."
)
metres = np.array([[0.0], [1.0], [4.0], [6.0]])
ours, theirs = (silhouette_coefficients(metres / unit, [0, 0, 1, 1]) for unit in (1, 1000))
assert_like(
    ours,
    theirs,
    "The same points, measured in units of 1,000, must have the same coefficients: a silhouette has no "
    "unit.",
)
### END HIDDEN TESTS

# %% [markdown]
# **Check it yourself.** scikit-learn has this function too. Does it agree with yours?

# %% locked="setup_scores" tags=["setup"]
from sklearn.metrics import silhouette_samples


def mean_silhouette(X, labels):
    """The mean of all silhouette coefficients; 0 where every point is its own cluster."""
    all_alone = len(np.unique(labels)) == len(labels)
    return 0.0 if all_alone else float(silhouette_samples(X, labels).mean())


# %%
labels = KMeans(3, n_init=10, random_state=0).fit_predict(three)
mine = silhouette_coefficients(three, labels)
theirs = silhouette_samples(three, labels)
print("largest difference:", np.max(np.abs(mine - theirs)))

# %% [markdown]
# ## 4. One number for each K
#
# The mean of all coefficients is the **silhouette score** of a clustering. Unlike the inertia, it does not
# get better just because $K$ grows: cut a good group in two, and the halves are near neighbours, so $b$
# drops. **Predict first:** on the three groups
# of section 2, will $K = 2$ or $K = 4$ score better?

# %%
fig, axes = plt.subplots(2, 2, figsize=(9, 7.5), layout="constrained")
for ax, k in zip(axes.flat, [2, 3, 4, 5], strict=True):
    labels = KMeans(k, n_init=10, random_state=10).fit_predict(three)
    plot_clusters(three, labels, ax=ax, legend=False)
    ax.set_title(f"K = {k}, silhouette score {mean_silhouette(three, labels):.3f}")
show(
    fig,
    alt="Three groups of 40 points, clustered with K = 2, 3, 4 and 5. With K = 2 two groups share a marker, "
    "with K = 3 each group has its own, with K = 4 and 5 some groups are cut. The titles give the scores, "
    "the highest for K = 3.",
)

# %% [markdown]
# The score rises up to the right number and falls after it. Nobody has to look for a bend: take the
# highest. That is a rule that a program can follow.
#
# ### Exercise 3 · The best K (3 points)
#
# Write `best_k(X, ks, random_state)`. It clusters `X` (shape `(N, D)`) with k-means for each number in
# `ks`, and returns the number with the highest silhouette score, a single whole number.
#
# - Use several k-means++ starts, as in exercise 1. `mean_silhouette(X, labels)` from the end of section 3
#   gives the score.
# - `ks` may come in any order. It may contain 1: a single cluster has no silhouette, so skip it.
# - If two numbers have the same score, return the smaller one.
# - The same `random_state` gives the same result.
# - Raise a `ValueError` if one of the `ks` is below 1 or above the number of points, or if none of them
#   is 2 or more.


# %% solution="best_k"
def best_k(X, ks, random_state):
    """The k >= 2 in ks with the highest silhouette score; ties go to the smaller."""
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    if any(k < 1 or k > len(X) for k in ks):
        raise ValueError(f"ks must be from 1 to {len(X)}")
    best, best_score = None, -np.inf
    for k in sorted(ks):
        if k == 1:
            continue
        labels = KMeans(k, n_init=10, random_state=random_state).fit_predict(X)
        score = mean_silhouette(X, labels)
        if score > best_score:
            best, best_score = int(k), score
    if best is None:
        raise ValueError("ks holds no number of 2 or more")
    return best
    ### END SOLUTION


# %% test="test_best_k" points=2
helper = np.random.default_rng(5)
trio = np.repeat([[0.0, 0.0], [50.0, 0.0], [0.0, 60.0]], 12, axis=0) + helper.normal(size=(36, 2))
chosen = best_k(trio, [3, 4, 5, 2], 0)
assert chosen is not None, "Your function returns nothing: does it end in a `return`?"
assert np.shape(chosen) == (), "Return one single number, the chosen K."
assert chosen == int(chosen), "Return the chosen K, a whole number, and not its score."
assert chosen in {2, 3, 4, 5}, (
    "Your K is not in `ks`: did you return the position of the best score? Return the entry of `ks` there."
)
assert chosen != 5, (
    "You chose the largest K. That is what the inertia would choose: compare silhouette scores, and "
    "take the highest."
)
assert chosen != 4, (
    "For ks = [3, 4, 5, 2] you returned 4: did you sort `ks` for the scores and then look into the "
    "unsorted one?"
)
assert chosen != 2, (
    "For ks = [3, 4, 5, 2] you returned 2: is it the last entry, or did you add 2 to a position? Return the "
    "entry of `ks` with the highest score."
)
assert chosen == 3, "Three groups far apart must give 3."
### BEGIN HIDDEN TESTS
corners = 40.0 * np.array(
    [[0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [1, 1, 1, 1]]
)
hexad = np.repeat(corners, [9, 14, 11, 12, 8, 10], axis=0) + helper.normal(size=(64, 4))
picked = attempt("With ks = [8, 2, 6, 4, 5]", best_k, hexad, [8, 2, 6, 4, 5], 3)
assert picked != 8, (
    "For ks = [8, 2, 6, 4, 5] you returned 8: is it the largest K, or the first? The score decides."
)
assert picked != 4, (
    "For ks = [8, 2, 6, 4, 5] you returned 4: did you sort `ks` for the scores and then look into the "
    "unsorted one, or add 2 to a position?"
)
assert picked == 6, (
    "Six groups far apart in 4 dimensions must give 6, in whatever order `ks` comes."
)
assert best_k(hexad, [7, 5, 6, 9], 1) == 6, "Six groups far apart must give 6."
assert best_k(hexad, [2, 3], 1) in {2, 3}, (
    "With ks = [2, 3] only 2 and 3 may be chosen: try the numbers in `ks` and no others."
)
### END HIDDEN TESTS

# %% test="test_best_k__edges" points=1
couple = [[0.0], [1.0], [30.0], [31.0], [33.0]]
with_one = attempt("Where `ks` contains 1", best_k, couple, [1, 2, 3], 0)
assert with_one == 2, (
    "For ks = [1, 2, 3] and two groups far apart the result is 2: skip only the 1."
)
assert refuses(best_k, couple, [2, 6], 0), (
    "Six clusters of five points are impossible: raise a ValueError."
)
### BEGIN HIDDEN TESTS
stacks = np.repeat([[0, 0], [4, 3]], 10, axis=0)  # a third cluster finds nothing to split
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    ties = [attempt("With many equal points", best_k, stacks, ks, 0) for ks in ([3, 2], [2, 3])]
assert ties == [2, 2], (
    "If two numbers of clusters have the same score, return the smaller one, in whatever order they come."
)
noise = np.random.default_rng(6).uniform(size=(40, 2))
numbers = np.array([5, 3, 8, 4])
assert best_k(noise, numbers, 2) == best_k(noise, numbers, 2), (
    "Two calls with the same `random_state` differ: hand `random_state` to k-means."
)
assert not changed_inputs(best_k, noise, numbers, 2), (
    "Your function changes `ks`: do not sort it in place."
)
kept = np.array([[0.0], [1.0], [30.0], [31.0]])
assert not changed_inputs(best_k, kept, [2, 3], 0), "Your function changes `X`: work on a copy."
assert refuses(best_k, couple, [1], 0), (
    "ks = [1] holds no number that has a silhouette: raise a ValueError."
)
assert refuses(best_k, couple, [0, 2], 0), "Zero clusters are impossible: raise a ValueError."
full = attempt("With one cluster for each point among the ks", best_k, couple[:4], [2, 4], 0)
assert full == 2, (
    "Four points in two pairs give 2, also where `ks` holds 4: where every point is its own cluster the "
    "score is 0."
)
### END HIDDEN TESTS

# %% [markdown]
# Now the five blobs. **Predict first:** which $K$ will score best, and which second?

# %%
scores = [mean_silhouette(blobs, models[k].labels_) for k in ks[1:]]
fig, ax = plt.subplots(figsize=(7, 3.8), layout="constrained")
ax.plot(ks[1:], scores, "o-", color="black")
ax.set(xlabel="number of clusters K", ylabel="silhouette score", xticks=ks[1:])
show(
    ax,
    alt="Silhouette score of the five blobs against K from 2 to 10. It is highest at K = 4, second at "
    "K = 5, and lower for all others.",
)
for k, score in zip(ks[1:], scores, strict=True):
    print(f"K = {k:2}: {score:.3f}")

# %% [markdown]
# $K = 4$ wins again, but this curve says more than the elbow: $K = 5$ is second, ahead of all others. A
# fair start mattered too. The five clusters that the ten starts of section 1 found would have scored less:

# %%
print(f"K = 5, good start: {mean_silhouette(blobs, models[5].labels_):.3f}")
print(f"K = 5, ten starts: {mean_silhouette(blobs, unlucky.labels_):.3f}")

# %% [markdown]
# ## 5. Silhouette diagrams
#
# A mean hides a lot. A **silhouette diagram** shows all coefficients. The points are grouped by cluster
# and sorted within it, and each is drawn as a bar as long as its $s$. Together the bars of a cluster look
# like a knife:
#
# - how **thick** a knife is shows how many points the cluster has;
# - how **long** shows how well they sit in it; parts left of 0 belong to points that may be misplaced;
# - the **dashed line** is the mean of all points. A knife that ends left of it is a poor cluster.
#
# **Predict first.** At $K = 3$, one cluster joined a small blob with a large one far from it (go back to the
# picture of section 1). How will its knife differ from the others?

# %%
fig, axes = plt.subplots(2, 2, figsize=(10, 8), layout="constrained")
for ax, k in zip(axes.flat, [3, 4, 5, 6], strict=True):
    plot_silhouettes(blobs, models[k].labels_, ax=ax)
    ax.set_title(f"K = {k}", loc="left")
show(fig, alt=alt_text(fig))

# %% [markdown]
# - $K = 3$: one knife ends left of the dashed line, so its whole cluster is poor. It is the one that
#   joined two blobs.
# - $K = 4$: all knives cross the line, but one is twice as thick: it holds two blobs.
# - $K = 6$: two knives are thin and end before the line. A good blob was cut, and its halves crowd each
#   other.
# - $K = 5$: all knives are about equally thick, and every one crosses the line.
#
# So the mean prefers 4, the diagram speaks for 5. Both have a point, and the decision is yours.
#
# Play with it. **Predict first:** what will the knives of the two large blobs look like at $K = 10$, and
# will any small blob be cut?

# %%
silhouette_explorer(blobs, k=4)

# %% [markdown]
# <details>
# <summary>What you should have seen</summary>
#
# At $K = 10$ the two large blobs are cut into several pieces each. Their knives are thin, and they end left of
# the dashed line: every piece has neighbours of the same blob close by. The three small blobs stay whole. It
# pays more to cut a wide blob than a narrow one, because there is more inertia to win.
#
# </details>
#
# ## 6. Long clusters: every number misleads
#
# k-means wants round clusters of similar width. Here are two long groups of 500 points each, and a round
# one of 250. For once we know the truth.
#
# **Predict first.** Will the true groups or the k-means clusters have the lower inertia?

# %%
round_pair, pair_of = make_blobs(n_samples=1000, centers=((4, -4), (0, 0)), random_state=42)
stretched = round_pair @ np.array([[0.374, 0.95], [0.732, 0.598]])
third, _ = make_blobs(n_samples=250, centers=1, random_state=42)
long_data = np.concatenate([stretched, third + np.array([6, -8])])
group = np.concatenate([pair_of, np.full(250, 2)])

near_truth = KMeans(
    3, init=np.array([[-1.5, 2.5], [0.5, 0], [4, 0]]), n_init=1, random_state=0
).fit(long_data)
ten_starts = KMeans(3, n_init=10, random_state=42).fit(long_data)
answers = {
    "the true groups": group,
    "k-means, started at the groups": near_truth.labels_,
    "k-means, best of ten starts": ten_starts.labels_,
}
fig, axes = plt.subplots(1, 3, figsize=(13, 4), layout="constrained")
for ax, (title, labels) in zip(axes, answers.items(), strict=True):
    plot_clusters(long_data, labels, ax=ax, title=title, legend=False)
show(
    fig,
    alt="Two long slanting groups beside each other and a small round one on the right, three times. Left: the "
    "true groups. Middle: k-means from a good start almost follows them. Right: the best of ten starts "
    "cuts one long group across and joins a part of it to its neighbours.",
)

# %%
for title, labels in answers.items():
    middles = np.array([long_data[labels == k].mean(axis=0) for k in range(3)])
    spread = np.sum((long_data - middles[labels]) ** 2)
    print(
        f"{title:31} inertia {spread:6.0f}, silhouette {mean_silhouette(long_data, labels):.3f}, "
        f"wrong points {misclassification_rate(group, labels):5.1%}"
    )
print("best_k among 2 to 7:", best_k(long_data, range(2, 8), 0))

# %% [markdown]
# The truth has the *highest* inertia of the three. The clustering with the lowest inertia gets a large
# part of the points wrong, and the search for it did not fail: it found what it was asked for. Nor does
# the silhouette help, for it believes in round clusters too: it does not even find that there are three.
#
# **No score can mend a method that looks for the wrong shape.** Lesson 6 has one that fits here.

# %% [markdown]
# ## 7. When you cannot look
#
# In the plane you could judge $K$ by eye. Now 120 points with **five** features each. Nobody tells you
# how many groups there are.

# %%
hidden = load_ex1_data_clust()
print("shape:", hidden.shape)
fig, axes = plt.subplots(1, 3, figsize=(12, 3.8), layout="constrained")
for ax, (i, j) in zip(axes, [(0, 1), (1, 2), (3, 4)], strict=True):
    plot_data(hidden[:, [i, j]], ax=ax)
    ax.set(xlabel=f"feature {i}", ylabel=f"feature {j}")
show(
    fig,
    alt="Three scatter plots of the same 120 points, each against two of the five features. Every one shows "
    "several groups, but not the same number, because some groups hide one another.",
)

# %% [markdown]
# Each pair of features tells another story. **Predict first:** write down your guess for $K$, then let
# your functions answer.

# %%
many = list(range(2, 13))
scores = [
    mean_silhouette(hidden, KMeans(k, n_init=10, random_state=0).fit_predict(hidden)) for k in many
]
fig, axes = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
axes[0].plot(many, elbow_curve(hidden, many, 0), "o-", color="black")
axes[0].set(ylabel="inertia", ylim=0)
axes[1].plot(many, scores, "o-", color="black")
axes[1].set(ylabel="silhouette score")
for ax in axes:
    ax.set(xlabel="number of clusters K", xticks=many)
show(
    fig,
    alt="Inertia and silhouette score of the five-dimensional data against K from 2 to 12. The inertia has its "
    "elbow at K = 6, and the score has its peak there.",
)
k_found = best_k(hidden, many, 0)
print("best_k:", k_found)

# %% [markdown]
# Is that right? A second opinion comes from **UMAP**, a method that knows nothing of k-means. It draws a
# map of the points in the plane so that points which are neighbours in five dimensions stay neighbours.
# (`umap_map` calls it for us.) Each point gets the marker of its k-means cluster:

# %%
labels = KMeans(k_found, n_init=10, random_state=0).fit_predict(hidden)
ax = plot_clusters(umap_map(hidden, random_state=0), labels, title="UMAP map, k-means clusters")
ax.set(xlabel="map, across", ylabel="map, up")
show(
    ax,
    alt="A map of the 120 points: six small groups far apart from one another. Each group has one marker "
    "and one colour, so every k-means cluster is exactly one group of the map.",
)

# %% [markdown]
# Two methods that work differently agree on six. Indeed the data were drawn from six Gaussians with 20
# points each. (Trust the *neighbourhoods* in such a map. The distances between its groups, and their
# sizes, mean little.)
#
# One practical note: a silhouette needs all distances between the points. For a hundred thousand points
# that is ten billion, so there one computes it on a random part of them. scikit-learn's `silhouette_score` has
# the option `sample_size` for that.

# %% [markdown]
# ## 8. Stability: would you find it again?
#
# Yet another idea. If clusters are real, they should not hang on a few points: cluster *another* sample
# of the same population, and you should find the same groups. We have only one sample, but we can make
# new ones out of it, by **resampling**: leave some points out at random.
#
# How do you compare two clusterings? Their cluster numbers are arbitrary. The **adjusted Rand index** looks
# at *pairs* of points instead: do both clusterings agree on whether the two belong together? It is 1 for
# the same grouping under any names, and about 0 for an agreement by chance. (It can be a little below 0.)

# %%
rng = np.random.default_rng(SEED)
print("other names:  ", adjusted_rand_score([0, 0, 1, 1, 2, 2], [5, 5, 9, 9, 1, 1]))
print("random labels:", round(adjusted_rand_score(rng.integers(3, size=99), np.arange(99) % 3), 3))

# %% [markdown]
# Here is the recipe on two resamples of the three groups, step by step:

# %%
first = rng.choice(120, size=96, replace=False)  # row numbers of the points that stay in
second = rng.choice(120, size=96, replace=False)
labels_first = KMeans(3, n_init=10, random_state=0).fit_predict(three[first])
labels_second = KMeans(3, n_init=10, random_state=0).fit_predict(three[second])

shared, at_first, at_second = np.intersect1d(first, second, return_indices=True)
print("points in both resamples:", len(shared))
print("on these:", adjusted_rand_score(labels_first[at_first], labels_second[at_second]))
print("row by row (wrong!):", round(adjusted_rand_score(labels_first, labels_second), 3))

# %% [markdown]
# The last line is a common mistake: row 0 of one resample is another point than row 0 of the other.
#
# ### Exercise 4 · Stability (4 points)
#
# Write `stability(X, k, n_resamples, random_state)`. It returns a single number:
#
# 1. draw `n_resamples` resamples of the points of `X` (shape `(N, D)`), each at random and with at least
#    half of the points, but not always all of them. For example leave out one fifth (or draw N points
#    *with* replacement, which is called a bootstrap);
# 2. cluster each with k-means and `k` clusters (several k-means++ starts, as before);
# 3. for **each pair** of resamples, compute the adjusted Rand index on the points that both contain;
# 4. return the **mean** over the pairs.
#
# - `random_state` is a whole number, so begin with `rng = np.random.default_rng(random_state)` and draw all
#   resamples from this one `rng`. The same number gives the same result, another number another one.
# - Raise a `ValueError` if `n_resamples` is below 2, if `k` is below 1, or if `k` is above the number of
#   points.


# %% solution="stability"
def stability(X, k, n_resamples, random_state):
    """Mean adjusted Rand index between clusterings of resamples of X."""
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    if n_resamples < 2:
        raise ValueError("stability compares at least two resamples")
    if not 1 <= k <= len(X):
        raise ValueError(f"cannot make {k} clusters of {len(X)} points")
    rng = np.random.default_rng(random_state)
    size = max(k, int(np.ceil(0.8 * len(X))))
    left_out = -1
    runs = np.full((n_resamples, len(X)), left_out)
    for run in runs:
        rows = rng.choice(len(X), size=size, replace=False)
        seed = int(rng.integers(2**31))
        run[rows] = KMeans(k, n_init=5, random_state=seed).fit_predict(X[rows])
    agreements = []
    for i in range(n_resamples):
        for j in range(i):
            both = (runs[i] != left_out) & (runs[j] != left_out)
            agreements.append(adjusted_rand_score(runs[i, both], runs[j, both]))
    return float(np.mean(agreements))
    ### END SOLUTION


# %% test="test_stability" points=2
helper = np.random.default_rng(12)
towns = np.repeat([[0.0, 0.0], [500.0, 0.0], [0.0, 700.0]], 20, axis=0) + helper.normal(
    size=(60, 2)
)
towns = helper.permutation(towns)
steady = stability(towns, 3, 4, 0)
assert steady is not None, "Your function returns nothing: does it end in a `return`?"
assert np.shape(steady) == (), "Return one single number: the mean over all pairs of resamples."
assert steady < 1 + 1e-6, (
    "A mean of adjusted Rand indices is at most 1. Did you add them up, or forget to divide by the "
    "number of *pairs*?"
)
assert steady > 0.15, (
    "Three groups far apart are found again in every resample, but yours hardly agree. Compare the "
    "labels of the *same* points: row 0 of one resample is another point than row 0 of the other."
)
assert steady > 0.95, (
    "Three groups far apart are found again in every resample, so the stability is near 1. Do you "
    "compare cluster numbers themselves? They are arbitrary: use the adjusted Rand index."
)
### BEGIN HIDDEN TESTS
angles = helper.permutation(2 * np.pi * np.arange(120) / 120)
ring = np.column_stack([np.cos(angles), np.sin(angles)])  # no groups: any cut is as good as another
loose = attempt("On a ring of points with k = 10", stability, ring, 10, 8, 1)
assert loose < 1 - 1e-9, (
    "On a ring of points without groups your stability is exactly 1: all resamples are the same, or "
    "the same run is compared with itself. Draw anew for each."
)
assert loose < 0.85, (
    "On a ring of points, cut into 10 arbitrary pieces, your stability is too near 1. Is the agreement "
    "corrected for chance? With many clusters most pairs of points are apart in any clustering."
)
halves = [stability(ring, 2, 2, seed) for seed in range(18)]
assert np.min(halves) < 0.45, (
    "With only two resamples of a ring your stability is never small: does your mean include pairs of "
    "a run with itself? Take pairs of *different* runs."
)
thirds = attempt("On a ring of points with k = 3", stability, ring, 3, 10, 2)
assert thirds < 0.9, (
    "Cutting a ring into three is arbitrary, so the clusterings must disagree. Yours agree: is each "
    "resample drawn anew, and is the *mean* taken (not the best pair)?"
)
lines = 800.0 * np.array([[0, 0, 0], [1, 0, 0], [0, 1.4, 0], [0, 0, 1.8], [2, 2, 2]])
five = helper.permutation(np.repeat(lines, 12, axis=0) + helper.normal(size=(60, 3)))
assert attempt("With 5 clusters in 3 dimensions", stability, five, 5, 3, 7) > 0.95, (
    "Five groups far apart in 3 dimensions are found again in every resample: the stability is near 1."
)
assert thirds > 0.02, (
    "On a ring the clusterings still share a good part: yours agree no better than chance. Compare the "
    "labels of the same points."
)
lonely = 1000.0 * np.column_stack([np.arange(10), np.arange(10) ** 2])
mixed = helper.permutation(np.concatenate([lonely, helper.normal(-900, 1, size=(30, 2))]))
assert attempt("With 11 clusters", stability, mixed, 11, 30, 4) < 1 - 1e-9, (
    "Here ten points lie alone, far from everything. Where one of them is left out, the clusters change, "
    "but your stability is exactly 1: does every resample hold all the points?"
)
### END HIDDEN TESTS

# %% test="test_stability__random" points=1
spread_out = np.random.default_rng(3).uniform(size=(60, 2))
cut_up = [stability(spread_out.copy(), 12, 3, 11) for _ in range(2)]
assert cut_up[0] == cut_up[1], (
    "The same `random_state` gave two different results: draw all resamples from "
    "`np.random.default_rng(random_state)` and give k-means a `random_state` too."
)
assert abs(cut_up[0] - 1) > 1e-9, (
    "Points without groups, cut into 12, cannot be perfectly stable: all resamples are the same. Leave "
    "points out, and draw anew for each."
)
### BEGIN HIDDEN TESTS
several = {round(float(stability(spread_out.copy(), 12, 3, seed)), 9) for seed in range(5)}
assert len(several) > 1, (
    "Every `random_state` gives the same result: is it used to draw the resamples, or is a fixed seed "
    "in its place?"
)
### END HIDDEN TESTS

# %% test="test_stability__edges" points=1
assert refuses(stability, [[0.0], [1.0], [9.0], [8.0]], 2, 1, 0), (
    "With a single resample there is nothing to compare: raise a ValueError."
)
### BEGIN HIDDEN TESTS
kept = np.array([[0, 0], [1, 0], [0, 1], [1, 1], [200, 90], [201, 90], [200, 91], [201, 91]] * 3)
from_whole = attempt("With whole numbers", stability, kept.astype(np.uint8), 2, 3, 0)
from_list = attempt("With lists", stability, kept.tolist(), 2, 3, 0)
assert from_whole > 0.95 and from_list > 0.95, (
    "Two groups far apart, given as whole numbers or lists, must have a stability near 1."
)
assert not changed_inputs(stability, kept, 2, 2, 0), (
    "Your function changes `X`: do not shuffle it in place."
)
assert attempt("With a single cluster", stability, kept, 1, 2, 0) == 1, (
    "With k = 1 all points are together in every resample: the stability is 1."
)
assert refuses(stability, kept, 2, 0, 0), "Zero resamples are impossible: raise a ValueError."
assert refuses(stability, kept, 0, 3, 0), "Zero clusters are impossible: raise a ValueError."
assert refuses(stability, kept, 25, 3, 0), (
    "More clusters than points are impossible: raise a ValueError."
)
### END HIDDEN TESTS

# %% [markdown]
# Now three data sets against one another: the three groups, the five-dimensional data with its six groups,
# and the square without any. **Predict first:** what will the curves of the square look like?

# %%
tried = list(range(2, 9))
data_sets = {"three groups": three, "5-D, six groups": hidden, "square, no groups": square}
fig, axes = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
for (name, data), style in zip(data_sets.items(), ["o-", "s--", "x:"], strict=True):
    axes[0].plot(
        tried,
        [
            mean_silhouette(data, KMeans(k, n_init=10, random_state=0).fit_predict(data))
            for k in tried
        ],
        style,
        label=name,
    )
    axes[1].plot(tried, [stability(data, k, 6, 0) for k in tried], style, label=name)
for ax, title in zip(axes, ["silhouette score", "stability"], strict=True):
    ax.set(xlabel="number of clusters K", ylabel=title, xticks=tried, ylim=(0, 1.05))
axes[1].legend(frameon=False, loc="lower left")
show(
    fig,
    alt="Silhouette score and stability against K from 2 to 8 for three data sets. Three groups: both peak at "
    "K = 3, the stability at 1. Six groups in 5-D: the score peaks at K = 6, and the stability is 1 at K = 4 "
    "and at K = 6. Square without groups: the score is flat, and the stability goes up and down below 1.",
)
print("best_k on the square without groups:", best_k(square, tried, 0))

# %% [markdown]
# Three things to take home:
#
# - **A real grouping shows in both.** At three and at six the score has its peak, and the stability is 1,
#   or as good as 1.
# - **Stable does not mean right.** The 5-D data are stable at $K = 4$ too, and with some
#   resamples at $K = 2$ or 5 as well: some of the six groups lie
#   so near each other that they are always thrown together in the same way.
# - **`best_k` always answers.** On the square it names a $K$ as well, though there is nothing to find.
#   Nor could it ever say "one cluster". The square is even fairly stable, because its resamples share
#   most of their points. But its score is low and flat, and its stability reaches 1 nowhere. So look at
#   the whole curve, not only at its peak, and compare it with that of data without groups.

# %% [markdown]
# ## 9. So which K?
#
# | tool | asks | fails when |
# |---|---|---|
# | lowest inertia | how near is each point to its centroid? | always, across different $K$ |
# | elbow | where does another cluster gain little? | the curve has no bend, or group sizes differ a lot |
# | silhouette score | own cluster against the next one? | clusters are long, nested, or there is only one |
# | silhouette diagram | is any cluster poor? | you want a rule without judgement |
# | stability | would I find it again? | a coarse or simple cut is stable as well |
#
# And a sixth, often the best: **what are the clusters for?** If you can make four sizes of a shirt, $K$ is
# four. Where a later step uses the clusters, choose the $K$ with which *that* step works best (lesson 8).

# %% [markdown]
# ## 10. Check yourself
#
# Choose an answer to see whether it is right, and why. Nothing here is graded.

# %%
from jupyterquiz import display_quiz

display_quiz(
    [
        {
            "question": "A point has a = 4 and b = 1. What does that say?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "It sits deep inside its cluster",
                    "correct": False,
                    "feedback": "Then a would be much smaller than b.",
                },
                {
                    "answer": "It is on average nearer to another cluster than to its own",
                    "correct": True,
                    "feedback": "Right: s = (1 - 4) / 4 is negative.",
                },
                {
                    "answer": "It is alone in its cluster",
                    "correct": False,
                    "feedback": "Then there is no a, and s is 0 by agreement.",
                },
            ],
        },
        {
            "question": "What is the inertia if K equals the number of points (all different)?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "0",
                    "correct": True,
                    "feedback": "Right: every point is its own centroid, and nothing was learned.",
                },
                {
                    "answer": "1",
                    "correct": False,
                    "feedback": "How far is each point from its own centroid then?",
                },
                {
                    "answer": "It cannot be computed",
                    "correct": False,
                    "feedback": "It can: one centroid on every point.",
                },
            ],
        },
        {
            "question": "The silhouette score is highest at K = 2. Are there at least two groups?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "Yes, the score proves it",
                    "correct": False,
                    "feedback": "K = 1 has no score at all, so it could not win.",
                },
                {
                    "answer": "Not necessarily: see how high the score is, and whether the cut is stable",
                    "correct": True,
                    "feedback": "Right: data without any groups have a highest score too.",
                },
            ],
        },
    ]
)

# %% [markdown]
# ### Quiz 1 (1 point)
#
# On the same data, the best inertia with $K = 9$ is lower than with $K = 8$. What do you conclude about
# the number of groups? Set `quiz_1` to the letter of your answer, such as `"a"`.
#
# - a) There are rather nine groups than eight.
# - b) There are eight groups: the inertia must rise again after the right number.
# - c) Nothing yet: it would fall on any data. How much it fell, compared with other steps, might tell.
# - d) Something is broken: more clusters have more distances, so the inertia should rise.

# %% solution="quiz_1"
### BEGIN SOLUTION
quiz_1 = "c"
### END SOLUTION

# %% test="test_quiz_1" points=1
choice_1 = str(quiz_1).strip().lower()
assert choice_1 in {"a", "b", "c", "d"}, "Set quiz_1 to one of the letters 'a', 'b', 'c', 'd'."
### BEGIN HIDDEN TESTS
assert choice_1 != "a", "Would the best inertia fall on data without any groups as well?"
assert choice_1 != "b", "Put one more centroid on top of a point: can the best inertia rise?"
assert choice_1 != "d", (
    "Each point counts once, with the distance to its own centroid. What does one more centroid change?"
)
### END HIDDEN TESTS

# %% [markdown]
# ### Quiz 2 (1 point)
#
# In a silhouette diagram, one knife is very thick, and its upper half is long but its lower half is very
# short. The other knives are thin, long and full. What do you try next? Set `quiz_2` to a letter.
#
# - a) A larger $K$: the thick cluster may hold more than one group.
# - b) A smaller $K$: thin knives are poor clusters.
# - c) Nothing: the thick knife has the most points, so it is the best cluster.
# - d) Leave out all points of the thick cluster.

# %% solution="quiz_2"
### BEGIN SOLUTION
quiz_2 = "a"
### END SOLUTION

# %% test="test_quiz_2" points=1
choice_2 = str(quiz_2).strip().lower()
assert choice_2 in {"a", "b", "c", "d"}, "Set quiz_2 to one of the letters 'a', 'b', 'c', 'd'."
### BEGIN HIDDEN TESTS
assert choice_2 != "b", (
    "Thin means few points. Which direction of a knife shows how well points sit?"
)
assert choice_2 != "c", (
    "Thick means many points. What does it say that half of them have short bars?"
)
assert choice_2 != "d", "These points are data. Can other clusters describe them better?"
### END HIDDEN TESTS

# %% [markdown]
# ### Open question (2 points)
#
# The five blobs were made from five groups, but the silhouette score is highest at $K = 4$. In two or
# three sentences: why does the score prefer 4 here? Which picture or number would make you report 5 all
# the same? A person reads and marks this answer.

# %% [markdown] manual="explain_k" points=2
# Two of the small blobs almost touch. As two clusters, each is the near neighbour of the other, so b is
# small for all their points and their coefficients drop. As one cluster they sit tight and everything
# else is far away. I would report 5 because in the diagram for K = 5 the knives are about equally thick and all
# cross the mean, while at K = 4 one knife is twice as thick; it also helps to know what the clusters are for.

# %% [markdown]
# ## Wrap-up
#
# - The best inertia falls with every further cluster. Only the *bend* of its curve, the elbow, can tell
#   something, and not every curve has one.
# - A silhouette coefficient compares a point's own cluster with the next one. The mean gives a rule for
#   $K$, the diagram shows where it hurts.
# - Stability asks whether you would find the clusters again. It is necessary, not sufficient.
# - All of them believe in compact clusters, and none can say "there are no groups" by itself.
# - Give every $K$ a fair chance: several starts.
#
# **Next:** in lesson 4 the data no longer fit into memory.
#
# ## References
#
# - P. J. Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster
#   analysis", *Journal of Computational and Applied Mathematics* 20 (1987), 53-65.
# - R. L. Thorndike, "Who belongs in the family?", *Psychometrika* 18 (1953), 267-276: the first elbow.
# - L. Hubert and P. Arabie, "Comparing partitions", *Journal of Classification* 2 (1985), 193-218: the
#   adjusted Rand index.
# - U. von Luxburg, "Clustering stability: an overview", *Foundations and Trends in Machine Learning* 2
#   (2010), 235-274.
# - L. McInnes, J. Healy and J. Melville, "UMAP: Uniform Manifold Approximation and Projection for
#   Dimension Reduction", [arXiv preprint](https://arxiv.org/abs/1802.03426), 2018.
# - scikit-learn's guide to
#   [clustering metrics](https://scikit-learn.org/stable/modules/clustering.html#clustering-performance-evaluation).
