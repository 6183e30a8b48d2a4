// The offline viewer: START-HERE.html, opened from disk, shows what lies beside it.
import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Alert, Avatar, LanguageSwitch, PageTitle, Prose, Skeleton, Time } from '../shared/components';
import { serviceName } from '../shared/format';
import { useWords, WordsProvider } from '../shared/i18n';
import { Mark } from '../shared/icons';
import { About } from './about';
import { Archive, scriptLoader } from './archive';
import type { DocumentRow, Loader } from './archive';
import { ConversationList } from './conversations';
import { Comments, Lists } from './lists';
import { PictureGrid, PictureView } from './pictures';
import type { ProfileRecord } from './records';
import { Thread } from './thread';

const knownVersion = 1;
const tabs = ['posts', 'stories', 'conversations', 'comments', 'lists', 'about'] as const;
type Tab = (typeof tabs)[number];

function useHash(): { tab: Tab; id: string } {
  const read = () => {
    const [, tab = '', id = ''] = location.hash.split('/');
    return { tab: tabs.find((one) => one === tab) ?? 'posts', id };
  };
  const [here, setHere] = useState(read);
  useEffect(() => {
    const update = () => {
      setHere(read());
      window.scrollTo(0, 0);
    };
    window.addEventListener('hashchange', update);
    return () => window.removeEventListener('hashchange', update);
  }, []);
  return here;
}

function useProfile(archive: Archive): ProfileRecord | undefined {
  const [profile, setProfile] = useState<ProfileRecord>();
  useEffect(() => {
    const row = archive.of('profile')[0] as (DocumentRow & { kind: 'profile' }) | undefined;
    if (!row) return;
    void archive
      .read(row)
      .then(async ([record]) => {
        if (record) setProfile(record);
        const picture = record?.pictures?.[0];
        if (record && picture) {
          await archive.learnMedia([{ ...record, pictures: [picture] }]);
          setProfile({ ...record });
        }
      })
      .catch(() => undefined);
  }, [archive]);
  return profile;
}

function Header({ archive, profile }: { archive: Archive; profile: ProfileRecord | undefined }) {
  const { t, f } = useWords();
  const { account, counts, as_of, part } = archive.index;
  const picture = profile?.pictures?.[0];
  const words = (['posts', 'stories', 'conversations', 'messages'] as const)
    .filter((kind) => (counts[kind] ?? 0) > 0)
    .map((kind) => t.count[kind](counts[kind] ?? 0));
  return (
    <header class="profile">
      <Avatar
        url={picture ? archive.medium(t, picture).url : null}
        name={profile?.name ?? account.username}
        size="large"
      />
      <div class="profile-who">
        <p class="profile-title" dir="auto">
          {account.username}
        </p>
      </div>
      <div class="profile-about">
        {profile?.name && (
          <p class="profile-name" dir="auto">
            {profile.name}
          </p>
        )}
        {profile?.bio && <Prose text={profile.bio} />}
        <ul class="counts">
          {words.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
        <p class="hint">
          <Time value={as_of} form="date" /> · {serviceName(account.service)}
          {part && ` · ${t.viewer.part(part.number, part.of)}`}
        </p>
      </div>
      <span class="visually-hidden">{t.viewer.asOf(f.moment(as_of))}</span>
    </header>
  );
}

function Tabs({ tab }: { tab: Tab }) {
  const { t } = useWords();
  const row = useRef<HTMLElement>(null);
  useEffect(() => {
    const current = row.current?.querySelector<HTMLElement>('[aria-current]');
    if (row.current && current)
      row.current.scrollLeft = current.offsetLeft - (row.current.clientWidth - current.offsetWidth) / 2;
  }, [tab]);
  return (
    <nav class="tabs" ref={row} aria-label={t.viewer.sections}>
      {tabs.map((one) => (
        <a key={one} href={`#/${one}`} aria-current={one === tab ? 'page' : undefined}>
          {t.viewer[one]}
        </a>
      ))}
    </nav>
  );
}

function Pages({ archive }: { archive: Archive }) {
  const { t } = useWords();
  const { tab, id } = useHash();
  const profile = useProfile(archive);
  const { username } = archive.index.account;
  useEffect(() => {
    document.title = t.viewer.title(t.viewer.download(username));
  }, [t, username]);
  return (
    <main class="page page-wide">
      {!id && <Header archive={archive} profile={profile} />}
      <Tabs tab={tab} />
      {tab === 'posts' &&
        (id ? <PictureView archive={archive} kind="post" id={id} /> : <PictureGrid archive={archive} kind="post" />)}
      {tab === 'stories' &&
        (id ? <PictureView archive={archive} kind="story" id={id} /> : <PictureGrid archive={archive} kind="story" />)}
      {tab === 'conversations' &&
        (id ? (
          <Thread key={id} archive={archive} id={id} ownName={profile?.name ?? ''} />
        ) : (
          <ConversationList archive={archive} />
        ))}
      {tab === 'comments' && <Comments archive={archive} />}
      {tab === 'lists' && <Lists archive={archive} />}
      {tab === 'about' && <About archive={archive} profile={profile} />}
    </main>
  );
}

function Viewer({ loader }: { loader: Loader }) {
  const { t } = useWords();
  const [archive, setArchive] = useState<Archive | 'failed'>();
  useEffect(() => void Archive.open(loader).then(setArchive, () => setArchive('failed')), [loader]);
  const problem =
    archive === 'failed'
      ? t.viewer.cannotLoad
      : archive && archive.index.version !== knownVersion
        ? t.viewer.unknownVersion
        : '';
  return (
    <>
      <header class="viewer-bar">
        <span class="brand">
          <Mark />
          <span>{t.app.name}</span>
        </span>
        <LanguageSwitch />
      </header>
      {problem && (
        <main class="page">
          <PageTitle>{t.errors.title}</PageTitle>
          <Alert tone="stop">{problem}</Alert>
        </main>
      )}
      {!archive && (
        <main class="page">
          <Skeleton />
        </main>
      )}
      {!problem && archive && archive !== 'failed' && <Pages archive={archive} />}
    </>
  );
}

const root = document.getElementById('viewer');
if (root) {
  document.getElementById('static')?.remove();
  render(
    <WordsProvider>
      <Viewer loader={scriptLoader(document, window as { valise?: (name: string, value: unknown) => void })} />
    </WordsProvider>,
    root,
  );
}
