// One conversation, as it was written: the newest messages first on the screen, older ones a step at a time.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Alert, PageTitle, Prose, Skeleton, Time } from '../shared/components';
import { fold } from '../fold';
import { useWords } from '../shared/i18n';
import { Icon } from '../shared/icons';
import { MediumView } from '../shared/media';
import { Absent } from '../shared/responses';
import type { Archive, DocumentRow } from './archive';
import { talkName } from './conversations';
import type { ConversationRecord, MessageRecord, Share } from './records';

const pageSize = 150;

// A stretch of the conversation: `messages` of documents `first`…`last`, of which `from`…`to` are shown.
interface Stretch {
  first: number;
  last: number;
  messages: MessageRecord[];
  from: number;
  to: number;
}

function useThread(archive: Archive, id: string) {
  const documents = useMemo(
    () =>
      archive
        .of('message')
        .filter((row) => row.conversation === id)
        .reverse() as (DocumentRow & { kind: 'message' })[],
    [archive, id],
  );
  const [stretch, setStretch] = useState<Stretch>();
  const [failed, setFailed] = useState(false);
  const turn = useRef(0);

  const read = async (at: number): Promise<MessageRecord[]> => {
    const row = documents[at];
    return row ? (await archive.read(row)).slice().reverse() : [];
  };
  const show = async (make: () => Promise<Stretch>) => {
    const mine = (turn.current += 1);
    setFailed(false);
    try {
      const next = await make();
      await archive.learnMedia(next.messages.slice(next.from, next.to));
      if (mine === turn.current) setStretch(next);
    } catch {
      if (mine === turn.current) setFailed(true);
    }
  };
  const open = (at: number, end: 'start' | 'end') =>
    show(async () => {
      const messages = await read(at);
      const count = Math.min(pageSize, messages.length);
      const from = end === 'end' ? messages.length - count : 0;
      return { first: at, last: at, messages, from, to: from + count };
    });
  const earlier = (now: Stretch) =>
    show(async () => {
      if (now.from > 0) return { ...now, from: Math.max(0, now.from - pageSize) };
      const before = await read(now.first - 1);
      const from = Math.max(0, before.length - pageSize);
      return { ...now, first: now.first - 1, messages: [...before, ...now.messages], from, to: now.to + before.length };
    });
  const later = (now: Stretch) =>
    show(async () => {
      if (now.to < now.messages.length) return { ...now, to: Math.min(now.messages.length, now.to + pageSize) };
      const messages = [...now.messages, ...(await read(now.last + 1))];
      return { ...now, last: now.last + 1, messages, to: Math.min(messages.length, now.to + pageSize) };
    });
  useEffect(() => {
    setStretch(undefined);
    void open(documents.length - 1, 'end');
  }, [documents]);
  return { documents, stretch, failed, open, earlier, later };
}

function Shared({ share }: { share: Share }) {
  const { t } = useWords();
  const safe = share.link !== undefined && /^https?:\/\//.test(share.link) ? share.link : undefined;
  return (
    <div class="share">
      <small>
        {share.profile
          ? t.viewer.sharedProfile(share.profile)
          : share.owner
            ? t.viewer.sharedFrom(share.owner)
            : t.viewer.shared}
      </small>
      {share.text && <Prose text={share.text} />}
      {safe ? (
        <a href={safe} rel="noreferrer noopener">
          {t.viewer.openLink}
        </a>
      ) : (
        share.link && <small>{share.link}</small>
      )}
    </div>
  );
}

function Body({ archive, message }: { archive: Archive; message: MessageRecord }) {
  const { t, f } = useWords();
  const name = message.sender ?? t.viewer.unknownSender;
  const notes: Record<string, string> = {
    call: t.viewer.call,
    joined: `${name} ${t.viewer.joined}`,
    left: `${name} ${t.viewer.left}`,
  };
  const unsent = message.unsent || message.form === 'unsent';
  const note = unsent ? t.viewer.unsent : notes[message.form ?? ''];
  const seconds = message.call_seconds !== undefined ? ` · ${f.duration(message.call_seconds)}` : '';
  return (
    <>
      {note && (
        <p class="message-note">
          {note}
          {seconds}
        </p>
      )}
      {message.text && <Prose text={message.text} />}
      {(message.media ?? []).map((item, index) => (
        <div class="message-medium" key={index}>
          <MediumView medium={archive.medium(t, item)} />
        </div>
      ))}
      {message.share && <Shared share={message.share} />}
    </>
  );
}

function Message({
  archive,
  message,
  mine,
  named,
}: {
  archive: Archive;
  message: MessageRecord;
  mine: boolean;
  named: boolean;
}) {
  const { t } = useWords();
  return (
    <li class={mine ? 'message message-mine' : 'message'}>
      {mine ? (
        <span class="visually-hidden">{t.viewer.you}: </span>
      ) : (
        <span class={named ? 'sender' : 'visually-hidden'} dir="auto">
          {message.sender ?? t.viewer.unknownSender}
        </span>
      )}
      <div class="bubble">
        <Body archive={archive} message={message} />
        {message.time && (
          <small class="message-time">
            <Time value={message.time} form="clock" />
          </small>
        )}
        <Absent since={message.absent_since} />
      </div>
      {message.reactions && message.reactions.length > 0 && (
        <ul class="reactions">
          {message.reactions.map(({ reaction, actor }, index) => (
            <li key={index} class="pill" title={actor}>
              <span aria-hidden="true">
                {reaction} <span dir="auto">{actor}</span>
              </span>
              <span class="visually-hidden">{t.viewer.reactedBy(reaction ?? '', actor ?? t.viewer.unknownSender)}</span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function Days({ archive, messages, owner }: { archive: Archive; messages: MessageRecord[]; owner: string }) {
  const { f } = useWords();
  const days: { day: string; messages: MessageRecord[] }[] = [];
  for (const message of messages) {
    const day = message.time ? f.date(message.time) : '';
    const last = days[days.length - 1];
    if (last?.day === day) last.messages.push(message);
    else days.push({ day, messages: [message] });
  }
  return (
    <>
      {days.map(({ day, messages: ofDay }) => (
        <section key={`${day} ${ofDay[0]?.key}`}>
          {day && <h2 class="day">{day}</h2>}
          <ol class="messages">
            {ofDay.map((message, at) => (
              <Message
                key={message.key}
                archive={archive}
                message={message}
                mine={owner !== '' && fold(message.sender ?? '') === owner}
                named={message.sender !== ofDay[at - 1]?.sender}
              />
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}

export function Thread({ archive, id, ownName }: { archive: Archive; id: string; ownName: string }) {
  const { t, f } = useWords();
  const { documents, stretch, failed, open, earlier, later } = useThread(archive, id);
  const [record, setRecord] = useState<ConversationRecord>();
  const end = useRef<HTMLDivElement>(null);
  const opened = useRef(false);
  useEffect(() => void archive.find('conversation', id).then(setRecord, () => undefined), [archive, id]);
  useLayoutEffect(() => {
    if (stretch && !opened.current) end.current?.scrollIntoView({ block: 'end' });
    if (stretch) opened.current = true;
  }, [stretch]);
  const name = record ? talkName(t, record, f.list) : '';
  const jump = (value: string) => void open(Number(value), Number(value) === documents.length - 1 ? 'end' : 'start');
  return (
    <div class="thread">
      <a class="back" href="#/conversations">
        <Icon name="back" size={20} />
        {t.viewer.conversations}
      </a>
      <PageTitle>
        <span dir="auto">{name}</span>
      </PageTitle>
      {record?.participants && record.participants.length > 1 && (
        <p class="muted">{t.viewer.with(f.list(record.participants.slice(0, 12)))}</p>
      )}
      {documents.length > 1 && (
        <div class="field jump">
          <label for="jump">{t.viewer.jump}</label>
          <select
            id="jump"
            value={String(stretch?.first ?? documents.length - 1)}
            onChange={(event) => jump(event.currentTarget.value)}
          >
            {documents.map((row, at) => (
              <option key={row.digest} value={String(at)}>
                {at === documents.length - 1 ? t.viewer.newest : row.first ? f.month(row.first) : row.name}
              </option>
            ))}
          </select>
        </div>
      )}
      {failed && <Alert tone="stop">{t.viewer.cannotLoad}</Alert>}
      {!stretch && !failed && <Skeleton rows={6} />}
      {stretch && (stretch.from > 0 || stretch.first > 0) && (
        <button type="button" class="button more" onClick={() => void earlier(stretch)}>
          {t.viewer.earlier}
        </button>
      )}
      {stretch && (
        <Days archive={archive} messages={stretch.messages.slice(stretch.from, stretch.to)} owner={fold(ownName)} />
      )}
      {stretch && (stretch.to < stretch.messages.length || stretch.last < documents.length - 1) && (
        <button type="button" class="button more" onClick={() => void later(stretch)}>
          {t.viewer.later}
        </button>
      )}
      <div ref={end} />
    </div>
  );
}
