"""Mutants: each differs in one small thing, and all the mistakes that matter are made."""

import ast

import pytest

from course.audit.mutants import diff, mutants

SOLUTION = '''\
def spread(X, k, rng):
    """The spread of k draws."""
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    if k < 1:
        raise ValueError(f"k is {k + 1}")
    rows = rng.choice(len(X), size=k)
    total = np.zeros(X.shape[1])
    for i in range(k):
        total += X[rows[i]].copy()
    return np.sum((X[rows] - total / k) ** 2, axis=1, keepdims=True), rows[:, None].T
    ### END SOLUTION
'''


@pytest.fixture(scope="module")
def lines():
    return [mutant.line for mutant in mutants("spread", SOLUTION)]


def test_every_mutant_is_python_and_differs_from_the_solution_and_from_the_others():
    texts = [mutant.source for mutant in mutants("spread", SOLUTION)]
    meanings = {ast.dump(ast.parse(text)) for text in texts}
    assert len(meanings) == len(texts) > 40
    assert ast.dump(ast.parse(SOLUTION)) not in meanings


@pytest.mark.parametrize(
    "line",
    [
        "X = np.asarray(X, dtype=int)",
        "X = np.asarray(X)",
        "X = (X)",
        "if k <= 1:",
        "if k < 2:",
        "if False and (k < 1):",
        "rows = np.random.default_rng(0).choice(len(X), size=k)",
        "rows = np.random.choice(len(X), size=k)",
        "rows = rng.choice(3, size=k)",
        "total = np.ones(X.shape[1])",
        "total = np.zeros(2)",
        "for i in range(k - 1):",
        "for i in range(1, k):",
        "pass  # total += X[rows[i]].copy()",
        "total += X[rows[i]]",
    ],
)
def test_the_mistakes_that_matter_are_made(lines, line):
    assert line in lines


@pytest.mark.parametrize(
    "part",
    [
        "np.mean((X[rows]",
        "axis= 0",
        "keepdims=False",
        "axis=1), rows",
        "X[rows] + total",
        "total / (k - 1)",
        "np.sum((X[rows] - total / k), axis=1",
        "rows[None, :]",
        "return (rows[:, None].T, ",
    ],
)
def test_the_last_line_is_changed_in_every_way(lines, part):
    assert any(part in line for line in lines if line.startswith("return"))


def test_the_wording_of_errors_and_docstrings_is_left_alone():
    assert not [m for m in mutants("spread", SOLUTION) if "k is {k" in m.line]


def test_the_diff_shows_the_changed_line_alone():
    mutant = next(m for m in mutants("spread", SOLUTION) if m.line == "if k <= 1:")
    changed = [line for line in diff(SOLUTION, mutant.source).splitlines() if line[0] in "+-"]
    assert changed == ["-    if k < 1:", "+    if k <= 1:"]
