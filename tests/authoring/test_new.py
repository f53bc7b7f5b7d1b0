"""A new lesson from the template goes the whole way: built, sound, released, graded."""

import csv
import os
import shutil
import subprocess
import sys

import nbformat
import pytest

from course import syllabus
from course.authoring import lint, text
from course.authoring.new import new_lesson
from course.notebooks.exercises import fill_in, reference
from course.oracle import bank
from course.oracle.inputs import cases_of
from course.paths import REPO, CourseError, notebook_path

LESSON = "90_mean_shift"


@pytest.fixture
def lessons(tmp_path, monkeypatch):
    """An empty folder of lessons, and a syllabus that only knows some others."""
    file = tmp_path / "syllabus.toml"
    shutil.copy(syllabus.FILE, file)
    monkeypatch.setattr(syllabus, "FILE", file)
    syllabus.entries.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    syllabus.entries.cache_clear()


def test_it_is_in_the_syllabus_with_what_was_said_of_it(lessons):
    first = syllabus.lesson_ids()[0]
    new_lesson(
        LESSON, 'A "shift" \\ 1', minutes=45, idea="Zwölf.", requires=[first], folder=lessons
    )
    entry = syllabus.entries()[LESSON]
    assert entry == syllabus.Entry(LESSON, 'A "shift" \\ 1', 45, (first,), "Zwölf.")
    opening = (lessons / LESSON / "lesson.py").read_text(encoding="utf-8")
    assert opening.startswith('# %% [markdown]\n# # 90 · A "shift" \\ 1\n#\n# Zwölf.\n')
    assert "**Time:** about 45 minutes" in opening


def test_it_has_a_title_from_its_id_a_bank_and_inputs_for_each_function(lessons):
    new_lesson(LESSON, folder=lessons)
    assert syllabus.entries()[LESSON].title == "Mean shift"
    notebook = text.build(LESSON, lessons)
    assert lint.check(LESSON, notebook) == []
    asked = {name for name in reference(notebook) if not name.startswith("explain_")}
    known = bank.load(LESSON, lessons)
    assert {each.exercise for each in known if each.kind == "wrong"} == asked
    assert cases_of(LESSON, lessons).keys() == {name for name in asked if "quiz" not in name}


@pytest.mark.parametrize(
    "lesson, said, options",
    [
        ("9_shift", "cannot be a lesson's id", {}),
        ("90_Shift", "cannot be a lesson's id", {}),
        ("../90_shift", "cannot be a lesson's id", {}),
        ("02_shift", "The number 02 is taken by 02_kmeans; the next free one is", {}),
        ("90_kmeans", "The name 'kmeans' is taken by 02_kmeans", {}),
        ("90_shift", "There is no lesson '77_none'", {"requires": ["77_none"]}),
        ("00_shift", "can only build on earlier lessons", {"requires": ["02_kmeans"]}),
        ("90_shift", "The title must be one line", {"title": "a\nb"}),
        ("90_shift", "The title must be one line", {"title": " "}),
        ("90_shift", "at least a minute", {"minutes": 0}),
        ("90_taken", "is there already", {}),
    ],
)
def test_what_cannot_be_added_is_refused_and_leaves_nothing(lessons, lesson, said, options):
    (lessons / "90_taken").mkdir()
    before = sorted(lessons.rglob("*")), syllabus.FILE.read_bytes()
    with pytest.raises(CourseError, match=said):
        new_lesson(lesson, folder=lessons, **options)
    assert (sorted(lessons.rglob("*")), syllabus.FILE.read_bytes()) == before


COMMANDS = """
import sys
from typer.testing import CliRunner
from course import cli
for command in sys.argv[1:]:
    result = CliRunner().invoke(cli.app, command.split())
    print(result.output)
    if result.exit_code:
        sys.exit(f"{command}: {result.exception!r}")
"""


def test_it_builds_releases_and_grades_in_a_copy_of_the_course(tmp_path):
    ignored = shutil.ignore_patterns("__pycache__", "0*", "1*")
    for name in ("course", "utils"):
        shutil.copytree(REPO / name, tmp_path / name, ignore=ignored)
    for name in ("nbgrader_config.py", "README.md", "pyproject.toml"):
        shutil.copy(REPO / name, tmp_path / name)

    def run(*commands):
        """What the commands print, one after the other, in one Python of that copy."""
        done = subprocess.run(
            [sys.executable, "-c", COMMANDS, *map(" ".join, commands)],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    said = run(
        ["new", LESSON], ["build", LESSON], ["build", "--check", LESSON], ["release", LESSON]
    )
    assert f"course/lessons/{LESSON} and its entry" in said
    assert f"{LESSON}: built" in said
    assert f"{LESSON}: fresh\nREADME.md: fresh" in said
    assert "fit for students" in said
    table = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert f"[90 · Mean shift](release/{LESSON}/{LESSON}.ipynb)" in table
    source = nbformat.read(notebook_path(tmp_path / "source", LESSON), as_version=4)
    for student, answers in (("author", reference(source)), ("blank", {})):
        notebook = nbformat.read(notebook_path(tmp_path / "release", LESSON), as_version=4)
        path = notebook_path(tmp_path / "class" / "submitted" / student, LESSON)
        path.parent.mkdir(parents=True)
        nbformat.write(fill_in(notebook, answers), path)
    run(["grade", "--root", "class", "--jobs", "1", "--all"])
    with (tmp_path / "class" / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    status = {(row["student"], row["status"]) for row in rows}
    assert status == {
        ("author", "passed"),
        ("author", "manual"),
        ("blank", "failed"),
        ("blank", "missing"),
    }
    assert all(row["points"] == row["max_points"] for row in rows if row["status"] == "passed")
