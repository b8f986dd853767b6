import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type DocsBuild } from '@portico/docs-builder-common';
import { BareRepository } from './BareRepository';
import {
  type BuildLimits,
  buildSite,
  type SiteSource,
  writeTechDocsMetadata,
} from './buildSite';
import {
  type DocumentedEntity,
  publishedPath,
  readDocumentedEntities,
} from './DocumentedEntity';
import { PublishedDocs } from './PublishedDocs';
import { type PythonEnvironment } from './PythonEnvironment';
import { readSiteConfig, SiteConfigError } from './readSiteConfig';

/** Bumped when the same source would give other pages. */
const BUILDER_VERSION = 3;

/** Where the builder reads and writes. */
export interface DocsBuilderOptions {
  /** Bare repositories of the Git host. */
  repositories: string;
  /** Folder of the stock local publisher. */
  published: string;
  /** On the same disk as `published`; emptied at the start. */
  work: string;
  /** The hook that is loaded into MkDocs. */
  hook: string;
  /** Address of the portal, for links to the pages' sources. */
  baseUrl?: string;
  limits: BuildLimits;
  /** Milliseconds between two looks at the repositories. */
  intervalMs: number;
  /** Settles when Python is there, or cannot be. */
  python: Promise<PythonEnvironment>;
  log: (line: string) => void;
  signal: AbortSignal;
}

/** The documentation of one entity at one commit. */
interface Job {
  path: string;
  repository: BareRepository;
  head: { branch: string; commit: string };
  entity: DocumentedEntity;
}

/**
 * Keeps the published documentation as the repositories have it: looks at their heads
 * every few seconds, and builds one site after the other.
 */
export class DocsBuilder {
  readonly #options: DocsBuilderOptions;
  readonly #docs: PublishedDocs;
  /** Commit per repository whose entities are known. */
  readonly #seen = new Map<string, string>();
  /** Path to job, oldest first; a newer commit takes the place of an older one. */
  readonly #jobs = new Map<string, Job>();
  #python: PythonEnvironment | undefined;

  private constructor(options: DocsBuilderOptions, docs: PublishedDocs) {
    this.#options = options;
    this.#docs = docs;
    options.python.then(
      python => {
        this.#python = python;
      },
      error => {
        this.#python = { missing: `MkDocs could not be installed: ${error}` };
      },
    );
  }

  /** Runs until the signal aborts. */
  static async run(options: DocsBuilderOptions): Promise<void> {
    await rm(options.work, { recursive: true, force: true });
    await mkdir(options.work, { recursive: true });
    const docs = await PublishedDocs.open(options.published);
    const builder = new DocsBuilder(options, docs);
    while (!options.signal.aborted) {
      await builder.#look();
      await builder.#buildNext();
      if (builder.#idle) {
        await delay(options.intervalMs, undefined, {
          signal: options.signal,
        }).catch(() => {});
      }
    }
  }

  get #idle(): boolean {
    return this.#jobs.size === 0 || this.#python === undefined;
  }

  /** Finds out what changed since the last look. */
  async #look(): Promise<void> {
    const repositories = await BareRepository.list(this.#options.repositories);
    const present = new Set(repositories.map(({ address }) => address));
    for (const address of new Set([
      ...this.#seen.keys(),
      ...this.#docs.all().map(([, record]) => record.repository),
    ])) {
      if (!present.has(address)) await this.#forget(address, new Set());
    }
    for (const repository of repositories) {
      if (this.#options.signal.aborted) return;
      const head = await repository.head();
      if (head && this.#seen.get(repository.address) !== head.commit) {
        await this.#read(repository, head).catch(error =>
          this.#options.log(`${repository.address}: ${error}`),
        );
        // Also after a failure: the same commit would fail again.
        this.#seen.set(repository.address, head.commit);
      }
    }
  }

  async #read(
    repository: BareRepository,
    head: { branch: string; commit: string },
  ): Promise<void> {
    const entities = await readDocumentedEntities(repository.tenant, path =>
      repository.text(head.commit, path),
    );
    const own = new Set<string>();
    for (const entity of entities) {
      const path = publishedPath(entity);
      const before = this.#docs.record(path);
      if (before && before.repository !== repository.address) {
        this.#options.log(
          `${path} of ${repository.address} is left out: ${before.repository} declares it already`,
        );
      } else if (await this.#docs.isForeign(path)) {
        this.#options.log(`${path} is left out: it was published otherwise`);
      } else {
        own.add(path);
        this.#jobs.delete(path);
        this.#jobs.set(path, { path, repository, head, entity });
        if (!before) {
          await this.#docs.note(path, this.#state(repository, head, 'waiting'));
        }
      }
    }
    await this.#forget(repository.address, own);
  }

  /** Takes away what a repository no longer declares. */
  async #forget(address: string, still: ReadonlySet<string>): Promise<void> {
    this.#seen.delete(address);
    for (const [path, record] of this.#docs.all()) {
      if (record.repository === address && !still.has(path)) {
        this.#jobs.delete(path);
        await this.#docs.remove(path);
      }
    }
  }

  async #buildNext(): Promise<void> {
    const [job] = this.#jobs.values();
    if (!job || !this.#python) return;
    this.#jobs.delete(job.path);
    try {
      await this.#build(job, this.#python);
    } catch (error) {
      if (this.#options.signal.aborted) return;
      this.#options.log(`${job.path}: ${error}`);
      await this.#docs.note(job.path, {
        ...this.#state(job.repository, job.head, 'failed'),
        reason:
          error instanceof SiteConfigError
            ? error.message
            : 'The portal could not build the pages; its log says more.',
      });
    }
  }

  async #build(job: Job, python: PythonEnvironment): Promise<void> {
    const { path, repository, head } = job;
    const before = this.#docs.record(path);
    if ('missing' in python) {
      if (before?.state === 'succeeded') return;
      await this.#docs.note(path, {
        ...this.#state(repository, head, 'unavailable'),
        reason: python.missing,
      });
      return;
    }
    const { source, leftOut } = await this.#source(job);
    const fingerprint = fingerprintOf(source, python.digest);
    if (
      before?.fingerprint === fingerprint &&
      (before.state === 'succeeded' || before.state === 'failed')
    ) {
      return;
    }
    await this.#docs.note(path, this.#state(repository, head, 'building'));
    const started = Date.now();
    const workFolder = join(this.#options.work, 'build');
    await rm(workFolder, { recursive: true, force: true });
    await mkdir(workFolder, { recursive: true });
    const built = await buildSite(source, {
      python: python.python,
      hook: this.#options.hook,
      workFolder,
      limits: this.#options.limits,
      signal: this.#options.signal,
    });
    this.#options.signal.throwIfAborted();
    const record = {
      ...this.#state(repository, head, 'failed'),
      fingerprint,
      seconds: Math.round((Date.now() - started) / 100) / 10,
      ...(built.log && { log: built.log }),
      notes: [...source.config.notes, ...leftOut],
    };
    if ('reason' in built) {
      this.#options.log(`${path}: ${built.reason}`);
      await this.#docs.note(path, { ...record, reason: built.reason });
    } else {
      await writeTechDocsMetadata(built, {
        etag: head.commit,
        builtAt: new Date(),
      });
      await this.#docs.publish(path, built.folder, {
        ...record,
        state: 'succeeded',
      });
      this.#options.log(`${path}: built in ${record.seconds} s`);
    }
    await rm(workFolder, { recursive: true, force: true });
  }

  async #source(job: Job): Promise<{ source: SiteSource; leftOut: string[] }> {
    const { repository, head, entity } = job;
    const read = (name: string) =>
      repository.text(head.commit, posix.join(entity.folder, name));
    const text = (await read('mkdocs.yml')) ?? (await read('mkdocs.yaml'));
    const config = readSiteConfig(text, entity.name);
    const folder = posix.join(entity.folder, config.docsFolder);
    const { files, leftOut } = await repository.files(head.commit, folder);
    const readmePath = posix.join(entity.folder, 'README.md');
    const readme = (await repository.files(head.commit, readmePath)).files.find(
      ({ path }) => path === readmePath,
    );
    const { baseUrl } = this.#options;
    return {
      source: {
        repository,
        config,
        folder,
        files,
        ...(readme && { readme }),
        ...(baseUrl && {
          edit: {
            repositoryUrl: `${baseUrl}/api/git-host/${repository.address}`,
            path: `_edit/${head.branch}/${folder}/`,
          },
        }),
      },
      leftOut: leftOut
        .slice(0, 20)
        .map(
          path => `${JSON.stringify(path)} is no ordinary file and is left out`,
        ),
    };
  }

  #state(
    repository: BareRepository,
    head: { commit: string },
    state: DocsBuild['state'],
  ): DocsBuild {
    return {
      state,
      repository: repository.address,
      commit: head.commit,
      at: new Date().toISOString(),
    };
  }
}

function fingerprintOf(source: SiteSource, pythonDigest: string): string {
  const { config, folder, files, readme, edit } = source;
  return createHash('sha256')
    .update(
      JSON.stringify([
        BUILDER_VERSION,
        pythonDigest,
        config,
        folder,
        files.map(({ path, id }) => [path, id]),
        readme?.id,
        edit,
      ]),
    )
    .digest('hex');
}
