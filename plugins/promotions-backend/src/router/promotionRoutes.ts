import { NotFoundError } from '@backstage/errors';
import { parse } from '@portico/http-api';
import {
  breakGlassSchema,
  castVoteSchema,
  type Promotion,
  type PromotionDetail,
  promotionIdSchema,
  type PromotionList,
  promotionOverridePermission,
  promotionQuerySchema,
  promotionReadPermission,
  promotionRequestPermission,
  promotionVotePermission,
  reasonSchema,
  requestPromotionSchema,
  reviewOverrideSchema,
} from '@portico/plugin-promotions-common';
import { type Request, type Router } from 'express';
import { actorOf, viewerOf, votingActorOf } from './actors';
import { type Caller } from './DeliveryAccess';
import { type RouterOptions } from './RouterOptions';

/** Promotions: asked for, voted on, cancelled, and let through by break glass. */
export function addPromotionRoutes(
  router: Router,
  options: Pick<
    RouterOptions,
    'access' | 'acts' | 'details' | 'inbox' | 'promotions'
  >,
): void {
  const { access, acts, details, inbox, promotions } = options;

  router.get('/promotions', async (request, response) => {
    const caller = await access.caller(request, promotionReadPermission);
    const { forMe, ...query } = parse(
      promotionQuerySchema,
      request.query,
      'The query',
    );
    if (query.component !== undefined) {
      await access.component(caller, query.component);
    }
    const filter = { ...query, tenant: caller.tenant };
    const page: PromotionList = forMe
      ? await inbox.list(filter, await viewerOf(access, caller))
      : await promotions.list(filter);
    const readable = await access.components(
      caller,
      page.items.map(({ component }) => component),
    );
    response.json({
      ...page,
      items: page.items.filter(({ component }) => readable.has(component)),
    } satisfies PromotionList);
  });

  router.post('/promotions', async (request, response) => {
    const caller = await access.caller(request, promotionRequestPermission);
    const wish = parse(requestPromotionSchema, request.body, 'The promotion');
    await access.component(caller, wish.component);
    const promotion: Promotion = await acts.request(
      wish,
      actorOf(request, caller),
    );
    response.status(201).json(promotion);
  });

  router.get('/promotions/:id', async (request, response) => {
    const caller = await access.caller(request, promotionReadPermission);
    const { id } = await promotionOf(request, caller);
    response.json(await detailOf(caller, id));
  });

  router.post('/promotions/:id/votes', async (request, response) => {
    const caller = await access.person(request, promotionVotePermission);
    const vote = parse(castVoteSchema, request.body, 'The vote');
    const { id } = await promotionOf(request, caller);
    await acts.vote({ ...vote, promotion: id }, votingActorOf(request, caller));
    response.json(await detailOf(caller, id));
  });

  router.post('/promotions/:id/cancel', async (request, response) => {
    const caller = await access.caller(request, promotionRequestPermission);
    const { reason } = parse(reasonSchema, request.body, 'The reason');
    const { id } = await promotionOf(request, caller);
    await acts.cancel({ id, reason }, actorOf(request, caller));
    response.json(await detailOf(caller, id));
  });

  router.post('/promotions/:id/break-glass', async (request, response) => {
    const caller = await access.person(request, promotionOverridePermission);
    const wish = parse(breakGlassSchema, request.body, 'The override');
    const { id } = await promotionOf(request, caller);
    await acts.breakGlass(
      { ...wish, promotion: id },
      votingActorOf(request, caller),
    );
    response.json(await detailOf(caller, id));
  });

  router.post(
    '/promotions/:id/break-glass/confirm',
    async (request, response) => {
      const caller = await access.person(request, promotionOverridePermission);
      const { id } = await promotionOf(request, caller);
      await acts.confirmBreakGlass({ id }, votingActorOf(request, caller));
      response.json(await detailOf(caller, id));
    },
  );

  router.post(
    '/promotions/:id/break-glass/review',
    async (request, response) => {
      const caller = await access.person(request, promotionOverridePermission);
      const review = parse(reviewOverrideSchema, request.body, 'The review');
      const { id } = await promotionOf(request, caller);
      await acts.reviewOverride(
        { ...review, promotion: id },
        votingActorOf(request, caller),
      );
      response.json(await detailOf(caller, id));
    },
  );

  async function detailOf(
    caller: Caller,
    id: string,
  ): Promise<PromotionDetail> {
    const detail = await details.get(
      { tenant: caller.tenant, id },
      await viewerOf(access, caller),
    );
    if (!detail) {
      throw noSuchPromotion(id);
    }
    return detail;
  }

  async function promotionOf(
    request: Request,
    caller: Caller,
  ): Promise<Promotion> {
    return readablePromotion(request, caller, { access, promotions });
  }
}

/**
 * The promotion that a path names.
 *
 * @throws NotFoundError alike for what is not there and not the caller's
 */
export async function readablePromotion(
  request: Request,
  caller: Caller,
  options: Pick<RouterOptions, 'access' | 'promotions'>,
): Promise<Promotion> {
  const id = promotionIdSchema.safeParse(request.params.id);
  const promotion = id.success
    ? await options.promotions.get({ tenant: caller.tenant, id: id.data })
    : undefined;
  if (
    !promotion ||
    !(await options.access.components(caller, [promotion.component])).has(
      promotion.component,
    )
  ) {
    throw noSuchPromotion(request.params.id);
  }
  return promotion;
}

function noSuchPromotion(id: string | undefined): NotFoundError {
  return new NotFoundError(`There is no promotion ${id}`);
}
