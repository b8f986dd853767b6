import { createApiRef } from '@backstage/frontend-plugin-api';
import {
  type ComponentStatus,
  type EntityStatusList,
  type EnvironmentStatus,
  type PortalRuntimeState,
  type Run,
  type RunLog,
  type ServiceLog,
  type ServiceMetrics,
} from '@portico/plugin-local-runtime-common';

/** An environment of an entity. */
export interface EntityEnvironment {
  /** As in `component:aurora/checkout`. */
  entityRef: string;
  /** As in `dev`. */
  environment: string;
}

/**
 * What the local runtime knows about components that the caller may read. Each call but
 * `isConfigured` throws a `ResponseError`: 404 where the entity is absent, another
 * tenant's or nothing that the runtime builds, 403 without the right, 503 when the
 * runtime does not answer.
 */
export interface LocalRuntimeApi {
  /**
   * False where the portal has no local runtime, as in production: show nothing about it
   * then, and call nothing else.
   */
  readonly isConfigured: boolean;
  /** Whether the runtime answers, and what it does. */
  state(): Promise<PortalRuntimeState>;
  /**
   * The status of many components in a few requests, for lists. Entities of which
   * nothing is known are left out.
   */
  statusOf(entityRefs: readonly string[]): Promise<EntityStatusList['items']>;
  status(entityRef: string): Promise<ComponentStatus>;
  /** The last runs of the repository that the component is built from, newest first. */
  runs(entityRef: string, options?: { limit?: number }): Promise<Run[]>;
  /** What a run wrote, from a byte on. */
  runLog(
    entityRef: string,
    runId: string,
    options: { offset: number },
  ): Promise<RunLog>;
  /** Runs a commit again whose run did not succeed. */
  repeatRun(entityRef: string, runId: string): Promise<Run>;
  /** Lines of a running service after a cursor; the last ones without it. */
  serviceLog(
    of: EntityEnvironment,
    options?: { after?: number; limit?: number },
  ): Promise<ServiceLog>;
  metrics(of: EntityEnvironment): Promise<ServiceMetrics>;
  /** Starts a service that sleeps. */
  wake(of: EntityEnvironment): Promise<EnvironmentStatus>;
  /** Ends a service and starts it again; ends the pause of a crash loop, too. */
  restart(of: EntityEnvironment): Promise<EnvironmentStatus>;
}

export const localRuntimeApiRef = createApiRef<LocalRuntimeApi>().with({
  id: 'plugin.local-runtime',
  pluginId: 'local-runtime',
});
