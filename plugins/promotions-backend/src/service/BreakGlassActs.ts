import { ConflictError, InputError, NotAllowedError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import { parse } from '@portico/http-api';
import { appendAudit } from '@portico/plugin-audit-node';
import {
  type BreakGlass,
  breakGlassSchema,
  durationMilliseconds,
  type Promotion,
  type ReviewOverride,
  reviewOverrideSchema,
} from '@portico/plugin-promotions-common';
import { promotionsAuditActs } from '../auditActs';
import { openStores, type Stores } from '../store/openStores';
import { type StoredOverride } from '../store/OverrideStore';
import { assertPerson } from './assertPerson';
import { assertNotBegun, lockedPromotion } from './lockedPromotion';
import { type VotingActor } from './PromotionService';
import { askAgain } from './PromotionVotes';

const LONGEST_MILLISECONDS = 4 * 3_600_000;
const REVIEW_WITHIN_MILLISECONDS = 3 * 24 * 3_600_000;

/** Going past gates that say "not yet": named, doubled, short, and reviewed afterwards. */
export class BreakGlassActs {
  readonly #database: PorticoDatabase;
  readonly #now: () => Date;

  constructor(options: { database: PorticoDatabase; now: () => Date }) {
    this.#database = options.database;
    this.#now = options.now;
  }

  async ask(
    { promotion: id, ...wish }: { promotion: string } & BreakGlass,
    by: VotingActor,
  ): Promise<Promotion> {
    const { gates, reason, ticket, expiresAfter } = parse(
      breakGlassSchema,
      wish,
      'The override',
    );
    assertPerson(by, 'break glass');
    const length = durationMilliseconds(expiresAfter);
    if (length < 1 || length > LONGEST_MILLISECONDS) {
      throw new InputError(
        `Breaking glass lasts at most four hours, not ${expiresAfter}`,
      );
    }
    const at = this.#now();
    return this.#inPromotion(id, by, async (stores, was) => {
      const { promotion, stage } = was;
      assertNotBegun(promotion, 'go past gates');
      const asked = await stores.gateResults.newestOf(id);
      const known = new Set([
        ...stage.gates.map(({ name }) => name),
        ...asked.map(({ gate }) => gate),
      ]);
      const unknown = gates.filter(gate => !known.has(gate));
      if (unknown.length > 0) {
        throw new InputError(
          `The promotion has no gate ${unknown.join(', ')}; it has ${[
            ...known,
          ].join(', ')}`,
        );
      }
      const open = (await stores.overrides.of(id)).find(
        ({ expiresAt }) => Date.parse(expiresAt) > at.getTime(),
      );
      if (open) {
        throw new ConflictError(
          `The glass was broken already, until ${open.expiresAt}`,
        );
      }
      const expiresAt = new Date(at.getTime() + length);
      await stores.overrides.add(id, {
        gates,
        reason,
        ticket,
        by: by.ref,
        at,
        expiresAt,
        reviewDueAt: new Date(at.getTime() + REVIEW_WITHIN_MILLISECONDS),
      });
      await appendAudit(stores.transaction, {
        chain: by.tenant,
        act: promotionsAuditActs.breakGlass,
        context: by.context,
        subject: { kind: 'promotion', ref: id },
        correlation: id,
        reason,
        details: { gates, ticket, expiresAt: expiresAt.toISOString() },
      });
      await alarm(stores, promotion, 'asked', at);
      await tell(stores, promotion, at);
    });
  }

  async confirm({ id }: { id: string }, by: VotingActor): Promise<Promotion> {
    assertPerson(by, 'break glass');
    const at = this.#now();
    return this.#inPromotion(id, by, async (stores, was) => {
      assertNotBegun(was.promotion, 'go past gates');
      const open = (await stores.overrides.of(id)).find(
        ({ confirmed, expiresAt }) =>
          !confirmed && Date.parse(expiresAt) > at.getTime(),
      );
      if (!open) {
        throw new ConflictError('There is no broken glass to confirm');
      }
      if (open.by === by.ref) {
        throw new NotAllowedError(
          'Whoever broke the glass cannot confirm it: a second person has to',
        );
      }
      await stores.overrides.confirm(id, open.sequence, { ref: by.ref, at });
      await appendAudit(stores.transaction, {
        chain: by.tenant,
        act: promotionsAuditActs.confirmBreakGlass,
        context: by.context,
        subject: { kind: 'promotion', ref: id },
        correlation: id,
        details: { gates: open.gates, ticket: open.ticket, askedBy: open.by },
      });
      await alarm(stores, was.promotion, 'confirmed', at);
      await askAgain(stores, was, {
        reason: 'A second person confirmed that gates are gone past',
        at,
        by,
      });
    });
  }

  async review(
    { promotion: id, ...wish }: { promotion: string } & ReviewOverride,
    by: VotingActor,
  ): Promise<Promotion> {
    const { finding, comment } = parse(
      reviewOverrideSchema,
      wish,
      'The review',
    );
    assertPerson(by, 'review');
    const at = this.#now();
    return this.#inPromotion(id, by, async (stores, { promotion }) => {
      const due = (await stores.overrides.of(id)).find(
        ({ confirmed, review }) => confirmed && !review,
      );
      if (!due) {
        throw new ConflictError('There is no broken glass to review');
      }
      assertThird(due, by);
      await stores.overrides.review(id, due.sequence, {
        by: by.ref,
        at,
        finding,
        comment,
      });
      await appendAudit(stores.transaction, {
        chain: by.tenant,
        act: promotionsAuditActs.reviewOverride,
        context: by.context,
        subject: { kind: 'promotion', ref: id },
        correlation: id,
        reason: comment,
        details: { finding, ticket: due.ticket },
      });
      await tell(stores, promotion, at);
    });
  }

  async #inPromotion(
    id: string,
    { tenant }: VotingActor,
    fn: (
      stores: Stores,
      was: Awaited<ReturnType<typeof lockedPromotion>>,
    ) => Promise<void>,
  ): Promise<Promotion> {
    return this.#database.inTenant(tenant, async transaction => {
      const stores = openStores(transaction, tenant);
      await fn(stores, await lockedPromotion(stores, id));
      return (await lockedPromotion(stores, id)).promotion;
    });
  }
}

function assertThird(
  { by: asked, confirmed }: StoredOverride,
  { ref }: VotingActor,
): void {
  if (ref === asked || ref === confirmed?.by) {
    throw new NotAllowedError(
      'Whoever went past the gates cannot review it: a third person has to',
    );
  }
}

/** All who approve or administrate are told, at each of its two steps. */
async function alarm(
  stores: Stores,
  { id, component, environment }: Promotion,
  step: 'asked' | 'confirmed',
  at: Date,
): Promise<void> {
  await stores.notices.add({
    kind: 'breakGlass',
    key: `break glass ${id} ${step} ${at.toISOString()}`,
    component,
    environment,
    promotion: id,
    madeAt: at,
  });
}

async function tell(
  stores: Stores,
  { id, component, environment, phase, revision }: Promotion,
  at: Date,
): Promise<void> {
  await stores.history.addEvent(
    { type: 'promotion', id, component, environment, phase, revision },
    at,
  );
}
