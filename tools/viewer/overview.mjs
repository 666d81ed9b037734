// @ts-check
// The whole run on one line: chapters, messages in the colours of their phases, who led when, faults.
import {Store} from './store.mjs';
import {colorOfEpoch, colorsOf, cross, fitCanvas, haloText} from './drawing.mjs';
import {formatTime} from './trace.mjs';

/** @typedef {import('./chapters.mjs').Chapter} Chapter */
const FONT = '-apple-system, "Segoe UI", "Noto Sans CJK SC", sans-serif';

export class Overview {
  /** @param {HTMLCanvasElement} canvas @param {Store} store
   *  @param {ReturnType<import('./state.mjs').States['spans']>} spans @param {Chapter[]} chapters
   *  @param {import('./stage/flights.mjs').Flights} flights
   *  @param {import('./lesson.mjs').Lesson} lesson @param {import('./captions.mjs').Captions} words */
  constructor(canvas, store, spans, chapters, flights, lesson, words) {
    this.canvas = canvas;
    this.store = store;
    this.led = spans.filter(({state}) => state === 'LEADS');
    this.chapters = chapters;
    this.flights = flights;
    this.lesson = lesson;
    this.words = words;
    this.faults = [];
    for (let i = 0; i < store.trace.count; ++i) if (store.trace.isFault(i)) this.faults.push(i);
    /** All but the cursor, as it was last drawn. */
    this.still = document.createElement('canvas');
    this.drawn = '';
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      store.set({playing: false});
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
    const {axis} = this.store;
    this.store.moveTo(axis.timeOf(share * axis.length));
  }

  /** @param {number} time ns @param {number} width */
  x(time, width) {
    const {axis} = this.store;
    return (axis.unitsOf(time) / (axis.length || 1)) * width;
  }

  draw() {
    const {store, canvas, words} = this;
    const colors = colorsOf(canvas);
    const key = [canvas.clientWidth, canvas.clientHeight, words.language, colors.ink, this.horizon,
                 store.heartbeats].join();
    const fitted = fitCanvas(canvas);
    if (!fitted) return;
    const [c, width, height] = fitted;
    if (key !== this.drawn) {
      this.drawStill(c, width, height, colors);
      this.still.width = canvas.width;
      this.still.height = canvas.height;
      this.still.getContext('2d')?.drawImage(canvas, 0, 0);
      this.drawn = key;
    } else {
      c.drawImage(this.still, 0, 0, width, height);
    }
    this.drawCursor(c, width, height, colors);
    const {axis} = store;
    canvas.setAttribute('aria-valuemax', String(Math.round(axis.length)));
    canvas.setAttribute('aria-valuenow', String(Math.round(axis.unitsOf(store.now))));
    if (!store.playing) {
      canvas.setAttribute('aria-valuetext', `${formatTime(store.trace.time[store.cursor] ?? 0)} ${words.say(store.cursor, 'what')}`);
    }
  }

  /** What comes later would give the answer to the next question away. */
  get horizon() { return this.lesson.horizon; }

  /** @param {CanvasRenderingContext2D} c @param {number} width @param {number} height
   *  @param {Record<string, string>} colors */
  drawStill(c, width, height, colors) {
    const {trace} = this.store;
    const known = Math.min(this.horizon, trace.count - 1);
    const end = this.x(trace.time[known] ?? 0, width);
    const line = height - 11;
    this.drawHairs(c, width, line, colors, trace.time[known] ?? 0);
    c.strokeStyle = colors.soft;
    c.setLineDash([2, 3]);
    c.beginPath();
    c.moveTo(0, line);
    c.lineTo(end, line);
    c.stroke();
    c.setLineDash([]);
    for (const span of this.led) if (span.from <= known) this.drawLed(c, span, known, width, line, colors);
    this.drawFaults(c, known, width, line, colors);
    this.drawChapters(c, known, width, colors);
    if (known < trace.count - 1) this.drawUnknown(c, end, width, height, colors);
  }

  /** A hair for a message. @param {CanvasRenderingContext2D} c @param {number} width
   *  @param {number} line @param {Record<string, string>} colors @param {number} until ns */
  drawHairs(c, width, line, colors, until) {
    const drawn = new Set();
    for (const {start, phase, kind} of this.flights.all) {
      if (start > until || (kind === 'PING' && !this.store.heartbeats)) continue;
      const x = Math.round(this.x(start, width));
      const key = `${x}${phase}`;
      if (drawn.has(key)) continue;
      drawn.add(key);
      c.fillStyle = colors[phase];
      c.globalAlpha = 0.7;
      c.fillRect(x, line - 16, 1, 8);
    }
    c.globalAlpha = 1;
  }

  /** @param {CanvasRenderingContext2D} c @param {Overview['led'][0]} span @param {number} known
   *  @param {number} width @param {number} line @param {Record<string, string>} colors */
  drawLed(c, span, known, width, line, colors) {
    const {trace} = this.store;
    const from = this.x(trace.time[span.from], width);
    const to = this.x(trace.time[Math.min(span.to, known)] ?? 0, width);
    c.fillStyle = colorOfEpoch(colors, span.epoch);
    c.beginPath();
    c.roundRect(from, line - 6, Math.max(2, to - from), 12, 3);
    c.fill();
    const text = `${trace.names[span.node]} ★ ${this.words.t('epoch', {epoch: span.epoch})}`;
    c.font = `700 10px ${FONT}`;
    c.fillStyle = colors['on-fill'];
    if (c.measureText(text).width + 24 < to - from) c.fillText(text, from + 12, line + 0.5);
  }

  /** @param {CanvasRenderingContext2D} c @param {number} known @param {number} width
   *  @param {number} line @param {Record<string, string>} colors */
  drawFaults(c, known, width, line, colors) {
    let free = -Infinity;
    for (const i of this.faults) {
      const x = this.x(this.store.trace.time[i], width);
      if (i > known || x < free) continue;
      free = x + 12;
      c.beginPath();
      c.arc(x, line, 8, 0, 7);
      c.fillStyle = colors.panel;
      c.strokeStyle = colors.fault;
      c.lineWidth = 1.6;
      c.fill();
      c.stroke();
      cross(c, x, line, 2.8, colors.fault);
    }
  }

  /** @param {CanvasRenderingContext2D} c @param {number} known @param {number} width
   *  @param {Record<string, string>} colors */
  drawChapters(c, known, width, colors) {
    const {trace, cursor} = this.store;
    const shown = this.chapters.filter(({event}) => event <= known);
    let free = -1;
    shown.forEach((chapter, k) => {
      const x = this.x(trace.time[chapter.event] ?? 0, width);
      const next = shown[k + 1] ? this.x(trace.time[shown[k + 1].event], width) : width;
      const text = this.words.t(`chapter.${chapter.name}`, {name: chapter.by, epoch: chapter.epoch});
      c.font = `600 11px ${FONT}`;
      const wide = c.measureText(text).width;
      if (x < free || x + wide + 8 > Math.min(width, Math.max(next, x + 40))) return;
      free = x + wide + 12;
      c.strokeStyle = colors.line;
      c.lineWidth = 1;
      c.beginPath();
      c.moveTo(x + 0.5, 2);
      c.lineTo(x + 0.5, 24);
      c.stroke();
      c.fillStyle = chapter.event <= cursor ? colors.ink : colors.soft;
      c.fillText(text, x + 5, 8);
    });
  }

  /** @param {CanvasRenderingContext2D} c @param {number} from @param {number} width
   *  @param {number} height @param {Record<string, string>} colors */
  drawUnknown(c, from, width, height, colors) {
    c.strokeStyle = colors.line;
    c.lineWidth = 1;
    for (let x = from + 4; x < width; x += 8) {
      c.beginPath();
      c.moveTo(x, height - 4);
      c.lineTo(x + 6, height - 18);
      c.stroke();
    }
    c.font = `600 11px ${FONT}`;
    c.fillStyle = colors.soft;
    const text = this.words.t('overview.unknown');
    if (width - from > c.measureText(text).width + 20) haloText(c, text, from + 12, height - 11, colors.panel);
  }

  /** @param {CanvasRenderingContext2D} c @param {number} width @param {number} height
   *  @param {Record<string, string>} colors */
  drawCursor(c, width, height, colors) {
    const x = Math.min(width - 1, Math.max(1, this.x(this.store.now, width)));
    c.fillStyle = colors.accent;
    c.fillRect(x - 1, 2, 2, height - 2);
    c.beginPath();
    c.moveTo(x - 6, 0);
    c.lineTo(x + 6, 0);
    c.lineTo(x + 6, 5);
    c.lineTo(x, 11);
    c.lineTo(x - 6, 5);
    c.fill();
  }
}
