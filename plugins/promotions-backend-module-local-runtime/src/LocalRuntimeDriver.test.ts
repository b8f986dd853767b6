import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import { type EnvironmentStatus } from '@portico/plugin-local-runtime-common';
import {
  type DeliveryTarget,
  type EffectContext,
} from '@portico/plugin-promotions-node';
import { deliverySchema } from '@portico/plugin-promotions-common';
import { LocalRuntimeDriver } from './LocalRuntimeDriver';

const now = new Date('2026-11-21T12:00:00Z');
const wanted = `sha256:${'a'.repeat(64)}`;
const older = `sha256:${'b'.repeat(64)}`;
const revision = (digest: string) => ({ digest, since: now.toISOString() });
const target: DeliveryTarget = {
  tenant: 'aurora',
  component: 'component:aurora/checkout',
  environment: 'staging',
  delivery: deliverySchema.parse({ driver: 'local' }),
};

function status(more: Partial<EnvironmentStatus>): EnvironmentStatus {
  return {
    environment: 'staging',
    state: 'running',
    since: now.toISOString(),
    declared: revision(wanted),
    running: revision(wanted),
    address: 'http://127.0.0.1:20001',
    health: { live: 'passing', ready: 'passing' },
    restarts: 0,
    ...more,
  };
}

function driverOf(answer: EnvironmentStatus | Error) {
  const woken: string[] = [];
  const asked: unknown[] = [];
  const driver = new LocalRuntimeDriver({
    now: () => now,
    client: {
      status: async address => {
        asked.push(address);
        if (answer instanceof Error) {
          throw answer;
        }
        const { tenant, component } = address;
        return { tenant, component, environments: [answer] };
      },
      wake: async ({ environment }) => {
        woken.push(environment);
        return status({});
      },
    },
  });
  return { driver, woken, asked };
}

function start(answer: EnvironmentStatus | Error, images = ['checkout']) {
  const { driver, woken } = driverOf(answer);
  const [step] = driver.steps(target);
  const context = {
    promotion: {
      release: {
        content: { images: images.map(name => ({ name, digest: wanted })) },
      },
    },
    now,
  };
  return {
    woken,
    // The step looks at nothing else.
    outcome: step.perform(context as EffectContext),
  };
}

describe('start', () => {
  it('is done when the declared digest answers', async () => {
    await expect(start(status({})).outcome).resolves.toEqual({
      state: 'confirmed',
      remote: { id: wanted, adopted: true, url: 'http://127.0.0.1:20001' },
    });
  });

  it.each<[string, Partial<EnvironmentStatus> | Error]>([
    ['the commit is not seen yet', { declared: revision(older) }],
    ['it is not known yet', new NotFoundError('no such component')],
    ['the one before still answers', { running: revision(older) }],
    ['it starts', { state: 'starting' }],
    ['it ended once', { state: 'crashing', restarts: 1 }],
    ['it does not answer', { state: 'unhealthy' }],
    ['no image is named', { state: 'notDeclared', declared: undefined }],
  ])('waits while %s', async (_, more) => {
    const answer = more instanceof Error ? more : status(more);
    await expect(start(answer).outcome).resolves.toMatchObject({
      state: 'waiting',
      askAgainAt: new Date('2026-11-21T12:00:00.500Z'),
    });
  });

  it('wakes what sleeps', async () => {
    const { outcome, woken } = start(status({ state: 'sleeping' }));
    await expect(outcome).resolves.toMatchObject({ state: 'waiting' });
    expect(woken).toEqual(['staging']);
  });

  it.each<[string, Partial<EnvironmentStatus>, string]>([
    [
      'the new revision does not start',
      {
        running: revision(older),
        reason: { code: 'newRevisionFailed', message: 'It exits with 1' },
      },
      'It exits with 1',
    ],
    [
      'it cannot be started',
      {
        state: 'failed',
        reason: { code: 'artefactMissing', message: 'Not made here' },
      },
      'Not made here',
    ],
    ['it ends again and again', { state: 'crashing', restarts: 9 }, 'again'],
    ['nothing is to run', { state: 'stopped' }, 'asks for 0 replicas'],
  ])('fails when %s', async (_, more, why) => {
    await expect(start(status(more)).outcome).resolves.toEqual({
      state: 'failed',
      reason: expect.stringContaining(why),
    });
  });

  it('fails for a release without the image of the component', async () => {
    await expect(start(status({}), ['proxy']).outcome).resolves.toMatchObject({
      state: 'failed',
      reason: expect.stringContaining("the image 'checkout'"),
    });
  });

  it('is tried again when the runtime does not answer', async () => {
    await expect(
      start(new ServiceUnavailableError('It is away')).outcome,
    ).rejects.toThrow('It is away');
  });
});

describe('observe', () => {
  it.each<[Partial<EnvironmentStatus>, string, string[]]>([
    [{}, 'healthy', [wanted]],
    [{ state: 'sleeping', running: undefined }, 'healthy', [wanted]],
    [{ state: 'starting' }, 'progressing', [wanted]],
    [
      {
        running: revision(older),
        reason: { code: 'newRevisionFailed', message: 'It exits' },
      },
      'degraded',
      [older],
    ],
    [{ state: 'unhealthy' }, 'degraded', [wanted]],
    [{ state: 'crashing', running: undefined }, 'degraded', []],
    [{ state: 'failed', running: undefined }, 'degraded', []],
    [{ state: 'stopped', running: undefined }, 'suspended', []],
    [{ state: 'notDeclared', running: undefined }, 'missing', []],
    [{ environment: 'dev' }, 'missing', []],
  ])('says of %j: %s', async (more, health, running) => {
    const { driver, asked } = driverOf(status(more));
    const observation = await driver.observe(target);
    expect(observation).toMatchObject({
      health,
      running: running.map(digest => ({ name: 'checkout', digest })),
      source: 'local runtime',
      observedAt: now.toISOString(),
    });
    expect(observation.reason).not.toBe('');
    expect(asked).toEqual([
      { tenant: 'aurora', component: 'checkout', environment: 'staging' },
    ]);
  });

  it('says that it cannot tell when the runtime is away', async () => {
    const { driver } = driverOf(new ServiceUnavailableError('It is away'));
    await expect(driver.observe(target)).resolves.toMatchObject({
      health: 'unknown',
      reason: 'It is away',
    });
  });
});
