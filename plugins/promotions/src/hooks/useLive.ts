import { useCallback, useEffect, useRef, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { type DeliveryEvent } from '@portico/plugin-promotions-common';
import { promotionsApiRef } from '../api/PromotionsApi';
import { DeliveryFeed } from './DeliveryFeed';

/** Events that come together are answered with one question. */
const GATHER_MILLISECONDS = 150;

/** Pause between questions while no events arrive. */
const POLL_MILLISECONDS = 5_000;

/** Pause while they do: nobody is told of a freeze that begins, or of time that passes. */
const REFRESH_MILLISECONDS = 60_000;

/** Something that is asked for again whenever it may have changed. */
export interface Live<T> {
  /** Nothing is known yet. */
  loading: boolean;
  /** Why the last question failed; a value from before is kept. */
  error?: unknown;
  value?: T;
  /** Asks at once. */
  reload(): void;
  /** Takes an answer that came another way, such as that to an action. */
  show(value: T): void;
}

/**
 * Keeps a value up to date: by the event stream, and by asking while that is silent.
 *
 * @param load - asks; another function begins anew, so memoise it
 * @param concerns - whether an event may have changed the value
 */
export function useLive<T>(
  load: () => Promise<T>,
  concerns: (event: DeliveryEvent) => boolean,
): Live<T> {
  const api = useApi(promotionsApiRef);
  const [state, setState] = useState<Pick<Live<T>, 'error' | 'value'>>({});
  const isSettled = 'error' in state || 'value' in state;
  const latestConcerns = useRef(concerns);
  latestConcerns.current = concerns;
  /** Answers to earlier questions than this one come too late. */
  const turn = useRef(0);

  const ask = useCallback(async () => {
    turn.current += 1;
    const mine = turn.current;
    try {
      const value = await load();
      if (mine === turn.current) {
        setState({ value });
      }
    } catch (error) {
      if (mine === turn.current) {
        setState(before => ({ ...before, error }));
      }
    }
  }, [load]);

  useEffect(() => {
    const feed = DeliveryFeed.of(api);
    let gathering: ReturnType<typeof setTimeout> | undefined;
    let lastAsked = Date.now();
    const askNow = () => {
      gathering = undefined;
      lastAsked = Date.now();
      void ask();
    };
    const unsubscribe = feed.subscribe(event => {
      if (event === 'missed' || latestConcerns.current(event)) {
        gathering ??= setTimeout(askNow, GATHER_MILLISECONDS);
      }
    });
    // Only while the page is looked at.
    const clock = setInterval(() => {
      const pause = feed.isOpen ? REFRESH_MILLISECONDS : POLL_MILLISECONDS;
      if (!document.hidden && Date.now() - lastAsked >= pause) {
        askNow();
      }
    }, POLL_MILLISECONDS);
    setState({});
    askNow();
    return () => {
      unsubscribe();
      clearInterval(clock);
      clearTimeout(gathering);
      turn.current += 1;
    };
  }, [api, ask]);

  const reload = useCallback(() => void ask(), [ask]);
  const show = useCallback((value: T) => {
    turn.current += 1;
    setState({ value });
  }, []);
  return { ...state, loading: !isSettled, reload, show };
}
