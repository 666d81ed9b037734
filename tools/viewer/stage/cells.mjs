// @ts-check
// The cells of a server's log: what it believes, what is in the page cache, what is really on its
// disk.  A cell that changes its layer moves there.
import {pieceOf, zxidText} from '../state.mjs';
import {wantsStillness} from '../player.mjs';
import {epochColor, html} from './elements.mjs';

/** @typedef {{key: string, zxid: string, epoch: number, column: number, row: number, kind: string,
 *   text: string}} Cell */

const BELIEF = 0;
const CACHE = 1;
const DISK = 2;
const WASHED = 600;  // ms.

/** The cells that stand for one transaction in one server.
 *  @param {import('../state.mjs').Piece} piece @param {import('../state.mjs').Zxid} zxid
 *  @param {number} column @param {boolean} up @returns {Cell[]} */
function cellsOf(piece, zxid, column, up) {
  const text = zxidText(zxid);
  const cell = (/** @type {string} */ key, /** @type {number} */ row, /** @type {string} */ kind, said = text) => (
    {key: key + text, zxid: text, epoch: zxid.epoch, column, row, kind, text: said});
  const cells = [];
  if (up) {
    const marks = (piece.committed ? ' committed' : ' open') + (piece.applied ? ' applied' : '');
    cells.push(cell('belief', BELIEF, `belief${marks}`));
  }
  switch (piece.entry) {
    case 'volatile':
      cells.push(cell('body', CACHE, 'body cache'), cell('gap', DISK, 'missing', '?'));
      break;
    case 'claimed': cells.push(cell('gap', DISK, 'missing claimed', '✕')); break;
    case 'doubt': cells.push(cell('gap', DISK, 'missing', '?')); break;
    case 'synced': cells.push(cell('body', DISK, 'body disk')); break;
    case 'base': cells.push(cell('body', DISK, 'body disk based')); break;
    case 'absent': break;
  }
  return cells;
}

export class Cells {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {Map<string, HTMLElement>} */
    this.shown = new Map();
  }

  /** @param {import('../state.mjs').Server} server @param {import('../state.mjs').Zxid[]} columns
   *  @param {import('./places.mjs').Measures} stage @param {import('../words.mjs').Words} words */
  draw(server, columns, stage, words) {
    const up = server.role !== 'DOWN';
    /** @type {Map<string, Cell>} */
    const wanted = new Map();
    columns.forEach((zxid, column) => {
      const piece = pieceOf(server, zxid);
      if (!piece) return;
      for (const cell of cellsOf(piece, zxid, column, up)) wanted.set(cell.key, cell);
    });
    for (const [key, element] of this.shown) if (!wanted.has(key)) this.remove(key, element, up);
    for (const [key, cell] of wanted) this.place(key, cell, stage, words);
  }

  /** @param {string} key @param {Cell} cell @param {import('./places.mjs').Measures} stage
   *  @param {import('../words.mjs').Words} words */
  place(key, cell, stage, words) {
    const known = this.shown.get(key);
    const element = known ?? html('div');
    const at = stage.cellAt(cell.column, cell.row);
    if (!known) {
      element.append(html('span'), html('i', 'tick', '✓'));
      if (key.startsWith('body') && !wantsStillness()) {  // It sinks from the layer above.
        element.style.transform = `translate(${at.x}px,${stage.cellAt(cell.column, cell.row - 1).y}px)`;
        element.className = `cell ${cell.kind} entering`;
        this.root.append(element);
        element.getBoundingClientRect();
      }
      this.root.append(element);
      this.shown.set(key, element);
    }
    element.className = `cell ${cell.kind}`;
    element.style.fontSize = cell.text.length > 4 ? `${3.6 / cell.text.length}em` : '';
    element.dataset.zxid = cell.zxid;
    element.dataset.row = String(cell.row);
    element.style.transform = `translate(${at.x}px,${at.y}px)`;
    element.style.setProperty('--c', epochColor(cell.epoch));
    if (cell.kind.includes('claimed')) element.title = words.t('cell.claimed');
    else element.removeAttribute('title');
    const text = /** @type {HTMLElement} */ (element.firstChild);
    if (text.textContent !== cell.text) text.textContent = cell.text;
  }

  /** @param {string} key @param {HTMLElement} element @param {boolean} up */
  remove(key, element, up) {
    this.shown.delete(key);
    if (up || wantsStillness()) return element.remove();
    element.style.transform += ' translateY(26px) rotate(8deg)';
    element.classList.add('washed');
    setTimeout(() => element.remove(), WASHED);
  }
}
