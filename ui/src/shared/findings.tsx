// What could not be carried over as it should: one entry a code, with what it is, what to do and in which files.
import { useWords } from './i18n';
import { Icon } from './icons';
import type { Messages } from './messages_en';

export interface Issue {
  code: string;
  path?: string;
  message: string;
  count?: number;
  what_to_do?: string;
}

export interface Finding {
  code: string;
  count: number;
  paths: string[];
  // As the archive's reader told it, in English: for codes that have no words here.
  told: string;
  advice: string;
}

// Of these nothing is lost, or nothing is to be done; all others ask for care. A code of a newer Valise does, too.
const harmless = new Set(['coarse_times', 'entry_too_large', 'not_understood', 'perhaps_same', 'unknown_member']);
export const asksForCare = ({ code }: Pick<Finding, 'code'>): boolean => !harmless.has(code);

// One for each code (codes without words: for each message); what asks for care first, then what is there most.
export function findingsOf(issues: readonly Issue[], words: Messages['report']['issues']): Finding[] {
  const found = new Map<string, Finding>();
  for (const { code, path, message, count = 1, what_to_do = '' } of issues) {
    const key = Object.hasOwn(words, code) ? code : `${code} ${message}`;
    const one = found.get(key) ?? { code, count: 0, paths: [], told: message, advice: what_to_do };
    one.count += count;
    if (path && !one.paths.includes(path)) one.paths.push(path);
    found.set(key, one);
  }
  const care = (one: Finding) => Number(asksForCare(one));
  return [...found.values()].sort((a, b) => care(b) - care(a) || b.count - a.count);
}

const shownPaths = 50;

function FindingView({ finding }: { finding: Finding }) {
  const { t, f } = useWords();
  const { code, count, paths, told, advice } = finding;
  const words = (t.report.issues as Partial<Record<string, { what: string; todo: string }>>)[code];
  const care = asksForCare(finding);
  return (
    <li class={care ? 'finding finding-care' : 'finding'}>
      <Icon name={care ? 'care' : 'info'} size={20} />
      <div class="finding-text">
        <p>
          <strong {...(words ? {} : { lang: 'en' })}>{words?.what ?? told}</strong>
          {count > 1 && <span class="finding-count"> × {f.number(count)}</span>}
        </p>
        {(words?.todo ?? advice) && <p {...(words ? {} : { lang: 'en' })}>{words?.todo ?? advice}</p>}
        {paths.length > 0 && (
          <details>
            <summary>{t.report.whichFiles(paths.length)}</summary>
            <ul class="paths mono">
              {paths.slice(0, shownPaths).map((path) => (
                <li key={path} dir="auto">
                  {path}
                </li>
              ))}
            </ul>
            {paths.length > shownPaths && <p class="hint">{t.report.moreFiles(paths.length - shownPaths)}</p>}
          </details>
        )}
      </div>
    </li>
  );
}

export function Findings({ findings }: { findings: readonly Finding[] }) {
  return (
    <ul class="findings">
      {findings.map((finding) => (
        <FindingView key={finding.code + finding.told} finding={finding} />
      ))}
    </ul>
  );
}
