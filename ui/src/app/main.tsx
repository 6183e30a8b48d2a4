// The web app: asks who is signed in, then shows the page that the address names.
import { render } from 'preact';
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Alert, PageTitle, Skeleton } from '../shared/components';
import { useWords, WordsProvider } from '../shared/i18n';
import { Mark } from '../shared/icons';
import { api, listenSignedOut } from './api';
import type { Session } from './api';
import { Frame, NothingHere, useTitle } from './layout';
import { navigate, parseRoute, useLocation } from './router';
import type { Route } from './router';
import { explain, findAccount, SessionContext } from './session';
import { AskPage } from './pages/ask';
import { BringFirstPage, BringPage } from './pages/bring';
import { EditPage } from './pages/edit';
import { HandOffPage } from './pages/hand_off';
import { ImportPage } from './pages/import';
import { OutboxPage } from './pages/outbox';
import { PostPage } from './pages/post';
import { PrivacyPage } from './pages/privacy';
import { NoAccountPage, ProfilePage } from './pages/profile';
import { RequestPage } from './pages/request';
import { SearchPage } from './pages/search';
import { SettingsPage } from './pages/settings';
import { SignInPage } from './pages/sign_in';

function Page({ route, session }: { route: Route; session: Session }): JSX.Element | null {
  if ('account' in route && !findAccount(session, route.account)) return <Unknown />;
  switch (route.page) {
    case 'profile':
      return <ProfilePage key={route.account} account={route.account} />;
    case 'edit':
      return <EditPage account={route.account} />;
    case 'settings':
      return <SettingsPage account={route.account} />;
    case 'privacy':
      return <PrivacyPage account={route.account} />;
    case 'ask':
      return <AskPage account={route.account} />;
    case 'bring':
      return <BringPage key={route.account} account={route.account} />;
    case 'bring-first':
      return <BringFirstPage />;
    case 'import':
      return <ImportPage key={route.id} id={route.id} />;
    case 'post':
      return <PostPage key={route.key} account={route.account} postKey={route.key} />;
    case 'search':
      return <SearchPage account={route.account} q={route.q} kind={route.kind} />;
    case 'request':
      return <RequestPage key={route.id} id={route.id} cancelAsked={route.cancel} />;
    case 'outbox':
      return session.user?.is_operator ? <OutboxPage mail={route.mail} /> : <Unknown />;
    case 'home':
      return session.accounts.length === 0 ? <NoAccountPage /> : null;
    case 'hand-off':
      return <HandOffPage />;
    case 'sign-in':
      return null;
    case 'unknown':
      return <Unknown />;
  }
}

function Unknown() {
  const { t } = useWords();
  useTitle(t.app.notFoundTitle);
  return (
    <Frame>
      <NothingHere />
    </Frame>
  );
}

function App() {
  const { t } = useWords();
  const here = useLocation();
  const [session, setSession] = useState<Session>();
  const [failure, setFailure] = useState<unknown>();
  const route = useMemo(() => parseRoute(...split(here)), [here]);

  const load = () => {
    setFailure(undefined);
    api.session().then(setSession, setFailure);
  };
  useEffect(load, []);
  // A session that ended elsewhere: what was asked for goes on after signing in again.
  useEffect(() => listenSignedOut(() => setSession((known) => known && { ...known, user: null, accounts: [] })), []);
  const user = session?.user;
  const first = session?.accounts[0];
  useEffect(() => {
    if (!session) return;
    if (!user && route.page !== 'sign-in' && route.page !== 'hand-off') {
      navigate(route.page === 'home' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(here)}`, 'replace');
    }
    if (user && route.page === 'sign-in') navigate(route.next, 'replace');
    if (user && route.page === 'home' && first) navigate(`/accounts/${first.id}`, 'replace');
  }, [session, user, first, route, here]);

  if (failure !== undefined) {
    return (
      <main class="page alone">
        <Mark size={56} />
        <PageTitle>{t.errors.title}</PageTitle>
        <Alert tone="stop">{explain(t, failure)}</Alert>
        <button type="button" class="button" onClick={load}>
          {t.app.tryAgain}
        </button>
      </main>
    );
  }
  if (!session)
    return (
      <main class="page">
        <Skeleton />
      </main>
    );
  return (
    <SessionContext.Provider value={{ session, set: setSession }}>
      {user || route.page === 'hand-off' ? (
        <Page route={route} session={session} />
      ) : (
        route.page === 'sign-in' && <SignInPage next={route.next} />
      )}
    </SessionContext.Provider>
  );
}

function split(here: string): [string, string] {
  const mark = here.indexOf('?');
  return mark < 0 ? [here, ''] : [here.slice(0, mark), here.slice(mark)];
}

const root = document.getElementById('app');
if (root)
  render(
    <WordsProvider>
      <App />
    </WordsProvider>,
    root,
  );
