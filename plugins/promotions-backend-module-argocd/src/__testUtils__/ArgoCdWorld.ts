import { mockServices } from '@backstage/backend-test-utils';
import {
  type Binding,
  type BindingsService,
  type ConfiguredSystem,
} from '@portico/plugin-bindings-node';
import {
  deliverySchema,
  environmentSpecSchema,
  type FrozenStage,
  type Promotion,
} from '@portico/plugin-promotions-common';
import { type EffectContext } from '@portico/plugin-promotions-node';
import { ArgoCdClient } from '../client/ArgoCdClient';
import { ApplicationResolver } from '../driver/ApplicationResolver';
import { ArgoCdDriver } from '../driver/ArgoCdDriver';
import { createSyncWindowGate } from '../gate/createSyncWindowGate';

export const now = new Date('2026-11-21T12:00:00Z');
export const revision = 'c'.repeat(40);
export const digest = `sha256:${'a'.repeat(64)}`;
export const name = 'checkout-staging';

const delivery = deliverySchema.parse({ driver: 'argocd' });
export const target = {
  tenant: 'aurora',
  component: 'component:aurora/checkout',
  environment: 'staging',
  delivery,
};
export const stage = {
  pipelineRefs: ['pipeline:default/default'],
  environmentRef: 'environment:default/staging',
  environment: environmentSpecSchema.parse({
    owner: 'group:default/platform',
    order: 1,
    tier: 'test',
    protected: false,
    delivery,
  }),
  gates: [],
  automatic: false,
  strategy: 'rolling' as const,
  editors: [],
};
export const promotion: Promotion = {
  id: '019aa000-0000-7000-8000-000000000001',
  component: target.component,
  environment: target.environment,
  kind: 'promote',
  release: {
    id: `sha256:${'b'.repeat(64)}`,
    content: {
      component: target.component,
      version: '1.0.0',
      images: [{ name: 'checkout', digest }],
      charts: [],
    },
    announcedBy: 'user:aurora/ci',
    announcedAt: now.toISOString(),
    found: 'announced',
    sample: false,
  },
  phase: 'running',
  revision: 3,
  reason: '',
  requestedBy: 'user:aurora/kim',
  automatic: false,
  requestedAt: now.toISOString(),
  expiresAt: now.toISOString(),
  overridden: false,
  sample: false,
};

/** A component of the tenant `aurora`, bound to a project of an Argo CD. */
export class ArgoCdWorld {
  readonly bindings: {
    resolve: jest.MockedFunction<BindingsService['resolve']>;
  };
  readonly system: ConfiguredSystem;
  /** Of the tenant. */
  credential: { token: string } | undefined;

  readonly #now: () => Date;

  constructor(
    argo: { url: string; token: string; project: string },
    clock: () => Date = () => now,
  ) {
    this.#now = clock;
    this.credential = { token: argo.token };
    this.system = {
      name: 'main',
      kind: 'argocd',
      title: 'main',
      url: argo.url,
    };
    const binding: Binding = {
      entityRef: target.component,
      tenant: 'aurora',
      kind: 'argocd-project',
      system: this.system,
      resource: argo.project,
      claim: { kind: 'argocd-project', annotations: {} },
      credential: async () => this.credential,
    };
    this.bindings = {
      resolve: jest.fn<
        ReturnType<BindingsService['resolve']>,
        Parameters<BindingsService['resolve']>
      >(async () => ({ outcome: 'bound', bindings: [binding] })),
    };
  }

  open(timeout = 8_000) {
    const client = new ArgoCdClient({ timeout });
    const resolver = new ApplicationResolver({
      auth: mockServices.auth(),
      bindings: this.bindings,
      systems: new Map([[this.system.name, this.system]]),
    });
    return {
      driver: new ArgoCdDriver({ client, resolver, now: this.#now }),
      gate: createSyncWindowGate({ client, resolver }),
    };
  }

  /** Does the step `sync` once. */
  perform(
    options: {
      key?: string;
      sync?: 'ask' | 'wait';
      timeout?: number;
      strategy?: FrozenStage['strategy'];
      step?: 'sync' | 'rollout';
      component?: string;
      revision?: string;
    } = {},
  ) {
    const of = {
      ...target,
      component: options.component ?? target.component,
      delivery: deliverySchema.parse({
        driver: 'argocd',
        argocd: { sync: options.sync ?? 'ask' },
      }),
    };
    const context: EffectContext = {
      key: options.key ?? `sha256:${'e'.repeat(64)}`,
      promotion,
      stage: { ...stage, strategy: options.strategy ?? 'rolling' },
      target: of,
      revision: options.revision ?? revision,
      now: this.#now(),
      signal: AbortSignal.timeout(10_000),
    };
    const step = this.open(options.timeout)
      .driver.steps(of, options.strategy ?? 'rolling')
      .find(one => one.step === (options.step ?? 'sync'));
    if (!step) {
      throw new Error(`There is no step ${options.step}`);
    }
    return step.perform(context);
  }
}
