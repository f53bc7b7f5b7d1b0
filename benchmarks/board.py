"""Frames a second of the k-means board while a centroid is dragged among 500 points, in Chromium.

`python -m benchmarks.board` prints them; the peer is the same page at rest.
"""

import json
import statistics
from itertools import pairwise

from playwright.sync_api import sync_playwright

from utils import load_five_blobs
from utils.widgets.kmeans_board import kmeans_board

OPTIONS = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"]
SECONDS = 4

PUT = """
async ([source, state]) => {
  const lib = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const set = (key, value) => (state[key] = value);
  const model = { get: (key) => state[key], set, save_changes() {} };
  lib.default.render({ model, el: document.getElementById("stage") });
}"""

# Moves a handle by events that come 250 times a second, as a mouse's do, whatever the frames;
# notes the time of each frame and counts the pictures, each of which begins with a white ground.
DRAG = """
async ([selector, seconds, dragged]) => {
  const handle = document.querySelectorAll(selector)[2];
  const box = handle.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const send = (type, clientX, clientY) =>
    handle.dispatchEvent(new PointerEvent(type, { clientX, clientY, pointerId: 1, buttons: 1 }));
  handle.setPointerCapture = () => {};
  let drawn = 0;
  const { fillRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillRect = function (...where) {
    drawn += 1;
    return fillRect.apply(this, where);
  };
  const times = [];
  const move = () => {
    const angle = performance.now() / 150;
    send("pointermove", x + 90 + 90 * Math.cos(angle), y + 60 * Math.sin(angle));
  };
  if (dragged) send("pointerdown", x, y);
  const mouse = dragged ? setInterval(move, 4) : null;
  await new Promise((done) => {
    const frame = (time) => {
      times.push(time);
      if (time - times[0] > 1000 * seconds) done();
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  clearInterval(mouse);
  if (dragged) send("pointerup", x, y);
  CanvasRenderingContext2D.prototype.fillRect = fillRect;
  return [times, drawn];
}"""


def frames(page, dragged):
    """Seconds between frames, and how many pictures of the board were drawn a second."""
    times, drawn = page.evaluate(DRAG, [".handle", SECONDS, dragged])
    return [(b - a) / 1000 for a, b in pairwise(times)], drawn / SECONDS


def measure():
    """Frames a second, at rest and while a centroid is dragged.

    Returns
    -------
    dict
    """
    board = kmeans_board(load_five_blobs()[0][::4], k=8, seed=3)
    state = {name: getattr(board, name) for name in ("points", "start", "seed", "state")}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=OPTIONS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_content('<!doctype html><main id="stage"></main>')
        page.evaluate(PUT, [board._esm, state])
        page.get_by_role("button", name="Assign points").click()
        (at_rest, _), (dragging, drawn) = frames(page, False), frames(page, True)
        browser.close()
    return {
        "points": len(board.points),
        "clusters": 8,
        "frames a second at rest": round(1 / statistics.mean(at_rest), 1),
        "frames a second while dragging": round(1 / statistics.mean(dragging), 1),
        "pictures a second while dragging": round(drawn, 1),
        "slowest frame in 20, ms": round(1000 * sorted(dragging)[int(0.95 * len(dragging))], 1),
    }


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
