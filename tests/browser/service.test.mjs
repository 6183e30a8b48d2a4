// A service and its members: what they do there is in what they take away from here, and what they deleted is not.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Pair } from './lib/host.mjs';
import { checkPage, launch, newPerson } from './lib/page.mjs';
import { unpack } from './lib/service.mjs';

const hours = 3600;
let pair;
let browser;
before(async () => {
  pair = await Pair.serve();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await pair?.stop();
});

async function signIn(username, options) {
  const person = await newPerson(browser, options);
  await person.page.goto(pair.site);
  await person.page.getByRole('button', { name: `@${username}` }).click();
  await person.page.getByRole('link', { name: /^(Share|Partager)$/ }).waitFor();
  return person;
}

async function sharePost(page, text, ...files) {
  await page.goto(`${pair.site}/share`);
  await page.getByLabel('Photos or videos').setInputFiles(files);
  await page.getByLabel('Caption').fill(text);
  await page.getByRole('button', { name: 'Share post' }).click();
  await page.getByText(text).waitFor();
  return page.url();
}

async function write(page, to, text, file) {
  await page.goto(`${pair.site}/@${to}`);
  await page.getByRole('button', { name: /^(Write|Écrire)$/ }).click();
  await page.getByPlaceholder(/message/).fill(text);
  if (file) await page.locator('form#say input[type=file]').setInputFiles(file);
  await page.getByRole('button', { name: /^(Send|Envoyer)$/ }).click();
  await page.getByText(text).waitFor();
}

// From the site's profile page to the form of Valise.
async function goOver(page, username, words) {
  await page.goto(`${pair.site}/@${username}`);
  const edit = await page.getByRole('link', { name: words.edit, exact: true }).boundingBox();
  const gear = page.getByRole('link', { name: words.gear, exact: true });
  assert.ok((await gear.boundingBox()).x >= edit.x + edit.width, 'the gear is to the right of the button');
  await gear.click();
  await checkPage(page, `site settings ${words.gear}`);
  await page.getByRole('link', { name: words.download, exact: true }).click();
  await page.getByRole('heading', { name: words.request, exact: true }).waitFor();
  await page.getByRole('checkbox').first().waitFor();
}

const en = { edit: 'Edit profile', gear: 'Settings', download: 'Download your data', request: 'Request download' };
const fr = {
  edit: 'Modifier mon profil', gear: 'Réglages', download: 'Télécharger vos données', request: 'Demander un téléchargement',
};

async function ready(page) {
  await page.getByRole('heading', { name: 'Your download is ready', exact: true }).waitFor();
}

async function filesOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return Promise.all(paths.map((path) => readFile(path)));
}

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

test('what members shared is in the download, what they deleted is not', { timeout: 240_000 }, async () => {
  const [old, photo, story, inMessage, last] = await pair.draw(
    'lake-autumn-day-1@600x600.jpg', 'harbour-summer-golden-2@600x600.jpg', 'sea-winter-day-3@400x700.jpg',
    'books-spring-day-4@500x500.jpg', 'hills-spring-day-5@600x600.jpg',
  );
  const maya = await signIn('maya.lindqvist');
  const leon = await signIn('leon.marchetti', { language: 'fr', screen: 'desk' });
  const oldUrl = await sharePost(maya.page, 'Ephemera to be deleted', old);
  const photoUrl = await sharePost(maya.page, 'The old harbour <i>at six</i>', photo);
  await checkPage(maya.page, 'site post');
  await maya.page.goto(`${pair.site}/share`);
  await checkPage(maya.page, 'site share');
  await maya.page.getByLabel('Photo or video', { exact: true }).setInputFiles(story);
  await maya.page.getByLabel('Words').fill('Kiln is on');
  await maya.page.getByRole('button', { name: 'Share story' }).click();
  await maya.page.getByText('Kiln is on').waitFor();

  await leon.page.goto(pair.site);
  await leon.page.getByRole('link', { name: 'maya.lindqvist' }).first().waitFor();
  await checkPage(leon.page, 'site feed');
  await leon.page.goto(photoUrl);
  await leon.page.getByPlaceholder('Dites quelque chose de gentil').fill('Quelle lumière, ce port');
  await leon.page.getByRole('button', { name: 'Publier' }).click();
  await leon.page.getByText('Quelle lumière, ce port').waitFor();
  await write(leon.page, 'maya.lindqvist', 'Thursday at the mill?', inMessage);
  await checkPage(leon.page, 'site conversation');
  await write(leon.page, 'ines.aubert', 'Between the two of us only');

  await maya.page.goto(oldUrl);
  await maya.page.getByText('Delete this post').click();
  await maya.page.getByRole('button', { name: 'Yes, delete it' }).click();
  await maya.page.getByRole('heading', { name: 'Maya Lindqvist' }).waitFor();

  await pair.moveClock(25 * hours);
  await leon.page.goto(pair.site);
  assert.equal(await leon.page.locator('a[href^="/stories/"]').count(), 0, 'the story has left the page');
  await maya.page.goto(`${pair.site}/archive`);
  assert.equal(await maya.page.locator('.grid a').count(), 1, 'the story is in its archive');

  await goOver(maya.page, 'maya.lindqvist', en);
  await maya.page.getByText('pellicule has confirmed that it is you.').waitFor();
  assert.equal(await maya.page.getByLabel('Your password').count(), 0);
  await checkPage(maya.page, 'request-download after hand-off');
  await maya.page.getByLabel('Send the link to').fill('maya@example.test');
  await maya.page.getByRole('button', { name: en.request, exact: true }).click();
  await ready(maya.page);

  // The mail is opened in another browser: there one comes in through the service, too.
  const [link] = /http\S+\/requests\/\w+/.exec((await pair.mailTo('maya@example.test')).text);
  const other = await signIn('maya.lindqvist');
  await other.page.goto(link);
  await other.page.getByRole('link', { name: 'Continue with pellicule' }).click();
  await ready(other.page);
  assert.equal(other.page.url(), link);
  const [download] = await Promise.all([
    other.page.waitForEvent('download'), other.page.getByRole('button', { name: /^Download/ }).click(),
  ]);
  const bundle = join(pair.folder, 'maya.zip');
  await download.saveAs(bundle);
  await pair.valise('verify', bundle);
  await unpack(bundle, join(pair.folder, 'maya'));
  const files = await filesOf(join(pair.folder, 'maya'));
  const digests = new Set(files.map(sha256));
  for (const [name, path] of Object.entries({ photo, story, inMessage })) {
    assert.ok(digests.has(sha256(await readFile(path))), `${name} is in the download, byte for byte`);
  }
  assert.ok(!digests.has(sha256(await readFile(old))), 'the deleted photo is not');
  const holds = (text) => files.some((bytes) => bytes.includes(text));
  for (const text of ['The old harbour <i>at six</i>', 'Kiln is on', 'Quelle lumière, ce port', 'Thursday at the mill?']) {
    assert.ok(holds(text), `${text} is in the download`);
  }
  for (const text of ['Ephemera', sha256(await readFile(old)), 'Between the two of us only']) {
    assert.ok(!holds(text), `${text} is not in the download`);
  }

  const begun = Date.now();
  await sharePost(maya.page, 'One more, right now', last);
  await goOver(maya.page, 'maya.lindqvist', en);
  await maya.page.getByLabel('Send the link to').fill('again@example.test');
  await maya.page.getByRole('button', { name: en.request, exact: true }).click();
  await ready(maya.page);
  const [second] = await Promise.all([
    maya.page.waitForEvent('download'), maya.page.getByRole('button', { name: /^Download/ }).click(),
  ]);
  await second.saveAs(join(pair.folder, 'again.zip'));
  console.log(`from posting to a download on disk, by hand through every page: ${Date.now() - begun} ms`);
  await unpack(join(pair.folder, 'again.zip'), join(pair.folder, 'again'));
  const again = (await filesOf(join(pair.folder, 'again'))).map(sha256);
  assert.ok(again.includes(sha256(await readFile(last))), 'what was posted a moment ago is in the download');
  for (const person of [maya, leon, other]) {
    assert.deepEqual(person.complaints, []);
    assert.deepEqual(person.elsewhere, []);
    await person.context.close();
  }
});

test('what the form held comes back from confirming', { timeout: 120_000 }, async () => {
  await pair.moveClock(30 * hours);
  const ines = await signIn('ines.aubert', { language: 'fr' });
  await goOver(ines.page, 'ines.aubert', fr);
  await ines.page.getByLabel('Envoyer le lien à').fill('ines@example.test');
  await ines.page.getByRole('checkbox', { name: /^Messages directs/ }).uncheck();
  // Six minutes later the hand-off is not fresh any more.
  await pair.moveClock(30 * hours + 360);
  await ines.page.getByRole('button', { name: fr.request, exact: true }).click();
  await ines.page.getByText(/plus de cinq minutes/).waitFor();
  await checkPage(ines.page, 'request-download to be confirmed');
  await ines.page.getByRole('button', { name: 'Confirmer avec pellicule' }).click();
  await ines.page.getByText('pellicule a confirmé que c’est vous.').waitFor();
  assert.equal(await ines.page.getByLabel('Envoyer le lien à').inputValue(), 'ines@example.test');
  assert.equal(await ines.page.getByRole('checkbox', { name: /^Messages directs/ }).isChecked(), false);
  await ines.page.getByRole('button', { name: fr.request, exact: true }).click();
  await ines.page.getByRole('heading', { name: 'Votre téléchargement est prêt', exact: true }).waitFor();
  await ines.context.close();
});

test('a token that was used or altered leads to one clear page', { timeout: 60_000 }, async () => {
  const tom = await signIn('tom.okafor');
  const answer = await tom.page.request.get(`${pair.site}/hand-off?next=/`, { maxRedirects: 0 });
  const address = answer.headers().location;
  const stranger = await newPerson(browser, { language: 'fr', screen: 'desk' });
  await stranger.page.goto(address.slice(0, -8) + 'AAAAAAAA');
  await stranger.page.getByRole('heading', { name: 'Ce lien ne fonctionne plus', exact: true }).waitFor();
  await checkPage(stranger.page, 'hand-off refused');
  assert.equal(new URL(stranger.page.url()).search, '', 'the token does not stay in the address');
  await tom.page.goto(address);
  await tom.page.getByRole('link', { name: 'Edit profile', exact: true }).waitFor();
  await stranger.page.goto(address);
  await stranger.page.getByRole('heading', { name: 'Ce lien ne fonctionne plus', exact: true }).waitFor();
  await stranger.context.close();
  await tom.context.close();
});
