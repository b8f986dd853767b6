import { parseEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import { type ConfigApi, type FetchApi } from '@backstage/frontend-plugin-api';
import {
  componentStatusSchema,
  type EntityStatusList,
  entityStatusListSchema,
  environmentStatusSchema,
  portalRuntimeStateSchema,
  runListSchema,
  runLogSchema,
  runSchema,
  serviceLogSchema,
  serviceMetricsSchema,
} from '@portico/plugin-local-runtime-common';
import {
  type EntityEnvironment,
  type LocalRuntimeApi,
} from './LocalRuntimeApi';

const REQUEST_TIMEOUT_MILLISECONDS = 30_000;
/** As many as the portal takes at once. */
const MOST_REFS_AT_ONCE = 200;

/** Talks to `/api/local-runtime` and checks each answer against its schema. */
export class LocalRuntimeClient implements LocalRuntimeApi {
  readonly isConfigured: boolean;
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi; configApi: ConfigApi }) {
    this.#fetchApi = options.fetchApi;
    this.isConfigured = options.configApi.has('localRuntime.url');
  }

  async state() {
    return portalRuntimeStateSchema.parse(await this.#call('GET', ['state']));
  }

  async statusOf(entityRefs: readonly string[]) {
    const items: EntityStatusList['items'] = [];
    for (let index = 0; index < entityRefs.length; index += MOST_REFS_AT_ONCE) {
      const answer = await this.#call('POST', ['status'], {
        body: {
          entityRefs: entityRefs.slice(index, index + MOST_REFS_AT_ONCE),
        },
      });
      items.push(...entityStatusListSchema.parse(answer).items);
    }
    return items;
  }

  async status(entityRef: string) {
    return componentStatusSchema.parse(
      await this.#call('GET', entityPath(entityRef, 'status')),
    );
  }

  async runs(entityRef: string, options: { limit?: number } = {}) {
    const answer = await this.#call('GET', entityPath(entityRef, 'runs'), {
      query: { limit: options.limit },
    });
    return runListSchema.parse(answer).items;
  }

  async runLog(entityRef: string, runId: string, options: { offset: number }) {
    return runLogSchema.parse(
      await this.#call('GET', entityPath(entityRef, 'runs', runId, 'log'), {
        query: options,
      }),
    );
  }

  async repeatRun(entityRef: string, runId: string) {
    return runSchema.parse(
      await this.#call('POST', entityPath(entityRef, 'runs', runId, 'repeat')),
    );
  }

  async serviceLog(
    of: EntityEnvironment,
    options: { after?: number; limit?: number } = {},
  ) {
    return serviceLogSchema.parse(
      await this.#call('GET', environmentPath(of, 'log'), { query: options }),
    );
  }

  async metrics(of: EntityEnvironment) {
    return serviceMetricsSchema.parse(
      await this.#call('GET', environmentPath(of, 'metrics')),
    );
  }

  async wake(of: EntityEnvironment) {
    return environmentStatusSchema.parse(
      await this.#call('POST', environmentPath(of, 'wake')),
    );
  }

  async restart(of: EntityEnvironment) {
    return environmentStatusSchema.parse(
      await this.#call('POST', environmentPath(of, 'restart')),
    );
  }

  async #call(
    method: 'GET' | 'POST',
    path: string[],
    options: {
      query?: Record<string, number | undefined>;
      body?: unknown;
    } = {},
  ): Promise<unknown> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(options.query ?? {})) {
      if (value !== undefined) {
        query.set(name, String(value));
      }
    }
    const response = await this.#fetchApi.fetch(
      `plugin://local-runtime/${path.map(encodeURIComponent).join('/')}${
        query.size > 0 ? `?${query}` : ''
      }`,
      {
        method,
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MILLISECONDS),
        ...(options.body !== undefined && {
          body: JSON.stringify(options.body),
          headers: { 'Content-Type': 'application/json' },
        }),
      },
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response.json();
  }
}

function entityPath(entityRef: string, ...rest: string[]): string[] {
  const { kind, namespace, name } = parseEntityRef(entityRef);
  return ['entities', kind, namespace, name, ...rest];
}

function environmentPath(of: EntityEnvironment, what: string): string[] {
  return entityPath(of.entityRef, 'environments', of.environment, what);
}
