"""What becomes of marks when a submission is graded again."""

import copy

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.gradebook.class_folder import ClassFolder, Submission
from course.gradebook.database import Score
from course.gradebook.deciding import Before, before, changes, decide, taken_out
from course.gradebook.history import Change, Given, History, write_changes
from course.notebooks.assembling import assemble
from course.notebooks.cells import known_cells
from course.notebooks.exercises import judged

ADA = Submission("ada", "01_sums", None)


def cell(make, name, text, points=None, **flags):
    node = make(text)
    node.metadata.nbgrader = {"grade_id": name, "grade": points is not None, **flags}
    if points is not None:
        node.metadata.nbgrader["points"] = points
    return node


def notebook(code="def f(): ...", words="Because.", points=2, test_points=2):
    return new_notebook(
        cells=[
            cell(new_code_cell, "f", code, solution=True),
            cell(new_code_cell, "test_f", "assert f", points=test_points),
            cell(new_markdown_cell, "explain_f", words, points=points, solution=True),
        ]
    )


def decided(old_notebook, new_notebook, scores, comments=None, past=(), earned=None, best=False):
    old = before(new_notebook, old_notebook, scores, comments or {}, list(past))
    earned = {"test_f": 2.0, "explain_f": None} if earned is None else earned
    return old, decide(new_notebook, earned, old, best)


MARKED = {"test_f": Score(2, 2.0, None), "explain_f": Score(2, None, 2.0)}
SAID = {"explain_f": "Well said."}


def test_the_same_text_keeps_its_mark_and_comment_whatever_the_test_says():
    old, new = decided(
        notebook(), notebook(), MARKED, SAID, earned={"test_f": 0.0, "explain_f": None}
    )
    assert new["explain_f"].score.manual_score == 2 and new["explain_f"].comment == "Well said."
    (change,) = changes(ADA, old, notebook(), new)
    assert (change.cell, change.old_points, change.new_points) == ("test_f", 2, 0)
    assert change.reason == "graded again"


def test_another_text_waits_and_says_what_the_one_before_was_given():
    old, new = decided(notebook(), notebook(words="Hm."), MARKED, SAID)
    assert new["explain_f"].score == Score(2, None, None) and new["explain_f"].comment is None
    assert new["explain_f"].earlier == "was given 2 of 2, with the comment: Well said."
    (change,) = changes(ADA, old, notebook(words="Hm."), new)
    assert change.reason == "another answer: waits to be marked by hand again"
    (kept,) = old.unknown(gone=True)
    assert kept == ("explain_f", judged(notebook())["explain_f"], Given(2.0, None, "Well said.", 2))


def test_a_text_that_was_marked_once_gets_its_mark_back():
    past = [("explain_f", judged(notebook())["explain_f"], Given(1.5, None, "Nearly.", 2.0))]
    other = {"test_f": Score(2, 2.0, None), "explain_f": Score(2, None, None)}
    _, new = decided(notebook(words="Hm."), notebook(), other, past=past)
    assert new["explain_f"].score.manual_score == 1.5 and new["explain_f"].comment == "Nearly."
    new = decide(notebook(), {"test_f": 2.0, "explain_f": None}, Before(past=past), False)
    assert new["explain_f"].score.manual_score == 1.5  # the gradebook was lost


def test_a_mark_is_never_above_what_the_cell_is_worth_and_comes_back_with_the_points():
    old, new = decided(notebook(), notebook(points=1), MARKED)
    assert new["explain_f"].score == Score(1, None, 1.0)
    (change,) = changes(ADA, old, notebook(points=1), new)
    assert change.reason == "worth 1 instead of 2: the mark by hand was lowered to that"
    lowered = {**MARKED, "explain_f": Score(1, None, 1.0)}
    past = old.unknown()
    _, new = decided(notebook(points=1), notebook(points=2), lowered, past=past)
    assert new["explain_f"].score.manual_score == 2


def test_a_test_that_was_overruled_stays_so_while_its_solution_is_the_same():
    scores = {**MARKED, "test_f": Score(2, 0.0, 1.0)}
    _, new = decided(notebook(), notebook(), scores, earned={"test_f": 0.0, "explain_f": None})
    assert new["test_f"].score == Score(2, 0.0, 1.0)
    other = notebook(code="def f(): pass")
    _, new = decided(notebook(), other, scores)
    assert new["test_f"].score == Score(2, 2.0, None) and not new["test_f"].earlier


@pytest.mark.parametrize(
    ("had", "worth", "earned", "gets"),
    [
        (2.0, 2, 0.0, 2.0),
        (1.0, 4, 0.0, 2.0),
        (2.0, 1, 0.0, 1.0),
        (1.0, 2, 2.0, 2.0),
        (0.0, 2, 0.0, 0.0),
    ],
)
def test_keep_best_keeps_the_better_share_of_each_cell(had, worth, earned, gets):
    scores = {**MARKED, "test_f": Score(2, had, None)}
    _, new = decided(
        notebook(),
        notebook(test_points=worth),
        scores,
        earned={"test_f": earned, "explain_f": None},
        best=True,
    )
    assert new["test_f"].score.auto_score == gets and new["test_f"].kept == (gets > earned)


def test_a_renamed_cell_is_the_same_cell():
    renamed = copy.deepcopy(notebook())
    for node, name in zip(renamed.cells, ("g", "test_g", "explain_g"), strict=True):
        node.metadata.was = node.metadata.nbgrader.grade_id
        node.metadata.nbgrader.grade_id = name
    old, new = decided(notebook(), renamed, MARKED, SAID, earned={"test_g": 2.0, "explain_g": None})
    assert new["explain_g"].score.manual_score == 2 and new["explain_g"].comment == "Well said."
    assert changes(ADA, old, renamed, new) == []


def test_what_was_handed_in_under_a_former_name_counts():
    source = notebook()
    source.cells[2].metadata.was = ["explain_it", "explain_that"]
    handed = notebook(words="My own words.")
    handed.cells[2].metadata.nbgrader.grade_id = "explain_that"
    assembled, notes = assemble(source, handed)
    assert known_cells(assembled)["explain_f"].source == "My own words." and not notes


def test_cells_that_come_and_go_are_changes():
    more = notebook()
    more.cells.append(cell(new_code_cell, "test_f__more", "assert f", points=1))
    old, new = decided(
        notebook(), more, MARKED, earned={"test_f": 2.0, "explain_f": None, "test_f__more": 1.0}
    )
    (change,) = changes(ADA, old, more, new)
    assert change == Change(
        "ada", "01_sums", "test_f__more", None, None, 1.0, 1, "new in the lesson"
    )
    (change,) = taken_out(ADA, old, {"explain_f"})
    assert change.new_points is None and change.old_points == 2


def test_what_was_given_twice_is_kept_once_and_what_was_taken_back_is_so():
    digest = judged(notebook())
    past = [("explain_f", digest["explain_f"], Given(2.0, None, "Well said.", 2))]
    assert Before(MARKED, SAID, digest, past).unknown() == []
    cleared = {**MARKED, "explain_f": Score(2, None, None)}
    assert Before(cleared, {}, digest, past).unknown(gone=True) == []
    assert Before(cleared, {}, digest, past).unknown() == [
        ("explain_f", digest["explain_f"], Given(None, None, None, 2))
    ]


def test_pictures_are_part_of_an_answer():
    one, other = notebook(), notebook()
    other.cells[2].attachments = nbformat.from_dict({"a.png": {"image/png": "AAAA"}})
    assert judged(one)["explain_f"] != judged(other)["explain_f"]
    assert judged(one)["test_f"] == judged(other)["test_f"]


def test_the_history_outlives_a_run_that_was_killed_twice(tmp_path):
    folder = ClassFolder(tmp_path)
    history = History(folder)
    assert history.given("ada", "01_sums") == [] and history.changes() == []
    folder.history.touch()  # killed before the first table was made
    assert history.given("ada", "01_sums") == []
    change = Change("ada", "01_sums", "test_f", 2.0, 2.0, 0.0, 2.0, "graded again")
    history.note([change])
    history.note([change])
    assert [each for each, _ in history.changes()] == [change]
    history.keep([("ada", "01_sums", [("explain_f", "d", Given(2.0, None, "Well, said.", 2.0))])])
    assert history.all_given() == {("01_sums", "ada"): history.given("ada", "01_sums")}
    write_changes(folder)
    head, line = folder.changes.read_text().splitlines()
    assert head == "student,lesson,cell,old_points,old_max,new_points,new_max,reason,time"
    assert line.startswith("ada,01_sums,test_f,2,2,0,2,graded again,2")
