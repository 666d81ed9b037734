// @ts-check
// The meaning of an event: the sentences that the catalogue has for it.
import {Trace} from './trace.mjs';
import {Words, fill} from './words.mjs';

export class Captions extends Words {
  /** @param {{en: import('./words.mjs').Locale, zh: import('./words.mjs').Locale}} catalogue
   *  @param {Trace} trace */
  constructor(catalogue, trace) {
    super(catalogue);
    this.trace = trace;
  }

  /** The catalogue's entry for an event: its special case, else the general one; of either, what the
   *  bug of the run does there if there is that.
   *  @param {number} i */
  entry(i) {
    const {trace} = this;
    const {events} = this.locale;
    const on = trace.on(i);
    const own = trace.peer[i] !== 0 && trace.peer[i] === trace.node[i];
    const cases = [...(own ? ['/self'] : []), `/${trace.kindOf(i)}`, ''];
    const keys = cases.flatMap((name) => [`${on}${name}@${trace.meta.bug}`, `${on}${name}`]);
    return events[keys.find((key) => key in events) ?? on];
  }

  /** Undefined: none. @param {number} i */
  reason(i) { return this.locale.reasons[this.trace.meta.reasons[this.trace.reason[i]]]; }

  /** The event of the scenario that a record is of. @param {number} i */
  scenarioEvent(i) { return this.trace.meta.events[this.trace.number[i]]; }

  /** @param {number} i @param {string} slot */
  slot(i, slot) {
    const {trace} = this;
    switch (slot) {
      case 'by': return trace.by(i);
      case 'peer': return trace.other(i);
      case 'zxid': return trace.zxid(i);
      case 'epoch': return String(trace.epoch[i]);
      case 'kind': return trace.kindOf(i).toUpperCase();
      case 'reason': return this.reason(i)?.name ?? '';
      case 'because': return this.reason(i)?.why ?? '';
      case 'number': return String(trace.number[i]);
      case 'code': return String(trace.code[i]);
      case 'op': return trace.meta.ops[trace.code[i]] ?? '?';
      case 'event': return this.scenarioEvent(i)?.id ?? String(trace.number[i]);
      case 'note': return this.text(this.scenarioEvent(i)?.notes[trace.code[i]] ?? {en: '', zh: ''});
      case 'doc': return this.text(this.scenarioEvent(i)?.doc ?? {en: '', zh: ''});
      default: return `{${slot}}`;
    }
  }

  /** @param {number} i @param {'what' | 'why' | 'next'} sentence */
  say(i, sentence) { return fill(this.entry(i)[sentence], (slot) => this.slot(i, slot)).trim(); }
}
