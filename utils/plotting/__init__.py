"""Plots of the lessons.

Every plot takes the axes to draw on (``ax=None`` makes a figure) and returns them, so that plots
can be laid over each other or side by side. None of them calls ``plt.show()``.

Nothing is told by colour alone: clusters differ in marker, regions carry their number. Every plot
also stores a description of what it shows, worded from the data, as the axes' label
(``ax.get_label()``); ``alt="..."`` replaces it, plots that are laid over each other add theirs.
`alt_text` reads it and `show` puts the picture into the notebook with it.
"""

from utils.plotting.clusters import (
    plot_centroids,
    plot_clusters,
    plot_data,
    plot_decision_boundaries,
)
from utils.plotting.display import alt_text, draw_pictures, show, show_animation
from utils.plotting.images import compare_images, plot_faces, training_animation
from utils.plotting.mixtures import NEGLIGIBLE_WEIGHT, plot_gaussian_mixture
from utils.plotting.silhouettes import plot_silhouettes

__all__ = [
    "NEGLIGIBLE_WEIGHT",
    "alt_text",
    "compare_images",
    "draw_pictures",
    "plot_centroids",
    "plot_clusters",
    "plot_data",
    "plot_decision_boundaries",
    "plot_faces",
    "plot_gaussian_mixture",
    "plot_silhouettes",
    "show",
    "show_animation",
    "training_animation",
]
