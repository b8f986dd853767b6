import { posix } from 'node:path';
import { type JsonObject, type JsonValue } from '@backstage/types';
import { redactSecrets } from '@portico/plugin-bindings-node';
import { parseAllDocuments } from 'yaml';
import { isObject } from '../manifests/ManifestObject';
import { NotRenderable } from './RenderInput';

/** What a kustomization is called, the first that is there counts. */
export const KUSTOMIZATION_FILES = [
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
];

const BASE = /^(https?:\/\/[^?#]+?)\/\/([^?#]+)\?ref=([0-9a-f]{40})$/;

/** Fields that say what to load: a list of paths, or of things that have some. */
const lists: ReadonlySet<string> = new Set([
  'resources',
  'bases',
  'components',
]);
const files: Readonly<Record<string, (value: JsonValue) => JsonValue[]>> = {
  patchesStrategicMerge: value =>
    listOf(value).filter(item => !String(item).includes('\n')),
  patches: value => members(value, ['path']),
  patchesJson6902: value => members(value, ['path']),
  replacements: value => members(value, ['path']),
  configurations: listOf,
  crds: listOf,
  configMapGenerator: filesOfGenerators,
  secretGenerator: filesOfGenerators,
};
/** Fields that load nothing. Whatever is in none of the three lists is refused. */
const plain: ReadonlySet<string> = new Set([
  'apiVersion',
  'kind',
  'metadata',
  'namespace',
  'namePrefix',
  'nameSuffix',
  'labels',
  'commonLabels',
  'commonAnnotations',
  'images',
  'replicas',
  'vars',
  'generatorOptions',
  'buildMetadata',
  'sortOptions',
]);

/** A field of a kustomization: what it loads, and what it reads. */
export interface KustomizationField {
  field: string;
  value: JsonValue;
  /** Files, folders and addresses that become part of it. */
  loads?: JsonValue[];
  /** Files that it takes something from. */
  reads: JsonValue[];
}

/**
 * The fields of a kustomization with what they refer to.
 *
 * @throws NotRenderable when it is none, or has a field that is not known here
 */
export function kustomizationFields(
  text: string,
  path: string,
): KustomizationField[] {
  return Object.entries(parseKustomization(text, path)).flatMap(
    ([field, value]): KustomizationField[] => {
      if (value === undefined || value === null) {
        return [];
      }
      if (lists.has(field)) {
        return [{ field, value, loads: listOf(value), reads: [] }];
      }
      const pathsOf = Object.hasOwn(files, field) ? files[field] : undefined;
      if (!pathsOf && !plain.has(field)) {
        throw new NotRenderable(
          `${path} uses ${field.slice(0, 60)}, which is not rendered here`,
        );
      }
      return [{ field, value, reads: pathsOf?.(value) ?? [] }];
    },
  );
}

/** A folder of a repository at a commit; undefined for every other entry. */
export function baseAtCommit(
  entry: JsonValue,
): { cloneUrl: string; folder: string; commit: string } | undefined {
  const [, cloneUrl, folder, commit] = BASE.exec(String(entry)) ?? [];
  return cloneUrl && folder && commit
    ? { cloneUrl, folder, commit }
    : undefined;
}

function parseKustomization(text: string, path: string): JsonObject {
  const documents = parseAllDocuments(text, { logLevel: 'silent' });
  const [document, another] = Array.isArray(documents) ? documents : [];
  if (!document || another || document.errors.length > 0) {
    throw new NotRenderable(`${path} is not one document of YAML`);
  }
  const content: unknown = JSON.parse(
    JSON.stringify(document.toJS({ maxAliasCount: 100 }) ?? null),
  );
  if (!isObject(content)) {
    throw new NotRenderable(`${path} is no kustomization`);
  }
  return content;
}

/** A path below the root of its repository; undefined for everything else. */
export function pathInside(
  folder: string,
  path: JsonValue,
): string | undefined {
  if (typeof path !== 'string' || !/^[A-Za-z0-9._@/-]+$/.test(path)) {
    return undefined;
  }
  const joined = posix.normalize(posix.join(folder, path)).replace(/\/$/, '');
  return path.startsWith('/') || joined === '..' || joined.startsWith('../')
    ? undefined
    : joined;
}

function listOf(value: JsonValue): JsonValue[] {
  return Array.isArray(value) ? value : [value];
}

function members(value: JsonValue, names: readonly string[]): JsonValue[] {
  return listOf(value).flatMap(item =>
    isObject(item)
      ? names.flatMap(name => {
          const member = item[name];
          return member === undefined || member === null ? [] : listOf(member);
        })
      : [],
  );
}

/** `files` may have `<name>=<path>`. */
function filesOfGenerators(value: JsonValue): JsonValue[] {
  return [
    ...members(value, ['files']).map(entry =>
      typeof entry === 'string' ? entry.replace(/^[^=]*=/, '') : entry,
    ),
    ...members(value, ['env', 'envs']),
  ];
}

/** An entry for people; what is in it may be secret. */
export function shownEntry(value: JsonValue): string {
  return typeof value === 'string' && !value.includes('\n')
    ? redactSecrets(value.replace(/:\/\/[^/@\s]*@/, '://')).text.slice(0, 200)
    : 'something that is no path';
}
