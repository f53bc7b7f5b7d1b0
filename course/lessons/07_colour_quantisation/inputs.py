"""Inputs of lesson 07."""

import warnings

import numpy as np
from hypothesis import strategies as st

from course.oracle import alike, cases, plainly
from course.oracle.draws import few, generator, one_in, table


def image(draw, wrong=8):
    """A small picture, at times of a shape that is none."""
    h, w = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    shape = (h, w, 3)
    if one_in(draw, wrong):
        shape = draw(st.sampled_from(((h, w), (h, w, 4), (h * w, 3), (1, h, w, 3), (h, w, 1))))
    picture = table(draw, *shape, kinds=("uint8",))
    return picture.tolist() if one_in(draw, 3) else picture


@cases()
def image_to_points(draw):
    return {"image": image(draw)}


def same_uint8(want, got, **arguments):
    return np.asarray(got).dtype == np.uint8 and alike(want, got)


@cases(same_uint8)
def apply_palette(draw):
    h, w, k = draw(few), draw(few), draw(st.integers(1, 6))
    palette = generator(draw).random((k, 3)) * draw(st.sampled_from((1.0, 1.0, 1.3)))
    if one_in(draw, 4):
        palette = generator(draw).integers(0, 2, (k, 3))
    elif one_in(draw, 6):
        palette = palette - 0.1
    labels = generator(draw).integers(k, size=h * w)
    wrong = draw(st.integers(1, 16))
    if wrong == 1:
        labels = np.append(labels, 0)
    elif wrong == 2:
        labels = labels[:-1]
    elif wrong == 3:
        palette = np.column_stack([palette, palette])[:, : draw(st.sampled_from((1, 2, 4)))]
    elif wrong == 4:
        palette, labels = palette[0], 0 * labels
    shape = draw(st.sampled_from(((h, w, 3), (h, w))))
    return {"labels": labels, "palette": palette, "shape": shape}


@cases()
def bits_per_pixel(draw):
    power = 2 ** draw(st.integers(0, 24)) + draw(st.integers(-1, 1))
    return {"n_colours": draw(st.one_of(st.integers(-3, 40), st.just(power)))}


@cases(quiet=True)
def psnr(draw):
    h, w = draw(few), draw(few)
    a, b = table(draw, h, w, 3, kinds=("uint8",)), table(draw, h, w, 3, kinds=("uint8",))
    if one_in(draw, 3):
        a = a.tolist()
    if one_in(draw, 6):
        b = a
    elif one_in(draw, 4):
        b = draw(st.sampled_from(([[b[0][0]]], [b[0]], b[0], [*b, b[0]])))
    return {"image": a, "compressed": b}


MANY = 3 * 50


def _colours(picture):
    return len(np.unique(np.reshape(picture, (-1, 3)), axis=0))


def _decibels(a, b):
    return -10 * np.log10(np.mean((np.asarray(a, dtype=float) - b) ** 2) + 1)


def as_like_the_image(want, got, image, k, random_state):
    """At most k colours, and not much further from the image than the author's.

    What a model makes of a few pixels depends on those that it happened to be fitted to.
    """
    got = np.asarray(got)
    if got.dtype != np.uint8 or got.shape != np.shape(image):
        return False
    if _colours(image) <= k:
        return np.array_equal(got, image)
    close = np.size(image) < MANY or _decibels(image, got) > _decibels(image, want) - 4
    return _colours(got) <= k and close


def without_warnings(function, image, k, random_state):
    """No warning of any kind may come up where the image has few colours."""
    if np.ndim(image) == 3 and np.shape(image)[2] == 3 and _colours(image) <= k:
        warnings.simplefilter("error")
    return plainly(function, image=image, k=k, random_state=random_state)


def painted(draw):
    """An image of clearly different, slightly noisy colours."""
    if one_in(draw, 5):
        picture = image(draw, wrong=2)
    else:
        rng = generator(draw)
        n = draw(st.integers(1, 4))
        base = rng.permutation([[20, 20, 20], [230, 40, 40], [40, 230, 60], [60, 60, 220]])[:n]
        noise = 6 if draw(st.booleans()) else 0
        h, w = draw(st.sampled_from(((1, 1), (6, 9), (10, 7))))
        picture = base[rng.integers(n, size=(h, w))] + rng.integers(-noise, noise + 1, (h, w, 3))
        picture = picture.astype(np.uint8)
        picture = picture.tolist() if one_in(draw, 6) else picture
    k = draw(st.integers(-1, 0)) if one_in(draw, 8) else draw(st.integers(1, 6))
    return {"image": picture, "k": k, "random_state": draw(st.integers(0, 99))}


@cases(as_like_the_image, call=without_warnings, examples=30)
def quantise_kmeans(draw):
    return painted(draw)


@cases(as_like_the_image, call=without_warnings, examples=30)
def quantise_gmm(draw):
    return painted(draw)
