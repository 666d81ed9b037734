// @ts-check
// The trace as typed columns: what `zabsim view` put into the page, unpacked and linked.

/** @typedef {import('./words.mjs').Text} Text */
/** @typedef {{invariant: string, facts: string, facts_zh: string, record: number, time: number,
 *   expected: boolean}} Violation */
/** `bug`: what was switched on, and whether the run shows it.
 *  @typedef {{verdict: string, bug?: {id: string, shown: boolean}, violations: Violation[],
 *   trace_hash: string}} Result */
/** @typedef {{record: number, ask: Text, choices: Text[], answer: number, explain: Text}} Stop */
/** Another page of the site; `label`: its name, if it is not named by its place.
 *  @typedef {{href: string, title: Text, label?: string}} Link */
/** @typedef {{index: Link, previous: Link | null, next: Link | null, other: Link | null}} Site */
/** The names of the cells of the state, and of what is in them (state.mjs).
 *  @typedef {{server: string[], client: string[], link: string[], piece: string[], roles: string[],
 *   entries: string[], statuses: string[]}} Layout */
/**
 * What was run and how it ended.  The names of probes, kinds and reasons are indexed by their numbers;
 * `invariants`: what those that were violated are called.
 * @typedef {{scenario: string, title: Text, doc: Text, digest: string, seed: string,
 *   servers: string[], clients: string[], bug: string, quorum: number, language: string,
 *   events: {id: string, doc: Text, notes: (Text | null)[]}[], ops: string[],
 *   probes: string[], faults: string[], kinds: string[], reasons: string[],
 *   state: Layout, count: number, records: number,
 *   left_out: string, lesson: Stop[], other_run: boolean, site: Site | null, result: Result,
 *   invariants: Record<string, Text>}} Meta
 */

/** @param {string} base64 @returns {Promise<Uint8Array>} */
async function inflate(base64) {
  const packed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Reads columns of varints, one after the other. */
class Columns {
  /** @param {Uint8Array} bytes @param {number} count values in each column */
  constructor(bytes, count) {
    this.bytes = bytes;
    this.count = count;
    this.at = 0;
  }

  /** @returns {number} exact below 2^53 */
  varint() {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  /** @template {Int32Array | Float64Array | Uint32Array | Uint16Array | Uint8Array} T
   *  @param {T} into @param {boolean} [signed] @returns {T} */
  take(into, signed = false) {
    for (let i = 0; i < into.length; ++i) {
      const value = this.varint();
      into[i] = !signed ? value : value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    return into;
  }

  /** Differences to the value before. @param {boolean} [signed] */
  takeSums(signed = false) {
    const sums = this.take(new Float64Array(this.count), signed);
    for (let i = 1; i < this.count; ++i) sums[i] += sums[i - 1];
    return sums;
  }
}

export class Trace {
  /** Effects in one array, those of event i from firstEffect[i] to firstEffect[i + 1]. */
  firstEffect = new Int32Array();
  effect = new Int32Array();
  /** For each msg_sent the index of its msg_delivered; -1: it never came. */
  deliveredAt = new Int32Array();
  /** The events of each transaction, without messages. @type {Map<string, number[]>} */
  byZxid = new Map();

  /** @param {Meta} meta @param {Uint8Array} bytes */
  constructor(meta, bytes) {
    this.meta = meta;
    const n = (this.count = meta.count);
    const columns = new Columns(bytes, n);
    this.id = columns.takeSums();
    this.time = columns.takeSums(true);
    this.node = columns.take(new Uint16Array(n));
    const back = columns.take(new Float64Array(n));
    this.probe = columns.take(new Uint8Array(n));
    this.kind = columns.take(new Uint8Array(n));
    this.reason = columns.take(new Uint8Array(n));
    this.peer = columns.take(new Uint16Array(n));
    this.zxidEpoch = columns.take(new Uint32Array(n));
    this.zxidCounter = columns.take(new Uint32Array(n));
    this.epoch = columns.take(new Uint32Array(n));
    this.number = columns.take(new Float64Array(n), true);
    this.code = columns.take(new Int32Array(n), true);
    this.milestone = columns.take(new Uint8Array(n));
    /** What event i changes in the state, from firstChange[i] to firstChange[i + 1]: which cell, by
     *  how much (state.mjs). */
    this.firstChange = new Uint32Array(n + 1);
    columns.take(this.firstChange.subarray(1));
    for (let i = 0; i < n; ++i) this.firstChange[i + 1] += this.firstChange[i];
    this.changedCell = columns.take(new Uint32Array(this.firstChange[n]));
    this.changedBy = columns.take(new Float64Array(this.firstChange[n]), true);
    /** Index of the cause, -1: none, or left out. */
    this.cause = new Int32Array(n).fill(-1);
    for (let i = 0; i < n; ++i) if (back[i] > 0) this.cause[i] = this.indexOf(this.id[i] - back[i]);
    this.names = ['', ...meta.servers, ...meta.clients];
    this.linkEffects();
    this.linkMessages();
    this.indexZxids();
  }

  linkEffects() {
    this.firstEffect = new Int32Array(this.count + 1);
    for (const cause of this.cause) if (cause >= 0) ++this.firstEffect[cause + 1];
    for (let i = 0; i < this.count; ++i) this.firstEffect[i + 1] += this.firstEffect[i];
    const next = this.firstEffect.slice();
    this.effect = new Int32Array(this.firstEffect[this.count]);
    this.cause.forEach((cause, i) => {
      if (cause >= 0) this.effect[next[cause]++] = i;
    });
  }

  linkMessages() {
    const sent = this.probeNumber('msg_sent');
    const delivered = this.probeNumber('msg_delivered');
    this.deliveredAt = new Int32Array(this.count).fill(-1);
    for (let i = 0; i < this.count; ++i) {
      const cause = this.cause[i];
      if (this.probe[i] !== delivered || cause < 0 || this.probe[cause] !== sent) continue;
      this.deliveredAt[cause] = i;
    }
  }

  indexZxids() {
    const told = new Set(['proposed', 'logged', 'synced', 'acked', 'quorum', 'committed',
                          'delivered', 'replied'].map((name) => this.probeNumber(name)));
    for (let i = 0; i < this.count; ++i) {
      if (!told.has(this.probe[i]) || !this.hasZxid(i)) continue;
      const zxid = this.zxid(i);
      const events = this.byZxid.get(zxid);
      if (events) events.push(i);
      else this.byZxid.set(zxid, [i]);
    }
  }

  /** @param {string} name */
  probeNumber(name) { return this.meta.probes.indexOf(name); }
  /** @param {number} i */
  isFault(i) { return this.meta.faults.includes(this.on(i)); }
  /** @param {number} i */
  on(i) { return this.meta.probes[this.probe[i]]; }
  /** @param {number} i */
  kindOf(i) { return this.meta.kinds[this.kind[i]]; }
  /** @param {number} i */
  by(i) { return this.names[this.node[i]] ?? ''; }
  /** @param {number} i */
  other(i) { return this.names[this.peer[i]] ?? ''; }
  /** @param {number} i */
  hasZxid(i) { return this.zxidEpoch[i] !== 0 || this.zxidCounter[i] !== 0; }
  /** @param {number} i */
  zxid(i) { return `${this.zxidEpoch[i]}:${this.zxidCounter[i]}`; }
  /** @param {number} i @returns {Int32Array} indices of what it led to */
  effects(i) { return this.effect.subarray(this.firstEffect[i], this.firstEffect[i + 1]); }
  /** @param {number} i */
  isMessage(i) { return this.on(i) === 'msg_sent' || this.on(i) === 'msg_delivered'; }
  /** @param {number} i */
  isHeartbeat(i) { return this.isMessage(i) && this.kindOf(i) === 'PING'; }

  /** @param {number} id @returns {number} its index, -1 if it is not embedded */
  indexOf(id) {
    const i = lowerBound(this.id, id);
    return i < this.count && this.id[i] === id ? i : -1;
  }

  /** The last event at or before that time; 0 if there is none. @param {number} time ns */
  atTime(time) { return Math.max(0, lowerBound(this.time, time + 1) - 1); }
}

/** The first position with a value that is not less; the length if there is none.
 *  @param {ArrayLike<number>} values ascending @param {number} wanted */
export function lowerBound(values, wanted) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** "1.5s", "200ms": exact, as the command line writes it. @param {number} ns */
export function formatTime(ns) {
  for (const [unit, size] of /** @type {[string, number][]} */ ([['s', 1e9], ['ms', 1e6],
                                                                 ['us', 1e3]])) {
    if (ns < size) continue;
    const rest = String(ns % size).padStart(Math.log10(size), '0').replace(/0+$/, '');
    return `${Math.floor(ns / size)}${rest ? '.' + rest : ''}${unit}`;
  }
  return ns === 0 ? '0s' : `${ns}ns`;
}

/** @returns {Promise<Trace>} what is embedded in this page */
export async function embeddedTrace() {
  const text = (/** @type {string} */ id) => document.getElementById(id)?.textContent ?? '';
  return new Trace(JSON.parse(text('meta')), await inflate(text('data').trim()));
}
