// @ts-check
// The counterpart of the diagram: the same events as a table, of which only the rows
// around the cursor exist.
import {Captions} from './captions.mjs';
import {Store} from './store.mjs';

const BEFORE = 12;
const AFTER = 24;

export class Table {
  /** @param {HTMLTableElement} table @param {Store} store @param {Captions} words
   *  @param {import('./lesson.mjs').Lesson} lesson */
  constructor(table, store, words, lesson) {
    this.lesson = lesson;
    this.body = /** @type {HTMLTableSectionElement} */ (table.querySelector('tbody'));
    this.table = table;
    this.store = store;
    this.words = words;
  }

  draw() {
    const {shown} = this.store;
    if (this.table.clientHeight === 0) return;
    const at = this.store.position(this.store.cursor);
    const rows = [];
    for (let k = Math.max(0, at - BEFORE); k < Math.min(shown.length, at + AFTER); ++k) {
      if (shown[k] <= this.lesson.horizon) rows.push(this.row(shown[k], k));
    }
    this.table.setAttribute('aria-rowcount', String(shown.length + 1));
    this.body.replaceChildren(...rows);
    const here = this.body.querySelector('[aria-current]');
    const scroll = this.table.closest('.scroll');
    if (here instanceof HTMLElement && scroll) {
      scroll.scrollTop = here.offsetTop - scroll.clientHeight / 3;
    }
  }

  /** @param {number} i @param {number} k its position among those shown */
  row(i, k) {
    const {trace, cursor} = this.store;
    const row = document.createElement('tr');
    row.setAttribute('aria-rowindex', String(k + 2));
    if (i === cursor) row.setAttribute('aria-current', 'true');
    const hex = `0x${((BigInt(trace.zxidEpoch[i]) << 32n) | BigInt(trace.zxidCounter[i])).toString(16)}`;
    const zxid = trace.hasZxid(i) ? `${trace.zxid(i)} (${hex})` : '';
    for (const text of [`${(trace.time[i] / 1e9).toFixed(5)} s`, trace.by(i), this.words.say(i, 'what'), zxid]) {
      const cell = document.createElement('td');
      cell.textContent = text;
      row.append(cell);
    }
    const open = document.createElement('button');
    open.type = 'button';
    open.textContent = `#${trace.id[i]}`;
    open.addEventListener('click', () => this.store.seek(i));
    const first = document.createElement('th');
    first.scope = 'row';
    first.append(open);
    row.prepend(first);
    return row;
  }
}
