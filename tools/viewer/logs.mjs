// @ts-check
// The logs: what each server has written, how much of it is on its disk, and how far it
// is applied.
import {Store} from './store.mjs';
import {States, compareZxids, lastOf, zxidText} from './state.mjs';
import {Words} from './words.mjs';

const COLUMNS = 7;

/** @typedef {import('./state.mjs').Zxid} Zxid */

/** The newest entries of all servers, oldest first. @param {import('./state.mjs').Server[]} servers
 *  @returns {Zxid[]} */
function newestZxids(servers) {
  /** @type {Map<string, Zxid>} */
  const found = new Map();
  for (const server of servers) {
    for (const {epoch, from, to} of server.log.slice(-4)) {
      for (let counter = to; counter >= Math.max(from, to - COLUMNS); --counter) {
        found.set(`${epoch}:${counter}`, {epoch, counter});
      }
    }
  }
  return [...found.values()].sort(compareZxids).slice(-COLUMNS);
}

/** @param {import('./state.mjs').Server} server @param {Zxid} zxid
 *  @returns {'synced' | 'volatile' | 'base' | 'absent' | 'claimed' | 'doubt'} */
function entryOf(server, zxid) {
  const based = compareZxids(zxid, server.base) <= 0;
  const has = based || server.log.some(({epoch, from, to}) => epoch === zxid.epoch &&
                                       from <= zxid.counter && zxid.counter <= to);
  if (!has) return 'absent';
  const claimed = based || compareZxids(zxid, server.synced) <= 0;
  const there = server.disk ? compareZxids(zxid, server.disk) <= 0 : claimed;
  if (there) return based ? 'base' : 'synced';
  if (server.doubt) return 'doubt';
  return claimed ? 'claimed' : 'volatile';
}

const GLYPHS = {synced: '■', volatile: '▨', base: '·', absent: '', claimed: '□', doubt: '?'};

/** @param {string} name @param {string} text @param {Record<string, string>} [attributes] */
function cell(name, text, attributes = {}) {
  const element = document.createElement(name);
  element.textContent = text;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

export class Logs {
  /** @param {HTMLTableElement} table @param {Store} store @param {States} states
   *  @param {Words} words */
  constructor(table, store, states, words) {
    this.table = table;
    this.store = store;
    this.states = states;
    this.words = words;
  }

  draw() {
    const {servers} = this.states.at(this.store.cursor);
    const zxids = newestZxids(servers);
    const head = document.createElement('tr');
    head.append(cell('th', this.words.t('logs.server'), {scope: 'col'}),
                cell('th', this.words.t('logs.last'), {scope: 'col'}),
                cell('th', this.words.t('logs.applied'), {scope: 'col'}));
    for (const zxid of zxids) {
      const text = zxidText(zxid);
      const column = cell('th', '', {scope: 'col',
                                     class: text === this.store.zxid ? 'followed' : ''});
      const follow = cell('button', text, {type: 'button',
                                           title: this.words.t('follow', {zxid: text})});
      follow.addEventListener('click', () => {
        this.store.set({zxid: this.store.zxid === text ? '' : text});
      });
      column.append(follow);
      head.append(column);
    }
    const rows = servers.map((server, k) => this.row(server, k + 1, zxids));
    this.table.replaceChildren(cell('caption', this.words.t('logs.caption')), head, ...rows);
  }

  /** @param {import('./state.mjs').Server} server @param {number} node @param {Zxid[]} zxids */
  row(server, node, zxids) {
    const up = server.role !== 'DOWN';
    const row = cell('tr', '', node === this.store.node ? {class: 'chosen'} : {});
    row.append(cell('th', this.store.trace.names[node], {scope: 'row'}),
               cell('td', server.damaged ? this.words.t('logs.damaged') : zxidText(lastOf(server))),
               cell('td', up ? zxidText(server.applied) : '–'));
    for (const zxid of zxids) {
      const entry = entryOf(server, zxid);
      const applied = up && entry !== 'absent' &&
                      compareZxids(zxid, server.applied) <= 0;
      const said = this.words.t(`logs.${entry}`) + (applied ? `, ${this.words.t('logs.applied')}` : '');
      row.append(cell('td', GLYPHS[entry], {class: `entry ${entry}${applied ? ' applied' : ''}`,
                                            title: `${zxidText(zxid)}: ${said}`,
                                            'aria-label': said}));
    }
    return row;
  }
}
