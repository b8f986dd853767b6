import { useSyncExternalStore } from 'react';

/**
 * The browser's events for a change of the address. TypeScript 5.8 does not know the
 * Navigation API; browsers without it report at least moves through the history.
 */
function subscribe(onChange: () => void): () => void {
  const navigation =
    'navigation' in window && window.navigation instanceof EventTarget
      ? window.navigation
      : undefined;
  navigation?.addEventListener('currententrychange', onChange);
  window.addEventListener('popstate', onChange);
  return () => {
    navigation?.removeEventListener('currententrychange', onChange);
    window.removeEventListener('popstate', onChange);
  };
}

/**
 * Path of the address bar. The frame around the pages is not rendered anew on a
 * navigation, so it has to watch the address itself.
 */
export function useCurrentPath(): string {
  return useSyncExternalStore(subscribe, () => window.location.pathname);
}

/** Query text of the address bar, with its question mark. */
export function useCurrentQuery(): string {
  return useSyncExternalStore(subscribe, () => window.location.search);
}

/** Whether a link is the current page (`page`) or one above it (`true`). */
export function currentMark(
  path: string,
  href: string,
): 'page' | 'true' | undefined {
  if (path === href) {
    return 'page';
  }
  return href !== '/' && path.startsWith(`${href}/`) ? 'true' : undefined;
}
