// What the viewer's tests share: Debian's Chromium, offline, and a page opened from the disk.
import assert from 'node:assert/strict';
import {chromium} from 'playwright-core';

/** Where the pages under test are; tests/viewer/viewer_test.py has made them. */
export const pages = process.env.VIEWER_PAGES;

let browser;

export async function start() {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
}

export async function stop() { await browser.close(); }

/** Opens a page and waits until it is ready.  `problems` collects errors and what it asked of a
 *  network; `script` runs before the page's.  Close it with done().
 *  @param {string} name @param {object} [options] of the browser's context */
export async function open(name, {hash = '', script = null, ...options} = {}) {
  const context = await browser.newContext({
    offline: true, viewport: {width: 1280, height: 900}, colorScheme: 'light', ...options});
  const page = await context.newPage();
  if (script) await page.addInitScript(script);
  const problems = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => {
    if (!/^(file|data|blob):/.test(request.url())) problems.push(`asked for ${request.url()}`);
  });
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', {timeDomain: 'threadTicks'});
  await page.goto(`file://${pages}/${name}${hash}`);
  await page.waitForSelector('body[data-ready]');
  return {
    page,
    what: () => page.locator('#what').textContent(),
    id: async () => Number((await page.locator('#where').textContent()).match(/#(\d+)/)[1]),
    /** Whether it plays; waits until it does or does not. */
    playing: (is) => page.waitForSelector(`#play[data-playing^=${is}]`),
    /** The cells of a server in a layer: 0 what it believes, 1 the page cache, 2 the disk.  By zxid
     *  what kind they are. */
    cells: async (node, layer) => Object.fromEntries(await page.locator(
        `.server[data-node=${node}] .cell[data-row="${layer}"]:not(.washed)`).evaluateAll(
        (cells) => cells.map(({dataset, className}) => [dataset.zxid, className.replace(/^cell /, '')]))),
    /** Goes to the next event that the search finds. */
    find: async (text) => {
      await page.locator('#search').fill(text);
      await page.keyboard.press('Enter');
      await page.keyboard.press('Escape');
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    },
    press: async (...keys) => { for (const key of keys) await page.keyboard.press(key); },
    settled: () => page.evaluate(() => new Promise((done) => requestAnimationFrame(
        () => requestAnimationFrame(done)))),
    /** Seconds that the page's thread has worked. */
    processorTime: async () => {
      const {metrics} = await session.send('Performance.getMetrics');
      return metrics.find(({name}) => name === 'TaskDuration').value;
    },
    done: async () => {
      await context.close();
      assert.deepEqual(problems, []);
    },
  };
}
