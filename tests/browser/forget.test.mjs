// Forgetting on the page: a post that a ready download holds. The post goes, the download is cancelled and says so, one click
// asks for it again. In both languages, with the keyboard alone in one of them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkPage, launch, newPerson } from './lib/page.mjs';
import { member, Service } from './lib/service.mjs';

const words = {
  en: {
    signIn: 'Sign in', name: 'Name', password: 'Password', request: 'Request download', address: 'Send the link to',
    confirm: 'Your password, to be sure it is you', ready: 'Your download is ready', forget: 'Forget…', ask: 'Forget this for good?',
    yes: 'Forget it', no: 'Keep it', cancels: /1\sdownload that holds it is cancelled/, cancelled: 'This download was cancelled',
    why: /deleted since/, again: 'Ask again', mail: 'Your download was cancelled',
  },
  fr: {
    signIn: 'Se connecter', name: 'Nom', password: 'Mot de passe', request: 'Demander un téléchargement', address: 'Envoyer le lien à',
    confirm: 'Votre mot de passe, pour être sûr que c’est vous', ready: 'Votre téléchargement est prêt', forget: 'Oublier…',
    ask: /Oublier ceci pour de bon/, yes: 'Oublier', no: 'Garder', cancels: /2\stéléchargements qui le contiennent sont annulés/,
    cancelled: 'Ce téléchargement a été annulé', why: /supprimé depuis/, again: 'Demander à nouveau', mail: 'Votre téléchargement a été annulé',
  },
};

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

async function signIn(page, w) {
  await page.getByLabel(w.name, { exact: true }).fill(member.name);
  await page.getByLabel(w.password, { exact: true }).fill(member.password);
  await page.getByRole('button', { name: w.signIn, exact: true }).click();
  await page.locator('.tile').first().waitFor();
}

async function ready(page, w, address) {
  await page.goto(`${page.url().replace(/\/$/, '')}/request-download`);
  await page.getByLabel(w.address).fill(address);
  await page.getByLabel(w.confirm).fill(member.password);
  await page.getByRole('button', { name: w.request, exact: true }).click();
  await page.getByRole('heading', { name: w.ready, exact: true }).waitFor();
  return page.url();
}

for (const [language, w] of Object.entries(words)) {
  test(`forgetting a post: ${language}`, { timeout: 120_000 }, async () => {
    const address = `forget-${language}@example.test`;
    const { page, context } = await newPerson(browser, { language, screen: 'phone' });
    await page.goto(service.url);
    await signIn(page, w);
    const profile = page.url();
    const request = await ready(page, w, address);

    await page.goto(profile);
    await page.locator('.tile').first().click();
    const button = page.getByRole('button', { name: w.forget, exact: true });
    await button.waitFor();
    const post = page.url();
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByText(w.cancels).waitFor();
    await checkPage(page, `forget ${language}`);
    // Kept: nothing has happened, and the focus is where it was.
    await page.getByRole('button', { name: w.no, exact: true }).click();
    await page.waitForFunction((text) => document.activeElement?.textContent === text, w.forget);

    await page.keyboard.press('Enter');
    await page.getByText(w.cancels).waitFor();
    await page.getByLabel(w.confirm).fill(member.password);
    await page.keyboard.press('Enter');
    await page.locator('.tile').first().waitFor();
    const gone = await page.request.get(post.replace('/accounts/', '/api/v1/accounts/'));
    assert.equal(gone.status(), 404);

    const mail = await service.mailTo(address, w.mail);
    assert.ok(mail.text.includes(request));
    await page.goto(request);
    await page.getByRole('heading', { name: w.cancelled, exact: true }).waitFor();
    await page.getByText(w.why).waitFor();
    await checkPage(page, `erased ${language}`);
    await page.getByRole('button', { name: w.again, exact: true }).click();
    await page.getByRole('heading', { name: w.ready, exact: true }).waitFor();
    assert.notEqual(page.url(), request);
    await context.close();
  });
}
