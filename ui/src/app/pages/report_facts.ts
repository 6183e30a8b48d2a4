// What a report tells in figures, for its page. Reports of older and newer servers lack members, or have more.
import { asksForCare, findingsOf } from '../../shared/findings';
import type { Finding } from '../../shared/findings';
import type { Messages } from '../../shared/messages_en';
import type { ImportReport, KindCounts } from '../api';

// A figure of the whole report, or the sum of those of its kinds.
export function total(report: ImportReport, name: 'missing_media' | 'absent' | 'perhaps_same'): number {
  const whole = (report as unknown as Record<string, unknown>)[name];
  if (typeof whole === 'number') return whole;
  return Object.values(report.records).reduce((sum, counts) => sum + (counts[name] ?? 0), 0);
}

// The columns of the table: what is 0 for every kind needs none.
export const columns = ['found', 'new', 'merged', 'already', 'missing_media'] as const;
export type Column = (typeof columns)[number];
export function columnsOf(rows: readonly KindCounts[]): Column[] {
  return columns.filter((name) => name === 'found' || name === 'new' || rows.some((counts) => (counts[name] ?? 0) > 0));
}

// What is to be known, counted beside the issues or not: a report may count what is missing without listing it.
export function findingsIn(report: ImportReport, words: Messages['report']['issues']): Finding[] {
  const counted = (['missing_media', 'perhaps_same'] as const)
    .filter((code) => !report.issues.some((issue) => issue.code === code) && total(report, code) > 0)
    .map((code) => ({ code, message: '', count: total(report, code) }));
  return findingsOf([...counted, ...report.issues], words);
}

export const needsCare = (report: ImportReport, words: Messages['report']['issues']): boolean =>
  findingsIn(report, words).some(asksForCare);

// Nothing in it is shown anywhere; files of it may be kept.
export const isEmpty = ({ media, records, already_here }: ImportReport): boolean =>
  !already_here && media.new + media.already === 0 && Object.keys(records).length === 0;
