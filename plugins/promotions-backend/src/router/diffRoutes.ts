import { parse } from '@portico/http-api';
import {
  diffQuerySchema,
  promotionReadPermission,
} from '@portico/plugin-promotions-common';
import { type Router } from 'express';
import { readablePromotion } from './promotionRoutes';
import { type RouterOptions } from './RouterOptions';

/** What changes. */
export function addDiffRoutes(
  router: Router,
  options: Pick<RouterOptions, 'access' | 'diffs' | 'promotions'>,
): void {
  const { access, diffs } = options;

  router.get('/promotions/:id/diff', async (request, response) => {
    const caller = await access.caller(request, promotionReadPermission);
    const { id } = await readablePromotion(request, caller, options);
    response.json(await diffs.ofPromotion({ tenant: caller.tenant, id }));
  });

  router.get('/diff', async (request, response) => {
    const caller = await access.caller(request, promotionReadPermission);
    const query = parse(diffQuerySchema, request.query, 'The query');
    await access.component(caller, query.component);
    response.json(await diffs.between({ ...query, tenant: caller.tenant }));
  });
}
