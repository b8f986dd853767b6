import { recordedActs } from '@portico/plugin-audit-node/testUtils';
import { ISSUER, ScimClient } from '../__testUtils__/ScimClient';
import { kim, lena, TenancyPortal } from '../__testUtils__/TenancyPortal';

jest.setTimeout(60_000);

describe('addScimRoutes', () => {
  let portal: TenancyPortal;
  let scim: ScimClient;

  beforeAll(async () => {
    portal = await TenancyPortal.start();
    await portal.createTenants();
    scim = await ScimClient.connect(portal);
  });
  afterAll(async () => {
    await portal.stop();
  });

  async function member(name: string, tenant = 'aurora', admin = kim) {
    const { body } = await portal.as(
      admin,
      'get',
      `/tenants/${tenant}/members`,
    );
    return body.items.find((item: { name: string }) => item.name === name);
  }

  function byHand(kind: 'members' | 'groups', name: string, body: object) {
    return portal.as(kim, 'put', `/tenants/aurora/${kind}/${name}`, body);
  }

  /** Asks with one session, again and again. */
  async function session(name: string) {
    const authorization = await portal.signIn(`user:aurora/${name}`);
    return () =>
      portal.anonymous('get', '/me').set('authorization', authorization);
  }

  it('lets a person in, refuses their next request when they are deactivated, and knows who comes back', async () => {
    const created = await scim.ask('post', '/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'Dana.Doe@example.org',
      externalId: 'sub-dana',
      name: { givenName: 'Dana', familyName: 'Doe' },
      emails: [
        { value: 'home@example.org', type: 'home' },
        { value: 'dana@example.org', type: 'work' },
      ],
      active: true,
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {
        department: 'Shop',
      },
      password: 'never kept',
    });
    expect(created.status).toBe(201);
    expect(created.type).toBe('application/scim+json');
    expect(created.body).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      userName: 'Dana.Doe@example.org',
      externalId: 'sub-dana',
      displayName: 'Dana Doe',
      name: { formatted: 'Dana Doe', givenName: 'Dana', familyName: 'Doe' },
      emails: [{ value: 'dana@example.org', type: 'work', primary: true }],
      active: true,
      meta: {
        resourceType: 'User',
        created: expect.any(String),
        lastModified: expect.any(String),
        location: `http://localhost:7007/api/tenancy/scim/aurora/v2/Users/${created.body.id}`,
        version: 'W/"1"',
      },
    });
    expect(created.headers.location).toBe(created.body.meta.location);
    expect(await member('dana-doe')).toMatchObject({
      displayName: 'Dana Doe',
      email: 'dana@example.org',
      roles: ['viewer'],
      source: 'scim',
    });
    await expect(
      portal.tenancy.directory.findByIdentity({
        issuer: ISSUER,
        subject: 'sub-dana',
      }),
    ).resolves.toEqual(['user:aurora/dana-doe']);
    const path = `/Users/${created.body.id}`;
    const me = await session('dana-doe');
    expect((await me()).status).toBe(200);

    // Entra ID says it in words.
    const off = await scim.patch(path, {
      op: 'Replace',
      path: 'active',
      value: 'False',
    });
    expect([off.status, off.body.active]).toEqual([200, false]);
    expect((await me()).status).toBe(401);
    await scim.patch(path, { op: 'replace', value: { active: true } });
    // A new start does not bring the old session back.
    expect((await me()).status).toBe(401);
    const again = await session('dana-doe');
    expect((await again()).status).toBe(200);

    await byHand('members', 'dana-doe', {
      displayName: 'Dana Doe',
      email: 'dana@example.org',
      roles: ['approver'],
    });
    expect((await scim.ask('delete', path)).status).toBe(204);
    expect((await again()).status).toBe(401);
    expect((await scim.ask('get', path)).status).toBe(404);
    expect((await scim.ask('delete', path)).status).toBe(404);
    // The ref is nobody else's, and who returns begins without the old rights.
    expect(await member('dana-doe')).toMatchObject({
      roles: [],
      disabledAt: expect.any(String),
    });
    await scim.person('dana-doe', { externalId: 'another' });
    expect(await member('dana-doe-2')).toBeDefined();
    await scim.person('dana', { externalId: 'sub-dana' });
    const back = await member('dana-doe');
    expect(back.disabledAt).toBeUndefined();
    expect(back.roles).toEqual([]);

    const acts = await recordedActs(portal.testDatabase.database);
    const dana = acts.filter(({ subject }) =>
      JSON.stringify(subject).includes('user:aurora/dana-doe"'),
    );
    expect(dana.map(({ act }) => act)).toEqual(
      expect.arrayContaining([
        'tenancy.member.add',
        'tenancy.member.disable',
        'tenancy.member.change',
      ]),
    );
    expect(
      dana.find(({ act }) => act === 'tenancy.member.disable'),
    ).toMatchObject({
      actor: {
        kind: 'machine',
        ref: expect.stringMatching(/^scim:aurora\/[0-9a-f]{16}$/),
      },
      reason: 'Changed by the directory (SCIM)',
      details: { sessionsEnded: 1 },
    });
    expect(JSON.stringify(acts)).not.toContain('never kept');
    expect(JSON.stringify(acts)).not.toContain(scim.token);
  });

  it('gives and takes rights by groups, at once', async () => {
    const ann = await scim.person('ann');
    const ben = await scim.person('ben');
    const me = await session('ann');
    const group = await scim.group('Release Managers', [ben]);
    expect(
      (
        await byHand('groups', 'release-managers', {
          displayName: 'Release Managers',
          roles: ['approver'],
        })
      ).body,
    ).toMatchObject({ source: 'scim', roles: ['approver'] });
    expect((await me()).body.roles).toEqual(['viewer']);

    const path = `/Groups/${group}`;
    const added = await scim.patch(path, {
      op: 'Add',
      path: 'members',
      value: [{ value: ann }],
    });
    expect(
      added.body.members.map((item: { value: string }) => item.value).sort(),
    ).toEqual([ann, ben].sort());
    expect((await me()).body.roles).toEqual(['approver', 'viewer']);
    // Entra ID and Okta name who goes in two ways.
    await scim.patch(path, {
      op: 'Remove',
      path: 'members',
      value: [{ value: ann }],
    });
    expect((await me()).body.roles).toEqual(['viewer']);
    await scim.patch(path, {
      op: 'add',
      path: 'members',
      value: [{ value: ann }],
    });
    await scim.patch(path, {
      op: 'remove',
      path: `members[value eq "${ann}"]`,
    });
    expect((await me()).body.roles).toEqual(['viewer']);
    await scim.patch(path, {
      op: 'replace',
      value: { id: group, displayName: 'Releases', members: [{ value: ann }] },
    });
    expect((await me()).body.roles).toEqual(['approver', 'viewer']);

    const found = await scim.ask(
      'get',
      `/Groups?filter=${encodeURIComponent(
        `displayName eq "releases" and members eq "${ann}"`,
      )}&excludedAttributes=members`,
    );
    expect(found.body).toMatchObject({ totalResults: 1, itemsPerPage: 1 });
    expect(found.body.Resources[0].id).toBe(group);
    expect(found.body.Resources[0]).not.toHaveProperty('members');

    expect((await scim.ask('delete', path)).status).toBe(204);
    expect((await me()).body.roles).toEqual(['viewer']);
    const acts = await recordedActs(portal.testDatabase.database);
    expect(
      acts.filter(({ act }) => act === 'tenancy.group.members'),
    ).toContainEqual(
      expect.objectContaining({
        subject: { kind: 'group', ref: 'group:aurora/release-managers' },
        details: expect.objectContaining({ addedCount: 1, removedCount: 0 }),
      }),
    );
  });

  it('keeps the hierarchy of groups', async () => {
    const low = await scim.group('Low');
    const high = await scim.group('High', [low]);
    const { body } = await portal.as(kim, 'get', '/tenants/aurora/groups');
    expect(body.items).toContainEqual(
      expect.objectContaining({ name: 'low', parent: 'high' }),
    );
    const circle = await scim.patch(`/Groups/${low}`, {
      op: 'add',
      path: 'members',
      value: [{ value: high }],
    });
    expect([circle.status, circle.body.scimType]).toEqual([
      400,
      'invalidValue',
    ]);
    expect((await scim.ask('get', `/Groups/${high}`)).body.members).toEqual([
      expect.objectContaining({ value: low, type: 'Group', display: 'Low' }),
    ]);
    await scim.patch(`/Groups/${high}`, { op: 'remove', path: 'members' });
    expect((await scim.ask('get', `/Groups/${high}`)).body.members).toEqual([]);
  });

  it('takes over who has the same identity, and nobody else', async () => {
    const identity = { issuer: ISSUER, subject: 'sub-olga' };
    await byHand('members', 'olga-by-hand', {
      displayName: 'Olga',
      roles: ['developer'],
      identity,
    });
    await byHand('members', 'otto', {
      displayName: 'Otto',
      roles: ['approver'],
    });
    await byHand('members', 'gone', {
      displayName: 'Gone',
      roles: ['viewer'],
      identity: { issuer: ISSUER, subject: 'sub-gone' },
      disabled: true,
    });
    await scim.person('olga', { displayName: 'Olga O.' });
    await scim.person('otto');
    const gone = await scim.person('gone');
    expect(await member('olga-by-hand')).toMatchObject({
      displayName: 'Olga O.',
      roles: ['developer'],
      source: 'scim',
    });
    expect(await member('otto')).not.toHaveProperty('source');
    expect(await member('otto-2')).toMatchObject({ roles: ['viewer'] });
    // Who was disabled by hand is let in by hand.
    expect((await member('gone')).disabledAt).toBeDefined();
    await scim.patch(`/Users/${gone}`, {
      op: 'replace',
      path: 'active',
      value: true,
    });
    expect((await member('gone')).disabledAt).toBeDefined();
    await byHand('members', 'gone', { displayName: 'gone', roles: ['viewer'] });
    expect((await member('gone')).disabledAt).toBeUndefined();

    await byHand('groups', 'admins', {
      displayName: 'Admins',
      roles: ['tenant-admin'],
    });
    const admins = await scim.group('Admins', [gone]);
    expect((await member('gone')).groups).toEqual(['admins-2']);
    await scim.ask('delete', `/Groups/${admins}`);
  });

  it('keeps by-hand changes away from what the directory owns', async () => {
    const eve = await scim.person('eve');
    const group = await scim.group('Evening', [eve]);
    const same = { displayName: 'eve', roles: ['developer'] };
    const cases: Array<[object, number]> = [
      [{ ...same, displayName: 'Eva', groups: ['evening'] }, 409],
      [{ ...same, email: 'eva@example.org', groups: ['evening'] }, 409],
      [
        {
          ...same,
          groups: ['evening'],
          identity: { issuer: ISSUER, subject: 'sub-kim' },
        },
        409,
      ],
      [{ ...same, groups: [] }, 409],
      [{ ...same, groups: ['evening'] }, 200],
    ];
    for (const [change, status] of cases) {
      expect([change, (await byHand('members', 'eve', change)).status]).toEqual(
        [change, status],
      );
    }
    const remove = (path: string) =>
      portal.as(kim, 'delete', `/tenants/aurora/${path}`);
    expect((await remove('members/eve')).status).toBe(409);
    expect((await remove('groups/evening')).status).toBe(409);
    expect(
      (await byHand('groups', 'evening', { displayName: 'Other' })).status,
    ).toBe(409);
    await scim.patch(`/Users/${eve}`, {
      op: 'replace',
      path: 'active',
      value: false,
    });
    const letIn = await byHand('members', 'eve', {
      ...same,
      groups: ['evening'],
    });
    expect(letIn.status).toBe(409);
    expect(letIn.body.error.message).toBe(
      '"eve" is disabled in the directory of aurora (SCIM): enable the account there',
    );
    await scim.ask('delete', `/Groups/${group}`);
    await scim.ask('delete', `/Users/${eve}`);
    // What the directory let go may be tidied up by hand.
    expect((await remove('members/eve')).status).toBe(204);
  });

  it('lets the last administrator go', async () => {
    const other = await ScimClient.connect(portal, {
      tenant: 'borealis',
      admin: lena,
    });
    await portal.as(lena, 'put', '/tenants/borealis/members/lena', {
      displayName: 'Lena',
      roles: ['tenant-admin'],
      identity: { issuer: ISSUER, subject: 'sub-lena' },
    });
    const id = await other.person('lena');
    const off = await other.patch(`/Users/${id}`, {
      op: 'replace',
      value: { active: false },
    });
    expect(off.status).toBe(200);
    await expect(portal.as(lena, 'get', '/me')).rejects.toThrow(
      'The session is over',
    );
    await other.patch(`/Users/${id}`, {
      op: 'replace',
      value: { active: true },
    });
  });

  it('gives one answer to every token that does not count, and shows no other tenant', async () => {
    const path = '/tenants/aurora/directory';
    const second = await portal.as(kim, 'post', `${path}/tokens`, {});
    const third = await portal.as(kim, 'post', `${path}/tokens`, {});
    expect([second.status, third.status]).toEqual([201, 409]);
    const rotated = new ScimClient(portal, 'aurora', second.body.token);
    expect((await rotated.ask('get', '/Users')).status).toBe(200);
    await portal.as(
      kim,
      'delete',
      `${path}/tokens/${second.body.directoryToken.id}`,
    );
    const expired = await portal.as(kim, 'post', `${path}/tokens`, {});
    await portal.testDatabase.database.inTenant('aurora', transaction =>
      transaction.raw(
        `update portico_tenancy.directory_tokens set expires_at = now()
          where tenant = 'aurora' and id = ?`,
        [expired.body.directoryToken.id],
      ),
    );
    const answers = await Promise.all(
      [
        rotated,
        new ScimClient(portal, 'aurora', expired.body.token),
        new ScimClient(portal, 'aurora', `${scim.token.slice(0, -1)}_`),
        new ScimClient(portal, 'aurora', 'nonsense'),
        new ScimClient(portal, 'borealis', scim.token),
        new ScimClient(portal, 'nobody', scim.token),
      ].map(client => client.ask('post', '/Users', { userName: 'x' })),
    );
    for (const answer of answers) {
      expect([
        answer.status,
        answer.headers['www-authenticate'],
        answer.body,
      ]).toEqual([
        401,
        'Bearer',
        {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
          status: '401',
          detail:
            'The token of the directory is unknown, expired, revoked or of another tenant',
        },
      ]);
    }
    const shown = await portal.as(kim, 'get', path);
    expect(shown.body.directory).toMatchObject({
      kind: 'scim',
      issuer: ISSUER,
      subject: 'externalId',
      address: 'http://localhost:7007/api/tenancy/scim/aurora/v2',
    });
    expect(shown.text).not.toContain(scim.token.split('_')[3]);
    // No row of the other tenant's directory
    const all = await scim.ask('get', '/Users?count=200');
    expect(all.text).not.toContain('lena');
  });

  it('lists in pages, and finds by filter', async () => {
    await scim.person('page-one');
    await scim.person('page-two');
    const all = (await scim.ask('get', '/Users?count=200')).body;
    const paged = [];
    for (let startIndex = 1; startIndex <= all.totalResults; startIndex += 2) {
      const { body } = await scim.ask(
        'get',
        `/Users?startIndex=${startIndex}&count=2`,
      );
      expect(body).toMatchObject({
        totalResults: all.totalResults,
        startIndex,
        itemsPerPage: body.Resources.length,
      });
      paged.push(...body.Resources);
    }
    expect(paged).toEqual(all.Resources);
    const find = async (filter: string) =>
      (await scim.ask('get', `/Users?filter=${encodeURIComponent(filter)}`))
        .body.totalResults;
    expect(await find('userName eq "PAGE-ONE@example.org"')).toBe(1);
    expect(await find('externalId eq "sub-page-one" and active eq true')).toBe(
      1,
    );
    expect(await find('externalId eq "SUB-page-one"')).toBe(0);
    expect(await find('userName eq "nobody"')).toBe(0);
    expect(await find(`userName eq "' or 1=1 --"`)).toBe(0);
    expect((await scim.ask('get', '/Users?count=0')).body).toMatchObject({
      totalResults: all.totalResults,
      Resources: [],
    });
    const few = await scim.ask('get', '/Users?attributes=userName&count=1');
    expect(Object.keys(few.body.Resources[0]).sort()).toEqual([
      'id',
      'meta',
      'schemas',
      'userName',
    ]);
  });

  it('describes itself', async () => {
    const config = await scim.ask('get', '/ServiceProviderConfig');
    expect(config.body).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
      filter: { supported: true, maxResults: 200 },
      etag: { supported: true },
    });
    const types = await scim.ask('get', '/ResourceTypes');
    for (const { id, endpoint, schema } of types.body.Resources) {
      const one = await scim.ask('get', `/ResourceTypes/${id}`);
      expect(one.body.endpoint).toBe(endpoint);
      expect((await scim.ask('get', `/Schemas/${schema}`)).body.name).toBe(id);
    }
    expect((await scim.ask('get', '/Schemas')).body.totalResults).toBe(2);
    expect((await scim.ask('get', '/Schemas/none')).status).toBe(404);
  });

  it('answers wrong requests in the form of SCIM', async () => {
    const id = await scim.person('wrong');
    const path = `/Users/${id}`;
    const stale = { 'if-match': 'W/"7"' };
    const user = (more: object) => ({
      userName: 'new@example.org',
      externalId: 'new',
      ...more,
    });
    const replace = {
      op: 'replace',
      path: 'emails[type eq "home"].value',
      value: 'x@example.org',
    };
    const answers = [
      [
        'uniqueness',
        409,
        scim.ask('post', '/Users', user({ userName: 'WRONG@example.org' })),
      ],
      [
        'uniqueness',
        409,
        scim.ask('post', '/Users', user({ externalId: 'sub-wrong' })),
      ],
      [
        'invalidValue',
        400,
        scim.ask('post', '/Users', user({ emails: [{ value: 'none' }] })),
      ],
      [
        'invalidValue',
        400,
        scim.ask('post', '/Users', { userName: 'no-external-id' }),
      ],
      ['invalidValue', 400, scim.ask('post', '/Users', { externalId: 'x' })],
      [
        'invalidValue',
        400,
        scim.ask('post', '/Groups', {
          displayName: 'G',
          members: [{ value: kim }],
        }),
      ],
      [
        'invalidValue',
        400,
        scim.ask('post', '/Groups', {
          displayName: 'G',
          members: [{ value: '00000000-0000-4000-8000-000000000000' }],
        }),
      ],
      [
        'invalidFilter',
        400,
        scim.ask('get', '/Users?filter=userName%20co%20%22a%22'),
      ],
      [
        'invalidFilter',
        400,
        scim.ask('get', '/Users?filter=secret%20eq%20%22a%22'),
      ],
      [
        'invalidFilter',
        400,
        scim.ask('get', '/Users?filter=constructor%20eq%20%22a%22'),
      ],
      ['invalidSyntax', 400, scim.ask('patch', path, { Operations: [] })],
      [
        'invalidPath',
        400,
        scim.patch(path, { op: 'add', path: 'a b', value: 1 }),
      ],
      ['noTarget', 400, scim.patch(path, { op: 'remove' })],
      ['noTarget', 400, scim.patch(path, replace)],
      [undefined, 412, scim.ask('put', path, user({}), stale)],
      [undefined, 412, scim.ask('delete', path, undefined, stale)],
      [undefined, 404, scim.ask('get', '/Users/none')],
      [
        undefined,
        404,
        scim.ask('get', '/Groups/00000000-0000-4000-8000-000000000000'),
      ],
      [
        undefined,
        413,
        scim.ask('post', '/Users', user({ title: 'x'.repeat(1024 * 1024) })),
      ],
    ] as const;
    for (const [scimType, status, asked] of answers) {
      const { body, type } = await asked;
      expect([type, body]).toEqual([
        'application/scim+json',
        {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
          status: String(status),
          ...(scimType && { scimType }),
          detail: expect.any(String),
        },
      ]);
    }
    const kept = await scim.ask('get', path);
    expect(kept.body.userName).toBe('wrong@example.org');
    expect(kept.headers.etag).toBe('W/"1"');
    const put = await scim.ask(
      'put',
      path,
      { userName: 'right@example.org', externalId: 'sub-wrong' },
      { 'if-match': 'W/"1"' },
    );
    expect([put.status, put.headers.etag]).toEqual([200, 'W/"2"']);
    // The ref stays, whatever the account is called.
    expect(await member('wrong')).toMatchObject({
      displayName: 'right@example.org',
    });
  });

  it('makes one person of two requests at once', async () => {
    const twin = {
      userName: 'twin@example.org',
      externalId: 'twin',
      displayName: 'Twin',
    };
    const answers = await Promise.all(
      [1, 2, 3].map(() => scim.ask('post', '/Users', twin)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it('hands people and groups over to by-hand keeping when it is disconnected', async () => {
    const path = '/tenants/aurora/directory';
    const changed = await portal.as(kim, 'put', path, {
      issuer: 'https://other.example.org',
    });
    expect(changed.status).toBe(409);
    expect((await portal.as(kim, 'delete', path)).status).toBe(204);
    expect((await portal.as(kim, 'delete', path)).status).toBe(404);
    expect((await portal.as(kim, 'get', path)).body).toEqual({});
    expect((await scim.ask('get', '/Users')).status).toBe(401);
    expect(await member('twin')).not.toHaveProperty('source');
    expect(
      (await byHand('members', 'twin', { displayName: 'T.', roles: [] }))
        .status,
    ).toBe(200);
  });
});
