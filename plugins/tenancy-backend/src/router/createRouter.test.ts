import { TENANCY_SOURCES_TOPIC } from '@portico/plugin-tenancy-node';
import {
  kim,
  lena,
  pat,
  TenancyPortal,
  vic,
} from '../__testUtils__/TenancyPortal';

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

  describe('sources', () => {
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

  describe('people and groups', () => {
    it('counts a change of roles or groups, and refuses a disabled person at once', async () => {
      const path = '/tenants/aurora/members/dana';
      const dana = {
        displayName: 'Dana',
        email: 'dana@example.org',
        roles: ['developer'],
      };
      await portal.as(kim, 'put', '/tenants/aurora/groups/shop', {
        displayName: 'Shop',
      });
      expect((await portal.as(kim, 'put', path, dana)).status).toBe(201);
      const authorization = await portal.signIn('user:aurora/dana');
      const me = () =>
        portal.anonymous('get', '/me').set('authorization', authorization);
      await portal.as(kim, 'put', path, { ...dana, groups: ['shop'] });
      expect((await me()).body.groups).toEqual(['group:aurora/shop']);
      await portal.as(kim, 'put', path, {
        ...dana,
        displayName: 'Dana D.',
        groups: ['shop'],
        roles: ['approver'],
      });
      expect((await me()).body.roles).toEqual(['approver']);
      const issuedAt = Number(
        JSON.parse(
          Buffer.from(authorization.split('.')[1], 'base64url').toString(),
        ).iat,
      );
      const check = () =>
        portal.tenancy.sessions.check({
          userRef: 'user:aurora/dana',
          issuedAt,
        });
      await expect(check()).resolves.toMatchObject({ membershipVersion: 3 });
      await portal.as(kim, 'delete', '/tenants/aurora/groups/shop');
      await expect(check()).resolves.toMatchObject({
        groups: [],
        membershipVersion: 4,
      });

      await portal.as(kim, 'put', path, { ...dana, disabled: true });
      expect((await me()).status).toBe(401);
      // A new start does not bring the old token back.
      await portal.as(kim, 'put', path, dana);
      expect((await me()).status).toBe(401);
      expect((await portal.as(kim, 'delete', path)).status).toBe(204);
      expect((await portal.as(kim, 'delete', path)).status).toBe(404);
      expect(portal.published).toContainEqual({
        topic: TENANCY_SOURCES_TOPIC,
        eventPayload: { kind: 'directory', tenant: 'aurora' },
      });
    });

    it('keeps the last administrator', async () => {
      const path = '/tenants/borealis/members/lena';
      for (const change of [
        { displayName: 'Lena', roles: ['developer'] },
        { displayName: 'Lena', roles: ['tenant-admin'], disabled: true },
      ]) {
        const response = await portal.as(lena, 'put', path, change);
        expect(response.status).toBe(409);
        expect(response.body.error.message).toBe(
          '"lena" is the last tenant-admin of borealis; give somebody else this role first',
        );
      }
      expect((await portal.as(lena, 'delete', path)).status).toBe(409);
      expect((await portal.as(lena, 'get', '/me')).body.roles).toEqual([
        'tenant-admin',
      ]);
      await portal.as(lena, 'put', '/tenants/borealis/members/second', {
        displayName: 'Second',
        roles: ['tenant-admin'],
      });
      expect((await portal.as(lena, 'delete', path)).status).toBe(204);
      await portal.as(pat, 'put', path, {
        displayName: 'Lena',
        roles: ['tenant-admin'],
      });
    });

    it.each([
      ['members/eve', { displayName: 'Eve', roles: ['platform-admin'] }],
      ['members/eve', { displayName: 'Eve', roles: ['owner'] }],
      ['members/eve', { displayName: 'Eve', roles: [] }],
      [
        'members/eve',
        { displayName: 'Eve', roles: ['viewer'], groups: ['no'] },
      ],
      ['members/bot-eve', { displayName: 'Eve', roles: ['viewer'] }],
      ['members/Eve', { displayName: 'Eve', roles: ['viewer'] }],
      ['groups/orphan', { displayName: 'Orphan', parent: 'nobody' }],
      ['groups/self', { displayName: 'Self', parent: 'self' }],
    ])('refuses %s %j', async (path, body) => {
      const response = await portal.as(
        kim,
        'put',
        `/tenants/aurora/${path}`,
        body,
      );
      expect(response.status).toBe(400);
    });

    it('refuses a circle of groups, and keeps those below a removed one', async () => {
      const put = (name: string, parent?: string) =>
        portal.as(kim, 'put', `/tenants/aurora/groups/${name}`, {
          displayName: name,
          type: 'unit',
          parent,
        });
      await put('top');
      await put('middle', 'top');
      await put('low', 'middle');
      expect((await put('top', 'low')).status).toBe(400);
      const entities = await portal.tenancy.directory.entities();
      expect(entities).toContainEqual({
        tenant: 'aurora',
        entity: {
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Group',
          metadata: { namespace: 'aurora', name: 'middle' },
          spec: {
            type: 'unit',
            profile: { displayName: 'middle' },
            parent: 'group:aurora/top',
            children: [],
          },
        },
      });
      expect(entities).toContainEqual({
        tenant: 'default',
        entity: expect.objectContaining({
          kind: 'User',
          metadata: { namespace: 'default', name: 'pat' },
          spec: {
            profile: { displayName: 'Pat Platform' },
            memberOf: ['group:default/platform'],
          },
        }),
      });
      await portal.as(kim, 'delete', '/tenants/aurora/groups/middle');
      const { body } = await portal.as(vic, 'get', '/tenants/aurora/groups');
      expect(body.items).toEqual([
        expect.not.objectContaining({ parent: expect.anything() }),
        expect.objectContaining({ name: 'top' }),
      ]);
    });

    it('refuses an identity that another member of the tenant has', async () => {
      const response = await portal.as(
        kim,
        'put',
        '/tenants/aurora/members/vic',
        {
          displayName: 'Vic',
          roles: ['viewer'],
          identity: { issuer: 'https://id.example.org', subject: '4711' },
        },
      );
      expect(response.status).toBe(409);
    });

    it('ends the sessions of a person whose identity changes', async () => {
      const path = '/tenants/aurora/members/mel';
      const mel = { displayName: 'Mel', roles: ['viewer'] };
      await portal.as(kim, 'put', path, mel);
      const authorization = await portal.signIn('user:aurora/mel');
      const identity = { issuer: 'https://id.example.org', subject: 'victim' };
      await portal.as(pat, 'put', '/tenants/borealis/members/victim', {
        ...mel,
        identity,
      });
      await portal.as(kim, 'put', path, { ...mel, identity });
      // Otherwise one could claim an identity and read its memberships.
      const me = portal.anonymous('get', '/me');
      expect((await me.set('authorization', authorization)).status).toBe(401);
    });
  });

  describe('machine tokens', () => {
    it('shows the secret once, and refuses what was revoked', async () => {
      const created = await portal.as(kim, 'post', '/tenants/aurora/tokens', {
        name: 'ci',
        scopes: ['git:read', 'catalog:read'],
        expiresInDays: 1,
      });
      expect(created.status).toBe(201);
      const { token, machineToken } = created.body;
      await expect(
        portal.tenancy.directory.findByMachineToken(token),
      ).resolves.toEqual({
        userRef: 'user:aurora/bot-ci',
        scopes: ['catalog:read', 'git:read'],
      });
      const list = await portal.as(kim, 'get', '/tenants/aurora/tokens');
      expect(JSON.stringify(list.body)).not.toContain(token.split('_')[3]);
      expect(list.body.items).toEqual([
        {
          ...machineToken,
          createdBy: kim,
          lastUsedAt: expect.any(String),
        },
      ]);
      const authorization = await portal.signIn('user:aurora/bot-ci', [
        'catalog:read',
      ]);
      const me = () =>
        portal.anonymous('get', '/me').set('authorization', authorization);
      expect((await me()).status).toBe(200);

      const path = `/tenants/aurora/tokens/${machineToken.id}`;
      expect((await portal.as(kim, 'delete', path)).status).toBe(204);
      expect((await portal.as(kim, 'delete', path)).status).toBe(204);
      await expect(
        portal.tenancy.directory.findByMachineToken(token),
      ).rejects.toThrow('The machine token is unknown, expired or revoked');
      expect((await me()).status).toBe(401);
      const none = '/tenants/aurora/tokens/0123456789abcdef';
      expect((await portal.as(kim, 'delete', none)).status).toBe(404);
    });
  });

  describe('devices', () => {
    it('lets a device act for whoever approved it, once', async () => {
      const start = await portal.anonymous('post', '/device/start').send({
        client: 'laptop',
      });
      expect(start.body).toEqual({
        deviceCode: expect.stringMatching(/^.{43}$/),
        userCode: expect.stringMatching(/^[B-Z]{4}-[B-Z]{4}$/),
        verificationUri: `http://localhost:7007/device?code=${start.body.userCode}`,
        interval: 3,
        expiresIn: 600,
      });
      const { deviceCode, userCode } = start.body;
      const take = () => portal.tenancy.directory.takeDeviceGrant(deviceCode);
      await expect(take()).rejects.toThrow('not approved yet');

      const path = `/device/requests/${userCode
        .toLowerCase()
        .replace('-', '')}`;
      expect((await portal.as(vic, 'get', path)).body).toMatchObject({
        userCode,
        client: 'laptop',
        status: 'pending',
      });
      const approved = await portal.as(vic, 'post', '/device/approve', {
        userCode,
      });
      expect(approved.body).toMatchObject({ status: 'approved' });
      // Nobody else sees or takes over what was approved.
      expect((await portal.as(lena, 'get', path)).status).toBe(404);
      expect(
        (await portal.as(lena, 'post', '/device/approve', { userCode })).status,
      ).toBe(404);
      await expect(take()).resolves.toEqual({ userRef: vic });
      await expect(take()).rejects.toThrow('used already');
      expect((await portal.as(vic, 'get', path)).status).toBe(404);
    });

    it('forgets an approval when the person changes before it is taken', async () => {
      const { body } = await portal.anonymous('post', '/device/start');
      await portal.as(vic, 'post', '/device/approve', {
        userCode: body.userCode,
      });
      await portal.as(kim, 'put', '/tenants/aurora/members/vic', {
        displayName: 'Vic',
        roles: ['developer'],
      });
      await expect(
        portal.tenancy.directory.takeDeviceGrant(body.deviceCode),
      ).rejects.toThrow('The device request is unknown');
    });

    it('refuses a machine and an ill-formed code', async () => {
      await portal.as(kim, 'post', '/tenants/aurora/tokens', {
        name: 'sly',
        scopes: ['git:write'],
      });
      const { body } = await portal.anonymous('post', '/device/start');
      expect(
        (
          await portal.as('user:aurora/bot-sly', 'post', '/device/approve', {
            userCode: body.userCode,
          })
        ).status,
      ).toBe(403);
      expect((await portal.as(vic, 'get', '/device/requests/1')).status).toBe(
        400,
      );
      expect(
        (await portal.as(vic, 'get', '/device/requests/ZZZZ-ZZZZ')).status,
      ).toBe(404);
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
