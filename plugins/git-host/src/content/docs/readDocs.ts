import { type GitHostApi } from '../../api/GitHostApi';
import {
  docsNavOf,
  docsNavOfFiles,
  firstPage,
  type DocsNavEntry,
} from './docsNav';
import { type DocsSource, joinPath } from './docsSource';

/** The pages of a documentation that lies in a repository. */
export interface Docs {
  /** Folder of the pages, from the root of the repository. */
  folder: string;
  nav: DocsNavEntry[];
}

/** Characters of an `mkdocs.yml` that is looked into. */
const MAX_CONFIG_LENGTH = 100_000;
/** Folders below each other, and in all, that are listed where there is no `nav`. */
const MAX_DEPTH = 3;
const MAX_FOLDERS = 20;

/** Reads which pages there are; `nav` is empty when there are none. */
export async function readDocs(
  gitHost: GitHostApi,
  source: DocsSource,
): Promise<Docs> {
  const { name, gitRef, folder: root } = source;
  const { entries } = await gitHost.tree({ ...name, ref: gitRef, path: root });
  const config = entries.find(entry => /(^|\/)mkdocs\.ya?ml$/.test(entry.path));
  const { docs_dir: docsDir, nav } = config
    ? await readSettings(gitHost, source, config.path)
    : {};
  const folder =
    joinPath([root, typeof docsDir === 'string' ? docsDir : 'docs']) ?? root;
  const isDirectChild = !folder.slice(root ? root.length + 1 : 0).includes('/');
  if (
    isDirectChild &&
    folder !== root &&
    !entries.some(entry => entry.path === folder && entry.kind === 'folder')
  ) {
    return { folder, nav: [] };
  }
  const chosen = docsNavOf(nav);
  if (firstPage(chosen)) {
    return { folder, nav: chosen };
  }
  const files = await listFiles(gitHost, source, folder);
  const prefix = folder === '' ? 0 : folder.length + 1;
  return { folder, nav: docsNavOfFiles(files.map(path => path.slice(prefix))) };
}

/** An `mkdocs.yml` that makes no sense counts as none: the pages can still be read. */
async function readSettings(
  gitHost: GitHostApi,
  source: DocsSource,
  path: string,
): Promise<{ docs_dir?: unknown; nav?: unknown }> {
  const { name, gitRef: ref } = source;
  const [{ content }, { parse }] = await Promise.all([
    gitHost.file({ ...name, ref, path }),
    import('yaml'),
  ]);
  if (content.length > MAX_CONFIG_LENGTH) {
    return {};
  }
  try {
    const settings: unknown = parse(content, { logLevel: 'error' });
    return typeof settings === 'object' && settings !== null
      ? { ...settings }
      : {};
  } catch {
    return {};
  }
}

async function listFiles(
  gitHost: GitHostApi,
  source: DocsSource,
  folder: string,
): Promise<string[]> {
  const files: string[] = [];
  let level = [folder];
  let listed = 0;
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const wanted = level.slice(0, MAX_FOLDERS - listed);
    listed += wanted.length;
    const trees = await Promise.all(
      wanted.map(path =>
        gitHost.tree({ ...source.name, ref: source.gitRef, path }),
      ),
    );
    const entries = trees.flatMap(tree => tree.entries);
    files.push(...entries.filter(e => e.kind === 'file').map(e => e.path));
    level = entries.filter(e => e.kind === 'folder').map(e => e.path);
  }
  return files;
}
