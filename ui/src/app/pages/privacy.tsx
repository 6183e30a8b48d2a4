// Privacy and security: ask for a download, and the downloads asked for so far.
import { PageTitle, Time } from '../../shared/components';
import { useWords } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import type { IconName } from '../../shared/icons';
import { useLoaded } from '../../shared/use_loaded';
import { api } from '../api';
import type { ExportRequest, RequestState } from '../api';
import { BackLink, Frame, Show, useTitle } from '../layout';
import { Link } from '../router';

const stateIcons: Record<RequestState, IconName> = {
  asked: 'clock',
  snapshot: 'clock',
  planned: 'clock',
  ready: 'check',
  expired: 'info',
  cancelled: 'info',
  failed: 'stop',
};

function Download({ request }: { request: ExportRequest }) {
  const { t, f } = useWords();
  const kinds = request.selection.kinds;
  const what = kinds === null ? t.privacy.all : f.list(kinds.map((kind) => t.kinds[kind]));
  return (
    <li>
      <Link to={`/requests/${request.id}`} class="row">
        <span class={`state state-${request.state}`}>
          <Icon name={stateIcons[request.state]} size={20} />
        </span>
        <span class="row-text">
          <strong>
            <Time value={request.asked_at} />
          </strong>
          <small>
            {[t.request.state[request.state], what, request.size !== null && f.bytes(request.size)]
              .filter(Boolean)
              .join(' · ')}
          </small>
        </span>
        <Icon name="forward" size={20} />
      </Link>
    </li>
  );
}

export function PrivacyPage({ account }: { account: string }) {
  const { t } = useWords();
  const loaded = useLoaded(() => api.requests(account), [account]);
  useTitle(t.privacy.title);
  return (
    <Frame account={account}>
      <BackLink to={`/accounts/${account}/settings`}>{t.settings.title}</BackLink>
      <PageTitle>{t.privacy.title}</PageTitle>
      <section class="card ask">
        <span class="ask-drawing">
          <Icon name="download" size={32} />
        </span>
        <p>{t.privacy.lead}</p>
        <Link to={`/accounts/${account}/request-download`} class="button button-primary">
          {t.privacy.request}
        </Link>
      </section>
      <section class="card ask">
        <h2>{t.bring.title}</h2>
        <p>{t.bring.lead}</p>
        <Link to={`/accounts/${account}/bring`} class="button">
          {t.bring.title}
        </Link>
      </section>
      <h2>{t.privacy.downloads}</h2>
      <Show loaded={loaded} bones={2}>
        {(requests) =>
          requests.length === 0 ? (
            <p class="muted">{t.privacy.none}</p>
          ) : (
            <ul class="rows">
              {requests.map((request) => (
                <Download key={request.id} request={request} />
              ))}
            </ul>
          )
        }
      </Show>
    </Frame>
  );
}
