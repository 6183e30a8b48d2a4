// Numbers, sizes and dates in words, in the member's language and time zone.

export type Language = 'en' | 'fr';
export const languages: readonly Language[] = ['en', 'fr'];

export interface Format {
  readonly language: Language;
  number(value: number): string;
  // 9.8 GB, 9,8 Go: decimal units, as disks and browsers count.
  bytes(value: number): string;
  // 24 April 2018 · 24 avril 2018
  date(time: string | Date): string;
  // The day of an archive is the one in its name, wherever it is read: 24 April 2018.
  archiveDay(time: string | Date): string;
  // 28 April; with the year when it is not this year.
  shortDate(time: string | Date): string;
  // 24 April 2018, 14:05 · 24 avril 2018 à 14:05
  moment(time: string | Date): string;
  clock(time: string | Date): string;
  month(time: string | Date): string;
  // 1:02, 1:02:03
  duration(seconds: number): string;
  list(words: readonly string[]): string;
  plural(value: number, forms: Plural): string;
}

// `other` and what differs from it. French has `many` for round millions: « 1 000 000 de photos ».
export interface Plural {
  readonly one: string;
  readonly other: string;
  readonly many?: string;
}

// How a service writes its own name; one that is not known here is written as it came.
const serviceNames: Readonly<Record<string, string>> = { instagram: 'Instagram', valise: 'Valise' };
export const serviceName = (service: string): string =>
  Object.hasOwn(serviceNames, service) ? (serviceNames[service] ?? service) : service;

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;

// The time zone is the reader's, unless a test names one.
export function makeFormat(language: Language, timeZone?: string): Format {
  const locale = language === 'fr' ? 'fr-FR' : 'en-GB';
  const zone = timeZone === undefined ? {} : { timeZone };
  const number = new Intl.NumberFormat(locale);
  const rules = new Intl.PluralRules(locale);
  const day = new Intl.DateTimeFormat(locale, { ...zone, day: 'numeric', month: 'long', year: 'numeric' });
  const dayInUtc = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' });
  const dayOnly = new Intl.DateTimeFormat(locale, { ...zone, day: 'numeric', month: 'long' });
  const year = new Intl.DateTimeFormat('en', { ...zone, year: 'numeric' });
  const time = new Intl.DateTimeFormat(locale, { ...zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const month = new Intl.DateTimeFormat(locale, { ...zone, month: 'long', year: 'numeric' });
  const words = new Intl.ListFormat(locale, { type: 'conjunction' });

  // Intl writes « 1 avril »; people write « 1er avril ».
  const first = (text: string) => (language === 'fr' ? text.replace(/^1 /, '1er ') : text);
  const toDate = (value: string | Date) => (typeof value === 'string' ? new Date(value) : value);
  // A time from outside may be no time at all; Intl throws at it.
  const safely = (value: string | Date, write: (date: Date) => string) => {
    const date = toDate(value);
    return Number.isNaN(date.getTime()) ? '' : write(date);
  };

  return {
    language,
    number: (value) => number.format(value),
    bytes(value) {
      let unit = 0;
      let scaled = value;
      while (scaled >= 999.5 && unit < units.length - 1) {
        scaled /= 1000;
        unit += 1;
      }
      const digits = unit > 1 && scaled < 99.95 ? 1 : 0;
      return new Intl.NumberFormat(locale, {
        style: 'unit',
        unit: units[unit] ?? 'byte',
        unitDisplay: unit === 0 ? 'long' : 'short',
        maximumFractionDigits: digits,
      }).format(scaled);
    },
    date: (value) => safely(value, (date) => first(day.format(date))),
    archiveDay: (value) => safely(value, (date) => first(dayInUtc.format(date))),
    shortDate: (value) =>
      safely(value, (date) => first((year.format(date) === year.format(new Date()) ? dayOnly : day).format(date))),
    moment: (value) =>
      safely(value, (date) => first(day.format(date)) + (language === 'fr' ? ' à ' : ', ') + time.format(date)),
    clock: (value) => safely(value, (date) => time.format(date)),
    month: (value) => safely(value, (date) => month.format(date)),
    duration(seconds) {
      const two = (part: number) => String(part).padStart(2, '0');
      const whole = Math.max(0, Math.round(seconds));
      const hours = Math.floor(whole / 3600);
      const minutes = Math.floor(whole / 60) % 60;
      return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
    },
    list: (parts) => words.format(parts),
    plural(value, forms) {
      const rule = rules.select(value);
      const form = rule === 'one' ? forms.one : rule === 'many' ? (forms.many ?? forms.other) : forms.other;
      return `${number.format(value)}\u00a0${form}`;
    },
  };
}
