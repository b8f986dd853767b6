import { useCallback, useEffect, useRef, useState } from 'react';

/** Something that is asked for again and again while the page is looked at. */
export interface Live<T> {
  loading: boolean;
  /** Why the last question failed; a value from before is kept. */
  error?: unknown;
  value?: T;
  /** Asks at once. */
  retry(): void;
}

/**
 * Keeps a value up to date by asking for it.
 *
 * @param load - asks; another function begins anew, so memoise it
 * @param pauseOf - milliseconds until the next question, undefined for none
 */
export function useLive<T>(
  load: () => Promise<T>,
  pauseOf: (value: T | undefined) => number | undefined,
): Live<T> {
  const [state, setState] = useState<Omit<Live<T>, 'retry'>>({ loading: true });
  const [turn, setTurn] = useState(0);
  const latestPauseOf = useRef(pauseOf);
  latestPauseOf.current = pauseOf;

  useEffect(() => setState({ loading: true }), [load]);
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Only while the page is looked at.
    function askWhenSeen() {
      if (document.hidden) {
        document.addEventListener('visibilitychange', askWhenSeen, {
          once: true,
        });
      } else {
        void ask();
      }
    }
    async function ask() {
      let value: T | undefined;
      try {
        value = await load();
        if (!isOver) {
          setState({ loading: false, value });
        }
      } catch (error) {
        if (!isOver) {
          setState(before => ({ ...before, loading: false, error }));
        }
      }
      const pause = latestPauseOf.current(value);
      if (!isOver && pause !== undefined) {
        timer = setTimeout(askWhenSeen, pause);
      }
    }
    void ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', askWhenSeen);
    };
  }, [load, turn]);

  const retry = useCallback(() => setTurn(before => before + 1), []);
  return { ...state, retry };
}
