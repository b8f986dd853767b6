import {
  AuthenticationError,
  ConflictError,
  NotFoundError,
} from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import { appendAudit, type AuditContext } from '@portico/plugin-audit-node';
import {
  type CreateMachineToken,
  createMachineTokenSchema,
  type MachineScope,
  machineScopeSchema,
  type MachineToken,
  machineTokenSchema,
} from '@portico/plugin-tenancy-common';
import { createHash, randomBytes, timingSafeEqual } from 'crypto';
import { z } from 'zod';
import { tenancyAuditActs } from '../auditActs';
import { RefusalLog } from './RefusalLog';
import { endSessions } from './SessionStore';
import { memberRef } from './userRef';

/** Tenant and id never contain an underscore, so the text has one reading. */
const TOKEN_TEXT =
  /^portico_([a-z0-9-]{2,40})_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

const TOKEN_REFUSED = 'The machine token is unknown, expired or revoked';

/** Tokens of one tenant that are neither expired nor revoked. */
const MOST_LIVE_TOKENS = 200;

const TOKEN_COLUMNS =
  'tenant, id, name, scopes, created_by, created_at, expires_at, last_used_at, revoked_at';

const tokenRowSchema = z.object({
  tenant: z.string(),
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  created_by: z.string(),
  created_at: z.date(),
  expires_at: z.date(),
  last_used_at: z.date().nullable(),
  revoked_at: z.date().nullable(),
});

/** Machine tokens: the secret is shown once, and only its digest is stored. */
export class MachineTokenStore {
  readonly #database: PorticoDatabase;
  readonly #now: () => Date;
  readonly #refused: RefusalLog;

  constructor(options: { database: PorticoDatabase; now: () => Date }) {
    this.#database = options.database;
    this.#now = options.now;
    this.#refused = new RefusalLog({
      ...options,
      act: tenancyAuditActs.sessionRefuse,
    });
  }

  async list(tenant: string): Promise<MachineToken[]> {
    const { rows } = await this.#database.inTenant(tenant, transaction =>
      transaction.raw(
        `select ${TOKEN_COLUMNS} from portico_tenancy.machine_tokens
          where tenant = ? order by created_at desc, id`,
        [tenant],
      ),
    );
    return z.array(z.unknown()).parse(rows).map(toMachineToken);
  }

  /** Makes a token, and its machine when it is the first of that name. */
  async create(options: {
    tenant: string;
    token: CreateMachineToken;
    createdBy: string;
    by: AuditContext;
  }): Promise<{ token: string; machineToken: MachineToken }> {
    const { tenant, createdBy, by } = options;
    const wish = createMachineTokenSchema.parse(options.token);
    const now = this.#now();
    const id = randomBytes(8).toString('hex');
    const secret = randomBytes(32).toString('base64url');
    const member = `bot-${wish.name}`;
    const machineToken = await this.#database.inTenant(
      tenant,
      async transaction => {
        const live = await transaction.raw(
          `select count(*)::integer as count from portico_tenancy.machine_tokens
            where tenant = ? and revoked_at is null and expires_at > ?`,
          [tenant, now],
        );
        if (live.rows[0].count >= MOST_LIVE_TOKENS) {
          throw new ConflictError(
            `${tenant} has ${MOST_LIVE_TOKENS} machine tokens in use; revoke one first`,
          );
        }
        const machine = await transaction.raw(
          `insert into portico_tenancy.members (tenant, name, kind, display_name, roles, created_at)
           values (?, ?, 'machine', ?, '{}', ?)
           on conflict (tenant, name) do nothing returning 1`,
          [tenant, member, `Machine ${wish.name}`, now],
        );
        const created = await transaction.raw(
          `insert into portico_tenancy.machine_tokens
             (tenant, id, name, member, secret_hash, scopes, created_by, created_at, expires_at)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?)
           returning ${TOKEN_COLUMNS}`,
          [
            tenant,
            id,
            wish.name,
            member,
            digest(secret),
            [...new Set(wish.scopes)].sort(),
            createdBy,
            now,
            new Date(now.getTime() + wish.expiresInDays * 24 * 60 * 60 * 1000),
          ],
        );
        const made = toMachineToken(created.rows[0]);
        await appendAudit(transaction, {
          chain: tenant,
          act: tenancyAuditActs.tokenCreate,
          context: by,
          subject: tokenSubject({ tenant, id }),
          details: {
            machine: memberRef({ tenant, name: member }),
            scopes: made.scopes,
            expiresAt: made.expiresAt,
            newMachine: machine.rows.length > 0,
          },
        });
        return made;
      },
    );
    return { token: `portico_${tenant}_${id}_${secret}`, machineToken };
  }

  /** Revokes a token and ends the sessions of its machine; again is accepted. */
  async revoke(options: {
    tenant: string;
    id: string;
    by: AuditContext;
  }): Promise<void> {
    const { by, ...address } = options;
    const now = this.#now();
    await this.#database.inTenant(address.tenant, async transaction => {
      const { rows } = await transaction.raw(
        `update portico_tenancy.machine_tokens
            set revoked_at = coalesce(revoked_at, :now)
          where tenant = :tenant and id = :id
         returning member, revoked_at = :now as revoked`,
        { now, ...address },
      );
      if (rows.length === 0) {
        throw new NotFoundError(
          `There is no machine token "${address.id}" in ${address.tenant}`,
        );
      }
      const [{ member, revoked }] = z
        .array(z.object({ member: z.string(), revoked: z.boolean() }))
        .parse(rows);
      const sessionsEnded = await endSessions(transaction, {
        tenant: address.tenant,
        name: member,
        at: now,
      });
      if (revoked) {
        await appendAudit(transaction, {
          chain: address.tenant,
          act: tenancyAuditActs.tokenRevoke,
          context: by,
          subject: tokenSubject(address),
          details: {
            machine: memberRef({ tenant: address.tenant, name: member }),
            sessionsEnded,
          },
        });
      }
    });
  }

  /**
   * The machine that a token stands for.
   *
   * A refused one is recorded; a flood of them becomes one entry a minute.
   *
   * @throws AuthenticationError with one text for every reason
   */
  async find(
    token: string,
    by: AuditContext,
  ): Promise<{ userRef: string; scopes: MachineScope[] }> {
    const [, tenant, id, secret] = TOKEN_TEXT.exec(token) ?? [];
    const found =
      tenant && id && secret
        ? await this.#find({ tenant, id, secret })
        : { known: false };
    if (found.machine) {
      return found.machine;
    }
    await this.#refused.record({
      known:
        found.known && tenant && id
          ? { tenant, subject: tokenSubject({ tenant, id }) }
          : undefined,
      unknown: { kind: 'machine-token', ref: 'unknown' },
      reason: TOKEN_REFUSED,
      details: { method: 'machine-token' },
      by,
    });
    throw new AuthenticationError(TOKEN_REFUSED);
  }

  /** The machine of a token that counts, and whether there is a token of this id at all. */
  async #find(token: { tenant: string; id: string; secret: string }): Promise<{
    known: boolean;
    machine?: { userRef: string; scopes: MachineScope[] };
  }> {
    const { tenant, id, secret } = token;
    const now = this.#now();
    return this.#database.inTenant(tenant, async transaction => {
      const { rows } = await transaction.raw(
        `select token.member, token.secret_hash, token.scopes, token.last_used_at,
                token.revoked_at is null and token.expires_at > ?
                  and member.kind = 'machine' and member.disabled_at is null as counts
           from portico_tenancy.machine_tokens token
           join portico_tenancy.members member
             on member.tenant = token.tenant and member.name = token.member
          where token.tenant = ? and token.id = ?`,
        [now, tenant, id],
      );
      const [row] = z
        .array(
          z.object({
            member: z.string(),
            secret_hash: z.instanceof(Buffer),
            scopes: z.array(machineScopeSchema),
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
      // One write a minute says enough; a busy machine does not wait for a row.
      if (
        !row.last_used_at ||
        now.getTime() - row.last_used_at.getTime() >= 60_000
      ) {
        await transaction.raw(
          `update portico_tenancy.machine_tokens set last_used_at = ?
            where tenant = ? and id = ?`,
          [now, tenant, id],
        );
      }
      return {
        known: true,
        machine: {
          userRef: memberRef({ tenant, name: row.member }),
          scopes: row.scopes,
        },
      };
    });
  }
}

function tokenSubject(token: { tenant: string; id: string }) {
  return { kind: 'machine-token', ref: `${token.tenant}/${token.id}` };
}

/** SHA-256 is enough for 256 random bits: there is nothing to guess. */
function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function toMachineToken(raw: unknown): MachineToken {
  const row = tokenRowSchema.parse(raw);
  return machineTokenSchema.parse({
    tenant: row.tenant,
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString(),
    revokedAt: row.revoked_at?.toISOString(),
  });
}
