import { NotFoundError } from '@backstage/errors';
import { auditContext } from '@portico/plugin-audit-node';
import { type Me, type PersonaList } from '@portico/plugin-tenancy-common';
import { personasAllowed } from '@portico/plugin-tenancy-node';
import { type Router } from 'express';
import { readSession } from '../service/createTenancyService';
import { readMemberships } from '../service/directoryReads';
import { parseMemberRef } from '../service/userRef';
import { readDemoProgress } from './readDemoProgress';
import { type RouterOptions } from './RouterOptions';

/** Who I am, who one may be in development, and signing out. */
export function addOwnRoutes(
  router: Router,
  options: Pick<
    RouterOptions,
    'access' | 'config' | 'database' | 'tenancy' | 'tenants'
  >,
): void {
  const { access, database, tenancy, tenants } = options;
  const offersPersonas = personasAllowed(options.config);

  router.get('/me', async (request, response) => {
    const { principal } = await access.caller(request);
    const tenant = await tenants.get(principal.tenant);
    const member = parseMemberRef(principal.userRef);
    if (!tenant || !member) {
      throw new NotFoundError(`There is no tenant "${principal.tenant}"`);
    }
    const me: Me = {
      userRef: principal.userRef,
      displayName: principal.displayName,
      tenant,
      roles: principal.roles,
      groups: principal.groups,
      memberships: await readMemberships(database, member),
    };
    response.json(me);
  });

  router.get('/personas', async (_request, response) => {
    if (!offersPersonas) {
      throw new NotFoundError('This portal has no personas');
    }
    const [items, demo] = await Promise.all([
      tenancy.directory.personas(),
      readDemoProgress(options.config),
    ]);
    const list: PersonaList = { items, ...(demo && { demo }) };
    response.json(list);
  });

  router.delete('/session', async (request, response) => {
    const { credentials, principal } = await access.caller(request);
    await tenancy.sessions.end({
      ...readSession(credentials),
      by: auditContext(request, principal),
    });
    response.status(204).end();
  });
}
