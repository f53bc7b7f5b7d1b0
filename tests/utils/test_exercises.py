"""What an unsolved exercise says, in and outside a notebook, and what is like an array."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from utils import NotSolvedYet, assert_like, every, is_like

ADVICE = (
    "is not solved yet. Replace the line `raise NotSolvedYet` with your code, "
    "run that cell again, then this one."
)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (NotSolvedYet("sample_categories"), f"Exercise `sample_categories` {ADVICE}"),
        (NotSolvedYet(), f"This exercise {ADVICE}"),
    ],
)
def test_the_message_says_what_to_do(error, sentence):
    assert str(error) == sentence
    assert error._render_traceback_() == [sentence]


def test_it_is_caught_as_not_implemented():
    with pytest.raises(NotImplementedError, match="`inertia`"):
        raise NotSolvedYet("inertia")


def test_it_survives_pickling():
    error = pickle.loads(pickle.dumps(NotSolvedYet("inertia")))
    assert str(error) == str(NotSolvedYet("inertia"))


def test_ipython_shows_the_sentence_and_no_traceback(capsys):
    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=config)
    try:
        shell.run_cell(
            "from utils import NotSolvedYet\ndef inertia():\n    raise NotSolvedYet('inertia')"
        )
        result = shell.run_cell("inertia()")
    finally:
        InteractiveShell.clear_instance()
    printed = capsys.readouterr().out
    assert isinstance(result.error_in_exec, NotSolvedYet)
    assert f"Exercise `inertia` {ADVICE}" in printed
    assert "Traceback" not in printed


WHOLE = [[1, 2], [3, 4]]
ALIKE = {
    "lists": (WHOLE, np.array(WHOLE)),
    "tuples": (((1, 2), (3, 4)), WHOLE),
    "whole numbers and floats": (np.array(WHOLE), np.array(WHOLE, dtype=float)),
    "small whole numbers": (np.array(WHOLE, dtype=np.uint8), WHOLE),
    "half precision": (np.array(WHOLE, dtype=np.float16), WHOLE),
    "single precision": (np.float32(0.1), 0.1),
    "a frame": (pd.DataFrame(WHOLE), WHOLE),
    "truths": ([True, False], [1, 0]),
    "a number and an array of no dimension": (np.array(3.0), 3),
    "nan where it is expected": ([np.nan, 1, -np.inf], [np.nan, 1, -np.inf]),
}
UNLIKE = {
    "nothing at all": (None, [1.0]),
    "an empty array": ([], [1.0]),
    "an empty array that would stretch": (np.empty((0, 2)), [[1.0, 1.0]]),
    "empty arrays": (np.empty((0, 2)), np.empty((0, 2))),
    "one number for many": (1.0, [1.0, 1.0]),
    "many numbers for one": ([1.0, 1.0], 1.0),
    "one row for many": ([[1, 2]], [[1, 2], [1, 2]]),
    "a column": ([[1], [2]], [1, 2]),
    "ragged lists": ([[1, 2], [3]], WHOLE),
    "nan": ([np.nan, 2.0], [1.0, 2.0]),
    "infinity": ([np.inf, 2.0], [1.0, 2.0]),
    "too far apart": ([1.001, 2.0], [1.0, 2.0]),
    "texts": (["1", "2"], [1, 2]),
    "complex numbers": (np.array([1 + 0j, 2]), [1, 2]),
    "objects": (np.array([1, 2], dtype=object), [1, 2]),
    "a generator": ((x for x in (1, 2)), [1, 2]),
    "numbers beyond all floats": ([10**400, 2], [1, 2]),
}


@pytest.mark.parametrize(("actual", "expected"), ALIKE.values(), ids=ALIKE.keys())
def test_what_holds_the_same_numbers_is_alike(actual, expected):
    assert is_like(actual, expected)
    assert_like(actual, expected, "never said")


@pytest.mark.parametrize(("actual", "expected"), UNLIKE.values(), ids=UNLIKE.keys())
def test_nothing_else_is_alike(actual, expected):
    assert not is_like(actual, expected)
    with pytest.raises(AssertionError):
        assert_like(actual, expected, "They differ.")


def test_how_far_numbers_may_be_apart_can_be_told():
    assert is_like([1.001], [1.0], rtol=0.01)
    assert_like([0.001], [0.0], "never said", atol=0.01)
    assert not is_like([1.0 + 1e-9], [1.0], rtol=0, atol=0)


@pytest.mark.parametrize(
    ("actual", "expected", "said"),
    [
        ([[1, 2], [3, 5]], WHOLE, "They differ."),
        ([[np.nan, 2], [3, 4]], WHOLE, "They differ."),
        (
            [1, 2],
            WHOLE,
            "A result should be an array of shape (2, 2), not an array of shape (2,).",
        ),
        ([], 3, "A result should be a single number, not an array of shape (0,)."),
        (
            None,
            WHOLE,
            "A result should be an array of shape (2, 2), but it holds no real numbers.",
        ),
    ],
    ids=["other numbers", "nan", "other shape", "empty", "no numbers"],
)
def test_a_wrong_shape_is_told_by_itself(actual, expected, said):
    with pytest.raises(AssertionError) as caught:
        assert_like(actual, expected, "They differ.")
    assert str(caught.value) == said


def test_a_liar_is_like_nothing_and_raises_nothing():
    class Liar:
        def __array__(self, dtype=None, copy=None):
            raise KeyError("no")

    assert not is_like(Liar(), [1.0])


def test_an_overflow_is_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not is_like([1e308, np.inf], [-1e308, 1.0])


@pytest.mark.parametrize(
    "claims",
    [np.array([3, 4]) > 2, [True, np.bool_(True)], (x > 0 for x in (1, 2)), np.ones((2, 2), bool)],
    ids=["array", "list", "generator", "table"],
)
def test_every_claim_holds(claims):
    assert every(claims)


@pytest.mark.parametrize(
    "claims",
    [
        *([], np.empty(0) > 2, np.empty((0, 3), dtype=bool), (x for x in ())),
        *([True, False], np.array([3, 4]) > 3, (x > 1 for x in (1, 2))),
        *(None, np.array([np.nan, 1.0]), [1, 1], "yes"),
    ],
    ids=[
        *("no list", "no array", "no table", "no generator"),
        *("one false", "one smaller", "one of a generator"),
        *("nothing", "nan", "numbers", "a text"),
    ],
)
def test_not_every_claim_holds(claims):
    assert not every(claims)
