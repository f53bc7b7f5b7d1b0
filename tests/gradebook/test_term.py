"""A term: the lesson changes, answers change, students leave, and all that tells of marks agrees."""

import contextlib
import csv
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook

from course.gradebook import marks, withdrawing
from course.gradebook.class_folder import ClassFolder
from course.gradebook.export import export
from course.gradebook.finals import finals
from course.gradebook.ledger import Ledger
from course.gradebook.table import read_grades
from course.grading import pool
from course.grading.grade import grade_class
from course.grading.work import work
from course.notebooks.cells import grade_id, known_cells, points_of
from course.notebooks.exercises import fill_in
from course.notebooks.released import as_released
from course.paths import CourseError, notebook_path
from course.reports.feedback import write_feedback
from course.reports.report import write_report

LESSON = "01_sums"
OPEN = "explain_sum"
RIGHT = {
    "double": "def double(x):\n    return x + x",
    "total": "def total(xs):\n    return sum(xs)",
    OPEN: "A sum adds up.",
}


class Term:
    """A class of three, and what happens to it."""

    def __init__(self, root, source_nb):
        self.folder, self.source = ClassFolder(root / "class"), root / "source"
        self.lesson = nbformat.from_dict(source_nb)
        self.path = notebook_path(self.source, LESSON)
        self.path.parent.mkdir(parents=True)
        self.change(lambda cells: None)

    def change(self, edit):
        """Edits the lesson's cells, by their names."""
        edit(known_cells(self.lesson))
        nbformat.write(self.lesson, self.path)

    def add(self, cell, name, points, **flags):
        cell.metadata.nbgrader = {
            "grade_id": name, "grade": True, "points": points, "schema_version": 3, "task": False,
            "locked": False, "solution": False, **flags,
        }  # fmt: skip
        self.lesson.cells.append(cell)
        self.change(lambda cells: None)

    def take_out(self, name):
        self.lesson.cells = [cell for cell in self.lesson.cells if grade_id(cell) != name]
        self.change(lambda cells: None)

    def hand_in(self, student, when=None, **answers):
        path = notebook_path(self.folder.submitted / student, LESSON)
        path.parent.mkdir(parents=True, exist_ok=True)
        released = as_released(self.lesson)
        known = {k: v for k, v in {**RIGHT, **answers}.items() if k in known_cells(released)}
        nbformat.write(fill_in(released, known), path)
        if when:
            (path.parent / "timestamp.txt").write_text(when)

    def grade(self, status=0, **options):
        assert grade_class(self.folder, source=self.source, timeout=10, **options) == status

    def mark(self, *rows):
        path = self.folder.root / "manual.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([marks.COLUMNS[:3] + marks.COLUMNS[4:], *rows])
        return marks.mark(self.folder, path)

    def gradebook(self):
        return Gradebook(self.folder.gradebook_url, "")

    def rows(self):
        return {(row["student"], row["cell"]): row for row in read_grades(self.folder)}

    def row(self, student, cell=OPEN):
        row = self.rows()[student, cell]
        return row["points"], row["max_points"], row["status"]

    def changed(self):
        with self.folder.changes.open(newline="") as file:
            return [tuple(row.values())[:8] for row in csv.DictReader(file)]

    def agrees(self):
        """The marks by student, if grades.csv, gradebook, feedback, report and exports agree."""
        assert write_feedback(self.folder, source=self.source) == 0
        write_report(self.folder, source=self.source)
        export(self.folder)
        worth = {name: points_of(c) for name, c in known_cells(self.lesson).items() if points_of(c)}
        rows, waiting = self.rows(), set()
        totals = {}
        for (student, cell), row in rows.items():
            assert float(row["max_points"]) == worth[cell], (student, cell)
            totals[student] = totals.get(student, 0) + float(row["points"])
            waiting |= {student} if row["status"] == "manual" else set()
        assert len(rows) == len(totals) * len(worth)
        final = {each.student: each for each in finals(self.folder)}
        with self.gradebook() as gradebook:
            shown = gradebook.submission_dicts(LESSON)  # what formgrader lists
            assert {each["student"] for each in shown} == set(totals) == set(final)
            for each in shown:
                assert each["score"] == pytest.approx(totals[each["student"]])
                assert each["max_score"] == sum(worth.values())
                assert each["needs_manual_grade"] == (each["student"] in waiting)
            for student in totals:
                own = gradebook.find_submission_notebook(LESSON, LESSON, student)
                assert {grade.name for grade in own.grades} == set(worth)
        moodle = self._exported(f"moodle-{LESSON}.csv", "Username")
        plain = self._exported("nbgrader.csv", "student_id")
        assert set(moodle) == set(plain) == set(totals)
        for student, each in final.items():
            assert each.score == pytest.approx(totals[student])
            told = moodle[student][LESSON]
            assert (told == "-") == (student in waiting)
            assert told == "-" or float(told) == pytest.approx(each.mark, abs=0.01)
            assert float(plain[student]["score"]) == pytest.approx(each.mark)
            page = (self.folder.feedback / student / "index.html").read_text()
            points, most = re.search(r"([\d.]+) of ([\d.]+) points</span></h2>", page).groups()
            assert float(points) == pytest.approx(each.mark)
            assert float(most) == each.max_score == sum(worth.values())
        listed = (self.folder.report / marks.TEMPLATE).read_text().splitlines()[1:]
        assert {line.partition(",")[0] for line in listed} == waiting
        return {student: each.mark for student, each in final.items()}

    def _exported(self, name, key):
        with (self.folder.export / name).open(newline="") as file:
            return {row[key]: row for row in csv.DictReader(file)}


@pytest.fixture
def term(tmp_path, source_nb, monkeypatch):
    """A class of three, graded in this very process: the workers are not what is tried here."""

    @contextlib.contextmanager
    def here(submissions, source, how, *rest):
        yield (work(each, source, how) for each in submissions)

    monkeypatch.setattr(pool, "at_work", here)
    term = Term(tmp_path, source_nb)
    term.hand_in("ada")
    term.hand_in("bob", double="def double(x):\n    return 4")
    term.hand_in("cyd", when="2026-03-03 09:00:00 UTC", total="def total(xs):\n    return 0")
    term.grade()
    return term


def test_a_term(term, capsys, monkeypatch):
    assert term.agrees() == {"ada": 4.5, "bob": 2.5, "cyd": 3}
    term.mark(["ada", LESSON, OPEN, 3, "Well said."], ["bob", LESSON, OPEN, 2, ""])
    assert term.agrees() == {"ada": 7.5, "bob": 4.5, "cyd": 3}

    # A correction: the hidden test was wrong. All is graded again, and marks by hand stay final.
    def correct(cells):
        cells["test_double"].source = "assert double(2) == 4, 'double(2) is not 4'"

    term.change(correct)
    before = {path: path.read_bytes() for path in term.folder.root.rglob("*") if path.is_file()}
    term.grade(dry_run=True)
    said = capsys.readouterr().out
    assert "other text: test_double" in said and "1 gain, 0 lose" in said
    assert "bob 01_sums: 4.5/7.5 before, 6.5/7.5 then (gains 2)" in said
    assert "test_double: 0/2 before, 2/2 then: graded again" in said and "ada 01_sums:" not in said
    after = {path: path.read_bytes() for path in term.folder.root.rglob("*") if path.is_file()}
    assert after == before
    term.grade()
    assert term.changed() == [("bob", LESSON, "test_double", "0", "2", "2", "2", "graded again")]
    assert term.agrees() == {"ada": 7.5, "bob": 6.5, "cyd": 3}

    # Points change, and only one student is asked for: the others are graded, too.
    term.change(lambda cells: cells["test_total"].metadata.nbgrader.update(points=3.5))
    term.grade(student="ada")
    assert term.agrees() == {"ada": 9.5, "bob": 8.5, "cyd": 3}

    # An exercise is added, one renamed, one taken out; the run is killed after the first.
    test = new_code_cell("assert double(3) == 6, 'double(3) is not 6'")
    term.add(test, "test_double__three", 1, locked=True)

    def rename(cells):
        cells[OPEN].metadata.was, cells[OPEN].metadata.nbgrader.grade_id = OPEN, "explain_adding"

    term.change(rename)
    term.take_out("test_total__empty")
    record = Ledger.record

    def killed(ledger, *rest):
        monkeypatch.setattr(
            Ledger, "record", lambda *rest: (_ for _ in ()).throw(KeyboardInterrupt)
        )
        return record(ledger, *rest)

    monkeypatch.setattr(Ledger, "record", killed)
    term.grade(status=1)
    monkeypatch.setattr(Ledger, "record", record)
    with pytest.raises(CourseError, match="differ about"):
        export(term.folder)
    capsys.readouterr()
    term.grade()
    assert term.agrees() == {"ada": 9.5, "bob": 7.5, "cyd": 3}
    assert term.row("ada", "explain_adding") == ("3", "3", "passed")
    took = [each for each in term.changed() if each[2] == "test_total__empty"]
    assert sorted(took) == [
        ("ada", LESSON, "test_total__empty", "1", "1", "", "", "taken out of the lesson"),
        ("bob", LESSON, "test_total__empty", "1", "1", "", "", "taken out of the lesson"),
        ("cyd", LESSON, "test_total__empty", "1", "1", "", "", "taken out of the lesson"),
    ]

    # A due date comes late; then everything is told less the penalty.
    with term.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LESSON, duedate="2026-03-02 09:00:00 UTC")
    assert term.agrees() == {"ada": 9.5, "bob": 7.5, "cyd": 2.7}
    term.grade(force=True)
    assert term.agrees() == {"ada": 9.5, "bob": 7.5, "cyd": 2.7}

    # Bob leaves; a table of marks that was saved before names him, and the others are marked.
    withdrawing.withdraw(term.folder, "bob")
    assert term.agrees() == {"ada": 9.5, "cyd": 2.7}
    term.grade()
    rows = (["bob", LESSON, "explain_adding", 1, ""], ["cyd", LESSON, "explain_adding", 3, ""])
    assert term.mark(*rows) == (1, 0)
    assert "bob 01_sums explain_adding was taken out" in capsys.readouterr().err
    assert term.agrees() == {"ada": 9.5, "cyd": 5.4}
    withdrawing.take_back(term.folder, "bob")
    term.grade()
    assert term.agrees() == {"ada": 9.5, "bob": 7.5, "cyd": 5.4}
    assert term.row("bob", "explain_adding") == ("2", "3", "partial")


def test_another_answer_waits_and_the_old_one_has_its_mark_back(term, capsys):
    term.mark(["ada", LESSON, OPEN, 3, "Well said."])
    term.hand_in("ada", explain_sum="Something else.")
    term.grade()
    assert term.row("ada") == ("0", "3", "manual")
    earlier = "The answer before was given 3 of 3, with the comment: Well said."
    assert earlier in term.rows()["ada", OPEN]["message"]
    assert term.agrees()["ada"] == 4.5
    assert earlier in (term.folder.report / "index.html").read_text()
    assert earlier in (term.folder.feedback / "ada" / "index.html").read_text()
    with term.gradebook() as gradebook:
        assert gradebook.find_comment(OPEN, LESSON, LESSON, "ada").comment == earlier
    # A broken file has no marks; the answer that was marked has them again.
    notebook_path(term.folder.submitted / "ada", LESSON).write_text("not a notebook")
    term.grade()
    assert term.row("ada") == ("0", "3", "missing") and term.agrees()["ada"] == 0
    term.hand_in("ada")
    term.grade()
    assert term.row("ada") == ("3", "3", "passed") and term.agrees()["ada"] == 7.5
    # The question is worth less than was given for it.
    term.change(lambda cells: cells[OPEN].metadata.nbgrader.update(points=1))
    capsys.readouterr()
    term.grade()
    assert "Marks by hand were lowered: ada 01_sums explain_sum." in capsys.readouterr().out
    assert term.row("ada") == ("1", "1", "passed") and term.agrees()["ada"] == 5.5


def test_what_formgrader_wrote_since_is_in_every_table(term):
    with term.gradebook() as gradebook:
        grade = gradebook.find_grade(OPEN, LESSON, LESSON, "ada")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        gradebook.db.commit()
    assert term.row("ada") == ("2.5", "3", "partial") and term.agrees()["ada"] == 7


def test_without_its_gradebook_a_class_is_graded_again_and_keeps_marks_by_hand(term, capsys):
    term.mark(["ada", LESSON, OPEN, 3, "Well said."], ["bob", LESSON, OPEN, 0, ""])
    before = term.agrees()
    term.folder.gradebook.unlink()
    capsys.readouterr()
    term.grade()
    assert "did not hold 3 submissions" in capsys.readouterr().err
    assert term.agrees() == before and term.row("bob") == ("0", "3", "failed")
    with term.gradebook() as gradebook:
        assert gradebook.find_comment(OPEN, LESSON, LESSON, "ada").comment == "Well said."
        gradebook.remove_assignment(LESSON)
    with pytest.raises(CourseError, match="differ about ada 01_sums"):
        export(term.folder)
    term.grade()
    assert term.agrees() == before


def test_files_that_are_gone_keep_their_marks_through_a_change_of_the_lesson(term, capsys):
    for path in sorted((term.folder.submitted / "bob").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    before = term.agrees()
    capsys.readouterr()
    term.grade()
    said = capsys.readouterr()
    assert "Gone from submitted/, with their marks kept: bob 01_sums." in said.err
    assert "0 submissions graded" in said.out and term.agrees() == before
    term.change(lambda cells: cells["test_total"].metadata.nbgrader.update(points=2.5))
    term.grade()
    assert term.agrees() == {"ada": 5.5, "bob": 3.5, "cyd": 3}


def test_keep_best_takes_nothing_away(term):
    def stricter(cells):
        cells["test_total"].source = "assert total([1, 2]) == 4, 'total([1, 2]) is not 4'"

    term.change(stricter)
    term.grade(keep_best=True)
    assert term.row("ada", "test_total") == ("1.5", "1.5", "passed")
    assert term.rows()["ada", "test_total"]["message"] == (
        "The marks from before are kept. Now: total([1, 2]) is not 4"
    )
    assert term.agrees() == {"ada": 4.5, "bob": 2.5, "cyd": 3}
    term.grade(force=True)
    assert term.agrees() == {"ada": 3, "bob": 1, "cyd": 3}


def test_one_lesson_that_cannot_be_followed_stops_no_other(term, capsys):
    other = notebook_path(term.source, "02_more")
    other.parent.mkdir()
    other.write_text("{}")
    path = notebook_path(term.folder.submitted / "ada", "02_more")
    path.parent.mkdir()
    path.write_text("{}")
    term.hand_in("bob")
    term.grade(status=1)
    assert "cannot be read as a notebook" in capsys.readouterr().err
    assert term.row("bob", "test_double") == ("2", "2", "passed")
    assert write_feedback(term.folder, source=term.source) == 1
    assert "ada 02_more: not graded yet" in capsys.readouterr().err


def test_an_open_question_that_becomes_a_test_and_one_that_is_new(term):
    term.add(new_markdown_cell("Because."), "explain_more", 2, solution=True)
    term.take_out(OPEN)
    term.grade()
    assert term.agrees() == {"ada": 4.5, "bob": 2.5, "cyd": 3}
    assert term.row("ada", "explain_more") == ("0", "2", "manual")  # an answer without a place
