import {
  AuthenticationError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import {
  appendAudit,
  type AuditContext,
  signedInAs,
} from '@portico/plugin-audit-node';
import { type DeviceRequest } from '@portico/plugin-tenancy-common';
import { createHash, randomBytes, randomInt } from 'crypto';
import { type Knex } from 'knex';
import { z } from 'zod';
import { tenancyAuditActs } from '../auditActs';
import { memberRef, parseMemberRef } from './userRef';

/** Seconds until a request ends. */
export const DEVICE_REQUEST_LIFETIME = 600;

/** Requests that wait at a time, in the whole portal: starting one needs no sign-in. */
const MOST_OPEN_REQUESTS = 1000;

/** Letters that nobody mistakes for another and that make no words (RFC 8628, 6.1). */
const USER_CODE_LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';

const NOT_GRANTED =
  'The device request is unknown, expired, used already or not approved yet';

const NO_REQUEST =
  'There is no open device request with this code; start again on the device';

const requestRowsSchema = z.array(
  z.object({
    user_code: z.string(),
    client: z.string(),
    member: z.string().nullable(),
    requested_at: z.date(),
    expires_at: z.date(),
  }),
);

const changedRowSchema = z.object({
  device_code_hash: z.instanceof(Buffer),
  client: z.string(),
});
const changedRowsSchema = z.array(changedRowSchema);

/** Joins approval and taking in the audit, without the code or what leads to it. */
function about(request: z.infer<typeof changedRowSchema>) {
  return {
    subject: {
      kind: 'device-request',
      ref: createHash('sha256')
        .update(request.device_code_hash)
        .digest('hex')
        .slice(0, 32),
    },
    details: { client: request.client },
  };
}

/** Requests of devices to act for the person who approves them (RFC 8628). */
export class DeviceRequestStore {
  readonly #database: PorticoDatabase;
  readonly #now: () => Date;

  constructor(options: { database: PorticoDatabase; now: () => Date }) {
    this.#database = options.database;
    this.#now = options.now;
  }

  /** @throws ServiceUnavailableError while too many requests are open */
  async start(
    client: string,
  ): Promise<{ deviceCode: string; userCode: string }> {
    const now = this.#now();
    const deviceCode = randomBytes(32).toString('base64url');
    const userCode = createUserCode();
    await this.#database.asPlatform('start a device request', async trx => {
      await trx.raw(
        'delete from portico_tenancy.device_requests where expires_at <= ?',
        [now],
      );
      const open = await trx.raw(
        'select count(*)::integer as count from portico_tenancy.device_requests',
      );
      if (open.rows[0].count >= MOST_OPEN_REQUESTS) {
        throw new ServiceUnavailableError(
          'Too many devices are waiting for approval; try again in a few minutes',
        );
      }
      await trx.raw(
        `insert into portico_tenancy.device_requests
           (device_code_hash, user_code, client, requested_at, expires_at)
         values (?, ?, ?, ?, ?)`,
        [
          digest(deviceCode),
          userCode,
          client,
          now,
          new Date(now.getTime() + DEVICE_REQUEST_LIFETIME * 1000),
        ],
      );
    });
    return { deviceCode, userCode };
  }

  /**
   * An open request, or one that the same person approved.
   *
   * @throws NotFoundError also when somebody else approved it
   */
  async get(options: {
    userCode: string;
    userRef: string;
  }): Promise<DeviceRequest> {
    return this.#database.asPlatform('show a device request', transaction =>
      this.#find(transaction, options),
    );
  }

  /** Lets the device act for the person; again by the same person is accepted. */
  async approve(options: {
    userCode: string;
    userRef: string;
    membershipVersion: number;
    /** When the person of the approving session had shown who they are, where that is known. */
    authenticatedAt?: Date;
    by: AuditContext;
  }): Promise<DeviceRequest> {
    const { authenticatedAt } = options;
    const member = parseMemberRef(options.userRef);
    if (!member) {
      throw new NotFoundError(NO_REQUEST);
    }
    return this.#database.asPlatform(
      'approve a device request',
      async transaction => {
        const { rows } = await transaction.raw(
          `update portico_tenancy.device_requests
              set tenant = ?, member = ?, member_version = ?, authenticated_at = ?
            where user_code = ? and tenant is null and expires_at > ?
           returning device_code_hash, client`,
          [
            member.tenant,
            member.name,
            options.membershipVersion,
            authenticatedAt
              ? Math.floor(authenticatedAt.getTime() / 1000)
              : null,
            canonicalUserCode(options.userCode),
            this.#now(),
          ],
        );
        for (const request of changedRowsSchema.parse(rows)) {
          await appendAudit(transaction, {
            chain: member.tenant,
            act: tenancyAuditActs.deviceApprove,
            context: options.by,
            ...about(request),
          });
        }
        return this.#find(transaction, options);
      },
    );
  }

  /**
   * The person who approved, and when they had signed in where that is known; each code can
   * be taken once, and only while roles and state of the person are those of the moment of
   * approval.
   */
  async take(
    deviceCode: string,
    by: AuditContext,
  ): Promise<{ userRef: string; authenticatedAt?: number }> {
    return this.#database.asPlatform(
      'take a device grant',
      async transaction => {
        const { rows } = await transaction.raw(
          `update portico_tenancy.device_requests request set taken_at = :now
             from portico_tenancy.members member
            where request.device_code_hash = :hash and request.taken_at is null
              and request.expires_at > :now
              and member.tenant = request.tenant and member.name = request.member
              and member.version = request.member_version
              and member.disabled_at is null
           returning member.tenant, member.name,
                     request.authenticated_at::float8 as authenticated_at,
                     request.device_code_hash, request.client`,
          { now: this.#now(), hash: digest(deviceCode) },
        );
        const [taken] = z
          .array(
            changedRowSchema.extend({
              tenant: z.string(),
              name: z.string(),
              authenticated_at: z.number().nullable(),
            }),
          )
          .parse(rows);
        if (!taken) {
          throw new AuthenticationError(NOT_GRANTED);
        }
        const userRef = memberRef(taken);
        await appendAudit(transaction, {
          chain: taken.tenant,
          act: tenancyAuditActs.deviceTake,
          context: signedInAs(by, userRef),
          ...about(taken),
        });
        const authenticatedAt = taken.authenticated_at;
        return {
          userRef,
          ...(authenticatedAt !== null && { authenticatedAt }),
        };
      },
    );
  }

  async #find(
    transaction: Knex.Transaction,
    options: { userCode: string; userRef: string },
  ): Promise<DeviceRequest> {
    const { rows } = await transaction.raw(
      `select user_code, client, member, requested_at, expires_at
         from portico_tenancy.device_requests
        where user_code = ? and expires_at > ? and taken_at is null
          and (tenant is null or 'user:' || tenant || '/' || member = ?)`,
      [canonicalUserCode(options.userCode), this.#now(), options.userRef],
    );
    const [row] = requestRowsSchema.parse(rows);
    if (!row) {
      throw new NotFoundError(NO_REQUEST);
    }
    return {
      userCode: row.user_code,
      client: row.client,
      status: row.member === null ? 'pending' : 'approved',
      requestedAt: row.requested_at.toISOString(),
      expiresAt: row.expires_at.toISOString(),
    };
  }
}

function createUserCode(): string {
  const letters = Array.from(
    { length: 8 },
    () => USER_CODE_LETTERS[randomInt(USER_CODE_LETTERS.length)],
  ).join('');
  return canonicalUserCode(letters);
}

/** `bcdfghjk` and `BCDF-GHJK` are the same code. */
function canonicalUserCode(text: string): string {
  const letters = text.toUpperCase().replace(/[^A-Z]/g, '');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

function digest(deviceCode: string): Buffer {
  return createHash('sha256').update(deviceCode).digest();
}
