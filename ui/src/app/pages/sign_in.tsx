// Signing in. What was asked for is opened right after.
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { Alert, Field, PageTitle } from '../../shared/components';
import { useWords } from '../../shared/i18n';
import { Mark } from '../../shared/icons';
import { api, ApiError } from '../api';
import { handOffUrl } from '../confirm';
import { Frame, useTitle } from '../layout';
import { explain, useSession } from '../session';

export function SignInPage({ next }: { next: string }) {
  const { t } = useWords();
  const { session, set } = useSession();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  useTitle(t.signIn.title);

  const submit = async (event: JSX.TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      set(await api.signIn(name.trim(), password));
    } catch (error) {
      setProblem(error instanceof ApiError && error.status === 401 ? t.signIn.wrong : explain(t, error));
      setPassword('');
    } finally {
      setBusy(false);
    }
  };
  return (
    <Frame>
      <div class="alone">
        <Mark size={72} />
        <PageTitle focus={false}>{t.signIn.title}</PageTitle>
        <p class="lead">{next === '/' ? t.signIn.lead : t.signIn.toContinue}</p>
        <form class="card" onSubmit={(event) => void submit(event)}>
          {problem && <Alert tone="stop">{problem}</Alert>}
          <Field label={t.signIn.name} name="name" value={name} onValue={setName} autoComplete="username" required />
          <Field
            label={t.signIn.password}
            name="password"
            type="password"
            value={password}
            onValue={setPassword}
            autoComplete="current-password"
            required
          />
          <button type="submit" class="button button-primary" disabled={busy} aria-busy={busy}>
            {t.signIn.submit}
          </button>
        </form>
        {session.services.map((service) => (
          <a key={service.name} class="button" href={handOffUrl(service.hand_off_url, next)}>
            {t.signIn.through(service.name)}
          </a>
        ))}
      </div>
    </Frame>
  );
}
