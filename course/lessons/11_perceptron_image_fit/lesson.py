# %% [markdown]
# # 11 · From one neuron to a painted picture
#
# A neural network is a function with many knobs. In this lesson you build one from its smallest part,
# the **neuron**, and then let it learn a *photograph*: you give it the place of a pixel and it answers
# with the colour. One layer can only paint straight edges. A few more neurons paint a flower.
#
# **You will learn to**
#
# - say what a neuron, a layer and an activation function do, and why a step function is not used;
# - turn scores into probabilities with *softmax*, without overflow;
# - measure errors with three losses, and know what each of them punishes;
# - compute the gradient of one neuron by hand and walk downhill with it;
# - build, train and watch a small Keras network, and see what more layers buy.
#
# **You need** NumPy arrays, the idea of a derivative, and images as arrays (lesson 7 helps).
# **Time:** about 60 minutes; allow 90 if derivatives are rusty or Keras is new to you.
# **Marks:** 24, of which 2 are for a text that a person reads.

# %% [markdown]
# ## How the exercises work
#
# - Replace the line `raise NotSolvedYet` by your code, run the cell, then run the test below it. No
#   message means that the visible checks pass. More checks, on other data, run when your work is graded.
# - Your functions never change their inputs. They take lists as well as arrays, of whole numbers (also
#   `uint8`, as images have) or of floats. `np.asarray(z, dtype=float)` is a safe first line.
# - "Without a warning" means that NumPy prints no `RuntimeWarning`.
# - Where an exercise asks for a `ValueError`, write `raise ValueError("what is wrong")`.

# %% locked="setup" tags=["setup"]
import warnings
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np

from utils import (
    NotSolvedYet,
    assert_like,
    attempt,
    changed_inputs,
    every,
    is_like,
    load_image,
    refuses,
    show,
    show_animation,
    training_animation,
)
from utils.widgets.training import quiet_import, training_viewer

with quiet_import():
    import keras
    import tensorflow as tf

    tf.get_logger().setLevel("ERROR")

SEED = 0


def shrink(photo, width=64):
    """A photo averaged over square blocks of pixels, about `width` blocks wide; values 0 to 1."""
    block = max(1, photo.shape[1] // width)
    h, w = photo.shape[0] // block, photo.shape[1] // block
    tiles = photo[: h * block, : w * block].reshape(h, block, w, block, 3)
    return tiles.mean(axis=(1, 3)) / 255


image = shrink(load_image("flower.jpg")[30:318, 256:640])

# %% [markdown]
# ## 1. One neuron
#
# An artificial **neuron** (named after the nerve cells that inspired it; an early kind is called a *perceptron*)
# takes the numbers
# $x_1, \dots, x_D$ and does two things:
#
# $$z = w_1 x_1 + \dots + w_D x_D + b \qquad\text{and then}\qquad y = f(z)$$
#
# The numbers $w_i$ are its **weights**, $b$ is its **bias**. Learning means finding good values for
# them. The function $f$ is the **activation**. Look at the first half alone, for two inputs:

# %%
w, b = np.array([2.0, 1.0]), -1.5
xs, ys = np.meshgrid(np.linspace(0, 1, 200), np.linspace(0, 1, 200))
fig, ax = plt.subplots(figsize=(5.4, 4.2), layout="constrained")
shades = ax.pcolormesh(xs, ys, w[0] * xs + w[1] * ys + b, cmap="cividis")
levels = [-1, -0.5, 0, 0.5, 1]
lines = ax.contour(
    xs, ys, w[0] * xs + w[1] * ys + b, levels=levels, colors="white", linestyles="solid"
)
ax.clabel(lines, fmt="z = %g")
ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
fig.colorbar(shades, label="z")
show(
    fig,
    alt="The unit square shaded by z, which rises evenly towards the upper right. The lines on which z "
    "is -1, -0.5, 0, 0.5 and 1 are straight, parallel and equally far apart.",
)

# %% [markdown]
# The lines on which $z$ is constant are straight, whatever the weights. The weights turn them, the bias
# shifts them. The line $z = 0$ is the neuron's **boundary**.
#
# **Predict first.** You feed the $z$ of four neurons into a fifth one, all *without* an activation. Can
# the lines of the fifth be curved?

# %%
rng = np.random.default_rng(SEED)
points = rng.normal(size=(1000, 2))
W_1, b_1 = rng.normal(size=(2, 4)), rng.normal(size=4)
W_2, b_2 = rng.normal(size=(4, 1)), rng.normal(size=1)
two_steps = (points @ W_1 + b_1) @ W_2 + b_2
one_step = points @ (W_1 @ W_2) + (b_1 @ W_2 + b_2)
print("largest difference between the two:", np.abs(two_steps - one_step).max())

# %% [markdown]
# The difference is rounding. Five neurons without an activation are *one* neuron with other weights:
# stacking straight things gives something straight. The activation is what makes a network worth
# having.
#
# ## 2. Activations
#
# The most used one is the **rectified linear unit**: it lets positive numbers pass and turns negative
# ones into 0.
#
# $$\mathrm{relu}(z) = \max(0, z)$$
#
# ### Exercise 1 · ReLU (1 point)
#
# Write `relu(z)`. `z` is a number, a list or an array of any shape; the result has the same shape.


# %% solution="relu"
def relu(z):
    """The larger of 0 and z, for each entry of z."""
    ### BEGIN SOLUTION
    return np.maximum(0.0, z)
    ### END SOLUTION


# %% test="test_relu" points=1
rectified = attempt("For a list with one row of 3 numbers", relu, [[-2.0, 0.0, 3.5]])
assert rectified is not None, "Your function returns nothing: does it end in a `return`?"
rectified = np.asarray(rectified, dtype=float)
assert rectified.shape == (1, 3), (
    f"The result must have the shape of z, here (1, 3); yours has {rectified.shape}."
)
assert not is_like(rectified, [[2, 0, 3.5]]), (
    "This is the absolute value: negative numbers become 0, they do not change their sign."
)
assert not is_like(rectified, [[-2, 0, 0]]), "The negative numbers pass and the positive do not."
assert not is_like(rectified, [[0, 0, 1]]), (
    "This is a step function: positive numbers must pass with their own value."
)
assert_like(rectified, [[0, 0, 3.5]], "Negative numbers become 0, the others stay.")
### BEGIN HIDDEN TESTS
below = np.asarray(attempt("For a plain list", relu, [-7.0, -4.0, -5.5]), dtype=float)
assert not is_like(below, [-4, -4, -4]), (
    "Where all numbers are negative, yours gives the largest of them: do not use `np.max(z)` as a limit."
)
assert_like(below, [0, 0, 0], "Where all numbers are negative, every result is 0.")
high = np.asarray(relu([0.5, 7, 12_000.0]), dtype=float)
assert_like(high, [0.5, 7, 12_000], "Large numbers must pass unchanged: there is no upper limit.")
lone = attempt("For a single number", relu, -3)
assert np.shape(lone) == () and lone == 0, "For the single number -3 the result is the number 0."
assert attempt("For a single number", relu, 2.5) == 2.5, (
    "For the single number 2.5 the result is 2.5."
)
block = np.arange(-11, 13).reshape(2, 3, 4)
mine = np.asarray(attempt("For whole numbers with three axes", relu, block), dtype=float)
assert mine.shape == (2, 3, 4), "An array with three axes keeps its shape."
assert_like(
    mine,
    np.where(block > 0, block, 0),
    "The result is wrong for an array of whole numbers with three axes.",
)
assert not changed_inputs(relu, -block), "Your function changes z itself: work on a copy."
grey = np.array([0, 130, 255], dtype=np.uint8)
assert_like(relu(grey), [0, 130, 255], "Numbers of the type uint8 must pass unchanged too.")
assert np.shape(attempt("For an empty array", relu, np.zeros((0, 2)))) == (0, 2), (
    "An empty array gives an empty array."
)
### END HIDDEN TESTS

# %% [markdown]
# A ReLU neuron whose $z$ is negative for every input always answers 0, and its slope is 0 too, so it
# cannot learn any more: it is *dead*. The **leaky** ReLU lets a small share $a$ of a negative $z$ through:
# positive numbers stay, negative ones are multiplied by $a$.
#
# ### Exercise 2 · Leaky ReLU (1 point)
#
# Write `leaky_relu(z, a=0.1)` for a `z` of any shape, single numbers too. Raise a `ValueError` unless
# `0 <= a < 1`.


# %% solution="leaky_relu"
def leaky_relu(z, a=0.1):
    """z where it is positive, else a times z."""
    ### BEGIN SOLUTION
    if not 0 <= a < 1:
        raise ValueError(f"a must be at least 0 and below 1, not {a}")
    z = np.asarray(z, dtype=float)
    return np.where(z > 0, z, a * z)
    ### END SOLUTION


# %% test="test_leaky_relu" points=1
leaked = attempt("For a list of 3 numbers", leaky_relu, [-10.0, 0.0, 4.0])
assert leaked is not None, "Your function returns nothing: does it end in a `return`?"
leaked = np.asarray(leaked, dtype=float)
assert leaked.shape == (3,), f"Three numbers give the shape (3,); yours is {leaked.shape}."
assert not is_like(leaked, [0, 0, 4]), "This is the plain ReLU: nothing of -10 comes through."
assert not is_like(leaked, [1, 0, 4]), "A negative z must give a negative result: mind the sign."
assert not is_like(leaked, [-1, 0, 0.4]), "Positive numbers are not multiplied by a."
assert not is_like(leaked, [-0.1, 0, 4]), "A negative z is multiplied by a, not replaced by it."
assert_like(leaked, [-1, 0, 4], "Positive numbers stay, negative ones are multiplied by a.")
assert refuses(leaky_relu, [1.0], -0.1), "A negative a must raise a ValueError."
assert not refuses(leaky_relu, [1.0], 0), "a = 0 is allowed: it must not raise a ValueError."
### BEGIN HIDDEN TESTS
steep = np.asarray(attempt("With a = 0.25", leaky_relu, [[-8, 6], [-2, -20]], 0.25), dtype=float)
assert not is_like(steep, [[-0.8, 6], [-0.2, -2]]), "With a = 0.25 yours still uses 0.1."
assert not is_like(steep, [[-2, 6], [0, -5]]), (
    "The result is cut to whole numbers: is it stored in an array of whole numbers?"
)
assert_like(steep, [[-2, 6], [-0.5, -5]], "The result is wrong for a = 0.25.")
below = np.asarray(leaky_relu([-7.0, -4.0]), dtype=float)
assert_like(
    below,
    [-0.7, -0.4],
    "The result is wrong where all numbers are negative: does `np.max(z)` set a limit?",
)
assert_like(
    leaky_relu(np.array([3.0, 900.0])),
    [3, 900],
    "The result is wrong where all numbers are positive.",
)
assert_like(
    attempt("For a single number", leaky_relu, -3), -0.3, "The result is wrong for a single number."
)
assert np.shape(leaky_relu(5.0)) == (), "A single number gives a single number."
assert_like(leaky_relu([-5.0, 5.0], 0), [0, 5], "With a = 0 it is the plain ReLU.")
kept = np.array([-1.0, 2.0])
assert not changed_inputs(leaky_relu, kept), "Your function changes z itself: work on a copy."
assert refuses(leaky_relu, [1.0], 1), "a = 1 must raise a ValueError: that would be no bend at all."
assert refuses(leaky_relu, [1.0], 1.5), "An a above 1 must raise a ValueError."
small = np.asarray(leaky_relu([-0.5, 0.5], 0.25), dtype=float)
assert_like(
    small,
    [-0.125, 0.5],
    "Wrong for numbers between -1 and 1: the bend is at 0, and fractions are kept.",
)
### END HIDDEN TESTS

# %% [markdown]
# The **sigmoid** squeezes any number into the range from 0 to 1, which suits a grey value or a
# probability:
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# **Predict first.** For $z = -1000$ the result should be as good as 0. What does Python say to this
# formula?

# %%
with np.errstate(over="raise"):
    try:
        print(1 / (1 + np.exp(-np.float64(-1000))))
    except FloatingPointError as error:
        print("NumPy complains:", error)

# %% [markdown]
# $e^{1000}$ is larger than the largest float. This is called **overflow**. But $e^{-1000}$ does no harm:
# it just becomes 0. Multiply the fraction by $e^{z}$ above and below and you get a second formula,
# $\sigma(z) = e^{z} / (1 + e^{z})$, which is safe exactly where the first one is not.
#
# ### Exercise 3 · Sigmoid (2 points)
#
# Write `sigmoid(z)` for a `z` of any shape, single numbers too. It must be right and give **no warning**
# for large numbers of either sign.
#
# *Hint:* one way is $e^{-|z|}$, which never overflows. Use the first formula with it where
# $z \ge 0$, the second elsewhere. Mind that `np.where` computes *both* for all entries and chooses afterwards.


# %% solution="sigmoid"
def sigmoid(z):
    """1 / (1 + exp(-z)) for each entry of z, without overflow."""
    ### BEGIN SOLUTION
    z = np.asarray(z, dtype=float)
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1 + small)
    ### END SOLUTION


# %% test="test_sigmoid" points=1
squeezed = attempt("For a list of 3 numbers", sigmoid, [0.0, 2.0, -2.0])
assert squeezed is not None, "Your function returns nothing: does it end in a `return`?"
squeezed = np.asarray(squeezed, dtype=float)
assert squeezed.shape == (3,), f"Three numbers give the shape (3,); yours is {squeezed.shape}."
assert not is_like(squeezed, np.tanh([0, 2, -2])), "This is the hyperbolic tangent, from -1 to 1."
assert not is_like(squeezed, 1 + np.exp([0, -2, 2])), (
    "In Python `1 / 1 + e` is `(1 / 1) + e`: put the whole lower part of the fraction in brackets."
)
assert not is_like(squeezed, np.exp([0, 2, -2])), "The 1 in the lower part is missing."
assert not is_like(squeezed, 1 / (1 + np.exp([0, 2, -2]))), (
    "Yours falls where it should rise: the exponent is minus z."
)
assert not is_like(squeezed, 1 / (1 + np.exp([0, -2, -2]))), (
    "Below 0 yours is as large as above 0: where z is negative the second formula is needed."
)
assert_like(squeezed, 1 / (1 + np.exp([0, -2, 2])), "The values at 0, 2 and -2 are wrong.")
### BEGIN HIDDEN TESTS
grid = np.linspace(-15, 15, 24).reshape(2, 4, 3)
mine = np.asarray(attempt("For an array with three axes", sigmoid, grid), dtype=float)
assert mine.shape == (2, 4, 3), "An array with three axes keeps its shape."
assert_like(
    mine,
    1 / (1 + np.exp(-grid)),
    "The values between -15 and 15 are wrong: are z or the results cut off somewhere?",
    rtol=1e-6,
    atol=0,
)
lone = attempt("For a single whole number", sigmoid, -1)
assert np.shape(lone) == (), "A single number gives a single number."
assert_like(lone, 1 / (1 + np.e), "The result is wrong for a single whole number.")
pixels = np.array([0, 1, 3, 5], dtype=np.uint8)
assert_like(
    sigmoid(pixels),
    1 / (1 + np.exp([0.0, -1, -3, -5])),
    "The result is wrong for numbers of the type uint8: these have no minus sign, so turn z into "
    "floats first.",
)
assert not changed_inputs(sigmoid, grid), "Your function changes z itself: work on a copy."
### END HIDDEN TESTS

# %% test="test_sigmoid__overflow" points=1
with warnings.catch_warnings():
    warnings.simplefilter("error", RuntimeWarning)
    extremes = attempt(
        "For z = -1000 and z = 1000, with a warning counting as an error,",
        sigmoid,
        [-1000.0, 1000.0],
    )
assert every(~np.isnan(extremes)), (
    "For z = -1000 or z = 1000 yours is not a number: that is infinity divided by infinity."
)
assert_like(extremes, [0, 1], "Far below 0 the sigmoid is 0, far above it is 1.")
### BEGIN HIDDEN TESTS
with warnings.catch_warnings():
    warnings.simplefilter("error", RuntimeWarning)
    far = attempt("For a table of large numbers", sigmoid, [[-90_000, 0, 3], [720, -720, 90_000]])
    one = attempt("For the single number -5000", sigmoid, -5000)
assert_like(
    far,
    [[0, 0.5, 1 / (1 + np.exp(-3))], [1, 0, 1]],
    "The values are wrong where large and small numbers stand in one array.",
)
assert_like(one, 0, "For the single number -5000 the sigmoid is 0.")
### END HIDDEN TESTS

# %% [markdown]
# Two more are drawn below: the *hyperbolic tangent*, a sigmoid stretched to the range from -1 to 1, and the
# **step** function, which is 0 below 0 and 1 above. Each broken line is the **slope** (the derivative).
#
# **Predict first.** Learning asks: "if I turn this knob a little, does the result get better?" Which of
# the five can never answer?

# %%
z = np.linspace(-6, 6, 601)
curves = {
    "ReLU": relu(z),
    "leaky ReLU": leaky_relu(z),
    "sigmoid": sigmoid(z),
    "tanh": np.tanh(z),
    "step: not used": np.heaviside(z, 0),
}
fig, axes = plt.subplots(1, 5, figsize=(13, 2.9), layout="constrained")
for ax, (name, curve) in zip(axes, curves.items(), strict=True):
    slope = np.zeros_like(z) if name.startswith("step") else np.gradient(curve, z)
    ax.plot(z, curve, label="value")
    ax.plot(z, slope, "--", color="black", label="slope")
    ax.set(title=name, xlabel="z", ylim=(-1.2, 3))
axes[0].legend(frameon=False, loc="upper left")
show(
    fig,
    alt="Five activations with their slopes. ReLU: 0, then the diagonal; slope 0, then 1. Leaky ReLU: the "
    "same with a slightly tilted left part. Sigmoid: an S from 0 to 1 with a flat bump as slope. Tanh: an S "
    "from -1 to 1 with a bump of height 1. Step: a jump from 0 to 1 whose slope is 0 on both sides.",
)

# %% [markdown]
# The step's slope is 0 on both sides, and at the jump it has none. A small turn of a weight changes
# nothing, so there is no hint which way to go. Sigmoid and tanh have the same trouble far from 0, where
# they are flat: one says that they *saturate*.
#
# ## 3. Softmax: scores into probabilities
#
# To choose among $C$ classes, use $C$ neurons with the scores $z_1, \dots, z_C$ and turn these into
# numbers that are positive and sum to 1:
#
# $$\mathrm{softmax}(z)_i = \frac{e^{z_i}}{\sum_j e^{z_j}}$$
#
# They behave like probabilities. Whether they *are* right as probabilities is another question, so
# call them pseudo-probabilities.
#
# **Predict first.** You add 100 to every score. What happens to the probabilities?

# %%
scores = np.array([1.0, 3.0, 0.5])
for moved in [scores, scores + 100]:
    print(moved, "->", np.exp(moved) / np.exp(moved).sum())

# %% [markdown]
# Nothing happens: the factor $e^{100}$ stands above and below and cancels. So you may subtract any number
# from all scores. Subtract the largest, and no exponent is above 0: nothing can overflow.
#
# ### Exercise 4 · Softmax (2 points)
#
# Write `softmax(z)` for an array with at least one axis. It works along the **last** axis: in an array of
# shape `(N, C)` each *row* sums to 1. The result has the shape of `z`. There must be no overflow and no
# warning, whatever the size of the scores.
#
# *Hint:* `keepdims=True` in `max` and `sum` keeps the shapes in step.


# %% solution="softmax"
def softmax(z):
    """Pseudo-probabilities along the last axis of z."""
    ### BEGIN SOLUTION
    z = np.asarray(z, dtype=float)
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
    ### END SOLUTION


# %% test="test_softmax" points=1
shares = attempt("With 2 rows of 3 scores", softmax, [[1.0, 2.0, 3.0], [2.0, 2.0, 2.0]])
assert shares is not None, "Your function returns nothing: does it end in a `return`?"
shares = np.asarray(shares, dtype=float)
assert shares.shape == (2, 3), f"The result must have the shape of z, (2, 3), not {shares.shape}."
assert not is_like(shares.sum(), 1), (
    "All entries together sum to 1: each row must do so on its own, so sum along the last axis."
)
assert not is_like(shares.sum(axis=0), [1, 1, 1]), "The columns sum to 1: it must be the rows."
assert_like(
    shares.sum(axis=1),
    [1, 1],
    "The rows do not sum to 1: divide the powers of each row by their sum.",
)
assert every(shares != 1), "All goes to the largest score: softmax gives the others a share too."
assert_like(shares[1], [1 / 3, 1 / 3, 1 / 3], "Three equal scores get equal shares.")
assert_like(
    shares[0, 2] / shares[0, 1],
    np.e,
    "A score that is larger by 1 must get e times the share: is it the base e, and is the exponential "
    "there at all?",
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(41)
table = helper.normal(scale=2, size=(4, 4))
wanted = np.exp(table) / np.exp(table).sum(axis=1)[:, None]
mine = np.asarray(attempt("With 4 rows of 4 scores", softmax, table), dtype=float)
assert not is_like(mine, np.exp(table) / np.exp(table).sum(axis=1)), (
    "Each entry is divided by the sum of another row: keep the summed axis (`keepdims=True`)."
)
assert_like(mine, wanted, "The result is wrong for 4 rows of 4 scores.")
single = np.asarray(attempt("For a plain list of scores", softmax, [2, 0, -1, 1, 1]), dtype=float)
assert single.shape == (5,), "A list of 5 scores gives 5 numbers, shape (5,)."
powers = np.exp([2.0, 0, -1, 1, 1])
assert_like(single, powers / powers.sum(), "The result is wrong for a plain list of scores.")
cube = helper.normal(size=(2, 3, 5))
solid = np.asarray(attempt("For an array with three axes", softmax, cube), dtype=float)
assert solid.shape == (2, 3, 5), "An array with three axes keeps its shape."
assert_like(
    solid.sum(axis=-1), np.ones((2, 3)), "With three axes the sums along the last one must be 1."
)
assert_like(
    solid,
    np.exp(cube) / np.exp(cube).sum(axis=-1, keepdims=True),
    "The result is wrong for an array with three axes.",
)
assert not changed_inputs(softmax, table), "Your function changes z itself: work on a copy."
### END HIDDEN TESTS

# %% test="test_softmax__overflow" points=1
with warnings.catch_warnings():
    warnings.simplefilter("error", RuntimeWarning)
    big = attempt(
        "For the scores 1000 and 1000, with a warning counting as an error,",
        softmax,
        [[1000.0, 1000.0]],
    )
assert every(~np.isnan(big)), "For the scores 1000 and 1000 yours is not a number."
assert_like(big, [[0.5, 0.5]], "Two equal scores get equal shares, however large they are.")
### BEGIN HIDDEN TESTS
with warnings.catch_warnings():
    warnings.simplefilter("error", RuntimeWarning)
    low = attempt("For the scores -1000 and -1000", softmax, [[-1000.0, -1000.0]])
    mixed = attempt(
        "For a row of large and a row of very negative scores",
        softmax,
        [[5000.0, 5001.0, 0.0], [-5000.0, -5001.0, -9000.0]],
    )
assert_like(low, [[0.5, 0.5]], "Two equal scores get equal shares, however negative they are.")
larger, smaller = np.e / (1 + np.e), 1 / (1 + np.e)
assert_like(
    mixed,
    [[smaller, larger, 0], [larger, smaller, 0]],
    "The result is wrong where the rows are of very different size: each row has its own largest score.",
)
pixels = np.array([[3, 1, 0]], dtype=np.uint8)
powers = np.exp([[3.0, 1, 0]])
assert_like(
    softmax(pixels),
    powers / powers.sum(),
    "The result is wrong for numbers of the type uint8: these have no minus sign, so turn z into "
    "floats first.",
)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Layers
#
# A **layer** is a row of $M$ neurons that all look at the same $D$ inputs. In a *dense* (or fully
# connected) layer each neuron sees every input. Put the weights of neuron $j$ into column $j$ of a matrix
# $W$ of shape `(D, M)`, and the inputs of $N$ points into the rows of `x`. Then one matrix product does it
# all:
#
# $$y = f(x W + b)$$
#
# A **network** is a chain of layers: the output of one is the input of the next.
#
# ### Exercise 5 · A dense layer (2 points)
#
# Write `dense(x, W, b, activation)` for `x` of shape `(N, D)`, `W` of shape `(D, M)` and `b` of shape
# `(M,)`. It returns an array of shape `(N, M)`. `activation` is a function such as `np.tanh`: call it
# **once**, on the whole array.
#
# Raise a `ValueError` if `x` or `W` does not have two axes, if `W` does not have one row for each column of
# `x`, or if `b` does not have one entry for each column of `W` (shape `(M,)` exactly).


# %% solution="dense"
def dense(x, W, b, activation):
    """The outputs (N, M) of a layer of M neurons for N points."""
    ### BEGIN SOLUTION
    x, W, b = (np.asarray(part, dtype=float) for part in (x, W, b))
    if x.ndim != 2 or W.ndim != 2 or x.shape[1] != W.shape[0] or b.shape != W.shape[1:]:
        raise ValueError(f"x {x.shape}, W {W.shape} and b {b.shape} do not fit together")
    return activation(x @ W + b)
    ### END SOLUTION


# %% test="test_dense" points=1
x_in = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, -6.0]])
W_in = np.array([[1.0, 0.0, -1.0, 2.0], [0.0, 1.0, 1.0, -1.0]])
b_in = np.array([1.0, 2.0, 3.0, 4.0])
plain = attempt(
    "With 2 inputs and 4 neurons", dense, x_in.copy(), W_in.copy(), b_in.copy(), np.positive
)
assert plain is not None, "Your function returns nothing: does it end in a `return`?"
plain = np.asarray(plain, dtype=float)
assert plain.shape == (3, 4), (
    f"3 points and 4 neurons give the shape (3, 4), yours is {plain.shape}."
)
assert not is_like(plain, x_in @ W_in), "The bias `b` is missing."
assert not is_like(plain, np.maximum(x_in @ W_in + b_in, 0)), (
    "Yours always uses ReLU: use the function `activation` that is given."
)
assert_like(
    plain, x_in @ W_in + b_in, "x W + b is wrong: row i of x belongs to row i of the result."
)
bent = np.asarray(dense(x_in.copy(), W_in.copy(), b_in.copy(), np.negative), dtype=float)
assert not is_like(bent, x_in @ W_in + b_in), "The activation is not applied."
assert not is_like(bent, -(x_in @ W_in) + b_in), (
    "The bias comes before the activation, not after it."
)
assert_like(bent, -(x_in @ W_in + b_in), "The activation must be applied to x W + b.")
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(51)
inputs, weights, biases = (
    helper.normal(size=(6, 5)),
    helper.normal(size=(5, 6)),
    helper.normal(size=6),
)
raw = inputs @ weights + biases
mine = attempt("With 6 points, 5 inputs and 6 neurons", dense, inputs, weights, biases, np.tanh)
mine = np.asarray(mine, dtype=float)
assert mine.shape == (6, 6), "6 points and 6 neurons give the shape (6, 6)."
assert not is_like(mine, np.tanh(inputs @ weights + biases[:, None])), (
    "The bias belongs to the neurons, which are the columns: yours is added to the rows."
)
assert not is_like(mine, np.tanh(raw).T), "The result is transposed: points are the rows."
assert not is_like(mine, np.maximum(raw, 0)), (
    "Yours always uses ReLU: use the function `activation`."
)
assert not is_like(mine, 1 / (1 + np.exp(-raw))), (
    "Yours always uses the sigmoid: use the function `activation`."
)
assert not is_like(mine, np.tanh(np.tanh(raw))), "The activation is applied twice."
assert_like(mine, np.tanh(raw), "The result is wrong for 5 inputs and 6 neurons.")
seen = []
attempt(
    "With an activation that needs the whole array",
    dense,
    inputs[:4],
    weights[:, :3],
    biases[:3],
    lambda values: (seen.append(np.shape(values)), values)[1],
)
assert seen and seen[0] == (4, 3), (
    "The activation gets single numbers or rows: call it on the whole array of shape (N, M)."
)
assert len(seen) == 1, "Call the activation once, on the whole array of shape (N, M)."
### END HIDDEN TESTS

# %% test="test_dense__edges" points=1
lists = attempt("For lists of whole numbers", dense, [[1, 2]], [[3], [4]], [5], np.negative)
assert_like(lists, [[-16]], "The result is wrong for lists of whole numbers.")
assert refuses(dense, [[1.0, 2.0, 3.0]], [[1.0], [2.0]], [0.0], np.tanh), (
    "3 inputs do not fit to 2 rows of weights: raise a ValueError."
)
assert refuses(dense, np.ones((2, 3)), np.ones((3, 2)), np.ones(1), np.tanh), (
    "One bias for two neurons must raise a ValueError: NumPy would copy it to both without a word."
)
### BEGIN HIDDEN TESTS
small = np.array([[200, 100]], dtype=np.uint8)
doubled = attempt("For inputs of the type uint8", dense, small, [[2], [1]], [0], np.positive)
assert_like(doubled, [[500]], "The result is wrong for inputs of the type uint8.")
given = (np.ones((2, 3)), np.ones((3, 2)), np.array([1.0, 2.0]))
assert not changed_inputs(dense, *given, np.tanh), (
    "Your function changes its inputs: work on copies."
)
assert refuses(dense, np.ones((2, 3)), np.ones((3, 2)), np.ones((2, 1)), np.tanh), (
    "A bias of shape (2, 1) must raise a ValueError: it would be added to the rows."
)
assert refuses(dense, np.ones(3), np.ones((3, 2)), np.ones(2), np.tanh), (
    "An x with one axis must raise a ValueError: points are rows, so one point has the shape (1, D)."
)
assert refuses(dense, np.ones((2, 3)), np.ones(3), np.ones(()), np.tanh), (
    "A W with one axis must raise a ValueError: its shape is (D, M)."
)
assert refuses(dense, np.ones((2, 3, 3)), np.ones((3, 3)), np.ones(3), np.tanh), (
    "An x with three axes must raise a ValueError: its shape is (N, D)."
)
assert refuses(dense, np.ones((2, 2)), np.ones((2, 2, 2)), np.ones((2, 2)), np.tanh), (
    "A W with three axes must raise a ValueError: its shape is (D, M)."
)
pixels = attempt(
    "For uint8 pixels",
    dense,
    np.array([[200, 100]], dtype=np.uint8),
    np.array([[2], [1]], dtype=np.uint8),
    np.array([30], dtype=np.uint8),
    np.negative,
)
assert_like(
    pixels,
    [[-530]],
    "With uint8 numbers the products and sums wrap around: turn x, W and b into floats first.",
)
### END HIDDEN TESTS

# %% [markdown]
# Here are two networks with *random* weights, drawn over the unit square: one sigmoid neuron on the
# left; on the right a layer of 16 ReLU neurons before it. The weights are nonsense. Look at the *shapes*.

# %%
rng = np.random.default_rng(2)
square = np.column_stack([xs.ravel(), ys.ravel()]) - 0.5
alone = dense(square, rng.normal(scale=6, size=(2, 1)), [0.0], sigmoid)
hidden_layer = dense(square, rng.normal(scale=4, size=(2, 16)), rng.normal(size=16), relu)
chain = dense(hidden_layer, rng.normal(scale=1.2, size=(16, 1)), [0.0], sigmoid)

fig, axes = plt.subplots(1, 2, figsize=(8.6, 3.8), layout="constrained")
for ax, output, title in zip(
    axes, [alone, chain], ["one neuron", "16 ReLU neurons, then one"], strict=True
):
    shades = ax.pcolormesh(xs, ys, output.reshape(xs.shape), cmap="cividis", vmin=0, vmax=1)
    ax.contour(xs, ys, output.reshape(xs.shape), levels=[0.25, 0.5, 0.75], colors="white")
    ax.set(title=title, xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
fig.colorbar(shades, ax=axes, label="output")
show(
    fig,
    alt="Two unit squares shaded by a network's output, with lines of equal output. One neuron: straight "
    "parallel lines. With a hidden layer of 16 ReLU neurons: lines that bend at several corners.",
)

# %% [markdown]
# A **hidden** layer is one between input and output. Each ReLU neuron adds one fold along its own straight
# boundary. Many folds together come close to any curve.
#
# ## 5. Losses: how wrong is it?
#
# From here on write $y$ for the right values and $\hat y$ (say "y hat") for what the network answers. A **loss** is one
# number that says how wrong the answers are. Learning makes it small. Two losses for numbers:
#
# $$\mathrm{MAE} = \text{mean of } |y - \hat y| \qquad\qquad \mathrm{MSE} = \text{mean of } (y - \hat y)^2$$
#
# MAE is the **m**ean **a**bsolute **e**rror, also called L1; MSE the **m**ean **s**quared **e**rror, or L2.
# Some texts *sum* instead. The sum grows with the number of points; the mean does not, so it can be compared
# between data sets.
#
# ### Exercise 6 · Mean absolute error (1 point)
#
# Write `mae(y, y_hat)`: the mean over **all** entries, one number. Raise a `ValueError` if the two shapes
# differ.


# %% solution="mae"
def mae(y, y_hat):
    """The mean absolute error over all entries."""
    ### BEGIN SOLUTION
    y, y_hat = np.asarray(y, dtype=float), np.asarray(y_hat, dtype=float)
    if y.shape != y_hat.shape:
        raise ValueError(f"the shapes differ: {y.shape} and {y_hat.shape}")
    return float(np.abs(y - y_hat).mean())
    ### END SOLUTION


# %% test="test_mae" points=1
off = attempt("For two lists of 4 numbers", mae, [1, 2, 3, 10], [1, 2, 5, 4])
assert off is not None, "Your function returns nothing: does it end in a `return`?"
assert np.ndim(off) == 0, "The loss is one number: take the mean over all entries."
assert not is_like(off, 8), "This is the sum of the errors: take their mean."
assert not is_like(abs(off), 1), "Errors of different sign cancel in yours: take absolute values."
assert not is_like(off, 10), "This is the mean of the squared errors: MAE does not square."
assert_like(off, 2, "The mean of the absolute errors is wrong.")
table = attempt("For tables of 2 rows and 2 columns", mae, [[1, 2], [3, 10]], [[1, 4], [3, 4]])
assert np.ndim(table) == 0, "For tables too the loss is one number: the mean over all entries."
assert not is_like(table, 4), (
    "For tables yours sums over the columns: take the mean over all entries."
)
assert refuses(mae, [1, 2, 3], [1, 2]), (
    "Three and two numbers: different shapes must raise a ValueError."
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(61)
right_ones, answers = helper.normal(size=(7, 5)), helper.normal(size=(7, 5))
gap = np.abs(right_ones - answers)
mine = attempt("For tables of 7 rows and 5 columns", mae, right_ones, answers)
assert np.ndim(mine) == 0, "For tables too the loss is one number: the mean over all entries."
assert not is_like(mine, gap.sum()), "For tables yours is a sum: take the mean over all entries."
assert not is_like(mine, gap.sum() / 7), (
    "For tables yours sums over the columns: take the mean over all entries."
)
assert_like(mine, gap.mean(), "The result is wrong for tables of 7 rows and 5 columns.")
a, c = np.array([200, 10], dtype=np.uint8), np.array([210, 5], dtype=np.uint8)
assert_like(
    mae(a, c),
    7.5,
    "The result is wrong for numbers of the type uint8: there 200 - 210 is not -10, so turn both into "
    "floats first.",
)
assert not changed_inputs(mae, a, c), "Your function changes its inputs."
assert refuses(mae, [1.0, 2.0, 3.0], [[1.0], [2.0], [3.0]]), (
    "The shapes (3,) and (3, 1) must raise a ValueError: NumPy would compare every entry with every other."
)
assert refuses(mae, [1.0, 2.0, 3.0], [1.0]), "The shapes (3,) and (1,) must raise a ValueError."
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 7 · Mean squared error (1 point)
#
# Write `mse(y, y_hat)`: the mean over **all** entries, one number, without a factor of one half and without
# a square root. Raise a `ValueError` if the two shapes differ.


# %% solution="mse"
def mse(y, y_hat):
    """The mean squared error over all entries."""
    ### BEGIN SOLUTION
    y, y_hat = np.asarray(y, dtype=float), np.asarray(y_hat, dtype=float)
    if y.shape != y_hat.shape:
        raise ValueError(f"the shapes differ: {y.shape} and {y_hat.shape}")
    return float(((y - y_hat) ** 2).mean())
    ### END SOLUTION


# %% test="test_mse" points=1
off = attempt("For two lists of 4 numbers", mse, [1, 2, 3, 10], [1, 2, 5, 4])
assert off is not None, "Your function returns nothing: does it end in a `return`?"
assert np.ndim(off) == 0, "The loss is one number: take the mean over all entries."
assert not is_like(off, 40), "This is the sum of the squares: take their mean."
assert not is_like(off, 5), "There is a factor of one half: this course's MSE has none."
assert not is_like(off, np.sqrt(10)), "This is the square root of the MSE: leave the root away."
assert not is_like(off, 2), "This is the mean absolute error: square each error."
assert not is_like(off, 1), "Square each error first, then take the mean, not the other way round."
assert_like(off, 10, "The mean of the squared errors is wrong.")
table = attempt("For tables of 2 rows and 2 columns", mse, [[1, 2], [3, 10]], [[1, 4], [3, 4]])
assert np.ndim(table) == 0, "For tables too the loss is one number: the mean over all entries."
assert not is_like(table, 20), (
    "For tables yours sums over the columns: take the mean over all entries."
)
assert refuses(mse, [1, 2, 3], [1, 2]), (
    "Three and two numbers: different shapes must raise a ValueError."
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(71)
right_ones, answers = helper.normal(size=(4, 6)), helper.normal(size=(4, 6))
gap = (right_ones - answers) ** 2
mine = attempt("For tables of 4 rows and 6 columns", mse, right_ones, answers)
assert np.ndim(mine) == 0, "For tables too the loss is one number: the mean over all entries."
assert not is_like(mine, gap.sum()), "For tables yours is a sum: take the mean over all entries."
assert not is_like(mine, gap.sum() / 4), (
    "For tables yours sums over the columns: take the mean over all entries."
)
assert_like(mine, gap.mean(), "The result is wrong for tables of 4 rows and 6 columns.")
a, c = np.array([20, 200], dtype=np.uint8), np.array([40, 180], dtype=np.uint8)
assert_like(
    mse(a, c),
    400,
    "The result is wrong for numbers of the type uint8, which hold nothing above 255: turn both into "
    "floats first.",
)
assert not changed_inputs(mse, a, c), "Your function changes its inputs."
assert refuses(mse, [1.0, 2.0, 3.0], [[1.0], [2.0], [3.0]]), (
    "The shapes (3,) and (3, 1) must raise a ValueError: NumPy would compare every entry with every other."
)
assert refuses(mse, [1.0, 2.0, 3.0], [1.0]), "The shapes (3,) and (1,) must raise a ValueError."
### END HIDDEN TESTS

# %% [markdown]
# **Predict first.** You may answer with only *one* number for the five values 0, 0, 0, 1 and 9. Which answer
# has the least MAE, which the least MSE?

# %%
values = np.array([0.0, 0.0, 0.0, 1.0, 9.0])
guesses = np.linspace(-1, 9, 501)
fig, axes = plt.subplots(1, 2, figsize=(8.6, 3.3), layout="constrained")
for ax, loss, name in zip(axes, [mae, mse], ["MAE", "MSE"], strict=True):
    losses = [loss(values, np.full(5, guess)) for guess in guesses]
    best = guesses[np.argmin(losses)]
    print(f"least {name} at the answer {best:.2f}")
    ax.plot(guesses, losses)
    ax.plot(best, min(losses), "o", color="black")
    ax.set(xlabel="answer", ylabel=name, title=f"{name}, least at {best:.2f}")
show(
    fig,
    alt="Two loss curves over the answer, each with a dot at its lowest point. MAE is made of straight "
    "pieces and is least at 0, the middle value. MSE is a parabola and is least at 2, the mean.",
)

# %% [markdown]
# MAE leads to the *median*: it is calm about the one odd value. MSE leads to the *mean*: squaring makes a
# large error count far more. Both are used below.
#
# For classes there is a third loss. The right class is written **one-hot**: a row of zeros with a single 1
# at the true class. With $y_{ic}$ for it and $p_{ic}$ for the probability that the network gives to class
# $c$ of sample $i$, the **cross-entropy** is
#
# $$-\frac1N \sum_{i=1}^{N} \sum_{c} y_{ic} \ln p_{ic}$$
#
# Only the true class counts: the loss is the mean of $-\ln$ (probability of the truth). It is 0 for a sure
# and right answer. It is *infinite* for an answer that calls the truth impossible.
#
# ### Exercise 8 · Cross-entropy (2 points)
#
# Write `cross_entropy(y_onehot, p)`, both of shape `(N, C)`: one number, the mean over the **samples**, with the
# natural logarithm. Where `y_onehot` is 0 the term is 0, even if `p` is 0 there. Where `p` is 0 at the true class
# the loss is `np.inf`. In neither case may there be a warning, so do not take the logarithm of 0.
#
# Raise a `ValueError` if the shapes differ, if `p` has a negative entry, or if a row of `p` does not sum to 1
# (being off by up to `1e-6` is rounding).


# %% solution="cross_entropy"
def cross_entropy(y_onehot, p):
    """The mean over the samples of -ln(probability of the true class)."""
    ### BEGIN SOLUTION
    y_onehot, p = np.asarray(y_onehot, dtype=float), np.asarray(p, dtype=float)
    if y_onehot.shape != p.shape or p.ndim != 2:
        raise ValueError(f"the shapes are {y_onehot.shape} and {p.shape}")
    if np.any(p < 0) or np.any(np.abs(p.sum(axis=1) - 1) > 1e-6):
        raise ValueError("each row of p must be a vector of probabilities")
    truth = (y_onehot * p).sum(axis=1)
    if np.any(truth == 0):
        return np.inf
    return float(-np.log(truth).mean())
    ### END SOLUTION


# %% test="test_cross_entropy" points=1
surprise = attempt(
    "With 2 samples of 3 classes",
    cross_entropy,
    [[1, 0, 0], [0, 1, 0]],
    [[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]],
)
assert surprise is not None, "Your function returns nothing: does it end in a `return`?"
assert np.ndim(surprise) == 0, "The loss is one number: take the mean over the samples."
logs = -np.log([0.5, 0.8])
assert not is_like(surprise, -logs.mean()), "The sign is wrong: a loss is not negative here."
assert not is_like(surprise, logs.sum()), "This is the sum over the samples: take the mean."
assert not is_like(surprise, logs.sum() / 6), (
    "The mean goes over all entries: sum over the classes, and take the mean over the samples only."
)
assert not is_like(surprise, logs.mean() / np.log(2)), (
    "This is the logarithm to base 2: use `np.log`."
)
assert not is_like(surprise, logs.mean() / np.log(10)), (
    "This is the logarithm to base 10: use `np.log`."
)
assert not is_like(surprise, -np.log(0.65)), (
    "Take the logarithm of each probability first, and the mean after that."
)
assert_like(
    surprise,
    logs.mean(),
    "The loss is wrong: it is the mean of -ln of the probability at the true class.",
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(81)
chances = helper.dirichlet(np.ones(5), size=7)
true = np.array([4, 0, 2, 2, 1, 3, 0])
hot = np.eye(5, dtype=int)[true]
wanted = -np.log(chances[np.arange(7), true]).mean()
mine = attempt("With 7 samples of 5 classes", cross_entropy, hot, chances)
assert np.ndim(mine) == 0, "With 7 samples of 5 classes the loss is still one number."
binary = wanted - ((1 - hot) * np.log(1 - chances)).sum(axis=1).mean()
assert not is_like(mine, binary), (
    "Terms of the other classes, with 1 - p, are added: only the true class counts."
)
assert_like(mine, wanted, "The loss is wrong for 7 samples of 5 classes.")
assert_like(
    cross_entropy(hot.astype(bool).tolist(), chances.tolist()),
    wanted,
    "The loss is wrong for lists, or where the one-hot rows hold True and False.",
)
### END HIDDEN TESTS

# %% test="test_cross_entropy__edges" points=1
with warnings.catch_warnings():
    warnings.simplefilter("error", RuntimeWarning)
    sure = attempt(
        "For a sure and right answer, with a warning counting as an error,",
        cross_entropy,
        [[0, 1]],
        [[0.0, 1.0]],
    )
    never = attempt(
        "Where the truth has probability 0, with a warning counting as an error,",
        cross_entropy,
        [[1, 0]],
        [[0.0, 1.0]],
    )
assert not np.isnan(sure), "For a sure and right answer yours is not a number: 0 ln 0 counts as 0."
assert_like(sure, 0, "A sure and right answer has the loss 0.")
assert np.isinf(never) and never > 0, (
    "Where the truth has probability 0 the loss is infinite: do not put a small number in its place."
)
assert not refuses(cross_entropy, [[1, 0, 0]], [[0.7, 0.2, 0.1]]), (
    "0.7 + 0.2 + 0.1 is not exactly 1 for a computer: allow rounding, as the text says."
)
assert refuses(cross_entropy, [[1, 0]], [[0.7, 0.7]]), (
    "Probabilities that sum to 1.4 must raise a ValueError."
)
assert refuses(cross_entropy, [[1, 0]], [[1.5, -0.5]]), (
    "A negative probability must raise a ValueError, even where the sum is 1."
)
### BEGIN HIDDEN TESTS
hot = np.array([[0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0]])
part = np.array([[0.0, 0.0, 0.5, 0.5], [1.0, 0.0, 0.0, 0.0], [0.25, 0.25, 0.5, 0.0]])
none = np.array([[0.0, 0.0, 0.5, 0.5], [0.0, 1.0, 0.0, 0.0], [0.25, 0.25, 0.5, 0.0]])
with warnings.catch_warnings():
    warnings.simplefilter("error", RuntimeWarning)
    some = attempt("With zeros at wrong classes", cross_entropy, hot, part)
    worst = attempt("With one impossible truth among three", cross_entropy, hot, none)
assert_like(some, np.log(8) / 3, "The loss is wrong with zeros at wrong classes.")
assert np.isinf(worst) and worst > 0, "One impossible truth among three makes the mean infinite."
assert not changed_inputs(cross_entropy, hot, part), "Your function changes p: work on a copy."
assert not refuses(cross_entropy, [[0, 1]], [[0.5, 0.5 + 8e-7]]), (
    "A row that is off by less than 1e-6 is only rounded: it must not raise a ValueError."
)
assert refuses(cross_entropy, [[1, 0], [0, 1]], [[0.5, 0.5], [0.3, 0.3]]), (
    "Each row must sum to 1, not only the first: raise a ValueError."
)
assert refuses(cross_entropy, [[1, 0], [0, 1]], [[0.5, 0.5]]), (
    "Two samples and one row of probabilities: different shapes must raise a ValueError."
)
assert refuses(cross_entropy, [[1, 0]], [[0.5, 0.5], [0.2, 0.8]]), (
    "One sample and two rows of probabilities: different shapes must raise a ValueError."
)
### END HIDDEN TESTS

# %% [markdown]
# ## 6. Walking downhill with one neuron
#
# The loss is a landscape over the weights. The **gradient** holds the slope in each direction. **Gradient
# descent** takes a small step against it, again and again:
#
# $$w \leftarrow w - \eta \frac{\partial L}{\partial w} \qquad b \leftarrow b - \eta \frac{\partial L}{\partial b}$$
#
# The **learning rate** $\eta$ (say "eta") sets the length of the step. Take one sigmoid neuron with
# $z_n = w \cdot x_n + b$ and $p_n = \sigma(z_n)$ for point $n$, and the MSE loss $L = \frac1N \sum_n (p_n - y_n)^2$.
# The *chain rule* multiplies the slopes along the way:
#
# | step | its slope |
# |---|---|
# | from $p_n$ to $L$ | $2 (p_n - y_n) / N$ |
# | from $z_n$ to $p_n$ | $p_n (1 - p_n)$, the slope of the sigmoid |
# | from $w$ to $z_n$ | $x_n$ |
# | from $b$ to $z_n$ | 1 |
#
# Multiply, and sum over the points. Doing this through all layers of a network is called **backpropagation**.
#
# ### Exercise 9 · The gradient by hand (3 points)
#
# Write `neuron_gradients(x, y, w, b)` for `x` of shape `(N, D)`, `y` of shape `(N,)`, `w` of shape `(D,)` and a
# number `b`. It returns the pair `(dw, db)`: the slopes of $L$ by each weight, shape `(D,)`, and by the bias, one
# number. Here $z$ stays small, so the plain formula of the sigmoid will do: write it out.
#
# Raise a `ValueError` if the shapes of `x`, `y` and `w` are not as said or do not fit together.


# %% solution="neuron_gradients"
def neuron_gradients(x, y, w, b):
    """The slopes (dw, db) of the mean squared error of a sigmoid neuron."""
    ### BEGIN SOLUTION
    x, y, w = (np.asarray(part, dtype=float) for part in (x, y, w))
    if x.ndim != 2 or y.shape != x.shape[:1] or w.shape != x.shape[1:]:
        raise ValueError(f"x {x.shape}, y {y.shape} and w {w.shape} do not fit together")
    p = 1 / (1 + np.exp(-(x @ w + b)))
    slope_z = 2 * (p - y) / len(y) * p * (1 - p)
    return slope_z @ x, float(slope_z.sum())
    ### END SOLUTION


# %% test="test_neuron_gradients" points=2
x_small = np.array(
    [[0.5, -1.0, 0.2], [1.5, 0.3, -1.1], [-0.7, 0.8, 0.9], [0.1, 2.0, 1.3], [-1.2, -0.4, -0.6]]
)
y_small, w_small, b_small = np.array([1.0, 0.0, 1.0, 1.0, 0.0]), np.array([0.4, -0.9, 0.7]), 0.3
found = attempt("With 5 points and 3 weights", neuron_gradients, x_small, y_small, w_small, b_small)
assert isinstance(found, tuple | list) and len(found) == 2, "Return two things: `return dw, db`."
dw, db = np.asarray(found[0], dtype=float), np.asarray(found[1], dtype=float)
assert dw.shape == (3,), (
    f"There is one slope for each of the 3 weights, shape (3,), not {dw.shape}."
)
assert db.shape == (), f"The slope by the bias is one number, but yours has the shape {db.shape}."


def loss_at(weights, bias):
    return np.mean((1 / (1 + np.exp(-(x_small @ weights + bias))) - y_small) ** 2)


tiny = 1e-5
slope_b = (loss_at(w_small, b_small + tiny) - loss_at(w_small, b_small - tiny)) / (2 * tiny)
slope_w = np.array(
    [
        (loss_at(w_small + tiny * unit, b_small) - loss_at(w_small - tiny * unit, b_small))
        / (2 * tiny)
        for unit in np.eye(3)
    ]
)
assert not is_like(dw, -slope_w, rtol=1e-4), (
    "The sign is wrong: the gradient points uphill; it is the step of gradient descent that has the minus."
)
assert not is_like(dw, w_small - slope_w, rtol=1e-4), (
    "These are the weights after a step: return the slopes alone, `descend` below takes the step."
)
assert not is_like(dw, slope_w / 2, rtol=1e-4), (
    "The factor 2 is missing: the square's slope has one."
)
assert not is_like(dw, slope_w * 5, rtol=1e-4), (
    "This is the slope of the sum: the loss is the mean, over N points."
)
assert not is_like(dw, slope_w * 5 / 2, rtol=1e-4), (
    "The factor 2 and the division by N are missing: see the first row of the table."
)
assert not is_like(dw, slope_w / 3, rtol=1e-4), (
    "Divide by the number of points only, not by the number of entries of x."
)
assert_like(
    dw,
    slope_w,
    "dw is not the slope that a tiny change of each weight shows: check that all three slopes of the chain "
    "are in the product, the sigmoid's slope p (1 - p) too, and that p comes from -(x w + b), in brackets.",
    rtol=1e-4,
)
assert not is_like(db, slope_b / 5, rtol=1e-4), "db is divided by N twice: sum over the points."
assert_like(
    db,
    slope_b,
    "db is not the slope that a tiny change of the bias shows: its product is that of dw, without x_n.",
    rtol=1e-4,
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(91)
places, targets = helper.normal(size=(9, 4)), helper.uniform(size=9)
knobs, shift = helper.normal(size=4), -0.6
out = 1 / (1 + np.exp(-(places @ knobs + shift)))
chain = 2 / 9 * (out - targets) * out * (1 - out)
pair = attempt("With 9 points and 4 weights", neuron_gradients, places, targets, knobs, shift)
mine_w, mine_b = np.asarray(pair[0], dtype=float), np.asarray(pair[1], dtype=float)
assert mine_w.shape == (4,), "With 4 weights dw has the shape (4,)."
assert_like(
    mine_w,
    places.T @ chain,
    "dw is wrong for 9 points and 4 weights: is a number of points or weights fixed in your code?",
)
assert_like(mine_b, chain.sum(), "db is wrong for 9 points and 4 weights.")
perfect = neuron_gradients(places, out, knobs, shift)
assert is_like(perfect[0], [0, 0, 0, 0]) and is_like(perfect[1], 0), (
    "Where all answers are right the loss is at its lowest, so every slope is 0."
)
### END HIDDEN TESTS

# %% test="test_neuron_gradients__edges" points=1
lone = attempt("For one point with one input, as lists,", neuron_gradients, [[2]], [1], [0], 0)
assert np.shape(lone[0]) == (1,) and np.shape(lone[1]) == (), (
    "One input gives dw of the shape (1,)."
)
assert is_like(lone[0], [-0.5]) and is_like(lone[1], -0.25), (
    "The slopes are wrong for one point with one input, given as lists of whole numbers."
)
assert refuses(neuron_gradients, [[1.0, 2.0]], [1.0], [0.5], 0.0), (
    "Two inputs and one weight do not fit together: raise a ValueError."
)
assert refuses(neuron_gradients, np.ones((3, 2)), np.ones((3, 1)), np.ones(2), 0.0), (
    "A y of shape (3, 1) must raise a ValueError: p - y would become a 3 by 3 table."
)
### BEGIN HIDDEN TESTS
other = neuron_gradients([[4]], [0], [0], 0)
assert is_like(other[0], [1]) and is_like(other[1], 0.25), (
    "The slopes are wrong for another point with one input, given as lists of whole numbers."
)
given = (np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([0.0, 1.0]), np.array([0.1, 0.2]))
assert not changed_inputs(neuron_gradients, *given, 0.3), (
    "Your function changes its inputs: it only computes slopes, it takes no step."
)
assert refuses(neuron_gradients, np.ones((3, 2)), np.ones(2), np.ones(2), 0.0), (
    "Three points and two right values do not fit together: raise a ValueError."
)
assert refuses(neuron_gradients, np.ones(3), np.ones(3), np.ones(1), 0.0), (
    "An x with one axis must raise a ValueError: its shape is (N, D)."
)
assert refuses(neuron_gradients, np.ones((3, 2)), np.ones(3), np.ones((2, 1)), 0.0), (
    "A w of shape (2, 1) must raise a ValueError: its shape is (D,)."
)
assert refuses(neuron_gradients, np.ones((3, 2)), np.ones(1), np.ones(2), 0.0), (
    "Three points and one right value must raise a ValueError: NumPy would use it for all three."
)
### END HIDDEN TESTS

# %% [markdown]
# Let your gradient work. The 200 points below have the value 1 above a slanted line and 0 below it, except for some
# near the line, where chance decides. The neuron starts with all weights 0. **Predict first:** three learning rates, 0.1, 3 and 300. Which one gets the least loss?

# %%
rng = np.random.default_rng(SEED)
toy_x = rng.normal(size=(200, 2))
toy_y = (toy_x[:, 0] + 2 * toy_x[:, 1] + rng.normal(size=200) > 0.5).astype(float)


def descend(rate, steps=150):
    """Gradient descent on the toy points; the weights at the end and the loss at each step."""
    weights, bias, losses = np.zeros(2), 0.0, []
    for _ in range(steps):
        losses.append(mse(toy_y, sigmoid(toy_x @ weights + bias)))
        dw, db = neuron_gradients(toy_x, toy_y, weights, bias)
        weights, bias = weights - rate * dw, bias - rate * db
    return weights, bias, losses


with np.errstate(over="ignore"):
    runs = {rate: descend(rate) for rate in (0.1, 3, 300)}
for rate, (_, _, losses) in runs.items():
    print(
        f"rate {rate}: loss {losses[0]:.3f} at the start, {losses[-1]:.3f} after {len(losses)} steps"
    )

# %%
fig, axes = plt.subplots(1, 2, figsize=(10, 3.9), layout="constrained")
for (rate, (_, _, losses)), style in zip(runs.items(), ["--", "-", ":"], strict=True):
    axes[0].plot(losses, style, label=f"rate {rate}")
axes[0].set(xlabel="step", ylabel="MSE")
axes[0].legend(frameon=False)
weights, bias, _ = runs[3]
for value, mark in [(0, "o"), (1, "^")]:
    axes[1].plot(*toy_x[toy_y == value].T, mark, markersize=4, label=f"y = {value}")
axes[1].axline(
    (0, -bias / weights[1]), slope=-weights[0] / weights[1], color="black", label="z = 0"
)
axes[1].set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal", title="the boundary found with rate 3")
axes[1].legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
show(
    fig,
    alt="Left: the loss over 150 steps. With rate 0.1 it falls slowly, with rate 3 fast and far, with rate 300 it drops "
    "at once and then stays well above that of rate 3. Right: points of value 0 as circles and of value 1 as "
    "triangles, parted by a straight slanted line, with a few on the wrong side near it.",
)

# %% [markdown]
# Too small a rate crawls. Too large a rate leaps over the valley into places where the sigmoid is flat, with
# slopes so small that there is no way back. Methods such as **Adam** adapt the step of each weight on their own.
# We use Adam from here on.
#
# ## 7. A picture as a data set
#
# Now the photograph. A point of the data set is a *pixel*: its place $(x, y)$ is the input, its colour the output.
# (So from here on $y$ is a place again: how far down the pixel lies.)
# We have shrunk the photo so that training is quick.

# %%
fig, axes = plt.subplots(1, 2, figsize=(8.6, 3.3), layout="constrained")
axes[0].imshow(image)
axes[1].imshow(image.mean(axis=2), cmap="gray", vmin=0, vmax=1)
for ax, title in zip(axes, ["in colour", "in grey: the mean of the three channels"], strict=True):
    ax.set(xlabel="x, across", ylabel="y, down", title=title)
show(
    fig,
    alt="The shrunk photo in colour and in grey: a round orange dahlia at the lower left, cut by the left and the "
    "lower edge, before dark green leaves.",
)
print(
    "shape of the image:",
    image.shape,
    "  values from",
    image.min().round(2),
    "to",
    image.max().round(2),
)

# %% [markdown]
# ### Exercise 10 · Pixels as points (2 points)
#
# Write `pixel_dataset(image)` for an image of shape `(h, w)` or `(h, w, c)`. It returns the pair `(X, Y)`:
#
# - `X`, shape `(h*w, 2)`: the place of each pixel, **x (across) first, then y (down)**. Both run from 0 to 1 in equal
#   steps, as `np.linspace(0, 1, w)` and `np.linspace(0, 1, h)` give them; a single column or row has the place 0.
# - `Y`, shape `(h*w, c)`: the values of each pixel as floats, **not scaled**. A grey image of shape `(h, w)` has
#   `c = 1`.
#
# The rows are in reading order: along the first line of pixels, then the second. Raise a `ValueError` if the image has
# neither two nor three axes.
#
# *Hint:* see what `np.meshgrid(np.linspace(0, 1, 3), np.linspace(0, 1, 2))` gives.


# %% solution="pixel_dataset"
def pixel_dataset(image):
    """The places (h*w, 2) and the values (h*w, c) of an image's pixels."""
    ### BEGIN SOLUTION
    image = np.asarray(image, dtype=float)
    if image.ndim not in (2, 3):
        raise ValueError(f"an image has two or three axes, not {image.ndim}")
    h, w = image.shape[:2]
    across, down = np.meshgrid(np.linspace(0, 1, w), np.linspace(0, 1, h))
    X = np.column_stack([across.ravel(), down.ravel()])
    return X, image.reshape(h * w, -1)
    ### END SOLUTION


# %% test="test_pixel_dataset" points=1
dataset = attempt("For a grey image as a list", pixel_dataset, [[0, 10, 20], [30, 40, 50]])
assert isinstance(dataset, tuple | list) and len(dataset) == 2, "Return two things: `return X, Y`."
place, value = np.asarray(dataset[0], dtype=float), np.asarray(dataset[1], dtype=float)
assert place.shape == (6, 2), f"6 pixels have places of the shape (6, 2), yours {place.shape}."
assert value.shape == (6, 1), (
    f"A grey image has one value per pixel, shape (6, 1), yours {value.shape}."
)
assert not is_like(value[:, 0], np.array([0, 10, 20, 30, 40, 50]) / 255), "Do not scale the values."
assert not is_like(value[:, 0], [0, 30, 10, 40, 20, 50]), (
    "The pixels come column by column: reading order goes along each line first."
)
assert_like(value[:, 0], [0, 10, 20, 30, 40, 50], "The values are not in reading order.")
lines = np.array([[0, 0], [0.5, 0], [1, 0], [0, 1], [0.5, 1], [1, 1]])
assert not is_like(place, lines[:, ::-1]), (
    "x and y have changed places: x (across) is the first column."
)
assert place.max() <= 1, (
    "The places must run from 0 to 1: these look like numbers of rows and columns."
)
assert not is_like(place.max(axis=0), [2 / 3, 0.5]), (
    "The last pixel must be at 1: there are w - 1 steps between w pixels."
)
assert not is_like(place, lines[[0, 3, 1, 4, 2, 5]]), (
    "The places go column by column, but the values line by line: they must belong together."
)
assert not is_like(place, lines[[3, 4, 5, 0, 1, 2]]), (
    "y runs downwards: it is 0 on the first line of pixels and 1 on the last."
)
assert not is_like(place, np.ravel(lines, order="F").reshape(6, 2)), (
    "`reshape` alone mixes the x's and the y's: each row must hold the x and the y of one pixel."
)
assert not is_like(place, [[0, 0], [1, 0], [0, 0.5], [1, 0.5], [0, 1], [1, 1]]), (
    "h and w have changed places: the shape of an image is (h, w), the number of lines comes first."
)
assert_like(place, lines, "The places of the 6 pixels are wrong.")
patch = [[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]]
colours = attempt("For a colour image", pixel_dataset, patch)
assert np.shape(colours[1]) == (4, 3), (
    f"4 pixels with 3 channels give a Y of the shape (4, 3), not {np.shape(colours[1])}."
)
assert_like(
    colours[1],
    np.arange(1, 13).reshape(4, 3),
    "In a colour image each row of Y holds the three values of one pixel.",
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(101)
shot = helper.integers(0, 256, size=(5, 4, 2), dtype=np.uint8)
pair = attempt("For an image of 5 by 4 pixels with 2 channels", pixel_dataset, shot)
where, what = np.asarray(pair[0], dtype=float), np.asarray(pair[1], dtype=float)
assert where.shape == (20, 2) and what.shape == (20, 2), (
    "5 by 4 pixels with 2 channels give the shapes (20, 2) and (20, 2): is a number of channels fixed in your code?"
)
assert_like(
    what,
    [shot[i, j] for i in range(5) for j in range(4)],
    "The values of an image with 2 channels are wrong: one pixel is one row, with all its channels, unscaled.",
)
wanted = [(j / 3, i / 4) for i in range(5) for j in range(4)]
assert_like(
    where,
    wanted,
    "The places are wrong for an image of 5 by 4 pixels: h comes before w in a shape.",
)
deep = np.asarray(pixel_dataset(np.zeros((3, 2, 4)))[1])
assert deep.shape == (6, 4), "An image with 4 channels gives Y of the shape (h*w, 4)."
flat = np.asarray(pixel_dataset(np.full((2, 2), 0.25))[1], dtype=float)
assert_like(flat, np.full((4, 1), 0.25), "Values that are floats already stay as they are.")
assert np.asarray(pixel_dataset(np.array([[3, 200]], dtype=np.uint8))[1]).dtype.kind == "f", (
    "The values in Y must be floats, also where the image holds whole numbers."
)
### END HIDDEN TESTS

# %% test="test_pixel_dataset__edges" points=1
assert refuses(pixel_dataset, [1.0, 2.0, 3.0]), (
    "A list with one axis is no image: raise a ValueError."
)
row = attempt("For an image of a single line", pixel_dataset, [[7.0, 8.0, 9.0]])
assert np.shape(row[0]) == (3, 2), "3 pixels in a single line have places of the shape (3, 2)."
assert_like(
    row[0],
    [[0, 0], [0.5, 0], [1, 0]],
    "In a single line of pixels every y is 0. A division by h - 1 would be a division by 0 there.",
)
### BEGIN HIDDEN TESTS
with warnings.catch_warnings():
    warnings.simplefilter("error", RuntimeWarning)
    dot = attempt("For a single pixel", pixel_dataset, [[[3, 1, 2]]])
    column = attempt("For a single column", pixel_dataset, np.ones((4, 1)))
assert is_like(dot[0], [[0, 0]]) and is_like(dot[1], [[3, 1, 2]]), (
    "The single pixel of an image of 1 by 1 has the place (0, 0)."
)
assert_like(column[0], [[0, 0], [0, 1 / 3], [0, 2 / 3], [0, 1]], "In a single column every x is 0.")
kept = np.array([[1.0, 2.0], [3.0, 4.0]])
assert not changed_inputs(pixel_dataset, kept), "Your function changes the image: work on a copy."
assert refuses(pixel_dataset, np.zeros((2, 2, 2, 2))), (
    "An array with four axes must raise a ValueError."
)
### END HIDDEN TESTS

# %% [markdown]
# ## 8. A network from Keras
#
# *Keras* (part of TensorFlow) has the layers ready and works out all gradients itself. The parts that you need:
#
# | code | what it is |
# |---|---|
# | `keras.Sequential([...])` | a network from a list of layers |
# | `keras.Input((2,))` | the input: two numbers a point, $x$ and $y$ |
# | `keras.layers.Dense(8, activation="relu")` | a dense layer of 8 neurons; also `"sigmoid"` |
# | `model.compile(optimizer="adam", loss="mae", metrics=["mse"])` | says how to learn and what to report |
#
# ### Exercise 11 · Build the network (3 points)
#
# Write `build_model(hidden, channels)`. It returns a compiled Keras model with the input `(2,)`, then **one ReLU layer for
# each whole number in `hidden`**, with as many neurons, and at last a **sigmoid** layer of `channels` neurons. `hidden` may
# be empty: then the output layer stands alone. Compile it as in the table, on which the next sections build: the test
# accepts any loss and optimiser with which the model learns.
#
# Raise a `ValueError` if `channels` or a number in `hidden` is below 1.


# %% solution="build_model"
def build_model(hidden, channels):
    """A compiled network from the place of a pixel to its colour."""
    ### BEGIN SOLUTION
    if min([channels, *hidden]) < 1:
        raise ValueError(f"every layer needs at least one neuron: {hidden}, {channels}")
    layers = [keras.layers.Dense(units, activation="relu") for units in hidden]
    output = keras.layers.Dense(channels, activation="sigmoid")
    model = keras.Sequential([keras.Input((2,)), *layers, output])
    model.compile(optimizer="adam", loss="mae", metrics=["mse"])
    return model
    ### END SOLUTION


# %% test="test_build_model" points=2
model_a = attempt("With hidden layers of 6 and 4 neurons", build_model, [6, 4], 3)
assert model_a is not None, "Your function returns nothing: does it end in a `return`?"
sizes = [np.shape(part) for part in model_a.get_weights()]
assert sizes, "The model has no weights: does it start with `keras.Input((2,))`?"
assert sizes[0][0] == 2, f"The first layer must take 2 inputs, x and y; yours takes {sizes[0][0]}."
assert sizes[-1] == (3,), "With 3 channels the last layer needs 3 neurons."
assert sizes == [(2, 6), (6,), (6, 4), (4,), (4, 3), (3,)], (
    f"build_model([6, 4], 3) should have layers of 6, 4 and 3 neurons; the weights of yours have the shapes {sizes}."
)
spots = np.array([[0.0, 0.0], [1.0, 0.5], [0.2, 0.9]], dtype="float32")
assert np.shape(model_a.predict_on_batch(spots)) == (3, 3), (
    "3 points and 3 channels give the shape (3, 3)."
)
model_a.set_weights([np.full(size, 2.0) for size in sizes])
assert np.max(model_a.predict_on_batch(spots)) <= 1, (
    "Colours run from 0 to 1, but yours can be larger: the last layer must be a sigmoid."
)
model_a.set_weights([np.full(size, -1.0 if len(size) == 2 else 0.0) for size in sizes])
answers = np.asarray(model_a.predict_on_batch(spots), dtype=float)
assert not is_like(answers, np.full((3, 3), 1 / 3), atol=1e-3), (
    "The last layer is a softmax, so the channels of a pixel would sum to 1: white could never be painted."
)
assert not is_like(answers.T, [[0.5, 0, 0]] * 3, atol=1e-3), (
    "The hidden layers have no activation, so together they are one straight layer."
)
assert_like(
    answers,
    np.full((3, 3), 0.5),
    "Here every hidden neuron has a z of 0 or below, so ReLU gives 0 and each answer is the sigmoid of 0. "
    "Yours is not: are all hidden layers ReLU, and is the last one a sigmoid?",
    atol=1e-3,
)
assert not refuses(model_a.test_on_batch, spots, np.ones((3, 3))), (
    "Keras cannot compute the loss of the model: call `model.compile(...)` before you return it."
)
### BEGIN HIDDEN TESTS
model_b = attempt("With three hidden layers", build_model, [5, 3, 4], 2)
helper = np.random.default_rng(111)
sizes = [(2, 5), (5,), (5, 3), (3,), (3, 4), (4,), (4, 2), (2,)]
assert [np.shape(part) for part in model_b.get_weights()] == sizes, (
    "build_model([5, 3, 4], 2) should have layers of 5, 3, 4 and 2 neurons: is a number of layers, of "
    "neurons or of channels fixed in your code?"
)
parts = [helper.normal(size=size) for size in sizes]
model_b.set_weights(parts)
inputs = helper.normal(scale=2, size=(40, 2))
answer = np.asarray(model_b.predict_on_batch(inputs.astype("float32")), dtype=float)


values = inputs
for k in range(0, 6, 2):
    values = np.maximum(values @ parts[k] + parts[k + 1], 0)
wanted = 1 / (1 + np.exp(-(values @ parts[6] + parts[7])))
assert_like(
    answer,
    wanted,
    "The answers are wrong: the hidden layers must be ReLU, the last one sigmoid, with nothing in between.",
    atol=1e-4,
)
model_b.set_weights([np.full(size, 0.1) for size in sizes])
target = np.full((40, 2), 0.9)
losses = [np.ravel(model_b.train_on_batch(np.abs(inputs), target))[0] for _ in range(20)]
assert losses[-1] < losses[0], (
    "The loss does not fall when the model is trained: how is it compiled?"
)
### END HIDDEN TESTS

# %% test="test_build_model__edges" points=1
assert refuses(build_model, [4, 0], 3), "A layer of 0 neurons must raise a ValueError."
single = attempt("Without hidden layers", build_model, [], 1)
assert single is not None, "Without hidden layers your function returns nothing."
assert [np.shape(part) for part in single.get_weights()] == [(2, 1), (1,)], (
    "Without hidden layers the output layer stands alone, with one neuron for each channel."
)
### BEGIN HIDDEN TESTS
single.set_weights([np.array([[3.0], [-2.0]]), np.array([0.5])])
got = single.predict_on_batch(np.array([[1.0, 1.0], [-1.0, 0.0]], dtype="float32"))
assert_like(
    np.ravel(got),
    1 / (1 + np.exp([-1.5, 2.5])),
    "Without hidden layers the model is one sigmoid neuron: its answers are wrong.",
    atol=1e-5,
)
units = [7, 2]
attempt("With a list of two layers", build_model, units, 4)
assert not changed_inputs(build_model, units, 1), (
    "Your function changes the list `hidden`: work on a copy."
)
again = attempt("With a tuple", build_model, (7, 2), 4)
assert np.shape(again.get_weights()[-1]) == (4,), (
    "With a tuple as `hidden` the last layer must still have `channels` neurons."
)
assert refuses(build_model, [4], 0), "0 channels must raise a ValueError."
assert refuses(build_model, [-3], 3), "A negative number of neurons must raise a ValueError."
### END HIDDEN TESTS

# %% [markdown]
# ## 9. One layer: grey
#
# First the smallest network: one layer, one neuron, a grey picture. `fit` trains. An **epoch** is one pass over all
# pixels; the `batch_size` says how many pixels go into one step. Calling `fit` again does *not* start anew: it goes on
# from the present weights.

# %%
grey = image.mean(axis=2)
X, Y = pixel_dataset(grey)
keras.utils.set_random_seed(SEED)
model = build_model([], channels=1)
model.fit(X, Y, epochs=1, batch_size=2048, verbose=0)  # the first call is slower: not timed
start = perf_counter()
model.fit(X, Y, epochs=19, batch_size=2048, verbose=0)
fit_seconds = (perf_counter() - start) / 19
loss, squared = model.evaluate(X, Y, verbose=0)
print(f"after 20 epochs: mae {loss:.4f}, mse {squared:.4f}")
print(f"at this pace 30,000 epochs would take about {30_000 * fit_seconds / 60:.0f} minutes")

# %% [markdown]
# Far too slow. Each epoch computes almost nothing; the time goes into `fit` itself, which starts a great deal of
# Python code every time. The cure is to write the steps as *one* function and let TensorFlow **compile** it:
# `@tf.function` turns the whole loop into a graph that runs without Python. It does what you did by hand: answer,
# loss, slopes (`tape.gradient`), step.
#
# Two more choices, openly said. Each step here sees *all* pixels, so an epoch is one step. And many recipes leave Adam's
# rate at `0.001` and train for tens of thousands of epochs. We start with a higher rate and let it *decay* to 0 along a
# cosine: fewer, better steps. Section 11 measures whether that is fair.


# %%
def train(model, X, Y, epochs, rate, decay=True):
    """Train for each number of epochs in the list; the answers after each, and [mae, mse] by epoch."""
    X, Y = tf.constant(X, tf.float32), tf.constant(Y, tf.float32)
    if decay:
        rate = keras.optimizers.schedules.CosineDecay(rate, sum(epochs))
    optimizer = keras.optimizers.Adam(rate)
    optimizer.build(model.trainable_variables)

    @tf.function
    def run(n):
        history = tf.TensorArray(tf.float32, size=n)
        for i in tf.range(n):
            with tf.GradientTape() as tape:
                error = model(X) - Y
                loss = tf.reduce_mean(tf.abs(error))
            slopes = tape.gradient(loss, model.trainable_variables)
            optimizer.apply_gradients(zip(slopes, model.trainable_variables, strict=True))
            history = history.write(i, tf.stack([loss, tf.reduce_mean(error**2)]))
        return history.stack(), model(X)

    results = [run(tf.constant(n)) for n in epochs]
    answers = [answer.numpy() for _, answer in results]
    return answers, np.concatenate([history.numpy() for history, _ in results])


# %%
keras.utils.set_random_seed(SEED)
model = build_model([], channels=1)
start = perf_counter()
answers, history = train(model, X, Y, epochs=[2000], rate=0.05)
seconds = (perf_counter() - start) / 2000
print(f"one compiled epoch is about {fit_seconds / seconds:.0f} times as fast as one epoch of fit")
print(f"after {len(history):,} epochs: mae {history[-1, 0]:.4f}, mse {history[-1, 1]:.4f}")

fig, axes = plt.subplots(1, 4, figsize=(13, 2.8), layout="constrained")
painted = answers[-1].reshape(grey.shape)
for ax, picture, title in zip(axes, [grey, painted], ["original", "one neuron"], strict=False):
    ax.imshow(picture, cmap="gray", vmin=0, vmax=1)
    ax.set(xticks=[], yticks=[], title=title)
levels = np.quantile(painted, [0.25, 0.5, 0.75])
axes[1].contour(painted, levels=levels, colors="white", linestyles=["--", "-", "--"])
for ax, values, title in zip(axes[2:], history.T, ["loss (MAE)", "MSE"], strict=True):
    ax.plot(np.arange(1, len(values) + 1), values)
    ax.set(xlabel="epoch", title=title, xscale="log")
show(
    fig,
    alt="The grey original; the neuron's picture of it, a soft slope from light grey at the left to black at the "
    "right, on which the lines of equal grey are straight and parallel; and the curves of loss and MSE over the "
    "epochs, which fall with a bump and then stay level.",
)

# %% [markdown]
# The white lines join places of equal grey. For one neuron they are straight and parallel, so its best picture of a
# round blossom is a soft slope from light to dark. More training cannot help: the curves have become level.
#
# ## 10. One layer: colour
#
# Three channels need three output neurons. **Predict first:** still one layer. How many edges can the picture have,
# and can they be curved? Sketch it, then run the cell.

# %%
X, Y = pixel_dataset(image)
keras.utils.set_random_seed(SEED)
flat_model = build_model([], channels=3)
pieces = [2] * 5 + [20] * 5 + [210] * 9  # a snapshot after each, 2,000 epochs in all
answers, flat_history = train(flat_model, X, Y, epochs=pieces, rate=0.05)
painted = np.clip(answers[-1], 0, 1).reshape(image.shape)

fig, axes = plt.subplots(1, 3, figsize=(11.5, 3), layout="constrained")
for ax, picture, title in zip(
    axes, [image, painted, painted], ["original", "one layer", "its boundaries"], strict=True
):
    ax.imshow(picture)
    ax.set(xticks=[], yticks=[], title=title)
middle = [0.5 * (channel.min() + channel.max()) for channel in painted.reshape(-1, 3).T]
for c, (name, style) in enumerate([("red", "-"), ("green", "--"), ("blue", ":")]):
    axes[2].contour(
        painted[:, :, c], levels=[middle[c]], colors="white", linestyles=style, linewidths=2
    )
    axes[2].plot([], [], style, color="white", linewidth=2, label=name)
axes[2].legend(facecolor="black", labelcolor="white", loc="upper right", framealpha=0.6)
show(
    fig,
    alt="The original; one layer's picture, orange at the lower left and dark green at the upper right; and the same "
    "picture with one line for each channel, where its value is half-way: all three lines are straight.",
)
print(
    f"after {len(flat_history):,} epochs: mae {flat_history[-1, 0]:.4f}, mse {flat_history[-1, 1]:.4f}"
)

# %%
fig, axes = plt.subplots(1, 6, figsize=(13, 2.1), layout="constrained")
for ax, stage in zip(axes, [0, 4, 6, 9, 10, 18], strict=True):
    ax.imshow(np.clip(answers[stage], 0, 1).reshape(image.shape))
    ax.set(xticks=[], yticks=[], title=f"epoch {sum(pieces[: stage + 1]):,}")
show(
    fig,
    alt="Six stages of the training of one layer. First soft greys and violets, then greens, then an orange that "
    "spreads from the lower left. Every border between the colours is soft and straight.",
)

# %% [markdown]
# In the end the colours are about right. The shape is not, at any stage: three neurons have three straight boundaries, one for each channel.
#
# ## 11. More layers
#
# Now put a layer of 128 ReLU neurons and one of 8 before the output.

# %%
keras.utils.set_random_seed(SEED)
deep_model = build_model([128, 8], channels=3)
deep_model.summary()
start_weights = deep_model.get_weights()

# %% [markdown]
# Most of the learning happens early, so the snapshots are taken at growing intervals: every 2 epochs, then every 20,
# every 200 and every 1,000. Afterwards the same start weights are trained for as many epochs with Adam's usual rate
# of `0.001`, which stays.

# %%
schedule = [2] * 10 + [20] * 10 + [200] * 10 + [1000] * 4
start = perf_counter()
answers, deep_history = train(deep_model, X, Y, schedule, rate=0.005)
print(f"{sum(schedule):,} epochs in {perf_counter() - start:.0f} seconds")
snapshots = [np.clip(answer, 0, 1).reshape(image.shape) for answer in answers]
epochs_done = np.cumsum(schedule).tolist()

plain_model = build_model([128, 8], channels=3)
plain_model.set_weights(start_weights)
_, plain_history = train(plain_model, X, Y, schedule, rate=0.001, decay=False)
for name, history in [
    ("rate 0.005, decaying", deep_history),
    ("rate 0.001, constant", plain_history),
]:
    print(f"{name}: mae {history[-1, 0]:.4f}, mse {history[-1, 1]:.5f}")
for level in (0.1, 0.08, 0.06):
    first = [1 + np.argmax(run[:, 0] <= level) for run in (deep_history, plain_history)]
    print(f"mae {level} is reached after {first[0]:,} and {first[1]:,} epochs")

# %%
runs = {
    "one layer": (flat_history, ":"),
    "128-8-3, rate 0.001": (plain_history, "--"),
    "128-8-3, decaying rate": (deep_history, "-"),
}
fig, axes = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
for ax, column, title in zip(axes, [0, 1], ["loss (MAE)", "MSE"], strict=True):
    for name, (history, style) in runs.items():
        ax.plot(np.arange(1, len(history) + 1), history[:, column], style, label=name)
    ax.set(xlabel="epoch", title=title, xscale="log", yscale="log")
axes[0].legend(frameon=False)
show(
    fig,
    alt="Loss and MSE over the epochs, both axes logarithmic. One layer levels off early and high. Both deep nets fall "
    "much further; with the decaying rate the curve falls sooner and ends lower and smoother.",
)

# %% [markdown]
# The higher rate comes to a good picture in far fewer epochs, and its decay makes the end of the curve smooth: the last
# steps are tiny. So the short cut is fair. How far a run gets in the end is also a matter of luck: it depends on the random
# start weights, and with another `SEED` the constant rate may end ahead. The constant rate also goes on
# improving a little if it runs for tens of thousands of epochs. Here are six stages of the decaying run, and then all of
# them as a film (press the play button).

# %%
fig, axes = plt.subplots(1, 6, figsize=(13, 2.1), layout="constrained")
for ax, stage in zip(axes, [4, 19, 20, 21, 24, 33], strict=True):
    ax.imshow(snapshots[stage])
    ax.set(xticks=[], yticks=[], title=f"epoch {epochs_done[stage]:,}")
show(
    fig,
    alt="Six stages of training. Epoch 10 is one flat colour. Epoch 220 has soft shades and no blossom. Then an orange disc "
    "with a red heart appears at the lower left before dark green, and its rim becomes rounder and sharper.",
)

_, ax = plt.subplots(figsize=(3.6, 3.1))
titles = [f"after {n:,} epochs" for n in epochs_done]
training_animation(snapshots, titles, ax=ax, interval=250)
show_animation(
    ax,
    alt="A film of the training: a flat colour grows soft regions, then a flower with a sharp rim.",
)

# %% [markdown]
# First comes a nearly flat colour, then large soft regions, then edges, and fine detail last or never. Smooth things are
# easy for it; the single petals are not.
#
# **Predict first.** Where are the errors large at the end: inside the leaves, along the rim of the blossom, or among
# the petals? Then move the slider and watch the error map. Light means a large error.

# %%
training_viewer(image, snapshots, epochs_done)

# %% [markdown]
# <details>
# <summary>What you should have seen</summary>
#
# At the end the leaves are dark in the map: what is left of the error sits among the petals and along the rim, where the
# colour changes within a pixel or two.
#
# </details>
#
# ### A larger picture from the same net
#
# The net is a function of the place, and it answers for *any* place, also between the pixels. **Predict first.** You ask
# it for four times as many pixels in each direction. Will the petals become visible?

# %%
h, w = image.shape[:2]
fine_places, _ = pixel_dataset(np.zeros((4 * h, 4 * w)))
fine = deep_model.predict(fine_places, batch_size=8192, verbose=0).reshape(4 * h, 4 * w, 3)
truth = shrink(load_image("flower.jpg")[30:318, 256:640], width=4 * w)

fig, axes = plt.subplots(1, 3, figsize=(13, 3.4), layout="constrained")
for ax, picture, title in zip(
    axes,
    [image, fine, truth],
    ["what the net saw", "the net, 4 times as fine", "the photograph"],
    strict=True,
):
    ax.imshow(picture)
    ax.set(xticks=[], yticks=[], title=f"{title}: {picture.shape[0]} by {picture.shape[1]}")
show(
    fig,
    alt="Three pictures: the coarse pixels that the net saw; the net's finer picture, with smooth colours and sharp rims "
    "made of short straight pieces, without petals; and the photograph with its many petals.",
)
n_numbers = deep_model.count_params()
print(f"the net has {n_numbers:,} numbers; the small image has {image.size:,}")

# %% [markdown]
# The rims become sharp, without steps, and you see the straight folds of the ReLU neurons. What the net never saw it cannot show:
# there are no petals. A drawing by formulas can be enlarged for ever, but it has only the detail that was learnt.
#
# ### Your own picture
#
# Put the path of a colour image into `my_picture` and run the cell. Until then it takes a photo of a tower. Change the
# hidden layers, too: what do `[128]`, `[32, 32, 32]` or `[8, 128]` give? And another seed?

# %%
my_picture, my_layers, my_epochs = "china.jpg", [128, 8], 2000
mine = shrink(load_image(my_picture))
keras.utils.set_random_seed(SEED)
my_model = build_model(my_layers, channels=3)
my_answers, my_history = train(my_model, *pixel_dataset(mine), epochs=[my_epochs], rate=0.01)
fig, axes = plt.subplots(1, 2, figsize=(8.6, 3.2), layout="constrained")
for ax, picture, title in zip(
    axes,
    [mine, np.clip(my_answers[-1], 0, 1).reshape(mine.shape)],
    ["original", "the net"],
    strict=True,
):
    ax.imshow(picture)
    ax.set(xticks=[], yticks=[], title=title)
show(
    fig,
    alt="Your picture, shrunk, and what the net painted after training: its large regions without fine detail.",
)
print(f"mae {my_history[-1, 0]:.4f}")

# %% [markdown]
# ## 12. Check yourself
#
# Choose an answer to see whether it is right, and why. Nothing here is graded.

# %%
from jupyterquiz import display_quiz

display_quiz(
    [
        {
            "question": "Ten dense layers without any activation are stacked. What can they represent?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "Ten straight boundaries",
                    "correct": False,
                    "feedback": "A product of matrices is one matrix: the ten layers are one.",
                },
                {
                    "answer": "The same as one such layer",
                    "correct": True,
                    "feedback": "Right: without an activation a chain of layers is one linear layer.",
                },
                {
                    "answer": "Any curve",
                    "correct": False,
                    "feedback": "For that there must be a bend somewhere: an activation.",
                },
            ],
        },
        {
            "question": "Why is the step function not used in networks that learn by gradient descent?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "It is too slow to compute",
                    "correct": False,
                    "feedback": "It is quicker than a sigmoid. Think of its slope.",
                },
                {
                    "answer": "Its slope is 0 wherever it has one",
                    "correct": True,
                    "feedback": "Right: every gradient through it is 0, so no weight ever moves.",
                },
                {
                    "answer": "Its values are not between 0 and 1",
                    "correct": False,
                    "feedback": "They are exactly 0 and 1. Values outside would be no harm either: see ReLU.",
                },
            ],
        },
        {
            "question": "A sure answer of a classifier is wrong: it gave the true class the probability 0. Its cross-entropy?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "1",
                    "correct": False,
                    "feedback": "That would be the share of errors. -ln p has no upper limit.",
                },
                {
                    "answer": "Infinite",
                    "correct": True,
                    "feedback": "Right: -ln p grows without limit as p goes to 0.",
                },
                {
                    "answer": "0, because 0 ln 0 counts as 0",
                    "correct": False,
                    "feedback": "That holds where y is 0. At the true class y is 1, and the term is -ln 0.",
                },
            ],
        },
        {
            "question": "How many weights and biases has a dense layer with 128 inputs and 8 neurons?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "128 times 8",
                    "correct": False,
                    "feedback": "These are the weights. Each neuron has a bias too.",
                },
                {
                    "answer": "128 times 8, and 8 more",
                    "correct": True,
                    "feedback": "Right: a weight for each pair, and a bias for each neuron.",
                },
                {
                    "answer": "128 plus 8",
                    "correct": False,
                    "feedback": "Every neuron has a weight of its own for each input.",
                },
            ],
        },
    ]
)

# %% [markdown]
# ### Quiz 1 (1 point)
#
# You train the one-layer network on the colour photo ten times as long. What happens? Set `quiz_1` to the letter of
# your answer, such as `"a"`.
#
# - a) The rim of the blossom slowly becomes round.
# - b) Its boundaries stay straight and the loss hardly changes.
# - c) The petals appear first, the rim later.
# - d) It gets a new boundary every thousand epochs.

# %% solution="quiz_1"
### BEGIN SOLUTION
quiz_1 = "b"
### END SOLUTION

# %% test="test_quiz_1" points=1
choice_1 = str(quiz_1).strip().lower()
assert choice_1 in {"a", "b", "c", "d"}, "Set quiz_1 to one of the letters 'a', 'b', 'c', 'd'."
### BEGIN HIDDEN TESTS
assert choice_1 != "a", (
    "What shape are the lines on which w x + b is constant, whatever the weights are?"
)
assert choice_1 != "c", (
    "One layer has one straight boundary for each channel: how would it draw a petal?"
)
assert choice_1 != "d", (
    "The number of boundaries comes from the number of neurons, not from the epochs."
)
### END HIDDEN TESTS

# %% [markdown]
# ### Quiz 2 (1 point)
#
# A sigmoid neuron answers $p = 0.999999$ for a point whose right value is 0, and its loss is the MSE. What does
# gradient descent do for this point? Set `quiz_2` to a letter.
#
# - a) The error is large, so the step is large.
# - b) The slope is negative, so the weights run away.
# - c) Almost nothing: where the sigmoid is flat the slope is tiny, although the error is large.
# - d) The step is exactly 0.

# %% solution="quiz_2"
### BEGIN SOLUTION
quiz_2 = "c"
### END SOLUTION

# %% test="test_quiz_2" points=1
choice_2 = str(quiz_2).strip().lower()
assert choice_2 in {"a", "b", "c", "d"}, "Set quiz_2 to one of the letters 'a', 'b', 'c', 'd'."
### BEGIN HIDDEN TESTS
assert choice_2 != "a", "The error is only one factor of the slope. Which other factor is there?"
assert choice_2 != "b", "The sign only says which way to go. How large is p (1 - p) here?"
assert choice_2 != "d", "p (1 - p) is small here, but it is not 0."
### END HIDDEN TESTS

# %% [markdown]
# ### Open question (2 points)
#
# In two or three sentences: your net has fewer numbers than the small image has. Is it a good way to *compress* a photograph?
# Say what is kept, what is lost and what it costs. A person reads and marks this answer.

# %% [markdown] manual="explain_compression" points=2
# It keeps the large regions, their colours and their rims, and it can be drawn at any size. It loses fine detail and texture, such
# as the petals, because it is made of few straight folds. And it must be trained anew for each picture, with thousands of steps, where
# an ordinary image format needs a moment: so as a compressor it is slow and blurred.

# %% [markdown]
# ## Wrap-up
#
# - A neuron is $f(w \cdot x + b)$. Its boundary is straight; the activation makes stacking worth while.
# - An activation needs a slope. The step function has none; sigmoid and tanh lose theirs far from 0.
# - Softmax turns scores into pseudo-probabilities; subtract the largest score first.
# - MAE leads to the median, MSE to the mean, cross-entropy looks at the probability of the truth.
# - Learning is walking downhill along the gradient, which the chain rule gives. The rate decides how it goes.
# - One layer paints straight edges; a hidden layer of ReLU neurons folds them into any shape, coarse things first.
#
# You have reached the end of the course. Lesson 7 described the same kind of picture by a few colours, this one by a
# few folds: what a model can say depends on what it is made of.
#
# ## References
#
# - F. Rosenblatt, The perceptron: a probabilistic model for information storage and organization in the brain,
#   *Psychological Review* 65(6), 386-408, 1958.
# - D. E. Rumelhart, G. E. Hinton, R. J. Williams, Learning representations by back-propagating errors, *Nature* 323,
#   533-536, 1986.
# - I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*, MIT Press 2016: chapter 6 on feedforward networks.
# - D. P. Kingma, J. Ba, [Adam: a method for stochastic optimization](https://arxiv.org/abs/1412.6980), ICLR 2015.
# - I. Loshchilov, F. Hutter, [SGDR: stochastic gradient descent with warm restarts](https://arxiv.org/abs/1608.03983),
#   ICLR 2017: the cosine decay.
# - M. Tancik and others, [Fourier features let networks learn high frequency functions in low dimensional
#   domains](https://arxiv.org/abs/2006.10739), NeurIPS 2020: why fine detail comes last, and a cure.
# - Keras, [the Sequential model](https://keras.io/guides/sequential_model/).
