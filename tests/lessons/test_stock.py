"""Stock nbgrader, without any configuration of ours, gives the same marks on the same notebooks."""

import os
import subprocess
import sys

import nbformat
import pytest
from nbgrader.api import Gradebook

from course import bank, demo
from course.grading import record
from course.grading.grade import grade_class
from course.grading.intake import grade_id, graded_cells, is_autotest
from course.paths import RELEASE, SOURCE, lesson_ids, notebook_path


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
        yield student, bank.fill_in(notebook, answers)


def nbgrader(folder, *words):
    path = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
    subprocess.run(
        [sys.executable, "-m", "nbgrader", *words],
        cwd=folder,
        env={**os.environ, "PATH": path},
        check=True,
        capture_output=True,
    )


@pytest.mark.parametrize("lesson", lesson_ids())
def test_stock_nbgrader_gives_the_same_marks(lesson, tmp_path):
    ours, stock = tmp_path / "ours", tmp_path / "stock"
    source = nbformat.read(notebook_path(SOURCE, lesson), as_version=4)
    for student, notebook in submissions(lesson):
        for root in (ours, stock):
            path = notebook_path(root / "submitted" / student, lesson)
            path.parent.mkdir(parents=True)
            nbformat.write(notebook, path)
    path = notebook_path(stock / "source", lesson)
    path.parent.mkdir(parents=True)
    nbformat.write(source, path)
    (stock / "nbgrader_config.py").write_text("c = get_config()\nc.Execute.timeout = 120\n")
    nbgrader(stock, "generate_assignment", lesson)
    nbgrader(stock, "autograde", lesson)
    assert grade_class(ours, timeout=120, jobs=1) == 0
    with (
        Gradebook(f"sqlite:///{stock / 'gradebook.db'}") as theirs,
        record.open_gradebook(ours) as mine,
    ):
        for student in ("right", "wrong", "blank"):
            stopped = warned(stock, lesson, student)
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
