// What a form held while its member was away at their service to confirm. It stays in this tab, and is taken once.
const prefix = 'valise:kept:';

export function keep(name: string, value: unknown): void {
  try {
    sessionStorage.setItem(prefix + name, JSON.stringify(value));
  } catch {
    // A full or forbidden storage costs the choices, not the way.
  }
}

export function takeKept(name: string): Record<string, unknown> {
  try {
    const text = sessionStorage.getItem(prefix + name);
    sessionStorage.removeItem(prefix + name);
    const value: unknown = text === null ? null : JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
