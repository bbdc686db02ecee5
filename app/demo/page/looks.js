// Colours and marks, once for maps, legend and curves: after Okabe & Ito 2008, as in the project's figures. States
// differ in size, lightness or filling as well as in colour, channels in shape, groups in the width of their lines.

export const INK = "#1b2733", SOFT = "#55636f", LINE = "#d5dce2";
export const POWER = 0, UNKNOWN = 1, KNOWN = 2, CREW = 3, NESTED = 4, BACK = 5;
export const STATES = [
  { name: "has power", colour: "#c3ccd4", size: 0.75 },
  { name: "dark, unknown to the utility", colour: "#000000", size: 1.25 },
  { name: "dark, known", colour: "#e69f00", size: 1.25 },
  { name: "crew sent", colour: "#0072b2", size: 1.25 },
  { name: "second fault, unknown", colour: "#b5548a", size: 1.2, hollow: true },
  { name: "power is back", colour: "#7fd0b6", size: 0.75 },
];
// By place among the channels, of which there can be eight.
export const CHANNEL_MARKS = ["circle", "square", "triangle", "diamond", "plus", "star", "pentagon", "wedge"];
export const REPORT = "#d55e00";
export const COMPARED = "#d55e00", REFERENCE = "#0072b2", CITY_B = "#7b3f8c";
export const DASH = [7, 4];

export function mark(ctx, shape, x, y, r) {
  ctx.beginPath();
  if (shape === "circle") ctx.arc(x, y, r, 0, 7);
  if (shape === "square") ctx.rect(x - r * 0.88, y - r * 0.88, r * 1.76, r * 1.76);
  if (shape === "triangle") polygon(ctx, x, y, r * 1.2, 3, -Math.PI / 2);
  if (shape === "diamond") polygon(ctx, x, y, r * 1.2, 4, 0);
  if (shape === "pentagon") polygon(ctx, x, y, r * 1.1, 5, -Math.PI / 2);
  if (shape === "wedge") polygon(ctx, x, y, r * 1.2, 3, Math.PI / 2);
  if (shape === "plus") { line(ctx, x - r, y, x + r, y); line(ctx, x, y - r, x, y + r); }
  if (shape === "star") for (let i = 0; i < 3; i++) {
    const turn = (i * Math.PI) / 3, dx = Math.cos(turn) * r, dy = Math.sin(turn) * r;
    line(ctx, x - dx, y - dy, x + dx, y + dy);
  }
  ctx.stroke();
}

// One home of a state, as a square around a point.
export function home(ctx, { size, hollow }, x, y, dot) {
  const side = dot * size;
  if (!hollow) return ctx.fillRect(x - side / 2, y - side / 2, side, side);
  const inner = side - ctx.lineWidth;
  ctx.strokeRect(x - inner / 2, y - inner / 2, inner, inner);
}

export function cross(ctx, x, y, r) {
  ctx.beginPath();
  line(ctx, x - r, y - r, x + r, y + r);
  line(ctx, x - r, y + r, x + r, y - r);
  ctx.stroke();
}

export function truck(ctx, x, y, r, filled) {
  ctx.beginPath();
  polygon(ctx, x, y, r, 4, 0);
  ctx.fillStyle = filled ? "#0072b2" : "#ffffff";
  ctx.fill();
  ctx.lineWidth = 2;
  ctx.strokeStyle = filled ? "#ffffff" : "#0072b2";
  ctx.stroke();
}

function polygon(ctx, x, y, r, corners, turn) {
  for (let i = 0; i < corners; i++) {
    const angle = turn + (i * 2 * Math.PI) / corners;
    ctx[i ? "lineTo" : "moveTo"](x + r * Math.cos(angle), y + r * Math.sin(angle));
  }
  ctx.closePath();
}

function line(ctx, x1, y1, x2, y2) {
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
}

// A canvas made as sharp as the screen; returns its context in CSS pixels, wiped.
export function fresh(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const width = canvas.clientWidth, height = canvas.clientHeight;
  const w = Math.round(width * ratio), h = Math.round(height * ratio);
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const ctx = canvas.getContext("2d");
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, width, height);
  return { ctx, width, height };
}

export const count = (n) => Math.round(n).toLocaleString("en-US");
export const hours = (h, sign = false) => (sign && h >= 0.05 ? "+" : "") + fixed(h);
const fixed = (h) => (Math.abs(h) < 0.05 ? "0.0" : h.toFixed(1).replace("-", "\u2212"));
