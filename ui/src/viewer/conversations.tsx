// The list of conversations: who, how many messages, when last; found by name.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Alert, Avatar, Empty, Field, PageTitle, Skeleton, Time } from '../shared/components';
import { fold } from '../fold';
import { useWords } from '../shared/i18n';
import type { Messages } from '../shared/messages_en';
import type { Archive, DocumentRow } from './archive';
import type { ConversationRecord } from './records';

export interface Talk {
  record: ConversationRecord;
  messages: number;
  last: string | undefined;
}

// Every conversation with what its message documents say of it, the latest first.
export async function readTalks(archive: Archive): Promise<Talk[]> {
  const rows = archive.of('conversation') as (DocumentRow & { kind: 'conversation' })[];
  const records = (await Promise.all(rows.map((row) => archive.read(row)))).flat();
  const known = new Map(
    records.map((record): [string, Talk] => [record.key, { record, messages: 0, last: undefined }]),
  );
  for (const row of archive.of('message')) {
    const talk = known.get(row.conversation ?? '');
    if (!talk) continue;
    talk.messages += row.records;
    if (row.last !== undefined && (talk.last === undefined || Date.parse(row.last) > Date.parse(talk.last)))
      talk.last = row.last;
  }
  return [...known.values()].sort((a, b) => Date.parse(b.last ?? '0000') - Date.parse(a.last ?? '0000'));
}

export function talkName(t: Messages, record: ConversationRecord, join: (names: string[]) => string): string {
  return record.title || join((record.participants ?? []).slice(0, 4)) || t.viewer.untitled;
}

const pageSize = 100;

export function ConversationList({ archive }: { archive: Archive }) {
  const { t, f } = useWords();
  const [talks, setTalks] = useState<Talk[]>();
  const [failed, setFailed] = useState(false);
  const [filter, setFilter] = useState('');
  const [limit, setLimit] = useState(pageSize);
  useEffect(() => {
    readTalks(archive)
      .then(async (all) => {
        await archive.learnMedia(all.map(({ record }) => record));
        setTalks(all);
      })
      .catch(() => setFailed(true));
  }, [archive]);
  const named = useMemo(
    () =>
      (talks ?? []).map((talk) => {
        const name = talkName(t, talk.record, f.list);
        return { ...talk, name, folded: fold([name, ...(talk.record.participants ?? [])].join(' ')) };
      }),
    [talks, t, f],
  );
  if (failed) return <Alert tone="stop">{t.viewer.cannotLoad}</Alert>;
  if (!talks) return <Skeleton rows={6} />;
  if (talks.length === 0) return <Empty icon="message" title={t.viewer.noConversations} />;
  const wanted = fold(filter);
  const found = named.filter(({ folded }) => folded.includes(wanted));
  return (
    <>
      <PageTitle hidden focus={false}>
        {t.viewer.conversations}
      </PageTitle>
      {talks.length > 8 && (
        <Field label={t.viewer.filter} name="filter" type="search" value={filter} onValue={setFilter} />
      )}
      <ul class="rows">
        {found.slice(0, limit).map(({ record, name, messages, last }) => (
          <li key={record.key}>
            <a class="row" href={`#/conversations/${record.key}`}>
              <Avatar url={record.picture ? archive.medium(t, record.picture).url : null} name={name} />
              <span class="row-text">
                <strong dir="auto">{name}</strong>
                <small>
                  {t.count.messages(messages)}
                  {last && (
                    <>
                      {' '}
                      · <Time value={last} form="date" />
                    </>
                  )}
                </small>
              </span>
            </a>
          </li>
        ))}
      </ul>
      {found.length > limit && (
        <button type="button" class="button more" onClick={() => setLimit(limit + pageSize)}>
          {t.app.more}
        </button>
      )}
    </>
  );
}
