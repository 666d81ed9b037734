// @ts-check
// The cursor and all choices: views draw only from here.  The address of the page
// (#e=1234&...) is a short form of the same.
import {Trace, lowerBound} from './trace.mjs';

/** @typedef {'order' | 'time'} Axis */

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
    this.cursor = 0;
    /** Of a server or client; 0: none. */
    this.node = 0;
    /** The transaction that is followed; '': none. */
    this.zxid = '';
    /** @type {Axis} */
    this.axis = 'order';
    this.heartbeats = false;
    /** Whether only causes and effects of the cursor stand out. */
    this.cone = false;
    /** Pixels for an event, or for a millisecond. */
    this.scale = 18;
    this.playing = false;
    /** @type {(() => void)[]} */
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

  /** @param {() => void} listener */
  listen(listener) { this.listeners.push(listener); }
  changed() {
    this.inCone = this.cone ? this.coneOf(this.cursor) : null;
    for (const listener of this.listeners) listener();
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
    if (next === this.cursor) return;
    this.cursor = next;
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

  /** @param {Partial<Pick<Store, 'node' | 'zxid' | 'axis' | 'scale' | 'playing' | 'cone'>>} changes */
  set(changes) {
    Object.assign(this, changes);
    this.changed();
  }

  /** @param {Axis} axis */
  setAxis(axis) { this.set({axis, scale: axis === 'order' ? 18 : 4}); }

  /** @param {boolean} heartbeats */
  showHeartbeats(heartbeats) {
    this.heartbeats = heartbeats;
    this.choose();
    this.cursor = this.shown[Math.min(this.position(this.cursor), this.shown.length - 1)] ?? 0;
    this.changed();
  }

  /** For the address. @param {string} language */
  toHash(language) {
    const {trace} = this;
    const parts = [`e=${trace.id[this.cursor] ?? 0}`];
    if (this.zxid) parts.push(`z=${this.zxid}`);
    if (this.node) parts.push(`n=${trace.names[this.node]}`);
    if (this.axis === 'time') parts.push('o=time');
    if (this.heartbeats) parts.push('hb=1');
    if (this.cone) parts.push('cone=1');
    if (language !== 'en') parts.push(`lang=${language}`);
    parts.push(`t=${trace.meta.result.trace_hash.slice(0, 8)}`);
    return `#${parts.join('&')}`;
  }

  /** Applies an address. @param {string} hash
   *  @returns {{language: string | null, otherTrace: boolean}} what is not ours */
  fromHash(hash) {
    const said = new URLSearchParams(hash.replace(/^#/, ''));
    const {trace} = this;
    this.heartbeats = said.get('hb') === '1';
    this.cone = said.get('cone') === '1';
    this.choose();
    this.axis = said.get('o') === 'time' ? 'time' : 'order';
    this.scale = this.axis === 'time' ? 4 : 18;
    this.zxid = trace.byZxid.has(said.get('z') ?? '') ? (said.get('z') ?? '') : '';
    this.node = Math.max(0, trace.names.indexOf(said.get('n') ?? ''));
    const wanted = lowerBound(trace.id, Number(said.get('e') ?? 0));
    this.cursor = this.shown[Math.min(this.position(wanted), this.shown.length - 1)] ?? 0;
    this.inCone = this.cone ? this.coneOf(this.cursor) : null;
    const digest = said.get('t');
    return {language: said.get('lang'),
            otherTrace: digest !== null && !trace.meta.result.trace_hash.startsWith(digest)};
  }
}
