// @ts-check
// The state of every server at any event.  What an event changes is computed by zabsim and embedded
// as differences (tools/zabsim/view/state_changes.h); here they are added up, or taken back.
import {Trace} from './trace.mjs';

/** @typedef {{epoch: number, counter: number}} Zxid */
/** A run of zxids of one epoch. @typedef {{epoch: number, from: number, to: number}} Range */
/**
 * `base`: the history up to there is not known entry by entry.  `log` comes after it.  `synced`: what
 * the server takes to be on its disk ends there; `disk`: what is there, null if nobody has looked;
 * `doubt`: the power has gone, and no restart has shown yet what is left.
 * @typedef {{role: string, paused: boolean, current: number, damaged: boolean, base: Zxid,
 *   log: Range[], synced: Zxid, disk: Zxid | null, doubt: boolean, applied: Zxid}} Server
 */
/** A link in one direction, by numbers of servers.
 *  @typedef {{from: number, to: number, cut: boolean, clogged: boolean}} Link */
/** @typedef {{servers: Server[], links: Link[]}} State */

/** @param {Zxid} a @param {Zxid} b below 0: a is older */
export function compareZxids(a, b) { return a.epoch - b.epoch || a.counter - b.counter; }

/** @param {Zxid} zxid */
export function zxidText(zxid) { return `${zxid.epoch}:${zxid.counter}`; }

/** The last entry. @param {Server} server @returns {Zxid} */
export function lastOf(server) {
  const range = server.log.at(-1);
  return range ? {epoch: range.epoch, counter: range.to} : server.base;
}

export class States {
  /** @param {Trace} trace */
  constructor(trace) {
    this.trace = trace;
    this.servers = trace.meta.servers.length;
    /** The state after `index`; a cell that is missing is 0. @type {number[]} */
    this.cells = [];
    this.index = -1;
    this.state = this.read();
  }

  /** The state after event `index`; to be read only. @param {number} index @returns {State} */
  at(index) {
    if (this.index === index) return this.state;
    while (this.index < index) this.add(++this.index, 1);
    while (this.index > index) this.add(this.index--, -1);
    this.state = this.read();
    return this.state;
  }

  /** @param {number} i @param {1 | -1} sign */
  add(i, sign) {
    const {firstChange, changedCell, changedBy} = this.trace;
    for (let k = firstChange[i]; k < firstChange[i + 1]; ++k) {
      const cell = changedCell[k];
      this.cells[cell] = (this.cells[cell] ?? 0) + sign * changedBy[k];
    }
  }

  /** @param {number} cell */
  value(cell) { return this.cells[cell] ?? 0; }

  /** Where a field of a server is. @param {number} server from 0 @param {string} name */
  place(server, name) {
    const {fields} = this.trace.meta.state;
    return server * fields.length + fields.indexOf(name);
  }

  /** @returns {State} */
  read() {
    /** @type {State} */
    const state = {servers: [], links: []};
    for (let k = 0; k < this.servers; ++k) state.servers.push(this.readServer(k));
    const first = this.servers * this.trace.meta.state.fields.length;
    for (let i = 0; i < this.servers * this.servers; ++i) {
      state.links.push({from: 1 + Math.floor(i / this.servers), to: 1 + i % this.servers,
                        cut: this.value(first + 2 * i) > 0,
                        clogged: this.value(first + 2 * i + 1) > 0});
    }
    return state;
  }

  /** @param {number} k from 0 @returns {Server} */
  readServer(k) {
    const {fields, roles} = this.trace.meta.state;
    const field = (/** @type {string} */ name) => this.value(this.place(k, name));
    const zxid = (/** @type {string} */ name) =>
      ({epoch: field(`${name}.epoch`), counter: field(`${name}.counter`)});
    const log = [];
    for (let i = 0; i < field('ranges'); ++i) {
      const at = this.servers * (fields.length + 2 * this.servers) + 3 * (i * this.servers + k);
      log.push({epoch: this.value(at), from: this.value(at + 1), to: this.value(at + 2)});
    }
    return {role: roles[field('role')], paused: field('paused') > 0, current: field('current'),
            damaged: field('damaged') > 0, base: zxid('base'), log, synced: zxid('synced'),
            disk: field('seen') > 0 ? zxid('disk') : null, doubt: field('doubt') > 0,
            applied: zxid('applied')};
  }

  /** When each server is down: event indices, from inclusive, to exclusive.
   *  @returns {[number, number][][]} by server, from 0 */
  downTimes() {
    const {trace} = this;
    const down = trace.meta.state.roles.indexOf('DOWN');
    return trace.meta.servers.map((_, k) => {
      /** @type {[number, number][]} */
      const times = [];
      const place = this.place(k, 'role');
      let role = 0;
      for (let i = 0; i < trace.count; ++i) {
        for (let at = trace.firstChange[i]; at < trace.firstChange[i + 1]; ++at) {
          if (trace.changedCell[at] !== place) continue;
          if (role === down) times[times.length - 1][1] = i;
          role += trace.changedBy[at];
          if (role === down) times.push([i, trace.count]);
        }
      }
      return times;
    });
  }
}
