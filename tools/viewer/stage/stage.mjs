// @ts-check
// The stage: servers, clients, links, messages and the quorum meter, at the moment of the cursor.
import {lowerBound} from '../trace.mjs';
import {ClientBox} from './client_box.mjs';
import {columnsOf} from './columns.mjs';
import {Links} from './links.mjs';
import {Measures, clientPlaces, serverPlaces} from './places.mjs';
import {Messages} from './messages.mjs';
import {Meter} from './meter.mjs';
import {ServerBox} from './server_box.mjs';

/** @typedef {import('./places.mjs').Place} Place */

const MOST_CLIENTS = 6;

export class Stage {
  /** @param {HTMLElement} root @param {import('../store.mjs').Store} store
   *  @param {import('../state.mjs').States} states @param {import('./flights.mjs').Flights} flights
   *  @param {import('../words.mjs').Words} words */
  constructor(root, store, states, flights, words) {
    this.root = root;
    this.store = store;
    this.states = states;
    this.flights = flights;
    this.words = words;
    const {meta, names} = store.trace;
    this.actors = /** @type {HTMLElement} */ (root.querySelector('#actors'));
    const choose = (/** @type {number} */ node) => () => store.set({node: store.node === node ? 0 : node});
    this.servers = meta.servers.map((name, k) => new ServerBox(name, words, choose(k + 1)));
    this.clients = meta.clients.map((name, k) => (
      new ClientBox(name, words, meta, choose(meta.servers.length + k + 1))));
    const meter = document.createElement('div');
    meter.className = 'meter';
    this.actors.append(...this.servers.map((box) => box.root), ...this.clients.map((box) => box.root), meter);
    this.meter = new Meter(meter, words, meta.quorum);
    this.links = new Links(this.svg('links'), words, meta.quorum);
    this.messages = new Messages(this.actors, this.svg('trails'), store, words);
    /** The places of all nodes, by number; undefined: not on the stage. @type {(Place | undefined)[]} */
    this.places = names.map(() => undefined);
    const events = Array.from({length: store.trace.count}, (_, i) => i);
    this.proposals = events.filter((i) => store.trace.on(i) === 'proposed');
    const active = new Set(events.filter((i) => store.trace.on(i) === 'invoked').map((i) => store.trace.node[i]));
    this.present = this.clients.map((_, k) => active.has(meta.servers.length + k + 1))
        .map((is, k, all) => is && all.slice(0, k).filter(Boolean).length < MOST_CLIENTS);
    this.placed = '';
  }

  /** @param {string} id @returns {any} */
  svg(id) { return this.root.querySelector(`#${id}`); }

  /** The write in focus: the one that is followed, else the newest that was proposed; '': none. */
  focus() {
    const {store} = this;
    if (store.zxid) return store.zxid;
    const at = lowerBound(this.proposals, store.cursor + 1) - 1;
    return at < 0 ? '' : store.trace.zxid(this.proposals[at]);
  }

  /** @param {boolean} all whether more than the time has changed */
  draw(all) {
    const {store} = this;
    const state = this.states.at(store.cursor);
    if (all) this.drawState(state);
    if (!this.measures) return;
    this.messages.draw(this.flights.at(store.now, store.heartbeats), this.places, this.measures);
  }

  /** @param {import('../state.mjs').State} state */
  drawState(state) {
    const {clientWidth: width, clientHeight: height} = this.root;
    if (width === 0 || height === 0) return;
    const {store, words} = this;
    const stage = this.measures = new Measures(width, height, this.servers.length, words.language === 'zh');
    const whole = (/** @type {number} */ k) =>
      !stage.crowded || state.servers[k].leads || store.node === k + 1;
    this.measure(stage);
    const columns = columnsOf(state.servers, stage.columns, store.zxid);
    state.servers.forEach((server, k) => {
      this.servers[k].draw(server, columns, stage, store.node === k + 1);
    });
    this.clients.forEach((box, k) => {
      const {status, server} = state.clients[k];
      box.root.hidden = !this.present[k] || (status === 'IDLE' && server === 0);
      box.draw(state.clients[k], store.node === this.servers.length + k + 1);
    });
    this.placeAll(stage, whole);
    const servers = /** @type {Place[]} */ (this.places.slice(1, this.servers.length + 1));
    const shown = this.shownClients();
    const said = {...state, clients: shown.map((k) => state.clients[k])};
    const clients = shown.map((k) => /** @type {Place} */ (this.places[this.servers.length + k + 1]));
    this.links.draw(said, servers, clients, store.trace.meta.servers, stage);
    this.drawMeter(state, servers, stage);
  }

  /** By their numbers, from 0. */
  shownClients() { return this.clients.map((_, k) => k).filter((k) => !this.clients[k].root.hidden); }

  /** The measures of the stage, for the style sheet. @param {Measures} stage */
  measure(stage) {
    const {style} = this.root;
    for (const [name, value] of Object.entries({font: stage.font, box: stage.box, cell: stage.cell,
                                                gutter: stage.gutter, row: stage.row})) {
      style.setProperty(`--${name}`, `${value}px`);
    }
    this.root.classList.toggle('phone', stage.phone);
  }

  /** @param {Measures} stage @param {(k: number) => boolean} whole */
  placeAll(stage, whole) {
    /** @type {HTMLElement} */ (this.root.querySelector('.legend')).hidden =
        stage.crowded || stage.width - 2 * stage.box < 300;
    const key = [stage.width, stage.height, this.words.language, ...this.servers.map((_, k) => whole(k))].join();
    if (key !== this.placed) {
      this.placed = key;
      const sizes = this.servers.map((box, k) => box.size(whole(k), stage));
      serverPlaces(stage, sizes).forEach((place, k) => this.put(this.servers[k].root, k + 1, place));
    }
    const shown = this.shownClients();
    const sizes = shown.map((k) => ({width: this.clients[k].root.offsetWidth,
                                     height: this.clients[k].root.offsetHeight}));
    clientPlaces(stage, sizes).forEach((place, i) => {
      this.put(this.clients[shown[i]].root, this.servers.length + shown[i] + 1, place);
    });
  }

  /** @param {HTMLElement} element @param {number} node @param {Place} place */
  put(element, node, place) {
    this.places[node] = place;
    element.style.transform = `translate(${place.x - place.width / 2}px,${place.y - place.height / 2}px)`;
  }

  /** Between the servers. @param {import('../state.mjs').State} state @param {Place[]} places
   *  @param {Measures} stage */
  drawMeter(state, places, stage) {
    const {root} = this.meter;
    const three = places.length === 3;
    const top = places[places.length - 1];
    const x = stage.width / 2;
    const y = three ? (top.y + top.height / 2 + places[0].y) / 2 + (stage.phone ? -12 : 0) : stage.height / 2;
    const angles = places.map((_, k) => (2 * Math.PI * (k + 1)) / places.length - Math.PI / 2);
    if (three) [angles[0], angles[1]] = [angles[1], angles[0]];  // n1 stands on the left.
    this.meter.draw(this.focus(), state.servers, angles);
    const room = three ? places[0].y - places[0].height / 2 - top.y - top.height / 2 : stage.height / 3;
    if (stage.phone && room < root.offsetHeight) root.hidden = true;
    root.style.transform = `translate(${x - root.offsetWidth / 2}px,${y - root.offsetHeight / 2}px)`;
  }
}
