import { NotFoundError } from '@backstage/errors';
import { parse } from '@portico/http-api';
import {
  figuresQuerySchema,
  promotionReadPermission,
} from '@portico/plugin-promotions-common';
import { type Router } from 'express';
import { deliveryFigures } from '../figures/deliveryFigures';
import { type Caller } from './DeliveryAccess';
import { ownedComponents } from './ownedComponents';
import { type RouterOptions } from './RouterOptions';

const DAY = 24 * 60 * 60 * 1_000;

/** The four figures of delivery. */
export function addFigureRoutes(
  router: Router,
  options: Pick<RouterOptions, 'access' | 'catalog' | 'database' | 'now'>,
): void {
  const { access, catalog, database, now } = options;

  router.get('/figures', async (request, response) => {
    const caller = await access.caller(request, promotionReadPermission);
    const { scope, days, sample } = parse(
      figuresQuerySchema,
      request.query,
      'The query',
    );
    const to = now();
    const components = scope && (await componentsIn(caller, scope));
    response.json(
      await deliveryFigures({
        database,
        tenant: caller.tenant,
        scope: scope ?? `tenant:${caller.tenant}`,
        ...(components && { components }),
        from: new Date(to.getTime() - days * DAY),
        to,
        withSample: sample === 'with',
      }),
    );
  });

  /** @throws NotFoundError alike for another tenant's, an unreadable one and none */
  async function componentsIn(
    caller: Caller,
    scope: string,
  ): Promise<string[]> {
    if (scope.startsWith('component:')) {
      await access.component(caller, scope);
      return [scope];
    }
    if (!(await isOwnGroup(caller, scope))) {
      throw new NotFoundError(`There is no component and no group ${scope}`);
    }
    return ownedComponents(catalog, caller, [scope]);
  }

  async function isOwnGroup(caller: Caller, ref: string): Promise<boolean> {
    const prefix = `group:${caller.tenant}/`;
    if (!ref.startsWith(prefix)) {
      return false;
    }
    const { items } = await catalog.queryEntities(
      {
        filter: {
          kind: 'group',
          'metadata.namespace': caller.tenant,
          'metadata.name': ref.slice(prefix.length),
        },
        fields: ['kind'],
        limit: 1,
      },
      { credentials: caller.credentials },
    );
    return items.length > 0;
  }
}
