// @ts-check
// What moves time: play and its speed, the clock, the way to a certain event.
import {SPEEDS, STEPS} from './player.mjs';
import {search} from './search.mjs';
import {sign} from './stage/elements.mjs';
import {formatTime} from './trace.mjs';

/** An element of the page, of whatever kind it is. @param {string} id @returns {any} */
function part(id) { return document.getElementById(id); }

export class Transport {
  /** @param {import('./store.mjs').Store} store @param {import('./player.mjs').Player} player
   *  @param {import('./captions.mjs').Captions} words */
  constructor(store, player, words) {
    this.store = store;
    this.player = player;
    this.words = words;
    part('speed').addEventListener('change', () => { player.speed = part('speed').value; });
    part('search').addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Escape') part('search').blur();
      if (event.key !== 'Enter') return;
      const found = search(store, part('search').value.trim());
      part('found').textContent = found ? '' : words.t('not-found');
    });
    part('copy').addEventListener('click', () => this.copy());
  }

  /** The event, its effects and the way here. */
  async copy() {
    const {store, words} = this;
    const {trace, cursor} = store;
    const lines = [cursor, ...trace.effects(cursor)].map(
        (i) => `#${trace.id[i]} ${formatTime(trace.time[i])} ${words.say(i, 'what')}`);
    await navigator.clipboard.writeText([...lines, location.href].join('\n'));
    part('found').textContent = words.t('copied');
  }

  say() {
    const {words, player} = this;
    part('speed').replaceChildren(
        ...SPEEDS.map((name) => new Option(innerWidth < 520 ? words.t('speed.short', {speed: name}) : words.t('speed.flow', {speed: name}), name)),
        new Option(words.t('speed.steps'), STEPS));
    part('speed').value = player.speed;
  }

  draw() {
    const {store, words} = this;
    part('position').textContent = `${store.position(store.cursor) + 1} / ${store.shown.length}`;
    const play = part('play');
    if (play.dataset.playing === String(store.playing) + words.language) return;
    play.dataset.playing = String(store.playing) + words.language;
    play.replaceChildren(sign(store.playing ? 'pause' : 'play'));
    const label = words.t(store.playing ? 'stop' : 'lesson.play');
    play.setAttribute('aria-label', label);
    play.title = label;
  }

  /** While it plays, in every frame. */
  drawTime() {
    const {store} = this;
    part('clock').textContent = `${(store.now / 1e9).toFixed(4)} s`;
    part('folded').classList.toggle('on', store.playing && store.axis.isFolded(store.now));
  }
}
