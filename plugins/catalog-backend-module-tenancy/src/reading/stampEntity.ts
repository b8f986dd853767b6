import {
  ANNOTATION_EDIT_URL,
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  ANNOTATION_SOURCE_LOCATION,
  ANNOTATION_VIEW_URL,
  type Entity,
} from '@backstage/catalog-model';
import { sourceOrigin } from '@portico/plugin-tenancy-common';
import {
  type CatalogSourceAddress,
  fileUrl,
  folderUrl,
} from './CatalogSourceAddress';

/** Annotations that say where an entity came from: never taken from a file. */
const PROVENANCE_ANNOTATIONS: readonly string[] = [
  ANNOTATION_EDIT_URL,
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  ANNOTATION_SOURCE_LOCATION,
  ANNOTATION_VIEW_URL,
  'backstage.io/orphan',
];

/** Fields of `metadata` that are the catalog's to write. */
const CATALOG_METADATA: readonly string[] = ['uid', 'etag', 'generation'];

/**
 * Writes the tenant and the place of origin into an entity, over whatever its
 * file says of them.
 */
export function stampEntity(
  entity: Entity,
  address: CatalogSourceAddress,
  file: string,
): Entity {
  const location = fileUrl(address, file);
  const annotations = Object.fromEntries(
    Object.entries(entity.metadata.annotations ?? {}).filter(
      ([key]) => !PROVENANCE_ANNOTATIONS.includes(key),
    ),
  );
  const metadata = Object.fromEntries(
    Object.entries(entity.metadata).filter(
      ([key]) => !CATALOG_METADATA.includes(key),
    ),
  );
  return {
    ...entity,
    metadata: {
      ...metadata,
      name: entity.metadata.name,
      namespace: address.tenant,
      annotations: {
        ...annotations,
        [ANNOTATION_LOCATION]: `url:${location}`,
        [ANNOTATION_ORIGIN_LOCATION]: sourceOrigin(
          address.tenant,
          address.source,
        ),
        [ANNOTATION_VIEW_URL]: location,
        [ANNOTATION_EDIT_URL]: location,
        [ANNOTATION_SOURCE_LOCATION]: `url:${folderUrl(address, file)}`,
      },
    },
  };
}
