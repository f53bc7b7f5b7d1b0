"""Text and notebook say the same, in both directions, to the byte."""

import copy

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.authoring import text
from course.paths import SOURCE, CourseError, lesson_file, notebook_path
from course.syllabus import lesson_ids

line = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=30
)
prose = st.lists(line, min_size=1, max_size=5).map("\n".join).map(lambda s: s.strip("\n"))
code = st.lists(
    st.sampled_from(["x = 1", "def f(a):", "    return a", "", "# a comment", "### BEGIN SOLUTION",
                     "%timeit f(2)", "!ls", "y = '# text'", "@decorated", "class A: pass", "if x:"]),
    min_size=1, max_size=6,
).map("\n".join).map(lambda s: s.strip("\n"))  # fmt: skip
nbgrader = st.one_of(
    st.builds(
        lambda kind, points: {"grade_id": "f", "schema_version": 3, "task": False}
        | text.SHORTHAND[kind]
        | ({"points": points} if kind in ("test", "manual") else {}),
        st.sampled_from(sorted(text.SHORTHAND)),
        st.integers(1, 9),
    ),
    st.just({"grade": True, "grade_id": "odd", "locked": False, "points": 0.5, "solution": True,
             "schema_version": 3, "task": True}),
)  # fmt: skip
metadata = st.fixed_dictionaries(
    {},
    optional={
        "nbgrader": nbgrader,
        "tags": st.lists(st.sampled_from(["setup", "hide-input"]), min_size=1, unique=True),
        "slideshow": st.just({"slide_type": "slide"}),
        "editable": st.booleans(),
    },
)


def cell(kind):
    make = getattr(nbformat.v4, f"new_{kind}_cell")
    return st.builds(
        lambda source, meta: make(source, metadata=meta),
        code if kind == "code" else prose,
        metadata,
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(cell("code"), cell("markdown")), min_size=1, max_size=6))
def test_a_notebook_comes_back_from_text_or_is_refused(cells):
    notebook = nbformat.v4.new_notebook(cells=cells)
    try:
        back = text.to_notebook(text.to_text(notebook))
    except CourseError:
        return
    assert [c.cell_type for c in back.cells] == [c.cell_type for c in cells]
    assert [c.source for c in back.cells] == [c.source.strip("\n") for c in cells]
    assert [dict(c.metadata) for c in back.cells] == [dict(c.metadata) for c in cells]


@pytest.mark.parametrize("lesson", lesson_ids())
def test_a_lesson_comes_back_to_the_byte(lesson):
    written = lesson_file(lesson, "lesson.py").read_text(encoding="utf-8")
    notebook = text.to_notebook(written)
    nbformat.validate(notebook)
    assert text.to_text(notebook) == written
    assert text.dumps(text.to_notebook(written)) == text.dumps(notebook)


@pytest.mark.parametrize("lesson", lesson_ids())
def test_a_notebook_saved_by_jupyterlab_gives_the_same_text(lesson):
    written = lesson_file(lesson, "lesson.py").read_text(encoding="utf-8")
    notebook = nbformat.read(notebook_path(SOURCE, lesson), as_version=4)
    saved = copy.deepcopy(notebook)
    saved.metadata["language_info"] = {
        "name": "python",
        "version": "3.13.1",
        "file_extension": ".py",
    }
    saved.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {}}
    for number, c in enumerate(saved.cells):
        c.id = f"random-{number}"
        if c.cell_type == "code":
            c.execution_count = number
            c.outputs = [nbformat.v4.new_output("stream", text="some output")]
    assert text.to_text(saved) == written


def test_a_pasted_image_is_refused_with_the_cell():
    pasted = nbformat.v4.new_markdown_cell(
        "![x](attachment:a.png)", attachments={"a.png": {"image/png": ""}}
    )
    with pytest.raises(CourseError, match="Cell 1 holds a pasted image"):
        text.to_text(nbformat.v4.new_notebook(cells=[pasted]))


def test_the_four_kinds_of_cells_are_nbgraders_own():
    notebook = text.to_notebook(
        '# %% solution="f"\n# %% test="test_f" points=2\n# %% [markdown] manual="explain_f" points=1\n# %% locked="setup"\n'
    )
    flags = [
        (c.metadata.nbgrader.grade, c.metadata.nbgrader.solution, c.metadata.nbgrader.locked)
        for c in notebook.cells
    ]
    assert flags == [
        (False, True, False),
        (True, False, True),
        (True, True, False),
        (False, False, True),
    ]
    assert [c.metadata.nbgrader.get("points") for c in notebook.cells] == [None, 2, 1, None]


def test_a_hand_edited_notebook_is_noticed(tmp_path):
    path = tmp_path / "a.ipynb"
    notebook = text.to_notebook("# %%\nx = 1\n")
    path.write_text(text.dumps(notebook))
    assert not text.edited_by_hand(path)
    notebook.cells[0].source = "x = 2"
    path.write_text(text.dumps(notebook))
    assert text.edited_by_hand(path)
