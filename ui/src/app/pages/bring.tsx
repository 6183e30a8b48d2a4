// Bring an archive: choose or drop files, see them go, find what waits from last time.
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { Alert, PageTitle, Time } from '../../shared/components';
import { useWords } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import type { IconName } from '../../shared/icons';
import type { Messages } from '../../shared/messages_en';
import { useLoaded } from '../../shared/use_loaded';
import { api } from '../api';
import type { ArchiveImport, ImportState, WaitingUpload } from '../api';
import type { Sending } from '../bringing';
import { BackLink, Frame, Show, useTitle } from '../layout';
import { Link, navigate } from '../router';
import { bringing } from '../sending';
import { explain, useSession } from '../session';
import { total } from './report_facts';

function useSending(): Sending | null {
  const [sending, set] = useState(() => bringing.get());
  useEffect(() => bringing.listen(() => set(bringing.get())), []);
  return sending;
}

function whyNot(t: Messages, status: number): string {
  if (status === 401) return t.bring.signedOut;
  if (status === 410) return t.bring.uploadEnded;
  if (status === 413) return t.bring.tooLarge;
  if (status === 429) return t.bring.tooMany;
  if (status === 507) return t.bring.noRoom;
  return t.bring.sendingFailed;
}

function DropZone({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { t } = useWords();
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const hint = useId();
  const drop = (event: JSX.TargetedDragEvent<HTMLDivElement>) => {
    event.preventDefault();
    setOver(false);
    onFiles([...(event.dataTransfer?.files ?? [])]);
  };
  return (
    <div
      class={over ? 'drop drop-over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <span class="ask-drawing">
        <Icon name="box" size={32} />
      </span>
      <p>{t.bring.drop}</p>
      <button type="button" class="button" aria-describedby={hint} onClick={() => input.current?.click()}>
        {t.bring.choose}
      </button>
      <input
        ref={input}
        hidden
        type="file"
        name="archive"
        accept=".zip,application/zip,application/x-zip-compressed"
        multiple
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
      <p class="hint" id={hint}>
        {t.bring.anySize}
      </p>
    </div>
  );
}

function FileRow({ name, note, onRemove }: { name: string; note: string; onRemove?: () => void }) {
  const { t } = useWords();
  return (
    <li class="row row-still">
      <span class="row-text">
        <strong dir="auto">{name}</strong>
        <small>{note}</small>
      </span>
      {onRemove && (
        <button type="button" class="button button-quiet" aria-label={t.bring.removeFile(name)} onClick={onRemove}>
          {t.bring.remove}
        </button>
      )}
    </li>
  );
}

// How far the files are, in bytes, with rate and time left; said aloud only every tenth.
function SendingCard({ sending }: { sending: Sending }) {
  const { t, f } = useWords();
  const share = sending.total === 0 ? 1 : sending.sent / sending.total;
  const percent = Math.floor(share * 100);
  const left = sending.rate > 0 ? (sending.total - sending.sent) / sending.rate : null;
  const heading = sending.state === 'waiting' ? t.bring.waiting : sending.state === 'asking' ? t.bring.asking : t.bring.sending;
  const figures = [
    t.bring.sent(f.bytes(sending.sent), f.bytes(sending.total)),
    sending.rate > 0 && t.bring.rate(f.bytes(sending.rate)),
    left !== null && t.bring.left(f.duration(left)),
  ];
  return (
    <section class="card" aria-labelledby="sending">
      <h2 id="sending">{heading}</h2>
      <div
        class="progress"
        role="progressbar"
        aria-labelledby="sending"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <progress max={1} value={share} aria-hidden="true" />
      </div>
      <p class="figures">{figures.filter(Boolean).join(' · ')}</p>
      <p class="visually-hidden" role="status">
        {`${heading} ${t.bring.percent(Math.floor(percent / 10) * 10)}`}
      </p>
      <ul class="rows">
        {sending.files.map(({ name, size, sent }) => (
          <FileRow key={name} name={name} note={t.bring.sent(f.bytes(sent), f.bytes(size))} />
        ))}
      </ul>
      <p class="hint">{sending.state === 'waiting' ? t.bring.waitingText : t.bring.stayText}</p>
      {sending.state === 'failed' && (
        <>
          <Alert tone="stop">{whyNot(t, sending.status)}</Alert>
          <button type="button" class="button button-primary" onClick={() => bringing.goOn()}>
            {t.app.tryAgain}
          </button>
        </>
      )}
      <button type="button" class="button button-quiet" onClick={() => bringing.stop()}>
        {t.bring.pause}
      </button>
    </section>
  );
}

interface ChooserProps {
  account: string;
  waiting: readonly WaitingUpload[];
  reload: () => void;
}

function Chooser({ account, waiting, reload }: ChooserProps) {
  const { t, f } = useWords();
  const [files, setFiles] = useState<File[]>([]);
  const [apart, setApart] = useState(false);
  const [problem, setProblem] = useState('');
  const whole = waiting.filter(({ length, offset }) => offset === length);
  const chosenAgain = (one: WaitingUpload) => files.some(({ name, size }) => name === one.name && size === one.length);
  const add = (more: File[]) => {
    const zips = more.filter(({ name, type }) => /\.zip$/i.test(name) || /zip/.test(type));
    setProblem(zips.length < more.length ? t.bring.notZip : '');
    setFiles((known) => [
      ...known,
      ...zips.filter((file) => !known.some(({ name, size }) => name === file.name && size === file.size)),
    ]);
  };
  const remove = (upload: WaitingUpload) => {
    api.removeUpload(upload.id).then(reload, (error: unknown) => setProblem(explain(t, error)));
  };
  const others = waiting.filter((one) => !chosenAgain(one));
  const count = files.length + whole.filter((one) => !chosenAgain(one)).length;
  return (
    <>
      <DropZone onFiles={add} />
      {problem && <Alert tone="care">{problem}</Alert>}
      {(files.length > 0 || others.length > 0) && (
        <ul class="rows card" aria-label={t.bring.files}>
          {files.map((file) => (
            <FileRow
              key={`${file.name} ${file.size}`}
              name={file.name}
              note={f.bytes(file.size)}
              onRemove={() => setFiles((known) => known.filter((one) => one !== file))}
            />
          ))}
          {others.map((one) => (
            <FileRow
              key={one.id}
              name={one.name}
              note={
                one.offset === one.length
                  ? t.bring.isHere(f.bytes(one.length))
                  : t.bring.chooseAgain(f.bytes(one.offset), f.bytes(one.length))
              }
              onRemove={() => remove(one)}
            />
          ))}
        </ul>
      )}
      {count > 1 && (
        <fieldset class="kinds">
          <legend>{t.bring.several}</legend>
          {[false, true].map((separate) => (
            <label class="choice" key={String(separate)}>
              <input type="radio" name="apart" checked={apart === separate} onChange={() => setApart(separate)} />
              <span>{separate ? t.bring.separate : t.bring.parts}</span>
            </label>
          ))}
        </fieldset>
      )}
      {count > 0 && (
        <button
          type="button"
          class="button button-primary"
          onClick={() => bringing.begin(account, files, whole.map(({ id }) => id), apart)}
        >
          {t.bring.begin}
        </button>
      )}
    </>
  );
}

const stateIcons: Record<ImportState, IconName> = {
  waiting: 'clock',
  checking: 'clock',
  other_account: 'care',
  importing: 'clock',
  done: 'check',
  failed: 'stop',
  cancelled: 'info',
};

// "Taken in · @a.member · 130 files"
function summary(t: Messages, one: ArchiveImport): string {
  const missing = one.report ? total(one.report, 'missing_media') : 0;
  return [
    t.bring.state[one.state],
    one.found_username && `@${one.found_username}`,
    one.report && t.count.files(one.report.files.received),
    missing > 0 && t.bring.missing(missing),
  ]
    .filter(Boolean)
    .join(' · ');
}

function Earlier({ imports }: { imports: readonly ArchiveImport[] }) {
  const { t } = useWords();
  if (imports.length === 0) return null;
  return (
    <>
      <h2>{t.bring.earlier}</h2>
      <ul class="rows">
        {imports.map((one) => (
          <li key={one.id}>
            <Link to={`/imports/${one.id}`} class="row">
              <span class={`state state-${one.state === 'done' ? 'ready' : one.state}`}>
                <Icon name={stateIcons[one.state]} size={20} />
              </span>
              <span class="row-text">
                <strong>
                  <Time value={one.asked_at} />
                </strong>
                <small dir="auto">{summary(t, one)}</small>
              </span>
              <Icon name="forward" size={20} />
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

export function BringPage({ account }: { account: string }) {
  const { t } = useWords();
  const sending = useSending();
  const waiting = useLoaded(() => api.uploads(account), [account, sending === null]);
  const imports = useLoaded(() => api.imports(account), [account, sending?.state === 'done']);
  useTitle(t.bring.title);
  const only = sending?.state === 'done' ? sending.imports : [];
  useEffect(() => {
    if (only.length === 0) return;
    bringing.stop();
    if (only.length === 1 && only[0]) navigate(`/imports/${only[0]}`);
  }, [only.length]);
  return (
    <Frame account={account}>
      <BackLink to={`/accounts/${account}/privacy`}>{t.privacy.title}</BackLink>
      <PageTitle>{t.bring.title}</PageTitle>
      <p class="lead">{t.bring.lead}</p>
      {sending ? (
        <SendingCard sending={sending} />
      ) : (
        <Show loaded={waiting} bones={3}>
          {(uploads) => (
            <Chooser account={account} waiting={uploads.filter(({ taken }) => !taken)} reload={waiting.reload} />
          )}
        </Show>
      )}
      <Earlier imports={imports.value ?? []} />
    </Frame>
  );
}

// For who has no account here yet: an empty one takes its names from the first archive.
export function BringFirstPage() {
  const { t } = useWords();
  const { set } = useSession();
  const opened = useLoaded(async () => {
    const { id } = await api.openAccount();
    set(await api.session());
    navigate(`/accounts/${id}/bring`, 'replace');
    return null;
  }, []);
  useTitle(t.bring.title);
  return (
    <Frame>
      <Show loaded={opened}>{() => null}</Show>
    </Frame>
  );
}
