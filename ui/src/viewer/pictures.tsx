// Posts and stories: a grid, and one of them at full size.
import { useEffect, useState } from 'preact/hooks';
import { Alert, Empty, PageTitle, Prose, Skeleton, Time } from '../shared/components';
import { useWords } from '../shared/i18n';
import { Icon } from '../shared/icons';
import { Carousel, Tile } from '../shared/media';
import { Absent, CommentList, Counts } from '../shared/responses';
import type { Archive, DocumentRow } from './archive';
import { PagedView, usePaged } from './paged';
import { mediaOf } from './records';
import type { CommentRecord, PostRecord, StoryRecord } from './records';

type Shown = 'post' | 'story';
const places = { post: 'posts', story: 'stories' } as const;
const pageSize = 60;

function useName() {
  const { t, f } = useWords();
  return (record: PostRecord | StoryRecord) => {
    if (record.kind === 'story')
      return record.time ? `${t.viewer.stories} · ${f.moment(record.time)}` : t.viewer.stories;
    return record.time ? t.profile.postOf(f.date(record.time)) : t.profile.untimed;
  };
}

export function PictureGrid({ archive, kind }: { archive: Archive; kind: Shown }) {
  const { t } = useWords();
  const name = useName();
  const documents = archive.of(kind) as (DocumentRow & { kind: Shown })[];
  const paged = usePaged(archive, documents, pageSize, kind, () => true);
  const empty = (
    <Empty icon={kind === 'post' ? 'photo' : 'story'} title={kind === 'post' ? t.viewer.noPosts : t.viewer.noStories} />
  );
  return (
    <>
      <PageTitle hidden focus={false}>
        {kind === 'post' ? t.viewer.posts : t.viewer.stories}
      </PageTitle>
      <PagedView paged={paged} empty={empty} grid>
        {(shown) => (
          <ul class={kind === 'post' ? 'grid' : 'grid grid-tall'}>
            {shown.map((record) => (
              <li key={record.key}>
                <Tile
                  href={`#/${places[kind]}/${record.key}`}
                  text={record.text ?? ''}
                  label={[name(record), record.text?.slice(0, 80)].filter(Boolean).join(': ')}
                  media={mediaOf(record).map((item) => archive.medium(t, item))}
                />
              </li>
            ))}
          </ul>
        )}
      </PagedView>
    </>
  );
}

export function PictureView({ archive, kind, id }: { archive: Archive; kind: Shown; id: string }) {
  const { t } = useWords();
  const name = useName();
  const [record, setRecord] = useState<PostRecord | StoryRecord | 'absent' | 'failed'>();
  const [comments, setComments] = useState<CommentRecord[]>([]);
  useEffect(() => {
    let current = true;
    setRecord(undefined);
    setComments([]);
    archive
      .find(kind, id)
      .then(async (found) => {
        if (found) await archive.learnMedia([found]);
        if (current) setRecord(found ?? 'absent');
        if (!found) return;
        const said = await archive.commentsUnder(found);
        if (current) setComments(said);
      })
      .catch(() => current && setRecord('failed'));
    return () => {
      current = false;
    };
  }, [archive, kind, id]);
  const back = (
    <a class="back" href={`#/${places[kind]}`}>
      <Icon name="back" size={20} />
      {kind === 'post' ? t.viewer.posts : t.viewer.stories}
    </a>
  );
  if (record === undefined)
    return (
      <>
        {back}
        <Skeleton />
      </>
    );
  if (record === 'failed')
    return (
      <>
        {back}
        <Alert tone="stop">{t.viewer.cannotLoad}</Alert>
      </>
    );
  if (record === 'absent')
    return (
      <>
        {back}
        <Empty icon="box" title={t.viewer.notHere} />
      </>
    );
  const title = name(record);
  return (
    <>
      {back}
      <article class="post">
        <PageTitle hidden>{title}</PageTitle>
        <Carousel media={mediaOf(record).map((item) => archive.medium(t, item))} label={title} />
        {record.text ? (
          <Prose text={record.text} class="prose caption" />
        ) : (
          record.kind === 'post' && <p class="muted">{t.post.noText}</p>
        )}
        <p class="post-facts">
          {record.time && <Time value={record.time} />}
          {record.place?.name && (
            <span class="pill" dir="auto">
              <Icon name="pin" size={16} />
              {record.place.name}
            </span>
          )}
          <Counts likes={record.like_count} comments={record.comment_count} />
          <Absent since={record.absent_since} />
        </p>
        <CommentList comments={comments} self={archive.index.account.username} />
      </article>
    </>
  );
}
