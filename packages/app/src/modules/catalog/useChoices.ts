import { useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import useAsync from 'react-use/esm/useAsync';
import {
  type CatalogView,
  EVERY_KIND,
  placeFilter,
  type Viewer,
} from './catalogView';

/** A value that a filter offers, and how many entities have it. */
export interface Choice {
  value: string;
  count: number;
}

/** What the filters offer, counted in what the caller may see. */
export interface Choices {
  kinds: Choice[];
  types: Choice[];
  owners: Choice[];
  lifecycles: Choice[];
  tags: Choice[];
}

const none: Choices = {
  kinds: [],
  types: [],
  owners: [],
  lifecycles: [],
  tags: [],
};

/** More would make a field slow that nobody reads to its end; the text filter finds the rest. */
const CHOICES_LIMIT = 200;

/**
 * Loads what the filters offer, once the rows are there. Without an answer the filters
 * offer what is chosen and stay usable.
 */
export function useChoices(options: {
  view: Pick<CatalogView, 'kind' | 'scope'>;
  viewer: Viewer | undefined;
  withKinds: boolean;
  isReady: boolean;
}): Choices {
  const { view, viewer, withKinds, isReady } = options;
  const { kind, scope } = view;
  const catalog = useApi(catalogApiRef);
  const kinds = useAsync(async () => {
    if (!viewer || !isReady || !withKinds) {
      return undefined;
    }
    const { facets } = await catalog.getEntityFacets({
      facets: ['kind'],
      filter: placeFilter({ kind: EVERY_KIND, scope }, viewer),
    });
    return (facets.kind ?? []).map(({ value, count }) => ({
      value: value.toLocaleLowerCase('en-US'),
      count,
    }));
  }, [catalog, viewer, isReady, withKinds, scope]);
  const others = useAsync(async () => {
    if (!viewer || !isReady) {
      return undefined;
    }
    const { facets } = await catalog.getEntityFacets({
      facets: [
        'spec.type',
        'relations.ownedBy',
        'spec.lifecycle',
        'metadata.tags',
      ],
      filter: placeFilter({ kind, scope }, viewer),
    });
    const most = (name: string) =>
      [...(facets[name] ?? [])]
        .sort((a, b) => b.count - a.count)
        .slice(0, CHOICES_LIMIT)
        .sort((a, b) => a.value.localeCompare(b.value));
    return {
      types: most('spec.type'),
      owners: most('relations.ownedBy'),
      lifecycles: most('spec.lifecycle'),
      tags: most('metadata.tags'),
    };
  }, [catalog, viewer, isReady, kind, scope]);
  return { ...none, kinds: kinds.value ?? [], ...others.value };
}
