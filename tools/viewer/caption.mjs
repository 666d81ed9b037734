// @ts-check
// The sentence under the stage: what happened, why, and what follows.
export class Caption {
  /** @param {HTMLElement} root @param {import('./store.mjs').Store} store
   *  @param {import('./captions.mjs').Captions} words @param {import('./glossary.mjs').Glossary} glossary */
  constructor(root, store, words, glossary) {
    this.root = root;
    this.store = store;
    this.words = words;
    this.glossary = glossary;
  }

  /** @param {string} id */
  part(id) { return /** @type {HTMLElement} */ (this.root.querySelector(`#${id}`)); }

  draw() {
    const {trace, cursor, playing} = this.store;
    if (trace.count === 0) return;
    // While it plays, a screen reader would be told every event.
    this.root.setAttribute('aria-live', playing ? 'off' : 'polite');
    this.part('where').textContent = `#${trace.id[cursor]}`;
    for (const sentence of /** @type {const} */ (['what', 'why', 'next'])) {
      this.glossary.write(this.part(sentence), this.words.say(cursor, sentence));
    }
    const zxid = trace.hasZxid(cursor) ? trace.zxid(cursor) : '';
    const follow = /** @type {HTMLButtonElement} */ (this.part('follow'));
    follow.hidden = !trace.byZxid.has(zxid) || zxid === this.store.zxid;
    follow.textContent = this.words.t('follow', {zxid});
    follow.onclick = () => this.store.set({zxid});
  }
}
