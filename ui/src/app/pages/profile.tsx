// The profile: picture, name, bio, counts, and the posts, newest first.
import { useState } from 'preact/hooks';
import { Alert, Avatar, Empty, PageTitle, Prose } from '../../shared/components';
import { useWords } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import { Tile } from '../../shared/media';
import type { ShownMedium } from '../../shared/media';
import type { Messages } from '../../shared/messages_en';
import { useLoaded } from '../../shared/use_loaded';
import { api } from '../api';
import type { Post, PostMedium, Profile } from '../api';
import { Frame, Show, useTitle } from '../layout';
import { isPlainClick, Link, navigate } from '../router';
import { explain, findAccount, useSession } from '../session';

export function shown(t: Messages, medium: PostMedium): ShownMedium {
  const url = medium.missing ? null : medium.url;
  return { url, type: medium.type, alt: medium.alt, absent: url === null ? t.profile.missing : undefined };
}

function Website({ address }: { address: string }) {
  const words = address.replace(/^https?:\/\//, '').replace(/\/$/, '');
  if (!/^https?:\/\//.test(address)) return <p class="profile-site">{words}</p>;
  return (
    <p class="profile-site">
      <a href={address} rel="noreferrer noopener nofollow">
        {words}
      </a>
    </p>
  );
}

function Header({ profile, account }: { profile: Profile; account: string }) {
  const { t } = useWords();
  const name = profile.name || profile.username;
  const counts = (['posts', 'stories', 'conversations', 'followers', 'following'] as const)
    .filter((kind) => (profile.counts[kind] ?? 0) > 0)
    .map((kind) => t.count[kind](profile.counts[kind] ?? 0));
  return (
    <header class="profile">
      <Avatar url={profile.picture_url} name={name} size="large" />
      <div class="profile-who">
        <PageTitle>
          <span dir="auto">{profile.username || t.profile.unnamed}</span>
        </PageTitle>
        {profile.is_private && (
          <span class="pill">
            <Icon name="lock" size={16} />
            {t.profile.isPrivate}
          </span>
        )}
      </div>
      <div class="profile-actions">
        <Link to={`/accounts/${account}/edit`} class="button">
          {t.profile.edit}
        </Link>
        <Link to={`/accounts/${account}/settings`} class="round" label={t.settings.title}>
          <Icon name="gear" />
        </Link>
      </div>
      <div class="profile-about">
        <p class="profile-name" dir="auto">
          {profile.name}
        </p>
        {profile.bio && <Prose text={profile.bio} />}
        {profile.website && <Website address={profile.website} />}
        {counts.length > 0 && (
          <ul class="counts">
            {counts.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        )}
      </div>
    </header>
  );
}

function PostGrid({ posts, account }: { posts: readonly Post[]; account: string }) {
  const { t, f } = useWords();
  return (
    <ul class="grid">
      {posts.map((post) => {
        const to = `/accounts/${account}/posts/${post.key}`;
        const when = post.time ? t.profile.postOf(f.date(post.time)) : t.profile.untimed;
        const words = Array.from(post.text.replace(/\s+/g, ' ').trim()).slice(0, 80).join('');
        return (
          <li key={post.key}>
            <Tile
              href={to}
              label={words ? `${when}: ${words}` : when}
              text={post.text}
              media={post.media.map((medium) => shown(t, medium))}
              onOpen={(event) => {
                if (!isPlainClick(event)) return;
                event.preventDefault();
                navigate(to);
              }}
            />
          </li>
        );
      })}
    </ul>
  );
}

function PostList({ account, isEmpty }: { account: string; isEmpty: boolean }) {
  const { t } = useWords();
  const loaded = useLoaded(() => api.posts(account), [account]);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const more = async (next: string) => {
    setBusy(true);
    setProblem('');
    try {
      const page = await api.posts(account, next);
      loaded.set({ posts: [...(loaded.value?.posts ?? []), ...page.posts], next: page.next });
    } catch (error) {
      setProblem(explain(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section aria-label={t.profile.postsTitle}>
      <Show loaded={loaded} bones={12} grid>
        {({ posts, next }) =>
          posts.length === 0 ? (
            <Empty icon={isEmpty ? 'box' : 'photo'} title={isEmpty ? t.profile.noAccountTitle : t.profile.noPosts}>
              <p>{isEmpty ? t.profile.noAccount : t.profile.noPostsText}</p>
              <Link to={`/accounts/${account}/bring`} class={isEmpty ? 'button button-primary' : 'button'}>
                {t.bring.title}
              </Link>
            </Empty>
          ) : (
            <>
              <PostGrid posts={posts} account={account} />
              {problem && <Alert tone="stop">{problem}</Alert>}
              {next !== null && (
                <button
                  type="button"
                  class="button more"
                  disabled={busy}
                  aria-busy={busy}
                  onClick={() => void more(next)}
                >
                  {t.app.more}
                </button>
              )}
            </>
          )
        }
      </Show>
    </section>
  );
}

export function ProfilePage({ account }: { account: string }) {
  const { session } = useSession();
  const loaded = useLoaded(() => api.profile(account), [account]);
  useTitle(findAccount(session, account)?.username ?? '');
  return (
    <Frame account={account} gear={false} wide>
      <Show loaded={loaded} title={findAccount(session, account)?.username ?? ''} bones={3}>
        {(profile) => <Header profile={profile} account={account} />}
      </Show>
      {loaded.error === undefined && <PostList account={account} isEmpty={loaded.value?.as_of === null} />}
    </Frame>
  );
}

export function NoAccountPage() {
  const { t } = useWords();
  const { session } = useSession();
  useTitle(t.app.name);
  return (
    <Frame>
      <PageTitle hidden>{t.profile.noAccountTitle}</PageTitle>
      <Empty icon="box" title={t.profile.noAccountTitle}>
        <p>{t.profile.noAccount}</p>
        <Link to="/bring" class="button button-primary">
          {t.bring.title}
        </Link>
        {session.user?.is_operator && (
          <Link to="/outbox" class="button">
            {t.settings.outbox}
          </Link>
        )}
      </Empty>
    </Frame>
  );
}
