// The page: what is chosen, what is asked, and the clock that plays it back.

import { Latest, ask, film, start } from "./api.js";
import { key, plot } from "./charts.js";
import { Panel, copied, fresh, inWords, same } from "./controls.js";
import { Drawer, noteNodes, stormNodes, storyNodes, waitingNodes } from "./drawer.js";
import {
  CHANNEL_MARKS, CITY_B, COMPARED, CREW, INK, KNOWN, NESTED, REFERENCE, REPORT, STATES, UNKNOWN, count, cross, home,
  hours, mark, truck,
} from "./looks.js";
import { CityMap } from "./map.js";
import { curves, everybody, gapSoFar, meanSoFar, read, span, total } from "./numbers.js";

const $ = (id) => document.getElementById(id);
const el = (tag, props = {}, ...inside) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...inside);
  return node;
};
const POINTS = 400;
const WORDS_MS = 80; // between two looks at numbers and curves while it plays
const SHORT = ["hotline", "web", "app", "text", "liaison", "official"]; // in the legend, in the order of channels
const LIFE_H = 1, LIFE_S = 0.5; // a report is seen for so many hours of the storm, or seconds of the class, if more
const WORDS = { minority: "minority", income: "income", poor: "poverty", medical_device: "medical device",
  over65: "age", disability: "disability", limited_english: "English", renter: "renting", broadband: "internet",
  svi: "neighbourhood (SVI)", ethnicity: "ethnicity" };

const world = await start().catch((bad) => { say(bad.message); throw bad; });
const state = {
  lesson: "", seed: world.seed, by: "minority", two: false, editing: "a", t: 0, playing: false, household: -1,
  a: fresh(), b: fresh(), films: {}, curves: {}, from: 0, to: 1,
  anew: true, seen: -Infinity, // whether the clock goes to the start, and the latest hour that the class has seen
};
const maps = { a: new CityMap($("city-a").querySelector("canvas"), choose),
  b: new CityMap($("city-b").querySelector("canvas"), choose) };
const panel = new Panel($("controls"), $("meaning"), world.changes, world.channels, moved);
const drawer = new Drawer($("drawer"), $("drawer-body"), (open) => {
  $("body").classList.toggle("drawn", open);
  requestAnimationFrame(draw);
});
const base = () => world.bases[state.lesson];
const shown = () => (state.two ? ["a", "b"] : ["a"]);
const lessonNow = () => world.lessons.find(({ name }) => name === state.lesson);
const question = (name) => ({ lesson: state.lesson, seed: state.seed, [name]: state[name] });

// --- asking ---------------------------------------------------------------------------------------------------------

const asking = { a: new Latest((work, late) => fetchCity("a", work, late)),
  b: new Latest((work, late) => fetchCity("b", work, late)) };

async function fetchCity(name, { since }, overtaken) {
  try {
    const asked = { lesson: state.lesson, seed: state.seed, city: state[name] };
    const got = await film(asked);
    if (overtaken()) return;
    say("");
    show(name, got);
    requestAnimationFrame(() => {
      draw();
      document.documentElement.dataset.latency = Math.round(performance.now() - since);
      document.documentElement.dataset.answers = Number(document.documentElement.dataset.answers ?? 0) + 1;
    });
    if (drawer.what === "story") tell();
    else if (drawer.what === "storms") drawer.close();
  } catch (bad) {
    say(bad instanceof TypeError ? "The server does not answer. Is coproduce demo still running?" : bad.message);
  }
}

function show(name, got) {
  state.films[name] = got;
  maps[name].show(got);
  const films = shown().map((each) => state.films[each]).filter(Boolean);
  [state.from, state.to] = span(films);
  const time = $("time");
  Object.assign(time, { min: state.from, max: state.to });
  if (state.anew || state.t < state.from) state.t = state.from;
  if (state.anew) state.seen = state.from;
  state.anew = false;
  state.t = Math.min(state.t, state.to);
  for (const each of shown()) {
    const its = state.films[each];
    if (its) state.curves[each] = curves(its, state.by, state.from, state.to, POINTS);
  }
}

function refetch(names = shown(), since = performance.now()) {
  for (const name of names) asking[name].want({ since });
}

function say(words) {
  if ($("message").textContent !== words) $("message").textContent = words;
}

// --- choosing -------------------------------------------------------------------------------------------------------

function moved(control, value) {
  const since = performance.now(), city = state[state.editing];
  if (control) for (const path of control.paths) city.set[path] = value;
  else if (value.on) city.changes.push(value.name);
  else city.changes = city.changes.filter((name) => name !== value.name);
  titles();
  refetch([state.editing], since);
}

function takeLesson(name) {
  Object.assign(state, { lesson: name, playing: false, editing: "a", household: -1, anew: true });
  Object.assign(state, { films: {}, curves: {} });
  const lesson = lessonNow();
  state.a = lesson ? copied(lesson.a) : fresh();
  state.b = lesson ? copied(lesson.b) : fresh();
  if (lesson) Object.assign(state, { seed: lesson.seed, by: lesson.by, two: true });
  else Object.assign(state, { seed: world.seed });
  maps.a.selected = maps.b.selected = -1;
  $("note").hidden = !lesson;
  panel.build(base());
  settle();
  if (lesson) drawer.open("note", lesson.title, noteNodes(lesson), false);
  else if (!$("drawer").hidden) drawer.close();
  refetch();
}

// Puts everything on the page where the state says it is.
function settle() {
  $("lesson").value = state.lesson;
  $("grouping").value = state.by;
  $("seed").value = state.seed;
  $("compare").setAttribute("aria-pressed", state.two);
  document.querySelector("main").classList.toggle("two", state.two);
  for (const id of ["city-b", "which", "copy", "storms", "difference-figure"]) $(id).hidden = !state.two;
  $("city-name").textContent = state.lesson
    ? lessonNow().question : `${base().name}: ${base().summary} (${count(base().customers)} households)`;
  titles();
  playing(state.playing);
}

function titles() {
  $("edit-a").setAttribute("aria-pressed", state.editing === "a");
  $("edit-b").setAttribute("aria-pressed", state.editing === "b");
  for (const name of ["a", "b"]) {
    const words = inWords(state[name], base(), world.changes);
    const title = $(`city-${name}`).querySelector(".changed");
    title.textContent = name === "b" && same(state.a, state.b) ? "the same as A so far: change something in B" : words;
    title.title = words;
  }
  panel.refresh(state[state.editing]);
}

function compare(two) {
  state.two = two;
  state.editing = two ? "b" : "a";
  if (two && !state.films.b) state.b = copied(state.a);
  if (!two && drawer.what === "storms") drawer.close();
  settle();
  refetch();
}

async function choose(household) {
  state.household = household;
  maps.a.selected = maps.b.selected = household;
  draw();
  await tell();
}

async function tell() {
  const home = state.household;
  if (home < 0) return;
  try {
    const cities = Object.fromEntries(shown().map((name) => [name, state[name]]));
    const told = await (await ask("/story", { ...question("a"), ...cities, household: home })).json();
    if (state.household !== home) return;
    drawer.open("story", "The story of a home", storyNodes(home, maps.a.film.columns.out.length, told, findHome),
      !document.activeElement?.matches("canvas"));
  } catch (bad) {
    say(bad.message);
  }
}

function findHome(which) {
  if (typeof which === "number") return choose(which);
  const { out, restored, "report-household": from } = state.films.a.columns, { horizon } = state.films.a;
  const score = out.map((h, i) => (h === Infinity ? -1 : Math.min(restored[i], horizon) - h));
  if (which === "tries") {
    score.fill(0);
    for (const i of from) score[i]++;
  }
  return choose(score.indexOf(Math.max(...score)));
}

async function manyStorms() {
  const { names } = state.films.a.groups[state.by];
  drawer.open("storms", "20 storms", waitingNodes("Running both cities through 20 storms \u2026"));
  try {
    const asked = { ...question("a"), b: state.b, by: state.by, group: names[0] };
    const answer = await (await ask("/storms", asked)).json();
    if (drawer.what === "storms") drawer.open("storms", "20 storms", stormNodes(answer));
  } catch (bad) {
    say(bad.message);
    if (drawer.what === "storms") drawer.close();
  }
}

// --- drawing --------------------------------------------------------------------------------------------------------

let spoken = 0;
function draw() {
  state.seen = Math.max(state.seen, state.t);
  const life = Math.max(LIFE_H, state.playing ? LIFE_S * Number($("speed").value) : 0);
  const words = !state.playing || performance.now() - spoken > WORDS_MS; // no one reads numbers sixty times a second
  for (const name of shown()) {
    if (!state.films[name] || !state.curves[name]) continue;
    const counts = maps[name].draw(state.t, life);
    if (counts && words) now(name, counts);
  }
  if (!words) return;
  spoken = performance.now();
  clock();
  charts();
}

function now(name, counts) {
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
  maps[name].canvas.setAttribute("aria-label", title);
}

function clock() {
  const { peak_hour: peak, peak_at: at } = state.films.a ?? {};
  if (!at) return;
  const day = new Date(`${at.slice(0, 10)}T00:00:00Z`);
  const when = new Date(day.getTime() + (peak + state.t) * 3.6e6);
  const words = when.toLocaleString("en-GB", { weekday: "short", hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
  $("clock").value = `${words.replace(",", "")}, ${hours(state.t)} h`;
  $("time").value = state.t;
  $("time").setAttribute("aria-valuetext", $("clock").value);
}

function charts() {
  const first = state.curves.a;
  if (!first || (state.two && !state.curves.b)) return;
  const axis = { from: state.from, to: state.to, seen: state.seen }, last = first.names.length - 1, { at } = first;
  const dark = [], gaps = [];
  for (const name of shown()) {
    const c = state.curves[name], dash = name === "b", tag = state.two ? `${name.toUpperCase()} ` : "";
    for (const [g, colour, width] of [[0, COMPARED, 3.5], [last, REFERENCE, 1.8]]) {
      const values = c.dark[g].map((d) => (c.size[g] ? d / c.size[g] : 0));
      dark.push({ at, values, colour, dash, width, label: `${tag}${c.names[g]} ${percent(read(c, values, state.t))}` });
    }
    const gap = gapSoFar(c);
    const colour = dash ? CITY_B : INK;
    if (gap) gaps.push({ at, values: gap, colour, dash, label: `${tag}${hours(read(c, gap, state.t), true)} h` });
  }
  caption("dark-title", "Without power (% of each group)", dark);
  plot($("dark"), dark, { ...axis, percent: true }, state.t);
  const versus = `${first.names[0]} minus ${first.names[last]}`;
  caption("gap-title", `Gap in mean hours out so far (h): ${versus}`, gaps);
  plot($("gap"), gaps, { ...axis, signed: true }, state.t);
  if (state.two) differences(first, state.curves.b, axis);
}

function differences(a, b, axis) {
  const meanA = meanSoFar(a), gapA = gapSoFar(a), gapB = gapSoFar(b), { at } = a;
  const line = (values, colour, dash, name) => {
    const label = `${name} ${hours(read(a, values, state.t), true)} h`;
    return { at, values, colour, dash, label };
  };
  const lines = [line(meanSoFar(b).map((v, k) => v - meanA[k]), INK, false, "mean hours out")];
  if (gapA && gapB) lines.push(line(gapB.map((v, k) => v - gapA[k]), COMPARED, true, "gap"));
  caption("difference-title", "B minus A so far (h)", lines);
  plot($("difference"), lines, { ...axis, signed: true }, state.t);
}

function caption(id, title, lines) {
  $(id).replaceChildren(el("b", {}, title), el("br"), ...key(lines));
  $(id.replace("-title", "")).setAttribute("aria-label", `${title}: ${lines.map(({ label }) => label).join("; ")}`);
}

const percent = (share) => `${Math.round(100 * share)}\u202f%`;

function legend() {
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
  const reports = Object.values(world.channels).map((words, c) => item(SHORT[c] ?? words.toLowerCase(), (ctx) => {
    ctx.strokeStyle = REPORT;
    mark(ctx, CHANNEL_MARKS[c], 7, 7, 4.5);
  }));
  const lost = item("lost: busy, hung up", (ctx) => { ctx.strokeStyle = REPORT; cross(ctx, 7, 7, 4.5); });
  $("legend").replaceChildren(...states, ...crews, el("span", {}, "Reports:"), ...reports, lost);
}

// --- time -----------------------------------------------------------------------------------------------------------

let last = 0;
function playing(on) {
  state.playing = on;
  $("play").textContent = on ? "Pause" : "Play";
  if (!on) return;
  if (state.t >= state.to) state.t = state.from;
  last = performance.now();
  requestAnimationFrame(tick);
}

function tick(stamp) {
  if (!state.playing) return;
  state.t += (Math.min(Math.max(0, stamp - last), 100) / 1000) * Number($("speed").value);
  last = stamp;
  if (state.t >= state.to) {
    state.t = state.to;
    playing(false);
  }
  draw();
  if (state.playing) requestAnimationFrame(tick);
}

function go(t) {
  state.t = Math.min(Math.max(t, state.from), state.to);
  requestAnimationFrame(draw);
}

// --- wiring ---------------------------------------------------------------------------------------------------------

$("lesson").append(el("option", { value: "" }, "No lesson"),
  ...world.lessons.map(({ name, title }) => el("option", { value: name }, title)));
$("grouping").append(...world.groupings.map((by) => el("option", { value: by }, WORDS[by] ?? by)));
$("seed").max = world.largest_seed;
$("lesson").addEventListener("change", (event) => takeLesson(event.target.value));
$("grouping").addEventListener("change", (event) => {
  state.by = event.target.value;
  for (const name of shown()) {
    if (state.films[name]) state.curves[name] = curves(state.films[name], state.by, state.from, state.to, POINTS);
  }
  if (drawer.what === "storms") drawer.close();
  draw();
});
$("seed").addEventListener("change", ({ target }) => {
  if (!target.validity.valid || target.value === "") target.value = state.seed;
  state.seed = target.valueAsNumber;
  state.anew = true;
  refetch();
});
$("compare").addEventListener("click", () => compare(!state.two));
for (const name of ["a", "b"]) $(`edit-${name}`).addEventListener("click", () => { state.editing = name; titles(); });
$("copy").addEventListener("click", () => { state.b = copied(state.a); titles(); refetch(["b"]); });
$("reset").addEventListener("click", () => takeLesson(state.lesson));
$("play").addEventListener("click", () => playing(!state.playing));
$("back").addEventListener("click", () => go(Math.ceil(state.t) - 1));
$("forth").addEventListener("click", () => go(Math.floor(state.t) + 1));
$("time").addEventListener("input", ({ target }) => go(target.valueAsNumber));
$("note").addEventListener("click", () => drawer.open("note", lessonNow().title, noteNodes(lessonNow())));
$("story").addEventListener("click", () => (state.household < 0 ? findHome("tries") : tell()));
$("storms").addEventListener("click", manyStorms);
new ResizeObserver(() => requestAnimationFrame(draw)).observe(document.querySelector("main"));

legend();
takeLesson("");
