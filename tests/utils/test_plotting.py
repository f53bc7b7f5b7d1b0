"""Every plot draws on the axes it is given, describes itself, and needs no colour to be read."""

import base64
import inspect
import subprocess
import sys
from types import SimpleNamespace

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.contour import ContourSet
from matplotlib.patches import Ellipse
from sklearn.cluster import DBSCAN, KMeans
from sklearn.metrics import silhouette_score
from sklearn.mixture import GaussianMixture

import utils
from utils import _style, alt_text, plotting, show, show_animation, training_animation
from utils.plotting import display, mixtures

RNG = np.random.default_rng(5)
X = np.concatenate([RNG.normal(center, 0.5, (20, 2)) for center in ([0, 0], [6, 1], [2, 7])])
LABELS = np.repeat([0, 1, 2], 20)
CENTERS = np.array([[0.0, 0.0], [6.0, 1.0], [2.0, 7.0]])
IMAGE = RNG.integers(0, 256, (6, 8, 3), dtype=np.uint8)
MIXTURE = ([0.2, 0.3, 0.5], CENTERS, np.tile(0.25 * np.eye(2), (3, 1, 1)))
LINE_MIXTURE = ([0.4, 0.6], [-2.0, 1.0], [1.0, 0.25])


@pytest.fixture(scope="module")
def kmeans():
    return KMeans(3, n_init=1, random_state=0).fit(X)


class Quadrants:
    """A clusterer without centres."""

    def predict(self, points):
        return (points[:, 0] > 3).astype(int) + 2 * (points[:, 1] > 3)


PLOTS = {
    "plot_data": lambda **ax: utils.plot_data(X, **ax),
    "plot_centroids": lambda **ax: utils.plot_centroids(CENTERS, **ax),
    "plot_clusters": lambda **ax: utils.plot_clusters(X, LABELS, **ax),
    "plot_decision_boundaries": lambda **ax: utils.plot_decision_boundaries(
        Quadrants(), X, resolution=40, **ax
    ),
    "plot_gaussian_mixture": lambda **ax: utils.plot_gaussian_mixture(MIXTURE, X, **ax),
    "plot_gaussian_mixture on a line": lambda **ax: utils.plot_gaussian_mixture(
        LINE_MIXTURE, [0.0, 1.0], **ax
    ),
    "plot_silhouettes": lambda **ax: utils.plot_silhouettes(X, LABELS, **ax),
    "compare_images": lambda **ax: utils.compare_images(IMAGE, IMAGE // 64 * 64, **ax),
    "plot_faces": lambda **ax: utils.plot_faces(np.eye(9).reshape(9, 3, 3), n_cols=4, **ax),
    "training_animation": lambda **ax: utils.training_animation([IMAGE, 255 - IMAGE], **ax),
}
every_plot = pytest.mark.parametrize("plot", PLOTS.values(), ids=PLOTS)


@pytest.fixture(autouse=True)
def no_figures_left(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a plot called plt.show()")

    monkeypatch.setattr(plt, "show", refuse)
    yield
    plt.close("all")


def texts(ax):
    return [text.get_text() for text in ax.texts]


# --- All plots -------------------------------------------------------------------------------


def test_every_plot_is_tested_here():
    public = {
        name
        for name in utils.__all__
        if getattr(utils, name).__module__.startswith(plotting.__name__ + ".")
    }
    assert public - {"alt_text", "show", "show_animation"} == {name.split()[0] for name in PLOTS}


@every_plot
def test_a_plot_makes_one_figure_of_its_own(plot):
    ax = plot()
    assert plt.get_fignums() == [ax.figure.number]
    ax.figure.canvas.draw()


@every_plot
def test_a_plot_draws_on_the_axes_it_is_given(plot):
    figure, (left, right) = plt.subplots(1, 2)
    size = figure.get_size_inches().tolist()
    assert plot(ax=right) is right
    assert len(plt.get_fignums()) == 1
    assert right.has_data()
    assert not left.has_data()
    assert figure.get_size_inches().tolist() == size


@every_plot
def test_a_plot_describes_itself_unless_told_how(plot):
    assert len(alt_text(plot()).split()) >= 8
    assert alt_text(plot(alt="My words.")) == "My words."


@every_plot
def test_the_same_plot_gives_the_same_picture_and_changes_no_setting(plot):
    settings = dict(matplotlib.rcParams)
    pictures = []
    for _ in range(2):
        ax = plot()
        ax.figure.canvas.draw()
        pictures.append(np.asarray(ax.figure.canvas.buffer_rgba()).copy())
    np.testing.assert_array_equal(*pictures)
    assert dict(matplotlib.rcParams) == settings


def test_arguments_are_not_changed(kmeans):
    arrays = [X, LABELS, CENTERS, IMAGE, MIXTURE[2]]
    copies = [array.copy() for array in arrays]
    for plot in PLOTS.values():
        plot()
    utils.plot_clusters(X, LABELS, CENTERS)
    utils.plot_decision_boundaries(kmeans, X, resolution=20)
    for array, copy in zip(arrays, copies, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_importing_loads_no_large_library():
    code = (
        "import sys, utils; "
        "print([m for m in ('matplotlib', 'sklearn', 'scipy', 'tensorflow') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_every_public_name_is_there_and_documented():
    for name in utils.__all__:
        assert inspect.getdoc(getattr(utils, name))


PLANE = {
    "plot_data": utils.plot_data,
    "plot_centroids": utils.plot_centroids,
    "plot_clusters": utils.plot_clusters,
    "plot_decision_boundaries": lambda points: utils.plot_decision_boundaries(Quadrants(), points),
    "plot_gaussian_mixture": lambda points: utils.plot_gaussian_mixture(MIXTURE, points),
}


@pytest.mark.parametrize(
    "points",
    [np.zeros((4, 3)), np.zeros((4, 1)), [1.0, 2.0], np.empty((0, 2)), [[0, np.nan]], [["a", "b"]]],
    ids=["3-D", "1-D", "flat", "empty", "NaN", "text"],
)
@pytest.mark.parametrize("plot", PLANE.values(), ids=PLANE)
def test_what_is_no_set_of_points_in_the_plane_is_refused(plot, points):
    with pytest.raises(ValueError, match=r"shape|empty|NaN|numbers"):
        plot(points)
    assert plt.get_fignums() == []


# --- Points and clusters ---------------------------------------------------------------------


def test_all_points_are_drawn_where_they_are():
    ax = utils.plot_data(X)
    np.testing.assert_allclose(ax.collections[0].get_offsets(), X)
    assert ax.get_aspect() == 1
    assert "60 points" in alt_text(ax)


def test_marks_get_smaller_with_more_points():
    areas = [
        utils.plot_data(np.random.default_rng(0).normal(size=(n, 2))).collections[0].get_sizes()[0]
        for n in (20, 200, 2000)
    ]
    assert areas[0] > areas[1] > areas[2]


def test_each_cluster_has_its_points_and_its_entry_in_the_legend():
    ax = utils.plot_clusters(X, LABELS + 3)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "3 (20)",
        "4 (20)",
        "5 (20)",
    ]
    for collection, label in zip(ax.collections, range(3), strict=True):
        np.testing.assert_allclose(collection.get_offsets(), X[label == LABELS])


def test_the_description_says_how_many_and_where():
    ax = utils.plot_clusters([[0, 0], [0, 2], [8, 8], [9, 9], [9, 1]], [0, 0, 4, 4, -1])
    text = alt_text(ax)
    assert "5 points in 2 clusters and 1 point of noise" in text
    assert "cluster 0, 2 points, near (0.0, 1.0)" in text
    assert "cluster 4, 2 points, near (8.5, 8.5)" in text


def test_seventy_clusters_differ_in_marker_or_colour():
    looks = _style.styles(range(_style.N_STYLES))
    assert len({(looks[k].colour, looks[k].marker) for k in range(70)}) == _style.N_STYLES == 70


def test_ten_clusters_differ_in_marker_alone():
    looks = _style.styles([-1, *range(10)])
    assert len({look.marker for look in looks.values()}) == 11


def test_a_cluster_looks_the_same_in_every_plot():
    few, many = _style.styles([2, 5]), _style.styles(range(6))
    assert vars(few[5]) == vars(many[5])


def test_a_mark_in_the_legend_looks_like_its_cluster():
    ax = utils.plot_clusters(X, LABELS)
    found = [to_hex(collection.get_facecolor()[0]).upper() for collection in ax.collections]
    assert found == [_style.Style(k).colour for k in range(3)]


@pytest.mark.parametrize("labels", [[-7, 1000, 1070] * 20, [0] * 60, range(60), [-1] * 60])
def test_any_whole_numbers_are_labels(labels):
    ax = utils.plot_clusters(X, labels)
    assert len(ax.collections) == len(set(labels))
    looks = _style.styles(sorted(set(labels)))
    assert len({(look.colour, look.marker) for look in looks.values()}) == len({*labels, -1})


def test_large_clusters_carry_their_number():
    points = np.random.default_rng(0).normal(size=(500, 2))
    ax = utils.plot_clusters(points, np.where(points[:, 0] > 0, 4, -1))
    assert texts(ax) == ["4"]


def test_numbered_centroids_take_the_legends_place():
    ax = utils.plot_clusters(X, LABELS, CENTERS, title="K = 3")
    assert texts(ax) == ["0", "1", "2"]
    assert ax.get_legend() is None
    assert ax.get_title() == "K = 3"
    assert utils.plot_clusters(X, LABELS, CENTERS, legend=True).get_legend() is not None
    assert utils.plot_clusters(X, LABELS, legend=False).get_legend() is None


def test_without_labels_points_are_all_alike():
    assert len(utils.plot_clusters(X).collections) == 1


@pytest.mark.parametrize("labels", [LABELS[:-1], LABELS + 0.5, ["a"] * 60, LABELS[:, None]])
def test_labels_that_do_not_fit_are_refused(labels):
    with pytest.raises(ValueError, match="labels"):
        utils.plot_clusters(X, labels)


def test_a_heavier_centroid_is_larger():
    ax = utils.plot_centroids(CENTERS, weights=[0.1, 0.6, 0.3])
    first, second, third = ax.collections[0].get_sizes()
    assert first < third < second


@pytest.mark.parametrize("weights", [[0.5, 0.5], [1, 1, -1], [0, 0, 0]])
def test_weights_that_do_not_fit_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        utils.plot_centroids(CENTERS, weights)


def test_plots_laid_over_each_other_add_their_descriptions():
    ax = utils.plot_data(X)
    assert utils.plot_centroids(CENTERS, ax=ax) is ax
    assert "60 points" in alt_text(ax)
    assert "3 centroids" in alt_text(ax)


def test_cleared_axes_forget_their_description():
    ax = utils.plot_data(X)
    ax.clear()
    assert "60 points" not in alt_text(utils.plot_centroids(CENTERS, ax=ax))


def test_panels_may_share_their_axes():
    figure, axes = plt.subplots(1, 2, sharex=True, sharey=True)
    utils.plot_data(X, ax=axes[0])
    utils.plot_data(X * 3, ax=axes[1])
    figure.canvas.draw()
    assert axes[0].get_xlim()[1] >= 3 * X[:, 0].max()


# --- Regions ---------------------------------------------------------------------------------


def test_regions_are_what_the_clusterer_predicts():
    ax = utils.plot_decision_boundaries(Quadrants(), X, resolution=50)
    mesh = next(c for c in ax.collections if isinstance(c, matplotlib.collections.QuadMesh))
    codes = np.asarray(mesh.get_array()).reshape(50, 50)
    assert [codes[0, 0], codes[0, -1], codes[-1, 0], codes[-1, -1]] == [0, 1, 2, 3]
    assert "4 regions" in alt_text(ax)
    assert sorted(texts(ax)) == ["0", "1", "2", "3"]


def test_borders_run_between_the_regions_and_nowhere_else():
    halves = SimpleNamespace(predict=lambda points: (points[:, 0] > 3).astype(int))
    whole = SimpleNamespace(predict=lambda points: np.zeros(len(points), dtype=int))
    borders = [
        [c for c in utils.plot_decision_boundaries(clusterer, X, resolution=200).collections
         if isinstance(c, ContourSet)]
        for clusterer in (halves, whole)
    ]  # fmt: skip
    assert [len(sets) for sets in borders] == [2, 0]
    for contours in borders[0]:
        vertices = np.concatenate([path.vertices for path in contours.get_paths()])
        np.testing.assert_allclose(vertices[:, 0], 3, atol=0.05)


def test_the_number_of_a_region_stands_in_it():
    ax = utils.plot_decision_boundaries(Quadrants(), X, resolution=50)
    for text in ax.texts:
        assert Quadrants().predict(np.array([text.xy])) == int(text.get_text())


def test_centres_are_drawn_unless_unwanted(kmeans):
    ax = utils.plot_decision_boundaries(kmeans, X, resolution=30)
    crosses = [c for c in ax.collections if len(c.get_offsets()) == 3]
    np.testing.assert_allclose(crosses[0].get_offsets(), kmeans.cluster_centers_)
    ax = utils.plot_decision_boundaries(kmeans, X, resolution=30, show_centroids=False)
    assert not [c for c in ax.collections if len(c.get_offsets()) == 3]


def test_mixtures_single_clusters_and_single_precision_are_fine():
    single = X.astype(np.float32)
    utils.plot_decision_boundaries(GaussianMixture(2, random_state=0).fit(X), X, resolution=30)
    utils.plot_decision_boundaries(KMeans(1, n_init=1).fit(X), X, resolution=30)
    utils.plot_decision_boundaries(KMeans(3, n_init=1).fit(single), single, resolution=30)
    utils.plot_decision_boundaries(KMeans(3, n_init=1).fit(single), X, resolution=30)


def test_noise_has_a_region_too():
    clusterer = SimpleNamespace(predict=lambda points: np.where(points[:, 0] > 3, 0, -1))
    assert sorted(texts(utils.plot_decision_boundaries(clusterer, X, resolution=30))) == [
        "0",
        "noise",
    ]


def test_a_clusterer_that_cannot_predict_is_refused():
    with pytest.raises(ValueError, match="predict"):
        utils.plot_decision_boundaries(DBSCAN().fit(X), X)
    with pytest.raises(ValueError, match="resolution"):
        utils.plot_decision_boundaries(Quadrants(), X, resolution=1)


# --- Mixtures --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["full", "tied", "diag", "spherical"])
def test_every_covariance_type_is_drawn_as_its_full_matrices(kind):
    fitted = GaussianMixture(3, covariance_type=kind, random_state=0).fit(X)
    _, _, sigma = mixtures._mixture_parameters(fitted)
    log_density = np.log(
        mixtures._component_densities(X, fitted.weights_, fitted.means_, sigma).sum(axis=1)
    )
    np.testing.assert_allclose(log_density, fitted.score_samples(X))
    ax = utils.plot_gaussian_mixture(fitted, X)
    assert len([patch for patch in ax.patches if isinstance(patch, Ellipse)]) == 6


@pytest.mark.parametrize("kind", ["full", "tied", "diag", "spherical"])
def test_every_covariance_type_is_drawn_on_a_line(kind):
    fitted = GaussianMixture(2, covariance_type=kind, random_state=0).fit(X[:, :1])
    ax = utils.plot_gaussian_mixture(fitted, X[:, :1])
    xs, density = ax.lines[0].get_data()
    np.testing.assert_allclose(density, np.exp(fitted.score_samples(xs[:, None])), rtol=1e-6)


def test_ellipses_are_one_and_two_deviations_wide():
    angle = np.radians(30)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    covariance = turn @ np.diag([9.0, 1.0]) @ turn.T
    ax = utils.plot_gaussian_mixture(([1.0], [[2.0, 3.0]], [covariance]))
    one, two = (patch for patch in ax.patches if isinstance(patch, Ellipse))
    assert (one.width, one.height) == pytest.approx((6, 2))
    assert (two.width, two.height) == pytest.approx((12, 4))
    assert one.angle % 180 == pytest.approx(30)
    assert one.get_center() == pytest.approx((2, 3))
    assert one.get_linestyle() != two.get_linestyle()


def test_components_of_no_weight_get_no_ellipse():
    mixture = ([0.999, 0.001], [[0, 0], [3, 3]], [np.eye(2), 1e4 * np.eye(2)])
    ax = utils.plot_gaussian_mixture(mixture)
    assert len(ax.patches) == 2
    assert texts(ax) == ["0"]
    assert ax.get_xlim()[1] < 10


def test_the_curves_on_a_line_add_up_to_a_density():
    ax = utils.plot_gaussian_mixture(LINE_MIXTURE)
    xs, density = ax.lines[0].get_data()
    assert np.trapezoid(density, xs) == pytest.approx(1, abs=2e-3)
    np.testing.assert_allclose(sum(line.get_ydata() for line in ax.lines[1:]), density)
    assert len({line.get_linestyle() for line in ax.lines}) == 3


@pytest.mark.parametrize(
    ("mixture", "complaint"),
    [
        (([0.5, 0.6], *LINE_MIXTURE[1:]), "add up to 1"),
        (([1.5, -0.5], *LINE_MIXTURE[1:]), "not negative"),
        (([1.0], *LINE_MIXTURE[1:]), "shape"),
        (([0.5, 0.5], [0, 1], [1.0, -1.0]), "positive definite"),
        (([1.0], [[0, 0]], [[[1, 2], [2, 1]]]), "positive definite"),
        (([1.0], [[0, 0, 0]], [np.eye(3)]), "one or two features"),
        ("a mixture", "fitted"),
        (GaussianMixture(2), "fitted"),
    ],
)
def test_parameters_that_make_no_mixture_are_refused(mixture, complaint):
    with pytest.raises(ValueError, match=complaint):
        utils.plot_gaussian_mixture(mixture)


# --- Silhouettes -----------------------------------------------------------------------------


def test_the_mean_silhouette_is_written_and_drawn():
    ax = utils.plot_silhouettes(X, LABELS)
    mean = silhouette_score(X, LABELS)
    assert texts(ax) == [f"mean {mean:.2f}"]
    assert any(line.get_xdata()[0] == pytest.approx(mean) for line in ax.lines)
    assert f"mean {mean:.2f}" in alt_text(ax)
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["0", "1", "2"]


def test_noise_has_no_silhouette():
    labels = np.where(np.arange(60) % 10 == 0, -1, LABELS)
    mean = silhouette_score(X[labels >= 0], labels[labels >= 0])
    assert texts(utils.plot_silhouettes(X, labels)) == [f"mean {mean:.2f}"]


def test_silhouettes_take_points_of_any_dimension():
    utils.plot_silhouettes(RNG.normal(size=(30, 5)), np.arange(30) % 20)


@pytest.mark.parametrize("labels", [[0] * 60, range(60), [-1] * 59 + [0]])
def test_silhouettes_need_two_clusters_and_more_points(labels):
    with pytest.raises(ValueError, match="at least 2 clusters"):
        utils.plot_silhouettes(X, labels)


# --- Images ----------------------------------------------------------------------------------


def test_images_stand_side_by_side_under_their_names():
    ax = utils.compare_images(IMAGE, np.zeros((12, 16)), title="nothing left")
    left, right = ax.images
    np.testing.assert_array_equal(left.get_array(), IMAGE)
    assert left.get_extent()[1] < right.get_extent()[0]
    assert texts(ax) == ["original", "nothing left"]
    assert "nothing left (12 by 16 pixels, 1 grey value)" in alt_text(ax)


def test_whole_numbers_and_floats_give_the_same_picture():
    ax = utils.compare_images(IMAGE.astype(int), IMAGE / 255)
    pictures = [np.asarray(image.make_image(None, unsampled=True)[0]) for image in ax.images]
    np.testing.assert_array_equal(*pictures)


@pytest.mark.parametrize(
    "wrong", [np.zeros(5), np.zeros((2, 2, 2)), IMAGE * 1.0, IMAGE - 300.0, []]
)
def test_what_is_no_image_is_refused(wrong):
    with pytest.raises(ValueError, match=r"shape|0 to 255|empty"):
        utils.compare_images(IMAGE, wrong)
    with pytest.raises(ValueError, match=r"shape|0 to 255|empty"):
        utils.training_animation([wrong])


def test_a_mosaic_has_every_image_in_reading_order():
    images = np.arange(1, 8)[:, None, None] / 10 * np.ones((7, 4, 4))
    ax = utils.plot_faces(images, n_cols=3)
    mosaic = ax.images[0].get_array()
    assert mosaic.compressed().size == 7 * 16
    np.testing.assert_allclose(
        [mosaic[row * 5 + 2, column * 5 + 2] for row in (0, 1) for column in range(3)],
        [0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
    )
    assert "7 grey images" in alt_text(ax)
    flat = utils.plot_faces(images.reshape(7, 16), n_cols=3)
    np.testing.assert_array_equal(flat.images[0].get_array(), mosaic)


def test_a_dark_image_looks_dark():
    assert utils.plot_faces(np.full((1, 4, 4), 0.1)).images[0].get_clim() == (0, 1)
    assert utils.plot_faces(np.full((1, 4, 4), 9, dtype=np.uint8)).images[0].get_clim() == (0, 255)
    assert utils.plot_faces(np.array([[[-2.0, 3.0]]])).images[0].get_clim() == (-2, 3)


def test_titles_stand_under_the_images():
    ax = utils.plot_faces(np.zeros((2, 4, 4)), titles=[5, "six"])
    assert texts(ax) == ["5", "six"]
    assert "titled 5; six" in alt_text(ax)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((np.zeros((3, 5)),), "square"),
        ((np.zeros(4),), "shape"),
        ((np.zeros((2, 4, 4)), ["one"]), "titles"),
        ((np.zeros((2, 4, 4)), None, 0), "n_cols"),
    ],
)
def test_what_makes_no_mosaic_is_refused(arguments, complaint):
    with pytest.raises(ValueError, match=complaint):
        utils.plot_faces(*arguments)


def test_the_animation_shows_every_snapshot_and_rests_on_the_last():
    snapshots = [np.full((3, 4), value) for value in (0.0, 0.5, 1.0)]
    ax = utils.training_animation(snapshots, titles=["start", "middle", "end"])
    seen = []
    assert ax.get_title() == "end"
    for frame in ax.animation.new_frame_seq():
        ax.animation._draw_frame(frame)
        seen.append((ax.get_title(), float(ax.images[0].get_array()[0, 0])))
    assert seen == [("start", 0.0), ("middle", 0.5), ("end", 1.0)]
    assert "<img" in ax.animation.to_jshtml()


def test_an_animation_that_is_thrown_away_does_not_complain(recwarn):
    ax = utils.training_animation([IMAGE, IMAGE])
    plt.close(ax.figure)
    del ax.animation
    assert not [warning for warning in recwarn if "Animation" in str(warning.message)]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (([],), "no snapshots"),
        (([IMAGE, IMAGE[:2]],), "same shape"),
        (([IMAGE], ["one", "two"]), "titles"),
    ],
)
def test_what_makes_no_animation_is_refused(arguments, complaint):
    with pytest.raises(ValueError, match=complaint):
        utils.training_animation(*arguments)


# --- Descriptions and display ----------------------------------------------------------------


def test_a_figure_is_described_by_all_its_axes():
    figure, (left, right) = plt.subplots(1, 2)
    utils.plot_data(X, ax=left, alt="Points.")
    utils.plot_data(X, ax=right, alt="More points.")
    right.set_title("K = 3")
    assert alt_text(figure) == "Points. K = 3: More points."
    assert alt_text(left) == "Points."


def test_a_picture_without_description_is_refused():
    figure, ax = plt.subplots()
    for picture in (figure, ax):
        with pytest.raises(ValueError, match="description"):
            alt_text(picture)
        with pytest.raises(ValueError, match="description"):
            show(picture)
    with pytest.raises(ValueError, match="description"):
        show(figure, alt="")


def test_a_colour_bar_needs_no_description():
    figure, ax = plt.subplots()
    figure.colorbar(ax.imshow(np.eye(3)))
    ax.set_label("The unit matrix.")
    assert alt_text(figure) == "The unit matrix."


@pytest.fixture
def notebook(monkeypatch):
    """Catches what is displayed while IPython seems to run."""
    shown = []
    monkeypatch.setattr(display, "_in_ipython", lambda: True)
    monkeypatch.setattr(
        "IPython.display.display", lambda data, **options: shown.append((data, options))
    )
    return shown


@pytest.mark.parametrize("alt", [None, "My words."])
def test_a_notebook_gets_one_picture_with_its_description(notebook, alt):
    ax = utils.plot_data(X)
    text = alt or alt_text(ax)
    assert show(ax, alt) is None
    ((data, options),) = notebook
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert options == {"metadata": {"image/png": {"alt": text}}, "raw": True}
    assert plt.get_fignums() == []


def test_outside_a_notebook_the_figure_is_only_closed(monkeypatch):
    monkeypatch.setattr("IPython.get_ipython", lambda: None)
    monkeypatch.setattr("IPython.display.display", lambda *_, **__: pytest.fail("displayed"))
    assert show(utils.plot_data(X).figure) is None
    assert plt.get_fignums() == []


def test_an_animation_plays_without_the_network_and_with_alt_text(monkeypatch):
    shown = []
    monkeypatch.setattr("utils.plotting.display._in_ipython", lambda: True)
    monkeypatch.setattr("IPython.display.display", shown.append)
    ax = training_animation([np.zeros((4, 4, 3)), np.ones((4, 4, 3))])
    show_animation(ax, alt='From "black" to white.')
    (player,) = shown
    assert '<img alt="From &quot;black&quot; to white."' in player.data
    assert "<link" not in player.data
    assert 'class="fa' not in player.data
    assert 'type="range" aria-label="Frame"' in player.data
    assert not plt.fignum_exists(ax.figure.number)
