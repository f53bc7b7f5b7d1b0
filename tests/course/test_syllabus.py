"""The syllabus says what the lessons say, and its map shows what the data file says."""

import re

import pytest

from course import syllabus
from course.paths import lesson_file
from course.syllabus import lesson_ids


def test_it_lists_every_lesson():
    assert set(lesson_ids()) <= set(syllabus.entries())


@pytest.mark.parametrize("lesson", lesson_ids())
def test_a_lesson_opens_with_its_title_and_minutes(lesson):
    assert lesson in syllabus.entries(), "describe it in course/syllabus.toml"
    entry = syllabus.entries()[lesson]
    text = lesson_file(lesson, "lesson.py").read_text(encoding="utf-8")
    assert f"# # {entry.number} · {entry.title}\n" in text
    opening = text.partition("# %% locked")[0]
    assert re.search(rf"\*\*Time:\*\* about {entry.minutes} minutes", opening)


@pytest.mark.parametrize("lesson", lesson_ids())
def test_a_lesson_builds_only_on_earlier_ones(lesson):
    assert all(before < lesson for before in syllabus.entries()[lesson].requires)


def test_the_page_links_the_lessons_that_are_there_and_no_other():
    page = syllabus.page({"02_kmeans": 22})
    assert "(lessons/02_kmeans.ipynb)" in page
    assert "| 22 | 1 |" in page
    assert "01_mixture_sampling" not in page


def reached(ways, lesson):
    """All lessons that one should have worked through before this one."""
    return ways[lesson].union(*(reached(ways, before) for before in ways[lesson]))


def test_the_map_draws_each_lesson_once_and_each_way_once():
    ax = syllabus.draw_map(syllabus.entries())
    titles = [text for text in ax.texts if text.get_text()]
    arrows = [text for text in ax.texts if not text.get_text()]
    assert len(titles) == len(syllabus.entries())
    # A way that leads over another lesson is not drawn again.
    ways = {lesson: set(entry.requires) for lesson, entry in syllabus.entries().items()}
    behind = {lesson: set().union(*(reached(ways, b) for b in ways[lesson])) for lesson in ways}
    assert len(arrows) == sum(len(ways[lesson] - behind[lesson]) for lesson in ways)
    words = syllabus.describe(syllabus.entries())
    assert "6 builds on 3 and 5" in words
