// @ts-check
// Puts the page together: one store, the views that draw from it, and the controls that change it.
import {Captions} from './captions.mjs';
import {Caption} from './caption.mjs';
import {Causes} from './causes.mjs';
import {beginningOf, chaptersOf} from './chapters.mjs';
import {Diagram} from './diagram.mjs';
import {Ending} from './ending.mjs';
import {Flights} from './stage/flights.mjs';
import {Glossary, Tip} from './glossary.mjs';
import {Lesson} from './lesson.mjs';
import {Overview} from './overview.mjs';
import {Player} from './player.mjs';
import {Settings} from './settings.mjs';
import {Stage} from './stage/stage.mjs';
import {States} from './state.mjs';
import {Store} from './store.mjs';
import {Table} from './table.mjs';
import {Transport} from './transport.mjs';
import {KEYS, listenToKeys} from './keys.mjs';
import {embeddedTrace} from './trace.mjs';
import {Violations} from './violations.mjs';

/** An element of the page, of whatever kind it is. @param {string} id @returns {any} */
function part(id) { return document.getElementById(id); }

const trace = await embeddedTrace();
const settings = new Settings();
const words = new Captions(JSON.parse(part('catalogue').textContent ?? ''), trace);
words.language = settings.language(trace.meta.language);
settings.applyTheme();
const store = new Store(trace);
const states = new States(trace);
const spans = states.spans();
const flights = new Flights(trace);
const chapters = chaptersOf(trace, store.axis);
const tip = new Tip(part('tip'));
const glossary = new Glossary(tip, words);
const lesson = new Lesson(part('lesson'), store, words, glossary, settings);
const player = new Player(store, (from, to) => {
  const halt = lesson.halt(from, to);
  if (halt >= 0) announce(words.t('halted'));
  return halt;
});
const violations = new Violations(part('violations'), store, words);
const stage = new Stage(part('stage'), store, states, flights, words);
const overview = new Overview(part('overview'), store, spans, chapters, flights, lesson, words);
const diagram = new Diagram(part('diagram'), store, spans, flights, lesson, words, tip);
const transport = new Transport(store, player, words);
const views = [transport, lesson, new Ending(part('ending'), store, words, lesson, violations, part('lesson')),
               new Caption(part('caption'), store, words, glossary),
               new Table(part('events'), store, words, lesson),
               new Causes(part('events-view'), store, words, lesson)];

/** Says a thing to screen readers. @param {string} text */
function announce(text) { part('announced').textContent = text; }

// ---- Drawing: once a frame, however much has changed ---------------------------------------------
let wanted = false;
let whole = false;  // More than the time has changed.
function draw() {
  const all = whole;
  [wanted, whole] = [false, false];
  if (all) {
    for (const view of views) view.draw();
    part('heartbeats').checked = store.heartbeats;
    part('cone').checked = store.cone;
    part('halted').hidden = store.playing || !lesson.halted;
  }
  transport.drawTime();
  stage.draw(all);
  overview.draw();
  diagram.draw();
  if (!store.playing) history.replaceState(null, '', store.toHash(addressOfSettings()));
}
function addressOfSettings() {
  return settings.forAddress(['lang', 'theme', `progress.${lesson.page}`]);
}
/** @param {boolean} [all] */
function redraw(all = true) {
  whole ||= all;
  if (!wanted) requestAnimationFrame(draw);
  wanted = true;
}
store.listen(redraw);
new ResizeObserver(() => redraw()).observe(part('stage'));
new ResizeObserver(() => redraw()).observe(part('diagram'));

// ---- Words ------------------------------------------------------------------------------------
function say() {
  words.sayPage();
  const {meta} = trace;
  part('title').textContent = words.text(meta.title) || meta.scenario;
  document.title = `${words.text(meta.title) || meta.scenario} · zabsim`;
  part('doc').textContent = words.text(meta.doc);
  part('other-run').hidden = !meta.other_run;
  part('facts').textContent = words.t('facts', {scenario: meta.scenario, seed: meta.seed,
                                                digest: meta.digest.slice(0, 8)});
  part('left-out').hidden = meta.left_out === '';
  part('left-out').textContent = meta.left_out && words.t(`left-out.${meta.left_out}`, {
    shown: meta.count, all: meta.records});
  transport.say();
  saySite();
  part('keys').replaceChildren(...KEYS.map(([key, action]) => {
    const row = document.createElement('tr');
    const kbd = document.createElement('kbd');
    kbd.textContent = key === ' ' ? words.t('space') : key.toUpperCase().replace('ARROW', '');
    row.insertCell().append(kbd);
    row.insertCell().textContent = words.t(action);
    return row;
  }));
  for (const button of document.querySelectorAll('[data-language]')) {
    button.setAttribute('aria-pressed', String(button.getAttribute('data-language') === words.language));
  }
  redraw();
}
/** Links of a page that belongs to a site. */
function saySite() {
  const {site} = trace.meta;
  part('site').hidden = site === null;
  const links = {'site-index': 'index', 'site-previous': 'previous', 'site-next': 'next',
                 'site-other': 'other', 'ending-next': 'next'};
  for (const [id, place] of Object.entries(links)) {
    const link = part(id);
    const to = site?.[place] ?? null;
    link.hidden = to === null;
    if (to === null) continue;
    link.href = [to.href, settings.forAddress(['lang', 'theme']).join('&')].filter(Boolean).join('#');
    link.textContent = words.t(`site.${to.label ?? place}`, {name: words.text(to.title)});
  }
}

// ---- Views: of the detail card and, on a narrow screen, of the page -------------------------------
/** @param {string} view diagram | events */
function show(view) {
  document.body.dataset.view = view;
  showTab(view);
  for (const button of document.querySelectorAll('button[data-view]')) {
    button.setAttribute('aria-pressed', String(button.getAttribute('data-view') === view));
  }
}
/** @param {string} tab story | question | diagram | events */
function showTab(tab) {
  document.body.dataset.tab = tab;
  if (tab === 'diagram' || tab === 'events') document.body.dataset.view = tab;
  for (const button of document.querySelectorAll('button[data-tab]')) {
    button.setAttribute('aria-pressed', String(button.getAttribute('data-tab') === tab));
  }
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
const chapter = (/** @type {1 | -1} */ by) => {
  const to = by > 0 ? chapters.find(({event}) => event > store.cursor)
                    : chapters.findLast(({event}) => event < store.cursor);
  if (to && to.event <= lesson.horizon) store.seek(to.event);
};
/** By hand, playing ends. @param {() => void} move */
const byHand = (move) => () => {
  store.playing = false;
  move();
  store.changed();
};
const setLanguage = (/** @type {'en' | 'zh'} */ language) => {
  words.language = language;
  settings.set('lang', language);
  say();
};

/** @type {import('./keys.mjs').Actions} */
const actions = {
  'play': () => player.toggle(),
  'step.forward': byHand(() => store.step(1)),
  'step.back': byHand(() => store.step(-1)),
  'node.next': byHand(() => store.jump(1, ofNode)),
  'node.previous': byHand(() => store.jump(-1, ofNode)),
  'lane.next': () => lane(1),
  'lane.previous': () => lane(-1),
  'milestone.next': byHand(() => store.jump(1, ofMilestone)),
  'milestone.previous': byHand(() => store.jump(-1, ofMilestone)),
  'chapter.next': byHand(() => chapter(1)),
  'chapter.previous': byHand(() => chapter(-1)),
  'zxid.next': byHand(() => store.jump(1, ofZxid)),
  'zxid.previous': byHand(() => store.jump(-1, ofZxid)),
  'violation': byHand(() => violations.next()),
  'lesson.next': byHand(() => lesson.go(1)),
  'first': byHand(() => store.seek(0)),
  'last': byHand(() => store.seek(trace.count - 1)),
  'zoom.in': () => diagram.zoom(1.5),
  'zoom.out': () => diagram.zoom(1 / 1.5),
  'heartbeats': () => store.showHeartbeats(!store.heartbeats),
  'cone': () => store.set({cone: !store.cone}),
  'search': () => part('search').focus(),
  'choice.1': () => lesson.choose(0),
  'choice.2': () => lesson.choose(1),
  'choice.3': () => lesson.choose(2),
  'choice.4': () => lesson.choose(3),
  'view.diagram': () => show('diagram'),
  'view.events': () => show('events'),
  'language': () => setLanguage(words.language === 'en' ? 'zh' : 'en'),
  'theme': () => {
    settings.toggleTheme();
    redraw();
  },
  'help': () => part('help').showModal(),
};
listenToKeys(actions, () => part('shortcuts').checked);
lesson.onPlay = () => player.toggle();

const BUTTONS = {
  'previous-chapter': 'chapter.previous', 'back': 'step.back', 'play': 'play',
  'forward': 'step.forward', 'next-chapter': 'chapter.next', 'zoom-in': 'zoom.in',
  'zoom-out': 'zoom.out', 'theme': 'theme', 'open-help': 'help',
};
for (const [id, action] of Object.entries(BUTTONS)) {
  part(id).addEventListener('click', () => actions[action]());
}
for (const button of document.querySelectorAll('button[data-view]')) {
  button.addEventListener('click', () => show(button.getAttribute('data-view') ?? ''));
}
for (const button of document.querySelectorAll('button[data-tab]')) {
  button.addEventListener('click', () => showTab(button.getAttribute('data-tab') ?? ''));
}
for (const button of document.querySelectorAll('[data-language]')) {
  button.addEventListener('click', () => setLanguage(button.getAttribute('data-language') === 'zh' ? 'zh' : 'en'));
}
part('heartbeats').addEventListener('change', () => actions.heartbeats());
part('cone').addEventListener('change', () => actions.cone());
part('close-help').addEventListener('click', () => part('help').close());
window.addEventListener('hashchange', openAddress);

function openAddress() {
  const otherTrace = store.fromHash(location.hash);
  part('warning').hidden = !otherTrace;
  part('warning').textContent = otherTrace ? words.t('other-trace') : '';
  say();
}

openAddress();
show('diagram');
showTab('story');
if (!new URLSearchParams(location.hash.slice(1)).has('e')) {
  if (lesson.stops.length === 0 && violations.records.size > 0) violations.next();
  else store.seek(beginningOf(trace, store.axis, lesson.stops.map(({event}) => event)));
}
draw();
performance.mark('ready');
document.body.dataset.ready = 'true';
