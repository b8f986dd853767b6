import { useCallback, useMemo } from 'react';
import { useCurrentQuery } from './useCurrentPath';

/**
 * The query of the address and how to change it: `push` makes a step that the browser's
 * back button undoes, `replace` is for what changes with every key.
 */
export function useAddressQuery(): [
  URLSearchParams,
  (query: URLSearchParams, how: 'push' | 'replace') => void,
] {
  const search = useCurrentQuery();
  const query = useMemo(() => new URLSearchParams(search), [search]);
  const change = useCallback(
    (next: URLSearchParams, how: 'push' | 'replace') => {
      const url = new URL(window.location.href);
      url.search = next.toString();
      if (url.href === window.location.href) {
        return;
      }
      const { state } = window.history;
      if (how === 'push') {
        window.history.pushState(state, '', url);
      } else {
        window.history.replaceState(state, '', url);
      }
      // The router of the framework learns of a changed address by this event alone.
      window.dispatchEvent(new PopStateEvent('popstate', { state }));
    },
    [],
  );
  return [query, change];
}
