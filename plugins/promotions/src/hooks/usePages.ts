import { useCallback, useEffect, useRef, useState } from 'react';
import { type DeliveryEvent } from '@portico/plugin-promotions-common';
import { type Live, useLive } from './useLive';

/** A list that grows page by page and is kept up to date as far as it is shown. */
export interface Pages<P> extends Pick<Live<P[]>, 'loading' | 'error'> {
  /** Undefined while nothing is known. */
  pages?: P[];
  hasMore: boolean;
  isAdding: boolean;
  showMore(): void;
  reload(): void;
}

/**
 * Loads a list page by page.
 *
 * @param loadPage - asks for the page that a cursor names; another function begins anew, so
 *   memoise it
 * @param concerns - whether an event may have changed the list
 */
export function usePages<P extends { nextCursor?: string }>(
  loadPage: (cursor: string | undefined) => Promise<P>,
  concerns: (event: DeliveryEvent) => boolean,
): Pages<P> {
  const wanted = useRef(1);
  const [isAdding, setAdding] = useState(false);
  const load = useCallback(async () => {
    const pages: P[] = [];
    try {
      do {
        pages.push(await loadPage(pages.at(-1)?.nextCursor));
      } while (pages.length < wanted.current && pages.at(-1)?.nextCursor);
      return pages;
    } finally {
      setAdding(false);
    }
  }, [loadPage]);
  useEffect(() => {
    wanted.current = 1;
  }, [loadPage]);
  const { value, loading, error, reload } = useLive(load, concerns);
  const showMore = useCallback(() => {
    if (!isAdding) {
      wanted.current += 1;
      setAdding(true);
      reload();
    }
  }, [isAdding, reload]);
  return {
    pages: value,
    loading,
    error,
    hasMore: value?.at(-1)?.nextCursor !== undefined,
    isAdding,
    showMore,
    reload,
  };
}
