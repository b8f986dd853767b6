import { type RefObject, useLayoutEffect, useState } from 'react';

/**
 * Whether the content of a page brings its own `main` landmark, as the stock page of
 * an entity does once it has loaded. A document may have one only.
 */
export function useHasOwnMain(ref: RefObject<HTMLElement>): boolean {
  const [hasOwnMain, setHasOwnMain] = useState(false);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) {
      return undefined;
    }
    const look = () => setHasOwnMain(element.querySelector('main') !== null);
    look();
    const observer = new MutationObserver(look);
    observer.observe(element, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, [ref]);
  return hasOwnMain;
}
