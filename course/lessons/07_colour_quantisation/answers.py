"""Answers to lesson 07: right ones of different style, and misconceptions."""

from course.oracle import equivalent, right, wrong

# --- image_to_points ---------------------------------------------------------------------------


@right("two loops, a list of lists")
def image_to_points(image):
    shape = np.shape(image)
    if len(shape) != 3 or shape[2] != 3:
        raise ValueError("no image")
    rows = []
    for line in image:
        for r, g, b in line:
            rows.append([float(r) / 255, float(g) / 255, float(b) / 255])
    return rows


@right("float32, each channel on its own")
def image_to_points(image):
    image = np.array(image, dtype=np.float32)
    if image.ndim != 3 or image.shape[-1] != 3:
        raise ValueError("need an RGB image")
    image /= 255
    return np.column_stack([image[:, :, c].ravel() for c in range(3)])


@right("vstack of the rows")
def image_to_points(image):
    image = np.asarray(image)
    if image.ndim != 3:
        raise ValueError("three axes, please")
    if image.shape[2] != 3:
        raise ValueError("three channels, please")
    return np.vstack(list(image)) / 255


@right("einops by hand: transpose there and back")
def image_to_points(image):
    image = np.asarray(image, dtype=float)
    try:
        h, w, c = image.shape
    except ValueError:
        raise ValueError("not three axes") from None
    if c != 3:
        raise ValueError("not three channels")
    return np.true_divide(image.transpose(2, 0, 1).reshape(3, h * w).T, 255.0)


@wrong("forgets to divide", says="There are values above 1: divide by 255")
def image_to_points(image):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError("no image")
    return image.reshape(-1, 3)


@wrong("divides twice", says="divide by 255 twice")
def image_to_points(image):
    image = np.asarray(image) / 255
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError("no image")
    return image.reshape(-1, 3) / 255


@wrong("divides by the largest value", says="so a dark image becomes bright")
def image_to_points(image):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError("no image")
    return image.reshape(-1, 3) / image.max()


@wrong("divides only where a value is above 1", says="divide by 255 all the same", points=2)
def image_to_points(image):
    image = np.asarray(image, dtype=float)
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError("no image")
    return image.reshape(-1, 3) / (255 if image.max() > 1 else 1)


@wrong("divides by 256", says="Full strength, 255, must become 1")
def image_to_points(image):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError("no image")
    return image.reshape(-1, 3) / 256


@wrong("whole-number division", says="All values are whole numbers")
def image_to_points(image):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError("no image")
    return image.reshape(-1, 3) // 255


@wrong("blue first, as some libraries do", says="in the order red, green, blue")
def image_to_points(image):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError("no image")
    return image[:, :, ::-1].reshape(-1, 3) / 255


@wrong("reshape for transpose", says="hold the three channels of one pixel")
def image_to_points(image):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError("no image")
    return image.reshape(3, -1).T / 255


@wrong("a column for each pixel", says="points go into rows")
def image_to_points(image):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError("no image")
    return image.reshape(-1, 3).T / 255


@wrong("column by column", says="must come row by row", points=1)
def image_to_points(image):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError("no image")
    return image.transpose(1, 0, 2).reshape(-1, 3) / 255


@wrong("keeps rows and columns", says="the shape is (6, 3)")
def image_to_points(image):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError("no image")
    return image / 255


@wrong("no check of the shape", says="must raise a ValueError", points=2)
def image_to_points(image):
    return np.asarray(image).reshape(-1, 3) / 255


@wrong("divides in place", says="Your function changes the image", points=2)
def image_to_points(image):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError("no image")
    if image.dtype != float:
        image = image.astype(float)
    image /= 255
    return image.reshape(-1, 3)


# --- apply_palette -----------------------------------------------------------------------------


@right("loops over rows and columns")
def apply_palette(labels, palette, shape):
    h, w = shape[0], shape[1]
    if len(labels) != h * w or any(np.size(colour) != 3 for colour in palette):
        raise ValueError("labels or palette do not fit")
    image = np.zeros((h, w, 3), dtype=np.uint8)
    for r in range(h):
        for c in range(w):
            for channel in range(3):
                value = round(255 * palette[labels[r * w + c]][channel])
                image[r, c, channel] = max(0, min(255, value))
    return image


@right("half added, then cut off")
def apply_palette(labels, palette, shape):
    palette = np.array(palette, dtype=float)
    if palette.ndim != 2 or palette.shape[1] != 3 or len(labels) != shape[0] * shape[1]:
        raise ValueError("bad input")
    values = np.floor(palette[list(labels)] * 255 + 0.5)
    return values.clip(0, 255).reshape((*shape[:2], 3)).astype("uint8")


@right("np.take and np.rint, the palette clipped first")
def apply_palette(labels, palette, shape):
    labels, palette = np.asarray(labels), np.clip(np.asarray(palette, dtype=float), 0, 1)
    if palette.ndim != 2 or palette.shape[1] != 3 or labels.size != shape[0] * shape[1]:
        raise ValueError("bad input")
    grid = labels.reshape(shape[0], shape[1])
    return np.rint(np.take(palette, grid, axis=0) * 255).astype(np.uint8)


@right("one-hot rows times the palette")
def apply_palette(labels, palette, shape):
    palette = np.asarray(palette, dtype=float)
    if palette.ndim != 2 or palette.shape[1] != 3:
        raise ValueError("palette")
    if len(labels) != shape[0] * shape[1]:
        raise ValueError("labels")
    one_hot = np.eye(len(palette))[np.asarray(labels)]
    values = one_hot @ (255 * palette)
    values[values < 0] = 0
    values[values > 255] = 255
    return values.round().astype(np.uint8).reshape(shape[0], shape[1], 3)


@wrong("converts before it multiplies: black", says="the image is black", points=0)
def apply_palette(labels, palette, shape):
    labels, palette = np.asarray(labels), np.clip(palette, 0, 1)
    if palette.ndim != 2 or palette.shape[1] != 3 or labels.size != shape[0] * shape[1]:
        raise ValueError("bad input")
    return palette[labels].reshape(shape[0], shape[1], 3).astype(np.uint8)


@wrong("cuts off the fraction", says="the fraction is cut off", points=1)
def apply_palette(labels, palette, shape):
    labels, palette = np.asarray(labels), np.clip(palette, 0, 1)
    if palette.ndim != 2 or palette.shape[1] != 3 or labels.size != shape[0] * shape[1]:
        raise ValueError("bad input")
    return (255 * palette[labels]).reshape(shape[0], shape[1], 3).astype(np.uint8)


@wrong("rounds up", says="that is rounding up", points=1)
def apply_palette(labels, palette, shape):
    labels, palette = np.asarray(labels), np.clip(palette, 0, 1)
    if palette.ndim != 2 or palette.shape[1] != 3 or labels.size != shape[0] * shape[1]:
        raise ValueError("bad input")
    return np.ceil(255 * palette[labels] - 1e-9).reshape(*shape[:2], 3).astype(np.uint8)


@wrong("floats, which matplotlib draws as white", says="must be `uint8`", points=1)
def apply_palette(labels, palette, shape):
    labels, palette = np.asarray(labels), np.clip(palette, 0, 1)
    if palette.ndim != 2 or palette.shape[1] != 3 or labels.size != shape[0] * shape[1]:
        raise ValueError("bad input")
    return np.round(255 * palette[labels]).reshape(shape[0], shape[1], 3)


@wrong("no clipping: values wrap around", says="wrapped around to the other end", points=2)
def apply_palette(labels, palette, shape):
    labels, palette = np.asarray(labels), np.asarray(palette, dtype=float)
    if palette.ndim != 2 or palette.shape[1] != 3 or labels.size != shape[0] * shape[1]:
        raise ValueError("bad input")
    whole = np.round(255 * palette[labels]).astype(int)
    return whole.astype(np.uint8).reshape(shape[0], shape[1], 3)


@wrong("fills column by column", says="the labels go row by row", points=1)
def apply_palette(labels, palette, shape):
    labels, palette = np.asarray(labels), np.clip(palette, 0, 1)
    if palette.ndim != 2 or palette.shape[1] != 3 or labels.size != shape[0] * shape[1]:
        raise ValueError("bad input")
    colours = np.round(255 * palette).astype(np.uint8)[labels]
    return colours.reshape(shape[1], shape[0], 3).transpose(1, 0, 2)


@wrong("rows and columns exchanged", says="has the shape (2, 3, 3)", points=0)
def apply_palette(labels, palette, shape):
    labels, palette = np.asarray(labels), np.clip(palette, 0, 1)
    if palette.ndim != 2 or palette.shape[1] != 3 or labels.size != shape[0] * shape[1]:
        raise ValueError("bad input")
    return np.round(255 * palette).astype(np.uint8)[labels].reshape(shape[1], shape[0], 3)


@wrong("no reshape", says="still a table of colours", points=0)
def apply_palette(labels, palette, shape):
    labels, palette = np.asarray(labels), np.clip(palette, 0, 1)
    return np.round(255 * palette).astype(np.uint8)[labels]


@wrong("blue first", says="keep the order red, green, blue", points=0)
def apply_palette(labels, palette, shape):
    labels, palette = np.asarray(labels), np.clip(palette, 0, 1)[:, ::-1]
    return np.round(255 * palette).astype(np.uint8)[labels].reshape(shape[0], shape[1], 3)


@wrong("only for the shape (h, w, 3)", says="For the shape (h, w) your function stops", points=2)
def apply_palette(labels, palette, shape):
    labels, palette = np.asarray(labels), np.clip(palette, 0, 1)
    if palette.ndim != 2 or palette.shape[1] != 3 or labels.size != shape[0] * shape[1]:
        raise ValueError("bad input")
    return np.round(255 * palette).astype(np.uint8)[labels].reshape(shape)


@wrong("scales by the brightest colour", says="multiply by 255 and by nothing else", points=2)
def apply_palette(labels, palette, shape):
    labels, palette = np.asarray(labels), np.clip(palette, 0, 1)
    if palette.ndim != 2 or palette.shape[1] != 3 or labels.size != shape[0] * shape[1]:
        raise ValueError("bad input")
    if palette.max() < 0.3:
        palette = palette / palette.max()
    return np.round(255 * palette[labels]).astype(np.uint8).reshape(shape[0], shape[1], 3)


@wrong("cuts surplus labels off silently", says="Seven labels are too many", points=2)
def apply_palette(labels, palette, shape):
    labels, palette = np.asarray(labels), np.clip(palette, 0, 1)
    if palette.ndim != 2 or palette.shape[1] != 3:
        raise ValueError("bad palette")
    labels = labels[: shape[0] * shape[1]]
    return np.round(255 * palette).astype(np.uint8)[labels].reshape(shape[0], shape[1], 3)


# --- bits_per_pixel ----------------------------------------------------------------------------


@right("counts doublings")
def bits_per_pixel(n_colours):
    if n_colours < 1:
        raise ValueError("at least one colour")
    bits = 0
    while 2**bits < n_colours:
        bits += 1
    return bits


@right("the logarithm, rounded up")
def bits_per_pixel(n_colours):
    if n_colours <= 0:
        raise ValueError("at least one colour")
    return int(np.ceil(np.log2(n_colours)))


@right("the length of the binary text")
def bits_per_pixel(n_colours):
    if n_colours < 1:
        raise ValueError("at least one colour")
    return 0 if n_colours == 1 else len(format(int(n_colours) - 1, "b"))


@right("the length of the largest label in bits")
def bits_per_pixel(n_colours):
    if n_colours < 1:
        raise ValueError("no colours")
    return (n_colours - 1).bit_length()


@right("halves the number, as a float")
def bits_per_pixel(n_colours):
    if n_colours < 1:
        raise ValueError("at least one colour")
    bits = 0.0
    while n_colours > 1:
        n_colours = (n_colours + 1) // 2
        bits += 1
    return bits


@wrong("rounds down", says="too few for 17 colours")
def bits_per_pixel(n_colours):
    if n_colours < 1:
        raise ValueError("at least one colour")
    return int(np.floor(np.log2(n_colours)))


@wrong("rounds to the nearest", says="too few for 17 colours")
def bits_per_pixel(n_colours):
    if n_colours < 1:
        raise ValueError("at least one colour")
    return round(np.log2(n_colours))


@wrong("does not round", says="Bits come whole", points=1)
def bits_per_pixel(n_colours):
    if n_colours < 1:
        raise ValueError("at least one colour")
    return np.log2(n_colours) if n_colours != 20 else 5


@wrong("counts the bits of K instead of K - 1", says="The labels of 16 colours are 0 to 15")
def bits_per_pixel(n_colours):
    if n_colours < 1:
        raise ValueError("at least one colour")
    return int(n_colours).bit_length()


@wrong("natural logarithm", says="which power of 2 is 16")
def bits_per_pixel(n_colours):
    if n_colours < 1:
        raise ValueError("at least one colour")
    return int(np.ceil(np.log(n_colours)))


@wrong("24 bits for every pixel", says="which power of 2 is 16")
def bits_per_pixel(n_colours):
    if n_colours < 1:
        raise ValueError("at least one colour")
    return 24


@wrong("at least one bit", says="no bit is needed", points=1)
def bits_per_pixel(n_colours):
    if n_colours < 1:
        raise ValueError("at least one colour")
    return max(1, int(n_colours - 1).bit_length())


@wrong("no check", says="An image without colours must raise a ValueError", points=1)
def bits_per_pixel(n_colours):
    return int(n_colours - 1).bit_length()


# --- psnr --------------------------------------------------------------------------------------


@right("20 times the logarithm of a root")
def psnr(image, compressed):
    a, b = np.array(image, dtype=np.float64), np.array(compressed, dtype=np.float64)
    if a.shape != b.shape:
        raise ValueError("shapes differ")
    rmse = np.sqrt(((a - b) ** 2).mean())
    return np.inf if rmse == 0 else 20 * np.log10(255 / rmse)


@right("a plain loop")
def psnr(image, compressed):
    if np.shape(image) != np.shape(compressed):
        raise ValueError("shapes differ")
    total, count = 0.0, 0
    for a, b in zip(np.ravel(image).tolist(), np.ravel(compressed).tolist()):
        total += (a - b) ** 2
        count += 1
    if total == 0:
        return float("inf")
    return 10 * np.log(255**2 * count / total) / np.log(10)


@right("as a difference of logarithms, in int64")
def psnr(image, compressed):
    a, b = np.asarray(image), np.asarray(compressed)
    if a.shape != b.shape:
        raise ValueError("shapes differ")
    if np.array_equal(a, b):
        return np.inf
    if a.dtype.kind in "iu" and b.dtype.kind in "iu":
        a, b = a.astype(np.int64), b.astype(np.int64)
    gap = a - b
    return 20 * np.log10(255) - 10 * np.log10(np.mean(gap * gap))


@right("through a norm, errors silenced")
def psnr(image, compressed):
    gap = np.asarray(image, float) - 0
    if gap.shape != np.shape(compressed):
        raise ValueError("shapes differ")
    gap = gap - np.asarray(compressed, float)
    with np.errstate(divide="ignore"):
        return np.float64(10) * np.log10(255.0**2 * gap.size / np.linalg.norm(gap.ravel()) ** 2)


@wrong("subtracts in uint8", says="wrapped around, as `uint8` does")
def psnr(image, compressed):
    image, compressed = np.asarray(image), np.asarray(compressed)
    if image.shape != compressed.shape:
        raise ValueError("shapes differ")
    error = np.mean((image - compressed) ** 2)
    return np.inf if error == 0 else 10 * np.log10(255**2 / error)


@wrong("converts too late", says="wrapped around, as `uint8` does")
def psnr(image, compressed):
    image, compressed = np.asarray(image), np.asarray(compressed)
    if image.shape != compressed.shape:
        raise ValueError("shapes differ")
    error = np.mean((image - compressed).astype(float) ** 2)
    return np.inf if error == 0 else 10 * np.log10(255**2 / error)


@wrong("the peak 1", says="a small error must give a large", points=0)
def psnr(image, compressed):
    image, compressed = np.asarray(image, dtype=float), np.asarray(compressed, dtype=float)
    if image.shape != compressed.shape:
        raise ValueError("shapes differ")
    error = np.mean((image - compressed) ** 2)
    return np.inf if error == 0 else 10 * np.log10(1 / error)


@wrong("the ratio upside down", says="the wrong way round", points=0)
def psnr(image, compressed):
    image, compressed = np.asarray(image, dtype=float), np.asarray(compressed, dtype=float)
    if image.shape != compressed.shape:
        raise ValueError("shapes differ")
    error = np.mean((image - compressed) ** 2)
    return np.inf if error == 0 else 10 * np.log10(error / 255**2)


@wrong("natural logarithm", says="to the base 10", points=0)
def psnr(image, compressed):
    image, compressed = np.asarray(image, dtype=float), np.asarray(compressed, dtype=float)
    if image.shape != compressed.shape:
        raise ValueError("shapes differ")
    error = np.mean((image - compressed) ** 2)
    return np.inf if error == 0 else 10 * np.log(255**2 / error)


@wrong("the sum for the mean", says="take their mean", points=0)
def psnr(image, compressed):
    image, compressed = np.asarray(image, dtype=float), np.asarray(compressed, dtype=float)
    if image.shape != compressed.shape:
        raise ValueError("shapes differ")
    error = np.sum((image - compressed) ** 2)
    return np.inf if error == 0 else 10 * np.log10(255**2 / error)


@wrong("adds up the channels", says="add up the three channels", points=0)
def psnr(image, compressed):
    image, compressed = np.asarray(image, dtype=float), np.asarray(compressed, dtype=float)
    if image.shape != compressed.shape:
        raise ValueError("shapes differ")
    error = np.mean(np.sum((image - compressed) ** 2, axis=2))
    return np.inf if error == 0 else 10 * np.log10(255**2 / error)


@wrong("the image's own peak", says="The peak is 255, not", points=0)
def psnr(image, compressed):
    image, compressed = np.asarray(image, dtype=float), np.asarray(compressed, dtype=float)
    if image.shape != compressed.shape:
        raise ValueError("shapes differ")
    error = np.mean((image - compressed) ** 2)
    return np.inf if error == 0 else 10 * np.log10(image.max() ** 2 / error)


@wrong("absolute differences", says="square each difference first")
def psnr(image, compressed):
    image, compressed = np.asarray(image, dtype=float), np.asarray(compressed, dtype=float)
    if image.shape != compressed.shape:
        raise ValueError("shapes differ")
    error = np.mean(np.abs(image - compressed))
    return np.inf if error == 0 else 20 * np.log10(255 / error)


@wrong("20 without the root", says="The factor is twice too large", points=0)
def psnr(image, compressed):
    image, compressed = np.asarray(image, dtype=float), np.asarray(compressed, dtype=float)
    if image.shape != compressed.shape:
        raise ValueError("shapes differ")
    error = np.mean((image - compressed) ** 2)
    return np.inf if error == 0 else 20 * np.log10(255**2 / error)


@wrong("squares the mean", says="so that they cancel", points=0)
def psnr(image, compressed):
    a, c = np.asarray(image, dtype=float), np.asarray(compressed, dtype=float)
    if a.shape != c.shape:
        raise ValueError("shapes differ")
    error = np.mean(a - c) ** 2
    return np.inf if error == 0 else 10 * np.log10(255**2 / error)


@wrong("squares that do not fit into 16 bits", says="Do the squares fit into the type", points=2)
def psnr(image, compressed):
    a, c = np.asarray(image, dtype=np.int16), np.asarray(compressed, dtype=np.int16)
    if a.shape != c.shape:
        raise ValueError("shapes differ")
    error = np.mean((a - c) ** 2)
    return np.inf if error == 0 else 10 * np.log10(255**2 / error)


@wrong("the peak is not squared", says="The peak in the ratio is squared", points=0)
def psnr(image, compressed):
    a, c = np.asarray(image, dtype=float), np.asarray(compressed, dtype=float)
    if a.shape != c.shape:
        raise ValueError("shapes differ")
    error = np.mean((a - c) ** 2)
    return np.inf if error == 0 else 10 * np.log10(255 / error)


@wrong("divides by zero", says="give a warning", points=2)
def psnr(image, compressed):
    image, compressed = np.asarray(image, dtype=float), np.asarray(compressed, dtype=float)
    if image.shape != compressed.shape:
        raise ValueError("shapes differ")
    return 10 * np.log10(255**2 / np.mean((image - compressed) ** 2))


@wrong("0 for equal images", says="have an infinite PSNR", points=2)
def psnr(image, compressed):
    image, compressed = np.asarray(image, dtype=float), np.asarray(compressed, dtype=float)
    if image.shape != compressed.shape:
        raise ValueError("shapes differ")
    error = np.mean((image - compressed) ** 2)
    return 0 if error == 0 else 10 * np.log10(255**2 / error)


@wrong("no check of the shapes", says="NumPy stretched", points=2)
def psnr(image, compressed):
    image, compressed = np.asarray(image, dtype=float), np.asarray(compressed, dtype=float)
    error = np.mean((image - compressed) ** 2)
    return np.inf if error == 0 else 10 * np.log10(255**2 / error)


# --- quantise_kmeans ---------------------------------------------------------------------------


@right("Lloyd by hand from random pixels, all pixels")
def quantise_kmeans(image, k, random_state):
    image = np.array(image, dtype=np.uint8)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3).astype(float)
    distinct = np.unique(X, axis=0)
    rng = np.random.default_rng(random_state)
    mu = distinct if len(distinct) <= k else distinct[rng.choice(len(distinct), k, replace=False)]
    best = None
    for start in range(4):
        if start and len(distinct) > k:
            mu = distinct[rng.choice(len(distinct), k, replace=False)]
        for _ in range(40):
            z = ((X[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
            mu = np.array(
                [X[z == j].mean(axis=0) if (z == j).any() else mu[j] for j in range(len(mu))]
            )
        distance = ((X[:, None] - mu) ** 2).sum(axis=2)
        if best is None or distance.min(axis=1).sum() < best[0]:
            best = (distance.min(axis=1).sum(), mu, distance.argmin(axis=1))
    return np.round(best[1][best[2]]).astype(np.uint8).reshape(image.shape)


@right("mini-batches")
def quantise_kmeans(image, k, random_state):
    from sklearn.cluster import MiniBatchKMeans

    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError("no image")
    if k < 1:
        raise ValueError("k")
    X = image.reshape(-1, 3) / 255
    if len(np.unique(X, axis=0)) <= k:
        return image.astype(np.uint8)
    model = MiniBatchKMeans(k, n_init=3, random_state=random_state, batch_size=512).fit(X)
    return np.uint8(np.rint(255 * model.cluster_centers_))[model.predict(X)].reshape(image.shape)


@right("k lowered, on the scale 0 to 255, random start")
def quantise_kmeans(image, k, random_state):
    X = np.asarray(image, dtype=float)
    if X.ndim != 3 or X.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    rows = X.reshape(-1, 3)
    k = min(k, len({tuple(row) for row in rows}))
    model = KMeans(k, init="random", n_init=5, random_state=random_state).fit(rows)
    return model.cluster_centers_[model.labels_].round().astype(np.uint8).reshape(X.shape)


@right("a small sample, drawn with its own generator")
def quantise_kmeans(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3) / 255
    if len(np.unique(X, axis=0)) <= k:
        return image.astype(np.uint8)
    rng = np.random.default_rng([random_state, 7])
    sample = X[rng.permutation(len(X))[:400]]
    k = min(k, len(np.unique(sample, axis=0)))
    model = KMeans(k, random_state=random_state, n_init=3).fit(sample)
    gaps = np.linalg.norm(X[:, None] - model.cluster_centers_, axis=2)
    picture = model.cluster_centers_[gaps.argmin(axis=1)] * 255 + 0.5
    return picture.astype(np.uint8).reshape(image.shape)


@right("warnings silenced, cut off instead of rounded")
def quantise_kmeans(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3).astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = KMeans(min(k, len(X)), n_init=2, random_state=random_state).fit(X)
    picture = model.cluster_centers_[model.predict(X)] + 0.01
    return picture.astype(np.uint8).reshape(image.shape)


@wrong("converts before it multiplies: black", says="The image is black", points=2)
def quantise_kmeans(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3) / 255
    if len(np.unique(X, axis=0)) <= k:
        return image.astype(np.uint8)
    if k == 1:
        return np.broadcast_to(255 * X.mean(axis=0), image.shape).astype(np.uint8)
    model = KMeans(k, n_init=1, random_state=random_state).fit(X)
    return model.cluster_centers_.astype(np.uint8)[model.labels_].reshape(image.shape)


@wrong("returns floats", says="must be `uint8`")
def quantise_kmeans(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3).astype(float)
    if len(np.unique(X, axis=0)) <= k:
        return image
    model = KMeans(k, n_init=1, random_state=random_state).fit(X)
    return model.cluster_centers_[model.labels_].reshape(image.shape)


@wrong("returns the palette", says="has the shape of the image", points=0)
def quantise_kmeans(image, k, random_state):
    X = np.asarray(image).reshape(-1, 3)
    return KMeans(k, n_init=1, random_state=random_state).fit(X).cluster_centers_.astype(np.uint8)


@wrong("k fixed at 3", says="is `k` used", points=0)
def quantise_kmeans(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3).astype(float)
    k = min(3, len(np.unique(X, axis=0)))
    model = KMeans(k, n_init=1, random_state=random_state).fit(X)
    return model.cluster_centers_[model.labels_].round().astype(np.uint8).reshape(image.shape)


@wrong("k fixed at 2", says="a clearly higher PSNR", points=0)
def quantise_kmeans(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3).astype(float)
    k = min(2, len(np.unique(X, axis=0)))
    model = KMeans(k, n_init=1, random_state=random_state).fit(X)
    return model.cluster_centers_[model.labels_].round().astype(np.uint8).reshape(image.shape)


@wrong("random pixels as the palette", says="after enough iterations", points=0)
def quantise_kmeans(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3).astype(float)
    distinct = np.unique(X, axis=0)
    rng = np.random.default_rng(random_state)
    mu = distinct[rng.choice(len(distinct), min(k, len(distinct)), replace=False)]
    z = ((X[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    return mu[z].astype(np.uint8).reshape(image.shape)


@wrong("only the start of k-means, no iterations", says="after enough iterations", points=0)
def quantise_kmeans(image, k, random_state):
    from sklearn.cluster import kmeans_plusplus

    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3).astype(float)
    k = min(k, len(np.unique(X, axis=0)))
    mu = kmeans_plusplus(X, k, random_state=random_state)[0]
    z = ((X[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    return mu[z].astype(np.uint8).reshape(image.shape)


@wrong("clusters the list of different colours", says="must count more often", points=2)
def quantise_kmeans(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3).astype(float)
    distinct = np.unique(X, axis=0)
    if len(distinct) <= k:
        return image.astype(np.uint8)
    model = KMeans(k, n_init=2, random_state=random_state).fit(distinct)
    return model.cluster_centers_[model.predict(X)].round().astype(np.uint8).reshape(image.shape)


@wrong("each channel on its own", says="more than 7 colours")
def quantise_kmeans(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    result = np.zeros(image.shape, dtype=np.uint8)
    for c in range(3):
        X = image[:, :, c].reshape(-1, 1).astype(float)
        model = KMeans(min(k, len(np.unique(X))), n_init=1, random_state=random_state).fit(X)
        result[:, :, c] = model.cluster_centers_[model.labels_].reshape(image.shape[:2]).round()
    return result


@wrong("reshape for transpose", says="every pixel should stay close", points=0)
def quantise_kmeans(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(3, -1).T.astype(float)
    model = KMeans(min(k, len(np.unique(X, axis=0))), n_init=1, random_state=random_state).fit(X)
    return model.cluster_centers_[model.labels_].round().astype(np.uint8).reshape(image.shape)


@wrong("the labels of the sample, tiled", says="every pixel should stay close", points=0)
def quantise_kmeans(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3).astype(float)
    sample = np.random.default_rng(random_state).permutation(X)
    k = min(k, len(np.unique(X, axis=0)))
    model = KMeans(k, n_init=1, random_state=random_state).fit(sample)
    return model.cluster_centers_[model.labels_].round().astype(np.uint8).reshape(image.shape)


@wrong("the sum for the mean, as in a first try", says="every pixel should stay close", points=2)
def quantise_kmeans(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3).astype(float)
    if len(np.unique(X, axis=0)) <= k:
        return image.astype(np.uint8)
    if k == 1:
        return np.broadcast_to(X.mean(axis=0), image.shape).astype(np.uint8)
    z = KMeans(k, n_init=1, random_state=random_state).fit_predict(X)
    mu = np.array([X[z == j].sum() / np.sum(z == j) / 3 for j in range(k)])
    return np.repeat(mu[z, None], 3, axis=1).astype(np.uint8).reshape(image.shape)


@wrong("a warning for few colours", says="gives a warning", points=2)
def quantise_kmeans(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3).astype(float)
    model = KMeans(min(k, len(X)), n_init=1, random_state=random_state).fit(X)
    return model.cluster_centers_[model.labels_].round().astype(np.uint8).reshape(image.shape)


@wrong("a sample larger than the image", says="your function stops", points=0)
def quantise_kmeans(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3) / 255
    rng = np.random.default_rng(random_state)
    size = 5000 if len(X) > 60 else len(X)
    sample = X[rng.choice(len(X), size, replace=False)]
    k = min(k, len(np.unique(sample, axis=0)))
    model = KMeans(k, n_init=1, random_state=random_state).fit(sample)
    palette = np.round(255 * model.cluster_centers_).astype(np.uint8)
    return palette[model.predict(X)].reshape(image.shape)


@wrong("the first 5,000 pixels as the sample", says="draw the sample by chance", points=2)
def quantise_kmeans(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad image or k")
    points = image.reshape(-1, 3) / 255
    if len(np.unique(points, axis=0)) <= k:
        return image.astype(np.uint8)
    model = KMeans(k, n_init=1, random_state=random_state).fit(points[:5000])
    palette = np.round(255 * model.cluster_centers_).astype(np.uint8)
    return palette[model.predict(points)].reshape(image.shape)


@wrong("another result each time", says="two different images", points=2)
def quantise_kmeans(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3).astype(float)
    model = KMeans(min(k, len(np.unique(X, axis=0))), n_init=1).fit(X)
    return model.cluster_centers_[model.labels_].round().astype(np.uint8).reshape(image.shape)


@wrong("refuses more colours than there are", says="your function stops", points=2)
def quantise_kmeans(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3).astype(float)
    if k > len(np.unique(X, axis=0)):
        raise ValueError("too many colours")
    model = KMeans(k, n_init=1, random_state=random_state).fit(X)
    return model.cluster_centers_[model.labels_].round().astype(np.uint8).reshape(image.shape)


# --- quantise_gmm ------------------------------------------------------------------------------


@right("k lowered, the single pixel apart")
def quantise_gmm(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError("no image")
    if k < 1:
        raise ValueError("k")
    X = image.reshape(-1, 3) / 255
    if len(X) == 1:
        return image.astype(np.uint8)
    model = GaussianMixture(min(k, len(np.unique(X, axis=0))), random_state=random_state).fit(X)
    return np.uint8(np.rint(model.means_ * 255))[model.predict(X)].reshape(image.shape)


@right("a smaller sample, another start")
def quantise_gmm(image, k, random_state):
    image = np.array(image)
    if image.ndim != 3 or image.shape[-1] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3) / 255
    if len({tuple(x) for x in X.tolist()}) <= k:
        return image.astype(np.uint8)
    rng = np.random.default_rng(random_state)
    sample = X[rng.permutation(len(X))[:600]]
    model = GaussianMixture(
        k, init_params="k-means++", n_init=3, max_iter=500, random_state=random_state
    ).fit(sample)
    z = model.predict_proba(X).argmax(axis=1)
    return (255 * model.means_[z] + 0.5).astype(np.uint8).reshape(image.shape)


@right("scipy's densities with the fitted parameters")
def quantise_gmm(image, k, random_state):
    from scipy.stats import multivariate_normal

    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3) / 255
    if len(np.unique(X, axis=0)) <= k:
        return image.astype(np.uint8)
    model = GaussianMixture(k, reg_covar=1e-5, random_state=random_state).fit(X)
    parts = zip(model.weights_, model.means_, model.covariances_)
    logs = [np.log(p) + multivariate_normal(m, S).logpdf(X) for p, m, S in parts]
    palette = np.clip(np.round(255 * model.means_), 0, 255)
    return palette[np.argmax(logs, axis=0)].reshape(image.shape).astype(np.uint8)


@right("EM by hand from k-means")
def quantise_gmm(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3) / 255
    if len(np.unique(X, axis=0)) <= k:
        return image.astype(np.uint8)
    gamma = np.eye(k)[KMeans(k, n_init=2, random_state=random_state).fit_predict(X)]
    for _ in range(120):
        size = gamma.sum(axis=0) + 1e-9
        pi, mu = size / size.sum(), gamma.T @ X / size[:, None]
        gap = X[:, None] - mu
        S = np.einsum("nk,nki,nkj->kij", gamma, gap, gap) / size[:, None, None] + 1e-6 * np.eye(3)
        square = np.einsum("nki,kij,nkj->nk", gap, np.linalg.inv(S), gap)
        logs = np.log(pi) - 0.5 * (square + np.linalg.slogdet(2 * np.pi * S)[1])
        gamma = np.exp(logs - np.logaddexp.reduce(logs, axis=1, keepdims=True))
    return np.round(255 * mu[logs.argmax(axis=1)]).astype(np.uint8).reshape(image.shape)


@right("several starts, on the scale 0 to 255")
def quantise_gmm(image, k, random_state):
    X = np.asarray(image, dtype=float)
    if X.ndim != 3 or X.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    rows = X.reshape(-1, 3)
    if len(np.unique(rows, axis=0)) <= k:
        return X.astype(np.uint8)
    model = GaussianMixture(k, n_init=2, random_state=random_state, reg_covar=0.1).fit(rows)
    return model.means_[model.predict(rows)].round().astype(np.uint8).reshape(X.shape)


@wrong("k-means under another name", says="that is the rule of k-means", points=2)
def quantise_gmm(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3) / 255
    k = min(k, len(np.unique(X, axis=0)))
    model = KMeans(k, n_init=2, random_state=random_state).fit(X)
    palette = np.round(255 * model.cluster_centers_).astype(np.uint8)
    return palette[model.labels_].reshape(image.shape)


@wrong("the nearest mean", says="Every pixel gets the nearest colour", points=2)
def quantise_gmm(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3) / 255
    if len(np.unique(X, axis=0)) <= k:
        return image.astype(np.uint8)
    mu = GaussianMixture(k, random_state=random_state).fit(X).means_
    z = ((X[:, None] - mu) ** 2).sum(axis=2).argmin(axis=1)
    return np.round(255 * mu[z]).astype(np.uint8).reshape(image.shape)


@wrong("spherical covariances", says="with full covariance matrices", points=2)
def quantise_gmm(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3) / 255
    if len(np.unique(X, axis=0)) <= k:
        return image.astype(np.uint8)
    model = GaussianMixture(k, covariance_type="spherical", random_state=random_state).fit(X)
    return np.round(255 * model.means_[model.predict(X)]).astype(np.uint8).reshape(image.shape)


@wrong("diagonal covariances", says="with full covariance matrices", points=2)
def quantise_gmm(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3) / 255
    if len(np.unique(X, axis=0)) <= k:
        return image.astype(np.uint8)
    model = GaussianMixture(k, covariance_type="diag", random_state=random_state).fit(X)
    return np.round(255 * model.means_[model.predict(X)]).astype(np.uint8).reshape(image.shape)


@wrong("blends the means by responsibility", says="neither a blend of several", points=2)
def quantise_gmm(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3) / 255
    if len(np.unique(X, axis=0)) <= k:
        return image.astype(np.uint8)
    model = GaussianMixture(k, random_state=random_state).fit(X)
    return (
        np.round(255 * model.predict_proba(X) @ model.means_).astype(np.uint8).reshape(image.shape)
    )


@wrong("draws a colour from the component", says="nor a colour that is drawn", points=0)
def quantise_gmm(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3) / 255
    if len(np.unique(X, axis=0)) <= k:
        return image.astype(np.uint8)
    model = GaussianMixture(k, random_state=random_state, reg_covar=1e-4).fit(X)
    rng = np.random.default_rng(random_state)
    colours = [
        rng.multivariate_normal(model.means_[z], model.covariances_[z]) for z in model.predict(X)
    ]
    return np.clip(255 * np.array(colours), 0, 255).round().astype(np.uint8).reshape(image.shape)


@wrong("converts before it multiplies: black", says="The image is black", points=2)
def quantise_gmm(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3) / 255
    if len(np.unique(X, axis=0)) <= k:
        return image.astype(np.uint8)
    if k == 1:
        return np.broadcast_to(255 * X.mean(axis=0), image.shape).astype(np.uint8)
    model = GaussianMixture(k, random_state=random_state).fit(X)
    return model.means_.astype(np.uint8)[model.predict(X)].reshape(image.shape)


@wrong("fits a single pixel", says="For a single pixel and k = 4 your function stops", points=2)
def quantise_gmm(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3) / 255
    k = min(k, len(np.unique(X, axis=0)))
    model = GaussianMixture(k, random_state=random_state).fit(X)
    return np.round(255 * model.means_[model.predict(X)]).astype(np.uint8).reshape(image.shape)


@wrong("does not lower k", says="gives a warning", points=2)
def quantise_gmm(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3) / 255
    model = GaussianMixture(k, random_state=random_state).fit(X)
    return np.round(255 * model.means_[model.predict(X)]).astype(np.uint8).reshape(image.shape)


@wrong("the first 5,000 pixels as the sample", says="draw the sample by chance", points=2)
def quantise_gmm(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad image or k")
    points = image.reshape(-1, 3) / 255
    if len(np.unique(points, axis=0)) <= k:
        return image.astype(np.uint8)
    model = GaussianMixture(k, random_state=random_state).fit(points[:5000])
    palette = np.round(255 * model.means_).astype(np.uint8)
    return palette[model.predict(points)].reshape(image.shape)


@wrong("another result each time", says="two different images", points=2)
def quantise_gmm(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3) / 255
    if len(np.unique(X, axis=0)) <= k:
        return image.astype(np.uint8)
    model = GaussianMixture(k).fit(X)
    return np.round(255 * model.means_[model.predict(X)]).astype(np.uint8).reshape(image.shape)


@wrong("k fixed at 3", says="With k = 2 the result has 3 colours", points=0)
def quantise_gmm(image, k, random_state):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] != 3 or k < 1:
        raise ValueError("bad input")
    X = image.reshape(-1, 3) / 255
    if len(np.unique(X, axis=0)) <= 3:
        return image.astype(np.uint8)
    model = GaussianMixture(3, random_state=random_state).fit(X)
    return np.round(255 * model.means_[model.predict(X)]).astype(np.uint8).reshape(image.shape)


# --- quizzes -----------------------------------------------------------------------------------

quiz_1 = right(" C")
quiz_1 = wrong("a", says="Is that what PSNR measures")
quiz_1 = wrong("b", says="Does it say anything about likelihood")
quiz_1 = wrong("d", says="What does each method optimise")
quiz_1 = wrong("k-means is better", says="one of the letters")

quiz_2 = right("A ")
quiz_2 = wrong("b", says="How many labels can one more bit add")
quiz_2 = wrong("c", says="Can the labels 16 to 19")
quiz_2 = wrong("d", says="leave 4 of them unused")

# --- changes of the solutions that make no difference ------------------------------------------

equivalent(
    "image_to_points",
    "return image.reshape(-2, 3) / 255",
    because="NumPy takes any negative length for as many as there are.",
)
equivalent(
    "image_to_points",
    "image = np.asarray(image)",
    because="Dividing by 255 gives floats for whole numbers, too.",
)
equivalent(
    "apply_palette",
    "if labels.shape < (h * w,):",
    "if labels.shape > (h * w,):",
    "if False and (labels.shape != (h * w,)):",
    "if palette.ndim...",
    "if False and (palette.ndim...",
    "if (palette.ndim != 2):",
    because="`reshape` refuses a number of values that does not fit with a ValueError, too.",
)
equivalent(
    "apply_palette",
    "labels, palette = np.asarray(labels), np.asarray(palette, dtype=float)",
    because="The labels are whole numbers already.",
)
equivalent(
    "apply_palette",
    "labels, palette = np.asarray(labels, dtype=int), np.asarray(palette)",
    because="255 times a small whole number fits into the type of whole numbers.",
)
equivalent(
    "psnr",
    "image, compressed = np.asarray(image), np.asarray(compressed, dtype=float)",
    "image, compressed = np.asarray(image, dtype=float), np.asarray(compressed)",
    because="As long as one of the two is of type float, so is their difference.",
)
equivalent(
    "psnr",
    "image, compressed = np.asarray(image, dtype=int), ...",
    "image, compressed = np.asarray(image, dtype=float), np.asarray(compressed, dtype=int)",
    because="Values from 0 to 255 are whole numbers, and large enough a type holds their differences.",
)
equivalent(
    ("quantise_kmeans", "quantise_gmm"),
    "if len(np.unique(image.reshape(-2, 3) ...",
    "points = image.reshape(-2, 3) / 255",
    because="NumPy takes any negative length for as many as there are.",
)
equivalent(
    ("quantise_kmeans", "quantise_gmm"),
    "if len(np.unique(image.reshape(-1, 3) @ [257**2, 256, 1])) <= k: ...",
    "if len(np.unique(image.reshape(-1, 3) @ [256**3, 256, 1])) <= k: ...",
    because="Different colours still have different numbers.",
)
equivalent(
    ("quantise_kmeans", "quantise_gmm"),
    "if k < 0:",
    "if False and (k < 1):",
    because="scikit-learn refuses such a k with a ValueError, too.",
)
equivalent(
    ("quantise_kmeans", "quantise_gmm"),
    "points = image.reshape(-1, 3) / 256",
    "points = image.reshape(-1, 3) / 254",
    "points = image.reshape(-1, 3) / (255 - 1)",
    "palette = ...",
    because="Colours are tested with a tolerance that one step of 255 does not reach.",
)
equivalent(
    ("quantise_kmeans", "quantise_gmm"),
    "sample = points[...",
    "rng = np.random.default_rng(0)",
    because="Any sample will do, as long as it is drawn by chance from the whole image and repeatable.",
)
equivalent(
    "quantise_kmeans",
    "n_clusters = min(k, len(np.unique(sample...)))",
    because="It matters only where a sample misses colours, and then scikit-learn warns but goes on.",
)
equivalent(
    "quantise_kmeans",
    "if len(np.unique(image.reshape(-1, 3) @ [256**2, 256, 1])) < k: ...",
    "if False and (len(...",
    because="With as many centroids as colours, k-means gives the image back by itself.",
)
equivalent(
    ("quantise_kmeans", "quantise_gmm"),
    "model = ...",
    because="A setting of the search; on the clear cases of the tests others do as well.",
)
equivalent(
    ("quantise_kmeans", "quantise_gmm"),
    "if len(np.unique(image @ ...",
    because="The numbers of the colours are the same, in another shape.",
)
equivalent(
    "quantise_gmm",
    "n_components = min(k, len(np.unique(sample...)))",
    because="It matters only where a sample misses colours, and then scikit-learn warns but goes on.",
)
