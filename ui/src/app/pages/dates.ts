// The dates of a download, as chosen in the form and as asked of the server.

export interface Dates {
  readonly choice: 'all' | 'year' | 'between';
  // As <input type=date> gives them: 2018-04-24, or empty.
  readonly from: string;
  readonly until: string;
}

// Whole days of the reader's time zone; the last day is included to its last second.
export function span(dates: Dates, now: Date): { from?: string; until?: string } {
  if (dates.choice === 'all') return {};
  if (dates.choice === 'year') {
    const from = new Date(now);
    from.setFullYear(from.getFullYear() - 1);
    from.setHours(0, 0, 0, 0);
    return { from: write(from) };
  }
  const from = read(dates.from, '00:00:00');
  const until = read(dates.until, '23:59:59');
  return { ...(from ? { from: write(from) } : {}), ...(until ? { until: write(until) } : {}) };
}

function read(day: string, time: string): Date | undefined {
  const date = new Date(`${day}T${time}`);
  return day === '' || Number.isNaN(date.getTime()) ? undefined : date;
}

const write = (date: Date) => date.toISOString().replace('.000Z', 'Z');
