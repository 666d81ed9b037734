// @ts-check
// The glossary: terms in a text are explained when they are pointed at, focused or tapped.
import {Words} from './words.mjs';

/** One small explanation at a time, beside what it explains. */
export class Tip {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    document.addEventListener('keydown', ({key}) => {
      if (key === 'Escape') this.hide();
    });
  }

  /** @param {Element} element @param {string} text */
  showBeside(element, text) {
    const at = element.getBoundingClientRect();
    this.show(text, at.left, at.top, at.bottom);
  }

  /** @param {number} x @param {number} y in the window @param {string} text */
  showAt(x, y, text) { this.show(text, x + 12, y - 6, y + 14); }

  /** Below or above, within the window. @param {string} text @param {number} left
   *  @param {number} top @param {number} bottom */
  show(text, left, top, bottom) {
    const {root} = this;
    root.textContent = text;
    root.hidden = false;
    const most = document.documentElement.clientWidth - root.offsetWidth - 6;
    root.style.left = `${Math.max(6, Math.min(left, most))}px`;
    const below = bottom + root.offsetHeight + 6 < innerHeight;
    root.style.top = `${below ? bottom + 4 : Math.max(4, top - root.offsetHeight - 4)}px`;
  }

  hide() { this.root.hidden = true; }
}

export class Glossary {
  /** @param {Tip} tip where explanations are shown @param {Words} words */
  constructor(tip, words) {
    this.tip = tip;
    this.words = words;
  }

  /** Puts a text into an element; its terms can be pointed at. @param {HTMLElement} element
   *  @param {string} text */
  write(element, text) {
    if (element.textContent === text && element.lang === this.words.language) return;  // Keeps the focus.
    this.tip.hide();
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
    button.setAttribute('aria-describedby', this.tip.root.id);
    for (const event of ['pointerenter', 'focus', 'click']) {
      button.addEventListener(event, () => this.tip.showBeside(button, explanation));
    }
    button.addEventListener('pointerleave', () => this.tip.hide());
    button.addEventListener('blur', () => this.tip.hide());
    return button;
  }
}

/** The longest first; Latin ones as whole words. @param {Map<string, string>} explained */
function formsOf(explained) {
  const forms = [...explained.keys()].sort((a, b) => b.length - a.length)
      .map((form) => (/^\w/.test(form) ? `(?<!\\w)${form}(?!\\w)` : form));
  return new RegExp(`(${forms.join('|')})`);
}
