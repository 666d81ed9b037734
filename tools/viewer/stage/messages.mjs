// @ts-check
// Messages on their way, at the place where virtual time has brought them.  A label that would cover
// another hangs back along its link; the tip of its trail is where the message is.
import {wantsStillness} from '../player.mjs';
import {epochColor, html, sign, svg} from './elements.mjs';
import {limit, wayBetween} from './places.mjs';

/** @typedef {import('./flights.mjs').Flight} Flight */

const MOST_SHOWN = 14;

export class Messages {
  /** @param {HTMLElement} root for labels @param {SVGElement} trails
   *  @param {import('../store.mjs').Store} store @param {import('../words.mjs').Words} words */
  constructor(root, trails, store, words) {
    this.root = root;
    this.trails = trails;
    this.store = store;
    this.words = words;
    /** By event. @type {Map<number, {label: HTMLElement, width: number, height: number}>} */
    this.labels = new Map();
  }

  /** @param {Flight[]} flights @param {(import('./places.mjs').Place | undefined)[]} places by node
   *  @param {import('./places.mjs').Measures} stage */
  draw(flights, places, stage) {
    const shown = flights.filter(({from, to}) => places[from] && places[to]).slice(0, MOST_SHOWN);
    for (const [event, {label}] of this.labels) {
      if (shown.some((flight) => flight.event === event)) continue;
      label.remove();
      this.labels.delete(event);
    }
    shown.sort((a, b) => a.end - b.end || a.event - b.event);
    /** @type {{x: number, y: number, width: number, height: number}[]} */
    const placed = [];
    this.trails.replaceChildren(...shown.map((flight) => this.place(flight, places, stage, placed)));
  }

  /** @param {Flight} flight */
  labelOf(flight) {
    const key = flight.event;
    const known = this.labels.get(key);
    if (known) return known;
    const label = html('div', `message phase-${flight.phase} ${flight.kind}`);
    if (flight.kind === 'ACK') label.append(sign('check'));
    const {trace} = this.store;
    label.append(flight.phase === 'client' && flight.kind !== flight.kind.toUpperCase()
        ? this.words.t(`message.${flight.kind}`) : flight.kind);
    if (trace.hasZxid(key) && trace.zxidCounter[key] > 0) {
      const zxid = html('span', 'zxid', trace.zxid(key));
      zxid.style.setProperty('--c', epochColor(trace.zxidEpoch[key]));
      label.append(zxid);
    }
    this.root.append(label);
    const made = {label, width: label.offsetWidth, height: label.offsetHeight};
    this.labels.set(key, made);
    return made;
  }

  /** How far along its way. @param {Flight} flight */
  shareOf({start, end, lost}) {
    if (wantsStillness()) return 0.5;
    const share = limit((this.store.now - start) / (end - start || 1), 0, 1);
    return lost ? Math.min(share * 1.4, 0.55) : share;
  }

  /** @param {Flight} flight @param {any[]} places @param {import('./places.mjs').Measures} stage
   *  @param {{x: number, y: number, width: number, height: number}[]} placed @returns {SVGElement} */
  place(flight, places, stage, placed) {
    const {label, width, height} = this.labelOf(flight);
    const [a, b] = wayBetween(places[flight.from], places[flight.to]);
    const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
    const along = {x: (b.x - a.x) / length, y: (b.y - a.y) / length};
    const aside = flight.phase === 'client' ? 0 : stage.phone ? 9 : 13;  // Each direction has its side.
    const from = {x: a.x + along.y * aside, y: a.y - along.x * aside};
    const share = this.shareOf(flight);
    const tip = {x: from.x + along.x * length * share, y: from.y + along.y * length * share};
    // The label keeps clear of both boxes.
    const room = Math.min(length / 2, Math.abs(along.x) * width / 2 + Math.abs(along.y) * height / 2);
    const clear = limit(length * share, room, length - room);
    const at = freePlace({x: from.x + along.x * clear, y: from.y + along.y * clear, width, height},
                         along, clear - room, placed);
    placed.push(at);
    const x = limit(at.x, width / 2 + 2, stage.width - width / 2 - 2);
    const dead = flight.lost && share >= 0.55;
    label.classList.toggle('dead', dead);
    label.style.transform = `translate(${x - width / 2}px,${at.y - height / 2}px)`;
    return svg('line', {class: `trail phase-${flight.phase}${dead ? ' dead' : ''}`, x1: from.x, y1: from.y,
                        x2: tip.x, y2: tip.y});
  }
}

/** Back along the way until it covers none of those that are there; forward, where there is no room.
 *  @param {{x: number, y: number, width: number, height: number}} label
 *  @param {{x: number, y: number}} along @param {number} room behind it
 *  @param {{x: number, y: number, width: number, height: number}[]} placed */
function freePlace(label, along, room, placed) {
  let {x, y} = label;
  for (let tries = 0; tries < 4; ++tries) {
    const other = placed.find((it) => Math.abs(it.x - x) < (it.width + label.width) / 2 + 3 &&
                                      Math.abs(it.y - y) < (it.height + label.height) / 2 + 3);
    if (!other) break;
    const down = ((other.height + label.height) / 2 + 4 + along.y * (y - other.y)) / Math.max(0.05, Math.abs(along.y));
    const right = ((other.width + label.width) / 2 + 4 + along.x * (x - other.x)) / Math.max(0.05, Math.abs(along.x));
    const back = Math.min(down, right);
    const by = back <= room ? -back : back;
    room += by;
    x += along.x * by;
    y += along.y * by;
  }
  return {...label, x, y};
}
