// @ts-check
// Puts the page together: one store, the views that draw from it, and the controls that change it.
import {Captions} from './captions.mjs';
import {Glossary} from './glossary.mjs';
import {Lanes} from './lanes.mjs';
import {Lesson} from './lesson.mjs';
import {Logs} from './logs.mjs';
import {Overview} from './overview.mjs';
import {Panel} from './panel.mjs';
import {Player, SPEEDS} from './player.mjs';
import {Ring} from './ring.mjs';
import {States} from './state.mjs';
import {Store} from './store.mjs';
import {Table} from './table.mjs';
import {KEYS, listenToKeys} from './keys.mjs';
import {embeddedTrace, formatTime} from './trace.mjs';
import {Violations} from './violations.mjs';
import {search} from './search.mjs';

/** An element of the page, of whatever kind it is. @param {string} id @returns {any} */
function part(id) { return document.getElementById(id); }

const trace = await embeddedTrace();
const words = new Captions(JSON.parse(part('catalogue').textContent ?? ''), trace);
const store = new Store(trace);
const states = new States(trace);
const glossary = new Glossary(part('tip'), words);
const lesson = new Lesson(part('lesson'), store, words, glossary);
const player = new Player(store, (from, to) => lesson.halt(from, to));
const violations = new Violations(part('violations'), store, words);
const lanes = new Lanes(part('lanes'), store, states);
const views = [new Overview(part('overview'), store), lanes,
               new Ring(part('ring'), store, states, words),
               new Logs(part('logs'), store, states, words),
               new Table(part('events'), store, words),
               new Panel(part('caption'), store, words, glossary),
               lesson];

// ---- Drawing: once a frame, however much has changed ---------------------------------------------
let wanted = false;
function draw() {
  wanted = false;
  for (const view of views) view.draw();
  const at = store.position(store.cursor);
  const scrub = part('scrub');
  scrub.max = String(store.shown.length - 1);
  scrub.value = String(at);
  scrub.setAttribute('aria-valuetext', formatTime(trace.time[store.cursor] ?? 0));
  part('position').textContent = `${at + 1} / ${store.shown.length}`;
  part('play').textContent = store.playing ? '❚❚' : '▶';
  part('axis').textContent = words.t(`axis.${store.axis}`);
  part('heartbeats').checked = store.heartbeats;
  part('cone').checked = store.cone;
  if (!store.playing) history.replaceState(null, '', store.toHash(words.language));
}
function redraw() {
  if (!wanted) requestAnimationFrame(draw);
  wanted = true;
}
store.listen(redraw);
new ResizeObserver(redraw).observe(part('lanes'));

// ---- Words ------------------------------------------------------------------------------------
function say() {
  words.sayPage();
  const {meta} = trace;
  const {result} = meta;
  part('title').textContent = words.text(meta.title) || meta.scenario;
  document.title = `${words.text(meta.title) || meta.scenario} · zabsim`;
  part('doc').textContent = words.text(meta.doc);
  part('story').querySelector('summary').textContent =
      lesson.stops.length > 0 ? words.t('story.with-answers') : words.t('story');
  part('other-run').hidden = !meta.other_run;
  const verdict = result.bug?.shown ? 'shown' : result.verdict;  // It held what it was to show.
  part('verdict').textContent = words.t(`verdict.${verdict}`, {bug: result.bug?.id});
  part('verdict').className = verdict === 'held' ? '' : 'bad';
  part('facts').textContent = words.t('facts', {scenario: meta.scenario, seed: meta.seed,
                                                digest: meta.digest.slice(0, 8)});
  part('left-out').hidden = meta.left_out === '';
  part('left-out').textContent = meta.left_out && words.t(`left-out.${meta.left_out}`, {
    shown: meta.count, all: meta.records});
  violations.say();
  saySite();
  part('keys').replaceChildren(...KEYS.map(([key, action]) => {
    const row = document.createElement('tr');
    const name = row.insertCell();
    const kbd = document.createElement('kbd');
    kbd.textContent = key === ' ' ? words.t('space') : key.toUpperCase().replace('ARROW', '');
    name.append(kbd);
    row.insertCell().textContent = words.t(action);
    return row;
  }));
  redraw();
}
/** Links of a page that belongs to a site. */
function saySite() {
  const {site} = trace.meta;
  part('site').hidden = site === null;
  for (const place of ['index', 'previous', 'next', 'other']) {
    const link = part(`site-${place}`);
    const to = site?.[place] ?? null;
    link.hidden = to === null;
    if (to === null) continue;
    link.href = `${to.href}#lang=${words.language}`;
    link.textContent = words.t(`site.${to.label ?? place}`, {name: words.text(to.title)});
  }
}

/** @param {string} view */
function show(view) {
  document.body.dataset.view = view;
  for (const button of document.querySelectorAll('#views button')) {
    button.setAttribute('aria-pressed', String(button.getAttribute('data-view') === view));
  }
  const section = document.querySelector(`.view.${view}`);
  section?.scrollIntoView({block: 'nearest'});
  redraw();
}

function toggleTheme() {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
  redraw();
}

// ---- Actions: what keys and buttons do -----------------------------------------------------------
const ofNode = (/** @type {number} */ i) => trace.node[i] === (store.node || trace.node[store.cursor]);
const ofZxid = (/** @type {number} */ i) =>
  trace.hasZxid(i) && trace.zxid(i) === (store.zxid || trace.zxid(store.cursor));
const ofMilestone = (/** @type {number} */ i) => trace.milestone[i] === 1;
const lane = (/** @type {number} */ by) => {
  const count = trace.names.length;
  store.set({node: (store.node + by + count) % count});
};

/** @type {import('./keys.mjs').Actions} */
const actions = {
  'play': () => player.toggle(),
  'step.forward': () => store.step(1),
  'step.back': () => store.step(-1),
  'node.next': () => store.jump(1, ofNode),
  'node.previous': () => store.jump(-1, ofNode),
  'lane.next': () => lane(1),
  'lane.previous': () => lane(-1),
  'milestone.next': () => store.jump(1, ofMilestone),
  'milestone.previous': () => store.jump(-1, ofMilestone),
  'zxid.next': () => store.jump(1, ofZxid),
  'zxid.previous': () => store.jump(-1, ofZxid),
  'violation': () => violations.next(),
  'lesson.next': () => lesson.go(1),
  'first': () => store.seek(0),
  'last': () => store.seek(trace.count - 1),
  'zoom.in': () => lanes.zoom(1.5),
  'zoom.out': () => lanes.zoom(1 / 1.5),
  'heartbeats': () => store.showHeartbeats(!store.heartbeats),
  'cone': () => store.set({cone: !store.cone}),
  'axis': () => store.setAxis(store.axis === 'order' ? 'time' : 'order'),
  'search': () => part('search').focus(),
  'view.lanes': () => show('lanes'),
  'view.ring': () => show('ring'),
  'view.logs': () => show('logs'),
  'view.events': () => show('events'),
  'language': () => {
    words.toggle();
    say();
  },
  'theme': toggleTheme,
  'help': () => part('help').showModal(),
};
listenToKeys(actions, () => part('shortcuts').checked);

const BUTTONS = {
  'previous-milestone': 'milestone.previous', 'back': 'step.back', 'play': 'play',
  'forward': 'step.forward', 'next-milestone': 'milestone.next', 'zoom-in': 'zoom.in',
  'zoom-out': 'zoom.out', 'axis': 'axis', 'language': 'language', 'theme': 'theme',
  'open-help': 'help',
};
for (const [id, action] of Object.entries(BUTTONS)) {
  part(id).addEventListener('click', () => actions[action]());
}
for (const button of document.querySelectorAll('#views button')) {
  button.addEventListener('click', () => show(button.getAttribute('data-view') ?? ''));
}
part('heartbeats').addEventListener('change', () => actions.heartbeats());
part('cone').addEventListener('change', () => actions.cone());
part('unfollow').addEventListener('click', () => store.set({zxid: ''}));
part('close-help').addEventListener('click', () => part('help').close());
part('scrub').addEventListener('input', () => store.seek(store.shown[Number(part('scrub').value)]));
part('speed').append(...Object.keys(SPEEDS).map((name) => new Option(name, name)));
part('speed').value = player.speed;
part('speed').addEventListener('change', () => { player.speed = part('speed').value; });
part('search').addEventListener('keydown', (event) => {
  if (event.key === 'Escape') part('search').blur();
  if (event.key !== 'Enter') return;
  const found = search(store, part('search').value.trim());
  part('found').textContent = found ? '' : words.t('not-found');
});
part('copy').addEventListener('click', async () => {
  const lines = [store.cursor, ...trace.effects(store.cursor)].map(
      (i) => `#${trace.id[i]} ${formatTime(trace.time[i])} ${words.say(i, 'what')}`);
  await navigator.clipboard.writeText([...lines, location.href].join('\n'));
  part('found').textContent = words.t('copied');
});
window.addEventListener('hashchange', openAddress);

function openAddress() {
  const {language, otherTrace} = store.fromHash(location.hash);
  if (language) words.language = language === 'zh' ? 'zh' : 'en';
  part('warning').hidden = !otherTrace;
  part('warning').textContent = otherTrace ? words.t('other-trace') : '';
  say();
}

document.documentElement.dataset.theme =
    matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
openAddress();
show('lanes');
part('story').open = lesson.stops.length === 0;
if (!location.hash.includes('e=') && lesson.stops.length === 0) violations.next();
draw();
performance.mark('ready');
document.body.dataset.ready = 'true';
