// One download: how far it is, what is inside, what is missing and why; the button, the link, the way to cancel. It
// follows live.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Alert, PageTitle, showWhole } from '../../shared/components';
import { useWords } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import type { Messages } from '../../shared/messages_en';
import { useLoaded } from '../../shared/use_loaded';
import { api, ApiError, follow } from '../api';
import type { ExportRequest } from '../api';
import { BackLink, Frame, Show, useTitle } from '../layout';
import { Link, navigate } from '../router';
import { explain } from '../session';
import { Steps } from './steps';

const waits = (request: ExportRequest) => ['asked', 'snapshot', 'planned'].includes(request.state);
const canEnd = (request: ExportRequest) => waits(request) || request.state === 'ready';

function headline(t: Messages, request: ExportRequest): string {
  if (waits(request)) return t.request.preparing;
  switch (request.state) {
    case 'expired':
      return t.request.ended;
    case 'cancelled':
      return t.request.cancelled;
    case 'failed':
      return t.request.failed;
    default:
      return t.request.ready;
  }
}

function Summary({ request }: { request: ExportRequest }) {
  const { t, f } = useWords();
  if (waits(request)) return <p class="lead">{t.request.preparingText}</p>;
  if (request.state === 'expired') return <p class="lead">{t.request.endedText}</p>;
  if (request.reason === 'erased') return <p class="lead">{t.request.erasedText}</p>;
  if (request.state === 'cancelled') return <p class="lead">{t.request.cancelledText}</p>;
  if (request.state === 'failed') return <Alert tone="stop">{t.request.failedText}</Alert>;
  if (request.as_of === null) return null;
  const moment = f.moment(request.as_of);
  if (request.ends_at === null) return <p class="lead">{t.request.holdsNoEnd(moment)}</p>;
  const { kinds, from, until } = request.selection;
  const words = kinds || from || until ? t.request.holdsSelected : t.request.holds;
  return (
    <>
      <p class="lead">{words(moment, f.shortDate(request.ends_at))}</p>
      {request.format === 'instagram' && <p>{t.request.forMoving}</p>}
    </>
  );
}

function MailNote({ request }: { request: ExportRequest }) {
  const { t } = useWords();
  if (request.state !== 'ready') return null;
  if (request.mail.state === 'not_configured') return <Alert tone="info">{t.request.mailNone}</Alert>;
  const failing = request.mail.state === 'failed' || (request.mail.state === 'queued' && request.mail.attempts > 0);
  return failing ? <Alert tone="care">{t.request.mailFailed}</Alert> : null;
}

function Missing({ request }: { request: ExportRequest }) {
  const { t } = useWords();
  if (!request.missing || request.state !== 'ready') return null;
  const { count, reasons } = request.missing;
  if (count === 0)
    return (
      <p class="whole">
        <Icon name="check" size={20} />
        {t.request.complete}
      </p>
    );
  const known: Record<string, (n: number) => string> = t.request.reasons;
  return (
    <details class="missing">
      <summary>
        <Icon name="care" size={20} />
        <span>
          {t.request.missing(count)} <u>{t.request.seeWhy}</u>
        </span>
      </summary>
      <ul>
        {reasons.map(({ reason, count: n }) => (
          <li key={reason}>{(known[reason] ?? t.request.reasons.other)(n)}</li>
        ))}
      </ul>
    </details>
  );
}

function Inside({ request }: { request: ExportRequest }) {
  const { t, f } = useWords();
  const names: Record<string, string> = t.kinds;
  const contents = Object.entries(request.contents ?? {}).filter(
    ([kind, n]) => names[kind] !== undefined && (n ?? 0) > 0,
  );
  const { from, until } = request.selection;
  const dates = [from && t.request.since(f.date(from)), until && t.request.until(f.date(until))]
    .filter(Boolean)
    .join(' ');
  const details: [string, string | null][] = [
    [t.request.dates, dates || t.request.allDates],
    [t.form.purpose, t.form.purposes[request.format]],
    [t.request.size, request.size === null ? null : f.bytes(request.size)],
    [t.request.fileName, request.file_name],
    [t.request.etag, request.etag?.replace(/^"|"$/g, '') ?? null],
  ];
  return (
    <section>
      <h2>{t.request.inside}</h2>
      {contents.length > 0 && (
        <dl class="inside">
          {contents.map(([kind, n]) => (
            <div key={kind}>
              <dt>{names[kind]}</dt>
              <dd>{f.number(n ?? 0)}</dd>
            </div>
          ))}
        </dl>
      )}
      <details class="details">
        <summary>{t.request.details}</summary>
        <dl class="inside inside-long">
          {details.map(
            ([name, value]) =>
              value !== null && (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ),
          )}
        </dl>
        {request.file_name && request.format === 'portable' && (
          <>
            <h3>{t.request.check}</h3>
            <p>{t.request.checkText}</p>
            <pre tabIndex={0}>
              <code>valise verify {request.file_name}</code>
            </pre>
          </>
        )}
      </details>
    </section>
  );
}

function ManagerLink({ request }: { request: ExportRequest }) {
  const { t } = useWords();
  const [link, setLink] = useState('');
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const attempt = async (work: () => Promise<void>) => {
    setNote('');
    setProblem('');
    await work().catch((error: unknown) => setProblem(explain(t, error)));
  };
  const make = () => attempt(async () => setLink(new URL((await api.makeLink(request.id)).url, location.origin).href));
  const revoke = () =>
    attempt(async () => {
      await api.revokeLinks(request.id);
      setLink('');
      setNote(t.request.revoked);
    });
  const copy = async () => {
    field.current?.select();
    // Without https there is no clipboard to write to; the link is selected then, ready for the keyboard.
    await navigator.clipboard?.writeText(link).then(
      () => setNote(t.request.copied),
      () => undefined,
    );
  };
  return (
    <details class="details">
      <summary>{t.request.link}</summary>
      <p>{t.request.linkText}</p>
      {link === '' ? (
        <button type="button" class="button" onClick={() => void make()}>
          {t.request.makeLink}
        </button>
      ) : (
        <>
          <div class="field">
            <label for="link">{t.request.linkField}</label>
            <input
              id="link"
              ref={field}
              class="mono"
              readOnly
              value={link}
              onFocus={(event) => event.currentTarget.select()}
            />
          </div>
          <div class="actions">
            <button type="button" class="button" onClick={() => void copy()}>
              {t.request.copy}
            </button>
            <button type="button" class="button button-quiet" onClick={() => void revoke()}>
              {t.request.revoke}
            </button>
          </div>
        </>
      )}
      <p role="status" class="hint">
        {note}
      </p>
      {problem && <Alert tone="stop">{problem}</Alert>}
    </details>
  );
}

function Cancel({ request, asked, ended }: { request: ExportRequest; asked: boolean; ended: () => void }) {
  const { t } = useWords();
  const [open, setOpen] = useState(asked);
  const [problem, setProblem] = useState('');
  const question = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!open) return;
    question.current?.focus();
    showWhole(question.current);
  }, [open]);
  if (!open) {
    return (
      <button type="button" class="button button-quiet" onClick={() => setOpen(true)}>
        {t.request.cancel}
      </button>
    );
  }
  const cancel = () => api.cancel(request.id).then(ended, (error: unknown) => setProblem(explain(t, error)));
  return (
    <section class="card confirm">
      <h2 ref={question} tabIndex={-1}>
        {t.request.cancelAsk}
      </h2>
      <p>{asked ? t.request.cancelOther : t.request.cancelText}</p>
      {problem && <Alert tone="stop">{problem}</Alert>}
      <div class="actions">
        <button type="button" class="button button-stop" onClick={() => void cancel()}>
          {t.request.cancelYes}
        </button>
        <button type="button" class="button" onClick={() => setOpen(false)}>
          {t.request.cancelNo}
        </button>
      </div>
    </section>
  );
}

function DownloadButton({ request }: { request: ExportRequest }) {
  const { t, f } = useWords();
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState('');
  const start = async () => {
    setProblem('');
    try {
      const { url } = await api.makeLink(request.id);
      location.assign(url); // an attachment: the page stays
      setNote(t.request.started);
    } catch (error) {
      setProblem(explain(t, error));
    }
  };
  return (
    <div class="sticky sticky-top">
      {problem && <Alert tone="stop">{problem}</Alert>}
      <button type="button" class="button button-primary" onClick={() => void start()}>
        <Icon name="download" size={20} />
        {request.size === null ? t.request.download : t.request.downloadSize(f.bytes(request.size))}
      </button>
      <p role="status" class="sticky-note">
        {note}
      </p>
    </div>
  );
}

// One click, where the server allows it; else the form.
function AskAgain({ request }: { request: ExportRequest }) {
  const { t } = useWords();
  const [problem, setProblem] = useState('');
  const form = `/accounts/${request.account_id}/request-download`;
  if (request.reason !== 'erased') {
    return (
      <Link to={form} class="button button-primary">
        {t.request.askAgain}
      </Link>
    );
  }
  const again = async () => {
    try {
      navigate(`/requests/${(await api.askAgain(request.id)).id}`);
    } catch (error) {
      const { reason, id } = error instanceof ApiError ? error : { reason: '', id: '' };
      if (reason === 'confirm_first') navigate(form);
      else if (reason === 'already_waiting') navigate(`/requests/${id}`);
      else setProblem(explain(t, error));
    }
  };
  return (
    <>
      {problem && <Alert tone="stop">{problem}</Alert>}
      <button type="button" class="button button-primary" onClick={() => void again()}>
        {t.request.sameAgain}
      </button>
    </>
  );
}

function RequestView({
  request,
  cancelAsked,
  changed,
}: {
  request: ExportRequest;
  cancelAsked: boolean;
  changed: () => void;
}) {
  const { t } = useWords();
  const title = headline(t, request);
  useTitle(title);
  return (
    <>
      <div role="status">
        <PageTitle>{title}</PageTitle>
      </div>
      <Summary request={request} />
      {cancelAsked && canEnd(request) && <Cancel request={request} asked ended={changed} />}
      <MailNote request={request} />
      {request.state === 'ready' && <DownloadButton request={request} />}
      <Steps request={request} />
      <p class="hint">{t.app.timeZone(Intl.DateTimeFormat().resolvedOptions().timeZone)}</p>
      <Missing request={request} />
      {request.state === 'ready' && <Inside request={request} />}
      {request.state === 'ready' && <ManagerLink request={request} />}
      {!canEnd(request) && <AskAgain request={request} />}
      {!cancelAsked && canEnd(request) && <Cancel request={request} asked={false} ended={changed} />}
    </>
  );
}

export function RequestPage({ id, cancelAsked }: { id: string; cancelAsked: boolean }) {
  const { t } = useWords();
  const loaded = useLoaded(() => api.request(id), [id]);
  const account = loaded.value?.account_id;
  const live = loaded.value !== undefined && canEnd(loaded.value);
  useTitle(t.request.title);
  useEffect(() => (live ? follow(id, loaded.set) : undefined), [id, live, loaded.set]);
  const refresh = () => void api.request(id).then(loaded.set, loaded.reload);
  return (
    <Frame account={account}>
      {account && <BackLink to={`/accounts/${account}/privacy`}>{t.privacy.title}</BackLink>}
      <Show loaded={loaded} title={t.request.title}>
        {(request) => <RequestView request={request} cancelAsked={cancelAsked} changed={refresh} />}
      </Show>
    </Frame>
  );
}
