import { parse } from '@portico/http-api';
import {
  auditQuerySchema,
  type AuditPage,
  chainSchema,
} from '@portico/plugin-audit-common';
import { type Router } from 'express';
import { z } from 'zod';
import { type RouterOptions } from './RouterOptions';

const chainQuerySchema = z.strictObject({ chain: chainSchema.optional() });

/** Number of an entry or of a checkpoint, as it stands in an address. */
export const positionSchema = z.coerce
  .number()
  .int()
  .positive()
  .max(Number.MAX_SAFE_INTEGER);

/** Entries: pages of them, one, and the acts that occur. */
export function addEntryRoutes(
  router: Router,
  { access, entries }: Pick<RouterOptions, 'access' | 'entries'>,
): void {
  router.get('/entries', async (request, response) => {
    const { cursor, limit, ...filter } = parse(
      auditQuerySchema,
      request.query,
      'The query',
    );
    const { scope } = await access.reader(request, filter.chain);
    const page: AuditPage = await entries.page(scope, {
      filter,
      cursor,
      limit,
    });
    response.json(page);
  });

  router.get('/entries/:chain/:sequence', async (request, response) => {
    const { chain } = request.params;
    const { scope } = await access.reader(request, chain);
    const sequence = parse(
      positionSchema,
      request.params.sequence,
      'The sequence',
    );
    response.json(await entries.one(scope, { chain, sequence }));
  });

  router.get('/acts', async (request, response) => {
    const { chain } = parse(chainQuerySchema, request.query, 'The query');
    const { scope } = await access.reader(request, chain);
    response.json({ items: await entries.acts(scope) });
  });
}
