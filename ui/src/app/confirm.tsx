// Is it really you? The password, or the service that holds the account says so (docs/formats/hand-off.md).
import { useState } from 'preact/hooks';
import { Field } from '../shared/components';
import { useWords } from '../shared/i18n';
import { Icon } from '../shared/icons';
import { ApiError } from './api';
import type { AccountSummary } from './api';
import { findAccount, useSession } from './session';

export interface Confirm {
  // done: nothing is asked. password: the field is shown. hand_off: the form's button leads to the service.
  readonly way: 'done' | 'password' | 'hand_off';
  readonly account: AccountSummary | undefined;
  readonly password: string;
  readonly wrong: string;
  setPassword(password: string): void;
  // What the call brings along.
  readonly body: { password?: string };
  // Is the field filled in where there is one? Says so beside it if not.
  check(): boolean;
  // Was the call refused because of this? Says what to do now.
  refused(error: unknown): boolean;
}

export function useConfirm(id: string): Confirm {
  const { t } = useWords();
  const { session } = useSession();
  const account = findAccount(session, id);
  const [password, setPassword] = useState('');
  const [wrong, setWrong] = useState('');
  const [late, setLate] = useState(false);
  const way = account?.confirmed_until && !late ? 'done' : (account?.confirm ?? 'password');
  return {
    way,
    account,
    password,
    wrong,
    setPassword,
    body: way === 'password' ? { password } : {},
    check() {
      const empty = way === 'password' && password === '';
      setWrong(empty ? t.errors.required : '');
      return !empty;
    },
    refused(error) {
      const reason = error instanceof ApiError ? error.reason : '';
      if (reason === 'wrong_password') {
        setPassword('');
        setWrong(t.errors.wrongPassword);
      } else if (reason === 'confirm_first') {
        setLate(true);
        setWrong(t.confirm.again);
      } else return false;
      return true;
    },
  };
}

// The account's service, told where to send its member back to.
export function handOffUrl(url: string, next: string): string {
  return `${url}?next=${encodeURIComponent(next)}`;
}

// Leaves for the service; `before` keeps what the form holds.
export function confirmElsewhere(confirm: Confirm, before: () => void): void {
  const url = confirm.account?.hand_off_url;
  if (!url) return;
  before();
  location.assign(handOffUrl(url, location.pathname + location.search));
}

export function ConfirmField({ confirm, before }: { confirm: Confirm; before: () => void }) {
  const { t } = useWords();
  const service = confirm.account?.service_name ?? '';
  if (confirm.way === 'done') {
    return (
      <p class="hint confirmed">
        <Icon name="check" size={16} /> {t.confirm.done(service)}
      </p>
    );
  }
  if (confirm.way === 'hand_off') {
    return (
      <>
        {confirm.wrong && (
          <p class="wrong" role="alert">
            <Icon name="stop" size={16} />
            {confirm.wrong}
          </p>
        )}
        <p class="hint">{t.confirm.lead(service)}</p>
      </>
    );
  }
  return (
    <>
      <Field
        label={t.form.password}
        name="password"
        type="password"
        value={confirm.password}
        onValue={confirm.setPassword}
        autoComplete="current-password"
        error={confirm.wrong}
        required
      />
      {confirm.account?.hand_off_url && (
        <button type="button" class="button button-quiet" onClick={() => confirmElsewhere(confirm, before)}>
          {t.confirm.or(service)}
        </button>
      )}
    </>
  );
}
