import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExportRequest } from '../app/api';
import { inEffect } from '../app/pages/ask';
import { span } from '../app/pages/dates';
import { stepsOf } from '../app/pages/steps';
import { parseRoute, safeNext } from '../app/router';
import { highlight } from '../shared/highlight';

test('router: every page', () => {
  assert.deepEqual(parseRoute('/', ''), { page: 'home' });
  assert.deepEqual(parseRoute('/accounts/a1', ''), { page: 'profile', account: 'a1' });
  assert.deepEqual(parseRoute('/accounts/a1/request-download', ''), { page: 'ask', account: 'a1' });
  assert.deepEqual(parseRoute('/accounts/a1/posts/k', ''), { page: 'post', account: 'a1', key: 'k' });
  assert.deepEqual(parseRoute('/accounts/a1/search', '?q=a%20b&kind=post'), {
    page: 'search',
    account: 'a1',
    q: 'a b',
    kind: 'post',
  });
  assert.deepEqual(parseRoute('/requests/r1', '?cancel=1'), { page: 'request', id: 'r1', cancel: true });
  assert.deepEqual(parseRoute('/hand-off', '?token=x'), { page: 'hand-off' });
  assert.deepEqual(parseRoute('/outbox/m1', ''), { page: 'outbox', mail: 'm1' });
});

test('router: addresses that are none', () => {
  for (const path of [
    '/accounts',
    '/accounts/a/constructor',
    '/accounts/a/posts',
    '/requests/r/x',
    '/%E0%A4%A',
    '/nowhere',
  ]) {
    assert.deepEqual(parseRoute(path, ''), { page: 'unknown' }, path);
  }
});

test('router: after signing in one stays on this site', () => {
  assert.equal(safeNext('/requests/r1?cancel=1'), '/requests/r1?cancel=1');
  for (const next of [null, '', '//evil.example', '/\\evil.example', 'https://evil.example', '/sign-in?next=/']) {
    assert.equal(safeNext(next), '/', String(next));
  }
});

test('dates: all, a year, between', () => {
  const now = new Date('2024-04-24T12:00:00');
  assert.deepEqual(span({ choice: 'all', from: '2020-01-01', until: '' }, now), {});
  assert.equal(
    new Date(span({ choice: 'year', from: '', until: '' }, now).from ?? '').getTime(),
    new Date('2023-04-24T00:00:00').getTime(),
  );
  const between = span({ choice: 'between', from: '2020-01-01', until: '2020-01-01' }, now);
  assert.equal(Date.parse(between.until ?? '') - Date.parse(between.from ?? ''), 86_399_000);
  assert.deepEqual(span({ choice: 'between', from: '', until: '' }, now), {});
});

test('form: files as received come only with everything', () => {
  const present = ['photos', 'messages', 'originals'] as const;
  const words = (chosen: readonly (typeof present)[number][], dates: 'all' | 'year') =>
    [...inEffect(new Set(chosen), present, dates)].join(' ');
  assert.equal(words(present, 'all'), 'photos messages originals');
  assert.equal(words(present, 'year'), 'photos messages');
  assert.equal(words(['photos', 'originals'], 'all'), 'photos');
  assert.equal(words(['originals'], 'all'), '');
});

const asked: ExportRequest = {
  id: 'r',
  account_id: 'a',
  state: 'asked',
  asked_at: '2024-01-01T00:00:00Z',
  as_of: null,
  ready_at: null,
  mail: { address: 'a@b.c', state: 'queued', sent_at: null, attempts: 0, last_error: null },
  downloaded_at: null,
  ends_at: null,
  size: null,
  file_name: null,
  etag: null,
  contents: null,
  missing: null,
  error: null,
  selection: { kinds: null, from: null, until: null },
  format: 'portable',
  page_url: '/requests/r',
};
const states = (request: ExportRequest) =>
  stepsOf(request)
    .map(({ state }) => state)
    .join(' ');

test('steps: one at a time is in progress', () => {
  assert.equal(states(asked), 'done now later later later');
  const kept = { ...asked, state: 'snapshot', as_of: asked.asked_at } as const;
  assert.equal(states(kept), 'done done now later later');
  const ready = { ...kept, state: 'ready', ready_at: asked.asked_at, ends_at: asked.asked_at } as const;
  assert.equal(states(ready), 'done done done now later later');
  const failing = { ...ready, mail: { ...ready.mail, state: 'failed' } } as const;
  assert.equal(states(failing), 'done done done failed now later');
  assert.equal(states({ ...ready, state: 'expired' }), 'done done done later later done');
  assert.equal(states({ ...asked, state: 'failed' }), 'done failed failed later later');
});

test('highlight: where words begin, whatever their marks', () => {
  const marked = (text: string, query: string) =>
    highlight(text, query)
      .map(({ text: part, hit }) => (hit ? `[${part}]` : part))
      .join('');
  assert.equal(marked('Un été à la mer, cet été', 'ete'), 'Un [été] à la mer, cet [été]');
  assert.equal(marked('Cœur et corps', 'coe'), '[Cœ]ur et corps');
  assert.equal(marked('the others', 'he'), 'the others');
  assert.equal(marked('anything', ''), 'anything');
  assert.equal(marked('<b>bold</b>', 'bold'), '<b>[bold]</b>');
});
