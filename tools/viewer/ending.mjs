// @ts-check
// The card with the story, how the run ended and what was violated: of a lesson its last page.
import {formatTime} from './trace.mjs';

export class Ending {
  /** @param {HTMLElement} root @param {import('./store.mjs').Store} store
   *  @param {import('./words.mjs').Words} words @param {import('./lesson.mjs').Lesson} lesson
   *  @param {import('./violations.mjs').Violations} violations @param {HTMLElement} question */
  constructor(root, store, words, lesson, violations, question) {
    this.root = root;
    this.store = store;
    this.words = words;
    this.lesson = lesson;
    this.violations = violations;
    this.question = question;
    this.asked = false;  // The reader wants the story, whatever it gives away.
    this.part('tell').addEventListener('click', () => this.tell(true));
    this.part('back-to-question').addEventListener('click', () => this.tell(false));
  }

  /** @param {string} id @returns {any} */
  part(id) { return document.getElementById(id); }

  /** @param {boolean} asked */
  tell(asked) {
    this.asked = asked;
    if (!asked && this.atEnd) this.lesson.go(-1);
    this.store.changed();
  }

  get atEnd() { return this.store.cursor === this.store.shown[this.store.shown.length - 1]; }
  /** Whether nothing is left that could be given away. */
  get open() { return this.lesson.horizon === Infinity; }

  draw() {
    const {lesson, words} = this;
    const plain = lesson.stops.length === 0;
    const shown = plain || this.asked || (this.open && this.atEnd);
    this.root.hidden = !shown;
    this.question.hidden = shown;
    this.drawVerdict(plain || this.open || this.asked);
    if (!shown) return;
    this.part('back-to-question').hidden = plain;
    this.part('score').hidden = plain;
    this.part('score').textContent = words.t('score', {right: lesson.right, stops: lesson.stops.length});
    this.part('ending-title').textContent = words.t(plain || !this.open ? 'story' : 'ending');
    this.violations.draw();
  }

  /** @param {boolean} known */
  drawVerdict(known) {
    const {result} = this.store.trace.meta;
    const verdict = result.bug?.shown ? 'shown' : result.verdict;  // It held what it was to show.
    const badge = this.part('verdict');
    badge.textContent = known ? this.words.t(`verdict.${verdict}`, {bug: result.bug?.id})
                              : this.words.t('verdict.hidden');
    badge.className = !known ? 'open' : verdict === 'held' ? 'good' : 'bad';
    const end = this.store.trace.time[this.store.trace.count - 1] ?? 0;
    badge.title = known ? formatTime(end) : '';
  }
}
