"""Every lesson through the real grader: the author's own answers earn all, an untouched copy nothing."""

import csv
import functools

import nbformat
import pytest

from course import demo
from course.grading.grade import grade_class
from course.notebooks import solutions
from course.paths import RELEASE, notebook_path
from course.syllabus import lesson_ids

LESSONS = lesson_ids()


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The folder of a class of one, for each lesson: the author, or an untouched copy.

    The author's is run and drawn in full, as a student sees it.
    """

    @functools.cache
    def grade(lesson, student):
        root = tmp_path_factory.mktemp(lesson)
        answers = demo.reference(lesson) if student == "author" else {}
        notebook = nbformat.read(notebook_path(RELEASE, lesson), as_version=4)
        path = notebook_path(root / "submitted" / student, lesson)
        path.parent.mkdir(parents=True)
        nbformat.write(solutions.fill_in(notebook, answers), path)
        everything = student == "author"
        assert grade_class(root, timeout=120, everything=everything, jobs=1) == 0
        return root

    return grade


def rows(root):
    with (root / "grades.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def outputs(root, lesson):
    """All that the author's solved lesson has printed and drawn."""
    notebook = nbformat.read(notebook_path(root / "autograded" / "author", lesson), as_version=4)
    return [output for cell in notebook.cells for output in cell.get("outputs", ())]


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_authors_answers_earn_full_marks(graded, lesson):
    for row in rows(graded(lesson, "author")):
        if row["cell"].startswith("explain_"):
            assert (row["status"], row["points"]) == ("manual", "0"), row
        else:
            assert (row["status"], row["points"]) == ("passed", row["max_points"]), row


@pytest.mark.parametrize("lesson", LESSONS)
def test_an_untouched_copy_earns_nothing(graded, lesson):
    found = rows(graded(lesson, "untouched"))
    assert found
    assert {row["points"] for row in found} == {"0"}
    assert not {row["status"] for row in found} & {"passed", "partial", "manual"}


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_solved_lesson_runs_without_errors_and_warnings(graded, lesson):
    found = outputs(graded(lesson, "author"), lesson)
    assert [o.evalue for o in found if o.output_type == "error"] == []
    assert [o.text for o in found if o.get("name") == "stderr"] == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_picture_of_a_lesson_has_alt_text(graded, lesson):
    found = outputs(graded(lesson, "author"), lesson)
    pictures = [output for output in found if "image/png" in output.get("data", {})]
    assert pictures
    assert all(p.metadata.get("image/png", {}).get("alt", "").strip() for p in pictures)
