// Writes an unpacked download with invented data, to look at the viewer before there is a real one.
//   node dev/mock_bundle.mjs FOLDER [MESSAGES]      then open FOLDER/START-HERE.html
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { picture } from './pictures.mjs';

const out = process.argv[2];
const messageCount = Number(process.argv[3] ?? 4000);
const sha = (text) => createHash('sha256').update(text).digest('hex');
const key = (text) => sha(text).slice(0, 32);
const documents = [];
const mediaLists = new Map();
const put = async (path, text) => {
  await mkdir(dirname(join(out, path)), { recursive: true });
  await writeFile(join(out, path), text);
};

await rm(out, { recursive: true, force: true });
await cp(join(dirname(fileURLToPath(import.meta.url)), '../dist/viewer'), out, { recursive: true });

const page = await readFile(join(out, 'START-HERE.html'), 'utf8');
await put(
  'START-HERE.html',
  page.replace('<!--valise:account-->', '<p>@camille.aumont · 2024-04-24T12:05:00Z</p>'),
);

async function medium(name, time) {
  const text = picture(name);
  const year = time.slice(0, 4);
  const row = {
    digest: sha(text),
    name: `${year}/${time.slice(0, 10)}_${key(name).slice(0, 8)}.svg`,
    type: 'image/svg+xml',
  };
  if (!mediaLists.has(year)) mediaLists.set(year, []);
  mediaLists.get(year).push(row);
  await put(`data/media/${row.name}`, text);
  return { digest: row.digest, size: text.length, type: row.type, time, alt: 'Hills' };
}

async function seal(kind, name, records, more = {}) {
  const json = `[\n${records.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`;
  const times = records
    .map(({ time }) => time)
    .filter(Boolean)
    .sort();
  documents.push({
    kind,
    name,
    digest: sha(json),
    records: records.length,
    ...(times.length ? { first: times[0], last: times.at(-1) } : {}),
    ...more,
  });
  await put(`viewer/data/${name}.js`, `valise("${sha(json)}",${json});`);
}

const day = 86400e3;
const at = (start, step) => new Date(Date.parse(start) + step).toISOString().replace('.000Z', 'Z');
await seal('profile', 'profile', [
  {
    key: key('p'),
    kind: 'profile',
    username: 'camille.aumont',
    name: 'Camille Aumont',
    bio: 'Lyon · film and mountains\nPrints on request.',
    email: 'camille@example.test',
    pictures: [await medium('portrait', '2024-02-02T10:00:00Z')],
  },
]);
for (const year of ['2023', '2024']) {
  const posts = [];
  for (let i = 0; i < 70; i += 1) {
    const time = at(`${year}-01-02T09:30:00Z`, i * 1.4 * day);
    const media = [];
    for (let m = 0; m < (i % 6 === 3 ? 3 : 1); m += 1) media.push(await medium(`${year}-${i}-${m}`, time));
    if (i === 68) media[0] = { path: 'media/posts/gone.jpg' };
    posts.push({
      key: key(`post ${year} ${i}`),
      kind: 'post',
      time,
      form: 'post',
      media,
      text: [
        'Low tide at the pier.\nWe waited for the light.',
        'Première neige ❄️',
        '<img src=x onerror=alert(1)>',
        '市場の朝',
      ][i % 4],
    });
  }
  await seal('post', `posts/${year}`, posts);
}
const stories = [];
for (let i = 0; i < 14; i += 1) {
  const time = at('2024-03-01T18:00:00Z', i * day);
  stories.push({ key: key(`story ${i}`), kind: 'story', time, media: await medium(`story ${i}`, time) });
}
await seal('story', 'stories/2024', stories);
const names = ['Ann Moreau', 'Bo Lindqvist', '山田花子', 'Équipe montagne', 'ليلى'];
const talks = Array.from({ length: 24 }, (_, i) => ({
  key: key(`talk ${i}`),
  kind: 'conversation',
  title: i === 3 ? names[3] : `${names[i % 5]}${i > 4 ? ` ${i}` : ''}`,
  participants: i === 3 ? ['Camille Aumont', names[0], names[1], names[2]] : ['Camille Aumont', names[i % 5]],
}));
await seal('conversation', 'conversations/1', talks);
for (const [i, talk] of talks.entries()) {
  const total = i === 0 ? messageCount : 12;
  for (let from = 0; from < total; from += 2000) {
    const messages = [];
    for (let m = from; m < Math.min(total, from + 2000); m += 1) {
      const time = at('2023-06-01T08:00:00Z', m * 0.11 * day + i * 1000);
      const mine = m % 3 === 0;
      messages.push({
        key: key(`m ${i} ${m}`),
        kind: 'message',
        conversation: talk.key,
        time,
        sender: mine ? 'Camille Aumont' : talk.participants[1 + (m % (talk.participants.length - 1))],
        ...(m % 23 === 5
          ? { media: [await medium(`dm ${i} ${m % 200}`, time)] }
          : m % 31 === 7
            ? { form: 'call', call_seconds: 754 }
            : m % 17 === 4
              ? {
                  form: 'share',
                  share: { link: 'https://example.org/p/1', owner: 'someone.else', text: 'A place to see' },
                }
              : {
                  text: [
                    'On se retrouve à la gare ?',
                    'Yes — platform 2, as always',
                    '👍 parfait',
                    'I found the negatives from last summer; scanning them tonight.',
                  ][m % 4],
                }),
        ...(m % 9 === 2 ? { reactions: [{ actor: talk.participants[1], reaction: '❤️' }] } : {}),
      });
    }
    await seal('message', `messages/${key(talk.key).slice(0, 6)}/${from / 2000 + 1}`, messages, {
      conversation: talk.key,
    });
  }
}
const some = (kind, count, make) =>
  Array.from({ length: count }, (_, i) => ({
    key: key(`${kind} ${i}`),
    kind,
    time: at('2022-01-01T12:00:00Z', i * day),
    ...make(i),
  }));
await seal(
  'comment',
  'comments/2022',
  some('comment', 130, (i) => ({ list: 'posts', owner: 'a.friend', text: `So good ${i}` })),
);
await seal(
  'like',
  'likes/2022',
  some('like', 250, () => ({ list: 'posts', owner: 'a.friend', link: 'https://example.org/p/2' })),
);
await seal(
  'saved',
  'saved/2022',
  some('saved', 20, () => ({ owner: 'a.friend', collection: 'Places' })),
);
await seal(
  'connection',
  'connections/1',
  some('connection', 300, (i) => ({ relation: ['follower', 'following', 'blocked'][i % 3], username: `friend.${i}` })),
);

const lists = [];
for (const [year, rows] of mediaLists) {
  const json = `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`;
  lists.push({ name: `media/${year}`, digest: sha(json), rows: rows.length });
  await put(`viewer/data/media/${year}.js`, `valise("${sha(json)}",${json});`);
}
const sum = (kind) => documents.filter((one) => one.kind === kind).reduce((total, { records }) => total + records, 0);
await put(
  'viewer/data/index.js',
  `valise("index",${JSON.stringify({
    version: 1,
    account: { service: 'instagram', username: 'camille.aumont' },
    as_of: '2024-04-24T12:05:00Z',
    selection: {},
    counts: {
      posts: sum('post'),
      stories: sum('story'),
      comments: sum('comment'),
      conversations: sum('conversation'),
      messages: sum('message'),
      connections: sum('connection'),
      likes: sum('like'),
      saved: sum('saved'),
      photos: 400,
      media_bytes: 11.4e9,
    },
    media_folder: 'data/media/',
    documents,
    media: lists,
  })});`,
);
await put(
  'viewer/data/report.js',
  `valise("report",${JSON.stringify({
    missing: {
      count: 2,
      reasons: [{ reason: 'not_in_archive', count: 2 }],
      files: [{ path: 'media/posts/gone.jpg', reason: 'not_in_archive' }],
    },
    files: { received: 5214, parsed: 40, medium: 5100, kept: 74 },
    issues: [
      { code: 'invalid_json', path: 'your_activity/x.json', message: 'This file is not whole. It is kept as it came.' },
    ],
  })});`,
);
