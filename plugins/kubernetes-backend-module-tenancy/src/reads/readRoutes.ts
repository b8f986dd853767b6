import {
  type BackstageCredentials,
  type HttpAuthService,
  type PermissionsService,
} from '@backstage/backend-plugin-api';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import {
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { kubernetesResourcesReadPermission } from '@backstage/plugin-kubernetes-common';
import {
  AuthorizeResult,
  type BasicPermission,
} from '@backstage/plugin-permission-common';
import { type PorticoDatabase } from '@portico/database';
import { parse } from '@portico/http-api';
import { auditContext, recordAudit } from '@portico/plugin-audit-node';
import {
  type Binding,
  type BindingsService,
  redactSecrets,
} from '@portico/plugin-bindings-node';
import { type TenancyService } from '@portico/plugin-tenancy-node';
import { type Request, type Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { z } from 'zod';
import { kubernetesAuditActs } from '../auditActs';
import { type ClusterReader } from '../cluster/ClusterReader';
import { type NamespacedResource } from '../cluster/NamespacedResource';
import { redactObject } from '../objects/redactObject';
import { kubernetesLogReadPermission } from '../permissions';

/** Most bytes of a log that are given out. */
export const MAXIMUM_LOG_BYTES = 1024 * 1024;
/** Most lines of a log that are given out, from its end. */
export const MAXIMUM_LOG_LINES = 2_000;

const MAXIMUM_JSON_BYTES = 2 * 1024 * 1024;
const MAXIMUM_EVENTS = '100';
const pods: NamespacedResource = {
  group: '',
  apiVersion: 'v1',
  plural: 'pods',
};
const events: NamespacedResource = {
  group: '',
  apiVersion: 'v1',
  plural: 'events',
};

/** Kinds that can be described. */
const describable: Readonly<Record<string, NamespacedResource>> = {
  Pod: pods,
  Service: { group: '', apiVersion: 'v1', plural: 'services' },
  ConfigMap: { group: '', apiVersion: 'v1', plural: 'configmaps' },
  Deployment: { group: 'apps', apiVersion: 'v1', plural: 'deployments' },
  ReplicaSet: { group: 'apps', apiVersion: 'v1', plural: 'replicasets' },
  StatefulSet: { group: 'apps', apiVersion: 'v1', plural: 'statefulsets' },
  DaemonSet: { group: 'apps', apiVersion: 'v1', plural: 'daemonsets' },
  Job: { group: 'batch', apiVersion: 'v1', plural: 'jobs' },
  CronJob: { group: 'batch', apiVersion: 'v1', plural: 'cronjobs' },
  Ingress: {
    group: 'networking.k8s.io',
    apiVersion: 'v1',
    plural: 'ingresses',
  },
};

const name = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/, 'is no name in a cluster');
const entityRef = z
  .string()
  .max(400)
  .transform((text, context) => {
    try {
      return stringifyEntityRef(parseEntityRef(text));
    } catch {
      context.addIssue({ code: 'custom', message: 'is no entity ref' });
      return z.NEVER;
    }
  });
const where = { entityRef, cluster: name, namespace: name };
const logQuerySchema = z.strictObject({
  ...where,
  pod: name,
  container: name,
  previous: z.enum(['true', 'false']).default('false'),
  lines: z.coerce.number().int().min(1).max(MAXIMUM_LOG_LINES).default(500),
});
const eventQuerySchema = z.strictObject({ ...where, object: name });
const describeQuerySchema = z.strictObject({
  ...where,
  kind: z.string().refine(kind => Object.hasOwn(describable, kind), {
    error: `must be one of ${Object.keys(describable).join(', ')}`,
  }),
  name,
});
const objectSchema = z.record(z.string(), z.json());
const eventListSchema = z.object({ items: z.array(objectSchema).nullable() });

/** What the reading routes work with. */
export interface ReadRoutesOptions {
  bindings: Pick<BindingsService, 'resolve'>;
  database: PorticoDatabase;
  httpAuth: HttpAuthService;
  permissions: PermissionsService;
  reader: Pick<ClusterReader, 'get'>;
  tenancy: Pick<TenancyService, 'principal'>;
}

/**
 * Logs, events and description of what an entity is bound to. They take the place of the
 * stock plugin's proxy, which is closed.
 */
export function createReadRouter(options: ReadRoutesOptions): Router {
  const { bindings, database, httpAuth, permissions, reader, tenancy } =
    options;
  const router = PromiseRouter();

  router.get('/read/log', async (request, response) => {
    const credentials = await requireUser(request, kubernetesLogReadPermission);
    const query = parse(logQuerySchema, request.query, 'The query');
    const binding = await bindTo(query, credentials);
    const { pod, container, previous, lines } = query;
    await recordAudit(database, {
      chain: binding.tenant,
      act: kubernetesAuditActs.readLog,
      context: auditContext(request, await tenancy.principal(credentials)),
      subject: {
        kind: 'pod',
        ref: `${query.cluster}/${query.namespace}/${pod}`,
      },
      details: {
        entityRef: query.entityRef,
        container,
        previous: previous === 'true',
        lines,
      },
    });
    const answer = await reader.get(binding, {
      resource: pods,
      name: pod,
      subresource: 'log',
      query: {
        container,
        tailLines: String(lines),
        limitBytes: String(MAXIMUM_LOG_BYTES),
        ...(previous === 'true' && { previous: 'true' }),
      },
      maximumBytes: MAXIMUM_LOG_BYTES,
    });
    requireFound(answer.status, binding, `the log of ${pod}/${container}`);
    const { text, redacted } = redactSecrets(answer.body.toString('utf8'));
    response.json({
      text,
      redacted,
      truncated: answer.truncated || answer.body.length >= MAXIMUM_LOG_BYTES,
    });
  });

  router.get('/read/events', async (request, response) => {
    const credentials = await requireUser(
      request,
      kubernetesResourcesReadPermission,
    );
    const query = parse(eventQuerySchema, request.query, 'The query');
    const binding = await bindTo(query, credentials);
    const answer = await reader.get(binding, {
      resource: events,
      query: {
        fieldSelector: `involvedObject.name=${query.object}`,
        limit: MAXIMUM_EVENTS,
      },
      maximumBytes: MAXIMUM_JSON_BYTES,
    });
    requireFound(answer.status, binding, `events of ${query.object}`);
    const list = parseAnswer(eventListSchema, answer.body, binding);
    response.json({
      items: (list.items ?? []).map(redactObject),
    });
  });

  router.get('/read/describe', async (request, response) => {
    const credentials = await requireUser(
      request,
      kubernetesResourcesReadPermission,
    );
    const query = parse(describeQuerySchema, request.query, 'The query');
    const binding = await bindTo(query, credentials);
    const answer = await reader.get(binding, {
      resource: describable[query.kind],
      name: query.name,
      maximumBytes: MAXIMUM_JSON_BYTES,
    });
    requireFound(answer.status, binding, `${query.kind} ${query.name}`);
    response.json(
      redactObject(parseAnswer(objectSchema, answer.body, binding)),
    );
  });

  return router;

  async function requireUser(request: Request, permission: BasicPermission) {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user'],
    });
    const [decision] = await permissions.authorize([{ permission }], {
      credentials,
    });
    if (decision?.result !== AuthorizeResult.ALLOW) {
      throw new NotAllowedError(
        `You do not hold the permission ${permission.name}; ask an administrator of your tenant`,
      );
    }
    return credentials;
  }

  /** @throws NotFoundError alike for what is another tenant's, not granted, and not there */
  async function bindTo(
    query: { entityRef: string; cluster: string; namespace: string },
    credentials: BackstageCredentials,
  ): Promise<Binding> {
    const resolution = await bindings.resolve(
      query.entityRef,
      'kubernetes-namespace',
      { credentials },
    );
    const binding =
      resolution.outcome === 'bound'
        ? resolution.bindings.find(
            ({ system, resource }) =>
              system.name === query.cluster && resource === query.namespace,
          )
        : undefined;
    if (!binding) {
      throw new NotFoundError(
        `${query.entityRef} is not bound to the namespace ${query.namespace} of ${query.cluster}`,
      );
    }
    return binding;
  }
}

/** What the cluster itself says stays out: it may name what is none of the caller's. */
function requireFound(status: number, binding: Binding, what: string): void {
  if (status === 200) {
    return;
  }
  if (status === 404 || status === 400) {
    throw new NotFoundError(`${binding.system.name} has no ${what}`);
  }
  throw new ServiceUnavailableError(
    `${binding.system.name} did not give out ${what} (HTTP ${status})${
      status === 401 || status === 403 ? ': the credential may not read it' : ''
    }`,
  );
}

function parseAnswer<T extends z.ZodType>(
  schema: T,
  body: Buffer,
  binding: Binding,
): z.output<T> {
  try {
    return schema.parse(JSON.parse(body.toString('utf8')));
  } catch {
    throw new ServiceUnavailableError(
      `${binding.system.name} answered in a form that is not known`,
    );
  }
}
