import { createHash, randomBytes, timingSafeEqual } from 'crypto';
import {
  AuthenticationError,
  ConflictError,
  NotFoundError,
} from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import {
  appendAudit,
  type AuditContext,
  pluginAuditContext,
} from '@portico/plugin-audit-node';
import {
  type CreateDirectoryToken,
  createDirectoryTokenSchema,
  type Directory,
  directoryKindSchema,
  directorySubjectSchema,
  type DirectoryToken,
  directoryTokenSchema,
  type PutDirectory,
  putDirectorySchema,
} from '@portico/plugin-tenancy-common';
import { type Knex } from 'knex';
import { z } from 'zod';
import { tenancyAuditActs } from '../auditActs';
import { type OwningDirectory } from '../directory/OwningDirectory';
import { lockDirectory } from './lockDirectory';
import { RefusalLog } from './RefusalLog';

/** Tenant and id never contain an underscore, so the text has one reading. */
const TOKEN_TEXT =
  /^portico-scim_([a-z0-9-]{2,40})_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

const TOKEN_REFUSED =
  'The token of the directory is unknown, expired, revoked or of another tenant';

/** One in use, and one to change to. */
const MOST_LIVE_TOKENS = 2;

const TOKEN_COLUMNS =
  'id, created_by, created_at, expires_at, last_used_at, revoked_at';

const tokenRowSchema = z.object({
  id: z.string(),
  created_by: z.string(),
  created_at: z.date(),
  expires_at: z.date(),
  last_used_at: z.date().nullable(),
  revoked_at: z.date().nullable(),
});

const directoryRowSchema = z.object({
  tenant: z.string(),
  kind: directoryKindSchema,
  issuer: z.string(),
  subject: directorySubjectSchema,
  looked_at: z.date().nullable(),
  outcome: z.enum(['read', 'held', 'unreadable']).nullable(),
  reason: z.string().nullable(),
});

/** Where the people of a tenant come from, and the tokens of who writes them. */
export class DirectoryStore {
  readonly #database: PorticoDatabase;
  readonly #now: () => Date;
  readonly #refused: RefusalLog;

  constructor(options: { database: PorticoDatabase; now: () => Date }) {
    this.#database = options.database;
    this.#now = options.now;
    this.#refused = new RefusalLog({
      ...options,
      act: tenancyAuditActs.directoryRefuse,
    });
  }

  /** The directory of a tenant; undefined where people are kept by hand alone. */
  async get(tenant: string): Promise<Omit<Directory, 'address'> | undefined> {
    return this.#database.inTenant(tenant, async transaction => {
      const found = await findDirectory(transaction, tenant);
      if (!found) {
        return undefined;
      }
      const tokens = await transaction.raw(
        `select ${TOKEN_COLUMNS} from portico_tenancy.directory_tokens
          where tenant = ? order by created_at desc, id`,
        [tenant],
      );
      return {
        kind: found.kind,
        issuer: found.issuer,
        subject: found.subject,
        ...(await countOwned(transaction, tenant)),
        tokens: z.array(z.unknown()).parse(tokens.rows).map(toToken),
        ...(found.looked_at &&
          found.outcome && {
            lastLook: {
              at: found.looked_at.toISOString(),
              outcome: found.outcome,
              ...(found.reason !== null && { reason: found.reason }),
            },
          }),
      };
    });
  }

  /**
   * Lets a directory own people and groups of a tenant; the same again is accepted.
   *
   * @throws ConflictError when the tenant has another one, or the way in which people are
   *   told apart would change under them
   */
  async connect(options: {
    tenant: string;
    kind: Directory['kind'];
    directory: PutDirectory;
    by: AuditContext;
  }): Promise<void> {
    const { tenant, kind, by } = options;
    const { issuer, subject } = putDirectorySchema.parse(options.directory);
    await this.#database.inTenant(tenant, async transaction => {
      await lockDirectory(transaction, tenant);
      const before = await findDirectory(transaction, tenant);
      if (before && before.kind !== kind) {
        throw new ConflictError(
          `The people of ${tenant} come from ${
            before.kind === 'scim' ? 'SCIM' : 'Keycloak'
          }; disconnect that directory first`,
        );
      }
      const same = before?.issuer === issuer && before.subject === subject;
      if (before && !same) {
        const { people } = await countOwned(transaction, tenant);
        if (people > 0) {
          throw new ConflictError(
            `${people} people of ${tenant} are told apart by ${before.subject} of ${before.issuer}; disconnect the directory before this changes`,
          );
        }
      }
      if (same) {
        return;
      }
      await transaction.raw(
        `insert into portico_tenancy.directories (tenant, kind, issuer, subject, created_at)
         values (?, ?, ?, ?, ?)
         on conflict (tenant) do update
           set issuer = excluded.issuer, subject = excluded.subject`,
        [tenant, kind, issuer, subject, this.#now()],
      );
      await appendAudit(transaction, {
        chain: tenant,
        act: tenancyAuditActs.directoryConnect,
        context: by,
        subject: { kind: 'directory', ref: tenant },
        change: {
          ...(before && {
            before: {
              kind: before.kind,
              issuer: before.issuer,
              subject: before.subject,
            },
          }),
          after: { kind, issuer, subject },
        },
      });
    });
  }

  /** Ends the directory's say; its people and groups stay, kept by hand from then on. */
  async disconnect(options: {
    tenant: string;
    by: AuditContext;
  }): Promise<void> {
    const { tenant, by } = options;
    await this.#database.inTenant(tenant, async transaction => {
      await lockDirectory(transaction, tenant);
      const before = await mustFind(transaction, tenant);
      const owned = await countOwned(transaction, tenant);
      await transaction.raw(
        'delete from portico_tenancy.directories where tenant = ?',
        [tenant],
      );
      await appendAudit(transaction, {
        chain: tenant,
        act: tenancyAuditActs.directoryDisconnect,
        context: by,
        subject: { kind: 'directory', ref: tenant },
        change: { before: { kind: before.kind } },
        details: owned,
      });
    });
  }

  /**
   * Records what the last look at a directory came to, and once in the audit that nobody
   * is removed for the time being.
   */
  async recordLook(options: {
    tenant: string;
    outcome: 'read' | 'held' | 'unreadable';
    reason?: string;
  }): Promise<void> {
    const { tenant, outcome, reason } = options;
    await this.#database.inTenant(tenant, async transaction => {
      await lockDirectory(transaction, tenant);
      const before = await findDirectory(transaction, tenant);
      await transaction.raw(
        `update portico_tenancy.directories
            set looked_at = ?, outcome = ?, reason = ? where tenant = ?`,
        [this.#now(), outcome, reason ?? null, tenant],
      );
      if (outcome === 'held' && before?.outcome !== 'held') {
        await appendAudit(transaction, {
          chain: tenant,
          act: tenancyAuditActs.directoryHold,
          context: pluginAuditContext('tenancy'),
          subject: { kind: 'directory', ref: tenant },
          reason,
        });
      }
    });
  }

  /** Makes a token for SCIM: two at a time, so that one can take the other's place. */
  async createToken(options: {
    tenant: string;
    token: CreateDirectoryToken;
    createdBy: string;
    by: AuditContext;
  }): Promise<{ token: string; directoryToken: DirectoryToken }> {
    const { tenant, createdBy, by } = options;
    const { expiresInDays } = createDirectoryTokenSchema.parse(options.token);
    const now = this.#now();
    const id = randomBytes(8).toString('hex');
    const secret = randomBytes(32).toString('base64url');
    const directoryToken = await this.#database.inTenant(
      tenant,
      async transaction => {
        await lockDirectory(transaction, tenant);
        const directory = await mustFind(transaction, tenant);
        if (directory.kind !== 'scim') {
          throw new ConflictError(
            `The directory of ${tenant} is read by the portal and needs no token`,
          );
        }
        const live = await transaction.raw(
          `select count(*)::integer as count from portico_tenancy.directory_tokens
            where tenant = ? and revoked_at is null and expires_at > ?`,
          [tenant, now],
        );
        if (live.rows[0].count >= MOST_LIVE_TOKENS) {
          throw new ConflictError(
            `The directory of ${tenant} has ${MOST_LIVE_TOKENS} tokens in use; revoke one first`,
          );
        }
        const { rows } = await transaction.raw(
          `insert into portico_tenancy.directory_tokens
             (tenant, id, secret_hash, created_by, created_at, expires_at)
           values (?, ?, ?, ?, ?, ?) returning ${TOKEN_COLUMNS}`,
          [
            tenant,
            id,
            digest(secret),
            createdBy,
            now,
            new Date(now.getTime() + expiresInDays * 24 * 60 * 60 * 1000),
          ],
        );
        const made = toToken(rows[0]);
        await appendAudit(transaction, {
          chain: tenant,
          act: tenancyAuditActs.directoryTokenCreate,
          context: by,
          subject: tokenSubject({ tenant, id }),
          details: { expiresAt: made.expiresAt },
        });
        return made;
      },
    );
    return { token: `portico-scim_${tenant}_${id}_${secret}`, directoryToken };
  }

  /** Revokes a token; again is accepted. */
  async revokeToken(options: {
    tenant: string;
    id: string;
    by: AuditContext;
  }): Promise<void> {
    const { tenant, id, by } = options;
    const now = this.#now();
    await this.#database.inTenant(tenant, async transaction => {
      const { rows } = await transaction.raw(
        `update portico_tenancy.directory_tokens
            set revoked_at = coalesce(revoked_at, :now)
          where tenant = :tenant and id = :id
         returning revoked_at = :now as revoked`,
        { now, tenant, id },
      );
      if (rows.length === 0) {
        throw new NotFoundError(
          `There is no token "${id}" of the directory of ${tenant}`,
        );
      }
      if (rows[0].revoked) {
        await appendAudit(transaction, {
          chain: tenant,
          act: tenancyAuditActs.directoryTokenRevoke,
          context: by,
          subject: tokenSubject({ tenant, id }),
        });
      }
    });
  }

  /**
   * The directory that a token may write, and whose act it is.
   *
   * @param tenant - of the address; a token of another one is refused
   * @throws AuthenticationError with one text for every reason
   */
  async authenticate(options: {
    tenant: string;
    token: string;
    by: AuditContext;
  }): Promise<{ directory: OwningDirectory; by: AuditContext }> {
    const { by } = options;
    const [, tenant, id, secret] = TOKEN_TEXT.exec(options.token) ?? [];
    const found =
      tenant === options.tenant && id && secret
        ? await this.#find({ tenant, id, secret })
        : { known: false };
    if (found.directory) {
      return {
        directory: found.directory,
        by: { ...by, actor: { kind: 'machine', ref: `scim:${tenant}/${id}` } },
      };
    }
    await this.#refused.record({
      known:
        found.known && tenant && id
          ? { tenant, subject: tokenSubject({ tenant, id }) }
          : undefined,
      unknown: { kind: 'directory-token', ref: 'unknown' },
      reason: TOKEN_REFUSED,
      by,
    });
    throw new AuthenticationError(TOKEN_REFUSED);
  }

  async #find(token: {
    tenant: string;
    id: string;
    secret: string;
  }): Promise<{ known: boolean; directory?: OwningDirectory }> {
    const { tenant, id, secret } = token;
    const now = this.#now();
    return this.#database.inTenant(tenant, async transaction => {
      const { rows } = await transaction.raw(
        `select secret_hash, last_used_at,
                revoked_at is null and expires_at > ? as counts
           from portico_tenancy.directory_tokens where tenant = ? and id = ?`,
        [now, tenant, id],
      );
      const [row] = z
        .array(
          z.object({
            secret_hash: z.instanceof(Buffer),
            last_used_at: z.date().nullable(),
            counts: z.boolean(),
          }),
        )
        .parse(rows);
      if (
        !row ||
        !timingSafeEqual(row.secret_hash, digest(secret)) ||
        !row.counts
      ) {
        return { known: row !== undefined };
      }
      // One write a minute says enough.
      if (
        !row.last_used_at ||
        now.getTime() - row.last_used_at.getTime() >= 60_000
      ) {
        await transaction.raw(
          `update portico_tenancy.directory_tokens set last_used_at = ?
            where tenant = ? and id = ?`,
          [now, tenant, id],
        );
      }
      const { kind, issuer, subject } = await mustFind(transaction, tenant);
      return { known: true, directory: { tenant, kind, issuer, subject } };
    });
  }
}

async function findDirectory(transaction: Knex.Transaction, tenant: string) {
  const { rows } = await transaction.raw(
    `select tenant, kind, issuer, subject, looked_at, outcome, reason
       from portico_tenancy.directories where tenant = ?`,
    [tenant],
  );
  return z.array(directoryRowSchema).parse(rows)[0];
}

async function mustFind(transaction: Knex.Transaction, tenant: string) {
  const directory = await findDirectory(transaction, tenant);
  if (!directory) {
    throw new NotFoundError(`${tenant} has no directory; connect one first`);
  }
  return directory;
}

async function countOwned(
  transaction: Knex.Transaction,
  tenant: string,
): Promise<{ people: number; groups: number }> {
  const { rows } = await transaction.raw(
    `select (select count(*)::integer from portico_tenancy.directory_people
              where tenant = :tenant and removed_at is null) as people,
            (select count(*)::integer from portico_tenancy.directory_groups
              where tenant = :tenant) as groups`,
    { tenant },
  );
  return z.object({ people: z.number(), groups: z.number() }).parse(rows[0]);
}

function tokenSubject(token: { tenant: string; id: string }) {
  return { kind: 'directory-token', ref: `${token.tenant}/${token.id}` };
}

/** SHA-256 is enough for 256 random bits: there is nothing to guess. */
function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function toToken(raw: unknown): DirectoryToken {
  const row = tokenRowSchema.parse(raw);
  return directoryTokenSchema.parse({
    id: row.id,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString(),
    revokedAt: row.revoked_at?.toISOString(),
  });
}
