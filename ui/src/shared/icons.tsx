// One set of icons: 24 px, 1.5 px stroke, the colour of the text around them. They never stand alone: a word or a
// label is beside.
import type { JSX } from 'preact';

const paths = {
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.3 15.3 20 20',
  back: 'M14.5 5.5 8 12l6.5 6.5',
  forward: 'M9.5 5.5 16 12l-6.5 6.5',
  down: 'M6 9.5 12 15.5l6-6',
  download: 'M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 19.5h14',
  check: 'M5 12.5 10 17.5 19 7',
  care: 'M12 4 2.8 19.5h18.4L12 4Zm0 6v4.5m0 2.4v.1',
  stop: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM9 9l6 6m0-6-6 6',
  info: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 11v5m0-8.1V8',
  lock: 'M6 10.5h12v9H6v-9Zm2.5 0V8a3.5 3.5 0 0 1 7 0v2.5',
  mail: 'M3.5 6h17v12h-17V6Zm.5.5 8 6.5 8-6.5',
  language: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM3.5 12h17M12 3.5c5 5 5 12 0 17-5-5-5-12 0-17Z',
  leave: 'M14 5H5v14h9m-4-7h10.5m-3.5-3.5 3.5 3.5-3.5 3.5',
  play: 'M8 5.5v13l10.5-6.5L8 5.5Z',
  stack: 'M8 4h12v12H8V4ZM4 8v12h12',
  photo: 'M4 5h16v14H4V5Zm0 11 4.5-5 4 4 3-3L20 16M15.5 9.2v.1',
  message: 'M4 5h16v11H10l-4 3.5V16H4V5Z',
  comment: 'M12 19a7.5 7 0 1 0-6.4-3.3L4.5 19.5l4-1.2A8 8 0 0 0 12 19Z',
  story: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17Zm0-4a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Z',
  heart: 'M12 19.5C6 15.5 4 12.5 4 9.6A4 4 0 0 1 12 8a4 4 0 0 1 8 1.6c0 2.9-2 5.9-8 9.9Z',
  bookmark: 'M7 4h10v16l-5-4-5 4V4Z',
  people:
    'M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11Zm-6 8.5c0-3.3 2.7-5.5 6-5.5s6 2.2 6 5.5M15.5 5a3.2 3.2 0 0 1 0 6m2 3.2c2.2.7 3.5 2.6 3.5 5.3',
  person: 'M12 11.5a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6ZM4.5 20c0-3.8 3.3-6 7.5-6s7.5 2.2 7.5 6',
  box: 'M4 8.5 12 4l8 4.5v7L12 20l-8-4.5v-7Zm0 0 8 4.5m0 0 8-4.5M12 13v7',
  clock: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7.5V12l3 2',
  pin: 'M12 20.5s6.5-6 6.5-10.5a6.5 6.5 0 0 0-13 0C5.5 14.5 12 20.5 12 20.5Zm0-8a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8Z',
} as const;

export type IconName = keyof typeof paths | 'gear';

// A gear is drawn, not traced: eight teeth around a wheel.
function gearPath(): string {
  const points: string[] = [];
  for (let tooth = 0; tooth < 8; tooth += 1) {
    for (const [offset, radius] of [
      [-0.3, 6.6],
      [-0.19, 8.8],
      [0.19, 8.8],
      [0.3, 6.6],
    ] as const) {
      const angle = (tooth * Math.PI) / 4 + offset;
      points.push(`${(12 + radius * Math.cos(angle)).toFixed(2)} ${(12 + radius * Math.sin(angle)).toFixed(2)}`);
    }
  }
  return `M${points.join('L')}ZM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z`;
}

export function Icon({ name, size = 24 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={name === 'gear' ? gearPath() : paths[name]} />
    </svg>
  );
}

// The mark: a suitcase with its strap.
export function Mark({ size = 28 }: { size?: number }): JSX.Element {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true" focusable="false">
      <path class="mark-handle" d="M11.5 9V6.5A2.5 2.5 0 0 1 14 4h4a2.5 2.5 0 0 1 2.5 2.5V9" stroke-width="2" />
      <rect class="mark-case" x="3" y="9" width="26" height="18" rx="3.5" stroke-width="2" />
      <path class="mark-strap" d="M10 9v18M22 9v18" stroke-width="3" />
      <rect class="mark-buckle" x="8.2" y="15" width="3.6" height="4.6" rx="1" />
      <rect class="mark-buckle" x="20.2" y="15" width="3.6" height="4.6" rx="1" />
    </svg>
  );
}
