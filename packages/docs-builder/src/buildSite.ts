import {
  lstat,
  mkdir,
  readFile,
  readdir,
  rm,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { type BareRepository, type RepositoryFile } from './BareRepository';
import { runLimited } from './runLimited';
import { type SiteConfig } from './readSiteConfig';

/** The pages to build, and where from. */
export interface SiteSource {
  repository: Pick<BareRepository, 'content'>;
  config: SiteConfig;
  /** Folder of the pages, from the root of the repository. */
  folder: string;
  files: readonly RepositoryFile[];
  /** Used as the first page where the folder has no `index.md`. */
  readme?: RepositoryFile;
  /** Where people see and edit the pages' sources. */
  edit?: { repositoryUrl: string; path: string };
}

/** How long and how much one build may take. */
export interface BuildLimits {
  timeoutMs: number;
  memoryBytes: number;
  files: number;
  sourceBytes: number;
  siteBytes: number;
}

export const buildLimits: BuildLimits = {
  timeoutMs: 60_000,
  memoryBytes: 1536 * 1024 * 1024,
  files: 2_000,
  sourceBytes: 50 * 1024 * 1024,
  siteBytes: 150 * 1024 * 1024,
};

/** What a build needs besides its source. */
export interface BuildEnvironment {
  python: string;
  /** The hook that takes out what reaches beyond the pages. */
  hook: string;
  /** An empty folder for this build alone. */
  workFolder: string;
  limits: BuildLimits;
  signal: AbortSignal;
}

/** The built site, or why there is none. */
export type BuiltSite =
  | { folder: string; files: string[]; log: string }
  | { reason: string; log?: string };

/**
 * Writes the pages out and has MkDocs build them, in a process of its own with an empty
 * environment. The configuration of MkDocs is ours; of the tenant's only values are taken.
 */
export async function buildSite(
  source: SiteSource,
  environment: BuildEnvironment,
): Promise<BuiltSite> {
  const { workFolder, limits } = environment;
  const tooMuch = checkSize(source.files, limits);
  if (tooMuch) return { reason: tooMuch };
  const docs = join(workFolder, 'docs');
  const site = join(workFolder, 'site');
  await mkdir(docs, { recursive: true });
  await mkdir(join(workFolder, 'tmp'), { recursive: true });
  const written = await writePages(source, docs);
  if (!written) {
    return {
      reason: `There is no page to begin with: add ${posix.join(
        source.folder,
        'index.md',
      )}.`,
    };
  }
  const configFile = join(workFolder, 'mkdocs.yml');
  await writeFile(
    configFile,
    // JSON is YAML without tags.
    JSON.stringify(
      mkdocsConfig(source, { docs, site, hook: environment.hook }),
    ),
  );
  const result = await runLimited({
    command: environment.python,
    // Isolated: neither this folder nor anything of the user is looked for modules in.
    args: ['-I', '-B', '-m', 'mkdocs', 'build', '--config-file', configFile],
    cwd: workFolder,
    environment: {
      PATH: '/usr/bin:/bin',
      HOME: workFolder,
      TMPDIR: join(workFolder, 'tmp'),
      LANG: 'C.UTF-8',
      LC_ALL: 'C.UTF-8',
      NO_COLOR: '1',
      NO_MKDOCS_2_WARNING: '1',
      DISABLE_MKDOCS_2_WARNING: 'true',
    },
    timeoutMs: limits.timeoutMs,
    maxOutputBytes: 1024 * 1024,
    bounds: {
      memoryBytes: limits.memoryBytes,
      fileBytes: limits.siteBytes,
      processorSeconds: Math.ceil(limits.timeoutMs / 1000),
    },
    signal: environment.signal,
  });
  const log = result.tail.replaceAll(workFolder, '').trim();
  switch (result.outcome) {
    case 'stopped':
      return { reason: 'The build was stopped.', log };
    case 'timedOut':
      return {
        reason: `MkDocs took longer than ${
          limits.timeoutMs / 1000
        } s and was ended.`,
        log,
      };
    case 'tooMuchOutput':
      return { reason: 'MkDocs printed more than 1 MiB and was ended.', log };
    case 'ended':
      break;
    default:
      return result.outcome satisfies never;
  }
  if (result.code !== 0) {
    return {
      reason:
        // A shell in between tells a signal as a code.
        result.code === undefined || result.code > 128
          ? 'MkDocs was ended by the system: it needed more memory, time or disk than a build may take.'
          : `MkDocs ended with code ${result.code}.`,
      log,
    };
  }
  const files = await siteFiles(site, limits.siteBytes);
  return 'reason' in files
    ? { ...files, log }
    : { folder: site, ...files, log };
}

function mkdocsConfig(
  source: SiteSource,
  folders: { docs: string; site: string; hook: string },
): object {
  const { config, edit } = source;
  return {
    site_name: config.siteName,
    site_description: config.siteDescription ?? '',
    docs_dir: folders.docs,
    site_dir: folders.site,
    // Without this, each page asks a server of others for a typeface.
    theme: { name: 'material', font: false },
    plugins: ['techdocs-core'],
    markdown_extensions: config.markdownExtensions,
    hooks: [folders.hook],
    ...(config.navigation && { nav: config.navigation }),
    ...(edit && { repo_url: edit.repositoryUrl, edit_uri: edit.path }),
  };
}

function checkSize(
  files: readonly RepositoryFile[],
  limits: BuildLimits,
): string | undefined {
  if (files.length > limits.files) {
    return `The folder has ${files.length} files, at most ${limits.files} are built: move what is no documentation elsewhere.`;
  }
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return bytes > limits.sourceBytes
    ? `The folder has ${Math.ceil(bytes / 1024 / 1024)} MiB, at most ${
        limits.sourceBytes / 1024 / 1024
      } MiB are built: move what is no documentation elsewhere.`
    : undefined;
}

/** @returns whether there is a page to begin with */
async function writePages(source: SiteSource, docs: string): Promise<boolean> {
  const { repository, files, folder, readme } = source;
  const write = async (file: RepositoryFile, path: string) => {
    const target = join(docs, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, await repository.content(file), { flag: 'wx' });
  };
  let first = false;
  for (const file of files) {
    const path = posix.relative(folder, file.path);
    first ||= path === 'index.md';
    await write(file, path);
  }
  if (!first && readme) {
    await write(readme, 'index.md');
    return true;
  }
  return first;
}

/** All files of the site; what is no ordinary file is not published. */
async function siteFiles(
  folder: string,
  mostBytes: number,
): Promise<{ files: string[] } | { reason: string }> {
  const files: string[] = [];
  let bytes = 0;
  const entries = await readdir(folder, {
    recursive: true,
    withFileTypes: true,
  });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) continue;
    if (!entry.isFile() || isUnread(posix.relative(folder, path))) {
      await rm(path);
      continue;
    }
    bytes += (await lstat(path)).size;
    files.push(posix.relative(folder, path));
  }
  return bytes > mostBytes
    ? {
        reason: `The pages have more than ${
          mostBytes / 1024 / 1024
        } MiB: make them smaller.`,
      }
    : { files: files.sort() };
}

/** What the theme brings for pages of its own; the reader runs no script of a site. */
function isUnread(path: string): boolean {
  return (
    /^(?:assets|search)\/.*\.(?:js|map)$/.test(path) ||
    ['404.html', 'sitemap.xml', 'sitemap.xml.gz'].includes(path)
  );
}

/** What TechDocs reads beside the pages. */
export async function writeTechDocsMetadata(
  site: { folder: string; files: string[] },
  more: { etag: string; builtAt: Date },
): Promise<void> {
  const path = join(site.folder, 'techdocs_metadata.json');
  const written: unknown = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(
    path,
    JSON.stringify({
      ...(typeof written === 'object' ? written : {}),
      build_timestamp: more.builtAt.getTime(),
      etag: more.etag,
      files: site.files,
    }),
  );
}
