import { ShippedPortal, until } from './__testUtils__/ShippedPortal';

jest.setTimeout(180_000);

describe('the backend as shipped', () => {
  let portal: ShippedPortal;

  beforeAll(async () => {
    portal = await ShippedPortal.start();
  });
  afterAll(() => portal?.stop());

  it('starts without an error and with a row for every route', () => {
    const { log } = portal;
    expect(log).toContain('Plugin initialization complete');
    expect(log).not.toContain('missing in the route table');
    // the level as the log of a terminal colours it
    expect(log).not.toContain('[31merror');
  });

  it('makes a service that only its own tenant can find', async () => {
    const pat = (await portal.signIn('user:default/pat')).ask;
    for (const tenant of ['aurora', 'borealis']) {
      const person = `user:${tenant}/kim`;
      const answers = [
        await pat('POST', '/tenancy/tenants', { id: tenant, title: tenant }),
        await pat('PUT', `/tenancy/tenants/${tenant}/groups/shop`, {
          displayName: 'Shop',
        }),
        await pat('PUT', `/tenancy/tenants/${tenant}/members/kim`, {
          displayName: 'Kim',
          roles: ['developer'],
          groups: ['shop'],
          identity: { issuer: 'urn:portico:persona', subject: person },
        }),
      ];
      expect(answers.map(answer => answer.status)).toEqual([201, 200, 201]);
    }
    const kim = (await portal.signIn('user:aurora/kim')).ask;
    const stranger = (await portal.signIn('user:borealis/kim')).ask;
    const template = '/template/default/typescript-service';
    await until(async () =>
      (
        await kim('GET', `/catalog/entities/by-name${template}`)
      ).ok
        ? true
        : undefined,
    );

    const created = await kim('POST', '/scaffolder/v2/tasks', {
      templateRef: 'template:default/typescript-service',
      values: {
        name: 'checkout',
        description: 'Takes the money',
        owner: 'group:aurora/shop',
        size: 'S',
        exposure: 'internal',
        example: 'orders',
      },
    });
    expect(created.status).toBe(201);
    const { id } = await created.json();
    const task = await until(async () => {
      const state = await (
        await kim('GET', `/scaffolder/v2/tasks/${id}`)
      ).json();
      return ['completed', 'failed'].includes(state.status) ? state : undefined;
    });
    expect(task.status).toBe('completed');

    const entityPath = '/catalog/entities/by-name/component/aurora/checkout';
    const entity = await (await kim('GET', entityPath)).json();
    expect(entity.spec.owner).toBe('group:aurora/shop');
    expect(entity.metadata.annotations).toMatchObject({
      'backstage.io/managed-by-origin-location': 'portico:aurora/checkout',
      'backstage.io/techdocs-ref': 'dir:.',
      'backstage.io/source-location': `url:${portal.url}/api/git-host/aurora/checkout/src/branch/main/`,
    });
    expect(entity.relations).toContainEqual({
      type: 'providesApi',
      targetRef: 'api:aurora/checkout-api',
    });

    const guesses = [
      entityPath,
      `/scaffolder/v2/tasks/${id}`,
      '/git-host/repositories/aurora/checkout',
      '/tenancy/tenants/aurora/sources',
      '/techdocs/metadata/entity/aurora/component/checkout',
    ];
    for (const guess of guesses) {
      expect([guess, (await kim('GET', guess)).status]).not.toEqual([
        guess,
        404,
      ]);
      expect([guess, (await stranger('GET', guess)).status]).toEqual([
        guess,
        404,
      ]);
    }
    const all = await (
      await stranger('GET', '/catalog/entities/by-query?limit=100')
    ).text();
    expect(all).not.toContain('aurora');
  });
});
