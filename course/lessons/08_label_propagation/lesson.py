# %% [markdown]
# # 8 · Few labels, many points
#
# Pictures are cheap. Labels are not: somebody has to look at each picture and say what it shows. In
# this lesson clustering makes a few labels go a long way. You ask for the labels of 50 pictures,
# chosen well, and hand them on to more than a thousand others.
#
# **You will learn to**
#
# - use the distances to the centroids as new features, and choose $K$ for that by cross-validation;
# - choose the points that are most worth labelling: the *representatives* of the clusters;
# - *propagate* a label through its cluster, to all points or only to the closest ones;
# - find out how right such labels are, and what they do to a classifier;
# - let a classifier say which labels it needs next (*active learning*);
# - turn cluster numbers into class names by majority, and read a confusion matrix.
#
# **You need** k-means (lessons 2 and 3) and NumPy indexing with arrays of numbers and of booleans.
# **Time:** about 60 minutes. **Marks:** 20, of which 2 are for a text that a person reads.
#
# As always: replace `raise NotSolvedYet` by your code and run the test below it. Your functions take
# lists as well as arrays, get all they need as arguments, and never change their inputs. For a
# `ValueError` write `raise ValueError("what is wrong")`.

# %% locked="setup" tags=["setup"]
import time

import matplotlib.pyplot as plt
import numpy as np
from sklearn.cluster import KMeans
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import ConfusionMatrixDisplay
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from threadpoolctl import threadpool_limits

from utils import (
    NotSolvedYet,
    attempt,
    changed_inputs,
    is_like,
    load_fashion_mnist,
    most_common,
    plot_clusters,
    plot_faces,
    refuses,
    show,
)
from utils.widgets.propagation import propagation_explorer

SEED = 42
threadpool_limits(1)  # problems as small as ours run fastest on a single core

X_digits, y_digits = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X_digits, y_digits, random_state=SEED)


def new_classifier():
    """A logistic regression that is not trained yet: one yes-or-no question for each class."""
    return OneVsRestClassifier(LogisticRegression(solver="newton-cholesky", random_state=SEED))


# %% [markdown]
# ## 1. The pictures, and how well we can do with every label
#
# The data are small pictures of handwritten digits: 8 by 8 pixels, so each is a row of 64 grey values
# from 0 to 16. The setup cell has put a quarter of them aside as a **test set**. No model sees it
# in training. It only serves to measure.

# %%
print("training pictures:", X_train.shape, "  test pictures:", X_test.shape)
show(
    plot_faces(1 - X_train[:20] / 16, titles=y_train[:20]),
    alt="Two rows of ten small pictures of handwritten digits, dark ink on white, each with its true "
    "digit below. They are coarse, but most are easy to read.",
)

# %% [markdown]
# Our classifier is a **logistic regression**. For each digit it learns one weight per pixel, adds up
# the weighted pixels and turns the sum into a probability: "is it a 0, or something else?", "is it a 1,
# or something else?", and so on. The most probable digit wins. Ten yes-or-no questions for ten digits
# are called *one versus rest*.
#
# Its **score** is the share of test pictures that it names rightly. With all training labels:

# %%
scores = {}
scores["all labels"] = new_classifier().fit(X_train, y_train).score(X_test, y_test)
print(f"score with all {len(y_train)} labels: {scores['all labels']:.2%}")
one_picture = 1 / len(y_test)
chance = np.sqrt(scores["all labels"] * (1 - scores["all labels"]) / len(y_test))
print(f"one test picture more or less: {one_picture:.2%}")
print(f"another test set of this size would change the score by about {chance:.1%}")

# %% [markdown]
# Keep the last number in mind: a smaller difference between two scores says little.
#
# ## 2. Distances as features
#
# K-means turns each picture into $K$ numbers: its distances to the $K$ centroids. `kmeans.transform`
# gives this table, one row for each picture, one column for each centroid.
#
# **Predict first.** We replace the 64 pixels by the distances to 50 centroids. That is less
# information than before. Will the same classifier get better or worse?

# %%
features = make_pipeline(KMeans(n_clusters=50, n_init=10, random_state=SEED), new_classifier())
scores["all labels, distances"] = features.fit(X_train, y_train).score(X_test, y_test)
print(f"64 pixels:    {scores['all labels']:.2%}")
print(f"50 distances: {scores['all labels, distances']:.2%}")
saved = 1 - (1 - scores["all labels, distances"]) / (1 - scores["all labels"])
print(f"share of the errors that are gone: {saved:.0%}")

# %% [markdown]
# Less information, and no worse a score: a few errors are even gone, though so few that it may be
# chance. A weighted sum of pixels asks "how much ink is here?", a sum of distances asks "how similar
# is it to this typical 4, and to that one?". The second question suits digits that people write in
# several ways. And k-means never saw a label.
#
# Which $K$ is best? As long as clustering is only a step before a classifier, we need neither elbow
# nor silhouette: the best $K$ is the one whose *classifier* is best. To find it without touching the
# test set, **cross-validation** cuts the training set into three parts, trains on two and scores on
# the third, in turn.

# %%
ks = [10, 20, 30, 50, 70, 90]
started = time.perf_counter()
folds = np.array(
    [
        cross_val_score(
            make_pipeline(KMeans(k, n_init=1, random_state=SEED), new_classifier()),
            X_train,
            y_train,
            cv=3,
        )
        for k in ks
    ]
)
seconds = (time.perf_counter() - started) / folds.size
pixels = cross_val_score(new_classifier(), X_train, y_train, cv=3).mean()

fig, ax = plt.subplots(figsize=(6.5, 3.6), layout="constrained")
for fold, mark in enumerate("ox^"):
    ax.plot(ks, folds[:, fold], mark, color="grey", label=f"part {fold + 1} left out")
ax.plot(ks, folds.mean(axis=1), "k-", label="mean")
ax.axhline(pixels, color="black", linestyle=":", label="mean with the 64 pixels")
ax.set(xlabel="number of clusters K", ylabel="score on the part left out")
ax.legend(frameon=False)
show(
    fig,
    alt="Cross-validated score against K. The mean rises steeply from 10 to about 30 clusters and "
    "hardly any more after 50. From 20 clusters on it is above a dotted line, the mean with pixels. "
    "The three parts differ from one another more than neighbouring K do.",
)
print("best K of these:", ks[folds.mean(axis=1).argmax()])
print(f"one fit takes {seconds:.2f} s; all K from 2 to 99 would be {98 * 3} fits,")
print(
    f"about {98 * 3 * seconds / 60:.1f} minutes, or {98 * 30 * seconds / 60:.0f} with ten starts each"
)

# %% [markdown]
# With enough clusters the distances do beat the pixels: the mean lies above the dotted line. From about
# 50 on the curve is nearly flat, so a full search would buy next to nothing. We stay with $K = 50$.
#
# ## 3. Only fifty labels
#
# Now imagine that nobody has labelled these pictures. A person has time for 50. Which 50 do you hand
# over? The easy way is to take the first 50 of the pile.
#
# **Predict first.** The first classifier had more than 1,300 labels. How far will the score fall?

# %%
scores["50 arbitrary"] = new_classifier().fit(X_train[:50], y_train[:50]).score(X_test, y_test)
print(f"score with the first 50 labels: {scores['50 arbitrary']:.2%}")
print("how often each digit is among them:", np.bincount(y_train[:50], minlength=10))

# %% [markdown]
# Some digits come up only a few times, and nothing makes the 50 differ from one another. A better
# plan: let k-means find 50 groups of similar pictures, and label the *most typical* picture of
# each. Here is the idea with two groups in the plane, a tight one and a loose one:

# %%
rng = np.random.default_rng(20)
toy = np.concatenate([rng.normal((0, 0), 0.3, (12, 2)), rng.normal((5, 1), 1.2, (12, 2))])
toy_kmeans = KMeans(n_clusters=2, n_init=10, random_state=SEED).fit(toy)
toy_distances = toy_kmeans.transform(toy)
print("distances of the first three points to the two centroids:")
print(toy_distances[:3].round(2))
show(
    plot_clusters(toy, toy_kmeans.labels_, toy_kmeans.cluster_centers_),
    alt="24 points in two clusters with different markers: a tight one on the left and a loose one "
    "on the right. A numbered cross marks the centroid of each. No point lies exactly on a centroid.",
)

# %% [markdown]
# A centroid is an average, and no real picture. Nobody can be sure what an average shows, so we take
# the real point that is nearest to it: the **representative** of the cluster.
#
# ### Exercise 1 · The representatives (3 points)
#
# Write `representative_indices(distances)`. The table `distances` has a row for each of $N$ points and
# a column for each of $K$ clusters: `distances[i, k]` is the distance of point `i` to centroid `k`.
# Return for each cluster the **index** of the point that is nearest to its centroid: $K$ whole
# numbers, shape `(K,)`.
#
# - *All* points compete for each cluster, so one point may represent two of them.
# - If several points are equally near, take the lowest index.
# - Raise a `ValueError` if `distances` has not exactly two axes, or if it has no rows.
#
# *Hint:* `np.argmin` says where the smallest value stands. Its argument `axis` decides whether it
# searches down the columns or along the rows.


# %% solution="representative_indices"
def representative_indices(distances):
    """For each cluster the index of the point nearest to its centroid, shape (K,)."""
    ### BEGIN SOLUTION
    distances = np.asarray(distances)
    if distances.ndim != 2 or len(distances) == 0:
        raise ValueError(f"distances must be a table with rows, not of shape {distances.shape}")
    return distances.argmin(axis=0)
    ### END SOLUTION


# %% test="test_representative_indices" points=2
table = [[3.0, 0.2], [2.0, 4.0], [0.5, 1.0]]
chosen = representative_indices(table)
assert chosen is not None, "Your function returns nothing: does it end in a `return`?"
chosen = np.asarray(chosen)
assert chosen.shape != (3,), (
    "You return one number for each point, its nearest cluster. Asked is one for each cluster, its "
    "nearest point: along which axis must you search?"
)
assert chosen.shape == (2,), f"2 clusters give the shape (2,); yours is {chosen.shape}."
assert not is_like(chosen, [0.5, 0.2]), (
    "These are the smallest distances themselves. Return where they stand: the index of the row."
)
assert not np.array_equal(chosen, [0, 1]), "These are the points farthest away. Take the nearest."
assert np.array_equal(chosen, [2, 0]), (
    "Wrong indices: entry k is the row in which column k of `distances` is smallest."
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(81)
far = helper.permutation(60 * 7).reshape(60, 7) / 4.0
mine = np.asarray(attempt("With 60 points and 7 clusters", representative_indices, far.copy()))
assert mine.shape == (7,), (
    "7 clusters give 7 indices: take the number of clusters from `distances`, and do not drop "
    "doubles."
)
best = np.array([min(range(60), key=lambda i: far[i, k]) for k in range(7)])
assert not (np.array_equal(np.sort(mine), np.sort(best)) and not np.array_equal(mine, best)), (
    "The right points in the wrong order: entry k belongs to cluster k, so do not sort."
)
assert np.array_equal(mine, best), "With 60 points and 7 clusters the indices are wrong."
square = np.array([[9, 1, 8, 7], [2, 6, 9, 4], [5, 8, 3, 9], [1, 9, 7, 6]])
even = np.asarray(attempt("With whole numbers", representative_indices, square.copy()))
assert not np.array_equal(even, square.argmin(axis=1)), (
    "With as many points as clusters you search along rows: search in each column for the nearest "
    "point."
)
assert np.array_equal(even, square.argmin(axis=0)), (
    "With 4 points and 4 clusters the result is wrong: do all points compete for each cluster?"
)
### END HIDDEN TESTS

# %% test="test_representative_indices__edges" points=1
twice = np.array([[6.0, 5.0, 1.0], [1.0, 2.0, 9.0]])
served = np.asarray(attempt("Where one point serves twice", representative_indices, twice.copy()))
assert served.shape == (3,), "3 clusters give 3 indices, even if a point comes up twice."
assert np.array_equal(served, [1, 1, 0]), (
    "All points compete for each cluster. A point may serve twice, and it need not be a member of "
    "the cluster it represents."
)
assert refuses(representative_indices, [1.0, 2.0, 3.0]), (
    "A plain list of distances is no table with two axes: raise a ValueError."
)
### BEGIN HIDDEN TESTS
tied = [[4, 1, 3], [2, 1, 3], [2, 5, 3], [2, 1, 7]]
firsts = np.asarray(attempt("With equal distances", representative_indices, tied))
assert np.array_equal(firsts, [1, 0, 0]), "Among equally near points the lowest index counts."
alone = np.asarray(attempt("With a single point", representative_indices, [[2.5, 0.0, 7.0]]))
assert np.array_equal(alone, [0, 0, 0]), "A single point represents every cluster."
narrow = np.asarray(attempt("With a single cluster", representative_indices, [[2], [1], [3]]))
assert np.array_equal(narrow, [1]), "With a single cluster the result has one entry."
kept = np.array([[0.0, 2.0], [3.0, 0.0], [1.0, 1.0]])
assert not changed_inputs(representative_indices, kept), (
    "Your function changes `distances`: work on a copy."
)
assert refuses(representative_indices, np.zeros((2, 2, 2))), (
    "Three axes are no table of points and clusters: raise a ValueError."
)
assert refuses(representative_indices, np.zeros((0, 3))), (
    "Without points there is no nearest one: raise a ValueError."
)
### END HIDDEN TESTS

# %% [markdown]
# Your representatives of the digits, with the labels that a person gave them. Here the data set plays
# that person: the labels come from `y_train` at those 50 places, and we look at no others.

# %%
kmeans = KMeans(n_clusters=50, n_init=10, random_state=SEED).fit(X_train)
distances = kmeans.transform(X_train)
representatives = np.asarray(representative_indices(distances))
representative_labels = y_train[representatives]
show(
    plot_faces(1 - X_train[representatives] / 16, titles=representative_labels),
    alt="Five rows of ten handwritten digits, the representatives of the 50 clusters, each with its label. "
    "All ten digits occur, most of them in several ways of writing.",
)
print("how often each digit is among them:", np.bincount(representative_labels, minlength=10))

# %%
scores["50 representatives"] = (
    new_classifier().fit(X_train[representatives], representative_labels).score(X_test, y_test)
)
for name in ["50 arbitrary", "50 representatives", "all labels"]:
    print(f"{name:20s} {scores[name]:.2%}")

# %% [markdown]
# As many labels as before, the same classifier, and a much better score. If labels are dear, do not
# label at random: label what stands for many.
#
# ## 4. Hand the label on
#
# The members of a cluster resemble their representative. So we *guess* that they have its label, and
# give it to all of them. This is **label propagation** through clusters.
#
# ### Exercise 2 · Propagate the labels (3 points)
#
# Write `propagate_labels(cluster_labels, representative_labels)`. `cluster_labels` holds the cluster of
# each of $N$ points, a number from 0 to $K - 1$. `representative_labels` holds the label of each of
# the $K$ representatives. Return the $N$ labels that the points inherit, shape `(N,)`.
#
# - Some clusters may have no points, so take $K$ from `representative_labels`.
# - A label may be any whole number, also a negative one or one above $K$.
# - Raise a `ValueError` if a cluster number lies outside 0 to $K - 1$. Mind the negative ones: in
#   NumPy, index -1 means the last entry.


# %% solution="propagate_labels"
def propagate_labels(cluster_labels, representative_labels):
    """The label that each point inherits from its cluster's representative, shape (N,)."""
    ### BEGIN SOLUTION
    clusters, labels = np.asarray(cluster_labels), np.asarray(representative_labels)
    if np.any(clusters < 0) or np.any(clusters >= len(labels)):
        raise ValueError(f"a cluster number lies outside 0 to {len(labels) - 1}")
    return labels[clusters]
    ### END SOLUTION


# %% test="test_propagate_labels" points=2
inherited = attempt("With two lists", propagate_labels, [2, 0, 1, 0, 2, 1], [1, 2, 9])
assert inherited is not None, "Your function returns nothing: does it end in a `return`?"
inherited = np.asarray(inherited)
assert inherited.shape == (6,), f"6 points get 6 labels; yours have the shape {inherited.shape}."
assert not np.array_equal(inherited, [2, 0, 1, 0, 2, 1]), (
    "These are the cluster numbers. Which label does the representative of that cluster have?"
)
assert not np.array_equal(inherited, [9] * 6), (
    "Every point ends up with the label 9. You replace cluster numbers one after another in the same "
    "array: a label just written is then mistaken for a cluster number."
)
assert np.array_equal(inherited, [9, 1, 2, 1, 9, 2]), (
    "A point of cluster k must get entry k of `representative_labels`."
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(82)
groups = helper.integers(0, 13, size=90)
names = helper.permutation(13) * 50 + 7
mine = np.asarray(attempt("With 13 clusters", propagate_labels, groups.copy(), names.copy()))
assert mine.shape == (90,), "90 points get 90 labels."
assert not np.array_equal(mine, names.astype(np.uint8)[groups]), (
    "Labels above 255 come out changed: the array that you fill is of too small a type."
)
assert np.array_equal(mine, [names[g] for g in groups]), (
    "With 13 clusters some points get a wrong label: is a number of clusters fixed in your code?"
)
gaps = np.asarray(
    attempt("With empty clusters", propagate_labels, [5, 1, 5, 3], [4, 8, 6, 7, 0, 2])
)
assert np.array_equal(gaps, [2, 8, 2, 7]), (
    "Where some clusters have no points the labels are wrong: count the clusters by "
    "`representative_labels`, not by the numbers that occur."
)
### END HIDDEN TESTS

# %% test="test_propagate_labels__edges" points=1
assert refuses(propagate_labels, [0, 3, 1], [5, 6, 7]), (
    "With 3 clusters there is no cluster 3: raise a ValueError."
)
### BEGIN HIDDEN TESTS
assert refuses(propagate_labels, [0, -1, 1], [5, 6, 7]), (
    "A negative cluster number must raise a ValueError: NumPy would quietly take the last label."
)
assert refuses(propagate_labels, [4, 4, 4, 9], [5, 6, 7, 8, 9]), (
    "Cluster number 9 with 5 clusters must raise a ValueError."
)
shared = np.asarray(attempt("With one label for all", propagate_labels, [1, 0, 3, 2], [6, 6, 6, 6]))
assert np.array_equal(shared, [6, 6, 6, 6]), "Several clusters may have the same label."
lone = np.asarray(attempt("With one cluster", propagate_labels, [0, 0], [3]))
assert np.array_equal(lone, [3, 3]), "With a single cluster every point gets its label."
negative = np.asarray(attempt("With a negative label", propagate_labels, [1, 0], [-5, 0]))
assert np.array_equal(negative, [0, -5]), (
    "A label may be any whole number, negative ones too. Only cluster numbers start at 0."
)
given, theirs = np.array([1, 0, 1]), np.array([1, 0])
assert not changed_inputs(propagate_labels, given, theirs), (
    "Your function changes its inputs: write the labels into a new array."
)
### END HIDDEN TESTS

# %% [markdown]
# Now all training pictures have a label, and a person wrote only 50 of them. **Predict first:** what
# share of these labels is right? And will the classifier gain from them?

# %%
propagated = np.asarray(propagate_labels(kmeans.labels_, representative_labels))
scores["propagated to all"] = new_classifier().fit(X_train, propagated).score(X_test, y_test)
print(f"propagated labels that are right: {np.mean(propagated == y_train):.2%}")
print(f"score with the representatives alone: {scores['50 representatives']:.2%}")
print(f"score with propagated labels:         {scores['propagated to all']:.2%}")

# %% [markdown]
# The classifier gains. Only because this data set has all true labels could we check the
# propagated ones. Where do they fail? Here are the ten wrong ones farthest from their centroid, and
# ten right ones closest to theirs:

# %%
own_distance = distances[np.arange(len(X_train)), kmeans.labels_]
by_distance = np.argsort(own_distance)
is_wrong = (propagated != y_train)[by_distance]
rows = np.concatenate([by_distance[is_wrong][-10:], by_distance[~is_wrong][:10]])
titles = [f"{propagated[i]} (is {y_train[i]})" if i in rows[:10] else propagated[i] for i in rows]
show(
    plot_faces(1 - X_train[rows] / 16, titles=titles),
    alt="Upper row: ten pictures with a wrong propagated label, the true digit in brackets; most are "
    "written in an unusual way. Lower row: ten pictures close to their centroid with right labels; "
    "they are clean and alike.",
)
quarters = [np.mean(part) for part in np.array_split(is_wrong, 4)]
print("share of wrong labels by quarter, from the closest pictures to the farthest:")
print("  ".join(f"{share:.1%}" for share in quarters))

# %% [markdown]
# ## 5. Only to the closest
#
# Pictures far from their centroid are more often mislabelled. So let us keep only the labels of the
# points *close* to it. How close? A fixed distance treats clusters unequally. Look at the toy data
# again.
#
# **Predict first.** We keep the half of *all* points that is closest to its own centroid. Which
# cluster loses more?

# %%
toy_own = toy_distances.min(axis=1)
one_cut = toy_own <= np.percentile(toy_own, 50)
toy_centres = toy_kmeans.cluster_centers_


def draw_kept(mask, ax, title):
    """The toy clusters, with a ring around each point that is kept."""
    plot_clusters(toy, toy_kmeans.labels_, toy_centres, ax=ax, title=title)
    ax.plot(*toy[mask].T, "o", markersize=13, markerfacecolor="none", markeredgecolor="black")


fig, ax = plt.subplots(figsize=(6, 3.8), layout="constrained")
draw_kept(one_cut, ax, "one cut for all: the kept points have rings")
show(
    fig,
    alt="The toy clusters with rings around the kept points. With one cut for all, nearly all points of "
    "the tight cluster have a ring, and in the loose cluster hardly any.",
)
print("kept in each cluster:", np.bincount(toy_kmeans.labels_[one_cut], minlength=2))

# %% [markdown]
# A loose cluster loses nearly all its points, and with them its way of writing a digit. The mend:
# one cut-off for **each cluster on its own**, at a *percentile* of its members' distances. The 20th
# percentile of some numbers is the value below which a fifth of them lie; `np.percentile(values, 20)`
# computes it. So `np.percentile([1, 2, 3, 4, 10], 50)` is 3, the value in the middle.
#
# ### Exercise 3 · The closest points (4 points)
#
# Write `closest_mask(distances, cluster_labels, percentile)`. `distances` is the table of shape `(N, K)`
# as before, `cluster_labels` holds the cluster of each point. Return a **boolean** array of shape
# `(N,)` that is `True` for the points to keep.
#
# - A point's own distance is the one to the centroid of *its* cluster, which `cluster_labels` names.
# - In each cluster on its own, the cut-off is `np.percentile(its members' own distances, percentile)`.
#   Keep the members whose own distance is **at most** the cut-off.
# - Skip clusters without members, without a warning.
# - Raise a `ValueError` if `percentile` is below 0 or above 100, or if there are not as many cluster
#   labels as rows.


# %% solution="closest_mask"
def closest_mask(distances, cluster_labels, percentile):
    """Which points are among the closest of their own cluster, boolean of shape (N,)."""
    ### BEGIN SOLUTION
    distances, cluster_labels = np.asarray(distances), np.asarray(cluster_labels)
    if not 0 <= percentile <= 100:
        raise ValueError(f"the percentile must lie in 0 to 100, not {percentile}")
    if len(cluster_labels) != len(distances):
        raise ValueError(f"{len(distances)} rows and {len(cluster_labels)} cluster labels")
    mask = np.zeros(len(distances), dtype=bool)
    for k in np.unique(cluster_labels):
        members = cluster_labels == k
        own = distances[members, k]
        mask[members] = own <= np.percentile(own, percentile)
    return mask
    ### END SOLUTION


# %% test="test_closest_mask" points=3
gaps = [
    *([1.0, 15.0], [2.0, 15.0], [3.0, 15.0], [4.0, 15.0], [5.0, 15.0]),
    *([90.0, 10.0], [90.0, 20.0], [90.0, 30.0], [90.0, 40.0], [90.0, 100.0]),
]
groups = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
kept = closest_mask(gaps, groups, 50)
assert kept is not None, "Your function returns nothing: does it end in a `return`?"
kept = np.asarray(kept)
assert kept.shape == (10,), (
    f"10 points give the shape (10,), yours is {kept.shape}: return True or False for each point, not a "
    "selection of points."
)
assert kept.dtype == bool, (
    "Return booleans. A mask of the numbers 0 and 1 would pick rows 0 and 1 when you index with it."
)
assert not np.array_equal(kept, [1, 1, 1, 1, 1, 0, 0, 0, 0, 0]), (
    "One cut-off for all: the loose cluster loses everything. Take a percentile in each cluster on its "
    "own."
)
assert not np.array_equal(kept, [1, 1, 0, 0, 0, 1, 1, 1, 1, 0]), (
    "You keep what is nearer than a share of the largest distance. A percentile is about the share of "
    "the *points*: `np.percentile` computes it."
)
assert not np.array_equal(kept, [1, 1, 0, 0, 0] * 2), (
    "The point exactly at the cut-off is missing: keep distances that are at most the cut-off."
)
assert not np.array_equal(kept, [1, 0, 0, 0, 0] * 2), (
    "Far too few are kept: `np.percentile` counts from 0 to 100, so do not divide by 100."
)
assert not np.array_equal(kept, [0, 0, 1, 1, 1] * 2) and not np.array_equal(
    kept, [0, 0, 0, 1, 1] * 2
), "You keep the points farthest from their centroid. Keep the closest."
assert np.array_equal(kept, [1, 1, 1, 0, 0] * 2), (
    "At percentile 50 the closer half of each cluster is kept, with the point at the cut-off. The "
    "cut-off comes from the members only, and from their distances to their own centroid."
)
stray = np.asarray(closest_mask([[1.0, 2.0], [9.0, 4.0], [9.0, 6.0], [0.5, 8.0]], [0, 1, 1, 1], 50))
assert not np.array_equal(stray, [1, 1, 0, 1]), (
    "You take each point's distance to the nearest centroid. Its own centroid is the one that "
    "`cluster_labels` names, and that need not be the nearest."
)
assert np.array_equal(stray, [1, 1, 1, 0]), (
    "Wrong points are kept where a point is nearer to the centroid of another cluster: its own distance "
    "stands in the column that `cluster_labels` names."
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(83)
sizes = {0: 9, 1: 13, 2: 5, 4: 17}
clusters = helper.permutation(np.repeat(list(sizes), list(sizes.values())))
table = helper.uniform(1, 9, size=(44, 5)) * np.array([1.0, 4.0, 2.0, 1.0, 8.0])
own = np.array([table[i, clusters[i]] for i in range(44)])


def wanted_at(values, percentile):
    cuts = {k: np.percentile(values[clusters == k], percentile) for k in sizes}
    return np.array([values[i] <= cuts[clusters[i]] for i in range(44)])


mine = np.asarray(
    attempt("With 5 clusters, one of them empty,", closest_mask, table.copy(), clusters.copy(), 33)
)
assert mine.shape == (44,), "44 points give the shape (44,)."
nearest = table.min(axis=1)
assert not np.array_equal(mine, wanted_at(nearest, 33)), (
    "You take each point's distance to the nearest centroid. Its own centroid is the one that "
    "`cluster_labels` names, and that need not be the nearest."
)
assert not np.array_equal(mine, own <= np.percentile(table, 33, axis=0)[clusters]), (
    "Your cut-off for a cluster is made from all points' distances to its centroid: only its members "
    "count."
)
by_count = np.zeros(44, dtype=bool)
for k, size in sizes.items():
    members = np.flatnonzero(clusters == k)
    by_count[members[np.argsort(own[members])[: int(0.33 * size)]]] = True
assert not np.array_equal(mine, by_count), (
    "You keep a fixed number of points in each cluster. The cut-off is what `np.percentile` gives, and "
    "every member up to it is kept."
)
assert np.array_equal(mine, wanted_at(own, 33)), (
    "With 5 clusters, one of them empty, and percentile 33 the wrong points are kept: is a number of "
    "clusters or a percentile fixed in your code?"
)
other = np.asarray(
    attempt("With percentile 71.5", closest_mask, table.copy(), clusters.copy(), 71.5)
)
assert np.array_equal(other, wanted_at(own, 71.5)), (
    "With percentile 71.5 the wrong points are kept: is the percentile fixed in your code?"
)
### END HIDDEN TESTS

# %% test="test_closest_mask__edges" points=1
assert refuses(closest_mask, [[1.0, 2.0], [3.0, 1.0]], [0, 1], 120), (
    "Percentile 120 must raise a ValueError."
)
everyone = closest_mask([[1.0, 5.0], [2.0, 5.0], [4.0, 3.0]], [0, 0, 1], 100)
assert np.array_equal(everyone, [True, True, True]), (
    "At percentile 100 every point is kept, the farthest of each cluster too."
)
### BEGIN HIDDEN TESTS
import warnings

spread = np.array([[7, 8, 9], [3, 8, 9], [5, 8, 9], [9, 4, 9], [9, 6, 9]])
teams = np.array([0, 0, 0, 1, 1])
with warnings.catch_warnings():
    warnings.simplefilter("error")
    low = attempt("With an empty cluster", closest_mask, spread.copy(), teams.copy(), 0)
    single = attempt("With one point", closest_mask, [[4.0, 1.0, 2.0]], [2], 20)
assert np.array_equal(np.asarray(low), [False, True, False, True, False]), (
    "At percentile 0 the closest point of each cluster is kept, and a cluster without members is "
    "skipped."
)
assert np.array_equal(np.asarray(single), [True]), "The only member of a cluster is always kept."
equal = closest_mask([[2, 9], [2, 9], [2, 9], [9, 4]], [0, 0, 0, 1], 10)
assert np.array_equal(equal, [True] * 4), (
    "Members at equal distance are all at the cut-off: keep them all."
)
assert not changed_inputs(closest_mask, spread.astype(float), teams, 50), (
    "Your function changes its inputs: mark the points in an array of your own."
)
assert refuses(closest_mask, [[1.0, 2.0], [3.0, 1.0]], [0, 1], -1), (
    "A percentile below 0 must raise a ValueError."
)
assert refuses(closest_mask, [[1.0, 2.0], [3.0, 1.0]], [0, 1, 1], 50), (
    "Two rows and three cluster labels do not fit together: raise a ValueError."
)
assert refuses(closest_mask, np.ones((3, 2)), [0, 1], 50), (
    "Three rows and two cluster labels do not fit together: raise a ValueError."
)
### END HIDDEN TESTS

# %% [markdown]
# The toy data once more, now with your mask: the cut that treated clusters unequally, and a cut in
# each cluster.

# %%
toy_mask = np.asarray(closest_mask(toy_distances, toy_kmeans.labels_, 50))
fig, axes = plt.subplots(1, 2, figsize=(10, 3.6), sharey=True, layout="constrained")
draw_kept(one_cut, axes[0], "one cut for all")
draw_kept(toy_mask, axes[1], "a cut in each cluster")
show(
    fig,
    alt="Left, one cut for all: rings around nearly all points of the tight cluster, hardly any in the loose one. Right, "
    "a cut in each cluster: rings around the inner half of both clusters.",
)

# %% [markdown]
# Back to the digits: propagate to the closest fifth of each cluster. **Predict first.** The labels get
# fewer and cleaner. Which effect wins?

# %%
closest = np.asarray(closest_mask(distances, kmeans.labels_, 20))
right_closest = np.mean(propagated[closest] == y_train[closest])
scores["propagated to closest 20 %"] = (
    new_classifier().fit(X_train[closest], propagated[closest]).score(X_test, y_test)
)
print(f"labels kept: {closest.sum()} of {len(closest)}")
print(f"right among them: {right_closest:.2%}, among all: {np.mean(propagated == y_train):.2%}")
for name, score in scores.items():
    print(f"{name:28s}{score:.2%}")

# %% [markdown]
# The labels are much cleaner, and yet the score barely moves. The kept pictures are all *typical*, so
# the classifier learns little about unusual ones. Cleaner labels against more varied pictures: that
# is the trade-off of the percentile.
#
# **Predict first.** Where between 5 and 100 do you expect the best test score? Then move the slider.
# (The cell trains twenty classifiers, so it takes some seconds.)

# %%
propagation_explorer((X_train, y_train), (X_test, y_test), kmeans, new_classifier())

# %% [markdown]
# <details>
# <summary>What you should have seen</summary>
#
# The share of right labels falls steadily. The test score jumps up and down, mostly by chance: think of
# the last number printed in section 1.
#
# </details>
#
# So one run cannot rank these methods. Let us repeat it
# with other random starts of k-means and other arbitrary pictures.

# %%
kinds = ["50 arbitrary", "representatives", "percentile 20", "percentile 75", "percentile 100"]
repeats = {kind: [] for kind in kinds}
rng = np.random.default_rng(SEED)


def fit_and_score(X, y):
    return new_classifier().fit(X, y).score(X_test, y_test)


for start in range(8):
    sample = rng.choice(len(X_train), 50, replace=False)
    repeats["50 arbitrary"].append(fit_and_score(X_train[sample], y_train[sample]))
    other = KMeans(n_clusters=50, n_init=1, random_state=start).fit(X_train)
    table = other.transform(X_train)
    picked = np.asarray(representative_indices(table))
    repeats["representatives"].append(fit_and_score(X_train[picked], y_train[picked]))
    labels = np.asarray(propagate_labels(other.labels_, y_train[picked]))
    for name, percentile in [("percentile 20", 20), ("percentile 75", 75), ("percentile 100", 100)]:
        mask = np.asarray(closest_mask(table, other.labels_, percentile))
        repeats[name].append(fit_and_score(X_train[mask], labels[mask]))

fig, ax = plt.subplots(figsize=(8, 3.6), layout="constrained")
for place, (name, values) in enumerate(repeats.items()):
    ax.plot(values, np.full(len(values), place), "o", color="#6baed6", markeredgecolor="black")
    ax.plot(np.mean(values), place, "|", color="black", markersize=26, markeredgewidth=2)
    print(f"{name:16s} mean {np.mean(values):.1%}, standard deviation {np.std(values):.1%}")
ax.set(yticks=range(len(repeats)), yticklabels=repeats, xlabel="test score", ylim=(-0.5, 4.5))
ax.invert_yaxis()
show(
    fig,
    alt="Test scores of eight repetitions as dots in five rows, a stroke at each mean. Fifty arbitrary "
    "pictures scatter widely and score lowest. Representatives score clearly higher and scatter little. "
    "The three kinds of propagation are a little higher still and overlap.",
)

# %% [markdown]
# Two things are clear: representatives beat arbitrary pictures and depend much less on luck, and
# propagating helps a little more. Keeping only the closest fifth is rather too careful here. Between
# percentile 75 and all points there is nothing to choose.
#
# These steps come from a well-known textbook [1]. Its published run used a library of some years ago:

# %%
published = {
    "all labels": 0.9689,
    "all labels, distances": 0.98,
    "50 arbitrary": 0.8333,
    "50 representatives": 0.9244,
    "propagated to all": 0.9378,
    "propagated to closest 20 %": 0.9222,
}
print(f"{'':28s}published  here")
for name, score in published.items():
    print(f"{name:28s}{score:8.1%}{scores[name]:8.1%}")
print(f"{'right among the closest':28s}{0.9896:8.1%}{right_closest:8.1%}")

# %% [markdown]
# Nobody made a mistake. The rows without clustering agree. In the others, k-means found other
# clusters: the library has changed how it starts, and so the random numbers differ. The solver of the
# logistic regression differs too, and one test picture is already a visible step. Compare such numbers
# by their spread, not by their digits.

# %% [markdown]
# ## 6. Ask the classifier what it needs
#
# Suppose you can pay for some more labels. The classifier itself can say where it is unsure: its
# `predict_proba` gives a row of probabilities for each picture, one for each class. If the largest of
# them is small, the classifier has no favourite. Learning in rounds, where the model chooses the next
# questions, is called **active learning**; this way of choosing is *uncertainty sampling*.
#
# ### Exercise 4 · The least confident (3 points)
#
# Write `least_confident(proba, n)`. `proba` has the shape `(N, K)`: each row holds one point's
# probabilities of the $K$ classes. A point's *confidence* is the largest probability in its row.
# Return the indices of the `n` points with the smallest confidence, shape `(n,)`, the least confident
# first.
#
# - Where two points are equally confident, the lower index comes first.
# - `n = 0` gives an empty array.
# - Raise a `ValueError` if `n` is negative or larger than $N$, or if a row is not a vector of
#   probabilities (a negative entry, or a sum that is off 1 by more than `1e-6`).
#
# *Hint:* `np.argsort(..., kind="stable")` keeps equal entries in their order.


# %% solution="least_confident"
def least_confident(proba, n):
    """Indices of the n points with the smallest largest probability, shape (n,)."""
    ### BEGIN SOLUTION
    proba = np.asarray(proba, dtype=float)
    if not 0 <= n <= len(proba):
        raise ValueError(f"cannot choose {n} of {len(proba)} points")
    if np.any(proba < 0) or np.any(np.abs(proba.sum(axis=1) - 1) > 1e-6):
        raise ValueError("each row must hold probabilities that sum to 1")
    return np.argsort(proba.max(axis=1), kind="stable")[:n]
    ### END SOLUTION


# %% test="test_least_confident" points=2
chances = [
    *([0.9, 0.1, 0.0], [0.41, 0.36, 0.23], [0.3, 0.1, 0.6]),
    *([0.32, 0.36, 0.32], [0.5, 0.5, 0.0], [0.3, 0.28, 0.42]),
]
asked = least_confident(chances, 2)
assert asked is not None, "Your function returns nothing: does it end in a `return`?"
asked = np.asarray(asked)
assert asked.shape == (2,), (
    f"n = 2 gives the shape (2,), yours is {asked.shape}: return n indices of points."
)
assert not is_like(asked, [0.36, 0.41]), "These are probabilities: return the points' indices."
assert not np.array_equal(np.sort(asked), [0, 2]), (
    "You chose the points that the classifier is surest of. Which labels would it learn most from?"
)
assert not np.array_equal(asked, [0, 4]), (
    "A very small probability for some class is no doubt: look at the largest in each row."
)
assert not np.array_equal(asked, [4, 3]), (
    "You compare the two best classes. Asked is the confidence: the largest probability alone."
)
assert not np.array_equal(asked, [3, 5]), (
    "You rank by entropy, which looks at all classes. Asked is the largest probability alone."
)
assert not np.array_equal(asked, [1, 3]), (
    "The least confident point comes first: do not sort by index."
)
assert np.array_equal(asked, [3, 1]), (
    "Wrong points: find the largest probability in each row, then the rows where it is smallest."
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(84)
rows = helper.dirichlet(np.full(6, 0.6), size=70)
top = rows.max(axis=1)
truth = sorted(range(70), key=lambda i: top[i])
mine = np.asarray(attempt("With 70 points and 6 classes", least_confident, rows.copy(), 9))
assert mine.shape == (9,), "n = 9 gives 9 indices: use `n`."
ordered = np.sort(rows, axis=1)
margin = ordered[:, -1] - ordered[:, -2]
assert not np.array_equal(mine, np.argsort(margin)[:9]), (
    "You compare the two best classes. Asked is the confidence: the largest probability alone."
)
entropy = -np.sum(rows * np.log(np.maximum(rows, 1e-300)), axis=1)
assert not np.array_equal(mine, np.argsort(-entropy)[:9]), (
    "You rank by entropy, which looks at all classes. Asked is the largest probability alone."
)
assert not (
    np.array_equal(np.sort(mine), np.sort(truth[:9])) and not np.array_equal(mine, truth[:9])
), "The right points in the wrong order: the least confident comes first."
assert np.array_equal(mine, truth[:9]), "With 70 points and 6 classes the wrong points are chosen."
whole = np.asarray(attempt("With n = N", least_confident, rows.copy(), 70))
assert np.array_equal(whole, truth), "With n = N all points come back, in order of confidence."
### END HIDDEN TESTS

# %% test="test_least_confident__edges" points=1
assert refuses(least_confident, [[0.5, 0.5], [0.2, 0.8]], 3), (
    "There are only 2 points: asking for 3 must raise a ValueError."
)
assert np.size(least_confident([[0.5, 0.5]], 0)) == 0, "n = 0 gives an empty array."
### BEGIN HIDDEN TESTS
many = np.tile([[0.5, 0.25, 0.25], [0.25, 0.75, 0.0]], (40, 1))
first = np.asarray(attempt("With many equal confidences", least_confident, many.copy(), 45))
assert np.array_equal(first, [*range(0, 80, 2), 1, 3, 5, 7, 9]), (
    "Among equally confident points the lower index comes first: use a stable sort."
)
whole_numbers = np.asarray(attempt("With whole numbers", least_confident, [[1, 0], [0, 1]], 1))
assert np.array_equal(whole_numbers, [0]), "Two equally sure points: the lower index comes first."
given = np.array([[0.75, 0.25], [0.5, 0.5], [0.125, 0.875]])
assert not changed_inputs(least_confident, given, 2), "Your function changes `proba`: sort a copy."
assert refuses(least_confident, [[0.5, 0.5], [0.2, 0.8]], -1), (
    "A negative n must raise a ValueError: a slice up to -1 would quietly drop the last point."
)
assert refuses(least_confident, [[0.5, 0.5], [0.3, 0.3]], 1), (
    "A row that sums to less than 1 is not a vector of probabilities: raise a ValueError."
)
assert refuses(least_confident, [[0.5, 0.5], [1.5, -0.5]], 1), (
    "A negative probability must raise a ValueError, even where the sum is 1."
)
### END HIDDEN TESTS

# %% [markdown]
# Train on the first 50 labels, and call all other pictures the *pool*. Here are the ten of the pool
# that this classifier is least sure of:

# %%
beginner = new_classifier().fit(X_train[:50], y_train[:50])
pool = np.arange(50, len(X_train))
proba = beginner.predict_proba(X_train[pool])
unsure = pool[np.asarray(least_confident(proba, 10))]
guesses = beginner.predict(X_train[unsure])
titles = [f"{g}? {p:.0%}" for g, p in zip(guesses, proba.max(axis=1)[unsure - 50], strict=True)]
show(
    plot_faces(1 - X_train[unsure] / 16, titles=titles),
    alt="Ten handwritten digits that the classifier is least sure of, each with its guess and the low "
    "probability it gives to it. Several are unusual and hard to read.",
)
print("the guesses:", guesses, " the truth:", y_train[unsure])

# %% [markdown]
# A person labels these, the classifier is trained again and asks again. **Predict first.** Five rounds
# of 20 labels each: how will this compare with 20 *arbitrary* labels in each round?


# %%
def learn_in_rounds(choose, n_rounds=5, step=20):
    """Test score after each round; `choose` picks the next pictures from the pool."""
    labelled, history = list(range(50)), []
    for _ in range(n_rounds + 1):
        model = new_classifier().fit(X_train[labelled], y_train[labelled])
        history.append(model.score(X_test, y_test))
        rest = np.setdiff1d(np.arange(len(X_train)), labelled)
        labelled += list(rest[np.asarray(choose(model, rest, step))])
    return history


def ask_the_model(model, rest, step):
    return least_confident(model.predict_proba(X_train[rest]), step)


active = learn_in_rounds(ask_the_model)
arbitrary = []
for start in range(4):
    dice = np.random.default_rng(start)
    arbitrary.append(
        learn_in_rounds(lambda model, rest, step, dice=dice: dice.choice(len(rest), step, False))
    )

# %%
n_labels = 50 + 20 * np.arange(6)
fig, ax = plt.subplots(figsize=(7, 3.8), layout="constrained")
for number, history in enumerate(arbitrary):
    name = "arbitrary pictures, four times" if number == 0 else None
    ax.plot(n_labels, history, "x--", color="grey", label=name)
ax.plot(n_labels, active, "o-", color="#08519c", label="least confident pictures")
ax.axhline(scores["all labels"], color="black", linestyle=":", label=f"all {len(y_train)} labels")
ax.set(xlabel="number of labels", ylabel="test score")
ax.legend(frameon=False, loc="lower right")
show(
    fig,
    alt="Test score against the number of labels from 50 to 150. The line for the least confident pictures "
    "climbs fast and is nowhere below the four broken lines for arbitrary pictures. A dotted line "
    "above them marks the score with all labels.",
)
print("least confident:", np.round(active, 3))
print("arbitrary, mean:", np.mean(arbitrary, axis=0).round(3))

# %% [markdown]
# The labels that the model asks for are worth more than arbitrary ones. One warning: they are *hard*
# pictures, not typical ones. A model that has seen next to nothing is a poor judge of what it needs,
# and a training set made up only of hard cases is no picture of the whole.

# %% [markdown]
# ## 7. Clothes: from cluster numbers to names
#
# Now the opposite case: *every* training picture has a label, and we want to use clusters themselves
# as a classifier. Fashion-MNIST holds grey pictures of clothes, 28 by 28 pixels, in ten classes. We
# use 3,000 of them to train and 1,000 to test. Here is one of each class:

# %%
X_clothes, y_clothes, X_new, y_new = load_fashion_mnist()
X_clothes = X_clothes[:3000].reshape(3000, -1) / np.float32(255)
y_clothes = y_clothes[:3000]
X_new = X_new.reshape(len(X_new), -1) / np.float32(255)
clothes = ["T-shirt", "trouser", "pullover", "dress", "coat"]
clothes += ["sandal", "shirt", "sneaker", "bag", "boot"]

print("training pictures:", X_clothes.shape, "  test pictures:", X_new.shape)
one_of_each = [np.flatnonzero(y_clothes == label)[0] for label in range(10)]
show(
    plot_faces(X_clothes[one_of_each], titles=clothes),
    alt="Ten small grey pictures of clothes on black, one of each class, with the name of the class below "
    "each. The pullover and the shirt look much alike.",
)

# %% [markdown]
# Now k-means looks for ten clusters, without the names. Its centroids are averages of pictures, so they
# are pictures themselves. **Predict first.** Will there be one for each kind of clothes?

# %%
clothes_kmeans = KMeans(n_clusters=10, n_init=3, random_state=SEED).fit(X_clothes)
show(
    plot_faces(clothes_kmeans.cluster_centers_, titles=[f"cluster {k}" for k in range(10)]),
    alt="Ten blurred grey pictures, the centroids of ten clusters. Some look like a shoe or a boot, "
    "some like a pullover or a shirt, one like a pair of trousers, one like a dress, some like a bag.",
)

# %% [markdown]
# K-means has found kinds of clothes without being told of any. Is it right? We compare the
# cluster of each test picture with its class:

# %%
new_clusters = clothes_kmeans.predict(X_new)
print(f"cluster number equals class number: {np.mean(new_clusters == y_new):.1%}")

# %% [markdown]
# That is what blind guessing would give, or worse. What went wrong? Nothing but the comparison:
# k-means numbers its clusters as it likes, so cluster 3 has nothing to do with class 3. Each cluster
# needs a *name*: the commonest class among its training pictures. This is what `most_common` returns,
# one class for each cluster.

# %%
assignment = most_common(10, y_clothes, clothes_kmeans.labels_)
for k, label in enumerate(assignment):
    members = y_clothes[clothes_kmeans.labels_ == k]
    share = np.mean(members == label)
    print(f"cluster {k}: {len(members):4d} pictures, most often {clothes[label]:9s}{share:.0%}")
never = [clothes[c] for c in range(10) if c not in assignment]
print("classes that no cluster stands for:", ", ".join(never) or "none")

# %% [markdown]
# ### Exercise 5 · Predict classes (3 points)
#
# Write `predict_classes(assignment, cluster_labels)`. `assignment` is what `most_common` gives: a list
# whose entry `k` is the class of cluster `k`. `cluster_labels` holds the cluster of each of $N$
# points. Return the predicted class of each point, shape `(N,)`.
#
# Raise a `ValueError` if a cluster number lies outside 0 to $K - 1$, where $K$ is the length of
# `assignment`.
#
# You may notice that you know this look-up. What differs is where the classes come from: from one
# labelled representative in section 4, from *all* labels here.


# %% solution="predict_classes"
def predict_classes(assignment, cluster_labels):
    """The class of each point by the class of its cluster, shape (N,)."""
    ### BEGIN SOLUTION
    classes, clusters = np.asarray(assignment), np.asarray(cluster_labels)
    if np.any(clusters < 0) or np.any(clusters >= len(classes)):
        raise ValueError(f"a cluster number lies outside 0 to {len(classes) - 1}")
    return classes[clusters]
    ### END SOLUTION


# %% test="test_predict_classes" points=2
predicted = attempt(
    "With an assignment that is a list", predict_classes, [8, 3, 8], np.array([1, 0, 2, 2, 1])
)
assert predicted is not None, "Your function returns nothing: does it end in a `return`?"
predicted = np.asarray(predicted)
assert predicted.shape != (3,), (
    "You return one class for each cluster: look up the class of each point's cluster."
)
assert predicted.shape == (5,), f"5 points get 5 classes; yours have the shape {predicted.shape}."
assert not np.array_equal(predicted, [1, 0, 2, 2, 1]), (
    "These are the cluster numbers, and they are not classes. What does `assignment` say about each?"
)
assert np.array_equal(predicted, [3, 8, 8, 8, 3]), (
    "A point of cluster k must get the class `assignment[k]`."
)
### BEGIN HIDDEN TESTS
plain = np.asarray(attempt("With two lists", predict_classes, [5, 1, 0, 2], [3, 3, 1]))
assert np.array_equal(plain, [2, 2, 1]), (
    "With some clusters empty the result is wrong: entry k of `assignment` belongs to cluster k, "
    "whether it has points or not."
)
helper = np.random.default_rng(85)
meaning = [int(c) for c in helper.integers(0, 7, size=24)]
where = helper.integers(0, 24, size=80)
mine = np.asarray(
    attempt("With 24 clusters and 7 classes", predict_classes, list(meaning), where.copy())
)
assert mine.shape == (80,), "80 points get 80 classes."
assert np.array_equal(mine, [meaning[w] for w in where]), (
    "With 24 clusters and 7 classes the result is wrong: is a number of clusters fixed in your code, or "
    "does a class just written get mistaken for a cluster number?"
)
### END HIDDEN TESTS

# %% test="test_predict_classes__edges" points=1
assert refuses(predict_classes, [4, 6], [0, 1, 2]), (
    "With 2 clusters there is no cluster 2: raise a ValueError."
)
### BEGIN HIDDEN TESTS
assert refuses(predict_classes, [4, 6, 1], [0, -1]), (
    "A negative cluster number must raise a ValueError: Python would quietly take the last class."
)
single = np.asarray(attempt("With one cluster", predict_classes, [9], [0, 0, 0]))
assert np.array_equal(single, [9, 9, 9]), "With one cluster all points get its class."
first, second = np.array([2, 0, 1]), np.array([0, 1, 2, 0])
assert not changed_inputs(predict_classes, first, second), (
    "Your function changes its inputs: write the classes into a new array."
)
### END HIDDEN TESTS

# %% [markdown]
# A **confusion matrix** shows where the predictions go: one row for each true class, one column for each
# predicted class. The diagonal counts what is right. Both come from the *test* pictures.

# %%
named = np.asarray(predict_classes(assignment, new_clusters))
print(f"score with names for the 10 clusters: {np.mean(named == y_new):.1%}")
fig, ax = plt.subplots(figsize=(6.5, 5.6), layout="constrained")
ConfusionMatrixDisplay.from_predictions(
    y_new, named, labels=range(10), display_labels=clothes, cmap="Blues", colorbar=False, ax=ax,
    xticks_rotation=45,
)  # fmt: skip
ax.set(xlabel="predicted class", ylabel="true class")
show(
    fig,
    alt="Confusion matrix of ten clothes classes with a number in each cell. Trousers, sneakers and boots are "
    "mostly on the diagonal. Pullovers, coats and shirts are mixed up with one another, and most sandals "
    "are taken for sneakers. The column of a class that no cluster stands for is empty.",
)

# %% [markdown]
# With ten clusters a class can be left without a cluster: then it is never predicted, however clear its
# pictures are. Another class may take two clusters, if its pictures come in two shapes.
#
# **Predict first.** We raise $K$ from 10 to 40. Will the score rise or fall? And on which pictures is it
# higher, on those that named the clusters or on new ones?

# %%
k_values = [10, 20, 30, 40]
on_training, on_test = [], []
for k in k_values:
    model = KMeans(n_clusters=k, n_init=3, random_state=SEED).fit(X_clothes)
    names_k = most_common(k, y_clothes, model.labels_)
    on_training.append(np.mean(np.asarray(predict_classes(names_k, model.labels_)) == y_clothes))
    on_test.append(np.mean(np.asarray(predict_classes(names_k, model.predict(X_new))) == y_new))
    missing = 10 - len(set(names_k))
    print(f"K = {k}: test score {on_test[-1]:.1%}, classes without a cluster: {missing}")

fig, ax = plt.subplots(figsize=(6.5, 3.6), layout="constrained")
ax.plot(k_values, on_training, "o--", color="grey", label="3,000 training pictures")
ax.plot(k_values, on_test, "s-", color="#a63603", label="1,000 test pictures")
ax.set(xlabel="number of clusters K", ylabel="share named rightly", xticks=k_values)
ax.legend(frameon=False)
show(
    fig,
    alt="Share of pictures named rightly for 10, 20, 30 and 40 clusters. Both lines rise with K, the one of "
    "the training pictures runs a little above that of the test pictures.",
)

# %% [markdown]
# More clusters are purer, since classes that shared a cluster get clusters of their own. The first
# step brings the most. On the training pictures the rise would go on until every picture is a cluster
# of its own and all names are right, and nothing would be learnt. Only new pictures tell.

# %% [markdown]
# ## 8. Check yourself
#
# Choose an answer to see whether it is right, and why. Nothing here is graded.

# %%
from jupyterquiz import display_quiz

display_quiz(
    [
        {
            "question": "Why is a representative a real picture and not the centroid itself?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "The centroid has too few pixels",
                    "correct": False,
                    "feedback": "It has as many as every picture: it is their average.",
                },
                {
                    "answer": "Nobody can say for sure what an average of pictures shows",
                    "correct": True,
                    "feedback": "Right. A real picture has a true label that a person can read.",
                },
                {
                    "answer": "The centroid may belong to another cluster",
                    "correct": False,
                    "feedback": "A centroid lies in its own cluster's region: it is nearest to itself.",
                },
            ],
        },
        {
            "question": "A representative is labelled 7, but it is a 1. What happens when you propagate?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "One of the training labels is wrong",
                    "correct": False,
                    "feedback": "All members inherit that label.",
                },
                {
                    "answer": "The members of that cluster inherit the wrong label",
                    "correct": True,
                    "feedback": "Right: one slip becomes many. Check the representatives twice.",
                },
                {
                    "answer": "The other members outvote it",
                    "correct": False,
                    "feedback": "They have no labels of their own, so they have no vote.",
                },
            ],
        },
        {
            "question": "Accuracy of the kept labels rises when you lower the percentile. Why not keep "
            "only 1 in 100?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "Then little more than the representatives is left to learn from",
                    "correct": True,
                    "feedback": "Right. Clean and typical is good; too few and all alike is not.",
                },
                {
                    "answer": "Because k-means would need to be fitted again",
                    "correct": False,
                    "feedback": "The clusters do not change; only the mask does.",
                },
                {
                    "answer": "Because points near the centroid are often mislabelled",
                    "correct": False,
                    "feedback": "They are the ones that are most often right.",
                },
            ],
        },
    ]
)

# %% [markdown]
# ### Quiz 1 (1 point)
#
# You have 10,000 pictures without labels and money for 100 labels, all to be bought at once. Which
# pictures do you have labelled? Set `quiz_1` to the letter of your answer, such as `"a"`.
#
# - a) The first 100 of the file.
# - b) The 100 that lie farthest from every centroid.
# - c) The one nearest to each centroid of 100 clusters.
# - d) The 100 nearest to the centroid of the largest cluster.

# %% solution="quiz_1"
### BEGIN SOLUTION
quiz_1 = "c"
### END SOLUTION

# %% test="test_quiz_1" points=1
choice_1 = str(quiz_1).strip().lower()
assert choice_1 in {"a", "b", "c", "d"}, "Set quiz_1 to one of the letters 'a', 'b', 'c', 'd'."
### BEGIN HIDDEN TESTS
assert choice_1 != "a", "That is an arbitrary choice: some kinds of pictures may be missing in it."
assert choice_1 != "b", "Those are the odd ones: their labels say little about the many others."
assert choice_1 != "d", "Those are all alike: after a few of them the next one teaches nothing new."
### END HIDDEN TESTS

# %% [markdown]
# ### Quiz 2 (1 point)
#
# You want to choose the percentile for propagation and then report an honest score. What do you do? Set
# `quiz_2` to a letter.
#
# - a) Take the percentile with the best test score, and report that score.
# - b) Take the percentile that is best on a few other labelled pictures, then score once on the test
#   set.
# - c) Take 100: more training pictures are always better.
# - d) Take the percentile at which the score on the propagated labels themselves is highest.

# %% solution="quiz_2"
### BEGIN SOLUTION
quiz_2 = "b"
### END SOLUTION

# %% test="test_quiz_2" points=1
choice_2 = str(quiz_2).strip().lower()
assert choice_2 in {"a", "b", "c", "d"}, "Set quiz_2 to one of the letters 'a', 'b', 'c', 'd'."
### BEGIN HIDDEN TESTS
assert choice_2 != "a", (
    "The test set has then taken part in the choice: its best score is partly luck, and too good."
)
assert choice_2 != "c", (
    "More pictures come with more wrong labels: which effect wins must be measured."
)
assert choice_2 != "d", (
    "Propagated labels may be wrong, and a model that repeats their errors would look perfect."
)
### END HIDDEN TESTS

# %% [markdown]
# ### Open question (2 points)
#
# Label propagation assumes something about clusters and classes. What is it? Describe data on which
# propagation would do harm, and say how you could notice with a few extra labels. Two or three
# sentences; a person reads and marks this answer.

# %% [markdown] manual="explain_propagation" points=2
# It assumes that points of one cluster mostly share a class. If clusters follow something else, such
# as photographs that group by light and background while the classes are dog breeds, every cluster
# mixes classes and most inherited labels are wrong. To notice it, label a few random members of some
# clusters and count how often they agree with their representative: if hardly more often than by
# chance, do not propagate.

# %% [markdown]
# ## Wrap-up
#
# - Distances to centroids are features. For that use, choose $K$ by the score of the classifier.
# - If you can buy few labels, buy those of the representatives: they score higher, and depend less on luck.
# - Propagation gives each member its representative's label. The closer to the centroid, the more
#   often it is right; the fewer you keep, the less varied is what you learn from.
# - Active learning asks for the points with the smallest largest probability.
# - Cluster numbers are not classes. Name clusters by majority, and judge the names on new data.
# - A difference of a few test pictures is chance: repeat before you rank.
#
# **Next:** in lesson 9 other methods find clusters of shapes that k-means cannot.
#
# ## References
#
# 1. A. Géron, *Hands-On Machine Learning with Scikit-Learn, Keras, and TensorFlow*, 2nd edition,
#    O'Reilly 2019: chapter 9, on clustering for preprocessing and for semi-supervised learning.
# 2. A. Coates, A. Y. Ng, "Learning Feature Representations with K-Means", in *Neural Networks: Tricks
#    of the Trade*, 2nd edition, Springer 2012, pages 561-580.
# 3. X. Zhu, Z. Ghahramani, "Learning from Labeled and Unlabeled Data with Label Propagation",
#    technical report CMU-CALD-02-107, Carnegie Mellon University 2002. There labels spread along a
#    graph of neighbours, not through clusters; the idea is the same.
# 4. D. D. Lewis, W. A. Gale, "A Sequential Algorithm for Training Text Classifiers", *SIGIR* 1994,
#    pages 3-12: uncertainty sampling.
# 5. B. Settles, "Active Learning Literature Survey", Computer Sciences Technical Report 1648,
#    University of Wisconsin-Madison 2009.
# 6. H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine
#    Learning Algorithms", [arXiv](https://arxiv.org/abs/1708.07747) 2017.
# 7. E. Alpaydin, C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine Learning
#    Repository 1998: the digits.
