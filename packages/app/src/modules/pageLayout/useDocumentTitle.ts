import { useEffect } from 'react';
import { configApiRef, useApi } from '@backstage/frontend-plugin-api';

/**
 * Names the document after the page, for tabs, histories and screen readers: `Board |
 * Delivery | Portico`.
 *
 * @param labels - from the page outwards
 */
export function useDocumentTitle(labels: readonly string[]): void {
  const portal = useApi(configApiRef).getOptionalString('app.title');
  const title = [...labels, portal ?? 'Portico'].join(' | ');
  useEffect(() => {
    const before = document.title;
    document.title = title;
    return () => {
      // Pages that name the document themselves may have done so by now.
      if (document.title === title) {
        document.title = before;
      }
    };
  }, [title]);
}
