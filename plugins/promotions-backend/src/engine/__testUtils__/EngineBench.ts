import { mockServices } from '@backstage/backend-test-utils';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import {
  deliverySchema,
  type FrozenGate,
  type Promotion,
  type Release,
  type ReleaseContent,
} from '@portico/plugin-promotions-common';
import { tenancyMigrations } from '@portico/plugin-tenancy-backend';
import { type DirectoryMember } from '@portico/plugin-tenancy-node';
import { Client } from 'pg';
import { z } from 'zod';
import { builtInGates, createGateAsker, type GateSources } from '../../gates';
import { promotionsMigrations } from '../../migrations';
import { createPromotionService } from '../../service/createPromotionService';
import {
  type PromotionService,
  type VotingActor,
} from '../../service/PromotionService';
import { openStores, type Stores } from '../../store/openStores';
import {
  type EffectRunner,
  type GateAsker,
  type Proposer,
  type ResolvedStage,
} from '../EngineParts';
import { PromotionEngine } from '../PromotionEngine';
import { DeployedWorld } from './DeployedWorld';
import { KillableDatabase, Killed, type KillPoint } from './KillableDatabase';

export const tenant = 'aurora';
export const leads = 'group:aurora/leads';
const PIPELINE = 'pipeline:default/default';
const logger = mockServices.logger.mock();

export const approval: FrozenGate = {
  name: 'people',
  kind: 'approval',
  options: {
    rules: [{ name: 'leads', from: [leads], required: 2 }],
    authors: 'excludedIfKnown',
  },
  requiredBy: PIPELINE,
};

function stage(
  name: string,
  more: Partial<ResolvedStage> & { driver?: 'git' | 'local' } = {},
): ResolvedStage {
  const { driver = 'git', ...others } = more;
  const isProduction = name === 'prod';
  return {
    name,
    pipelineRefs: [PIPELINE],
    environmentRef: `environment:default/${name}`,
    environment: {
      owner: 'group:default/platform',
      order: 10,
      tier: isProduction ? 'production' : 'development',
      protected: isProduction,
      delivery: deliverySchema.parse({ driver }),
    },
    gates: [],
    automatic: !isProduction,
    strategy: 'rolling',
    editors: [],
    expiresAfter: 'P7D',
    rollbackGates: [],
    ...others,
  };
}

/** The engine on a real database, with a world, people and a clock in memory. */
export class EngineBench {
  static async create(): Promise<EngineBench> {
    const testDatabase = await TestDatabase.create({
      migrations: [auditMigrations, tenancyMigrations, promotionsMigrations],
    });
    const admin = new Client({
      connectionString: testDatabase.adminConnectionString,
    });
    await admin.connect();
    await admin.query(
      `insert into portico_tenancy.tenants (tenant, title) values ($1, $1)
       on conflict do nothing`,
      [tenant],
    );
    return new EngineBench(testDatabase, admin);
  }

  time = new Date('2026-11-02T09:00:00Z');
  readonly now = () => this.time;
  readonly world = new DeployedWorld(this.now);
  readonly stages = [
    stage('dev'),
    stage('staging', { driver: 'local' }),
    stage('prod', { gates: [approval] }),
  ];
  /** Who works out and does what is done outside. */
  outside: Proposer & EffectRunner = this.world;
  /** What gates are told of an environment. */
  observe: GateSources['observe'] = async () => undefined;
  /** Told of each round of questions. */
  onAsked: (ask: Parameters<GateAsker['ask']>[0]) => void = () => {};
  readonly members = new Map<string, DirectoryMember>();
  readonly service: PromotionService;
  readonly #resolver = {
    resolve: async () => ({ pipelineRefs: [PIPELINE], stages: this.stages }),
  };

  private constructor(
    readonly testDatabase: TestDatabase,
    readonly admin: Client,
  ) {
    for (const name of ['ana', 'ben', 'cat', 'dan', 'kim']) {
      this.join(name, [leads]);
    }
    this.service = createPromotionService({
      database: testDatabase.database,
      logger,
      now: this.now,
      resolver: this.#resolver,
    });
  }

  async destroy(): Promise<void> {
    await this.admin.end();
    await this.testDatabase.destroy();
  }

  join(name: string, groups: string[]): void {
    const userRef = `user:${tenant}/${name}`;
    this.members.set(userRef, {
      userRef,
      displayName: name,
      kind: 'person',
      roles: ['approver'],
      groups,
    });
  }

  /** Somebody who asks or votes. */
  person(name: string): VotingActor {
    const ref = `user:${tenant}/${name}`;
    return {
      tenant,
      ref,
      kind: 'person',
      belongsTo: this.members.get(ref)?.groups ?? [],
      context: { actor: { kind: 'person', ref } },
    };
  }

  ci() {
    return {
      tenant,
      ref: `user:${tenant}/bot-ci`,
      context: pluginAuditContext('test'),
    };
  }

  /** An engine of its own, as another replica has one; it may be killed somewhere. */
  engine(point?: KillPoint): {
    engine: PromotionEngine;
    database: KillableDatabase;
  } {
    const database = new KillableDatabase(this.testDatabase.database, point);
    const read = <T>(fn: (stores: Stores) => Promise<T>) =>
      database.inTenant(tenant, transaction =>
        fn(openStores(transaction, tenant)),
      );
    const asker = createGateAsker({
      gates: builtInGates,
      logger,
      sources: {
        votes: ({ id }) => read(stores => stores.votes.of(id)),
        members: async () => [...this.members.values()],
        authors: async () => [],
        stops: () => read(stores => stores.stops.open()),
        deployments: target => read(stores => stores.deployments.of(target)),
        observe: target => this.observe(target),
        component: async () => {
          throw new Error('Nothing asks for the component');
        },
        dependants: async () => {
          throw new Error('Nothing asks for dependants');
        },
      },
    });
    return {
      database,
      engine: new PromotionEngine({
        database,
        logger,
        now: this.now,
        resolver: this.#resolver,
        proposer: this.outside,
        runner: this.outside,
        asker: {
          ask: async ask => {
            this.onAsked(ask);
            return asker.ask(ask);
          },
        },
      }),
    };
  }

  async announce(
    component: string,
    version: string,
    more: Partial<ReleaseContent> = {},
  ): Promise<Release> {
    return this.service.announce(
      {
        content: {
          component,
          version,
          images: [],
          source: {
            repository: 'https://git.test/shop',
            commit: 'a'.repeat(40),
          },
          ...more,
        },
      },
      this.ci(),
    );
  }

  /**
   * Has everything that is due looked at, by one engine that may be killed.
   *
   * @returns whether it was
   */
  async settle(point?: KillPoint): Promise<boolean> {
    const { engine, database } = this.engine(point);
    for (let turn = 0; turn < 50; turn += 1) {
      const due = await this.due();
      if (due.length === 0) {
        return false;
      }
      for (const id of due) {
        try {
          await engine.advance({ tenant, id });
        } catch (error) {
          if (!database.killed && !(error instanceof Killed)) {
            throw error;
          }
        }
        if (database.killed) {
          await this.forgetTheDead();
          return true;
        }
      }
    }
    throw new Error('The engine does not come to rest');
  }

  async due(): Promise<string[]> {
    const { rows } = await this.admin.query(
      `select id from portico_promotions.promotions
        where ended_at is null and (due_at <= $1 or due_at > $2) order by id`,
      [this.time, new Date(this.time.getTime() + 10 * 60_000)],
    );
    return z
      .array(z.object({ id: z.string() }))
      .parse(rows)
      .map(({ id }) => id);
  }

  /** Time passes until the leases of killed engines are over. */
  async forgetTheDead(): Promise<void> {
    await this.admin.query(
      `update portico_promotions.promotions set leased_until = clock_timestamp() - interval '1 s'
        where leased_until is not null`,
    );
  }

  pass(minutes: number): void {
    this.time = new Date(this.time.getTime() + minutes * 60_000);
  }

  async promotions(component: string): Promise<Promotion[]> {
    const { rows } = await this.admin.query(
      'select id from portico_promotions.promotions where component = $1 order by id',
      [component],
    );
    return this.testDatabase.database.inTenant(tenant, async transaction => {
      const { promotions } = openStores(transaction, tenant);
      const found: Promotion[] = [];
      for (const { id } of z.array(z.object({ id: z.string() })).parse(rows)) {
        const one = await promotions.get(id);
        if (one) {
          found.push(one.promotion);
        }
      }
      return found;
    });
  }

  /** The newest promotion of a component in an environment. */
  async newest(component: string, environment: string): Promise<Promotion> {
    const found = (await this.promotions(component))
      .filter(one => one.environment === environment)
      .at(-1);
    if (!found) {
      throw new Error(`Nothing was promoted to ${environment}`);
    }
    return found;
  }
}
