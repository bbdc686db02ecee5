// The column at the right: a teacher's note, the story of a home, or sixty storms.

import { el } from "./dom.js";
import { dots } from "./charts.js";
import { hours } from "./looks.js";


export class Drawer {
  constructor(root, body, onToggle) {
    Object.assign(this, { root, body, onToggle, what: null });
    this.title = root.querySelector("h2");
    root.querySelector("#close").addEventListener("click", () => this.close());
    root.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  open(what, title, nodes, focus = true) {
    const news = this.what !== what;
    if (news) this.opener = document.activeElement;
    this.what = what;
    this.title.textContent = title;
    const kept = document.activeElement?.id;
    this.body.replaceChildren(...nodes);
    this.root.hidden = false;
    this.onToggle(true);
    if (news && focus) this.title.focus();
    else if (kept && document.activeElement === document.body) document.getElementById(kept)?.focus();
  }

  close() {
    this.what = null;
    this.root.hidden = true;
    this.onToggle(false);
    this.opener?.focus();
  }
}

export function noteNodes(lesson) {
  const paragraphs = lesson.note.split(/\n\s*\n/).map((text) => el("p", {}, text.replace(/\s+/g, " ")));
  return [el("p", { className: "question" }, lesson.question), ...paragraphs];
}

// told: { a, b? }, each a story; onFind(kind or number) chooses another home.
export function storyNodes(household, homes, told, onFind) {
  const number = el("input", { type: "number", id: "home", min: 0, max: homes - 1, value: household });
  number.dataset.home = household;
  number.addEventListener("change", () => {
    if (number.validity.valid && number.value !== "") onFind(number.valueAsNumber);
    else number.value = household;
  });
  const button = (id, words, kind) => {
    const node = el("button", { type: "button", id }, words);
    node.addEventListener("click", () => onFind(kind));
    return node;
  };
  const find = el("div", { className: "find" }, el("label", { htmlFor: "home" }, "Home"), number,
    button("find-longest", "Longest out", "longest"), button("find-tries", "Most tries", "tries"));
  const nodes = [find, el("p", { className: "soft" }, told.a.who)];
  if (told.b) nodes.push(el("p", { className: "question" }, versus(told.a, told.b)));
  for (const [name, story] of Object.entries(told)) {
    if (told.b) nodes.push(el("h3", {}, `City ${name.toUpperCase()}`));
    if (told.b && name === "b" && story.who !== told.a.who) nodes.push(el("p", { className: "soft" }, story.who));
    nodes.push(...events(story));
  }
  return nodes;
}

function events(story) {
  if (!story.lost) return [el("p", {}, "It never lost power in this storm.")];
  const items = story.events.map(({ at, when, words, kind }) =>
    el("li", { className: kind }, el("time", {}, `${when}, ${hours(at)} h`), words));
  const list = el("ol", { className: "story" }, ...items);
  return story.ending ? [list, el("p", {}, story.ending)] : [list];
}

function versus(a, b) {
  if (!a.lost && !b.lost) return "It keeps power in both cities.";
  if (!a.lost || !b.lost) return `It loses power in city ${a.lost ? "A" : "B"} only.`;
  if (a.hours_out === null || b.hours_out === null) return "It is not back in time in at least one of the cities.";
  const less = a.hours_out - b.hours_out, facts = `(A ${hours(a.hours_out)} hours, B ${hours(b.hours_out)} hours)`;
  if (Math.abs(less) < 0.05) return `It is out equally long in both cities ${facts}.`;
  return `In B power is back ${hours(Math.abs(less))} hours ${less > 0 ? "sooner" : "later"} than in A ${facts}.`;
}

export function waitingNodes(words) {
  return [el("p", { className: "soft" }, words)];
}

export function stormNodes(answer) {
  if (answer.refused) return [el("p", { className: "question" }, answer.refused)];
  const last = answer.first_seed + answer.storms - 1;
  const intro = `City B minus city A in ${answer.storms} storms, seeds ${answer.first_seed} to ${last}: same town, ` +
    "storm and luck within each. A dot is a storm; the bar is the mean with its 95\u202f% interval. Where the bar " +
    "holds 0, the difference cannot be told from chance.";
  const nodes = [el("p", { className: "soft" }, intro)];
  for (const measure of answer.measures) {
    const canvas = el("canvas", { role: "img" });
    const words = inWords(measure);
    canvas.setAttribute("aria-label", `${measure.words}: ${words}`);
    nodes.push(el("div", { className: "storms" }, el("h3", {}, capital(measure.words)), el("p", {}, words), canvas));
    requestAnimationFrame(() => dots(canvas, measure));
  }
  return nodes;
}

function inWords({ mean, low, high, unit, verdict }) {
  if (mean === null) return verdict;
  const digits = (v) => (v > 0 ? "+" : "") + v.toFixed(Math.abs(v) < 10 ? 2 : 1).replace("-", "\u2212");
  const interval = low === null ? "" : ` [${digits(low)}, ${digits(high)}]`;
  return `${digits(mean)} ${unit}${interval}: ${verdict}`;
}

const capital = (words) => words[0].toUpperCase() + words.slice(1);
