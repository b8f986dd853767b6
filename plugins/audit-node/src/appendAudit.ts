import { randomUUID } from 'crypto';
import { InputError } from '@backstage/errors';
import { type JsonObject } from '@backstage/types';
import { type PorticoDatabase } from '@portico/database';
import {
  type AuditAct,
  type AuditDraft,
  auditDraftSchema,
  type AuditOutcome,
  isPersonRef,
  MAXIMUM_ENTRY_BYTES,
  personal,
} from '@portico/plugin-audit-common';
import { type Knex } from 'knex';
import { type AuditContext } from './AuditContext';

/** An act to record. */
export interface AuditRecord {
  /** The tenant whose chain it belongs to; `default` for the platform. */
  chain: string;
  act: AuditAct;
  /** Who did it; from `auditContext` or `pluginAuditContext`. */
  context: AuditContext;
  /** What it was done to, such as `{ kind: 'member', ref: 'user:aurora/kim' }`. */
  subject: { kind: string; ref: string };
  /** `succeeded` unless told. */
  outcome?: AuditOutcome;
  /** Words that the actor gave, or why it was refused; no secrets. */
  reason?: string;
  /** Joins a `started` entry with the one that tells the end. */
  correlation?: string;
  /** `sha256:…` of what was sent, from `payloadDigest`. */
  payloadDigest?: string;
  /** What changed; personal data in it are marked with `personal(of, value)`. */
  change?: { before?: JsonObject; after?: JsonObject };
  /** The fields that the act names; personal data marked likewise. */
  details?: JsonObject;
}

/**
 * Records an act in its own transaction: the entry is there if and only if the act is.
 *
 * The refs of persons, addresses and reasons are marked as personal data here; they get
 * into the chain as salted commitments.
 *
 * @param transaction - from `PorticoDatabase.inTenant` of the entry's chain, or from
 *   `asPlatform`; the database refuses another tenant's chain
 * @throws InputError when the record is malformed; the act must fail then
 */
export async function appendAudit(
  transaction: Knex.Transaction,
  record: AuditRecord,
): Promise<void> {
  const draft = toDraft(record);
  const text = JSON.stringify(draft);
  if (Buffer.byteLength(text) > MAXIMUM_ENTRY_BYTES) {
    throw new InputError(
      `The audit entry of ${record.act.name} has ${Buffer.byteLength(
        text,
      )} bytes, at most ${MAXIMUM_ENTRY_BYTES} are kept: record a digest instead`,
    );
  }
  await transaction.raw(
    'insert into portico_audit.outbox (id, chain, occurred_at, draft) values (?, ?, ?, ?)',
    [randomUUID(), draft.chain, new Date(), text],
  );
}

/**
 * Records an act that changes nothing in our tables, in a transaction of its own. Call
 * it before the act where the act must not happen unrecorded.
 */
export async function recordAudit(
  database: PorticoDatabase,
  record: AuditRecord,
): Promise<void> {
  await database.inTenant(record.chain, transaction =>
    appendAudit(transaction, record),
  );
}

function toDraft(record: AuditRecord): AuditDraft {
  const { act, context, subject, reason, ...others } = record;
  const actorRef = context.actor.ref;
  const dataSubject =
    typeof actorRef === 'string' && isPersonRef(actorRef)
      ? actorRef
      : undefined;
  const draft = {
    ...others,
    act: act.name,
    severity: act.severity,
    outcome: record.outcome ?? 'succeeded',
    ...context,
    actor: { ...context.actor, ...mark('ref', actorRef) },
    ...mark('onBehalfOf', context.onBehalfOf),
    subject: { ...subject, ...mark('ref', subject.ref) },
    ...(reason === undefined
      ? {}
      : { reason: dataSubject ? personal(dataSubject, reason) : reason }),
    ...(typeof context.sourceAddress === 'string'
      ? {
          // An address is a personal datum of whoever it is, known or not.
          sourceAddress: personal(
            dataSubject ?? `address:${context.sourceAddress}`,
            context.sourceAddress,
          ),
        }
      : {}),
  };
  const result = auditDraftSchema.safeParse(draft);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new InputError(
      `The audit entry of ${act.name} is malformed at ${issue?.path.join(
        '.',
      )}: ${issue?.message}`,
    );
  }
  return result.data;
}

function mark(key: string, ref: unknown) {
  return typeof ref === 'string' && isPersonRef(ref)
    ? { [key]: personal(ref, ref) }
    : {};
}
