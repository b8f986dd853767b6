import { parse } from '@portico/http-api';
import { auditFilterSchema } from '@portico/plugin-audit-common';
import { NotAllowedError } from '@backstage/errors';
import { type Router } from 'express';
import { parseEventId } from '../tail/eventId';
import { type RouterOptions } from './RouterOptions';

/** New entries as they come. */
export function addTailRoutes(
  router: Router,
  { access, tail }: Pick<RouterOptions, 'access' | 'tail'>,
): void {
  router.get('/tail', async (request, response) => {
    const filter = parse(auditFilterSchema, request.query, 'The filter');
    const { credentials, principal, scope } = await access.reader(
      request,
      filter.chain,
    );
    const header = request.header('last-event-id');
    const last = header ? parseEventId(header) : undefined;
    await tail.serve(
      {
        userRef: principal.userRef,
        scope,
        filter,
        // Of another chain it says nothing about this one.
        ...(last && (scope.chain ?? last.chain) === last.chain ? { last } : {}),
        checkAgain: async () => {
          const again = await access.readerOf(credentials, filter.chain);
          if (again.scope.kind !== scope.kind) {
            throw new NotAllowedError('The roles of the reader have changed');
          }
        },
      },
      response,
    );
  });
}
