import {
  type Entity,
  locationEntityV1alpha1Validator,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { type Refusal } from '@portico/plugin-tenancy-common';
import { type JsonObject } from '@backstage/types';
import { isDeliveryKind } from '../delivery/deliveryKinds';
import { type BoundedFiles } from './BoundedFiles';
import { type CatalogSourceAddress } from './CatalogSourceAddress';
import { checkAddresses } from './checkAddresses';
import { checkShape } from './checkShape';
import { completeReferences } from './completeReferences';
import { embedPlaceholders } from './embedPlaceholders';
import { readingLimits } from './limits';
import {
  entitySizeReason,
  parseDocuments,
  refuseDeepValue,
} from './parseDocuments';
import { type DocumentPath, quote, RefusedDocument } from './RefusedDocument';
import { resolvePathInSource } from './resolveInSource';
import { stampEntity } from './stampEntity';

/** A finished entity and where it stands. */
export interface ReadEntity {
  entity: Entity;
  file: string;
  /** 1-based line where its document begins. */
  line: number;
}

/** A file that a `Location` of a file leads to. */
export interface FollowedLocation {
  path: string;
  line: number;
  /** The source may do without it. */
  optional: boolean;
}

/** What one catalog file yields. */
export interface ReadFile {
  /** With the line of a path, for entities that are compared with others afterwards. */
  entities: Array<ReadEntity & { lineOf?: (path: DocumentPath) => number }>;
  refusals: Refusal[];
  locations: FollowedLocation[];
}

/**
 * Reads one catalog file of a source: finished entities in the tenant's namespace
 * with the source's origin, and each refused document with file, line and reason.
 *
 * A bad document never holds back its neighbours. The text decides neither the
 * tenant nor the origin.
 *
 * @param options.file - path of the file from the source's root
 * @param options.files - for `$text`, `$json` and `$yaml`
 * @throws only what the source's files throw when the source cannot be read
 */
export async function readCatalogFile(options: {
  text: string;
  file: string;
  address: CatalogSourceAddress;
  files: BoundedFiles;
}): Promise<ReadFile> {
  const { text, file, address, files } = options;
  const result: ReadFile = { entities: [], refusals: [], locations: [] };
  const { documents, broken } = await parseDocuments(text);
  for (const { line, reason } of broken) {
    result.refusals.push({ file, line, reason });
  }
  for (const { value, lines } of documents) {
    try {
      refuseForeignNamespace(value, address.tenant);
      if (value.kind === 'Location') {
        const targets = await readLocation(value);
        for (const { path, target, optional } of targets) {
          const resolved = resolvePathInSource(target, file);
          const line = lines.of(path);
          if (resolved) {
            result.locations.push({ path: resolved, line, optional });
          } else {
            result.refusals.push({
              file,
              line,
              reason: `${quote(
                target,
              )} is not followed; expected a relative path to a file of the same source, without wildcards`,
            });
          }
        }
      } else {
        const entity = await readEntity({ value, file, address, files });
        result.entities.push({
          entity,
          file,
          line: lines.first,
          ...(isDeliveryKind(entity.kind) && {
            lineOf: path => lines.of(path),
          }),
        });
      }
    } catch (error) {
      if (!(error instanceof RefusedDocument)) {
        throw error;
      }
      result.refusals.push({
        file,
        line: error.line ?? lines.of(error.path),
        entityRef: refOf(value, address.tenant),
        reason: error.message,
      });
    }
  }
  result.refusals.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return result;
}

async function readEntity(options: {
  value: JsonObject;
  file: string;
  address: CatalogSourceAddress;
  files: BoundedFiles;
}): Promise<Entity> {
  const { value, file, address, files } = options;
  const document = await embedPlaceholders({ document: value, file, files });
  refuseDeepValue(document, 0, []);
  if (JSON.stringify(document).length > readingLimits.entityBytes) {
    throw new RefusedDocument([], entitySizeReason);
  }
  const entity = await checkShape(document);
  const completed = completeReferences(entity, address.tenant);
  checkAddresses(completed, address, file);
  return stampEntity(completed, address, file);
}

/** Targets of a `Location`, which is followed by us and never emitted. */
async function readLocation(
  value: JsonObject,
): Promise<Array<{ path: DocumentPath; target: string; optional: boolean }>> {
  try {
    // A Location needs no name here, since no entity comes of it.
    const isLocation = await locationEntityV1alpha1Validator.check({
      ...value,
      apiVersion: String(value.apiVersion),
      kind: 'Location',
      metadata: { ...asObject(value.metadata), name: 'location' },
    });
    if (!isLocation) {
      throw new RefusedDocument(
        ['apiVersion'],
        `apiVersion ${quote(
          value.apiVersion ?? '',
        )} is not known for kind Location; expected "backstage.io/v1alpha1"`,
      );
    }
  } catch (error) {
    throw error instanceof RefusedDocument
      ? error
      : new RefusedDocument(['spec'], String(error).slice(0, 300));
  }
  const spec = asObject(value.spec);
  const optional = spec.presence === 'optional';
  const targets = Array.isArray(spec.targets) ? spec.targets : [];
  return [
    ...(typeof spec.target === 'string'
      ? [{ path: ['spec', 'target'], target: spec.target, optional }]
      : []),
    ...targets.map((target, index) => ({
      path: ['spec', 'targets', index],
      target: String(target),
      optional,
    })),
  ];
}

function refuseForeignNamespace(value: JsonObject, tenant: string): void {
  const { namespace } = asObject(value.metadata);
  if (namespace !== undefined && namespace !== tenant) {
    throw new RefusedDocument(
      ['metadata', 'namespace'],
      `namespace ${quote(
        namespace,
      )} is not this source's; expected none, or "${tenant}"`,
    );
  }
}

/** The ref of a refused document, when its name is one and its namespace is ours. */
function refOf(value: JsonObject, tenant: string): string | undefined {
  const { name, namespace } = asObject(value.metadata);
  if (
    typeof value.kind !== 'string' ||
    !/^[a-z][a-z0-9]{0,62}$/i.test(value.kind) ||
    typeof name !== 'string' ||
    !/^[a-z0-9][a-z0-9._-]{0,62}$/i.test(name) ||
    (namespace !== undefined && namespace !== tenant)
  ) {
    return undefined;
  }
  return stringifyEntityRef({ kind: value.kind, namespace: tenant, name });
}

function asObject(value: JsonObject[string]): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? value
    : {};
}
