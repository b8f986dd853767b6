import { useCallback, useEffect, useMemo, useReducer, useRef } from 'react';
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
import {
  type EntryListState,
  initialEntryList,
  reduceEntryList,
} from './entryList';

const PAGE_SIZE = 50;

/** So many rows may be shown before the list begins anew, so that a tail can run for days. */
const MOST_LIVE_ROWS = 1_000;

/** The list of entries of a view, with what can be done to it. */
export interface Entries extends EntryListState {
  reload(): void;
  loadOlder(): void;
  /** Takes in what a tail told. */
  add(views: AuditEntryView[]): void;
  /** Looks again for what is newer than the first row. */
  catchUp(): void;
}

/** Loads the entries of a view page by page. */
export function useEntries(view: View): Entries {
  const audit = useApi(auditApiRef);
  const [state, dispatch] = useReducer(reduceEntryList, initialEntryList);
  const key = writeView(view).toString();
  const load = useRef(0);
  // Pages of one list share one "now": a range that moved on would shift the cursor.
  const filterRef = useRef(toFilter(view, new Date()));

  const reload = useCallback(() => {
    load.current += 1;
    const turn = load.current;
    const isCurrent = () => turn === load.current;
    filterRef.current = toFilter(
      readView(new URLSearchParams(key)),
      new Date(),
    );
    dispatch({ type: 'loading' });
    audit.entries(filterRef.current, { limit: PAGE_SIZE }).then(
      page => isCurrent() && dispatch({ type: 'loaded', page }),
      thrown =>
        isCurrent() && dispatch({ type: 'failed', error: toError(thrown) }),
    );
  }, [audit, key]);

  useEffect(() => {
    reload();
    return () => {
      load.current += 1;
    };
  }, [reload]);

  const { nextCursor, older } = state;
  const loadOlder = useCallback(() => {
    if (!nextCursor || older === 'loading') {
      return;
    }
    const turn = load.current;
    const isCurrent = () => turn === load.current;
    dispatch({ type: 'olderLoading' });
    audit
      .entries(filterRef.current, { limit: PAGE_SIZE, cursor: nextCursor })
      .then(
        page => isCurrent() && dispatch({ type: 'olderLoaded', page }),
        thrown =>
          isCurrent() &&
          dispatch({ type: 'olderFailed', error: toError(thrown) }),
      );
  }, [audit, nextCursor, older]);

  const catchUp = useCallback(() => {
    const turn = load.current;
    audit.entries(filterRef.current, { limit: PAGE_SIZE }).then(
      page => turn === load.current && dispatch({ type: 'caughtUp', page }),
      // The tail goes on; whoever doubts it can load anew.
      () => undefined,
    );
  }, [audit]);

  const add = useCallback(
    (views: AuditEntryView[]) => dispatch({ type: 'told', views }),
    [],
  );

  const isFull = state.items.length > MOST_LIVE_ROWS && state.hasLiveRows;
  useEffect(() => {
    if (isFull) {
      reload();
    }
  }, [isFull, reload]);

  return useMemo(
    () => ({ ...state, reload, loadOlder, add, catchUp }),
    [state, reload, loadOlder, add, catchUp],
  );
}
