"""The web book in a real browser: no error, no other host, no serious fault, wide and narrow."""

import re

import numpy as np
import pytest

from utils import load_five_blobs
from utils.widgets.kmeans import Voronoi

PAGES = [
    "index.html",
    "syllabus.html",
    "students.html",
    "instructors.html",
    "decisions.html",
    "coverage.html",
    "search.html?q=centroid",
    "lessons/01_mixture_sampling.html",
    "lessons/02_kmeans.html",
    "lessons/05_em.html",
]
LESSON = "lessons/02_kmeans.html"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_error_no_other_host_and_no_serious_fault(
    book, open_page, faults, name, width, scheme
):
    page = open_page(book + name, width, scheme, host=book)
    page.wait_for_load_state("networkidle")
    page.wait_for_function("!window.MathJax || document.querySelector('mjx-container')")
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults(page) == []


def test_formulas_are_drawn(book, open_page):
    page = open_page(book + LESSON, host=book)
    page.wait_for_function("document.querySelectorAll('mjx-container svg').length > 20")
    assert page.locator("merror, mjx-merror").count() == 0
    assert page.locator("mjx-assistive-mml math").count() > 20


def test_the_search_finds_a_lesson(book, open_page):
    page = open_page(book + "search.html?q=inertia", host=book)
    page.locator("#search-results a", has_text="k-means").first.click()
    assert re.search(r"/lessons/\d\d_", page.url)


def test_light_and_dark_can_be_chosen(book, open_page):
    page = open_page(book + "index.html", host=book)
    for mode in ("Dark", "Light"):
        page.locator(".theme-switch-button:visible").click()
        page.get_by_role("button", name=mode, exact=True).click()
        assert page.evaluate("document.documentElement.dataset.theme") == mode.lower()


def test_a_point_and_a_centroid_are_dragged_in_the_book(book, open_page):
    page = open_page(book + LESSON, host=book)
    board = page.locator(".kmeans-board")
    board.scroll_into_view_if_needed()
    board.get_by_role("button", name="Assign points").click()
    X, z = load_five_blobs()[0][::4].copy(), None
    ring = board.get_by_role("button", name=re.compile("^Point 0 of 500"))
    ring.focus()
    far = int(X[:, 0].argmax())
    for _ in range(len(X) - far):
        page.keyboard.press("PageUp")
    ring = board.get_by_role("button", name=re.compile(f"^Point {far} of 500"))
    drag(page, ring, -50, 30)
    handle = board.get_by_role("button", name=re.compile("^Centroid 2 at"))
    drag(page, handle, 150, 10)

    X[far] = place(ring)
    assert not np.array_equal(X[far], load_five_blobs()[0][::4][far])
    rows = board.locator("tbody tr").all_inner_texts()
    # A start is a row of X; what was dragged stands at a round place.
    mu = np.array(
        [place(board.get_by_role("button", name=re.compile(f"^Centroid {k} at"))) for k in range(5)]
    )
    for k in (0, 1, 3, 4):
        mu[k] = X[np.abs(X - mu[k]).max(axis=1).argmin()]
    z = Voronoi(mu).predict(X)
    assert f"Inertia {np.sum((X - mu[z]) ** 2):.2f}." in board.get_by_role("status").text_content()
    for k, row in enumerate(rows):
        assert row.split() == [
            str(k), str(np.sum(z == k)), f"({mu[k, 0]:.3f},", f"{mu[k, 1]:.3f})"
        ]  # fmt: skip


def place(handle):
    return [
        float(part)
        for part in re.search(r"\((.*?)\)", handle.get_attribute("aria-label")).group(1).split(",")
    ]


def drag(page, handle, dx, dy):
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx / 2, y + dy / 2)
    page.mouse.move(x + dx, y + dy)
    page.mouse.up()


def test_the_em_stepper_runs_in_the_book(book, open_page):
    page = open_page(book + "lessons/05_em.html", host=book)
    stepper = page.locator(".em-stepper")
    stepper.get_by_role("button", name="E step").click()
    stepper.get_by_role("button", name="M step").click()
    assert "iteration 1: M step done" in stepper.get_by_role("status").text_content()


def test_sliders_that_need_python_show_their_first_picture_and_where_they_stand(book, open_page):
    page = open_page(book + "lessons/01_mixture_sampling.html", host=book)
    note = page.locator(".admonition", has_text="Try it in JupyterLab")
    assert "weight 0 = 0.333; 1 of the rest = 0.5" in note.text_content()
    picture = page.get_by_role(
        "img", name=re.compile("^250 points of three Gaussians with weights")
    )
    assert picture.count() == 1


def test_the_answer_to_a_prediction_is_folded(book, open_page):
    page = open_page(book + LESSON, host=book)
    answer = page.get_by_text("One centroid has to serve a large blob")
    assert not answer.is_visible()
    page.locator("summary", has_text="What you should have seen").click()
    assert answer.is_visible()


def test_a_picture_opens_in_full_on_a_phone(book, open_page):
    page = open_page(book + LESSON, 390, host=book)
    link = page.locator("article .cell_output a:has(img)").first
    picture = link.locator("img")
    assert link.get_attribute("href") == picture.evaluate("each => each.src")
    assert picture.evaluate("each => each.naturalWidth") > 1.5 * picture.bounding_box()["width"]
    assert picture.get_attribute("alt")
