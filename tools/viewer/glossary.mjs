// @ts-check
// The glossary: terms in a text are explained when they are pointed at, focused or tapped.
import {Words} from './words.mjs';

export class Glossary {
  /** @param {HTMLElement} tip where explanations are shown @param {Words} words */
  constructor(tip, words) {
    this.tip = tip;
    this.words = words;
    document.addEventListener('keydown', ({key}) => {
      if (key === 'Escape') this.hide();
    });
  }

  /** Puts a text into an element; its terms can be pointed at. @param {HTMLElement} element
   *  @param {string} text */
  write(element, text) {
    if (element.textContent === text && element.lang === this.words.language) return;  // Keeps the focus.
    this.hide();
    element.lang = this.words.language;
    const explained = this.explanations();
    const nodes = text.split(formsOf(explained)).map((piece) => {
      const explanation = explained.get(piece);
      return explanation === undefined ? new Text(piece) : this.term(piece, explanation);
    });
    element.replaceChildren(...nodes);
  }

  /** By form, in the language that is shown. */
  explanations() {
    return new Map(Object.values(this.words.locale.glossary).flatMap(
        ({forms, text}) => forms.map((form) => /** @type {[string, string]} */ ([form, text]))));
  }

  /** @param {string} form @param {string} explanation */
  term(form, explanation) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'term';
    button.textContent = form;
    button.setAttribute('aria-describedby', this.tip.id);
    for (const event of ['pointerenter', 'focus', 'click']) {
      button.addEventListener(event, () => this.show(button, explanation));
    }
    button.addEventListener('pointerleave', () => this.hide());
    button.addEventListener('blur', () => this.hide());
    return button;
  }

  /** @param {HTMLElement} term @param {string} explanation */
  show(term, explanation) {
    const {tip} = this;
    tip.textContent = explanation;
    tip.hidden = false;
    const at = term.getBoundingClientRect();
    const most = document.documentElement.clientWidth - tip.offsetWidth - 4;
    tip.style.left = `${Math.max(4, Math.min(at.left, most)) + scrollX}px`;
    const below = at.bottom + tip.offsetHeight < innerHeight;
    tip.style.top = `${(below ? at.bottom + 2 : at.top - tip.offsetHeight - 2) + scrollY}px`;
  }

  hide() { this.tip.hidden = true; }
}

/** The longest first; Latin ones as whole words. @param {Map<string, string>} explained */
function formsOf(explained) {
  const forms = [...explained.keys()].sort((a, b) => b.length - a.length)
      .map((form) => (/^\w/.test(form) ? `(?<!\\w)${form}(?!\\w)` : form));
  return new RegExp(`(${forms.join('|')})`);
}
