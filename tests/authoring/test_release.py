"""What students get holds nothing of the instructor's, and it runs."""

import copy

import nbformat
import pytest

from course.authoring import release
from course.paths import RELEASE, SOURCE, CourseError, notebook_path
from course.syllabus import lesson_ids


@pytest.mark.parametrize("lesson", lesson_ids())
def test_the_committed_release_is_what_nbgrader_makes_today(lesson, tmp_path):
    made = release.generate(lesson, SOURCE, tmp_path)
    assert notebook_path(RELEASE, lesson).read_bytes() == made.read_bytes()


@pytest.fixture(scope="module")
def pair():
    lesson = lesson_ids()[0]
    return tuple(
        nbformat.read(notebook_path(folder, lesson), as_version=4) for folder in (SOURCE, RELEASE)
    )


@pytest.mark.parametrize("lesson", lesson_ids())
def test_the_release_has_no_instructors_line(lesson):
    source, released = (
        nbformat.read(notebook_path(folder, lesson), as_version=4) for folder in (SOURCE, RELEASE)
    )
    assert release.leaks(source, released) == []
    text = "\n".join(cell.source for cell in released.cells if cell.cell_type == "code")
    assert "### BEGIN" not in text
    assert "### END" not in text
    assert text.count("raise NotSolvedYet") == sum(
        "### BEGIN SOLUTION" in cell.source for cell in source.cells
    )


def cell_named(notebook, name):
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


@pytest.mark.parametrize("kind", ["solution", "hidden test", "model answer", "output", "metadata"])
def test_a_leak_is_found(pair, kind):
    source, released = pair[0], copy.deepcopy(pair[1])
    if kind == "solution":
        line = cell_named(source, "expected_counts").source.splitlines()[-2]
        released.cells[2].source += "\n" + line
    elif kind == "hidden test":
        hidden = cell_named(source, "test_expected_counts").source
        line = hidden.partition("### BEGIN HIDDEN TESTS\n")[2].splitlines()[0]
        cell_named(released, "test_expected_counts").source += "\n" + line
    elif kind == "model answer":
        name = "explain_overlap"
        cell_named(released, name).source = cell_named(source, name).source
    elif kind == "output":
        cell = cell_named(released, "test_expected_counts")
        cell.outputs = [nbformat.v4.new_output("stream", text="all the answers")]
    elif kind == "metadata":
        released.cells[3].metadata["answer"] = "b"
    assert release.leaks(source, released)


def notebook_with(tmp_path, *sources):
    path = tmp_path / "a.ipynb"
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_a_first_run_may_stop_only_at_an_unsolved_exercise(tmp_path):
    stop = "from utils import NotSolvedYet\nraise NotSolvedYet"
    release.runs_to_first_exercise("a", notebook_with(tmp_path, "x = 1", stop, "y"))
    with pytest.raises(CourseError, match="NameError"):
        release.runs_to_first_exercise("a", notebook_with(tmp_path, "x = y", stop))
    with pytest.raises(CourseError, match="without any exercise"):
        release.runs_to_first_exercise("a", notebook_with(tmp_path, "x = 1"))
