import { parse } from '@portico/http-api';
import { erasureRequestSchema } from '@portico/plugin-audit-common';
import { auditContext } from '@portico/plugin-audit-node';
import { type Router } from 'express';
import { type RouterOptions } from './RouterOptions';

/** Erasing a former member's personal data. */
export function addErasureRoutes(
  router: Router,
  { access, erasures }: Pick<RouterOptions, 'access' | 'erasures'>,
): void {
  router.post('/erasures', async (request, response) => {
    const wish = parse(erasureRequestSchema, request.body, 'The erasure');
    const { principal } = await access.eraser(request, wish.chain);
    response.json(await erasures.erase(wish, auditContext(request, principal)));
  });
}
