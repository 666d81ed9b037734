// @ts-check
// The strip at the top: the density of events over time, the leaders, the faults.
import {Store} from './store.mjs';
import {colorsOf, fitCanvas} from './drawing.mjs';

export class Overview {
  /** @param {HTMLCanvasElement} canvas @param {Store} store */
  constructor(canvas, store) {
    this.canvas = canvas;
    this.store = store;
    const {trace} = store;
    this.end = Math.max(1, trace.time[trace.count - 1] ?? 1);
    this.faults = [];
    this.leaders = [];
    for (let i = 0; i < trace.count; ++i) {
      if (trace.isFault(i)) this.faults.push(i);
      if (trace.on(i) === 'established') this.leaders.push(i);
    }
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.seek(event);
    });
    canvas.addEventListener('pointermove', (event) => {
      if (canvas.hasPointerCapture(event.pointerId)) this.seek(event);
    });
  }

  /** @param {PointerEvent} event */
  seek(event) {
    const box = this.canvas.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    this.store.seek(this.store.trace.atTime(share * this.end));
  }

  draw() {
    const fitted = fitCanvas(this.canvas);
    if (!fitted) return;
    const [c, width, height] = fitted;
    const {trace, cursor} = this.store;
    const colors = colorsOf(this.canvas);
    const x = (/** @type {number} */ i) => (trace.time[i] / this.end) * width;
    const bins = new Uint32Array(Math.ceil(width) + 1);
    for (const i of this.store.shown) ++bins[Math.floor(x(i))];
    const most = Math.log2(Math.max(...bins) + 1);
    c.fillStyle = colors.line;
    bins.forEach((count, column) => {
      const bar = count === 0 ? 0 : (Math.log2(count + 1) / most) * (height - 14);
      c.fillRect(column, height - bar, 1, bar);
    });
    c.font = '11px system-ui, sans-serif';
    for (const i of this.leaders) {
      c.fillStyle = colors.leader;
      c.fillRect(x(i), 0, 2, height);
      c.fillText(`★ ${trace.by(i)} e${trace.epoch[i]}`, Math.min(x(i) + 4, width - 48), 10);
    }
    c.fillStyle = colors.fault;
    for (const i of this.faults) {
      c.beginPath();
      c.moveTo(x(i) - 4, 12);
      c.lineTo(x(i) + 4, 12);
      c.lineTo(x(i), 19);
      c.fill();
    }
    for (const violation of trace.meta.result.violations) {
      c.fillRect((violation.time / this.end) * width - 1, 0, 3, height);
    }
    c.fillStyle = colors.accent;
    c.fillRect(x(cursor) - 1, 0, 2, height);
  }
}
