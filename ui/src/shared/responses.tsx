// What others said under a post or story: quiet numbers, and the comments themselves.
import { Prose, Time } from './components';
import { useWords } from './i18n';
import { Icon } from './icons';

export interface Said {
  readonly key: string;
  readonly time?: string | null | undefined;
  // Empty: whoever the account belongs to.
  readonly author?: string | undefined;
  readonly text?: string | undefined;
  readonly like_count?: number | null | undefined;
  readonly absent_since?: string | null | undefined;
}

// Likes and comments as the service counts them; nothing where it did not tell.
export function Counts({ likes, comments }: { likes?: number | null | undefined; comments?: number | null | undefined }) {
  const { t } = useWords();
  return (
    <>
      {typeof likes === 'number' && (
        <span class="count">
          <Icon name="heart" size={16} />
          {t.post.likes(likes)}
        </span>
      )}
      {typeof comments === 'number' && (
        <span class="count">
          <Icon name="comment" size={16} />
          {t.post.commentCount(comments)}
        </span>
      )}
    </>
  );
}

// A newer archive should have it and has not any more.
export function Absent({ since }: { since?: string | null | undefined }) {
  const { t, f } = useWords();
  return since ? <small class="absent">{t.post.absent(f.archiveDay(since))}</small> : null;
}

// Comments in the order they were written. `self` is the user name of the account.
export function CommentList({ comments, self, more = 0 }: { comments: readonly Said[]; self: string; more?: number }) {
  const { t } = useWords();
  if (comments.length === 0) return null;
  return (
    <section class="said" aria-label={t.post.comments}>
      <h2>{t.post.comments}</h2>
      <ol>
        {comments.map((one) => (
          <li key={one.key}>
            <strong dir="auto">{one.author || self}</strong>
            <Prose text={one.text ?? ''} />
            <small>
              {one.time && <Time value={one.time} />}
              {one.like_count ? <> · {t.post.likes(one.like_count)}</> : null}
            </small>
            <Absent since={one.absent_since} />
          </li>
        ))}
      </ol>
      {more > 0 && <p class="muted">{t.post.moreComments(more)}</p>}
    </section>
  );
}
