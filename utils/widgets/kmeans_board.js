// The k-means board: the algorithm (exported for tests), then the picture and what moves in it.

// --- k-means in the plane --------------------------------------------------------------------

const square = ([ax, ay], [bx, by]) => (ax - bx) ** 2 + (ay - by) ** 2;

// The nearest centroid of each point; ties go to the lower index.
export function assign(points, centroids) {
  return points.map((point) => {
    let best = 0;
    let least = Infinity;
    centroids.forEach((centroid, k) => {
      const distance = square(point, centroid);
      if (distance < least) [best, least] = [k, distance];
    });
    return best;
  });
}

// The mean of each cluster; a centroid without points stays.
export function means(points, labels, centroids) {
  const sums = centroids.map(() => [0, 0, 0]);
  points.forEach(([x, y], i) => {
    const sum = sums[labels[i]];
    sum[0] += x;
    sum[1] += y;
    sum[2] += 1;
  });
  return sums.map(([x, y, n], k) => (n ? [x / n, y / n] : [...centroids[k]]));
}

export function inertia(points, labels, centroids) {
  return points.reduce((sum, point, i) => sum + square(point, centroids[labels[i]]), 0);
}

// The part of a rectangle [left, top, right, bottom] that is nearer to centroid k than to any other.
export function voronoiCell(centroids, k, [left, top, right, bottom]) {
  let cell = [[left, top], [right, top], [right, bottom], [left, bottom]];
  const [x, y] = centroids[k];
  centroids.forEach(([ox, oy], other) => {
    if (other === k) return;
    if (ox === x && oy === y) {
      if (other < k) cell = []; // of two centroids in one place the first one gets it all
      return;
    }
    // Positive on our side of the line half-way between the two.
    const side = ([px, py]) => (x - ox) * (px - (x + ox) / 2) + (y - oy) * (py - (y + oy) / 2);
    const kept = [];
    cell.forEach((corner, i) => {
      const next = cell[(i + 1) % cell.length];
      const [here, there] = [side(corner), side(next)];
      if (here >= 0) kept.push(corner);
      if (here >= 0 !== there >= 0) {
        const share = here / (here - there);
        kept.push([corner[0] + share * (next[0] - corner[0]), corner[1] + share * (next[1] - corner[1])]);
      }
    });
    cell = kept;
  });
  return cell;
}

// Different rows, each as likely as any other. `random` gives numbers from 0 to below 1.
export function randomRows(n, k, random) {
  const rows = Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < k; i++) {
    const j = i + Math.floor(random() * (n - i));
    [rows[i], rows[j]] = [rows[j], rows[i]];
  }
  return rows.slice(0, k);
}

// k-means++: each next row with a chance by its squared distance to the nearest one so far.
export function spreadRows(points, k, random) {
  const rows = [Math.floor(random() * points.length)];
  const near = points.map((point) => square(point, points[rows[0]]));
  while (rows.length < k) {
    const total = near.reduce((a, b) => a + b, 0);
    let left = random() * total;
    let row = total > 0 ? near.findIndex((weight) => (left -= weight) < 0) : -1;
    if (row < 0) row = total > 0 ? near.findLastIndex((weight) => weight > 0) : Math.floor(random() * points.length);
    rows.push(row);
    points.forEach((point, i) => (near[i] = Math.min(near[i], square(point, points[row]))));
  }
  return rows;
}

// Mulberry32: numbers from 0 to below 1, the same ones for the same seed.
export function generator(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// --- One board -------------------------------------------------------------------------------

const STARTS = ["random points", "k-means++"];

export class Board {
  constructor(points, start, seed) {
    this.given = points;
    this.points = points.map((point) => [...point]);
    this.random = generator(seed);
    this.runs = 0;
    this.lowest = null; // inertia at the end of the best run with these points and this K
    this.begin(start.map((row) => [...points[row]]));
  }

  get k() {
    return this.centroids.length;
  }

  begin(centroids) {
    this.start = centroids;
    this.counted = false; // whether the end of this run is among `runs`
    this.back();
  }

  back() {
    this.centroids = this.start.map((centroid) => [...centroid]);
    this.labels = null;
    this.changed = null; // points that the last assignment gave to another cluster
    this.history = []; // {half: "assign" | "move" | "drag", inertia}
  }

  newStart(k, kind) {
    if (k !== this.k) this.forget();
    const n = this.points.length;
    const rows = kind === STARTS[1] ? spreadRows(this.points, k, this.random) : randomRows(n, k, this.random);
    this.begin(rows.map((row) => [...this.points[row]]));
  }

  forget() {
    this.runs = 0;
    this.lowest = null;
  }

  get nextHalf() {
    return this.history.length && this.history[this.history.length - 1].half !== "move" ? "move" : "assign";
  }

  get inertia() {
    return this.labels && inertia(this.points, this.labels, this.centroids);
  }

  get converged() {
    return this.changed === 0;
  }

  note(half) {
    this.history.push({ half, inertia: this.inertia });
  }

  halfStep() {
    const half = this.nextHalf;
    if (half === "move") {
      this.centroids = means(this.points, this.labels, this.centroids);
      this.changed = null;
    } else {
      const labels = assign(this.points, this.centroids);
      this.changed = this.labels && labels.filter((label, i) => label !== this.labels[i]).length;
      this.labels = labels;
    }
    this.note(half);
    if (this.converged && !this.counted) {
      this.counted = true;
      this.runs += 1;
      this.lowest = Math.min(this.lowest ?? Infinity, this.inertia);
    }
  }

  // By hand: the points go to their nearest centroid at once, and the history begins anew.
  moveCentroid(k, place) {
    this.centroids[k] = place;
    if (this.labels) this.reassign();
    else this.start = this.centroids.map((centroid) => [...centroid]);
  }

  movePoint(i, place) {
    this.points[i] = place;
    this.forget();
    if (this.labels) this.reassign();
  }

  putPointsBack() {
    this.points = this.given.map((point) => [...point]);
    this.forget();
    if (this.labels) this.reassign();
  }

  reassign() {
    this.labels = assign(this.points, this.centroids);
    this.changed = null;
    this.counted = false;
    this.history = [];
    this.note("drag");
  }

  get sizes() {
    const sizes = this.centroids.map(() => 0);
    for (const label of this.labels ?? []) sizes[label] += 1;
    return sizes;
  }

  get state() {
    const { points, centroids, labels, converged } = this;
    return { points, centroids, labels, converged, inertias: this.history.map((step) => step.inertia) };
  }
}

// --- In words --------------------------------------------------------------------------------

const STEP_NAMES = { assign: "Assign points", move: "Move centroids" };

function sentence(board) {
  const last = board.history[board.history.length - 1];
  if (!last) return `${board.k} centroids at their start. No point is assigned yet.`;
  const moves = board.history.filter((step) => step.half === "move").length;
  let text = {
    drag: "Moved by hand; each point went to its nearest centroid.",
    move: `Move ${moves}: each centroid went to the mean of its points.`,
    assign: "Each point went to its nearest centroid.",
  }[last.half];
  if (board.changed !== null) text += ` ${board.changed} of them changed cluster.`;
  text += ` Inertia ${last.inertia.toFixed(2)}.`;
  const empty = board.sizes.filter((size) => size === 0).length;
  if (empty) text += ` Centroids without a point: ${empty}.`;
  if (board.converged) text += " k-means has stopped.";
  return text;
}

function summary(board) {
  if (board.lowest === null) return "No run has come to its end yet.";
  return `Lowest inertia at an end: ${board.lowest.toFixed(2)} (runs: ${board.runs}).`;
}

// --- The picture -----------------------------------------------------------------------------

const REACH = { mouse: 10, pen: 14, touch: 22 }; // pixels from a point at which it is taken

const BOARD_STYLE = `
.kmeans-board .plane { position: relative; }
.kmeans-board canvas { display: block; width: 100%; box-shadow: 0 0 0 1px #ccc; touch-action: manipulation; }
.kmeans-board .handle { position: absolute; left: 0; top: 0; width: 26px; height: 26px; min-height: 0;
  margin: -13px 0 0 -13px; padding: 0; border: 2px solid ${INK}; border-radius: 50%;
  background: rgb(255 255 255 / 88%); font-weight: bold; line-height: 1; cursor: grab; touch-action: none; user-select: none; -webkit-user-select: none; }
.kmeans-board .handle::after { content: ""; position: absolute; inset: -8px; border-radius: 50%; }
.kmeans-board .handle:active { cursor: grabbing; }
.kmeans-board .point { width: 20px; height: 20px; margin: -10px 0 0 -10px; background: none; opacity: 0;
  pointer-events: none; }
.kmeans-board .point.held, .kmeans-board .point:focus-visible { opacity: 1; }
.kmeans-board .help { color: #555; font-size: 13px; max-width: 560px; }
`;

// Height to width of the plane: that of the points, within bounds.
function ratioOf(points) {
  const [width, height] = [0, 1].map((d) => {
    const values = points.map((point) => point[d]);
    return Math.max(...values) - Math.min(...values);
  });
  return Math.min(Math.max(0.12 + height / (width || 1), 0.55), 0.9);
}

function drawBoard(canvas, board, scale) {
  const context = canvas.getContext("2d");
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const density = window.devicePixelRatio || 1;
  context.setTransform(density, 0, 0, density, 0, 0);
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, width, height);
  if (board.labels) drawCells(context, board, scale, [0, 0, width, height]);
  drawPoints(context, board, scale);
}

function drawCells(context, board, scale, rectangle) {
  const seen = board.centroids.map(([x, y]) => [scale.x(x), scale.y(y)]);
  context.lineWidth = 1;
  context.strokeStyle = INK;
  seen.forEach((_, k) => {
    const cell = voronoiCell(seen, k, rectangle);
    context.beginPath();
    cell.forEach(([x, y]) => context.lineTo(x, y));
    context.closePath();
    context.fillStyle = LOOKS[k].tint;
    context.fill();
    context.stroke();
  });
}

function drawPoints(context, board, scale) {
  const radius = board.points.length > 150 ? 3 : 4;
  const paths = LOOKS.map(() => "");
  board.points.forEach(([x, y], i) => {
    const k = board.labels ? board.labels[i] : 0;
    paths[k] += markPath(board.labels ? LOOKS[k].shape : "circle", scale.x(x), scale.y(y), radius);
  });
  context.lineWidth = 0.8;
  paths.forEach((path, k) => {
    const marks = new Path2D(path);
    context.fillStyle = board.labels ? LOOKS[k].colour : GREY;
    context.strokeStyle = board.labels ? LOOKS[k].edge : INK;
    context.fill(marks);
    context.stroke(marks);
  });
}

// --- The widget ------------------------------------------------------------------------------

function render({ model, el }) {
  const board = new Board(model.get("points"), model.get("start"), model.get("seed"));
  let scale = null;
  let held = 0; // the point that the keyboard moves
  const root = panel(el, "kmeans-board");
  html("style", root, BOARD_STYLE);

  const steps = html("div", root, null, { class: "controls", role: "group", "aria-label": "k-means steps" });
  const stepButton = button(steps, "", { class: "main" });
  const runButton = button(steps, "Run");
  const backButton = button(steps, "Back to start");
  const starts = html("div", root, null, { class: "controls", role: "group", "aria-label": "Start" });
  const newButton = button(starts, "New start");
  const kind = choice(starts, "from", STARTS);
  const most = Math.min(LOOKS.length, board.points.length);
  const kChoice = choice(starts, "K", Array.from({ length: most }, (_, i) => i + 1));
  kChoice.value = board.k;
  const pointsButton = button(starts, "Put points back");

  const panes = html("div", root, null, { class: "panes" });
  const plane = html("div", panes, null, { class: "plane", role: "application", "aria-label": "Board" });
  const canvas = html("canvas", plane, null, { role: "img" });
  const handles = html("div", plane);
  const ring = button(plane, "", { class: "handle point", "aria-roledescription": "movable point" });
  const side = html("div", panes, null, { class: "side" });
  const status = html("p", side, null, { role: "status" });
  const best = html("p", side);
  const history = svg("svg", HISTORY, side);
  const table = html("table", side);
  html(
    "p",
    root,
    "Drag a centroid or a point. By keyboard: Tab leads to the centroids and to a point, the arrow keys move " +
      "it (with Shift farther), Page Up and Page Down choose another point.",
    { class: "help" }
  );

  // Places by hand are rounded to what one pixel can tell apart.
  function placeAt(x, y) {
    const digits = Math.max(0, Math.ceil(Math.log10(scale.unit)));
    const inside = [Math.min(Math.max(x, 0), canvas.clientWidth), Math.min(Math.max(y, 0), canvas.clientHeight)];
    return scale.back(...inside).map((value) => Number(value.toFixed(digits)));
  }

  const named = ([x, y]) => `(${Number(x.toFixed(3))}, ${Number(y.toFixed(3))})`;

  function putHandle(handle, [x, y]) {
    handle.style.transform = `translate(${scale.x(x)}px, ${scale.y(y)}px)`;
  }

  function makeHandles() {
    handles.replaceChildren();
    board.centroids.forEach((_, k) => {
      const handle = button(handles, k, { class: "handle", "aria-roledescription": "movable centroid" });
      movable(handle, () => board.centroids[k], (place) => board.moveCentroid(k, place));
    });
    makeTable();
  }

  let cells = [];
  function makeTable() {
    table.replaceChildren();
    const head = html("tr", html("thead", table));
    for (const name of ["cluster", "points", "centroid"]) html("th", head, name, { scope: "col" });
    const body = html("tbody", table);
    cells = board.centroids.map((_, k) => {
      const line = html("tr", body);
      clusterHeading(line, k);
      return [html("td", line), html("td", line)];
    });
  }

  const play = player({
    step() {
      board.halfStep();
    },
    finished: () => board.converged,
    refresh,
    pause: 500,
  });

  let asked = false;
  function soon() {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  }

  function draw() {
    if (!scale) return;
    drawBoard(canvas, board, scale);
    board.centroids.forEach((centroid, k) => putHandle(handles.children[k], centroid));
    putHandle(ring, board.points[held]);
    const { sizes } = board;
    cells.forEach(([size, place], k) => {
      size.textContent = board.labels ? sizes[k] : "–";
      place.textContent = `(${board.centroids[k].map((value) => value.toFixed(3)).join(", ")})`;
    });
    const values = board.history.map((step) => step.inertia);
    const shapes = board.history.map((step) => (step.half === "move" ? "square" : "circle"));
    drawHistory(history, values, { name: "inertia (circle: assign, square: move)", unit: "half steps", digits: 1, shapes });
  }

  // What need not follow every frame of a drag: words, and the state in Python.
  function tell() {
    const told = sentence(board);
    const { sizes } = board;
    board.centroids.forEach((centroid, k) => {
      const holds = board.labels ? `, ${sizes[k]} points` : "";
      handles.children[k].setAttribute("aria-label", `Centroid ${k} at ${named(centroid)}${holds}`);
    });
    const cluster = board.labels ? `, cluster ${board.labels[held]}` : "";
    ring.setAttribute("aria-label", `Point ${held} of ${board.points.length} at ${named(board.points[held])}${cluster}`);
    canvas.setAttribute(
      "aria-label",
      `${board.points.length} points and ${board.k} centroids` +
        `${board.labels ? ", the plane cut into the region of each centroid" : ""}. ${told}`
    );
    const values = board.history.map((step) => step.inertia.toFixed(1));
    history.setAttribute("aria-label", `Inertia after each half step: ${values.join(", ") || "none yet"}.`);
    if (!play.running) status.textContent = told; // a running animation is not read out step by step
    best.textContent = summary(board);
    stepButton.textContent = STEP_NAMES[board.nextHalf];
    runButton.textContent = play.running ? "Pause" : "Run";
    model.set("state", board.state);
    model.save_changes();
  }

  function refresh() {
    draw();
    tell();
  }

  function onClick(control, act) {
    control.addEventListener("click", () => {
      play.stop();
      act();
      refresh();
    });
  }

  function follow(target, set, offset) {
    const move = (event) => {
      const box = canvas.getBoundingClientRect();
      set(placeAt(event.clientX - box.left - offset[0], event.clientY - box.top - offset[1]));
      soon();
    };
    const end = () => {
      target.removeEventListener("pointermove", move);
      target.removeEventListener("pointerup", end);
      target.removeEventListener("pointercancel", end);
      ring.classList.remove("held");
      refresh();
    };
    target.addEventListener("pointermove", move);
    target.addEventListener("pointerup", end);
    target.addEventListener("pointercancel", end);
  }

  function grip(event, place) {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left - scale.x(place[0]), event.clientY - box.top - scale.y(place[1])];
  }

  function movable(handle, get, set) {
    handle.addEventListener("pointerdown", (event) => {
      play.stop();
      handle.setPointerCapture(event.pointerId);
      follow(handle, set, grip(event, get()));
    });
    handle.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 20 : 4;
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (!way) return;
      event.preventDefault();
      play.stop();
      const [x, y] = get();
      set(placeAt(scale.x(x) + step * way[0], scale.y(y) + step * way[1]));
      refresh();
    });
  }

  // The point at a place of the screen, or -1.
  function pointAt(event, kindOfPointer) {
    const box = canvas.getBoundingClientRect();
    const at = [event.clientX - box.left, event.clientY - box.top];
    let [found, least] = [-1, REACH[kindOfPointer] ** 2];
    board.points.forEach(([x, y], i) => {
      const distance = square(at, [scale.x(x), scale.y(y)]);
      if (distance <= least) [found, least] = [i, distance];
    });
    return found;
  }

  movable(ring, () => board.points[held], (place) => board.movePoint(held, place));
  ring.addEventListener("keydown", (event) => {
    const step = { PageDown: 1, PageUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    held = (held + step + board.points.length) % board.points.length;
    refresh();
  });
  canvas.addEventListener("pointerdown", (event) => {
    const found = pointAt(event, event.pointerType in REACH ? event.pointerType : "mouse");
    if (found < 0) return;
    play.stop();
    held = found;
    ring.classList.add("held");
    canvas.setPointerCapture(event.pointerId);
    follow(canvas, (place) => board.movePoint(held, place), grip(event, board.points[held]));
    soon();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.buttons === 0) canvas.style.cursor = pointAt(event, "mouse") < 0 ? "default" : "grab";
  });
  // A finger on a point drags it, one beside all points scrolls the page.
  canvas.addEventListener(
    "touchstart",
    (event) => {
      if (pointAt(event.touches[0], "touch") >= 0) event.preventDefault();
    },
    { passive: false }
  );

  function startAnew() {
    board.newStart(Number(kChoice.value), kind.value);
    makeHandles();
  }

  onClick(stepButton, () => board.halfStep());
  onClick(backButton, () => board.back());
  onClick(newButton, startAnew);
  onClick(pointsButton, () => board.putPointsBack());
  for (const control of [kChoice, kind]) {
    control.addEventListener("change", () => {
      play.stop();
      startAnew();
      refresh();
    });
  }
  runButton.addEventListener("click", () => play.toggle());

  function fit() {
    const width = canvas.clientWidth;
    if (!width) return;
    const height = Math.round(width * ratioOf(board.given));
    const density = window.devicePixelRatio || 1;
    canvas.style.height = `${height}px`;
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);
    scale = scaleOf(board.given, width, height);
    draw();
  }

  makeHandles();
  const watch = new ResizeObserver(fit);
  watch.observe(plane);
  fit();
  tell();
  return () => {
    play.stop();
    watch.disconnect();
  };
}

export default { render };
