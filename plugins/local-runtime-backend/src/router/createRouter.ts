import {
  isError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import { parse } from '@portico/http-api';
import {
  type AuditRecord,
  auditContext,
  recordAudit,
} from '@portico/plugin-audit-node';
import {
  entityRunsQuerySchema,
  type EntityStatusList,
  entityStatusQuerySchema,
  environmentNameSchema,
  localRuntimeLogReadPermission,
  localRuntimeOperatePermission,
  localRuntimeReadPermission,
  type PortalRuntimeState,
  type Run,
  runIdSchema,
  runLogQuerySchema,
  serviceLogQuerySchema,
} from '@portico/plugin-local-runtime-common';
import { type BasicPermission } from '@backstage/plugin-permission-common';
import express, { type Request, type Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { localRuntimeAuditActs } from '../auditActs';
import {
  type ComponentAddress,
  type RuntimeClient,
} from '../runtime/RuntimeClient';
import { type Caller, type EntityComponents } from './EntityComponents';

/** What the routes work with. */
export interface RouterOptions {
  /** Undefined where the portal has no local runtime. */
  client: RuntimeClient | undefined;
  components: EntityComponents;
  database: PorticoDatabase;
}

/**
 * The routes under `/api/local-runtime`; `openapi.yaml` describes each. They name
 * entities, never what the runtime calls a component.
 */
export function createRouter(options: RouterOptions): Router {
  const { components, database } = options;
  const router = PromiseRouter();
  router.use(express.json({ limit: '64kb' }));

  router.get('/state', async (request, response) => {
    await components.requireUser(request, localRuntimeReadPermission);
    response.json(await readState(options.client));
  });

  router.post('/status', async (request, response) => {
    const caller = await components.requireUser(
      request,
      localRuntimeReadPermission,
    );
    const { entityRefs } = parse(
      entityStatusQuerySchema,
      request.body,
      'The question',
    );
    const known = await components.findMany(entityRefs, caller);
    const statuses =
      known.length > 0
        ? await runtime().statusOf(known.map(({ address }) => address))
        : [];
    const items = known.flatMap(({ entityRef, address }) => {
      const status = statuses.find(
        ({ tenant, component }) =>
          tenant === address.tenant && component === address.component,
      );
      return status ? [{ entityRef, status }] : [];
    });
    response.json({ items } satisfies EntityStatusList);
  });

  const entity = '/entities/:kind/:namespace/:name';

  router.get(`${entity}/status`, async (request, response) => {
    const { address } = await open(request, localRuntimeReadPermission);
    response.json(await runtime().status(address));
  });

  router.get(`${entity}/runs`, async (request, response) => {
    const { address } = await open(request, localRuntimeReadPermission);
    const { limit } = parse(entityRunsQuerySchema, request.query, 'The query');
    response.json(await runtime().runs(address, limit));
  });

  router.get(`${entity}/runs/:id`, async (request, response) => {
    const { address } = await open(request, localRuntimeReadPermission);
    response.json(await runOf(request, address));
  });

  router.get(`${entity}/runs/:id/log`, async (request, response) => {
    const { address } = await open(request, localRuntimeLogReadPermission);
    const { offset } = parse(runLogQuerySchema, request.query, 'The query');
    const { id } = await runOf(request, address);
    response.json(await runtime().runLog(id, offset));
  });

  router.post(`${entity}/runs/:id/repeat`, async (request, response) => {
    const opened = await open(request, localRuntimeOperatePermission);
    const { id } = await runOf(request, opened.address);
    await record(request, opened, {
      act: localRuntimeAuditActs.repeatRun,
      details: { run: id },
    });
    response.status(202).json(await runtime().repeatRun(id));
  });

  const environment = `${entity}/environments/:environment`;

  router.get(`${environment}/log`, async (request, response) => {
    const { address } = await open(request, localRuntimeLogReadPermission);
    const query = parse(serviceLogQuerySchema, request.query, 'The query');
    response.json(
      await runtime().serviceLog(inEnvironment(request, address), query),
    );
  });

  router.get(`${environment}/metrics`, async (request, response) => {
    const { address } = await open(request, localRuntimeReadPermission);
    response.json(await runtime().metrics(inEnvironment(request, address)));
  });

  router.post(`${environment}/wake`, async (request, response) => {
    const opened = await open(request, localRuntimeOperatePermission);
    const target = inEnvironment(request, opened.address);
    await record(request, opened, {
      act: localRuntimeAuditActs.wake,
      details: { environment: target.environment },
    });
    response.json(await runtime().wake(target));
  });

  router.post(`${environment}/restart`, async (request, response) => {
    const opened = await open(request, localRuntimeOperatePermission);
    const target = inEnvironment(request, opened.address);
    await record(request, opened, {
      act: localRuntimeAuditActs.restart,
      details: { environment: target.environment },
    });
    response.json(await runtime().restart(target));
  });

  return router;

  /** Who asks, and the component of the entity in the path. */
  async function open(request: Request, permission: BasicPermission) {
    const caller = await components.requireUser(request, permission);
    const { kind, namespace, name } = request.params;
    const address = await components.find(
      `${kind}:${namespace}/${name}`,
      caller,
    );
    return { caller, address };
  }

  function runtime(): RuntimeClient {
    if (!options.client) {
      throw new NotFoundError('This portal has no local runtime');
    }
    return options.client;
  }

  /**
   * A run of the repository that the component is built from.
   *
   * @throws NotFoundError alike for a run of something else and for none
   */
  async function runOf(request: Request, of: ComponentAddress): Promise<Run> {
    const id = runIdSchema.safeParse(request.params.id);
    const run = id.success ? await findRun(id.data) : undefined;
    if (
      run?.tenant === of.tenant &&
      (run.component === of.component || (await isBuiltFrom(of, run)))
    ) {
      return run;
    }
    throw new NotFoundError(`There is no run ${request.params.id}`);
  }

  /** The runtime's own words for what is not there would tell it from what is hidden. */
  async function findRun(id: string): Promise<Run | undefined> {
    try {
      return await runtime().run(id);
    } catch (error) {
      if (isError(error) && error.name === 'NotFoundError') {
        return undefined;
      }
      throw error;
    }
  }

  /** A run that failed early does not know its component, but its repository. */
  async function isBuiltFrom(of: ComponentAddress, run: Run) {
    const { items } = await runtime().runs(of, 1);
    return items.some(({ repository }) => repository === run.repository);
  }

  /** Records an act before it is done: it must not happen unrecorded. */
  async function record(
    request: Request,
    opened: { caller: Caller; address: ComponentAddress },
    act: Pick<AuditRecord, 'act' | 'details'>,
  ): Promise<void> {
    const { tenant, component } = opened.address;
    await recordAudit(database, {
      ...act,
      chain: tenant,
      context: auditContext(request, opened.caller.principal),
      subject: { kind: 'component', ref: `component:${tenant}/${component}` },
    });
  }
}

function inEnvironment(request: Request, address: ComponentAddress) {
  return {
    ...address,
    environment: parse(
      environmentNameSchema,
      request.params.environment,
      'The environment',
    ),
  };
}

async function readState(
  client: RuntimeClient | undefined,
): Promise<PortalRuntimeState> {
  if (!client) {
    return { availability: 'absent' };
  }
  try {
    return { availability: 'available', state: await client.state() };
  } catch (error) {
    if (error instanceof ServiceUnavailableError) {
      return { availability: 'unreachable', message: error.message };
    }
    throw error;
  }
}
