// @ts-check
// The search field: "#12" goes to that record, anything else finds the next event that
// matches.
import {Store} from './store.mjs';

/** Moves the cursor; false: not found.  After the end it continues at the beginning.
 *  @param {Store} store @param {string} text a record's "#12", a zxid, a node, a probe, a kind */
export function search(store, text) {
  const {trace} = store;
  if (text === '') return true;
  if (text.startsWith('#')) {
    const i = trace.indexOf(Number(text.slice(1)));
    if (i >= 0) store.seek(i);
    return i >= 0;
  }
  const wanted = text.toLowerCase();
  const has = (/** @type {number} */ i) =>
    trace.zxid(i) === wanted || trace.by(i) === wanted || trace.on(i) === wanted ||
    trace.kindOf(i).toLowerCase() === wanted;
  if (store.jump(1, has)) return true;
  const first = store.shown.findIndex(has);
  if (first >= 0) store.seek(store.shown[first]);
  return first >= 0;
}
