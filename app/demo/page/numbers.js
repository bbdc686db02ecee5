// What is counted from a storm: the state of each home at a time, and the curves by group.

import { BACK, CREW, KNOWN, NESTED, POWER, UNKNOWN } from "./looks.js";

export function statesAt(film, t, into) {
  const { out, known, crew, repaired, restored, "known-again": again, "crew-again": last } = film.columns;
  const counts = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < out.length; i++) {
    let state = POWER;
    if (out[i] <= t) {
      if (restored[i] <= t) state = BACK;
      else if (repaired[i] <= t) state = last[i] <= t ? CREW : again[i] <= t ? KNOWN : NESTED;
      else if (crew[i] <= t) state = CREW;
      else state = known[i] <= t ? KNOWN : UNKNOWN;
    }
    into[i] = state;
    counts[state]++;
  }
  return counts;
}

// First and last hour worth showing of one storm or of two.
export function span(films) {
  let from = Infinity, to = -Infinity;
  for (const { columns, horizon } of films) {
    const { out, restored } = columns;
    for (let i = 0; i < out.length; i++) {
      if (out[i] === Infinity) continue;
      if (out[i] < from) from = out[i];
      const end = Math.min(restored[i], horizon);
      if (end > to) to = end;
    }
  }
  return from === Infinity ? [0, 1] : [Math.floor(from), Math.ceil(to)];
}

// Curves of every group on a grid of hours. Hours out so far are those of every home that the storm will have put out,
// so that the last point is the mean hours out of the affected. Exact at the points of the grid.
export function curves(film, by, from, to, points) {
  const code = film.columns[`group-${by}`], { names } = film.groups[by], n = names.length;
  const step = (to - from) / (points - 1);
  const table = () => Array.from({ length: n }, () => new Float64Array(points));
  const went = table(), came = table(), wentHours = table(), cameHours = table();
  const size = new Float64Array(n), affected = new Float64Array(n), logged = new Float64Array(n);
  const { out, restored, logged: heard } = film.columns;
  for (let i = 0; i < out.length; i++) {
    const g = code[i];
    size[g]++;
    if (out[i] === Infinity) continue;
    affected[g]++;
    logged[g] += heard[i];
    put(went[g], wentHours[g], out[i]);
    if (restored[i] < film.horizon) put(came[g], cameHours[g], restored[i]);
  }
  function put(tally, sums, hour) {
    const k = Math.max(0, Math.ceil((hour - from) / step - 1e-6));
    if (k < points) { tally[k]++; sums[k] += hour; }
  }
  const dark = table(), soFar = table(), at = new Float64Array(points);
  for (let k = 0; k < points; k++) at[k] = from + k * step;
  for (let g = 0; g < n; g++) {
    let gone = 0, goneHours = 0, back = 0, backHours = 0;
    for (let k = 0; k < points; k++) {
      gone += went[g][k]; goneHours += wentHours[g][k];
      back += came[g][k]; backHours += cameHours[g][k];
      dark[g][k] = gone - back;
      soFar[g][k] = gone * at[k] - goneHours - (back * at[k] - backHours);
    }
  }
  return { at, names, size, affected, logged, dark, soFar, step, from };
}

export const everybody = (c, table) => {
  const sum = new Float64Array(c.at.length);
  for (const row of c[table]) for (let k = 0; k < sum.length; k++) sum[k] += row[k];
  return sum;
};

export const total = (values) => values.reduce((a, b) => a + b, 0);

// Mean hours out so far of all affected, and of the first group minus the reference.
export function meanSoFar(c) {
  const n = total(c.affected);
  return everybody(c, "soFar").map((h) => (n ? h / n : 0));
}

export function gapSoFar(c) {
  const last = c.names.length - 1;
  if (!c.affected[0] || !c.affected[last]) return null;
  return c.soFar[0].map((h, k) => h / c.affected[0] - c.soFar[last][k] / c.affected[last]);
}

// A curve read between its points.
export function read(c, values, t) {
  const place = Math.min(Math.max((t - c.from) / c.step, 0), values.length - 1);
  const k = Math.min(Math.floor(place), values.length - 2);
  return values[k] + (values[k + 1] - values[k]) * (place - k);
}
