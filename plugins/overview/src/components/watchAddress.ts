/**
 * Tells of each change of the address. TypeScript 5.8 does not know the Navigation API;
 * browsers without it report at least moves through the history.
 *
 * @returns ends the watch
 */
export function watchAddress(onChange: () => void): () => void {
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
