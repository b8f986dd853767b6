import { mockServices } from '@backstage/backend-test-utils';
import {
  type Binding,
  type BindingsService,
  type ConfiguredSystem,
} from '@portico/plugin-bindings-node';
import {
  deliverySchema,
  environmentSpecSchema,
  observationSchema,
  type Promotion,
} from '@portico/plugin-promotions-common';
import { type EffectContext } from '@portico/plugin-promotions-node';
import { ArgoCdStandIn, recordedErrors } from '../__testUtils__/ArgoCdStandIn';
import { ArgoCdClient } from '../client/ArgoCdClient';
import { createSyncWindowGate } from '../gate/createSyncWindowGate';
import { ApplicationResolver } from './ApplicationResolver';
import { ArgoCdDriver } from './ArgoCdDriver';
import { EFFECT_INFO } from './applicationState';

const now = new Date('2026-11-21T12:00:00Z');
const revision = 'c'.repeat(40);
const digest = `sha256:${'a'.repeat(64)}`;
const name = 'checkout-staging';

const delivery = deliverySchema.parse({ driver: 'argocd' });
const target = {
  tenant: 'aurora',
  component: 'component:aurora/checkout',
  environment: 'staging',
  delivery,
};
const stage = {
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
const promotion: Promotion = {
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

describe('ArgoCdDriver', () => {
  let argo: ArgoCdStandIn;
  let bindings: {
    resolve: jest.MockedFunction<BindingsService['resolve']>;
  };
  let systems: Map<string, ConfiguredSystem>;
  let credential: { token: string } | undefined;

  beforeEach(async () => {
    argo = await ArgoCdStandIn.start();
    credential = { token: argo.token };
    const system = {
      name: 'main',
      kind: 'argocd' as const,
      title: 'main',
      url: argo.url,
    };
    systems = new Map([['main', system]]);
    const binding: Binding = {
      entityRef: target.component,
      tenant: 'aurora',
      kind: 'argocd-project',
      system,
      resource: 'aurora',
      claim: { kind: 'argocd-project', annotations: {} },
      credential: async () => credential,
    };
    bindings = {
      resolve: jest.fn<
        ReturnType<BindingsService['resolve']>,
        Parameters<BindingsService['resolve']>
      >(async () => ({ outcome: 'bound', bindings: [binding] })),
    };
  });
  afterEach(async () => {
    await argo.stop();
    if (argo.faults.length > 0) {
      throw new Error(argo.faults.join('; '));
    }
  });
  afterAll(() => {
    if (!process.env.PORTICO_ARGOCD_SWAGGER) {
      process.stderr.write(
        'skipped 1 test: calls were not held against the description of Argo CD; name its swagger.json in PORTICO_ARGOCD_SWAGGER\n',
      );
    }
  });

  const open = (timeout = 1_000) => {
    const client = new ArgoCdClient({ timeout });
    const resolver = new ApplicationResolver({
      auth: mockServices.auth(),
      bindings,
      systems,
    });
    return {
      driver: new ArgoCdDriver({ client, resolver, now: () => now }),
      gate: createSyncWindowGate({ client, resolver }),
    };
  };
  const perform = (
    options: { key?: string; sync?: 'ask' | 'wait'; timeout?: number } = {},
  ) => {
    const of = {
      ...target,
      delivery: deliverySchema.parse({
        driver: 'argocd',
        argocd: { sync: options.sync ?? 'ask' },
      }),
    };
    const context: EffectContext = {
      key: options.key ?? `sha256:${'e'.repeat(64)}`,
      promotion,
      stage,
      target: of,
      revision,
      now,
      signal: AbortSignal.timeout(10_000),
    };
    const [step] = open(options.timeout).driver.steps(of);
    return step.perform(context);
  };
  const posts = () =>
    argo.requests.filter(request => request.startsWith('POST'));

  it('asks once with its key, and waits until the commit is synced and healthy', async () => {
    argo.add(name);
    expect(await perform()).toMatchObject({
      state: 'waiting',
      reason: 'Argo CD was asked to sync',
    });
    expect(argo.applications.get(name)?.operation).toEqual({
      sync: { revision },
      info: [
        { name: EFFECT_INFO, value: `sha256:${'e'.repeat(64)}` },
        { name: 'portico/promotion', value: promotion.id },
      ],
      initiatedBy: { username: 'aurora' },
    });
    expect(await perform()).toMatchObject({
      state: 'waiting',
      reason: 'Argo CD was asked, and begins soon',
    });
    argo.begin(name);
    expect(await perform()).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('waiting for healthy state'),
    });
    argo.end(name, 'Succeeded', { health: 'Progressing' });
    expect(await perform()).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('not healthy yet'),
    });
    argo.end(name, 'Succeeded', { health: 'Healthy' });
    expect(await perform()).toEqual({
      state: 'confirmed',
      remote: {
        id: `application ${name} at ${'c'.repeat(12)}`,
        url: `${argo.url}/applications/${name}`,
        adopted: false,
      },
    });
    expect(posts()).toHaveLength(1);
  });

  it('finds its operation when the answer was lost', async () => {
    argo.add(name);
    argo.disturb('POST', { lostAnswer: true });
    await expect(perform()).rejects.toThrow('Argo CD main gave no answer');
    expect(await perform()).toMatchObject({ state: 'waiting' });
    expect(posts()).toHaveLength(1);
  });

  it('adopts what is there already, and waits for what another one does', async () => {
    argo.add(name, { sync: 'Synced', revision });
    expect(await perform()).toMatchObject({
      state: 'confirmed',
      remote: { adopted: true },
    });
    argo.add(name);
    await perform({ key: `sha256:${'f'.repeat(64)}` });
    argo.begin(name);
    expect(await perform()).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('another operation'),
    });
    expect(posts()).toHaveLength(1);
  });

  it('never asks an application that syncs by itself', async () => {
    argo.add(name, { automated: true });
    expect(await perform()).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('by itself'),
    });
    // Argo CD went on to a later commit, and the release runs.
    argo.add(name, {
      automated: true,
      sync: 'Synced',
      revision: 'd'.repeat(40),
      images: [`checkout@${digest}`],
    });
    expect(await perform()).toMatchObject({ state: 'confirmed' });
    expect(posts()).toEqual([]);
  });

  it('waits for people where the environment says so', async () => {
    argo.add(name);
    expect(await perform({ sync: 'wait' })).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('until somebody syncs'),
    });
    expect(posts()).toEqual([]);
  });

  it('fails with what Argo CD says, and at another commit', async () => {
    argo.add(name);
    await perform();
    argo.begin(name);
    argo.end(name, 'Failed');
    expect(await perform()).toEqual({
      state: 'failed',
      reason: `Argo CD could not sync ${name}: one or more objects failed to apply`,
    });
  });

  it('says what it keeps that is not declared any more', async () => {
    argo.add(name);
    await perform();
    argo.begin(name);
    argo.end(name, 'Succeeded', {
      sync: 'OutOfSync',
      resources: [
        {
          kind: 'Ingress',
          name: 'checkout',
          status: 'OutOfSync',
          requiresPruning: true,
        },
      ],
    });
    expect(await perform()).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('Ingress checkout; prune it'),
    });
  });

  it('respects closed sync windows, as driver and as gate', async () => {
    argo.add(name);
    argo.canSync = false;
    const reason =
      "A sync window of the project is closed: deny '0 22 * * *' for 8h";
    expect(await perform()).toEqual({
      state: 'waiting',
      reason,
      askAgainAt: new Date('2026-11-21T12:01:00Z'),
    });
    expect(posts()).toEqual([]);
    const ask = () =>
      open().gate.evaluate({
        tenant: 'aurora',
        gate: 'window',
        options: {},
        promotion,
        stage,
        subject: {
          release: promotion.release.id,
          component: target.component,
          environment: 'staging',
          kind: 'promote',
          files: [],
          stage: digest,
        },
        subjectDigest: digest,
        moment: 'asked',
        now,
        signal: AbortSignal.timeout(5_000),
        // It asks none.
        facts: {} as never,
      });
    expect(await ask()).toMatchObject({
      outcome: 'waiting',
      reason,
      evidence: { canSync: false, application: name },
    });
    argo.canSync = true;
    expect(await ask()).toMatchObject({ outcome: 'passed' });
    argo.applications.clear();
    await expect(ask()).rejects.toThrow('has no application');
  });

  describe.each<[string, object, object]>([
    [
      'unauthenticated',
      recordedErrors.unauthenticated,
      { state: 'waiting', reason: expect.stringContaining('set a new one') },
    ],
    [
      'denied, or missing',
      recordedErrors.permissionDenied,
      {
        state: 'waiting',
        reason: expect.stringContaining(`has no application ${name}`),
      },
    ],
    [
      'not found',
      { status: 404, body: { error: 'not found', code: 5, message: 'x' } },
      {
        state: 'waiting',
        reason: expect.stringContaining(`has no application ${name}`),
      },
    ],
  ])('%s', (_, answer, outcome) => {
    it('when it reads', async () => {
      argo.add(name);
      argo.disturb('GET', { answer: answer as never });
      expect(await perform()).toMatchObject(outcome);
    });
  });

  it.each<[string, object, object]>([
    [
      'without the right to sync',
      recordedErrors.permissionDenied,
      { state: 'failed', reason: expect.stringContaining("the right 'sync'") },
    ],
    [
      'while another operation begins',
      { status: 400, body: { error: 'busy', code: 9, message: 'busy' } },
      { state: 'waiting', reason: 'Argo CD does not sync now: busy' },
    ],
    [
      'with something wrong',
      { status: 400, body: { error: 'wrong', code: 3, message: 'wrong' } },
      { state: 'failed', reason: expect.stringContaining('wrong') },
    ],
  ])(
    'ends as defined when the sync is refused %s',
    async (_, answer, outcome) => {
      argo.add(name);
      argo.disturb('POST', { answer: answer as never });
      expect(await perform()).toMatchObject(outcome);
    },
  );

  it('reads again after a gateway stumbled, and never asks for a sync twice', async () => {
    argo.add(name);
    const bad = { answer: { status: 502, body: '<html>' } };
    argo.disturb('GET', bad, bad);
    expect(await perform()).toMatchObject({ state: 'waiting' });
    expect(posts()).toHaveLength(1);
    argo.add(name);
    argo.disturb('POST', { answer: { status: 500, body: '' } });
    await expect(perform()).rejects.toThrow('it answered 500');
    expect(posts()).toHaveLength(2);
  });

  it('gives up a request that takes too long, and tells so', async () => {
    argo.add(name);
    argo.disturb(
      'GET',
      { silence: true },
      { silence: true },
      { silence: true },
    );
    await expect(perform({ timeout: 50 })).rejects.toThrow('it took too long');
  });

  it('takes nothing of another project, and nothing of another form', async () => {
    argo.add(name, { project: 'borealis' });
    expect(await perform()).toMatchObject({
      reason: expect.stringContaining('has no application'),
    });
    argo.disturb('GET', { answer: { status: 200, body: { metadata: {} } } });
    await expect(perform()).rejects.toThrow('another form');
  });

  it('syncs only with the credential of the tenant, and says where to set it', async () => {
    argo.add(name);
    systems.set('main', {
      ...(systems.get('main') as ConfiguredSystem),
      readToken: argo.token,
    });
    credential = undefined;
    expect(await perform()).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('has set no credential'),
    });
    expect(argo.requests).toEqual([]);
    expect(
      (await open().driver.observe(target, AbortSignal.timeout(5_000))).health,
    ).toBe('healthy');
  });

  it.each(['not-found', 'no-claim', 'not-granted', 'incomplete'] as const)(
    'asks nobody when the bindings say %s',
    async reason => {
      bindings.resolve.mockResolvedValue({ outcome: 'refused', reason });
      expect(await perform()).toMatchObject({ state: 'waiting' });
      const observation = await open().driver.observe(
        target,
        AbortSignal.timeout(5_000),
      );
      expect(observation.health).toBe('unknown');
      expect(argo.requests).toEqual([]);
    },
  );

  it('resolves by itself, and for the tenant of the promotion only', async () => {
    argo.add(name);
    await perform();
    expect(bindings.resolve).toHaveBeenCalledWith(
      target.component,
      'argocd-project',
      {
        credentials: expect.objectContaining({
          principal: expect.objectContaining({ type: 'service' }),
        }),
        tenant: 'aurora',
      },
    );
  });

  it('tells what runs, how it is and since which commit', async () => {
    argo.add(name, {
      sync: 'Synced',
      revision,
      images: [`registry.example/shop/checkout:1.0@${digest}`, 'sidecar:2'],
    });
    const observation = await open().driver.observe(
      target,
      AbortSignal.timeout(5_000),
    );
    expect(observationSchema.parse(observation)).toEqual({
      health: 'healthy',
      reason:
        'Synced and Healthy; sidecar:2 runs by tag, its digest is not known',
      running: [{ name: 'registry.example/shop/checkout', digest }],
      revision,
      source: 'Argo CD main',
      observedAt: now.toISOString(),
      url: `${argo.url}/applications/${name}`,
    });
  });

  it('tells which fields differ, and no secret', async () => {
    const object = (replicas: number, password: string) =>
      JSON.stringify({
        metadata: { name: 'checkout', resourceVersion: String(replicas) },
        spec: { replicas, password },
        status: { replicas },
      });
    const resource = {
      group: 'apps',
      kind: 'Deployment',
      namespace: 'shop',
      name: 'checkout',
    };
    argo.add(name, {
      resources: [{ ...resource, status: 'OutOfSync' }],
      managed: [
        {
          ...resource,
          predictedLiveState: object(2, 'hunter1'),
          normalizedLiveState: object(5, 'hunter2'),
        },
      ],
    });
    const inspection = await open().driver.inspect(
      target,
      AbortSignal.timeout(5_000),
    );
    expect(inspection).toMatchObject({
      sync: 'outOfSync',
      automatic: false,
      comparedAt: '2026-11-21T11:59:00.000Z',
      resources: [
        {
          resource: 'apps/Deployment shop/checkout',
          state: 'differs',
          fields: [
            { path: 'spec.password' },
            { path: 'spec.replicas', declared: '2', live: '5' },
          ],
        },
      ],
    });
    expect(JSON.stringify(inspection)).not.toContain('hunter');
  });

  const whereDescribed = process.env.PORTICO_ARGOCD_SWAGGER
    ? describe
    : describe.skip;
  whereDescribed('with the description of the vendor', () => {
    it('is held against it', async () => {
      expect(argo.isStrict).toBe(true);
      argo.add(name);
      await perform();
      const wrong = await fetch(
        `${argo.url}/api/v1/applications/${name}?projekt=aurora`,
        { headers: { authorization: `Bearer ${argo.token}` } },
      );
      expect(wrong.status).toBe(400);
      const unknown = await fetch(`${argo.url}/api/v1/applicationz`, {
        headers: { authorization: `Bearer ${argo.token}` },
      });
      expect(unknown.status).toBe(400);
      const body = await fetch(`${argo.url}/api/v1/applications/${name}/sync`, {
        method: 'POST',
        headers: { authorization: `Bearer ${argo.token}` },
        body: JSON.stringify({ revisoin: 'x' }),
      });
      expect(body.status).toBe(400);
      expect(argo.faults.splice(0)).toHaveLength(3);
    });
  });
});
