import { posix } from 'node:path';
import { type JsonObject, type JsonValue } from '@backstage/types';
import { redactSecrets } from '@portico/plugin-bindings-node';
import { parseAllDocuments } from 'yaml';
import { isObject } from '../manifests/ManifestObject';
import { NotRenderable, type RenderInput } from './RenderInput';

/** Reads folders of the tenant's own repositories; undefined for any other address. */
export type ReadBase = (address: {
  cloneUrl: string;
  folder: string;
  commit: string;
}) => Promise<ReadonlyMap<string, string> | undefined>;

/** What an overlay is made of. */
export interface CollectedKustomization {
  input: RenderInput;
  /** Files of the bases at a commit, by a name for people. */
  baseFiles: Map<string, string>;
}

const FILES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
const MOST_FOLDERS = 50;
const BASE = /^(https?:\/\/[^?#]+?)\/\/([^?#]+)\?ref=([0-9a-f]{40})$/;
/** Everything in the tool's folder lies below the number of its repository. */
const OWN = 'overlay';

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

class Collector {
  readonly output = new Map<string, string>();
  readonly baseFiles = new Map<string, string>();
  readonly #readBase: ReadBase;
  readonly #trees = new Map<string, ReadonlyMap<string, string>>();
  readonly #bases = new Map<string, string>();
  readonly #seen = new Set<string>();

  constructor(readBase: ReadBase) {
    this.#readBase = readBase;
  }

  addTree(root: string, tree: ReadonlyMap<string, string>): void {
    this.#trees.set(root, tree);
    for (const [path, content] of tree) {
      // A kustomization that nobody asked for stays away from the tool.
      if (!FILES.includes(posix.basename(path))) {
        this.output.set(posix.join(root, path), content);
      }
    }
  }

  async collect(root: string, folder: string): Promise<void> {
    const key = posix.join(root, folder);
    if (this.#seen.has(key)) {
      return;
    }
    this.#seen.add(key);
    if (this.#seen.size > MOST_FOLDERS) {
      throw new NotRenderable(
        `The overlay is made of more than ${MOST_FOLDERS} folders`,
      );
    }
    const file = this.#kustomizationOf(root, folder);
    if (file === undefined) {
      throw new NotRenderable(`There is no kustomization.yaml in ${folder}`);
    }
    const content = parseKustomization(file.content, file.path);
    const result: JsonObject = {};
    for (const [field, value] of Object.entries(content)) {
      if (value === undefined || value === null) {
        continue;
      }
      if (lists.has(field)) {
        result[field] = await this.#loaded(root, folder, file.path, value);
        continue;
      }
      const pathsOf = Object.hasOwn(files, field) ? files[field] : undefined;
      if (!pathsOf && !plain.has(field)) {
        throw new NotRenderable(
          `${file.path} uses ${field.slice(0, 60)}, which is not rendered here`,
        );
      }
      for (const path of pathsOf?.(value) ?? []) {
        this.#assertFile(root, folder, file.path, path);
      }
      result[field] = value;
    }
    this.output.set(
      posix.join(root, folder, 'kustomization.yaml'),
      JSON.stringify(result),
    );
  }

  #kustomizationOf(root: string, folder: string) {
    const tree = this.#trees.get(root);
    for (const name of FILES) {
      const path = posix.join(folder, name);
      const content = tree?.get(path);
      if (content !== undefined) {
        return { path, content };
      }
    }
    return undefined;
  }

  async #loaded(
    root: string,
    folder: string,
    file: string,
    value: JsonValue,
  ): Promise<string[]> {
    const result: string[] = [];
    for (const entry of listOf(value)) {
      const [, cloneUrl, path, commit] = BASE.exec(String(entry)) ?? [];
      if (cloneUrl && path && commit) {
        const base = await this.#base({ cloneUrl, folder: path, commit });
        result.push(posix.relative(posix.join(root, folder), base));
        continue;
      }
      const local = inside(folder, entry);
      if (local !== undefined && this.#trees.get(root)?.has(local)) {
        result.push(String(entry));
      } else if (
        local !== undefined &&
        this.#kustomizationOf(root, local) !== undefined
      ) {
        await this.collect(root, local);
        result.push(String(entry));
      } else {
        throw new NotRenderable(
          `${file} builds on ${shown(
            entry,
          )}, which is neither in this repository nor a folder of an own repository at a commit`,
        );
      }
    }
    return result;
  }

  /** Puts a base beside the overlay; the same one once. */
  async #base(address: {
    cloneUrl: string;
    folder: string;
    commit: string;
  }): Promise<string> {
    const folder = inside('', address.folder) ?? '';
    const key = `${address.cloneUrl} ${topOf(folder)} ${address.commit}`;
    let root = this.#bases.get(key);
    if (root === undefined) {
      const tree = await this.#readBase({ ...address, folder });
      if (tree === undefined) {
        throw new NotRenderable(
          `The overlay builds on ${shown(
            address.cloneUrl,
          )}, which is no repository of the tenant; nothing is fetched from there`,
        );
      }
      root = `base-${this.#bases.size + 1}`;
      this.#bases.set(key, root);
      this.addTree(root, tree);
      const repository = posix.basename(address.cloneUrl, '.git');
      for (const [path, content] of tree) {
        if (path.startsWith(`${folder}/`)) {
          this.baseFiles.set(`${repository}: ${path}`, content);
        }
      }
    }
    await this.collect(root, folder);
    return posix.join(root, folder);
  }

  #assertFile(root: string, folder: string, file: string, path: JsonValue) {
    const local = inside(folder, path);
    if (local === undefined || !this.#trees.get(root)?.has(local)) {
      throw new NotRenderable(
        `${file} reads ${shown(path)}, which is not in this repository`,
      );
    }
  }
}

/**
 * Collects the kustomization of a folder with everything that it builds on, and writes each
 * kustomization anew: the tool sees only what was understood here, and nothing in it is an
 * address. Bases of the tenant's repositories are read at their commit and become folders.
 *
 * @throws NotRenderable for everything else, with the place
 */
export async function collectKustomization(options: {
  /** Files of the repository, by path. */
  files: ReadonlyMap<string, string>;
  /** Folder of the overlay in it. */
  folder: string;
  readBase: ReadBase;
}): Promise<CollectedKustomization> {
  const collector = new Collector(options.readBase);
  collector.addTree(OWN, options.files);
  await collector.collect(OWN, options.folder);
  return {
    input: {
      tool: 'kustomize',
      files: collector.output,
      folder: posix.join(OWN, options.folder),
    },
    baseFiles: collector.baseFiles,
  };
}

/** The first folder of a path: what is read of a repository at once. */
export function topOf(path: string): string {
  return path.split('/', 1)[0] ?? '';
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
function inside(folder: string, path: JsonValue): string | undefined {
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
function shown(value: JsonValue): string {
  return typeof value === 'string' && !value.includes('\n')
    ? redactSecrets(value.replace(/:\/\/[^/@\s]*@/, '://')).text.slice(0, 200)
    : 'something that is no path';
}
