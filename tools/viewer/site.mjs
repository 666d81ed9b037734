// @ts-check
// The index of a site of lessons: its chapters, how long each lesson is, how far the reader has got.
import {Settings} from './settings.mjs';
import {Words} from './words.mjs';

/** A lesson.  `bug`: its id, if it shows one.
 *  @typedef {{href: string, scenario: string, order: number, title: import('./words.mjs').Text,
 *   doc: import('./words.mjs').Text, questions: number, bug: string}} Entry */

/** Chapters, by the order of the lesson with which the next one begins.  @type {[string, number][]} */
const CHAPTERS = [['writes', 25], ['leaders', 40], ['returns', 70], ['networks', 80],
                  ['disks', Infinity]];
const MINUTES = {reading: 1, question: 1};

/** An element of the page, of whatever kind it is. @param {string} id @returns {any} */
function part(id) { return document.getElementById(id); }

/** @type {Entry[]} */
const lessons = JSON.parse(part('meta').textContent);
const settings = new Settings();
const words = new Words(JSON.parse(part('catalogue').textContent));
words.language = settings.language('');

/** @param {string} name @param {string} text @param {string} [className] */
function element(name, text, className = '') {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

/** @param {Entry} lesson */
function row(lesson) {
  const {questions} = lesson;
  const progress = settings.progress(lesson.scenario);
  const answered = progress?.answers?.filter((answer) => answer !== null).length ?? 0;
  const done = answered > 0 && answered >= questions;
  const item = element('li', '', ['card', done ? 'done' : answered > 0 ? 'begun' : ''].join(' ').trim());
  const link = document.createElement('a');
  link.href = [lesson.href, settings.forAddress(['lang', 'theme']).join('&')].filter(Boolean).join('#');
  link.textContent = words.text(lesson.title);
  const facts = [lesson.bug, words.t('site.questions', {stops: questions}),
                 words.t('site.minutes', {minutes: MINUTES.reading + questions * MINUTES.question})];
  item.append(link, element('small', facts.filter(Boolean).join(' · ')));
  if (answered > 0) {
    const said = words.t(done ? 'site.done' : 'site.progress', {answered, stops: questions, right: progress?.right});
    item.append(element('small', said, 'progress'));
  }
  const story = document.createElement('details');
  story.append(element('summary', words.t('story.with-answers')), element('p', words.text(lesson.doc)));
  item.append(story);
  return item;
}

/** @param {string} title @param {Entry[]} entries @param {string} id */
function chapter(title, entries, id) {
  const section = document.createElement('section');
  const heading = element('h2', title);
  heading.id = `${id}-title`;
  const list = element('ol', '');
  list.id = id;
  list.append(...entries.map(row));
  section.setAttribute('aria-labelledby', heading.id);
  section.append(heading, list);
  return section;
}

function chapters() {
  const plain = lessons.filter(({bug}) => !bug);
  const bugs = lessons.filter(({bug}) => bug);
  let from = 0;
  const made = CHAPTERS.map(([name, to]) => {
    const entries = plain.filter(({order}) => order >= from && order < to);
    from = to;
    return {title: words.t(`site.chapter.${name}`), entries, id: name};
  });
  made.push({title: words.t('site.bugs'), entries: bugs, id: 'bugs'});
  return made.filter(({entries}) => entries.length > 0)
      .map(({title, entries, id}) => chapter(title, entries, id));
}

function say() {
  words.sayPage();
  document.title = `${words.t('site')} · zabsim`;
  part('chapters').replaceChildren(...chapters());
  for (const button of document.querySelectorAll('[data-language]')) {
    button.setAttribute('aria-pressed', String(button.getAttribute('data-language') === words.language));
  }
  history.replaceState(null, '', `#${settings.forAddress(['lang', 'theme']).join('&')}`);
}

settings.applyTheme();
part('theme').addEventListener('click', () => settings.toggleTheme());
for (const button of document.querySelectorAll('[data-language]')) {
  button.addEventListener('click', () => {
    words.language = button.getAttribute('data-language') === 'zh' ? 'zh' : 'en';
    settings.set('lang', words.language);
    say();
  });
}
say();
document.body.dataset.ready = 'true';
