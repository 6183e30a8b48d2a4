// A stand-in for `valise serve` while pages are made: the API with invented data, in memory. Sign in as camille / valise.
//   npm run mock [-- PORT]        then http://127.0.0.1:8470
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { picture } from './pictures.mjs';

const dist = join(dirname(fileURLToPath(import.meta.url)), '../dist/app');
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const csp =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const captions = [
  'Low tide at the pier.\nWe waited for the light, and it came.',
  'Première neige sur le plateau ❄️',
  'Kodak Gold, one roll, no crops',
  '市場の朝',
  '<img src=x onerror=alert(1)> is only text here',
  'صباح الخير من المرفأ',
  '',
  'Bread, day three. Better.',
];
const account = { id: '5a1e000000000001', service: 'instagram', username: 'camille.aumont', name: 'Camille Aumont' };
const second = {
  id: '5a1e000000000002',
  service: 'instagram',
  username: 'a.very.long.name.for.a.small.studio',
  name: '',
};
const profile = {
  account_id: account.id,
  service: 'instagram',
  username: account.username,
  name: account.name,
  is_private: true,
  bio: 'Lyon · film and mountains\nPrints on request.',
  website: 'https://example.org/camille',
  picture_url: '/media/portrait.svg',
  counts: {
    posts: 312,
    stories: 87,
    conversations: 41,
    messages: 38204,
    comments: 902,
    followers: 1204,
    following: 380,
    likes: 5210,
    saved: 77,
    photos: 4812,
    videos: 212,
    media_bytes: 11.4e9,
  },
  as_of: '2024-04-24T12:05:00Z',
};
const posts = Array.from({ length: 64 }, (_, i) => ({
  key: i.toString(16).padStart(32, '0'),
  time: new Date(Date.UTC(2024, 3, 20) - i * 86400e3 * 3.3).toISOString(),
  form: i % 9 === 4 ? 'reel' : 'post',
  text: captions[i % captions.length],
  media: Array.from({ length: i % 5 === 2 ? 4 : 1 }, (_, m) => ({
    url: i === 5 ? null : `/media/${i}-${m}.svg`,
    type: 'image/svg+xml',
    missing: i === 5,
    alt: i % 2 ? 'Hills at dusk' : '',
  })),
  like_count: i % 4 === 3 ? null : i * 7,
  comment_count: i % 4 === 3 ? null : 2,
  absent_since: i % 8 === 6 ? '2024-04-03T00:00:00Z' : null,
}));
const comments = [
  { key: 'c1', time: '2024-04-21T08:00:00Z', author: 'bea', text: 'What a light!', like_count: 3 },
  { key: 'c2', time: '2024-04-21T09:00:00Z', author: '', text: 'It was gone a minute later.', like_count: null },
];
const confirm = { confirm: 'password', confirmed_until: null, hand_off_url: null, service_name: null };
const kinds = [
  ['photos', 4812, 9.8e9],
  ['videos', 212, 1.5e9],
  ['stories', 87, 92e6],
  ['comments', 902, 410e3],
  ['messages', 38204, 61e6],
  ['profile', 1, 2e3],
  ['connections', 1584, 220e3],
  ['likes', 5210, 830e3],
  ['saved', 0, 0],
  ['originals', 46, 18e6],
];
const contents = {
  as_of: profile.as_of,
  first: '2014-05-02T08:00:00Z',
  last: '2024-04-23T18:12:00Z',
  kinds: kinds.map(([kind, count, bytes]) => ({ kind, count, bytes })),
};

let signedIn = false; // of the call being answered
let language = null;
const requests = new Map();
const mails = [];

const answerSession = () => ({
  user: signedIn ? { id: 'u1', name: 'camille', is_operator: true, language } : null,
  csrf: 'csrf',
  accounts: signedIn
    ? [
        { ...account, ...confirm, picture_url: profile.picture_url },
        { ...second, ...confirm, picture_url: null },
      ]
    : [],
  services: [],
  server: { name: 'valise.example.test', mail_configured: process.env.MAIL !== 'none' },
});

function ask(form) {
  const now = new Date();
  const id = `r${requests.size + 1}`.padEnd(16, '0');
  const request = {
    id,
    account_id: account.id,
    state: 'asked',
    asked_at: now.toISOString(),
    as_of: null,
    ready_at: null,
    mail: { address: form.address, state: 'queued', sent_at: null, attempts: 0, last_error: null },
    downloaded_at: null,
    ends_at: null,
    size: null,
    file_name: null,
    etag: null,
    contents: null,
    missing: null,
    error: null,
    selection: { kinds: form.kinds ?? null, from: form.from ?? null, until: form.until ?? null },
    format: 'portable',
    page_url: `/requests/${id}`,
  };
  requests.set(id, request);
  const slow = Number(process.env.SLOW ?? 700);
  setTimeout(() => Object.assign(request, { state: 'snapshot', as_of: profile.as_of }), slow / 2);
  setTimeout(
    () =>
      Object.assign(request, {
        state: 'ready',
        ready_at: new Date().toISOString(),
        ends_at: new Date(Date.now() + 4 * 86400e3).toISOString(),
        size: 11.4e9,
        file_name: 'camille.aumont-2024-04-24.zip',
        etag: '"9f1c0d2e"',
        contents: Object.fromEntries(kinds.map(([kind, count]) => [kind, count])),
        missing: { count: 3, reasons: [{ reason: 'not_in_archive', count: 3 }] },
      }),
    slow,
  );
  setTimeout(() => {
    Object.assign(request.mail, { state: 'sent', sent_at: new Date().toISOString(), attempts: 1 });
    mails.unshift({
      id: `m${mails.length + 1}`,
      to: form.address,
      subject: 'Your download is ready',
      state: 'sent',
      attempts: 1,
      created_at: request.ready_at,
      sent_at: request.mail.sent_at,
      last_error: null,
      text: `Your download is ready.\n\nhttp://127.0.0.1:${port}/requests/${id}\n\nThe link works for four days.`,
      html: '',
    });
  }, slow * 1.5);
  return request;
}

const error = (status, code, more = {}) => [status, { error: { code, message: code, ...more } }];

function page(all, before, limit) {
  const from = before ? Number(before) : 0;
  return [all.slice(from, from + limit), from + limit < all.length ? String(from + limit) : null];
}

function search(url) {
  const q = (url.searchParams.get('q') ?? '').toLowerCase();
  const hits = posts
    .filter(({ text }) => text.toLowerCase().includes(q))
    .map((post) => ({ id: post.key, kind: 'post', time: post.time, text: post.text, record: { key: post.key } }));
  const [some, next] = page(hits, url.searchParams.get('before'), 30);
  return [200, { hits: some, next, indexing: false }];
}

function ofAccount(method, id, rest, url, body) {
  const empty = id === second.id;
  if (id !== account.id && !empty) return error(404, 'not_found');
  const [what, key] = rest;
  if (what === 'profile' && method === 'PATCH') {
    if (body.website && !/^https?:/.test(body.website))
      return error(400, 'invalid_argument', { fields: { website: 'invalid' } });
    return [200, Object.assign(profile, body)];
  }
  if (what === 'profile')
    return [
      200,
      empty ? { ...profile, ...second, account_id: id, bio: '', website: '', counts: {}, picture_url: null } : profile,
    ];
  if (what === 'posts' && key) {
    const post = posts.find((one) => one.key === key);
    return post ? [200, { ...post, comments, comments_here: comments.length }] : error(404, 'not_found');
  }
  if (what === 'posts') {
    const [some, next] = page(empty ? [] : posts, url.searchParams.get('before'), 30);
    return [200, { posts: some, next }];
  }
  if (what === 'forget') {
    const forgotten = { records: { post: 1 }, media: 1, media_bytes: 312_000, originals: 2 };
    const holding = [...requests.values()].filter(({ state }) => state === 'ready');
    const answer = { forgotten, cancelled_requests: holding.map((one) => one.id) };
    if (body.preview) return [200, { state: 'preview', ...answer }];
    if (body.password !== 'valise') return error(403, 'permission_denied', { reason: 'wrong_password' });
    for (const one of holding) Object.assign(one, { state: 'cancelled', reason: 'erased' });
    const at = posts.findIndex((post) => body.records?.includes(post.key));
    if (at >= 0) posts.splice(at, 1);
    return [200, { state: 'done', ...answer }];
  }
  if (what === 'contents') return [200, contents];
  if (what === 'search') return search(url);
  if (what === 'requests' && method === 'GET') return [200, { requests: [...requests.values()].reverse() }];
  if (what === 'requests') {
    if (body.password !== 'valise') return error(403, 'permission_denied', { reason: 'wrong_password' });
    if (!/^\S+@\S+\.\S+$/.test(body.address)) return error(400, 'invalid_argument', { reason: 'bad_address' });
    return [201, ask(body)];
  }
  return error(404, 'not_found');
}

function ofRequest(method, id, rest) {
  const request = requests.get(id);
  if (!request) return error(404, 'not_found');
  if (rest[0] === 'again') return [201, ask({ ...request.selection, address: request.mail.address })];
  if (rest[0] === 'links')
    return method === 'POST'
      ? [201, { url: `/d/Zm9vYmFyYmF6cXV4cXV1eA/${request.file_name}`, ends_at: request.ends_at }]
      : [204, null];
  if (method === 'DELETE') {
    request.state = 'cancelled';
    return [204, null];
  }
  return [200, request];
}

function answer(method, url, body) {
  const [what, id, ...rest] = url.pathname.split('/').slice(3);
  if (what === 'session') {
    if (method === 'POST') {
      if (body.name !== 'camille' || body.password !== 'valise')
        return error(401, 'unauthenticated', { reason: 'wrong_password' });
      signedIn = true;
    }
    if (method === 'DELETE') {
      signedIn = false;
      return [204, null];
    }
    if (method === 'PATCH') language = body.language;
    return [200, answerSession()];
  }
  if (!signedIn) return error(401, 'unauthenticated');
  if (what === 'accounts') return ofAccount(method, id, rest, url, body);
  if (what === 'requests') return ofRequest(method, id, rest);
  if (what === 'outbox' && !id) return [200, { configured: process.env.MAIL !== 'none', mails }];
  const mail = mails.find((one) => one.id === id);
  return what === 'outbox' && mail ? [200, mail] : error(404, 'not_found');
}

function events(id, response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  let last = '';
  const timer = setInterval(() => {
    const now = JSON.stringify(requests.get(id));
    if (now !== last) response.write(`event: request\ndata: ${now}\n\n`);
    last = now;
  }, 100);
  response.on('close', () => clearInterval(timer));
}

async function serve(request, response) {
  const url = new URL(request.url, 'http://mock');
  const live = /^\/api\/v1\/requests\/(\w+)\/events$/.exec(url.pathname);
  if (live && requests.has(live[1])) return events(live[1], response);
  if (url.pathname.startsWith('/api/')) {
    let text = '';
    for await (const chunk of request) text += chunk;
    signedIn = (request.headers.cookie ?? '').includes('mock=yes');
    const [status, body] = answer(request.method, url, text ? JSON.parse(text) : {});
    response.writeHead(status, {
      'Content-Type': 'application/json',
      'Set-Cookie': `mock=${signedIn ? 'yes' : 'no'}; HttpOnly; SameSite=Lax; Path=/`,
    });
    return response.end(body === null ? undefined : JSON.stringify(body));
  }
  if (url.pathname.startsWith('/media/')) {
    response.writeHead(200, { 'Content-Type': 'image/svg+xml' });
    return response.end(picture(url.pathname));
  }
  if (url.pathname.startsWith('/d/')) {
    response.writeHead(200, {
      'Content-Type': 'application/zip',
      'Content-Disposition': 'attachment; filename="mock.zip"',
    });
    return response.end('PK');
  }
  const name = url.pathname.startsWith('/assets/') ? url.pathname.slice('/assets/'.length) : 'index.html';
  const file = await readFile(join(dist, name)).catch(() => null);
  response.writeHead(file ? 200 : 404, {
    'Content-Type': types[extname(name)] ?? 'text/plain',
    'Content-Security-Policy': csp,
  });
  response.end(file ?? undefined);
}

const port = Number(process.argv[2] ?? 8470);
createServer((request, response) => void serve(request, response)).listen(port, '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${port}`),
);
