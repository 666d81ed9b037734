// Lesson mode and the site of lessons: questions, answers, the way from page to page.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {open, start, stop} from './browser.mjs';

before(start);
after(stop);

const TITLE = 'Will it survive?';

test('a lesson halts at its question, and answers with the reason', async () => {
  const {page, id, press, settled, done} = await open('site/proposed-not-committed.html');
  assert.equal(await id(), 1, 'it begins at the beginning');
  assert.match(await page.locator('#lesson-title').textContent(), /^Lesson: question 0 of [1-9]/);
  assert.equal(await page.locator('#lesson-choices button').count(), 0);
  assert.equal(await page.locator('#lesson-previous').isDisabled(), true);
  await page.locator('#speed').selectOption('10x');
  await page.locator('#play').click();
  await page.waitForFunction(() => document.querySelectorAll('#lesson-choices button').length > 0);
  await settled();
  const halted = await id();
  assert.equal(await page.locator('#play').textContent(), '▶', 'it has halted');
  assert.match(await page.locator('#lesson-ask').textContent(), /\?$/);
  assert.equal(await page.locator('#lesson-explain').textContent(), '');
  const choices = page.locator('#lesson-choices button');
  await choices.nth(0).focus();
  await press('Enter');
  await settled();
  const first = await page.locator('#lesson-explain').textContent();
  assert.match(first, /^(Right\.|No: )/);
  assert.equal(await choices.nth(0).getAttribute('aria-pressed'), 'true');
  assert.equal(await choices.nth(0).evaluate((it) => it === document.activeElement), true);
  const right = page.locator('#lesson-choices button.right');
  for (let i = 0; await right.count() === 0; ++i) {
    await choices.nth(i).click();
    await settled();
  }
  assert.match(await page.locator('#lesson-explain').textContent(), /^Right\. ./);
  await press('Home');
  await settled();
  assert.equal(await page.locator('#lesson-choices button').count(), 0);
  await press('s');
  await settled();
  assert.equal(await id(), halted, 'the key leads to the question');
  assert.match(await page.locator('#lesson-explain').textContent(), /^Right\. ./, 'the answer is kept');
  await page.locator('#lesson-next').click();
  await settled();
  assert.ok(await id() > halted);
  await page.locator('#lesson-previous').click();
  await settled();
  assert.equal(await id(), halted);
  await done();
});

test('a question speaks Chinese too', async () => {
  const {page, press, settled, done} = await open('site/proposed-not-committed.html', {hash: '#lang=zh'});
  await press('s');
  await settled();
  assert.match(await page.locator('#lesson-title').textContent(), /^课程：第 1 题，共 \d+ 题$/);
  assert.match(await page.locator('#lesson-ask').textContent(), /[\u4e00-\u9fff].*？$/);
  await page.locator('#lesson-choices button').first().click();
  await settled();
  assert.match(await page.locator('#lesson-explain').textContent(), /^(答对了。|不对，应是：)/);
  await page.locator('#language').click();
  await settled();
  assert.match(await page.locator('#lesson-explain').textContent(), /^(Right\.|No: )/);
  await done();
});

test('the index lists the lessons in order, and the bugs behind them', async () => {
  const {page, settled, done} = await open('site/index.html');
  const lessons = page.locator('#lessons li');
  assert.ok(await lessons.count() >= 20);
  assert.equal(await lessons.first().locator('a').textContent(), 'What a quorum is');
  assert.equal(await lessons.nth(1).locator('a').textContent(), 'The way of a write');
  assert.equal(await page.locator('#bugs li').count(), 18);
  assert.match(await page.locator('#bugs li small').first().textContent(), /^(ZOOKEEPER|OWN)-\d+ · questions: \d/);
  await page.locator('#language').click();
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-Hans');
  assert.match(await page.locator('h1').textContent(), /ZooKeeper/);
  const theme = await page.locator('html').getAttribute('data-theme');
  await page.locator('#theme').click();
  assert.notEqual(await page.locator('html').getAttribute('data-theme'), theme);
  const link = lessons.first().locator('a');
  await Promise.all([page.waitForURL(/quorum\.html#.*lang=zh/), link.click()]);
  await page.waitForSelector('body[data-ready]');
  await settled();
  assert.equal(await page.locator('#site-previous').isVisible(), false, 'it is the first');
  await page.locator('#site-next').click();
  await page.waitForURL(/write-path\.html#.*lang=zh/);
  await page.waitForSelector('body[data-ready]');
  await page.locator('#site-index').click();
  await page.waitForURL(/index\.html#lang=zh/);
  await done();
});

test('the story of a bug is there with it and without', async () => {
  const {page, done} = await open('site/bugs-zookeeper-4643.html');
  assert.match(await page.locator('#violation-list').textContent(), /CommittedNeverLost/);
  await page.locator('#site-other').click();
  await page.waitForURL(/bugs-zookeeper-4643-fixed\.html/);
  await page.waitForSelector('body[data-ready]');
  assert.equal(await page.locator('#verdict').textContent(), 'held');
  assert.equal(await page.locator('#lesson').isVisible(), false);
  await page.locator('#site-other').click();
  await page.waitForURL(/bugs-zookeeper-4643\.html/);
  await page.waitForSelector('body[data-ready]');
  assert.equal(await page.locator('#verdict').textContent(), 'ZOOKEEPER-4643 shows');
  await done();
});

test('the story waits until it is asked for, if it gives answers away', async () => {
  const lesson = await open('site/proposed-not-committed.html');
  assert.equal(await lesson.page.locator('#doc').isVisible(), false);
  await lesson.page.locator('#story summary').click();
  assert.equal(await lesson.page.locator('#doc').isVisible(), true);
  await lesson.done();
  const plain = await open('violated.html');  // Which asks nothing.
  assert.equal(await plain.page.locator('#doc').isVisible(), true);
  await plain.done();
});

test('of another run nothing is asked', async () => {
  const {page, done} = await open('other.html');
  assert.equal(await page.locator('#lesson').isVisible(), false);
  assert.match(await page.locator('#other-run').textContent(), /are about another run/);
  await page.locator('#language').click();
  assert.match(await page.locator('#other-run').textContent(), /另一次运行/);
  await done();
});

test('a page that stands alone leads nowhere', async () => {
  const {page, done} = await open('story.html');
  assert.equal(await page.locator('#site').isVisible(), false);
  await done();
});
