// @ts-check
// What the page remembers: language, theme, answers.  In the browser's storage or, where it lets a
// file keep nothing, in the address.

/** The answers to the questions of a scenario; the index of a site shows them as progress.
 *  @typedef {{answers: (number | null)[], right: number, stops: number}} Progress */

export class Settings {
  constructor() {
    this.kept = works();
    /** What the address says. */
    this.said = new URLSearchParams(location.hash.replace(/^#/, ''));
  }

  /** @param {string} key @returns {string | null} */
  get(key) {
    return this.said.get(key) ?? (this.kept ? localStorage.getItem(`zabsim.${key}`) : null);
  }

  /** @param {string} key @param {string} value */
  set(key, value) {
    this.said.delete(key);  // What is chosen here goes before the address that led here.
    if (this.kept) localStorage.setItem(`zabsim.${key}`, value);
    else this.said.set(key, value);
  }

  /** What the address has to carry, of these. @param {string[]} keys */
  forAddress(keys) {
    return keys.filter((key) => this.said.has(key)).map((key) => `${key}=${this.said.get(key)}`);
  }

  /** 'en' or 'zh': as chosen or, before that, as the page was asked for, or as the browser speaks.
   *  @param {string} asked '': neither */
  language(asked) {
    const wanted = this.get('lang') ?? (asked || navigator.language);
    return wanted.startsWith('zh') ? 'zh' : 'en';
  }

  theme() {
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    return this.get('theme') ?? (dark ? 'dark' : 'light');
  }

  applyTheme() { document.documentElement.dataset.theme = this.theme(); }
  toggleTheme() {
    this.set('theme', this.theme() === 'dark' ? 'light' : 'dark');
    this.applyTheme();
  }

  /** @param {string} page the id of a scenario @returns {Progress | null} */
  progress(page) {
    try {
      return JSON.parse(this.get(`progress.${page}`) ?? 'null');
    } catch {
      return null;  // Somebody else's.
    }
  }

  /** @param {string} page @param {Progress} progress */
  setProgress(page, progress) { this.set(`progress.${page}`, JSON.stringify(progress)); }
}

function works() {
  try {
    localStorage.setItem('zabsim.works', '1');
    return localStorage.getItem('zabsim.works') === '1';
  } catch {
    return false;
  }
}
