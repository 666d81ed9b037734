// @ts-check
// The keyboard: one list of keys, which is also what the help shows.

/** The actions of keys, by the names of their texts in the catalogue.
 *  @typedef {Record<string, () => void>} Actions */

/** Key, as the browser names it, to action.  Shift is part of an arrow's name.
 *  @type {[string, string][]} */
export const KEYS = [
  [' ', 'play'],
  ['ArrowRight', 'step.forward'],
  ['ArrowLeft', 'step.back'],
  ['Shift+ArrowRight', 'node.next'],
  ['Shift+ArrowLeft', 'node.previous'],
  ['ArrowDown', 'lane.next'],
  ['ArrowUp', 'lane.previous'],
  ['n', 'milestone.next'],
  ['p', 'milestone.previous'],
  [']', 'chapter.next'],
  ['[', 'chapter.previous'],
  ['.', 'zxid.next'],
  [',', 'zxid.previous'],
  ['v', 'violation'],
  ['s', 'lesson.next'],
  ['Home', 'first'],
  ['End', 'last'],
  ['+', 'zoom.in'],
  ['-', 'zoom.out'],
  ['h', 'heartbeats'],
  ['c', 'cone'],
  ['/', 'search'],
  ['g', 'search'],
  ['1', 'choice.1'],
  ['2', 'choice.2'],
  ['3', 'choice.3'],
  ['4', 'choice.4'],
  ['d', 'view.diagram'],
  ['r', 'view.events'],
  ['e', 'language'],
  ['t', 'theme'],
  ['?', 'help'],
];

/** @param {KeyboardEvent} event */
function nameOf(event) {
  const arrow = event.key.startsWith('Arrow');
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return arrow && event.shiftKey ? `Shift+${key}` : key;
}

/** Calls the action of each key, except while the user types or operates a control.
 *  @param {Actions} actions @param {() => boolean} enabled */
export function listenToKeys(actions, enabled) {
  document.addEventListener('keydown', (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || !enabled()) return;
    if (target.closest('dialog') || target.matches('input[type=search], select')) return;
    if (target.matches('input') && event.key.startsWith('Arrow')) return;
    if (target.matches('button, input, [role=button]') && event.key === ' ') return;
    const found = KEYS.find(([key]) => key === nameOf(event));
    if (!found) return;
    event.preventDefault();
    actions[found[1]]();
  });
}
