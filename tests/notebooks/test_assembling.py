"""Whatever a student's notebook looks like, what is graded is the lesson's own frame."""

import json

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell

from course.notebooks.assembling import assemble
from course.notebooks.cells import grade_id, known_cells
from course.notebooks.reading import parse_submission
from course.notebooks.released import as_released

ID = "nbgrader"


def names(notebook):
    return [grade_id(cell) for cell in notebook.cells if grade_id(cell)]


def by_name(notebook):
    return {grade_id(cell): cell for cell in notebook.cells if grade_id(cell)}


def edited(notebook, change):
    """A copy of a notebook after `change(cells by name, all cells)`."""
    copy = nbformat.from_dict(json.loads(json.dumps(notebook)))
    change(by_name(copy), copy.cells)
    return copy


def test_an_honest_submission_keeps_its_text_and_gets_the_lessons_tests(source_nb, right):
    notebook, notes = assemble(source_nb, right)
    cells = by_name(notebook)
    assert notes == []
    assert names(notebook) == list(known_cells(source_nb))
    assert cells["double"].source == by_name(right)["double"].source
    assert cells["test_double"].source == by_name(source_nb)["test_double"].source
    assert "HIDDEN" in cells["test_double"].source


def test_a_deleted_test_is_put_back_after_what_the_student_wrote(source_nb, right):
    def change(cells, everything):
        place = everything.index(cells["test_double"])
        everything[place] = new_code_cell("double = lambda x: 2 * x")

    notebook, notes = assemble(source_nb, edited(right, change))
    sources = [cell.source for cell in notebook.cells]
    added = sources.index("double = lambda x: 2 * x")
    test = notebook.cells.index(by_name(notebook)["test_double"])
    assert added < test < notebook.cells.index(by_name(notebook)["total"])
    assert notes == ["test cell `test_double` had been deleted; it was put back"]


def test_a_deleted_solution_comes_back_as_a_stub_and_never_as_the_solution(source_nb, right):
    notebook, _ = assemble(
        source_nb, edited(right, lambda cells, all_: all_.remove(cells["double"]))
    )
    stub = by_name(notebook)["double"].source
    assert "raise NotSolvedYet" in stub
    assert "return 2 * x" not in nbformat.writes(notebook)
    assert stub == by_name(as_released(source_nb))["double"].source


def test_a_notebook_without_any_metadata_runs_stubs_first_and_tests_last(source_nb, right):
    def strip(cells, everything):
        for cell in everything:
            cell.metadata.clear()

    notebook, _ = assemble(source_nb, edited(right, strip))
    order = [grade_id(cell) for cell in notebook.cells]
    own = [place for place, name in enumerate(order) if name is None]
    assert order.index("double") < min(own[1:]) and max(own) < order.index("test_double")
    code = [grade_id(cell) for cell in notebook.cells if cell.cell_type == "code"]
    assert code[0] == "setup"


def test_of_a_copied_test_one_is_left_with_the_lessons_text(source_nb, right):
    def change(cells, everything):
        fake = nbformat.from_dict(cells["test_double"])
        everything.insert(1, {**fake, "source": "raise SystemExit"})
        everything.append({**fake, "source": "pass"})

    notebook, notes = assemble(source_nb, edited(right, change))
    assert names(notebook) == list(known_cells(source_nb))
    assert "SystemExit" not in nbformat.writes(notebook)
    assert sum("second copy of the locked cell `test_double`" in note for note in notes) == 2


def test_of_a_copied_answer_the_last_one_counts(source_nb, right):
    def change(cells, everything):
        copy = {**cells["double"], "source": "double = None"}
        everything.insert(everything.index(cells["double"]), copy)

    notebook, _ = assemble(source_nb, edited(right, change))
    assert by_name(notebook)["double"].source == by_name(right)["double"].source
    assert [cell.source for cell in notebook.cells if "double = None" in cell.source]


@pytest.mark.parametrize("field", ["points", "locked", "solution", "grade", "schema_version"])
def test_the_students_word_on_marks_does_not_count(source_nb, right, field):
    def change(cells, everything):
        for cell in cells.values():
            cell.metadata.nbgrader[field] = 99

    assert assemble(source_nb, edited(right, change))[0] == assemble(source_nb, right)[0]


def test_tags_are_dropped_and_types_restored(source_nb, right):
    def change(cells, everything):
        cells["test_double"].metadata.tags = ["skip-execution"]
        cells["test_total"].cell_type = "markdown"

    notebook, notes = assemble(source_nb, edited(right, change))
    cells = by_name(notebook)
    assert "tags" not in cells["test_double"].metadata
    assert cells["test_total"].cell_type == "code"
    assert any("test_total" in note for note in notes)


def test_a_moved_test_runs_after_its_solution_and_setup_first(source_nb, right):
    def change(cells, everything):
        everything.remove(cells["test_double"])
        everything.insert(0, cells["test_double"])
        everything.remove(cells["setup"])
        everything.append(cells["setup"])
        everything.insert(0, new_code_cell("assert 'warnings' in dir()"))

    notebook, notes = assemble(source_nb, edited(right, change))
    assert names(notebook) == list(known_cells(source_nb))
    assert next(grade_id(c) for c in notebook.cells if c.cell_type == "code") == "setup"
    assert len(notes) == 1


def test_a_pasted_picture_stays_and_other_attachments_go(source_nb, right):
    def change(cells, everything):
        cells["explain_sum"].attachments = {
            "plot.png": {"image/png": "iVBORw0KGgo="},
            "page": {"text/html": "<script>"},
        }

    notebook, _ = assemble(source_nb, edited(right, change))
    assert by_name(notebook)["explain_sum"].attachments == {
        "plot.png": {"image/png": "iVBORw0KGgo="}
    }


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=5,
)
NAMES = st.sampled_from(["setup", "double", "test_double", "total", "explain_sum", "unknown"])
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "heading"]) | ANYTHING,
        "source": st.text(max_size=8) | st.just("\ud800") | ANYTHING,
        "metadata": st.fixed_dictionaries(
            {ID: st.fixed_dictionaries({"grade_id": NAMES | ANYTHING, "points": ANYTHING})}
        )
        | ANYTHING,
        "attachments": ANYTHING,
        "outputs": ANYTHING,
    },
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(cells=st.lists(CELLS | ANYTHING, max_size=8))
def test_whatever_the_cells_are_the_result_is_the_lesson(source_nb, cells):
    notebook, _ = assemble(source_nb, {"cells": cells})
    nbformat.validate(notebook)
    json.dumps(notebook, ensure_ascii=False).encode()
    assert names(notebook) == list(known_cells(source_nb)) or _only_tests_moved(notebook, source_nb)
    result, lesson = by_name(notebook), known_cells(source_nb)
    for name, cell in lesson.items():
        assert result[name].cell_type == cell.cell_type
        assert result[name].metadata.nbgrader.get("points") == cell.metadata.nbgrader.get("points")
    for name in ("setup", "test_double", "test_total", "test_total__empty"):
        assert result[name].source == lesson[name].source
    order = names(notebook)
    assert order.index("double") < order.index("test_double")
    assert order.index("total") < order.index("test_total")
    code = [grade_id(cell) for cell in notebook.cells if cell.cell_type == "code"]
    assert code[0] == "setup"
    assert assemble(source_nb, notebook)[0].cells[0].keys()


def _only_tests_moved(notebook, source_nb):
    def rest(nb):
        return [name for name in names(nb) if not name.startswith("test_")]

    return sorted(names(notebook)) == sorted(known_cells(source_nb)) and rest(notebook) == rest(
        source_nb
    )


def test_a_notebook_in_an_old_format_is_read(tmp_path, source_nb, right):
    old = nbformat.v3.new_notebook(worksheets=[nbformat.v3.new_worksheet(cells=old_cells(right))])
    (tmp_path / "a.ipynb").write_text(nbformat.v3.writes_json(old))
    notebook, _ = assemble(source_nb, parse_submission((tmp_path / "a.ipynb").read_bytes()))
    assert by_name(notebook)["double"].source == by_name(right)["double"].source


def old_cells(notebook):
    """The notebook's cells in nbformat 3."""
    cells = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cells.append(nbformat.v3.new_code_cell(input=cell.source, metadata=cell.metadata))
        else:
            cells.append(nbformat.v3.new_text_cell("markdown", cell.source, metadata=cell.metadata))
    return cells


def test_text_cells_stay_where_they_are(source_nb, right):
    notebook, _ = assemble(source_nb, right)
    assert notebook.cells[0].source == new_markdown_cell("# Sums").source
