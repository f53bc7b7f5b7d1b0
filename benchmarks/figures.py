"""The figures of the textbooks and labs that the course follows, computed with today's libraries.

Each entry says what was published, what the libraries of the lock give, and how far a run may be
from that. Where the two differ, `why` says so; the lessons show it to students.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from utils import load_five_blobs, match_labels


@dataclass(frozen=True)
class Published:
    """One published figure.

    Attributes
    ----------
    what, lesson : str
    source : float
        As published.
    today : float
        As the locked libraries give it.
    tolerance : float
        How far a run may be from `today`.
    compute : callable
        Returns the figure.
    why : str
        Why today's figure is another one; empty where it is the same.
    """

    what: str
    lesson: str
    source: float
    today: float
    tolerance: float
    compute: Callable
    why: str = ""


OTHER_DRAWS = "scikit-learn draws its starting points otherwise than it did"
OTHER_SOLVER = "another version and solver; one picture of the test set is 0.22 points"


def blobs_inertia(k, **settings):
    """Inertia of k-means on the five blobs."""
    from sklearn.cluster import KMeans

    return KMeans(k, **settings).fit(load_five_blobs()[0]).inertia_


BY_EYE = np.array([[-3, 3], [-3, 2], [-3, 1], [-1, 2], [0, 2]])


def iris_mixture():
    """Share of the irises whose matched mixture component is their species."""
    from sklearn.datasets import load_iris
    from sklearn.mixture import GaussianMixture

    iris = load_iris()
    found = GaussianMixture(3, random_state=42).fit(iris.data).predict(iris.data)
    return np.mean(match_labels(iris.target, found) == iris.target)


@cache
def digits():
    """The digits' split, and the distances of the training points to 50 centroids."""
    from sklearn.cluster import KMeans
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    X, y = load_digits(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=42)
    kmeans = KMeans(50, n_init=10, random_state=42).fit(X_train)
    return X_train, X_test, y_train, y_test, kmeans.transform(X_train), kmeans


def digits_score(X, y, features=False):
    """Test accuracy of one logistic regression for each digit, trained on (X, y)."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    _, X_test, _, y_test, _, kmeans = digits()
    model = OneVsRestClassifier(LogisticRegression(solver="newton-cholesky", random_state=42))
    if features:
        X, X_test = kmeans.transform(X), kmeans.transform(X_test)
    return model.fit(X, y).score(X_test, y_test)


def baseline():
    """All labels, pixels."""
    X_train, _, y_train, *_ = digits()
    return digits_score(X_train, y_train)


def kmeans_features():
    """All labels, distances to 50 centroids."""
    X_train, _, y_train, *_ = digits()
    return digits_score(X_train, y_train, features=True)


def arbitrary():
    """The first 50 labels."""
    X_train, _, y_train, *_ = digits()
    return digits_score(X_train[:50], y_train[:50])


def representatives():
    """The labels of the 50 points nearest to the centroids."""
    X_train, _, y_train, _, distances, _ = digits()
    nearest = distances.argmin(axis=0)
    return digits_score(X_train[nearest], y_train[nearest])


@cache
def propagated(percentile):
    """Points and labels when each representative's label goes to its cluster's closest points."""
    X_train, _, y_train, _, distances, kmeans = digits()
    labels = y_train[distances.argmin(axis=0)][kmeans.labels_]
    own = distances[np.arange(len(distances)), kmeans.labels_]
    kept = np.zeros(len(own), dtype=bool)
    for k in range(50):
        members = kmeans.labels_ == k
        kept |= members & (own <= np.percentile(own[members], percentile))
    return X_train[kept], labels[kept], y_train[kept]


def propagated_score(percentile):
    """Test accuracy with propagated labels."""
    X, labels, _ = propagated(percentile)
    return digits_score(X, labels)


def propagated_right(percentile):
    """Share of the propagated labels that are right."""
    _, labels, truth = propagated(percentile)
    return np.mean(labels == truth)


@cache
def moons():
    """DBSCAN on the moons."""
    from sklearn.cluster import DBSCAN
    from sklearn.datasets import make_moons

    X, _ = make_moons(n_samples=1000, noise=0.05, random_state=42)
    return DBSCAN(eps=0.05, min_samples=5).fit(X)


@cache
def elongated():
    """The set of two long groups and a round one, and a mixture of three fitted to it."""
    from sklearn.datasets import make_blobs
    from sklearn.mixture import GaussianMixture

    pair, _ = make_blobs(n_samples=1000, centers=((4, -4), (0, 0)), random_state=42)
    ball, _ = make_blobs(n_samples=250, centers=1, random_state=42)
    X = np.vstack([pair @ [[0.374, 0.95], [0.732, 0.598]], ball + np.array([6, -8])])
    return X, GaussianMixture(3, n_init=10, random_state=42).fit(X)


def density_over_grid(step=0.02):
    """Integral of the fitted mixture's density over a grid around the data."""
    X, mixture = elongated()
    axes = [
        np.arange(low - 10, high + 10, step) for low, high in zip(X.min(0), X.max(0), strict=True)
    ]
    total = 0.0
    for x in np.array_split(axes[0], 20):
        grid = np.stack(np.meshgrid(x, axes[1]), axis=-1).reshape(-1, 2)
        total += np.exp(mixture.score_samples(grid)).sum() * step**2
    return total


@cache
def bayesian_weights():
    """The three largest weights of a Bayesian mixture with ten components."""
    from sklearn.mixture import BayesianGaussianMixture

    model = BayesianGaussianMixture(n_components=10, n_init=10, max_iter=1000, random_state=42)
    return np.sort(model.fit(elongated()[0]).weights_)[::-1]


K, D = "02_kmeans", "08_label_propagation"
C, M, S = "03_choosing_k", "06_gaussian_mixtures", "09_other_clusterers"
FIGURES = (
    Published("five blobs, K = 5, ten tries", K, 211.60, 219.43, 0.05,
              lambda: blobs_inertia(5, n_init=10, random_state=42), "all ten tries miss the best"),
    Published("five blobs, K = 5, a good start", K, 211.62, 211.60, 0.05,
              lambda: blobs_inertia(5, init=BY_EYE, n_init=1, random_state=42)),
    Published("five blobs, K = 3", C, 653.22, 653.22, 0.05,
              lambda: blobs_inertia(3, n_init=10, random_state=42)),
    Published("five blobs, K = 8", C, 118.44, 119.22, 0.9,
              lambda: blobs_inertia(8, n_init=10, random_state=42), OTHER_DRAWS),
    Published("random start, state 2", K, 219.84, 219.58, 0.05,
              lambda: blobs_inertia(5, init="random", n_init=1, random_state=2), OTHER_DRAWS),
    Published("random start, state 5", K, 236.96, 239.19, 0.05,
              lambda: blobs_inertia(5, init="random", n_init=1, random_state=5), OTHER_DRAWS),
    Published("iris, mixture matched to species", K, 0.967, 0.967, 0.001, iris_mixture),
    Published("digits, all labels", D, 0.9689, 0.9689, 0.003, baseline),
    Published("digits, k-means features", D, 0.980, 0.9756, 0.006, kmeans_features, OTHER_SOLVER),
    Published("digits, 50 arbitrary labels", D, 0.833, 0.833, 0.006, arbitrary),
    Published("digits, 50 representatives", D, 0.924, 0.893, 0.010, representatives, OTHER_DRAWS),
    Published("digits, propagated to all", D, 0.938, 0.924, 0.010,
              lambda: propagated_score(100), OTHER_DRAWS),
    Published("digits, the closest 20 %", D, 0.922, 0.920, 0.010, lambda: propagated_score(20)),
    Published("right among the closest 20 %", D, 0.9896, 0.9826, 0.004,
              lambda: propagated_right(20), OTHER_DRAWS),
    Published("moons, DBSCAN: core samples", S, 808, 808, 0, lambda: len(moons().core_sample_indices_)),
    Published("moons, DBSCAN: clusters", S, 7, 7, 0, lambda: moons().labels_.max() + 1),
    Published("elongated set: BIC", M, 8189.66, 8189.73, 0.1, lambda: elongated()[1].bic(elongated()[0])),
    Published("elongated set: AIC", M, 8102.44, 8102.51, 0.1, lambda: elongated()[1].aic(elongated()[0])),
    Published("elongated set: parameters", M, 17, 17, 0, lambda: elongated()[1]._n_parameters()),
    Published("elongated set: density over the grid", M, 0.99999999993, 1.0, 1e-8, density_over_grid),
    Published("Bayesian mixture: first weight", M, 0.40, 0.40, 0.011, lambda: bayesian_weights()[0]),
    Published("Bayesian mixture: second weight", M, 0.39, 0.40, 0.011, lambda: bayesian_weights()[1]),
    Published("Bayesian mixture: third weight", M, 0.20, 0.21, 0.011, lambda: bayesian_weights()[2]),
    Published("Bayesian mixture: fourth weight", M, 0.00, 0.00, 0.005, lambda: bayesian_weights()[3]),
)  # fmt: skip
