"""One intake for every door: `course grade`, nbgrader's own autograde and generate_feedback."""

import copy
import json
import os
import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook

from course.gradebook.class_folder import ClassFolder
from course.grading.grade import grade_class
from course.grading.intake import take
from course.isolation import limited
from course.notebooks.cells import grade_id
from course.notebooks.files import UnreadableSubmission
from course.paths import REPO

SECRET = "the gradebook's secret"


@pytest.fixture
def taken(tmp_path, hand_in, source, lesson):
    """A function that hands in a notebook or bytes, and takes it in."""

    def take_in(content, name=f"{lesson}.ipynb"):
        hand_in(tmp_path, "eve", content, name)
        return take(tmp_path / "submitted" / "eve" / lesson, lesson, source)

    return take_in


def own(notebook, name):
    return next(cell.source for cell in notebook.cells if grade_id(cell) == name)


def with_cell(notebook, source, cell_type="code"):
    changed = copy.deepcopy(notebook)
    cell = new_code_cell(source)
    cell.cell_type = cell_type
    changed.cells.append(cell)
    return changed


def test_a_submission_is_put_together_and_analysed(taken, right):
    it = taken(right)
    assert own(it.notebook, "double") == own(right, "double") and it.notes == []
    assert it.needed == list(range(len(right.cells)))


def test_one_that_lacks_cells_is_put_together_too(taken, right):
    changed = copy.deepcopy(right)
    changed.cells = [cell for cell in changed.cells if grade_id(cell) != "total"]
    it = taken(changed)
    assert "NotSolvedYet" in own(it.notebook, "total")
    assert it.notes == ["solution cell `total` had been deleted; it was put back"]


CHAIN = "x" + ".y" * 400
HOSTILE = {
    "a chain of attributes": f"def double(x):\n    return {CHAIN}",
    "a sum": f"def double(x):\n    return {' + '.join(['x'] * 3000)}",
    "brackets": "x = " + "(" * 90_000 + ")" * 90_000,
    "lists": "x = " + "[" * 150 + "]" * 150,
    "a tuple": "x = (" + "1," * 99_000 + ")",
    "calls": "x" + "()" * 60_000,
    "unary": "x = " + "-" * 150_000 + "1",
    "lambdas": "x = " + "lambda: " * 20_000 + "1",
    "functions in functions": "\n".join(" " * n + "def f():" for n in range(99)) + " pass",
    "nul": "x = 1\0",
    "surrogates": "x = '\ud800'",
    "f-strings": "f'" + "{" * 1000 + "}" * 1000 + "'",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_an_analysis_that_fails_means_run_everything(kind, taken, answer):
    """Or it does not fail: but nothing is refused, and nothing gets out of hand."""
    it = taken(with_cell(answer(), HOSTILE[kind]))
    everything = list(range(len(it.notebook.cells)))
    assert it.needed in (None, everything)


def test_an_analysis_that_ends_its_process_means_run_everything(taken, right, monkeypatch):
    monkeypatch.setattr("course.grading.intake.needed_cells", lambda notebook: os._exit(1))
    it = taken(right)
    assert it.needed is None and own(it.notebook, "double") == own(right, "double")


def test_reading_that_gets_out_of_hand_is_one_refusal(taken, right, monkeypatch):
    monkeypatch.setattr("course.grading.intake.choose", lambda *_: bytearray(2**31))
    with pytest.raises(UnreadableSubmission, match=r"^`01_sums.ipynb` takes too much memory"):
        taken(right)

    def hang(*_):
        while True:
            pass

    monkeypatch.setattr("course.grading.intake.choose", hang)
    monkeypatch.setattr("course.grading.intake.SECONDS", 0.1)
    with pytest.raises(UnreadableSubmission, match=r"^`01_sums.ipynb` takes too long"):
        taken(right)


@pytest.mark.parametrize(
    ("text", "cell_type", "reason"),
    [
        ("1," * 200_000, "code", "more than 200,000 characters"),
        ("\n" * 8_000, "code", "more than 5,000 lines"),
        ("\n" * 8_000, "markdown", "more than 5,000 lines"),
        ("\\begin{a}" * 300_000, "markdown", "more than 2,000,000 characters"),
    ],
    ids=["code", "lines of code", "lines of text", "text"],
)
def test_a_cell_that_is_too_long_is_left_out_and_told(text, cell_type, reason, taken, right):
    it = taken(with_cell(right, text, cell_type))
    assert it.notes == [f"cell number {len(it.notebook.cells)} was left out: it has {reason}"]
    assert len(it.notebook.cells[-1].source) < 100
    assert own(it.notebook, "double") == own(right, "double")


def test_a_solution_that_claims_to_be_text_has_the_limit_of_code(taken, answer):
    hidden = copy.deepcopy(answer(double="x" * 300_000))
    for cell in hidden.cells:
        if grade_id(cell) == "double":
            cell.cell_type = "markdown"
    it = taken(hidden)
    assert own(it.notebook, "double").startswith('raise ValueError("This cell was left out')


def test_many_long_cells_are_limited_together(taken, right):
    changed = copy.deepcopy(right)
    changed.cells += [new_code_cell("#" * 199_000) for _ in range(80)]
    it = taken(changed)
    assert sum(len(cell.source) for cell in it.notebook.cells) < 11_000_000
    assert len(it.notes) == 30
    assert "the notebook has more than 10,000,000 characters" in it.notes[0]


def test_output_and_metadata_of_hostile_size_are_never_built(taken, right, monkeypatch):
    """15 MB of `{}` once took 2.5 GB."""
    heavy = copy.deepcopy(right)
    heavy.metadata.widgets = "HERE"
    content = json.dumps(heavy).encode().replace(b'"HERE"', b"[" + b"{}," * 5_000_000 + b"1]")
    calls = []
    call = limited.call

    def once(*arguments, **limits):
        calls.append(limits)
        return call(*arguments, **{**limits, "memory": 2**27})

    monkeypatch.setattr("course.isolation.limited.call", once)
    with pytest.raises(UnreadableSubmission, match="clear its outputs"):
        taken(content)
    assert len(calls) == 1


def test_a_large_but_honest_notebook_is_taken(taken, right):
    heavy = copy.deepcopy(right)
    picture = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"image/png": "A" * 20_000_000},
    }
    heavy.cells[2].outputs = [picture]
    assert own(taken(heavy).notebook, "double") == own(right, "double")


# --- what a class sees --------------------------------------------------------------------------------


@pytest.fixture
def attacked(tmp_path, source, right, hand_in):
    """A class of honest students and of those who hand in links."""
    root = tmp_path / "class"
    root.mkdir()
    (root / "host").mkdir()
    for name in ("key.txt", "01_sums.ipynb"):
        (root / "host" / name).write_text(SECRET)
    hand_in(root, "honest", right)
    folder = root / "submitted" / "honest" / "01_sums"
    (folder / "data").mkdir()
    (folder / "data" / "own.csv").write_text("1")
    (folder / "shared.txt").write_text("honest")

    hand_in(root, "a file", right)
    folder = root / "submitted" / "a file" / "01_sums"
    (folder / "key.txt").symlink_to(root / "host" / "key.txt")
    (folder / "shared.txt").symlink_to(root / "host" / "key.txt")
    (folder / "gradebook").symlink_to(root / "gradebook.db")
    (folder / "[a-z]*.txt").write_text("a pattern")
    (folder / "host").symlink_to(root / "host")
    (folder / "zero").symlink_to("/dev/zero")
    (folder / "inner").mkdir()
    (folder / "inner" / "key").symlink_to("../../../../host/key.txt")
    os.mkfifo(folder / "inner" / "pipe")

    neighbour = hand_in(root, "the notebook", None)
    (neighbour / "01_sums.ipynb").symlink_to("../../honest/01_sums/01_sums.ipynb")
    (root / "submitted" / "the student").symlink_to("honest")
    (root / "submitted" / "the lesson").mkdir()
    (root / "submitted" / "the lesson" / "01_sums").symlink_to("../honest/01_sums")
    hand_in(root, "the time", right)
    os.mkfifo(root / "submitted" / "the time" / "01_sums" / "timestamp.txt")
    hand_in(root, "another name", right, "01_sums (1).ipynb")
    hand_in(root, "broken", b"{")
    return root


def everything_below(folder):
    return [path for path in folder.rglob("*") if path.is_file() or path.is_symlink()]


REFUSED = {"the notebook", "the student", "the lesson", "broken"}


def test_nbgrader_s_own_commands_follow_no_link(attacked, source, run_nbgrader):
    root = attacked
    shutil.copytree(source, root / "source")
    shutil.copy(REPO / "nbgrader_config.py", root)
    run_nbgrader(root, "generate_assignment autograde generate_feedback", "01_sums")
    for folder in (root / "autograded", root / "feedback"):
        for path in everything_below(folder):
            assert not path.is_symlink() and SECRET not in path.read_text(errors="replace"), path
        files = {str(path.relative_to(folder)) for path in everything_below(folder)}
        assert "honest/01_sums/data/own.csv" in files and "honest/01_sums/shared.txt" in files
        assert {name for name in files if name.startswith("a file/01_sums/")} == {
            f"a file/01_sums/01_sums.{'html' if folder.name == 'feedback' else 'ipynb'}",
            "a file/01_sums/[a-z]*.txt",
        }
        assert not {"the student", "the lesson", "the time"} & {
            path.name for path in folder.iterdir()
        }
    scores = {}
    with Gradebook(ClassFolder(root).gradebook_url, "") as gradebook:
        for student in gradebook.students:
            (submission,) = student.submissions
            scores[student.id] = submission.score
    full = scores.pop("honest")
    assert full == 4.5
    assert scores == {
        "a file": full,
        "another name": full,
        "the notebook": 0,
        "broken": 0,
    }
    notebook = nbformat.read(root / "autograded/the notebook/01_sums/01_sums.ipynb", as_version=4)
    errors = [out.evalue for cell in notebook.cells for out in cell.get("outputs", ())]
    assert errors and set(errors) == {"`01_sums.ipynb` is a symbolic link, not a file."}


def test_course_grade_says_the_same(attacked, source, read_grades):
    root = attacked
    assert grade_class(ClassFolder(root), source=source, jobs=1) == 0
    rows = {
        student: row for (student, cell), row in read_grades(root).items() if cell == "test_double"
    }
    assert {student for student, row in rows.items() if row["status"] == "missing"} == REFUSED
    assert {row["status"] for student, row in rows.items() if student not in REFUSED} == {"passed"}
    assert rows["the student"]["message"] == "The folder `the student` is a symbolic link."
    notebook = ClassFolder(root).graded("another name", "01_sums")
    assert "`01_sums (1).ipynb` counts" in notebook.metadata.mended[0]
    for path in everything_below(root / "autograded"):
        assert not path.is_symlink() and SECRET not in path.read_text(errors="replace"), path


def test_another_notebook_beside_it_is_graded_anew(tmp_path, source, right, released, hand_in):
    hand_in(tmp_path, "ada", released)
    folder = ClassFolder(tmp_path)
    assert grade_class(folder, source=source, jobs=1) == 0
    before = folder.graded("ada", "01_sums").metadata
    hand_in(tmp_path, "ada", right, "01_sums-Copy1.ipynb")
    assert grade_class(folder, source=source, jobs=1) == 0
    after = folder.graded("ada", "01_sums").metadata
    assert before.fingerprint != after.fingerprint
    assert "there is work in `01_sums-Copy1.ipynb`" in after.mended[0]


def test_a_foreign_notebook_is_called_by_its_lesson(tmp_path, source_nb, hand_in, lesson):
    source = tmp_path / "source"
    other = new_notebook(cells=[new_code_cell("x = 1")])
    other.cells[0].metadata.nbgrader = {"grade_id": "shift", "solution": True}
    for name, notebook in ((lesson, source_nb), ("02_other", other)):
        (source / name).mkdir(parents=True)
        nbformat.write(notebook, source / name / f"{name}.ipynb")
    hand_in(tmp_path, "ada", other)
    with pytest.raises(UnreadableSubmission, match=r"^`01_sums.ipynb` is lesson 02_other, not 01"):
        take(tmp_path / "submitted" / "ada" / lesson, lesson, source)


def test_a_cell_that_python_cannot_compile_is_told_so(
    tmp_path, source, answer, hand_in, read_grades
):
    text = " + ".join(["x"] * 3000)
    hand_in(tmp_path, "ada", answer(double=f"def double(x):\n    return {text}"))
    assert grade_class(ClassFolder(tmp_path), source=source, jobs=1) == 0
    row = read_grades(tmp_path)["ada", "test_double"]
    assert row["status"] == "error"
    assert row["message"].startswith("Cell `double`: ") and "Take it apart" in row["message"]
    assert read_grades(tmp_path)["ada", "test_total"]["status"] == "passed"
