// @ts-check
// The quorum meter of one write: an arc for each server, where it stands, filled as far as the write
// has got there.
import {parseZxid, pieceOf} from '../state.mjs';
import {epochColor, html, say, svg} from './elements.mjs';

const RADIUS = 40;

/** How far the write is in a server. @param {import('../state.mjs').Piece | undefined} piece */
function arcOf(piece) {
  if (!piece || piece.entry === 'absent') return '';
  if (piece.counted) return piece.entry === 'claimed' ? 'counted claimed' : 'counted';
  return piece.entry === 'synced' || piece.entry === 'base' ? 'disk' : 'cache';
}

export class Meter {
  /** @param {HTMLElement} root @param {import('../words.mjs').Words} words @param {number} quorum */
  constructor(root, words, quorum) {
    this.root = root;
    this.words = words;
    this.quorum = quorum;
    this.picture = svg('svg', {viewBox: '-50 -50 100 100', 'aria-hidden': 'true'});
    this.zxid = svg('text', {class: 'zxid', y: 1});
    this.count = svg('text', {class: 'count', y: 16});
    this.arcs = svg('g', {});
    this.picture.append(svg('circle', {r: 46, class: 'ground'}), svg('circle', {r: 48, class: 'ring'}),
                        this.arcs, this.zxid, this.count);
    this.said = html('p');
    root.append(this.picture, this.said);
  }

  /** @param {string} zxid '': none yet @param {import('../state.mjs').Server[]} servers
   *  @param {number[]} angles in radians, of the servers as seen from the meter */
  draw(zxid, servers, angles) {
    this.root.hidden = zxid === '';
    if (!zxid) return;
    const wanted = parseZxid(zxid);
    const pieces = servers.map((server) => pieceOf(server, wanted));
    const counted = pieces.filter((piece) => piece?.counted).length;
    const done = pieces.some((piece) => piece?.committed);
    this.root.style.setProperty('--c', epochColor(wanted.epoch));
    this.root.classList.toggle('done', done);
    this.arcs.replaceChildren(...pieces.map((piece, k) => (
      svg('path', {class: `arc ${arcOf(piece)}`, d: arcAround(angles[k], Math.PI / servers.length - 0.12)}))));
    say(this.zxid, zxid);
    say(this.count, done ? '✓' : `${counted} / ${this.quorum}`);
    const disks = pieces.filter((piece) => piece?.entry === 'synced' || piece?.entry === 'base').length;
    say(this.said, done ? this.words.t('meter.done', {disks})
                        : this.words.t('meter', {counted, quorum: this.quorum}));
  }
}

/** @param {number} middle @param {number} half radians */
function arcAround(middle, half) {
  const at = (/** @type {number} */ angle) =>
    `${(RADIUS * Math.cos(angle)).toFixed(2)} ${(RADIUS * Math.sin(angle)).toFixed(2)}`;
  return `M${at(middle - half)}A${RADIUS} ${RADIUS} 0 0 1 ${at(middle + half)}`;
}
