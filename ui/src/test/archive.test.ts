import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeWords } from '../shared/i18n';
import { Archive } from '../viewer/archive';
import type { Index } from '../viewer/archive';
import { newestFirst } from '../viewer/records';

const { t } = makeWords('en', 'UTC');
const digest = (letter: string) => letter.repeat(64);
const index: Index = {
  version: 1,
  account: { service: 'instagram', username: 'a' },
  as_of: '2024-01-01T00:00:00Z',
  counts: {},
  media_folder: 'data/media/',
  documents: [
    {
      kind: 'post',
      name: 'posts/2023',
      digest: digest('a'),
      records: 1,
      first: '2023-01-01T00:00:00Z',
      last: '2023-01-01T00:00:00Z',
    },
    {
      kind: 'post',
      name: 'posts/2024 é',
      digest: digest('b'),
      records: 2,
      first: '2024-01-01T00:00:00Z',
      last: '2024-02-01T00:00:00Z',
    },
  ],
  media: [
    { name: 'media/2023', digest: digest('c'), rows: 1 },
    { name: 'media/2024', digest: digest('d'), rows: 1 },
  ],
};
const files: Record<string, unknown> = {
  'viewer/data/index.js': index,
  'viewer/data/posts/2023.js': [
    { key: '1', kind: 'post', time: '2023-01-01T00:00:00Z', media: [{ digest: digest('1') }] },
  ],
  'viewer/data/posts/2024%20%C3%A9.js': [
    {
      key: '2',
      kind: 'post',
      time: '2024-01-01T00:00:00Z',
      media: [{ digest: digest('2'), alt: 'hills' }, { path: 'gone.jpg' }],
    },
    { key: '3', kind: 'post', time: '2024-02-01T00:00:00Z', media: [{ digest: digest('1') }, { digest: digest('9') }] },
  ],
  'viewer/data/media/2023.js': [{ digest: digest('1'), name: '2023/a#b.jpg', type: 'image/jpeg' }],
  'viewer/data/media/2024.js': [{ digest: digest('2'), name: '2024/c.jpg', type: 'image/jpeg' }],
};

test('of one time the order of the archive counts, which is newest first', () => {
  const at = (place: number, time = '2024-01-01T00:00:00Z', file = 0) => ({
    time,
    provenance: [['a1', file, place]] as [[string, number, number]],
  });
  const [first, second, third, older] = [at(2), at(10), at(0, '2024-01-01T00:00:00Z', 1), at(0, '2023-01-01T00:00:00Z')];
  assert.deepEqual([older, third, second, first].sort(newestFirst), [first, second, third, older]);
});

function open(): { archive: Archive; asked: string[] } {
  const asked: string[] = [];
  const archive = new Archive(index, async (path) => {
    asked.push(path);
    if (!(path in files)) throw new Error(path);
    return files[path];
  });
  return { archive, asked };
}

test('archive: documents and records newest first, each read once', async () => {
  const { archive, asked } = open();
  const [newest] = archive.of('post');
  assert.equal(newest?.name, 'posts/2024 é');
  const read = async () => (await archive.read(newest as never)).map(({ key }: { key: string }) => key);
  assert.deepEqual(await read(), ['3', '2']);
  assert.deepEqual(await read(), ['3', '2']);
  assert.deepEqual(asked, ['viewer/data/posts/2024%20%C3%A9.js']);
});

test('archive: a medium is looked for in its year, then in the others', async () => {
  const { archive, asked } = open();
  const second = await archive.find('post', '2');
  await archive.learnMedia([second as never]);
  assert.ok(!asked.includes('viewer/data/media/2023.js'));
  assert.deepEqual(archive.medium(t, second?.media?.[0] ?? {}), {
    url: 'data/media/2024/c.jpg',
    type: 'image/jpeg',
    alt: 'hills',
  });
  const third = await archive.find('post', '3');
  await archive.learnMedia([third as never]);
  assert.equal(archive.medium(t, third?.media?.[0] ?? {}).url, 'data/media/2023/a%23b.jpg');
});

test('archive: not in this download and never received are told apart', async () => {
  const { archive } = open();
  assert.equal(archive.medium(t, { digest: digest('9') }).absent, t.viewer.notHere);
  assert.equal(archive.medium(t, { path: 'gone.jpg' }).absent, t.viewer.neverReceived);
});

test('archive: a record that is not there is undefined', async () => {
  assert.equal(await open().archive.find('post', '4'), undefined);
});

test('archive: a document that does not load can be tried again', async () => {
  let tries = 0;
  const archive = new Archive(index, async () => {
    tries += 1;
    throw new Error('away');
  });
  const [newest] = archive.of('post');
  await assert.rejects(archive.read(newest as never));
  await assert.rejects(archive.read(newest as never));
  assert.equal(tries, 2);
});

test('archive: comments stand under the post whose id of the service they name', async () => {
  const row = (kind: 'comment', name: string, letter: string, last: string) => ({
    kind,
    name,
    digest: digest(letter),
    records: 1,
    first: last,
    last,
  });
  const read: string[] = [];
  const withComments = new Archive(
    {
      ...index,
      documents: [
        row('comment', 'comments/2022', '5', '2022-12-31T00:00:00Z'),
        row('comment', 'comments/2024', '6', '2024-12-31T00:00:00Z'),
      ],
    },
    async (path) => {
      read.push(path);
      return [
        { key: 'late', kind: 'comment', list: 'posts', time: '2024-03-02T00:00:00Z', on: 'p1', author: 'bea' },
        { key: 'early', kind: 'comment', list: 'posts', time: '2024-03-01T00:00:00Z', on: 'p1' },
        { key: 'story', kind: 'comment', list: 'stories', time: '2024-03-01T00:00:00Z', on: 'p1' },
        { key: 'other', kind: 'comment', list: 'posts', time: '2024-03-01T00:00:00Z', on: 'p2' },
        { key: 'none', kind: 'comment', list: 'posts', time: '2024-03-01T00:00:00Z' },
      ];
    },
  );
  const post = { key: 'k', kind: 'post', time: '2024-02-01T00:00:00Z', evidence: ['id:p1'] } as const;
  const found = await withComments.commentsUnder({ ...post, evidence: [...post.evidence] });
  assert.deepEqual(
    found.map(({ key }) => key),
    ['early', 'late'],
  );
  assert.deepEqual(read, ['viewer/data/comments/2024.js']);
  assert.deepEqual(await withComments.commentsUnder({ key: 'k', kind: 'post' }), []);
});
