import { AuthenticationError, ConflictError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import { personal } from '@portico/plugin-audit-common';
import {
  appendAudit,
  payloadDigest,
  signedInAs,
} from '@portico/plugin-audit-node';
import {
  type MachineScope,
  machineScopeSchema,
  roleSchema,
  type Session,
  sessionMethodSchema,
} from '@portico/plugin-tenancy-common';
import {
  type TenancySessions,
  type TenantPrincipal,
} from '@portico/plugin-tenancy-node';
import { type Knex } from 'knex';
import { z } from 'zod';
import { tenancyAuditActs } from '../auditActs';
import { EFFECTIVE_ROLES } from './effectiveRoles';
import { RefusalLog } from './RefusalLog';
import {
  groupRef,
  type MemberAddress,
  memberRef,
  parseMemberRef,
} from './userRef';

/** One answer for every reason, so that a stolen token learns nothing. */
const SESSION_OVER = 'The session is over; sign in again';

/** Ended sessions are kept this long after their token's expiry, in seconds. */
const KEPT_AFTER_EXPIRY = 24 * 60 * 60;

const CHECK_SESSION = `
  select member.display_name, member.kind, ${EFFECTIVE_ROLES} as roles, member.version,
         session.scopes, session.authenticated_at,
         array(select membership.group_name
                 from portico_tenancy.group_memberships membership
                where membership.tenant = member.tenant
                  and membership.member = member.name
                order by membership.group_name) as groups
    from portico_tenancy.sessions session
    join portico_tenancy.members member
      on member.tenant = session.tenant and member.name = session.member
   where session.tenant = $1 and session.member = $2 and session.issued_at = $3
     and session.ended_at is null and session.expires_at > $4
     and member.disabled_at is null`;

const principalRowSchema = z.object({
  display_name: z.string(),
  kind: z.enum(['person', 'machine']),
  roles: z.array(roleSchema),
  version: z.number(),
  scopes: z.array(machineScopeSchema),
  // bigint arrives as text
  authenticated_at: z.coerce.number().int().nullable(),
  groups: z.array(z.string()),
});

const sessionRowSchema = z.object({
  member: z.string(),
  // bigint arrives as text
  issued_at: z.coerce.number().int(),
  expires_at: z.coerce.number().int(),
  method: sessionMethodSchema,
  source_address: z.string().nullable(),
});

/** The sessions of the members, one row per issued user token. */
export class SessionStore implements TenancySessions {
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

  async start(session: Parameters<TenancySessions['start']>[0]): Promise<void> {
    const member = this.#address(session.userRef);
    const scopes = [...new Set(session.scopes ?? [])].sort();
    await this.#database.inTenant(member.tenant, async transaction => {
      const found = await transaction.raw(
        `select kind from portico_tenancy.members
          where tenant = ? and name = ? and disabled_at is null
            for share`,
        [member.tenant, member.name],
      );
      if (found.rows.length === 0) {
        throw new AuthenticationError(SESSION_OVER);
      }
      await transaction.raw(
        `delete from portico_tenancy.sessions
          where tenant = ? and member = ? and expires_at < ?`,
        [member.tenant, member.name, this.#seconds() - KEPT_AFTER_EXPIRY],
      );
      // Tokens of one user and second cannot be told apart, so they share a
      // session, but never one that was ended or that has other scopes. The time of
      // the sign-in is then the earlier one, or none if one of them has none.
      const recorded = await transaction.raw(
        `insert into portico_tenancy.sessions as session
           (tenant, member, issued_at, expires_at, method, scopes, source_address,
            authenticated_at)
         values (?, ?, ?, ?, ?, ?, ?, ?)
         on conflict (tenant, member, issued_at) do update
           set expires_at = greatest(session.expires_at, excluded.expires_at),
               authenticated_at = case
                 when session.authenticated_at < excluded.authenticated_at
                   then session.authenticated_at
                 when session.authenticated_at is not null then excluded.authenticated_at
               end
         where session.ended_at is null and session.scopes = excluded.scopes
         returning 1`,
        [
          member.tenant,
          member.name,
          session.issuedAt,
          session.expiresAt,
          session.method,
          scopes,
          session.by.sourceAddress ?? null,
          session.authenticatedAt ?? null,
        ],
      );
      if (recorded.rows.length === 0) {
        throw new ConflictError(
          `A session of ${session.userRef} from the same second cannot be used again; issue a token a second later`,
        );
      }
      await appendAudit(transaction, {
        chain: member.tenant,
        act: tenancyAuditActs.sessionStart,
        context: signedInAs(session.by, session.userRef),
        subject: { kind: 'member', ref: session.userRef },
        details: {
          method: session.method,
          issuedAt: toInstant(session.issuedAt),
          expiresAt: toInstant(session.expiresAt),
          ...(scopes.length > 0 && { scopes }),
        },
      });
    });
  }

  async refuse(
    attempt: Parameters<TenancySessions['refuse']>[0],
  ): Promise<void> {
    const { who, method, reason, by } = attempt;
    const member = await this.#findMember(who);
    await this.#refused.record({
      known: member && {
        tenant: member.tenant,
        subject: { kind: 'member', ref: memberRef(member) },
      },
      unknown: {
        kind: 'identity',
        ref:
          'userRef' in who
            ? who.userRef
            : personal(
                `identity:${payloadDigest(who.identity)}`,
                `${who.identity.subject} of ${who.identity.issuer}`,
              ),
      },
      reason,
      details: { method },
      by,
    });
  }

  /** The member whom somebody says to be, disabled ones too. */
  async #findMember(
    who: Parameters<TenancySessions['refuse']>[0]['who'],
  ): Promise<MemberAddress | undefined> {
    const address = 'userRef' in who ? parseMemberRef(who.userRef) : undefined;
    const { rows } = await this.#database.asPlatform(
      'find whose sign-in was refused',
      transaction =>
        'identity' in who
          ? transaction.raw(
              `select tenant, member as name from portico_tenancy.member_identities
                where issuer = ? and subject = ? order by tenant limit 1`,
              [who.identity.issuer, who.identity.subject],
            )
          : transaction.raw(
              `select tenant, name from portico_tenancy.members
                where tenant = ? and name = ?`,
              [address?.tenant ?? null, address?.name ?? null],
            ),
    );
    return z
      .array(z.object({ tenant: z.string(), name: z.string() }))
      .parse(rows)[0];
  }

  async check(session: {
    userRef: string;
    issuedAt: number;
  }): Promise<TenantPrincipal> {
    const member = this.#address(session.userRef);
    // On every request, so in one round trip; each condition names the tenant.
    const [found] = await this.#database.statementAsPlatform({
      name: 'tenancy-check-session',
      text: CHECK_SESSION,
      values: [member.tenant, member.name, session.issuedAt, this.#seconds()],
    });
    if (!found) {
      throw new AuthenticationError(SESSION_OVER);
    }
    const row = principalRowSchema.parse(found);
    return {
      tenant: member.tenant,
      userRef: session.userRef,
      displayName: row.display_name,
      kind: row.kind,
      roles: row.roles,
      groups: row.groups.map(group => groupRef(member.tenant, group)),
      scopes: row.kind === 'machine' ? row.scopes : noScopes(),
      membershipVersion: row.version,
      ...(row.kind === 'person' &&
        row.authenticated_at !== null && {
          authenticatedAt: new Date(row.authenticated_at * 1000),
        }),
    };
  }

  /** Sessions of a tenant, or of one member, that are not over: newest first. */
  async list(options: {
    tenant: string;
    member?: string;
    /** The last one of the page before. */
    after?: { issuedAt: number; member: string };
    limit: number;
  }): Promise<Array<Omit<Session, 'current'>>> {
    const { tenant, member, after, limit } = options;
    const { rows } = await this.#database.inTenant(tenant, transaction =>
      transaction.raw(
        `select session.member, session.issued_at, session.expires_at, session.method,
                session.source_address
           from portico_tenancy.sessions session
           join portico_tenancy.members member
             on member.tenant = session.tenant and member.name = session.member
          where session.tenant = :tenant
            and (cast(:member as text) is null or session.member = :member)
            and session.ended_at is null and session.expires_at > :now
            and member.disabled_at is null
            and (cast(:issuedAt as bigint) is null
                 or (session.issued_at, session.member) < (cast(:issuedAt as bigint), :lastMember))
          order by session.issued_at desc, session.member desc
          limit :limit`,
        {
          tenant,
          member: member ?? null,
          now: this.#seconds(),
          issuedAt: after?.issuedAt ?? null,
          lastMember: after?.member ?? '',
          limit,
        },
      ),
    );
    return z
      .array(sessionRowSchema)
      .parse(rows)
      .map(row => ({
        member: row.member,
        issuedAt: row.issued_at,
        startedAt: toInstant(row.issued_at),
        expiresAt: toInstant(row.expires_at),
        method: row.method,
        ...(row.source_address && { sourceAddress: row.source_address }),
      }));
  }

  async end(session: Parameters<TenancySessions['end']>[0]): Promise<void> {
    const member = this.#address(session.userRef);
    await this.#database.inTenant(member.tenant, async transaction => {
      const sessionsEnded = await endSessions(transaction, {
        ...member,
        issuedAt: session.issuedAt,
        at: this.#now(),
      });
      if (sessionsEnded > 0) {
        await appendAudit(transaction, {
          chain: member.tenant,
          act: tenancyAuditActs.sessionEnd,
          context: session.by,
          subject: { kind: 'member', ref: session.userRef },
          details: { sessionsEnded },
        });
      }
    });
  }

  #address(userRef: string): MemberAddress {
    const member = parseMemberRef(userRef);
    if (!member) {
      throw new AuthenticationError(SESSION_OVER);
    }
    return member;
  }

  #seconds(): number {
    return Math.floor(this.#now().getTime() / 1000);
  }
}

function noScopes(): MachineScope[] {
  return [];
}

function toInstant(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/**
 * Ends one session of a member, or all of them without `issuedAt`.
 *
 * @returns how many there were
 */
export async function endSessions(
  transaction: Knex.Transaction,
  options: MemberAddress & { issuedAt?: number; at: Date },
): Promise<number> {
  const { rowCount } = await transaction.raw(
    `update portico_tenancy.sessions set ended_at = :at
      where tenant = :tenant and member = :name and ended_at is null
        and (cast(:issuedAt as bigint) is null or issued_at = cast(:issuedAt as bigint))`,
    {
      at: options.at,
      tenant: options.tenant,
      name: options.name,
      issuedAt: options.issuedAt ?? null,
    },
  );
  return z.number().parse(rowCount);
}
