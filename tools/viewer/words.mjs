// @ts-check
// All texts: templates of the catalogue (tools/captions) with their slots filled.

/** @typedef {{en: string, zh: string}} Text */
/** @typedef {{events: Record<string, {what: string, why: string, next: string}>,
 *   reasons: Record<string, {name: string, why: string}>, viewer: Record<string, string>,
 *   glossary: Record<string, {forms: string[], text: string}>}} Locale */

/** @param {string} template @param {(slot: string) => string} value */
export function fill(template, value) {
  return template.replace(/\{(\w+)\}/g, (_, slot) => value(slot));
}

export class Words {
  /** @param {{en: Locale, zh: Locale}} catalogue */
  constructor(catalogue) {
    this.catalogue = catalogue;
    /** @type {'en' | 'zh'} */
    this.language = 'en';
  }

  get locale() { return this.catalogue[this.language]; }

  /** A text of the viewer itself. @param {string} key @param {Record<string, unknown>} [slots] */
  t(key, slots = {}) { return fill(this.locale.viewer[key], (slot) => String(slots[slot])); }

  /** A text of the scenario; Chinese falls back to English. @param {Text} text */
  text(text) { return (this.language === 'zh' && text.zh) || text.en; }

  toggle() { this.language = this.language === 'en' ? 'zh' : 'en'; }

  /** Sets the texts of all elements marked with data-t and data-label. */
  sayPage() {
    document.documentElement.lang = this.language === 'zh' ? 'zh-Hans' : 'en';
    for (const element of document.querySelectorAll('[data-t]')) {
      element.textContent = this.t(element.getAttribute('data-t') ?? '');
    }
    for (const element of document.querySelectorAll('[data-label]')) {
      const label = this.t(element.getAttribute('data-label') ?? '');
      element.setAttribute('aria-label', label);
      if (element.matches('button.icon, button.play')) element.setAttribute('title', label);
    }
  }
}
