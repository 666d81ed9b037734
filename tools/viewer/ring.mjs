// @ts-check
// The ring: the state of each server, which links are cut, which messages are in flight.
import {Store} from './store.mjs';
import {States} from './state.mjs';
import {Words} from './words.mjs';

const SIZE = 300;
const RADIUS = 105;
const MOST_BEHIND = 4096;  // A message that is older is not looked for.
const MOST_SHOWN = 12;

/** @type {Record<string, string>} */
const GLYPHS = {LEADING: '★', FOLLOWING: '●', LOOKING: '?', DOWN: '✕'};

/** @param {string} name @param {Record<string, string | number>} attributes @param {string} [text] */
function svg(name, attributes, text) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

export class Ring {
  /** @param {SVGElement} root @param {Store} store @param {States} states @param {Words} words */
  constructor(root, store, states, words) {
    this.root = root;
    this.store = store;
    this.states = states;
    this.words = words;
    root.setAttribute('viewBox', `0 0 ${SIZE} ${SIZE}`);
  }

  /** @param {number} node a server */
  place(node) {
    const angle = (2 * Math.PI * (node - 1)) / this.store.trace.meta.servers.length - Math.PI / 2;
    return [SIZE / 2 + RADIUS * Math.cos(angle), SIZE / 2 + RADIUS * Math.sin(angle)];
  }

  draw() {
    const state = this.states.at(this.store.cursor);
    const parts = [];
    for (const {from, to, cut, clogged} of state.links) {
      if (cut) parts.push(this.link(from, to, 'cut'));
      if (clogged) parts.push(this.link(from, to, 'clog'));
    }
    for (const sent of this.underWay()) parts.push(...this.message(sent));
    state.servers.forEach((server, k) => parts.push(this.server(server, k + 1)));
    this.root.replaceChildren(...parts);
  }

  /** @param {number} from @param {number} to @param {string} kind */
  link(from, to, kind) {
    const [x, y] = this.place(from);
    const [toX, toY] = this.place(to);
    // Each direction has its own side of the line.
    const [sideX, sideY] = [(y - toY) * 0.03, (toX - x) * 0.03];
    return svg('line', {x1: x + sideX, y1: y + sideY, x2: toX + sideX, y2: toY + sideY,
                        class: kind});
  }

  /** Messages between servers in flight, without those that are never delivered. */
  underWay() {
    const {trace, cursor} = this.store;
    const servers = trace.meta.servers.length;
    const found = [];
    for (let i = cursor; i >= Math.max(0, cursor - MOST_BEHIND); --i) {
      if (trace.on(i) !== 'msg_sent' || trace.deliveredAt[i] <= cursor) continue;
      if (trace.node[i] > servers || trace.peer[i] > servers) continue;
      if (trace.isHeartbeat(i) && !this.store.heartbeats) continue;
      found.push(i);
      if (found.length === MOST_SHOWN) break;
    }
    return found;
  }

  /** @param {number} sent */
  message(sent) {
    const {trace, cursor} = this.store;
    const whole = trace.time[trace.deliveredAt[sent]] - trace.time[sent];
    const share = whole > 0 ? (trace.time[cursor] - trace.time[sent]) / whole : 0.5;
    const along = 0.2 + 0.6 * share;
    const [x, y] = this.place(trace.node[sent]);
    const [toX, toY] = this.place(trace.peer[sent]);
    const [atX, atY] = [x + (toX - x) * along, y + (toY - y) * along];
    const zxid = trace.hasZxid(sent) ? ` ${trace.zxid(sent)}` : '';
    return [svg('line', {x1: x, y1: y, x2: toX, y2: toY, class: 'under-way'}),
            svg('circle', {cx: atX, cy: atY, r: 4, class: 'message'}),
            svg('text', {x: atX + 6, y: atY - 5, class: 'label'}, trace.kindOf(sent) + zxid)];
  }

  /** @param {import('./state.mjs').Server} server @param {number} node */
  server(server, node) {
    const {trace} = this.store;
    const [x, y] = this.place(node);
    const glyph = server.paused ? '‖' : GLYPHS[server.role];
    const role = server.paused ? this.words.t('paused') : this.words.t(`role.${server.role}`);
    const name = trace.names[node];
    const group = svg('g', {class: `server ${server.role}${node === this.store.node ? ' chosen' : ''}`,
                            tabindex: 0, role: 'button', 'data-node': name});
    const said = this.words.t('ring.server', {name, role, epoch: server.current});
    group.append(svg('title', {}, said),  // First, for it is what a screen reader says.
                 svg('circle', {cx: x, cy: y, r: 24}),
                 svg('text', {x, y: y - 3, class: 'name'}, `${name} ${glyph}`),
                 svg('text', {x, y: y + 11, class: 'epoch'}, `e${server.current}`));
    const choose = () => this.store.set({node: this.store.node === node ? 0 : node});
    group.addEventListener('click', choose);
    group.addEventListener('keydown', (event) => {
      if (/** @type {KeyboardEvent} */ (event).key === 'Enter') choose();
    });
    return group;
  }
}
