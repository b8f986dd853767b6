import {
  type Gate,
  type GateAnswer,
  type GateFacts,
} from '@portico/plugin-promotions-node';
import { type JsonObject } from '@backstage/types';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

const notExpected = async (): Promise<never> => {
  throw new Error('Nobody expected a look at this');
};

/** Asks a gate about a promotion of checkout of aurora to prod. */
export function askGate(
  gate: Gate,
  options: JsonObject,
  more: {
    tier?: 'test' | 'production';
    owner?: string;
    name?: string;
    withoutSource?: boolean;
    tenant?: string;
  } = {},
): Promise<GateAnswer> {
  const {
    tier = 'production',
    owner = 'group:aurora/checkout',
    name = 'checkout',
    withoutSource = false,
    tenant = 'aurora',
  } = more;
  const component = `component:aurora/${name}`;
  const facts: GateFacts = {
    votes: notExpected,
    voters: notExpected,
    authors: notExpected,
    stops: notExpected,
    deployments: notExpected,
    observe: notExpected,
    checks: notExpected,
    component: async () => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { namespace: 'aurora', name },
      spec: { type: 'service', lifecycle: 'production', owner },
    }),
  };
  return gate.evaluate({
    tenant,
    gate: 'policy',
    options: gate.checkOptions(options),
    promotion: {
      id: '0190f1f0-0000-7000-8000-000000000001',
      component,
      environment: 'prod',
      kind: 'promote',
      release: {
        id: digest('a'),
        content: {
          component,
          version: '1.2.0',
          images: [{ name: 'checkout', digest: digest('b') }],
          charts: [],
          ...(!withoutSource && {
            source: {
              repository: 'https://git.example/aurora/checkout.git',
              commit: 'c'.repeat(40),
            },
          }),
        },
        announcedBy: 'user:aurora/bot-ci',
        announcedAt: '2026-11-20T12:00:00.000Z',
        found: 'announced',
        sample: false,
      },
      phase: 'evaluating',
      revision: 1,
      reason: '',
      requestedBy: 'user:aurora/kim',
      automatic: false,
      requestedAt: '2026-11-21T11:00:00.000Z',
      expiresAt: '2026-11-28T11:00:00.000Z',
      overridden: false,
      sample: false,
    },
    stage: {
      pipelineRefs: ['pipeline:default/default'],
      environmentRef: 'environment:default/prod',
      environment: {
        owner: 'group:default/platform',
        order: 30,
        tier,
        protected: true,
        delivery: {
          driver: 'git',
          repository: { host: 'portico', name: 'deployments' },
          file: { format: 'kustomize', path: 'kustomization.yaml' },
          write: 'commit',
          timeout: 'PT15M',
        },
      },
      gates: [],
      automatic: false,
      strategy: 'rolling',
      editors: [],
    },
    subject: {
      release: digest('a'),
      component,
      environment: 'prod',
      kind: 'promote',
      files: [],
      stage: digest('e'),
    },
    subjectDigest: digest('f'),
    moment: 'asked',
    now: new Date('2026-11-21T12:00:00.000Z'),
    signal: new AbortController().signal,
    facts,
  });
}
