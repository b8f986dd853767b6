import { observationSchema } from '@portico/plugin-promotions-common';
import { type ArgoCdStandIn } from '../__testUtils__/ArgoCdStandIn';
import {
  digest,
  name,
  now,
  revision,
  target,
} from '../__testUtils__/ArgoCdWorld';
import { DriverWorld } from '../__testUtils__/DriverWorld';

jest.setTimeout(60_000);

describe('ArgoCdDriver', () => {
  let world: DriverWorld;
  let argo: ArgoCdStandIn;
  const perform = (options?: Parameters<DriverWorld['perform']>[0]) =>
    world.perform(options);

  beforeEach(async () => {
    world = await DriverWorld.start();
    argo = world.argo;
  });
  afterEach(() => world.stop());
  afterAll(() => {
    if (!process.env.PORTICO_ARGOCD_SWAGGER) {
      process.stderr.write(
        'skipped 1 test: calls were not held against the description of Argo CD; name its swagger.json in PORTICO_ARGOCD_SWAGGER\n',
      );
    }
  });

  it('syncs only with the credential of the tenant, and says where to set it', async () => {
    argo.add(name);
    world.system.readToken = argo.token;
    world.credential = undefined;
    expect(await perform()).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('has set no credential'),
    });
    expect(argo.requests).toEqual([]);
    expect(
      (await world.open().driver.observe(target, AbortSignal.timeout(5_000)))
        .health,
    ).toBe('healthy');
  });

  it.each(['not-found', 'no-claim', 'not-granted', 'incomplete'] as const)(
    'asks nobody when the bindings say %s',
    async reason => {
      world.bindings.resolve.mockResolvedValue({ outcome: 'refused', reason });
      expect(await perform()).toMatchObject({ state: 'waiting' });
      const observation = await world
        .open()
        .driver.observe(target, AbortSignal.timeout(5_000));
      expect(observation.health).toBe('unknown');
      expect(argo.requests).toEqual([]);
    },
  );

  it('resolves by itself, and for the tenant of the promotion only', async () => {
    argo.add(name);
    await perform();
    expect(world.bindings.resolve).toHaveBeenCalledWith(
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
    const observation = await world
      .open()
      .driver.observe(target, AbortSignal.timeout(5_000));
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
    const inspection = await world
      .open()
      .driver.inspect(target, AbortSignal.timeout(5_000));
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
