import { recordedActs } from '@portico/plugin-audit-node/testUtils';
import { eventually, RuntimePortal } from './__testUtils__/RuntimePortal';
import { digestOf, overlayOf, releaseOf } from './__testUtils__/samples';
import { readOverlay } from './overlay/readOverlay';

jest.setTimeout(180_000);

const overlayPath = 'checkout/overlays/dev/kustomization.yaml';

describe('releases of the local runtime', () => {
  let portal: RuntimePortal;
  /** Each test has a tenant of its own, with a component of one commit. */
  let tenant: string;
  let tenants = 0;
  let first: string;

  beforeAll(async () => {
    portal = await RuntimePortal.start();
  });
  beforeEach(async () => {
    tenants += 1;
    tenant = `tenant-${tenants}`;
    first = await portal.createRepository(tenant, 'checkout', { a: '1' });
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => portal?.stop());

  const release = (
    commit: string,
    digest: string,
    more?: Parameters<typeof releaseOf>[2],
  ) => portal.runtime.release(releaseOf(commit, digest, { tenant, ...more }));
  const createDeployments = () =>
    portal.createRepository(tenant, 'deployments', {
      [overlayPath]: overlayOf(tenant, 'checkout', first),
      'README.md': 'What runs where',
    });
  const declared = async () =>
    readOverlay(await portal.overlay(tenant, 'checkout'), 'checkout');
  const isDeclared = (digest: string) =>
    eventually(async () => (await declared()).digest === digest, digest);
  /** Waits until everything that was announced has been looked at. */
  const isFollowed = async () => {
    const marker = digestOf('f');
    const commit = await portal.commit(tenant, 'checkout', {
      marker: String(portal.runtime.releases.length),
    });
    release(commit, marker);
    await isDeclared(marker);
  };

  it('tells the runtime of pushes, and declares what it releases for dev', async () => {
    await createDeployments();
    const second = await portal.commit(tenant, 'checkout', { a: '2' });
    const hints = () =>
      portal.runtime.hints.filter(hint => hint.tenant === tenant);
    await eventually(() => hints().length === 3);
    expect(hints()).toEqual([
      { tenant, repository: 'checkout' },
      { tenant, repository: 'deployments' },
      { tenant, repository: 'checkout' },
    ]);
    release(second, digestOf('b'));
    await isDeclared(digestOf('b'));

    expect(await portal.overlay(tenant, 'checkout')).toBe(
      overlayOf(tenant, 'checkout', second)
        .replace(
          'images: []',
          `images:\n  - name: checkout\n    digest: ${digestOf('b')}`,
        )
        .replace('count: 0', 'count: 1'),
    );
    const [commit, ...others] = await portal.deployments(tenant);
    expect(others).toHaveLength(1);
    expect(commit).toMatchObject({
      authorName: 'Portico',
      subject: `Run checkout 1.0.0+${second.slice(0, 7)} in dev`,
      trailers: {
        'Portico-Release': digestOf('b'),
        'Portico-Source-Commit': second,
      },
    });
    // All else is there still.
    await expect(
      portal.gitHost.readFile({
        tenant: tenant,
        repository: 'deployments',
        ref: 'main',
        path: 'README.md',
      }),
    ).resolves.toBeDefined();
    // The end is recorded right after the commit.
    const acts = async () =>
      (
        await recordedActs(
          portal.testDatabase.database,
          'local-runtime.release.declare',
        )
      ).filter(({ chain }) => chain === tenant);
    await eventually(async () => (await acts()).length === 2);
    expect(await acts()).toMatchObject(
      ['started', 'succeeded'].map(outcome => ({
        outcome,
        actor: { kind: 'plugin', ref: 'plugin:local-runtime' },
        subject: { kind: 'component', ref: `component:${tenant}/checkout` },
        details: { digest: digestOf('b'), commit: second, environment: 'dev' },
      })),
    );
  });

  it('declares once: after a restart too, and when somebody took it back', async () => {
    await createDeployments();
    release(first, digestOf('b'));
    await isDeclared(digestOf('b'));
    await portal.stopBackend();
    await portal.startBackend();
    await isFollowed();
    expect(await portal.deployments(tenant)).toHaveLength(3);

    await portal.commit(tenant, 'deployments', {
      [overlayPath]: overlayOf(tenant, 'checkout', first),
    });
    await portal.stopBackend();
    await portal.startBackend();
    const marker = await portal.createRepository(tenant, 'other', { a: '1' });
    await portal.commit(tenant, 'deployments', {
      'other/overlays/dev/kustomization.yaml': overlayOf(
        tenant,
        'other',
        marker,
      ),
    });
    release(marker, digestOf('c'), {
      component: 'other',
      repository: 'other',
    });
    await eventually(
      async () =>
        readOverlay(await portal.overlay(tenant, 'other'), 'other').digest !==
        undefined,
    );
    expect((await declared()).digest).toBeUndefined();
  });

  it('reads from the beginning what was released while it was away, newest first', async () => {
    await createDeployments();
    await portal.stopBackend();
    await portal.runtime.stop();
    await portal.startBackend();
    const commits = [first];
    for (const letter of ['2', '3']) {
      commits.push(await portal.commit(tenant, 'checkout', { a: letter }));
    }
    release(commits[0], digestOf('1'));
    release(commits[1], digestOf('2'));
    release(commits[2], digestOf('3'));
    await portal.runtime.start();
    await isDeclared(digestOf('3'));
    expect(await portal.deployments(tenant)).toHaveLength(2);
  });

  it('never overwrites a newer release with an older one, nor with one that the branch lost', async () => {
    await createDeployments();
    const second = await portal.commit(tenant, 'checkout', { a: '2' });
    const lost = await portal.commit(
      tenant,
      'checkout',
      { a: 'x' },
      { branch: 'lost' },
    );
    release(second, digestOf('2'));
    await isDeclared(digestOf('2'));
    release(first, digestOf('1'));
    release(lost, digestOf('e'));
    await isFollowed();
    const told = (await portal.deployments(tenant)).map(
      ({ trailers }) => trailers['Portico-Release'],
    );
    expect(told).toEqual([digestOf('f'), digestOf('2'), undefined]);
  });

  it('waits for the deployment repository, and takes it as it comes', async () => {
    release(first, digestOf('b'));
    // It asks for the next one when it has tried this one.
    const { asked } = portal.runtime;
    asked.length = 0;
    await eventually(() => asked.includes('GET /v1/releases'));
    await createDeployments();
    await isDeclared(digestOf('b'));
    expect(await portal.deployments(tenant)).toHaveLength(2);
  });

  it('leaves the overlay of another repository, and a form that it does not know, alone', async () => {
    const evil = await portal.createRepository(tenant, 'evil', { a: '1' });
    await portal.createRepository(tenant, 'broken', { a: '1' });
    await createDeployments();
    await portal.commit(tenant, 'deployments', {
      'broken/overlays/dev/kustomization.yaml': 'resources: [',
    });
    release(evil, digestOf('e'), { repository: 'evil' });
    release(evil, digestOf('e'), {
      component: 'broken',
      repository: 'broken',
    });
    await isFollowed();
    expect((await portal.deployments(tenant)).map(c => c.subject)).toEqual([
      expect.stringMatching(/^Run checkout /),
      'Change broken/overlays/dev/kustomization.yaml',
      expect.stringMatching(/^Change /),
    ]);
  });

  it('decides anew when somebody commits in between', async () => {
    await createDeployments();
    const { commit } = portal.gitHost;
    let times = 0;
    jest.spyOn(portal.gitHost, 'commit').mockImplementation(async options => {
      if (options.author.name === 'Portico' && times < 2) {
        times += 1;
        await portal.commit(tenant, 'deployments', {
          'NOTES.md': `note ${times}`,
        });
      }
      return commit.call(portal.gitHost, options);
    });
    release(first, digestOf('b'));
    await isDeclared(digestOf('b'));
    expect((await portal.deployments(tenant)).map(c => c.subject)).toEqual([
      expect.stringMatching(/^Run checkout /),
      'Change NOTES.md',
      'Change NOTES.md',
      expect.stringMatching(/^Change /),
    ]);
  });

  it('begins anew with a runtime that begins from nothing', async () => {
    await createDeployments();
    release(first, digestOf('b'));
    await isDeclared(digestOf('b'));
    const second = await portal.commit(tenant, 'checkout', { a: '2' });
    portal.runtime.releases.length = 0;
    portal.runtime.journal = 'journal-2';
    release(second, digestOf('c'));
    await isDeclared(digestOf('c'));
    expect((await declared()).base.commit).toBe(second);
  });
});
