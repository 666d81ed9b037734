// Lesson mode and the site of lessons: questions, answers, the way from page to page.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {open, start, stop} from './browser.mjs';

before(start);
after(stop);

test('a lesson halts at its question, says so, and answers with the reason', async () => {
  const {page, id, press, settled, playing, done} = await open('site/proposed-not-committed.html');
  assert.match(await page.locator('#lesson-title').textContent(), /^Question 1 of [1-9]$/);
  assert.equal(await page.locator('#lesson-choices button').count(), 0);
  assert.equal(await page.locator('#lesson-previous').isDisabled(), true);
  await page.locator('#speed').selectOption('1000');
  await page.locator('#lesson-play').click();
  await page.waitForFunction(() => document.querySelectorAll('#lesson-choices button').length > 0);
  await playing(false);
  await settled();
  const halted = await id();
  assert.equal(await page.locator('#announced').textContent(), 'Stopped at a question');
  assert.equal(await page.locator('#halted').isVisible(), true);
  assert.match(await page.locator('#lesson-ask').textContent(), /\?$/);
  assert.equal(await page.locator('#lesson-explain').textContent(), '');
  const choices = page.locator('#lesson-choices button');
  await choices.nth(0).focus();
  await press('Enter');
  await settled();
  const said = await page.locator('#lesson-explain').textContent();
  assert.match(said, /^(Right\.|No: )/);
  assert.equal(await choices.nth(0).getAttribute('aria-pressed'), 'true');
  assert.equal(await choices.nth(0).evaluate((it) => it === document.activeElement), true);
  assert.equal(await page.locator('#lesson-choices .right').count(), 1);
  await press('2');
  await settled();
  assert.equal(await page.locator('#lesson-explain').textContent(), said, 'an answer is final');
  await press('Home', 's');
  await settled();
  assert.equal(await id(), halted, 'the key leads to the question');
  assert.equal(await page.locator('#lesson-explain').textContent(), said, 'the answer is kept');
  await page.locator('#lesson-next').click();
  await settled();
  assert.ok(await id() > halted);
  await page.locator('#lesson-previous').click();
  await settled();
  assert.equal(await id(), halted);
  await done();
});

test('a question speaks Chinese too, and keys answer it', async () => {
  const {page, press, settled, done} = await open('site/proposed-not-committed.html', {hash: '#lang=zh'});
  await press('s');
  await settled();
  assert.match(await page.locator('#lesson-title').textContent(), /^第 1 题，共 \d+ 题$/);
  assert.match(await page.locator('#lesson-ask').textContent(), /[\u4e00-\u9fff].*？$/);
  await press('1');
  await settled();
  assert.match(await page.locator('#lesson-explain').textContent(), /^(答对了。|不对，应是：)/);
  await page.locator('[data-language=en]').click();
  await settled();
  assert.match(await page.locator('#lesson-explain').textContent(), /^(Right\.|No: )/);
  await done();
});

test('what comes after an open question is not shown', async () => {
  const {page, press, settled, done} = await open('site/bugs-zookeeper-4643.html');
  assert.equal(await page.locator('#verdict').textContent(), 'how does it end?');
  assert.equal(await page.locator('#violations').isVisible(), false);
  const picture = () => page.locator('#overview').evaluate((canvas) => canvas.toDataURL());
  await press('s', 'r');
  await settled();
  const shown = await picture();
  assert.equal(await page.locator('#events tbody tr').last().getAttribute('aria-current'), 'true');
  assert.equal(await page.locator('#effects li').count(), 0);
  await press('1');
  await settled();
  assert.notEqual(await picture(), shown, 'the answer lifts the curtain');
  assert.equal(await page.locator('#events tbody tr').last().getAttribute('aria-current'), null);
  await press('End');
  await settled();
  assert.equal(await page.locator('#verdict').textContent(), 'ZOOKEEPER-4643 shows', 'what was passed is known');
  await done();
});

test('a lesson ends with its story, its verdict and how many answers were right', async () => {
  const {page, press, settled, done} = await open('site/bugs-zookeeper-4643.html');
  const stops = Number((await page.locator('#lesson-title').textContent()).match(/of (\d)/)[1]);
  for (let k = 0; k < stops; ++k) {
    await press('s', '1');
    await settled();
  }
  assert.equal(await page.locator('#ending').isVisible(), false);
  await press('End');
  await settled();
  assert.match(await page.locator('#score').textContent(), new RegExp(`^\\d of ${stops} questions right$`));
  assert.match(await page.locator('#violation-list').textContent(), /CommittedNeverLost/);
  assert.equal(await page.locator('#doc').isVisible(), true);
  assert.match(await page.locator('#ending-next').getAttribute('href'), /\.html$/);
  await page.locator('#back-to-question').click();
  await settled();
  assert.equal(await page.locator('#lesson-ask').isVisible(), true);
  await done();
});

for (const kept of [true, false]) {
  test(`answers, language and theme are kept, ${kept ? 'by the browser' : 'in the address, if the browser keeps nothing'}`, async () => {
    const forget = () => Object.defineProperty(window, 'localStorage', {get() { throw new Error('denied'); }});
    const {page, press, settled, done} = await open('site/quorum.html', {script: kept ? null : forget});
    const hash = () => new URL(page.url()).hash;
    await press('s', '1', 't', 'e');
    await settled();
    const said = await page.locator('#lesson-explain').textContent();
    const theme = await page.locator('html').getAttribute('data-theme');
    assert.equal(theme, 'dark');
    assert.equal(/progress.*lang=|lang=.*progress/.test(hash()), !kept, hash());
    await page.reload();
    await page.waitForSelector('body[data-ready]');
    await settled();
    assert.equal(await page.locator('html').getAttribute('lang'), 'zh-Hans');
    assert.equal(await page.locator('html').getAttribute('data-theme'), theme);
    assert.equal(await page.locator('#lesson-explain').textContent(), said);
    if (kept) {
      await page.locator('#site-index').click();
      await page.waitForURL(/index\.html/);
      await page.waitForSelector('body[data-ready]');
      assert.match(await page.locator('#writes li').first().locator('.progress').textContent(), /^已答 1 \/ \d 题$/);
    }
    await done();
  });
}

test('the index has chapters with lessons in order, and the bugs behind them', async () => {
  const {page, settled, done} = await open('site/index.html');
  const lessons = page.locator('#chapters li');
  assert.ok(await lessons.count() >= 40);
  assert.equal(await lessons.first().locator('a').textContent(), 'What a quorum is');
  assert.equal(await lessons.nth(1).locator('a').textContent(), 'The way of a write');
  assert.match(await lessons.first().locator('small').first().textContent(), /^questions: \d · \d min$/);
  assert.ok(await page.locator('#chapters h2').count() >= 5);
  assert.equal(await page.locator('#bugs li').count(), 18);
  assert.match(await page.locator('#bugs li small').first().textContent(), /^(ZOOKEEPER|OWN)-\d+ · questions: \d/);
  await page.locator('[data-language=zh]').click();
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-Hans');
  assert.match(await page.locator('h1').textContent(), /ZooKeeper/);
  const theme = await page.locator('html').getAttribute('data-theme');
  await page.locator('#theme').click();
  assert.notEqual(await page.locator('html').getAttribute('data-theme'), theme);
  const link = lessons.first().locator('a');
  await Promise.all([page.waitForURL(/quorum\.html/), link.click()]);
  await page.waitForSelector('body[data-ready]');
  await settled();
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-Hans');
  assert.equal(await page.locator('#site-previous').isVisible(), false, 'it is the first');
  await page.locator('#site-next').click();
  await page.waitForURL(/write-path\.html/);
  await page.waitForSelector('body[data-ready]');
  await page.locator('#site-index').click();
  await page.waitForURL(/index\.html/);
  await done();
});

test('the story of a bug is there with it and without', async () => {
  const {page, done} = await open('site/bugs-zookeeper-4643.html');
  await page.locator('#site-other').click();
  await page.waitForURL(/bugs-zookeeper-4643-fixed\.html/);
  await page.waitForSelector('body[data-ready]');
  assert.equal(await page.locator('#verdict').textContent(), 'held');
  assert.equal(await page.locator('#lesson').isVisible(), false);
  await page.locator('#site-other').click();
  await page.waitForURL(/bugs-zookeeper-4643\.html/);
  await page.waitForSelector('body[data-ready]');
  assert.equal(await page.locator('#verdict').textContent(), 'how does it end?');
  await done();
});

test('the story waits until it is asked for, if it gives answers away', async () => {
  const lesson = await open('site/proposed-not-committed.html');
  assert.equal(await lesson.page.locator('#doc').isVisible(), false);
  await lesson.page.locator('#tell').click();
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
  await page.locator('[data-language=zh]').click();
  assert.match(await page.locator('#other-run').textContent(), /另一次运行/);
  await done();
});

test('a page that stands alone leads nowhere', async () => {
  const {page, done} = await open('story.html');
  assert.equal(await page.locator('#site').isVisible(), false);
  await done();
});
