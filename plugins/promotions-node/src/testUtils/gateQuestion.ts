import {
  type Deployment,
  type FrozenStage,
  type Observation,
  type Promotion,
  type Release,
  type Subject,
} from '@portico/plugin-promotions-common';
import {
  type Gate,
  type GateAnswer,
  type GateFacts,
  type GateQuestion,
} from '../Gate';
import { type JsonObject } from '@backstage/types';

/** A digest of one letter. */
export const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
/** A commit of one letter. */
export const commit = (letter: string) => letter.repeat(40);
/** When everything is asked. */
export const now = new Date('2026-11-21T12:00:00.000Z');

/*
 * A question to gates, for their tests: checkout of aurora is promoted to prod.
 */

/** A release of checkout whose image, commit and id are made of one letter. */
export function release(letter: string): Release {
  return {
    id: digest(letter),
    content: {
      component: 'component:aurora/checkout',
      version: `1.0.${letter}`,
      images: [{ name: 'checkout', digest: digest(letter) }],
      charts: [],
      source: {
        repository: 'http://localhost:7160/api/git-host/aurora/checkout.git',
        commit: commit(letter),
      },
    },
    announcedBy: 'plugin:local-runtime',
    announcedAt: '2026-11-20T12:00:00.000Z',
    found: 'localRuntime',
    sample: false,
  };
}

/** Of {@link subject}. */
/** What is voted on. */
export const subjectDigest = digest('f');

export const subject: Subject = {
  release: digest('a'),
  component: 'component:aurora/checkout',
  environment: 'prod',
  kind: 'promote',
  files: [],
  stage: digest('e'),
};

/** Prod of the platform's pipeline, without gates. */
export const stage: FrozenStage = {
  pipelineRefs: ['pipeline:default/default'],
  environmentRef: 'environment:default/prod',
  environment: {
    owner: 'group:default/platform',
    order: 30,
    tier: 'production',
    protected: true,
    delivery: {
      driver: 'local',
      repository: { host: 'portico', name: 'deployments' },
      file: {
        format: 'kustomize',
        path: '{component}/overlays/{environment}/kustomization.yaml',
      },
      write: 'commit',
      timeout: 'PT15M',
    },
  },
  gates: [],
  automatic: false,
  strategy: 'rolling',
  editors: ['user:aurora/editor'],
};

/** Release a of checkout to prod, where release b runs; asked for by kim. */
export const promotion: Promotion = {
  id: '0190f1f0-0000-7000-8000-000000000001',
  component: 'component:aurora/checkout',
  environment: 'prod',
  kind: 'promote',
  release: release('a'),
  before: release('b'),
  phase: 'evaluating',
  revision: 1,
  reason: '',
  requestedBy: 'user:aurora/kim',
  automatic: false,
  requestedAt: '2026-11-21T11:00:00.000Z',
  expiresAt: '2026-11-28T11:00:00.000Z',
  overridden: false,
  sample: false,
};

/** A deployment of a release of one letter, that took a minute. */
export function deployment(
  letter: string,
  finishedAt: string,
  more: Partial<Deployment> = {},
): Deployment {
  return {
    id: '0190f1f0-0000-7000-8000-0000000000d0',
    component: 'component:aurora/checkout',
    environment: 'staging',
    tier: 'test',
    release: digest(letter),
    result: 'succeeded',
    kind: 'promote',
    source: 'promotion',
    initiatedBy: 'user:aurora/kim',
    startedAt: new Date(Date.parse(finishedAt) - 60_000).toISOString(),
    finishedAt,
    sample: false,
    ...more,
  };
}

/** An environment where a release of one letter runs healthily. */
export function observation(
  letter: string,
  more: Partial<Observation> = {},
): Observation {
  return {
    health: 'healthy',
    reason: 'It answers',
    running: [{ name: 'checkout', digest: digest(letter) }],
    source: 'local runtime',
    observedAt: now.toISOString(),
    ...more,
  };
}

const notExpected = (what: string) => async (): Promise<never> => {
  throw new Error(`Nobody expected a look at the ${what}`);
};

/** Asks a gate as the asker does: options checked, everything else as above unless told. */
export function askGate(
  gate: Gate,
  options: JsonObject,
  facts: Partial<GateFacts>,
  more: Partial<GateQuestion<JsonObject>> = {},
): Promise<GateAnswer> {
  return gate.evaluate({
    tenant: 'aurora',
    gate: 'gate',
    options: gate.checkOptions(options),
    promotion,
    stage,
    subject,
    subjectDigest,
    moment: 'asked',
    now,
    signal: new AbortController().signal,
    facts: {
      votes: notExpected('votes'),
      voters: notExpected('voters'),
      authors: notExpected('authors'),
      stops: notExpected('stops'),
      deployments: notExpected('deployments'),
      observe: notExpected('observation'),
      checks: notExpected('checks'),
      component: notExpected('component'),
      dependants: notExpected('dependants'),
      ...facts,
    },
    ...more,
  });
}
