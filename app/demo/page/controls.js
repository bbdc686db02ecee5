// The panel of controls: built from what the server declares, and keeping what is moved in each city.
//
// A city is { changes: [names], set: { parameter: value } }. What a parameter is in a city: what was moved, else what
// the last ticked programme says, else what the scenario says.

import { el } from "./dom.js";

export const fresh = () => ({ changes: [], set: {} });
export const copied = (city) => ({ changes: [...city.changes], set: { ...city.set } });
export const same = (a, b) => JSON.stringify(normal(a)) === JSON.stringify(normal(b));
const normal = (city) => [city.changes, Object.entries(city.set).sort()];

export function valueOf(path, city, base, changes) {
  if (path in city.set) return city.set[path];
  for (const name of [...city.changes].reverse()) {
    const { patch } = changes.find((change) => change.name === name);
    if (path in patch) return patch[path];
  }
  return base.values[path];
}

// What is different in a city, in words for its title.
export function inWords(city, base, changes) {
  const words = city.changes.map((name) => changes.find((change) => change.name === name).title);
  for (const control of base.controls) {
    const path = control.paths.find((each) => each in city.set);
    if (path) words.push(`${control.label} ${text(control, city.set[path])}`);
  }
  return words.join("; ") || "as in the scenario";
}

export function text(control, value) {
  if (control.kind === "choice") return value;
  if (control.unit === "share") return `${Math.round(value * 100)}\u202f%`;
  if (control.odds) return `${round(value)} \u00d7 odds`;
  return control.unit === "utility" ? `${round(value)} utility` : `${round(value)} ${control.unit}`;
}

const round = (value) => String(Math.round(value * 100) / 100);

export class Panel {
  constructor(root, meaning, changes, channels, onMove) {
    Object.assign(this, { root, meaning, changes, channels, onMove });
    this.rows = [];
  }

  // Builds the panel for a scenario; `city` is then shown with `refresh`.
  build(base) {
    this.base = base;
    this.rows = [];
    const open = this.opened();
    const headings = new Map();
    for (const control of base.controls) {
      if (!headings.has(control.heading)) headings.set(control.heading, []);
      headings.get(control.heading).push(control);
    }
    const sections = [...headings].map(([heading, controls]) => this.section(heading, controls, open));
    sections.splice(1, 0, this.programmes(open));
    this.root.replaceChildren(...sections);
  }

  opened() {
    const before = [...this.root.querySelectorAll("details")];
    return before.length ? new Set(before.filter((d) => d.open).map((d) => d.dataset.heading)) : new Set(["Channels"]);
  }

  details(heading, open) {
    const details = el("details", { open: open.has(heading) });
    details.dataset.heading = heading;
    details.append(el("summary", {}, `${heading} `, el("span", { className: "count" })));
    return details;
  }

  section(heading, controls, open) {
    const details = this.details(heading, open);
    if (heading !== "Channels") {
      details.append(...controls.map((control) => this.row(control)));
      return details;
    }
    for (const [channel, { label }] of Object.entries(this.channels)) {
      const two = controls.filter(({ name }) => name.startsWith(`${channel}-`));
      const pair = el("div", { className: "pair" }, ...two.map((c) => this.row(c, c.label.split(": ")[1])));
      details.append(el("div", { className: "channel" }, el("h3", {}, label), pair));
    }
    details.append(...controls.filter(({ name }) => name === "liaisons").map((control) => this.row(control)));
    return details;
  }

  row(control, short) {
    const input = control.kind === "choice" ? this.list(control) : this.slider(control);
    input.id = `c-${control.name}`;
    const output = el("output", { name: `${control.label}, value`, htmlFor: input.id });
    output.setAttribute("aria-label", `${control.label}, value`);
    const label = el("label", { htmlFor: input.id }, short ?? control.label);
    if (short) input.setAttribute("aria-label", control.label);
    const row = el("div", { className: "control" }, label, output, input);
    for (const event of ["focusin", "pointerenter"]) row.addEventListener(event, () => this.explain(control));
    this.rows.push({ control, input, output, row });
    return row;
  }

  slider(control) {
    const input = el("input", { type: "range" });
    const [low, high] = [control.low, control.high].map((v) => this.toSlider(control, v));
    const step = control.kind === "whole" ? 1 : control.odds ? 0.01 : high - low > 5 ? 0.5 : 0.01;
    Object.assign(input, { min: low, max: high, step });
    input.addEventListener("input", () => {
      const raw = this.fromSlider(control, input.valueAsNumber);
      this.onMove(control, Math.min(Math.max(raw, control.least), control.most));
    });
    return input;
  }

  list(control) {
    const input = el("select", {}, ...control.choices.map((choice) => el("option", { value: choice }, choice)));
    input.addEventListener("change", () => this.onMove(control, input.value));
    return input;
  }

  // Odds ratios slide by their logarithm: twice and half lie equally far from 1.
  toSlider(control, value) {
    return control.odds ? Math.log(value) : value;
  }

  fromSlider(control, value) {
    return control.odds ? Math.round(Math.exp(value) * 100) / 100 : Math.round(value * 100) / 100;
  }

  programmes(open) {
    const details = this.details("Outreach and other changes", open);
    this.checks = this.changes.map((change) => {
      const id = `p-${change.name.replace(/\W/g, "-")}`;
      const input = el("input", { type: "checkbox", id });
      input.addEventListener("change", () => this.onMove(null, { name: change.name, on: input.checked }));
      const title = change.title[0].toUpperCase() + change.title.slice(1);
      const label = el("label", { htmlFor: id }, title, el("small", {}, change.summary));
      details.append(el("div", { className: "check" }, input, label));
      return { change, input };
    });
    return details;
  }

  refresh(city) {
    for (const { control, input, output, row } of this.rows) {
      const values = control.paths.map((path) => valueOf(path, city, this.base, this.changes));
      const mixed = values.some((v) => v !== values[0]);
      if (control.kind === "choice") input.value = values[0];
      else {
        const middle = mixed ? this.fromSlider(control, mean(values.map((v) => this.toSlider(control, v)))) : values[0];
        input.value = this.toSlider(control, middle);
        input.setAttribute("aria-valuetext", text(control, middle));
      }
      const words = mixed ? `mixed: ${values.map(round).join(", ")}` : text(control, values[0]);
      output.value = control.kind === "choice" ? "" : words;
      row.classList.toggle("moved", control.paths.some((path, i) => values[i] !== this.base.values[path]));
    }
    for (const { change, input } of this.checks) input.checked = city.changes.includes(change.name);
    for (const details of this.root.querySelectorAll("details")) {
      const n = details.querySelectorAll(".control.moved, .check input:checked").length;
      details.querySelector(".count").textContent = n ? `${n} changed` : "";
    }
  }

  explain(control) {
    const { kind, least, most, unit } = control;
    const range = kind === "choice" ? "" : ` From ${round(least)} to ${round(most)} ${unit}.`;
    const odds = control.odds
      ? " As odds of minority households against others: 1 is no gap, below 1 they have it less often." : "";
    const what = control.meaning[0].toUpperCase() + control.meaning.slice(1);
    this.meaning.textContent = `${what}.${range}${odds} (${control.paths.join(", ")})`;
  }
}

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
