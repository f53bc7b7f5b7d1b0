"""Cluster numbers are matched with classes, whatever they are called."""

from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from utils import match_labels, misclassification_rate, most_common

quick = settings(max_examples=60, deadline=None)

N_CLUSTERS = 5
NUMBERS = st.integers(-2, 4)


@st.composite
def labelled(draw, names=NUMBERS):
    """Two labellings of the same points: classes, and clusters 0 to 4."""
    n = draw(st.integers(1, 25))
    classes = draw(st.lists(names, min_size=n, max_size=n))
    clusters = draw(st.lists(st.integers(0, N_CLUSTERS - 1), min_size=n, max_size=n))
    return classes, clusters


def majority(labels):
    counts = Counter(labels)
    return min(label for label in counts if counts[label] == max(counts.values()))


# --- most_common -----------------------------------------------------------------------------


@quick
@given(labelled(), st.integers(N_CLUSTERS, 40))
def test_most_common_agrees_with_counting_cluster_by_cluster(data, nclusters):
    classes, clusters = data
    expected = []
    for cluster in range(nclusters):
        inside = [c for c, k in zip(classes, clusters, strict=True) if k == cluster]
        expected.append(majority(inside or classes))
    assert most_common(nclusters, classes, clusters) == expected


@quick
@given(labelled(names=st.sampled_from(["cat", "dog", "eel"])))
def test_most_common_takes_names_and_gives_plain_ones_back(data):
    classes, clusters = data
    found = most_common(N_CLUSTERS, classes, clusters)
    assert {type(name) for name in found} == {str}
    assert found == most_common(N_CLUSTERS, np.array(classes, dtype=object), np.array(clusters))


def test_most_common_breaks_ties_by_the_smallest_label():
    assert most_common(2, [7, 3, 3, 7, 9], [0, 0, 0, 0, 1]) == [3, 9]


def test_most_common_gives_an_empty_cluster_the_overall_majority():
    assert most_common(4, [1, 1, 2], [0, 3, 2]) == [1, 1, 2, 1]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((2, [1, 2], [0, 2]), r"0\.\.1"),
        ((2, [1, 2], [-1, 0]), r"0\.\.1"),
        ((2, [1, 2, 3], [0, 1]), "equal length"),
        ((2, [], []), "no points"),
        ((0, [1], [0]), "at least 1"),
        ((2.5, [1], [0]), "whole number"),
        ((2, [1], [0.5]), "whole numbers"),
        ((2, ["a"], ["b"]), "whole numbers"),
        ((2, [[1]], [[0]]), "one-dimensional"),
        ((2, [np.nan], [0]), "NaN"),
    ],
)
def test_most_common_says_what_is_wrong(arguments, complaint):
    with pytest.raises(ValueError, match=complaint):
        most_common(*arguments)


# --- misclassification_rate ------------------------------------------------------------------


def rate_by_trying_everything(classes, clusters):
    """Every way to give each cluster a class of its own, or none."""
    numbers = sorted(set(clusters))
    choices = [*sorted(set(classes)), *[None] * len(numbers)]
    right = max(
        sum(
            dict(zip(numbers, chosen, strict=True))[k] == c
            for c, k in zip(classes, clusters, strict=True)
        )
        for chosen in set(permutations(choices, len(numbers)))
    )
    return 1 - right / len(classes)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=12))
def test_rate_is_the_least_over_all_matchings(pairs):
    classes, clusters = zip(*pairs, strict=True)
    expected = rate_by_trying_everything(classes, clusters)
    assert misclassification_rate(classes, clusters) == pytest.approx(expected)


@quick
@given(labelled(), st.permutations(range(N_CLUSTERS)), st.randoms(use_true_random=False))
def test_rate_depends_neither_on_numbering_nor_on_order(data, renumbered, random):
    classes, clusters = data
    rate = misclassification_rate(classes, clusters)
    assert 0 <= rate < 1
    renamed = [f"group {renumbered[k]}" for k in clusters]
    shuffled = list(zip(classes, renamed, strict=True))
    random.shuffle(shuffled)
    assert misclassification_rate(*zip(*shuffled, strict=True)) == rate


def test_points_of_clusters_without_a_class_are_wrong():
    assert misclassification_rate([0, 0, 0, 1], [5, 5, 6, 7]) == 0.25
    assert misclassification_rate([0, 1, 2, 3], [0, 0, 0, 0]) == 0.75


@pytest.mark.parametrize("arguments", [([], []), ([1], [1, 2]), ([[1]], [[1]]), ([np.nan], [1])])
def test_rate_refuses_what_it_cannot_compare(arguments):
    with pytest.raises(ValueError):
        misclassification_rate(*arguments)


# --- match_labels ----------------------------------------------------------------------------


@quick
@given(labelled(), st.permutations(range(N_CLUSTERS)))
def test_a_renumbered_reference_is_found_again(data, renumbered):
    _, reference = data
    labels = [renumbered[k] for k in reference]
    assert match_labels(reference, labels).tolist() == reference


@quick
@given(labelled())
def test_matching_only_renames_and_agrees_as_far_as_possible(data):
    reference, labels = data
    renamed = match_labels(reference, labels)
    pairs = set(zip(labels, renamed.tolist(), strict=True))
    assert len(pairs) == len(set(labels)) == len(set(renamed.tolist()))
    disagreement = np.mean(np.array(reference) != renamed)
    assert disagreement == pytest.approx(misclassification_rate(reference, labels))


@pytest.mark.parametrize(
    "reference", [[4, 4, 4, 0], ["b", "b", "b", "a"], [True, True, True, False]]
)
def test_a_cluster_left_over_gets_a_label_of_its_own(reference):
    renamed = match_labels(reference, [8, 8, 9, 7])
    assert renamed[0] == renamed[1] == reference[0]
    assert renamed[3] == reference[3]
    assert renamed[2] not in reference


def test_labels_may_be_of_another_kind_than_the_reference():
    assert match_labels([1, 1, 2], ["x", "x", "y"]).tolist() == [1, 1, 2]
    assert match_labels(["x", "x", "y"], [0, 0, 5]).tolist() == ["x", "x", "y"]


def test_matching_nothing_gives_nothing():
    assert match_labels([], []).shape == (0,)


@pytest.mark.parametrize("arguments", [([1], [1, 2]), ([[1]], [[1]]), ([1.0], [np.nan])])
def test_matching_refuses_what_it_cannot_compare(arguments):
    with pytest.raises(ValueError):
        match_labels(*arguments)


def test_arguments_are_not_changed():
    first, second = np.array([1, 1, 0]), np.array([2, 2, 1])
    (
        most_common(3, first, second),
        match_labels(first, second),
        misclassification_rate(first, second),
    )
    assert first.tolist() == [1, 1, 0]
    assert second.tolist() == [2, 2, 1]
