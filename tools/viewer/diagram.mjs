// @ts-check
// The space-time diagram: a lane for each server and client, time downwards; messages between them.
import {colorOfEpoch, colorsOf, cross, fitCanvas, haloText} from './drawing.mjs';
import {formatTime, lowerBound} from './trace.mjs';

const FONT = '-apple-system, "Segoe UI", "Noto Sans CJK SC", sans-serif';
const HEAD = 26;        // px: where the names stand.
const CURSOR_AT = 0.6;  // Of the height.
const NEAR = 9;         // px: an event that is so near is meant.
const DENSE = 2;        // px for an event below which there are bars instead.
const FUTURE = 0.3;

/** The look of messages beside the colour of the phase: width and dashes.
 *  @type {Record<string, [number, number[]]>} */
const LOOKS = {ACK: [1.5, [5, 3]], COMMIT: [2.8, []]};

export class Diagram {
  /** @type {CanvasRenderingContext2D} */ context;
  width = 0;
  height = 0;
  /** @type {Record<string, string>} */ colors = {};
  zoomed = 11;  // px for a unit.
  /** @type {Map<number, {x: number, y: number}>} */
  fingers = new Map();

  /** @param {HTMLCanvasElement} canvas @param {import('./store.mjs').Store} store
   *  @param {ReturnType<import('./state.mjs').States['spans']>} spans
   *  @param {import('./stage/flights.mjs').Flights} flights @param {import('./lesson.mjs').Lesson} lesson
   *  @param {import('./captions.mjs').Captions} words @param {import('./glossary.mjs').Tip} tip */
  constructor(canvas, store, spans, flights, lesson, words, tip) {
    this.canvas = canvas;
    this.store = store;
    this.spans = spans;
    this.flights = flights;
    this.lesson = lesson;
    this.words = words;
    this.tip = tip;
    this.lanes = lanesOf(store.trace);
    canvas.addEventListener('pointerdown', (event) => this.press(event));
    canvas.addEventListener('pointermove', (event) => this.move(event));
    canvas.addEventListener('pointerup', (event) => this.release(event));
    canvas.addEventListener('pointercancel', (event) => this.release(event));
    canvas.addEventListener('pointerleave', () => tip.hide());
    canvas.addEventListener('wheel', (event) => {
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY / 300));
    }, {passive: false});
  }

  /** @param {number} factor */
  zoom(factor) {
    this.zoomed = Math.min(120, Math.max(0.05, this.zoomed * factor));
    this.store.changed();
  }

  /** @param {number} node */
  x(node) {
    const at = this.lanes.indexOf(node);
    return ((at + 0.5) / this.lanes.length) * this.width;
  }
  /** @param {number} time ns */
  y(time) {
    const {axis, now} = this.store;
    return this.middle + (axis.unitsOf(time) - axis.unitsOf(now)) * this.zoomed;
  }
  /** @param {number} y @returns {number} ns */
  timeAt(y) {
    const {axis, now} = this.store;
    return axis.timeOf(axis.unitsOf(now) + (y - this.middle) / this.zoomed);
  }
  get middle() { return HEAD + (this.height - HEAD) * CURSOR_AT; }

  draw() {
    const {store} = this;
    const fitted = fitCanvas(this.canvas);
    if (!fitted || store.shown.length === 0) return;
    const [context, width, height] = fitted;
    Object.assign(this, {context, width, height});
    this.colors = colorsOf(this.canvas);
    const {trace, shown} = store;
    const [first, last] = [this.timeAt(HEAD), this.timeAt(height)];
    const from = store.position(lowerBound(trace.time, first));
    const to = Math.min(store.position(lowerBound(trace.time, last + 1)), store.position(this.lesson.horizon + 1));
    const dense = (to - from) * DENSE > height;
    this.canvas.dataset.detail = dense ? 'density' : 'events';
    this.drawLanes(trace.time[Math.min(this.lesson.horizon, trace.count - 1)]);
    if (dense) {
      this.drawDensity(from, to);
    } else {
      this.drawMessages(first, last);
      for (let at = from; at < to; ++at) this.drawEvent(shown[at]);
    }
    this.drawHead();
    this.drawCursor();
  }

  /** @param {number} known ns: later nothing is shown */
  drawLanes(known) {
    const {trace} = this.store;
    const c = this.context;
    const end = Math.min(this.height, this.y(known));
    for (const node of this.lanes) {
      if (node <= trace.meta.servers.length) continue;
      this.line(this.x(node), HEAD, this.x(node), end, this.colors.link, 1.5, [1, 5]);
    }
    for (const {node, state, epoch, from, to} of this.spans) {
      const top = Math.max(HEAD, this.y(trace.time[from]));
      const bottom = Math.min(end, to < trace.count ? this.y(trace.time[to]) : Infinity);
      if (bottom <= top) continue;
      const x = this.x(node);
      if (state === 'LEADS') this.line(x, top, x, bottom, colorOfEpoch(this.colors, epoch), 5, []);
      else if (state === 'DOWN') this.line(x, top, x, bottom, this.colors.fault, 2, [1, 5]);
      else if (state === 'LOOKING') this.line(x, top, x, bottom, this.colors.election, 2.5, [4, 4]);
      else if (state === 'PAUSED') this.line(x, top, x, bottom, this.colors.link, 3, [2, 4]);
      else this.line(x, top, x, bottom, this.colors.link, 1.5, []);
    }
    if (end >= this.height || this.lesson.horizon === Infinity) return;
    c.fillStyle = this.colors.soft;
    c.font = `600 12px ${FONT}`;
    c.textAlign = 'center';
    c.fillText(this.words.t('overview.unknown'), this.width / 2, Math.min(this.height - 12, end + 44));
    c.textAlign = 'left';
  }

  /** @param {number} x @param {number} y @param {number} toX @param {number} toY @param {string} color
   *  @param {number} width @param {number[]} dash */
  line(x, y, toX, toY, color, width, dash) {
    const c = this.context;
    c.strokeStyle = color;
    c.lineWidth = width;
    c.setLineDash(dash);
    c.beginPath();
    c.moveTo(x, y);
    c.lineTo(toX, toY);
    c.stroke();
    c.setLineDash([]);
  }

  /** @param {number} from @param {number} to positions */
  drawDensity(from, to) {
    const {trace, shown} = this.store;
    const rows = Math.ceil(this.height);
    const bins = new Uint32Array(trace.names.length * rows);
    for (let at = from; at < to; ++at) {
      const y = Math.round(this.y(trace.time[shown[at]]));
      if (y >= HEAD && y < rows) ++bins[trace.node[shown[at]] * rows + y];
    }
    this.context.fillStyle = this.colors.ink;
    for (const node of this.lanes) {
      for (let y = HEAD; y < rows; ++y) {
        const count = bins[node * rows + y];
        if (count === 0) continue;
        const wide = Math.min((this.width / this.lanes.length) * 0.8, 2 + 3 * Math.log2(count + 1));
        this.context.fillRect(this.x(node) - wide / 2, y, wide, 1);
      }
    }
  }

  /** @param {number} first @param {number} last ns */
  drawMessages(first, last) {
    const {store} = this;
    const known = store.trace.time[Math.min(this.lesson.horizon, store.trace.count - 1)];
    const {starts, all} = this.flights;
    const labels = [];
    const end = lowerBound(starts, Math.min(last, known) + 1);
    for (let k = lowerBound(starts, first - 2e9); k < end; ++k) {
      const flight = all[k];
      if (flight.end < first || (flight.kind === 'PING' && !store.heartbeats)) continue;
      this.drawMessage(flight);
      if (flight.start <= store.now && store.now < flight.end) labels.push(flight);
    }
    if (this.width > 240) this.drawLabels(labels);
  }

  /** @param {import('./stage/flights.mjs').Flight} flight */
  drawMessage({event, from, to, start, end, lost, kind, phase}) {
    const c = this.context;
    const [width, dash] = LOOKS[kind] ?? [1.6, []];
    const [x, y] = [this.x(from), this.y(start)];
    const share = lost ? 0.45 : 1;
    const endX = x + (this.x(to) - x) * share;
    const endY = lost ? y + 14 : this.y(end);
    const color = lost ? this.colors.fault : this.colors[phase];
    c.globalAlpha = this.alphaOf(event, start);
    this.line(x, y, endX, endY, color, width, dash);
    if (lost) cross(c, endX, endY, 4, color);
    else this.drawTip(x, y, endX, endY, color);
    c.globalAlpha = 1;
  }

  /** The future is pencil; what does not stand out is paler still. @param {number} event
   *  @param {number} time ns */
  alphaOf(event, time) {
    if (!this.store.standsOut(event)) return 0.12;
    return time > this.store.now ? FUTURE : 1;
  }

  /** @param {number} x @param {number} y @param {number} toX @param {number} toY @param {string} color */
  drawTip(x, y, toX, toY, color) {
    const c = this.context;
    const angle = Math.atan2(toY - y, toX - x);
    c.fillStyle = color;
    c.beginPath();
    c.moveTo(toX, toY);
    for (const turn of [2.7, -2.7]) c.lineTo(toX + 7 * Math.cos(angle + turn), toY + 7 * Math.sin(angle + turn));
    c.fill();
  }

  /** Names of messages in flight, where there is room. @param {import('./stage/flights.mjs').Flight[]} flights */
  drawLabels(flights) {
    const c = this.context;
    /** @type {[number, number][]} */
    const taken = [];
    c.font = `600 10px ${FONT}`;
    c.textAlign = 'center';
    for (const {event, from, to, start, end, lost, kind, phase} of flights) {
      const [x, y, toX, toY] = [this.x(from), this.y(start), this.x(to), lost ? this.y(start) + 14 : this.y(end)];
      const place = [0.5, 0.3, 0.72].map((share) => /** @type {[number, number]} */ ([x + (toX - x) * share, y + (toY - y) * share]))
          .find(([atX, atY]) => !taken.some(([a, b]) => Math.abs(a - atX) < 78 && Math.abs(b - atY) < 13));
      if (!place) continue;
      taken.push(place);
      c.fillStyle = lost ? this.colors.fault : this.colors[phase];
      haloText(c, this.nameOf(event, kind), place[0], place[1] - 4, this.colors.panel);
    }
    c.textAlign = 'left';
  }

  /** @param {number} event @param {string} kind */
  nameOf(event, kind) {
    const {trace} = this.store;
    const name = kind === kind.toUpperCase() ? kind : this.words.t(`message.${kind}`);
    return trace.hasZxid(event) && trace.zxidCounter[event] > 0 ? `${name} ${trace.zxid(event)}` : name;
  }

  /** @param {number} i */
  drawEvent(i) {
    const {trace} = this.store;
    if (trace.node[i] === 0 || !this.lanes.includes(trace.node[i])) return;
    const c = this.context;
    const [x, y] = [this.x(trace.node[i]), this.y(trace.time[i])];
    const color = trace.hasZxid(i) ? colorOfEpoch(this.colors, trace.zxidEpoch[i]) : this.colors.soft;
    c.globalAlpha = this.alphaOf(i, trace.time[i]);
    c.fillStyle = c.strokeStyle = color;
    c.lineWidth = 1.7;
    c.setLineDash([]);
    c.beginPath();
    switch (trace.on(i)) {
      case 'logged': case 'synced':  // In the page cache, on the disk.
        c.rect(x - 4, y - 4, 8, 8);
        if (trace.on(i) === 'logged') c.fillStyle = this.colors.panel;
        c.fill();
        c.stroke();
        break;
      case 'committed': case 'established':
        c.arc(x, y, 5.5, 0, 7);
        c.fillStyle = this.colors.panel;
        c.fill();
        c.stroke();
        break;
      default:
        if (trace.isFault(i)) cross(c, x, y, 4, this.colors.fault);
        else if (!trace.isMessage(i)) c.arc(x, y, trace.milestone[i] ? 3.4 : 2.2, 0, 7), c.fill();
    }
    c.globalAlpha = 1;
  }

  drawHead() {
    const {trace, node} = this.store;
    const c = this.context;
    c.fillStyle = this.colors.panel;
    c.fillRect(0, 0, this.width, HEAD);
    c.font = `700 ${Math.min(12, (0.4 * this.width) / this.lanes.length)}px ${FONT}`;
    c.textAlign = 'center';
    for (const lane of this.lanes) {
      c.fillStyle = lane === node ? this.colors.accent : this.colors.ink;
      c.fillText(trace.names[lane], this.x(lane), HEAD / 2);
    }
    c.textAlign = 'left';
  }

  drawCursor() {
    const c = this.context;
    this.line(0, this.middle, this.width, this.middle, this.colors.accent, 1.6, []);
    c.font = `700 10.5px ${FONT}`;
    c.textAlign = 'right';
    c.fillStyle = this.colors.accent;
    haloText(c, formatTime(Math.round(this.store.now / 1e4) * 1e4), this.width - 6, this.middle - 8, this.colors.panel);
    c.textAlign = 'left';
  }

  // ---- By hand -------------------------------------------------------------------------------------

  /** @param {PointerEvent} event */
  press(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, {x: event.clientX, y: event.clientY});
    this.moved = 0;
    this.store.set({playing: false});
  }

  /** Drags through time, pinches, or names what is under the pointer. @param {PointerEvent} event */
  move(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return this.name(event);
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    const at = {x: event.clientX, y: event.clientY};
    this.fingers.set(event.pointerId, at);
    this.moved = (this.moved ?? 0) + Math.abs(at.y - before.y) + Math.abs(at.x - before.x);
    if (other) {
      const distance = (/** @type {{x: number, y: number}} */ from) => Math.hypot(from.x - other.x, from.y - other.y);
      if (distance(before) > 0) this.zoom(distance(at) / distance(before));
    } else if (this.moved > 4) {
      this.store.moveTo(this.timeAt(this.middle - (at.y - before.y)));
    }
  }

  /** A press without a way is a click. @param {PointerEvent} event */
  release(event) {
    const alone = this.fingers.size === 1;
    this.fingers.delete(event.pointerId);
    if (event.type !== 'pointerup' || !alone || (this.moved ?? 0) > 4) return;
    const {x, y} = this.inside(event);
    const {store} = this;
    const lane = this.lanes[Math.floor((x / this.width) * this.lanes.length)];
    if (y < HEAD) return store.set({node: store.node === lane ? 0 : lane});
    const found = this.eventAt(x, y);
    if (found >= 0) store.seek(found);
    else store.moveTo(this.timeAt(y));
  }

  /** @param {PointerEvent} event */
  inside(event) {
    const box = this.canvas.getBoundingClientRect();
    return {x: event.clientX - box.left, y: event.clientY - box.top};
  }

  /** The nearest event, else the sending of the nearest message; -1: none. @param {number} x
   *  @param {number} y */
  eventAt(x, y) {
    const {trace, shown} = this.store;
    const reach = (/** @type {number} */ by) => this.store.position(lowerBound(trace.time, this.timeAt(y + by)));
    let [best, least] = [-1, NEAR];
    for (let at = reach(-NEAR); at < Math.min(shown.length, reach(NEAR) + 1); ++at) {
      const i = shown[at];
      if (i > this.lesson.horizon || !this.lanes.includes(trace.node[i])) continue;
      const away = Math.hypot(this.x(trace.node[i]) - x, this.y(trace.time[i]) - y);
      if (away < least) [best, least] = [i, away];
    }
    return best >= 0 ? best : this.messageAt(x, y);
  }

  /** @param {number} x @param {number} y */
  messageAt(x, y) {
    const {all, starts} = this.flights;
    const known = this.store.trace.time[Math.min(this.lesson.horizon, this.store.trace.count - 1)];
    const last = lowerBound(starts, Math.min(this.timeAt(y + NEAR), known) + 1);
    let [best, least] = [-1, 6];
    for (let k = Math.max(0, last - 400); k < last; ++k) {
      const {event, from, to, start, end, kind, lost} = all[k];
      if (lost || (kind === 'PING' && !this.store.heartbeats)) continue;
      const share = (x - this.x(from)) / (this.x(to) - this.x(from) || 1);
      const away = Math.abs(this.y(start) + (this.y(end) - this.y(start)) * share - y);
      if (share > 0 && share < 1 && away < least) [best, least] = [event, away];
    }
    return best;
  }

  /** @param {PointerEvent} event */
  name(event) {
    const {x, y} = this.inside(event);
    const found = y < HEAD ? -1 : this.eventAt(x, y);
    this.canvas.style.cursor = found >= 0 ? 'pointer' : '';
    if (found < 0) return this.tip.hide();
    const {trace} = this.store;
    this.tip.showAt(event.clientX, event.clientY,
                    `${formatTime(trace.time[found])} ${this.words.say(found, 'what')}`);
  }
}

/** The nodes that have a lane, from left to right: clients on both sides of the servers, of which the
 *  last stands on top of the stage, in the middle.
 *  @param {import('./trace.mjs').Trace} trace */
function lanesOf(trace) {
  const count = trace.meta.servers.length;
  const active = new Set();
  for (let i = 0; i < trace.count; ++i) if (trace.node[i] > count) active.add(trace.node[i]);
  const clients = [...active].sort((a, b) => a - b);
  const servers = Array.from({length: count}, (_, k) => k + 1);
  if (count === 3) [servers[1], servers[2]] = [3, 2];
  return [...clients.filter((_, k) => k % 2 === 0), ...servers, ...clients.filter((_, k) => k % 2 === 1)];
}
