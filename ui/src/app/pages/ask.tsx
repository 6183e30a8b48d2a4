// Request download: what, from when to when, where the link goes, and the password again.
import { useEffect, useId, useMemo, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { Alert, Field, PageTitle } from '../../shared/components';
import { useWords } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import { useLoaded } from '../../shared/use_loaded';
import { api, ApiError } from '../api';
import type { ContentKind, Contents, Format, RequestForm } from '../api';
import { confirmElsewhere, ConfirmField, useConfirm } from '../confirm';
import { keep, takeKept } from '../kept';
import { BackLink, Frame, Show, useTitle } from '../layout';
import { Link, navigate } from '../router';
import { explain, useSession } from '../session';
import { focusWrong } from './edit';
import { span } from './dates';
import type { Dates } from './dates';

// What a choice comes to. Files as received cannot be cut: they come only with all the rest, of all time.
export function inEffect(
  chosen: ReadonlySet<ContentKind>,
  present: readonly ContentKind[],
  dates: Dates['choice'],
): ReadonlySet<ContentKind> {
  const whole = dates === 'all' && present.every((kind) => kind === 'originals' || chosen.has(kind));
  return new Set([...chosen].filter((kind) => whole || kind !== 'originals'));
}

function Kinds({
  contents,
  whole,
  note: why,
  chosen,
  choose,
}: {
  contents: Contents;
  whole: boolean;
  note: string;
  chosen: ReadonlySet<ContentKind>;
  choose: (kinds: ReadonlySet<ContentKind>) => void;
}) {
  const { t, f } = useWords();
  const note = useId();
  const present = contents.kinds.filter(({ count }) => count > 0);
  const everything = present.every(({ kind }) => chosen.has(kind));
  const toggle = (kind: ContentKind) => {
    const next = new Set(chosen);
    if (!next.delete(kind)) next.add(kind);
    choose(next);
  };
  return (
    <fieldset class="kinds">
      <legend>{t.form.what}</legend>
      <label class="kind kind-all">
        <input
          type="checkbox"
          checked={everything}
          ref={(box) => {
            if (box) box.indeterminate = !everything && chosen.size > 0;
          }}
          onChange={() => choose(new Set(everything ? [] : present.map(({ kind }) => kind)))}
        />
        <span>{t.form.everything}</span>
      </label>
      {contents.kinds.map(({ kind, count, bytes }) => (
        <label class="kind" key={kind}>
          <input
            type="checkbox"
            name={kind}
            checked={count > 0 && chosen.has(kind) && (whole || kind !== 'originals')}
            disabled={count === 0 || (kind === 'originals' && !whole)}
            aria-describedby={kind === 'originals' && !whole ? note : undefined}
            onChange={() => toggle(kind)}
          />
          <span>{t.kinds[kind]}</span>
          <span class="kind-count">{count > 0 ? f.number(count) : t.form.nothing}</span>
          <span class="kind-size">{count > 0 && f.bytes(bytes)}</span>
        </label>
      ))}
      {!whole && (
        <p class="hint" id={note}>
          {why}
        </p>
      )}
    </fieldset>
  );
}

function DatesChoice({
  dates,
  choose,
  contents,
}: {
  dates: Dates;
  choose: (dates: Dates) => void;
  contents: Contents;
}) {
  const { t, f } = useWords();
  return (
    <div class="field">
      <label for="dates">{t.form.dates}</label>
      <select
        id="dates"
        value={dates.choice}
        onChange={(event) => choose({ ...dates, choice: event.currentTarget.value as Dates['choice'] })}
      >
        <option value="all">{t.form.allTime}</option>
        <option value="year">{t.form.lastYear}</option>
        <option value="between">{t.form.between}</option>
      </select>
      {contents.first && contents.last && dates.choice === 'all' && (
        <p class="hint">
          {f.date(contents.first)} – {f.date(contents.last)}
        </p>
      )}
      {dates.choice === 'between' && (
        <div class="between">
          <Field
            label={t.form.from}
            name="from"
            type="date"
            value={dates.from}
            onValue={(from) => choose({ ...dates, from })}
          />
          <Field
            label={t.form.until}
            name="until"
            type="date"
            value={dates.until}
            onValue={(until) => choose({ ...dates, until })}
          />
        </div>
      )}
    </div>
  );
}

function PurposeChoice({ format, choose }: { format: Format; choose: (format: Format) => void }) {
  const { t } = useWords();
  return (
    <div class="field">
      <label for="purpose">{t.form.purpose}</label>
      <select
        id="purpose"
        value={format}
        aria-describedby="purpose-hint"
        onChange={(event) => choose(event.currentTarget.value as Format)}
      >
        <option value="portable">{t.form.purposes.portable}</option>
        <option value="instagram">{t.form.purposes.instagram}</option>
      </select>
      <p class="hint" id="purpose-hint">
        {t.form.purposeHint[format]}
      </p>
    </div>
  );
}

// What the form held before its member went to their service to confirm.
function keptForm(account: string): { without: string[]; dates: Dates; address: string; format: Format } {
  const { without, dates, address, format } = takeKept(`ask ${account}`);
  return {
    without: Array.isArray(without) ? without.map(String) : [],
    dates: { choice: 'all', from: '', until: '', ...(dates as Partial<Dates> | undefined) },
    address: typeof address === 'string' ? address : '',
    format: format === 'instagram' ? format : 'portable',
  };
}

function AskForm({ account, contents, lastAddress }: { account: string; contents: Contents; lastAddress: string }) {
  const { t, f, language } = useWords();
  const { session } = useSession();
  const present = useMemo(() => contents.kinds.filter(({ count }) => count > 0), [contents]);
  const [kept] = useState(() => keptForm(account));
  const [chosen, setChosen] = useState<ReadonlySet<ContentKind>>(
    () => new Set(present.map(({ kind }) => kind).filter((kind) => !kept.without.includes(kind))),
  );
  const [dates, setDates] = useState<Dates>(kept.dates);
  const [address, setAddress] = useState(kept.address || lastAddress);
  const [format, setFormat] = useState<Format>(kept.format);
  const confirm = useConfirm(account);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<{ address?: string; what?: string }>({});
  const [problem, setProblem] = useState<{ words: string; waiting?: string }>();
  useEffect(() => setAddress((typed) => typed || lastAddress), [lastAddress]);

  // Files as they were received have no place in an archive for other services.
  const kinds = present.map(({ kind }) => kind).filter((kind) => format === 'portable' || kind !== 'originals');
  const effective = new Set([...inEffect(chosen, kinds, dates.choice)].filter((kind) => kinds.includes(kind)));
  const whole = format === 'portable' && inEffect(new Set([...chosen, 'originals']), kinds, dates.choice).has('originals');

  const check = () => {
    const { from, until } = span(dates, new Date());
    return {
      ...(address.trim() === ''
        ? { address: t.errors.required }
        : !address.includes('@')
          ? { address: t.errors.badAddress }
          : {}),
      ...(effective.size === 0
        ? { what: t.form.chooseOne }
        : from && until && from > until
          ? { what: t.form.badDates }
          : {}),
    };
  };
  const refused = (error: unknown) => {
    const reason = error instanceof ApiError ? error.reason : '';
    if (confirm.refused(error)) return;
    if (reason === 'bad_address') setWrong({ address: t.errors.badAddress });
    else if (reason === 'already_waiting') setProblem({ words: t.form.waiting, waiting: (error as ApiError).id });
    else setProblem({ words: explain(t, error) });
  };
  const keepForm = () => {
    const without = kinds.filter((kind) => !chosen.has(kind));
    keep(`ask ${account}`, { without, dates, address, format });
  };
  const submit = async (event: JSX.TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const complaints = check();
    setWrong(complaints);
    setProblem(undefined);
    if (!confirm.check() || Object.keys(complaints).length > 0) return focusWrong(form);
    if (confirm.way === 'hand_off') return confirmElsewhere(confirm, keepForm);
    const body: RequestForm = { ...confirm.body, address: address.trim(), language, ...span(dates, new Date()) };
    if (format !== 'portable') body.format = format;
    if (kinds.some((kind) => !effective.has(kind))) body.kinds = kinds.filter((kind) => effective.has(kind));
    setBusy(true);
    try {
      navigate(`/requests/${(await api.ask(account, body)).id}`);
    } catch (error) {
      refused(error);
      focusWrong(form);
    } finally {
      setBusy(false);
    }
  };
  const size = present.filter(({ kind }) => effective.has(kind)).reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      {contents.as_of && <p class="hint">{t.form.asOf(f.moment(contents.as_of))}</p>}
      <Kinds
        contents={contents}
        whole={whole}
        note={format === 'portable' ? t.form.originalsNote : t.form.originalsStay}
        chosen={chosen}
        choose={setChosen}
      />
      {wrong.what && (
        <p class="wrong" role="alert">
          <Icon name="stop" size={16} />
          {wrong.what}
        </p>
      )}
      <DatesChoice dates={dates} choose={setDates} contents={contents} />
      <PurposeChoice format={format} choose={setFormat} />
      <Field
        label={t.form.address}
        name="address"
        type="email"
        value={address}
        onValue={setAddress}
        autoComplete="email"
        hint={session.server.mail_configured ? t.form.addressHint : t.form.noMail}
        error={wrong.address}
        required
      />
      <ConfirmField confirm={confirm} before={keepForm} />
      {problem && (
        <Alert tone={problem.waiting ? 'care' : 'stop'}>
          {problem.words} {problem.waiting && <Link to={`/requests/${problem.waiting}`}>{t.form.seeWaiting}</Link>}
        </Alert>
      )}
      <div class="sticky">
        {dates.choice === 'all' && chosen.size > 0 && <p class="sticky-note">{t.form.chosen(f.bytes(size))}</p>}
        <button type="submit" class="button button-primary" disabled={busy} aria-busy={busy}>
          {confirm.way === 'hand_off' ? t.confirm.submit(confirm.account?.service_name ?? '') : t.form.submit}
        </button>
      </div>
    </form>
  );
}

export function AskPage({ account }: { account: string }) {
  const { t } = useWords();
  const loaded = useLoaded(() => api.contents(account), [account]);
  const earlier = useLoaded(() => api.requests(account), [account]);
  useTitle(t.form.title);
  return (
    <Frame account={account}>
      <BackLink to={`/accounts/${account}/privacy`}>{t.privacy.title}</BackLink>
      <PageTitle>{t.form.title}</PageTitle>
      <p class="lead">{t.privacy.lead}</p>
      <Show loaded={loaded} bones={8}>
        {(contents) => (
          <AskForm account={account} contents={contents} lastAddress={earlier.value?.[0]?.mail.address ?? ''} />
        )}
      </Show>
    </Frame>
  );
}
