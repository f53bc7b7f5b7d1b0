"""The widgets without a browser: what they refuse, how their controls are named, what they tell."""

import re
import sys

import ipywidgets
import matplotlib
import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression

from utils import _style, load_five_blobs
from utils.widgets import browser, sliders
from utils.widgets.dbscan import dbscan_explorer
from utils.widgets.em_stepper import em_stepper
from utils.widgets.faces import faces_explorer
from utils.widgets.gaussian_mixture import mixture_chooser
from utils.widgets.kmeans_board import kmeans_board
from utils.widgets.minibatch import minibatch_explorer
from utils.widgets.mixture import mixture_explorer
from utils.widgets.palette import palette_explorer
from utils.widgets.propagation import propagation_explorer
from utils.widgets.silhouette import silhouette_explorer
from utils.widgets.training import training_viewer

BLOBS = load_five_blobs()[0][::20]


def test_the_board_starts_at_different_rows_and_the_same_seed_gives_the_same():
    board = kmeans_board(BLOBS, k=8, seed=4)
    assert len(set(board.start)) == 8 and max(board.start) < len(BLOBS)
    assert board.start == kmeans_board(BLOBS, k=8, seed=4).start
    assert board.start != kmeans_board(BLOBS, k=8, seed=5).start
    assert np.array_equal(board.points, BLOBS)


@pytest.mark.parametrize("make", [kmeans_board, em_stepper])
@pytest.mark.parametrize(
    ("X", "options", "reason"),
    [
        (np.zeros((501, 2)), {}, "at most 500 points"),
        (np.zeros((5, 3)), {}, "points of the plane"),
        ([[0.0, np.nan]], {"k": 1}, "NaN"),
        (np.zeros((2, 2)), {"k": 3}, "k must be at most 2 here, not 3"),
        (np.zeros((20, 2)), {"k": 0}, "k must be a whole number of at least 1"),
        (np.zeros((20, 2)), {"k": 9}, "k must be at most"),
    ],
)
def test_a_widget_of_the_browser_says_why_it_refuses(make, X, options, reason):
    with pytest.raises(ValueError, match=reason):
        make(X, **options)


@pytest.mark.parametrize("name", ["kmeans_board.js", "em_stepper.js"])
def test_a_module_of_the_browser_has_the_colours_and_marks_of_the_plots(name):
    source = browser.browser_module(name)
    assert source.count("export default") == 1
    for index in range(browser.MOST_CLUSTERS):
        style = _style.Style(index)
        shape = browser.SHAPES[style.marker]
        assert f'"colour": "{style.colour}", "edge": "{style.edge}"' in source
        assert f'"tint": "{style.tint}", "shape": "{shape}"' in source
        assert shape == "circle" or f'shape === "{shape}"' in source
    # No colour of a cluster stands in the text a second time, where it could drift.
    own = (browser.FOLDER / name).read_text(encoding="utf-8")
    assert not any(colour.lower() in own.lower() for colour in _style.COLOURS)


DIGITS = np.random.default_rng(0).random((60, 16))
ANSWERS = np.arange(60) % 3
IMAGE = (255 * np.random.default_rng(1).random((12, 15, 3))).astype(np.uint8)
# For each lesson with sliders: the explorer, and a change of its controls.
EXPLORERS = {
    "01": (
        lambda: mixture_explorer([1 / 3] * 3, [[0, 0], [5, 2], [1, 7]], [np.eye(2)] * 3),
        {"weight_0": 0.8},
    ),
    "03": (lambda: silhouette_explorer(BLOBS, k=4, k_max=5, n_init=1), {"k": 5}),
    "04": (lambda: minibatch_explorer(BLOBS, k=3), {"batch_size": 10}),
    "06": (lambda: mixture_chooser(BLOBS, k=2), {"covariance_type": "spherical"}),
    "07": (lambda: palette_explorer(IMAGE, k=3), {"method": "Gaussian mixture"}),
    "08": (
        lambda: propagation_explorer(
            (DIGITS, ANSWERS),
            (DIGITS, ANSWERS),
            KMeans(4, n_init=1, random_state=0).fit(DIGITS),
            LogisticRegression(),
        ),
        {"percentile": 70},
    ),
    "09": (lambda: dbscan_explorer(BLOBS, eps=0.2), {"min_samples": 20}),
    "10": (
        lambda: faces_explorer(
            DIGITS, {"unseen": DIGITS[:3], "others": DIGITS[3:6]}, n_components=5
        ),
        {"group": "others"},
    ),
    "11": (
        lambda: training_viewer(IMAGE / 255, [IMAGE / 300, IMAGE / 256], [2, 20]),
        {"number": 0},
    ),
}


@pytest.fixture
def drawn(monkeypatch):
    """Opens an explorer; its controls by name, and a function that draws and gives the alt text."""
    matplotlib.use("agg")
    opened, told = {}, []

    def keep(draw, controls):
        opened.update(draw=draw, controls=controls)
        return ipywidgets.Output()

    def show(ax_or_fig, alt=None):
        told.append(alt)

    monkeypatch.setattr(ipywidgets, "interactive_output", keep)

    def open_one(make):
        for name, module in sys.modules.items():
            if name.startswith("utils.widgets.") and hasattr(module, "show"):
                monkeypatch.setattr(module, "show", show)
        box = make()
        assert isinstance(box, ipywidgets.HBox)

        def alt(**changed):
            values = {name: control.value for name, control in opened["controls"].items()}
            opened["draw"](**{**values, **changed})
            matplotlib.pyplot.close("all")
            return told[-1]

        return opened["controls"], alt

    return open_one


@pytest.mark.parametrize("lesson", EXPLORERS)
def test_each_control_is_named_and_each_picture_is_told_in_words(drawn, lesson):
    make, change = EXPLORERS[lesson]
    controls, alt = drawn(make)
    names = [control.description for control in controls.values()]
    assert all(name.strip() for name in names) and len(set(names)) == len(names)
    first = alt()
    assert len(first) > 60 and re.search(r"\d", first)
    assert alt(**change) != first, "what is seen changes with the control, so its text must"


def test_a_slider_acts_when_it_is_let_go():
    control = sliders.slider("IntSlider", "K", 3, 1, 8, 1)
    assert (control.value, control.min, control.max, control.continuous_update) == (3, 1, 8, False)
