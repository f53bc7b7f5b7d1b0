# %% [markdown]
# # 7 · Colour quantisation
#
# A photograph can hold millions of different colours, an icon or a printed scarf only a few. Which
# few colours describe a photograph best? This is a clustering problem: every pixel is a
# point, and the centre of each cluster is a colour of the palette.
#
# **You will learn to**
#
# - turn an image into points that a clusterer can take, and back;
# - find a palette with k-means and with a Gaussian mixture, from a sample of the pixels;
# - say how much smaller the image gets (*bits per pixel*) and how much worse (*PSNR*);
# - avoid the traps of 8-bit numbers: overflow, truncation, and values that wrap around;
# - use the same clusters to cut an image into regions, and see what a mixture of colours cannot know.
#
# **You need** lesson 2 (k-means) and lessons 5 and 6 (EM and Gaussian mixtures).
# **Time:** about 60 minutes. **Marks:** 23, of which 2 are for a text that a person reads.
#
# Functions get all they need as arguments, take lists as well as arrays, and never change
# their inputs.

# %% locked="setup" tags=["setup"]
import warnings

import matplotlib.pyplot as plt
import numpy as np
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture

from utils import (
    NotSolvedYet,
    assert_like,
    attempt,
    changed_inputs,
    is_like,
    load_image,
    misclassification_rate,
    refuses,
    show,
)
from utils.widgets.own_image import own_image
from utils.widgets.palette import before_and_after, palette_explorer

SEED = 30035
flower = load_image("flower.jpg")

# %% [markdown]
# ## 1. A pixel is a point
#
# An image is a grid of **pixels** with $h$ rows and $w$ columns. Each pixel has three numbers, the
# strengths of red, green and blue, from 0 (none) to 255 (full). So the array has the shape
# `(h, w, 3)`, and there are $N = h \cdot w$ pixels.
#
# **Predict first.** Three numbers from 0 to 255 can name over 16 million colours. How many different
# ones does this photograph use: hundreds, tens of thousands, or millions?

# %%
fig, ax = plt.subplots(figsize=(6, 4), layout="constrained")
ax.imshow(flower)
ax.set_axis_off()
show(
    fig,
    alt="A photograph of a round orange dahlia before blurred dark green leaves. Part of a second "
    "flower and a small yellow bud lie at the lower edge.",
)
print("shape:", flower.shape, "  type:", flower.dtype)
print("pixel in row 200, column 300:", flower[200, 300])
print(f"pixels: {flower.shape[0] * flower.shape[1]:,}")
print(f"different colours: {len(np.unique(flower.reshape(-1, 3), axis=0)):,}")

# %% [markdown]
# Forget where each pixel lies and look only at its colour. Then it is a point in a space with three
# axes, red, green and blue, and the photograph is a cloud of such points. Here are 3,000 of them,
# seen from two sides:

# %%
rng = np.random.default_rng(SEED)
cloud = flower.reshape(-1, 3)[rng.choice(flower.shape[0] * flower.shape[1], 3000, replace=False)]
fig, axes = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
for ax, (i, j) in zip(axes, [(0, 1), (0, 2)], strict=True):
    ax.scatter(cloud[:, i], cloud[:, j], c=cloud / 255, s=14, edgecolor="grey", linewidth=0.2)
    ax.set(
        xlabel=["red", "green", "blue"][i],
        ylabel=["red", "green", "blue"][j],
        aspect="equal",
        xlim=(-5, 260),
        ylim=(-5, 260),
    )
show(
    fig,
    alt="Two scatter plots of the colours of 3,000 pixels, green against red and blue against red. "
    "A dense cluster of dark greens lies at the lower left, and a sparser arm of reds, oranges "
    "and pale yellows lies at the right.",
)

# %% [markdown]
# The cloud has dense parts and empty parts. Dense parts deserve a colour of their own, empty parts
# need none. But a clusterer does not take the image as it is:

# %%
try:
    KMeans(8, random_state=SEED).fit(flower)
except ValueError as error:
    print("ValueError:", str(error).splitlines()[0])

# %% [markdown]
# It wants a table with one row for each point, so we *reshape*. We also divide by 255, so that every
# value lies between 0 and 1. That is the usual scale for colours as floats, and it turns the small
# whole numbers into floats **before** we calculate. This matters:

# %%
bright, light = np.array([200], dtype=np.uint8), np.array([100], dtype=np.uint8)
print("200 + 100 =", (bright + light)[0])
print("100 - 200 =", (light - bright)[0])

# %% [markdown]
# The type `uint8` holds whole numbers from 0 to 255 in 8 bits. Anything beyond starts again at the other
# end, like the hand of a clock, and nobody warns you.
#
# ### Exercise 1 · From image to points (3 points)
#
# Write `image_to_points(image)`. The image has the shape `(h, w, 3)`. Return an array of floats of
# shape `(h * w, 3)`, with one row for each pixel:
#
# - the pixels come row by row, each from left to right; the channels stay in their order;
# - every value is divided by 255, whatever the image holds. A dark image stays dark;
# - raise a `ValueError` for any other shape: a grey image, four channels, a table of points.


# %% solution="image_to_points"
def image_to_points(image):
    """The pixels of an image (h, w, 3) as points (h * w, 3), divided by 255."""
    ### BEGIN SOLUTION
    image = np.asarray(image, dtype=float)
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError(f"an image has the shape (h, w, 3), not {image.shape}")
    return image.reshape(-1, 3) / 255
    ### END SOLUTION


# %% test="test_image_to_points" points=2
tiny = np.array([[[255, 0, 0], [0, 255, 0], [51, 102, 204]], [[0, 0, 255]] * 3], dtype=np.uint8)
rows = image_to_points(tiny)
assert rows is not None, "Your function returns nothing: does it end in a `return`?"
rows = np.asarray(rows)
assert rows.shape != (3, 6), "This has one column for each pixel: points go into rows."
assert rows.shape == (6, 3), (
    f"An image of 2 x 3 pixels has 6 points, so the shape is (6, 3); yours is {rows.shape}."
)
assert rows.max() <= 1, "There are values above 1: divide by 255."
assert rows.max() > 0.1, "The values are tiny: it looks as if you divide by 255 twice."
assert_like(rows.max(), 1, "Full strength, 255, must become 1: divide by 255.")
assert not is_like(rows[0], [0, 0, 1]), (
    "The first pixel is red, and yours is blue: keep the channels in the order red, green, blue."
)
assert_like(
    rows[:2],
    [[1, 0, 0], [0, 1, 0]],
    "The points must come row by row, and each row of the result must hold the three channels of one "
    "pixel.",
)
assert not is_like(rows, np.round(rows)), (
    "All values are whole numbers: 51 / 255 is a fraction. Divide with `/` and keep floats."
)
assert_like(rows[2], [0.2, 0.4, 0.8], "The third pixel is (51, 102, 204) divided by 255.")
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(71)
dusk = helper.integers(0, 40, size=(5, 7, 3)).astype(np.uint8)
flat = np.asarray(attempt("For a dark image of 5 x 7 pixels", image_to_points, dusk), dtype=float)
wanted = np.array([dusk[r, c] / 255 for r in range(5) for c in range(7)])
assert flat.shape == (35, 3), "5 x 7 pixels give 35 points."
assert not is_like(flat, wanted * 255 / dusk.max()), (
    "You divide by the largest value of the image, so a dark image becomes bright. Divide by 255."
)
assert not is_like(flat, wanted * 255 / 256), "Divide by 255, so that full strength becomes 1."
assert not is_like(flat, (wanted - wanted.min(0)) / (wanted.max(0) - wanted.min(0))), (
    "Each channel is stretched to 0 to 1. Divide by 255 and change nothing else."
)
assert not is_like(flat, dusk.transpose(1, 0, 2).reshape(-1, 3) / 255), (
    "The pixels come column by column. They must come row by row."
)
assert not is_like(flat, dusk.transpose(2, 0, 1).reshape(-1, 3) / 255), (
    "The channels are torn apart: each row must hold red, green and blue of one pixel."
)
assert not is_like(np.sort(flat, axis=0), np.sort(wanted, axis=0)) or is_like(flat, wanted), (
    "The right points in the wrong order: they must come row by row, from left to right."
)
assert_like(flat, wanted, "The points of another image are wrong.")
### END HIDDEN TESTS

# %% test="test_image_to_points__edges" points=1
assert refuses(image_to_points, np.zeros((4, 5), dtype=np.uint8)), (
    "A grey image has the shape (h, w): raise a ValueError."
)
### BEGIN HIDDEN TESTS
assert refuses(image_to_points, np.zeros((4, 6, 4), dtype=np.uint8)), (
    "Four channels, such as red, green, blue and alpha, must raise a ValueError. A reshape alone "
    "can mix them up without an error."
)
assert refuses(image_to_points, np.zeros((12, 3), dtype=np.uint8)), (
    "A table of points, shape (12, 3), is no image: raise a ValueError."
)
assert refuses(image_to_points, np.zeros((4, 6, 1), dtype=np.uint8)), (
    "A single channel must raise a ValueError: its pixels are no colours."
)
assert refuses(image_to_points, np.zeros((2, 5, 3, 3), dtype=np.uint8)), (
    "Several images at once, with four axes, must raise a ValueError."
)
night = np.array([[[0, 1, 1], [1, 0, 0]]], dtype=np.uint8)
assert_like(
    image_to_points(night),
    [[0, 1 / 255, 1 / 255], [1 / 255, 0, 0]],
    "An image whose largest value is 1 is a very dark image: divide by 255 all the same.",
)
listed = attempt("For an image given as a list", image_to_points, [[[255, 0, 51]], [[0, 102, 0]]])
assert_like(listed, [[1, 0, 0.2], [0, 0.4, 0]], "An image given as a list gives a wrong result.")
floats = np.array([[[255.0, 0.0, 25.5]]])
assert_like(
    image_to_points(floats),
    [[1, 0, 0.1]],
    "An image of floats from 0 to 255 is divided by 255 like any other.",
)
kept = np.array([[[10, 20, 30], [40, 50, 60]]], dtype=np.uint8)
assert not changed_inputs(image_to_points, kept) and not changed_inputs(image_to_points, floats), (
    "Your function changes the image: work on a copy."
)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. K-means finds a palette
#
# Now k-means can work. It finds $K$ centroids $\mu_0, \dots, \mu_{K-1}$, and each is a colour: together they are
# the **palette**. Each pixel $i$ gets a label $z_i$, the number of its nearest palette colour.
#
# We fit on 5,000 pixels drawn by chance and then *predict* the label of all pixels. Section 4
# checks whether that is allowed.

# %%
points = image_to_points(flower)
rng = np.random.default_rng(SEED)
sample = points[rng.choice(len(points), 5000, replace=False)]
model = KMeans(8, n_init=1, random_state=SEED).fit(sample)
palette, labels = model.cluster_centers_, model.predict(points)
print("palette:", palette.shape, "  labels:", labels.shape)
print(palette.round(2))

# %% [markdown]
# `palette[labels]` replaces each label by its colour, and a reshape brings back the rows and columns. An
# image should be `uint8` again, so we convert. **Predict first:** what will the picture look like?

# %%
wrong = palette[labels].reshape(flower.shape).astype(np.uint8)
fig, ax = plt.subplots(figsize=(3, 2), layout="constrained")
ax.imshow(wrong)
ax.set_axis_off()
show(fig, alt="A picture that is completely black.")
print("largest value:", wrong.max())

# %% [markdown]
# Black! The colours lie between 0 and 1, and converting to whole numbers cuts off the fraction. We have to
# multiply by 255 **first**. The cutting (*truncation*) still does harm after that, only less: it
# makes 99.9 into 99, and so the whole image slightly too dark. *Rounding* makes it 100.

# %%
values = palette[labels] * 255
print("mean brightness as floats:", round(values.mean(), 3))
print("truncated:                ", round(values.astype(np.uint8).mean(), 3))
print("rounded:                  ", round(np.round(values).astype(np.uint8).mean(), 3))

# %% [markdown]
# ### Exercise 2 · From labels to an image (3 points)
#
# Write `apply_palette(labels, palette, shape)`. It returns a `uint8` image of shape `(h, w, 3)` in which
# each pixel has the palette colour of its label.
#
# - `labels` has the shape `(h * w,)`, the pixels row by row; `palette` has the shape `(K, 3)`
#   with values in 0 to 1, for any `K`;
# - `shape` is the image's shape, either `(h, w, 3)` or `(h, w)`;
# - multiply by 255 and **round** to the nearest whole number. What would then lie below 0 or above
#   255 is set to 0 or 255 (*clipped*), so that it cannot wrap around;
# - raise a `ValueError` if the number of labels is not `h * w`, or if `palette` does not have the
#   shape `(K, 3)`.


# %% solution="apply_palette"
def apply_palette(labels, palette, shape):
    """The uint8 image (h, w, 3) in which each pixel has its label's colour."""
    ### BEGIN SOLUTION
    labels, palette = np.asarray(labels, dtype=int), np.asarray(palette, dtype=float)
    h, w = shape[:2]
    if labels.shape != (h * w,):
        raise ValueError(f"{h} x {w} pixels need {h * w} labels, not {labels.shape}")
    if palette.ndim != 2 or palette.shape[1] != 3:
        raise ValueError(f"a palette has the shape (K, 3), not {palette.shape}")
    colours = np.clip(np.round(255 * palette), 0, 255).astype(np.uint8)
    return colours[labels].reshape(h, w, 3)
    ### END SOLUTION


# %% test="test_apply_palette" points=2
paint = [[1.0, 0.0, 0.0], [0.4, 0.8, 0.2], [0.0, 0.0, 1.0]]
picture = apply_palette([0, 1, 1, 2, 0, 2], paint, (2, 3, 3))
assert picture is not None, "Your function returns nothing: does it end in a `return`?"
picture = np.asarray(picture)
assert picture.shape != (6, 3), (
    "This is still a table of colours: reshape it into rows and columns."
)
assert picture.shape == (2, 3, 3), (
    f"An image of 2 x 3 pixels has the shape (2, 3, 3); yours is {picture.shape}."
)
assert picture.max() > 1, (
    "No value is above 1, so the image is black: multiply by 255 before you convert to whole numbers."
)
assert picture.dtype == np.uint8, f"The image must be `uint8`; yours is {picture.dtype}."
assert picture[0, 0].tolist() != [0, 0, 255], (
    "Label 0 is red, and your pixel is blue: keep the order red, green, blue."
)
assert is_like(picture[0, 1], [102, 204, 51], rtol=0, atol=1), (
    "Label 1 has the colour (0.4, 0.8, 0.2). Your pixel shows something else."
)
assert np.array_equal(picture[:, :, 0] > 200, [[True, False, False], [False, True, False]]), (
    "The colours are in the wrong places: the labels go row by row."
)
dull = np.asarray(apply_palette([0], [[0.29, 0.29, 0.29], [1, 1, 1]], (1, 1, 3)))
assert dull[0, 0, 0] == round(255 * 0.29), (
    "A value just below a whole number came out wrong. If the fraction is cut off, the image gets darker: "
    "round to the nearest whole number."
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(72)
exact = helper.integers(5, 250, size=(5, 3))
upper = (exact + 0.7) / 255
lower = (exact + 0.3) / 255
names = helper.permutation(np.repeat(np.arange(5), 8))[:28]
truth = exact[names].reshape(4, 7, 3)
up = attempt("With 5 colours on 4 x 7 pixels", apply_palette, names, upper, (4, 7, 3))
up = np.asarray(up).astype(int)
assert up.shape == (4, 7, 3), "4 rows and 7 columns give the shape (4, 7, 3)."
assert not np.array_equal(up, truth), (
    "A value such as 100.7 became 100: the fraction is cut off. Round to the nearest whole number."
)
assert not np.array_equal(up, (exact + 1)[names].reshape(7, 4, 3).transpose(1, 0, 2)), (
    "The image is built column by column: the labels go row by row."
)
assert np.array_equal(up, truth + 1), "The colours of an image with 5 palette colours are wrong."
low = np.asarray(apply_palette(names, lower, (4, 7, 3))).astype(int)
assert not np.array_equal(low, truth + 1), (
    "A value such as 100.3 became 101: that is rounding up. Round to the nearest whole number."
)
assert np.array_equal(low, truth), (
    "A value such as 100.3 is not rounded to the nearest whole number."
)
### END HIDDEN TESTS

# %% test="test_apply_palette__edges" points=1
assert refuses(apply_palette, [0, 1, 0], [[0, 0, 0], [1, 1, 1]], (2, 2, 3)), (
    "Three labels cannot fill 2 x 2 pixels: raise a ValueError."
)
### BEGIN HIDDEN TESTS
short = attempt("For the shape (h, w)", apply_palette, [1, 0, 1], [[0, 0, 0], [1, 1, 1]], (1, 3))
assert np.shape(short) == (1, 3, 3), "The shape (h, w) gives an image of shape (h, w, 3) too."
assert np.array_equal(np.asarray(short)[0, :, 0], [255, 0, 255]), (
    "With the shape given as (h, w) the image is wrong."
)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    far = np.asarray(apply_palette([0, 1], [[1.02, 1.5, 0.2], [-0.01, -0.7, 0.4]], (1, 2, 3)))
assert far[0, 0, 0] != 4 and far[0, 1, 0] < 250, (
    "A value just beyond 255 or below 0 wrapped around to the other end: clip before you convert."
)
assert far[0, 0].tolist() == [255, 255, 51] and far[0, 1].tolist() == [0, 0, 102], (
    "Values beyond the range must become 0 or 255, and the others must stay what they are."
)
faint = np.asarray(apply_palette([0, 0], [[0.2, 0.1, 0.0]], (2, 1, 3)))
assert faint[0, 0, 0] == 51, (
    "A palette without a bright colour got brighter: multiply by 255 and by nothing else."
)
spots = np.asarray(apply_palette(np.array([2]), [[0, 0, 0], [1, 1, 1], [0, 1, 0]], (1, 1, 3)))
assert spots.tolist() == [[[0, 255, 0]]], "An image of a single pixel is wrong."
kept_labels, kept_palette = np.array([0, 1]), np.array([[0.1, 0.2, 0.3], [1.4, -0.5, 0.6]])
assert not changed_inputs(apply_palette, kept_labels, kept_palette, (1, 2, 3)), (
    "Your function changes its inputs: work on copies."
)
assert refuses(apply_palette, [0] * 7, [[0, 0, 0]], (2, 3, 3)), (
    "Seven labels are too many for 2 x 3 pixels: raise a ValueError."
)
assert refuses(apply_palette, [0, 1], [[0, 0, 0, 1], [1, 1, 1, 1]], (1, 2, 3)), (
    "A palette with four columns must raise a ValueError."
)
assert refuses(apply_palette, [0, 1, 0], [0.1, 0.9], (1, 3, 3)), (
    "A palette that is not a table must raise a ValueError."
)
assert refuses(apply_palette, [0, 0], [0.1, 0.9, 0.5], (1, 2, 3)), (
    "A palette of three plain numbers is not a table: raise a ValueError."
)
### END HIDDEN TESTS

# %%
eight = apply_palette(labels, palette, flower.shape)
show(
    before_and_after(flower, {"8 colours": eight}, height=3.6),
    alt="The photograph and its version in 8 colours. Petals and leaves are easy to recognise, but soft "
    "shades have turned into flat patches. A strip below shows the palette, dark greens taking the "
    "most space.",
)

# %% [markdown]
# The helper `before_and_after` draws an image beside its new versions. The strip below a version is its palette, each
# colour as wide as its share of the pixels.
#
# Replacing vectors by the nearest of a few fixed vectors is called **vector quantisation**; with colours it is
# **colour quantisation**.

# %% [markdown]
# ## 3. How small, and how good?
#
# **How small?** A pixel of the photograph takes 8 bits for each of 3 channels, so 24 bits. After quantisation we
# keep only its label. With $b$ bits one can write $2^b$ different labels, so $K$ colours need the
# least whole $b$ with $2^b \ge K$. For a single colour no bit is needed: there is nothing to tell apart. The
# palette is stored once, with 24 bits for each colour.
#
# **Predict first:** how many bits does a pixel need with 16 colours? And with 17?
#
# ### Exercise 3 · Bits per pixel (2 points)
#
# Write `bits_per_pixel(n_colours)`. It returns the least whole number of bits that can tell `n_colours`
# labels apart, and 0 for one colour. Raise a `ValueError` if `n_colours` is below 1.


# %% solution="bits_per_pixel"
def bits_per_pixel(n_colours):
    """The least whole number of bits that indexes n_colours colours."""
    ### BEGIN SOLUTION
    if n_colours < 1:
        raise ValueError(f"an image has at least one colour, not {n_colours}")
    return int(n_colours - 1).bit_length()
    ### END SOLUTION


# %% test="test_bits_per_pixel" points=1
sixteen, seventeen = bits_per_pixel(16), bits_per_pixel(17)
assert sixteen is not None, "Your function returns nothing: does it end in a `return`?"
assert seventeen == round(float(seventeen)), "Bits come whole: round up to a whole number."
assert sixteen != 5, (
    "The labels of 16 colours are 0 to 15. How many bits does the largest of them take?"
)
assert sixteen == 4, "With 16 colours the number of bits is wrong: which power of 2 is 16?"
assert seventeen != 4, "With 4 bits there are 16 labels: too few for 17 colours."
assert seventeen == 5, "With 17 colours the number of bits is wrong."
### BEGIN HIDDEN TESTS
assert bits_per_pixel(5) != 2, "Two bits give 4 labels, too few for 5 colours: do not round down."
for number, bits in [(4, 2), (5, 3), (9, 4), (100, 7), (128, 7), (129, 8), (1000, 10)]:
    given = attempt(f"For {number} colours", bits_per_pixel, number)
    assert given == bits, f"For {number} colours the number of bits is not the least that suffices."
assert bits_per_pixel(2**24) == 24, "All 2**24 colours of a photograph take 24 bits."
### END HIDDEN TESTS

# %% test="test_bits_per_pixel__edges" points=1
assert refuses(bits_per_pixel, 0), "An image without colours must raise a ValueError."
### BEGIN HIDDEN TESTS
assert refuses(bits_per_pixel, -3), "A negative number of colours must raise a ValueError."
assert attempt("For 1 colour", bits_per_pixel, 1) == 0, (
    "With one colour there is nothing to tell apart: no bit is needed."
)
assert bits_per_pixel(2) == 1, "Two colours take one bit."
assert bits_per_pixel(20) == 5, "With 20 colours the number of bits is wrong."
### END HIDDEN TESTS

# %%
n_pixels = flower.shape[0] * flower.shape[1]
for n_colours in (2, 8, 16, 20, 64, 256):
    bits = n_pixels * bits_per_pixel(n_colours) + 24 * n_colours
    print(
        f"{n_colours:3} colours: {bits_per_pixel(n_colours)} bits per pixel, "
        f"{bits / 8 / 1024:6.1f} KiB with the palette, {24 * n_pixels / bits:5.1f} times smaller"
    )

# %% [markdown]
# **How good?** Compare the image $a$ with its version $c$, value by value. There are $3N$ values. The mean squared
# error (MSE) is
#
# $$\mathrm{MSE} = \frac{1}{3N} \sum_{j=1}^{3N} (a_j - c_j)^2$$
#
# For images one quotes the **peak signal-to-noise ratio**, PSNR, in decibels (dB). It compares the error with the
# largest possible value, 255:
#
# $$\mathrm{PSNR} = 10 \log_{10} \frac{255^2}{\mathrm{MSE}}$$
#
# More is better: a tenth of the squared error is worth 10 dB more. Around 40 dB the eye hardly finds a
# difference, below 25 dB it is plain to see. Where both images are equal, the error is 0 and PSNR is infinite.
#
# ### Exercise 4 · PSNR (3 points)
#
# Write `psnr(image, compressed)` for two images with values from 0 to 255. It returns a float, in decibels.
#
# - The peak is 255, whatever the images hold, and the mean goes over all values of all channels.
# - Equal images give `np.inf`, without a warning about a division by zero.
# - Raise a `ValueError` if the two shapes differ, even where NumPy could stretch one to fit.
#
# Mind the type: both images usually are `uint8`.


# %% solution="psnr"
def psnr(image, compressed):
    """The peak signal-to-noise ratio of two images, in decibels."""
    ### BEGIN SOLUTION
    image, compressed = np.asarray(image, dtype=float), np.asarray(compressed, dtype=float)
    if image.shape != compressed.shape:
        raise ValueError(f"the shapes {image.shape} and {compressed.shape} differ")
    error = np.mean((image - compressed) ** 2)
    return float(np.inf if error == 0 else 10 * np.log10(255**2 / error))
    ### END SOLUTION


# %% test="test_psnr" points=2
plain = np.full((3, 4, 3), 100, dtype=np.uint8)
other = np.full((3, 4, 3), 120, dtype=np.uint8)
found = psnr(plain, other)
assert found is not None, "Your function returns nothing: does it end in a `return`?"
assert np.ndim(found) == 0, f"PSNR is one number; yours has the shape {np.shape(found)}."
found = float(found)
overflowed = np.mean((plain - other) ** 2)
for error in (overflowed, np.mean((plain - other).astype(float) ** 2)):
    assert not is_like(found, 10 * np.log10(255**2 / error)), (
        "The difference or its square wrapped around, as `uint8` does: convert to floats before you "
        "subtract."
    )
assert not is_like(found, 10 * np.log(255**2 / 20**2)), "Take the logarithm to the base 10."
assert not is_like(found, 20 * np.log10(255**2 / 20**2)), (
    "The factor is twice too large: with squared quantities it is 10, without the square it is 20."
)
assert not is_like(found, 10 * np.log10(255 / 20)), (
    "The factor is half of what it should be: with the root of the error it is 20."
)
assert not is_like(found, 10 * np.log10(255**2 / 20)), (
    "The error is not squared, or its root is taken: MSE is the mean of the squares."
)
assert not is_like(found, 10 * np.log10(255 / 20**2)), "The peak in the ratio is squared: 255 ** 2."
assert not is_like(found, 10 * np.log10(255**2 / (36 * 20**2))), (
    "You divide by the sum of the squared errors: take their mean."
)
assert not is_like(found, 10 * np.log10(255**2 / (3 * 20**2))), (
    "You add up the three channels of a pixel: the mean goes over all values of all channels."
)
for peak in (100, 120):
    assert not is_like(found, 10 * np.log10(peak**2 / 20**2)), (
        "The peak is 255, not the largest value that happens to be in the image."
    )
assert found > 0, (
    "The ratio is the wrong way round or the peak is not 255: a small error must give a large, "
    "positive PSNR."
)
assert_like(
    found,
    10 * np.log10(255**2 / 20**2),
    "Every value is off by 20, so the mean squared error is 20 squared. Your PSNR is something else.",
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(73)
photo = helper.integers(0, 150, size=(5, 8, 3)).astype(np.uint8)
copy = helper.integers(0, 150, size=(5, 8, 3)).astype(np.uint8)
copy[:, :, 2] = photo[:, :, 2]
gap = photo.astype(float) - copy.astype(float)
error = np.mean(gap**2)
got = float(attempt("For images of 5 x 8 pixels", psnr, photo, copy))
assert not is_like(got, 10 * np.log10(float(photo.max()) ** 2 / error)), (
    "The peak is 255, not the largest value that happens to be in the image."
)
assert not is_like(got, 10 * np.log10(255**2 / np.mean(gap) ** 2)), (
    "You square the mean of the differences, so that they cancel: square each difference first."
)
assert not is_like(got, 20 * np.log10(255 / np.mean(np.abs(gap)))), (
    "You average the absolute differences: square each difference first."
)
assert_like(
    got,
    10 * np.log10(255**2 / error),
    "The PSNR of two other images is wrong: overflow of `uint8`, or a constant in your code?",
)
assert_like(
    float(psnr(copy, photo)), got, "Exchange the two images and the PSNR must stay the same."
)
### END HIDDEN TESTS

# %% test="test_psnr__edges" points=1
grey = np.full((2, 3, 3), 90, dtype=np.uint8)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    same = psnr(grey, grey.copy())
assert same == np.inf, "Two equal images have an infinite PSNR: return `np.inf`."
assert not caught, "Two equal images give a warning: treat an error of 0 before you divide."
### BEGIN HIDDEN TESTS
assert refuses(psnr, grey, np.full((3, 2, 3), 90, dtype=np.uint8)), (
    "Images of different shapes must raise a ValueError, even with equally many values."
)
assert refuses(psnr, grey, np.full((1, 1, 3), 80, dtype=np.uint8)), (
    "NumPy stretched the smaller image to fit: compare the shapes and raise a ValueError."
)
assert refuses(psnr, grey, np.full((2, 3, 1), 80, dtype=np.uint8)), (
    "NumPy stretched the single channel to fit: compare the shapes and raise a ValueError."
)
pair = attempt("For images given as lists", psnr, [[[0, 0, 0]]], [[[0, 0, 30]]])
assert_like(pair, 10 * np.log10(255**2 / 300), "Images given as lists give a wrong PSNR.")
worst = psnr(np.zeros((1, 2, 3), dtype=np.uint8), np.full((1, 2, 3), 255, dtype=np.uint8))
assert_like(
    worst,
    0,
    "Black against white is the largest error, 0 dB. Do the squares fit into the type that you convert to?",
    atol=1e-9,
)
one, two = np.arange(12.0).reshape(2, 2, 3), np.full((2, 2, 3), 7, dtype=np.uint8)
assert not changed_inputs(psnr, one, two), "Your function changes its inputs: work on copies."
assert refuses(psnr, np.full((1, 1, 3), 80, dtype=np.uint8), grey), (
    "NumPy stretched the first image to fit the second: compare the shapes and raise a ValueError."
)
### END HIDDEN TESTS

# %%
print(f"8 colours: {psnr(flower, eight):.2f} dB at {bits_per_pixel(8)} bits per pixel")

# %% [markdown]
# ## 4. Is a sample of the pixels enough?
#
# The photograph has hundreds of thousands of pixels, and we showed k-means a few thousand.
# **Predict first:** how many dB do we lose against fitting on all pixels?

# %%
for size in (100, 500, 2000, 5000, 20_000, len(points)):
    rng = np.random.default_rng(SEED)
    part = points[rng.choice(len(points), size, replace=False)]
    fitted = KMeans(8, n_init=1, random_state=SEED).fit(part)
    result = apply_palette(fitted.predict(points), fitted.cluster_centers_, flower.shape)
    print(f"palette from {size:7,} pixels: {psnr(flower, result):.2f} dB on all pixels")

# %% [markdown]
# Hardly anything, after the first few hundred. What is left of ups and downs comes from the start of k-means, which
# does not always end in the same local optimum. A centroid is a *mean*, and the mean of some hundred pixels
# drawn by chance is already close to the mean of all. The sample must be drawn by chance from the whole
# image, though: the first 5,000 pixels are only the top rows. And a colour that only a few pixels have
# may be missing in the sample.
#
# ### Exercise 5 · Quantise with k-means (4 points)
#
# Write `quantise_kmeans(image, k, random_state)`. It returns a `uint8` image of the same shape with **at most**
# `k` colours. They are the centroids that k-means finds among the pixels, rounded, and every pixel gets
# the nearest one.
#
# - `random_state` is a whole number. The same one gives the same result.
# - You may fit on a sample of 5,000 pixels, drawn with `np.random.default_rng(random_state)`. An image may
#   be smaller than that, down to a single pixel.
# - One start may end in a poor local optimum (lesson 2). Take a few, such as `n_init=4`.
# - The image may have fewer than `k` different colours. Then the result equals the image, and there is
#   **no warning**. Scikit-learn does warn, so treat this case first: `np.unique(points, axis=0)` lists the
#   different colours.
# - Raise a `ValueError` if the image does not have the shape `(h, w, 3)`, or if `k` is below 1.
#
# Write everything you need inside the function: it is checked on its own, without your other answers.


# %% solution="quantise_kmeans"
def quantise_kmeans(image, k, random_state):
    """The image in at most k colours, the centroids of k-means."""
    ### BEGIN SOLUTION
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError(f"an image has the shape (h, w, 3), not {image.shape}")
    if k < 1:
        raise ValueError(f"at least one colour is needed, not {k}")
    points = image.reshape(-1, 3) / 255
    if len(np.unique(image.reshape(-1, 3) @ [256**2, 256, 1])) <= k:  # a number for each colour
        return image.astype(np.uint8)
    rng = np.random.default_rng(random_state)
    sample = points[rng.choice(len(points), min(5000, len(points)), replace=False)]
    n_clusters = min(k, len(np.unique(sample, axis=0)))
    model = KMeans(n_clusters, n_init=2, random_state=random_state).fit(sample)
    palette = np.clip(np.round(255 * model.cluster_centers_), 0, 255).astype(np.uint8)
    return palette[model.predict(points)].reshape(image.shape)
    ### END SOLUTION


# %% test="test_quantise_kmeans" points=2
halves = np.zeros((6, 9, 3), dtype=np.uint8)
halves[:, :4], halves[:, 4:] = [200, 40, 30], [20, 90, 220]
halves[::2] += 4
result = quantise_kmeans(halves, 2, 0)
assert result is not None, "Your function returns nothing: does it end in a `return`?"
result = np.asarray(result)
assert result.shape == (6, 9, 3), (
    f"The result has the shape of the image, (6, 9, 3); yours is {result.shape}."
)
assert result.max() > 1, "The image is black: multiply by 255 before you convert to whole numbers."
assert result.dtype == np.uint8, f"The image must be `uint8`; yours is {result.dtype}."
n_used = len(np.unique(result.reshape(-1, 3), axis=0))
assert n_used <= 2, f"With k = 2 the result has {n_used} colours: is `k` used?"
off = [
    np.abs(np.asarray(quantise_kmeans(halves, 2, s)).astype(int) - halves).max() for s in range(10)
]
assert np.min(off) <= 6, (
    "Two halves, each in two shades that are close together, in 2 colours: every pixel should stay "
    "close to what it was. Are the pixels in their places, and the channels in their order?"
)
### BEGIN HIDDEN TESTS
rows, columns = np.mgrid[:24, :32]
scene = np.stack([40 + 5 * columns, 220 - 7 * rows, 60 + 3 * columns + 3 * rows], axis=2)
scene = scene + np.random.default_rng(74).normal(0, 6, scene.shape)
scene = np.clip(scene.round(), 0, 255).astype(np.uint8)
dots = scene.reshape(-1, 3) / 255
reference, reached, own_best = [], [], []
for seed in range(5):
    model = KMeans(7, n_init=1, random_state=seed).fit(dots)
    reference.append(np.mean((255 * (dots - model.cluster_centers_[model.labels_])) ** 2))
    tried = attempt("With 7 colours on 24 x 32 pixels", quantise_kmeans, scene, 7, seed)
    tried = np.asarray(tried).astype(float)
    assert tried.shape == scene.shape, (
        "On 24 x 32 pixels the result has another shape than the image."
    )
    used = np.unique(tried.reshape(-1, 3), axis=0)
    assert len(used) <= 7, "With k = 7 the result has more than 7 colours."
    reached.append(np.mean((scene - tried) ** 2))
    gaps = np.sum((255.0 * dots[:, None] - used) ** 2, axis=2)
    own_best.append(np.mean(gaps.min(axis=1)) / 3)
loss, possible = (
    10 * np.log10(np.mean(errors) / np.mean(reference)) for errors in (reached, own_best)
)
assert loss - possible < 0.1, (
    "The pixels do not all get the nearest of your own colours: are the labels, the places or the "
    "channels mixed up?"
)
assert loss < 0.9, (
    "With the same number of colours k-means reaches a clearly higher PSNR: are your colours the "
    "centroids of the pixels, after enough iterations, and is `k` used?"
)
blots = np.random.default_rng(75).integers(0, 256, size=(20, 40, 3))
for place, colour in enumerate([[30, 30, 30], [70, 60, 50], [90, 140, 60], [180, 160, 200]]):
    blots[:, 9 * place : 9 * place + 9] = colour
blots[::2, :36] += 2
blots = blots.astype(np.uint8)
seen = [np.asarray(quantise_kmeans(blots, 8, seed)).astype(float) for seed in range(6)]
crowded = [np.mean((version - blots)[:, :36] ** 2) for version in seen]
assert np.min(crowded) < 150, (
    "The colours that cover most of the image come out badly. Let k-means see every pixel, not every "
    "different colour once: a colour of many pixels must count more often."
)
tall = np.random.default_rng(79).normal([40, 60, 30], 6, size=(100, 80, 3))
tall[70:] += [170, 120, 90]
tall = np.clip(tall.round(), 0, 255).astype(np.uint8)
below = [
    np.asarray(attempt("For an image of 8,000 pixels", quantise_kmeans, tall, 2, seed)).astype(
        float
    )
    for seed in range(4)
]
assert np.min([np.abs(version[70:] - tall[70:]).mean() for version in below]) < 30, (
    "The lower rows of a larger image have no colour of their own: draw the sample by chance from the "
    "whole image, do not take the first pixels."
)
### END HIDDEN TESTS

# %% test="test_quantise_kmeans__edges" points=2
wall = np.full((4, 5, 3), 77, dtype=np.uint8)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    flat = attempt("For an image of one colour, with k = 3,", quantise_kmeans, wall, 3, 0)
assert np.array_equal(flat, wall), "An image of one colour must come back as it is."
assert not caught, "An image with fewer than k colours gives a warning: lower k before you fit."
assert refuses(quantise_kmeans, wall, 0, 0), "k = 0 must raise a ValueError."
### BEGIN HIDDEN TESTS
few = np.array([[9, 8, 7], [200, 0, 5], [60, 70, 255]], dtype=np.uint8)
few = few[[[0, 1, 0, 2, 2], [2, 2, 1, 0, 1]]]
with warnings.catch_warnings(record=True) as heard:
    warnings.simplefilter("always")
    more = attempt("For 3 different colours and k = 12", quantise_kmeans, few, 12, 1)
    dot = attempt("For a single pixel and k = 4", quantise_kmeans, np.array([[[250, 1, 99]]]), 4, 2)
    exact = attempt("For 3 different colours and k = 3", quantise_kmeans, few, 3, 1)
assert is_like(more, few, rtol=0, atol=1), (
    "With more colours allowed than there are, the image must come back as it is."
)
assert np.shape(dot) == (1, 1, 3) and np.asarray(dot).ravel().tolist() == [250, 1, 99], (
    "An image of a single pixel must come back as it is, in `uint8` and in its shape."
)
assert is_like(exact, few, rtol=0, atol=1), (
    "With exactly as many colours as there are, the image must come back as it is."
)
assert not heard, "An image with fewer than k colours gives a warning: lower k before you fit."
noise = np.random.default_rng(76).integers(0, 256, size=(15, 20, 3)).astype(np.uint8)
once = np.asarray(quantise_kmeans(noise, 9, 5))
twice = np.asarray(quantise_kmeans(noise, 9, 5))
assert np.array_equal(once, twice), (
    "The same `random_state` gave two different images: pass it on to everything that is random."
)
assert not changed_inputs(quantise_kmeans, noise, 1, 5), (
    "Your function changes the image: work on a copy."
)
mean = np.asarray(quantise_kmeans(noise, 1, 5))
assert len(np.unique(mean.reshape(-1, 3), axis=0)) == 1, "k = 1 gives an image of one colour."
assert np.abs(mean[0, 0] - noise.reshape(-1, 3).mean(axis=0)).max() < 12, (
    "The only colour for k = 1 is the mean colour of the pixels."
)
nested = attempt("For an image given as a list", quantise_kmeans, noise.tolist(), 4, 5)
assert np.shape(nested) == (15, 20, 3), "An image given as a list gives a result of another shape."
assert refuses(quantise_kmeans, noise, -2, 0), "A negative k must raise a ValueError."
assert refuses(quantise_kmeans, noise[:, :, 0], 3, 0), "A grey image must raise a ValueError."
assert refuses(quantise_kmeans, np.zeros((3, 6, 4), dtype=np.uint8), 3, 0), (
    "An image with four channels must raise a ValueError."
)
assert refuses(quantise_kmeans, np.zeros((3, 6, 1), dtype=np.uint8), 3, 0), (
    "An image with a single channel must raise a ValueError."
)
assert refuses(quantise_kmeans, np.zeros((2, 5, 3, 3), dtype=np.uint8), 3, 0), (
    "Several images at once, with four axes, must raise a ValueError."
)
assert np.asarray(dot).dtype == np.uint8, (
    "The result must be `uint8`, also where the image is not and comes back as it is."
)
for trio in (
    [[0, 0, 10], [0, 0, 90], [0, 0, 200]],
    [[0, 0, 0], [0, 0, 128], [0, 1, 0]],
    [[0, 0, 255], [0, 1, 0], [9, 9, 9]],
    [[1, 0, 0], [0, 1, 0], [9, 9, 9]],
    [[1, 0, 0], [0, 2, 0], [9, 9, 9]],
    [[1, 0, 0], [0, 254, 1], [9, 9, 9]],
    [[1, 0, 0], [0, 255, 1], [9, 9, 9]],
    [[7, 7, 8], [7, 8, 7], [8, 7, 7]],
):
    of_three = np.array([trio, trio], dtype=np.uint8)
    two = attempt("For 3 different colours and k = 2", quantise_kmeans, of_three, 2, 3)
    assert len(np.unique(np.reshape(two, (-1, 3)), axis=0)) <= 2, (
        "Three different colours came back as three, with k = 2: some different colours count as the same."
    )
corners = np.array(
    [[[r, g, b] for g in (0, 200) for b in (0, 200)] for r in (0, 200)], dtype=np.uint8
)
six = attempt("For 8 different colours and k = 6", quantise_kmeans, corners, 6, 1)
assert len(np.unique(np.reshape(six, (-1, 3)), axis=0)) <= 6, (
    "Eight different colours came back as more than six, with k = 6: count colours, not values."
)
### END HIDDEN TESTS

# %% [markdown]
# ### 10, 8, 6, 4, 2 colours
#
# **Predict first.** Which part of the photograph loses its colour first as $K$ shrinks: the large dark leaves,
# or the small yellow bud in the lower right corner?

# %%
versions = {}
for n_colours in (10, 8, 6, 4, 2):
    version = quantise_kmeans(flower, n_colours, SEED)
    name = f"{n_colours} colours: {psnr(flower, version):.1f} dB, {bits_per_pixel(n_colours)} bit"
    versions[name] = version
show(
    before_and_after(flower, versions, height=2.9),
    alt="The original and versions in 10, 8, 6, 4 and 2 colours, each above its palette. With fewer "
    "colours the shades merge into ever larger patches; with 2 colours only a light flower on a dark "
    "ground is left.",
)

# %% [markdown]
# The yellow of the bud is the first to go. K-means adds up squared errors over *all pixels*. A large area counts more
# than a small one, so the many leaf pixels keep several greens, while a small bright detail has to share a colour,
# however much the eye likes it. (Has your version in 4 colours only one green? Then k-means ended in a local optimum with
# a lower PSNR: take more starts.)

# %%
ks = [2, 4, 8, 16, 20, 32, 64]
quality = [psnr(flower, quantise_kmeans(flower, n_colours, SEED)) for n_colours in ks]
fig, ax = plt.subplots(figsize=(6.5, 3.6), layout="constrained")
ax.semilogx(ks, quality, "ko-", base=2)
ax.margins(0.08, 0.14)
for n_colours, value in zip(ks, quality, strict=True):
    ax.annotate(
        f"{bits_per_pixel(n_colours)} bit",
        (n_colours, value),
        xytext=(4, -14),
        textcoords="offset points",
        fontsize=8,
    )
ax.set(xticks=ks, xticklabels=ks, xlabel="number of colours K", ylabel="PSNR in dB")
ax.minorticks_off()
show(
    fig,
    alt="PSNR against the number of colours, from 2 to 64, on a logarithmic axis. It rises steadily, and "
    "each point carries its number of bits per pixel, from 1 to 6.",
)

# %% [markdown]
# Each doubling of $K$ costs one more bit per pixel. It buys a few dB, and less and less as $K$ grows. Numbers
# of colours that are no powers of 2 waste part of a bit: 20 colours take as many as 32.

# %% [markdown]
# ## 5. The same with EM
#
# A Gaussian mixture can make a palette too. Each component $k$ has a weight $\phi_k$, a mean colour $\mu_k$
# and a covariance matrix $\Sigma_k$. Each pixel gets the mean of its **most probable** component, the one with the
# largest $\phi_k \, \mathcal{N}(x \mid \mu_k, \Sigma_k)$. This need not be the nearest mean: a wide component may
# claim a pixel that lies closer to the mean of a narrow one.
#
# ### Exercise 6 · Quantise with a mixture (4 points)
#
# Write `quantise_gmm(image, k, random_state)`. It is the twin of exercise 5: the same inputs, the same kind of
# result, **at most** `k` colours, the same rules for few colours, no warning there, and the same `ValueError`s.
# Only the colours and the labels differ:
#
# - fit a Gaussian mixture with `k` components and **full** covariance matrices;
# - the colours are the mixture's means, rounded; each pixel gets that of its most probable component.
#
# Fit on a sample of at most 5,000 pixels: on all pixels of a photograph EM takes a minute or more. Mind that
# `GaussianMixture` refuses to fit a single pixel. Its default start, from k-means, is a good one.


# %% solution="quantise_gmm"
def quantise_gmm(image, k, random_state):
    """The image in at most k colours, the means of a Gaussian mixture."""
    ### BEGIN SOLUTION
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError(f"an image has the shape (h, w, 3), not {image.shape}")
    if k < 1:
        raise ValueError(f"at least one colour is needed, not {k}")
    points = image.reshape(-1, 3) / 255
    if len(np.unique(image.reshape(-1, 3) @ [256**2, 256, 1])) <= k:  # a number for each colour
        return image.astype(np.uint8)
    rng = np.random.default_rng(random_state)
    sample = points[rng.choice(len(points), min(5000, len(points)), replace=False)]
    n_components = min(k, len(np.unique(sample, axis=0)))
    model = GaussianMixture(n_components, max_iter=300, random_state=random_state).fit(sample)
    palette = np.clip(np.round(255 * model.means_), 0, 255).astype(np.uint8)
    return palette[model.predict(points)].reshape(image.shape)
    ### END SOLUTION


# %% test="test_quantise_gmm" points=2
halves = np.zeros((6, 9, 3), dtype=np.uint8)
halves[:, :5], halves[:, 5:] = [30, 50, 200], [210, 130, 40]
halves[::2] += 4
result = quantise_gmm(halves, 2, 0)
assert result is not None, "Your function returns nothing: does it end in a `return`?"
result = np.asarray(result)
assert result.shape == (6, 9, 3), (
    f"The result has the shape of the image, (6, 9, 3); yours is {result.shape}."
)
assert result.max() > 1, "The image is black: multiply by 255 before you convert to whole numbers."
assert result.dtype == np.uint8, f"The image must be `uint8`; yours is {result.dtype}."
n_used = len(np.unique(result.reshape(-1, 3), axis=0))
assert n_used <= 2, (
    f"With k = 2 the result has {n_used} colours: each pixel gets the mean of one component, neither a "
    "blend of several nor a colour that is drawn."
)
off = [np.abs(np.asarray(quantise_gmm(halves, 2, s)).astype(int) - halves).max() for s in range(10)]
assert np.min(off) <= 6, (
    "Two halves, each in two shades that are close together, in 2 colours: every pixel should stay "
    "close to what it was. Are the pixels in their places, and the channels in their order?"
)
### BEGIN HIDDEN TESTS
helper = np.random.default_rng(77)
part = np.repeat([0, 1, 2], [14, 10, 6])[None, :].repeat(24, axis=0)
slopes = np.array([[38, 30, 18], [0, 0, 0], [0, 0, 0]])
cloth = np.array([[140, 110, 80], [165, 135, 80], [200, 50, 60]])[part]
cloth = cloth + helper.normal(size=(24, 30, 1)) * slopes[part]
cloth = cloth + helper.normal(size=(24, 30, 3)) * np.array([3, 3, 7])[part][:, :, None]
cloth = np.clip(cloth.round(), 0, 255).astype(np.uint8)
ideal = np.array([cloth[part == c].mean(axis=0) for c in range(3)])[part]
errors, strangers = [], []
for seed in range(4):
    woven = attempt("With 3 colours on 24 x 30 pixels", quantise_gmm, cloth, 3, seed)
    woven = np.asarray(woven).astype(float)
    assert woven.shape == cloth.shape, "On 24 x 30 pixels the result has another shape."
    used = np.unique(woven.reshape(-1, 3), axis=0)
    assert len(used) <= 3, (
        "With k = 3 the result has more than 3 colours: each pixel gets the mean of one component, "
        "neither a blend of several nor a colour that is drawn."
    )
    gaps = np.sum((cloth[:, :, None] - used) ** 2, axis=3)
    chosen = np.sum((cloth - woven) ** 2, axis=2)
    strangers.append(np.mean(chosen > gaps.min(axis=2) + 1e-6))
    errors.append(np.mean((woven - ideal) ** 2))
assert np.max(strangers) > 0.02, (
    "Every pixel gets the nearest colour: that is the rule of k-means. In a mixture the most probable "
    "component counts, and with full covariance matrices a wide, slanting one claims pixels that lie "
    "nearer to the mean of a narrow one."
)
assert np.min(errors) < 40, (
    "The image has one wide, slanting component and two narrow ones, and your image does not show "
    "them. Are the covariance matrices full, are the colours the means, and is the component the most "
    "probable one?"
)
down, across = np.mgrid[:20, :36]
scene = np.stack([30 + 5 * across, 210 - 8 * down, 50 + 3 * across + 4 * down], axis=2)
scene = np.clip((scene + helper.normal(0, 6, scene.shape)).round(), 0, 255).astype(np.uint8)
dots = scene.reshape(-1, 3) / 255
found, reference = [], []
for seed in range(4):
    mixed = attempt("With 6 colours on 20 x 36 pixels", quantise_gmm, scene, 6, seed)
    mixed = np.asarray(mixed).astype(float)
    assert len(np.unique(mixed.reshape(-1, 3), axis=0)) <= 6, "With k = 6 there are more colours."
    found.append(np.mean((scene - mixed) ** 2))
    model = KMeans(6, n_init=1, random_state=seed).fit(dots)
    reference.append(255**2 * model.inertia_ / dots.size)
assert 10 * np.log10(np.mean(found) / np.mean(reference)) < 2.5, (
    "The PSNR is far below what a mixture with 6 components reaches. Is `k` used, did EM run long "
    "enough, and do the labels belong to the means?"
)
tall = np.random.default_rng(79).normal([40, 60, 30], 6, size=(100, 80, 3))
tall[70:] += [170, 120, 90]
tall = np.clip(tall.round(), 0, 255).astype(np.uint8)
below = [
    np.asarray(attempt("For an image of 8,000 pixels", quantise_gmm, tall, 2, seed)).astype(float)
    for seed in range(4)
]
assert np.min([np.abs(version[70:] - tall[70:]).mean() for version in below]) < 30, (
    "The lower rows of a larger image have no colour of their own: draw the sample by chance from the "
    "whole image, do not take the first pixels."
)
### END HIDDEN TESTS

# %% test="test_quantise_gmm__edges" points=2
paper = np.full((3, 6, 3), 201, dtype=np.uint8)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    flat = attempt("For an image of one colour, with k = 3,", quantise_gmm, paper, 3, 0)
assert np.array_equal(flat, paper), "An image of one colour must come back as it is."
assert not caught, "An image with fewer than k colours gives a warning: lower k before you fit."
assert refuses(quantise_gmm, paper, 0, 0), "k = 0 must raise a ValueError."
### BEGIN HIDDEN TESTS
few = np.array([[19, 8, 70], [210, 0, 5], [60, 70, 255]], dtype=np.uint8)
few = few[[[0, 1, 1, 2], [2, 0, 1, 0], [1, 2, 0, 0]]]
with warnings.catch_warnings(record=True) as heard:
    warnings.simplefilter("always")
    more = attempt("For 3 different colours and k = 15", quantise_gmm, few, 15, 1)
    dot = attempt("For a single pixel and k = 4", quantise_gmm, np.array([[[7, 130, 255]]]), 4, 2)
    lone = attempt("For a single pixel and k = 1", quantise_gmm, np.array([[[7, 130, 255]]]), 1, 2)
assert is_like(more, few, rtol=0, atol=1), (
    "With more colours allowed than there are, the image must come back as it is."
)
for pixel in (dot, lone):
    assert np.shape(pixel) == (1, 1, 3), "A single pixel must come back in its shape, (1, 1, 3)."
    assert is_like(pixel, [[[7, 130, 255]]], rtol=0, atol=1), (
        "An image of a single pixel must come back as it is."
    )
assert not heard, "An image with fewer than k colours gives a warning: lower k before you fit."
noise = np.random.default_rng(78).integers(0, 256, size=(15, 20, 3)).astype(np.uint8)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    once = np.asarray(quantise_gmm(noise, 5, 5))
    twice = np.asarray(quantise_gmm(noise, 5, 5))
    touched = changed_inputs(quantise_gmm, noise, 1, 5)
assert np.array_equal(once, twice), (
    "The same `random_state` gave two different images: pass it on to everything that is random."
)
assert not touched, "Your function changes the image: work on a copy."
mean = np.asarray(quantise_gmm(noise, 1, 5))
assert len(np.unique(mean.reshape(-1, 3), axis=0)) == 1, "k = 1 gives an image of one colour."
assert np.abs(mean[0, 0] - noise.reshape(-1, 3).mean(axis=0)).max() < 12, (
    "The only colour for k = 1 is the mean colour of the pixels."
)
nested = attempt("For an image given as a list", quantise_gmm, noise.tolist(), 2, 5)
assert np.shape(nested) == (15, 20, 3), "An image given as a list gives a result of another shape."
assert refuses(quantise_gmm, noise, -1, 0), "A negative k must raise a ValueError."
assert refuses(quantise_gmm, noise[:, :, 0], 3, 0), "A grey image must raise a ValueError."
assert refuses(quantise_gmm, np.zeros((3, 6, 4), dtype=np.uint8), 3, 0), (
    "An image with four channels must raise a ValueError."
)
assert refuses(quantise_gmm, np.zeros((3, 6, 1), dtype=np.uint8), 3, 0), (
    "An image with a single channel must raise a ValueError."
)
assert refuses(quantise_gmm, np.zeros((2, 5, 3, 3), dtype=np.uint8), 3, 0), (
    "Several images at once, with four axes, must raise a ValueError."
)
assert np.asarray(dot).dtype == np.uint8, (
    "The result must be `uint8`, also where the image is not and comes back as it is."
)
for trio in (
    [[0, 0, 10], [0, 0, 90], [0, 0, 200]],
    [[0, 0, 0], [0, 0, 128], [0, 1, 0]],
    [[0, 0, 255], [0, 1, 0], [9, 9, 9]],
    [[1, 0, 0], [0, 1, 0], [9, 9, 9]],
    [[1, 0, 0], [0, 2, 0], [9, 9, 9]],
    [[1, 0, 0], [0, 254, 1], [9, 9, 9]],
    [[1, 0, 0], [0, 255, 1], [9, 9, 9]],
    [[7, 7, 8], [7, 8, 7], [8, 7, 7]],
):
    of_three = np.array([trio, trio], dtype=np.uint8)
    two = attempt("For 3 different colours and k = 2", quantise_gmm, of_three, 2, 3)
    assert len(np.unique(np.reshape(two, (-1, 3)), axis=0)) <= 2, (
        "Three different colours came back as three, with k = 2: some different colours count as the same."
    )
corners = np.array(
    [[[r, g, b] for g in (0, 200) for b in (0, 200)] for r in (0, 200)], dtype=np.uint8
)
six = attempt("For 8 different colours and k = 6", quantise_gmm, corners, 6, 1)
assert len(np.unique(np.reshape(six, (-1, 3)), axis=0)) <= 6, (
    "Eight different colours came back as more than six, with k = 6: count colours, not values."
)
### END HIDDEN TESTS

# %% [markdown]
# Both methods with $K = 20$ on the photograph. **Predict first:** which one has the larger PSNR?

# %%
versions = {}
for how, quantise in [("k-means", quantise_kmeans), ("EM", quantise_gmm)]:
    version = quantise(flower, 20, SEED)
    versions[f"20 colours by {how}: {psnr(flower, version):.1f} dB"] = version
show(
    before_and_after(flower, versions, height=3.3),
    alt="The original, 20 colours by k-means and 20 colours by EM, each above its palette. Both are close "
    "to the original; the palettes differ.",
)

# %% [markdown]
# K-means wins. That is no accident: PSNR is the mean squared error in another unit, and the mean squared error is what
# k-means makes small. EM makes something else large: the likelihood of the colours. Where colours crowd together it
# likes to put several narrow components on top of each other, and a wide one takes all that is left over. The means of
# such components are a poor palette. *Better* depends on what is measured.
#
# Is EM ever the better choice? The next picture has three materials: a brown cloth of light and dark stitches, and on it
# a plain band of another brown and a red one. Which material does each pixel belong to? (`misclassification_rate` first
# finds out which cluster stands for which material.)

# %%
rng = np.random.default_rng(SEED)
material = np.repeat([0, 1, 0, 2], [40, 25, 35, 20])[None, :].repeat(80, axis=0)
stitches = np.kron(rng.normal(size=(40, 60)), np.ones((2, 2)))
light = np.where(material == 0, stitches, 0)[:, :, None]
cloth = np.array([[140, 110, 80], [165, 135, 80], [200, 50, 60]])[material]
cloth = cloth + light * [38, 30, 18] + rng.normal(0, 3, (80, 120, 3))
cloth = np.clip(cloth.round(), 0, 255).astype(np.uint8)

cloth_points = image_to_points(cloth)
by_kmeans = KMeans(3, n_init=4, random_state=SEED).fit_predict(cloth_points)
by_em = GaussianMixture(3, random_state=SEED).fit_predict(cloth_points)
fig, axes = plt.subplots(1, 3, figsize=(11, 2.9), layout="constrained")
axes[0].imshow(cloth)
axes[0].set_title("the cloth")
for ax, name, found in zip(axes[1:], ["k-means", "EM"], [by_kmeans, by_em], strict=True):
    wrong_share = misclassification_rate(material.ravel(), found)
    ax.imshow(found.reshape(80, 120), cmap="gray", interpolation="nearest")
    ax.set_title(f"{name}: {wrong_share:.1%} of the pixels wrong")
for ax in axes:
    ax.set(xticks=[], yticks=[])
show(
    fig,
    alt="Left: a cloth speckled in light and dark brown, with a plain brown band and a red band. Middle: "
    "the three clusters of k-means in black, grey and white; the cloth is speckled by two of them, and "
    "one of these also fills the brown band. Right: the clusters of EM; the cloth and both bands are "
    "three almost clean areas.",
)

# %% [markdown]
# K-means cuts the cloth into light and dark. But light and shadow move the colour along a *slanting line*, and a full
# covariance can follow such a line. For a small error take k-means; to tell materials apart EM may help.

# %% [markdown]
# ## 6. Try it
#
# **Predict first.** Choose 2 colours and switch between the methods. Will they choose the same two colours? From
# how many colours on can *you* no longer see the difference to the original?

# %%
palette_explorer(flower)

# %% [markdown]
# <details>
# <summary>What you should have seen</summary>
#
# Both take a dark green and a warm colour, but not the same ones. The colours of k-means lie farther apart, which makes the
# error small and the PSNR higher. The second component of the mixture is wide: it also takes in many of the middling
# pixels, and so its mean is duller.
#
# </details>
#
# ## 7. Regions: image segmentation
#
# The labels say more than colours: they cut the image into **segments**, sets of pixels with similar colours. Here are four
# clusters of k-means on the photograph, thinned out to every second row and column. Each picture shows one
# segment, the rest is white.

# %%
small = flower[::2, ::2]
small_points = image_to_points(small)
model = KMeans(4, n_init=4, random_state=SEED).fit(small_points)
segment = model.labels_.reshape(small.shape[:2])
fig, axes = plt.subplots(1, 4, figsize=(12, 2.5), layout="constrained")
for k, ax in enumerate(axes):
    ax.imshow(np.where((segment == k)[:, :, None], small, 255))
    ax.set_title(f"segment {k}: {np.mean(segment == k):.0%}")
    ax.set(xticks=[], yticks=[])
show(
    fig,
    alt="Four pictures, one for each segment of the photograph, the rest white. Two of them hold the dark "
    "and the lighter leaves around an empty flower; the other two hold parts of the flower.",
)

# %% [markdown]
# The flower comes out well, but not in one piece: its colours fall into several segments. And a segment need not
# hang together, because no pixel told the clusterer *where* it is. Colour segmentation finds colours and not things.
# Where things have a colour of their own, as a red beetle on a green leaf, that can be enough. Take small, bright things and few
# clusters, and the thing may get no cluster at all, as you saw above.

# %% [markdown]
# ## 8. Your own k-means and EM
#
# In lessons 2 and 5 you wrote these algorithms yourself. The next cell holds short versions with the same inputs and
# results. Paste your own functions over them if you like, and run the cell after it.


# %%
def kmeans(X, k, rng, n_steps=30):
    """Centroids (k, D) and labels (N,) after some steps of Lloyd's algorithm."""
    mu = X[rng.choice(len(X), k, replace=False)]
    for _ in range(n_steps):
        z = np.sum((X[:, None] - mu) ** 2, axis=2).argmin(axis=1)
        mu = np.array([X[z == j].mean(axis=0) if np.any(z == j) else mu[j] for j in range(k)])
    return mu, np.sum((X[:, None] - mu) ** 2, axis=2).argmin(axis=1)


def log_joint(X, pi, mu, sigma):
    """The logarithm of weight times density, (N, k)."""
    difference = X[:, None] - mu
    distance = np.einsum("nki,kij,nkj->nk", difference, np.linalg.inv(sigma), difference)
    return np.log(pi) - 0.5 * (distance + np.linalg.slogdet(2 * np.pi * sigma)[1])


def em(X, k, rng, n_steps=40):
    """Weights, means and covariances of a mixture, and the log-likelihoods."""
    gamma, log_likelihoods = np.eye(k)[kmeans(X, k, rng, n_steps=5)[1]], []
    for _ in range(n_steps):
        size = gamma.sum(axis=0) + 1e-9
        pi, mu = size / size.sum(), gamma.T @ X / size[:, None]
        difference = X[:, None] - mu
        sigma = np.einsum("nk,nki,nkj->kij", gamma, difference, difference) / size[:, None, None]
        sigma += 1e-6 * np.eye(X.shape[1])
        logs = log_joint(X, pi, mu, sigma)
        total = np.logaddexp.reduce(logs, axis=1)
        gamma = np.exp(logs - total[:, None])
        log_likelihoods.append(total.sum())
    return pi, mu, sigma, log_likelihoods


# %%
rng = np.random.default_rng(SEED)
some = small_points[rng.choice(len(small_points), 3000, replace=False)]
centroids = kmeans(some, 8, rng)[0]
weights, mixture_means, mixture_covariances, history = em(some, 8, rng)
nearest = np.sum((small_points[:, None] - centroids) ** 2, axis=2).argmin(axis=1)
probable = log_joint(small_points, weights, mixture_means, mixture_covariances).argmax(axis=1)
versions = {}
for how, z, colours in [
    ("own k-means", nearest, centroids),
    ("own EM", probable, mixture_means),
]:
    version = apply_palette(z, colours, small.shape)
    versions[f"{how}: {psnr(small, version):.1f} dB"] = version
show(
    before_and_after(small, versions, height=3.0),
    alt="The original and its versions in 8 colours by the k-means and the EM of the cell above. They look "
    "as those of scikit-learn do.",
)
for how, quantise in [("k-means", quantise_kmeans), ("EM", quantise_gmm)]:
    print(f"scikit-learn's {how}: {psnr(small, quantise(small, 8, SEED)):.1f} dB")

# %% [markdown]
# The numbers are near those of scikit-learn, and not equal: another start can end in another local optimum.

# %% [markdown]
# ## 9. Draw new pixels
#
# A mixture is a model of how the data came about, so it can make new data (lesson 1). We fit one with 20 components
# to the colours and draw as many new pixels as the image has. First a component $z_i$ for each pixel, then
# a colour from that component. Then we fill them into an image, row by row.
#
# **Predict first.** What will the new image look like?

# %%
mixture = GaussianMixture(20, max_iter=300, random_state=SEED).fit(some)
rng = np.random.default_rng(SEED)
z = rng.choice(20, size=len(small_points), p=mixture.weights_)
noise = rng.standard_normal((len(small_points), 3, 1))
colours = mixture.means_[z] + (np.linalg.cholesky(mixture.covariances_)[z] @ noise)[:, :, 0]
outside = np.mean(np.any((colours < 0) | (colours > 1), axis=1))
print(f"drawn colours outside of 0 to 1, which must be clipped: {outside:.1%}")
sampled = apply_palette(np.arange(len(colours)), colours, small.shape)

# %% [markdown]
# A Gaussian knows no limits, so some draws lie below 0 or above 1. Your `apply_palette` clips them. Without the clipping a
# dark pixel would wrap around to a bright one. (Here every pixel has its own "palette colour".)

# %%
fig, axes = plt.subplots(1, 2, figsize=(10, 3.5), layout="constrained")
for ax, pixels, title in zip(axes, [small, sampled], ["the photograph", "sampled"], strict=True):
    ax.imshow(pixels, interpolation="nearest")
    ax.set_title(title)
    ax.set_axis_off()
show(
    fig,
    alt="Left the photograph of the flower. Right the sampled image: an even grain of single dark green, "
    "orange and yellow pixels all over, without any flower.",
)
for name, pixels in [("photograph", small), ("sampled", sampled)]:
    flat = pixels.reshape(-1, 3)
    print(f"{name:10}  mean {flat.mean(axis=0).round(1)}  deviation {flat.std(axis=0).round(1)}")

# %% [markdown]
# ### Open question (2 points)
#
# What do you see in the sampled image, and why? Say what the mixture has learned about the photograph and what
# it has not, in two or three sentences. A person reads and marks this answer.

# %% [markdown] manual="explain_sampled_image" points=2
# The sampled image is noise, but with the right colours in the right proportions. The mixture was fitted to the colours of
# single pixels, as if they were drawn independently; where a pixel lies and which pixels are its neighbours was
# thrown away in the reshape. So it knows the distribution of colours and nothing about shapes, and each new
# pixel is drawn without regard to the others.

# %% [markdown]
# ## 10. Your own image
#
# Give a path to `load_image`, such as `load_image("holiday.jpg")`, or press the button. A file that is no colour
# image is turned down with a sentence. This cell tries it on a second photograph of the course:


# %%
def in_ten_colours(picture):
    version = quantise_kmeans(picture, 10, SEED)
    title = f"10 colours: {psnr(picture, version):.1f} dB"
    show(
        before_and_after(picture, {title: version}, height=3.4),
        alt=f"An image and its version in 10 colours, {title}, each above its palette.",
    )


in_ten_colours(load_image("china.jpg"))

# %%
own_image(in_ten_colours)

# %% [markdown]
# ## 11. Check yourself
#
# Choose an answer to see whether it is right, and why. Nothing here is graded.

# %%
from jupyterquiz import display_quiz

display_quiz(
    [
        {
            "question": "Both images are uint8. One pixel is 10, the other 250. What is 10 - 250 there?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "-240",
                    "correct": False,
                    "feedback": "So it should be, but uint8 has no negative numbers.",
                },
                {
                    "answer": "0, the smallest value",
                    "correct": False,
                    "feedback": "NumPy does not clip. It wraps around.",
                },
                {
                    "answer": "16",
                    "correct": True,
                    "feedback": "Right: -240 + 256. Convert to floats before you subtract.",
                },
            ],
        },
        {
            "question": "You want a table with one row for each pixel. The image has the shape (h, w, 3).",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "image.reshape(3, -1).T",
                    "correct": False,
                    "feedback": "The shape is right, but each row mixes channels of different pixels.",
                },
                {
                    "answer": "image.reshape(-1, 3)",
                    "correct": True,
                    "feedback": "Right: the channels of a pixel lie next to each other and stay together.",
                },
                {
                    "answer": "image.T.reshape(-1, 3)",
                    "correct": False,
                    "feedback": "The transpose moves the channels to the front and tears pixels apart.",
                },
            ],
        },
        {
            "question": "Why do we fit the palette on a sample, but predict all pixels?",
            "type": "multiple_choice",
            "answers": [
                {
                    "answer": "Means settle quickly, so a sample gives nearly the same palette much sooner",
                    "correct": True,
                    "feedback": "Right. Every pixel still needs its label, and predicting is cheap.",
                },
                {
                    "answer": "A sample gives a higher PSNR",
                    "correct": False,
                    "feedback": "Not on purpose. Where it came out ahead above, its start was the luckier one.",
                },
                {
                    "answer": "K-means cannot take so many points",
                    "correct": False,
                    "feedback": "It can. It takes longer, and EM much longer.",
                },
            ],
        },
    ]
)

# %% [markdown]
# ### Quiz 1 (1 point)
#
# With $K = 20$ the version by k-means has a larger PSNR than the one by EM. What follows? Set `quiz_1` to the letter of
# your answer, such as `"a"`.
#
# - a) EM has stopped too early. With more iterations it would overtake.
# - b) K-means models the colours better, so it also has the higher likelihood.
# - c) K-means minimises the squared error that PSNR measures; EM maximises something else.
# - d) EM used fewer colours than k-means.

# %% solution="quiz_1"
### BEGIN SOLUTION
quiz_1 = "c"
### END SOLUTION

# %% test="test_quiz_1" points=1
choice_1 = str(quiz_1).strip().lower()
assert choice_1 in {"a", "b", "c", "d"}, "Set quiz_1 to one of the letters 'a', 'b', 'c', 'd'."
### BEGIN HIDDEN TESTS
assert choice_1 != "a", "More iterations raise the likelihood. Is that what PSNR measures?"
assert choice_1 != "b", "PSNR looks at squared errors. Does it say anything about likelihood?"
assert choice_1 != "d", "Both palettes have 20 colours. What does each method optimise?"
### END HIDDEN TESTS

# %% [markdown]
# ### Quiz 2 (1 point)
#
# You go from 16 colours to 20. What does it do to the size and to the PSNR of the best palette? Set `quiz_2` to a
# letter.
#
# - a) One more bit for each pixel; the PSNR rises.
# - b) Four more bits for each pixel; the PSNR rises.
# - c) The bits stay the same, as only the palette grows; the PSNR rises.
# - d) One more bit for each pixel; the PSNR falls, because there are more colours to confuse.

# %% solution="quiz_2"
### BEGIN SOLUTION
quiz_2 = "a"
### END SOLUTION

# %% test="test_quiz_2" points=1
choice_2 = str(quiz_2).strip().lower()
assert choice_2 in {"a", "b", "c", "d"}, "Set quiz_2 to one of the letters 'a', 'b', 'c', 'd'."
### BEGIN HIDDEN TESTS
assert choice_2 != "b", "The bits write down a label. How many labels can one more bit add?"
assert choice_2 != "c", (
    "Can the labels 16 to 19 be written in the bits that were enough for 0 to 15?"
)
assert choice_2 != "d", (
    "The best 20 colours are at least as good as the best 16: one could leave 4 of them unused."
)
### END HIDDEN TESTS

# %% [markdown]
# ## Wrap-up
#
# - Every pixel is a point with three coordinates. The centroids of the points are a palette.
# - A palette found on a few thousand pixels drawn by chance is nearly as good as one found on all.
# - $K$ colours take the least $b$ bits with $2^b \ge K$. PSNR measures the squared error in decibels.
# - K-means minimises that error. A mixture follows the shape of the clouds of colours, which can tell materials apart.
# - `uint8` wraps around: convert to floats first, round and clip before you convert back.
# - Pixels as independent points know nothing of places. So colours can be sampled, and pictures cannot.
#
# **Next:** in lesson 8 a few labels are enough for many images.
#
# ## References
#
# - C. M. Bishop, *Pattern Recognition and Machine Learning*, Springer 2006: section 9.1.1 on image segmentation and
#   compression with k-means.
# - P. Heckbert, "Color image quantization for frame buffer display", *Computer Graphics* (Proceedings of SIGGRAPH '82),
#   16 (3), 1982, pages 297-307.
# - M. E. Celebi, "Improving the performance of k-means for color quantization", *Image and Vision Computing* 29 (4),
#   2011, pages 260-271.
# - S. P. Lloyd, "Least squares quantization in PCM", *IEEE Transactions on Information Theory* 28 (2), 1982,
#   pages 129-137.
# - Photographs: `flower.jpg` and `china.jpg` as distributed with scikit-learn, under a Creative Commons Attribution
#   licence (CC BY).
