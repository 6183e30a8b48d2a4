// Small parts that the app and the viewer share. Texts of members are only ever text nodes.
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { useWords } from './i18n';
import { Icon } from './icons';
import type { IconName } from './icons';

type Tone = 'good' | 'care' | 'stop' | 'info';
const toneIcons: Record<Tone, IconName> = { good: 'check', care: 'care', stop: 'stop', info: 'info' };

// Says what happened. `stop` and `care` interrupt a screen reader, the others wait.
export function Alert({
  tone,
  title,
  children,
}: {
  tone: Tone;
  title?: string | undefined;
  children: ComponentChildren;
}) {
  return (
    <div class={`alert alert-${tone}`} role={tone === 'stop' ? 'alert' : 'status'}>
      <Icon name={toneIcons[tone]} size={20} />
      <div class="alert-text">
        {title && <strong>{title}</strong>}
        <div>{children}</div>
      </div>
    </div>
  );
}

// Nothing to show yet: one drawing, one sentence, at most one action.
export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <span class="empty-drawing">
        <Icon name={icon} size={40} />
      </span>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

// Grey shapes for what takes longer than 200 ms.
export function Skeleton({ rows = 3, grid = false }: { rows?: number; grid?: boolean }) {
  const { t } = useWords();
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 200);
    return () => clearTimeout(timer);
  }, []);
  if (!slow) return null;
  return (
    <div class={grid ? 'skeleton grid' : 'skeleton'} role="status">
      <span class="visually-hidden">{t.app.loading}</span>
      {Array.from({ length: rows }, (_, index) => (
        <span key={index} class="bone" />
      ))}
    </div>
  );
}

export function Avatar({ url, name, size = 'small' }: { url: string | null; name: string; size?: 'small' | 'large' }) {
  const [broken, setBroken] = useState(false);
  useEffect(() => setBroken(false), [url]);
  const letter = Array.from(name.trim())[0]?.toUpperCase() ?? '';
  return (
    <span class={`avatar avatar-${size}`} aria-hidden="true">
      {url !== null && !broken ? <img src={url} alt="" onError={() => setBroken(true)} /> : <span>{letter}</span>}
    </span>
  );
}

interface FieldProps {
  label: string;
  name: string;
  value: string;
  onValue: (value: string) => void;
  type?: 'text' | 'password' | 'email' | 'url' | 'date' | 'search';
  lines?: number;
  hint?: string | undefined;
  error?: string | undefined;
  autoComplete?: string;
  required?: boolean;
  max?: number;
}

// A label, a field, a hint, and what is wrong with it.
export function Field({
  label,
  name,
  value,
  onValue,
  type = 'text',
  lines,
  hint,
  error,
  autoComplete,
  required,
  max,
}: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  const shared = {
    id,
    name,
    value,
    onInput: (event: JSX.TargetedInputEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      onValue(event.currentTarget.value),
    ...(described ? { 'aria-describedby': described } : {}),
    ...(error ? { 'aria-invalid': true } : {}),
    ...(autoComplete ? { autoComplete } : {}),
    ...(required ? { required: true } : {}),
    ...(max ? { maxLength: max } : {}),
  };
  return (
    <div class={error ? 'field field-wrong' : 'field'}>
      <label for={id}>{label}</label>
      {lines ? <textarea rows={lines} {...shared} /> : <input type={type} {...shared} />}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="wrong" id={`${id}-error`}>
          <Icon name="stop" size={16} />
          {error}
        </p>
      )}
    </div>
  );
}

export function LanguageSwitch({ onChoose }: { onChoose?: (language: 'en' | 'fr') => void }) {
  const { t, language, setLanguage } = useWords();
  return (
    <div class="languages" role="group" aria-label={t.app.language}>
      {(['en', 'fr'] as const).map((code) => (
        <button
          type="button"
          key={code}
          lang={code}
          aria-pressed={language === code}
          onClick={() => {
            setLanguage(code);
            onChoose?.(code);
          }}
        >
          {code === 'en' ? t.app.english : t.app.french}
        </button>
      ))}
    </div>
  );
}

// A moment in words; the exact one in UTC on hovering.
export function Time({ value, form = 'moment' }: { value: string; form?: 'moment' | 'date' | 'clock' | 'shortDate' }) {
  const { f } = useWords();
  return (
    <time dateTime={value} title={value.replace('T', ' ').replace('Z', ' UTC')}>
      {f[form](value)}
    </time>
  );
}

// Text with its line breaks; addresses of the web become links when `links` is set.
export function Prose({
  text,
  links = false,
  class: name = 'prose',
}: {
  text: string;
  links?: boolean;
  class?: string;
}) {
  if (!links)
    return (
      <p class={name} dir="auto">
        {text}
      </p>
    );
  return (
    <p class={name} dir="auto">
      {text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/).map((part, index) =>
        index % 2 === 1 ? (
          <a key={index} href={part} rel="noreferrer noopener">
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </p>
  );
}

// Backticks in our own texts mark what is typed.
export function Typed({ text }: { text: string }) {
  return <>{text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>;
}

// The element that takes the focus when a page opens, so that the keyboard and screen readers start there.
export function PageTitle({
  children,
  focus = true,
  hidden = false,
}: {
  children: ComponentChildren;
  focus?: boolean;
  hidden?: boolean;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focus) heading.current?.focus({ preventScroll: true });
  }, [focus]);
  return (
    <h1 ref={heading} tabIndex={-1} class={hidden ? 'visually-hidden' : undefined}>
      {children}
    </h1>
  );
}

// Scrolls as little as is needed to see all of the card that holds this.
export function showWhole(inside: HTMLElement | null): void {
  inside?.closest('.card')?.scrollIntoView({ block: 'nearest' });
}
