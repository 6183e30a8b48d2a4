// Who is signed in, for every page.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { AccountSummary, Session } from './api';
import { ApiError } from './api';
import type { Messages } from '../shared/messages_en';

export interface SessionHandle {
  readonly session: Session;
  set(session: Session): void;
}

export const SessionContext = createContext<SessionHandle | null>(null);

export function useSession(): SessionHandle {
  const handle = useContext(SessionContext);
  if (!handle) throw new Error('no session around this component');
  return handle;
}

export function findAccount(session: Session, id: string): AccountSummary | undefined {
  return session.accounts.find((account) => account.id === id);
}

// What went wrong, what is safe and what to do, for any failed call.
export function explain(t: Messages, error: unknown): string {
  if (!(error instanceof ApiError)) return t.errors.internal;
  if (error.status === 0) return t.errors.unreachable;
  if (error.reason === 'wrong_password') return t.errors.wrongPassword;
  if (error.reason === 'bad_address') return t.errors.badAddress;
  if (error.reason === 'too_many_ready') return t.errors.tooManyReady;
  if (error.reason === 'link_ended') return t.request.endedText;
  switch (error.status) {
    case 400:
      return t.errors.invalid;
    case 403:
      return t.errors.forbidden;
    case 404:
      return t.errors.notFound;
    case 409:
      return t.errors.conflict;
    case 429:
      return t.errors.limited(Math.max(1, Math.ceil(error.retryAfter)));
    case 503:
      return t.errors.unavailable;
    default:
      return t.errors.internal;
  }
}
