"""The lessons' reference solutions beside scikit-learn."""

import linecache
import subprocess
import sys
import warnings
from functools import cache

import nbformat
import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.measure import Figure, seconds, side_by_side
from course.notebooks.cells import is_setup, is_solution
from course.paths import REPO, SOURCE, notebook_path
from utils import load_image


@cache
def reference(lesson):
    """What a lesson's setup cell and the author's solutions define."""
    scope = {"__name__": lesson}
    for cell in nbformat.read(notebook_path(SOURCE, lesson), as_version=4).cells:
        if is_setup(cell) or (cell.cell_type == "code" and is_solution(cell)):
            exec(cell.source, scope)
    return scope


def pixels():
    """All pixels of an image, in 0..1, and the 20 that `kmeans` starts from with the seed 0."""
    X = load_image("flower.jpg").reshape(-1, 3) / 255
    return X, X[np.random.default_rng(0).choice(len(X), 20, replace=False)]


def kmeans_on_pixels(iterations=10):
    """Lloyd's algorithm from the same centroids, for the same number of iterations."""
    from sklearn.cluster import KMeans

    X, start = pixels()
    solve = reference("02_kmeans")["kmeans"]
    settings = dict(init=start, n_init=1, tol=0, algorithm="lloyd", random_state=0)

    def ours():
        solve(X, len(start), np.random.default_rng(0), max_iter=iterations)

    def peer():
        KMeans(len(start), max_iter=iterations, **settings).fit(X)

    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        what = f"k-means on {len(X):,} pixels, K = {len(start)}, {iterations} iterations"
        return [side_by_side(what, ours, peer, "<= 3")]


def em_on_pixels(iterations=5):
    """A full-covariance EM iteration on all pixels: the difference of a long and a short run."""
    from sklearn.mixture import GaussianMixture

    X, start = pixels()
    solve = reference("05_em")["em"]
    figures = []
    for k in (5, 20):

        def ours(n, k=k):
            return seconds(lambda: solve(X, k, np.random.default_rng(0), tol=-np.inf, max_iter=n))

        def peer(n, k=k):
            model = GaussianMixture(
                k,
                max_iter=n,
                tol=0,
                means_init=start[:k],
                init_params="random_from_data",
                random_state=0,
            )
            return seconds(lambda: model.fit(X))

        with threadpool_limits(1), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            one = [(run(1 + iterations) - run(1)) / iterations for run in (ours, peer)]
        what = f"an EM iteration on {len(X):,} pixels, K = {k}"
        figures.append(Figure(what, *one, "s", one[0] / one[1], "<= 2"))
    return figures


PEAK = """
import numpy as np
from benchmarks.lessons import pixels, reference
from benchmarks.measure import peak_megabytes
X, _ = pixels()
solve = reference({lesson!r})[{name!r}]
solve(X, 20, np.random.default_rng(0), max_iter=3)
print(peak_megabytes())
"""


def memory_on_pixels():
    """The largest resident set of a process that runs a reference solution, libraries included."""
    figures = []
    for lesson, name in (("02_kmeans", "kmeans"), ("05_em", "em")):
        script = PEAK.format(lesson=lesson, name=name)
        result = subprocess.run(
            [sys.executable, "-c", script], cwd=REPO, capture_output=True, text=True, check=True
        )
        peak = float(result.stdout.split()[-1])
        what = f"peak memory of {name} on all pixels, K = 20, beside the bound of 400 MB"
        figures.append(Figure(what, peak, 400.0, "MB", peak / 400, "<= 1"))
    return figures


def perceptron_training():
    """Lesson 11's training beside a loop of `fit` and `predict` over the usual schedule.

    The loop's schedule is 50 times 2, 50 times 20, 50 times 200 and 30 times 1,000 epochs. It would
    take many minutes, so one round of each of the three shorter kinds is timed, and a long round is
    taken for five of the 200 epochs. The loss that this schedule ends at is the compiled loop's.
    """
    lesson = reference("11_perceptron_image_fit")
    _run_cell("11_perceptron_image_fit", "def train(", lesson)
    image = lesson["image"]
    X, Y = lesson["pixel_dataset"](image)
    keras, train, build = lesson["keras"], lesson["train"], lesson["build_model"]

    def fresh():
        keras.utils.set_random_seed(0)
        return build([128, 8], image.shape[-1])

    short = [2] * 10 + [20] * 10 + [200] * 10 + [1000] * 4
    history = []
    ours = seconds(lambda: history.append(train(fresh(), X, Y, short, rate=0.005)[1]))
    slow = fresh()
    slow.fit(X, Y, epochs=1, batch_size=2048, verbose=0)

    def round_of(epochs):
        slow.fit(X, Y, epochs=epochs, batch_size=2048, verbose=0)
        slow.predict(X, verbose=0)

    two, twenty, long = (seconds(lambda n=n: round_of(n)) for n in (2, 20, 200))
    peer = 50 * two + 50 * twenty + 50 * long + 30 * 5 * long
    usual = train(fresh(), X, Y, [41_100], rate=0.001, decay=False)[1]
    loss, usual_loss = float(history[0][-1, 0]), float(usual[-1, 0])
    return [
        Figure("a full training of the perceptron", ours, peer, "s", ours / peer, "<= 0.1"),
        Figure("the loss (MAE) it ends at", loss, usual_loss, "", loss / usual_loss, "<= 1.02"),
    ]


def _run_cell(lesson, words, scope):
    """Run the lesson's first cell with these words; TensorFlow's compiler must find its source."""
    cells = nbformat.read(notebook_path(SOURCE, lesson), as_version=4).cells
    source = next(cell.source for cell in cells if words in cell.source)
    name = f"<{lesson}: {words}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), scope)


ALL = (kmeans_on_pixels, em_on_pixels, memory_on_pixels, perceptron_training)
