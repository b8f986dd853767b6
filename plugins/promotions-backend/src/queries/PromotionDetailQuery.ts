import { type PorticoDatabase } from '@portico/database';
import {
  type Effect,
  effectSchema,
  excludedFromApproval,
  type PromotionDetail,
} from '@portico/plugin-promotions-common';
import { type Knex } from 'knex';
import { z } from 'zod';
import { type TenancyDirectory } from '@portico/plugin-tenancy-node';
import { toVoter } from '../gates/gateFacts';
import { openStores } from '../store/openStores';
import { authorsInEvidence } from './authorsInEvidence';
import { describeSubjectChanges } from './describeSubjectChanges';
import { approvalGatesOf, judgeVotes } from './judgeVotes';
import { type MayFacts, mayDo } from './mayDo';

const effectRowSchema = z.object({
  key: z.string(),
  step: z.string(),
  kind: effectSchema.shape.kind,
  state: effectSchema.shape.state,
  attempts: z.number(),
  remote: effectSchema.shape.remote.nullable(),
  reason: z.string().nullable(),
  planned_at: z.date(),
  confirmed_at: z.date().nullable(),
});

/** Reads everything that the page of a promotion shows. */
export class PromotionDetailQuery {
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

  /** Undefined when the tenant has no such promotion. */
  async get(
    address: { tenant: string; id: string },
    caller: MayFacts['caller'],
  ): Promise<PromotionDetail | undefined> {
    const read = await this.#database.inTenant(address.tenant, transaction =>
      readAll(transaction, address),
    );
    if (!read) {
      return undefined;
    }
    const { promotion, stage } = read.stored;
    const excluded = excludedFromApproval({
      requestedBy: promotion.requestedBy,
      authors: authorsInEvidence(read.gates),
      editors: stage.editors,
    });
    const votes = {
      gates: approvalGatesOf(stage.gates, read.gates),
      votes: read.votes,
      subject: promotion.subject,
      voters: (await this.#directory.members(address.tenant)).map(toVoter),
      excluded,
      now: this.#now(),
    };
    const judged = judgeVotes(votes);
    return {
      promotion,
      stage,
      ...(read.subject && { subject: read.subject }),
      subjectChanges:
        read.subject && read.votedSubject
          ? describeSubjectChanges(read.votedSubject, read.subject)
          : [],
      transitions: read.transitions,
      gates: stage.gates.flatMap(({ name }) =>
        read.gates.filter(({ gate }) => gate === name),
      ),
      approvals: judged.gates.map(({ gate, standing }) => ({
        gate,
        rules: standing.rules.map(({ rule, ...rest }) => ({
          ...rule,
          ...rest,
        })),
      })),
      votes: read.votes.map((vote, index) => ({
        ...vote,
        standing: judged.standings[index] ?? 'notEligible',
      })),
      excluded,
      effects: read.effects,
      overrides: read.overrides.map(({ sequence: _, ...override }) => override),
      may: mayDo({
        promotion,
        votes,
        overrides: read.overrides,
        gates: read.gates,
        runs: read.runs,
        caller,
      }),
    };
  }
}

/** What the tables say, in one transaction. */
async function readAll(
  transaction: Knex.Transaction,
  { tenant, id }: { tenant: string; id: string },
) {
  const stores = openStores(transaction, tenant);
  const stored = await stores.promotions.get(id);
  if (!stored) {
    return undefined;
  }
  const { promotion } = stored;
  const votes = await stores.votes.of(id);
  const voted = votes.findLast(({ subject }) => subject !== promotion.subject);
  return {
    stored,
    votes,
    subject: promotion.subject
      ? await stores.history.subject(id, promotion.subject)
      : undefined,
    // Only where nobody voted on what is shown now, there is something to explain.
    votedSubject:
      voted && !votes.some(({ subject }) => subject === promotion.subject)
        ? await stores.history.subject(id, voted.subject)
        : undefined,
    transitions: await stores.history.transitionsOf(id),
    gates: await stores.gateResults.newestOf(id),
    overrides: await stores.overrides.of(id),
    effects: await readEffects(transaction, { tenant, id }),
    runs: (await stores.deployments.current(promotion))?.promotion,
  };
}

async function readEffects(
  transaction: Knex.Transaction,
  { tenant, id }: { tenant: string; id: string },
): Promise<Effect[]> {
  const { rows } = await transaction.raw(
    `select key, step, kind, state, attempts, remote, reason, planned_at, confirmed_at
       from portico_promotions.effects
      where tenant = ? and promotion = ? order by position`,
    [tenant, id],
  );
  return z
    .array(effectRowSchema)
    .parse(rows)
    .map(row => ({
      key: row.key,
      step: row.step,
      kind: row.kind,
      state: row.state,
      attempts: row.attempts,
      ...(row.remote && { remote: row.remote }),
      ...(row.reason && { reason: row.reason }),
      plannedAt: row.planned_at.toISOString(),
      ...(row.confirmed_at && { confirmedAt: row.confirmed_at.toISOString() }),
    }));
}
