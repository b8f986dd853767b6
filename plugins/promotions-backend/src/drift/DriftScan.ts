import { type LoggerService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import { type DeliveryTarget } from '@portico/plugin-promotions-node';
import { z } from 'zod';
import { type DeliveryDrivers } from '../effects/DeliveryDrivers';
import { deploymentFilePath } from '../effects/deploymentFilePath';
import { folderOf } from '../effects/DeploymentProposer';
import { type DeploymentRepositories } from '../effects/DeploymentRepositories';
import { readKustomization } from '../effects/edit/readKustomization';
import {
  type PipelineResolver,
  type ResolvedStage,
} from '../engine/EngineParts';
import { openStores } from '../store/openStores';
import { classifyDrift, type DriftFacts } from './classifyDrift';
import { DriftStore } from './DriftStore';

const EVERY_MS = 60_000;
const MOST_PER_SCAN = 200;
const LONGEST_LOOK_MS = 15_000;

const componentSchema = z.object({ tenant: z.string(), component: z.string() });
type Component = z.infer<typeof componentSchema>;

/**
 * Looks from time to time whether what runs is what is declared, notes drift, and records
 * deployments that were made outside.
 *
 * It keeps nothing: two replicas that look at the same time note the same thing once.
 */
export class DriftScan {
  readonly #options: {
    database: PorticoDatabase;
    resolver: PipelineResolver;
    drivers: DeliveryDrivers;
    repositories: DeploymentRepositories;
    logger: LoggerService;
    now: () => Date;
  };
  #timer: NodeJS.Timeout | undefined;
  #scanning: Promise<void> = Promise.resolve();
  #stopped = false;
  /** Where the last scan ended, as there may be more than one takes on. */
  #after: Component = { tenant: '', component: '' };

  constructor(options: {
    database: PorticoDatabase;
    resolver: PipelineResolver;
    drivers: DeliveryDrivers;
    repositories: DeploymentRepositories;
    logger: LoggerService;
    now: () => Date;
  }) {
    this.#options = options;
  }

  start(): void {
    // Replicas that start together do not look together.
    this.#schedule(EVERY_MS * (0.5 + Math.random()));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#scanning;
  }

  /** Looks at the next components, one after the other. */
  async scan(): Promise<void> {
    const components = await this.#next();
    const last = components.at(-1);
    this.#after =
      last && components.length === MOST_PER_SCAN
        ? last
        : { tenant: '', component: '' };
    for (const component of components) {
      if (this.#stopped) {
        return;
      }
      await this.#attempt(component.component, () => this.#look(component));
    }
  }

  #schedule(wait: number): void {
    if (this.#stopped) {
      return;
    }
    this.#timer = setTimeout(() => {
      this.#scanning = this.#attempt('drift', () => this.scan()).finally(() =>
        this.#schedule(EVERY_MS),
      );
    }, wait);
    this.#timer.unref();
  }

  async #next(): Promise<Component[]> {
    const { rows } = await this.#options.database.asPlatform(
      'find components to look at for drift',
      transaction =>
        transaction.raw(
          `select distinct tenant, component from portico_promotions.releases
            where not sample and (tenant, component) > (?, ?)
            order by tenant, component limit ${MOST_PER_SCAN}`,
          [this.#after.tenant, this.#after.component],
        ),
    );
    return z.array(componentSchema).parse(rows);
  }

  async #look({ tenant, component }: Component): Promise<void> {
    const { stages } = await this.#options.resolver.resolve({
      tenant,
      component,
    });
    for (const stage of stages) {
      const { delivery } = stage.environment;
      const environment = stage.name;
      // Plain Git can tell nothing of what runs.
      if (delivery.driver !== 'git') {
        await this.#attempt(`${component} in ${environment}`, () =>
          this.#lookAt({ tenant, component, environment, delivery }, stage),
        );
      }
    }
  }

  async #lookAt(target: DeliveryTarget, stage: ResolvedStage): Promise<void> {
    const { database, drivers, now } = this.#options;
    const signal = AbortSignal.timeout(LONGEST_LOOK_MS);
    const declared = await this.#declared(target, signal);
    const inspection = await drivers.of(target).inspect?.(target, signal);
    const observation =
      inspection?.observation ?? (await drivers.observe(target));
    if (!observation) {
      return;
    }
    const at = now();
    const { tenant, component, environment } = target;
    await database.inTenant(tenant, async transaction => {
      const { deployments, promotions, releases, history } = openStores(
        transaction,
        tenant,
      );
      const drift = new DriftStore(transaction, tenant);
      const current = await deployments.current(target);
      const release = current?.release
        ? await releases.get(current.release)
        : undefined;
      const facts: DriftFacts = {
        now: at,
        ...(declared && { declared }),
        ...(release && {
          deployed: {
            digests: release.content.images.map(({ digest }) => digest),
          },
        }),
        isPromoting: (await promotions.openOf(target)).some(
          ({ promotion }) =>
            promotion.phase === 'running' || promotion.phase === 'verifying',
        ),
        observation,
        ...(inspection && { inspection }),
        pendingSince: await drift.since(target, [
          'pendingChange',
          'manualSyncAging',
        ]),
      };
      const outside = deployedOutside(facts);
      const revision = observation.revision ?? declared?.revision;
      const isNew =
        outside !== undefined &&
        (await deployments.add({
          component,
          environment,
          tier: stage.environment.tier,
          ...(await drift.releaseWith(component, outside.digest)),
          revision,
          result: 'succeeded',
          kind: 'observed',
          source: 'observed',
          initiatedBy: inspection?.lastOperation?.by ?? 'outside of Portico',
          startedAt: at.toISOString(),
          finishedAt: at.toISOString(),
          sample: false,
          observedKey: JSON.stringify([
            component,
            environment,
            outside.digest,
            revision,
          ]),
        }));
      const { begun, resolved } = await drift.note(
        target,
        classifyDrift(facts),
        { at, source: observation.source },
      );
      if (begun + resolved > 0) {
        await history.addEvent({ type: 'drift', component }, at);
      }
      if (isNew) {
        await history.addEvent({ type: 'deployment', component }, at);
      }
    });
  }

  async #declared(
    target: DeliveryTarget,
    signal: AbortSignal,
  ): Promise<DriftFacts['declared']> {
    const { delivery } = target;
    if (delivery.file.format !== 'kustomize') {
      return undefined;
    }
    const repository = await this.#options.repositories.open(target, signal);
    const head = await repository.head(delivery.repository.branch);
    const path = deploymentFilePath(target);
    const text =
      head && (await repository.readFile({ commit: head.commit, path }));
    if (!head || text === undefined) {
      return undefined;
    }
    const revision = await repository.lastChange({
      commit: head.commit,
      path: folderOf(path),
    });
    return {
      revision: revision ?? head.commit,
      digests: readKustomization(text).images.flatMap(
        ({ digest }) => digest ?? [],
      ),
    };
  }

  /** What goes wrong with one does not keep the others from being looked at. */
  async #attempt(what: string, fn: () => Promise<void>): Promise<void> {
    try {
      await fn();
    } catch (error) {
      this.#options.logger.debug(
        `Drift of ${what} could not be looked at: ${
          isError(error) ? error.message : error
        }`,
      );
    }
  }
}

/** What runs healthily, is declared, and no promotion brought. */
function deployedOutside({
  declared,
  deployed,
  isPromoting,
  observation,
}: DriftFacts): { digest: string } | undefined {
  if (isPromoting || observation.health !== 'healthy' || !declared) {
    return undefined;
  }
  const digest = observation.running
    .map(image => image.digest)
    .find(
      running =>
        declared.digests.includes(running) &&
        !(deployed?.digests.includes(running) ?? false),
    );
  return digest === undefined ? undefined : { digest };
}
