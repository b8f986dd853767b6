import {
  type DeliveryOfComponent,
  type DeploymentDiff,
  type GateResult,
  type Lane,
  type Promotion,
  type PromotionDetail,
  type Release,
} from '@portico/plugin-promotions-common';

/** A digest that begins with a letter of its own. */
export function sampleDigest(letter: string): string {
  return `sha256:${letter.repeat(64)}`;
}

export const component = 'component:aurora/checkout';
export const promotionId = '019a0000-0000-7000-8000-000000000001';
const environmentRef = 'environment:default/prod';

/** A release of `component:aurora/checkout`. */
export function sampleRelease(
  version: string,
  letter: string,
  changes: Partial<Release> = {},
): Release {
  return {
    id: sampleDigest(letter),
    content: {
      component,
      version,
      images: [{ name: 'checkout', digest: sampleDigest(letter) }],
      charts: [],
      source: { repository: 'aurora/checkout', commit: letter.repeat(40) },
    },
    announcedBy: 'plugin:local-runtime',
    announcedAt: '2026-11-20T10:00:00Z',
    found: 'announced',
    sample: false,
    ...changes,
  };
}

/** A promotion of 1.4.2 to prod, for which Kim asked. */
export function samplePromotion(changes: Partial<Promotion> = {}): Promotion {
  return {
    id: promotionId,
    component,
    environment: 'prod',
    kind: 'promote',
    release: sampleRelease('1.4.2', 'b'),
    before: sampleRelease('1.4.1', 'a'),
    phase: 'waiting',
    revision: 3,
    reason: 'The gate review waits for one approval.',
    requestedBy: 'user:aurora/kim',
    automatic: false,
    requestedAt: '2026-11-21T10:00:00Z',
    subject: sampleDigest('1'),
    expiresAt: '2026-11-28T10:00:00Z',
    overridden: false,
    sample: false,
    ...changes,
  };
}

const gateResult = (
  gate: string,
  kind: string,
  outcome: GateResult['outcome'],
  reason: string,
): GateResult => ({
  gate,
  kind,
  requiredBy: 'pipeline:default/default',
  outcome,
  reason,
  evidence: { looked: `at ${gate}` },
  evidenceDigest: sampleDigest('e'),
  subject: sampleDigest('1'),
  evaluatedAt: '2026-11-21T10:00:05Z',
  since: '2026-11-21T10:00:05Z',
});

const yes = { allowed: true, why: '' };
const no = (why: string) => ({ allowed: false, why });

/** Everything about {@link samplePromotion}, as Max sees it, who can approve it. */
export function sampleDetail(
  changes: Partial<PromotionDetail> = {},
): PromotionDetail {
  return {
    promotion: samplePromotion(),
    stage: {
      pipelineRefs: ['pipeline:default/default'],
      environmentRef,
      environment: {
        owner: 'group:default/platform',
        order: 300,
        tier: 'production',
        protected: true,
        delivery: {
          driver: 'local',
          repository: { host: 'portico', name: 'deployments' },
          file: { format: 'kustomize', path: 'kustomization.yaml' },
          write: 'commit',
          timeout: 'PT15M',
        },
      },
      gates: [
        {
          name: 'review',
          kind: 'approval',
          options: {},
          requiredBy: 'pipeline:default/default',
        },
        {
          name: 'no-freeze',
          kind: 'freeze',
          options: {},
          requiredBy: 'pipeline:default/default',
        },
      ],
      automatic: false,
      strategy: 'rolling',
      editors: [],
    },
    subjectChanges: [],
    transitions: [
      {
        sequence: 1,
        to: 'pending',
        event: 'request',
        reason: 'Kim asked for it.',
        by: 'user:aurora/kim',
        at: '2026-11-21T10:00:00Z',
      },
      {
        sequence: 2,
        from: 'pending',
        to: 'evaluating',
        event: 'evaluate',
        reason: 'Its gates are asked.',
        by: 'plugin:promotions',
        at: '2026-11-21T10:00:01Z',
      },
    ],
    gates: [
      gateResult('review', 'approval', 'waiting', 'One approval is missing.'),
      gateResult('no-freeze', 'freeze', 'passed', 'No window is active.'),
    ],
    approvals: [
      {
        gate: 'review',
        rules: [
          {
            name: 'approvers',
            from: ['role:approver'],
            required: 1,
            approvedBy: [],
            missing: 1,
            mayApprove: ['user:aurora/max'],
          },
        ],
      },
    ],
    votes: [],
    excluded: [{ ref: 'user:aurora/kim', why: 'requester' }],
    effects: [],
    overrides: [],
    may: {
      approve: yes,
      reject: yes,
      withdraw: no('You have not approved.'),
      cancel: no('Only who asked for it can cancel it.'),
      breakGlass: no('That takes the role tenant administrator.'),
      confirmBreakGlass: no('No glass was broken.'),
      review: no('No glass was broken.'),
      rollBack: no('It is not deployed.'),
    },
    ...changes,
  };
}

/** A change of one image by one commit, with one risk and a file of so many lines. */
export function sampleDiff(lines = 3): DeploymentDiff {
  const risks: DeploymentDiff['risks'] = [
    { severity: 'low', kind: 'resources', text: 'Memory grows by 64 MiB.' },
    {
      severity: 'high',
      kind: 'replicas',
      text: 'Replicas of Deployment checkout go from 3 to 1.',
      resource: 'apps/Deployment checkout',
      path: 'spec.replicas',
    },
  ];
  return {
    images: [
      {
        name: 'checkout',
        before: sampleDigest('a'),
        after: sampleDigest('b'),
        versionBefore: '1.4.1',
        versionAfter: '1.4.2',
      },
    ],
    commits: {
      items: [
        {
          id: 'b'.repeat(40),
          subject: 'Count what is in the basket',
          authorName: 'Kim',
          authorRef: 'user:aurora/kim',
          committedAt: '2026-11-20T09:00:00Z',
          tickets: ['SHOP-12'],
          pullRequest: { id: '7', url: 'data:text/html,gone' },
        },
      ],
      reversed: false,
    },
    manifests: {
      rendered: 'kustomize',
      items: [
        {
          name: 'apps/Deployment checkout',
          change: 'changed',
          lines: Array.from({ length: lines }, (_, index) => ({
            kind: index % 2 === 0 ? ('removed' as const) : ('added' as const),
            text: `line ${index + 1}`,
          })),
          cut: false,
        },
      ],
    },
    risks,
    summary: {
      images: 1,
      commits: 1,
      objects: 1,
      added: 1,
      removed: 2,
      risks,
    },
  };
}

/** An environment in which 1.4.1 runs and is healthy. */
export function sampleLane(
  environment: string,
  changes: Partial<Lane> = {},
): Lane {
  return {
    environment,
    environmentRef: `environment:default/${environment}`,
    tier: environment === 'prod' ? 'production' : 'development',
    protected: environment === 'prod',
    automatic: environment !== 'prod',
    driver: 'local',
    release: sampleRelease('1.4.1', 'a'),
    deployedAt: '2026-11-20T12:00:00Z',
    observation: {
      health: 'healthy',
      reason: 'It answers its readiness check.',
      running: [{ name: 'checkout', digest: sampleDigest('a') }],
      source: 'local runtime',
      observedAt: '2026-11-21T09:59:00Z',
    },
    behind: 0,
    window: { closed: false, reason: 'No window is active.' },
    drift: 0,
    ...changes,
  };
}

/** 1.4.2 runs in staging, and 1.4.1 in prod. */
export function sampleDelivery(prod: Partial<Lane> = {}): DeliveryOfComponent {
  return {
    component,
    pipelineRefs: ['pipeline:default/default'],
    lanes: [
      sampleLane('staging', { release: sampleRelease('1.4.2', 'b') }),
      sampleLane('prod', { behind: 1, ...prod }),
    ],
  };
}
