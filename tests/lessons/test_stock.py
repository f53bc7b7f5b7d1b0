"""Stock nbgrader, without any configuration of ours, gives the same marks on the same notebooks."""

import shutil

import nbformat
import pytest
from nbgrader.api import Gradebook

from course import demo
from course.gradebook import record
from course.grading.grade import grade_class
from course.notebooks import solutions
from course.notebooks.intake import grade_id, graded_cells, is_autotest
from course.oracle import bank
from course.paths import RELEASE, SOURCE, notebook_path
from course.syllabus import lesson_ids


def submissions(lesson):
    """Right, wrong and no answers; the demonstrations, which cost minutes, deleted as one may."""
    wrong = {a.exercise: a.source for a in bank.load(lesson) if a.kind == "wrong"}
    reference = demo.reference(lesson)
    for student, answers in (
        ("right", reference),
        ("wrong", {**reference, **wrong}),
        ("blank", {}),
    ):
        notebook = nbformat.read(notebook_path(RELEASE, lesson), as_version=4)
        notebook.cells = [c for c in notebook.cells if c.cell_type != "code" or grade_id(c)]
        yield student, solutions.fill_in(notebook, answers)


@pytest.fixture(scope="module")
def graded(tmp_path_factory, run_nbgrader):
    """Folder and gradebook of a class of three that we graded, and of the same graded by stock."""
    ours, stock = tmp_path_factory.mktemp("ours"), tmp_path_factory.mktemp("stock")
    for lesson in lesson_ids():
        for student, notebook in submissions(lesson):
            for root in (ours, stock):
                path = notebook_path(root / "submitted" / student, lesson)
                path.parent.mkdir(parents=True)
                nbformat.write(notebook, path)
    shutil.copytree(SOURCE, stock / "source")
    (stock / "nbgrader_config.py").write_text("c = get_config()\nc.Execute.timeout = 120\n")
    run_nbgrader(stock, "generate_assignment autograde", *lesson_ids())
    assert grade_class(ours, timeout=120, jobs=1) == 0
    with (
        record.open_gradebook(ours) as mine,
        Gradebook(f"sqlite:///{stock / 'gradebook.db'}") as theirs,
    ):
        yield mine, theirs, stock


@pytest.mark.parametrize("lesson", lesson_ids())
@pytest.mark.parametrize("student", ["right", "wrong", "blank"])
def test_stock_nbgrader_gives_the_same_marks(graded, lesson, student):
    mine, theirs, stock = graded
    stopped = warned(stock, lesson, student)
    source = nbformat.read(notebook_path(SOURCE, lesson), as_version=4)
    for cell in graded_cells(source):
        where = grade_id(cell), lesson, lesson, student
        if student == "right" and is_autotest(cell):
            assert theirs.find_grade(*where).score == cell.metadata.nbgrader.points, where
        if grade_id(cell) in stopped:  # a difference on purpose: see docs/grading.md
            assert theirs.find_grade(*where).score == 0
            continue
        assert mine.find_grade(*where).score == theirs.find_grade(*where).score, where


def warned(root, lesson, student):
    """The test cells that failed for nothing but a warning, as stock nbgrader has it."""
    path = notebook_path(root / "autograded" / student, lesson)
    kinds = {
        grade_id(cell): {o.get("name", o.output_type) for o in cell.outputs}
        for cell in nbformat.read(path, as_version=4).cells
        if is_autotest(cell)
    }
    return {name for name, found in kinds.items() if "stderr" in found and "error" not in found}
