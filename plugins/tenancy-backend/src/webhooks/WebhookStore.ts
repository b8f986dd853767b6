import { type PorticoDatabase } from '@portico/database';
import { appendAudit, type AuditContext } from '@portico/plugin-audit-node';
import { type SecretSealer } from '@portico/sealing';
import { randomBytes } from 'crypto';
import { z } from 'zod';
import { tenancyAuditActs } from '../auditActs';
import { RefusalLog } from '../service/RefusalLog';
import { type VerifiedDelivery } from './verifyDelivery';

/** Deliveries are remembered this long, in milliseconds. */
const REMEMBERED = 30 * 24 * 60 * 60 * 1000;

/** The address of a source's webhook. */
export interface WebhookAddress {
  tenant: string;
  source: string;
}

/** Secrets of the sources' webhooks, sealed, and the deliveries that were seen. */
export class WebhookStore {
  readonly #database: PorticoDatabase;
  readonly #sealer: SecretSealer | undefined;
  readonly #now: () => Date;
  readonly #refused: RefusalLog;

  constructor(options: {
    database: PorticoDatabase;
    /** Undefined without a key: sources get no webhooks then. */
    sealer: SecretSealer | undefined;
    now: () => Date;
  }) {
    this.#database = options.database;
    this.#sealer = options.sealer;
    this.#now = options.now;
    this.#refused = new RefusalLog({
      ...options,
      act: tenancyAuditActs.webhookRefuse,
    });
  }

  /** Makes the secret of a source's webhook; undefined without a key to seal it with. */
  async createSecret(
    address: WebhookAddress,
    by: AuditContext,
  ): Promise<string | undefined> {
    if (!this.#sealer) {
      return undefined;
    }
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    const { keyId, sealed } = await this.#sealer.seal(secret, place(address));
    await this.#database.inTenant(address.tenant, async transaction => {
      await transaction.raw(
        `insert into portico_tenancy.webhook_secrets (tenant, source, key_id, sealed)
         values (?, ?, ?, ?)
         on conflict (tenant, source) do update
           set key_id = excluded.key_id, sealed = excluded.sealed, created_at = now()`,
        [address.tenant, address.source, keyId, sealed],
      );
      await appendAudit(transaction, {
        chain: address.tenant,
        act: tenancyAuditActs.webhookCreate,
        context: by,
        subject: subjectOf(address),
        details: { sealingKey: keyId },
      });
    });
    return secret;
  }

  /** The secret of a source's webhook, if the source is known. */
  async findSecret(address: WebhookAddress): Promise<string | undefined> {
    const { rows } = await this.#database.inTenant(
      address.tenant,
      transaction =>
        transaction.raw(
          `select key_id, sealed from portico_tenancy.webhook_secrets
            where tenant = ? and source = ?`,
          [address.tenant, address.source],
        ),
    );
    const [row] = z
      .array(z.object({ key_id: z.string(), sealed: z.instanceof(Buffer) }))
      .parse(rows);
    return (
      row &&
      this.#sealer?.open(
        { keyId: row.key_id, sealed: row.sealed },
        place(address),
      )
    );
  }

  /** Remembers a delivery; false when it was seen before. */
  async remember(
    address: WebhookAddress,
    delivery: VerifiedDelivery,
    by: AuditContext,
  ): Promise<boolean> {
    const now = this.#now();
    return this.#database.inTenant(address.tenant, async transaction => {
      await transaction.raw(
        `delete from portico_tenancy.webhook_deliveries
          where tenant = ? and source = ? and received_at < ?`,
        [address.tenant, address.source, new Date(now.getTime() - REMEMBERED)],
      );
      const { rows } = await transaction.raw(
        `insert into portico_tenancy.webhook_deliveries
           (tenant, source, delivery_id, body_digest, received_at)
         values (?, ?, ?, ?, ?) on conflict do nothing returning 1`,
        [
          address.tenant,
          address.source,
          delivery.id,
          delivery.bodyDigest ?? null,
          now,
        ],
      );
      const accepted = rows.length > 0;
      if (accepted) {
        await appendAudit(transaction, {
          chain: address.tenant,
          act: tenancyAuditActs.webhookAccept,
          context: by,
          subject: subjectOf(address),
          details: { delivery: delivery.id },
        });
      }
      return accepted;
    });
  }

  /**
   * Records that a delivery was refused.
   *
   * @param address - of a webhook that exists; undefined for one that does not
   */
  async refuse(
    address: WebhookAddress | undefined,
    reason: string,
    by: AuditContext,
  ): Promise<void> {
    await this.#refused.record({
      known: address && { tenant: address.tenant, subject: subjectOf(address) },
      unknown: { kind: 'source', ref: 'unknown' },
      reason,
      by,
    });
  }
}

function subjectOf(address: WebhookAddress) {
  return { kind: 'source', ref: `${address.tenant}/${address.source}` };
}

function place(address: WebhookAddress): string {
  return `webhook:${address.tenant}/${address.source}`;
}
