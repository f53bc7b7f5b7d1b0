# %% [markdown]
# # 2 · k-means
#
# Lesson 1 made points from groups. Now the groups are hidden, and you find them again with the oldest
# and most used recipe there is: **k-means**. It needs two short steps, repeated. You write both,
# see where the recipe goes wrong, and mend it.
#
# **You will learn to**
#
# - assign points to the nearest centroid, and move centroids to the mean (*Lloyd's algorithm*);
# - measure a clustering by its inertia;
# - survive bad starts: restarts and *k-means++*;
# - read a Voronoi picture, and tell hard from soft assignment;
# - spot the traps: empty clusters, unscaled features, cluster numbers taken for classes.
#
# **You need** lesson 1, NumPy arrays, the mean, and the distance between two points.
# **Time:** about 60 minutes; allow more if exercises 4 and 5 are your first longer functions. **Marks:** 22, of which 2 are for a text that a person reads.

# %% [markdown]
# ## How the exercises work
#
# - Replace the line `raise NotSolvedYet` by your code, run the cell, then run the test below it. No
#   message means that the visible checks pass. More checks, on other data, run when your work is graded.
# - Your functions never change their inputs, and they take lists as well as arrays, of floats or of
#   whole numbers. So begin with `X = np.asarray(X, dtype=float)`. Whatever is random comes from `rng`.
# - `K`, `N` and `D` can be any size. A single point or a single cluster is fine too.
# - Where an exercise asks for a `ValueError`, write `raise ValueError("what is wrong")`.

# %% locked="setup" tags=["setup"]
import warnings

import matplotlib.pyplot as plt
import numpy as np
from sklearn.cluster import KMeans
from sklearn.datasets import load_iris
from sklearn.mixture import GaussianMixture
from sklearn.preprocessing import StandardScaler

from utils import (
    NotSolvedYet,
    assert_like,
    attempt,
    changed_inputs,
    every,
    is_like,
    km_load_th1,
    load_five_blobs,
    match_labels,
    misclassification_rate,
    most_common,
    plot_centroids,
    plot_clusters,
    plot_data,
    plot_decision_boundaries,
    refuses,
    show,
)
from utils.widgets.kmeans import Voronoi, lloyd_history
from utils.widgets.kmeans_board import kmeans_board

SEED = 30035
iris = load_iris()
blobs, blob_of = load_five_blobs()

# %% [markdown]
# ## 1. Clusters without labels
#
# Here are the petals of 150 iris flowers. On the left somebody has named the species of each flower:
# to learn such names from examples is *classification*. On the right nobody has: to look for groups
# without any names is **clustering**. **Predict first:** how many groups would you see on the right?

# %%
petals = iris.data[:, 2:]
fig, axes = plt.subplots(1, 2, figsize=(9.5, 3.6), sharey=True, layout="constrained")
plot_clusters(petals, iris.target, ax=axes[0], title="classification: labels given", legend=False)
for name, place in zip(iris.target_names, [(2.1, 0.2), (4.2, 0.75), (3.9, 2.2)], strict=True):
    axes[0].text(*place, name, fontsize=11)
plot_data(petals, ax=axes[1])
axes[1].set_title("clustering: no labels")
for ax in axes:
    ax.set(xlabel="petal length (cm)", ylabel="petal width (cm)", aspect="auto", ylim=(0, 2.7))
show(
    fig,
    alt="Petal length against petal width of 150 irises, twice. Left: setosa apart at the lower left, "
    "versicolor and virginica side by side at the upper right. Right: the same points without names, "
    "which look like two groups.",
)

# %% [markdown]
# Most people see two groups. The border between versicolor and virginica is hardly visible. Section 10
# comes back to these flowers, with all four of their measurements.
#
# ## 2. Step one: the nearest centroid
#
# Some names. There are $N$ points $x_0, x_1, \dots$, each with $D$ numbers, its **features**. They
# are the rows of the array `X`, of shape `(N, D)`. You choose the number of clusters, $K$. Each cluster
# $k$ has a centre $\mu_k$ (say "mu"), called its **centroid**. The cluster of point $i$ is its
# **assignment** $z_i$, a number from 0 to $K-1$.
#
# k-means begins with a guess: some of the data points serve as the first centroids. Then every point
# goes to the centroid at the smallest distance
#
# $$\|x_i - \mu_k\| = \sqrt{(x_{i1} - \mu_{k1})^2 + \dots + (x_{iD} - \mu_{kD})^2}$$
#
# where $x_{i1}$ is the first feature of point $i$, and so on. Try it on six points. **Predict first:** to which cross does the point at (8, 5) go?

# %%
six = np.array([[1, 1], [2, 1], [1, 3], [6, 5], [7, 7], [8, 5]], dtype=float)
start = six[[1, 2]]

ax = plot_data(six)
plot_centroids(start, ax=ax)
ax.set(xlim=(0, 9), ylim=(0, 8))
show(
    ax,
    alt="Six points: three at the lower left, three at the upper right. Two of the lower ones, (2, 1) and "
    "(1, 3), carry a cross: they are the first centroids 0 and 1.",
)

# %%
print("from (8, 5) to centroid 0 and 1:", np.linalg.norm(six[5] - start, axis=1).round(2))
print("the squares of these distances: ", np.sum((six[5] - start) ** 2, axis=1))

# %% [markdown]
# A close call for centroid 0. The *squared* distances have the same order, so you can skip the root.
#
# One trap before you write it. Pictures hold their colours in small whole numbers of type
# `uint8`, from 0 to 255. What is 3 - 5 there?

# %%
print("as uint8:", np.array([3], dtype=np.uint8) - np.array([5], dtype=np.uint8))
print("as float:", np.array([3.0]) - np.array([5.0]))

# %% [markdown]
# There is no negative number in `uint8`, so the result wraps around. That is why your functions
# turn their data into floats first.
#
# ### Exercise 1 · Assign the points (3 points)
#
# Write `get_cluster_assignments(X, centroid_locations)`. `X` has the shape `(N, D)` and
# `centroid_locations` the shape `(K, D)`. It returns the index of the nearest centroid for each point:
# whole numbers in an array of shape `(N,)`.
#
# - If two centroids are equally near, the point goes to the one with the lower index.
# - Raise a `ValueError` if `X` and `centroid_locations` do not have the same number of columns.
#
# *Hint:* compute a table of squared distances with one row for each point and one column for each
# centroid. A loop over the centroids is enough. Then look at `np.argmin`, and mind its `axis`.


# %% solution="get_cluster_assignments"
def get_cluster_assignments(X, centroid_locations):
    """The index of the nearest centroid of each point, shape (N,)."""
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    mu = np.asarray(centroid_locations, dtype=float)
    if X.shape[1] != mu.shape[1]:
        raise ValueError(f"the points have {X.shape[1]} features, the centroids {mu.shape[1]}")
    squared_distances = np.empty((len(X), len(mu)))
    for k in range(len(mu)):
        squared_distances[:, k] = np.sum((X - mu[k]) ** 2, axis=1)
    return squared_distances.argmin(axis=1)
    ### END SOLUTION


# %% test="test_get_cluster_assignments" points=2
nearest = get_cluster_assignments(
    np.array([[0.0, 0], [4, 0], [4, 3], [9, 9]]), np.array([[0.0, 1], [5, 3]])
)
assert nearest is not None, "Your function returns nothing: does it end in a `return`?"
nearest = np.asarray(nearest)
assert nearest.shape != (4, 2), (
    "You return a number for each point and centroid: return only the index of the smallest."
)
assert nearest.shape != (2,), (
    "You return one number for each centroid instead of each point: which axis does argmin run along?"
)
assert nearest.shape == (4,), f"4 points give the shape (4,); yours is {nearest.shape}."
assert nearest.dtype.kind in "iuf" and every(nearest == np.round(nearest)), (
    "Return the index of the nearest centroid, a whole number, and not a distance."
)
assert not np.array_equal(nearest, [1, 0, 0, 0]), (
    "Every point goes to the centroid that is farthest away: is it the largest distance you look for?"
)
assert not np.array_equal(nearest, [1, 2, 2, 2]), "Centroids are counted from 0, not from 1."
assert not np.array_equal(nearest, [0, 0, 1, 1]), (
    "You add up the differences with their signs, so that they cancel: square each of them first."
)
assert nearest[0] == 0, "The point (0, 0) lies next to (0, 1), the first centroid."
assert every(nearest[1:] == 1), "Three of these points are nearest to (5, 3), the second centroid."
slanted = np.asarray(get_cluster_assignments(np.array([[0.0, 0]]), np.array([[3.0, -3], [5, 0]])))
assert np.array_equal(slanted, [0]), (
    "The point (0, 0) is nearer to (3, -3) than to (5, 0). If you add up the differences along the axes "
    "as they are: distance needs their squares."
)
### BEGIN HIDDEN TESTS
lure = np.asarray(get_cluster_assignments([[1, 0], [0, 1]], [[50, 60], [2, 3]]))
assert not np.array_equal(lure, [0, 0]), (
    "A far-away centroid wins over a near one. If you multiply matrices: the squares of the centroids "
    "belong to the distance too."
)
corner = attempt(
    "With points at other places", get_cluster_assignments, [[0, 0], [1, 1]], [[3, 3], [5, 0]]
)
assert not np.array_equal(corner, [1, 0]), (
    "You add up the differences along the axes as they are: distance needs their squares."
)
assert np.array_equal(corner, [0, 0]), "A point went to a centroid that is not the nearest."
diagonal = np.asarray(get_cluster_assignments([[1, 1]], [[-3, -3], [6, 1]]))
assert diagonal[0] == 1, (
    "You compare only the largest difference along an axis: distance uses all the features."
)
behind = np.asarray(get_cluster_assignments([[0, 0], [-9, -9]], [[-7, -7], [1, 0]]))
assert np.array_equal(behind, [1, 0]), (
    "Wrong where coordinates are negative: square the differences before you add them up."
)
helper = np.random.default_rng(41)
places = helper.normal(scale=4, size=(80, 3))
hubs = helper.normal(scale=4, size=(5, 3))
table = np.linalg.norm(places[:, None] - hubs, axis=2)
mine = np.asarray(
    attempt("With 5 centroids in 3 dimensions", get_cluster_assignments, places, hubs)
)
assert mine.shape == (80,), "With 80 points, 5 centroids and 3 dimensions the shape must be (80,)."
assert not np.array_equal(mine, np.argmin(table[:, :2], axis=1)), (
    "Only the first two centroids are ever used: take K from `centroid_locations`."
)
assert not np.array_equal(
    mine, np.argmin(np.linalg.norm(places[:, None, :2] - hubs[:, :2], axis=2), axis=1)
), "Only the first two features are used: take D from `X`."
assert np.array_equal(mine, table.argmin(axis=1)), (
    "With 5 centroids in 3 dimensions some points do not go to the nearest centroid: is K or D, or a "
    "variable of the notebook, fixed in your code?"
)
### END HIDDEN TESTS

# %% test="test_get_cluster_assignments__edges" points=1
tied = np.asarray(get_cluster_assignments(np.array([[2.0, 0]]), np.array([[0.0, 0], [4, 0]])))
assert tied[0] == 0, "At equal distance the point goes to the centroid with the lower index."
assert refuses(get_cluster_assignments, [[0, 0]], [[1, 2, 3]]), (
    "Points with 2 features and centroids with 3 must raise a ValueError."
)
### BEGIN HIDDEN TESTS
halfway = np.asarray(
    get_cluster_assignments([[1, 1], [2, 2], [0, 0]], [[9, 9], [0, 2], [2, 0], [2, 2], [0, 0]])
)
assert np.array_equal(halfway, [1, 3, 4]), (
    "At equal distance from several centroids the lowest index wins."
)
alone = attempt("For one point and one centroid", get_cluster_assignments, [[7.0]], [[-3.0]])
assert np.shape(alone) == (1,) and np.asarray(alone)[0] == 0, (
    "One point and one centroid: the answer is a single 0, in an array of shape (1,)."
)
dark = attempt(
    "With uint8 pixels",
    get_cluster_assignments,
    np.array([[0, 0], [30, 30]], dtype=np.uint8),
    np.array([[250, 250], [20, 20]], dtype=np.uint8),
)
assert np.array_equal(dark, [1, 1]), (
    "With uint8 numbers the differences wrap around: turn both inputs into floats first."
)
many = np.arange(300)[:, None]
wide = attempt("With 300 centroids", get_cluster_assignments, many, many)
assert np.array_equal(wide, np.arange(300)), (
    "With 300 centroids the labels are wrong: a small integer type such as int8 cannot count so far."
)
kept_points, kept_hubs = np.array([[0.0, 1.0], [3.0, 4.0]]), np.array([[1.0, 1.0], [5.0, 5.0]])
touched = changed_inputs(get_cluster_assignments, kept_points, kept_hubs)
assert 0 not in touched, "Your function changes `X`: work on a copy."
assert not touched, "Your function changes `centroid_locations`: work on a copy."
assert refuses(get_cluster_assignments, [[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]], [[1.0, 2.0]]), (
    "Points with 3 features and centroids with 2 must raise a ValueError."
)
assert refuses(get_cluster_assignments, [[0.0], [1.0]], [[1.0, 2.0], [3.0, 4.0]]), (
    "Points with 1 feature and centroids with 2 must raise a ValueError. NumPy repeats the single "
    "column without a word, so compare the numbers of columns yourself."
)
assert refuses(get_cluster_assignments, [[0.0, 0.0], [1.0, 1.0]], [[1.0], [3.0]]), (
    "Points with 2 features and centroids with 1 must raise a ValueError. NumPy repeats the single "
    "column without a word, so compare the numbers of columns yourself."
)
### END HIDDEN TESTS

# %% [markdown]
# Your function on the six points. Was your guess for (8, 5) right?

# %%
labels = get_cluster_assignments(six, start)
print("assignments:", labels)
ax = plot_clusters(six, labels, start, title="step one: assign")
ax.set(xlim=(0, 9), ylim=(0, 8))
show(
    ax,
    alt="The six points with their assignments. Circles: (1, 1), (2, 1) and, far away, (8, 5) belong to "
    "centroid 0. Squares: (1, 3), (6, 5) and (7, 7) belong to centroid 1.",
)

# %% [markdown]
# ## 3. Step two: move the centroids
#
# A centroid should stand in the middle of its points. So it moves to their **mean**, each feature on
# its own: the mean of the $x$ coordinates and the mean of the $y$ coordinates.
#
# **Predict first:** where does centroid 0 go? Its points are (1, 1), (2, 1) and (8, 5).

# %%
print("points of cluster 0:", six[labels == 0].tolist())
print("their mean:         ", six[labels == 0].mean(axis=0))

# %% [markdown]
# And if a cluster has no points at all? Suppose a third centroid had started far away, at (50, 50).
# No point goes there. Let us see what the mean says then.

# %%
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print("mean of no points:", six[labels == 2].mean(axis=0))
for warning in caught:
    print(f"{warning.category.__name__}: {warning.message}")

# %% [markdown]
# Zero divided by zero is `nan`, "not a number". From then on every distance to that centroid is `nan`
# too, and the run is spoilt. There are several remedies. We take the simplest: a centroid without points
# **stays where it is**.
#
# ### Exercise 2 · Move the centroids (3 points)
#
# Write `get_cluster_centroids(X, cluster_assignments, centroid_locations)`. `X` has the shape `(N, D)`,
# `cluster_assignments` the shape `(N,)`, and `centroid_locations` the shape `(K, D)`: where the
# centroids are now. It returns their new places, a new array of shape `(K, D)`: row `k` is the
# mean of the points assigned to `k`.
#
# - A cluster without points keeps its old location. No `nan` and no `RuntimeWarning` may come up.
# - Raise a `ValueError` if a label is not one of 0 to K-1, if there is not one label for each point, or
#   if `X` and `centroid_locations` do not have the same number of columns.
#
# *Hint:* `X[cluster_assignments == k]` are the points of cluster `k`.


# %% solution="get_cluster_centroids"
def get_cluster_centroids(X, cluster_assignments, centroid_locations):
    """The mean of the points of each cluster, shape (K, D)."""
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    labels = np.asarray(cluster_assignments)
    centroids = np.array(centroid_locations, dtype=float)
    if labels.shape != (len(X),):
        raise ValueError(f"{len(X)} points need {len(X)} labels, not {labels.shape}")
    if X.shape[1] != centroids.shape[1]:
        raise ValueError(f"{X.shape[1]} features do not fit {centroids.shape[1]}")
    if labels.min() < 0 or labels.max() >= len(centroids):
        raise ValueError(f"a label is not one of 0 to {len(centroids) - 1}")
    for k in range(len(centroids)):
        members = X[labels == k]
        if len(members) > 0:
            centroids[k] = members.mean(axis=0)
    return centroids
    ### END SOLUTION


# %% test="test_get_cluster_centroids" points=2
moved = get_cluster_centroids(
    np.array([[0.0, 0], [1, 3], [2, 9], [10, 1]]),
    np.array([0, 0, 0, 1]),
    np.array([[5.0, 5], [6, 6]]),
)
assert moved is not None, "Your function returns nothing: does it end in a `return`?"
moved = np.asarray(moved, dtype=float)
assert moved.shape == (2, 2), (
    f"2 centroids with 2 features have the shape (2, 2); yours is {moved.shape}: take the mean of each "
    "feature on its own."
)
assert not is_like(moved[0], [15, 15]), (
    "All coordinates of a cluster are added into one number: sum or average along axis 0."
)
assert not is_like(moved[0], [5, 5]), (
    "All coordinates of a cluster are added into one number: average each feature on its own, axis 0."
)
assert not is_like(moved[0], [2.5, 2.5]), (
    "Both features get the same value: average each feature on its own, along axis 0."
)
assert not is_like(moved[0], [3, 12]), (
    "These are sums: the mean divides by the number of points in the cluster."
)
assert not is_like(moved[0], [0.75, 3]), (
    "You divide by the number of all points: divide by the number of points in the cluster."
)
assert not is_like(moved[0], [1, 3]), "This is the middle point (median): take the mean."
assert_like(
    moved[0], [1, 4], "Centroid 0 must be the mean of its own three points, of the points only."
)
assert_like(moved[1], [10, 1], "A cluster of a single point has its centroid there.")
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(42)
cloud = helper.normal(scale=5, size=(70, 3))
group = helper.permutation(np.repeat([0, 1, 3, 4], [10, 35, 20, 5]))
before = helper.normal(size=(6, 3))
after = attempt(
    "With 6 clusters in 3 dimensions", get_cluster_centroids, cloud, group, before.copy()
)
after = np.asarray(after, dtype=float)
assert after.shape == (6, 3), (
    "With 6 centroids in 3 dimensions the shape must be (6, 3): take K from `centroid_locations`, and "
    "not from the labels that occur."
)
assert every(np.isfinite(after)), (
    "A cluster without points became nan: it must keep its old location."
)
full = [0, 1, 3, 4]
wanted = np.array([cloud[group == k].mean(axis=0) for k in full])
assert not is_like(after[full], (wanted + before[full]) / 2), (
    "The old location is averaged in: the new one is the mean of the points alone."
)
assert_like(
    after[full],
    wanted,
    "With 6 clusters in 3 dimensions some centroids are not the mean of their points.",
)
assert not is_like(after[[2, 5]], np.zeros((2, 3))), (
    "A cluster without points moved to the origin: it must keep its old location."
)
assert not is_like(after[[2, 5]], np.tile(cloud.mean(axis=0), (2, 1))), (
    "A cluster without points moved to the mean of all points: it must keep its old location."
)
assert_like(after[[2, 5]], before[[2, 5]], "A cluster without points must keep its old location.")
### END HIDDEN TESTS

# %% test="test_get_cluster_centroids__edges" points=1
stays = get_cluster_centroids(np.array([[1.0], [3.0]]), np.array([0, 0]), np.array([[0.0], [8.0]]))
stays = np.asarray(stays, dtype=float)
assert every(~np.isnan(stays)), "A cluster without points became nan: let it stay where it is."
assert_like(stays, [[2], [8]], "A cluster without points keeps its old location.")
assert refuses(get_cluster_centroids, [[1.0], [3.0]], [0, 2], [[0.0], [8.0]]), (
    "With 2 centroids the label 2 must raise a ValueError."
)
### BEGIN HIDDEN TESTS
with warnings.catch_warnings():
    warnings.simplefilter("error")
    quiet = attempt(
        "With warnings turned into errors, and an empty cluster,",
        get_cluster_centroids,
        [[4, 0], [6, 2], [6, 4]],
        [1, 1, 1],
        [[9, 9], [0, 0], [7, 8]],
    )
assert_like(
    quiet,
    [[9, 9], [16 / 3, 2], [7, 8]],
    "Wrong where the inputs are whole numbers: if the result is an integer array, the means are "
    "cut to whole numbers. Make a float copy of the centroids.",
)
pixels = np.array([[200], [250], [240]], dtype=np.uint8)
bright = attempt("With uint8 pixels", get_cluster_centroids, pixels, [0, 0, 0], [[10]])
assert_like(
    bright,
    [[230]],
    "With uint8 numbers the sum wraps around: turn the points into floats first.",
)
kept = (np.array([[0.0, 2.0], [4.0, 6.0]]), np.array([0, 0]), np.array([[1.0, 1.0], [5.0, 5.0]]))
assert not changed_inputs(get_cluster_centroids, *kept), (
    "Your function changes its inputs: write the means into a copy of `centroid_locations`."
)
assert refuses(get_cluster_centroids, [[1.0], [3.0]], [0, -1], [[0.0], [8.0]]), (
    "The label -1 must raise a ValueError: it is none of 0 to K-1."
)
assert refuses(get_cluster_centroids, [[1.0], [3.0]], [0, 0, 1], [[0.0], [8.0]]), (
    "3 labels for 2 points must raise a ValueError."
)
assert refuses(get_cluster_centroids, [[1.0, 1.0], [3.0, 3.0]], [0, 1], [[0.0] * 3, [8.0] * 3]), (
    "Points with 2 features and centroids with 3 must raise a ValueError."
)
assert refuses(get_cluster_centroids, [[1.0], [3.0], [4.0]], [0, 1], [[0.0], [8.0]]), (
    "2 labels for 3 points must raise a ValueError."
)
assert refuses(get_cluster_centroids, [[1.0], [3.0]], [0, 1], [[0.0, 0.0], [8.0, 8.0]]), (
    "Points with 1 feature and centroids with 2 must raise a ValueError. NumPy repeats the single "
    "number without a word, so compare the numbers of columns yourself."
)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Repeat until nothing changes
#
# Assign, move, assign, move: this is **Lloyd's algorithm**. When the assignments come out as before,
# the means would too, so you may stop.
#
# **Predict first:** how many moves do the six points need?

# %%
centroids, labels = start, get_cluster_assignments(six, start)
fig, axes = plt.subplots(1, 3, figsize=(11, 3.8), sharey=True, layout="constrained")
plot_clusters(six, labels, centroids, ax=axes[0], title="start")
for move in range(1, 10):
    centroids = get_cluster_centroids(six, labels, centroids)
    before, labels = labels, get_cluster_assignments(six, centroids)
    print(f"move {move}: centroids {centroids.round(2).tolist()}, assignments {labels}")
    if move < 3:
        plot_clusters(six, labels, centroids, ax=axes[move], title=f"after move {move}")
    if np.array_equal(before, labels):
        break
for ax in axes:
    ax.set(xlim=(0, 9.5), ylim=(0, 8))
show(
    fig,
    alt="Three pictures of the six points. At the start both centroids are at the lower left, and the "
    "point (8, 5) is in one cluster with two points there. After move 1 the centroids stand between the "
    "groups and the assignments are right. After move 2 each centroid is in the middle of its group.",
)

# %% [markdown]
# Now something bigger: 2,000 points in five round blobs. Three of them, on the left, are small and
# close together. We start with five data points and watch three iterations. An *iteration* is one move
# and one assignment. In the upper row the centroids move, in the lower row the points get
# their new assignments.
#
# The coloured **regions** show where a new point would go. Regions of nearest centroids are called
# **Voronoi cells**. Their borders are straight: each lies halfway between two centroids.

# %%
rng = np.random.default_rng(8)
centroids = blobs[rng.choice(len(blobs), size=5, replace=False)]
labels = get_cluster_assignments(blobs, centroids)
fig, axes = plt.subplots(2, 3, figsize=(12, 5.6), sharex=True, sharey=True, layout="constrained")
for iteration, (above, below) in enumerate(axes.T, 1):
    old, centroids = centroids, get_cluster_centroids(blobs, labels, centroids)
    plot_decision_boundaries(Voronoi(old), blobs, ax=above, resolution=200)
    for tail, head in zip(old, centroids, strict=True):
        for color, width in [("white", 5), ("black", 2)]:
            arrow = {"arrowstyle": "-|>", "color": color, "linewidth": width, "shrinkA": 0}
            above.annotate("", head, tail, arrowprops={**arrow, "shrinkB": 0}, zorder=6)
    above.set(title=f"iteration {iteration}: move", xlabel="")
    labels = get_cluster_assignments(blobs, centroids)
    plot_decision_boundaries(Voronoi(centroids), blobs, ax=below, resolution=200)
    below.set_title(f"iteration {iteration}: assign")
show(
    fig,
    alt="Three iterations on the five blobs. Above, an arrow leads from each old centroid to its new "
    "place. Several centroids that started in one blob travel towards the others. Below, the new "
    "Voronoi cells with their numbered centroids.",
)

# %% [markdown]
# Three iterations are not enough here. Run on, and each centroid ends up with a blob of its own. Does it
# always stop? To see why, you need a number that says how
# good a clustering is.
#
# ## 5. Inertia: how tight are the clusters?
#
# The **inertia** is the sum of the squared distances of all points to their own centroid:
#
# $$\text{inertia} = \sum_{i=0}^{N-1} \|x_i - \mu_{z_i}\|^2$$
#
# Here $\mu_{z_i}$ is the centroid of the cluster $z_i$ that point $i$ is assigned to. Small is
# good. **Predict first:** two points are 1 and 3 away from their centroids. What is the inertia?

# %%
print("inertia:", 1**2 + 3**2)

# %% [markdown]
# ### Exercise 3 · The inertia (3 points)
#
# Write `inertia(X, cluster_assignments, centroid_locations)`. It returns one number: the sum over all
# points of the squared distance to the centroid that the point is *assigned* to, even where another
# centroid is nearer. Take the centroids as they are given.
#
# - Raise a `ValueError` if a label is not one of 0 to K-1, if there is not one label for each point, or
#   if `X` and `centroid_locations` do not have the same number of columns.
#
# *Hint:* `centroid_locations[cluster_assignments]` lines up each point's own centroid, if both are arrays.


# %% solution="inertia"
def inertia(X, cluster_assignments, centroid_locations):
    """The sum of the squared distances of the points to their own centroids."""
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    labels = np.asarray(cluster_assignments)
    mu = np.asarray(centroid_locations, dtype=float)
    if labels.shape != (len(X),):
        raise ValueError(f"{len(X)} points need {len(X)} labels, not {labels.shape}")
    if X.shape[1] != mu.shape[1]:
        raise ValueError(f"{X.shape[1]} features do not fit {mu.shape[1]}")
    if labels.min() < 0 or labels.max() >= len(mu):
        raise ValueError(f"a label is not one of 0 to {len(mu) - 1}")
    return float(np.sum((X - mu[labels]) ** 2))
    ### END SOLUTION


# %% test="test_inertia" points=2
total = inertia(
    np.array([[0.0, 0], [3, 4], [10, 0]]), np.array([0, 0, 1]), np.array([[0.0, 0], [10, 2]])
)
assert total is not None, "Your function returns nothing: does it end in a `return`?"
assert np.shape(total) == (), (
    f"The inertia is one number; you return something of shape {np.shape(total)}: add up over all points."
)
assert not is_like(total, 7), "You add up plain distances: square each of them first."
assert not is_like(total, np.sqrt(29)), "You take a root of the sum: inertia has none."
assert not is_like(total, 29 / 3), "You take the mean over the points: inertia is the sum."
assert not is_like(total, -29), "Inertia is positive; scikit-learn's `score` has the minus sign."
assert not is_like(total, 12.5), "You compute new means: measure to the centroids as given."
assert_like(
    total,
    29,
    "For these three points the sum of squared distances is different: the first lies on its centroid, "
    "the others are 5 and 2 away.",
)
swapped = inertia(np.array([[0.0], [4.0]]), np.array([1, 1]), np.array([[0.0], [5.0]]))
assert not is_like(swapped, 1), (
    "You measure to the nearest centroid: measure to the one that the point is assigned to."
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(43)
spots = helper.normal(scale=3, size=(50, 4))
given = helper.integers(5, size=50)
anchors = helper.normal(scale=3, size=(5, 4))
square = np.sum((spots[:, None] - anchors) ** 2, axis=2)
own = square[np.arange(50), given]
mine = attempt("With 5 clusters in 4 dimensions", inertia, spots, given, anchors)
assert np.shape(mine) == (), "With 5 clusters in 4 dimensions the inertia is still one number."
assert not is_like(mine, square.min(axis=1).sum()), (
    "You measure to the nearest centroid: measure to the one that the point is assigned to."
)
assert not is_like(mine, square.sum()), (
    "You measure from every point to every centroid: only its own one counts."
)
assert not is_like(mine, sum(own[given == k].mean() for k in range(5))), (
    "You take a mean within each cluster: inertia adds up over all points."
)
means = np.array([spots[given == k].mean(axis=0) for k in range(5)])
assert not is_like(mine, np.sum((spots - means[given]) ** 2)), (
    "You compute new means: measure to the centroids as given."
)
assert_like(
    mine,
    own.sum(),
    "The inertia is wrong with 5 clusters in 4 dimensions: is K or D, or a variable of the notebook, "
    "fixed in your code?",
)
### END HIDDEN TESTS

# %% test="test_inertia__edges" points=1
assert refuses(inertia, [[0.0], [1.0]], [0, 2], [[0.0], [5.0]]), (
    "With 2 centroids the label 2 must raise a ValueError."
)
### BEGIN HIDDEN TESTS
assert refuses(inertia, [[0.0], [1.0]], [0, -1], [[0.0], [5.0]]), (
    "The label -1 must raise a ValueError. NumPy takes it for the last row without a word."
)
assert refuses(inertia, [[0.0], [1.0]], [0], [[0.0], [5.0]]), (
    "1 label for 2 points must raise a ValueError: NumPy would stretch it without a word."
)
assert refuses(inertia, [[0.0, 0.0], [1.0, 1.0]], [0, 1], [[0.0] * 3, [5.0] * 3]), (
    "Points with 2 features and centroids with 3 must raise a ValueError."
)
lone = attempt("For a single point", inertia, [[2.0, 5.0]], [0], [[2.0, 5.0]])
assert np.shape(lone) == () and lone == 0, "A point on its centroid has the inertia 0."
idle = attempt("With a centroid without points", inertia, [[1], [2]], [2, 2], [[0], [0], [4]])
assert_like(idle, 13, "A centroid without points adds nothing to the inertia.")
pixels = np.array([[0, 250], [100, 20]], dtype=np.uint8)
shades = np.array([[100, 0], [0, 0]], dtype=np.uint8)
assert_like(
    inertia(pixels, [0, 1], shades),
    82_900,
    "With uint8 numbers the differences or squares wrap around: turn both inputs into floats first.",
)
kept = (np.array([[0.0, 2.0], [4.0, 6.0]]), np.array([0, 1]), np.array([[1.0, 1.0], [5.0, 5.0]]))
assert not changed_inputs(inertia, *kept), "Your function changes its inputs: work on copies."
assert refuses(inertia, [[0.0]], [0, 1], [[0.0], [5.0]]), (
    "2 labels for 1 point must raise a ValueError: NumPy would stretch the point without a word."
)
assert refuses(inertia, [[1.0], [3.0]], [0, 1], [[0.0, 0.0], [8.0, 8.0]]), (
    "Points with 1 feature and centroids with 2 must raise a ValueError. NumPy repeats the single column "
    "without a word, so compare the numbers of columns yourself."
)
assert refuses(inertia, [[1.0, 1.0], [3.0, 3.0]], [0, 1], [[0.0], [8.0]]), (
    "Points with 2 features and centroids with 1 must raise a ValueError. NumPy repeats the single column "
    "without a word, so compare the numbers of columns yourself."
)
### END HIDDEN TESTS

# %% [markdown]
# Measure the inertia after every half-step of the run in the picture. **Predict first:** can it ever go up?

# %%
rng = np.random.default_rng(8)
centroids = blobs[rng.choice(len(blobs), size=5, replace=False)]
labels = get_cluster_assignments(blobs, centroids)
costs = [inertia(blobs, labels, centroids)]
for _ in range(8):
    centroids = get_cluster_centroids(blobs, labels, centroids)
    costs.append(inertia(blobs, labels, centroids))
    labels = get_cluster_assignments(blobs, centroids)
    costs.append(inertia(blobs, labels, centroids))

half_steps = np.arange(len(costs)) / 2
fig, ax = plt.subplots(figsize=(6.5, 3.6), layout="constrained")
ax.plot(half_steps, costs, color="grey")
ax.plot(half_steps[0::2], costs[0::2], "ko", label="after an assignment")
ax.plot(half_steps[1::2], costs[1::2], "kX", markersize=9, label="after a move")
ax.set(xlabel="iteration", ylabel="inertia")
ax.legend(frameon=False)
show(
    fig,
    alt="Inertia of the five blobs after each half-step. It falls steeply in the first iteration and then "
    "flattens. Neither moves nor assignments ever raise it.",
)
print("largest change upwards:", max(np.diff(costs).max(), 0))

# %% [markdown]
# It never goes up. Assigning picks the smallest distance for each point. And of all places, the mean is the one
# with the smallest sum of squared distances to its points. There are only so many ways to assign
# $N$ points, and none comes back once the inertia has fallen. So Lloyd's algorithm **always stops**. It does
# not say *where* it stops.
#
# **Check it yourself.** You may meet the same goal in another form, without any centroid. Let $P_k$ be the
# points of cluster $k$ and $|P_k|$ their number. Then take
# $L_k = \frac{1}{|P_k|} \sum_{i \in P_k} \sum_{j \in P_k} \|x_i - x_j\|^2$, and add up over $k$.

# %%
pair_sum = 0
for k in range(5):
    members = blobs[labels == k]
    pair_sum += np.sum((members[:, None] - members) ** 2) / len(members)
centroids = get_cluster_centroids(blobs, labels, centroids)
print(f"pairs / inertia: {pair_sum / inertia(blobs, labels, centroids):.6f}")

# %% [markdown]
# Twice the inertia, whatever the clusters are. So tight clusters around a mean and points that are near
# *each other* are the same goal.

# %% [markdown]
# ## 6. Bad starts
#
# scikit-learn's `KMeans` does the same as you did. Here it starts from random data points, once
# (`n_init=1`), with two different seeds. **Predict first:** will it find the same clusters?

# %%
fig, axes = plt.subplots(1, 2, figsize=(11, 4), sharey=True, layout="constrained")
for ax, state in zip(axes, [2, 5], strict=True):
    model = KMeans(5, init="random", n_init=1, random_state=state).fit(blobs)
    plot_decision_boundaries(model, blobs, ax=ax, resolution=200)
    ax.set_title(f"random_state={state}: inertia {model.inertia_:.2f}")
show(
    fig,
    alt="Two results of k-means on the same five blobs with different borders. In each of them one "
    "centroid has to serve two of the small blobs on the left, while two centroids share another blob.",
)

# %% [markdown]
# Both have stopped, and both are wrong: somewhere two centroids share one blob, and elsewhere one
# centroid serves two. No single step can mend it, because each step only looks nearby. This is a
# **local minimum**: better than all neighbours, but not the best.
#
# Could we not try *all* ways to give 2,000 points to five clusters, and keep the best?

# %%
print(f"the number of ways has {int(len(blobs) * np.log10(5)) + 1:,} digits")

# %% [markdown]
# No computer will ever try them all. First remedy: **try again** from another start, and keep the
# result with the smallest inertia.

# %%
single = [
    KMeans(5, init="random", n_init=1, random_state=state).fit(blobs).inertia_
    for state in range(12)
]
print("12 single starts, sorted:", np.sort(single).round(1))
ten = KMeans(5, init="random", n_init=10, random_state=2).fit(blobs)
print(f"best of ten random starts: {ten.inertia_:.2f}")
by_eye = np.array([[-3, 3], [-3, 2], [-3, 1], [-1, 2], [0, 2]])
good = KMeans(5, init=by_eye, n_init=1, random_state=0).fit(blobs)
print(f"started near the blobs by eye: {good.inertia_:.2f}")

# %% [markdown]
# One start is dreadful, several are a little off, some are fine. Ten tries are usually enough here. But
# nothing guarantees it. Without `init`, scikit-learn chooses its starts with more care (section 7 tells
# how), and still ten of them can all miss:

# %%
unlucky = KMeans(5, n_init=10, random_state=42).fit(blobs)
print(f"another ten tries, all of which miss: {unlucky.inertia_:.2f}")

# %% [markdown]
# `score` is the same number with a minus sign, since in scikit-learn a larger score is always better.
# Check both by hand with your own function:

# %%
print(f"inertia_: {good.inertia_:.6f}")
print(f"score:    {good.score(blobs):.6f}")
print(f"yours:    {inertia(blobs, good.labels_, good.cluster_centers_):.6f}")

# %% [markdown]
# ## 7. k-means++: start far apart
#
# Second remedy: choose better starts. **k-means++** draws the first centroid among all points, each
# equally likely. Each further centroid is again a data point, and far-away points are likelier: the
# probability goes with the **squared distance to the nearest centroid chosen so far**.
#
# Say the point (1, 1) of our six was drawn first. **Predict first:** which point is likeliest next? How
# likely is (1, 1) itself?

# %%
squares = np.sum((six - six[0]) ** 2, axis=1)
for point, square, chance in zip(six, squares, squares / squares.sum(), strict=True):
    print(f"{point}: squared distance {square:4.0f}, probability {chance:.3f}")

# %% [markdown]
# When a second point is chosen, each point keeps the *smaller* of its two squared distances, and so on.
# Why not simply take the farthest point? Because that would pick the outliers, every time.
#
# ### Exercise 4 · k-means++ (4 points)
#
# Write `kmeans_plus_plus(X, k, rng)`. It returns `k` rows of `X`, an array of shape `(k, D)`, in the
# order in which they were drawn:
#
# - the first row is drawn uniformly;
# - each next row is drawn once, with a probability proportional to the squared distance to the
#   nearest row chosen so far;
# - if all these distances are 0 (only copies of chosen rows are left), draw uniformly, without a warning.
#
# Raise a `ValueError` if `k` is below 1 or larger than the number of points.
#
# *Hint:* `rng.choice(N, p=...)` draws a row number. `np.minimum` keeps the smaller distances.


# %% solution="kmeans_plus_plus"
def kmeans_plus_plus(X, k, rng):
    """Draw k rows of X that lie far apart, shape (k, D)."""
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X):
        raise ValueError(f"cannot choose {k} of {len(X)} points")
    rows = [rng.integers(len(X))]
    squares = np.sum((X - X[rows[0]]) ** 2, axis=1)
    while len(rows) < k:
        if squares.sum() > 0:
            row = rng.choice(len(X), p=squares / squares.sum())
        else:
            row = rng.integers(len(X))
        rows.append(row)
        squares = np.minimum(squares, np.sum((X - X[row]) ** 2, axis=1))
    return X[rows]
    ### END SOLUTION


# %% test="test_kmeans_plus_plus" points=2
corners = np.array([[0.0, 0.0], [1.0, 0.0], [40.0, 0.0], [40.0, 3.0]])
chosen = kmeans_plus_plus(corners, 4, np.random.default_rng(5))
assert chosen is not None, "Your function returns nothing: does it end in a `return`?"
chosen = np.asarray(chosen, dtype=float)
assert chosen.shape != (4,), "You return row numbers: return the rows of X themselves."
assert chosen.shape == (4, 2), f"4 rows in the plane have the shape (4, 2), yours {chosen.shape}."
assert every((chosen[:, None] == corners).all(axis=2).any(axis=1)), (
    "What you return are not all rows of X: start from data points."
)
assert len(np.unique(chosen, axis=0)) == 4, (
    "The same point was chosen twice: its distance to itself is 0, so its probability is 0."
)
crowds = np.repeat([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]], 40, axis=0)
places = np.unique(kmeans_plus_plus(crowds, 3, np.random.default_rng(6)), axis=0)
assert len(places) == 3, (
    "Of 40 copies of each of three points, two copies of the same one were drawn. The second copy "
    "has the distance 0 to a row chosen so far: do you draw uniformly, or look only at the row chosen last?"
)
### BEGIN HIDDEN TESTS
posts = np.zeros((7, 12))
posts[:, [2, 9]] = [[6, 10], [6, 12], [5, 3], [7, 10], [6, 11], [5, 4], [0, 0]]
span = np.sum((posts[:, None] - posts) ** 2, axis=2)
source, picks = np.random.default_rng(51), []
for _ in range(100):
    rows = np.asarray(kmeans_plus_plus(posts, 5, source), dtype=float)
    assert rows.shape == (5, 12), "For k = 5 points in 12 dimensions the shape must be (5, 12)."
    same = (rows[:, None] == posts).all(axis=2)
    assert every(same.any(axis=1)), "What you return are not all rows of X: start from data points."
    picks.append(same.argmax(axis=1).tolist())
assert every(len(set(pick)) == 5 for pick in picks), (
    "The same point was chosen twice: the probability goes with the distance to the *nearest* chosen "
    "point, and that is 0 for a chosen one."
)
firsts = np.bincount([pick[0] for pick in picks], minlength=7)
assert firsts.max() < 100, "The first centroid is always the same point: draw it among all points."
assert firsts.min() > 0 and every(abs(firsts - 100 / 7) < 5 * np.sqrt(100 / 7 * 6 / 7)), (
    "The first centroid is not drawn uniformly: each point should come first equally often."
)
assert any(span[pick[0], pick[1]] < span[pick[0]].max() for pick in picks), (
    "You always take the farthest point: draw by chance, with the squared distances as weights."
)

# What the chances could go with, for distances of the shape (runs, chosen points, points): each rule
# in turn is compared with what was drawn.
RULES = {
    "": lambda chosen: chosen.min(axis=1),
    "The probabilities go with the plain distances: square them.": (
        lambda chosen: np.sqrt(chosen.min(axis=1))
    ),
    "The next centroid is drawn uniformly: far-away points must be likelier.": (
        lambda chosen: np.ones((100, 7))
    ),
    "A centroid looks only at the distance to the one before: take the distance to the nearest of all "
    "chosen points.": lambda chosen: chosen[:, -1],
    "The third centroid looks only at the distance to the first: update the distances to the nearest "
    "chosen point after each draw.": lambda chosen: chosen[:, 0],
    "You add up the distances to all chosen points: take the smallest, the distance to the nearest.": (
        lambda chosen: chosen.sum(axis=1)
    ),
}
BEST = "You draw several candidates and keep the best: draw each centroid once."
told, expected, variance = np.zeros(len(RULES) + 1), 0.0, 0.0
picks, runs = np.array(picks), np.arange(100)
for place in range(1, 5):
    drawn, chosen, left = picks[:, place], span[picks[:, :place]], np.ones((100, 7))
    np.put_along_axis(left, picks[:, :place], 0, axis=1)
    weights = np.array([rule(chosen) for rule in RULES.values()]) * left
    chances = weights / weights.sum(axis=2, keepdims=True)
    p = chances[0]
    # The better of two candidates: this one and a worse one, in two orders, or one as good, in one.
    costs_then = np.minimum(chosen.min(axis=1)[:, None], span).sum(axis=2)
    orders = 1 + np.sign(costs_then[:, None] - costs_then[:, :, None])
    best_of_two = p * np.sum(p[:, None] * orders, axis=2)
    told += np.log([*chances[:, runs, drawn], best_of_two[runs, drawn]]).sum(axis=1)
    logs = np.log(np.where(left, p, 1))
    mean = np.sum(p * logs, axis=1, keepdims=True)
    expected += mean.sum()
    variance += np.sum(p * (logs - mean) ** 2)
# A rule that is not the right one is e**14 times as likely by chance in one case of e**14.
assert told.max() < told[0] + 14, [*RULES, BEST][told.argmax()]
assert abs(told[0] - expected) < 5 * np.sqrt(variance), (
    "The centroids are not drawn by the squared distance to the nearest chosen point, or the distances "
    "are not all measured in the same way, each as a sum over the features."
)
### END HIDDEN TESTS

# %% test="test_kmeans_plus_plus__random" points=1
meadow = np.random.default_rng(60).uniform(size=(200, 2))
one = np.asarray(kmeans_plus_plus(meadow, 5, np.random.default_rng(1)))
same_again = np.asarray(kmeans_plus_plus(meadow, 5, np.random.default_rng(1)))
assert np.array_equal(one, same_again), (
    "The same seed gave two different results: draw from `rng`, not from `np.random`."
)
assert one.shape == (5, 2) and every((one[:, None] == meadow).all(axis=2).any(axis=1)), (
    "For k = 5 in the plane, return 5 rows of X."
)
### BEGIN HIDDEN TESTS
field = np.random.default_rng(61).uniform(size=(400, 3))
starts = [np.asarray(kmeans_plus_plus(field, 6, np.random.default_rng(s))) for s in range(5)]
assert any(not np.array_equal(starts[0], other) for other in starts[1:]), (
    "Another seed gave the same result: your function makes its own generator with a fixed seed."
)
assert any(not np.array_equal(starts[0][0], other[0]) for other in starts[1:]), (
    "The first centroid is always the same point: draw it among all points."
)
assert any(not np.array_equal(starts[0][1:], other[1:]) for other in starts[1:]), (
    "Only the first centroid is drawn by chance: draw each of them."
)
stream = np.random.default_rng(62)
series = [np.asarray(kmeans_plus_plus(field, 6, stream)) for _ in range(4)]
assert any(not np.array_equal(series[0], other) for other in series[1:]), (
    "Several calls with the same generator repeat the same draw: use `rng` itself."
)
### END HIDDEN TESTS

# %% test="test_kmeans_plus_plus__edges" points=1
assert refuses(kmeans_plus_plus, [[0.0], [1.0]], 3, np.random.default_rng(0)), (
    "3 centroids from 2 points must raise a ValueError."
)
only = np.asarray(kmeans_plus_plus([[0.0, 1.0], [2.0, 3.0]], 1, np.random.default_rng(0)))
assert only.shape == (1, 2), f"One centroid in the plane has the shape (1, 2), yours {only.shape}."
### BEGIN HIDDEN TESTS
assert refuses(kmeans_plus_plus, [[0.0], [1.0]], 0, np.random.default_rng(0)), (
    "k = 0 must raise a ValueError."
)
assert refuses(kmeans_plus_plus, [[0.0], [1.0]], -1, np.random.default_rng(0)), (
    "A negative k must raise a ValueError."
)
with warnings.catch_warnings():
    warnings.simplefilter("error")
    for twins, count in [([[5.0, 5.0]] * 4, 3), ([[1, 1], [1, 1], [8, 2], [8, 2]], 4)]:
        for s in range(6):
            drawn = attempt(
                "Where all distances are 0, and warnings are turned into errors,",
                kmeans_plus_plus,
                twins,
                count,
                np.random.default_rng(s),
            )
            drawn = np.asarray(drawn, dtype=float)
            assert drawn.shape == (count, 2), (
                "Where points are copies of one another you must still return k rows."
            )
            assert set(map(tuple, drawn.tolist())) == set(
                map(tuple, np.array(twins, float).tolist())
            ), (
                "Where points are copies of one another you return rows that are not in X, or "
                "a copy before every different point was chosen."
            )
pixels = np.array([[0, 0, 0], [250, 0, 0], [16, 16, 16], [255, 255, 255]], dtype=np.uint8)
for s in range(8):
    found = attempt("With uint8 pixels", kmeans_plus_plus, pixels, 4, np.random.default_rng(s))
    found = np.unique(np.asarray(found, dtype=float), axis=0)
    assert len(found) == 4, (
        "With uint8 pixels a point was chosen twice: differences or squares wrap around, so turn X "
        "into floats first."
    )
kept = np.array([[0.0, 2.0], [4.0, 6.0], [9.0, 9.0]])
assert not changed_inputs(kmeans_plus_plus, kept, 2, np.random.default_rng(3)), (
    "Your function changes X: work on a copy."
)
pair = [[4.0], [4.0]]
again = [
    np.asarray(
        attempt("With two equal points", kmeans_plus_plus, pair, 2, np.random.default_rng(s))
    )
    for s in range(12)
]
assert every(np.array_equal(rows, pair) for rows in again), "Two equal points give these two rows."
last = {
    float(
        np.asarray(kmeans_plus_plus([[0], [0], [9], [9], [9]], 3, np.random.default_rng(s)))[2, 0]
    )
    for s in range(30)
}
assert last == {0.0, 9.0}, (
    "Where only copies of chosen rows are left, the next row is always the same: draw it among all "
    "rows, with `rng`."
)
for s in range(6):
    twice = [
        np.asarray(kmeans_plus_plus([[0], [0], [9], [9], [9]], 5, np.random.default_rng(s)))
        for _ in range(2)
    ]
    assert np.array_equal(*twice), (
        "Where only copies of chosen rows are left, the same seed gave two different results: draw from "
        "`rng` there, too."
    )
### END HIDDEN TESTS

# %% [markdown]
# How much does it help? Lloyd's algorithm from random rows and from your spread rows, 60 times each.
# (`lloyd_history` from this course's `utils` repeats your two steps, and lists the centroids after each
# move.)

# %%
rng = np.random.default_rng(SEED)
results = {"random rows": [], "k-means++": []}
for _ in range(60):
    random_rows = blobs[rng.choice(len(blobs), size=5, replace=False)]
    spread_rows = kmeans_plus_plus(blobs, 5, rng)
    for name, rows in [("random rows", random_rows), ("k-means++", spread_rows)]:
        end = lloyd_history(blobs, rows, n_steps=100)[-1]
        results[name].append(np.sum((blobs - end[Voronoi(end).predict(blobs)]) ** 2))

fig, ax = plt.subplots(figsize=(8, 2.6), layout="constrained")
for height, (name, values) in enumerate(results.items()):
    ax.plot(values, height + rng.uniform(-0.2, 0.2, size=60), "ko", markersize=5, alpha=0.5)
    print(f"{name:12} mean {np.mean(values):.1f}, worst {max(values):.1f}, best {min(values):.1f}")
ax.set(yticks=[0, 1], yticklabels=list(results), ylim=(-0.5, 1.5), xlabel="inertia at the end")
show(
    fig,
    alt="The final inertia of 60 runs from random rows and of 60 runs from k-means++ rows, as dots in two "
    "rows. Random rows end far to the right in several runs; the k-means++ row has no dot that "
    "far out.",
)

# %% [markdown]
# k-means++ avoids the dreadful ends, at the price of a few more distances. It does not make every run
# the best one, so people use both remedies together. k-means++ is the default start of scikit-learn, where
# each centroid is the best of a few candidate draws.
#
# ## 8. Your own k-means
#
# Now put the pieces together.
#
# ### Exercise 5 · k-means (5 points)
#
# Write `kmeans(X, k, rng, n_init=1, max_iter=100)`. It returns a pair `(mu, z)`: the centroids `mu` of
# shape `(k, D)` and the assignments `z` of shape `(N,)`.
#
# 1. Draw `k` rows of `X` with `rng` as the first centroids, evenly or by k-means++ as you like.
# 2. Repeat: assign, then move. Stop when the assignments no longer change, or after `max_iter` moves.
#    A centroid without points stays where it is. The result is never `nan`.
# 3. Do this from `n_init` different starts and keep the result with the smallest inertia.
#
# In what you return, `z` is the assignment to the nearest centroid in `mu`, also where `max_iter` ended
# the run. Raise a `ValueError` if `k`, `n_init` or `max_iter` is below 1, or if `k` is larger than the
# number of points.
#
# *Hint:* write a little function inside for the assignment. You may call your functions from above.
#
# *Going further:* a later lesson runs your function on all the pixels of a photograph. Then a loop over
# the points is slow, and so is an array of shape `(N, K, D)`. The squared distance is
# $\|x\|^2 - 2\, x \cdot \mu + \|\mu\|^2$. Its first part is the same for all centroids, so the nearest
# one can be found without it, with one matrix product: `X @ mu.T`.


# %% solution="kmeans"
def kmeans(X, k, rng, n_init=1, max_iter=100):
    """Centroids (k, D) and assignments (N,): the best of n_init runs of Lloyd's algorithm."""
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    if not 1 <= k <= len(X):
        raise ValueError(f"cannot make {k} clusters of {len(X)} points")
    if n_init < 1 or max_iter < 1:
        raise ValueError("n_init and max_iter must be at least 1")
    shift = X.mean(axis=0)  # differences of large numbers lose digits: work near the origin
    X = X - shift

    def nearest(mu):
        product, offset = -2 * mu.T, np.sum(mu**2, axis=1)
        blocks = [X[i : i + 2048] for i in range(0, len(X), 2048)]  # small tables are quick
        return np.concatenate([np.argmin(x @ product + offset, axis=1) for x in blocks])

    def means(z, mu):
        counts = np.bincount(z, minlength=k)
        sums = np.column_stack([np.bincount(z, weights=x, minlength=k) for x in X.T])
        return np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], mu)

    best = (np.inf, None, None)
    for _ in range(n_init):
        mu = X[rng.choice(len(X), size=k, replace=False)]
        z = nearest(mu)
        for _ in range(max_iter):
            mu = means(z, mu)
            before, z = z, nearest(mu)
            if np.array_equal(before, z):
                break
        cost = np.sum((X - mu[z]) ** 2)
        if cost < best[0]:
            best = (cost, mu, z)
    return best[1] + shift, best[2]
    ### END SOLUTION


# %% test="test_kmeans" points=2
two_groups = np.array([[0, 0], [1, 0], [0, 1], [50, 60], [51, 60], [50, 61]], dtype=float)
answer = kmeans(two_groups, 2, np.random.default_rng(3))
assert isinstance(answer, tuple | list) and len(answer) == 2, (
    "Return two things, the centroids and the assignments: `return mu, z`."
)
middles, sides = np.asarray(answer[0], dtype=float), np.asarray(answer[1])
assert middles.shape == (2, 2), (
    f"2 centroids in the plane have the shape (2, 2), yours {middles.shape}: centroids come first."
)
assert sides.shape == (6,), f"6 points have 6 assignments; yours have the shape {sides.shape}."
assert every(np.isfinite(middles)), "A centroid is nan: a cluster without points stays where it is."
assert set(sides.tolist()) <= {0, 1}, "With k = 2 the assignments are 0 and 1."
assert len(set(sides[:3].tolist())) == 1 and sides[0] != sides[3], (
    "The first three points lie close together, far from the others: they must form one cluster. "
    "Do you repeat the two steps until the assignments no longer change?"
)
assert_like(
    middles[int(sides[0])],
    [1 / 3, 1 / 3],
    "A centroid is not the mean of its points: did you stop one move too early, or average over both "
    "features?",
)
for s in range(12):
    sides = np.asarray(kmeans(two_groups, 2, np.random.default_rng(s))[1]).tolist()
    assert len(set(sides[:3])) == 1 == len(set(sides[3:])) and sides[0] != sides[3], (
        "From some starts the two clear groups are not found: start from rows of X, and repeat both "
        "steps until the assignments no longer change."
    )
### BEGIN HIDDEN TESTS
noise = np.random.default_rng(71).uniform(0, 10, size=(90, 4))
for s in range(4):
    mu_s, z_s = attempt(
        "With 7 clusters in 4 dimensions", kmeans, noise, 7, np.random.default_rng(s)
    )
    mu_s, z_s = np.asarray(mu_s, dtype=float), np.asarray(z_s).astype(int)
    assert mu_s.shape == (7, 4) and z_s.shape == (90,), (
        "With 7 clusters of 90 points in 4 dimensions the shapes must be (7, 4) and (90,)."
    )
    assert every(np.isfinite(mu_s)), "A centroid is nan: a cluster without points stays put."
    assert z_s.min() >= 0 and z_s.max() <= 6, "With k = 7 the assignments are 0 to 6."
    square = np.sum((noise[:, None] - mu_s) ** 2, axis=2)
    assert every(square[np.arange(90), z_s] <= square.min(axis=1) + 1e-6), (
        "A point is not assigned to the nearest centroid of the `mu` that you return: assign once more "
        "after the last move, and keep `mu` and `z` of the same run together."
    )
    for k in set(z_s.tolist()):
        assert_like(
            mu_s[k],
            noise[z_s == k].mean(axis=0),
            "The run is not finished: a centroid is not the mean of its points. Repeat both steps until "
            "the assignments no longer change.",
            atol=1e-3,
        )
few = np.random.default_rng(76).uniform(0, 10, size=(14, 4))


def after_moves(moves):
    """All pairs of centroids that Lloyd's algorithm can have after so many moves, (196, 2, 4)."""
    found = []
    for a in range(14):
        for b in range(14):
            mu = few[[a, b]]
            for _ in range(moves):
                z = np.sum((few[:, None] - mu) ** 2, axis=2).argmin(axis=1)
                mu = np.array(
                    [few[z == k].mean(axis=0) if np.any(z == k) else mu[k] for k in (0, 1)]
                )
            found.append(mu)
    return np.array(found)


for limit in (1, 2):
    possible = after_moves(limit)
    for s in range(25):
        mu_s, z_s = attempt(
            f"With max_iter={limit}",
            kmeans,
            few,
            2,
            np.random.default_rng(s),
            n_init=1,
            max_iter=limit,
        )
        mu_s, z_s = np.asarray(mu_s, dtype=float), np.asarray(z_s).astype(int)
        gap = np.sum((few[:, None] - mu_s) ** 2, axis=2)
        assert every(gap[np.arange(14), z_s] <= gap.min(axis=1) + 1e-6), (
            "Where max_iter ends the run, `z` is not the nearest-centroid assignment to `mu`: assign once "
            "more after the last move."
        )
        errors = [np.abs(possible - way).max(axis=(1, 2)).min() for way in (mu_s, mu_s[::-1])]
        assert np.min(errors) < 1e-3, (
            f"With max_iter={limit} the centroids are not those of {limit} moves from data points: start "
            "from rows of X, count the moves, and stop when their number is reached."
        )
### END HIDDEN TESTS

# %% test="test_kmeans__restarts_and_random" points=2
scatter = np.random.default_rng(72).uniform(size=(60, 2))
left = kmeans(scatter, 6, np.random.default_rng(1), n_init=2)
right = kmeans(scatter, 6, np.random.default_rng(1), n_init=2)
assert np.array_equal(left[0], right[0]) and np.array_equal(left[1], right[1]), (
    "The same seed gave two different results: draw from `rng`, not from `np.random`."
)
### BEGIN HIDDEN TESTS
ends = [np.asarray(kmeans(scatter, 6, np.random.default_rng(s))[0]) for s in range(8)]
assert any(not np.array_equal(ends[0], other) for other in ends[1:]), (
    "Every seed gives the same result: draw the starts with the `rng` that you are given, and make no "
    "generator with a seed of your own."
)
stream = np.random.default_rng(73)
series = [np.asarray(kmeans(scatter, 6, stream)[0]) for _ in range(6)]
assert any(not np.array_equal(series[0], other) for other in series[1:]), (
    "Several calls with the same generator repeat the same run: use `rng` itself."
)


def cost(data, result):
    """Sum of squared distances of the points to their own centroids."""
    mu, z = np.asarray(result[0], dtype=float), np.asarray(result[1]).astype(int)
    return np.sum((data - mu[z]) ** 2)


crowd = np.random.default_rng(74).uniform(size=(45, 2))
once = [cost(crowd, kmeans(crowd, 7, np.random.default_rng(s))) for s in range(30)]
many = [kmeans(crowd, 7, np.random.default_rng(s), n_init=30) for s in range(4)]
often = [cost(crowd, result) for result in many]
assert not is_like(often, once[:4]), (
    "`n_init` has no effect: start that many times and keep the best."
)
assert np.max(often) <= np.median(once) + 1e-9, (
    "The result of many starts is no better than that of one: start `n_init` times, each time from new "
    "rows, and keep the centroids and assignments with the smallest inertia, not the last or the largest."
)
for mu_s, z_s in many:
    mu_s, z_s = np.asarray(mu_s, dtype=float), np.asarray(z_s).astype(int)
    for k in set(z_s.tolist()):
        assert_like(
            mu_s[k],
            crowd[z_s == k].mean(axis=0),
            "A run is not finished: in every start, repeat both steps until the assignments no longer "
            "change.",
            atol=1e-3,
        )
apart = np.random.default_rng(75)
hubs = np.array([[0, 0, 0], [30, 0, 0], [400, 400, 0], [430, 400, 0]])
truth = np.repeat(np.arange(4), 5)
islands = hubs[truth] + apart.normal(size=(20, 3))
for s in range(3):
    mu_s, z_s = kmeans(islands, 4, np.random.default_rng(s), n_init=80)
    z_s = np.asarray(z_s).astype(int)
    assert (
        len(set(zip(truth.tolist(), z_s.tolist(), strict=True))) == 4 == len(set(z_s.tolist()))
    ), (
        "80 starts do not find four clear groups in 3 dimensions: keep the result with the smallest "
        "inertia, measured with squared distances over all features, and draw new rows for each start."
    )
### END HIDDEN TESTS

# %% test="test_kmeans__edges" points=1
assert refuses(kmeans, [[0.0], [1.0]], 3, np.random.default_rng(0)), (
    "3 clusters of 2 points must raise a ValueError."
)
whole = attempt("With k = 1 and lists", kmeans, [[0, 1], [4, 2]], 1, np.random.default_rng(0))
assert_like(whole[0], [[2, 1.5]], "A single cluster has its centroid in the mean of all points.")
### BEGIN HIDDEN TESTS
with warnings.catch_warnings():
    warnings.simplefilter("error")
    for copies, count in [([[5.0, 5.0]] * 4, 3), ([[0, 0], [0, 0], [0, 0], [3, 1], [3, 1]], 4)]:
        for s in range(10):
            mu_s, z_s = attempt(
                "Where points are copies of one another, and warnings are turned into errors,",
                kmeans,
                copies,
                count,
                np.random.default_rng(s),
            )
            mu_s = np.asarray(mu_s, dtype=float)
            assert mu_s.shape == (count, 2) and every(np.isfinite(mu_s)), (
                "A cluster without points became nan or vanished: let its centroid stay where it is."
            )
lattice = np.arange(150)[::-1, None] * 3
mu_s, z_s = attempt("With k = N = 150", kmeans, lattice, 150, np.random.default_rng(4))
mu_s, z_s = np.asarray(mu_s, dtype=float), np.asarray(z_s).astype(int)
assert z_s.min() >= 0 and z_s.max() <= 149, (
    "With 150 clusters an assignment is not one of 0 to 149: a small integer type such as int8 cannot "
    "count so far."
)
gap = np.abs(lattice - mu_s[:, 0])
assert every(gap[np.arange(150), z_s] <= gap.min(axis=1) + 1e-6), (
    "With 150 clusters the points are not assigned to the nearest centroid."
)
lone = attempt("For a single point", kmeans, [[7, 8, 9]], 1, np.random.default_rng(0))
assert is_like(lone[0], [[7, 8, 9]]) and np.array_equal(lone[1], [0]), (
    "A single point is its own cluster."
)
dim = np.array([[0, 0, 1], [3, 0, 1], [0, 3, 1]], dtype=np.uint8)
colours = np.concatenate([dim, dim + 250])
mu_s, z_s = attempt("With uint8 pixels", kmeans, colours, 2, np.random.default_rng(2), n_init=30)
brightness = np.sort(np.asarray(mu_s, dtype=float).mean(axis=1))
assert_like(
    brightness,
    [1, 251],
    "With uint8 pixels the result is wrong: differences, squares or sums wrap around, or the means are cut "
    "to whole numbers. Turn X into floats first.",
)
kept = np.array([[0.0, 2.0], [4.0, 6.0], [9.0, 9.0], [1.0, 1.0]])
assert not changed_inputs(kmeans, kept, 2, np.random.default_rng(3), n_init=3), (
    "Your function changes X: the centroids must be copies of its rows."
)
assert refuses(kmeans, [[0.0], [1.0]], 0, np.random.default_rng(0)), (
    "k = 0 must raise a ValueError."
)
assert refuses(kmeans, [[0.0], [1.0]], -2, np.random.default_rng(0)), (
    "A negative k must raise a ValueError."
)
assert refuses(kmeans, [[0.0], [1.0]], 1, np.random.default_rng(0), n_init=0), (
    "n_init = 0 must raise a ValueError."
)
assert refuses(kmeans, [[0.0], [1.0]], 1, np.random.default_rng(0), max_iter=0), (
    "max_iter = 0 must raise a ValueError."
)
trio = np.array([[0.0], [1.0], [10.0]])
for s in range(8):
    mu_s, z_s = kmeans(trio, 2, np.random.default_rng(s))
    mu_s, z_s = np.asarray(mu_s, dtype=float), np.asarray(z_s).astype(int)
    for k in set(z_s.tolist()):
        assert_like(
            mu_s[k],
            [trio[z_s == k].mean()],
            "A cluster of a single point does not have its centroid there at the end of the run.",
        )
many = np.random.default_rng(77).normal(size=(5000, 2)) + np.repeat([[0], [90]], 2500, axis=0)
mu_s, z_s = attempt("With 5,000 points", kmeans, many, 2, np.random.default_rng(1))
assert np.shape(z_s) == (5000,), "5,000 points have 5,000 assignments."
assert_like(
    np.sort(np.asarray(mu_s, dtype=float)[:, 0]),
    [0, 90],
    "With 5,000 points in two clear groups the centroids are not the groups' means.",
    atol=1,
)
doubled = np.repeat([[0.0, 0.0], [3.0, 1.0]], [3, 2], axis=0)
for s in range(10):
    mu_s = np.asarray(kmeans(doubled, 4, np.random.default_rng(s))[0], dtype=float)
    gaps = np.abs(mu_s[:, None] - doubled).max(axis=2)
    assert every(gaps.min(axis=1) < 1e-6), (
        "A cluster without points moved to a place where no point is: let its centroid stay where it is."
    )
### END HIDDEN TESTS

# %% [markdown]
# Your k-means beside scikit-learn's, on 120 points in three groups. In scikit-learn, `fit` runs the
# algorithm, `labels_` holds the assignments and `cluster_centers_` the centroids. (A name with an
# underscore at its end is there only after `fit`: it was learned from the data.) **Predict first:**
# will the two give the same clusters? And the same cluster *numbers*?

# %%
points = km_load_th1()
mu, z = kmeans(points, 3, np.random.default_rng(SEED), n_init=10)
model = KMeans(n_clusters=3, n_init=10, random_state=10).fit(points)
fig, axes = plt.subplots(1, 2, figsize=(10, 4.2), sharey=True, layout="constrained")
plot_clusters(points, z, mu, ax=axes[0], title=f"yours: inertia {inertia(points, z, mu):.2f}")
plot_clusters(points, model.labels_, model.cluster_centers_, ax=axes[1])
axes[1].set_title(f"scikit-learn's: inertia {model.inertia_:.2f}")
show(
    fig,
    alt="The same three groups of 40 points twice, clustered by your function and by scikit-learn. The "
    "groups and centroids agree; the numbers of the clusters need not.",
)
renamed = match_labels(z, model.labels_)
print(f"same number:                    {np.mean(z == model.labels_):.0%} of the points")
print(f"same cluster, numbers matched:  {np.mean(z == renamed):.0%} of the points")

# %% [markdown]
# The clusters are the same. Their numbers are arbitrary, because they come from the order of the start. So
# compare two clusterings only after matching the numbers, as `match_labels` does.

# %% [markdown]
# ## 9. Regions, distances, and playing with it
#
# A fitted model can also place new points: `predict` says in which Voronoi cell each lies. Such a
# yes-or-no answer is a **hard** assignment. `transform` says more: the distances to *all* centroids. These
# scores are a **soft** answer: they show which decisions are close calls. Some people turn a distance $d$
# into a similarity such as $e^{-d^2}$, which is 1 at the centroid and near 0 far away.

# %%
X_new = np.array([[0, 2], [3, 2], [-3, 3], [-3, 2.5]])
ax = plot_decision_boundaries(good, np.concatenate([blobs, X_new]))
(stars,) = ax.plot(*X_new.T, "k*", markersize=16, markeredgecolor="white", label="new point")
ax.legend(handles=[stars], loc="lower right")
show(
    ax,
    alt="Voronoi cells of the good solution on the five blobs, with four new points as stars: two in the "
    "cell on the right, two in the upper left one.",
)
print("hard:", good.predict(X_new))
print("soft:")
print(good.transform(X_new).round(2))
by_hand = np.linalg.norm(X_new[:, None] - good.cluster_centers_, axis=2)
print("transform gives plain distances:", np.allclose(by_hand, good.transform(X_new)))
print("from", X_new.shape, "to", good.transform(X_new).shape)

# %% [markdown]
# `transform` turns $D$ features into $K$ new ones. With fewer clusters than features it shrinks
# the data, and later lessons feed such distances to a classifier. Distances are no probabilities: those
# come with lesson 5.
#
# **Play with it.** The board below holds every fourth point of the blobs. All five centroids start among
# the three small blobs on the left. **Predict first:** once k-means has stopped, will each blob have a
# centroid of its own? Then take the two steps in turn, or press *Run*.
#
# Afterwards move things yourself: drag a centroid to where you would like to have it, and press *Run* again. How low
# can you get the inertia? Do other starts get there, and does "k-means++"? Drag a few points far away: who follows them?

# %%
kmeans_board(blobs[::4], k=5, seed=3)

# %% [markdown]
# <details>
# <summary>What you should have seen</summary>
#
# No. One centroid has to serve a large blob and the small one beside it, and stops between the two, while
# two others share a small blob. Neither of these can cross over: every point over there is nearer to another
# centroid. It takes a hand, a restart or a better start. Points on ground of another colour are those that
# the next assignment will change. And a single point far away pulls its centroid along, since a mean listens
# to every point.
#
# </details>
#
# ## 10. Where k-means misleads
#
# ### When clusters overlap
#
# The three Gaussians of lesson 1, first as they were, then wider and wider. For each width, k-means runs on
# three samples, four times on each, and always with three restarts. **Predict first:** when will the
# runs on the same sample disagree?

# %%
means = np.array([[0.0, 0.0], [5.0, 2.0], [1.0, 7.0]])
covariances = np.array(
    [[[0.7, -0.4], [-0.4, 0.5]], [[1.0, 0.6], [0.6, 1.0]], [[0.5, 0.0], [0.0, 0.5]]]
)
roots = np.linalg.cholesky(covariances)  # one shape for each component

fig, axes = plt.subplots(1, 3, figsize=(12, 4), layout="constrained")
for ax, width in zip(axes, [1, 3, 6], strict=True):
    rng = np.random.default_rng(SEED)
    differ, wrong = [], []
    for _ in range(3):
        component = rng.choice(3, size=250)
        noise = rng.standard_normal((250, 2, 1))
        X = means[component] + width * (roots[component] @ noise)[:, :, 0]
        runs = [
            KMeans(3, init="random", n_init=3, random_state=state).fit_predict(X)
            for state in range(4)
        ]
        differ += [misclassification_rate(runs[0], run) for run in runs[1:]]
        wrong += [misclassification_rate(component, run) for run in runs]
    plot_clusters(X, runs[0], ax=ax, legend=False, title=f"width x {width}")
    print(
        f"width x {width}: two runs disagree on {np.mean(differ):5.1%} of the points, "
        f"a run disagrees with the components on {np.mean(wrong):5.1%}"
    )
show(
    fig,
    alt="One k-means result for each of three widths. At width 1 there are three separate clouds, at "
    "width 3 they touch, at width 6 they are a single cloud cut into three arbitrary parts.",
)

# %% [markdown]
# Well separated groups come out the same every time. Where they touch, the result begins to hang on the
# start. Where they have merged, runs may agree again, and that is no good sign. The result says less
# and less about the components: k-means cuts even a single cloud into $K$ neat pieces. **It always finds K clusters, whether they exist or not.**
#
# ### When features have different units
#
# Animals of two breeds, measured in metres and in grams. They differ clearly in height and not at all
# in weight.
# **Predict first:** which of the two features will k-means look at?

# %%
rng = np.random.default_rng(SEED)
group = np.repeat([0, 1], 100)
height_m = np.where(group == 0, 1.25, 1.8) + rng.normal(scale=0.06, size=200)
weight_g = rng.normal(60_000, 8_000, size=200)
axes_of_animals = {
    "aspect": "auto",
    "xlim": (1, 2.05),
    "xlabel": "height (m)",
    "ylabel": "weight (g)",
}
animals = np.column_stack([height_m, weight_g])

raw = KMeans(2, n_init=10, random_state=0).fit_predict(animals)
ax = plot_clusters(animals, raw, title="raw features")
ax.set(**axes_of_animals)
show(
    ax,
    alt="Height against weight of 200 animals. There are a left and a right group, but k-means cut them "
    "across, into the heavy ones above and the light ones below.",
)
print(f"animals in the wrong group: {misclassification_rate(group, raw):.0%}")

# %% [markdown]
# Why? The squared distance adds up both features. A difference of 5,000 g counts 25 million, a
# difference of half a metre counts a quarter. The height might as well not be there.
#
# The mend is to **scale**: `StandardScaler` subtracts each feature's mean and divides by its standard
# deviation. Then a typical difference is 1 in every feature.

# %%
scaled = StandardScaler().fit_transform(animals)
for when, data in [("before", animals), ("after", scaled)]:
    print(f"standard deviations {when}: {data[:, 0].std():.2f} and {data[:, 1].std():,.2f}")
again = KMeans(2, n_init=10, random_state=0).fit_predict(scaled)
ax = plot_clusters(animals, again, title="scaled features")
ax.set(**axes_of_animals)
show(
    ax,
    alt="The same 200 animals after scaling. Now k-means finds the left group, the smaller breed, and the "
    "right group, the taller breed.",
)
print(f"animals in the wrong group: {misclassification_rate(group, again):.0%}")

# %% [markdown]
# Scaling is a decision, not a law: it says that all features count alike. Where they share a unit,
# the raw features may serve better, as you will see now.
#
# ### When cluster numbers are taken for classes
#
# Back to the irises, with all four measurements. We know the species, so let us check the clusters. The
# first idea is to count how often the cluster number equals the species number:

# %%
for state in [1, 3]:
    guess = KMeans(3, n_init=10, random_state=state).fit_predict(iris.data)
    print(f"random_state={state}: {np.mean(guess == iris.target):.1%} equal")

# %% [markdown]
# Why so different? The two runs found the *same clusters*. Only the numbering changed, and it is
# arbitrary. So first look at which species each cluster holds, and give the cluster its commonest
# species. That is what `most_common` does:

# %%
guess = KMeans(3, n_init=10, random_state=1).fit_predict(iris.data)
print("flowers      ", *iris.target_names)
for cluster in range(3):
    print(f"  cluster {cluster}: ", np.bincount(iris.target[guess == cluster], minlength=3))
species_of = np.array(most_common(3, iris.target, guess))
print("commonest species of each cluster:", iris.target_names[species_of].tolist())
print(f"right with this mapping: {np.mean(species_of[guess] == iris.target):.1%}")

# %% [markdown]
# Two clusters may have the same commonest species. `match_labels` makes the best *one-to-one* mapping
# instead. Here both agree, for any `random_state`. Compare with scaled features, and with the Gaussian
# mixture that you will meet in lesson 5, whose clusters may be long and tilted:

# %%
scaled_iris = StandardScaler().fit_transform(iris.data)
mixture = GaussianMixture(3, random_state=42).fit(iris.data)
clusterings = {
    "k-means": guess,
    "k-means, scaled features": KMeans(3, n_init=10, random_state=1).fit_predict(scaled_iris),
    "Gaussian mixture": mixture.predict(iris.data),
}
for name, found in clusterings.items():
    print(f"{name:25} {np.mean(match_labels(iris.target, found) == iris.target):.1%} right")

fig, axes = plt.subplots(1, 3, figsize=(12, 3.6), sharey=True, layout="constrained")
plot_clusters(petals, iris.target, ax=axes[0], title="species", legend=False)
for ax, name in zip(axes[1:], ["k-means", "Gaussian mixture"], strict=True):
    renamed = match_labels(iris.target, clusterings[name])
    wrong = renamed != iris.target
    plot_clusters(petals, renamed, ax=ax, title=f"{name}: {wrong.sum()} wrong", legend=False)
    ax.plot(*petals[wrong].T, "o", markersize=11, fillstyle="none", color="black")
for ax in axes:
    ax.set(aspect="auto", ylim=(0, 2.7), xlabel="petal length (cm)", ylabel="petal width (cm)")
show(
    fig,
    alt="Petals of the irises three times: the species; the k-means clusters with the flowers on the wrong "
    "side ringed, most of them where versicolor and virginica meet; and the clusters of the Gaussian "
    "mixture with only a few rings.",
)

# %% [markdown]
# Setosa stands apart, so everybody gets it right. At the border of the other two, k-means wants round
# groups of similar width, and the flowers do not oblige. Scaling even harms here: it blows up the
# features that say little. Remember too that k-means never saw the species: a low figure need not
# mean a bad clustering.

# %% [markdown]
# ## 11. Check yourself
#
# Choose an answer to see whether it is right, and why. Nothing here is graded.

# %%
from jupyterquiz import display_quiz

display_quiz(
    [
        {
            "question": "What can you say when Lloyd's algorithm has stopped?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "The inertia is the smallest possible",
                    "correct": False,
                    "feedback": "It may be a local minimum. Another start can end lower.",
                },
                {
                    "answer": "Another iteration would change nothing",
                    "correct": True,
                    "feedback": "Right: same assignments, so the same means, so the same assignments.",
                },
                {
                    "answer": "The number of clusters is right",
                    "correct": False,
                    "feedback": "K is yours to choose. It stops for any K.",
                },
            ],
        },
        {
            "question": "What does k-means++ change?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "How the first centroids are chosen",
                    "correct": True,
                    "feedback": "Right. After that it is plain Lloyd.",
                },
                {
                    "answer": "How points are assigned",
                    "correct": False,
                    "feedback": "Points still go to the nearest centroid. Only the start differs.",
                },
                {
                    "answer": "It makes every run end in the best clustering",
                    "correct": False,
                    "feedback": "It makes bad ends rarer, not impossible. Look at the dots in section 7.",
                },
            ],
        },
        {
            "question": "You assign points by squared distance instead of distance. What changes?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "Far points count more, so assignments change",
                    "correct": False,
                    "feedback": "For one point, the smallest square belongs to the smallest distance.",
                },
                {
                    "answer": "Nothing",
                    "correct": True,
                    "feedback": "Right: squaring keeps the order of positive numbers.",
                },
            ],
        },
        {
            "question": "Which shape can a Voronoi cell of k-means in the plane not have?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "A triangle",
                    "correct": False,
                    "feedback": "Possible: its borders are straight lines.",
                },
                {
                    "answer": "A ring around another cell",
                    "correct": True,
                    "feedback": "Right: cells have straight borders and no dents.",
                },
                {
                    "answer": "A strip without end",
                    "correct": False,
                    "feedback": "Possible: between two borders that never meet.",
                },
            ],
        },
    ]
)

# %% [markdown]
# ### Quiz 1 (1 point)
#
# Two runs of k-means on the same data, both with K = 5, end with the inertia 237 and with 212. What do
# you conclude? Set `quiz_1` to the letter of your answer, such as `"a"`.
#
# - a) The second run is proven to be the best clustering with 5 clusters.
# - b) Averaging the centroids of both runs gives a good compromise.
# - c) The second is better in inertia; whether it is the best one remains open.
# - d) Something is broken: the same data and K must give the same inertia.

# %% solution="quiz_1"
### BEGIN SOLUTION
quiz_1 = "c"
### END SOLUTION

# %% test="test_quiz_1" points=1
choice_1 = str(quiz_1).strip().lower()
assert choice_1 in {"a", "b", "c", "d"}, "Set quiz_1 to one of the letters 'a', 'b', 'c', 'd'."
### BEGIN HIDDEN TESTS
assert choice_1 != "a", "A third run may end lower still. What could prove that none does?"
assert choice_1 != "b", (
    "Centroid 0 of one run need not correspond to centroid 0 of the other: what would you average?"
)
assert choice_1 != "d", "The runs started from different rows. Where can Lloyd's algorithm stop?"
### END HIDDEN TESTS

# %% [markdown]
# ### Quiz 2 (1 point)
#
# A friend clusters animals of three known species with K = 3. She compares cluster numbers with species
# numbers, and only a few per cent are equal. What should she do first? Set `quiz_2` to a letter.
#
# - a) Find out which species each cluster holds, and map its number to that.
# - b) Give up: k-means has not found the species.
# - c) Raise K until the numbers agree.
# - d) Run it again with other seeds, and keep the seed with the best agreement.

# %% solution="quiz_2"
### BEGIN SOLUTION
quiz_2 = "a"
### END SOLUTION

# %% test="test_quiz_2" points=1
choice_2 = str(quiz_2).strip().lower()
assert choice_2 in {"a", "b", "c", "d"}, "Set quiz_2 to one of the letters 'a', 'b', 'c', 'd'."
### BEGIN HIDDEN TESTS
assert choice_2 != "b", "The clusters may be perfect and only numbered in another order."
assert choice_2 != "c", (
    "More clusters have more arbitrary numbers. What does a cluster number mean?"
)
assert choice_2 != "d", (
    "Another seed shuffles the numbers of the same clusters: a lucky order is no better clustering."
)
### END HIDDEN TESTS

# %% [markdown]
# ### Open question (2 points)
#
# A shop clusters its customers by age (in years) and yearly spending (in cents). In two or three
# sentences: what will go wrong, why, and what would you do? Name one case in which you would *not* do
# that. A person reads and marks this answer.

# %% [markdown] manual="explain_scaling" points=2
# Spending in cents differs by many thousands between customers, age by some tens. The squared distances
# are ruled by spending, and age has no say. I would scale both features, for example to a standard deviation of 1.
# I would not scale features that share a unit and whose spread means something, such as the
# coordinates of places on a map, because scaling would distort the distances.

# %% [markdown]
# ## Wrap-up
#
# - Lloyd's algorithm: assign to the nearest centroid, move to the mean, until nothing changes.
# - It always stops, since the inertia never rises. It may stop in a local minimum.
# - Restarts and k-means++ help. Keep the run with the smallest inertia.
# - Empty clusters need care. So do units: unscaled features drown one another.
# - Cluster numbers are names without meaning. Match them before you compare.
#
# **Next:** lesson 3 asks how many clusters there are, and shows shapes that k-means cannot find.
#
# ## References
#
# - S. P. Lloyd, "Least squares quantization in PCM", *IEEE Transactions on Information Theory* 28(2),
#   1982, pages 129-137.
# - J. MacQueen, "Some methods for classification and analysis of multivariate observations", *Proceedings
#   of the Fifth Berkeley Symposium on Mathematical Statistics and Probability*, vol. 1, 1967, pages 281-297.
# - D. Arthur and S. Vassilvitskii, "k-means++: The advantages of careful seeding", *Proceedings of the
#   Eighteenth Annual ACM-SIAM Symposium on Discrete Algorithms (SODA)*, 2007, pages 1027-1035.
# - C. M. Bishop, *Pattern Recognition and Machine Learning*, Springer 2006: section 9.1 on k-means.
# - R. A. Fisher, "The use of multiple measurements in taxonomic problems", *Annals of Eugenics* 7(2), 1936,
#   pages 179-188: the irises.
# - scikit-learn's [user guide on k-means](https://scikit-learn.org/stable/modules/clustering.html#k-means).
