// The frame of every page: the top bar, the column, and what a page shows while it loads or when it cannot.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Alert, Avatar, Empty, LanguageSwitch, PageTitle, Skeleton } from '../shared/components';
import { serviceName } from '../shared/format';
import { useWords } from '../shared/i18n';
import { Icon, Mark } from '../shared/icons';
import type { Loaded } from '../shared/use_loaded';
import { api, ApiError } from './api';
import { Link } from './router';
import { explain, findAccount, useSession } from './session';

function AccountSwitcher({ current }: { current: string }) {
  const { t } = useWords();
  const { session } = useSession();
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event) => {
      const outside = !(event.target instanceof Node) || !menu.current?.contains(event.target);
      const escaped = event instanceof KeyboardEvent && event.key === 'Escape';
      if (menu.current?.open && (escaped || (event.type === 'click' && outside))) menu.current.open = false;
    };
    document.addEventListener('click', close);
    document.addEventListener('keydown', close);
    return () => {
      document.removeEventListener('click', close);
      document.removeEventListener('keydown', close);
    };
  }, []);
  const account = findAccount(session, current);
  if (session.accounts.length < 2 || !account) return null;
  return (
    <details class="switcher" ref={menu}>
      <summary aria-label={t.app.accounts}>
        <Avatar url={account.picture_url} name={account.name || account.username} />
        <span class="switcher-name" dir="auto">
          {account.username || t.profile.unnamed}
        </span>
        <Icon name="down" size={16} />
      </summary>
      <ul class="menu">
        {session.accounts.map((one) => (
          <li key={one.id}>
            <Link to={`/accounts/${one.id}`} current={one.id === current}>
              <Avatar url={one.picture_url} name={one.name || one.username} />
              <span>
                <strong dir="auto">{one.username || t.profile.unnamed}</strong>
                <small>{one.service_name ?? serviceName(one.service)}</small>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </details>
  );
}

// `account` is the one whose pages these are; search and gear belong to it.
export function Frame({
  account,
  wide = false,
  gear = true,
  children,
}: {
  account?: string | undefined;
  wide?: boolean;
  gear?: boolean;
  children: ComponentChildren;
}) {
  const { t } = useWords();
  const { session } = useSession();
  return (
    <>
      <a class="skip" href="#main">
        {t.app.skip}
      </a>
      <header class="bar">
        <div class="bar-inner">
          <Link to="/" class="brand" label={`${t.app.name}, ${t.app.home}`}>
            <Mark />
            <span>{t.app.name}</span>
          </Link>
          {account && <AccountSwitcher current={account} />}
          <nav class="bar-actions" aria-label={t.app.name}>
            {account && (
              <Link to={`/accounts/${account}/search`} class="round" label={t.app.search}>
                <Icon name="search" />
              </Link>
            )}
            {account && gear && (
              <Link to={`/accounts/${account}/settings`} class="round" label={t.app.settings}>
                <Icon name="gear" />
              </Link>
            )}
            {!session.user && <LanguageSwitch />}
          </nav>
        </div>
      </header>
      <main id="main" tabIndex={-1} class={wide ? 'page page-wide' : 'page'}>
        {children}
      </main>
    </>
  );
}

export function BackLink({ to, children }: { to: string; children: ComponentChildren }) {
  return (
    <Link to={to} class="back">
      <Icon name="back" size={20} />
      {children}
    </Link>
  );
}

// What is shown of something that is being loaded: bones, the reason why not, or the thing. `title` is the page's for those
// who hear it, until the thing brings its own.
export function Show<T>({
  loaded,
  title = '',
  bones = 4,
  grid = false,
  children,
}: {
  loaded: Loaded<T>;
  title?: string;
  bones?: number;
  grid?: boolean;
  children: (value: T) => ComponentChildren;
}) {
  const { t } = useWords();
  if (loaded.value !== undefined) return <>{children(loaded.value)}</>;
  if (loaded.error === undefined) {
    return (
      <>
        {title && <h1 class="visually-hidden">{title}</h1>}
        <Skeleton rows={bones} grid={grid} />
      </>
    );
  }
  if (loaded.error instanceof ApiError && loaded.error.status === 404) return <NothingHere />;
  return (
    <div class="failed">
      <PageTitle>{t.errors.title}</PageTitle>
      <Alert tone="stop">{explain(t, loaded.error)}</Alert>
      <button type="button" class="button" onClick={loaded.reload}>
        {t.app.tryAgain}
      </button>
    </div>
  );
}

export function NothingHere() {
  const { t } = useWords();
  return (
    <>
      <PageTitle hidden>{t.app.notFoundTitle}</PageTitle>
      <Empty icon="box" title={t.app.notFoundTitle}>
        <p>{t.app.notFound}</p>
        <Link to="/" class="button">
          {t.app.toProfile}
        </Link>
      </Empty>
    </>
  );
}

// The member's language goes along with the session, so that mails speak it too.
export function MemberLanguage() {
  return <LanguageSwitch onChoose={(language) => void api.setLanguage(language).catch(() => undefined)} />;
}

export function useTitle(title: string): void {
  const { t } = useWords();
  useEffect(() => {
    document.title = title === t.app.name ? title : `${title} · ${t.app.name}`;
  }, [title, t]);
}
