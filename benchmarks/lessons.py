"""The lessons' reference solutions beside scikit-learn."""

from functools import cache

import nbformat
import numpy as np

from benchmarks.measure import side_by_side
from course.paths import SOURCE, notebook_path
from utils import load_image


@cache
def reference(lesson):
    """What a lesson's setup cell and the author's solutions define."""
    scope = {"__name__": lesson}
    for cell in nbformat.read(notebook_path(SOURCE, lesson), as_version=4).cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and (
            "setup" in cell.metadata.get("tags", ()) or nbgrader.get("solution")
        ):
            exec(cell.source, scope)
    return scope


def kmeans_on_pixels(k=20, iterations=10):
    """Lloyd's algorithm on all pixels of an image, from the same centroids, one thread each."""
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    pixels = load_image("flower.jpg").reshape(-1, 3) / 255
    start = pixels[np.random.default_rng(0).choice(len(pixels), k, replace=False)]
    lesson = reference("02_kmeans")

    def ours():
        centroids = start
        for _ in range(iterations):
            z = lesson["get_cluster_assignments"](pixels, centroids)
            centroids = lesson["get_cluster_centroids"](pixels, z, centroids)

    def peer():
        KMeans(
            k, init=start, n_init=1, max_iter=iterations, tol=0, algorithm="lloyd", random_state=0
        ).fit(pixels)

    with threadpool_limits(1):
        return [side_by_side(f"k-means, {len(pixels):,} pixels, K = {k}", ours, peer, "<= 3")]


ALL = (kmeans_on_pixels,)
