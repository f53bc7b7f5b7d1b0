// The EM stepper: the algorithm (plain functions, exported for tests), then the picture.

// --- EM in the plane -------------------------------------------------------------------------
// A mixture is {pi: [K], mu: [K][2], sigma: [K][2][2]}, responsibilities are gamma[N][K].

export function startMixture(points, rows, regCovar) {
  const gamma = points.map(() => [1]);
  const { sigma } = mStep(points, gamma, regCovar);
  return {
    pi: rows.map(() => 1 / rows.length),
    mu: rows.map((row) => [...points[row]]),
    sigma: rows.map(() => sigma[0].map((line) => [...line])),
  };
}

function logShares(point, { pi, mu, sigma }) {
  return pi.map((weight, k) => {
    const [[a, b], [, d]] = sigma[k];
    const dx = point[0] - mu[k][0];
    const dy = point[1] - mu[k][1];
    // The Cholesky root [[r, 0], [s, t]] of sigma, then the solution of root * y = difference.
    const r = Math.sqrt(a);
    const s = b / r;
    const t = Math.sqrt(d - s * s);
    const y0 = dx / r;
    const y1 = (dy - s * y0) / t;
    return Math.log(weight) - Math.log(2 * Math.PI * r * t) - (y0 * y0 + y1 * y1) / 2;
  });
}

export function eStep(points, mixture) {
  let logLikelihood = 0;
  const gamma = points.map((point) => {
    const logs = logShares(point, mixture);
    const largest = Math.max(...logs);
    const shares = logs.map((value) => Math.exp(value - largest));
    const total = shares.reduce((a, b) => a + b);
    logLikelihood += largest + Math.log(total);
    return shares.map((share) => share / total);
  });
  return { gamma, logLikelihood };
}

export function mStep(points, gamma, regCovar) {
  const N = points.length;
  const pi = [];
  const mu = [];
  const sigma = [];
  for (let k = 0; k < gamma[0].length; k++) {
    const weight = gamma.reduce((sum, row) => sum + row[k], 0);
    const divisor = weight > 0 ? weight : 1;
    const mean = [0, 1].map(
      (d) => points.reduce((sum, point, i) => sum + gamma[i][k] * point[d], 0) / divisor
    );
    const moment = (c, d) =>
      points.reduce(
        (sum, point, i) => sum + gamma[i][k] * (point[c] - mean[c]) * (point[d] - mean[d]),
        0
      ) / divisor;
    const off = moment(0, 1);
    pi.push(weight / N);
    mu.push(mean);
    sigma.push([
      [moment(0, 0) + regCovar, off],
      [off, moment(1, 1) + regCovar],
    ]);
  }
  return { pi, mu, sigma };
}

// --- One run, half a step at a time ----------------------------------------------------------

export class Run {
  constructor(points, starts, regCovar, tol) {
    Object.assign(this, { points, starts, regCovar, tol });
    this.reset(0);
  }

  reset(start) {
    this.start = start;
    this.iteration = 0;
    this.done = "start";
    this.gamma = null;
    this.mixture = startMixture(this.points, this.starts[start], this.regCovar);
    this.logLikelihoods = [eStep(this.points, this.mixture).logLikelihood];
  }

  halfStep() {
    if (this.done === "E") {
      this.mixture = mStep(this.points, this.gamma, this.regCovar);
      this.logLikelihoods.push(eStep(this.points, this.mixture).logLikelihood);
      this.iteration += 1;
      this.done = "M";
    } else {
      this.gamma = eStep(this.points, this.mixture).gamma;
      this.done = "E";
    }
  }

  get rise() {
    const [before, after] = this.logLikelihoods.slice(-2);
    return (after - before) / this.points.length;
  }

  get converged() {
    return this.iteration > 0 && this.rise < this.tol;
  }

  get state() {
    const { start, iteration, done, gamma } = this;
    return { start, iteration, done, gamma, ...this.mixture, log_likelihoods: this.logLikelihoods };
  }
}

// --- The picture -----------------------------------------------------------------------------

const SHARED = 0.9; // no responsibility above it: the point is drawn hollow
const WIDTH = 460;
const HEIGHT = 430;
const MOST_ITERATIONS = 300;

function blend(shares) {
  const rgb = [1, 3, 5].map((at) =>
    Math.round(
      shares.reduce((sum, share, k) => sum + share * parseInt(LOOKS[k].colour.slice(at, at + 2), 16), 0)
    )
  );
  return `rgb(${rgb})`;
}

// Half axes and angle of the ellipse at one standard deviation, in data units.
export function ellipseOf([[a, b], [, d]]) {
  const middle = (a + d) / 2;
  const radius = Math.hypot((a - d) / 2, b);
  return {
    major: Math.sqrt(middle + radius),
    minor: Math.sqrt(Math.max(middle - radius, 0)),
    angle: Math.atan2(2 * b, a - d) / 2,
  };
}

function drawPoints(layer, run, scale) {
  layer.replaceChildren();
  run.points.forEach((point, i) => {
    const x = scale.x(point[0]);
    const y = scale.y(point[1]);
    if (!run.gamma) {
      svg("path", { d: markPath("circle", x, y, 2.2), fill: GREY }, layer);
      return;
    }
    const shares = run.gamma[i];
    const top = Math.max(...shares);
    const colour = blend(shares);
    svg(
      "path",
      {
        d: markPath(LOOKS[shares.indexOf(top)].shape, x, y, 3.4),
        fill: top > SHARED ? colour : "#ffffff",
        stroke: top > SHARED ? "#333333" : colour,
        "stroke-width": top > SHARED ? 0.5 : 1.5,
      },
      layer
    );
  });
}

function drawEllipses(layer, run, scale) {
  layer.replaceChildren();
  run.mixture.mu.forEach((mean, k) => {
    const { major, minor, angle } = ellipseOf(run.mixture.sigma[k]);
    const x = scale.x(mean[0]);
    const y = scale.y(mean[1]);
    for (const [n, dash] of [[1, ""], [2, "6 4"]]) {
      for (const [stroke, width] of [["#ffffff", 5], [LOOKS[k].colour, 2.5]]) {
        svg(
          "ellipse",
          {
            rx: n * major * scale.unit,
            ry: n * minor * scale.unit,
            transform: `translate(${x} ${y}) rotate(${(-angle * 180) / Math.PI})`,
            fill: "none",
            stroke,
            "stroke-width": width,
            "stroke-dasharray": stroke === "#ffffff" ? "" : dash,
            opacity: stroke === "#ffffff" ? 0.4 : 1,
          },
          layer
        );
      }
    }
  });
  run.mixture.mu.forEach((mean, k) => {
    const x = scale.x(mean[0]);
    const y = scale.y(mean[1]);
    svg("circle", { cx: x, cy: y, r: 11, fill: "#ffffff", stroke: INK, "stroke-width": 2 }, layer);
    svg(
      "text",
      { x, y: y + 5, "text-anchor": "middle", "font-size": 14, "font-weight": "bold", fill: INK },
      layer,
      k
    );
  });
}

function sentence(run) {
  const last = run.logLikelihoods[run.logLikelihoods.length - 1].toFixed(3);
  const what = {
    start: "nobody has shared out the points yet",
    E: "E step done: the points are shared out, the mixture is the same",
    M: "M step done: the mixture is fitted to the shared points",
  }[run.done];
  let text = `Start ${run.start}, iteration ${run.iteration}: ${what}. Log-likelihood ${last}.`;
  if (run.gamma) {
    const shared = run.gamma.filter((row) => Math.max(...row) <= SHARED).length;
    text += ` ${shared} of ${run.points.length} points are shared (hollow).`;
  }
  if (run.done === "M" && run.converged) text += " Converged.";
  return text;
}

function render({ model, el }) {
  const run = new Run(
    model.get("points"),
    model.get("starts"),
    model.get("reg_covar"),
    model.get("tol")
  );
  const scale = scaleOf(run.points, WIDTH, HEIGHT);
  const root = panel(el, "em-stepper");
  const buttons = html("div", root, null, { class: "controls", role: "group", "aria-label": "EM steps" });
  const panes = html("div", root, null, { class: "panes" });
  const plane = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "plane", style: `max-width: ${WIDTH}px`, role: "img" }, panes);
  svg("rect", { x: 0.5, y: 0.5, width: WIDTH - 1, height: HEIGHT - 1, fill: "none", stroke: "#cccccc" }, plane);
  const pointLayer = svg("g", {}, plane);
  const ellipseLayer = svg("g", {}, plane);
  const side = html("div", panes, null, { class: "side" });
  const status = html("p", side, null, { role: "status" });
  const history = svg("svg", HISTORY, side);
  const table = html("table", side);

  const stepButton = button(buttons, "", { class: "main" });
  const runButton = button(buttons, "");
  const resetButton = button(buttons, "Reset");
  const otherButton = button(buttons, "Other start");

  function drawTable() {
    table.replaceChildren();
    const head = html("tr", html("thead", table));
    for (const name of ["component", "weight", "mean"]) html("th", head, name, { scope: "col" });
    const body = html("tbody", table);
    run.mixture.pi.forEach((weight, k) => {
      const line = html("tr", body);
      clusterHeading(line, k);
      html("td", line, weight.toFixed(3));
      html("td", line, `(${run.mixture.mu[k].map((value) => value.toFixed(2)).join(", ")})`);
    });
  }

  const play = player({
    step() {
      run.halfStep();
      if (run.done === "E") run.halfStep();
    },
    finished: () => run.converged || run.iteration >= MOST_ITERATIONS,
    refresh,
  });

  function refresh() {
    drawPoints(pointLayer, run, scale);
    drawEllipses(ellipseLayer, run, scale);
    drawHistory(history, run.logLikelihoods, { name: "log-likelihood", unit: "iteration", digits: 1 });
    drawTable();
    const told = sentence(run);
    plane.setAttribute(
      "aria-label",
      `${run.points.length} points with the ellipses of ${run.mixture.pi.length} Gaussians at one and two ` +
        `standard deviations. ${told}`
    );
    history.setAttribute(
      "aria-label",
      `Log-likelihood after each iteration: ${run.logLikelihoods.map((v) => v.toFixed(1)).join(", ")}.`
    );
    if (!play.running) status.textContent = told; // a running animation is not read out step by step
    stepButton.textContent = run.done === "E" ? "M step" : "E step";
    runButton.textContent = play.running ? "Pause" : "Run";
    model.set("state", run.state);
    model.save_changes();
  }

  function onClick(control, act) {
    control.addEventListener("click", () => {
      play.stop();
      act();
      refresh();
    });
  }

  onClick(stepButton, () => run.halfStep());
  onClick(resetButton, () => run.reset(run.start));
  onClick(otherButton, () => run.reset((run.start + 1) % run.starts.length));
  runButton.addEventListener("click", () => play.toggle());
  refresh();
  return () => play.stop();
}

export default { render };
