import {
  type DeliveryProgress,
  type PromotionDetail,
  promotionDetailSchema,
  type PromotionList,
  promotionListSchema,
  promotionSchema,
  type Release,
  releaseSchema,
  type Subject,
} from '@portico/plugin-promotions-common';
import { openStores, type Stores } from '../store/openStores';
import { dana, DeliveryPortal, vera } from './DeliveryPortal';
import { deliveryParts } from '../testUtils/deliverySamples';

export const checkout = 'component:aurora/checkout';
export const reason = { reason: 'Because of it' };

/** A digest of one letter. */
export function digestOf(letter: string): string {
  return `sha256:${letter.repeat(64)}`;
}

/** A portal in which people of aurora have released and promoted something. */
export class DeliveryScene {
  static async start(): Promise<DeliveryScene> {
    const scene = new DeliveryScene();
    scene.#portal = await DeliveryPortal.start(
      deliveryParts({
        now: () => scene.now(),
        progress: async () => scene.progress,
        observe: async () => ({
          health: 'degraded',
          reason: 'One of two pods does not start',
          running: [],
          source: 'stand-in',
          observedAt: scene.now().toISOString(),
        }),
      }),
    );
    return scene;
  }

  /** What the driver tells of a rollout. */
  progress: DeliveryProgress | undefined;
  #portal: DeliveryPortal | undefined;
  #clock = Date.parse('2026-11-21T12:00:00Z');
  #drifts = 0;

  private constructor() {}

  get portal(): DeliveryPortal {
    if (!this.#portal) {
      throw new Error('The portal is not started');
    }
    return this.#portal;
  }

  async stop(): Promise<void> {
    await this.#portal?.stop();
  }

  now(): Date {
    return new Date(this.#clock);
  }

  get(userRef: string, path: string) {
    return this.portal.as(userRef, 'get', path);
  }

  post(userRef: string, path: string, body: object) {
    return this.portal.as(userRef, 'post', path, body);
  }

  inAurora<T>(fn: (stores: Stores) => Promise<T>): Promise<T> {
    return this.portal.testDatabase.database.inTenant('aurora', transaction =>
      fn(openStores(transaction, 'aurora')),
    );
  }

  /** Everything that people wrote, as text. */
  async dump(): Promise<string> {
    const { rows } = await this.portal.testDatabase.database.asPlatform(
      'look at everything',
      transaction =>
        transaction.raw(
          [
            'releases',
            'promotions',
            'votes',
            'holds',
            'stops',
            'drift',
            'rollout_acts',
          ]
            .map(
              table =>
                `select to_jsonb(t)::text as row from portico_promotions.${table} t`,
            )
            .join(' union all '),
        ),
    );
    return JSON.stringify(rows);
  }

  async announce(
    version: string,
    component = checkout,
    by = dana,
  ): Promise<Release> {
    this.#clock += 1_000;
    const answer = await this.post(by, '/releases', {
      content: { component, version, images: [] },
    });
    if (answer.status !== 201) {
      throw new Error(`Not announced: ${answer.text}`);
    }
    return releaseSchema.parse(answer.body);
  }

  /** A promotion to production that waits for votes on what it shows. */
  async waiting(version: string): Promise<{ id: string; release: Release }> {
    const release = await this.announce(version);
    const answer = await this.post(dana, '/promotions', {
      component: checkout,
      environment: 'prod',
      release: release.id,
    });
    if (answer.status !== 201) {
      throw new Error(`Not asked for: ${answer.text}`);
    }
    const { id } = promotionSchema.parse(answer.body);
    await this.show(id, 'a', release.id);
    return { id, release };
  }

  /** Has the promotion wait with another subject. */
  async show(id: string, letter: string, release: string): Promise<void> {
    const content: Subject = {
      release,
      component: checkout,
      environment: 'prod',
      kind: 'promote',
      files: [{ path: 'checkout/prod.yaml', digest: digestOf(letter) }],
      stage: digestOf('e'),
    };
    await this.inAurora(async ({ history, promotions, transaction }) => {
      await history.addSubject(id, {
        digest: digestOf(letter),
        content,
        madeAt: this.now(),
      });
      await promotions.setSubject(id, digestOf(letter));
      await transaction.raw(
        `update portico_promotions.promotions set phase = 'waiting' where id = ?`,
        [id],
      );
    });
  }

  /** Has the approval gate say that it waits. */
  async wait(id: string): Promise<void> {
    const at = this.now().toISOString();
    await this.inAurora(({ gateResults }) =>
      gateResults.add(id, [
        {
          gate: 'people',
          kind: 'approval',
          requiredBy: 'pipeline:default/default',
          outcome: 'waiting',
          reason: 'One approval is missing',
          evidence: {},
          evidenceDigest: digestOf('1'),
          subject: digestOf('a'),
          evaluatedAt: at,
          since: at,
        },
      ]),
    );
  }

  async inboxOf(userRef: string): Promise<PromotionList['items']> {
    const answer = await this.get(userRef, '/promotions?forMe=true');
    return promotionListSchema.parse(answer.body).items;
  }

  async detailOf(id: string, userRef = vera): Promise<PromotionDetail> {
    const answer = await this.get(userRef, `/promotions/${id}`);
    return promotionDetailSchema.parse(answer.body);
  }

  /** @returns its id */
  async addDrift(): Promise<string> {
    this.#drifts += 1;
    const { rows } = await this.inAurora(({ transaction }) =>
      transaction.raw(
        `insert into portico_promotions.drift
           (tenant, component, environment, class, resource, reason, source,
            first_seen_at, last_seen_at)
         values ('aurora', ?, 'prod', 'liveDrift', ?, 'Replicas differ', 'stand-in', ?, ?)
         returning id`,
        [checkout, `resource-${this.#drifts}`, this.now(), this.now()],
      ),
    );
    return rows[0].id;
  }
}
