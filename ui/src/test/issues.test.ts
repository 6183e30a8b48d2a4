import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ImportReport } from '../app/api';
import { columnsOf, findingsIn, needsCare, total } from '../app/pages/report_facts';
import { asksForCare, findingsOf } from '../shared/findings';
import { makeWords } from '../shared/i18n';

// dist/tests/test/issues.test.mjs lies four folders below the whole repository.
const root = fileURLToPath(new URL('../../../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sources(path);
    return /(?<!_test|_fuzz|_bench)\.cc$/.test(entry.name) ? [path] : [];
  });
}

const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].flatMap((found) => found.slice(1));

// As the sources report them, as the command line has advice for them, and as its guide lists them.
function codes(): Set<string> {
  const found = ['src/services', 'src/imports', 'src/library'].flatMap(sources).flatMap((path) => {
    const text = read(path);
    return [
      ...all(text, /(?:\.code = |Report\(\{?|push_back\(\{)\s*"([a-z_]+)"/g),
      ...(path.includes('store_file') ? all(text, /\? "([a-z_]+)" : "([a-z_]+)",/g) : []),
    ];
  });
  const advised = all(read('src/imports/issue_advice.cc'), /Advice\{\s*"([a-z_]+)"/g);
  const listed = /an \*issue\*:[\s\S]*?Codes: ([^.]*)\./.exec(read('docs/guides/cli.md'))?.[1] ?? '';
  assert.ok(found.length >= 10 && advised.length >= 10, 'codes are found: does this test still look right?');
  assert.match(listed, /`missing_media`/, 'docs/guides/cli.md lists the codes');
  return new Set([...found, ...advised, ...all(listed, /`([a-z_]+)`/g)]);
}

const languages = (['en', 'fr'] as const).map((language) => makeWords(language, 'UTC').t);

test('issues: every code that can reach people has words', () => {
  for (const code of [...codes(), 'perhaps_same']) {
    for (const t of languages) {
      const words = (t.report.issues as Record<string, { what: string; todo: string }>)[code];
      assert.ok(words?.what && words.todo, `no words for ${code}`);
    }
  }
});

test('issues: no words for a code that nobody reports', () => {
  const known = codes().add('perhaps_same');
  for (const t of languages) {
    assert.deepEqual(Object.keys(t.report.issues).filter((code) => !known.has(code)), []);
  }
});

const words = makeWords('en', 'UTC').t.report.issues;
const issue = (code: string, path: string, count = 1) => ({ code, path, count, message: `about ${code}`, what_to_do: 'advice' });

test('issues: one finding a code, what asks for care first', () => {
  const findings = findingsOf(
    [
      issue('coarse_times', 'a.html', 300),
      issue('missing_media', 'p.json', 2),
      issue('coarse_times', 'b.html', 4),
      issue('missing_media', 'p.json'),
    ],
    words,
  );
  assert.deepEqual(
    findings.map(({ code, count, paths }) => [code, count, paths]),
    [
      ['missing_media', 3, ['p.json']],
      ['coarse_times', 304, ['a.html', 'b.html']],
    ],
  );
});

test('issues: a code of a newer server is told in its own words, and asks for care', () => {
  const [one] = findingsOf([issue('constructor', 'x')], words);
  assert.equal(one?.told, 'about constructor');
  assert.equal(one.advice, 'advice');
  assert.ok(asksForCare(one));
  const two = findingsOf([issue('new_code', 'x'), { ...issue('new_code', 'y'), message: 'another' }], words);
  assert.equal(two.length, 2);
});

const counts = { found: 4, new: 4, merged: 0, already: 0, missing_media: 0 };
const report: ImportReport = {
  service: 'instagram', generation: '', already_here: false, records: { posts: counts, stories: { ...counts, missing_media: 2 } },
  media: { new: 0, already: 0, bytes: 0 }, files: { received: 1 }, issues: [], issues_total: 0,
};

test('report: figures that an older server does not tell are 0', () => {
  assert.equal(total(report, 'missing_media'), 2);
  assert.equal(total(report, 'absent'), 0);
  assert.equal(total({ ...report, records: { posts: { ...counts, absent: 3 }, likes: { ...counts, absent: 1 } } }, 'absent'), 4);
  assert.equal(total(Object.assign({}, report, { perhaps_same: 9 }), 'perhaps_same'), 9);
});

test('report: columns that say nothing are left out', () => {
  assert.deepEqual(columnsOf([counts]), ['found', 'new']);
  assert.deepEqual(columnsOf([counts, { ...counts, already: 1, missing_media: 1 }]), ['found', 'new', 'already', 'missing_media']);
});

test('report: what is missing is told though no issue lists it', () => {
  assert.deepEqual(findingsIn(report, words).map(({ code, count }) => [code, count]), [['missing_media', 2]]);
  assert.ok(needsCare(report, words));
  const whole = { ...report, records: { posts: counts } };
  assert.deepEqual(findingsIn(whole, words), []);
  assert.ok(!needsCare({ ...whole, issues: [issue('coarse_times', 'a.html')] }, words));
});

test('categories: every one that a service names has words', () => {
  const named = ['h', 'cc'].flatMap((ending) =>
    all(read(`src/services/instagram/categories.${ending}`), /constexpr std::string_view k\w+ = "([a-z_]+)"/g),
  );
  assert.ok(named.length >= 10, 'categories are found: does this test still look right?');
  for (const t of languages) assert.deepEqual(Object.keys(t.report.category).sort(), [...new Set(named)].sort());
});
