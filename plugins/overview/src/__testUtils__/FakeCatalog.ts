import { CatalogClient } from '@backstage/catalog-client';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';

/** An entity of Aurora; relations as in `{ dependsOn: ['component:shop'] }`. */
export function entity(
  kind: string,
  name: string,
  relations: Record<string, string[]> = {},
  rest: Partial<Entity['metadata']> & { spec?: Entity['spec'] } = {},
): Entity {
  const { spec, ...metadata } = rest;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { namespace: 'aurora', name, ...metadata },
    spec: { type: 'service', lifecycle: 'production', ...spec },
    relations: Object.entries(relations).flatMap(([type, targets]) =>
      targets.map(target => ({
        type,
        targetRef: target.replace(':', ':aurora/'),
      })),
    ),
  };
}

/** Answers `/entities/by-refs` and `/entities/by-name` as the catalog does. */
export class FakeCatalog {
  readonly client: CatalogClient;
  /** The refs of each batch that was asked for. */
  readonly batches: string[][] = [];
  isBroken = false;

  constructor(readonly entities: Entity[]) {
    this.client = new CatalogClient({
      discoveryApi: { getBaseUrl: async () => 'http://portal/api/catalog' },
      fetchApi: {
        fetch: async (input, init) => this.#answer(String(input), init),
      },
    });
  }

  #answer(address: string, init: RequestInit | undefined): Response {
    if (this.isBroken) {
      return Response.json(
        { error: { name: 'Error', message: 'the catalog is out of order' } },
        { status: 503 },
      );
    }
    if (address.includes('/entities/by-refs')) {
      const { entityRefs }: { entityRefs: string[] } = JSON.parse(
        String(init?.body),
      );
      this.batches.push(entityRefs);
      return Response.json({
        items: entityRefs.map(
          ref =>
            this.entities.find(each => stringifyEntityRef(each) === ref) ??
            null,
        ),
      });
    }
    return Response.json(
      { error: { name: 'NotFoundError', message: 'no such thing' } },
      { status: 404 },
    );
  }
}
