// Addresses of the app, and moving between them without loading the page again.
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

export type Route =
  | { page: 'home' | 'hand-off' | 'bring-first' }
  | { page: 'sign-in'; next: string }
  | { page: 'profile' | 'edit' | 'settings' | 'privacy' | 'ask' | 'bring'; account: string }
  | { page: 'post'; account: string; key: string }
  | { page: 'search'; account: string; q: string; kind: string }
  | { page: 'request'; id: string; cancel: boolean }
  | { page: 'import'; id: string }
  | { page: 'outbox'; mail: string }
  | { page: 'unknown' };

const accountPages = {
  '': 'profile',
  edit: 'edit',
  settings: 'settings',
  privacy: 'privacy',
  'request-download': 'ask',
  bring: 'bring',
} as const;

export function parseRoute(path: string, query: string): Route {
  const parameters = new URLSearchParams(query);
  let parts: string[];
  try {
    parts = path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch {
    return { page: 'unknown' };
  }
  const [first, second, third = '', fourth] = parts;
  if (first === undefined) return { page: 'home' };
  if (first === 'sign-in' && parts.length === 1) return { page: 'sign-in', next: safeNext(parameters.get('next')) };
  if (first === 'hand-off' && parts.length === 1) return { page: 'hand-off' };
  if (first === 'bring' && parts.length === 1) return { page: 'bring-first' };
  if (first === 'imports' && second !== undefined && parts.length === 2) return { page: 'import', id: second };
  if (first === 'outbox' && parts.length <= 2) return { page: 'outbox', mail: second ?? '' };
  if (first === 'requests' && second !== undefined && parts.length === 2) {
    return { page: 'request', id: second, cancel: parameters.get('cancel') === '1' };
  }
  if (first !== 'accounts' || second === undefined) return { page: 'unknown' };
  if (third === 'posts' && fourth !== undefined && parts.length === 4)
    return { page: 'post', account: second, key: fourth };
  if (parts.length > 3) return { page: 'unknown' };
  if (third === 'search') {
    return { page: 'search', account: second, q: parameters.get('q') ?? '', kind: parameters.get('kind') ?? '' };
  }
  const page = Object.prototype.hasOwnProperty.call(accountPages, third)
    ? accountPages[third as keyof typeof accountPages]
    : undefined;
  return page ? { page, account: second } : { page: 'unknown' };
}

// Only paths of this site: "//elsewhere" and "/\elsewhere" are other sites to a browser.
export function safeNext(next: string | null): string {
  return next !== null && /^\/(?![/\\])/.test(next) && !next.startsWith('/sign-in') ? next : '/';
}

const moved = 'valise:moved';

export function navigate(to: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') history.pushState(null, '', to);
  else history.replaceState(null, '', to);
  if (how === 'push') window.scrollTo(0, 0);
  window.dispatchEvent(new Event(moved));
}

// Path and query, and changes of them.
export function useLocation(): string {
  const [here, setHere] = useState(location.pathname + location.search);
  useEffect(() => {
    const update = () => setHere(location.pathname + location.search);
    window.addEventListener('popstate', update);
    window.addEventListener(moved, update);
    return () => {
      window.removeEventListener('popstate', update);
      window.removeEventListener(moved, update);
    };
  }, []);
  return here;
}

// Not one that asks for a new tab or window.
export function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

type LinkProps = { to: string; class?: string; label?: string; current?: boolean; children: ComponentChildren };

export function Link({ to, label, current, children, ...rest }: LinkProps): JSX.Element {
  const follow = (event: MouseEvent) => {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a
      href={to}
      onClick={follow}
      {...(label ? { 'aria-label': label } : {})}
      {...(current ? { 'aria-current': 'page' } : {})}
      {...rest}
    >
      {children}
    </a>
  );
}
