// The language of the page: chosen by the reader, else the browser's; its words and formats, for every component.
import { createContext } from 'preact';
import type { ComponentChildren } from 'preact';
import { useContext, useEffect, useMemo, useState } from 'preact/hooks';
import { languages, makeFormat } from './format';
import type { Format, Language } from './format';
import { english } from './messages_en';
import type { Messages } from './messages_en';
import { french } from './messages_fr';

export interface Words {
  readonly t: Messages;
  readonly f: Format;
  readonly language: Language;
  setLanguage(language: Language): void;
}

const storageKey = 'valise.language';

// The first of the browser's languages that we speak.
export function pickLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const found = languages.find((language) => tag.toLowerCase().split('-')[0] === language);
    if (found) return found;
  }
  return 'en';
}

// Storage may be refused (private windows, file://): then the choice lasts as long as the page.
function storedLanguage(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

function storeLanguage(language: Language): void {
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    return;
  }
}

export function makeWords(language: Language, timeZone?: string): Pick<Words, 't' | 'f' | 'language'> {
  const f = makeFormat(language, timeZone);
  return { language, f, t: language === 'fr' ? french(f) : english(f) };
}

const WordsContext = createContext<Words>({ ...makeWords('en'), setLanguage: () => undefined });

export function WordsProvider({ children }: { children: ComponentChildren }) {
  const [language, setState] = useState<Language>(() => pickLanguage([storedLanguage() ?? '', ...navigator.languages]));
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const words = useMemo<Words>(
    () => ({
      ...makeWords(language),
      setLanguage(next) {
        storeLanguage(next);
        setState(next);
      },
    }),
    [language],
  );
  return <WordsContext.Provider value={words}>{children}</WordsContext.Provider>;
}

export const useWords = (): Words => useContext(WordsContext);
