"""Copies are found under other names; what everybody has is no copy."""

import pytest

from course.reports.similar import also_alike, groups

LONG = """\
def spread(xs):
    total = 0
    middle = sum(xs) / len(xs)
    for value in xs:
        difference = value - middle
        if difference < 0:
            difference = -difference
        total = total + difference * difference
    return total / (len(xs) - 1)"""
RENAMED = """\
def spread(q):
    '''My own idea.'''
    a = 0   # sum
    b = sum(q) / len(q)

    for c in q:
        d = c - b
        if d < 0:
            d = -d
        a = a + d*d
    return a / (len(q) - 1)"""
OWN = """\
def spread(xs):
    squares = [x ** 2 for x in xs]
    n, mean = len(xs), sum(xs) / len(xs)
    variance = (sum(squares) - n * mean ** 2) / (n - 1)
    assert variance > -1e-12
    return max(variance, 0.0)"""


def test_other_names_comments_and_spacing_hide_nothing():
    [found] = groups({"ann": LONG, "ben": RENAMED, "cat": OWN})
    assert found.students == ("ann", "ben") and found.similarity > 99


def test_a_different_solution_is_not_alike():
    assert groups({"ann": LONG, "cat": OWN}) == []


def test_what_the_lesson_gives_is_no_copy():
    assert groups({"ann": LONG, "ben": RENAMED}, known=[LONG]) == []


def test_what_many_share_is_no_copy():
    everybody = {f"s{number}": LONG for number in range(12)}
    assert groups(everybody) == []


def test_short_answers_are_alike_by_nature():
    assert (
        groups({"ann": "def f(x):\n    return x + 1", "ben": "def f(y):\n    return y + 1"}) == []
    )


def test_three_who_share_make_one_group():
    [found] = groups({"ann": LONG, "ben": RENAMED, "cat": OWN, "dan": LONG.replace("xs", "zs")})
    assert sorted(found.students) == ["ann", "ben", "dan"]


def test_prose_is_compared_by_its_words():
    text = (
        "A shop that scales its features gives each of them the same say. The age of a customer "
        "would otherwise drown in the cents that were spent, which are far more numerous."
    )
    [found] = groups({"ann": text, "ben": text.upper() + "  ", "cat": "No idea."}, code=False)
    assert found.students == ("ann", "ben")


@pytest.mark.parametrize(
    "broken",
    ["def f(:\n  x", "'''", "\x00", "(" * 5000, "if x:\n  y\n z", "€ ¿" * 3000, "x" * 10**6],
)
def test_text_that_is_no_python_is_compared_as_far_as_it_goes(broken):
    [found] = groups({"ann": LONG + "\n" + broken, "ben": RENAMED + "\n" + broken})
    assert found.students == ("ann", "ben")


def test_pairs_that_are_alike_elsewhere_are_counted():
    [one] = groups({"ann": LONG, "ben": RENAMED})
    pairs = also_alike({("01_a", "f"): [one], ("01_a", "g"): [one]})
    assert pairs == {frozenset(("ann", "ben")): [("01_a", "f"), ("01_a", "g")]}
