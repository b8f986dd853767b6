import { type PorticoDatabase } from '@portico/database';
import { type Promotion } from '@portico/plugin-promotions-common';
import { deliveryPlugin } from './deliveryPlugin';
import { deliveryParts, entities } from './deliverySamples';
import { openStores, type Stores } from '../store/openStores';

/** The component `component:aurora/checkout` and its pipeline, for a catalog. */
export const promotedEntities = entities;

/**
 * The plugin with its API and its service, for tests of what talks to it. In place of the
 * engine, a promotion waits as soon as it is asked for, and succeeds with the first approval.
 */
export const promotionsWithoutEngine = deliveryPlugin(services => {
  const { database } = services;
  const parts = deliveryParts({ now: () => new Date() })(services);
  const { acts } = parts;
  return {
    ...parts,
    acts: {
      ...acts,
      request: async (wish, by) => {
        const promotion = await acts.request(wish, by);
        await waitForVotes(database, by.tenant, promotion);
        return promotion;
      },
      vote: async (vote, by) => {
        const promotion = await acts.vote(vote, by);
        if (vote.decision === 'approve') {
          await succeed(database, by.tenant, promotion);
        }
        return promotion;
      },
    },
  };
});

async function waitForVotes(
  database: PorticoDatabase,
  tenant: string,
  { id, component, environment, release, kind }: Promotion,
): Promise<void> {
  await inStores(
    database,
    tenant,
    async ({ history, promotions, transaction }) => {
      await history.addSubject(id, {
        digest: release.id,
        content: {
          release: release.id,
          component,
          environment,
          kind,
          files: [],
          stage: release.id,
        },
        madeAt: new Date(),
      });
      await promotions.setSubject(id, release.id);
      await transaction.raw(
        `update portico_promotions.promotions
          set phase = 'waiting', reason = 'One approval is missing' where id = ?`,
        [id],
      );
    },
  );
}

async function succeed(
  database: PorticoDatabase,
  tenant: string,
  { id }: Promotion,
): Promise<void> {
  await inStores(database, tenant, async ({ history, transaction }) => {
    const transitions = await history.transitionsOf(id);
    await history.addTransition(id, {
      sequence: transitions.length + 1,
      to: 'succeeded',
      event: 'verify',
      reason: 'It runs and is healthy',
      by: 'plugin:promotions',
      at: new Date(),
    });
    await transaction.raw(
      `update portico_promotions.promotions
          set phase = 'succeeded', reason = 'It runs and is healthy', ended_at = now(), due_at = null
        where id = ?`,
      [id],
    );
  });
}

function inStores(
  database: PorticoDatabase,
  tenant: string,
  fn: (stores: Stores) => Promise<void>,
): Promise<void> {
  return database.inTenant(tenant, transaction =>
    fn(openStores(transaction, tenant)),
  );
}
