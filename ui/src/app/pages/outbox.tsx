// The operator's outbox: mails as they were written, with links that can be followed.
import { Alert, Empty, PageTitle, Prose, Time, Typed } from '../../shared/components';
import { useWords } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import { useLoaded } from '../../shared/use_loaded';
import { api } from '../api';
import type { Mail } from '../api';
import { BackLink, Frame, Show, useTitle } from '../layout';
import { Link } from '../router';
import { useSession } from '../session';

function MailRow({ mail }: { mail: Mail }) {
  const { t } = useWords();
  return (
    <li>
      <Link to={`/outbox/${mail.id}`} class="row">
        <Icon name={mail.state === 'failed' ? 'care' : 'mail'} />
        <span class="row-text">
          <strong dir="auto">{mail.subject}</strong>
          <small>
            {[mail.to, t.outbox.state[mail.state]].join(' · ')} · <Time value={mail.created_at} />
          </small>
        </span>
        <Icon name="forward" size={20} />
      </Link>
    </li>
  );
}

function MailList() {
  const { t } = useWords();
  const loaded = useLoaded(api.outbox, []);
  return (
    <>
      <p class="lead">{t.outbox.lead}</p>
      <Show loaded={loaded}>
        {({ configured, mails }) => (
          <>
            {!configured && (
              <Alert tone="info">
                <Typed text={t.outbox.notConfigured} />
              </Alert>
            )}
            {mails.length === 0 ? (
              <Empty icon="mail" title={t.outbox.none} />
            ) : (
              <ul class="rows">
                {mails.map((mail) => (
                  <MailRow key={mail.id} mail={mail} />
                ))}
              </ul>
            )}
          </>
        )}
      </Show>
    </>
  );
}

function MailView({ id }: { id: string }) {
  const { t, f } = useWords();
  const loaded = useLoaded(() => api.mail(id), [id]);
  return (
    <Show loaded={loaded}>
      {(mail) => (
        <article class="card">
          <dl class="inside inside-long">
            <div>
              <dt>{t.outbox.to}</dt>
              <dd>{mail.to}</dd>
            </div>
            <div>
              <dt>{t.outbox.subject}</dt>
              <dd dir="auto">{mail.subject}</dd>
            </div>
            <div>
              <dt>{t.outbox.created}</dt>
              <dd>
                <Time value={mail.created_at} />
              </dd>
            </div>
            <div>
              <dt>{t.outbox.sent}</dt>
              <dd>
                {mail.sent_at
                  ? f.moment(mail.sent_at)
                  : `${t.outbox.state[mail.state]} · ${t.outbox.attempts(mail.attempts)}`}
              </dd>
            </div>
            {mail.last_error && (
              <div>
                <dt>{t.outbox.lastError}</dt>
                <dd>{mail.last_error}</dd>
              </div>
            )}
          </dl>
          <Prose text={mail.text} links />
        </article>
      )}
    </Show>
  );
}

export function OutboxPage({ mail }: { mail: string }) {
  const { t } = useWords();
  const { session } = useSession();
  const account = session.accounts[0]?.id;
  useTitle(t.outbox.title);
  return (
    <Frame account={account}>
      {mail ? (
        <BackLink to="/outbox">{t.outbox.title}</BackLink>
      ) : (
        account && <BackLink to={`/accounts/${account}/settings`}>{t.settings.title}</BackLink>
      )}
      <PageTitle>{t.outbox.title}</PageTitle>
      {mail ? <MailView id={mail} /> : <MailList />}
    </Frame>
  );
}
