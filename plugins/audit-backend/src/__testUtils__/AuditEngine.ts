import { mockServices } from '@backstage/backend-test-utils';
import { TestDatabase } from '@portico/database/testUtils';
import { type PluginMigrations, type PorticoDatabase } from '@portico/database';
import {
  type AuditEntry,
  auditEntrySchema,
} from '@portico/plugin-audit-common';
import {
  digestText,
  entryHash,
  genesisHash,
} from '@portico/plugin-audit-common/chain';
import {
  appendAudit,
  type AuditRecord,
  defineAuditAct,
} from '@portico/plugin-audit-node';
import { Client } from 'pg';
import { z } from 'zod';
import { auditMigrations } from '../migrations';
import { Relay } from '../relay/Relay';

export const ORIGIN = 'portal.example.com';

export const testAct = defineAuditAct({
  name: 'test.thing.change',
  severity: 'medium',
  when: 'A thing changes.',
  fields: ['number'],
});

/** A record of a thing that kim of aurora changed. */
export function record(more: Partial<AuditRecord> = {}): AuditRecord {
  return {
    chain: 'aurora',
    act: testAct,
    context: { actor: { kind: 'person', ref: 'user:aurora/kim' } },
    subject: { kind: 'thing', ref: 'thing-1' },
    ...more,
  };
}

const entryRows = z.array(
  z.object({ entry: z.string(), hash: z.instanceof(Buffer) }),
);

/** The engine of the audit on a database of its own. */
export class AuditEngine {
  static async create(
    migrations: readonly PluginMigrations[] = [auditMigrations],
  ): Promise<AuditEngine> {
    return new AuditEngine(await TestDatabase.create({ migrations }));
  }

  readonly database: PorticoDatabase;
  readonly relay: Relay;
  readonly logger = mockServices.logger.mock();

  private constructor(readonly testDatabase: TestDatabase) {
    this.database = testDatabase.database;
    this.relay = this.newRelay();
  }

  newRelay(): Relay {
    return new Relay({
      database: this.database,
      origin: ORIGIN,
      logger: this.logger,
    });
  }

  /** Records in one transaction of the first record's tenant. */
  async append(...records: AuditRecord[]): Promise<void> {
    await this.database.inTenant(records[0].chain, async transaction => {
      for (const each of records) {
        await appendAudit(transaction, each);
      }
    });
  }

  /** Chains until nothing waits. */
  async relayAll(): Promise<void> {
    while ((await this.relay.relay()) > 0) {
      // there may be more
    }
  }

  /** A statement of a superuser, who is bound by nothing. */
  async asSuperuser(sql: string, values: unknown[] = []) {
    return this.withClient(this.testDatabase.adminConnectionString, client =>
      client.query(sql, values),
    );
  }

  async withClient<T>(
    connectionString: string,
    fn: (client: Client) => Promise<T>,
  ): Promise<T> {
    const client = new Client({ connectionString });
    await client.connect();
    try {
      return await fn(client);
    } finally {
      await client.end();
    }
  }

  /** The entries of a chain; fails where hashes, links or numbers are not right. */
  async entries(chain: string, from = 1): Promise<AuditEntry[]> {
    const { rows } = await this.asSuperuser(
      'select entry, hash from portico_audit.entries where chain = $1 order by sequence',
      [chain],
    );
    let previous = from === 1 ? genesisHash(ORIGIN, chain) : undefined;
    return entryRows.parse(rows).map(({ entry: text, hash }, index) => {
      const entry = auditEntrySchema.parse(JSON.parse(text));
      const isRight =
        entryHash(text).equals(hash) &&
        entry.sequence === from + index &&
        entry.chain === chain &&
        (!previous || entry.previous === digestText(previous));
      if (!isRight) {
        throw new Error(`The chain ${chain} is broken at ${from + index}`);
      }
      previous = hash;
      return entry;
    });
  }

  async destroy(): Promise<void> {
    await this.testDatabase.destroy();
  }
}
