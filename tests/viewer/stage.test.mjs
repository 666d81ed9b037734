// The stage: servers with their logs in three layers, links, messages in virtual time, clients, the
// quorum meter.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {open, start, stop} from './browser.mjs';

before(start);
after(stop);

test('a server shows what it believes and what is really on its disk', async () => {
  const {page, cells, find, what, press, settled, done} = await open('story.html', {hash: '#e=1541'});
  const box = (node) => page.locator(`.server[data-node=${node}]`);
  assert.equal(await what(), 'n3 proposes 1:40');
  assert.equal(await page.locator('.server.leads').getAttribute('data-node'), 'n3');
  assert.match((await cells('n3', 0))['1:39'], /^belief committed applied$/);
  await find('logged');
  assert.equal(await what(), 'n3 has written 1:40 to its log, not yet synced');
  assert.equal((await cells('n3', 0))['1:40'], 'belief open');
  assert.equal((await cells('n3', 1))['1:40'], 'body cache');
  assert.equal((await cells('n3', 2))['1:40'], 'missing', 'the difference is lit');
  assert.equal((await cells('n3', 2))['1:39'], 'body disk');
  assert.equal(await box('n3').locator('.risk').textContent(), 'power cut takes 1:40');
  assert.match(await box('n3').getAttribute('aria-label'),
               /^n3, leader, epoch 1, history up to 1:40, on disk up to 1:39, power cut takes 1:40$/);
  await find('crashed');
  assert.equal(await what(), 'n3 loses power');
  assert.match(await box('n3').getAttribute('class'), /DOWN/);
  assert.deepEqual(await cells('n3', 0), {}, 'the memory is gone');
  assert.equal((await cells('n3', 2))['1:40'], 'missing', 'nobody knows before the restart');
  assert.equal(await box('n3').locator('.risk').textContent(), 'in doubt: 1:40');
  await find('synced');
  assert.equal(await what(), 'n2 has 1:40 on its disk');
  assert.equal((await cells('n2', 2))['1:40'], 'body disk');
  await find('recovered');
  assert.equal(await what(), 'n3 has restored its disk up to 1:39');
  assert.equal((await cells('n3', 2))['1:40'], undefined);
  await press('End');
  await settled();
  assert.equal(await page.locator('.server.leads').getAttribute('data-node'), 'n2');
  const ends = await page.locator('.server').evaluateAll((all) => all.map((it) => it.ariaLabel.match(/up to (\S+),/)[1]));
  assert.equal(new Set(ends).size, 1, 'all have the same history in the end');
  await find('no such thing');
  assert.equal(await page.locator('#found').textContent(), 'not found');
  await done();
});

test('all servers have the same columns, and the write that is followed is among them', async () => {
  const {page, settled, done} = await open('story.html', {hash: '#e=1541&z=1:20'});
  await settled();
  const columns = (node) => page.locator(`.server[data-node=${node}] .cell[data-row="0"]`).evaluateAll(
      (cells) => cells.map((cell) => `${cell.dataset.zxid} ${cell.style.transform.match(/\((.*?)px/)[1]}`).sort());
  const [first, second] = [await columns('n1'), await columns('n3')];
  assert.deepEqual(first, second);
  assert.match(first.at(-1), /^1:20 /);
  await done();
});

test('what a server only takes to be on its disk is marked', async () => {
  const {page, cells, press, settled, done} = await open('site/bugs-zookeeper-2247.html');
  await press('End');
  await settled();
  assert.ok(Object.values(await cells('n2', 2)).includes('missing claimed'));
  assert.ok(!Object.values(await cells('n3', 2)).includes('missing claimed'));
  assert.match(await page.locator('.server[data-node=n2] .risk').textContent(), /^believed, not there: /);
  await done();
});

test('a note says its text, and a moment of the scenario what it is', async () => {
  const {find, what, done} = await open('site/bugs-zookeeper-4643.html', {hash: '#e=1'});
  await find('note');
  assert.equal(await what(), 'note: 1:2 is the write in question');
  await find('fired');
  assert.match(await what(), /^the scenario: /);
  await done();
});

test('a wiped disk has neither history nor epochs', async () => {
  const {page, cells, find, what, done} = await open('site/minority-wiped.html', {hash: '#e=1'});
  const epoch = () => page.locator('.server[data-node=n1] .epoch').textContent();
  await find('crashed');
  assert.ok(Object.keys(await cells('n1', 2)).length > 0);
  assert.equal(await epoch(), 'epoch 1');
  await find('disk_spoiled');
  assert.equal(await what(), 'the disk of n1 is empty now');
  assert.deepEqual(await cells('n1', 2), {});
  assert.equal(await epoch(), 'epoch 0');
  await done();
});

test('messages are where virtual time has brought them, and stand while it stands', async () => {
  const {page, settled, done} = await open('story.html', {hash: '#e=1513'});
  const labels = () => page.locator('.message.COMMIT').evaluateAll((all) => all.map((it) => it.style.transform));
  await settled();
  const before = await labels();
  assert.ok(before.length > 0);
  await page.waitForTimeout(150);
  assert.deepEqual(await labels(), before, 'the clock stands');
  assert.match(await page.locator('.message.COMMIT .zxid').first().textContent(), /^1:3\d$/);
  await page.locator('#speed').selectOption('1');
  await page.locator('#play').click();
  await page.waitForFunction((was) => {
    const [label] = document.querySelectorAll('.message.COMMIT');
    return label && label.style.transform !== was;
  }, before[0]);
  await page.locator('#play').click();
  await done();
});

test('clients show their request and what has become of it', async () => {
  const {page, find, settled, done} = await open('story.html', {hash: '#e=1537'});
  await settled();
  const client = page.locator('.client[data-node=c4]');
  assert.equal(await client.innerText(), 'c4\ncreate\nwaiting');
  assert.equal(await page.locator('.message.request').count(), 1, 'the request is on its way');
  await find('returned');
  await client.click();
  assert.equal(await client.getAttribute('aria-pressed'), 'true');
  assert.match(new URL(page.url()).hash, /n=c4/);
  await done();
});

test('the meter counts the acknowledgements of the write in focus', async () => {
  const {page, find, settled, done} = await open('site/write-path.html', {hash: '#e=1'});
  await find('proposed');
  const zxid = await page.locator('.meter text.zxid').textContent();
  const count = () => page.locator('.meter text.count').textContent();
  assert.equal(await count(), '0 / 2');
  await find('quorum');
  assert.equal(await page.locator('.meter .arc.counted').count(), 2);
  assert.equal(await count(), '2 / 2');
  await find('committed');
  assert.equal(await count(), '✓');
  assert.equal(await page.locator('.meter.done text.zxid').textContent(), zxid);
  await settled();
  await done();
});

test('five servers stand on an ellipse; links that are cut leave islands', async () => {
  const {page, find, settled, done} = await open('site/bridge-partition.html', {hash: '#e=753'});
  await settled();
  assert.equal(await page.locator('.server').count(), 5);
  assert.equal(await page.locator('.server:not(.compact)').count(), 1, 'the leader alone has its cells');
  const boxes = await page.locator('.server, .client:visible').evaluateAll(
      (all) => all.map((it) => it.getBoundingClientRect()).map(({left, right, top, bottom}) => ({left, right, top, bottom})));
  for (const [i, a] of boxes.entries()) {
    for (const b of boxes.slice(i + 1)) {
      const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
      assert.ok(apart, JSON.stringify([a, b]));
    }
  }
  await page.locator('.server[data-node=n1]').click();
  assert.equal(await page.locator('.server:not(.compact)').count(), 2);
  await find('cut');
  assert.ok(await page.locator('line.link.cut, line.link.one-way').count() > 0);
  await done();
});

test('a link that is cut in one direction shows the other', async () => {
  const {page, find, done} = await open('site/one-way-partition.html', {hash: '#e=1'});
  await find('cut');
  assert.match(await page.locator('.link-label.one-way').first().textContent(), /^only n\d → n\d$/);
  await done();
});

test('the diagram names what is under the pointer, is dragged and zoomed', async () => {
  const {page, id, settled, done} = await open('story.html', {hash: '#e=1541'});
  const box = await page.locator('#diagram').boundingBox();
  const tip = page.locator('#tip');
  const x = box.x + box.width * 4.5 / 8;  // The lane of n3.
  for (let y = 100; y < 260 && !await tip.isVisible(); y += 4) await page.mouse.move(x, box.y + y);
  assert.match(await tip.textContent(), /^1\.\d+s n3 /);
  const before = await id();
  await page.mouse.move(x, box.y + 150);
  await page.mouse.down();
  await page.mouse.move(x, box.y + 230, {steps: 4});
  await page.mouse.up();
  await settled();
  assert.ok(await id() < before, 'dragged down, earlier');
  const picture = () => page.locator('#diagram').evaluate((canvas) => canvas.toDataURL());
  const far = await picture();
  await page.mouse.wheel(0, -300);
  await settled();
  assert.notEqual(await picture(), far);
  await done();
});
