// @ts-check
// Time as it is shown: short gaps at their true length, long silences by their logarithm.  Playing,
// the overview and the diagram share it, so that they always agree.
import {lowerBound} from './trace.mjs';

const TRUE_UP_TO = 2.5;  // ms.
const FOLDED = 40;       // ms: of a longer silence the page says that it is shortened.

/** @param {number} gap ms @returns {number} units */
function widthOf(gap) {
  return gap <= TRUE_UP_TO ? gap : TRUE_UP_TO + 1.15 * Math.log2(gap / TRUE_UP_TO);
}

export class Axis {
  /** @param {ArrayLike<number>} times ns, ascending, at least one */
  constructor(times) {
    const at = [];
    const units = [];
    for (let i = 0; i < times.length; ++i) {
      if (i > 0 && times[i] === at[at.length - 1]) continue;
      const before = at.length === 0 ? 0 : units[units.length - 1] +
                                          widthOf((times[i] - at[at.length - 1]) / 1e6);
      at.push(times[i]);
      units.push(before);
    }
    this.times = Float64Array.from(at);
    this.units = Float64Array.from(units);
  }

  /** How long it is, in units: milliseconds without silences. */
  get length() { return this.units[this.units.length - 1]; }

  /** @param {number} time ns @returns {number} units */
  unitsOf(time) { return between(this.times, this.units, time); }
  /** @param {number} units @returns {number} ns */
  timeOf(units) { return between(this.units, this.times, units); }

  /** Whether that moment lies in a silence that is shown much shorter than it is.
   *  @param {number} time ns */
  isFolded(time) {
    const i = Math.max(1, lowerBound(this.times, time));
    return i < this.times.length && this.times[i] - this.times[i - 1] > FOLDED * 1e6;
  }
}

/** Between two known places by the straight line. @param {Float64Array} from
 *  @param {Float64Array} to @param {number} x */
function between(from, to, x) {
  const i = Math.min(Math.max(1, lowerBound(from, x)), from.length - 1);
  if (i < 1) return to[0];
  const share = (x - from[i - 1]) / (from[i] - from[i - 1] || 1);
  return to[i - 1] + (to[i] - to[i - 1]) * Math.min(1, Math.max(0, share));
}
