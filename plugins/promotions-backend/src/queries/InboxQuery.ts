import { type PorticoDatabase } from '@portico/database';
import {
  excludedFromApproval,
  type GateResult,
  type PromotionList,
  promotionOverridePermission,
  promotionVotePermission,
  type Vote,
  type Voter,
  voteSchema,
} from '@portico/plugin-promotions-common';
import { type TenancyDirectory } from '@portico/plugin-tenancy-node';
import { type Knex } from 'knex';
import { z } from 'zod';
import { toVoter } from '../gates/gateFacts';
import {
  selectPromotions,
  type StoredPromotion,
  toPromotion,
} from '../store/toPromotion';
import { authorsInEvidence } from './authorsInEvidence';
import { approvalGatesOf, wouldHelp } from './judgeVotes';
import { type MayFacts } from './mayDo';
import { readCursor, toPage } from './pageCursor';

type Item = PromotionList['items'][number];

const positionSchema = z.tuple([z.uuid()]);
/** Promotions that are looked at in one go. */
const BATCH = 100;
/** More are not looked at for one page: nobody has so many open. */
const MOST_BATCHES = 10;

const voteRowSchema = z.object({
  promotion: z.string(),
  voter: z.string(),
  decision: voteSchema.shape.decision,
  subject: z.string(),
  at: z.date(),
  representing: z.string().nullable(),
  auth_time: z.date().nullable(),
});
const resultRowSchema = z.object({
  promotion: z.string(),
  gate: z.string(),
  kind: z.string(),
  evidence: z.record(z.string(), z.json()),
});
const rowSchema = z.looseObject({
  id: z.string(),
  to_confirm: z.boolean(),
  to_review: z.boolean(),
});

interface Candidate {
  stored: StoredPromotion;
  /** Somebody else broke the glass, and nobody confirmed. */
  toConfirm: boolean;
  /** Two others went past gates, and nobody reviewed it. */
  toReview: boolean;
  votes: Vote[];
  results: Array<Pick<GateResult, 'gate' | 'kind' | 'evidence'>>;
}

/**
 * Reads what waits for a person: promotions that this approval would bring on, break glass
 * to confirm, and reviews that are due.
 */
export class InboxQuery {
  readonly #database: PorticoDatabase;
  readonly #directory: Pick<TenancyDirectory, 'members'>;
  readonly #now: () => Date;

  constructor(options: {
    database: PorticoDatabase;
    directory: Pick<TenancyDirectory, 'members'>;
    now: () => Date;
  }) {
    this.#database = options.database;
    this.#directory = options.directory;
    this.#now = options.now;
  }

  /** Newest first. */
  async list(
    query: { tenant: string; limit: number; cursor?: string },
    caller: MayFacts['caller'],
  ): Promise<PromotionList> {
    const mayVote = caller.holds.has(promotionVotePermission.name);
    const mayOverride = caller.holds.has(promotionOverridePermission.name);
    if (caller.kind !== 'person' || !(mayVote || mayOverride)) {
      return { items: [] };
    }
    const { tenant, limit } = query;
    const voters = (await this.#directory.members(tenant)).map(toVoter);
    const found: Item[] = [];
    let [before] = query.cursor ? readCursor(query.cursor, positionSchema) : [];
    for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
      const candidates = await this.#candidates(tenant, caller.ref, before);
      for (const candidate of candidates) {
        const waitsFor =
          (mayOverride && overrideWaits(candidate)) ||
          (mayVote && this.#waitsForApproval(candidate, voters, caller.ref));
        if (waitsFor) {
          found.push({ ...candidate.stored.promotion, waitsFor });
        }
      }
      before = candidates.at(-1)?.stored.promotion.id;
      if (found.length > limit || candidates.length < BATCH) {
        break;
      }
    }
    return toPage(found, limit, ({ id }) => [id]);
  }

  #candidates(
    tenant: string,
    ref: string,
    before: string | undefined,
  ): Promise<Candidate[]> {
    return this.#database.inTenant(tenant, transaction =>
      readCandidates(transaction, { tenant, before, ref, now: this.#now() }),
    );
  }

  #waitsForApproval(
    candidate: Candidate,
    voters: readonly Voter[],
    ref: string,
  ): 'approval' | undefined {
    const { promotion, stage } = candidate.stored;
    const helps =
      promotion.phase === 'waiting' &&
      wouldHelp(
        {
          gates: approvalGatesOf(stage.gates, candidate.results),
          votes: candidate.votes,
          subject: promotion.subject,
          voters,
          excluded: excludedFromApproval({
            requestedBy: promotion.requestedBy,
            authors: authorsInEvidence(candidate.results),
            editors: stage.editors,
          }),
          now: this.#now(),
        },
        ref,
      );
    return helps ? 'approval' : undefined;
  }
}

function overrideWaits(
  candidate: Candidate,
): 'breakGlass' | 'review' | undefined {
  if (candidate.toConfirm) {
    return 'breakGlass';
  }
  return candidate.toReview ? 'review' : undefined;
}

/**
 * Promotions that wait, or have an override that somebody else has to confirm or review,
 * with what is needed to tell whether it is the caller.
 */
async function readCandidates(
  transaction: Knex.Transaction,
  query: { tenant: string; before?: string; ref: string; now: Date },
): Promise<Candidate[]> {
  const { tenant, before = null, ref, now } = query;
  const { rows } = await transaction.raw(
    `with open_override as (
       select promotion,
              bool_or(confirmed_at is null and expires_at > :now and by_ref <> :ref) as to_confirm,
              bool_or(confirmed_at is not null and by_ref <> :ref and confirmed_by <> :ref)
                as to_review
         from portico_promotions.overrides
        where tenant = :tenant and reviewed_at is null group by promotion
     ), listed as (${selectPromotions} where p.tenant = :tenant)
     select listed.*, coalesce(to_confirm and ended_at is null, false) as to_confirm,
            coalesce(to_review, false) as to_review
       from listed left join open_override on open_override.promotion = listed.id
      where (cast(:before as uuid) is null
             or listed.id < (select seen.id from portico_promotions.promotions seen
                              where seen.tenant = :tenant and seen.id = :before))
        and (listed.phase = 'waiting' or to_confirm and ended_at is null or to_review)
      order by listed.id desc limit ${BATCH}`,
    { tenant, before, ref, now },
  );
  const found = z.array(rowSchema).parse(rows);
  const ids = found.map(({ id }) => id);
  const votes = await readVotes(transaction, tenant, ids);
  const results = await readApprovalResults(transaction, tenant, ids);
  return found.map(
    ({ to_confirm: toConfirm, to_review: toReview, ...row }) => ({
      stored: toPromotion(row),
      toConfirm,
      toReview,
      votes: votes.get(row.id) ?? [],
      results: results.get(row.id) ?? [],
    }),
  );
}

async function readVotes(
  transaction: Knex.Transaction,
  tenant: string,
  promotions: readonly string[],
): Promise<Map<string, Vote[]>> {
  const { rows } = await transaction.raw(
    `select promotion, voter, decision, subject, at, representing, auth_time
       from portico_promotions.votes
      where tenant = ? and promotion = any(?) order by sequence`,
    [tenant, [...promotions]],
  );
  return byPromotion(z.array(voteRowSchema).parse(rows), row => ({
    voter: row.voter,
    decision: row.decision,
    subject: row.subject,
    at: row.at.toISOString(),
    ...(row.representing && { representing: row.representing }),
    ...(row.auth_time && { authenticatedAt: row.auth_time.toISOString() }),
  }));
}

async function readApprovalResults(
  transaction: Knex.Transaction,
  tenant: string,
  promotions: readonly string[],
): Promise<Map<string, Array<Pick<GateResult, 'gate' | 'kind' | 'evidence'>>>> {
  const { rows } = await transaction.raw(
    `select distinct on (promotion, gate) promotion, gate, kind, evidence
       from portico_promotions.gate_results
      where tenant = ? and promotion = any(?) and kind = 'approval'
      order by promotion, gate, sequence desc`,
    [tenant, [...promotions]],
  );
  return byPromotion(
    z.array(resultRowSchema).parse(rows),
    ({ gate, kind, evidence }) => ({ gate, kind, evidence }),
  );
}

function byPromotion<TRow extends { promotion: string }, T>(
  rows: readonly TRow[],
  toItem: (row: TRow) => T,
): Map<string, T[]> {
  const map = new Map<string, T[]>();
  for (const row of rows) {
    map.set(row.promotion, [...(map.get(row.promotion) ?? []), toItem(row)]);
  }
  return map;
}
