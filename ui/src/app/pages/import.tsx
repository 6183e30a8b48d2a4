// One archive being taken in: how far it is, whose it is, what came of it. It follows live.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Alert, PageTitle } from '../../shared/components';
import { serviceName } from '../../shared/format';
import { useWords } from '../../shared/i18n';
import type { Messages } from '../../shared/messages_en';
import { useLoaded } from '../../shared/use_loaded';
import { api, followImport } from '../api';
import type { ArchiveImport } from '../api';
import { BackLink, Frame, Show, useTitle } from '../layout';
import { Link } from '../router';
import { explain, findAccount, useSession } from '../session';
import { ReportView } from './import_report';
import { isEmpty, needsCare } from './report_facts';

const runs = (one: ArchiveImport) => ['waiting', 'checking', 'importing'].includes(one.state);

function headline(t: Messages, one: ArchiveImport): string {
  if (runs(one)) return t.bring.running;
  if (one.state !== 'done') return t.bring.state[one.state];
  return one.report && (isEmpty(one.report) || needsCare(one.report, t.report.issues)) ? t.report.takenIn : t.bring.allHere;
}

function Running({ one }: { one: ArchiveImport }) {
  const { t, f } = useWords();
  const { phase, done, total } = one.progress;
  const words =
    one.state === 'importing' && phase !== '' ? t.bring.phase[phase] : one.state === 'importing' ? t.bring.opening : t.bring.state[one.state];
  const figures = phase === 'storing' ? t.bring.sent(f.bytes(done), f.bytes(total)) : '';
  const known = total > 0;
  return (
    <section class="card">
      <p id="phase" role="status">
        {words}
      </p>
      <div
        class="progress"
        role="progressbar"
        aria-labelledby="phase"
        {...(known ? { 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.floor((done / total) * 100) } : {})}
      >
        <progress {...(known ? { max: total, value: done } : {})} aria-hidden="true" />
      </div>
      <p class="figures">{figures}</p>
      <p class="hint">{t.bring.leaveText}</p>
    </section>
  );
}

// Whose is it? Nothing has been mixed; the person decides.
function OtherAccount({ one, onChange }: { one: ArchiveImport; onChange: (one: ArchiveImport) => void }) {
  const { t } = useWords();
  const { session } = useSession();
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const found = one.found_username || t.bring.someone;
  const here = one.account_username || t.bring.someone;
  const has = session.accounts.some(
    ({ service, username }) =>
      service === one.found_service && username.toLowerCase() === one.found_username.toLowerCase(),
  );
  const decide = async (as: 'second_account' | 'this_account') => {
    setBusy(true);
    setProblem('');
    try {
      onChange(await api.decide(one.id, as));
    } catch (error) {
      setProblem(explain(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section class="card">
      <Alert tone="care" title={t.bring.belongs(found)}>
        {t.bring.belongsText(here)}
      </Alert>
      <dl class="inside inside-long">
        <div>
          <dt>{t.bring.inArchive}</dt>
          <dd dir="auto">
            @{found} · {serviceName(one.found_service)}
          </dd>
        </div>
        <div>
          <dt>{t.bring.droppedOn}</dt>
          <dd dir="auto">
            @{here} · {serviceName(one.account_service)}
          </dd>
        </div>
      </dl>
      {problem && <Alert tone="stop">{problem}</Alert>}
      <div class="actions">
        <button type="button" class="button button-primary" disabled={busy} onClick={() => void decide('second_account')}>
          {has ? t.bring.intoOther(found) : t.bring.second(found)}
        </button>
        <button type="button" class="button" disabled={busy} onClick={() => void decide('this_account')}>
          {t.bring.same(here)}
        </button>
      </div>
    </section>
  );
}

// "@a.member · Instagram · archive of 20 November 2025"
function Whose({ one }: { one: ArchiveImport }) {
  const { t, f } = useWords();
  const words = [
    one.found_username && `@${one.found_username}`,
    serviceName(one.found_service),
    one.report?.date && t.report.from(f.date(one.report.date)),
  ].filter(Boolean);
  return words.length > 0 ? (
    <p class="lead" dir="auto">
      {words.join(' · ')}
    </p>
  ) : null;
}

function Failed({ one }: { one: ArchiveImport }) {
  const { t } = useWords();
  const code = one.error?.code ?? 'internal';
  const words = (t.bring.failed as Record<string, string>)[code] ?? t.bring.failed.internal;
  return (
    <>
      <Alert tone="stop">{words}</Alert>
      {one.error && (
        <details class="details">
          <summary>{t.bring.details}</summary>
          <p lang="en">{one.error.message}</p>
        </details>
      )}
      <Link to={`/accounts/${one.account_id}/bring`} class="button button-primary">
        {t.bring.another}
      </Link>
    </>
  );
}

function Body({ one, onChange }: { one: ArchiveImport; onChange: (one: ArchiveImport) => void }) {
  const { t } = useWords();
  if (runs(one)) return <Running one={one} />;
  if (one.state === 'other_account') return <OtherAccount one={one} onChange={onChange} />;
  if (one.state === 'failed') return <Failed one={one} />;
  if (one.state === 'cancelled') return <p class="lead">{t.bring.cancelledText}</p>;
  return (
    <>
      <Whose one={one} />
      {one.report && <ReportView report={one.report} />}
      <Link to={`/accounts/${one.account_id}`} class="button button-primary">
        {t.bring.seeProfile}
      </Link>
    </>
  );
}

function CancelButton({ one, onProblem }: { one: ArchiveImport; onProblem: (words: string) => void }) {
  const { t } = useWords();
  if (!runs(one) && one.state !== 'other_account') return null;
  const cancel = () => void api.cancelImport(one.id).catch((error: unknown) => onProblem(explain(t, error)));
  return (
    <button type="button" class="button button-quiet" onClick={cancel}>
      {t.bring.cancel}
    </button>
  );
}

export function ImportPage({ id }: { id: string }) {
  const { t } = useWords();
  const { session, set } = useSession();
  const loaded = useLoaded(() => api.archiveImport(id), [id]);
  const [problem, setProblem] = useState('');
  const told = useRef('');
  const { set: show } = loaded;
  useEffect(() => followImport(id, show), [id, show]);
  const one = loaded.value;
  // The account may have got its name, or be a new one.
  useEffect(() => {
    if (one?.state !== 'done' || told.current === one.id) return;
    told.current = one.id;
    void api.session().then(set, () => undefined);
  }, [one?.state]);
  useTitle(one ? headline(t, one) : t.bring.title);
  const account = one && findAccount(session, one.account_id) ? one.account_id : undefined;
  return (
    <Frame account={account}>
      {account && <BackLink to={`/accounts/${account}/bring`}>{t.bring.title}</BackLink>}
      <Show loaded={loaded} title={t.bring.title} bones={3}>
        {(known) => (
          <>
            <PageTitle key={known.state}>{headline(t, known)}</PageTitle>
            {problem && <Alert tone="stop">{problem}</Alert>}
            <Body one={known} onChange={show} />
            <CancelButton one={known} onProblem={setProblem} />
          </>
        )}
      </Show>
    </Frame>
  );
}
