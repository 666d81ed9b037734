// @ts-check
// What was violated: the invariant, the facts that contradict each other, and the event
// that established each.
import {Store} from './store.mjs';
import {formatTime, lowerBound} from './trace.mjs';
import {Words} from './words.mjs';

/** The zxids and the words of a sentence; names of servers are among the words. */
const PIECES = /\d+:\d+|[A-Za-z][A-Za-z0-9]*|[^]/g;

export class Violations {
  /** @param {HTMLElement} root @param {Store} store @param {Words} words */
  constructor(root, store, words) {
    this.root = root;
    this.store = store;
    this.words = words;
    this.drawn = '';  // The language.
    this.records = new Set(store.trace.meta.result.violations.map(({record}) => record));
  }

  /** To the next one, or after the last to the first. */
  next() {
    const here = (/** @type {number} */ i) => this.records.has(this.store.trace.id[i]);
    if (!this.store.jump(1, here) && this.records.size > 0) this.seek(Math.min(...this.records));
  }

  /** @param {number} record an id; the nearest that is embedded */
  seek(record) { this.store.seek(lowerBound(this.store.trace.id, record)); }

  draw() {
    const {violations} = this.store.trace.meta.result;
    this.root.hidden = violations.length === 0;
    if (this.drawn === this.words.language) return;
    this.drawn = this.words.language;
    this.root.querySelector('ul')?.replaceChildren(...violations.map((violation) => {
      const item = document.createElement('li');
      const open = document.createElement('button');
      open.type = 'button';
      const name = this.words.text(this.store.trace.meta.invariants[violation.invariant]);
      open.textContent = `✖ ${name} · ${formatTime(violation.time)}`;
      open.addEventListener('click', () => this.seek(violation.record));
      item.append(open, ' ', ...this.facts(violation));
      return item;
    }));
  }

  /** The sentence; a zxid links to the last event of that transaction on the server named before it.
   *  @param {import('./trace.mjs').Violation} violation @returns {Node[]} */
  facts({facts, facts_zh, record}) {
    const {trace} = this.store;
    const said = this.words.text({en: facts, zh: facts_zh});
    const at = lowerBound(trace.id, record);
    const nodes = [];
    let text = '';
    let who = 0;
    for (const [piece] of said.matchAll(PIECES)) {
      who = Math.max(0, trace.names.indexOf(piece)) || who;
      const source = this.source(piece, who, at);
      if (source < 0) {
        text += piece;
        continue;
      }
      nodes.push(new Text(text), this.link(piece, source));
      text = '';
    }
    return [...nodes, new Text(text)];
  }

  /** The last event of a transaction up to `at`, on that server if it has one; -1: none.
   *  @param {string} zxid @param {number} node @param {number} at */
  source(zxid, node, at) {
    const {trace} = this.store;
    const events = (trace.byZxid.get(zxid) ?? []).filter((i) => i <= at);
    return events.findLast((i) => trace.node[i] === node) ?? events.at(-1) ?? -1;
  }

  /** @param {string} zxid @param {number} event */
  link(zxid, event) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'link';
    button.textContent = zxid;
    button.addEventListener('click', () => {
      this.store.set({zxid});
      this.store.seek(event);
    });
    return button;
  }
}
