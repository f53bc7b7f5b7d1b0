"""What is no notebook is refused with a reason, and what a notebook is, its cells say."""

import copy
import json
import re

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from course.notebooks.cells import grade_id
from course.notebooks.reading import UnreadableSubmission, choose, parse_submission

TOO_MUCH = "more than 1,000,000 values; clear its outputs"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"{", "not valid JSON"),
        (b'{"a": "\xff"}', "not text in UTF-8"),
        (b"[]", "not a notebook"),
        (b'{"nbformat": 4, "cells": 3}', "no cells"),
        (b'{"nbformat": 5, "cells": []}', "newer"),
        (b'{"nbformat": "x", "cells": []}', "not a notebook"),
        (b'{"nbformat": 3, "worksheets": 7}', "old format 3"),
        (json.dumps({"nbformat": 4, "cells": [{}] * 2001}).encode(), "more than 2000 cells"),
        (b'{"nbformat": 4, "cells": [], "metadata": {"a": ' + b"9" * 10_000 + b"}}", "not valid"),
        (b"[" * 100_000, "nested more than 100 deep"),
        (b'{"a":' * 101 + b"1" + b"}" * 101, "nested more than 100 deep"),
        (b"[" * 1_000_001, TOO_MUCH),
        (b"[" + b"{}," * 1_000_000 + b"1]", TOO_MUCH),
        (b'{"metadata": [' + b"1," * 1_000_000 + b"1]}", TOO_MUCH),
        (b"[" + b'"",' * 2_000_001 + b"1]", TOO_MUCH),
        (b'"' + b'\\"' * 4_000_001, TOO_MUCH),
    ],
)
def test_what_is_no_notebook_is_refused_with_the_reason(content, reason):
    with pytest.raises(UnreadableSubmission, match=reason) as refused:
        parse_submission(content)
    assert re.fullmatch(r"[^\n]{10,200}\.", str(refused.value))


def test_brackets_and_commas_in_texts_are_no_values(right):
    notebook = copy.deepcopy(right)
    notebook.cells[-1].source = '[{",\\' * 300_000
    notebook.metadata.note = '\\"[[['
    assert len(parse_submission(json.dumps(notebook).encode()).cells) == len(right.cells)


def test_nothing_is_kept_that_is_not_read(right):
    notebook = copy.deepcopy(right)
    notebook.metadata.widgets = {"state": [1] * 1000}
    cell = notebook.cells[2]
    cell.outputs = [new_output("stream", text="x" * 1000)]
    cell.metadata.update(other=1, nbgrader={**cell.metadata.nbgrader, "points": 1e9})
    read = parse_submission(json.dumps(notebook).encode())
    assert list(read) == ["cells"]
    assert read.cells[2] == {
        "cell_type": "code",
        "source": cell.source,
        "metadata": {"nbgrader": {"grade_id": "double"}},
    }


# --- which of the notebooks in the folder -----------------------------------------------------------

OTHER = {"02_other": {"shift", "test_shift", "test_shift__edges", "quiz_1"}}


def other_lesson():
    cells = [
        new_code_cell(name, metadata={"nbgrader": {"grade_id": name}}) for name in OTHER["02_other"]
    ]
    return new_notebook(cells=cells)


@pytest.fixture
def chosen(source_nb, lesson):
    """A function that chooses among notebooks: what is filled in in it, and the notes."""

    def choose_from(found):
        data = {
            name: each if isinstance(each, str | bytes) else json.dumps(each).encode()
            for name, each in found.items()
        }
        notebook, notes = choose(data, source_nb, lesson, lambda: OTHER)
        cells = {grade_id(cell): cell["source"] for cell in notebook.cells}
        return cells.get("double"), notes

    return choose_from


def marked(answer, text):
    return answer(double=f"def double(x):\n    return 2 * x  # {text}")


@pytest.mark.parametrize(
    "name",
    ["01_sums (1).ipynb", "01_sums-Copy1.ipynb", "01_SUMS.ipynb", "01_sums.IPYNB", "final.ipynb"],
)
def test_the_only_notebook_of_the_lesson_is_taken_under_any_name(name, chosen, right):
    text, notes = chosen({name: right})
    assert "return x + x" in text
    assert notes == [
        f"there was no notebook of this lesson called `01_sums.ipynb`; `{name}` counts"
    ]


def test_the_expected_name_wins_and_the_others_are_named(chosen, answer):
    text, notes = chosen(
        {
            "01_sums.ipynb": marked(answer, "this"),
            "01_sums (2).ipynb": marked(answer, "that"),
            "notes.ipynb": new_notebook(),
            "02_other.ipynb": other_lesson(),
        }
    )
    assert "# this" in text
    assert notes == ["`01_sums.ipynb` counts; `01_sums (2).ipynb` lay beside it"]


def test_a_blank_notebook_with_work_beside_it_is_told(chosen, released, right):
    text, (note,) = chosen({"01_sums.ipynb": released, "01_sums-Copy1.ipynb": right})
    assert "NotSolvedYet" in text
    assert "nothing is filled in in `01_sums.ipynb`" in note and "`01_sums-Copy1.ipynb`" in note
    _, (note,) = chosen({"01_sums.ipynb": released, "01_sums-Copy1.ipynb": released})
    assert note == "`01_sums.ipynb` counts; `01_sums-Copy1.ipynb` lay beside it"


def test_another_lesson_s_notebook_does_not_hide_the_one_that_fits(chosen, right):
    text, (note,) = chosen({"01_sums.ipynb": other_lesson(), "01_sums (1).ipynb": right})
    assert "return x + x" in text and "`01_sums (1).ipynb` counts" in note
    text, (note,) = chosen({"01_sums.ipynb": b"{", "01_sums (1).ipynb": right})
    assert "return x + x" in text and "`01_sums (1).ipynb` counts" in note


def test_a_notebook_whose_cells_say_nothing_is_taken_by_its_name(chosen, right):
    bare = copy.deepcopy(right)
    for cell in bare.cells:
        cell.metadata.clear()
    assert chosen({"01_sums.ipynb": bare}) == (None, [])
    with pytest.raises(UnreadableSubmission, match=r"only `mine\.ipynb`.*must be `01_sums\.ipynb`"):
        chosen({"mine.ipynb": bare})


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ([], r"There is no `01_sums\.ipynb` in the submission, and no other notebook\."),
        (["01_sums.ipynb"], r"`01_sums\.ipynb` is lesson 02_other, not 01_sums\."),
        (["a.ipynb"], r"only `a\.ipynb` \(lesson 02_other\)\."),
        (["a.ipynb", "b.ipynb"], r"`a\.ipynb` \(lesson 02_other\), `b\.ipynb` \(lesson 02_other\)"),
    ],
)
def test_what_there_is_instead_is_said(names, reason, chosen):
    with pytest.raises(UnreadableSubmission, match=reason):
        chosen(dict.fromkeys(names, other_lesson()))


def test_of_several_that_fit_none_is_guessed(chosen, right):
    with pytest.raises(UnreadableSubmission, match=r"several.*`a\.ipynb`, `b\.ipynb`.*Hand in one"):
        chosen({"a.ipynb": right, "b.ipynb": right})


def test_a_file_that_cannot_be_read_is_told_in_its_words(chosen):
    with pytest.raises(UnreadableSubmission, match=r"^`01_sums\.ipynb` is a symbolic link"):
        chosen({"01_sums.ipynb": "`01_sums.ipynb` is a symbolic link, not a file."})
    with pytest.raises(
        UnreadableSubmission,
        match=r"only `a\.ipynb`\. `a\.ipynb` is not a notebook: it is not valid JSON",
    ):
        chosen({"a.ipynb": b"{"})
