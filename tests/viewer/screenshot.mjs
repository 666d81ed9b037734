// Takes the picture in README.md: scenarios/leader-crash.json when the leader loses power with its last
// proposal on the way.
//
//   build/release/zabsim view scenarios/leader-crash.json -o build/leader-crash.html
//   VIEWER_PAGES=build node tests/viewer/screenshot.mjs tools/viewer/screenshot.png
import {resolve} from 'node:path';
import {open, start, stop} from './browser.mjs';

await start();
const {page, settled, done} = await open('leader-crash.html', {
  hash: '#e=1546', viewport: {width: 1366, height: 768}});
await settled();
await page.screenshot({path: resolve(process.argv[2])});
await done();
await stop();
