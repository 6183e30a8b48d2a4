// What lies beside this page on disk (docs/formats/viewer-data.md). Under file:// only scripts load: each is one call of `valise`.
import type { Issue } from '../shared/findings';
import type { ShownMedium } from '../shared/media';
import type { Messages } from '../shared/messages_en';
import { mediaOf, newestFirst, standsUnder } from './records';
import type { AnyRecord, CommentRecord, Kind, MediaItem, PostRecord, Records, StoryRecord } from './records';

export interface DocumentRow {
  kind: Kind;
  name: string;
  digest: string;
  records: number;
  first?: string;
  last?: string;
  conversation?: string;
}
export interface Index {
  version: number;
  account: { service: string; username: string };
  as_of: string;
  selection?: { kinds?: string[]; from?: string; until?: string };
  part?: { number: number; of: number };
  counts: Partial<Record<string, number>>;
  media_folder: string;
  documents: DocumentRow[];
  media: { name: string; digest: string; rows: number }[];
}
export interface Report {
  missing?: {
    count: number;
    reasons?: { reason: string; count: number }[];
    files?: { path: string; kind?: string; time?: string; reason: string }[];
  };
  files?: Partial<Record<string, number>>;
  issues?: Issue[];
}

// Brings a script to the page and hands over the value that it calls `valise` with under the name that is waited for.
export type Loader = (path: string, name: string) => Promise<unknown>;

export function scriptLoader(page: Document, global: { valise?: (name: string, value: unknown) => void }): Loader {
  const arrived = new Map<string, unknown>();
  const awaited = new Set<string>();
  global.valise = (name, value) => {
    if (awaited.has(name)) arrived.set(name, value);
  };
  return (path, name) =>
    new Promise((resolve, reject) => {
      awaited.add(name);
      const script = page.createElement('script');
      const done = () => {
        const value = arrived.get(name);
        const came = arrived.delete(name);
        awaited.delete(name);
        script.remove();
        if (came) resolve(value);
        else reject(new Error(`${path} did not load`));
      };
      script.onload = done;
      script.onerror = done;
      script.src = path;
      page.head.append(script);
    });
}

const pathOf = (name: string) => `viewer/data/${name.split('/').map(encodeURIComponent).join('/')}.js`;

// Records of documents that were read lately stay; older ones are read from disk again. 2 MiB of JSON each at most.
const keptDocuments = 48;

export class Archive {
  private readonly documents = new Map<string, Promise<AnyRecord[]>>();
  private readonly lists = new Map<string, Promise<void>>();
  private readonly media = new Map<string, { name: string; type: string }>();

  constructor(
    readonly index: Index,
    private readonly loader: Loader,
  ) {}

  static async open(loader: Loader): Promise<Archive> {
    return new Archive((await loader(pathOf('index'), 'index')) as Index, loader);
  }

  report(): Promise<Report> {
    return this.loader(pathOf('report'), 'report') as Promise<Report>;
  }

  // Documents of a kind, newest first.
  of(kind: Kind): DocumentRow[] {
    return this.index.documents
      .filter((row) => row.kind === kind)
      .sort(
        (a, b) => newestFirst({ time: a.last ?? '0000' }, { time: b.last ?? '0000' }) || (a.name < b.name ? 1 : -1),
      );
  }

  // The records of a document, newest first, with the media that they show known.
  async read<K extends Kind>(row: DocumentRow & { kind: K }): Promise<Records[K][]> {
    let reading = this.documents.get(row.digest);
    if (reading) this.documents.delete(row.digest);
    else {
      reading = this.loader(pathOf(row.name), row.digest).then((value) =>
        (value as AnyRecord[]).slice().reverse().sort(newestFirst),
      );
      reading.catch(() => this.documents.delete(row.digest));
    }
    this.documents.set(row.digest, reading);
    for (const oldest of this.documents.keys()) {
      if (this.documents.size <= keptDocuments) break;
      this.documents.delete(oldest);
    }
    return (await reading) as Records[K][];
  }

  // One record by its key, in whichever document it lies.
  async find<K extends Kind>(kind: K, key: string): Promise<Records[K] | undefined> {
    for (const row of this.of(kind)) {
      const found = (await this.read(row as DocumentRow & { kind: K })).find((record) => record.key === key);
      if (found) return found;
    }
    return undefined;
  }

  // The comments under a post or story, oldest first. Documents that end before it are not read.
  async commentsUnder(record: PostRecord | StoryRecord): Promise<CommentRecord[]> {
    if (!record.evidence?.some((one) => one.startsWith('id:'))) return [];
    const rows = this.of('comment').filter(({ last }) => !last || !record.time || last >= record.time);
    const read = await Promise.all(rows.map((row) => this.read(row as DocumentRow & { kind: 'comment' })));
    return read
      .flat()
      .filter((comment) => standsUnder(comment, record))
      .sort(newestFirst)
      .reverse();
  }

  // Learns where the media of some records lie, so that medium() knows: lists of their years first, all others if need be.
  async learnMedia(records: readonly AnyRecord[]): Promise<void> {
    const items = records.flatMap((record) =>
      mediaOf(record).map((item) => ({ item, time: item.time ?? record.time })),
    );
    const unknown = () => items.filter(({ item }) => item.digest !== undefined && !this.media.has(item.digest));
    const years = new Set(
      [...items.map(({ time }) => time), ...records.map(({ time }) => time)].map((time) => time?.slice(0, 4)),
    );
    const near = this.index.media.filter(({ name }) =>
      [...years].some((year) => year && name.startsWith(`media/${year}`)),
    );
    if (unknown().length > 0) await Promise.all(near.map((list) => this.learnList(list)));
    for (const list of [...this.index.media].reverse()) {
      if (unknown().length === 0) return;
      await this.learnList(list);
    }
  }

  medium(t: Messages, item: MediaItem): ShownMedium {
    const found = item.digest === undefined ? undefined : this.media.get(item.digest);
    const alt = item.alt ?? '';
    if (!found) {
      return {
        url: null,
        type: item.type ?? '',
        alt,
        absent: item.digest === undefined ? t.viewer.neverReceived : t.viewer.notHere,
      };
    }
    const url = (this.index.media_folder + found.name).split('/').map(encodeURIComponent).join('/');
    return { url, type: found.type || (item.type ?? ''), alt };
  }

  private learnList(list: { name: string; digest: string }): Promise<void> {
    let learning = this.lists.get(list.digest);
    if (!learning) {
      learning = this.loader(pathOf(list.name), list.digest).then((rows) => {
        for (const row of rows as { digest: string; name: string; type: string }[]) {
          this.media.set(row.digest, { name: row.name, type: row.type });
        }
      });
      this.lists.set(list.digest, learning);
    }
    return learning;
  }
}
