// @ts-check
// The space-time diagram: a lane for each server and client, events on it, messages between them.
import {Store} from './store.mjs';
import {States} from './state.mjs';
import {formatTime, lowerBound} from './trace.mjs';
import {colorsOf, fitCanvas} from './drawing.mjs';

const GUTTER = 46;  // Where the names stand.
const DENSE = 3;    // Pixels for an event below which there are bars instead.

/** How a message is drawn: colour, width, dashes. @type {Record<string, [string, number, number[]]>} */
const MESSAGES = {
  PROPOSAL: ['propose', 1.5, []],
  ACK: ['ack', 1.2, [5, 3]],
  COMMIT: ['commit', 2.5, []],
  NOTIFICATION: ['vote', 1, [2, 3]],
};
/** @type {[string, number, number[]]} */
const OTHER_MESSAGE = ['sync', 1.2, []];

export class Lanes {
  // While it draws: where, how large (in CSS pixels), in which colours.
  /** @type {CanvasRenderingContext2D} */ context;
  width = 0;
  height = 0;
  /** @type {Record<string, string>} */ colors = {};

  /** @param {HTMLCanvasElement} canvas @param {Store} store @param {States} states */
  constructor(canvas, store, states) {
    this.canvas = canvas;
    this.store = store;
    this.down = states.downTimes();
    canvas.addEventListener('click', (event) => this.click(event));
    canvas.addEventListener('wheel', (event) => this.wheel(event), {passive: false});
  }

  /** @param {number} i @returns {number} its place along the axis, in units of the scale */
  along(i) {
    return this.store.axis === 'order' ? this.store.position(i) : this.store.trace.time[i] / 1e6;
  }

  /** @param {number} i */
  x(i) {
    return this.middle + (this.along(i) - this.along(this.store.cursor)) * this.store.scale;
  }

  get middle() { return GUTTER + (this.width - GUTTER) * 0.6; }
  /** @param {number} node */
  y(node) { return this.top + (node - 0.5) * this.laneHeight; }
  get top() { return 18; }
  get laneHeight() { return (this.height - this.top) / Math.max(1, this.store.trace.names.length - 1); }

  /** The shown events in view, as positions. @returns {[number, number]} */
  range() {
    const {store} = this;
    const left = this.along(store.cursor) - (this.middle - GUTTER) / store.scale;
    const right = this.along(store.cursor) + (this.width - this.middle) / store.scale;
    if (store.axis === 'order') {
      return [Math.max(0, Math.floor(left)), Math.min(store.shown.length, Math.ceil(right) + 1)];
    }
    const {time} = store.trace;
    return [store.position(lowerBound(time, left * 1e6)),
            store.position(lowerBound(time, right * 1e6 + 1))];
  }

  draw() {
    const {store} = this;
    const fitted = fitCanvas(this.canvas);
    if (!fitted || store.shown.length === 0) return;
    const [context, width, height] = fitted;
    Object.assign(this, {context, width, height});
    this.colors = colorsOf(this.canvas);
    const [from, to] = this.range();
    this.drawLanes();
    const dense = (to - from) * DENSE > this.width;
    this.canvas.dataset.detail = dense ? 'density' : 'events';
    if (dense) {
      this.drawDensity(from, to);
    } else {
      this.drawMessages(from, to);
      for (let at = from; at < to; ++at) this.drawEvent(store.shown[at]);
    }
    this.drawCursor();
  }

  drawLanes() {
    const {trace, node} = this.store;
    const c = this.context;
    c.font = '12px system-ui, sans-serif';
    c.textBaseline = 'middle';
    for (let n = 1; n < trace.names.length; ++n) {
      const y = this.y(n);
      c.strokeStyle = this.colors.line;
      c.lineWidth = n === node ? 3 : 1;
      c.beginPath();
      c.moveTo(GUTTER, y);
      c.lineTo(this.width, y);
      c.stroke();
      for (const [from, to] of this.down[n - 1] ?? []) this.drawDown(y, from, to);
      c.fillStyle = n === node ? this.colors.accent : this.colors.text;
      c.fillText(trace.names[n], 6, y);
    }
  }

  /** @param {number} y @param {number} from @param {number} to events */
  drawDown(y, from, to) {
    const c = this.context;
    const left = Math.max(GUTTER, this.x(from));
    const right = Math.min(this.width, to < this.store.trace.count ? this.x(to) : this.width);
    c.strokeStyle = this.colors.fault;
    c.lineWidth = 1;
    for (let x = left; x < right; x += 6) {
      c.beginPath();
      c.moveTo(x, y + 4);
      c.lineTo(Math.min(x + 6, right), y - 4);
      c.stroke();
    }
  }

  /** @param {number} from @param {number} to positions */
  drawDensity(from, to) {
    const {store} = this;
    const bins = new Uint32Array(this.store.trace.names.length * Math.ceil(this.width));
    const columns = Math.ceil(this.width);
    for (let at = from; at < to; ++at) {
      const i = store.shown[at];
      const x = Math.round(this.x(i));
      if (x >= GUTTER && x < columns) ++bins[store.trace.node[i] * columns + x];
    }
    this.context.fillStyle = this.colors.text;
    for (let n = 1; n < store.trace.names.length; ++n) {
      for (let x = GUTTER; x < columns; ++x) {
        const count = bins[n * columns + x];
        if (count === 0) continue;
        const height = Math.min(this.laneHeight * 0.8, 2 + 2 * Math.log2(count + 1));
        this.context.fillRect(x, this.y(n) - height / 2, 1, height);
      }
    }
  }

  /** @param {number} from @param {number} to positions */
  drawMessages(from, to) {
    const {store} = this;
    const {trace} = store;
    for (let at = from; at < to; ++at) {
      const i = store.shown[at];
      if (trace.on(i) === 'msg_sent') {
        this.drawMessage(i, trace.deliveredAt[i]);
      } else if (trace.on(i) === 'msg_delivered') {
        const sent = trace.cause[i];
        if (sent >= 0 && store.position(sent) < from) this.drawMessage(sent, i);
      }
    }
  }

  /** @param {number} sent @param {number} delivered -1: it never came */
  drawMessage(sent, delivered) {
    const {trace} = this.store;
    const c = this.context;
    const [color, width, dash] = MESSAGES[trace.kindOf(sent)] ?? OTHER_MESSAGE;
    const x = this.x(sent);
    const y = this.y(trace.node[sent]);
    const toY = this.y(trace.peer[sent]);
    const lost = delivered < 0;
    const endX = lost ? x + 14 : this.x(delivered);
    const endY = lost ? y + Math.sign(toY - y) * this.laneHeight * 0.4 : toY;
    c.globalAlpha = this.store.standsOut(sent) ? 1 : 0.15;
    c.strokeStyle = this.colors[color];
    c.fillStyle = this.colors[color];
    c.lineWidth = width;
    c.setLineDash(dash);
    c.beginPath();
    c.moveTo(x, y);
    c.lineTo(endX, endY);
    c.stroke();
    c.setLineDash([]);
    if (lost) this.drawCross(endX, endY);
    else this.drawHead(x, y, endX, endY);
    c.globalAlpha = 1;
  }

  /** @param {number} x @param {number} y */
  drawCross(x, y) {
    const c = this.context;
    c.strokeStyle = this.colors.fault;
    c.lineWidth = 2;
    c.beginPath();
    c.moveTo(x - 4, y - 4);
    c.lineTo(x + 4, y + 4);
    c.moveTo(x + 4, y - 4);
    c.lineTo(x - 4, y + 4);
    c.stroke();
  }

  /** An arrow's head. @param {number} x @param {number} y @param {number} toX @param {number} toY */
  drawHead(x, y, toX, toY) {
    const c = this.context;
    const angle = Math.atan2(toY - y, toX - x);
    c.beginPath();
    c.moveTo(toX, toY);
    for (const turn of [2.7, -2.7]) {
      c.lineTo(toX + 7 * Math.cos(angle + turn), toY + 7 * Math.sin(angle + turn));
    }
    c.fill();
  }

  /** @param {number} i */
  drawEvent(i) {
    const {trace} = this.store;
    if (trace.node[i] === 0) return;
    const c = this.context;
    const x = this.x(i);
    const y = this.y(trace.node[i]);
    const fault = trace.isFault(i);
    c.globalAlpha = this.store.standsOut(i) ? 1 : 0.2;
    c.fillStyle = fault ? this.colors.fault : this.colors.text;
    c.beginPath();
    if (fault) {
      this.drawCross(x, y);
    } else if (trace.milestone[i]) {
      c.moveTo(x, y - 6);
      c.lineTo(x + 6, y);
      c.lineTo(x, y + 6);
      c.lineTo(x - 6, y);
    } else {
      c.arc(x, y, trace.isMessage(i) ? 1.5 : 3, 0, 7);
    }
    c.fill();
    c.globalAlpha = 1;
  }

  drawCursor() {
    const {trace, cursor} = this.store;
    const c = this.context;
    c.strokeStyle = this.colors.accent;
    c.lineWidth = 2;
    c.beginPath();
    c.moveTo(this.middle, this.top);
    c.lineTo(this.middle, this.height);
    c.stroke();
    c.fillStyle = this.colors.accent;
    c.fillText(formatTime(trace.time[cursor]), this.middle + 4, 9);
    if (trace.node[cursor] === 0) return;
    c.beginPath();
    c.arc(this.middle, this.y(trace.node[cursor]), 8, 0, 7);
    c.stroke();
  }

  /** To the event at that place, and to its lane. @param {MouseEvent} event */
  click(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    const {store} = this;
    const node = Math.min(store.trace.names.length - 1,
                          Math.max(1, Math.ceil((y - this.top) / this.laneHeight)));
    if (x < GUTTER) return store.set({node: store.node === node ? 0 : node});
    const [from, to] = this.range();
    let best = -1;
    let distance = Infinity;
    for (let at = from; at < to; ++at) {
      const i = store.shown[at];
      const away = Math.abs(this.x(i) - x) + (store.trace.node[i] === node ? 0 : 12);
      if (away < distance) [best, distance] = [i, away];
    }
    if (best >= 0) store.seek(best);
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    event.preventDefault();
    if (event.ctrlKey) this.zoom(event.deltaY < 0 ? 1.25 : 0.8);
    else this.store.step(Math.sign(event.deltaY || event.deltaX));
  }

  /** @param {number} factor */
  zoom(factor) {
    this.store.set({scale: Math.min(80, Math.max(0.01, this.store.scale * factor))});
  }
}
