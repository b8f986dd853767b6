import {
  type ComponentStatus,
  type EnvironmentStatus,
  type Run,
  type ServiceMetrics,
} from '@portico/plugin-local-runtime-common';

const NOW = '2026-11-21T12:00:00Z';
export const COMMIT = 'c0ffee1'.padEnd(40, '0');

export function environmentOf(
  environment: string,
  more: Partial<EnvironmentStatus> = {},
): EnvironmentStatus {
  return {
    environment,
    state: 'notDeclared',
    since: NOW,
    health: { live: 'unknown', ready: 'unknown' },
    restarts: 0,
    ...more,
  };
}

export const declared = {
  digest: `sha256:${'d'.repeat(64)}`,
  commit: COMMIT,
  version: '1.2.0+c0ffee1',
  since: NOW,
};

export const running = environmentOf('dev', {
  state: 'running',
  declared,
  running: declared,
  address: 'http://127.0.0.1:13800',
  health: { live: 'passing', ready: 'passing' },
  memoryBytes: 50 * 1024 * 1024,
  memoryLimitBytes: 128 * 1024 * 1024,
});

export function statusOf(
  ...environments: EnvironmentStatus[]
): ComponentStatus {
  return { tenant: 'aurora', component: 'checkout', environments };
}

export function runOf(letter: string, more: Partial<Run> = {}): Run {
  return {
    id: `${letter.repeat(24)}-1`,
    tenant: 'aurora',
    repository: 'checkout',
    component: 'checkout',
    branch: 'main',
    commit: {
      id: letter.repeat(40),
      subject: `Change ${letter}`,
      authorName: 'Kim',
      committedAt: NOW,
    },
    attempt: 1,
    interruptions: 0,
    state: 'succeeded',
    steps: [
      {
        name: 'test',
        state: 'succeeded',
        startedAt: NOW,
        endedAt: '2026-11-21T12:00:03Z',
      },
    ],
    queuedAt: NOW,
    startedAt: NOW,
    endedAt: '2026-11-21T12:00:12Z',
    ...more,
  };
}

export const failedRun = runOf('f', {
  state: 'failed',
  reason: {
    code: 'testsFailed',
    message: 'The test "takes an order" failed; fix it and push again.',
    step: 'test',
  },
});

export const metrics: ServiceMetrics = {
  intervalSeconds: 5,
  samples: [1, 2].map(factor => ({
    time: NOW,
    memoryBytes: 40 * 1024 * 1024 * factor,
    requestsPerSecond: 1.5 * factor,
    errorsPerSecond: 0,
    latencyMilliseconds: { p50: 2, p95: 9 * factor },
  })),
};
