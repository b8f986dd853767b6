import { isError } from '@backstage/errors';
import {
  approvalGateOptionsSchema,
  informsDependants,
  isEnd,
} from '@portico/plugin-promotions-common';
import { type PorticoDatabase } from '@portico/database';
import {
  type DirectoryMember,
  type TenancyDirectory,
} from '@portico/plugin-tenancy-node';
import { z } from 'zod';
import { type GateSources } from '../gates/GateSources';
import { openStores, type Stores } from '../store/openStores';
import { type StoredPromotion } from '../store/toPromotion';
import { untoldDrift } from '../drift/untoldDrift';
import { driftMessages } from './driftMessages';
import { type Message } from './Message';
import { type NoticeKind } from './NoticeStore';
import { peopleOf } from './peopleOf';
import {
  approvalMessages,
  breakGlassMessages,
  endMessages,
  type PromotionNews,
} from './promotionMessages';

/** A notice that a sender has taken. */
export interface TakenNotice {
  tenant: string;
  id: string;
  kind: NoticeKind;
  component: string;
  environment: string;
  promotion?: string;
}

/** What is to be told now; nothing where it is over. */
export interface Composed {
  messages: Message[];
  /** Drift that these messages tell of. */
  drift: string[];
  /** What cannot be told yet is looked at again then: muted drift, gates that are asked. */
  laterAt?: Date;
}

/** Asking the gates takes seconds; it says then whether it still waits. */
const ASKED_AGAIN_AFTER_MILLISECONDS = 2_000;

const driftRowSchema = z.object({
  id: z.string(),
  reason: z.string(),
  muted_until: z.date().nullable(),
});

/** Looks up what is true now: a notice only says that there was something to tell. */
export class NoticeComposer {
  readonly #database: PorticoDatabase;
  readonly #directory: Pick<TenancyDirectory, 'members'>;
  readonly #sources: Pick<GateSources, 'component' | 'dependants'>;
  readonly #now: () => Date;

  constructor(options: {
    database: PorticoDatabase;
    directory: Pick<TenancyDirectory, 'members'>;
    sources: Pick<GateSources, 'component' | 'dependants'>;
    now: () => Date;
  }) {
    this.#database = options.database;
    this.#directory = options.directory;
    this.#sources = options.sources;
    this.#now = options.now;
  }

  async compose(notice: TakenNotice): Promise<Composed> {
    const { kind } = notice;
    if (kind === 'drift') {
      return this.#drift(notice);
    }
    const news = await this.#promotionNews(notice);
    if (!news) {
      return { messages: [], drift: [] };
    }
    switch (kind) {
      case 'approval':
        return news.was.promotion.phase === 'evaluating'
          ? {
              messages: [],
              drift: [],
              laterAt: new Date(
                this.#now().getTime() + ASKED_AGAIN_AFTER_MILLISECONDS,
              ),
            }
          : { messages: approvalMessages(news), drift: [] };
      case 'end':
        return { messages: endMessages(news), drift: [] };
      case 'breakGlass':
        return { messages: breakGlassMessages(news), drift: [] };
      default:
        return kind satisfies never;
    }
  }

  async #promotionNews({
    tenant,
    promotion: id,
  }: TakenNotice): Promise<PromotionNews | undefined> {
    const members = await this.#directory.members(tenant);
    const read = await this.#inTenant(tenant, async stores => {
      const was = id ? await stores.promotions.get(id) : undefined;
      if (!id || !was || was.promotion.sample) {
        return undefined;
      }
      const transitions = isEnd(was.promotion.phase)
        ? await stores.history.transitionsOf(id)
        : [];
      const movedBy = transitions.at(-1)?.by;
      const takenBack = await stores.promotions.takenBackBy(id);
      return {
        was,
        votes: await stores.votes.of(id),
        results: await stores.gateResults.newestOf(id),
        overrides: await stores.overrides.of(id),
        ...(takenBack && {
          takesBack: {
            promotion: takenBack.promotion,
            results: await stores.gateResults.newestOf(takenBack.promotion.id),
          },
        }),
        ...(movedBy && { movedBy }),
        members,
        now: this.#now(),
      };
    });
    return (
      read && {
        ...read,
        informed: await this.#informed(tenant, read.was, members),
      }
    );
  }

  async #informed(
    tenant: string,
    { promotion, stage }: StoredPromotion,
    members: readonly DirectoryMember[],
  ): Promise<string[]> {
    const isAsked = stage.gates
      .filter(({ kind }) => kind === 'approval')
      .some(({ options }) =>
        informsDependants(approvalGateOptionsSchema.parse(options)),
      );
    if (!isAsked) {
      return [];
    }
    try {
      const { owners } = await this.#sources.dependants({
        tenant,
        component: promotion.component,
      });
      return peopleOf(owners, members);
    } catch (error) {
      // So many depend on it that nobody can be told for all of them: others still are.
      if (isError(error) && error.name === 'InputError') {
        return [];
      }
      throw error;
    }
  }

  async #drift(notice: TakenNotice): Promise<Composed> {
    const { tenant, component, environment } = notice;
    const now = this.#now();
    const found = await this.#inTenant(tenant, async ({ transaction }) => {
      const { rows } = await transaction.raw(
        `select id, reason, muted_until from portico_promotions.drift
          where tenant = ? and component = ? and environment = ?
            and resolved_at is null and told_at is null and class <> all(?)
          order by first_seen_at, id`,
        [tenant, component, environment, [...untoldDrift]],
      );
      return z.array(driftRowSchema).parse(rows);
    });
    const isMuted = (row: z.infer<typeof driftRowSchema>) =>
      row.muted_until !== null && row.muted_until > now;
    const told = found.filter(row => !isMuted(row));
    const laterAt = found
      .filter(isMuted)
      .flatMap(row => row.muted_until ?? [])
      .sort((one, other) => one.getTime() - other.getTime())[0];
    const messages =
      told.length === 0
        ? []
        : driftMessages({
            component,
            environment,
            reasons: told.map(({ reason }) => reason),
            entity: await this.#sources.component({ tenant, component }),
            members: await this.#directory.members(tenant),
          });
    return {
      messages,
      drift: told.map(({ id }) => id),
      ...(laterAt && { laterAt }),
    };
  }

  #inTenant<T>(tenant: string, fn: (stores: Stores) => Promise<T>): Promise<T> {
    return this.#database.inTenant(tenant, transaction =>
      fn(openStores(transaction, tenant)),
    );
  }
}
