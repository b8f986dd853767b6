import { promotionReadPermission } from '@portico/plugin-promotions-common';
import { type Router } from 'express';
import { parseEventId } from './events/parseEventId';
import { type RouterOptions } from './RouterOptions';

/** That something changed, as it happens. */
export function addEventRoutes(
  router: Router,
  { access, streams }: Pick<RouterOptions, 'access' | 'streams'>,
): void {
  router.get('/events', async (request, response) => {
    const caller = await access.caller(request, promotionReadPermission);
    const header = request.header('last-event-id');
    const { tenant, principal, credentials } = caller;
    await streams.serve(
      {
        tenant,
        userRef: principal.userRef,
        ...(header && { last: parseEventId(header) }),
        checkAgain: () => access.callerOf(credentials, promotionReadPermission),
      },
      response,
    );
  });
}
