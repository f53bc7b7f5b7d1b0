# %% [markdown]
# # 10 · High dimensions
#
# Until now you could draw most data in the plane. A photograph is another matter: even a small one
# is a point with thousands of coordinates. In this lesson you cluster faces and handwritten digits,
# and you see which habits survive in high dimensions and which break.
#
# **You will learn to**
#
# - split data so that every class gets its fair share of each part;
# - squeeze pictures with *principal component analysis* and measure what is lost;
# - compare clusters with classes by the *mis-classification rate*;
# - find odd pictures by reconstruction error and by density, and say what each one misses;
# - describe a Gaussian in hundreds of dimensions by a few directions and some noise.
#
# **You need** lessons 2 and 3 (k-means, silhouettes), and 5 and 6 (Gaussian mixtures, EM).
# **Time:** about 60 minutes. **Marks:** 17, of which 2 are for a text that a person reads.

# %% [markdown]
# ## How the exercises work
#
# - Replace the line `raise NotSolvedYet` by your code, run the cell, then run the test below it. No
#   message means that the visible checks pass. More checks, on other data, run when your work is graded.
# - Your functions never change their inputs, and they take lists as well as arrays, of floats or of
#   whole numbers. Whatever is random comes from `rng`.
# - Any number of points, features, classes and clusters may come.
# - Where an exercise asks for a `ValueError`, write `raise ValueError("what is wrong")`.

# %% locked="setup" tags=["setup"]
import time
import warnings

import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.special import logsumexp
from scipy.stats import multivariate_normal, norm
from sklearn.cluster import KMeans
from sklearn.datasets import make_blobs
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import silhouette_score
from sklearn.mixture import GaussianMixture
from sklearn.utils.extmath import randomized_svd

from utils import (
    NotSolvedYet,
    assert_like,
    attempt,
    changed_inputs,
    every,
    is_like,
    load_faces,
    load_mixture_1d,
    load_mnist_digits,
    match_labels,
    plot_data,
    plot_faces,
    plot_gaussian_mixture,
    refuses,
    show,
)
from utils.widgets.faces import faces_explorer

SEED = 30035
faces, person = load_faces()

# %% [markdown]
# ## 1. A face is a point
#
# Here are 400 photographs of 40 people, ten of each. They were made at **AT&T Laboratories Cambridge**
# in the 1990s. Each has 64 by 64 pixels, with grey values from 0 (black) to 1 (white). Put its pixels in
# one long row, and the face is a point with 4,096 coordinates.

# %%
print("faces:", faces.shape, "  people:", len(np.unique(person)))
first_four = np.flatnonzero(person < 4)[::2]
show(
    plot_faces(faces[first_four], [f"person {p}" for p in person[first_four]], n_cols=10),
    alt="Twenty grey photographs of four people, five of each. The same person looks to different sides, "
    "smiles or not, and sometimes wears glasses.",
)

# %% [markdown]
# There are ten times more coordinates than faces. So every model here must be kept from learning
# the photographs by heart. We set some aside to check on: 280 for **training**, 80 for **validation**
# (to make choices), 40 for the **test**: no model is fitted to them, and no choice depends on them.
#
# ## 2. A fair split
#
# **Predict first.** You draw 40 of the 400 photographs at random. For how many of the 40 people will
# there be *no* photograph at all among them? Guess, then run the cell.

# %%
rng = np.random.default_rng(SEED)
drawn = rng.choice(400, size=40, replace=False)
per_person = np.bincount(person[drawn], minlength=40)
print("people without a test photograph:", np.sum(per_person == 0))
print("most photographs of one person:  ", per_person.max())

# %% [markdown]
# A third of the people or more would never be tested. The remedy is a **stratified** split: each class
# (here: each person) gives the same share of its points to the test set.
#
# If $N$ points in all have $N_c$ of class $c$, and $n$ of them go to the test set, class $c$ should
# give $n N_c / N$ points. This need not be a whole number. With 40 people and $n = 60$ it is one and
# a half each, so some people give one and others two, and the sum must still be 60.
#
# ### Exercise 1 · Split by classes (4 points)
#
# Write `stratified_split(y, n_test, rng)`. `y` holds the class of each of the `N` points. Return
# `(train_idx, test_idx)`: two arrays of row numbers (0 to `N - 1`), each row in exactly one of them.
#
# - `test_idx` has exactly `n_test` entries, `train_idx` the rest. Their order does not matter.
# - Each class's share of the test set, `n_test * N_c / N`, is rounded down or up. Which classes are
#   rounded up is your choice, as long as the total is right.
# - *Which* points of a class go to the test set is drawn with `rng`, each with the same chance.
# - The classes may be any whole numbers or strings, in any order.
# - Raise a `ValueError` if `n_test` is negative or larger than `N`.
#
# *Hint:* `np.unique(y, return_counts=True)` counts the classes. Round all shares down first. Then see
# how many points are missing, and which classes may still give one.


# %% solution="stratified_split"
def stratified_split(y, n_test, rng):
    """Row numbers (train_idx, test_idx) with the classes in the same proportions."""
    ### BEGIN SOLUTION
    y = np.asarray(y)
    if not 0 <= n_test <= len(y):
        raise ValueError(f"cannot take {n_test} test points from {len(y)}")
    classes, counts = np.unique(y, return_counts=True)
    take = counts * n_test // max(len(y), 1)
    remainders = counts * n_test % max(len(y), 1)
    missing = n_test - take.sum()
    take[np.argsort(-remainders)[:missing]] += 1
    is_test = np.zeros(len(y), dtype=bool)
    for name, n in zip(classes, take, strict=True):
        is_test[rng.choice(np.flatnonzero(y == name), size=n, replace=False)] = True
    return np.flatnonzero(~is_test), np.flatnonzero(is_test)
    ### END SOLUTION


# %% test="test_stratified_split" points=2
kinds = np.array([0] * 10 + [1] * 50)
pair = stratified_split(kinds, 12, np.random.default_rng(2))
assert pair is not None, "Your function returns nothing: does it end in a `return`?"
assert len(pair) == 2, "Return two things: `train_idx` and `test_idx`."
train, test = np.asarray(pair[0]), np.asarray(pair[1])
assert train.ndim == 1 and test.ndim == 1, "`train_idx` and `test_idx` are rows of numbers."
assert (len(train), len(test)) != (12, 48), "First the training rows, then the test rows."
assert not (len(test) == 60 and set(np.unique(test)) <= {0, 1}), (
    "Return the numbers of the rows, not a mask of True and False."
)
assert len(test) == 12, "The test set does not have `n_test` entries."
assert set(np.unique(test)) - {0, 1}, "Return the numbers of the rows, not the classes."
assert len(np.unique(test)) == 12, "A row is in the test set twice: draw without replacement."
assert len(train) == 48, "All rows that are not in the test set belong to the training set."
assert len(np.intersect1d(train, test)) == 0, "A row is in both sets."
assert np.array_equal(np.sort(np.concatenate([train, test])), np.arange(60)), (
    "Return row numbers 0 to N - 1, each of them once."
)
taken = np.bincount(kinds[test], minlength=2)
assert taken[0] != 6, (
    "Both classes give equally many points. But class 1 is five times as large: the *share* is the same."
)
assert taken[0] == 2, "A class does not give its share, `n_test * N_c / N`, to the test set."
fives = stratified_split(np.repeat([0, 1, 2], 5), 4, np.random.default_rng(3))
assert len(fives[1]) == 4, (
    f"3 classes of 5 points and n_test = 4: your test set has {len(fives[1])} points. If you round each class "
    "on its own, the sum need not be `n_test`."
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(31)
sizes = {"cat": 7, "dog": 13, "eel": 5, "fox": 25}
animals = helper.permutation(np.repeat(list(sizes), list(sizes.values())))
for n_test in (17, 3, 31):
    back = attempt(
        "With 4 classes of strings, shuffled,",
        stratified_split,
        animals,
        n_test,
        np.random.default_rng(n_test),
    )
    train, test = np.asarray(back[0], dtype=int), np.asarray(back[1], dtype=int)
    assert len(test) == n_test, (
        "With shares that are no whole numbers the test set has a wrong size: if you round each class "
        "on its own, the sum need not be `n_test`."
    )
    assert np.array_equal(np.sort(np.concatenate([train, test])), np.arange(50)), (
        "With 4 shuffled classes, some row is missing or comes up twice."
    )
    for name, size in sizes.items():
        share = n_test * size / 50
        given = np.sum(animals[test] == name)
        assert np.floor(share) <= given <= np.ceil(share), (
            "With shuffled classes of different sizes, a class gives more or fewer points than its share "
            "rounded down or up."
        )
many = helper.permutation(np.repeat(np.arange(40), 10))
back = attempt("With 40 classes", stratified_split, many, 60, np.random.default_rng(4))
test = np.asarray(back[1], dtype=int)
assert len(test) == 60, (
    "40 classes with a share of one and a half each: rounding all of them up, or all down, misses "
    "`n_test`."
)
assert set(np.bincount(many[test], minlength=40)) == {1, 2}, (
    "40 classes with a share of one and a half each: every class must give one or two points. Do not "
    "leave all the missing points to one class."
)
week = helper.permutation(np.repeat(["Mon", "Tue", "Wed", "Thu"], [10, 13, 5, 22]))
test = np.asarray(stratified_split(week, 5, np.random.default_rng(6))[1], dtype=int)
assert np.sum(week[test] == "Mon") == 1, (
    "A class whose share is a whole number gives exactly so many points: only the other classes can be "
    "rounded up."
)
### END HIDDEN TESTS

# %% test="test_stratified_split__random" points=1
halves = np.array([0] * 20 + [1] * 20)
one = np.sort(stratified_split(halves, 20, np.random.default_rng(5))[1])
same = np.sort(stratified_split(halves, 20, np.random.default_rng(5))[1])
assert np.array_equal(one, same), (
    "The same seed gave two different splits: draw from `rng`, not from `np.random`."
)
other = np.sort(stratified_split(halves, 20, np.random.default_rng(6))[1])
assert not np.array_equal(one, other), (
    "Another seed gave the same test set: is anything drawn at all, and from `rng` rather than from a "
    "generator with a seed of your own?"
)
### BEGIN HIDDEN TESTS
generator = np.random.default_rng(7)
before = np.sort(stratified_split(halves, 20, generator)[1])
after = np.sort(stratified_split(halves, 20, generator)[1])
assert not np.array_equal(before, after), (
    "Two calls with the same generator gave the same split: the second must go on where the first "
    "stopped."
)
mixed = np.array([0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1])
times = np.zeros(20)
for seed in range(120):
    times[np.asarray(stratified_split(mixed, 10, np.random.default_rng(seed))[1], dtype=int)] += 1
assert times.min() > 26 and times.max() < 94, (
    "Some points of a class go to the test set far more often than others: each point of a class must "
    "have the same chance."
)
### END HIDDEN TESTS

# %% test="test_stratified_split__edges" points=1
assert refuses(stratified_split, np.array([0, 0, 1, 1]), 5, np.random.default_rng(0)), (
    "More test points than there are points must raise a ValueError."
)
### BEGIN HIDDEN TESTS
assert refuses(stratified_split, [0, 0, 1, 1], -1, np.random.default_rng(0)), (
    "A negative `n_test` must raise a ValueError."
)
colours = ["red", "blue", "blue", "red", "blue"]
none = attempt("For n_test = 0", stratified_split, colours, 0, np.random.default_rng(0))
assert len(none[1]) == 0, "For n_test = 0 the test set is empty."
assert sorted(int(i) for i in none[0]) == [0, 1, 2, 3, 4], (
    "For n_test = 0 all rows are for training."
)
full = attempt("For n_test = N", stratified_split, colours, 5, np.random.default_rng(0))
assert len(full[0]) == 0, "For n_test = N no row is left for training."
assert sorted(int(i) for i in full[1]) == [0, 1, 2, 3, 4], "For n_test = N every row is tested."
odd = [-7, 900, -7, 900, 3, -7, -7, 900, 900, 3]
split = attempt(
    "With the classes -7, 3 and 900", stratified_split, odd, 5, np.random.default_rng(2)
)
assert sorted(odd[int(i)] for i in split[1]) == [-7, -7, 3, 900, 900], (
    "With the classes -7, 3 and 900 the shares are wrong: a class is a name, not a row number."
)
alone = attempt("With a single class", stratified_split, [4] * 7, 3, np.random.default_rng(0))
assert len(alone[0]) == 4 and len(alone[1]) == 3, "With a single class the sizes are wrong."
lonely = attempt(
    "With classes of one point", stratified_split, list("abcdef"), 2, np.random.default_rng(3)
)
assert len(lonely[0]) == 4 and len(lonely[1]) == 2, (
    "With classes of a single point each the sizes are wrong."
)
kept = np.array([2, 1, 2, 1, 0, 0])
assert not changed_inputs(stratified_split, kept, 3, np.random.default_rng(0)), (
    "Your function changes `y`: work on a copy."
)
### END HIDDEN TESTS

# %% [markdown]
# Your function makes the three sets: first it takes the test faces away, then the validation faces from
# the rest.

# %%
rng = np.random.default_rng(SEED)
rest_idx, test_idx = map(np.asarray, stratified_split(person, 40, rng))
inner_train, inner_valid = stratified_split(person[rest_idx], 80, rng)
train_idx, valid_idx = rest_idx[inner_train], rest_idx[inner_valid]
X_train, X_valid, X_test = faces[train_idx], faces[valid_idx], faces[test_idx]
y_train, y_valid, y_test = person[train_idx], person[valid_idx], person[test_idx]
for name, labels in [("training", y_train), ("validation", y_valid), ("test", y_test)]:
    per_person = np.bincount(labels, minlength=40)
    print(f"{name:10s} {len(labels):3d} faces, {per_person.min()} to {per_person.max()} a person")

# %% [markdown]
# ## 3. Fewer numbers for a face
#
# Neighbouring pixels are much alike, so 4,096 numbers say the same thing many times. **Principal
# component analysis** (PCA) looks for a shorter description. It takes the mean face $\mu$ (say "mu") and then
# finds **directions** $v_1, v_2, \dots$, which are rows of 4,096 numbers too. Along $v_1$ the faces
# differ most, along $v_2$ they differ most among the directions at right angles to $v_1$, and so on.
# A face $x$ is then nearly
#
# $$x \approx \mu + a_1 v_1 + a_2 v_2 + \dots + a_r v_r$$
#
# and the $r$ numbers $a_1, \dots, a_r$ are all you store. The directions are called the *principal
# components*; scikit-learn keeps them in `components_`. `transform` gives the numbers $a$, and
# `inverse_transform` builds the face from them.
#
# **Predict first.** What do the directions look like when you draw them as pictures?

# %%
pca = PCA(0.99, svd_solver="full", random_state=SEED).fit(X_train)
fig, axes = plt.subplots(2, 1, figsize=(9, 3.4), layout="constrained", height_ratios=[1, 1])
plot_faces(np.stack([pca.mean_, *X_train[:8]]), ["mean face"] + ["face"] * 8, n_cols=9, ax=axes[0])
plot_faces(pca.components_[:9], [f"direction {j}" for j in range(1, 10)], n_cols=9, ax=axes[1])
show(
    fig,
    alt="Above: the blurred mean face and eight training faces. Below: the first nine directions, ghostly "
    "faces. They tell light from dark, left light from right light, hair, glasses and beard.",
)

# %% [markdown]
# They are ghostly faces themselves, known as *eigenfaces*. How many does one need? `PCA(0.99)` keeps as
# many as hold 99 hundredths of the training faces' **variance** (their mean squared distance from the mean
# face).

# %%
share = np.cumsum(pca.explained_variance_ratio_)
print("directions that PCA(0.99) keeps:", pca.n_components_)
fig, ax = plt.subplots(figsize=(6.5, 3.2), layout="constrained")
ax.plot(np.arange(1, len(share) + 1), share)
for level in (0.5, 0.9, 0.99):
    needed = np.argmax(share >= level - 1e-9) + 1
    ax.plot(needed, share[needed - 1], "o", color="black")
    ax.annotate(
        f"{needed} directions: {level:.0%}",
        (needed, share[needed - 1]),
        xytext=(5 if level < 0.95 else -2, -8),
        textcoords="offset points",
        ha="left" if level < 0.95 else "right",
        va="top",
    )
ax.set(xlabel="number of directions", ylabel="share of the variance", ylim=(0, 1.05))
show(
    fig,
    alt="The share of the variance rises steeply with the first few directions, then flattens. "
    "Dots mark where it reaches a half, nine tenths, and 99 hundredths: the last takes many directions more.",
)

# %% [markdown]
# (Other courses report 199 for these photographs. Their copy was cropped and scaled in another way, so
# their figures differ a little from yours throughout this lesson.)
#
# **Predict first.** Below, PCA has seen the training faces only. With how few directions can you tell
# who it is? And will a face that PCA has *not* seen be rebuilt as well as a training face? Move the
# slider, then choose the unseen and the upside-down faces.

# %%
faces_explorer(
    X_train,
    {
        "training faces": X_train[:6],
        "unseen faces": X_test[:6],
        "upside down": X_test[:6].reshape(-1, 64, 64)[:, ::-1].reshape(6, -1),
    },
)

# %% [markdown]
# <details>
# <summary>What you should have seen</summary>
#
# With all directions the training faces are perfect: they were *made* of these directions. Unseen faces
# stay patchy, and a face upside down stays a mess of faces the right way up.
#
# </details>
#
# Let us measure that.
#
# The **reconstruction error** of one face is the mean of the squared differences of its pixels. With
# $D$ pixels, $x_j$ the pixel $j$ of the face and $\hat{x}_j$ (say "x hat") that of the rebuilt face:
#
# $$\text{error} = \frac{1}{D} \sum_{j=1}^{D} (x_j - \hat{x}_j)^2$$
#
# ### Exercise 2 · Reconstruction errors (2 points)
#
# Write `reconstruction_errors(X, X_reconstructed)`. Both have the shape `(N, D)`. Return the error of
# each row in an array of shape `(N,)`.
#
# - Pictures often come as `uint8`, whole numbers from 0 to 255 that wrap around below zero. The result must be
#   right for them too.
# - Raise a `ValueError` if the two do not have the same shape.


# %% solution="reconstruction_errors"
def reconstruction_errors(X, X_reconstructed):
    """Mean squared difference of each row, shape (N,)."""
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    X_reconstructed = np.asarray(X_reconstructed, dtype=float)
    if X.shape != X_reconstructed.shape:
        raise ValueError(f"the shapes differ: {X.shape} and {X_reconstructed.shape}")
    return np.mean((X - X_reconstructed) ** 2, axis=1)
    ### END SOLUTION


# %% test="test_reconstruction_errors" points=1
errors = reconstruction_errors(
    np.array([[0.0, 0, 0, 0], [1, 2, 3, 4]]), np.array([[2.0, 0, 0, 0], [1, 2, 3, 0]])
)
assert errors is not None, "Your function returns nothing: does it end in a `return`?"
errors = np.asarray(errors, dtype=float)
assert errors.shape != (), "You return one number for all faces: one for each row is asked for."
assert errors.shape != (4,), "You return one number for each pixel: average along the other axis."
assert errors.shape != (2, 4), "You return one number for each pixel of each face: average them."
assert errors.shape == (2,), f"2 faces give the shape (2,); yours is {errors.shape}."
assert not is_like(errors, [4, 16]), "You add the squares up: the *mean* over the pixels is meant."
assert not is_like(errors, [2, 8]), (
    "You divide by the number of faces: the mean goes over the pixels of one face."
)
assert not is_like(np.abs(errors), [0.5, 1]), (
    "You average the differences as they are: square each of them first."
)
assert not is_like(errors, [0.25, 1]), (
    "You square the mean difference: square each pixel's difference first, then average."
)
assert not is_like(errors, [1, 2]), "No square root here: the mean of the squares is meant."
assert not is_like(errors, [2, 4]), (
    "This is the length of each difference: the mean of the squares is meant, without a root."
)
assert_like(errors, [1, 4], "These are not the means of the squared differences.")
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(12)
shots, copies = helper.normal(size=(7, 5)), helper.normal(size=(7, 5))
gaps = np.subtract(shots, copies) ** 2
mine = attempt("With 7 images of 5 pixels", reconstruction_errors, shots, copies)
assert np.shape(mine) == (7,), "7 images of 5 pixels give the shape (7,)."
assert_like(
    mine,
    gaps.mean(axis=1),
    "Wrong for 7 images of 5 pixels: is a number of pixels or images fixed in your code?",
)
### END HIDDEN TESTS

# %% test="test_reconstruction_errors__edges" points=1
assert refuses(reconstruction_errors, np.zeros((3, 4)), np.zeros((3, 5))), (
    "3 images of 4 pixels and 3 of 5 do not fit together: raise a ValueError."
)
### BEGIN HIDDEN TESTS
dark = attempt(
    "With uint8 pixels",
    reconstruction_errors,
    np.array([[10, 200, 0]], dtype=np.uint8),
    np.array([[20, 100, 30]], dtype=np.uint8),
)
assert_like(
    dark,
    [np.mean([100, 10000, 900])],
    "With uint8 pixels differences and squares wrap around: turn both inputs into floats first.",
)
listed = attempt("With plain lists", reconstruction_errors, [[1, 2], [3, 4]], [[1, 2], [3, 7]])
assert_like(listed, [0, 4.5], "Wrong for plain lists of whole numbers.")
single = attempt("For one image of one pixel", reconstruction_errors, [[2.0]], [[5.0]])
assert np.shape(single) == (1,), "One image gives the shape (1,)."
assert refuses(reconstruction_errors, np.zeros((3, 4)), np.zeros((1, 4))), (
    "Three images and one do not fit together, though NumPy would stretch the one over all three: "
    "raise a ValueError."
)
assert refuses(reconstruction_errors, np.zeros((3, 4)), np.zeros((3, 1))), (
    "Images of 4 pixels and of 1 do not fit together, though NumPy would stretch the one pixel: raise "
    "a ValueError."
)
assert refuses(reconstruction_errors, np.zeros((3, 4)), np.zeros(4)), (
    "A table and a single row do not fit together, though NumPy would stretch the row: raise a ValueError."
)
left, right = np.array([[1.0, 2.0]]), np.array([[0.0, 5.0]])
assert not changed_inputs(reconstruction_errors, left, right), (
    "Your function changes its inputs: work on copies."
)
### END HIDDEN TESTS

# %% [markdown]
# Now spoil the test faces in three ways: **rotated** (mirrored about the diagonal, so that they lie on
# their side), **flipped** upside down, and **darkened** to three tenths of their grey values. **Predict
# first:** put the five groups below in order, from the smallest to the largest mean error.

# %%
square = X_test.reshape(-1, 64, 64)
spoilt = {
    "rotated": square.transpose(0, 2, 1).reshape(40, -1),
    "flipped": square[:, ::-1].reshape(40, -1),
    "darkened": 0.3 * X_test,
}
groups = {"training": X_train, "test": X_test, **spoilt}


def rebuild(X):
    return pca.inverse_transform(pca.transform(X))


errors_of = {name: np.asarray(reconstruction_errors(X, rebuild(X))) for name, X in groups.items()}
for name, values in errors_of.items():
    print(f"{name:9s} mean reconstruction error {values.mean():.5f}")

picked = np.concatenate([X[:2] for X in groups.values()])
titles = np.repeat(list(groups), 2)
show(
    plot_faces(np.concatenate([picked, rebuild(picked).clip(0, 1)]), [*titles, *titles], n_cols=10),
    alt="Ten faces above: two training, test, rotated, flipped and darkened ones. Below each, the rebuilt "
    "face. Training faces look the same. Test faces are patchy, but eyes, mouth and glasses can be "
    "made out; rotated and flipped ones are rebuilt as a jumble of upright features; darkened ones stay "
    "dark and patchy.",
)

# %% [markdown]
# Two surprises:
#
# - It would be easy to compare the spoilt faces with the *training* faces and to be proud of the
#   difference. But much of that difference is there for any unseen face. The fair comparison is
#   between spoilt and **unseen normal** faces.
# - Darkened faces have a *smaller* error than normal ones. Darkening makes all differences smaller,
#   and what PCA cannot rebuild shrinks with them. The open question comes back to this.

# %% [markdown]
# ## 4. Clusters of faces
#
# From now on each face is described by its few numbers $a$. Distances stay nearly the same, and
# everything is much quicker. **Predict first:** there are 40 people. Which number of clusters $K$, from 5 to
# 145, will have the best silhouette score?

# %%
A_train, A_valid, A_test = (pca.transform(X) for X in (X_train, X_valid, X_test))
ks = list(range(5, 146, 5))
models = [KMeans(k, n_init=1, random_state=SEED).fit(A_train) for k in ks]
scores = [silhouette_score(A_train, model.labels_, random_state=SEED) for model in models]
best = int(np.argmax(scores))
print(f"best K: {ks[best]}, its silhouette score: {scores[best]:.3f}")

fig, axes = plt.subplots(1, 2, figsize=(10, 3.3), layout="constrained")
axes[0].plot(ks, scores, "o-", markersize=4)
axes[0].plot(ks[best], scores[best], "s", markersize=11, markerfacecolor="none", color="black")
axes[0].set(xlabel="K", ylabel="silhouette score", title=f"highest at K = {ks[best]} (square)")
axes[1].plot(ks, [model.inertia_ for model in models], "o-", markersize=4)
axes[1].set(xlabel="K", ylabel="inertia", title="no elbow to be seen", ylim=(0, None))
show(
    fig,
    alt="Left: the silhouette score rises with K up to far more than 40 clusters, then levels off; the "
    "best value is marked. Right: the inertia falls smoothly without an elbow.",
)

# %% [markdown]
# Far more than 40, and even the best score is low: the clusters are faint. Look at some of them.

# %%
clusters = models[best].labels_
members_of = [np.flatnonzero(clusters == cluster) for cluster in range(ks[best])]
people_in = [len(np.unique(y_train[members])) for members in members_of]
pure = sum(len(m) > 1 and n == 1 for m, n in zip(members_of, people_in, strict=True))
print(f"{pure} clusters hold several photographs of one person only,")
print(f"{sum(len(m) == 1 for m in members_of)} a single photograph,")
print(f"{sum(n > 1 for n in people_in)} mix people.")

by_size = sorted(range(ks[best]), key=lambda cluster: -len(members_of[cluster]))
uniform = [cluster for cluster in by_size if people_in[cluster] == 1]
mixed = [cluster for cluster in by_size if people_in[cluster] > 1]
pictures, titles = [], []
for cluster in [*uniform[:2], *mixed[:3]]:
    members = members_of[cluster][:8]
    blank = 8 - len(members)
    pictures += [*X_train[members], *np.ones((blank, 4096))]
    titles += [f"{cluster}: person {p}" for p in y_train[members]] + [""] * blank
show(
    plot_faces(pictures, titles, n_cols=8),
    alt="Five rows, each with the faces of one cluster; cluster and person are written below each face. Above "
    "two clusters of one person each, below three clusters that mix people of similar looks.",
)

# %% [markdown]
# One person makes several clusters: with glasses and without, looking left and looking right. Nobody
# told k-means that *who it is* matters more than the light. Such clusters are still a great help
# when you have to label new pictures, as in lesson 8.
#
# ### How wrong is a clustering?
#
# When classes are known, you can count how many points a clustering gets wrong. But the numbers of
# clusters are arbitrary. Suppose six points have the classes 0, 0, 0, 1, 1, 1 and the
# clusters 1, 1, 1, 0, 0, 1. **Predict first:** how many are wrong?

# %%
true, found = np.array([0, 0, 0, 1, 1, 1]), np.array([1, 1, 1, 0, 0, 1])
print("numbers compared as they are:", np.sum(true != found), "of 6 differ")
print("with cluster 1 read as class 0, and 0 as 1:", np.sum(true != 1 - found), "of 6 differ")
table = np.array([[np.sum((found == c) & (true == k)) for k in (0, 1)] for c in (0, 1)])
print("rows: clusters, columns: classes, entries: points\n", table)

# %% [markdown]
# So the clusters must be *matched* with the classes first. The **mis-classification rate** uses the best
# one-to-one matching: each cluster stands for at most one class, each class for at most one cluster,
# and as many points as possible are right. In the table above you choose entries, no two in the same
# row or column, with the largest sum. `linear_sum_assignment(table, maximize=True)` finds
# them (the *Hungarian method*): it returns their row and column numbers, for tables that are not square too.
#
# ### Exercise 3 · The mis-classification rate (3 points)
#
# Write `misclf_rate(y_true, cluster_labels)`. Both hold `N` whole numbers. Return the share of the points
# that are wrong under the best one-to-one matching, a number from 0 to 1.
#
# - The numbers may be any whole numbers, negative ones too, with gaps.
# - If there are more clusters than classes, some clusters have no class. *All* their points are wrong.
#   If there are more classes than clusters, the points of a class without a cluster are wrong.
# - Raise a `ValueError` if there are no points, or if the two differ in length.
#
# *Hint:* `np.unique(labels, return_inverse=True)` turns any labels into 0, 1, 2 and so on. Do not try all
# matchings in a loop: with 40 clusters that takes longer than the age of the universe.


# %% solution="misclf_rate"
def misclf_rate(y_true, cluster_labels):
    """Share of points that are wrong under the best one-to-one matching."""
    ### BEGIN SOLUTION
    y_true, cluster_labels = np.asarray(y_true), np.asarray(cluster_labels)
    if len(y_true) == 0 or len(y_true) != len(cluster_labels):
        raise ValueError(f"{len(y_true)} classes and {len(cluster_labels)} cluster labels")
    classes, class_codes = np.unique(y_true, return_inverse=True)
    names, cluster_codes = np.unique(cluster_labels, return_inverse=True)
    table = np.zeros((len(names), len(classes)), dtype=int)
    np.add.at(table, (cluster_codes, class_codes), 1)
    rows, columns = linear_sum_assignment(table, maximize=True)
    return 1 - table[rows, columns].sum() / len(y_true)
    ### END SOLUTION


# %% test="test_misclf_rate" points=2
kinds = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2, 2])
numbers = np.array([1, 1, 1, 0, 0, 0, 2, 2, 2, 0])
rate = misclf_rate(kinds, numbers)
assert rate is not None, "Your function returns nothing: does it end in a `return`?"
assert np.ndim(rate) == 0, "The rate is a single number."
rate = float(rate)
assert not is_like(rate, 0.7), (
    "You compare the numbers as they are. Cluster numbers are arbitrary: match them with the classes."
)
assert not is_like(rate, 0.9), (
    "This is the share that is right: the share that is wrong is asked for."
)
assert not is_like(rate, 1), (
    "Is this the number of wrong points? Divide by how many there are. Or does your matching get as *few* "
    "points right as possible, with `maximize=True` forgotten?"
)
assert not is_like(rate, 10), "A share lies between 0 and 1: do not multiply by 100."
assert_like(rate, 0.1, "Under the best matching only one of these 10 points is wrong.")
kinds, numbers = np.array([0, 0, 0, 0, 1, 1]), np.array([0, 0, 0, 1, 2, 2])
shared = float(attempt("With 3 clusters and 2 classes", misclf_rate, kinds, numbers))
assert not is_like(shared, 0), (
    "You give two clusters the same class, or leave out a cluster without a class. The matching is one to "
    "one, and all points of a cluster that is left over are wrong."
)
assert_like(shared, 1 / 6, "Wrong where there are 3 clusters and only 2 classes.")
### BEGIN HIDDEN TESTS
kinds = np.repeat([0, 1, 0], [50, 45, 48])
numbers = np.repeat([0, 0, 1], [50, 45, 48])
trap = float(misclf_rate(kinds, numbers))
assert not is_like(trap, 45 / 143), (
    "You give both clusters the same class. Each class may stand for one cluster only: one to one."
)
assert not is_like(trap, 93 / 143), (
    "You match the largest entry of the table first. That can spoil the rest: look for the best "
    "matching as a whole."
)
assert_like(trap, 50 / 143, "Wrong where two clusters have the same majority class.")
kinds = np.repeat([0, 1, 2, 0, 1, 2], [10, 9, 8, 3, 2, 1])
numbers = np.repeat([0, 1, 2, 3, 4, 5], [10, 9, 8, 3, 2, 1])
spare = float(attempt("With 6 clusters and 3 classes", misclf_rate, kinds, numbers))
assert not is_like(spare, 0), (
    "All points of clusters that are left over are wrong: neither give such a cluster a class that another "
    "one has, nor leave them out."
)
assert_like(
    spare,
    6 / 33,
    "With 6 clusters and 3 classes: the points of the clusters without a class are wrong, and they "
    "count among all points.",
)
few = float(attempt("With 2 clusters and 4 classes", misclf_rate, [0, 1, 2, 3, 3], [0, 0, 1, 1, 1]))
assert not is_like(few, 0), "One cluster cannot stand for two classes."
assert_like(
    few,
    2 / 5,
    "With 2 clusters and 4 classes: the points of the classes without a cluster are wrong.",
)
helper = np.random.default_rng(17)
kinds = helper.integers(5, size=300)
numbers = np.array([3, 0, 4, 1, 2])[kinds]
moved = helper.choice(300, size=60, replace=False)
numbers[moved] = helper.integers(5, size=60)
wrong = np.mean(np.array([1, 3, 4, 0, 2])[numbers] != kinds)
mine = float(attempt("With 5 clusters", misclf_rate, kinds, numbers))
assert_like(
    mine,
    wrong,
    "Wrong with 5 clusters: is a number of clusters fixed in your code, or are the numbers matched in "
    "the wrong direction?",
)
### END HIDDEN TESTS

# %% test="test_misclf_rate__edges" points=1
nothing = np.array([], dtype=int)
assert refuses(misclf_rate, nothing, nothing), (
    "Without any points there is no rate: raise a ValueError."
)
### BEGIN HIDDEN TESTS
assert refuses(misclf_rate, [0, 1, 1], [0, 1]), (
    "Three classes and two cluster labels do not fit together: raise a ValueError."
)
assert refuses(misclf_rate, [0, 1, 1], [0]), (
    "Three classes and a single cluster label do not fit together, though NumPy would stretch it: raise "
    "a ValueError."
)
gaps = attempt(
    "With the labels -1, 7 and 1000", misclf_rate, [7, 7, -3, -3, 4, 4], [-1, -1, 1000, 1000, 7, -1]
)
assert_like(
    gaps,
    1 / 6,
    "Wrong for negative labels or labels with gaps: they are names, not positions in a table.",
)
alone = attempt("For a single point", misclf_rate, [3], [8])
assert_like(alone, 0, "A single point can always be matched.")
lumped = attempt("With a single cluster", misclf_rate, [0, 0, 1, 2], [5, 5, 5, 5])
assert_like(lumped, 1 / 2, "A single cluster can stand for one class only.")
kept_y, kept_z = np.array([4, 2, 2]), np.array([0, 9, 9])
assert not changed_inputs(misclf_rate, kept_y, kept_z), (
    "Your function changes its inputs: work on copies."
)
assert refuses(misclf_rate, [0, 1], [0, 1, 1]), (
    "Two classes and three cluster labels do not fit together: raise a ValueError."
)
### END HIDDEN TESTS

# %%
for k in (40, ks[best]):
    print(f"K = {k}: rate {misclf_rate(y_train, models[ks.index(k)].labels_):.2f}")

# %% [markdown]
# As a way to recognise people, k-means is poor. With more clusters than people, every cluster
# that is left over counts as wrong, however pure it is. So the rate answers one question only: do the
# clusters *coincide* with the classes?

# %% [markdown]
# ## 5. Do clusters help a classifier?
#
# Now use the names. A *random forest* (many decision trees that vote) learns who is who from
# the training faces. It gets one of four descriptions: all pixels, the numbers $a$ of PCA, the
# distances to the $K$ centroids, or the last two side by side. **Predict first:** which one wins on the
# validation faces, and do the distances help?

# %%
kmeans = models[best]
far_train, far_valid = kmeans.transform(A_train), kmeans.transform(A_valid)
descriptions = {
    "pixels": (X_train, X_valid),
    "PCA": (A_train, A_valid),
    "distances": (far_train, far_valid),
    "PCA and distances": (np.hstack([A_train, far_train]), np.hstack([A_valid, far_valid])),
}
right_share = {}
for name, (train, valid) in descriptions.items():
    forest = RandomForestClassifier(100, random_state=SEED).fit(train, y_train)
    right_share[name] = forest.score(valid, y_valid)
    print(f"{name:18s}{train.shape[1]:5d} features: {right_share[name]:.3f} right")

# %% [markdown]
# The distances alone do worse, and adding them to PCA brings little or even harms: they are made from the
# same numbers and throw part of them away. (With other crops of the photographs others found the same order of
# PCA, both, distances.) Would another $K$ do better? The validation faces tell. In
# the end, the best of the four descriptions meets the test faces, once.

# %%
tried = [10, 20, 40, 60, 80, 100, 120, 140]
by_k = []
for k in tried:
    model = models[ks.index(k)]
    forest = RandomForestClassifier(50, random_state=SEED)
    forest.fit(model.transform(A_train), y_train)
    by_k.append(forest.score(model.transform(A_valid), y_valid))
fig, ax = plt.subplots(figsize=(6.5, 3.2), layout="constrained")
ax.plot(tried, by_k, "o-", label="distances to K centroids")
for (name, value), style in zip(right_share.items(), ["-", "--", "", ":"], strict=True):
    if style:
        ax.axhline(value, color="black", linestyle=style, linewidth=1, label=name)
ax.set(xlabel="K", ylabel="right on validation faces", ylim=(0, 1.02))
ax.legend(frameon=False, loc="lower right")
show(
    fig,
    alt="Share of right answers against K for the distances: it rises at first, then stays flat, below "
    "the lines of pixels and PCA for every K.",
)
winner = max(right_share, key=right_share.get)
choices = {"pixels": X_test, "PCA": A_test, "distances": kmeans.transform(A_test)}
choices["PCA and distances"] = np.hstack([A_test, choices["distances"]])
forest = RandomForestClassifier(100, random_state=SEED).fit(descriptions[winner][0], y_train)
print(f"{winner}, on the test faces: {forest.score(choices[winner], y_test):.3f} right")

# %% [markdown]
# A negative result, and a useful one: no $K$ makes the distances catch up. In lesson 8 they helped a simple linear
# model. A forest can bend its borders by itself and does not need them. Note the last line: the test faces
# were asked once, after every choice was made.

# %% [markdown]
# ## 6. A mixture of faces
#
# A Gaussian mixture gives a *density*. So it can draw new points, and `inverse_transform` turns
# them into new faces: people who do not exist. (Mind the words: a mixture's *components* are groups of
# faces, the *principal components* are directions.) **Predict first:** will they look like anybody?

# %%
mixture = GaussianMixture(40, random_state=SEED).fit(A_train)
new_points, component = mixture.sample(10)
show(
    plot_faces(pca.inverse_transform(new_points).clip(0, 1), [f"from {c}" for c in component]),
    alt="Ten faces drawn from the mixture, with the number of the component that each comes from. They look like "
    "photographs of people, some sharp, some blurred with a second face shining through.",
)

# %% [markdown]
# Some could be photographs from the collection, others are two faces laid over each other. How does the model score faces? `score_samples` gives the
# *logarithm* of the density at each point.

# %%
log_density = {
    name: mixture.score_samples(pca.transform(X))
    for name, X in {**groups, "valid": X_valid}.items()
}
for name, values in log_density.items():
    print(f"{name:9s} median log-density {np.median(values):16,.0f}")
free = A_train.shape[1] * (A_train.shape[1] + 1) // 2
print(f"numbers in one covariance matrix: {free:,}; faces per component: {len(A_train) / 40:.0f}")

# %% [markdown]
# The spoilt faces look absurdly unlikely. But so do perfectly normal faces that the model has not seen!
# It learnt the training faces by heart: each component has a handful of faces to
# estimate thousands of numbers, so its cloud is flat as paper, and anything beside the paper gets a
# density of practically nothing. That is also why the new faces are old ones, or mixtures of a few.
#
# The *order* still carries news. Call a face odd if it is less likely than nearly all unseen
# normal faces. The validation faces set the limit: five in a hundred of them lie beyond it. Do the same with the
# reconstruction error. **Predict first:** which detector finds the darkened faces?

# %%
valid_errors = np.asarray(reconstruction_errors(X_valid, rebuild(X_valid)))
error_limit = np.percentile(valid_errors, 95)
density_limit = np.percentile(log_density["valid"], 5)
print("share called odd        error   density")
for name in ["test", *spoilt]:
    by_error = np.mean(errors_of[name] > error_limit)
    by_density = np.mean(log_density[name] < density_limit)
    print(f"{name:20s} {by_error:8.0%} {by_density:9.0%}")

# %% [markdown]
# The two look at different things. The reconstruction error asks: is the face *made of* the known
# directions? The density asks: are its amounts $a$ of these directions usual? Darkened faces pass the first
# check and fail the second.

# %% [markdown]
# ## 7. A Gaussian for many dimensions
#
# PCA first, mixture second was one way around 4,096 dimensions. Here is another: keep all pixels,
# but allow each component only a simple covariance. Two things break when $D$ is large. First,
# the density itself. This is the *highest* value that a standard Gaussian takes, $(2\pi)^{-D/2}$:

# %%
for dimension in (2, 100, 784, 4096):
    print(f"D = {dimension:5d}: density at the mean {(2 * np.pi) ** (-dimension / 2):.3g}")
print("determinant of 0.01 times the identity, D = 784:", np.linalg.det(0.01 * np.eye(784)))

# %% [markdown]
# Too small for a computer's numbers: sooner or later it becomes 0 (*underflow*). The remedy is the same as in lesson 5: stay
# with logarithms all the way, never take the logarithm of a finished density or determinant.
#
# Second, the covariance. It has $D(D+1)/2$ numbers to estimate. A **low-rank** covariance has far
# fewer. Imagine that a picture is made like this:
#
# - start from the mean $\mu$;
# - for each of $r$ directions $v_1, \dots, v_r$, draw an amount with variance $\lambda_j$ (say "lambda") and walk so far along $v_j$;
# - in the end shake every pixel on its own a little, with variance $\sigma^2$: the **noise**.
#
# The result is a Gaussian with mean $\mu$ and covariance
#
# $$\Sigma = \lambda_1 v_1 v_1^T + \dots + \lambda_r v_r v_r^T + \sigma^2 I = V^T \operatorname{diag}(\lambda)\, V + \sigma^2 I$$
#
# where the rows of $V$ are the directions, $\operatorname{diag}(\lambda)$ has the variances on its
# diagonal, $I$ is the identity matrix, and ${}^T$ swaps rows and columns. In the plane with a single direction:

# %%
rng = np.random.default_rng(SEED)
direction = np.array([[0.8, 0.6]])
walk = rng.normal(scale=3, size=(300, 1)) @ direction
shaken = walk + rng.normal(scale=0.5, size=(300, 2))
fig, axes = plt.subplots(1, 2, figsize=(9, 3.6), sharex=True, sharey=True, layout="constrained")
plot_data(walk, ax=axes[0])
axes[0].set_title("walk along one direction")
plot_data(shaken, ax=axes[1])
axes[1].set_title("then shake")
show(
    fig,
    alt="Left: 300 points exactly on a slanted line. Right: the same points after shaking, a long thin "
    "cloud along that line.",
)
print("covariance by the formula:\n", 9 * direction.T @ direction + 0.25 * np.eye(2))
print("covariance of the points:\n", np.cov(shaken.T).round(2))
for D, r in [(784, 10), (4096, 10)]:
    print(f"D = {D}: full covariance {D * (D + 1) // 2:,} numbers, low rank {r * D + r + 1:,}")

# %% [markdown]
# Here $\lambda_1 = 9$ and $\sigma^2 = 0.25$ are *variances*: the deviations were 3 and a half.
#
# ### Exercise 4 · The low-rank log-density (4 points)
#
# Write `low_rank_log_density(X, mean, components, variances, noise)`. `X` has the shape `(N, D)`, `mean`
# `(D,)`, `components` (the $V$ above, one direction a row) `(r, D)`, `variances` (the $\lambda$) `(r,)`. The number
# `noise` is $\sigma^2 > 0$. Return the natural logarithm of the Gaussian density at each point, shape `(N,)`:
#
# $$\log p(x) = -\tfrac{1}{2}\left( D \log 2\pi + \log\det\Sigma + d^T \Sigma^{-1} d \right), \qquad d = x - \mu$$
#
# - It must be right, without overflow or underflow and without a `RuntimeWarning`, at a `D` of several hundred.
# - The directions need *not* have length one, nor be at right angles. A variance may be 0: that direction adds nothing.
# - Raise a `ValueError` if `mean` or the rows of `components` do not have `D` entries, or if there is
#   not one variance for each direction.
#
# *Way 1:* build $\Sigma$; use `np.linalg.slogdet` and `np.linalg.solve`. This is right, and fast
# enough for a few hundred dimensions, *if* you solve once for all points, with the columns of `d.T`: a
# `solve` for each point in a loop makes section 9 take many minutes instead of seconds.
#
# *Way 2* never builds a `D` by `D` matrix. Scale the directions, $B = \operatorname{diag}(\sqrt{\lambda})\, V$, so that
# $\Sigma = B^T B + \sigma^2 I$. Then only the small matrix $M = I + B B^T / \sigma^2$, of shape `(r, r)`, is needed:
#
# $$\log\det\Sigma = D \log \sigma^2 + \log\det M, \qquad d^T \Sigma^{-1} d = \frac{1}{\sigma^2}\left( d^T d - \frac{(B d)^T M^{-1} (B d)}{\sigma^2} \right)$$
#
# (These are the *matrix determinant lemma* and the *Woodbury identity*.)


# %% solution="low_rank_log_density"
def low_rank_log_density(X, mean, components, variances, noise):
    """Log-density of a Gaussian with a few directions and equal noise everywhere, shape (N,)."""
    ### BEGIN SOLUTION
    X, mean = np.asarray(X, dtype=float), np.asarray(mean, dtype=float)
    components = np.asarray(components, dtype=float)
    variances = np.asarray(variances, dtype=float)
    D = X.shape[1]
    if mean.shape != (D,) or components.shape != (len(variances), D):
        raise ValueError(
            f"{D} features, a mean of shape {mean.shape}, components of shape {components.shape} and "
            f"{len(variances)} variances do not fit together"
        )
    B = np.sqrt(variances)[:, None] * components
    M = np.eye(len(B)) + B @ B.T / noise
    d = X - mean
    Bd = B @ d.T
    log_det = D * np.log(noise) + np.linalg.slogdet(M)[1]
    inner = np.sum(Bd * np.linalg.solve(M, Bd), axis=0)
    squares = (np.sum(d**2, axis=1) - inner / noise) / noise
    return -(D * np.log(2 * np.pi) + log_det + squares) / 2
    ### END SOLUTION


# %% test="test_low_rank_log_density" points=2
spots = np.array([[1.0, 2.0], [4.0, 0.0], [-2.0, 3.0]])
logs = low_rank_log_density(
    spots, np.array([1.0, 1.0]), np.array([[1.0, 0.0]]), np.array([5.0]), 4.0
)
assert logs is not None, "Your function returns nothing: does it end in a `return`?"
logs = np.asarray(logs, dtype=float)
assert logs.shape == (3,), f"3 points give the shape (3,); yours is {logs.shape}."
across, up = spots[:, 0] - 1, spots[:, 1] - 1
wanted = norm.logpdf(across, scale=3) + norm.logpdf(up, scale=2)
assert not is_like(logs, np.exp(wanted)), "This is the density: its logarithm is asked for."
assert not is_like(logs, wanted + np.log(2 * np.pi)), "The term `D * log(2 pi)` is missing."
assert not is_like(logs, wanted + np.log(6)), "The logarithm of the determinant is missing."
assert not is_like(logs, wanted - np.log(6)), (
    "The logarithm of the determinant is counted twice over: is the factor 1/2 before it missing?"
)
assert not is_like(logs, wanted + np.log(6) - 0.5), (
    "Instead of the logarithm of the determinant you take its sign: `np.linalg.slogdet` returns the sign first."
)
assert not is_like(logs, 2 * wanted), "The factor 1/2 is missing."
assert not is_like(logs, norm.logpdf(across, scale=21**0.5) + norm.logpdf(up, scale=4)), (
    "You square `noise`: it is a variance already."
)
assert not is_like(logs, norm.logpdf(across, scale=29**0.5) + norm.logpdf(up, scale=2)), (
    "You square `variances`: they are variances already."
)
assert not is_like(logs, norm.logpdf(across, scale=5**0.5) + norm.logpdf(up, scale=2)), (
    "Along a direction the noise is missing: it shakes *every* feature."
)
assert not is_like(logs, norm.logpdf(across + 1, scale=3) + norm.logpdf(up + 1, scale=2)), (
    "The mean is not subtracted."
)
assert_like(
    logs,
    wanted,
    "Here the covariance is diagonal, with 9 and 4: the logarithm of that Gaussian density looks different.",
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(23)
spots = helper.normal(scale=2, size=(11, 6))
centre = helper.normal(size=6)
slants = helper.normal(scale=1.5, size=(3, 6))
lengths = np.array([0.4, 2.5, 1.3])
cov = (slants.T * lengths) @ slants + 0.7 * np.eye(6)
wanted = multivariate_normal(centre, cov).logpdf(spots)
mine = attempt(
    "With 3 directions in 6 dimensions",
    low_rank_log_density,
    spots,
    centre,
    slants,
    lengths,
    0.7,
)
mine = np.asarray(mine, dtype=float)
assert mine.shape == (11,), "11 points give the shape (11,)."
short = (slants[:1].T * lengths[:1]) @ slants[:1] + 0.7 * np.eye(6)
assert not is_like(mine, multivariate_normal(centre, short).logpdf(spots)), (
    "Only the first direction is used: take `r` from `components`."
)
plain = slants.T @ slants + 0.7 * np.eye(6)
assert not is_like(mine, multivariate_normal(centre, plain).logpdf(spots)), (
    "The variances are not used: every direction counts the same."
)
only = np.diag(np.diag(cov))
assert not is_like(mine, multivariate_normal(centre, only).logpdf(spots)), (
    "Only the diagonal of the covariance is used."
)
along = np.subtract(spots, centre) @ slants.T
rough = np.sum(np.subtract(spots, centre) ** 2, axis=1) / 0.7
rough = rough - np.sum(along**2 * lengths / (0.7 * (0.7 + lengths)), axis=1)
dets = np.sum(np.log(lengths + 0.7)) + 3 * np.log(0.7)
assert not is_like(mine, -(6 * np.log(2 * np.pi) + dets + rough) / 2), (
    "Your formula takes it for granted that the directions have length one and are at right angles. "
    "Here they are not."
)
assert_like(
    mine,
    wanted,
    "Wrong for 3 slanted directions of different lengths in 6 dimensions: check the covariance, and "
    "that no number of dimensions is fixed in your code.",
    rtol=1e-6,
)
### END HIDDEN TESTS

# %% test="test_low_rank_log_density__many_dimensions" points=1
wide = low_rank_log_density(
    np.tile([1.0, -1.0], (2, 250)), np.zeros(500), np.full((1, 500), 0.1), np.array([3.0]), 0.01
)
assert every(np.isfinite(np.asarray(wide, dtype=float))), (
    "With 500 features the result is not finite: the density or the determinant underflows. Take the "
    "logarithm from `np.linalg.slogdet`."
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(29)
slants = helper.normal(size=(7, 450))
lengths = helper.uniform(0.2, 3, size=7)
centre = helper.normal(size=450)
for sigma2 in (0.003, 40.0):
    spots = centre + helper.normal(size=(20, 7)) @ slants + helper.normal(size=(20, 450))
    cov = (slants.T * lengths) @ slants + sigma2 * np.eye(450)
    gaps = np.subtract(spots, centre)
    far = np.sum(gaps * np.linalg.solve(cov, gaps.T).T, axis=1)
    wanted = -(450 * np.log(2 * np.pi) + np.linalg.slogdet(cov)[1] + far) / 2
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        mine = attempt(
            "With 450 features",
            low_rank_log_density,
            spots,
            centre,
            slants,
            lengths,
            sigma2,
        )
    mine = np.asarray(mine, dtype=float)
    assert every(np.isfinite(mine)), (
        "With 450 features the result is not finite: the determinant underflows or overflows."
    )
    assert_like(
        mine,
        wanted,
        "The log-density is wrong with 450 features, for very small or large noise.",
        rtol=1e-6,
    )
### END HIDDEN TESTS

# %% test="test_low_rank_log_density__edges" points=1
single = low_rank_log_density(
    np.zeros((1, 3)), np.zeros(3), np.eye(3)[:2], np.array([1.0, 2.0]), 1.0
)
assert np.shape(single) == (1,), f"One point gives the shape (1,), yours is {np.shape(single)}."
### BEGIN HIDDEN TESTS
whole = attempt(
    "With plain lists of whole numbers",
    low_rank_log_density,
    [[1, 2], [0, 0]],
    [0, 1],
    [[0, 2]],
    [2],
    1,
)
assert_like(
    whole,
    norm.logpdf([1, 0]) + norm.logpdf([1, -1], scale=3),
    "Wrong for plain lists of whole numbers, or for a direction that is longer than one.",
)
line = attempt("In one dimension", low_rank_log_density, [[0.0], [2.0]], [1.0], [[1.0]], [3.0], 1.0)
assert_like(line, norm.logpdf([-1.0, 1.0], scale=2), "Wrong in one dimension.")
with warnings.catch_warnings():
    warnings.simplefilter("error", RuntimeWarning)
    still = attempt(
        "With a variance of 0",
        low_rank_log_density,
        [[1.0, 1.0, 0.0]],
        [0.0, 0.0, 0.0],
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
        [0.0, 8.0],
        1.0,
    )
assert_like(
    still,
    [norm.logpdf(1.0) + norm.logpdf(1.0, scale=3) + norm.logpdf(0.0)],
    "With a variance of 0 that direction adds nothing, and only the noise remains.",
)
given = (np.ones((2, 3)), np.zeros(3), np.array([[1.0, 2.0, 2.0]]), np.array([4.0]))
assert not changed_inputs(low_rank_log_density, *given, 0.5), (
    "Your function changes its inputs: work on copies."
)
assert refuses(
    low_rank_log_density, np.zeros((2, 3)), np.zeros(3), np.ones((1, 2)), np.ones(1), 1.0
), "Points with 3 features and directions with 2 must raise a ValueError."
assert refuses(
    low_rank_log_density, np.zeros((2, 3)), np.zeros(1), np.ones((1, 3)), np.ones(1), 1.0
), (
    "Points with 3 features and a mean with 1 must raise a ValueError, though NumPy would stretch it."
)
assert refuses(
    low_rank_log_density, np.zeros((2, 3)), np.zeros(3), np.ones((2, 3)), np.ones(1), 1.0
), "Two directions and one variance must raise a ValueError, though NumPy would stretch it."
assert refuses(low_rank_log_density, [[0.0, 1.0]], [0.0, 0.0], [[1.0, 0.0]], [1.0, 2.0], 0.5), (
    "One direction and two variances do not fit together: raise a ValueError."
)
### END HIDDEN TESTS

# %% [markdown]
# ## 8. An approximate mixture
#
# The rest is EM as in lesson 5. Only the M step is new: each component gets its weighted mean, its
# weighted PCA with $r$ directions, and the mean variance of all that is left as its noise.
# The second function is the loop around it, with your log-density in the E step.


# %%
def weighted_pca(X, weights, r, floor):
    mean = weights @ X / weights.sum()
    scaled = np.sqrt(weights / weights.sum())[:, None] * (X - mean)
    _, lengths, directions = randomized_svd(scaled, r, random_state=SEED)
    left_over = np.sum(scaled**2) - np.sum(lengths**2)
    noise = max(left_over / max(X.shape[1] - r, 1), floor)
    return mean, directions, np.maximum(lengths**2 - noise, 0), noise


def low_rank_mixture(X, start, r, max_iter=100, floor=1e-3):
    gamma = np.eye(start.max() + 1)[start]  # responsibilities, (N, K)
    history = []
    for _ in range(max_iter):
        pi = gamma.mean(axis=0)
        parts = [weighted_pca(X, weights, r, floor) for weights in gamma.T]
        joint = np.stack([low_rank_log_density(X, *part) for part in parts], axis=1) + np.log(pi)
        total = logsumexp(joint, axis=1, keepdims=True)
        gamma = np.exp(joint - total)
        history.append(total.mean())
        if len(history) > 1 and history[-1] - history[-2] < 1e-3:
            break
    return pi, parts, gamma.argmax(axis=1), history


# %% [markdown]
# New code should first prove itself where the answer is known. Four small sets: the 90 points on a line of
# lesson 1, two blobs on a line (300 and 100 points), two stretched blobs in the plane, and two in space
# (25 points each). **Predict first:** will scikit-learn's full mixture do better than ours?


# %%
def stretched_blobs(n_features, n_samples, centers=None):
    X, y = make_blobs(n_samples, n_features, centers=centers, random_state=42)
    return X @ np.random.RandomState(0).standard_normal((n_features, n_features)), y


small_sets = {
    "1-D, 3 groups": (*load_mixture_1d(), 1),
    "1-D, 2 groups": (*stretched_blobs(1, [300, 100]), 1),
    "2-D, 2 groups": (*stretched_blobs(2, [300, 100]), 1),
    "3-D, 2 groups": (*stretched_blobs(3, 50, centers=2), 2),
}
print("mis-classification     k-means     ours  full   agree (ours and full)")
for name, (points, group, r) in small_sets.items():
    n_groups = len(np.unique(group))
    start = KMeans(n_groups, n_init=10, random_state=SEED).fit_predict(points)
    ours = low_rank_mixture(points, start, r)[2]
    full = GaussianMixture(n_groups, random_state=SEED).fit(points).predict(points)
    rates = [misclf_rate(group, labels) for labels in (start, ours, full)]
    agree = 1 - misclf_rate(full, ours)
    print(f"{name:22s} {rates[0]:8.1%} {rates[1]:8.1%} {rates[2]:6.1%} {agree:8.1%}")

points, group, r = small_sets["2-D, 2 groups"]
pi, parts, ours, _ = low_rank_mixture(
    points, KMeans(2, n_init=10, random_state=SEED).fit_predict(points), r
)
covs = [(V.T * lam) @ V + noise * np.eye(2) for _, V, lam, noise in parts]
full = GaussianMixture(2, random_state=SEED).fit(points)
fig, axes = plt.subplots(1, 2, figsize=(10, 4.2), sharex=True, sharey=True, layout="constrained")
plot_gaussian_mixture((pi, np.array([p[0] for p in parts]), np.array(covs)), points, ax=axes[0])
axes[0].set_title("ours: one direction and noise")
plot_gaussian_mixture((full.weights_, full.means_, full.covariances_), points, ax=axes[1])
axes[1].set_title("scikit-learn: full covariance")
show(
    fig,
    alt="Two long thin clouds of points, drawn twice. The ellipses of our low-rank mixture on the left and those "
    "of scikit-learn on the right look the same.",
)

# %% [markdown]
# In so few dimensions nothing is lost: in the plane one direction and noise describe *every* ellipse.
# Where groups overlap, as on the first line, no model can be perfect.
#
# ## 9. Twos and sixes
#
# Now 784 dimensions: handwritten digits, 500 twos and 500 sixes of 28 by 28 pixels. Their grey values
# go from 0 to 255, so we divide by 255. No model sees the labels. **Predict first:** full covariance, or ten
# directions and noise: which one sorts the digits better? Which one is quicker?

# %%
pixels, digit = load_mnist_digits()
chosen = np.isin(digit, [2, 6])
X_digits, y_digits = pixels[chosen] / 255, digit[chosen]
start = KMeans(2, n_init=1, random_state=SEED).fit_predict(X_digits)

rows = [("k-means (our start)", misclf_rate(y_digits, start), 0, 0.0)]
for r in (1, 5, 10, 20):
    began = time.perf_counter()
    pi, parts, labels, history = low_rank_mixture(X_digits, start, r)
    took = time.perf_counter() - began
    rows.append((f"low rank, r = {r}", misclf_rate(y_digits, labels), 2 * (784 * r + r + 1), took))
    if r == 10:
        ten = (pi, parts, labels, history)
began = time.perf_counter()
full = GaussianMixture(2, reg_covar=1e-3, random_state=SEED).fit(X_digits)
took = time.perf_counter() - began
full_floats = full.covariances_.size
rows.append(("full", misclf_rate(y_digits, full.predict(X_digits)), full_floats, took))
print("model                   wrong   covariance floats   seconds")
for name, rate, floats, seconds in rows:
    print(f"{name:22s} {rate:6.1%} {floats:19,d} {seconds:9.2f}")

# %% [markdown]
# The floats are the memory that the two covariances take. The full mixture must store far more
# than the low-rank one with ten directions, and it need not sort better. It has more numbers to estimate
# than the data can support, so it clings to where it started: its clouds are so thin that every
# responsibility is nearly 0 or 1 at once, and hardly a digit changes sides. (The seconds are not a law: the low-rank
# model needs more steps here. But the full model's time per step grows like $D^3$, the low-rank model's like $rD$.)

# %%
confident = np.sort(full.predict_proba(X_digits), axis=1)[:, -1]
print(f"full mixture: {np.mean(confident > 0.999):.0%} of the digits are more than 99.9 % sure")
print(f"its EM stopped after {full.n_iter_} steps; ours with r = 10 after {len(ten[3])}")

pi, parts, labels, _ = ten
steps = [-2, -1, 0, 1, 2]
strolls = [mean + step * np.sqrt(lam[0]) * V[0] for mean, V, lam, _ in parts for step in steps]
fig, axes = plt.subplots(1, 2, figsize=(10, 3), layout="constrained")
plot_faces(np.clip(strolls, 0, 1), [f"{s:+d}" for s in steps] * 2, n_cols=5, ax=axes[0])
axes[0].set_title(
    "each mean, moved along its first direction\n(in standard deviations)", fontsize=10
)
mistaken = np.flatnonzero(match_labels(y_digits, labels) != y_digits)[:10]
plot_faces(X_digits[mistaken], y_digits[mistaken], n_cols=5, ax=axes[1])
axes[1].set_title("digits in the wrong cluster (true digit below)", fontsize=10)
show(
    fig,
    alt="Left: the mean six and the mean two, each moved along its first direction in five steps from minus to "
    "plus two standard deviations; the digit leans over or changes its loop. Right: ten digits that ended in "
    "the wrong cluster, most of them slanted or oddly drawn.",
)

# %% [markdown]
# Each direction is a way in which people's handwriting differs, such as the slant. That is why few
# directions suffice. Which digits become a cluster still depends on the start, as with every EM: try
# another start by changing the seed.

# %% [markdown]
# ## 10. Check yourself
#
# Choose an answer to see whether it is right, and why. Nothing here is graded.

# %%
from jupyterquiz import display_quiz

display_quiz(
    [
        {
            "question": "Why did we fit PCA on the training faces only, and not on all 400?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "PCA is too slow on 400 faces",
                    "correct": False,
                    "feedback": "It takes less than a second. Time is not the reason.",
                },
                {
                    "answer": "So that validation and test faces stay unseen",
                    "correct": True,
                    "feedback": "Right: otherwise their errors would look as small as those in training.",
                },
                {
                    "answer": "PCA needs the labels",
                    "correct": False,
                    "feedback": "It never sees labels, only pixels.",
                },
            ],
        },
        {
            "question": "The best silhouette had far more clusters than people. Why?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "Pose, light and glasses split one person into several groups",
                    "correct": True,
                    "feedback": "Right. Distances of pixels see light and pose before they see identity.",
                },
                {
                    "answer": "k-means found people that we did not know of",
                    "correct": False,
                    "feedback": "There are 40 people. But each of them can look different.",
                },
                {
                    "answer": "More clusters always have a better silhouette",
                    "correct": False,
                    "feedback": "No: with one cluster for each face it would be 0. Only the inertia always improves.",
                },
            ],
        },
        {
            "question": "A clustering has 10 pure clusters, two for each of 5 classes. Its rate is ...",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "0, since no cluster mixes classes",
                    "correct": False,
                    "feedback": "One to one: only one of the two clusters can stand for the class.",
                },
                {
                    "answer": "above 0: five clusters are left without a class",
                    "correct": True,
                    "feedback": "Right, and all their points count as wrong.",
                },
            ],
        },
        {
            "question": "What do you compute instead of a Gaussian density with 784 features?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "The logarithm of the finished density",
                    "correct": False,
                    "feedback": "By then it is mostly 0 already, and its logarithm minus infinity.",
                },
                {
                    "answer": "The log-density, term by term",
                    "correct": True,
                    "feedback": "Right: each term is a harmless number.",
                },
                {
                    "answer": "The density with more decimal places",
                    "correct": False,
                    "feedback": "The trouble is the size of the number, not its digits.",
                },
            ],
        },
    ]
)

# %% [markdown]
# ### Quiz 1 (1 point)
#
# A friend reports: "My detector works! The training faces have a tiny reconstruction error, and the rotated
# faces one that is thirty times larger." What is missing? Set `quiz_1` to the letter of your answer,
# such as `"a"`.
#
# - a) Nothing: a factor of thirty is convincing.
# - b) The rotated faces should have been part of the training.
# - c) The errors of normal faces that were not used in training.
# - d) More directions, so that the training error becomes 0.

# %% solution="quiz_1"
### BEGIN SOLUTION
quiz_1 = "c"
### END SOLUTION

# %% test="test_quiz_1" points=1
choice_1 = str(quiz_1).strip().lower()
assert choice_1 in {"a", "b", "c", "d"}, "Set quiz_1 to one of the letters 'a', 'b', 'c', 'd'."
### BEGIN HIDDEN TESTS
assert choice_1 != "a", "How large was the error of the normal test faces, compared with training?"
assert choice_1 != "b", (
    "Then PCA would learn to rebuild rotated faces too. Would they still stand out?"
)
assert choice_1 != "d", "The training error can be made 0. Does that say anything about new faces?"
### END HIDDEN TESTS

# %% [markdown]
# ### Quiz 2 (1 point)
#
# How many numbers describe a covariance for 1,000 features with 5 directions and noise: the directions,
# their variances, and the noise? Set `quiz_2` to a letter.
#
# - a) 5
# - b) 25
# - c) about 5 thousand
# - d) about 500 thousand

# %% solution="quiz_2"
### BEGIN SOLUTION
quiz_2 = "c"
### END SOLUTION

# %% test="test_quiz_2" points=1
choice_2 = str(quiz_2).strip().lower()
assert choice_2 in {"a", "b", "c", "d"}, "Set quiz_2 to one of the letters 'a', 'b', 'c', 'd'."
### BEGIN HIDDEN TESTS
assert choice_2 != "a", "These are the variances. A direction is a row of numbers: how many?"
assert choice_2 != "b", "A direction lives among the features: how many numbers does one take?"
assert choice_2 != "d", "That is the full covariance. What does the low-rank one store instead?"
### END HIDDEN TESTS

# %% [markdown]
# ### Open question (2 points)
#
# The reconstruction error did not find the darkened faces, but the mixture's density did. In two
# or three sentences: why does darkening make the reconstruction error *smaller*, and what does the
# mixture see that the error does not? A person reads and marks this answer.

# %% [markdown] manual="explain_darkened" points=2
# Darkening multiplies the face by 0.3, so the part of it that the directions cannot rebuild shrinks as well, and
# its square even more: the error gets smaller. The error only asks whether a face can be built from the directions.
# The mixture looks at the amounts: for a darkened face they lie far from those of all normal faces (for
# example, very much of the direction "dark"), where the density is low.

# %% [markdown]
# ## Wrap-up
#
# - A stratified split gives every class its share of each part.
# - PCA describes a picture by the mean and a few directions. The reconstruction error says what is lost.
# - Compare spoilt faces with *unseen* normal faces, never with the training faces.
# - Cluster numbers must be matched with classes, one to one, before you count errors.
# - In high dimensions work with logarithms, and give a Gaussian few directions and noise: fewer
#   numbers to store, fewer to estimate.
#
# **Next:** lesson 11 leaves clustering and fits a picture with a neural network.
#
# ## References
#
# - M. E. Tipping and C. M. Bishop, "Probabilistic principal component analysis", *Journal of the Royal
#   Statistical Society, Series B* 61(3), 1999, pages 611-622: low rank and noise.
# - M. E. Tipping and C. M. Bishop, "Mixtures of probabilistic principal component analyzers", *Neural
#   Computation* 11(2), 1999, pages 443-482: the mixture of section 8.
# - M. Turk and A. Pentland, "Eigenfaces for recognition", *Journal of Cognitive Neuroscience* 3(1), 1991,
#   pages 71-86.
# - H. W. Kuhn, "The Hungarian method for the assignment problem", *Naval Research Logistics Quarterly* 2,
#   1955, pages 83-97.
# - F. S. Samaria and A. C. Harter, "Parameterisation of a stochastic model for human face
#   identification", *2nd IEEE Workshop on Applications of Computer Vision*, 1994: the faces, by AT&T
#   Laboratories Cambridge.
# - Y. LeCun, C. Cortes and C. J. C. Burges, *The MNIST database of handwritten digits*.
# - scikit-learn's [user guide on PCA](https://scikit-learn.org/stable/modules/decomposition.html#pca).
