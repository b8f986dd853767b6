import { type LoggerService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import { type NotificationService } from '@backstage/plugin-notifications-node';
import { type PorticoDatabase } from '@portico/database';
import { z } from 'zod';
import { withinTime } from '../engine/withinTime';
import { openStores } from '../store/openStores';
import { type Message } from './Message';
import { type NoticeComposer, type TakenNotice } from './NoticeComposer';
import { type NoticeOutcome, noticeKindSchema } from './NoticeStore';

const PAUSE_MILLISECONDS = 2_000;
const MOST_AT_ONCE = 20;
/** How long a notice waits for the heir of a killed sender. */
const LEASE_SECONDS = 60;
const LONGEST_SEND_MILLISECONDS = 10_000;
const LONGEST_WAIT_MILLISECONDS = 10 * 60_000;
/** What nobody could be told for a day is no news any more. */
const GIVE_UP_MILLISECONDS = 24 * 3_600_000;
const KEPT_DAYS = 30;
const CLEAN_UP_MILLISECONDS = 3_600_000;
const LONGEST_DESCRIPTION = 500;

const rowSchema = z.object({
  tenant: z.string(),
  id: z.string(),
  kind: noticeKindSchema,
  component: z.string(),
  environment: z.string(),
  promotion: z.string().nullable(),
  made_at: z.date(),
  attempts: z.number(),
});

/** A notice, and how often and since when it was tried. */
type Taken = TakenNotice & { madeAt: Date; attempts: number };

/**
 * Sends what people are to be told through the notification service.
 *
 * A notice was written in the transaction of its cause. Whichever replica takes it has it for
 * a minute; when it is killed, another one sends it again, and under the same scope the
 * service puts it in the place of the first.
 */
export class NoticeSender {
  readonly #database: PorticoDatabase;
  readonly #composer: Pick<NoticeComposer, 'compose'>;
  readonly #notifications: Pick<NotificationService, 'send'>;
  readonly #enabled: boolean;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #cleanedAt = 0;

  constructor(options: {
    database: PorticoDatabase;
    composer: Pick<NoticeComposer, 'compose'>;
    notifications: Pick<NotificationService, 'send'>;
    /** Without, notices are settled unsent, so that none are sent later either. */
    enabled: boolean;
    logger: LoggerService;
    now: () => Date;
  }) {
    this.#database = options.database;
    this.#composer = options.composer;
    this.#notifications = options.notifications;
    this.#enabled = options.enabled;
    this.#logger = options.logger;
    this.#now = options.now;
  }

  start(): void {
    this.#schedule(PAUSE_MILLISECONDS);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#stopping.abort(new Error('The sender of notices stops'));
    await this.#running;
  }

  /**
   * Sends what is due and nobody else has.
   *
   * @returns whether there may be more
   */
  async send(): Promise<boolean> {
    const taken = await this.#take();
    for (const notice of taken) {
      if (this.#stopping.signal.aborted) {
        return false;
      }
      await this.#handle(notice);
    }
    await this.#cleanUp();
    return taken.length === MOST_AT_ONCE;
  }

  #schedule(pause: number): void {
    if (this.#stopping.signal.aborted) {
      return;
    }
    this.#timer = setTimeout(() => {
      this.#running = this.send()
        .catch(error => {
          this.#logger.warn(
            `What people are to be told could not be read: ${reasonOf(error)}`,
          );
          return false;
        })
        .then(isMore => this.#schedule(isMore ? 0 : PAUSE_MILLISECONDS));
    }, pause);
    this.#timer.unref();
  }

  async #take(): Promise<Taken[]> {
    const rows = z.array(rowSchema).parse(
      await this.#database.statementAsPlatform({
        name: 'promotions-notices-due',
        text: `update portico_promotions.notices taken
                  set leased_until = clock_timestamp() + interval '${LEASE_SECONDS} s',
                      attempts = attempts + 1
                 from (select tenant, id from portico_promotions.notices
                        where settled_at is null and due_at <= $1
                          and (leased_until is null or leased_until < clock_timestamp())
                        order by due_at limit ${MOST_AT_ONCE} for update skip locked) due
                where taken.tenant = due.tenant and taken.id = due.id
                returning taken.tenant, taken.id, kind, component, environment, promotion,
                          made_at, attempts`,
        values: [this.#now()],
      }),
    );
    return rows
      .sort((one, other) => one.made_at.getTime() - other.made_at.getTime())
      .map(({ promotion, made_at: madeAt, ...notice }) => ({
        ...notice,
        madeAt,
        ...(promotion && { promotion }),
      }));
  }

  /** What goes wrong with one keeps no other back. */
  async #handle(notice: Taken): Promise<void> {
    try {
      if (!this.#enabled) {
        await this.#settle(notice, 'switchedOff');
        return;
      }
      const { messages, drift, laterAt } = await this.#composer.compose(notice);
      const told = messages.filter(({ to }) => to.length > 0);
      for (const message of told) {
        await this.#tell(notice, message);
      }
      await this.#settle(notice, told.length > 0 ? 'told' : 'needless', {
        drift,
        ...(laterAt && { laterAt }),
      });
    } catch (error) {
      await this.#tryAgain(notice, error);
    }
  }

  async #tell({ tenant }: Taken, message: Message): Promise<void> {
    const { to, title, description, link, severity, topic, scope } = message;
    const foreign = to.find(ref => !ref.startsWith(`user:${tenant}/`));
    if (foreign) {
      throw new Error(`${foreign} is no member of ${tenant}`);
    }
    await withinTime(
      'The notification service',
      LONGEST_SEND_MILLISECONDS,
      this.#stopping.signal,
      () =>
        this.#notifications.send({
          recipients: { type: 'entity', entityRef: to },
          payload: {
            title,
            description: description.trim().slice(0, LONGEST_DESCRIPTION),
            link,
            severity,
            topic,
            scope,
          },
        }),
    );
  }

  /** That drift was told is written with it, and what was muted is told when that is over. */
  async #settle(
    { tenant, id }: Taken,
    outcome: NoticeOutcome,
    told: { drift: string[]; laterAt?: Date } = { drift: [] },
  ): Promise<void> {
    const now = this.#now();
    await this.#database.inTenant(tenant, async transaction => {
      const { notices } = openStores(transaction, tenant);
      if (told.drift.length > 0) {
        await transaction.raw(
          `update portico_promotions.drift set told_at = ?
            where tenant = ? and id = any(?::uuid[]) and told_at is null`,
          [now, tenant, told.drift],
        );
      }
      await (told.laterAt
        ? notices.postpone(id, told.laterAt)
        : notices.settle(id, outcome, now));
    });
  }

  async #tryAgain(notice: Taken, error: unknown): Promise<void> {
    const { tenant, id, kind, attempts, madeAt } = notice;
    const now = this.#now();
    if (now.getTime() - madeAt.getTime() > GIVE_UP_MILLISECONDS) {
      this.#logger.error(
        `Nobody could be told of ${kind} ${id} for a day, so nobody is: ${reasonOf(
          error,
        )}`,
      );
      await this.#settle(notice, 'gaveUp');
      return;
    }
    this.#logger.warn(
      `People could not be told of ${kind} ${id}, which is tried again: ${reasonOf(
        error,
      )}`,
    );
    const wait = Math.min(
      1_000 * 2 ** Math.min(attempts, 20),
      LONGEST_WAIT_MILLISECONDS,
    );
    await this.#database.inTenant(tenant, transaction =>
      openStores(transaction, tenant).notices.postpone(
        id,
        new Date(now.getTime() + wait),
      ),
    );
  }

  async #cleanUp(): Promise<void> {
    if (Date.now() - this.#cleanedAt < CLEAN_UP_MILLISECONDS) {
      return;
    }
    this.#cleanedAt = Date.now();
    await this.#database.asPlatform('forget old notices', transaction =>
      transaction.raw(
        `delete from portico_promotions.notices
          where settled_at < now() - interval '${KEPT_DAYS} days'`,
      ),
    );
  }
}

function reasonOf(error: unknown): string {
  return isError(error) ? error.message : String(error);
}
