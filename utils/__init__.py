"""What the lessons import: data sets, labels, plots, and the stub of an unsolved exercise.

Importing it is quick and changes nothing: large libraries are loaded where they are first needed.
"""

from utils.datasets import (
    gm_load_th1,
    gm_load_th2,
    km_load_th1,
    load_ex1_data_clust,
    load_faces,
    load_fashion_mnist,
    load_five_blobs,
    load_image,
    load_mixture_1d,
    load_mnist_digits,
)
from utils.exercises import (
    NotSolvedYet,
    arguments_after,
    assert_like,
    attempt,
    changed_inputs,
    is_like,
    peak_memory,
    refuses,
)
from utils.labels import match_labels, misclassification_rate, most_common
from utils.plotting import (
    alt_text,
    compare_images,
    plot_centroids,
    plot_clusters,
    plot_data,
    plot_decision_boundaries,
    plot_faces,
    plot_gaussian_mixture,
    plot_silhouettes,
    show,
    show_animation,
    training_animation,
)

__all__ = [
    "NotSolvedYet",
    "alt_text",
    "arguments_after",
    "assert_like",
    "attempt",
    "changed_inputs",
    "compare_images",
    "gm_load_th1",
    "gm_load_th2",
    "is_like",
    "km_load_th1",
    "load_ex1_data_clust",
    "load_faces",
    "load_fashion_mnist",
    "load_five_blobs",
    "load_image",
    "load_mixture_1d",
    "load_mnist_digits",
    "match_labels",
    "misclassification_rate",
    "most_common",
    "peak_memory",
    "plot_centroids",
    "plot_clusters",
    "plot_data",
    "plot_decision_boundaries",
    "plot_faces",
    "plot_gaussian_mixture",
    "plot_silhouettes",
    "refuses",
    "show",
    "show_animation",
    "training_animation",
]
