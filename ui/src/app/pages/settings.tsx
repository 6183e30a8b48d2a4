// Behind the gear: privacy and security, language, the operator's outbox, signing out.
import { useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { Alert, PageTitle } from '../../shared/components';
import { useWords } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import type { IconName } from '../../shared/icons';
import { api } from '../api';
import { BackLink, Frame, MemberLanguage, useTitle } from '../layout';
import { Link, navigate } from '../router';
import { explain, findAccount, useSession } from '../session';

function Row({ to, icon, title, note }: { to: string; icon: IconName; title: string; note: ComponentChildren }) {
  return (
    <li>
      <Link to={to} class="row">
        <Icon name={icon} />
        <span class="row-text">
          <strong>{title}</strong>
          <small>{note}</small>
        </span>
        <Icon name="forward" size={20} />
      </Link>
    </li>
  );
}

export function SettingsPage({ account }: { account: string }) {
  const { t } = useWords();
  const { session, set } = useSession();
  const [problem, setProblem] = useState('');
  useTitle(t.settings.title);
  const signOut = async () => {
    try {
      await api.signOut();
      navigate('/sign-in', 'replace');
      set(await api.session());
    } catch (error) {
      setProblem(explain(t, error));
    }
  };
  return (
    <Frame account={account} gear={false}>
      <BackLink to={`/accounts/${account}`}>{findAccount(session, account)?.username}</BackLink>
      <PageTitle>{t.settings.title}</PageTitle>
      {problem && <Alert tone="stop">{problem}</Alert>}
      <ul class="rows">
        <Row to={`/accounts/${account}/privacy`} icon="lock" title={t.privacy.title} note={t.settings.privacyNote} />
        {session.user?.is_operator && (
          <Row to="/outbox" icon="mail" title={t.settings.outbox} note={t.settings.outboxNote} />
        )}
        <li class="row row-still">
          <Icon name="language" />
          <span class="row-text">
            <strong>{t.app.language}</strong>
          </span>
          <MemberLanguage />
        </li>
      </ul>
      <p class="hint">{t.settings.signedInAs(session.user?.name ?? '')}</p>
      <button type="button" class="button" onClick={() => void signOut()}>
        <Icon name="leave" size={20} />
        {t.settings.signOut}
      </button>
    </Frame>
  );
}
