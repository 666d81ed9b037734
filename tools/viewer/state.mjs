// @ts-check
// The state of every server at any event, replayed from the trace: roles, epochs, logs, links.
import {Trace} from './trace.mjs';

const KEYFRAME = 512;

/** @typedef {{epoch: number, counter: number}} Zxid */
/** A run of zxids of one epoch. @typedef {{epoch: number, from: number, to: number}} Range */
/**
 * `base`: the history up to there is not known entry by entry.  `log` stands behind it.
 * @typedef {{up: boolean, paused: boolean, role: string, phase: string, leader: number,
 *   accepted: number, current: number, serving: boolean, damaged: boolean, base: Zxid,
 *   log: Range[], synced: Zxid, delivered: Zxid, committed: Zxid}} Server
 */
/** Links by "from>to": how many cuts are on it. @typedef {{servers: Server[],
 *   cuts: Record<string, number>, clogs: Record<string, boolean>}} State */

/** @param {Zxid} a @param {Zxid} b below 0: a is older */
export function compareZxids(a, b) { return a.epoch - b.epoch || a.counter - b.counter; }

/** @param {Zxid} zxid */
export function zxidText(zxid) { return `${zxid.epoch}:${zxid.counter}`; }

/** @returns {Zxid} */
function none() { return {epoch: 0, counter: 0}; }

/** @returns {Server} */
function fresh() {
  return {up: true, paused: false, role: 'LOOKING', phase: '', leader: 0, accepted: 0, current: 0,
          serving: false, damaged: false, base: none(), log: [], synced: none(),
          delivered: none(), committed: none()};
}

/** The last entry. @param {Server} server @returns {Zxid} */
export function lastOf(server) {
  const range = server.log.at(-1);
  return range ? {epoch: range.epoch, counter: range.to} : server.base;
}

/** @param {Server} server @param {Zxid} zxid */
function append(server, zxid) {
  if (compareZxids(zxid, lastOf(server)) <= 0) return;
  const range = server.log.at(-1);
  if (range && range.epoch === zxid.epoch && range.to + 1 === zxid.counter) range.to += 1;
  else server.log.push({epoch: zxid.epoch, from: zxid.counter, to: zxid.counter});
}

/** Forgets what lies behind zxid. @param {Server} server @param {Zxid} zxid */
function cutBack(server, zxid) {
  while (server.log.length > 0) {
    const range = server.log[server.log.length - 1];
    if (compareZxids({epoch: range.epoch, counter: range.to}, zxid) <= 0) break;
    if (range.epoch === zxid.epoch && range.from <= zxid.counter) {
      range.to = zxid.counter;
      break;
    }
    server.log.pop();
  }
  if (compareZxids(server.base, zxid) > 0) server.base = zxid;
  if (compareZxids(server.synced, zxid) > 0) server.synced = zxid;
}

/** The whole history is that up to zxid. @param {Server} server @param {Zxid} zxid */
function replaceHistory(server, zxid) {
  server.base = zxid;
  server.log = [];
  server.synced = zxid;
}

/** @param {Server} server */
function lookForLeader(server) {
  Object.assign(server, {role: 'LOOKING', leader: 0, serving: false});
}

/** @param {Server} server */
function endLife(server) {
  Object.assign(server, {up: false, paused: false, role: 'DOWN', phase: '', leader: 0,
                         serving: false});
}

/** What an event of a server changes in it.
 *  @type {Record<string, (server: Server, zxid: Zxid, trace: Trace, i: number) => void>} */
const CHANGES = {
  looking: (server) => lookForLeader(server),
  abandoned: (server) => lookForLeader(server),
  elected: (server, _, trace, i) => {
    server.role = trace.kindOf(i) === 'leading' ? 'LEADING' : 'FOLLOWING';
    server.leader = trace.peer[i];
  },
  phase_changed: (server, _, trace, i) => { server.phase = trace.kindOf(i).toUpperCase(); },
  epoch_persisted: (server, _, trace, i) => {
    if (trace.kindOf(i) === 'accepted') server.accepted = trace.epoch[i];
    else server.current = trace.epoch[i];
  },
  serving: (server, zxid) => {
    server.serving = true;
    server.delivered = zxid;
  },
  logged: (server, zxid) => append(server, zxid),
  synced: (server, zxid) => { server.synced = zxid; },
  delivered: (server, zxid) => { server.delivered = zxid; },
  committed: (server, zxid) => { server.committed = zxid; },
  truncated: (server, zxid) => cutBack(server, zxid),
  snap_installed: (server, zxid) => {
    replaceHistory(server, zxid);
    server.damaged = false;
  },
  recovered: (server, zxid, trace, i) => {
    server.damaged = trace.kindOf(i) === 'damaged';
    cutBack(server, zxid);
    if (compareZxids(lastOf(server), zxid) < 0) replaceHistory(server, zxid);
    server.synced = zxid;
    server.current = trace.epoch[i];
  },
  // An empty disk has neither history nor epochs.  What other damage has done to a history shows
  // when it is next read.
  disk_spoiled: (server, _, trace, i) => {
    if (trace.kindOf(i) !== 'wiped') return;
    replaceHistory(server, none());
    Object.assign(server, {damaged: false, accepted: 0, current: 0});
  },
  crashed: (server) => endLife(server),
  halted: (server) => endLife(server),
  restarted: (server) => {
    Object.assign(server, {up: true, delivered: none(), committed: none()});
    lookForLeader(server);
  },
  paused: (server) => { server.paused = true; },
  resumed: (server) => { server.paused = false; },
};

export class States {
  /** @param {Trace} trace */
  constructor(trace) {
    this.trace = trace;
    /** @type {State[]} the state before event k * KEYFRAME */
    this.keyframes = [];
    const state = {servers: trace.meta.servers.map(fresh), cuts: {}, clogs: {}};
    for (let i = 0; i < trace.count; ++i) {
      if (i % KEYFRAME === 0) this.keyframes.push(structuredClone(state));
      this.apply(state, i);
    }
    this.cached = {index: -1, state};
  }

  /** The state behind event `index`; to be read only. @param {number} index @returns {State} */
  at(index) {
    if (this.cached.index === index) return this.cached.state;
    const frame = Math.floor(index / KEYFRAME);
    const state = structuredClone(this.keyframes[frame]);
    for (let i = frame * KEYFRAME; i <= index; ++i) this.apply(state, i);
    this.cached = {index, state};
    return state;
  }

  /** @param {State} state @param {number} i */
  apply(state, i) {
    const {trace} = this;
    const on = trace.on(i);
    const link = `${trace.node[i]}>${trace.peer[i]}`;
    if (on === 'cut') state.cuts[link] = (state.cuts[link] ?? 0) + 1;
    if (on === 'healed') state.cuts[link] = Math.max(0, (state.cuts[link] ?? 0) - 1);
    if (on === 'clogged') state.clogs[link] = true;
    if (on === 'released') state.clogs[link] = false;
    const server = state.servers[trace.node[i] - 1];
    const zxid = {epoch: trace.zxidEpoch[i], counter: trace.zxidCounter[i]};
    if (server) CHANGES[on]?.(server, zxid, trace, i);
  }
}
