"""An unsolved exercise says so in a sentence, in and outside a notebook."""

import pickle

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from utils import NotSolvedYet

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
