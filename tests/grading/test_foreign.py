"""A course of another school: no tags, other ids, magics, imports in plain cells. And odd cells."""

import json
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.cli import main
from course.gradebook.class_folder import ClassFolder
from course.grading.grade import grade_class
from course.notebooks.assembling import assemble
from course.notebooks.cells import refuse_autotests
from course.notebooks.exercises import fill_in
from course.notebooks.released import as_released
from course.paths import CourseError, notebook_path


def cell(make, text, name, points=None, **flags):
    made = make(text)
    said = {key: flags.get(key, False) for key in ("grade", "locked", "solution", "task")}
    made.metadata.nbgrader = {"grade_id": name, "schema_version": 3, **said}
    if points is not None:
        made.metadata.nbgrader["points"] = points
    return made


TWO = (
    "def mean(x):\n    ### BEGIN SOLUTION\n    return np.mean(x)\n    ### END SOLUTION\n\n"
    "def spread(x):\n    ### BEGIN SOLUTION\n    return np.std(x)\n    ### END SOLUTION"
)
SOLVED = "def mean(x):\n    return np.mean(x)\n\ndef spread(x):\n    return np.std(x)"
HALF = "def mean(x):\n    return np.mean(x)\n\ndef spread(x):\n    return 0"
TEST = (
    "assert np.isclose(mean([1, 3]), 2)\n### BEGIN HIDDEN TESTS\n"
    "assert np.isclose(spread([1, 3]), 1)\n### END HIDDEN TESTS"
)


def lesson(name):
    cells = [
        new_markdown_cell(f"# {name}"),
        new_code_cell("import numpy as np"),
        cell(new_code_cell, "%matplotlib inline\nCOUNT = 3", "cell-0c1d", locked=True),
        new_code_cell("print(np.arange(COUNT))"),
        cell(new_code_cell, TWO, "cell-1a2b", solution=True),
        cell(new_code_cell, "print(mean([1]))", "cell-77aa", locked=True),
        cell(new_code_cell, TEST, "cell-3e4f", 3, grade=True, locked=True),
        cell(new_markdown_cell, "YOUR ANSWER HERE", "cell-5g6h", 2, grade=True, solution=True),
    ]
    notebook = new_notebook(cells=cells)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata.kernelspec = kernel
    return notebook


STUDENTS = {"right": (SOLVED, "3"), "half": (HALF, "0"), "none": (None, "0")}


def test_a_course_of_another_school_is_graded(tmp_path, monkeypatch, read_grades, capsys):
    root, source = tmp_path / "class", tmp_path / "elsewhere"
    for name in ("week1", "week2"):
        path = notebook_path(source, name)
        path.parent.mkdir(parents=True)
        nbformat.write(lesson(name), path)
        for student, (answer, _) in STUDENTS.items():
            path = notebook_path(root / "submitted" / student, name)
            path.parent.mkdir(parents=True)
            given = {"cell-1a2b": answer, "cell-5g6h": "It spreads."} if answer else {}
            nbformat.write(fill_in(as_released(lesson(name)), given), path)
    words = ["grade", "--root", str(root), "--source", str(source), "--jobs", "1"]
    monkeypatch.setattr(sys, "argv", ["course", *words])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 0, capsys.readouterr().err
    rows = read_grades(root)
    for student, (_, points) in STUDENTS.items():
        assert rows[student, "cell-3e4f"]["points"] == points, rows[student, "cell-3e4f"]
    assert rows["right", "cell-5g6h"]["status"] == "manual"
    assert rows["none", "cell-5g6h"]["status"] == "missing"


def test_a_recipe_for_tests_is_refused_in_a_sentence():
    notebook = lesson("week1")
    notebook.cells[6].source = "### AUTOTEST mean([1, 3])"
    with pytest.raises(CourseError, match=r"`cell-3e4f` holds ### AUTOTEST"):
        refuse_autotests(notebook, "week1")


@pytest.fixture
def handed_out(source_nb):
    """The small lesson as handed out, and a function that puts it together again."""
    released = as_released(source_nb)

    def answers(*names):
        notebook, _ = assemble(source_nb, released)
        found = {
            each.metadata.nbgrader.grade_id: each.source
            for each in notebook.cells
            if "nbgrader" in each.metadata
        }
        return [found[name] for name in names]

    return released, answers


def named(notebook, name):
    return next(
        place
        for place, each in enumerate(notebook.cells)
        if each.metadata.get("nbgrader", {}).get("grade_id") == name
    )


def test_a_written_answer_without_its_metadata_goes_to_a_reader(handed_out):
    released, answers = handed_out
    released.cells[named(released, "explain_sum")] = new_markdown_cell("A sum adds up.")
    assert answers("explain_sum") == ["A sum adds up."]


def test_an_answer_beside_its_empty_cell_goes_to_a_reader(handed_out):
    released, answers = handed_out
    released.cells.append(new_markdown_cell("A sum adds up."))
    assert answers("explain_sum") == ["A sum adds up."]


def test_the_answered_one_of_two_copies_counts(handed_out):
    released, answers = handed_out
    place = named(released, "double")
    stub = nbformat.from_dict(json.loads(json.dumps(released.cells[place])))
    released.cells[place].source = "def double(x):\n    return 2 * x"
    released.cells.insert(place + 1, stub)
    assert answers("double") == ["def double(x):\n    return 2 * x"]


def test_messages_name_what_was_changed(tmp_path, source, released, answer, hand_in, read_grades):
    root = tmp_path / "class"
    hand_in(root, "other", answer(double="def Double(x):\n    return 2 * x"))
    hand_in(root, "asks", answer(double="double = input('How? ')"))
    changed = answer(double="def double(x):\n    return it.repeat(x)")
    changed.cells[named(changed, "setup")].source += "\nimport itertools as it"
    hand_in(root, "changed", changed)
    taken = answer(double="def double(x):\n    return warnings.double(x)")
    taken.cells.insert(3, new_code_cell("warnings = None"))
    hand_in(root, "taken", taken)
    assert grade_class(ClassFolder(root), source=source, jobs=1) == 0
    rows = read_grades(root)
    said = {
        student: rows[student, "test_double"]["message"]
        for student in ("other", "asks", "changed", "taken")
    }
    assert "the cell must define `double`; yours defines `Double`" in said["other"]
    assert "input() has nobody to ask" in said["asks"]
    assert "`setup` had been changed, and was put back: it does not define `it`" in said["changed"]
    assert "cell number 4 overwrites `warnings`" in said["taken"]
