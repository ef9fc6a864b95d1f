// The drawing: SVG for lines and text, a canvas below it for heat maps.
import { scaleLinear, scaleLog } from "d3-scale";
import { format } from "./controls.js";
import { h, set, svg, typeset } from "./dom.js";
import { diverging, sequential } from "./colours.js";

const FAR = 1e5; // pixels; beyond it a point is as good as at infinity
let serial = 0;

const isFinitePair = (a, b) => Number.isFinite(a) && Number.isFinite(b);

export class Plot {
  constructor(spec) {
    this.spec = spec;
    this.hasPlane = spec.layers.some((l) => l.over);
    this.heat = spec.layers.findIndex((l) => l.kind === "heat");
    this.clip = `kx-clip-${(serial += 1)}`;
    this.cursor = null; // index of the point under the pointer
    this.build();
  }

  build() {
    const { spec } = this;
    this.legend = h("ul", { class: "kx-legend" });
    this.yLabel = typeset(h("div", { class: "kx-ylabel" }), spec.y.label);
    this.xLabel = typeset(h("div", { class: "kx-xlabel" }), spec.x.label);
    this.canvas = h("canvas", {
      class: "kx-heat",
      "aria-hidden": "true",
      hidden: this.heat < 0,
    });
    this.clipRect = svg("rect");
    this.grid = svg("g", { class: "kx-grid" });
    this.ticks = svg("g", { class: "kx-ticks" });
    this.body = svg("g", { "clip-path": `url(#${this.clip})` });
    this.gaps = svg("g", { class: "kx-gaps" });
    this.pointer = svg("g", { class: "kx-pointer" });
    this.svg = svg(
      "svg",
      { class: "kx-svg", role: "img", tabindex: "0" },
      svg("defs", {}, svg("clipPath", { id: this.clip }, this.clipRect)),
      this.grid,
      this.body,
      this.gaps,
      this.ticks,
      this.pointer,
    );
    this.note = h("p", { class: "kx-note", hidden: true });
    this.frame = h("div", { class: "kx-frame" }, this.canvas, this.svg);
    this.marks = spec.layers.map((layer) => this.buildLayer(layer));
    this.wrong = svg("g", { class: "kx-layer kx-refuted-curve" });
    this.body.append(this.wrong);
    this.buildLegend();
    if (!this.legend.children.length) this.legend.hidden = true;
    this.element = h(
      "div",
      { class: "kx-plot" },
      this.legend,
      this.yLabel,
      this.frame,
      this.xLabel,
      this.note,
    );
    this.listen();
  }

  buildLayer(layer) {
    const path = svg("path");
    const extra = svg("path", { class: "kx-dots" });
    const group = svg(
      "g",
      { class: `kx-layer kx-${layer.kind}` },
      path,
      extra,
    );
    const dot = svg("circle", { class: "kx-dot", r: 4, visibility: "hidden" });
    const gap = svg("path", { class: "kx-gap" });
    for (const part of [group, dot, gap]) paint(part, layer);
    this.body.append(group);
    this.pointer.append(dot);
    this.gaps.append(gap);
    const value = h("span", { class: "kx-legend-value" });
    return { path, extra, value, dot, gap };
  }

  // In the author's order, which is that of the colours; marks come last.
  buildLegend() {
    const rank = (layer) => layer.colour ?? Infinity;
    const { layers } = this.spec;
    this.order = layers
      .map((layer, index) => index)
      .filter((index) => layers[index].kind !== "heat")
      .sort((a, b) => {
        const [first, second] = [rank(layers[a]), rank(layers[b])];
        return first === second ? a - b : first - second;
      });
    for (const index of this.order) {
      const layer = layers[index];
      const place = layer.kind === "mark" && !layer.f.includes(null);
      const shape = place ? "place" : layer.kind;
      const swatch = h("span", { class: `kx-swatch kx-swatch-${shape}` });
      paint(swatch, layer);
      const label = typeset(h("span"), layer.label);
      this.legend.append(h("li", {}, swatch, label, this.marks[index].value));
    }
    const swatch = h("span", { class: "kx-swatch kx-swatch-wrong" });
    this.wrongLegend = h("li", { hidden: true }, swatch, h("span", {}, "wrong"));
    if (this.spec.wrong) this.legend.append(this.wrongLegend);
  }

  listen() {
    const at = (event) => {
      const box = this.svg.getBoundingClientRect();
      this.point(event.clientX - box.left, event.clientY - box.top);
    };
    this.svg.addEventListener("pointermove", at);
    this.svg.addEventListener("pointerdown", at);
    this.svg.addEventListener("pointerleave", () => this.leave());
    this.svg.addEventListener("blur", () => this.leave());
    this.svg.addEventListener("keydown", (event) => this.key(event));
  }

  // ---- drawing --------------------------------------------------------

  draw(data, size = this.size) {
    if (data) this.data = data;
    if (!this.data || !size) return;
    this.size = size;
    this.layout();
    this.axes();
    let missing = 0;
    this.spec.layers.forEach((layer, index) => {
      missing += this.layer(layer, this.data.layers[index], this.marks[index]);
    });
    this.drawWrong(this.data.wrong);
    this.note.hidden = missing === 0;
    this.note.textContent =
      missing === 0
        ? ""
        : "\u00d7 and dots along the axis: a curve has no finite value there.";
    if (this.cursor !== null) this.showCursor();
  }

  layout() {
    const { width } = this.size;
    const tall = this.hasPlane || this.isMatrix();
    let height = tall
      ? Math.min(width * 0.8, 420)
      : Math.max(Math.min(width * 0.52, 360), 230);
    const [xEnds, yEnds] = this.ends(width, height);
    const make = (axis) => (axis.log ? scaleLog() : scaleLinear());
    this.yScale = make(this.spec.y).domain(yEnds);
    const ticks = this.yTicks(height);
    const widest = Math.max(...ticks.map((t) => t.text.length), 1);
    const box = {
      left: Math.min(14 + widest * 7, 84),
      right: width - (this.heat >= 0 ? 64 : 12),
      top: 8,
      bottom: height - 24,
    };
    if (this.isMatrix()) squareCells(box, this.data.layers[this.heat]);
    // Rows of a matrix are counted from the top.
    const up = [box.bottom, box.top];
    this.yScale.range(this.isMatrix() ? up.reverse() : up);
    this.xScale = make(this.spec.x).domain(xEnds).range([box.left, box.right]);
    if (this.hasPlane) this.equalise(box);
    if (this.hasBars()) this.padBars(box);
    this.box = box;
    height = box.bottom + 24;
    set(this.svg, { width, height, viewBox: `0 0 ${width} ${height}` });
    set(this.clipRect, {
      x: box.left,
      y: box.top - 2,
      width: Math.max(0, box.right - box.left),
      height: Math.max(0, box.bottom - box.top + 4),
    });
    this.xLabel.style.paddingLeft = `${box.left}px`;
  }

  isMatrix() {
    return this.heat >= 0 && this.spec.x.integer && this.spec.y.integer;
  }

  hasBars() {
    return this.spec.x.integer && this.heat < 0;
  }

  padBars(box) {
    const [a, b] = this.xScale.domain();
    if (this.spec.x.log) return;
    const pad = 0.6 * Math.max(1, (b - a) / (box.right - box.left));
    this.xScale.domain([a - pad, b + pad]);
  }

  // The same scale on both axes, around the middle of what was asked for.
  equalise(box) {
    const spread = (scale) => scale.domain()[1] - scale.domain()[0];
    const unit = Math.max(
      spread(this.xScale) / (box.right - box.left),
      spread(this.yScale) / (box.bottom - box.top),
    );
    const widen = (scale, pixels) => {
      const [a, b] = scale.domain();
      const half = (unit * pixels) / 2;
      scale.domain([(a + b) / 2 - half, (a + b) / 2 + half]);
    };
    widen(this.xScale, box.right - box.left);
    widen(this.yScale, box.bottom - box.top);
  }

  ends() {
    const { data, spec } = this;
    if (this.heat >= 0) {
      const map = data.layers[this.heat];
      const half = (axis, ends) =>
        axis.integer ? [ends[0] - 0.5, ends[1] + 0.5] : ends;
      return [
        half(spec.x, [map.x[0], map.x[map.x.length - 1]]),
        half(spec.y, [map.y[0], map.y[map.y.length - 1]]),
      ];
    }
    let [low, high] = data.yEnds;
    if (low === null || high === null) {
      const [least, most] = this.extent();
      const auto = niceEnds(least, most, spec.y.log, low, high);
      low ??= auto[0];
      high ??= auto[1];
    }
    if (!(low < high)) [low, high] = [low - 1, low + 1];
    return [data.xEnds, [low, high]];
  }

  extent() {
    let least = Infinity;
    let most = -Infinity;
    const see = (value) => {
      if (!Number.isFinite(value) || (this.spec.y.log && value <= 0)) return;
      if (value < least) least = value;
      if (value > most) most = value;
    };
    this.spec.layers.forEach((layer, index) => {
      const data = this.data.layers[index];
      if (layer.kind === "mark") {
        if (data.y !== null) see(data.y);
        return;
      }
      const columns = layer.over ? [data.columns[1]] : data.columns;
      for (const column of columns) for (const value of column) see(value);
      if (layer.kind === "bar" || layer.kind === "stem") see(0);
    });
    for (const { columns } of this.data.wrong) columns[0].forEach(see);
    return least <= most ? [least, most] : [0, 1];
  }

  yTicks(height) {
    return ticksOf(this.yScale, Math.max(3, Math.round(height / 60)));
  }

  axes() {
    const { box } = this;
    const wide = box.right - box.left;
    let xTicks = ticksOf(this.xScale, Math.max(2, Math.round(wide / 90)));
    let yTicks = this.yTicks(box.bottom - box.top);
    if (this.spec.x.integer) xTicks = xTicks.filter((t) => t.value % 1 === 0);
    if (this.heat >= 0 && this.spec.y.integer) {
      yTicks = yTicks.filter((t) => t.value % 1 === 0);
    }
    xTicks = apartFrom(xTicks, this.xScale, ({ text }) => 7.6 * text.length + 10);
    yTicks = apartFrom(yTicks, this.yScale, () => 15);
    const lines = [];
    const texts = [];
    for (const { value, text } of xTicks) {
      const x = round(this.xScale(value));
      lines.push(`M${x},${box.top}V${box.bottom}`);
      texts.push(
        svg("text", { x, y: box.bottom + 17, "text-anchor": "middle" }, text),
      );
    }
    for (const { value, text } of yTicks) {
      const y = round(this.yScale(value));
      lines.push(`M${box.left},${y}H${box.right}`);
      texts.push(
        svg("text", { x: box.left - 8, y: y + 4, "text-anchor": "end" }, text),
      );
    }
    const key = `${lines.join("")}|${texts.map((t) => t.textContent)}`;
    if (key === this.axesKey) return; // nothing moved
    this.axesKey = key;
    const [low, high] = this.yScale.domain();
    const zero = low < 0 && high > 0 ? this.yScale(0) : box.bottom;
    this.grid.replaceChildren(
      svg("path", { d: lines.join("") }),
      svg("path", {
        class: "kx-axis",
        d: `M${box.left},${round(zero)}H${box.right}`,
      }),
    );
    this.ticks.replaceChildren(...texts);
  }

  // Draws one layer; returns how many of its points have no finite place.
  layer(layer, data, mark) {
    if (layer.kind === "mark") return this.drawMark(data, mark);
    if (layer.kind === "heat") return this.drawHeat(data);
    const plane = Boolean(layer.over);
    const xs = Array.from(plane ? data.columns[0] : data.over, (v) =>
      place(this.xScale, v),
    );
    const ys = (plane ? [data.columns[1]] : data.columns).map((column) =>
      Array.from(column, (v) => place(this.yScale, v)),
    );
    const good = xs.map((x, i) => ys.every((y) => isFinitePair(x, y[i])));
    // One line of marks for each curve, so that they do not hide each other.
    const level = this.box.bottom - 5 * (layer.colour % 6);
    mark.gap.setAttribute("d", layer.partial ? "" : gapMarks(xs, good, level));
    mark.path.setAttribute("d", this.shape(layer, xs, ys, good));
    const few = layer.kind === "curve" && this.spec.x.integer && xs.length < 60;
    mark.extra.setAttribute(
      "d",
      few || layer.kind === "stem" ? dots(xs, ys[0], good) : "",
    );
    return layer.partial ? 0 : good.filter((ok) => !ok).length;
  }

  // The wrong version, dashed, over all that is right.
  drawWrong(curves) {
    const paths = curves.map(({ columns: [column] }) => {
      const xs = Array.from(this.data.x, (v) => place(this.xScale, v));
      const ys = Array.from(column, (v) => place(this.yScale, v));
      const good = xs.map((x, i) => isFinitePair(x, ys[i]));
      return svg("path", { d: polyline(xs, ys, good) });
    });
    this.wrong.replaceChildren(...paths);
    this.wrongLegend.hidden = paths.length === 0;
  }

  shape(layer, xs, ys, good) {
    const zero = this.baseline();
    switch (layer.kind) {
      case "band":
        return ribbon(xs, ys, good);
      case "points":
        return dots(xs, ys[0], good);
      case "stem":
        return xs
          .map((at, i) => (good[i] ? `M${at},${zero}V${ys[0][i]}` : ""))
          .join("");
      case "bar": {
        const unit = Math.abs(this.xScale(1) - this.xScale(0));
        const half = Math.max(0.5, Math.min(unit * 0.4, 24));
        return xs
          .map((at, i) =>
            good[i]
              ? `M${round(at - half)},${round(zero)}h${round(2 * half)}` +
                `V${round(ys[0][i])}h${round(-2 * half)}Z`
              : "",
          )
          .join("");
      }
      default:
        return polyline(xs, ys[0], good);
    }
  }

  baseline() {
    const [low, high] = this.yScale.domain();
    return this.yScale(Math.min(Math.max(0, low), high));
  }

  drawMark({ x, y }, mark) {
    const { box } = this;
    const px = x === null ? null : this.xScale(x);
    const py = y === null ? null : this.yScale(y);
    const missing = [px, py].some((p) => p !== null && !Number.isFinite(p));
    let d = "";
    if (!missing) {
      if (py === null) d = `M${round(px)},${box.top}V${box.bottom}`;
      else if (px === null) d = `M${box.left},${round(py)}H${box.right}`;
    }
    mark.path.setAttribute("d", d);
    const both = !missing && px !== null && py !== null;
    mark.extra.setAttribute(
      "d",
      both ? `M${px - 5},${py}l5,-5l5,5l-5,5Z` : "",
    );
    mark.value.textContent = [x, y]
      .filter((v) => v !== null)
      .map((v) => format(v, 4))
      .join(", ");
    return missing ? 1 : 0;
  }

  drawHeat({ x, y, z, low, high }) {
    const { box, canvas } = this;
    const finite = z.filter(Number.isFinite);
    low ??= Math.min(...finite);
    high ??= Math.max(...finite);
    const signed = low < 0 && high > 0;
    if (signed) {
      high = Math.max(high, -low);
      low = -high;
    }
    // Zero is the light end, whatever the sign.
    const towardsZero = (share) => sequential(1 - share);
    const oneSign = high <= 0 ? towardsZero : sequential;
    const colour = signed ? diverging : oneSign;
    canvas.width = x.length;
    canvas.height = y.length;
    const context = canvas.getContext("2d");
    const image = context.createImageData(x.length, y.length);
    for (let j = 0; j < y.length; j += 1) {
      for (let i = 0; i < x.length; i += 1) {
        const value = z[j * x.length + i];
        const row = this.isMatrix() ? j : y.length - 1 - j;
        const at = 4 * (row * x.length + i);
        if (!Number.isFinite(value)) continue; // transparent, hatched by CSS
        const share = high > low ? (value - low) / (high - low) : 0.5;
        image.data.set(colour(share), at);
        image.data[at + 3] = 255;
      }
    }
    context.putImageData(image, 0, 0);
    Object.assign(canvas.style, {
      left: `${box.left}px`,
      top: `${box.top}px`,
      width: `${box.right - box.left}px`,
      height: `${box.bottom - box.top}px`,
    });
    this.colourBar(colour, low, high);
    return z.length - finite.length;
  }

  colourBar(colour, low, high) {
    const { box } = this;
    this.bar ??= this.svg.appendChild(svg("g", { class: "kx-bar-scale" }));
    const steps = 32;
    const tall = (box.bottom - box.top) / steps;
    const left = box.right + 12;
    const cells = Array.from({ length: steps }, (_, i) => {
      const cell = svg("rect", {
        x: left,
        y: round(box.bottom - (i + 1) * tall),
        width: 10,
        height: round(tall + 0.6),
      });
      const [r, g, b] = colour((i + 0.5) / steps);
      cell.style.fill = `rgb(${r},${g},${b})`;
      return cell;
    });
    const label = (value, y) =>
      svg("text", { x: left + 14, y }, format(value, 2));
    this.bar.replaceChildren(
      ...cells,
      label(high, box.top + 10),
      label(low, box.bottom),
    );
  }

  // ---- the reading under the pointer ----------------------------------

  point(px, py) {
    if (!this.data) return;
    if (this.heat >= 0 || this.hasPlane) {
      this.pointFree(px, py);
      return;
    }
    const { x } = this.data;
    let best = 0;
    for (let i = 1; i < x.length; i += 1) {
      const nearer =
        Math.abs(this.xScale(x[i]) - px) < Math.abs(this.xScale(x[best]) - px);
      if (nearer) best = i;
    }
    this.cursor = best;
    this.showCursor();
  }

  // Plane and heat map: the place itself, and the value there.
  pointFree(px, py) {
    const { box } = this;
    if (px < box.left || px > box.right || py < box.top || py > box.bottom) {
      this.leave();
      return;
    }
    const place = [this.xScale.invert(px), this.yScale.invert(py)];
    let text = `(${place.map((v) => format(v, 3)).join(", ")})`;
    if (this.heat >= 0) {
      const { x, y, z } = this.data.layers[this.heat];
      const [i, j] = [nearest(x, place[0]), nearest(y, place[1])];
      text = `(${format(x[i], 3)}, ${format(y[j], 3)}): ${format(z[j * x.length + i], 4)}`;
    }
    this.showText(text, px, py - 10);
  }

  key(event) {
    const last = this.data.x.length - 1;
    const step = Math.max(1, Math.round(last / 100));
    const now = this.cursor ?? Math.round(last / 2);
    const next = {
      ArrowLeft: now - step,
      ArrowRight: now + step,
      Home: 0,
      End: last,
    }[event.key];
    if (event.key === "Escape") this.leave();
    if (next === undefined || this.heat >= 0 || this.hasPlane) return;
    event.preventDefault();
    this.cursor = Math.min(Math.max(next, 0), last);
    this.showCursor();
    this.announce?.(this.reading());
  }

  showCursor() {
    const { x } = this.data;
    const index = Math.min(this.cursor, x.length - 1);
    const px = this.xScale(x[index]);
    this.showText(`${this.spec.x.label.text || "x"} = ${format(x[index], 4)}`, px);
    this.guide.setAttribute("d", `M${round(px)},${this.box.top}V${this.box.bottom}`);
    this.spec.layers.forEach((layer, number) => {
      if (layer.kind === "mark") return;
      const { columns } = this.data.layers[number];
      const mark = this.marks[number];
      mark.value.textContent = columns
        .map((column) => format(column[index], 4))
        .join(" \u2026 ");
      const py = this.yScale(columns[0][index]);
      const show = columns.length === 1 && Number.isFinite(py);
      const inside = py >= this.box.top - 2 && py <= this.box.bottom + 2;
      mark.dot.setAttribute("visibility", show && inside ? "visible" : "hidden");
      if (show) set(mark.dot, { cx: round(px), cy: round(py) });
    });
  }

  reading() {
    const index = Math.min(this.cursor, this.data.x.length - 1);
    const parts = [
      `${this.spec.x.label.text || "x"} ${format(this.data.x[index], 4)}`,
    ];
    for (const number of this.order) {
      const { kind, label } = this.spec.layers[number];
      if (kind === "mark") continue;
      parts.push(`${label.text} ${this.marks[number].value.textContent}`);
    }
    return parts.join("; ");
  }

  showText(text, px, py = this.box.top + 10) {
    this.guide ??= this.pointer.insertBefore(
      svg("path", { class: "kx-guide" }),
      this.pointer.firstChild,
    );
    this.tip ??= this.pointer.appendChild(svg("text", { class: "kx-tip" }));
    const right = px > (this.box.left + this.box.right) / 2;
    this.tip.textContent = text;
    set(this.tip, {
      x: round(px + (right ? -6 : 6)),
      y: Math.max(py, this.box.top + 10),
      "text-anchor": right ? "end" : "start",
    });
    this.pointer.setAttribute("visibility", "visible");
  }

  leave() {
    this.cursor = null;
    this.pointer.setAttribute("visibility", "hidden");
    this.spec.layers.forEach((layer, number) => {
      const { value, dot } = this.marks[number];
      dot.setAttribute("visibility", "hidden");
      if (layer.kind !== "mark") value.textContent = "";
    });
  }
}

function paint(node, layer) {
  if (layer.colour === undefined) return;
  node.style.setProperty("--kx-colour", `var(--kx-${(layer.colour % 6) + 1})`);
}

// A pixel, not too far away to be drawn.
function place(scale, value) {
  const pixel = scale(value);
  return Number.isFinite(pixel)
    ? Math.min(Math.max(pixel, -FAR), FAR)
    : NaN;
}

const round = (value) => Math.round(value * 100) / 100;
const cross = (x, y) =>
  `M${round(x - 3)},${round(y - 3)}l6,6m0,-6l-6,6`;

// Where the good points come in runs: [first, last] of each.
function runs(good) {
  const found = [];
  good.forEach((ok, i) => {
    if (!ok) return;
    if (good[i - 1]) found[found.length - 1][1] = i;
    else found.push([i, i]);
  });
  return found;
}

// A cross for a lone point without a place, dots for a stretch of them.
function gapMarks(xs, good, y) {
  const missing = xs.map((x, i) => !good[i] && Number.isFinite(x));
  return runs(missing)
    .map(([first, last]) => {
      if (first === last) return cross(xs[first], y);
      let d = "";
      const step = Math.sign(xs[last] - xs[first]) * 6 || 6;
      const count = Math.floor((xs[last] - xs[first]) / step);
      for (let k = 0; k <= count; k += 1) {
        d += `M${round(xs[first] + k * step)},${round(y)}h0`;
      }
      return d;
    })
    .join("");
}

function polyline(xs, ys, good) {
  return runs(good)
    .map(([first, last]) => {
      let d = `M${round(xs[first])},${round(ys[first])}`;
      if (first === last) return `${d}h0`; // a dot, by the round line cap
      for (let i = first + 1; i <= last; i += 1) {
        d += `L${round(xs[i])},${round(ys[i])}`;
      }
      return d;
    })
    .join("");
}

function ribbon(xs, [lower, upper], good) {
  return runs(good)
    .map(([first, last]) => {
      let d = `M${round(xs[first])},${round(upper[first])}`;
      for (let i = first + 1; i <= last; i += 1) {
        d += `L${round(xs[i])},${round(upper[i])}`;
      }
      for (let i = last; i >= first; i -= 1) {
        d += `L${round(xs[i])},${round(lower[i])}`;
      }
      return `${d}Z`;
    })
    .join("");
}

function dots(xs, ys, good) {
  const r = xs.length > 150 ? 2 : 3.5;
  return xs
    .map((x, i) =>
      good[i]
        ? `M${round(x - r)},${round(ys[i])}a${r},${r} 0 1,0 ${2 * r},0` +
          `a${r},${r} 0 1,0 ${-2 * r},0`
        : "",
    )
    .join("");
}

// Shrinks the box so that the cells of the map are squares.
function squareCells(box, { x, y }) {
  const cell = Math.min(
    (box.right - box.left) / x.length,
    (box.bottom - box.top) / y.length,
  );
  box.right = box.left + cell * x.length;
  box.bottom = box.top + cell * y.length;
}

function nearest(nodes, value) {
  let best = 0;
  nodes.forEach((node, i) => {
    if (Math.abs(node - value) < Math.abs(nodes[best] - value)) best = i;
  });
  return best;
}

function ticksOf(scale, count) {
  if (scale.base) {
    // A logarithmic scale: powers of ten, thinned out if there are many.
    const [low, high] = scale.domain().map(Math.log10);
    if (high - low >= 1.5) {
      const step = Math.max(1, Math.ceil((high - low) / count));
      const ticks = [];
      for (let p = Math.ceil(low); p <= high + 1e-9; p += step) {
        ticks.push({ value: 10 ** p, text: power(p) });
      }
      return ticks;
    }
  }
  const form = scale.base ? (v) => format(v, 3) : scale.tickFormat(count);
  return scale.ticks(count).map((value) => ({ value, text: form(value) }));
}

// The ticks whose labels do not touch, the roundest numbers first: on a
// logarithmic axis 1, 5, 2; otherwise every second, third, ...
function apartFrom(ticks, scale, size) {
  const fits = (one, other) =>
    Math.abs(scale(one.value) - scale(other.value)) >=
    (size(one) + size(other)) / 2;
  if (!scale.base) {
    for (let step = 1; step < ticks.length; step += 1) {
      const some = ticks.filter((_, i) => i % step === 0);
      if (some.every((tick, i) => i === 0 || fits(some[i - 1], tick))) return some;
    }
    return ticks.slice(0, 1);
  }
  const rank = ({ value }) => {
    const digit = Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9));
    return [1, 5, 2].includes(digit) ? [1, 5, 2].indexOf(digit) : 3;
  };
  const kept = [];
  for (const tick of [...ticks].sort((a, b) => rank(a) - rank(b))) {
    if (kept.every((other) => fits(other, tick))) kept.push(tick);
  }
  return kept.sort((a, b) => a.value - b.value);
}

const SUPERSCRIPT = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";

function power(exponent) {
  if (exponent >= 0 && exponent <= 4) return String(10 ** exponent);
  const digits = [...String(Math.abs(exponent))].map((d) => SUPERSCRIPT[d]);
  return `10${exponent < 0 ? "\u207b" : ""}${digits.join("")}`;
}

// Automatic ends: a little air, and round numbers.
function niceEnds(least, most, log, low, high) {
  if (log) {
    const ends = [least / 1.2, most * 1.2];
    return scaleLog().domain(ends).domain();
  }
  const spread = most - least || Math.abs(most) || 1;
  const ends = [low ?? least - 0.04 * spread, high ?? most + 0.04 * spread];
  return scaleLinear().domain(ends).nice(6).domain();
}
