import {
  type Release,
  type ReleaseContent,
  releaseContentSchema,
  releaseSchema,
} from '@portico/plugin-promotions-common';
import { type Knex } from 'knex';
import { z } from 'zod';

const rowSchema = z.object({
  id: z.string(),
  content: releaseContentSchema,
  origin: z.string().nullable(),
  announced_by: z.string(),
  announced_at: z.date(),
  found: z.enum(['announced', 'localRuntime', 'deploymentRepository']),
  found_in: releaseSchema.shape.foundIn.unwrap().nullish(),
  rejected_by: z.string().nullable(),
  rejected_at: z.date().nullable(),
  rejected_reason: z.string().nullable(),
  sample: z.boolean(),
});

/** Columns of a release in the order that {@link toRelease} does not care about. */
export const releaseColumns =
  'id, content, origin, announced_by, announced_at, found, found_in, rejected_by, rejected_at, rejected_reason, sample';

/** Reads a row with {@link releaseColumns}. */
export function toRelease(raw: unknown): Release {
  const row = rowSchema.parse(raw);
  return {
    id: row.id,
    content: row.content,
    ...(row.origin && { origin: row.origin }),
    announcedBy: row.announced_by,
    announcedAt: row.announced_at.toISOString(),
    found: row.found,
    ...(row.found_in && { foundIn: row.found_in }),
    ...(row.rejected_by &&
      row.rejected_at && {
        rejected: {
          by: row.rejected_by,
          at: row.rejected_at.toISOString(),
          reason: row.rejected_reason ?? '',
        },
      }),
    sample: row.sample,
  };
}

/** The releases of one tenant, in one transaction. */
export class ReleaseStore {
  readonly #transaction: Knex.Transaction;
  readonly #tenant: string;

  constructor(transaction: Knex.Transaction, tenant: string) {
    this.#transaction = transaction;
    this.#tenant = tenant;
  }

  async get(id: string): Promise<Release | undefined> {
    const { rows } = await this.#transaction.raw(
      `select ${releaseColumns} from portico_promotions.releases where tenant = ? and id = ?`,
      [this.#tenant, id],
    );
    return rows[0] && toRelease(rows[0]);
  }

  /** What was announced last of a component; without sample history and what was found. */
  async newestOf(component: string): Promise<Release | undefined> {
    const { rows } = await this.#transaction.raw(
      `select ${releaseColumns} from portico_promotions.releases
        where tenant = ? and component = ? and not sample and found <> 'deploymentRepository'
        order by announced_at desc, id limit 1`,
      [this.#tenant, component],
    );
    return rows[0] && toRelease(rows[0]);
  }

  /** The newest release of a component that ships all of these images. */
  async newestWith(
    component: string,
    digests: readonly string[],
  ): Promise<Release | undefined> {
    const { rows } = await this.#transaction.raw(
      `select ${releaseColumns} from portico_promotions.releases
        where tenant = ? and component = ? and content @> ?::jsonb and not sample
        order by announced_at desc, id limit 1`,
      [
        this.#tenant,
        component,
        JSON.stringify({ images: digests.map(digest => ({ digest })) }),
      ],
    );
    return rows[0] && toRelease(rows[0]);
  }

  /** @returns false when it is there already, and stays as it is */
  async add(release: {
    id: string;
    content: ReleaseContent;
    origin?: string;
    announcedBy: string;
    announcedAt: Date;
    found: Release['found'];
    foundIn?: Release['foundIn'];
    sample: boolean;
    /** When its first commit was written, where that is known. */
    firstCommitAt?: Date;
  }): Promise<boolean> {
    const { rows } = await this.#transaction.raw(
      `insert into portico_promotions.releases
         (tenant, id, component, content, origin, announced_by, announced_at, found, found_in,
          sample, first_commit_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       on conflict (tenant, id) do nothing returning 1`,
      [
        this.#tenant,
        release.id,
        release.content.component,
        JSON.stringify(release.content),
        release.origin ?? null,
        release.announcedBy,
        release.announcedAt,
        release.found,
        release.foundIn ? JSON.stringify(release.foundIn) : null,
        release.sample,
        release.firstCommitAt ?? null,
      ],
    );
    return rows.length === 1;
  }

  /** @returns false when it is not there, or was rejected before */
  async reject(
    id: string,
    rejection: { by: string; at: Date; reason: string },
  ): Promise<boolean> {
    const { rows } = await this.#transaction.raw(
      `update portico_promotions.releases
          set rejected_by = ?, rejected_at = ?, rejected_reason = ?
        where tenant = ? and id = ? and rejected_by is null returning 1`,
      [rejection.by, rejection.at, rejection.reason, this.#tenant, id],
    );
    return rows.length === 1;
  }
}
