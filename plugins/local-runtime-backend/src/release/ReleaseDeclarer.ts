import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import { pluginAuditContext, recordAudit } from '@portico/plugin-audit-node';
import {
  type Commit,
  DEPLOYMENTS_REPOSITORY,
  type Repository,
} from '@portico/plugin-git-host-common';
import {
  type GitHostService,
  type RepositoryAddress,
} from '@portico/plugin-git-host-node';
import { type RuntimeRelease } from '@portico/plugin-local-runtime-common';
import { localRuntimeAuditActs } from '../auditActs';
import { editOverlay } from '../overlay/editOverlay';
import { type Overlay, readOverlay } from '../overlay/readOverlay';

/** The environment that a release reaches by itself; all others wait for a promotion. */
export const DECLARED_ENVIRONMENT = 'dev';

/** As many commits as the Git host tells of at once. */
const HISTORY = 100;
const ATTEMPTS = 5;

/**
 * What became of a release.
 *
 * - `declared`: the overlay names it now
 * - `settled`: nothing to do, now or later: it is declared already, was declared once,
 *   or is older than what is declared
 * - `waiting`: it cannot be declared yet, and why
 */
export type Declaration =
  | { outcome: 'declared'; commit: string }
  | { outcome: 'settled'; why: 'current' | 'told' | 'older' | 'notOnBranch' }
  | { outcome: 'waiting'; reason: string };

/**
 * Writes a release into the dev overlay of the tenant's deployment repository.
 *
 * It keeps no state: what is declared, and what was declared before, stands in Git. So
 * it can be killed at any instant, and asked as often as one likes.
 */
export class ReleaseDeclarer {
  readonly #database: PorticoDatabase;
  readonly #gitHost: GitHostService;

  constructor(options: { database: PorticoDatabase; gitHost: GitHostService }) {
    this.#database = options.database;
    this.#gitHost = options.gitHost;
  }

  async declare(release: RuntimeRelease): Promise<Declaration> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#declareOnce(release);
      } catch (error) {
        if (error instanceof ConflictError && attempt < ATTEMPTS) {
          // Somebody else committed in between: decide anew on what is there now.
          continue;
        }
        if (
          error instanceof ConflictError ||
          error instanceof InputError ||
          error instanceof NotFoundError
        ) {
          return { outcome: 'waiting', reason: error.message };
        }
        throw error;
      }
    }
  }

  async #declareOnce(release: RuntimeRelease): Promise<Declaration> {
    const { tenant, component } = release;
    const deployments = { tenant, repository: DEPLOYMENTS_REPOSITORY };
    const target = await this.#existing(deployments);
    const folder = `${component}/overlays/${DECLARED_ENVIRONMENT}`;
    const file = `${folder}/kustomization.yaml`;
    const text = (
      await this.#gitHost.readFile({
        ...deployments,
        ref: target.head,
        path: file,
      })
    ).toString('utf8');
    const overlay = readOverlay(text, component);
    assertBuiltFrom(overlay, release, file);

    const settled = await this.#settledWhy(release, overlay, target.head);
    if (settled) {
      return { outcome: 'settled', why: settled };
    }
    const edited = editOverlay(text, {
      component,
      digest: release.digest,
      commit: release.commit.id,
      replicas: release.replicas[DECLARED_ENVIRONMENT] ?? 1,
    });
    const commit = await this.#recorded(release, overlay, correlation =>
      this.#commit(release, {
        deployments,
        target,
        folder,
        text: edited,
        correlation,
      }),
    );
    return { outcome: 'declared', commit };
  }

  async #settledWhy(release: RuntimeRelease, overlay: Overlay, head: string) {
    const { tenant, repository } = release;
    if (
      overlay.digest === release.digest &&
      overlay.base.commit === release.commit.id
    ) {
      return 'current';
    }
    const before = await this.#gitHost.log({
      tenant,
      repository: DEPLOYMENTS_REPOSITORY,
      ref: head,
      limit: HISTORY,
    });
    // Whoever took it back has decided so.
    if (before.some(commit => tellsOf(commit, release))) {
      return 'told';
    }
    const service = await this.#existing({ tenant, repository });
    const history = (ref: string) => this.#history({ tenant, repository }, ref);
    if (!(await history(service.head)).includes(release.commit.id)) {
      return 'notOnBranch';
    }
    // A declared commit that the branch lost to a rewrite is followed by any on it.
    const isOlder =
      overlay.digest !== undefined &&
      overlay.base.commit !== release.commit.id &&
      (await history(overlay.base.commit)).includes(release.commit.id);
    return isOlder ? 'older' : undefined;
  }

  async #commit(
    release: RuntimeRelease,
    to: {
      deployments: RepositoryAddress;
      target: { head: string; defaultBranch: string };
      folder: string;
      text: string;
      correlation: string;
    },
  ): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'portico-overlay-'));
    try {
      await writeFile(join(directory, 'kustomization.yaml'), to.text);
      const { commit } = await this.#gitHost.commit({
        ...to.deployments,
        branch: to.target.defaultBranch,
        message: `Run ${release.component} ${release.version} in ${DECLARED_ENVIRONMENT}`,
        author: { name: 'Portico', email: 'portico@portico.invalid' },
        onBehalfOf: 'plugin:local-runtime',
        by: pluginAuditContext('local-runtime', {
          correlation: to.correlation,
        }),
        directory,
        overlayPath: to.folder,
        expectedHead: to.target.head,
        trailers: trailersOf(release),
      });
      return commit;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  /** Records the beginning before anything changes, and the end after it. */
  async #recorded(
    release: RuntimeRelease,
    overlay: Overlay,
    fn: (correlation: string) => Promise<string>,
  ): Promise<string> {
    const correlation = randomUUID();
    const record = (
      outcome: 'started' | 'succeeded' | 'failed',
      more: { reason?: string; details?: Record<string, string> } = {},
    ) =>
      recordAudit(this.#database, {
        chain: release.tenant,
        act: localRuntimeAuditActs.declareRelease,
        context: pluginAuditContext('local-runtime'),
        subject: {
          kind: 'component',
          ref: `component:${release.tenant}/${release.component}`,
        },
        correlation,
        outcome,
        ...(more.reason && { reason: more.reason }),
        details: {
          environment: DECLARED_ENVIRONMENT,
          digest: release.digest,
          commit: release.commit.id,
          before: overlay.digest ?? '',
          version: release.version,
          run: release.runId,
          ...more.details,
        },
      });
    await record('started');
    try {
      const commit = await fn(correlation);
      await record('succeeded', { details: { declaredBy: commit } });
      return commit;
    } catch (error) {
      await record('failed', {
        reason:
          error instanceof ConflictError
            ? 'The deployment repository changed in the meantime'
            : 'The deployment repository could not be written',
      });
      throw error;
    }
  }

  async #existing(
    address: RepositoryAddress,
  ): Promise<Repository & { head: string }> {
    const repository = await this.#gitHost.get(address);
    if (!repository?.head) {
      throw new NotFoundError(
        `There is no commit in ${address.tenant}/${address.repository} yet`,
      );
    }
    return { ...repository, head: repository.head };
  }

  /** Ids of a commit and what came before it; empty where it is gone. */
  async #history(address: RepositoryAddress, ref: string): Promise<string[]> {
    try {
      const commits = await this.#gitHost.log({
        ...address,
        ref,
        limit: HISTORY,
      });
      return commits.map(({ id }) => id);
    } catch (error) {
      if (error instanceof NotFoundError) {
        return [];
      }
      throw error;
    }
  }
}

/** A release may change only the overlay of its own repository. */
function assertBuiltFrom(
  overlay: Overlay,
  { tenant, repository }: RuntimeRelease,
  file: string,
): void {
  const { pathname } = new URL(overlay.base.cloneUrl);
  if (!pathname.endsWith(`/${tenant}/${repository}.git`)) {
    throw new InputError(
      `${file} builds on another repository than ${tenant}/${repository}: a component is declared from its own repository only`,
    );
  }
}

function trailersOf(release: RuntimeRelease): Record<string, string> {
  return {
    'Portico-Component': release.component,
    'Portico-Environment': DECLARED_ENVIRONMENT,
    'Portico-Release': release.digest,
    'Portico-Source-Commit': release.commit.id,
    'Portico-Version': release.version,
    'Portico-Run': release.runId,
  };
}

const identifying = [
  'Portico-Component',
  'Portico-Environment',
  'Portico-Release',
  'Portico-Source-Commit',
] as const;

function tellsOf({ trailers }: Commit, release: RuntimeRelease): boolean {
  const wanted = trailersOf(release);
  return identifying.every(name => trailers[name] === wanted[name]);
}
