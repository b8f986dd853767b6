import { NotFoundError } from '@backstage/errors';
import { eventually, RuntimePortal } from './__testUtils__/RuntimePortal';
import { digestOf, releaseOf } from './__testUtils__/samples';

jest.setTimeout(180_000);

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
  afterAll(() => portal?.stop());

  const release = (
    commit: string,
    digest: string,
    more?: Parameters<typeof releaseOf>[2],
  ) => portal.runtime.release(releaseOf(commit, digest, { tenant, ...more }));
  const own = () => portal.announced.filter(({ by }) => by.tenant === tenant);
  const digests = () => own().map(({ content }) => content.images[0].digest);
  const isAnnounced = (digest: string) =>
    eventually(() => digests().includes(digest), digest);
  /** Waits until everything that was released has been looked at. */
  const isFollowed = async () => {
    const marker = digestOf('f');
    const commit = await portal.commit(tenant, 'checkout', {
      marker: String(portal.runtime.releases.length),
    });
    release(commit, marker);
    await isAnnounced(marker);
  };

  it('tells the runtime of pushes, and the promotions of what it releases', async () => {
    const second = await portal.commit(tenant, 'checkout', { a: '2' });
    const hints = () =>
      portal.runtime.hints.filter(hint => hint.tenant === tenant);
    await eventually(() => hints().length === 2);
    expect(hints()).toEqual([
      { tenant, repository: 'checkout' },
      { tenant, repository: 'checkout' },
    ]);
    release(second, digestOf('b'));
    await isAnnounced(digestOf('b'));
    expect(own()).toEqual([
      {
        content: {
          component: `component:${tenant}/checkout`,
          version: `1.0.0+${second.slice(0, 7)}`,
          images: [{ name: 'checkout', digest: digestOf('b') }],
          source: {
            repository: `http://portal.example/api/git-host/${tenant}/checkout.git`,
            commit: second,
            branch: 'main',
          },
        },
        found: 'localRuntime',
        by: {
          tenant,
          ref: 'plugin:local-runtime',
          context: { actor: { kind: 'plugin', ref: 'plugin:local-runtime' } },
        },
      },
    ]);
  });

  it('reads from the beginning what was released while it was away, newest first', async () => {
    await portal.stopBackend();
    await portal.runtime.stop();
    await portal.startBackend();
    const commits = [first];
    for (const letter of ['2', '3']) {
      commits.push(await portal.commit(tenant, 'checkout', { a: letter }));
    }
    commits.forEach((commit, index) =>
      release(commit, digestOf(String(index + 1))),
    );
    await portal.runtime.start();
    await isAnnounced(digestOf('3'));
    expect(digests()).toEqual([digestOf('3')]);
  });

  it('announces the same again after a restart, and nothing older', async () => {
    release(first, digestOf('1'));
    await isAnnounced(digestOf('1'));
    const second = await portal.commit(tenant, 'checkout', { a: '2' });
    release(second, digestOf('2'));
    await isAnnounced(digestOf('2'));
    await portal.stopBackend();
    await portal.startBackend();
    await eventually(() => digests().length === 3);
    expect(digests()).toEqual(['1', '2', '2'].map(digestOf));
    expect(own()[2]).toEqual(own()[1]);
  });

  it('passes over a release that is older than the last, and one that the branch lost', async () => {
    const second = await portal.commit(tenant, 'checkout', { a: '2' });
    const lost = await portal.commit(
      tenant,
      'checkout',
      { a: 'x' },
      { branch: 'lost' },
    );
    release(second, digestOf('2'));
    await isAnnounced(digestOf('2'));
    release(first, digestOf('1'));
    await isFollowed();
    release(lost, digestOf('e'));
    // The same commit, built again to something else, is not older.
    release(
      (await portal.gitHost.get({ tenant, repository: 'checkout' }))?.head ??
        '',
      digestOf('7'),
    );
    await isAnnounced(digestOf('7'));
    expect(digests()).toEqual(['2', 'f', '7'].map(digestOf));
  });

  it('tries again what the promotions refuse, without holding up others', async () => {
    const component = `component:${tenant}/checkout`;
    portal.refusals.set(component, new NotFoundError('Not in the catalog yet'));
    const other = await portal.createRepository(tenant, 'other', { a: '1' });
    release(first, digestOf('b'));
    release(other, digestOf('c'), { component: 'other', repository: 'other' });
    await isAnnounced(digestOf('c'));
    expect(digests()).toEqual([digestOf('c')]);

    portal.refusals.delete(component);
    await portal.commit(tenant, 'checkout', { 'catalog-info.yaml': 'x' });
    await isAnnounced(digestOf('b'));
    portal.refusals.set(component, new Error('The database is away'));
    release(first, digestOf('d'));
    portal.refusals.delete(component);
    await isAnnounced(digestOf('d'));
  });

  it('begins anew with a runtime that begins from nothing', async () => {
    release(first, digestOf('b'));
    await isAnnounced(digestOf('b'));
    const second = await portal.commit(tenant, 'checkout', { a: '2' });
    portal.runtime.releases.length = 0;
    portal.runtime.journal = 'journal-2';
    release(second, digestOf('c'));
    await isAnnounced(digestOf('c'));
    expect(digests()).toEqual(['b', 'c'].map(digestOf));
  });
});
