import { kim, lena, pat, TenancyPortal } from '../__testUtils__/TenancyPortal';

jest.setTimeout(60_000);

describe('createRouter', () => {
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

  describe('who one is', () => {
    it('offers the platform people of a first start as personas', async () => {
      const response = await portal.anonymous('get', '/personas');
      expect(response.status).toBe(200);
      expect(response.body.items).toEqual([
        expect.objectContaining({
          userRef: 'user:default/ana',
          roles: ['auditor'],
        }),
        {
          userRef: pat,
          displayName: 'Pat Platform',
          tenant: expect.objectContaining({ id: 'default', title: 'Platform' }),
          roles: ['platform-admin'],
          groups: ['group:default/platform'],
        },
      ]);
    });

    it('tells the caller who they are and where else they belong', async () => {
      const identity = { issuer: 'https://id.example.org', subject: '4711' };
      for (const tenant of ['aurora', 'borealis']) {
        await portal.as(pat, 'put', `/tenants/${tenant}/members/robin`, {
          displayName: 'Robin',
          roles: ['developer'],
          identity,
        });
      }
      const response = await portal.as('user:borealis/robin', 'get', '/me');
      expect(response.body).toEqual({
        userRef: 'user:borealis/robin',
        displayName: 'Robin',
        tenant: expect.objectContaining({ id: 'borealis' }),
        roles: ['developer'],
        groups: [],
        memberships: [
          {
            userRef: 'user:aurora/robin',
            tenant: expect.objectContaining({ id: 'aurora' }),
          },
          {
            userRef: 'user:borealis/robin',
            tenant: expect.objectContaining({ id: 'borealis' }),
          },
        ],
      });
      await expect(
        portal.tenancy.directory.findByIdentity(identity),
      ).resolves.toEqual(['user:aurora/robin', 'user:borealis/robin']);
      const own = await portal.as(kim, 'get', '/me');
      expect(own.body.memberships).toHaveLength(1);
    });

    it('ends the session of whoever signs out, and only that one', async () => {
      const first = await portal.signIn(kim);
      const second = await portal.signIn(kim);
      const out = await portal
        .anonymous('delete', '/session')
        .set('authorization', first);
      expect(out.status).toBe(204);
      const again = portal.anonymous('get', '/me');
      expect((await again.set('authorization', first)).status).toBe(401);
      const other = portal.anonymous('get', '/me');
      expect((await other.set('authorization', second)).status).toBe(200);
    });

    it.each([
      ['get', '/me'],
      ['delete', '/session'],
      ['get', '/tenants'],
      ['get', '/tenants/aurora/sources'],
      ['get', '/device/requests/BCDF-GHJK'],
      ['post', '/device/approve'],
    ] as const)('refuses %s %s without a session', async (method, path) => {
      expect((await portal.anonymous(method, path)).status).toBe(401);
    });
  });

  describe('the wall between tenants', () => {
    const routes = [
      ['get', 'sources', undefined],
      ['put', 'sources/checkout', { location }],
      ['delete', 'sources/checkout', undefined],
      ['post', 'sources/checkout/read', undefined],
      ['get', 'sources/checkout/refusals', undefined],
      ['get', 'refusals', undefined],
      ['get', 'members', undefined],
      ['put', 'members/eve', { displayName: 'Eve', roles: ['tenant-admin'] }],
      ['delete', 'members/kim', undefined],
      ['get', 'groups', undefined],
      ['put', 'groups/evil', { displayName: 'Evil' }],
      ['delete', 'groups/platform', undefined],
      ['get', 'tokens', undefined],
      ['post', 'tokens', { name: 'evil', scopes: ['git:write'] }],
      ['delete', 'tokens/0123456789abcdef', undefined],
    ] as const;

    it.each(routes)(
      'answers %s %s of another tenant as for none',
      async (method, path, body) => {
        const answers = [];
        for (const tenant of ['aurora', 'default', 'nobody', 'Not%20one']) {
          const response = await portal.as(
            lena,
            method,
            `/tenants/${tenant}/${path}`,
            body,
          );
          expect(response.status).toBe(404);
          answers.push(
            JSON.stringify({ ...response.body.error, stack: undefined })
              .split(decodeURIComponent(tenant))
              .join('<tenant>'),
          );
        }
        expect(new Set(answers).size).toBe(1);
        expect(portal.published).toEqual([]);
      },
    );

    it.each(routes)(
      'asks for a permission before %s %s of the own tenant',
      async (method, path, body) => {
        for (const name of ['source', 'member', 'token']) {
          portal.denied.add(`tenancy.${name}.read`);
          portal.denied.add(`tenancy.${name}.refresh`);
          portal.denied.add(`tenancy.${name}.manage`);
        }
        const response = await portal.as(
          kim,
          method,
          `/tenants/aurora/${path}`,
          body,
        );
        expect(response.status).toBe(403);
        expect(response.body.error.message).toContain(
          'You do not hold the permission tenancy.',
        );
      },
    );

    it('leaves tenants to administrators of the platform', async () => {
      const wish = { id: 'cassini', title: 'Cassini' };
      for (const user of [kim, 'user:default/ana']) {
        expect((await portal.as(user, 'get', '/tenants')).status).toBe(403);
        expect((await portal.as(user, 'post', '/tenants', wish)).status).toBe(
          403,
        );
      }
      const list = await portal.as(pat, 'get', '/tenants');
      expect(list.body.items.map(({ id }: { id: string }) => id)).toEqual([
        'aurora',
        'borealis',
        'default',
      ]);
    });

    it('lets only roles of the platform see and change its people', async () => {
      await portal.as(pat, 'put', '/tenants/default/members/dev', {
        displayName: 'Dev',
        roles: ['tenant-admin'],
      });
      const path = '/tenants/default/members';
      const dev = 'user:default/dev';
      expect((await portal.as(dev, 'get', path)).status).toBe(403);
      expect(
        (
          await portal.as(dev, 'put', `${path}/dev`, {
            displayName: 'Dev',
            roles: ['platform-admin'],
          })
        ).status,
      ).toBe(403);
      const ana = 'user:default/ana';
      expect((await portal.as(ana, 'get', path)).status).toBe(200);
      expect((await portal.as(ana, 'delete', `${path}/dev`)).status).toBe(403);
      expect((await portal.as(pat, 'delete', `${path}/dev`)).status).toBe(204);
    });
  });

  describe('tenants', () => {
    it.each([
      [{ id: 'A', title: 'x' }, 'must be 2 to 40 characters'],
      [{ id: 'default', title: 'x' }, 'is reserved'],
      [{ id: 'ok', title: '' }, '→ at title'],
      [{ id: 'ok', title: 'x', extra: 1 }, 'extra'],
      [{}, '→ at id'],
    ])('refuses the tenant %j', async (body, message) => {
      const response = await portal.as(pat, 'post', '/tenants', body);
      expect(response.status).toBe(400);
      expect(response.body.error.message).toContain(message);
    });

    it('refuses an id that is taken', async () => {
      const response = await portal.as(pat, 'post', '/tenants', {
        id: 'aurora',
        title: 'Another',
      });
      expect(response.status).toBe(409);
    });
  });

  it('has no personas in production', async () => {
    const production = await TenancyPortal.start({
      auth: { environment: 'production', providers: { persona: {} } },
    });
    try {
      const personas = await production.anonymous('get', '/personas');
      expect(personas.status).toBe(404);
      await expect(production.tenancy.directory.personas()).resolves.toEqual(
        [],
      );
    } finally {
      await production.stop();
    }
  });
});
