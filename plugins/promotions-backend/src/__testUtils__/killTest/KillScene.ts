import { type LoggerService } from '@backstage/backend-plugin-api';
import {
  createPorticoDatabase,
  type ClosablePorticoDatabase,
  type PorticoDatabaseConnection,
} from '@portico/database';
import { TestGitHost } from '@portico/plugin-git-host-backend/testUtils';
import {
  deliverySchema,
  durationMilliseconds,
  type FrozenStage,
  type Promotion,
  type PromotionKind,
  releaseContentSchema,
} from '@portico/plugin-promotions-common';
import {
  type DeliveryDriver,
  type DeliveryTarget,
} from '@portico/plugin-promotions-node';
import { payloadDigest } from '@portico/plugin-audit-node';
import { z } from 'zod';
import { createDelivery } from '../../effects/createDelivery';
import { type ResolvedStage } from '../../engine/EngineParts';
import { newPromotionId } from '../../engine/newPromotionId';
import { PromotionEngine } from '../../engine/PromotionEngine';
import { openStores, type Stores } from '../../store/openStores';
import { RemoteForge } from './RemoteForge';

export const TENANT = 'aurora';
export const ENVIRONMENT = 'staging';
export const DEPLOYMENTS = { tenant: TENANT, repository: 'deployments' };

/** Where a process finds everything: the database, the repositories, the other system. */
export const sceneSchema = z.object({
  connection: z.object({
    host: z.string(),
    port: z.number(),
    database: z.string(),
    user: z.string(),
    password: z.string(),
  }),
  directory: z.string(),
  /** Address of the stand-in for a system that syncs. */
  syncs: z.url(),
  /** Address of the stand-in for a forge with pull requests. */
  forge: z.url(),
});
export type Scene = z.infer<typeof sceneSchema>;

const digest = `sha256:${'a'.repeat(64)}`;
const digestBefore = `sha256:${'b'.repeat(64)}`;

const silent: LoggerService = {
  error() {},
  warn() {},
  info() {},
  debug() {},
  child: () => silent,
};

/**
 * How a release gets into the deployment repository; or does not become healthy there, so that
 * the pipeline brings back what ran before.
 */
export type Way = 'commit' | 'pullRequest' | 'rollback';

function stageOf(way: Way): FrozenStage {
  return {
    pipelineRefs: ['pipeline:default/default'],
    environmentRef: `environment:default/${ENVIRONMENT}`,
    environment: {
      owner: 'group:default/platform',
      order: 1,
      tier: 'test',
      protected: false,
      delivery: deliverySchema.parse({
        driver: 'argocd',
        write: way === 'pullRequest' ? 'pullRequest' : 'commit',
        ...(way === 'pullRequest' && { repository: { host: 'forge' } }),
        ...(way === 'rollback' && { timeout: 'PT1S' }),
      }),
    },
    gates: [],
    automatic: false,
    strategy: 'rolling',
    editors: [],
    ...(way === 'rollback' && { automaticRollback: true }),
  };
}

/** What a rollback asks and waits for, as any other promotion. */
const rollbackStage: ResolvedStage = {
  ...stageOf('commit'),
  name: ENVIRONMENT,
  expiresAfter: 'P1D',
  rollbackGates: [],
};

/** The overlay of a component before anything runs. */
export function overlayOf(component: string): string {
  return [
    '# by hand',
    'resources: [../base]',
    'images: []',
    'replicas:',
    `  - name: ${component}`,
    '    count: 0',
    '',
  ].join('\n');
}

/** A driver that asks a system over HTTP, once per key, and then sees it run. */
function syncingDriver(
  address: string,
  reach: (label: string) => Promise<void>,
  isIll: (target: DeliveryTarget) => Promise<boolean>,
): DeliveryDriver {
  const ask = async (method: string, key: string) => {
    const response = await fetch(`${address}/${encodeURIComponent(key)}`, {
      method,
      signal: AbortSignal.timeout(10_000),
    });
    await response.arrayBuffer();
    return response.ok;
  };
  return {
    kind: 'argocd',
    steps: () => [
      {
        step: 'sync',
        kind: 'argocdSync',
        target: 'stand-in',
        async perform({ key }) {
          const there = await ask('GET', key);
          if (!there) {
            await reach('sync:looked');
            await ask('POST', key);
          }
          return {
            state: 'confirmed',
            remote: { id: key, adopted: there },
          };
        },
      },
    ],
    async observe(target) {
      await reach('observing');
      return {
        health: (await isIll(target)) ? 'degraded' : 'healthy',
        reason: 'It runs',
        running: [digest, digestBefore].map(one => ({
          name: 'any',
          digest: one,
        })),
        source: 'stand-in',
        observedAt: new Date().toISOString(),
      };
    },
  };
}

/** What is brought back: it ran before, and well. */
async function deployBefore(
  stores: Stores,
  component: string,
  at: Date,
): Promise<void> {
  const content = releaseContentSchema.parse({
    component,
    version: '0.9.0',
    images: [{ name: component.split('/')[1], digest: digestBefore }],
  });
  const release = payloadDigest(content);
  await stores.releases.add({
    id: release,
    content,
    announcedBy: 'user:aurora/bot-ci',
    announcedAt: at,
    found: 'announced',
    sample: false,
  });
  await stores.deployments.add({
    component,
    environment: ENVIRONMENT,
    tier: 'test',
    release,
    version: content.version,
    result: 'succeeded',
    kind: 'observed',
    source: 'observed',
    initiatedBy: 'the test',
    startedAt: at.toISOString(),
    finishedAt: at.toISOString(),
    sample: false,
  });
}

/** One process that carries out promotions: the engine and all that it touches. */
export class KillScene {
  static async open(
    scene: Scene,
    onPoint: (label: string) => Promise<void> = async () => {},
  ): Promise<KillScene> {
    let prefix = '';
    const reach = (label: string) => onPoint(`${prefix}${label}`);
    const connection: PorticoDatabaseConnection = scene.connection;
    const database = createPorticoDatabase({ connection });
    const git = await TestGitHost.create({
      database,
      directory: scene.directory,
    });
    const now = () => new Date();
    const delivery = createDelivery({
      database,
      gitHost: git.service,
      hosts: [new RemoteForge(scene.forge).host],
      drivers: [
        syncingDriver(scene.syncs, reach, ({ component, environment }) =>
          database.inTenant(TENANT, async transaction =>
            (
              await openStores(transaction, TENANT).promotions.openOf({
                component,
                environment,
              })
            ).some(({ stage }) => stage.automaticRollback),
          ),
        ),
      ],
      now,
      onPoint: reach,
    });
    const engine = new PromotionEngine({
      database,
      logger: silent,
      now,
      resolver: {
        // Nothing comes after this environment.
        resolve: async () => {
          await reach('taken back');
          return { pipelineRefs: [], stages: [rollbackStage] };
        },
      },
      proposer: {
        propose: async options => {
          const proposal = await delivery.proposer.propose(options);
          await reach('proposed');
          return proposal;
        },
      },
      asker: {
        async ask({ moment }) {
          await reach(moment === 'beforeMerge' ? 'asked to merge' : 'asked');
          return [];
        },
      },
      runner: {
        async run(options) {
          await reach('begun');
          const outcome = await delivery.runner.run(options);
          await reach('effects done');
          return outcome;
        },
        observe: target => delivery.runner.observe(target),
        steer: (...wish) => delivery.runner.steer(...wish),
      },
    });
    return new KillScene(database, git, engine, kind => {
      prefix = kind === 'rollback' ? 'back, ' : '';
    });
  }

  private constructor(
    readonly database: ClosablePorticoDatabase,
    readonly git: TestGitHost,
    readonly engine: PromotionEngine,
    /** What the points of a process are called that is about such a promotion. */
    private readonly labelFor: (kind: PromotionKind) => void,
  ) {}

  /** A promotion that nobody has looked at. */
  async addPromotion(component: string, way: Way): Promise<string> {
    const content = releaseContentSchema.parse({
      component: `component:${TENANT}/${component}`,
      version: '1.0.0',
      images: [{ name: component, digest }],
    });
    const at = new Date();
    const id = newPromotionId(at);
    const release = payloadDigest(content);
    await this.database.inTenant(TENANT, async transaction => {
      const stores = openStores(transaction, TENANT);
      await stores.releases.add({
        id: release,
        content,
        announcedBy: 'user:aurora/bot-ci',
        announcedAt: at,
        found: 'announced',
        sample: false,
      });
      if (way === 'rollback') {
        await deployBefore(stores, content.component, at);
      }
      await stores.promotions.add({
        id,
        component: content.component,
        environment: ENVIRONMENT,
        kind: 'promote',
        release,
        reason: 'Asked for',
        requestedBy: 'user:aurora/kim',
        automatic: false,
        requestedAt: at,
        stage: stageOf(way),
        expiresAt: new Date(at.getTime() + durationMilliseconds('P1D')),
        sample: false,
      });
      await stores.history.addTransition(id, {
        sequence: 1,
        to: 'pending',
        event: 'request',
        reason: 'Asked for',
        by: 'user:aurora/kim',
        at,
      });
    });
    return id;
  }

  async promotion(id: string): Promise<Promotion | undefined> {
    return this.database.inTenant(
      TENANT,
      async transaction =>
        (await openStores(transaction, TENANT).promotions.get(id))?.promotion,
    );
  }

  async advance(id: string): Promise<void> {
    const promotion = await this.promotion(id);
    this.labelFor(promotion?.kind ?? 'promote');
    await this.engine.advance({ tenant: TENANT, id });
  }

  async close(): Promise<void> {
    await this.git.stop();
    await this.database.close();
  }
}
