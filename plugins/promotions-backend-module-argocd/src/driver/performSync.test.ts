import {
  type ArgoCdStandIn,
  recordedErrors,
} from '../__testUtils__/ArgoCdStandIn';
import {
  digest,
  name,
  now,
  promotion,
  revision,
  stage,
  target,
} from '../__testUtils__/ArgoCdWorld';
import { DriverWorld } from '../__testUtils__/DriverWorld';
import { EFFECT_INFO } from './applicationState';

jest.setTimeout(60_000);

describe('performSync', () => {
  let world: DriverWorld;
  let argo: ArgoCdStandIn;
  const perform = (options?: Parameters<DriverWorld['perform']>[0]) =>
    world.perform(options);

  beforeEach(async () => {
    world = await DriverWorld.start();
    argo = world.argo;
  });
  afterEach(() => world.stop());

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
    expect(world.posts).toHaveLength(1);
  });

  it('finds its operation when the answer was lost', async () => {
    argo.add(name);
    argo.disturb('POST', { lostAnswer: true });
    await expect(perform()).rejects.toThrow('Argo CD main gave no answer');
    expect(await perform()).toMatchObject({ state: 'waiting' });
    expect(world.posts).toHaveLength(1);
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
    expect(world.posts).toHaveLength(1);
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
    expect(world.posts).toEqual([]);
  });

  it('waits for people where the environment says so', async () => {
    argo.add(name);
    expect(await perform({ sync: 'wait' })).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('until somebody syncs'),
    });
    expect(world.posts).toEqual([]);
  });

  it('fails with what Argo CD says, and at another commit', async () => {
    argo.add(name);
    await perform();
    argo.begin(name);
    argo.end(name, 'Failed');
    expect(await perform()).toEqual({
      state: 'failed',
      reason: `Argo CD could not sync ${name}: one or more synchronization tasks are not valid; ConfigMap kube-system/foreign: namespace kube-system is not permitted in project 'aurora'`,
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
    expect(world.posts).toEqual([]);
    const ask = () =>
      world.open().gate.evaluate({
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
    expect(world.posts).toHaveLength(1);
    argo.add(name);
    argo.disturb('POST', { answer: { status: 500, body: '' } });
    await expect(perform()).rejects.toThrow('it answered 500');
    expect(world.posts).toHaveLength(2);
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
});
