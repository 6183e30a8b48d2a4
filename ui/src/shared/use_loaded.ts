// What a page loads: nothing yet, a value, or why not.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

export interface Loaded<T> {
  readonly value: T | undefined;
  readonly error: unknown;
  reload(): void;
  set(value: T): void;
}

// Loads again whenever `keys` change; an answer that comes late, for older keys, is dropped.
export function useLoaded<T>(load: () => Promise<T>, keys: readonly unknown[]): Loaded<T> {
  const [state, setState] = useState<{ value: T | undefined; error: unknown }>({ value: undefined, error: undefined });
  const turn = useRef(0);
  const reload = useCallback(() => {
    const mine = (turn.current += 1);
    setState({ value: undefined, error: undefined });
    load().then(
      (value) => mine === turn.current && setState({ value, error: undefined }),
      (error: unknown) => mine === turn.current && setState({ value: undefined, error: error ?? new Error('failed') }),
    );
  }, keys);
  useEffect(() => {
    reload();
    return () => {
      turn.current += 1;
    };
  }, [reload]);
  const set = useCallback((value: T) => setState({ value, error: undefined }), []);
  return { ...state, reload, set };
}
