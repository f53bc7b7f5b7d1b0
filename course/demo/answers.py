"""What the students of the demo class answer."""

import re
from collections import defaultdict

import nbformat

from course.notebooks import exercises
from course.oracle import bank
from course.paths import SOURCE, notebook_path

# A half-finished homework, with the mistakes of such a homework: k-means++ is there, but only one
# round of updates; the mean is summed over points *and* features; an empty cluster becomes NaN.
HOMEWORK = {
    "get_cluster_assignments": """\
def get_cluster_assignments(X, centroid_locations):
    z = np.zeros(len(X), dtype=np.int8)
    for i, x in enumerate(np.asarray(X)):
        z[i] = np.argmin(np.linalg.norm(x - np.asarray(centroid_locations), axis=1) ** 2)
    return z
""",
    "get_cluster_centroids": """\
def get_cluster_centroids(X, cluster_assignments, centroid_locations):
    mu = np.array(centroid_locations, dtype=float)
    for i in range(len(mu)):
        mask = cluster_assignments == i
        mu[i] = 1 / np.sum(mask) * np.sum(X[mask])
    return mu
""",
    "kmeans": """\
def kmeans(X, k, rng, n_init=1, max_iter=100):
    mu = np.empty((k, X.shape[1]))
    mu[0] = X[np.random.randint(len(X))]
    nearest = np.linalg.norm(X - mu[0], axis=1) ** 2
    for i in range(1, k):
        threshold = np.random.random_sample() * nearest.sum()
        mu[i] = X[np.searchsorted(np.cumsum(nearest), threshold)]
        nearest = np.minimum(nearest, np.linalg.norm(X - mu[i], axis=1) ** 2)
    z = np.array([np.argmin(np.linalg.norm(x - mu, axis=1)) for x in X], dtype=np.int8)
    for i in range(k):
        mu[i] = 1 / np.sum(z == i) * np.sum(X[z == i])
    return mu, z
""",
}
# How someone makes another's homework look like their own.
OTHER_NAMES = {"mu": "centres", "nearest": "closest", "threshold": "limit", "mask": "mine"}


def renamed(answers: dict[str, str]) -> dict[str, str]:
    """The same answers under other names."""
    pattern = re.compile(rf"\b({'|'.join(OTHER_NAMES)})\b")
    return {
        exercise: pattern.sub(lambda found: OTHER_NAMES[found.group()], source)
        for exercise, source in answers.items()
    }


ENDLESS = "while True:\n    pass"
LEAVES = "import os\n\nos._exit(0)"


def reference(lesson: str) -> dict[str, str]:
    """The author's own answers, the quiz and the text for the open question included."""
    return exercises.reference(nbformat.read(notebook_path(SOURCE, lesson), as_version=4))


def other_right_answers(lesson: str, style: int) -> dict[str, str]:
    """For each exercise the bank's right answer number `style`, else the author's."""
    return reference(lesson) | _pick(lesson, "right", style)


def misconceptions(lesson: str, which: int) -> dict[str, str]:
    """For each exercise the bank's wrong answer number `which`."""
    return _pick(lesson, "wrong", which)


def _pick(lesson: str, kind: str, number: int) -> dict[str, str]:
    found: dict[str, list[str]] = defaultdict(list)
    for answer in bank.load(lesson):
        if answer.kind == kind:
            found[answer.exercise].append(answer.source)
    return {exercise: sources[number % len(sources)] for exercise, sources in found.items()}


def first_half(lesson: str) -> dict[str, str]:
    """The author's answers to the first half of the exercises."""
    answers = reference(lesson)
    kept = list(answers)[: len(answers) // 2]
    return {name: answers[name] for name in kept}
