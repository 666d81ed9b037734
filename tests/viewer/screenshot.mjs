// Takes the picture in README.md: scenarios/leader-crash.json when the leader makes its last proposal
// before it crashes.
//
//   build/release/zabsim view scenarios/leader-crash.json -o build/leader-crash.html
//   VIEWER_PAGES=build node tests/viewer/screenshot.mjs tools/viewer/screenshot.png
import {resolve} from 'node:path';
import {open, start, stop} from './browser.mjs';

await start();
const {page, settled, done} = await open('leader-crash.html', {
  hash: '#e=1541&z=1:40', viewport: {width: 1200, height: 940}});
await settled();
await page.screenshot({path: resolve(process.argv[2])});
await done();
await stop();
