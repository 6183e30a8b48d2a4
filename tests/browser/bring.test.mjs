// Bringing an archive, as people do it: dropped on the page, followed, reported; a download of one server moves the account to
// another; another person's archive is asked about.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { drop, emptyServer, signIn, words } from './lib/bring.mjs';
import { checkPage, launch, newPerson, tabTo } from './lib/page.mjs';
import { Service } from './lib/service.mjs';

const run = promisify(execFile);
let home; // server A, with an account
let bundle; // its download
let shaped; // its download, shaped as Instagram's own archives
let browser;
before(async () => {
  home = await (await Service.prepare()).serve();
  bundle = join(home.folder, 'bundle.zip');
  await home.valise('export', '-o', bundle);
  shaped = join(home.folder, 'instagram-elise.hartwell-2026-11-24-valise.zip');
  await home.valise('export', '--format', 'instagram', '-o', shaped);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await home?.stop();
});

for (const [language, w] of Object.entries(words)) {
  for (const screen of ['phone', 'desk']) {
    test(`a download of server A is the same account on server B: ${language}, ${screen}`, { timeout: 180_000 }, async () => {
      const where = `bring ${language} ${screen}`;
      const other = await emptyServer();
      const person = await newPerson(browser, { language, screen });
      const { page } = person;
      await signIn(page, other.url, w);
      // The one action of somebody who has nothing here yet.
      await page.getByRole('link', { name: w.bring, exact: true }).click();
      await page.getByRole('button', { name: w.choose, exact: true }).waitFor();
      await checkPage(page, `${where} choose`);
      // Dropped, not chosen: small files can be made in the page.
      const bytes = (await readFile(bundle)).toString('base64');
      const transfer = await page.evaluateHandle(([text, name]) => {
        const data = new DataTransfer();
        data.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name, { type: 'application/zip' }));
        return data;
      }, [bytes, basename(bundle)]);
      await page.dispatchEvent('.drop', 'drop', { dataTransfer: transfer });
      await page.getByRole('button', { name: w.begin, exact: true }).waitFor();
      await checkPage(page, `${where} chosen`);
      await page.getByRole('button', { name: w.begin, exact: true }).click();
      await page.getByRole('heading', { name: w.here, exact: true }).waitFor();
      await checkPage(page, `${where} report`);
      await page.getByRole('link', { name: w.see, exact: true }).click();
      await page.locator('.tile').first().waitFor();
      await checkPage(page, `${where} profile`);
      assert.deepEqual(person.complaints, []);
      assert.deepEqual(person.elsewhere, []);
      // The same account: what server B would give is what server A gave.
      const back = join(other.folder, 'back.zip');
      await other.valise('export', '-o', back);
      const lists = await Promise.all([bundle, back].map(async (path) => (await run('/usr/bin/python3', ['-c', records, path])).stdout));
      assert.equal(lists[1], lists[0]);
      await person.context.close();
      await other.stop();
    });
  }
}

// The records of a bundle, or only the keys of those that move (docs/formats/instagram-bundle.md), and the digests of its media, in a
// stable order.
const records = `
import hashlib, json, sys, zipfile
found, keys = [], sys.argv[2:]
with zipfile.ZipFile(sys.argv[1]) as bundle:
    for name in bundle.namelist():
        short = name.split('/', 1)[1]
        if short.startswith('data/records/') and short.endswith('.json') and not short.startswith('data/records/media/'):
            found += [one['kind'] + one['key'] if keys else json.dumps(one, sort_keys=True) for one in json.loads(bundle.read(name))
                      if not (keys and one['kind'] == 'activity')]
        elif short.startswith('data/media/') and not name.endswith('/'):
            found.append(hashlib.sha256(bundle.read(name)).hexdigest())
print('\\n'.join(sorted(found)))
`;

test('an Instagram-shaped download of server A is the same account on server B', { timeout: 180_000 }, async () => {
  const w = words.fr;
  const other = await emptyServer();
  const person = await newPerson(browser, { language: 'fr', screen: 'phone' });
  const { page } = person;
  await signIn(page, other.url, w);
  await page.getByRole('link', { name: w.bring, exact: true }).click();
  await drop(page, shaped);
  await page.getByRole('button', { name: w.begin, exact: true }).click();
  await page.getByRole('heading', { name: w.here, exact: true }).waitFor();
  await page.getByRole('link', { name: w.see, exact: true }).click();
  await page.locator('.tile').first().waitFor();
  assert.deepEqual(person.complaints, []);
  // Every record under the key it had, every medium with the bytes it had.
  const back = join(other.folder, 'back.zip');
  await other.valise('export', '-o', back);
  const lists = await Promise.all([bundle, back].map(async (path) => (await run('/usr/bin/python3', ['-c', records, path, 'keys'])).stdout));
  assert.ok(lists[0].split('\n').length > 100);
  assert.equal(lists[1], lists[0]);
  await person.context.close();
  await other.stop();
});

test('another person’s archive is stopped, and becomes a second account', { timeout: 180_000 }, async () => {
  const other = await (await Service.prepare()).serve();
  const foreign = join(other.folder, 'foreign.zip');
  await Service.generate(foreign, '--preset', 'tiny', '--seed', '77', '--user', 'paul.other');
  for (const screen of ['phone', 'desk']) {
    const w = words.en;
    const { page, context, complaints } = await newPerson(browser, { language: 'en', screen });
    await signIn(page, other.url, w);
    await page.locator('.tile').first().waitFor();
    await page.getByRole('link', { name: w.gear, exact: true }).click();
    await page.getByRole('link', { name: w.privacy }).click();
    await page.getByRole('link', { name: w.bring, exact: true }).click();
    await page.getByRole('button', { name: w.choose, exact: true }).waitFor();
    await tabTo(page, 'button', w.choose);
    await drop(page, foreign);
    await page.getByRole('button', { name: w.begin, exact: true }).click();
    await page.getByText(w.belongs('paul.other'), { exact: true }).waitFor();
    await page.getByText('@elise.hartwell', { exact: false }).first().waitFor();
    await checkPage(page, `other account ${screen}`);
    if (screen === 'phone') {
      await page.getByRole('button', { name: 'Cancel', exact: true }).click();
      await page.getByRole('heading', { name: 'Cancelled', exact: true }).waitFor();
    } else {
      await page.getByRole('button', { name: w.second('paul.other'), exact: true }).click();
      await page.getByRole('heading', { name: w.here, exact: true }).waitFor();
      await page.getByRole('link', { name: w.see, exact: true }).click();
      await page.locator('.tile').first().waitFor();
      await page.locator('.switcher summary').click();
      assert.equal(await page.locator('.switcher .menu a').count(), 2);
      await checkPage(page, 'switcher');
      await page.locator('.switcher .menu').getByText('elise.hartwell', { exact: true }).click();
      await page.getByRole('heading', { name: 'elise.hartwell', exact: true }).waitFor();
    }
    assert.deepEqual(complaints, []);
    await context.close();
  }
  await other.stop();
});
