// Search in everything the account holds, newest first.
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { Alert, Empty, PageTitle, Time } from '../../shared/components';
import { highlight } from '../../shared/highlight';
import { useWords } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import type { IconName } from '../../shared/icons';
import { Absent } from '../../shared/responses';
import { useLoaded } from '../../shared/use_loaded';
import { api } from '../api';
import type { Hit, Hits } from '../api';
import { Forget } from '../forget';
import { BackLink, Frame, Show, useTitle } from '../layout';
import { Link, navigate } from '../router';
import { explain, findAccount, useSession } from '../session';

// Kinds of records, and what they are called on the pages.
const kinds = {
  post: ['posts', 'photo'],
  story: ['stories', 'story'],
  message: ['messages', 'message'],
  comment: ['comments', 'comment'],
  conversation: ['conversations', 'people'],
  like: ['likes', 'heart'],
  saved: ['saved', 'bookmark'],
  activity: ['activity', 'clock'],
  connection: ['connections', 'people'],
  profile: ['profile', 'person'],
} as const satisfies Record<string, readonly [string, IconName]>;
const filters = ['post', 'story', 'message', 'comment', 'saved', 'connection', 'activity'] as const;

function HitRow({ hit, q, account, gone }: { hit: Hit; q: string; account: string; gone: () => void }) {
  const { t } = useWords();
  const [words, icon] = kinds[hit.kind as keyof typeof kinds] ?? (['posts', 'info'] as const);
  const inner = (
    <>
      <Icon name={icon} />
      <span class="row-text">
        <span class="hit-text" dir="auto">
          {highlight(hit.text, q).map(({ text, hit: found }, index) =>
            found ? <mark key={index}>{text}</mark> : text,
          )}
        </span>
        <small>
          {t.kinds[words]} · {hit.time ? <Time value={hit.time} /> : t.search.untimed}
        </small>
        <Absent since={hit.record.absent_since} />
      </span>
    </>
  );
  const key = hit.record.key ?? hit.id;
  return (
    <li class="hit">
      {hit.kind === 'post' ? (
        <Link to={`/accounts/${account}/posts/${key}`} class="row">
          {inner}
        </Link>
      ) : (
        <div class="row">{inner}</div>
      )}
      {hit.record.key && hit.kind !== 'profile' && (
        <Forget
          account={account}
          what={hit.kind === 'conversation' ? { conversations: [hit.record.key] } : { records: [hit.record.key] }}
          label={t.forget.label(hit.text.slice(0, 60))}
          gone={gone}
        />
      )}
    </li>
  );
}

function Results({ account, q, kind }: { account: string; q: string; kind: string }) {
  const { t } = useWords();
  const loaded = useLoaded<Hits>(() => api.search(account, q, kind), [account, q, kind]);
  // What is not found yet may be a moment later.
  const indexing = loaded.value?.indexing === true && loaded.value.hits.length === 0;
  useEffect(() => {
    if (!indexing) return undefined;
    const timer = setInterval(() => void api.search(account, q, kind).then(loaded.set, () => undefined), 1500);
    return () => clearInterval(timer);
  }, [indexing, account, q, kind]);
  const [problem, setProblem] = useState('');
  const more = async (known: Hits) => {
    try {
      const page = await api.search(account, q, kind, known.next);
      loaded.set({ ...page, hits: [...known.hits, ...page.hits] });
    } catch (error) {
      setProblem(explain(t, error));
    }
  };
  return (
    <Show loaded={loaded}>
      {(found) => (
        <>
          {found.indexing && <Alert tone="info">{t.search.indexing}</Alert>}
          {found.hits.length === 0 && !found.indexing && <Empty icon="search" title={t.search.none(q)} />}
          <ul class="rows">
            {found.hits.map((hit) => (
              <HitRow
                key={hit.id}
                hit={hit}
                q={q}
                account={account}
                gone={() => loaded.set({ ...found, hits: found.hits.filter(({ id }) => id !== hit.id) })}
              />
            ))}
          </ul>
          {problem && <Alert tone="stop">{problem}</Alert>}
          {found.next !== null && (
            <button type="button" class="button more" onClick={() => void more(found)}>
              {t.app.more}
            </button>
          )}
        </>
      )}
    </Show>
  );
}

export function SearchPage({ account, q, kind }: { account: string; q: string; kind: string }) {
  const { t } = useWords();
  const { session } = useSession();
  const [typed, setTyped] = useState(q);
  const [chosen, setChosen] = useState(kind);
  // Another search by the address (back, forward) is shown in the form; an effect would come late and wipe what is typed.
  const [shown, setShown] = useState({ q, kind });
  if (shown.q !== q || shown.kind !== kind) {
    setShown({ q, kind });
    setTyped(q);
    setChosen(kind);
  }
  useTitle(q ? `${q} · ${t.search.title}` : t.search.title);
  const go = (words: string, of: string) =>
    navigate(
      `/accounts/${account}/search?${new URLSearchParams({ q: words.trim(), ...(of ? { kind: of } : {}) }).toString()}`,
    );
  const submit = (event: JSX.TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (typed.trim()) go(typed, chosen);
  };
  return (
    <Frame account={account}>
      <BackLink to={`/accounts/${account}`}>{findAccount(session, account)?.username}</BackLink>
      <PageTitle>{t.search.title}</PageTitle>
      <form role="search" class="search" onSubmit={submit}>
        <label for="q">{t.search.field}</label>
        <div class="search-line">
          <input id="q" type="search" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
          <select
            aria-label={t.search.kind}
            value={chosen}
            onChange={(event) => {
              setChosen(event.currentTarget.value);
              if (q) go(q, event.currentTarget.value);
            }}
          >
            <option value="">{t.search.all}</option>
            {filters.map((one) => (
              <option key={one} value={one}>
                {t.kinds[kinds[one][0]]}
              </option>
            ))}
          </select>
          <button type="submit" class="button button-primary">
            {t.search.submit}
          </button>
        </div>
      </form>
      {q ? <Results account={account} q={q} kind={kind} /> : <p class="muted">{t.search.start}</p>}
    </Frame>
  );
}
