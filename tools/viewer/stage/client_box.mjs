// @ts-check
// A client on the stage: its newest request, and what has become of it.
import {zxidText} from '../state.mjs';
import {html, say, sign} from './elements.mjs';

/** @type {Record<string, string>} */
const SIGNS = {WAITING: 'wait', OK: 'check', ERROR: 'cross', UNKNOWN: 'ask'};

export class ClientBox {
  /** @param {string} name @param {import('../words.mjs').Words} words
   *  @param {import('../trace.mjs').Meta} meta @param {() => void} choose */
  constructor(name, words, meta, choose) {
    this.words = words;
    this.meta = meta;
    const root = this.root = html('button', 'client');
    root.setAttribute('type', 'button');
    root.dataset.node = name;
    this.request = html('span', 'request');
    this.answer = html('span', 'answer');
    root.append(html('b', '', name), this.request, this.answer);
    root.addEventListener('click', choose);
  }

  /** @param {import('../state.mjs').Client} client @param {boolean} chosen */
  draw(client, chosen) {
    const {words} = this;
    this.root.className = `client ${client.status}${chosen ? ' chosen' : ''}`;
    this.root.setAttribute('aria-pressed', String(chosen));
    say(this.request, client.status === 'IDLE' ? '–' : this.meta.ops[client.operation] ?? '–');
    const written = client.status === 'OK' && client.zxid.counter > 0 ? ` ${zxidText(client.zxid)}` : '';
    const said = words.t(`client.${client.status}`) + written;
    if (this.answer.dataset.said === said) return;
    this.answer.dataset.said = said;
    this.answer.replaceChildren(...(client.status in SIGNS ? [sign(SIGNS[client.status])] : []), said);
  }
}
