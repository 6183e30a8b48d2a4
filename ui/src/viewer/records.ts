// Records as documents hold them (docs/formats/records.md): what the viewer reads of them. Absent members are absent.

export interface MediaItem {
  digest?: string;
  size?: number;
  type?: string;
  path?: string;
  time?: string;
  text?: string;
  alt?: string;
}
export interface Place {
  name?: string;
}
// Where a record was read: import, number of the file in it, place in that file.
export type Provenance = [string, number, number];
interface Common {
  key: string;
  time?: string;
  provenance?: Provenance[];
  evidence?: string[];
  absent_since?: string;
}

export interface ProfileRecord extends Common {
  kind: 'profile';
  username?: string;
  name?: string;
  bio?: string;
  website?: string;
  email?: string;
  phone?: string;
  gender?: string;
  birthday?: string;
  joined?: string;
  pictures?: MediaItem[];
}
export interface PostRecord extends Common {
  kind: 'post';
  form?: string;
  text?: string;
  media?: MediaItem[];
  place?: Place;
  like_count?: number;
  comment_count?: number;
}
export interface StoryRecord extends Common {
  kind: 'story';
  text?: string;
  media?: MediaItem;
  place?: Place;
  like_count?: number;
  comment_count?: number;
}
export interface CommentRecord extends Common {
  kind: 'comment';
  list?: string;
  owner?: string;
  text?: string;
  link?: string;
  media?: MediaItem[];
  author?: string;
  on?: string;
  like_count?: number;
}
export interface ConversationRecord extends Common {
  kind: 'conversation';
  title?: string;
  folder?: string;
  participants?: string[];
  picture?: MediaItem;
}
export interface Reaction {
  actor?: string;
  reaction?: string;
  time?: string;
}
export interface Share {
  link?: string;
  text?: string;
  owner?: string;
  profile?: string;
}
export interface MessageRecord extends Common {
  kind: 'message';
  conversation?: string;
  sender?: string;
  form?: string;
  text?: string;
  media?: MediaItem[];
  share?: Share;
  reactions?: Reaction[];
  call_seconds?: number;
  unsent?: boolean;
}
export interface ConnectionRecord extends Common {
  kind: 'connection';
  relation?: string;
  username?: string;
  link?: string;
}
export interface LikeRecord extends Common {
  kind: 'like';
  list?: string;
  owner?: string;
  link?: string;
  text?: string;
}
export interface SavedRecord extends Common {
  kind: 'saved';
  collection?: string;
  owner?: string;
  link?: string;
  text?: string;
}

export interface ActivityRecord extends Common {
  kind: 'activity';
  list?: string;
  text?: string;
  link?: string;
  details?: { name?: string; value?: string }[];
  media?: MediaItem[];
}

export interface Records {
  profile: ProfileRecord;
  post: PostRecord;
  story: StoryRecord;
  comment: CommentRecord;
  conversation: ConversationRecord;
  message: MessageRecord;
  connection: ConnectionRecord;
  like: LikeRecord;
  saved: SavedRecord;
  activity: ActivityRecord;
}
export type Kind = keyof Records;
export type AnyRecord = Records[Kind];

export function mediaOf(record: AnyRecord): readonly MediaItem[] {
  switch (record.kind) {
    case 'post':
    case 'comment':
    case 'message':
    case 'activity':
      return record.media ?? [];
    case 'story':
      return record.media ? [record.media] : [];
    case 'profile':
      return record.pictures ?? [];
    case 'conversation':
      return record.picture ? [record.picture] : [];
    default:
      return [];
  }
}

interface Dated {
  time?: string;
  provenance?: Provenance[];
}

// Newest first; what has no time comes last. Of one time (pages tell minutes) the order of the archive, which is newest first too.
export function newestFirst(a: Dated, b: Dated): number {
  return Date.parse(b.time ?? '0000') - Date.parse(a.time ?? '0000') || byPlace(a.provenance?.[0], b.provenance?.[0]);
}

function byPlace(a: Provenance | undefined, b: Provenance | undefined): number {
  if (!a || !b) return 0;
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  return a[1] - b[1] || a[2] - b[2];
}

// Does the comment stand under this post or story? Services say so by their own id of it.
export function standsUnder(comment: CommentRecord, record: PostRecord | StoryRecord): boolean {
  if (comment.on === undefined || (comment.list === 'stories') !== (record.kind === 'story')) return false;
  return record.evidence?.includes(`id:${comment.on}`) ?? false;
}
