import { posix } from 'node:path';
import { type JsonObject, type JsonValue } from '@backstage/types';
import {
  baseAtCommit,
  KUSTOMIZATION_FILES,
  kustomizationFields,
  pathInside,
  shownEntry,
} from './kustomizationFields';
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

const MOST_FOLDERS = 50;
/** Everything in the tool's folder lies below the number of its repository. */
const OWN = 'overlay';

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
      if (!KUSTOMIZATION_FILES.includes(posix.basename(path))) {
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
    const result: JsonObject = {};
    for (const { field, value, loads, reads } of kustomizationFields(
      file.content,
      file.path,
    )) {
      for (const path of reads) {
        this.#assertFile(root, folder, file.path, path);
      }
      result[field] = loads
        ? await this.#loaded(root, folder, file.path, loads)
        : value;
    }
    this.output.set(
      posix.join(root, folder, 'kustomization.yaml'),
      JSON.stringify(result),
    );
  }

  #kustomizationOf(root: string, folder: string) {
    const tree = this.#trees.get(root);
    for (const name of KUSTOMIZATION_FILES) {
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
    entries: readonly JsonValue[],
  ): Promise<string[]> {
    const result: string[] = [];
    for (const entry of entries) {
      const address = baseAtCommit(entry);
      if (address) {
        const base = await this.#base(address);
        result.push(posix.relative(posix.join(root, folder), base));
        continue;
      }
      const local = pathInside(folder, entry);
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
          `${file} builds on ${shownEntry(
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
    const folder = pathInside('', address.folder) ?? '';
    const key = `${address.cloneUrl} ${topOf(folder)} ${address.commit}`;
    let root = this.#bases.get(key);
    if (root === undefined) {
      const tree = await this.#readBase({ ...address, folder });
      if (tree === undefined) {
        throw new NotRenderable(
          `The overlay builds on ${shownEntry(
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
    const local = pathInside(folder, path);
    if (local === undefined || !this.#trees.get(root)?.has(local)) {
      throw new NotRenderable(
        `${file} reads ${shownEntry(path)}, which is not in this repository`,
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
