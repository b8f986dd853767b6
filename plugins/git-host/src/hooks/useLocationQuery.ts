import { useMemo, useSyncExternalStore } from 'react';

/**
 * The query of the page's address, kept up with navigation.
 *
 * The framework owns the router, so the address is read where every router writes it.
 */
export function useLocationQuery(): URLSearchParams {
  const search = useSyncExternalStore(subscribe, () => window.location.search);
  return useMemo(() => new URLSearchParams(search), [search]);
}

function subscribe(onChange: () => void): () => void {
  // Not in every browser; there the page renders on navigation as the router does.
  const navigation: unknown = Reflect.get(window, 'navigation');
  const targets: EventTarget[] =
    navigation instanceof EventTarget ? [navigation, window] : [window];
  for (const target of targets) {
    target.addEventListener('currententrychange', onChange);
    target.addEventListener('popstate', onChange);
  }
  return () => {
    for (const target of targets) {
      target.removeEventListener('currententrychange', onChange);
      target.removeEventListener('popstate', onChange);
    }
  };
}
