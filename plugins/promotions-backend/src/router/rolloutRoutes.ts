import { NotFoundError } from '@backstage/errors';
import { parse } from '@portico/http-api';
import {
  promotionReadPermission,
  promotionRequestPermission,
  type RolloutOfPromotion,
  steerRolloutSchema,
} from '@portico/plugin-promotions-common';
import { type Router } from 'express';
import { viewerOf, votingActorOf } from './actors';
import { type Caller } from './DeliveryAccess';
import { readablePromotion } from './promotionRoutes';
import { type RouterOptions } from './RouterOptions';

/** Rollouts: how far they are, and what people ask of them. */
export function addRolloutRoutes(
  router: Router,
  options: Pick<RouterOptions, 'access' | 'acts' | 'promotions' | 'rollouts'>,
): void {
  const { access, acts } = options;
  const path = '/promotions/:id/rollout';

  router.get(path, async (request, response) => {
    const caller = await access.caller(request, promotionReadPermission);
    const { id } = await readablePromotion(request, caller, options);
    response.json(await rolloutOf(caller, id));
  });

  router.post(path, async (request, response) => {
    const caller = await access.person(request, promotionRequestPermission);
    const wish = parse(steerRolloutSchema, request.body, 'The wish');
    const { id } = await readablePromotion(request, caller, options);
    await acts.steerRollout(
      { ...wish, promotion: id },
      votingActorOf(request, caller),
    );
    // The engine does it, and the answer says that it was asked.
    response.status(202).json(await rolloutOf(caller, id));
  });

  async function rolloutOf(
    caller: Caller,
    id: string,
  ): Promise<RolloutOfPromotion> {
    const found = await options.rollouts.get(
      { tenant: caller.tenant, id },
      await viewerOf(access, caller),
    );
    if (!found) {
      throw new NotFoundError(`There is no promotion ${id}`);
    }
    return found;
  }
}
