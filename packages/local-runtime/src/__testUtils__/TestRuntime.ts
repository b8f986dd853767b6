import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ComponentStatus,
  componentStatusSchema,
  type EnvironmentStatus,
  type ReleaseList,
  releaseListSchema,
  type Run,
  runListSchema,
  type RunLog,
  runLogSchema,
  type RunListQuery,
} from '@portico/plugin-local-runtime-common';
import { LocalRuntime, type LocalRuntimeOptions } from '../LocalRuntime';
import {
  readConfiguration,
  type RuntimeConfiguration,
} from '../readConfiguration';
import { findFreePort } from '../services/PortBook';

const TOKEN = 'token-of-the-tests';

/** What the runtime answers over HTTP. */
export class RuntimeClient {
  constructor(readonly url: string, private readonly token = TOKEN) {}

  async call(
    path: string,
    options: { method?: string; body?: unknown } = {},
  ): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${this.url}${path}`, {
      method: options.method ?? (options.body ? 'POST' : 'GET'),
      headers: { authorization: `Bearer ${this.token}` },
      body: options.body ? JSON.stringify(options.body) : undefined,
    });
    return { status: response.status, body: await response.json() };
  }

  async runs(query: Partial<RunListQuery>): Promise<Run[]> {
    const search = new URLSearchParams(query as Record<string, string>);
    const { body } = await this.call(`/v1/runs?${search}`);
    return runListSchema.parse(body).items;
  }

  async log(id: string): Promise<RunLog> {
    const { body } = await this.call(`/v1/runs/${id}/log`);
    return runLogSchema.parse(body);
  }

  async releases(after = 0, waitSeconds = 0): Promise<ReleaseList> {
    const { body } = await this.call(
      `/v1/releases?after=${after}&waitSeconds=${waitSeconds}`,
    );
    return releaseListSchema.parse(body);
  }

  async status(tenant: string, component: string): Promise<ComponentStatus> {
    const { body } = await this.call(`/v1/components/${tenant}/${component}`);
    return componentStatusSchema.parse(body);
  }

  async environment(
    tenant: string,
    component: string,
    environment = 'dev',
  ): Promise<EnvironmentStatus | undefined> {
    const { status, body } = await this.call(
      `/v1/components/${tenant}/${component}`,
    );
    return status === 200
      ? componentStatusSchema
          .parse(body)
          .environments.find(({ environment: name }) => name === environment)
      : undefined;
  }

  hint(tenant: string, repository: string) {
    return this.call('/v1/hints', { body: { tenant, repository } });
  }
}

export interface TestRuntimeOptions {
  gitDirectory: string;
  configuration?: Partial<RuntimeConfiguration>;
  times?: LocalRuntimeOptions['times'];
}

/** A runtime in this process, with short times. */
export class TestRuntime {
  readonly directory = mkdtempSync(join(tmpdir(), 'runtime-state-'));
  readonly log: string[] = [];
  #runtime: LocalRuntime | undefined;

  constructor(private readonly options: TestRuntimeOptions) {}

  async configuration(): Promise<RuntimeConfiguration> {
    const defaults = readConfiguration({
      PORTICO_RUNTIME_TOKEN: TOKEN,
      PORTICO_GIT_DIRECTORY: this.options.gitDirectory,
      PORTICO_RUNTIME_DIRECTORY: this.directory,
    });
    return {
      ...defaults,
      port: await findFreePort('127.0.0.1'),
      firstServicePort: 20_000 + Math.floor(Math.random() * 10_000),
      scanMilliseconds: 100,
      ...this.options.configuration,
    };
  }

  async start(): Promise<RuntimeClient> {
    const runtime = await LocalRuntime.start({
      configuration: await this.configuration(),
      log: line => this.log.push(line),
      times: {
        tickMilliseconds: 50,
        pauseMilliseconds: 200,
        ...this.options.times,
      },
    });
    this.#runtime = runtime;
    return new RuntimeClient(runtime.url);
  }

  async stop(): Promise<void> {
    await this.#runtime?.stop();
    this.#runtime = undefined;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Asks again until an answer is given; the time limit of the test bounds it. */
export async function until<T>(
  ask: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) {
      return answer;
    }
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}
