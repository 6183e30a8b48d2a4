// What came of an archive: per kind what is new and what was here, what became of the files, what could not be carried.
import { Alert } from '../../shared/components';
import { useWords } from '../../shared/i18n';
import type { ImportReport, ReportIssue } from '../api';

const shownIssues = 20;

function Records({ report }: { report: ImportReport }) {
  const { t, f } = useWords();
  const names = t.kinds as Record<string, string>;
  const rows = Object.entries(report.records);
  if (rows.length === 0) return null;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t.bring.records}>
      <table class="table">
        <caption class="visually-hidden">{t.bring.records}</caption>
        <thead>
          <tr>
            <th scope="col">{t.bring.kind}</th>
            <th scope="col">{t.bring.found}</th>
            <th scope="col">{t.bring.added}</th>
            <th scope="col">{t.bring.merged}</th>
            <th scope="col">{t.bring.already}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([kind, counts]) => (
            <tr key={kind}>
              <th scope="row">{names[kind] ?? (t.bring.otherKinds as Record<string, string>)[kind] ?? kind}</th>
              <td>{f.number(counts.found)}</td>
              <td>{f.number(counts.new)}</td>
              <td>{f.number(counts.merged)}</td>
              <td>{f.number(counts.already)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Issue({ issue }: { issue: ReportIssue }) {
  const { t } = useWords();
  const words = (t.bring.issue as Record<string, string>)[issue.code];
  return (
    <li>
      {issue.path && <strong dir="auto">{issue.path}</strong>}
      {words ? <span>{words}</span> : <span lang="en">{issue.message}</span>}
      {issue.count > 1 && <small>{t.bring.times(issue.count)}</small>}
    </li>
  );
}

export function ReportView({ report }: { report: ImportReport }) {
  const { t, f } = useWords();
  const missing = Object.values(report.records).reduce((sum, { missing_media }) => sum + missing_media, 0);
  const { received, ...fates } = report.files;
  const lines = (Object.keys(t.bring.fate) as (keyof typeof t.bring.fate)[])
    .filter((fate) => (fates[fate] ?? 0) > 0)
    .map((fate) => `${f.number(fates[fate] ?? 0)} ${t.bring.fate[fate]}`);
  return (
    <section class="card">
      {report.already_here && <Alert tone="info">{t.bring.alreadyHere}</Alert>}
      <p>
        {t.bring.media(f.number(report.media.new), f.number(report.media.already), f.bytes(report.media.bytes))}
      </p>
      <Records report={report} />
      <p class="hint">{t.bring.filesSum(t.count.files(received), f.list(lines))}</p>
      {missing > 0 && <Alert tone="care">{t.bring.missing(t.count.files(missing))}</Alert>}
      {report.issues_total === 0 ? (
        <p>{t.bring.noIssues}</p>
      ) : (
        <details>
          <summary>{t.bring.issues(report.issues_total)}</summary>
          <ul class="issues">
            {report.issues.slice(0, shownIssues).map((issue, index) => (
              <Issue key={index} issue={issue} />
            ))}
          </ul>
          {report.issues.length > shownIssues && <p class="hint">{t.bring.moreIssues(report.issues.length - shownIssues)}</p>}
        </details>
      )}
    </section>
  );
}
