// The report of a sweep as a reader uses it: both languages and themes, wide and narrow, any metric.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {after, before, test} from 'node:test';
import {open, start, stop} from '../viewer/browser.mjs';

const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const FIGURES = ['means', 'ecdf', 'heat', 'availability'];

before(start);
after(stop);

for (const colorScheme of ['light', 'dark']) {
  for (const [language, width] of [['en', 1280], ['zh', 375], ['zh', 1280]]) {
    test(`axe-core finds nothing: ${colorScheme}, ${language}, ${width} px`, async () => {
      const {page, done} = await open('report.html', {
        hash: `#language=${language}`, colorScheme, viewport: {width, height: 900}});
      assert.equal(await page.locator('html').getAttribute('data-theme'), colorScheme);
      await page.evaluate(axe);
      const {violations} = await page.evaluate(() => globalThis.axe.run());
      assert.deepEqual(violations.map(({id, nodes}) => [id, nodes.map((node) => node.html)]), []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${wide} px too wide`);
      await done();
    });
  }
}

test('has every figure, drawn, and says what was swept', async () => {
  const {page, done} = await open('report.html', {hash: '#language=en'});
  assert.equal(await page.locator('#title').textContent(), 'Sweep of leader-crash');
  assert.match(await page.locator('#facts').textContent(), /^12 runs in 4 cells, 3 repeats with the same seeds · digest [0-9a-f]{8}/);
  for (const figure of FIGURES) {
    assert.ok(await page.locator(`#${figure} .plot svg`).isVisible(), figure);
    assert.match(await page.locator(`#${figure} .plot`).getAttribute('aria-label'), /\. ./);
  }
  // Four cells: four intervals, four steps, four squares.
  assert.equal(await page.locator('#means .mark-rule.role-mark line').count(), 4);
  assert.equal(await page.locator('#ecdf .mark-line path').count(), 4);
  assert.equal(await page.locator('#heat .mark-rect.role-mark path').count(), 4);
  assert.equal(await page.locator('#table-body tr').count(), 4);
  await done();
});

test('the figure of time has an outage and the faults of each cell', async () => {
  const {page, done} = await open('report.html', {hash: '#language=en'});
  const bars = await page.locator('#availability .mark-rect.role-mark path').count();
  assert.ok(bars >= 4 * 3, `each cell starts, is up, and loses its leader: ${bars} bars`);
  assert.equal(await page.locator('#availability .mark-symbol.role-mark path').count(), 4 * 3, 'a crash, a restart and the quiet at the end');
  assert.match(await page.locator('#availability').textContent(), /crash.*restart/);
  await done();
});

test('another metric, language and theme, and the address keeps them', async () => {
  const {page, done} = await open('report.html', {hash: '#language=en'});
  const before = await page.locator('#means .plot').innerHTML();
  await page.locator('#metric').selectOption('write_latency_p50');
  await page.waitForFunction((old) => 'ready' in document.body.dataset &&
      document.querySelector('#means .plot').innerHTML !== old, before);
  assert.match(await page.locator('#table-title').textContent(), /write_latency_p50 \(ms\)/);
  assert.match(await page.locator('#means').textContent(), /write_latency_p50 \(ms\)/);
  await page.locator('#language').click();
  await page.waitForFunction(() => 'ready' in document.body.dataset && document.documentElement.lang === 'zh-Hans');
  assert.equal(await page.locator('#title').textContent(), '参数扫描：leader-crash');
  assert.match(await page.locator('#metric-what').textContent(), /[\u4e00-\u9fff]/);
  const theme = await page.locator('html').getAttribute('data-theme');
  await page.locator('#theme').click();
  await page.waitForFunction((old) => 'ready' in document.body.dataset && document.documentElement.dataset.theme !== old, theme);
  assert.match(page.url(), /language=zh&theme=dark&metric=write_latency_p50/);
  await page.reload();
  await page.waitForSelector('body[data-ready]');
  assert.equal(await page.locator('#metric').inputValue(), 'write_latency_p50');
  await done();
});

test('a mark says what it is under the pointer', async () => {
  const {page, done} = await open('report.html', {hash: '#language=en'});
  await page.locator('#means .mark-symbol.role-mark path').first().hover();
  await page.waitForFunction(() => document.querySelector('#vg-tooltip-element, #means .plot[title]'));
  await done();
});

test('cells that differ in what was not varied are told, and only then', async () => {
  const same = await open('hostile.html', {hash: '#language=en'});
  assert.equal(await same.page.locator('#warnings').isVisible(), false);
  await same.done();
  const {page, done} = await open('unequal.html', {hash: '#language=en'});
  assert.equal(await page.locator('#warnings').isVisible(), true);
  const text = await page.locator('#warnings').textContent();
  assert.match(text, /faults that took effect: from 0 \(crash no\) to 1 \(crash yes\), in the mean/);
  await page.locator('#language').click();
  await page.waitForFunction(() => 'ready' in document.body.dataset);
  assert.match(await page.locator('#warnings').textContent(), /生效的故障数：均值从 0/);
  assert.equal(await page.locator('#heat').isVisible(), false, 'one parameter has no map');
  await done();
});

test('hostile names are shown as they are', async () => {
  const {page, done} = await open('hostile.html');
  assert.equal(await page.locator('img').count(), 0);
  assert.ok((await page.locator('#table-body').textContent()).includes(process.env.HOSTILE));
  await done();
});
