# %% [markdown]
# # 4 · Scaling up
#
# The data of lessons 1 to 3 fitted into a corner of your memory. What if there are a thousand times
# as many points, or more than your computer can hold, or if they arrive one handful after the other and
# never end? k-means can cope with all of that, if you change *how* it computes.
#
# **You will learn to**
#
# - say what k-means costs in time and memory, and measure both;
# - see how *Elkan's* algorithm avoids distances, and when that pays;
# - work through large data in chunks;
# - learn from small batches (*mini-batch k-means*), and tell what that gains and loses;
# - cluster a file larger than memory, and a stream that is never stored;
# - use the same idea on many machines, with Dask.
#
# **You need** lesson 2: assignments, centroids, inertia, k-means++. **Time:** about 60 minutes.
# **Marks:** 16, of which 2 are for a text that a person reads.

# %% [markdown]
# ## How the exercises work
#
# - Replace the line `raise NotSolvedYet` by your code, run the cell, then run the test below it. No
#   message means that the visible checks pass. More checks, on other data, run when your work is graded.
# - Your functions never change their inputs, and they take lists as well as arrays, of floats or of
#   whole numbers. Whatever is random comes from `rng`.
# - `K`, `N` and `D` (clusters, points, features) can be any size.
# - Where an exercise asks for a `ValueError`, write `raise ValueError("what is wrong")`.

# %% locked="setup" tags=["setup"]
import warnings
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np
from sklearn.cluster import KMeans, MiniBatchKMeans

from utils import (
    NotSolvedYet,
    assert_like,
    attempt,
    changed_inputs,
    every,
    is_like,
    load_five_blobs,
    load_mnist_digits,
    peak_memory,
    plot_centroids,
    plot_clusters,
    plot_data,
    refuses,
    show,
)
from utils.widgets.minibatch import minibatch_explorer

SEED = 30035
blobs, blob_of = load_five_blobs()


def best_seconds(function, repeats=3):
    """The shortest of several runs: the one that other programs disturbed least."""
    times = []
    for _ in range(repeats):
        begin = perf_counter()
        function()
        times.append(perf_counter() - begin)
    return min(times)


# %% [markdown]
# ## 1. What k-means costs
#
# Each iteration of k-means compares $N$ points with $K$ centroids, and each comparison looks at $D$
# features. The *time* grows with $N \times K \times D$. The *memory* depends on how you write it: the
# table of all distances has $N \times K$ numbers, and each number takes 8 bytes.
#
# **Predict first:** a million points, 100 centroids. Does the table of distances fit into the memory of
# your computer? And if you first write down all differences, $N \times K \times D$ numbers with 50
# features?

# %%
n_points, n_clusters, n_features = 1_000_000, 100, 50
print(f"the points themselves: {8 * n_points * n_features / 1e9:5.1f} GB")
print(f"table of distances:    {8 * n_points * n_clusters / 1e9:5.1f} GB")
print(f"all differences:       {8 * n_points * n_clusters * n_features / 1e9:5.1f} GB")

# %% [markdown]
# So the way it is written decides whether it runs at all. Do not guess: measure. The helper
# `peak_memory` from the setup cell runs a function and tells how many bytes it held at its **peak**, the
# worst moment. Here are two ways to assign points, both right:


# %%
def assign_by_differences(X, centroids):
    """All N x K x D differences at once."""
    return ((X[:, None, :] - centroids) ** 2).sum(axis=2).argmin(axis=1)


def assign_by_table(X, centroids):
    """One column of the N x K table after the other."""
    table = np.empty((len(X), len(centroids)))
    for k in range(len(centroids)):
        table[:, k] = ((X - centroids[k]) ** 2).sum(axis=1)
    return table.argmin(axis=1)


rng = np.random.default_rng(SEED)
cloud, hubs = rng.normal(size=(10_000, 10)), rng.normal(size=(50, 10))
one, differences_peak = peak_memory(assign_by_differences, cloud, hubs)
two, table_peak = peak_memory(assign_by_table, cloud, hubs)
print("same labels:", np.array_equal(one, two))

fig, ax = plt.subplots(figsize=(7, 2.6), layout="constrained")
names = ["the points themselves", "table, N x K", "differences, N x K x D"]
bars = ax.barh(names, [cloud.nbytes / 1e6, table_peak / 1e6, differences_peak / 1e6])
ax.bar_label(bars, fmt="%.1f MB", padding=4)
ax.set(xscale="log", xlabel="megabytes at the peak (log scale)", xlim=(0.3, 400))
show(
    fig,
    alt="Three bars on a logarithmic axis. The points take the least memory, the table of distances "
    "several times as much, and all the differences at once about nine times as much as the table.",
)

# %% [markdown]
# The labels are the same, the memory is not. Remember the two questions for the rest of this lesson:
# *how many distances must I compute?* and *how many must I keep at the same time?*
#
# ## 2. Fewer distances: Elkan's algorithm
#
# A detour is never shorter than the direct way. For three points $x$, $a$, $b$ this is the **triangle
# inequality**:
#
# $$d(a, b) \le d(a, x) + d(x, b)$$
#
# where $d$ is the distance. Suppose $x$ is close to its centroid $a$, and another centroid $b$ is at least
# twice as far from $a$ as $x$ is: $d(a, b) \ge 2\, d(a, x)$. Put this into the inequality, and you get
# $d(x, b) \ge d(a, x)$: centroid $b$ cannot be nearer. You know it *without computing* the distance from
# $x$ to $b$.

# %%
point, mine = np.array([1.0, 0.5]), np.array([0.0, 0.0])
others = np.array([[1.4, 1.4], [4.0, 1.5], [-2.5, 2.4], [3.0, -2.0]])
radius = 2 * np.linalg.norm(point - mine)
fig, ax = plt.subplots(figsize=(6, 4.4), layout="constrained")
plot_centroids(np.vstack([mine, others]), ax=ax)
ax.plot(*point, "o", color="black")
ax.annotate("x", point, xytext=(7, -3), textcoords="offset points", fontsize=13)
ax.plot(*np.column_stack([mine, point]), color="black", linewidth=1)
ax.add_patch(plt.Circle(mine, radius, fill=False, linestyle="--"))
ax.text(0, -radius - 0.12, "twice the distance", ha="center", va="top")
ax.set(xlim=(-3.4, 5), ylim=(-3.1, 3.1), aspect="equal")
show(
    ax,
    alt="A point x near its centroid 0, and a dashed circle around centroid 0 whose radius is twice their "
    "distance. Centroid 1 lies inside the circle, the centroids 2, 3 and 4 lie outside.",
)

# %% [markdown]
# Only centroid 1 lies inside the circle. The distances from $x$ to 2, 3 and 4 need not be computed.
#
# **Predict first:** which share of all distances to *other* centroids does this rule save on the five
# blobs? And on pictures of handwritten digits, with 784 features?

# %%
digits, _ = load_mnist_digits()


def skipped_share(model, X):
    """Share of the distances to other centroids that the circle rule makes needless."""
    own = model.transform(X).min(axis=1)
    between = np.linalg.norm(model.cluster_centers_[:, None] - model.cluster_centers_, axis=2)
    outside = between[model.labels_] >= 2 * own[:, None]
    return outside.sum() / (len(X) * (len(between) - 1))


for name, X, k in [("five blobs", blobs, 5), ("digits", digits, 30)]:
    model = KMeans(k, n_init=1, random_state=SEED).fit(X)
    print(f"{name}: {len(X):,} points, {X.shape[1]} features, K = {k}:", end=" ")
    print(f"{skipped_share(model, X):.1%} of the distances need not be computed")

# %% [markdown]
# With few features and clear groups the rule saves nearly everything. With many features all distances
# are alike, and it saves little. Charles **Elkan** went further. His algorithm also *remembers*
# bounds for the distances from one iteration to the next, and moves them as the centroids move. That
# saves distances on the digits too, but there is a price: a table of $N \times K$ bounds to keep, and to
# keep up to date.
#
# The result is the same as Lloyd's, since only needless work is left out. Which is faster? The number
# of saved distances does not tell; the clock does. scikit-learn has both.

# %%
cases = [("five blobs", blobs, 5), ("digits", digits, 30)]
fig, axes = plt.subplots(1, 2, figsize=(9, 2.8), layout="constrained")
for ax, (name, X, k) in zip(axes, cases, strict=True):
    start = X[:: len(X) // k][:k]
    models = [
        KMeans(k, init=start, n_init=1, algorithm=a, random_state=SEED) for a in ("lloyd", "elkan")
    ]
    seconds = [best_seconds(lambda model=model, X=X: model.fit(X), repeats=2) for model in models]
    print(
        f"{name}: same inertia: {np.isclose(models[0].inertia_, models[1].inertia_)}, "
        f"time of Elkan / time of Lloyd: {seconds[1] / seconds[0]:.2f}"
    )
    bars = ax.bar(["Lloyd", "Elkan"], 1000 * np.array(seconds), width=0.5)
    ax.bar_label(bars, fmt="%.1f ms", padding=2)
    ax.set(title=f"{name}, {X.shape[1]} features, K = {k}", ylabel="milliseconds")
    ax.margins(y=0.2)
show(
    fig,
    alt="Two bar charts of the time of a whole run, Lloyd beside Elkan: on the five blobs and on the "
    "digits. The times of this run stand on the bars.",
)

# %% [markdown]
# Look at your own times. On small data with two features a distance is so cheap that keeping bounds
# costs more than it saves. With hundreds of features a distance is dear, and Elkan tends to win. Older
# texts call Elkan the default choice. In scikit-learn the default has been `"lloyd"` since version 1.1,
# because of the memory for the bounds.
#
# ## 3. Fewer distances at the same time: chunks
#
# You need each row of the table of distances only for a moment: once you have found its smallest entry,
# you can forget it. So cut the points into **chunks** of, say, 1,000 rows, and work on one after the
# other. The work is the same, but only a small piece of the table exists at any moment.
#
# **Predict first:** 7 points in chunks of 3. How many chunks are there, and how long is the last?

# %%
seven = np.arange(7)
for begin in range(0, len(seven), 3):
    print("chunk:", seven[begin : begin + 3])

# %% [markdown]
# The last chunk is shorter. A slice that goes beyond the end is no error: it just ends.
#
# ### Exercise 1 · Assign in chunks (4 points)
#
# Write `assign_in_chunks(X, centroid_locations, chunk_size)`. `X` has the shape `(N, D)`,
# `centroid_locations` the shape `(K, D)`. It returns the index of the nearest centroid for each point:
# whole numbers, shape `(N,)`, in the order of the points.
#
# - Never work on more than `chunk_size` points at once. For small chunks, the peak memory beyond the inputs must
#   be below a quarter of the whole `N` x `K` table.
# - If two centroids are equally near, the point goes to the one with the lower index.
# - `chunk_size` may be larger than `N`, and need not divide `N`.
# - Raise a `ValueError` if `chunk_size` is below 1, or if `X` and `centroid_locations` do not have the
#   same number of columns.
#
# *Hint:* work with squared distances, and turn each chunk into floats: the numbers of type `uint8`, as in
# pictures, cannot hold a negative difference. Make an empty result with `np.empty(N, dtype=int)` and
# fill in one piece after the other.


# %% solution="assign_in_chunks"
def assign_in_chunks(X, centroid_locations, chunk_size):
    """The index of the nearest centroid of each point, shape (N,), chunk by chunk."""
    ### BEGIN SOLUTION
    X = np.asarray(X)
    mu = np.asarray(centroid_locations, dtype=float)
    if chunk_size < 1:
        raise ValueError(f"a chunk of {chunk_size} points")
    if X.shape[1] != mu.shape[1]:
        raise ValueError(f"the points have {X.shape[1]} features, the centroids {mu.shape[1]}")
    labels = np.empty(len(X), dtype=int)
    for begin in range(0, len(X), chunk_size):
        chunk = X[begin : begin + chunk_size].astype(float)
        table = np.empty((len(chunk), len(mu)))
        for k in range(len(mu)):
            table[:, k] = np.sum((chunk - mu[k]) ** 2, axis=1)
        labels[begin : begin + chunk_size] = table.argmin(axis=1)
    return labels
    ### END SOLUTION


# %% test="test_assign_in_chunks" points=2
nearest = assign_in_chunks(
    np.array([[0.0, 0], [9, 9], [1, 0], [8, 9], [0, 1]]), np.array([[0.0, 0], [9, 9]]), 2
)
assert nearest is not None, "Your function returns nothing: does it end in a `return`?"
assert len(nearest) != 3, (
    "You return one result for each chunk: join them into one array, for example with np.concatenate."
)
nearest = np.asarray(nearest)
assert nearest.shape != (5, 2), (
    "You return a number for each point and centroid: return only the index of the smallest."
)
assert nearest.shape != (1,), "You return only the last chunk: keep the results of all chunks."
assert nearest.shape != (2,), (
    "You return the labels of a single chunk: is the `return` inside the loop?"
)
assert nearest.shape != (4,), "The last chunk is missing: it may be shorter than the others."
assert nearest.shape == (5,), f"5 points give the shape (5,); yours is {nearest.shape}."
assert nearest.dtype.kind in "iuf" and every(nearest == np.round(nearest)), (
    "Return the index of the nearest centroid, a whole number, and not a distance."
)
assert not np.array_equal(nearest, [0, 0, 1, 1, 1]), (
    "These are the distances themselves: return the index of the smallest one, and not its value."
)
assert not np.array_equal(nearest, [1, 0, 1, 0, 1]), (
    "Every point goes to the centroid that is farthest away: look for the smallest distance."
)
assert nearest[-1] == 0, (
    "The last point, (0, 1), got a wrong label: is the last, shorter chunk worked on?"
)
assert np.array_equal(nearest[:4], [0, 1, 0, 1]), (
    "Points near (0, 0) go to centroid 0, points near (9, 9) to centroid 1, in the order of `X`."
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(51)
places = helper.normal(scale=4, size=(83, 3))
hubs_5 = helper.normal(scale=4, size=(5, 3))
true = np.linalg.norm(places[:, None] - hubs_5, axis=2).argmin(axis=1)
got_10 = attempt(
    "With 83 points, 5 centroids, 3 features and chunks of 10", assign_in_chunks, places, hubs_5, 10
)
got_10 = np.asarray(got_10)
assert got_10.shape == (83,), (
    "83 points in chunks of 10 must give 83 labels: what happens to the last 3 points?"
)
assert not (np.array_equal(got_10[:80], true[:80]) and np.any(got_10[80:] != true[80:])), (
    "The points of the last, shorter chunk get wrong labels."
)
assert np.array_equal(got_10, true), (
    "With 83 points, 5 centroids and 3 features some labels are wrong: is a size, or a variable of the "
    "notebook, fixed in your code?"
)
for size in (1, 7, 83):
    got_size = attempt(f"With chunks of {size}", assign_in_chunks, places, hubs_5, size)
    assert np.array_equal(got_size, true), (
        f"With chunks of {size} the labels differ: they must not depend on the size of the chunks."
    )
dark = attempt(
    "With uint8 pixels",
    assign_in_chunks,
    np.array([[0, 0], [30, 30], [200, 180]], dtype=np.uint8),
    np.array([[250, 250], [20, 20]], dtype=np.uint8),
    2,
)
assert np.array_equal(dark, [1, 1, 0]), (
    "With uint8 numbers the differences wrap around: turn each chunk and the centroids into floats."
)
### END HIDDEN TESTS

# %% test="test_assign_in_chunks__memory" points=1
mesh = np.random.default_rng(52).normal(size=(1000, 2))
knots = np.random.default_rng(53).normal(size=(100, 2))
assign_in_chunks(mesh[:30], knots, 3)
given_labels, held = peak_memory(assign_in_chunks, mesh, knots, 3)
assert np.shape(given_labels) == (1000,), (
    "1,000 points in chunks of 3 must give 1,000 labels: what happens to the last point?"
)
assert held < 1000 * 100 * 8 / 4, (
    f"At its peak your function held {held / 1000:.0f} kB; the whole N x K table takes "
    f"{1000 * 100 * 8 / 1000:.0f} kB. Compute the distances of `chunk_size` points at a time (it is the size "
    "of a chunk, not the number of chunks), and keep only labels."
)
### BEGIN HIDDEN TESTS
wide_mesh = np.random.default_rng(54).normal(size=(1205, 3))
many_knots = np.random.default_rng(55).normal(size=(60, 3))
wide_labels, wide_held = peak_memory(assign_in_chunks, wide_mesh, many_knots, 10)
assert np.shape(wide_labels) == (1205,), "1,205 points in chunks of 10 must give 1,205 labels."
assert wide_held < 1205 * 60 * 8 / 4, (
    "With 1,205 points, 60 centroids and chunks of 10 your function holds too much at once: are all "
    "distances kept until the end, or is the size of the chunks fixed in your code?"
)
wide_table = ((wide_mesh[:, None] - many_knots) ** 2).sum(axis=2)
assert np.array_equal(wide_labels, wide_table.argmin(axis=1)), (
    "With 1,205 points, 60 centroids and chunks of 10 some labels are wrong."
)
### END HIDDEN TESTS

# %% test="test_assign_in_chunks__edges" points=1
tied = np.asarray(assign_in_chunks(np.array([[2.0, 0]]), np.array([[0.0, 0], [4, 0]]), 1))
assert tied[0] == 0, "At equal distance the point goes to the centroid with the lower index."
assert refuses(assign_in_chunks, [[0.0, 0.0]], [[1.0, 2.0]], 0), (
    "A chunk of 0 points must raise a ValueError."
)
assert refuses(assign_in_chunks, [[1.0], [2.0]], [[1.0, 2.0]], 2), (
    "Points with 1 feature and centroids with 2 must raise a ValueError, even where NumPy would stretch them."
)
### BEGIN HIDDEN TESTS
larger = attempt(
    "With plain lists, and a chunk larger than N,",
    assign_in_chunks,
    [[1, 1], [2, 2], [0, 0]],
    [[9, 9], [0, 2], [2, 0], [2, 2], [0, 0]],
    50,
)
assert np.shape(larger) == (3,), "A chunk larger than N is one chunk with all the points."
assert np.array_equal(larger, [1, 3, 4]), (
    "At equal distance from several centroids the lowest index wins."
)
alone = attempt("For one point and one centroid", assign_in_chunks, [[7.0]], [[-3.0]], 1)
assert np.shape(alone) == (1,) and np.asarray(alone)[0] == 0, (
    "One point and one centroid: the answer is a single 0, in an array of shape (1,)."
)
kept_points, kept_hubs = np.array([[0.0, 1.0], [3.0, 4.0]]), np.array([[1.0, 1.0], [5.0, 5.0]])
touched = changed_inputs(assign_in_chunks, kept_points, kept_hubs, 1)
assert 0 not in touched, "Your function changes `X`: work on a copy."
assert not touched, "Your function changes `centroid_locations`: work on a copy."
assert refuses(assign_in_chunks, [[0.0, 0.0]], [[1.0, 2.0]], -3), (
    "A negative chunk size must raise a ValueError: an empty loop must not pass silently."
)
assert refuses(assign_in_chunks, [[0.0, 0.0, 0.0]], [[1.0, 2.0]], 2), (
    "Points with 3 features and centroids with 2 must raise a ValueError."
)
assert refuses(assign_in_chunks, [[0.0, 0.0], [1.0, 1.0]], [[1.0], [3.0]], 1), (
    "Points with 2 features and centroids with 1 must raise a ValueError, even where NumPy would "
    "stretch them."
)
### END HIDDEN TESTS

# %% [markdown]
# How small should a chunk be? **Predict first:** what happens to the memory, and what to the time, as the
# chunks get smaller? Here is your own function on 10,000 points with 20 centroids.

# %%
sizes = [10, 100, 1000, 10_000]
peaks, milliseconds = [], []
for size in sizes:
    _, peak = peak_memory(assign_in_chunks, cloud, hubs[:20], size)
    peaks.append(peak / 1e6)
    milliseconds.append(
        1000 * best_seconds(lambda size=size: assign_in_chunks(cloud, hubs[:20], size), repeats=2)
    )

fig, axes = plt.subplots(1, 2, figsize=(9, 3.3), layout="constrained")
axes[0].loglog(sizes, peaks, "o-")
axes[0].axhline(8 * 10_000 * 20 / 1e6, color="black", linestyle="--", label="the whole table")
axes[0].set(xlabel="chunk size", ylabel="peak memory (MB)")
axes[0].legend(frameon=False)
axes[1].loglog(sizes, milliseconds, "s-")
axes[1].set(xlabel="chunk size", ylabel="milliseconds")
show(
    fig,
    alt="Left: peak memory against chunk size, rising with the chunk size. A dashed line marks the size "
    "of the whole table. Right: the time of the same calls, measured in this run.",
)

# %% [markdown]
# Memory shrinks with the chunks until only the labels are left. (With all points in one chunk it may even be
# more than the table alone: the differences on the way to it need room too.) Time is another matter: each chunk costs
# one round of Python, so very small chunks are slow. Very large ones can be slow too, since they do not fit
# into the processor's fast cache. Anything between is fine.
#
# ## 4. Learn from small batches
#
# Lloyd's algorithm looks at *all* points before it moves a centroid a single time. Is that necessary? A
# few hundred points, drawn at random, would already tell roughly where to go. **Mini-batch k-means** takes
# a small random **batch** of points, moves the centroids a bit, forgets the batch, and takes the next.
#
# How far should a centroid move? **First attempt:** put it on the mean of its points in the batch, as
# before. **Predict:** what will the path of a centroid look like?


# %%
def batch_means(centroids, batch):
    """Move each centroid to the mean of its points in this batch."""
    labels = assign_by_table(batch, centroids)
    rows = [
        batch[labels == k].mean(axis=0) if np.any(labels == k) else centroids[k]
        for k in range(len(centroids))
    ]
    return np.array(rows)


rng = np.random.default_rng(SEED)
centroids = np.array([[-0.3, 2.9], [-1.0, 1.8], [-2.8, 1.3], [-2.8, 1.8], [-2.8, 2.8]])
path = [centroids]
for _ in range(60):
    path.append(batch_means(path[-1], blobs[rng.integers(len(blobs), size=25)]))
path = np.array(path)

fig, ax = plt.subplots(figsize=(8, 3.8), layout="constrained")
plot_data(blobs, ax=ax)
for k in range(2):
    ax.plot(*path[:, k].T, "-", color="white", linewidth=3, zorder=3)
    ax.plot(*path[:, k].T, ".-", color="black", linewidth=1, zorder=3)
plot_centroids(path[-1], ax=ax)
ax.set_title("60 batches of 25 points, each forgotten at once")
show(
    fig,
    alt="The five blobs with the paths of centroids 0 and 1 over 60 batches. Both paths jump to and fro "
    "inside their blobs and never settle.",
)

# %% [markdown]
# The centroids never come to rest: each jumps to the mean of the last handful. What is missing is *memory*
# of the earlier batches. It takes little: keep for each centroid $k$ the **count** $n_k$ of the points it
# has received so far, and let $\mu_k$ be the mean of *all of them*. When a new point $x$ comes to centroid
# $k$, this *running mean* is brought up to date by
#
# $$n_k \leftarrow n_k + 1, \qquad \mu_k \leftarrow \mu_k + \frac{1}{n_k}\,(x - \mu_k)$$
#
# in this order: $n_k$ has already been raised when you divide by it. The arrow means "becomes". The
# factor $1/n_k$ is the **learning rate**: each new point counts less than the one before it, so the
# centroid settles. Try it with one centroid.

# %%
mean_so_far, count = 0.0, 0
for x in [4.0, 8.0, 6.0, 2.0]:
    count = count + 1
    mean_so_far = mean_so_far + (x - mean_so_far) / count
    print(f"point {x}, count {count}: centroid {mean_so_far}")
print("mean of all four:", np.mean([4.0, 8.0, 6.0, 2.0]))

# %% [markdown]
# The points themselves are never kept, only the mean and the count. With a count of 0 the first point
# replaces the start. This is how D. Sculley described it in 2010. In his recipe all points of a batch are
# assigned first, to the **old** centroids, and only then do the centroids move.
#
# ### Exercise 2 · One mini-batch (4 points)
#
# Write `minibatch_update(centroid_locations, counts, batch)`. `centroid_locations` has the shape `(K, D)`,
# `counts` the shape `(K,)`: the $n_k$ so far. `batch` has the shape `(n, D)`. It returns two things, the new
# centroids, shape `(K, D)`, and the new counts, shape `(K,)`.
#
# - First assign the *whole* batch to the old centroids (at equal distance to the lower index). Then move
#   the centroids by the rule above.
# - A centroid that gets no point of the batch stays, and so does its count. No `RuntimeWarning` may come up,
#   also where a count is 0.
# - The counts are whole numbers, in an array of an integer type. The centroids are floats, also
#   where all the inputs are whole numbers.
# - The inputs stay as they are: return new arrays.
# - Raise a `ValueError` if `batch` and `centroid_locations` do not have the same number of columns, or if
#   there is not one count for each centroid.
#
# *Hint:* a loop over the points does it. Without a loop: the new centroid is the mean of $n_k$ copies of the
# old one and of its points in the batch.


# %% solution="minibatch_update"
def minibatch_update(centroid_locations, counts, batch):
    """The centroids, shape (K, D), and their counts, shape (K,), after one more batch."""
    ### BEGIN SOLUTION
    mu = np.array(centroid_locations, dtype=float)
    counts = np.array(counts, dtype=int)
    batch = np.asarray(batch, dtype=float)
    if batch.shape[1] != mu.shape[1]:
        raise ValueError(f"{batch.shape[1]} features in the batch, {mu.shape[1]} in the centroids")
    if counts.shape != (len(mu),):
        raise ValueError(f"{len(mu)} centroids need {len(mu)} counts, not {counts.shape}")
    squared_distances = np.stack([np.sum((batch - m) ** 2, axis=1) for m in mu], axis=1)
    labels = squared_distances.argmin(axis=1)
    for x, k in zip(batch, labels, strict=True):
        counts[k] += 1
        mu[k] += (x - mu[k]) / counts[k]
    return mu, counts
    ### END SOLUTION


# %% test="test_minibatch_update" points=2
both = minibatch_update(
    np.array([[0.0, 0], [10, 0]]), np.array([5, 4]), np.array([[3.0, 0], [3, 3], [12, 5]])
)
assert both is not None, "Your function returns nothing: does it end in a `return`?"
assert len(both) == 2 and np.shape(both[0]) == (2, 2), (
    "Return two things, the new centroids of shape (K, D) and the new counts: `return centroids, counts`."
)
moved, total = np.asarray(both[0], dtype=float), np.asarray(both[1])
assert total.shape == (2,), f"There is one count for each centroid, shape (2,), not {total.shape}."
assert not np.array_equal(total, [5, 4]), (
    "The counts stay as they were: each point raises its count."
)
assert not np.array_equal(total, [2, 1]), (
    "These are the counts of this batch alone: add them to the counts so far."
)
assert np.array_equal(total, [7, 5]), (
    "Two points are nearest to centroid 0 and one to centroid 1: their counts rise by so many."
)
assert not is_like(moved[0], [3, 1.5]), (
    "The centroid jumps to the mean of this batch: the 5 points that it got before must count too."
)
assert not is_like(moved[0], [1.5, 0.75]), (
    "The centroid goes half of the way: how far it goes depends on how many points it has had."
)
assert not is_like(moved[0], [2, 1]), (
    "The old centroid counts like a single point: it stands for as many points as its count says."
)
assert not is_like(moved[0], [1, 0.5]), (
    "You divide by the count before the point: raise the count first, then divide by it."
)
assert not is_like(moved[0], [1.2, 0.6]), (
    "You divide by the old count: the points of the batch belong into it too."
)
assert not is_like(moved[0], [3 / 7, 1.5 / 7]), (
    "You move only once, towards the mean of the batch, as if it were a single point."
)
assert not is_like(moved, [[0, 0], [10, 0]]), "The centroids do not move at all."
assert_like(
    moved[1], [10.4, 1], "Centroid 1 must be the mean of four points at (10, 0) and one at (12, 5)."
)
assert_like(
    moved[0],
    [6 / 7, 3 / 7],
    "Centroid 0 must be the mean of five points at (0, 0) and its two points of the batch.",
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(61)
far_apart = np.array([[0, 0, 0], [90, 0, 0], [0, 90, 0], [0, 0, 90], [90, 90, 0], [0, 90, 90]])
owner = helper.permutation(np.repeat([0, 1, 3, 4, 5], [30, 10, 25, 5, 20]))
drops = far_apart[owner] + helper.normal(size=(90, 3))
where, so_far = far_apart + 0.5, np.zeros(6, dtype=int)
for part in np.array_split(np.arange(90), 7):
    pair = attempt("With 6 centroids in 3 dimensions", minibatch_update, where, so_far, drops[part])
    where, so_far = np.asarray(pair[0], dtype=float), np.asarray(pair[1])
    assert where.shape == (6, 3), "With 6 centroids in 3 dimensions their shape must be (6, 3)."
    assert so_far.shape == (6,), (
        "With 6 centroids there are 6 counts, also where some get no point."
    )
assert every(np.isfinite(where)), "A centroid became nan: one without points must stay where it is."
assert np.array_equal(so_far, [30, 10, 0, 25, 5, 20]), (
    "After seven batches the counts are wrong: they are the numbers of points each centroid received."
)
running = np.array([drops[owner == k].mean(axis=0) for k in [0, 1, 3, 4, 5]])
last = owner[part]
assert not is_like(where[last[0]], drops[part][last == last[0]].mean(axis=0)), (
    "After seven batches a centroid is the mean of the last batch only: earlier points must count too."
)
assert_like(
    where[[0, 1, 3, 4, 5]],
    running,
    "Starting with counts of 0, after seven batches each centroid must be the mean of all the points it "
    "received: in a running mean every point counts the same.",
)
assert_like(where[2], [0.5, 90.5, 0.5], "A centroid that gets no point must stay where it is.")
### END HIDDEN TESTS

# %% test="test_minibatch_update__old_centroids" points=1
early, tally = minibatch_update(
    np.array([[0.0], [10.0]]), np.array([0, 3]), np.array([[4.0], [6.0]])
)
assert not np.array_equal(np.asarray(tally), [2, 3]), (
    "The point 6 went to centroid 0 after that had moved: assign the whole batch to the old centroids "
    "first, then move them."
)
assert np.array_equal(np.asarray(tally), [1, 4]), "Each centroid receives one of the two points."
assert_like(
    early,
    [[4], [9]],
    "A centroid with the count 0 goes to its first point; one with the count 3 goes a quarter of the way.",
)
### BEGIN HIDDEN TESTS
later, score_board = minibatch_update(
    np.array([[0.0, 0.0], [8.0, 0.0], [0.0, 50.0]]),
    np.array([1, 0, 0]),
    np.array([[3.0, 0.0], [3.5, 0.0], [3.7, 0.0], [4.5, 0.0], [5.0, 0.0]]),
)
assert np.array_equal(np.asarray(score_board), [4, 2, 0]), (
    "A centroid that has moved attracts other points: the whole batch must be assigned before any "
    "centroid moves."
)
assert_like(
    later,
    [[2.55, 0], [4.75, 0], [0, 50]],
    "With three centroids the new places are wrong: is each the mean of all the points it received?",
)
### END HIDDEN TESTS

# %% test="test_minibatch_update__edges" points=1
place, number = attempt(
    "With whole numbers, where you must make a float copy of the centroids,",
    minibatch_update,
    np.array([[1], [20]]),
    np.array([1, 0]),
    np.array([[2]]),
)
assert np.asarray(number).dtype.kind in "iu", (
    f"The counts must be of an integer type, not {np.asarray(number).dtype}."
)
assert every(~np.isnan(np.asarray(place, dtype=float))), (
    "A centroid became nan: one without points must stay where it is, also where its count is 0."
)
assert not is_like(place, [[1], [20]]), (
    "With whole numbers as input the centroid is cut to a whole number: make a float copy of the centroids."
)
assert_like(
    place,
    [[1.5], [20]],
    "The mean of 1 and 2 lies between them; a centroid without points stays where it is.",
)
assert refuses(minibatch_update, [[0.0, 0.0]], [1], [[1.0, 2.0, 3.0]]), (
    "Points with 3 features and centroids with 2 must raise a ValueError."
)
### BEGIN HIDDEN TESTS
with warnings.catch_warnings():
    warnings.simplefilter("error")
    quiet = attempt(
        "With plain lists, counts of 0, and warnings turned into errors,",
        minibatch_update,
        [[0, 0], [9, 9], [30, 30]],
        [0, 0, 0],
        [[1, 2], [2, 2], [8, 9]],
    )
assert_like(
    quiet[0],
    [[1.5, 2], [8, 9], [30, 30]],
    "Wrong with plain lists and counts of 0: a centroid with the count 0 goes to the mean of its points, "
    "and one without points stays.",
)
assert np.array_equal(np.asarray(quiet[1]), [2, 1, 0]), "Wrong counts with plain lists."
pixels = np.array([[200], [250], [240]], dtype=np.uint8)
bright = attempt("With uint8 pixels", minibatch_update, [[10]], [0], pixels)
assert_like(
    bright[0],
    [[230]],
    "With uint8 numbers sums and differences wrap around: turn the batch into floats first.",
)
kept = (np.array([[0.0, 2.0], [40.0, 6.0]]), np.array([3, 1]), np.array([[1.0, 1.0], [35.0, 5.0]]))
touched = changed_inputs(minibatch_update, *kept)
assert 0 not in touched, "Your function changes `centroid_locations`: work on a copy."
assert 1 not in touched, "Your function changes `counts`: work on a copy."
assert not touched, "Your function changes `batch`: work on a copy."
assert refuses(minibatch_update, [[0.0], [5.0]], [1, 1], [[1.0, 2.0]]), (
    "Centroids with 1 feature and points with 2 must raise a ValueError."
)
assert refuses(minibatch_update, [[0.0], [5.0]], [1], [[1.0], [6.0]]), (
    "Two centroids and one count do not fit together: raise a ValueError."
)
assert refuses(minibatch_update, [[0.0], [5.0]], [1, 2, 3], [[1.0], [6.0]]), (
    "Two centroids and three counts do not fit together: raise a ValueError."
)
assert refuses(minibatch_update, [[0.0, 0.0], [9.0, 9.0]], [1, 1], [[1.0], [8.0]]), (
    "A batch with 1 feature and centroids with 2 must raise a ValueError. NumPy repeats the single "
    "column without a word, so compare the numbers of columns yourself."
)
### END HIDDEN TESTS

# %% [markdown]
# The same start and the same 60 batches, now with your running mean:

# %%
rng = np.random.default_rng(SEED)
now, counts = path[0], np.zeros(5, dtype=int)
calm = [now]
for _ in range(60):
    now, counts = minibatch_update(now, counts, blobs[rng.integers(len(blobs), size=25)])
    calm.append(now)
calm = np.array(calm)

fig, ax = plt.subplots(figsize=(8, 3.8), layout="constrained")
plot_data(blobs, ax=ax)
for k in range(2):
    ax.plot(*calm[:, k].T, "-", color="white", linewidth=3, zorder=3)
    ax.plot(*calm[:, k].T, ".-", color="black", linewidth=1, zorder=3)
plot_centroids(now, ax=ax)
ax.set_title(f"60 batches of 25 points; counts {counts.tolist()}")
show(
    fig,
    alt="The five blobs with the paths of centroids 0 and 1, now as running means: after a few short steps "
    "both paths stay in one place in the middle of their blobs.",
)

# %% [markdown]
# **Play with it.** The sliders set the batch size and the number of passes over the data. All runs begin at
# the same bad start. **Predict first:** after one pass every method has looked at every point once. Which
# has the lower inertia: batches of 10, batches of 2,000 (all the points), or Lloyd? Why do large batches
# stay behind Lloyd even after many passes?

# %%
minibatch_explorer(blobs, k=5, seed=SEED)

# %% [markdown]
# <details>
# <summary>What you should have seen</summary>
#
# Small batches move the centroids hundreds of times in one pass, so they arrive sooner. Batches of all the
# points do *not* turn into Lloyd's algorithm: the counts remember the wrong assignments of the first
# passes for ever, while Lloyd forgets them at each iteration.
#
# </details>
#
# ## 5. What mini-batches gain and lose
#
# scikit-learn's `MiniBatchKMeans` adds a good start (k-means++) and stops by itself. On the five blobs:

# %%
models = {
    "KMeans, 1 start": KMeans(5, n_init=1, random_state=42),
    "KMeans, 10 starts": KMeans(5, n_init=10, random_state=42),
    "MiniBatchKMeans": MiniBatchKMeans(5, random_state=42),
}
for name, model in models.items():
    seconds = best_seconds(lambda model=model: model.fit(blobs))
    print(f"{name:<18} inertia {model.inertia_:.2f}, {1000 * seconds:.1f} ms")

# %% [markdown]
# For so few points one run of either takes only milliseconds, and the luck of the start decides about the
# inertia: even ten starts of the full k-means can all miss the best solution. To compare the methods
# themselves, take more points, 10,000 with 10 features in one big cloud, and one run of each, for several $K$.
# **Predict first:** as $K$ grows, does the *inertia ratio* (mini-batch inertia divided by full inertia) rise
# or fall? And the *time ratio*?

# %%
ks = [2, 5, 10, 20, 40, 70, 100]
inertia_ratio, time_ratio = [], []
for k in ks:
    full = KMeans(k, n_init=1, random_state=SEED)
    mini = MiniBatchKMeans(k, n_init=1, random_state=SEED)
    full_seconds = best_seconds(lambda full=full: full.fit(cloud), repeats=1)
    mini_seconds = best_seconds(lambda mini=mini: mini.fit(cloud), repeats=2)
    inertia_ratio.append(mini.inertia_ / full.inertia_)
    time_ratio.append(mini_seconds / full_seconds)

fig, axes = plt.subplots(1, 2, figsize=(9.5, 3.5), layout="constrained")
for ax, ratio, name in zip(axes, (inertia_ratio, time_ratio), ("inertia", "time"), strict=True):
    ax.plot(ks, ratio, "o-")
    ax.axhline(1, color="black", linestyle="--")
    ax.text(100, 1, "equal", ha="right", va="bottom")
    ax.set(xlabel="K", ylabel=f"{name} ratio", title=f"{name}: mini-batch / full k-means")
axes[1].set_ylim(0, 1.15 * max(1, *time_ratio))
show(
    fig,
    alt="Left: the ratio of the inertias against K. It starts close to 1 and rises to a few hundredths above "
    "it. Right: the ratio of the times against K, most of it far below 1.",
)
print("inertia ratios:", np.round(inertia_ratio, 3))
print("time ratios:   ", np.round(time_ratio, 2))

# %% [markdown]
# That is the bargain: a little worse, and much sooner. The loss grows with $K$, because each centroid then
# gets fewer points of each batch.
#
# ## 6. A file larger than memory
#
# Batches have a second merit: only one of them must be in memory. The others can stay on disk. NumPy's
# `np.memmap` makes a file look like an array. Nothing is read until you take a slice, and then only that
# slice. Here the digits go to a file in a temporary folder, once and then four times over. The folder is deleted
# at the end. **Predict first:** does four times as much data take four times as much memory?

# %%
from pathlib import Path
from tempfile import TemporaryDirectory

with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    for copies in (1, 4):
        file, shape = Path(folder) / f"{copies}.data", (copies * len(digits), digits.shape[1])
        writer = np.memmap(file, dtype="float32", mode="w+", shape=shape)
        for begin in range(0, shape[0], len(digits)):
            writer[begin : begin + len(digits)] = digits
        writer.flush()

        mapped = np.memmap(file, dtype="float32", mode="r", shape=shape)
        model = MiniBatchKMeans(10, batch_size=256, random_state=SEED)
        _, peak = peak_memory(model.fit, mapped)
        print(f"file: {file.stat().st_size / 1e6:4.1f} MB, allocated: {peak / 1e6:.1f} MB")
        del writer, mapped, model
print("file left behind:", file.exists())

# %% [markdown]
# scikit-learn clusters the file as if it were an array, and needs no more memory for a longer file. The mode
# `"w+"` makes a new file, `"r"` only reads.
# The file holds nothing but numbers, so *you* must know its `dtype` and `shape`.
#
# But `peak_memory` asks Python what *it* has set aside, and mapped pages of a file are not among that. What
# does the operating system say? It counts the **resident set**: all pages of a program that are in real
# memory. The next cell starts a fresh Python for each measurement. Each of them makes one pass of k-means
# over a file, in one of three ways:
#
# - *load*: read the whole file into an array;
# - *map once*: open one `np.memmap` for the whole file;
# - *map pieces*: open a small `np.memmap` for each batch, and let it go again.
#
# **Predict first:** for which of them does the resident set grow with the file?

# %%
import subprocess
import sys

PROGRAM = """
import os, sys
import numpy as np, psutil
path, way, *limit = sys.argv[1:]
n, size, process = os.path.getsize(path) // 64, 4096, psutil.Process()
if limit:
    import resource
    allowed = process.memory_info().data + int(limit[0]) * 1_000_000
    resource.setrlimit(resource.RLIMIT_DATA, (allowed, allowed))
centroids, counts = np.linspace(-1, 1, 5)[:, None] + np.zeros(16), np.zeros(5)
before = peak = process.memory_info().rss
if way == "load":
    X = np.fromfile(path, dtype="float32").reshape(n, 16)
if way == "map once":
    X = np.memmap(path, dtype="float32", mode="r", shape=(n, 16))
for begin in range(0, n, size):
    if way == "map pieces":
        shape = (min(size, n - begin), 16)
        batch = np.memmap(path, dtype="float32", mode="r", offset=64 * begin, shape=shape)
    else:
        batch = X[begin : begin + size]
    labels = np.stack([((batch - c) ** 2).sum(axis=1) for c in centroids]).argmin(axis=0)
    for k in range(5):
        members = batch[labels == k]
        counts[k] += len(members)
        centroids[k] += (members - centroids[k]).sum(axis=0) / max(counts[k], 1)
    peak = max(peak, process.memory_info().rss)
print(peak - before)
"""

ways, megabytes = ["load", "map once", "map pieces"], [15, 60, 120]
grown = {way: [] for way in ways}
rng = np.random.default_rng(SEED)
with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    file = Path(folder) / "points.data"
    for size in megabytes:
        while not file.exists() or file.stat().st_size < size * 1e6:
            with file.open("ab") as out:
                rng.standard_normal((50_000, 16), dtype="float32").tofile(out)
        for way in ways:
            command = [sys.executable, "-c", PROGRAM, str(file), way]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            grown[way].append(int(done.stdout) / 1e6)
    ends = {}
    if sys.platform == "linux":
        for way in ways:
            command = [sys.executable, "-c", PROGRAM, str(file), way, str(megabytes[-1] // 2)]
            done = subprocess.run(command, capture_output=True, text=True)
            fell = "MemoryError" if "MemoryError" in done.stderr else "stops"
            ends[way] = "gets to the end" if done.returncode == 0 else fell
print("file left behind:", file.exists())

# %%
fig, ax = plt.subplots(figsize=(7, 3.6), layout="constrained")
for way, style, width in zip(ways, ["o-", "s--", "^:"], [6, 2, 2], strict=True):
    ax.plot(megabytes, grown[way], style, linewidth=width, markersize=4 + width, label=way)
    print(f"{way:<11}", " ".join(f"{value:6.1f} MB" for value in grown[way]))
ax.set(xlabel="size of the file (MB)", ylabel="growth of the resident set (MB)", ylim=(0, None))
ax.legend(frameon=False)
show(
    fig,
    alt="Growth of the resident set against the size of the file. For 'load' and for 'map once' it rises "
    "with the file. For 'map pieces' it stays flat, close to zero.",
)

# %% [markdown]
# Mapping small pieces keeps memory flat, however long the file is. *Map once* may surprise you: pages that
# have been read stay around as long as nobody else needs the room. They are only a copy of the file, so the
# system can take them back at any moment, and a file larger than memory works all the same. The array of
# *load* cannot be taken back. What that means shows when memory is short: the same three programs once more, on
# the longest file, but now the system gives each of them only half as much memory as the file is long.
# (Linux does so; on another system nothing is listed here.)

# %%
for way, end in ends.items():
    print(f"{way:<11}", end)

# %% [markdown]
# Both maps get through the whole file in a program that could never hold it.
#
# ## 7. A stream that is never stored
#
# Sometimes there is not even a file: sensors, clicks, messages. Points arrive in batches, you see each batch
# **once**, and then it is gone. In Python such a source is an **iterator**: a `for` loop takes the next
# batch from it, and what has been taken does not come back.


# %%
def point_stream(n_batches, batch_size, rng):
    """An iterator over batches from the five blobs; each is made when it is asked for."""
    for _ in range(n_batches):
        yield blobs[rng.integers(len(blobs), size=batch_size)]


stream = point_stream(3, 4, np.random.default_rng(SEED))
print("first time: ", [batch.shape for batch in stream])
print("second time:", [batch.shape for batch in stream])

# %% [markdown]
# scikit-learn's `partial_fit` takes one batch after the other. It has to choose its start from the first
# batch, and you cannot go back to try another. **Predict first:** does it matter whether the first batch's
# start is drawn at random or by k-means++?
#
# You cannot repeat the stream, but you can let **several models learn side by side** from the same single
# pass. To pick the best, add up their inertias on the last ten batches, measured *before* they learn from
# them: so far these are new points.

# %%
n_models, n_batches = 8, 60
models = {
    init: [MiniBatchKMeans(5, init=init, random_state=s) for s in range(n_models)]
    for init in ("random", "k-means++")
}
late = {init: np.zeros(n_models) for init in models}
for number, batch in enumerate(point_stream(n_batches, 100, np.random.default_rng(SEED))):
    for init, group in models.items():
        for s, model in enumerate(group):
            if number >= n_batches - 10:
                late[init][s] -= model.score(batch)
            model.partial_fit(batch)

fig, ax = plt.subplots(figsize=(8, 2.9), layout="constrained")
for row, (init, sums) in enumerate(late.items()):
    height = row + np.linspace(-0.2, 0.2, n_models)
    ax.plot(sums, height, "o", markersize=7, color="grey", markeredgecolor="black")
    ax.plot(sums.min(), height[sums.argmin()], "*", markersize=17, color="black")
    print(f"{init}: best model {sums.argmin()}, its inertia on all points:", end=" ")
    print(f"{-models[init][sums.argmin()].score(blobs):.1f}")
ax.set(yticks=[0, 1], yticklabels=list(late), ylim=(-0.5, 1.5))
ax.set(xlabel="inertia on the last ten batches (star: best of eight)")
show(
    fig,
    alt="Eight dots for models with random starts and eight for models with k-means++ starts, placed by "
    "their inertia on the last ten batches. A star marks the best of each row. The random starts are "
    "spread more widely, with some far to the right.",
)

# %% [markdown]
# A stream does not forgive a bad start: with counts that only grow, a centroid between two groups hardly
# gets away. There are two remedies: several models side by side, as above, or a careful start. For the
# second you hold back the **first few hundred points**, choose starts among them, and only then let
# the stream run.
#
# ### Exercise 3 · Cluster a stream (4 points)
#
# Write `stream_kmeans(batches, k, rng)`. `batches` is an iterator: each item has the shape `(n, D)`, where `n`
# differs from batch to batch and may be smaller than `k`. It returns the centroids, an array of shape `(k, D)`.
# A recipe:
#
# 1. Collect batches until you hold `100 * k` points or a few more, or the stream ends.
# 2. Choose `k` starts among them as in *k-means++*: the first at random, each next one with a probability
#    proportional to its squared distance to the nearest start so far.
# 3. Give the points held, and then every further batch, to the running means of section 4.
#
# - Read the stream once, to its end, and never store it: beyond the points held for the start, keep only the
#   current batch.
# - The points come in no particular order, but the first few may happen to be of the same group. Where the
#   groups are far apart and each has its share of points, every centroid must end near the mean of its own
#   group, for any seed.
# - Raise a `ValueError` if `k` is below 1, or if the stream has fewer than `k` points in all.
#
# *Hint:* `for batch in batches:` with a `break` in it, and later again `for batch in batches:`, goes on where
# the first loop stopped. `rng.choice(n, p=p)` draws an index; `p` must sum to 1.


# %% solution="stream_kmeans"
def stream_kmeans(batches, k, rng):
    """The centroids, shape (k, D), of a stream of batches that is read once."""
    ### BEGIN SOLUTION
    if k < 1:
        raise ValueError(f"cannot make {k} clusters")
    batches = iter(batches)
    first, n_held = [], 0
    for batch in batches:
        first.append(np.asarray(batch, dtype=float))
        n_held += len(batch)
        if n_held >= 100 * k:
            break
    if n_held < k:
        raise ValueError(f"{n_held} points are too few for {k} clusters")
    held = np.concatenate(first)
    del first

    starts = [held[rng.integers(n_held)]]
    for _ in range(k - 1):
        squared = np.min([np.sum((held - start) ** 2, axis=1) for start in starts], axis=0)
        total = squared.sum()
        starts.append(held[rng.choice(n_held, p=squared / total if total > 0 else None)])
    mu, counts = np.array(starts), np.zeros(k, dtype=int)

    def learn(batch):
        distances = np.stack([np.sum((batch - m) ** 2, axis=1) for m in mu], axis=1)
        labels = distances.argmin(axis=1)
        for j in np.unique(labels):
            members = batch[labels == j]
            counts[j] += len(members)
            mu[j] += np.sum(members - mu[j], axis=0) / counts[j]

    learn(held)
    for batch in batches:
        learn(np.asarray(batch, dtype=float))
    return mu
    ### END SOLUTION


# %% test="test_stream_kmeans" points=2
corners = np.array([[0.0, 0.0], [400.0, 0.0], [0.0, 400.0]])
flow = corners[np.append([0, 0, 0, 0], np.arange(596) % 3)]
flow = flow + np.random.default_rng(71).normal(scale=0.01, size=flow.shape)
found = attempt(
    "With a generator as the stream",
    stream_kmeans,
    (part for part in np.split(flow, 60)),
    3,
    np.random.default_rng(1),
)
assert found is not None, "Your function returns nothing: does it end in a `return`?"
assert not isinstance(found, tuple), "Return the centroids only, not a tuple of several things."
assert np.shape(found) == (3, 2), (
    f"3 centroids with 2 features have the shape (3, 2), yours is {np.shape(found)}."
)
found = np.asarray(found, dtype=float)
assert every(np.isfinite(found)), "A centroid is nan: one without points must stay where it is."
gaps = np.linalg.norm(found[:, None] - corners, axis=2)
assert len(set(gaps.argmin(axis=1))) == 3, (
    "Two of your centroids share a group: the first points of this stream are all of one group, so they "
    "make a bad start. Choose starts that are far from each other."
)
assert gaps.min(axis=1).max() < 1, (
    "A centroid is not near the mean of its group. The first points of this stream are all of one group: "
    "if they are the starts, one centroid has to serve several groups."
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(72)
sites = 100.0 * np.array(
    [[0, 0, 0, 0], [5, 0, 0, 0], [0, 5, 0, 0], [0, 0, 5, 0], [0, 0, 0, 5], [5, 5, 5, 5]]
)
for seed in range(8):
    member = np.append(np.full(7, seed % 6), helper.permutation(np.arange(893) % 6))
    drops = sites[member] + helper.normal(scale=0.01, size=(900, 4))
    cuts = np.cumsum(np.append([3, 2], helper.integers(1, 30, size=200)))
    river = (part for part in np.split(drops, cuts[cuts < 900]))
    hubs_6 = attempt(
        "With 6 clusters in 4 dimensions, and some batches smaller than 6,",
        stream_kmeans,
        river,
        6,
        np.random.default_rng(seed),
    )
    hubs_6 = np.asarray(hubs_6, dtype=float)
    assert hubs_6.shape == (6, 4), "With 6 clusters in 4 dimensions the shape must be (6, 4)."
    assert every(np.isfinite(hubs_6)), "A centroid is nan: one without points must stay."
    apart = np.linalg.norm(hubs_6[:, None] - sites, axis=2)
    assert len(set(apart.argmin(axis=1))) == 6, (
        "With 6 groups two centroids ended in the same group: choose the starts far from each other, among "
        "many points and not among the first few."
    )
    assert apart.min(axis=1).max() < 5, (
        "Each group has a centroid near it, but not near its mean: does a start that is no point, or a "
        "point of another group, pull it away?"
    )
gauge = np.random.default_rng(73).normal(loc=5, scale=2, size=(3000, 6))
trickle = (part for part in np.split(gauge, 150))
single = np.asarray(stream_kmeans(trickle, 1, np.random.default_rng(2)), dtype=float)
assert single.shape == (1, 6), "With one cluster in 6 dimensions the shape must be (1, 6)."
missed = np.abs(single[0] - gauge.mean(axis=0)).max()
assert np.abs(single[0] - gauge[-20:].mean(axis=0)).max() > 1e-9, (
    "With one cluster the centroid is the mean of the last batch only: earlier batches must count too."
)
assert np.abs(single[0] - gauge[:20].mean(axis=0)).max() > 1e-9, (
    "Only the first batch is used: read the stream to its end."
)
assert np.abs(single[0] - gauge[:100].mean(axis=0)).max() > 1e-9, (
    "Only the points held for the start are used: every further batch must count too."
)
assert np.abs(single[0] - gauge[100:].mean(axis=0)).max() > 1e-9, (
    "The points held for the start never come into the mean: give them to the running means too."
)
assert every(
    np.abs(single[0] - np.delete(gauge, range(begin, begin + 20), axis=0).mean(axis=0)).max() > 1e-9
    for begin in range(0, 3000, 20)
), "Of 150 batches one never comes into the mean: is it lost between your two loops?"
assert missed < 0.25, (
    "With one cluster the centroid must end near the mean of the whole stream: is a learning rate of "
    "1 divided by the count used, and is every batch?"
)
at_once = np.asarray(stream_kmeans(iter([gauge]), 1, np.random.default_rng(2)), dtype=float)
assert np.abs(at_once[0] - gauge.mean(axis=0)).max() < 0.25, (
    "With the whole stream in a single batch the centroid is not near the mean: count each point of a "
    "batch."
)
for seed in range(4):
    fine = (part for part in np.split(drops * 1e-6, 30))
    hubs_6 = np.asarray(stream_kmeans(fine, 6, np.random.default_rng(seed)), dtype=float) * 1e6
    apart = np.linalg.norm(hubs_6[:, None] - sites, axis=2)
    assert len(set(apart.argmin(axis=1))) == 6, (
        "The same groups, measured in units of a million, are no longer found: compare distances with "
        "one another, not with fixed numbers."
    )
### END HIDDEN TESTS

# %% test="test_stream_kmeans__memory" points=1
parts_seen = []


def long_stream(n_batches):
    source = np.random.default_rng(74)
    for number in range(n_batches):
        parts_seen.append(number)
        yield 300.0 * (np.arange(40) % 2)[:, None] + source.normal(scale=0.01, size=(40, 40))


stream_kmeans(long_stream(8), 2, np.random.default_rng(3))
parts_seen.clear()
ends, stored = peak_memory(stream_kmeans, long_stream(120), 2, np.random.default_rng(3))
assert np.shape(ends) == (2, 40), "2 centroids with 40 features have the shape (2, 40)."
assert len(parts_seen) == 120, (
    f"Your function took {len(parts_seen)} of 120 batches: read the stream to its end."
)
assert stored < 120 * 40 * 40 * 8 / 2, (
    f"At its peak your function held {stored / 1e6:.1f} MB, and the whole stream has "
    f"{120 * 40 * 40 * 8 / 1e6:.1f} MB: forget each batch once you have learnt from it."
)
### BEGIN HIDDEN TESTS
assert_like(
    np.sort(np.asarray(ends)[:, 0]),
    [0, 300],
    "In a long stream of two groups far apart the centroids are not near the groups.",
    atol=100,
)
parts_seen.clear()
_, longer = peak_memory(stream_kmeans, long_stream(200), 2, np.random.default_rng(4))
assert longer < stored + 80 * 40 * 40 * 8 / 2, (
    "Your function holds more as the stream gets longer: does a list grow with each batch?"
)
### END HIDDEN TESTS

# %% test="test_stream_kmeans__edges" points=1
assert refuses(
    stream_kmeans, iter([np.array([[0.0, 1.0], [2.0, 3.0]])]), 3, np.random.default_rng(0)
), "A stream of 2 points has not enough for 3 clusters: raise a ValueError."
exactly = attempt(
    "With two batches of one point each, and k = 2,",
    stream_kmeans,
    iter([np.array([[0.0, 1.0]]), np.array([[50.0, 3.0]])]),
    2,
    np.random.default_rng(0),
)
assert np.shape(exactly) == (2, 2), "Two batches of one point each are enough for 2 clusters."
### BEGIN HIDDEN TESTS
assert_like(
    sorted(np.asarray(exactly).tolist()),
    [[0, 1], [50, 3]],
    "With exactly as many points as clusters, each point is a centroid.",
)
listed = attempt(
    "With batches that are plain lists of whole numbers",
    stream_kmeans,
    iter([[[0], [1]], [[9000]], [[1], [9001], [0]]]),
    2,
    np.random.default_rng(5),
)
listed = np.sort(np.asarray(listed, dtype=float).ravel())
assert_like(
    listed,
    [0.5, 9000.5],
    "With batches of whole numbers a centroid is not near the mean of its group: is it cut to a whole "
    "number, or was it a bad start?",
    atol=0.4,
)
loose = np.random.default_rng(75).normal(size=(400, 3))
runs = [
    np.asarray(stream_kmeans(iter(np.split(loose, 20)), 5, np.random.default_rng(6)), dtype=float)
    for _ in range(4)
]
assert every(is_like(runs[0], run) for run in runs), (
    "The same seed gave different results: draw from `rng`, not from `np.random`."
)
kept = np.array([[0.0, 1.0], [90.0, 3.0], [1.0, 1.0], [91.0, 3.0]])
stream_kmeans(iter([kept[:2], kept[2:]]), 2, np.random.default_rng(0))
assert np.array_equal(kept, [[0, 1], [90, 3], [1, 1], [91, 3]]), (
    "Your function changes the batches: make copies."
)
assert refuses(stream_kmeans, iter([]), 1, np.random.default_rng(0)), (
    "An empty stream has not enough points: raise a ValueError."
)
assert refuses(stream_kmeans, iter([np.zeros((4, 2))]), 0, np.random.default_rng(0)), (
    "k = 0 must raise a ValueError."
)
assert refuses(stream_kmeans, iter([np.zeros((4, 2))]), -2, np.random.default_rng(0)), (
    "A negative k must raise a ValueError."
)
long_lists = attempt(
    "With many batches that are plain lists",
    stream_kmeans,
    ([[0], [9000], [9002]] for _ in range(200)),
    2,
    np.random.default_rng(1),
)
assert_like(
    np.sort(np.asarray(long_lists, dtype=float).ravel()),
    [0, 9001],
    "With many batches that are plain lists a centroid is not near the mean of its group.",
    atol=0.4,
)
### END HIDDEN TESTS

# %% [markdown]
# Your function on a stream of 300 batches, of which it never holds more than a few:

# %%
streamed = stream_kmeans(
    point_stream(300, 100, np.random.default_rng(SEED)), 5, np.random.default_rng(SEED)
)
ax = plot_clusters(
    blobs, assign_in_chunks(blobs, streamed, 500), streamed, title="k-means on a stream"
)
show(
    ax,
    alt="The five blobs, each point marked by the cluster of its nearest centroid, and the five numbered "
    "centroids that your function found in the stream.",
)

# %% [markdown]
# With groups as close as these, one start may still be unlucky. Then you know the remedy: several at a time.
#
# ## 8. When one machine is too small
#
# Look once more at one iteration of Lloyd's algorithm. To move the centroids you need, for each cluster, the
# **sum** of its points and their **number**. Sums can be computed in parts: each machine takes a **block** of
# the points and sends back its *partial sums*, $K \times D$ numbers and $K$ counts, however many
# points it holds. Adding them up gives exactly the same centroids.
#
# **Dask** organises this. `da.from_array` cuts an array into blocks, `delayed` writes down a call without
# making it, and `compute` has a cluster run all of them. The cluster is a small one here: two workers that
# `Client` starts inside this very notebook. **Predict first:** will ten
# iterations give the same centroids as NumPy with all the points in one place? And a block of 2,500 points with
# 10 features: how many numbers does it send back for 8 clusters?

# %%
import dask
import dask.array as da
from dask.distributed import Client


def partial_sums(block, centroids):
    """Sum and number of the points of each cluster, in one block."""
    labels = assign_by_table(block, centroids)
    counts = np.bincount(labels, minlength=len(centroids))
    sums = np.array([block[labels == k].sum(axis=0) for k in range(len(centroids))])
    return sums, counts


def dask_iteration(blocks, centroids):
    """One iteration of Lloyd's algorithm over all blocks."""
    tasks = [dask.delayed(partial_sums)(block, centroids) for block in blocks]
    sums, counts = zip(*dask.compute(*tasks), strict=True)
    return sum(sums) / sum(counts)[:, None]


def numpy_iteration(X, centroids):
    """The same with all the points in one place."""
    labels = assign_by_table(X, centroids)
    return np.array([X[labels == k].mean(axis=0) for k in range(len(centroids))])


blocks = da.from_array(cloud, chunks=(2500, 10)).to_delayed().ravel()
far, near = cloud[:8], cloud[:8]
with warnings.catch_warnings():
    warnings.simplefilter("ignore", RuntimeWarning)  # without a network Dask warns, but needs none
    client = Client(processes=False, n_workers=2, threads_per_worker=1, dashboard_address=None)
with client:
    print(len(client.scheduler_info()["workers"]), "workers")
    for _ in range(10):
        far, near = dask_iteration(blocks, far), numpy_iteration(cloud, near)
print(len(blocks), "blocks; largest difference of the centroids:", np.abs(far - near).max())
print("the same centroids:", np.allclose(far, near))
sums, counts = partial_sums(cloud[:2500], far)
print("a block holds", cloud[:2500].size, "numbers and sends back", sums.size + counts.size)

# %% [markdown]
# The same centroids, up to rounding: the order of the additions differs. What a block sends back would be no
# more with a million points in each. That is why k-means scales so well: the points stay where they are, and
# only small sums travel. To go from here to many machines, you give `Client` the address of a cluster. The
# functions above stay the same.
#
# A cluster has one more worry. k-means++ needs one pass over the data for each new centroid. *k-means||* ("k-means
# parallel") draws many candidates in each of a few passes instead.

# %% [markdown]
# ## 9. Check yourself
#
# Choose an answer to see whether it is right, and why. Nothing here is graded.

# %%
from jupyterquiz import display_quiz

display_quiz(
    [
        {
            "question": "Elkan's algorithm leaves out many distances. What about its result?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "It is an approximation, a little worse",
                    "correct": False,
                    "feedback": "That is mini-batch. Elkan leaves out only what cannot change an assignment.",
                },
                {
                    "answer": "From the same start it is the same as Lloyd's",
                    "correct": True,
                    "feedback": "Right: the triangle inequality proves that the distance was not needed.",
                },
                {
                    "answer": "It has a lower inertia, since it is cleverer",
                    "correct": False,
                    "feedback": "It makes the same assignments, so the inertia is the same.",
                },
            ],
        },
        {
            "question": "You halve the chunk size of assign_in_chunks. What changes?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "Half as many distances are computed",
                    "correct": False,
                    "feedback": "Every point is still compared with every centroid.",
                },
                {
                    "answer": "The piece of the table held at once is half as large; the labels stay",
                    "correct": True,
                    "feedback": "Right: chunks change the memory, not the work or the result.",
                },
                {
                    "answer": "The labels become less exact",
                    "correct": False,
                    "feedback": "Each point's label depends on that point and the centroids alone.",
                },
            ],
        },
        {
            "question": "Why does a model on a stream get no second chance for its start?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "Because a batch that has been used is gone",
                    "correct": True,
                    "feedback": "Right. So run several models side by side, or hold back a first part.",
                },
                {
                    "answer": "Because k-means++ does not work on batches",
                    "correct": False,
                    "feedback": "It works on the part that you hold back for the start.",
                },
                {
                    "answer": "Because the inertia of a stream cannot be measured",
                    "correct": False,
                    "feedback": "It can, on the latest batches, before the model learns from them.",
                },
            ],
        },
    ]
)

# %% [markdown]
# ### Quiz 1 (1 point)
#
# In mini-batch k-means a centroid has received 99 points so far. The next point assigned to it lies at a
# distance of 10. How far does the centroid move? Set `quiz_1` to the letter of your answer, such as `"a"`.
#
# - a) 10: it goes to the new point.
# - b) 5: it goes half of the way.
# - c) 0.1: a hundredth of the way.
# - d) Not at all: it has settled.

# %% solution="quiz_1"
### BEGIN SOLUTION
quiz_1 = "c"
### END SOLUTION

# %% test="test_quiz_1" points=1
choice_1 = str(quiz_1).strip().lower()
assert choice_1 in {"a", "b", "c", "d"}, "Set quiz_1 to one of the letters 'a', 'b', 'c', 'd'."
### BEGIN HIDDEN TESTS
assert choice_1 != "a", "Then the 99 points before it would be forgotten. What mean does it keep?"
assert choice_1 != "b", "Half would be right if it had had one point so far. It has had 99."
assert choice_1 != "d", (
    "The mean of 100 points still depends on the last of them, if only a little."
)
### END HIDDEN TESTS

# %% [markdown]
# ### Quiz 2 (1 point)
#
# A file holds 200 GB of points, your only computer has 8 GB of memory. Which plan can work? Set `quiz_2` to a
# letter.
#
# - a) `KMeans(algorithm="elkan")` on the whole array, since it computes fewer distances.
# - b) Map the file piece by piece and learn from one mini-batch at a time.
# - c) Load the points, then call `assign_in_chunks` with small chunks.
# - d) Load the points as `float32`, which halves their size.

# %% solution="quiz_2"
### BEGIN SOLUTION
quiz_2 = "b"
### END SOLUTION

# %% test="test_quiz_2" points=1
choice_2 = str(quiz_2).strip().lower()
assert choice_2 in {"a", "b", "c", "d"}, "Set quiz_2 to one of the letters 'a', 'b', 'c', 'd'."
### BEGIN HIDDEN TESTS
assert choice_2 != "a", (
    "Elkan saves time and takes more memory, for its bounds. What is short here?"
)
assert choice_2 != "c", "Chunks make the table of distances small. Where are the points themselves?"
assert choice_2 != "d", "Is half of 200 GB less than 8 GB?"
### END HIDDEN TESTS

# %% [markdown]
# ### Open question (2 points)
#
# A colleague has 2,000 points with 2 features, and runs mini-batch k-means once "because it is the modern
# way". In two or three sentences: what would you advise, and for what kind of data would you advise the
# opposite? Use what you measured in this lesson. A person reads and marks this answer.

# %% [markdown] manual="explain_when_minibatch" points=2
# So few points fit into memory and Lloyd takes milliseconds, so mini-batches gain nothing and may
# end with a higher inertia: use full k-means with several starts. With millions of points or large K,
# a file that does not fit in memory, or a stream, mini-batches give nearly the same inertia in a
# fraction of the time and memory, and there I would advise them, with a careful start.

# %% [markdown]
# ## Wrap-up
#
# - k-means costs $N \times K \times D$ in time. Its memory depends on how you write it: measure the peak.
# - Elkan leaves out needless distances. The result is the same; the time must be measured.
# - Chunks bound the memory and leave the result alone.
# - Mini-batches with a running mean trade a little inertia for much time, and need one batch at a time.
# - A memory-mapped file, read in pieces, keeps memory flat. A stream is read once: mind the start.
# - Sums can be computed in parts, so k-means runs on many machines with the same result.
#
# **Next:** in lesson 5 points belong to several clusters at once, and *EM* finds the mixture of lesson 1.
#
# ## References
#
# - C. Elkan, "Using the triangle inequality to accelerate k-means", *ICML* 2003, pages 147–153.
# - D. Sculley, "Web-scale k-means clustering", *WWW* 2010, pages 1177–1178.
# - D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful seeding", *SODA* 2007, pages
#   1027–1035.
# - B. Bahmani et al., "Scalable k-means++", *Proceedings of the VLDB Endowment* 5(7), 2012, pages 622–633.
# - scikit-learn: [clustering](https://scikit-learn.org/stable/modules/clustering.html); NumPy:
#   [memmap](https://numpy.org/doc/stable/reference/generated/numpy.memmap.html); Dask:
#   [array](https://docs.dask.org/en/stable/array.html).
