// One city on a canvas: lines of the grid, homes by state, reports that fade, crews that move.

import { Homes } from "./homes.js";
import { CHANNEL_MARKS, INK, REPORT, cross, fresh, mark, truck } from "./looks.js";
import { statesAt } from "./numbers.js";

const LOST = new Set(["busy", "hung up"]);

export class CityMap {
  constructor(canvas, onPick) {
    this.canvas = canvas;
    this.selected = -1;
    this.film = null;
    canvas.addEventListener("click", (event) => this.pick(event, onPick));
    canvas.addEventListener("keydown", (event) => this.move(event, onPick));
  }

  show(film) {
    const elsewhere = film.columns.x !== this.film?.columns.x;
    this.film = film;
    this.jobs = jobsByCrew(film);
    if (!elsewhere) return;
    this.states = new Uint8Array(film.columns.out.length);
    this.bounds = boundsOf(film.columns.x, film.columns.y);
    this.width = 0; // places are worked out anew
  }

  layout(width, height) {
    const across = this.canvas.width; // in pixels of the screen, of which there can be more or fewer
    if (this.width === width && this.height === height && this.across === across) return;
    [this.width, this.height, this.across] = [width, height, across];
    const { columns } = this.film, [west, south, east, north] = this.bounds, edge = 12;
    this.scale = Math.min((width - 2 * edge) / (east - west || 1), (height - 2 * edge) / (north - south || 1));
    this.left = (width - this.scale * (west + east)) / 2;
    this.top = (height + this.scale * (south + north)) / 2;
    this.px = columns.x.map((x) => this.left + this.scale * x);
    this.py = columns.y.map((y) => this.top - this.scale * y);
    const area = (this.scale * (east - west) * this.scale * (north - south)) / this.px.length;
    this.dot = Math.min(7, Math.max(1.5, 0.52 * Math.sqrt(area)));
    const ratio = across / width, inPixels = (value) => value * ratio;
    this.homes = new Homes(this.drawLines(ratio), this.px.map(inPixels), this.py.map(inPixels), this.dot * ratio);
  }

  drawLines(ratio) {
    const layer = document.createElement("canvas"), { lines } = this.film.columns;
    [layer.width, layer.height] = [this.canvas.width, this.canvas.height];
    const ctx = layer.getContext("2d", { willReadFrequently: true });
    ctx.scale(ratio, ratio);
    ctx.strokeStyle = "#dde3e8";
    for (const feeder of [false, true]) {
      ctx.lineWidth = feeder ? 2 : 1;
      ctx.beginPath();
      for (let i = 0; i < lines.length; i += 5) {
        if ((lines[i + 4] <= 1) !== feeder) continue;
        ctx.moveTo(this.left + this.scale * lines[i], this.top - this.scale * lines[i + 1]);
        ctx.lineTo(this.left + this.scale * lines[i + 2], this.top - this.scale * lines[i + 3]);
      }
      ctx.stroke();
    }
    return layer;
  }

  // Draws hour t; reports are seen for `life` hours. Returns how many homes are in each state.
  draw(t, life) {
    const { ctx, width, height } = fresh(this.canvas);
    if (!this.film || width < 30 || height < 30) return null;
    this.layout(width, height);
    const counts = statesAt(this.film, t, this.states);
    this.homes.draw(ctx, this.states, counts);
    this.drawReports(ctx, t, life);
    this.drawCrews(ctx, t);
    if (this.selected >= 0 && this.selected < this.px.length) this.ring(ctx, this.selected);
    return counts;
  }

  drawReports(ctx, t, life) {
    const { columns, report_outcomes: outcomes } = this.film;
    const at = columns["report-at"], household = columns["report-household"];
    for (let i = firstAfter(at, t - life); i < at.length && at[i] <= t; i++) {
      const age = (t - at[i]) / life, x = this.px[household[i]], y = this.py[household[i]];
      const r = 2.5 + 4.5 * age;
      ctx.globalAlpha = 1 - age;
      ctx.lineWidth = 3.5;
      ctx.strokeStyle = "#ffffff";
      mark(ctx, CHANNEL_MARKS[columns["report-channel"][i]], x, y, r);
      ctx.lineWidth = 1.8;
      ctx.strokeStyle = REPORT;
      mark(ctx, CHANNEL_MARKS[columns["report-channel"][i]], x, y, r);
      if (LOST.has(outcomes[columns["report-outcome"][i]])) cross(ctx, x, y, r);
    }
    ctx.globalAlpha = 1;
  }

  drawCrews(ctx, t) {
    const { columns } = this.film, kinds = columns["crew-kind"];
    const arrives = columns["crew-arrives"], released = columns["crew-released"];
    const here = [];
    for (let crew = 0; crew < kinds.length; crew++) {
      if (arrives[crew] <= t && t < released[crew]) here.push([kinds[crew] ? 6 : 8.5, ...this.whereIs(crew, t)]);
    }
    here.sort((a, b) => a[3] - b[3]); // those at work stand on top of those that wait where they are
    for (const [size, x, y, working] of here) {
      truck(ctx, this.left + this.scale * x, this.top - this.scale * y, size, working);
    }
  }

  // A crew waits where its last job was; before its first one, at the depot in the middle.
  whereIs(crew, t) {
    const { columns } = this.film;
    let x = 0, y = 0;
    for (const j of this.jobs[crew]) {
      const set = columns["job-dispatched"][j], on = columns["job-arrived"][j];
      if (set > t) break;
      const share = t >= on ? 1 : (t - set) / (on - set || 1);
      x += (columns["job-x"][j] - x) * share;
      y += (columns["job-y"][j] - y) * share;
      if (t < columns["job-done"][j]) return [x, y, true];
    }
    return [x, y, false];
  }

  ring(ctx, i) {
    ctx.strokeStyle = "#ffffff";
    ctx.lineWidth = 5;
    mark(ctx, "circle", this.px[i], this.py[i], 10);
    ctx.strokeStyle = INK;
    ctx.lineWidth = 2.5;
    mark(ctx, "circle", this.px[i], this.py[i], 10);
  }

  pick(event, onPick) {
    if (!this.px) return;
    const box = this.canvas.getBoundingClientRect();
    const near = this.nearest(event.clientX - box.left, event.clientY - box.top, () => true);
    if (near >= 0) onPick(near);
  }

  // Arrow keys go to the nearest home in that direction; Enter tells its story.
  move(event, onPick) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!this.px || (!step && event.key !== "Enter")) return;
    event.preventDefault();
    const from = this.selected < 0 ? this.nearest(this.width / 2, this.height / 2, () => true) : this.selected;
    if (!step || this.selected < 0) return onPick(from);
    const [dx, dy] = step, x = this.px[from], y = this.py[from];
    const ahead = (i) => {
      const along = (this.px[i] - x) * dx + (this.py[i] - y) * dy;
      const aside = Math.abs((this.px[i] - x) * dy) + Math.abs((this.py[i] - y) * dx);
      return i !== from && along > 0.5 && aside <= along;
    };
    const near = this.nearest(x, y, ahead);
    if (near >= 0) onPick(near);
  }

  nearest(x, y, allowed) {
    let best = -1, least = Infinity;
    for (let i = 0; i < this.px.length; i++) {
      const d = (this.px[i] - x) ** 2 + (this.py[i] - y) ** 2;
      if (d < least && allowed(i)) [best, least] = [i, d];
    }
    return best;
  }
}

function boundsOf(x, y) {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < x.length; i++) {
    west = Math.min(west, x[i]); east = Math.max(east, x[i]);
    south = Math.min(south, y[i]); north = Math.max(north, y[i]);
  }
  return [west, south, east, north];
}

function jobsByCrew(film) {
  const jobs = Array.from(film.columns["crew-kind"], () => []);
  film.columns["job-crew"].forEach((crew, job) => jobs[crew].push(job));
  return jobs;
}

function firstAfter(sorted, value) {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] > value) high = middle; else low = middle + 1;
  }
  return low;
}
