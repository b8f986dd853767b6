import { posix } from 'node:path';
import { type JsonValue } from '@backstage/types';
import { type Delivery, type Subject } from '@portico/plugin-promotions-common';
import {
  contentDigest,
  type DeploymentFileContent,
  type DeploymentRepository,
} from '@portico/plugin-promotions-node';
import {
  baseAtCommit,
  KUSTOMIZATION_FILES,
  kustomizationFields,
  pathInside,
  shownEntry,
} from '../../diff/rendering/kustomizationFields';
import { NotRenderable } from '../../diff/rendering/RenderInput';
import { assertDependenciesPinned, readsOtherFiles } from './helmChart';

/** A file as rendering reads it. */
export type ManifestFile = Subject['files'][number];

const MOST_FILES = 500;
/** What no text has stands for bytes that are none: several contents look alike. */
const NO_TEXT = '\uFFFD';

/** The deployment repository at one commit, with our change in it. */
class ChangedRepository {
  readonly #repository: DeploymentRepository;
  readonly #commit: string;
  readonly #changed: ReadonlyMap<string, string>;
  readonly #found = new Map<string, string>();

  constructor(options: {
    repository: DeploymentRepository;
    commit: string;
    changed: readonly DeploymentFileContent[];
  }) {
    this.#repository = options.repository;
    this.#commit = options.commit;
    this.#changed = new Map(
      options.changed.map(({ path, content }) => [path, content]),
    );
  }

  async read(path: string): Promise<string | undefined> {
    return (
      this.#changed.get(path) ??
      (await this.#repository.readFile({ commit: this.#commit, path }))
    );
  }

  async readFolder(folder: string): Promise<Map<string, string>> {
    const files = await this.#repository.readFolder({
      commit: this.#commit,
      path: folder,
    });
    const prefix = folder === '' ? '' : `${folder}/`;
    return new Map([
      ...files.map(({ path, content }) => [path, content] as const),
      ...[...this.#changed].filter(([path]) => path.startsWith(prefix)),
    ]);
  }

  /** Notes that rendering reads a file. */
  async add(path: string, content: string): Promise<void> {
    if (this.#found.size >= MOST_FILES && !this.#found.has(path)) {
      throw new NotRenderable(
        `It is rendered from more than ${MOST_FILES} files`,
      );
    }
    const folder = posix.dirname(path);
    // The commit that changed its folder last says which bytes they are.
    const bytes = content.includes(NO_TEXT)
      ? await this.#repository.lastChange({
          commit: this.#commit,
          path: folder === '.' ? '' : folder,
        })
      : undefined;
    this.#found.set(
      path,
      contentDigest(bytes === undefined ? content : `${bytes} ${content}`),
    );
  }

  files(): ManifestFile[] {
    return [...this.#found]
      .map(([path, digest]) => ({ path, digest }))
      .sort((one, other) => (one.path < other.path ? -1 : 1));
  }
}

/**
 * Exactly the files of a deployment repository that rendering reads for a target, with what
 * is in them after our change. What an overlay takes from another repository at a commit is
 * named by that commit, so the overlay's own text stands for it.
 *
 * @throws NotRenderable when that cannot be told, with the reason for people
 */
export async function collectManifestFiles(options: {
  repository: DeploymentRepository;
  commit: string;
  format: Delivery['file']['format'];
  /** The file that the promotion edits. */
  entry: string;
  /** Files as they will be. */
  changed: readonly DeploymentFileContent[];
}): Promise<ManifestFile[]> {
  const { format, entry } = options;
  const files = new ChangedRepository(options);
  switch (format) {
    case 'kustomize':
      await addKustomization(files, posix.dirname(entry), new Set());
      break;
    case 'helm':
      await addChart(files, entry);
      break;
    case 'yaml':
      // What lies beside it is signed by the commit that changed the folder last.
      await addFile(files, entry, entry);
      break;
    default:
      format satisfies never;
  }
  return files.files();
}

async function addFile(
  files: ChangedRepository,
  path: string,
  reader: string,
): Promise<void> {
  const content = await files.read(path);
  if (content === undefined) {
    throw new NotRenderable(`${reader} reads ${path}, which is not there`);
  }
  await files.add(path, content);
}

async function addKustomization(
  files: ChangedRepository,
  folder: string,
  seen: Set<string>,
): Promise<void> {
  if (seen.has(folder)) {
    return;
  }
  seen.add(folder);
  const found = await readKustomizationOf(files, folder);
  if (!found) {
    throw new NotRenderable(`There is no kustomization.yaml in ${folder}`);
  }
  const { path, content } = found;
  await files.add(path, content);
  for (const { loads = [], reads } of kustomizationFields(content, path)) {
    for (const entry of reads) {
      await addFile(files, insideOf(folder, entry, path), path);
    }
    for (const entry of loads.filter(one => !baseAtCommit(one))) {
      const local = insideOf(folder, entry, path);
      const loaded = await files.read(local);
      await (loaded === undefined
        ? addKustomization(files, local, seen)
        : files.add(local, loaded));
    }
  }
}

async function readKustomizationOf(
  files: ChangedRepository,
  folder: string,
): Promise<{ path: string; content: string } | undefined> {
  for (const name of KUSTOMIZATION_FILES) {
    const path = posix.join(folder, name);
    const content = await files.read(path);
    if (content !== undefined) {
      return { path, content };
    }
  }
  return undefined;
}

function insideOf(folder: string, entry: JsonValue, file: string): string {
  const local = pathInside(folder, entry);
  if (local === undefined) {
    throw new NotRenderable(
      `${file} builds on ${shownEntry(
        entry,
      )}, which can change while the repository does not; name a folder of it, or one of another repository with its whole commit (?ref=…)`,
    );
  }
  return local;
}

/** The nearest chart above the values. */
async function addChart(
  files: ChangedRepository,
  values: string,
): Promise<void> {
  for (let folder = posix.dirname(values); ; folder = posix.dirname(folder)) {
    if ((await files.read(posix.join(folder, 'Chart.yaml'))) !== undefined) {
      await addChartFolder(files, folder === '.' ? '' : folder, values);
      return;
    }
    if (folder === '.' || folder === '/') {
      throw new NotRenderable(
        `There is no Chart.yaml beside or above ${values}`,
      );
    }
  }
}

async function addChartFolder(
  files: ChangedRepository,
  folder: string,
  values: string,
): Promise<void> {
  const all = await files.readFolder(folder);
  const prefix = folder === '' ? '' : `${folder}/`;
  const inChart = new Map(
    [...all].map(([path, content]) => [path.slice(prefix.length), content]),
  );
  assertDependenciesPinned(inChart, `${prefix}Chart.yaml`);
  const isRead = readsOtherFiles(inChart);
  for (const [path, content] of inChart) {
    if (`${prefix}${path}` === values || isRead(path)) {
      await files.add(`${prefix}${path}`, content);
    }
  }
}
