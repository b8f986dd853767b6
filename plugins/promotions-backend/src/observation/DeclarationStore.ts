import { type DeploymentChange } from '@portico/plugin-promotions-node';
import { type Knex } from 'knex';
import { z } from 'zod';
import { EFFECT_TRAILER } from '../effects/commitMessage';
import { type TargetAddress } from '../store/PromotionStore';
import { type DeclaredImage, declaredImageSchema } from './readDeclaredImages';

/** What is noted of the deployment file of a target. */
export interface Declaration {
  /** Repository, branch and file. */
  place: string;
  /** The commit of the branch up to which all is noted. */
  head?: string;
  /** The last commit that changed the file. */
  change?: string;
  /** Who wrote it, where it was none of ours. */
  author?: string;
  /** What it declares. */
  images: readonly DeclaredImage[];
  notedAt: Date;
}

const rowSchema = z
  .object({
    place: z.string(),
    head: z.string().nullable(),
    change: z.string().nullable(),
    author: z.string().nullable(),
    images: z.array(declaredImageSchema),
    noted_at: z.date(),
  })
  .transform(
    ({ place, head, change, author, images, ...row }): Declaration => ({
      place,
      ...(head && { head }),
      ...(change && { change }),
      ...(author && { author }),
      images,
      notedAt: row.noted_at,
    }),
  );

/** How far the deployment files of one tenant were looked at, in one transaction. */
export class DeclarationStore {
  readonly #transaction: Knex.Transaction;
  readonly #tenant: string;

  constructor(transaction: Knex.Transaction, tenant: string) {
    this.#transaction = transaction;
    this.#tenant = tenant;
  }

  async get(target: TargetAddress): Promise<Declaration | undefined> {
    const { rows } = await this.#transaction.raw(
      `select place, head, change, author, images, noted_at
         from portico_promotions.declarations
        where tenant = ? and component = ? and environment = ?`,
      [this.#tenant, target.component, target.environment],
    );
    return rows[0] && rowSchema.parse(rows[0]);
  }

  async put(
    { component, environment }: TargetAddress,
    now: Declaration,
  ): Promise<void> {
    await this.#transaction.raw(
      `insert into portico_promotions.declarations
         (tenant, component, environment, place, head, change, author, images, noted_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?)
       on conflict (tenant, component, environment) do update
         set place = excluded.place, head = excluded.head, change = excluded.change,
             author = excluded.author, images = excluded.images,
             noted_at = excluded.noted_at`,
      [
        this.#tenant,
        component,
        environment,
        now.place,
        now.head ?? null,
        now.change ?? null,
        now.author ?? null,
        JSON.stringify(now.images),
        now.notedAt,
      ],
    );
  }

  /**
   * Whether a promotion to the target wrote this commit: it is noted as the one that declares
   * the release, or it has the trailer of one that succeeded and declares that one's images.
   * Anybody can copy a trailer, so a trailer alone says nothing.
   */
  async isOurs(
    { component, environment }: TargetAddress,
    change: Pick<DeploymentChange, 'id' | 'trailers'>,
    digests: readonly string[],
  ): Promise<boolean> {
    const { rows } = await this.#transaction.raw(
      `select 1
         from portico_promotions.effects e
         join portico_promotions.promotions p
           on p.tenant = e.tenant and p.id = e.promotion
         join portico_promotions.releases r
           on r.tenant = p.tenant and r.id = p.release
        where e.tenant = ? and p.component = ? and p.environment = ?
          and (p.declared_revision = ?
               or e.step in ('commit', 'merge') and e.remote ->> 'id' = ?
               or e.key = ? and p.phase = 'succeeded'
                  and (select count(*) > 0 and bool_and(image ->> 'digest' = any(?))
                         from jsonb_array_elements(r.content -> 'images') image))
        limit 1`,
      [
        this.#tenant,
        component,
        environment,
        change.id,
        change.id,
        change.trailers[EFFECT_TRAILER] ?? '',
        [...digests],
      ],
    );
    return rows.length === 1;
  }
}
