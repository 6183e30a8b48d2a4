// Drawn pictures for the mock: skies and hills, another one for every name.

export function picture(name) {
  let state = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
  const next = (from, to) => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return from + ((to - from) * state) / 2 ** 32;
  };
  const hue = next(0, 360);
  const sky = (turn, light) => `hsl(${(hue + turn) % 360} 45% ${light}%)`;
  const hill = (base, light) => {
    const points = Array.from({ length: 9 }, (_, i) => `${i * 50} ${(base + next(-26, 26)).toFixed(0)}`);
    return `<path d="M0 400L${points.join('L')}L400 400Z" fill="${sky(150, light)}"/>`;
  };
  return `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="800" viewBox="0 0 400 400">
<linearGradient id="g" x2="0" y2="1"><stop stop-color="${sky(0, 62)}"/><stop offset="1" stop-color="${sky(40, 84)}"/></linearGradient>
<rect width="400" height="400" fill="url(#g)"/><circle cx="${next(60, 340).toFixed(0)}" cy="${next(60, 180).toFixed(0)}" r="${next(18, 44).toFixed(0)}" fill="${sky(60, 93)}"/>
${hill(240, 52)}${hill(290, 38)}${hill(345, 24)}</svg>`;
}
