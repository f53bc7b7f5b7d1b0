"""Only plain files are opened, copied and counted, whatever lies in a submission."""

import os
from pathlib import Path

import pytest

from course.notebooks import files
from course.notebooks.files import UnreadableSubmission, copy_extras, extras, notebooks_in
from course.notebooks.times import TIMESTAMP


@pytest.fixture
def folder(tmp_path):
    """A submission's folder."""
    own = tmp_path / "submitted" / "eve" / "01_sums"
    own.mkdir(parents=True)
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.txt").write_text("secret")
    (tmp_path / "secret" / "01_sums.ipynb").write_text("secret")
    return own


def test_links_pipes_and_folders_are_no_notebooks(folder, tmp_path):
    (folder / "link.ipynb").symlink_to(tmp_path / "secret" / "01_sums.ipynb")
    (folder / "far.ipynb").symlink_to("/dev/zero")
    (folder / "gone.ipynb").symlink_to("nowhere")
    os.mkfifo(folder / "pipe.ipynb")
    (folder / "folder.ipynb").mkdir()
    (folder / ".hidden.ipynb").write_text("{}")
    found = notebooks_in(folder, "01_sums.ipynb")
    assert {name: reason.split("`")[2] for name, reason in found.items()} == {
        "far.ipynb": " is a symbolic link, not a file.",
        "folder.ipynb": " is not a plain file.",
        "gone.ipynb": " is a symbolic link, not a file.",
        "link.ipynb": " is a symbolic link, not a file.",
        "pipe.ipynb": " is not a plain file.",
    }


@pytest.mark.parametrize("level", ["student", "lesson"])
def test_a_folder_that_is_a_link_is_not_entered(level, folder, tmp_path):
    (folder / "01_sums.ipynb").write_text("{}")
    (folder / "data.csv").write_text("1")
    mallory = tmp_path / "submitted" / "mallory"
    if level == "student":
        mallory.symlink_to("eve")
    else:
        mallory.mkdir()
        (mallory / "01_sums").symlink_to(folder)
    name = "mallory" if level == "student" else "01_sums"
    with pytest.raises(UnreadableSubmission, match=f"^The folder `{name}` is a symbolic link\\.$"):
        notebooks_in(mallory / "01_sums", "01_sums.ipynb")
    assert list(extras(mallory / "01_sums")) == []


def test_a_folder_of_the_teacher_s_may_be_a_link(folder, tmp_path):
    (folder / "data.csv").write_text("1")
    (tmp_path / "elsewhere").symlink_to(tmp_path / "submitted")
    linked = tmp_path / "elsewhere" / "eve" / "01_sums"
    assert list(extras(linked)) == [(Path("data.csv"), b"1")]
    (tmp_path / "source").symlink_to(folder)
    assert list(extras(tmp_path / "source", own_parts=0)) == [(Path("data.csv"), b"1")]


def test_only_plain_files_are_copied(folder, tmp_path):
    secret = tmp_path / "secret"
    (folder / "inner").mkdir()
    (folder / "inner" / "kept.txt").write_text("kept")
    (folder / "inner" / "link.txt").symlink_to(secret / "key.txt")
    (folder / "outside").symlink_to(secret)
    (folder / "up").symlink_to("..")
    os.mkfifo(folder / "pipe.txt")
    os.link(folder / "inner" / "kept.txt", folder / "twice.txt")
    (folder / "01_sums.ipynb").write_text("{}")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("x")
    copy_extras(folder, tmp_path / "copy")
    copied = {str(each.relative_to(tmp_path / "copy")) for each in (tmp_path / "copy").rglob("*")}
    assert copied == {"inner", "inner/kept.txt", "twice.txt"}


def test_large_deep_and_many(folder, monkeypatch):
    monkeypatch.setattr(files, "MAX_EXTRA_BYTES", 1000)
    monkeypatch.setattr(files, "MAX_NOTEBOOK", 1000)
    with open(folder / "sparse.bin", "wb") as file:
        file.truncate(2**40)
    with open(folder / "01_sums.ipynb", "wb") as file:
        file.truncate(2**40)
    deep = folder
    for _ in range(100):
        deep /= "d"
    deep.mkdir(parents=True)
    (deep / "far.txt").write_text("x")
    for number in range(60):
        (folder / f"{number:02}.txt").write_text("x")
        (folder / f"{number:02}.ipynb").write_text("{}")
    (folder / TIMESTAMP).write_text("2027-01-01 UTC")
    names = [str(path) for path, _ in extras(folder)]
    assert names[0] == TIMESTAMP and len(names) == files.MAX_EXTRA_FILES
    assert "sparse.bin" not in names and "d" not in {name[0] for name in names}
    found = notebooks_in(folder, "01_sums.ipynb")
    assert list(found)[:2] == ["01_sums.ipynb", "00.ipynb"] and len(found) == files.MAX_NOTEBOOKS
    assert "is larger than" in found["01_sums.ipynb"]


def test_where_nothing_was_handed_in(tmp_path):
    (tmp_path / "submitted").mkdir()
    with pytest.raises(UnreadableSubmission, match="cannot be opened: No such file"):
        notebooks_in(tmp_path / "submitted" / "nobody" / "01_sums", "01_sums.ipynb")
    assert list(extras(tmp_path / "submitted" / "nobody" / "01_sums")) == []


def test_a_notebook_is_found_among_any_number_of_files(folder, monkeypatch):
    monkeypatch.setattr(files, "MAX_ENTRIES", 5)
    for number in range(20):
        (folder / f"{number}.png").write_text("")
        (folder / f"{number}.ipynb").write_text("")
    (folder / "zz.ipynb").write_text("{}")
    assert next(iter(notebooks_in(folder, "zz.ipynb"))) == "zz.ipynb"
