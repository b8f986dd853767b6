import { parse } from '@portico/http-api';
import {
  boardQuerySchema,
  componentQuerySchema,
  type DeploymentList,
  type DeploymentQuery,
  deploymentQuerySchema,
  promotionReadPermission,
} from '@portico/plugin-promotions-common';
import { type Router } from 'express';
import { type Caller } from './DeliveryAccess';
import { ownedComponents } from './ownedComponents';
import { type RouterOptions } from './RouterOptions';

/** Where components are: lanes of one, the board of all, and what ran when. */
export function addDeliveryRoutes(
  router: Router,
  options: Pick<
    RouterOptions,
    'access' | 'board' | 'catalog' | 'deployments' | 'lanes'
  >,
): void {
  const { access, board, catalog, deployments, lanes } = options;

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
    const { component, owner, ...rest } = query;
    const page = await deployments.list({
      ...rest,
      tenant: caller.tenant,
      components: await componentsOf(caller, { component, owner }),
    });
    const readable = await access.components(
      caller,
      page.items.map(item => item.component),
    );
    response.json({
      ...page,
      items: page.items.filter(item => readable.has(item.component)),
    } satisfies DeploymentList);
  });

  /**
   * What a list is narrowed to; undefined for all of the tenant.
   *
   * @throws NotFoundError alike for another tenant's component, an unreadable one and none
   */
  async function componentsOf(
    caller: Caller,
    { component, owner }: Pick<DeploymentQuery, 'component' | 'owner'>,
  ): Promise<string[] | undefined> {
    if (component !== undefined) {
      await access.component(caller, component);
    }
    if (owner === undefined) {
      return component === undefined ? undefined : [component];
    }
    const owned = await ownedComponents(catalog, caller, [owner].flat());
    return component === undefined
      ? owned
      : owned.filter(ref => ref === component);
  }
}
