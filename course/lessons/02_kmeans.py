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
# **Time:** about 60 minutes. **Marks:** 22, of which 2 are for a text that a person reads.

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
    attempt,
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
from utils.widgets.kmeans import Voronoi, kmeans_explorer

SEED = 30035
iris = load_iris()
blobs, blob_of = load_five_blobs()

# %% [markdown]
# ## 1. Clusters without labels
#
# Here are the petals of 150 iris flowers. On the left somebody has named the species of each flower:
# to learn such names from examples is *classification*. On the right nobody has: to look for groups all
# the same is **clustering**. **Predict first:** how many groups would you see on the right?

# %%
petals = iris.data[:, 2:]
fig, axes = plt.subplots(1, 2, figsize=(9.5, 3.6), sharey=True, layout="constrained")
plot_clusters(petals, iris.target, ax=axes[0], title="classification: labels given", legend=False)
for species, name in enumerate(iris.target_names):
    middle = petals[iris.target == species].mean(axis=0)
    axes[0].annotate(name, middle + [0.1, -0.75], fontsize=11)
plot_data(petals, ax=axes[1])
axes[1].set_title("clustering: no labels")
for ax in axes:
    ax.set(xlabel="petal length (cm)", ylabel="petal width (cm)", aspect="auto")
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
# Try it on six points. **Predict first:** to which cross does the point at (8, 5) go?

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
nearest = get_cluster_assignments([[0, 0], [4, 0], [4, 3], [9, 9]], [[0, 1], [5, 3]])
assert nearest is not None, "Your function returns nothing: does it end in a `return`?"
nearest = np.asarray(nearest)
assert nearest.shape != (4, 2), (
    "You return a number for each point and centroid: return only the index of the smallest."
)
assert nearest.shape != (2,), (
    "You return one number for each centroid instead of each point: which axis does argmin run along?"
)
assert nearest.shape == (4,), f"4 points give the shape (4,); yours is {nearest.shape}."
assert nearest.dtype.kind in "iuf" and np.all(nearest == np.round(nearest)), (
    "Return the index of the nearest centroid, a whole number, and not a distance."
)
assert not np.array_equal(nearest, [1, 0, 0, 0]), (
    "Every point goes to the centroid that is farthest away: is it the largest distance you look for?"
)
assert not np.array_equal(nearest, [1, 2, 2, 2]), "Centroids are counted from 0, not from 1."
assert nearest[0] == 0, "The point (0, 0) lies next to (0, 1), the first centroid."
assert np.all(nearest[1:] == 1), "Three of these points are nearest to (5, 3), the second centroid."
### BEGIN HIDDEN TESTS
corner = attempt(
    "With points at other places", get_cluster_assignments, [[0, 0], [1, 1]], [[3, 3], [5, 0]]
)
assert not np.array_equal(corner, [1, 1]), (
    "You add up the differences along the axes as they are: distance needs their squares."
)
assert np.array_equal(corner, [0, 0]), "A point went to a centroid that is not the nearest."
diagonal = np.asarray(get_cluster_assignments([[0, 0]], [[4, 4], [5, 0]]))
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
tied = np.asarray(get_cluster_assignments([[2, 0]], [[0, 0], [4, 0]]))
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
get_cluster_assignments(kept_points, kept_hubs)
assert np.array_equal(kept_points, [[0, 1], [3, 4]]), "Your function changes `X`: work on a copy."
assert np.array_equal(kept_hubs, [[1, 1], [5, 5]]), (
    "Your function changes `centroid_locations`: work on a copy."
)
assert refuses(get_cluster_assignments, [[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]], [[1.0, 2.0]]), (
    "Points with 3 features and centroids with 2 must raise a ValueError."
)
### END HIDDEN TESTS

# %% [markdown]
# Your function on the six points. Was your guess for (8, 5) right?

# %%
labels = get_cluster_assignments(six, start)
print("assignments:", labels)
ax = plot_clusters(six, labels, start, title="step one: assign")
show(ax.set(xlim=(0, 9), ylim=(0, 8)) and ax, alt="")
