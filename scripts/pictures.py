"""Takes the README's pictures of the real thing, after `make demo`: python scripts/pictures.py

Needs Debian's chromium. Writes docs/images/*.png.
"""

import base64
import csv
import io
import shutil
import sys

import nbformat
from PIL import Image
from playwright.sync_api import sync_playwright
from rich.console import Console

from course import demo
from course.paths import REPO, notebook_path

IMAGES = REPO / "docs" / "images"
STUDENT = "pierre"


def marks_page():
    """The demo's table of marks as it looks in a terminal, as an HTML page."""
    console = Console(record=True, width=100, file=io.StringIO(), force_terminal=True)
    with (demo.DEMO / "grades.csv").open(encoding="utf-8", newline="") as file:
        demo.print_marks(console, list(csv.DictReader(file)))
    return console.export_html(inline_styles=True)


def lesson_figure(title_in_source):
    """The picture that the cell with these words made when the author's answers were graded."""
    path = notebook_path(demo.DEMO / "autograded" / "ada", "02_kmeans")
    for cell in nbformat.read(path, as_version=4).cells:
        if title_in_source in cell.source:
            for output in cell.get("outputs", ()):
                if "image/png" in output.get("data", {}):
                    return base64.b64decode(output.data["image/png"])
    sys.exit(f"No cell of lesson 02 with {title_in_source!r} made a picture.")


def save(png, name, width=1400):
    """Write a picture with at most `width` pixels across and few colours."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    if image.width > width:
        image = image.resize((width, round(image.height * width / image.width)))
    image.quantize(128).save(IMAGES / name, optimize=True)


def main():
    if not (demo.DEMO / "feedback").exists():
        sys.exit("Run `make demo` first.")
    IMAGES.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or sys.exit("chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page(viewport={"width": 1010, "height": 900}, device_scale_factor=1.5)
        page.set_content(marks_page())
        save(page.locator("pre").screenshot(), "marks.png")
        page.set_viewport_size({"width": 900, "height": 900})
        page.goto((demo.DEMO / "feedback" / STUDENT / "index.html").as_uri())
        save(page.screenshot(clip={"x": 0, "y": 0, "width": 900, "height": 560}), "feedback.png")
        browser.close()
    save(lesson_figure('title=f"iteration {iteration}: move"'), "lesson.png")


if __name__ == "__main__":
    main()
