import { isError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import {
  type DeliveryOfComponent,
  freezeWindowsOf,
  type Lane,
  type LineStop,
  stopsOf,
  windowStanding,
} from '@portico/plugin-promotions-common';
import {
  type PipelineResolver,
  type ResolvedPipeline,
  type ResolvedStage,
} from '../engine/EngineParts';
import { StopStore } from '../store/StopStore';
import { type Observations } from './Observations';
import { readStandings, type Standing } from './readStandings';

/** Reads where a component is, environment by environment. */
export class LaneQuery {
  readonly #database: PorticoDatabase;
  readonly #resolver: PipelineResolver;
  readonly #observations: Pick<Observations, 'of'>;
  readonly #now: () => Date;

  constructor(options: {
    database: PorticoDatabase;
    resolver: PipelineResolver;
    observations: Pick<Observations, 'of'>;
    now: () => Date;
  }) {
    this.#database = options.database;
    this.#resolver = options.resolver;
    this.#observations = options.observations;
    this.#now = options.now;
  }

  async get(address: {
    tenant: string;
    component: string;
  }): Promise<DeliveryOfComponent> {
    const { tenant, component } = address;
    let pipeline: ResolvedPipeline;
    try {
      pipeline = await this.#resolver.resolve(address);
    } catch (error) {
      if (isAboutPipeline(error)) {
        return {
          component,
          pipelineRefs: [],
          lanes: [],
          problem: error.message,
        };
      }
      throw error;
    }
    const environments = pipeline.stages.map(({ name }) => name);
    const { standings, stops } = await this.#database.inTenant(
      tenant,
      async transaction => ({
        standings: await readStandings(transaction, {
          tenant,
          components: [component],
          environments,
        }),
        stops: await new StopStore(transaction, tenant).open(),
      }),
    );
    return {
      component,
      pipelineRefs: pipeline.pipelineRefs,
      lanes: await Promise.all(
        pipeline.stages.map(stage =>
          this.#lane(address, stage, {
            standing: standings.of(component, stage.name),
            stops,
          }),
        ),
      ),
    };
  }

  async #lane(
    address: { tenant: string; component: string },
    stage: ResolvedStage,
    { standing, stops }: { standing: Standing; stops: readonly LineStop[] },
  ): Promise<Lane> {
    const { delivery, tier, protected: isProtected } = stage.environment;
    const { deployment, ...rest } = standing;
    const observation =
      deployment &&
      (await this.#observations.of({
        ...address,
        environment: stage.name,
        delivery,
      }));
    return {
      environment: stage.name,
      environmentRef: stage.environmentRef,
      tier,
      protected: isProtected,
      automatic: stage.automatic,
      driver: delivery.driver,
      ...rest,
      ...(deployment && { deployment, deployedAt: deployment.finishedAt }),
      ...(observation && { observation }),
      window: windowStanding(
        freezeWindowsOf(stage.gates),
        this.#now(),
        stopsOf(stops, stage.name),
      ),
    };
  }
}

/** Whether a pipeline or an environment is wrong or missing, which people can mend. */
function isAboutPipeline(error: unknown): error is Error {
  return (
    isError(error) &&
    (error.name === 'InputError' || error.name === 'NotFoundError')
  );
}
