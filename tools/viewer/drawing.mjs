// @ts-check
// What the canvases share: their size, and the colours of the theme.

const NAMES = ['ink', 'soft', 'line', 'hair', 'panel', 'accent', 'on-fill', 'fault', 'link', 'client',
               'election', 'discovery', 'synchronization', 'broadcast', 'e0', 'e1', 'e2', 'e3', 'e4'];

/** The current colours of the style sheet. @param {Element} element
 *  @returns {Record<string, string>} */
export function colorsOf(element) {
  const style = getComputedStyle(element);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`)]));
}

/** @param {Record<string, string>} colors @param {number} epoch */
export function colorOfEpoch(colors, epoch) {
  return epoch < 1 ? colors.e0 : colors[`e${1 + (epoch - 1) % 4}`];
}

/** Clears the canvas and gives it the resolution of the screen; null while it is not shown.
 *  @param {HTMLCanvasElement} canvas
 *  @returns {[CanvasRenderingContext2D, number, number] | null} context, width and height in CSS
 *    pixels */
export function fitCanvas(canvas) {
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  const context = canvas.getContext('2d');
  if (width === 0 || height === 0 || !context) return null;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.scale(ratio, ratio);
  context.textBaseline = 'middle';
  return [context, width, height];
}

/** Text that stands out from what lies behind it. @param {CanvasRenderingContext2D} c
 *  @param {string} text @param {number} x @param {number} y @param {string} behind its colour */
export function haloText(c, text, x, y, behind) {
  const fill = c.fillStyle;
  c.setLineDash([]);
  c.lineJoin = 'round';
  c.lineWidth = 4;
  c.strokeStyle = behind;
  c.strokeText(text, x, y);
  c.fillStyle = fill;
  c.fillText(text, x, y);
}

/** @param {CanvasRenderingContext2D} c @param {number} x @param {number} y @param {number} size
 *  @param {string} color */
export function cross(c, x, y, size, color) {
  c.setLineDash([]);
  c.strokeStyle = color;
  c.lineWidth = 2;
  c.beginPath();
  c.moveTo(x - size, y - size);
  c.lineTo(x + size, y + size);
  c.moveTo(x + size, y - size);
  c.lineTo(x - size, y + size);
  c.stroke();
}
