import { NotFoundError } from '@backstage/errors';
import { parse } from '@portico/http-api';
import {
  type Hold,
  holdSchema,
  promotionOperatePermission,
  promotionReadPermission,
  stopLineSchema,
  windowQuerySchema,
} from '@portico/plugin-promotions-common';
import { type Request, type Router } from 'express';
import { z } from 'zod';
import { actorOf } from './actors';
import { type Caller } from './DeliveryAccess';
import { type RouterOptions } from './RouterOptions';

/** When the line is open: windows, stops, and automation that is held. */
export function addLineRoutes(
  router: Router,
  options: Pick<RouterOptions, 'access' | 'acts' | 'windows'>,
): void {
  const { access, acts, windows } = options;

  router.get('/windows', async (request, response) => {
    const caller = await access.caller(request, promotionReadPermission);
    const { from, to } = parse(windowQuerySchema, request.query, 'The query');
    response.json(
      await windows.calendar(caller, {
        from: new Date(from),
        to: new Date(to),
      }),
    );
  });

  router.post('/stops', async (request, response) => {
    const caller = await access.person(request, promotionOperatePermission);
    const stop = parse(stopLineSchema, request.body, 'The stop');
    response.status(201).json(await acts.stop(stop, actorOf(request, caller)));
  });

  router.post('/stops/:id/lift', async (request, response) => {
    const caller = await access.person(request, promotionOperatePermission);
    const id = z.uuid().safeParse(request.params.id);
    if (!id.success) {
      throw new NotFoundError(`There is no stop ${request.params.id}`);
    }
    response.json(await acts.lift({ id: id.data }, actorOf(request, caller)));
  });

  router.post('/holds', async (request, response) => {
    const { caller, hold } = await readHold(request);
    await acts.hold(hold, actorOf(request, caller));
    response.json({});
  });

  router.post('/holds/release', async (request, response) => {
    const { caller, hold } = await readHold(request);
    await acts.releaseHold(hold, actorOf(request, caller));
    response.json({});
  });

  async function readHold(
    request: Request,
  ): Promise<{ caller: Caller; hold: Hold }> {
    const caller = await access.person(request, promotionOperatePermission);
    const hold = parse(holdSchema, request.body, 'The hold');
    await access.component(caller, hold.component);
    return { caller, hold };
  }
}
