// @ts-check
// What the canvases share: their size, and the colours of the theme.

const NAMES = ['text', 'line', 'accent', 'fault', 'propose', 'ack', 'commit', 'vote', 'sync',
               'leader'];

/** The current colours of the style sheet. @param {Element} element
 *  @returns {Record<string, string>} */
export function colorsOf(element) {
  const style = getComputedStyle(element);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`)]));
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
  return [context, width, height];
}
