// Lists of plain things: comments, likes, saved posts, connections, activity.
import { useState } from 'preact/hooks';
import { Empty, PageTitle, Prose, Time } from '../shared/components';
import { useWords } from '../shared/i18n';
import { Icon } from '../shared/icons';
import type { IconName } from '../shared/icons';
import { Absent } from '../shared/responses';
import type { Archive, DocumentRow } from './archive';
import { PagedView, usePaged } from './paged';
import type { ActivityRecord, CommentRecord, ConnectionRecord, LikeRecord, SavedRecord } from './records';

const pageSize = 100;

function WebLink({ href }: { href: string | undefined }) {
  const { t } = useWords();
  return href !== undefined && /^https?:\/\//.test(href) ? (
    <a href={href} rel="noreferrer noopener">
      {t.viewer.openLink}
    </a>
  ) : null;
}

export function Comments({ archive }: { archive: Archive }) {
  const { t } = useWords();
  const paged = usePaged(
    archive,
    archive.of('comment') as (DocumentRow & { kind: 'comment' })[],
    pageSize,
    'comment',
    () => true,
  );
  return (
    <>
      <PageTitle hidden focus={false}>
        {t.viewer.comments}
      </PageTitle>
      <PagedView paged={paged} empty={<Empty icon="comment" title={t.viewer.noComments} />}>
        {(shown: CommentRecord[]) => (
          <ul class="rows">
            {shown.map((comment) => (
              <li key={comment.key} class="row">
                <Icon name="comment" />
                <span class="row-text">
                  {comment.text && <Prose text={comment.text} />}
                  <small>
                    {comment.author
                      ? t.viewer.commentBy(comment.author)
                      : comment.owner
                        ? t.viewer.commentOn(comment.owner)
                        : t.viewer.commentHere}
                    {comment.time && (
                      <>
                        {' '}
                        · <Time value={comment.time} />
                      </>
                    )}{' '}
                    <WebLink href={comment.link} />
                  </small>
                  <Absent since={comment.absent_since} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </PagedView>
    </>
  );
}

type Plain = LikeRecord | SavedRecord | ConnectionRecord | ActivityRecord;
type ListName = 'likes' | 'saved' | 'followers' | 'following' | 'otherConnections' | 'activity';
const lists: Record<ListName, { kind: Plain['kind']; icon: IconName; keep: (record: Plain) => boolean }> = {
  likes: { kind: 'like', icon: 'heart', keep: () => true },
  saved: { kind: 'saved', icon: 'bookmark', keep: () => true },
  followers: {
    kind: 'connection',
    icon: 'person',
    keep: (one) => one.kind === 'connection' && one.relation === 'follower',
  },
  following: {
    kind: 'connection',
    icon: 'person',
    keep: (one) => one.kind === 'connection' && one.relation === 'following',
  },
  otherConnections: {
    kind: 'connection',
    icon: 'person',
    keep: (one) => one.kind === 'connection' && one.relation !== 'follower' && one.relation !== 'following',
  },
  activity: { kind: 'activity', icon: 'clock', keep: () => true },
};

function aboutOf(record: Plain): string {
  if (record.kind === 'activity') return '';
  if (record.kind === 'connection') return `@${record.username ?? ''}`;
  return record.owner ? `@${record.owner}` : '';
}

function moreOf(record: Plain): string | undefined {
  if (record.kind === 'saved') return record.collection;
  if (record.kind === 'connection') return record.relation?.replace(/_/g, ' ');
  return record.kind === 'activity' ? record.list?.replace(/_/g, ' ') : undefined;
}

function Details({ record }: { record: ActivityRecord }) {
  const details = (record.details ?? []).filter(({ value }) => value && value !== record.text);
  if (details.length === 0) return null;
  return <small dir="auto">{details.map(({ name, value }) => (name ? `${name}: ${value}` : value)).join(' · ')}</small>;
}

function PlainRow({ record, icon }: { record: Plain; icon: IconName }) {
  const { t, f } = useWords();
  const about = aboutOf(record);
  const more = moreOf(record);
  const known = record.kind === 'connection' && ['follower', 'following'].includes(record.relation ?? '');
  return (
    <li class="row">
      <Icon name={icon} />
      <span class="row-text">
        {about && <strong dir="auto">{about}</strong>}
        {record.kind !== 'connection' && record.text && <Prose text={record.text} />}
        {record.kind === 'activity' && <Details record={record} />}
        <small>
          {[known ? '' : more, record.time && f.date(record.time)].filter(Boolean).join(' · ')}{' '}
          <WebLink href={record.link} />
        </small>
        <Absent since={record.absent_since} />
        {!about && !more && !record.time && !record.link && <small>{t.viewer.unknownSender}</small>}
      </span>
    </li>
  );
}

function PlainList({ archive, name }: { archive: Archive; name: ListName }) {
  const { t } = useWords();
  const { kind, icon, keep } = lists[name];
  const paged = usePaged(archive, archive.of(kind) as (DocumentRow & { kind: Plain['kind'] })[], pageSize, name, keep);
  return (
    <PagedView paged={paged} empty={<p class="muted">{t.form.nothing}</p>}>
      {(shown: Plain[]) => (
        <ul class="rows">
          {shown.map((record) => (
            <PlainRow key={record.key} record={record} icon={icon} />
          ))}
        </ul>
      )}
    </PagedView>
  );
}

export function Lists({ archive }: { archive: Archive }) {
  const { t } = useWords();
  const present = (Object.keys(lists) as ListName[]).filter((name) => archive.of(lists[name].kind).length > 0);
  const [chosen, choose] = useState<ListName | undefined>(present[0]);
  if (!chosen) return <Empty icon="heart" title={t.viewer.noLists} />;
  return (
    <>
      <PageTitle hidden focus={false}>
        {t.viewer.lists}
      </PageTitle>
      <div class="chips" role="group" aria-label={t.viewer.lists}>
        {present.map((name) => (
          <button type="button" key={name} class="chip" aria-pressed={name === chosen} onClick={() => choose(name)}>
            {t.viewer[name]}
          </button>
        ))}
      </div>
      <PlainList archive={archive} name={chosen} />
    </>
  );
}
