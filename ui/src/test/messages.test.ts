import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeWords, pickLanguage } from '../shared/i18n';

// Every text of a catalogue, with those of functions called for 0, 1 and 3 and for a name.
function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') {
    return [0, 1, 3, '2'].map((argument): [string, string] => [
      path,
      String((value as (...all: unknown[]) => string)(argument, argument)),
    ]);
  }
  return Object.entries(value as object).flatMap(([name, inner]) => texts(inner, `${path}.${name}`));
}

const { t: fr } = makeWords('fr', 'UTC');
const { t: en } = makeWords('en', 'UTC');

test('messages: the labels that the way goes by', () => {
  assert.equal(en.profile.edit, 'Edit profile');
  assert.equal(en.privacy.title, 'Privacy and security');
  assert.equal(en.privacy.request, 'Request download');
  assert.equal(fr.profile.edit, 'Modifier mon profil');
  assert.equal(fr.privacy.title, 'Confidentialité et sécurité');
  assert.equal(fr.privacy.request, 'Demander un téléchargement');
});

test('messages: what a newer archive no longer has', () => {
  assert.equal(en.post.absent('3 April 2024'), 'Not in the archive of 3 April 2024 any more');
  assert.equal(fr.post.absent('3 avril 2024'), 'N’est plus dans l’archive du 3 avril 2024');
});

test('messages: French typography', () => {
  for (const [path, text] of texts(fr)) {
    assert.doesNotMatch(text, /'/, `${path}: a typewriter apostrophe: ${text}`);
    assert.doesNotMatch(text, /[^\u202f][;!?»]/, `${path}: no narrow no-break space: ${text}`);
    assert.doesNotMatch(
      text.replace(/https?:/g, ''),
      /[^\u202f\d]:(?!\d)/,
      `${path}: no narrow no-break space: ${text}`,
    );
    assert.doesNotMatch(text, /«[^\u202f]/, `${path}: no narrow no-break space: ${text}`);
  }
});

test('messages: no exclamation marks, no empty labels', () => {
  for (const [path, text] of [...texts(en), ...texts(fr)]) {
    assert.doesNotMatch(text, /!/, path);
    assert.notEqual(text, '', path);
  }
});

test('messages: nothing French is left in English words', () => {
  const english = new Map(texts(en));
  const same = texts(fr).filter(([path, text]) => english.get(path) === text && /[a-z]{3,} [a-z]{3,}/.test(text));
  assert.deepEqual(same, []);
});

test('messages: the first language of the browser that we speak', () => {
  assert.equal(pickLanguage(['', 'de-CH', 'fr-CH', 'en']), 'fr');
  assert.equal(pickLanguage(['de']), 'en');
});
