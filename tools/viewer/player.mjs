// @ts-check
// Plays the run: virtual time flows along the axis, or it goes from event to event.
import {Store} from './store.mjs';

/** Speeds to choose from: how many milliseconds of virtual time are shown in a second, silences
 *  shortened; STEPS: an event a second. */
export const SPEEDS = ['1', '2', '5', '20', '100', '1000'];
export const STEPS = 'steps';

/** Whether the reader wants nothing to move by itself. */
export function wantsStillness() { return matchMedia('(prefers-reduced-motion: reduce)').matches; }

export class Player {
  /** @param {Store} store @param {(from: number, to: number) => number} halt the event on the way
   *    at which to stop; -1: none */
  constructor(store, halt) {
    this.store = store;
    this.halt = halt;
    this.speed = '5';
    this.last = 0;
    this.units = 0;  // Where on the axis it is.
    this.waited = 0;  // ms since the last step.
  }

  get end() { return this.store.shown[this.store.shown.length - 1]; }

  toggle() {
    const {store} = this;
    if (!store.playing && store.cursor === this.end) store.seek(store.shown[0]);
    store.set({playing: !store.playing});
    if (!store.playing) return;
    this.last = performance.now();
    this.units = store.axis.unitsOf(store.now);
    this.waited = 0;
    requestAnimationFrame((now) => this.frame(now));
  }

  /** @param {number} now ms */
  frame(now) {
    const {store} = this;
    if (!store.playing) return;
    const elapsed = Math.min(100, Math.max(0, now - this.last));
    this.last = now;
    if (this.speed === STEPS) this.stepAfter(elapsed);
    else this.flow((elapsed / 1000) * Number(this.speed));
    if (store.cursor === this.end) store.set({playing: false});
    requestAnimationFrame((next) => this.frame(next));
  }

  /** @param {number} elapsed ms */
  stepAfter(elapsed) {
    const {store} = this;
    this.waited += elapsed;
    if (this.waited < 1000) return;
    this.waited = 0;
    const from = store.cursor;
    store.step(1);
    this.stopAt(this.halt(from, store.cursor));
  }

  /** @param {number} units */
  flow(units) {
    const {store} = this;
    const from = store.cursor;
    this.units += units;
    store.moveTo(store.axis.timeOf(this.units));
    this.stopAt(this.halt(from, store.cursor));
  }

  /** @param {number} event -1: nowhere */
  stopAt(event) {
    if (event < 0) return;
    this.store.seek(event);
    this.store.set({playing: false});
  }
}
