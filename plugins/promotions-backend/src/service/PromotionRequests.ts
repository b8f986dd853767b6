import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import { parse } from '@portico/http-api';
import {
  type Promotion,
  type Release,
  type RequestPromotion,
  requestPromotionSchema,
} from '@portico/plugin-promotions-common';
import { type PromotionActor } from '@portico/plugin-promotions-node';
import { addPromotion } from '../engine/addPromotion';
import {
  type PipelineResolver,
  type ResolvedPipeline,
  type ResolvedStage,
} from '../engine/EngineParts';
import { transit } from '../engine/transit';
import { openStores, type Stores } from '../store/openStores';
import { assertOwnComponent } from './assertOwnComponent';
import { assertNotBegun, lockedPromotion } from './lockedPromotion';

/** Asking for promotions, and taking that back. */
export class PromotionRequests {
  readonly #database: PorticoDatabase;
  readonly #now: () => Date;
  readonly #resolver: PipelineResolver;

  constructor(options: {
    database: PorticoDatabase;
    now: () => Date;
    resolver: PipelineResolver;
  }) {
    this.#database = options.database;
    this.#now = options.now;
    this.#resolver = options.resolver;
  }

  async request(
    request: RequestPromotion,
    by: PromotionActor,
  ): Promise<Promotion> {
    const wish = parse(requestPromotionSchema, request, 'The promotion');
    const { component, environment, kind, comment, key } = wish;
    assertOwnComponent(component, by);
    const pipeline = await this.#resolver.resolve({
      tenant: by.tenant,
      component,
    });
    const stage = stageOf(pipeline, environment, component);
    return this.#database.inTenant(by.tenant, async transaction => {
      const stores = openStores(transaction, by.tenant);
      const release = await releaseOf(stores, wish.release, component);
      const isRepeated =
        key !== undefined &&
        (await stores.promotions.findByKey(`${by.ref} ${key}`)) !== undefined;
      if (!isRepeated) {
        await assertSensible(stores, release, { component, environment, kind });
      }
      return addPromotion(
        stores,
        {
          component,
          release,
          kind,
          stage,
          automatic: false,
          ...(key && { key }),
          ...(comment && { comment }),
        },
        by,
        this.#now(),
      );
    });
  }

  async cancel(
    { id, reason }: { id: string; reason: string },
    by: PromotionActor,
  ): Promise<Promotion> {
    return this.#database.inTenant(by.tenant, async transaction => {
      const stores = openStores(transaction, by.tenant);
      const was = await lockedPromotion(stores, id);
      assertNotBegun(was.promotion, 'be cancelled');
      await transit(stores, was, {
        event: 'cancel',
        reason,
        at: this.#now(),
        by,
      });
      return (await lockedPromotion(stores, id)).promotion;
    });
  }
}

function stageOf(
  pipeline: ResolvedPipeline,
  environment: string,
  component: string,
): ResolvedStage {
  const stage = pipeline.stages.find(({ name }) => name === environment);
  if (!stage) {
    throw new NotFoundError(
      `The pipeline of ${component} has no environment ${environment}; it has ${pipeline.stages
        .map(({ name }) => name)
        .join(', ')}`,
    );
  }
  return stage;
}

async function releaseOf(
  stores: Stores,
  id: string,
  component: string,
): Promise<Release> {
  const release = await stores.releases.get(id);
  if (!release || release.content.component !== component) {
    throw new NotFoundError(`${component} has no release ${id}`);
  }
  return release;
}

async function assertSensible(
  stores: Stores,
  release: Release,
  wish: {
    component: string;
    environment: string;
    kind: Promotion['kind'];
  },
): Promise<void> {
  const { version } = release.content;
  const { environment, kind } = wish;
  if (release.sample) {
    throw new ConflictError(
      `${version} belongs to the sample history of the demo and was never built: take another release`,
    );
  }
  if (release.rejected) {
    throw new ConflictError(
      `${version} was rejected for good: ${release.rejected.reason}`,
    );
  }
  const runs = (await stores.deployments.current(wish))?.release === release.id;
  switch (kind) {
    case 'promote':
      if (runs) {
        throw new InputError(
          `${version} runs in ${environment} already: ask for a redeploy to bring it again`,
        );
      }
      return;
    case 'redeploy':
      if (!runs) {
        throw new InputError(
          `${version} does not run in ${environment}: ask for a promotion`,
        );
      }
      return;
    case 'rollback':
      if (runs || !(await stores.deployments.everRan(wish, release.id))) {
        throw new InputError(
          runs
            ? `${version} runs in ${environment} already`
            : `${version} never ran in ${environment}: a rollback goes to a release that did`,
        );
      }
      return;
    default:
      kind satisfies never;
  }
}
