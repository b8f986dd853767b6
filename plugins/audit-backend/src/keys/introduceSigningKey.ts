import { type LoggerService } from '@backstage/backend-plugin-api';
import { type PorticoDatabase } from '@portico/database';
import {
  createSigningKey,
  formatVerifierKey,
  introduceKey,
  type SigningKey,
} from '@portico/plugin-audit-common/chain';
import { appendAudit, pluginAuditContext } from '@portico/plugin-audit-node';
import { PLATFORM_TENANT } from '@portico/plugin-tenancy-common';
import { type Knex } from 'knex';
import { z } from 'zod';
import { auditEngineActs } from '../auditActs';

const newestSchema = z.object({ rows: z.array(z.object({ key: z.string() })) });

/** The newest key that was introduced, in text form; none before the first start. */
export async function newestSigningKey(
  transaction: Knex.Transaction,
): Promise<string | undefined> {
  const answer = await transaction.raw(
    'select key from portico_audit.signing_keys order by id desc limit 1',
  );
  return newestSchema.parse(answer).rows[0]?.key;
}

/**
 * Gives the key that signs, and makes it known: when it is another one than before, the
 * key before introduces it, so that whoever trusts that one can trust this one.
 */
export async function introduceSigningKey(options: {
  database: PorticoDatabase;
  origin: string;
  /** The first signs; the one before it must stand further down when it changes. */
  seeds: readonly string[];
  now: () => Date;
  logger: LoggerService;
}): Promise<SigningKey> {
  const { database, origin, now, logger } = options;
  const keys = options.seeds.map(seed => createSigningKey(origin, seed));
  const [key] = keys;
  const text = formatVerifierKey(key.verifier);

  await database.asPlatform('introduce a signing key', async transaction => {
    // one replica at a time
    await transaction.raw('select pg_advisory_xact_lock(7007, 12)');
    const newest = await newestSigningKey(transaction);
    if (newest === text) {
      return;
    }
    const previous = keys.find(
      ({ verifier }) => formatVerifierKey(verifier) === newest,
    );
    const time = now();
    const introduction = previous
      ? introduceKey({ previous, next: key, time })
      : null;
    await transaction.raw(
      `insert into portico_audit.signing_keys (key, introduction, introduced_at)
       values (?, ?, ?)`,
      [text, introduction, time],
    );
    await appendAudit(transaction, {
      chain: PLATFORM_TENANT,
      act: auditEngineActs.introduceKey,
      context: pluginAuditContext('audit'),
      subject: { kind: 'signing-key', ref: text },
      details: {
        introduced: introduction !== null,
        ...(newest ? { previousKey: newest } : {}),
      },
    });
    if (introduction) {
      logger.info(`Checkpoints are signed with ${text} from now on`);
    } else if (newest) {
      logger.error(
        `Checkpoints are signed with ${text} from now on, and nothing ties it to ${newest}, whose seed is not in audit.signingKeys: verifiers that trust the old key will refuse the new one until somebody tells them to trust it`,
      );
    } else {
      logger.info(
        `Checkpoints are signed with ${text}: give this key to those who verify`,
      );
    }
  });
  return key;
}
