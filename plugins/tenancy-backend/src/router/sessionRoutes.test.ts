import {
  kim,
  lena,
  pat,
  TenancyPortal,
  vic,
} from '../__testUtils__/TenancyPortal';

jest.setTimeout(60_000);

describe('addSessionRoutes', () => {
  let portal: TenancyPortal;
  beforeAll(async () => {
    portal = await TenancyPortal.start();
    await portal.createTenants();
  });
  afterAll(() => portal.stop());
  beforeEach(() => portal.denied.clear());

  it('lists the sessions of a tenant, page by page, and which one asks', async () => {
    const page = await portal.as(kim, 'get', '/tenants/aurora/sessions');
    expect(page.status).toBe(200);
    const mine = page.body.items.filter(
      (session: { current: boolean }) => session.current,
    );
    expect(mine).toEqual([
      expect.objectContaining({
        member: 'kim',
        method: 'persona',
        sourceAddress: '203.0.113.7',
      }),
    ]);
    await portal.signIn(vic);
    const ofVic = await portal.as(
      kim,
      'get',
      '/tenants/aurora/sessions?member=vic',
    );
    expect(
      new Set(ofVic.body.items.map(({ member }: { member: string }) => member)),
    ).toEqual(new Set(['vic']));
    const [newest] = ofVic.body.items;
    const next = await portal.as(
      kim,
      'get',
      `/tenants/aurora/sessions?member=vic&cursor=${newest.issuedAt}.vic`,
    );
    expect(next.body.items).toEqual(ofVic.body.items.slice(1));
    const wrong = await portal.as(
      kim,
      'get',
      '/tenants/aurora/sessions?cursor=x',
    );
    expect(wrong.status).toBe(400);
    expect(wrong.body.error.message).toContain('is no cursor of this list');
  });

  it('ends one session, or all of a member, from the next request on', async () => {
    const authorization = await portal.signIn(vic);
    const me = () =>
      portal.anonymous('get', '/me').set('authorization', authorization);
    expect((await me()).status).toBe(200);
    const { body } = await portal.as(
      kim,
      'get',
      '/tenants/aurora/sessions?member=vic',
    );
    const path = '/tenants/aurora/members/vic/sessions';
    expect(
      (await portal.as(kim, 'delete', `${path}/${body.items[0].issuedAt}`))
        .status,
    ).toBe(204);
    expect((await me()).status).toBe(401);

    const other = await portal.signIn(vic);
    expect((await portal.as(kim, 'delete', path)).status).toBe(204);
    expect(
      (await portal.anonymous('get', '/me').set('authorization', other)).status,
    ).toBe(401);
    const left = await portal.as(
      kim,
      'get',
      '/tenants/aurora/sessions?member=vic',
    );
    expect(left.body.items).toEqual([]);
  });

  it('shows and ends own sessions without any permission', async () => {
    portal.denied.add('tenancy.member.manage');
    const authorization = await portal.signIn(vic);
    const ask = (method: 'get' | 'delete', path: string) =>
      portal.anonymous(method, path).set('authorization', authorization);
    const list = await ask('get', '/sessions');
    expect(list.body.items).toContainEqual(
      expect.objectContaining({ member: 'vic', current: true }),
    );
    const { issuedAt } = list.body.items.find(
      (session: { current: boolean }) => session.current,
    );
    expect((await ask('get', '/tenants/aurora/sessions')).status).toBe(403);
    expect((await ask('delete', `/sessions/${issuedAt}`)).status).toBe(204);
    expect((await ask('get', '/sessions')).status).toBe(401);
  });

  it('is of no use against another tenant', async () => {
    const authorization = await portal.signIn(vic);
    for (const [method, path] of [
      ['get', '/tenants/aurora/sessions'],
      ['delete', '/tenants/aurora/members/vic/sessions'],
      ['delete', '/tenants/aurora/members/vic/sessions/1'],
    ] as const) {
      const answer = await portal.as(lena, method, path);
      expect([answer.status, answer.body.error.message]).toEqual([
        404,
        'There is no tenant "aurora"',
      ]);
    }
    const me = await portal
      .anonymous('get', '/me')
      .set('authorization', authorization);
    expect(me.status).toBe(200);
    const asPlatform = await portal.as(pat, 'get', '/tenants/aurora/sessions');
    expect(asPlatform.status).toBe(200);
  });
});

describe('roles of a group', () => {
  let portal: TenancyPortal;
  beforeAll(async () => {
    portal = await TenancyPortal.start();
    await portal.createTenants();
  });
  afterAll(() => portal.stop());

  const group = (roles: string[]) => ({ displayName: 'Leads', roles });
  const putVic = (groups: string[], by = kim) =>
    portal.as(by, 'put', '/tenants/aurora/members/vic', {
      displayName: 'Vic',
      roles: ['viewer'],
      groups,
    });
  const rolesOfVic = async () => {
    const { body } = await portal.as(vic, 'get', '/me');
    return body.roles;
  };

  it('count for its members from the next request on, and no longer than that', async () => {
    const path = '/tenants/aurora/groups/leads';
    const made = await portal.as(kim, 'put', path, group(['approver']));
    expect(made.body.roles).toEqual(['approver']);
    expect(await rolesOfVic()).toEqual(['viewer']);
    expect((await putVic(['leads'])).status).toBe(200);
    expect(await rolesOfVic()).toEqual(['approver', 'viewer']);
    await portal.as(kim, 'put', path, group(['developer', 'developer']));
    expect(await rolesOfVic()).toEqual(['developer', 'viewer']);
    expect((await portal.as(kim, 'delete', path)).status).toBe(204);
    expect(await rolesOfVic()).toEqual(['viewer']);
  });

  it('are none of the platform', async () => {
    const answer = await portal.as(
      kim,
      'put',
      '/tenants/aurora/groups/leads',
      group(['auditor']),
    );
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toContain(
      'Only people of the platform can be auditor',
    );
  });

  it('keep the last administrator, whether by own role or by group', async () => {
    const path = '/tenants/aurora/groups/owners';
    await portal.as(kim, 'put', path, group(['tenant-admin']));
    expect((await putVic(['owners'])).status).toBe(200);
    const demoted = await portal.as(vic, 'put', '/tenants/aurora/members/kim', {
      displayName: 'Kim',
      roles: ['viewer'],
    });
    expect(demoted.status).toBe(200);
    for (const change of [
      () => portal.as(vic, 'put', path, group([])),
      () => portal.as(vic, 'delete', path),
      () => putVic([], vic),
    ]) {
      const answer = await change();
      expect(answer.status).toBe(409);
      expect(answer.body.error.message).toContain(
        'is the last tenant-admin of aurora',
      );
    }
    expect(await rolesOfVic()).toEqual(['tenant-admin', 'viewer']);
  });
});
