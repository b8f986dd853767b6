import { type CatalogApi } from '@backstage/catalog-client';
import { type Entity } from '@backstage/catalog-model';

/** Refs in one request. */
const BATCH = 200;

/** What the page and the graph need to know of a neighbour. */
const fields = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'metadata.description',
  'spec.type',
  'spec.lifecycle',
  'spec.profile.displayName',
  'relations',
];

/**
 * Loads entities in as few requests as possible.
 *
 * @returns an answer for each ref; undefined where there is no such entity, or where it
 * is not the caller's to see
 */
export async function loadEntities(
  catalog: Pick<CatalogApi, 'getEntitiesByRefs'>,
  refs: readonly string[],
): Promise<Map<string, Entity | undefined>> {
  const batches: string[][] = [];
  for (let start = 0; start < refs.length; start += BATCH) {
    batches.push(refs.slice(start, start + BATCH));
  }
  const answers = await Promise.all(
    batches.map(entityRefs =>
      catalog.getEntitiesByRefs({ entityRefs, fields }),
    ),
  );
  const entities = answers.flatMap(({ items }) => items);
  return new Map(refs.map((ref, index) => [ref, entities[index]]));
}
