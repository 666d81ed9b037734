// @ts-check
// The links on the stage: open, cut, cut in one direction, clogged, slow; and islands, the groups of
// servers that still reach one another.
import {svg} from './elements.mjs';
import {wayBetween} from './places.mjs';

/** @typedef {import('./places.mjs').Place} Place */
/** @typedef {import('../state.mjs').Link} Link */

/** What is wrong between two servers. @param {Link} there @param {Link} back */
function stateOf(there, back) {
  if (there.cut && back.cut) return 'cut';
  if (there.cut || back.cut) return 'one-way';
  if (there.clogged || back.clogged) return 'clogged';
  return there.set || back.set ? 'set' : 'open';
}

/** Servers that reach one another, by their indices. @param {Link[]} links @param {number} count */
function groupsOf(links, count) {
  /** @type {number[][]} */
  const groups = [];
  const reaches = (/** @type {number} */ a, /** @type {number} */ b) => !links[a * count + b].cut;
  for (let k = 0; k < count; ++k) {
    const joined = groups.filter((group) => group.some((other) => reaches(k, other) || reaches(other, k)));
    const rest = groups.filter((group) => !joined.includes(group));
    groups.splice(0, groups.length, ...rest, [...joined.flat(), k]);
  }
  return groups;
}

/** The smallest convex outline. @param {[number, number][]} points */
function outline(points) {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (/** @type {[number, number][]} */ all) => {
    /** @type {[number, number][]} */
    const found = [];
    for (const point of all) {
      while (found.length > 1) {
        const [[ax, ay], [bx, by]] = found.slice(-2);
        if ((bx - ax) * (point[1] - ay) - (by - ay) * (point[0] - ax) > 0) break;
        found.pop();
      }
      found.push(point);
    }
    return found.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

export class Links {
  /** @param {SVGElement} root @param {import('../words.mjs').Words} words @param {number} quorum */
  constructor(root, words, quorum) {
    this.root = root;
    this.words = words;
    this.quorum = quorum;
    this.drawn = '';
  }

  /** @param {import('../state.mjs').State} state @param {Place[]} servers @param {Place[]} clients
   *  @param {string[]} names of servers @param {import('./places.mjs').Measures} stage */
  draw({servers: {length}, clients: said, links}, servers, clients, names, stage) {
    const key = JSON.stringify([links, said.map(({server}) => server), servers, clients,
                                this.words.language]);
    if (key === this.drawn) return;
    this.drawn = key;
    const parts = [...this.islands(links, servers, stage)];
    clients.forEach((place, k) => {
      const {server} = said[k];
      if (server > 0) parts.push(this.line(place, servers[server - 1], 'link to-client'));
    });
    for (let a = 0; a < length; ++a) {
      for (let b = a + 1; b < length; ++b) {
        parts.push(...this.link(links[a * length + b], links[b * length + a], servers, names));
      }
    }
    this.root.replaceChildren(...parts);
  }

  /** @param {Place} from @param {Place} to @param {string} kind */
  line(from, to, kind) {
    const [a, b] = wayBetween(from, to);
    return svg('line', {class: kind, x1: a.x, y1: a.y, x2: b.x, y2: b.y});
  }

  /** @param {Link} there @param {Link} back @param {Place[]} places @param {string[]} names */
  link(there, back, places, names) {
    const state = stateOf(there, back);
    const [from, to] = there.cut ? [back.from, back.to] : [there.from, there.to];  // That still works.
    const line = this.line(places[from - 1], places[to - 1], `link ${state}`);
    if (state === 'open') return [line];
    if (state === 'one-way') line.setAttribute('marker-end', 'url(#arrow-head)');
    const [a, b] = wayBetween(places[there.from - 1], places[there.to - 1]);
    const slower = there.set ? there : back;
    const text = this.words.t(`link.${state}`, {
      name: names[from - 1], peer: names[to - 1], latency: Math.round(slower.latency / 1e5) / 10,
      loss: slower.loss / 10_000});
    return [line, svg('text', {class: `link-label ${state}`, x: a.x + (b.x - a.x) * 0.5,
                               y: a.y + (b.y - a.y) * 0.5 + 4}, text)];
  }

  /** @param {Link[]} links @param {Place[]} places @param {import('./places.mjs').Measures} stage */
  islands(links, places, stage) {
    const groups = groupsOf(links, places.length);
    if (groups.length < 2) return [];
    return groups.flatMap((group) => {
      const corners = group.flatMap((k) => {
        const {x, y, width, height} = places[k];
        return [-1, 1].flatMap((right) => [-1, 1].map((down) => /** @type {[number, number]} */ (
          [x + right * (width / 2 - 4), y + down * (height / 2 - 4)])));
      });
      const path = `M${outline(corners).map((point) => point.join(' ')).join('L')}Z`;
      const majority = group.length >= this.quorum;
      const text = `${group.length} / ${places.length} · ${this.words.t(majority ? 'island.majority' : 'island.minority')}`;
      const left = Math.min(...corners.map(([x]) => x));
      const bottom = Math.max(...corners.map(([, y]) => y));
      return [svg('path', {class: 'land shore', d: path}), svg('path', {class: 'land', d: path}),
              svg('text', {class: 'island', x: left, y: Math.min(stage.height - 5, bottom + 18)}, text)];
    });
  }
}
