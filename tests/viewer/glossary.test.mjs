// A term of a caption or a question is explained: by mouse, touch and keyboard, in both languages.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {open, start, stop} from './browser.mjs';

before(start);
after(stop);

const TERMS = {en: ['quorum', /More than half/], zh: ['过半服务器', /法定人数（quorum）/]};

for (const [language, [term, explanation]] of Object.entries(TERMS)) {
  test(`the pointer and the keyboard reach a term, ${language}`, async () => {
    const {page, press, find, done} = await open('story.html', {hash: `#lang=${language}`});
    await find('committed');
    const tip = page.locator('#tip');
    const word = page.locator('#why .term', {hasText: term}).first();
    assert.equal(await tip.isVisible(), false);
    await word.hover();
    assert.match(await tip.textContent(), explanation);
    await page.mouse.move(0, 0);
    assert.equal(await tip.isVisible(), false);
    await word.focus();
    assert.equal(await tip.isVisible(), true);
    assert.equal(await word.getAttribute('aria-describedby'), 'tip');
    await press('Escape');
    assert.equal(await tip.isVisible(), false);
    assert.doesNotMatch(await page.locator('#why').textContent(), /undefined/);
    await done();
  });
}

test('a tap explains a term, within a narrow screen', async () => {
  const {page, settled, done} = await open('story.html', {
    hash: '#e=1530&lang=zh', hasTouch: true, isMobile: true, viewport: {width: 375, height: 700}});
  for (let k = 0; k < 30 && await page.locator('#why .term').count() === 0; ++k) {
    await page.locator('#forward').tap();
    await settled();
  }
  await page.locator('#why .term').first().tap();
  const box = await page.locator('#tip').boundingBox();
  assert.ok(box && box.x >= 0 && box.x + box.width <= 375, JSON.stringify(box));
  await done();
});

test('every term of the catalogue is found by each of its forms, and no part of a word is one', async () => {
  const {page, done} = await open('story.html');
  const found = await page.evaluate(async () => {
    const {Glossary, Tip} = await import('#glossary.mjs');
    const {Words} = await import('#words.mjs');
    const words = new Words(JSON.parse(document.getElementById('catalogue').textContent));
    const glossary = new Glossary(new Tip(document.getElementById('tip')), words);
    const terms = (text) => {
      const element = document.createElement('p');
      glossary.write(element, text);
      return [...element.querySelectorAll('.term')].map((term) => term.textContent);
    };
    const missed = [];
    for (const language of ['en', 'zh']) {
      words.language = language;
      for (const {forms} of Object.values(words.locale.glossary)) {
        for (const form of forms) if (terms(`n1 ${form}.`).join() !== form) missed.push(form);
      }
    }
    words.language = 'en';
    return {missed, parts: terms('currentEpoch, epochal, DIFFERENT, sync_limited')};
  });
  assert.deepEqual(found, {missed: [], parts: []});
  await done();
});
