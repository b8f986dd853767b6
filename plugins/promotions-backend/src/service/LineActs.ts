import { ConflictError, NotFoundError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import { parse } from '@portico/http-api';
import { appendAudit } from '@portico/plugin-audit-node';
import {
  type Hold,
  holdSchema,
  type LineStop,
  type StopLine,
  stopLineSchema,
} from '@portico/plugin-promotions-common';
import { type PromotionActor } from '@portico/plugin-promotions-node';
import { promotionsAuditActs } from '../auditActs';
import { enqueueAdvance } from '../engine/transit';
import { openStores, type Stores } from '../store/openStores';
import { assertOwnComponent } from './assertOwnComponent';

/** Stopping the line, and holding automation. */
export class LineActs {
  readonly #database: PorticoDatabase;
  readonly #now: () => Date;

  constructor(options: { database: PorticoDatabase; now: () => Date }) {
    this.#database = options.database;
    this.#now = options.now;
  }

  async hold(wish: Hold, by: PromotionActor): Promise<void> {
    const { reason, ...target } = parse(holdSchema, wish, 'The hold');
    assertOwnComponent(target.component, by);
    const at = this.#now();
    await this.#inTenant(by, async stores => {
      const hold = { by: by.ref, since: at, reason };
      if (await stores.holds.add(target, hold)) {
        await record(stores, 'hold', { ...target, reason }, by);
        await stores.history.addEvent(
          { type: 'stop', component: target.component },
          at,
        );
      }
    });
  }

  async releaseHold(wish: Hold, by: PromotionActor): Promise<void> {
    const { reason, ...target } = parse(holdSchema, wish, 'The hold');
    assertOwnComponent(target.component, by);
    const at = this.#now();
    await this.#inTenant(by, async stores => {
      if (!(await stores.holds.release(target, { ref: by.ref, at }))) {
        throw new NotFoundError(
          `Automation is not held for ${target.component} in ${target.environment}`,
        );
      }
      await record(stores, 'releaseHold', { ...target, reason }, by);
      await stores.history.addEvent(
        { type: 'stop', component: target.component },
        at,
      );
    });
  }

  async stop(wish: StopLine, by: PromotionActor): Promise<LineStop> {
    const { environment, reason } = parse(stopLineSchema, wish, 'The stop');
    const at = this.#now();
    return this.#inTenant(by, async stores => {
      const stop = await stores.stops.add({
        ...(environment && { environment }),
        reason,
        by: by.ref,
        since: at,
      });
      await recordStop(stores, 'stopLine', stop, by, reason);
      await this.#askAll(stores, stop, at);
      return stop;
    });
  }

  async lift({ id }: { id: string }, by: PromotionActor): Promise<LineStop> {
    const at = this.#now();
    return this.#inTenant(by, async stores => {
      const stop = await stores.stops.get(id);
      if (!stop) {
        throw new NotFoundError(`There is no stop ${id}`);
      }
      const lifted = await stores.stops.lift(id, { ref: by.ref, at });
      if (!lifted) {
        throw new ConflictError('The stop was lifted before');
      }
      await recordStop(stores, 'liftStop', lifted, by);
      await this.#askAll(stores, lifted, at);
      return lifted;
    });
  }

  /** Those of other tenants, which a stop of the platform binds too, ask within a minute. */
  async #askAll(
    stores: Stores,
    { environment }: LineStop,
    at: Date,
  ): Promise<void> {
    for (const id of await stores.promotions.stirAll(environment, at)) {
      await enqueueAdvance(stores, id, at);
    }
    await stores.history.addEvent({ type: 'stop' }, at);
  }

  async #inTenant<T>(
    { tenant }: PromotionActor,
    fn: (stores: Stores) => Promise<T>,
  ): Promise<T> {
    return this.#database.inTenant(tenant, transaction =>
      fn(openStores(transaction, tenant)),
    );
  }
}

async function record(
  stores: Stores,
  act: 'hold' | 'releaseHold',
  { component, environment, reason }: Hold,
  by: PromotionActor,
): Promise<void> {
  await appendAudit(stores.transaction, {
    chain: stores.tenant,
    act: promotionsAuditActs[act],
    context: by.context,
    subject: { kind: 'component', ref: component },
    reason,
    details: { environment },
  });
}

async function recordStop(
  stores: Stores,
  act: 'stopLine' | 'liftStop',
  { id, environment }: LineStop,
  by: PromotionActor,
  reason?: string,
): Promise<void> {
  await appendAudit(stores.transaction, {
    chain: stores.tenant,
    act: promotionsAuditActs[act],
    context: by.context,
    subject: { kind: 'stop', ref: id },
    ...(reason && { reason }),
    details: environment ? { environment } : {},
  });
}
