import { type LoggerService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import {
  appendAudit,
  payloadDigest,
  pluginAuditContext,
} from '@portico/plugin-audit-node';
import {
  type Release,
  type ReleaseContent,
} from '@portico/plugin-promotions-common';
import {
  type DeliveryTarget,
  type DeploymentChange,
  type DeploymentRepository,
} from '@portico/plugin-promotions-node';
import { promotionsAuditActs } from '../auditActs';
import { deploymentFilePath } from '../effects/deploymentFilePath';
import { type DeploymentRepositories } from '../effects/DeploymentRepositories';
import { type ResolvedStage } from '../engine/EngineParts';
import { openStores, type Stores } from '../store/openStores';
import { type Declaration, DeclarationStore } from './DeclarationStore';
import { imagesOfComponent } from './imagesOfComponent';
import { type DeclaredImage, readDeclaredImages } from './readDeclaredImages';

const LONGEST_NAME = 200;

/** A change, and what the file declares since then; undefined where nobody can read it. */
interface ReadChange extends DeploymentChange {
  images: DeclaredImage[] | undefined;
}

/** At what is looked. */
interface Look {
  target: DeliveryTarget;
  stage: Pick<ResolvedStage, 'environment'>;
  repository: DeploymentRepository;
  /** Repository, branch and file. */
  place: string;
}

/**
 * Finds what others write into deployment repositories: images that no known release has
 * become one, and where nobody can tell what runs, the commit itself is a deployment.
 *
 * Each change is noted in one transaction with the place that it leads to. So whoever goes on
 * after a kill neither leaves one out nor notes one twice.
 */
export class OutsideChanges {
  readonly #database: PorticoDatabase;
  readonly #repositories: DeploymentRepositories;
  readonly #logger: LoggerService;
  readonly #now: () => Date;

  constructor(options: {
    database: PorticoDatabase;
    repositories: DeploymentRepositories;
    logger: LoggerService;
    now: () => Date;
  }) {
    this.#database = options.database;
    this.#repositories = options.repositories;
    this.#logger = options.logger;
    this.#now = options.now;
  }

  /** Notes what changed in the file of a target since the last look. */
  async look(
    target: DeliveryTarget,
    stage: Pick<ResolvedStage, 'environment'>,
    signal: AbortSignal,
  ): Promise<void> {
    const { host, name, branch } = target.delivery.repository;
    const repository = await this.#repositories.open(target, signal);
    const head = await repository.head(branch);
    if (!head) {
      return;
    }
    const path = deploymentFilePath(target);
    const place = JSON.stringify([host, name, head.branch, path]);
    const last = await this.#inTenant(target, stores =>
      placeOf(stores, target),
    );
    const before = last?.place === place ? last : undefined;
    if (before?.head === head.commit) {
      return;
    }
    const at: Look = { target, stage, repository, place };
    const file = { commit: head.commit, path };
    const isUnchanged =
      before?.change !== undefined &&
      (await repository.lastChange(file)) === before.change;
    const changes = isUnchanged
      ? []
      : this.#newOnes(await repository.changes(file), before, target);
    const after = await this.#noteAll(at, path, before, changes);
    if (after !== 'notYet') {
      await this.#inTenant(target, stores =>
        this.#reach(stores, at, after, head.commit),
      );
    }
  }

  /** @returns where it is then; `notYet` when a part of them is left for another look */
  async #noteAll(
    at: Look,
    path: string,
    before: Declaration | undefined,
    [change, ...rest]: readonly DeploymentChange[],
  ): Promise<Declaration | undefined | 'notYet'> {
    if (!change) {
      return before;
    }
    const read = await readChange(at, path, change);
    const after = await this.#inTenant(at.target, stores =>
      this.#note(stores, at, before, read),
    );
    return after ? this.#noteAll(at, path, after, rest) : 'notYet';
  }

  /** All up to a commit of the branch is noted. */
  async #reach(
    stores: Stores,
    { target, place }: Look,
    after: Declaration | undefined,
    head: string,
  ): Promise<void> {
    await stores.promotions.lockTarget(target);
    const now = await placeOf(stores, target);
    const isTurn = after
      ? now !== undefined && isSamePlace(now, after)
      : now?.place !== place || now.change === undefined;
    if (isTurn) {
      await new DeclarationStore(stores.transaction, stores.tenant).put(
        target,
        { images: [], ...after, place, head, notedAt: this.#now() },
      );
    }
  }

  /**
   * What was not noted yet, oldest first. Of a file that was never looked at, and of a history
   * that was written anew, only what is true now counts.
   */
  #newOnes(
    changes: readonly DeploymentChange[],
    before: Declaration | undefined,
    { component, environment }: DeliveryTarget,
  ): DeploymentChange[] {
    // The file came to be since then.
    if (before && before.change === undefined) {
      return [...changes].reverse();
    }
    const known = changes.findIndex(({ id }) => id === before?.change);
    if (known >= 0) {
      return changes.slice(0, known).reverse();
    }
    if (before) {
      this.#logger.warn(
        `The last change to ${component} in ${environment} that was noted, ${before.change}, is not among the newest of its deployment file: only the newest of them counts`,
      );
    }
    return changes.slice(0, 1);
  }

  /** @returns where it is then; undefined when it is not to be noted by this look */
  async #note(
    stores: Stores,
    { target, stage, repository, place }: Look,
    before: Declaration | undefined,
    change: ReadChange,
  ): Promise<Declaration | undefined> {
    const store = new DeclarationStore(stores.transaction, stores.tenant);
    await stores.promotions.lockTarget(target);
    const last = await store.get(target);
    const isTurn =
      before === undefined
        ? last?.place !== place
        : last !== undefined && isSamePlace(last, before);
    // While a promotion acts, nobody can tell yet whose a commit is.
    if (!isTurn || (await stores.promotions.actingOn(target)) !== undefined) {
      return undefined;
    }
    const newest = await stores.releases.newestOf(target.component);
    const current = await stores.deployments.current(target);
    const images =
      change.images && imagesOfComponent(change.images, newest?.content);
    const digests = digestsOf(images ?? []);
    const was = before
      ? digestsOf(imagesOfComponent(before.images, newest?.content))
      : await digestsOfRelease(stores, current?.release);
    const isOurs = await store.isOurs(target, change, digests);
    const now = this.#now();
    const after: Declaration = {
      place,
      change: change.id,
      images: change.images ?? before?.images ?? [],
      // Deployments follow each other, whatever the clocks of those who commit say.
      notedAt: new Date(
        Math.max(
          now.getTime(),
          ...[before?.notedAt.getTime(), Date.parse(current?.finishedAt ?? '')]
            .filter(time => time !== undefined && !Number.isNaN(time))
            .map(time => Number(time) + 1),
        ),
      ),
      ...(!isOurs && { author: authorOf(change) }),
    };
    if (images && images.length > 0 && !isOurs && !isSame(digests, was)) {
      const release =
        (await stores.releases.newestWith(target.component, digests)) ??
        (await addRelease(stores, {
          target,
          repository,
          change,
          images,
          at: after.notedAt,
        }));
      // Others are asked what runs, and tell when it does.
      if (target.delivery.driver === 'git') {
        await addDeployment(stores, {
          target,
          tier: stage.environment.tier,
          release,
          change,
          at: after.notedAt,
        });
      }
    }
    await store.put(target, after);
    return after;
  }

  #inTenant<T>(
    { tenant }: DeliveryTarget,
    fn: (stores: Stores) => Promise<T>,
  ): Promise<T> {
    return this.#database.inTenant(tenant, transaction =>
      fn(openStores(transaction, tenant)),
    );
  }
}

/** Whom the commit of a change names, so that it is never taken for somebody's ref. */
function authorOf({ id, author }: DeploymentChange): string {
  return `${author.slice(0, LONGEST_NAME)} (commit ${id.slice(0, 12)})`;
}

async function readChange(
  { repository, target }: Look,
  path: string,
  change: DeploymentChange,
): Promise<ReadChange> {
  const text = await repository.readFile({ commit: change.id, path });
  try {
    return {
      ...change,
      images:
        text === undefined
          ? []
          : readDeclaredImages(target.delivery.file, text),
    };
  } catch (error) {
    if (isError(error) && error.name === 'InputError') {
      return { ...change, images: undefined };
    }
    throw error;
  }
}

function placeOf(
  stores: Stores,
  target: DeliveryTarget,
): Promise<Declaration | undefined> {
  return new DeclarationStore(stores.transaction, stores.tenant).get(target);
}

function isSamePlace(one: Declaration, other: Declaration): boolean {
  return one.place === other.place && one.change === other.change;
}

function digestsOf(images: ReleaseContent['images']): string[] {
  return images.map(({ digest }) => digest);
}

async function digestsOfRelease(
  stores: Stores,
  release: string | undefined,
): Promise<string[]> {
  const found = release ? await stores.releases.get(release) : undefined;
  return digestsOf(found?.content.images ?? []);
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());
}

/** Nobody announced it: it moves nowhere by itself, and nobody has vouched for its source. */
async function addRelease(
  stores: Stores,
  found: {
    target: DeliveryTarget;
    repository: DeploymentRepository;
    change: DeploymentChange;
    images: ReleaseContent['images'];
    at: Date;
  },
): Promise<Release | undefined> {
  const { target, repository, change, images, at } = found;
  const { component } = target;
  const content: ReleaseContent = {
    component,
    version: `commit-${change.id.slice(0, 12)}`,
    images,
    charts: [],
  };
  const id = payloadDigest(content);
  const isNew = await stores.releases.add({
    id,
    content,
    announcedBy: 'plugin:promotions',
    announcedAt: at,
    found: 'deploymentRepository',
    foundIn: {
      repository: repository.url,
      commit: change.id,
      author: change.author.slice(0, LONGEST_NAME),
      url: change.url,
    },
    sample: false,
  });
  if (isNew) {
    await appendAudit(stores.transaction, {
      chain: stores.tenant,
      act: promotionsAuditActs.announceRelease,
      context: pluginAuditContext('promotions', {}),
      subject: { kind: 'release', ref: id },
      details: {
        component,
        version: content.version,
        found: 'deploymentRepository',
        commit: change.id,
      },
    });
    await stores.history.addEvent({ type: 'release', component }, at);
  }
  return stores.releases.get(id);
}

async function addDeployment(
  stores: Stores,
  made: {
    target: DeliveryTarget;
    tier: ResolvedStage['environment']['tier'];
    release: Release | undefined;
    change: DeploymentChange;
    at: Date;
  },
): Promise<void> {
  const { target, tier, release, change, at } = made;
  const { component, environment } = target;
  const isNew = await stores.deployments.add({
    component,
    environment,
    tier,
    ...(release && {
      release: release.id,
      version: release.content.version,
      ...(release.content.source && { commit: release.content.source.commit }),
    }),
    revision: change.id,
    result: 'succeeded',
    kind: 'observed',
    source: 'observed',
    initiatedBy: authorOf(change),
    startedAt: at.toISOString(),
    finishedAt: at.toISOString(),
    sample: false,
    observedKey: JSON.stringify([component, environment, 'commit', change.id]),
  });
  if (isNew) {
    await stores.history.addEvent({ type: 'deployment', component }, at);
  }
}
