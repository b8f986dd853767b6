import { TENANCY_SOURCES_TOPIC } from '@portico/plugin-tenancy-node';
import { kim, pat, TenancyPortal, vic } from '../__testUtils__/TenancyPortal';

jest.setTimeout(60_000);

describe('addSourceRoutes', () => {
  let portal: TenancyPortal;

  beforeAll(async () => {
    portal = await TenancyPortal.start();
    await portal.createTenants();
  });
  afterAll(async () => {
    await portal.stop();
  });
  beforeEach(() => {
    portal.denied.clear();
    portal.published.length = 0;
  });

  const location = {
    kind: 'repository',
    repository: 'checkout',
    branch: 'main',
    path: 'catalog-info.yaml',
  };

  it('registers, re-reads and removes a source, and says so to the catalog', async () => {
    const path = '/tenants/aurora/sources/checkout';
    const created = await portal.as(kim, 'put', path, { location });
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      source: expect.objectContaining({ name: 'checkout', location }),
      webhook: {
        url: 'http://localhost:7007/api/tenancy/hooks/aurora/checkout',
        secret: expect.stringMatching(/^whsec_.{44}$/),
      },
    });
    const again = await portal.as(kim, 'put', path, { location });
    expect(again.status).toBe(200);
    expect(again.body.webhook).toBeUndefined();
    portal.denied.add('tenancy.source.manage');
    expect((await portal.as(vic, 'post', `${path}/read`)).status).toBe(202);
    expect((await portal.as(vic, 'delete', path)).status).toBe(403);
    portal.denied.clear();

    await portal.tenancy.sources.recordScan({
      tenant: 'aurora',
      source: 'checkout',
      revision: '1',
      entities: [],
      refusals: [{ file: 'a.yaml', line: 3, reason: 'no kind' }],
    });
    const refusals = {
      items: [
        { source: 'checkout', file: 'a.yaml', line: 3, reason: 'no kind' },
      ],
    };
    for (const where of [`${path}/refusals`, '/tenants/aurora/refusals']) {
      expect((await portal.as(vic, 'get', where)).body).toEqual(refusals);
    }
    const list = await portal.as(vic, 'get', '/tenants/aurora/sources');
    expect(list.body.items).toEqual([
      expect.objectContaining({
        lastScan: expect.objectContaining({ refusals: 1 }),
      }),
    ]);

    expect((await portal.as(kim, 'delete', path)).status).toBe(204);
    expect((await portal.as(kim, 'delete', path)).status).toBe(404);
    expect((await portal.as(kim, 'post', `${path}/read`)).status).toBe(404);
    const read = {
      topic: TENANCY_SOURCES_TOPIC,
      eventPayload: { kind: 'read', tenant: 'aurora', source: 'checkout' },
    };
    expect(portal.published).toEqual([
      read,
      read,
      read,
      {
        topic: TENANCY_SOURCES_TOPIC,
        eventPayload: { kind: 'removed', delta: { added: [], removed: [] } },
      },
    ]);
  });

  it('leaves addresses outside of the Git host to the platform', async () => {
    const path = '/tenants/aurora/sources/elsewhere';
    const body = {
      location: { kind: 'url', url: 'https://git.example.org/a' },
    };
    expect((await portal.as(kim, 'put', path, body)).status).toBe(403);
    expect((await portal.as(pat, 'put', path, body)).status).toBe(201);
    const foreign = await portal.as(
      pat,
      'put',
      '/tenants/borealis/sources/elsewhere',
      body,
    );
    expect(foreign.status).toBe(409);
    expect(foreign.body.error.message).toBe(
      'This address cannot be registered',
    );
    const inside = await portal.as(
      pat,
      'put',
      '/tenants/borealis/sources/inside',
      {
        location: {
          kind: 'url',
          url: 'http://LOCALHOST:7007/api/git-host/aurora/checkout',
        },
      },
    );
    expect(inside.status).toBe(400);
  });

  it('says what is wrong with a source and where', async () => {
    const response = await portal.as(
      kim,
      'put',
      '/tenants/aurora/sources/wrong',
      { location: { kind: 'repository', repository: 'No Name' } },
    );
    expect(response.status).toBe(400);
    expect(response.body.error.message).toBe(
      'The source is wrong: ✖ is no repository name\n  → at location.repository',
    );
  });
});
