import { useCallback, useMemo, useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();

/**
 * The query of the page's address, kept up with navigation, and how to change it.
 *
 * The framework owns the router, so the address is read where every router writes it.
 * A change replaces the entry of the history: one look around is one step back.
 */
export function useAddressQuery(): [
  URLSearchParams,
  (query: URLSearchParams) => void,
] {
  const search = useSyncExternalStore(subscribe, () => window.location.search);
  const query = useMemo(() => new URLSearchParams(search), [search]);
  const replace = useCallback((next: URLSearchParams) => {
    const text = next.toString();
    const url = new URL(window.location.href);
    if (url.search.replace(/^\?/, '') === text) {
      return;
    }
    url.search = text;
    window.history.replaceState(window.history.state, '', url);
    listeners.forEach(listener => listener());
  }, []);
  return [query, replace];
}

function subscribe(onChange: () => void): () => void {
  // Not in every browser; there the page renders on navigation as the router does.
  const navigation: unknown = Reflect.get(window, 'navigation');
  const targets: EventTarget[] =
    navigation instanceof EventTarget ? [navigation, window] : [window];
  listeners.add(onChange);
  for (const target of targets) {
    target.addEventListener('currententrychange', onChange);
    target.addEventListener('popstate', onChange);
  }
  return () => {
    listeners.delete(onChange);
    for (const target of targets) {
      target.removeEventListener('currententrychange', onChange);
      target.removeEventListener('popstate', onChange);
    }
  };
}
