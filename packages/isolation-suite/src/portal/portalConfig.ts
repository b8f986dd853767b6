import { CLUSTER } from './StandInCluster';

type Json = Record<string, unknown>;

/** Requests of one tenant that run at a time. */
export const AT_ONCE = 8;

/** A system that is never asked; tenants are granted things in it. */
export const SILENT_SYSTEM = 'silent';

/** More than the suite can send: what is measured is what is answered, not how often. */
const PLENTY = { requests: 1_000_000, seconds: 20 };

/** What is made is found soon. */
const quickSchedule = {
  schedule: {
    // app-config.yaml says minutes, which would be added.
    frequency: { minutes: 0, seconds: 10 },
    initialDelay: { seconds: 2 },
    timeout: { minutes: 1 },
  },
};

/**
 * What differs from `app-config.yaml` while the suite runs: addresses, shorter waits,
 * more requests per person, and one stock action more, which sends notifications. Those of
 * promotions, which come in their own time, are off: answers are compared to the letter.
 */
export function portalConfig(
  port: number,
  database: Json,
  standIns: { cluster: string; runtime: string },
): Json {
  const url = `http://localhost:${port}`;
  const { backend, portico, ...others } = database as {
    backend: Json;
    portico: Json;
  };
  return {
    ...others,
    // a package without a built app, so that the suite needs no build
    app: { baseUrl: url, packageName: 'backend' },
    backend: {
      ...backend,
      baseUrl: url,
      listen: { host: '127.0.0.1', port },
    },
    portico: {
      ...portico,
      scaffolder: { additionalActions: ['notification:send'] },
      promotions: { notifications: { enabled: false } },
    },
    walls: {
      limits: {
        user: PLENTY,
        tenant: PLENTY,
        address: PLENTY,
        atOnce: AT_ONCE,
      },
    },
    bindings: {
      systems: [
        {
          name: CLUSTER,
          kind: 'kubernetes',
          url: standIns.cluster,
          readToken: 'reads-all-namespaces',
        },
        {
          name: SILENT_SYSTEM,
          kind: 'grafana',
          url: 'https://grafana.invalid',
        },
      ],
    },
    localRuntime: { url: standIns.runtime, token: 'opens-all-runs' },
    integrations: {
      gitea: [{ host: `localhost:${port}`, baseUrl: `${url}/api/git-host` }],
    },
    search: {
      collators: {
        catalog: quickSchedule,
        techdocs: quickSchedule,
      },
    },
    scaffolder: { concurrentTasksLimit: 8 },
  };
}
