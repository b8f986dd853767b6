import {
  ANNOTATION_ORIGIN_LOCATION,
  type Entity,
  stringifyEntityRef,
  stringifyLocationRef,
} from '@backstage/catalog-model';
import { NotAllowedError } from '@backstage/errors';
import {
  type CatalogProcessor,
  type CatalogProcessorEmit,
} from '@backstage/plugin-catalog-node';
import { type LocationSpec } from '@backstage/plugin-catalog-common';
import {
  DIRECTORY_SOURCE,
  parseSourceOrigin,
} from '@portico/plugin-tenancy-common';

const DIRECTORY_KINDS: readonly string[] = ['User', 'Group'];

/**
 * The second check of the tenant wall in the catalog: whatever brought an entity
 * here, it is refused unless its origin is a source of the tenant whose namespace
 * it has.
 */
export class TenantOriginProcessor implements CatalogProcessor {
  getProcessorName(): string {
    return 'TenantOriginProcessor';
  }

  /** Before every stock processor, so that none acts on a refused entity. */
  getPriority(): number {
    return 0;
  }

  async preProcessEntity(
    entity: Entity,
    _location: LocationSpec,
    _emit: CatalogProcessorEmit,
    originLocation: LocationSpec,
  ): Promise<Entity> {
    const entityRef = stringifyEntityRef(entity);
    const written = entity.metadata.annotations?.[ANNOTATION_ORIGIN_LOCATION];
    const origin = parseSourceOrigin(written ?? '');
    if (!origin || stringifyLocationRef(originLocation) !== written) {
      throw new NotAllowedError(
        `${entityRef} has the origin '${written}', which is no source of a tenant`,
      );
    }
    if (origin.tenant !== entity.metadata.namespace) {
      throw new NotAllowedError(
        `${entityRef} comes from a source of tenant '${origin.tenant}', so it cannot be in namespace '${entity.metadata.namespace}'`,
      );
    }
    const isOfDirectory = origin.source === DIRECTORY_SOURCE;
    if (
      entity.kind === 'Location' ||
      isOfDirectory !== DIRECTORY_KINDS.includes(entity.kind)
    ) {
      throw new NotAllowedError(
        `${entityRef} has the kind ${entity.kind}, which is not taken from '${written}'`,
      );
    }
    return entity;
  }
}
