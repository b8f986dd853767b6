import {
  boardQuerySchema,
  componentQuerySchema,
  type DeploymentList,
  deploymentQuerySchema,
  promotionReadPermission,
} from '@portico/plugin-promotions-common';
import { type Router } from 'express';
import { parse } from './parse';
import { type RouterOptions } from './RouterOptions';

/** Where components are: lanes of one, the board of all, and what ran when. */
export function addDeliveryRoutes(
  router: Router,
  options: Pick<RouterOptions, 'access' | 'board' | 'deployments' | 'lanes'>,
): void {
  const { access, board, deployments, lanes } = options;

  router.get('/delivery', async (request, response) => {
    const caller = await access.caller(request, promotionReadPermission);
    const { component } = parse(
      componentQuerySchema,
      request.query,
      'The query',
    );
    await access.component(caller, component);
    response.json(await lanes.get({ tenant: caller.tenant, component }));
  });

  router.get('/board', async (request, response) => {
    const caller = await access.caller(request, promotionReadPermission);
    const query = parse(boardQuerySchema, request.query, 'The query');
    response.json(await board.page(caller, query));
  });

  router.get('/deployments', async (request, response) => {
    const caller = await access.caller(request, promotionReadPermission);
    const query = parse(deploymentQuerySchema, request.query, 'The query');
    if (query.component !== undefined) {
      await access.component(caller, query.component);
    }
    const page = await deployments.list({ ...query, tenant: caller.tenant });
    const readable = await access.components(
      caller,
      page.items.map(({ component }) => component),
    );
    response.json({
      ...page,
      items: page.items.filter(({ component }) => readable.has(component)),
    } satisfies DeploymentList);
  });
}
