"""README lists the lessons of the syllabus, and says when it no longer does."""

import pytest
from typer.testing import CliRunner

from course import cli, syllabus
from course.authoring import readme
from course.paths import REPO, CourseError


def test_each_lesson_of_the_syllabus_is_there_with_its_released_notebook():
    text = readme.README.read_text(encoding="utf-8")
    assert readme.refreshed(text) == text
    for entry in syllabus.entries().values():
        link = f"release/{entry.lesson}/{entry.lesson}.ipynb"
        assert f"[{entry.number} · {entry.title}]({link}) | {entry.idea}" in text
        assert (REPO / link).is_file()


def test_a_stale_table_is_told_and_mended_and_the_rest_stays(tmp_path, monkeypatch):
    text = readme.README.read_text(encoding="utf-8")
    page = tmp_path / "README.md"
    page.write_text(text.replace("| [2 · ", "| [3 · "), encoding="utf-8")
    monkeypatch.setattr(readme, "README", page)
    assert readme.refresh(check=True)
    assert page.read_text(encoding="utf-8") != text
    assert readme.refresh()
    assert page.read_text(encoding="utf-8") == text
    assert not readme.refresh()


def test_a_page_without_the_markers_is_refused():
    with pytest.raises(CourseError, match="must have the lines"):
        readme.refreshed("# A course\n")


def test_a_check_of_the_build_fails_where_the_table_is_stale(tmp_path, monkeypatch):
    page = tmp_path / "README.md"
    page.write_text(f"{readme.BEGIN}\n{readme.END}\n", encoding="utf-8")
    monkeypatch.setattr(readme, "README", page)
    lesson = syllabus.lesson_ids()[0]
    stale = CliRunner().invoke(cli.app, ["build", "--check", lesson])
    assert stale.exit_code == 1
    assert stale.output.endswith("README.md: stale: run `python -m course build`\n")
    readme.refresh()
    fresh = CliRunner().invoke(cli.app, ["build", "--check", lesson])
    assert (fresh.exit_code, fresh.output) == (0, f"{lesson}: fresh\nREADME.md: fresh\n")
