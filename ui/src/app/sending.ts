/*!
 * Holds tus-js-client 4.3.1 (MIT, Copyright (c) 2015 tus - Resumable File Uploads), js-base64 3 (BSD-3-Clause, Copyright (c)
 * 2014 Dan Kogai), url-parse, querystringify and requires-port (MIT, Copyright (c) Unshift.io and contributors),
 * combine-errors (MIT), custom-error-instance (ISC), is-stream, lodash (MIT).
 */
// Sends one file by tus 1.0.0 (docs/formats/uploads.md). What was sent is remembered in the browser by the file's name,
// size and date: chosen again after a reload, it goes on where it was.
import * as tus from 'tus-js-client';
import { api, csrfToken } from './api';
import { Bringing } from './bringing';
import type { Sender, SenderEvents } from './bringing';

// A lost network is tried again for as long as the page is open; each success begins anew.
const retryDelays = [0, 1000, 2000, ...Array.from({ length: 20_000 }, () => 5000)];

// Not worth trying again by itself: the server has said no. 409: it goes on elsewhere, its new place is asked for.
const isFinal = (status: number) => (status >= 400 && status < 500 && status !== 409 && status !== 423) || status === 507;

function statusOf(error: Error | tus.DetailedError): number {
  return ('originalResponse' in error && error.originalResponse?.getStatus()) || 0;
}

function uploadId(url: string | null): string {
  return (url ?? '').replace(/.*\//, '');
}

function send(account: string, file: File, events: SenderEvents): Sender {
  const upload = new tus.Upload(file, {
    endpoint: `${location.origin}/api/v1/accounts/${encodeURIComponent(account)}/uploads`,
    retryDelays,
    metadata: { filename: file.name },
    onBeforeRequest: (request) => request.setHeader('X-CSRF-Token', csrfToken()),
    onProgress: (sent) => events.onProgress(sent),
    onShouldRetry: (error) => {
      if (isFinal(statusOf(error))) return false;
      events.onWaiting();
      return true;
    },
    onError: (error) => events.onFailed(statusOf(error)),
    onSuccess: () => events.onDone(uploadId(upload.url)),
  });
  const start = async () => {
    if (upload.url === null) {
      const [earlier] = await upload.findPreviousUploads();
      if (earlier) upload.resumeFromPreviousUpload(earlier);
    }
    upload.start();
  };
  return { start: () => void start(), stop: () => void upload.abort().catch(() => undefined) };
}

// Once an import has them, choosing the same files again means sending them again.
async function forget(uploads: readonly string[]): Promise<void> {
  const storage = tus.defaultOptions.urlStorage;
  for (const { uploadUrl, urlStorageKey } of await storage.findAllUploads()) {
    if (uploads.includes(uploadId(uploadUrl))) await storage.removeUpload(urlStorageKey);
  }
}

async function ask(account: string, uploads: readonly string[]) {
  const asked = await api.bring(account, uploads);
  await forget(uploads).catch(() => undefined);
  return asked;
}

export const bringing = new Bringing<File>({ send, ask, now: () => performance.now() });
