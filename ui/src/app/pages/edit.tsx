// Edit profile: name, text, website.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { Alert, Field, PageTitle } from '../../shared/components';
import { useWords } from '../../shared/i18n';
import type { Messages } from '../../shared/messages_en';
import { useLoaded } from '../../shared/use_loaded';
import { api, ApiError } from '../api';
import type { Profile } from '../api';
import { BackLink, Frame, Show, useTitle } from '../layout';
import { Link, navigate } from '../router';
import { explain, findAccount, useSession } from '../session';

const limits = { name: 64, bio: 1000, website: 200 } as const;
type FieldName = keyof typeof limits;

function complain(t: Messages, field: FieldName, code: string | undefined): string | undefined {
  if (code === undefined) return undefined;
  if (code === 'too_long') return t.errors.tooLong(limits[field]);
  return field === 'website' ? t.errors.badWebsite : t.errors.invalid;
}

const length = (text: string) => Array.from(text).length;

function EditForm({ profile, account }: { profile: Profile; account: string }) {
  const { t } = useWords();
  const { session, set } = useSession();
  const [values, setValues] = useState({ name: profile.name, bio: profile.bio, website: profile.website });
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const change = (field: FieldName) => (value: string) => setValues((all) => ({ ...all, [field]: value }));

  const save = async (event: JSX.TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const tooLong = (Object.keys(limits) as FieldName[]).filter((field) => length(values[field]) > limits[field]);
    setProblem('');
    setWrong(Object.fromEntries(tooLong.map((field) => [field, 'too_long'])));
    if (tooLong.length > 0) return focusWrong(form);
    setBusy(true);
    try {
      const saved = await api.editProfile(account, values);
      set({
        ...session,
        accounts: session.accounts.map((one) => (one.id === account ? { ...one, name: saved.name } : one)),
      });
      navigate(`/accounts/${account}`);
    } catch (error) {
      const fields = error instanceof ApiError ? error.fields : {};
      setWrong(fields);
      if (Object.keys(fields).length === 0) setProblem(explain(t, error));
      focusWrong(form);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      {problem && <Alert tone="stop">{problem}</Alert>}
      <Field
        label={t.edit.name}
        name="name"
        value={values.name}
        onValue={change('name')}
        autoComplete="name"
        error={complain(t, 'name', wrong['name'])}
      />
      <Field
        label={t.edit.bio}
        name="bio"
        lines={5}
        value={values.bio}
        onValue={change('bio')}
        hint={t.edit.left(Math.max(0, limits.bio - length(values.bio)))}
        error={complain(t, 'bio', wrong['bio'])}
      />
      <Field
        label={t.edit.website}
        name="website"
        type="url"
        value={values.website}
        onValue={change('website')}
        autoComplete="url"
        error={complain(t, 'website', wrong['website'])}
      />
      <p class="hint">{t.edit.note}</p>
      <div class="actions">
        <button type="submit" class="button button-primary" disabled={busy} aria-busy={busy}>
          {t.edit.save}
        </button>
        <Link to={`/accounts/${account}`} class="button">
          {t.edit.cancel}
        </Link>
      </div>
    </form>
  );
}

// Once the complaints are on the page, the first field that has one gets the focus.
export function focusWrong(form: HTMLFormElement): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()),
  );
}

export function EditPage({ account }: { account: string }) {
  const { t } = useWords();
  const { session } = useSession();
  const loaded = useLoaded(() => api.profile(account), [account]);
  useTitle(t.edit.title);
  return (
    <Frame account={account}>
      <BackLink to={`/accounts/${account}`}>{findAccount(session, account)?.username}</BackLink>
      <PageTitle>{t.edit.title}</PageTitle>
      <Show loaded={loaded}>{(profile) => <EditForm profile={profile} account={account} />}</Show>
    </Frame>
  );
}
