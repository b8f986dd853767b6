import {
  type ComponentStatus,
  type Run,
  type RuntimeRelease,
} from '@portico/plugin-local-runtime-common';

export const NOW = '2026-11-21T12:00:00Z';
export const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`;
export const runIdOf = (letter: string) => `${letter.repeat(24)}-1`;

const source = (commit: string) => ({
  id: commit,
  subject: 'Change',
  authorName: 'Kim',
  committedAt: NOW,
});

/** A release of `aurora/checkout` unless told. */
export function releaseOf(
  commit: string,
  digest: string,
  more: Partial<RuntimeRelease> = {},
): Omit<RuntimeRelease, 'sequence'> {
  return {
    tenant: 'aurora',
    component: 'checkout',
    repository: 'checkout',
    branch: 'main',
    commit: source(commit),
    version: `1.0.0+${commit.slice(0, 7)}`,
    digest,
    bytes: 1_000,
    replicas: { dev: 1, staging: 1, prod: 2 },
    runId: runIdOf('a'),
    releasedAt: NOW,
    ...more,
  };
}

/** A run of `aurora/checkout` unless told. */
export function runOf(letter: string, more: Partial<Run> = {}): Run {
  return {
    id: runIdOf(letter),
    tenant: 'aurora',
    repository: 'checkout',
    component: 'checkout',
    branch: 'main',
    commit: source(letter.repeat(40)),
    attempt: 1,
    interruptions: 0,
    state: 'failed',
    reason: { code: 'testsFailed', message: 'A test failed', step: 'test' },
    steps: [],
    queuedAt: NOW,
    ...more,
  };
}

/** What the runtime says of a component that sleeps in dev. */
export function statusOf(tenant: string, component: string): ComponentStatus {
  return {
    tenant,
    component,
    environments: [
      {
        environment: 'dev',
        state: 'sleeping',
        since: NOW,
        address: 'http://127.0.0.1:20001',
        health: { live: 'unknown', ready: 'unknown' },
        restarts: 0,
      },
    ],
  };
}
