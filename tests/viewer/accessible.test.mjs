// axe-core finds nothing, in either language, theme and width.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {after, before, test} from 'node:test';
import {open, start, stop} from './browser.mjs';

const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

before(start);
after(stop);

for (const name of ['story.html', 'violated.html', 'site/index.html', 'site/bugs-zookeeper-4643.html']) {
  for (const colorScheme of ['light', 'dark']) {
    for (const [language, width] of [['en', 1366], ['zh', 1024], ['en', 375]]) {
      test(`${name}, ${colorScheme}, ${language}, ${width} px`, async () => {
        const {page, done} = await open(name, {
          hash: `#e=1541&z=1:40&lang=${language}`, colorScheme, viewport: {width, height: 650}});
        await page.evaluate(axe);
        const {violations} = await page.evaluate(() => globalThis.axe.run());
        assert.deepEqual(violations.map(({id, nodes}) => [id, nodes.map((node) => node.html)]), []);
        await done();
      });
    }
  }
}
