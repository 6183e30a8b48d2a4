// A long list read from disk a document at a time and shown a page at a time.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Alert, Skeleton } from '../shared/components';
import { useWords } from '../shared/i18n';
import type { Archive, DocumentRow } from './archive';
import type { Kind, Records } from './records';

interface Paged<T> {
  shown: T[];
  hasMore: boolean;
  busy: boolean;
  failed: boolean;
  more: () => void;
}

// The first page comes by itself. `keep` picks the records that belong to this list.
export function usePaged<K extends Kind>(
  archive: Archive,
  documents: readonly (DocumentRow & { kind: K })[],
  page: number,
  list: string,
  keep: (record: Records[K]) => boolean,
): Paged<Records[K]> {
  const [state, setState] = useState<Omit<Paged<Records[K]>, 'more'>>({
    shown: [],
    hasMore: true,
    busy: true,
    failed: false,
  });
  const source = useRef({ waiting: [] as Records[K][], at: 0, shown: [] as Records[K][], turn: 0 });

  const more = async () => {
    const from = source.current;
    const turn = from.turn;
    setState((now) => ({ ...now, busy: true, failed: false }));
    try {
      while (from.waiting.length < page && from.at < documents.length) {
        const row = documents[from.at];
        if (!row) break;
        const records = (await archive.read(row)).filter(keep);
        if (from !== source.current || from.turn !== turn) return;
        from.waiting.push(...records);
        from.at += 1;
      }
      const next = from.waiting.slice(0, page);
      await archive.learnMedia(next);
      if (from !== source.current) return;
      from.waiting.splice(0, page);
      from.shown = [...from.shown, ...next];
      setState({
        shown: from.shown,
        hasMore: from.waiting.length > 0 || from.at < documents.length,
        busy: false,
        failed: false,
      });
    } catch {
      if (from === source.current) setState((now) => ({ ...now, busy: false, failed: true }));
    }
  };
  useEffect(() => {
    source.current = { waiting: [], at: 0, shown: [], turn: source.current.turn + 1 };
    setState({ shown: [], hasMore: true, busy: true, failed: false });
    void more();
  }, [archive, list]);
  return { ...state, more: () => void more() };
}

export function PagedView<T>({
  paged,
  empty,
  grid = false,
  children,
}: {
  paged: Paged<T>;
  empty: ComponentChildren;
  grid?: boolean;
  children: (shown: T[]) => ComponentChildren;
}) {
  const { t } = useWords();
  const { shown, hasMore, busy, failed, more } = paged;
  if (shown.length === 0 && busy) return <Skeleton rows={grid ? 12 : 4} grid={grid} />;
  return (
    <>
      {shown.length > 0 ? children(shown) : !failed && !hasMore && empty}
      {failed && <Alert tone="stop">{t.viewer.cannotLoad}</Alert>}
      {(hasMore || failed) && (
        <button type="button" class="button more" disabled={busy} aria-busy={busy} onClick={more}>
          {failed ? t.app.tryAgain : t.app.more}
        </button>
      )}
    </>
  );
}
