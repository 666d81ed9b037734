// @ts-check
// A lesson: playing stops at its questions; each answer comes with its reason.  What comes after a
// question is not shown before it is answered, or passed by.
import {formatTime, lowerBound} from './trace.mjs';

export class Lesson {
  /** @param {HTMLElement} root @param {import('./store.mjs').Store} store
   *  @param {import('./words.mjs').Words} words @param {import('./glossary.mjs').Glossary} glossary
   *  @param {import('./settings.mjs').Settings} settings */
  constructor(root, store, words, glossary, settings) {
    this.root = root;
    this.store = store;
    this.words = words;
    this.glossary = glossary;
    this.settings = settings;
    const {trace} = store;
    this.stops = trace.meta.lesson.map((stop) => (
      {...stop, event: Math.min(lowerBound(trace.id, stop.record), trace.count - 1)}));
    this.page = trace.meta.scenario;
    /** What was chosen, by stop; null: nothing yet. @type {(number | null)[]} */
    this.chosen = this.stops.map((stop, i) => {
      const kept = settings.progress(this.page)?.answers?.[i];
      return typeof kept === 'number' && kept in stop.choices ? kept : null;
    });
    this.passed = this.stops.map(() => false);
    this.shown = '';  // The stop, the language and the answer of the choices that are there.
    this.onPlay = () => {};
    this.part('lesson-next').addEventListener('click', () => this.go(1));
    this.part('lesson-previous').addEventListener('click', () => this.go(-1));
    this.part('lesson-play').addEventListener('click', () => this.onPlay());
  }

  /** @param {string} id @returns {any} */
  part(id) { return this.root.querySelector(`#${id}`); }

  /** The last stop that the cursor has reached; -1: none yet. */
  get current() { return this.stops.findLastIndex(({event}) => event <= this.store.cursor); }
  get answered() { return this.chosen.filter((choice) => choice !== null).length; }
  get right() { return this.stops.filter(({answer}, i) => this.chosen[i] === answer).length; }

  /** Whether the cursor stands at a question that is open. */
  get halted() {
    const at = this.current;
    return at >= 0 && this.chosen[at] === null && this.stops[at].event === this.store.cursor;
  }

  /** Up to there the run may be shown: the first question that is open; Infinity: there is none. */
  get horizon() {
    const {cursor} = this.store;
    this.stops.forEach(({event}, i) => { if (event < cursor) this.passed[i] = true; });
    return this.stops.find((_, i) => this.chosen[i] === null && !this.passed[i])?.event ?? Infinity;
  }

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
      event > from && event <= to && this.chosen[i] === null;
    return this.stops.find(on)?.event ?? -1;
  }

  /** Answers the question that is shown, once. @param {number} choice */
  choose(choice) {
    const at = this.current;
    if (at < 0 || this.chosen[at] !== null || !(choice in this.stops[at].choices)) return;
    this.chosen[at] = choice;
    this.settings.setProgress(this.page, {answers: this.chosen, right: this.right,
                                          stops: this.stops.length});
    this.store.changed();
  }

  draw() {
    const {words, stops, store} = this;
    const at = this.current;
    const stop = stops[at];
    const open = stop !== undefined && this.chosen[at] === null;
    this.root.classList.toggle('asking', open);
    this.part('lesson-title').textContent = words.t('lesson', {stop: Math.max(1, at + 1), stops: stops.length});
    this.part('lesson-time').textContent = stop ? formatTime(store.trace.time[stop.event]) : '';
    this.glossary.write(this.part('lesson-ask'),
                        stop ? words.text(stop.ask) : words.t('lesson.begin'));
    this.drawChoices(at);
    this.glossary.write(this.part('lesson-explain'), this.verdict(at));
    this.part('lesson-play').hidden = open;
    this.part('lesson-play').textContent = words.t(stop ? 'lesson.watch' : 'lesson.play');
    this.part('lesson-previous').disabled = !stops.some(({event}) => event < store.cursor);
    this.part('lesson-next').disabled = !stops.some(({event}) => event > store.cursor);
  }

  /** Buttons are kept, with the focus, while their question is shown. @param {number} at the stop */
  drawChoices(at) {
    const wanted = `${at} ${this.words.language} ${this.chosen[at]}`;
    if (wanted === this.shown) return;
    this.shown = wanted;
    const choices = this.stops[at]?.choices ?? [];
    const had = this.part('lesson-choices').contains(document.activeElement);
    this.part('lesson-choices').replaceChildren(
        ...choices.map((choice, i) => this.button(at, i, this.words.text(choice))));
    if (had) this.part('lesson-choices').querySelector('.chosen')?.focus();
  }

  /** @param {number} at the stop @param {number} i of the choice @param {string} text */
  button(at, i, text) {
    const chosen = this.chosen[at];
    const right = i === this.stops[at].answer;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'choice';
    const key = document.createElement('kbd');
    key.textContent = chosen === null ? String(i + 1) : right ? '✓' : i === chosen ? '✗' : '';
    const said = document.createElement('span');
    said.textContent = text;
    button.append(key, said);
    if (chosen !== null) {
      button.classList.add(right ? 'right' : i === chosen ? 'wrong' : 'other');
      button.classList.toggle('chosen', i === chosen);
      button.setAttribute('aria-pressed', String(i === chosen));
    }
    button.addEventListener('click', () => this.choose(i));
    return button;
  }

  /** @param {number} at the stop; '' until something was chosen */
  verdict(at) {
    const chosen = this.chosen[at] ?? null;
    if (chosen === null) return '';
    const {answer, choices, explain} = this.stops[at];
    const {words} = this;
    const said = chosen === answer ? words.t('lesson.right')
                                   : words.t('lesson.wrong', {choice: words.text(choices[answer])});
    return `${said} ${words.text(explain)}`;
  }
}
