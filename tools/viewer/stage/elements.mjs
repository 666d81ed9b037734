// @ts-check
// Small makers of elements, and the signs that the page uses.

/** @param {string} name @param {string} [className] @param {string} [text] */
export function html(name, className = '', text = '') {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
}

/** @param {string} name @param {Record<string, string | number>} attributes @param {string} [text] */
export function svg(name, attributes, text) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

/** A sign of index.html. @param {string} name */
export function sign(name) {
  const icon = svg('svg', {class: 'sign', 'aria-hidden': 'true'});
  icon.append(svg('use', {href: `#sign-${name}`}));
  return icon;
}

/** Sets a text only where it is another one: what is selected or read aloud stays.
 *  @param {Element} element @param {string} text */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Of an epoch: one of four colours, in turn. @param {number} epoch */
export function epochColor(epoch) { return epoch < 1 ? 'var(--e0)' : `var(--e${1 + (epoch - 1) % 4})`; }
