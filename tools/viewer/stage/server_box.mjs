// @ts-check
// A server on the stage: name, role, epoch, its log in three layers, and what a power loss would take.
import {lastOf, pieceOf, zxidText} from '../state.mjs';
import {Cells} from './cells.mjs';
import {epochColor, html, say, sign} from './elements.mjs';

/** @typedef {import('../state.mjs').Server} Server */

const SIGNS = {LEADING: 'star', FOLLOWING: 'dot', LOOKING: 'looking', DOWN: 'power', PAUSED: 'pause'};
const LAYERS = ['believes', 'cache', 'disk'];

/** @param {Server} server @returns {keyof typeof SIGNS} */
function lookOf(server) {
  return server.paused ? 'PAUSED' : /** @type {keyof typeof SIGNS} */ (server.role);
}

/** The transactions of a kind, as a range. @param {Server} server @param {string} entry */
function rangeOf(server, entry) {
  const pieces = server.log.filter((piece) => piece.entry === entry);
  if (pieces.length === 0) return '';
  const [first, last] = [pieces[0], pieces[pieces.length - 1]];
  const from = `${first.epoch}:${Math.max(1, first.from)}`;
  const to = `${last.epoch}:${last.to}`;
  return from === to || first.based ? to : `${from}–${to}`;
}

export class ServerBox {
  /** @param {string} name @param {import('../words.mjs').Words} words @param {() => void} choose */
  constructor(name, words, choose) {
    this.name = name;
    this.words = words;
    const root = this.root = html('div', 'server');
    root.setAttribute('role', 'group');
    root.dataset.node = name;
    const top = this.top = html('button', 'top');
    top.setAttribute('type', 'button');
    this.role = html('span', 'role');
    this.epoch = html('span', 'epoch');
    top.append(html('b', 'name', name), this.role, this.epoch);
    this.log = html('div', 'log');
    this.labels = LAYERS.map((layer) => {
      const row = html('div', `layer ${layer}`);
      const label = html('span', 'label');
      row.append(label);
      this.log.append(row);
      return label;
    });
    this.stub = html('span', 'stub');  // What is on the disk, where it is older than all columns.
    /** @type {Element} */ (this.log.lastChild).append(this.stub);
    const cells = html('div', 'cells');
    this.log.append(cells);
    this.cells = new Cells(cells);
    this.brief = html('div', 'brief');
    this.risk = html('div', 'risk');
    root.append(top, this.log, this.brief, this.risk);
    root.addEventListener('click', choose);
  }

  /** How large it is, with its log or without. @param {boolean} whole
   *  @param {import('./places.mjs').Measures} stage */
  size(whole, stage) {
    this.root.classList.toggle('compact', !whole);
    const short = stage.phone ? 'short.' : '';
    LAYERS.forEach((layer, k) => say(this.labels[k], this.words.t(`layer.${short}${layer}`)));
    return {width: this.root.offsetWidth, height: this.root.offsetHeight};
  }

  /** @param {Server} server @param {import('../state.mjs').Zxid[]} columns
   *  @param {import('./places.mjs').Measures} stage @param {boolean} chosen */
  draw(server, columns, stage, chosen) {
    const {words} = this;
    const look = lookOf(server);
    const names = [...this.root.classList].filter((name) => name === 'compact');
    this.root.className = ['server', look, ...names, ...(server.leads ? ['leads'] : []),
                           ...(chosen ? ['chosen'] : [])].join(' ');
    this.root.style.setProperty('--c', epochColor(server.current));
    this.top.setAttribute('aria-pressed', String(chosen));
    if (this.role.dataset.look !== look + words.language) {
      this.role.dataset.look = look + words.language;
      this.role.replaceChildren(sign(SIGNS[look]), words.t(`role.${look}`));
    }
    say(this.epoch, stage.phone ? words.t('epoch.short', {epoch: server.current})
                                : words.t('epoch', {epoch: server.current}));
    this.cells.draw(server, columns, stage, words);
    const shown = columns.some((zxid) => /synced|base/.test(pieceOf(server, zxid)?.entry ?? ''));
    say(this.stub, shown || columns.length === 0 ? '' : `… ${this.onDisk(server)}`);
    say(this.brief, words.t('disk.end', {zxid: this.onDisk(server)}));
    const risk = this.riskOf(server);
    say(this.risk, risk);
    this.risk.hidden = risk === '';
    this.root.setAttribute('aria-label', this.description(server, look, risk));
  }

  /** Where what is on its disk ends. @param {Server} server */
  onDisk(server) {
    if (server.damaged) return this.words.t('disk.damaged');
    const there = server.log.findLast(({entry}) => entry === 'synced' || entry === 'base');
    return there ? `${there.epoch}:${there.to}` : '0:0';
  }

  /** What a loss of power would take, or has taken; '': nothing. @param {Server} server */
  riskOf(server) {
    const claimed = rangeOf(server, 'claimed');
    if (claimed) return this.words.t('risk.claimed', {zxid: claimed});
    const doubt = rangeOf(server, 'doubt');
    if (doubt) return this.words.t('risk.doubt', {zxid: doubt});
    const held = rangeOf(server, 'volatile');
    return held ? this.words.t('risk', {zxid: held}) : '';
  }

  /** @param {Server} server @param {string} look @param {string} risk */
  description(server, look, risk) {
    const {words} = this;
    const said = words.t('stage.server', {name: this.name, role: words.t(`role.${look}`),
                                          epoch: server.current, zxid: this.onDisk(server),
                                          last: zxidText(lastOf(server))});
    return risk ? `${said}${words.t('comma')}${risk}` : said;
  }
}
