import { InputError, NotFoundError } from '@backstage/errors';
import { parse } from '@portico/http-api';
import {
  type Drift,
  type DriftList,
  driftQuerySchema,
  muteDriftSchema,
  promotionOperatePermission,
  promotionReadPermission,
} from '@portico/plugin-promotions-common';
import { type Request, type Router } from 'express';
import { z } from 'zod';
import { actorOf } from './actors';
import { type Caller } from './DeliveryAccess';
import { type RouterOptions } from './RouterOptions';

const LONGEST_MUTE_MILLISECONDS = 90 * 24 * 60 * 60 * 1_000;

/** What runs otherwise than declared. */
export function addDriftRoutes(
  router: Router,
  options: Pick<RouterOptions, 'access' | 'drift' | 'now'>,
): void {
  const { access, drift, now } = options;

  router.get('/drift', async (request, response) => {
    const caller = await access.caller(request, promotionReadPermission);
    const query = parse(driftQuerySchema, request.query, 'The query');
    if (query.component !== undefined) {
      await access.component(caller, query.component);
    }
    const page = await drift.list({ ...query, tenant: caller.tenant });
    const readable = await access.components(
      caller,
      page.items.map(({ component }) => component),
    );
    response.json({
      ...page,
      items: page.items.filter(({ component }) => readable.has(component)),
    } satisfies DriftList);
  });

  router.post('/drift/:id/mute', async (request, response) => {
    const caller = await access.person(request, promotionOperatePermission);
    const mute = parse(muteDriftSchema, request.body, 'The mute');
    const until = new Date(mute.until);
    const length = until.getTime() - now().getTime();
    if (length <= 0 || length > LONGEST_MUTE_MILLISECONDS) {
      throw new InputError(
        'The mute is wrong: until must be in the next 90 days',
      );
    }
    const { id } = await driftOf(request, caller);
    response.json(
      await drift.mute(
        { tenant: caller.tenant, id, until, reason: mute.reason },
        actorOf(request, caller),
      ),
    );
  });

  /** @throws NotFoundError alike for what is not there and not the caller's */
  async function driftOf(request: Request, caller: Caller): Promise<Drift> {
    const id = z.uuid().safeParse(request.params.id);
    const found = id.success
      ? await drift.get({ tenant: caller.tenant, id: id.data })
      : undefined;
    if (
      !found ||
      !(await access.components(caller, [found.component])).has(found.component)
    ) {
      throw new NotFoundError(`There is no drift ${request.params.id}`);
    }
    return found;
  }
}
