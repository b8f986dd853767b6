import { useEffect, useState } from 'react';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import useAsync from 'react-use/esm/useAsync';

const SHOWN = 8;
const TEMPLATES = 50;
const SHORTEST = 2;
/** Long enough that a word is asked for once, short enough to feel at once. */
const PAUSE_MILLISECONDS = 150;

const fields = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'spec.type',
];

/** A thing of the catalog, as far as it is needed to name and open it. */
export interface CatalogHit {
  ref: string;
  kind: string;
  namespace: string;
  name: string;
  title: string;
  type?: string;
}

function hitOf({ kind, metadata, spec }: Entity): CatalogHit {
  return {
    ref: stringifyEntityRef({ kind, metadata } as Entity),
    kind: kind.toLocaleLowerCase(),
    namespace: metadata.namespace ?? 'default',
    name: metadata.name,
    title: metadata.title ?? metadata.name,
    type: typeof spec?.type === 'string' ? spec.type : undefined,
  };
}

/** How much more a title has than the text; less where it begins with it. */
function distance({ title }: CatalogHit, text: string): number {
  const begins = title.toLocaleLowerCase().startsWith(text.toLocaleLowerCase());
  return title.length - text.length + (begins ? 0 : 1_000);
}

/** Things of the catalog whose name or title has the text, and every template. */
export function useCatalogEntries(text: string) {
  const catalog = useApi(catalogApiRef);
  const [asked, setAsked] = useState('');

  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), PAUSE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [text]);

  const templates = useAsync(
    async () =>
      (
        await catalog.queryEntities({
          filter: { kind: 'template' },
          fields,
          limit: TEMPLATES,
        })
      ).items.map(hitOf),
    [catalog],
  );
  const hits = useAsync(
    async () =>
      asked.length < SHORTEST
        ? []
        : (
            await catalog.queryEntities({
              filter: {
                kind: [
                  'component',
                  'api',
                  'system',
                  'domain',
                  'resource',
                  'group',
                  'user',
                ],
              },
              fullTextFilter: {
                term: asked,
                fields: ['metadata.name', 'metadata.title'],
              },
              fields,
              limit: SHOWN,
            })
          ).items
            .map(hitOf)
            .sort(
              (one, other) => distance(one, asked) - distance(other, asked),
            ),
    [catalog, asked],
  );
  return {
    templates: templates.value ?? [],
    hits: hits.value ?? [],
    isLoading: hits.loading || asked !== text.trim(),
    error: hits.error ?? templates.error,
  };
}
