// The whole way, by the names that people see, in both languages, on a phone and at a desk: profile, gear, privacy and security,
// request, mail, sign-in, download, verify.
import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { checkPage, launch, newPerson } from './lib/page.mjs';
import { member, Service } from './lib/service.mjs';

const words = {
  en: {
    signIn: 'Sign in', name: 'Name', password: 'Password', edit: 'Edit profile', about: 'About you', save: 'Save', gear: 'Settings',
    privacy: 'Privacy and security', request: 'Request download', address: 'Send the link to', again: 'Your password, to be sure it is you',
    preparing: /is being prepared|is ready/, ready: 'Your download is ready', download: /^Download/, downloaded: /^Downloaded, done/,
    cancel: 'Cancel this download', cancelYes: 'Yes, cancel it', cancelled: 'This download was cancelled', wrong: /not the password/,
    missing: 'Please fill this in.', decimal: /\d,\d{3}|\d/,
  },
  fr: {
    signIn: 'Se connecter', name: 'Nom', password: 'Mot de passe', edit: 'Modifier mon profil', about: 'À propos de vous', save: 'Enregistrer',
    gear: 'Réglages', privacy: 'Confidentialité et sécurité', request: 'Demander un téléchargement', address: 'Envoyer le lien à',
    again: 'Votre mot de passe, pour être sûr que c’est vous', ready: 'Votre téléchargement est prêt', download: /^Télécharger/,
    downloaded: /^Téléchargé, fait/, cancel: 'Annuler ce téléchargement', cancelYes: 'Oui, l’annuler', cancelled: 'Ce téléchargement a été annulé',
    wrong: /pas le mot de passe/, missing: 'Ce champ est nécessaire.',
  },
};

let service;
let browser;
before(async () => {
  service = await (await Service.prepare('--quirks', 'missing-media')).serve();
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
}

async function editProfile(page, w, where) {
  await page.getByRole('link', { name: w.edit, exact: true }).click();
  const about = page.getByLabel(w.about, { exact: true });
  const text = `Changed at ${where} — <b>not bold</b> ✓`;
  await about.fill(text);
  await checkPage(page, `edit ${where}`);
  await page.getByRole('button', { name: w.save, exact: true }).click();
  await page.getByText(text, { exact: true }).waitFor();
}

async function askForDownload(page, w, where, address) {
  await page.getByRole('link', { name: w.gear, exact: true }).click();
  await page.getByRole('heading', { name: w.gear, exact: true }).waitFor();
  await checkPage(page, `settings ${where}`);
  await page.getByRole('link', { name: new RegExp(`^${w.privacy}`) }).click();
  await page.getByRole('link', { name: w.request, exact: true }).waitFor();
  await checkPage(page, `privacy ${where}`);
  await page.getByRole('link', { name: w.request, exact: true }).click();
  await page.getByRole('checkbox').first().waitFor();
  await checkPage(page, `request-download ${where}`);

  const submit = page.getByRole('button', { name: w.request, exact: true });
  await page.getByLabel(w.address).fill('');
  await submit.click();
  await page.getByText(w.missing).first().waitFor();
  await page.getByLabel(w.address).fill(address);
  await page.getByLabel(w.again).fill('not the password');
  await submit.click();
  await page.getByText(w.wrong).waitFor();
  await checkPage(page, `request-download refused ${where}`);
  await page.getByLabel(w.again).fill(member.password);
  await submit.click();
}

for (const [language, w] of Object.entries(words)) {
  for (const screen of ['phone', 'desk']) {
    test(`the way: ${language}, ${screen}`, { timeout: 180_000 }, async () => {
      const where = `${language} ${screen}`;
      const address = `${language}-${screen}@example.test`;
      const person = await newPerson(browser, { language, screen });
      const { page } = person;
      await page.goto(service.url);
      await page.getByRole('button', { name: w.signIn, exact: true }).waitFor();
      assert.equal(await page.locator('html').getAttribute('lang'), language);
      await checkPage(page, `sign-in ${where}`);
      await signIn(page, w);
      await page.locator('.tile').first().waitFor();
      assert.equal(await page.locator('.tile').count(), 30);
      await checkPage(page, `profile ${where}`);
      const gear = await page.getByRole('link', { name: w.gear, exact: true }).boundingBox();
      const edit = await page.getByRole('link', { name: w.edit, exact: true }).boundingBox();
      assert.ok(gear.x >= edit.x + edit.width, 'the gear is to the right of the button');

      await editProfile(page, w, where);
      await askForDownload(page, w, where, address);
      // It becomes ready while one looks, without loading the page again.
      await page.getByRole('heading', { name: w.ready, exact: true }).waitFor();
      await checkPage(page, `ready ${where}`);
      const requestUrl = page.url();
      // Refused passwords are errors to the console; nothing else may be.
      assert.deepEqual(person.complaints.filter((text) => !/40[013]/.test(text)), []);
      assert.deepEqual(person.elsewhere, []);
      await person.context.close();

      // The mail, on another machine: its link asks for sign-in and leads to the same page.
      const mail = await service.mailTo(address);
      assert.equal(mail.subject, w.ready);
      const [link] = /http\S+\/requests\/\w+/.exec(mail.text);
      assert.equal(link, requestUrl);
      const other = await newPerson(browser, { language, screen });
      await other.page.goto(link);
      await signIn(other.page, w);
      await other.page.getByRole('heading', { name: w.ready, exact: true }).waitFor();
      const [download] = await Promise.all([
        other.page.waitForEvent('download'),
        other.page.getByRole('button', { name: w.download }).click(),
      ]);
      const file = join(service.folder, `${language}-${screen}.zip`);
      await download.saveAs(file);
      assert.match(download.suggestedFilename(), /\.zip$/);
      assert.ok((await stat(file)).size > 100_000);
      await service.valise('verify', file);
      await other.page.getByText(w.downloaded).waitFor();

      await other.page.getByRole('button', { name: w.cancel, exact: true }).click();
      await other.page.getByRole('button', { name: w.cancelYes, exact: true }).click();
      await other.page.getByRole('heading', { name: w.cancelled, exact: true }).waitFor();
      await checkPage(other.page, `cancelled ${where}`);
      const dead = await other.page.request.get(download.url());
      assert.equal(dead.status(), 410);
      await other.context.close();
    });
  }
}
