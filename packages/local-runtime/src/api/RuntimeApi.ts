import { NotFoundError } from '@backstage/errors';
import {
  componentNameSchema,
  type ComponentStatus,
  componentStatusSchema,
  environmentNameSchema,
  environmentStatusSchema,
  pushHintSchema,
  releaseListQuerySchema,
  releaseListSchema,
  runIdSchema,
  runListQuerySchema,
  runListSchema,
  runLogQuerySchema,
  runLogSchema,
  runSchema,
  type RuntimeState,
  runtimeStateSchema,
  serviceLogQuerySchema,
  serviceLogSchema,
  serviceMetricsSchema,
  statusListSchema,
  statusQuerySchema,
} from '@portico/plugin-local-runtime-common';
import { tenantIdSchema } from '@portico/plugin-tenancy-common';
import { z } from 'zod';
import { type RepositoryScanner } from '../git/RepositoryScanner';
import { type ReleaseJournal } from '../releases/ReleaseJournal';
import { type RunService } from '../runs/RunService';
import { type RunStore } from '../runs/RunStore';
import { type ManagedService } from '../services/ManagedService';
import { type Supervisor } from '../services/Supervisor';
import { type Route } from './JsonServer';

export interface RuntimeApiParts {
  scanner: RepositoryScanner;
  store: RunStore;
  runs: RunService;
  journal: ReleaseJournal;
  supervisor: Supervisor;
  state: () => RuntimeState;
}

const componentSchema = z.object({
  tenant: tenantIdSchema,
  component: componentNameSchema,
});
const environmentSchema = componentSchema.extend({
  environment: environmentNameSchema,
});
const runIdParameterSchema = z.object({ id: runIdSchema });

/** The routes of the runtime; `plugin-local-runtime-common` describes them. */
export function createRuntimeRoutes(parts: RuntimeApiParts): Route[] {
  const { scanner, store, runs, journal, supervisor } = parts;

  const runOf = (parameters: Record<string, string>) => {
    const { id } = runIdParameterSchema.parse(parameters);
    const run = store.get(id);
    if (!run) {
      throw new NotFoundError(`There is no run '${id}'.`);
    }
    return run;
  };

  const serviceOf = (parameters: Record<string, string>): ManagedService => {
    const { tenant, component, environment } =
      environmentSchema.parse(parameters);
    const service = supervisor.service(tenant, component, environment);
    if (!service) {
      throw new NotFoundError(
        `'${component}' of '${tenant}' has no environment '${environment}'.`,
      );
    }
    return service;
  };

  // Before its first release, a component is looked for where golden paths put it.
  const repositoryOf = (tenant: string, component: string) =>
    journal.repositoryOf(tenant, component) ?? component;

  const statusOf = (
    tenant: string,
    component: string,
  ): ComponentStatus | undefined => {
    const environments = supervisor.statusOf(tenant, component);
    const [lastRun] = store.ofRepository(
      tenant,
      repositoryOf(tenant, component),
    );
    if (environments.length === 0 && !lastRun) {
      return undefined;
    }
    return {
      tenant,
      component,
      environments,
      lastRun: lastRun && {
        id: lastRun.id,
        state: lastRun.state,
        commit: lastRun.commit.id,
        queuedAt: lastRun.queuedAt,
        endedAt: lastRun.endedAt,
      },
    };
  };

  return [
    {
      method: 'GET',
      path: '/v1/state',
      answers: runtimeStateSchema,
      handle: async () => parts.state(),
    },
    {
      method: 'POST',
      path: '/v1/hints',
      status: 202,
      handle: async ({ body }) => {
        const { tenant, repository } = pushHintSchema.parse(body);
        // Whoever hints does not wait for what comes of it.
        void scanner.scan(tenant, repository);
      },
    },
    {
      method: 'GET',
      path: '/v1/runs',
      answers: runListSchema,
      handle: async ({ query }) => {
        const { tenant, component, repository, limit } =
          runListQuerySchema.parse(query);
        const name =
          repository ?? (component && repositoryOf(tenant, component));
        const all = name
          ? store.ofRepository(tenant, name)
          : store.ofTenant(tenant);
        return { items: all.slice(0, limit) };
      },
    },
    {
      method: 'GET',
      path: '/v1/runs/:id',
      answers: runSchema,
      handle: async ({ parameters }) => runOf(parameters),
    },
    {
      method: 'GET',
      path: '/v1/runs/:id/log',
      answers: runLogSchema,
      handle: async ({ parameters, query }) =>
        store.readLog(runOf(parameters), runLogQuerySchema.parse(query).offset),
    },
    {
      method: 'POST',
      path: '/v1/runs/:id/repeat',
      status: 202,
      answers: runSchema,
      handle: async ({ parameters }) => runs.repeat(runOf(parameters).id),
    },
    {
      method: 'GET',
      path: '/v1/releases',
      answers: releaseListSchema,
      handle: async ({ query, signal }) => {
        const { after, limit, waitSeconds } =
          releaseListQuerySchema.parse(query);
        await journal.waitFor(
          after,
          AbortSignal.any([signal, AbortSignal.timeout(waitSeconds * 1_000)]),
        );
        return journal.after(after, limit);
      },
    },
    {
      method: 'POST',
      path: '/v1/status',
      answers: statusListSchema,
      handle: async ({ body }) => ({
        items: statusQuerySchema
          .parse(body)
          .components.map(({ tenant, component }) =>
            statusOf(tenant, component),
          )
          .filter(status => status !== undefined),
      }),
    },
    {
      method: 'GET',
      path: '/v1/components/:tenant/:component',
      answers: componentStatusSchema,
      handle: async ({ parameters }) => {
        const { tenant, component } = componentSchema.parse(parameters);
        const status = statusOf(tenant, component);
        if (!status) {
          throw new NotFoundError(
            `The local runtime knows no '${component}' of '${tenant}'.`,
          );
        }
        return status;
      },
    },
    {
      method: 'GET',
      path: '/v1/components/:tenant/:component/:environment/log',
      answers: serviceLogSchema,
      handle: async ({ parameters, query }) =>
        serviceOf(parameters).log.read(serviceLogQuerySchema.parse(query)),
    },
    {
      method: 'GET',
      path: '/v1/components/:tenant/:component/:environment/metrics',
      answers: serviceMetricsSchema,
      handle: async ({ parameters }) => serviceOf(parameters).metrics,
    },
    {
      method: 'POST',
      path: '/v1/components/:tenant/:component/:environment/wake',
      answers: environmentStatusSchema,
      handle: async ({ parameters }) => {
        const service = serviceOf(parameters);
        service.wake();
        return service.status();
      },
    },
    {
      method: 'POST',
      path: '/v1/components/:tenant/:component/:environment/restart',
      answers: environmentStatusSchema,
      handle: async ({ parameters }) => {
        const service = serviceOf(parameters);
        service.restart();
        return service.status();
      },
    },
  ];
}
