import { useEffect, useRef, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { type AuditEntryView } from '@portico/plugin-audit-common';
import { auditApiRef } from '../api/AuditApi';
import {
  readView,
  toFilter,
  type View,
  writeView,
} from '../content/addressQuery';
import { toError } from '../content/toError';

/** Entries that come together are shown together. */
const GATHER_MILLISECONDS = 250;

/** How a live tail does. */
export interface Tail {
  state: 'off' | 'connecting' | 'open' | 'broken';
  /** Why it ended, where the portal refused. */
  error?: Error;
  /** Entries that came while it was held. */
  waiting: AuditEntryView[];
  /** Hands over what waits. */
  release(): void;
}

/**
 * Listens for new entries of a view while it is on. What comes while it is held waits
 * until it is released.
 */
export function useTail(options: {
  view: View;
  on: boolean;
  held: boolean;
  onOpen(): void;
  onEntries(views: AuditEntryView[]): void;
}): Tail {
  const { on, held } = options;
  const audit = useApi(auditApiRef);
  const [state, setState] = useState<Tail['state']>('off');
  const [error, setError] = useState<Error>();
  const [waiting, setWaiting] = useState<AuditEntryView[]>([]);
  const callbacks = useRef(options);
  callbacks.current = options;
  const key = writeView(options.view).toString();

  useEffect(() => {
    setWaiting([]);
    setError(undefined);
    if (!on) {
      setState('off');
      return undefined;
    }
    setState('connecting');
    const controller = new AbortController();
    const gathered: AuditEntryView[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const handOver = () => {
      timer = undefined;
      const views = gathered.splice(0);
      setWaiting(before => [...before, ...views]);
    };
    // What is new has no beginning and no end in time.
    const { range, from, to, ...view } = readView(new URLSearchParams(key));
    audit
      .tail({
        filter: toFilter(view, new Date()),
        signal: controller.signal,
        listener: {
          onOpen: () => {
            setState('open');
            callbacks.current.onOpen();
          },
          onEntry: entry => {
            gathered.push(entry);
            timer ??= setTimeout(handOver, GATHER_MILLISECONDS);
          },
          onRetry: () => setState('broken'),
        },
      })
      .catch(thrown => {
        if (!controller.signal.aborted) {
          setState('off');
          setError(toError(thrown));
        }
      });
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [audit, on, key]);

  const release = () => {
    if (waiting.length > 0) {
      callbacks.current.onEntries(waiting);
      setWaiting([]);
    }
  };
  useEffect(() => {
    if (!held && waiting.length > 0) {
      callbacks.current.onEntries(waiting);
      setWaiting([]);
    }
  }, [held, waiting]);

  return { state, error, waiting: held ? waiting : [], release };
}
