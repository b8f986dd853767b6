import {
  credentialListSchema,
  credentialStateSchema,
  grantListSchema,
  systemListSchema,
} from '@portico/plugin-bindings-common';
import {
  BindingsPortal,
  kim,
  lena,
  pat,
  twin,
} from '../__testUtils__/BindingsPortal';

jest.setTimeout(60_000);

const canary = 'canary-secret-7f3a';
const namespaceGrant = {
  kind: 'kubernetes-namespace',
  system: 'prod-eu',
  resource: 'aurora-prod',
};
const unknownId = '00000000-0000-4000-8000-000000000000';

describe('the routes of the bindings', () => {
  let portal: BindingsPortal;
  let auroraGrant: string;

  beforeAll(async () => {
    portal = await BindingsPortal.start();
    await portal.createTenants();
    auroraGrant = await portal.grant('aurora', namespaceGrant);
  });
  afterAll(async () => {
    await portal?.stop();
  });
  beforeEach(() => portal.denied.clear());

  const inTenant = [
    ['get', 'grants', undefined],
    ['post', 'grants', namespaceGrant],
    ['delete', 'grants/<grant>', undefined],
    ['get', 'credentials', undefined],
    ['put', 'credentials/prod-eu', { token: canary }],
    ['delete', 'credentials/prod-eu', undefined],
  ] as const;

  it.each(inTenant)(
    'answers %s %s of another tenant as for none',
    async (method, path, body) => {
      const before = await portal.dump();
      for (const caller of [lena, twin]) {
        const answers = [];
        for (const tenant of ['aurora', 'default', 'nobody', 'Not%20one']) {
          const answer = await portal.as(
            caller,
            method,
            `/tenants/${tenant}/${path.replace('<grant>', auroraGrant)}`,
            body,
          );
          expect(answer.status).toBe(404);
          answers.push(
            JSON.stringify({ ...answer.body.error, stack: undefined })
              .split(decodeURIComponent(tenant))
              .join('<tenant>'),
          );
        }
        expect(new Set(answers).size).toBe(1);
      }
      expect(await portal.dump()).toBe(before);
    },
  );

  it('does not find another tenant’s grant and system in the own tenant either', async () => {
    for (const id of [auroraGrant, unknownId]) {
      const answer = await portal.as(
        pat,
        'delete',
        `/tenants/borealis/grants/${id}`,
      );
      expect(answer.status).toBe(404);
    }
    for (const system of ['prod-eu', 'nowhere']) {
      const answer = await portal.as(
        lena,
        'put',
        `/tenants/borealis/credentials/${system}`,
        { token: canary },
      );
      expect(answer.status).toBe(404);
      expect(answer.body.error.message).toBe(
        `borealis has no grant on a system "${system}"`,
      );
    }
    const list = await portal.as(lena, 'get', '/tenants/borealis/grants');
    expect(list.body).toEqual({ items: [] });
    const states = await portal.as(
      lena,
      'get',
      '/tenants/borealis/credentials',
    );
    expect(states.body).toEqual({ items: [] });
  });

  it.each(inTenant)(
    'asks for a permission before %s %s of the own tenant',
    async (method, path, body) => {
      for (const name of ['grant.read', 'grant.manage', 'credential.manage']) {
        portal.denied.add(`bindings.${name}`);
      }
      const answer = await portal.as(
        kim,
        method,
        `/tenants/aurora/${path.replace('<grant>', auroraGrant)}`,
        body,
      );
      expect(answer.status).toBe(403);
      expect(answer.body.error.message).toContain(
        'You do not hold the permission bindings.',
      );
    },
  );

  it.each(['/systems', '/grants'])(
    'leaves %s to administrators of the platform who hold the permission',
    async path => {
      for (const caller of [kim, 'user:default/ana']) {
        expect((await portal.as(caller, 'get', path)).status).toBe(403);
      }
      expect((await portal.as(pat, 'get', path)).status).toBe(200);
      portal.denied.add('bindings.grant.manage');
      expect((await portal.as(pat, 'get', path)).status).toBe(403);
      const anonymous = await portal.anonymous('get', `/api/bindings${path}`);
      expect(anonymous.status).toBe(401);
    },
  );

  it('lists the systems without their tokens', async () => {
    const answer = await portal.as(pat, 'get', '/systems');
    const { items } = systemListSchema.parse(answer.body);
    expect(items).toContainEqual({
      name: 'argo',
      kind: 'argocd',
      title: 'Argo CD',
      url: 'https://argo.example.org',
    });
    expect(answer.text).not.toContain('read-token-of-the-platform');
  });

  it.each([
    [{ ...namespaceGrant, resource: '*' }, 'must be the name of a namespace'],
    [{ ...namespaceGrant, resource: 'a/../b' }, 'must be the name'],
    [{ ...namespaceGrant, system: 'argo' }, 'There is no kubernetes system'],
    [{ ...namespaceGrant, system: 'nowhere' }, 'There is no kubernetes system'],
    [{ ...namespaceGrant, kind: 'moon' }, '→ at kind'],
    [{ ...namespaceGrant, tenant: 'borealis' }, 'tenant'],
    [{ kind: 'argocd-project', system: 'argo', resource: 'a*' }, 'project'],
  ])('refuses to grant %j', async (grant, message) => {
    const answer = await portal.as(
      pat,
      'post',
      '/tenants/aurora/grants',
      grant,
    );
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toContain(message);
  });

  it('grants a thing to one tenant, unless both grants are shared', async () => {
    const conflict = async (tenant: string, grant: object) =>
      (await portal.as(pat, 'post', `/tenants/${tenant}/grants`, grant)).status;
    for (const resource of ['aurora-prod', 'aurora-*', 'aurora-pr*']) {
      const overlapping = { ...namespaceGrant, resource };
      expect(await conflict('borealis', overlapping)).toBe(409);
      expect(await conflict('borealis', { ...overlapping, shared: true })).toBe(
        409,
      );
    }
    expect(await conflict('aurora', namespaceGrant)).toBe(409);
    expect(await conflict('nobody', { ...namespaceGrant, resource: 'n' })).toBe(
      404,
    );
    const elsewhere = { ...namespaceGrant, system: 'prod-us', shared: true };
    const first = await portal.grant('aurora', elsewhere);
    const second = await portal.grant('borealis', elsewhere);
    for (const [tenant, id] of [
      ['aurora', first],
      ['borealis', second],
    ]) {
      await portal.as(pat, 'delete', `/tenants/${tenant}/grants/${id}`);
    }
  });

  it('makes one of two overlapping grants that come at once', async () => {
    const [first, second] = await Promise.all(
      ['aurora', 'borealis'].map((tenant, index) =>
        portal.as(pat, 'post', `/tenants/${tenant}/grants`, {
          ...namespaceGrant,
          resource: index === 0 ? 'race-*' : 'race-1',
        }),
      ),
    );
    expect([first.status, second.status].sort()).toEqual([201, 409]);
    const made = first.status === 201 ? first : second;
    await portal.as(
      pat,
      'delete',
      `/tenants/${made.body.tenant}/grants/${made.body.id}`,
    );
  });

  it('lists grants page by page, and refuses a made-up cursor', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      ids.push(
        await portal.grant('borealis', {
          kind: 'jira-project',
          system: 'jira',
          resource: `BOR${index}`,
        }),
      );
    }
    for (const [caller, path, count] of [
      [lena, '/tenants/borealis/grants', 5],
      [pat, '/grants', 6],
    ] as const) {
      const seen: string[] = [];
      let cursor: string | undefined = '';
      while (cursor !== undefined) {
        const answer = await portal.as(
          caller,
          'get',
          `${path}?limit=2${cursor && `&cursor=${cursor}`}`,
        );
        const page = grantListSchema.parse(answer.body);
        seen.push(...page.items.map(({ resource }) => resource));
        cursor = page.nextCursor;
      }
      expect(seen).toHaveLength(count);
      expect(new Set(seen).size).toBe(count);
    }
    const wrong = await portal.as(pat, 'get', '/grants?cursor=abc');
    expect(wrong.status).toBe(400);
    for (const id of ids) {
      await portal.as(pat, 'delete', `/tenants/borealis/grants/${id}`);
    }
  });

  it('keeps a credential sealed, says who set it, and never gives it out', async () => {
    const path = '/tenants/aurora/credentials';
    const missing = await portal.as(kim, 'get', path);
    expect(credentialListSchema.parse(missing.body).items).toEqual([
      {
        tenant: 'aurora',
        system: expect.objectContaining({ name: 'prod-eu' }),
      },
    ]);
    const set = await portal.as(kim, 'put', `${path}/prod-eu`, {
      token: canary,
      username: `${canary}-user`,
    });
    const state = credentialStateSchema.parse(set.body);
    expect(state.set).toEqual({
      by: kim,
      at: expect.any(String),
      fields: ['token', 'username'],
      readable: true,
    });
    const list = await portal.as(kim, 'get', path);
    expect(set.text + list.text + (await portal.dump())).not.toContain(canary);
    const replaced = await portal.as(kim, 'put', `${path}/prod-eu`, {
      token: 'another',
    });
    expect(replaced.body.set.fields).toEqual(['token']);
    expect((await portal.as(kim, 'delete', `${path}/prod-eu`)).status).toBe(
      204,
    );
    expect((await portal.as(kim, 'delete', `${path}/prod-eu`)).status).toBe(
      404,
    );
  });

  it('does not repeat a wrong secret', async () => {
    const answer = await portal.as(
      kim,
      'put',
      '/tenants/aurora/credentials/prod-eu',
      { token: `${canary} with spaces`, [canary]: 1 },
    );
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toContain('without spaces');
    expect(answer.body.error.message).not.toContain(`${canary} with`);
  });

  it('takes the credential away with the last grant on its system, and records each write', async () => {
    const id = await portal.grant('aurora-two', {
      kind: 'argocd-project',
      system: 'argo',
      resource: 'two',
    });
    await portal.as(twin, 'put', '/tenants/aurora-two/credentials/argo', {
      token: canary,
    });
    await portal.as(pat, 'delete', `/tenants/aurora-two/grants/${id}`);
    const again = await portal.grant('aurora-two', {
      kind: 'argocd-project',
      system: 'argo',
      resource: 'two',
    });
    const list = await portal.as(
      twin,
      'get',
      '/tenants/aurora-two/credentials',
    );
    expect(list.body.items[0].set).toBeUndefined();
    await portal.as(twin, 'put', '/tenants/aurora-two/credentials/argo', {
      token: canary,
    });
    await portal.as(twin, 'delete', '/tenants/aurora-two/credentials/argo');

    const recorded = await portal.recorded('aurora-two');
    expect(
      recorded
        .filter(({ act }) => String(act).startsWith('bindings.'))
        .map(({ act, subject, details }) => ({ act, subject, details })),
    ).toEqual([
      {
        act: 'bindings.grant.add',
        subject: { kind: 'grant', ref: id },
        details: {
          kind: 'argocd-project',
          system: 'argo',
          resource: 'two',
          shared: false,
        },
      },
      {
        act: 'bindings.credential.set',
        subject: { kind: 'credential', ref: 'argo' },
        details: { fields: ['token'] },
      },
      {
        act: 'bindings.grant.revoke',
        subject: { kind: 'grant', ref: id },
        details: {
          kind: 'argocd-project',
          system: 'argo',
          resource: 'two',
          credentialRemoved: true,
        },
      },
      {
        act: 'bindings.grant.add',
        subject: { kind: 'grant', ref: again },
        details: expect.anything(),
      },
      {
        act: 'bindings.credential.set',
        subject: { kind: 'credential', ref: 'argo' },
        details: { fields: ['token'] },
      },
      {
        act: 'bindings.credential.remove',
        subject: { kind: 'credential', ref: 'argo' },
      },
    ]);
    expect(JSON.stringify(recorded)).not.toContain(canary);
  });
});
