import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { type Refusal } from '@portico/plugin-tenancy-common';
import { checkDelivery, KnownEnvironments } from '../delivery/checkDelivery';
import { isDeliveryKind } from '../delivery/deliveryKinds';
import { BoundedFiles, RefusedFile } from './BoundedFiles';
import { type CatalogSourceAddress } from './CatalogSourceAddress';
import { readingLimits } from './limits';
import {
  readCatalogFile,
  type ReadEntity,
  type ReadFile,
} from './readCatalogFile';
import { RefusedDocument } from './RefusedDocument';
import { type SourceFiles } from './SourceFiles';

/** Everything that a source declares at one revision. */
export interface ReadSource {
  entities: ReadEntity[];
  refusals: Refusal[];
}

/**
 * Reads a source from its catalog file on, following `Location`s inside of it.
 *
 * @param options.file - path of the catalog file from the source's root
 * @param options.environments - the environments of the tenant's other sources and of the
 *   platform; asked for where the source has environments or pipelines
 * @throws what `files` throws when the source cannot be read now
 */
export async function readSource(options: {
  address: CatalogSourceAddress;
  file: string;
  files: SourceFiles;
  environments?: () => Promise<Entity[]>;
}): Promise<ReadSource> {
  const { address, file: rootFile } = options;
  const files = new BoundedFiles(options.files);
  const entities: ReadFile['entities'] = [];
  const refusals: Refusal[] = [];
  const declared = new Map<string, ReadEntity>();
  const visited = new Set<string>();

  const take = (read: ReadEntity): void => {
    const entityRef = stringifyEntityRef(read.entity);
    const first = declared.get(entityRef);
    const refuse = (reason: string) =>
      refusals.push({ file: read.file, line: read.line, entityRef, reason });
    if (first) {
      refuse(
        `${entityRef} is declared already in ${first.file}, line ${first.line}; expected another name`,
      );
    } else if (entities.length >= readingLimits.entities) {
      refuse(`the source has more than ${readingLimits.entities} entities`);
    } else {
      declared.set(entityRef, read);
      entities.push(read);
    }
  };

  const visit = async (
    path: string,
    depth: number,
    from?: { file: string; line: number; optional: boolean },
  ): Promise<void> => {
    if (visited.has(path)) {
      return;
    }
    visited.add(path);
    if (depth > readingLimits.locationDepth) {
      refusals.push({
        file: from?.file ?? path,
        line: from?.line,
        reason: `Locations lead from file to file more than ${readingLimits.locationDepth} times; expected fewer`,
      });
      return;
    }
    let text: string;
    try {
      text = await files.text(path, readingLimits.fileBytes);
    } catch (error) {
      if (!(error instanceof RefusedFile)) {
        throw error;
      }
      if (!(error.absent && from?.optional)) {
        refusals.push({
          file: from?.file ?? path,
          line: from?.line,
          reason: error.message,
        });
      }
      return;
    }
    const read = await readCatalogFile({ text, file: path, address, files });
    read.entities.forEach(take);
    refusals.push(...read.refusals);
    for (const location of read.locations) {
      await visit(location.path, depth + 1, { file: path, ...location });
    }
  };
  await visit(rootFile, 0);
  const fitting = await refuseUnfitDelivery(
    entities,
    refusals,
    options.environments,
  );

  if (refusals.length > readingLimits.refusals) {
    const more = refusals.length - readingLimits.refusals;
    refusals.length = readingLimits.refusals;
    refusals.push({
      file: rootFile,
      reason: `${more} more documents were refused`,
    });
  }
  return { entities: fitting, refusals };
}

/** Takes out environments and pipelines that do not fit to the others of their tenant. */
async function refuseUnfitDelivery(
  entities: ReadFile['entities'],
  refusals: Refusal[],
  environments: () => Promise<Entity[]> = async () => [],
): Promise<ReadEntity[]> {
  if (!entities.some(({ entity }) => isDeliveryKind(entity.kind))) {
    return entities;
  }
  const known = new KnownEnvironments([
    ...(await environments()),
    ...entities.map(({ entity }) => entity),
  ]);
  return entities.flatMap(({ lineOf, ...read }) => {
    try {
      checkDelivery(read.entity, known);
      return [read];
    } catch (error) {
      if (!(error instanceof RefusedDocument)) {
        throw error;
      }
      refusals.push({
        file: read.file,
        line: lineOf?.(error.path) ?? read.line,
        entityRef: stringifyEntityRef(read.entity),
        reason: error.message,
      });
      return [];
    }
  });
}
