// @ts-check
// The caption: what happened, why, and what follows; its causes and effects; the life of
// the followed transaction.
import {Captions} from './captions.mjs';
import {Glossary} from './glossary.mjs';
import {Store} from './store.mjs';
import {formatTime} from './trace.mjs';

const MOST_EFFECTS = 8;
const CAUSES = 3;

export class Panel {
  /** @param {HTMLElement} root @param {Store} store @param {Captions} words
   *  @param {Glossary} glossary */
  constructor(root, store, words, glossary) {
    this.glossary = glossary;
    this.root = root;
    this.store = store;
    this.words = words;
  }

  /** @param {string} id */
  part(id) { return /** @type {HTMLElement} */ (this.root.querySelector(`#${id}`)); }

  draw() {
    const {trace, cursor, playing} = this.store;
    if (trace.count === 0) return;
    // While it plays, a screen reader would be told every event.
    this.root.setAttribute('aria-live', playing ? 'off' : 'polite');
    this.part('where').textContent = `#${trace.id[cursor]}  ${formatTime(trace.time[cursor])}`;
    for (const sentence of /** @type {const} */ (['what', 'why', 'next'])) {
      this.glossary.write(this.part(sentence), this.words.say(cursor, sentence));
    }
    const zxid = trace.hasZxid(cursor) ? trace.zxid(cursor) : '';
    const follow = /** @type {HTMLButtonElement} */ (this.part('follow'));
    follow.hidden = !trace.byZxid.has(zxid) || zxid === this.store.zxid;
    follow.textContent = this.words.t('follow', {zxid});
    follow.onclick = () => this.store.set({zxid});
    this.links('causes', this.causes());
    this.links('effects', [...trace.effects(cursor)].slice(0, MOST_EFFECTS));
    this.drawLife();
  }

  /** The causes, nearest first. */
  causes() {
    const {trace, cursor} = this.store;
    const causes = [];
    for (let i = trace.cause[cursor]; i >= 0 && causes.length < CAUSES; i = trace.cause[i]) {
      causes.push(i);
    }
    return causes;
  }

  /** @param {string} id @param {number[]} events */
  links(id, events) {
    const list = this.part(id);
    list.replaceChildren(...events.map((i) => {
      const item = document.createElement('li');
      item.append(this.link(i, `#${this.store.trace.id[i]} ${this.words.say(i, 'what')}`));
      return item;
    }));
    /** @type {HTMLElement} */ (list.parentElement).hidden = events.length === 0;
  }

  /** @param {number} i @param {string} text */
  link(i, text) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'link';
    button.textContent = text;
    button.addEventListener('click', () => this.store.seek(i));
    return button;
  }

  drawLife() {
    const {trace, zxid, cursor} = this.store;
    const life = this.part('life');
    life.hidden = !zxid;
    if (!zxid) return;
    this.part('life-title').textContent = this.words.t('life', {zxid});
    const events = trace.byZxid.get(zxid) ?? [];
    this.part('life-list').replaceChildren(...events.map((i) => {
      const item = document.createElement('li');
      if (i <= cursor) item.className = 'past';
      item.append(this.link(i, `${formatTime(trace.time[i])} ${this.words.say(i, 'what')}`));
      return item;
    }));
  }
}
