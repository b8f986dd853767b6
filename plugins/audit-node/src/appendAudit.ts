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
  personal,
  type PersonalValue,
} from '@portico/plugin-audit-common';
import { type Knex } from 'knex';
import { type AuditContext } from './AuditContext';
import { draftText } from './draftText';

/** Longer reasons are cut: they are for people to read. */
const MOST_REASON_CHARACTERS = 3_900;

/** What an index of PostgreSQL takes for sure. */
const MOST_REF_BYTES = 2_000;

/** An act to record. */
export interface AuditRecord {
  /** The tenant whose chain it belongs to; `default` for the platform. */
  chain: string;
  act: AuditAct;
  /** Who did it; from `auditContext` or `pluginAuditContext`. */
  context: AuditContext;
  /** What it was done to, such as `{ kind: 'member', ref: 'user:aurora/kim' }`. */
  subject: { kind: string; ref: string | PersonalValue };
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
 * @throws InputError when the record is malformed or too large; the act must fail then
 */
export async function appendAudit(
  transaction: Knex.Transaction,
  record: AuditRecord,
): Promise<void> {
  const draft = toDraft(record);
  await transaction.raw(
    'insert into portico_audit.outbox (id, chain, occurred_at, draft) values (?, ?, ?, ?)',
    [randomUUID(), draft.chain, new Date(), draftText(draft)],
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
  const { actor, onBehalfOf, sourceAddress, ...request } = context;
  // Words and address are about the person who acts, or whom it is done for.
  const person = [actor.ref, onBehalfOf].find(isPerson);
  const draft = {
    ...request,
    ...withoutUndefined(others),
    act: act.name,
    severity: act.severity,
    outcome: record.outcome ?? 'succeeded',
    actor: { ...actor, ...(actor.ref && { ref: mark(actor.ref) }) },
    ...(onBehalfOf && { onBehalfOf: mark(onBehalfOf) }),
    subject: { ...subject, ref: mark(subject.ref) },
    ...(reason && { reason: markReason(reason, person) }),
    ...(sourceAddress && {
      sourceAddress: markAddress(sourceAddress, person),
    }),
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

function isPerson(ref: unknown): ref is string {
  return typeof ref === 'string' && isPersonRef(ref);
}

function mark(ref: string | PersonalValue): string | PersonalValue {
  if (typeof ref === 'string' && Buffer.byteLength(ref) > MOST_REF_BYTES) {
    throw new InputError(
      `A ref of an audit entry has ${Buffer.byteLength(
        ref,
      )} bytes, at most ${MOST_REF_BYTES} are kept: ${ref.slice(0, 60)}…`,
    );
  }
  return isPerson(ref) ? personal(ref, ref) : ref;
}

function markReason(text: string, person: string | undefined) {
  const reason = text.slice(0, MOST_REASON_CHARACTERS);
  return person ? personal(person, reason) : reason;
}

/** An address is a personal datum of whoever it is, known or not. */
function markAddress(
  address: string | PersonalValue,
  person: string | undefined,
) {
  return typeof address === 'string'
    ? personal(person ?? `address:${address}`, address)
    : address;
}

function withoutUndefined<T extends object>(fields: T): T {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as T;
}
