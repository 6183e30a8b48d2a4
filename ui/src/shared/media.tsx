// Pictures, videos and sounds: a tile in a grid, one at full size, several side by side.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useWords } from './i18n';
import { Icon } from './icons';

export interface ShownMedium {
  readonly url: string | null;
  readonly type: string;
  readonly alt: string;
  // Why there is nothing to see, in words; undefined when there is.
  readonly absent?: string | undefined;
}

function Absent({ words }: { words: string }) {
  return (
    <span class="absent">
      <Icon name="photo" size={28} />
      <span>{words}</span>
    </span>
  );
}

// What a tile of a grid shows: the first medium, cut to a square. The link around it carries the name.
export function TilePicture({ medium }: { medium: ShownMedium | undefined }): JSX.Element | null {
  const { t } = useWords();
  if (!medium) return null;
  if (medium.url === null) return <Absent words={medium.absent ?? t.profile.missing} />;
  if (medium.type.startsWith('video/')) {
    // The fragment makes browsers paint the first picture instead of black.
    return <video src={`${medium.url}#t=0.1`} preload="metadata" muted playsInline tabIndex={-1} aria-hidden="true" />;
  }
  return <img src={medium.url} alt="" loading="lazy" decoding="async" />;
}

interface TileProps {
  href: string;
  label: string;
  media: readonly ShownMedium[];
  text: string;
  onOpen?: (event: MouseEvent) => void;
}

export function Tile({ href, label, media, text, onOpen }: TileProps) {
  const { t } = useWords();
  const first = media[0];
  const mark =
    media.length > 1 ? t.profile.carousel(media.length) : first?.type.startsWith('video/') ? t.profile.video : '';
  return (
    <a class="tile" href={href} onClick={onOpen} aria-label={[label, mark].filter(Boolean).join(', ')}>
      {first ? (
        <TilePicture medium={first} />
      ) : (
        <span class="tile-text" dir="auto">
          {text}
        </span>
      )}
      {mark && (
        <span class="tile-mark">
          <Icon name={media.length > 1 ? 'stack' : 'play'} size={20} />
        </span>
      )}
    </a>
  );
}

// One medium as large as there is room. A type that the browser cannot show is offered as a file.
export function MediumView({ medium, eager = false }: { medium: ShownMedium; eager?: boolean }): JSX.Element {
  const { t } = useWords();
  const [broken, setBroken] = useState(false);
  useEffect(() => setBroken(false), [medium.url]);
  if (medium.url === null) return <Absent words={medium.absent ?? t.post.missing} />;
  const kind = medium.type.split('/')[0];
  if (broken || !['image', 'video', 'audio'].includes(kind ?? '')) {
    return (
      <span class="absent">
        <Icon name="photo" size={28} />
        <span>{t.post.notShown}</span>
        <a href={medium.url}>{t.post.open}</a>
      </span>
    );
  }
  if (kind === 'video') {
    return (
      <video
        src={medium.url}
        controls
        preload="metadata"
        playsInline
        onError={() => setBroken(true)}
        aria-label={medium.alt || t.profile.video}
      />
    );
  }
  if (kind === 'audio')
    return (
      <audio
        src={medium.url}
        controls
        preload="none"
        onError={() => setBroken(true)}
        aria-label={medium.alt || medium.type}
      />
    );
  return (
    <img
      src={medium.url}
      alt={medium.alt}
      loading={eager ? 'eager' : 'lazy'}
      decoding="async"
      onError={() => setBroken(true)}
    />
  );
}

// Several media in a row that snaps; buttons and arrow keys move it as fingers do.
export function Carousel({ media, label }: { media: readonly ShownMedium[]; label: string }) {
  const { t } = useWords();
  const row = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const only = media.length === 1 ? media[0] : undefined;
  if (media.length === 0) return null;
  if (only)
    return (
      <div class="stage">
        <MediumView medium={only} eager />
      </div>
    );

  const go = (to: number) => {
    const target = Math.min(media.length - 1, Math.max(0, to));
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    row.current?.scrollTo({ left: target * row.current.clientWidth, behavior: still ? 'auto' : 'smooth' });
  };
  const scrolled = () => {
    const element = row.current;
    if (element && element.clientWidth > 0) setAt(Math.round(element.scrollLeft / element.clientWidth));
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
    event.preventDefault();
    go(at + (event.key === 'ArrowRight' ? 1 : -1));
  };
  return (
    <div class="carousel" role="group" aria-label={label}>
      <div
        class="carousel-row"
        ref={row}
        onScroll={scrolled}
        onKeyDown={pressed}
        tabIndex={0}
        role="group"
        aria-label={t.post.of(at + 1, media.length)}
      >
        {media.map((medium, index) => (
          <div class="stage" key={index}>
            <MediumView medium={medium} eager={index === 0} />
          </div>
        ))}
      </div>
      <div class="carousel-bar">
        <button type="button" class="round" onClick={() => go(at - 1)} disabled={at === 0} aria-label={t.post.previous}>
          <Icon name="back" />
        </button>
        <span aria-live="polite">{t.post.of(at + 1, media.length)}</span>
        <button
          type="button"
          class="round"
          onClick={() => go(at + 1)}
          disabled={at === media.length - 1}
          aria-label={t.post.next}
        >
          <Icon name="forward" />
        </button>
      </div>
    </div>
  );
}
