import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeFormat } from '../shared/format';

const en = makeFormat('en', 'UTC');
const fr = makeFormat('fr', 'Europe/Paris');
// Which kind of no-break space Intl puts where changes with the version of ICU.
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

test('format: sizes in decimal units, one digit from megabytes up', () => {
  assert.equal(en.bytes(0), '0 bytes');
  assert.equal(en.bytes(1), '1 byte');
  assert.equal(en.bytes(999), '999 bytes');
  assert.equal(en.bytes(410_300), '410 kB');
  assert.equal(en.bytes(999_600), '1 MB');
  assert.equal(en.bytes(9_800_000_000), '9.8 GB');
  assert.equal(plain(fr.bytes(9_800_000_000)), '9,8 Go');
  assert.equal(en.bytes(123_400_000), '123 MB');
});

test('format: dates in words', () => {
  assert.equal(en.moment('2018-04-24T12:05:00Z'), '24 April 2018, 12:05');
  assert.equal(fr.moment('2018-04-24T12:05:00Z'), '24 avril 2018 à 14:05');
  assert.equal(fr.date('2018-04-01T12:05:00Z'), '1er avril 2018');
  assert.equal(fr.date('2018-04-11T12:05:00Z'), '11 avril 2018');
  assert.equal(en.shortDate('2018-04-28T12:05:00Z'), '28 April 2018');
  assert.equal(en.shortDate(new Date()), en.date(new Date()).replace(/ \d+$/, ''));
});

test('format: the day of an archive is that of its name, wherever it is read', () => {
  assert.equal(makeFormat('en', 'America/Los_Angeles').archiveDay('2024-04-03T00:00:00Z'), '3 April 2024');
  assert.equal(makeFormat('fr', 'Pacific/Auckland').archiveDay('2024-04-01T23:00:00Z'), '1er avril 2024');
  assert.equal(en.archiveDay('some day'), '');
});

test('format: what is no time writes nothing', () => {
  assert.equal(en.moment('yesterday'), '');
});

test('format: French counts zero and one alike, and says « de » after round millions', () => {
  const forms = { one: 'photo', other: 'photos', many: 'de photos' };
  assert.equal(plain(fr.plural(0, forms)), '0 photo');
  assert.equal(plain(fr.plural(1, forms)), '1 photo');
  assert.equal(plain(fr.plural(5214, forms)), '5 214 photos');
  assert.equal(plain(fr.plural(1_000_000, forms)), '1 000 000 de photos');
  assert.equal(plain(en.plural(0, { one: 'photo', other: 'photos' })), '0 photos');
});

test('format: durations', () => {
  assert.equal(en.duration(62), '1:02');
  assert.equal(en.duration(3723), '1:02:03');
});
