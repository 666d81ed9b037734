// @ts-check
// The index of a site of lessons.
import {Words} from './words.mjs';

/** A lesson.  `bug`: its id, if it shows one.
 *  @typedef {{href: string, title: import('./words.mjs').Text, doc: import('./words.mjs').Text,
 *   questions: number, bug: string}} Entry */

/** An element of the page, of whatever kind it is. @param {string} id @returns {any} */
function part(id) { return document.getElementById(id); }

/** @type {Entry[]} */
const lessons = JSON.parse(part('meta').textContent);
const words = new Words(JSON.parse(part('catalogue').textContent));

/** @param {Entry} lesson */
function row(lesson) {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = `${lesson.href}#lang=${words.language}`;
  link.textContent = words.text(lesson.title);
  const facts = document.createElement('small');
  facts.textContent = [lesson.bug, words.t('site.questions', {stops: lesson.questions})]
      .filter(Boolean).join(' · ');
  const story = document.createElement('details');
  const summary = document.createElement('summary');
  summary.textContent = words.t('story.with-answers');
  const doc = document.createElement('p');
  doc.textContent = words.text(lesson.doc);
  story.append(summary, doc);
  item.append(link, ' ', facts, story);
  return item;
}

function say() {
  words.sayPage();
  document.title = `${words.t('site')} · zabsim`;
  const bugs = lessons.filter(({bug}) => bug);
  part('lessons').replaceChildren(...lessons.filter(({bug}) => !bug).map(row));
  part('bugs').replaceChildren(...bugs.map(row));
  part('bugs-section').hidden = bugs.length === 0;
  history.replaceState(null, '', `#lang=${words.language}`);
}

const root = document.documentElement;
root.dataset.theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
part('theme').addEventListener('click', () => {
  root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
});
part('language').addEventListener('click', () => {
  words.toggle();
  say();
});
if (location.hash === '#lang=zh') words.toggle();
say();
document.body.dataset.ready = 'true';
