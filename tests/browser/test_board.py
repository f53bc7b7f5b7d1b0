"""The k-means board in a real browser: its numbers are NumPy's, and mouse, keys and fingers work."""

import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from utils import load_five_blobs
from utils.widgets.kmeans import Voronoi, lloyd_history
from utils.widgets.kmeans_board import kmeans_board

BLOBS = load_five_blobs()[0][::4]
whole = st.integers(-5, 5).map(float)
planes = st.lists(st.tuples(whole, whole).map(list), min_size=1, max_size=30)


def nearest(X, mu):
    return Voronoi(mu).predict(X)


def inertia(X, z, mu):
    return np.sum((np.asarray(X) - np.asarray(mu)[z]) ** 2)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def state_of(page):
    return page.evaluate("state.state")


def said(page):
    return page.get_by_role("status").text_content()


@pytest.fixture(scope="module")
def module(chromium):
    """A page that has the board's module as `lib`."""
    page = chromium.new_page()
    page.evaluate(
        "async (source) => { window.lib = await import(URL.createObjectURL("
        "new Blob([source], { type: 'text/javascript' }))); }",
        kmeans_board(BLOBS)._esm,
    )
    yield page
    page.close()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(points=planes, centroids=planes.map(lambda rows: rows[:8]))
def test_both_half_steps_are_those_of_numpy(module, points, centroids):
    labels, moved, cost = module.evaluate(
        "([X, mu]) => { const z = lib.assign(X, mu); return [z, lib.means(X, z, mu), lib.inertia(X, z, mu)]; }",
        [points, centroids],
    )
    z = nearest(points, centroids)
    assert labels == z.tolist()
    assert np.allclose(moved, lloyd_history(points, centroids, 1)[-1], rtol=1e-12, atol=1e-12)
    assert np.isclose(cost, inertia(points, z, centroids), rtol=1e-12, atol=1e-12)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(centroids=planes.map(lambda rows: rows[:8]))
def test_the_cells_are_the_nearest_centroids_regions(module, centroids):
    cells = module.evaluate(
        "(mu) => mu.map((_, k) => lib.voronoiCell(mu, k, [-6, -6, 6, 6]))", centroids
    )
    areas = [polygon_area(cell) for cell in cells]
    assert np.isclose(sum(areas), 144)
    for k, (cell, area) in enumerate(zip(cells, areas, strict=True)):
        if area > 1e-9:
            assert nearest([np.mean(cell, axis=0)], centroids)[0] == k


def polygon_area(corners):
    x, y = np.reshape(corners, (-1, 2)).T
    return abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2


def test_k_means_plus_plus_draws_by_squared_distance(module):
    uniform = np.random.default_rng(3).random((200, 4)).tolist()
    drawn = module.evaluate(
        "([X, lists]) => lists.map((u) => { let i = 0; return lib.spreadRows(X, 4, () => u[i++]); })",
        [BLOBS.tolist(), uniform],
    )
    for numbers, rows in zip(uniform, drawn, strict=True):
        assert rows[0] == int(numbers[0] * len(BLOBS))
        for chosen, number in zip(range(1, 4), numbers[1:], strict=True):
            near = np.min(np.sum((BLOBS[:, None] - BLOBS[rows[:chosen]]) ** 2, axis=2), axis=1)
            assert rows[chosen] == np.searchsorted(np.cumsum(near), number * near.sum(), "right")


def test_random_starts_are_different_rows_and_each_is_as_likely(module):
    drawn = module.evaluate(
        "() => { const r = lib.generator(7); return Array.from({ length: 6000 }, () => lib.randomRows(5, 2, r)); }"
    )
    assert all(len(set(rows)) == 2 for rows in drawn)
    counts = np.bincount(np.ravel(drawn), minlength=5)
    assert np.all(np.abs(counts - 2400) < 6 * np.sqrt(6000 * 0.4 * 0.6))


def test_a_run_is_lloyds_and_the_numbers_on_the_screen_are_numpys(stage):
    board = kmeans_board(BLOBS, k=5, seed=3)
    page = stage(board)
    expected = lloyd_history(BLOBS, BLOBS[board.start], 100)
    mu, z = np.array(expected[0]), None
    assert "No point is assigned yet" in said(page)
    for half in range(2 * len(expected)):
        press(page, "Assign points" if half % 2 == 0 else "Move centroids")
        if half % 2 == 0:
            z = nearest(BLOBS, mu)
        else:
            mu = lloyd_history(BLOBS, mu, 1)[-1]
        assert f"Inertia {inertia(BLOBS, z, mu):.2f}." in said(page)
        if "k-means has stopped" in said(page):
            break
    rows = page.locator("tbody tr").all_inner_texts()
    sizes = np.bincount(z, minlength=5)
    for k, row in enumerate(rows):
        assert (
            re.sub(r"\s+", " ", row).strip() == f"{k} {sizes[k]} ({mu[k][0]:.3f}, {mu[k][1]:.3f})"
        )
    state = state_of(page)
    assert state["converged"] and state["labels"] == z.tolist()
    assert np.allclose(state["centroids"], expected[-1])
    assert np.all(np.diff(state["inertias"]) <= 1e-9)
    assert f"{inertia(BLOBS, z, mu):.2f}" in page.get_by_text("Lowest inertia").text_content()


def test_run_goes_on_by_itself_to_the_end(stage):
    page = stage(kmeans_board(BLOBS, k=3, seed=1), reduced_motion="reduce")
    press(page, "Run")
    assert "k-means has stopped" in said(page)
    press(page, "Back to start")
    assert state_of(page)["labels"] is None
    press(page, "New start")
    press(page, "Run")
    assert "(runs: 2)" in page.get_by_text("Lowest inertia").text_content()


def test_run_can_be_paused(stage):
    page = stage(kmeans_board(BLOBS, k=5, seed=3))
    press(page, "Run")
    press(page, "Pause")
    steps = len(state_of(page)["inertias"])
    page.wait_for_timeout(900)
    assert len(state_of(page)["inertias"]) == steps
    assert page.get_by_role("button", name="Run", exact=True).is_visible()


def drag(page, start, by):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + by[0] / 2, start[1] + by[1] / 2)
    page.mouse.move(start[0] + by[0], start[1] + by[1])
    page.mouse.up()


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def check_numbers(page):
    """After a move by hand: labels, sizes and inertia are NumPy's for what is on the board now."""
    state = state_of(page)
    X, mu = np.array(state["points"]), np.array(state["centroids"])
    z = nearest(X, mu)
    assert state["labels"] == z.tolist()
    assert f"Inertia {inertia(X, z, mu):.2f}." in said(page)
    return X, mu


def test_a_centroid_is_dragged_and_the_points_follow(stage):
    page = stage(kmeans_board(BLOBS, k=5, seed=5))
    press(page, "Assign points")
    press(page, "Move centroids")
    before = np.array(state_of(page)["centroids"])
    handle = page.get_by_role("button", name=re.compile("^Centroid 2 at"))
    drag(page, middle(handle), (120, -40))
    _, mu = check_numbers(page)
    assert np.array_equal(np.delete(mu, 2, 0), np.delete(before, 2, 0))
    assert mu[2, 0] > before[2, 0] and mu[2, 1] > before[2, 1]
    ratio = (mu[2, 0] - before[2, 0]) / (mu[2, 1] - before[2, 1])
    assert np.isclose(ratio, 3, rtol=0.05)
    assert len(state_of(page)["inertias"]) == 1, "what is moved by hand begins a new history"
    place = f"({mu[2, 0]:g}, {mu[2, 1]:g})"
    assert place in handle.get_attribute("aria-label")


def test_a_point_is_dragged_and_put_back(stage):
    X = [[0.0, 0], [1, 0], [0, 1], [9, 9], [8, 9], [9, 8]]
    page = stage(kmeans_board(X, k=2, seed=0))
    press(page, "Assign points")
    canvas = page.locator("canvas").bounding_box()
    ring = page.get_by_role("button", name=re.compile("^Point 0 of 6"))
    at = middle(ring)
    centroids = [
        middle(page.get_by_role("button", name=re.compile(f"^Centroid {k} "))) for k in (0, 1)
    ]
    assert min(np.hypot(x - at[0], y - at[1]) for x, y in centroids) > 20
    drag(page, at, (canvas["width"] / 3, -canvas["height"] / 3))
    moved, _ = check_numbers(page)
    assert np.array_equal(moved[1:], X[1:]) and np.all(moved[0] > 1)
    press(page, "Put points back")
    assert np.array_equal(check_numbers(page)[0], X)


def test_what_leaves_the_board_stays_at_its_edge(stage):
    page = stage(kmeans_board(BLOBS, k=2, seed=5))
    press(page, "Assign points")
    handle = page.get_by_role("button", name=re.compile("^Centroid 0 "))
    drag(page, middle(handle), (-3000, -3000))
    _, mu = check_numbers(page)
    canvas = page.locator("canvas").bounding_box()
    assert np.allclose(middle(handle), (canvas["x"], canvas["y"]), atol=2)
    assert np.all(np.isfinite(mu))


def test_arrow_keys_move_a_centroid_and_a_point(stage):
    page = stage(kmeans_board(BLOBS, k=3, seed=5))
    page.evaluate("document.body.style.height = '3000px'")
    press(page, "Assign points")
    before = state_of(page)
    page.get_by_role("button", name=re.compile("^Centroid 1 ")).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    _, mu = check_numbers(page)
    step = mu[1] - before["centroids"][1]
    assert step[0] > 0 and np.isclose(step[1] / step[0], 5, rtol=0.3)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert "Point 0 of 500" in page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowLeft")
    X, _ = check_numbers(page)
    assert np.flatnonzero(np.any(X != BLOBS, axis=1)).tolist() == [2]
    assert X[2, 0] < BLOBS[2, 0]
    page.keyboard.press("PageUp")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    assert page.evaluate("scrollY") == 0
    assert "Point 1 of 500" in page.evaluate("document.activeElement.getAttribute('aria-label')")


@pytest.fixture
def finger(stage):
    """A board on a phone, and a finger that goes from one place to another."""
    page = stage(
        kmeans_board([[0.0, 0], [1, 0], [0, 1], [9, 9], [8, 9], [9, 8]], k=2, seed=0),
        width=390,
        has_touch=True,
    )
    page.evaluate("document.body.style.height = '3000px'")
    press(page, "Assign points")
    session = page.context.new_cdp_session(page)

    def touch(kind, *places):
        points = [{"x": x, "y": y} for x, y in places]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def swipe(start, by):
        touch("touchStart", start)
        for share in np.linspace(0.1, 1, 10):
            touch("touchMove", (start[0] + share * by[0], start[1] + share * by[1]))
        touch("touchEnd")
        page.wait_for_timeout(300)

    return page, swipe


def test_a_finger_drags_centroids_and_points_without_scrolling(finger):
    page, swipe = finger
    handle = page.get_by_role("button", name=re.compile("^Centroid 0 "))
    before = np.array(state_of(page)["centroids"])
    swipe(middle(handle), (60, -60))
    _, mu = check_numbers(page)
    assert np.all(mu[0] != before[0])
    ring = page.get_by_role("button", name=re.compile("^Point 0 "))
    swipe(middle(ring), (50, -50))
    X, _ = check_numbers(page)
    assert np.all(X[0] > 0.5)
    assert page.evaluate("scrollY") == 0


def test_a_finger_beside_all_points_scrolls_the_page(finger):
    page, swipe = finger
    canvas = page.locator("canvas").bounding_box()
    swipe((canvas["x"] + canvas["width"] / 2, canvas["y"] + canvas["height"] / 2), (0, -200))
    assert page.evaluate("scrollY") > 50
    assert np.array_equal(check_numbers(page)[0][0], [0, 0])


def test_k_and_the_kind_of_start_can_be_chosen(stage):
    page = stage(kmeans_board(BLOBS, k=5, seed=5))
    page.get_by_label("K", exact=True).select_option("8")
    assert len(state_of(page)["centroids"]) == 8
    page.get_by_label("from").select_option("k-means++")
    rows = {tuple(row) for row in BLOBS.tolist()}
    starts = {tuple(centroid) for centroid in state_of(page)["centroids"]}
    assert len(starts) == 8 and starts <= rows
    press(page, "New start")
    assert {tuple(centroid) for centroid in state_of(page)["centroids"]} != starts


def test_a_centroid_without_points_stays_and_is_named(stage):
    page = stage(kmeans_board([[0.0, 0], [1, 0], [2, 5], [2, 5]], k=2, seed=0))
    page.get_by_label("K", exact=True).select_option("4")
    press(page, "Assign points")
    assert "Centroids without a point: 1." in said(page)
    before = state_of(page)["centroids"]
    press(page, "Move centroids")
    assert state_of(page)["centroids"] == before


def test_the_picture_and_the_history_are_told_in_words(stage, faults):
    page = stage(kmeans_board(BLOBS, k=3, seed=5))
    press(page, "Assign points")
    picture = page.get_by_role("img", name=re.compile("^500 points and 3 centroids, the plane cut"))
    assert said(page) in picture.get_attribute("aria-label")
    cost = state_of(page)["inertias"][0]
    assert page.get_by_role("img", name=f"Inertia after each half step: {cost:.1f}.").count() == 1
    assert faults(page) == []


def test_a_narrow_page_holds_all_of_it(stage):
    page = stage(kmeans_board(BLOBS, k=8, seed=5), width=390)
    press(page, "Assign points")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("canvas").bounding_box()["width"] > 300
