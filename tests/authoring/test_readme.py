"""README lists the lessons of the syllabus, and says when it no longer does."""

import pytest

from course import syllabus
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
