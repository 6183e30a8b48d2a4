// What came of an archive: per kind what is new and what was here, what is to be known and done, what became of the files.
import { Alert, Empty } from '../../shared/components';
import { Findings } from '../../shared/findings';
import { useWords } from '../../shared/i18n';
import { Icon } from '../../shared/icons';
import type { ImportReport } from '../api';
import { columnsOf, findingsIn, isEmpty, total } from './report_facts';
import type { Column } from './report_facts';

function Records({ report }: { report: ImportReport }) {
  const { t, f } = useWords();
  const names: Record<string, string> = { ...t.kinds, ...t.report.otherKinds };
  const rows = Object.entries(report.records);
  if (rows.length === 0) return null;
  const headings: Record<Column, string> = {
    found: t.report.found,
    new: t.report.added,
    merged: t.report.merged,
    already: t.report.already,
    missing_media: t.report.missing,
  };
  const shown = columnsOf(rows.map(([, counts]) => counts));
  // On a phone each row is a name and a line of figures; the roles keep it a table for those who hear it.
  return (
    <table class="table" role="table">
      <caption class="visually-hidden">{t.report.records}</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">
            {t.report.kind}
          </th>
          {shown.map((name) => (
            <th scope="col" role="columnheader" key={name}>
              {headings[name]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map(([kind, counts]) => (
          <tr key={kind} role="row">
            <th scope="row" role="rowheader">
              {names[kind] ?? kind}
            </th>
            {shown.map((name) => (
              <td key={name} role="cell" class={name !== 'found' && !counts[name] ? 'none' : undefined}>
                <span class="cell-name" aria-hidden="true">
                  {headings[name]}{' '}
                </span>
                {f.number(counts[name] ?? 0)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

// Files that no part of Valise reads yet, by what they are about.
function Kept({ kept }: { kept: NonNullable<ImportReport['kept']> }) {
  const { t, f } = useWords();
  const names = t.report.category as Partial<Record<string, string>>;
  if (kept.length === 0) return null;
  return (
    <>
      <h2>{t.report.keptTitle}</h2>
      <p class="hint">{t.report.keptText}</p>
      <dl class="inside inside-long">
        {kept.map(({ category, files, bytes }) => (
          <div key={category}>
            <dt>{names[category] ?? category}</dt>
            <dd>{t.report.keptFiles(t.count.files(files), f.bytes(bytes))}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

// What happened over the years, when the report tells it.
function Changes({ report }: { report: ImportReport }) {
  const { t } = useWords();
  const filled = report.media.filled_in ?? 0;
  const absent = total(report, 'absent');
  return (
    <>
      {filled > 0 && <Alert tone="good">{t.report.filledIn(filled)}</Alert>}
      {absent > 0 && (
        <Alert tone="info" title={t.report.absent(absent)}>
          {t.report.absentText}
        </Alert>
      )}
    </>
  );
}

function Known({ report }: { report: ImportReport }) {
  const { t } = useWords();
  const findings = findingsIn(report, t.report.issues);
  if (findings.length === 0) {
    return (
      <p class="whole">
        <Icon name="check" size={20} />
        {t.report.noIssues}
      </p>
    );
  }
  const unlisted = report.issues_total - report.issues.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <h2>{t.report.issuesTitle}</h2>
      <Findings findings={findings} />
      {unlisted > 0 && <p class="hint">{t.report.moreIssues(unlisted)}</p>}
    </>
  );
}

export function ReportView({ report }: { report: ImportReport }) {
  const { t, f } = useWords();
  const { received, ...fates } = report.files;
  const lines = (Object.keys(t.report.fate) as (keyof typeof t.report.fate)[])
    .filter((fate) => (fates[fate] ?? 0) > 0)
    .map((fate) => `${f.number(fates[fate] ?? 0)} ${t.report.fate[fate]}`);
  const media = report.media.new + report.media.already;
  if (isEmpty(report)) {
    return (
      <>
        <Empty icon="box" title={t.report.nothing}>
          <p>{t.report.nothingText}</p>
        </Empty>
        <Kept kept={report.kept ?? []} />
      </>
    );
  }
  return (
    <section class="card report">
      {report.already_here && <Alert tone="info">{t.report.alreadyHere}</Alert>}
      <Changes report={report} />
      {media > 0 && (
        <p>
          {t.report.media(media, f.number(report.media.new), f.number(report.media.already), f.bytes(report.media.bytes))}
        </p>
      )}
      <Records report={report} />
      <Known report={report} />
      <Kept kept={report.kept ?? []} />
      {received > 0 && <p class="hint">{t.report.filesSum(f.number(received), f.list(lines))}</p>}
    </section>
  );
}
