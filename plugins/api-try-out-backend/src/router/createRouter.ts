import {
  type BackstageCredentials,
  type HttpAuthService,
  type PermissionsService,
} from '@backstage/backend-plugin-api';
import {
  type ApiEntity,
  isApiEntity,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { InputError, NotAllowedError, NotFoundError } from '@backstage/errors';
import { type CatalogService } from '@backstage/plugin-catalog-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { type PorticoDatabase } from '@portico/database';
import {
  type ApiDescription,
  apiTryOutSendPermission,
  OpenApiError,
  readOpenApi,
  tryOutRequestSchema,
  type TryOutResult,
  type TryOutServerList,
} from '@portico/plugin-api-try-out-common';
import { auditContext, recordAudit } from '@portico/plugin-audit-node';
import {
  type TenancyService,
  type TenantPrincipal,
} from '@portico/plugin-tenancy-node';
import express, { type Request, type Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { z } from 'zod';
import { type AddressPolicy } from '../address/AddressPolicy';
import {
  HostNotFoundError,
  type LookUp,
  resolveHost,
} from '../address/resolveHost';
import { apiTryOutAuditActs } from '../auditActs';
import { checkRequest, type OutgoingRequest } from '../request/checkRequest';
import { sendRequest } from '../request/sendRequest';
import { type ApiServers, type ReachableServer } from '../server/ApiServers';

/** Within this time a server has to have answered. */
const TIMEOUT_MS = 10_000;

/** What the routes work with. */
export interface RouterOptions {
  addresses: AddressPolicy;
  catalog: Pick<CatalogService, 'getEntityByRef'>;
  database: PorticoDatabase;
  httpAuth: HttpAuthService;
  lookUp: LookUp;
  permissions: PermissionsService;
  servers: ApiServers;
  tenancy: Pick<TenancyService, 'principal'>;
  timeoutMs?: number;
}

/** Servers of an API, and requests to them. */
export function createRouter(options: RouterOptions): Router {
  const { addresses, database, lookUp, servers } = options;
  const router = PromiseRouter();
  router.use(express.json({ limit: '2100kb' }));

  router.get('/apis/:namespace/:name/servers', async (request, response) => {
    const caller = await requireUser(options, request);
    const { entity, api } = await findApi(options, request, caller.credentials);
    const list = await servers.list(entity, api, caller.credentials);
    const answer: TryOutServerList = { items: list.map(({ shown }) => shown) };
    response.json(answer);
  });

  router.post('/apis/:namespace/:name/requests', async (request, response) => {
    const caller = await requireUser(options, request);
    const { entity, api } = await findApi(options, request, caller.credentials);
    const asked = tryOutRequestSchema.safeParse(request.body);
    if (!asked.success) {
      throw new InputError(
        `The request to send is malformed: ${z.prettifyError(asked.error)}`,
      );
    }
    const list = await servers.list(entity, api, caller.credentials);
    const server = list.find(({ shown }) => shown.id === asked.data.server);
    if (!server || !('url' in server)) {
      throw new NotAllowedError(
        server?.shown.refusal ??
          `The API has no server ${JSON.stringify(asked.data.server)}`,
      );
    }
    const outgoing = checkRequest(api, server.url, asked.data);
    const record = (refusal?: string) =>
      recordAudit(database, {
        chain: caller.principal.tenant,
        act: apiTryOutAuditActs.send,
        context: auditContext(request, caller.principal),
        subject: { kind: 'api', ref: stringifyEntityRef(entity) },
        ...(refusal && { outcome: 'refused', reason: refusal }),
        details: {
          method: asked.data.method,
          path: asked.data.path,
          server: server.url.origin,
        },
      });
    const to = await addressOf(server, outgoing).catch(async error => {
      if (error instanceof NotAllowedError) await record(error.message);
      throw error;
    });
    if ('failed' in to) {
      await record();
      response.json(to.failed);
      return;
    }
    // Nothing goes out that is not recorded.
    await record();
    const result = await sendRequest(
      outgoing,
      to,
      options.timeoutMs ?? TIMEOUT_MS,
    );
    response.json(result);
  });

  async function addressOf(
    server: ReachableServer,
    outgoing: OutgoingRequest,
  ): Promise<{ address: string; family: number } | { failed: TryOutResult }> {
    if (server.isLocal) {
      return { address: '127.0.0.1', family: 4 };
    }
    try {
      return await resolveHost(server.url.hostname, addresses, lookUp);
    } catch (error) {
      if (!(error instanceof HostNotFoundError)) throw error;
      return {
        failed: {
          outcome: 'failed',
          url: outgoing.shownUrl,
          reason: error.message,
          milliseconds: 0,
        },
      };
    }
  }

  return router;
}

/** @throws NotAllowedError when the caller may not send requests */
async function requireUser(
  options: RouterOptions,
  request: Request,
): Promise<{ credentials: BackstageCredentials; principal: TenantPrincipal }> {
  const credentials = await options.httpAuth.credentials(request, {
    allow: ['user'],
  });
  const permission = apiTryOutSendPermission;
  const [decision] = await options.permissions.authorize([{ permission }], {
    credentials,
  });
  if (decision?.result !== AuthorizeResult.ALLOW) {
    throw new NotAllowedError(
      `You do not hold the permission ${permission.name}; ask an administrator of your tenant`,
    );
  }
  return {
    credentials,
    principal: await options.tenancy.principal(credentials),
  };
}

/** @throws NotFoundError alike for what may not be read and what is not there */
async function findApi(
  options: RouterOptions,
  request: Request,
  credentials: BackstageCredentials,
): Promise<{ entity: ApiEntity; api: ApiDescription }> {
  const { namespace, name } = request.params;
  const ref = { kind: 'api', namespace, name };
  const entity = await options.catalog.getEntityByRef(ref, { credentials });
  if (!entity || !isApiEntity(entity)) {
    throw new NotFoundError(`There is no API ${stringifyEntityRef(ref)}`);
  }
  try {
    return { entity, api: readOpenApi(entity.spec.definition) };
  } catch (error) {
    if (error instanceof OpenApiError) {
      throw new InputError(`The API cannot be tried out. ${error.message}`);
    }
    throw error;
  }
}
