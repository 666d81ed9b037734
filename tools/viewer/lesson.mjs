// @ts-check
// A lesson: playing stops at its questions; each answer comes with its reason.
import {Glossary} from './glossary.mjs';
import {Store} from './store.mjs';
import {lowerBound} from './trace.mjs';
import {Words} from './words.mjs';

export class Lesson {
  /** @param {HTMLElement} root @param {Store} store @param {Words} words
   *  @param {Glossary} glossary */
  constructor(root, store, words, glossary) {
    this.glossary = glossary;
    this.root = root;
    this.store = store;
    this.words = words;
    this.stops = store.trace.meta.lesson.map((stop) => (
      {...stop, event: Math.min(lowerBound(store.trace.id, stop.record), store.trace.count - 1)}));
    /** What was chosen, by stop. @type {(number | undefined)[]} */
    this.chosen = [];
    this.shown = '';  // The stop and the language of the buttons that are there.
    this.part('lesson-next').addEventListener('click', () => this.go(1));
    this.part('lesson-previous').addEventListener('click', () => this.go(-1));
  }

  /** @param {string} id @returns {any} */
  part(id) { return this.root.querySelector(`#${id}`); }

  /** The last stop that the cursor has reached; -1: none yet. */
  get current() { return this.stops.findLastIndex(({event}) => event <= this.store.cursor); }

  /** To the next stop or the one before. @param {1 | -1} by */
  go(by) {
    const {cursor} = this.store;
    const stop = by > 0 ? this.stops.find(({event}) => event > cursor)
                        : this.stops.findLast(({event}) => event < cursor);
    if (stop) this.store.seek(stop.event);
  }

  /** The first event at which to stop on the way; -1: none.  An answered question is not asked again.
   *  @param {number} from @param {number} to events */
  halt(from, to) {
    const on = (/** @type {{event: number}} */ {event}, /** @type {number} */ i) =>
      event > from && event <= to && this.chosen[i] === undefined;
    return this.stops.find(on)?.event ?? -1;
  }

  draw() {
    const {words, stops} = this;
    this.root.hidden = stops.length === 0;
    if (this.root.hidden) return;
    const at = this.current;
    const stop = stops[at];
    this.part('lesson-title').textContent = words.t('lesson', {stop: at + 1, stops: stops.length});
    this.glossary.write(this.part('lesson-ask'),
                        stop ? words.text(stop.ask) : words.t('lesson.begin'));
    this.drawChoices(at);
    this.glossary.write(this.part('lesson-explain'), this.verdict(at));
    this.part('lesson-previous').disabled = !stops.some(({event}) => event < this.store.cursor);
    this.part('lesson-next').disabled = !stops.some(({event}) => event > this.store.cursor);
  }

  /** Buttons are kept, with the focus, while their question is shown. @param {number} at the stop */
  drawChoices(at) {
    const group = this.part('lesson-choices');
    const choices = this.stops[at]?.choices ?? [];
    const wanted = `${at} ${this.words.language}`;
    if (wanted !== this.shown) {
      group.replaceChildren(
          ...choices.map((choice, i) => this.button(at, i, this.words.text(choice))));
    }
    this.shown = wanted;
    choices.forEach((_, i) => {
      const chosen = this.chosen[at] === i;
      const kind = i === this.stops[at].answer ? 'right' : 'wrong';
      group.children[i].setAttribute('aria-pressed', String(chosen));
      group.children[i].className = chosen ? kind : '';
    });
  }

  /** @param {number} at the stop @param {number} i of the choice @param {string} text */
  button(at, i, text) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = text;
    button.addEventListener('click', () => {
      this.chosen[at] = i;
      this.store.changed();
    });
    return button;
  }

  /** @param {number} at the stop; '' until something was chosen */
  verdict(at) {
    const chosen = this.chosen[at];
    if (chosen === undefined) return '';
    const {answer, choices, explain} = this.stops[at];
    const {words} = this;
    const said = chosen === answer ? words.t('lesson.right')
                                   : words.t('lesson.wrong', {choice: words.text(choices[answer])});
    return `${said} ${words.text(explain)}`;
  }
}
