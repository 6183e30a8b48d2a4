// A download, unpacked, opened from disk: START-HERE.html shows posts, stories and conversations with their pictures.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import { checkPage, launch, newPerson } from './lib/page.mjs';
import { Service } from './lib/service.mjs';

let service;
let browser;
let start;
before(async () => {
  if (process.env.VALISE_BUNDLE) {
    start = pathToFileURL(join(process.env.VALISE_BUNDLE, 'START-HERE.html')).href;
  } else {
    service = await Service.prepare('--quirks', 'missing-media');
    const bundle = join(service.folder, 'bundle.zip');
    await service.valise('export', '-o', bundle);
    const folder = join(service.folder, 'unpacked');
    await service.unpack(bundle, folder);
    const [top] = await readdir(folder);
    start = pathToFileURL(join(folder, top, 'START-HERE.html')).href;
  }
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await service?.stop();
});

const words = {
  en: { posts: 'Posts', stories: 'Stories', conversations: 'Conversations', comments: 'Comments', lists: 'Likes and more', about: 'What is inside' },
  fr: { posts: 'Publications', stories: 'Stories', conversations: 'Conversations', comments: 'Commentaires', lists: 'J’aime et autres', about: 'Ce qu’il contient' },
};

// Some picture is there and was drawn: not a broken file.
const drawn = (page, selector) => page.waitForFunction(
  (wanted) => [...document.querySelectorAll(`${wanted} img`)].some((image) => image.complete && image.naturalWidth > 0), selector);

async function conversationWithPicture(page) {
  const count = await page.locator('a.row').count();
  for (let at = 0; at < count; at += 1) {
    await page.locator('a.row').nth(at).click();
    await page.locator('.bubble').first().waitFor();
    if (await page.locator('.message-medium img').count() > 0) return;
    await page.locator('a.back').click();
    await page.locator('a.row').first().waitFor();
  }
  assert.fail('no conversation has a picture');
}

for (const [language, w] of Object.entries(words)) {
  for (const [screen, scheme] of [['phone', 'light'], ['desk', 'dark']]) {
    test(`viewer: ${language}, ${screen}, ${scheme}`, { timeout: 180_000 }, async () => {
      const where = `viewer ${language} ${screen}`;
      const { page, context, complaints, elsewhere } = await newPerson(browser, { language, screen, scheme });
      const tab = (name) => page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
      await page.goto(start);
      await drawn(page, '.tile');
      assert.equal(await page.locator('html').getAttribute('lang'), language);
      await checkPage(page, `${where} posts`);
      const caption = await page.locator('a.tile:has(img)').first();
      await caption.click();
      await drawn(page, 'article');
      await checkPage(page, `${where} post`);

      await tab(w.stories);
      await page.locator('.grid-tall .tile').first().waitFor();
      await drawn(page, '.tile');
      await checkPage(page, `${where} stories`);

      await tab(w.conversations);
      await page.locator('a.row').first().waitFor();
      await checkPage(page, `${where} conversations`);
      await conversationWithPicture(page);
      await page.locator('.message-medium img').first().scrollIntoViewIfNeeded();
      await drawn(page, '.message-medium');
      await checkPage(page, `${where} conversation`);

      await tab(w.comments);
      await page.locator('.row').first().waitFor();
      await checkPage(page, `${where} comments`);
      await tab(w.lists);
      await page.locator('.row').first().waitFor();
      await checkPage(page, `${where} lists`);
      await tab(w.about);
      await page.locator('.folder').waitFor();
      await checkPage(page, `${where} about`);
      assert.deepEqual(complaints, []);
      assert.deepEqual(elsewhere, []);
      await context.close();
    });
  }
}

test('viewer: without JavaScript it says what is where', async () => {
  const { page, context } = await newPerson(browser, { javaScriptEnabled: false });
  await page.goto(start);
  assert.match(await page.locator('body').innerText(), /Start here[\s\S]*data\/media[\s\S]*Commencez ici/);
  assert.match(await page.locator('main').innerText(), /^@\S+ · \d{4}-\d\d-\d\dT/);
  await context.close();
});
