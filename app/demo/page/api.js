// Questions to the server, and its answers as typed arrays. At most one question of a kind is under way: a newer one
// replaces the one that waits, so that a slider that is dragged never builds up a queue.

const VIEWS = { f: Float32Array, u: Uint32Array, b: Uint8Array };

export async function start() {
  return (await answered(await fetch("/start"))).json();
}

export async function ask(path, question) {
  const body = JSON.stringify(question);
  return answered(await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body }));
}

async function answered(response) {
  if (!response.ok) throw new Error((await response.text()).trim());
  return response;
}

// A storm to play back: a header, and columns that read the bytes of the answer in place. Its world, which is where
// homes and lines are and who is in which group, comes only where it is not that of the last answer.
let last = {};

export async function film(question) {
  const held = last;
  const bytes = await (await ask("/film", { ...question, held: held.world ?? null })).arrayBuffer();
  const length = new DataView(bytes).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length)));
  const columns = header.groups ? {} : { ...held.columns };
  for (const [name, [kind, size, place, stretches]] of Object.entries(header.columns)) {
    const start = 4 + length + place;
    columns[name] = kind === "s" ? shared(bytes, start, size, stretches) : new VIEWS[kind](bytes, start, size);
  }
  last = { groups: held.groups, ...header, columns };
  return last;
}

// A column of floats that neighbours share: the first rows of stretches, then the value of each stretch.
function shared(bytes, start, size, stretches) {
  const first = new Uint32Array(bytes, start, stretches), column = new Float32Array(size);
  const value = new Float32Array(bytes, start + first.byteLength, stretches);
  for (let k = 0; k < stretches; k++) column.fill(value[k], first[k], first[k + 1]);
  return column;
}

export class Latest {
  constructor(work) {
    this.work = work;
    this.waiting = null;
    this.busy = false;
  }

  async want(given) {
    this.waiting = { given };
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.waiting) {
        const { given: next } = this.waiting;
        this.waiting = null;
        await this.work(next, () => this.waiting !== null);
      }
    } finally {
      this.busy = false;
    }
  }
}
