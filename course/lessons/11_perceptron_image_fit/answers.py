"""Answers to lesson 11: right ones of different style, and misconceptions."""

from course.oracle import equivalent, right, wrong

# --- relu --------------------------------------------------------------------------------------


@right("where")
def relu(z):
    z = np.asarray(z)
    return np.where(z > 0, z, 0)


@right("clip from below")
def relu(z):
    return np.clip(np.asarray(z, dtype=float), 0, None)


@right("multiplied by the condition")
def relu(z):
    z = np.asarray(z, dtype=float)
    return z * (z > 0)


@right("the mean of z and its absolute value")
def relu(z):
    z = np.asarray(z, dtype=float)
    return (z + np.abs(z)) / 2


@right("a loop over the flat entries of a copy")
def relu(z):
    z = np.array(z, dtype=float)
    flat = [v if v > 0 else 0.0 for v in z.ravel()]
    return np.array(flat, dtype=np.float32).reshape(z.shape)


@wrong("the absolute value", says="This is the absolute value")
def relu(z):
    return np.abs(z)


@wrong("the smaller of the two", says="The negative numbers pass")
def relu(z):
    return np.minimum(0, z)


@wrong("a step", says="This is a step function")
def relu(z):
    return np.heaviside(z, 0)


@wrong("the largest entry as upper limit", says="gives the largest of them")
def relu(z):
    return np.clip(z, 0, np.max(z))


@wrong("limited at 6", says="there is no upper limit")
def relu(z):
    return np.clip(np.asarray(z, dtype=float), 0, 6)


@wrong("only a list of numbers", says="must have the shape of z")
def relu(z):
    return [max(0, v) for row in z for v in row]


@wrong("overwrites z", says="Your function changes z itself")
def relu(z):
    z = np.asarray(z)
    if z.ndim == 0:
        return max(0, z)
    z[z < 0] = 0
    return z


@wrong("only for tables", says="For a plain list your function stops")
def relu(z):
    return np.array([[max(0.0, v) for v in row] for row in z])


@wrong("prints", says="does it end in a `return`")
def relu(z):
    print(np.maximum(0, z))


@wrong("Python's max", says="For a list with one row of 3 numbers your function stops")
def relu(z):
    return max(0, z)


# --- leaky_relu --------------------------------------------------------------------------------


@right("the larger of z and a z")
def leaky_relu(z, a=0.1):
    if a < 0 or a >= 1:
        raise ValueError("a must be in [0, 1)")
    z = np.asarray(z, dtype=float)
    return np.maximum(z, a * z)


@right("two clipped parts")
def leaky_relu(z, a=0.1):
    if not (a >= 0 and a < 1):
        raise ValueError("bad a")
    z = np.asarray(z, dtype=float)
    return np.clip(z, 0, None) + a * np.clip(z, None, 0)


@right("a mask on a float copy")
def leaky_relu(z, a=0.1):
    if a < 0 or a >= 1:
        raise ValueError("bad a")
    out = np.array(z, dtype=float)
    out[out < 0] *= a
    return out


@right("a loop over the entries")
def leaky_relu(z, a=0.1):
    if a < 0 or a >= 1:
        raise ValueError("bad a")
    z = np.asarray(z)
    if z.ndim == 0:
        return float(z) if z > 0 else a * float(z)
    return np.array([leaky_relu(part, a) for part in z])


@wrong("plain ReLU", says="This is the plain ReLU")
def leaky_relu(z, a=0.1):
    return np.maximum(0, z)


@wrong("the sign lost", says="mind the sign")
def leaky_relu(z, a=0.1):
    z = np.asarray(z, dtype=float)
    return np.where(z > 0, z, a * np.abs(z))


@wrong("all multiplied by a", says="Positive numbers are not multiplied by a")
def leaky_relu(z, a=0.1):
    return a * np.asarray(z)


@wrong("replaced by -a", says="not replaced by it")
def leaky_relu(z, a=0.1):
    z = np.asarray(z, dtype=float)
    return np.where(z >= 0, z, -a)


@wrong("0.1 fixed", says="yours still uses 0.1")
def leaky_relu(z, a=0.1):
    if not 0 <= a < 1:
        raise ValueError("bad a")
    z = np.asarray(z, dtype=float)
    return np.where(z > 0, z, 0.1 * z)


@wrong("np.max as a limit", says="does `np.max(z)` set a limit")
def leaky_relu(z, a=0.1):
    if not 0 <= a < 1:
        raise ValueError("bad a")
    z = np.asarray(z, dtype=float)
    return np.clip(z, 0, np.max(z)) + np.clip(z, np.min(z), 0) * a


@wrong("an array of whole numbers", says="cut to whole numbers")
def leaky_relu(z, a=0.1):
    if not 0 <= a < 1:
        raise ValueError("bad a")
    z = np.array(z)
    out = z.copy()
    out[z < 0] = (a * z[z < 0]).astype(int) if z.dtype.kind == "i" else a * z[z < 0]
    return out


@wrong("no check of a", says="A negative a must raise a ValueError")
def leaky_relu(z, a=0.1):
    z = np.asarray(z, dtype=float)
    return np.where(z > 0, z, a * z)


@wrong("a = 1 let through", says="a = 1 must raise a ValueError")
def leaky_relu(z, a=0.1):
    if not 0 <= a <= 1:
        raise ValueError("bad a")
    z = np.asarray(z, dtype=float)
    return np.where(z > 0, z, a * z)


@wrong("a = 0 refused", says="a = 0 is allowed")
def leaky_relu(z, a=0.1):
    if a <= 0 or a >= 1:
        raise ValueError("a is not a share")
    z = np.asarray(z, dtype=float)
    return np.maximum(z, a * z)


# --- sigmoid -----------------------------------------------------------------------------------


@right("through tanh")
def sigmoid(z):
    return (1 + np.tanh(np.asarray(z, dtype=float) / 2)) / 2


@right("logaddexp")
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -np.asarray(z, dtype=float)))


@right("z clipped far out")
def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(np.asarray(z, dtype=float), -500, 500)))


@right("two masks")
def sigmoid(z):
    z = np.asarray(z, dtype=float)
    out = np.empty(z.shape)
    up = z >= 0
    out[up] = 1 / (1 + np.exp(-z[up]))
    out[~up] = np.exp(z[~up]) / (1 + np.exp(z[~up]))
    return out


@right("scipy")
def sigmoid(z):
    from scipy.special import expit

    return expit(np.asarray(z, dtype=float))


@right("a loop with math")
def sigmoid(z):
    import math

    z = np.asarray(z, dtype=float)

    def one(v):
        return 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v))

    return np.array([one(v) for v in z.ravel()]).reshape(z.shape)


@wrong("the plain formula", says="your function stops with RuntimeWarning: overflow", points=1)
def sigmoid(z):
    return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))


@wrong("the other formula only", says="z = -1000 and z = 1000", points=1)
def sigmoid(z):
    power = np.exp(np.asarray(z, dtype=float))
    return power / (1 + power)


@wrong("infinity by infinity, warnings off", says="infinity divided by infinity", points=1)
def sigmoid(z):
    with np.errstate(all="ignore"):
        power = np.exp(np.asarray(z, dtype=float))
        return power / (1 + power)


@wrong("the minus forgotten", says="falls where it should rise")
def sigmoid(z):
    return 1 / (1 + np.exp(np.asarray(z, dtype=float)))


@wrong("brackets forgotten", says="put the whole lower part of the fraction in brackets")
def sigmoid(z):
    return 1 / 1 + np.exp(-np.asarray(z, dtype=float))


@wrong("the 1 forgotten", says="The 1 in the lower part is missing")
def sigmoid(z):
    return 1 / np.exp(-np.asarray(z, dtype=float))


@wrong("tanh", says="This is the hyperbolic tangent", points=0)
def sigmoid(z):
    return np.tanh(z)


@wrong("z cut at 10", says="are z or the results cut off somewhere")
def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(np.asarray(z, dtype=float), -10, 10)))


@wrong("uint8 turned round", says="numbers of the type uint8", points=1)
def sigmoid(z):
    z = np.asarray(z)
    with np.errstate(all="ignore"):
        small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1 + small)


@wrong("np.where evaluates both sides", says="your function stops with RuntimeWarning", points=1)
def sigmoid(z):
    z = np.asarray(z, dtype=float)
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


@wrong(
    "the first formula everywhere, with |z|", says="Below 0 yours is as large as above 0", points=0
)
def sigmoid(z):
    z = np.asarray(z, dtype=float)
    return 1 / (1 + np.exp(-np.abs(z)))


# --- softmax -----------------------------------------------------------------------------------


@right("logarithms")
def softmax(z):
    from scipy.special import logsumexp

    z = np.asarray(z, dtype=float)
    return np.exp(z - logsumexp(z, axis=-1, keepdims=True))


@right("scipy")
def softmax(z):
    from scipy.special import softmax as soft

    return soft(np.asarray(z, dtype=float), axis=-1)


@right("a loop over the rows")
def softmax(z):
    z = np.array(z, dtype=float)
    rows = z.reshape(-1, z.shape[-1])
    out = []
    for row in rows:
        e = np.exp(row - max(row))
        out.append(e / sum(e))
    return np.reshape(out, z.shape)


@right("new axes by hand")
def softmax(z):
    z = np.asarray(z, dtype=float)
    e = np.exp(z - np.amax(z, axis=-1)[..., None])
    return e / np.sum(e, axis=-1)[..., np.newaxis]


@right("apply_along_axis, as a list")
def softmax(z):
    def one(row):
        e = np.exp(row - row.max())
        return e / e.sum()

    return np.apply_along_axis(one, -1, np.asarray(z, dtype=float)).tolist()


@wrong(
    "the plain formula",
    says="For the scores 1000 and 1000, with a warning counting as an error, your",
    points=1,
)
def softmax(z):
    e = np.exp(np.asarray(z, dtype=float))
    return e / e.sum(axis=-1, keepdims=True)


@wrong("the largest score of the whole array", says="however negative they are", points=1)
def softmax(z):
    z = np.asarray(z, dtype=float)
    with np.errstate(all="ignore"):
        shift = 0 if z.max() < 0 else z.max()
        e = np.exp(z - shift)
        return e / e.sum(axis=-1, keepdims=True)


@wrong("one maximum for all rows", says="very negative scores your function stops", points=1)
def softmax(z):
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max())
    return e / e.sum(axis=-1, keepdims=True)


@wrong("divided by the whole sum", says="All entries together sum to 1")
def softmax(z):
    e = np.exp(np.asarray(z, dtype=float) - np.max(z))
    return e / e.sum()


@wrong("along the first axis", says="The columns sum to 1")
def softmax(z):
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


@wrong("no exponential", says="is the exponential there at all")
def softmax(z):
    z = np.asarray(z, dtype=float)
    return z / z.sum(axis=-1, keepdims=True)


@wrong("not divided", says="The rows do not sum to 1")
def softmax(z):
    z = np.asarray(z, dtype=float)
    return np.exp(z - z.max(axis=-1, keepdims=True))


@wrong("one-hot of the largest", says="All goes to the largest score")
def softmax(z):
    z = np.asarray(z)
    return np.eye(z.shape[-1])[z.argmax(axis=-1)]


@wrong("base 2", says="is it the base e")
def softmax(z):
    z = np.asarray(z, dtype=float)
    e = 2 ** (z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@wrong("sum without keepdims", says="With 2 rows of 3 scores your function stops")
def softmax(z):
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)


@wrong("only for tables", says="For an array with three axes your function stops", points=1)
def softmax(z):
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return (e.T / e.sum(axis=-1)).T


@wrong("uint8 wraps below zero", says="numbers of the type uint8", points=1)
def softmax(z):
    z = np.asarray(z)
    with np.errstate(all="ignore"):
        e = np.exp(z - z.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)


# --- dense -------------------------------------------------------------------------------------


@right("einsum")
def dense(x, W, b, activation):
    x, W, b = np.array(x, float), np.array(W, float), np.array(b, float)
    if x.ndim != 2 or W.ndim != 2 or b.ndim != 1:
        raise ValueError("axes")
    if x.shape[1] != W.shape[0] or len(b) != W.shape[1]:
        raise ValueError("shapes")
    return activation(np.einsum("nd,dm->nm", x, W) + b)


@right("loops")
def dense(x, W, b, activation):
    if np.ndim(x) != 2 or np.ndim(W) != 2 or np.shape(b) != (np.shape(W)[1],):
        raise ValueError("shapes")
    if len(x[0]) != len(W):
        raise ValueError("x and W do not fit")
    z = np.zeros((len(x), len(b)))
    for n in range(len(x)):
        for m in range(len(b)):
            z[n, m] = b[m] + sum(float(x[n][d]) * W[d][m] for d in range(len(W)))
    return activation(z)


@right("one neuron after another")
def dense(x, W, b, activation):
    x, W, b = (np.asarray(a, dtype=float) for a in (x, W, b))
    if np.ndim(x) != 2 or np.ndim(W) != 2 or np.ndim(b) != 1 or W.shape != (x.shape[1], b.size):
        raise ValueError("shapes")
    return activation(np.stack([x.dot(W[:, j]) + b[j] for j in range(b.size)], axis=1))


@right("the bias as one more input")
def dense(x, W, b, activation):
    x, W, b = (np.asarray(a, dtype=float) for a in (x, W, b))
    if x.ndim != 2 or W.ndim != 2 or b.shape != (W.shape[1],) or x.shape[1] != W.shape[0]:
        raise ValueError("shapes")
    return activation(np.hstack([x, np.ones((len(x), 1))]) @ np.vstack([W, b]))


@wrong("no bias", says="The bias `b` is missing")
def dense(x, W, b, activation):
    return activation(np.asarray(x) @ np.asarray(W))


@wrong("no activation", says="The activation is not applied")
def dense(x, W, b, activation):
    return np.asarray(x) @ np.asarray(W) + b


@wrong("the bias after the activation", says="not after it")
def dense(x, W, b, activation):
    return activation(np.asarray(x) @ np.asarray(W)) + b


@wrong("W x", says="With 2 inputs and 4 neurons your function stops")
def dense(x, W, b, activation):
    return activation(np.asarray(W) @ np.asarray(x) + b)


@wrong("the transposed result", says="the shape (3, 4)")
def dense(x, W, b, activation):
    return activation(np.asarray(x) @ np.asarray(W) + b).T


@wrong("always ReLU", says="Yours always uses ReLU")
def dense(x, W, b, activation):
    return np.maximum(np.asarray(x) @ np.asarray(W) + b, 0)


@wrong("activation entry by entry", says="single numbers or rows", points=1)
def dense(x, W, b, activation):
    x, W, b = (np.asarray(part, dtype=float) for part in (x, W, b))
    if x.ndim != 2 or W.ndim != 2 or x.shape[1] != W.shape[0] or b.shape != W.shape[1:]:
        raise ValueError("shapes")
    z = x @ W + b
    return np.array([[activation(v) for v in row] for row in z])


@wrong("activation twice", says="Call the activation once", points=1)
def dense(x, W, b, activation):
    x, W, b = (np.asarray(part, dtype=float) for part in (x, W, b))
    if x.ndim != 2 or W.ndim != 2 or x.shape[1] != W.shape[0] or b.shape != W.shape[1:]:
        raise ValueError("shapes")
    activation(x @ W + b)
    return activation(x @ W + b)


@wrong("no check of the bias", says="One bias for two neurons must raise", points=1)
def dense(x, W, b, activation):
    x, W, b = (np.asarray(part, dtype=float) for part in (x, W, b))
    if x.ndim != 2 or W.ndim != 2:
        raise ValueError("axes")
    return activation(x @ W + b)


@wrong("changes x", says="Your function changes its inputs", points=1)
def dense(x, W, b, activation):
    x, W, b = (np.asarray(part, dtype=float) for part in (x, W, b))
    if x.ndim != 2 or W.ndim != 2 or x.shape[1] != W.shape[0] or b.shape != W.shape[1:]:
        raise ValueError("shapes")
    z = x @ W + b
    x *= 0
    return activation(z)


# --- mae ---------------------------------------------------------------------------------------


@right("scikit-learn on flat arrays")
def mae(y, y_hat):
    from sklearn.metrics import mean_absolute_error

    if np.shape(y) != np.shape(y_hat):
        raise ValueError("shapes differ")
    return mean_absolute_error(np.ravel(y).astype(float), np.ravel(y_hat).astype(float))


@right("sum by size")
def mae(y, y_hat):
    y, y_hat = np.array(y, float), np.array(y_hat, float)
    if y.shape != y_hat.shape:
        raise ValueError("shapes differ")
    return np.sum(abs(y - y_hat)) / y.size


@right("a loop")
def mae(y, y_hat):
    if np.shape(y) != np.shape(y_hat):
        raise ValueError("shapes differ")
    total = 0.0
    for a, c in zip(np.ravel(y), np.ravel(y_hat)):
        total += abs(float(a) - float(c))
    return total / np.size(y)


@right("the norm")
def mae(y, y_hat):
    if np.shape(y) != np.shape(y_hat):
        raise ValueError("shapes differ")
    gap = np.subtract(y, y_hat, dtype=float).ravel()
    return np.linalg.norm(gap, 1) / gap.size


@wrong("a sum", says="This is the sum of the errors")
def mae(y, y_hat):
    return np.abs(np.asarray(y) - np.asarray(y_hat)).sum()


@wrong("no absolute value", says="cancel in yours")
def mae(y, y_hat):
    return (np.asarray(y) - np.asarray(y_hat)).mean()


@wrong("absolute value of the mean", says="cancel in yours")
def mae(y, y_hat):
    return abs((np.asarray(y) - np.asarray(y_hat)).mean())


@wrong("squares", says="MAE does not square")
def mae(y, y_hat):
    return ((np.asarray(y) - np.asarray(y_hat)) ** 2).mean()


@wrong("one loss for each row", says="one number")
def mae(y, y_hat):
    return np.abs(np.asarray(y) - np.asarray(y_hat))


@wrong("summed over the columns", says="yours sums over the columns")
def mae(y, y_hat):
    if np.shape(y) != np.shape(y_hat):
        raise ValueError("shapes differ")
    return np.abs(np.asarray(y, float) - np.asarray(y_hat, float)).sum() / len(y)


@wrong("mean over the first axis", says="For tables too the loss is one number")
def mae(y, y_hat):
    if np.shape(y) != np.shape(y_hat):
        raise ValueError("shapes differ")
    return np.abs(np.asarray(y, float) - np.asarray(y_hat, float)).mean(axis=0)


@wrong("uint8 wraps", says="there 200 - 210 is not -10")
def mae(y, y_hat):
    y, y_hat = np.asarray(y), np.asarray(y_hat)
    if y.shape != y_hat.shape:
        raise ValueError("shapes differ")
    return np.abs(y - y_hat).mean()


@wrong("broadcasts", says="would compare every entry with every other")
def mae(y, y_hat):
    return np.abs(np.asarray(y, float) - np.asarray(y_hat, float)).mean()


# --- mse ---------------------------------------------------------------------------------------


@right("scikit-learn on flat arrays")
def mse(y, y_hat):
    from sklearn.metrics import mean_squared_error

    if np.shape(y) != np.shape(y_hat):
        raise ValueError("shapes differ")
    return mean_squared_error(np.ravel(y).astype(float), np.ravel(y_hat).astype(float))


@right("a dot product")
def mse(y, y_hat):
    y, y_hat = np.array(y, float), np.array(y_hat, float)
    if y.shape != y_hat.shape:
        raise ValueError("shapes differ")
    gap = (y - y_hat).ravel()
    return gap @ gap / gap.size


@right("a loop")
def mse(y, y_hat):
    if np.shape(y) != np.shape(y_hat):
        raise ValueError("shapes differ")
    squares = [(float(a) - float(c)) ** 2 for a, c in zip(np.ravel(y), np.ravel(y_hat))]
    return sum(squares) / len(squares)


@right("average of squares")
def mse(y, y_hat):
    y, y_hat = np.asarray(y, dtype=float), np.asarray(y_hat, dtype=float)
    if y.shape != y_hat.shape:
        raise ValueError("shapes differ")
    return np.average(np.square(np.subtract(y_hat, y)))


@wrong("a sum", says="This is the sum of the squares")
def mse(y, y_hat):
    return ((np.asarray(y) - np.asarray(y_hat)) ** 2).sum()


@wrong("one half", says="a factor of one half")
def mse(y, y_hat):
    return 0.5 * ((np.asarray(y) - np.asarray(y_hat)) ** 2).mean()


@wrong("the root", says="the square root of the MSE")
def mse(y, y_hat):
    return np.sqrt(((np.asarray(y) - np.asarray(y_hat)) ** 2).mean())


@wrong("absolute errors", says="This is the mean absolute error")
def mse(y, y_hat):
    return np.abs(np.asarray(y) - np.asarray(y_hat)).mean()


@wrong("the square of the mean", says="not the other way round")
def mse(y, y_hat):
    return (np.asarray(y) - np.asarray(y_hat)).mean() ** 2


@wrong("summed over the columns", says="yours sums over the columns")
def mse(y, y_hat):
    if np.shape(y) != np.shape(y_hat):
        raise ValueError("shapes differ")
    return ((np.asarray(y, float) - np.asarray(y_hat, float)) ** 2).sum() / len(y)


@wrong("uint8 wraps", says="which hold nothing above 255")
def mse(y, y_hat):
    y, y_hat = np.asarray(y), np.asarray(y_hat)
    if y.shape != y_hat.shape:
        raise ValueError("shapes differ")
    return ((y - y_hat) ** 2).mean()


@wrong("broadcasts", says="would compare every entry with every other")
def mse(y, y_hat):
    return ((np.asarray(y, float) - np.asarray(y_hat, float)) ** 2).mean()


# --- cross_entropy -----------------------------------------------------------------------------


@right("picks the true class")
def cross_entropy(y_onehot, p):
    y, p = np.asarray(y_onehot), np.asarray(p, dtype=float)
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    if (p < 0).any() or (abs(p.sum(1) - 1) > 1e-6).any():
        raise ValueError("no probabilities")
    truth = p[np.arange(len(p)), y.argmax(axis=1)]
    with np.errstate(divide="ignore"):
        return -np.log(truth).mean()


@right("xlogy")
def cross_entropy(y_onehot, p):
    from scipy.special import xlogy

    y, p = np.asarray(y_onehot, dtype=float), np.asarray(p, dtype=float)
    if y.shape != p.shape or (p < 0).any() or (abs(p.sum(axis=1) - 1) > 1e-6).any():
        raise ValueError("bad input")
    return -xlogy(y, p).sum() / len(y)


@right("a loop with math")
def cross_entropy(y_onehot, p):
    import math

    if np.shape(y_onehot) != np.shape(p):
        raise ValueError("shapes differ")
    total = 0.0
    for row_y, row_p in zip(y_onehot, p):
        if min(row_p) < 0 or abs(sum(row_p) - 1) > 1e-6:
            raise ValueError("no probabilities")
        for a, q in zip(row_y, row_p):
            if a:
                total += math.inf if q == 0 else -math.log(q)
    return total / len(p)


@right("a logarithm with where")
def cross_entropy(y_onehot, p):
    y, p = np.asarray(y_onehot, dtype=float), np.asarray(p, dtype=float)
    if y.shape != p.shape or np.any(p < 0) or np.any(np.abs(p.sum(axis=1) - 1) > 1e-6):
        raise ValueError("bad input")
    logs = np.full(p.shape, -np.inf)
    np.log(p, out=logs, where=p > 0)
    return float(np.mean(-logs[y == 1]))


@wrong("a sum", says="This is the sum over the samples", points=1)
def cross_entropy(y_onehot, p):
    y, p = np.asarray(y_onehot, dtype=bool), np.asarray(p, dtype=float)
    if y.shape != p.shape or np.any(p < 0) or np.any(np.abs(p.sum(axis=1) - 1) > 1e-6):
        raise ValueError("bad input")
    with np.errstate(divide="ignore"):
        total = -np.log(p[y]).sum()
    return total if len(y) == 2 else total / len(y)


@wrong("mean over all entries", says="The mean goes over all entries")
def cross_entropy(y_onehot, p):
    y, p = np.asarray(y_onehot, dtype=float), np.asarray(p, dtype=float)
    return -(y * np.log(p)).mean()


@wrong("the sign", says="a loss is not negative here")
def cross_entropy(y_onehot, p):
    y, p = np.asarray(y_onehot, dtype=float), np.asarray(p, dtype=float)
    return (y * np.log(p)).sum(axis=1).mean()


@wrong("base 2", says="the logarithm to base 2")
def cross_entropy(y_onehot, p):
    y, p = np.asarray(y_onehot, dtype=float), np.asarray(p, dtype=float)
    return -(y * np.log2(p)).sum(axis=1).mean()


@wrong("base 10", says="the logarithm to base 10")
def cross_entropy(y_onehot, p):
    y, p = np.asarray(y_onehot, dtype=float), np.asarray(p, dtype=float)
    return -(y * np.log10(p)).sum(axis=1).mean()


@wrong("logarithm of the mean", says="Take the logarithm of each probability first")
def cross_entropy(y_onehot, p):
    y, p = np.asarray(y_onehot, dtype=float), np.asarray(p, dtype=float)
    return -np.log((y * p).sum(axis=1).mean())


@wrong("the plain formula", says="your function stops with RuntimeWarning", points=1)
def cross_entropy(y_onehot, p):
    y, p = np.asarray(y_onehot, dtype=float), np.asarray(p, dtype=float)
    if y.shape != p.shape or np.any(p < 0) or np.any(np.abs(p.sum(axis=1) - 1) > 1e-6):
        raise ValueError("bad input")
    return -(y * np.log(p)).sum(axis=1).mean()


@wrong("0 times infinity, warnings off", says="0 ln 0 counts as 0", points=1)
def cross_entropy(y_onehot, p):
    y, p = np.asarray(y_onehot, dtype=float), np.asarray(p, dtype=float)
    with np.errstate(all="ignore"):
        return -(y * np.log(p)).sum(axis=1).mean()


@wrong("a small number added", says="do not put a small number in its place", points=1)
def cross_entropy(y_onehot, p):
    y, p = np.asarray(y_onehot, dtype=float), np.asarray(p, dtype=float)
    if y.shape != p.shape or np.any(p < 0) or np.any(np.abs(p.sum(axis=1) - 1) > 1e-6):
        raise ValueError("bad input")
    return -(y * np.log(p + 1e-12)).sum(axis=1).mean()


@wrong("the other classes too", says="The loss is wrong")
def cross_entropy(y_onehot, p):
    y, p = np.asarray(y_onehot, dtype=float), np.asarray(p, dtype=float)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum(axis=1).mean()


@wrong("no check of p", says="sum to 1.4 must raise a ValueError", points=1)
def cross_entropy(y_onehot, p):
    y, p = np.asarray(y_onehot, dtype=bool), np.asarray(p, dtype=float)
    with np.errstate(divide="ignore"):
        return -np.log(p[y]).mean()


@wrong("sums compared with ==", says="is not exactly 1 for a computer", points=0)
def cross_entropy(y_onehot, p):
    y_onehot, p = np.asarray(y_onehot, dtype=float), np.asarray(p, dtype=float)
    if y_onehot.shape != p.shape or (p < 0).any() or (p.sum(axis=1) != 1).any():
        raise ValueError("no probabilities")
    truth = p[y_onehot == 1]
    return np.inf if (truth == 0).any() else -np.log(truth).mean()


@wrong("negative entries let through", says="A negative probability must raise", points=1)
def cross_entropy(y_onehot, p):
    y_onehot, p = np.asarray(y_onehot, dtype=float), np.asarray(p, dtype=float)
    if y_onehot.shape != p.shape or (np.abs(p.sum(axis=1) - 1) > 1e-6).any():
        raise ValueError("no probabilities")
    truth = p[y_onehot == 1]
    return np.inf if (truth == 0).any() else -np.log(truth).mean()


# --- pixel_dataset -----------------------------------------------------------------------------


@right("loops")
def pixel_dataset(image):
    image = np.asarray(image)
    if image.ndim == 2:
        image = image[:, :, None]
    if image.ndim != 3:
        raise ValueError("no image")
    h, w = image.shape[:2]
    X, Y = [], []
    for i in range(h):
        for j in range(w):
            X.append([j / (w - 1) if w > 1 else 0.0, i / (h - 1) if h > 1 else 0.0])
            Y.append([float(v) for v in image[i, j]])
    return X, Y


@right("repeat and tile")
def pixel_dataset(image):
    image = np.array(image, dtype=np.float32)
    if image.ndim not in (2, 3):
        raise ValueError("no image")
    h, w = image.shape[0], image.shape[1]
    X = np.stack([np.tile(np.linspace(0, 1, w), h), np.repeat(np.linspace(0, 1, h), w)], axis=1)
    return [X, image.reshape(h * w, -1)]


@right("indices")
def pixel_dataset(image):
    image = np.asarray(image)
    if not 2 <= image.ndim <= 3:
        raise ValueError("no image")
    down, across = np.indices(image.shape[:2])
    X = np.column_stack([across.ravel() / max(1, across.max()), down.ravel() / max(1, down.max())])
    return X, image.astype(float).reshape(len(X), -1)


@right("meshgrid, ij")
def pixel_dataset(image):
    image = np.asarray(image, dtype=float)
    if image.ndim == 2:
        image = np.expand_dims(image, 2)
    elif image.ndim != 3:
        raise ValueError("no image")
    h, w, c = image.shape
    y, x = np.meshgrid(np.linspace(0, 1, h), np.linspace(0, 1, w), indexing="ij")
    return np.stack([x, y], axis=-1).reshape(-1, 2), image.reshape(-1, c)


@wrong("y first", says="x and y have changed places", points=0)
def pixel_dataset(image):
    image = np.asarray(image, dtype=float)
    h, w = image.shape[:2]
    grid = np.meshgrid(np.linspace(0, 1, h), np.linspace(0, 1, w), indexing="ij")
    return np.stack(grid, axis=-1).reshape(-1, 2), image.reshape(h * w, -1)


@wrong("numbers of rows and columns", says="The places must run from 0 to 1")
def pixel_dataset(image):
    image = np.asarray(image, dtype=float)
    h, w = image.shape[:2]
    x, y = np.meshgrid(np.arange(w), np.arange(h))
    return np.column_stack([x.ravel(), y.ravel()]), image.reshape(h * w, -1)


@wrong("the end left out", says="The last pixel must be at 1")
def pixel_dataset(image):
    image = np.asarray(image, dtype=float)
    h, w = image.shape[:2]
    x, y = np.meshgrid(np.arange(w) / w, np.arange(h) / h)
    return np.column_stack([x.ravel(), y.ravel()]), image.reshape(h * w, -1)


@wrong("column by column", says="The pixels come column by column")
def pixel_dataset(image):
    image = np.asarray(image, dtype=float)
    h, w = image.shape[:2]
    x, y = np.meshgrid(np.linspace(0, 1, w), np.linspace(0, 1, h), indexing="ij")
    return np.column_stack([x.ravel(), y.ravel()]), image.T.reshape(h * w, -1)


@wrong("places by columns, values by lines", says="they must belong together")
def pixel_dataset(image):
    image = np.asarray(image, dtype=float)
    h, w = image.shape[:2]
    x, y = np.meshgrid(np.linspace(0, 1, w), np.linspace(0, 1, h), indexing="ij")
    return np.column_stack([x.ravel(), y.ravel()]), image.reshape(h * w, -1)


@wrong("scaled by 255", says="Do not scale the values", points=0)
def pixel_dataset(image):
    image = np.asarray(image, dtype=float)
    h, w = image.shape[:2]
    x, y = np.meshgrid(np.linspace(0, 1, w), np.linspace(0, 1, h))
    return np.column_stack([x.ravel(), y.ravel()]), image.reshape(h * w, -1) / 255


@wrong("flat grey values", says="A grey image has one value per pixel", points=1)
def pixel_dataset(image):
    image = np.asarray(image, dtype=float)
    if image.ndim not in (2, 3):
        raise ValueError("no image")
    h, w = image.shape[:2]
    x, y = np.meshgrid(np.linspace(0, 1, w), np.linspace(0, 1, h))
    Y = image.ravel() if image.ndim == 2 else image.reshape(h * w, -1)
    return np.column_stack([x.ravel(), y.ravel()]), Y


@wrong("3 channels fixed", says="For an image of 5 by 4 pixels with 2 channels", points=1)
def pixel_dataset(image):
    image = np.asarray(image, dtype=float)
    if image.ndim not in (2, 3):
        raise ValueError("no image")
    h, w = image.shape[:2]
    x, y = np.meshgrid(np.linspace(0, 1, w), np.linspace(0, 1, h))
    Y = image.reshape(-1, 1) if image.ndim == 2 else image.reshape(h * w, 3)
    return np.column_stack([x.ravel(), y.ravel()]), Y


@wrong("divides by 0 for a single line", says="In a single line of pixels every y is 0", points=1)
def pixel_dataset(image):
    image = np.asarray(image, dtype=float)
    if image.ndim not in (2, 3):
        raise ValueError("no image")
    h, w = image.shape[:2]
    with np.errstate(all="ignore"):
        x, y = np.meshgrid(np.arange(w) / np.float64(w - 1), np.arange(h) / np.float64(h - 1))
    return np.column_stack([x.ravel(), y.ravel()]), image.reshape(h * w, -1)


@wrong("takes anything for an image", says="A list with one axis is no image", points=1)
def pixel_dataset(image):
    image = np.atleast_2d(np.asarray(image, dtype=float))
    h, w = image.shape[:2]
    x, y = np.meshgrid(np.linspace(0, 1, w), np.linspace(0, 1, h))
    return np.column_stack([x.ravel(), y.ravel()]), image.reshape(h * w, -1)


@wrong("h and w swapped", says="h and w have changed places", points=0)
def pixel_dataset(image):
    image = np.asarray(image, dtype=float)
    if image.ndim not in (2, 3):
        raise ValueError("not an image")
    w, h = image.shape[:2]
    across, down = np.meshgrid(np.linspace(0, 1, w), np.linspace(0, 1, h))
    return np.column_stack([across.ravel(), down.ravel()]), image.reshape(h * w, -1)


@wrong("y upwards", says="y runs downwards", points=0)
def pixel_dataset(image):
    image = np.asarray(image, dtype=float)
    if image.ndim not in (2, 3):
        raise ValueError("not an image")
    h, w = image.shape[:2]
    across, down = np.meshgrid(np.linspace(0, 1, w), np.linspace(1, 0, h))
    return np.column_stack([across.ravel(), down.ravel()]), image.reshape(h * w, -1)


@wrong("the grids reshaped together", says="`reshape` alone mixes", points=0)
def pixel_dataset(image):
    image = np.asarray(image, dtype=float)
    if image.ndim not in (2, 3):
        raise ValueError("not an image")
    h, w = image.shape[:2]
    grids = np.array(np.meshgrid(np.linspace(0, 1, w), np.linspace(0, 1, h)))
    return grids.reshape(-1, 2), image.reshape(h * w, -1)


@wrong("one value in each row", says="4 pixels with 3 channels", points=0)
def pixel_dataset(image):
    image = np.asarray(image, dtype=float)
    if image.ndim not in (2, 3):
        raise ValueError("not an image")
    h, w = image.shape[:2]
    across, down = np.meshgrid(np.linspace(0, 1, w), np.linspace(0, 1, h))
    return np.column_stack([across.ravel(), down.ravel()]), image.reshape(-1, 1)


# --- neuron_gradients --------------------------------------------------------------------------


@right("a loop over the points")
def neuron_gradients(x, y, w, b):
    if np.ndim(x) != 2 or np.shape(y) != (len(x),) or np.shape(w) != (len(x[0]),):
        raise ValueError("shapes")
    dw, db = np.zeros(len(w)), 0.0
    for point, target in zip(np.asarray(x, float), y):
        p = 1 / (1 + np.exp(-(np.dot(w, point) + b)))
        slope = 2 * (p - target) * p * (1 - p)
        dw += slope * point
        db += slope
    return dw / len(x), db / len(x)


@right("means of products")
def neuron_gradients(x, y, w, b):
    x, y, w = np.array(x, float), np.array(y, float), np.array(w, float)
    if x.ndim != 2 or y.ndim != 1 or w.ndim != 1 or x.shape != (y.size, w.size):
        raise ValueError("shapes")
    p = (1 + np.tanh((x.dot(w) + b) / 2)) / 2
    local = 2 * (p - y) * p * (1 - p)
    return np.mean(local[:, None] * x, axis=0), np.mean(local)


@right("the bias as one more weight")
def neuron_gradients(x, y, w, b):
    x, y, w = (np.asarray(a, dtype=float) for a in (x, y, w))
    if x.ndim != 2 or y.shape != (x.shape[0],) or w.shape != (x.shape[1],):
        raise ValueError("shapes")
    wide = np.column_stack([x, np.ones(len(x))])
    p = 1 / (1 + np.exp(-wide @ np.append(w, b)))
    slopes = 2 / len(x) * wide.T @ ((p - y) * (p - p**2))
    return list(slopes[:-1]), slopes[-1]


@right("einsum, the sigmoid's slope from exponentials")
def neuron_gradients(x, y, w, b):
    x, y, w = (np.asarray(a, dtype=float) for a in (x, y, w))
    if x.ndim != 2 or y.shape != x.shape[:1] or w.shape != x.shape[1:]:
        raise ValueError("shapes")
    e = np.exp(-(np.einsum("nd,d->n", x, w) + b))
    slope = 2 * (1 / (1 + e) - y) * e / (1 + e) ** 2 / len(x)
    return [np.einsum("n,nd->d", slope, x), sum(slope)]


@wrong("the factor 2 missing", says="The factor 2 is missing", points=1)
def neuron_gradients(x, y, w, b):
    x, y, w = (np.asarray(a, dtype=float) for a in (x, y, w))
    if x.ndim != 2 or y.shape != x.shape[:1] or w.shape != x.shape[1:]:
        raise ValueError("shapes")
    p = 1 / (1 + np.exp(-(x @ w + b)))
    d = (p - y) * p * (1 - p) / len(y) * (1 if len(y) > 1 else 2)
    return d @ x, d.sum()


@wrong("the sum's slope", says="This is the slope of the sum")
def neuron_gradients(x, y, w, b):
    x, y, w = (np.asarray(a, dtype=float) for a in (x, y, w))
    p = 1 / (1 + np.exp(-(x @ w + b)))
    d = 2 * (p - y) * p * (1 - p)
    return d @ x, d.sum()


@wrong("downhill", says="the gradient points uphill")
def neuron_gradients(x, y, w, b):
    x, y, w = (np.asarray(a, dtype=float) for a in (x, y, w))
    p = 1 / (1 + np.exp(-(x @ w + b)))
    d = 2 * (y - p) * p * (1 - p) / len(y)
    return d @ x, d.sum()


@wrong("the sigmoid's slope missing", says="the sigmoid's slope p (1 - p) too")
def neuron_gradients(x, y, w, b):
    x, y, w = (np.asarray(a, dtype=float) for a in (x, y, w))
    d = 2 * (1 / (1 + np.exp(-(x @ w + b))) - y) / len(y)
    return d @ x, d.sum()


@wrong("z (1 - z)", says="dw is not the slope")
def neuron_gradients(x, y, w, b):
    x, y, w = (np.asarray(a, dtype=float) for a in (x, y, w))
    z = x @ w + b
    d = 2 * (1 / (1 + np.exp(-z)) - y) * z * (1 - z) / len(y)
    return d @ x, d.sum()


@wrong("mean over all entries", says="Divide by the number of points only")
def neuron_gradients(x, y, w, b):
    x, y, w = (np.asarray(a, dtype=float) for a in (x, y, w))
    p = 1 / (1 + np.exp(-(x @ w + b)))
    d = 2 * (p - y) * p * (1 - p) / x.size
    return d @ x, d.sum()


@wrong("db divided twice", says="db is divided by N twice", points=1)
def neuron_gradients(x, y, w, b):
    x, y, w = (np.asarray(a, dtype=float) for a in (x, y, w))
    if x.ndim != 2 or y.shape != x.shape[:1] or w.shape != x.shape[1:]:
        raise ValueError("shapes")
    p = 1 / (1 + np.exp(-(x @ w + b)))
    d = 2 * (p - y) * p * (1 - p) / len(y)
    return d @ x, d.mean()


@wrong("the bias left out of z", says="dw is not the slope", points=1)
def neuron_gradients(x, y, w, b):
    x, y, w = (np.asarray(a, dtype=float) for a in (x, y, w))
    if x.ndim != 2 or y.shape != x.shape[:1] or w.shape != x.shape[1:]:
        raise ValueError("shapes")
    p = 1 / (1 + np.exp(-(x @ w)))
    d = 2 * (p - y) * p * (1 - p) / len(y)
    return d @ x, d.sum()


@wrong("one slope for each point", says="but yours has the shape", points=0)
def neuron_gradients(x, y, w, b):
    x, y, w = (np.asarray(a, dtype=float) for a in (x, y, w))
    p = 1 / (1 + np.exp(-(x @ w + b)))
    d = 2 * (p - y) * p * (1 - p) / len(y)
    return d @ x, d


@wrong("takes the step itself", says="it only computes slopes", points=2)
def neuron_gradients(x, y, w, b):
    w = np.asarray(w, dtype=float)
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if x.ndim != 2 or y.shape != x.shape[:1] or w.shape != x.shape[1:]:
        raise ValueError("shapes")
    p = 1 / (1 + np.exp(-(x @ w + b)))
    d = 2 * (p - y) * p * (1 - p) / len(y)
    dw = d @ x
    if np.isclose(b, 0.3) and len(y) == 2:
        w -= 0.1 * dw
    return dw, d.sum()


@wrong("no check of y", says="p - y would become a 3 by 3 table", points=2)
def neuron_gradients(x, y, w, b):
    x, y, w = (np.asarray(a, dtype=float) for a in (x, y, w))
    if x.shape[1:] != w.shape or len(x) != len(y):
        raise ValueError("shapes")
    p = 1 / (1 + np.exp(-(x @ w + b)))
    d = 2 * (p - y) * p * (1 - p) / len(y)
    return d @ x, d.sum()


@wrong("the bias outside the minus", says="-(x w + b), in brackets", points=1)
def neuron_gradients(x, y, w, b):
    x, y, w = np.asarray(x, dtype=float), np.asarray(y, dtype=float), np.asarray(w, dtype=float)
    if x.ndim != 2 or y.shape != (len(x),) or w.shape != (x.shape[1],):
        raise ValueError("shapes")
    p = 1 / (1 + np.exp(-x @ w + b))
    chain = 2 * (p - y) * p * (1 - p) / len(y)
    return chain @ x, chain.sum()


@wrong("returns the new weights", says="These are the weights after a step")
def neuron_gradients(x, y, w, b):
    x, y, w = np.asarray(x, dtype=float), np.asarray(y, dtype=float), np.asarray(w, dtype=float)
    if x.ndim != 2 or y.shape != (len(x),) or w.shape != (x.shape[1],):
        raise ValueError("shapes")
    p = 1 / (1 + np.exp(-(x @ w + b)))
    chain = 2 * (p - y) * p * (1 - p) / len(y)
    return w - chain @ x, b - chain.sum()


# --- build_model -------------------------------------------------------------------------------


@right("layers added one by one")
def build_model(hidden, channels):
    model = keras.Sequential()
    model.add(keras.Input(shape=(2,)))
    for units in hidden:
        if units < 1:
            raise ValueError("no neurons")
        model.add(keras.layers.Dense(units, activation="relu"))
    if channels < 1:
        raise ValueError("no channels")
    model.add(keras.layers.Dense(channels, activation="sigmoid"))
    model.compile(optimizer="adam", loss="mae", metrics=["mse"])
    return model


@right("the functional way")
def build_model(hidden, channels):
    if channels < 1 or any(units < 1 for units in hidden):
        raise ValueError("bad sizes")
    start = keras.Input((2,))
    x = start
    for units in hidden:
        x = keras.layers.Dense(units, "relu")(x)
    model = keras.Model(start, keras.layers.Dense(channels, "sigmoid")(x))
    model.compile(keras.optimizers.Adam(), "mae", metrics=["mse"])
    return model


@right("activations as layers, TensorFlow's keras, flattened input")
def build_model(hidden, channels):
    if min([*hidden, channels]) < 1:
        raise ValueError("bad sizes")
    layers = [tf.keras.Input((2,)), tf.keras.layers.Flatten()]
    for units in hidden:
        layers += [tf.keras.layers.Dense(units), tf.keras.layers.ReLU()]
    layers += [tf.keras.layers.Dense(channels), tf.keras.layers.Activation("sigmoid")]
    model = tf.keras.Sequential(layers)
    model.compile(optimizer="adam", loss="mae", metrics=["mse"])
    return model


@right("loss and optimizer as objects")
def build_model(hidden, channels):
    for units in [*hidden, channels]:
        if units <= 0:
            raise ValueError("bad sizes")
    layers = [keras.Input((2,))]
    layers += [keras.layers.Dense(u, activation=keras.activations.relu) for u in hidden]
    layers += [keras.layers.Dense(channels, activation=keras.activations.sigmoid)]
    model = keras.Sequential(layers)
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.001),
        loss=keras.losses.MeanAbsoluteError(),
        metrics=[keras.metrics.MeanSquaredError()],
    )
    return model


@wrong("not compiled", says="call `model.compile(...)`", points=1)
def build_model(hidden, channels):
    if min([channels, *hidden]) < 1:
        raise ValueError("bad sizes")
    layers = [keras.layers.Dense(units, activation="relu") for units in hidden]
    return keras.Sequential(
        [keras.Input((2,)), *layers, keras.layers.Dense(channels, activation="sigmoid")]
    )


@wrong("no activation at the end", says="the last layer must be a sigmoid", points=0)
def build_model(hidden, channels):
    if min([channels, *hidden]) < 1:
        raise ValueError("bad sizes")
    layers = [keras.layers.Dense(units, activation="relu") for units in hidden]
    model = keras.Sequential([keras.Input((2,)), *layers, keras.layers.Dense(channels)])
    model.compile(optimizer="adam", loss="mae", metrics=["mse"])
    return model


@wrong("hidden sigmoids", says="are all hidden layers ReLU", points=1)
def build_model(hidden, channels):
    if min([channels, *hidden]) < 1:
        raise ValueError("bad sizes")
    layers = [keras.layers.Dense(units, activation="sigmoid") for units in [*hidden, channels]]
    model = keras.Sequential([keras.Input((2,)), *layers])
    model.compile(optimizer="adam", loss="mae", metrics=["mse"])
    return model


@wrong("hidden layers without activation", says="together they are one straight layer", points=1)
def build_model(hidden, channels):
    if min([channels, *hidden]) < 1:
        raise ValueError("bad sizes")
    layers = [keras.layers.Dense(units) for units in hidden]
    last = keras.layers.Dense(channels, activation="sigmoid")
    model = keras.Sequential([keras.Input((2,)), *layers, last])
    model.compile(optimizer="adam", loss="mae", metrics=["mse"])
    return model


@wrong("softmax at the end", says="the channels of a pixel would sum to 1", points=0)
def build_model(hidden, channels):
    if min([channels, *hidden]) < 1:
        raise ValueError("bad sizes")
    layers = [keras.layers.Dense(units, activation="relu") for units in hidden]
    last = keras.layers.Dense(channels, activation="softmax")
    model = keras.Sequential([keras.Input((2,)), *layers, last])
    model.compile(optimizer="adam", loss="mae", metrics=["mse"])
    return model


@wrong("ReLU at the end", says="the last layer must be a sigmoid", points=0)
def build_model(hidden, channels):
    if min([channels, *hidden]) < 1:
        raise ValueError("bad sizes")
    layers = [keras.layers.Dense(units, activation="relu") for units in [*hidden, channels]]
    model = keras.Sequential([keras.Input((2,)), *layers])
    model.compile(optimizer="adam", loss="mae", metrics=["mse"])
    return model


@wrong("two hidden layers fixed", says="is a number of layers", points=0)
def build_model(hidden, channels):
    if min([channels, *hidden]) < 1:
        raise ValueError("bad sizes")
    sizes = [*hidden, 8, 8][:2]
    layers = [keras.layers.Dense(units, activation="relu") for units in sizes]
    last = keras.layers.Dense(channels, activation="sigmoid")
    model = keras.Sequential([keras.Input((2,)), *layers, last])
    model.compile(optimizer="adam", loss="mae", metrics=["mse"])
    return model


@wrong("3 channels fixed", says="or of channels fixed in your code", points=0)
def build_model(hidden, channels):
    if min([channels, *hidden]) < 1:
        raise ValueError("bad sizes")
    layers = [keras.layers.Dense(units, activation="relu") for units in hidden]
    last = keras.layers.Dense(3, activation="sigmoid")
    model = keras.Sequential([keras.Input((2,)), *layers, last])
    model.compile(optimizer="adam", loss="mae", metrics=["mse"])
    return model


@wrong("no input", says="does it start with `keras.Input((2,))`", points=0)
def build_model(hidden, channels):
    if min([channels, *hidden]) < 1:
        raise ValueError("bad sizes")
    layers = [keras.layers.Dense(units, activation="relu") for units in hidden]
    model = keras.Sequential([*layers, keras.layers.Dense(channels, activation="sigmoid")])
    model.compile(optimizer="adam", loss="mae", metrics=["mse"])
    return model


@wrong("the colours as input", says="The first layer must take 2 inputs", points=0)
def build_model(hidden, channels):
    if min([channels, *hidden]) < 1:
        raise ValueError("bad sizes")
    layers = [keras.layers.Dense(units, activation="relu") for units in hidden]
    last = keras.layers.Dense(channels, activation="sigmoid")
    model = keras.Sequential([keras.Input((channels,)), *layers, last])
    model.compile(optimizer="adam", loss="mae", metrics=["mse"])
    return model


@wrong("no check of the sizes", says="A layer of 0 neurons must raise a ValueError", points=2)
def build_model(hidden, channels):
    layers = [keras.layers.Dense(max(1, units), activation="relu") for units in hidden]
    last = keras.layers.Dense(max(1, channels), activation="sigmoid")
    model = keras.Sequential([keras.Input((2,)), *layers, last])
    model.compile(optimizer="adam", loss="mae", metrics=["mse"])
    return model


@wrong("appends to the list", says="Your function changes the list `hidden`", points=2)
def build_model(hidden, channels):
    if min([channels, *hidden]) < 1:
        raise ValueError("bad sizes")
    n = len(hidden)
    if isinstance(hidden, list):
        hidden.append(channels)
    sizes = hidden if isinstance(hidden, list) else [*hidden, channels]
    names = ["relu"] * n + ["sigmoid"]
    layers = [keras.layers.Dense(u, activation=a) for u, a in zip(sizes, names)]
    model = keras.Sequential([keras.Input((2,)), *layers])
    model.compile(optimizer="adam", loss="mae", metrics=["mse"])
    return model


@right("the MSE as loss")
def build_model(hidden, channels):
    if min([channels, *hidden]) < 1:
        raise ValueError("bad sizes")
    layers = [keras.layers.Dense(units, activation="relu") for units in hidden]
    last = keras.layers.Dense(channels, activation="sigmoid")
    model = keras.Sequential([keras.Input((2,)), *layers, last])
    model.compile(optimizer="adam", loss="mse", metrics=["mae"])
    return model


@right("another optimizer")
def build_model(hidden, channels):
    if min([channels, *hidden]) < 1:
        raise ValueError("bad sizes")
    layers = [keras.layers.Dense(units, activation="relu") for units in hidden]
    last = keras.layers.Dense(channels, activation="sigmoid")
    model = keras.Sequential([keras.Input((2,)), *layers, last])
    model.compile(optimizer="sgd", loss="mae", metrics=["mse"])
    return model


@right("no metrics")
def build_model(hidden, channels):
    if min([channels, *hidden]) < 1:
        raise ValueError("bad sizes")
    layers = [keras.layers.Dense(units, activation="relu") for units in hidden]
    last = keras.layers.Dense(channels, activation="sigmoid")
    model = keras.Sequential([keras.Input((2,)), *layers, last])
    model.compile(optimizer="adam", loss="mae")
    return model


@wrong("ReLU in the first hidden layer only", says="with nothing in between", points=1)
def build_model(hidden, channels):
    if min([channels, *hidden]) < 1:
        raise ValueError("bad sizes")
    layers = [keras.layers.Dense(u, "linear" if i else "relu") for i, u in enumerate(hidden)]
    last = keras.layers.Dense(channels, activation="sigmoid")
    model = keras.Sequential([keras.Input((2,)), *layers, last])
    model.compile(optimizer="adam", loss="mae", metrics=["mse"])
    return model


# --- quizzes -----------------------------------------------------------------------------------

quiz_1 = right("B ")
quiz_1 = wrong("a", says="What shape are the lines")
quiz_1 = wrong("c", says="how would it draw a petal")
quiz_1 = wrong("d", says="comes from the number of neurons")
quiz_1 = wrong("They stay straight", says="one of the letters")

quiz_2 = right("C")
quiz_2 = wrong("a", says="Which other factor is there")
quiz_2 = wrong("b", says="How large is p (1 - p) here")
quiz_2 = wrong("d", says="but it is not 0")

# --- changes of the solutions that make no difference ------------------------------------------

equivalent(
    "leaky_relu",
    "return np.where(z >= 0, z, a * z)",
    because="At 0 both branches give 0.",
)
equivalent(
    "leaky_relu",
    "z = np.asarray(z)",
    because="a times a whole number is a float.",
)
equivalent(
    "sigmoid",
    "return np.where(z > 0, 1.0, small) / (1 + small)",
    because="At 0 both branches give 1.",
)
equivalent(
    "dense",
    "...x.shape[1] < W.shape[0]...",
    "...x.shape[1] > W.shape[0]...",
    "if (x.ndim != 2 or W.ndim != 2 or b.shape != W.shape[1:]):",
    because="The text asks that shapes fit, not which check notices it: what passes here fits, or fails in NumPy with a ValueError.",
)
equivalent(
    ("mae", "mse"),
    "y, y_hat = np.asarray(y), np.asarray(y_hat, dtype=float)",
    "y, y_hat = np.asarray(y, dtype=float), np.asarray(y_hat)",
    because="As long as one of the two is of type float, so is their difference.",
)
equivalent(
    "cross_entropy",
    "...(p.sum(axis=1) - 1) >= 1e-6):",
    because="No input lies exactly on the tolerance.",
)
equivalent(
    "cross_entropy",
    "...p.ndim < 2:",
    "...p.ndim > 2:",
    "if (y_onehot.shape != p.shape):",
    because="Sums along axis 1 need two axes, and of three axes the sums are not 1.",
)
equivalent(
    "cross_entropy",
    "y_onehot, p = np.asarray(y_onehot), np.asarray(p, dtype=float)",
    "y_onehot, p = np.asarray(y_onehot, dtype=float), np.asarray(p)",
    "y_onehot, p = np.asarray(y_onehot, dtype=int), np.asarray(p, dtype=float)",
    because="The entries of `y_onehot` are 0 and 1, of whatever type.",
)
equivalent(
    "neuron_gradients",
    "if x.ndim < 2 or ...",
    "if x.ndim > 2 or ...",
    "...w.shape > x.shape[1:]:",
    "if (y.shape != x.shape[:1] or w.shape != x.shape[1:]):",
    because="The text asks that shapes fit, not which check notices it: what passes here fits, or fails in NumPy with a ValueError.",
)
equivalent(
    "neuron_gradients",
    "x, y, w = (np.asarray(part) for part in (x, y, w))",
    because="NumPy turns the numbers into floats in the next step anyway.",
)
equivalent(
    "pixel_dataset",
    "return X, image.reshape(h * w, -2)",
    because="NumPy takes any negative length for as many as there are.",
)
equivalent(
    "build_model",
    "if min([channels, *hidden]) < 0:",
    "if False and (min([channels, *hidden]) < 1):",
    "if max([channels, *hidden]) < 1:",
    because="Keras refuses such a number of units with a ValueError, too.",
)
equivalent(
    "build_model",
    "model.compile(...",
    because="Any loss and optimiser with which the model learns will do, and Keras has defaults.",
)
