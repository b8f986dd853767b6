import { posix } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

/** An entity whose documentation lies in the repository that declares it. */
export interface DocumentedEntity {
  kind: string;
  namespace: string;
  name: string;
  /** Folder of `mkdocs.yml`, from the root of the repository; `.` for the root itself. */
  folder: string;
}

/** Reads a file of the repository; undefined where there is none. */
export type ReadFile = (path: string) => Promise<string | undefined>;

const MOST_FILES = 50;
const MOST_ENTITIES = 500;

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/);

const entitySchema = z.object({
  kind: z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,62}$/),
  metadata: z.object({
    name,
    namespace: name.optional(),
    annotations: z.object({
      'backstage.io/techdocs-ref': z.string().max(500),
    }),
  }),
});

const locationSchema = z.object({
  kind: z.literal('Location'),
  spec: z.object({
    target: z.string().optional(),
    targets: z.array(z.string()).optional(),
  }),
});

/**
 * The entities of a repository with documentation in it: those of `catalog-info.yaml`
 * and of the files that its `Location`s name.
 *
 * @param tenant - the only namespace that the repository may declare
 */
export async function readDocumentedEntities(
  tenant: string,
  readFile: ReadFile,
): Promise<DocumentedEntity[]> {
  const found = new Map<string, DocumentedEntity>();
  const files = ['catalog-info.yaml'];
  for (let index = 0; index < files.length && index < MOST_FILES; index++) {
    const file = files[index];
    const text = await readFile(file);
    for (const document of text === undefined ? [] : documentsOf(text)) {
      const location = locationSchema.safeParse(document);
      if (location.success) {
        const { target, targets = [] } = location.data.spec;
        for (const next of [...targets, ...(target ? [target] : [])]) {
          const path = inside(posix.dirname(file), next);
          if (path && !files.includes(path)) files.push(path);
        }
      }
      const entity = documentedEntity(tenant, file, document);
      if (entity && found.size < MOST_ENTITIES) {
        const key = publishedPath(entity);
        if (!found.has(key)) found.set(key, entity);
      }
    }
  }
  return [...found.values()];
}

/** Where the pages of an entity lie in the folder of the stock local publisher. */
export function publishedPath(
  entity: Pick<DocumentedEntity, 'kind' | 'namespace' | 'name'>,
): string {
  return [entity.namespace, entity.kind, entity.name]
    .map(part => part.toLocaleLowerCase('en-US'))
    .join('/');
}

function documentedEntity(
  tenant: string,
  file: string,
  document: unknown,
): DocumentedEntity | undefined {
  const parsed = entitySchema.safeParse(document);
  if (!parsed.success) return undefined;
  const { kind, metadata } = parsed.data;
  if ((metadata.namespace ?? tenant) !== tenant) return undefined;
  const reference = metadata.annotations['backstage.io/techdocs-ref'];
  const folder = reference.startsWith('dir:')
    ? inside(posix.dirname(file), reference.slice('dir:'.length) || '.')
    : undefined;
  return folder === undefined
    ? undefined
    : { kind, namespace: tenant, name: metadata.name, folder };
}

/** A path from the root, or undefined where it leads out. */
function inside(folder: string, target: string): string | undefined {
  if (target.startsWith('/') || /[\0\\:*?]/.test(target)) return undefined;
  const path = posix.join(folder, target).replace(/\/$/, '');
  return path === '..' || path.startsWith('../') ? undefined : path;
}

function documentsOf(text: string): unknown[] {
  return parseAllDocuments(text).flatMap(document => {
    if (document.errors.length > 0) return [];
    try {
      return [document.toJS({ maxAliasCount: 20 })];
    } catch {
      return [];
    }
  });
}
