// @ts-check
// Beside the table of events: what led to the event at the cursor, what it led to, and the life of
// the transaction that is followed.
const MOST_EFFECTS = 8;
const CAUSES = 3;

export class Causes {
  /** @param {HTMLElement} root @param {import('./store.mjs').Store} store
   *  @param {import('./captions.mjs').Captions} words @param {import('./lesson.mjs').Lesson} lesson */
  constructor(root, store, words, lesson) {
    this.root = root;
    this.store = store;
    this.words = words;
    this.lesson = lesson;
    this.part('unfollow').addEventListener('click', () => store.set({zxid: ''}));
  }

  /** @param {string} id */
  part(id) { return /** @type {HTMLElement} */ (this.root.querySelector(`#${id}`)); }

  draw() {
    const {trace, cursor} = this.store;
    if (this.root.clientHeight === 0) return;
    this.links('causes', this.causes());
    const known = [...trace.effects(cursor)].filter((i) => i <= this.lesson.horizon);
    this.links('effects', known.slice(0, MOST_EFFECTS));
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
    this.part('life').hidden = !zxid;
    if (!zxid) return;
    this.part('life-title').textContent = this.words.t('life', {zxid});
    const events = (trace.byZxid.get(zxid) ?? []).filter((i) => i <= this.lesson.horizon);
    this.part('life-list').replaceChildren(...events.map((i) => {
      const item = document.createElement('li');
      item.className = i <= cursor ? 'past' : '';
      item.append(this.link(i, this.words.say(i, 'what')));
      return item;
    }));
  }
}
