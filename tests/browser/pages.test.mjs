// Pages beside the way: posts, search, outbox, what does not exist, the dark, the keyboard alone, signing out.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkPage, launch, newPerson, tabTo } from './lib/page.mjs';
import { member, Service } from './lib/service.mjs';

let service;
let browser;
before(async () => {
  service = await (await Service.prepare()).serve();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await service?.stop();
});

async function signedIn(options) {
  const person = await newPerson(browser, options);
  const french = options?.language === 'fr';
  await person.page.goto(service.url);
  await person.page.getByLabel(french ? 'Nom' : 'Name', { exact: true }).fill(member.name);
  await person.page.getByLabel(french ? 'Mot de passe' : 'Password', { exact: true }).fill(member.password);
  await person.page.keyboard.press('Enter');
  await person.page.locator('.tile').first().waitFor();
  return { ...person, home: person.page.url() };
}

test('pages: a wrong password says so', async () => {
  const { page, context } = await newPerson(browser);
  await page.goto(`${service.url}/sign-in`);
  await page.getByLabel('Name', { exact: true }).fill(member.name);
  await page.getByLabel('Password', { exact: true }).fill('no');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await checkPage(page, 'sign-in refused');
  await context.close();
});

for (const scheme of ['light', 'dark']) {
  for (const screen of ['phone', 'desk']) {
    test(`pages: in the ${scheme}, ${screen}`, { timeout: 120_000 }, async () => {
      const where = `${scheme} ${screen}`;
      const { page, context, home, complaints, elsewhere } = await signedIn({ scheme, screen });
      await checkPage(page, `profile ${where}`);
      await page.getByRole('button', { name: 'Show more' }).click();
      await page.waitForFunction(() => document.querySelectorAll('.tile').length > 30);

      await page.locator('.tile').first().click();
      await page.locator('article').waitFor();
      await checkPage(page, `post ${where}`);
      await page.reload();
      await page.locator('article').waitFor();
      await page.goBack();
      await page.locator('.tile').first().waitFor();

      await page.goto(`${home}/edit`);
      await page.getByLabel('About you').waitFor();
      await checkPage(page, `edit ${where}`);
      await page.goto(`${home}/request-download`);
      await page.getByRole('checkbox').first().waitFor();
      await page.getByLabel('Dates').selectOption('between');
      await checkPage(page, `request-download ${where}`);
      await page.goto(`${service.url}/outbox`);
      await page.getByRole('heading', { name: 'Outbox' }).waitFor();
      await checkPage(page, `outbox ${where}`);
      assert.deepEqual(complaints, []);
      assert.deepEqual(elsewhere, []);
      await context.close();
    });
  }
}

test('pages: search finds what a caption says', async () => {
  const { page, context, home } = await signedIn({});
  // The account is invented; its words are known only here.
  const { posts } = await (await page.request.get(`${home.replace('/accounts', '/api/v1/accounts')}/posts`)).json();
  const word = posts.map(({ text }) => /(?<![\p{L}])[a-z]{5,}(?![\p{L}])/u.exec(text)?.[0]).find(Boolean);
  await page.goto(`${home}/search`);
  await page.getByRole('searchbox').fill(word);
  await page.keyboard.press('Enter');
  await page.locator('mark').first().waitFor();
  assert.equal((await page.locator('mark').first().textContent()).toLowerCase(), word);
  await checkPage(page, 'search');
  await page.getByRole('searchbox').fill('qqzzxx');
  await page.keyboard.press('Enter');
  await page.getByText('Nothing found').waitFor();
  await checkPage(page, 'search without results');
  await context.close();
});

test('pages: what does not exist, or belongs to someone else', async () => {
  const { page, context } = await signedIn({});
  for (const path of ['/nowhere', '/accounts/0000000000000000', '/requests/0000000000000000', '/accounts/x/y/z']) {
    await page.goto(service.url + path);
    await page.getByText('There is nothing here').first().waitFor();
    await checkPage(page, `nothing at ${path}`);
  }
  await context.close();
});

test('pages: the language switch is kept', async () => {
  const { page, context, home } = await signedIn({});
  await page.goto(`${home}/settings`);
  await page.getByRole('button', { name: 'Français' }).click();
  await page.getByRole('heading', { name: 'Réglages', exact: true }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Réglages', exact: true }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
  await context.close();
});

test('pages: signing out ends the session', async () => {
  const { page, context, home } = await signedIn({});
  await page.goto(`${home}/settings`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await page.goto(home);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  assert.match(page.url(), /sign-in\?next=/);
  await context.close();
});

test('pages: the whole way with the keyboard alone', { timeout: 120_000 }, async () => {
  const { page, context } = await newPerson(browser, { screen: 'desk' });
  const enter = () => page.keyboard.press('Enter');
  await page.goto(service.url);
  await tabTo(page, 'textbox', 'Name');
  await page.keyboard.type(member.name);
  await page.keyboard.press('Tab');
  await page.keyboard.type(member.password);
  await enter();
  await page.locator('.tile').first().waitFor();
  await tabTo(page, 'link', 'Settings');
  await enter();
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
  await page.keyboard.press('Tab');
  await page.locator('a.row:focus').waitFor();
  await enter();
  await tabTo(page, 'link', 'Request download');
  await enter();
  await page.getByRole('checkbox').first().waitFor();
  await tabTo(page, 'checkbox', 'Everything');
  await page.keyboard.press('Space');
  assert.equal(await page.locator('input[type=checkbox]:checked').count(), 0);
  await page.keyboard.press('Space');
  await tabTo(page, 'textbox', 'Send the link to');
  await page.keyboard.type('keys@example.test');
  await page.keyboard.press('Tab');
  await page.keyboard.type(member.password);
  await enter();
  await page.getByRole('heading', { name: 'Your download is ready' }).waitFor();
  const name = await page.getByRole('button', { name: /^Download/ }).textContent();
  await tabTo(page, 'button', name);
  const [download] = await Promise.all([page.waitForEvent('download'), enter()]);
  assert.equal(await download.failure(), null);

  // The operator finds the mail in the outbox, with a link that leads back.
  await page.goto(`${service.url}/outbox`);
  await page.getByRole('link', { name: /keys@example\.test/ }).click();
  await page.locator('article').waitFor();
  await checkPage(page, 'mail in the outbox');
  await page.locator('article a').first().click();
  await page.getByRole('heading', { name: 'Your download is ready' }).waitFor();
  await context.close();
});
