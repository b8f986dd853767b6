import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { type CatalogView, sortFields, toFilter } from './catalogView';
import { type EntityRow, rowFields, toRow } from './entityRow';
import { readViewer } from './useViewer';

export const PAGE_SIZE = 25;

/** Where the filter looks for its text. */
const textFields = [
  'metadata.name',
  'metadata.title',
  'metadata.description',
  'metadata.tags',
  'spec.profile.displayname',
];

/** The rows of a page of a list, with what leads to its neighbours. */
export interface EntityPage {
  rows: EntityRow[];
  /** How many entities the whole list has, of those that the caller may see. */
  total: number;
  nextCursor?: string;
  previousCursor?: string;
}

/**
 * Asks the catalog once for what a view shows; the last answer stays while it asks. The
 * question goes out after the first, light rendering, not after the filters are drawn.
 */
export function useEntityPage(view: CatalogView): {
  page: EntityPage | undefined;
  isLoading: boolean;
  error: Error | undefined;
  retry(): void;
} {
  const catalog = useApi(catalogApiRef);
  const identity = useApi(identityApiRef);
  // The page number is for reading: where a page begins stands in the cursor.
  const question = JSON.stringify({ ...view, page: undefined });
  const { value, loading, error, retry } =
    useAsyncRetry(async (): Promise<EntityPage> => {
      const viewer = await readViewer(identity);
      const common = { fields: rowFields, limit: PAGE_SIZE };
      const { items, totalItems, pageInfo } = await catalog.queryEntities(
        view.cursor === undefined
          ? {
              ...common,
              filter: toFilter(view, viewer),
              orderFields: {
                field: sortFields[view.sort],
                order: view.isDescending ? 'desc' : 'asc',
              },
              ...(view.text.trim() !== '' && {
                fullTextFilter: { term: view.text.trim(), fields: textFields },
              }),
            }
          : { ...common, cursor: view.cursor },
      );
      return {
        rows: items.map(toRow),
        total: totalItems,
        nextCursor: pageInfo.nextCursor,
        previousCursor: pageInfo.prevCursor,
      };
      // eslint-disable-next-line react-hooks/exhaustive-deps -- the question is the view
    }, [catalog, identity, question]);
  return { page: value, isLoading: loading, error, retry };
}
