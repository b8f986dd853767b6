import { type LoggerService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import { type DeliveryTarget } from '@portico/plugin-promotions-node';
import { randomUUID } from 'crypto';
import { type Knex } from 'knex';
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
import { DeclarationStore } from '../observation/DeclarationStore';
import { type OutsideChanges } from '../observation/OutsideChanges';
import { openStores } from '../store/openStores';
import { classifyDrift, type DriftFacts } from './classifyDrift';
import { DriftStore } from './DriftStore';

/** How often every component is looked at, and how often a replica asks for its turn. */
const EVERY_SECONDS = 60;
const ASK_MS = 15_000;
/** How long a scan waits for the heir of a killed replica: longer than any one look. */
const TURN_SECONDS = 120;
/** What is over within this time was no drift, and nobody is told. */
const TELL_AFTER_MS = 5 * 60_000;
const LONGEST_LOOK_MS = 15_000;

const componentSchema = z.object({ tenant: z.string(), component: z.string() });
type Component = z.infer<typeof componentSchema>;
const turnSchema = z
  .object({ after_tenant: z.string(), after_component: z.string() })
  .transform(row => ({
    tenant: row.after_tenant,
    component: row.after_component,
  }));
/** Before all components. */
const BEGINNING: Component = { tenant: '', component: '' };

/**
 * Looks from time to time whether what runs is what is declared, notes drift, and records
 * deployments that were made outside.
 *
 * There is one scan for all replicas: whichever asks when it is due has the turn, and keeps
 * in the database how far it is, so that another one goes on where a killed one stopped. Two
 * that look at the same time all the same note the same thing once.
 */
export class DriftScan {
  readonly #options: {
    database: PorticoDatabase;
    resolver: PipelineResolver;
    drivers: DeliveryDrivers;
    repositories: DeploymentRepositories;
    changes: Pick<OutsideChanges, 'look'>;
    logger: LoggerService;
    now: () => Date;
  };
  #timer: NodeJS.Timeout | undefined;
  #scanning: Promise<void> = Promise.resolve();
  #stopped = false;
  readonly #replica = randomUUID();

  constructor(options: {
    database: PorticoDatabase;
    resolver: PipelineResolver;
    drivers: DeliveryDrivers;
    repositories: DeploymentRepositories;
    changes: Pick<OutsideChanges, 'look'>;
    logger: LoggerService;
    now: () => Date;
  }) {
    this.#options = options;
  }

  start(): void {
    // Replicas that start together do not ask together.
    this.#schedule(ASK_MS * (1 + Math.random()));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#scanning;
  }

  /**
   * Looks at every component, one after the other, if it is due and no other replica does.
   *
   * @returns whether this replica had the turn until the end
   */
  async takeTurn(): Promise<boolean> {
    const after = await this.#take();
    return after !== undefined && this.scan(after, to => this.#keep(to));
  }

  /**
   * Looks at every component after another one.
   *
   * @param keep - told of each that was looked at; false ends the scan
   * @returns whether it came to the end
   */
  async scan(
    after: Component = BEGINNING,
    keep: (to: Component) => Promise<boolean> = async () => true,
  ): Promise<boolean> {
    for (const component of await this.#componentsAfter(after)) {
      if (this.#stopped) {
        return false;
      }
      await this.#attempt(component.component, () => this.#look(component));
      if (!(await keep(component))) {
        return false;
      }
    }
    return keep(BEGINNING);
  }

  #schedule(wait: number): void {
    if (this.#stopped) {
      return;
    }
    this.#timer = setTimeout(() => {
      this.#scanning = this.#attempt('components', async () => {
        await this.takeTurn();
      }).finally(() => this.#schedule(ASK_MS));
    }, wait);
    this.#timer.unref();
  }

  /** @returns after which component to go on, undefined when it is not this one's turn */
  async #take(): Promise<Component | undefined> {
    const [row] = await this.#options.database.statementAsPlatform({
      name: 'promotions-drift-scan-take',
      text: `update portico_promotions.drift_scan
                set leased_by = $1,
                    leased_until = clock_timestamp() + interval '${TURN_SECONDS} s'
              where due_at <= clock_timestamp()
                and (leased_until is null or leased_until < clock_timestamp())
              returning after_tenant, after_component`,
      values: [this.#replica],
    });
    return row === undefined ? undefined : turnSchema.parse(row);
  }

  /** @returns false when another replica has the turn by now */
  async #keep({ tenant, component }: Component): Promise<boolean> {
    const isOver = component === BEGINNING.component;
    const rows = await this.#options.database.statementAsPlatform({
      name: 'promotions-drift-scan-keep',
      text: `update portico_promotions.drift_scan
                set after_tenant = $2, after_component = $3,
                    due_at = case when $4 then clock_timestamp() + interval '${EVERY_SECONDS} s'
                                  else due_at end,
                    leased_until = case when $4 then null
                      else clock_timestamp() + interval '${TURN_SECONDS} s' end
              where leased_by = $1 and leased_until is not null
              returning id`,
      values: [this.#replica, tenant, component, isOver],
    });
    return rows.length > 0;
  }

  async #componentsAfter({
    tenant,
    component,
  }: Component): Promise<Component[]> {
    const { rows } = await this.#options.database.asPlatform(
      'find components to look at for drift',
      transaction =>
        transaction.raw(
          `select distinct tenant, component from portico_promotions.releases
            where not sample and (tenant, component) > (?, ?)
            order by tenant, component`,
          [tenant, component],
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
      const target = { tenant, component, environment, delivery };
      // First, so that what runs is of a release that is known.
      await this.#attempt(`${component} in ${environment}`, () =>
        this.#options.changes.look(
          target,
          stage,
          AbortSignal.timeout(LONGEST_LOOK_MS),
        ),
      );
      // Plain Git can tell nothing of what runs.
      if (delivery.driver !== 'git') {
        await this.#attempt(`${component} in ${environment}`, () =>
          this.#lookAt(target, stage),
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
      const { deployments, promotions, releases, history, notices } =
        openStores(transaction, tenant);
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
          initiatedBy:
            inspection?.lastOperation?.by ??
            (await declaredBy(transaction, target, outside.digest)) ??
            'outside of Portico',
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
      const { begun, toTell, resolved } = await drift.note(
        target,
        classifyDrift(facts),
        { at, source: observation.source },
      );
      if (toTell > 0) {
        await notices.add({
          kind: 'drift',
          key: `drift ${component} ${environment} ${at.toISOString()}`,
          component,
          environment,
          madeAt: at,
          dueAt: new Date(at.getTime() + TELL_AFTER_MS),
        });
      }
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

/** Whom the commit names that declares an image, where it is none of a promotion. */
async function declaredBy(
  transaction: Knex.Transaction,
  target: DeliveryTarget,
  digest: string,
): Promise<string | undefined> {
  const declared = await new DeclarationStore(transaction, target.tenant).get(
    target,
  );
  return declared?.images.some(image => image.digest === digest)
    ? declared.author
    : undefined;
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
