import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import { type ErasureRequest, isPersonRef } from '@portico/plugin-audit-common';
import { appendAudit, type AuditContext } from '@portico/plugin-audit-node';
import { PLATFORM_TENANT } from '@portico/plugin-tenancy-common';
import { type Knex } from 'knex';
import { z } from 'zod';
import { auditEngineActs } from '../auditActs';
import { pause, type Wait } from '../relay/Loop';

/** Acts that name the person and are just being chained are waited for this often. */
const ATTEMPTS = 25;
const ATTEMPT_MILLISECONDS = 200;
/** What `portico_audit.erase_person` answers while such acts wait. */
const OBJECT_IN_USE = '55006';

const holdingsSchema = z.object({
  rows: z.array(z.object({ chain: z.string(), commitment: z.string() })),
});
const erasedSchema = z.object({
  rows: z.tuple([z.object({ erased: z.coerce.number() })]),
});

/**
 * Destroys what the audit knows of a former member: salts and values go, so that the
 * commitments in the chain say nothing any more, and the chain stays as it is.
 */
export class ErasureService {
  readonly #database: PorticoDatabase;
  readonly #isMember: (userRef: string) => Promise<boolean>;
  readonly #wait: Wait;

  constructor(options: {
    database: PorticoDatabase;
    /** Tells whether somebody is a member now. */
    isMember: (userRef: string) => Promise<boolean>;
    wait?: Wait;
  }) {
    this.#database = options.database;
    this.#isMember = options.isMember;
    this.#wait = options.wait ?? pause;
  }

  /**
   * Erases a person from the chain of their tenant. People of the platform are erased
   * from the chain `default`, and with it from all others. The caller was authorised
   * for the chain before.
   *
   * @throws InputError when the person belongs to another tenant, ConflictError while
   *   they are a member, NotFoundError when the chain holds nothing of them
   */
  async erase(
    request: ErasureRequest,
    context: AuditContext,
  ): Promise<{ erased: number }> {
    const { chain, person } = request;
    if (!isPersonRef(person) || !person.startsWith(`user:${chain}/`)) {
      throw new InputError(
        `${person} is no person of ${chain}: a person is erased by their own tenant, as user:${chain}/<name>`,
      );
    }
    if (await this.#isMember(person)) {
      throw new ConflictError(
        `${person} is a member of ${chain}: disable or remove them first, then erase them`,
      );
    }
    const holdings = await this.#holdings(chain, person);
    if (holdings.length === 0) {
      throw new NotFoundError(`The chain ${chain} holds nothing of ${person}`);
    }
    let erased = 0;
    for (const holding of holdings) {
      erased += await this.#eraseFrom(holding, request, context);
    }
    return { erased };
  }

  /** One commitment per chain, preferably that to the person's ref. */
  async #holdings(chain: string, person: string) {
    const find = (transaction: Knex.Transaction) =>
      transaction.raw(
        `select distinct on (chain) chain, commitment
           from portico_audit.personal_data
          where person = ?
          order by chain, value <> person`,
        [person],
      );
    const answer =
      chain === PLATFORM_TENANT
        ? await this.#database.asPlatform(
            'find a former member of the platform in all chains',
            find,
          )
        : await this.#database.inTenant(chain, find);
    return holdingsSchema.parse(answer).rows;
  }

  async #eraseFrom(
    holding: { chain: string; commitment: string },
    request: ErasureRequest,
    context: AuditContext,
  ): Promise<number> {
    const { signal } = new AbortController();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#database.inTenant(
          holding.chain,
          async transaction => {
            await appendAudit(transaction, {
              chain: holding.chain,
              act: auditEngineActs.erasePerson,
              context,
              subject: { kind: 'person', ref: holding.commitment },
              reason: request.reason,
            });
            const answer = await transaction.raw(
              'select portico_audit.erase_person(?, ?) as erased',
              [holding.chain, request.person],
            );
            return erasedSchema.parse(answer).rows[0].erased;
          },
        );
      } catch (error) {
        if (
          !z.object({ code: z.literal(OBJECT_IN_USE) }).safeParse(error).success
        ) {
          throw error;
        }
        if (attempt === ATTEMPTS) {
          throw new ConflictError(
            `Acts that name ${request.person} are not chained yet; try again in a minute`,
          );
        }
        await this.#wait(ATTEMPT_MILLISECONDS, signal);
      }
    }
  }
}
