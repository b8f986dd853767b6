import {
  type AuditEntryView,
  type AuditPage,
} from '@portico/plugin-audit-common';

/** Entries as they are shown, newest first. */
export interface EntryListState {
  status: 'loading' | 'loaded' | 'failed';
  error?: Error;
  items: AuditEntryView[];
  /** Where older entries begin; missing at the end. */
  nextCursor?: string;
  older: 'idle' | 'loading' | Error;
  /** Ids of the rows that a tail added. */
  fresh: ReadonlySet<string>;
  hasLiveRows: boolean;
}

export type EntryListEvent =
  | { type: 'loading' }
  | { type: 'loaded'; page: AuditPage }
  | { type: 'failed'; error: Error }
  | { type: 'olderLoading' }
  | { type: 'olderLoaded'; page: AuditPage }
  | { type: 'olderFailed'; error: Error }
  | { type: 'told'; views: AuditEntryView[] }
  | { type: 'caughtUp'; page: AuditPage };

export const initialEntryList: EntryListState = {
  status: 'loading',
  items: [],
  older: 'idle',
  fresh: new Set(),
  hasLiveRows: false,
};

/** Name of an entry among those of all chains. */
export function entryId({ entry }: AuditEntryView): string {
  return `${entry.chain}:${entry.sequence}`;
}

/** What becomes of the list. */
export function reduceEntryList(
  state: EntryListState,
  event: EntryListEvent,
): EntryListState {
  switch (event.type) {
    case 'loading':
      // What was there stays on screen until the answer comes.
      return { ...state, status: 'loading', error: undefined };
    case 'loaded':
      return {
        ...initialEntryList,
        status: 'loaded',
        items: event.page.items,
        nextCursor: event.page.nextCursor,
      };
    case 'failed':
      return { ...initialEntryList, status: 'failed', error: event.error };
    case 'olderLoading':
      return { ...state, older: 'loading' };
    case 'olderLoaded':
      return {
        ...state,
        older: 'idle',
        items: [...state.items, ...unknownOf(event.page.items, state.items)],
        nextCursor: event.page.nextCursor,
      };
    case 'olderFailed':
      return { ...state, older: event.error };
    case 'told':
      return prepend(state, [...event.views].reverse());
    case 'caughtUp': {
      const unknown = unknownOf(event.page.items, state.items);
      // Nothing in common: between the two lies what nobody has read.
      return unknown.length === event.page.items.length &&
        event.page.nextCursor !== undefined
        ? reduceEntryList(state, { type: 'loaded', page: event.page })
        : prepend(state, unknown);
    }
    default:
      return event satisfies never;
  }
}

function prepend(
  state: EntryListState,
  newest: AuditEntryView[],
): EntryListState {
  const unknown = unknownOf(newest, state.items);
  if (unknown.length === 0) {
    return state;
  }
  return {
    ...state,
    items: [...unknown, ...state.items],
    fresh: new Set([...state.fresh, ...unknown.map(entryId)]),
    hasLiveRows: true,
  };
}

function unknownOf(
  views: AuditEntryView[],
  known: AuditEntryView[],
): AuditEntryView[] {
  const ids = new Set(known.map(entryId));
  return views.filter(view => !ids.has(entryId(view)));
}
