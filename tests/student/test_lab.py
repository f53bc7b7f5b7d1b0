"""A student's working copy: made once, refreshed where untouched, never overwritten."""

import json
import sys
from itertools import pairwise

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course import syllabus
from course.paths import CourseError
from course.student import lab

LESSON = "01_first"


def release_lesson(folder, text, lesson=LESSON):
    cells = [new_markdown_cell("# 1 · The first\n\ntext", id="a"), new_code_cell(text, id="b")]
    path = folder / "release" / lesson / f"{lesson}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells), path)
    return path


def prepare(folder):
    return lab.prepare(folder / "release", folder / "work")


def mine(folder, name=f"{LESSON}.ipynb"):
    return folder / "work" / LESSON / name


def write_answer(path, answer):
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source = answer
    nbformat.write(notebook, path)
    return path.read_bytes()


def test_the_first_start_copies_every_lesson(tmp_path):
    one = release_lesson(tmp_path, "x = 1")
    two = release_lesson(tmp_path, "y = 2", "02_second")
    assert prepare(tmp_path) == ["01_first: copied.", "02_second: copied."]
    assert mine(tmp_path).read_bytes() == one.read_bytes()
    assert (tmp_path / "work/02_second/02_second.ipynb").read_bytes() == two.read_bytes()


def test_a_second_start_keeps_work_and_says_so(tmp_path):
    release_lesson(tmp_path, "raise NotSolvedYet")
    prepare(tmp_path)
    work = write_answer(mine(tmp_path), "x = 42")
    assert prepare(tmp_path) == ["01_first: your copy is kept."]
    assert mine(tmp_path).read_bytes() == work


def test_an_untouched_copy_follows_the_release(tmp_path):
    release_lesson(tmp_path, "x = 1")
    prepare(tmp_path)
    newer = release_lesson(tmp_path, "x = 2")
    [said] = prepare(tmp_path)
    assert "newer version replaces your copy" in said
    assert mine(tmp_path).read_bytes() == newer.read_bytes()


def test_a_copy_that_was_only_run_counts_as_untouched(tmp_path):
    release_lesson(tmp_path, "print(1)")
    prepare(tmp_path)
    notebook = nbformat.read(mine(tmp_path), as_version=4)
    notebook.cells[1].outputs = [new_output("stream", text="1\n")]
    notebook.cells[1].execution_count = 7
    notebook.metadata["signature"] = "anything that JupyterLab adds"
    nbformat.write(notebook, mine(tmp_path))
    newer = release_lesson(tmp_path, "print(2)")
    prepare(tmp_path)
    assert mine(tmp_path).read_bytes() == newer.read_bytes()


def test_work_stays_and_the_newer_release_is_put_beside_it(tmp_path):
    release_lesson(tmp_path, "raise NotSolvedYet")
    prepare(tmp_path)
    work = write_answer(mine(tmp_path), "x = 42")
    newer = release_lesson(tmp_path, "raise NotSolvedYet  # better")
    [said] = prepare(tmp_path)
    assert "your work is kept" in said and "01_first (updated).ipynb" in said
    assert mine(tmp_path).read_bytes() == work
    assert mine(tmp_path, "01_first (updated).ipynb").read_bytes() == newer.read_bytes()
    assert prepare(tmp_path) == ["01_first: your copy is kept."]
    page = (tmp_path / "work/Welcome.md").read_text(encoding="utf-8")
    assert "[A newer version](01_first/01_first%20%28updated%29.ipynb)" in page


def test_an_update_that_nobody_worked_on_is_replaced_by_the_next(tmp_path):
    release_lesson(tmp_path, "raise NotSolvedYet")
    prepare(tmp_path)
    write_answer(mine(tmp_path), "x = 42")
    for text in ("second", "third"):
        newest = release_lesson(tmp_path, text)
        prepare(tmp_path)
    assert mine(tmp_path, "01_first (updated).ipynb").read_bytes() == newest.read_bytes()
    assert not mine(tmp_path, "01_first (updated 2).ipynb").exists()


def test_work_in_an_update_is_never_overwritten_either(tmp_path):
    release_lesson(tmp_path, "raise NotSolvedYet")
    prepare(tmp_path)
    write_answer(mine(tmp_path), "x = 42")
    release_lesson(tmp_path, "second")
    prepare(tmp_path)
    work = write_answer(mine(tmp_path, "01_first (updated).ipynb"), "x = 43")
    third = release_lesson(tmp_path, "third")
    [said] = prepare(tmp_path)
    assert "01_first (updated 2).ipynb" in said
    assert mine(tmp_path, "01_first (updated).ipynb").read_bytes() == work
    assert mine(tmp_path, "01_first (updated 2).ipynb").read_bytes() == third.read_bytes()


@pytest.mark.parametrize("spoilt", ["", "{", "[]", '{"cells": 3}'])
def test_a_file_that_cannot_be_read_counts_as_work(tmp_path, spoilt):
    release_lesson(tmp_path, "x = 1")
    prepare(tmp_path)
    mine(tmp_path).write_text(spoilt)
    release_lesson(tmp_path, "x = 2")
    prepare(tmp_path)
    assert mine(tmp_path).read_text() == spoilt


def test_work_is_kept_when_the_memory_of_the_release_is_lost(tmp_path):
    release_lesson(tmp_path, "raise NotSolvedYet")
    prepare(tmp_path)
    (tmp_path / "work/.released/01_first.ipynb").unlink()
    work = write_answer(mine(tmp_path), "x = 42")
    prepare(tmp_path)
    assert mine(tmp_path).read_bytes() == work


def test_a_deleted_copy_comes_back(tmp_path):
    newest = release_lesson(tmp_path, "x = 1")
    prepare(tmp_path)
    mine(tmp_path).unlink()
    assert prepare(tmp_path) == ["01_first: copied."]
    assert mine(tmp_path).read_bytes() == newest.read_bytes()


def test_nothing_half_written_is_left_behind(tmp_path):
    release_lesson(tmp_path, "x = 1")
    prepare(tmp_path)
    assert not list((tmp_path / "work").rglob("*.part"))


def test_the_welcome_page_links_each_lesson_by_its_title(tmp_path):
    release_lesson(tmp_path, "x = 1")
    prepare(tmp_path)
    page = (tmp_path / "work/Welcome.md").read_text(encoding="utf-8")
    assert "[1 · The first](01_first/01_first.ipynb)" in page
    assert mine(tmp_path).exists()
    assert "Validate" in page and "Hand in" in page


def test_the_welcome_page_says_what_each_lesson_is_about():
    page = lab.welcome()
    for lesson, entry in syllabus.entries().items():
        assert f"/{lesson}.ipynb): {entry.idea} About {entry.minutes} minutes." in page


def test_without_a_release_the_way_out_is_named(tmp_path):
    with pytest.raises(CourseError, match="python -m course release"):
        prepare(tmp_path)


def test_jupyterlab_starts_on_the_work_and_gets_the_extra_arguments(tmp_path, monkeypatch):
    release_lesson(tmp_path, "x = 1")
    prepare(tmp_path)
    calls = []

    class Done:
        returncode = 5

    monkeypatch.setattr(
        lab.subprocess, "run", lambda command, **options: calls.append((command, options)) or Done
    )
    assert lab.start(["--no-browser", "--port", "9999"], tmp_path / "work") == 5
    [(command, options)] = calls
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert ("--port", "9999") in pairwise(command)
    assert f"--ServerApp.root_dir={tmp_path / 'work'}" in command
    settings = options["env"]["JUPYTER_CONFIG_PATH"].split(":")[0]
    with open(f"{settings}/labconfig/page_config.json") as file:
        disabled = json.load(file)["disabledExtensions"]
    assert disabled["@jupyter/nbgrader:formgrader"]
    assert "@jupyter/nbgrader:validate-assignment" not in disabled
