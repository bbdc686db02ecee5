// Curves that fill in as time runs: drawn up to the hour shown, faint from there to the latest hour that was seen, so
// that nothing is given away to a class that has yet to guess.

import { CITY_B, DASH, INK, LINE, SOFT, fresh, hours } from "./looks.js";

const FONT = "12px system-ui, sans-serif";

// curves: [{ at, values, colour, dash, label }]; axis: { from, to, unit, percent, signed }
export function plot(canvas, lines, axis, t) {
  const { ctx, width, height } = fresh(canvas);
  if (width < 60 || height < 50) return;
  const [low, high] = range(lines, axis), ticks = ticksOf(low, high, height < 110 ? 3 : 5);
  ctx.font = FONT;
  const whole = ticks.every((v) => Number.isInteger(v));
  const name = (v) => (axis.percent ? `${Math.round(v * 100)}%` : tick(v, whole));
  const left = 12 + Math.max(...ticks.map((v) => ctx.measureText(name(v)).width));
  const box = { left, right: width - 16, top: 8, bottom: height - 34 };
  const x = (h) => box.left + ((h - axis.from) / (axis.to - axis.from)) * (box.right - box.left);
  const y = (v) => box.bottom - ((v - low) / (high - low)) * (box.bottom - box.top);
  grid(ctx, box, ticks, y, name);
  hourAxis(ctx, box, axis, x);
  for (const faint of [true, false]) for (const line of lines) trace(ctx, line, faint ? axis.seen : t, x, y, faint);
  ctx.strokeStyle = SOFT;
  ctx.lineWidth = 1;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(x(t), box.top);
  ctx.lineTo(x(t), box.bottom);
  ctx.stroke();
}

const tick = (v, whole) => (whole ? `${v > 0 ? "+" : v < 0 ? "\u2212" : ""}${Math.abs(v)}` : hours(v, true));

function range(lines, axis) {
  let low = 0, high = axis.percent ? 0.05 : 0;
  for (const { values } of lines) for (const v of values) { low = Math.min(low, v); high = Math.max(high, v); }
  if (high - low < 0.5 && !axis.percent) [low, high] = [axis.signed ? low - 0.5 : low, high + 0.5];
  const room = 0.05 * (high - low);
  return [low < 0 ? low - room : 0, high + room];
}

function ticksOf(low, high, most) {
  const rough = (high - low) / most, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
  const ticks = [];
  for (let k = Math.ceil(low / step); k * step <= high; k++) ticks.push(k * step);
  return ticks;
}

function grid(ctx, box, ticks, y, name) {
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  for (const v of ticks) {
    ctx.strokeStyle = v === 0 ? "#8796a3" : LINE;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(box.left, y(v));
    ctx.lineTo(box.right, y(v));
    ctx.stroke();
    ctx.fillStyle = SOFT;
    ctx.fillText(name(v), box.left - 6, y(v));
  }
}

function hourAxis(ctx, box, axis, x) {
  ctx.fillStyle = SOFT;
  ctx.textBaseline = "top";
  ctx.textAlign = "center";
  const wide = box.right - box.left, long = axis.to - axis.from;
  const step = [12, 24, 48, 72, 96, 168].find((s) => (long / s) * 34 < wide);
  for (let h = 0; h <= axis.to; h += step ?? 336) ctx.fillText(String(h), x(h), box.bottom + 4);
  const title = wide > 180 ? "hours from the storm\u2019s peak" : "hours from the peak";
  ctx.fillText(title, (box.left + box.right) / 2, box.bottom + 18);
}

function trace(ctx, { at, values, colour, dash, width = 2.5 }, until, x, y, faint) {
  ctx.globalAlpha = faint ? 0.22 : 1;
  ctx.strokeStyle = colour;
  ctx.lineWidth = faint ? width * 0.6 : width;
  ctx.setLineDash(dash ? DASH : []);
  ctx.lineJoin = "round";
  ctx.beginPath();
  for (let k = 0; k < at.length; k++) {
    if (at[k] > until) {
      if (k) {
        const share = (until - at[k - 1]) / (at[k] - at[k - 1]);
        ctx.lineTo(x(until), y(values[k - 1] + share * (values[k] - values[k - 1])));
      }
      break;
    }
    ctx[k ? "lineTo" : "moveTo"](x(at[k]), y(values[k]));
  }
  ctx.stroke();
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
}

// A legend within a caption: short lines drawn as on the chart, with their names. Returns nodes.
export function key(lines) {
  return lines.map(({ colour, dash, label, width = 2.5 }) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), ns = svg.namespaceURI;
    svg.setAttribute("width", 24);
    svg.setAttribute("height", 8);
    svg.setAttribute("aria-hidden", "true");
    const path = svg.appendChild(document.createElementNS(ns, "path"));
    path.setAttribute("d", "M0 4H24");
    path.setAttribute("stroke", colour);
    path.setAttribute("stroke-width", width);
    if (dash) path.setAttribute("stroke-dasharray", "7 4");
    const span = document.createElement("span");
    span.append(svg, ` ${label} `);
    return span;
  });
}

// Differences of many storms as dots, with the mean and its 95 % interval on the line below.
export function dots(canvas, { differences, mean, low, high }) {
  const { ctx, width, height } = fresh(canvas);
  const there = differences.filter((d) => d !== null);
  const ends = [0, ...there, ...(low === null ? [] : [low, high])];
  let [from, to] = [Math.min(...ends), Math.max(...ends)];
  const room = 0.08 * (to - from) || 1;
  [from, to] = [from - room, to + room];
  const x = (v) => 6 + ((v - from) / (to - from)) * (width - 12);
  ctx.strokeStyle = SOFT;
  ctx.beginPath();
  ctx.moveTo(x(0), 2);
  ctx.lineTo(x(0), height - 15);
  ctx.stroke();
  ctx.font = FONT;
  ctx.fillStyle = SOFT;
  ctx.textBaseline = "bottom";
  ctx.textAlign = "center";
  ctx.fillText("0", x(0), height);
  ctx.globalAlpha = 0.55;
  ctx.fillStyle = CITY_B;
  for (const [i, d] of there.entries()) {
    ctx.beginPath();
    ctx.arc(x(d), 9 + (i % 3) * 6, 3.6, 0, 7);
    ctx.fill();
  }
  ctx.globalAlpha = 1;
  if (low === null) return;
  ctx.strokeStyle = INK;
  ctx.lineWidth = 3;
  ctx.beginPath();
  ctx.moveTo(x(low), 38);
  ctx.lineTo(x(high), 38);
  ctx.stroke();
  ctx.fillStyle = INK;
  ctx.beginPath();
  ctx.arc(x(mean), 38, 5.5, 0, 7);
  ctx.fill();
}
