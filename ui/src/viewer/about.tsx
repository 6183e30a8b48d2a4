// What is inside this download, what is missing and why, and where everything lies.
import { useEffect, useState } from 'preact/hooks';
import { Alert, PageTitle, Typed } from '../shared/components';
import { Findings, findingsOf } from '../shared/findings';
import { useWords } from '../shared/i18n';
import { Icon } from '../shared/icons';
import type { Archive, Report } from './archive';
import type { ProfileRecord } from './records';

const counted = [
  'posts',
  'stories',
  'comments',
  'conversations',
  'messages',
  'connections',
  'likes',
  'saved',
  'activity',
  'photos',
  'videos',
] as const;

function Missing({ report }: { report: Report }) {
  const { t, f } = useWords();
  const missing = report.missing;
  if (!missing || missing.count === 0)
    return (
      <p class="whole">
        <Icon name="check" size={20} />
        {t.viewer.everything}
      </p>
    );
  const known: Record<string, (n: number) => string> = t.request.reasons;
  return (
    <section>
      <h2>{t.viewer.missingTitle}</h2>
      <p>{t.request.missing(missing.count)}</p>
      <ul class="bullets">
        {(missing.reasons ?? []).map(({ reason, count }) => (
          <li key={reason}>{(known[reason] ?? t.request.reasons.other)(count)}</li>
        ))}
      </ul>
      {missing.files && missing.files.length > 0 && (
        <details class="details">
          <summary>{t.viewer.whichFiles}</summary>
          <ul class="bullets mono">
            {missing.files.slice(0, 1000).map(({ path, time, reason }, at) => (
              <li key={at}>
                {path}
                <span class="muted">
                  {time && ` · ${f.date(time)}`}
                  {reason === 'damaged' && ` · ${t.viewer.fates['broken']}`}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Issues({ report }: { report: Report }) {
  const { t } = useWords();
  // What is missing is told above.
  const issues = (report.issues ?? []).filter(({ code }) => code !== 'missing_media');
  if (issues.length === 0) return null;
  return (
    <section>
      <h2>{t.report.issuesTitle}</h2>
      <Findings findings={findingsOf(issues, t.report.issues)} />
    </section>
  );
}

function Facts({ rows }: { rows: [string, string | undefined][] }) {
  const present = rows.filter((row): row is [string, string] => Boolean(row[1]));
  if (present.length === 0) return null;
  return (
    <dl class="inside">
      {present.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function About({ archive, profile }: { archive: Archive; profile: ProfileRecord | undefined }) {
  const { t, f, language } = useWords();
  const [report, setReport] = useState<Report | 'failed'>();
  useEffect(() => void archive.report().then(setReport, () => setReport('failed')), [archive]);
  const { index } = archive;
  const { from, until } = index.selection ?? {};
  const dates = [from && t.request.since(f.date(from)), until && t.request.until(f.date(until))]
    .filter(Boolean)
    .join(' ');
  const folders: [string, string][] = [
    ['data/media/', t.viewer.folders.media],
    ['data/records/', t.viewer.folders.records],
    ['data/originals/', t.viewer.folders.originals],
    [`about-your-data.html#${language}`, t.viewer.folders.about],
    ['data/report.json', t.viewer.folders.report],
    ['manifest-sha256.txt', t.viewer.folders.manifest],
  ];
  return (
    <>
      <PageTitle focus={false}>{t.viewer.about}</PageTitle>
      {dates && (
        <Alert tone="info">
          {t.viewer.selected} {dates}
        </Alert>
      )}
      <Facts
        rows={[
          ...counted.map((kind): [string, string | undefined] => [
            t.kinds[kind],
            index.counts[kind] ? f.number(index.counts[kind] ?? 0) : undefined,
          ]),
          [t.request.size, index.counts['media_bytes'] ? f.bytes(index.counts['media_bytes']) : undefined],
        ]}
      />
      {profile && (
        <Facts
          rows={[
            [t.viewer.email, profile.email],
            [t.viewer.phone, profile.phone],
            [t.viewer.gender, profile.gender],
            [t.viewer.birthday, profile.birthday && f.date(profile.birthday)],
            [t.viewer.joinedOn, profile.joined && f.date(profile.joined)],
          ]}
        />
      )}
      {report === 'failed' && <Alert tone="stop">{t.viewer.cannotLoad}</Alert>}
      {report && report !== 'failed' && (
        <>
          <Missing report={report} />
          <Issues report={report} />
          {report.files && (
            <section>
              <h2>{t.viewer.filesTitle}</h2>
              <Facts
                rows={Object.entries(t.viewer.fates).map(([fate, words]) => [
                  words,
                  report.files?.[fate] ? f.number(report.files[fate] ?? 0) : undefined,
                ])}
              />
            </section>
          )}
        </>
      )}
      <section>
        <h2>{t.viewer.folderTitle}</h2>
        <ul class="folder">
          {folders.map(([path, words]) => (
            <li key={path}>
              <a class="mono" href={path}>
                {path.replace(/#.*/, '')}
              </a>{' '}
              <span>
                <Typed text={words} />
              </span>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
