// Fold: text made comparable, the same as src/account/fold.cc; both are held to src/account/fold_vectors.json
// (docs/formats/fold.md).

const light =
  /[\u0300-\u036F\u0483-\u0489\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u0640\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7\u06E8\u06EA-\u06ED]/u;
const invisible =
  /[\u00AD\u034F\u061C\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFE00-\uFE0F\uFEFF\u{E0000}-\u{E0FFF}\u{1F3FB}-\u{1F3FF}]/u;
const surrogate = /^[\uD800-\uDFFF]$/;
const spaces = /[\t-\r \u0085\u1680\u2028\u2029]+/g;
const letters: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ı: 'i', ς: 'σ' };

export function fold(text: string): string {
  // Iteration hands out whole code points; a surrogate on its own is a lone one.
  const whole = Array.from(text, (point) => (surrogate.test(point) ? '\uFFFD' : point)).join('');
  let out = '';
  for (const point of whole.normalize('NFKD')) {
    if (light.test(point) || invisible.test(point)) continue;
    // Full lower case of İ brings a dot along, which is a mark: the simple mapping has none.
    for (const lower of point.toLowerCase()) {
      if (!light.test(lower)) out += letters[lower] ?? lower;
    }
  }
  return out.normalize('NFC').replace(spaces, ' ').replace(/^ | $/g, '');
}

const unspaced =
  /[\u0E00-\u0EFF\u1000-\u109F\uA9E0-\uA9FF\uAA60-\uAA7F\u1780-\u17FF\u3005\u3006\u3031-\u3035\u303B\u303C\u3041-\u3096\u309D-\u309F\u30A1-\u30FA\u30FC-\u30FF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\u{20000}-\u{323AF}]/u;
const letter = /\p{L}/u;
const mark = /\p{M}/u;
const wordPoint = /[\p{L}\p{M}\p{N}]/u;
const emoji = /\p{Extended_Pictographic}/u;
const regional = /[\u{1F1E6}-\u{1F1FF}]/u;
const wordLimit = 64;

// The search tokens of a text, in order, with repetitions.
export function tokens(text: string): string[] {
  const found: string[] = [];
  const points = Array.from(fold(text));
  let at = 0;
  const isUnit = (point: string | undefined) => point !== undefined && letter.test(point) && unspaced.test(point);
  while (at < points.length) {
    const point = points[at] ?? '';
    if (isUnit(point)) {
      const units: string[] = [];
      while (isUnit(points[at])) {
        let unit = points[at++] ?? '';
        while (at < points.length && mark.test(points[at] ?? '')) unit += points[at++];
        units.push(unit);
      }
      if (units.length === 1) found.push(units[0] ?? '');
      for (let pair = 0; pair + 1 < units.length; pair += 1) found.push(`${units[pair]}${units[pair + 1]}`);
    } else if (wordPoint.test(point) && !mark.test(point)) {
      const word: string[] = [];
      while (at < points.length && wordPoint.test(points[at] ?? '') && !isUnit(points[at]))
        word.push(points[at++] ?? '');
      found.push(word.slice(0, wordLimit).join(''));
    } else if (regional.test(point)) {
      const next = points[at + 1] ?? '';
      const pair = regional.test(next);
      found.push(pair ? point + next : point);
      at += pair ? 2 : 1;
    } else {
      if (emoji.test(point)) found.push(point);
      at += 1;
    }
  }
  return found;
}
