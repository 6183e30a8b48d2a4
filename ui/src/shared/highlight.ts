// Marks the words of a search in a found text.
import { fold } from '../fold';

export interface Piece {
  readonly text: string;
  readonly hit: boolean;
}

// Letters are compared folded, one at a time, so that "ete" marks « été »; a place counts where a word begins.
export function highlight(text: string, query: string): Piece[] {
  const words = fold(query)
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter(Boolean);
  const points = Array.from(text);
  const folded = points.map((point) => (point.trim() === '' ? ' ' : fold(point)));
  const pieces: { text: string; hit: boolean }[] = [];
  const put = (part: string, hit: boolean) => {
    const last = pieces[pieces.length - 1];
    if (last && last.hit === hit) last.text += part;
    else pieces.push({ text: part, hit });
  };
  const matchAt = (start: number): number => {
    for (const word of words) {
      let have = '';
      for (let end = start; end < points.length && have.length < word.length; end += 1) {
        have += folded[end];
        if (have.length >= word.length && have.startsWith(word)) return end + 1 - start;
        if (!word.startsWith(have)) break;
      }
    }
    return 0;
  };
  let inWord = false;
  for (let at = 0; at < points.length;) {
    const isLetter = /[\p{L}\p{N}]/u.test(folded[at] ?? '');
    const length = isLetter && !inWord ? matchAt(at) : 0;
    put(points.slice(at, at + Math.max(1, length)).join(''), length > 0);
    inWord = isLetter || (inWord && folded[at] === '');
    at += Math.max(1, length);
  }
  return pieces;
}
