// Pages of scenarios, traces and results with hostile text in every place that takes text: it is shown as
// it is, and does nothing.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {open, start, stop} from './browser.mjs';

const {HOSTILE} = process.env;

before(start);
after(stop);

const PAGES = ['hostile.html', 'hostile-site/minority-leader.html', 'hostile-site/datagram.html',
               'hostile-site/bugs-zookeeper-2845.html', 'hostile-site/bugs-zookeeper-2845-fixed.html'];
for (const name of PAGES) {
  test(`${name} shows hostile text as text`, async () => {
    const {page, press, settled, done} = await open(name);
    for (const _ of ['en', 'zh']) {
      assert.equal(await page.locator('#title').textContent(), HOSTILE);
      assert.equal(await page.locator('#doc').textContent(), HOSTILE);
      assert.equal(await page.locator('img').count(), 0);
      await press('e');
      await settled();
    }
    if (!name.endsWith('-fixed.html')) {  // Which has no questions.
      await press('s');
      await settled();
      assert.equal(await page.locator('#lesson-ask').textContent(), HOSTILE);
      const choice = page.locator('#lesson-choices button').first();
      assert.equal(await choice.locator('span').textContent(), HOSTILE);
      await choice.click();
      await settled();
      const said = await page.locator('#lesson-explain').textContent();
      assert.ok(said.endsWith(` ${HOSTILE}`), said);
    }
    await done();
  });
}

test('neighbours and the index of a site show hostile text as text', async () => {
  const page = await open('hostile-site/datagram.html');
  assert.ok((await page.page.locator('#site-next').textContent()).includes(HOSTILE));
  await page.done();
  const index = await open('hostile-site/index.html');
  for (const list of ['#chapters section:first-child', '#bugs']) {
    const item = index.page.locator(`${list} li`).first();
    assert.equal(await item.locator('a').textContent(), HOSTILE);
    assert.equal(await item.locator('p').textContent(), HOSTILE);
  }
  assert.equal(await index.page.locator('img').count(), 0);
  await index.done();
});
