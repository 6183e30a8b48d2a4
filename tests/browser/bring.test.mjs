// Bringing an archive, as people do it: dropped on the page, followed, reported; a download of one server moves the account to
// another; another person's archive is asked about.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { checkPage, launch, newPerson, tabTo } from './lib/page.mjs';
import { member, Service } from './lib/service.mjs';

const words = {
  en: {
    signIn: 'Sign in', name: 'Name', password: 'Password', bring: 'Bring an archive', choose: 'Choose files', begin: 'Bring it here',
    here: 'It is all here', see: 'See the profile', belongs: (name) => `This archive belongs to @${name}, not to this account.`,
    second: (name) => `Make @${name} a second account of mine`, accounts: 'Your accounts', cut: /damaged or cut off/,
    again: /are here\. Choose the same file again to go on\./, gear: 'Settings', privacy: /^Privacy and security/, waiting: 'Waiting for the connection',
  },
  fr: {
    signIn: 'Se connecter', name: 'Nom', password: 'Mot de passe', bring: 'Apporter une archive', choose: 'Choisir des fichiers', begin: 'Apporter ici',
    here: 'Tout est là', see: 'Voir le profil', belongs: (name) => `Cette archive appartient à @${name}, pas à ce compte.`,
    second: (name) => `Faire de @${name} mon second compte`, accounts: 'Vos comptes', cut: /abîmé ou incomplet/,
    again: /sont arrivés\. Choisissez le même fichier pour continuer\./, gear: 'Réglages', privacy: /^Confidentialité et sécurité/, waiting: 'En attente de la connexion',
  },
};

const run = promisify(execFile);
let home; // server A, with an account
let bundle; // its download
let browser;
before(async () => {
  home = await (await Service.prepare()).serve();
  bundle = join(home.folder, 'bundle.zip');
  await home.valise('export', '-o', bundle);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await home?.stop();
});

// A server on which the member has a name and nothing else.
async function emptyServer() {
  return (await Service.prepareEmpty()).serve();
}

async function signIn(page, url, w) {
  await page.goto(url);
  await page.getByLabel(w.name, { exact: true }).fill(member.name);
  await page.getByLabel(w.password, { exact: true }).fill(member.password);
  await page.getByRole('button', { name: w.signIn, exact: true }).click();
}

// Drops files of any size as a browser does.
async function drop(page, ...paths) {
  const input = page.locator('input[type=file]');
  await input.waitFor({ state: 'attached' });
  await input.setInputFiles(paths);
}

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

// The records of a bundle and the digests of its media, in a stable order.
const records = `
import hashlib, json, sys, zipfile
found = []
with zipfile.ZipFile(sys.argv[1]) as bundle:
    for name in bundle.namelist():
        short = name.split('/', 1)[1]
        if short.startswith('data/records/') and short.endswith('.json') and not short.startswith('data/records/media/'):
            found += [json.dumps(one, sort_keys=True) for one in json.loads(bundle.read(name))]
        elif short.startswith('data/media/') and not name.endswith('/'):
            found.append(hashlib.sha256(bundle.read(name)).hexdigest())
print('\\n'.join(sorted(found)))
`;

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
      await page.getByText(w.accounts).waitFor({ state: 'attached' }).catch(() => undefined);
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
