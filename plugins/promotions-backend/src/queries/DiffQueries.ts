import { NotFoundError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import {
  type DeploymentDiff,
  digestSchema,
} from '@portico/plugin-promotions-common';
import { type DeploymentDiffer, type DiffSide } from '../diff/DeploymentDiffer';
import { type PipelineResolver, type Proposer } from '../engine/EngineParts';
import { openStores } from '../store/openStores';

const LONGEST_MILLISECONDS = 30_000;

/** Works out what promotions change, and what lies between two environments or releases. */
export class DiffQueries {
  readonly #database: PorticoDatabase;
  readonly #differ: DeploymentDiffer;
  readonly #proposer: Proposer;
  readonly #resolver: PipelineResolver;

  constructor(options: {
    database: PorticoDatabase;
    differ: DeploymentDiffer;
    proposer: Proposer;
    resolver: PipelineResolver;
  }) {
    this.#database = options.database;
    this.#differ = options.differ;
    this.#proposer = options.proposer;
    this.#resolver = options.resolver;
  }

  /**
   * What a promotion wrote, or would write now.
   *
   * @throws NotFoundError when the tenant has no such promotion
   */
  async ofPromotion(address: {
    tenant: string;
    id: string;
  }): Promise<DeploymentDiff> {
    const { tenant, id } = address;
    const read = await this.#database.inTenant(tenant, async transaction => {
      const { promotions, history } = openStores(transaction, tenant);
      const stored = await promotions.get(id);
      const digest = stored?.promotion.subject;
      return {
        stored,
        subject: digest ? await history.subject(id, digest) : undefined,
      };
    });
    if (!read.stored) {
      throw new NotFoundError(`There is no promotion ${id}`);
    }
    const { promotion, stage, declaredRevision } = read.stored;
    const { component, environment, release, before, kind } = promotion;
    if (promotion.sample) {
      // It wrote nothing, and nobody will: what it names is all there is.
      return this.#differ.between({
        tenant,
        component,
        from: { release: before },
        to: { release },
        signal: AbortSignal.timeout(LONGEST_MILLISECONDS),
      });
    }
    const target = {
      tenant,
      component,
      environment,
      delivery: stage.environment.delivery,
    };
    const signal = AbortSignal.timeout(LONGEST_MILLISECONDS);
    const base = read.subject?.base;
    if (declaredRevision !== undefined && base !== undefined) {
      return this.#differ.between({
        tenant,
        component,
        from: { release: before, target, revision: base },
        to: { release, target, revision: declaredRevision },
        signal,
      });
    }
    return this.#differ.ofProposal({
      target,
      proposal: await this.#proposer.propose({
        target,
        stage,
        release,
        kind,
        ...(read.subject && { shown: read.subject }),
      }),
      ...(before && { before }),
      after: release,
      signal,
    });
  }

  /**
   * From one environment or release of a component to another.
   *
   * @throws NotFoundError for a name or an id that the component has not
   */
  async between(query: {
    tenant: string;
    component: string;
    from: string;
    to: string;
  }): Promise<DeploymentDiff> {
    const { tenant, component } = query;
    return this.#differ.between({
      tenant,
      component,
      from: await this.#side(query, query.from),
      to: await this.#side(query, query.to),
      signal: AbortSignal.timeout(LONGEST_MILLISECONDS),
    });
  }

  async #side(
    { tenant, component }: { tenant: string; component: string },
    name: string,
  ): Promise<DiffSide> {
    if (digestSchema.safeParse(name).success) {
      const release = await this.#database.inTenant(tenant, transaction =>
        openStores(transaction, tenant).releases.get(name),
      );
      if (release?.content.component !== component) {
        throw new NotFoundError(`There is no release ${name} of ${component}`);
      }
      return { release };
    }
    const { stages } = await this.#resolver.resolve({ tenant, component });
    const stage = stages.find(one => one.name === name);
    if (!stage) {
      throw new NotFoundError(
        `There is no environment ${name} in the pipeline of ${component}`,
      );
    }
    const { deployment, release } = await this.#database.inTenant(
      tenant,
      async transaction => {
        const { deployments, releases } = openStores(transaction, tenant);
        const current = await deployments.current({
          component,
          environment: name,
        });
        return {
          deployment: current,
          release: current?.release
            ? await releases.get(current.release)
            : undefined,
        };
      },
    );
    return {
      target: {
        tenant,
        component,
        environment: name,
        delivery: stage.environment.delivery,
      },
      ...(release && { release }),
      ...(deployment?.revision && { revision: deployment.revision }),
    };
  }
}
