// Every width at which the page is drawn: nothing sticks out, everything that moves time is in reach.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {open, start, stop} from './browser.mjs';

before(start);
after(stop);

const SIZES = [[1440, 900], [1366, 650], [1024, 768], [768, 1024], [375, 667]];

for (const [width, height] of SIZES) {
  for (const language of ['en', 'zh']) {
    test(`the page fits ${width} by ${height}, ${language}`, async () => {
      for (const name of ['story.html', 'site/bridge-partition.html', 'site/bugs-zookeeper-4643.html']) {
        const {page, press, settled, done} = await open(name, {
          hash: `#lang=${language}`, viewport: {width, height}});
        for (const key of ['s', '1']) {
          const found = await page.evaluate(() => {
            const root = document.documentElement;
            const out = [...document.querySelectorAll('body *')].filter((it) => {
              const {width, right, left} = it.getBoundingClientRect();
              return width > 0 && (right > innerWidth + 1 || left < -1) && !it.closest('.stage, .scroll, .unseen');
            });
            const play = document.querySelector('#play').getBoundingClientRect();
            const caption = document.querySelector('#what').getBoundingClientRect();
            return {wide: root.scrollWidth, tall: root.scrollHeight, out: out.map((it) => it.id || it.className),
                    play: play.bottom, stage: document.querySelector('#stage').clientHeight, caption: caption.bottom};
          });
          assert.ok(found.wide <= width && found.tall <= height, `${name}: ${JSON.stringify(found)}`);
          assert.deepEqual(found.out, [], name);
          assert.ok(found.play < height && found.stage >= 200, `${name}: ${JSON.stringify(found)}`);
          await press(key);
          await settled();
        }
        await done();
      }
    });
  }
}

test('on a telephone there is one panel at a time', async () => {
  const {page, settled, done} = await open('story.html', {
    viewport: {width: 375, height: 667}, hasTouch: true, isMobile: true});
  const panels = {story: '#caption', question: '#lesson', diagram: '#diagram', events: '#events'};
  for (const [tab, panel] of Object.entries(panels)) {
    await page.locator(`[data-tab=${tab}]`).last().tap();
    await settled();
    for (const other of Object.values(panels)) {
      assert.equal(await page.locator(other).isVisible(), other === panel, `${tab}: ${other}`);
    }
    assert.equal(await page.locator('#stage').isVisible(), true);
    assert.equal(await page.locator('#play').isVisible(), true);
  }
  await done();
});

test('the index fits a telephone', async () => {
  const {page, done} = await open('site/index.html', {viewport: {width: 375, height: 667}});
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 375);
  await done();
});
