import { appendAudit } from '@portico/plugin-audit-node';
import { promotionsAuditActs } from '../auditActs';
import { type Stores } from '../store/openStores';
import { type StoredPromotion } from '../store/toPromotion';
import { engineActor } from './actor';

/**
 * Records, in the transaction of the end, what ran in an environment, and what follows from
 * it: a rollback holds automation off, until somebody releases it.
 */
export async function recordDeployment(
  stores: Stores,
  was: StoredPromotion,
  end: {
    result: 'succeeded' | 'failed';
    at: Date;
    then?(): Promise<void>;
  },
): Promise<void> {
  const { promotion, stage } = was;
  const { component, environment, release } = promotion;
  const begun = (await stores.history.transitionsOf(promotion.id)).find(
    ({ event }) => event === 'begin',
  );
  const at = end.at.toISOString();
  await stores.deployments.add({
    component,
    environment,
    tier: stage.environment.tier,
    release: release.id,
    version: release.content.version,
    ...(release.content.source && { commit: release.content.source.commit }),
    ...(was.declaredRevision && { revision: was.declaredRevision }),
    result: end.result,
    kind: promotion.kind,
    source: 'promotion',
    promotion: promotion.id,
    initiatedBy: promotion.requestedBy,
    startedAt: begun?.at ?? promotion.requestedAt,
    finishedAt: at,
    sample: promotion.sample,
  });
  await stores.history.addEvent({ type: 'deployment', component }, end.at);
  if (end.result === 'succeeded' && promotion.kind === 'rollback') {
    await holdAutomation(stores, was, {
      by: promotion.requestedBy,
      reason: `Rolled back to ${release.content.version}`,
      at: end.at,
    });
  }
  await end.then?.();
}

/** Switches automation off for the target of a promotion; a hold that is there stays. */
export async function holdAutomation(
  stores: Stores,
  { promotion }: StoredPromotion,
  hold: { by: string; reason: string; at: Date },
): Promise<void> {
  const { component, environment } = promotion;
  const { by, reason, at } = hold;
  const isNew = await stores.holds.add(
    { component, environment },
    { by, since: at, reason },
  );
  if (isNew) {
    await appendAudit(stores.transaction, {
      chain: stores.tenant,
      act: promotionsAuditActs.hold,
      context: engineActor(stores.tenant, promotion).context,
      subject: { kind: 'component', ref: component },
      reason,
      details: { environment },
    });
  }
}
