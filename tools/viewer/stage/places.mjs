// @ts-check
// Where everything stands on the stage: three servers as a triangle, more on an ellipse.

/** @typedef {{x: number, y: number, width: number, height: number}} Place its middle */
/** @typedef {{x: number, y: number}} Point */

/** The measures of a stage, in pixels. */
export class Measures {
  /** @param {number} width @param {number} height @param {number} servers @param {boolean} chinese */
  constructor(width, height, servers, chinese) {
    this.width = width;
    this.height = height;
    this.phone = width < 520;
    this.crowded = servers > 3;
    const fit = Math.min(width / 900, height / (this.crowded ? 390 : 330));
    this.scale = this.phone ? limit(width / 375, 0.9, 1.3) : limit(fit, 0.8, 1.5);
    if (this.crowded) this.scale = Math.min(this.scale, 1.15);
    this.columns = this.phone ? 4 : 5;
    this.font = (this.phone ? 11 : 13) * this.scale;
    this.cell = (this.phone ? 27 : 35) * this.scale;
    this.gutter = (this.phone ? 32 : chinese ? 62 : 86) * this.scale;
    this.row = this.phone ? limit(height / 16, 16, 20) * this.scale
                          : height > 420 && !this.crowded ? 25 * this.scale : limit(height / 17, 17, 23);
    this.box = this.gutter + this.columns * (this.cell + 3 * this.scale) + 1.2 * this.font;
    this.margin = this.phone ? 6 : 14;
  }

  /** Where a cell stands in its box. @param {number} column @param {number} row */
  cellAt(column, row) {
    return {x: this.gutter + 0.6 * this.font + column * (this.cell + 3 * this.scale),
            y: 0.25 * this.font + row * (this.row + 1)};
  }
}

/** @param {number} x @param {number} low @param {number} high */
export function limit(x, low, high) { return Math.min(high, Math.max(low, x)); }

/** @param {Measures} stage @param {{width: number, height: number}[]} sizes of the servers' boxes
 *  @returns {Place[]} */
export function serverPlaces(stage, sizes) {
  return sizes.length === 3 ? triangle(stage, sizes) : ellipse(stage, sizes);
}

/** The last server on top, the others below it from left to right.
 *  @param {Measures} stage @param {{width: number, height: number}[]} sizes */
function triangle(stage, sizes) {
  const {width, height, margin, phone} = stage;
  const top = phone ? 10 : height > 420 ? 16 + (height - 420) * 0.08 : 12;
  const foot = phone ? 14 : height > 400 ? 36 : 24;
  const inwards = phone || height < 420 ? 0 : limit((width - 2 * sizes[0].width) * 0.1, 0, 120);
  const low = (/** @type {number} */ k) =>
    height - foot - sizes[k].height / 2 - Math.max(0, (height - 480) * 0.1);
  return [
    {...sizes[0], x: margin + inwards + sizes[0].width / 2, y: low(0)},
    {...sizes[1], x: width - margin - inwards - sizes[1].width / 2, y: low(1)},
    {...sizes[2], x: width / 2, y: top + sizes[2].height / 2},
  ];
}

/** The last server on top, clockwise. @param {Measures} stage
 *  @param {{width: number, height: number}[]} sizes */
function ellipse(stage, sizes) {
  const {width, height, margin} = stage;
  const tall = Math.max(...sizes.map((size) => size.height));
  const [radiusX, radiusY] = [width / 2 - margin - sizes[0].width / 4, height / 2 - tall / 3 - margin];
  return sizes.map((size, k) => {
    const angle = (2 * Math.PI * (k + 1)) / sizes.length - Math.PI / 2;
    const x = width / 2 + radiusX * Math.cos(angle);
    const y = height / 2 + radiusY * Math.sin(angle);
    return {...size,
            x: limit(x, margin + size.width / 2, width - margin - size.width / 2),
            y: limit(y, 8 + size.height / 2, height - 24 - size.height / 2)};
  });
}

/** Clients stand in the corners that servers leave free, left and right in turn.
 *  @param {Measures} stage @param {{width: number, height: number}[]} sizes @returns {Place[]} */
export function clientPlaces(stage, sizes) {
  const rows = Math.ceil(sizes.length / 2);
  return sizes.map((size, k) => {
    const left = k % 2 === 0;
    const row = Math.floor(k / 2);
    const bottom = stage.crowded && row === rows - 1 && rows > 1;
    const inset = stage.margin + (stage.phone || stage.crowded ? 0 : (stage.width - stage.box) * 0.08);
    return {...size, x: left ? inset + size.width / 2 : stage.width - inset - size.width / 2,
            y: bottom ? stage.height - 10 - size.height / 2
                      : 10 + size.height / 2 + row * (size.height + 8)};
  });
}

/** The straight line between two boxes, from edge to edge. @param {Place} from @param {Place} to
 *  @returns {[Point, Point]} */
export function wayBetween(from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const edge = (/** @type {Place} */ place, /** @type {number} */ sense) => {
    const share = Math.min((place.width / 2 + 6) / Math.abs(dx || 1e-6),
                           (place.height / 2 + 6) / Math.abs(dy || 1e-6), 0.49);
    return {x: place.x + sense * dx * share, y: place.y + sense * dy * share};
  };
  return [edge(from, 1), edge(to, -1)];
}
