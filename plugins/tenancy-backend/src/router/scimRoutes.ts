import { type JsonObject } from '@backstage/types';
import { anonymousAuditContext } from '@portico/plugin-audit-node';
import { isTenantId } from '@portico/plugin-tenancy-common';
import express, {
  type NextFunction,
  type Request,
  type Response,
} from 'express';
import { z } from 'zod';
import {
  MOST_PER_PAGE,
  resourceTypes,
  scimSchemas,
  serviceProviderConfig,
} from '../scim/discovery';
import { ScimError, scimErrorBody, toScimError } from '../scim/ScimError';
import { parseScimFilter } from '../scim/scimFilter';
import { groupAttributes } from '../scim/scimGroup';
import {
  applyScimPatch,
  type PatchableAttributes,
  scimPatchSchema,
} from '../scim/scimPatch';
import {
  type ScimCaller,
  type ScimPage,
  type ScimPageOptions,
} from '../scim/ScimStore';
import { userAttributes } from '../scim/scimUser';
import { type RouterOptions } from './RouterOptions';
import { scimAddress } from './scimAddress';

const BASE = '/scim/:tenant/v2';
const CONTENT_TYPE = 'application/scim+json';
const MOST_BYTES = 1024 * 1024;
const USUAL_COUNT = 100;

const listQuerySchema = z.object({
  filter: z.string().optional(),
  startIndex: z.coerce.number().int().default(1),
  count: z.coerce.number().int().default(USUAL_COUNT),
  attributes: z.string().max(2_000).optional(),
  excludedAttributes: z.string().max(2_000).optional(),
});

/**
 * SCIM 2.0 (RFC 7643, RFC 7644): the identity provider of a tenant writes its people and
 * groups. Whoever holds a token of the tenant's directory may do all of it, and nothing
 * else; the token is looked at before a byte of the body is.
 */
export function addScimRoutes(
  router: express.Router,
  options: Pick<RouterOptions, 'config' | 'directories' | 'events' | 'scim'>,
): void {
  const { config, directories, events, scim } = options;
  const callers = new WeakMap<Request, ScimCaller>();

  router.use(
    BASE,
    async (request: Request<{ tenant: string }>, _response, next) => {
      const { tenant } = request.params;
      const [, token] =
        /^Bearer +(\S+)$/i.exec(request.header('authorization') ?? '') ?? [];
      const { directory, by } = await directories.authenticate({
        // The same answer for a tenant that cannot be
        tenant: isTenantId(tenant) ? tenant : '',
        token: token ?? '',
        by: anonymousAuditContext(request),
      });
      const address = scimAddress(config, directory.tenant);
      callers.set(request, { directory, by, address });
      next();
    },
    express.json({
      type: ['application/json', CONTENT_TYPE],
      limit: MOST_BYTES,
    }),
  );

  function callerOf(request: Request): ScimCaller {
    const caller = callers.get(request);
    if (!caller) {
      throw new ScimError(401, 'The request carries no token of a directory');
    }
    return caller;
  }

  /** A changed person or group shows in the catalog, too. */
  async function announce(caller: ScimCaller) {
    await events.directory(caller.directory.tenant);
  }

  router.get(`${BASE}/ServiceProviderConfig`, (request, response) => {
    send(response, 200, serviceProviderConfig(callerOf(request).address));
  });
  router.get(`${BASE}/ResourceTypes`, (request, response) => {
    sendList(response, resourceTypes(callerOf(request).address));
  });
  router.get(`${BASE}/ResourceTypes/:id`, (request, response) => {
    const all = resourceTypes(callerOf(request).address);
    send(response, 200, oneOf(all, request.params.id));
  });
  router.get(`${BASE}/Schemas`, (request, response) => {
    sendList(response, scimSchemas(callerOf(request).address));
  });
  router.get(`${BASE}/Schemas/:id`, (request, response) => {
    const all = scimSchemas(callerOf(request).address);
    send(response, 200, oneOf(all, request.params.id));
  });

  router.get(`${BASE}/Users`, async (request, response) => {
    const query = readListQuery(request);
    sendPage(response, query, await scim.users(callerOf(request), query));
  });
  router.post(`${BASE}/Users`, async (request, response) => {
    const caller = callerOf(request);
    const user = await scim.createUser(caller, request.body);
    await announce(caller);
    sendResource(request, response, user, 201);
  });
  router.get(`${BASE}/Users/:id`, async (request, response) => {
    const user = await scim.user(callerOf(request), request.params.id);
    sendResource(request, response, user);
  });
  router.put(`${BASE}/Users/:id`, async (request, response) => {
    const caller = callerOf(request);
    const user = await scim.changeUser(caller, {
      ...target(request),
      change: () => request.body,
    });
    await announce(caller);
    sendResource(request, response, user);
  });
  router.patch(`${BASE}/Users/:id`, async (request, response) => {
    const caller = callerOf(request);
    const user = await scim.changeUser(caller, {
      ...target(request),
      change: patch(request.body, userAttributes),
    });
    await announce(caller);
    sendResource(request, response, user);
  });
  router.delete(`${BASE}/Users/:id`, async (request, response) => {
    const caller = callerOf(request);
    await scim.removeUser(caller, target(request));
    await announce(caller);
    response.status(204).end();
  });

  router.get(`${BASE}/Groups`, async (request, response) => {
    const query = readListQuery(request);
    sendPage(response, query, await scim.groups(callerOf(request), query));
  });
  router.post(`${BASE}/Groups`, async (request, response) => {
    const caller = callerOf(request);
    const group = await scim.createGroup(caller, request.body);
    await announce(caller);
    sendResource(request, response, group, 201);
  });
  router.get(`${BASE}/Groups/:id`, async (request, response) => {
    const { withoutMembers } = readListQuery(request);
    const group = await scim.group(callerOf(request), request.params.id, {
      withoutMembers,
    });
    sendResource(request, response, group);
  });
  router.put(`${BASE}/Groups/:id`, async (request, response) => {
    const caller = callerOf(request);
    const group = await scim.changeGroup(caller, {
      ...target(request),
      change: () => request.body,
    });
    await announce(caller);
    sendResource(request, response, group);
  });
  router.patch(`${BASE}/Groups/:id`, async (request, response) => {
    const caller = callerOf(request);
    const group = await scim.changeGroup(caller, {
      ...target(request),
      change: patch(request.body, groupAttributes),
    });
    await announce(caller);
    sendResource(request, response, group);
  });
  router.delete(`${BASE}/Groups/:id`, async (request, response) => {
    const caller = callerOf(request);
    await scim.removeGroup(caller, target(request));
    await announce(caller);
    response.status(204).end();
  });

  router.use(BASE, answerErrors);
}

/** Errors in SCIM's own form; faults of ours go the way of all others. */
function answerErrors(
  error: unknown,
  _request: Request,
  response: Response,
  next: NextFunction,
): void {
  const known = toScimError(error);
  if (!known) {
    next(error);
    return;
  }
  if (known.status === 401) {
    response.setHeader('www-authenticate', 'Bearer');
  }
  send(response, known.status, scimErrorBody(known));
}

function target(request: Request): { id: string; ifMatch?: string } {
  const ifMatch = request.header('if-match');
  return { id: request.params.id, ...(ifMatch && { ifMatch }) };
}

function patch(body: unknown, attributes: PatchableAttributes) {
  const parsed = scimPatchSchema.safeParse(body);
  if (!parsed.success) {
    throw new ScimError(
      400,
      `The patch is wrong: ${z.prettifyError(parsed.error)}`,
      'invalidSyntax',
    );
  }
  return (resource: JsonObject) =>
    applyScimPatch(resource, parsed.data.Operations, attributes);
}

type ListQuery = ScimPageOptions & { keeps(attribute: string): boolean };

function readListQuery(request: Request): ListQuery {
  const parsed = listQuerySchema.safeParse(request.query);
  if (!parsed.success) {
    throw new ScimError(
      400,
      `The query is wrong: ${z.prettifyError(parsed.error)}`,
      'invalidValue',
    );
  }
  const { filter, startIndex, count, attributes, excludedAttributes } =
    parsed.data;
  const only = namesOf(attributes);
  const without = namesOf(excludedAttributes);
  const keeps = (attribute: string) => {
    const name = attribute.toLowerCase();
    return (
      ['schemas', 'id', 'meta'].includes(name) ||
      (!without.has(name) && (only.size === 0 || only.has(name)))
    );
  };
  return {
    filter: filter === undefined ? [] : parseScimFilter(filter),
    startIndex: Math.max(1, startIndex),
    count: Math.min(MOST_PER_PAGE, Math.max(0, count)),
    withoutMembers: !keeps('members'),
    keeps,
  };
}

/** Names of attributes in a list, without what stands below them. */
function namesOf(list: string | undefined): Set<string> {
  return new Set(
    (list ?? '')
      .split(',')
      .map(name => name.trim().split('.')[0].toLowerCase())
      .filter(Boolean),
  );
}

function oneOf(resources: JsonObject[], id: string): JsonObject {
  const found = resources.find(resource => resource.id === id);
  if (!found) {
    throw new ScimError(404, `There is no ${JSON.stringify(id)}`);
  }
  return found;
}

function keepSome(query: ListQuery, resource: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(resource).filter(([name]) => query.keeps(name)),
  );
}

function sendPage(response: Response, query: ListQuery, page: ScimPage): void {
  sendList(
    response,
    page.resources.map(resource => keepSome(query, resource)),
    { total: page.total, startIndex: query.startIndex },
  );
}

function sendList(
  response: Response,
  resources: JsonObject[],
  page?: { total: number; startIndex: number },
): void {
  send(response, 200, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: page?.total ?? resources.length,
    startIndex: page?.startIndex ?? 1,
    itemsPerPage: resources.length,
    Resources: resources,
  });
}

const metaSchema = z.object({ location: z.string(), version: z.string() });

function sendResource(
  request: Request,
  response: Response,
  resource: JsonObject,
  status = 200,
): void {
  const { location, version } = metaSchema.parse(resource.meta);
  response.setHeader('etag', version);
  if (status === 201) {
    response.setHeader('location', location);
  }
  send(response, status, keepSome(readListQuery(request), resource));
}

function send(response: Response, status: number, body: object): void {
  response
    .status(status)
    .setHeader('cache-control', 'no-store')
    .type(CONTENT_TYPE)
    .send(JSON.stringify(body));
}
