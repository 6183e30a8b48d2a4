// One post: its pictures, its words, its date, and what others said.
import { PageTitle, Prose, Time } from '../../shared/components';
import { useWords } from '../../shared/i18n';
import { Carousel } from '../../shared/media';
import { Absent, CommentList, Counts } from '../../shared/responses';
import { useLoaded } from '../../shared/use_loaded';
import { api } from '../api';
import { Forget } from '../forget';
import { BackLink, Frame, Show, useTitle } from '../layout';
import { navigate } from '../router';
import { findAccount, useSession } from '../session';
import { shown } from './profile';

export function PostPage({ account, postKey }: { account: string; postKey: string }) {
  const { t, f } = useWords();
  const { session } = useSession();
  const loaded = useLoaded(() => api.post(account, postKey), [account, postKey]);
  const time = loaded.value?.time;
  const title = time ? t.profile.postOf(f.date(time)) : t.post.title;
  const forms: Record<string, string> = { reel: t.post.reel, archived: t.post.archived, deleted: t.post.deleted };
  useTitle(title);
  return (
    <Frame account={account}>
      <BackLink to={`/accounts/${account}`}>{findAccount(session, account)?.username}</BackLink>
      <Show loaded={loaded} title={title}>
        {(post) => (
          <article class="post">
            <PageTitle hidden>{title}</PageTitle>
            <Carousel media={post.media.map((medium) => shown(t, medium))} label={title} />
            {post.text ? <Prose text={post.text} class="prose caption" /> : <p class="muted">{t.post.noText}</p>}
            <p class="post-facts">
              {post.time && <Time value={post.time} />}
              {forms[post.form] && <span class="pill">{forms[post.form]}</span>}
              <Counts likes={post.like_count} comments={post.comment_count} />
              <Absent since={post.absent_since} />
            </p>
            <CommentList
              comments={post.comments}
              self={findAccount(session, account)?.username ?? ''}
              more={post.comments_here - post.comments.length}
            />
            <Forget
              account={account}
              what={{ records: [post.key] }}
              gone={() => navigate(`/accounts/${account}`, 'replace')}
            />
          </article>
        )}
      </Show>
    </Frame>
  );
}
