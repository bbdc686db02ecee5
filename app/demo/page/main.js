// The page: what is chosen, what is asked, and the clock that plays it back.

import { Latest, ask, film, start } from "./api.js";
import { Panel, copied, fresh, inWords, same } from "./controls.js";
import { $, el } from "./dom.js";
import { Drawer, noteNodes, stormNodes, storyNodes, waitingNodes } from "./drawer.js";
import { count } from "./looks.js";
import { CityMap } from "./map.js";
import { curves, span } from "./numbers.js";
import { Screen, legend } from "./screen.js";

const POINTS = 400;
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
const screen = new Screen(state, maps, () => shown());
const draw = () => screen.draw();
const panel = new Panel($("controls"), $("meaning"), world.changes, world.channels, moved);
const drawer = new Drawer($("drawer"), $("drawer-body"), (open) => {
  $("body").classList.toggle("drawn", open);
  requestAnimationFrame(draw);
});
const base = () => world.bases[state.lesson];
const shown = () => (state.two ? ["a", "b"] : ["a"]);
const lessonNow = () => world.lessons.find(({ name }) => name === state.lesson);
const question = (name) => ({ lesson: state.lesson, seed: state.seed, [name]: state[name] });

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
  return choose(score.indexOf(score.reduce((most, each) => Math.max(most, each))));
}

async function manyStorms() {
  const { names } = state.films.a.groups[state.by];
  drawer.open("storms", "60 storms", waitingNodes("Running both cities through 60 storms \u2026"));
  try {
    const asked = { ...question("a"), b: state.b, by: state.by, group: names[0] };
    const answer = await (await ask("/storms", asked)).json();
    if (drawer.what === "storms") drawer.open("storms", "60 storms", stormNodes(answer));
  } catch (bad) {
    say(bad.message);
    if (drawer.what === "storms") drawer.close();
  }
}

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

legend(world.channels);
takeLesson("");
