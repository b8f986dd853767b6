import { useCallback, useRef, useState } from 'react';

/**
 * Whether an element has come near the screen once; what is costly waits for that.
 *
 * @returns the ref of the element, and whether it has
 */
export function useIsInView(): [(element: Element | null) => void, boolean] {
  const [isInView, setInView] = useState(
    () => !('IntersectionObserver' in window),
  );
  const observer = useRef<IntersectionObserver>();
  const watch = useCallback((element: Element | null) => {
    observer.current?.disconnect();
    if (element && 'IntersectionObserver' in window) {
      observer.current = new IntersectionObserver(
        entries => {
          if (entries.some(entry => entry.isIntersecting)) {
            setInView(true);
            observer.current?.disconnect();
          }
        },
        { rootMargin: '200px' },
      );
      observer.current.observe(element);
    }
  }, []);
  return [watch, isInView];
}
