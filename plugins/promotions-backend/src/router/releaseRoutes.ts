import { NotFoundError } from '@backstage/errors';
import { parse } from '@portico/http-api';
import {
  announceReleaseSchema,
  digestSchema,
  promotionReadPermission,
  reasonSchema,
  type Release,
  releaseAnnouncePermission,
  type ReleaseList,
  releaseQuerySchema,
  releaseRejectPermission,
} from '@portico/plugin-promotions-common';
import { type Request, type Router } from 'express';
import { actorOf } from './actors';
import { type Caller } from './DeliveryAccess';
import { type RouterOptions } from './RouterOptions';

/** What components ship: announced, listed, and rejected for good. */
export function addReleaseRoutes(
  router: Router,
  options: Pick<RouterOptions, 'access' | 'acts' | 'releases'>,
): void {
  const { access, acts, releases } = options;

  router.get('/releases', async (request, response) => {
    const caller = await access.caller(request, promotionReadPermission);
    const query = parse(releaseQuerySchema, request.query, 'The query');
    await access.component(caller, query.component);
    const list: ReleaseList = await releases.list({
      ...query,
      tenant: caller.tenant,
    });
    response.json(list);
  });

  router.post('/releases', async (request, response) => {
    const caller = await access.caller(request, releaseAnnouncePermission);
    const release = parse(announceReleaseSchema, request.body, 'The release');
    await access.component(caller, release.content.component);
    response.status(201).json(
      await acts.announce(
        // How Portico learned of it is not the caller's to say.
        { content: release.content, origin: release.origin },
        actorOf(request, caller),
      ),
    );
  });

  router.get('/releases/:id', async (request, response) => {
    const caller = await access.caller(request, promotionReadPermission);
    response.json(await readable(request, caller));
  });

  router.post('/releases/:id/reject', async (request, response) => {
    const caller = await access.person(request, releaseRejectPermission);
    const { reason } = parse(reasonSchema, request.body, 'The reason');
    const { id } = await readable(request, caller);
    response.json(
      await acts.rejectRelease({ id, reason }, actorOf(request, caller)),
    );
  });

  /** @throws NotFoundError alike for what is not there and not the caller's */
  async function readable(request: Request, caller: Caller): Promise<Release> {
    const id = digestSchema.safeParse(request.params.id);
    const release = id.success
      ? await releases.get({ tenant: caller.tenant, id: id.data })
      : undefined;
    const component = release?.content.component;
    if (
      !release ||
      !component ||
      !(await access.components(caller, [component])).has(component)
    ) {
      throw new NotFoundError(`There is no release ${request.params.id}`);
    }
    return release;
  }
}
