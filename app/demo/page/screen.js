// What the page shows at an hour: both maps, the numbers below them, the curves, and the key to the maps.

import { key, plot } from "./charts.js";
import { $, el } from "./dom.js";
import {
  CHANNEL_MARKS, CITY_B, COMPARED, CREW, INK, KNOWN, NESTED, REFERENCE, REPORT, STATES, UNKNOWN, count, cross, home,
  hours, mark, truck,
} from "./looks.js";
import { gapSoFar, meanSoFar, read, total } from "./numbers.js";

const WORDS_MS = 80; // between two looks at numbers and curves while it plays
const LIFE_H = 1, LIFE_S = 0.5; // a report is seen for so many hours of the storm, or seconds of the class, if more
const percent = (share) => `${Math.round(100 * share)}\u202f%`;

export class Screen {
  constructor(state, maps, shown) {
    Object.assign(this, { state, maps, shown, spoken: 0 });
  }

  draw() {
    const { state } = this;
    state.seen = Math.max(state.seen, state.t);
    const life = Math.max(LIFE_H, state.playing ? LIFE_S * Number($("speed").value) : 0);
    const words = !state.playing || performance.now() - this.spoken > WORDS_MS; // no one reads numbers sixty times a second
    for (const name of this.shown()) {
      if (!state.films[name] || !state.curves[name]) continue;
      const counts = this.maps[name].draw(state.t, life);
      if (counts && words) this.now(name, counts);
    }
    if (!words) return;
    this.spoken = performance.now();
    this.clock();
    this.charts();
  }

  now(name, counts) {
    const { state } = this;
    const c = state.curves[name], n = total(c.size), gap = gapSoFar(c);
    const dark = counts[UNKNOWN] + counts[KNOWN] + counts[CREW] + counts[NESTED];
    const rows = [
      ["without power", count(dark), n ? `${Math.round((100 * dark) / n)}\u202f%` : ""],
      ["unknown to utility", count(counts[UNKNOWN] + counts[NESTED]), ""],
      ["mean hours out", hours(read(c, meanSoFar(c), state.t)), "h"],
      [`gap, ${c.names[0]}`, gap ? hours(read(c, gap, state.t), true) : "\u2013", gap ? "h" : ""],
    ];
    const list = $(`city-${name}`).querySelector(".now");
    if (list.childElementCount !== rows.length) {
      list.replaceChildren(...rows.map(() => el("div", {}, el("dt"), el("dd"))));
    }
    rows.forEach(([words, value, unit], i) => {
      const [dt, dd] = list.children[i].children;
      dt.textContent = words;
      dd.replaceChildren(value, " ", el("small", {}, unit));
    });
    const words = rows.map((row) => row.join(" ")).join(", ");
    const title = `City ${name.toUpperCase()}, hour ${hours(state.t)}: ${words}. Arrow keys select a home.`;
    this.maps[name].canvas.setAttribute("aria-label", title);
  }

  clock() {
    const { state } = this;
    const { peak_hour: peak, peak_at: at } = state.films.a ?? {};
    if (!at) return;
    const day = new Date(`${at.slice(0, 10)}T00:00:00Z`);
    const when = new Date(day.getTime() + (peak + state.t) * 3.6e6);
    const words = when.toLocaleString("en-GB", { weekday: "short", hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
    $("clock").value = `${words.replace(",", "")}, ${hours(state.t)} h`;
    $("time").value = state.t;
    $("time").setAttribute("aria-valuetext", $("clock").value);
  }

  charts() {
    const { state } = this;
    const first = state.curves.a;
    if (!first || (state.two && !state.curves.b)) return;
    const axis = { from: state.from, to: state.to, seen: state.seen }, last = first.names.length - 1, { at } = first;
    const dark = [], gaps = [];
    for (const name of this.shown()) {
      const c = state.curves[name], dash = name === "b", tag = state.two ? `${name.toUpperCase()} ` : "";
      for (const [g, colour, width] of [[0, COMPARED, 3.5], [last, REFERENCE, 1.8]]) {
        const values = c.dark[g].map((d) => (c.size[g] ? d / c.size[g] : 0));
        dark.push({ at, values, colour, dash, width, label: `${tag}${c.names[g]} ${percent(read(c, values, state.t))}` });
      }
      const gap = gapSoFar(c);
      const colour = dash ? CITY_B : INK;
      if (gap) gaps.push({ at, values: gap, colour, dash, label: `${tag}${hours(read(c, gap, state.t), true)} h` });
    }
    this.caption("dark-title", "Without power (% of each group)", dark);
    plot($("dark"), dark, { ...axis, percent: true }, state.t);
    const versus = `${first.names[0]} minus ${first.names[last]}`;
    this.caption("gap-title", `Gap in mean hours out so far, in this storm alone (h): ${versus}`, gaps);
    plot($("gap"), gaps, { ...axis, signed: true }, state.t);
    if (state.two) this.differences(first, state.curves.b, axis);
  }

  differences(a, b, axis) {
    const { state } = this;
    const meanA = meanSoFar(a), gapA = gapSoFar(a), gapB = gapSoFar(b), { at } = a;
    const line = (values, colour, dash, name) => {
      const label = `${name} ${hours(read(a, values, state.t), true)} h`;
      return { at, values, colour, dash, label };
    };
    const lines = [line(meanSoFar(b).map((v, k) => v - meanA[k]), INK, false, "mean hours out")];
    if (gapA && gapB) lines.push(line(gapB.map((v, k) => v - gapA[k]), COMPARED, true, "gap"));
    this.caption("difference-title", "B minus A so far, in this storm alone (h)", lines);
    plot($("difference"), lines, { ...axis, signed: true }, state.t);
  }

  caption(id, title, lines) {
    $(id).replaceChildren(el("b", {}, title), el("br"), ...key(lines));
    $(id.replace("-title", "")).setAttribute("aria-label", `${title}: ${lines.map(({ label }) => label).join("; ")}`);
  }
}

// The key to the maps; `channels` are those of the declaration, in order.
export function legend(channels) {
  const sample = (paint) => {
    const canvas = el("canvas", { width: 28, height: 28 }), ctx = canvas.getContext("2d");
    ctx.scale(2, 2);
    ctx.lineWidth = 2;
    paint(ctx);
    canvas.setAttribute("aria-hidden", "true");
    return canvas;
  };
  const item = (words, paint) => el("span", {}, sample(paint), words);
  const states = STATES.map((look) => item(look.name, (ctx) => {
    ctx.fillStyle = ctx.strokeStyle = look.colour;
    home(ctx, look, 7, 7, 8);
  }));
  const crew = (words, busy) => item(words, (ctx) => truck(ctx, 7, 7, 6, busy));
  const crews = [crew("crew at work", true), crew("crew waiting", false)];
  const reports = Object.values(channels).map(({ short }, c) => item(short, (ctx) => {
    ctx.strokeStyle = REPORT;
    mark(ctx, CHANNEL_MARKS[c], 7, 7, 4.5);
  }));
  const lost = item("lost: busy, hung up", (ctx) => { ctx.strokeStyle = REPORT; cross(ctx, 7, 7, 4.5); });
  $("legend").replaceChildren(...states, ...crews, el("span", {}, "Reports:"), ...reports, lost);
}
