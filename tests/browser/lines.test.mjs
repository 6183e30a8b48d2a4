// Bringing an archive when things go wrong: a ZIP that was cut off, a line that drops, a page that is reloaded.
import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { drop, emptyServer, signIn, words } from './lib/bring.mjs';
import { Line } from './lib/line.mjs';
import { checkPage, launch, newPerson } from './lib/page.mjs';
import { Service } from './lib/service.mjs';

let home;
let browser;
before(async () => {
  home = await Service.prepare();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await home?.stop();
});

test('a ZIP that was cut off gets a clear sentence', { timeout: 120_000 }, async () => {
  const other = await emptyServer();
  const cut = join(other.folder, 'cut.zip');
  const whole = await readFile(home.archive);
  await writeFile(cut, whole.subarray(0, whole.length / 2));
  for (const [language, w] of Object.entries(words)) {
    const { page, context } = await newPerson(browser, { language });
    await signIn(page, other.url, w);
    await page.getByRole('link', { name: w.bring, exact: true }).first().click();
    await drop(page, cut);
    await page.getByRole('button', { name: w.begin, exact: true }).click();
    await page.getByText(w.cut).waitFor();
    await checkPage(page, `cut ${language}`);
    await context.close();
  }
  await other.stop();
});

test('a line that drops is waited for; after a reload the same file goes on where it was', { timeout: 180_000 }, async () => {
  const other = await emptyServer();
  const line = await Line.to(other.url);
  const w = words.en;
  const { page, context } = await newPerson(browser, { language: 'en' });
  const { size } = await stat(home.archive);
  await signIn(page, line.url, w);
  await page.getByRole('link', { name: w.bring, exact: true }).click();
  await page.getByRole('button', { name: w.choose, exact: true }).waitFor();
  const network = await context.newCDPSession(page);
  await network.send('Network.enable');
  const slow = (uploadThroughput) => network.send('Network.emulateNetworkConditions',
    { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
  const sent = (percent) => page.waitForFunction(
    (least) => Number(document.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow')) >= least, percent);
  await slow(size / 8);
  await drop(page, home.archive);
  await page.getByRole('button', { name: w.begin, exact: true }).click();
  await sent(25);
  await checkPage(page, 'sending');
  await line.cut();
  await page.getByRole('heading', { name: w.waiting, exact: true }).waitFor();
  await checkPage(page, 'waiting for the connection');
  await line.mend();
  await sent(50);
  await page.reload();
  await page.getByText(w.again).waitFor();
  await checkPage(page, 'choose again');
  await slow(-1);
  const offsets = [];
  page.on('request', (request) => {
    if (request.method() === 'PATCH') offsets.push(Number(request.headers()['upload-offset']));
  });
  await drop(page, home.archive);
  await page.getByRole('button', { name: w.begin, exact: true }).click();
  await page.getByRole('heading', { name: w.here, exact: true }).waitFor();
  assert.equal(offsets.length, 1);
  assert.ok(offsets[0] > size / 5, `went on at ${offsets[0]} of ${size}`);
  await context.close();
  await line.cut();
  await other.stop();
});
