// @ts-check
// The state of every server, client and link at any event.  What an event changes is computed by
// zabsim and embedded as differences (tools/zabsim/view/state_changes.h); here they are added up, or
// taken back.
import {Trace} from './trace.mjs';

/** @typedef {{epoch: number, counter: number}} Zxid */
/**
 * A part of a log of which one thing can be said each.  `based`: in a snapshot or older, and for all
 * that is not newer; `entry`: where it is; `counted`: a leader has counted the acknowledgement.
 * @typedef {{epoch: number, from: number, to: number, entry: Entry, based: boolean,
 *   committed: boolean, applied: boolean, counted: boolean}} Piece
 * @typedef {'absent' | 'base' | 'volatile' | 'synced' | 'claimed' | 'doubt'} Entry
 */
/** @typedef {{role: string, leads: boolean, epoch: number, current: number, paused: boolean,
 *   damaged: boolean, log: Piece[]}} Server */
/** `server`: to which it is connected, 0: none.
 *  @typedef {{server: number, status: string, operation: number, zxid: Zxid}} Client */
/** A link in one direction, by numbers of servers.  `set`: latency (ns) and loss (of a million) are
 *  no longer those of the beginning.
 *  @typedef {{from: number, to: number, cut: boolean, clogged: boolean, set: boolean,
 *   latency: number, loss: number}} Link */
/** @typedef {{servers: Server[], clients: Client[], links: Link[]}} State */

/** @param {Zxid} a @param {Zxid} b below 0: a is older */
export function compareZxids(a, b) { return a.epoch - b.epoch || a.counter - b.counter; }

/** @param {Zxid} zxid */
export function zxidText(zxid) { return `${zxid.epoch}:${zxid.counter}`; }

/** @param {string} text as in 2:17 @returns {Zxid} */
export function parseZxid(text) {
  const [epoch, counter] = text.split(':').map(Number);
  return {epoch, counter};
}

/** Where a server has a transaction; undefined: nowhere. @param {Server} server @param {Zxid} zxid */
export function pieceOf(server, zxid) {
  return server.log.find(({epoch, from, to, based}) =>
    (epoch === zxid.epoch && from <= zxid.counter && zxid.counter <= to) ||
    (based && compareZxids(zxid, {epoch, counter: to}) <= 0));
}

/** The last entry. @param {Server} server @returns {Zxid} */
export function lastOf(server) {
  const piece = server.log.at(-1);
  return piece ? {epoch: piece.epoch, counter: piece.to} : {epoch: 0, counter: 0};
}

export class States {
  /** @param {Trace} trace */
  constructor(trace) {
    this.trace = trace;
    const {state, servers, clients} = trace.meta;
    this.servers = servers.length;
    this.clients = clients.length;
    this.clientsAt = this.servers * state.server.length;
    this.linksAt = this.clientsAt + this.clients * state.client.length;
    this.piecesAt = this.linksAt + this.servers * this.servers * state.link.length;
    /** The state after `index`; a cell that is missing is 0. @type {number[]} */
    this.cells = [];
    this.index = -1;
    this.state = this.read();
  }

  /** The state after event `index`; to be read only. @param {number} index @returns {State} */
  at(index) {
    if (this.index === index) return this.state;
    this.goTo(index);
    this.state = this.read();
    return this.state;
  }

  /** @param {number} index */
  goTo(index) {
    while (this.index < index) this.add(++this.index, 1);
    while (this.index > index) this.add(this.index--, -1);
  }

  /** @param {number} i @param {1 | -1} sign */
  add(i, sign) {
    const {firstChange, changedCell, changedBy} = this.trace;
    for (let k = firstChange[i]; k < firstChange[i + 1]; ++k) {
      const cell = changedCell[k];
      this.cells[cell] = (this.cells[cell] ?? 0) + sign * changedBy[k];
    }
  }

  /** Cells by their names. @param {string[]} names @param {number} first
   *  @returns {Record<string, number>} */
  named(names, first) {
    return Object.fromEntries(names.map((name, i) => [name, this.cells[first + i] ?? 0]));
  }

  /** @returns {State} */
  read() {
    const numbers = (/** @type {number} */ count) => Array.from({length: count}, (_, k) => k);
    return {servers: numbers(this.servers).map((k) => this.readServer(k)),
            clients: numbers(this.clients).map((k) => this.readClient(k)),
            links: numbers(this.servers ** 2).map((k) => this.readLink(k))};
  }

  /** @param {number} k from 0 @returns {Server} */
  readServer(k) {
    const {state} = this.trace.meta;
    const cell = this.named(state.server, k * state.server.length);
    const log = [];
    for (let i = 0; i < cell.pieces; ++i) {
      const at = this.piecesAt + (i * this.servers + k) * state.piece.length;
      const piece = this.named(state.piece, at);
      log.push({epoch: piece.epoch, from: piece.from, to: piece.to,
                entry: /** @type {Entry} */ (state.entries[piece.entry]), based: piece.based > 0,
                committed: piece.committed > 0, applied: piece.applied > 0,
                counted: piece.counted > 0});
    }
    return {role: state.roles[cell.role], leads: cell.leads > 0, epoch: cell.epoch,
            current: cell.current, paused: cell.paused > 0, damaged: cell.damaged > 0, log};
  }

  /** @param {number} k from 0 @returns {Client} */
  readClient(k) {
    const {client, statuses} = this.trace.meta.state;
    const cell = this.named(client, this.clientsAt + k * client.length);
    return {server: cell.server, status: statuses[cell.status], operation: cell.operation,
            zxid: {epoch: cell['zxid.epoch'], counter: cell['zxid.counter']}};
  }

  /** @param {number} k from * servers + to @returns {Link} */
  readLink(k) {
    const {link} = this.trace.meta.state;
    const cell = this.named(link, this.linksAt + k * link.length);
    return {from: 1 + Math.floor(k / this.servers), to: 1 + k % this.servers, cut: cell.cuts > 0,
            clogged: cell.clogged > 0, set: cell.set > 0, latency: cell.latency, loss: cell.loss};
  }

  /** From when to when which server is in which of its states: event indices, from inclusive, to
   *  exclusive.
   *  @returns {{node: number, state: string, epoch: number, from: number, to: number}[]} `state`:
   *    a role, LEADS of an established leader, PAUSED */
  spans() {
    const {trace} = this;
    const {server, roles} = trace.meta.state;
    const told = new Set(['role', 'leads', 'epoch', 'paused'].map((name) => server.indexOf(name)));
    const spans = [];
    /** @type {(typeof spans[0] | undefined)[]} */
    const open = [];
    for (let i = 0; i < trace.count; ++i) {
      this.goTo(i);
      for (let at = trace.firstChange[i]; at < trace.firstChange[i + 1]; ++at) {
        const cell = trace.changedCell[at];
        if (cell >= this.clientsAt || !told.has(cell % server.length)) continue;
        const k = Math.floor(cell / server.length);
        const now = this.named(server, k * server.length);
        const state = now.paused ? 'PAUSED' : now.leads ? 'LEADS' : roles[now.role];
        if (open[k]?.state === state && open[k]?.epoch === now.epoch) continue;
        if (open[k]) open[k].to = i;
        open[k] = {node: k + 1, state, epoch: now.epoch, from: i, to: trace.count};
        spans.push(open[k]);
      }
    }
    this.state = this.read();
    return spans;
  }
}
