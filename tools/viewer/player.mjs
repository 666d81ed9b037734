// @ts-check
// Playing: events at a steady pace, or virtual time at a multiple of the clock.
import {Store} from './store.mjs';

/** The speeds to choose from; `events` per second, or a `factor` of virtual time.
 *  @type {Record<string, {events: number} | {factor: number}>} */
export const SPEEDS = {
  '1/s': {events: 1},
  '5/s': {events: 5},
  '25/s': {events: 25},
  '0.01x': {factor: 0.01},
  '0.1x': {factor: 0.1},
  '1x': {factor: 1},
  '10x': {factor: 10},
};

export class Player {
  /** @param {Store} store @param {(from: number, to: number) => number} halt the event on the way
   *    at which to stop; -1: none */
  constructor(store, halt) {
    this.store = store;
    this.halt = halt;
    this.speed = '5/s';
    this.last = 0;
    this.owed = 0;  // Events, or nanoseconds of virtual time, not yet played.
  }

  toggle() {
    const {store} = this;
    const atEnd = store.cursor === store.shown[store.shown.length - 1];
    if (!store.playing && atEnd) store.seek(store.shown[0]);
    store.set({playing: !store.playing});
    if (!store.playing) return;
    this.last = performance.now();
    this.owed = 0;
    requestAnimationFrame((now) => this.frame(now));
  }

  /** @param {number} now ms */
  frame(now) {
    const {store} = this;
    if (!store.playing) return;
    const elapsed = Math.max(0, now - this.last);
    this.last = now;
    const speed = SPEEDS[this.speed];
    if ('events' in speed) {
      this.owed += (elapsed / 1000) * speed.events;
      if (this.owed >= 1) this.advance(store.position(store.cursor) + Math.floor(this.owed));
      this.owed %= 1;
    } else {
      this.playTime(elapsed * 1e6 * speed.factor);
    }
    if (store.cursor === store.shown[store.shown.length - 1]) store.set({playing: false});
    requestAnimationFrame((next) => this.frame(next));
  }

  /** @param {number} elapsed ns */
  playTime(elapsed) {
    const {store} = this;
    const {trace, shown} = store;
    const from = trace.time[store.cursor];
    this.owed += elapsed;
    let at = store.position(store.cursor);
    while (at + 1 < shown.length && trace.time[shown[at + 1]] - from <= this.owed) ++at;
    this.owed -= trace.time[shown[at]] - from;
    this.advance(at);
  }

  /** @param {number} at a position among the events that are shown */
  advance(at) {
    const {store} = this;
    const to = store.shown[Math.min(at, store.shown.length - 1)];
    const halt = this.halt(store.cursor, to);
    store.seek(halt < 0 ? to : halt);
    if (halt >= 0) store.set({playing: false});
  }
}
