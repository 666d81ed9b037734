// @ts-check
// Every message of the run with its way: from whom to whom, from when to when.
import {Trace, lowerBound} from '../trace.mjs';

/** `end`: when it arrives, or when its loss has been shown; `lost`: it never arrives.
 *  @typedef {{event: number, from: number, to: number, start: number, end: number, lost: boolean,
 *   kind: string, phase: string}} Flight */

const MOST_BEHIND = 4096;  // A message that is older is not looked for.
const USUAL = 4e6;         // ns: how long the loss of a message is shown.

/** The phase of the protocol that a message belongs to. @type {Record<string, string>} */
const PHASES = {
  NOTIFICATION: 'election', FOLLOWERINFO: 'discovery', LEADERINFO: 'discovery',
  ACKEPOCH: 'discovery', DIFF: 'synchronization', TRUNC: 'synchronization',
  SNAP: 'synchronization', NEWLEADER: 'synchronization', UPTODATE: 'synchronization',
  PROPOSAL: 'broadcast', ACK: 'broadcast', COMMIT: 'broadcast',
};

/** @param {string} kind of a message */
export function phaseOf(kind) { return PHASES[kind] ?? 'client'; }

export class Flights {
  /** @param {Trace} trace */
  constructor(trace) {
    this.trace = trace;
    /** By when they start. @type {Flight[]} */
    this.all = [];
    /** By their event. @type {Map<number, Flight>} */
    this.of = new Map();
    for (let i = 0; i < trace.count; ++i) {
      const flight = this.flightOf(i);
      if (!flight) continue;
      this.all.push(flight);
      this.of.set(i, flight);
    }
    this.starts = Float64Array.from(this.all, ({start}) => start);
  }

  /** @param {number} i @returns {Flight | null} */
  flightOf(i) {
    const {trace} = this;
    switch (trace.on(i)) {
      case 'msg_sent': {
        const kind = trace.kindOf(i);
        return this.make(i, trace.node[i], trace.peer[i], trace.deliveredAt[i], kind, phaseOf(kind));
      }
      case 'invoked':
        return this.make(i, trace.node[i], trace.peer[i], trace.effects(i)[0] ?? -1, 'request', 'client');
      case 'returned': {
        const answered = trace.cause[i];
        if (answered < 0 || trace.on(answered) !== 'replied') return null;
        return this.make(answered, trace.node[answered], trace.node[i], i, 'answer', 'client');
      }
      default: return null;
    }
  }

  /** @param {number} event @param {number} from @param {number} to @param {number} arrival event, -1:
   *  none @param {string} kind @param {string} phase @returns {Flight} */
  make(event, from, to, arrival, kind, phase) {
    const {time} = this.trace;
    const start = time[event];
    const end = arrival < 0 ? start + USUAL : time[arrival];
    return {event, from, to, start, end, lost: arrival < 0, kind, phase};
  }

  /** Those in the air at a moment, the newest first. @param {number} now ns
   *  @param {boolean} heartbeats */
  at(now, heartbeats) {
    const found = [];
    const last = lowerBound(this.starts, now + 1) - 1;
    for (let k = last; k >= Math.max(0, last - MOST_BEHIND); --k) {
      const flight = this.all[k];
      if (flight.end <= now || (!heartbeats && flight.kind === 'PING')) continue;
      found.push(flight);
    }
    return found;
  }
}
