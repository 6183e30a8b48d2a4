// Sends the files of an archive one after the other and asks for the import when all have come. It lives apart from any
// page: a member may look at something else meanwhile.
import type { ArchiveImport } from './api';

export interface Chosen {
  readonly name: string;
  readonly size: number;
}
// One file on its way. `start` may be called again after a failure: it goes on where it was.
export interface Sender {
  start(): void;
  stop(): void;
}
export interface SenderEvents {
  // Bytes that the server may have; before they are durable, so that it moves.
  onProgress(sent: number): void;
  // The network is away, or the server is; the sender tries again by itself.
  onWaiting(): void;
  // `status` is of the server's answer, 0: something else.
  onFailed(status: number): void;
  onDone(uploadId: string): void;
}
export type SendingState = 'sending' | 'waiting' | 'failed' | 'asking' | 'done';

export interface Sending {
  readonly account: string;
  readonly files: readonly { name: string; size: number; sent: number }[];
  readonly state: SendingState;
  readonly status: number; // of a failure
  readonly sent: number;
  readonly total: number;
  readonly rate: number; // bytes a second; 0: not known yet
  readonly imports: readonly string[]; // ids, of `done`
}

export interface BringingPorts<F extends Chosen> {
  send(account: string, file: F, events: SenderEvents): Sender;
  ask(account: string, uploads: readonly string[]): Promise<Pick<ArchiveImport, 'id'>>;
  now(): number; // milliseconds
}

// How long a rate looks back.
const windowMs = 8000;

// Bytes a second over the last seconds: jumps of single packets do not show.
export class Rate {
  private points: { at: number; bytes: number }[] = [];

  add(at: number, bytes: number): void {
    const last = this.points[this.points.length - 1];
    if (last && bytes < last.bytes) this.points = [];
    this.points.push({ at, bytes });
    while (this.points.length > 2 && at - (this.points[0]?.at ?? at) > windowMs) this.points.shift();
  }
  get(): number {
    const first = this.points[0];
    const last = this.points[this.points.length - 1];
    if (!first || !last || last.at - first.at < 500) return 0;
    return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
  }
  reset(): void {
    this.points = [];
  }
}

export class Bringing<F extends Chosen> {
  private sending: Sending | null = null;
  private listeners = new Set<() => void>();
  private sender: Sender | null = null;
  private rate = new Rate();
  private turn = 0; // what belongs to an older one is not heard

  constructor(private readonly ports: BringingPorts<F>) {}

  get(): Sending | null {
    return this.sending;
  }
  listen(changed: () => void): () => void {
    this.listeners.add(changed);
    return () => void this.listeners.delete(changed);
  }

  // `waiting` are uploads that came whole before. `apart`: each file is an archive of its own.
  begin(account: string, files: readonly F[], waiting: readonly string[], apart: boolean): void {
    this.stop();
    this.rate.reset();
    const turn = (this.turn += 1);
    this.set({
      account,
      files: files.map(({ name, size }) => ({ name, size, sent: 0 })),
      state: 'sending',
      status: 0,
      sent: 0,
      total: files.reduce((sum, { size }) => sum + size, 0),
      rate: 0,
      imports: [],
    });
    void this.run(turn, account, files, waiting, apart);
  }
  // After a failure.
  goOn(): void {
    if (this.sending?.state !== 'failed') return;
    this.rate.reset();
    this.set({ ...this.sending, state: 'sending', status: 0, rate: 0 });
    this.retry();
  }
  // What has come stays on the server for a week.
  stop(): void {
    this.sender?.stop();
    this.sender = null;
    this.turn += 1;
    this.set(null);
  }

  private retry: () => void = () => undefined;

  private async run(turn: number, account: string, files: readonly F[], waiting: readonly string[], apart: boolean) {
    const ids: string[] = [];
    for (const [index, file] of files.entries()) {
      ids.push(await this.sendOne(turn, account, file, index));
      if (turn !== this.turn) return;
    }
    this.sender = null;
    const whole = [...new Set([...waiting, ...ids])];
    await this.askUntilDone(turn, account, apart ? whole.map((id) => [id]) : [whole]);
  }

  private sendOne(turn: number, account: string, file: F, index: number): Promise<string> {
    return new Promise((resolve) => {
      const mine = () => (turn === this.turn ? this.sending : null);
      const sender = this.ports.send(account, file, {
        onProgress: (sent) => {
          const now = mine();
          if (now) this.set(this.progressed(now, index, sent));
        },
        onWaiting: () => {
          const now = mine();
          if (!now) return;
          this.rate.reset();
          this.set({ ...now, state: 'waiting', rate: 0 });
        },
        onFailed: (status) => {
          const now = mine();
          if (!now) return;
          this.retry = () => sender.start();
          this.set({ ...now, state: 'failed', status, rate: 0 });
        },
        onDone: (id) => {
          const now = mine();
          if (!now) return;
          this.set(this.progressed(now, index, file.size));
          resolve(id);
        },
      });
      this.sender = sender;
      sender.start();
    });
  }

  private async askUntilDone(turn: number, account: string, archives: readonly (readonly string[])[]) {
    const imports: string[] = [];
    const askNext = async (): Promise<void> => {
      const now = this.sending;
      if (turn !== this.turn || !now) return;
      this.set({ ...now, state: 'asking', rate: 0 });
      try {
        for (const uploads of archives.slice(imports.length)) imports.push((await this.ports.ask(account, uploads)).id);
        if (turn === this.turn) this.set({ ...now, state: 'done', rate: 0, imports });
      } catch (error) {
        this.retry = () => void askNext();
        const status = (error as { status?: number }).status ?? 0;
        if (turn === this.turn) this.set({ ...now, state: 'failed', status, rate: 0 });
      }
    };
    await askNext();
  }

  private progressed(now: Sending, index: number, sent: number): Sending {
    const files = now.files.map((file, at) => (at === index ? { ...file, sent } : file));
    const all = files.reduce((sum, file) => sum + file.sent, 0);
    this.rate.add(this.ports.now(), all);
    return { ...now, files, sent: all, state: 'sending', status: 0, rate: this.rate.get() };
  }

  private set(next: Sending | null): void {
    this.sending = next;
    for (const changed of [...this.listeners]) changed();
  }
}
