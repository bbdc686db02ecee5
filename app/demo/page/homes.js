// Homes as pixels: squares stamped into one picture, which is many times faster than a path for each of them.

import { STATES } from "./looks.js";

const ORDER = [0, 5, 2, 3, 4, 1]; // drawn last stands on top

export class Homes {
  // `ground` is a canvas with what lies below them; places and the size of a dot are in its pixels.
  constructor(ground, x, y, dot) {
    const { width, height } = ground;
    this.ground = words(ground.getContext("2d").getImageData(0, 0, width, height));
    this.picture = new ImageData(width, height);
    this.pixels = words(this.picture);
    this.at = new Int32Array(x.length);
    for (let i = 0; i < x.length; i++) this.at[i] = Math.round(y[i]) * width + Math.round(x[i]);
    this.looks = STATES.map((look) => ({ colour: word(look.colour), stamp: stampOf(look, dot, width) }));
  }

  draw(ctx, states, counts) {
    this.pixels.set(this.ground);
    for (const state of ORDER) if (counts[state]) this.print(states, state);
    ctx.putImageData(this.picture, 0, 0);
  }

  print(states, state) {
    const { at, pixels } = this, { colour, stamp } = this.looks[state];
    for (let i = 0; i < states.length; i++) {
      if (states[i] !== state) continue;
      for (let k = 0; k < stamp.length; k++) pixels[at[i] + stamp[k]] = colour;
    }
  }
}

const words = ({ data }) => new Uint32Array(data.buffer);

// A colour such as #e69f00 as a word of four bytes: red first, opaque.
function word(colour) {
  const bytes = colour.match(/\w\w/g).map((two) => parseInt(two, 16));
  return new Uint32Array(Uint8Array.of(...bytes, 255).buffer)[0];
}

// A square as steps from its middle to each of its pixels; of a hollow one, to those along its edge.
function stampOf({ size, hollow }, dot, width) {
  const side = Math.max(1, Math.round(dot * size)), middle = side >> 1;
  const edge = hollow ? Math.max(1, Math.round(dot * 0.28)) : side;
  const steps = [];
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const inside = Math.min(row, column, side - 1 - row, side - 1 - column);
      if (inside < edge) steps.push((row - middle) * width + column - middle);
    }
  }
  return Int32Array.from(steps);
}
