// @ts-check
// Everything that is said: templates of the catalogue (tools/captions), with their slots filled.
import {Trace} from './trace.mjs';

/** @typedef {{events: Record<string, {what: string, why: string, next: string}>,
 *   reasons: Record<string, string>, viewer: Record<string, string>}} Locale */

/** @param {string} template @param {(slot: string) => string} value */
function fill(template, value) {
  return template.replace(/\{(\w+)\}/g, (_, slot) => value(slot));
}

export class Words {
  /** @param {{en: Locale, zh: Locale}} catalogue @param {Trace} trace */
  constructor(catalogue, trace) {
    this.catalogue = catalogue;
    this.trace = trace;
    /** @type {'en' | 'zh'} */
    this.language = 'en';
  }

  get locale() { return this.catalogue[this.language]; }

  /** A text of the viewer itself. @param {string} key @param {Record<string, unknown>} [slots] */
  t(key, slots = {}) { return fill(this.locale.viewer[key], (slot) => String(slots[slot])); }

  /** A text of the scenario; Chinese falls back to English. @param {{en: string, zh: string}} text */
  text(text) { return (this.language === 'zh' && text.zh) || text.en; }

  /** The catalogue's entry for an event: that of its own case before the general one.
   *  @param {number} i */
  entry(i) {
    const {trace} = this;
    const {events} = this.locale;
    const on = trace.on(i);
    const own = trace.peer[i] !== 0 && trace.peer[i] === trace.node[i] && events[`${on}/self`];
    return own || events[`${on}/${trace.kindOf(i)}`] || events[on];
  }

  /** @param {number} i @param {string} slot */
  slot(i, slot) {
    const {trace} = this;
    switch (slot) {
      case 'by': return trace.by(i);
      case 'peer': return trace.other(i);
      case 'zxid': return trace.zxid(i);
      case 'epoch': return String(trace.epoch[i]);
      case 'kind': return trace.kindOf(i).toUpperCase();
      case 'reason': return trace.meta.reasons[trace.reason[i]];
      case 'because': return this.locale.reasons[trace.meta.reasons[trace.reason[i]]] ?? '';
      case 'number': return String(trace.number[i]);
      case 'code': return String(trace.code[i]);
      case 'op': return trace.meta.ops[trace.code[i]] ?? '?';
      case 'event': return trace.meta.events[trace.number[i]]?.id ?? String(trace.number[i]);
      default: return `{${slot}}`;
    }
  }

  /** @param {number} i @param {'what' | 'why' | 'next'} sentence */
  say(i, sentence) { return fill(this.entry(i)[sentence], (slot) => this.slot(i, slot)).trim(); }
}
