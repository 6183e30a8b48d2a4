// The REST API v1 (docs/openapi.yaml): its shapes, and calls that tell failures apart.
import type { Issue } from '../shared/findings';
import type { Language } from '../shared/format';

export interface User {
  id: string;
  name: string;
  is_operator: boolean;
  language: Language | null;
}
export interface AccountSummary {
  id: string;
  service: string;
  username: string;
  name: string;
  picture_url: string | null;
  confirm: 'password' | 'hand_off';
  confirmed_until: string | null;
  hand_off_url: string | null;
  service_name: string | null;
}
export interface HandOffService {
  name: string;
  hand_off_url: string;
}
export interface Session {
  user: User | null;
  csrf: string;
  accounts: AccountSummary[];
  services: HandOffService[];
  server: { name: string; mail_configured: boolean };
}
export type CountName =
  | 'posts'
  | 'stories'
  | 'conversations'
  | 'messages'
  | 'comments'
  | 'followers'
  | 'following'
  | 'likes'
  | 'saved'
  | 'activity'
  | 'photos'
  | 'videos'
  | 'media_bytes';
export interface Profile {
  account_id: string;
  service: string;
  username: string;
  name: string;
  bio: string;
  website: string;
  picture_url: string | null;
  is_private: boolean | null;
  counts: Partial<Record<CountName, number>>;
  as_of: string | null;
}
export interface PostMedium {
  url: string | null;
  type: string;
  width?: number;
  height?: number;
  missing: boolean;
  alt: string;
}
export interface Post {
  key: string;
  time: string | null;
  form: string;
  text: string;
  media: PostMedium[];
  like_count: number | null;
  comment_count: number | null;
  // The date of the archive that has it not any more.
  absent_since: string | null;
}
export interface PostWithComments extends Post {
  comments: {
    key: string;
    time: string | null;
    author: string;
    text: string;
    like_count: number | null;
    absent_since: string | null;
  }[];
  comments_here: number;
}
export interface Posts {
  posts: Post[];
  next: string | null;
}

export const contentKinds = [
  'photos',
  'videos',
  'stories',
  'comments',
  'messages',
  'profile',
  'connections',
  'likes',
  'saved',
  'activity',
  'originals',
] as const;
export type ContentKind = (typeof contentKinds)[number];
export interface Contents {
  as_of: string | null;
  kinds: { kind: ContentKind; count: number; bytes: number }[];
  first: string | null;
  last: string | null;
}

export type RequestState = 'asked' | 'snapshot' | 'planned' | 'ready' | 'expired' | 'cancelled' | 'failed';
export type MailState = 'queued' | 'sent' | 'failed' | 'not_configured';
export interface ExportRequest {
  id: string;
  account_id: string;
  state: RequestState;
  asked_at: string;
  as_of: string | null;
  ready_at: string | null;
  mail: { address: string; state: MailState; sent_at: string | null; attempts: number; last_error: string | null };
  downloaded_at: string | null;
  ends_at: string | null;
  size: number | null;
  file_name: string | null;
  etag: string | null;
  contents: Partial<Record<string, number>> | null;
  missing: { count: number; reasons: { reason: string; count: number }[] } | null;
  // Why it was cancelled: "erased" when something in it was deleted.
  reason?: string | null;
  error: { code: string; message: string } | null;
  selection: { kinds: ContentKind[] | null; from: string | null; until: string | null };
  format: Format;
  page_url: string;
}
// To keep and read; or to move, shaped as Instagram's own archives.
export type Format = 'portable' | 'instagram';
export interface RequestForm {
  password?: string;
  address: string;
  language: Language;
  kinds?: ContentKind[];
  from?: string;
  until?: string;
  format?: Format;
}
// What is to be forgotten, by key or SHA-256.
export interface ToForget {
  records?: string[];
  media?: string[];
  conversations?: string[];
}
export interface Forgotten {
  state: 'done' | 'waiting' | 'preview';
  forgotten: { records: Partial<Record<string, number>>; media: number; media_bytes: number; originals: number };
  cancelled_requests: string[];
}
export interface DownloadLink {
  url: string;
  ends_at: string;
}
export interface Hit {
  id: string;
  kind: string;
  time: string | null;
  text: string;
  record: { key?: string; absent_since?: string; [member: string]: unknown };
}
export interface Hits {
  hits: Hit[];
  next: string | null;
  indexing: boolean;
}
export interface Mail {
  id: string;
  to: string;
  subject: string;
  state: MailState;
  created_at: string;
  sent_at: string | null;
  attempts: number;
  last_error: string | null;
}

export type ImportState = 'waiting' | 'checking' | 'other_account' | 'importing' | 'done' | 'failed' | 'cancelled';
export interface WaitingUpload {
  id: string;
  name: string;
  length: number;
  offset: number;
  taken: boolean;
  expires_at: string;
}
export type Fate = 'parsed' | 'medium' | 'kept' | 'duplicate' | 'junk' | 'broken' | 'redacted';
// What is optional is told by newer servers only.
export interface KindCounts {
  found: number;
  new: number;
  merged: number;
  already: number;
  missing_media: number;
  absent?: number;
  perhaps_same?: number;
}
export interface ImportReport {
  service: string;
  generation: string;
  date?: string;
  already_here: boolean;
  records: Record<string, KindCounts>;
  media: { new: number; already: number; filled_in?: number; bytes: number };
  files: { received: number } & Partial<Record<Fate, number>>;
  issues: (Issue & { count: number })[];
  issues_total: number;
  // By category; reports of older servers have none.
  kept?: { category: string; files: number; bytes: number }[];
}
export interface ArchiveImport {
  id: string;
  account_id: string;
  state: ImportState;
  progress: { phase: '' | 'storing' | 'reading' | 'sealing' | 'syncing'; done: number; total: number };
  found_service: string;
  found_username: string;
  account_service: string;
  account_username: string;
  asked_at: string;
  report: ImportReport | null;
  error: { code: string; message: string } | null;
}

// A call that failed. `status` 0: the server was not reached.
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly reason: string,
    readonly fields: Record<string, string>,
    readonly retryAfter: number,
    readonly id: string,
  ) {
    super(`${status} ${code} ${reason}`);
  }
}

interface ErrorBody {
  error?: { code?: string; reason?: string; fields?: Record<string, string>; id?: string; retry_after_s?: number };
  id?: string;
  retry_after_s?: number;
}

let csrf = '';
let signedOut: () => void = () => undefined;

// Calls `heard` when an answer shows that the session has ended. Returns how to stop.
export function listenSignedOut(heard: () => void): () => void {
  signedOut = heard;
  return () => {
    signedOut = () => undefined;
  };
}

export const csrfToken = (): string => csrf;

async function call<T>(
  method: string,
  path: string,
  body?: unknown,
  more: Record<string, string> = {},
): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', ...more };
  if (method !== 'GET') headers['X-CSRF-Token'] = csrf;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new ApiError(0, 'unreachable', '', {}, 0, '');
  }
  const answer: unknown = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) {
    if (response.status === 401 && path !== '/session') signedOut();
    const { error, id, retry_after_s } = (answer ?? {}) as ErrorBody;
    throw new ApiError(
      response.status,
      error?.code ?? 'internal',
      error?.reason ?? '',
      error?.fields ?? {},
      error?.retry_after_s ?? retry_after_s ?? Number(response.headers.get('Retry-After') ?? 0),
      error?.id ?? id ?? '',
    );
  }
  return answer as T;
}

function remember(session: Session): Session {
  csrf = session.csrf;
  return session;
}

function query(parameters: Record<string, string | number | null | undefined>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
}

const part = encodeURIComponent;

export const api = {
  session: async () => remember(await call<Session>('GET', '/session')),
  signIn: async (name: string, password: string) =>
    remember(await call<Session>('POST', '/session', { name, password })),
  signOut: () => call<null>('DELETE', '/session'),
  setLanguage: (language: Language) => call<unknown>('PATCH', '/session', { language }),
  profile: (account: string) => call<Profile>('GET', `/accounts/${part(account)}/profile`),
  editProfile: (account: string, change: Partial<Pick<Profile, 'name' | 'bio' | 'website'>>) =>
    call<Profile>('PATCH', `/accounts/${part(account)}/profile`, change),
  posts: (account: string, before?: string | null) =>
    call<Posts>('GET', `/accounts/${part(account)}/posts?${query({ limit: 30, before })}`),
  post: (account: string, key: string) =>
    call<PostWithComments>('GET', `/accounts/${part(account)}/posts/${part(key)}`),
  contents: (account: string) => call<Contents>('GET', `/accounts/${part(account)}/contents`),
  search: (account: string, q: string, kind: string, before?: string | null) =>
    call<Hits>('GET', `/accounts/${part(account)}/search?${query({ q, kind, before, limit: 30 })}`),
  ask: (account: string, form: RequestForm) => call<ExportRequest>('POST', `/accounts/${part(account)}/requests`, form),
  requests: async (account: string) =>
    (await call<{ requests: ExportRequest[] }>('GET', `/accounts/${part(account)}/requests`)).requests,
  request: (id: string) => call<ExportRequest>('GET', `/requests/${part(id)}`),
  askAgain: (id: string) => call<ExportRequest>('POST', `/requests/${part(id)}/again`),
  previewForget: (account: string, what: ToForget) =>
    call<Forgotten>('POST', `/accounts/${part(account)}/forget`, { ...what, preview: true }),
  forget: (account: string, what: ToForget & { password?: string }) =>
    call<Forgotten>('POST', `/accounts/${part(account)}/forget`, what),
  cancel: (id: string) => call<null>('DELETE', `/requests/${part(id)}`),
  makeLink: (id: string) => call<DownloadLink>('POST', `/requests/${part(id)}/links`),
  revokeLinks: (id: string) => call<null>('DELETE', `/requests/${part(id)}/links`),
  openAccount: () => call<{ id: string }>('POST', '/accounts'),
  uploads: async (account: string) =>
    (await call<{ uploads: WaitingUpload[] }>('GET', `/accounts/${part(account)}/uploads`)).uploads,
  removeUpload: (id: string) => call<null>('DELETE', `/uploads/${part(id)}`, undefined, { 'Tus-Resumable': '1.0.0' }),
  bring: (account: string, uploads: readonly string[]) =>
    call<ArchiveImport>('POST', `/accounts/${part(account)}/imports`, { uploads }),
  imports: async (account: string) =>
    (await call<{ imports: ArchiveImport[] }>('GET', `/accounts/${part(account)}/imports`)).imports,
  archiveImport: (id: string) => call<ArchiveImport>('GET', `/imports/${part(id)}`),
  decide: (id: string, as: 'second_account' | 'this_account') =>
    call<ArchiveImport>('POST', `/imports/${part(id)}/decision`, { as }),
  cancelImport: (id: string) => call<null>('DELETE', `/imports/${part(id)}`),
  outbox: () => call<{ configured: boolean; mails: Mail[] }>('GET', '/outbox'),
  mail: (id: string) => call<Mail & { text: string; html: string }>('GET', `/outbox/${part(id)}`),
};

// Hears of something that changes: by server-sent events `name`, and by asking every two seconds when those do not come
// through. Returns how to stop.
function followBy<T>(path: string, name: string, ask: () => Promise<T>, changed: (value: T) => void): () => void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const poll = () => {
    timer ??= setInterval(() => void ask().then(changed, () => undefined), 2000);
  };
  const events = new EventSource(`/api/v1${path}/events`);
  events.addEventListener(name, (event) => {
    clearInterval(timer);
    timer = undefined;
    changed(JSON.parse((event as MessageEvent<string>).data) as T);
  });
  events.onerror = poll;
  return () => {
    events.close();
    clearInterval(timer);
  };
}

export const follow = (id: string, changed: (request: ExportRequest) => void): (() => void) =>
  followBy(`/requests/${part(id)}`, 'request', () => api.request(id), changed);

export const followImport = (id: string, changed: (one: ArchiveImport) => void): (() => void) =>
  followBy(`/imports/${part(id)}`, 'import', () => api.archiveImport(id), changed);
