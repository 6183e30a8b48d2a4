// What the tests of bringing an archive share: the words on the page, a server that is empty, dropping files.
import { member, Service } from './service.mjs';

export const words = {
  en: {
    signIn: 'Sign in', name: 'Name', password: 'Password', bring: 'Bring an archive', choose: 'Choose files', begin: 'Bring it here',
    here: 'It is all here', see: 'See the profile', belongs: (name) => `This archive belongs to @${name}, not to this account.`,
    second: (name) => `Make @${name} a second account of mine`, cut: /damaged or cut off/,
    again: /are here\. Choose the same file again to go on\./, gear: 'Settings', privacy: /^Privacy and security/, waiting: 'Waiting for the connection',
  },
  fr: {
    signIn: 'Se connecter', name: 'Nom', password: 'Mot de passe', bring: 'Apporter une archive', choose: 'Choisir des fichiers', begin: 'Apporter ici',
    here: 'Tout est là', see: 'Voir le profil', belongs: (name) => `Cette archive appartient à @${name}, pas à ce compte.`,
    second: (name) => `Faire de @${name} mon second compte`, cut: /abîmé ou incomplet/,
    again: /sont arrivés\. Choisissez le même fichier pour continuer\./, gear: 'Réglages', privacy: /^Confidentialité et sécurité/, waiting: 'En attente de la connexion',
  },
};

// A server on which the member has a name and nothing else.
export async function emptyServer() {
  return (await Service.prepareEmpty()).serve();
}

export async function signIn(page, url, w) {
  await page.goto(url);
  await page.getByLabel(w.name, { exact: true }).fill(member.name);
  await page.getByLabel(w.password, { exact: true }).fill(member.password);
  await page.getByRole('button', { name: w.signIn, exact: true }).click();
}

// Drops files of any size as a browser does.
export async function drop(page, ...paths) {
  const input = page.locator('input[type=file]');
  await input.waitFor({ state: 'attached' });
  await input.setInputFiles(paths);
}
