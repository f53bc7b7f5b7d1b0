"""The README's pictures, taken from what they show: `pytest tests/browser/test_pictures.py --pictures` anew."""

import csv
import io
import re

import pytest
from PIL import Image
from rich.console import Console

from course import demo
from course.paths import REPO

IMAGES = REPO / "docs" / "images"
STUDENTS = {
    "ada",
    "emmy",
    "carl",
    "pierre",
    "sofia",
    "thomas",
    "eli-wrong-name",
    "lou-endless-cell",
}
COLOURS = 128


@pytest.fixture
def take(request):
    """Takes a picture, which must show something; with `--pictures` it becomes the README's."""

    def one(name, seen, **options):
        picture = Image.open(io.BytesIO(seen.screenshot(animations="disabled", **options)))
        assert len(picture.convert("RGB").getcolors(picture.width * picture.height)) > 20
        if request.config.getoption("--pictures"):
            picture.convert("RGB").quantize(COLOURS).save(IMAGES / name, optimize=True)
        assert Image.open(IMAGES / name).width == picture.width
        assert f"(docs/images/{name})" in (REPO / "README.md").read_text(encoding="utf-8")

    return one


def test_the_marks_in_the_terminal(demo_class, open_page, take, monkeypatch):
    some = [student for student in demo.the_class() if student.id in STUDENTS]
    monkeypatch.setattr(demo, "the_class", lambda: some)
    console = Console(record=True, width=100, file=io.StringIO(), highlight=False)
    with (demo_class / "grades.csv").open(encoding="utf-8", newline="") as file:
        demo.print_marks(console, list(csv.DictReader(file)))
    page = open_page(width=1000)
    no_web_font = re.sub(r"@font-face {.*?}", "", console.export_svg(title="make demo"), flags=re.S)
    page.set_content(no_web_font)
    take("marks.png", page.locator("svg"))


def test_a_students_feedback(demo_class, open_page, take):
    page = open_page((demo_class / "feedback" / "pierre" / "index.html").as_uri(), width=900)
    take("feedback.png", page)


def test_the_class_report(demo_class, open_page, take):
    page = open_page((demo_class / "report" / "index.html").as_uri(), width=1060)
    take("report.png", page)


def test_the_board_of_k_means(book, open_page, take):
    page = open_page(book + "lessons/02_kmeans.html", width=1100, host=book)
    board = page.locator(".kmeans-board")
    for name in ("Assign points", "Move centroids", "Assign points"):
        board.get_by_role("button", name=name).click()
    take("board.png", board)


def test_a_figure_of_a_lesson(book, open_page, take):
    page = open_page(book + "lessons/02_kmeans.html", width=1100, host=book)
    take("lesson.png", page.get_by_alt_text("iterations").first)
