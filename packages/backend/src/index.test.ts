import { pushFiles } from './__testUtils__/pushFiles';
import {
  ShippedPortal,
  type SignedIn,
  until,
} from './__testUtils__/ShippedPortal';

jest.setTimeout(180_000);

/** An environment of the tenant that ends with a commit, and asks two people before. */
const delivery = `
apiVersion: portico/v1
kind: Environment
metadata:
  name: edge
spec:
  owner: group:aurora/shop
  order: 50
  tier: test
  protected: true
  delivery:
    driver: git
    repository: { name: checkout }
    file:
      format: yaml
      path: edge.yaml
      fields: [{ image: checkout, path: image, value: digest }]
---
apiVersion: portico/v1
kind: Pipeline
metadata:
  name: default
spec:
  owner: group:aurora/shop
  stages:
    - environment: edge
      gates:
        - name: approval
          kind: approval
          rules: [{ name: two, from: [role:approver], required: 2 }]
`;

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

  // Needs the service of the test before.
  it('brings a release to an environment once two people approved it', async () => {
    const pat = (await portal.signIn('user:default/pat')).ask;
    for (const name of ['ana', 'ben']) {
      const { status } = await pat(
        'PUT',
        `/tenancy/tenants/aurora/members/${name}`,
        {
          displayName: name,
          roles: ['approver'],
          groups: ['shop'],
          identity: {
            issuer: 'urn:portico:persona',
            subject: `user:aurora/${name}`,
          },
        },
      );
      expect(status).toBe(201);
    }
    const { status } = await pat('PUT', '/tenancy/tenants/aurora/members/kim', {
      displayName: 'Kim',
      roles: ['developer', 'tenant-admin'],
    });
    expect(status).toBe(200);
    const kim = await portal.signIn('user:aurora/kim');
    const component = 'component:aurora/checkout';
    const commit = await pushFiles(portal, {
      token: kim.token,
      repository: 'aurora/checkout',
      files: { 'edge.yaml': 'image: nothing\n', 'delivery.yaml': delivery },
    });
    const source = await kim.ask(
      'PUT',
      '/tenancy/tenants/aurora/sources/delivery',
      {
        location: {
          kind: 'repository',
          repository: 'checkout',
          path: 'delivery.yaml',
        },
      },
    );
    expect(source.status).toBe(201);
    await until(async () => {
      const { lanes } = await (
        await kim.ask('GET', `/promotions/delivery?component=${component}`)
      ).json();
      return lanes?.some(
        ({ environment }: { environment: string }) => environment === 'edge',
      )
        ? true
        : undefined;
    }, 'The lane of edge');

    const digest = `sha256:${'c'.repeat(64)}`;
    const announced = await kim.ask('POST', '/promotions/releases', {
      content: {
        component,
        version: '1.0.0',
        images: [{ name: 'checkout', digest }],
        source: {
          repository: `${portal.url}/api/git-host/aurora/checkout.git`,
          commit,
        },
      },
    });
    expect(announced.status).toBe(201);
    const asked = await kim.ask('POST', '/promotions/promotions', {
      component,
      environment: 'edge',
      release: (await announced.json()).id,
    });
    expect(asked.status).toBe(201);
    const path = `/promotions/promotions/${(await asked.json()).id}`;
    const reaches = (who: SignedIn, phase: string) =>
      until(async () => {
        const detail = await (await who.ask('GET', path)).json();
        return detail.promotion.phase === phase ? detail : undefined;
      }, `The phase ${phase}`);
    for (const [name, missing] of [
      ['ana', '2 more approvals'],
      ['ben', '1 more approval'],
    ] as const) {
      const person = await portal.signIn(`user:aurora/${name}`);
      const { promotion } = await reaches(person, 'waiting');
      await until(async () => {
        const { promotion: shown } = await (
          await person.ask('GET', path)
        ).json();
        return shown.reason.includes(missing) ? true : undefined;
      }, `That it needs ${missing}`);
      const vote = await person.ask('POST', `${path}/votes`, {
        decision: 'approve',
        subject: promotion.subject,
      });
      expect(vote.status).toBe(200);
    }
    const { effects, votes } = await reaches(kim, 'succeeded');
    expect(votes).toEqual([
      expect.objectContaining({ voter: 'user:aurora/ana', standing: 'counts' }),
      expect.objectContaining({ voter: 'user:aurora/ben', standing: 'counts' }),
    ]);
    const written = await kim.ask(
      'GET',
      '/git-host/repositories/aurora/checkout/file?ref=main&path=edge.yaml',
    );
    expect(await written.json()).toMatchObject({
      content: `image: ${digest}\n`,
    });
    expect(effects).toEqual([
      expect.objectContaining({ kind: 'gitCommit', state: 'confirmed' }),
    ]);
    const deployments = await kim.ask(
      'GET',
      `/promotions/deployments?component=${component}&environment=edge`,
    );
    expect((await deployments.json()).items).toEqual([
      expect.objectContaining({ version: '1.0.0', result: 'succeeded' }),
    ]);
  });
});
