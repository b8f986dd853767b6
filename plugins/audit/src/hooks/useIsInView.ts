import { type RefObject, useEffect, useState } from 'react';

/** Whether an element is on screen; always so where nothing is laid out. */
export function useIsInView(ref: RefObject<HTMLElement>): boolean {
  const [isInView, setInView] = useState(true);
  useEffect(() => {
    const element = ref.current;
    if (!element || typeof IntersectionObserver === 'undefined') {
      return undefined;
    }
    const observer = new IntersectionObserver(changes => {
      setInView(changes.at(-1)?.isIntersecting ?? true);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return isInView;
}
