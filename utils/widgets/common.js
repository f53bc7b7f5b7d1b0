// What the widgets share. `browser_module` in browser.py puts it after the constants LOOKS (for each
// cluster {colour, edge, tint, shape}), INK and GREY, and before a widget's own part: all of it is
// one ES module.

const STYLE = `
.course-widget { box-sizing: border-box; background: #fff; color: ${INK}; padding: 10px;
  border-radius: 6px; font: 14px/1.45 system-ui, sans-serif; }
.course-widget * { box-sizing: border-box; }
.course-widget .controls { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; margin: 0 0 8px; }
.course-widget .panes { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: flex-start; }
.course-widget .plane { flex: 1 1 380px; max-width: 560px; min-width: 0; }
.course-widget .side { flex: 0 1 240px; min-width: 0; }
.course-widget button, .course-widget select { font: inherit; color: ${INK}; background: #eef2f5;
  border: 1px solid ${GREY}; border-radius: 4px; padding: 4px 10px; cursor: pointer; min-height: 36px; }
.course-widget button:hover { background: #dce6ee; }
.course-widget button:focus-visible, .course-widget select:focus-visible
  { outline: 3px solid #0072B2; outline-offset: 2px; }
.course-widget .main { background: #0072B2; border-color: #0072B2; color: #fff; }
.course-widget .main:hover { background: #005a8e; }
.course-widget label { display: inline-flex; align-items: center; gap: 6px; margin: 0; color: ${INK}; }
.course-widget svg { display: block; max-width: 100%; height: auto; background: #fff; }
.course-widget table { border-collapse: collapse; margin: 6px 0; width: auto; background: #fff; color: ${INK}; }
.course-widget thead, .course-widget tbody, .course-widget tr, .course-widget th, .course-widget td
  { background: #fff; color: ${INK}; border: 0; }
.course-widget th, .course-widget td { padding: 1px 10px 1px 0; text-align: right; font-weight: normal; font-size: 14px; }
.course-widget th, .course-widget td { white-space: nowrap; }
.course-widget td { font-variant-numeric: tabular-nums; }
.course-widget th svg { display: inline-block; vertical-align: -2px; margin-right: 6px; }
.course-widget p { margin: 4px 0; color: ${INK}; }
`;

function svg(name, attributes = {}, parent = null, text = null) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== null) node.textContent = text;
  if (parent) parent.appendChild(node);
  return node;
}

function html(name, parent, text = null, attributes = {}) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== null) node.textContent = text;
  if (parent) parent.appendChild(node);
  return node;
}

// The widget's panel. JupyterLab's own shortcuts keep away from the keys that are pressed in it.
function panel(el, name) {
  const root = html("div", el, null, { class: `course-widget ${name}`, "data-lm-suppress-shortcuts": "true" });
  html("style", root, STYLE);
  return root;
}

function button(parent, text, attributes = {}) {
  return html("button", parent, text, { type: "button", ...attributes });
}

function choice(parent, label, options) {
  const select = html("select", html("label", parent, label), null, { "aria-label": label });
  for (const option of options) html("option", select, option, { value: option });
  return select;
}

// A cluster's mark around (x, y) as an SVG path.
function markPath(shape, x, y, r) {
  const corners = (radii, turn) =>
    radii
      .map((radius, i) => {
        const angle = turn + (2 * Math.PI * i) / radii.length;
        const [px, py] = [x + radius * Math.sin(angle), y - radius * Math.cos(angle)];
        return `${i ? "L" : "M"}${px.toFixed(2)} ${py.toFixed(2)}`;
      })
      .join("") + "Z";
  const equal = (n, factor) => Array(n).fill(factor * r);
  if (shape === "square") return corners(equal(4, 1.25), Math.PI / 4);
  if (shape === "triangle") return corners(equal(3, 1.4), 0);
  if (shape === "downward triangle") return corners(equal(3, 1.4), Math.PI);
  if (shape === "diamond") return corners(equal(4, 1.4), 0);
  if (shape === "pentagon") return corners(equal(5, 1.3), 0);
  if (shape === "star") return corners([1.6, 0.7, 1.6, 0.7, 1.6, 0.7, 1.6, 0.7, 1.6, 0.7].map((f) => f * r), 0);
  if (shape === "plus") {
    const [a, b] = [1.4 * r, 0.5 * r];
    return `M${x - b} ${y - a}h${2 * b}v${a - b}h${a - b}v${2 * b}h${b - a}v${a - b}h${-2 * b}v${b - a}h${b - a}v${-2 * b}h${a - b}Z`;
  }
  return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
}

// The heading of a cluster's row in a table: its mark and its number.
function clusterHeading(row, k) {
  const heading = html("th", row, null, { scope: "row" });
  const mark = svg("svg", { width: 14, height: 14, "aria-hidden": "true" }, heading);
  const { shape, colour, edge } = LOOKS[k];
  svg("path", { d: markPath(shape, 7, 7, 4.5), fill: colour, stroke: edge }, mark);
  heading.append(String(k));
}

// From data to pixels: the points in the middle of `width` x `height`, both axes in the same unit.
function scaleOf(points, width, height) {
  const range = (d) => {
    const values = points.map((point) => point[d]);
    return [Math.min(...values), Math.max(...values)];
  };
  const [x0, x1] = range(0);
  const [y0, y1] = range(1);
  const unit = Math.min((width - 60) / (x1 - x0 || 1), (height - 60) / (y1 - y0 || 1)) * 0.92;
  const middle = [(x0 + x1) / 2, (y0 + y1) / 2];
  return {
    unit,
    x: (value) => width / 2 + (value - middle[0]) * unit,
    y: (value) => height / 2 - (value - middle[1]) * unit,
    back: (x, y) => [middle[0] + (x - width / 2) / unit, middle[1] - (y - height / 2) / unit],
  };
}

// The curve of a number that changes from step to step, with its first, lowest and highest value.
const HISTORY = { viewBox: "0 0 300 170", width: 300, role: "img" };

function drawHistory(figure, values, { name, unit, digits, shapes = [] }) {
  figure.replaceChildren();
  const [left, right, top, bottom] = [62, 286, 26, 140];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const steps = Math.max(values.length - 1, 5);
  const x = (i) => left + ((right - left) * i) / steps;
  const y = (value) => (high > low ? bottom - ((bottom - top) * (value - low)) / (high - low) : bottom);
  const label = { "font-size": 11, fill: INK };
  svg("text", { x: 4, y: 12, ...label }, figure, name);
  svg("path", { d: `M${left} ${top - 6}V${bottom + 6}H${right}`, fill: "none", stroke: GREY }, figure);
  svg("text", { x: left, y: bottom + 22, "text-anchor": "middle", ...label }, figure, 0);
  svg("text", { x: right, y: bottom + 22, "text-anchor": "middle", ...label }, figure, steps);
  svg("text", { x: (left + right) / 2, y: bottom + 22, "text-anchor": "middle", ...label }, figure, unit);
  if (!values.length) return;
  svg("text", { x: left - 6, y: y(low) + 4, "text-anchor": "end", ...label }, figure, low.toFixed(digits));
  if (high - low > 0.1 ** digits) {
    svg("text", { x: left - 6, y: top + 4, "text-anchor": "end", ...label }, figure, high.toFixed(digits));
  }
  const line = values.map((value, i) => `${i ? "L" : "M"}${x(i)} ${y(value)}`).join("");
  svg("path", { d: line, fill: "none", stroke: "#0072B2", "stroke-width": 2 }, figure);
  values.forEach((value, i) =>
    svg("path", { d: markPath(shapes[i] ?? "circle", x(i), y(value), 2.6), fill: INK }, figure)
  );
}

// Repeats `step`, with a picture after each, until `finished()`; for people who want no motion all
// at once.
function player({ step, finished, refresh, pause = 350 }) {
  let timer = null;
  const play = {
    get running() {
      return timer !== null;
    },
    stop() {
      clearTimeout(timer);
      timer = null;
    },
    toggle() {
      if (play.running) {
        play.stop();
      } else if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
        do step();
        while (!finished());
      } else {
        tick();
        return;
      }
      refresh();
    },
  };
  function tick() {
    step();
    timer = finished() ? null : setTimeout(tick, pause);
    refresh();
  }
  return play;
}
