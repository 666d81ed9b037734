// @ts-check
// The cursor and all choices: views draw only from here.  The address of the page
// (#e=1234&...) is a short form of the same.
import {Axis} from './axis.mjs';
import {Trace, lowerBound} from './trace.mjs';

/** Limit of a cone: the effects of a single event may be the whole run. */
const MOST_EFFECTS = 5000;

export class Store {
  /** The events that are shown, as indices. */
  shown = new Int32Array();
  /** Causes and effects of the cursor; null: not asked for. @type {Set<number> | null} */
  inCone = null;

  /** @param {Trace} trace */
  constructor(trace) {
    this.trace = trace;
    const quiet = trace.time.filter((_, i) => !trace.isHeartbeat(i));
    this.axis = new Axis(quiet.length > 0 ? quiet : [0]);
    this.cursor = 0;
    /** The virtual time that is shown, ns: that of the cursor or, while it plays, between it and the
     *  next event. */
    this.now = 0;
    /** Of a server or client; 0: none. */
    this.node = 0;
    /** The transaction that is followed; '': none. */
    this.zxid = '';
    this.heartbeats = false;
    /** Whether only causes and effects of the cursor stand out. */
    this.cone = false;
    this.playing = false;
    /** @type {((all: boolean) => void)[]} */
    this.listeners = [];
    this.choose();
  }

  /** Shows all events, or all but heartbeats. */
  choose() {
    const {trace} = this;
    const shown = [];
    for (let i = 0; i < trace.count; ++i) {
      if (this.heartbeats || !trace.isHeartbeat(i)) shown.push(i);
    }
    this.shown = Int32Array.from(shown);
  }

  /** @param {(all: boolean) => void} listener is told whether more than the time has changed */
  listen(listener) { this.listeners.push(listener); }
  changed() {
    this.inCone = this.cone ? this.coneOf(this.cursor) : null;
    for (const listener of this.listeners) listener(true);
  }

  /** To a moment, and to the last event until then. @param {number} time ns */
  moveTo(time) {
    const at = lowerBound(this.shown, this.trace.atTime(time) + 1) - 1;
    const next = this.shown[Math.max(0, at)] ?? 0;
    const same = next === this.cursor;
    this.cursor = next;
    this.now = Math.max(time, this.trace.time[next] ?? 0);
    if (same) for (const listener of this.listeners) listener(false);
    else this.changed();
  }

  /** An event, all that led to it, and what it led to, nearest first. @param {number} i */
  coneOf(i) {
    const {trace} = this;
    const cone = new Set([i]);
    for (const at of cone) {
      for (const effect of trace.effects(at)) if (cone.size < MOST_EFFECTS) cone.add(effect);
    }
    for (let at = trace.cause[i]; at >= 0; at = trace.cause[at]) cone.add(at);
    return cone;
  }

  /** Whether an event stands out: it is of what is followed, and in the cone.  With neither, all
   *  do. @param {number} i */
  standsOut(i) {
    const {trace, zxid, inCone} = this;
    return i === this.cursor || ((!zxid || trace.zxid(i) === zxid) && (!inCone || inCone.has(i)));
  }

  /** Where an event stands among those that are shown. @param {number} i */
  position(i) { return lowerBound(this.shown, i); }

  /** @param {number} i an event; goes to the nearest that is shown */
  seek(i) {
    const at = Math.min(Math.max(this.position(i), 0), this.shown.length - 1);
    const next = this.shown[at] ?? 0;
    const time = this.trace.time[next] ?? 0;
    if (next === this.cursor && time === this.now) return;
    this.cursor = next;
    this.now = time;
    this.changed();
  }

  /** @param {number} by shown events, forwards or backwards */
  step(by) {
    const at = this.position(this.cursor) + by;
    this.seek(this.shown[Math.min(Math.max(at, 0), this.shown.length - 1)] ?? 0);
  }

  /** To the next event in a direction for which `wanted` holds; false if there is none.
   *  @param {1 | -1} direction @param {(i: number) => boolean} wanted */
  jump(direction, wanted) {
    let at = this.position(this.cursor) + direction;
    for (; at >= 0 && at < this.shown.length; at += direction) {
      if (!wanted(this.shown[at])) continue;
      this.seek(this.shown[at]);
      return true;
    }
    return false;
  }

  /** @param {Partial<Pick<Store, 'node' | 'zxid' | 'playing' | 'cone'>>} changes */
  set(changes) {
    Object.assign(this, changes);
    this.changed();
  }

  /** @param {boolean} heartbeats */
  showHeartbeats(heartbeats) {
    this.heartbeats = heartbeats;
    this.choose();
    this.cursor = this.shown[Math.min(this.position(this.cursor), this.shown.length - 1)] ?? 0;
    this.now = this.trace.time[this.cursor] ?? 0;
    this.changed();
  }

  /** For the address. @param {string[]} others parts of it that are not ours */
  toHash(others) {
    const {trace} = this;
    const parts = [`e=${trace.id[this.cursor] ?? 0}`];
    if (this.zxid) parts.push(`z=${this.zxid}`);
    if (this.node) parts.push(`n=${trace.names[this.node]}`);
    if (this.heartbeats) parts.push('hb=1');
    if (this.cone) parts.push('cone=1');
    parts.push(...others, `t=${trace.meta.result.trace_hash.slice(0, 8)}`);
    return `#${parts.join('&')}`;
  }

  /** Applies an address. @param {string} hash
   *  @returns {boolean} whether it was made for another run */
  fromHash(hash) {
    const said = new URLSearchParams(hash.replace(/^#/, ''));
    const {trace} = this;
    this.heartbeats = said.get('hb') === '1';
    this.cone = said.get('cone') === '1';
    this.choose();
    this.zxid = trace.byZxid.has(said.get('z') ?? '') ? (said.get('z') ?? '') : '';
    this.node = Math.max(0, trace.names.indexOf(said.get('n') ?? ''));
    const wanted = lowerBound(trace.id, Number(said.get('e') ?? 0));
    this.cursor = this.shown[Math.min(this.position(wanted), this.shown.length - 1)] ?? 0;
    this.now = trace.time[this.cursor] ?? 0;
    this.inCone = this.cone ? this.coneOf(this.cursor) : null;
    const digest = said.get('t');
    return digest !== null && !trace.meta.result.trace_hash.startsWith(digest);
  }
}
