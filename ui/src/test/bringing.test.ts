import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bringing, Rate } from '../app/bringing';
import type { Chosen, SenderEvents } from '../app/bringing';
import { parseRoute } from '../app/router';

interface Sent {
  file: Chosen;
  events: SenderEvents;
  starts: number;
  stopped: boolean;
}

function make(ask: (uploads: readonly string[]) => Promise<{ id: string }>) {
  const sent: Sent[] = [];
  let clock = 0;
  const bringing = new Bringing<Chosen>({
    send: (_, file, events) => {
      const one: Sent = { file, events, starts: 0, stopped: false };
      sent.push(one);
      return { start: () => void (one.starts += 1), stop: () => void (one.stopped = true) };
    },
    ask: (_, uploads) => ask(uploads),
    now: () => (clock += 1000),
  });
  return { bringing, sent };
}

const tick = () => new Promise((resolve) => setImmediate(resolve));
const part = (n: number) => ({ name: `part-${n}.zip`, size: 1000 * n });
const nobody = () => Promise.reject(new Error('not asked'));

test('bringing: parts go one after the other and are one import, with those that waited', async () => {
  const asked: (readonly string[])[] = [];
  const { bringing, sent } = make((uploads) => {
    asked.push(uploads);
    return Promise.resolve({ id: 'i1' });
  });
  bringing.begin('a', [part(1), part(2)], ['waited'], false);
  assert.equal(sent.length, 1);
  sent[0]?.events.onProgress(400);
  sent[0]?.events.onProgress(900);
  assert.equal(bringing.get()?.sent, 900);
  assert.equal(bringing.get()?.total, 3000);
  assert.equal(bringing.get()?.rate, 500);
  sent[0]?.events.onDone('u1');
  await tick();
  assert.equal(sent.length, 2);
  sent[1]?.events.onDone('u2');
  await tick();
  assert.deepEqual(asked, [['waited', 'u1', 'u2']]);
  assert.equal(bringing.get()?.state, 'done');
  assert.deepEqual(bringing.get()?.imports, ['i1']);
});

test('bringing: archives that are apart are imports of their own', async () => {
  const asked: (readonly string[])[] = [];
  const { bringing, sent } = make((uploads) => Promise.resolve({ id: `i${asked.push(uploads)}` }));
  bringing.begin('a', [part(1), part(2)], [], true);
  sent[0]?.events.onDone('u1');
  await tick();
  sent[1]?.events.onDone('u2');
  await tick();
  assert.deepEqual(asked, [['u1'], ['u2']]);
  assert.deepEqual(bringing.get()?.imports, ['i1', 'i2']);
});

test('bringing: a lost network waits, and what failed goes on where it was', async () => {
  const { bringing, sent } = make(() => Promise.resolve({ id: 'i1' }));
  bringing.begin('a', [part(1)], [], false);
  sent[0]?.events.onProgress(500);
  sent[0]?.events.onWaiting();
  assert.equal(bringing.get()?.state, 'waiting');
  assert.equal(bringing.get()?.sent, 500);
  sent[0]?.events.onProgress(600);
  assert.equal(bringing.get()?.state, 'sending');
  sent[0]?.events.onFailed(507);
  assert.equal(bringing.get()?.state, 'failed');
  assert.equal(bringing.get()?.status, 507);
  bringing.goOn();
  assert.equal(bringing.get()?.state, 'sending');
  assert.equal(sent[0]?.starts, 2);
  sent[0]?.events.onDone('u1');
  await tick();
  assert.equal(bringing.get()?.state, 'done');
});

test('bringing: an import that could not be asked for is asked for again', async () => {
  let tries = 0;
  const { bringing, sent } = make(() => {
    tries += 1;
    return tries === 1 ? Promise.reject(Object.assign(new Error('away'), { status: 503 })) : Promise.resolve({ id: 'i' });
  });
  bringing.begin('a', [part(1)], [], false);
  sent[0]?.events.onDone('u1');
  await tick();
  assert.equal(bringing.get()?.state, 'failed');
  bringing.goOn();
  await tick();
  assert.equal(bringing.get()?.state, 'done');
});

test('bringing: nothing is heard of what was stopped', async () => {
  const { bringing, sent } = make(nobody);
  bringing.begin('a', [part(1)], [], false);
  bringing.stop();
  assert.equal(sent[0]?.stopped, true);
  sent[0]?.events.onProgress(500);
  sent[0]?.events.onDone('u1');
  await tick();
  assert.equal(bringing.get(), null);
});

test('rate: over the last seconds, unknown at first', () => {
  const rate = new Rate();
  rate.add(0, 0);
  assert.equal(rate.get(), 0);
  rate.add(1000, 2000);
  assert.equal(rate.get(), 2000);
  for (let second = 2; second <= 30; second += 1) rate.add(second * 1000, 2000 + second * 100);
  assert.equal(Math.round(rate.get()), 100);
});

test('router: where archives are brought', () => {
  assert.deepEqual(parseRoute('/accounts/a1/bring', ''), { page: 'bring', account: 'a1' });
  assert.deepEqual(parseRoute('/bring', ''), { page: 'bring-first' });
  assert.deepEqual(parseRoute('/imports/i1', ''), { page: 'import', id: 'i1' });
  assert.deepEqual(parseRoute('/imports', ''), { page: 'unknown' });
});
