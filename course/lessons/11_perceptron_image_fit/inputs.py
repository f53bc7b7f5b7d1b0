"""Inputs of lesson 11."""

import numpy as np
from hypothesis import strategies as st

from course.oracle import cases
from course.oracle.draws import few, generator, improbable, one_in, probabilities, sizes, table


def anything(draw, axes=0):
    """Numbers of any shape with at least `axes` axes, some of them very large."""
    shape = [draw(few) for _ in range(draw(st.integers(axes, 3)))]
    kinds = ("reals", "whole", "list", "list of whole numbers")
    values = table(draw, *shape, kinds=kinds)
    if one_in(draw, 3):
        values = (np.asarray(values, dtype=float) * 1000).tolist()
    return values


@cases()
def relu(draw):
    return {"z": anything(draw)}


@cases()
def leaky_relu(draw):
    more = {"a": draw(st.sampled_from((0, 0.1, 0.3, 0.999, 1, 1.5, -0.1)))}
    return {"z": anything(draw), **(more if draw(st.booleans()) else {})}


@cases(quiet=True)
def sigmoid(draw):
    return {"z": anything(draw)}


@cases(quiet=True)
def softmax(draw):
    return {"z": anything(draw, axes=1)}


def centred(z):
    """Depends on the whole array, so it notices when it is called on parts."""
    return z - z.mean() + z.max(axis=-1, keepdims=True)


@cases()
def dense(draw):
    n, d, m = draw(few), draw(few), draw(few)
    x, W, b = (n, d), (d, m), (m,)
    wrong = draw(st.integers(1, 24))
    if wrong <= 10:
        x, W, b = (
            ((d,), W, b),
            (x, (d,), b),
            (x, (d + 1, m), b),
            (x, W, (m + 1,)),
            (x, W, (1,)),
            (x, W, (1, m)),
            (x, W, (n, m)),
            (x, W, ()),
            ((1, n, d), W, b),
            (x, (n, d, m), (d, m)),
        )[wrong - 1]
    activation = draw(st.sampled_from((np.tanh, centred)))
    parts = [table(draw, *shape) for shape in (x, W, b)]
    return {"x": parts[0], "W": parts[1], "b": parts[2], "activation": activation}


def two_arrays(draw):
    shape = [draw(few) for _ in range(draw(st.integers(0, 3)))]
    other = shape
    if one_in(draw, 5):
        other = draw(st.sampled_from(([1, *shape], [*shape, 1], [*shape, 2], shape[1:])))
    return {"y": table(draw, *shape), "y_hat": table(draw, *other)}


@cases()
def mae(draw):
    return two_arrays(draw)


@cases()
def mse(draw):
    return two_arrays(draw)


@cases(quiet=True)
def cross_entropy(draw):
    n, c = draw(sizes), draw(few)
    p = np.array(probabilities(draw, n, c))
    y = np.eye(c, dtype=int)[generator(draw).integers(c, size=n)]
    if draw(st.booleans()):  # no true class of probability 0
        y = np.eye(c, dtype=int)[p.argmax(axis=1)]
    wrong = draw(st.integers(1, 16))
    if wrong == 1:
        p[0] = improbable(draw, c)
    elif wrong == 2:
        y = draw(st.sampled_from((y[:1] if n > 1 else np.vstack([y, y]), y.argmax(axis=1))))
    return {"y_onehot": y.tolist() if one_in(draw, 4) else y, "p": p}


@cases()
def neuron_gradients(draw):
    n, d = draw(sizes), draw(few)
    kinds = ("reals", "whole", "list of whole numbers")
    x, w = np.asarray(table(draw, n, d, kinds=kinds)) / 10, generator(draw).normal(size=d)
    y = generator(draw).integers(0, 2, n)
    if one_in(draw, 3):
        x, w, y = (
            (10 * x).astype(int).tolist(),
            [0, *w.round().astype(int).tolist()[1:]],
            y.tolist(),
        )
    wrong = draw(st.integers(1, 20))
    if wrong == 1:
        x = np.asarray(x)[:, 0]
    elif wrong == 2:
        y = [*y, 1]
    elif wrong == 3:
        w = [*w, 1.0]
    elif wrong == 4:
        y = np.asarray(y)[:, None]
    elif wrong == 5:
        w = np.asarray(w)[:, None]
    elif wrong == 6:
        x = np.asarray(x)[None]
    elif wrong == 7 and n > 1:
        y = y[:1]
    elif wrong == 8 and d > 1:
        w = w[:1]
    return {"x": x, "y": y, "w": w, "b": draw(st.sampled_from((0, -1, 0.3)))}


@cases()
def pixel_dataset(draw):
    h, w, c = draw(sizes), draw(sizes), draw(few)
    shape = draw(st.sampled_from(((h, w), (h, w, c), (h, w, c))))
    if one_in(draw, 6):
        shape = draw(st.sampled_from(((), (h,), (h, w, c, 1))))
    return {"image": table(draw, *shape)}


def behaviour(function, hidden, channels):
    """What the network makes of fixed weights, whether it is compiled, and its shapes."""
    model = function(hidden, channels)
    shapes = [weights.shape for weights in model.get_weights()]
    rng = np.random.default_rng(5)
    model.set_weights([rng.normal(size=shape) for shape in shapes])
    answers = np.asarray(model(rng.random((4, 2)).astype("float32")))
    return str(shapes), answers, model.optimizer is not None, str(model.input_shape)


@cases(call=behaviour, examples=12)
def build_model(draw):
    hidden = draw(st.lists(st.integers(1, 5), max_size=3))
    channels = draw(st.integers(1, 4))
    if one_in(draw, 5):
        hidden.append(draw(st.integers(-1, 0)))
    elif one_in(draw, 5):
        channels = draw(st.integers(-1, 0))
    return {"hidden": tuple(hidden) if draw(st.booleans()) else hidden, "channels": channels}
