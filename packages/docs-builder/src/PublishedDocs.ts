import {
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type DocsBuild,
  docsBuildFile,
  docsBuildSchema,
} from '@portico/docs-builder-common';

/**
 * The folder of the stock local publisher, `<namespace>/<kind>/<name>`, with a record of
 * the build beside the pages. A folder without a record was published by somebody else
 * and stays as it is.
 */
export class PublishedDocs {
  readonly #directory: string;
  readonly #records = new Map<string, DocsBuild>();

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** Reads what was published before. */
  static async open(directory: string): Promise<PublishedDocs> {
    const docs = new PublishedDocs(directory);
    for (const namespace of await list(directory)) {
      for (const kind of await list(join(directory, namespace))) {
        for (const name of await list(join(directory, namespace, kind))) {
          const path = `${namespace}/${kind}/${name}`;
          const record = await docs.#read(path);
          if (record) docs.#records.set(path, record);
        }
      }
    }
    return docs;
  }

  /** What is published by this builder, with its paths. */
  all(): Array<[path: string, record: DocsBuild]> {
    return [...this.#records];
  }

  /** How the last build for a path went. */
  record(path: string): DocsBuild | undefined {
    return this.#records.get(path);
  }

  /** True where somebody else published. */
  async isForeign(path: string): Promise<boolean> {
    return (
      !this.#records.has(path) &&
      (await list(join(this.#directory, path))).length > 0
    );
  }

  /** Tells how a build goes; pages that are there stay. */
  async note(path: string, record: DocsBuild): Promise<void> {
    const folder = join(this.#directory, path);
    await mkdir(folder, { recursive: true });
    await writeRecord(folder, record);
    this.#records.set(path, record);
  }

  /** Replaces the pages by a folder, which moves there as a whole. */
  async publish(
    path: string,
    folder: string,
    record: DocsBuild,
  ): Promise<void> {
    await writeRecord(folder, record);
    const target = join(this.#directory, path);
    const old = `${folder}.old`;
    await mkdir(dirname(target), { recursive: true });
    await rename(target, old).catch(ignoreAbsence);
    await rename(folder, target);
    await rm(old, { recursive: true, force: true });
    this.#records.set(path, record);
  }

  /** Takes the pages of an entity away. */
  async remove(path: string): Promise<void> {
    await rm(join(this.#directory, path), { recursive: true, force: true });
    this.#records.delete(path);
  }

  async #read(path: string): Promise<DocsBuild | undefined> {
    try {
      const text = await readFile(
        join(this.#directory, path, docsBuildFile),
        'utf8',
      );
      return docsBuildSchema.parse(JSON.parse(text));
    } catch {
      return undefined;
    }
  }
}

async function writeRecord(folder: string, record: DocsBuild): Promise<void> {
  const path = join(folder, docsBuildFile);
  await writeFile(`${path}.new`, JSON.stringify(record));
  await rename(`${path}.new`, path);
}

async function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

function ignoreAbsence(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
